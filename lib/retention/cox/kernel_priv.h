/* The three loops over rows that a Newton iteration is made of, one block at a time. */
#ifndef FM_RETENTION_COX_KERNEL_PRIV_H
#define FM_RETENTION_COX_KERNEL_PRIV_H

#include "retention/cox/cox_priv.h"

/* Two forms of one source, with the same bits: plain, and for processors with AVX2. */
#if defined(__GNUC__) && defined(__x86_64__)
#define FM__COX_AVX2 1
#endif

typedef struct fm__cox_kernel {
  /* risk = weight * exp(x beta) of a block; beyond +-700 the exponent is taken as +-700. */
  void (*risk)(double *risk, const double *x, const double *weight, const double *beta, size_t wide);
  /* out[0] += sum of g, out[1 + j] += sum of g * x_j over rows from .. to - 1 of a block. */
  void (*add)(double *out, const double *x, const double *g, size_t from, size_t to, size_t wide);
  /* out += x' diag(g) x of a block, wide x wide, at least the lower half; wide is even. */
  void (*gram)(double *out, const double *x, const double *g, size_t wide);
} fm__cox_kernel;

extern const fm__cox_kernel fm__cox_kernel_plain;
#if defined(FM__COX_AVX2)
extern const fm__cox_kernel fm__cox_kernel_avx2;
#endif
const fm__cox_kernel *fm__cox_kernel_best(void); /* of this machine */

#endif
