/* economy.social_return: R's impact map as a table, edges, promises of a tally. */
#include <stdio.h>

#include "economy/look.h"

static const char *const columns[] = {"project:code",    "outcome:code",   "quantity:i64",
                                      "value:f64",       "deadweight:f64", "displacement:f64",
                                      "attribution:f64", "drop_off:f64",   "years:i64"};
static const char *const cells[] = {"x", "wage",      "39", "88000", "0.32", "0.1", "0.25", "0.15", "5",
                                    "x", "benefit",   "39", "61000", "0.32", "",    "0.25", "0.15", "5",
                                    "x", "wellbeing", "50", "12500", "0.2",  "0",   "0.4",  "0.5",  "2",
                                    "y", "wage",      "1",  "1000",  "",     "",    "",     "",     ""};
enum { N_COLUMNS = 9, N_ROWS = 4 };

static fm_economy_social_return_spec spec_of(const char *inputs)
{
  fm_economy_social_return_spec s;
  fm_economy_social_return_spec_init(&s, sizeof s);
  s.by = "project";
  s.inputs = inputs;
  return s;
}

START_TEST(oracle)
{
  static const char *const outcomes[] = {"wage", "benefit", "wellbeing"};
  fm_error err = FM_ERROR_INIT;
  fm_economy_social_return_spec s = spec_of("2100000");
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, N_ROWS), *t;
  fm_oracle *o = fm_oracle_open("economy/value.csv");
  char name[48], keys[64];
  fm_assert_ok(fm_economy_social_return(&t, frame, &s, NULL, &err), &err);
  fm_assert_ok(fm_table_check(t, &err), &err);
  static const struct {
    const char *expected, *quantity;
  } row[] = {{"total_present_value", "present_value"},
             {"present_value_inputs", "inputs"},
             {"net_present_value", "net"},
             {"sroi_ratio", "ratio"},
             {"net_sroi_ratio", "net_ratio"},
             {"payback_year_index", "payback_year"},
             {"payback_years_interpolated", "payback_years"}};
  for (int k = 0; k < FM_COUNT(row); k++)
    fm_assert_close(row[k].quantity, value_with(t, row[k].quantity, "project=x;outcome=;year=;case="),
                    expected_of(o, "sroi_1", row[k].expected), 1e-12, 0);
  for (int k = 0; k < FM_COUNT(outcomes); k++) {
    snprintf(name, sizeof name, "impact_year1_%s", outcomes[k]);
    snprintf(keys, sizeof keys, "project=x;outcome=%s", outcomes[k]);
    fm_assert_close(name, value_with(t, "impact", keys), expected_of(o, "sroi_1", name), 1e-12, 0);
  }
  for (int y = 1; y <= 5; y++) {
    snprintf(keys, sizeof keys, "project=x;outcome=;year=%d", y);
    snprintf(name, sizeof name, "undiscounted_y%d", y);
    fm_assert_close(name, value_with(t, "year_value", keys), expected_of(o, "sroi_1", name), 1e-12, 0);
    snprintf(name, sizeof name, "pv_y%d", y);
    fm_assert_close(name, value_with(t, "present_value", keys), expected_of(o, "sroi_1", name), 1e-12, 0);
  }
  fm_assert_close("0.8", value_with(t, "present_value", "project=x;case=deadweight x 0.8"),
                  expected_of(o, "sroi_sens_deadweight_0.8", "total_present_value"), 1e-12, 0);
  fm_assert_close("1.2", value_with(t, "ratio", "project=x;case=deadweight x 1.2"),
                  expected_of(o, "sroi_sens_deadweight_1.2", "sroi_ratio"), 1e-12, 0);
  fm_assert_close("break-even", value_with(t, "break_even", "project=x"),
                  expected_of(o, "sroi_breakeven_deadweight", "value"), 1e-9, 0);
  ck_assert_str_eq(fm_test_text(t, "state", row_with(t, "payback_years", "project=y")), "undefined");
  fm_assert_close("missing shares are 0", value_with(t, "present_value", "project=y;outcome=;year=;case="),
                  1000 / 1.035, 1e-15, 0);
  ck_assert_str_eq(fm_table_note(t, "rate"), "0.035");
  fm_oracle_close(o);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* Ten at 1,000 and, from year 3 on, four at 500 for two years, half of it lost in the second: 10,000 in year 1, then
 * 2,000 and 1,000: impact 12,000; years 1 to 4; undiscounted 13,000. */
