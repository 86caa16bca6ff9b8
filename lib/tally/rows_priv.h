/* The state of measures that need every row: numbers and ids, mergeable, equal rows pooled with a count.
 *
 * A measure names number columns and id sets (each a comma-separated list of key columns, as fm__groups has them). The
 * canonical form is sorted by the ids, in the order of their texts, then by the numbers, in the order they were named;
 * after fm__rows_reduce an id's number is its place in that order. NaN is a missing number and sorts last; -0 is 0. */
#ifndef FM_TALLY_ROWS_PRIV_H
#define FM_TALLY_ROWS_PRIV_H

#include "base/base_priv.h"
#include "table/table_priv.h"

typedef struct fm__rows fm__rows;

enum {
  FM__OPTIONAL = 1 /* a number column the frame need not have: all missing */
};
typedef struct fm__rows_number {
  const char *name;
  int32_t flags;
} fm__rows_number;

/* Copies the names. An id set "" or NULL is one group of everything. */
fm_status fm__rows_create(fm__rows **out, const fm__rows_number *numbers, size_t n_numbers, const char *const *ids,
                          size_t n_ids, fm_error *err);
void fm__rows_destroy(fm__rows *rows);

/* A row on its way in. `numbers` may be changed; *keep false leaves the row out. */
typedef struct fm__rows_place fm__rows_place;
typedef fm_status (*fm__rows_take)(void *context, double *numbers, bool *keep, const fm__rows_place *place,
                                   fm_error *err);
/* FM_ERR_VALUE with table, row, line and column of number `k`: "column %s, row %zu: expected %s; found %s". */
fm_status fm__rows_bad(const fm__rows_place *place, size_t k, const char *expected, fm_error *err);

/* Whether a cell of id set `set` is missing, and the error that says so. */
bool fm__rows_lacks_id(const fm__rows_place *place, size_t set);
/* Text of an id set of one column; NULL when missing. */
const char *fm__rows_place_text(const fm__rows_place *place, size_t set, size_t *length);
fm_status fm__rows_bad_id(const fm__rows_place *place, size_t set, const char *expected, fm_error *err);

/* Columns may be f64, i64, i32, bool or date. On failure the rows are as before. `take` may be NULL. */
fm_status fm__rows_add(fm__rows *rows, const fm_table *frame, fm__rows_take take, void *context, fm_error *err);
fm_status fm__rows_merge(fm__rows *rows, const fm__rows *other, fm_error *err);
/* Sorts, pools and renumbers; cheap when nothing was added since. */
fm_status fm__rows_reduce(fm__rows *rows, fm_error *err);
fm_status fm__rows_save(fm__rows *rows, fm__bytes *b, fm_error *err); /* reduces */
/* Into empty rows. `fits` says whether a row is possible (NULL: any finite or missing numbers). `measure` names the
 * measure in messages. */
fm_status fm__rows_load(fm__rows *rows, fm__reader *r, bool (*fits)(const void *context, const double *numbers),
                        const void *context, const char *measure, fm_error *err);
bool fm__rows_is_empty(const fm__rows *rows);

size_t fm__rows_n(const fm__rows *rows);                          /* kept rows, equal ones pooled after reduce */
const double *fm__rows_numbers(const fm__rows *rows, size_t row); /* n_numbers of them */
uint32_t fm__rows_id(const fm__rows *rows, size_t row, size_t k);
uint64_t fm__rows_count(const fm__rows *rows, size_t row);
const fm__groups *fm__rows_ids(const fm__rows *rows, size_t k); /* texts and number of the ids of set k */

/* ---- a measure whose state begins with a pointer to its rows: it adds its columns, its spec and its result ---- */
typedef struct fm__rows_kind {
  const char *measure; /* its id, for messages */
  /* Refuses a frame before its rows are read; NULL: any with the columns will do. */
  fm_status (*check)(const void *state, const fm_table *frame, fm_error *err);
  /* What was expected of number *at of a row; NULL: the row is possible, in a frame and in saved bytes. */
  const char *(*wrong)(const void *state, const double *numbers, size_t *at);
  /* Before that, on the way in: sets what is missing; false leaves the row out. NULL: nothing to do. */
  bool (*fill)(const void *state, double *numbers);
  const char *id_expected; /* no row may be without a text of id set `id`; NULL: any may */
  size_t id;
  /* Rows of the same ids often repeat soon, such as those of the months of one person: equal ones are pooled as they
   * come in, which takes less room. */
  bool repeats;
  /* In place of these for rows that need more than their numbers to be judged, both of them; `context` is the state. */
  fm__rows_take take;
  bool (*fits)(const void *context, const double *numbers);
} fm__rows_kind;
/* fm__rows_create for such a state. Borrows the kind, which is constant. */
fm_status fm__rows_keep(fm__rows **out, const fm__rows_kind *kind, const fm__rows_number *numbers, size_t n_numbers,
                        const char *const *ids, size_t n_ids, fm_error *err);

#define FM__MEASURE_KEEPS_ROWS                                                                                         \
  .add = fm__kept_add, .merge = fm__kept_merge, .save = fm__kept_save, .load = fm__kept_load,                          \
  .is_empty = fm__kept_is_empty
fm_status fm__kept_add(void *state, const fm_table *frame, const fm_run *run, fm_error *err);
fm_status fm__kept_merge(void *state, const void *other, fm_error *err);
fm_status fm__kept_save(void *state, fm__bytes *b, fm_error *err);
fm_status fm__kept_load(void *state, fm__reader *r, fm_error *err);
bool fm__kept_is_empty(const void *state);
void fm__kept_destroy(void *state); /* the rows and the state */

#endif
