/* The search for the cells to hide: cuts as a linear program, patterns found on the way, proved bounds. */
#ifndef FM_DISCLOSE_COVER_PRIV_H
#define FM_DISCLOSE_COVER_PRIV_H

#include "disclose/net_priv.h"
#include "disclose/simplex_priv.h"

typedef struct fm__pool {
  size_t n, room, used, space; /* cuts, and terms of all */
  size_t *start;               /* n + 1 */
  size_t *column;
  double *coefficient, *need;
  uint64_t *hash;
  uint8_t *in_program;
} fm__pool;

typedef struct fm__cover {
  fm__net net;
  double *cost; /* by cell: whole numbers, 0 only for cells that are not free */
  size_t n_free;
  size_t *cell, *column; /* free cells by column of the program, and back */
  fm__lp lp;
  fm__pool pool;
  fm__cut cut;                 /* scratch */
  double *price, *far, *order; /* scratch by cell, by node, by cell */
  size_t *back;
  uint8_t *done, *best, *trial; /* by node, by cell, by cell */
  double best_cost, bound;      /* of the best pattern, proved for all: INFINITY while there is none */
  size_t doubtful;              /* the small cell that was not safe last */
  bool needs_zero;              /* a pattern without a hidden zero does not count */
  const int64_t *counts;
  uint64_t effort;
} fm__cover;

fm_status fm__cover_open(fm__cover *c, size_t n_rows, size_t n_columns, fm_error *err);
void fm__cover_close(fm__cover *c);
/* After net.kind, net.fall, small cells and cost are set; `programs` false when there are too many cells for one. */
fm_status fm__cover_ready(fm__cover *c, bool programs, fm_error *err);
uint64_t fm__cover_work(const fm__cover *c);
/* Completes a pattern near `guide` (by cell, 0 to 1; NULL: none), leaves out what is not needed, and keeps it when it
 * is the best so far. False when no pattern is safe. */
bool fm__cover_patch(fm__cover *c, const double *guide);
bool fm__cover_holds(fm__cover *c, const uint8_t *hidden); /* is this whole pattern safe? */
void fm__cover_keep(fm__cover *c, const uint8_t *hidden);  /* a safe pattern: the best so far, if it is */
/* Adds broken cuts at the program's present values; their number, or -1 when out of memory. */
int64_t fm__cover_separate(fm__cover *c);
void fm__cover_drop(fm__cover *c, double slack); /* leaves out cuts kept by `slack` or more */
double fm__cover_bound(fm__cover *c);            /* proved from the program's duals and bounds, in whole numbers */
fm_status fm__cover_search(fm__cover *c, fm_error *err); /* best, best_cost, bound */

#endif
