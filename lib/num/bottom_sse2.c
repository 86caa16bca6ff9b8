/* The block of the bottom-p pass in SSE2, two rows a vector. */
#include "num/bottom_priv.h"

#if defined(FM__SUM_SSE2)
#define FM__LANES 2
#define REALS __m128d
#define WORDS __m128i
#define V(name) _mm_##name
#define V_LT(a, b) _mm_cmplt_pd(a, b)
#define V_LE(a, b) _mm_cmple_pd(a, b)
#define V_EQ(a, b) _mm_cmpeq_pd(a, b)
#define V_OR(a, b) _mm_or_si128(a, b)
#define V_ZERO() _mm_setzero_si128()
#define V_WORDS(v) _mm_castps_si128(v)
#define V_MASK(v) _mm_castpd_si128(v)
#define V_STORE(to, v) _mm_storeu_si128((__m128i *)(void *)(to), v)
#define TARGET
#define INLINE static inline __attribute__((always_inline))
#define FM__BOTTOM_BLOCK fm__bottom_block_sse2
#include "num/bottom_lanes_priv.h"
#else
typedef int fm__bottom_sse2_is_empty; /* a file of C must not be empty */
#endif
