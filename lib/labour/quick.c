/* Counts and sums by group and mask in few bytes a cell. A number whose bits fit between the lowest bit of a sum and
 * FM_SHIFTS above goes into its 128 bits exactly; any other into the exact sum at once. */
#include <string.h>

#include "labour/quick_priv.h"
#include "num/sum_priv.h"

enum { MASK, GROUP, COUNT, SUMS, SHIFTS = 40, ABOVE = 8, NOT_YET = 1 << 20 }; /* 53 + 40 bits leave 2^34 rows */

fm_status fm__labour_quick_create(fm__labour_quick *q, const fm__labour_plan *plan, const uint64_t *bits,
                                  fm__labour_cells *cells, fm_error *err)
{
  *q = (fm__labour_quick){.plan = plan, .bits = bits, .cells = cells, .n_slots = 4096};
  q->stride = SUMS + 2 * cells->n_sums;
  for (size_t k = 0; k < FM__COUNT(q->base); k++)
    q->base[k] = NOT_YET;
  q->slots = fm__array(q->n_slots, sizeof *q->slots);
  return q->slots != NULL ? FM_OK : fm__no_memory(err);
}

void fm__labour_quick_free(fm__labour_quick *q)
{
  fm__free(q->words);
  fm__free(q->slots);
}

static size_t hash_of(uint64_t group, uint64_t mask)
{
  uint64_t h = (mask ^ group * UINT64_C(0xc2b2ae3d27d4eb4f)) * UINT64_C(0x9e3779b97f4a7c15);
  return (size_t)(h ^ h >> 32);
}

/* ---- cells ---- */

static uint32_t *slot_of(const fm__labour_quick *q, uint64_t group, uint64_t mask, size_t hash)
{
  size_t at = hash & (q->n_slots - 1);
  while (q->slots[at] != 0) {
    const uint64_t *cell = q->words + (q->slots[at] - 1) * q->stride;
    if (cell[MASK] == mask && cell[GROUP] == group)
      break;
    at = (at + 1) & (q->n_slots - 1);
  }
  return &q->slots[at];
}

static bool more_slots(fm__labour_quick *q)
{
  uint32_t *slots = fm__array(4 * q->n_slots, sizeof *slots);
  if (slots == NULL)
    return false;
  fm__free(q->slots);
  q->slots = slots;
  q->n_slots *= 4;
  for (size_t i = 0; i < q->n; i++) {
    const uint64_t *cell = q->words + i * q->stride;
    *slot_of(q, cell[GROUP], cell[MASK], hash_of(cell[GROUP], cell[MASK])) = (uint32_t)i + 1;
  }
  return true;
}

/* NULL: out of memory. */
static uint64_t *cell_of(fm__labour_quick *q, uint64_t group, uint64_t mask, size_t hash)
{
  uint32_t *slot = slot_of(q, group, mask, hash);
  size_t need;
  if (*slot != 0)
    return q->words + (*slot - 1) * q->stride;
  if (q->n >= UINT32_MAX - 1 || !fm__multiply(q->n + 1, q->stride, &need) ||
      !fm__grow((void **)&q->words, &q->capacity, need, sizeof *q->words))
    return NULL;
  if (2 * (q->n + 1) > q->n_slots) {
    if (!more_slots(q))
      return NULL;
    slot = slot_of(q, group, mask, hash);
  }
  uint64_t *cell = q->words + q->n * q->stride;
  memset(cell, 0, q->stride * sizeof *cell);
  cell[MASK] = mask;
  cell[GROUP] = group;
  *slot = (uint32_t)++q->n;
  return cell;
}

/* ---- sums ---- */

/* The exponent of the lowest bit, such that the largest of the first rows and 2^ABOVE times it still fit; all 0: none
 * yet. */
static int32_t base_of(const double *x, const double *w, size_t n)
{
  double most = 0;
  for (size_t i = 0; i < n; i++) {
    double y = w != NULL ? x[i] * w[i] : x[i];
    most = y > most ? y : most;
  }
  int32_t exponent = (int32_t)(fm__bits_of(most) >> 52) + FM__SUM_ULP - 1 + ABOVE - SHIFTS; /* of the lowest bit */
  return most == 0 ? NOT_YET : exponent > FM__SUM_ULP ? exponent : FM__SUM_ULP;
}

static void choose_bases(fm__labour_quick *q, const fm__labour_chunk *c, size_t n)
{
  size_t at = 0;
  q->based = true;
  if (q->cells->weighted) {
    if (q->base[0] == NOT_YET)
      q->base[0] = base_of(c->weight, NULL, n);
    at = 1;
  }
  for (size_t v = 0; v < FM__N_VALUES; v++) {
    int32_t *base = &q->base[at + (size_t)(q->plan->slot[v] >= 0 ? q->plan->slot[v] : 0)];
    if ((q->plan->values >> v & 1) != 0 && *base == NOT_YET)
      *base = base_of(c->value[v], c->weight, n);
  }
  for (size_t k = 0; k < q->cells->n_sums; k++)
    q->based &= q->base[k] != NOT_YET;
}

