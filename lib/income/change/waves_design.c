/* One design of the rows of two periods, by what their samples have in common. */
#include "income/change/waves_priv.h"

#include <string.h>

typedef struct draft {
  const fm__two *t;
  const fm__rows *rows;
  size_t *some; /* row of each row of the design */
  size_t n;
  fm__design_input input;
  double *numbers; /* columns of the input, one after another; likewise ids */
  uint32_t *ids;
  uint64_t *count;
  const double **replicate, **auxiliary;
  size_t n_numbers, n_ids;
} draft;

static void draft_free(draft *d)
{
  fm__free(d->some);
  fm__free(d->ids);
  fm__free(d->count);
}

static const double *numbers_of(draft *d, size_t place)
{
  double *column = d->numbers + d->n_numbers++ * d->n;
  for (size_t i = 0; i < d->n; i++)
    column[i] = fm__rows_numbers(d->rows, d->some[i])[place];
  return column;
}

/* The same with 0 in the other period's rows. */
static const double *numbers_of_wave(draft *d, size_t place, int wave)
{
  double *column = d->numbers + d->n_numbers++ * d->n;
  for (size_t i = 0; i < d->n; i++)
    column[i] = d->t->wave[d->some[i]] == wave ? fm__rows_numbers(d->rows, d->some[i])[place] : 0;
  return column;
}

/* Ids of a set, SIZE_MAX: all 0; times two plus the period when `apart`. A row without one has no place in a design. */
static fm_status take_ids(const uint32_t **out, draft *d, size_t set, bool apart, const char *column, fm_error *err)
{
  uint32_t *to = d->ids + d->n_ids++ * d->n;
  for (size_t i = 0; i < d->n; i++) {
    uint32_t id = set != SIZE_MAX ? fm__rows_id(d->rows, d->some[i], set) : 0;
    if (set != SIZE_MAX && fm__groups_text(fm__rows_ids(d->rows, set), id, 0, NULL) == NULL) {
      fm__fail(err, FM_ERR_VALUE, "column %s has a missing value: expected one in each row of the sample", column);
      fm__error_place(err, NULL, column, -1, -1, -1);
      return FM_ERR_VALUE;
    }
    to[i] = apart ? 2 * id + d->t->wave[d->some[i]] : id;
  }
  *out = to;
  return FM_OK;
}

static fm_status choose_rows(draft *d, fm_error *err)
{
  size_t n = fm__rows_n(d->rows);
  d->some = fm__array(n, sizeof *d->some);
  d->count = fm__array(n, sizeof *d->count);
  if (d->some == NULL || d->count == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++)
    if (d->t->wave[i] == 0 || (d->t->wave[i] == 1 && !d->t->bases_only)) {
      d->count[d->n] = fm__rows_count(d->rows, i);
      d->some[d->n++] = i;
    }
  return FM_OK;
}

static fm_status make_room(draft *d, const fm__design_columns *c, fm_error *err)
{
  size_t n_numbers, n_ids, columns = c->n_numbers + 1 + c->n_auxiliaries;
  d->replicate = fm__array(c->n_replicates, sizeof *d->replicate);
  d->auxiliary = fm__array(2 * c->n_auxiliaries, sizeof *d->auxiliary);
  if (fm__multiply(columns, d->n, &n_numbers) && fm__multiply(2 * FM__MAX_STAGES, d->n, &n_ids)) {
    d->numbers = fm__array(n_numbers, sizeof *d->numbers);
    d->ids = fm__array(n_ids, sizeof *d->ids);
  }
  return d->replicate != NULL && d->auxiliary != NULL && d->numbers != NULL && d->ids != NULL ? FM_OK
                                                                                              : fm__no_memory(err);
}

/* Replicates, auxiliaries, the weight before calibration: in this order after the population sizes. The weights of each
 * period are calibrated by themselves, so that each has its own regression: a column of auxiliaries becomes two. */
static void take_columns(draft *d, const fm__design_columns *c)
{
  const fm__records *r = &d->t->waves->records;
  fm__design_input *in = &d->input;
  size_t at = c->first_number;
  for (size_t k = 0; k < c->n_stages; k++)
    if (c->fpc_number[k] != SIZE_MAX) {
      in->fpc[k] = numbers_of(d, c->first_number + c->fpc_number[k]);
      at++;
    }
  for (size_t k = 0; k < c->n_replicates; k++)
    d->replicate[k] = numbers_of(d, at++);
  for (size_t k = 0; k < c->n_auxiliaries; k++, at++)
    for (int wave = 0; wave < (d->t->bases_only ? 1 : 2); wave++)
      d->auxiliary[in->n_auxiliaries++] = numbers_of_wave(d, at, wave);
  if (c->has_base_weight)
    in->base_weight = numbers_of(d, at++);
  if (r->weight != SIZE_MAX)
    in->weight = numbers_of(d, r->weight);
  in->n_replicates = c->n_replicates;
  in->replicate = d->replicate;
  in->auxiliary = d->auxiliary;
}

static fm_status fill(draft *d, const fm__design_columns *c, fm_error *err)
{
  const fm__waves *w = d->t->waves;
  fm__design_input *in = &d->input;
  fm_status status = FM_OK;
  in->n = d->n;
  in->n_stages = c->n_stages;
  in->count = d->count;
  for (size_t k = 0; k < c->n_stages && status == FM_OK; k++) {
    bool apart = k == 0 && w->overlap == FM_INCOME_OVERLAP_INDEPENDENT && !d->t->bases_only;
    size_t s = c->stratum_id[k], u = c->cluster_id[k];
    if (s != SIZE_MAX || apart)
      status =
          take_ids(&in->stratum[k], d, s != SIZE_MAX ? c->first_id + s : s, apart, s != SIZE_MAX ? c->ids[s] : "", err);
    if (status == FM_OK && u != SIZE_MAX)
      status = take_ids(&in->cluster[k], d, c->first_id + u, false, c->ids[u], err);
  }
  if (status == FM_OK && w->overlap == FM_INCOME_OVERLAP_PERSONS)
    status = take_ids(&in->cluster[0], d, 1, false, fm__groups_column(fm__rows_ids(d->rows, 1), 0), err);
  if (status == FM_OK)
    take_columns(d, c);
  return status;
}

fm_status fm__two_design(fm__two *t, fm_error *err)
{
  const fm__records *r = &t->waves->records;
  draft d = {.t = t, .rows = r->rows};
  uint32_t *unit = NULL;
  fm_status status = choose_rows(&d, err);
  if (status == FM_OK)
    status = make_room(&d, r->columns, err);
  t->kept[0] = d.numbers; /* the design reads its replicates and auxiliaries there */
  t->kept[1] = d.replicate;
  t->kept[2] = d.auxiliary;
  t->prepared.unit = fm__array(fm__rows_n(r->rows), sizeof *t->prepared.unit);
  if (status == FM_OK && t->prepared.unit == NULL)
    status = fm__no_memory(err);
  if (status == FM_OK)
    status = fill(&d, r->columns, err);
  if (status == FM_OK)
    status = fm__design_create(&t->prepared.design, &unit, &d.input, &r->columns->spec, err);
  for (size_t i = 0; i < d.n && status == FM_OK; i++)
    t->prepared.unit[d.some[i]] = unit[i];
  fm__free(unit);
  draft_free(&d);
  return status;
}
