/* income.distribution: figures of each population, and the table. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "income/distribution/distribution_priv.h"
#include "income/measure/influence_priv.h"

/* One figure: a call on a population, or its difference from another population. */
typedef struct figure {
  const fm__call *call;
  size_t own, other, line; /* populations; other SIZE_MAX: no difference */
} figure;

typedef struct work {
  const fm__distribution *t;
  fm__income_groups groups;
  fm__estimator estimator; /* without its context and number of figures */
  size_t n_shown;          /* populations with figures: the groups, and the whole when it is wanted */
  size_t *from;            /* figures of each begin here; n_shown + 1 */
  figure *figures;
  fm__estimate *estimates;
  fm__shared *shared;    /* n_shared poverty lines of everyone */
  fm__known_line *lines; /* their influences in scaled units */
  size_t n_shared;
  size_t first; /* of the populations in hand */
} work;

/* What an estimator sees: some of the figures. */
typedef struct view {
  const fm_income_rules *rules;
  const figure *figures;
  const fm__known_line *lines;
  size_t n_lines;
} view;

/* ---- values and influences ---- */

static fm__income_context context_of(const view *v, const figure *f, size_t own, const fm__dist *const *populations)
{
  return (fm__income_context){.rules = v->rules,
                              .own = populations[own],
                              .line_from = populations[f->line == SIZE_MAX ? own : f->line],
                              .lines = v->lines,
                              .n_lines = v->n_lines};
}

static double value(const void *context, size_t k, const fm__dist *const *populations, const char **state)
{
  const view *v = context;
  const figure *f = &v->figures[k];
  fm__income_context c = context_of(v, f, f->own, populations);
  double own = fm__call_value(f->call, &c, state);
  if (f->other == SIZE_MAX || isnan(own))
    return own;
  c = context_of(v, f, f->other, populations);
  return own - fm__call_value(f->call, &c, state);
}

/* Adds the influence of the call on one population, times sign. */
static fm_status add_parts(fm__part *parts, size_t *n_parts, const view *v, const figure *f, size_t own, double sign,
                           const fm__dist *const *populations, fm_error *err)
{
  fm__influence of_own = {.n = 0}, of_line = {.n = 0};
  fm__income_context c = context_of(v, f, own, populations);
  fm_status status = fm__call_influence(&of_own, &of_line, f->call, &c, err);
  const struct {
    const fm__influence *influence;
    size_t population;
  } both[] = {{&of_own, own}, {&of_line, f->line}};
  for (size_t k = 0; k < FM__COUNT(both) && status == FM_OK; k++) {
    if (both[k].influence->n == 0)
      continue;
    fm__part *part = &parts[(*n_parts)++];
    *part = (fm__part){.population = both[k].population};
    fm__influence_add(&part->influence, both[k].influence, sign);
  }
  return status;
}

static fm_status influence(fm__part *parts, size_t *n_parts, const void *context, size_t k,
                           const fm__dist *const *populations, double of, fm_error *err)
{
  (void)of;
  const view *v = context;
  const figure *f = &v->figures[k];
  *n_parts = 0;
  fm_status status = add_parts(parts, n_parts, v, f, f->own, 1, populations, err);
  size_t n_own = *n_parts;
  if (status != FM_OK || f->other == SIZE_MAX || n_own == 0)
    return status;
  status = add_parts(parts, n_parts, v, f, f->other, -1, populations, err);
  if (*n_parts == n_own)
    *n_parts = 0; /* one of the two has none */
  return status;
}

static bool is_rate(const void *context, size_t k)
{
  const figure *f = &((const view *)context)->figures[k];
  return fm__call_is_rate(f->call) && f->other == SIZE_MAX;
}

static bool is_difference(const void *context, size_t k)
{
  return ((const view *)context)->figures[k].other != SIZE_MAX;
}

static bool is_total(const void *context, size_t k)
{
  return ((const view *)context)->figures[k].call->measure->weight_power != 0;
}

static bool is_gini(size_t *population, double *factor, const void *context, size_t k)
{
  const view *v = context;
  const figure *f = &v->figures[k];
  *population = f->own;
  *factor = v->rules->percent == 1 ? 100 : 1;
  return f->other == SIZE_MAX && strcmp(f->call->measure->name, "gini") == 0 &&
         v->rules->gini == FM_INCOME_GINI_POPULATION;
}

