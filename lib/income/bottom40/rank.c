/* Rankings of one group: the cut, who is below it, and exact sums over them. */
#include <math.h>

#include "income/bottom40/bottom40_priv.h"

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

void fm__stream_flush(fm__stream *stream, fm__sum *s)
{
  fm__sum_add_n(s, stream->terms, stream->n);
  fm__sum_add_n(s, stream->rest, stream->n_rest);
  stream->n = stream->n_rest = 0;
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
  fm__stream stream;
  stream.n = stream.n_rest = 0;
  for (size_t i = 0; i < g->n; i++) {
    const fm__income_row *row = &g->rows[g->index[i]];
    if ((row->flags & fm__income_needs(by)) != fm__income_needs(by))
      continue;
    k->items[k->n++] = (fm__item){.key = fm__order_key(fm__income_value(g, row, by)), .value = g->index[i]};
    fm__stream_add(&stream, &weight, row->count, fm__income_weight(g, row, by), 1);
  }
  fm__stream_flush(&stream, &weight);
  fm__sort_items(k->items, k->items + g->n, k->n);
  k->weight = fm__sum_value(&weight);
}

/* Weight of items[from .. to), added to `sum`. */
static void add_weights(fm__sum *sum, const fm__income_people *g, const ranking *k, size_t from, size_t to,
                        fm__rank_by by)
{
  fm__stream stream;
  stream.n = stream.n_rest = 0;
  for (size_t i = from; i < to; i++)
    fm__stream_add(&stream, sum, row_at(g, k, i)->count, fm__income_weight(g, row_at(g, k, i), by), 1);
  fm__stream_flush(&stream, sum);
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
  fm__sum cumulated = {0}; /* of items[0 .. summed) */
  size_t summed = 0;
  double near = 0, target = p * k->weight, far = k->weight * (HIT + (double)(k->n + 4) * 0x1p-50);
  if (!(p > 0))
    return;
  while (k->through < k->n) {
    uint64_t key = k->items[k->below = k->through].key;
    for (; k->through < k->n && k->items[k->through].key == key; k->through++)
      near += (double)row_at(g, k, k->through)->count * fm__income_weight(g, row_at(g, k, k->through), by);
    if (near < target - far)
      continue;
    add_weights(&cumulated, g, k, summed, k->below, by);
    summed = k->below;
    if (reaches(k, g, by, &cumulated, target))
      return;
  }
}

/* ---- sums over the bottom ---- */

enum { WEIGHT, MINUS_0, PLUS_1, N_SUMS }; /* of w, - w x_0 and w x_1: the last two together are the gain */
enum { BELOW, TIED, ABOVE, N_ZONES };

typedef struct sums {
  fm__sum sum[N_SUMS];
  int64_t people;
} sums;

typedef struct streams {
  fm__stream to[N_SUMS];
} streams;

static void add_row(sums *s, streams *via, const fm__income_people *g, const fm__income_row *row, fm__rank_by by)
{
  double w = fm__income_weight(g, row, by), a = row->x_0 * g->x_scale, b = row->x_1 * g->x_scale;
  uint64_t count = row->count;
  s->people += (int64_t)count;
  fm__stream_add(&via->to[WEIGHT], &s->sum[WEIGHT], count, w, 1);
  if (by != FM__BY_1)
    fm__stream_add(&via->to[MINUS_0], &s->sum[MINUS_0], count, w, -a);
  if (by != FM__BY_0)
    fm__stream_add(&via->to[PLUS_1], &s->sum[PLUS_1], count, w, b);
}

static int32_t zone_of(const ranking *k, const fm__income_people *g, const fm__income_row *row, fm__rank_by by,
                       double line)
{
  if (!isnan(line))
    return row->x_0 < line ? BELOW : ABOVE;
  double x = fm__income_value(g, row, by);
  return x < k->cut ? BELOW : x == k->cut ? TIED : ABOVE;
}

