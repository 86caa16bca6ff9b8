/* Two periods of made people for the tests of change: frames from arrays, and standard errors the long way. */
#ifndef FM_TESTS_INCOME_PERIODS_H
#define FM_TESTS_INCOME_PERIODS_H

#include "support/support.h"

enum { FM_PERIOD_ROWS = 120, FM_PERIOD_PEOPLE = 70 };

/* Rows of two periods; people 0 to 49 are in both, 50 to 69 in the first only, others in the last only. */
typedef struct fm_periods {
  size_t n;
  double income[FM_PERIOD_ROWS], weight[FM_PERIOD_ROWS], period[FM_PERIOD_ROWS], age[FM_PERIOD_ROWS];
  int32_t person[FM_PERIOD_ROWS], psu[FM_PERIOD_ROWS], stratum[FM_PERIOD_ROWS], area[FM_PERIOD_ROWS];
} fm_periods;
void fm_periods_make(fm_periods *p);
/* Creates a sealed frame of copies: income, weight, period, age, person_id, psu, stratum, area. */
fm_table *fm_periods_frame(const fm_periods *p);

/* Creates the frame of psid.csv in two periods, 1976 and 1982: income, period, person_id, union; `group`: "all", or the
 * union members of 1976 ("union76") or women ("women") alone. */
fm_table *fm_psid_frame(const char *group);

typedef fm_status (*fm_periods_compute)(fm_table **out, const fm_table *frame, void *ctx, fm_error *err);
/* z[figure * n + row]: each figure's derivative in the weight of a row, times that weight, by central differences.
 * Frees with free. *n_figures is the number of rows of the result. */
double *fm_periods_gradient(size_t *n_figures, const fm_periods *p, fm_periods_compute compute, void *ctx);
/* Root of sum over strata of n/(n-1) sum (z - mean)^2, z summed by unit; unit[row] below n_units, stratum of units by
 * stratum[row]. Units of no row are left out. */
double fm_periods_std_error(const double *z, const fm_periods *p, const int32_t *unit, const int32_t *stratum,
                            int32_t n_units);
/* Checks std_error of every row of the result that has one against the gradient's; returns how many. `skip` (NULL:
 * none) names quantities and parameters. */
int fm_periods_check(const fm_table *result, const double *z, const fm_periods *p, const int32_t *unit,
                     const int32_t *stratum, int32_t n_units, const char *skip);

/* fm_test_tally_allocations without a merge, which would give every person two rows of a period. */
int fm_periods_allocations(fm_test_create_tally create, void *ctx, const fm_table *frame);

#endif
