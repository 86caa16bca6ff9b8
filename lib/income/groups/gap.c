/* income.gap: a measure in two groups, its difference, gap and ratio. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "flexmetrics/income_groups.h"
#include "income/groups/pair_priv.h"

static const fm_income_gap_spec defaults = FM_INCOME_GAP_SPEC_INIT;

typedef struct gap {
  fm__pair_state pair; /* first */
  fm__call *calls;
  size_t n_calls;
} gap;

enum { REFERENCE, COMPARED, DIFFERENCE, GAP, RATIO, N_KINDS };
static const char *const kind_names[N_KINDS] = {"reference", "compared", "difference", "gap", "ratio"};

/* ---- one figure: number call * N_KINDS + kind ---- */

/* The measure on both sides; false: there is no value, *state says why. */
static bool both(double of[2], const gap *g, size_t figure, const fm__dist *const *populations, const char **state)
{
  size_t kind = figure % N_KINDS;
  for (size_t side = 0; side < 2; side++) {
    if ((kind == REFERENCE && side == 1) || (kind == COMPARED && side == 0))
      continue;
    fm__income_context c = fm__pair_context(&g->pair, populations, side);
    of[side] = fm__call_value(&g->calls[figure / N_KINDS], &c, state);
    if (isnan(of[side]))
      return false;
  }
  if ((kind == GAP || kind == RATIO) && !(of[0] > 0)) {
    *state = FM__UNDEFINED;
    return false;
  }
  return true;
}

static double value(const void *context, size_t figure, const fm__dist *const *populations, const char **state)
{
  double of[2] = {0, 0};
  *state = FM__OK;
  if (!both(of, context, figure, populations, state))
    return NAN;
  switch (figure % N_KINDS) {
  case REFERENCE:
    return of[0];
  case COMPARED:
    return of[1];
  case DIFFERENCE:
    return of[0] - of[1];
  case GAP:
    return (of[0] - of[1]) / of[0];
  default:
    return of[1] / of[0];
  }
}

/* Derivatives of the figure in the two sides' values. */
static void slopes(double slope[2], size_t kind, const double of[2])
{
  slope[0] = kind == COMPARED ? 0 : kind == GAP ? of[1] / of[0] / of[0] : kind == RATIO ? -of[1] / of[0] / of[0] : 1;
  slope[1] = kind == REFERENCE ? 0 : kind == DIFFERENCE ? -1 : kind == GAP ? -1 / of[0] : kind == RATIO ? 1 / of[0] : 1;
}

static fm_status influence(fm__part *parts, size_t *n_parts, const void *context, size_t figure,
                           const fm__dist *const *populations, double at, fm_error *err)
{
  const gap *g = context;
  double of[2] = {0, 0}, slope[2];
  const char *state;
  (void)at;
  *n_parts = 0;
  if (!both(of, g, figure, populations, &state))
    return FM_OK;
  slopes(slope, figure % N_KINDS, of);
  return fm__pair_parts(parts, n_parts, &g->pair, &g->calls[figure / N_KINDS], populations, slope, err);
}

static bool is_rate(const void *context, size_t figure)
{
  const gap *g = context;
  size_t kind = figure % N_KINDS;
  return fm__call_is_rate(&g->calls[figure / N_KINDS]) && (kind == REFERENCE || kind == COMPARED);
}

static bool is_total(const void *context, size_t figure)
{
  const gap *g = context;
  return g->calls[figure / N_KINDS].measure->weight_power > 0;
}

/* ---- the figures of one group ---- */

static fm_status each(void *context, fm__result *r, const fm__dist *const *populations, const fm__design *design,
                      const fm_run *run, fm_error *err)
{
  const gap *g = context;
  size_t n = g->n_calls * N_KINDS, key = fm__groups_n_columns(fm__rows_ids(g->pair.records.rows, 0));
  fm__estimator e = {.context = g,
                     .n_figures = n,
                     .value = value,
                     .influence = influence,
                     .max_parts = FM__PAIR_PARTS,
                     .is_rate = is_rate,
                     .is_total = is_total,
                     .rate_unit = g->pair.records.rules.percent == 1 ? 100 : 1};
  fm__estimate *estimates = fm__array(n, sizeof *estimates);
  if (estimates == NULL)
    return fm__no_memory(err);
  size_t n_populations = g->pair.n_populations;
  fm_status status =
      fm__estimate_all(estimates, &e, populations, n_populations, n_populations, design, g->pair.level, run, err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    const fm__call *call = &g->calls[i / N_KINDS];
    size_t kind = i % N_KINDS;
    char name[96];
    int length =
        snprintf(name, sizeof name, call->parameter[0] != '\0' ? "%s(%s)" : "%s", call->measure->name, call->parameter);
    fm__result_key_text(r, key, name, (size_t)length);
    const char *unit = kind == GAP ? "share" : kind == RATIO ? "ratio" : fm__call_unit(call, &g->pair.records.rules);
    fm__figure f = fm__estimate_figure(kind_names[kind], unit, &estimates[i],
                                       populations[kind == REFERENCE ? FM__REFERENCE : FM__COMPARED], g->pair.level);
    if (kind > COMPARED) {
      f.n = populations[0]->n + populations[1]->n;
      f.weight = NAN;
    }
    fm__result_add(r, &f);
  }
  fm__free(estimates);
  return status;
}

/* ---- the measure ---- */

static bool needs_everyone(const gap *g)
{
  for (size_t i = 0; i < g->n_calls; i++)
    if (fm__pair_needs_everyone(&g->pair, g->calls[i].measure))
      return true;
  return false;
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  gap *g = state;
  const fm__key key = {"measure", FM_CODE};
  return fm__pair_result(out, &g->pair, "reference_less_compared", &key, 1, needs_everyone(g), each, g, run, err);
}

static void destroy(void *state)
{
  gap *g = state;
  if (g == NULL)
    return;
  fm__pair_free(&g->pair);
  fm__free(g->calls);
  fm__free(g);
}

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  gap *g = state;
  const fm_income_gap_spec *s = spec;
  const char *measures = s->measures != NULL ? s->measures : "mean,median";
  const fm__pair_spec pair = {.measure = "income.gap",
                              .income = s->income,
                              .weight = s->weight,
                              .by = s->by,
                              .group = s->group,
                              .reference = s->reference,
                              .compared = s->compared,
                              .first_row = s->first_row,
                              .rules = s->rules,
                              .design = s->design,
                              .level = s->level};
  fm_status status = fm__calls_create(&g->calls, &g->n_calls, measures, err);
  if (status == FM_OK)
    status = fm__pair_create(&g->pair, &pair, err);
  if (status != FM_OK)
    return status;
  fm__spec_text_text(text, "measures", measures, "mean,median");
  fm__pair_text(&pair, &g->pair, text);
  return FM_OK;
}

static const fm__measure measure = {.id = "income.gap",
                                    .state_version = 1,
                                    FM__MEASURE_KEEPS_ROWS,
                                    .spec_name = "fm_income_gap_spec",
                                    .defaults = &defaults,
                                    .spec_size = sizeof defaults,
                                    .state_size = sizeof(gap),
                                    .open = open,
                                    .result = result,
                                    .destroy = destroy};

FM__MEASURE_FUNCTIONS(fm_income_gap)
