/* Keeping the prefix histogram: rows into cells, cells into a hash table, and the saved form. */
#include "num/prefix_priv.h"

#include <string.h>

#include "num/sum_priv.h"

#define SIGN (UINT64_C(1) << 63)
#define FRACTION ((UINT64_C(1) << 52) - 1)

enum {
  FEW = 4096,    /* rows that go to their cells one by one */
  TASK = 1 << 20 /* rows of a task */
};

static uint64_t key_of(double x)
{
  uint64_t bits = fm__bits_of(x + 0.0); /* -0 becomes +0 */
  return bits ^ ((0 - (bits >> 63)) | SIGN);
}

/* ---- whole numbers of several limbs ---- */

static void add_limbs(uint64_t *to, const uint64_t *from, size_t n)
{
  uint64_t carry = 0;
  for (size_t i = 0; i < n; i++) {
    uint64_t sum = to[i] + from[i], with = sum + carry;
    carry = (uint64_t)(sum < from[i]) | (uint64_t)(with < sum);
    to[i] = with;
  }
}

/* to = from * factor; to has a limb more. */
static void multiply_limbs(uint64_t *to, const uint64_t *from, size_t n, uint64_t factor)
{
  uint64_t carry = 0;
  for (size_t i = 0; i < n; i++) {
    uint64_t low, high;
    fm__multiply_halves(&low, &high, from[i], factor);
    to[i] = low + carry;
    carry = high + (to[i] < low);
  }
  to[n] = carry;
}

/* Multiplies by 2^shift, 0 to 63; what leaves the top limb is lost. */
static void shift_limbs(uint64_t *limb, size_t n, uint32_t shift)
{
  for (size_t i = n; i-- > 0 && shift > 0;)
    limb[i] = limb[i] << shift | (i > 0 ? limb[i - 1] >> (64 - shift) : 0);
}

/* ---- the table of cells ---- */

void fm__prefix_free(fm__prefix *p)
{
  fm__free(p->cells);
  fm__free(p->slots);
  *p = (fm__prefix){.bits = p->bits};
}

static size_t slot_of(const fm__prefix *p, uint32_t key)
{
  return (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> (64 - p->slot_bits));
}

bool fm__prefix_reserve(fm__prefix *p, size_t more)
{
  size_t need;
  if (!fm__add(p->n, more, &need) || need > UINT32_MAX / 4 ||
      !fm__grow((void **)&p->cells, &p->capacity, need, sizeof *p->cells))
    return false;
  uint32_t bits = p->slot_bits > 5 ? p->slot_bits : 5;
  while ((size_t)1 << bits < 2 * need)
    bits++;
  if (bits == p->slot_bits)
    return true;
  uint32_t *slots = fm__array((size_t)1 << bits, sizeof *slots);
  if (slots == NULL)
    return false;
  fm__free(p->slots);
  p->slots = slots;
  p->slot_bits = bits;
  for (size_t i = 0; i < p->n; i++) {
    size_t at = slot_of(p, p->cells[i].key);
    while (slots[at] != 0)
      at = (at + 1) & (((size_t)1 << bits) - 1);
    slots[at] = (uint32_t)i + 1;
  }
  return true;
}

/* Room for a new cell is there. */
static fm__prefix_cell *cell_at(fm__prefix *p, uint32_t key)
{
  size_t at = slot_of(p, key);
  for (; p->slots[at] != 0; at = (at + 1) & (((size_t)1 << p->slot_bits) - 1))
    if (p->cells[p->slots[at] - 1].key == key)
      return &p->cells[p->slots[at] - 1];
  fm__prefix_cell *cell = &p->cells[p->n++];
  *cell = (fm__prefix_cell){.key = key};
  p->slots[at] = (uint32_t)p->n;
  return cell;
}

