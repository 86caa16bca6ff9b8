/**
 * @file sdg_contribution.h
 * What a programme's own participants gained, beside the figures of the country that it cites for goals 8 and 10.
 */
#ifndef FLEXMETRICS_SDG_CONTRIBUTION_H
#define FLEXMETRICS_SDG_CONTRIBUTION_H

#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * sdg.contribution: one row a participant, with what there is of income_0 and income_1 (before and after), employed_0
 * and employed_1 (bool), hours_0 and hours_1 (a week; 0 for who is not employed). With a column `participant` (bool)
 * the rows where it is false or missing are left out and counted. The figures are of the participants alone and of
 * those of them who were under the country's line before: never the indicator of a country, and no effect. The
 * quantities are listed in docs/methods/sdg_contribution.md.
 *
 * `national` has a row for each figure that is cited: `indicator` and `quantity` (10.1.1: bottom40_line, bottom40_mean,
 * mean, growth_bottom, growth_mean, premium; 8.5.2: unemployment_rate, employment_rate), `value` (rates and growth a
 * year as shares of 1), `source`, and, as far as the figure has them, `unit` (person, per_head, equivalised ...),
 * `concept` (gross, disposable ...), `since` and `year`, `prices` ("current", or the year of fixed prices), `currency`,
 * `period_months` (12: a year's income). What the spec says of the participants' incomes must be the same, field by
 * field.
 */
typedef struct fm_sdg_contribution_spec {
  size_t struct_size;       /**< set by FM_SDG_CONTRIBUTION_SPEC_INIT or the init function */
  const char *by;           /**< group columns, separated by commas; NULL: none */
  const char *weight;       /**< weight column; NULL: each row counts 1 */
  const fm_table *national; /**< read while the tally is made; NULL: none, and what needs it is not given */
  const char *concept;      /**< of the participants' incomes, in the words of `national`; NULL: not known */
  const char *unit;         /**< whose income it is; NULL: not known */
  const char *currency;     /**< NULL: not known */
  const char *prices;       /**< "current", or the year of fixed prices; NULL: not known */
  double period_months;     /**< months that an income is of; default NaN: not known */
  double period_0;          /**< decimal year of income_0; default NaN: not known, no figure is per year */
  double period_1;          /**< of income_1, > period_0; default NaN */
  double level;             /**< of intervals; default 0.95 */
  int32_t force;            /**< 1: figures that differ in kind are shown, and a note says how; default 0 */
  int32_t reserved0;        /**< 0 */
} fm_sdg_contribution_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_SDG_CONTRIBUTION_SPEC_INIT                                                                                  \
  {                                                                                                                    \
    .struct_size = sizeof(fm_sdg_contribution_spec), .period_months = FM_NAN, .period_0 = FM_NAN, .period_1 = FM_NAN,  \
    .level = 0.95                                                                                                      \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_sdg_contribution_spec_init(fm_sdg_contribution_spec *spec, size_t size);
/**
 * **Creates** an empty tally. Errors: FM_ERR_ARGUMENT a field outside its range; FM_ERR_NOT_FOUND, FM_ERR_VALUE, with
 * row and column, `national`: a column that is not there, a figure that is not known, given twice, without a source or
 * out of its range. Adding: FM_ERR_NOT_FOUND no column that it reads; FM_ERR_VALUE, with row and column, an income or
 * weight that is not finite, hours out of 0 to 168, employed neither 0 nor 1. The result: FM_ERR_VALUE when a cited
 * figure differs in kind from the participants' incomes, unless `force`; the message names the field and both values.
 */
FM_API FM_NODISCARD fm_status fm_sdg_contribution_tally(fm_tally **out, const fm_sdg_contribution_spec *spec,
                                                        fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_sdg_contribution(fm_table **out, const fm_table *frame,
                                                  const fm_sdg_contribution_spec *spec, const fm_run *run,
                                                  fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
