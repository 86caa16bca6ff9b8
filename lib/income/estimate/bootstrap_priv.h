/* Bootstraps that need no population of their own for each replicate. */
#ifndef FM_INCOME_BOOTSTRAP_PRIV_H
#define FM_INCOME_BOOTSTRAP_PRIV_H

#include "income/dist/dist_priv.h"
#include "survey/survey_priv.h"

/* The Gini of each replicate of a design that draws rows (fm__design_resample): C (W - C) dx / (W Y) as fm__dist has
 * it, NaN where weight or income are not above 0. Rows are drawn by their place in the order of income, so that these
 * are other replicates than those of fm__design_replicate. `d` has members of 24 bytes; design rows outside it take
 * their draws. Some 40 times as fast as a reweighted population for each. */
fm_status fm__gini_replicates(double *gini, const fm__dist *d, const fm__resample *rows, size_t n_replicates,
                              const fm_run *run, fm_error *err);

#endif
