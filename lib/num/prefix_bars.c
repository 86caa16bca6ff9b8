/* What a prefix histogram says about a distribution. Gastwirth (1972), The estimation of the Lorenz curve and Gini
 * index, Review of Economics and Statistics 54: within a cell of known mean the Gini is least with all rows at the mean
 * and largest with all rows at the two ends. Cells are between doubles, so the ends themselves can occur.
 *
 * Ranges are certified: sums are exact and rounded once, each further operation is rounded to nearest and then widened
 * by a unit, and subnormal results by the smallest double. */
#include "num/prefix_priv.h"

#include <string.h>

/* A last widening for figures that the measures compute in doubles from rows: some operations of half a unit each. */
#define ROUNDING 0x1p-49

static fm__range both(double low, double high)
{
  return (fm__range){fm__down(low), fm__up(high)};
}

static fm__range widened(fm__range r)
{
  return (fm__range){r.low - fabs(r.low) * ROUNDING, r.high + fabs(r.high) * ROUNDING};
}

void fm__bars_free(fm__bars *b)
{
  for (size_t i = 0; i < b->n; i++)
    fm__free(b->bar[i].known);
  fm__free(b->bar);
  *b = (fm__bars){.mean = NAN};
}

/* ---- a cell of one class, and the classes of a cell together ---- */

/* limb * 2^exponent, within a few units. */
static double near_value(const uint64_t *limb, size_t n, int32_t exponent)
{
  double value = 0;
  for (size_t i = n; i-- > 0;)
    value = value * 0x1p64 + (double)limb[i];
  return ldexp(value, exponent);
}

/* Sums of the classes of a cell: weight, and w d in units of the last place, in the unit of the largest class, so that
 * their ratio is known whatever the scale of all weights. */
typedef struct pooled {
  fm__range weight, d;
  int64_t count;
} pooled;

static void pool(pooled *sum, const fm__prefix_cell *cell, uint32_t largest)
{
  const double units = 0x1p-49; /* of near_value: at most seven roundings */
  int32_t exponent = fm__class_first(cell->key & 0xff) - fm__class_first(largest);
  double w = near_value(cell->w, 3, exponent), d = near_value(cell->d, 4, exponent);
  sum->weight = both(sum->weight.low + fm__down(w - w * units), sum->weight.high + fm__up(w + w * units));
  sum->d = both(sum->d.low + fm__down(d - d * units), sum->d.high + fm__up(d + d * units));
  sum->count += (int64_t)cell->count;
}

static double clamp(double v, double low, double high)
{
  return v < low ? low : v > high ? high : v;
}

/* The ends, and where between them the mean is. `span`: how many units the cell is wide. */
static void place(fm__bar *bar, const pooled *sum, const fm__bars *b, bool all_least, bool all_most)
{
  double least = fm__prefix_least(bar->cell, b->bits), most = fm__prefix_most(bar->cell, b->bits);
  double span = ldexp(1, 64 - (int)b->bits) - 1, unit = most == least ? 0 : (most - least) / span;
  double low = fm__down(sum->d.low / sum->weight.high), high = fm__up(sum->d.high / sum->weight.low);
  fm__range d = {clamp(low, 0, span), clamp(high, 0, span)};
  if (all_least || all_most)
    d = (fm__range){all_least ? 0 : span, all_least ? 0 : span};
  else if (sum->count == 1 && d.high - d.low < 0.5) /* the one row's: a whole number */
    d = (fm__range){floor(d.high), floor(d.high)};
  bool known = d.low == d.high && (all_least || all_most || sum->count == 1);
  bar->least = known ? least + d.low * unit : least;
  bar->most = known ? bar->least : most;
  bar->low = ldexp(bar->least, -b->x_scale);
  bar->high = ldexp(bar->most, -b->x_scale);
  unit = ldexp(unit, -b->x_scale);
  bar->mean = both(bar->low, bar->high);
  if (known)
    return;
  bar->rise = both(d.low * unit, d.high * unit);
  bar->drop = both((span - d.high) * unit, (span - d.low) * unit);
  bar->rise.low = fmax(bar->rise.low, 0);
  bar->drop.low = fmax(bar->drop.low, 0);
  bar->mean = both(fm__down(bar->low) + bar->rise.low, fm__up(bar->low) + bar->rise.high);
}

