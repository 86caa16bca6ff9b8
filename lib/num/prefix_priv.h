/* The prefix histogram: what a stream of weighted incomes leaves in bounded memory, and what follows from it.
 *
 * A cell is all doubles that share the top `bits` bits of the order key: sign, exponent and the first bits of the
 * fraction, so that its width is 2^(12 - bits) of its values. Within a cell x = a + d u with whole d. Each cell keeps,
 * apart for each class of 32 binades of weight, the number of rows and the sums of w and w d as whole numbers: integer
 * addition, in which no order, split or merge can show. */
#ifndef FM_NUM_PREFIX_PRIV_H
#define FM_NUM_PREFIX_PRIV_H

#include <math.h>

#include "num/num_priv.h"
#include "num/wide_priv.h"

enum { FM__PREFIX_BITS = 20, FM__PREFIX_LEAST_BITS = 16, FM__PREFIX_MOST_BITS = 24 };

/* Class k has the weights whose exponent field e is 32 k - 17 to 32 k + 14: from 2^-16 up to 2^16 for k = 32. In a unit
 * of 2^(32 k - 1092) they are whole numbers below 2^84. */
enum { FM__CLASS_BINADES = 32, FM__CLASS_SHIFT = 17 };
static inline uint32_t fm__weight_class(uint64_t bits)
{
  return ((uint32_t)(bits >> 52) + FM__CLASS_SHIFT) / FM__CLASS_BINADES;
}
static inline int32_t fm__class_first(uint32_t weight_class) /* exponent field */
{
  return FM__CLASS_BINADES * (int32_t)weight_class - FM__CLASS_SHIFT;
}

typedef struct fm__prefix_cell {
  uint32_t key; /* cell << 8 | class of weight */
  uint64_t count;
  uint64_t w[3]; /* limbs, the lowest first */
  uint64_t d[4]; /* sum of w d */
} fm__prefix_cell;

/* Plain memory; FM__PREFIX_INIT(bits) is empty. */
typedef struct fm__prefix {
  uint32_t bits;
  fm__prefix_cell *cells; /* in no order */
  size_t n, capacity;
  uint32_t *slots; /* 1 + place among the cells, by hash of the key; 0: free */
  uint32_t slot_bits;
} fm__prefix;
#define FM__PREFIX_INIT(n_bits)                                                                                        \
  {                                                                                                                    \
    .bits = (n_bits)                                                                                                   \
  }
void fm__prefix_free(fm__prefix *p); /* leaves it empty */
/* x finite; w finite and at least 0, NULL: all 1. Weight 0 leaves no trace. On failure p is as before. From 4,096 rows
 * at once on up to 9 MiB of scratch a thread, 1 MiB for most data. */
fm_status fm__prefix_add(fm__prefix *p, const double *x, const double *w, size_t n, const fm_run *run, fm_error *err);
fm_status fm__prefix_merge(fm__prefix *p, const fm__prefix *other, fm_error *err); /* the same bits */
fm_status fm__prefix_save(const fm__prefix *p, fm__bytes *b, fm_error *err);       /* canonical */
/* Into an empty one of the same bits. FM_ERR_FORMAT: damaged, or of other bits. */
fm_status fm__prefix_load(fm__prefix *p, fm__reader *r, fm_error *err);
/* For the pass over many rows: room for `more` new cells, after which taking so many cells or rows cannot fail. */
bool fm__prefix_reserve(fm__prefix *p, size_t more);
void fm__prefix_take_row(fm__prefix *p, double x, double w);                  /* the definition */
void fm__prefix_row(fm__prefix_cell *row, double x, double w, uint32_t bits); /* the cell of one row, w above 0 */
const fm__prefix_cell *fm__prefix_find(const fm__prefix *p, uint32_t key);    /* NULL: not there */
void fm__prefix_take_cell(fm__prefix *p, const fm__prefix_cell *cell);
/* Into an empty histogram, which is left empty on failure: by pages and windows of cells that are addressed directly.
 */
bool fm__prefix_add_many(fm__prefix *p, const double *x, const double *w, size_t n);
/* Creates the places of the cells in rising order of their keys (freed by fm__free). */
fm_status fm__prefix_order(uint32_t **out, const fm__prefix *p, fm_error *err);
/* Adds a cell's weight, and its sum of w x, to exact sums. Either may be NULL. */
void fm__prefix_sum(fm__wide *weight, fm__wide *total, const fm__prefix_cell *cell, uint32_t bits);
/* Number of the cell x is in, and the least and largest double of a cell. */
uint32_t fm__prefix_cell_of(double x, uint32_t bits);
double fm__prefix_least(uint32_t cell, uint32_t bits);
double fm__prefix_most(uint32_t cell, uint32_t bits);

