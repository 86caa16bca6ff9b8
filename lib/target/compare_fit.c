/* How true rates of units differ: the likeliest gamma or beta between them, and what it makes of each unit. */
#include <math.h>

#include "num/num_priv.h"
#include "target/compare_priv.h"

/* Sizes looked at. At the largest, rates differ by 0.03 per cent of their mean or less: no more than chance. */
#define LEAST_SIZE 1e-3
#define MOST_SIZE 1e7
enum { HALVINGS = 60 };

/* ---- digamma(a + k) - digamma(a) for whole k, without the cancellation of the two ---- */

/* digamma(x) - log(x), x >= 12: Abramowitz and Stegun 6.3.18. */
static double digamma_rest(double x)
{
  double r = 1 / (x * x);
  return -0.5 / x -
         r * (1 / 12.0 -
              r * (1 / 120.0 - r * (1 / 252.0 - r * (1 / 240.0 - r * (1 / 132.0 - r * (691 / 32760.0 - r / 12))))));
}

static double digamma_step(double a, double k)
{
  double sum = 0, steps = 0;
  for (; steps < k && (k <= 32 || a + steps < 12); steps++)
    sum += 1 / (a + steps);
  if (steps == k)
    return sum;
  double from = a + steps, rest = k - steps;
  return sum + fm__log1p(rest / from) + (digamma_rest(from + rest) - digamma_rest(from));
}

/* ---- slopes of the log likelihood ----
 * The units stand in the order of their names, so that plain sums have the same bits for any order of rows. */

/* In the mean; falls as the mean rises. */
static double slope_of_mean(const fm__unit_prior *p, const fm__unit_counts *units, size_t n)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++) {
    double x = units[i].count, e = units[i].base;
    if (p->kind == FM_TARGET_SHARE)
      sum += digamma_step(p->size * p->mean, x) - digamma_step(p->size * (1 - p->mean), e - x);
    else
      sum += (x - e * p->mean) / (p->size + e * p->mean);
  }
  return sum;
}

static double slope_of_size(const fm__unit_prior *p, const fm__unit_counts *units, size_t n)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++) {
    double x = units[i].count, e = units[i].base, size = p->size, mean = p->mean;
    if (p->kind == FM_TARGET_SHARE)
      sum += mean * digamma_step(size * mean, x) + (1 - mean) * digamma_step(size * (1 - mean), e - x) -
             digamma_step(size, e);
    else
      sum += digamma_step(size, x) - fm__log1p(mean * e / size) + (mean * e - x) / (size + mean * e);
  }
  return sum;
}

/* The likeliest mean for a size, and the slope in the size there. */
static double slope_at(fm__unit_prior *p, const fm__unit_counts *units, size_t n, double most)
{
  double low = 0, high = most;
  for (int i = 0; i < HALVINGS; i++) {
    p->mean = low + (high - low) / 2;
    if (slope_of_mean(p, units, n) > 0)
      low = p->mean;
    else
      high = p->mean;
  }
  p->mean = low + (high - low) / 2;
  return slope_of_size(p, units, n);
}

fm__unit_prior fm__fit_units(int32_t kind, const fm__unit_counts *units, size_t n)
{
  fm__sum count = {0}, base = {0};
  double most = 0;
  for (size_t i = 0; i < n; i++) {
    fm__sum_add(&count, units[i].count);
    fm__sum_add(&base, units[i].base);
    most = fmax(most, units[i].count / units[i].base);
  }
  double all = fm__sum_value(&base);
  fm__unit_prior pooled = {kind, fm__sum_value(&count) / all, 0}, p = pooled;
  bool shares = kind == FM_TARGET_SHARE;
  if (!(pooled.mean > 0) || (shares && pooled.mean >= 1))
    return pooled;
  p.size = MOST_SIZE;
  if (slope_at(&p, units, n, shares ? 1 : most) >= 0)
    return pooled;
  double low = fm__log(LEAST_SIZE), high = fm__log(MOST_SIZE);
  for (int i = 0; i < HALVINGS; i++) {
    double middle = low + (high - low) / 2;
    p.size = fm__exp(middle);
    if (slope_at(&p, units, n, shares ? 1 : most) > 0)
      low = middle;
    else
      high = middle;
  }
  return p;
}

double fm__prior_deviation(const fm__unit_prior *p)
{
  if (p->size == 0)
    return 0;
  return p->kind == FM_TARGET_SHARE ? sqrt(p->mean * (1 - p->mean) / (p->size + 1)) : p->mean / sqrt(p->size);
}

/* ---- posteriors ---- */

fm__posterior fm__posterior_of(const fm__unit_prior *prior, fm__unit_counts u)
{
  if (prior->kind == FM_TARGET_SHARE)
    return (fm__posterior){prior->kind, prior->size * prior->mean + u.count,
                           prior->size * (1 - prior->mean) + (u.base - u.count)};
  return (fm__posterior){prior->kind, prior->size + u.count, prior->size / prior->mean + u.base};
}

double fm__posterior_mean(const fm__posterior *p)
{
  return p->kind == FM_TARGET_SHARE ? p->a / (p->a + p->b) : p->a / p->b;
}

double fm__posterior_deviation(const fm__posterior *p)
{
  double both = p->a + p->b;
  return p->kind == FM_TARGET_SHARE ? sqrt(p->a * p->b / (both + 1)) / both : sqrt(p->a) / p->b;
}

double fm__posterior_quantile(const fm__posterior *p, double q)
{
  return p->kind == FM_TARGET_SHARE ? fm__beta_quantile(p->a, p->b, q) : fm__gamma_quantile(p->a, q) / p->b;
}

double fm__posterior_above(const fm__posterior *p, double rate)
{
  if (!(rate > 0))
    return isnan(rate) ? NAN : 1;
  if (p->kind == FM_TARGET_RATE)
    return fm__gamma_upper(p->a, rate * p->b);
  return rate >= 1 ? 0 : fm__beta_lower(p->b, p->a, 1 - rate, rate);
}
