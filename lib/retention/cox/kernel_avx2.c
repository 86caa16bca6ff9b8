/* The kernel in AVX2. Only fm__cox_kernel_best takes it, on machines that have the instructions. */
#include "retention/cox/kernel_priv.h"

#if defined(FM__COX_AVX2)
#define TARGET __attribute__((target("avx2")))
#define KERNEL fm__cox_kernel_avx2
#include "retention/cox/lanes_priv.h"
#else
typedef int fm__cox_kernel_avx2_is_empty; /* a file of C must not be empty */
#endif
