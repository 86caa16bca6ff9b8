/* Frames of the oracle data sets, for the tests of this folder. */
#ifndef FM_TESTS_RETENTION_CASES_H
#define FM_TESTS_RETENTION_CASES_H

#include "support/support.h"

typedef struct frame_columns {
  const char *file;                                  /* below tests/oracle/retention */
  const char *time, *event, *entry, *group, *weight; /* columns of the file; entry, group, weight may be NULL */
  const char *only;                                  /* value of column "case" to keep; NULL: all rows */
  const char *cluster;                               /* NULL: none */
} frame_columns;

/* A sealed frame with time_days, event, and entry_days, group, weight, cluster when named. A row is an event when its
 * `event` is above 0. Rows whose entry is not before the time are left out, as R leaves them out. */
fm_table *frame_of(const frame_columns *from);

/* The rows of `frame` numbered by rows[0 .. n-1]. */
fm_table *frame_pick(const fm_table *frame, const size_t *rows, size_t n);

/* The state of a pseudo-random sequence, for shuffles. */
size_t next_random(uint64_t *state, size_t below);

/* Fails unless both tables hold the same bits. */
void assert_same_table(const char *label, const fm_table *a, const fm_table *b);

/* Bytes of a tally must load into `empty` and save again as the same bytes; cut at any length, and with any one byte
 * changed, they must be refused. `fresh` creates an empty tally of the same spec. */
typedef fm_tally *(*fresh_tally)(void);
void assert_saved(const fm_tally *tally, fresh_tally fresh);
void assert_same_saved(const char *label, const fm_tally *a, const fm_tally *b);

#endif
