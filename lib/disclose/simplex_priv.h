/* A small dual simplex with bounded variables on a dense tableau. Variable k < n is a column, variable n + k the value
 * of row k; each has its bounds. Columns have finite bounds, so that any basis can be made dual feasible and the search
 * may change bounds as it likes. What comes out is a guide: whoever needs a proof checks bounds and tables in whole
 * numbers. */
#ifndef FM_DISCLOSE_SIMPLEX_PRIV_H
#define FM_DISCLOSE_SIMPLEX_PRIV_H

#include "base/base_priv.h"

typedef struct fm__lp {
  size_t n, m, room;       /* columns, rows, rows there is room for */
  double *alpha;           /* room x n: each basic variable as a sum of those outside the basis */
  double *reduced;         /* n: objective as a sum of those outside the basis */
  double *low, *high;      /* bounds of all n + room variables */
  double *value;           /* of all variables */
  double *scratch;         /* n */
  size_t *basic, *outside; /* which variable stands in row i, in column j */
  size_t *tag;             /* room: what the caller calls row k */
  size_t *number;          /* scratch: room */
  uint64_t work;           /* numbers touched so far */
} fm__lp;

enum { FM__LP_DONE, FM__LP_IMPOSSIBLE, FM__LP_STOPPED };

fm_status fm__lp_open(fm__lp *lp, size_t n, size_t room, fm_error *err); /* columns from 0 to 1 */
void fm__lp_close(fm__lp *lp);
void fm__lp_objective(fm__lp *lp, const double *cost); /* to be made as small as possible */
/* Adds a row of n_terms columns with its bounds; false when there is no room. */
bool fm__lp_add(fm__lp *lp, size_t n_terms, const size_t *column, const double *coefficient, double low, double high,
                size_t tag);
/* Leaves out rows that are `slack` or more inside their bounds. */
void fm__lp_drop(fm__lp *lp, double slack);
int fm__lp_solve(fm__lp *lp, uint64_t most_work);
double fm__lp_dual(const fm__lp *lp, size_t row); /* of row number `row`, in any state */

#endif
