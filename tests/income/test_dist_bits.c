/* A population has the same bits for any order, split, unit, number of threads and way of building it. */
#include <math.h>
#include <string.h>

#include "income/dist/dist_priv.h"
#include "num/random.h"
#include "support/support.h"

enum { LARGE = 150000, KINDS = 11 }; /* several slices and buckets; a constant fills more than a bucket may hold */

static const char *const kind_names[KINDS] = {
    "lognormal", "cents",  "whole",   "zeros, negatives, tail",  "constant", "thousand values",
    "normal",    "sorted", "cluster", "two clusters, far apart", "powers"};

static double income_of(int kind, size_t i, uint64_t *s)
{
  double u = random_unit(s), z = random_normal(s);
  switch (kind) {
  case 0:
    return exp(12.5 + 0.6 * z);
  case 1:
    return floor(100 * exp(9.5 + 0.6 * z)) / 100;
  case 2:
    return floor(exp(9.5 + 0.6 * z));
  case 3:
    return u < 0.3 ? (u < 0.1 ? -0.0 : 0.0) : u < 0.35 ? -1e4 * random_unit(s) : 1e4 / sqrt(1 - random_unit(s));
  case 4:
    return 250000.5;
  case 5:
    return 1000 + 250.25 * floor(1000 * u);
  case 6:
    return z;
  case 7:
    return 1e4 + (double)i * 0.37;
  case 8:
    return u < 1e-4 ? z * 1e12 : 1e6 + u * 1e-3;
  case 9: /* crowds far narrower than any cell of a table over the whole range */
    return u < 0.5 ? 1 + floor(u * 0x1p40) * 0x1p-52 : u < 0.9 ? 1e80 * (1 + floor(u * 0x1p40) * 0x1p-52) : u;
  default:
    return ldexp(u < 0.5 ? -1 : 1, (int)(600 * random_unit(s)) - 300);
  }
}

/* Weights in 1/16, so that halves add exactly; some are 0. */
static void make(double *x, double *w, size_t n, int kind)
{
  uint64_t s = 7 + (uint64_t)kind;
  for (size_t i = 0; i < n; i++) {
    x[i] = income_of(kind, i, &s);
    w[i] = floor(200 * random_unit(&s)) / 16;
  }
}

/* Every number that a reader of the population sees. */
static uint64_t digest(const fm__dist *d)
{
  uint64_t h = 0;
  fm__atom a;
  const double whole[] = {d->weight, d->total, d->total_low, d->mean, d->least, d->most, d->gini_area};
  for (size_t k = 0; k < FM__COUNT(whole); k++) {
    uint64_t bits;
    memcpy(&bits, &whole[k], sizeof bits);
    h = (h ^ bits) * UINT64_C(0x9e3779b97f4a7c15);
  }
  for (fm__dist_start(&a, d); fm__dist_next(&a);) {
    const double row[] = {a.x, a.w, a.below_weight, a.below_total, a.upto_weight, a.upto_total};
    for (size_t k = 0; k < FM__COUNT(row); k++) {
      uint64_t bits;
      memcpy(&bits, &row[k], sizeof bits);
      h = (h ^ bits) * UINT64_C(0x9e3779b97f4a7c15);
      h ^= h >> 29;
    }
  }
  return h;
}

static uint64_t built(const double *x, const double *w, size_t n, size_t threads, double *squares, int64_t *rows)
{
  fm__dist d;
  fm_error err = FM_ERROR_INIT;
  fm_threads pool = {sizeof pool, threads};
  fm_run run = FM_RUN_INIT;
  run.execute = fm_execute_threads;
  run.execute_ctx = &pool;
  fm_assert_ok(fm__dist_of_columns(&d, x, w, n, threads > 0 ? &run : NULL, &err), &err);
  uint64_t h = digest(&d);
  *squares = d.weight_squares;
  *rows = d.n;
  fm__dist_free(&d);
  return h;
}

static void shuffle(double *x, double *w, size_t n, uint64_t seed)
{
  for (size_t i = n; i > 1; i--) {
    size_t j = (size_t)(random_unit(&seed) * (double)i);
    double tx = x[i - 1], tw = w[i - 1];
    x[i - 1] = x[j];
    w[i - 1] = w[j];
    x[j] = tx;
    w[j] = tw;
  }
}

