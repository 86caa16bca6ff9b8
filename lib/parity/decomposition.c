/* parity.decomposition: the state, and what a spec means. */
#include <math.h>
#include <string.h>

#include "parity/decomposition_state_priv.h"
#include "tally/rows_priv.h"

static const fm_parity_decomposition_spec defaults = FM_PARITY_DECOMPOSITION_SPEC_INIT;
static const fm__measure measure;

static void destroy(void *state)
{
  fm__decomposition *t = state;
  if (t == NULL)
    return;
  fm__groups_destroy(t->cells);
  fm__parity_grams_close(&t->grams);
  fm__people_free(&t->people);
  for (size_t k = 0; k < FM__DECOMPOSITION_TEXTS; k++)
    fm__free(t->texts[k]);
  fm__free(t->terms);
  fm__free(t);
}

static bool is_empty(const void *state)
{
  const fm__decomposition *t = state;
  return fm__groups_count(t->cells) == 0 && t->n_missing == 0;
}

/* ---- rows ---- */

static bool fits(double x)
{
  return x >= -1e90 && x <= 1e90;
}

static fm_status check_weight(const fm__decomposition *t, double *x, const fm__rows_place *place, bool *left_out,
                              fm_error *err)
{
  if (*left_out || !t->weighted)
    return FM_OK;
  double w = x[t->n_numbers + 1];
  if (!(w >= 0 && w <= 1e90))
    return fm__rows_bad(place, t->n_numbers + 1, "a weight of 0 or more", err);
  *left_out = w == 0;
  return FM_OK;
}

/* A row that is left out has no value. Numbers: the value, covariates, the weight. */
static fm_status take(void *context, double *x, bool *keep, const fm__rows_place *place, fm_error *err)
{
  const fm__decomposition *t = context;
  bool left_out = isnan(x[0]);
  (void)keep;
  for (size_t k = 0; k <= t->n_numbers; k++) {
    if (!isnan(x[k]) && !fits(x[k]))
      return fm__rows_bad(place, k, "a number within 1e90", err);
    left_out |= isnan(x[k]);
  }
  if (t->logarithm && x[0] <= 0)
    return fm__rows_bad(place, 0, "a number above 0, which has a logarithm", err);
  for (size_t v = 0; v < t->n_categories; v++)
    left_out |= fm__rows_lacks_id(place, v + 1);
  fm_status status = check_weight(t, x, place, &left_out, err);
  if (left_out)
    x[0] = NAN;
  else if (t->logarithm)
    x[0] = fm__log(x[0]);
  return status;
}

/* The frame's numbers and the cells they belong to. */
static fm_status read_rows(fm__rows **out, fm__decomposition *t, const fm_table *frame, fm_error *err)
{
  fm__rows_number *numbers = fm__array(t->n_numbers + 2, sizeof *numbers);
  const char **ids = fm__array(t->n_categories + 1, sizeof *ids);
  fm_status status = numbers != NULL && ids != NULL ? FM_OK : fm__no_memory(err);
  *out = NULL;
  if (status == FM_OK) {
    size_t n = 1, v = 1;
    numbers[0].name = t->spec.value;
    ids[0] = fm__decomposition_columns(t);
    for (size_t k = 0; k < t->n_terms; k++)
      if (t->terms[k].base == NULL)
        numbers[n++].name = t->terms[k].name;
      else
        ids[v++] = t->terms[k].name;
    numbers[n].name = t->spec.weight;
    status = fm__rows_create(out, numbers, n + (t->weighted ? 1 : 0), ids, v, err);
  }
  if (status == FM_OK)
    status = fm__rows_add(*out, frame, take, t, err);
  fm__free(numbers);
  fm__free(ids);
  return status;
}

static fm_status add_people(fm__decomposition *t, const fm__rows *rows, const uint32_t *map, const fm_table *frame,
                            fm_error *err)
{
  fm__ids ids = {0};
  fm_status status = fm__ids_open(&ids, frame, t->spec.cluster, err);
  for (size_t i = 0; i < fm__rows_n(rows) && status == FM_OK; i++)
    if (!isnan(fm__rows_numbers(rows, i)[0]) &&
        !fm__people_add(&t->people, map[fm__rows_id(rows, i, 0)], fm__ids_at(&ids, i), 0))
      status = fm__no_memory(err);
  fm__ids_close(&ids);
  return status;
}

static void add_row(fm__decomposition *t, const double *x, size_t cell, double *scratch)
{
  scratch[0] = 1;
  memcpy(scratch + 1, x + 1, t->n_numbers * sizeof *x);
  scratch[t->n_numbers + 1] = x[0];
  fm__parity_grams_add(&t->grams, cell, scratch, t->weighted ? x[t->n_numbers + 1] : 1);
}

