/* Streams of random words, and numbers of common distributions made of them. */
#include <math.h>

#include "num/num_priv.h"
#include "num/random_priv.h"

/* ---- words ---- */

/* Multipliers and key steps: Salmon et al. 2011, table 2 and section 4.3. */
void fm__philox(uint32_t out[4], const uint32_t counter[4], uint64_t key)
{
  uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
  uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
  for (int round = 0; round < 10; round++) {
    uint64_t p = UINT64_C(0xd2511f53) * c0, q = UINT64_C(0xcd9e8d57) * c2;
    c0 = (uint32_t)(q >> 32) ^ c1 ^ k0;
    c1 = (uint32_t)q;
    c2 = (uint32_t)(p >> 32) ^ c3 ^ k1;
    c3 = (uint32_t)p;
    k0 += UINT32_C(0x9e3779b9);
    k1 += UINT32_C(0xbb67ae85);
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

void fm__random_start(fm__random *r, uint64_t seed, uint32_t purpose, uint32_t replicate, uint32_t place)
{
  *r = (fm__random){.seed = seed, .counter = {0, purpose, replicate, place}};
}

uint32_t fm__random_u32(fm__random *r)
{
  if (r->n_left == 0) {
    fm__philox(r->word, r->counter, r->seed);
    r->n_left = 4;
    if (++r->counter[0] == 0)
      r->counter[1] += 256; /* purposes are below 256 */
  }
  return r->word[4 - r->n_left--];
}

uint64_t fm__random_u64(fm__random *r)
{
  uint64_t low = fm__random_u32(r);
  return (uint64_t)fm__random_u32(r) << 32 | low;
}

double fm__random_unit(fm__random *r)
{
  return ((double)(fm__random_u64(r) >> 12) + 0.5) * 0x1p-52;
}

/* The upper half of word times n, without the few words that would make some numbers likelier (Lemire 2019). */
uint64_t fm__random_below(fm__random *r, uint64_t n)
{
  if (n <= UINT32_MAX) {
    uint32_t small = (uint32_t)n;
    uint64_t product = (uint64_t)fm__random_u32(r) * small;
    if ((uint32_t)product < small)
      for (uint32_t least = (0U - small) % small; (uint32_t)product < least;)
        product = (uint64_t)fm__random_u32(r) * small;
    return product >> 32;
  }
  uint64_t most = UINT64_MAX - (UINT64_MAX % n + 1) % n, word; /* the last word of the last whole run of n */
  do
    word = fm__random_u64(r);
  while (word > most);
  return word % n;
}

/* ---- counts ----
 * Small means by going through the probabilities from 0 on; others by transformed rejection (Hormann 1993, "The
 * transformed rejection method for generating Poisson random variables" and "The generation of binomial random
 * variates", algorithms PTRS and BTRS). Rounding moves a probability by some 1e-16 times the mean (PTRS) or n (BTRS).
 */

enum { SMALL_MEAN = 10 };

static uint64_t small_poisson(fm__random *r, double mean)
{
  double p = fm__exp(-mean), u = fm__random_unit(r), k = 0;
  /* Beyond mean + 100 what is left of u is rounding. */
  while (u > p && k < mean + 100) {
    u -= p;
    k++;
    p *= mean / k;
  }
  return (uint64_t)k;
}

uint64_t fm__random_poisson(fm__random *r, double mean)
{
  if (mean < SMALL_MEAN)
    return small_poisson(r, mean);
  double b = 0.931 + 2.53 * sqrt(mean), a = -0.059 + 0.02483 * b, v_r = 0.9277 - 3.6224 / (b - 2);
  double log_alpha = fm__log(1.1239 + 1.1328 / (b - 3.4)), log_mean = fm__log(mean);
  for (;;) {
    double u = fm__random_unit(r) - 0.5, v = fm__random_unit(r), us = 0.5 - fabs(u);
    double k = floor((2 * a / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= v_r)
      return (uint64_t)k;
    if (k < 0 || (us < 0.013 && v > us))
      continue;
    if (fm__log(v) + log_alpha - fm__log(a / (us * us) + b) <= k * log_mean - mean - fm__lgamma(k + 1))
      return (uint64_t)k;
  }
}

static uint64_t small_binomial(fm__random *r, double n, double p)
{
  double probability = fm__exp(n * fm__log1p(-p)), u = fm__random_unit(r), k = 0, odds = p / (1 - p);
  while (u > probability && k < n && k < n * p + 100) {
    u -= probability;
    k++;
    probability *= odds * ((n - k + 1) / k);
  }
  return (uint64_t)k;
}

/* p at most one half. */
static uint64_t large_binomial(fm__random *r, double n, double p)
{
  double spread = sqrt(n * p * (1 - p)), b = 1.15 + 2.53 * spread, a = -0.0873 + 0.0248 * b + 0.01 * p;
  double alpha = (2.83 + 5.1 / b) * spread, v_r = 0.92 - 4.2 / b, mode = floor((n + 1) * p);
  double log_odds = fm__log(p / (1 - p)), h = fm__lgamma(mode + 1) + fm__lgamma(n - mode + 1);
  for (;;) {
    double u = fm__random_unit(r) - 0.5, v = fm__random_unit(r), us = 0.5 - fabs(u);
    double k = floor((2 * a / us + b) * u + n * p + 0.5);
    if (k < 0 || k > n)
      continue;
    if (us >= 0.07 && v <= v_r)
      return (uint64_t)k;
    double most = h - fm__lgamma(k + 1) - fm__lgamma(n - k + 1) + (k - mode) * log_odds;
    if (fm__log(v * alpha / (a / (us * us) + b)) <= most)
      return (uint64_t)k;
  }
}

uint64_t fm__random_binomial(fm__random *r, uint64_t n, double p)
{
  double trials = (double)n, rare = p > 0.5 ? 1 - p : p;
  if (n == 0 || rare <= 0)
    return p > 0.5 ? n : 0;
  uint64_t k = trials * rare < SMALL_MEAN ? small_binomial(r, trials, rare) : large_binomial(r, trials, rare);
  return p > 0.5 ? n - k : k;
}

void fm__random_multinomial(uint64_t *count, fm__random *r, uint64_t n_draws, const uint64_t *size, size_t n)
{
  uint64_t rest = 0;
  for (size_t i = 0; i < n; i++) {
    count[i] = 0;
    rest += size != NULL ? size[i] : 1;
  }
  if (rest == n) { /* all of size 1 */
    for (uint64_t k = 0; k < n_draws; k++)
      count[fm__random_below(r, n)]++;
    return;
  }
  for (size_t i = 0; i < n && n_draws > 0; i++) { /* each cell against all that follow */
    count[i] = size[i] == rest ? n_draws : fm__random_binomial(r, n_draws, (double)size[i] / (double)rest);
    n_draws -= count[i];
    rest -= size[i];
  }
}
