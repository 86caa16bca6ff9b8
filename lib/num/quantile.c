/* Quantiles of gamma, chi-square, beta, F and t: Newton's method on the logarithm of the smaller tail, in the logarithm
 * of x (gamma) or of the odds x / (1 - x) (beta). There both tails are log-concave, so the method closes in from one
 * side after its first step; a bracket guards the start. */
#include <math.h>

#include "num/special_priv.h"

#define MOST_NEWTON 200

typedef struct search {
  double low, high; /* the answer lies between */
  double at;
  bool done;
} search;

/* One step from the tails at s->at, where slope is the derivative of the lower tail by log(at). */
static void newton(search *s, fm__tails t, double p, double q)
{
  bool use_lower = p <= q;
  double tail = use_lower ? t.lower : t.upper, target = use_lower ? p : q;
  bool too_low = use_lower ? tail < target : tail > target;
  if (too_low)
    s->low = s->at;
  else
    s->high = s->at;
  double step = NAN; /* in log(at), to be added */
  if (tail > 0 && t.slope > 0)
    step = (use_lower ? -1 : 1) * fm__log(tail / target) * (tail / t.slope);
  double next = s->at * fm__exp(fmin(fmax(step, -50), 50));
  if (fabs(step) < 1e-10) { /* the error left is its square, times the root of the parameters */
    s->done = true;
  } else if (isnan(step) || !(next >= s->low && next <= s->high)) {
    if (s->low == 0)
      next = s->high * 0x1p-10;
    else if (s->high == INFINITY)
      next = s->low * 0x1p+10;
    else
      next = sqrt(s->low) * sqrt(s->high);
    s->done = s->high <= s->low * (1 + 0x1p-51);
  }
  s->done = s->done || next == 0 || next == INFINITY;
  s->at = next;
}

/* x with P(a, x) = p. */
double fm__gamma_quantile_tails(double a, double p, double q)
{
  if (!(a > 0 && a < INFINITY && p >= 0 && q >= 0 && p <= 1 && q <= 1))
    return NAN;
  if (p == 0)
    return 0;
  if (q == 0)
    return INFINITY;
  /* P <= x^a / Gamma(a + 1) gives a lower bound, which is the answer when it is small */
  fm__dd t = fm__dd_add(fm__dd_log((fm__dd){p, 0}), (fm__dd){fm__lgamma_1p(a), 0});
  double bound = fm__dd_exp(fm__dd_divide(t, (fm__dd){a, 0}));
  if (bound < 1e-18)
    return bound;
  double z = p <= q ? fm__normal_quantile(p) : -fm__normal_quantile(q);
  double root = 1 - 1 / (9 * a) + z / (3 * sqrt(a)); /* Wilson and Hilferty 1931 */
  double start = root > 0 ? a * root * root * root : 0;
  search s = {0, INFINITY, fmax(start, bound), false};
  for (int i = 0; i < MOST_NEWTON && !s.done; i++) {
    fm__tails tails = fm__gamma_tails(a, s.at);
    if (isnan(tails.lower))
      return NAN;
    newton(&s, tails, p, q);
  }
  return s.at;
}

/* Start for the odds: Abramowitz and Stegun 26.5.22, or for small parameters the two power laws at the ends of the
 * density x^(a-1) (1-x)^(b-1), joined at the mean. */
static double beta_start(double a, double b, double p, double q)
{
  if (a >= 1 && b >= 1) {
    double z = p <= q ? fm__normal_quantile(p) : -fm__normal_quantile(q);
    double l = (z * z - 3) / 6, ra = 1 / (2 * a - 1), rb = 1 / (2 * b - 1), h = 2 / (ra + rb);
    double w = -z * sqrt(fmax(h + l, 0)) / h - (rb - ra) * (l + 5.0 / 6 - 2 / (3 * h));
    return a / b * fm__exp(fmin(fmax(-2 * w, -300), 300));
  }
  double left = fm__exp(a * fm__log(a / (a + b))) / a, right = fm__exp(b * fm__log(b / (a + b))) / b;
  double whole = left + right;
  if (p < left / whole)
    return fm__exp(fm__log(a * p * whole) / a);
  return fm__exp(-fm__log(b * q * whole) / b);
}

double fm__beta_quantile_odds(double a, double b, double p, double q)
{
  if (!(a > 0 && a < INFINITY && b > 0 && b < INFINITY && p >= 0 && q >= 0 && p <= 1 && q <= 1))
    return NAN;
  if (p == 0)
    return 0;
  if (q == 0)
    return INFINITY;
  search s = {0, INFINITY, fmin(fmax(beta_start(a, b, p, q), 1e-280), 1e280), false};
  for (int i = 0; i < MOST_NEWTON && !s.done; i++) {
    fm__tails tails = fm__beta_tails(a, b, s.at / (1 + s.at), 1 / (1 + s.at));
    if (isnan(tails.lower))
      return NAN;
    newton(&s, tails, p, q);
  }
  return s.at;
}

double fm__gamma_quantile(double a, double p)
{
  return fm__gamma_quantile_tails(a, p, 1 - p);
}

double fm__chi2_quantile(double df, double p)
{
  return 2 * fm__gamma_quantile(0.5 * df, p);
}

double fm__beta_quantile(double a, double b, double p)
{
  double odds = fm__beta_quantile_odds(a, b, p, 1 - p);
  return odds == INFINITY ? 1 : odds / (1 + odds);
}

double fm__f_quantile(double d1, double d2, double p)
{
  if (!(d1 > 0 && d2 > 0 && p >= 0 && p <= 1))
    return NAN;
  if (p == 0 || p == 1)
    return p == 0 ? 0 : INFINITY;
  if (d1 == INFINITY)
    return d2 == INFINITY ? 1 : 0.5 * d2 / fm__gamma_quantile_tails(0.5 * d2, 1 - p, p);
  if (d2 == INFINITY)
    return fm__gamma_quantile(0.5 * d1, p) / (0.5 * d1);
  return d2 / d1 * fm__beta_quantile_odds(0.5 * d1, 0.5 * d2, p, 1 - p);
}

double fm__t_quantile(double df, double p)
{
  if (!(df > 0 && p >= 0 && p <= 1))
    return NAN;
  if (p == 0 || p == 1)
    return p == 0 ? -INFINITY : INFINITY;
  if (p == 0.5)
    return 0;
  if (df > 1e10) { /* Abramowitz and Stegun 26.7.5: the next term is below 1e-17 */
    double z = fm__normal_quantile(p);
    return z + z * (z * z + 1) / 4 / df;
  }
  double tail = fmin(p, 1 - p);
  /* with x = df / (df + t^2), I_x(df/2, 1/2) is twice the tail */
  double t = sqrt(df / fm__beta_quantile_odds(0.5 * df, 0.5, 2 * tail, 1 - 2 * tail));
  return p <= 0.5 ? -t : t;
}
