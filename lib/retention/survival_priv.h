/* The state of retention.survival, and its result. */
#ifndef FM_RETENTION_SURVIVAL_PRIV_H
#define FM_RETENTION_SURVIVAL_PRIV_H

#include "flexmetrics/retention.h"
#include "retention/follow_priv.h"
#include "retention/retention_priv.h"

typedef struct fm__survival {
  fm__follow *follow;              /* first: see FM__MEASURE_FOLLOWS */
  fm_retention_survival_spec spec; /* texts point to the copies */
  char *definition, *quantile_text, *time_text, *tau_text, *reference, *indicator;
  fm__numbers quantiles, times, taus;
} fm__survival;

fm_status fm__survival_result(void *state, fm_table **out, const fm_run *run, fm_error *err);

#endif
