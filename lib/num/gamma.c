/* The gamma function and the incomplete gamma function, from DLMF chapters 5 and 8. */
#include <math.h>

#include "num/gamma_table.h"
#include "num/special_priv.h"

/* log Gamma(2 + z), |z| <= 1/2: DLMF 5.7.3; relative accuracy also at its zero, z = 0. */
static double near_2(double z)
{
  double s = 0;
  for (size_t i = FM__COUNT(gamma_near_2); i-- > 0;)
    s = s * z + gamma_near_2[i];
  return z * s;
}

double fm__lgamma_1p(double x)
{
  if (x <= 0.5)
    return near_2(x) - fm__log1p(x);
  if (x <= 1.5)
    return near_2(x - 1);
  if (x >= 10)
    return fm__lgamma(1 + x);
  double product = 1;
  for (; x > 1.5; x -= 1)
    product *= x;
  return near_2(x - 1) + fm__log(product);
}

static fm__dd times(double a, fm__dd b)
{
  return fm__dd_times((fm__dd){a, 0}, b);
}

static fm__dd plus(fm__dd a, double b)
{
  return fm__dd_add(a, (fm__dd){b, 0});
}

/* log Gamma(x) = (x - 1/2) log x - x + log(2 pi) / 2 + this: DLMF 5.11.1. */
double fm__stirling(double x)
{
  if (x >= 10) {
    double u = 1 / (x * x), s = 0;
    for (size_t i = FM__COUNT(stirling); i-- > 0;)
      s = s * u + stirling[i];
    return s / x;
  }
  fm__dd t = fm__dd_negative(times(x + 0.5, fm__dd_log((fm__dd){x, 0})));
  return plus(plus(plus(t, x), -HALF_LOG_2PI), fm__lgamma_1p(x)).hi;
}

/* Within 3 units in the last place for 1e-300 <= x <= 1e300. */
double fm__lgamma(double x)
{
  if (!(x > 0 && x < INFINITY))
    return x == 0 || x > 0 ? INFINITY : NAN;
  if (x < 0.5)
    return fm__lgamma_1p(x) - fm__log(x);
  if (x < 10)
    return fm__lgamma_1p(x - 1);
  if (x > 1e17)
    return x * (fm__log(x) - 1);
  fm__dd t = times(x - 0.5, fm__dd_log((fm__dd){x, 0}));
  return plus(plus(plus(t, -x), HALF_LOG_2PI), HALF_LOG_2PI_LOW + fm__stirling(x)).hi;
}

fm__dd fm__log_ratio(fm__dd x, fm__dd y)
{
  double r = x.hi / y.hi;
  if (r > 0x1p-4 && r < 0x1p4)
    return fm__dd_log(fm__dd_divide(x, y)); /* keeps what is left when x is near y */
  return fm__dd_add(fm__dd_log(x), fm__dd_negative(fm__dd_log(y)));
}

/* x^a exp(-x) / Gamma(a + 1). The exponent is carried in two doubles: in the far tail, where it is hundreds, its
 * rounding would show in the result; where x is near a its parts cancel. */
static double prefix(double a, double x)
{
  if (a < 10) {
    fm__dd t = times(a, fm__dd_log((fm__dd){x, 0}));
    return fm__dd_exp(plus(plus(t, -x), -fm__lgamma_1p(a)));
  }
  fm__dd t = times(a, fm__log_ratio((fm__dd){x, 0}, (fm__dd){a, 0}));
  t = fm__dd_add(t, fm__dd_sum(a, -x));
  return FM__INVERSE_SQRT_2PI / sqrt(a) * fm__dd_exp(plus(t, -fm__stirling(a)));
}

/* 1 + x/(a+1) + x^2/((a+1)(a+2)) + ... : DLMF 8.11.4; NaN when it would take too long. */
static double lower_series(double a, double x)
{
  double term = 1, sum = 1;
  for (double n = 1; n <= FM__MOST_STEPS; n++) {
    term *= x / (a + n);
    sum += term;
    if (term < sum * 0x1p-56 * (1 - x / (a + n + 1)))
      return sum;
  }
  return NAN;
}

/* Gamma(a, x) x^-a exp(x) as a continued fraction, DLMF 8.9.2, by the modified Lentz method. */
static double upper_fraction(double a, double x)
{
  double b = x + 1 - a, d = 1 / b, c = INFINITY, f = d;
  for (double n = 1; n <= FM__MOST_STEPS; n++) {
    double t = -n * (n - a);
    b += 2;
    d = 1 / (b + t * d);
    c = b + t / c;
    double change = c * d;
    f *= change;
    if (!(fabs(change - 1) >= 0x1p-52)) /* NaN too */
      return f;
  }
  return NAN;
}

/* Q for a < 1 and small x without 1 - P, from DLMF 8.7.1: P = e^u (1 + a sum of (-x)^k / (k! (a + k))). */
static double upper_small(double a, double x)
{
  double u = plus(times(a, fm__dd_log((fm__dd){x, 0})), -fm__lgamma_1p(a)).hi;
  double term = 1, sum = 0;
  for (double k = 1; k < 60; k++) {
    term *= -x / k;
    sum += term / (a + k);
    if (fabs(term) < 0x1p-60 * fabs(sum))
      break;
  }
  return -fm__expm1(u) - fm__exp(u) * a * sum;
}

fm__tails fm__gamma_tails(double a, double x)
{
  fm__tails t = {NAN, NAN, 0};
  if (!(a > 0 && a < INFINITY && x >= 0))
    return t;
  if (x == 0)
    return (fm__tails){0, 1, 0};
  if (x == INFINITY)
    return (fm__tails){1, 0, 0};
  double p = prefix(a, x);
  t.slope = a * p;
  if (x < a + 1) {
    t.lower = p == 0 ? 0 : p * lower_series(a, x);
    t.lower = t.lower > 1 ? 1 : t.lower;
    t.upper = a < 1 ? upper_small(a, x) : 1 - t.lower;
  } else {
    t.upper = p == 0 ? 0 : t.slope * upper_fraction(a, x);
    t.upper = t.upper > 1 ? 1 : t.upper;
    t.lower = 1 - t.upper;
  }
  return t;
}

double fm__gamma_lower(double a, double x)
{
  return fm__gamma_tails(a, x).lower;
}

double fm__gamma_upper(double a, double x)
{
  return fm__gamma_tails(a, x).upper;
}
