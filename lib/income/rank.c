/* Rankings of one group: the cut, who is below it, and exact sums over them. */
#include <math.h>

#include "income/bottom40_priv.h"

#define HIT 1e-12 /* |C - p W| <= 1e-12 W counts as reaching p, as in fm__bottom_share */

static void add_times(fm__sum *s, double count, double v)
{
  if (v == 0)
    return;
  double product = count * v;
  fm__sum_add(s, product);
  if (count != 1)
    fm__sum_add(s, fma(count, v, -product));
}

void fm__income_add(fm__sum *s, uint64_t count, double a, double b)
{
  double product = a * b, times = (double)count;
  add_times(s, times, product);
  if (b != 1)
    add_times(s, times, fma(a, b, -product));
}

double fm__slice_mean(const fm__slice *s, double total)
{
  return s->weight > 0 ? total / s->weight : NAN;
}

double fm__income_growth(double mean_0, double mean_1, double years)
{
  if (!(mean_0 > 0) || isnan(mean_1))
    return NAN;
  double total = (mean_1 - mean_0) / mean_0;
  if (isnan(years))
    return total;
  return mean_1 < 0 ? NAN : fm__expm1(fm__log1p(total) / years);
}

/* ---- the cut ---- */

typedef struct ranking {
  fm__item *items;          /* key: place in the order; value: row */
  size_t n, below, through; /* items[0 .. below) lie below the cut, items[below .. through) at it */
  double weight, cut, cut_share;
} ranking;

static const fm__income_row *row_at(const fm__income_people *g, const ranking *k, size_t i)
{
  return &g->rows[k->items[i].value];
}

static void order(ranking *k, const fm__income_people *g, fm__rank_by by)
{
  fm__sum weight = {0};
  for (size_t i = 0; i < g->n; i++) {
    const fm__income_row *row = &g->rows[g->index[i]];
    if ((row->flags & fm__income_needs(by)) != fm__income_needs(by))
      continue;
    k->items[k->n++] = (fm__item){.key = fm__order_key(fm__income_value(g, row, by)), .value = g->index[i]};
    fm__income_add(&weight, row->count, fm__income_weight(g, row, by), 1);
  }
  fm__sort_items(k->items, k->items + g->n, k->n);
  k->weight = fm__sum_value(&weight);
}

/* Weight of items[from .. to), added to `sum`. */
static void add_weights(fm__sum *sum, const fm__income_people *g, const ranking *k, size_t from, size_t to,
                        fm__rank_by by)
{
  for (size_t i = from; i < to; i++)
    fm__income_add(sum, row_at(g, k, i)->count, fm__income_weight(g, row_at(g, k, i), by), 1);
}

/* True when items[below .. through), all of one value, reach `target`; then their share in the bottom is settled. */
static bool reaches(ranking *k, const fm__income_people *g, fm__rank_by by, const fm__sum *before, double target)
{
  fm__sum after = *before, tied = {0};
  double slack = HIT * k->weight;
  add_weights(&after, g, k, k->below, k->through, by);
  double through = fm__sum_value(&after);
  if (through < target - slack)
    return false;
  add_weights(&tied, g, k, k->below, k->through, by);
  k->cut = fm__order_value(k->items[k->below].key);
  double share = (target - fm__sum_value(before)) / fm__sum_value(&tied);
  k->cut_share = share < 0 ? 0 : share > 1 || fabs(through - target) <= slack ? 1 : share;
  return true;
}

/* Finds the value group in which the cumulated weight reaches p. `near` is the cumulated weight in plain doubles: wrong
 * by far less than `far`, it saves rounding the exact sum where the cut cannot be. */
static void find_cut(ranking *k, const fm__income_people *g, fm__rank_by by, double p)
{
  fm__sum cumulated = {0};
  double near = 0, target = p * k->weight, far = k->weight * (HIT + (double)(k->n + 4) * 0x1p-50);
  k->cut = NAN;
  if (!(p > 0))
    return;
  while (k->through < k->n) {
    uint64_t key = k->items[k->below = k->through].key;
    for (; k->through < k->n && k->items[k->through].key == key; k->through++)
      near += (double)row_at(g, k, k->through)->count * fm__income_weight(g, row_at(g, k, k->through), by);
    if (near >= target - far && reaches(k, g, by, &cumulated, target))
      return;
    add_weights(&cumulated, g, k, k->below, k->through, by);
  }
}

