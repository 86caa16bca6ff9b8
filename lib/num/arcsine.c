/* The arcsine, the same bits everywhere, within 2 units in the last place. */
#include <math.h>

#include "num/num_priv.h"

/* x + x^3/6 + 3 x^5/40 + ...: each term is the one before times x^2 (2k-1)^2 / (2k (2k+1)). With x^2 <= 1/4 the 26th is
 * below 2^-60 of the first. Added from the smallest on. */
static double series(double x)
{
  enum { TERMS = 26 };
  double term[TERMS], square = x * x, sum = 0;
  term[0] = x;
  for (int k = 1; k < TERMS; k++)
    term[k] = term[k - 1] * square * ((2.0 * k - 1) * (2.0 * k - 1) / (2.0 * k * (2.0 * k + 1)));
  for (int k = TERMS - 1; k > 0; k--)
    sum += term[k];
  return x == 0 ? x : x + sum; /* -0 stays */
}

double fm__asin(double x)
{
  const double half_pi = 0x1.921fb54442d18p+0, rest = 0x1.1a62633145c07p-54; /* pi / 2 in two parts */
  double size = fabs(x);
  if (!(size <= 1))
    return (double)NAN;
  if (size <= 0.5)
    return series(x);
  double angle = half_pi - (2 * series(sqrt((1 - size) / 2)) - rest); /* (1 - size) / 2 is exact */
  return x < 0 ? -angle : angle;
}
