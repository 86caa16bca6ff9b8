/**
 * @file income_change.h
 * Incomes of two periods: change of any measure, growth incidence, pro-poor growth, mobility.
 *
 * Frames have one row a person (or household) and period: an income column, a column `period` (a number, decimal year),
 * and, where the spec names them, a weight, the id of the person, group columns and the columns of the design. At most
 * two periods are compared: those of the spec, or the first and the last in the data; rows of other periods are
 * counted and left out. docs/methods/income_change.md defines every quantity.
 */
#ifndef FLEXMETRICS_INCOME_CHANGE_H
#define FLEXMETRICS_INCOME_CHANGE_H

#include "flexmetrics/income_distribution.h"
#include "flexmetrics/income_spell.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What the samples of the two periods have in common: the covariance in the error of a change. */
enum {
  FM_INCOME_OVERLAP_INDEPENDENT = 0, /**< nothing: the periods are strata of one design (default) */
  FM_INCOME_OVERLAP_UNITS = 1,       /**< primary units: the same stratum and unit ids in both periods are the same
                                          unit, whose influences on both periods are added up; with replicate weights,
                                          replicate r of both periods belongs together */
  FM_INCOME_OVERLAP_PERSONS = 2      /**< people: the same `person` in both periods is one unit; the design names no
                                          psu */
};

/**
 * income.change: any measures in two periods, and how they changed. Key columns: those of `by`, `parameter` (as in
 * income.distribution), `comparison`: "first" and "last" (the measure in each), "difference", "relative_change"
 * (last / first - 1, where first > 0), and for measures in money "annual_growth", (last / first)^(1 / years) - 1; df.
 * Besides the measures of income.distribution there are growth_bottom(p), growth_mean and growth_premium(p), their
 * difference: SDG 10.1.1. Each period has its own bottom: the people need not be the same.
 */
typedef struct fm_income_change_spec {
  size_t struct_size;    /**< set by FM_INCOME_CHANGE_SPEC_INIT or the init function */
  const char *income;    /**< income column; default "income" */
  const char *period;    /**< period column; default "period" */
  const char *weight;    /**< weight column; NULL: each row counts 1 */
  const char *person;    /**< column with the id of the person, for FM_INCOME_OVERLAP_PERSONS; NULL */
  const char *by;        /**< group columns, separated by commas; NULL: none. Each group is a domain of one design */
  const char *first_row; /**< bool column: rows where it is false give a person in a further group: they count there,
                              not in the whole nor for the national line; NULL */
  const char *measures; /**< NULL: growth_bottom(0.4), growth_mean, growth_premium(0.4), bottom_mean(0.4), mean, gini */
  const fm_income_rules *rules;        /**< NULL: defaults; the line of each period is its own unless absolute */
  const fm_survey_design_spec *design; /**< NULL: rows drawn independently */
  double period_0;                     /**< first period; default NaN: the first in the data */
  double period_1;                     /**< last period; default NaN: the last in the data */
  double deflator_0;                   /**< incomes of the first period are divided by this (price index); default 1 */
  double deflator_1;                   /**< the same for the last period; default 1 */
  double ppp;                          /**< all incomes are divided by this (purchasing power parity); default 1 */
  double level;                        /**< of intervals; default 0.95 */
  int32_t overlap;                     /**< FM_INCOME_OVERLAP_INDEPENDENT (default) ... */
  int32_t reserved0;                   /**< 0 */
  const fm_income_spell_spec *spell; /**< the rule that chooses the two periods among those of the data, which then take
                                          no deflators; NULL: none */
} fm_income_change_spec;

/**
 * income.incidence: who gained from growth. Key columns: those of `by`, `percentile` (upper end, 0 to 1),
 * `parameter`, `band_low` and `band_high` (a band that holds for all points of the curve at once), df. Quantities:
 * quantile_growth and slice_growth, the anonymous curve of quantiles and of the means of equal slices; with `person`,
 * panel_slice_growth, the same people in slices by their first income; mean_growth; by the poverty line, which stays
 * that of the first period (poverty_line): pro_poor_growth (Ravallion and Chen), and for FGT 0, 1, 2 and Watts as
 * `parameter` ("fgt0", "fgt1", "fgt2", "watts") poverty_0, poverty_1, poverty_change, its parts growth_component,
 * redistribution_component, residual (Datt and Ravallion) and shapley_growth, shapley_redistribution, pro_poor_index
 * (Kakwani and Pernia) and poverty_equivalent_growth (Kakwani and Son).
 */
typedef struct fm_income_incidence_spec {
  size_t struct_size;                  /**< set by FM_INCOME_INCIDENCE_SPEC_INIT or the init function */
  const char *income;                  /**< income column; default "income" */
  const char *period;                  /**< period column; default "period" */
  const char *weight;                  /**< weight column; NULL: each row counts 1 */
  const char *person;                  /**< column with the id of the person: gives the panel curve too; NULL */
  const char *by;                      /**< group columns; NULL. A person's group is that of the first period */
  const char *first_row;               /**< as in fm_income_change_spec; NULL */
  const fm_income_rules *rules;        /**< NULL: defaults. The poverty line is anchored in the first period */
  const fm_survey_design_spec *design; /**< NULL: rows drawn independently */
  double period_0;                     /**< as in fm_income_change_spec, like all fields to `level` */
  double period_1;                     /**< default NaN */
  double deflator_0;                   /**< default 1 */
  double deflator_1;                   /**< default 1 */
  double ppp;                          /**< default 1 */
  double level;                        /**< of intervals and bands; default 0.95 */
  int32_t overlap;                     /**< FM_INCOME_OVERLAP_INDEPENDENT (default) ... */
  int32_t n_points;                    /**< slices of the curve, 2 to 1000; default 20 */
  int32_t total;                       /**< 1: growth in all instead of per year; default 0 */
  int32_t curve_only;                  /**< 1: without the figures on poverty; default 0 */
} fm_income_incidence_spec;

