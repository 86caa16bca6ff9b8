/* Figures of a fitted model: what the regressions of the time to an exit write alike. */
#ifndef FM_RETENTION_COX_REPORT_PRIV_H
#define FM_RETENTION_COX_REPORT_PRIV_H

#include "retention/cox/tally_state_priv.h"

typedef struct fm__cox_page {
  fm__result *r;
  const fm__cox_state *s;
  const fm__cox_group *g;
  const fm__cox *c;
  fm__cox_point *q;
  fm__cox_fit fit;
  fm__cox_rows rows;
  size_t key; /* the first after the groups */
  double z;
} fm__cox_page;

fm__figure fm__cox_figure(const fm__cox_page *t, const char *quantity, const char *unit, double value);
void fm__cox_plain(const fm__cox_page *t, const char *quantity, const char *unit, double value);
void fm__cox_chi_square(const fm__cox_page *t, const char *quantity, double value, double df);
/* Coefficient and ratio of column j; sets the term. */
void fm__cox_term_figures(const fm__cox_page *t, size_t j, const char *ratio);
fm_status fm__cox_set_stratum(const fm__cox_page *t, size_t stratum, fm_error *err);
/* Calls `write` with the covariates of each profile, its key set. FM_ERR_ARGUMENT: what is no covariate. */
fm_status fm__cox_each_profile(const fm__cox_page *t,
                               fm_status (*write)(const fm__cox_page *t, const double *x, fm_error *err),
                               fm_error *err);

#endif
