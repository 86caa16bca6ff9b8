/* Inside of the exact sums: what sum.c offers to sum_fast.c and bottom.c, and the block forms that tests compare. */
#ifndef FM_NUM_SUM_PRIV_H
#define FM_NUM_SUM_PRIV_H

#include "num/num_priv.h"

#include <float.h>

enum {
  FM__SUM_CELLS = 68,
  FM__SUM_ULP = -1074,    /* exponent of the lowest bit of cell 0 */
  FM__SUM_BLOCK = 2048,   /* terms that an int64 bin can take: 2048 * 2^51 = 2^62 */
  FM__SUM_COARSEST = 970, /* largest k for which 1.5 * 2^(52 + k) is finite */
  FM__SUM_TWO_BINS = 51   /* how far the fine grid lies below the coarse one */
};

/* The magic-number trick needs plain double arithmetic and SSE2 forms need the instruction set. */
#if FLT_EVAL_METHOD == 0
#define FM__SUM_BINS 1
#endif
#if defined(FM__SUM_BINS) && defined(__SSE2__)
#define FM__SUM_SSE2 1
#include <emmintrin.h>
#endif

/* Adds total * 2^k, k >= FM__SUM_ULP. */
void fm__sum_add_scaled(fm__sum *s, int64_t total, int32_t k);

/* The grid that the terms of a block are added on. One bin: multiples of 2^k below 2^(k+51). Two bins: multiples of
 * 2^(k-51) below 2^(k+51). */
typedef struct fm__grid {
  int32_t k;
  int32_t n_bins; /* 0: no grid was found yet or none fits; 1 or 2 */
  bool plain;     /* one bin, no minus sign, and small enough to add up in doubles: for the fast forms only */
} fm__grid;

/* Finds a grid for a block; n_bins = 0 when there is none. */
fm__grid fm__grid_of(const double *x, size_t n);

/* 1.5 * 2^(52 + k): adding it to a term leaves the term's multiple of 2^k in the low bits. */
double fm__grid_magic(int32_t k);

/* Adds up to FM__SUM_BLOCK terms if every one lies on the grid; false, and nothing added, if not. */
bool fm__sum_block_scalar(fm__sum *s, const double *x, size_t n, fm__grid grid);
bool fm__sum_block(fm__sum *s, const double *x, size_t n, fm__grid grid); /* the fastest form of this machine */

/* Adds up to FM__SUM_BLOCK terms whatever they are; `grid` is carried from block to block. */
void fm__sum_add_block(fm__sum *s, const double *x, size_t n, fm__grid *grid);

static inline uint64_t fm__bits_of(double x)
{
  union {
    double x;
    uint64_t bits;
  } u = {.x = x};
  return u.bits;
}

static inline double fm__from_bits(uint64_t bits)
{
  union {
    uint64_t bits;
    double x;
  } u = {.bits = bits};
  return u.x;
}

/* What a block left in the bins, and whether all of it was on the grid. */
typedef struct fm__bins {
  uint64_t coarse, fine; /* sums of the bits of y, modulo 2^64 */
  uint64_t range, rest;  /* differences that should be none: y from M; what remains after the last bin */
} fm__bins;

static inline bool fm__bins_fit(const fm__bins *b)
{
  return b->range >> 52 == 0 && b->rest << 1 == 0; /* sign and exponent equal; nothing but the sign of a zero */
}

/* Adds the bins of `n` terms; false, and nothing added, if they do not fit. */
bool fm__bins_flush(fm__sum *s, const fm__bins *b, uint64_t n, fm__grid grid);

#if defined(FM__SUM_SSE2)
static inline uint64_t fm__add_lanes(__m128i v)
{
  uint64_t lane[2];
  _mm_storeu_si128((__m128i *)(void *)lane, v);
  return lane[0] + lane[1];
}

static inline uint64_t fm__or_lanes(__m128i v)
{
  uint64_t lane[2];
  _mm_storeu_si128((__m128i *)(void *)lane, v);
  return lane[0] | lane[1];
}
#endif

#endif
