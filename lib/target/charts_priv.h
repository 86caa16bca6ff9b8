/* What the charts of a table take from the charts of arrays. */
#ifndef FM_TARGET_CHARTS_PRIV_H
#define FM_TARGET_CHARTS_PRIV_H

#include "base/base_priv.h"
#include "flexmetrics/target_charts.h"

/* Limits of a rate on one exposure, by the rate expected; NaN for an exposure of NaN. */
void fm__target_u_limit(double *lower, double *upper, double centre, double exposure, bool exact);

#endif
