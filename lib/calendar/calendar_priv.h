/* Dates for readers that parse millions of cells: no error struct, no pattern work per cell. */
#ifndef FM_CALENDAR_PRIV_H
#define FM_CALENDAR_PRIV_H

#include "base/base_priv.h"
#include "flexmetrics/calendar.h"

#define FM__DATE_MIN (-719162) /* 0001-01-01 */
#define FM__DATE_MAX 2932896   /* 9999-12-31 */

/* True for a day number of the years 1 to 9999. */
static inline bool fm__date_is_valid(int32_t date)
{
  return date >= FM__DATE_MIN && date <= FM__DATE_MAX;
}

/* Ten bytes YYYY-MM-DD as a date; FM_NO_DATE when they are of another form or there is no such day. */
int32_t fm__date_parse_iso(const char *ten);

/* A date pattern made ready: where the fields start, and what must stand between them. */
#define FM__DATE_PATTERN_MAX 63
typedef struct fm__date_pattern {
  size_t length, year_at, month_at, day_at;
  bool is_iso;                         /* YYYY-MM-DD */
  char text[FM__DATE_PATTERN_MAX + 1]; /* field bytes are NUL, the others must be met */
} fm__date_pattern;

/* NULL is YYYY-MM-DD. FM_ERR_ARGUMENT: not DD, MM and YYYY once each, or longer than FM__DATE_PATTERN_MAX. */
fm_status fm__date_pattern_compile(fm__date_pattern *out, const char *pattern, fm_error *err);

/* FM_OK and the date, or FM_NO_DATE with FM_ERR_FORMAT (another form) or FM_ERR_VALUE (no such day). */
fm_status fm__date_pattern_apply(int32_t *out, const fm__date_pattern *pattern, const char *text, size_t length);

#endif
