/* The error function and the normal distribution. */
#include <math.h>

#include "num/elementary_table.h"
#include "num/special_priv.h"

#define SQRT_HALF 0x1.6a09e667f3bcdp-1

static double polynomial(const double *c, size_t n, double x)
{
  double s = 0;
  for (size_t i = n; i-- > 0;)
    s = s * x + c[i];
  return s;
}

static double erf_small(double x)
{
  return x * polynomial(erf_series, FM__COUNT(erf_series), x * x);
}

/* exp(x^2) erfc(x) for 1/2 <= x <= 27.5 */
static double scaled_erfc(double x)
{
  for (size_t i = 0; i < FM__COUNT(erfc_pieces); i++)
    if (x <= erfc_pieces[i].to)
      return polynomial(erfc_pieces[i].c, FM__COUNT(erfc_pieces[i].c), x - erfc_pieces[i].middle);
  return polynomial(erfc_tail, FM__COUNT(erfc_tail), 1 / (x * x) - 0.02) / x;
}

/* erfc(x) where x^2 is known as `square`: the rounding of x alone would cost x^2 units in the last place. */
static double erfc_of(double x, fm__dd square)
{
  if (isnan(x))
    return x;
  double size = fabs(x);
  if (size <= 0.5)
    return 1 - erf_small(x);
  if (size > 27.5)
    return x > 0 ? 0 : 2;
  double tail = fm__dd_exp(fm__dd_negative(square)) * scaled_erfc(size);
  return x > 0 ? tail : 2 - tail;
}

/* Within 3 units in the last place; the table's polynomials take most of it. */
double fm__erfc(double x)
{
  if (fabs(x) > 30)
    return x > 0 ? 0 : 2;
  return erfc_of(x, fm__dd_product(x, x));
}

double fm__normal_cdf(double z)
{
  if (fabs(z) > 40)
    return z > 0 ? 1 : 0;
  fm__dd square = fm__dd_product(z, z);
  return 0.5 * erfc_of(-z * SQRT_HALF, (fm__dd){0.5 * square.hi, 0.5 * square.lo});
}

/* Phi(z) = 1/2 + d near the middle: Halley's steps on erf, so that d keeps all its digits. */
static double quantile_middle(double d)
{
  double z = d / FM__INVERSE_SQRT_2PI * (1 + 1.0471975511965976 * d * d);
  for (int i = 0; i < 3; i++) {
    double step = (0.5 * erf_small(z * SQRT_HALF) - d) / (FM__INVERSE_SQRT_2PI * fm__exp(-0.5 * z * z));
    z -= step / (1 + 0.5 * step * z);
  }
  return z;
}

/* 1 - Phi(z) = q, z > 0.7: Halley's steps on the logarithm, from Abramowitz and Stegun 26.2.23. */
static double quantile_tail(double q)
{
  double log_q = fm__log(q), t = sqrt(-2 * log_q);
  double z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (int i = 0; i < 3; i++) {
    double w = 0.5 * scaled_erfc(z * SQRT_HALF), hazard = FM__INVERSE_SQRT_2PI / w;
    double step = (log_q + 0.5 * z * z - fm__log(w)) / hazard;
    z -= step / (1 - 0.5 * step * (hazard - z));
  }
  return z;
}

double fm__normal_quantile(double p)
{
  if (!(p > 0 && p < 1))
    return p == 0 ? -INFINITY : p == 1 ? INFINITY : NAN;
  if (p < 0.24)
    return -quantile_tail(p);
  return p > 0.76 ? quantile_tail(1 - p) : quantile_middle(p - 0.5);
}
