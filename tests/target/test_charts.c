/* target.charts: the figures of a table against R, signals, gaps, preliminary periods, promises of a tally. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/support.h"

static const int months[24] = {11, 9, 12, 10, 8, 7, 2, 9, 14, 13, 9, 4, 9, 10, 13, 8, 9, 8, 3, 10, 15, 12, 10, 5};
static const int caseload[24] = {200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200,
                                 210, 205, 208, 214, 220, 219, 215, 212, 209, 211, 216, 218};

/* Months from number `from` on, the last ones first: the order of the periods is found. */
static fm_table *series(int from, int n)
{
  static const char *const columns[] = {"period:code", "value:f64", "exposure:f64"};
  static char text[72][16];
  static const char *cells[72];
  for (int i = 0; i < n; i++) {
    int m = from + n - 1 - i;
    snprintf(text[3 * i], sizeof *text, "%d-%d", 2019 + m / 12, m % 12 + 1);
    snprintf(text[3 * i + 1], sizeof *text, "%d", months[m]);
    snprintf(text[3 * i + 2], sizeof *text, "%d", caseload[m]);
    for (int k = 0; k < 3; k++)
      cells[3 * i + k] = text[3 * i + k];
  }
  return fm_test_table(columns, 3, cells, (size_t)n);
}

static double expected(const fm_oracle *o, const char *of, const char *quantity)
{
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
    if (strcmp(fm_oracle_text(o, i, "case"), of) == 0 && strcmp(fm_oracle_text(o, i, "quantity"), quantity) == 0)
      return fm_oracle_number(o, i, "value");
  ck_abort_msg("%s: no %s", of, quantity);
  return NAN;
}

static bool is(const fm_table *t, const char *column, size_t row, const char *text)
{
  const char *found = fm_test_text(t, column, row);
  return text == NULL ? found == NULL : found != NULL && strcmp(found, text) == 0;
}

static size_t row_of(const fm_table *t, const char *quantity, const char *period)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    if (is(t, "quantity", i, quantity) && is(t, "period", i, period))
      return i;
  ck_abort_msg("no %s of %s", quantity, period != NULL ? period : "the series");
  return 0;
}

static double value(const fm_table *t, const char *quantity, const char *period)
{
  return fm_test_number(t, "value", row_of(t, quantity, period));
}

static fm_table *chart(fm_table *frame, const fm_target_charts_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_target_charts(&t, frame, spec, NULL, &err), &err);
  fm_assert_ok(fm_table_check(t, &err), &err);
  fm_table_destroy(frame);
  return t;
}

START_TEST(xmr_of_r)
{
  static const char *const quantities[][2] = {{"centre", "centre"},
                                              {"mean_moving_range", "mean_mr"},
                                              {"moving_range_limit", "ucl_mr"},
                                              {"upper_limit", "unpl"},
                                              {"lower_limit", "lnpl_floored"},
                                              {"periods_outside", "n_outside"},
                                              {"longest_run_above", "longest_run_above"},
                                              {"longest_run_below", "longest_run_below"},
                                              {"assurance", "target_10_assurance"}};
  fm_oracle *o = fm_oracle_open("target/targets.csv");
  fm_target_charts_spec spec;
  fm_target_charts_spec_init(&spec, sizeof spec);
  spec.target = 10;
  spec.floor = 1;
  fm_table *t = chart(series(0, 24), &spec);
  for (int k = 0; k < FM_COUNT(quantities); k++)
    fm_assert_close(quantities[k][0], value(t, quantities[k][0], NULL), expected(o, "spc_xmr", quantities[k][1]), 1e-12,
                    0);
  ck_assert_str_eq(fm_test_text(t, "definition", 0), "xmr");
  ck_assert_str_eq(fm_test_text(t, "period", 0), "2019-1");
  fm_assert_close("measured", value(t, "measured", "2019-10"), 13, 0, 0);
  fm_assert_close("moving range", value(t, "moving_range", "2019-10"), 1, 0, 0);
  fm_assert_close("across the year", value(t, "moving_range", "2020-1"), 5, 0, 0);
  ck_assert(isnan(value(t, "moving_range", "2019-1")));
  fm_table_destroy(t);
  spec.floor = 0;
  t = chart(series(0, 24), &spec);
  fm_assert_close("lower", value(t, "lower_limit", "2019-2"), expected(o, "spc_xmr", "lnpl"), 1e-12, 1e-14);
  fm_table_destroy(t);
  fm_oracle_close(o);
}
END_TEST

