/* The same people in two periods: ranks, classes of ranks, and influences of what depends on them.
 *
 * A person's place in one period is the interval [low, high] of shares of weight that the people with the same income
 * take; the rank is its middle, and a class takes the part of the interval inside it. Both stay the same when equal
 * incomes change order. */
#ifndef FM_INCOME_PAIRS_PRIV_H
#define FM_INCOME_PAIRS_PRIV_H

#include "income/change/waves_priv.h"

typedef struct fm__place {
  double low, high;
} fm__place;

typedef struct fm__pairs {
  size_t n;
  double *x[2], *w;
  uint32_t *unit;     /* of the first period */
  uint32_t *order[2]; /* people by rising income */
  fm__place *place[2];
  double weight, effective; /* sum of weights; (sum w)^2 / sum w^2 */
} fm__pairs;

/* How people in both periods are weighted: numbers of their rows; SIZE_MAX: not used. */
typedef struct fm__pair_weights {
  size_t longitudinal, attrition; /* of the row of the last period */
} fm__pair_weights;

/* Which rows of the two periods are the same person. */
typedef struct fm__match {
  size_t *other;  /* of each row: the row of the same person in the other period; SIZE_MAX: none */
  double *income; /* of each row of the two periods; NaN: missing, or left out by the rules */
  uint8_t *named; /* whether the row says whose it is */
} fm__match;
/* FM_ERR_VALUE: two rows of one person in one period. */
fm_status fm__match_create(fm__match *m, fm__two *t, fm_error *err);
void fm__match_free(fm__match *m);
/* Both incomes are there. */
bool fm__match_is_full(const fm__match *m, size_t row);

/* Creates the people of a group (of the first period) with both incomes, with their places. FM_ERR_VALUE: a missing
 * longitudinal weight or attrition factor, or one that is negative. */
fm_status fm__pairs_create(fm__pairs *p, const fm__two *t, const fm__match *m, size_t group,
                           const fm__pair_weights *weights, fm_error *err);
void fm__pairs_free(fm__pairs *p);
/* Takes weights (n of them) and makes the places anew: a replicate. */
void fm__pairs_weigh(fm__pairs *p, const double *w);

static inline double fm__place_rank(fm__place p)
{
  return 0.5 * (p.low + p.high);
}
/* Part of a place below share a, and between a and b: 0 to 1. */
static inline double fm__place_below(fm__place p, double a)
{
  return a >= p.high ? 1 : a <= p.low ? 0 : (a - p.low) / (p.high - p.low);
}
static inline double fm__place_between(fm__place p, double a, double b)
{
  return fm__place_below(p, b) - fm__place_below(p, a);
}

/* Weighted mean of y over the people whose rank in `wave` is near share a: E(y | rank = a). */
double fm__pairs_near(const fm__pairs *p, int32_t wave, double a, const double *y);
/* Adds to u what comes from the ranks of `wave` in a mean of phi(rank): slope is phi' of each person. `scratch`: n. */
void fm__pairs_rank_influence(double *u, const fm__pairs *p, int32_t wave, const double *slope, double *scratch);
/* Weighted mean, exact but for one rounding each of products and result. */
double fm__pairs_mean(const fm__pairs *p, const double *y);

#endif
