/* Plain arrays with the design of their rows. */
#include <math.h>
#include <string.h>

#include "income/estimate/estimate_priv.h"
#include "income/measure/sample_priv.h"
#include "num/num_priv.h"

/* ---- rows in canonical order: by stratum, unit, income, weight, so that the given order leaves no trace ---- */

/* The columns of a design, in canonical order; rows of weight 0 are not there. */
typedef struct columns {
  double *x, *w, *fpc; /* x NaN: in the design alone */
  uint32_t *stratum, *psu;
  size_t n;
} columns;

static void columns_free(columns *c)
{
  fm__free(c->x);
  fm__free(c->stratum);
}

static void sort_rows(fm__item *items, const columns *c, const fm__given *g, size_t n)
{
  fm__item *scratch = items + c->n;
  for (size_t i = 0; i < n; i++)
    items[i].key = fm__order_key(c->w[items[i].value]);
  fm__sort_items(items, scratch, n);
  for (size_t i = 0; i < n; i++) {
    double x = c->x[items[i].value];
    items[i].key = isnan(x) ? UINT64_MAX : fm__order_key(x);
  }
  fm__sort_items(items, scratch, n);
  for (size_t i = 0; i < n; i++)
    items[i].key = fm__design_key(g, (size_t)items[i].value);
  if (g->stratum != NULL || g->psu != NULL)
    fm__sort_items(items, scratch, n);
}

/* Fills `out` from `in` (same rows as given) in the order of the items. */
static void permute(columns *out, const columns *in, const fm__given *g, const fm__item *items)
{
  for (size_t i = 0; i < out->n; i++) {
    size_t row = (size_t)items[i].value;
    out->x[i] = in->x[row];
    out->w[i] = in->w[row];
    out->fpc[i] = g->fpc != NULL ? g->fpc[row] : NAN;
    out->stratum[i] = g->stratum != NULL ? (uint32_t)fm__whole_key(g->stratum[row]) : 0;
    out->psu[i] = g->psu != NULL ? (uint32_t)fm__whole_key(g->psu[row]) : 0;
  }
}

static fm_status columns_create(columns *c, size_t n, fm_error *err)
{
  *c = (columns){.x = fm__array(n, 3 * sizeof(double)), .stratum = fm__array(n, 2 * sizeof(uint32_t)), .n = n};
  if (c->x == NULL || c->stratum == NULL) {
    columns_free(c);
    *c = (columns){.n = 0};
    return fm__no_memory(err);
  }
  c->w = c->x + n;
  c->fpc = c->w + n;
  c->psu = c->stratum + n;
  return FM_OK;
}

static fm_status take_rows(columns *out, const fm__given *g, size_t n, const fm_income_rules *rules, fm_error *err)
{
  columns as_given = {.n = 0};
  fm__item *items = NULL;
  size_t kept = 0;
  *out = (columns){.n = 0};
  fm_status status = columns_create(&as_given, n, err);
  if (status == FM_OK && (items = fm__array(n, 2 * sizeof *items)) == NULL)
    status = fm__no_memory(err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    double weight = g->w != NULL ? g->w[i] : 1;
    status = fm__income_take(&as_given.x[i], g->x[i], weight, i, rules, err);
    if (status == FM_OK && weight > 0 && g->fpc != NULL && !(g->fpc[i] > 0 && isfinite(g->fpc[i]))) {
      status = fm__fail(err, FM_ERR_VALUE, "row %llu: the population size or share is not a number above 0",
                        (unsigned long long)i);
      fm__error_place(err, NULL, "fpc", -1, (int64_t)i, -1);
    }
    as_given.w[i] = weight;
    items[kept].value = i;
    kept += weight > 0;
  }
  if (status == FM_OK) {
    sort_rows(items, &as_given, g, kept);
    status = columns_create(out, kept, err);
  }
  if (status == FM_OK)
    permute(out, &as_given, g, items);
  fm__free(items);
  columns_free(&as_given);
  return status;
}

/* ---- creating ---- */

static fm_status check_spec(fm_survey_design_spec *spec, const fm_survey_design_spec *given_spec, fm_error *err)
{
  fm_survey_design_spec_init(spec, sizeof *spec);
  fm_status status =
      given_spec != NULL ? fm__spec_take(spec, sizeof *spec, given_spec, "fm_survey_design_spec", err) : FM_OK;
  if (status != FM_OK)
    return status;
  if (spec->strata != NULL || spec->psu != NULL || spec->fpc != NULL || spec->replicates != NULL ||
      spec->auxiliaries != NULL)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "design: plain arrays have no column names; expected strata, psu, fpc, "
                    "replicates and auxiliaries to be NULL");
  if (spec->method == FM_SURVEY_REPLICATES)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "design: replicate weights are not taken from plain arrays; expected "
                    "the method taylor or bootstrap");
  return FM_OK;
}

static fm_status members_of(fm__dist *d, const columns *c, const uint32_t *unit, const fm_run *run, fm_error *err)
{
  fm__member *members = fm__array(c->n, sizeof *members);
  size_t n = 0;
  if (members == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < c->n; i++)
    if (!isnan(c->x[i]))
      members[n++] = (fm__member){c->x[i], c->w[i], unit[i], 1};
  return fm__dist_of_members(d, members, n, run, err);
}

