/* The block of the bottom-p pass in AVX2, four rows a vector: 1.4 times as fast as SSE2 (benchmarks/bench_bottom.c).
 * Only fm__bottom_pass calls it, on machines that have the instructions. */
#include "num/bottom_priv.h"

#if defined(FM__BOTTOM_AVX2)
#include <immintrin.h>

#define FM__LANES 4
#define REALS __m256d
#define WORDS __m256i
#define V(name) _mm256_##name
#define V_LT(a, b) _mm256_cmp_pd(a, b, _CMP_LT_OQ)
#define V_LE(a, b) _mm256_cmp_pd(a, b, _CMP_LE_OQ)
#define V_EQ(a, b) _mm256_cmp_pd(a, b, _CMP_EQ_OQ)
#define V_OR(a, b) _mm256_or_si256(a, b)
#define V_ZERO() _mm256_setzero_si256()
#define V_WORDS(v) _mm256_castps_si256(v)
#define V_MASK(v) _mm256_castpd_si256(v)
#define V_STORE(to, v) _mm256_storeu_si256((__m256i *)(void *)(to), v)
#define TARGET __attribute__((target("avx2")))
#define INLINE static inline __attribute__((always_inline, target("avx2")))
#define FM__BOTTOM_BLOCK fm__bottom_block_avx2
#include "num/bottom_lanes_priv.h"
#else
typedef int fm__bottom_avx2_is_empty; /* a file of C must not be empty */
#endif
