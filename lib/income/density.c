/* Density of incomes at one point, by a Gaussian kernel, and what needs it: the influence of quantiles. */
#include <math.h>

#include "income/influence_priv.h"
#include "num/num_priv.h"

static double deviation(const fm__dist *d)
{
  fm__compensated squares = {0, 0};
  fm__atom a;
  for (fm__dist_start(&a, d); fm__dist_next(&a);)
    fm__compensated_add(&squares, a.w * (a.x - d->mean) * (a.x - d->mean));
  return sqrt(fm__compensated_value(&squares) / d->weight);
}

/* Silverman (1986), eq. 3.31, with Kish's effective number of rows; or Osier (2009) as convey has it, with the weight
 * in the caller's units. */
static double bandwidth(const fm__dist *d, const fm_income_rules *rules)
{
  double s = deviation(d);
  if (rules->density == FM_INCOME_DENSITY_OSIER)
    return s * fm__pow(d->weight / d->w_scale, -0.2);
  double effective = d->weight / d->weight_squares * d->weight;
  double between = (fm__dist_quantile(d, 0.75, FM__QUANTILE_AVG, rules->hit_tolerance) -
                    fm__dist_quantile(d, 0.25, FM__QUANTILE_AVG, rules->hit_tolerance)) /
                   1.34;
  return 0.9 * (between > 0 ? fmin(s, between) : s) * fm__pow(effective, -0.2);
}

double fm__dist_density(const fm__dist *d, double at, const fm_income_rules *rules)
{
  double h = bandwidth(d, rules);
  if (!(h > 0))
    return NAN;
  fm__compensated sum = {0, 0};
  fm__atom a;
  for (fm__dist_start(&a, d); fm__dist_next(&a);) {
    double t = (a.x - at) / h;
    if (t > 40) /* exp(-t^2 / 2) is 0 from 39 on */
      break;
    if (t > -40)
      fm__compensated_add(&sum, a.w * fm__exp(-0.5 * t * t));
  }
  return fm__compensated_value(&sum) / d->weight / h / 2.5066282746310005; /* sqrt(2 pi) */
}

double fm__quantile(const fm__dist *d, double p, const fm_income_rules *rules)
{
  double n = (double)d->n * d->w_scale;
  bool unit_weights = d->weight == n && d->weight_squares == n * d->w_scale;
  if (rules->quantile == FM_INCOME_QUANTILE_INTERP && !unit_weights)
    return NAN;
  return fm__dist_quantile(d, p, rules->quantile, rules->hit_tolerance);
}

void fm__quantile_influence(fm__influence *f, const fm__dist *d, double p, double q, const fm_income_rules *rules,
                            double factor)
{
  fm__influence one = {0};
  double a = -factor / d->weight / fm__dist_density(d, q, rules);
  fm__influence_term(&one, FM__TERM_BELOW, a, q)->closed = 1;
  fm__influence_term(&one, FM__TERM_ONE, -a * p, 0);
  fm__influence_add(f, &one, 1);
}
