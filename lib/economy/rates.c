/* Dated parameters from code lists, and how months and periods are counted. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "calendar/calendar_priv.h"
#include "economy/economy_priv.h"

fm_status fm__economy_list(fm_codes **out, const fm_codes *given, const char *name, fm_error *err)
{
  *out = NULL;
  if (given == NULL)
    return fm_codes_builtin(out, name, err);
  if (strcmp(fm_codes_list_name(given), name) != 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "expected the code list %s; found the list %s", name,
                    fm_codes_list_name(given));
  *out = fm_codes_retain(given);
  return FM_OK;
}

double fm__economy_number(const fm_codes *list, int64_t entry, const char *column)
{
  const char *text = fm_codes_attribute(list, entry, column);
  double value;
  return text != NULL && fm__parse_f64(text, strlen(text), '.', &value) ? value : NAN;
}

static int32_t year_of(int32_t date)
{
  int32_t year;
  fm_date_to_ymd(date, &year, NULL, NULL);
  return year;
}

fm_status fm__economy_entry(int64_t *out, const fm_codes *list, const char *code, int32_t date, fm_error *err)
{
  if (code == NULL || code[0] == '\0' || !fm__date_is_valid(date))
    return fm__fail(err, FM_ERR_ARGUMENT, "expected a code of the list %s and a date", fm_codes_list_name(list));
  *out = fm_codes_find(list, code, strlen(code), date);
  if (*out >= 0)
    return FM_OK;
  const char *name = fm_codes_list_name(list);
  if (*out == FM_CODE_UNKNOWN)
    return fm__fail(err, FM_ERR_NOT_FOUND, "%s.csv has no row \"%s\"", name, code);
  char day[16];
  fm_date_format(day, date);
  return fm__fail(
      err, FM_ERR_NOT_FOUND,
      "%s.csv has no row \"%s\" for %d (%s): add one with its source; the row of another year is never taken", name,
      code, (int)year_of(date), day);
}

fm_status fm__economy_needed(double *out, const fm_codes *list, int64_t entry, const char *column, int32_t date,
                             fm_error *err)
{
  *out = fm__economy_number(list, entry, column);
  if (!isnan(*out))
    return FM_OK;
  return fm__fail(err, FM_ERR_NOT_FOUND,
                  "%s.csv, row \"%s\" for %d: %s is blank; add it with its source; the value of another year is never "
                  "taken",
                  fm_codes_list_name(list), fm_codes_code(list, entry), (int)year_of(date), column);
}

fm_status fm__economy_fill(void *out, const void *from, size_t size, const char *name, fm_error *err)
{
  size_t known;
  memcpy(&known, out, sizeof known);
  if (known < sizeof known || known > size)
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: struct_size is not set", name);
  memcpy(out, from, known);
  memcpy(out, &known, sizeof known);
  return FM_OK;
}

fm_status fm_economy_rate(double *out, const char *code, int32_t date, const fm_codes *rates, fm_error *err)
{
  fm_codes *list;
  int64_t entry = -1;
  *out = NAN;
  fm_status status = fm__economy_list(&list, rates, "benefit_rate", err);
  if (status == FM_OK)
    status = fm__economy_entry(&entry, list, code, date, err);
  if (status == FM_OK)
    status = fm__economy_needed(out, list, entry, "amount", date, err);
  fm_codes_destroy(list);
  return status;
}

/* ---- months and periods ---- */

bool fm__economy_is_amount(double x)
{
  return x >= 0 && x <= 1e15;
}

bool fm__economy_is_day(double x)
{
  return x >= fm_date_from_ymd(1900, 1, 1) && x < fm_date_from_ymd(2200, 1, 1);
}

int32_t fm__economy_month_start(int32_t date)
{
  int32_t year, month;
  fm_date_to_ymd(date, &year, &month, NULL);
  return fm_date_from_ymd(year, month, 1);
}

double fm__economy_months(int32_t first, int32_t end)
{
  double whole = 0, parts = 0;
  for (int32_t at = first; at < end;) {
    int32_t start = fm__economy_month_start(at), next = fm_date_add_months(start, 1);
    int32_t until = next < end ? next : end;
    if (at == start && until == next)
      whole += 1;
    else
      parts += (double)(until - at) / (double)(next - start);
    at = until;
  }
  return whole + parts;
}

int fm__economy_period(const char *name)
{
  static const char *const names[] = {"all", "week", "month", "year"};
  for (int k = 0; name != NULL && k < (int)FM__COUNT(names); k++)
    if (strcmp(name, names[k]) == 0)
      return k;
  return -1;
}

void fm__economy_period_days(int period, int32_t date, int32_t *first, int32_t *last)
{
  int32_t year;
  fm_date_to_ymd(date, &year, NULL, NULL);
  *first = *last = FM_NO_DATE;
  if (period == FM__PERIOD_WEEK) {
    *first = date - (fm_date_weekday(date) - 1);
    *last = *first + 6;
  } else if (period == FM__PERIOD_MONTH) {
    *first = fm__economy_month_start(date);
    *last = fm_date_add_months(*first, 1) - 1;
  } else if (period == FM__PERIOD_YEAR) {
    *first = fm_date_from_ymd(year, 1, 1);
    *last = fm_date_from_ymd(year, 12, 31);
  }
}

void fm__economy_add_times(fm__sum *s, double x, uint64_t n)
{
  for (; n > 0; n >>= 1, x *= 2)
    if ((n & 1) != 0)
      fm__sum_add(s, x);
}

void fm__economy_put(fm__result *r, const char *quantity, const char *unit, double value, const char *missing,
                     int64_t n, int64_t people, int32_t first, int32_t last)
{
  fm__figure f = fm__figure_of(quantity, unit);
  f.value = value;
  f.n = n;
  f.people = people;
  f.period_start = first;
  f.period_end = last;
  if (isnan(value))
    f.state = missing;
  fm__result_add(r, &f);
}
