#include "calendar/calendar_priv.h"

#include <math.h>

/* Years start on 1 March here, so that the leap day comes last. Day 0 is 0000-03-01. */
#define DAYS_TO_1970 719468
#define DAYS_IN_400_YEARS 146097

static bool is_leap(int32_t year)
{
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int32_t days_in_month(int32_t year, int32_t month)
{
  static const uint8_t days[13] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : days[month];
}

int32_t fm_date_from_ymd(int32_t year, int32_t month, int32_t day)
{
  static const uint16_t days_before[13] = {0, 306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275}; /* since March */
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
    return FM_NO_DATE;
  if (day > 28 && day > days_in_month(year, month))
    return FM_NO_DATE;
  int32_t y = year - (month < 3), century = y / 100;
  return y * 365 + y / 4 - century + century / 4 + days_before[month] + day - 1 - DAYS_TO_1970;
}

/* Neri and Schneider, "Euclidean affine functions and their application to calendar algorithms", Software: Practice
 * and Experience 53 (2023), 937-970: quotients by multiplication and shift. */
void fm_date_to_ymd(int32_t date, int32_t *year, int32_t *month, int32_t *day)
{
  int32_t y = 0, m = 0, d = 0;
  if (fm__date_is_valid(date)) {
    uint32_t n = 4 * (uint32_t)(date + DAYS_TO_1970) + 3;
    uint32_t century = n / DAYS_IN_400_YEARS;
    uint64_t p = UINT64_C(2939745) * (n % DAYS_IN_400_YEARS | 3);
    uint32_t day_of_year = (uint32_t)p / 2939745 / 4;
    uint32_t q = 2141 * day_of_year + 197913;
    bool next_year = day_of_year >= 306;
    y = (int32_t)(100 * century + (uint32_t)(p >> 32)) + next_year;
    m = (int32_t)(q >> 16) - (next_year ? 12 : 0);
    d = (int32_t)((q & 0xffff) / 2141) + 1;
  }
  if (year != NULL)
    *year = y;
  if (month != NULL)
    *month = m;
  if (day != NULL)
    *day = d;
}

void fm_date_format(char *out, int32_t date)
{
  int32_t y, m, d;
  out[0] = '\0';
  if (!fm__date_is_valid(date))
    return;
  fm_date_to_ymd(date, &y, &m, &d);
  out[0] = (char)('0' + y / 1000);
  out[1] = (char)('0' + y / 100 % 10);
  out[2] = (char)('0' + y / 10 % 10);
  out[3] = (char)('0' + y % 10);
  out[4] = '-';
  out[5] = (char)('0' + m / 10);
  out[6] = (char)('0' + m % 10);
  out[7] = '-';
  out[8] = (char)('0' + d / 10);
  out[9] = (char)('0' + d % 10);
  out[10] = '\0';
}

int32_t fm_date_add_months(int32_t date, int32_t months)
{
  int32_t y, m, d;
  if (!fm__date_is_valid(date))
    return FM_NO_DATE;
  fm_date_to_ymd(date, &y, &m, &d);
  int64_t total = (int64_t)y * 12 + (m - 1) + months;
  if (total < 12 || total > 9999 * 12 + 11)
    return FM_NO_DATE;
  y = (int32_t)(total / 12);
  m = (int32_t)(total % 12) + 1;
  int32_t last = days_in_month(y, m);
  return fm_date_from_ymd(y, m, d < last ? d : last);
}

double fm_date_to_decimal_year(int32_t date)
{
  int32_t y;
  if (!fm__date_is_valid(date))
    return (double)NAN;
  fm_date_to_ymd(date, &y, NULL, NULL);
  return y + (double)(date - fm_date_from_ymd(y, 1, 1)) / (is_leap(y) ? 366 : 365);
}
