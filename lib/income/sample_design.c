/* Plain arrays with the design of their rows. */
#include <math.h>

#include "income/estimate_priv.h"
#include "income/sample_priv.h"
#include "num/num_priv.h"

/* ---- the rows that count, as columns ---- */

typedef struct given {
  const double *x, *w, *fpc;
  const int32_t *stratum, *psu;
} given;

/* Rows of weight 0 are not there. */
typedef struct columns {
  double *x, *w, *fpc; /* x NaN: in the design alone */
  uint32_t *stratum, *psu;
  size_t n;
} columns;

static void columns_free(columns *c)
{
  fm__free(c->x);
  fm__free(c->stratum);
  *c = (columns){.n = 0};
}

static fm_status columns_create(columns *c, size_t n, fm_error *err)
{
  *c = (columns){.x = fm__array(n, 3 * sizeof(double)), .stratum = fm__array(n, 2 * sizeof(uint32_t))};
  if (c->x == NULL || c->stratum == NULL) {
    columns_free(c);
    return fm__no_memory(err);
  }
  c->w = c->x + n;
  c->fpc = c->w + n;
  c->psu = c->stratum + n;
  return FM_OK;
}

/* Sorts as the whole numbers do. */
static uint32_t place_of(int32_t v)
{
  return (uint32_t)((int64_t)v - INT32_MIN);
}

static fm_status take_rows(columns *c, const given *g, size_t n, const fm_income_rules *rules, fm_error *err)
{
  fm_status status = columns_create(c, n, err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    double weight = g->w != NULL ? g->w[i] : 1;
    status = fm__income_take(&c->x[c->n], g->x[i], weight, i, rules, err);
    if (status != FM_OK || weight == 0)
      continue;
    if (g->fpc != NULL && !(g->fpc[i] > 0 && isfinite(g->fpc[i]))) {
      status = fm__fail(err, FM_ERR_VALUE, "row %llu: the population size or share is not a number above 0",
                        (unsigned long long)i);
      fm__error_place(err, NULL, "fpc", -1, (int64_t)i, -1);
    }
    c->w[c->n] = weight;
    c->fpc[c->n] = g->fpc != NULL ? g->fpc[i] : NAN;
    c->stratum[c->n] = g->stratum != NULL ? place_of(g->stratum[i]) : 0;
    c->psu[c->n++] = g->psu != NULL ? place_of(g->psu[i]) : 0;
  }
  if (status != FM_OK)
    columns_free(c);
  return status;
}

/* ---- canonical order: by stratum, unit, income, weight ----
 * A bootstrap that draws rows names them by their places; what the design adds up by itself needs no order. */

static bool needs_order(const fm_survey_design_spec *spec, const given *g)
{
  bool rescaled = spec->bootstrap == FM_SURVEY_RAO_WU || spec->bootstrap == FM_SURVEY_AUTO;
  return spec->method == FM_SURVEY_BOOTSTRAP && !(rescaled && g->psu != NULL);
}

static void sort_items(fm__item *items, const columns *c)
{
  for (size_t i = 0; i < c->n; i++)
    items[i] = (fm__item){fm__order_key(c->w[i]), i};
  fm__sort_items(items, items + c->n, c->n);
  for (size_t i = 0; i < c->n; i++) {
    double x = c->x[items[i].value];
    items[i].key = isnan(x) ? UINT64_MAX : fm__order_key(x);
  }
  fm__sort_items(items, items + c->n, c->n);
  for (size_t i = 0; i < c->n; i++)
    items[i].key = (uint64_t)c->stratum[items[i].value] << 32 | c->psu[items[i].value];
  fm__sort_items(items, items + c->n, c->n);
}

static fm_status sort_rows(columns *c, fm_error *err)
{
  columns sorted;
  fm__item *items = fm__array(c->n, 2 * sizeof *items);
  if (items == NULL)
    return fm__no_memory(err);
  fm_status status = columns_create(&sorted, c->n, err);
  if (status == FM_OK) {
    sort_items(items, c);
    for (; sorted.n < c->n; sorted.n++) {
      size_t row = (size_t)items[sorted.n].value;
      sorted.x[sorted.n] = c->x[row];
      sorted.w[sorted.n] = c->w[row];
      sorted.fpc[sorted.n] = c->fpc[row];
      sorted.stratum[sorted.n] = c->stratum[row];
      sorted.psu[sorted.n] = c->psu[row];
    }
    columns_free(c);
    *c = sorted;
  }
  fm__free(items);
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
      spec->auxiliaries != NULL || spec->base_weight != NULL)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "design: plain arrays have no column names; expected strata, psu, fpc, "
                    "replicates, auxiliaries and base_weight to be NULL");
  if (spec->method == FM_SURVEY_REPLICATES)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "design: replicate weights are not taken from plain arrays; expected "
                    "FM_SURVEY_TAYLOR or FM_SURVEY_BOOTSTRAP");
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

