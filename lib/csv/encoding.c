/* UTF-8 checked, windows-1252 turned into UTF-8. */
#include "csv/csv_priv.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define ONES 0x0101010101010101ULL
#define HIGH 0x8080808080808080ULL

static uint64_t load(const void *p)
{
  uint64_t w;
  memcpy(&w, p, sizeof w);
  return w;
}

/* Not 0 when some byte of w is 0 or above 0x7F. (The borrow trick may flag a 0x01 above a zero byte, never wrongly
 * clear.) */
static uint64_t specials(uint64_t w)
{
  return (w | ((w - ONES) & ~w)) & HIGH;
}

/* Is none of 64 bytes NUL or above 7F? */
#if defined(__SSE2__)
static inline bool is_plain_block(const uint8_t *block)
{
  __m128i plain = _mm_set1_epi8(-1);
  for (size_t i = 0; i < 64; i += 16)
    plain = _mm_and_si128(
        plain, _mm_cmpgt_epi8(_mm_loadu_si128((const __m128i *)(const void *)(block + i)), _mm_setzero_si128()));
  return _mm_movemask_epi8(plain) == 0xFFFF;
}
#else
static inline bool is_plain_block(const uint8_t *block)
{
  uint64_t special = 0;
  for (size_t i = 0; i < 64; i += 8)
    special |= specials(load(block + i));
  return special == 0;
}
#endif

bool fm__is_plain(const uint8_t *data, size_t size)
{
  size_t i = 0;
  for (; i + 64 <= size; i += 64)
    if (!is_plain_block(data + i))
      return false;
  for (; i < size; i++)
    if (data[i] == 0 || data[i] > 0x7F)
      return false;
  return true;
}

static bool is_tail(uint8_t c)
{
  return (c & 0xC0U) == 0x80U;
}

/* Bytes of the character at s (n left), 0 when it is not UTF-8 (Unicode 15, table 3-7) or is NUL. */
static size_t character(const uint8_t *s, size_t n)
{
  uint8_t a = s[0];
  if (a < 0x80)
    return a != 0;
  if (a < 0xC2 || a > 0xF4 || n < 2)
    return 0;
  if (a < 0xE0)
    return is_tail(s[1]) ? 2 : 0;
  uint8_t low = a == 0xE0 ? 0xA0 : a == 0xF0 ? 0x90 : 0x80;
  uint8_t high = a == 0xED ? 0x9F : a == 0xF4 ? 0x8F : 0xBF;
  if (s[1] < low || s[1] > high || n < 3 || !is_tail(s[2]))
    return 0;
  if (a < 0xF0)
    return 3;
  return n >= 4 && is_tail(s[3]) ? 4 : 0;
}

size_t fm__utf8_span(const char *text, size_t length)
{
  const uint8_t *s = (const uint8_t *)text;
  size_t i = 0;
  while (i < length) {
    if (i + 8 <= length && specials(load(s + i)) == 0) {
      i += 8;
      continue;
    }
    size_t n = character(s + i, length - i);
    if (n == 0)
      return i;
    i += n;
  }
  return length;
}

int fm__fit(const char *text, int longest)
{
  int n = 0;
  while (n < longest && text[n] != '\0')
    n++;
  while (n > 0 && text[n] != '\0' && is_tail((uint8_t)text[n]))
    n--;
  return n;
}

/* 0x80 to 0x9F; 0 where the code page has no character (https://www.unicode.org/Public/MAPPINGS/VENDORS/MICSFT/WINDOWS/
 * CP1252.TXT). */
static const uint16_t upper[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

size_t fm__from_windows_1252(uint8_t *out, const uint8_t *in, size_t n)
{
  size_t size = 0;
  for (size_t i = 0; i < n; i++) {
    uint32_t c = in[i];
    if (c >= 0x80 && c < 0xA0)
      c = upper[c - 0x80];
    if (c < 0x80) {
      out[size++] = in[i]; /* ASCII, or one of the five bytes without a character */
    } else if (c < 0x800) {
      out[size++] = (uint8_t)(0xC0U | c >> 6);
      out[size++] = (uint8_t)(0x80U | (c & 0x3FU));
    } else {
      out[size++] = (uint8_t)(0xE0U | c >> 12);
      out[size++] = (uint8_t)(0x80U | (c >> 6 & 0x3FU));
      out[size++] = (uint8_t)(0x80U | (c & 0x3FU));
    }
  }
  return size;
}
