/**
 * @file target_charts.h
 * Control charts: is a series of counts, rates or values steady, and can it be counted on to reach a target?
 */
#ifndef FLEXMETRICS_TARGET_CHARTS_H
#define FLEXMETRICS_TARGET_CHARTS_H

#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Charts by name. */
enum {
  FM_TARGET_XMR = 0, /**< values: mean and moving ranges */
  FM_TARGET_C = 1,   /**< counts: Poisson */
  FM_TARGET_U = 2    /**< counts on an exposure that may change, such as a caseload: Poisson */
};

/** Signals of a point, added up. */
enum {
  FM_TARGET_ABOVE = 1,       /**< above the upper limit */
  FM_TARGET_BELOW = 2,       /**< below the lower limit */
  FM_TARGET_RUN_ABOVE = 4,   /**< one of a run of points above the centre */
  FM_TARGET_RUN_BELOW = 8,   /**< one of a run below it */
  FM_TARGET_RISING = 16,     /**< one of a row of points each above the one before */
  FM_TARGET_FALLING = 32,    /**< one of a row each below the one before */
  FM_TARGET_NEAR_UPPER = 64, /**< one of 2 in 3 in the outer third of the way to the upper limit, or beyond it */
  FM_TARGET_NEAR_LOWER = 128 /**< the same towards the lower limit */
};

/** Limits of an XmR or c chart. NaN: no such figure. */
typedef struct fm_target_limits {
  size_t struct_size;        /**< set by the caller to sizeof(fm_target_limits) */
  double centre;             /**< mean */
  double lower;              /**< centre - 2.66 mean moving range, or - 3 square roots of it; may be below 0 */
  double upper;              /**< the same added */
  double mean_moving_range;  /**< XmR: mean of |x(i) - x(i - 1)| */
  double moving_range_limit; /**< XmR: 3.267 times that */
  double exact_lower;        /**< c: least count c with P(X <= c) >= 0.00135 for a Poisson X of mean `centre` */
  double exact_upper;        /**< c: least count c with P(X <= c) >= 0.99865 */
  int64_t n;                 /**< values known */
  int64_t n_ranges;          /**< XmR: moving ranges in the mean */
  int64_t n_screened;        /**< XmR: moving ranges left out as too large */
} fm_target_limits;

/**
 * Limits of an XmR chart of `n` values in their order; NaN is a gap, over which there is no moving range. `screened`
 * not 0: moving ranges above 3.267 times their mean are left out of it, once. Without a moving range all but the centre
 * is NaN. Errors: FM_ERR_ARGUMENT an infinite value.
 */
FM_API FM_NODISCARD fm_status fm_target_xmr_limits(fm_target_limits *out, const double *x, size_t n, int32_t screened,
                                                   fm_error *err);
/** Limits of a c chart. Errors: FM_ERR_ARGUMENT a value other than a whole number from 0 to 1e9, or NaN. */
FM_API FM_NODISCARD fm_status fm_target_c_limits(fm_target_limits *out, const double *count, size_t n, fm_error *err);
/**
 * Limits of a u chart by period: `*centre` is all counts over all exposures, the limits are *centre -+ 3
 * sqrt(*centre / exposure), or, `exact` not 0, counts as in fm_target_limits over the exposure. Where a count is NaN
 * its exposure is left out of the centre; where an exposure is NaN the limits are. Errors as for counts;
 * FM_ERR_ARGUMENT an exposure of 0 or below, or none for a count.
 */
FM_API FM_NODISCARD fm_status fm_target_u_limits(double *centre, double *lower, double *upper, const double *count,
                                                 const double *exposure, size_t n, int32_t exact, fm_error *err);

