/**
 * @file retention_cox.h
 * Proportional hazards regression of the time to an exit: Cox's model with delayed entry, strata, weights, clusters and
 * covariates that begin on a date. Part of retention.h. Formulas and sources: docs/methods/cox.md.
 */
#ifndef FLEXMETRICS_RETENTION_COX_H
#define FLEXMETRICS_RETENTION_COX_H

#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What retention.cox fits. Lists are separated by commas. The frame has time_<clock> (i32), event (bool), and may have
 *  entry_<clock> (i32): a row is at risk in (entry, time], and at 0 when entry <= 0. */
typedef struct fm_retention_cox_spec {
  size_t struct_size;     /**< set by FM_RETENTION_COX_SPEC_INIT or the init function */
  const char *covariates; /**< columns: "age" a number or bool, "group:other" a text column, each other text against
                               the one named; NULL: none */
  const char *dated;    /**< things that begin on a date: "aftercare" stands for the column aftercare_<clock>, the time
                             at which it began, missing: never. It counts from then on, and from no earlier day */
  const char *ever;     /**< the same things taken as "had it at any time" from the first day: refused, because who
                             stays longer has more time to get it (immortal time), unless named in `accepted` too */
  const char *accepted; /**< names for which immortal time is accepted; the result's note immortal_time says so */
  const char *by;       /**< group columns, a model for each group; NULL: one model */
  const char *strata;   /**< columns whose values have baseline hazards of their own; NULL: none */
  const char *weight;   /**< weight column; NULL: each row 1; rows of weight 0 leave no trace */
  const char *cluster;  /**< columns that name units which are not independent inside; NULL: each row is one */
  const char *clock;    /**< "days", "weeks" or "months"; default "days" */
  const char *definition; /**< name of the rule, printed with the result; default "any_employer" */
  const char *profiles; /**< predicted curves: "female=1 age=42 | female=0 age=42"; what is not named is 0, a text
                             is named as group=early; NULL: none */
  double level;         /**< coverage, 0 < level < 1; default 0.95 */
  int32_t ties;         /**< 1 Efron (default), 2 Breslow */
  int32_t weights;      /**< 1 (default): sampling weights, robust variance; 2: frequencies, whole numbers, each
                             standing for so many equal rows */
  int32_t robust;       /**< 0 (default): with clusters or sampling weights; 1: yes; 2: no */
  int32_t landmark;     /**< -1 (default): dated covariates switch on when they begin; otherwise only those at risk
                             after this time count, from then on, and a dated covariate is whether it began by then */
  int32_t proportional; /**< test of proportional hazards against g(time): 0 none, 1 Kaplan-Meier (default), 2 time,
                             3 log time, 4 rank */
  int32_t baseline;     /**< 1: a row per event time with the cumulative hazard at covariates 0; default 0 */
  int32_t concordance;  /**< 1 (default): Harrell's C; 0: without, which is faster */
} fm_retention_cox_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_RETENTION_COX_SPEC_INIT                                                                                     \
  {                                                                                                                    \
    .struct_size = sizeof(fm_retention_cox_spec), .clock = "days", .definition = "any_employer", .level = 0.95,        \
    .ties = 1, .weights = 1, .landmark = -1, .proportional = 1, .concordance = 1                                       \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_retention_cox_spec_init(fm_retention_cox_spec *spec, size_t size);

/** **Creates** an empty tally. Its result has the key columns term, profile, stratum and time_<clock>, null where they
 *  say nothing, and the columns statistic, df and p_value. Per term: coefficient and hazard_ratio with limits, and
 *  proportional, the test of its proportionality. Of the model: proportional of all terms, likelihood_ratio, wald,
 *  score, score_robust, log_likelihood_null, log_likelihood, concordance, events, rows_missing (left out because a
 *  covariate is missing). With `baseline` cumulative_hazard, with `profiles` survival with log limits; without a fit
 *  one row of each, with its state. States: separated (no finite coefficient: the likelihood rises for ever) and
 *  not_converged, never with a number; empty without events. FM_ERR_VALUE: a constant or collinear column, by its name;
 *  a value in the data, by row and column. FM_ERR_LIMIT: with Efron's ties more than 16,777,216 exits at one time.
 */
FM_API FM_NODISCARD fm_status fm_retention_cox_tally(fm_tally **out, const fm_retention_cox_spec *spec, fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_retention_cox(fm_table **out, const fm_table *frame, const fm_retention_cox_spec *spec,
                                               const fm_run *run, fm_error *err);

/** Rows as plain arrays of `n` items, all borrowed. */
typedef struct fm_retention_cox_rows {
  size_t struct_size;              /**< sizeof(fm_retention_cox_rows) */
  size_t n;                        /**< rows */
  size_t n_covariates;             /**< columns, 1 to 512 */
  size_t n_strata;                 /**< 1 or more when `stratum` is given */
  size_t n_clusters;               /**< 1 or more when `cluster` is given */
  const int32_t *time;             /**< 0 or more */
  const int32_t *entry;            /**< before the time, or 0 with time 0; NULL: all from the start */
  const uint8_t *event;            /**< 1: ends by the event; 0: censored */
  const double *const *covariates; /**< a pointer to each column; finite, up to 1e100 */
  const char *const *names;        /**< of the columns, for errors; NULL: their numbers */
  const double *weight;            /**< 0 to 1e100; NULL: 1 */
  const int32_t *stratum;          /**< 0 up to n_strata - 1; NULL: one */
  const int32_t *cluster;          /**< 0 up to n_clusters - 1; NULL: each row is one */
} fm_retention_cox_rows;

/** States of a fitted model. */
enum {
  FM_RETENTION_COX_EMPTY = 0,        /**< nobody has the event */
  FM_RETENTION_COX_FITTED = 1,       /**< all numbers hold */
  FM_RETENTION_COX_SEPARATED = 2,    /**< some coefficient has no finite value: log-likelihoods and score hold */
  FM_RETENTION_COX_NOT_CONVERGED = 3 /**< no maximum was found in 60 iterations */
};

/** A fitted model; what has no value is NaN. */
typedef struct fm_retention_cox_model {
  size_t struct_size;       /**< sizeof(fm_retention_cox_model), set by the caller; less is FM_ERR_ARGUMENT */
  int64_t n;                /**< rows of weight above 0; with frequencies, their sum */
  int64_t n_events;         /**< those that have the event */
  double loglik_null;       /**< log partial likelihood at coefficients 0 */
  double loglik;            /**< at the estimate; when separated, its limit */
  double likelihood_ratio;  /**< 2 (loglik - loglik_null) */
  double wald;              /**< with the robust variance when there is one */
  double score;             /**< at coefficients 0 */
  double score_robust;      /**< with clusters or weights; NaN where nobody differs, as when all leave at once */
  double concordance;       /**< Harrell's C */
  double concordance_error; /**< its standard error, infinitesimal jackknife over clusters */
  int32_t state;            /**< FM_RETENTION_COX_FITTED ... */
  int32_t iterations;       /**< Newton steps */
} fm_retention_cox_model;

/**
 * Fits a model to plain arrays; of the spec it reads ties, weights, robust and concordance, NULL: their defaults.
 * `coefficient` and `std_error` (from the information matrix) have n_covariates items, `variance` n_covariates squared:
 * the variance matrix in use, robust with clusters or sampling weights. They may be NULL; NaN unless fitted. The same
 * bits for any order of the rows and any number of threads. Errors: as of fm_retention_cox_tally.
 */
FM_API FM_NODISCARD fm_status fm_retention_cox_fit(fm_retention_cox_model *model, double *coefficient,
                                                   double *std_error, double *variance,
                                                   const fm_retention_cox_rows *rows, const fm_retention_cox_spec *spec,
                                                   const fm_run *run, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
