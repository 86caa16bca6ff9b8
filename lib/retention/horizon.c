/* Survival at a horizon and restricted mean time with their variances. */
#include "retention/horizon_priv.h"

#include <math.h>

void fm__estimates_free(fm__estimates *e)
{
  fm__free(e->of);
  fm__free(e->influence);
  fm__free(e->unit);
  *e = (fm__estimates){0};
}

/* What one figure is made of: derivatives of it by the weights of each step, and its plain variance. */
typedef struct parts {
  double *risk, *exit;
} parts;

static double survival_before(const fm__curve *c, size_t k)
{
  return k > 0 ? c->steps[k - 1].survival : 1;
}

/* d S / d w is -S times the sum of the derivatives of -log S over the steps so far. */
static void survival_at(fm__estimate *e, parts *p, const fm__curve *c, int32_t time)
{
  size_t n = fm__curve_steps_to(c, time);
  e->value = survival_before(c, n);
  e->log_error = n > 0 ? c->steps[n - 1].log_error : 0;
  e->variance = e->value > 0 ? e->value * e->value * e->log_error * e->log_error : NAN;
  for (size_t k = 0; k < c->n; k++) {
    p->risk[k] = k < n ? -e->value * c->steps[k].log_risk : 0;
    p->exit[k] = k < n ? -e->value * c->steps[k].log_exit : 0;
  }
}

/* The area under the curve from 0 to tau; a step moves it by the area beyond the step (Klein and Moeschberger 2003,
 * section 4.5). */
static void restricted_mean(fm__estimate *e, parts *p, const fm__curve *c, int32_t tau)
{
  size_t n = fm__curve_steps_to(c, tau);
  double beyond = 0, variance = 0, end = tau;
  for (size_t k = c->n; k-- > 0;) {
    p->risk[k] = p->exit[k] = 0;
    if (k >= n)
      continue;
    const fm__step *s = &c->steps[k];
    beyond += s->survival * (end - s->time);
    end = s->time;
    if (beyond > 0) {
      variance += beyond * beyond * s->term;
      p->risk[k] = -beyond * s->log_risk;
      p->exit[k] = -beyond * s->log_exit;
    }
  }
  e->value = beyond + end;
  e->variance = variance;
  e->log_error = NAN;
}

static fm_status robust_variance(fm__estimates *out, size_t k, const parts *p, const fm__presence *presence,
                                 fm_error *err)
{
  double *influence = out->influence + k * out->n_units;
  fm_status status = fm__robust_influence(influence, presence, p->risk, p->exit, err);
  fm__estimate *e = &out->of[k];
  if (status == FM_OK && !isnan(e->variance))
    e->variance = fm__robust_variance(influence, presence);
  if (!isnan(e->log_error) && e->value > 0)
    e->log_error = sqrt(e->variance) / e->value;
  return status;
}

static fm_status number_units(fm__estimates *out, const fm__presence *presence, fm_error *err)
{
  const fm__followed *rows = presence->rows;
  size_t n;
  out->n_units = presence->n_units;
  if (fm__multiply(out->n, out->n_units, &n))
    out->influence = fm__array(n, sizeof *out->influence);
  if (rows->clustered)
    out->unit = fm__array(out->n_units, sizeof *out->unit);
  if (out->influence == NULL || (rows->clustered && out->unit == NULL))
    return fm__no_memory(err);
  for (size_t i = 0; i < rows->n && rows->clustered; i++)
    out->unit[rows->cluster[i]] = rows->unit[i];
  return FM_OK;
}

fm_status fm__estimates_create(fm__estimates *out, const fm__curve *c, const fm__presence *presence,
                               const fm__horizon *horizons, size_t n, fm_error *err)
{
  parts p = {.risk = fm__array(c->n, sizeof *p.risk), .exit = fm__array(c->n, sizeof *p.exit)};
  *out = (fm__estimates){.n = n, .of = fm__array(n, sizeof *out->of)};
  fm_status status = p.risk != NULL && p.exit != NULL && out->of != NULL ? FM_OK : fm__no_memory(err);
  if (status == FM_OK && presence != NULL)
    status = number_units(out, presence, err);
  for (size_t k = 0; k < n && status == FM_OK; k++) {
    fm__estimate *e = &out->of[k];
    if (horizons[k].what == FM__SURVIVAL_AT)
      survival_at(e, &p, c, horizons[k].time);
    else
      restricted_mean(e, &p, c, horizons[k].time);
    e->n_risk = fm__curve_risk_at(c, horizons[k].time);
    e->beyond = c->n > 0 && horizons[k].time > c->steps[c->n - 1].time && c->steps[c->n - 1].survival > 0;
    if (presence != NULL)
      status = robust_variance(out, k, &p, presence, err);
  }
  fm__free(p.risk);
  fm__free(p.exit);
  if (status != FM_OK)
    fm__estimates_free(out);
  return status;
}

double fm__estimates_covariance(const fm__estimates *a, const fm__estimates *b, size_t k)
{
  fm__sum sum = {0};
  if (a->unit == NULL || b->unit == NULL)
    return 0;
  for (size_t i = 0, j = 0; i < a->n_units && j < b->n_units;) {
    if (a->unit[i] == b->unit[j])
      fm__sum_add(&sum, a->influence[k * a->n_units + i++] * b->influence[k * b->n_units + j++]);
    else if (a->unit[i] < b->unit[j])
      i++;
    else
      j++;
  }
  return fm__sum_value(&sum);
}
