/* A two-way table whose hidden cells are to be worked out, and the flow that does it. */
#ifndef FM_DISCLOSE_PRIV_H
#define FM_DISCLOSE_PRIV_H

#include "base/base_priv.h"
#include "flexmetrics/disclose.h"
#include "flexmetrics/disclose_protect.h"

typedef struct fm__cells {
  const int64_t *counts; /* n_rows x n_columns, row by row */
  const uint8_t *hidden;
  size_t n_rows, n_columns;
  int64_t floor;        /* smallest value an outsider takes a hidden cell to have: 1 when no zero is hidden, else 0 */
  int64_t *spare;       /* scratch of n_rows x n_columns: how far each cell can still fall */
  size_t *from, *queue; /* scratch of n_rows + n_columns each */
} fm__cells;

/* Scratch and floor; the arrays are borrowed. */
fm_status fm__cells_open(fm__cells *c, const int64_t *counts, const uint8_t *hidden, size_t n_rows, size_t n_columns,
                         fm_error *err);
void fm__cells_close(fm__cells *c);
/* Exact bounds of one hidden cell given all sums and all shown cells. A table with one row or one column is a list of
 * parts of a known total: its single dimension has no sums of its own. */
void fm__cells_bounds(fm__cells *c, size_t row, size_t column, int64_t *low, int64_t *high);
/* Can a hidden cell of a table with margins have another value? */
bool fm__cells_moves(fm__cells *c, size_t row, size_t column);

#endif
