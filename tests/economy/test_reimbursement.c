/* economy.reimbursement: examples by hand, periods, benefits off the ladder, promises of a tally. */
#include "economy/look.h"

static const char *const columns[] = {"sex:code",   "person_id:code", "start:date",   "end:date",
                                      "amount:f64", "counts:bool",    "granted:date", "weeks_before:i64"};
enum { N_COLUMNS = 8 };
/* a: 60 weeks from Monday 2023-01-02 at 3,000. b: 40 weeks after 20. c: a job of a year between two spells. d: granted
 * in 2013. e: 2,000 and 1,000 side by side, then a student grant. */
static const char *const cells[] = {"f", "a", "2023-01-02", "2024-02-25", "3000", "",  "",           "",   /**/
                                    "m", "b", "2024-01-01", "2024-10-06", "3000", "1", "2023-06-01", "20", /**/
                                    "f", "c", "2022-01-03", "2022-01-30", "1000", "1", "",           "",   /**/
                                    "f", "c", "2023-02-06", "2023-02-12", "1000", "1", "",           "",   /**/
                                    "m", "d", "2024-01-01", "2024-01-14", "5000", "",  "2013-01-01", "",   /**/
                                    "f", "e", "2024-01-01", "2024-01-01", "2000", "",  "",           "",   /**/
                                    "f", "e", "2024-01-03", "",           "1000", "",  "",           "",   /**/
                                    "f", "e", "2024-01-08", "2024-03-03", "",     "0", "",           ""};
enum { N_ROWS = 8 };

static fm_table *compute(const char *const *rows, size_t n, const fm_economy_reimbursement_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, rows, n), *t;
  fm_assert_ok(fm_economy_reimbursement(&t, frame, spec, NULL, &err), &err);
  fm_assert_ok(fm_table_check(t, &err), &err);
  fm_table_destroy(frame);
  return t;
}

/* 60 weeks: 64,200 of 180,000; 40 weeks after 20: 35,400 of 120,000. */
START_TEST(by_hand)
{
  fm_table *t = compute(cells, 2, NULL);
  fm_assert_close("state", value_with(t, "state", "step="), 64200 + 35400, 0, 0);
  fm_assert_close("municipality", value_with(t, "municipality", "step="), 115800 + 84600, 0, 0);
  fm_assert_close("amount", value_with(t, "amount", "step="), 300000, 0, 0);
  fm_assert_close("weeks", value_with(t, "weeks", "step="), 100, 0, 0);
  fm_assert_close("share", value_with(t, "state_share", "step="), 99600 / 300000.0, 1e-15, 0);
  fm_assert_close("weeks of the first step", value_with(t, "weeks", "step=weeks_1_4"), 4, 0, 0);
  fm_assert_close("weeks of the second", value_with(t, "weeks", "step=weeks_5_26"), 22 + 6, 0, 0);
  size_t last = row_with(t, "amount", "step=weeks_53_on");
  fm_assert_close("the last", fm_test_number(t, "value", last), 16 * 3000, 0, 0);
  ck_assert_int_eq((int)fm_test_number(t, "n", last), 16);
  ck_assert_int_eq((int)fm_test_number(t, "people", last), 2);
  ck_assert_int_eq(strncmp(fm_table_note(t, "steps"), "reimbursement_step:", 19), 0);
  fm_table_destroy(t);
}
END_TEST

/* c has 53 weeks of self-support between 4 weeks and the next: that one is the first again; with reset 54 it is the
 * 5th. */
START_TEST(reset)
{
  fm_economy_reimbursement_spec s = FM_ECONOMY_REIMBURSEMENT_SPEC_INIT;
  fm_table *t = compute(cells + (size_t)2 * N_COLUMNS, 2, &s);
  fm_assert_close("first again", value_with(t, "weeks", "step=weeks_1_4"), 5, 0, 0);
  fm_table_destroy(t);
  s.reset_weeks = 54;
  t = compute(cells + (size_t)2 * N_COLUMNS, 2, &s);
  fm_assert_close("the fifth", value_with(t, "weeks", "step=weeks_5_26"), 1, 0, 0);
  fm_table_destroy(t);
}
END_TEST

