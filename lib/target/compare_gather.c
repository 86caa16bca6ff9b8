/* From rows to the units of one comparison: sums, strata, expected counts. */
#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "target/compare_priv.h"

#define MOST_COUNT 1e9 /* of a unit in all: exact limits of more take their time and tell nothing */

void fm__comparison_close(fm__comparison *c)
{
  fm__free(c->units);
  fm__free(c->cells);
}

/* ---- rows to cells and units ---- */

typedef struct summing {
  fm__sum count, exposure, expected;
} summing;

static void add_row(summing *s, const fm__comparison *c, size_t row)
{
  const double *x = fm__rows_numbers(c->rows, row);
  double times = (double)fm__rows_count(c->rows, row);
  fm__sum_add(&s->count, times * x[FM__COMPARED_COUNT]);
  fm__sum_add(&s->exposure, times * x[FM__COMPARED_EXPOSURE]);
  if (c->spec->expected != NULL)
    fm__sum_add(&s->expected, times * x[FM__COMPARED_EXPECTED]);
}

static void take_unit(fm__comparison *c, size_t first, size_t end, size_t *n_cells)
{
  fm__compared *u = &c->units[c->n++];
  summing all = {0}, cell = {0};
  *u = (fm__compared){.id = fm__rows_id(c->rows, first, FM__COMPARED_UNIT), .first_cell = *n_cells};
  for (size_t i = first; i < end; i++) {
    uint32_t stratum = fm__rows_id(c->rows, i, FM__COMPARED_STRATUM);
    add_row(&all, c, i);
    add_row(&cell, c, i);
    if (i + 1 < end && fm__rows_id(c->rows, i + 1, FM__COMPARED_STRATUM) == stratum)
      continue;
    c->cells[(*n_cells)++] = (fm__standard_cell){fm__sum_value(&cell.count), fm__sum_value(&cell.exposure), 0, stratum};
    cell = (summing){0};
  }
  u->n_cells = *n_cells - u->first_cell;
  u->count = fm__sum_value(&all.count);
  u->exposure = fm__sum_value(&all.exposure);
  u->expected = c->spec->expected != NULL ? fm__sum_value(&all.expected) : NAN;
}

static bool is_called(const fm__groups *groups, size_t id, const char *keys)
{
  size_t n = fm__groups_n_columns(groups);
  for (size_t k = 0; k < n; k++) {
    size_t length = 0, room = strcspn(keys, ",");
    const char *text = fm__groups_text(groups, id, k, &length);
    bool last = k + 1 == n;
    if (text == NULL || length != room || memcmp(text, keys, room) != 0 || (keys[room] == '\0') != last)
      return false;
    keys += room + (last ? 0 : 1);
  }
  return true;
}

/* ---- strata ---- */

typedef struct standard {
  fm__sum *count, *exposure; /* of all units together, by stratum */
  double *weight;            /* of the standard */
  size_t n;
} standard;

static fm_status sum_strata(standard *s, const fm__comparison *c, size_t n_cells, fm_error *err)
{
  s->n = fm__groups_count(fm__rows_ids(c->rows, FM__COMPARED_STRATUM));
  s->count = fm__array(s->n, sizeof *s->count);
  s->exposure = fm__array(s->n, sizeof *s->exposure);
  s->weight = fm__array(s->n, sizeof *s->weight);
  if (s->count == NULL || s->exposure == NULL || s->weight == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n_cells; i++) {
    size_t stratum = c->cells[i].stratum;
    fm__sum_add(&s->count[stratum], c->cells[i].count);
    fm__sum_add(&s->exposure[stratum], c->cells[i].base);
  }
  return FM_OK;
}

/* Exposures by stratum of the reference unit or of all, as shares. */
static void find_weights(standard *s, const fm__comparison *c)
{
  double all = 0;
  const fm__compared *of = c->reference != SIZE_MAX ? &c->units[c->reference] : NULL;
  for (size_t k = 0; k < s->n && of == NULL; k++)
    s->weight[k] = fm__sum_value(&s->exposure[k]);
  for (size_t i = 0; of != NULL && i < of->n_cells; i++)
    s->weight[c->cells[of->first_cell + i].stratum] = c->cells[of->first_cell + i].base;
  fm__sum total = {0};
  fm__sum_add_n(&total, s->weight, s->n);
  all = fm__sum_value(&total);
  for (size_t k = 0; k < s->n && all > 0; k++)
    s->weight[k] /= all;
}