/** When points are a signal; 0 in a field: that rule is not used. */
typedef struct fm_target_signal_rules {
  size_t struct_size; /**< set by FM_TARGET_SIGNAL_RULES_INIT or the init function */
  int32_t run;        /**< points on one side of the centre; default 7 */
  int32_t trend;      /**< points rising or falling; default 7 */
  int32_t near_limit; /**< points near a limit ... default 2 */
  int32_t near_of;    /**< ... of so many; default 3 */
} fm_target_signal_rules;
#ifndef __cplusplus
/** Initial value. */
#define FM_TARGET_SIGNAL_RULES_INIT                                                                                    \
  {                                                                                                                    \
    .struct_size = sizeof(fm_target_signal_rules), .run = 7, .trend = 7, .near_limit = 2, .near_of = 3                 \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_target_signal_rules_init(fm_target_signal_rules *rules, size_t size);

/**
 * Signals of `n` points, the sum of FM_TARGET_ABOVE and so on for each. Every point of a run, a row or of those near a
 * limit is marked. A point on the centre ends a run, equal neighbours end a row, and NaN ends both. `rules` NULL: the
 * defaults. Errors: FM_ERR_ARGUMENT a rule below 0 or near_limit above near_of.
 */
FM_API FM_NODISCARD fm_status fm_target_signals(int32_t *out, const double *x, const double *centre,
                                                const double *lower, const double *upper, size_t n,
                                                const fm_target_signal_rules *rules, fm_error *err);

/**
 * target.charts: one row a period of a series. Key columns: those of `by`, `period` (null: the series).
 *
 * By period: `measured`, `centre`, `lower_limit`, `upper_limit`, `moving_range` (XmR), and the signals `outside`,
 * `run`, `trend`, `near_limit`: 1 up, -1 down, 0 none. Of the series: `centre`, `mean_moving_range`,
 * `moving_range_limit`, `screened_ranges`, `lower_limit`, `upper_limit`, `exact_lower_limit`, `exact_upper_limit` (c),
 * `periods_outside`, `longest_run_above`, `longest_run_below`, and with a target `target` and `assurance`: 1 pass, 0
 * hit and miss, -1 fail.
 */
typedef struct fm_target_charts_spec {
  size_t struct_size;    /**< set by FM_TARGET_CHARTS_SPEC_INIT or the init function */
  const char *period;    /**< column of periods: text, whole numbers or dates; digits in them are ordered as
                              numbers; default "period" */
  const char *value;     /**< column of values or counts; default "value" */
  const char *exposure;  /**< u: column of exposures; default "exposure" */
  const char *by;        /**< columns that tell series apart; NULL: one series */
  int32_t chart;         /**< FM_TARGET_XMR (default) ... */
  int32_t screened;      /**< XmR: not 0: moving ranges above 3.267 times their mean left out once */
  int32_t exact;         /**< c, u: not 0: exact Poisson limits in place of normal ones */
  int32_t floor;         /**< XmR: not 0: a lower limit below 0 is shown as 0, as always for counts */
  int32_t n_preliminary; /**< last periods that are preliminary: not in the limits, no signals; default 0 */
  int32_t n_baseline;    /**< the limits are those of the first so many periods; 0 (default): of all */
  int32_t run;           /**< as in fm_target_signal_rules, and so on */
  int32_t trend;
  int32_t near_limit;
  int32_t near_of;
  int32_t fewer_is_better; /**< not 0: a value below the target passes */
  int32_t reserved0;       /**< 0 */
  double target;           /**< to be reached every period; NaN (default): none */
} fm_target_charts_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_TARGET_CHARTS_SPEC_INIT                                                                                     \
  {                                                                                                                    \
    .struct_size = sizeof(fm_target_charts_spec), .period = "period", .value = "value", .exposure = "exposure",        \
    .run = 7, .trend = 7, .near_limit = 2, .near_of = 3, .target = FM_NAN                                              \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_target_charts_spec_init(fm_target_charts_spec *spec, size_t size);
/**
 * **Creates** an empty tally; it keeps every row. Errors: FM_ERR_ARGUMENT a chart or a rule outside its range. Adding:
 * FM_ERR_NOT_FOUND, FM_ERR_TYPE a column; FM_ERR_VALUE a count below 0 or not whole, an exposure of 0 or below or none
 * for a count, no period. The result: FM_ERR_VALUE two rows for one period of a series
 * that differ (a row given twice is one).
 */
FM_API FM_NODISCARD fm_status fm_target_charts_tally(fm_tally **out, const fm_target_charts_spec *spec, fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_target_charts(fm_table **out, const fm_table *frame, const fm_target_charts_spec *spec,
                                               const fm_run *run, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
