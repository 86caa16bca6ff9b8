/* The canonical form of follow-up, and what measures read of it. */
#include <string.h>

#include "retention/follow_state_priv.h"
#include "retention/retention_priv.h"

const fm__groups *fm__follow_groups(const fm__follow *f)
{
  return fm__follow_set(f, FM__FOLLOW_BY);
}

const fm__groups *fm__follow_strata(const fm__follow *f)
{
  return fm__follow_set(f, FM__FOLLOW_STRATUM);
}

size_t fm__follow_n_strata(const fm__follow *f)
{
  return fm__groups_count(fm__follow_strata(f));
}

size_t fm__follow_n_units(const fm__follow *f)
{
  return f->rows != NULL ? fm__groups_count(fm__follow_set(f, FM__FOLLOW_CLUSTER)) : 0;
}

/* Number of the first group of column cause that is a cause: an empty text is the first of all in their order. */
static size_t first_cause(const fm__groups *causes)
{
  size_t length = 0;
  return fm__groups_n_columns(causes) > 0 && fm__groups_count(causes) > 0 &&
         fm__groups_text(causes, 0, 0, &length) != NULL && length == 0;
}

size_t fm__follow_n_causes(const fm__follow *f)
{
  size_t n, length;
  if (!f->spec.by_cause)
    return 1;
  const fm__groups *causes = fm__follow_set(f, FM__FOLLOW_CAUSE);
  n = fm__groups_count(causes);
  size_t missing = n > 0 && fm__groups_text(causes, n - 1, 0, &length) == NULL;
  return n - missing - first_cause(causes);
}

const char *fm__follow_cause(const fm__follow *f, size_t cause)
{
  size_t length;
  if (!f->spec.by_cause)
    return NULL;
  const fm__groups *causes = fm__follow_set(f, FM__FOLLOW_CAUSE);
  return fm__groups_text(causes, first_cause(causes) + cause, 0, &length);
}

/* ---- reducing the day table ---- */

/* Number of a group after sorting; rank NULL: none changed. */
static uint64_t ranked(const uint32_t *rank, uint64_t number)
{
  return rank != NULL ? rank[number] : number;
}

/* Moves the cells into `room` with the numbers that sorted sets have. `codes` are the causes before. Cannot fail. */
static void rekey(fm__follow *f, fm__cells_room *room, uint32_t *const *ranks, const uint8_t *codes)
{
  uint8_t kinds[FM__CELL_EVENT + FM__MOST_CAUSES] = {FM__CELL_ENTER, FM__CELL_CENSOR, FM__CELL_EVENT};
  const fm__groups *causes = f->sets[FM__FOLLOW_CAUSE];
  size_t n_strata = fm__groups_count(f->sets[FM__FOLLOW_STRATUM]), first = first_cause(causes);
  uint64_t n_keyed = n_strata > 0 ? n_strata : 1;
  for (size_t i = 0; f->spec.by_cause && i < fm__groups_count(causes); i++)
    if (codes[i] > 0)
      kinds[FM__CELL_CENSOR + codes[i]] = (uint8_t)(FM__CELL_EVENT + ranked(ranks[FM__FOLLOW_CAUSE], i) - first);
  for (size_t i = 0; i < f->cells.n; i++) {
    uint64_t key = f->cells.keys[i], group = fm__cell_group(key);
    uint64_t in_group = ranked(ranks[FM__FOLLOW_BY], group / f->n_keyed);
    uint64_t in_stratum = ranked(ranks[FM__FOLLOW_STRATUM], group % f->n_keyed);
    room->items[i].key = fm__cell_key(in_group * n_keyed + in_stratum, fm__cell_time(key), kinds[fm__cell_kind(key)]);
  }
  fm__cells_move(room, &f->cells);
  fm__cells swap = f->cells;
  f->cells = room->cells;
  room->cells = swap;
  f->n_keyed = (size_t)n_keyed;
}

/* All memory is made before anything moves; sets sorted before one could not be keep the cells in step. */
static fm_status reduce_cells(fm__follow *f, fm_error *err)
{
  uint32_t *ranks[FM__FOLLOW_SETS] = {0};
  uint8_t *codes = NULL;
  size_t n_causes;
  fm__cells_room room;
  fm_status status = fm__cells_room_create(&room, &f->cells, err);
  if (status != FM_OK)
    return status;
  status = fm__follow_codes(&codes, &n_causes, f->sets[FM__FOLLOW_CAUSE], err);
  if (status == FM_OK) {
    for (size_t k = 0; k < FM__FOLLOW_SETS && status == FM_OK; k++)
      if (f->sets[k] != NULL)
        status = fm__groups_sort(f->sets[k], &ranks[k], err);
    rekey(f, &room, ranks, codes);
  }
  for (size_t k = 0; k < FM__FOLLOW_SETS; k++)
    fm__free(ranks[k]);
  fm__free(codes);
  fm__cells_room_free(&room);
  return status;
}

