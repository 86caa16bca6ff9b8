/* Counting rows fast: sums of a cell as whole numbers of 128 bits, brought to exact sums at the end. */
#ifndef FM_LABOUR_QUICK_PRIV_H
#define FM_LABOUR_QUICK_PRIV_H

#include "labour/cells_priv.h"

/* A cell is `stride` words: mask, group, count, then low and high word of each sum. */
typedef struct fm__labour_quick {
  const fm__labour_plan *plan;
  const uint64_t *bits;    /* of a mask, by value's slot */
  fm__labour_cells *cells; /* what is added to, at the end; before it what does not fit */
  uint64_t *words;
  uint32_t *slots; /* cell + 1 by its hash; 0 is free */
  size_t n, n_slots, stride, capacity;
  int32_t base[1 + FM__N_VALUES]; /* exponent of the lowest bit of each sum; chosen by the first rows above 0 */
  bool based;
} fm__labour_quick;

/* Into *q, which is empty before; fm__labour_quick_free after a failure, too. */
fm_status fm__labour_quick_create(fm__labour_quick *q, const fm__labour_plan *plan, const uint64_t *bits,
                                  fm__labour_cells *cells, fm_error *err);
void fm__labour_quick_free(fm__labour_quick *q);
/* Adds n rows whose masks are there; `groups` NULL: all 0. Rows of weight 0 are left out. False: out of memory. */
bool fm__labour_quick_add(fm__labour_quick *q, const fm__labour_chunk *c, const uint32_t *groups, size_t n);
/* Brings all to the cells. False: out of memory. */
bool fm__labour_quick_finish(fm__labour_quick *q);

#endif
