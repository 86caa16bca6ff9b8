/* The kernel for every machine, and the choice of one. */
#define TARGET
#define KERNEL fm__cox_kernel_plain
#include "retention/cox/lanes_priv.h"

const fm__cox_kernel *fm__cox_kernel_best(void)
{
#if defined(FM__COX_AVX2)
  if (__builtin_cpu_supports("avx2"))
    return &fm__cox_kernel_avx2;
#endif
  return &fm__cox_kernel_plain;
}
