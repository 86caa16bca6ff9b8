/**
 * @file parity_means.h
 * Are groups treated alike? Means of hours, wages or gains in groups, compared with a group the caller names, with all
 * others, or with all people.
 */
#ifndef FLEXMETRICS_PARITY_MEANS_H
#define FLEXMETRICS_PARITY_MEANS_H

#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * parity.means: a number a row. Key columns: those of `by`, `group`, `method`.
 *
 * For each group its `mean` (Student's t over people); against the reference, the rest or the population `difference`
 * (Welch, with its error), `degrees_of_freedom`, `ratio` (on the logarithm, where both means are above 0), `p_value`
 * (Welch) and `p_adjusted` (by Holm's steps over all groups of the comparison). Over all groups: `range` and
 * `least_ratio` of the means. With weights the errors are linearised; with `cluster` they are between people, and
 * people in both groups tie them together. Groups of fewer than two people have no error.
 */
typedef struct fm_parity_means_spec {
  size_t struct_size;    /**< set by FM_PARITY_MEANS_SPEC_INIT or the init function */
  const char *value;     /**< column of numbers; rows where it is missing are left out, counted; default "value" */
  const char *group;     /**< columns that tell groups apart, separated by commas; there is no default */
  const char *reference; /**< the group the others are compared with, its keys separated by commas; there is no default.
                              NULL unless `against` is FM_PARITY_REFERENCE */
  const char *by;        /**< columns of separate comparisons; NULL: one */
  const char *weight;    /**< column of weights, 0 or more; NULL (default): each row counts 1 */
  const char *cluster;   /**< column of people who may have several rows; NULL (default): each row is a person */
  double level;          /**< of intervals; default 0.95 */
  int32_t against;       /**< FM_PARITY_REFERENCE (default), FM_PARITY_REST or FM_PARITY_POPULATION (parity.h) */
  int32_t reserved0;     /**< 0 */
} fm_parity_means_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_PARITY_MEANS_SPEC_INIT                                                                                      \
  {                                                                                                                    \
    .struct_size = sizeof(fm_parity_means_spec), .value = "value", .level = 0.95                                       \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_parity_means_spec_init(fm_parity_means_spec *spec, size_t size);
/**
 * **Creates** an empty tally; it keeps every differing row. Errors: FM_ERR_ARGUMENT no group, no reference, one where
 * there should be none, a level outside its range. Adding: FM_ERR_NOT_FOUND, FM_ERR_TYPE a column; FM_ERR_VALUE a
 * number or a weight that cannot be, no person. The result: FM_ERR_NOT_FOUND nobody is in the reference.
 */
FM_API FM_NODISCARD fm_status fm_parity_means_tally(fm_tally **out, const fm_parity_means_spec *spec, fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_parity_means(fm_table **out, const fm_table *frame, const fm_parity_means_spec *spec,
                                              const fm_run *run, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