static fm__member *members_of(const double *x, const double *w, size_t n)
{
  fm__member *m = fm__array(n, sizeof *m);
  for (size_t i = 0; i < n; i++)
    m[i] = (fm__member){x[i], w[i], (uint32_t)(i * 7919 % 1000), 1};
  return m;
}

static void check_members(const double *x, const double *w, size_t n, uint64_t expected, const char *name)
{
  fm__dist d;
  fm_error err = FM_ERROR_INIT;
  fm__member *m = members_of(x, w, n);
  fm_assert_ok(fm__dist_of_members(&d, m, n, NULL, &err), &err);
  ck_assert_msg(digest(&d) == expected, "%s: members", name);
  for (size_t i = 1; i < d.n_members; i++) {
    const fm__member *a = fm__dist_member(&d, i - 1), *b = fm__dist_member(&d, i);
    ck_assert(a->x < b->x || (a->x == b->x && (a->unit < b->unit || (a->unit == b->unit && a->w <= b->w))));
  }
  fm__dist_free(&d);
}

START_TEST(same_population)
{
  double *x = fm__array(2 * LARGE, sizeof *x), *w = fm__array(2 * LARGE, sizeof *w), squares, other;
  const char *name = kind_names[_i];
  int64_t rows, n_rows;
  make(x, w, LARGE, _i);
  uint64_t h = built(x, w, LARGE, 0, &squares, &rows);
  for (size_t threads = 1; threads <= 3; threads++) {
    ck_assert_msg(built(x, w, LARGE, threads, &other, &n_rows) == h, "%s: %zu threads", name, threads);
    ck_assert(other == squares && n_rows == rows);
  }
  check_members(x, w, LARGE, h, name);
  shuffle(x, w, LARGE, 5);
  ck_assert_msg(built(x, w, LARGE, 2, &other, &n_rows) == h && other == squares && n_rows == rows, "%s: order", name);
  for (size_t i = 0; i < LARGE; i++) { /* two records instead of one */
    x[LARGE + i] = x[i];
    w[LARGE + i] = 0.25 * w[i];
    w[i] *= 0.75;
  }
  shuffle(x, w, 2 * LARGE, 6);
  ck_assert_msg(built(x, w, 2 * LARGE, 2, &other, &n_rows) == h && n_rows == 2 * rows, "%s: splitting", name);
  fm__free(x);
  fm__free(w);
}
END_TEST

/* Gini area, shares and lookups of incomes times 2^a and weights times 2^b are those numbers times the powers. */
START_TEST(same_bits_in_other_units)
{
  enum { N = 70000 };
  static double x[N], w[N], scaled_x[N], scaled_w[N];
  const int powers[][2] = {{20, -7}, {-40, 40}, {700, 0}, {0, 990}, {-700, -900}, {980, 900}};
  fm_error err = FM_ERROR_INIT;
  make(x, w, N, _i);
  fm__dist a, b;
  fm_assert_ok(fm__dist_of_columns(&a, x, w, N, NULL, &err), &err);
  for (int k = 0; k < FM_COUNT(powers); k++) {
    for (size_t i = 0; i < N; i++) {
      scaled_x[i] = ldexp(x[i], powers[k][0]);
      scaled_w[i] = ldexp(w[i], powers[k][1]);
    }
    fm_assert_ok(fm__dist_of_columns(&b, scaled_x, scaled_w, N, NULL, &err), &err);
    double gini = a.gini_area / (a.weight * a.total), same = b.gini_area / (b.weight * b.total);
    ck_assert_msg(gini == same, "%s: 2^%d: %.17g, %.17g", kind_names[_i], powers[k][0], gini, same);
    for (double p = 0.05; p < 1; p += 0.05) {
      double q = fm__dist_quantile(&a, p, FM__QUANTILE_AVG, 1e-12) / a.x_scale;
      ck_assert(ldexp(q, powers[k][0]) == fm__dist_quantile(&b, p, FM__QUANTILE_AVG, 1e-12) / b.x_scale);
      ck_assert(fm__dist_poorest(&a, p) / a.total == fm__dist_poorest(&b, p) / b.total);
    }
    fm__dist_free(&b);
  }
  fm__dist_free(&a);
}
END_TEST

