/* economy.fleksloentilskud: months by hand, pay for several months, promises of a tally. */
#include "economy/look.h"

static const char *const columns[] = {"sex:code",           "person_id:code",     "month:date",
                                      "wage:f64",           "full_time_wage:f64", "one_off:f64",
                                      "one_off_months:i32", "one_off_from:date"};
enum { N_COLUMNS = 8, N_ROWS = 7 };
static const char *const cells[] = {"f", "a", "2024-03-31", "9000",  "",      "",     "",  "",           /**/
                                    "m", "b", "2024-03-01", "12000", "33000", "",     "",  "",           /**/
                                    "m", "b", "2024-03-15", "8000",  "",      "",     "",  "",           /**/
                                    "f", "c", "2024-01-01", "10000", "",      "",     "",  "",           /**/
                                    "f", "c", "2024-02-01", "10000", "",      "3000", "3", "2024-01-01", /**/
                                    "f", "c", "2022-12-01", "0",     "",      "500",  "",  "",           /**/
                                    "m", "d", "2022-12-01", "60000", "",      "",     "",  ""};

static fm_table *compute(size_t first, size_t n, const fm_economy_fleksloentilskud_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells + first * N_COLUMNS, n), *t;
  fm_assert_ok(fm_economy_fleksloentilskud_measure(&t, frame, spec, NULL, &err), &err);
  fm_assert_ok(fm_table_check(t, &err), &err);
  fm_table_destroy(frame);
  return t;
}

/* Example D: 9,000 gets 17,252; two jobs of 12,000 and 8,000 in a post of 33,000 get 13,000. */
START_TEST(by_hand)
{
  fm_table *t = compute(0, 3, NULL);
  fm_assert_close("subsidy", value_with(t, "subsidy", ""), 17252 + 13000, 0, 0);
  fm_assert_close("wage", value_with(t, "wage", ""), 29000, 0, 0);
  fm_assert_close("income", value_with(t, "income", ""), 29000 + 17252 + 13000, 0, 0);
  fm_assert_close("deduction", value_with(t, "deduction", ""), 2700 + 6919.25, 1e-15, 0);
  fm_assert_close("mean", value_with(t, "mean_subsidy", ""), 15126, 0, 0);
  fm_assert_close("capped", value_with(t, "capped", ""), 1, 0, 0);
  size_t months = row_with(t, "months", "");
  fm_assert_close("months", fm_test_number(t, "value", months), 2, 0, 0);
  ck_assert_int_eq((int)fm_test_number(t, "people", months), 2);
  fm_table_destroy(t);
}
END_TEST

/* 3,000 for January to March is 1,000 a month; March has no row. January and February: 11,000 of wage. */
START_TEST(spread)
{
  fm_economy_fleksloentilskud_spec s;
  fm_economy_fleksloentilskud_spec_init(&s, sizeof s);
  s.period = "month";
  fm_table *t = compute(3, 2, &s);
  fm_assert_close("January", value_with(t, "wage", "period_start=2024-01-01"), 11000, 0, 0);
  fm_assert_close("February", value_with(t, "subsidy", "period_start=2024-02-01"), 19952 - 3300, 1e-15, 0);
  fm_assert_close("not spread", value_with(t, "one_off_unspread", "period_start="), 1000, 0, 0);
  fm_assert_close("of February's row", value_with(t, "one_off_unspread", "period_start=2024-02-01"), 1000, 0, 0);
  fm_table_destroy(t);
}
END_TEST

START_TEST(by_year)
{
  fm_economy_fleksloentilskud_spec s = FM_ECONOMY_FLEKSLOENTILSKUD_SPEC_INIT;
  s.by = "sex";
  s.period = "year";
  fm_table *t = compute(0, N_ROWS, &s);
  fm_assert_close("2022", value_with(t, "wage", "sex=f;period_start=2022-01-01;period_end=2022-12-31"), 500, 0, 0);
  fm_assert_close("none", value_with(t, "without_subsidy", "sex=m;period_start=2022-01-01"), 1, 0, 0);
  fm_assert_close("2024", value_with(t, "months", "sex=f;period_start=2024-01-01"), 3, 0, 0);
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    ck_assert(fm_test_number(t, "n", i) > 0);
  fm_table_destroy(t);
}
END_TEST

static const struct refusal {
  size_t column;
  const char *cell, *says;
  fm_status status;
} refusals[] = {{1, "", "column person_id, row 1: expected the id of a person", FM_ERR_VALUE},
                {2, "", "column month, row 1: expected a date", FM_ERR_VALUE},
                {3, "", "column wage, row 1: expected an amount from 0 to 1e15; found no value", FM_ERR_VALUE},
                {3, "-1", "column wage, row 1: expected an amount from 0 to 1e15; found -1", FM_ERR_VALUE},
                {4, "-1", "column full_time_wage, row 1: expected an amount from 0 to 1e15; found -1", FM_ERR_VALUE},
                {5, "-1", "column one_off, row 1: expected an amount", FM_ERR_VALUE},
                {6, "0", "column one_off_months, row 1: expected from 1 to 120 months", FM_ERR_VALUE},
                {7, "1800-01-01", "column one_off_from, row 1: expected a date", FM_ERR_VALUE},
                {2, "2025-05-01", "for 2025: threshold is blank", FM_ERR_NOT_FOUND},
                {2, "2027-05-01", "fleksloentilskud.csv has no row \"fleksloentilskud\" for 2027", FM_ERR_NOT_FOUND}};

START_TEST(refused)
{
  const char *own[N_COLUMNS * N_ROWS];
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  memcpy(own, cells, sizeof own);
  own[N_COLUMNS + refusals[_i].column] = refusals[_i].cell;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, own, N_ROWS);
  ck_assert_int_eq(fm_economy_fleksloentilskud_measure(&t, frame, NULL, NULL, &err), refusals[_i].status);
  ck_assert_msg(strstr(err.message, refusals[_i].says) != NULL, "%s", err.message);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(specs_refused)
{
  fm_economy_fleksloentilskud_spec s = FM_ECONOMY_FLEKSLOENTILSKUD_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_tally *t;
  s.period = "week";
  ck_assert_int_eq(fm_economy_fleksloentilskud_tally(&t, &s, &err), FM_ERR_ARGUMENT);
  fm_error_clear(&err);
  s.period = NULL;
  ck_assert_int_eq(fm_economy_fleksloentilskud_tally(&t, &s, &err), FM_ERR_ARGUMENT);
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_economy_fleksloentilskud_spec s = FM_ECONOMY_FLEKSLOENTILSKUD_SPEC_INIT;
  (void)ctx;
  s.by = "sex";
  s.period = "month";
  return fm_economy_fleksloentilskud_tally(out, &s, err);
}

START_TEST(promises)
{
  fm_test_promises(&(fm_test_measure){create, NULL, columns, N_COLUMNS, cells, N_ROWS});
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("economy-fleksloentilskud");
  TCase *tests = tcase_create("fleksloentilskud");
  tcase_add_test(tests, by_hand);
  tcase_add_test(tests, spread);
  tcase_add_test(tests, by_year);
  tcase_add_loop_test(tests, refused, 0, FM_COUNT(refusals));
  tcase_add_test(tests, specs_refused);
  tcase_add_test(tests, promises);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
