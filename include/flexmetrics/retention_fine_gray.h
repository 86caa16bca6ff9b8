/**
 * @file retention_fine_gray.h
 * Regression of the cumulative incidence of one reason of exit: Fine and Gray's proportional subdistribution hazards.
 * Part of retention.h. Formulas and sources: docs/methods/fine_gray.md.
 */
#ifndef FLEXMETRICS_RETENTION_FINE_GRAY_H
#define FLEXMETRICS_RETENTION_FINE_GRAY_H

#include "flexmetrics/retention_cox.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What retention.fine_gray fits. Lists are separated by commas. The frame has time_<clock> (i32), cause (text; missing
 *  or empty: still going on) and may have entry_<clock> (i32). Who left for another cause stays in the risk set,
 * counted by the share not yet censored. */
typedef struct fm_retention_fine_gray_spec {
  size_t struct_size;     /**< set by FM_RETENTION_FINE_GRAY_SPEC_INIT or the init function */
  const char *covariates; /**< columns: "age" a number or bool, "group:other" a text column, each other text against
                               the one named; NULL: none */
  const char *dated;      /**< things that begin on a date, as of retention.cox, with a landmark alone: whether they had
                               begun by then. What would begin after another exit is not known */
  const char *ever;       /**< the same things taken as "had it at any time" from the first day: refused unless named in
                               `accepted` too (immortal time) */
  const char *accepted;   /**< names for which immortal time is accepted; the result's note immortal_time says so */
  const char *by;         /**< group columns, models for each group; NULL: one group */
  const char *strata;     /**< columns whose values have baselines of their own; NULL: none */
  const char *censoring;  /**< columns whose values have distributions of censoring of their own; NULL: one */
  const char *weight;     /**< weight column; NULL: each row 1; rows of weight 0 leave no trace */
  const char *cluster;    /**< columns that name units which are not independent inside; NULL: each row is one */
  const char *cause;      /**< the column with the cause of the exit; default "cause" */
  const char *causes;     /**< causes to fit, such as "unemployment,education"; NULL: each, a model for each */
  const char *clock;      /**< "days", "weeks" or "months"; default "days" */
  const char *definition; /**< name of the rule, printed with the result; default "any_employer" */
  const char *profiles;   /**< predicted curves: "female=1 age=42 | female=0 age=42"; what is not named is 0, a text
                               is named as group=early; NULL: none */
  double level;           /**< coverage, 0 < level < 1; default 0.95 */
  int32_t weights;        /**< 1 (default): sampling weights; 2: frequencies, whole numbers, each standing for so many
                               equal rows */
  int32_t landmark;       /**< -1 (default): none; otherwise only those at risk after this time count, from then on */
  int32_t baseline;       /**< 1: a row per event time with the cumulative subdistribution hazard and the incidence at
                               covariates 0; default 0 */
} fm_retention_fine_gray_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_RETENTION_FINE_GRAY_SPEC_INIT                                                                               \
  {                                                                                                                    \
    .struct_size = sizeof(fm_retention_fine_gray_spec), .cause = "cause", .clock = "days",                             \
    .definition = "any_employer", .level = 0.95, .weights = 1, .landmark = -1                                          \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_retention_fine_gray_spec_init(fm_retention_fine_gray_spec *spec, size_t size);

/** **Creates** an empty tally. Its result has the key columns term, profile, stratum, time_<clock> and cause, null
 * where they say nothing, and the columns df and p_value. Per cause and term: coefficient and subhazard_ratio with
 * limits. Of each cause's model: likelihood_ratio, wald, score_robust, log_likelihood_null, log_likelihood, events (of
 * the cause), other_events, rows_missing (left out because a covariate is missing). With `baseline`
 * cumulative_subhazard and cumulative_incidence (profile null), with `profiles` cumulative_incidence. States: separated
 * (no finite coefficient) and not_converged, never with a number; empty without events of the cause. FM_ERR_VALUE: an
 * entry after 0, or after the landmark (the weights would need the distribution of entries as well); a constant or
 * collinear column, by its name; a value in the data, by row and column. FM_ERR_NOT_FOUND on the result: one of
 * `causes` that is nobody's. */
FM_API FM_NODISCARD fm_status fm_retention_fine_gray_tally(fm_tally **out, const fm_retention_fine_gray_spec *spec,
                                                           fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_retention_fine_gray(fm_table **out, const fm_table *frame,
                                                     const fm_retention_fine_gray_spec *spec, const fm_run *run,
                                                     fm_error *err);

/** Rows as plain arrays of `n` items, all borrowed. */
typedef struct fm_retention_fine_gray_rows {
  size_t struct_size;              /**< sizeof(fm_retention_fine_gray_rows) */
  size_t n;                        /**< rows */
  size_t n_covariates;             /**< columns, 1 to 512 */
  size_t n_strata;                 /**< 1 or more when `stratum` is given */
  size_t n_clusters;               /**< 1 or more when `cluster` is given */
  size_t n_censoring;              /**< 1 or more when `censoring` is given */
  const int32_t *time;             /**< 0 or more */
  const uint8_t *cause;            /**< 0: censored; 1: the exit that is fitted; 2 and more: another */
  const double *const *covariates; /**< a pointer to each column; finite, up to 1e100 */
  const char *const *names;        /**< of the columns, for errors; NULL: their numbers */
  const double *weight;            /**< 0 to 1e100; NULL: 1 */
  const int32_t *stratum;          /**< 0 up to n_strata - 1; NULL: one */
  const int32_t *cluster;          /**< 0 up to n_clusters - 1; NULL: each row is one */
  const int32_t *censoring; /**< 0 up to n_censoring - 1: whose distribution of censoring is its own; NULL: one */
} fm_retention_fine_gray_rows;

/**
 * Fits a model to plain arrays; of the spec it reads weights, NULL: the defaults. Of the model concordance and its
 * error are NaN; wald has the variance that is given, score is that of the information alone. `coefficient` has
 * n_covariates items, `variance` n_covariates squared: Fine and Gray's, with the part of the estimated censoring. Both
 * may be NULL; NaN unless fitted. The same bits for any order of the rows and any number of threads.
 */
FM_API FM_NODISCARD fm_status fm_retention_fine_gray_fit(fm_retention_cox_model *model, double *coefficient,
                                                         double *variance, const fm_retention_fine_gray_rows *rows,
                                                         const fm_retention_fine_gray_spec *spec, const fm_run *run,
                                                         fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
