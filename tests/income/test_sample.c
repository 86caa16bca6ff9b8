/* Samples of plain arrays: what must not change a result, extremes, single rows, errors of the input. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/support.h"

/* Every measure; money first, then what has no unit. */
#define MONEY                                                                                                          \
  "mean,median,quantile(0.13),generalised_lorenz(0.3),bottom_mean(0.4),top_mean(0.07),poverty_line,"                   \
  "median_of_poor(0.7)"
#define INDEX                                                                                                          \
  "quantile_ratio(0.9,0.1),lorenz(0.4),bottom_share(0.4),top_share(0.1),top_share(0.001),s80s20,palma,"                \
  "share_ratio(0.01,0.5),gini,hoover,wolfson,zenga,ge(-1),ge(0.5),ge(2),theil,mld,j_divergence,atkinson(0.5),"         \
  "atkinson(1),atkinson(2),at_risk_of_poverty,relative_median_gap(0.7),fgt(0),fgt(1),fgt(2),fgt(1.5),watts,sen,sst"
enum { N_MONEY = 8, N_INDEX = 30, N_ALL = N_MONEY + N_INDEX, N = 400 };

static uint64_t state;
static double draw(void)
{
  state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return ((double)(state >> 11) + 0.5) * 0x1p-53;
}

/* Whole incomes with ties, weights in quarters. */
static void make(double *x, double *w)
{
  state = 11;
  for (int i = 0; i < N; i++) {
    double u = draw();
    x[i] = floor(8 / (0.05 + u)) + 1;
    w[i] = (1 + floor(draw() * 12)) / 4;
  }
}

static void compute(double *out, const double *x, const double *w, size_t n, const char *measures, size_t room)
{
  fm_error err = FM_ERROR_INIT;
  fm_income_sample *s;
  fm_assert_ok(fm_income_sample_create(&s, x, w, n, NULL, NULL, &err), &err);
  fm_assert_ok(fm_income_sample_values(out, NULL, room, s, measures, NULL, &err), &err);
  fm_income_sample_destroy(s);
}

static void same_bits(const char *label, const double *a, const double *b, size_t n)
{
  for (size_t i = 0; i < n; i++)
    ck_assert_msg(memcmp(&a[i], &b[i], sizeof *a) == 0, "%s, measure %zu: %.17g and %.17g", label, i, a[i], b[i]);
}

START_TEST(invariance)
{
  static double x[N], w[N], a[2 * N], b[2 * N];
  double expected[N_ALL], got[N_ALL];
  make(x, w);
  compute(expected, x, w, N, MONEY "," INDEX, N_ALL);
  for (int i = 0; i < N_ALL; i++)
    ck_assert_msg(isfinite(expected[i]), "measure %d", i);
  for (int i = 0; i < N; i++) { /* another order, of ties too */
    a[i] = x[(i * 7 + 3) % N];
    b[i] = w[(i * 7 + 3) % N];
  }
  compute(got, a, b, N, MONEY "," INDEX, N_ALL);
  same_bits("order", got, expected, N_ALL);
  for (int i = 0; i < N; i++) { /* each record in two parts that add exactly; one in three twice with half the weight */
    a[2 * i] = a[2 * i + 1] = x[i];
    b[2 * i] = i % 3 == 0 ? w[i] / 2 : w[i] - 0.125;
    b[2 * i + 1] = i % 3 == 0 ? w[i] / 2 : 0.125;
  }
  compute(got, a, b, 2 * N, MONEY "," INDEX, N_ALL);
  same_bits("splitting", got, expected, N_ALL);
  for (int i = 0; i < N; i++) { /* rows of weight 0 */
    a[i] = x[i];
    b[i] = w[i];
    a[N + i] = i % 2 == 0 ? -1e300 : NAN;
    b[N + i] = 0;
  }
  compute(got, a, b, 2 * N, MONEY "," INDEX, N_ALL);
  same_bits("weight 0", got, expected, N_ALL);
}
END_TEST

