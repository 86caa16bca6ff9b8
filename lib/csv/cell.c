/* One cell as a value. The common form of a number is read here; what has more digits than an exact product or
 * quotient of doubles allows goes to fm__parse_f64. */
#include "csv/csv_priv.h"

#include <math.h>
#include <string.h>

#include "num/num_priv.h"

#define LONGEST_NUMBER 400

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

void fm__trim(const char **text, size_t *length)
{
  const char *p = *text;
  size_t n = *length;
  while (n > 0 && (*p == ' ' || *p == '\t')) {
    p++;
    n--;
  }
  while (n > 0 && (p[n - 1] == ' ' || p[n - 1] == '\t'))
    n--;
  *text = p;
  *length = n;
}

/* Bytes of the thousands sign at p, 0 when there is none. */
static size_t thousands_sign(int32_t thousands, const char *p, size_t n)
{
  if (n > 0 && *p == (char)thousands)
    return 1;
  if (thousands == ' ' && n > 1 && memcmp(p, "\xC2\xA0", 2) == 0)
    return 2;
  if (thousands == ' ' && n > 2 && memcmp(p, "\xE2\x80\xAF", 3) == 0)
    return 3;
  return 0;
}

/* Copies a number without its thousands signs; false when groups are not of three digits. */
static bool drop_thousands(int32_t thousands, const char *text, size_t length, char *out, size_t *out_length)
{
  size_t i = 0, n = 0, digits = 0, groups = 0;
  if (length >= LONGEST_NUMBER)
    return false;
  if (i < length && (text[i] == '-' || text[i] == '+'))
    out[n++] = text[i++];
  while (i < length) {
    size_t sign = thousands_sign(thousands, text + i, length - i);
    if (sign > 0) {
      if (digits == 0 || digits > 3 || (groups > 0 && digits != 3))
        return false;
      groups++;
      digits = 0;
      i += sign;
    } else if (is_digit(text[i])) {
      out[n++] = text[i++];
      digits++;
    } else {
      break;
    }
  }
  if (groups > 0 && digits != 3)
    return false;
  for (; i < length; i++) {
    if (thousands_sign(thousands, text + i, length - i) > 0)
      return false;
    out[n++] = text[i];
  }
  *out_length = n;
  return true;
}

/* Digits with at most one decimal sign, at most 15 of them: the quotient of two exact doubles is rounded once, so it is
 * the correctly rounded value. */
static bool quick_f64(const char *text, size_t length, char decimal, double *out)
{
  static const double power[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  const char *p = text, *end = text + length, *point = NULL;
  bool negative = length > 0 && *p == '-';
  uint64_t m = 0;
  p += negative;
  if (end - p > 16 || end == p)
    return false;
  for (; p < end; p++) {
    uint32_t digit = (uint32_t)(uint8_t)*p - '0';
    if (digit > 9) {
      if (*p != decimal || point != NULL)
        return false;
      point = p;
      continue;
    }
    m = m * 10 + digit;
  }
  size_t decimals = point == NULL ? 0 : (size_t)(end - point) - 1;
  size_t whole = (size_t)((point == NULL ? end : point) - text) - negative;
  if (whole + decimals > 15 || whole == 0 || (point != NULL && decimals == 0))
    return false; /* forms such as .5 and 5. are left to the full reader */
  double v = (double)m / power[decimals];
  *out = negative ? -v : v;
  return true;
}

int fm__cell_f64(const fm__csv_format *f, const char *text, size_t length, double *out)
{
  char plain[LONGEST_NUMBER];
  char decimal = (char)f->f.decimal;
  if (quick_f64(text, length, decimal, out))
    return FM__CELL_OK;
  fm__trim(&text, &length);
  if (f->f.thousands != 0) {
    if (!drop_thousands(f->f.thousands, text, length, plain, &length))
      return FM__CELL_BAD;
    text = plain;
  }
  /* Only digits, signs, the decimal sign and e: words such as "inf" or "nan" and hexadecimal forms are no numbers. */
  bool digits = false;
  for (size_t i = 0; i < length; i++) {
    char c = text[i];
    digits = digits || is_digit(c);
    if (!is_digit(c) && c != decimal && (c == '\0' || strchr("+-eE", c) == NULL))
      return FM__CELL_BAD;
  }
  if (!digits || !fm__parse_f64(text, length, decimal, out))
    return FM__CELL_BAD;
  return isfinite(*out) ? FM__CELL_OK : FM__CELL_RANGE;
}

int fm__cell_i64(const fm__csv_format *f, const char *text, size_t length, int64_t *out)
{
  char plain[LONGEST_NUMBER];
  fm__trim(&text, &length);
  if (f->f.thousands != 0) {
    if (!drop_thousands(f->f.thousands, text, length, plain, &length))
      return FM__CELL_BAD;
    text = plain;
  }
  size_t i = length > 0 && (text[0] == '-' || text[0] == '+');
  bool negative = length > 0 && text[0] == '-', too_big = false;
  uint64_t limit = negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX, m = 0;
  if (i == length)
    return FM__CELL_BAD;
  for (; i < length && is_digit(text[i]); i++) {
    uint64_t digit = (uint64_t)(text[i] - '0');
    too_big = too_big || m > (limit - digit) / 10;
    m = too_big ? 0 : m * 10 + digit;
  }
  if (i < length) {
    double v;
    int form = fm__cell_f64(f, text, length, &v);
    return form == FM__CELL_BAD ? FM__CELL_BAD : FM__CELL_NOT_WHOLE;
  }
  if (too_big)
    return FM__CELL_RANGE;
  *out = !negative ? (int64_t)m : m == 0 ? 0 : -(int64_t)(m - 1) - 1;
  return FM__CELL_OK;
}

int fm__cell_date(const fm__csv_format *f, const char *text, size_t length, int32_t *out)
{
  fm_status status = fm__date_pattern_apply(out, &f->date, text, length);
  if (status == FM_ERR_FORMAT) {
    fm__trim(&text, &length);
    status = fm__date_pattern_apply(out, &f->date, text, length);
  }
  return status == FM_OK ? FM__CELL_OK : status == FM_ERR_VALUE ? FM__CELL_NO_DAY : FM__CELL_BAD;
}

int fm__cell_bool(const char *text, size_t length, uint8_t *out)
{
  static const char *const words[] = {"0", "1", "no", "yes", "false", "true", "nej", "ja", "falsk", "sand"};
  char lower[8];
  fm__trim(&text, &length);
  if (length >= sizeof lower)
    return FM__CELL_BAD;
  for (size_t i = 0; i < length; i++)
    lower[i] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] + ('a' - 'A')) : text[i];
  for (size_t k = 0; k < FM__COUNT(words); k++)
    if (strlen(words[k]) == length && memcmp(words[k], lower, length) == 0) {
      *out = k & 1;
      return FM__CELL_OK;
    }
  return FM__CELL_BAD;
}
