/* Stable radix sorts of 8 and 16-byte records by a 64-bit key, and the map between doubles and such keys.
 *
 * Large arrays are first scattered into buckets that fit into the second-level cache, then each bucket is sorted by the
 * leading bits in which its keys differ, and runs of keys equal in those are finished one by one. Small arrays are
 * sorted by all digits that vary, the least significant first. */
#include "num/num_priv.h"

#include <stdbool.h>
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

enum {
  SHORT = 32,          /* records that insertion sorts fastest */
  DIGIT_BITS = 9,      /* widest digit */
  LARGE = 1 << 17,     /* records from which a partition pays */
  BUCKET = 1 << 14,    /* records wanted in a bucket: with as much scratch they fit into 1 MiB of cache */
  MOST_BUCKETS = 2048, /* more streams than that cost more than they save */
  CELLS = 1 << 15,
  SAMPLE = 1 << 15
};

static inline void pass(unsigned char *to, const unsigned char *from, size_t n, size_t size, uint32_t shift,
                        uint32_t bits)
{
  size_t start[1 << DIGIT_BITS] = {0}, at = 0;
  const uint64_t mask = (UINT64_C(1) << bits) - 1;
  for (size_t i = 0; i < n; i++)
    start[key_at(from + i * size) >> shift & mask]++;
  for (size_t d = 0; d <= mask; d++) {
    size_t count = start[d];
    start[d] = at;
    at += count;
  }
  for (size_t i = 0; i < n; i++)
    memcpy(to + start[key_at(from + i * size) >> shift & mask]++ * size, from + i * size, size);
}

/* Bits of v from the highest set one down. */
static uint32_t bit_length(uint64_t v)
{
  uint32_t n = 0;
  for (uint32_t step = 32; step > 0; step >>= 1)
    if (v >> step != 0) {
      v >>= step;
      n += step;
    }
  return n + (v != 0);
}

/* Sorts by the bits of `different` from `lowest` up; true if the result ended in `other`. */
static inline bool sort_bits(unsigned char *data, unsigned char *other, size_t n, size_t size, uint64_t different,
                             uint32_t lowest, uint32_t widest)
{
  unsigned char *from = data, *to = other;
  uint32_t length = bit_length(different);
  uint32_t n_passes = length > lowest ? (length - lowest + widest - 1) / widest : 1;
  uint32_t bits = length > lowest ? (length - lowest + n_passes - 1) / n_passes : 1;
  for (uint32_t shift = lowest; shift < length; shift += bits)
    if ((different >> shift & ((UINT64_C(1) << bits) - 1)) != 0) {
      pass(to, from, n, size, shift, bits);
      unsigned char *swap = from;
      from = to;
      to = swap;
    }
  return from != data;
}

static inline void sort_small(unsigned char *data, unsigned char *scratch, size_t n, size_t size)
{
  if (n <= SHORT)
    insertion(data, n, size);
  else if (sort_bits(data, scratch, n, size, varying(data, n, size), 0, 8))
    memcpy(data, scratch, n * size);
}

/* Sorts each run of records that are equal above bit `lowest`. */
static inline void sort_runs(unsigned char *data, unsigned char *scratch, size_t n, size_t size, uint32_t lowest)
{
  for (size_t i = 0; i < n;) {
    uint64_t key = key_at(data + i * size) >> lowest;
    size_t end = i + 1;
    while (end < n && key_at(data + end * size) >> lowest == key)
      end++;
    if (end - i > 1)
      sort_small(data + i * size, scratch + i * size, end - i, size);
    i = end;
  }
}

