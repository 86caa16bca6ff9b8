/* Reading a population in order, and looking places up in it. */
#include <math.h>
#include <string.h>

#include "income/dist_priv.h"
#include "num/num_priv.h"

/* ---- running sums with what rounding leaves kept apart ---- */

static inline void running(double *high, double *low, double term)
{
  double sum = *high + term, part = sum - *high;
  *low += (*high - (sum - part)) + (term - part);
  *high = sum;
}

void fm__dist_start_at(fm__atom *a, const fm__dist *d, size_t mark)
{
  *a = (fm__atom){.d = d};
  if (mark > 0) {
    const fm__mark *m = &d->marks[mark];
    a->end = m->member;
    a->c = m->weight;
    a->c_low = m->weight_low;
    a->s = m->total;
    a->s_low = m->total_low;
    a->upto_weight = a->c + a->c_low;
    a->upto_total = a->s + a->s_low;
  }
}

void fm__dist_start(fm__atom *a, const fm__dist *d)
{
  fm__dist_start_at(a, d, 0);
}

static uint32_t count_of(const fm__dist *d, size_t i)
{
  return d->stride == sizeof(fm__member) ? fm__dist_member(d, i)->count : 1;
}

/* The exact sum, rounded once, of the weights of members [first, end). */
static double pooled(const fm__dist *d, size_t first, size_t end)
{
  fm__sum sum = {.pending = 0};
  for (size_t i = first; i < end; i++) {
    double w[2], count = count_of(d, i);
    memcpy(w, d->data + i * d->stride, sizeof w);
    double product = w[1] * d->w_scale * count;
    fm__sum_add(&sum, product);
    if (count != 1)
      fm__sum_add(&sum, fma(w[1] * d->w_scale, count, -product));
  }
  return fm__sum_value(&sum);
}

bool fm__dist_next(fm__atom *a)
{
  const fm__dist *d = a->d;
  if (a->end >= d->n_members)
    return false;
  double cell[2];
  memcpy(cell, d->data + a->end * d->stride, sizeof cell);
  a->first = a->end++;
  a->below_weight = a->upto_weight;
  a->below_total = a->upto_total;
  a->x = cell[0] * d->x_scale;
  bool alone = true;
  for (double next; a->end < d->n_members; a->end++) {
    memcpy(&next, d->data + a->end * d->stride, sizeof next);
    if (next != cell[0])
      break;
    alone = false;
  }
  a->w = alone && count_of(d, a->first) == 1 ? cell[1] * d->w_scale : pooled(d, a->first, a->end);
  running(&a->c, &a->c_low, a->w);
  double product = a->w * a->x;
  running(&a->s, &a->s_low, product);
  a->s_low += fma(a->w, a->x, -product);
  a->upto_weight = a->end < d->n_members || d->weight == 0 ? a->c + a->c_low : d->weight;
  a->upto_total = a->end < d->n_members || d->weight == 0 ? a->s + a->s_low : d->total;
  return true;
}

/* ---- places ---- */

/* Where to begin reading: the last marked place whose income or share is still before the one looked for. */
typedef struct wanted {
  bool by_share;
  double share_weight, income;
} wanted;

static bool is_before(const wanted *w, const fm__dist *d, const fm__mark *m)
{
  double x;
  if (w->by_share)
    return m->weight + m->weight_low < w->share_weight;
  memcpy(&x, d->data + m->member * d->stride, sizeof x);
  return x * d->x_scale < w->income;
}

static size_t begin_at(const wanted *w, const fm__dist *d)
{
  size_t low = 0, high = d->n_members > 0 ? (d->n_members - 1) / FM__MARK : 0;
  while (low < high) {
    size_t middle = high - (high - low) / 2;
    if (is_before(w, d, &d->marks[middle]))
      low = middle;
    else
      high = middle - 1;
  }
  return low;
}

void fm__dist_cut(fm__cut *cut, const fm__dist *d, double p, double tolerance)
{
  double target = p * d->weight, slack = tolerance * d->weight;
  fm__atom a;
  fm__dist_start_at(&a, d, begin_at(&(wanted){.by_share = true, .share_weight = target - slack}, d));
  while (fm__dist_next(&a) && a.upto_weight < target - slack)
    continue;
  *cut = (fm__cut){.x = a.x,
                   .next = a.x,
                   .hit = fabs(a.upto_weight - target) <= slack,
                   .below_weight = a.below_weight,
                   .below_total = a.below_total,
                   .upto_weight = a.upto_weight,
                   .upto_total = a.upto_total};
  if (fm__dist_next(&a))
    cut->next = a.x;
}

/* Linear between order statistics of unit weights: place (n - 1) p. */
static double interpolated(const fm__dist *d, double p)
{
  double place = (d->weight - d->w_scale) / d->w_scale * p, below = floor(place);
  fm__atom a;
  double at = NAN, after = NAN;
  for (fm__dist_start(&a, d); isnan(after) && fm__dist_next(&a);) {
    if (isnan(at) && a.upto_weight / d->w_scale > below)
      at = a.x;
    if (a.upto_weight / d->w_scale > below + 1 || a.end == d->n_members)
      after = a.x;
  }
  return at + (place - below) * (after - at);
}

double fm__dist_quantile(const fm__dist *d, double p, int32_t rule, double tolerance)
{
  if (rule == FM__QUANTILE_INTERP)
    return interpolated(d, p);
  fm__cut cut;
  fm__dist_cut(&cut, d, p, tolerance);
  if (!cut.hit || rule == FM__QUANTILE_LEFT)
    return cut.x;
  return rule == FM__QUANTILE_RIGHT ? cut.next : 0.5 * cut.x + 0.5 * cut.next;
}

double fm__dist_poorest(const fm__dist *d, double p)
{
  fm__cut cut;
  if (p <= 0)
    return 0;
  if (p >= 1)
    return d->total;
  fm__dist_cut(&cut, d, p, 0);
  return cut.hit ? cut.upto_total : cut.below_total + (p * d->weight - cut.below_weight) * cut.x;
}

fm__below fm__dist_below(const fm__dist *d, double z, bool inclusive)
{
  fm__below sums = {0, 0};
  fm__atom a;
  fm__dist_start_at(&a, d, begin_at(&(wanted){.income = z}, d));
  sums = (fm__below){a.upto_weight, a.upto_total};
  while (fm__dist_next(&a) && (a.x < z || (inclusive && a.x == z)))
    sums = (fm__below){a.upto_weight, a.upto_total};
  return sums;
}
