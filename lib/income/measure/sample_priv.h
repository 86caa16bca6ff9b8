/* A sorted sample, with or without its design. */
#ifndef FM_INCOME_SAMPLE_PRIV_H
#define FM_INCOME_SAMPLE_PRIV_H

#include "income/measure/measure_priv.h"
#include "survey/survey_priv.h"

/* Rows beside the population, by the number of their cluster. */
typedef struct fm__clusters {
  fm__dist_units rows;
  uint32_t *unit; /* of the design, of each of the n clusters; NULL: the members of the population have their units */
  size_t n;
} fm__clusters;

struct fm_income_sample {
  fm__dist dist;
  fm_income_rules rules;
  fm__design *design; /* NULL: none */
  fm__clusters clusters;
};
/* Values and standard errors of calls by the sample's design. */
fm_status fm__sample_errors(double *values, double *std_errors, const fm_income_sample *s, const fm__call *calls,
                            size_t n, const fm_run *run, fm_error *err);

/* ---- plain arrays with a design ---- */
typedef struct fm__given {
  const double *x, *w, *fpc;
  const int32_t *stratum, *psu;
} fm__given;
static inline uint64_t fm__whole_key(int32_t v)
{
  return (uint64_t)((int64_t)v - INT32_MIN);
}
static inline uint64_t fm__design_key(const fm__given *g, size_t row)
{
  return (g->stratum != NULL ? fm__whole_key(g->stratum[row]) << 32 : 0) |
         (g->psu != NULL ? fm__whole_key(g->psu[row]) : 0);
}
/* The sample, where clusters are all that its design tells apart; *done: not where rows have to be looked at one by one
 * for the design, or for the message. */
fm_status fm__sample_of_clusters(fm_income_sample *s, bool *done, const fm__given *g, size_t n,
                                 const fm_survey_design_spec *spec, const fm_run *run, fm_error *err);

#endif
