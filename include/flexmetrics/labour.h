/**
 * @file labour.h
 * Labour-force status and the rates of SDG 8 (and 10.3.1, 10.7.1) from a table of people, by any groups and margins.
 *
 * Status follows the 13th or the 19th International Conference of Labour Statisticians (ICLS), which the caller
 * chooses: there is no default. Indicators are named in one text, such as "unemployment_rate,neet_rate";
 * docs/methods/labour.md defines each. Columns have usual names, which `columns` changes.
 */
#ifndef FLEXMETRICS_LABOUR_H
#define FLEXMETRICS_LABOUR_H

#include "flexmetrics/survey.h"
#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Whose definition of employment. */
enum {
  FM_LABOUR_ICLS_13 = 13, /**< 1982: work for pay, for profit, or producing goods for own use */
  FM_LABOUR_ICLS_19 = 19  /**< 2013: work for others for pay or profit; own-use production is another form of work */
};
/** An employee of whom social insurance is not known (8.3.1). */
enum {
  FM_LABOUR_INSURANCE_LEAVE = 0,    /**< formal with both paid and sick leave, otherwise informal (default) */
  FM_LABOUR_INSURANCE_INFORMAL = 1, /**< informal */
  FM_LABOUR_INSURANCE_FORMAL = 2,   /**< formal */
  FM_LABOUR_INSURANCE_DROP = 3      /**< left out, counted */
};

/** What the labour measures compute from a table of people. Column names in the fields are those of the table. */
typedef struct fm_labour_spec {
  size_t struct_size;        /**< set by FM_LABOUR_SPEC_INIT or the init function */
  const char *indicators;    /**< names separated by commas, without "labour."; NULL: employment_rate,
                                  participation_rate, unemployment_rate. From a survey or from a register, never both */
  const char *columns;       /**< columns of other names than the usual: "paid_hours=hours,activity=nace"; NULL */
  const char *labour_status; /**< column of the status as given (employed, underemployed, unemployed, potential,
                                outside) in place of the questionnaire's items; NULL: from the items */
  const char *weight;      /**< weight column: 0 leaves a row out; negative or missing is an error; NULL: each row 1 */
  const char *by;          /**< groups separated by commas: age, sex, disability, migrant, occupation, activity, or any
                                column; NULL: none. A row missing a group's value is only in cells without that group */
  const char *age_bands;   /**< bands of the group age, such as "15-24,25-54,55-64,65+"; NULL: single years */
  const char *working_age; /**< default "15+" */
  const char *youth;       /**< of neet_rate; default "15-24" */
  const char *group;       /**< column of the two groups of pay_gap; default "sex" */
  const char *reference;   /**< the group whose pay is the base; default "M" */
  const char *compared;    /**< default "F" */
  const fm_survey_design_spec *design; /**< NULL: no sampling errors, and a state of counts and sums by cell */
  double hours_threshold; /**< weekly hours below which someone who wants more is underemployed (lu2, lu4); no
                               default: NaN */
  double level;           /**< of intervals; default 0.95 */
  int32_t icls;           /**< FM_LABOUR_ICLS_13 or FM_LABOUR_ICLS_19; no default: 0 is an error where status counts */
  int32_t unknown_insurance; /**< FM_LABOUR_INSURANCE_LEAVE (default) ... */
  int32_t margins; /**< 1: every margin of the groups, too, and the whole; a missing key is the total; default 0 */
  int32_t totals;  /**< 1: injuries from rows of totals (a column of workers), Poisson limits; default 0: from
                        rows of people */
  int32_t percent; /**< 1: shares in per cent; default 0 */
} fm_labour_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_LABOUR_SPEC_INIT                                                                                            \
  {                                                                                                                    \
    .struct_size = sizeof(fm_labour_spec), .working_age = "15+", .youth = "15-24", .group = "sex", .reference = "M",   \
    .compared = "F", .hours_threshold = FM_NAN, .level = 0.95                                                          \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_labour_spec_init(fm_labour_spec *spec, size_t size);

/** **Creates** the table of indicators: name, sdg, unit, definition, needs (usual names of the columns it reads). */
FM_API FM_NODISCARD fm_status fm_labour_indicators(fm_table **out, fm_error *err);

/**
 * **Creates** the status of each row of `frame`, in its order: `labour_status` (employed, underemployed, unemployed,
 * potential, outside; missing when the answers do not tell), and where the columns are there the bool columns
 * `long_term_unemployed`, `informal`, `neet`, `child_labour` (missing outside their population). Of the spec the fields
 * that define count; time-related underemployment and the potential labour force are told apart where their columns
 * are there.
 * Errors: FM_ERR_ARGUMENT a spec out of range; FM_ERR_NOT_FOUND, FM_ERR_TYPE a column; FM_ERR_VALUE a cell, with its
 * row.
 */
FM_API FM_NODISCARD fm_status fm_labour_status(fm_table **out, const fm_table *frame, const fm_labour_spec *spec,
                                               fm_error *err);

/**
 * **Creates** an empty tally. Its measure is "labour." and the indicator's name, "labour.rates" for several. A row of
 * the result is one figure: `indicator`, `definition`, a key column for each group, `value`; n are rows in the
 * denominator, weight its weight; added columns are `numerator`, `denominator`, `dropped` (rows of the population whose
 * answer is missing), and with a design `deff`, `n_eff`, `df`, `reliability`. State "undefined": the denominator is 0.
 */
FM_API FM_NODISCARD fm_status fm_labour_tally(fm_tally **out, const fm_labour_spec *spec, fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_labour(fm_table **out, const fm_table *frame, const fm_labour_spec *spec,
                                        const fm_run *run, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
