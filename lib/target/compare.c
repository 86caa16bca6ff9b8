/* target.compare: units compared, as a mergeable tally. Formulas: docs/methods/target_compare.md. */
#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "tally/tally_priv.h"
#include "target/compare_priv.h"

#define TOO_FEW_UNITS "too_few_units"
#define NO_SPREAD "no_spread"

typedef struct compare {
  fm__rows *rows;
  fm_target_compare_spec spec; /* its texts are not kept; `expected` says whether there is such a column */
  char *reference;
  bool strata;
} compare;

static const fm_target_compare_spec defaults = FM_TARGET_COMPARE_SPEC_INIT;

static void destroy(void *state)
{
  fm__free(((compare *)state)->reference);
  fm__kept_destroy(state);
}

/* ---- rows ---- */

static bool is_count(double x)
{
  return x >= 0 && x <= 1e9 && x == floor(x);
}

/* An exposure or an expected count: sums and rates of such stay finite. */
#define BASE "a number from 1e-15 to 1e15, or 0 without a count"
static bool is_base(double x, double count)
{
  return x == 0 ? count == 0 : x >= 1e-15 && x <= 1e15;
}

static const char *wrong(const void *state, const double *x, size_t *which)
{
  const compare *t = state;
  double count = x[FM__COMPARED_COUNT], exposure = x[FM__COMPARED_EXPOSURE];
  *which = FM__COMPARED_COUNT;
  if (!is_count(count))
    return "a whole number from 0 to 1e9";
  *which = FM__COMPARED_EXPOSURE;
  if (t->spec.kind == FM_TARGET_SHARE && !(is_count(exposure) && exposure >= count))
    return "a whole number, at least the count";
  if (!is_base(exposure, count))
    return BASE;
  *which = FM__COMPARED_EXPECTED;
  if (t->spec.expected == NULL)
    return NULL;
  double expected = x[FM__COMPARED_EXPECTED];
  return is_base(expected, count) ? NULL : BASE;
}

static const fm__rows_kind kept = {
    .measure = "target.compare", .wrong = wrong, .id_expected = "a unit", .id = FM__COMPARED_UNIT};

/* ---- figures ---- */

typedef struct page {
  fm__result *r;
  const compare *t;
  const fm__comparison *c;
  const fm__compared *u; /* NULL: all units */
  size_t key;
  const char *unit; /* of a rate or a ratio as compared */
} page;

typedef struct shown {
  const char *quantity, *unit, *state;
  double value, low, high, level, std_error;
} shown;

static void put(const page *p, shown s)
{
  fm__figure f = fm__figure_of(s.quantity, s.unit);
  bool limits = !isnan(s.low) && !isnan(s.high), shares = p->t->spec.kind == FM_TARGET_SHARE;
  double count = p->c->all.count, exposure = 0;
  for (size_t k = 0; k < p->c->n && p->u == NULL; k++)
    exposure += p->c->units[k].exposure;
  if (p->u != NULL) {
    count = p->u->count;
    exposure = p->u->exposure;
  }
  f.value = s.value;
  f.std_error = s.std_error;
  f.ci_low = limits ? s.low : NAN;
  f.ci_high = limits ? s.high : NAN;
  f.level = limits ? s.level : NAN;
  f.n = (int64_t)(shares ? exposure : count);
  f.weight = exposure;
  f.state = s.state != NULL ? s.state : isnan(s.value) ? FM__UNDEFINED : FM__OK;
  fm__result_add(p->r, &f);
}

static void put_plain(const page *p, const char *quantity, const char *unit, double value)
{
  put(p, (shown){quantity, unit, NULL, value, NAN, NAN, NAN, NAN});
}

static void put_exact(const page *p, const char *quantity, const char *unit, int32_t kind, fm__unit_counts u)
{
  double limits[2], level = p->t->spec.level;
  fm__unit_interval(limits, kind, u, level);
  put(p, (shown){quantity, unit, NULL, u.base > 0 ? u.count / u.base : NAN, limits[0], limits[1], level, NAN});
}

/* ---- one unit by itself ---- */

static void put_funnel(const page *p)
{
  static const char *const quantities[] = {"funnel_inner", "funnel_outer"};
  const double levels[] = {p->t->spec.funnel_inner, p->t->spec.funnel_outer};
  fm__unit_counts u = p->u->modelled;
  double position = u.base > 0 ? 0 : NAN;
  for (size_t k = 0; k < FM__COUNT(levels); k++) {
    double counts[2];
    fm__funnel_counts(counts, p->c->model, u.base, p->c->reference_rate, levels[k]);
    put(p, (shown){quantities[k], p->unit, isnan(counts[0]) ? FM__UNDEFINED : FM__OK, p->c->reference_rate,
                   counts[0] / u.base, counts[1] / u.base, levels[k], NAN});
    position = isnan(counts[0])      ? NAN
               : u.count < counts[0] ? -1.0 - (double)k
               : u.count > counts[1] ? 1.0 + (double)k
                                     : position;
  }
  put_plain(p, "funnel_position", "code", position);
}

