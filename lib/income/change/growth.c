/* Growth between two periods, its influences, and the populations of a group in both. */
#include "income/change/growth_priv.h"

#include <math.h>

#include "num/num_priv.h"

double fm__growth(double first, double last, double years)
{
  if (!(first > 0) || !(last >= 0))
    return NAN;
  double growth = (last - first) / first;
  return isnan(years) || years == 1 || last == 0 ? growth : fm__expm1(fm__log1p(growth) / years);
}

void fm__growth_slopes(double slope[2], double first, double last, double years)
{
  double growth = fm__growth(first, last, years), t = isnan(years) ? 1 : years;
  slope[0] = -(1 + growth) / (t * first);
  slope[1] = last > 0 ? (1 + growth) / (t * last) : t == 1 ? 1 / first : NAN;
}

fm__income_context fm__wave_context(const fm_income_rules *rules, const fm__dist *const *populations, int32_t wave,
                                    bool national)
{
  return (fm__income_context){
      .rules = rules, .own = populations[wave], .line_from = populations[national ? 2 + wave : wave]};
}

void fm__parts_add(fm__part *parts, size_t *n_parts, size_t population, const fm__influence *f, double factor)
{
  if (f->n == 0)
    return;
  fm__part *p = &parts[(*n_parts)++];
  p->population = population;
  p->influence.n = 0;
  fm__influence_add(&p->influence, f, factor);
}

fm_status fm__parts_add_call(fm__part *parts, size_t *n_parts, const fm__call *call, const fm_income_rules *rules,
                             const fm__dist *const *populations, int32_t wave, bool national, double factor,
                             fm_error *err)
{
  fm__income_context c = fm__wave_context(rules, populations, wave, national);
  fm__influence own = {.n = 0}, line = {.n = 0};
  fm_status status = fm__call_influence(&own, &line, call, &c, err);
  if (status != FM_OK)
    return status;
  fm__parts_add(parts, n_parts, (size_t)wave, &own, factor);
  if (national)
    fm__parts_add(parts, n_parts, 2 + (size_t)wave, &line, factor);
  return FM_OK;
}

/* ---- a group's populations ---- */

void fm__wave_dists_free(fm__wave_dists *d)
{
  fm__dist_free(&d->own[0]);
  fm__dist_free(&d->own[1]);
  fm__free(d->in_domain);
  d->in_domain = NULL;
}

fm_status fm__wave_dists_create(fm__wave_dists *d, fm__two *t, size_t group, const fm__dist *national,
                                const fm_run *run, fm_error *err)
{
  fm_status status = FM_OK;
  *d = (fm__wave_dists){.n = national != NULL ? 4 : 2};
  for (int32_t k = 0; k < 2 && status == FM_OK; k++) {
    status = fm__two_population(&d->own[k], t, group, k, run, err);
    d->all[k] = &d->own[k];
    d->all[2 + k] = national != NULL ? &national[k] : NULL;
  }
  if (status == FM_OK && group != FM__EVERY_GROUP) {
    d->in_domain = fm__array(fm__design_n_units(t->prepared.design), 1);
    if (d->in_domain == NULL)
      status = fm__no_memory(err);
  }
  for (int32_t k = 0; k < 2 && status == FM_OK && d->in_domain != NULL; k++)
    for (size_t i = 0; i < d->own[k].n_members; i++)
      d->in_domain[fm__dist_member(&d->own[k], i)->unit] = 1;
  if (status != FM_OK)
    fm__wave_dists_free(d);
  return status;
}

fm_status fm__wave_national(fm__dist national[2], fm__two *t, const fm_run *run, fm_error *err)
{
  fm_status status = FM_OK;
  for (int32_t k = 0; k < 2 && status == FM_OK; k++)
    status = fm__two_population(&national[k], t, FM__EVERY_GROUP, k, run, err);
  return status;
}

const fm__dist *fm__wave_smaller(const fm__wave_dists *d)
{
  const fm__dist *a = &d->own[0], *b = &d->own[1];
  return a->n < b->n || (a->n == b->n && a->weight / a->w_scale < b->weight / b->w_scale) ? a : b;
}

fm_status fm__wave_estimates(fm__estimate *out, const fm__estimator *e, const fm__wave_dists *d, const fm__two *t,
                             double level, const fm_run *run, fm_error *err)
{
  fm_status status = fm__estimate_all(out, e, d->all, d->n, d->n, t->prepared.design, level, run, err);
  if (status != FM_OK || d->in_domain == NULL || fm__design_method(t->prepared.design) != FM_SURVEY_TAYLOR)
    return status;
  double df = fm__design_degrees_of_freedom(t->prepared.design, d->in_domain);
  for (size_t i = 0; i < e->n_figures; i++)
    if (!isnan(out[i].std_error)) {
      out[i].df = df;
      fm__survey_limits(&out[i].ci_low, &out[i].ci_high, out[i].value, out[i].std_error, df, level,
                        e->is_rate != NULL && e->is_rate(e->context, i));
    }
  return FM_OK;
}