/* ---- kept rows ---- */

static bool create_followed(fm__followed *rows, size_t n)
{
  *rows = (fm__followed){.n = n,
                         .time = fm__array(n, sizeof *rows->time),
                         .entry = fm__array(n, sizeof *rows->entry),
                         .cause = fm__array(n, sizeof *rows->cause),
                         .stratum = fm__array(n, sizeof *rows->stratum),
                         .cluster = fm__array(n, sizeof *rows->cluster),
                         .unit = fm__array(n, sizeof *rows->unit),
                         .weight = fm__array(n, sizeof *rows->weight),
                         .count = fm__array(n, sizeof *rows->count)};
  return rows->time != NULL && rows->entry != NULL && rows->cause != NULL && rows->stratum != NULL &&
         rows->cluster != NULL && rows->unit != NULL && rows->weight != NULL && rows->count != NULL;
}

void fm__followed_free(fm__followed *rows)
{
  fm__free(rows->time);
  fm__free(rows->entry);
  fm__free(rows->cause);
  fm__free(rows->stratum);
  fm__free(rows->cluster);
  fm__free(rows->unit);
  fm__free(rows->weight);
  fm__free(rows->count);
  *rows = (fm__followed){0};
}

/* Cause of a kept row; -1 for none. */
static int32_t cause_of(const fm__follow *f, size_t row)
{
  if (!f->spec.by_cause)
    return fm__rows_numbers(f->rows, row)[FM__FOLLOW_EVENT] > 0 ? 0 : -1;
  size_t cause = fm__rows_id(f->rows, row, FM__FOLLOW_CAUSE), first = first_cause(fm__follow_set(f, FM__FOLLOW_CAUSE));
  return cause >= first && cause - first < fm__follow_n_causes(f) ? (int32_t)(cause - first) : -1;
}

static void take_row(fm__followed *to, size_t i, const fm__follow *f, size_t row)
{
  const double *numbers = fm__rows_numbers(f->rows, row);
  to->time[i] = (int32_t)numbers[FM__FOLLOW_TIME];
  to->entry[i] = (int32_t)numbers[FM__FOLLOW_ENTRY];
  to->cause[i] = cause_of(f, row);
  to->stratum[i] = fm__rows_id(f->rows, row, FM__FOLLOW_STRATUM);
  to->unit[i] = fm__rows_id(f->rows, row, FM__FOLLOW_CLUSTER);
  to->weight[i] = numbers[FM__FOLLOW_WEIGHT];
  to->count[i] = fm__rows_count(f->rows, row);
  if (i > 0)
    to->n_clusters += to->unit[i] != to->unit[i - 1];
  to->cluster[i] = (uint32_t)to->n_clusters;
}

