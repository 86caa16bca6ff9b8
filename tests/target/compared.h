/* The twelve units of tests/oracle/target, and what R says of them. */
#ifndef FM_TESTS_TARGET_COMPARED_H
#define FM_TESTS_TARGET_COMPARED_H

#include "support/support.h"
#include "target/compare_priv.h"

enum { N_UNITS = 12, N_STRATA = 4 };
typedef struct compared {
  fm__unit_counts units[N_UNITS]; /* on exposures */
  fm__standard_cell cells[N_UNITS][N_STRATA];
  fm_oracle *oracle;
} compared;
void compared_open(compared *c);
void compared_close(compared *c);
/* Quantity `what` of a unit, or of all (unit N_UNITS). */
double compared_expected(const compared *c, const char *of, const char *what, int unit);
/* The units on the counts expected of them. */
void compared_case_mix(fm__unit_counts out[N_UNITS], const compared *c);

#endif
