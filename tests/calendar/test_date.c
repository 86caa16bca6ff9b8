#include "support/support.h"

#include <math.h>

#define FIRST (-719162) /* 0001-01-01 */
#define LAST 2932896    /* 9999-12-31 */

static bool leap(int y)
{
  return (y % 4 == 0) != (y % 100 == 0) || y % 400 == 0;
}

static int month_length(int y, int m)
{
  if (m == 2)
    return leap(y) ? 29 : 28;
  return m == 4 || m == 6 || m == 9 || m == 11 ? 30 : 31;
}

/* A second calendar that only ever steps to the next day. */
START_TEST(every_day)
{
  int y = 1, m = 1, d = 1;
  int32_t year, month, day;
  for (int32_t date = FIRST; date <= LAST; date++) {
    fm_date_to_ymd(date, &year, &month, &day);
    if (year != y || month != m || day != d || fm_date_from_ymd(y, m, d) != date)
      ck_abort_msg("day %d: got %d-%d-%d, expected %d-%d-%d = %d", date, year, month, day, y, m, d,
                   fm_date_from_ymd(y, m, d));
    if (d < month_length(y, m)) {
      d++;
    } else {
      d = 1;
      y += m == 12;
      m = m == 12 ? 1 : m + 1;
    }
  }
  ck_assert_int_eq(y, 10000);
}
END_TEST

START_TEST(anchors)
{
  static const struct {
    int32_t y, m, d, date;
  } row[] = {
      {1970, 1, 1, 0},      {1969, 12, 31, -1},    {2000, 2, 29, 11016},  {2000, 3, 1, 11017},
      {1, 1, 1, FIRST},     {9999, 12, 31, LAST},  {1900, 2, 28, -25509}, {1900, 3, 1, -25508},
      {2024, 2, 29, 19782}, {2020, 11, 30, 18596}, {1991, 7, 29, 7879},
  };
  for (int i = 0; i < FM_COUNT(row); i++)
    ck_assert_int_eq(fm_date_from_ymd(row[i].y, row[i].m, row[i].d), row[i].date);
}
END_TEST

START_TEST(no_such_day)
{
  static const int32_t row[][3] = {
      {2023, 2, 29},        {2023, 2, 30},
      {2024, 2, 30},        {1900, 2, 29},
      {2023, 4, 31},        {2023, 6, 31},
      {2023, 9, 31},        {2023, 11, 31},
      {2023, 1, 32},        {2023, 13, 1},
      {2023, 0, 1},         {2023, 1, 0},
      {2023, 1, -1},        {0, 12, 31},
      {-1, 1, 1},           {10000, 1, 1},
      {INT32_MAX, 1, 1},    {INT32_MIN, 1, 1},
      {2023, -1, 10},       {2023, 1, INT32_MAX},
      {2023, INT32_MAX, 1}, {2023, INT32_MIN, INT32_MIN},
  };
  for (int i = 0; i < FM_COUNT(row); i++)
    ck_assert_msg(fm_date_from_ymd(row[i][0], row[i][1], row[i][2]) == FM_NO_DATE, "%d-%d-%d", row[i][0], row[i][1],
                  row[i][2]);
}
END_TEST

START_TEST(no_date)
{
  static const int32_t row[] = {FM_NO_DATE, FIRST - 1, LAST + 1, INT32_MAX};
  for (int i = 0; i < FM_COUNT(row); i++) {
    int32_t y = 7, m = 7, d = 7;
    char text[11] = "x";
    fm_date_to_ymd(row[i], &y, &m, &d);
    ck_assert_int_eq(y, 0);
    ck_assert_int_eq(m, 0);
    ck_assert_int_eq(d, 0);
    fm_date_format(text, row[i]);
    ck_assert_str_eq(text, "");
    ck_assert_int_eq(fm_date_add_months(row[i], 0), FM_NO_DATE);
    ck_assert_int_eq(fm_date_weekday(row[i]), 0);
    ck_assert(isnan(fm_date_to_decimal_year(row[i])));
  }
  fm_date_to_ymd(0, NULL, NULL, NULL);
}
END_TEST

