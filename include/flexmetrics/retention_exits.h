/**
 * @file retention_exits.h
 * Exits by reason: cumulative incidence, and Gray's test of it between groups.
 *
 * One minus a survival curve of one kind of exit is not the share that leaves that way: it counts those who left for
 * another reason as if they could still leave for this one. docs/methods/exits.md has the formulas.
 */
#ifndef FLEXMETRICS_RETENTION_EXITS_H
#define FLEXMETRICS_RETENTION_EXITS_H

#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Variance of a cumulative incidence. */
enum {
  FM_RETENTION_GREENWOOD = 1, /**< Greenwood's form: exits at one time are multinomial */
  FM_RETENTION_AALEN = 2      /**< Aalen's form: exits of each cause vary independently; takes no weights */
};

/**
 * Cumulative incidence (Aalen-Johansen) on whole times, for callers with plain arrays. A row is at risk at t when entry
 * < t <= time, and at 0 when entry <= 0; `cause` is 0 for a row still going on, else 1 .. n_causes. `entry` and
 * `weight` may be NULL; weights are case weights, rows of weight 0 leave no trace. All causes of one time leave from
 * the same number at risk, so that their order does not matter.
 *
 * Outputs, any may be NULL, for times t = 0 .. max_time: survival[t] and survival_error[t]; for causes c = 0 ..
 * n_causes
 * - 1 incidence[t * n_causes + c] and incidence_error likewise. Rows with time > max_time are censored there. After the
 * longest time in the data the values are those of that time.
 * Errors: FM_ERR_VALUE time < 0, entry >= time (but for time 0), weight negative or not finite, a cause beyond
 * n_causes: row in err. FM_ERR_ARGUMENT: n_causes not 1 .. 254, Aalen's variance with weights.
 */
FM_API FM_NODISCARD fm_status fm_retention_incidence(double *survival, double *survival_error, double *incidence,
                                                     double *incidence_error, const int32_t *time, const uint8_t *cause,
                                                     const int32_t *entry, const double *weight, size_t n,
                                                     int32_t n_causes, int32_t max_time, int32_t variance,
                                                     const fm_run *run, fm_error *err);

/**
 * Gray's test of each cause between groups, for callers with plain arrays as for fm_retention_incidence. `group` has
 * numbers 0 .. n_groups - 1, `stratum` (may be NULL) 0 .. n_strata - 1; groups are compared within strata. `rho`: a
 * time counts (1 - F)^rho, F the pooled incidence before it; 0 is the usual test. Rows cannot be weighted.
 *
 * Outputs have one item per cause; any may be NULL. A test in which nothing can vary (no exit of the cause, one group
 * with people) has statistic and p_value NaN and df 0.
 * Errors: as above; FM_ERR_VALUE a group or stratum beyond its number; FM_ERR_LIMIT more than 64 groups.
 */
FM_API FM_NODISCARD fm_status fm_retention_gray_test(double *statistic, int32_t *df, double *p_value,
                                                     const int32_t *time, const uint8_t *cause, const int32_t *entry,
                                                     const uint32_t *group, const uint32_t *stratum, size_t n,
                                                     int32_t n_causes, int32_t n_groups, int32_t n_strata, double rho,
                                                     const fm_run *run, fm_error *err);

/** What retention.cumulative_incidence computes from a frame of kind "survival" with its column cause. */
typedef struct fm_retention_cumulative_incidence_spec {
  size_t struct_size;     /**< set by the INIT macro or the init function */
  const char *by;         /**< group columns, separated by commas; NULL: none */
  const char *weight;     /**< weight column; NULL: each row counts 1. Without cluster they are case weights */
  const char *cluster;    /**< column of independent units: errors by the infinitesimal jackknife; NULL: none */
  const char *definition; /**< name of the rule; default "any_employer" */
  const char *clock;      /**< "days" (default), "weeks" or "months": columns time_days and entry_days, or so on */
  const char *times;      /**< times in the clock's unit to report alone, such as "91,182,365"; NULL: none */
  const char *reference;  /**< with times: value of the one by column that others are compared with; NULL: none */
  double level;           /**< coverage, 0 < level < 1; default 0.95 */
  int32_t conf_type;      /**< 1 plain, 2 log, 3 log-log (default), 4 logit, 5 arcsine square root */
  int32_t variance;       /**< FM_RETENTION_GREENWOOD (default) or FM_RETENTION_AALEN (no weight, no cluster) */
  int32_t curve;          /**< 1 (default): a row per time; 0: only the times */
} fm_retention_cumulative_incidence_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_RETENTION_CUMULATIVE_INCIDENCE_SPEC_INIT                                                                    \
  {                                                                                                                    \
    .struct_size = sizeof(fm_retention_cumulative_incidence_spec), .definition = "any_employer", .clock = "days",      \
    .level = 0.95, .conf_type = 3, .variance = 1, .curve = 1                                                           \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_retention_cumulative_incidence_spec_init(fm_retention_cumulative_incidence_spec *spec, size_t size);

/** **Creates** an empty tally. Its frame has time_<clock> (i32), cause (text; missing or empty: still going on) and may
 *  have entry_<clock> (i32). Its result has, per group, the key columns time_<clock> and cause and at each time where
 *  something happens the quantities survival, n_risk, n_censor (cause null) and for each cause cumulative_incidence and
 *  n_event; at each of times survival_at, cumulative_incidence_at, and incidence_difference (group less reference,
 * limits plain). Of times after the longest time, while some have not left, the state is censored, without a value; a
 * group without rows is empty. FM_ERR_NOT_FOUND on the result: the reference is no group. */
FM_API FM_NODISCARD fm_status fm_retention_cumulative_incidence_tally(
    fm_tally **out, const fm_retention_cumulative_incidence_spec *spec, fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_retention_cumulative_incidence(fm_table **out, const fm_table *frame,
                                                                const fm_retention_cumulative_incidence_spec *spec,
                                                                const fm_run *run, fm_error *err);

/** What retention.gray computes from a frame of kind "survival" with its column cause. */
typedef struct fm_retention_gray_spec {
  size_t struct_size;     /**< set by the INIT macro or the init function */
  const char *by;         /**< columns of the groups to compare, separated by commas; NULL: one, nothing to compare */
  const char *strata;     /**< columns within which groups are compared; NULL: none */
  const char *definition; /**< name of the rule; default "any_employer" */
  const char *clock;      /**< "days" (default), "weeks" or "months" */
  double rho;             /**< weight (1 - F)^rho; default 0 */
} fm_retention_gray_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_RETENTION_GRAY_SPEC_INIT                                                                                    \
  {                                                                                                                    \
    .struct_size = sizeof(fm_retention_gray_spec), .definition = "any_employer", .clock = "days"                       \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_retention_gray_spec_init(fm_retention_gray_spec *spec, size_t size);

/** **Creates** an empty tally. Its result has per cause the quantities gray_statistic, gray_df, gray_p_value; n is the
 *  number of exits of the cause. State undefined where nothing can vary: fewer than two groups with people at an exit
 * of the cause; empty without rows. FM_ERR_LIMIT on the result: more than 64 groups. */
FM_API FM_NODISCARD fm_status fm_retention_gray_tally(fm_tally **out, const fm_retention_gray_spec *spec,
                                                      fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_retention_gray(fm_table **out, const fm_table *frame,
                                                const fm_retention_gray_spec *spec, const fm_run *run, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
