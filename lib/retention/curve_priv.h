/* Kaplan-Meier from moments: the product over times, Greenwood's error, limits, quantiles. */
#ifndef FM_RETENTION_CURVE_PRIV_H
#define FM_RETENTION_CURVE_PRIV_H

#include "retention/moments_priv.h"

enum { FM__CONF_PLAIN = 1, FM__CONF_LOG = 2, FM__CONF_LOGLOG = 3, FM__CONF_LOGIT = 4, FM__CONF_ARCSIN = 5 };

/* How the curve follows from the moments. */
enum {
  FM__KAPLAN_MEIER = 1,
  FM__NELSON_AALEN = 2,      /* exp(-H), H the sum of exits / at risk */
  FM__FLEMING_HARRINGTON = 3 /* exp(-H), exits at one time one after the other */
};

/* One moment. */
typedef struct fm__step {
  int32_t time;
  int64_t rows_risk, rows_event, rows_censor;
  double n_risk, n_event, n_censor; /* weighted numbers; without weights the numbers of rows */
  double survival;
  double log_error;            /* standard error of log survival; infinite when survival is 0 */
  double low, high;            /* set by fm__steps_limits */
  double hazard, hazard_error; /* cumulative */
  double term;                 /* what this step adds to the variance of log survival */
  double log_risk, log_exit;   /* derivatives of this step's -log survival by the weight at risk and by that exiting */
  double hazard_risk, hazard_exit; /* the same of the cumulative hazard */
} fm__step;

typedef struct fm__curve {
  fm__step *steps;
  size_t n;
  int64_t rows; /* that end in them */
} fm__curve;

/* Creates a step for each moment from `start` on; all causes are one event. Before the first step survival is 1. */
fm_status fm__curve_create(fm__curve *out, const fm__moments *m, int32_t estimator, int32_t start, fm_error *err);
void fm__curve_free(fm__curve *c);
/* Steps up to `time`, that included. */
size_t fm__curve_steps_to(const fm__curve *c, int32_t time);
/* Rows at risk just before or at `time`. */
int64_t fm__curve_risk_at(const fm__curve *c, int32_t time);
/* Standard error of survival; NaN at survival 0, where Greenwood's formula has no value. */
double fm__step_error(const fm__step *step);
/* Limits of a survival of standard error survival * log_error; z is the normal quantile. NaN where the transformed
 * scale has no value: all kinds at survival 0, log-log, logit and arcsine at 1. */
void fm__survival_limits(double survival, double log_error, int32_t conf_type, double z, double *low, double *high);
void fm__steps_limits(fm__step *steps, size_t n, int32_t conf_type, double level);
/* Time by which the share p has left: value, and its limits from the limits of the curve. NaN: not reached. */
void fm__steps_quantile(const fm__step *steps, size_t n, double p, double *value, double *low, double *high);

#endif
