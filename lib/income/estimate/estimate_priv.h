/* Figures with their sampling errors: one engine for every estimator that is a function of one or more populations. */
#ifndef FM_INCOME_ESTIMATE_PRIV_H
#define FM_INCOME_ESTIMATE_PRIV_H

#include "income/measure/measure_priv.h"
#include "survey/survey_priv.h"
#include "tally/tally_priv.h"

/* Influence in the rows of one population. */
typedef struct fm__part {
  size_t population;
  fm__influence influence;
} fm__part;

/* An influence that many figures share, times a factor each, such as that of a national poverty line; its sums are done
 * once. */
typedef struct fm__shared {
  fm__part part;
  const fm__dist *dist; /* of the part's population */
  fm__common common;    /* its sum of w u by unit */
  double scale;         /* near 1 / its standard error, a power of two */
  double sum, squares;  /* over rows of scale w u and its square */
} fm__shared;
/* Into *s, which is empty before; fm__shared_free after a failure, too. Linearisation only. Nothing is shared of an
 * influence that can only be read in the order of its own population. */
fm_status fm__shared_make(fm__shared *s, const fm__part *part, const fm__dist *dist, const fm__design *design,
                          fm_error *err);
void fm__shared_free(fm__shared *s);

/* A set of figures over the same populations, in the caller's units. */
typedef struct fm__estimator {
  const void *context;
  size_t n_figures;
  /* NaN with a state when there is no value. Pure: called for every replicate. */
  double (*value)(const void *context, size_t figure, const fm__dist *const *populations, const char **state);
  /* Up to max_parts parts, none for a figure without a linearised error: its std_error is NaN. In the units of the
   * value, per unit of that population's scaled weight, so that w * u needs no scale. */
  size_t max_parts;
  fm_status (*influence)(fm__part *parts, size_t *n_parts, const void *context, size_t figure,
                         const fm__dist *const *populations, double value, fm_error *err);
  bool (*is_rate)(const void *context, size_t figure);  /* limits by the logit; NULL: none is */
  bool (*is_total)(const void *context, size_t figure); /* NULL: none is; a Poisson bootstrap refuses them */
  /* Whether the figure is factor times gini_area / (weight total) of one population: a bootstrap of rows then makes no
   * populations for it, whatever else is asked. NULL: none is. */
  bool (*is_gini)(size_t *population, double *factor, const void *context, size_t figure);
  bool (*is_difference)(const void *context, size_t figure); /* no design effect is wanted; NULL: none is */
  double rate_unit; /* what a rate of 1 is in the caller's units: 100 for per cent; 0: 1 */
  bool nested;      /* every row of the other populations is a row of the last one, too */
  const fm__shared *shared;
  size_t n_shared;
  bool errors_only; /* design effects are not wanted */
  int64_t n_rows;   /* of the whole sample, domain or not; 0: of the population that a figure is of */
} fm__estimator;

typedef struct fm__estimate {
  double value, std_error, df, ci_low, ci_high;
  /* Variance over n / (n - 1) sum (w u - mean w u)^2: that of the sample's n rows, with the same weights, drawn
   * independently; the influence u is 0 in rows that a figure does not reach. NaN: unknown, as with parts in two
   * populations that are not nested, or without an influence. */
  double design_effect;
  const char *state;
} fm__estimate;
/* The shared influence that a part is a multiple of, and the factor; NULL: none. */
const fm__shared *fm__shared_of(double *factor, const fm__estimator *e, const fm__part *part);

/* ---- the standard error of a figure from its parts ---- */

/* The units that a population touches, found when a figure first asks. */
typedef struct fm__reach {
  bool known;
  size_t n;
  uint32_t *unit;  /* n, rising; NULL: all units */
  uint32_t *place; /* of each member's unit among them; NULL: the unit itself */
} fm__reach;
typedef struct fm__errors {
  const fm__estimator *e;
  const fm__dist *const *populations;
  size_t n_populations;
  const fm__design *design;
  fm__reach *reach; /* by population */
} fm__errors;
/* Into *s, which is empty but for its first four; fm__errors_free after a failure, too. */
fm_status fm__errors_make(fm__errors *s, fm_error *err);
void fm__errors_free(fm__errors *s);
fm_status fm__errors_of_parts(double *std_error, fm__errors *s, const fm__part *parts, size_t n_parts, fm_error *err);
/* Degrees of freedom of the units of one population. */
fm_status fm__errors_df(double *df, fm__errors *s, size_t population, fm_error *err);

/* `domain` is the population whose units count for the degrees of freedom; n_populations: all units. */
fm_status fm__estimate_all(fm__estimate *out, const fm__estimator *e, const fm__dist *const *populations,
                           size_t n_populations, size_t domain, const fm__design *design, double level,
                           const fm_run *run, fm_error *err);
/* A figure's cells from its estimate and the population it is of. */
fm__figure fm__estimate_figure(const char *quantity, const char *unit, const fm__estimate *e, const fm__dist *d,
                               double level);

#endif
