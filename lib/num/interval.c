/* Intervals for a share. */
#include <math.h>

#include "num/special_priv.h"

static bool valid(double successes, double n, double level)
{
  return n > 0 && n < INFINITY && successes >= 0 && successes <= n && level > 0 && level < 1;
}

/* Wilson 1927: the shares that a score test would not reject, the roots of (s/n - p)^2 = z^2 p (1 - p) / n. The root
 * near an end comes from the product of the two roots, so that nothing cancels. */
void fm__wilson(double successes, double n, double level, double *low, double *high)
{
  *low = *high = NAN;
  if (!valid(successes, n, level))
    return;
  double s = successes, f = n - successes, z = fm__normal_quantile(0.5 * (1 - level)), zz = z * z;
  double half = sqrt(zz * (s * (f / n) + zz / 4));
  double not_low = (f + zz / 2 + half) / (n + zz); /* 1 - low */
  *high = (s + zz / 2 + half) / (n + zz);
  *low = s == 0 ? 0 : s / n * (s / (n + zz)) / *high;
  if (f == 0)
    *high = 1;
  else if (*high > 0.5)
    *high = 1 - f / n * (f / (n + zz)) / not_low;
}

/* Clopper and Pearson 1934: low is the share at which s or more successes have probability (1 - level) / 2, high that
 * of s or fewer. */
void fm__clopper_pearson(double successes, double n, double level, double *low, double *high)
{
  *low = *high = NAN;
  if (!valid(successes, n, level))
    return;
  double s = successes, f = n - successes, tail = 0.5 * (1 - level), rest = 0.5 + 0.5 * level;
  double odds = s == 0 ? 0 : fm__beta_quantile_odds(s, f + 1, tail, rest);
  *low = odds / (1 + odds);
  odds = f == 0 ? INFINITY : fm__beta_quantile_odds(s + 1, f, rest, tail);
  *high = odds == INFINITY ? 1 : odds / (1 + odds);
}