START_TEST(rows_of_one_outcome)
{
  static const char *const some[] = {"outcome:code", "quantity:f64", "value:f64",
                                     "drop_off:f64", "years:i32",    "first_year:i32"};
  static const char *const rows[] = {"job", "10", "1000", "", "1", "1", "job", "4", "500", "0.5", "2", "3"};
  fm_error err = FM_ERROR_INIT;
  fm_economy_social_return_spec s = spec_of("1000");
  s.by = NULL;
  s.rate = 0;
  fm_table *frame = fm_test_table(some, 6, rows, 2), *t;
  fm_assert_ok(fm_economy_social_return(&t, frame, &s, NULL, &err), &err);
  fm_assert_close("impact", value_with(t, "impact", "outcome=job"), 12000, 0, 0);
  fm_assert_close("year 1", value_with(t, "year_value", "outcome=job;year=1"), 10000, 0, 0);
  fm_assert_close("year 2", value_with(t, "year_value", "outcome=job;year=2"), 0, 0, 0);
  fm_assert_close("year 4", value_with(t, "year_value", "outcome=job;year=4"), 1000, 0, 0);
  fm_assert_close("of the outcome", value_with(t, "present_value", "outcome=job;year="), 13000, 0, 0);
  fm_assert_close("of all", value_with(t, "present_value", "outcome=;year=;case="), 13000, 0, 0);
  size_t n = 0;
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    n += strcmp(fm_test_text(t, "quantity", i), "impact") == 0;
  ck_assert_uint_eq(n, 1);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_economy_social_return_spec s = spec_of("1200000,900000");
  (void)ctx;
  return fm_economy_social_return_tally(out, &s, err);
}

static fm_test_measure measure = {create, NULL, columns, N_COLUMNS, cells, N_ROWS};

static const fm_test_refusal refusals[] = {
    {2, "-1", "column quantity, row 1: expected a number from 0 to 1e15; found -1"},
    {3, "", "column value, row 1: expected an amount from -1e15 to 1e15; found no value"},
    {4, "32", "column deadweight, row 1: expected a share from 0 to 1, such as 0.40"},
    {7, "-0.1", "column drop_off, row 1"},
    {8, "0", "column years, row 1: expected a whole number from 1 to 100"},
    {1, "", "column outcome, row 1: expected the name of an outcome"}};

START_TEST(refused)
{
  fm_test_refused(&measure, 1, refusals[_i]);
}
END_TEST

START_TEST(inputs)
{
  static const char *const bad[] = {NULL, "", "0", "1;2", "-1", "1,", "1e400"};
  fm_error err = FM_ERROR_INIT;
  fm_tally *t;
  for (int k = 0; k < FM_COUNT(bad); k++) {
    fm_economy_social_return_spec s = spec_of(bad[k]);
    ck_assert_int_eq(fm_economy_social_return_tally(&t, &s, &err), FM_ERR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(err.message, "inputs: expected"));
    fm_error_clear(&err);
  }
  fm_economy_social_return_spec s = spec_of("1");
  s.rate = 3.5;
  ck_assert_int_eq(fm_economy_social_return_tally(&t, &s, &err), FM_ERR_ARGUMENT);
}
END_TEST

START_TEST(promises)
{
  fm_test_promises(&measure);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("economy-social_return");
  TCase *tests = tcase_create("social_return");
  tcase_add_test(tests, oracle);
  tcase_add_test(tests, rows_of_one_outcome);
  tcase_add_loop_test(tests, refused, 0, FM_COUNT(refusals));
  tcase_add_test(tests, inputs);
  tcase_add_test(tests, promises);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
