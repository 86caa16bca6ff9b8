/* The common forms of cells, read eight bytes at a time: without a loop there is no branch to guess wrong, and that is
 * most of the cost of a short number. All may read FM__QUICK_BYTES from the start of a cell, whatever its length: only
 * for cells in the reader's buffer, which has room behind it. What is not of the common form is left to cell.c, whose
 * functions are the definition: both give the same value. */
#ifndef FM_CSV_QUICK_PRIV_H
#define FM_CSV_QUICK_PRIV_H

#include <string.h>

#include "csv/csv_priv.h"

#define FM__QUICK_BYTES 24

#if defined(__BYTE_ORDER__) && defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define FM__QUICK 1
#else
#define FM__QUICK 0
#endif

#if FM__QUICK
static inline uint64_t fm__quick_load(const char *text)
{
  uint64_t w;
  memcpy(&w, text, sizeof w);
  return w;
}

/* The value of 8 bytes that are 8 digits; false when one of them is no digit. */
static inline bool fm__quick_eight(uint64_t w, uint64_t *out)
{
  const uint64_t zeros = 0x3030303030303030ULL, high = 0xF0F0F0F0F0F0F0F0ULL;
  bool digits = (((w & high) ^ zeros) | (((w + 0x0606060606060606ULL) & high) ^ zeros)) == 0;
  w -= zeros;
  w = w * 10 + (w >> 8); /* pairs */
  *out = ((w & 0x000000FF000000FFULL) * 0x000F424000000064ULL +
          (w >> 16 & 0x000000FF000000FFULL) * 0x0000271000000001ULL) >>
         32;
  return digits;
}

/* The value of the first n bytes of a word, 1 to 8 digits. */
static inline bool fm__quick_word(uint64_t w, size_t n, uint64_t *out)
{
  return fm__quick_eight(w << (64 - 8 * n) | 0x30303030303030ULL >> (8 * n - 8), out);
}

static inline bool fm__quick_digits(const char *text, size_t n, uint64_t *out)
{
  return fm__quick_word(fm__quick_load(text), n, out);
}

/* At most 15 digits. */
static inline bool fm__quick_i64(const char *text, size_t length, int64_t *out)
{
  uint64_t low, high;
  bool negative = *text == '-';
  text += negative;
  length -= negative;
  if (length - 1 >= 15)
    return false;
  size_t n = length > 8 ? length - 8 : 0; /* in front of the last 8; of no digit, eight zeros */
  uint64_t front = fm__quick_load(text) << 8 << (56 - 8 * n) | 0x3030303030303030ULL >> (8 * n);
  if (!fm__quick_eight(front, &high) || !fm__quick_digits(text + n, length - n, &low))
    return false;
  int64_t v = (int64_t)(high * 100000000U + low);
  *out = negative ? -v : v;
  return true;
}

/* At most 8 digits. */
static inline bool fm__quick_i32(const char *text, size_t length, int32_t *out)
{
  uint64_t v;
  bool negative = *text == '-';
  length -= negative;
  if (length - 1 >= 8 || !fm__quick_digits(text + negative, length, &v))
    return false;
  *out = negative ? -(int32_t)v : (int32_t)v;
  return true;
}

/* Both sides of the decimal sign apart: at most 7 digits before it, at most 8 behind. Or at most 8 digits without. */
static inline bool fm__quick_long_f64(const char *text, size_t length, size_t at, uint64_t *value)
{
  static const uint32_t power[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
  uint64_t whole, part;
  size_t n = length - at - 1;
  if (at >= length)
    return length - 1 < 8 && fm__quick_digits(text, length, value);
  if (at - 1 >= 7 || n - 1 >= 8 || !fm__quick_digits(text, at, &whole) || !fm__quick_digits(text + at + 1, n, &part))
    return false;
  *value = whole * power[n] + part;
  return true;
}

/* At most 15 digits with a decimal sign among them, so that the quotient of two exact doubles is the correctly rounded
 * value: up to 8 digits as one number, the sign taken out. */
static inline bool fm__quick_f64(const char *text, size_t length, char decimal, double *out)
{
  static const double power[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8};
  const uint64_t ones = 0x0101010101010101ULL;
  uint64_t value;
  bool negative = *text == '-';
  text += negative;
  length -= negative;
  uint64_t w = fm__quick_load(text), x = w ^ ones * (uint8_t)decimal;
  uint64_t found = (x - ones) & ~x & 0x8080808080808080ULL; /* its lowest bit is exact */
  size_t at = found != 0 ? (size_t)__builtin_ctzll(found) >> 3 : 8;
  if (at - 1 < 7 && at + 1 < length && length <= 9) {
    uint64_t before = ((found & (0 - found)) >> 7) - 1, behind = fm__quick_load(text + 1);
    if (!fm__quick_word(behind ^ ((behind ^ w) & before), length - 1, &value))
      return false;
  } else if (!fm__quick_long_f64(text, length, at, &value)) {
    return false;
  }
  double v = (double)(int64_t)value / power[at < length ? length - at - 1 : 0];
  *out = negative ? -v : v;
  return true;
}

/* Days of a month, 0 where there is none, and from 1 March to its first. */
static const uint8_t fm__quick_longest[128] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
static const uint16_t fm__quick_before[128] = {0, 306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275};

/* The day of four numbers of two digits, 16 bits each: of the year, month, day. Days are counted from 1 March of year 0
 * on, so that a leap day is the last of its year. */
static inline bool fm__quick_days(uint64_t pairs, int32_t *out)
{
  uint32_t of_century = pairs >> 16 & 0xFF, month = pairs >> 32 & 0x7F, day = pairs >> 48 & 0xFF;
  uint32_t century = pairs & 0xFF, year = century * 100 + of_century;
  uint32_t leap = (year & (of_century == 0 ? 15U : 3U)) == 0, early = month <= 2;
  uint32_t longest = fm__quick_longest[month] + (leap & (uint32_t)(month == 2));
  bool is_day = (day - 1 < longest) & (year != 0);
  century -= early & (uint32_t)(of_century == 0); /* of the year before */
  year -= early;
  *out = (int32_t)((1461 * year >> 2) - century + (century >> 2) + fm__quick_before[month] + day) - 719469;
  return is_day;
}

/* YYYY-MM-DD. */
static inline bool fm__quick_iso(const char *text, int32_t *out)
{
  const uint64_t zeros = 0x3030303030303030ULL, high = 0xF0F0F0F0F0F0F0F0ULL, between = 0xFF0000FF00000000ULL;
  uint64_t w = fm__quick_load(text), last = fm__quick_load(text + 8) << 48;
  uint64_t wrong = (w & between) ^ 0x2D00002D00000000ULL;
  w = (w & 0xFFFFFFFFU) | (w >> 8 & 0xFFFF00000000ULL) | last;
  wrong |= ((w & high) ^ zeros) | (((w + 0x0606060606060606ULL) & high) ^ zeros);
  w -= zeros;
  return fm__quick_days(w * 10 + (w >> 8), out) && wrong == 0;
}
#else
static inline bool fm__quick_iso(const char *text, int32_t *out)
{
  (void)text;
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
