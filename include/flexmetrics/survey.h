/**
 * @file survey.h
 * Sampling designs: how the rows of a sample were drawn, and the sampling errors that follow.
 *
 * A measure takes a fm_survey_design_spec beside its own spec. Every estimator that can say its influence per row gets
 * its variance here: by linearisation, by replicate weights that came with the data, or by a bootstrap of the
 * library's own.
 */
#ifndef FLEXMETRICS_SURVEY_H
#define FLEXMETRICS_SURVEY_H

#include "flexmetrics/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How the sampling error is found. */
enum {
  FM_SURVEY_TAYLOR = 0,     /**< linearisation: the variance of the weighted total of the influence values */
  FM_SURVEY_REPLICATES = 1, /**< replicate weights given with the data */
  FM_SURVEY_BOOTSTRAP = 2,  /**< resampling by the library */
  FM_SURVEY_NONE = 3        /**< no sampling error */
};

/** What to do with a stratum that has a single primary unit (survey's names). */
enum {
  FM_SURVEY_LONELY_FAIL = 0,   /**< an error that names the stratum's number of units (default) */
  FM_SURVEY_LONELY_REMOVE = 1, /**< adds nothing */
  FM_SURVEY_LONELY_ADJUST = 2, /**< adds its squared distance from the mean over all primary units */
  FM_SURVEY_LONELY_AVERAGE = 3 /**< counts as much as the other strata do on average */
};

/** How the columns of `fpc` are meant. */
enum {
  FM_SURVEY_FPC_COUNT = 0, /**< number of units in the population of the stratum (or of the unit one stage up) */
  FM_SURVEY_FPC_SHARE = 1  /**< sampled share of them, 0 to 1 */
};

/** Kind of given replicate weights: sets scale and rscales (as survey does) unless they are given. */
enum {
  FM_SURVEY_OTHER = 0, /**< scale and rscales must be given */
  FM_SURVEY_BRR = 1,   /**< scale 1/R */
  FM_SURVEY_FAY = 2,   /**< scale 1/(R (1 - rho)^2) */
  FM_SURVEY_JK1 = 3,   /**< scale (R - 1)/R */
  FM_SURVEY_JKN = 4,   /**< scale 1; rscales must be given */
  FM_SURVEY_BOOT = 5   /**< scale 1/(R - 1) */
};

/** The library's own bootstraps. */
enum {
  FM_SURVEY_AUTO = 0,   /**< rao_wu when the design has strata, units or fpc, otherwise multinomial */
  FM_SURVEY_RAO_WU = 1, /**< n_h - 1 primary units drawn anew in each stratum, weights rescaled (Rao and Wu 1988) */
  FM_SURVEY_MULTINOMIAL = 2, /**< n rows drawn anew from n */
  FM_SURVEY_POISSON = 3      /**< a Poisson(1) number of each row; refused for totals, whose size it does not keep */
};

/**
 * The design of a sample. Columns are named; several stages are separated by commas, the first stage first. Without any
 * column the rows count as drawn independently, with replacement. Units are nested: the same unit id in two strata is
 * two units. Rows outside a domain stay part of the design.
 */
