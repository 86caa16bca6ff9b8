/* Rows of Fine and Gray's regression: placed by day, kind and group, and what is known whatever the coefficients. */
#include <string.h>

#include "num/num_priv.h"
#include "retention/cox/days_priv.h"
#include "retention/fine_gray/fine_gray_priv.h"

void fm__fg_free(fm__fg *f)
{
  fm__cox_free(&f->c);
  fm__censoring_free(&f->censoring);
  fm__free(f->late);
  fm__free(f->step);
  fm__free(f->slot_sum);
  fm__free(f->left);
  *f = (fm__fg){.n_groups = 0};
}

/* ---- pieces ---- */

fm__fg_piece fm__fg_start(const fm__fg *f, size_t row)
{
  size_t low = 0, high = f->n_cells;
  while (high - low > 1) { /* cell[low] <= row < cell[high] */
    size_t middle = low + (high - low) / 2;
    if (f->c.cell[middle] <= row)
      low = middle;
    else
      high = middle;
  }
  return (fm__fg_piece){.row = row, .cell = low};
}

bool fm__fg_next(const fm__fg *f, fm__fg_piece *p, size_t end)
{
  p->row += p->n;
  if (p->row >= end)
    return false;
  while (f->c.cell[p->cell + 1] <= p->row)
    p->cell++;
  size_t to = (p->row / FM__COX_BLOCK + 1) * FM__COX_BLOCK;
  to = to < end ? to : end;
  to = to < f->c.cell[p->cell + 1] ? to : f->c.cell[p->cell + 1];
  p->n = to - p->row;
  return true;
}

/* ---- places ---- */

static size_t group_of(const fm__fg_rows *rows, size_t i)
{
  return rows->group != NULL ? (size_t)rows->group[i] : 0;
}

static size_t kind_of(const fm__fg_rows *rows, size_t i)
{
  return rows->rows.event[i] != 0 ? FM__FG_EVENT : rows->other[i] != 0 ? FM__FG_OTHER : FM__FG_CENSORED;
}

static void choose_cells(fm__fg *f, uint32_t *cell, const fm__fg_rows *given, const fm__cox_days *days)
{
  const fm__cox_rows *rows = &given->rows;
  for (size_t i = 0; i < rows->n; i++) {
    if (!fm__cox_counts(rows, i))
      continue;
    int64_t count = rows->count != NULL ? (int64_t)rows->count[i] : 1;
    size_t s = rows->stratum != NULL ? (size_t)rows->stratum[i] : 0, kind = kind_of(given, i);
    size_t slot = fm__cox_days_at(days, s, rows->time[i]) + s;
    cell[i] = (uint32_t)((slot * FM__FG_KINDS + kind) * f->n_groups + group_of(given, i));
    f->c.n_given += count;
    f->c.n_events += kind == FM__FG_EVENT ? count : 0;
    f->n_other += kind == FM__FG_OTHER ? count : 0;
  }
}

static fm_status reserve(fm__fg *f, const fm__cox_rows *rows, fm_error *err)
{
  fm__cox *c = &f->c;
  size_t padded, cells;
  c->n_blocks = (c->n + FM__COX_BLOCK - 1) / FM__COX_BLOCK;
  padded = c->n_blocks * FM__COX_BLOCK;
  if (!fm__multiply(padded, c->wide, &cells))
    return fm__no_memory(err);
  c->x = fm__many(cells, sizeof *c->x);
  c->weight = fm__array(padded, sizeof *c->weight);
  c->cell = fm__array(f->n_cells + 1, sizeof *c->cell);
  c->centre = fm__array(c->wide, sizeof *c->centre);
  c->scale = fm__array(c->wide, sizeof *c->scale);
  c->event_x = fm__array(c->wide, sizeof *c->event_x);
  c->day_weight = fm__array(c->n_days, sizeof *c->day_weight);
  c->count = rows->count != NULL ? fm__many(padded, sizeof *c->count) : NULL;
  c->cluster = rows->cluster != NULL ? fm__many(padded, sizeof *c->cluster) : NULL;
  f->late = fm__array(padded, sizeof *f->late);
  f->step = fm__array(padded, sizeof *f->step);
  f->slot_sum = fm__array(f->n_slots, sizeof *f->slot_sum);
  f->left = fm__multiply(f->n_slots, f->n_groups, &cells) ? fm__array(cells, sizeof *f->left) : NULL;
  bool made = c->x != NULL && c->weight != NULL && c->cell != NULL && c->centre != NULL && c->scale != NULL &&
              c->event_x != NULL && c->day_weight != NULL && (rows->count == NULL || c->count != NULL) &&
              (rows->cluster == NULL || c->cluster != NULL) && f->late != NULL && f->step != NULL &&
              f->slot_sum != NULL && f->left != NULL;
  return made ? FM_OK : fm__no_memory(err);
}

