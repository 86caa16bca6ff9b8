/* Social return on investment: SROI Network, guide of 2012, stage 5. */
#include <math.h>

#include "economy/return_priv.h"

#define MOST_YEARS 100

bool fm__outcome_fits(const fm_economy_outcome *o)
{
  const double shares[] = {o->deadweight, o->displacement, o->attribution, o->drop_off};
  for (size_t k = 0; k < FM__COUNT(shares); k++)
    if (!(shares[k] >= 0 && shares[k] <= 1))
      return false;
  return o->quantity >= 0 && isfinite(o->quantity) && isfinite(o->value) && o->years >= 1 && o->years <= MOST_YEARS &&
         o->first_year >= 1 && o->first_year <= MOST_YEARS;
}

double fm__outcome_impact(const fm_economy_outcome *o, double deadweight)
{
  return o->quantity * o->value * (1 - deadweight) * (1 - o->displacement) * (1 - o->attribution);
}

size_t fm__outcome_last(const fm_economy_outcome *o)
{
  return (size_t)(o->first_year + o->years - 1);
}

/* Sum over outcomes of impact x what is left of it, by year. The deadweight is each one's own x `factor`, at most 1; 0
 * for a factor of 0. */
static fm_status values(double *by_year, size_t n_years, const fm_economy_outcome *o, size_t n, double factor,
                        fm_error *err)
{
  fm__sum *sums = fm__array(n_years, sizeof *sums);
  if (sums == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++) {
    double value = fm__outcome_impact(&o[i], fmin(1, o[i].deadweight * factor));
    for (size_t y = (size_t)o[i].first_year; y <= fm__outcome_last(&o[i]); y++, value *= 1 - o[i].drop_off)
      fm__sum_add(&sums[y - 1], value);
  }
  for (size_t y = 0; y < n_years; y++)
    by_year[y] = fm__sum_value(&sums[y]);
  fm__free(sums);
  return FM_OK;
}

/* Discounts in place: year 1 once. Gives the sum. */
static double discount(double *by_year, size_t n_years, double rate)
{
  fm__sum sum = {.pending = 0};
  double factor = 1;
  for (size_t y = 0; y < n_years; y++) {
    factor /= 1 + rate;
    by_year[y] *= factor;
    fm__sum_add(&sum, by_year[y]);
  }
  return fm__sum_value(&sum);
}

static void pay_back(fm_economy_return *r, const double *present, size_t n_years)
{
  fm__sum so_far = {.pending = 0};
  r->payback_year = r->payback_years = NAN;
  for (size_t y = 0; y < n_years; y++) {
    double before = fm__sum_value(&so_far);
    fm__sum_add(&so_far, present[y]);
    if (fm__sum_value(&so_far) < r->inputs)
      continue;
    r->payback_year = (double)y + 1;
    r->payback_years = (double)y + (r->inputs - before) / present[y];
    return;
  }
}

static fm_status check(const fm_economy_outcome *o, size_t n, const double *inputs, size_t n_inputs, double rate,
                       fm_error *err)
{
  fm__sum sum = {.pending = 0};
  if (n < 1 || o == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "expected at least one outcome");
  for (size_t i = 0; i < n; i++)
    if (!fm__outcome_fits(&o[i]))
      return fm__fail(err, FM_ERR_ARGUMENT,
                      "outcome %zu: expected a quantity of at least 0, shares from 0 to 1 and from 1 to %d years", i,
                      MOST_YEARS);
  if (!(rate >= 0 && rate < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "rate: expected a share from 0 to below 1, such as 0.035");
  for (size_t t = 0; t < n_inputs; t++) {
    if (!fm__economy_is_amount(inputs[t]))
      return fm__fail(err, FM_ERR_ARGUMENT, "inputs, year %zu: expected an amount from 0 to 1e15", t);
    fm__sum_add(&sum, inputs[t]);
  }
  if (!(fm__sum_value(&sum) > 0))
    return fm__fail(err, FM_ERR_ARGUMENT, "inputs: expected numbers above 0 in all, by year from year 0");
  return FM_OK;
}

static double present_inputs(const double *inputs, size_t n, double rate)
{
  fm__sum sum = {.pending = 0};
  double factor = 1;
  for (size_t t = 0; t < n; t++, factor /= 1 + rate)
    fm__sum_add(&sum, inputs[t] * factor);
  return fm__sum_value(&sum);
}

fm_status fm_economy_return_of(fm_economy_return *out, double *impact, double *undiscounted, double *present,
                               size_t n_years, const fm_economy_outcome *outcomes, size_t n, const double *inputs,
                               size_t n_inputs, double rate, fm_error *err)
{
  static const double factors[] = {1, 0, 1.2, 0.8};
  double found[FM__COUNT(factors)], *years = NULL;
  size_t last = 0;
  fm_status status = check(outcomes, n, inputs, n_inputs, rate, err);
  for (size_t i = 0; i < n && status == FM_OK; i++)
    last = fm__outcome_last(&outcomes[i]) > last ? fm__outcome_last(&outcomes[i]) : last;
  if (status == FM_OK && (undiscounted != NULL || present != NULL) && n_years < last)
    status = fm__fail(err, FM_ERR_ARGUMENT, "n_years: expected at least %zu", last);
  last = n_years > last ? n_years : last;
  if (status == FM_OK) {
    years = fm__array(last, sizeof *years);
    status = years != NULL ? FM_OK : fm__no_memory(err);
  }
  fm_economy_return r = {.struct_size = sizeof r};
  if (status == FM_OK)
    r.inputs = present_inputs(inputs, n_inputs, rate);
  for (size_t k = 0; k < FM__COUNT(factors) && status == FM_OK; k++) {
    status = values(years, last, outcomes, n, factors[k], err);
    for (size_t y = 0; y < n_years && k == 0 && status == FM_OK && undiscounted != NULL; y++)
      undiscounted[y] = years[y];
    found[k] = status == FM_OK ? discount(years, last, rate) : NAN;
    if (k == 0 && status == FM_OK)
      pay_back(&r, years, last);
    for (size_t y = 0; y < n_years && k == 0 && status == FM_OK && present != NULL; y++)
      present[y] = years[y];
  }
  fm__free(years);
  if (status != FM_OK)
    return status;
  for (size_t i = 0; i < n && impact != NULL; i++)
    impact[i] = fm__outcome_impact(&outcomes[i], outcomes[i].deadweight);
  r.present_value = found[0];
  r.net = found[0] - r.inputs;
  r.ratio = found[0] / r.inputs;
  r.net_ratio = r.net / r.inputs;
  r.break_even = found[1] >= r.inputs ? 1 - r.inputs / found[1] : NAN;
  r.ratio_low = found[2] / r.inputs;
  r.ratio_high = found[3] / r.inputs;
  return fm__economy_fill(out, &r, sizeof r, "fm_economy_return", err);
}