/* ---- estimates ---- */

static fm_status list_figures(work *w, fm_error *err)
{
  const fm__income_groups *g = &w->groups;
  size_t per = w->t->n_calls * (g->reference != SIZE_MAX ? 2 : 1), n = 0;
  w->from = fm__array(w->n_shown + 1, sizeof *w->from);
  w->figures = fm__array(w->n_shown, per * sizeof *w->figures);
  w->estimates = fm__array(w->n_shown, per * sizeof *w->estimates);
  if (w->from == NULL || w->figures == NULL || w->estimates == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < w->n_shown; k++) {
    bool compared = g->reference != SIZE_MAX && k != g->reference && k < g->n_groups;
    for (size_t i = 0; i < w->t->n_calls + (compared ? w->t->n_asked : 0); i++) {
      const fm__call *call = &w->t->calls[i % w->t->n_calls];
      w->figures[n++] = (figure){call, k, i < w->t->n_calls ? SIZE_MAX : g->reference,
                                 call->measure->uses_line ? g->everyone : SIZE_MAX};
    }
    w->from[k + 1] = n;
  }
  return FM_OK;
}

/* The figures of populations [first, end). */
static fm_status estimate(work *w, size_t first, size_t end, const fm_run *run, fm_error *err)
{
  const fm__income_groups *g = &w->groups;
  view v = {&w->t->records.rules, w->figures + w->from[first], w->lines, w->n_shared};
  fm__estimator e = w->estimator;
  e.context = &v;
  e.n_figures = w->from[end] - w->from[first];
  return fm__estimate_all(w->estimates + w->from[first], &e, g->dists, g->n, end - first == 1 ? first : g->n,
                          g->prepared.design, w->t->level, run, err);
}

static fm_status estimate_one(void *ctx, size_t i)
{
  work *w = ctx;
  return estimate(w, w->first + i, w->first + i + 1, NULL, NULL);
}

/* The influence of each poverty line of everyone, which many groups' figures share. */
static fm_status share_lines(work *w, fm_error *err)
{
  const fm__income_groups *g = &w->groups;
  fm_status status = FM_OK;
  w->shared = fm__array(w->t->n_calls, sizeof *w->shared);
  w->lines = fm__array(w->t->n_calls, sizeof *w->lines);
  if (w->shared == NULL || w->lines == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < w->t->n_calls && g->everyone != SIZE_MAX && status == FM_OK; i++) {
    const fm__call *call = &w->t->calls[i];
    fm__influence line = {.n = 0};
    fm__part part = {.population = g->everyone};
    const fm__dist *everyone = g->dists[g->everyone];
    fm__income_context c = {.rules = &w->t->records.rules, .own = everyone, .line_from = everyone};
    if (strcmp(call->measure->name, "poverty_line") != 0)
      continue;
    const char *state = FM__OK;
    w->lines[w->n_shared].share = call->p[0];
    fm__poverty_line_of(&w->lines[w->n_shared].influence, &c, call->p[0], &state);
    status = fm__call_influence(&part.influence, &line, call, &c, err);
    if (status == FM_OK)
      status = fm__shared_make(&w->shared[w->n_shared++], &part, everyone, g->prepared.design, err);
  }
  w->estimator.shared = w->shared;
  w->estimator.n_shared = w->n_shared;
  return status;
}

/* Linearised errors go group by group; a replicate's weights are made once for all groups. */
static fm_status estimate_all(work *w, const fm_run *run, fm_error *err)
{
  fm__subrun part;
  const fm__income_groups *g = &w->groups;
  const fm__rows *rows = w->t->records.rows;
  size_t last = g->n - 1;
  int64_t n_rows = 0;
  for (size_t i = 0; i < fm__rows_n(rows); i++)
    n_rows += (int64_t)fm__rows_count(rows, i);
  w->estimator = (fm__estimator){.value = value,
                                 .max_parts = 4,
                                 .influence = influence,
                                 .is_rate = is_rate,
                                 .is_total = is_total,
                                 .is_difference = is_difference,
                                 .is_gini = is_gini,
                                 .rate_unit = w->t->records.rules.percent == 1 ? 100 : 1,
                                 .n_rows = n_rows,
                                 .nested = g->n > 0 && (g->whole == last || g->everyone == last)};
  if (w->n_shown == 1 || fm__design_n_replicates(g->prepared.design) > 0)
    return w->n_shown > 0 ? estimate(w, 0, w->n_shown, fm__run_within(&part, run, 0.3, 1), err) : FM_OK;
  fm_status status = fm__design_method(g->prepared.design) == FM_SURVEY_TAYLOR ? share_lines(w, err) : FM_OK;
  if (status != FM_OK)
    return status;
  return fm__in_rounds(&w->first, estimate_one, w, w->n_shown, 0.3, 1, run, err);
}