/* Adds x >= 0, whole or not at all. */
static inline bool add(uint64_t *sum, double x, int32_t base)
{
  uint64_t bits = fm__bits_of(x), exponent = bits >> 52;
  uint32_t shift = (uint32_t)((int32_t)exponent + FM__SUM_ULP - 1 - base);
  uint64_t m = (bits & ((UINT64_C(1) << 52) - 1)) | UINT64_C(1) << 52;
  if (shift > SHIFTS || exponent == 0)
    return x == 0;
  uint64_t low = m << shift, high = m >> 1 >> (63 - shift);
  sum[0] += low;
  sum[1] += high + (sum[0] < low);
  return true;
}

/* A number outside the range of the 128 bits. */
static bool add_apart(fm__labour_quick *q, const uint64_t *cell, size_t sum, double x)
{
  size_t at = fm__labour_cells_find(q->cells, (uint32_t)cell[GROUP], cell[MASK]);
  if (at == SIZE_MAX)
    return false;
  fm__sum_add(&fm__labour_cell_sums(q->cells, at)[sum], x);
  return true;
}

static bool add_row(fm__labour_quick *q, uint64_t *cell, const fm__labour_chunk *c, const double *const *values,
                    size_t i)
{
  size_t at = 0, n_values = q->plan->n_values;
  bool done = true;
  cell[COUNT]++;
  if (q->cells->weighted) {
    done = add(cell + SUMS, c->weight[i], q->base[0]) || add_apart(q, cell, 0, c->weight[i]);
    at = 1;
  }
  for (size_t k = 0; k < n_values && done; k++, at++) {
    if ((c->mask[i] & q->bits[k]) == 0)
      continue;
    double x = c->weight[i] * values[k][i];
    done = add(cell + SUMS + 2 * at, x, q->base[at]) || add_apart(q, cell, at, x);
  }
  return done;
}

/* Brings the cells of rows to come near: first their slots, later the cells. */
static inline void ahead(const fm__labour_quick *q, const size_t *hash, size_t i, size_t n)
{
#if defined(__GNUC__)
  enum { SLOTS = 24, CELLS = 12 };
  if (i + SLOTS < n)
    __builtin_prefetch(&q->slots[hash[i + SLOTS] & (q->n_slots - 1)]);
  if (i + CELLS < n) {
    uint32_t slot = q->slots[hash[i + CELLS] & (q->n_slots - 1)];
    if (slot != 0)
      __builtin_prefetch(q->words + (slot - 1) * q->stride);
  }
#else
  (void)q, (void)hash, (void)i, (void)n;
#endif
}

bool fm__labour_quick_add(fm__labour_quick *q, const fm__labour_chunk *c, const uint32_t *groups, size_t n)
{
  size_t hash[FM__CHUNK];
  const double *values[FM__N_VALUES];
  for (size_t v = 0; v < FM__N_VALUES; v++)
    if ((q->plan->values >> v & 1) != 0)
      values[q->plan->slot[v]] = c->value[v];
  if (!q->based)
    choose_bases(q, c, n);
  for (size_t i = 0; i < n; i++)
    hash[i] = hash_of(groups != NULL ? groups[i] : 0, c->mask[i]);
  for (size_t i = 0; i < n; i++) {
    ahead(q, hash, i, n);
    if (c->weight[i] == 0)
      continue;
    uint64_t *cell = cell_of(q, groups != NULL ? groups[i] : 0, c->mask[i], hash[i]);
    if (cell == NULL || !add_row(q, cell, c, values, i))
      return false;
  }
  return true;
}

/* ---- to exact sums ---- */

static void bring(fm__sum *to, const uint64_t *sum, int32_t base)
{
  const uint64_t half = UINT64_C(0xffffffff);
  const uint64_t parts[] = {sum[0] & half, sum[0] >> 32, sum[1] & half, sum[1] >> 32};
  for (int32_t k = 0; k < 4; k++)
    if (parts[k] != 0)
      fm__sum_add_scaled(to, (int64_t)parts[k], base + 32 * k);
}

bool fm__labour_quick_finish(fm__labour_quick *q)
{
  if (!fm__labour_cells_reserve(q->cells, q->n))
    return false;
  for (size_t i = 0; i < q->n; i++) {
    const uint64_t *cell = q->words + i * q->stride;
    size_t at = fm__labour_cells_find(q->cells, (uint32_t)cell[GROUP], cell[MASK]);
    if (at == SIZE_MAX)
      return false;
    q->cells->cell[at].count += cell[COUNT];
    for (size_t k = 0; k < q->cells->n_sums; k++)
      bring(&fm__labour_cell_sums(q->cells, at)[k], cell + SUMS + 2 * k, q->base[k]);
  }
  return true;
}
