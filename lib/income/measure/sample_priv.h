/* A sorted sample, with or without its design. */
#ifndef FM_INCOME_SAMPLE_PRIV_H
#define FM_INCOME_SAMPLE_PRIV_H

#include "income/measure/measure_priv.h"
#include "survey/survey_priv.h"

struct fm_income_sample {
  fm__dist dist;
  fm_income_rules rules;
  fm__design *design; /* NULL: none */
};
/* Values and standard errors of calls by the sample's design. */
fm_status fm__sample_errors(double *values, double *std_errors, const fm_income_sample *s, const fm__call *calls,
                            size_t n, const fm_run *run, fm_error *err);

#endif
