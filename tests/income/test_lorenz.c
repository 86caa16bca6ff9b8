/* Lorenz curves fitted to grouped incomes: published tables in both modes, curves known in closed form, bad tables. */
#include "support/support.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "flexmetrics/income_grouped.h"

enum { MOST = 64 };

static size_t parse(const char *text, double out[MOST])
{
  size_t n = 0;
  for (char *end = NULL; n < MOST; text = end) {
    out[n] = strtod(text, &end);
    if (end == text)
      break;
    n++;
  }
  return n;
}

static fm_income_lorenz *fit(const double *people, const double *income, size_t n, const fm_income_lorenz_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_income_lorenz *l;
  fm_assert_ok(fm_income_lorenz_create(&l, people, income, n, spec, &err), &err);
  return l;
}

static double figure(const fm_income_lorenz *l, const char *name, double parameter, const char *state)
{
  fm_error err = FM_ERROR_INIT;
  const char *told = NULL;
  double value;
  fm_assert_ok(fm_income_lorenz_figure(&value, &told, l, name, parameter, &err), &err);
  ck_assert_msg(state == NULL || strcmp(told, state) == 0, "%s: state %s, expected %s", name, told, state);
  ck_assert_msg(isnan(value) == (strcmp(told, "ok") != 0), "%s: %g with state %s", name, value, told);
  return value;
}

/* ---- published tables ---- */

static size_t table_of(const char *dataset, double people[MOST], double income[MOST])
{
  fm_oracle *o = fm_oracle_open("income/grouped_lorenz.csv");
  size_t n = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    if (strcmp(fm_oracle_text(o, i, "dataset"), dataset) != 0)
      continue;
    people[n] = fm_oracle_number(o, i, "cum_population");
    income[n++] = fm_oracle_number(o, i, "cum_welfare");
  }
  fm_oracle_close(o);
  return n;
}

static fm_income_lorenz *fit_table(const char *dataset, double mean, int32_t curve, int32_t mode)
{
  double people[MOST], income[MOST];
  size_t n = table_of(dataset, people, income);
  fm_income_lorenz_spec spec = FM_INCOME_LORENZ_SPEC_INIT;
  spec.mean = mean;
  spec.curve = curve;
  spec.mode = mode;
  return fit(people, income, n, &spec);
}

/* Names of figures there and here; the parameter where it is not the line. */
static const struct name {
  const char *there, *here;
  double parameter;
} names[] = {
    {"ris", "lorenz", 0.5},
    {"share_b40", "bottom_share", 0.4},
    {"eh", "headcount_mean_elasticity", 0},
    {"epg", "poverty_gap_mean_elasticity", 0},
    {"ep", "poverty_severity_mean_elasticity", 0},
    {"gh", "headcount_gini_elasticity", 0},
    {"gpg", "poverty_gap_gini_elasticity", 0},
    {"gp", "poverty_severity_gini_elasticity", 0},
    {"ssez", "sse_to_line", 0},
    {"is_normal", "normal", 0},
    {"is_valid", "valid", 0},
    {"reg_sse", "fit_sse", 0},
    {"coef_A", "coefficient_a", 0},
    {"coef_B", "coefficient_b", 0},
    {"coef_C", "coefficient_c", 0},
};

static const struct dataset {
  const char *name;
  double mean, line;
} datasets[] = {
    {"datt_rural_india_1983", 109.9, 89}, {"wbpip_gd_ex1", 330.5371, 57.79166667}, {"wbpip_gd_ex2", 2.911786, 1.9}};

static struct name name_of(const char *there, double line)
{
  struct name found = {there, there, line};
  if (strncmp(there, "decile_", 7) == 0)
    return (struct name){there, "decile_share", strtod(there + 7, NULL)};
  for (int i = 0; i < FM_COUNT(names); i++)
    if (strcmp(names[i].there, there) == 0)
      found = (struct name){there, names[i].here, names[i].parameter > 0 ? names[i].parameter : line};
  return found;
}

