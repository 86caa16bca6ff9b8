/* Streams of incomes: bounds after one pass, exact after more, against the sorted sample. */
#include <math.h>
#include <string.h>

#include "num/random.h"
#include "support/support.h"

enum { N = 20000, MOST = 40 };

static const char places[] =
    "mean,median,quantile(0.05),quantile_ratio(0.9,0.1),lorenz(0.3),generalised_lorenz(0.7),bottom_share(0.4),"
    "top_share(0.2),bottom_mean(0.4),top_mean(0.1),s80s20,palma,share_ratio(0.05,0.5),poverty_line(0.5),"
    "at_risk_of_poverty(0.6),relative_median_gap(0.6),median_of_poor,fgt(0)";

static void make(double *x, double *w, size_t n, uint64_t seed)
{
  for (size_t i = 0; i < n; i++) {
    double u = random_unit(&seed);
    x[i] = exp(12 + 0.7 * random_normal(&seed));
    x[i] = u < 0.02 ? NAN : u < 0.05 ? 0 : u < 0.07 ? -1000 * u : u > 0.6 ? floor(x[i] / 100) * 100 : x[i];
    w[i] = u > 0.99 ? 0 : floor(8 * random_unit(&seed)) / 4 + 0.25;
  }
}

static fm_income_stream *stream_of(const char *measures, const fm_income_rules *rules)
{
  fm_error err = FM_ERROR_INIT;
  fm_income_stream *s;
  fm_assert_ok(fm_income_stream_create(&s, measures, rules, &err), &err);
  return s;
}

static void add(fm_income_stream *s, const double *x, const double *w, size_t n)
{
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_income_stream_add(s, x, w, n, NULL, &err), &err);
}

static size_t again(fm_income_stream *s, size_t most_rows)
{
  fm_error err = FM_ERROR_INIT;
  size_t n;
  fm_assert_ok(fm_income_stream_again(&n, s, most_rows, &err), &err);
  return n;
}

static void bounds(double *low, double *high, const fm_income_stream *s)
{
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_income_stream_bounds(low, high, MOST, s, &err), &err);
}

static void sorted(double *values, const char *measures, const fm_income_rules *rules, const double *x, const double *w)
{
  fm_error err = FM_ERROR_INIT;
  fm_income_sample *sample;
  fm_assert_ok(fm_income_sample_create(&sample, x, w, N, rules, NULL, &err), &err);
  fm_assert_ok(fm_income_sample_values(values, NULL, MOST, sample, measures, NULL, &err), &err);
  fm_income_sample_destroy(sample);
}

typedef struct choice {
  int32_t quantile, poor, line_kind, percent, negative;
} choice;
static const choice choices[] = {
    {0, 0, 0, 0, 0},
    {FM_INCOME_QUANTILE_LEFT, FM_INCOME_POOR_LE, FM_INCOME_LINE_DOMAIN_MEAN, 1, FM_INCOME_NEGATIVE_DROP},
    {FM_INCOME_QUANTILE_RIGHT, 0, FM_INCOME_LINE_ABSOLUTE, 0, FM_INCOME_NEGATIVE_ZERO},
};

/* Quantiles get the bits of the sorted sample; shares, computed from the same exact sums, agree to the last digits. */
START_TEST(exact_after_one_more_pass)
{
  static double x[N], w[N];
  double low[MOST], high[MOST], values[MOST];
  const choice *c = &choices[_i];
  fm_income_rules rules = FM_INCOME_RULES_INIT;
  rules.quantile = c->quantile;
  rules.poor = c->poor;
  rules.line_kind = c->line_kind;
  rules.line = c->line_kind == FM_INCOME_LINE_ABSOLUTE ? 90000 : FM_NAN;
  rules.percent = c->percent;
  rules.negative = c->negative;
  make(x, w, N, 3 + (uint64_t)_i);
  sorted(values, places, &rules, x, w);
  fm_income_stream *s = stream_of(places, &rules), *part = stream_of(places, &rules);
  fm_error err = FM_ERROR_INIT;
  add(s, x, w, 7000);
  add(part, x + 7000, w + 7000, N - 7000);
  fm_assert_ok(fm_income_stream_merge(s, part, &err), &err);
  fm_income_stream_destroy(part);
  bounds(low, high, s);
  bool apart = false;
  for (int k = 0; k < 18; k++) {
    double slack = 1e-14 * fabs(values[k]);
    ck_assert_msg(low[k] <= values[k] + slack && values[k] - slack <= high[k], "measure %d: %.17g not in %.17g, %.17g",
                  k, values[k], low[k], high[k]);
    apart = apart || low[k] < high[k];
  }
  ck_assert(apart);
  size_t kept = again(s, N);
  ck_assert(kept > 0 && kept < N / 4);
  add(s, x + 4000, w + 4000, N - 4000);
  add(s, x, w, 4000);
  ck_assert_uint_eq(again(s, N), 0);
  bounds(low, high, s);
  for (int k = 0; k < 18; k++) {
    ck_assert_msg(low[k] == high[k], "measure %d: %.17g to %.17g", k, low[k], high[k]);
    ck_assert_msg(k >= 4 || low[k] == values[k], "measure %d: %.17g, sorted %.17g", k, low[k], values[k]);
    fm_assert_close("sorted", low[k], values[k], 4e-15, 0);
  }
  ck_assert_int_eq(fm_income_stream_add(s, x, w, N, NULL, &err), FM_ERR_STATE);
  fm_income_stream_destroy(s);
}
END_TEST