/* ---- the table ---- */

enum { DESIGN_EFFECT, N_EFFECTIVE, DF, RELIABILITY, N_ADDED };

static const fm__key added[N_ADDED] = {[DESIGN_EFFECT] = {"deff", FM_F64},
                                       [N_EFFECTIVE] = {"n_eff", FM_F64},
                                       [DF] = {"df", FM_F64},
                                       [RELIABILITY] = {"reliability", FM_CODE}};

/* Too few rows, or an error too large beside the figure; NULL: nothing can be said. */
static const char *reliability(const fm__estimate *e, bool difference, int64_t n)
{
  const int64_t few = 30;
  const double large = 0.3;
  if (isnan(e->value))
    return NULL;
  if (n < few || (!difference && e->std_error > large * fabs(e->value)))
    return "unreliable";
  return isnan(e->std_error) ? NULL : "ok";
}

/* Does the figure change when top-coded incomes are doubled? Then it is a bound. */
static bool depends_on_top(const work *w, size_t k)
{
  const fm__income_groups *g = &w->groups;
  const figure *f = &w->figures[k];
  const char *state = FM__OK;
  view v = {&w->t->records.rules, w->figures, NULL, 0};
  if (isnan(w->estimates[k].value) ||
      (g->doubled[f->own] == g->dists[f->own] && (f->line == SIZE_MAX || g->doubled[f->line] == g->dists[f->line]) &&
       (f->other == SIZE_MAX || g->doubled[f->other] == g->dists[f->other])))
    return false;
  double doubled = value(&v, k, g->doubled, &state);
  return !(doubled == w->estimates[k].value);
}

static void put_figure(fm__result *r, const work *w, size_t k)
{
  const fm__income_groups *g = &w->groups;
  const figure *f = &w->figures[k];
  const fm__estimate *e = &w->estimates[k];
  bool difference = f->other != SIZE_MAX;
  char quantity[64];
  snprintf(quantity, sizeof quantity, "%s%s", f->call->measure->name, difference ? "_difference" : "");
  fm__figure cells =
      fm__estimate_figure(quantity, fm__call_unit(f->call, &w->t->records.rules), e, g->dists[f->own], w->t->level);
  if (depends_on_top(w, k))
    cells.state = FM__CENSORED;
  const char *parameter = f->call->parameter;
  fm__result_key_text(r, fm__groups_n_columns(fm__rows_ids(w->t->records.rows, 0)),
                      parameter[0] != '\0' ? parameter : NULL, strlen(parameter));
  int64_t n = difference && g->dists[f->other]->n < cells.n ? g->dists[f->other]->n : cells.n;
  double effect = difference ? NAN : e->design_effect; /* a difference has no sample of its own to compare with */
  fm__result_more_f64(r, DESIGN_EFFECT, effect);
  fm__result_more_f64(r, N_EFFECTIVE, (double)cells.n / effect);
  fm__result_more_f64(r, DF, e->df);
  fm__result_more_text(r, RELIABILITY, reliability(e, difference, n));
  fm__result_add(r, &cells);
}

/* The weighted share of imputed or top-coded incomes. */
static void put_share(fm__result *r, const work *w, size_t k, const char *quantity, double share)
{
  const fm__dist *d = w->groups.dists[k];
  fm__estimate e = {share, NAN, NAN, NAN, NAN, NAN, isnan(share) ? FM__EMPTY : FM__OK};
  fm__figure cells = fm__estimate_figure(quantity, "share", &e, d, w->t->level);
  fm__result_key_null(r, fm__groups_n_columns(fm__rows_ids(w->t->records.rows, 0)));
  fm__result_add(r, &cells);
}

