/**
 * @file economy_return.h
 * Social return on investment: what outcomes are worth beside what was put in.
 */
#ifndef FLEXMETRICS_ECONOMY_RETURN_H
#define FLEXMETRICS_ECONOMY_RETURN_H

#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One outcome of an impact map. */
typedef struct fm_economy_outcome {
  double quantity;     /**< how many had it */
  double value;        /**< worth of one, a year */
  double deadweight;   /**< share that would have come anyway, 0 to 1 */
  double displacement; /**< share that took the place of others' */
  double attribution;  /**< share owed to others */
  double drop_off;     /**< share lost from each year to the next */
  int64_t years;       /**< how long it lasts, 1 to 100 */
  int64_t first_year;  /**< year of its first value, from 1, to 100 */
} fm_economy_outcome;

/** What follows from all of them. */
typedef struct fm_economy_return {
  size_t struct_size;   /**< set by the caller to sizeof(fm_economy_return) */
  double present_value; /**< of all outcomes; year 1 discounted once */
  double inputs;        /**< present value; year 0 not discounted */
  double net;           /**< present_value - inputs */
  double ratio;         /**< present_value / inputs */
  double net_ratio;     /**< net / inputs */
  double payback_year;  /**< first year by whose end the inputs are covered; NaN: never */
  double payback_years; /**< the same, linear inside the year */
  double break_even;    /**< common deadweight at which the ratio is 1; NaN: even without any it is below 1 */
  double ratio_low;     /**< ratio with every deadweight x 1.2, at most 1 */
  double ratio_high;    /**< ratio with every deadweight x 0.8 */
} fm_economy_return;

/** Fills `out` and, where they are not NULL, `impact` (of each outcome in its first year, n), `undiscounted` and
 *  `present` (of years 1 to n_years). `rate` is that of each year, 0 or above, below 1. FM_ERR_ARGUMENT a number
 *  outside its range, no outcome, inputs not above 0 in all, n_years below the last year of an outcome (0 when
 *  both are NULL). */
FM_API FM_NODISCARD fm_status fm_economy_return_of(fm_economy_return *out, double *impact, double *undiscounted,
                                                   double *present, size_t n_years, const fm_economy_outcome *outcomes,
                                                   size_t n, const double *inputs, size_t n_inputs, double rate,
                                                   fm_error *err);

/**
 * economy.social_return: an impact map, one outcome a row.
 *
 * Columns: outcome (text; rows of one outcome add up), quantity, value; if they are there: deadweight, displacement,
 * attribution, drop_off (0 to 1; missing: 0), years (missing: 1), first_year (missing: 1). Keys: the columns of `by`,
 * `outcome` (null: all), `year` (null: all), `case` (null: as given; "deadweight x 0.8", "deadweight x 1.2").
 * Quantities: impact, and by outcome and year year_value and present_value; in all present_value, inputs, net, ratio,
 * net_ratio, payback_years, break_even.
 */
typedef struct fm_economy_social_return_spec {
  size_t struct_size; /**< set by the INIT macro or the init function */
  const char *by;     /**< columns of separate maps; NULL: one. All have the same inputs */
  const char *inputs; /**< what was put in, by year from year 0, numbers separated by commas; there is no default */
  double rate;        /**< of discounting; default 0.035 */
} fm_economy_social_return_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_ECONOMY_SOCIAL_RETURN_SPEC_INIT                                                                             \
  {                                                                                                                    \
    .struct_size = sizeof(fm_economy_social_return_spec), .rate = 0.035                                                \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_economy_social_return_spec_init(fm_economy_social_return_spec *spec, size_t size);
/** **Creates** an empty tally; it keeps every row. FM_ERR_ARGUMENT no inputs, a rate outside 0 to 1. Adding:
 *  FM_ERR_VALUE with row and column. */
FM_API FM_NODISCARD fm_status fm_economy_social_return_tally(fm_tally **out, const fm_economy_social_return_spec *spec,
                                                             fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_economy_social_return(fm_table **out, const fm_table *frame,
                                                       const fm_economy_social_return_spec *spec, const fm_run *run,
                                                       fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
