/* Rubin's rules for one figure. */
#ifndef FM_SURVEY_RUBIN_PRIV_H
#define FM_SURVEY_RUBIN_PRIV_H

#include "base/base_priv.h"
#include "flexmetrics/survey.h"

typedef struct fm__rubin {
  double estimate, variance, within, between, degrees_of_freedom, missing_share;
} fm__rubin;
/* Finite estimates, finite variances of at least 0, m at least 2, `complete` above 0 or infinite. */
fm__rubin fm__rubin_of(const double *estimates, const double *variances, size_t m, double complete);
/* NaN becomes infinite. */
fm_status fm__rubin_check(size_t m, double *complete, fm_error *err);

#endif
