/* The block of the bottom-p pass in vectors, included once for each width with these macros set: FM__LANES, REALS,
 * WORDS, V and its kind, TARGET, INLINE, FM__BOTTOM_BLOCK.
 *
 * Exact sums in plain doubles: adding and subtracting a magic number splits each term into a multiple of 2^(low-10) and
 * a rest. If all terms that are not 0 have 2^low <= |v| < 2^(low+32), then 2,048 of the first parts and 2,048 of the
 * second fit into 53 bits each, so that no addition rounds. The split is made once a row; the rows below the bracket
 * are the same parts masked. Terms outside the window send the block to the scalar form. */
#include "num/bottom_priv.h"

/* The exponent field of 2^low where a shift of the upper half by one, which drops the sign, leaves it. */
TARGET static uint32_t field_of(fm__window window)
{
  return (uint32_t)(window.low + 1023) << 21;
}

typedef struct sums {
  REALS hi, lo, below_hi, below_lo;
  WORDS outside; /* bits above the 26 lowest: a term is outside the window */
} sums;

typedef struct window_vectors {
  REALS magic;
  WORDS field;
} window_vectors;

TARGET static window_vectors vectors_of(fm__window window)
{
  return (window_vectors){.magic = V(set1_pd)(fm__grid_magic(window.low - FM__WINDOW_COARSE)),
                          .field = V(set1_epi32)((int32_t)field_of(window))};
}

INLINE void add(sums *s, REALS v, REALS below, REALS magic)
{
  REALS hi = V(sub_pd)(V(add_pd)(v, magic), magic), lo = V(sub_pd)(v, hi);
  s->hi = V(add_pd)(s->hi, hi);
  s->lo = V(add_pd)(s->lo, lo);
  s->below_hi = V(add_pd)(s->below_hi, V(and_pd)(hi, below));
  s->below_lo = V(add_pd)(s->below_lo, V(and_pd)(lo, below));
}

INLINE void check(sums *s, REALS u, REALS v, WORDS field)
{
  WORDS upper = V_WORDS(V(shuffle_ps)(V(castpd_ps)(u), V(castpd_ps)(v), 0xdd));
  s->outside = V_OR(s->outside, V(sub_epi32)(V(slli_epi32)(upper, 1), field));
}

TARGET static bool inside_window(const sums *s)
{
  uint64_t lane[FM__LANES], outside = 0;
  V_STORE(lane, s->outside);
  for (size_t i = 0; i < FM__LANES; i++)
    outside |= lane[i];
  return ((outside | outside >> 32) & UINT64_C(0xfc000000)) == 0;
}

/* The check of the loops takes 0 for too small; this one puts 1 * 2^low in its place. */
TARGET static bool fits_or_zero(fm__window window, const double *x, const double *w, size_t n)
{
  const window_vectors of = vectors_of(window);
  const REALS zero = V(setzero_pd)(), one = V(set1_pd)(fm__from_bits((uint64_t)(window.low + 1023) << 52));
  sums s = {0};
  for (size_t i = 0; i < n; i += 2 * FM__LANES) {
    REALS u = V(loadu_pd)(x + i), v = V(loadu_pd)(x + i + FM__LANES);
    if (w != NULL) {
      u = V(mul_pd)(u, V(loadu_pd)(w + i));
      v = V(mul_pd)(v, V(loadu_pd)(w + i + FM__LANES));
    }
    u = V(or_pd)(u, V(and_pd)(V_EQ(u, zero), one));
    v = V(or_pd)(v, V(and_pd)(V_EQ(v, zero), one));
    check(&s, u, v, of.field);
  }
  return inside_window(&s);
}

/* Bytes to fetch ahead of the first loop over a block. */
#define AHEAD 16384

/* Sums of w x, of x while w is NULL; with `weights`, of w. One quantity a loop, or the sums would not stay in
 * registers. */
INLINE void run(sums *out, fm__window window, const double *x, const double *w, size_t n, double low, bool weights)
{
  const window_vectors of = vectors_of(window);
  const REALS bound = V(set1_pd)(low);
  sums s = {0};
  for (size_t i = 0; i < n; i += 2 * FM__LANES) {
    REALS u = V(loadu_pd)(x + i), v = V(loadu_pd)(x + i + FM__LANES);
    REALS below_u = V_LT(u, bound), below_v = V_LT(v, bound);
    if (weights) {
      u = V(loadu_pd)(w + i);
      v = V(loadu_pd)(w + i + FM__LANES);
    } else {
      _mm_prefetch((const char *)((uintptr_t)(x + i) + AHEAD), _MM_HINT_T0);
      if (w != NULL) {
        _mm_prefetch((const char *)((uintptr_t)(w + i) + AHEAD), _MM_HINT_T0);
        u = V(mul_pd)(u, V(loadu_pd)(w + i));
        v = V(mul_pd)(v, V(loadu_pd)(w + i + FM__LANES));
      }
    }
    check(&s, u, v, of.field);
    add(&s, u, below_u, of.magic);
    add(&s, v, below_v, of.magic);
  }
  *out = s;
}

TARGET static void run_totals(sums *out, fm__window window, const double *x, const double *w, size_t n, double low)
{
  if (w == NULL)
    run(out, window, x, NULL, n, low, false);
  else
    run(out, window, x, w, n, low, false);
}

