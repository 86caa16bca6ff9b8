/* Rows of the golden files as measures and rules of the library. */
#ifndef FM_TESTS_INCOME_GOLDEN_H
#define FM_TESTS_INCOME_GOLDEN_H

#include "income/measure_priv.h"
#include "support/support.h"

/* One row's measure text ("fgt(1)") and rules, from its measure, param, convention and se_method; false: another
 * subject's (growth, gaps between groups). */
bool fm_golden_call(char measure[64], fm_income_rules *rules, const char *name, const char *param,
                    const char *convention, const char *se_method);

#endif
