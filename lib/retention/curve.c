/* Kaplan-Meier and Greenwood over the steps of one group, and the quantiles of the curve. */
#include "retention/curve_priv.h"

#include <math.h>

/* Survival values closer than this are one flat part; the tolerance of R's quantile.survfit, sqrt(2^-52). */
#define FLAT 1.4901161193847656e-08

/* Numbers of rows and weights of the cells at one time; `at` is one past them and moves to the first. */
typedef struct ends {
  uint64_t count[FM__CELL_KINDS];
  const fm__sum *sum[FM__CELL_KINDS];
} ends;

static ends ends_at(const fm__cells *cells, size_t from, size_t *at)
{
  ends e = {0};
  int32_t time = fm__cell_time(cells->keys[*at - 1]);
  while (*at > from && fm__cell_time(cells->keys[*at - 1]) == time) {
    size_t i = --*at;
    uint32_t kind = cells->keys[i] & 3;
    e.count[kind] = cells->counts[i];
    e.sum[kind] = cells->sums != NULL ? &cells->sums[i] : NULL;
  }
  return e;
}

static double weight_of(const fm__sum *sum)
{
  return sum != NULL ? fm__sum_value(sum) : 0;
}

/* What is left of those at risk once the events of a step have happened is kept in `survival` until the product is
 * taken. Going back in time, the number at risk at t is the number of ends at t or later less that of entries at t or
 * later, because an entry at e is at risk only after e. */
static void steps_at_risk(fm__step *steps, size_t n, const fm__cells *cells, size_t from, size_t to)
{
  fm__sum risk = {0};
  uint64_t rows = 0;
  size_t at = to;
  for (size_t k = n; k-- > 0;) {
    fm__step *s = &steps[k];
    s->time = fm__cell_time(cells->keys[at - 1]);
    ends e = ends_at(cells, from, &at);
    rows += e.count[FM__CELL_CENSOR] + e.count[FM__CELL_EVENT] - e.count[FM__CELL_ENTER];
    s->rows_risk = (int64_t)rows;
    s->rows_event = (int64_t)e.count[FM__CELL_EVENT];
    s->rows_censor = (int64_t)e.count[FM__CELL_CENSOR];
    if (cells->sums == NULL) {
      s->n_risk = (double)s->rows_risk;
      s->n_event = (double)s->rows_event;
      s->n_censor = (double)s->rows_censor;
      s->survival = (double)(s->rows_risk - s->rows_event);
      continue;
    }
    for (uint32_t kind = FM__CELL_CENSOR; kind <= FM__CELL_ENTER; kind++)
      if (e.sum[kind] != NULL)
        fm__sum_merge(&risk, e.sum[kind]);
    s->survival = fm__sum_value(&risk);
    if (e.sum[FM__CELL_EVENT] != NULL)
      fm__sum_merge(&risk, e.sum[FM__CELL_EVENT]);
    s->n_risk = fm__sum_value(&risk);
    s->n_event = weight_of(e.sum[FM__CELL_EVENT]);
    s->n_censor = weight_of(e.sum[FM__CELL_CENSOR]);
  }
}

static void steps_product(fm__step *steps, size_t n)
{
  double survival = 1, variance = 0; /* of log survival */
  for (size_t k = 0; k < n; k++) {
    fm__step *s = &steps[k];
    double rest = s->survival;
    if (s->rows_event > 0) {
      survival *= rest / s->n_risk;
      variance += s->n_event / s->n_risk / rest;
    }
    s->survival = survival;
    s->log_error = sqrt(variance);
  }
}

fm_status fm__steps_create(fm__step **out, size_t *n, const fm__cells *cells, size_t from, size_t to, fm_error *err)
{
  size_t times = 0;
  for (size_t i = from; i < to; i++)
    times += i == from || fm__cell_time(cells->keys[i]) != fm__cell_time(cells->keys[i - 1]);
  *n = times;
  *out = fm__array(times, sizeof **out);
  if (*out == NULL)
    return fm__no_memory(err);
  steps_at_risk(*out, times, cells, from, to);
  steps_product(*out, times);
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
