/* Ranks against Gauss-Legendre sums in R, pairs against the beta distribution, and what ranks must add up to. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "target/compared.h"

static const char *const cases[] = {"rate", "share", "mix"};

static void posteriors(fm__posterior out[N_UNITS], const compared *c, int of)
{
  fm__unit_counts mix[N_UNITS];
  compared_case_mix(mix, c);
  const fm__unit_counts *units = of == 2 ? mix : c->units;
  fm__unit_prior p = fm__fit_units(of == 1 ? FM_TARGET_SHARE : FM_TARGET_RATE, units, N_UNITS);
  for (int k = 0; k < N_UNITS; k++)
    out[k] = fm__posterior_of(&p, units[k]);
}

START_TEST(of_r)
{
  compared c;
  fm_error err = FM_ERROR_INIT;
  fm__posterior units[N_UNITS];
  fm__unit_rank ranks[N_UNITS];
  compared_open(&c);
  posteriors(units, &c, _i);
  fm_assert_ok(fm__rank_units(ranks, units, N_UNITS, false, 0, 0.95, NULL, &err), &err);
  double sum = 0;
  for (int k = 0; k < N_UNITS; k++) {
    fm_assert_close("rank", ranks[k].mean, compared_expected(&c, cases[_i], "rank", k), 0, 1e-5);
    fm_assert_close("low", ranks[k].low, compared_expected(&c, cases[_i], "rlow", k), 0, 0);
    fm_assert_close("high", ranks[k].high, compared_expected(&c, cases[_i], "rhigh", k), 0, 0);
    fm_assert_close("median", ranks[k].upper_half, compared_expected(&c, cases[_i], "median", k), 0, 1e-5);
    if (_i != 1 && k > 0)
      fm_assert_close("over A", ranks[k].beats, compared_expected(&c, cases[_i], "overA", k), 0, 1e-5);
    sum += ranks[k].mean;
  }
  fm_assert_close("all ranks", sum, N_UNITS * (N_UNITS + 1) / 2.0, 1e-12, 0);
  compared_close(&c);
}
END_TEST

/* When fewer is better every rank turns round. */
START_TEST(turned)
{
  compared c;
  fm_error err = FM_ERROR_INIT;
  fm__posterior units[N_UNITS];
  fm__unit_rank up[N_UNITS], down[N_UNITS];
  compared_open(&c);
  posteriors(units, &c, 0);
  fm_assert_ok(fm__rank_units(up, units, N_UNITS, false, 3, 0.95, NULL, &err), &err);
  fm_assert_ok(fm__rank_units(down, units, N_UNITS, true, 3, 0.95, NULL, &err), &err);
  for (int k = 0; k < N_UNITS; k++) {
    fm_assert_close("mean", up[k].mean + down[k].mean, N_UNITS + 1, 1e-12, 0);
    fm_assert_close("beats", up[k].beats + down[k].beats, 1, 1e-12, 0);
    fm_assert_close("half", up[k].upper_half + down[k].upper_half, 1, 1e-12, 0);
    fm_assert_close("limits", up[k].low + down[k].high, N_UNITS + 1, 0, 0);
  }
  compared_close(&c);
}
END_TEST

/* By hand: two units with exponential rates of means 1 and 1/3: the first is higher with chance 3/4. Three alike: each
 * rank has chance 1/3. Far apart: no doubt. */
