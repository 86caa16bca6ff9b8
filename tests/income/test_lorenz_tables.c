/* income.grouped: tables of groups in a frame, growth between periods, the promises of a tally, published
 * country-years. */
#include "support/support.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "flexmetrics/income_grouped.h"

/* Two regions in two years, means of five groups. In the second year of a all incomes are doubled. */
static const char *const columns[] = {"region:code", "year:i32", "people:f64", "income:f64"};
static const char *const cells[] = {
    "a", "2010", "3", "1.7", "a", "2010", "5", "2.9",  "a", "2010", "7", "3.6", "a", "2010", "6", "4.4",
    "a", "2010", "4", "6.3", "a", "2020", "3", "3.4",  "a", "2020", "5", "5.8", "a", "2020", "7", "7.2",
    "a", "2020", "6", "8.8", "a", "2020", "4", "12.6", "b", "2015", "1", "2",   "b", "2015", "1", "3",
    "b", "2015", "1", "4",   "b", "2015", "1", "5",    "b", "2015", "1", "9",   "b", "2015", "1", "9",
};
enum { N_CELLS = FM_COUNT(cells), N_ROWS = N_CELLS / 4 };

static fm_income_lorenz_spec means(void)
{
  fm_income_lorenz_spec curves;
  fm_income_lorenz_spec_init(&curves, sizeof curves);
  curves.input = FM_INCOME_GROUPED_MEANS;
  return curves;
}

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_income_grouped_spec spec;
  fm_income_lorenz_spec curves = means();
  (void)ctx;
  fm_income_grouped_spec_init(&spec, sizeof spec);
  spec.curves = &curves;
  spec.by = "region";
  spec.period = "year";
  spec.lines = "3, 4.5";
  return fm_income_grouped_tally(out, &spec, err);
}

static fm_tally *make(void *ctx)
{
  fm_error err = FM_ERROR_INIT;
  fm_tally *t;
  fm_assert_ok(create(&t, ctx, &err), &err);
  return t;
}

static fm_table *compute(const fm_table *frame)
{
  fm_error err = FM_ERROR_INIT;
  fm_tally *t = make(NULL);
  fm_table *out;
  fm_assert_ok(fm_tally_add(t, frame, NULL, &err), &err);
  fm_assert_ok(fm_tally_result(&out, t, NULL, &err), &err);
  fm_tally_destroy(t);
  return out;
}

/* Row of a figure: by region, year (NAN: any), quantity and parameter (NULL: any). */
static size_t row_of(const fm_table *t, const char *region, double year, const char *quantity, const char *parameter)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    const char *p = fm_test_text(t, "parameter", i);
    if (strcmp(fm_test_text(t, "region", i), region) == 0 && strcmp(fm_test_text(t, "quantity", i), quantity) == 0 &&
        (isnan(year) || fm_test_number(t, "period", i) == year) &&
        (parameter == NULL || (p != NULL && strcmp(p, parameter) == 0)))
      return i;
  }
  ck_abort_msg("no %s of %s", quantity, region);
  return 0;
}

static double value_of(const fm_table *t, const char *region, double year, const char *quantity, const char *parameter)
{
  return fm_test_number(t, "value", row_of(t, region, year, quantity, parameter));
}

START_TEST(figures)
{
  fm_table *frame = fm_test_table(columns, 4, cells, N_ROWS), *out = compute(frame);
  fm_income_lorenz_spec curves = means();
  const double people[] = {3, 5, 7, 6, 4}, income[] = {1.7, 2.9, 3.6, 4.4, 6.3};
  fm_income_lorenz *l;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_income_lorenz_create(&l, people, income, 5, &curves, &err), &err);
  static const struct {
    const char *quantity, *parameter;
    double number;
  } same[] = {{"median", NULL, NAN},       {"gini", NULL, NAN},          {"mld", NULL, NAN},
              {"polarization", NULL, NAN}, {"bottom_share", "0.4", 0.4}, {"bottom_mean", "0.4", 0.4},
              {"decile_share", "7", 7},    {"headcount", "3", 3},        {"watts", "4.5", 4.5}};
  for (int i = 0; i < FM_COUNT(same); i++) {
    double expected;
    const char *state;
    fm_assert_ok(fm_income_lorenz_figure(&expected, &state, l, same[i].quantity, same[i].number, &err), &err);
    size_t row = row_of(out, "a", 2010, same[i].quantity, same[i].parameter);
    fm_assert_close(same[i].quantity, fm_test_number(out, "value", row), expected, 0, 0);
    ck_assert_str_eq(fm_test_text(out, "state", row), state);
  }
  fm_income_lorenz_destroy(l);
  /* 3 x 1.7 + 5 x 2.9 + 7 x 3.6 + 6 x 4.4 + 4 x 6.3 = 96.4 of 25 people */
  fm_assert_close("mean", value_of(out, "a", 2010, "mean", NULL), 96.4 / 25, 1e-15, 0);
  fm_assert_close("n", value_of(out, "b", 2015, "groups", NULL), 6, 0, 0);
  fm_assert_close("growth", value_of(out, "a", 2020, "mean_growth", "0.4"), 0.07177346253629316, 1e-14, 0);
  fm_assert_close("growth", value_of(out, "a", 2020, "bottom_growth", "0.4"), 0.07177346253629316, 1e-13, 0);
  fm_assert_close("premium", value_of(out, "a", 2020, "premium", "0.4"), 0, 0, 1e-14);
  fm_assert_close("since", fm_test_number(out, "since", row_of(out, "a", 2020, "premium", NULL)), 2010, 0, 0);
  for (size_t i = 0; i < fm_table_n_rows(out); i++)
    if (strcmp(fm_test_text(out, "region", i), "b") == 0)
      ck_assert_str_ne(fm_test_text(out, "quantity", i), "premium");
  ck_assert_str_eq(fm_test_text(out, "choice", row_of(out, "a", 2010, "gini", NULL)), "only_valid");
  ck_assert_str_eq(fm_table_note(out, "input"), "means");
  ck_assert_str_eq(fm_table_note(out, "mode"), "exact");
  fm_table_destroy(out);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(tally)
{
  fm_test_tally(make, NULL, columns, 4, cells, N_ROWS);
}
END_TEST

