/* Exact sums of arrays: terms are split over one or two integer bins by adding a magic number, and the bins go to the
 * superaccumulator once a block.
 *
 * With M = 1.5 * 2^(52+k), y = x + M rounds x to a multiple of 2^k, and the bits of y minus the bits of M are that
 * multiple as an integer, so integer addition of the bits of y sums it without error. The remainder x - (y - M) is
 * exact and goes to a second bin 51 binades finer. A term is on the grid when y has the sign and exponent of M and
 * nothing remains after the last bin. If any term of a block is not, the block is added term by term: the sum is exact
 * whichever way is taken, so the choice of the grid cannot be seen in the result. */
#include "num/sum_priv.h"

#define SIGN (UINT64_C(1) << 63)
#define FRACTION ((UINT64_C(1) << 52) - 1)

double fm__grid_magic(int32_t k)
{
  return fm__from_bits((uint64_t)(uint32_t)(k + 52 + 1023) << 52 | UINT64_C(1) << 51);
}

/* Index of the lowest set bit; v is not 0. */
static int32_t lowest_bit(uint64_t v)
{
  int32_t n = 0;
  for (uint32_t step = 32; step > 0; step >>= 1)
    if ((v & ((UINT64_C(1) << step) - 1)) == 0) {
      v >>= step;
      n += (int32_t)step;
    }
  return n;
}

/* A block's extent: every |x| < 2^high and is a multiple of 2^low. high = INT32_MIN: all zero; INT32_MAX: not finite.
 * `negative`: one has a minus sign. */
static void extent_of(const double *x, size_t n, int32_t *high, int32_t *low, bool *negative)
{
  uint64_t largest = 0, signs = 0;
  *low = 2000; /* above every exponent */
  for (size_t i = 0; i < n; i++) {
    uint64_t bits = fm__bits_of(x[i]) & ~SIGN;
    signs |= fm__bits_of(x[i]);
    if (bits == 0)
      continue;
    largest = bits > largest ? bits : largest;
    int32_t exponent = (int32_t)(bits >> 52);
    int32_t ulp = (exponent > 0 ? exponent - 1 : 0) + FM__SUM_ULP;
    uint64_t fraction = (bits & FRACTION) | (exponent > 0 ? UINT64_C(1) << 52 : 0);
    if (*low > ulp && (fraction & ((UINT64_C(1) << (*low - ulp > 52 ? 52 : *low - ulp)) - 1)) != 0)
      *low = ulp + lowest_bit(fraction);
    else if (*low > ulp + 52)
      *low = ulp + 52;
  }
  *negative = (signs & SIGN) != 0;
  int32_t exponent = (int32_t)(largest >> 52);
  *high = largest == 0 ? INT32_MIN : exponent == 0x7ff ? INT32_MAX : (exponent > 0 ? exponent : 1) - 1022;
}

/* With 2^high <= 2^(k + 41), as it then is, the 256 terms of a lane stay below 2^(k + 49). */
#define PLAIN_SPAN 32

static int32_t clamp(int32_t v, int32_t low, int32_t high)
{
  return v < low ? low : v > high ? high : v;
}

/* Room is left on both sides, so that the next blocks fit as well. */
fm__grid fm__grid_of(const double *x, size_t n)
{
  int32_t high, low;
  bool negative;
  extent_of(x, n, &high, &low, &negative);
  if (high == INT32_MAX)
    return (fm__grid){0};
  if (high == INT32_MIN)
    return (fm__grid){.n_bins = 1, .plain = !negative};
  int32_t span = high - low;
  if (span <= 50)
    return (fm__grid){.k = clamp(low - (50 - span) / 2, FM__SUM_ULP, FM__SUM_COARSEST),
                      .n_bins = 1,
                      .plain = !negative && span <= PLAIN_SPAN};
  if (span > 51 + FM__SUM_TWO_BINS)
    return (fm__grid){0};
  int32_t k = high - 51 + clamp(51 + FM__SUM_TWO_BINS - span, 0, 8);
  return (fm__grid){.k = clamp(k, FM__SUM_ULP + FM__SUM_TWO_BINS, FM__SUM_COARSEST), .n_bins = 2};
}