typedef struct fm_survey_design_spec {
  size_t struct_size;        /**< set by FM_SURVEY_DESIGN_SPEC_INIT or the init function */
  const char *strata;        /**< stratum columns by stage, "-" for a stage without: "stratum" or "stratum,-"; NULL */
  const char *psu;           /**< unit columns by stage: "municipality,household"; NULL: each row is a unit */
  const char *fpc;           /**< population sizes by stage (numbers); NULL: drawn with replacement. Later stages add
                                  to the variance only when fpc has a column for each stage before them */
  const char *replicates;    /**< replicate weight columns "r1,r2,r3" or "r1:r48" (one prefix, first to last) */
  const double *rscales;     /**< n_rscales factors, one a replicate; NULL: all 1 */
  size_t n_rscales;          /**< 0 or the number of replicates */
  const char *auxiliaries;   /**< columns the weights were calibrated to (fm_survey_calibrate): the variance is that of
                                  the residuals of the influence on them; NULL: weights count as fixed */
  const char *base_weight;   /**< column of the weights before calibration, which that regression takes; NULL: the
                                  weights themselves */
  double scale;              /**< of replicates; default NaN: by replicate_kind */
  double fay_rho;            /**< rho of Fay's method, 0 <= rho < 1; default 0 */
  double degrees_of_freedom; /**< for intervals; default NaN: primary units minus strata, of the domain; replicates
                                  minus 1 */
  uint64_t seed;             /**< of the bootstrap; default 1 */
  int32_t method;            /**< FM_SURVEY_TAYLOR (default) ... */
  int32_t lonely;            /**< FM_SURVEY_LONELY_FAIL (default) ... */
  int32_t fpc_kind;          /**< FM_SURVEY_FPC_COUNT (default) or FM_SURVEY_FPC_SHARE */
  int32_t replicate_kind;    /**< FM_SURVEY_OTHER (default) ... */
  int32_t mse;          /**< 1: replicates around the estimate of the full sample; 0 (default): around their mean */
  int32_t combined;     /**< 1 (default): replicate columns are weights; 0: factors of the weight */
  int32_t bootstrap;    /**< FM_SURVEY_AUTO (default) ... */
  int32_t n_replicates; /**< of the bootstrap, at least 2; default 1000 */
} fm_survey_design_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_SURVEY_DESIGN_SPEC_INIT                                                                                     \
  {                                                                                                                    \
    .struct_size = sizeof(fm_survey_design_spec), .scale = FM_NAN, .degrees_of_freedom = FM_NAN, .seed = 1,            \
    .combined = 1, .n_replicates = 1000                                                                                \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_survey_design_spec_init(fm_survey_design_spec *spec, size_t size);

/** How calibrated weights are kept near the given ones; g is a weight over the one before. */
enum {
  FM_SURVEY_LINEAR = 0, /**< g = 1 + x'lambda (generalised regression); may be negative without bounds */
  FM_SURVEY_RAKING = 1  /**< g = exp(x'lambda), above 0 */
};

/** How weights are calibrated. */
typedef struct fm_survey_calibrate_spec {
  size_t struct_size;     /**< set by FM_SURVEY_CALIBRATE_SPEC_INIT or the init function */
  double low;             /**< least g, at least 0 and below 1; default NaN: none */
  double high;            /**< largest g, above 1; default NaN: none */
  double tolerance;       /**< of each total, relative to it or to the sum of weight times |x|; default 1e-10 */
  int32_t distance;       /**< FM_SURVEY_LINEAR (default) or FM_SURVEY_RAKING */
  int32_t max_iterations; /**< at least 1; default 1000 */
} fm_survey_calibrate_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_SURVEY_CALIBRATE_SPEC_INIT                                                                                  \
  {                                                                                                                    \
    .struct_size = sizeof(fm_survey_calibrate_spec), .low = FM_NAN, .high = FM_NAN, .tolerance = 1e-10,                \
    .max_iterations = 1000                                                                                             \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_survey_calibrate_spec_init(fm_survey_calibrate_spec *spec, size_t size);

/**
 * Weights that meet known totals: sum of out[i] * auxiliaries[k][i] = totals[k] for each k, as near to `weights` as the
 * distance says. Fills `out` and, unless NULL, `g` (n each). `weights` NULL: all 1; weight 0 stays 0. `spec` NULL: the
 * default. Post-stratification is FM_SURVEY_LINEAR with one column of 0 and 1 for each cell. The result does not depend
 * on the order of the rows.
 * Errors: FM_ERR_ARGUMENT no auxiliaries, a spec out of range; FM_ERR_VALUE a number that is not finite, a weight below
 * 0, all weights 0, or totals that cannot be met within the bounds and iterations: the message names the worst.
 */
FM_API FM_NODISCARD fm_status fm_survey_calibrate(double *out, double *g, const double *weights,
                                                  const double *const *auxiliaries, const double *totals,
                                                  size_t n_auxiliaries, size_t n, const fm_survey_calibrate_spec *spec,
                                                  fm_error *err);

/**
 * Weights that meet known totals by category, by raking (iterative proportional fitting). Each margin is a table with a
 * column `total` (f64) and one or more others that `sample` has, too: a row for each category, such as sex and age
 * group; one margin alone is post-stratification. **Creates** a table with a row for each of the sample: `weight`, `g`;
 * notes `iterations`, `least_g`, `largest_g`, `worst` (relative miss). `weight` names the sample's column (f64); NULL:
 * all 1. Of `spec` the tolerance and iterations count.
 * Errors: as fm_survey_calibrate; FM_ERR_NOT_FOUND, FM_ERR_TYPE a column; FM_ERR_VALUE a category twice, without a
 * total, or with a total but nobody in the sample; margins that add up to different totals.
 */
FM_API FM_NODISCARD fm_status fm_survey_rake(fm_table **out, const fm_table *sample, const char *weight,
                                             const fm_table *const *margins, size_t n_margins,
                                             const fm_survey_calibrate_spec *spec, fm_error *err);

/** What several completed data sets say together (Rubin 1987, Barnard and Rubin 1999). */
typedef struct fm_survey_combined {
  size_t struct_size;        /**< sizeof(fm_survey_combined), set by the caller */
  double estimate;           /**< mean of the estimates */
  double variance;           /**< within plus (1 + 1/m) between */
  double within;             /**< mean of the variances */
  double between;            /**< variance of the estimates, divisor m - 1 */
  double degrees_of_freedom; /**< for intervals by t; infinite when the estimates agree and no other was given */
  double missing_share;      /**< fraction of missing information, 0 to 1 */
} fm_survey_combined;

/**
 * Combines the estimates and variances of m imputations by Rubin's rules. `degrees_of_freedom` is that of the complete
 * data; NaN: infinite.
 * Errors: FM_ERR_ARGUMENT m below 2, degrees of freedom not above 0; FM_ERR_VALUE a number not finite, a variance below
 * 0.
 */
FM_API FM_NODISCARD fm_status fm_survey_combine_values(fm_survey_combined *out, const double *estimates,
                                                       const double *variances, size_t m, double degrees_of_freedom,
                                                       fm_error *err);

/**
 * Combines m results of one measure, one an imputation, figure by figure: **creates** a result with columns `df` and
 * `missing_share` added. Rows are matched by all columns up to `unit` but `value`, and by `level`; n and people are the
 * smallest, weight the mean; notes are those that all share. Limits are by t, or by the logit where those of the inputs
 * are not symmetric, as for rates. `degrees_of_freedom` is that of the complete data for figures without a `df` of
 * their own; NaN: infinite. A figure suppressed in any input is suppressed; one without a value in any of them has
 * none, and the state they share or `undefined`.
 * Errors: FM_ERR_ARGUMENT m below 2, degrees of freedom not above 0; FM_ERR_NOT_FOUND, FM_ERR_TYPE not a result;
 * FM_ERR_MISMATCH other columns or rows, or a row twice.
 */
FM_API FM_NODISCARD fm_status fm_survey_combine(fm_table **out, const fm_table *const *results, size_t m,
                                                double degrees_of_freedom, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