/* Digits of the file: 10 of a run, 9 of its own quadrature; the printed 7 are met by a run to 7e-7 only. PovcalNet's
 * own figures are not reproduced, neither there nor here. */
static double digits_of(const char *source)
{
  return strncmp(source, "wbpip tests", 11) == 0 ? 1e-6 : strncmp(source, "numerical", 9) == 0 ? 6e-9 : 1e-9;
}

START_TEST(published)
{
  const struct dataset *d = &datasets[_i];
  fm_oracle *o = fm_oracle_open("income/grouped_expected.csv");
  int n = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    const char *curve = fm_oracle_text(o, i, "curve"), *there = fm_oracle_text(o, i, "measure");
    const char *value = fm_oracle_text(o, i, "value");
    if (strcmp(fm_oracle_text(o, i, "dataset"), d->name) != 0 || strstr(there, "povcalnet") != NULL ||
        strcmp(there, "poverty_line") == 0)
      continue;
    int32_t kind = curve[0] == 's'   ? FM_INCOME_CURVE_CHOSEN
                   : curve[1] == 'q' ? FM_INCOME_CURVE_QUADRATIC
                                     : FM_INCOME_CURVE_BETA;
    bool exact = strstr(curve, "exact") != NULL, undefined = strcmp(value, "undefined") == 0;
    fm_income_lorenz *l = fit_table(d->name, d->mean, kind, exact ? FM_INCOME_GROUPED_EXACT : FM_INCOME_GROUPED_PIP);
    struct name name = name_of(there, d->line);
    double expected = strcmp(value, "TRUE") == 0    ? 1
                      : strcmp(value, "FALSE") == 0 ? 0
                      : undefined                   ? NAN
                                                    : strtod(value, NULL);
    char label[160];
    snprintf(label, sizeof label, "%s %s %s", d->name, curve, there);
    fm_assert_close(label, figure(l, name.here, name.parameter, undefined ? "undefined" : "ok"), expected,
                    digits_of(fm_oracle_text(o, i, "source")), 0);
    fm_income_lorenz_destroy(l);
    n++;
  }
  fm_oracle_close(o);
  ck_assert_int_gt(n, 60);
}
END_TEST

/* The same tables fitted and asked with 50 digits. */
START_TEST(fifty_digits)
{
  fm_oracle *o = fm_oracle_open("income/grouped_exact.csv");
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    const char *name = fm_oracle_text(o, i, "figure"), *curve = fm_oracle_text(o, i, "curve");
    double expected = fm_oracle_number(o, i, "value"), parameter = fm_oracle_number(o, i, "line");
    if (strncmp(name, "bottom", 6) == 0)
      parameter = 0.4;
    fm_income_lorenz *l =
        fit_table(fm_oracle_text(o, i, "dataset"), fm_oracle_number(o, i, "mean"),
                  curve[0] == 'q' ? FM_INCOME_CURVE_QUADRATIC : FM_INCOME_CURVE_BETA, FM_INCOME_GROUPED_EXACT);
    char label[160];
    snprintf(label, sizeof label, "%s %s %s", fm_oracle_text(o, i, "dataset"), curve, name);
    fm_assert_close(label, figure(l, name, parameter, isnan(expected) ? "undefined" : "ok"), expected, 1e-13, 0);
    fm_income_lorenz_destroy(l);
  }
  fm_oracle_close(o);
}
END_TEST

/* ---- curves known in closed form ---- */

/* Beta with A = 1/2, B = 1, C = 1/2: L = p (1 - s / 2), s = sqrt(1 - p), slope 1 - 3 s / 4 + 1 / (4 s). */
static const char beta_people[] = "0.19 0.36 0.51 0.64 0.75 0.84 0.91 0.96 1";
static const char beta_income[] = "0.1045 0.216 0.3315 0.448 0.5625 0.672 0.7735 0.864 1";

