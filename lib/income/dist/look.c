/* Reading a population in order, and looking places up in it. */
#include "income/dist/dist_build_priv.h"

/* ---- reading in order ---- */

/* Takes the sums before mark `k`, so that reading from there and reading through it give the same bits. */
static void start_block(fm__atom *a, size_t k)
{
  const fm__mark *m = &a->d->marks[k];
  a->mark = k + 1;
  a->left = FM__MARK;
  a->c = m->weight;
  a->c_low = m->weight_low;
  a->s = m->total;
  a->s_low = m->total_low;
}

void fm__dist_start_at(fm__atom *a, const fm__dist *d, size_t mark)
{
  *a = (fm__atom){.d = d, .end = d->n_members};
  if (mark < d->n_marks) {
    start_block(a, mark);
    a->end = d->marks[mark].member;
    a->upto_weight = a->c + a->c_low;
    a->upto_total = a->s + a->s_low;
  }
}

void fm__dist_start(fm__atom *a, const fm__dist *d)
{
  fm__dist_start_at(a, d, 0);
}

/* Income and weight of the members from *at on, which goes to the end of them. */
static inline void take(double *x, double *w, const fm__dist *d, size_t *at)
{
  fm__xw cell;
  size_t first = (*at)++;
  memcpy(&cell, d->data + first * d->stride, sizeof cell);
  *x = cell.x;
  *w = cell.w;
  if (d->stride == sizeof cell)
    return;
  while (*at < d->n_members && fm__dist_member(d, *at)->x == cell.x)
    (*at)++;
  *x *= d->x_scale;
  if (*at - first == 1 && fm__dist_member(d, first)->count == 1) /* nearly all; fm__dist_pool says the same */
    *w *= d->w_scale;
  else
    *w = fm__dist_pool(fm__dist_member(d, first), *at - first, d->w_scale);
}

size_t fm__dist_read(double *x, double *w, size_t n, const fm__dist *d, size_t *at)
{
  size_t k = 0;
  if (d->stride == sizeof(fm__xw)) {
    const fm__xw *cell = (const fm__xw *)(const void *)d->data + *at;
    n = n < d->n_members - *at ? n : d->n_members - *at;
    for (; k < n; k++) {
      x[k] = cell[k].x;
      w[k] = cell[k].w;
    }
    *at += n;
    return n;
  }
  for (; k < n && *at < d->n_members; k++)
    take(&x[k], &w[k], d, at);
  return k;
}

bool fm__dist_next(fm__atom *a)
{
  const fm__dist *d = a->d;
  if (a->end >= d->n_members)
    return false;
  a->below_weight = a->upto_weight;
  a->below_total = a->upto_total;
  if (a->left == 0)
    start_block(a, a->mark);
  a->left--;
  a->first = a->end;
  take(&a->x, &a->w, d, &a->end);
  double product = a->w * a->x;
  fm__running(&a->c, &a->c_low, a->w);
  fm__running(&a->s, &a->s_low, product);
  a->s_low += fma(a->w, a->x, -product);
  bool last = a->end == d->n_members;
  a->upto_weight = last ? d->weight : a->c + a->c_low;
  a->upto_total = last ? d->total : a->s + a->s_low;
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
  if (w->by_share)
    return m->weight + m->weight_low < w->share_weight;
  double x;
  memcpy(&x, d->data + m->member * d->stride, sizeof x);
  return x * (d->stride == sizeof(fm__xw) ? 1 : d->x_scale) < w->income;
}

static size_t begin_at(const wanted *w, const fm__dist *d)
{
  size_t low = 0, high = d->n_marks > 0 ? d->n_marks - 1 : 0;
  while (low < high) {
    size_t middle = high - (high - low) / 2;
    if (is_before(w, d, &d->marks[middle]))
      low = middle;
    else
      high = middle - 1;
  }
  return low;
}

size_t fm__dist_member_below(const fm__dist *d, double x)
{
  return d->n_marks > 0 ? d->marks[begin_at(&(wanted){.income = x}, d)].member : 0;
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
