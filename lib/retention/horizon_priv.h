/* Figures of one curve at fixed times, and between two curves: survival at a horizon, restricted mean time. */
#ifndef FM_RETENTION_HORIZON_PRIV_H
#define FM_RETENTION_HORIZON_PRIV_H

#include "retention/robust_priv.h"

enum { FM__SURVIVAL_AT = 0, FM__RESTRICTED_MEAN = 1 };

typedef struct fm__horizon {
  int32_t what, time;
} fm__horizon;

typedef struct fm__estimate {
  double value, variance; /* variance NaN: Greenwood's formula has none, survival being 0 */
  double log_error;       /* of log survival; NaN for a restricted mean */
  int64_t n_risk;         /* rows at risk at the horizon */
  bool beyond;            /* the horizon is after the last observation, and somebody was left then */
} fm__estimate;

/* All figures of one group, and what each unit adds to them. All zero bytes is none. */
typedef struct fm__estimates {
  size_t n, n_units;
  fm__estimate *of;
  double *influence; /* n x n_units, figure by figure; NULL without kept rows */
  uint32_t *unit;    /* number of each unit in the whole state, rising; NULL without clusters */
} fm__estimates;

/* `presence` NULL: Greenwood's variances; else robust ones. */
fm_status fm__estimates_create(fm__estimates *out, const fm__curve *c, const fm__presence *presence,
                               const fm__horizon *horizons, size_t n, fm_error *err);
void fm__estimates_free(fm__estimates *e);
/* Covariance of figure k of both, from the units that are in both; 0 where units cannot be told to be the same. */
double fm__estimates_covariance(const fm__estimates *a, const fm__estimates *b, size_t k);

#endif
