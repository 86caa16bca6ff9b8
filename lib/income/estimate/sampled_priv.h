/* Estimates of what depends on more than one income of a person: weights, units, values and influences of plain rows.
 */
#ifndef FM_INCOME_SAMPLED_PRIV_H
#define FM_INCOME_SAMPLED_PRIV_H

#include "income/estimate/estimate_priv.h"

typedef struct fm__sampled {
  void *context;
  size_t n;        /* rows, in an order that does not depend on how they came */
  const double *w; /* n; the context's own copy may be another */
  const uint32_t *unit;
  size_t n_figures;
  void (*weigh)(void *context, const double *w); /* takes other weights: a replicate */
  void (*values)(double *out, void *context);    /* of all figures; NaN: undefined */
  /* Influence of each row, n: the gradient in its weight. false: this figure has no linearised error. */
  bool (*influence)(double *u, void *context, size_t figure, double value);
  bool (*is_rate)(const void *context, size_t figure); /* NULL: none is */
} fm__sampled;

/* The weights given are in force again at the end. */
fm_status fm__sampled_estimates(fm__estimate *out, const fm__sampled *s, const fm__design *design, double level,
                                const fm_run *run, fm_error *err);
/* A figure's cells from its estimate, over n people of that weight. */
fm__figure fm__sampled_figure(const char *quantity, const char *unit, const fm__estimate *e, size_t n, double weight,
                              double level);

#endif
