/* The labour measures: what is asked for, and the state: counts and sums by cell, or rows with their design. */
#include "flexmetrics/labour.h"

#include <string.h>

#include "labour/cells_priv.h"
#include "tally/tally_priv.h"

static const fm_labour_spec defaults = FM_LABOUR_SPEC_INIT;

void fm_labour_spec_init(fm_labour_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

static void destroy(void *state)
{
  fm__labour *t = state;
  if (t == NULL)
    return;
  fm__groups_destroy(t->groups);
  fm__labour_cells_free(&t->cells);
  fm__rows_destroy(t->rows);
  fm__design_columns_destroy(t->columns);
  fm__labour_plan_free(&t->plan);
  fm__free(t);
}

/* ---- opening ---- */

const char *fm__labour_number_name(size_t i)
{
  /* No column of a table begins with a tab. */
  static const char *const names[2 + FM__N_VALUES] = {"\tmask", "\tweight", "\t0", "\t1", "\t2", "\t3",
                                                      "\t4",    "\t5",      "\t6", "\t7", "\t8", "\t9"};
  return names[i];
}

static fm_status make_rows(fm__labour *t, const fm_survey_design_spec *design, fm_error *err)
{
  size_t own = 2 + t->plan.n_values;
  fm_status status = fm__design_columns_create(&t->columns, design, own, 1, err);
  if (status != FM_OK)
    return status;
  const fm__design_columns *d = t->columns;
  fm__rows_number *numbers = fm__array(own + d->n_numbers, sizeof *numbers);
  const char **ids = fm__array(1 + d->n_ids, sizeof *ids);
  if (numbers != NULL && ids != NULL) {
    for (size_t k = 0; k < own; k++)
      numbers[k].name = fm__labour_number_name(k);
    for (size_t k = 0; k < d->n_numbers; k++)
      numbers[own + k] = d->numbers[k];
    ids[0] = t->plan.spec.by;
    for (size_t k = 0; k < d->n_ids; k++)
      ids[1 + k] = d->ids[k];
    status = fm__rows_create(&t->rows, numbers, own + d->n_numbers, ids, 1 + d->n_ids, err);
  } else {
    status = fm__no_memory(err);
  }
  fm__free(numbers);
  fm__free(ids);
  return status;
}

/* Quantiles need every row. */
static bool needs_rows(const fm__labour_plan *plan)
{
  for (size_t k = 0; k < plan->n_items; k++)
    if (plan->item[k].indicator->kind == FM__KIND_COST)
      return true;
  return plan->sampled;
}

static const fm__field fields[] = {FM__FIELD(fm_labour_spec, indicators, FM__FIELD_TEXT),
                                   FM__FIELD(fm_labour_spec, columns, FM__FIELD_TEXT),
                                   FM__FIELD(fm_labour_spec, labour_status, FM__FIELD_TEXT),
                                   FM__FIELD(fm_labour_spec, weight, FM__FIELD_TEXT),
                                   FM__FIELD(fm_labour_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_labour_spec, age_bands, FM__FIELD_TEXT),
                                   FM__FIELD(fm_labour_spec, working_age, FM__FIELD_TEXT),
                                   FM__FIELD(fm_labour_spec, youth, FM__FIELD_TEXT),
                                   FM__FIELD(fm_labour_spec, group, FM__FIELD_TEXT),
                                   FM__FIELD(fm_labour_spec, reference, FM__FIELD_TEXT),
                                   FM__FIELD(fm_labour_spec, compared, FM__FIELD_TEXT),
                                   FM__FIELD(fm_labour_spec, hours_threshold, FM__FIELD_F64),
                                   FM__FIELD(fm_labour_spec, level, FM__FIELD_F64),
                                   FM__FIELD(fm_labour_spec, icls, FM__FIELD_I32),
                                   FM__FIELD(fm_labour_spec, unknown_insurance, FM__FIELD_I32),
                                   FM__FIELD(fm_labour_spec, margins, FM__FIELD_I32),
                                   FM__FIELD(fm_labour_spec, totals, FM__FIELD_I32),
                                   FM__FIELD(fm_labour_spec, percent, FM__FIELD_I32)};

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  fm__labour *t = state;
  const fm_labour_spec *s = spec;
  fm_survey_design_spec none;
  fm_survey_design_spec_init(&none, sizeof none);
  none.method = FM_SURVEY_NONE;
  fm_status status = fm__labour_plan_take(&t->plan, s, false, err);
  if (status == FM_OK)
    status = fm__groups_create(&t->groups, t->plan.spec.by, err);
  if (status == FM_OK)
    status = fm__labour_cells_create(&t->cells, &t->plan, err);
  if (status == FM_OK && needs_rows(&t->plan))
    status = make_rows(t, s->design != NULL ? s->design : &none, err);
  if (status != FM_OK)
    return status;
  fm__labour_value_bits(t->bits, &t->plan);
  fm__spec_text_i64(text, "sampled", t->plan.sampled ? 1 : 0, 0);
  if (t->plan.sampled)
    fm__design_columns_text(t->columns, text);
  return FM_OK;
}

