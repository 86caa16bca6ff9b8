/* What reading and printing of decimal numbers share: wide products, powers of five, small big integers. */
#ifndef FM_NUM_DECIMAL_PRIV_H
#define FM_NUM_DECIMAL_PRIV_H

#include "num/num_priv.h"

/* Natural numbers up to 2^4096 on the stack: little-endian words, no leading zero word. */
#define FM__BIG_WORDS 128
typedef struct fm__big {
  uint32_t word[FM__BIG_WORDS];
  int32_t n; /* words in use; 0 is the number 0 */
} fm__big;
void fm__big_set(fm__big *b, uint64_t value);
void fm__big_multiply_add(fm__big *b, uint32_t factor, uint32_t term); /* b = b factor + term */
void fm__big_times_pow5(fm__big *b, int32_t power);
void fm__big_shift_left(fm__big *b, int32_t bits);
int32_t fm__big_bits(const fm__big *b); /* length in bits */
/* Whole quotient, below 2^64, of num / den; the remainder is left in num. `den` is used as scratch and restored. */
uint64_t fm__big_divide(fm__big *num, fm__big *den);

/* 5^k is about (hi:lo) 2^(floor(log2 5^k) - 127), truncated; k from -64 to 64. */
int32_t fm__pow5_log2(int32_t k);

/* Upper 128 bits of w 5^k scaled so that 5^k has its top bit at 127; `w` must have its top bit set. The truth is in
 * [hi:lo, hi:lo + 2). Returns true when it is exactly hi:lo. */
bool fm__pow5_product(uint64_t w, int32_t k, uint64_t *hi, uint64_t *lo);

static inline int32_t fm__leading_zeros(uint64_t x) /* x not 0 */
{
#if defined(__GNUC__)
  return __builtin_clzll(x);
#else
  int32_t n = 0;
  for (int32_t step = 32; step > 0; step /= 2)
    if (x >> (64 - step) == 0) {
      n += step;
      x <<= step;
    }
  return n;
#endif
}

#endif
