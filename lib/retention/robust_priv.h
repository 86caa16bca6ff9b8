/* Infinitesimal jackknife: what each row, and each unit of rows, adds to a figure, and the variance from that.
 *
 * A figure is a sum over the steps of a curve; a row at risk in steps first .. last moves it by its weight times the
 * sum of risk[first .. last], and by exit[last] more when it exits there (Therneau and Grambsch 2000, section 7; R's
 * survfit with robust). */
#ifndef FM_RETENTION_ROBUST_PRIV_H
#define FM_RETENTION_ROBUST_PRIV_H

#include "retention/curve_priv.h"
#include "retention/follow_priv.h"

/* Which steps of a curve each row is at risk in. */
typedef struct fm__presence {
  const fm__followed *rows;
  size_t n_steps, n_units;
  uint32_t *first, *last; /* last < first: in none */
} fm__presence;
fm_status fm__presence_create(fm__presence *out, const fm__curve *c, const fm__followed *rows, fm_error *err);
void fm__presence_free(fm__presence *p);

/* The variance of the figure as it stands at each step. */
fm_status fm__robust_variances(double *out, const fm__presence *p, const double *risk, const double *exit,
                               fm_error *err);
/* Sets the errors of all steps: of log survival and of the cumulative hazard. */
fm_status fm__robust_errors(fm__curve *c, const fm__presence *p, fm_error *err);

/* What each unit (p->n_units) adds to a figure of all steps. */
fm_status fm__robust_influence(double *out, const fm__presence *p, const double *risk, const double *exit,
                               fm_error *err);
/* The variance from that; units that stand for several equal rows count as often. */
double fm__robust_variance(const double *influence, const fm__presence *p);

#endif
