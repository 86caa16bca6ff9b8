/**
 * @file sdg_totals.h
 * Indicators of goals 8 and 10 that need a few totals of a country or region, not people.
 */
#ifndef FLEXMETRICS_SDG_TOTALS_H
#define FLEXMETRICS_SDG_TOTALS_H

#include "flexmetrics/income_spell.h"
#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * sdg.totals: a row for each period, with a column `period` (decimal year) and the totals that the indicator names:
 *
 * | indicator | columns | figures |
 * |---|---|---|
 * | 8.1.1 | gdp (constant prices), population | growth_per_head |
 * | 8.2.1 | gdp (constant prices), employed | growth_per_employed |
 * | 8.9.1 | tourism_gdp, gdp | tourism_share, tourism_growth |
 * | 8.10.1 | adults, and branches, machines or both | branches, machines per 100,000 adults |
 * | 10.1.1 | bottom_mean, mean (same prices) | growth_bottom, growth_mean, growth_premium a year |
 * | 10.4.1 | gdp, compensation, and for the first figure self_employed_income | labour_share, unadjusted_labour_share |
 * | 10.4.2 | gini_prefiscal, gini_disposable, gini_consumable, 0 to 1 | redistribution_disposable, _consumable |
 * | 10.7.4 | refugees, population of the country of origin | refugees per 100,000 |
 *
 * Shares and growth are of 1, not per cent. Growth is from the year before; when the data lack it the figure is
 * "not_given". 10.1.1 takes the two surveys that the rule of income_spell.h chooses, and is "not_given" where no two
 * fit. Key columns: those of `by`, `since` and `period`. A total that is missing makes its figures "not_given", one
 * of 0 below a line "undefined". There is no sampling error.
 */
typedef struct fm_sdg_totals_spec {
  size_t struct_size;                /**< set by FM_SDG_TOTALS_SPEC_INIT or the init function */
  const char *indicator;             /**< a number of the table above; there is no default */
  const char *period;                /**< column of the period; default "period" */
  const char *by;                    /**< columns that tell countries or regions apart, separated by commas; NULL */
  const fm_income_spell_spec *spell; /**< for 10.1.1; NULL: the defaults */
} fm_sdg_totals_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_SDG_TOTALS_SPEC_INIT                                                                                        \
  {                                                                                                                    \
    .struct_size = sizeof(fm_sdg_totals_spec), .period = "period"                                                      \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_sdg_totals_spec_init(fm_sdg_totals_spec *spec, size_t size);
/**
 * **Creates** an empty tally; it keeps the rows. Errors: FM_ERR_ARGUMENT an indicator that is not of the table. Adding:
 * FM_ERR_NOT_FOUND a column, FM_ERR_VALUE a missing period, a total that is not finite, below 0, or a Gini
 * above 1. The result:
 * FM_ERR_VALUE two rows of one period.
 */
FM_API FM_NODISCARD fm_status fm_sdg_totals_tally(fm_tally **out, const fm_sdg_totals_spec *spec, fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_sdg_totals(fm_table **out, const fm_table *frame, const fm_sdg_totals_spec *spec,
                                            const fm_run *run, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