/* Against sums by the definition: each distinct income's weight, and the area by pairs of neighbours. */
START_TEST(sums_are_right)
{
  enum { N = 70000 };
  static double x[N], w[N];
  fm_error err = FM_ERROR_INIT;
  fm__dist d;
  make(x, w, N, _i);
  fm_assert_ok(fm__dist_of_columns(&d, x, w, N, NULL, &err), &err);
  fm__sum weight = {.pending = 0}, total = {.pending = 0}, below = {.pending = 0}, area = {.pending = 0};
  for (size_t i = 0; i < N; i++) {
    fm__sum_add(&weight, w[i]);
    double product = x[i] * w[i];
    fm__sum_add(&total, product);
    fm__sum_add(&total, fma(x[i], w[i], -product));
  }
  fm_assert_close("weight", d.weight, fm__sum_value(&weight), 0, 0);
  fm_assert_close("total", d.total, fm__sum_value(&total), 1e-15, 0);
  fm__atom a;
  double before = NAN, c = 0;
  for (fm__dist_start(&a, &d); fm__dist_next(&a);) {
    ck_assert(isnan(before) || before < a.x);
    fm_assert_close("below", a.below_weight, c, 1e-15, 0);
    if (!isnan(before)) {
      fm__sum above = weight;
      fm__sum_add(&above, -c);
      fm__sum_add(&area, c * fm__sum_value(&above) * (a.x - before));
    }
    fm__sum_add(&below, a.w);
    c = fm__sum_value(&below);
    before = a.x;
  }
  fm_assert_close("area", d.gini_area, fm__sum_value(&area), 1e-14, 0);
  fm__dist_free(&d);
}
END_TEST

/* Groups built together are the populations built one by one. */
START_TEST(groups)
{
  enum { N = 140000, GROUPS = 7 };
  static double x[N], w[N], own_x[N], own_w[N];
  static int32_t group[N];
  fm_error err = FM_ERROR_INIT;
  fm_threads pool = {sizeof pool, 2};
  fm_run run = FM_RUN_INIT;
  run.execute = fm_execute_threads;
  run.execute_ctx = &pool;
  make(x, w, N, _i);
  for (size_t i = 0; i < N; i++) /* one group of half the rows, one empty; rows of no group and of one too high */
    group[i] = i % 2 == 0 ? 0 : (int32_t)(i % 9) - 1 == 5 ? 6 : (int32_t)(i % 9) - 1;
  fm__dists dists;
  fm_assert_ok(fm__dists_of_groups(&dists, x, w, group, N, GROUPS, &run, &err), &err);
  ck_assert(dists.n == GROUPS);
  for (int32_t k = 0; k < GROUPS; k++) {
    size_t n = 0;
    for (size_t i = 0; i < N; i++)
      if (group[i] == k) {
        own_x[n] = x[i];
        own_w[n++] = w[i];
      }
    fm__dist own;
    const fm__dist *d = &dists.of[k];
    fm_assert_ok(fm__dist_of_columns(&own, own_x, own_w, n, NULL, &err), &err);
    ck_assert_msg(digest(d) == digest(&own), "%s: group %d", kind_names[_i], (int)k);
    ck_assert(d->n == own.n && same_bits(d->weight_squares, own.weight_squares));
    ck_assert(same_bits(d->squares_total, own.squares_total) && d->x_scale == own.x_scale);
    ck_assert((k == 5) == (d->n_members == 0));
    fm__dist_free(&own);
  }
  fm__dists_free(&dists);
}
END_TEST

