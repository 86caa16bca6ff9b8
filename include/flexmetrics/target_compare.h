/**
 * @file target_compare.h
 * Are they really better? Municipalities or other units compared by their counts, with what chance alone would do.
 */
#ifndef FLEXMETRICS_TARGET_COMPARE_H
#define FLEXMETRICS_TARGET_COMPARE_H

#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What is compared. */
enum {
  FM_TARGET_RATE = 0, /**< counts on an exposure, such as places a person-year: Poisson, gamma between units */
  FM_TARGET_SHARE = 1 /**< counts of so many people: binomial, beta between units */
};

/**
 * target.compare: rows of units; rows of one unit add up. Key columns: those of `by`, `unit_id` (null: all
 * units).
 *
 * By unit: `rate` (exact interval); `funnel_inner` and `funnel_outer`: the reference, and the limits
 * that these shares of units like it with this exposure lie within (exact); `funnel_position`: 0 inside, 1 or
 * -1 beyond the inner and 2 or -2 beyond the outer limits; from `least_units` units on, by empirical Bayes, `shrunk`
 * (posterior mean, interval, standard deviation), `probability_better` (than the reference),
 * `probability_better_than_median` unit, `probability_better_than_unit` (with `reference`), and `rank` (mean and
 * interval; 1 is the best): below it their state is too_few_units, where units differ no more than chance has them
 * differ, no_spread.
 *
 * With `expected`, or `strata` alone, which give expected counts at the rates of all units together (indirect
 * standardisation): `expected` and `ratio` (count over expected, exact interval); funnel, shrunk, probabilities and
 * ranks are of ratios then. With `strata` also `standardised` (direct standardisation to all units' exposures, or those
 * of the unit `reference`).
 *
 * Of all units: `pooled` (rate or ratio, exact interval: never a mean of units' rates), `reference`, `units`,
 * `dispersion` (Pearson's chi square over its degrees of freedom), `between_units` (standard deviation of true rates).
 */
typedef struct fm_target_compare_spec {
  size_t struct_size;      /**< set by FM_TARGET_COMPARE_SPEC_INIT or the init function */
  const char *unit;        /**< columns that tell units apart; default "unit" */
  const char *count;       /**< column of counts; default "count" */
  const char *exposure;    /**< column of exposures or people; default "exposure" */
  const char *expected;    /**< column of counts expected from the case mix; NULL: none */
  const char *strata;      /**< columns such as age and sex, for standardisation; NULL: none */
  const char *by;          /**< columns of separate comparisons; NULL: one */
  const char *reference;   /**< a unit the others are compared with, its keys separated by commas; NULL: none */
  int32_t kind;            /**< FM_TARGET_RATE (default) or FM_TARGET_SHARE */
  int32_t fewer_is_better; /**< not 0: the lowest rate is the best */
  int32_t least_units;     /**< below so many units nothing is shrunk or ranked; default 10, at least 3 */
  int32_t reserved0;       /**< 0 */
  double reference_rate;   /**< reference of funnel and probability_better, a rate or with a case mix a ratio; NaN
                                (default): that of all units together */
  double level;            /**< of intervals; default 0.95 */
  double funnel_inner;     /**< default 0.95 */
  double funnel_outer;     /**< default 0.998 */
} fm_target_compare_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_TARGET_COMPARE_SPEC_INIT                                                                                    \
  {                                                                                                                    \
    .struct_size = sizeof(fm_target_compare_spec), .unit = "unit", .count = "count", .exposure = "exposure",           \
    .least_units = 10, .reference_rate = FM_NAN, .level = 0.95, .funnel_inner = 0.95, .funnel_outer = 0.998            \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_target_compare_spec_init(fm_target_compare_spec *spec, size_t size);
/**
 * **Creates** an empty tally; it keeps the rows. Errors: FM_ERR_ARGUMENT a value outside its range. Adding:
 * FM_ERR_NOT_FOUND, FM_ERR_TYPE a column; FM_ERR_VALUE no unit, a count below 0 or not whole, an exposure below 0, 0 or
 * less than the count (shares) for a count, nothing expected for a count. The result: FM_ERR_NOT_FOUND no row of the
 * reference unit; FM_ERR_LIMIT a unit's counts are above 1e9 in all.
 */
FM_API FM_NODISCARD fm_status fm_target_compare_tally(fm_tally **out, const fm_target_compare_spec *spec,
                                                      fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_target_compare(fm_table **out, const fm_table *frame,
                                                const fm_target_compare_spec *spec, const fm_run *run, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
