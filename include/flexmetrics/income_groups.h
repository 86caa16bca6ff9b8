/**
 * @file income_groups.h
 * Incomes of one group against another: gaps, decompositions by group, dominance of one distribution over another.
 */
#ifndef FLEXMETRICS_INCOME_GROUPS_H
#define FLEXMETRICS_INCOME_GROUPS_H

#include "flexmetrics/income_distribution.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * income.gap: two groups of one sample, such as women and men, in any measures. Key columns: those of `by`,
 * `measure`. Quantities: reference, compared (the measure in each), difference (reference - compared), gap
 * (difference / reference; the gender pay gap with men as reference), ratio (compared / reference). A gap needs a
 * reference above 0, otherwise its state is "undefined". Errors of differences count units that both groups share.
 */
typedef struct fm_income_gap_spec {
  size_t struct_size;    /**< set by FM_INCOME_GAP_SPEC_INIT or the init function */
  const char *income;    /**< income column, such as hourly earnings; default "income" */
  const char *weight;    /**< weight column; NULL: each row counts 1 */
  const char *by;        /**< group columns within which the two are compared; NULL */
  const char *group;     /**< column that tells the two apart, such as "sex"; required */
  const char *reference; /**< its value for the reference group; required */
  const char *compared;  /**< its value for the compared group; required. Other values are in neither */
  const char *first_row; /**< bool column: rows where it is false give a person in a further group: they count there,
                              not in the whole file (a national line); NULL */
  const char *measures;  /**< NULL: "mean,median" */
  const fm_income_rules *rules;        /**< NULL: defaults; a national line is that of all rows */
  const fm_survey_design_spec *design; /**< NULL: rows drawn independently */
  double level;                        /**< of intervals; default 0.95 */
} fm_income_gap_spec;

/**
 * income.decomposition: how much of an inequality lies within and between groups. Measures: mld, theil, ge(alpha),
 * and gini. Key columns: those of `by`, `measure`, those of `group` (missing for the whole). Quantities of the
 * whole: total, within, between, for the Gini also overlap (the groups' ranges run into one another),
 * between_share; of each group: population_share, income_share, value (its own inequality), within_part. GE:
 * between is that of the groups' means, within the weighted sum of the groups' own (Shorrocks 1980). Gini: within =
 * sum of population share times income share times own Gini, between = Gini of the groups' means, overlap the rest
 * (Lambert and Aronson 1993).
 */
typedef struct fm_income_decomposition_spec {
  size_t struct_size;           /**< set by FM_INCOME_DECOMPOSITION_SPEC_INIT or the init function */
  const char *income;           /**< default "income" */
  const char *weight;           /**< weight column; NULL: each row counts 1 */
  const char *by;               /**< domains, each decomposed by itself; NULL */
  const char *group;            /**< group columns, separated by commas; required. Rows without a group are a group of
                                     their own */
  const char *measures;         /**< NULL: "mld,theil,gini" */
  const fm_income_rules *rules; /**< NULL: defaults */
  const fm_survey_design_spec *design; /**< NULL: rows drawn independently */
  double level;                        /**< of intervals; default 0.95 */
} fm_income_decomposition_spec;

/** Curve on which one distribution may dominate another. */
enum {
  FM_INCOME_DOMINANCE_LORENZ = 0,             /**< L(p): higher is more equal */
  FM_INCOME_DOMINANCE_GENERALISED_LORENZ = 1, /**< mean times L(p): higher is better off (second order) */
  FM_INCOME_DOMINANCE_TIP = 2                 /**< three I's of poverty: higher is poorer (Jenkins and Lambert 1997) */
};

/**
 * income.dominance: is the curve of one group nowhere below that of another? Key columns: those of `by`, `p`. At
 * each p: reference, compared, difference (compared - reference) with its error. Of the whole (p missing):
 * largest_t, smallest_t, critical_t, and compared_above, reference_above, crossing, each 1 or 0. A curve is above
 * when some difference is beyond the critical value and none is beyond it the other way; crossing: both happen
 * (Bishop, Formby and Thistle 1992; the critical value holds for all points together: (2 F(c) - 1)^n = level, F the
 * t distribution with the design's degrees of freedom).
 */
typedef struct fm_income_dominance_spec {
  size_t struct_size;                  /**< set by FM_INCOME_DOMINANCE_SPEC_INIT or the init function */
  const char *income;                  /**< default "income" */
  const char *weight;                  /**< weight column; NULL: each row counts 1 */
  const char *by;                      /**< domains; NULL */
  const char *group;                   /**< column that tells the two apart; required */
  const char *reference;               /**< its value for the reference group; required */
  const char *compared;                /**< its value for the compared group; required */
  const char *first_row;               /**< as in fm_income_gap_spec; NULL */
  const fm_income_rules *rules;        /**< NULL: defaults; the line of a TIP curve */
  const fm_survey_design_spec *design; /**< NULL: rows drawn independently */
  double level;                        /**< of intervals and of the test; default 0.95 */
  int32_t curve;                       /**< FM_INCOME_DOMINANCE_LORENZ (default) ... */
  int32_t n_points; /**< p = 1/n_points, 2/n_points, ... (below 1 for a Lorenz curve, up to 1 otherwise), 2 to
                         1000; default 20 */
} fm_income_dominance_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_INCOME_GAP_SPEC_INIT                                                                                        \
  {                                                                                                                    \
    .struct_size = sizeof(fm_income_gap_spec), .income = "income", .level = 0.95                                       \
  }
/** Initial value. */
#define FM_INCOME_DECOMPOSITION_SPEC_INIT                                                                              \
  {                                                                                                                    \
    .struct_size = sizeof(fm_income_decomposition_spec), .income = "income", .level = 0.95                             \
  }
/** Initial value. */
#define FM_INCOME_DOMINANCE_SPEC_INIT                                                                                  \
  {                                                                                                                    \
    .struct_size = sizeof(fm_income_dominance_spec), .income = "income", .level = 0.95, .n_points = 20                 \
  }
#endif
/** Do what the INIT macros do. */
FM_API void fm_income_gap_spec_init(fm_income_gap_spec *spec, size_t size);
FM_API void fm_income_decomposition_spec_init(fm_income_decomposition_spec *spec, size_t size);
FM_API void fm_income_dominance_spec_init(fm_income_dominance_spec *spec, size_t size);

/** **Create** empty tallies. Errors: FM_ERR_ARGUMENT a field outside its range, an unknown measure. */
FM_API FM_NODISCARD fm_status fm_income_gap_tally(fm_tally **out, const fm_income_gap_spec *spec, fm_error *err);
FM_API FM_NODISCARD fm_status fm_income_decomposition_tally(fm_tally **out, const fm_income_decomposition_spec *spec,
                                                            fm_error *err);
FM_API FM_NODISCARD fm_status fm_income_dominance_tally(fm_tally **out, const fm_income_dominance_spec *spec,
                                                        fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_income_gap(fm_table **out, const fm_table *frame, const fm_income_gap_spec *spec,
                                            const fm_run *run, fm_error *err);
FM_API FM_NODISCARD fm_status fm_income_decomposition(fm_table **out, const fm_table *frame,
                                                      const fm_income_decomposition_spec *spec, const fm_run *run,
                                                      fm_error *err);
FM_API FM_NODISCARD fm_status fm_income_dominance(fm_table **out, const fm_table *frame,
                                                  const fm_income_dominance_spec *spec, const fm_run *run,
                                                  fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
