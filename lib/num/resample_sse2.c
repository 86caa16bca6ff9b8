/* The draws and sums of the bootstrap in SSE2: the scalar forms' bits, two replicates a vector of doubles. */
#include "num/resample_priv.h"

#if defined(__SSE2__)
#include <emmintrin.h>

typedef struct state {
  __m128i s0, s1, s2, s3;
} state;

static inline __m128i rotated(__m128i v, int by)
{
  return _mm_or_si128(_mm_slli_epi32(v, by), _mm_srli_epi32(v, 32 - by));
}

static inline __m128i next_words(state *s)
{
  __m128i words = _mm_add_epi32(rotated(_mm_add_epi32(s->s0, s->s3), 7), s->s0), t = _mm_slli_epi32(s->s1, 9);
  s->s2 = _mm_xor_si128(s->s2, s->s0);
  s->s3 = _mm_xor_si128(s->s3, s->s1);
  s->s1 = _mm_xor_si128(s->s1, s->s2);
  s->s0 = _mm_xor_si128(s->s0, s->s3);
  s->s2 = _mm_xor_si128(s->s2, t);
  s->s3 = rotated(s->s3, 11);
  return words;
}

static state load_state(const fm__lanes *l, size_t first)
{
  const uint32_t *at = &l->state[0][first];
  return (state){_mm_loadu_si128((const __m128i *)(const void *)at),
                 _mm_loadu_si128((const __m128i *)(const void *)(at + FM__RESAMPLE_LANES)),
                 _mm_loadu_si128((const __m128i *)(const void *)(at + 2 * FM__RESAMPLE_LANES)),
                 _mm_loadu_si128((const __m128i *)(const void *)(at + 3 * FM__RESAMPLE_LANES))};
}

static void store_state(fm__lanes *l, size_t first, const state *s)
{
  uint32_t *at = &l->state[0][first];
  _mm_storeu_si128((__m128i *)(void *)at, s->s0);
  _mm_storeu_si128((__m128i *)(void *)(at + FM__RESAMPLE_LANES), s->s1);
  _mm_storeu_si128((__m128i *)(void *)(at + 2 * FM__RESAMPLE_LANES), s->s2);
  _mm_storeu_si128((__m128i *)(void *)(at + 3 * FM__RESAMPLE_LANES), s->s3);
}

/* Draws whose cell is left over, found by the count one above the cells'. */
static void refine(uint8_t *count, const fm__lanes *l, const fm__poisson_table *t, __m128i a, __m128i b)
{
  int16_t cell[FM__RESAMPLE_GROUP];
  _mm_storeu_si128((__m128i *)(void *)cell, a);
  _mm_storeu_si128((__m128i *)(void *)(cell + 8), b);
  for (uint32_t k = 0; k < FM__RESAMPLE_GROUP; k++)
    if (count[k] == FM__POISSON_CELLS)
      count[k] = fm__lanes_rare(l, t, (uint32_t)(cell[k] - t->last[FM__POISSON_CELLS - 1] - 1), k);
}

void fm__lanes_draw(uint8_t *count, fm__lanes *l, const fm__poisson_table *t, size_t n)
{
  state low = load_state(l, 0), high = load_state(l, 4);
  __m128i last[FM__POISSON_CELLS];
  for (int k = 0; k < FM__POISSON_CELLS; k++)
    last[k] = _mm_set1_epi16(t->last[k]);
  for (size_t i = 0; i < n; i++, l->row++, count += FM__RESAMPLE_GROUP) {
    __m128i a = next_words(&low), b = next_words(&high), in_a, in_b;
    __m128i of_a = _mm_cmpgt_epi16(a, last[0]), of_b = _mm_cmpgt_epi16(b, last[0]);
    for (int k = 1; k < FM__POISSON_CELLS; k++) {
      in_a = _mm_cmpgt_epi16(a, last[k]);
      in_b = _mm_cmpgt_epi16(b, last[k]);
      of_a = _mm_add_epi16(of_a, in_a);
      of_b = _mm_add_epi16(of_b, in_b);
    }
    __m128i all = _mm_packs_epi16(of_a, of_b); /* minus the counts */
    _mm_storeu_si128((__m128i *)(void *)count, _mm_sub_epi8(_mm_setzero_si128(), all));
    if (_mm_movemask_epi8(_mm_or_si128(in_a, in_b)) != 0)
      refine(count, l, t, a, b);
  }
  store_state(l, 0, &low);
  store_state(l, 4, &high);
}