/* An external line takes everyone strictly below it. */
static void use_line(ranking *k, const fm__income_people *g, double line)
{
  while (k->below < k->n && row_at(g, k, k->below)->x_0 < line)
    k->below++;
  k->through = k->below;
  k->cut = k->below > 0 ? line * g->x_scale : NAN;
}

/* ---- sums over the bottom ---- */

typedef struct sums {
  fm__sum weight, total_0, total_1, gain;
  int64_t people;
} sums;

static void add_row(sums *s, const fm__income_people *g, const fm__income_row *row, fm__rank_by by)
{
  double w = fm__income_weight(g, row, by), a = row->x_0 * g->x_scale, b = row->x_1 * g->x_scale;
  s->people += (int64_t)row->count;
  fm__income_add(&s->weight, row->count, w, 1);
  if (by != FM__BY_1)
    fm__income_add(&s->total_0, row->count, w, a);
  if (by != FM__BY_0)
    fm__income_add(&s->total_1, row->count, w, b);
  if (by != FM__BY_0 && by != FM__BY_1) {
    fm__income_add(&s->gain, row->count, w, b);
    fm__income_add(&s->gain, row->count, w, -a);
  }
}

static void merge(sums *to, const sums *from)
{
  fm__sum_merge(&to->weight, &from->weight);
  fm__sum_merge(&to->total_0, &from->total_0);
  fm__sum_merge(&to->total_1, &from->total_1);
  fm__sum_merge(&to->gain, &from->gain);
  to->people += from->people;
}

/* All of `below` and the share of `tied`. */
static fm__slice slice_of(const sums *below, const sums *tied, double share)
{
  return (fm__slice){.people = below->people + (share > 0 ? tied->people : 0),
                     .weight = fm__sum_value(&below->weight) + share * fm__sum_value(&tied->weight),
                     .total_0 = fm__sum_value(&below->total_0) + share * fm__sum_value(&tied->total_0),
                     .total_1 = fm__sum_value(&below->total_1) + share * fm__sum_value(&tied->total_1),
                     .gain = fm__sum_value(&below->gain) + share * fm__sum_value(&tied->gain)};
}

static void sum_up(fm__ranked *out, const fm__income_people *g, const ranking *k, fm__rank_by by)
{
  sums below[FM__N_KINDS] = {0}, tied[FM__N_KINDS] = {0}, above = {0}, none = {0};
  for (size_t i = 0; i < k->n; i++) {
    const fm__income_row *row = row_at(g, k, i);
    int32_t kind = fm__income_kind(row);
    add_row(i < k->below ? &below[kind] : i < k->through ? &tied[kind] : &above, g, row, by);
    out->n_known += kind != FM__UNKNOWN_KIND ? (int64_t)row->count : 0;
  }
  for (size_t kind = 0; kind < FM__N_KINDS; kind++)
    out->kind[kind] = slice_of(&below[kind], &tied[kind], k->cut_share);
  for (size_t kind = 1; kind < FM__N_KINDS; kind++) {
    merge(&below[0], &below[kind]);
    merge(&tied[0], &tied[kind]);
  }
  out->bottom = slice_of(&below[0], &tied[0], k->cut_share);
  merge(&above, &below[0]);
  merge(&above, &tied[0]);
  out->all = slice_of(&above, &none, 0);
}

void fm__income_rank(fm__ranked *out, const fm__income_people *people, fm__rank_by by, double p, double line,
                     fm__item *items)
{
  ranking k = {.items = items, .cut = NAN};
  *out = (fm__ranked){.line = line};
  order(&k, people, by);
  if (isnan(line))
    find_cut(&k, people, by, p);
  else
    use_line(&k, people, line);
  out->cut = k.cut;
  out->cut_share = k.cut_share;
  sum_up(out, people, &k, by);
}