START_TEST(before_the_ladder)
{
  fm_economy_reimbursement_spec s = FM_ECONOMY_REIMBURSEMENT_SPEC_INIT;
  s.by = "sex";
  fm_table *t = compute(cells, N_ROWS, &s);
  fm_assert_close("amount", value_with(t, "amount", "sex=m;step=before_ladder"), 10000, 0, 0);
  ck_assert_str_eq(fm_test_text(t, "state", row_with(t, "state", "sex=m;step=before_ladder")), "not_given");
  ck_assert_str_eq(fm_test_text(t, "state", row_with(t, "municipality", "sex=m;step=")), "not_given");
  fm_assert_close("two in one week", value_with(t, "amount", "sex=f;step="), 180000 + 5000 + 3000, 0, 0);
  fm_assert_close("counted once, the grant not at all", value_with(t, "weeks", "sex=f;step="), 66, 0, 0);
  fm_table_destroy(t);
  s.share_before = 0.35;
  t = compute(cells, N_ROWS, &s);
  fm_assert_close("state", value_with(t, "state", "sex=m;step=before_ladder"), 3500, 0, 0);
  fm_table_destroy(t);
  s.granted_from = FM_NO_DATE;
  t = compute(cells, N_ROWS, &s);
  fm_assert_close("no such rule", value_with(t, "weeks", "sex=m;step=weeks_1_4"), 2, 0, 0);
  fm_table_destroy(t);
}
END_TEST

/* One benefit of each kind in one week of one person: the week counts once in all. */
START_TEST(both_in_a_week)
{
  static const char *const both[] = {"f", "a", "2024-01-01", "", "1000", "", "",           "", /**/
                                     "f", "a", "2024-01-02", "", "500",  "", "2010-01-01", ""};
  fm_economy_reimbursement_spec s = FM_ECONOMY_REIMBURSEMENT_SPEC_INIT;
  s.share_before = 0.5;
  fm_table *t = compute(both, 2, &s);
  fm_assert_close("weeks", value_with(t, "weeks", "step="), 1, 0, 0);
  fm_assert_close("state", value_with(t, "state", "step="), 800 + 250, 0, 0);
  fm_table_destroy(t);
}
END_TEST

START_TEST(an_amount_not_known)
{
  static const char *const some[] = {"f", "a", "2024-01-01", "2024-01-28", "",     "", "", "", /**/
                                     "f", "a", "2024-01-29", "",           "1000", "", "", ""};
  fm_table *t = compute(some, 2, NULL);
  ck_assert_str_eq(fm_test_text(t, "state", row_with(t, "amount", "step=weeks_1_4")), "not_given");
  fm_assert_close("but they count", value_with(t, "state", "step=weeks_5_26"), 400, 0, 0);
  ck_assert_str_eq(fm_test_text(t, "state", row_with(t, "amount", "step=")), "not_given");
  fm_table_destroy(t);
}
END_TEST

