/* The anonymous growth incidence curve: growth of quantiles, and of the means of equal slices, with bands. */
#include "income/change/incidence_priv.h"

#include <math.h>
#include <stdlib.h>

#include "income/measure/influence_priv.h"
#include "num/num_priv.h"

/* Figures: n - 1 quantiles, n slices, the mean. */
typedef struct curve {
  const fm__incidence *c;
  fm_income_rules rules; /* shares are always of the Lorenz curve: the record at a cut is split */
  size_t n;
  double years;
} curve;

static bool is_quantile(const curve *k, size_t figure)
{
  return figure < k->n - 1;
}

static bool is_slice(const curve *k, size_t figure)
{
  return figure >= k->n - 1 && figure < 2 * k->n - 1;
}

/* Upper end of a figure's share of people. */
static double end_of(const curve *k, size_t figure)
{
  return is_quantile(k, figure) ? (double)(figure + 1) / (double)k->n : (double)(figure + 2 - k->n) / (double)k->n;
}

static fm__call call_of(const curve *k, size_t figure)
{
  fm__call call = is_quantile(k, figure) ? k->c->quantile : k->c->mean;
  if (is_quantile(k, figure))
    call.p[0] = end_of(k, figure);
  return call;
}

static double slice_total(const curve *k, size_t figure, const fm__dist *d)
{
  double end = end_of(k, figure), begin = (double)(figure + 1 - k->n) / (double)k->n;
  return fm__dist_poorest(d, end) - (begin > 0 ? fm__dist_poorest(d, begin) : 0);
}

/* The level that grows, in the caller's units. */
static double level_of(const curve *k, size_t figure, const fm__dist *const *populations, int32_t wave,
                       const char **state)
{
  const fm__dist *d = populations[wave];
  if (!is_slice(k, figure)) {
    fm__call call = call_of(k, figure);
    fm__income_context context = fm__wave_context(&k->rules, populations, wave, false);
    return fm__call_value(&call, &context, state);
  }
  if (d->n == 0)
    *state = FM__EMPTY;
  return d->n > 0 ? slice_total(k, figure, d) / (d->weight / (double)k->n) / d->x_scale : NAN;
}

static double value_of(const void *context, size_t figure, const fm__dist *const *populations, const char **state)
{
  const curve *k = context;
  double first = level_of(k, figure, populations, 0, state);
  double last = isnan(first) ? NAN : level_of(k, figure, populations, 1, state);
  if (isnan(first) || isnan(last))
    return NAN;
  double growth = fm__growth(first, last, k->years);
  if (!isfinite(growth))
    *state = FM__UNDEFINED;
  return isfinite(growth) ? growth : NAN;
}

/* Of the mean of one slice, in scaled units. */
static void slice_influence(fm__influence *f, const curve *k, size_t figure, const fm__dist *const *populations,
                            int32_t wave)
{
  fm__income_context context = fm__wave_context(&k->rules, populations, wave, false);
  const fm__dist *d = populations[wave];
  double width = d->weight / (double)k->n, end = end_of(k, figure), begin = (double)(figure + 1 - k->n) / (double)k->n;
  if (end < 1)
    fm__poorest_influence(f, &context, end, 1 / width);
  else
    fm__influence_term(f, FM__TERM_X, 1 / width, 0);
  if (begin > 0)
    fm__poorest_influence(f, &context, begin, -1 / width);
  fm__influence_term(f, FM__TERM_ONE, -slice_total(k, figure, d) / width / d->weight, 0);
}

static fm_status influence_of(fm__part *parts, size_t *n_parts, const void *context, size_t figure,
                              const fm__dist *const *populations, double value, fm_error *err)
{
  const curve *k = context;
  const char *state = FM__OK;
  double slope[2];
  fm_status status = FM_OK;
  *n_parts = 0;
  if (isnan(value))
    return FM_OK;
  fm__growth_slopes(slope, level_of(k, figure, populations, 0, &state), level_of(k, figure, populations, 1, &state),
                    k->years);
  fm__call call = call_of(k, figure);
  for (int32_t wave = 0; wave < 2 && status == FM_OK; wave++) {
    if (!is_slice(k, figure)) {
      status = fm__parts_add_call(parts, n_parts, &call, &k->rules, populations, wave, false, slope[wave], err);
      continue;
    }
    fm__influence f = {.n = 0};
    slice_influence(&f, k, figure, populations, wave);
    fm__parts_add(parts, n_parts, (size_t)wave, &f, slope[wave] / populations[wave]->x_scale);
  }
  return status;
}

/* ---- bands ---- */

