/* income.bottom40 against published panels, and its standard errors against numerical differentiation. */
#include "support/support.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "flexmetrics/income.h"

/* Rows of an oracle file as a frame; the last column (may be NULL) becomes the group. */
static fm_table *frame_of(fm_oracle *o, const char *const *from, const char *const *to, size_t n_columns)
{
  size_t n = fm_oracle_n_rows(o);
  const char **cells = calloc(n * n_columns, sizeof *cells);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < n_columns; k++)
      cells[i * n_columns + k] = fm_oracle_text(o, i, from[k]);
  fm_table *t = fm_test_table(to, n_columns, cells, n);
  free(cells);
  return t;
}

static const struct published {
  const char *dataset, *group, *by, *key; /* the group's column and its text */
  double p;
} published[] = {
    {"psid", "all", NULL, NULL, 0.4},
    {"psid", "union76", "union_1976", "1", 0.4},
    {"psid", "nonunion76", "union_1976", "0", 0.4},
    {"psid", "women", "female", "1", 0.4},
    {"nsw", "treated", "treated", "1", 0.2},
    {"nsw", "treated", "treated", "1", 0.4},
    {"nsw", "treated", "treated", "1", 0.6},
    {"nsw", "control", "treated", "0", 0.2},
    {"nsw", "control", "treated", "0", 0.4},
    {"nsw", "control", "treated", "0", 0.6},
};

static fm_table *compute(const struct published *c, bool annual)
{
  static const char *const psid_from[] = {"wage_1976", "wage_1982", "union_1976", "female"};
  static const char *const psid_to[] = {"income_0:f64", "income_1:f64", "union_1976:code", "female:bool"};
  static const char *const nsw_from[] = {"earnings_1975", "earnings_1978", "treated"};
  static const char *const nsw_to[] = {"income_0:f64", "income_1:f64", "treated:i32"};
  bool psid = strcmp(c->dataset, "psid") == 0;
  fm_error err = FM_ERROR_INIT;
  fm_oracle *o = fm_oracle_open(psid ? "income/psid.csv" : "income/nsw.csv");
  fm_table *frame = psid ? frame_of(o, psid_from, psid_to, 4) : frame_of(o, nsw_from, nsw_to, 3), *out;
  fm_income_bottom40_spec spec = FM_INCOME_BOTTOM40_SPEC_INIT;
  spec.by = c->by;
  spec.p_share = c->p;
  if (annual) {
    spec.period_0 = 1976;
    spec.period_1 = 1982;
  }
  fm_assert_ok(fm_income_bottom40(&out, frame, &spec, NULL, &err), &err);
  fm_table_destroy(frame);
  fm_oracle_close(o);
  return out;
}

START_TEST(panels)
{
  const struct published *c = &published[_i];
  fm_table *total = compute(c, false), *annual = compute(c, true);
  fm_oracle *o = fm_oracle_open("income/bottom.csv");
  int n = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    if (strcmp(fm_oracle_text(o, i, "dataset"), c->dataset) != 0 ||
        strcmp(fm_oracle_text(o, i, "group"), c->group) != 0 || fm_oracle_number(o, i, "p_share") != c->p)
      continue;
    const char *quantity = fm_oracle_text(o, i, "quantity");
    bool a_year = strcmp(quantity, "premium_per_year") == 0;
    const fm_table *t = a_year ? annual : total;
    size_t row = fm_test_row(t, "quantity", a_year ? "premium" : quantity, c->by, c->key, NULL, NULL);
    /* 1e-12 of the premium's two terms, which are near 1 + g */
    fm_assert_close(quantity, fm_test_number(t, "value", row), fm_oracle_number(o, i, "value"), 1e-12,
                    a_year ? 1e-14 : 0);
    ck_assert_str_eq(fm_test_text(t, "unit", row), a_year                               ? "per_year"
                                                   : strstr(quantity, "growth") != NULL ? "total"
                                                                                        : "money");
    n++;
  }
  ck_assert_int_ge(n, 8);
  fm_oracle_close(o);
  fm_table_destroy(total);
  fm_table_destroy(annual);
}
END_TEST