START_TEST(beta_by_hand)
{
  double people[MOST], income[MOST];
  size_t n = parse(beta_people, people);
  ck_assert_uint_eq(parse(beta_income, income), n);
  fm_income_lorenz_spec spec = FM_INCOME_LORENZ_SPEC_INIT;
  spec.mean = 100;
  spec.curve = FM_INCOME_CURVE_BETA;
  fm_income_lorenz *l = fit(people, income, n, &spec);
  const struct {
    const char *name;
    double parameter, expected;
  } rows[] = {
      {"coefficient_a", NAN, 0.5},
      {"coefficient_b", NAN, 1},
      {"coefficient_c", NAN, 0.5},
      {"gini", NAN, 4.0 / 15}, /* 2 A B(2, 3/2) = 1 / (3/2 x 5/2) */
      {"median", NAN, 100 * (1 - 0.75 * sqrt(0.5) + 0.25 / sqrt(0.5))},
      {"quantile", 0.75, 112.5}, /* s = 1/2: 1 - 3/8 + 1/2 */
      {"lorenz", 0.75, 0.5625},
      {"lorenz", 0, 0},
      {"lorenz", 1, 1},
      {"bottom_share", 0.36, 0.216},
      {"bottom_mean", 0.36, 60},
      /* the line is the mean: 3 s / 4 = 1 / (4 s), s^2 = 1/3 */
      {"headcount", 100, 2.0 / 3},
      {"poverty_gap", 100, 1 / (3 * sqrt(3))}, /* H - L(H) = H s / 2 */
      /* 2 times the integral of (3 s / 4 - 1 / (4 s))^2 s from 1 / sqrt 3 to 1 */
      {"poverty_severity", 100, log(3) / 16},
      {"valid", NAN, 1},
      {"normal", 100, 1},
      {"slope_zero_at", NAN, 0},
      {"mld", NAN, 0.11802298200291454}, /* minus the integral of log slope, 30 digits */
      {"watts", 100, 0.23994949520723315},
  };
  for (int i = 0; i < FM_COUNT(rows); i++)
    fm_assert_close(rows[i].name, figure(l, rows[i].name, rows[i].parameter, "ok"), rows[i].expected, 1e-12, 0);
  fm_assert_close("sse", figure(l, "sse", NAN, "ok"), 0, 0, 1e-29);
  fm_income_lorenz_destroy(l);
}
END_TEST

/* General Quadratic with A = 1, B = -1, C = 1/2: e = -3/2, m = -3, n = 1, D = -3p^2 + p + 9/4, L = (p + 3/2 - sqrt D) /
 * 2, slope 1/2 + (6p - 1) / (4 sqrt D). */
START_TEST(quadratic_by_hand)
{
  double people[10], income[10];
  for (int i = 0; i < 10; i++) {
    double p = people[i] = (i + 1) / 10.0;
    income[i] = 0.5 * (p + 1.5 - sqrt(-3 * p * p + p + 2.25));
  }
  fm_income_lorenz_spec spec = FM_INCOME_LORENZ_SPEC_INIT;
  spec.mean = 2;
  spec.curve = FM_INCOME_CURVE_QUADRATIC;
  fm_income_lorenz *l = fit(people, income, 10, &spec);
  /* the line is the mean: 6p - 1 = 2 sqrt D, 6p^2 - 2p - 1 = 0 */
  double h = (2 + sqrt(28)) / 12, l_h = 0.5 * (h + 1.5 - (6 * h - 1) / 2);
  /* 2 L = p + 3/2 - sqrt D, and D = 7/3 - 3 u^2 with u = p - 1/6 */
  double k = 7 / (6 * sqrt(3)) * (asin(2.5 / sqrt(7)) + asin(0.5 / sqrt(7)));
  double root = 5.0 / 12 * 0.5 + 1.0 / 12 * 1.5 + k;
  const struct {
    const char *name;
    double parameter, expected;
  } rows[] = {
      {"coefficient_a", NAN, 1},   {"coefficient_b", NAN, -1},
      {"coefficient_c", NAN, 0.5}, {"median", NAN, 2 * (0.5 + 2 / (4 * sqrt(2)))},
      {"headcount", 2, h},         {"poverty_gap", 2, h - l_h},
      {"gini", NAN, root - 1},     {"quantile", 0, 2.0 / 3},
      {"headcount", 0.6, 0},       {"watts", 0.6, 0},   /* no income is below 2/3 */
      {"poverty_gap", 0.6, 0},     {"headcount", 8, 1}, /* none is above 2 (1/2 + 5/2) = 6 */
      {"poverty_gap", 8, 0.75},    {"valid", NAN, 1},
  };
  for (int i = 0; i < FM_COUNT(rows); i++)
    fm_assert_close(rows[i].name, figure(l, rows[i].name, rows[i].parameter, "ok"), rows[i].expected, 1e-12, 0);
  fm_income_lorenz_destroy(l);
}
END_TEST

