/* Rows of a Cox regression: checked, put into canonical order, centred and scaled, cut into blocks. */
#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "retention/cox/days_priv.h"
#include "retention/cox/kernel_priv.h"

/* ---- checks ---- */

static const char *column_name(const fm__cox_rows *rows, size_t j)
{
  return rows->names != NULL ? rows->names[j] : "covariate";
}

static fm_status bad(fm_error *err, size_t row, const char *what, const char *expected)
{
  fm_status status = fm__fail(err, FM_ERR_VALUE, "row %zu: expected %s", row, expected);
  fm__error_place(err, NULL, what, -1, (int64_t)row, -1);
  return status;
}

static fm_status check_row(const fm__cox_rows *rows, size_t i, fm_error *err)
{
  int32_t time = rows->time[i], entry = rows->entry != NULL ? rows->entry[i] : 0;
  if (time < 0)
    return bad(err, i, "time", "a time of 0 or more");
  if (entry >= time && !(time == 0 && entry <= 0))
    return bad(err, i, "entry", "an entry before the time");
  if (rows->weight != NULL && !(rows->weight[i] >= 0 && rows->weight[i] <= 1e100))
    return bad(err, i, "weight", "a weight of 0 or more, up to 1e100");
  if (rows->stratum != NULL && (rows->stratum[i] < 0 || (size_t)rows->stratum[i] >= rows->n_strata))
    return bad(err, i, "stratum", "a stratum from 0 to the number of strata less 1");
  if (rows->cluster != NULL && (rows->cluster[i] < 0 || (size_t)rows->cluster[i] >= rows->n_clusters))
    return bad(err, i, "cluster", "a cluster from 0 to the number of clusters less 1");
  return FM_OK;
}

fm_status fm__cox_check(const fm__cox_rows *rows, fm_error *err)
{
  if (rows->n > INT32_MAX)
    return fm__fail(err, FM_ERR_LIMIT, "a Cox regression takes up to %d rows", INT32_MAX);
  if (rows->p == 0 || rows->p > FM__COX_MOST_COVARIATES)
    return fm__fail(err, FM_ERR_ARGUMENT, "a Cox regression takes 1 to %d covariates", FM__COX_MOST_COVARIATES);
  for (size_t j = 0; j < rows->p && rows->n > 0; j++)
    if (rows->x[j] == NULL || (rows->names != NULL && rows->names[j] == NULL))
      return fm__fail(err, FM_ERR_ARGUMENT, "a Cox regression: covariate %zu or its name is NULL", j);
  for (size_t i = 0; i < rows->n; i++) {
    fm_status status = check_row(rows, i, err);
    if (status != FM_OK)
      return status;
  }
  return FM_OK;
}

/* ---- canonical order ---- */

typedef struct order {
  fm__item *items; /* key: cell above, hash below; value: row */
  uint32_t *from;  /* by row; 0: at risk from the start */
  uint32_t *row;   /* of the items */
  size_t n, n_late;
} order;

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

static uint64_t mix(double x, uint64_t factor)
{
  uint64_t b = bits_of(x);
  return (b ^ b >> 32) * factor;
}

/* Adds a column of some rows to their hashes; false for a number that is not finite or too large. */
static bool hash_column(uint64_t *hash, const double *x, size_t n, uint64_t factor)
{
  bool fits = true;
  for (size_t i = 0; i < n; i++) {
    hash[i] += mix(x[i], factor);
    fits &= fabs(x[i]) <= 1e100;
  }
  return fits;
}

static fm_status refuse_column(const fm__cox_rows *rows, size_t j, fm_error *err)
{
  size_t i = 0;
  while (i + 1 < rows->n && fabs(rows->x[j][i]) <= 1e100)
    i++;
  return bad(err, i, column_name(rows, j), "a finite number up to 1e100");
}

