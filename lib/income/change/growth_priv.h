/* Growth of levels, and how its influence comes from those of the two levels. */
#ifndef FM_INCOME_GROWTH_PRIV_H
#define FM_INCOME_GROWTH_PRIV_H

#include "income/change/waves_priv.h"
#include "income/estimate/estimate_priv.h"

/* (last / first)^(1 / years) - 1; years NaN: last / first - 1. NaN: undefined, as first is not above 0 or last below 0.
 */
double fm__growth(double first, double last, double years);
/* Its derivatives in first and last; NaN where growth or they are undefined. */
void fm__growth_slopes(double slope[2], double first, double last, double years);

/* One period of a group, as the measures see it: populations are the two periods of the group, then, when `national`,
 * those of all rows, which poverty lines come from. */
fm__income_context fm__wave_context(const fm_income_rules *rules, const fm__dist *const *populations, int32_t wave,
                                    bool national);
/* Adds factor times the influence of a call in one period to the parts. */
fm_status fm__parts_add_call(fm__part *parts, size_t *n_parts, const fm__call *call, const fm_income_rules *rules,
                             const fm__dist *const *populations, int32_t wave, bool national, double factor,
                             fm_error *err);
/* Adds factor times an influence in one population, scaled units of income taken care of by the caller. */
void fm__parts_add(fm__part *parts, size_t *n_parts, size_t population, const fm__influence *f, double factor);

/* The populations of one group; free with fm__wave_dists_free. */
typedef struct fm__wave_dists {
  fm__dist own[2];
  const fm__dist *all[4]; /* own, then national ones */
  size_t n;
  uint8_t *in_domain; /* units of the group; NULL: all */
} fm__wave_dists;
/* `national` NULL: lines come from the group itself. */
fm_status fm__wave_dists_create(fm__wave_dists *d, fm__two *t, size_t group, const fm__dist *national,
                                const fm_run *run, fm_error *err);
void fm__wave_dists_free(fm__wave_dists *d);
/* Creates the populations of all rows: lines may come from them, and they count what the rules leave out. */
fm_status fm__wave_national(fm__dist national[2], fm__two *t, const fm_run *run, fm_error *err);
/* Estimates with degrees of freedom from the units of both periods of the group. */
fm_status fm__wave_estimates(fm__estimate *out, const fm__estimator *e, const fm__wave_dists *d, const fm__two *t,
                             double level, const fm_run *run, fm_error *err);
/* Population a change rests on: the smaller one. */
const fm__dist *fm__wave_smaller(const fm__wave_dists *d);

#endif