/* 60 per cent of the trainees earned nothing in 1975: the bottom mean is 0, growth has no base, all the tied share. */
START_TEST(zeros_at_the_cut)
{
  fm_table *t = compute(&published[5], true);
  static const char *const undefined[] = {"bottom_growth", "premium", "panel_bottom_growth"};
  for (int k = 0; k < FM_COUNT(undefined); k++) {
    size_t row = fm_test_row(t, "quantity", undefined[k], "treated", "1", NULL, NULL);
    ck_assert_msg(isnan(fm_test_number(t, "value", row)), "%s", undefined[k]);
    ck_assert_msg(isnan(fm_test_number(t, "std_error", row)), "%s", undefined[k]);
    ck_assert_str_eq(fm_test_text(t, "state", row), "undefined");
  }
  size_t people = fm_test_row(t, "quantity", "panel_bottom_people", "treated", "1", NULL, NULL);
  fm_assert_close("74 of 185", fm_test_number(t, "value", people), 74, 1e-15, 0);
  fm_assert_close("111 without earnings share them", fm_test_number(t, "n", people), 111, 0, 0);
  fm_table_destroy(t);
}
END_TEST

static const char *const made[] = {"person_id", "income_0", "income_1", "weight_0", "weight_1", "participant"};
static const char *const made_types[] = {"person_id:code", "income_0:f64", "income_1:f64",
                                         "weight_0:f64",   "weight_1:f64", "participant:bool"};

START_TEST(standard_errors)
{
  fm_error err = FM_ERROR_INIT;
  fm_oracle *o = fm_oracle_open("income/made.csv"), *expected = fm_oracle_open("income/errors.csv");
  fm_table *frame = frame_of(o, made, made_types, 6), *t;
  fm_income_bottom40_spec spec = FM_INCOME_BOTTOM40_SPEC_INIT;
  spec.weight = "weight";
  spec.period_0 = 2018;
  spec.period_1 = 2023.5;
  fm_assert_ok(fm_income_bottom40(&t, frame, &spec, NULL, &err), &err);
  ck_assert_uint_eq(fm_oracle_n_rows(expected), 13);
  for (size_t i = 0; i < fm_oracle_n_rows(expected); i++) {
    const char *quantity = fm_oracle_text(expected, i, "quantity");
    size_t row = fm_test_row(t, "quantity", quantity, NULL, NULL, NULL, NULL);
    double value = fm_test_number(t, "value", row), error = fm_test_number(t, "std_error", row);
    double low = fm_test_number(t, "ci_low", row), high = fm_test_number(t, "ci_high", row);
    fm_assert_close(quantity, value, fm_oracle_number(expected, i, "value"), 1e-12, 0);
    fm_assert_close(quantity, error, fm_oracle_number(expected, i, "std_error"), 1e-10, 0);
    fm_assert_close(quantity, error, fm_oracle_number(expected, i, "jackknife"), 0.1, 0);
    fm_assert_close(quantity, fm_test_number(t, "level", row), 0.95, 0, 0);
    fm_assert_close(quantity, (low + high) / 2, value, 1e-9, 0);
    if (strcmp(quantity, "mean_0") == 0)
      fm_assert_close("t with 52 degrees of freedom", (high - value) / error, 2.0066468050616857, 1e-9, 0);
  }
  fm_assert_close("without incomes",
                  fm_test_number(t, "value", fm_test_row(t, "quantity", "missing_0", NULL, NULL, NULL, NULL)), 7, 0, 0);
  fm_table_destroy(t);
  fm_table_destroy(frame);
  fm_oracle_close(o);
  fm_oracle_close(expected);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income-oracle");
  TCase *t = tcase_create("oracle");
  tcase_add_loop_test(t, panels, 0, FM_COUNT(published));
  tcase_add_test(t, zeros_at_the_cut);
  tcase_add_test(t, standard_errors);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