static fm_status create_of_rows(fm_income_sample *s, const fm__given *g, size_t n, const fm_survey_design_spec *spec,
                                const fm_run *run, fm_error *err)
{
  columns c = {.n = 0};
  uint32_t *unit = NULL;
  fm_status status = take_rows(&c, g, n, &s->rules, err);
  if (status == FM_OK) {
    fm__design_input input = {.n = c.n, .n_stages = 1, .weight = c.w};
    input.stratum[0] = g->stratum != NULL ? c.stratum : NULL;
    input.cluster[0] = g->psu != NULL ? c.psu : NULL;
    input.fpc[0] = g->fpc != NULL ? c.fpc : NULL;
    status = fm__design_create(&s->design, &unit, &input, spec, err);
  }
  if (status == FM_OK)
    status = members_of(&s->dist, &c, unit, run, err);
  fm__free(unit);
  columns_free(&c);
  return status;
}

fm_status fm_income_sample_create_design(fm_income_sample **out, const double *x, const double *w,
                                         const int32_t *stratum, const int32_t *psu, const double *fpc, size_t n,
                                         const fm_income_rules *rules, const fm_survey_design_spec *design,
                                         const fm_run *run, fm_error *err)
{
  fm_survey_design_spec spec;
  const fm__given g = {x, w, fpc, stratum, psu};
  bool done = false;
  *out = NULL;
  fm_income_sample *s = fm__array(1, sizeof *s);
  if (s == NULL)
    return fm__no_memory(err);
  fm_status status = check_spec(&spec, design, err);
  if (status == FM_OK)
    status = fm__income_rules_take(&s->rules, rules, err);
  if (status == FM_OK)
    status = fm__sample_of_clusters(s, &done, &g, n, &spec, run, err);
  if (status == FM_OK && !done)
    status = create_of_rows(s, &g, n, &spec, run, err);
  if (status != FM_OK) {
    fm_income_sample_destroy(s);
    return status;
  }
  *out = s;
  return FM_OK;
}

/* ---- errors ---- */

typedef struct asked {
  const fm__call *calls;
  const fm_income_rules *rules;
} asked;

static double value_of(const void *context, size_t figure, const fm__dist *const *populations, const char **state)
{
  const asked *a = context;
  fm__income_context c = {.rules = a->rules, .own = populations[0], .line_from = populations[0]};
  return fm__call_value(&a->calls[figure], &c, state);
}

static fm_status influence_of(fm__part *parts, size_t *n_parts, const void *context, size_t figure,
                              const fm__dist *const *populations, double value, fm_error *err)
{
  const asked *a = context;
  fm__influence line;
  fm__income_context c = {.rules = a->rules, .own = populations[0], .line_from = populations[0]};
  (void)value;
  parts[0].population = 0;
  fm_status status = fm__call_influence(&parts[0].influence, &line, &a->calls[figure], &c, err);
  *n_parts = parts[0].influence.n > 0 ? 1 : 0;
  return status;
}

static bool is_total(const void *context, size_t figure)
{
  return ((const asked *)context)->calls[figure].measure->weight_power != 0;
}

/* From the rows in order of income with their clusters. */
static fm_status errors_of_clusters(double *values, double *std_errors, const fm_income_sample *s,
                                    const fm__call *calls, size_t n, const fm_run *run, fm_error *err)
{
  const fm__clusters *c = &s->clusters;
  const char *state;
  size_t n_units = fm__design_n_units(s->design);
  double *sums = fm__array(c->n, sizeof *sums), *z = fm__array(n_units, sizeof *z);
  fm__bandwidth known = {.of = NULL};
  fm__income_context context = {.rules = &s->rules, .own = &s->dist, .line_from = &s->dist, .bandwidth = &known};
  fm_status status = sums != NULL && z != NULL ? FM_OK : fm__no_memory(err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    fm__influence own, line;
    status = fm__run_check(run, err);
    values[i] = fm__call_value(&calls[i], &context, &state);
    std_errors[i] = NAN;
    if (isnan(values[i]) || status != FM_OK)
      continue;
    status = fm__call_influence(&own, &line, &calls[i], &context, err);
    if (status != FM_OK || own.n == 0)
      continue;
    memset(sums, 0, c->n * sizeof *sums);
    fm__influence_spread_units(sums, &own, &s->dist, &c->rows);
    for (size_t k = 0; k < c->n; k++)
      z[c->unit[k]] = sums[k];
    status = fm__design_std_error(&std_errors[i], s->design, z, err);
  }
  fm__free(sums);
  fm__free(z);
  return status;
}

fm_status fm__sample_errors(double *values, double *std_errors, const fm_income_sample *s, const fm__call *calls,
                            size_t n, const fm_run *run, fm_error *err)
{
  if (s->clusters.unit != NULL)
    return errors_of_clusters(values, std_errors, s, calls, n, run, err);
  asked a = {calls, &s->rules};
  fm__estimator e = {.context = &a,
                     .n_figures = n,
                     .value = value_of,
                     .max_parts = 1,
                     .influence = influence_of,
                     .is_total = is_total,
                     .errors_only = true};
  const fm__dist *populations[] = {&s->dist};
  fm__estimate *out = fm__array(n, sizeof *out);
  if (out == NULL)
    return fm__no_memory(err);
  fm_status status = fm__estimate_all(out, &e, populations, 1, 1, s->design, 0.95, run, err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    values[i] = out[i].value;
    std_errors[i] = out[i].std_error;
  }
  fm__free(out);
  return status;
}
