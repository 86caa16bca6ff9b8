/* The state of retention.fine_gray and the figures of a group. */
#ifndef FM_RETENTION_FINE_GRAY_STATE_PRIV_H
#define FM_RETENTION_FINE_GRAY_STATE_PRIV_H

#include "retention/cox/report_priv.h"
#include "retention/fine_gray/fine_gray_priv.h"

typedef struct fm__fg_state {
  fm__cox_state rows;               /* an event is any exit; more: the cause, the group of censoring */
  fm_retention_fine_gray_spec spec; /* texts point to those of `rows` and to the copies */
  char *cause, *causes, *censoring;
} fm__fg_state;

enum { FM__FG_KEY_CAUSE = FM__COX_KEYS, FM__FG_KEYS }; /* columns of the result, those of retention.cox first */

/* Writes the figures of one group, cause by cause. FM_ERR_NOT_FOUND: one of the causes named is nobody's. */
fm_status fm__fg_report(fm__result *r, const void *state, const fm__cox_group *g, const fm_run *run, fm_error *err);

#endif