/* ---- what a table may be ---- */

START_TEST(validity)
{
  static const int64_t rows[] = {3, 4, -1, 1, 2, 0, 4};
  fm_oracle *o = fm_oracle_open("income/lorenz_validity.csv");
  ck_assert_int_eq((int)fm_oracle_n_rows(o), FM_COUNT(rows));
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    double people[MOST], income[MOST];
    size_t n = parse(fm_oracle_text(o, i, "cum_population"), people);
    ck_assert_uint_eq(parse(fm_oracle_text(o, i, "cum_welfare"), income), n);
    fm_income_lorenz *l;
    fm_error err = FM_ERROR_INIT;
    fm_status status = fm_income_lorenz_create(&l, people, income, n, NULL, &err);
    bool accept = strcmp(fm_oracle_text(o, i, "expected"), "accept") == 0;
    ck_assert_msg(status == (accept ? FM_OK : FM_ERR_VALUE), "%s: %s", fm_oracle_text(o, i, "case"), err.message);
    ck_assert_msg(err.row == rows[i], "%s: row %lld", fm_oracle_text(o, i, "case"), (long long)err.row);
    ck_assert((l != NULL) == accept);
    fm_income_lorenz_destroy(l);
  }
  fm_oracle_close(o);
}
END_TEST

static const struct bad {
  const char *label, *people, *income;
  int32_t input;
  int64_t row;
  const char *message;
} bad[] = {
    {"three groups", "0.2 0.5 1", "0.1 0.3 1", 1, -1, "at least 4 groups, found 3"},
    {"nobody", "", "", 1, -1, "found 0"},
    {"a share missing", "0.2 nan 0.6 1", "0.1 0.2 0.4 1", 1, 1, "people, row 1: expected a share of people above 0"},
    {"an infinite income", "0.2 0.4 0.6 1", "0.1 0.2 inf 1", 1, 2, "income, row 2: expected a finite number"},
    {"nobody in a group", "1 0 1 1", "1 2 3 4", 5, 1, "a number of people above 0"},
    {"means fall", "1 1 1 1", "1 3 2 4", 5, 2, "income per head no less"},
    {"shares fall per head", "0.25 0.25 0.25 0.25", "0.1 0.3 0.2 0.4", 2, 2, "income per head no less"},
    {"shares miss 1", "0.25 0.25 0.25 0.25", "0.1 0.2 0.3 0.39", 2, 3, "shares that sum to 1, found 0.99"},
    {"shares in per cent", "25 25 25 25", "10 20 30 40", 2, 3, "found 100; say so when shares are per cent"},
    {"no income", "1 1 1 1", "0 0 0 0", 5, 3, "some income"},
    {"the origin counts as a row", "0 0.25 0.5 0.6 1", "0 0.1 0.4 0.5 1", 1, 3, "income, row 3"},
};

START_TEST(refused)
{
  const struct bad *b = &bad[_i];
  double people[MOST], income[MOST];
  size_t n = parse(b->people, people);
  parse(b->income, income);
  fm_income_lorenz_spec spec = FM_INCOME_LORENZ_SPEC_INIT;
  spec.input = b->input;
  fm_error err = FM_ERROR_INIT;
  fm_income_lorenz *l = (fm_income_lorenz *)&err;
  ck_assert_int_eq(fm_income_lorenz_create(&l, people, income, n, &spec, &err), FM_ERR_VALUE);
  ck_assert_msg(err.row == b->row, "%s: row %lld", b->label, (long long)err.row);
  ck_assert_msg(strstr(err.message, b->message) != NULL, "%s: %s", b->label, err.message);
  ck_assert_ptr_null(l);
}
END_TEST

