/* Fleksløntilskud of one month: guide 9154 of 25 February 2022. */
#include <math.h>

#include "economy/economy_priv.h"

fm_status fm__flex_params_on(fm__flex_params *out, const fm_codes *list, int32_t date, fm_error *err)
{
  int64_t entry = -1;
  const struct {
    const char *column;
    double *to;
  } wanted[] = {{"max_subsidy", &out->most},
                {"threshold", &out->threshold},
                {"rate_below", &out->below},
                {"rate_above", &out->above}};
  fm_status status = fm__economy_entry(&entry, list, "fleksloentilskud", date, err);
  for (size_t k = 0; k < FM__COUNT(wanted) && status == FM_OK; k++)
    status = fm__economy_needed(wanted[k].to, list, entry, wanted[k].column, date, err);
  return status;
}

void fm__flex_of(fm_economy_flex *out, const fm__flex_params *p, double wage, double full_time_wage)
{
  double at_threshold = p->below * p->threshold;
  out->deduction = p->below * fmin(wage, p->threshold) + p->above * fmax(0, wage - p->threshold);
  out->uncapped = fmax(0, p->most - out->deduction);
  out->subsidy = isnan(full_time_wage) ? out->uncapped : fmin(out->uncapped, fmax(0, full_time_wage - wage));
  out->income = wage + out->subsidy;
  out->gone_at = p->most <= at_threshold ? p->most / p->below : p->threshold + (p->most - at_threshold) / p->above;
}

fm_status fm_economy_fleksloentilskud(fm_economy_flex *out, double wage, double full_time_wage, int32_t date,
                                      const fm_codes *params, fm_error *err)
{
  fm_codes *list = NULL;
  fm__flex_params p;
  fm_economy_flex flex = {.struct_size = sizeof flex};
  if (!fm__economy_is_amount(wage) || (!isnan(full_time_wage) && !fm__economy_is_amount(full_time_wage)))
    return fm__fail(err, FM_ERR_ARGUMENT, "expected a monthly wage from 0 to 1e15");
  fm_status status = fm__economy_list(&list, params, "fleksloentilskud", err);
  if (status == FM_OK)
    status = fm__flex_params_on(&p, list, date, err);
  fm_codes_destroy(list);
  if (status != FM_OK)
    return status;
  fm__flex_of(&flex, &p, wage, full_time_wage);
  return fm__economy_fill(out, &flex, sizeof flex, "fm_economy_flex", err);
}
