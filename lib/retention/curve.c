/* Kaplan-Meier and Greenwood over the moments of one group, and the quantiles of the curve. */
#include "retention/curve_priv.h"

#include <math.h>

/* Survival values closer than this are one flat part; the tolerance of R's quantile.survfit, sqrt(2^-52). */
#define FLAT 1.4901161193847656e-08

void fm__curve_free(fm__curve *c)
{
  fm__free(c->steps);
  *c = (fm__curve){0};
}

/* Hazard of a step and its variance. One after the other: of m exits of weight d in all each has d / m, and the j-th
 * finds n - j d / m at risk (Fleming and Harrington 1984; R's survfit with ctype 2). */
static double add_hazard(fm__step *s, bool one_by_one)
{
  double n = s->n_risk, d = s->n_event, hazard = 0, variance = 0;
  int64_t m = one_by_one ? s->rows_event : 1;
  for (int64_t j = 0; j < m; j++) {
    double share = (double)j / (double)m, left = n - share * d, part = d / (double)m;
    hazard += part / left;
    variance += part / left / left;
    s->hazard_risk -= part / left / left;
    s->hazard_exit += 1 / (double)m / left + share * part / left / left;
  }
  s->hazard += hazard;
  return variance;
}

static void add_product(fm__step *s, double stay)
{
  s->survival *= stay / s->n_risk;
  s->term = s->n_event / s->n_risk / stay;
  if (stay > 0) { /* nobody is left otherwise, and survival stays 0 whatever the weights */
    s->log_risk = -s->term;
    s->log_exit = 1 / stay;
  }
}

static fm__step step_at(const fm__moments *m, size_t k)
{
  return (fm__step){.time = m->time[k],
                    .rows_risk = m->rows_risk[k],
                    .rows_event = fm__moments_rows_exit(m, k),
                    .rows_censor = m->rows_censor[k],
                    .n_risk = m->n_risk[k],
                    .n_event = fm__moments_n_exit(m, k),
                    .n_censor = m->n_censor[k]};
}

fm_status fm__curve_create(fm__curve *out, const fm__moments *m, int32_t estimator, int32_t start, fm_error *err)
{
  double survival = 1, hazard = 0, variance = 0, hazard_variance = 0; /* variance: of log survival */
  size_t first = 0;
  while (first < m->n && m->time[first] < start)
    first++;
  *out = (fm__curve){.steps = fm__array(m->n - first, sizeof *out->steps), .n = m->n - first};
  if (out->steps == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < out->n; k++) {
    fm__step *s = &out->steps[k];
    *s = step_at(m, first + k);
    s->survival = survival;
    s->hazard = hazard;
    if (s->rows_event > 0) {
      double term = add_hazard(s, estimator == FM__FLEMING_HARRINGTON);
      hazard_variance += term;
      if (estimator == FM__KAPLAN_MEIER) {
        add_product(s, m->n_stay[first + k]);
      } else {
        s->survival = fm__exp(-s->hazard);
        s->term = term;
        s->log_risk = s->hazard_risk;
        s->log_exit = s->hazard_exit;
      }
      variance += s->term;
    }
    survival = s->survival;
    hazard = s->hazard;
    s->log_error = sqrt(variance);
    s->hazard_error = sqrt(hazard_variance);
    out->rows += s->rows_event + s->rows_censor;
  }
  return FM_OK;
}

size_t fm__curve_steps_to(const fm__curve *c, int32_t time)
{
  size_t low = 0, high = c->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (c->steps[middle].time <= time)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

int64_t fm__curve_risk_at(const fm__curve *c, int32_t time)
{
  size_t k = fm__curve_steps_to(c, time);
  if (k > 0 && c->steps[k - 1].time == time)
    k--;
  return k < c->n ? c->steps[k].rows_risk : 0;
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
