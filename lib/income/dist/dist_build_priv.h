/* Inside of building a population: what dist.c, dist_groups.c and dist_sums.c share. */
#ifndef FM_INCOME_DIST_BUILD_PRIV_H
#define FM_INCOME_DIST_BUILD_PRIV_H

#include <math.h>

#include "income/dist/dist_priv.h"
#include "num/buckets_priv.h"

/* Members [from, end) in order; all of an income's members lie in one piece. `atom`: distinct incomes before it. */
typedef struct fm__piece {
  size_t from, end, atom;
} fm__piece;

/* Below this many rows starting threads costs more than they bring. */
enum { FM__FEW_ROWS = 1 << 17 };

/* All sums of a population whose members are in order and whose scales are set: weight, total, mean, range, Gini area,
 * marks. Needs d->marks with room for one more than n_members / FM__MARK. */
fm_status fm__dist_sum_up(fm__dist *d, const fm__piece *pieces, size_t n_pieces, const fm_run *run, fm_error *err);

/* The exact sum, rounded once, of w times count times `scale` of n members. */
double fm__dist_pool(const fm__member *members, size_t n, double scale);

/* Sorts pairs into records of distinct incomes from `to` on, which is `data` or lies before it; gives their end. */
fm__xw *fm__dist_sort_pairs(fm__xw *to, fm__pair *data, size_t n, fm__pair *scratch, uint16_t *cells);

/* A sum of weights in two doubles. */
typedef struct fm__weights {
  double high, low;
} fm__weights;
/* What sorting needs beside the rows. */
typedef struct fm__sort_room {
  fm__pair *scratch, *tie; /* for the rows sorted at once; for those of one income */
  uint32_t *spare;         /* as scratch */
  uint16_t *cells;
  fm__weights *sums; /* of each unit, 0 between two incomes; NULL: too many units */
  uint32_t *seen;    /* the units of an income, and room for one more */
} fm__sort_room;
/* Sorts n pairs of any size with the units beside them into records of distinct incomes from `data` on, and sets the
 * stretch but for `from`. */
fm_status fm__dist_sort_rows(fm__stretch *s, fm__pair *data, uint32_t *unit, size_t n, const fm__sort_room *room);
/* The same for pairs of one key, which stay as they are. */
fm_status fm__dist_pool_rows(fm__stretch *s, const fm__pair *data, uint32_t *unit, size_t n, const fm__sort_room *room);

/* Powers of two that bring the largest magnitude near 1 when products would leave the range of doubles; 1 otherwise. */
double fm__dist_scale(double largest);

/* high + low, with what rounding of the addition of `term` leaves kept in low. */
static inline void fm__running(double *high, double *low, double term)
{
  double sum = *high + term, part = sum - *high;
  *low += (*high - (sum - part)) + (term - part);
  *high = sum;
}

#endif