START_TEST(allocations)
{
  fm_table *frame = fm_test_table(columns, 4, cells, N_ROWS);
  ck_assert_int_gt(fm_test_tally_allocations(create, NULL, frame), 20);
  fm_table_destroy(frame);
}
END_TEST

/* Nobody: all figures are there, with their state. */
START_TEST(empty)
{
  static const char *const two[] = {"people:f64", "income:f64"};
  fm_table *frame = fm_test_table(two, 2, two, 0), *out;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_income_grouped(&out, frame, NULL, NULL, &err), &err);
  ck_assert_str_eq(fm_test_text(out, "state", fm_test_row(out, "quantity", "gini", NULL, NULL, NULL, NULL)), "empty");
  fm_table_destroy(out);
  fm_table_destroy(frame);
}
END_TEST

static const struct bad {
  const char *label, *people, *income, *mean;
  int64_t row;
  const char *message;
} bad[] = {
    {"a missing share", "0.2 0.4 - 1", "0.1 0.2 0.5 1", "3 3 3 3", 2, "column people, row 2: expected a finite number"},
    {"a negative income", "0.2 0.4 0.6 1", "-0.1 0.2 0.5 1", "3 3 3 3", 0, "column income, row 0"},
    {"no mean", "0.2 0.4 0.6 1", "0.1 0.2 0.5 1", "3 - 3 3", 1, "column mean, row 1: expected a mean income above 0"},
    {"two means", "0.2 0.4 0.6 1", "0.1 0.2 0.4 1", "3 3 4 3", -1, "the same mean income in all rows"},
    {"above the diagonal", "0.2 0.4 0.6 1", "0.1 0.41 0.6 1", "3 3 3 3", -1,
     "the table, people 0.4, income 0.41: expected a curve on or below the diagonal"},
    {"too few", "0.2 0.4 1", "0.1 0.2 1", "3 3 3", -1, "the table: expected at least 4 groups, found 3"},
};

static fm_table *frame_of(const struct bad *b)
{
  static const char *const three[] = {"people:f64", "income:f64", "mean:f64"};
  static char texts[3][8][16];
  const char *from[] = {b->people, b->income, b->mean}, *at[24];
  size_t n = 0;
  for (size_t k = 0; k < 3; k++) {
    size_t i = 0;
    for (const char *p = from[k]; *p != '\0'; i++) {
      size_t length = strcspn(p, " ");
      snprintf(texts[k][i], sizeof texts[k][i], "%.*s", (int)length, p);
      at[3 * i + k] = strcmp(texts[k][i], "-") == 0 ? "" : texts[k][i];
      p += length + (p[length] == ' ');
    }
    n = i;
  }
  return fm_test_table(three, 3, at, n);
}