/* The true totals are below 2^62, so that arithmetic modulo 2^64 gives them. */
bool fm__bins_flush(fm__sum *s, const fm__bins *b, uint64_t n, fm__grid grid)
{
  if (!fm__bins_fit(b))
    return false;
  uint64_t coarse = b->coarse - n * fm__bits_of(fm__grid_magic(grid.k));
  fm__sum_add_scaled(s, (int64_t)coarse, grid.k);
  if (grid.n_bins == 2) {
    uint64_t fine = b->fine - n * fm__bits_of(fm__grid_magic(grid.k - FM__SUM_TWO_BINS));
    fm__sum_add_scaled(s, (int64_t)fine, grid.k - FM__SUM_TWO_BINS);
  }
  return true;
}

bool fm__sum_block_scalar(fm__sum *s, const double *x, size_t n, fm__grid grid)
{
  fm__bins b = {0};
  const double m1 = fm__grid_magic(grid.k);
  const double m2 = grid.n_bins == 2 ? fm__grid_magic(grid.k - FM__SUM_TWO_BINS) : 0;
  for (size_t i = 0; i < n; i++) {
    double y = x[i] + m1, hi = y - m1;
    b.coarse += fm__bits_of(y);
    b.range |= fm__bits_of(y) ^ fm__bits_of(m1);
    if (grid.n_bins == 1) {
      b.rest |= fm__bits_of(hi) ^ fm__bits_of(x[i]);
      continue;
    }
    double lo = x[i] - hi, z = lo + m2;
    b.fine += fm__bits_of(z);
    b.rest |= fm__bits_of(z - m2) ^ fm__bits_of(lo);
  }
  return fm__bins_flush(s, &b, n, grid);
}

#if defined(FM__SUM_SSE2)
/* Bytes to fetch ahead in loops that memory limits: worth 10 % of them. */
#define AHEAD 8192

typedef struct lanes {
  __m128i coarse, fine;
  __m128d range, rest;
} lanes;

static inline lanes lanes_empty(void)
{
  return (lanes){_mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_pd(), _mm_setzero_pd()};
}

static inline bool lanes_flush(fm__sum *s, const lanes *a, const lanes *b, size_t n, fm__grid grid)
{
  fm__bins sum = {
      .coarse = fm__add_lanes(_mm_add_epi64(a->coarse, b->coarse)),
      .fine = fm__add_lanes(_mm_add_epi64(a->fine, b->fine)),
      .range = fm__or_lanes(_mm_castpd_si128(_mm_or_pd(a->range, b->range))),
      .rest = fm__or_lanes(_mm_castpd_si128(_mm_or_pd(a->rest, b->rest))),
  };
  return fm__bins_flush(s, &sum, n, grid);
}

/* Sign and exponent of four terms in one vector: half the work on the range. */
static inline __m128d upper_halves(__m128d u, __m128d v)
{
  return _mm_castps_pd(_mm_shuffle_ps(_mm_castpd_ps(u), _mm_castpd_ps(v), 0xdd));
}

/* Four terms; the range is one of upper halves, to be read by both_halves. */
static inline void one_bin(lanes *l, const double *x, __m128d m)
{
  __m128d u = _mm_loadu_pd(x), v = _mm_loadu_pd(x + 2), y = _mm_add_pd(u, m), z = _mm_add_pd(v, m);
  l->coarse = _mm_add_epi64(l->coarse, _mm_castpd_si128(y));
  l->coarse = _mm_add_epi64(l->coarse, _mm_castpd_si128(z));
  l->range = _mm_or_pd(l->range, _mm_xor_pd(upper_halves(y, z), upper_halves(m, m)));
  l->rest = _mm_or_pd(l->rest, _mm_xor_pd(_mm_sub_pd(y, m), u));
  l->rest = _mm_or_pd(l->rest, _mm_xor_pd(_mm_sub_pd(z, m), v));
}

