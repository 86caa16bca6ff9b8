/* Discount factors of a schedule: each year's rate, chained. */
#include <math.h>
#include <string.h>

#include "calendar/calendar_priv.h"
#include "economy/economy_priv.h"

static double rate_of(const fm_codes *list, const char *schedule, size_t year, int32_t date)
{
  for (int64_t i = 0; i < (int64_t)fm_codes_n(list); i++) {
    const char *of = fm_codes_attribute(list, i, "schedule");
    double from = fm__economy_number(list, i, "year_from"), to = fm__economy_number(list, i, "year_to");
    int32_t last = fm_codes_valid_to(list, i);
    bool days = fm_codes_valid_from(list, i) <= date && (last == FM_NO_DATE || date <= last);
    if (days && of != NULL && strcmp(of, schedule) == 0 && from <= (double)year && (isnan(to) || (double)year <= to))
      return fm__economy_number(list, i, "rate");
  }
  return NAN;
}

fm_status fm_economy_discount(double *factors, size_t n, const char *schedule, int32_t date, const fm_codes *rates,
                              fm_error *err)
{
  fm_codes *list;
  if (schedule == NULL || !fm__date_is_valid(date))
    return fm__fail(err, FM_ERR_ARGUMENT, "expected a schedule of the list discount_rate and a date");
  fm_status status = fm__economy_list(&list, rates, "discount_rate", err);
  for (size_t t = 0; t < n && status == FM_OK; t++) {
    double rate = t == 0 ? 0 : rate_of(list, schedule, t, date);
    int32_t year;
    fm_date_to_ymd(date, &year, NULL, NULL);
    factors[t] = t == 0 ? 1 : factors[t - 1] / (1 + rate);
    if (isnan(rate))
      status = fm__fail(err, FM_ERR_NOT_FOUND,
                        "discount_rate.csv has no rate of \"%s\" for %d, year %zu: add it with its source; the row of "
                        "another year is never taken",
                        schedule, (int)year, t);
  }
  fm_codes_destroy(list);
  return status;
}