/* Goes through the people as they are stored, not as they rank: that is several times faster. */
static void add_people(sums to[N_ZONES][FM__N_KINDS], const fm__income_people *g, const ranking *k, fm__rank_by by,
                       double line)
{
  streams via[N_ZONES][FM__N_KINDS];
  for (size_t z = 0; z < N_ZONES * FM__N_KINDS; z++)
    for (size_t c = 0; c < N_SUMS; c++)
      via[z / FM__N_KINDS][z % FM__N_KINDS].to[c].n = via[z / FM__N_KINDS][z % FM__N_KINDS].to[c].n_rest = 0;
  for (size_t i = 0; i < g->n; i++) {
    const fm__income_row *row = &g->rows[g->index[i]];
    if ((row->flags & fm__income_needs(by)) != fm__income_needs(by))
      continue;
    int32_t kind = fm__income_kind(row), z = zone_of(k, g, row, by, line);
    add_row(&to[z][kind], &via[z][kind], g, row, by);
  }
  for (size_t z = 0; z < N_ZONES; z++)
    for (size_t kind = 0; kind < FM__N_KINDS; kind++)
      for (size_t c = 0; c < N_SUMS; c++)
        fm__stream_flush(&via[z][kind].to[c], &to[z][kind].sum[c]);
}

static void merge(sums *to, const sums *from)
{
  for (size_t c = 0; c < N_SUMS; c++)
    fm__sum_merge(&to->sum[c], &from->sum[c]);
  to->people += from->people;
}

static double gain_of(const sums *s)
{
  fm__sum gain = s->sum[PLUS_1];
  fm__sum_merge(&gain, &s->sum[MINUS_0]);
  return fm__sum_value(&gain);
}

/* All of `below` and the share of `tied`. */
static fm__slice slice_of(const sums *below, const sums *tied, double share)
{
  double value[N_SUMS];
  for (size_t c = 0; c < N_SUMS; c++)
    value[c] = fm__sum_value(&below->sum[c]) + share * fm__sum_value(&tied->sum[c]);
  return (fm__slice){.people = below->people + (share > 0 ? tied->people : 0),
                     .weight = value[WEIGHT],
                     .total_0 = 0.0 - value[MINUS_0],
                     .total_1 = value[PLUS_1],
                     .gain = gain_of(below) + share * gain_of(tied)};
}

static void sum_up(fm__ranked *out, const fm__income_people *g, const ranking *k, fm__rank_by by)
{
  sums zone[N_ZONES][FM__N_KINDS] = {0}, none = {0};
  add_people(zone, g, k, by, out->line);
  for (size_t kind = 0; kind < FM__N_KINDS; kind++) {
    out->kind[kind] = slice_of(&zone[BELOW][kind], &zone[TIED][kind], k->cut_share);
    for (size_t z = 0; z < N_ZONES; z++)
      out->n_known += kind != FM__UNKNOWN_KIND ? zone[z][kind].people : 0;
  }
  for (size_t z = 0; z < N_ZONES; z++)
    for (size_t kind = 1; kind < FM__N_KINDS; kind++)
      merge(&zone[z][0], &zone[z][kind]);
  out->bottom = slice_of(&zone[BELOW][0], &zone[TIED][0], k->cut_share);
  for (size_t z = 1; z < N_ZONES; z++)
    merge(&zone[0][0], &zone[z][0]);
  out->all = slice_of(&zone[0][0], &none, 0);
}

void fm__income_rank(fm__ranked *out, const fm__income_people *people, fm__rank_by by, double p, double line,
                     fm__item *items)
{
  ranking k = {.items = items, .cut = NAN};
  *out = (fm__ranked){.line = line};
  if (isnan(line)) { /* an external line takes everyone strictly below it; nobody needs to be ranked */
    order(&k, people, by);
    find_cut(&k, people, by, p);
  }
  out->cut = k.cut;
  out->cut_share = k.cut_share;
  sum_up(out, people, &k, by);
}
