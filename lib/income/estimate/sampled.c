/* Standard errors of figures over plain rows, by linearisation or by replicates. */
#include "income/estimate/sampled_priv.h"

#include <math.h>

typedef struct room {
  double *z, *u, *factor, *w, *value, *replicates; /* replicates: by figure */
  uint8_t *in_domain;
} room;

static void room_free(room *m)
{
  fm__free(m->z);
  fm__free(m->u);
  fm__free(m->factor);
  fm__free(m->w);
  fm__free(m->value);
  fm__free(m->replicates);
  fm__free(m->in_domain);
}

static fm_status room_create(room *m, const fm__sampled *s, const fm__design *design, fm_error *err)
{
  size_t n_units = fm__design_n_units(design), n_replicates = fm__design_n_replicates(design);
  *m = (room){.z = fm__array(n_units, sizeof *m->z),
              .u = fm__array(s->n, sizeof *m->u),
              .factor = fm__array(n_units, sizeof *m->factor),
              .w = fm__array(s->n, sizeof *m->w),
              .value = fm__array(s->n_figures, sizeof *m->value),
              .in_domain = fm__array(n_units, 1)};
  size_t all;
  if (fm__multiply(n_replicates, s->n_figures, &all))
    m->replicates = fm__array(all, sizeof *m->replicates);
  bool given = m->z != NULL && m->u != NULL && m->factor != NULL && m->w != NULL && m->value != NULL &&
               m->replicates != NULL && m->in_domain != NULL;
  if (!given)
    room_free(m);
  return given ? FM_OK : fm__no_memory(err);
}

fm__figure fm__sampled_figure(const char *quantity, const char *unit, const fm__estimate *e, size_t n, double weight,
                              double level)
{
  fm__figure f = fm__figure_of(quantity, unit);
  f.value = e->value;
  f.std_error = e->std_error;
  f.ci_low = e->ci_low;
  f.ci_high = e->ci_high;
  f.level = isnan(e->ci_low) ? NAN : level;
  f.n = f.people = (int64_t)n;
  f.weight = isfinite(weight) ? weight : NAN;
  f.state = e->state;
  return f;
}

static fm_status linearise(fm__estimate *out, const fm__sampled *s, const fm__design *design, room *m, fm_error *err)
{
  fm_status status = FM_OK;
  for (size_t f = 0; f < s->n_figures && status == FM_OK; f++) {
    if (isnan(out[f].value) || !s->influence(m->u, s->context, f, out[f].value))
      continue;
    for (size_t i = 0; i < fm__design_n_units(design); i++)
      m->z[i] = 0;
    for (size_t i = 0; i < s->n; i++)
      m->z[s->unit[i]] += s->w[i] * m->u[i];
    status = fm__design_std_error(&out[f].std_error, design, m->z, err);
  }
  return status;
}

static fm_status replicate(fm__estimate *out, const fm__sampled *s, const fm__design *design, room *m,
                           const fm_run *run, fm_error *err)
{
  size_t n = fm__design_n_replicates(design);
  fm_status status = FM_OK;
  for (size_t r = 0; r < n && status == FM_OK; r++) {
    status = fm__design_replicate(m->factor, design, r, err);
    for (size_t i = 0; i < s->n && status == FM_OK; i++)
      m->w[i] = s->w[i] * m->factor[s->unit[i]];
    if (status == FM_OK) {
      s->weigh(s->context, m->w);
      s->values(m->value, s->context);
      status = fm__run_progress(run, (double)(r + 1) / (double)n, err);
    }
    for (size_t f = 0; f < s->n_figures; f++)
      m->replicates[f * n + r] = m->value[f];
  }
  s->weigh(s->context, s->w);
  for (size_t f = 0; f < s->n_figures && status == FM_OK; f++)
    out[f].std_error = fm__design_combine_std_error(design, out[f].value, m->replicates + f * n);
  return status;
}

fm_status fm__sampled_estimates(fm__estimate *out, const fm__sampled *s, const fm__design *design, double level,
                                const fm_run *run, fm_error *err)
{
  room m;
  fm_status status = room_create(&m, s, design, err);
  if (status != FM_OK)
    return status;
  s->values(m.value, s->context);
  for (size_t f = 0; f < s->n_figures; f++) {
    out[f] = (fm__estimate){m.value[f], NAN, NAN, NAN, NAN, NAN, FM__OK};
    if (!isfinite(m.value[f])) {
      out[f].value = NAN;
      out[f].state = s->n > 0 ? FM__UNDEFINED : FM__EMPTY;
    }
  }
  for (size_t i = 0; i < s->n; i++)
    m.in_domain[s->unit[i]] = 1;
  if (fm__design_method(design) == FM_SURVEY_TAYLOR)
    status = linearise(out, s, design, &m, err);
  else if (fm__design_method(design) != FM_SURVEY_NONE)
    status = replicate(out, s, design, &m, run, err);
  double df = fm__design_degrees_of_freedom(design, m.in_domain);
  for (size_t f = 0; f < s->n_figures && status == FM_OK; f++) {
    if (isnan(out[f].value) || isnan(out[f].std_error))
      continue;
    out[f].df = df;
    fm__survey_limits(&out[f].ci_low, &out[f].ci_high, out[f].value, out[f].std_error, df, level,
                      s->is_rate != NULL && s->is_rate(s->context, f));
  }
  room_free(&m);
  return status;
}