START_TEST(by_hand)
{
  const fm__posterior two[] = {{FM_TARGET_RATE, 1, 1}, {FM_TARGET_RATE, 1, 3}};
  const fm__posterior alike[] = {{FM_TARGET_SHARE, 2, 3}, {FM_TARGET_SHARE, 2, 3}, {FM_TARGET_SHARE, 2, 3}};
  const fm__posterior apart[] = {{FM_TARGET_RATE, 1e4, 1e4}, {FM_TARGET_RATE, 1e4, 1e2}, {FM_TARGET_RATE, 1e4, 1e3}};
  fm_error err = FM_ERROR_INIT;
  fm__unit_rank r[3];
  fm_assert_ok(fm__rank_units(r, two, 2, false, SIZE_MAX, 0.95, NULL, &err), &err);
  fm_assert_close("first", r[0].mean, 1.25, 1e-6, 0);
  fm_assert_close("second", r[1].upper_half, 0.25, 1e-6, 0);
  ck_assert(r[0].low == 1 && r[0].high == 2 && r[0].beats == 0);
  fm_assert_ok(fm__rank_units(r, alike, 3, false, 1, 0.9, NULL, &err), &err);
  for (int k = 0; k < 3; k++) {
    fm_assert_close("mean", r[k].mean, 2, 1e-12, 0);
    fm_assert_close("first", r[k].upper_half, 1 / 3.0, 1e-5, 0);
    fm_assert_close("beats", r[k].beats, 0.5, 1e-12, 0);
    ck_assert(r[k].low == 1 && r[k].high == 3);
  }
  fm_assert_ok(fm__rank_units(r, apart, 3, false, 2, 0.95, NULL, &err), &err);
  ck_assert(r[1].low == 1 && r[1].high == 1 && r[2].high == 2 && r[0].low == 3);
  fm_assert_close("sure", r[1].beats, 1, 0, 1e-9);
  fm_assert_close("sure", r[0].mean, 3, 1e-9, 0);
}
END_TEST

/* More units than the grid has room for quantiles of each. */
START_TEST(many)
{
  enum { N = 300 };
  static fm__posterior units[N];
  static fm__unit_rank ranks[N];
  fm_error err = FM_ERROR_INIT;
  double sum = 0;
  for (int k = 0; k < N; k++)
    units[k] = (fm__posterior){FM_TARGET_RATE, 20 + k % 97, 100 + k % 13};
  fm_assert_ok(fm__rank_units(ranks, units, N, false, SIZE_MAX, 0.95, NULL, &err), &err);
  for (int k = 0; k < N; k++) {
    ck_assert(ranks[k].low >= 1 && ranks[k].low <= ranks[k].high && ranks[k].high <= N);
    sum += ranks[k].mean;
  }
  fm_assert_close("all ranks", sum, N * (N + 1) / 2.0, 1e-10, 0);
}
END_TEST

/* Against sums over a unit's own quantiles, with the others' chances from their distributions and all of their counts
 * kept: another way, and another one than the program's, to 98 and 300 units of exposures from 100 to 30,000. */
enum { MOST_UNITS = 300, N_QUANTILES = 1200 };

static void draw_units(fm__posterior *units, int n, int32_t kind)
{
  fm__unit_prior p = {kind, 0.05, kind == FM_TARGET_SHARE ? 200 : 10};
  for (int k = 0; k < n; k++) {
    double base = 100 + 29900.0 * (k * 37 % n) * (k * 37 % n) / n / n;
    double count = floor(base * (0.03 + 0.04 * (k * 59 % n) / n));
    units[k] = fm__posterior_of(&p, (fm__unit_counts){count, base});
  }
}

static void of_own_quantiles(fm__unit_rank *out, const fm__posterior *units, int n, int unit)
{
  static double chance[MOST_UNITS + 1], all[MOST_UNITS + 1];
  memset(all, 0, sizeof all);
  for (int q = 0; q < N_QUANTILES; q++) {
    /* quantiles closer together towards both ends */
    double s = (q + 0.5) / N_QUANTILES, weight = 30 * s * s * (1 - s) * (1 - s) / N_QUANTILES;
    double rate = fm__posterior_quantile(&units[unit], s * s * s * (10 - 15 * s + 6 * s * s));
    memset(chance, 0, sizeof chance);
    chance[0] = 1;
    for (int k = 0; k < n; k++) {
      double p = fm__posterior_above(&units[k], rate);
      for (int c = n; c > 0 && k != unit; c--)
        chance[c] = chance[c] * (1 - p) + chance[c - 1] * p;
      chance[0] *= k != unit ? 1 - p : 1;
    }
    for (int c = 0; c < n; c++)
      all[c] += chance[c] * weight;
  }
  double sum = 0;
  *out = (fm__unit_rank){.low = 0};
  for (int c = 0; c < n; c++) {
    sum += all[c];
    out->mean += all[c] * (c + 1);
    out->upper_half += c < n / 2 ? all[c] : 0;
    out->low = out->low == 0 && sum >= 0.025 ? c + 1 : out->low;
    out->high = out->high == 0 && sum >= 0.975 ? c + 1 : out->high;
  }
}

