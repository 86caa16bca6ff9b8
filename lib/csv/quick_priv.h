/* The common forms of cells, read 16 bytes at a time: without a loop there is no branch to guess wrong, and that is
 * most of the cost of a short number. All may read 16 bytes up to the end of a cell and from its start on, whatever its
 * length: only for cells in the reader's buffer, which has room before and behind it. What is not of the common form is
 * left to cell.c, whose functions are the definition: both give the same value. */
#ifndef FM_CSV_QUICK_PRIV_H
#define FM_CSV_QUICK_PRIV_H

#include <string.h>

#include "csv/csv_priv.h"

#if defined(__SSE2__) && defined(__x86_64__) && defined(__GNUC__)
#include <emmintrin.h>
#define FM__QUICK 1
#else
#define FM__QUICK 0
#endif

/* The first day of each month of the years that most dates are of, and of the month after them. */
#define FM__QUICK_YEAR 1900
#define FM__QUICK_MONTHS (200 * 12)
typedef struct fm__quick_months {
  int32_t first[FM__QUICK_MONTHS + 1];
} fm__quick_months;

static inline void fm__quick_months_make(fm__quick_months *months)
{
  for (int32_t k = 0; k <= FM__QUICK_MONTHS; k++)
    months->first[k] = fm_date_from_ymd(FM__QUICK_YEAR + k / 12, k % 12 + 1, 1);
}

#if FM__QUICK
/* FF from byte 16 on: loaded from n on, it keeps the last n bytes of 16. */
static const uint8_t fm__quick_keep[32] = {[16] = 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                           0xFF,        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

static inline __m128i fm__quick_load(const void *from)
{
  return _mm_loadu_si128((const __m128i *)from);
}

/* The number that 16 bytes, each from 0 to 9, are as digits; false when one is above 9. */
static inline bool fm__quick_number(__m128i digits, uint64_t *out)
{
  const __m128i zero = _mm_setzero_si128(), nine = _mm_set1_epi8(9);
  const __m128i tens = _mm_set1_epi32(1 << 16 | 10), hundreds = _mm_set1_epi32(1 << 16 | 100);
  __m128i above = _mm_cmpeq_epi8(_mm_max_epu8(digits, nine), nine);
  __m128i left = _mm_madd_epi16(_mm_unpacklo_epi8(digits, zero), tens);
  __m128i right = _mm_madd_epi16(_mm_unpackhi_epi8(digits, zero), tens);
  __m128i fours = _mm_madd_epi16(_mm_packs_epi32(left, right), hundreds);
  __m128i eights = _mm_madd_epi16(_mm_packs_epi32(fours, fours), _mm_set1_epi32(1 << 16 | 10000));
  uint64_t both = (uint64_t)_mm_cvtsi128_si64(eights);
  *out = (both & 0xFFFFFFFFU) * 100000000U + (both >> 32);
  return _mm_movemask_epi8(above) == 0xFFFF;
}

/* The last `length` of the 16 bytes up to the end of a cell, less '0'; zeros in front of them. */
static inline __m128i fm__quick_tail(__m128i bytes, size_t length)
{
  return _mm_and_si128(_mm_sub_epi8(bytes, _mm_set1_epi8('0')), fm__quick_load(fm__quick_keep + length));
}

/* At most 15 digits. */
static inline bool fm__quick_i64(const char *text, size_t length, int64_t *out)
{
  uint64_t v;
  bool negative = *text == '-';
  const char *end = text + length;
  length -= negative;
  if (length - 1 >= 15 || !fm__quick_number(fm__quick_tail(fm__quick_load(end - 16), length), &v))
    return false;
  *out = negative ? -(int64_t)v : (int64_t)v;
  return true;
}

/* At most 9 digits. */
static inline bool fm__quick_i32(const char *text, size_t length, int32_t *out)
{
  int64_t v;
  if (length > 9 || !fm__quick_i64(text, length, &v))
    return false;
  *out = (int32_t)v;
  return true;
}

/* At most 15 digits with or without a decimal sign among them, so that the quotient of two exact doubles is the
 * correctly rounded value: the digits before the sign move up to those behind it. */
static inline bool fm__quick_f64(const char *text, size_t length, char decimal, double *out)
{
  static const double power[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  uint64_t value;
  bool negative = *text == '-';
  const char *end = text + length;
  length -= negative;
  if (length - 1 >= 16)
    return false;
  __m128i bytes = fm__quick_load(end - 16), digits = fm__quick_tail(bytes, length);
  uint32_t found = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(decimal))) >> (16 - length);
  size_t decimals = 0;
  if (found != 0) {
    size_t whole = (size_t)__builtin_ctz(found);
    decimals = length - whole - 1;
    __m128i behind = fm__quick_load(fm__quick_keep + decimals);
    digits = _mm_or_si128(_mm_and_si128(behind, digits), _mm_andnot_si128(behind, _mm_slli_si128(digits, 1)));
    if (whole == 0 || decimals == 0)
      return false;
  } else if (length == 16) {
    return false;
  }
  if (!fm__quick_number(digits, &value))
    return false;
  double v = (double)(int64_t)value / power[decimals];
  *out = negative ? -v : v;
  return true;
}

/* YYYY-MM-DD in a month of the table. */
static inline bool fm__quick_iso(const char *text, const fm__quick_months *months, int32_t *out)
{
  const uint64_t zeros = 0x3030303030303030ULL, high = 0xF0F0F0F0F0F0F0F0ULL, between = 0xFF0000FF00000000ULL;
  uint64_t w, last;
  memcpy(&w, text, sizeof w);
  memcpy(&last, text + 8, sizeof last);
  uint64_t wrong = (w & between) ^ 0x2D00002D00000000ULL;
  w = (w & 0xFFFFFFFFU) | (w >> 8 & 0xFFFF00000000ULL) | last << 48;
  wrong |= ((w & high) ^ zeros) | (((w + 0x0606060606060606ULL) & high) ^ zeros);
  w -= zeros;
  w = w * 10 + (w >> 8); /* pairs */
  uint32_t year = (uint32_t)(w & 0xFF) * 100 + (uint32_t)(w >> 16 & 0xFF);
  uint32_t month = (uint32_t)(w >> 32 & 0xFF), day = (uint32_t)(w >> 48 & 0xFF);
  uint32_t k = (year - FM__QUICK_YEAR) * 12 + month - 1;
  if ((wrong != 0) | (k >= FM__QUICK_MONTHS) | (month - 1 >= 12))
    return false;
  int32_t first = months->first[k];
  *out = first + (int32_t)day - 1;
  return day - 1 < (uint32_t)(months->first[k + 1] - first);
}
#else
static inline bool fm__quick_iso(const char *text, const fm__quick_months *months, int32_t *out)
{
  (void)text;
  (void)months;
  (void)out;
  return false;
}

static inline bool fm__quick_i64(const char *text, size_t length, int64_t *out)
{
  (void)text;
  (void)length;
  (void)out;
  return false;
}

static inline bool fm__quick_i32(const char *text, size_t length, int32_t *out)
{
  (void)text;
  (void)length;
  (void)out;
  return false;
}

static inline bool fm__quick_f64(const char *text, size_t length, char decimal, double *out)
{
  (void)text;
  (void)length;
  (void)decimal;
  (void)out;
  return false;
}
#endif

#endif
