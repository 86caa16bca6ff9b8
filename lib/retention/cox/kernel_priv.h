/* The loops over rows: three that a Newton iteration is made of and two that put rows in order, a block at a time. */
#ifndef FM_RETENTION_COX_KERNEL_PRIV_H
#define FM_RETENTION_COX_KERNEL_PRIV_H

#include "retention/cox/cox_priv.h"

/* Two forms of one source, with the same bits: plain, and for processors with AVX2. */
#if defined(__GNUC__) && defined(__x86_64__)
#define FM__COX_AVX2 1
#endif

typedef struct fm__cox_range {
  double low, high;
} fm__cox_range;

typedef struct fm__cox_kernel {
  /* risk = weight * exp(x beta) of a block; beyond +-700 the exponent is taken as +-700. */
  void (*risk)(double *risk, const double *x, const double *weight, const double *beta, size_t wide);
  /* out[0] += sum of g, out[1 + j] += sum of g * x_j over rows from .. to - 1 of a block. */
  void (*add)(double *out, const double *x, const double *g, size_t from, size_t to, size_t wide);
  /* out += x' diag(g) x of a block, wide x wide, at least the lower half; wide is even. */
  void (*gram)(double *out, const double *x, const double *g, size_t wide);
  /* Adds a number for each value to the hashes of n rows; equal values, equal numbers. */
  void (*hash)(uint64_t *hash, const double *x, size_t n, uint64_t factor);
  /* Widens a range by n values; false when one of them is not a number. */
  bool (*reach)(fm__cox_range *r, const double *x, size_t n);
} fm__cox_kernel;

extern const fm__cox_kernel fm__cox_kernel_plain;
#if defined(FM__COX_AVX2)
extern const fm__cox_kernel fm__cox_kernel_avx2;
#endif
const fm__cox_kernel *fm__cox_kernel_best(void); /* of this machine */

/* Asks for a block before it is needed, where no kernel that does so runs over the one before. */
static inline void fm__cox_fetch(const fm__cox *c, size_t block)
{
#if defined(__GNUC__)
  const double *x = fm__cox_block(c, block);
  for (size_t k = 0; block < c->n_blocks && k < c->wide * FM__COX_BLOCK; k += 8)
    __builtin_prefetch(x + k);
#else
  (void)c;
  (void)block;
#endif
}

#endif
