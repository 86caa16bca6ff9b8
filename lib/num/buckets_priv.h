/* Sorting records that begin with a double, by parts that fit into the second-level cache: a plan of buckets that rise
 * with the double, and the sort of one bucket. The plan comes from a sample and may differ with the order of the rows;
 * whoever uses it sorts every bucket in full, so that no result shows it. No double is NaN or -0. */
#ifndef FM_NUM_BUCKETS_PRIV_H
#define FM_NUM_BUCKETS_PRIV_H

#include <string.h>

#include "num/num_priv.h"

enum {
  FM__BUCKET_ROWS = 1 << 14,        /* rows wanted in a bucket: with as much scratch they fit into 1 MiB of cache */
  FM__BUCKET_MOST = (1 << 16) - 1,  /* rows that can be sorted at once */
  FM__BUCKET_CELLS = (1 << 15) + 1, /* counters that sorting needs */
  FM__BUCKETS = 4096
};

/* Cell (key - least) >> shift of a part of the keys, the first and last also for what lies outside. */
typedef struct fm__plan_node {
  uint64_t least, last;
  uint32_t shift;
  uint32_t cell; /* place of its first cell in the plan's */
} fm__plan_node;

typedef struct fm__plan {
  size_t n_buckets;
  const fm__plan_node *nodes; /* the first is the root */
  const uint16_t *cells;      /* a bucket, or FM__PLAN_NODE + a node that divides the cell */
  const uint8_t *pure;        /* of each bucket: it holds one double only */
  void *owned;
} fm__plan;
enum { FM__PLAN_NODE = 1 << 15 };

/* Doubles at `x`, `x` + stride bytes, ... */
fm_status fm__plan_create(fm__plan *p, const void *x, size_t stride, size_t n, fm_error *err);
void fm__plan_free(fm__plan *p);

static inline uint64_t fm__key_of(double x)
{
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits ^ (-(bits >> 63) | UINT64_C(1) << 63);
}

static inline double fm__value_of(uint64_t key)
{
  uint64_t bits = key ^ (((key >> 63) - 1) | UINT64_C(1) << 63);
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static inline size_t fm__plan_bucket(const fm__plan *p, double x)
{
  uint64_t key = fm__key_of(x);
  const fm__plan_node *node = p->nodes;
  for (;;) {
    uint64_t cell = key > node->least ? (key - node->least) >> node->shift : 0;
    cell = cell < node->last ? cell : node->last;
    uint16_t to = p->cells[node->cell + cell];
    if (to < FM__PLAN_NODE)
      return to;
    node = &p->nodes[to - FM__PLAN_NODE];
  }
}

typedef struct fm__xw {
  double x, w;
} fm__xw;
typedef struct fm__xwu {
  double x, w;
  uint32_t unit, count;
} fm__xwu;
/* Divides n > FM__BUCKET_MOST pairs in place into up to 256 rising parts, the k-th before end[k]; false: all have the
 * same key. */
bool fm__bucket_split(fm__pair *data, size_t n, size_t end[256]);
/* Sorts up to FM__BUCKET_MOST pairs, whose keys are of fm__key_of and whose values are not negative, into `to`, one for
 * each key with the exact sum of its values, rounded once; gives their number. `to` may be `data` or lie before it,
 * `scratch` has room for n. */
size_t fm__bucket_sort(fm__xw *to, fm__pair *data, fm__pair *scratch, size_t n, uint16_t *cells);
/* Sorts up to FM__BUCKET_MOST pairs with the units beside them, keeping each row: `to` as above, the units in place;
 * `scratch` and `spare` have room for n. Rows of one key stand in any order. Gives how many have the key of the row
 * before. */
size_t fm__bucket_sort_rows(fm__xw *to, uint32_t *unit, fm__pair *data, fm__pair *scratch, uint32_t *spare, size_t n,
                            uint16_t *cells);
/* Records of sorted x in place: one for each x, with the exact sum of its weights, rounded once; gives their
 * number. `ties`: about how many records have the x of the one before. */
size_t fm__bucket_pool(fm__xw *data, size_t n, size_t ties);
/* Sorts any number by x, then unit, then w, into `to`; `data` is left in disorder. */
void fm__bucket_sort_units(fm__xwu *to, fm__xwu *data, size_t n, uint16_t *cells);

#endif