START_TEST(format)
{
  static const struct {
    int32_t y, m, d;
    const char *text;
  } row[] = {
      {2020, 11, 30, "2020-11-30"}, {1, 1, 1, "0001-01-01"}, {9999, 12, 31, "9999-12-31"}, {987, 6, 5, "0987-06-05"}};
  for (int i = 0; i < FM_COUNT(row); i++) {
    char text[11];
    fm_date_format(text, fm_date_from_ymd(row[i].y, row[i].m, row[i].d));
    ck_assert_str_eq(text, row[i].text);
  }
}
END_TEST

START_TEST(add_months)
{
  static const struct {
    const char *label;
    int32_t from[3], months, to[3];
  } row[] = {
      {"3 months after a placement of 30 November: clipped", {2020, 11, 30}, 3, {2021, 2, 28}},
      {"6 months", {2020, 11, 30}, 6, {2021, 5, 30}},
      {"12 months", {2020, 11, 30}, 12, {2021, 11, 30}},
      {"clipped to a leap day", {2023, 11, 30}, 3, {2024, 2, 29}},
      {"31 to a month of 30", {2024, 3, 31}, 1, {2024, 4, 30}},
      {"31 to 31", {2024, 7, 31}, 1, {2024, 8, 31}},
      {"leap day plus a year", {2024, 2, 29}, 12, {2025, 2, 28}},
      {"leap day plus four years", {2024, 2, 29}, 48, {2028, 2, 29}},
      {"end of the year", {2024, 12, 15}, 1, {2025, 1, 15}},
      {"nothing", {2024, 12, 31}, 0, {2024, 12, 31}},
      {"back over the year", {2024, 1, 31}, -1, {2023, 12, 31}},
      {"back and clipped", {2024, 3, 31}, -1, {2024, 2, 29}},
      {"back 25", {2024, 3, 31}, -25, {2022, 2, 28}},
      {"first month", {1, 2, 28}, -1, {1, 1, 28}},
      {"last month", {9999, 11, 30}, 1, {9999, 12, 30}},
  };
  for (int i = 0; i < FM_COUNT(row); i++) {
    int32_t from = fm_date_from_ymd(row[i].from[0], row[i].from[1], row[i].from[2]);
    int32_t y, m, d;
    fm_date_to_ymd(fm_date_add_months(from, row[i].months), &y, &m, &d);
    ck_assert_msg(y == row[i].to[0] && m == row[i].to[1] && d == row[i].to[2], "%s: got %d-%d-%d", row[i].label, y, m,
                  d);
  }
  ck_assert_int_eq(fm_date_add_months(fm_date_from_ymd(1, 1, 31), -1), FM_NO_DATE);
  ck_assert_int_eq(fm_date_add_months(fm_date_from_ymd(9999, 12, 1), 1), FM_NO_DATE);
  ck_assert_int_eq(fm_date_add_months(0, INT32_MAX), FM_NO_DATE);
  ck_assert_int_eq(fm_date_add_months(0, INT32_MIN), FM_NO_DATE);
}
END_TEST

/* From the first of a month, k months on and back is where one started, and months tile the calendar. */
START_TEST(months_tile)
{
  int32_t at = FIRST;
  for (int k = 1; k < 9999 * 12; k++) {
    int32_t next = fm_date_add_months(FIRST, k), length = next - at;
    ck_assert(length >= 28 && length <= 31);
    ck_assert_int_eq(fm_date_add_months(next, -k), FIRST);
    ck_assert_int_eq(fm_date_add_months(next - 1, 0), next - 1);
    at = next;
  }
}
END_TEST

START_TEST(decimal_year)
{
  fm_assert_close("1 January", fm_date_to_decimal_year(fm_date_from_ymd(2023, 1, 1)), 2023, 0, 0);
  fm_assert_close("31 December", fm_date_to_decimal_year(fm_date_from_ymd(2023, 12, 31)), 2023 + 364.0 / 365, 0, 0);
  fm_assert_close("leap year", fm_date_to_decimal_year(fm_date_from_ymd(2024, 12, 31)), 2024 + 365.0 / 366, 0, 0);
  fm_assert_close("half", fm_date_to_decimal_year(fm_date_from_ymd(2024, 7, 2)), 2024.5, 0, 0);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("calendar-date");
  TCase *tests = tcase_create("date");
  tcase_add_test(tests, every_day);
  tcase_add_test(tests, anchors);
  tcase_add_test(tests, no_such_day);
  tcase_add_test(tests, no_date);
  tcase_add_test(tests, format);
  tcase_add_test(tests, add_months);
  tcase_add_test(tests, months_tile);
  tcase_add_test(tests, decimal_year);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