static int by_size(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

double fm__band_critical(double *largest, size_t n_replicates, size_t m, double df, double level)
{
  if (n_replicates == 0 && isnan(df))
    return NAN;
  if (n_replicates == 0) {
    double each = 0.5 + 0.5 * fm__pow(level, 1 / (double)m);
    return isfinite(df) ? fm__t_quantile(df, each) : fm__normal_quantile(each);
  }
  qsort(largest, n_replicates, sizeof *largest, by_size);
  size_t at = (size_t)ceil(level * (double)n_replicates);
  return largest[at > 0 ? at - 1 : 0];
}

/* The largest |t| of the quantiles and of the slices in replicate r; points without a value or an error stay out. */
static fm_status largest_t(double out[2], const fm__estimator *e, const fm__incidence_page *p,
                           const fm__estimate *estimates, double *factor, size_t r, fm_error *err)
{
  const curve *k = e->context;
  fm__dist d[2] = {{.n = 0}, {.n = 0}};
  const fm__dist *populations[2] = {&d[0], &d[1]};
  fm_status status = fm__design_replicate(factor, p->two->prepared.design, r, err);
  for (size_t wave = 0; wave < 2 && status == FM_OK; wave++)
    status = fm__dist_reweighted(&d[wave], &p->dists->own[wave], factor, err);
  out[0] = out[1] = 0;
  for (size_t i = 0; i < 2 * k->n - 1 && status == FM_OK; i++) {
    const char *state = FM__OK;
    double t = fabs(value_of(k, i, populations, &state) - estimates[i].value) / estimates[i].std_error;
    if (estimates[i].std_error > 0 && t > out[is_slice(k, i)])
      out[is_slice(k, i)] = t;
  }
  fm__dist_free(&d[0]);
  fm__dist_free(&d[1]);
  return status;
}

static fm_status find_critical(double critical[2], const fm__estimator *e, const fm__incidence_page *p,
                               const fm__estimate *estimates, const fm_run *run, fm_error *err)
{
  const curve *k = e->context;
  const fm__design *design = p->two->prepared.design;
  bool drawn = fm__design_method(design) == FM_SURVEY_BOOTSTRAP;
  size_t n = drawn ? fm__design_n_replicates(design) : 0;
  double *largest = fm__array(n, 2 * sizeof *largest), *factor = fm__array(fm__design_n_units(design), sizeof *factor);
  fm_status status = largest != NULL && factor != NULL ? FM_OK : fm__no_memory(err);
  for (size_t r = 0; r < n && status == FM_OK; r++) {
    double t[2];
    status = largest_t(t, e, p, estimates, factor, r, err);
    largest[r] = t[0];
    largest[n + r] = t[1];
    if (status == FM_OK)
      status = fm__run_progress(run, (double)(r + 1) / (double)n, err);
  }
  for (size_t kind = 0; kind < 2 && status == FM_OK; kind++) /* df of the mean, which always has an error if any has */
    critical[kind] =
        fm__band_critical(largest + kind * n, n, kind == 0 ? k->n - 1 : k->n, estimates[2 * k->n - 1].df, p->c->level);
  fm__free(largest);
  fm__free(factor);
  return status;
}

fm_status fm__incidence_curve(const fm__incidence_page *p, const fm_run *run, fm_error *err)
{
  curve k = {.c = p->c, .rules = p->c->waves.records.rules, .n = (size_t)p->c->n_points, .years = p->years};
  size_t n_figures = 2 * k.n;
  fm__estimator e = {
      .context = &k, .n_figures = n_figures, .value = value_of, .max_parts = 4, .influence = influence_of};
  const char *unit = isnan(p->years) ? "total" : "per_year";
  double critical[2] = {NAN, NAN};
  k.rules.share = FM_INCOME_SHARE_FRACTIONAL;
  fm__estimate *estimates = fm__array(n_figures, sizeof *estimates);
  if (estimates == NULL)
    return fm__no_memory(err);
  fm__subrun part;
  fm_status status =
      fm__wave_estimates(estimates, &e, p->dists, p->two, p->c->level, fm__run_within(&part, run, 0, 0.5), err);
  if (status == FM_OK)
    status = find_critical(critical, &e, p, estimates, fm__run_within(&part, run, 0.5, 1), err);
  for (size_t i = 0; i < n_figures && status == FM_OK; i++) {
    const fm__estimate *at = &estimates[i];
    bool mean = i + 1 == n_figures;
    double half = mean ? NAN : critical[is_slice(&k, i)] * at->std_error;
    fm__incidence_keys keys = {
        .percentile = mean ? NAN : end_of(&k, i), .band_low = at->value - half, .band_high = at->value + half};
    fm__figure f = fm__estimate_figure(mean                 ? "mean_growth"
                                       : is_quantile(&k, i) ? "quantile_growth"
                                                            : "slice_growth",
                                       unit, at, fm__wave_smaller(p->dists), p->c->level);
    fm__incidence_put(p, &keys, &f, at->df);
  }
  fm__free(estimates);
  return status;
}