/* 0 with all rows at the mean; W^2 (m - a) (b - m) / (b - a) with all at the ends. */
static fm__range inner_of(const fm__bar *bar)
{
  double width = bar->high - bar->low, w = bar->weight.high;
  if (!(width > 0))
    return (fm__range){0, 0};
  double part = fm__up(bar->rise.high / fm__down(width));
  return (fm__range){0, fm__up(fm__up(fm__up(w * w) * part) * bar->drop.high)};
}

/* ---- all cells ---- */

/* Exact sums up to the cell in hand. */
typedef struct sums {
  fm__wide weight, total;
} sums;

static bool is_zero(const uint64_t *limb)
{
  return (limb[0] | limb[1] | limb[2] | limb[3]) == 0;
}

/* Whether w d is w times the cell's span. */
static bool is_span(const fm__prefix_cell *c, uint32_t bits)
{
  uint32_t shift = 64 - bits;
  uint64_t borrow = 0;
  for (size_t i = 0; i < 4; i++) { /* w 2^shift - w, limb by limb */
    uint64_t upper = i < 3 ? c->w[i] << shift : 0, lower = i > 0 ? c->w[i - 1] >> (64 - shift) : 0;
    uint64_t from = upper | lower, less = i < 3 ? c->w[i] : 0, first = from - less;
    if (first - borrow != c->d[i])
      return false;
    borrow = (uint64_t)(from < less) | (uint64_t)(first < borrow);
  }
  return true;
}

/* Fills a bar from the cells of `order` at *i, and moves on. */
static void fill(fm__bar *bar, const fm__bars *b, const fm__prefix *p, const uint32_t *order, size_t *i, sums *upto,
                 fm__wide *above)
{
  pooled sum = {.count = 0};
  bool all_least = true, all_most = true;
  size_t end = *i + 1;
  bar->cell = p->cells[order[*i]].key >> 8;
  while (end < p->n && p->cells[order[end]].key >> 8 == bar->cell)
    end++;
  const uint32_t largest = p->cells[order[end - 1]].key & 0xff;
  for (; *i < end; ++*i) {
    const fm__prefix_cell *cell = &p->cells[order[*i]];
    pool(&sum, cell, largest);
    all_least = all_least && is_zero(cell->d);
    all_most = all_most && is_span(cell, p->bits);
    fm__prefix_sum(&upto->weight, &upto->total, cell, p->bits);
    fm__wide_add(above, cell->w, 3, fm__class_first(cell->key & 0xff) - 1075, true);
  }
  bar->count = sum.count;
  int32_t unit = fm__class_first(largest) - 1075 - b->w_scale;
  bar->weight = both(ldexp(sum.weight.low, unit), ldexp(sum.weight.high, unit));
  bar->upto_weight = fm__wide_value(&upto->weight, b->w_scale);
  bar->upto_total = fm__wide_value(&upto->total, b->w_scale + b->x_scale);
  bar->above_weight = fm__wide_value(above, b->w_scale);
  place(bar, &sum, b, all_least, all_most);
  bar->inner = inner_of(bar);
}

/* Scales and totals; `all` keeps the exact sums. */
static void set_totals(fm__bars *b, sums *all, const fm__prefix *p, const uint32_t *order)
{
  int exponent = 0;
  for (size_t i = 0; i < p->n; i++)
    fm__prefix_sum(&all->weight, &all->total, &p->cells[i], p->bits);
  double least = fm__prefix_least(p->cells[order[0]].key >> 8, p->bits);
  double most = fm__prefix_most(p->cells[order[p->n - 1]].key >> 8, p->bits), largest = fmax(fabs(least), fabs(most));
  frexp(largest, &exponent);
  b->x_scale = exponent;
  b->w_scale = fm__wide_exponent(&all->weight);
  b->weight = fm__wide_value(&all->weight, b->w_scale);
  b->total = fm__wide_value(&all->total, b->w_scale + b->x_scale);
  b->mean = b->total / b->weight;
}

fm_status fm__bars_create(fm__bars *out, const fm__prefix *p, fm_error *err)
{
  *out = (fm__bars){.bits = p->bits, .mean = NAN};
  if (p->n == 0)
    return FM_OK;
  uint32_t *order;
  fm_status status = fm__prefix_order(&order, p, err);
  if (status != FM_OK)
    return status;
  sums *s = fm__array(2, sizeof *s); /* of all, whose weight then is what lies above; below */
  out->bar = fm__array(p->n, sizeof *out->bar);
  if (s == NULL || out->bar == NULL)
    status = fm__no_memory(err);
  if (status == FM_OK)
    set_totals(out, &s[0], p, order);
  for (size_t i = 0; i < p->n && status == FM_OK;) {
    fm__bar *bar = &out->bar[out->n++];
    fill(bar, out, p, order, &i, &s[1], &s[0].weight);
    bar->below_count = out->count;
    bar->below_weight = out->n > 1 ? bar[-1].upto_weight : 0;
    bar->below_total = out->n > 1 ? bar[-1].upto_total : 0;
    out->count += bar->count;
  }
  fm__free(order);
  fm__free(s);
  if (status != FM_OK)
    fm__bars_free(out);
  return status;
}

