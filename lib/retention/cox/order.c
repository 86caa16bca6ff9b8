/* Rows of a Cox regression in canonical order: by cell, then by a hash of everything that tells rows apart. */
#include "retention/cox/order_priv.h"

#include <math.h>
#include <string.h>

#include "num/num_priv.h"

enum { STEP = 512 };
#define LARGEST 1e100 /* covariate */

/* What places a row. */
typedef struct placing {
  const fm__cox_rows *rows;
  const fm__cox_days *days;
  const uint32_t *cell; /* of each row; NULL: as its days have it */
  const fm__cox_kernel *kernel;
  size_t n_cells, *start;      /* of each cell, its first row */
  uint32_t *hash;              /* of each row */
  uint64_t factor[4], columns; /* columns: where the factors of the columns begin */
  uint64_t *items, *scratch;   /* hash above, row below; scratch for the largest cell */
} placing;

/* ---- hashes ---- */

static uint64_t bits_of(double x)
{
  uint64_t bits;
  x += 0.0; /* -0 is 0 */
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

static uint64_t next_factor(uint64_t *state) /* odd numbers without a pattern: splitmix64, Steele et al. 2014 */
{
  uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
  z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
  return (z ^ z >> 31) | 1;
}

static uint32_t finish_hash(uint64_t h)
{
  h = (h ^ h >> 29) * UINT64_C(0xBF58476D1CE4E5B9);
  return (uint32_t)((h ^ h >> 32) >> 32);
}

/* All that tells rows apart but their covariates. */
static void start_hash(uint64_t *hash, const placing *p, size_t from, size_t n)
{
  const fm__cox_rows *rows = p->rows;
  memset(hash, 0, n * sizeof *hash);
  for (size_t k = 0; rows->entry != NULL && k < n; k++)
    hash[k] += (uint64_t)(uint32_t)rows->entry[from + k] * p->factor[0];
  for (size_t k = 0; rows->cluster != NULL && k < n; k++)
    hash[k] += (uint64_t)(uint32_t)rows->cluster[from + k] * p->factor[1];
  for (size_t k = 0; rows->count != NULL && k < n; k++)
    hash[k] += rows->count[from + k] * p->factor[2];
  if (rows->weight != NULL)
    p->kernel->hash(hash, rows->weight + from, n, p->factor[3]);
}

static fm_status refuse_column(const fm__cox_rows *rows, size_t j, fm_error *err)
{
  size_t i = 0;
  while (i + 1 < rows->n && fabs(rows->x[j][i]) <= LARGEST)
    i++;
  return fm__cox_bad(err, i, rows->names != NULL ? rows->names[j] : "covariate", "a finite number up to 1e100");
}

/* ---- places ---- */

/* The cell of a row; NOWHERE for one that leaves no trace. */
static uint32_t cell_of(fm__cox_places *o, fm__cox *c, const placing *p, size_t i)
{
  const fm__cox_rows *rows = p->rows;
  if (!fm__cox_counts(rows, i))
    return FM__COX_NOWHERE;
  if (p->cell != NULL)
    return p->cell[i];
  int64_t count = rows->count != NULL ? (int64_t)rows->count[i] : 1;
  size_t s = rows->stratum != NULL ? (size_t)rows->stratum[i] : 0;
  size_t to = fm__cox_days_at(p->days, s, rows->time[i]), from = p->days->first[s];
  c->n_given += count;
  c->n_events += rows->event[i] != 0 ? count : 0;
  if (rows->entry != NULL && rows->entry[i] > 0)
    from = fm__cox_days_at(p->days, s, rows->entry[i]);
  if (from >= to)
    return FM__COX_NOWHERE;
  if (o->from != NULL) {
    o->from[i] = from > p->days->first[s] ? (uint32_t)from : 0;
    o->n_late += o->from[i] != 0;
  }
  return (uint32_t)(2 * (to - 1) + (rows->event[i] != 0));
}

/* Widens the ranges of the columns by those of n rows that have a place. */
static void reach_some(fm__cox_places *o, const placing *p, size_t start, size_t n)
{
  for (size_t j = 0; j < p->rows->p; j++) {
    double kept[STEP];
    size_t m = 0;
    for (size_t k = start; k < start + n; k++) {
      kept[m] = p->rows->x[j][k];
      m += o->place[k] != FM__COX_NOWHERE;
    }
    p->kernel->reach(&o->range[j], kept, m);
  }
}

static fm_status place_step(fm__cox_places *o, fm__cox *c, const placing *p, size_t start, size_t n, fm_error *err)
{
  const fm__cox_rows *rows = p->rows;
  uint64_t hash[STEP], columns = p->columns;
  size_t before = o->n;
  for (size_t i = start; i < start + n; i++) {
    uint32_t cell = cell_of(o, c, p, i);
    o->place[i] = cell;
    if (cell != FM__COX_NOWHERE) {
      p->start[cell + 1]++;
      o->n++;
    }
  }
  start_hash(hash, p, start, n);
  for (size_t j = 0; j < rows->p; j++) {
    fm__cox_range all = {INFINITY, -INFINITY}, *r = o->n - before == n ? &o->range[j] : &all;
    p->kernel->hash(hash, rows->x[j] + start, n, next_factor(&columns));
    if (!p->kernel->reach(r, rows->x[j] + start, n) || r->low < -LARGEST || r->high > LARGEST)
      return refuse_column(rows, j, err);
  }
  for (size_t k = 0; k < n; k++)
    p->hash[start + k] = finish_hash(hash[k]);
  if (o->n - before < n)
    reach_some(o, p, start, n);
  return FM_OK;
}

/* ---- order within a cell ---- */

static int compare_u64(uint64_t a, uint64_t b)
{
  return (a > b) - (a < b);
}

/* Order of two rows of one cell and hash. */
static int compare_rows(const fm__cox_rows *rows, size_t a, size_t b)
{
  int c = 0;
  for (size_t j = 0; j < rows->p && c == 0; j++)
    c = compare_u64(bits_of(rows->x[j][a]), bits_of(rows->x[j][b]));
  if (c == 0 && rows->weight != NULL)
    c = compare_u64(bits_of(rows->weight[a]), bits_of(rows->weight[b]));
  if (c == 0 && rows->entry != NULL)
    c = (rows->entry[a] > rows->entry[b]) - (rows->entry[a] < rows->entry[b]);
  if (c == 0 && rows->cluster != NULL)
    c = (rows->cluster[a] > rows->cluster[b]) - (rows->cluster[a] < rows->cluster[b]);
  if (c == 0 && rows->count != NULL)
    c = compare_u64(rows->count[a], rows->count[b]);
  return c;
}

/* Different rows rarely share a cell and a hash; equal ones stay as they are. */
static void settle(uint64_t *items, size_t n, const fm__cox_rows *rows)
{
  for (size_t i = 1; i < n; i++) {
    uint64_t moved = items[i];
    size_t at = i;
    while (at > 0 && items[at - 1] >> 32 == moved >> 32 &&
           compare_rows(rows, (uint32_t)items[at - 1], (uint32_t)moved) > 0) {
      items[at] = items[at - 1];
      at--;
    }
    items[at] = moved;
  }
}

/* Deals items to about as many parts as there are items, by the first bits of their hashes, so that insertion has
 * little left to move; false when equal hashes crowd a part. */
static bool deal(uint64_t *to, const uint64_t *items, size_t n)
{
  enum { BITS = 10, CROWD = 64 };
  uint32_t start[(1 << BITS) + 1] = {0};
  int bits = 5;
  while (bits < BITS && n >> (bits + 1) != 0)
    bits++;
  size_t parts = (size_t)1 << bits;
  for (size_t i = 0; i < n; i++)
    start[(items[i] >> (64 - bits)) + 1]++;
  for (size_t k = 0; k < parts; k++) {
    if (start[k + 1] > CROWD)
      return false;
    start[k + 1] += start[k];
  }
  for (size_t i = 0; i < n; i++)
    to[start[items[i] >> (64 - bits)]++] = items[i];
  for (size_t i = 1; i < n; i++) {
    uint64_t moved = to[i];
    size_t at = i;
    for (; at > 0 && to[at - 1] > moved; at--)
      to[at] = to[at - 1];
    to[at] = moved;
  }
  return true;
}

static void sort_cell(uint32_t *row, uint64_t *items, uint64_t *scratch, size_t n, const fm__cox_rows *rows)
{
  uint64_t *sorted = items;
  if (n >= 32 && deal(scratch, items, n))
    sorted = scratch;
  else
    fm__sort_u64(items, scratch, n);
  settle(sorted, n, rows);
  for (size_t i = 0; i < n; i++)
    row[i] = (uint32_t)sorted[i];
}

/* From the number of rows of each cell to its first row; gives the largest number. */
static size_t add_up(placing *p)
{
  size_t most = 0;
  for (size_t k = 1; k <= p->n_cells; k++) {
    most = p->start[k] > most ? p->start[k] : most;
    p->start[k] += p->start[k - 1];
  }
  return most;
}

static fm_status order_cells(fm__cox_places *o, placing *p, fm_error *err)
{
  size_t most = add_up(p), *next = fm__many(p->n_cells + 1, sizeof *next);
  p->items = fm__many(o->n, sizeof *p->items);
  p->scratch = fm__array(most, sizeof *p->scratch);
  o->row = fm__many(o->n, sizeof *o->row);
  bool made = next != NULL && p->items != NULL && p->scratch != NULL && o->row != NULL;
  if (made) {
    memcpy(next, p->start, (p->n_cells + 1) * sizeof *next);
    for (size_t i = 0; i < p->rows->n; i++)
      if (o->place[i] != FM__COX_NOWHERE)
        p->items[next[o->place[i]]++] = (uint64_t)p->hash[i] << 32 | i;
    for (size_t k = 0; k < p->n_cells; k++)
      sort_cell(o->row + p->start[k], p->items + p->start[k], p->scratch, p->start[k + 1] - p->start[k], p->rows);
    for (size_t i = 0; i < o->n; i++)
      o->place[o->row[i]] = (uint32_t)i;
  }
  fm__free(next);
  return made ? FM_OK : fm__no_memory(err);
}

/* Leaves p->start to the caller. */
static fm_status create(fm__cox_places *o, fm__cox *c, placing *p, fm_error *err)
{
  const fm__cox_rows *rows = p->rows;
  *o = (fm__cox_places){.n = 0};
  p->kernel = fm__cox_kernel_best();
  for (size_t k = 0; k < FM__COUNT(p->factor); k++)
    p->factor[k] = next_factor(&p->columns);
  p->start = fm__array(p->n_cells + 1, sizeof *p->start);
  p->hash = fm__many(rows->n, sizeof *p->hash);
  o->place = fm__many(rows->n, sizeof *o->place);
  o->from = rows->entry != NULL ? fm__many(rows->n, sizeof *o->from) : NULL;
  o->range = fm__array(rows->p, sizeof *o->range);
  bool made = p->start != NULL && p->hash != NULL && o->place != NULL && (rows->entry == NULL || o->from != NULL) &&
              o->range != NULL;
  fm_status status = made ? FM_OK : fm__no_memory(err);
  for (size_t j = 0; made && j < rows->p; j++)
    o->range[j] = (fm__cox_range){INFINITY, -INFINITY};
  for (size_t from = 0; status == FM_OK && from < rows->n; from += STEP)
    status = place_step(o, c, p, from, rows->n - from < STEP ? rows->n - from : STEP, err);
  if (status == FM_OK)
    status = order_cells(o, p, err);
  fm__free(p->hash);
  fm__free(p->items);
  fm__free(p->scratch);
  return status;
}

fm_status fm__cox_places_create(fm__cox_places *o, fm__cox *c, const fm__cox_rows *rows, const fm__cox_days *days,
                                fm_error *err)
{
  placing p = {.rows = rows, .days = days, .n_cells = 2 * c->n_days};
  fm_status status = create(o, c, &p, err);
  c->cell = p.start;
  return status;
}

fm_status fm__cox_order(uint32_t **row, size_t *n, const fm__cox_rows *rows, const uint32_t *cell, uint64_t n_cells,
                        fm_error *err)
{
  fm__cox_places o;
  placing p = {.rows = rows, .cell = cell, .n_cells = (size_t)n_cells};
  fm_status status = create(&o, NULL, &p, err);
  *row = status == FM_OK ? o.row : NULL;
  *n = status == FM_OK ? o.n : 0;
  o.row = status == FM_OK ? NULL : o.row;
  fm__cox_places_free(&o);
  fm__free(p.start);
  return status;
}

void fm__cox_places_reach(fm__cox_places *o, const fm__cox_rows *rows)
{
  placing p = {.rows = rows, .kernel = fm__cox_kernel_best()};
  for (size_t j = 0; j < rows->p; j++)
    o->range[j] = (fm__cox_range){INFINITY, -INFINITY};
  for (size_t from = 0; from < rows->n; from += STEP)
    reach_some(o, &p, from, rows->n - from < STEP ? rows->n - from : STEP);
}

void fm__cox_places_free(fm__cox_places *o)
{
  fm__free(o->row);
  fm__free(o->place);
  fm__free(o->from);
  fm__free(o->range);
  *o = (fm__cox_places){.n = 0};
}
