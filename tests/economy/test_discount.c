/* Discount factors: the oracle's, and dates and years without a rate. */
#include <stdio.h>

#include "economy/look.h"

START_TEST(oracle)
{
  static const size_t years[] = {0, 1, 5, 10, 35, 36, 70, 71, 100};
  double factors[101];
  char name[8];
  fm_error err = FM_ERROR_INIT;
  fm_oracle *o = fm_oracle_open("economy/value.csv");
  fm_assert_ok(fm_economy_discount(factors, 101, "finance_ministry", day(2024, 1, 1), NULL, &err), &err);
  for (int k = 0; k < FM_COUNT(years); k++) {
    snprintf(name, sizeof name, "y%zu", years[k]);
    fm_assert_close(name, factors[years[k]], expected_of(o, "discount_dk", name), 1e-12, 0);
  }
  fm_oracle_close(o);
  fm_assert_ok(fm_economy_discount(factors, 3, "finance_ministry", day(2021, 1, 6), NULL, &err), &err);
  fm_assert_close("4 per cent before 7 January 2021", factors[2], 1 / 1.0816, 1e-15, 0);
}
END_TEST

START_TEST(refused)
{
  static const char *const columns[] = {"code:code", "schedule:code", "year_from:i64", "year_to:i64", "rate:f64"};
  static const char *const cells[] = {"a", "own", "1", "2", "0.04"};
  fm_error err = FM_ERROR_INIT;
  double f[4];
  fm_codes *own = list_of("discount_rate", columns, 5, cells, 1);
  fm_assert_ok(fm_economy_discount(f, 3, "own", day(1990, 1, 1), own, &err), &err);
  ck_assert_int_eq(fm_economy_discount(f, 4, "own", day(1990, 1, 1), own, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "discount_rate.csv has no rate of \"own\" for 1990, year 3"));
  fm_codes_destroy(own);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_economy_discount(f, 2, "finance_ministry", day(2017, 1, 1), NULL, &err), FM_ERR_NOT_FOUND);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_economy_discount(f, 2, NULL, day(2024, 1, 1), NULL, &err), FM_ERR_ARGUMENT);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_economy_discount(f, 2, "finance_ministry", FM_NO_DATE, NULL, &err), FM_ERR_ARGUMENT);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("economy-discount");
  TCase *tests = tcase_create("discount");
  tcase_add_test(tests, oracle);
  tcase_add_test(tests, refused);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
