/* The block of the bottom-p pass in SSE2.
 *
 * Exact sums in plain doubles: adding and subtracting a magic number splits each term into a multiple of 2^(low-10) and
 * a rest. If all terms that are not 0 have 2^low <= |v| < 2^(low+32), then 2,048 of the first parts and 2,048 of the
 * second fit into 53 bits each, so that no addition rounds. The split is made once a row; the rows below the bracket
 * are the same parts masked. Terms outside the window send the block to the scalar form. */
#include "num/bottom_priv.h"

#if defined(FM__SUM_SSE2)
#define INLINE static inline __attribute__((always_inline))

enum { SPAN = 32, COARSE = 10, LOWEST = -1022, HIGHEST = FM__SUM_COARSEST + COARSE };

/* The exponent field of 2^low where a shift of the upper half by one, which drops the sign, leaves it. */
static uint32_t field_of(fm__window window)
{
  return (uint32_t)(window.low + 1023) << 21;
}

static inline double term(const double *x, const double *w, size_t i)
{
  return w == NULL ? x[i] : w[i] * x[i];
}

fm__window fm__window_of(const double *x, const double *w, size_t n)
{
  int32_t least = INT32_MAX, largest = INT32_MIN;
  for (size_t i = 0; i < n; i++) {
    uint64_t bits = fm__bits_of(term(x, w, i)) << 1;
    int32_t exponent = (int32_t)(bits >> 53) - 1023;
    if (bits == 0)
      continue;
    least = exponent < least ? exponent : least;
    largest = exponent > largest ? exponent : largest;
  }
  if (largest == INT32_MIN)
    return (fm__window){.low = 0, .found = true};
  int32_t low = least - (SPAN - 1 - (largest - least)) / 2; /* the same room on both sides */
  low = low < LOWEST ? LOWEST : low > HIGHEST ? HIGHEST : low;
  return (fm__window){.low = low, .found = least >= low && largest < low + SPAN};
}

typedef struct sums {
  __m128d hi, lo, below_hi, below_lo;
  __m128i outside; /* bits above the 26 lowest: a term is outside the window */
} sums;

typedef struct window_vectors {
  __m128d magic;
  __m128i field;
} window_vectors;

static window_vectors vectors_of(fm__window window)
{
  return (window_vectors){.magic = _mm_set1_pd(fm__grid_magic(window.low - COARSE)),
                          .field = _mm_set1_epi32((int32_t)field_of(window))};
}

INLINE void add(sums *s, __m128d v, __m128d below, __m128d magic)
{
  __m128d hi = _mm_sub_pd(_mm_add_pd(v, magic), magic), lo = _mm_sub_pd(v, hi);
  s->hi = _mm_add_pd(s->hi, hi);
  s->lo = _mm_add_pd(s->lo, lo);
  s->below_hi = _mm_add_pd(s->below_hi, _mm_and_pd(hi, below));
  s->below_lo = _mm_add_pd(s->below_lo, _mm_and_pd(lo, below));
}

INLINE void check(sums *s, __m128d u, __m128d v, __m128i field)
{
  __m128i upper = _mm_castps_si128(_mm_shuffle_ps(_mm_castpd_ps(u), _mm_castpd_ps(v), 0xdd));
  s->outside = _mm_or_si128(s->outside, _mm_sub_epi32(_mm_slli_epi32(upper, 1), field));
}

static bool inside_window(const sums *s)
{
  uint64_t outside = fm__or_lanes(s->outside);
  return ((outside | outside >> 32) & UINT64_C(0xfc000000)) == 0;
}

/* The check of the loops takes 0 for too small; this one puts 1 * 2^low in its place. */
static bool fits_or_zero(fm__window window, const double *x, const double *w, size_t n)
{
  const window_vectors of = vectors_of(window);
  const __m128d zero = _mm_setzero_pd(), one = _mm_set1_pd(fm__from_bits((uint64_t)(window.low + 1023) << 52));
  sums s = {0};
  for (size_t i = 0; i < n; i += 4) {
    __m128d u = _mm_loadu_pd(x + i), v = _mm_loadu_pd(x + i + 2);
    if (w != NULL) {
      u = _mm_mul_pd(u, _mm_loadu_pd(w + i));
      v = _mm_mul_pd(v, _mm_loadu_pd(w + i + 2));
    }
    u = _mm_or_pd(u, _mm_and_pd(_mm_cmpeq_pd(u, zero), one));
    v = _mm_or_pd(v, _mm_and_pd(_mm_cmpeq_pd(v, zero), one));
    check(&s, u, v, of.field);
  }
  return inside_window(&s);
}