START_TEST(gini_in_several_passes)
{
  static double x[N], w[N];
  double low[MOST], high[MOST], gini[MOST], width = INFINITY;
  make(x, w, N, 9);
  sorted(gini, "gini", NULL, x, w);
  fm_income_stream *s = stream_of("gini", NULL);
  add(s, x, w, N);
  size_t n_passes = 0;
  for (size_t kept; (kept = again(s, 3000)) > 0; n_passes++) {
    ck_assert_uint_le(kept, 3000);
    add(s, x, w, N);
    bounds(low, high, s);
    ck_assert(low[0] <= gini[0] && gini[0] <= high[0] && high[0] - low[0] <= width);
    width = high[0] - low[0];
  }
  bounds(low, high, s);
  ck_assert_uint_ge(n_passes, 6);
  ck_assert_msg(high[0] - low[0] < 1e-11, "%g", high[0] - low[0]);
  ck_assert(low[0] - 1e-15 <= gini[0] && gini[0] <= high[0] + 1e-15);
  fm_income_stream_destroy(s);
}
END_TEST

START_TEST(what_is_refused)
{
  static double x[N], w[N];
  double value[1];
  size_t n;
  make(x, w, N, 11);
  fm_error err = FM_ERROR_INIT;
  fm_income_stream *s = NULL, *other;
  ck_assert_int_eq(fm_income_stream_create(&s, "gini,theil", NULL, &err), FM_ERR_ARGUMENT);
  ck_assert(s == NULL && strstr(err.message, "theil") != NULL);
  s = stream_of("median,s80s20", NULL);
  ck_assert_int_eq(fm_income_stream_bounds(value, value, 1, s, &err), FM_ERR_ARGUMENT);
  add(s, x, w, N);
  ck_assert_int_eq(fm_income_stream_again(&n, s, 3, &err), FM_ERR_LIMIT);
  double bad[2] = {1, INFINITY};
  fm_error at = FM_ERROR_INIT;
  ck_assert_int_eq(fm_income_stream_add(s, bad, NULL, 2, NULL, &at), FM_ERR_VALUE);
  ck_assert_int_eq(at.row, 1);
  ck_assert_uint_gt(again(s, N), 0);
  add(s, x, w, N / 2); /* half of the rows are not all of them */
  fm_error half = FM_ERROR_INIT;
  ck_assert_int_eq(fm_income_stream_again(&n, s, N, &half), FM_ERR_MISMATCH);
  add(s, x, w, N); /* the pass began again */
  ck_assert_uint_eq(again(s, N), 0);
  other = stream_of("median,s80s20", NULL);
  fm_error merged = FM_ERROR_INIT;
  ck_assert_int_eq(fm_income_stream_merge(s, other, &merged), FM_ERR_STATE);
  ck_assert_int_eq(fm_income_stream_merge(other, other, &merged), FM_ERR_ARGUMENT);
  fm_income_stream_destroy(other);
  fm_income_stream_destroy(s);
}
END_TEST

START_TEST(nothing)
{
  double low[MOST], high[MOST];
  fm_income_stream *s = stream_of("gini,median", NULL);
  bounds(low, high, s);
  ck_assert(isnan(low[0]) && isnan(high[1]));
  ck_assert_uint_eq(again(s, 10), 0);
  fm_income_stream_destroy(s);
  fm_income_stream_destroy(NULL);
}
END_TEST

static fm_status life(void *ctx, fm_error *err)
{
  static const double x[] = {3, 1, NAN, 4, 1.001, 5, 9, 2, 6}, w[] = {1, 2, 1, 1, 1, 3, 1, 1, 1};
  double low[9], high[9];
  size_t n;
  fm_income_stream *s = NULL;
  (void)ctx;
  fm_status status = fm_income_stream_create(&s, NULL, NULL, err);
  for (size_t k = 0; k < 3 && status == FM_OK; k++) {
    status = fm_income_stream_add(s, x, w, 9, NULL, err);
    if (status == FM_OK)
      status = fm_income_stream_bounds(low, high, 9, s, err);
    if (status == FM_OK)
      status = fm_income_stream_again(&n, s, 100, err);
    if (status == FM_OK && n == 0)
      break;
  }
  fm_income_stream_destroy(s);
  return status;
}

START_TEST(allocation_failures)
{
  ck_assert_int_gt(fm_test_allocations(life, NULL), 20);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("income-stream");
  TCase *t = tcase_create("stream");
  tcase_set_timeout(t, 120);
  tcase_add_loop_test(t, exact_after_one_more_pass, 0, FM_COUNT(choices));
  tcase_add_test(t, gini_in_several_passes);
  tcase_add_test(t, what_is_refused);
  tcase_add_test(t, nothing);
  tcase_add_test(t, allocation_failures);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