fm_status fm_income_sample_create_design(fm_income_sample **out, const double *x, const double *w,
                                         const int32_t *stratum, const int32_t *psu, const double *fpc, size_t n,
                                         const fm_income_rules *rules, const fm_survey_design_spec *design,
                                         const fm_run *run, fm_error *err)
{
  fm_survey_design_spec spec;
  given g = {x, w, fpc, stratum, psu};
  columns c = {.n = 0};
  uint32_t *unit = NULL;
  *out = NULL;
  fm_income_sample *s = fm__array(1, sizeof *s);
  if (s == NULL)
    return fm__no_memory(err);
  fm_status status = check_spec(&spec, design, err);
  if (status == FM_OK)
    status = fm__income_rules_take(&s->rules, rules, err);
  if (status == FM_OK)
    status = take_rows(&c, &g, n, &s->rules, err);
  if (status == FM_OK && needs_order(&spec, &g))
    status = sort_rows(&c, err);
  if (status == FM_OK) {
    fm__design_input input = {.n = c.n, .n_stages = 1, .weight = c.w};
    input.stratum[0] = stratum != NULL ? c.stratum : NULL;
    input.cluster[0] = psu != NULL ? c.psu : NULL;
    input.fpc[0] = fpc != NULL ? c.fpc : NULL;
    status = fm__design_create(&s->design, &unit, &input, &spec, err);
  }
  if (status == FM_OK)
    status = members_of(&s->dist, &c, unit, run, err);
  fm__free(unit);
  columns_free(&c);
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
  fm__income_context c = {a->rules, populations[0], populations[0]};
  return fm__call_value(&a->calls[figure], &c, state);
}

static fm_status no_influence(fm__part *parts, size_t *n_parts, const void *context, size_t figure,
                              const fm__dist *const *populations, double value, fm_error *err)
{
  (void)parts, (void)context, (void)figure, (void)populations, (void)value, (void)err;
  *n_parts = 0;
  return FM_OK;
}

static bool is_total(const void *context, size_t figure)
{
  return ((const asked *)context)->calls[figure].measure->weight_power != 0;
}

static bool is_gini(size_t *population, double *factor, const void *context, size_t figure)
{
  const asked *a = context;
  *population = 0;
  *factor = a->rules->percent != 0 ? 100 : 1;
  return a->calls[figure].measure == fm__income_measure_of("gini") && a->rules->gini == FM_INCOME_GINI_POPULATION;
}

static fm_status replicated(double *values, double *std_errors, const fm_income_sample *s, const asked *a, size_t n,
                            const fm_run *run, fm_error *err)
{
  fm__estimator e = {.context = a,
                     .n_figures = n,
                     .value = value_of,
                     .max_parts = 1,
                     .influence = no_influence,
                     .is_total = is_total,
                     .is_gini = is_gini};
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

/* The error alone: what fm__estimate_all gives beside it costs as much again. */
static fm_status linearised(double *value, double *std_error, const fm_income_sample *s, const fm__call *call,
                            double *z, fm_error *err)
{
  fm__income_context c = {&s->rules, &s->dist, &s->dist};
  fm__influence own, line;
  const char *state;
  size_t n = fm__design_n_units(s->design);
  *value = fm__call_value(call, &c, &state);
  *std_error = NAN;
  fm_status status = fm__call_influence(&own, &line, call, &c, err);
  if (status != FM_OK || own.n == 0)
    return status;
  for (size_t i = 0; i < n; i++)
    z[i] = 0;
  fm__influence_spread(z, &own, &s->dist, 1);
  return fm__design_std_error(std_error, s->design, z, err);
}

fm_status fm__sample_errors(double *values, double *std_errors, const fm_income_sample *s, const fm__call *calls,
                            size_t n, const fm_run *run, fm_error *err)
{
  if (fm__design_n_replicates(s->design) > 0)
    return replicated(values, std_errors, s, &(asked){calls, &s->rules}, n, run, err);
  double *z = fm__array(fm__design_n_units(s->design), sizeof *z);
  fm_status status = z != NULL ? FM_OK : fm__no_memory(err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    status = fm__run_check(run, err);
    if (status == FM_OK)
      status = linearised(&values[i], &std_errors[i], s, &calls[i], z, err);
  }
  fm__free(z);
  return status;
}