/* A whole weight against as many rows. */
START_TEST(replication)
{
  static double x[N], w[N], many[12 * N];
  double expected[N_ALL], got[N_ALL];
  size_t n = 0;
  make(x, w);
  for (int i = 0; i < N; i++) {
    w[i] *= 4;
    for (int k = 0; k < (int)w[i]; k++)
      many[n++] = x[i];
  }
  compute(expected, x, w, N, MONEY "," INDEX, N_ALL);
  compute(got, many, NULL, n, MONEY "," INDEX, N_ALL);
  same_bits("replication", got, expected, N_ALL);
}
END_TEST

static const struct scaling {
  const char *label;
  double x, w;
} exact[] = {{"tiny incomes", 0x1p-1074, 1}, {"huge incomes", 0x1p1015, 1},   {"huge weights", 1, 0x1p996},
             {"tiny weights", 1, 0x1p-1060}, {"all huge", 0x1p1015, 0x1p996}, {"plain", 0x1p-20, 0x1p33}},
  rounded[] = {{"weights", 1, 1e-9 / 3}, {"incomes", 7.3, 1}, {"both", 1e12 / 7, 0.1}};

/* Powers of two change no bit of what has no unit; money is the same times that power. */
START_TEST(powers_of_two)
{
  static double x[N], w[N];
  double expected[N_ALL], got[N_ALL];
  make(x, w);
  compute(expected, x, w, N, INDEX "," MONEY, N_ALL);
  for (int i = 0; i < N; i++) {
    x[i] *= exact[_i].x;
    w[i] *= exact[_i].w;
  }
  compute(got, x, w, N, INDEX "," MONEY, N_ALL);
  same_bits(exact[_i].label, got, expected, N_INDEX);
  for (int i = N_INDEX; i < N_ALL; i++)
    fm_assert_close(exact[_i].label, got[i], expected[i] * exact[_i].x, 0, 0);
}
END_TEST

START_TEST(other_factors)
{
  static double x[N], w[N];
  double expected[N_ALL], got[N_ALL];
  make(x, w);
  compute(expected, x, w, N, INDEX "," MONEY, N_ALL);
  for (int i = 0; i < N; i++) {
    x[i] *= rounded[_i].x;
    w[i] *= rounded[_i].w;
  }
  compute(got, x, w, N, INDEX "," MONEY, N_ALL);
  for (int i = 0; i < N_ALL; i++)
    fm_assert_close(rounded[_i].label, got[i], expected[i] * (i < N_INDEX ? 1 : rounded[_i].x), 1e-13, 0);
}
END_TEST

/* Heavy records beside thin ones, W = 2^53 + 1 or 2^30 + 1 + 2^-30: neither is a double. Hoover of 1 (weight 2^53) and
 * 2 (weight 1): m - 1 = 1 / W, so 2^53 / (W (2^53 + 2)). Zenga of 1, 2, 4 with weights 1, 2^30, 2^-30: 1 - R is 1/2 for
 * the first to 17 digits, for the second (4 - (1 + 2^31) / (1 + 2^30)) / 4 = 1/2 + 1 / (4 (1 + 2^30)), and the last
 * weighs 2^-60 of all: 1/2 + 2^30 / (4 (1 + 2^30)^2) to 17 digits. */
START_TEST(thin_tail)
{
  double got[2], heavy = 0x1p53, w = 0x1p30;
  compute(got, (const double[]){1, 2}, (const double[]){heavy, 1}, 2, "hoover", 1);
  fm_assert_close("hoover", got[0], 1 / (heavy + 3), 1e-15, 0);
  compute(got, (const double[]){1, 2, 4}, (const double[]){1, w, 1 / w}, 3, "zenga,hoover", 2);
  fm_assert_close("zenga", got[0], 0.5 + w / (4 * (1 + w) * (1 + w)), 1e-15, 0);
}
END_TEST

/* 0 to 3 far from 0: m = 1e9 + 1.5, Gini (3 x 1 + 4 x 1 + 3 x 1) / (16 m), Hoover (1.5 + .5) / (4 m), GE(2) the mean
 * of squares 1.25 over 2 m^2, Wolfson 2 (m - (1e9 + .5) - m G) / m = 2 (1 - 10/16) / m. Zenga from 1 - R = (above -
 * below) / above: above - below are 2, 2, 2, then 1.5 to the mean over the last: means above 1e9 + 2, 2.5, 3, 3. */