/* Thursday decides: the week of 29 January 2024 is February's, that of 30 December 2024 is of 2025. */
START_TEST(periods)
{
  static const char *const some[] = {"f", "a", "2024-01-22", "2024-02-04", "1000", "", "", "", /**/
                                     "f", "b", "2024-12-30", "2024-12-31", "1000", "", "", ""};
  fm_economy_reimbursement_spec s = FM_ECONOMY_REIMBURSEMENT_SPEC_INIT;
  s.period = "month";
  fm_table *t = compute(some, 2, &s);
  fm_assert_close("January", value_with(t, "weeks", "step=;period_start=2024-01-01;period_end=2024-01-31"), 1, 0, 0);
  fm_assert_close("February", value_with(t, "weeks", "step=;period_start=2024-02-01;period_end=2024-02-29"), 1, 0, 0);
  fm_assert_close("January 2025", value_with(t, "amount", "step=;period_start=2025-01-01"), 1000, 0, 0);
  fm_assert_close("all", value_with(t, "amount", "step=;period_start="), 3000, 0, 0);
  fm_table_destroy(t);
  s.period = "year";
  t = compute(some, 2, &s);
  fm_assert_close("2025", value_with(t, "weeks", "step=;period_start=2025-01-01;period_end=2025-12-31"), 1, 0, 0);
  fm_table_destroy(t);
  s.period = "week";
  t = compute(some, 2, &s);
  fm_assert_close("a week", value_with(t, "state", "step=;period_start=2024-01-29;period_end=2024-02-04"), 800, 0, 0);
  fm_table_destroy(t);
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_economy_reimbursement_spec s;
  (void)ctx;
  fm_economy_reimbursement_spec_init(&s, sizeof s);
  s.by = "sex";
  s.period = "month";
  return fm_economy_reimbursement_tally(out, &s, err);
}

static fm_test_measure measure = {create, NULL, columns, N_COLUMNS, cells, N_ROWS};

static const fm_test_refusal refusals[] = {
    {1, "", "column person_id, row 1: expected the id of a person"},
    {2, "", "column start, row 1: expected a date"},
    {2, "1850-01-01", "column start, row 1: expected a date from 1900"},
    {3, "2023-12-31", "column end, row 1: expected a date on or after the start"},
    {4, "-1", "column amount, row 1: expected an amount from 0 to 1e15; found -1"},
    {6, "1850-01-01", "column granted, row 1"},
    {7, "-1", "column weeks_before, row 1: expected a whole number"}};

START_TEST(refused)
{
  fm_test_refused(&measure, 1, refusals[_i]);
}
END_TEST

START_TEST(specs_refused)
{
  fm_economy_reimbursement_spec s = FM_ECONOMY_REIMBURSEMENT_SPEC_INIT, wrong[] = {s, s, s, s, s, s, s};
  fm_error err = FM_ERROR_INIT;
  fm_tally *t;
  fm_codes *other;
  fm_assert_ok(fm_codes_builtin(&other, "sector", &err), &err);
  wrong[0].period = "day";
  wrong[1].scheme = "none";
  wrong[2].share_before = 40;
  wrong[3].reset_weeks = 200;
  wrong[4].granted_from = INT32_MAX;
  wrong[5].steps = other;
  wrong[6].scheme = NULL;
  for (int k = 0; k < FM_COUNT(wrong); k++) {
    ck_assert_int_eq(fm_economy_reimbursement_tally(&t, &wrong[k], &err), FM_ERR_ARGUMENT);
    ck_assert_ptr_null(t);
    fm_error_clear(&err);
  }
  fm_codes_destroy(other);
  static const char *const early[] = {"f", "a", "2015-12-28", "", "1000", "", "", ""};
  fm_table *frame = fm_test_table(columns, N_COLUMNS, early, 1), *result;
  ck_assert_int_eq(fm_economy_reimbursement(&result, frame, NULL, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "reimbursement_step.csv has no step for week 1 in 2015"));
  fm_table_destroy(frame);
}
END_TEST

START_TEST(promises)
{
  fm_test_promises(&measure);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("economy-reimbursement");
  TCase *tests = tcase_create("reimbursement");
  tcase_add_test(tests, by_hand);
  tcase_add_test(tests, reset);
  tcase_add_test(tests, before_the_ladder);
  tcase_add_test(tests, both_in_a_week);
  tcase_add_test(tests, an_amount_not_known);
  tcase_add_test(tests, periods);
  tcase_add_loop_test(tests, refused, 0, FM_COUNT(refusals));
  tcase_add_test(tests, specs_refused);
  tcase_add_test(tests, promises);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
