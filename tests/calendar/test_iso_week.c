#include "support/support.h"

#include <string.h>

/* Steps through all days once: Monday to Sunday, 52 or 53 weeks, and back from each Monday. */
START_TEST(every_day)
{
  int32_t first = fm_date_from_ymd(1, 1, 1), last = fm_date_from_ymd(9999, 12, 31);
  int32_t weekday = 1, iso_year = 1, iso_week = 1, year, week;
  for (int32_t date = first; date <= last; date++) {
    fm_date_to_iso_week(date, &year, &week);
    if (fm_date_weekday(date) != weekday || year != iso_year || week != iso_week)
      ck_abort_msg("day %d: got %d-W%d-%d, expected %d-W%d-%d", date, year, week, fm_date_weekday(date), iso_year,
                   iso_week, weekday);
    if (weekday == 1)
      ck_assert_int_eq(fm_date_from_iso_week(iso_year, iso_week), date);
    if (++weekday == 8) {
      weekday = 1;
      if (++iso_week > fm_iso_weeks_in_year(iso_year)) {
        iso_week = 1;
        iso_year++;
      }
    }
  }
  ck_assert_int_eq(iso_year, 9999);
}
END_TEST

/* An ISO year is long when 1 January is a Thursday, or a Wednesday of a leap year. */
START_TEST(long_years)
{
  for (int32_t y = 1; y <= 9999; y++) {
    int32_t weekday = fm_date_weekday(fm_date_from_ymd(y, 1, 1));
    bool leap = fm_date_from_ymd(y, 2, 29) != FM_NO_DATE;
    ck_assert_int_eq(fm_iso_weeks_in_year(y), weekday == 4 || (weekday == 3 && leap) ? 53 : 52);
  }
}
END_TEST

START_TEST(oracle)
{
  fm_oracle *o = fm_oracle_open("calendar/iso_week_years.csv");
  fm_error err = FM_ERROR_INIT;
  ck_assert_uint_eq(fm_oracle_n_rows(o), 50);
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    int32_t y = (int32_t)fm_oracle_number(o, i, "iso_year"), weeks = (int32_t)fm_oracle_number(o, i, "weeks");
    int32_t monday, sunday;
    fm_assert_ok(fm_date_parse(&monday, fm_oracle_text(o, i, "first_monday"), 10, NULL, &err), &err);
    fm_assert_ok(fm_date_parse(&sunday, fm_oracle_text(o, i, "last_sunday"), 10, NULL, &err), &err);
    ck_assert_int_eq(fm_iso_weeks_in_year(y), weeks);
    ck_assert_int_eq(fm_date_from_iso_week(y, 1), monday);
    ck_assert_int_eq(fm_date_from_iso_week(y, weeks) + 6, sunday);
  }
  fm_oracle_close(o);
}
END_TEST

START_TEST(months_of_weeks)
{
  static const struct {
    int32_t year, week, month_year, month;
  } row[] = {
      {2020, 53, 2020, 12}, /* Thursday 31 December 2020 */
      {2021, 1, 2021, 1},   /* Thursday 7 January 2021 */
      {2020, 1, 2020, 1},   /* Monday 30 December 2019, Thursday 2 January 2020 */
      {2021, 5, 2021, 2},   /* Monday 1 February 2021 */
      {2021, 17, 2021, 4},  /* Monday 26 April, Thursday 29 April 2021 */
      {2021, 13, 2021, 4},  /* Monday 29 March, Thursday 1 April 2021 */
  };
  for (int i = 0; i < FM_COUNT(row); i++)
    ck_assert_int_eq(fm_iso_week_month(row[i].year, row[i].week), fm_date_from_ymd(row[i].month_year, row[i].month, 1));
}
END_TEST

START_TEST(no_such_week)
{
  static const int32_t row[][2] = {{2021, 53}, {2021, 0},  {2020, 54},     {2020, -1},
                                   {0, 1},     {10000, 1}, {INT32_MIN, 1}, {2020, INT32_MAX}};
  for (int i = 0; i < FM_COUNT(row); i++) {
    ck_assert_int_eq(fm_date_from_iso_week(row[i][0], row[i][1]), FM_NO_DATE);
    ck_assert_int_eq(fm_iso_week_month(row[i][0], row[i][1]), FM_NO_DATE);
  }
  ck_assert_int_eq(fm_iso_weeks_in_year(0), 0);
  ck_assert_int_eq(fm_iso_weeks_in_year(10000), 0);
  int32_t year = 7, week = 7;
  fm_date_to_iso_week(FM_NO_DATE, &year, &week);
  ck_assert_int_eq(year, 0);
  ck_assert_int_eq(week, 0);
  fm_date_to_iso_week(0, NULL, NULL);
}
END_TEST

/* The person of the retention example: 3 months after 30 November 2020 is the Sunday of 2021-W08. */
START_TEST(milestones)
{
  static const struct {
    int32_t months, year, week, weekday;
  } row[] = {{3, 2021, 8, 7}, {6, 2021, 21, 7}, {12, 2021, 48, 2}};
  int32_t start = fm_date_from_ymd(2020, 11, 30), year, week;
  ck_assert_int_eq(fm_date_from_iso_week(2020, 49), start);
  for (int i = 0; i < FM_COUNT(row); i++) {
    int32_t at = fm_date_add_months(start, row[i].months);
    fm_date_to_iso_week(at, &year, &week);
    ck_assert_int_eq(year, row[i].year);
    ck_assert_int_eq(week, row[i].week);
    ck_assert_int_eq(fm_date_weekday(at), row[i].weekday);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("calendar-iso_week");
  TCase *tests = tcase_create("iso_week");
  tcase_add_test(tests, every_day);
  tcase_add_test(tests, long_years);
  tcase_add_test(tests, oracle);
  tcase_add_test(tests, months_of_weeks);
  tcase_add_test(tests, no_such_week);
  tcase_add_test(tests, milestones);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