START_TEST(far_from_zero)
{
  const double x[] = {1e9 + 3, 1e9, 1e9 + 1, 1e9 + 2}, m = 1e9 + 1.5;
  double got[8];
  compute(got, x, NULL, 4, "gini,hoover,ge(2),wolfson,zenga,mld,theil,atkinson(1)", 8);
  fm_assert_close("gini", got[0], 10 / 16.0 / m, 1e-15, 0);
  fm_assert_close("hoover", got[1], 0.5 / m, 1e-15, 0);
  fm_assert_close("ge(2)", got[2], 0.625 / m / m, 1e-15, 0);
  fm_assert_close("wolfson", got[3], 0.75 / m, 1e-14, 0);
  fm_assert_close("zenga", got[4], (2 / (1e9 + 2) + 2 / (1e9 + 2.5) + 2 / (1e9 + 3) + 1.5 / (1e9 + 3)) / 4, 1e-14, 0);
  fm_assert_close("mld", got[5], 0.625 / m / m, 1e-8, 0);
  fm_assert_close("theil", got[6], 0.625 / m / m, 1e-8, 0);
  fm_assert_close("atkinson", got[7], 0.625 / m / m, 1e-8, 0);
}
END_TEST

static const char *const all_names =
    "mean,median,bottom_share(0.4),top_share(0.1),s80s20,palma,gini,hoover,wolfson,zenga,theil,mld,atkinson(1),"
    "at_risk_of_poverty,relative_median_gap(0.6),median_of_poor(0.6),fgt(1),watts,sen,sst,ge(2),j_divergence,total";
enum { N_NAMES = 23 };
static const struct small {
  const char *label;
  size_t n;
  double x[4], expected[N_NAMES];
} small[] = {
    {"one row", 1, {8}, {8, 8, 0.4, 0.1, 1, 0.25, 0, 0, 0, 0, 0, 0, 0, 0, NAN, NAN, 0, 0, 0, 0, 0, 0, 8}},
    {"all equal", 3, {8, 8, 8}, {8, 8, 0.4, 0.1, 1, 0.25, 0, 0, 0, 0, 0, 0, 0, 0, NAN, NAN, 0, 0, 0, 0, 0, 0, 24}},
    {"nothing", 0, {0}, {NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN,
                         NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN}},
    {"no income", 2, {0, 0}, {0,   0, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN,
                              NAN, 0, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, 0}},
    {"total 0", 3, {-3, 1, 2}, {0,   1,       NAN, NAN, NAN, NAN, NAN, NAN,      NAN, NAN, NAN, NAN,
                                NAN, 1 / 3.0, 6,   -3,  2,   NAN, 2,   10 / 3.0, NAN, NAN, 0}},
    {"total below 0", 3, {-10, 1, 2}, {-7 / 3.0, 1,          NAN, NAN,        NAN,
                                       NAN,      NAN,        NAN, NAN,        NAN,
                                       NAN,      NAN,        NAN, 1 / 3.0,    10.6 / 0.6,
                                       -10,      10.6 / 1.8, NAN, 10.6 / 1.8, 10.6 / 1.8 * 5 / 3,
                                       NAN,      NAN,        -7}},
};

/* Total 0: line 0.6, gap 3.6 / 0.6 = 6 over 3 rows = 2; one poor: Sen 2, Sen-Shorrocks-Thon 2 (2 - 1/3). */
START_TEST(few)
{
  const struct small *c = &small[_i];
  double got[N_NAMES];
  compute(got, c->x, NULL, c->n, all_names, N_NAMES);
  for (int i = 0; i < N_NAMES; i++) {
    char label[64];
    snprintf(label, sizeof label, "%s, measure %d", c->label, i);
    fm_assert_close(label, got[i], c->expected[i], 1e-14, 0);
  }
}
END_TEST

/* ---- arrays that are refused ---- */