static void put_population(fm__result *r, const work *w, size_t k)
{
  const fm__income_groups *g = &w->groups;
  const fm__groups *groups = fm__rows_ids(w->t->records.rows, 0);
  if (k < g->n_groups)
    fm__result_group(r, groups, k);
  for (size_t i = 0; k >= g->n_groups && i < fm__groups_n_columns(groups); i++)
    fm__result_key_null(r, i);
  for (size_t i = w->from[k]; i < w->from[k + 1]; i++)
    put_figure(r, w, i);
  if (w->t->imputed != SIZE_MAX)
    put_share(r, w, k, "imputed_share", g->group[k].imputed);
  if (w->t->top_coded != SIZE_MAX)
    put_share(r, w, k, "top_coded_share", g->group[k].top_coded);
}

static void add_notes(fm__result *r, const work *w)
{
  const fm__distribution *t = w->t;
  fm__prepared_notes(r, &w->groups.prepared, &w->groups.dropped);
  fm__result_note(
      r, "deff",
      "variance over n / (n - 1) sum (w u - mean w u)^2, u the influence: that of as many rows with the same "
      "weights drawn independently; n_eff = n / deff");
  fm__result_note(r, "reliability", "unreliable: fewer than 30 rows, or an error above 0.3 of the figure");
  if (t->reference != NULL)
    fm__result_note(r, "reference", t->reference);
  if (t->top_coded != SIZE_MAX)
    fm__result_note(r, "top_coded",
                    "figures of state censored move with the incomes above the top code: they were computed with the "
                    "top codes as incomes and are bounds");
}

static bool same_number(double a, double b)
{
  return a == b || (isnan(a) && isnan(b));
}

/* The first preset with these choices, whatever the poverty line; "own" when there is none. */
static const char *preset_of(const fm_income_rules *a)
{
  static const char *const names[] = {"default", "eurostat", "sdg", "pip", "convey", "laeken", "laeken_0_5"};
  for (size_t k = 0; k < FM__COUNT(names); k++) {
    fm_income_rules b;
    const int32_t *const pairs[][2] = {
        {&a->quantile, &b.quantile}, {&a->poor, &b.poor},       {&a->share, &b.share},
        {&a->gini, &b.gini},         {&a->nonpos, &b.nonpos},   {&a->negative, &b.negative},
        {&a->missing, &b.missing},   {&a->density, &b.density}, {&a->percent, &b.percent}};
    if (fm_income_rules_preset(&b, sizeof b, names[k], NULL) != FM_OK)
      continue;
    bool same = same_number(a->nonpos_floor, b.nonpos_floor) && a->hit_tolerance == b.hit_tolerance;
    for (size_t i = 0; i < FM__COUNT(pairs); i++)
      same = same && *pairs[i][0] == *pairs[i][1];
    if (same)
      return names[k];
  }
  return "own";
}

static fm_status put_table(fm_table **out, const work *w, fm_error *err)
{
  static const fm__key extra[] = {{"parameter", FM_CODE}};
  fm__result *r = NULL;
  fm_status status = fm__result_create_grouped(&r, "income.distribution", preset_of(&w->t->records.rules),
                                               fm__rows_ids(w->t->records.rows, 0), extra, 1, err);
  if (status == FM_OK)
    status = fm__result_extend(r, added, N_ADDED, err);
  if (status != FM_OK) {
    fm__result_destroy(r);
    return status;
  }
  for (size_t k = 0; k < w->n_shown; k++)
    put_population(r, w, k);
  add_notes(r, w);
  return fm__result_finish(r, out, err);
}

fm_status fm__distribution_result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  fm__distribution *t = state;
  work w = {.t = t};
  fm_status status = fm__income_groups_make(&w.groups, t, run, err);
  w.n_shown = w.groups.n_groups + (t->total ? 1 : 0);
  if (status == FM_OK)
    status = list_figures(&w, err);
  if (status == FM_OK)
    status = estimate_all(&w, run, err);
  if (status == FM_OK)
    status = put_table(out, &w, err);
  fm__income_groups_free(&w.groups);
  fm__free(w.from);
  fm__free(w.figures);
  fm__free(w.estimates);
  for (size_t k = 0; k < w.n_shared; k++)
    fm__shared_free(&w.shared[k]);
  fm__free(w.shared);
  fm__free(w.lines);
  return status;
}
