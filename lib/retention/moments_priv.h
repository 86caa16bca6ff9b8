/* What happens in one group at the times at which something does, and who is at risk of it. */
#ifndef FM_RETENTION_MOMENTS_PRIV_H
#define FM_RETENTION_MOMENTS_PRIV_H

#include "retention/cells_priv.h"

/* In rising order of time; all zero bytes is none. Every weight is the correctly rounded sum of its rows'; without
 * weights it is the number of rows. */
typedef struct fm__moments {
  size_t n, n_causes;
  int32_t *time;
  int64_t *rows_risk, *rows_censor, *rows_enter; /* rows; those that enter at this time are at risk after it */
  double *n_risk, *n_censor;                     /* their weights */
  double *n_stay;                                /* weight at risk less all exits: what did not exit */
  int64_t *rows_exit;                            /* n x n_causes, moment by moment */
  double *n_exit;
} fm__moments;

/* Creates the moments of cells from .. to - 1, which are those of one group. FM_ERR_LIMIT: weights add up to more than
 * a double can hold. */
fm_status fm__moments_of_cells(fm__moments *out, const fm__cells *cells, size_t from, size_t to, size_t n_causes,
                               fm_error *err);
void fm__moments_free(fm__moments *m);
/* Rows and weights of all causes together at moment k. */
int64_t fm__moments_rows_exit(const fm__moments *m, size_t k);
double fm__moments_n_exit(const fm__moments *m, size_t k);

#endif
