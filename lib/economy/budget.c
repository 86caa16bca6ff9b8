/* Budget results and unit costs: sums that people otherwise do in spreadsheets. */
#include <math.h>

#include "economy/economy_priv.h"

static bool all_finite(const double *x, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (!isfinite(x[i]))
      return false;
  return true;
}

static fm_status check(const fm_economy_budget_spec *s, fm_error *err)
{
  size_t cells;
  if (s->n_years < 1 || s->n_payers < 1 || s->cost == NULL || s->consequences == NULL ||
      !fm__multiply(s->n_years, s->n_payers, &cells))
    return fm__fail(err, FM_ERR_ARGUMENT, "a budget needs at least one year and one payer");
  if (!(s->participants > 0) || isinf(s->participants))
    return fm__fail(err, FM_ERR_ARGUMENT, "participants: expected a number above 0");
  if (!(s->success >= 0 && s->success <= 1 && s->without >= 0 && s->without <= 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "success and without: expected shares from 0 to 1");
  if (!(s->std_error >= 0) || isinf(s->std_error) || !(s->level > 0 && s->level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "expected an error of at least 0 and a level between 0 and 1");
  if (!all_finite(s->cost, s->n_years) || !all_finite(s->consequences, cells) ||
      (s->factors != NULL && !all_finite(s->factors, s->n_years)))
    return fm__fail(err, FM_ERR_ARGUMENT, "costs, consequences and factors: expected finite numbers");
  return FM_OK;
}

static double factor(const fm_economy_budget_spec *s, size_t t)
{
  return s->factors != NULL ? s->factors[t] : 1;
}

fm_status fm_economy_budget_of(fm_economy_budget *out, double *by_payer, double *cumulated,
                               const fm_economy_budget_spec *spec, fm_error *err)
{
  fm_economy_budget_spec s = {.level = 0.95};
  fm__sum cost = {.pending = 0}, each = {.pending = 0}, net = {.pending = 0};
  fm_status status = fm__spec_take(&s, sizeof s, spec, "fm_economy_budget_spec", err);
  if (status == FM_OK)
    status = check(&s, err);
  if (status != FM_OK)
    return status;
  double effect = s.success - s.without;
  for (size_t p = 0; p < s.n_payers; p++) {
    fm__sum payer = {.pending = 0};
    for (size_t t = 0; t < s.n_years; t++)
      fm__sum_add(&payer, s.consequences[p * s.n_years + t] * factor(&s, t));
    fm__sum_merge(&each, &payer);
    if (by_payer != NULL)
      by_payer[p] = s.participants * effect * fm__sum_value(&payer);
  }
  for (size_t t = 0; t < s.n_years; t++) {
    fm__sum_add(&cost, s.cost[t] * factor(&s, t));
    for (size_t p = 0; p < s.n_payers; p++)
      fm__sum_add(&net, s.participants * effect * s.consequences[p * s.n_years + t] * factor(&s, t));
    fm__sum_add(&net, -s.participants * s.cost[t] * factor(&s, t));
    if (cumulated != NULL)
      cumulated[t] = fm__sum_value(&net);
  }
  double worth = s.participants * fm__sum_value(&each), z = -fm__normal_quantile((1 - s.level) / 2);
  fm_economy_budget b = {.struct_size = sizeof b,
                         .with_effect = s.participants * effect,
                         .cost = s.participants * fm__sum_value(&cost),
                         .consequence = effect * worth};
  b.net = b.consequence - b.cost;
  b.net_limits[0] = s.std_error > 0 ? b.net - z * s.std_error * fabs(worth) : NAN;
  b.net_limits[1] = s.std_error > 0 ? b.net + z * s.std_error * fabs(worth) : NAN;
  b.net_per_participant = b.net / s.participants;
  b.cost_per_success = effect > 0 ? b.cost / b.with_effect : NAN;
  b.break_even = worth > 0 ? b.cost / worth : NAN;
  return fm__economy_fill(out, &b, sizeof b, "fm_economy_budget", err);
}

static double over(double amount, double n)
{
  return n > 0 ? amount / n : NAN;
}

fm_status fm_economy_unit_cost_of(fm_economy_unit_cost *out, double expenditure, int64_t served, int64_t exited,
                                  int64_t in_work, int64_t sustained, double counterfactual, fm_error *err)
{
  if (!(expenditure >= 0) || isinf(expenditure) || served < 0 || exited < 0 || in_work < 0 || sustained < 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "expected an expenditure and counts of at least 0");
  if (exited > served || in_work > exited || sustained > exited)
    return fm__fail(err, FM_ERR_ARGUMENT, "expected no more exits than people served and no more jobs than exits");
  if (!(counterfactual >= 0 && counterfactual <= 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "counterfactual: expected a share from 0 to 1");
  fm_economy_unit_cost c = {.struct_size = sizeof c,
                            .per_served = over(expenditure, (double)served),
                            .per_exit = over(expenditure, (double)exited),
                            .per_job = over(expenditure, (double)in_work),
                            .per_sustained_job = over(expenditure, (double)sustained),
                            .per_additional_job = over(expenditure, (double)in_work - counterfactual * (double)exited)};
  return fm__economy_fill(out, &c, sizeof c, "fm_economy_unit_cost", err);
}
