#include "calendar/calendar_priv.h"

/* ISO 8601: weeks run Monday to Sunday and belong to the year of their Thursday. */

/* Day 0, 1970-01-01, was a Thursday; the offset is a multiple of 7 that keeps the sum positive. */
int32_t fm_date_weekday(int32_t date)
{
  return fm__date_is_valid(date) ? (date + 7 * 102738 + 3) % 7 + 1 : 0;
}

static int32_t monday_of(int32_t date)
{
  return date - (fm_date_weekday(date) - 1);
}

/* Monday of week 1: the week that holds 4 January. */
static int32_t first_monday(int32_t iso_year)
{
  return monday_of(fm_date_from_ymd(iso_year, 1, 4));
}

void fm_date_to_iso_week(int32_t date, int32_t *iso_year, int32_t *iso_week)
{
  int32_t y = 0, w = 0;
  if (fm__date_is_valid(date)) {
    /* 0001-01-01 is a Monday and 9999-12-31 a Friday: every Thursday lies inside the calendar. */
    int32_t thursday = monday_of(date) + 3;
    fm_date_to_ymd(thursday, &y, NULL, NULL);
    w = (thursday - fm_date_from_ymd(y, 1, 1)) / 7 + 1;
  }
  if (iso_year != NULL)
    *iso_year = y;
  if (iso_week != NULL)
    *iso_week = w;
}

int32_t fm_iso_weeks_in_year(int32_t iso_year)
{
  int32_t last = fm_date_from_ymd(iso_year, 12, 28), week; /* always in the last week */
  fm_date_to_iso_week(last, NULL, &week);
  return week;
}

int32_t fm_date_from_iso_week(int32_t iso_year, int32_t iso_week)
{
  if (iso_week < 1 || iso_week > fm_iso_weeks_in_year(iso_year))
    return FM_NO_DATE;
  return first_monday(iso_year) + 7 * (iso_week - 1);
}

int32_t fm_iso_week_month(int32_t iso_year, int32_t iso_week)
{
  int32_t monday = fm_date_from_iso_week(iso_year, iso_week), y, m;
  if (monday == FM_NO_DATE)
    return FM_NO_DATE;
  fm_date_to_ymd(monday + 3, &y, &m, NULL);
  return fm_date_from_ymd(y, m, 1);
}