/* ---- Gini ---- */

fm__range fm__bars_gini_area(const fm__bars *b)
{
  fm__sum low = {.pending = 0}, high = {.pending = 0};
  for (size_t i = 0; i < b->n; i++) {
    const fm__bar *bar = &b->bar[i], *next = bar + 1;
    if (i + 1 < b->n) {
      double between = next->low - bar->high, c = bar->upto_weight, above = bar->above_weight;
      fm__range step = both(fm__down(between) + bar->drop.low, fm__up(between) + bar->drop.high);
      step = both(step.low + next->rise.low, step.high + next->rise.high);
      fm__range pairs = both(fm__down(c) * fm__down(above), fm__up(c) * fm__up(above));
      fm__sum_add(&low, fmax(fm__down(pairs.low * step.low), 0));
      fm__sum_add(&high, fm__up(pairs.high * step.high));
    }
    fm__sum_add(&low, bar->inner.low);
    fm__sum_add(&high, bar->inner.high);
  }
  fm__range area = widened(both(fm__sum_value(&low), fm__sum_value(&high)));
  return (fm__range){fmax(area.low, 0), area.high};
}

/* ---- places ---- */

/* The first bar whose cumulated weight reaches the target; the last one if none does. */
static size_t bar_at(const fm__bars *b, double target)
{
  size_t low = 0, high = b->n - 1;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (b->bar[middle].upto_weight >= target)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

/* What rounding may do to cumulated weights in doubles, relative to W. */
#define SLIP 0x1p-50

fm__bars_span fm__bars_wanted(const fm__bars *b, double p, double tolerance)
{
  double target = p * b->weight, slip = SLIP * b->weight, slack = tolerance * b->weight;
  fm__bars_span span = {bar_at(b, target - slack - slip), bar_at(b, target - slack + slip)};
  /* A hit at the end of a cell looks at the next one. */
  if (span.last + 1 < b->n && fabs(b->bar[span.last].upto_weight - target) <= slack + slip)
    span.last++;
  return span;
}

/* The least income of bar i; `otherwise` when there is no such bar. */
static fm__range least_of(const fm__bars *b, size_t i, double otherwise)
{
  if (i >= b->n)
    return (fm__range){otherwise, otherwise};
  const fm__bar *bar = &b->bar[i];
  return bar->known != NULL ? (fm__range){bar->known[0].x, bar->known[0].x} : (fm__range){bar->least, bar->most};
}

/* Of a cell that is known: the first income that reaches the target, and the next one at a hit. */
static fm__range known_quantile(const fm__bars *b, size_t i, double target, double slack, int32_t rule)
{
  const fm__bar *bar = &b->bar[i];
  size_t k = 0;
  while (k + 1 < bar->n_known && bar->known[k].upto_weight < target - slack)
    k++;
  double x = bar->known[k].x;
  if (!(fabs(bar->known[k].upto_weight - target) <= slack) || rule == FM__BARS_LEFT)
    return (fm__range){x, x};
  fm__range next = least_of(b, i + 1, x);
  if (k + 1 < bar->n_known)
    next.low = next.high = bar->known[k + 1].x;
  if (rule == FM__BARS_RIGHT)
    return next;
  fm__range middle = {0.5 * x + 0.5 * next.low, 0.5 * x + 0.5 * next.high};
  return next.low == next.high ? middle : both(middle.low, middle.high);
}

fm__range fm__bars_quantile(const fm__bars *b, double p, int32_t rule, double tolerance)
{
  double target = p * b->weight, slip = SLIP * b->weight, slack = tolerance * b->weight;
  size_t own = bar_at(b, target - slack);
  if (b->bar[own].known != NULL)
    return known_quantile(b, own, target, slack, rule);
  size_t first = bar_at(b, target - slack - slip), last = bar_at(b, target - slack + slip);
  fm__range q = {b->bar[first].least, b->bar[last].most};
  bool hit = last + 1 < b->n && fabs(b->bar[last].upto_weight - target) <= slack + slip;
  if (hit && rule != FM__BARS_LEFT) {
    double next = least_of(b, last + 1, q.high).high;
    q.high = rule == FM__BARS_RIGHT ? next : fm__up(0.5 * q.high + 0.5 * next);
  }
  return q;
}

/* Income of the poorest of a cell whose rows weigh r in all: at least r times the least, and what is left when the
 * others all have the most; at most r times the mean, as the poorest have no more than the mean of all. */
static fm__range poorest_of(const fm__bar *bar, fm__range r)
{
  fm__range others = both(bar->weight.low - r.high, bar->weight.high - r.low);
  fm__range all = both(fmin(bar->weight.low * bar->mean.low, bar->weight.high * bar->mean.low),
                       fmax(bar->weight.low * bar->mean.high, bar->weight.high * bar->mean.high));
  double least = fm__down(bar->low), most = fm__up(bar->high);
  double at_least = fmin(r.low * least, r.high * least);
  double rest = fmax(others.low * most, others.high * most);
  double low = fmax(fm__down(at_least), fm__down(all.low - fm__up(rest)));
  double high = fmax(r.low * bar->mean.high, r.high * bar->mean.high);
  return (fm__range){low, fm__up(high)};
}

/* The first income that reaches the target is split, as in the populations that are sorted. */
static double known_poorest(const fm__bars *b, const fm__bar *bar, double target)
{
  double weight = bar->below_weight, total = bar->below_total;
  size_t k = 0;
  for (; k + 1 < bar->n_known && bar->known[k].upto_weight < target; k++) {
    weight = bar->known[k].upto_weight;
    total = bar->known[k].upto_total;
  }
  if (bar->known[k].upto_weight == target)
    return bar->known[k].upto_total;
  return total + (target - weight) * ldexp(bar->known[k].x, -b->x_scale);
}

fm__range fm__bars_poorest(const fm__bars *b, double p)
{
  if (p <= 0)
    return (fm__range){0, 0};
  if (p >= 1)
    return widened((fm__range){b->total, b->total});
  double slip = SLIP * b->weight, target = p * b->weight;
  const fm__bar *own = &b->bar[bar_at(b, target)];
  if (own->known != NULL) {
    double known = known_poorest(b, own, target);
    return (fm__range){known, known};
  }
  size_t first = bar_at(b, target - slip), last = bar_at(b, target + slip);
  fm__range out = {INFINITY, -INFINITY};
  for (size_t i = first; i <= last; i++) {
    const fm__bar *bar = &b->bar[i];
    fm__range r = {clamp(target - bar->below_weight - slip, 0, bar->weight.high),
                   clamp(target - bar->below_weight + slip, 0, bar->weight.high)};
    fm__range part = poorest_of(bar, r);
    out.low = fmin(out.low, fm__down(fm__down(bar->below_total) + part.low));
    out.high = fmax(out.high, fm__up(fm__up(bar->below_total) + part.high));
  }
  return widened(out);
}

/* The first bar that is not wholly below z. */
static size_t bar_of(const fm__bars *b, double z, bool closed)
{
  size_t low = 0, high = b->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    double most = b->bar[middle].most;
    if (most < z || (closed && most == z))
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* The least, or most, that may weigh below z. */
static double below_at(const fm__bars *b, double z, bool closed, bool most)
{
  size_t i = bar_of(b, z, closed), k = 0;
  if (i == b->n)
    return b->weight;
  const fm__bar *bar = &b->bar[i];
  if (bar->least > z || (!closed && bar->least == z))
    return bar->below_weight;
  if (bar->known == NULL)
    return most ? bar->upto_weight : bar->below_weight;
  while (k < bar->n_known && (bar->known[k].x < z || (closed && bar->known[k].x == z)))
    k++;
  return k > 0 ? bar->known[k - 1].upto_weight : bar->below_weight;
}

fm__range fm__bars_below(const fm__bars *b, fm__range line, bool closed)
{
  fm__range out = {below_at(b, line.low, closed, false), below_at(b, line.high, closed, true)};
  return out.low == out.high ? out : widened(out);
}

fm__bars_span fm__bars_wanted_below(const fm__bars *b, fm__range line)
{
  size_t first = bar_of(b, line.low, false), end = first;
  while (end < b->n && b->bar[end].least <= line.high)
    end++;
  return end > first ? (fm__bars_span){first, end - 1} : (fm__bars_span){1, 0};
}