/* Bytes to fetch ahead of the first loop over a block. */
#define AHEAD 2048

/* Sums of w x, of x while w is NULL; with `weights`, of w. One quantity a loop, or the sums would not stay in
 * registers. */
INLINE void run(sums *out, fm__window window, const double *x, const double *w, size_t n, double low, bool weights)
{
  const window_vectors of = vectors_of(window);
  const __m128d bound = _mm_set1_pd(low);
  sums s = {0};
  for (size_t i = 0; i < n; i += 4) {
    __m128d u = _mm_loadu_pd(x + i), v = _mm_loadu_pd(x + i + 2);
    __m128d below_u = _mm_cmplt_pd(u, bound), below_v = _mm_cmplt_pd(v, bound);
    if (weights) {
      u = _mm_loadu_pd(w + i);
      v = _mm_loadu_pd(w + i + 2);
    } else {
      _mm_prefetch((const char *)((uintptr_t)(x + i) + AHEAD), _MM_HINT_T0);
      if (w != NULL) {
        _mm_prefetch((const char *)((uintptr_t)(w + i) + AHEAD), _MM_HINT_T0);
        u = _mm_mul_pd(u, _mm_loadu_pd(w + i));
        v = _mm_mul_pd(v, _mm_loadu_pd(w + i + 2));
      }
    }
    check(&s, u, v, of.field);
    add(&s, u, below_u, of.magic);
    add(&s, v, below_v, of.magic);
  }
  *out = s;
}

static void run_totals(sums *out, fm__window window, const double *x, const double *w, size_t n, double low)
{
  if (w == NULL)
    run(out, window, x, NULL, n, low, false);
  else
    run(out, window, x, w, n, low, false);
}

static void run_weights(sums *out, fm__window window, const double *x, const double *w, size_t n, double low)
{
  run(out, window, x, w, n, low, true);
}

/* The two lanes together are still below 2^53 units: nothing rounds. */
static void flush(fm__sum *s, __m128d v)
{
  double lane[2];
  _mm_storeu_pd(lane, v);
  fm__sum_add(s, lane[0] + lane[1]);
}

/* Rows at the low end. The terms are known to lie in the windows. */
static void run_ties(fm__group *at_low, fm__window weight, fm__window total, const double *x, const double *w, size_t n,
                     double low)
{
  const __m128d mw = vectors_of(weight).magic, mt = vectors_of(total).magic, bound = _mm_set1_pd(low);
  __m128d hi_w = _mm_setzero_pd(), lo_w = hi_w, hi_t = hi_w, lo_t = hi_w;
  for (size_t i = 0; i < n; i += 2) {
    __m128d v = _mm_loadu_pd(x + i), at = _mm_cmpeq_pd(v, bound);
    __m128d u = _mm_and_pd(w == NULL ? _mm_set1_pd(1) : _mm_loadu_pd(w + i), at);
    v = _mm_mul_pd(u, v); /* x is finite: 0 where the mask is 0 */
    __m128d hu = _mm_sub_pd(_mm_add_pd(u, mw), mw), hv = _mm_sub_pd(_mm_add_pd(v, mt), mt);
    hi_w = _mm_add_pd(hi_w, hu);
    lo_w = _mm_add_pd(lo_w, _mm_sub_pd(u, hu));
    hi_t = _mm_add_pd(hi_t, hv);
    lo_t = _mm_add_pd(lo_t, _mm_sub_pd(v, hv));
  }
  flush(&at_low->weight, hi_w);
  flush(&at_low->weight, lo_w);
  flush(&at_low->total, hi_t);
  flush(&at_low->total, lo_t);
}