START_TEST(counts_and_rates_of_r)
{
  fm_oracle *o = fm_oracle_open("target/targets.csv");
  fm_target_charts_spec spec = FM_TARGET_CHARTS_SPEC_INIT;
  spec.chart = FM_TARGET_C;
  fm_table *t = chart(series(0, 24), &spec);
  static const char *const quantities[][2] = {{"centre", "centre"},
                                              {"upper_limit", "ucl"},
                                              {"lower_limit", "lcl"},
                                              {"exact_upper_limit", "exact_ucl"},
                                              {"exact_lower_limit", "exact_lcl"},
                                              {"periods_outside", "n_outside"}};
  for (int k = 0; k < FM_COUNT(quantities); k++)
    fm_assert_close(quantities[k][0], value(t, quantities[k][0], NULL), expected(o, "spc_c", quantities[k][1]), 1e-12,
                    1e-14);
  ck_assert_int_eq((int)fm_test_number(t, "n", row_of(t, "centre", NULL)), 220);
  ck_assert_int_eq((int)fm_test_number(t, "n", row_of(t, "centre", "2019-3")), 12);
  fm_table_destroy(t);
  spec.exact = 1;
  t = chart(series(0, 24), &spec);
  ck_assert_str_eq(fm_test_text(t, "definition", 0), "c_exact");
  fm_assert_close("exact", value(t, "upper_limit", "2019-2"), 19, 0, 0);
  fm_table_destroy(t);
  spec.chart = FM_TARGET_U;
  spec.exact = 0;
  t = chart(series(12, 12), &spec);
  fm_assert_close("centre", value(t, "centre", NULL), expected(o, "spc_u", "centre"), 1e-12, 0);
  for (int m = 1; m <= 12; m++) {
    char name[16], period[16];
    snprintf(period, sizeof period, "2020-%d", m);
    snprintf(name, sizeof name, "ucl_m%d", m);
    fm_assert_close(name, value(t, "upper_limit", period), expected(o, "spc_u", name), 1e-12, 0);
    snprintf(name, sizeof name, "lcl_m%d", m);
    fm_assert_close(name, value(t, "lower_limit", period), expected(o, "spc_u", name), 1e-12, 1e-15);
  }
  fm_assert_close("rate", value(t, "measured", "2020-1"), 9 / 210.0, 1e-15, 0);
  fm_assert_close("caseload", fm_test_number(t, "weight", row_of(t, "measured", "2020-1")), 210, 0, 0);
  fm_table_destroy(t);
  spec.exact = 1;
  t = chart(series(12, 12), &spec);
  ck_assert_str_eq(fm_test_text(t, "definition", 0), "u_exact");
  fm_assert_close("exact", value(t, "upper_limit", "2020-1"), 20 / 210.0, 1e-15, 0);
  fm_table_destroy(t);
  fm_oracle_close(o);
}
END_TEST

/* By hand: 5, 5, 6 and 5 have mean 5.25 and ranges 0, 1, 1; limits 5.25 -+ 2.66 * 2/3 = 3.47667 and 7.02333. A last
 * month of 1, not yet complete, changes nothing and is no signal. */
