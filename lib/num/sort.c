/* Stable radix sorts of 8 and 16-byte records by a 64-bit key, and the map between doubles and such keys. */
#include "num/num_priv.h"

#include <string.h>

#define SIGN (UINT64_C(1) << 63)

uint64_t fm__order_key(double x)
{
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  if (bits == SIGN)
    bits = 0;
  return (bits & SIGN) != 0 ? ~bits : bits | SIGN;
}

double fm__order_value(uint64_t key)
{
  uint64_t bits = (key & SIGN) != 0 ? key & ~SIGN : ~key;
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static inline uint64_t key_at(const unsigned char *p)
{
  uint64_t key;
  memcpy(&key, p, sizeof key);
  return key;
}

/* `size` is a constant 8 or 16 at every call, so that each copy becomes one load and one store. */
static inline void insertion(unsigned char *data, size_t n, size_t size)
{
  for (size_t i = 1; i < n; i++) {
    unsigned char moved[16];
    memcpy(moved, data + i * size, size);
    uint64_t key = key_at(moved);
    size_t at = i;
    for (; at > 0 && key_at(data + (at - 1) * size) > key; at--)
      memcpy(data + at * size, data + (at - 1) * size, size);
    memcpy(data + at * size, moved, size);
  }
}

/* Bits in which the keys differ. */
static inline uint64_t varying(const unsigned char *data, size_t n, size_t size)
{
  uint64_t first = key_at(data), different = 0;
  for (size_t i = 1; i < n; i++)
    different |= key_at(data + i * size) ^ first;
  return different;
}

static inline void pass(unsigned char *to, const unsigned char *from, size_t n, size_t size, uint32_t shift)
{
  size_t start[256] = {0};
  for (size_t i = 0; i < n; i++)
    start[key_at(from + i * size) >> shift & 255]++;
  size_t at = 0;
  for (size_t d = 0; d < 256; d++) {
    size_t count = start[d];
    start[d] = at;
    at += count;
  }
  for (size_t i = 0; i < n; i++)
    memcpy(to + start[key_at(from + i * size) >> shift & 255]++ * size, from + i * size, size);
}

static inline void sort(unsigned char *data, unsigned char *scratch, size_t n, size_t size)
{
  if (n <= 32) {
    insertion(data, n, size);
    return;
  }
  uint64_t different = varying(data, n, size);
  unsigned char *from = data, *to = scratch;
  for (uint32_t shift = 0; shift < 64; shift += 8)
    if ((different >> shift & 255) != 0) {
      pass(to, from, n, size, shift);
      unsigned char *swap = from;
      from = to;
      to = swap;
    }
  if (from != data)
    memcpy(data, from, n * size);
}

void fm__sort_pairs(fm__pair *pairs, fm__pair *scratch, size_t n)
{
  sort((unsigned char *)pairs, (unsigned char *)scratch, n, sizeof *pairs);
}

void fm__sort_items(fm__item *items, fm__item *scratch, size_t n)
{
  sort((unsigned char *)items, (unsigned char *)scratch, n, sizeof *items);
}

void fm__sort_u64(uint64_t *keys, uint64_t *scratch, size_t n)
{
  sort((unsigned char *)keys, (unsigned char *)scratch, n, sizeof *keys);
}
