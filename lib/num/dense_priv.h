/* Small dense systems: symmetric, positive semidefinite. */
#ifndef FM_NUM_DENSE_PRIV_H
#define FM_NUM_DENSE_PRIV_H

#include "base/base_priv.h"

/* Factors the n x n matrix a (row after row; only the lower half is read) into L L' in place. A row whose pivot is not
 * above `tolerance` times its diagonal depends on the rows before it: it gets a pivot of 0 and is left out of
 * solutions. Returns the rank. */
size_t fm__cholesky(double *a, size_t n, double tolerance);
/* Solves L L' x = b in place; x is 0 in rows left out. */
void fm__cholesky_solve(const double *l, size_t n, double *b);
/* out: the inverse of L L', n x n. */
void fm__cholesky_inverse(double *out, const double *l, size_t n);
/* out = v m v for symmetric n x n matrices; `scratch` has room for one. */
void fm__sandwich(double *out, const double *v, const double *m, double *scratch, size_t n);

#endif
