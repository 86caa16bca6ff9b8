/* Whole numbers so wide that any sum of products of two doubles is exact. */
#ifndef FM_NUM_WIDE_PRIV_H
#define FM_NUM_WIDE_PRIV_H

#include "base/base_priv.h"

enum {
  FM__WIDE_DIGITS = 140, /* of 32 bits: 2^-2200 to 2^2280 */
  FM__WIDE_UNIT = -2200  /* exponent of the lowest bit; a product of two doubles needs -2148 to 2048 */
};
/* Plain memory; all zero bytes is 0. Digits outside `first` to `end` are 0; all but the last are 0 to 2^32 - 1 after a
 * carry. At most 2^27 additions of up to four limbs without reading a value. */
typedef struct fm__wide {
  int64_t digit[FM__WIDE_DIGITS];
  uint32_t first, end;
} fm__wide;
/* a * b by halves of 32 bits. */
static inline void fm__multiply_halves(uint64_t *low, uint64_t *high, uint64_t a, uint64_t b)
{
  const uint64_t mask = UINT64_C(0xffffffff);
  uint64_t a0 = a & mask, a1 = a >> 32, b0 = b & mask, b1 = b >> 32;
  uint64_t bottom = a0 * b0, middle = a1 * b0 + (bottom >> 32), other = a0 * b1 + (middle & mask);
  *low = other << 32 | (bottom & mask);
  *high = a1 * b1 + (middle >> 32) + (other >> 32);
}
/* Adds, or takes away, the number of n limbs of 64 bits, the lowest first, times 2^exponent. */
void fm__wide_add(fm__wide *s, const uint64_t *limb, size_t n, int32_t exponent, bool minus);
/* The double nearest to the number times 2^-scale, ties to even (twice rounded where that is subnormal). */
double fm__wide_value(fm__wide *s, int32_t scale);
/* The exponent that frexp gives: 2^(e-1) <= |number| < 2^e; INT32_MIN for 0. */
int32_t fm__wide_exponent(fm__wide *s);
/* Below, at or above 0. */
int32_t fm__wide_sign(fm__wide *s);

#endif