const fm__prefix_cell *fm__prefix_find(const fm__prefix *p, uint32_t key)
{
  if (p->n == 0)
    return NULL;
  for (size_t at = slot_of(p, key); p->slots[at] != 0; at = (at + 1) & (((size_t)1 << p->slot_bits) - 1))
    if (p->cells[p->slots[at] - 1].key == key)
      return &p->cells[p->slots[at] - 1];
  return NULL;
}

void fm__prefix_take_cell(fm__prefix *p, const fm__prefix_cell *from)
{
  fm__prefix_cell *cell = cell_at(p, from->key);
  cell->count += from->count;
  add_limbs(cell->w, from->w, 3);
  add_limbs(cell->d, from->d, 4);
}

void fm__prefix_row(fm__prefix_cell *row, double x, double w, uint32_t bits)
{
  uint64_t key = key_of(x), of_w = fm__bits_of(w), field = of_w >> 52;
  uint32_t low_bits = 64 - bits, weight_class = fm__weight_class(of_w);
  uint32_t shift = (uint32_t)((int32_t)(field > 0 ? field : 1) - fm__class_first(weight_class));
  *row = (fm__prefix_cell){.key = (uint32_t)(key >> low_bits) << 8 | weight_class,
                           .count = 1,
                           .w = {(of_w & FRACTION) | (field > 0 ? UINT64_C(1) << 52 : 0)}};
  multiply_limbs(row->d, row->w, 3, key & ((UINT64_C(1) << low_bits) - 1));
  shift_limbs(row->w, 3, shift);
  shift_limbs(row->d, 4, shift);
}

void fm__prefix_take_row(fm__prefix *p, double x, double w)
{
  fm__prefix_cell row;
  if (w == 0)
    return;
  fm__prefix_row(&row, x, w, p->bits);
  fm__prefix_take_cell(p, &row);
}

/* ---- many rows, and other histograms ---- */

typedef struct work {
  const double *x, *w;
  size_t n, chunk;
  fm__prefix *part; /* one a task */
} work;

static fm_status add_task(void *ctx, size_t index)
{
  work *t = ctx;
  size_t from = index * t->chunk, n = t->n - from < t->chunk ? t->n - from : t->chunk;
  return fm__prefix_add_many(&t->part[index], t->x + from, t->w != NULL ? t->w + from : NULL, n) ? FM_OK
                                                                                                 : FM_ERR_MEMORY;
}

fm_status fm__prefix_add(fm__prefix *p, const double *x, const double *w, size_t n, const fm_run *run, fm_error *err)
{
  if (n < FEW) {
    if (!fm__prefix_reserve(p, n))
      return fm__no_memory(err);
    for (size_t i = 0; i < n; i++)
      fm__prefix_take_row(p, x[i], w != NULL ? w[i] : 1);
    return FM_OK;
  }
  work t = {.x = x, .w = w, .n = n, .chunk = run != NULL && run->execute != NULL ? TASK : n};
  size_t n_parts = (n + t.chunk - 1) / t.chunk, n_cells = 0;
  t.part = fm__array(n_parts, sizeof *t.part);
  if (t.part == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n_parts; i++)
    t.part[i].bits = p->bits;
  fm_status status = fm__run_tasks(run, add_task, &t, n_parts, err);
  fm__prefix *to = p->n > 0 ? p : &t.part[0]; /* nothing to add to: the first part serves */
  for (size_t i = 0; i < n_parts; i++)
    n_cells += &t.part[i] != to ? t.part[i].n : 0;
  if (status == FM_OK && !fm__prefix_reserve(to, n_cells))
    status = fm__no_memory(err);
  for (size_t i = 0; i < n_parts && status == FM_OK; i++)
    for (size_t k = 0; k < t.part[i].n && &t.part[i] != to; k++)
      fm__prefix_take_cell(to, &t.part[i].cells[k]);
  if (status == FM_OK && to != p) {
    fm__prefix swap = *p;
    *p = *to;
    *to = swap;
  }
  for (size_t i = 0; i < n_parts; i++)
    fm__prefix_free(&t.part[i]);
  fm__free(t.part);
  return status;
}

