/* What a design is made of: strata and clusters by stage, as contiguous ranges of units. For design.c, variance.c,
 * replicates.c and bootstrap.c. */
#ifndef FM_SURVEY_DESIGN_PRIV_H
#define FM_SURVEY_DESIGN_PRIV_H

#include "num/num_priv.h"
#include "survey/survey_priv.h"

/* One stage. Its clusters are numbered by stratum, its strata by the cluster of the stage above that they lie in (the
 * first stage: one cluster of everything). The clusters of the last stage are the cells: the units themselves, unless
 * rows are the units. */
typedef struct fm__stage {
  size_t n_strata, n_clusters;
  size_t *first;    /* n_strata + 1: the clusters of stratum s are first[s] up to first[s + 1] */
  size_t *parent;   /* clusters of the stage above + 1: the strata of each; NULL at the first stage */
  size_t *cells;    /* n_clusters + 1: the cells of each cluster; NULL at the last stage */
  double *sampled;  /* n_strata: clusters in the sample, pooled rows counted */
  double *rest;     /* n_strata: share not sampled, (N - n) / N; 1 without fpc */
  double *fraction; /* n_strata: n / N, times that of the stages above; 0 without fpc */
} fm__stage;

typedef struct fm__auxiliaries fm__auxiliaries;

struct fm__design {
  fm_survey_design_spec spec; /* without its texts; bootstrap is never FM_SURVEY_AUTO, scale never NaN for replicates */
  size_t n_units, n_cells;
  size_t n_stages; /* those that add to the variance */
  fm__stage stage[FM__MAX_STAGES];
  size_t n_lonely;              /* strata of all stages with a single cluster that is not their whole population */
  double *cell_count;           /* rows pooled in each cell, when rows are the cells; NULL: all 1 */
  uint64_t *count;              /* rows pooled in each unit, when rows are the units; NULL: all 1 */
  uint32_t *cell;               /* cell of each unit, when rows are the units; NULL: a unit is a cell */
  uint32_t *order;              /* the units by cell; NULL likewise */
  fm__auxiliaries *auxiliaries; /* NULL: weights are fixed */
  /* Given replicates are borrowed: from columns, or from reduced rows. */
  size_t n_given;
  double *rscales; /* n_given; NULL: all 1 */
  const double *const *replicate;
  const double *weight;
  const fm__rows *rows; /* NULL: the columns above */
  size_t replicate_at, weight_at;
};

/* Ranges of the spec's numbers. */
fm_status fm__design_spec_check(const fm_survey_design_spec *spec, fm_error *err);
/* Which of the ranges from to end holds i, given where each starts: the first starts at or before i. */
static inline size_t fm__range_of(const size_t *start, size_t from, size_t end, size_t i)
{
  while (end - from > 1) {
    size_t middle = from + (end - from) / 2;
    if (start[middle] <= i)
      from = middle;
    else
      end = middle;
  }
  return from;
}

/* ---- the parts of a variance ---- */
double fm__stage_sampled(const fm__stage *s);        /* clusters in the sample, pooled rows counted */
bool fm__design_says_something(const fm__design *d); /* a first-stage stratum can tell of its variation, or has none */
double fm__scaled_sum(const double *z, double scale, size_t from, size_t end); /* exact, of z * scale */
/* The exponent of the largest magnitude, for products near 1; false when there is a number that is not finite. */
bool fm__exponent_of(int *exponent, const double *z, size_t n);

/* Borrow the replicate or auxiliary columns of `in`. */
fm_status fm__design_take_replicates(fm__design *d, const fm__design_input *in, const fm_survey_design_spec *spec,
                                     fm_error *err);
fm_status fm__design_take_auxiliaries(fm__design *d, const fm__design_input *in, fm_error *err);
void fm__auxiliaries_destroy(fm__auxiliaries *a);
/* Creates the totals by cell of the residuals of z * scale; z by unit. */
fm_status fm__design_residuals(double **out, const fm__design *d, const double *z, double scale, fm_error *err);

/* The library's own bootstraps: what they cannot draw, and the factors of replicate r by unit; NaN when the design says
 * nothing (a single row or unit, only lonely strata). has_design: it names strata, units or population sizes. */
fm_status fm__bootstrap_check(const fm__design *d, bool has_design, size_t n_auxiliaries, fm_error *err);
fm_status fm__bootstrap_replicate(double *factor, const fm__design *d, size_t r, fm_error *err);

#endif
