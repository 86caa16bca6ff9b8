/* Density of incomes at one point, by a Gaussian kernel, and what needs it: the influence of quantiles. */
#include <math.h>
#include <string.h>

#include "income/measure/influence_priv.h"
#include "num/num_priv.h"

enum { BLOCK = 256 };

static double deviation(const fm__dist *d)
{
  fm__compensated squares = {0, 0};
  double x[BLOCK], w[BLOCK];
  for (size_t at = 0, n; (n = fm__dist_read(x, w, BLOCK, d, &at)) > 0;)
    for (size_t i = 0; i < n; i++)
      fm__compensated_add(&squares, w[i] * (x[i] - d->mean) * (x[i] - d->mean));
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

/* exp(-t^2 / 2) for n values with |t| < FAR, without a branch so that compilers find vectors: y = k ln 2 + r, |r| <
 * 0.35, and 14 terms of the series of exp(r). Relative error below 4e-16. ln 2 in two parts as in Cody and Waite
 * (1980). */
#define FAR 37.5 /* what lies beyond is below 1e-305 */
static void kernel(double *e, const double *t, size_t n)
{
  static const double high = 0x1.62e42feep-1, low = 0x1.a39ef35793c76p-33, magic = 0x1.8p52;
  uint64_t zero;
  memcpy(&zero, &magic, sizeof zero);
  for (size_t i = 0; i < n; i++) {
    double y = -0.5 * t[i] * t[i], shifted = y * 0x1.71547652b82fep0 + magic, k = shifted - magic;
    double r = (y - k * high) - k * low, two_k;
    uint64_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits - zero + 1023) << 52;
    memcpy(&two_k, &bits, sizeof two_k);
    double s = 1 / 6227020800.0;
    s = s * r + 1 / 479001600.0;
    s = s * r + 1 / 39916800.0;
    s = s * r + 1 / 3628800.0;
    s = s * r + 1 / 362880.0;
    s = s * r + 1 / 40320.0;
    s = s * r + 1 / 5040.0;
    s = s * r + 1 / 720.0;
    s = s * r + 1 / 120.0;
    s = s * r + 1 / 24.0;
    s = s * r + 1 / 6.0;
    s = s * r + 0.5;
    s = s * r * r + r + 1;
    e[i] = s * two_k;
  }
}

double fm__dist_density(const fm__dist *d, double at, const fm_income_rules *rules)
{
  double h = bandwidth(d, rules), x[BLOCK], w[BLOCK], t[BLOCK], e[BLOCK];
  if (!(h > 0))
    return NAN;
  fm__compensated sum = {0, 0};
  for (size_t member = 0, n; (n = fm__dist_read(x, w, BLOCK, d, &member)) > 0 && (x[0] - at) / h < FAR;) {
    size_t near = 0;
    for (size_t i = 0; i < n; i++) {
      t[near] = (x[i] - at) / h;
      w[near] = w[i];
      near += fabs(t[near]) < FAR;
    }
    kernel(e, t, near);
    for (size_t i = 0; i < near; i++)
      fm__compensated_add(&sum, w[i] * e[i]);
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
