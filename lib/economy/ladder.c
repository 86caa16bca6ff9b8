/* The state's share of benefits by weeks accumulated. */
#include <math.h>
#include <string.h>

#include "calendar/calendar_priv.h"
#include "economy/economy_priv.h"

#define MOST_WEEKS 10000

fm_status fm__ladder_open(fm__ladder *l, const fm_codes *given, const char *scheme, fm_error *err)
{
  *l = (fm__ladder){0};
  fm_status status = fm__economy_list(&l->list, given, "reimbursement_step", err);
  if (status != FM_OK)
    return status;
  size_t n = fm_codes_n(l->list);
  l->steps = fm__array(n, sizeof *l->steps);
  if (l->steps == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++) {
    int64_t entry = (int64_t)i;
    const char *of = fm_codes_attribute(l->list, entry, "scheme");
    double to = fm__economy_number(l->list, entry, "week_to");
    if (of == NULL || strcmp(of, scheme) != 0)
      continue;
    l->steps[l->n++] = (fm__ladder_step){.from = (int64_t)fm__economy_number(l->list, entry, "week_from"),
                                         .to = isnan(to) ? INT64_MAX : (int64_t)to,
                                         .entry = entry,
                                         .valid_from = fm_codes_valid_from(l->list, entry),
                                         .valid_to = fm_codes_valid_to(l->list, entry),
                                         .share = fm__economy_number(l->list, entry, "state_share")};
  }
  if (l->n == 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "scheme: reimbursement_step.csv has no row of the scheme \"%s\"", scheme);
  return FM_OK;
}

void fm__ladder_close(fm__ladder *l)
{
  fm_codes_destroy(l->list);
  fm__free(l->steps);
}

fm_status fm__ladder_find(size_t *out, const fm__ladder *l, int64_t week, int32_t date, fm_error *err)
{
  int32_t year;
  for (size_t k = 0; k < l->n; k++) {
    const fm__ladder_step *s = &l->steps[k];
    bool days = s->valid_from <= date && (s->valid_to == FM_NO_DATE || date <= s->valid_to);
    if (days && s->from <= week && week <= s->to) {
      *out = k;
      return FM_OK;
    }
  }
  fm_date_to_ymd(date, &year, NULL, NULL);
  return fm__fail(err, FM_ERR_NOT_FOUND,
                  "reimbursement_step.csv has no step for week %lld in %d: add one with its source; the row of another "
                  "year is never taken",
                  (long long)week, (int)year);
}

fm_status fm_economy_state_share(double *out, int64_t week, int32_t date, const fm_codes *steps, fm_error *err)
{
  fm__ladder l;
  size_t k = 0;
  *out = NAN;
  if (week < 1 || !fm__date_is_valid(date))
    return fm__fail(err, FM_ERR_ARGUMENT, "expected a week from 1 on and a date; found week %lld", (long long)week);
  fm_status status = fm__ladder_open(&l, steps, "ladder", err);
  if (status == FM_OK)
    status = fm__ladder_find(&k, &l, week, date, err);
  if (status == FM_OK)
    *out = l.steps[k].share;
  fm__ladder_close(&l);
  return status;
}

fm_status fm_economy_reimburse(fm_economy_split *out, double amount, int64_t weeks, int64_t weeks_before,
                               int32_t first_day, const fm_codes *steps, fm_error *err)
{
  fm__ladder l;
  fm_economy_split split = {.struct_size = sizeof split};
  fm__sum state = {.pending = 0}, municipality = {.pending = 0};
  if (!fm__economy_is_amount(amount) || weeks < 0 || weeks > MOST_WEEKS || weeks_before < 0 ||
      weeks_before > MOST_WEEKS || !fm__date_is_valid(first_day) || first_day > INT32_MAX - 7 * MOST_WEEKS)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "expected an amount from 0 to 1e15, from 0 to %d weeks, as many before, and a date", MOST_WEEKS);
  fm_status status = fm__ladder_open(&l, steps, "ladder", err);
  for (int64_t w = 0; w < weeks && status == FM_OK; w++) {
    size_t k = 0;
    status = fm__ladder_find(&k, &l, weeks_before + w + 1, (int32_t)(first_day + 7 * w), err);
    if (status == FM_OK) {
      fm__sum_add(&state, amount * l.steps[k].share);
      fm__sum_add(&municipality, amount * (1 - l.steps[k].share));
    }
  }
  fm__ladder_close(&l);
  if (status != FM_OK)
    return status;
  split.amount = amount * (double)weeks;
  split.state = fm__sum_value(&state);
  split.municipality = fm__sum_value(&municipality);
  return fm__economy_fill(out, &split, sizeof split, "fm_economy_split", err);
}