/* What doubles can hold at their ends, and next to nothing. */
START_TEST(extremes)
{
  static const struct {
    const char *label;
    size_t n;
    double x[4], w[4], gini, mean; /* mean in the units of x */
  } cases[] = {
      {"empty", 0, {0}, {0}, NAN, NAN},
      {"no weight", 2, {1, 2}, {0, 0}, NAN, NAN},
      {"one row", 1, {5}, {3}, 0, 5},
      {"all equal", 3, {7, 7, 7}, {1, 2, 3}, 0, 7},
      /* sum over pairs |x - y| = 2 * 2 over 2 * 4 * mean 2 */
      {"weights of 1e300", 2, {1, 3}, {1e300, 1e300}, 0.25, 2},
      {"incomes of 1e307", 2, {1e307, 3e307}, {1, 1}, 0.25, 2e307},
      {"denormal incomes", 2, {5e-324, 15e-324}, {1, 1}, 0.25, 10e-324},
      {"denormal weights", 2, {1, 3}, {5e-324, 5e-324}, 0.25, 2},
      {"both large", 2, {1e307, 3e307}, {1e300, 1e300}, 0.25, 2e307},
      {"shift of 1e9", 2, {1e9 + 1, 1e9 - 1}, {1, 1}, 0.5e-9, 1e9},
      {"both zeros are one income", 4, {-0.0, 0.0, 1, -0.0}, {1, 1, 1, 1}, 0.75, 0.25},
  };
  fm_error err = FM_ERROR_INIT;
  for (int k = 0; k < FM_COUNT(cases); k++) {
    fm__dist d[2];
    fm_assert_ok(fm__dist_of_columns(&d[0], cases[k].x, cases[k].w, cases[k].n, NULL, &err), &err);
    fm_assert_ok(fm__dist_of_members(&d[1], members_of(cases[k].x, cases[k].w, cases[k].n), cases[k].n, NULL, &err),
                 &err);
    for (int j = 0; j < 2; j++) {
      fm_assert_close(cases[k].label, d[j].gini_area / (d[j].weight * d[j].total), cases[k].gini, 1e-14, 0);
      fm_assert_close(cases[k].label, d[j].mean / d[j].x_scale, cases[k].mean, 1e-15, 0);
      fm__dist_free(&d[j]);
    }
  }
}
END_TEST

static double large_x[100000], large_w[100000];
static int32_t large_group[100000];

static fm_status columns_body(void *ctx, fm_error *err)
{
  fm__dist d;
  fm_status status = fm__dist_of_columns(&d, large_x, large_w, *(const size_t *)ctx, NULL, err);
  if (status == FM_OK)
    fm__dist_free(&d);
  return status;
}

static fm_status members_body(void *ctx, fm_error *err)
{
  fm__dist d, again;
  size_t n = *(const size_t *)ctx;
  fm__member *m = fm__array(n, sizeof *m);
  if (m == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++)
    m[i] = (fm__member){large_x[i], large_w[i], (uint32_t)(i % 2), 1};
  fm_status status = fm__dist_of_members(&d, m, n, NULL, err);
  if (status != FM_OK)
    return status;
  status = fm__dist_reweighted(&again, &d, (const double[]){0, 2}, err);
  if (status == FM_OK)
    fm__dist_free(&again);
  fm__dist_free(&d);
  return status;
}

static fm_status groups_body(void *ctx, fm_error *err)
{
  fm__dists d;
  fm_status status = fm__dists_of_groups(&d, large_x, large_w, large_group, *(const size_t *)ctx, 3, NULL, err);
  if (status == FM_OK)
    fm__dists_free(&d);
  return status;
}

START_TEST(no_memory)
{
  size_t sizes[] = {10, FM_COUNT(large_x)};
  make(large_x, large_w, FM_COUNT(large_x), 5);
  for (size_t i = 0; i < FM__COUNT(large_x); i++)
    large_group[i] = (int32_t)(i % 3);
  for (int k = 0; k < FM_COUNT(sizes); k++) {
    ck_assert_int_gt(fm_test_allocations(columns_body, &sizes[k]), 5);
    ck_assert_int_gt(fm_test_allocations(members_body, &sizes[k]), 5);
    ck_assert_int_gt(fm_test_allocations(groups_body, &sizes[k]), 5);
  }
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income dist bits");
  TCase *c = tcase_create("bits");
  tcase_set_timeout(c, 120);
  tcase_add_loop_test(c, same_population, 0, KINDS);
  tcase_add_loop_test(c, same_bits_in_other_units, 0, KINDS - 2); /* the last two span too many powers for that */
  tcase_add_loop_test(c, sums_are_right, 0, KINDS);
  tcase_add_loop_test(c, groups, 0, KINDS);
  tcase_add_test(c, extremes);
  tcase_add_test(c, no_memory);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
