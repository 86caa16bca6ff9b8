/* Inside of the bottom-p selection: the pass over the rows and the form by sorting that defines the result. */
#ifndef FM_NUM_BOTTOM_PRIV_H
#define FM_NUM_BOTTOM_PRIV_H

#include "num/sum_priv.h"

/* Rows copied aside; w is NULL while all weights are 1. */
typedef struct fm__rows {
  double *x, *w;
  size_t n, capacity;
} fm__rows;
void fm__rows_free(fm__rows *rows);
/* Makes room for `need` rows in all. */
bool fm__rows_reserve(fm__rows *rows, size_t need, bool weighted);

/* low <= high. `ties`: many rows are equal to low, so the pass sums instead of copying them. */
typedef struct fm__bracket {
  double low, high;
  bool ties;
} fm__bracket;

/* Weight and sum of w x of some rows. */
typedef struct fm__group {
  fm__sum weight, total;
} fm__group;

/* What one pass over rows finds for a bracket. */
typedef struct fm__part {
  fm__group all, below, at_low; /* all rows; x < low; x == low, only if the bracket has ties */
  fm__rows inside;              /* low <= x <= high; low < x if the bracket has ties */
} fm__part;
/* Adds rows to a part; false when out of memory. */
bool fm__bottom_pass(fm__part *part, const double *x, const double *w, size_t n, const fm__bracket *b);
bool fm__bottom_pass_scalar(fm__part *part, const double *x, const double *w, size_t n, const fm__bracket *b);

/* Up to FM__SUM_BLOCK rows of the scalar form; room for all of them inside is there. */
typedef struct fm__grids {
  fm__grid weight, total, below_weight, below_total;
} fm__grids;
void fm__bottom_block_scalar(fm__part *part, fm__grids *grids, const double *x, const double *w, size_t n,
                             const fm__bracket *b);
#if defined(FM__SUM_SSE2)
/* GCC and clang compile one function for a better machine than the rest of the library. */
#if defined(__x86_64__) && defined(__GNUC__)
#define FM__BOTTOM_AVX2 1
#endif
enum {
  FM__BOTTOM_STEP = 64,
  FM__WINDOW_SPAN = 32,
  FM__WINDOW_COARSE = 10, /* how far the first part of a term goes below the window */
  FM__WINDOW_LOWEST = -1022,
  FM__WINDOW_HIGHEST = FM__SUM_COARSEST + FM__WINDOW_COARSE
};
/* Terms v are 0 or have 2^low <= |v| < 2^(low + 32). */
typedef struct fm__window {
  int32_t low;
  bool found;
} fm__window;
fm__window fm__window_of(const double *x, const double *w, size_t n); /* of x, or of w x */
/* The same for windows of w and of w x (w NULL: of 1 and of x); false, and nothing added, if a row does not fit. n is a
 * multiple of FM__BOTTOM_STEP. */
bool fm__bottom_block_sse2(fm__part *part, fm__window weight, fm__window total, const double *x, const double *w,
                           size_t n, const fm__bracket *b);
#if defined(FM__BOTTOM_AVX2)
bool fm__bottom_block_avx2(fm__part *part, fm__window weight, fm__window total, const double *x, const double *w,
                           size_t n, const fm__bracket *b); /* only where __builtin_cpu_supports("avx2") */
#endif
#endif

/* What a pass made elsewhere found: sums of all rows, below the bracket and at its two ends, and the rows of weight
 * above 0 strictly inside it. */
typedef struct fm__bottom_parts {
  fm__group all, below, at_low, at_high;
  const double *x, *w;
  size_t n;
  double *room_x, *room_w; /* of as many */
  fm__grids *grids;        /* below_weight and below_total, carried from group to group */
} fm__bottom_parts;
/* Goes on from there. found: false where the cut is outside the bracket. */
fm_status fm__bottom_of_parts(fm__bottom *out, bool *found, const fm__bottom_parts *parts, fm__bracket b, double p,
                              fm_error *err);
/* The value where the weights w, above 0, of rows in order of x reach `wanted`, nearly; false: not found. The room is
 * of n rows. */
bool fm__bottom_guess(double *cut, double *room_x, double *room_w, const double *x, const double *w, size_t n,
                      double wanted);
/* Places the bracket around share p of a sorted sample; outside of it, low and high stay as they are. */
void fm__bracket_place(fm__bracket *b, const fm__pair *sample, size_t n, double p, double errors);

/* The definition: all rows with w > 0, sorted. */
fm_status fm__bottom_sorted(fm__bottom *out, const double *x, const double *w, size_t n, double p, fm_error *err);

#endif
