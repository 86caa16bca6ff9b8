/* Successes among further ones whose chance has a beta distribution: beta-binomial probabilities.
 *
 * Each probability is its neighbour's times a ratio, from the middle outwards; all are parts of their sum. So small
 * tails keep their digits, and no logarithm of a large factorial takes any away. */
#include <math.h>

#include "target/track_priv.h"

static double ratio_up(double k, double n, double a, double b) /* mass(k + 1) / mass(k) */
{
  return (n - k) * (k + a) / ((k + 1) * (n - k - 1 + b));
}

/* The mass from `from` to `to`, in units of that at the middle. */
static double sum_between(double from, double to, double n, double a, double b)
{
  double middle = floor(n * a / (a + b)), sum = 0, mass = 1;
  for (double k = middle; k <= to && k <= n; k++) {
    sum += k >= from ? mass : 0;
    mass *= ratio_up(k, n, a, b);
  }
  mass = 1;
  for (double k = middle; k > from && k > 0; k--) {
    mass /= ratio_up(k - 1, n, a, b);
    sum += k - 1 <= to ? mass : 0;
  }
  return sum;
}

double fm__beta_binomial_at_least(double r, double n, double a, double b)
{
  r = ceil(r);
  return r <= 0 ? 1.0 : sum_between(r, n, n, a, b) / sum_between(0, n, n, a, b);
}

double fm__beta_binomial_quantile(double p, double n, double a, double b)
{
  double low = 0, high = n, all = sum_between(0, n, n, a, b);
  while (low < high) { /* cdf(k) >= p; p may fall short by rounding, as in the other quantiles of counts */
    double k = floor((low + high) / 2);
    if (sum_between(0, k, n, a, b) >= p * (1 - 1e-13) * all)
      high = k;
    else
      low = k + 1;
  }
  return low;
}
