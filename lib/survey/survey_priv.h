/* A design ready for use: which unit each row belongs to, and the variance of a weighted total by unit.
 *
 * A unit is the finest thing the design must tell apart: the last-stage sampling unit for linearisation and the
 * rescaled bootstrap; the row itself for replicate weights, auxiliaries and the bootstraps of rows. A measure gives for
 * each figure z[unit] = sum of w * u over the unit's rows, u being the influence: the figure's gradient in the row's
 * weight. */
#ifndef FM_SURVEY_PRIV_H
#define FM_SURVEY_PRIV_H

#include "base/base_priv.h"
#include "flexmetrics/survey.h"
#include "num/resample_priv.h"
#include "tally/rows_priv.h"
#include "tally/tally_priv.h"

enum { FM__MAX_STAGES = 4 };

/* ---- the columns a design needs, as parts of a measure's rows ---- */
typedef struct fm__design_columns {
  fm_survey_design_spec spec; /* its texts are owned copies */
  size_t n_stages, n_replicates, n_auxiliaries;
  size_t first_number, n_numbers; /* its place among the row's numbers: fpc, replicates, auxiliaries */
  size_t first_id, n_ids;         /* its place among the row's id sets: strata and units by stage */
  fm__rows_number *numbers;       /* n_numbers to be named after the measure's own */
  char **ids;                     /* n_ids key columns, likewise */
  size_t stratum_id[FM__MAX_STAGES], cluster_id[FM__MAX_STAGES]; /* places in the row; SIZE_MAX: none */
  size_t fpc_number[FM__MAX_STAGES];
  bool has_base_weight; /* the last of the numbers */
} fm__design_columns;
/* `spec` NULL: the default design. Checks all that can be checked without data. */
fm_status fm__design_columns_create(fm__design_columns **out, const fm_survey_design_spec *spec, size_t first_number,
                                    size_t first_id, fm_error *err);
void fm__design_columns_destroy(fm__design_columns *c);
/* Checks the design's cells of one row: fpc positive, replicate weights finite and not negative, none missing. */
fm_status fm__design_columns_take(const fm__design_columns *c, const double *numbers, const fm__rows_place *place,
                                  fm_error *err);
/* The fields that differ from their defaults, for the tally's spec text. */
void fm__design_columns_text(const fm__design_columns *c, fm__bytes *b);

/* ---- the design of given rows ---- */
typedef struct fm__design fm__design;
typedef struct fm__design_input {
  size_t n; /* rows, in canonical order */
  size_t n_stages, n_replicates, n_auxiliaries;
  const uint32_t *stratum[FM__MAX_STAGES], *cluster[FM__MAX_STAGES]; /* NULL: none at this stage */
  const double *fpc[FM__MAX_STAGES];                                 /* NULL: none */
  const double *const *replicate, *const *auxiliary;                 /* columns */
  const double *weight;                                              /* NULL: all 1 */
  const uint64_t *count;                                             /* equal rows pooled; NULL: all 1 */
  const double *base_weight; /* before calibration, for the regression on the auxiliaries; NULL: weight */
  /* Reduced rows instead of the columns from `replicate` on but `count`: places among their numbers; SIZE_MAX: none. */
  const fm__rows *rows;
  size_t replicate_at, auxiliary_at, weight_at, base_at;
} fm__design_input;
/* Creates the design and the unit of each row (freed by fm__free). Replicate columns and their weight are borrowed
 * until the design is destroyed; all else is copied. */
fm_status fm__design_create(fm__design **out, uint32_t **unit, const fm__design_input *input,
                            const fm_survey_design_spec *spec, fm_error *err);
/* The same from reduced rows, which with replicates or auxiliaries must stay as they are until the design is destroyed;
 * `weight` is the place of the weight among the numbers, SIZE_MAX: none. */
fm_status fm__design_of_rows(fm__design **out, uint32_t **unit, const fm__design_columns *c, const fm__rows *rows,
                             size_t weight, fm_error *err);
void fm__design_destroy(fm__design *d);