/* The count at the rates of all units together. */
static double expected_of(const fm__comparison *c, const standard *s, const fm__compared *u)
{
  fm__sum sum = {0};
  for (size_t i = u->first_cell; i < u->first_cell + u->n_cells; i++) {
    size_t stratum = c->cells[i].stratum;
    double exposure = fm__sum_value(&s->exposure[stratum]);
    fm__sum_add(&sum, exposure > 0 ? c->cells[i].base * (fm__sum_value(&s->count[stratum]) / exposure) : 0);
  }
  return fm__sum_value(&sum);
}

/* Gives the cells the standard's weights, and the units how much of the standard their cells cover. */
static void weigh_cells(fm__comparison *c, const standard *s)
{
  for (size_t k = 0; k < c->n; k++) {
    fm__compared *u = &c->units[k];
    fm__sum known = {0};
    for (size_t i = u->first_cell; i < u->first_cell + u->n_cells; i++) {
      c->cells[i].weight = s->weight[c->cells[i].stratum];
      fm__sum_add(&known, c->cells[i].weight);
    }
    u->covered = fm__sum_value(&known);
  }
}

static fm_status use_strata(fm__comparison *c, size_t n_cells, fm_error *err)
{
  standard s = {0};
  fm_status status = sum_strata(&s, c, n_cells, err);
  for (size_t k = 0; k < c->n && status == FM_OK && c->spec->expected == NULL; k++)
    c->units[k].expected = expected_of(c, &s, &c->units[k]);
  if (status == FM_OK) {
    find_weights(&s, c);
    weigh_cells(c, &s);
  }
  fm__free(s.count);
  fm__free(s.exposure);
  fm__free(s.weight);
  return status;
}

/* ---- all of it ---- */

/* What is compared, and what with. */
static void model(fm__comparison *c)
{
  fm__sum count = {0}, base = {0};
  c->case_mix = c->spec->expected != NULL || c->strata;
  c->model = c->case_mix ? FM_TARGET_RATE : c->spec->kind;
  for (size_t k = 0; k < c->n; k++) {
    fm__compared *u = &c->units[k];
    u->modelled = (fm__unit_counts){u->count, c->case_mix ? u->expected : u->exposure};
    fm__sum_add(&count, u->modelled.count);
    fm__sum_add(&base, u->modelled.base);
  }
  c->all = (fm__unit_counts){fm__sum_value(&count), fm__sum_value(&base)};
  c->reference_rate = c->spec->reference_rate;
  if (isnan(c->reference_rate) && c->all.base > 0)
    c->reference_rate = c->all.count / c->all.base;
}

fm_status fm__comparison_open(fm__comparison *out, size_t *end, const fm__rows *rows,
                              const fm_target_compare_spec *spec, const char *reference, bool strata, size_t first,
                              fm_error *err)
{
  const fm__groups *names = fm__rows_ids(rows, FM__COMPARED_UNIT);
  size_t n_cells = 0, n = fm__rows_n(rows);
  *out = (fm__comparison){.spec = spec, .rows = rows, .reference = SIZE_MAX, .strata = strata};
  for (*end = first; *end < n && fm__rows_id(rows, *end, FM__COMPARED_BY) == fm__rows_id(rows, first, FM__COMPARED_BY);)
    ++*end;
  out->units = fm__array(*end - first, sizeof *out->units);
  out->cells = fm__array(*end - first, sizeof *out->cells);
  if (out->units == NULL || out->cells == NULL)
    return fm__no_memory(err);
  for (size_t from = first, to; from < *end; from = to) {
    uint32_t id = fm__rows_id(rows, from, FM__COMPARED_UNIT);
    for (to = from; to < *end && fm__rows_id(rows, to, FM__COMPARED_UNIT) == id;)
      to++;
    if (reference != NULL && is_called(names, id, reference))
      out->reference = out->n;
    take_unit(out, from, to, &n_cells);
    const fm__compared *u = &out->units[out->n - 1];
    if (u->count > MOST_COUNT || (spec->kind == FM_TARGET_SHARE && u->exposure > MOST_COUNT))
      return fm__fail(err, FM_ERR_LIMIT, "a unit counts more than 1e9 in all");
  }
  if (reference != NULL && out->reference == SIZE_MAX)
    return fm__fail(err, FM_ERR_NOT_FOUND, "reference: no row of the unit \"%s\"%s", reference,
                    fm__groups_n_columns(fm__rows_ids(rows, FM__COMPARED_BY)) > 0 ? " in one of the comparisons" : "");
  fm_status status = strata ? use_strata(out, n_cells, err) : FM_OK;
  if (status == FM_OK)
    model(out);
  return status;
}