fm_status fm__prefix_merge(fm__prefix *p, const fm__prefix *other, fm_error *err)
{
  if (p->bits != other->bits)
    return fm__fail(err, FM_ERR_MISMATCH, "a prefix histogram of %u bits cannot take one of %u", (unsigned)p->bits,
                    (unsigned)other->bits);
  if (!fm__prefix_reserve(p, other->n))
    return fm__no_memory(err);
  for (size_t i = 0; i < other->n; i++)
    fm__prefix_take_cell(p, &other->cells[i]);
  return FM_OK;
}

/* ---- saved bytes: bits, number of cells, then each in rising order of keys ---- */

fm_status fm__prefix_order(uint32_t **out, const fm__prefix *p, fm_error *err)
{
  uint64_t *keys = fm__array(p->n, 2 * sizeof *keys);
  *out = fm__array(p->n, sizeof **out);
  if (keys == NULL || *out == NULL) {
    fm__free(keys);
    fm__free(*out);
    *out = NULL;
    return fm__no_memory(err);
  }
  for (size_t i = 0; i < p->n; i++)
    keys[i] = (uint64_t)p->cells[i].key << 32 | i;
  fm__sort_u64(keys, keys + p->n, p->n);
  for (size_t i = 0; i < p->n; i++)
    (*out)[i] = (uint32_t)keys[i];
  fm__free(keys);
  return FM_OK;
}

/* The number of bytes, then as many, without leading zeros. */
static void save_limbs(const uint64_t *limb, size_t n, fm__bytes *b)
{
  uint8_t bytes[1 + 32], used = 0;
  for (size_t i = 0; i < 8 * n; i++) {
    bytes[1 + i] = (uint8_t)(limb[i / 8] >> i % 8 * 8);
    if (bytes[1 + i] != 0)
      used = (uint8_t)(i + 1);
  }
  bytes[0] = used;
  fm__bytes_raw(b, bytes, 1 + (size_t)used);
}

static bool load_limbs(uint64_t *limb, size_t n, fm__reader *r)
{
  size_t used = fm__read_u8(r);
  const uint8_t *bytes = used <= 8 * n ? fm__read_raw(r, used) : NULL;
  if (bytes == NULL || (used > 0 && bytes[used - 1] == 0))
    return false;
  for (size_t i = 0; i < used; i++)
    limb[i / 8] |= (uint64_t)bytes[i] << i % 8 * 8;
  return true;
}

fm_status fm__prefix_save(const fm__prefix *p, fm__bytes *b, fm_error *err)
{
  uint32_t *order;
  fm_status status = fm__prefix_order(&order, p, err);
  if (status != FM_OK)
    return status;
  fm__bytes_u32(b, p->bits);
  fm__bytes_u64(b, p->n);
  for (size_t i = 0; i < p->n; i++) {
    const fm__prefix_cell *cell = &p->cells[order[i]];
    fm__bytes_u32(b, cell->key);
    save_limbs(&cell->count, 1, b);
    save_limbs(cell->w, 3, b);
    save_limbs(cell->d, 4, b);
  }
  fm__free(order);
  return FM_OK;
}

static bool is_at_most(const uint64_t *a, const uint64_t *b, size_t n)
{
  for (size_t i = n; i-- > 0;)
    if (a[i] != b[i])
      return a[i] < b[i];
  return true;
}

