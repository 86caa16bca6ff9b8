/* Random numbers that are pure functions of what they are drawn for: no hidden state, no order of calls.
 *
 * Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011) turns a counter and a key into four words. A stream is the words
 * at the counters of one purpose, replicate and place, under the seed as key. */
#ifndef FM_NUM_RANDOM_PRIV_H
#define FM_NUM_RANDOM_PRIV_H

#include "base/base_priv.h"

void fm__philox(uint32_t out[4], const uint32_t counter[4], uint64_t key);

/* What numbers are drawn for, so that no two streams share a counter. Below 256. */
enum {
  FM__RANDOM_LANES = 1,  /* seeds of the lanes of a block */
  FM__RANDOM_REFINE = 2, /* further bits of one draw */
  FM__RANDOM_TOTALS = 3, /* draws of a stretch of rows, and which rows have them */
  FM__RANDOM_UNITS = 4,  /* units of a sampling design, by stratum; 5 to 7 those of further stages */
  FM__RANDOM_SHAKE = 8,  /* patterns of hidden cells near the best one */
  FM__RANDOM_ROUND = 9   /* counts rounded up or down */
};

typedef struct fm__random {
  uint64_t seed;
  uint32_t counter[4]; /* step, purpose, replicate, place */
  uint32_t word[4], n_left;
} fm__random;
void fm__random_start(fm__random *r, uint64_t seed, uint32_t purpose, uint32_t replicate, uint32_t place);
uint32_t fm__random_u32(fm__random *r);
uint64_t fm__random_u64(fm__random *r);
double fm__random_unit(fm__random *r);                             /* strictly between 0 and 1, in steps of 2^-52 */
uint64_t fm__random_below(fm__random *r, uint64_t n);              /* 0 to n - 1, each as likely; n > 0 */
uint64_t fm__random_poisson(fm__random *r, double mean);           /* 0 <= mean <= 1e15 */
uint64_t fm__random_binomial(fm__random *r, uint64_t n, double p); /* n <= 1e15, 0 <= p <= 1 */

/* n_draws balls thrown into n cells, each with a chance in proportion to its size, which is at least 1 (NULL: all 1):
 * the number in each. n > 0 unless n_draws = 0. */
void fm__random_multinomial(uint64_t *count, fm__random *r, uint64_t n_draws, const uint64_t *size, size_t n);

#endif