/* A fresh state of one frame. */
static fm_status add_rows(void *fresh, const fm_table *frame, fm_error *err)
{
  fm__decomposition *t = fresh;
  fm__rows *rows = NULL;
  uint32_t *map = NULL;
  double *scratch = fm__array(t->n_numbers + 2, sizeof *scratch);
  fm_status status = scratch != NULL ? read_rows(&rows, t, frame, err) : fm__no_memory(err);
  if (status == FM_OK)
    status = fm__groups_absorb(t->cells, fm__rows_ids(rows, 0), &map, err);
  if (status == FM_OK && !fm__parity_grams_grow(&t->grams, fm__groups_count(t->cells)))
    status = fm__no_memory(err);
  for (size_t i = 0; status == FM_OK && i < fm__rows_n(rows); i++) {
    const double *x = fm__rows_numbers(rows, i);
    if (isnan(x[0]))
      t->n_missing++;
    else
      add_row(t, x, map[fm__rows_id(rows, i, 0)], scratch);
  }
  if (status == FM_OK && t->spec.cluster != NULL)
    status = add_people(t, rows, map, frame, err);
  fm__rows_destroy(rows);
  fm__free(map);
  fm__free(scratch);
  return status;
}

static fm_status add(void *state, const fm_table *frame, const fm_run *run, fm_error *err)
{
  (void)run;
  return fm__measure_add_apart(state, &measure, &((fm__decomposition *)state)->spec, add_rows, frame, err);
}

static fm_status merge(void *state, const void *other, fm_error *err)
{
  fm__decomposition *t = state;
  const fm__decomposition *o = other;
  uint32_t *map = NULL;
  size_t before = fm__groups_count(t->cells);
  if (!fm__people_reserve(&t->people, o->people.n))
    return fm__no_memory(err);
  fm_status status = fm__groups_absorb(t->cells, o->cells, &map, err);
  if (status != FM_OK)
    return status;
  if (!fm__parity_grams_grow(&t->grams, fm__groups_count(t->cells))) {
    while (t->grams.n > before)
      fm__free(t->grams.items[--t->grams.n].sums);
    fm__groups_truncate(t->cells, before);
    fm__free(map);
    return fm__no_memory(err);
  }
  fm__parity_grams_merge(&t->grams, &o->grams, map);
  for (size_t i = 0; i < o->people.n; i++)
    fm__people_add(&t->people, map[o->people.items[i].group], o->people.items[i].id, 0);
  t->n_missing += o->n_missing;
  fm__free(map);
  return FM_OK;
}

static fm_status save(void *state, fm__bytes *b, fm_error *err)
{
  fm__decomposition *t = state;
  uint32_t *order = NULL;
  fm_status status = fm__groups_order(t->cells, &order, err);
  if (status != FM_OK)
    return status;
  fm__bytes_i64(b, t->n_missing);
  fm__groups_save(t->cells, order, b);
  fm__parity_grams_save(&t->grams, order, b);
  status = fm__people_save(&t->people, order, t->grams.n, b, err);
  fm__free(order);
  return status;
}

static fm_status load(void *state, fm__reader *r, fm_error *err)
{
  fm__decomposition *t = state;
  t->n_missing = fm__read_i64(r);
  fm_status status = fm__groups_load(t->cells, r, err);
  if (status == FM_OK && !fm__parity_grams_grow(&t->grams, fm__groups_count(t->cells)))
    status = fm__no_memory(err);
  if (status == FM_OK && (t->n_missing < 0 || !fm__parity_grams_load(&t->grams, r)))
    status = fm__fail(err, FM_ERR_FORMAT, "the saved tally of parity.decomposition is damaged");
  return status == FM_OK ? fm__people_load(&t->people, t->grams.n, r, err) : status;
}

/* ---- the measure ---- */

static const fm__field fields[] = {FM__FIELD(fm_parity_decomposition_spec, value, FM__FIELD_TEXT),
                                   FM__FIELD(fm_parity_decomposition_spec, group, FM__FIELD_TEXT),
                                   FM__FIELD(fm_parity_decomposition_spec, reference, FM__FIELD_TEXT),
                                   FM__FIELD(fm_parity_decomposition_spec, covariates, FM__FIELD_TEXT),
                                   FM__FIELD(fm_parity_decomposition_spec, coefficients, FM__FIELD_TEXT),
                                   FM__FIELD(fm_parity_decomposition_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_parity_decomposition_spec, weight, FM__FIELD_TEXT),
                                   FM__FIELD(fm_parity_decomposition_spec, cluster, FM__FIELD_TEXT),
                                   FM__FIELD(fm_parity_decomposition_spec, level, FM__FIELD_F64),
                                   FM__FIELD(fm_parity_decomposition_spec, logarithm, FM__FIELD_I32)};

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  (void)text;
  return fm__decomposition_open(state, spec, err);
}

static const fm__measure measure = {.id = "parity.decomposition",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(fm_parity_decomposition_spec, fm__decomposition),
                                    .add = add,
                                    .merge = merge,
                                    .save = save,
                                    .load = load,
                                    .result = fm__decomposition_result,
                                    .is_empty = is_empty,
                                    .destroy = destroy};

FM__MEASURE_FUNCTIONS(fm_parity_decomposition)