size_t fm__design_n_units(const fm__design *d);
int32_t fm__design_method(const fm__design *d);
const char *fm__design_name(const fm__design *d); /* how errors were found, for the result: "taylor", "rao_wu", ... */
/* Variance of the total of z over units, z[unit] = sum of w u of all its rows; NaN when the design says nothing (one
 * unit in all, only lonely strata) or a z is not finite. Where rows are units, z of a pooled row is count * w * u, and
 * the variance is that of the rows one by one. Linearisation only: FM_ERR_STATE with replicates, NaN with none. The
 * standard error keeps its digits where the variance would leave the range of doubles. */
fm_status fm__design_variance(double *variance, const fm__design *d, const double *z, fm_error *err);
fm_status fm__design_covariance(double *covariance, const fm__design *d, const double *a, const double *b,
                                fm_error *err);
fm_status fm__design_std_error(double *std_error, const fm__design *d, const double *z, fm_error *err);
/* ---- figures that reach some units only, without reading the others ---- */
typedef struct fm__touched {
  size_t n;
  const uint32_t *unit; /* n units, rising; NULL: all units */
  const double *z;      /* theirs; that of all other units is 0 */
} fm__touched;
/* The same bits as fm__design_std_error of all units. All of them are read only where the design has auxiliaries, or
 * several stages with lonely clusters that count (adjust, average). */
fm_status fm__design_std_error_of(double *std_error, const fm__design *d, const fm__touched *z, fm_error *err);
/* A z over many units that figures have in common, times a factor each. */
typedef struct fm__common {
  double *gradient; /* by unit: the covariance with any y is 2^exponent times the sum of y * gradient; NULL: none */
  int exponent;
  double std_error;
} fm__common;
/* Into *c, which is empty before; fm__common_free after a failure, too. A design with auxiliaries has no gradient. */
fm_status fm__common_make(fm__common *c, const fm__design *d, const double *z, fm_error *err);
void fm__common_free(fm__common *c);
/* Standard error of y + factor * z, from the variance of each and the covariance. NaN and *cancels when the sum varies
 * so much less than its parts that digits are lost: then it must be summed first. */
fm_status fm__common_std_error(double *std_error, bool *cancels, const fm__common *c, double factor,
                               const fm__design *d, const fm__touched *y, fm_error *err);

/* Primary units minus strata among the units where in_domain is not 0 (NULL: all), or as the spec says; given
 * replicates: their number minus 1; no method: NaN. */
double fm__design_degrees_of_freedom(const fm__design *d, const uint8_t *in_domain);
/* The same for n units, rising. FM_ERR_MEMORY only. */
fm_status fm__design_degrees_of_freedom_of(double *df, const fm__design *d, const uint32_t *unit, size_t n,
                                           fm_error *err);
/* Strata and primary units, for the result. */
void fm__design_size(const fm__design *d, size_t *n_strata, size_t *n_primary);

/* ---- replicates: given or drawn ---- */
size_t fm__design_n_replicates(const fm__design *d); /* 0 for linearisation */
/* Factors of the weights of replicate r by unit: the new weight of a row is its weight times the factor. A pure
 * function of seed, r and the units' places in canonical order. For pooled rows the factor is the mean over the equal
 * rows. */
fm_status fm__design_replicate(double *factor, const fm__design *d, size_t r, fm_error *err);
/* Whether the replicates draw single rows, or pooled ones of which few are equal: then how, for kernels that draw while
 * they read. Their rows may stand in another order than the design's, so that their replicates are others. */
bool fm__design_resample(fm__resample *out, const fm__design *d);
/* Variance from n_replicates estimates around `estimate` or their mean, and its root. NaN among them: NaN. */
double fm__design_combine(const fm__design *d, double estimate, const double *replicate);
double fm__design_combine_std_error(const fm__design *d, double estimate, const double *replicate);

/* ---- what accompanies an estimate ---- */
/* estimate -/+ t(df) * se; `rate` takes the logit: limits inside 0 and 1, NaN for a rate of 0 or 1. df NaN or infinite:
 * normal; 0 or less: NaN. */
void fm__survey_limits(double *low, double *high, double estimate, double std_error, double df, double level,
                       bool rate);

#endif
