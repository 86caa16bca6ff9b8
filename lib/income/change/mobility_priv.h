/* Inside of income.mobility: its figures over people in both periods, and over those who left. */
#ifndef FM_INCOME_MOBILITY_PRIV_H
#define FM_INCOME_MOBILITY_PRIV_H

#include "income/change/pairs_priv.h"
#include "income/estimate/sampled_priv.h"

/* Figures: n * n transitions, n mean changes of rank by class, then these. */
enum {
  FM__SHORROCKS,
  FM__RANK_CORRELATION,
  FM__RANK_CHANGE,
  FM__BOTTOM_STAYED,
  FM__BOTTOM_LEFT,
  FM__BOTTOM_ENTERED,
  FM__N_MOBILITY
};
typedef struct fm__mobility {
  fm__pairs people;
  double *w, *y, *scratch, *slope; /* w: as given */
  size_t n_classes;
  double bottom;
} fm__mobility;
/* Takes `people`. */
fm_status fm__mobility_create(fm__mobility *m, fm__pairs *people, size_t n_classes, double bottom, fm_error *err);
void fm__mobility_free(fm__mobility *m);
fm__sampled fm__mobility_sampled(fm__mobility *m);

/* People of the first period: those who left against those who stayed, in each variable. Figures: the difference of
 * means and the standardised one, by variable. */
typedef struct fm__leavers {
  size_t n, n_variables;
  double *w, *now, *y; /* now: weights in force; y: n_variables a row, NaN missing */
  uint8_t *left;
  uint32_t *unit;
} fm__leavers;
fm_status fm__leavers_create(fm__leavers *l, size_t n, size_t n_variables, fm_error *err);
void fm__leavers_free(fm__leavers *l);
fm__sampled fm__leavers_sampled(fm__leavers *l);

#endif