static uint64_t finish_hash(uint64_t h)
{
  h = (h ^ h >> 29) * UINT64_C(0xBF58476D1CE4E5B9);
  return h ^ h >> 32;
}

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
static void settle(order *o, const fm__cox_rows *rows)
{
  for (size_t i = 1; i < o->n; i++) {
    fm__item moved = o->items[i];
    size_t at = i;
    while (at > 0 && o->items[at - 1].key == moved.key &&
           compare_rows(rows, (size_t)o->items[at - 1].value, (size_t)moved.value) > 0) {
      o->items[at] = o->items[at - 1];
      at--;
    }
    o->items[at] = moved;
  }
}

static int bits_needed(uint64_t n)
{
  int bits = 0;
  while (bits < 64 && n >> bits != 0)
    bits++;
  return bits;
}

/* What places a row; cells come before the bits of the hash. */
typedef struct placing {
  const fm__cox_rows *rows;
  const fm__cox_days *days;
  const uint32_t *cell; /* of each row; NULL: as its days have it */
  int shift;
  uint64_t factor[4], columns; /* columns: where the factors of the columns begin */
} placing;

static void place_row(order *o, fm__cox *c, const placing *p, size_t i, uint64_t hash)
{
  const fm__cox_rows *rows = p->rows;
  if (p->cell != NULL) {
    o->items[o->n++] = (fm__item){(uint64_t)p->cell[i] << p->shift | finish_hash(hash) >> (64 - p->shift), i};
    return;
  }
  int64_t count = rows->count != NULL ? (int64_t)rows->count[i] : 1;
  size_t s = rows->stratum != NULL ? (size_t)rows->stratum[i] : 0;
  size_t to = fm__cox_days_at(p->days, s, rows->time[i]), from = p->days->first[s];
  c->n_given += count;
  c->n_events += rows->event[i] != 0 ? count : 0;
  if (rows->entry != NULL && rows->entry[i] > 0)
    from = fm__cox_days_at(p->days, s, rows->entry[i]);
  if (from >= to)
    return;
  if (o->from != NULL) {
    o->from[i] = from > p->days->first[s] ? (uint32_t)from : 0;
    o->n_late += o->from[i] != 0;
  }
  uint64_t cell = 2 * (uint64_t)(to - 1) + (rows->event[i] != 0);
  o->items[o->n++] = (fm__item){cell << p->shift | finish_hash(hash) >> (64 - p->shift), i};
}

enum { STEP = 512 };

/* Hashes all that tells rows apart and finds each row's place. */
static fm_status place_rows(order *o, fm__cox *c, const placing *p, fm_error *err)
{
  const fm__cox_rows *rows = p->rows;
  for (size_t from = 0; from < rows->n; from += STEP) {
    size_t n = rows->n - from < STEP ? rows->n - from : STEP;
    uint64_t hash[STEP], columns = p->columns;
    for (size_t k = 0; k < n; k++) {
      size_t i = from + k;
      hash[k] = (rows->entry != NULL ? (uint64_t)(uint32_t)rows->entry[i] * p->factor[0] : 0) +
                (rows->cluster != NULL ? (uint64_t)(uint32_t)rows->cluster[i] * p->factor[1] : 0) +
                (rows->count != NULL ? rows->count[i] * p->factor[2] : 0) +
                (rows->weight != NULL ? mix(rows->weight[i], p->factor[3]) : 0);
    }
    for (size_t j = 0; j < rows->p; j++)
      if (!hash_column(hash, rows->x[j] + from, n, next_factor(&columns)))
        return refuse_column(rows, j, err);
    for (size_t k = 0; k < n; k++)
      if (fm__cox_counts(rows, from + k))
        place_row(o, c, p, from + k, hash[k]);
  }
  return FM_OK;
}

