/**
 * @file income.h
 * Income distribution: the bottom 40 per cent, its share, and its growth between two periods.
 */
#ifndef FLEXMETRICS_INCOME_H
#define FLEXMETRICS_INCOME_H

#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What income.bottom40 computes from a frame of kind "incomes": one row a person, columns income_0, income_1 (f64),
 * and, where the spec or the data have them, weight columns (f64), participant (bool) and group columns. Each group
 * has its own bottom. A missing income leaves its period and is counted; weight 0 leaves no trace; losses are kept.
 * Adding: FM_ERR_VALUE an income that is not finite, a weight that is negative, not finite, or missing beside an
 * income.
 */
typedef struct fm_income_bottom40_spec {
  size_t struct_size;      /**< set by FM_INCOME_BOTTOM40_SPEC_INIT or the init function */
  const char *by;          /**< group columns, separated by commas; NULL: none */
  const char *weight;      /**< "weight": columns weight_0 and weight_1 are used (any name, with _0 and _1); NULL: each
                                person counts 1 */
  double p_share;          /**< the bottom share, 0 < p < 1; default 0.4 */
  double period_0;         /**< first period, decimal year (SDG 10.1.1 takes real years); default NaN: growth is not
                                annualised */
  double period_1;         /**< second period, decimal year, > period_0; default NaN */
  double line;             /**< external cut: the panel takes income_0 < line instead of the internal bottom share;
                                default NaN: internal. The ranking by the mean then takes as large a share of the
                                people */
  int32_t population;      /**< 1: the file covers the population, so that shares of its gain may be given; default 0 */
  int32_t reserved0;       /**< 0 */
} fm_income_bottom40_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_INCOME_BOTTOM40_SPEC_INIT { .struct_size = sizeof(fm_income_bottom40_spec), .p_share = 0.4, \
                                       .period_0 = FM_NAN, .period_1 = FM_NAN, .line = FM_NAN }
#endif
/** Does what the INIT macro does. */
FM_API void fm_income_bottom40_spec_init(fm_income_bottom40_spec *spec, size_t size);

/**
 * **Creates** an empty tally; the quantities are listed in docs/methods/income.md. It keeps 48 bytes a row it was given
 * (rows with the same cells once, after saving) and no frame; making a result takes 40 bytes a row more, saving 80 and
 * twice the saved bytes.
 * Errors: FM_ERR_ARGUMENT a field of the spec outside its range.
 */
FM_API FM_NODISCARD fm_status fm_income_bottom40_tally(fm_tally **out, const fm_income_bottom40_spec *spec,
                                                       fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_income_bottom40(fm_table **out, const fm_table *frame,
                                                 const fm_income_bottom40_spec *spec, const fm_run *run,
                                                 fm_error *err);

/**
 * Mean and share of the bottom `p_share` of `n` incomes by the generalised Lorenz curve; the group of equal incomes at
 * the cut is split by weight. `w` NULL: all 1. Any output may be NULL. Nothing there (n = 0 or total weight 0): NaN.
 * `*share` is NaN when the total is 0 or negative. Errors: FM_ERR_VALUE income not finite, weight negative or not
 * finite (row in err); FM_ERR_ARGUMENT p_share outside (0, 1); FM_ERR_LIMIT a sum of weights or of weighted incomes
 * beyond the range of doubles. After an error the outputs are NaN. Extra memory: at most 24 bytes a row.
 */
FM_API FM_NODISCARD fm_status fm_income_bottom(double *mean, double *share, double *cut, const double *x,
                                               const double *w, size_t n, double p_share, const fm_run *run,
                                               fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
