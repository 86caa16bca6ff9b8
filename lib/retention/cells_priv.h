/* The day table: how many rows, and what weight, end by each cause, are censored or enter late at each time. */
#ifndef FM_RETENTION_CELLS_PRIV_H
#define FM_RETENTION_CELLS_PRIV_H

#include "num/num_priv.h"

/* Kinds of cells; cause c (from 0) ends in cells of kind FM__CELL_EVENT + c. */
enum {
  FM__CELL_ENTER = 0,
  FM__CELL_CENSOR = 1,
  FM__CELL_EVENT = 2,
  FM__CELL_KIND_BITS = 8,
  FM__MOST_CAUSES = (1 << FM__CELL_KIND_BITS) - FM__CELL_EVENT,
  FM__CELL_TIME_BITS = 31,
  FM__CELL_GROUP_SHIFT = FM__CELL_KIND_BITS + FM__CELL_TIME_BITS,
  FM__MOST_CELL_GROUPS = 1 << (64 - FM__CELL_GROUP_SHIFT)
};

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
  return group << FM__CELL_GROUP_SHIFT | (uint64_t)(uint32_t)time << FM__CELL_KIND_BITS | kind;
}

static inline uint64_t fm__cell_group(uint64_t key)
{
  return key >> FM__CELL_GROUP_SHIFT;
}

static inline int32_t fm__cell_time(uint64_t key)
{
  return (int32_t)(key >> FM__CELL_KIND_BITS & INT32_MAX);
}

static inline uint32_t fm__cell_kind(uint64_t key)
{
  return (uint32_t)(key & ((1U << FM__CELL_KIND_BITS) - 1));
}

/* Rows as plain arrays. A row is at risk at t when entry < t <= time, and at 0 when entry <= 0. */
typedef struct fm__day_rows {
  const uint32_t *groups; /* NULL: all in group 0 */
  size_t n_groups;        /* at most FM__MOST_CELL_GROUPS */
  const int32_t *time;
  const uint8_t *event;  /* 0: censored; else 1 + the cause (with one cause: whatever is not 0) */
  uint32_t n_causes;     /* 0 is taken as 1; at most FM__MOST_CAUSES */
  const int32_t *entry;  /* NULL: all from 0 */
  const double *weight;  /* NULL: each row 1; rows of weight 0 leave no trace */
  const uint64_t *count; /* NULL: each row stands for one */
  size_t n;
  int32_t last; /* longer times are censored there; negative: none is */
} fm__day_rows;

/* True when one of the numbers is beyond `last`, which is below 2^31. */
bool fm__any_beyond(const uint32_t *numbers, size_t n, uint32_t last);
/* FM_ERR_VALUE with the row: time < 0, entry >= time (time 0 with entry <= 0 is accepted), weight negative or not
 * finite, event beyond the causes. FM_ERR_LIMIT: more than 2^32 - 1 rows, too many groups or causes. */
fm_status fm__day_rows_check(const fm__day_rows *rows, fm_error *err);
/* Counts all rows; the same errors. */
fm_status fm__cells_count(fm__cells *out, const fm__day_rows *rows, const fm_run *run, fm_error *err);
/* Room for n cells, none in use. */
fm_status fm__cells_create(fm__cells *out, size_t n, bool weighted, fm_error *err);
/* Creates the cells of both; both have weights or neither. */
fm_status fm__cells_merge(fm__cells *out, const fm__cells *a, const fm__cells *b, fm_error *err);
/* A copy of cells under new keys, in two steps, of which the second cannot fail: create, set items[i].key to the new
 * key of cell i (equal keys stay side by side), then move; `cells` of the room is the copy. */
typedef struct fm__cells_room {
  fm__cells cells;
  fm__item *items, *scratch;
} fm__cells_room;
fm_status fm__cells_room_create(fm__cells_room *room, const fm__cells *cells, fm_error *err);
void fm__cells_move(fm__cells_room *room, const fm__cells *cells);
void fm__cells_room_free(fm__cells_room *room);
void fm__cells_free(fm__cells *cells);
/* First cell of `group` or of a later one. */
size_t fm__cells_find(const fm__cells *cells, uint64_t group);
void fm__cells_save(const fm__cells *cells, fm__bytes *b);
fm_status fm__cells_load(fm__cells *cells, bool weighted, size_t n_groups, size_t n_causes, fm__reader *r,
                         fm_error *err);

#endif
