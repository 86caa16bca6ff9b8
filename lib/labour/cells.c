/* Counts and exact sums by group and mask. */
#include <math.h>
#include <string.h>

#include "labour/cells_priv.h"

fm_status fm__labour_cells_create(fm__labour_cells *c, const fm__labour_plan *plan, fm_error *err)
{
  *c = (fm__labour_cells){.n_slots = 1024, .weighted = plan->spec.weight != NULL};
  c->n_sums = plan->n_values + (c->weighted ? 1 : 0);
  c->slots = fm__array(c->n_slots, sizeof *c->slots);
  return c->slots != NULL ? FM_OK : fm__no_memory(err);
}

void fm__labour_cells_free(fm__labour_cells *c)
{
  fm__free(c->cell);
  fm__free(c->sums);
  fm__free(c->slots);
  *c = (fm__labour_cells){.n = 0};
}

static size_t slot_of(const fm__labour_cells *c, uint32_t group, uint64_t mask)
{
  uint64_t h = mask * UINT64_C(0x9e3779b97f4a7c15) ^ group * UINT64_C(0xc2b2ae3d27d4eb4f);
  size_t at = (size_t)((h ^ h >> 29) * UINT64_C(0xbf58476d1ce4e5b9) >> 32) & (c->n_slots - 1);
  while (c->slots[at] != 0) {
    const fm__labour_cell *cell = &c->cell[c->slots[at] - 1];
    if (cell->mask == mask && cell->group == group)
      break;
    at = (at + 1) & (c->n_slots - 1);
  }
  return at;
}

static bool more_slots(fm__labour_cells *c)
{
  uint32_t *slots = fm__array(2 * c->n_slots, sizeof *slots);
  if (slots == NULL)
    return false;
  fm__free(c->slots);
  c->slots = slots;
  c->n_slots *= 2;
  for (size_t i = 0; i < c->n; i++)
    c->slots[slot_of(c, c->cell[i].group, c->cell[i].mask)] = (uint32_t)i + 1;
  return true;
}

bool fm__labour_cells_reserve(fm__labour_cells *c, size_t more)
{
  size_t need, sums;
  return fm__add(c->n, more, &need) && fm__multiply(need, c->n_sums, &sums) &&
         fm__grow((void **)&c->cell, &c->cell_capacity, need, sizeof *c->cell) &&
         (sums == 0 || fm__grow((void **)&c->sums, &c->sum_capacity, sums, sizeof *c->sums));
}

size_t fm__labour_cells_find(fm__labour_cells *c, uint32_t group, uint64_t mask)
{
  size_t at = slot_of(c, group, mask);
  if (c->slots[at] != 0)
    return c->slots[at] - 1;
  if (c->n >= UINT32_MAX - 1 || !fm__labour_cells_reserve(c, 1))
    return SIZE_MAX;
  if (2 * (c->n + 1) > c->n_slots) {
    if (!more_slots(c))
      return SIZE_MAX;
    at = slot_of(c, group, mask);
  }
  c->cell[c->n] = (fm__labour_cell){.mask = mask, .group = group};
  if (c->n_sums > 0)
    memset(c->sums + c->n * c->n_sums, 0, c->n_sums * sizeof *c->sums);
  c->slots[at] = (uint32_t)++c->n;
  return c->n - 1;
}

void fm__labour_value_bits(uint64_t *bits, const fm__labour_plan *plan)
{
  for (size_t v = 0; v < FM__N_VALUES; v++)
    bits[v] = 0;
  for (size_t k = 0; k < plan->n_items; k++) {
    const int32_t read[] = {plan->item[k].value, plan->item[k].divisor};
    for (size_t j = 0; j < FM__COUNT(read); j++)
      if (read[j] != FM__V_NONE)
        bits[plan->slot[read[j]]] |= UINT64_C(1) << (2 * k);
  }
}

/* `count` times x, exactly. */
static void add_times(fm__sum *s, double x, uint64_t count)
{
  double high = (double)(count >> 32) * 4294967296.0, low = (double)(count & UINT32_MAX);
  const double factors[] = {high, low};
  for (size_t k = 0; k < FM__COUNT(factors); k++) {
    double product = factors[k] * x;
    if (factors[k] == 0)
      continue;
    fm__sum_add(s, product);
    fm__sum_add(s, fma(factors[k], x, -product));
  }
}

bool fm__labour_cells_add(fm__labour_cells *c, const fm__labour_plan *plan, const uint64_t *bits, uint32_t group,
                          uint64_t mask, double weight, const double *values, uint64_t count)
{
  size_t cell = fm__labour_cells_find(c, group, mask);
  if (cell == SIZE_MAX)
    return false;
  fm__sum *sums = fm__labour_cell_sums(c, cell);
  c->cell[cell].count += count;
  if (c->weighted)
    add_times(sums++, weight, count);
  for (size_t k = 0; k < plan->n_values; k++)
    if ((mask & bits[k]) != 0)
      add_times(&sums[k], weight * values[k], count);
  return true;
}