/* First row of `group` or of a later one. */
static size_t find_rows(const fm__follow *f, uint64_t group)
{
  size_t low = 0, high = fm__rows_n(f->rows);
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (fm__rows_id(f->rows, middle, FM__FOLLOW_BY) < group)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static fm_status take_rows(fm__followed *out, const fm__follow *f, size_t from, size_t to, fm_error *err)
{
  if (!create_followed(out, to - from)) {
    fm__followed_free(out);
    return fm__no_memory(err);
  }
  out->clustered = f->cluster != NULL;
  for (size_t i = from; i < to; i++)
    take_row(out, i - from, f, i);
  out->n_clusters += to > from;
  return FM_OK;
}

fm_status fm__follow_rows(fm__followed *out, const fm__follow *f, uint32_t group, fm_error *err)
{
  return take_rows(out, f, find_rows(f, group), find_rows(f, (uint64_t)group + 1), err);
}

/* The day table of kept rows. */
static fm_status count_kept(fm__cells *out, const fm__follow *f, const fm__followed *kept, fm_error *err)
{
  uint32_t *groups = fm__array(kept->n, sizeof *groups);
  uint8_t *event = fm__array(kept->n, sizeof *event);
  size_t n_causes = fm__follow_n_causes(f);
  fm__day_rows rows = {.groups = groups,
                       .n_groups = fm__follow_n_cell_groups(f),
                       .time = kept->time,
                       .event = event,
                       .n_causes = n_causes > 1 ? (uint32_t)n_causes : 1,
                       .entry = kept->entry,
                       .weight = f->weight != NULL ? kept->weight : NULL,
                       .count = kept->count,
                       .n = kept->n,
                       .last = -1};
  fm_status status = groups != NULL && event != NULL ? FM_OK : fm__no_memory(err);
  if (status == FM_OK) {
    for (size_t i = 0; i < kept->n; i++) {
      groups[i] = (uint32_t)(fm__rows_id(f->rows, i, FM__FOLLOW_BY) * f->n_keyed + kept->stratum[i]);
      event[i] = (uint8_t)(kept->cause[i] + 1);
    }
    status = fm__cells_count(out, &rows, NULL, err);
  }
  fm__free(groups);
  fm__free(event);
  return status;
}

static fm_status reduce_rows(fm__follow *f, fm_error *err)
{
  fm__followed kept = {0};
  fm__cells cells = {0};
  uint8_t *codes = NULL;
  size_t n;
  fm__cells_free(&f->cells);
  fm_status status = fm__rows_reduce(f->rows, err);
  if (status == FM_OK)
    status = fm__follow_codes(&codes, &n, fm__follow_set(f, FM__FOLLOW_CAUSE), err);
  fm__free(codes);
  if (status == FM_OK)
    status = fm__follow_widen(f, fm__groups_count(fm__follow_groups(f)), fm__follow_n_strata(f), err);
  if (status == FM_OK)
    status = take_rows(&kept, f, 0, fm__rows_n(f->rows), err);
  if (status == FM_OK)
    status = count_kept(&cells, f, &kept, err);
  fm__followed_free(&kept);
  f->cells = cells;
  return status;
}

fm_status fm__follow_reduce(fm__follow *f, fm_error *err)
{
  if (f->reduced)
    return FM_OK;
  fm_status status = f->rows != NULL ? reduce_rows(f, err) : reduce_cells(f, err);
  f->reduced = status == FM_OK;
  return status;
}

/* ---- moments ---- */

fm_status fm__follow_moments(fm__moments *out, const fm__follow *f, uint32_t group, uint32_t stratum, fm_error *err)
{
  uint64_t at = (uint64_t)group * f->n_keyed + stratum;
  size_t n_causes = fm__follow_n_causes(f);
  return fm__moments_of_cells(out, &f->cells, fm__cells_find(&f->cells, at), fm__cells_find(&f->cells, at + 1),
                              n_causes > 0 ? n_causes : 1, err);
}

/* Cells from .. to - 1 with the strata of one group put together; equal keys follow each other. */
static fm_status join_strata(fm__cells *out, const fm__cells *cells, size_t from, size_t to, fm_error *err)
{
  const fm__cells part = {.keys = cells->keys + from,
                          .counts = cells->counts + from,
                          .sums = cells->sums != NULL ? cells->sums + from : NULL,
                          .n = to - from};
  fm__cells_room room;
  fm_status status = fm__cells_room_create(&room, &part, err);
  *out = (fm__cells){0};
  if (status != FM_OK)
    return status;
  for (size_t i = 0; i < part.n; i++)
    room.items[i].key = fm__cell_key(0, fm__cell_time(part.keys[i]), fm__cell_kind(part.keys[i]));
  fm__cells_move(&room, &part);
  const fm__cells none = {0};
  status = fm__cells_merge(out, &room.cells, &none, err); /* adds up cells of one key */
  fm__cells_room_free(&room);
  return status;
}

fm_status fm__follow_group_moments(fm__moments *out, const fm__follow *f, uint32_t group, fm_error *err)
{
  size_t from = fm__cells_find(&f->cells, (uint64_t)group * f->n_keyed), n_causes = fm__follow_n_causes(f);
  size_t to = fm__cells_find(&f->cells, ((uint64_t)group + 1) * f->n_keyed);
  fm__cells joined;
  if (f->n_keyed == 1)
    return fm__follow_moments(out, f, group, 0, err);
  *out = (fm__moments){0};
  fm_status status = join_strata(&joined, &f->cells, from, to, err);
  if (status == FM_OK)
    status = fm__moments_of_cells(out, &joined, 0, joined.n, n_causes > 0 ? n_causes : 1, err);
  fm__cells_free(&joined);
  return status;
}
