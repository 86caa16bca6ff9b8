/* One population in order of income: what every measure of distribution reads.
 *
 * All sums here are in scaled units: x * x_scale, w * w_scale, powers of two that are 1 unless the largest income or
 * weight is so large or small that products would leave the range of doubles. Everything derived depends only on the
 * distinct incomes and the exact (once rounded) sum of the weights at each, so that order, splitting and pooling of
 * records leave no trace. */
#ifndef FM_INCOME_DIST_PRIV_H
#define FM_INCOME_DIST_PRIV_H

#include "num/buckets_priv.h"

/* One record; `count` rows with the same cells. 24 bytes. */
typedef fm__xwu fm__member; /* x, w; unit of the sampling design; count */

/* Running sums, (high, low) pairs, before every FM__MARK-th distinct income. */
enum { FM__MARK = 512 };
typedef struct fm__mark {
  size_t member; /* the first of that income */
  double weight, weight_low, total, total_low;
} fm__mark;

typedef struct fm__dist {
  const unsigned char *data; /* members in rising x (then unit, w); each begins with x, w as doubles */
  size_t stride, n_members;  /* 16: {x, w} in scaled units, ties pooled; 24: fm__member */
  void *owned;
  fm__mark *marks;
  size_t n_marks;
  int64_t n; /* rows of weight above 0 */
  double x_scale, w_scale;
  double weight, total;  /* W and Y: running sums in twice the digits, rounded once */
  double weight_low;     /* W is weight + weight_low more precisely */
  double total_low;      /* Y likewise */
  double weight_squares; /* sum of w^2 over rows */
  double squares_total;  /* sum of w^2 x over rows: a Gini by unit blocks needs it */
  double mean;           /* Y / W; NaN when empty */
  double least, most;    /* incomes, scaled; NaN when empty */
  double gini_area;      /* sum of C (W - C) dx */
} fm__dist;

/* Takes n records in any order from plain columns; w NULL: all 1. Weight 0 leaves no trace; x finite, w finite and >=
 * 0. */
fm_status fm__dist_of_columns(fm__dist *d, const double *x, const double *w, size_t n, const fm_run *run,
                              fm_error *err);
/* Takes `members` (from fm__alloc; taken in every case), n of them in any order. */
fm_status fm__dist_of_members(fm__dist *d, fm__member *members, size_t n, const fm_run *run, fm_error *err);
/* Creates the same population with the weight of each member times factor[unit]: a replicate. `d` has members of 24. */
fm_status fm__dist_reweighted(fm__dist *out, const fm__dist *d, const double *factor, fm_error *err);
void fm__dist_free(fm__dist *d); /* leaves it empty */

/* Rows with their sampling units, one for each income and unit, in order of income: sums by unit in this order do not
 * depend on the order of the records. */
#define FM__UNIT_FIRST (UINT32_C(1) << 31) /* beside the unit where a stretch has weights: the first of its income */
typedef struct fm__stretch {
  size_t from, n, n_atoms; /* rows, and the distinct incomes they have */
  double *w;               /* of each row, scaled; NULL: every row has an income of its own, and its weight */
} fm__stretch;
typedef struct fm__dist_units {
  uint32_t *unit;
  fm__stretch *stretch;
  size_t n;
} fm__dist_units;
/* The population that fm__dist_of_columns makes, to the bit, and its units, which are below n_units, and that not above
 * FM__UNIT_FIRST. */
fm_status fm__dist_of_units(fm__dist *d, fm__dist_units *units, const double *x, const double *w, const uint32_t *unit,
                            size_t n, size_t n_units, const fm_run *run, fm_error *err);
void fm__dist_units_free(fm__dist_units *u);

/* The populations of groups 0 to n - 1, each as fm__dist_of_columns makes it; freed together, never one by one. */
typedef struct fm__dists {
  size_t n;
  fm__dist *of;
  void *pairs;
  fm__mark *marks;
} fm__dists;
/* Rows of other groups are left out. Memory: 16 bytes a row, and 8 a group for every 65,536 rows (at most 32 times). */
fm_status fm__dists_of_groups(fm__dists *out, const double *x, const double *w, const int32_t *group, size_t n,
                              size_t n_groups, const fm_run *run, fm_error *err);
void fm__dists_free(fm__dists *d);

/* ---- reading in order: for (fm__dist_start(&a, d); fm__dist_next(&a);) ---- */
typedef struct fm__atom {
  double x, w;                      /* a distinct income and its whole weight */
  double below_weight, below_total; /* C and S of all smaller incomes */
  double upto_weight, upto_total;   /* and with this one */
  size_t first, end;                /* its members */
  const fm__dist *d;
  double c, c_low, s, s_low; /* running sums with this income, (high, low) */
  size_t mark, left;         /* the next mark, and incomes before it */
} fm__atom;
/* Weight and income above this one, in the digits of the running sums: thin tails above heavy records keep theirs. */
static inline double fm__atom_weight_above(const fm__atom *a)
{
  return (a->d->weight - a->c) + (a->d->weight_low - a->c_low);
}
static inline double fm__atom_total_above(const fm__atom *a)
{
  return (a->d->total - a->s) + (a->d->total_low - a->s_low);
}
void fm__dist_start(fm__atom *a, const fm__dist *d);
void fm__dist_start_at(fm__atom *a, const fm__dist *d, size_t mark);
bool fm__dist_next(fm__atom *a);
/* Up to n distinct incomes with their weights from member *at on, without the sums; gives their number. */
size_t fm__dist_read(double *x, double *w, size_t n, const fm__dist *d, size_t *at);
static inline const fm__member *fm__dist_member(const fm__dist *d, size_t i)
{
  return (const fm__member *)(const void *)(d->data + i * d->stride);
}

/* ---- looking up; scaled; the distribution is not empty ---- */
typedef struct fm__cut {
  double x, next; /* income at the cut, and the next larger one (x itself at the end) */
  bool hit;       /* C of x equals p W: |C - p W| <= tolerance * W */
  double below_weight, below_total, upto_weight, upto_total;
} fm__cut;
/* The smallest income with C >= p W, within the tolerance (1e-12 by rule; 0: exactly). */
void fm__dist_cut(fm__cut *cut, const fm__dist *d, double p, double tolerance);
enum { FM__QUANTILE_AVG, FM__QUANTILE_LEFT, FM__QUANTILE_RIGHT, FM__QUANTILE_INTERP };
double fm__dist_quantile(const fm__dist *d, double p, int32_t rule, double tolerance);
/* Income of the poorest share p, the record at the cut split: p in [0, 1]. */
double fm__dist_poorest(const fm__dist *d, double p);
/* A member from which on all incomes not below x are found; not far before them. */
size_t fm__dist_member_below(const fm__dist *d, double x);
/* Weight and income total of x < z, or x <= z. */
typedef struct fm__below {
  double weight, total;
} fm__below;
fm__below fm__dist_below(const fm__dist *d, double z, bool inclusive);

#endif
