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

#ifdef __cplusplus
}
#endif
#endif
