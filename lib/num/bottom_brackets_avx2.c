/* The loops over rows of many groups in AVX2, four rows a vector (benchmarks/bench_groups.c). Only fm__slice_add calls
 * them, on machines that have the instructions. */
#include "num/bottom_brackets_priv.h"

#if defined(FM__BOTTOM_AVX2)
#include <immintrin.h>

#define FM__LANES 4
#define REALS __m256d
#define WORDS __m256i
#define V(name) _mm256_##name
#define V_OR(a, b) _mm256_or_si256(a, b)
#define V_ZERO() _mm256_setzero_si256()
#define V_MASK(v) _mm256_castpd_si256(v)
#define V_STORE(to, v) _mm256_storeu_si256((__m256i *)(void *)(to), v)
#define TARGET __attribute__((target("avx2")))
#define INLINE static inline __attribute__((always_inline, target("avx2")))
#define FM__TERMS_SPLIT fm__terms_split_avx2
#define FM__TERMS_ADD fm__terms_add_avx2
#include "num/bottom_brackets_lanes_priv.h"
#else
typedef int fm__bottom_brackets_avx2_is_empty; /* a file of C must not be empty */
#endif
