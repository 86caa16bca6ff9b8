/* Fleksløntilskud of a month: denmark's worked example D, and years that lack a number. */
#include "economy/look.h"

static fm_economy_flex of(double wage, double full_time_wage)
{
  fm_error err = FM_ERROR_INIT;
  fm_economy_flex f = {.struct_size = sizeof f};
  fm_assert_ok(fm_economy_fleksloentilskud(&f, wage, full_time_wage, day(2024, 6, 1), NULL, &err), &err);
  return f;
}

/* 2024: 19,952 less 30 % of 9,000 = 17,252. Of 20,000: 0.30 x 16,323 + 0.55 x 3,677 = 4,896.90 + 2,022.35 = 6,919.25;
 * 19,952 - 6,919.25 = 13,032.75, but the full-time wage of 33,000 leaves 13,000. Gone at 16,323 + 15,055.10 / 0.55. */
START_TEST(by_hand)
{
  fm_economy_flex f = of(9000, NAN);
  fm_assert_close("deduction", f.deduction, 2700, 0, 0);
  fm_assert_close("subsidy", f.subsidy, 17252, 0, 0);
  fm_assert_close("income", f.income, 26252, 0, 0);
  f = of(20000, 33000);
  fm_assert_close("deduction", f.deduction, 6919.25, 1e-15, 0);
  fm_assert_close("uncapped", f.uncapped, 13032.75, 1e-15, 0);
  fm_assert_close("subsidy", f.subsidy, 13000, 0, 0);
  fm_assert_close("gone at", f.gone_at, 43695.91, 0, 0.005);
  fm_assert_close("no wage", of(0, NAN).subsidy, 19952, 0, 0);
  fm_assert_close("large wage", of(50000, NAN).subsidy, 0, 0, 0);
  fm_assert_close("above the full-time wage", of(34000, 33000).subsidy, 0, 0, 0);
}
END_TEST

/* More wage never lowers what a person has, and the subsidy never rises. */
START_TEST(monotone)
{
  double income = 0, subsidy = 1e9;
  for (double wage = 0; wage < 50000; wage += 137) {
    fm_economy_flex f = of(wage, 40000);
    ck_assert(f.income >= income - 1e-9 && f.subsidy <= subsidy);
    income = f.income;
    subsidy = f.subsidy;
  }
  fm_assert_close("at its end", of(of(1, NAN).gone_at, NAN).subsidy, 0, 0, 1e-9);
}
END_TEST

START_TEST(own_list)
{
  static const char *const columns[] = {"code:code",     "valid_from:code", "valid_to:code", "max_subsidy:f64",
                                        "threshold:f64", "rate_below:f64",  "rate_above:f64"};
  static const char *const cells[] = {"fleksloentilskud", "2027-01-01", "2027-12-31", "100.5", "1000", "0.5", "0.6"};
  fm_error err = FM_ERROR_INIT;
  fm_economy_flex f = {.struct_size = sizeof f};
  fm_codes *own = list_of("fleksloentilskud", columns, 7, cells, 1);
  fm_assert_ok(fm_economy_fleksloentilskud(&f, 100, NAN, day(2027, 12, 31), own, &err), &err);
  fm_assert_close("subsidy", f.subsidy, 50.5, 0, 0);
  fm_assert_close("gone below the threshold", f.gone_at, 201, 0, 0);
  ck_assert_int_eq(fm_economy_fleksloentilskud(&f, 100, NAN, day(2028, 1, 1), own, &err), FM_ERR_NOT_FOUND);
  fm_codes_destroy(own);
}
END_TEST

static const struct refusal {
  double wage, full_time_wage;
  int32_t year;
  const char *says;
} refusals[] = {
    {1000, NAN, 2027, "fleksloentilskud.csv has no row \"fleksloentilskud\" for 2027 (2027-06-01): add one"},
    {1000, NAN, 2014, "for 2014"},
    {1000, NAN, 2025, "\"fleksloentilskud\" for 2025: threshold is blank"},
    {1000, NAN, 2013, "max_subsidy is blank"},
    {-1, NAN, 2024, "wage"},
    {NAN, NAN, 2024, "wage"},
    {1000, -1, 2024, "wage"}};

START_TEST(refused)
{
  fm_error err = FM_ERROR_INIT;
  fm_economy_flex f = {.struct_size = sizeof f};
  const struct refusal *r = &refusals[_i];
  ck_assert_int_ne(fm_economy_fleksloentilskud(&f, r->wage, r->full_time_wage, day(r->year, 6, 1), NULL, &err), FM_OK);
  ck_assert_msg(strstr(err.message, r->says) != NULL, "%s", err.message);
}
END_TEST

static fm_status all(void *ctx, fm_error *err)
{
  fm_economy_flex f = {.struct_size = sizeof f};
  (void)ctx;
  return fm_economy_fleksloentilskud(&f, 9000, NAN, day(2024, 1, 1), NULL, err);
}

START_TEST(allocations)
{
  ck_assert_int_gt(fm_test_allocations(all, NULL), 5);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("economy-flex");
  TCase *tests = tcase_create("flex");
  tcase_add_test(tests, by_hand);
  tcase_add_test(tests, monotone);
  tcase_add_test(tests, own_list);
  tcase_add_loop_test(tests, refused, 0, FM_COUNT(refusals));
  tcase_add_test(tests, allocations);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