/**
 * income.mobility: the same people in both periods. Key columns: those of `by`, `from`, `to` (classes, 1 the
 * poorest), `parameter` (a covariate), df. Quantities: transition (share of class `from` that ends in class `to`),
 * shorrocks, rank_correlation, rank_change (mean of |change of the rank, 0 to 1|), class_rank_change (mean change of
 * the rank by first class), bottom_stayed, bottom_left, bottom_entered (share of those above in the first period who
 * ended in the bottom); matched_0, matched_1 and matched_weight_0, matched_weight_1 (people of each period who are in
 * both, as shares of people and of weight); leaver_difference and leaver_difference_standardised (those who left
 * minus those who stayed, in the first income and in each covariate). Classes and ranks are taken among the people in
 * both periods; a group of equal incomes at a cut is split by weight.
 */
typedef struct fm_income_mobility_spec {
  size_t struct_size;       /**< set by FM_INCOME_MOBILITY_SPEC_INIT or the init function */
  const char *income;       /**< income column; default "income" */
  const char *period;       /**< period column; default "period" */
  const char *weight;       /**< weight column: the weight of the first period is used; NULL: each row counts 1 */
  const char *person;       /**< column with the id of the person; default "person_id" */
  const char *longitudinal; /**< weight column for people in both periods, read on the row of the last one; NULL */
  const char *attrition;    /**< factor of the first weight for people in both periods, such as one over the chance to
                                 stay, read on the row of the last one; NULL */
  const char *covariates;   /**< number columns, separated by commas, in which leavers are compared; NULL: income
                                 only */
  const char *by;           /**< group columns; NULL. A person's group is that of the first period */
  const char *first_row;    /**< as in fm_income_change_spec; NULL */
  const fm_income_rules *rules;        /**< NULL: defaults; those on missing and negative incomes apply */
  const fm_survey_design_spec *design; /**< design of the first period; NULL: people drawn independently */
  double period_0;                     /**< as in fm_income_change_spec */
  double period_1;                     /**< default NaN */
  double bottom;                       /**< share of the bottom, 0 < bottom < 1; default 0.4 */
  double level;                        /**< of intervals; default 0.95 */
  int32_t n_classes;                   /**< 2 to 100; default 5 */
  int32_t reserved0;                   /**< 0 */
} fm_income_mobility_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_INCOME_CHANGE_SPEC_INIT                                                                                     \
  {                                                                                                                    \
    .struct_size = sizeof(fm_income_change_spec), .income = "income", .period = "period", .period_0 = FM_NAN,          \
    .period_1 = FM_NAN, .deflator_0 = 1, .deflator_1 = 1, .ppp = 1, .level = 0.95                                      \
  }
/** Initial value. */
#define FM_INCOME_INCIDENCE_SPEC_INIT                                                                                  \
  {                                                                                                                    \
    .struct_size = sizeof(fm_income_incidence_spec), .income = "income", .period = "period", .period_0 = FM_NAN,       \
    .period_1 = FM_NAN, .deflator_0 = 1, .deflator_1 = 1, .ppp = 1, .level = 0.95, .n_points = 20                      \
  }
/** Initial value. */
#define FM_INCOME_MOBILITY_SPEC_INIT                                                                                   \
  {                                                                                                                    \
    .struct_size = sizeof(fm_income_mobility_spec), .income = "income", .period = "period", .person = "person_id",     \
    .period_0 = FM_NAN, .period_1 = FM_NAN, .bottom = 0.4, .level = 0.95, .n_classes = 5                               \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_income_change_spec_init(fm_income_change_spec *spec, size_t size);
/** Does what the INIT macro does. */
FM_API void fm_income_incidence_spec_init(fm_income_incidence_spec *spec, size_t size);
/** Does what the INIT macro does. */
FM_API void fm_income_mobility_spec_init(fm_income_mobility_spec *spec, size_t size);

/**
 * **Creates** an empty tally. Errors: FM_ERR_ARGUMENT a field of the spec outside its range, an unknown measure.
 * Adding: FM_ERR_VALUE an income or weight against the rules, a missing period. The result: FM_ERR_VALUE a period of
 * the spec that the data do not have, a single period, two rows of one person in one period (where people are
 * followed).
 */
FM_API FM_NODISCARD fm_status fm_income_change_tally(fm_tally **out, const fm_income_change_spec *spec, fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_income_change(fm_table **out, const fm_table *frame, const fm_income_change_spec *spec,
                                               const fm_run *run, fm_error *err);
/** **Creates** an empty tally; errors as fm_income_change_tally. */
FM_API FM_NODISCARD fm_status fm_income_incidence_tally(fm_tally **out, const fm_income_incidence_spec *spec,
                                                        fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_income_incidence(fm_table **out, const fm_table *frame,
                                                  const fm_income_incidence_spec *spec, const fm_run *run,
                                                  fm_error *err);
/** **Creates** an empty tally; errors as fm_income_change_tally. */
FM_API FM_NODISCARD fm_status fm_income_mobility_tally(fm_tally **out, const fm_income_mobility_spec *spec,
                                                       fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_income_mobility(fm_table **out, const fm_table *frame,
                                                 const fm_income_mobility_spec *spec, const fm_run *run, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
