/* Spells from codes in memory. */
#include "support/support.h"

enum { B = FM_DREAM_BLANK, A = FM_DREAM_ABSENT, N = FM_DREAM_NOT_KNOWN };

/* 2021-W04 to W07: Thursdays 28 January, 4, 11 and 18 February. */
static const uint16_t codes[] = {730, 730, B, B, B, B, A, 730, 0, 100, B, 9999};
static const uint8_t employed[] = {0, 1, 1, 0, 0, 0};

static const struct {
  int32_t person, week, to, code; /* to: 0 is open */
} with_months[] = {{0, 0, 2, 730}, {0, 2, 0, 100}, {1, 0, 1, 100}, {1, 1, 2, 0},   {1, 3, 0, 730},
                   {2, 0, 1, 0},   {2, 1, 2, 100}, {2, 2, 3, 0},   {2, 3, 0, 9999}};

START_TEST(test_spells)
{
  fm_error err = FM_ERROR_INIT;
  int32_t monday = fm_date_from_ymd(2021, 1, 25), month = fm_date_from_ymd(2021, 1, 1);
  int32_t person[16], start[16], end[16], code[16];
  size_t n = 0;
  fm_assert_ok(fm_dream_spells(&n, NULL, NULL, NULL, NULL, codes, 3, 4, monday, employed, 2, month, &err), &err);
  ck_assert_uint_eq(n, FM_COUNT(with_months));
  fm_assert_ok(fm_dream_spells(&n, person, start, end, code, codes, 3, 4, monday, employed, 2, month, &err), &err);
  ck_assert_uint_eq(n, FM_COUNT(with_months));
  for (size_t i = 0; i < n; i++) {
    ck_assert_int_eq(person[i], with_months[i].person);
    ck_assert_int_eq(start[i], monday + 7 * with_months[i].week);
    ck_assert_int_eq(end[i], with_months[i].to == 0 ? FM_SPELL_OPEN : monday + 7 * with_months[i].to);
    ck_assert_int_eq(code[i], with_months[i].code);
  }
  /* nothing is known of work; then only of January */
  fm_assert_ok(fm_dream_spells(&n, NULL, NULL, NULL, code, codes, 1, 4, monday, NULL, 0, 0, &err), &err);
  ck_assert_uint_eq(n, 2);
  ck_assert_int_eq(code[1], N);
  fm_assert_ok(fm_dream_spells(&n, NULL, start, NULL, code, codes + 4, 1, 3, monday, employed + 2, 1, month, &err),
               &err);
  ck_assert_uint_eq(n, 2); /* 100, not known, and a week that is absent */
  ck_assert_int_eq(code[0], 100);
  ck_assert_int_eq(code[1], N);
  fm_assert_ok(fm_dream_spells(&n, NULL, NULL, NULL, NULL, NULL, 0, 4, monday, NULL, 0, 0, &err), &err);
  ck_assert_uint_eq(n, 0);
}
END_TEST

START_TEST(test_refused)
{
  static const uint16_t wrong[] = {1, 2, 10000};
  static const uint8_t twice[] = {2};
  int32_t monday = fm_date_from_ymd(2021, 1, 25);
  fm_error err = FM_ERROR_INIT;
  size_t n;
  ck_assert_int_eq(fm_dream_spells(&n, NULL, NULL, NULL, NULL, codes, 1, 4, monday + 1, NULL, 0, 0, &err),
                   FM_ERR_ARGUMENT);
  static const int32_t no_days[] = {INT32_MIN, INT32_MIN + 7, INT32_MAX - 6, INT32_MAX};
  for (int i = 0; i < FM_COUNT(no_days); i++)
    for (int32_t k = 0; k < 7; k++) { /* one of seven would be a Monday */
      int32_t day = no_days[i] > 0 ? no_days[i] - k : no_days[i] + k;
      fm_error_clear(&err);
      ck_assert_int_eq(fm_dream_spells(&n, NULL, NULL, NULL, NULL, codes, 1, 4, day, NULL, 0, 0, &err),
                       FM_ERR_ARGUMENT);
    }
  fm_error_clear(&err);
  ck_assert_int_eq(fm_dream_spells(&n, NULL, NULL, NULL, NULL, NULL, 1, 4, monday, NULL, 0, 0, &err), FM_ERR_ARGUMENT);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_dream_spells(&n, NULL, NULL, NULL, NULL, codes, 1, 4, monday, employed, 2, monday, &err),
                   FM_ERR_ARGUMENT);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_dream_spells(&n, NULL, NULL, NULL, NULL, codes, 1, 1 << 20, monday, NULL, 0, 0, &err),
                   FM_ERR_LIMIT);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_dream_spells(&n, NULL, NULL, NULL, NULL, wrong, 3, 1, monday, NULL, 0, 0, &err), FM_ERR_VALUE);
  ck_assert_int_eq(err.row, 2);
  fm_error_clear(&err);
  ck_assert_int_eq(
      fm_dream_spells(&n, NULL, NULL, NULL, NULL, codes, 1, 1, monday, twice, 1, fm_date_from_ymd(2021, 1, 1), &err),
      FM_ERR_VALUE);
}
END_TEST

static fm_status run(void *ctx, fm_error *err)
{
  size_t n;
  (void)ctx;
  return fm_dream_spells(&n, NULL, NULL, NULL, NULL, codes, 3, 4, fm_date_from_ymd(2021, 1, 25), employed, 2,
                         fm_date_from_ymd(2021, 1, 1), err);
}

START_TEST(test_memory)
{
  ck_assert_int_eq(fm_test_allocations(run, NULL), 2);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("matrix");
  TCase *tcase = tcase_create("matrix");
  tcase_add_test(tcase, test_spells);
  tcase_add_test(tcase, test_refused);
  tcase_add_test(tcase, test_memory);
  suite_add_tcase(suite, tcase);
  return fm_test_main(suite);
}
