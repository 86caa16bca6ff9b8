/**
 * @file calendar.h
 * Dates as day numbers, ISO weeks, months with end-of-month clipping. No time zones, no locale.
 *
 * A date is the number of days since 1970-01-01 in the proleptic Gregorian calendar, years 1 to 9999. Any other day
 * number is no date: calls give FM_NO_DATE, 0, "" or NaN for it. Intervals are half-open in the library (start,
 * end + 1 of the closed interval in a file).
 */
#ifndef FLEXMETRICS_CALENDAR_H
#define FLEXMETRICS_CALENDAR_H

#include "flexmetrics/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/** No date: what a call gives for an impossible one. */
#define FM_NO_DATE INT32_MIN

/** Day number of a date; FM_NO_DATE when there is no such day (30 February, month 13, year 0). */
FM_API int32_t fm_date_from_ymd(int32_t year, int32_t month, int32_t day);

/** Year, month (1-12) and day (1-31) of a day number; outputs may be NULL; FM_NO_DATE gives 0, 0, 0. */
FM_API void fm_date_to_ymd(int32_t date, int32_t *year, int32_t *month, int32_t *day);

/** Reads `length` bytes as a date in `pattern`: DD, MM, YYYY (exactly that many digits) and literal characters, such
 *  as "YYYY-MM-DD" (NULL) or "DD-MM-YYYY". FM_ERR_FORMAT: not of that form; FM_ERR_VALUE: no such day;
 *  FM_ERR_ARGUMENT: pattern without year, month and day once each. A text of 9 or 10 digits, which may be a personal
 *  number, is not copied into the error. */
FM_API FM_NODISCARD fm_status fm_date_parse(int32_t *out, const char *text, size_t length, const char *pattern,
                                            fm_error *err);

/** Writes YYYY-MM-DD and a NUL into `out` (11 bytes); "" for FM_NO_DATE. */
FM_API void fm_date_format(char *out, int32_t date);

/** `months` (may be negative) calendar months after `date`; the day is clipped to the end of the target month:
 *  30 November plus 3 months is 28 or 29 February. FM_NO_DATE when the result leaves the years 1 to 9999. */
FM_API int32_t fm_date_add_months(int32_t date, int32_t months);

/** Day of the week, 1 Monday to 7 Sunday; 0 for FM_NO_DATE. */
FM_API int32_t fm_date_weekday(int32_t date);

/** ISO year and week (1-53) of a date; outputs may be NULL. */
FM_API void fm_date_to_iso_week(int32_t date, int32_t *iso_year, int32_t *iso_week);

/** Monday of an ISO week; FM_NO_DATE when the year has no such week. */
FM_API int32_t fm_date_from_iso_week(int32_t iso_year, int32_t iso_week);

/** Weeks in an ISO year: 52 or 53; 0 outside the years 1 to 9999. */
FM_API int32_t fm_iso_weeks_in_year(int32_t iso_year);

/** First day of the month that holds the Thursday of the ISO week (the month a weekly code belongs to). */
FM_API int32_t fm_iso_week_month(int32_t iso_year, int32_t iso_week);

/** A date as a decimal year: year + (day of the year - 1) / days in the year. */
FM_API double fm_date_to_decimal_year(int32_t date);

#ifdef __cplusplus
}
#endif
#endif