/* Copies the rows whose bits are set. A loop over the bits mispredicts once in 64 rows, a test of each row far more. */
static void copy_marked(fm__rows *to, const double *x, const double *w, uint64_t marks)
{
  size_t n = to->n;
  for (; marks != 0; marks &= marks - 1, n++) {
    size_t i = (size_t)__builtin_ctzll(marks);
    to->x[n] = x[i];
    if (w != NULL)
      to->w[n] = w[i];
  }
  to->n = n;
}

/* All ones for rows of which two bits are to be set. */
INLINE __m128i mark(const double *x, __m128d low, __m128d high, bool ties)
{
  __m128d v = _mm_loadu_pd(x);
  return _mm_castpd_si128(_mm_andnot_pd(ties ? _mm_cmple_pd(v, low) : _mm_cmplt_pd(v, low), _mm_cmple_pd(v, high)));
}

/* One bit a row: packing with saturation keeps all ones and all zeros. */
INLINE uint64_t mark16(const double *x, __m128d low, __m128d high, bool ties)
{
  __m128i four[4], eight[2];
  for (int32_t k = 0; k < 4; k++)
    four[k] = _mm_packs_epi32(mark(x + 4 * k, low, high, ties), mark(x + 4 * k + 2, low, high, ties));
  eight[0] = _mm_packs_epi32(four[0], four[1]);
  eight[1] = _mm_packs_epi32(four[2], four[3]);
  return (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(eight[0], eight[1]));
}

INLINE void copy_rows(fm__rows *to, const double *x, const double *w, size_t n, const fm__bracket *b, bool ties)
{
  const __m128d low = _mm_set1_pd(b->low), high = _mm_set1_pd(b->high);
  for (size_t i = 0; i < n; i += FM__BOTTOM_STEP) {
    uint64_t marks = 0;
    for (uint32_t k = 0; k < FM__BOTTOM_STEP; k += 16)
      marks |= mark16(x + i + k, low, high, ties) << k;
    if (marks != 0)
      copy_marked(to, x + i, w == NULL ? NULL : w + i, marks);
  }
}

static void copy_inside(fm__rows *to, const double *x, const double *w, size_t n, const fm__bracket *b)
{
  if (b->ties)
    copy_rows(to, x, w, n, b, true);
  else
    copy_rows(to, x, w, n, b, false);
}

static void flush_all(fm__sum *all, fm__sum *below, const sums *s)
{
  flush(all, s->hi);
  flush(all, s->lo);
  flush(below, s->below_hi);
  flush(below, s->below_lo);
}

static size_t count_below(const double *x, size_t n, double low)
{
  const __m128d bound = _mm_set1_pd(low);
  __m128i count = _mm_setzero_si128(); /* downwards */
  for (size_t i = 0; i < n; i += 2)
    count = _mm_add_epi64(count, _mm_castpd_si128(_mm_cmplt_pd(_mm_loadu_pd(x + i), bound)));
  return (size_t)(0 - fm__add_lanes(count));
}

bool fm__bottom_block_sse2(fm__part *part, fm__window weight, fm__window total, const double *x, const double *w,
                           size_t n, const fm__bracket *b)
{
  sums weights = {0}, totals;
  run_totals(&totals, total, x, w, n, b->low);
  if (w != NULL)
    run_weights(&weights, weight, x, w, n, b->low);
  if ((!inside_window(&totals) && !fits_or_zero(total, x, w, n)) ||
      (!inside_window(&weights) && !fits_or_zero(weight, w, NULL, n)))
    return false;
  flush_all(&part->all.total, &part->below.total, &totals);
  if (w != NULL) {
    flush_all(&part->all.weight, &part->below.weight, &weights);
  } else {
    fm__sum_add_scaled(&part->all.weight, (int64_t)n, 0);
    fm__sum_add_scaled(&part->below.weight, (int64_t)count_below(x, n, b->low), 0);
  }
  if (b->ties)
    run_ties(&part->at_low, weight, total, x, w, n, b->low);
  copy_inside(&part->inside, x, w, n, b);
  return true;
}
#else
typedef int fm__bottom_sse2_is_empty; /* a file of C must not be empty */
#endif
