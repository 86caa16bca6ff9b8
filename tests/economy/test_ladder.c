/* The ladder: denmark's worked example E, steps, years without any. */
#include "economy/look.h"

/* 3,000 a week for 60 weeks: 4 x 2,400 + 22 x 1,200 + 26 x 900 + 8 x 600 = 9,600 + 26,400 + 23,400 + 4,800 = 64,200.
 * With 20 weeks before, 40 more: 6 x 1,200 + 26 x 900 + 8 x 600 = 35,400. */
START_TEST(by_hand)
{
  fm_error err = FM_ERROR_INIT;
  fm_economy_split s = {.struct_size = sizeof s};
  fm_assert_ok(fm_economy_reimburse(&s, 3000, 60, 0, day(2024, 1, 1), NULL, &err), &err);
  fm_assert_close("amount", s.amount, 180000, 0, 0);
  fm_assert_close("state", s.state, 64200, 0, 0);
  fm_assert_close("municipality", s.municipality, 115800, 0, 0);
  fm_assert_ok(fm_economy_reimburse(&s, 3000, 40, 20, day(2024, 1, 1), NULL, &err), &err);
  fm_assert_close("state", s.state, 35400, 0, 0);
  fm_assert_close("municipality", s.municipality, 84600, 0, 0);
  fm_economy_split small = {.struct_size = offsetof(fm_economy_split, municipality), .municipality = -1};
  fm_assert_ok(fm_economy_reimburse(&small, 3000, 1, 0, day(2024, 1, 1), NULL, &err), &err);
  fm_assert_close("state", small.state, 2400, 0, 0);
  fm_assert_close("not written", small.municipality, -1, 0, 0);
}
END_TEST

START_TEST(steps)
{
  static const struct {
    int64_t week;
    double share;
  } row[] = {{1, 0.8}, {4, 0.8}, {5, 0.4}, {26, 0.4}, {27, 0.3}, {52, 0.3}, {53, 0.2}, {5000, 0.2}};
  fm_error err = FM_ERROR_INIT;
  double share;
  for (int i = 0; i < FM_COUNT(row); i++) {
    fm_assert_ok(fm_economy_state_share(&share, row[i].week, day(2016, 1, 4), NULL, &err), &err);
    fm_assert_close("share", share, row[i].share, 0, 0);
  }
}
END_TEST

/* State and municipality are the whole, and more weeks never lower the state's sum. */
START_TEST(add_up)
{
  fm_error err = FM_ERROR_INIT;
  double before = 0;
  for (int64_t weeks = 0; weeks < 90; weeks += 7) {
    fm_economy_split s = {.struct_size = sizeof s};
    fm_assert_ok(fm_economy_reimburse(&s, 2345.67, weeks, 13, day(2020, 3, 2), NULL, &err), &err);
    fm_assert_close("whole", s.state + s.municipality, s.amount, 1e-14, 0);
    ck_assert(s.state >= before);
    before = s.state;
  }
}
END_TEST

START_TEST(refused)
{
  static const char *const columns[] = {"code:code",     "valid_from:code", "valid_to:code",  "scheme:code",
                                        "week_from:i64", "week_to:i64",     "state_share:f64"};
  static const char *const cells[] = {"a", "2024-01-01", "2024-12-31", "ladder", "1", "4", "0.8",
                                      "b", "2024-01-01", "2024-12-31", "other",  "1", "",  "0.2"};
  fm_error err = FM_ERROR_INIT;
  fm_economy_split s = {.struct_size = sizeof s};
  fm_codes *own = list_of("reimbursement_step", columns, 7, cells, 2);
  double share;
  fm_assert_ok(fm_economy_state_share(&share, 4, day(2024, 12, 31), own, &err), &err);
  ck_assert_int_eq(fm_economy_state_share(&share, 5, day(2024, 5, 1), own, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "reimbursement_step.csv has no step for week 5 in 2024"));
  fm_error_clear(&err);
  ck_assert_int_eq(fm_economy_state_share(&share, 1, day(2025, 1, 1), own, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "2025"));
  ck_assert(isnan(share));
  fm_error_clear(&err);
  ck_assert_int_eq(fm_economy_state_share(&share, 1, day(2015, 12, 28), NULL, &err), FM_ERR_NOT_FOUND);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_economy_state_share(&share, 0, day(2024, 1, 1), NULL, &err), FM_ERR_ARGUMENT);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_economy_reimburse(&s, 100, 10, 0, day(2024, 12, 30), own, &err), FM_ERR_NOT_FOUND);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_economy_reimburse(&s, -1, 10, 0, day(2024, 1, 1), NULL, &err), FM_ERR_ARGUMENT);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_economy_reimburse(&s, 1, -1, 0, day(2024, 1, 1), NULL, &err), FM_ERR_ARGUMENT);
  fm_error_clear(&err);
  s.struct_size = 0;
  ck_assert_int_eq(fm_economy_reimburse(&s, 1, 1, 0, day(2024, 1, 1), NULL, &err), FM_ERR_ARGUMENT);
  fm_error_clear(&err);
  fm_codes *rates;
  fm_assert_ok(fm_codes_builtin(&rates, "benefit_rate", &err), &err);
  ck_assert_int_eq(fm_economy_state_share(&share, 1, day(2024, 1, 1), rates, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_nonnull(strstr(err.message, "expected the code list reimbursement_step; found the list benefit_rate"));
  fm_codes_destroy(rates);
  fm_codes_destroy(own);
}
END_TEST

static fm_status all(void *ctx, fm_error *err)
{
  fm_economy_split s = {.struct_size = sizeof s};
  (void)ctx;
  return fm_economy_reimburse(&s, 3000, 60, 0, day(2024, 1, 1), NULL, err);
}

START_TEST(allocations)
{
  ck_assert_int_gt(fm_test_allocations(all, NULL), 5);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("economy-ladder");
  TCase *tests = tcase_create("ladder");
  tcase_add_test(tests, by_hand);
  tcase_add_test(tests, steps);
  tcase_add_test(tests, add_up);
  tcase_add_test(tests, refused);
  tcase_add_test(tests, allocations);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
