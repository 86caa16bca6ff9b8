/* The spec of retention.cox: checks, what follows from it. */
#ifndef FM_RETENTION_COX_SPEC_PRIV_H
#define FM_RETENTION_COX_SPEC_PRIV_H

#include "flexmetrics/retention_cox.h"
#include "retention/cox/cox_priv.h"

/* Numbers in range? */
fm_status fm__cox_spec_check(const fm_retention_cox_spec *spec, fm_error *err);
bool fm__cox_is_robust(const fm_retention_cox_spec *spec, const fm__cox_rows *rows);

#endif