TARGET static void run_weights(sums *out, fm__window window, const double *x, const double *w, size_t n, double low)
{
  run(out, window, x, w, n, low, true);
}

/* All lanes together are still below 2^53 units: nothing rounds. */
TARGET static void flush(fm__sum *s, REALS v)
{
  double lane[FM__LANES], sum = 0;
  V(storeu_pd)(lane, v);
  for (size_t i = 0; i < FM__LANES; i++)
    sum += lane[i];
  fm__sum_add(s, sum);
}

/* Rows at the low end. The terms are known to lie in the windows. */
TARGET static void run_ties(fm__group *at_low, fm__window weight, fm__window total, const double *x, const double *w,
                            size_t n, double low)
{
  const REALS mw = vectors_of(weight).magic, mt = vectors_of(total).magic, bound = V(set1_pd)(low);
  REALS hi_w = V(setzero_pd)(), lo_w = hi_w, hi_t = hi_w, lo_t = hi_w;
  for (size_t i = 0; i < n; i += FM__LANES) {
    REALS v = V(loadu_pd)(x + i), at = V_EQ(v, bound);
    REALS u = V(and_pd)(w == NULL ? V(set1_pd)(1) : V(loadu_pd)(w + i), at);
    v = V(mul_pd)(u, v); /* x is finite: 0 where the mask is 0 */
    REALS hu = V(sub_pd)(V(add_pd)(u, mw), mw), hv = V(sub_pd)(V(add_pd)(v, mt), mt);
    hi_w = V(add_pd)(hi_w, hu);
    lo_w = V(add_pd)(lo_w, V(sub_pd)(u, hu));
    hi_t = V(add_pd)(hi_t, hv);
    lo_t = V(add_pd)(lo_t, V(sub_pd)(v, hv));
  }
  flush(&at_low->weight, hi_w);
  flush(&at_low->weight, lo_w);
  flush(&at_low->total, hi_t);
  flush(&at_low->total, lo_t);
}

/* Copies the rows whose bits are set. A loop over the bits mispredicts once in 64 rows, a test of each row far more. */
TARGET static void copy_marked(fm__rows *to, const double *x, const double *w, uint64_t marks)
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

/* All ones for rows inside. */
INLINE REALS mark(const double *x, REALS low, REALS high, bool ties)
{
  REALS v = V(loadu_pd)(x);
  return V(andnot_pd)(ties ? V_LE(v, low) : V_LT(v, low), V_LE(v, high));
}

/* One bit a row. */
#if FM__LANES == 4
INLINE uint64_t mark16(const double *x, REALS low, REALS high, bool ties)
{
  int32_t marks = 0;
  for (int32_t k = 0; k < 4; k++)
    marks |= V(movemask_pd)(mark(x + 4 * k, low, high, ties)) << 4 * k;
  return (uint32_t)marks;
}
#else
INLINE WORDS mark4(const double *x, REALS low, REALS high, bool ties)
{
  return _mm_packs_epi32(V_MASK(mark(x, low, high, ties)), V_MASK(mark(x + 2, low, high, ties)));
}

/* Packing with saturation keeps all ones and all zeros. */
INLINE uint64_t mark16(const double *x, REALS low, REALS high, bool ties)
{
  WORDS a = _mm_packs_epi32(mark4(x, low, high, ties), mark4(x + 4, low, high, ties));
  WORDS b = _mm_packs_epi32(mark4(x + 8, low, high, ties), mark4(x + 12, low, high, ties));
  return (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(a, b));
}
#endif

INLINE void copy_rows(fm__rows *to, const double *x, const double *w, size_t n, const fm__bracket *b, bool ties)
{
  const REALS low = V(set1_pd)(b->low), high = V(set1_pd)(b->high);
  for (size_t i = 0; i < n; i += FM__BOTTOM_STEP) {
    uint64_t marks = 0;
    for (uint32_t k = 0; k < FM__BOTTOM_STEP; k += 16)
      marks |= mark16(x + i + k, low, high, ties) << k;
    if (marks != 0)
      copy_marked(to, x + i, w == NULL ? NULL : w + i, marks);
  }
}

TARGET static void copy_inside(fm__rows *to, const double *x, const double *w, size_t n, const fm__bracket *b)
{
  if (b->ties)
    copy_rows(to, x, w, n, b, true);
  else
    copy_rows(to, x, w, n, b, false);
}

TARGET static void flush_all(fm__sum *all, fm__sum *below, const sums *s)
{
  flush(all, s->hi);
  flush(all, s->lo);
  flush(below, s->below_hi);
  flush(below, s->below_lo);
}

TARGET static size_t count_below(const double *x, size_t n, double low)
{
  const REALS bound = V(set1_pd)(low);
  WORDS count = V_ZERO(); /* downwards */
  for (size_t i = 0; i < n; i += FM__LANES)
    count = V(add_epi64)(count, V_MASK(V_LT(V(loadu_pd)(x + i), bound)));
  uint64_t lane[FM__LANES], sum = 0;
  V_STORE(lane, count);
  for (size_t i = 0; i < FM__LANES; i++)
    sum += lane[i];
  return (size_t)(0 - sum);
}

TARGET bool FM__BOTTOM_BLOCK(fm__part *part, fm__window weight, fm__window total, const double *x, const double *w,
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
