/* Exact sums over cells and groups, and the figures that come of them. */
#include <math.h>
#include <string.h>

#include "labour/figures_priv.h"

enum { N, N_COUNTED, DROPPED, N_COUNTS };

void fm__labour_sums_free(fm__labour_sums *s)
{
  for (size_t k = 0; s->slot != NULL && k < s->cells->n_sums; k++)
    fm__free(s->slot[k].digit);
  fm__free(s->slot);
  fm__free(s->counts);
  *s = (fm__labour_sums){.n_groups = 0};
}

/* The sum with digits of 0 to 2^32 - 1 (the last one signed): itself, or carried into *room; its first and last digit
 * that is not 0. */
static const fm__sum *carried(fm__sum *room, const fm__sum *s, size_t *low, size_t *high)
{
  uint64_t beyond = 0;
  *low = FM__COUNT(s->cell);
  *high = 0;
  for (size_t k = 0; k < FM__COUNT(s->cell); k++)
    beyond |= (uint64_t)s->cell[k] >> 32;
  if (beyond != 0) {
    *room = (fm__sum){.pending = 0};
    fm__sum_merge(room, s);
    s = room;
  }
  for (size_t k = 0; k < FM__COUNT(s->cell); k++)
    if (s->cell[k] != 0) {
      *low = *high == 0 ? k : *low;
      *high = k + 1;
    }
  return s;
}

static fm_status cut_slot(fm__labour_digits *d, const fm__labour_cells *c, size_t slot, fm_error *err)
{
  size_t low = FM__COUNT(((fm__sum *)0)->cell), high = 0, from, to, n;
  fm__sum room;
  for (size_t i = 0; i < c->n; i++) {
    carried(&room, &fm__labour_cell_sums(c, i)[slot], &from, &to);
    low = from < low ? from : low;
    high = to > high ? to : high;
  }
  d->low = low < high ? low : 0;
  d->width = low < high ? high - low : 1;
  if (!fm__multiply(c->n, d->width, &n) || (d->digit = fm__array(n, sizeof *d->digit)) == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < c->n; i++) {
    const fm__sum *s = carried(&room, &fm__labour_cell_sums(c, i)[slot], &from, &to);
    memcpy(d->digit + i * d->width, s->cell + d->low, d->width * sizeof *d->digit);
  }
  return FM_OK;
}

fm_status fm__labour_sums_make(fm__labour_sums *s, const fm__labour_plan *plan, const fm__labour_cells *cells,
                               size_t n_groups, fm_error *err)
{
  *s = (fm__labour_sums){.plan = plan, .cells = cells, .n_groups = n_groups, .width = 1};
  s->slot = fm__array(cells->n_sums, sizeof *s->slot);
  fm_status status = s->slot != NULL ? FM_OK : fm__no_memory(err);
  for (size_t k = 0; k < cells->n_sums && status == FM_OK; k++) {
    status = cut_slot(&s->slot[k], cells, k, err);
    s->width = s->slot[k].width > s->width ? s->slot[k].width : s->width;
  }
  if (status != FM_OK)
    return status;
  s->counts = fm__array(n_groups, (N_COUNTS + 2 * s->width) * sizeof *s->counts);
  return s->counts != NULL ? FM_OK : fm__no_memory(err);
}

/* Where the numerator or denominator of an item comes from: a slot, or the counts. */
static const fm__labour_digits *slot_of(const fm__labour_sums *s, int32_t value)
{
  if (value != FM__V_NONE)
    return &s->slot[(size_t)s->plan->slot[value] + (s->cells->weighted ? 1 : 0)];
  return s->cells->weighted ? &s->slot[0] : NULL;
}

static void add_digits(int64_t *to, const fm__labour_digits *d, size_t cell)
{
  const int64_t *from = d->digit + cell * d->width;
  for (size_t k = 0; k < d->width; k++)
    to[k] += from[k];
}

void fm__labour_sums_item(fm__labour_sums *s, size_t k)
{
  const fm__labour_item *item = &s->plan->item[k];
  const fm__labour_digits *numerator = slot_of(s, item->value), *denominator = slot_of(s, item->divisor);
  size_t stride = N_COUNTS + 2 * s->width;
  bool has_value = item->value != FM__V_NONE;
  memset(s->counts, 0, s->n_groups * stride * sizeof *s->counts);
  for (size_t i = 0; i < s->cells->n; i++) {
    const fm__labour_cell *cell = &s->cells->cell[i];
    uint32_t code = fm__labour_code(cell->mask, k);
    int64_t *to = s->counts + cell->group * stride, count = (int64_t)cell->count;
    if (code == FM__CODE_OUTSIDE)
      continue;
    if (code == FM__CODE_DROPPED) {
      to[DROPPED] += count;
      continue;
    }
    to[N] += count;
    to[N_COUNTED] += code == FM__CODE_COUNTED ? count : 0;
    if (numerator != NULL && (has_value || code == FM__CODE_COUNTED))
      add_digits(to + N_COUNTS, numerator, i);
    if (denominator != NULL)
      add_digits(to + N_COUNTS + s->width, denominator, i);
  }
  s->item = k;
}

static double value_of(const int64_t *digits, const fm__labour_digits *d)
{
  fm__sum s = {.pending = 1};
  for (size_t k = 0; k < d->width; k++)
    s.cell[d->low + k] = digits[k];
  return fm__sum_value(&s);
}

fm__labour_total fm__labour_sums_over(const fm__labour_sums *s, const uint32_t *group, size_t n)
{
  const fm__labour_item *item = &s->plan->item[s->item];
  const fm__labour_digits *numerator = slot_of(s, item->value), *denominator = slot_of(s, item->divisor);
  size_t stride = N_COUNTS + 2 * s->width;
  int64_t sum[N_COUNTS + 2 * FM__COUNT(((fm__sum *)0)->cell)] = {0};
  for (size_t i = 0; i < n; i++) {
    const int64_t *from = s->counts + group[i] * stride;
    for (size_t k = 0; k < stride; k++)
      sum[k] += from[k];
  }
  fm__labour_total t = {.n = sum[N], .n_counted = sum[N_COUNTED], .dropped = sum[DROPPED]};
  t.numerator = numerator != NULL ? value_of(sum + N_COUNTS, numerator) : (double)t.n_counted;
  t.denominator = denominator != NULL ? value_of(sum + N_COUNTS + s->width, denominator) : (double)t.n;
  return t;
}

/* ---- figures ---- */

double fm__labour_value(const fm__labour_figure *f, const fm__labour_plan *plan)
{
  const fm__labour_total *a = &f->total, *b = &f->other;
  double value = NAN;
  if (f->kind == FM__FIGURE_NUMBER)
    return a->numerator;
  if (f->kind == FM__FIGURE_QUANTILE)
    return f->value;
  if (f->kind == FM__FIGURE_RATIO && a->denominator > 0)
    value = a->numerator / a->denominator * plan->item[f->item].indicator->per;
  if (f->kind == FM__FIGURE_GAP && a->denominator > 0 && b->denominator > 0 && a->numerator > 0) {
    double reference = a->numerator / a->denominator, compared = b->numerator / b->denominator;
    value = (reference - compared) / reference;
  }
  return isfinite(value) ? value : NAN;
}
