/**
 * @file retention_tests.h
 * Tests that exit times of groups are alike: the log-rank test and its weighted forms.
 */
#ifndef FLEXMETRICS_RETENTION_TESTS_H
#define FLEXMETRICS_RETENTION_TESTS_H

#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Weights of times in the test. S is the pooled Kaplan-Meier curve just before the time, n the number at risk. */
#define FM_LOGRANK_FLEMING_HARRINGTON 1 /**< S^rho (1 - S)^gamma; rho = gamma = 0: log-rank, rho = 1: Peto-Peto */
#define FM_LOGRANK_GEHAN 2              /**< n */
#define FM_LOGRANK_TARONE_WARE 3        /**< square root of n */
#define FM_LOGRANK_PETO_PETO 4          /**< product of 1 - d / (n + 1) up to and including the time */

/** What retention.logrank computes from a frame of kind "survival". */
typedef struct fm_retention_logrank_spec {
  size_t struct_size;     /**< set by FM_RETENTION_LOGRANK_SPEC_INIT or the init function */
  const char *by;         /**< group columns, separated by commas: with `group` a test is made within each of their
                               groups, without it these groups are compared */
  const char *group;      /**< columns of the groups compared; NULL: those of by (neither: all are one group) */
  const char *strata;     /**< columns of strata, in which the groups are compared apart; NULL: none */
  const char *weight;     /**< weight column; NULL: each row counts 1 */
  const char *cluster;    /**< columns of independent units for the robust variance; NULL: each row is one */
  const char *clock;      /**< "days" (default), "weeks" or "months" */
  const char *definition; /**< name of the rule; default "any_employer" */
  const char *tests;      /**< names separated by commas: logrank, peto_peto, peto_peto_n1, gehan, tarone_ware,
                               fh(rho:gamma) with numbers from 0 to 100; default "logrank" */
  int32_t variance; /**< 0 (default): robust with weights or clusters, else hypergeometric; 1 hypergeometric, weights
                         being case weights; 2 robust */
  int32_t detail;   /**< 1: observed, expected, score and its covariances for each group; default 0 */
} fm_retention_logrank_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_RETENTION_LOGRANK_SPEC_INIT                                                                                 \
  {                                                                                                                    \
    .struct_size = sizeof(fm_retention_logrank_spec), .clock = "days", .definition = "any_employer",                   \
    .tests = "logrank"                                                                                                 \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_retention_logrank_spec_init(fm_retention_logrank_spec *spec, size_t size);

/** **Creates** an empty tally. Its result has, per group of by, the key columns test, level_compared (of the groups
 * compared) and against (for covariances), and the quantities chi_square (unit "value"), df (unit "count") and p_value
 * (unit "index"), level_compared and against null; n counts rows. With detail also, for each level, observed and
 * expected (unit "count", unweighted by the test's weights), score (unit "value"; std_error from its variance) and
 * score_covariance against each level. State of a test: undefined when the scores have no variance (nobody is compared
 * with anybody at an exit); df is 0 then. FM_ERR_LIMIT on the result: more than 1,000 groups compared. FM_ERR_VALUE on
 * it: weights that are no case weights, 1 or less of all groups at risk together, with the hypergeometric variance.
 * Formulas: docs/methods/survival.md. */
FM_API FM_NODISCARD fm_status fm_retention_logrank_tally(fm_tally **out, const fm_retention_logrank_spec *spec,
                                                         fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_retention_logrank(fm_table **out, const fm_table *frame,
                                                   const fm_retention_logrank_spec *spec, const fm_run *run,
                                                   fm_error *err);

/** Outcome of one test on plain arrays. */
typedef struct fm_logrank {
  double chi_square; /**< NaN when the scores have no variance */
  double p_value;    /**< its upper tail, accurate when tiny */
  int32_t df;        /**< groups compared less one */
  int32_t reserved;  /**< 0 */
} fm_logrank;

/**
 * The same on whole times in plain arrays (a row is at risk at t when entry < t <= time, and at 0 when entry <= 0).
 * group[i] is 0 to n_groups - 1, stratum[i] 0 to n_strata - 1; `entry` and `stratum` may be NULL. `weights` is one of
 * FM_LOGRANK_..., rho and gamma are for the first. observed, expected, score have n_groups items, covariance n_groups x
 * n_groups; any may be NULL.
 * Errors: FM_ERR_VALUE with the row in err: time < 0, entry >= time (but for time 0), a group or stratum out of range;
 * FM_ERR_ARGUMENT: weights, rho, gamma or numbers out of range; FM_ERR_LIMIT: more than 1,000 groups, or than
 * 33,554,432 groups times strata.
 */
FM_API FM_NODISCARD fm_status fm_retention_logrank_arrays(fm_logrank *out, double *observed, double *expected,
                                                          double *score, double *covariance, const int32_t *time,
                                                          const uint8_t *event, const uint32_t *group, size_t n_groups,
                                                          const int32_t *entry, const uint32_t *stratum,
                                                          size_t n_strata, size_t n, int32_t weights, double rho,
                                                          double gamma, const fm_run *run, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
