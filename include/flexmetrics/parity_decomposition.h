/**
 * @file parity_decomposition.h
 * What a gap between two groups' means is made of: covariates and how they pay (Oaxaca and Blinder).
 */
#ifndef FLEXMETRICS_PARITY_DECOMPOSITION_H
#define FLEXMETRICS_PARITY_DECOMPOSITION_H

#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * parity.decomposition: a row a person with a number and covariates. Each group but the reference is compared with it,
 * by a regression of its own with a constant. Key columns: those of `by`, `group`, `coefficients`, `covariate`.
 *
 * `mean` of each group; `difference` of the group's from the reference's; twofold, for each choice of coefficients b*
 * (key `coefficients`): `explained` (m1 - m0)' b* and `unexplained` m1' (b1 - b*) + m0' (b* - b0); threefold:
 * `endowments` (m1 - m0)' b0, `coefficient_part` m0' (b1 - b0), `interaction` (m1 - m0)' (b1 - b0); all of them in
 * total and by covariate, with errors that take means and coefficients as random (Jann 2008). `regression_coefficient`:
 * b of each group. With weights these count as numbers of rows that add up to the number there are. Where covariates
 * depend on each other within a group, or rows are no more than coefficients, the parts are `undefined`.
 */
typedef struct fm_parity_decomposition_spec {
  size_t struct_size;       /**< set by FM_PARITY_DECOMPOSITION_SPEC_INIT or the init function */
  const char *value;        /**< column of numbers; default "value" */
  const char *group;        /**< columns that tell groups apart, separated by commas; there is no default */
  const char *reference;    /**< the group the others are compared with, its keys separated by commas; no default */
  const char *covariates;   /**< columns of numbers, and "column:base" for categories with one to compare the others
                                 with, separated by commas; there is no default */
  const char *coefficients; /**< which b*: "group", "reference", "pooled" (regression of both with a constant of its own
                                 for each), "neumark" (both with one constant), "cotton" (mean of both, by people),
                                 "reimers" (plain mean), separated by commas; NULL (default): all six */
  const char *by;           /**< columns of separate comparisons; NULL: one */
  const char *weight;       /**< column of weights, 0 or more; NULL (default): each row counts 1 */
  const char *cluster;      /**< column of people, for the number of distinct ones; errors take rows as independent.
                                 NULL (default): each row is a person */
  double level;             /**< of intervals; default 0.95 */
  int32_t logarithm;        /**< 1: the logarithm of `value`, which is then above 0; default 0 */
  int32_t reserved0;        /**< 0 */
} fm_parity_decomposition_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_PARITY_DECOMPOSITION_SPEC_INIT                                                                              \
  {                                                                                                                    \
    .struct_size = sizeof(fm_parity_decomposition_spec), .value = "value", .level = 0.95                               \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_parity_decomposition_spec_init(fm_parity_decomposition_spec *spec, size_t size);
/**
 * **Creates** an empty tally; it keeps exact sums of products for each group and combination of categories, and hashes
 * of people with `cluster`, but no row. Rows without a number, covariate or category are left out, counted. Errors:
 * FM_ERR_ARGUMENT no group, reference or covariate, a name of coefficients that is none, a level outside its range.
 * Adding: FM_ERR_NOT_FOUND, FM_ERR_TYPE a column; FM_ERR_VALUE a number or weight that cannot be. The result:
 * FM_ERR_NOT_FOUND nobody is in the reference, or in a base.
 */
FM_API FM_NODISCARD fm_status fm_parity_decomposition_tally(fm_tally **out, const fm_parity_decomposition_spec *spec,
                                                            fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_parity_decomposition(fm_table **out, const fm_table *frame,
                                                      const fm_parity_decomposition_spec *spec, const fm_run *run,
                                                      fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
