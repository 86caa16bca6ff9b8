/* Seeded random numbers for tests: splitmix64. */
#ifndef FM_TESTS_NUM_RANDOM_H
#define FM_TESTS_NUM_RANDOM_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t random_u64(uint64_t *state)
{
  uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return z ^ z >> 31;
}

static inline double random_unit(uint64_t *state) /* 0 up to, not including, 1 */
{
  return (double)(random_u64(state) >> 11) * 0x1p-53;
}

static inline size_t random_below(uint64_t *state, size_t n)
{
  return (size_t)(random_u64(state) % n);
}

static inline double random_normal(uint64_t *state)
{
  double u = 1 - random_unit(state), v = random_unit(state);
  return sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}

static inline bool same_bits(double a, double b)
{
  return memcmp(&a, &b, sizeof a) == 0;
}

#endif
