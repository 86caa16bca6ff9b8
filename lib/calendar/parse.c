#include "calendar/calendar_priv.h"

#include <string.h>

static const char iso_pattern[] = "YYYY-MM-DD";

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

/* Whole number of `width` digits; -1 when one of them is not a digit. */
static int32_t number(const char *text, size_t width)
{
  int32_t n = 0;
  uint32_t bad = 0;
  for (size_t i = 0; i < width; i++) {
    uint32_t digit = (uint32_t)(unsigned char)text[i] - '0';
    bad |= digit > 9;
    n = n * 10 + (int32_t)(digit & 15);
  }
  return bad != 0 ? -1 : n;
}

/* All three fields read as one number each, judged at the end by one test; -1 means a byte of another form. */
static int32_t parse_iso(const char *ten, bool *is_form)
{
  int32_t year = number(ten, 4), month = number(ten + 5, 2), day = number(ten + 8, 2);
  *is_form = (year | month | day) >= 0 && ten[4] == '-' && ten[7] == '-';
  return *is_form ? fm_date_from_ymd(year, month, day) : FM_NO_DATE;
}

int32_t fm__date_parse_iso(const char *ten)
{
  bool is_form;
  return parse_iso(ten, &is_form);
}

/* Takes one field when it starts at `p`; 0 when it does not, -1 when it was there before. */
static int field(fm__date_pattern *out, const char *pattern, size_t p, const char *name, size_t *at, bool *given)
{
  size_t width = strlen(name);
  if (strncmp(pattern + p, name, width) != 0)
    return 0;
  if (*given)
    return -1;
  *given = true;
  *at = p;
  memset(out->text + p, 0, width);
  return (int)width;
}

fm_status fm__date_pattern_compile(fm__date_pattern *out, const char *pattern, fm_error *err)
{
  bool year = false, month = false, day = false;
  memset(out, 0, sizeof *out);
  if (pattern == NULL)
    pattern = iso_pattern;
  out->length = strlen(pattern);
  if (out->length > FM__DATE_PATTERN_MAX)
    return fm__fail(err, FM_ERR_ARGUMENT, "a date pattern has at most %d bytes, not %zu", FM__DATE_PATTERN_MAX,
                    out->length);
  for (size_t p = 0; p < out->length;) {
    int taken = field(out, pattern, p, "YYYY", &out->year_at, &year);
    if (taken == 0)
      taken = field(out, pattern, p, "MM", &out->month_at, &month);
    if (taken == 0)
      taken = field(out, pattern, p, "DD", &out->day_at, &day);
    if (taken < 0 || (taken == 0 && strchr("YMD", pattern[p]) != NULL))
      return fm__fail(err, FM_ERR_ARGUMENT,
                      "the date pattern \"%s\" must have YYYY, MM and DD once each; byte %zu does not fit", pattern, p);
    if (taken == 0)
      out->text[p] = pattern[p];
    p += taken > 0 ? (size_t)taken : 1;
  }
  if (!year || !month || !day)
    return fm__fail(err, FM_ERR_ARGUMENT, "the date pattern \"%s\" has no %s", pattern,
                    !year    ? "YYYY"
                    : !month ? "MM"
                             : "DD");
  out->is_iso = strcmp(pattern, iso_pattern) == 0;
  return FM_OK;
}

fm_status fm__date_pattern_apply(int32_t *out, const fm__date_pattern *pattern, const char *text, size_t length)
{
  bool is_form = false;
  *out = FM_NO_DATE;
  if (length != pattern->length)
    return FM_ERR_FORMAT;
  if (pattern->is_iso) {
    *out = parse_iso(text, &is_form);
  } else {
    for (size_t i = 0; i < length; i++)
      if (pattern->text[i] != '\0' && pattern->text[i] != text[i])
        return FM_ERR_FORMAT;
    int32_t year = number(text + pattern->year_at, 4), month = number(text + pattern->month_at, 2),
            day = number(text + pattern->day_at, 2);
    is_form = (year | month | day) >= 0;
    if (is_form)
      *out = fm_date_from_ymd(year, month, day);
  }
  if (!is_form)
    return FM_ERR_FORMAT;
  return *out == FM_NO_DATE ? FM_ERR_VALUE : FM_OK;
}

/* A Danish personal number has ten digits (nine when the leading zero was lost) and begins with a date: such a cell
 * in a date column must not end up in a log. */
static bool may_be_personal_number(const char *text, size_t length)
{
  size_t n_digits = 0;
  for (size_t i = 0; i < length; i++)
    n_digits += is_digit(text[i]);
  return n_digits == 9 || n_digits == 10;
}

fm_status fm_date_parse(int32_t *out, const char *text, size_t length, const char *pattern, fm_error *err)
{
  fm__date_pattern ready;
  *out = FM_NO_DATE;
  if (pattern == NULL && length == 10 && text != NULL && (*out = fm__date_parse_iso(text)) != FM_NO_DATE)
    return FM_OK;
  fm_status status = fm__date_pattern_compile(&ready, pattern, err);
  if (status != FM_OK)
    return status;
  if (text == NULL && length > 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "the text of a date is NULL but its length is %zu", length);
  status = fm__date_pattern_apply(out, &ready, text, length);
  if (status == FM_OK)
    return FM_OK;
  fm__fail(err, status,
           status == FM_ERR_VALUE ? "there is no such day; expected a date as %s" : "expected a date as %s",
           pattern != NULL ? pattern : iso_pattern);
  if (!may_be_personal_number(text, length))
    fm__error_value(err, text, length);
  return status;
}