static const struct bad {
  double x, w;
  const char *column;
  fm_income_rules rules;
} bad[] = {
    {INFINITY, 1, "x", FM_INCOME_RULES_INIT},
    {1, -1, "w", FM_INCOME_RULES_INIT},
    {1, NAN, "w", FM_INCOME_RULES_INIT},
    {1, INFINITY, "w", FM_INCOME_RULES_INIT},
    {NAN, 1, "x", {.struct_size = sizeof(fm_income_rules), .missing = FM_INCOME_MISSING_ERROR, .line_share = 0.6}},
    {-1, 1, "x", {.struct_size = sizeof(fm_income_rules), .negative = FM_INCOME_NEGATIVE_ERROR, .line_share = 0.6}},
};

START_TEST(refused)
{
  const double x[] = {1, 2, bad[_i].x, 4}, w[] = {1, 0, bad[_i].w, 1};
  const int32_t group[] = {0, 1, 0, 1};
  double out[2], u[4];
  for (int kind = 0; kind < 4; kind++) {
    fm_error err = FM_ERROR_INIT;
    fm_income_sample *s = NULL, *good = NULL;
    const fm_income_rules *rules = &bad[_i].rules;
    fm_status status;
    if (kind == 3)
      fm_assert_ok(fm_income_sample_create(&good, (const double[]){1, 2, 4, 8}, NULL, 4, NULL, NULL, &err), &err);
    if (kind == 0)
      status = fm_income_sample_create(&s, x, w, 4, rules, NULL, &err);
    else if (kind == 1)
      status = fm_income_sample_create_design(&s, x, w, NULL, NULL, NULL, 4, rules, NULL, NULL, &err);
    else if (kind == 2)
      status = fm_income_grouped_values(out, 1, x, w, group, 4, 2, "mean", rules, NULL, &err);
    else if (_i < 4)
      status = fm_income_sample_influence(u, good, "mean", x, w, 4, &err);
    else
      status = FM_ERR_VALUE; /* that sample has the default rules */
    ck_assert_int_eq(status, FM_ERR_VALUE);
    if (kind < 3) {
      ck_assert(s == NULL && err.row == 2);
      ck_assert_str_eq(err.column, bad[_i].column);
    }
    fm_income_sample_destroy(good);
  }
}
END_TEST

START_TEST(wrong_questions)
{
  const double x[] = {1, 2, 5}, p[] = {0.5, 1.5}, other[] = {3};
  double out[3];
  fm_error err = FM_ERROR_INIT;
  fm_income_sample *s;
  fm_assert_ok(fm_income_sample_create(&s, x, NULL, 3, NULL, NULL, &err), &err);
  ck_assert_int_eq(fm_income_sample_values(out, NULL, 1, s, "mean,gini", NULL, &err), FM_ERR_ARGUMENT);
  ck_assert_str_eq(err.message, "2 measures were asked for and there is room for 1");
  fm_error_clear(&err);
  ck_assert_int_eq(fm_income_sample_lorenz(out, s, p, 2, &err), FM_ERR_ARGUMENT);
  ck_assert_int_eq((int)err.row, 1);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_income_sample_influence(out, s, "mean,gini", x, NULL, 3, &err), FM_ERR_ARGUMENT);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_income_sample_influence(out, s, NULL, x, NULL, 3, &err), FM_ERR_ARGUMENT);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_income_sample_influence(out, s, "mean", other, NULL, 1, &err), FM_ERR_VALUE);
  ck_assert_msg(strstr(err.message, "not in the sample") != NULL, "%s", err.message);
  fm_income_sample_destroy(s);
  fm_income_sample_destroy(NULL);
}
END_TEST

/* L of 1, 2, 5 over 8: 1/3 -> 1/8, 1/2 -> (1 + 1) / 8. Influence of the mean 8/3: (x - 8/3) / 3; rows that the rules
 * leave out, 0; no value, NaN. */
