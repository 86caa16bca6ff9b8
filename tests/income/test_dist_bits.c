/* A population has the same bits for any order, split, unit, number of threads and way of building it. */
#include <math.h>
#include <string.h>

#include "income/dist_priv.h"
#include "num/random.h"
#include "support/support.h"

enum { LARGE = 300000, KINDS = 11 };

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
  enum { N = 100000 };
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

int main(void)
{
  Suite *s = suite_create("income dist bits");
  TCase *c = tcase_create("bits");
  tcase_set_timeout(c, 120);
  tcase_add_loop_test(c, same_population, 0, KINDS);
  tcase_add_loop_test(c, same_bits_in_other_units, 0, KINDS - 2); /* the last two span too many powers for that */
  tcase_add_loop_test(c, sums_are_right, 0, KINDS);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