START_TEST(bad_specs)
{
  double x[] = {0.25, 0.5, 0.75, 1}, value;
  fm_income_lorenz *l;
  fm_error err = FM_ERROR_INIT;
  fm_income_lorenz_spec spec, good;
  fm_income_lorenz_spec_init(&good, sizeof good);
#define BAD(field, setting)                                                                                            \
  do {                                                                                                                 \
    spec = good;                                                                                                       \
    spec.field = (setting);                                                                                            \
    fm_error_clear(&err);                                                                                              \
    ck_assert_int_eq(fm_income_lorenz_create(&l, x, x, 4, &spec, &err), FM_ERR_ARGUMENT);                              \
    ck_assert_msg(strstr(err.message, #field) != NULL, "%s", err.message);                                             \
  } while (0)
  BAD(mean, 0);
  BAD(mean, INFINITY);
  BAD(tolerance, -1);
  BAD(tolerance, NAN);
  BAD(input, 3);
  BAD(percent, 2);
  BAD(mode, 2);
  BAD(curve, -1);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_income_lorenz_create(&l, NULL, x, 4, NULL, &err), FM_ERR_ARGUMENT);
  fm_error_clear(&err);
  fm_assert_ok(fm_income_lorenz_create(&l, x, x, 4, NULL, &err), &err);
  double one;
  ck_assert_int_eq(fm_income_lorenz_figure(&one, NULL, l, "ginny", NAN, NULL), FM_ERR_NOT_FOUND);
  ck_assert_int_eq(fm_income_lorenz_figure(&one, NULL, l, NULL, NAN, NULL), FM_ERR_NOT_FOUND);
  ck_assert_int_eq(fm_income_lorenz_figure(&one, NULL, l, "lorenz", 1.5, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_income_lorenz_figure(&one, NULL, l, "decile_share", 0.5, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_income_lorenz_figure(&one, NULL, l, "headcount", 0, NULL), FM_ERR_ARGUMENT);
  int32_t curve;
  ck_assert_int_eq(fm_income_lorenz_choice(&curve, NULL, l, -1, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_income_lorenz_growth(&value, NULL, NULL, l, l, 1, NAN, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_income_lorenz_growth(&value, NULL, NULL, l, l, 0.4, 0, NULL), FM_ERR_ARGUMENT);
  fm_income_lorenz_destroy(l);
  fm_income_lorenz_destroy(NULL);
}
END_TEST

/* ---- choice and states ---- */

static void assert_choice(const fm_income_lorenz *l, double line, int32_t curve, const char *why)
{
  fm_error err = FM_ERROR_INIT;
  int32_t got;
  const char *said;
  fm_assert_ok(fm_income_lorenz_choice(&got, &said, l, line, &err), &err);
  ck_assert_msg(got == curve && strcmp(said, why) == 0, "curve %d, %s; expected %d, %s", (int)got, said, (int)curve,
                why);
}

START_TEST(choices)
{
  fm_income_lorenz *l = fit_table("datt_rural_india_1983", 109.9, FM_INCOME_CURVE_CHOSEN, FM_INCOME_GROUPED_EXACT);
  assert_choice(l, NAN, FM_INCOME_CURVE_QUADRATIC, "smaller_sse");
  assert_choice(l, 89, FM_INCOME_CURVE_QUADRATIC, "smaller_sse");
  fm_income_lorenz_destroy(l);
  /* the quadratic curve of this table has A + C = 0.87 */
  l = fit_table("wbpip_gd_ex1", 330.5371, FM_INCOME_CURVE_CHOSEN, FM_INCOME_GROUPED_EXACT);
  assert_choice(l, NAN, FM_INCOME_CURVE_BETA, "only_valid");
  assert_choice(l, 57.8, FM_INCOME_CURVE_BETA, "only_valid");
  figure(l, "mld", NAN, "undefined");
  figure(l, "watts", 57.8, "undefined");
  fm_income_lorenz_destroy(l);
  l = fit_table("wbpip_gd_ex1", NAN, FM_INCOME_CURVE_QUADRATIC, FM_INCOME_GROUPED_EXACT);
  assert_choice(l, NAN, FM_INCOME_CURVE_QUADRATIC, "given");
  assert_choice(l, 57.8, FM_INCOME_CURVE_CHOSEN, "no_mean");
  figure(l, "gini", NAN, "ok");
  figure(l, "median", NAN, "not_given");
  figure(l, "headcount", 57.8, "not_given");
  fm_income_lorenz_destroy(l);
}
END_TEST

/* All groups equal: every curve's regression is without an answer. */
START_TEST(equal)
{
  double people[] = {1, 1, 1, 1, 1}, income[] = {3, 3, 3, 3, 3};
  fm_income_lorenz_spec spec = FM_INCOME_LORENZ_SPEC_INIT;
  spec.input = FM_INCOME_GROUPED_MEANS;
  fm_income_lorenz *l = fit(people, income, 5, &spec);
  assert_choice(l, NAN, FM_INCOME_CURVE_CHOSEN, "not_fitted");
  assert_choice(l, 2, FM_INCOME_CURVE_CHOSEN, "not_fitted");
  fm_assert_close("mean", figure(l, "mean", NAN, "ok"), 3, 0, 0);
  figure(l, "gini", NAN, "undefined");
  figure(l, "headcount", 2, "undefined");
  fm_income_lorenz_destroy(l);
}
END_TEST

/* ---- the same table in its three forms, and in other units ---- */

START_TEST(forms)
{
  static const struct {
    int32_t input, percent;
    double people, income; /* units */
  } form[] = {{1, 0, 1, 1}, {1, 1, 100, 100}, {2, 0, 1, 1}, {2, 1, 100, 100}, {5, 0, 1000, 5}};
  static const char *const asked[] = {"mean", "gini", "median", "polarization", "headcount", "poverty_gap"};
  double expected[FM_COUNT(asked)], p[MOST + 1] = {0}, v[MOST + 1] = {0}, people[MOST], income[MOST];
  size_t n = parse(beta_people, p + 1) + 1;
  parse(beta_income, v + 1);
  for (int k = 0; k < FM_COUNT(form); k++) {
    /* a first point at the origin is left out */
    for (size_t i = 0; i < n; i++) {
      double share = form[k].input == 1 || i == 0 ? p[i] : p[i] - p[i - 1];
      double part = form[k].input == 1 || i == 0 ? v[i] : v[i] - v[i - 1];
      people[i] = share * form[k].people;
      income[i] = form[k].input == 5 ? part / share * form[k].income : part * form[k].income;
    }
    fm_income_lorenz_spec spec = FM_INCOME_LORENZ_SPEC_INIT;
    spec.input = form[k].input;
    spec.percent = form[k].percent;
    spec.mean = form[k].input == 5 ? NAN : 5;
    size_t first = form[k].input == 1 ? 0 : 1;
    fm_income_lorenz *l = fit(people + first, income + first, n - first, &spec);
    for (int i = 0; i < FM_COUNT(asked); i++) {
      double value = figure(l, asked[i], 4, "ok");
      expected[i] = k == 0 ? value : expected[i];
      fm_assert_close(asked[i], value, expected[i], 1e-12, 0);
    }
    fm_income_lorenz_destroy(l);
  }
}
END_TEST

/* Incomes and people times powers of two: the same bits, or that power of two. */
START_TEST(same_bits)
{
  static const double scales[] = {0x1p-1060, 0x1p-30, 0x1p7, 0x1p1015};
  double people[] = {3, 5, 7, 6, 4}, income[] = {1.7, 2.9, 3.6, 4.4, 6.3}, p[5], x[5];
  fm_income_lorenz_spec spec = FM_INCOME_LORENZ_SPEC_INIT;
  spec.input = FM_INCOME_GROUPED_MEANS;
  fm_income_lorenz *l = fit(people, income, 5, &spec), *other;
  figure(l, "gini", NAN, "ok");
  for (int k = 0; k < FM_COUNT(scales); k++) {
    for (int i = 0; i < 5; i++) {
      p[i] = people[i] * scales[k];
      x[i] = income[i] * fmax(scales[k], 0x1p-1000);
    }
    other = fit(p, x, 5, &spec);
    ck_assert(figure(other, "gini", NAN, NULL) == figure(l, "gini", NAN, NULL));
    ck_assert(figure(other, "mean", NAN, NULL) == figure(l, "mean", NAN, NULL) * fmax(scales[k], 0x1p-1000));
    fm_income_lorenz_destroy(other);
  }
  fm_income_lorenz_destroy(l);
}
END_TEST

START_TEST(growth)
{
  double people[] = {1, 1, 1, 1, 1}, before[] = {2, 3, 4, 5, 9}, after[] = {4, 6, 8, 10, 18}, g[3];
  fm_income_lorenz_spec spec = FM_INCOME_LORENZ_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  spec.input = FM_INCOME_GROUPED_MEANS;
  fm_income_lorenz *a = fit(people, before, 5, &spec), *b = fit(people, after, 5, &spec);
  /* twice the income: the same curve */
  fm_assert_ok(fm_income_lorenz_growth(&g[0], &g[1], &g[2], a, b, 0.4, NAN, &err), &err);
  fm_assert_close("bottom", g[0], 1, 1e-14, 0);
  fm_assert_close("mean", g[1], 1, 1e-14, 0);
  fm_assert_close("premium", g[2], 0, 0, 1e-14);
  fm_assert_ok(fm_income_lorenz_growth(&g[0], NULL, NULL, a, b, 0.4, 10, &err), &err);
  fm_assert_close("per year", g[0], 0.07177346253629316, 1e-14, 0); /* 2^(1/10) - 1 */
  fm_income_lorenz_destroy(b);
  b = fit_table("wbpip_gd_ex1", NAN, FM_INCOME_CURVE_CHOSEN, FM_INCOME_GROUPED_EXACT);
  fm_assert_ok(fm_income_lorenz_growth(&g[0], &g[1], &g[2], a, b, 0.4, 10, &err), &err);
  ck_assert(isnan(g[0]) && isnan(g[1]) && isnan(g[2]));
  fm_income_lorenz_destroy(a);
  fm_income_lorenz_destroy(b);
}
END_TEST

static fm_status create_once(void *ctx, fm_error *err)
{
  double people[] = {1, 1, 1, 1, 1}, income[] = {2, 3, 4, 5, 9};
  fm_income_lorenz_spec spec = FM_INCOME_LORENZ_SPEC_INIT;
  fm_income_lorenz *l;
  (void)ctx;
  spec.input = FM_INCOME_GROUPED_MEANS;
  fm_status status = fm_income_lorenz_create(&l, people, income, 5, &spec, err);
  fm_income_lorenz_destroy(l);
  return status;
}

START_TEST(allocations)
{
  ck_assert_int_gt(fm_test_allocations(create_once, NULL), 3);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income-lorenz");
  TCase *t = tcase_create("published");
  tcase_add_loop_test(t, published, 0, FM_COUNT(datasets));
  tcase_add_test(t, fifty_digits);
  suite_add_tcase(s, t);
  t = tcase_create("curves");
  tcase_add_test(t, beta_by_hand);
  tcase_add_test(t, quadratic_by_hand);
  tcase_add_test(t, choices);
  tcase_add_test(t, equal);
  tcase_add_test(t, forms);
  tcase_add_test(t, same_bits);
  tcase_add_test(t, growth);
  tcase_add_test(t, allocations);
  suite_add_tcase(s, t);
  t = tcase_create("refused");
  tcase_add_test(t, validity);
  tcase_add_loop_test(t, refused, 0, FM_COUNT(bad));
  tcase_add_test(t, bad_specs);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
