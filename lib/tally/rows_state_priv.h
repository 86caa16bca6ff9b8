/* Inside fm__rows: shared by the files rows*.c alone. */
#ifndef FM_TALLY_ROWS_STATE_PRIV_H
#define FM_TALLY_ROWS_STATE_PRIV_H

#include "tally/rows_priv.h"

struct fm__rows {
  const fm__rows_kind *kind; /* NULL: of no measure that is nothing but its rows */
  char **names;              /* of the numbers */
  int32_t *flags;
  fm__groups **sets; /* of ids */
  size_t n_numbers, n_sets;
  double *numbers;  /* n_numbers a row */
  uint32_t *ids;    /* n_sets a row */
  uint64_t *counts; /* rows pooled in one */
  size_t n, numbers_capacity, ids_capacity, counts_capacity;
  size_t n_reduced; /* rows left by the last reduction */
  bool reduced;
};

/* The one missing number: the quiet NaN whose sort key is above all others in use. */
#define FM__MISSING_KEY UINT64_C(0xFFF8000000000000)

/* Room for `more` rows; false when out of memory, and nothing is lost. */
bool fm__rows_room(fm__rows *rows, size_t more);
/* The order of two rows of the canonical form. */
int fm__rows_compare(const fm__rows *rows, size_t a, size_t b);

#endif
