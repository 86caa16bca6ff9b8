/* Cumulative incidence after Aalen and Johansen (1978): each exit takes its share of those still in. */
#include "retention/exits/exits_priv.h"
#include "retention/retention_priv.h"

void fm__incidence_free(fm__incidence *c)
{
  fm__free(c->stay);
  fm__free(c->stay_variance);
  fm__free(c->gone);
  fm__free(c->gone_variance);
  *c = (fm__incidence){0};
}

size_t fm__moments_at(const fm__moments *m, int32_t time)
{
  return fm__retention_until(m->time, m->n, time) - 1; /* SIZE_MAX below the first */
}

static double stay_before(const fm__incidence *c, size_t k)
{
  return k > 0 ? c->stay[k - 1] : 1;
}

static void put_shares(fm__incidence *c, const fm__moments *m)
{
  for (size_t k = 0; k < c->n; k++) {
    double before = stay_before(c, k);
    c->stay[k] = fm__moments_rows_exit(m, k) > 0 ? before * (m->n_stay[k] / m->n_risk[k]) : before;
    for (size_t j = 0; j < c->n_causes; j++) {
      size_t at = k * c->n_causes + j;
      double gone = k > 0 ? c->gone[at - c->n_causes] : 0;
      c->gone[at] = m->rows_exit[at] > 0 ? gone + before * (m->n_exit[at] / m->n_risk[k]) : gone;
    }
  }
}

/* ---- Greenwood's form: exits at one time are multinomial, as in the product integral of the whole matrix ---- */

static fm_status greenwood(fm__incidence *c, const fm__moments *m, fm_error *err)
{
  size_t n_causes = c->n_causes;
  double stay = 0, *with = fm__array(n_causes, sizeof *with); /* variance of the share in; covariance with each cause */
  if (with == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < c->n; k++) {
    const double *before = k > 0 ? c->gone_variance + (k - 1) * n_causes : NULL;
    double *after = c->gone_variance + k * n_causes, *exit = m->n_exit + k * n_causes;
    double n = m->n_risk[k], rest = m->n_stay[k], kept = rest / n, scale = stay_before(c, k) / n;
    bool exits = fm__moments_rows_exit(m, k) > 0;
    for (size_t j = 0; j < n_causes; j++) {
      after[j] = before != NULL ? before[j] : 0;
      if (!exits)
        continue;
      double h = exit[j] / n;
      after[j] += h * (2 * with[j] + h * stay) + scale * scale * h * (n - exit[j]);
      with[j] = kept * (with[j] + h * stay) - scale * scale * h * rest;
    }
    if (exits)
      stay = kept * kept * stay + scale * scale * kept * fm__moments_n_exit(m, k);
    for (size_t j = 0; j < n_causes; j++)
      after[j] = after[j] > 0 ? after[j] : 0; /* when all have left for one cause the terms cancel but for rounding */
    c->stay_variance[k] = stay;
  }
  fm__free(with);
  return FM_OK;
}

/* ---- Aalen's form: the exits of each cause, and those of all others, vary independently ----
 * The exits at s count with 1 - (F(t) - F(s)) / S(s) when they are of the cause, with -(F(t) - F(s)) / S(s) when not.
 * `value`, `cross` and `slope` are the sums of variance times c^2, c / S and 1 / S^2, where c is that factor now. */
typedef struct aalen {
  double value, cross, slope;
} aalen;

static double without_ties(double n, double exits)
{
  return exits > 1 ? 1 - (exits - 1) / (n - 1) : 1;
}

static void aalen_step(aalen *a, double n, double own, double other, double before, double after)
{
  double rise = before * own / n, inverse = after > 0 ? 1 / after : 0;
  if (own > 0) {
    double v = before * before * without_ties(n, own) * own / (n * n);
    a->value += rise * (rise * a->slope - 2 * a->cross) + v;
    a->cross += v * inverse - rise * a->slope;
    a->slope += v * inverse * inverse;
  }
  if (other > 0 && after > 0)
    a->slope += before * before * without_ties(n, other) * other / (n * n) * inverse * inverse;
}

static void aalen_variance(fm__incidence *c, const fm__moments *m, size_t cause)
{
  aalen a = {0};
  for (size_t k = 0; k < c->n; k++) {
    double own = (double)m->rows_exit[k * c->n_causes + cause], all = (double)fm__moments_rows_exit(m, k);
    aalen_step(&a, (double)m->rows_risk[k], own, all - own, stay_before(c, k), c->stay[k]);
    c->gone_variance[k * c->n_causes + cause] = a.value > 0 ? a.value : 0;
  }
}

fm_status fm__incidence_create(fm__incidence *out, const fm__moments *m, int32_t variance, fm_error *err)
{
  size_t n_all;
  *out = (fm__incidence){.n = m->n, .n_causes = m->n_causes};
  if (fm__multiply(m->n, m->n_causes, &n_all)) {
    out->stay = fm__array(m->n, sizeof *out->stay);
    out->stay_variance = fm__array(m->n, sizeof *out->stay_variance);
    out->gone = fm__array(n_all, sizeof *out->gone);
    out->gone_variance = fm__array(n_all, sizeof *out->gone_variance);
  }
  bool room = out->stay != NULL && out->stay_variance != NULL && out->gone != NULL && out->gone_variance != NULL;
  fm_status status = room ? FM_OK : fm__no_memory(err);
  if (status == FM_OK) {
    put_shares(out, m);
    status = greenwood(out, m, err);
  }
  for (size_t j = 0; j < m->n_causes && status == FM_OK && variance == FM__VARIANCE_AALEN; j++)
    aalen_variance(out, m, j);
  if (status != FM_OK)
    fm__incidence_free(out);
  return status;
}
