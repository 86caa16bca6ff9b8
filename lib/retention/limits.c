/* Limits of a survival on five scales, each cut to 0 .. 1 (Kalbfleisch and Prentice 2002, section 1.4; R's survfit). */
#include "retention/curve_priv.h"

#include <math.h>

#define HALF_PI 1.5707963267948966

/* Taylor series on 0 .. pi/4: the first term left out is below 1e-22. */
static double series(double x, double first, int32_t order)
{
  double term = first, sum = first;
  for (int32_t k = order; k < order + 20; k += 2) {
    term *= -(x * x) / (double)(k * (k + 1));
    sum += term;
  }
  return sum;
}

static double sine(double x) /* 0 <= x <= pi/2 */
{
  return x <= HALF_PI / 2 ? series(x, x, 2) : series(HALF_PI - x, 1, 1);
}

static double cosine(double x)
{
  return x <= HALF_PI / 2 ? series(x, 1, 1) : series(HALF_PI - x, HALF_PI - x, 2);
}

/* sin^2(a -+ d) for sin^2 a = p, with the angle kept in 0 .. pi/2. Beyond those ends the sine or the cosine of the new
 * angle turns negative, so that no arcsine is needed. */
static void arcsine_limits(double p, double d, double *low, double *high)
{
  *low = 0;
  *high = 1;
  if (!(d < HALF_PI))
    return;
  double sin_a = sqrt(p), cos_a = sqrt(1 - p), sin_d = sine(d), cos_d = cosine(d);
  double below = sin_a * cos_d - cos_a * sin_d, above = sin_a * cos_d + cos_a * sin_d;
  if (below > 0)
    *low = below * below;
  if (cos_a * cos_d > sin_a * sin_d)
    *high = above * above;
}

void fm__survival_limits(double survival, double log_error, int32_t conf_type, double z, double *low, double *high)
{
  double p = survival, reach = z * log_error; /* half-width for log survival */
  *low = *high = NAN;
  if (!(p > 0) || (p >= 1 && conf_type > FM__CONF_LOG))
    return;
  if (conf_type == FM__CONF_PLAIN) {
    *low = p - p * reach > 0 ? p - p * reach : 0;
    *high = p + p * reach < 1 ? p + p * reach : 1;
  } else if (conf_type == FM__CONF_LOG) {
    double up = p * fm__exp(reach);
    *low = p * fm__exp(-reach);
    *high = up < 1 ? up : 1;
  } else if (conf_type == FM__CONF_LOGLOG) {
    double log_p = fm__log(p), factor = fm__exp(reach / -log_p);
    *low = fm__exp(log_p * factor);
    *high = fm__exp(log_p / factor);
  } else if (conf_type == FM__CONF_LOGIT) {
    double odds_against = (1 - p) / p, factor = fm__exp(reach / (1 - p));
    *low = 1 / (1 + odds_against * factor);
    *high = 1 / (1 + odds_against / factor);
  } else {
    arcsine_limits(p, 0.5 * reach * sqrt(p / (1 - p)), low, high);
  }
}
