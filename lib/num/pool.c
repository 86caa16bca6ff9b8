/* Sorted records of one income become one, with the exact sum of their weights, rounded once. */
#include "num/buckets_priv.h"
#include "num/sum_priv.h"

/* True when adding two doubles lost nothing. */
static inline bool is_exact(double sum, double a, double b)
{
  return sum - a == b && sum - b == a;
}

/* v if a equals b, or 0; without a branch. */
static inline double if_equal(double v, double a, double b)
{
#if defined(__SSE2__)
  return _mm_cvtsd_f64(_mm_and_pd(_mm_set_sd(v), _mm_cmpeq_sd(_mm_set_sd(a), _mm_set_sd(b))));
#else
  return a == b ? v : 0;
#endif
}

/* One record for each x of sorted ones, in place; its weight is the exact sum, rounded once. Sums run in two doubles
 * without a branch, since whether neighbours are equal is often as good as chance; where that many digits are not
 * enough, an exact sum goes on from what they hold. */
static size_t pool_ties(fm__xw *data, size_t n)
{
  double x = data[0].x, high = data[0].w, low = 0;
  size_t out = 0;
  for (size_t i = 1; i < n; i++) {
    const fm__xw row = data[i];
    double had = if_equal(high, row.x, x), had_low = if_equal(low, row.x, x), sum = had + row.w, part = sum - had;
    double rest = (had - (sum - part)) + (row.w - part), rests = had_low + rest;
    out += row.x != x;
    x = row.x;
    if (!is_exact(rests, had_low, rest)) {
      fm__sum all = {.pending = 0};
      fm__sum_add(&all, had);
      fm__sum_add(&all, had_low);
      for (; i < n && data[i].x == x; i++)
        fm__sum_add(&all, data[i].w);
      data[out].w = fm__sum_value(&all);
      i--;
      continue;
    }
    high = sum;
    low = rests;
    data[out].x = x;
    data[out].w = high + low;
  }
  return out + 1;
}

/* The same where few neighbours are equal. */
static size_t pool_few_ties(fm__xw *data, size_t n)
{
  size_t out = 0;
  for (size_t i = 0, end; i < n; i = end) {
    fm__xw row = data[i];
    end = i + 1;
    if (end < n && data[end].x == row.x) {
      while (end < n && data[end].x == row.x)
        end++;
      pool_ties(data + i, end - i);
      row.w = data[i].w;
    }
    data[out++] = row;
  }
  return out;
}

#if defined(FM__SUM_SSE2)
/* Weights 2^low <= w < 2^(low + POOL_SPAN), parted at 2^(low - POOL_COARSE): the sums of 2^16 first parts, and those of
 * as many second ones, are exact in doubles. */
enum { POOL_SPAN = 22, POOL_COARSE = 15 };

static bool find_magic(double *magic, const fm__xw *data, size_t n)
{
  __m128d least = _mm_set1_pd(data[0].w), most = least;
  double low, high;
  for (size_t i = 0; i + 2 <= n; i += 2) {
    __m128d w = _mm_unpackhi_pd(_mm_loadu_pd(&data[i].x), _mm_loadu_pd(&data[i + 1].x));
    least = _mm_min_pd(least, w);
    most = _mm_max_pd(most, w);
  }
  least = _mm_min_sd(_mm_min_sd(least, _mm_unpackhi_pd(least, least)), _mm_set_sd(data[n - 1].w));
  most = _mm_max_sd(_mm_max_sd(most, _mm_unpackhi_pd(most, most)), _mm_set_sd(data[n - 1].w));
  low = _mm_cvtsd_f64(least);
  high = _mm_cvtsd_f64(most);
  int32_t from = (int32_t)(fm__bits_of(low) >> 52) - 1023, to = (int32_t)(fm__bits_of(high) >> 52) - 1023;
  *magic = fm__grid_magic(to - (POOL_SPAN - 1) - POOL_COARSE);
  return to - from < POOL_SPAN && from > -900 && to < 900;
}

/* As pool_ties, by sums that need no look at what they lost. */
static size_t pool_plain(fm__xw *data, size_t n, double magic)
{
  const __m128d m = _mm_set_sd(magic);
  __m128d sum = _mm_setzero_pd(), before = _mm_castsi128_pd(_mm_set1_epi32(-1)); /* NaN equals no income */
  int64_t out = -1;
  for (size_t i = 0; i < n; i++) {
    __m128d x = _mm_set1_pd(data[i].x), w = _mm_load_sd(&data[i].w);
    __m128d coarse = _mm_sub_sd(_mm_add_sd(w, m), m), same = _mm_cmpeq_pd(x, before);
    sum = _mm_add_pd(_mm_and_pd(sum, same), _mm_unpacklo_pd(coarse, _mm_sub_sd(w, coarse)));
    out += 1 + _mm_cvtsi128_si32(_mm_castpd_si128(same));
    _mm_store_sd(&data[out].x, x);
    _mm_store_sd(&data[out].w, _mm_add_sd(sum, _mm_unpackhi_pd(sum, sum)));
    before = x;
  }
  return (size_t)out + 1;
}
#endif

size_t fm__bucket_pool(fm__xw *data, size_t n, size_t ties)
{
  if (n == 0)
    return 0;
#if defined(FM__SUM_SSE2)
  double magic;
  if (n <= FM__BUCKET_MOST && find_magic(&magic, data, n))
    return pool_plain(data, n, magic);
#endif
  return ties < n / 8 ? pool_few_ties(data, n) : pool_ties(data, n);
}