START_TEST(refused)
{
  fm_income_grouped_spec spec = FM_INCOME_GROUPED_SPEC_INIT;
  spec.mean = "mean";
  fm_table *frame = frame_of(&bad[_i]), *out;
  fm_error err = FM_ERROR_INIT;
  ck_assert_int_eq(fm_income_grouped(&out, frame, &spec, NULL, &err), FM_ERR_VALUE);
  ck_assert_msg(strstr(err.message, bad[_i].message) != NULL, "%s: %s", bad[_i].label, err.message);
  ck_assert_msg(err.row == bad[_i].row, "%s: row %lld", bad[_i].label, (long long)err.row);
  ck_assert_ptr_null(out);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(names_the_table)
{
  static const char *const one[] = {"a", "2010", "5", "0"};
  fm_income_grouped_spec spec = FM_INCOME_GROUPED_SPEC_INIT;
  fm_income_lorenz_spec curves = means();
  spec.curves = &curves;
  spec.by = "region";
  spec.period = "year";
  fm_table *frame = fm_test_table(columns, 4, one, 1), *out;
  fm_error err = FM_ERROR_INIT;
  ck_assert_int_eq(fm_income_grouped(&out, frame, &spec, NULL, &err), FM_ERR_VALUE);
  ck_assert_msg(strstr(err.message, "the table a, 2010: expected at least 4 groups") != NULL, "%s", err.message);
  fm_table_destroy(frame);
}
END_TEST

/* 20 doublings of one row: more groups than a table can have, as a count and not as so many rows. */
START_TEST(too_many_groups)
{
  static const char *const one[] = {"a", "2010", "5", "0"};
  fm_table *frame = fm_test_table(columns, 4, one, 1), *out;
  fm_error err = FM_ERROR_INIT;
  fm_tally *t = make(NULL), *same = make(NULL);
  fm_assert_ok(fm_tally_add(t, frame, NULL, &err), &err);
  for (int k = 0; k < 20; k++) {
    void *bytes;
    size_t size;
    fm_assert_ok(fm_tally_save(&bytes, &size, t, &err), &err);
    fm_assert_ok(fm_tally_load(same, bytes, size, &err), &err);
    fm_assert_ok(fm_tally_merge(t, same, &err), &err);
    fm_tally_destroy(same);
    same = make(NULL);
    fm_free(bytes);
  }
  ck_assert_int_eq(fm_tally_result(&out, t, NULL, &err), FM_ERR_LIMIT);
  ck_assert_msg(strstr(err.message, "a, 2010: expected at most 1000000") != NULL, "%s", err.message);
  ck_assert_ptr_null(out);
  fm_tally_destroy(same);
  fm_tally_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(bad_specs)
{
  fm_tally *t;
  fm_error err = FM_ERROR_INIT;
  fm_income_lorenz_spec curves = means();
  curves.mean = 3;
  const struct {
    const char *people, *mean, *lines, *message;
    double p;
  } rows[] = {{"", NULL, NULL, "names of columns", 0.4}, {"people", "mean", NULL, "a column or a number", 0.4},
              {"people", NULL, "1,x", "lines", 0.4},     {"people", NULL, "1,,2", "lines", 0.4},
              {"people", NULL, "-1", "above 0", 0.4},    {"people", NULL, NULL, "p_share", 1}};
  for (int i = 0; i < FM_COUNT(rows); i++) {
    fm_income_grouped_spec spec = FM_INCOME_GROUPED_SPEC_INIT;
    spec.people = rows[i].people;
    spec.mean = rows[i].mean;
    spec.lines = rows[i].lines;
    spec.p_share = rows[i].p;
    spec.curves = &curves;
    fm_error_clear(&err);
    ck_assert_int_eq(fm_income_grouped_tally(&t, &spec, &err), FM_ERR_ARGUMENT);
    ck_assert_msg(strstr(err.message, rows[i].message) != NULL, "%s", err.message);
  }
}
END_TEST

/* 115 country-years of the World Bank: five points each, shares in tenths of a per cent. The bottom share of the fitted
 * curve is the published one to the rounding, and the Gini within a point. */
START_TEST(country_years)
{
  fm_oracle *o = fm_oracle_open("income/b40_vs_quintiles.csv");
  size_t n = fm_oracle_n_rows(o), n_figures = 0;
  fm_income_lorenz_spec spec = FM_INCOME_LORENZ_SPEC_INIT;
  spec.percent = 1;
  for (size_t i = 0; i < n; i++) {
    double q1 = fm_oracle_number(o, i, "share_q1_pct"), q2 = fm_oracle_number(o, i, "share_q2_pct");
    double q5 = fm_oracle_number(o, i, "share_q5_pct"), d10 = fm_oracle_number(o, i, "share_d10_pct");
    const double people[] = {20, 40, 80, 90, 100}, income[] = {q1, q1 + q2, 100 - q5, 100 - d10, 100};
    fm_income_lorenz *l;
    fm_error err = FM_ERROR_INIT;
    fm_assert_ok(fm_income_lorenz_create(&l, people, income, 5, &spec, &err), &err);
    double gini, share;
    const char *state;
    fm_assert_ok(fm_income_lorenz_figure(&gini, &state, l, "gini", NAN, &err), &err);
    fm_assert_ok(fm_income_lorenz_figure(&share, NULL, l, "bottom_share", 0.4, &err), &err);
    if (strcmp(state, "ok") == 0) {
      fm_assert_close(fm_oracle_text(o, i, "iso3"), 100 * gini, fm_oracle_number(o, i, "gini_pct"), 0, 1);
      fm_assert_close(fm_oracle_text(o, i, "iso3"), 100 * share, q1 + q2, 0, 0.3);
      n_figures++;
    }
    fm_income_lorenz_destroy(l);
  }
  ck_assert_uint_gt(n_figures, 100);
  fm_oracle_close(o);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income-lorenz_tables");
  TCase *t = tcase_create("grouped");
  tcase_add_test(t, figures);
  tcase_add_test(t, tally);
  tcase_add_test(t, allocations);
  tcase_add_test(t, empty);
  tcase_add_loop_test(t, refused, 0, FM_COUNT(bad));
  tcase_add_test(t, names_the_table);
  tcase_add_test(t, too_many_groups);
  tcase_add_test(t, bad_specs);
  tcase_add_test(t, country_years);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
