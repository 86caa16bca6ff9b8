/* Exact integers behind the conversion of decimal numbers: used only when 128 bits cannot decide. */
#include "num/decimal_priv.h"
#include "num/decimal_table.h"

void fm__big_set(fm__big *b, uint64_t value)
{
  b->word[0] = (uint32_t)value;
  b->word[1] = (uint32_t)(value >> 32);
  b->n = value == 0 ? 0 : value >> 32 == 0 ? 1 : 2;
}

void fm__big_multiply_add(fm__big *b, uint32_t factor, uint32_t term)
{
  uint64_t carry = term;
  for (int32_t i = 0; i < b->n; i++) {
    carry += (uint64_t)b->word[i] * factor;
    b->word[i] = (uint32_t)carry;
    carry >>= 32;
  }
  if (carry != 0)
    b->word[b->n++] = (uint32_t)carry;
}

void fm__big_times_pow5(fm__big *b, int32_t power)
{
  for (; power >= 13; power -= 13)
    fm__big_multiply_add(b, 1220703125u, 0);
  uint32_t rest = 1;
  for (; power > 0; power--)
    rest *= 5;
  fm__big_multiply_add(b, rest, 0);
}

void fm__big_shift_left(fm__big *b, int32_t bits)
{
  int32_t words = bits / 32, part = bits % 32;
  if (b->n == 0 || bits == 0)
    return;
  uint32_t above = part == 0 ? 0 : b->word[b->n - 1] >> (32 - part);
  for (int32_t i = b->n - 1; i >= 0; i--) {
    uint32_t below = part == 0 || i == 0 ? 0 : b->word[i - 1] >> (32 - part);
    b->word[i + words] = b->word[i] << part | below;
  }
  for (int32_t i = 0; i < words; i++)
    b->word[i] = 0;
  b->n += words;
  if (above != 0)
    b->word[b->n++] = above;
}

int32_t fm__big_bits(const fm__big *b)
{
  return b->n == 0 ? 0 : 32 * b->n + 32 - fm__leading_zeros(b->word[b->n - 1]);
}

static int compare(const fm__big *a, const fm__big *b)
{
  if (a->n != b->n)
    return a->n < b->n ? -1 : 1;
  for (int32_t i = a->n - 1; i >= 0; i--)
    if (a->word[i] != b->word[i])
      return a->word[i] < b->word[i] ? -1 : 1;
  return 0;
}

static void subtract(fm__big *a, const fm__big *b) /* a >= b */
{
  uint64_t borrow = 0;
  for (int32_t i = 0; i < a->n; i++) {
    uint64_t take = borrow + (i < b->n ? b->word[i] : 0);
    borrow = a->word[i] < take;
    a->word[i] = (uint32_t)(a->word[i] - take);
  }
  while (a->n > 0 && a->word[a->n - 1] == 0)
    a->n--;
}

static void halve(fm__big *a)
{
  for (int32_t i = 0; i < a->n; i++)
    a->word[i] = a->word[i] >> 1 | (i + 1 < a->n ? a->word[i + 1] << 31 : 0);
  if (a->n > 0 && a->word[a->n - 1] == 0)
    a->n--;
}

uint64_t fm__big_divide(fm__big *num, fm__big *den)
{
  int32_t shift = fm__big_bits(num) - fm__big_bits(den);
  if (shift < 0)
    return 0;
  fm__big_shift_left(den, shift);
  uint64_t quotient = 0;
  for (;; shift--) {
    quotient <<= 1;
    if (compare(num, den) >= 0) {
      subtract(num, den);
      quotient |= 1;
    }
    if (shift == 0)
      return quotient;
    halve(den);
  }
}

int32_t fm__pow5_log2(int32_t k)
{
  return (int32_t)(((uint32_t)(k * 152170 + (400 << 16))) >> 16) - 400; /* log2(5) = 152169.99 / 2^16 */
}

static uint64_t multiply(uint64_t a, uint64_t b, uint64_t *low)
{
  uint64_t a1 = a >> 32, a0 = a & UINT32_MAX, b1 = b >> 32, b0 = b & UINT32_MAX;
  uint64_t p00 = a0 * b0, p10 = a1 * b0 + (p00 >> 32), p01 = a0 * b1 + (p10 & UINT32_MAX);
  *low = p01 << 32 | (p00 & UINT32_MAX);
  return a1 * b1 + (p10 >> 32) + (p01 >> 32);
}

bool fm__pow5_product(uint64_t w, int32_t k, uint64_t *hi, uint64_t *lo)
{
  const uint64_t *power = fm__pow5[k + FM__POW5_LIMIT];
  uint64_t low, rest, middle;
  *hi = multiply(w, power[0], &low);
  middle = multiply(w, power[1], &rest);
  *lo = low + middle;
  *hi += *lo < low;
  return rest == 0 && k >= 0 && k <= 55;
}
