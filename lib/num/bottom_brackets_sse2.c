/* The loops over rows of many groups in SSE2, two rows a vector. */
#include "num/bottom_brackets_priv.h"

#if defined(FM__SUM_SSE2)
const uint8_t fm__place_of_code[16] = {[0] = FM__ELSEWHERE, [8] = FM__AT_HIGH, [FM__CODE_INSIDE] = FM__ELSEWHERE,
                                       [12] = FM__AT_LOW,   [14] = FM__AT_LOW, [15] = FM__BELOW};

#define FM__LANES 2
#define REALS __m128d
#define WORDS __m128i
#define V(name) _mm_##name
#define V_OR(a, b) _mm_or_si128(a, b)
#define V_ZERO() _mm_setzero_si128()
#define V_MASK(v) _mm_castpd_si128(v)
#define V_STORE(to, v) _mm_storeu_si128((__m128i *)(void *)(to), v)
#define TARGET
#define INLINE static inline __attribute__((always_inline))
#define FM__TERMS_SPLIT fm__terms_split_sse2
#define FM__TERMS_ADD fm__terms_add_sse2
#include "num/bottom_brackets_lanes_priv.h"
#else
typedef int fm__bottom_brackets_sse2_is_empty; /* a file of C must not be empty */
#endif