static void place_numbers(fm__fg *f, const fm__cox_rows *rows, const uint32_t *row, const uint32_t *cell)
{
  fm__cox *c = &f->c;
  fm__cox_set_power(c, rows, row);
  double unit = fm__cox_unit(c);
  for (size_t i = 0, k = 0; i < c->n; i++) {
    double count = rows->count != NULL ? (double)rows->count[row[i]] : 1;
    c->weight[i] = rows->weight != NULL ? rows->weight[row[i]] / unit * count : count;
    if (c->count != NULL)
      c->count[i] = count;
    if (c->cluster != NULL)
      c->cluster[i] = (uint32_t)rows->cluster[row[i]];
    for (; k < cell[row[i]]; k++)
      c->cell[k + 1] = i;
  }
  for (size_t k = c->n > 0 ? cell[row[c->n - 1]] : 0; k < f->n_cells; k++)
    c->cell[k + 1] = c->n;
}

/* ---- censoring ---- */

static fm_status find_censoring(fm__fg *f, const fm__cox_rows *rows, const uint32_t *row, fm_error *err)
{
  fm__cox *c = &f->c;
  fm__censored_row *by = fm__many(c->n, sizeof *by);
  fm__item *items = fm__many(c->n, sizeof *items), *scratch = fm__many(c->n, sizeof *scratch);
  fm_status status = by != NULL && items != NULL && scratch != NULL ? FM_OK : fm__no_memory(err);
  fm__fg_piece p = fm__fg_start(f, 0);
  while (status == FM_OK && fm__fg_next(f, &p, c->n))
    for (size_t i = p.row; i < p.row + p.n; i++) {
      uint64_t key = (uint64_t)fm__fg_group(f, p.cell) << 32 | (uint32_t)rows->time[row[i]];
      by[i] = (fm__censored_row){key, c->weight[i], fm__fg_kind(f, p.cell) == FM__FG_CENSORED};
      items[i] = (fm__item){key, i};
    }
  if (status == FM_OK) {
    fm__sort_items(items, scratch, c->n);
    status = fm__censoring_create(&f->censoring, f->n_groups, items, by, c->n, err);
  }
  for (size_t i = 0; status == FM_OK && i < c->n; i++)
    f->step[i] = (uint32_t)fm__censoring_after(&f->censoring, by[i].key >> 32, (int32_t)(uint32_t)by[i].key);
  p = fm__fg_start(f, 0);
  while (status == FM_OK && fm__fg_next(f, &p, c->n))
    for (size_t i = p.row; fm__fg_kind(f, p.cell) == FM__FG_OTHER && i < p.row + p.n; i++)
      f->late[i] = 1 / fm__censoring_left(&f->censoring, fm__fg_group(f, p.cell), (int32_t)(uint32_t)by[i].key);
  fm__free(by);
  fm__free(items);
  fm__free(scratch);
  return status;
}

/* ---- days ---- */

static void set_days(fm__fg *f)
{
  const fm__cox *c = &f->c;
  for (size_t s = 0; s < c->n_strata; s++)
    for (size_t d = c->first[s]; d < c->first[s + 1]; d++)
      for (size_t g = 0; g < f->n_groups; g++)
        f->left[(d + s + 1) * f->n_groups + g] = fm__censoring_left(&f->censoring, g, c->day_time[d]);
}