bool fm__labour_cells_merge(fm__labour_cells *c, const fm__labour_cells *other, const uint32_t *map)
{
  for (size_t i = 0; i < other->n; i++) {
    const fm__labour_cell *from = &other->cell[i];
    size_t cell = fm__labour_cells_find(c, map != NULL ? map[from->group] : from->group, from->mask);
    if (cell == SIZE_MAX)
      return false;
    c->cell[cell].count += from->count;
    for (size_t k = 0; k < c->n_sums; k++)
      fm__sum_merge(&fm__labour_cell_sums(c, cell)[k], &fm__labour_cell_sums(other, i)[k]);
  }
  return true;
}

void fm__labour_cells_renumber(fm__labour_cells *c, const uint32_t *rank)
{
  memset(c->slots, 0, c->n_slots * sizeof *c->slots);
  for (size_t i = 0; i < c->n; i++)
    c->cell[i].group = rank[c->cell[i].group];
  for (size_t i = 0; i < c->n; i++)
    c->slots[slot_of(c, c->cell[i].group, c->cell[i].mask)] = (uint32_t)i + 1;
}

/* ---- bytes ---- */

static void sort_cells(fm__item *items, fm__item *scratch, const fm__labour_cells *c, const uint32_t *rank)
{
  for (size_t i = 0; i < c->n; i++)
    items[i] = (fm__item){c->cell[i].mask, i};
  fm__sort_items(items, scratch, c->n);
  for (size_t i = 0; i < c->n; i++) {
    uint32_t group = c->cell[items[i].value].group;
    items[i].key = rank != NULL ? rank[group] : group;
  }
  fm__sort_items(items, scratch, c->n);
}

fm_status fm__labour_cells_save(const fm__labour_cells *c, const uint32_t *rank, fm__bytes *b, fm_error *err)
{
  fm__item *items = fm__array(c->n, sizeof *items), *scratch = fm__array(c->n, sizeof *scratch);
  fm_status status = items != NULL && scratch != NULL ? FM_OK : fm__no_memory(err);
  if (status == FM_OK) {
    sort_cells(items, scratch, c, rank);
    fm__bytes_u64(b, c->n);
  }
  for (size_t i = 0; i < c->n && status == FM_OK; i++) {
    const fm__labour_cell *cell = &c->cell[items[i].value];
    fm__bytes_u32(b, (uint32_t)items[i].key);
    fm__bytes_u64(b, cell->mask);
    fm__bytes_u64(b, cell->count);
    for (size_t k = 0; k < c->n_sums; k++)
      fm__sum_save(&fm__labour_cell_sums(c, items[i].value)[k], b);
  }
  fm__free(items);
  fm__free(scratch);
  return status;
}

static fm_status damaged(fm_error *err)
{
  return fm__fail(err, FM_ERR_FORMAT, "the saved state of a labour measure is damaged: its cells cannot be read");
}

static fm_status load_cell(fm__labour_cells *c, const fm__labour_plan *plan, size_t n_groups, fm__reader *r,
                           fm__labour_cell *before, fm_error *err)
{
  fm__labour_cell in = {.group = fm__read_u32(r)};
  in.mask = fm__read_u64(r);
  in.count = fm__read_u64(r);
  bool rising = c->n == 0 || in.group > before->group || (in.group == before->group && in.mask > before->mask);
  if (r->failed || !rising || in.group >= n_groups || in.count == 0 || !fm__labour_mask_fits(plan, in.mask))
    return damaged(err);
  size_t cell = fm__labour_cells_find(c, in.group, in.mask);
  if (cell == SIZE_MAX)
    return fm__no_memory(err);
  c->cell[cell].count = in.count;
  *before = in;
  for (size_t k = 0; k < c->n_sums; k++) {
    fm__sum *s = &fm__labour_cell_sums(c, cell)[k];
    double value = fm__sum_load(s, r) ? fm__sum_value(s) : NAN;
    if (!(value >= 0) || isinf(value) || (c->weighted && k == 0 && value == 0))
      return damaged(err);
  }
  return FM_OK;
}

bool fm__labour_mask_fits(const fm__labour_plan *plan, uint64_t mask)
{
  uint64_t possible = (UINT64_C(1) << (2 * plan->n_items)) - 1;
  if (plan->by_age)
    possible |= UINT64_C(1) << FM__AGE_OUTSIDE;
  return (mask & ~possible) == 0;
}

fm_status fm__labour_cells_load(fm__labour_cells *c, const fm__labour_plan *plan, size_t n_groups, fm__reader *r,
                                fm_error *err)
{
  fm__labour_cell before = {.group = 0};
  uint64_t n = fm__read_u64(r);
  bool possible = !r->failed && n <= (r->size - r->at) / 20; /* a cell's least bytes */
  fm_status status = possible ? FM_OK : damaged(err);
  for (uint64_t i = 0; i < n && status == FM_OK; i++)
    status = load_cell(c, plan, n_groups, r, &before, err);
  return status;
}
