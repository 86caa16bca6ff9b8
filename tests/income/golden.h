/* Rows of the golden files as measures and rules of the library. */
#ifndef FM_TESTS_INCOME_GOLDEN_H
#define FM_TESTS_INCOME_GOLDEN_H

#include "income/measure/measure_priv.h"
#include "support/support.h"
#include "survey/survey_priv.h"

/* One row's measure text ("fgt(1)") and rules, from its measure, param, convention and se_method; false: another
 * subject's (growth, gaps between groups). */
bool fm_golden_call(char measure[64], fm_income_rules *rules, const char *name, const char *param,
                    const char *convention, const char *se_method);

/* The rows of one sample, and which of them belong to the domain. */
enum { FM_GOLDEN_ROWS = 15000 };
typedef struct fm_golden_sample {
  size_t n;
  double x[FM_GOLDEN_ROWS], w[FM_GOLDEN_ROWS], fpc[FM_GOLDEN_ROWS];
  uint32_t stratum[FM_GOLDEN_ROWS], psu[FM_GOLDEN_ROWS];
  bool in[FM_GOLDEN_ROWS];
} fm_golden_sample;
/* The value, with a line from all rows; its state must be "ok". */
double fm_golden_value(const fm_golden_sample *s, const fm__call *call, const fm_income_rules *rules);
/* The linearised error by a design of the golden files: "srs", "strat", "clus", "stclus", "stclusfpc",
 * "stclus;lonely=adjust" ... */
double fm_golden_taylor(const fm_golden_sample *s, const fm__call *call, const fm_income_rules *rules,
                        const char *design);

#endif