static void put_standardised(const page *p)
{
  const fm__compared *u = p->u;
  fm__standardised s = {NAN, NAN, NAN, NAN};
  if (fabs(u->covered - 1) < 1e-9)
    s = fm__standardise(p->t->spec.kind, p->c->cells + u->first_cell, u->n_cells, p->t->spec.level);
  put(p, (shown){"standardised", p->t->spec.kind == FM_TARGET_SHARE ? "share" : "rate", NULL, s.rate, s.low, s.high,
                 p->t->spec.level, s.error});
}

static void put_alone(const page *p)
{
  fm__unit_counts raw = {p->u->count, p->u->exposure};
  bool shares = p->t->spec.kind == FM_TARGET_SHARE;
  put_exact(p, "rate", shares ? "share" : "rate", p->t->spec.kind, raw);
  if (p->c->case_mix) {
    put_plain(p, "expected", "count", p->u->expected);
    put_exact(p, "ratio", "ratio", FM_TARGET_RATE, p->u->modelled);
  }
  if (p->c->strata)
    put_standardised(p);
  put_funnel(p);
}

/* ---- units together ---- */

/* What is known of all units with a base; `why` says why nothing is. */
typedef struct together {
  fm__posterior *posteriors;
  fm__unit_rank *ranks;
  size_t *place; /* of a unit among them; SIZE_MAX: it has no base */
  fm__unit_prior prior;
  size_t n;
  const char *why;
  bool ranked;
} together;

static void close_together(together *g)
{
  fm__free(g->posteriors);
  fm__free(g->ranks);
  fm__free(g->place);
}

static fm_status open_together(together *g, const page *p, const fm_run *run, fm_error *err)
{
  const fm__comparison *c = p->c;
  fm__unit_counts *known = fm__array(c->n, sizeof *known);
  g->posteriors = fm__array(c->n, sizeof *g->posteriors);
  g->ranks = fm__array(c->n, sizeof *g->ranks);
  g->place = fm__array(c->n, sizeof *g->place);
  if (known == NULL || g->posteriors == NULL || g->ranks == NULL || g->place == NULL) {
    fm__free(known);
    return fm__no_memory(err);
  }
  for (size_t k = 0; k < c->n; k++) {
    g->place[k] = c->units[k].modelled.base > 0 ? g->n : SIZE_MAX;
    if (g->place[k] != SIZE_MAX)
      known[g->n++] = c->units[k].modelled;
  }
  g->why = g->n < (size_t)p->t->spec.least_units ? TOO_FEW_UNITS : NULL;
  if (g->why == NULL)
    g->prior = fm__fit_units(c->model, known, g->n);
  if (g->why == NULL && g->prior.size == 0)
    g->why = NO_SPREAD;
  for (size_t i = 0; i < g->n && g->why == NULL; i++)
    g->posteriors[i] = fm__posterior_of(&g->prior, known[i]);
  fm__free(known);
  g->ranked = g->why == NULL && g->n <= FM__MOST_RANKED;
  size_t against = c->reference != SIZE_MAX ? g->place[c->reference] : SIZE_MAX;
  return !g->ranked ? FM_OK
                    : fm__rank_units(g->ranks, g->posteriors, g->n, p->t->spec.fewer_is_better != 0, against,
                                     p->t->spec.level, run, err);
}

/* Figures that a unit has among the others. */
static void put_among(const page *p, const together *g, size_t k)
{
  static const char *const quantities[] = {"shrunk", "probability_better", "probability_better_than_median",
                                           "probability_better_than_unit", "rank"};
  bool against = p->c->reference != SIZE_MAX;
  size_t at = g->place[k];
  const char *why = at == SIZE_MAX ? FM__UNDEFINED : g->why;
  for (size_t q = 0; q < FM__COUNT(quantities) && why != NULL; q++)
    if (against || strcmp(quantities[q], "probability_better_than_unit") != 0)
      put(p, (shown){quantities[q], q == 0 ? p->unit : q == 4 ? "rank" : "share", why, NAN, NAN, NAN, NAN, NAN});
  if (why != NULL)
    return;
  const fm__posterior *post = &g->posteriors[at];
  const fm__unit_rank *rank = &g->ranks[at];
  double tail = (1 - p->t->spec.level) / 2, above = fm__posterior_above(post, p->c->reference_rate);
  const char *ranked = g->ranked ? FM__OK : FM__UNDEFINED;
  put(p, (shown){"shrunk", p->unit, NULL, fm__posterior_mean(post), fm__posterior_quantile(post, tail),
                 fm__posterior_quantile(post, 1 - tail), p->t->spec.level, fm__posterior_deviation(post)});
  put_plain(p, "probability_better", "share", p->t->spec.fewer_is_better != 0 ? 1 - above : above);
  put(p, (shown){"probability_better_than_median", "share", ranked, g->ranked ? rank->upper_half : NAN, NAN, NAN, NAN,
                 NAN});
  if (against && k != p->c->reference)
    put(p, (shown){"probability_better_than_unit", "share",
                   g->ranked && g->place[p->c->reference] != SIZE_MAX ? FM__OK : FM__UNDEFINED,
                   g->ranked && g->place[p->c->reference] != SIZE_MAX ? rank->beats : NAN, NAN, NAN, NAN, NAN});
  put(p, (shown){"rank", "rank", ranked, g->ranked ? rank->mean : NAN, g->ranked ? rank->low : NAN,
                 g->ranked ? rank->high : NAN, p->t->spec.level, NAN});
}

