/* Kaplan-Meier and Greenwood over the moments of one group, and the quantiles of the curve. */
#include "retention/curve_priv.h"

#include <math.h>

/* Survival values closer than this are one flat part; the tolerance of R's quantile.survfit, sqrt(2^-52). */
#define FLAT 1.4901161193847656e-08

fm_status fm__steps_create(fm__step **out, const fm__moments *m, fm_error *err)
{
  double survival = 1, variance = 0; /* of log survival */
  fm__step *steps = *out = fm__array(m->n, sizeof *steps);
  if (steps == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < m->n; k++) {
    fm__step *s = &steps[k];
    *s = (fm__step){.time = m->time[k],
                    .rows_risk = m->rows_risk[k],
                    .rows_event = fm__moments_rows_exit(m, k),
                    .rows_censor = m->rows_censor[k],
                    .n_risk = m->n_risk[k],
                    .n_event = fm__moments_n_exit(m, k),
                    .n_censor = m->n_censor[k]};
    if (s->rows_event > 0) {
      survival *= m->n_stay[k] / s->n_risk;
      variance += s->n_event / s->n_risk / m->n_stay[k];
    }
    s->survival = survival;
    s->log_error = sqrt(variance);
  }
  return FM_OK;
}

double fm__step_error(const fm__step *step)
{
  return step->survival > 0 ? step->survival * step->log_error : NAN;
}

void fm__steps_limits(fm__step *steps, size_t n, int32_t conf_type, double level)
{
  double z = fm__normal_quantile(0.5 + level / 2);
  for (size_t k = 0; k < n; k++)
    fm__survival_limits(steps[k].survival, steps[k].log_error, conf_type, z, &steps[k].low, &steps[k].high);
}

/* The curve begins at (0, 1), before the first step. */
static double curve_time(const fm__step *steps, size_t k)
{
  return k == 0 ? 0 : (double)steps[k - 1].time;
}

enum { SURVIVAL, LOW, HIGH };

static double curve_left(const fm__step *steps, size_t k, int32_t curve)
{
  if (k == 0)
    return 0;
  const fm__step *s = &steps[k - 1];
  return 1 - (curve == SURVIVAL ? s->survival : curve == LOW ? s->low : s->high);
}

/* Time at which the share `p` has left by one of the curves. R's rule (survival, quantile.survfit): the middle between
 * the first time with at least p - FLAT left and the first with at least p + FLAT; both are one time unless the curve
 * is flat at 1 - p. When it is flat there to its end, the middle runs to the last time. Limits need not be monotone:
 * "first" is the one with the smallest share left, as in R. */
static double quantile(const fm__step *steps, size_t n, int32_t curve, double p)
{
  size_t low = SIZE_MAX, high = SIZE_MAX;
  double low_left = 0, high_left = 0;
  for (size_t k = 0; k <= n; k++) {
    double left = curve_left(steps, k, curve);
    if (left + FLAT >= p && (low == SIZE_MAX || left < low_left)) {
      low = k;
      low_left = left;
    }
    if (left - FLAT >= p && (high == SIZE_MAX || left < high_left)) {
      high = k;
      high_left = left;
    }
  }
  if (low != SIZE_MAX && fabs(p - curve_left(steps, n, curve)) < FLAT)
    high = n;
  return low == SIZE_MAX || high == SIZE_MAX ? NAN : (curve_time(steps, low) + curve_time(steps, high)) / 2;
}

void fm__steps_quantile(const fm__step *steps, size_t n, double p, double *value, double *low, double *high)
{
  *value = *low = *high = NAN;
  if (n == 0)
    return;
  *value = quantile(steps, n, SURVIVAL, p);
  *low = quantile(steps, n, LOW, p);
  *high = quantile(steps, n, HIGH, p);
}
