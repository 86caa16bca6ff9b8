/* Inside of the bottom p of groups by brackets: every row is read once and added to its group where it lies; only rows
 * inside their group's bracket are copied. */
#ifndef FM_NUM_BOTTOM_BRACKETS_PRIV_H
#define FM_NUM_BOTTOM_BRACKETS_PRIV_H

#include "num/bottom_priv.h"

#if defined(FM__SUM_SSE2)
/* Terms are multiples of 2^fine and below 2^(coarse + COARSE_BITS): 87 binades from the largest down. */
enum {
  FM__TERM_COARSE_BITS = 40, /* of the coarse part: a slice of 2^22 rows stays below 2^62 */
  FM__TERM_FINE_BITS = 47,   /* how far the fine grid lies below the coarse one; half of it with a sign */
  FM__TERM_CARRY_ROWS = 1 << 16,
  FM__SLICE_ROWS = 1 << 22
};
/* The grid of a quantity: multiples of 2^coarse, and of 2^(coarse - FINE_BITS). */
typedef struct fm__term_grid {
  int32_t coarse;
} fm__term_grid;

/* Sums of some rows of a group as integers on the two grids. */
typedef struct fm__cell {
  int64_t coarse_w, coarse_t, fine_w, fine_t;
} fm__cell;

/* Where a row lies: below its bracket, at the ends, or neither. */
enum { FM__BELOW, FM__ELSEWHERE, FM__AT_LOW, FM__AT_HIGH, FM__PLACES };

enum { FM__CHUNK_ROWS = 62 }; /* with its head one KiB */
typedef struct fm__chunk {
  struct fm__chunk *before[2];    /* the chunk before, and the one before that */
  size_t n_before;                /* rows in all of those */
  double row[2 * FM__CHUNK_ROWS]; /* x, w */
} fm__chunk;

typedef struct fm__tail {
  double *next, *end; /* of the last chunk */
  fm__chunk *last;
} fm__tail;

/* Rows that lie inside, by group, in chunks that are cut from blocks. */
typedef struct fm__chunks {
  fm__tail *tail; /* of each group */
  void **block;
  size_t n_blocks, capacity, used; /* chunks of the last block */
} fm__chunks;

/* A term that is not on the grids. */
typedef struct fm__odd {
  size_t before; /* one more than the place of the group's odd term before; 0: none */
  uint32_t place;
  double w, t;
} fm__odd;

typedef struct fm__slice {
  fm__cell *cell; /* [n_groups + 1] below and elsewhere, then [n_groups + 1] at low and at high */
  void *cell_memory;
  fm__chunks inside;
  fm__odd *odd;
  size_t *odd_last; /* of each group, as `before` */
  size_t n_odd, odd_capacity;
  bool too_odd; /* with so many terms that are not on the grids, the rows had better be moved; the rest is missing */
} fm__slice;

/* low and high of each group, and of one that takes the rows of no group. */
typedef struct fm__brackets {
  const double *low_high;
  size_t n_groups;
  fm__term_grid weight, total;
} fm__brackets;

/* A block of rows as they are added, and which of them are inside the brackets. */
enum { FM__TERMS = 256 };
typedef struct fm__terms {
  fm__cell term[FM__TERMS];
  uint8_t inside[FM__TERMS];
  size_t n_inside;
} fm__terms;

static inline size_t fm__bracket_group(int32_t group, size_t n_groups)
{
  size_t k = (uint32_t)group;
  return k < n_groups ? k : n_groups;
}

/* Bit 0 x < low, 1 x < high, 2 x <= low, 3 x <= high. */
static inline uint32_t fm__bracket_code(double x, const double *low_high)
{
  __m128d v = _mm_set1_pd(x), ends = _mm_loadu_pd(low_high);
  __m128 less = _mm_castpd_ps(_mm_cmplt_pd(v, ends)), most = _mm_castpd_ps(_mm_cmple_pd(v, ends));
  return (uint32_t)_mm_movemask_ps(_mm_shuffle_ps(less, most, 0x88));
}

enum { FM__CODE_INSIDE = 10 };
extern const uint8_t fm__place_of_code[16];

/* Up to FM__TERMS rows as terms; false if one is not on the grids. */
bool fm__terms_split_sse2(fm__terms *to, const fm__brackets *of, const double *x, const double *w, size_t n);
/* Adds the terms of the rows to the cells, and lists the rows inside. */
void fm__terms_add_sse2(fm__cell *cell, fm__terms *t, const fm__brackets *of, const double *x, const int32_t *group,
                        size_t n);
#if defined(FM__BOTTOM_AVX2)
bool fm__terms_split_avx2(fm__terms *to, const fm__brackets *of, const double *x, const double *w, size_t n);
void fm__terms_add_avx2(fm__cell *cell, fm__terms *t, const fm__brackets *of, const double *x, const int32_t *group,
                        size_t n);
#endif

/* Adds rows; at most FM__SLICE_ROWS to a slice. false: out of memory. */
bool fm__slice_add(fm__slice *s, const fm__brackets *b, const double *x, const double *w, const int32_t *group,
                   size_t n);
void fm__slice_free(fm__slice *s);
#endif

#endif