static fm_status make_order(order *o, fm__cox *c, placing p, fm_error *err)
{
  const fm__cox_rows *rows = p.rows;
  for (size_t k = 0; k < FM__COUNT(p.factor); k++)
    p.factor[k] = next_factor(&p.columns);
  o->items = fm__many(rows->n, sizeof *o->items);
  o->from = rows->entry != NULL ? fm__many(rows->n, sizeof *o->from) : NULL;
  if (o->items == NULL || (rows->entry != NULL && o->from == NULL))
    return fm__no_memory(err);
  fm_status status = place_rows(o, c, &p, err);
  if (status != FM_OK)
    return status;
  fm__item *scratch = fm__many(o->n, sizeof *scratch);
  if (scratch == NULL)
    return fm__no_memory(err);
  fm__sort_items(o->items, scratch, o->n);
  settle(o, rows);
  fm__free(scratch);
  o->row = fm__many(o->n, sizeof *o->row);
  for (size_t i = 0; o->row != NULL && i < o->n; i++)
    o->row[i] = (uint32_t)o->items[i].value;
  return o->row != NULL ? FM_OK : fm__no_memory(err);
}

static void free_order(order *o)
{
  fm__free(o->items);
  fm__free(o->from);
  fm__free(o->row);
}

fm_status fm__cox_order(uint32_t **row, size_t *n, const fm__cox_rows *rows, const uint32_t *cell, uint64_t n_cells,
                        fm_error *err)
{
  order o = {.items = NULL};
  placing p = {.rows = rows, .cell = cell, .shift = 64 - bits_needed(n_cells)};
  fm_status status = make_order(&o, NULL, p, err);
  *row = NULL;
  if (status == FM_OK) {
    *row = o.row;
    *n = o.n;
    o.row = NULL;
  }
  free_order(&o);
  return status;
}

/* ---- columns ---- */

typedef struct range {
  double low, high, sum;
} range;