static const char *const columns[] = {"period:code", "value:f64", "office:code"};
START_TEST(preliminary)
{
  static const char *const cells[] = {"1", "5", "n", "2", "5", "n", "3", "6", "n", "4", "5", "n", "5", "1", "n"};
  fm_target_charts_spec spec = FM_TARGET_CHARTS_SPEC_INIT;
  spec.n_preliminary = 1;
  fm_table *t = chart(fm_test_table(columns, 3, cells, 5), &spec);
  fm_assert_close("centre", value(t, "centre", NULL), 5.25, 0, 0);
  fm_assert_close("upper", value(t, "upper_limit", "5"), 5.25 + 2.66 * 2 / 3, 1e-15, 0);
  ck_assert(is(t, "state", row_of(t, "measured", "5"), "preliminary") && value(t, "measured", "5") == 1);
  ck_assert(is(t, "state", row_of(t, "outside", "5"), "preliminary") && isnan(value(t, "outside", "5")));
  fm_assert_close("none outside", value(t, "periods_outside", NULL), 0, 0, 0);
  fm_table_destroy(t);
  /* with it in: judged by the limits of the first four it is far below them */
  spec.n_preliminary = 0;
  spec.n_baseline = 4;
  t = chart(fm_test_table(columns, 3, cells, 5), &spec);
  fm_assert_close("centre", value(t, "centre", NULL), 5.25, 0, 0);
  fm_assert_close("outside", value(t, "outside", "5"), -1, 0, 0);
  fm_assert_close("one outside", value(t, "periods_outside", NULL), 1, 0, 0);
  fm_table_destroy(t);
  spec.n_preliminary = 9;
  spec.target = 3;
  t = chart(fm_test_table(columns, 3, cells, 5), &spec);
  ck_assert(is(t, "state", row_of(t, "centre", NULL), "undefined"));
  ck_assert(is(t, "state", row_of(t, "assurance", NULL), "undefined"));
  fm_table_destroy(t);
}
END_TEST

