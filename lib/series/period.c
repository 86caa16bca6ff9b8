/* Time codes of Jobindsats and StatBank. */
#include "series/series_priv.h"

#include <string.h>

static int32_t number(const char *t, size_t n)
{
  int32_t v = 0;
  for (size_t i = 0; i < n; i++) {
    if (t[i] < '0' || t[i] > '9')
      return -1;
    v = 10 * v + (t[i] - '0');
  }
  return v;
}

typedef struct form {
  const char *letters, *kind;
  size_t digits;
  int32_t most, months; /* largest number; months of a period, 0: not of months */
} form;

/* In the order in which they are tried. */
static const form forms[] = {{"", "year", 0, 0, 12},
                             {"H", "half_year", 1, 2, 6},
                             {"Q", "quarter", 1, 4, 3},
                             {"K", "quarter", 1, 4, 3},
                             {"QMAT", "rolling_quarter", 2, 12, 0},
                             {"M", "month", 2, 12, 1},
                             {"U", "week", 2, 53, 0},
                             {"W", "week", 2, 53, 0}};

/* Of a month, or of months that end in December: their last day is found without the next year, which is none after
 * the year 9999. */
static void span_months(int32_t year, int32_t first_month, int32_t months, int32_t *start, int32_t *end)
{
  int32_t last_month = first_month + months - 1;
  *start = fm_date_from_ymd(year, first_month, 1);
  *end = fm_date_from_ymd(year, last_month, last_month == 12 ? 31 : 1);
  if (last_month < 12 && *start != FM_NO_DATE)
    *end = fm_date_add_months(*start, months) - 1;
}

static void span(const form *f, int32_t year, int32_t n, int32_t *start, int32_t *end)
{
  if (f->months > 0) {
    span_months(year, f->digits > 0 ? (n - 1) * f->months + 1 : 1, f->months, start, end);
  } else if (strcmp(f->kind, "rolling_quarter") == 0) {
    span_months(year, n, 1, start, end);
    *start = *start == FM_NO_DATE ? FM_NO_DATE : fm_date_add_months(*start, -2);
  } else {
    *start = fm_date_from_iso_week(year, n);
    *end = *start == FM_NO_DATE || fm_date_weekday(*start + 6) == 0 ? FM_NO_DATE : *start + 6;
  }
}

static bool match(const form *f, const char *text, size_t length)
{
  size_t n = strlen(f->letters);
  return length == 4 + n + f->digits && memcmp(text + 4, f->letters, n) == 0 && number(text + 4 + n, f->digits) >= 0;
}

fm_status fm_series_period(int32_t *start, int32_t *end, const char **kind, const char *text, size_t length,
                           fm_error *err)
{
  int32_t from = FM_NO_DATE, to = FM_NO_DATE, day = 0;
  const form *f = NULL;
  bool has_day = text != NULL && length == 10 && text[7] == 'D' && number(text + 8, 2) >= 0; /* 1982M12D09 */
  size_t rest = has_day ? 7 : length;
  if (text != NULL && length >= 4 && number(text, 4) >= 0)
    for (size_t k = 0; k < FM__COUNT(forms) && f == NULL; k++)
      f = match(&forms[k], text, rest) ? &forms[k] : NULL;
  if (f == NULL || (has_day && f->letters[0] != 'M'))
    return fm__fail(err, FM_ERR_FORMAT, "not a time code; expected one such as 2024, 2024H1, 2024Q1, 2024M03, 2024U27");
  int32_t n = f->digits > 0 ? number(text + rest - f->digits, f->digits) : 1;
  if (n >= 1 && n <= (f->digits > 0 ? f->most : 1))
    span(f, number(text, 4), n, &from, &to);
  if (has_day && from != FM_NO_DATE && to != FM_NO_DATE) {
    day = number(text + 8, 2);
    int32_t last = to - from + 1;
    from = day >= 1 && day <= last ? from + day - 1 : FM_NO_DATE;
    to = from;
  }
  if (from == FM_NO_DATE || to == FM_NO_DATE)
    return fm__fail(err, FM_ERR_VALUE, "there is no such period");
  if (start != NULL)
    *start = from;
  if (end != NULL)
    *end = to;
  if (kind != NULL)
    *kind = has_day ? "day" : f->kind;
  return FM_OK;
}