START_TEST(of_others)
{
  static const struct {
    int n;
    int32_t kind;
  } sizes[] = {
      {98, FM_TARGET_RATE}, {98, FM_TARGET_SHARE}, {MOST_UNITS, FM_TARGET_RATE}, {MOST_UNITS, FM_TARGET_SHARE}};
  static fm__posterior units[MOST_UNITS];
  static fm__unit_rank ranks[MOST_UNITS];
  fm_error err = FM_ERROR_INIT;
  int n = sizes[_i].n;
  draw_units(units, n, sizes[_i].kind);
  fm_assert_ok(fm__rank_units(ranks, units, (size_t)n, false, SIZE_MAX, 0.95, NULL, &err), &err);
  for (int k = 0; k < n; k += n / 3 - 1) {
    fm__unit_rank expected;
    of_own_quantiles(&expected, units, n, k);
    fm_assert_close("mean", ranks[k].mean, expected.mean, 0, 1e-8); /* what so few quantiles are right to */
    fm_assert_close("half", ranks[k].upper_half, expected.upper_half, 0, 1e-8);
    ck_assert(ranks[k].low == expected.low && ranks[k].high == expected.high);
  }
}
END_TEST

/* Rates so apart that panels end with one density and begin anew with the next, beside one that knows nothing. */
START_TEST(gaps)
{
  const fm__posterior apart[] = {{FM_TARGET_RATE, 1e6, 1e9}, {FM_TARGET_RATE, 1e6, 1e6}, {FM_TARGET_RATE, 1e6, 1e3}};
  const fm__posterior beside[] = {{FM_TARGET_SHARE, 1e-3, 1e-3}, {FM_TARGET_SHARE, 3e8, 7e8}};
  fm_error err = FM_ERROR_INIT;
  fm__unit_rank r[3];
  fm_assert_ok(fm__rank_units(r, apart, 3, false, 1, 0.95, NULL, &err), &err);
  for (int k = 0; k < 3; k++)
    fm_assert_close("rank", r[k].mean, 3 - k, 1e-12, 0);
  fm_assert_ok(fm__rank_units(r, beside, 2, true, 0, 0.95, NULL, &err), &err);
  fm_assert_close("half", r[0].mean, 1 + fm__posterior_above(&beside[0], 0.3), 1e-6, 0);
  fm_assert_close("both", r[0].mean + r[1].mean, 3, 1e-12, 0);
}
END_TEST

static fm_status rank_some(void *ctx, fm_error *err)
{
  const fm__posterior two[] = {{FM_TARGET_RATE, 1, 1}, {FM_TARGET_RATE, 1, 3}};
  fm__unit_rank r[2];
  (void)ctx;
  return fm__rank_units(r, two, 2, false, SIZE_MAX, 0.95, NULL, err);
}

START_TEST(without_memory)
{
  ck_assert_int_eq(fm_test_allocations(rank_some, NULL), 6);
}
END_TEST

static int32_t stop(void *ctx, double done)
{
  (void)ctx;
  (void)done;
  return 1;
}

START_TEST(stopped)
{
  const fm__posterior two[] = {{FM_TARGET_RATE, 1, 1}, {FM_TARGET_RATE, 1, 3}};
  fm_error err = FM_ERROR_INIT;
  fm_run run = FM_RUN_INIT;
  fm__unit_rank r[2];
  run.progress = stop;
  ck_assert_int_eq(fm__rank_units(r, two, 2, false, SIZE_MAX, 0.95, &run, &err), FM_ERR_CANCELLED);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("target compare rank");
  TCase *c = tcase_create("ranks");
  tcase_add_loop_test(c, of_r, 0, FM_COUNT(cases));
  tcase_add_test(c, turned);
  tcase_add_test(c, by_hand);
  tcase_add_test(c, many);
  tcase_add_loop_test(c, of_others, 0, 4);
  tcase_add_test(c, gaps);
  tcase_add_test(c, without_memory);
  tcase_add_test(c, stopped);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