/* Pearson's chi square of the units around the rate of all, over its degrees of freedom. */
static double dispersion(const fm__comparison *c)
{
  double all = c->all.base > 0 ? c->all.count / c->all.base : NAN, n = 0;
  fm__sum sum = {0};
  for (size_t k = 0; k < c->n; k++) {
    fm__unit_counts u = c->units[k].modelled;
    double variance = u.base * all * (c->model == FM_TARGET_SHARE ? 1 - all : 1);
    if (!(u.base > 0))
      continue;
    n++;
    fm__sum_add(&sum, variance > 0 ? (u.count - u.base * all) * (u.count - u.base * all) / variance : NAN);
  }
  return n > 1 ? fm__sum_value(&sum) / (n - 1) : NAN;
}

static void put_overall(const page *p, const together *g)
{
  put_exact(p, "pooled", p->unit, p->c->model, p->c->all);
  put_plain(p, "reference", p->unit, p->c->reference_rate);
  put_plain(p, "units", "count", (double)g->n);
  put_plain(p, "dispersion", "ratio", dispersion(p->c));
  put(p, (shown){"between_units", p->unit, g->why, g->why == NULL ? fm__prior_deviation(&g->prior) : NAN, NAN, NAN, NAN,
                 NAN});
}

/* The keys of a unit as one text. */
static void set_unit(const page *p, const fm__groups *names, uint32_t id)
{
  char text[512];
  size_t at = 0;
  for (size_t k = 0; k < fm__groups_n_columns(names); k++) {
    size_t length = 0;
    const char *part = fm__groups_text(names, id, k, &length);
    if (k > 0 && at < sizeof text)
      text[at++] = ',';
    length = length < sizeof text - at ? length : sizeof text - at;
    memcpy(text + at, part, length);
    at += length;
  }
  fm__result_key_text(p->r, p->key, text, at);
}

static fm_status put_comparison(page *p, const fm_run *run, fm_error *err)
{
  together g = {.posteriors = NULL};
  fm_status status = open_together(&g, p, run, err);
  for (size_t k = 0; k < p->c->n && status == FM_OK; k++) {
    p->u = &p->c->units[k];
    set_unit(p, fm__rows_ids(p->t->rows, FM__COMPARED_UNIT), p->u->id);
    put_alone(p);
    put_among(p, &g, k);
  }
  p->u = NULL;
  fm__result_key_null(p->r, p->key);
  if (status == FM_OK)
    put_overall(p, &g);
  close_together(&g);
  return status;
}

static fm_status put_all(page *p, const fm_run *run, fm_error *err)
{
  const fm__groups *by = fm__rows_ids(p->t->rows, FM__COMPARED_BY);
  size_t n = fm__rows_n(p->t->rows);
  fm_status status = FM_OK;
  for (size_t first = 0, end; first < n && status == FM_OK; first = end) {
    fm__comparison c;
    fm__subrun part;
    status = fm__comparison_open(&c, &end, p->t->rows, &p->t->spec, p->t->reference, p->t->strata, first, err);
    p->c = &c;
    p->unit = c.case_mix ? "ratio" : p->t->spec.kind == FM_TARGET_SHARE ? "share" : "rate";
    fm__result_group(p->r, by, fm__rows_id(p->t->rows, first, FM__COMPARED_BY));
    if (status == FM_OK)
      status = put_comparison(p, fm__run_within(&part, run, (double)first / (double)n, (double)end / (double)n), err);
    fm__comparison_close(&c);
  }
  return status;
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  static const fm__key keys[] = {{"unit_id", FM_CODE}};
  compare *t = state;
  page p = {.t = t};
  bool case_mix = t->spec.expected != NULL || t->strata;
  const char *model = case_mix || t->spec.kind == FM_TARGET_RATE ? "gamma_poisson" : "beta_binomial";
  fm_status status = fm__rows_reduce(t->rows, err);
  const fm__groups *by = fm__rows_ids(t->rows, FM__COMPARED_BY);
  if (status == FM_OK)
    status = fm__result_create_grouped(&p.r, "target.compare", model, by, keys, FM__COUNT(keys), err);
  p.key = fm__groups_n_columns(by);
  if (status == FM_OK)
    status = put_all(&p, run, err);
  if (status != FM_OK) {
    fm__result_destroy(p.r);
    return status;
  }
  return fm__result_finish(p.r, out, err);
}

