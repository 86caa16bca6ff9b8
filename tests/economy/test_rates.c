/* Rates by date: found, not there, blank. */
#include "economy/look.h"

START_TEST(found)
{
  static const struct {
    const char *code;
    int32_t year;
    double amount;
  } row[] = {{"ledighedsydelse_max", 2024, 18120},    {"dagpenge_max_full_time", 2026, 22041},
             {"fleksloentilskud_max", 2023, 19333},   {"kontanthjaelp_30plus_other", 2023, 11944},
             {"full_time_hours_month", 1999, 160.33}, {"sickness_benefit_max", 2024, 4695}};
  fm_error err = FM_ERROR_INIT;
  double amount;
  for (int i = 0; i < FM_COUNT(row); i++) {
    fm_assert_ok(fm_economy_rate(&amount, row[i].code, day(row[i].year, 12, 31), NULL, &err), &err);
    fm_assert_close(row[i].code, amount, row[i].amount, 0, 0);
  }
}
END_TEST

static const struct refusal {
  const char *code;
  int32_t year;
  fm_status status;
  const char *says;
} refusals[] = {
    {"ledighedsydelse_max", 2027, FM_ERR_NOT_FOUND, "benefit_rate.csv has no row \"ledighedsydelse_max\" for 2027"},
    {"kontanthjaelp_basic_rate", 2026, FM_ERR_NOT_FOUND, "for 2026: amount is blank"},
    {"pocket_money", 2024, FM_ERR_NOT_FOUND, "benefit_rate.csv has no row \"pocket_money\""},
    {"", 2024, FM_ERR_ARGUMENT, "expected a code"},
    {NULL, 2024, FM_ERR_ARGUMENT, "expected a code"}};

START_TEST(refused)
{
  const struct refusal *r = &refusals[_i];
  fm_error err = FM_ERROR_INIT;
  double amount;
  ck_assert_int_eq(fm_economy_rate(&amount, r->code, day(r->year, 7, 1), NULL, &err), r->status);
  ck_assert_msg(strstr(err.message, r->says) != NULL, "%s", err.message);
  ck_assert(isnan(amount));
}
END_TEST

/* A file with two rows for one date, or for one date and week, is refused with both lines. */
START_TEST(two_rows)
{
  static const char *const rates[] = {"code:code", "valid_from:code", "valid_to:code", "amount:f64"};
  static const char *const twice[] = {"a",          "2024-01-01", "2024-12-31", "1",          "b", "2024-01-01",
                                      "2024-12-31", "2",          "a",          "2024-07-01", "",  "3"};
  fm_error err = FM_ERROR_INIT;
  fm_codes *c;
  fm_table *t = fm_test_table(rates, 4, twice, 3);
  ck_assert_int_eq(fm_codes_from_table(&c, "benefit_rate", t, &err), FM_ERR_VALUE);
  ck_assert_ptr_nonnull(strstr(err.message, "also belongs to the entry a on row 0, with days in common"));
  ck_assert_int_eq(err.row, 2);
  fm_table_destroy(t);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("economy-rates");
  TCase *tests = tcase_create("rates");
  tcase_add_test(tests, found);
  tcase_add_loop_test(tests, refused, 0, FM_COUNT(refusals));
  tcase_add_test(tests, two_rows);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
