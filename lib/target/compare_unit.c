/* Figures of one unit by itself: exact intervals, funnel limits, direct standardisation. */
#include <math.h>

#include "num/num_priv.h"
#include "target/compare_priv.h"

static void poisson_interval(double limits[2], double count, double tail)
{
  limits[0] = count > 0 ? fm__chi2_quantile(2 * count, tail) / 2 : 0;
  limits[1] = fm__chi2_quantile(2 * (count + 1), 1 - tail) / 2;
}

void fm__unit_interval(double limits[2], int32_t kind, fm__unit_counts u, double level)
{
  limits[0] = limits[1] = NAN;
  if (!(u.base > 0))
    return;
  if (kind == FM_TARGET_SHARE) {
    fm__clopper_pearson(u.count, u.base, level, &limits[0], &limits[1]);
    return;
  }
  poisson_interval(limits, u.count, (1 - level) / 2);
  limits[0] /= u.base;
  limits[1] /= u.base;
}

/* P(X <= k) for X binomial. */
static double binomial_cdf(double k, double n, double p)
{
  return k >= n ? 1 : fm__beta_lower(n - k, k + 1, 1 - p, p);
}

/* By halving. As for other counts, the distribution may fall short of q by some of its last bits. */
static double binomial_quantile(double q, double n, double p)
{
  double low = -1, high = n, least = q - 64 * 0x1p-52 * fmin(q, 1 - q);
  while (high - low > 1) {
    double middle = floor(low + (high - low) / 2);
    if (binomial_cdf(middle, n, p) >= least)
      high = middle;
    else
      low = middle;
  }
  return high;
}

void fm__funnel_counts(double counts[2], int32_t kind, double base, double rate, double level)
{
  double tail = (1 - level) / 2;
  bool shares = kind == FM_TARGET_SHARE;
  counts[0] = counts[1] = NAN;
  if (!(base > 0) || !(rate >= 0) || (shares && rate > 1))
    return;
  counts[0] = shares ? binomial_quantile(tail, base, rate) : fm__poisson_quantile(tail, base * rate);
  counts[1] = shares ? binomial_quantile(1 - tail, base, rate) : fm__poisson_quantile(1 - tail, base * rate);
}

static double variance_of(int32_t kind, const fm__standard_cell *c)
{
  double share = c->count / c->base, part = c->weight / c->base;
  return part * part * c->count * (kind == FM_TARGET_SHARE ? 1 - share : 1);
}

fm__standardised fm__standardise(int32_t kind, const fm__standard_cell *cells, size_t n, double level)
{
  fm__standardised out = {NAN, NAN, NAN, NAN};
  fm__sum rate = {0}, variance = {0}, count = {0};
  for (size_t i = 0; i < n; i++) {
    if (!(cells[i].weight > 0))
      continue;
    if (!(cells[i].base > 0))
      return out;
    fm__sum_add(&rate, cells[i].weight * (cells[i].count / cells[i].base));
    fm__sum_add(&variance, variance_of(kind, &cells[i]));
    fm__sum_add(&count, cells[i].count);
  }
  double of = fm__sum_value(&variance), events = fm__sum_value(&count), limits[2];
  out.rate = fm__sum_value(&rate);
  out.error = sqrt(of);
  if (!(of > 0))
    return out;
  if (kind == FM_TARGET_SHARE) {
    double effective = out.rate * (1 - out.rate) / of;
    fm__wilson(out.rate * effective, effective, level, &out.low, &out.high);
    return out;
  }
  /* Dobson, Kuulasmaa, Eberle and Scherer 1991: the limits of the count, scaled */
  poisson_interval(limits, events, (1 - level) / 2);
  out.low = out.rate + sqrt(of / events) * (limits[0] - events);
  out.high = out.rate + sqrt(of / events) * (limits[1] - events);
  return out;
}
