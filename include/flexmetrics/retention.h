/**
 * @file retention.h
 * Lasting employment: in work at milestones, and survival curves in work.
 */
#ifndef FLEXMETRICS_RETENTION_H
#define FLEXMETRICS_RETENTION_H

#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What retention.status computes from a frame of kind "status". */
typedef struct fm_retention_status_spec {
  size_t struct_size;     /**< set by FM_RETENTION_STATUS_SPEC_INIT or the init function */
  const char *by;         /**< group columns, separated by commas; NULL: none */
  const char *weight;     /**< weight column; NULL: each unit counts 1 */
  const char *cluster;    /**< column of people for the variance; default "person_id"; "" treats units as independent */
  const char *definition; /**< name of the rule, printed with the result; default "any_employer" */
  double level;           /**< coverage, 0 < level < 1; default 0.95 */
  int32_t definitions;    /**< 1: the frame has rows of several definitions, told apart by its columns definition,
                               clock and horizon (in place of horizon_months); default 0 */
  int32_t reserved0;      /**< 0 */
} fm_retention_status_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_RETENTION_STATUS_SPEC_INIT                                                                                  \
  {                                                                                                                    \
    .struct_size = sizeof(fm_retention_status_spec), .cluster = "person_id", .definition = "any_employer",             \
    .level = 0.95                                                                                                      \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_retention_status_spec_init(fm_retention_status_spec *spec, size_t size);

/** **Creates** an empty tally. Its result has, per group and horizon_months (with definitions: per definition, group,
 *  clock and horizon), the quantities yes, no, unknown (people or units by the frame's status, unit "count"), rate
 *  (share of those with in_rate, Wilson interval; with weights or repeated people on the effective n of the cluster
 *  variance), rate_lowest, rate_highest (all unknown counted as no, as yes). n counts units, people distinct people.
 *  State: empty without units; censored for a rate with units, none of them in_rate. FM_ERR_LIMIT: the weights of a
 *  group add up to more than a double holds. Formulas: docs/methods/retention.md. */
FM_API FM_NODISCARD fm_status fm_retention_status_tally(fm_tally **out, const fm_retention_status_spec *spec,
                                                        fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_retention_status(fm_table **out, const fm_table *frame,
                                                  const fm_retention_status_spec *spec, const fm_run *run,
                                                  fm_error *err);

/** What retention.survival computes from a frame of kind "survival". */
typedef struct fm_retention_survival_spec {
  size_t struct_size;     /**< set by FM_RETENTION_SURVIVAL_SPEC_INIT or the init function */
  const char *by;         /**< group columns, separated by commas; NULL: none */
  const char *weight;     /**< weight column; NULL: each row counts 1. Greenwood takes weights as case weights */
  const char *definition; /**< name of the rule; default "any_employer" */
  double level;           /**< coverage, 0 < level < 1; default 0.95 */
  int32_t conf_type;      /**< 1 plain, 2 log, 3 log-log (default), 4 logit, 5 arcsine square root */
  int32_t curve;          /**< 1 (default): a row per time; 0: only the figures */
  const char *cluster;    /**< columns of independent units (people) for the robust variance; NULL: each row is one */
  const char *clock;      /**< "days" (default), "weeks" or "months": time_weeks, entry_weeks and so on are read */
  int32_t estimator;      /**< 1 Kaplan-Meier (default), 2 exp of minus Nelson-Aalen, 3 the same with the exits of one
                               time one after the other (Fleming-Harrington) */
  int32_t variance;   /**< 0 (default): robust with clusters, else Greenwood; 1 Greenwood; 2 robust: the infinitesimal
                           jackknife, right for sampling weights, every row is kept */
  int32_t hazard;     /**< 1: the cumulative hazard at each time too; default 0 */
  int32_t start_time; /**< curve of those still there just before this time, 1 until then; default 0: all */
  const char *quantiles; /**< shares that have left, rising; NULL: "0.25,0.5,0.75" */
  const char *times;      /**< times, rising, at which survival is given, e.g. "91,182"; NULL: none */
  int32_t rmst;          /**< 1: the restricted mean, the mean time up to tau; default 0 */
  const char *taus;      /**< times, rising, for the restricted mean; NULL: the smallest of the groups' last times */
  const char *reference;  /**< key texts, separated by commas, of the group that others are compared with at times and
                               taus, by differences and ratios; NULL: no comparison */
  const char *indicator;  /**< id printed with the result: times of waiting are curves too; default
                               "retention.survival" */
} fm_retention_survival_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_RETENTION_SURVIVAL_SPEC_INIT                                                                                \
  {                                                                                                                    \
    .struct_size = sizeof(fm_retention_survival_spec), .definition = "any_employer", .level = 0.95, .conf_type = 3,    \
    .curve = 1, .clock = "days", .estimator = 1, .indicator = "retention.survival"                                     \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_retention_survival_spec_init(fm_retention_survival_spec *spec, size_t size);

/** **Creates** an empty tally. Its result has, per group, the key column time_days (of the clock) and the quantities
 *  survival (with error and limits; unit "share"), n_risk, n_event, n_censor (unit "count") and, when asked for,
 *  cumulative_hazard at each time where something happens; median, quartile_1, quartile_3, quantile_<share> (unit: the
 *  clock's, time null) with limits (R's rule: the middle of a flat part; one not reached has state undefined);
 *  survival_at at each of times, rmst at each tau, and for each group but the reference survival_difference,
 *  survival_ratio, rmst_difference, rmst_ratio (units that are in both groups are accounted for). State censored: the
 *  horizon is after the last observation and somebody was left; the value is the last one carried forward.
 *  Notes: last_time: the longest time in the data; reference; few_at_risk: how many exit times have fewer than 5 rows
 *  at risk. Rows of weight 0 leave no trace. The frame's entry_days column may be missing: all enter at 0.
 *  FM_ERR_NOT_FOUND: no such reference group. Formulas: docs/methods/survival.md. */
FM_API FM_NODISCARD fm_status fm_retention_survival_tally(fm_tally **out, const fm_retention_survival_spec *spec,
                                                          fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_retention_survival(fm_table **out, const fm_table *frame,
                                                    const fm_retention_survival_spec *spec, const fm_run *run,
                                                    fm_error *err);

/**
 * Kaplan-Meier on whole times, for callers with plain arrays (a row is at risk at t when entry < t <= time, and at 0
 * when entry <= 0). `entry` and `weight` may be NULL. Outputs have one item per time 0 .. max_time: weighted numbers at
 * risk, events, censored, and survival with its standard error (NaN once survival is 0); any may be NULL. Rows with
 * time > max_time are censored there. The library's own memory grows with rows and distinct times, not with max_time.
 * Errors: FM_ERR_VALUE time < 0, entry >= time (but for time 0), weight negative or not finite: row in err.
 */
FM_API FM_NODISCARD fm_status fm_retention_km(double *n_risk, double *n_event, double *n_censor, double *survival,
                                              double *std_error, const int32_t *time, const uint8_t *event,
                                              const int32_t *entry, const double *weight, size_t n, int32_t max_time,
                                              const fm_run *run, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