/* In four lanes, as the sums of the kernel. */
static void reach(range *r, const double *x, size_t n)
{
  double low[4], high[4], sum[4] = {0, 0, 0, 0};
  size_t i = 0;
  for (size_t k = 0; k < 4; k++) {
    low[k] = r->low;
    high[k] = r->high;
  }
  for (; i + 4 <= n; i += 4)
    for (size_t k = 0; k < 4; k++) {
      low[k] = x[i + k] < low[k] ? x[i + k] : low[k];
      high[k] = x[i + k] > high[k] ? x[i + k] : high[k];
      sum[k] += x[i + k];
    }
  for (size_t k = 0; i < n; i++, k++) {
    low[k] = x[i] < low[k] ? x[i] : low[k];
    high[k] = x[i] > high[k] ? x[i] : high[k];
    sum[k] += x[i];
  }
  for (size_t k = 0; k < 4; k++) {
    r->low = low[k] < r->low ? low[k] : r->low;
    r->high = high[k] > r->high ? high[k] : r->high;
  }
  r->sum += (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* Lays a column in order, block by block, and sees how far it reaches. */
static range place_column(fm__cox *c, const uint32_t *rows, const double *x, size_t j)
{
  range r = {INFINITY, -INFINITY, 0};
  for (size_t start = 0; start < c->n; start += FM__COX_BLOCK) {
    double *to = c->x + start * c->wide + j * FM__COX_BLOCK;
    const uint32_t *row = rows + start;
    size_t n = c->n - start < FM__COX_BLOCK ? c->n - start : FM__COX_BLOCK;
    for (size_t i = 0; i < n; i++)
      to[i] = x[row[i]];
    reach(&r, to, n);
  }
  return r;
}

/* A centre of few digits near the mean, so that the difference of a whole number and it is exact, and a power of 2. */
static fm_status choose_scale(fm__cox *c, const fm__cox_rows *rows, const range *r, size_t j, fm_error *err)
{
  if (!(r->high - r->low > 1e-250))
    return fm__fail(err, FM_ERR_VALUE,
                    "covariate %zu%s%s is the same in every row at risk at an event: no coefficient can be told for a "
                    "constant column",
                    j + 1, rows->names != NULL ? " " : "", rows->names != NULL ? rows->names[j] : "");
  int exponent;
  frexp(r->high - r->low, &exponent);
  double unit = ldexp(1, exponent - 8), mean = r->sum / (double)c->n;
  c->centre[j] = floor(mean / unit + 0.5) * unit;
  c->scale[j] = ldexp(1, 1 - exponent);
  return FM_OK;
}

fm_status fm__cox_place_columns(fm__cox *c, const fm__cox_rows *rows, const uint32_t *row, fm_error *err)
{
  fm_status status = FM_OK;
  for (size_t j = 0; j < c->p && status == FM_OK; j++) {
    range r = place_column(c, row, rows->x[j], j);
    status = choose_scale(c, rows, &r, j, err);
  }
  for (size_t b = 0; b < c->n_blocks && status == FM_OK; b++) {
    size_t n = c->n - b * FM__COX_BLOCK < FM__COX_BLOCK ? c->n - b * FM__COX_BLOCK : FM__COX_BLOCK;
    for (size_t j = 0; j < c->wide; j++) {
      double *x = c->x + (b * c->wide + j) * FM__COX_BLOCK, centre = c->centre[j], scale = c->scale[j];
      size_t filled = j < c->p ? n : 0;
      for (size_t i = 0; i < filled; i++)
        x[i] = (x[i] - centre) * scale;
      for (size_t i = filled; i < FM__COX_BLOCK; i++)
        x[i] = 0;
    }
  }
  return status;
}

static void place_numbers(fm__cox *c, const fm__cox_rows *rows, const order *o)
{
  size_t padded = c->n_blocks * FM__COX_BLOCK;
  for (size_t i = 0; i < c->n; i++) {
    size_t row = (size_t)o->items[i].value;
    double count = rows->count != NULL ? (double)rows->count[row] : 1;
    c->weight[i] = rows->weight != NULL ? rows->weight[row] * count : count;
    if (c->count != NULL)
      c->count[i] = count;
    if (c->from != NULL)
      c->from[i] = o->from[row];
    if (c->cluster != NULL)
      c->cluster[i] = (uint32_t)rows->cluster[row];
  }
  for (size_t i = c->n; i < padded; i++)
    c->weight[i] = 0;
}

static void place_cells(fm__cox *c, const order *o, int shift)
{
  size_t cells = 2 * c->n_days;
  for (size_t i = 0, k = 0; k <= cells; k++) {
    while (i < o->n && o->items[i].key >> shift < k)
      i++;
    c->cell[k] = i;
  }
}

/* What is known of events whatever the coefficients. */
static void add_events(fm__cox *c, double *sums)
{
  const fm__cox_kernel *kernel = fm__cox_kernel_best();
  for (size_t d = 0; d < c->n_days; d++) {
    size_t i = c->cell[2 * d + 1], end = c->cell[2 * d + 2];
    c->day_events[d] = (double)(end - i);
    if (c->count != NULL)
      c->day_events[d] = 0;
    for (size_t k = i; c->count != NULL && k < end; k++)
      c->day_events[d] += c->count[k];
    memset(sums, 0, (c->wide + 1) * sizeof *sums);
    while (i < end) {
      size_t block = i / FM__COX_BLOCK, start = block * FM__COX_BLOCK;
      size_t stop = start + FM__COX_BLOCK < end ? start + FM__COX_BLOCK : end;
      kernel->add(sums, fm__cox_block(c, block), c->weight + start, i - start, stop - start, c->wide);
      i = stop;
    }
    c->day_weight[d] = sums[0];
    for (size_t j = 0; j < c->p; j++)
      c->event_x[j] += sums[1 + j];
  }
}

/* Efron's form takes a step for each of the exits at one time. */
static fm_status check_ties(const fm__cox *c, fm_error *err)
{
  for (size_t d = 0; d < c->n_days && !c->breslow; d++)
    if (c->day_events[d] > FM__COX_MOST_TIED)
      return fm__fail(err, FM_ERR_LIMIT, "more than %d exits at one time: Efron's ties take no more, Breslow's do",
                      FM__COX_MOST_TIED);
  return FM_OK;
}

static fm_status reserve(fm__cox *c, const fm__cox_rows *rows, const order *o, fm_error *err)
{
  size_t padded, cells;
  c->n = o->n;
  c->n_blocks = (o->n + FM__COX_BLOCK - 1) / FM__COX_BLOCK;
  padded = c->n_blocks * FM__COX_BLOCK;
  if (!fm__multiply(padded, c->wide, &cells))
    return fm__no_memory(err);
  c->x = fm__many(cells, sizeof *c->x);
  c->weight = fm__many(padded, sizeof *c->weight);
  c->cell = fm__array(2 * c->n_days + 1, sizeof *c->cell);
  c->centre = fm__array(c->wide, sizeof *c->centre);
  c->scale = fm__array(c->wide, sizeof *c->scale);
  c->event_x = fm__array(c->wide, sizeof *c->event_x);
  c->day_weight = fm__array(c->n_days, sizeof *c->day_weight);
  c->day_events = fm__array(c->n_days, sizeof *c->day_events);
  c->count = rows->count != NULL ? fm__many(padded, sizeof *c->count) : NULL;
  c->from = o->n_late > 0 ? fm__many(padded, sizeof *c->from) : NULL;
  c->cluster = rows->cluster != NULL ? fm__many(padded, sizeof *c->cluster) : NULL;
  bool made = c->x != NULL && c->weight != NULL && c->cell != NULL && c->centre != NULL && c->scale != NULL &&
              c->event_x != NULL && c->day_weight != NULL && c->day_events != NULL &&
              (rows->count == NULL || c->count != NULL) && (o->n_late == 0 || c->from != NULL) &&
              (rows->cluster == NULL || c->cluster != NULL);
  return made ? FM_OK : fm__no_memory(err);
}

static fm_status fill(fm__cox *c, const fm__cox_rows *rows, fm__cox_days *days, fm_error *err)
{
  order o = {.items = NULL};
  c->n_days = days->n;
  c->day_time = days->time;
  c->first = days->first;
  days->time = NULL;
  days->first = NULL;
  fm__cox_days borrowed = *days;
  borrowed.time = c->day_time;
  borrowed.first = c->first;
  placing p = {.rows = rows, .days = &borrowed, .shift = 64 - bits_needed(2 * (uint64_t)days->n)};
  fm_status status = make_order(&o, c, p, err);
  if (status == FM_OK)
    status = reserve(c, rows, &o, err);
  if (status == FM_OK && o.n > 0) {
    status = fm__cox_place_columns(c, rows, o.row, err);
    place_numbers(c, rows, &o);
  }
  if (status == FM_OK) {
    double *sums = fm__array(c->wide + 1, sizeof *sums);
    place_cells(c, &o, 64 - bits_needed(2 * (uint64_t)c->n_days));
    if (sums != NULL)
      add_events(c, sums);
    status = sums != NULL ? check_ties(c, err) : fm__no_memory(err);
    fm__free(sums);
  }
  free_order(&o);
  return status;
}

fm_status fm__cox_prepare(fm__cox *c, const fm__cox_rows *rows, const fm_run *run, fm_error *err)
{
  fm__cox_days days = {.first = NULL};
  *c = (fm__cox){.p = rows->p,
                 .wide = rows->p + (rows->p & 1),
                 .n_strata = rows->n_strata,
                 .n_clusters = rows->cluster != NULL ? rows->n_clusters : 0,
                 .breslow = rows->breslow};
  fm_status status = fm__cox_check(rows, err);
  if (status == FM_OK)
    status = fm__cox_days_create(&days, rows, err);
  if (status == FM_OK)
    status = fill(c, rows, &days, err);
  if (status == FM_OK)
    status = fm__run_check(run, err);
  fm__cox_days_free(&days);
  if (status != FM_OK)
    fm__cox_free(c);
  return status;
}

void fm__cox_free(fm__cox *c)
{
  fm__free(c->day_time);
  fm__free(c->first);
  fm__free(c->cell);
  fm__free(c->x);
  fm__free(c->weight);
  fm__free(c->count);
  fm__free(c->from);
  fm__free(c->cluster);
  fm__free(c->centre);
  fm__free(c->scale);
  fm__free(c->event_x);
  fm__free(c->day_weight);
  fm__free(c->day_events);
  *c = (fm__cox){.n = 0};
}