START_TEST(curve_and_influence)
{
  const double x[] = {5, 1, 2}, p[] = {1, 0, 0.5, 1 / 3.0}, again[] = {2, NAN, 5}, w[] = {1, 1, 0}, minus[] = {-1, 1};
  double out[4], u[3];
  fm_error err = FM_ERROR_INIT;
  fm_income_sample *s;
  fm_assert_ok(fm_income_sample_create(&s, x, NULL, 3, NULL, NULL, &err), &err);
  fm_assert_ok(fm_income_sample_lorenz(out, s, p, 4, &err), &err);
  fm_assert_close("L(1)", out[0], 1, 0, 0);
  fm_assert_close("L(0)", out[1], 0, 0, 0);
  fm_assert_close("L(1/2)", out[2], 0.25, 1e-15, 0);
  fm_assert_close("L(1/3)", out[3], 0.125, 1e-15, 0);
  fm_assert_ok(fm_income_sample_influence(u, s, "mean", again, w, 3, &err), &err);
  fm_assert_close("u", u[0], (2 - 8 / 3.0) / 3, 1e-15, 0);
  ck_assert(u[1] == 0 && u[2] == 0);
  fm_income_sample_destroy(s);
  fm_assert_ok(fm_income_sample_create(&s, minus, NULL, 2, NULL, NULL, &err), &err);
  fm_assert_ok(fm_income_sample_lorenz(out, s, p, 1, &err), &err);
  fm_assert_ok(fm_income_sample_influence(u, s, "gini", minus, NULL, 2, &err), &err);
  ck_assert(isnan(out[0]) && isnan(u[0]) && isnan(u[1]));
  fm_income_sample_destroy(s);
}
END_TEST

/* Negative and missing incomes by the rules: -1, NaN, 2, 5. */
START_TEST(policies)
{
  const double x[] = {5, -1, NAN, 2}, expected[] = {2, NAN, 3.5, 7 / 3.0};
  for (int32_t k = 0; k < 4; k++) {
    fm_error err = FM_ERROR_INIT;
    fm_income_rules rules = FM_INCOME_RULES_INIT;
    fm_income_sample *s;
    double mean, u[4];
    rules.negative = k;
    if (k == FM_INCOME_NEGATIVE_ERROR)
      continue;
    fm_assert_ok(fm_income_sample_create(&s, x, NULL, 4, &rules, NULL, &err), &err);
    fm_assert_ok(fm_income_sample_values(&mean, NULL, 1, s, "mean", NULL, &err), &err);
    fm_assert_close("mean", mean, expected[k], 1e-15, 0);
    fm_assert_ok(fm_income_sample_influence(u, s, "mean", x, NULL, 4, &err), &err);
    ck_assert(u[2] == 0 && (u[1] == 0) == (k == FM_INCOME_NEGATIVE_DROP));
    fm_income_sample_destroy(s);
  }
}
END_TEST

static fm_status life(void *ctx, fm_error *err)
{
  const double x[] = {3, NAN, 1, 7};
  double out[9], u[4];
  fm_income_sample *s;
  (void)ctx;
  fm_status status = fm_income_sample_create(&s, x, NULL, 4, NULL, NULL, err);
  if (status == FM_OK)
    status = fm_income_sample_values(out, NULL, 9, s, NULL, NULL, err);
  if (status == FM_OK)
    status = fm_income_sample_influence(u, s, "gini", x, NULL, 4, err);
  fm_income_sample_destroy(s);
  return status;
}

START_TEST(allocations)
{
  ck_assert_int_ge(fm_test_allocations(life, NULL), 5);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income sample");
  TCase *c = tcase_create("sample");
  tcase_add_test(c, invariance);
  tcase_add_test(c, replication);
  tcase_add_loop_test(c, powers_of_two, 0, FM_COUNT(exact));
  tcase_add_loop_test(c, other_factors, 0, FM_COUNT(rounded));
  tcase_add_test(c, far_from_zero);
  tcase_add_test(c, thin_tail);
  tcase_add_loop_test(c, few, 0, FM_COUNT(small));
  tcase_add_loop_test(c, refused, 0, FM_COUNT(bad));
  tcase_add_test(c, wrong_questions);
  tcase_add_test(c, curve_and_influence);
  tcase_add_test(c, policies);
  tcase_add_test(c, allocations);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
