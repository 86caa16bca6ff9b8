/* A two-way table as a network: rows and columns are nodes, a hidden cell an arc each way. A cell can rise only as far
 * as others in its row and column fall, so what protects a cell is a flow between its row and its column past itself.
 * Cells may be hidden in part (0 to 1), as in the solution of a linear program. All capacities are whole numbers below
 * 2^53, so that flows through cells hidden or not are exact. */
#ifndef FM_DISCLOSE_NET_PRIV_H
#define FM_DISCLOSE_NET_PRIV_H

#include "base/base_priv.h"
#include "flexmetrics/disclose_protect.h"

enum { FM__SHOWN, FM__FREE, FM__HIDDEN }; /* what may become of a cell: stays shown, may be hidden, is hidden */

typedef struct fm__net {
  size_t n_rows, n_columns, n;
  double *fall;  /* how far each cell can fall: its count less what an outsider knows it to have */
  uint8_t *kind; /* FM__SHOWN, FM__FREE, FM__HIDDEN */
  size_t *small; /* the cells to protect */
  double *reach; /* for each of them: how far it must be able to rise */
  size_t n_small;
  double width;                 /* how far each must be able to rise and fall together */
  double *x;                    /* how far each cell is hidden, 0 to 1 */
  double *moved;                /* flow of each cell, column to row */
  size_t *of_row, *of_column;   /* cells hidden at all, by row and by column */
  size_t *row_end, *column_end; /* how many */
  size_t *from, *queue;         /* n_rows + n_columns */
  uint8_t *side[2];             /* nodes reached when no flow was left: 0 to rise, 1 to fall */
  uint64_t work;
} fm__net;

/* A sum of cells that must reach 1 of `need`: sum of coefficient * hidden >= need. */
typedef struct fm__cut {
  size_t n_terms;
  size_t *cell;
  double *coefficient;
  double need;
} fm__cut;

fm_status fm__net_open(fm__net *t, size_t n_rows, size_t n_columns, fm_error *err);
void fm__net_close(fm__net *t);
void fm__net_load(fm__net *t); /* after a change of x */
/* How far cell p can rise or fall, at most `limit`; the side of the nodes reached is kept when it is less. */
double fm__net_flow(fm__net *t, size_t p, bool up, double limit);
enum { FM__REACH, FM__WIDTH };
bool fm__net_is_safe(fm__net *t, size_t k); /* small[k], of a whole pattern */
bool fm__net_all_safe(fm__net *t);
/* A sum that x breaks by more than `by`, for small[k] and one of its two demands; false when there is none. The arrays
 * of `cut` have room for n. */
bool fm__net_cut(fm__net *t, size_t k, int demand, double by, fm__cut *cut);

#endif