/* Whether rows could have left this cell: weights from the least to below 2^84 units, d from 0 to the cell's span. */
static bool cell_fits(const fm__prefix_cell *c, uint32_t bits)
{
  uint32_t cell = c->key >> 8;
  uint64_t least[3] = {0}, most[3] = {0, c->count << 20, c->count >> 44}, span[4];
  uint64_t one = (c->key & 0xff) == 0 ? UINT64_C(1) << (1 + FM__CLASS_SHIFT) : UINT64_C(1) << 52;
  multiply_limbs(least, &c->count, 1, one);
  multiply_limbs(span, c->w, 3, (UINT64_C(1) << (64 - bits)) - 1);
  return cell >> bits == 0 && isfinite(fm__prefix_least(cell, bits)) && isfinite(fm__prefix_most(cell, bits)) &&
         (c->key & 0xff) <= 64 && c->count > 0 && is_at_most(least, c->w, 3) && is_at_most(c->w, most, 3) &&
         is_at_most(c->d, span, 4);
}

static bool load_cell(fm__prefix_cell *cell, fm__reader *r, uint32_t bits)
{
  *cell = (fm__prefix_cell){.key = fm__read_u32(r)};
  return load_limbs(&cell->count, 1, r) && load_limbs(cell->w, 3, r) && load_limbs(cell->d, 4, r) && !r->failed &&
         cell_fits(cell, bits);
}

fm_status fm__prefix_load(fm__prefix *p, fm__reader *r, fm_error *err)
{
  enum { CELL_BYTES = 4 + 2 + 2 + 1 };
  uint32_t bits = fm__read_u32(r);
  uint64_t n = fm__read_u64(r);
  if (r->failed || bits != p->bits || n > (r->size - r->at) / CELL_BYTES)
    return fm__fail(err, FM_ERR_FORMAT, "the saved prefix histogram is damaged, or not of %u bits", (unsigned)p->bits);
  fm__prefix in = FM__PREFIX_INIT(bits);
  if (!fm__prefix_reserve(&in, (size_t)n)) {
    fm__prefix_free(&in);
    return fm__no_memory(err);
  }
  for (size_t i = 0; i < n; i++) {
    fm__prefix_cell cell;
    if (!load_cell(&cell, r, bits) || (i > 0 && cell.key <= in.cells[i - 1].key)) {
      fm__prefix_free(&in);
      return fm__fail(err, FM_ERR_FORMAT, "the saved prefix histogram is damaged: cell %zu is impossible", i);
    }
    fm__prefix_take_cell(&in, &cell);
  }
  fm__prefix_free(p);
  *p = in;
  return FM_OK;
}

/* ---- a cell's place and sums ---- */

uint32_t fm__prefix_cell_of(double x, uint32_t bits)
{
  return (uint32_t)(key_of(x) >> (64 - bits));
}

double fm__prefix_least(uint32_t cell, uint32_t bits)
{
  return fm__order_value((uint64_t)cell << (64 - bits));
}

double fm__prefix_most(uint32_t cell, uint32_t bits)
{
  return fm__order_value((uint64_t)cell << (64 - bits) | ((UINT64_C(1) << (64 - bits)) - 1));
}

/* x = (first + d) u, first whole and |first| < 2^53: sum of w x is |first| times the sum of w, with the sign, plus the
 * sum of w d. */
void fm__prefix_sum(fm__wide *weight, fm__wide *total, const fm__prefix_cell *cell, uint32_t bits)
{
  int32_t w_exponent = fm__class_first(cell->key & 0xff) - 1075;
  uint64_t key = (uint64_t)(cell->key >> 8) << (64 - bits);
  uint64_t magnitude = (key & SIGN) != 0 ? key & ~SIGN : ~key, product[4];
  int32_t field = (int32_t)(magnitude >> 52 & 0x7ff), exponent = w_exponent + (field > 0 ? field : 1) - 1075;
  if (weight != NULL)
    fm__wide_add(weight, cell->w, 3, w_exponent, false);
  if (total == NULL)
    return;
  multiply_limbs(product, cell->w, 3, (magnitude & FRACTION) | (field > 0 ? UINT64_C(1) << 52 : 0));
  fm__wide_add(total, product, 4, exponent, (key & SIGN) == 0);
  fm__wide_add(total, cell->d, 4, exponent, false);
}