/* ---- adding, merging ---- */

/* An empty state of counts and sums beside `t`; on success it takes the place of t's. */
typedef struct fresh {
  fm__groups *groups;
  fm__labour_cells cells;
} fresh;

static void swap(fm__labour *t, fresh *f)
{
  fresh kept = {t->groups, t->cells};
  t->groups = f->groups;
  t->cells = f->cells;
  *f = kept;
}

static fm_status fresh_create(fresh *f, const fm__labour *t, fm_error *err)
{
  *f = (fresh){.groups = NULL};
  fm_status status = fm__groups_create(&f->groups, t->plan.spec.by, err);
  return status == FM_OK ? fm__labour_cells_create(&f->cells, &t->plan, err) : status;
}

static void fresh_free(fresh *f)
{
  fm__groups_destroy(f->groups);
  fm__labour_cells_free(&f->cells);
}

/* Adds the counts and sums of both to an empty state, which becomes t's. */
static fm_status join(fm__labour *t, const fm__groups *groups, const fm__labour_cells *cells, fm_error *err)
{
  fresh both;
  uint32_t *own = NULL, *others = NULL;
  fm_status status = fresh_create(&both, t, err);
  if (status == FM_OK)
    status = fm__groups_absorb(both.groups, t->groups, &own, err);
  if (status == FM_OK)
    status = fm__groups_absorb(both.groups, groups, &others, err);
  if (status == FM_OK &&
      (!fm__labour_cells_merge(&both.cells, &t->cells, own) || !fm__labour_cells_merge(&both.cells, cells, others)))
    status = fm__no_memory(err);
  if (status == FM_OK)
    swap(t, &both);
  fresh_free(&both);
  fm__free(own);
  fm__free(others);
  return status;
}

static bool is_empty(const void *state)
{
  const fm__labour *t = state;
  if (t->rows != NULL)
    return fm__rows_is_empty(t->rows);
  return t->cells.n == 0 && (fm__groups_n_columns(t->groups) == 0 || fm__groups_count(t->groups) == 0);
}

static fm_status add(void *state, const fm_table *frame, const fm_run *run, fm_error *err)
{
  fm__labour *t = state;
  fresh f = {.groups = NULL};
  if (t->rows != NULL)
    return fm__labour_add_rows(t, frame, run, err);
  fm_status status = fresh_create(&f, t, err);
  if (status == FM_OK) {
    swap(t, &f); /* f holds what there was */
    status = fm__labour_add_rows(t, frame, run, err);
    swap(t, &f);
  }
  if (status == FM_OK && is_empty(t))
    swap(t, &f);
  else if (status == FM_OK)
    status = join(t, f.groups, &f.cells, err);
  fresh_free(&f);
  return status;
}

static fm_status merge(void *state, const void *other, fm_error *err)
{
  fm__labour *t = state;
  const fm__labour *o = other;
  return t->rows != NULL ? fm__rows_merge(t->rows, o->rows, err) : join(t, o->groups, &o->cells, err);
}

/* ---- bytes ---- */

static fm_status save(void *state, fm__bytes *b, fm_error *err)
{
  fm__labour *t = state;
  uint32_t *order = NULL, *rank = NULL;
  if (t->rows != NULL)
    return fm__rows_save(t->rows, b, err);
  size_t n = fm__groups_count(t->groups);
  fm_status status = fm__groups_order(t->groups, &order, err);
  if (status == FM_OK) {
    rank = fm__array(n, sizeof *rank);
    status = rank != NULL ? FM_OK : fm__no_memory(err);
  }
  for (size_t i = 0; i < n && status == FM_OK; i++)
    rank[order[i]] = (uint32_t)i;
  if (status == FM_OK) {
    fm__groups_save(t->groups, order, b);
    status = fm__labour_cells_save(&t->cells, rank, b, err);
  }
  fm__free(order);
  fm__free(rank);
  return status;
}

