/* Sums of products without error: digits of 32 bits in 64-bit cells, carried when a value is read. */
#include "num/wide_priv.h"

#include <math.h>

#define LOW UINT64_C(0xffffffff)

static void touch(fm__wide *s, uint32_t first, uint32_t end)
{
  if (s->end == 0) {
    s->first = first;
    s->end = end;
    return;
  }
  s->first = first < s->first ? first : s->first;
  s->end = end > s->end ? end : s->end;
}

void fm__wide_add(fm__wide *s, const uint64_t *limb, size_t n, int32_t exponent, bool minus)
{
  const int64_t sign = minus ? -1 : 1;
  for (size_t i = 0; i < n; i++) {
    if (limb[i] == 0)
      continue;
    uint32_t position = (uint32_t)(exponent - FM__WIDE_UNIT) + 64 * (uint32_t)i, shift = position & 31;
    uint32_t at = position >> 5;
    uint64_t low = (limb[i] & LOW) << shift, high = (limb[i] >> 32) << shift;
    s->digit[at] += sign * (int64_t)(low & LOW);
    s->digit[at + 1] += sign * (int64_t)((low >> 32) + (high & LOW));
    s->digit[at + 2] += sign * (int64_t)(high >> 32);
    touch(s, at, at + 3);
  }
}

/* The last digit keeps the sign and stays below 2^31. */
static void carry(fm__wide *s)
{
  for (uint32_t i = s->first; i < s->end; i++) {
    int64_t v = s->digit[i];
    if (i + 1 == s->end) {
      if (v >= -(INT64_C(1) << 31) && v < INT64_C(1) << 31)
        break;
      s->end++;
    }
    int64_t low = (int64_t)((uint64_t)v & LOW);
    s->digit[i] = low;
    s->digit[i + 1] += (v - low) / (INT64_C(1) << 32);
  }
  while (s->end > s->first && s->digit[s->end - 1] == 0)
    s->end--;
  if (s->end == s->first)
    s->first = s->end = 0;
}

int32_t fm__wide_sign(fm__wide *s)
{
  carry(s);
  return s->end == 0 ? 0 : s->digit[s->end - 1] < 0 ? -1 : 1;
}

/* The magnitude's highest 64 bits, 2^63 <= head, times 2^exponent; `rest`: bits below were cut off. */
typedef struct head {
  uint64_t bits;
  int32_t exponent;
  bool negative, rest;
} head;

/* Of a positive number after a carry. */
static head head_of_positive(const fm__wide *s)
{
  head h = {.bits = 0};
  int32_t top = (int32_t)s->end - 1, first = (int32_t)s->first;
  uint64_t next = top - 2 >= first ? (uint64_t)s->digit[top - 2] : 0;
  h.bits = (uint64_t)s->digit[top] << 32 | (top - 1 >= first ? (uint64_t)s->digit[top - 1] : 0);
  uint32_t up = 0;
  for (uint32_t step = 16; step > 0; step >>= 1)
    if (h.bits >> (64 - step) == 0) {
      h.bits <<= step;
      up += step;
    }
  h.bits |= next << up >> 32;
  h.rest = (next << up & LOW) != 0;
  for (int32_t i = first; !h.rest && i < top - 2; i++)
    h.rest = s->digit[i] != 0;
  h.exponent = 32 * (top - 1) + FM__WIDE_UNIT - (int32_t)up;
  return h;
}

static head head_of_negative(const fm__wide *s)
{
  fm__wide negated = {.first = s->first, .end = s->end};
  for (uint32_t i = s->first; i < s->end; i++)
    negated.digit[i] = -s->digit[i];
  carry(&negated);
  head h = head_of_positive(&negated);
  h.negative = true;
  return h;
}

static head head_of(fm__wide *s)
{
  int32_t sign = fm__wide_sign(s);
  return sign == 0 ? (head){.bits = 0} : sign < 0 ? head_of_negative(s) : head_of_positive(s);
}

double fm__wide_value(fm__wide *s, int32_t scale)
{
  head h = head_of(s);
  uint64_t kept = h.bits >> 11, rest = h.bits & 0x7ff;
  if (rest > 0x400 || (rest == 0x400 && (h.rest || (kept & 1) != 0)))
    kept++;
  double magnitude = ldexp((double)kept, h.exponent + 11 - scale);
  return h.negative ? -magnitude : magnitude;
}

int32_t fm__wide_exponent(fm__wide *s)
{
  head h = head_of(s);
  return h.bits == 0 ? INT32_MIN : h.exponent + 64;
}