void fm__lanes_total(uint32_t total[FM__RESAMPLE_GROUP], uint8_t most[FM__RESAMPLE_GROUP], const uint8_t *count,
                     size_t n)
{
  const __m128i zero = _mm_setzero_si128();
  __m128i low = zero, high = zero, largest = _mm_loadu_si128((const __m128i *)(const void *)most);
  uint16_t sum[FM__RESAMPLE_GROUP]; /* 2,048 counts of at most 31 */
  for (size_t i = 0; i < n; i++) {
    __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(count + i * FM__RESAMPLE_GROUP));
    low = _mm_add_epi16(low, _mm_unpacklo_epi8(v, zero));
    high = _mm_add_epi16(high, _mm_unpackhi_epi8(v, zero));
    largest = _mm_max_epu8(largest, v);
  }
  _mm_storeu_si128((__m128i *)(void *)sum, low);
  _mm_storeu_si128((__m128i *)(void *)(sum + 8), high);
  _mm_storeu_si128((__m128i *)(void *)most, largest);
  for (size_t k = 0; k < FM__RESAMPLE_GROUP; k++)
    total[k] += sum[k];
}

/* Bytes to doubles: each as the low bits of 2^52, from which 2^52 is taken. */
static inline __m128d number(__m128i words)
{
  return _mm_sub_pd(_mm_castsi128_pd(words), _mm_set1_pd(0x1p52));
}

typedef struct sums {
  __m128d above, a, b;
} sums;

static inline void add(sums *s, __m128d count, __m128d w, __m128d dx)
{
  s->above = _mm_add_pd(s->above, _mm_mul_pd(count, w));
  __m128d step = _mm_mul_pd(s->above, dx);
  s->a = _mm_add_pd(s->a, step);
  s->b = _mm_add_pd(s->b, _mm_mul_pd(s->above, step));
}

/* Eight replicates in registers. */
static void add_eight(fm__gini_sums *to, size_t first, const uint8_t *count, const double *w_dx, size_t n)
{
  const __m128i zero = _mm_setzero_si128(), exponent = _mm_set1_epi32(0x43300000);
  sums s[4];
  for (size_t k = 0; k < 4; k++) {
    size_t at = first + 2 * k;
    s[k] = (sums){_mm_loadu_pd(to->above + at), _mm_loadu_pd(to->a + at), _mm_loadu_pd(to->b + at)};
  }
  count += first;
  for (size_t i = 0; i < n; i++, count += FM__RESAMPLE_GROUP, w_dx += 4) {
    __m128d w = _mm_loadu_pd(w_dx), dx = _mm_loadu_pd(w_dx + 2);
    __m128i words = _mm_unpacklo_epi8(_mm_loadl_epi64((const __m128i *)(const void *)count), zero);
    __m128i low = _mm_unpacklo_epi16(words, zero), high = _mm_unpackhi_epi16(words, zero);
    add(&s[0], number(_mm_unpacklo_epi32(low, exponent)), w, dx);
    add(&s[1], number(_mm_unpackhi_epi32(low, exponent)), w, dx);
    add(&s[2], number(_mm_unpacklo_epi32(high, exponent)), w, dx);
    add(&s[3], number(_mm_unpackhi_epi32(high, exponent)), w, dx);
  }
  for (size_t k = 0; k < 4; k++) {
    size_t at = first + 2 * k;
    _mm_storeu_pd(to->above + at, s[k].above);
    _mm_storeu_pd(to->a + at, s[k].a);
    _mm_storeu_pd(to->b + at, s[k].b);
  }
}

void fm__gini_add(fm__gini_sums *s, const uint8_t *count, const double *w_dx, size_t n)
{
  add_eight(s, 0, count, w_dx, n);
  add_eight(s, 8, count, w_dx, n);
}
#else
void fm__lanes_draw(uint8_t *count, fm__lanes *l, const fm__poisson_table *t, size_t n)
{
  fm__lanes_draw_scalar(count, l, t, n);
}

void fm__lanes_total(uint32_t total[FM__RESAMPLE_GROUP], uint8_t most[FM__RESAMPLE_GROUP], const uint8_t *count,
                     size_t n)
{
  fm__lanes_total_scalar(total, most, count, n);
}

void fm__gini_add(fm__gini_sums *s, const uint8_t *count, const double *w_dx, size_t n)
{
  fm__gini_add_scalar(s, count, w_dx, n);
}
#endif