/* Sorts `from` into `to`, which is `from` or `spare`. */
static inline void sort_bucket(unsigned char *to, unsigned char *from, unsigned char *spare, size_t n, size_t size)
{
  unsigned char *now = from;
  if (n <= SHORT) {
    insertion(from, n, size);
  } else {
    uint64_t different = varying(from, n, size);
    /* Three bits more than tell n records apart: few are left equal if the keys are spread evenly. */
    uint32_t length = bit_length(different), lead = bit_length(n) + 3, lowest = length > lead ? length - lead : 0;
    now = sort_bits(from, spare, n, size, different, lowest, DIGIT_BITS) ? spare : from;
    if ((different & ((UINT64_C(1) << lowest) - 1)) != 0)
      sort_runs(now, now == spare ? from : spare, n, size, lowest);
  }
  if (now != to)
    memcpy(to, now, n * size);
}

/* A map from keys to buckets that rises with the key. A sample places it, which the result does not show: each bucket
 * is sorted in full, and the sort is stable. */
typedef struct plan {
  uint64_t least;
  uint32_t shift; /* cell: (key - least) >> shift, the first and last also take what lies outside */
  size_t n_buckets;
  uint16_t bucket[CELLS]; /* of each cell */
  size_t start[MOST_BUCKETS];
} plan;

static inline size_t cell_of(const plan *p, uint64_t key)
{
  uint64_t cell = key > p->least ? (key - p->least) >> p->shift : 0;
  return cell < CELLS ? (size_t)cell : CELLS - 1;
}

/* Cuts the keys at the places where the sample has seen BUCKET records' worth; `scratch` has room for n >= LARGE. */
static inline void make_plan(plan *p, const unsigned char *data, unsigned char *scratch, size_t n, size_t size)
{
  enum { TRIM = SAMPLE / 512 }; /* extreme keys do not stretch the cells */
  size_t step = n / SAMPLE, wanted = SAMPLE / (n / BUCKET < MOST_BUCKETS / 2 ? n / BUCKET : MOST_BUCKETS / 2);
  for (size_t i = 0; i < SAMPLE; i++)
    memcpy(scratch + i * 8, data + (i * step + i * 7919 % step) * size, 8);
  sort_small(scratch, scratch + (size_t)SAMPLE * 8, SAMPLE, 8);
  p->least = key_at(scratch + (size_t)TRIM * 8);
  uint32_t length = bit_length(key_at(scratch + (size_t)(SAMPLE - 1 - TRIM) * 8) - p->least);
  p->shift = length > 15 ? length - 15 : 0;
  size_t seen = 0, at = 0;
  p->n_buckets = 1;
  for (size_t cell = 0; cell < CELLS; cell++) {
    size_t before = at;
    while (at < SAMPLE && cell_of(p, key_at(scratch + at * 8)) <= cell)
      at++;
    bool crowded = at - before >= wanted; /* a crowded cell stands alone */
    if (seen > 0 && (seen + (at - before) > wanted || crowded) && p->n_buckets < MOST_BUCKETS) {
      p->n_buckets++;
      seen = 0;
    }
    seen += at - before;
    p->bucket[cell] = (uint16_t)(p->n_buckets - 1);
  }
}

static inline void sort_large(unsigned char *data, unsigned char *scratch, size_t n, size_t size)
{
  plan p;
  make_plan(&p, data, scratch, n, size);
  memset(p.start, 0, sizeof p.start);
  for (size_t i = 0; i < n; i++)
    p.start[p.bucket[cell_of(&p, key_at(data + i * size))]]++;
  size_t at = 0;
  for (size_t k = 0; k < p.n_buckets; k++) {
    size_t count = p.start[k];
    p.start[k] = at;
    at += count;
  }
  for (size_t i = 0; i < n; i++)
    memcpy(scratch + p.start[p.bucket[cell_of(&p, key_at(data + i * size))]]++ * size, data + i * size, size);
  for (size_t k = 0, from = 0; k < p.n_buckets; k++) { /* start now is the end */
    sort_bucket(data + from * size, scratch + from * size, data + from * size, p.start[k] - from, size);
    from = p.start[k];
  }
}

static inline void sort(unsigned char *data, unsigned char *scratch, size_t n, size_t size)
{
  if (n >= LARGE && bit_length(varying(data, n, size)) > 16)
    sort_large(data, scratch, n, size);
  else
    sort_bucket(data, data, scratch, n, size);
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
