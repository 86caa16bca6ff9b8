/* The loops over a block of rows of many groups in vectors, included once for each width with these macros set:
 * FM__LANES, REALS, WORDS, V, W and their kind, TARGET, INLINE, FM__TERMS_SPLIT, FM__TERMS_ADD. */
#include "num/bottom_brackets_priv.h"

typedef struct magic {
  REALS coarse, fine;
} magic;

TARGET static magic magic_of(fm__term_grid g)
{
  return (magic){.coarse = V(set1_pd)(fm__grid_magic(g.coarse)),
                 .fine = V(set1_pd)(fm__grid_magic(g.coarse - FM__TERM_FINE_BITS))};
}

typedef struct check {
  WORDS range;
  REALS rest;
} check;

/* As in sum_fast.c: adding the magic number leaves a multiple of the grid in the low bits; what remains goes to the
 * fine grid, and nothing may remain after that. */
INLINE void split(WORDS *coarse, WORDS *fine, check *c, REALS v, magic m)
{
  const WORDS bias = V(set1_epi64x)(INT64_C(1) << FM__TERM_COARSE_BITS);
  REALS y = V(add_pd)(v, m.coarse), lo = V(sub_pd)(v, V(sub_pd)(y, m.coarse)), z = V(add_pd)(lo, m.fine);
  *coarse = V(sub_epi64)(V_MASK(y), V_MASK(m.coarse));
  *fine = V(sub_epi64)(V_MASK(z), V_MASK(m.fine));
  c->range = V_OR(c->range, V(add_epi64)(*coarse, bias));
  c->rest = V(or_pd)(c->rest, V(xor_pd)(V(sub_pd)(z, m.fine), lo));
}

TARGET static bool fits(const check *c)
{
  uint64_t lane[FM__LANES], range = 0, rest = 0;
  V_STORE(lane, c->range);
  for (size_t i = 0; i < FM__LANES; i++)
    range |= lane[i];
  V_STORE(lane, V_MASK(c->rest));
  for (size_t i = 0; i < FM__LANES; i++)
    rest |= lane[i];
  return range >> (FM__TERM_COARSE_BITS + 1) == 0 && rest << 1 == 0;
}

#if FM__LANES == 4
INLINE void store(fm__cell *to, WORDS coarse_w, WORDS coarse_t, WORDS fine_w, WORDS fine_t)
{
  WORDS a = _mm256_unpacklo_epi64(coarse_w, coarse_t), b = _mm256_unpackhi_epi64(coarse_w, coarse_t);
  WORDS c = _mm256_unpacklo_epi64(fine_w, fine_t), d = _mm256_unpackhi_epi64(fine_w, fine_t);
  V_STORE(to, _mm256_permute2x128_si256(a, c, 0x20));
  V_STORE(to + 1, _mm256_permute2x128_si256(b, d, 0x20));
  V_STORE(to + 2, _mm256_permute2x128_si256(a, c, 0x31));
  V_STORE(to + 3, _mm256_permute2x128_si256(b, d, 0x31));
}

INLINE void add(fm__cell *to, const fm__cell *term)
{
  __m256i *at = (__m256i *)(void *)to;
  _mm256_store_si256(at,
                     _mm256_add_epi64(_mm256_load_si256(at), _mm256_loadu_si256((const __m256i *)(const void *)term)));
}
#else
INLINE void store(fm__cell *to, WORDS coarse_w, WORDS coarse_t, WORDS fine_w, WORDS fine_t)
{
  V_STORE(&to[0].coarse_w, _mm_unpacklo_epi64(coarse_w, coarse_t));
  V_STORE(&to[0].fine_w, _mm_unpacklo_epi64(fine_w, fine_t));
  V_STORE(&to[1].coarse_w, _mm_unpackhi_epi64(coarse_w, coarse_t));
  V_STORE(&to[1].fine_w, _mm_unpackhi_epi64(fine_w, fine_t));
}

INLINE void add(fm__cell *to, const fm__cell *term)
{
  __m128i *at = (__m128i *)(void *)to;
  const __m128i *of = (const __m128i *)(const void *)term;
  _mm_store_si128(at, _mm_add_epi64(_mm_load_si128(at), _mm_loadu_si128(of)));
  _mm_store_si128(at + 1, _mm_add_epi64(_mm_load_si128(at + 1), _mm_loadu_si128(of + 1)));
}
#endif

INLINE void split_some(fm__cell *to, check *c, REALS x, REALS w, magic weight, magic total)
{
  WORDS coarse_w, fine_w, coarse_t, fine_t;
  split(&coarse_w, &fine_w, c, w, weight);
  split(&coarse_t, &fine_t, c, V(mul_pd)(w, x), total);
  store(to, coarse_w, coarse_t, fine_w, fine_t);
}

/* Bytes to fetch ahead. */
#define AHEAD 4096

TARGET bool FM__TERMS_SPLIT(fm__terms *to, const fm__brackets *of, const double *x, const double *w, size_t n)
{
  const magic weight = magic_of(of->weight), total = magic_of(of->total);
  const REALS one = V(set1_pd)(1);
  check c = {V_ZERO(), V(setzero_pd)()};
  size_t i = 0;
  for (; i + FM__LANES <= n; i += FM__LANES) {
    _mm_prefetch((const char *)((uintptr_t)(x + i) + AHEAD), _MM_HINT_T0);
    if (w != NULL)
      _mm_prefetch((const char *)((uintptr_t)(w + i) + AHEAD), _MM_HINT_T0);
    split_some(to->term + i, &c, V(loadu_pd)(x + i), w == NULL ? one : V(loadu_pd)(w + i), weight, total);
  }
  if (i < n) {
    double last_x[FM__LANES] = {0}, last_w[FM__LANES] = {0};
    for (size_t k = 0; i + k < n; k++) {
      last_x[k] = x[i + k];
      last_w[k] = w == NULL ? 1 : w[i + k];
    }
    split_some(to->term + i, &c, V(loadu_pd)(last_x), V(loadu_pd)(last_w), weight, total);
  }
  return fits(&c);
}

TARGET void FM__TERMS_ADD(fm__cell *cell, fm__terms *t, const fm__brackets *of, const double *x, const int32_t *group,
                          size_t n)
{
  static const uint8_t is_inside[16] = {[FM__CODE_INSIDE] = 1};
  const double *low_high = of->low_high;
  const size_t n_groups = of->n_groups;
  size_t offset[16], n_inside = 0;
  for (size_t code = 0; code < 16; code++)
    offset[code] = (fm__place_of_code[code] >> 1) * 2 * (n_groups + 1) + (fm__place_of_code[code] & 1);
  for (size_t i = 0; i < n; i++) {
    size_t k = fm__bracket_group(group[i], n_groups), code = fm__bracket_code(x[i], low_high + 2 * k);
    t->inside[n_inside] = (uint8_t)i;
    n_inside += is_inside[code];
    add(cell + 2 * k + offset[code], &t->term[i]);
  }
  t->n_inside = n_inside;
}