START_TEST(gaps_and_series)
{
  static const char *const cells[] = {"1", "5", "n", "2", "",  "n", "10", "6", "n", "4", "7", "n",
                                      "1", "3", "s", "2", "4", "s", "3",  "2", "s", "1", "9", ""};
  fm_target_charts_spec spec = FM_TARGET_CHARTS_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  spec.by = "office";
  fm_table *frame = fm_test_table(columns, 3, cells, 8), *t;
  fm_assert_ok(fm_target_charts(&t, frame, &spec, NULL, &err), &err);
  fm_assert_ok(fm_table_check(t, &err), &err);
  ck_assert(is(t, "state", row_of(t, "measured", "2"), "not_given") &&
            is(t, "state", row_of(t, "run", "2"), "not_given"));
  fm_assert_close("north", value(t, "centre", NULL), 6, 0, 0);
  /* 4 comes before 10: one range, from 7 to 6 */
  fm_assert_close("north", value(t, "mean_moving_range", NULL), 1, 0, 0);
  fm_table_destroy(t);
  spec.chart = FM_TARGET_C;
  fm_assert_ok(fm_target_charts(&t, frame, &spec, NULL, &err), &err);
  ck_assert(isnan(fm_test_number(t, "n", row_of(t, "measured", "2"))));
  ck_assert_int_eq((int)fm_test_number(t, "n", row_of(t, "centre", NULL)), 18);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* The order of periods: by characters, numbers in them by size. */
START_TEST(order_of_periods)
{
  static const char *const cells[] = {"w2", "1", "",  "w10", "1",   "",  "w02x", "1", "",  "a", "1",   "",  "w1", "1",
                                      "",   "w", "1", "",    "w02", "1", "",     "1", "1", "",  "w00", "1", ""};
  static const char *const ordered[] = {"1", "a", "w", "w00", "w1", "w02", "w2", "w02x", "w10"};
  fm_target_charts_spec spec = FM_TARGET_CHARTS_SPEC_INIT;
  fm_table *t = chart(fm_test_table(columns, 3, cells, 9), &spec);
  size_t k = 0;
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    if (is(t, "quantity", i, "measured"))
      ck_assert_str_eq(fm_test_text(t, "period", i), ordered[k++]);
  ck_assert_uint_eq(k, 9);
  fm_table_destroy(t);
}
END_TEST

/* Seven rising, then seven falling: the top belongs to both and is told by the later one. */
START_TEST(signals)
{
  static const int x[] = {1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1};
  static char text[26][8];
  static const char *cells[39];
  for (int i = 0; i < 13; i++) {
    snprintf(text[2 * i], sizeof *text, "%d", i);
    snprintf(text[2 * i + 1], sizeof *text, "%d", x[i]);
    cells[3 * i] = text[2 * i];
    cells[3 * i + 1] = text[2 * i + 1];
    cells[3 * i + 2] = "";
  }
  fm_target_charts_spec spec = FM_TARGET_CHARTS_SPEC_INIT;
  fm_table *t = chart(fm_test_table(columns, 3, cells, 13), &spec);
  fm_assert_close("rising", value(t, "trend", "5"), 1, 0, 0);
  fm_assert_close("top", value(t, "trend", "6"), -1, 0, 0);
  fm_assert_close("falling", value(t, "trend", "12"), -1, 0, 0);
  fm_assert_close("run", value(t, "run", "5"), 1, 0, 0);
  fm_assert_close("outside", value(t, "outside", "6"), 1, 0, 0);
  fm_assert_close("near", value(t, "near_limit", "6"), 1, 0, 0);
  fm_table_destroy(t);
}
END_TEST

static const struct assured {
  double target;
  int32_t fewer;
  double expected;
} assured[] = {{3, 0, 1}, {10, 0, -1}, {6, 0, 0}, {3, 1, -1}, {10, 1, 1}, {6, 1, 0}};

/* 5, 5, 6, 5: limits 3.48 and 7.02 as above. */
START_TEST(assurance)
{
  static const char *const cells[] = {"1", "5", "n", "2", "5", "n", "3", "6", "n", "4", "5", "n"};
  fm_target_charts_spec spec = FM_TARGET_CHARTS_SPEC_INIT;
  spec.target = assured[_i].target;
  spec.fewer_is_better = assured[_i].fewer;
  spec.screened = 1;
  fm_table *t = chart(fm_test_table(columns, 3, cells, 4), &spec);
  ck_assert_str_eq(fm_test_text(t, "definition", 0), "xmr_screened");
  fm_assert_close("target", value(t, "target", NULL), spec.target, 0, 0);
  fm_assert_close("assurance", value(t, "assurance", NULL), assured[_i].expected, 0, 0);
  fm_table_destroy(t);
}
END_TEST

static const struct refusal {
  fm_target_charts_spec spec;
  const char *said;
} refusals[] = {
#define SPEC(...)                                                                                                      \
  {                                                                                                                    \
    .struct_size = sizeof(fm_target_charts_spec), .target = NAN, __VA_ARGS__                                           \
  }
    {SPEC(.period = "", .value = "value"), "period: expected the name of one column"},
    {SPEC(.period = "year,month", .value = "value"), "period: expected the name of one column"},
    {SPEC(.period = "period", .value = ""), "value: expected the name of a column"},
    {SPEC(.period = "period", .value = "value", .chart = 3), "chart: expected"},
    {SPEC(.period = "period", .value = "value", .chart = -1), "chart: expected"},
    {SPEC(.period = "period", .value = "value", .chart = FM_TARGET_U), "exposure: expected"},
    {SPEC(.period = "period", .value = "value", .exact = 1), "screened is for XmR"},
    {SPEC(.period = "period", .value = "value", .chart = FM_TARGET_C, .screened = 1), "screened is for XmR"},
    {SPEC(.period = "period", .value = "value", .n_preliminary = -1), "n_preliminary, n_baseline"},
    {SPEC(.period = "period", .value = "value", .n_baseline = -1), "n_preliminary, n_baseline"},
    {SPEC(.period = "period", .value = "value", .run = -1), "rules: expected"},
    {SPEC(.period = "period", .value = "value", .trend = -1), "rules: expected"},
    {SPEC(.period = "period", .value = "value", .near_limit = -1), "rules: expected"},
    {SPEC(.period = "period", .value = "value", .near_limit = 3, .near_of = 2), "rules: expected"},
};

START_TEST(refused)
{
  fm_error err = FM_ERROR_INIT;
  fm_tally *t;
  ck_assert_int_eq(fm_target_charts_tally(&t, &refusals[_i].spec, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_null(t);
  ck_assert_msg(strstr(err.message, refusals[_i].said) != NULL, "%s", err.message);
}
END_TEST

static const struct bad_row {
  int32_t chart;
  const char *period, *value, *exposure, *said;
} bad_rows[] = {
    {FM_TARGET_C, "2", "-1", "9", "column value, row 1: expected a whole number from 0 to 1e9"},
    {FM_TARGET_C, "2", "1.5", "9", "column value, row 1: expected a whole number from 0 to 1e9"},
    {FM_TARGET_C, "2", "2e9", "9", "column value, row 1: expected a whole number from 0 to 1e9"},
    {FM_TARGET_U, "2", "1", "0", "column exposure, row 1: expected a number from 1e-15 to 1e15; found 0"},
    {FM_TARGET_U, "2", "1", "", "column exposure, row 1: expected a number from 1e-15 to 1e15; found no value"},
    {FM_TARGET_XMR, "2", "-2e15", "9", "expected a number from -1e15 to 1e15; found -2000000000000000"},
    {FM_TARGET_XMR, "", "1", "9", "column period, row 1: expected a period"},
    {FM_TARGET_XMR, "1", "3", "9", "period 1 has two rows that differ in one series; one was expected"},
    {FM_TARGET_U, "1", "5", "8", "period 1 has two rows that differ in one series; one was expected"},
};

START_TEST(bad_input)
{
  static const char *const three[] = {"period:code", "value:f64", "exposure:f64"};
  const struct bad_row *b = &bad_rows[_i];
  const char *const cells[] = {"1", "5", "9", b->period, b->value, b->exposure};
  fm_error err = FM_ERROR_INIT;
  fm_target_charts_spec spec = FM_TARGET_CHARTS_SPEC_INIT;
  fm_table *frame = fm_test_table(three, 3, cells, 2), *t;
  spec.chart = b->chart;
  ck_assert_int_eq(fm_target_charts(&t, frame, &spec, NULL, &err), FM_ERR_VALUE);
  ck_assert_ptr_null(t);
  ck_assert_msg(strstr(err.message, b->said) != NULL, "%s", err.message);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(infinite_target)
{
  fm_error err = FM_ERROR_INIT;
  fm_target_charts_spec spec = FM_TARGET_CHARTS_SPEC_INIT;
  fm_tally *t;
  spec.target = -INFINITY;
  ck_assert_int_eq(fm_target_charts_tally(&t, &spec, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_nonnull(strstr(err.message, "target: expected a finite number"));
}
END_TEST

/* ---- a tally ---- */

static const char *const wide[] = {"period:code", "value:f64", "exposure:f64", "office:code"};
static const char *const rows[] = {"1",  "5", "90", "n", "2", "7", "95", "n", "3", "",  "",   "n",
                                   "10", "6", "99", "n", "1", "2", "40", "s", "2", "4", "44", "s",
                                   "3",  "3", "41", "s", "4", "0", "40", "s", "1", "8", "30", ""};

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_target_charts_spec spec = FM_TARGET_CHARTS_SPEC_INIT;
  spec.by = "office";
  spec.chart = *(const int32_t *)ctx;
  spec.target = 3;
  return fm_target_charts_tally(out, &spec, err);
}

START_TEST(promises)
{
  int32_t charts = _i;
  fm_test_promises(&(fm_test_measure){create, &charts, wide, 4, rows, 9});
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("target charts");
  TCase *c = tcase_create("charts");
  tcase_add_test(c, xmr_of_r);
  tcase_add_test(c, counts_and_rates_of_r);
  tcase_add_test(c, preliminary);
  tcase_add_test(c, gaps_and_series);
  tcase_add_test(c, order_of_periods);
  tcase_add_test(c, signals);
  tcase_add_loop_test(c, assurance, 0, FM_COUNT(assured));
  tcase_add_loop_test(c, refused, 0, FM_COUNT(refusals));
  tcase_add_loop_test(c, bad_input, 0, FM_COUNT(bad_rows));
  tcase_add_test(c, infinite_target);
  tcase_add_loop_test(c, promises, FM_TARGET_XMR, FM_TARGET_U + 1);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