static inline __m128d both_halves(__m128d range)
{
  __m128i bits = _mm_castpd_si128(range);
  return _mm_castsi128_pd(_mm_or_si128(bits, _mm_slli_epi64(bits, 32)));
}

static inline void two_bins(lanes *l, __m128d v, __m128d m1, __m128d m2)
{
  __m128d y = _mm_add_pd(v, m1), lo = _mm_sub_pd(v, _mm_sub_pd(y, m1)), z = _mm_add_pd(lo, m2);
  l->coarse = _mm_add_epi64(l->coarse, _mm_castpd_si128(y));
  l->fine = _mm_add_epi64(l->fine, _mm_castpd_si128(z));
  l->range = _mm_or_pd(l->range, _mm_xor_pd(y, m1));
  l->rest = _mm_or_pd(l->rest, _mm_xor_pd(_mm_sub_pd(z, m2), lo));
}

/* Terms left over by the loops of four are loaded with a zero beside the last, which is on every grid. */
static inline __m128d load_last(const double *x, size_t i, size_t n)
{
  return i + 1 < n ? _mm_loadu_pd(x + i) : _mm_load_sd(x + i);
}

/* The terms that the loops of eight leave over, with zeros after them, which are on every grid. */
typedef struct eight {
  double x[8];
} eight;

static inline eight eight_of(const double *x, size_t n)
{
  eight out = {{0}};
  for (size_t i = 0; i < n; i++)
    out.x[i] = x[i];
  return out;
}

static inline void one_bin_eight(lanes *a, lanes *b, const double *x, __m128d m)
{
  one_bin(a, x, m);
  one_bin(b, x + 4, m);
}

static bool one_bin_sse2(fm__sum *s, const double *x, size_t n, fm__grid grid)
{
  const __m128d m = _mm_set1_pd(fm__grid_magic(grid.k));
  lanes a = lanes_empty(), b = a;
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    _mm_prefetch((const char *)((uintptr_t)(x + i) + AHEAD), _MM_HINT_T0);
    one_bin_eight(&a, &b, x + i, m);
  }
  if (i < n) {
    eight last = eight_of(x + i, n - i);
    one_bin_eight(&a, &b, last.x, m);
  }
  a.range = both_halves(_mm_or_pd(a.range, b.range));
  b.range = a.range;
  return lanes_flush(s, &a, &b, (n + 7) / 8 * 8, grid);
}

typedef struct plain_lanes {
  __m128d sum[4], sign[2], rest[2];
} plain_lanes;

static inline void plain_eight(plain_lanes *l, const double *x, __m128d m)
{
  for (size_t j = 0; j < 4; j++) {
    __m128d v = _mm_loadu_pd(x + 2 * j);
    l->sum[j] = _mm_add_pd(l->sum[j], v);
    l->sign[j & 1] = _mm_or_pd(l->sign[j & 1], v);
    l->rest[j & 1] = _mm_or_pd(l->rest[j & 1], _mm_xor_pd(_mm_sub_pd(_mm_add_pd(v, m), m), v));
  }
}

/* Terms that are multiples of 2^k and not negative add up in doubles without error as long as the sums stay below
 * 2^(53+k), and sums that only grow need no look at their terms: the last tells of all before it. v + M - M is v for
 * multiples of 2^k only, also where v is large and the additions round, and an infinity or NaN shows in the sum. */