/* ---- the measure ---- */

static const fm__field fields[] = {FM__FIELD(fm_target_compare_spec, unit, FM__FIELD_TEXT),
                                   FM__FIELD(fm_target_compare_spec, count, FM__FIELD_TEXT),
                                   FM__FIELD(fm_target_compare_spec, exposure, FM__FIELD_TEXT),
                                   FM__FIELD(fm_target_compare_spec, expected, FM__FIELD_TEXT),
                                   FM__FIELD(fm_target_compare_spec, strata, FM__FIELD_TEXT),
                                   FM__FIELD(fm_target_compare_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_target_compare_spec, reference, FM__FIELD_TEXT),
                                   FM__FIELD(fm_target_compare_spec, kind, FM__FIELD_I32),
                                   FM__FIELD(fm_target_compare_spec, fewer_is_better, FM__FIELD_I32),
                                   FM__FIELD(fm_target_compare_spec, least_units, FM__FIELD_I32),
                                   FM__FIELD(fm_target_compare_spec, reference_rate, FM__FIELD_F64),
                                   FM__FIELD(fm_target_compare_spec, level, FM__FIELD_F64),
                                   FM__FIELD(fm_target_compare_spec, funnel_inner, FM__FIELD_F64),
                                   FM__FIELD(fm_target_compare_spec, funnel_outer, FM__FIELD_F64)};

static bool is_level(double x)
{
  return x > 0 && x < 1;
}

static fm_status check(const fm_target_compare_spec *s, fm_error *err)
{
  if (!fm__is_given(s->unit) || !fm__is_given(s->count) || !fm__is_given(s->exposure))
    return fm__fail(err, FM_ERR_ARGUMENT, "unit, count, exposure: expected the names of columns");
  if (s->kind != FM_TARGET_RATE && s->kind != FM_TARGET_SHARE)
    return fm__fail(err, FM_ERR_ARGUMENT, "kind: expected FM_TARGET_RATE or FM_TARGET_SHARE");
  if (s->least_units < 3)
    return fm__fail(err, FM_ERR_ARGUMENT, "least_units: expected a whole number from 3");
  if (!is_level(s->level))
    return fm__fail(err, FM_ERR_ARGUMENT, "level: expected a share between 0 and 1");
  if (!is_level(s->funnel_inner) || !is_level(s->funnel_outer) || s->funnel_inner >= s->funnel_outer)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "funnel_inner, funnel_outer: expected shares between 0 and 1, the first smaller");
  if (!isnan(s->reference_rate) && !(s->reference_rate > 0 && s->reference_rate < INFINITY))
    return fm__fail(err, FM_ERR_ARGUMENT, "reference_rate: expected a number above 0, or NaN for that of all units");
  if (s->kind == FM_TARGET_SHARE && !fm__is_given(s->expected) && !fm__is_given(s->strata) && s->reference_rate >= 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "reference_rate: expected a share below 1");
  return FM_OK;
}

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  compare *t = state;
  const fm_target_compare_spec *s = spec;
  fm_status status = check(s, err);
  (void)text;
  if (status != FM_OK)
    return status;
  const fm__rows_number numbers[FM__COMPARED_NUMBERS] = {{s->count, 0}, {s->exposure, 0}, {s->expected, 0}};
  const char *const ids[FM__COMPARED_SETS] = {s->by, s->unit, s->strata};
  t->spec = *s;
  t->spec.expected = fm__is_given(s->expected) ? "" : NULL;
  t->strata = fm__is_given(s->strata);
  if (fm__is_given(s->reference) && (t->reference = fm__copy_text(s->reference, strlen(s->reference))) == NULL)
    return fm__no_memory(err);
  return fm__rows_keep(&t->rows, &kept, numbers, fm__is_given(s->expected) ? 3 : 2, ids, FM__COMPARED_SETS, err);
}

static const fm__measure measure = {.id = "target.compare",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(fm_target_compare_spec, compare),
                                    FM__MEASURE_KEEPS_ROWS,
                                    .result = result,
                                    .destroy = destroy};

FM__MEASURE_FUNCTIONS(fm_target_compare)