/* ---- what the cells say: bounds ----
 * Sums are scaled by powers of two: W to 0.5 <= W < 1, the largest end of a cell to about 1. Bounds hold for the exact
 * value and for the correctly rounded one: every operation is rounded outward. */
typedef struct fm__range {
  double low, high;
} fm__range;

/* A distinct income of a cell that is known row by row. */
typedef struct fm__known {
  double x;                       /* not scaled */
  double upto_weight, upto_total; /* of the whole population, each rounded once */
} fm__known;

/* An occupied cell. */
typedef struct fm__bar {
  uint32_t cell;
  int64_t count, below_count;
  double least, most;         /* not scaled */
  double low, high;           /* ends; equal when all rows of the cell are known to be equal */
  fm__range mean, rise, drop; /* rise: mean - least; drop: most - mean */
  fm__range weight;
  double below_weight, upto_weight, above_weight; /* each rounded once */
  double below_total, upto_total;                 /* sum of w x, likewise */
  fm__range inner;                                /* sum of C (W - C) dx within the cell, C and W of the cell alone */
  fm__known *known;                               /* NULL: only the sums are known */
  size_t n_known;
  bool is_read; /* inner is that of its rows */
} fm__bar;
typedef struct fm__bars {
  fm__bar *bar; /* in rising order */
  size_t n;
  uint32_t bits;
  int32_t x_scale, w_scale; /* scaled = true * 2^-scale */
  int64_t count;
  double weight, total; /* each rounded once; n = 0: 0 */
  double mean;          /* total / weight, NaN when empty */
} fm__bars;
fm_status fm__bars_create(fm__bars *out, const fm__prefix *p, fm_error *err);
void fm__bars_free(fm__bars *b);

/* All take bars that are not empty, and give scaled ranges, but for incomes: quantile and line are not scaled. */
fm__range fm__bars_gini_area(const fm__bars *b); /* sum of C (W - C) dx: Gini is this / (W Y) */
/* The smallest income with C >= p W within the tolerance (of W), and what comes after it. */
enum { FM__BARS_AVERAGE, FM__BARS_LEFT, FM__BARS_RIGHT }; /* when p is hit: mean of the two neighbours, lower, higher */
fm__range fm__bars_quantile(const fm__bars *b, double p, int32_t rule, double tolerance);
fm__range fm__bars_poorest(const fm__bars *b, double p);                  /* income of the poorest share p */
fm__range fm__bars_below(const fm__bars *b, fm__range line, bool closed); /* weight of x < line, or <= */
/* ---- exact after one more pass: the rows of some cells are collected, and make what depends on them exact ---- */
typedef struct fm__bars_span {
  size_t first, last; /* numbers of bars */
} fm__bars_span;
fm__bars_span fm__bars_wanted(const fm__bars *b, double p, double tolerance); /* for quantile and poorest at p */
fm__bars_span fm__bars_wanted_below(const fm__bars *b, fm__range line);       /* first > last: none */

/* Rows of the cells asked for: 16 bytes each, and 2^bits bits. */
typedef struct fm__second {
  uint32_t bits;
  uint64_t *wanted; /* a bit a cell */
  fm__pair *rows;   /* keys of order and weights */
  size_t n, capacity;
} fm__second;
fm_status fm__second_create(fm__second *s, uint32_t bits, fm_error *err); /* s is empty before */
void fm__second_free(fm__second *s);
void fm__second_want(fm__second *s, uint32_t cell);
/* x and w as for fm__prefix_add. On failure s is as before. */
fm_status fm__second_add(fm__second *s, const double *x, const double *w, size_t n, fm_error *err);
fm_status fm__second_merge(fm__second *s, const fm__second *other, fm_error *err);
/* Takes the rows into the bars of p: FM_ERR_MISMATCH, and nothing changed, when they are not exactly those that p was
 * made of. `places` false: only the cells' part of the Gini is wanted, and no more memory is used. Sorts the rows. */
fm_status fm__bars_refine(fm__bars *b, const fm__prefix *p, fm__second *s, bool places, fm_error *err);

/* Outward by a unit of the last place at least. */
static inline double fm__up(double x)
{
  return x + (fabs(x) * 0x1p-52 + 0x1p-1074);
}
static inline double fm__down(double x)
{
  return x - (fabs(x) * 0x1p-52 + 0x1p-1074);
}

#endif
