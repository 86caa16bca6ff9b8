/* The day table: how many rows, and what weight, end by the event, are censored or enter late at each time. */
#ifndef FM_RETENTION_CELLS_PRIV_H
#define FM_RETENTION_CELLS_PRIV_H

#include "num/num_priv.h"

enum { FM__CELL_EVENT = 0, FM__CELL_CENSOR = 1, FM__CELL_ENTER = 2, FM__CELL_KINDS = 3 };

/* Occupied cells in rising key order. A cell counts rows; `sums` (NULL without weights) holds their weight, negative
 * for FM__CELL_ENTER, so that the weight at risk is a plain sum. Rows that enter at 0 or before have no such cell. */
typedef struct fm__cells {
  uint64_t *keys; /* group, time, kind: see fm__cell_key */
  uint64_t *counts;
  fm__sum *sums;
  size_t n;
} fm__cells;

static inline uint64_t fm__cell_key(uint64_t group, int32_t time, uint32_t kind)
{
  return group << 33 | (uint64_t)(uint32_t)time << 2 | kind;
}

static inline int32_t fm__cell_time(uint64_t key)
{
  return (int32_t)(key >> 2 & INT32_MAX);
}

/* Rows as plain arrays. A row is at risk at t when entry < t <= time, and at 0 when entry <= 0. */
typedef struct fm__rows {
  const uint32_t *groups; /* NULL: all in group 0 */
  size_t n_groups;
  const int32_t *time;
  const uint8_t *event;
  const int32_t *entry; /* NULL: all from 0 */
  const double *weight; /* NULL: each row 1; rows of weight 0 leave no trace */
  size_t n;
  int32_t last; /* longer times are censored there; negative: none is */
} fm__rows;

/* Counts all rows. FM_ERR_VALUE with the row: time < 0, entry >= time (time 0 with entry <= 0 is accepted), weight
 * negative or not finite. FM_ERR_LIMIT: more than 2^32 - 1 rows. */
fm_status fm__cells_count(fm__cells *out, const fm__rows *rows, const fm_run *run, fm_error *err);
/* Room for n cells, none in use. */
fm_status fm__cells_create(fm__cells *out, size_t n, bool weighted, fm_error *err);
/* Creates the cells of both; both have weights or neither. */
fm_status fm__cells_merge(fm__cells *out, const fm__cells *a, const fm__cells *b, fm_error *err);
/* Creates a copy in which group g is called map[g]. */
fm_status fm__cells_renumber(fm__cells *out, const fm__cells *cells, const uint32_t *map, fm_error *err);
void fm__cells_free(fm__cells *cells);
/* First cell of `group` or of a later one. */
size_t fm__cells_find(const fm__cells *cells, uint64_t group);
void fm__cells_save(const fm__cells *cells, fm__bytes *b);
fm_status fm__cells_load(fm__cells *cells, bool weighted, size_t n_groups, fm__reader *r, fm_error *err);

#endif
