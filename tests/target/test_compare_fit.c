/* Rates between units against R (Newton on digammas, MASS::glm.nb), and what they make of each unit. */
#include <math.h>
#include <stdio.h>

#include "target/compared.h"

static const char *const cases[] = {"rate", "share", "mix"};

START_TEST(likeliest)
{
  compared c;
  fm__unit_counts mix[N_UNITS];
  int32_t kind = _i == 1 ? FM_TARGET_SHARE : FM_TARGET_RATE;
  compared_open(&c);
  compared_case_mix(mix, &c);
  const fm__unit_counts *units = _i == 2 ? mix : c.units;
  double reference = 0, base = 0;
  for (int k = 0; k < N_UNITS; k++) {
    reference += units[k].count;
    base += units[k].base;
  }
  reference /= base;
  fm__unit_prior p = fm__fit_units(kind, units, N_UNITS);
  fm_assert_close("mean", p.mean, compared_expected(&c, cases[_i], "mean", N_UNITS), 1e-10, 0);
  fm_assert_close("size", p.size, compared_expected(&c, cases[_i], "size", N_UNITS), 1e-9, 0);
  fm_assert_close("between", fm__prior_deviation(&p), compared_expected(&c, cases[_i], "between", N_UNITS), 1e-9, 0);
  for (int k = 0; k < N_UNITS; k++) {
    fm__posterior of = fm__posterior_of(&p, units[k]);
    fm_assert_close("shrunk", fm__posterior_mean(&of), compared_expected(&c, cases[_i], "shrunk", k), 1e-10, 0);
    fm_assert_close("sd", fm__posterior_deviation(&of), compared_expected(&c, cases[_i], "sd", k), 1e-9, 0);
    fm_assert_close("low", fm__posterior_quantile(&of, 0.025), compared_expected(&c, cases[_i], "plow", k), 1e-9, 0);
    fm_assert_close("high", fm__posterior_quantile(&of, 0.975), compared_expected(&c, cases[_i], "phigh", k), 1e-9, 0);
    fm_assert_close("better", fm__posterior_above(&of, reference), compared_expected(&c, cases[_i], "better", k), 1e-8,
                    0);
  }
  compared_close(&c);
}
END_TEST

/* The raw rate is drawn to the mean of all, the more so the less there is behind it. */
START_TEST(shrinks)
{
  fm__unit_counts units[N_UNITS];
  for (int k = 0; k < N_UNITS; k++)
    units[k] = (fm__unit_counts){k % 2 == 0 ? 10 * (k + 1) : 30 * (k + 1), 100.0 * (k + 1)};
  for (int32_t kind = FM_TARGET_RATE; kind <= FM_TARGET_SHARE; kind++) {
    fm__unit_prior p = fm__fit_units(kind, units, N_UNITS);
    double moved = INFINITY;
    ck_assert(p.size > 0 && p.mean > 0.1 && p.mean < 0.3);
    for (int k = 0; k < N_UNITS; k += 2) {
      fm__posterior of = fm__posterior_of(&p, units[k]);
      double now = fm__posterior_mean(&of) - 0.1;
      ck_assert(now > 0 && now < moved);
      moved = now;
    }
  }
}
END_TEST

START_TEST(no_spread)
{
  const fm__unit_counts alike[] = {{10, 100}, {20, 200}, {11, 100}, {9, 100}}, none[] = {{0, 10}, {0, 20}},
                        all[] = {{10, 10}, {20, 20}};
  for (int32_t kind = FM_TARGET_RATE; kind <= FM_TARGET_SHARE; kind++) {
    fm__unit_prior p = fm__fit_units(kind, alike, 4);
    ck_assert(p.size == 0 && p.mean == 0.1 && fm__prior_deviation(&p) == 0);
    p = fm__fit_units(kind, none, 2);
    ck_assert(p.size == 0 && p.mean == 0);
  }
  fm__unit_prior p = fm__fit_units(FM_TARGET_SHARE, all, 2);
  ck_assert(p.size == 0 && p.mean == 1);
}
END_TEST

/* Counts far above 32, where digammas are a series, agree with the same counts summed one by one: the slope is zero. */
START_TEST(large_counts)
{
  const fm__unit_counts units[] = {{900, 1000}, {400, 1000}, {650, 1000}, {12, 40}, {3, 5}};
  for (int32_t kind = FM_TARGET_RATE; kind <= FM_TARGET_SHARE; kind++) {
    fm__unit_prior p = fm__fit_units(kind, units, 5);
    double slope = 0, scale = 0;
    for (int k = 0; k < 5; k++) {
      double x = units[k].count, e = units[k].base, s = 0;
      if (kind == FM_TARGET_RATE) {
        for (int i = 0; i < (int)x; i++)
          s += 1 / (p.size + i);
        s += log(p.size / (p.size + p.mean * e)) + (p.mean * e - x) / (p.size + p.mean * e);
      } else {
        for (int i = 0; i < (int)x; i++)
          s += p.mean / (p.size * p.mean + i);
        for (int i = 0; i < (int)(e - x); i++)
          s += (1 - p.mean) / (p.size * (1 - p.mean) + i);
        for (int i = 0; i < (int)e; i++)
          s -= 1 / (p.size + i);
      }
      slope += s;
      scale += fabs(s);
    }
    ck_assert_msg(fabs(slope) < 1e-10 * scale, "slope %g of %g", slope, scale);
  }
}
END_TEST

START_TEST(chances)
{
  fm__posterior rate = {FM_TARGET_RATE, 3, 10}, share = {FM_TARGET_SHARE, 3, 10};
  ck_assert(isnan(fm__posterior_above(&rate, NAN)) && isnan(fm__posterior_above(&share, NAN)));
  ck_assert(fm__posterior_above(&rate, 0) == 1 && fm__posterior_above(&share, -1) == 1);
  ck_assert(fm__posterior_above(&share, 1) == 0);
  for (double q = 0.1; q < 1; q += 0.2) {
    fm_assert_close("rate", fm__posterior_above(&rate, fm__posterior_quantile(&rate, q)), 1 - q, 1e-12, 0);
    fm_assert_close("share", fm__posterior_above(&share, fm__posterior_quantile(&share, q)), 1 - q, 1e-12, 0);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("target compare fit");
  TCase *c = tcase_create("fit");
  tcase_add_loop_test(c, likeliest, 0, FM_COUNT(cases));
  tcase_add_test(c, shrinks);
  tcase_add_test(c, no_spread);
  tcase_add_test(c, large_counts);
  tcase_add_test(c, chances);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
