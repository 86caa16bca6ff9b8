/* Plain arrays with the design of their rows. */
#include <math.h>

#include "income/estimate/estimate_priv.h"
#include "income/measure/sample_priv.h"
#include "num/num_priv.h"

/* ---- rows in canonical order: by stratum, unit, income, weight, so that the given order leaves no trace ---- */

typedef struct given {
  const double *x, *w, *fpc;
  const int32_t *stratum, *psu;
} given;

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

static uint64_t whole_key(int32_t v)
{
  return (uint64_t)((int64_t)v - INT32_MIN);
}

static uint64_t design_key(const given *g, size_t row)
{
  return (g->stratum != NULL ? whole_key(g->stratum[row]) << 32 : 0) | (g->psu != NULL ? whole_key(g->psu[row]) : 0);
}

static void sort_rows(fm__item *items, const columns *c, const given *g, size_t n)
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
    items[i].key = design_key(g, (size_t)items[i].value);
  if (g->stratum != NULL || g->psu != NULL)
    fm__sort_items(items, scratch, n);
}

/* Fills `out` from `in` (same rows as given) in the order of the items. */
static void permute(columns *out, const columns *in, const given *g, const fm__item *items)
{
  for (size_t i = 0; i < out->n; i++) {
    size_t row = (size_t)items[i].value;
    out->x[i] = in->x[row];
    out->w[i] = in->w[row];
    out->fpc[i] = g->fpc != NULL ? g->fpc[row] : NAN;
    out->stratum[i] = g->stratum != NULL ? (uint32_t)whole_key(g->stratum[row]) : 0;
    out->psu[i] = g->psu != NULL ? (uint32_t)whole_key(g->psu[row]) : 0;
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

static fm_status take_rows(columns *out, const given *g, size_t n, const fm_income_rules *rules, fm_error *err)
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

/* ---- clusters: the design depends on the distinct ones alone, and no row needs to be moved for it ---- */

/* Distinct strata with their primary units, numbered as they come. */
typedef struct clusters {
  fm__item *cells; /* key, and its number + 1 */
  size_t n_cells;  /* a power of two */
  fm__item *keys;  /* key, number */
  double *fpc;
  size_t n, capacity;
} clusters;

static void clusters_free(clusters *c)
{
  fm__free(c->cells);
  fm__free(c->keys);
  fm__free(c->fpc);
}

static size_t cell_of(const clusters *c, uint64_t key)
{
  uint64_t mixed = key * UINT64_C(0x9e3779b97f4a7c15);
  mixed = (mixed ^ mixed >> 32) * UINT64_C(0xbf58476d1ce4e5b9);
  size_t at = (size_t)(mixed >> 32) & (c->n_cells - 1);
  while (c->cells[at].value != 0 && c->cells[at].key != key)
    at = (at + 1) & (c->n_cells - 1);
  return at;
}

static bool grow(clusters *c)
{
  size_t capacity = c->capacity == 0 ? 1024 : 2 * c->capacity;
  fm__item *keys = fm__resize(c->keys, capacity, sizeof *keys);
  c->keys = keys != NULL ? keys : c->keys;
  double *fpc = fm__resize(c->fpc, capacity, sizeof *fpc);
  c->fpc = fpc != NULL ? fpc : c->fpc;
  fm__item *cells = fm__array(4 * capacity, sizeof *cells);
  if (keys == NULL || fpc == NULL || cells == NULL) {
    fm__free(cells);
    return false;
  }
  fm__free(c->cells);
  c->cells = cells;
  c->n_cells = 4 * capacity;
  c->capacity = capacity;
  for (size_t k = 0; k < c->n; k++)
    c->cells[cell_of(c, c->keys[k].key)] = (fm__item){c->keys[k].key, k + 1};
  return true;
}

/* The number of a row's cluster; UINT32_MAX: out of memory. */
static uint32_t cluster_of(clusters *c, uint64_t key, double fpc)
{
  if (c->n == c->capacity && !grow(c))
    return UINT32_MAX;
  fm__item *cell = &c->cells[cell_of(c, key)];
  if (cell->value == 0) {
    *cell = (fm__item){key, c->n + 1};
    c->keys[c->n] = (fm__item){key, c->n};
    c->fpc[c->n++] = fpc;
  }
  return (uint32_t)(cell->value - 1);
}

/* Rows and their clusters; *plain: within each cluster the population sizes agree, or rows would have to be looked at
 * one by one for the message. */
static fm_status take_clusters(clusters *c, fm__member *members, size_t *n_members, bool *plain, const given *g,
                               size_t n, const fm_income_rules *rules, fm_error *err)
{
  size_t kept = 0;
  *plain = true;
  for (size_t i = 0; i < n && *plain; i++) {
    double x = g->x[i], w = g->w != NULL ? g->w[i] : 1, fpc = g->fpc != NULL ? g->fpc[i] : 1;
    if (!fm__income_is_plain(x, w)) {
      fm_status status = fm__income_take(&x, g->x[i], w, i, rules, err);
      if (status != FM_OK)
        return status;
      if (w == 0)
        continue;
    }
    uint32_t number = cluster_of(c, design_key(g, i), fpc);
    if (number == UINT32_MAX)
      return fm__no_memory(err);
    *plain = fpc > 0 && isfinite(fpc) && fpc == c->fpc[number];
    members[kept] = (fm__member){x, w, number, 1};
    kept += isnan(x) ? 0 : 1;
  }
  *n_members = kept;
  return FM_OK;
}

/* The design of the clusters in order, and the unit of each. */
static fm_status design_of_clusters(fm__design **out, uint32_t **unit, clusters *c, const given *g,
                                    const fm_survey_design_spec *spec, fm_error *err)
{
  columns in_order;
  uint32_t *place = NULL;
  fm__item *scratch = fm__array(c->n, sizeof *scratch);
  *unit = fm__array(c->n, sizeof **unit);
  fm_status status = columns_create(&in_order, c->n, err);
  if (status == FM_OK && (scratch == NULL || *unit == NULL))
    status = fm__no_memory(err);
  if (status == FM_OK) {
    fm__sort_items(c->keys, scratch, c->n);
    for (size_t i = 0; i < c->n; i++) {
      in_order.stratum[i] = (uint32_t)(c->keys[i].key >> 32);
      in_order.psu[i] = (uint32_t)c->keys[i].key;
      in_order.fpc[i] = c->fpc[c->keys[i].value];
    }
    fm__design_input input = {.n = c->n, .n_stages = 1};
    input.stratum[0] = g->stratum != NULL ? in_order.stratum : NULL;
    input.cluster[0] = in_order.psu;
    input.fpc[0] = g->fpc != NULL ? in_order.fpc : NULL;
    status = fm__design_create(out, &place, &input, spec, err);
  }
  for (size_t i = 0; i < c->n && status == FM_OK; i++)
    (*unit)[c->keys[i].value] = place[i];
  fm__free(place);
  fm__free(scratch);
  columns_free(&in_order);
  return status;
}

/* *done: not when the rows have to be looked at one by one. */
static fm_status create_of_clusters(fm_income_sample *s, bool *done, const given *g, size_t n,
                                    const fm_survey_design_spec *spec, const fm_run *run, fm_error *err)
{
  clusters c = {.n = 0};
  uint32_t *unit = NULL;
  size_t n_members = 0;
  fm__member *members = fm__many(n, sizeof *members);
  fm_status status =
      members != NULL ? take_clusters(&c, members, &n_members, done, g, n, &s->rules, err) : fm__no_memory(err);
  if (status == FM_OK && *done)
    status = design_of_clusters(&s->design, &unit, &c, g, spec, err);
  if (status == FM_OK && *done) {
    for (size_t i = 0; i < n_members; i++)
      members[i].unit = unit[members[i].unit];
    status = fm__dist_of_members(&s->dist, members, n_members, run, err);
    members = NULL;
  }
  fm__free(members);
  fm__free(unit);
  clusters_free(&c);
  return status;
}

/* Whether the clusters are the design's units, in all they are asked for. */
static bool clusters_are_units(const given *g, const fm_survey_design_spec *spec)
{
  bool whole =
      spec->method == FM_SURVEY_BOOTSTRAP && (spec->bootstrap == FM_SURVEY_AUTO || spec->bootstrap == FM_SURVEY_RAO_WU);
  return g->psu != NULL && (spec->method == FM_SURVEY_TAYLOR || whole);
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

static fm_status create_of_rows(fm_income_sample *s, const given *g, size_t n, const fm_survey_design_spec *spec,
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
  const given g = {x, w, fpc, stratum, psu};
  bool done = false;
  *out = NULL;
  fm_income_sample *s = fm__array(1, sizeof *s);
  if (s == NULL)
    return fm__no_memory(err);
  fm_status status = check_spec(&spec, design, err);
  if (status == FM_OK)
    status = fm__income_rules_take(&s->rules, rules, err);
  if (status == FM_OK && clusters_are_units(&g, &spec))
    status = create_of_clusters(s, &done, &g, n, &spec, run, err);
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

fm_status fm__sample_errors(double *values, double *std_errors, const fm_income_sample *s, const fm__call *calls,
                            size_t n, const fm_run *run, fm_error *err)
{
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
