/* What calibration to numbers and to categories share. */
#ifndef FM_SURVEY_CALIBRATE_PRIV_H
#define FM_SURVEY_CALIBRATE_PRIV_H

#include "flexmetrics/survey.h"
#include "num/num_priv.h"

fm_status fm__calibrate_spec_take(fm_survey_calibrate_spec *to, const fm_survey_calibrate_spec *spec, fm_error *err);
/* A power of two that brings `largest` near 1. */
double fm__calibrate_scale(double largest);
/* Checks the weights (NULL: all 1) and scales them by a power of two. */
fm_status fm__calibrate_weights(double *scaled, double *scale, const double *weights, size_t n, fm_error *err);

#endif
