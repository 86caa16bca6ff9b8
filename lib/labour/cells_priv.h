/* The state: how many rows, and what weight and amounts, of each group have each mask. */
#ifndef FM_LABOUR_CELLS_PRIV_H
#define FM_LABOUR_CELLS_PRIV_H

#include "labour/labour_priv.h"
#include "num/num_priv.h"
#include "survey/survey_priv.h"

typedef struct fm__labour_cell {
  uint64_t mask, count;
  uint32_t group, reserved;
} fm__labour_cell;

/* Sums of a cell stand together: the weight, unless each row counts 1, then the numbers that are added up, each times
 * the weight (the product rounded once). */
typedef struct fm__labour_cells {
  fm__labour_cell *cell;
  fm__sum *sums;
  uint32_t *slots; /* cell + 1 by its hash; 0 is free */
  size_t n, n_slots, n_sums;
  size_t cell_capacity, sum_capacity;
  bool weighted;
} fm__labour_cells;

/* Into *c, which is empty before; fm__labour_cells_free after a failure, too. */
fm_status fm__labour_cells_create(fm__labour_cells *c, const fm__labour_plan *plan, fm_error *err);
void fm__labour_cells_free(fm__labour_cells *c);
/* Room for more cells; false: out of memory. */
bool fm__labour_cells_reserve(fm__labour_cells *c, size_t more);
/* The cell's number, made when new; SIZE_MAX: out of memory. */
size_t fm__labour_cells_find(fm__labour_cells *c, uint32_t group, uint64_t mask);
static inline fm__sum *fm__labour_cell_sums(const fm__labour_cells *c, size_t cell)
{
  return c->n_sums > 0 ? c->sums + cell * c->n_sums : NULL;
}
/* Whether the mask is possible for the items of the plan. */
bool fm__labour_mask_fits(const fm__labour_plan *plan, uint64_t mask);
/* Bits of a mask that say that a number of the row is added up. */
void fm__labour_value_bits(uint64_t *bits, const fm__labour_plan *plan);
/* Adds `count` rows with the same numbers; `values` by slot. */
bool fm__labour_cells_add(fm__labour_cells *c, const fm__labour_plan *plan, const uint64_t *bits, uint32_t group,
                          uint64_t mask, double weight, const double *values, uint64_t count);
/* Adds all of `other`, whose groups have the numbers of `map` (NULL: their own). */
bool fm__labour_cells_merge(fm__labour_cells *c, const fm__labour_cells *other, const uint32_t *map);
/* Gives the groups new numbers. */
void fm__labour_cells_renumber(fm__labour_cells *c, const uint32_t *rank);
/* Written by group (`rank` of its number; NULL: itself), then mask. */
fm_status fm__labour_cells_save(const fm__labour_cells *c, const uint32_t *rank, fm__bytes *b, fm_error *err);
fm_status fm__labour_cells_load(fm__labour_cells *c, const fm__labour_plan *plan, size_t n_groups, fm__reader *r,
                                fm_error *err);

/* ---- the state of the measure ---- */
typedef struct fm__labour {
  fm__labour_plan plan;
  uint64_t bits[FM__N_VALUES];
  fm__groups *groups; /* without a design */
  fm__labour_cells cells;
  fm__rows *rows; /* with one, or for recruitment_cost: id set 0 the groups, then the design's */
  fm__design_columns *columns;
  size_t first_value; /* among a row's numbers: mask, weight, values, the design's */
} fm__labour;
enum { FM__ROW_MASK = 0, FM__ROW_WEIGHT = 1 };

/* Name of number i of a row that is kept: mask, weight, values by slot. */
const char *fm__labour_number_name(size_t i);
/* Adds the rows of a frame; after a failure the state is of no more use. */
fm_status fm__labour_add_rows(fm__labour *t, const fm_table *frame, const fm_run *run, fm_error *err);
fm_status fm__labour_result(void *state, fm_table **out, const fm_run *run, fm_error *err);

#endif
