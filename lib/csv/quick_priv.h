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

/* The value of 1 to 8 digits; false when one of them is no digit. */
static inline bool fm__quick_digits(const char *text, size_t n, uint64_t *out)
{
  const uint64_t zeros = 0x3030303030303030ULL, high = 0xF0F0F0F0F0F0F0F0ULL;
  uint64_t w = fm__quick_load(text);
  if (n < 8)
    w = w << (64 - 8 * n) | zeros >> (8 * n);
  bool digits = (w & high) == zeros && ((w + 0x0606060606060606ULL) & high) == zeros;
  w -= zeros;
  w = w * 10 + (w >> 8); /* pairs */
  *out = ((w & 0x000000FF000000FFULL) * 0x000F424000000064ULL +
          (w >> 16 & 0x000000FF000000FFULL) * 0x0000271000000001ULL) >>
         32;
  return digits;
}

static inline bool fm__quick_i64(const char *text, size_t length, int64_t *out)
{
  uint64_t low, front = 0;
  bool negative = *text == '-';
  text += negative;
  length -= negative;
  if (length == 0 || length > 16)
    return false;
  if (length > 8) {
    if (!fm__quick_digits(text, length - 8, &front))
      return false;
    text += length - 8;
    length = 8;
  }
  if (!fm__quick_digits(text, length, &low))
    return false;
  int64_t v = (int64_t)(front * 100000000U + low);
  *out = negative ? -v : v;
  return true;
}

/* At most 7 digits, the decimal sign, at most 8 digits: 15 in all, so that the quotient of two exact doubles is the
 * correctly rounded value. Or at most 8 digits. */
static inline bool fm__quick_f64(const char *text, size_t length, char decimal, double *out)
{
  static const double power[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8};
  static const uint32_t whole_power[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
  const uint64_t ones = 0x0101010101010101ULL;
  uint64_t whole, part;
  bool negative = *text == '-';
  text += negative;
  length -= negative;
  uint64_t x = fm__quick_load(text) ^ ones * (uint8_t)decimal;
  uint64_t found = (x - ones) & ~x & 0x8080808080808080ULL; /* its lowest bit is exact */
  size_t at = found != 0 ? (size_t)__builtin_ctzll(found) >> 3 : 8;
  double v;
  if (at < length) {
    size_t n = length - at - 1;
    if (at == 0 || at == 8 || n == 0 || n > 8 || !fm__quick_digits(text, at, &whole) ||
        !fm__quick_digits(text + at + 1, n, &part))
      return false;
    v = (double)(int64_t)(whole * whole_power[n] + part) / power[n];
  } else {
    if (length == 0 || length > 8 || !fm__quick_digits(text, length, &whole))
      return false;
    v = (double)(int64_t)whole;
  }
  *out = negative ? -v : v;
  return true;
}

/* YYYY-MM-DD up to the 28th of a month, which every month has. Days are counted from 1 March of year 0 on, so that a
 * leap day is the last of its year. */
static inline bool fm__quick_iso(const char *text, int32_t *out)
{
  const uint64_t zeros = 0x3030303030303030ULL, high = 0xF0F0F0F0F0F0F0F0ULL;
  uint64_t w = fm__quick_load(text), last = fm__quick_load(text + 8);
  bool parted = text[4] == '-' && text[7] == '-';
  w = (w & 0xFFFFFFFFU) | (w >> 40 & 0xFFFFU) << 32 | last << 48;
  bool digits = (w & high) == zeros && ((w + 0x0606060606060606ULL) & high) == zeros;
  w -= zeros;
  w = w * 10 + (w >> 8);
  uint32_t year = (uint32_t)(w & 0xFF) * 100 + (uint32_t)(w >> 16 & 0xFF), month = w >> 32 & 0xFF, day = w >> 48 & 0xFF;
  if (!parted || !digits || month - 1 > 11 || day - 1 > 27 || year == 0)
    return false;
  uint32_t early = month <= 2;
  uint32_t y = year - early, m = month + 12 * early - 3;
  *out = (int32_t)(365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day) - 719469;
  return true;
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