/* Whether a saved row is possible. */
static bool fits(const void *context, const double *numbers)
{
  const fm__labour *t = context;
  double mask = numbers[FM__ROW_MASK];
  if (!(mask >= 0 && mask < 9007199254740992.0) || mask != (double)(uint64_t)mask ||
      !fm__labour_mask_fits(&t->plan, (uint64_t)mask) ||
      !(numbers[FM__ROW_WEIGHT] > 0 && numbers[FM__ROW_WEIGHT] <= 1e300))
    return false;
  for (size_t k = 0; k < t->plan.n_values; k++)
    if (!(numbers[2 + k] >= 0 && numbers[2 + k] <= 1e300))
      return false;
  return true;
}

static fm_status load(void *state, fm__reader *r, fm_error *err)
{
  fm__labour *t = state;
  fresh f;
  if (t->rows != NULL)
    return fm__rows_load(t->rows, r, fits, t, "labour", err);
  fm_status status = fresh_create(&f, t, err);
  if (status == FM_OK)
    status = fm__groups_load(f.groups, r, err);
  if (status == FM_OK)
    status = fm__labour_cells_load(&f.cells, &t->plan, fm__groups_count(f.groups), r, err);
  if (status == FM_OK)
    swap(t, &f);
  fresh_free(&f);
  return status;
}

/* ---- one measure an indicator, and one for several at once ---- */

#define MEASURE(name)                                                                                                  \
  {                                                                                                                    \
    .id = "labour." name, .state_version = 1, .add = add, .merge = merge, .save = save, .load = load,                  \
    .result = fm__labour_result, .is_empty = is_empty, .destroy = destroy,                                             \
    FM__MEASURE_OPENS(fm_labour_spec, fm__labour)                                                                      \
  }
static const fm__measure measures[] = {MEASURE("rates"),
                                       MEASURE("employment_rate"),
                                       MEASURE("participation_rate"),
                                       MEASURE("unemployment_rate"),
                                       MEASURE("lu2"),
                                       MEASURE("lu3"),
                                       MEASURE("lu4"),
                                       MEASURE("long_term_unemployment_rate"),
                                       MEASURE("long_term_unemployment_share"),
                                       MEASURE("informal_share"),
                                       MEASURE("informal_share_agriculture"),
                                       MEASURE("informal_share_non_agriculture"),
                                       MEASURE("neet_rate"),
                                       MEASURE("child_labour"),
                                       MEASURE("child_labour_chores"),
                                       MEASURE("hourly_earnings"),
                                       MEASURE("pay_gap"),
                                       MEASURE("fatal_injuries"),
                                       MEASURE("non_fatal_injuries"),
                                       MEASURE("injury_frequency"),
                                       MEASURE("account_share"),
                                       MEASURE("discriminated_share"),
                                       MEASURE("recruitment_cost"),
                                       MEASURE("registered_unemployment_rate"),
                                       MEASURE("gross_unemployment_rate")};

static fm_status choose(const fm__measure **out, const fm_labour_spec *spec, fm_error *err)
{
  fm_labour_spec s = defaults;
  fm_status status = fm__spec_take(&s, sizeof s, spec, "fm_labour_spec", err);
  *out = &measures[0];
  for (size_t k = 1; k < FM__COUNT(measures) && status == FM_OK && s.indicators != NULL; k++)
    if (strcmp(measures[k].id + strlen("labour."), s.indicators) == 0)
      *out = &measures[k];
  return status;
}

fm_status fm_labour_tally(fm_tally **out, const fm_labour_spec *spec, fm_error *err)
{
  const fm__measure *measure;
  *out = NULL;
  fm_status status = choose(&measure, spec, err);
  return status == FM_OK ? fm__measure_tally(out, measure, spec, err) : status;
}

fm_status fm_labour(fm_table **out, const fm_table *frame, const fm_labour_spec *spec, const fm_run *run, fm_error *err)
{
  const fm__measure *measure;
  *out = NULL;
  fm_status status = choose(&measure, spec, err);
  return status == FM_OK ? fm__measure_once(out, measure, frame, spec, run, err) : status;
}
