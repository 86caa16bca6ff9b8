/* The second pass over rows that a prefix histogram was made of: rows of the cells that matter, and what they settle.
 */
#include "num/prefix_priv.h"

#include <string.h>

fm_status fm__second_create(fm__second *s, uint32_t bits, fm_error *err)
{
  *s = (fm__second){.bits = bits, .wanted = fm__array(((size_t)1 << bits) / 64, sizeof *s->wanted)};
  return s->wanted != NULL ? FM_OK : fm__no_memory(err);
}

void fm__second_free(fm__second *s)
{
  fm__free(s->wanted);
  fm__free(s->rows);
  *s = (fm__second){.bits = s->bits};
}

void fm__second_want(fm__second *s, uint32_t cell)
{
  s->wanted[cell / 64] |= UINT64_C(1) << cell % 64;
}

static bool is_wanted(const fm__second *s, uint32_t cell)
{
  return (s->wanted[cell / 64] >> cell % 64 & 1) != 0;
}

fm_status fm__second_add(fm__second *s, const double *x, const double *w, size_t n, fm_error *err)
{
  size_t before = s->n;
  for (size_t i = 0; i < n; i++) {
    uint64_t key = fm__order_key(x[i]);
    if (!is_wanted(s, (uint32_t)(key >> (64 - s->bits))) || (w != NULL && w[i] == 0))
      continue;
    if (!fm__grow((void **)&s->rows, &s->capacity, s->n + 1, sizeof *s->rows)) {
      s->n = before;
      return fm__no_memory(err);
    }
    s->rows[s->n++] = (fm__pair){key, w != NULL ? w[i] : 1};
  }
  return FM_OK;
}

fm_status fm__second_merge(fm__second *s, const fm__second *other, fm_error *err)
{
  size_t need;
  if (s->bits != other->bits || memcmp(s->wanted, other->wanted, ((size_t)1 << s->bits) / 64 * sizeof *s->wanted) != 0)
    return fm__fail(err, FM_ERR_MISMATCH, "two second passes collect the rows of different cells");
  if (!fm__add(s->n, other->n, &need) || !fm__grow((void **)&s->rows, &s->capacity, need, sizeof *s->rows))
    return fm__no_memory(err);
  if (other->n > 0)
    memcpy(s->rows + s->n, other->rows, other->n * sizeof *s->rows);
  s->n = need;
  return FM_OK;
}

/* ---- are these the rows? ---- */

/* Whether the rows make the very cells of p. */
static fm_status compare(bool *same, const fm__bars *b, const fm__prefix *p, const fm__second *s, fm_error *err)
{
  fm__prefix again = FM__PREFIX_INIT(p->bits);
  size_t n = 0;
  for (size_t i = 0; i < b->n; i++)
    n += is_wanted(s, b->bar[i].cell) ? (size_t)b->bar[i].count : 0;
  *same = n == s->n && b->bits == s->bits;
  for (size_t i = 0; i < s->n && *same; i++) {
    if (!fm__prefix_reserve(&again, 1)) {
      fm__prefix_free(&again);
      return fm__no_memory(err);
    }
    fm__prefix_take_row(&again, fm__order_value(s->rows[i].key), s->rows[i].value);
  }
  for (size_t i = 0; i < again.n && *same; i++) {
    const fm__prefix_cell *a = &again.cells[i], *c = fm__prefix_find(p, a->key);
    *same = c != NULL && a->count == c->count && memcmp(a->w, c->w, sizeof a->w) == 0 &&
            memcmp(a->d, c->d, sizeof a->d) == 0;
  }
  fm__prefix_free(&again);
  return FM_OK;
}

/* ---- one cell ---- */

/* Exact sums while its rows are read. */
typedef struct reading {
  fm__wide upto_weight, upto_total; /* of the population */
  fm__wide inside, rest;            /* weight of the cell that was read, and that was not */
  fm__sum area;
} reading;

static void begin(reading *r, const fm__bar *bar, const fm__prefix *p, bool places)
{
  *r = (reading){.area = {.pending = 0}};
  for (size_t i = 0; i < p->n; i++) {
    uint32_t cell = p->cells[i].key >> 8;
    if (cell < bar->cell && places)
      fm__prefix_sum(&r->upto_weight, &r->upto_total, &p->cells[i], p->bits);
    else if (cell == bar->cell)
      fm__prefix_sum(&r->rest, NULL, &p->cells[i], p->bits);
  }
}

/* Reads the rows of the bar; `known` NULL: only for the area. Gives the number of distinct incomes. */
static size_t read_cell(fm__bar *bar, reading *r, fm__known *known, const fm__pair *rows, const fm__bars *b)
{
  size_t n = (size_t)bar->count, n_known = 0;
  double before = NAN;
  for (size_t i = 0; i < n;) {
    double x = fm__order_value(rows[i].key);
    if (i > 0) {
      double pairs = fm__wide_value(&r->inside, b->w_scale) * fm__wide_value(&r->rest, b->w_scale);
      fm__sum_add(&r->area, pairs * ldexp(x - before, -b->x_scale));
    }
    for (uint64_t key = rows[i].key; i < n && rows[i].key == key; i++) {
      fm__prefix_cell row;
      fm__prefix_row(&row, x, rows[i].value, b->bits);
      fm__prefix_sum(&r->inside, NULL, &row, b->bits);
      if (known != NULL)
        fm__prefix_sum(&r->upto_weight, &r->upto_total, &row, b->bits);
      fm__wide_add(&r->rest, row.w, 3, fm__class_first(row.key & 0xff) - 1075, true);
    }
    before = x;
    if (known != NULL)
      known[n_known++] = (fm__known){x, fm__wide_value(&r->upto_weight, b->w_scale),
                                     fm__wide_value(&r->upto_total, b->w_scale + b->x_scale)};
  }
  const double roundings = 0x1p-50; /* five of them */
  double area = fm__sum_value(&r->area);
  bar->inner = (fm__range){fmax(fm__down(area - area * roundings), 0), fm__up(area + area * roundings)};
  if (n == 1 || before == fm__order_value(rows[0].key))
    bar->inner = (fm__range){0, 0};
  bar->is_read = true;
  return n_known;
}

/* ---- all of them ---- */

fm_status fm__bars_refine(fm__bars *b, const fm__prefix *p, fm__second *s, bool places, fm_error *err)
{
  bool same;
  fm_status status = compare(&same, b, p, s, err);
  if (status == FM_OK && !same)
    return fm__fail(err, FM_ERR_MISMATCH, "the second pass has other rows than the first one had");
  reading *r = fm__array(1, sizeof *r);
  fm__pair *scratch = fm__array(s->n, sizeof *scratch);
  if (status == FM_OK && (r == NULL || scratch == NULL))
    status = fm__no_memory(err);
  if (status == FM_OK)
    fm__sort_pairs(s->rows, scratch, s->n);
  for (size_t i = 0, at = 0; i < b->n && status == FM_OK; i++) {
    fm__bar *bar = &b->bar[i];
    if (!is_wanted(s, bar->cell))
      continue;
    fm__known *known = places ? fm__array((size_t)bar->count, sizeof *known) : NULL;
    if (places && known == NULL) {
      status = fm__no_memory(err);
      break;
    }
    begin(r, bar, p, places);
    size_t n_known = read_cell(bar, r, known, s->rows + at, b);
    if (places) {
      fm__free(bar->known);
      bar->known = known;
      bar->n_known = n_known;
    }
    at += (size_t)bar->count;
  }
  fm__free(r);
  fm__free(scratch);
  return status;
}