static fm_status add_events(fm__fg *f, fm_error *err)
{
  fm__cox *c = &f->c;
  const fm__cox_kernel *kernel = fm__cox_kernel_best();
  double *sums = fm__array(f->n_slots * (c->wide + 1), sizeof *sums);
  if (sums == NULL)
    return fm__no_memory(err);
  fm__fg_piece p = fm__fg_start(f, 0);
  while (fm__fg_next(f, &p, c->n)) {
    size_t block = p.row / FM__COX_BLOCK, start = block * FM__COX_BLOCK;
    if (fm__fg_kind(f, p.cell) == FM__FG_EVENT)
      kernel->add(sums + fm__fg_slot(f, p.cell) * (c->wide + 1), fm__cox_block(c, block), c->weight + start,
                  p.row - start, p.row - start + p.n, c->wide);
  }
  for (size_t s = 0; s < c->n_strata; s++)
    for (size_t d = c->first[s]; d < c->first[s + 1]; d++) {
      const double *of = sums + (d + s + 1) * (c->wide + 1);
      c->day_weight[d] = f->slot_sum[d + s + 1] = of[0];
      for (size_t j = 0; j < c->p; j++)
        c->event_x[j] += of[1 + j];
    }
  fm__free(sums);
  return FM_OK;
}

static fm_status fill(fm__fg *f, const fm__fg_rows *given, const uint32_t *cell, fm_error *err)
{
  fm__cox_rows rows = given->rows;
  uint32_t *row = NULL;
  rows.entry = rows.time; /* tells rows apart that share a cell */
  fm_status status = fm__cox_order(&row, &f->c.n, &rows, cell, f->n_cells, err);
  if (status == FM_OK)
    status = reserve(f, &rows, err);
  if (status == FM_OK && f->c.n_days > 0) {
    status = fm__cox_place_columns(&f->c, &rows, row, err);
    place_numbers(f, &rows, row, cell);
    if (status == FM_OK)
      status = find_censoring(f, &rows, row, err);
    if (status == FM_OK) {
      set_days(f);
      status = add_events(f, err);
    }
  }
  fm__free(row);
  return status;
}

fm_status fm__fg_prepare(fm__fg *f, const fm__fg_rows *given, const fm_run *run, fm_error *err)
{
  const fm__cox_rows *rows = &given->rows;
  fm__cox_days days = {.first = NULL};
  uint32_t *cell = NULL;
  *f = (fm__fg){.n_groups = given->n_groups};
  f->c = (fm__cox){.p = rows->p,
                   .wide = rows->p + (rows->p & 1),
                   .n_strata = rows->n_strata,
                   .n_clusters = rows->cluster != NULL ? rows->n_clusters : 0,
                   .breslow = true};
  fm_status status = fm__cox_check(rows, err);
  if (status == FM_OK)
    status = fm__cox_days_create(&days, rows, err);
  if (status != FM_OK)
    goto done;
  f->c.n_days = days.n;
  f->n_slots = days.n + rows->n_strata;
  if (!fm__multiply(f->n_slots * FM__FG_KINDS, f->n_groups, &f->n_cells) || f->n_cells > UINT32_MAX) {
    status = fm__fail(err, FM_ERR_LIMIT, "times of exits, strata and groups of censoring: more than 2^32 together");
    goto done;
  }
  cell = fm__array(rows->n, sizeof *cell);
  if (cell == NULL) {
    status = fm__no_memory(err);
    goto done;
  }
  choose_cells(f, cell, given, &days);
  f->c.day_time = days.time;
  f->c.first = days.first;
  days.time = NULL;
  days.first = NULL;
  status = fill(f, given, cell, err);
  if (status == FM_OK)
    status = fm__run_check(run, err);
done:
  fm__free(cell);
  fm__cox_days_free(&days);
  if (status != FM_OK)
    fm__fg_free(f);
  return status;
}
