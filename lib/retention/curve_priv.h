/* Kaplan-Meier from moments: the product over times, Greenwood's error, limits, quantiles. */
#ifndef FM_RETENTION_CURVE_PRIV_H
#define FM_RETENTION_CURVE_PRIV_H

#include "retention/moments_priv.h"

enum { FM__CONF_PLAIN = 1, FM__CONF_LOG = 2, FM__CONF_LOGLOG = 3, FM__CONF_LOGIT = 4, FM__CONF_ARCSIN = 5 };

/* One moment. */
typedef struct fm__step {
  int32_t time;
  int64_t rows_risk, rows_event, rows_censor;
  double n_risk, n_event, n_censor; /* weighted numbers; without weights the numbers of rows */
  double survival;
  double log_error; /* standard error of log survival; infinite when survival is 0 */
  double low, high; /* set by fm__steps_limits */
} fm__step;

/* Creates a step for each moment; all causes are one event. */
fm_status fm__steps_create(fm__step **out, const fm__moments *m, fm_error *err);
/* Standard error of survival; NaN at survival 0, where Greenwood's formula has no value. */
double fm__step_error(const fm__step *step);
/* Limits of a survival of standard error survival * log_error; z is the normal quantile. NaN where the transformed
 * scale has no value: all kinds at survival 0, log-log, logit and arcsine at 1. */
void fm__survival_limits(double survival, double log_error, int32_t conf_type, double z, double *low, double *high);
void fm__steps_limits(fm__step *steps, size_t n, int32_t conf_type, double level);
/* Time by which the share p has left: value, and its limits from the limits of the curve. NaN: not reached. */
void fm__steps_quantile(const fm__step *steps, size_t n, double p, double *value, double *low, double *high);

#endif