static bool plain_sse2(fm__sum *s, const double *x, size_t n, fm__grid grid)
{
  const double magic = fm__grid_magic(grid.k), limit = magic * 0x1p-3; /* eight lanes: below 1.5 * 2^(52+k) */
  const __m128d m = _mm_set1_pd(magic), zero = _mm_setzero_pd();
  plain_lanes l = {{zero, zero, zero, zero}, {zero, zero}, {zero, zero}};
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    _mm_prefetch((const char *)((uintptr_t)(x + i) + AHEAD), _MM_HINT_T0);
    plain_eight(&l, x + i, m);
  }
  if (i < n) {
    eight last = eight_of(x + i, n - i);
    plain_eight(&l, last.x, m);
  }
  double lane[2], total = 0;
  uint64_t sign = fm__or_lanes(_mm_castpd_si128(_mm_or_pd(l.sign[0], l.sign[1])));
  uint64_t rest = fm__or_lanes(_mm_castpd_si128(_mm_or_pd(l.rest[0], l.rest[1])));
  bool fits = sign >> 63 == 0 && rest == 0;
  for (size_t j = 0; j < 4; j++) {
    _mm_storeu_pd(lane, l.sum[j]);
    fits = fits && lane[0] <= limit && lane[1] <= limit;
    total += lane[0] + lane[1];
  }
  if (fits)
    fm__sum_add(s, total);
  return fits;
}

static bool two_bins_sse2(fm__sum *s, const double *x, size_t n, fm__grid grid)
{
  const __m128d m1 = _mm_set1_pd(fm__grid_magic(grid.k));
  const __m128d m2 = _mm_set1_pd(fm__grid_magic(grid.k - FM__SUM_TWO_BINS));
  lanes a = lanes_empty(), b = a;
  size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    _mm_prefetch((const char *)((uintptr_t)(x + i) + AHEAD), _MM_HINT_T0);
    two_bins(&a, _mm_loadu_pd(x + i), m1, m2);
    two_bins(&b, _mm_loadu_pd(x + i + 2), m1, m2);
  }
  for (; i < n; i += 2)
    two_bins(&a, load_last(x, i, n), m1, m2);
  return lanes_flush(s, &a, &b, (n + 1) / 2 * 2, grid);
}
#endif

bool fm__sum_block(fm__sum *s, const double *x, size_t n, fm__grid grid)
{
#if defined(FM__SUM_SSE2)
  if (grid.plain)
    return plain_sse2(s, x, n, grid);
  return grid.n_bins == 1 ? one_bin_sse2(s, x, n, grid) : two_bins_sse2(s, x, n, grid);
#elif defined(FM__SUM_BINS)
  return fm__sum_block_scalar(s, x, n, grid);
#else
  (void)s, (void)x, (void)n, (void)grid;
  return false;
#endif
}

void fm__sum_add_block(fm__sum *s, const double *x, size_t n, fm__grid *grid)
{
  if (grid->n_bins > 0 && fm__sum_block(s, x, n, *grid))
    return;
  fm__grid found = fm__grid_of(x, n);
  if (found.n_bins > 0 && fm__sum_block(s, x, n, found)) {
    *grid = found;
    return;
  }
  for (size_t i = 0; i < n; i++)
    fm__sum_add(s, x[i]);
}

/* Below this many terms the search for a grid costs more than it saves. */
#define FEW 64

void fm__sum_add_n(fm__sum *s, const double *x, size_t n)
{
  fm__grid grid = {0};
  for (size_t i = 0; n < FEW && i < n; i++)
    fm__sum_add(s, x[i]);
  for (size_t i = 0; n >= FEW && i < n; i += FM__SUM_BLOCK)
    fm__sum_add_block(s, x + i, n - i < FM__SUM_BLOCK ? n - i : FM__SUM_BLOCK, &grid);
}

void fm__sum_add_products(fm__sum *s, const double *x, const double *w, size_t n)
{
  double product[FM__SUM_BLOCK];
  fm__grid grid = {0};
  for (size_t i = 0; i < n; i += FM__SUM_BLOCK) {
    size_t m = n - i < FM__SUM_BLOCK ? n - i : FM__SUM_BLOCK;
    for (size_t k = 0; k < m; k++)
      product[k] = x[i + k] * w[i + k];
    if (n < FEW)
      fm__sum_add_n(s, product, m);
    else
      fm__sum_add_block(s, product, m, &grid);
  }
}
