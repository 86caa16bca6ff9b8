/* Building a population: sorting, pooling of ties, exact totals, running sums at marks. */
#include <math.h>
#include <string.h>

#include "income/dist_priv.h"
#include "num/num_priv.h"

void fm__dist_free(fm__dist *d)
{
  fm__free(d->owned);
  fm__free(d->marks);
  *d = (fm__dist){.mean = NAN, .least = NAN, .most = NAN};
}

/* Powers of two that bring the largest magnitude near 1 when products would leave the range of doubles; 1 otherwise. */
static double scale_for(double largest)
{
  int exponent = 0;
  if (largest == 0 || (largest > 0x1p-300 && largest < 0x1p300))
    return 1;
  frexp(largest, &exponent);
  return ldexp(1, exponent > 1000 ? -1000 : exponent < -1000 ? 1000 : -exponent);
}

/* Adds a * b exactly. */
static void add_product(fm__sum *s, double a, double b)
{
  double product = a * b;
  fm__sum_add(s, product);
  fm__sum_add(s, fma(a, b, -product));
}

static double number_at(const fm__dist *d, size_t i, size_t k)
{
  double v;
  memcpy(&v, d->data + i * d->stride + k * sizeof v, sizeof v);
  return v;
}

static void set_scales(fm__dist *d)
{
  double x = 0, w = 0;
  for (size_t i = 0; i < d->n_members; i++) {
    x = fmax(x, fabs(number_at(d, i, 0)));
    w = fmax(w, number_at(d, i, 1));
  }
  d->x_scale = scale_for(x);
  d->w_scale = scale_for(w);
}

/* Needs the scales and the members in order. */
static fm_status finish(fm__dist *d, fm_error *err)
{
  fm__sum weight = {.pending = 0}, total = {.pending = 0};
  fm__atom a;
  size_t mark = 0;
  d->n_marks = d->n_members / FM__MARK + 1;
  d->marks = fm__array(d->n_marks, sizeof *d->marks);
  if (d->marks == NULL)
    return fm__no_memory(err);
  for (fm__dist_start(&a, d); fm__dist_next(&a);) {
    fm__sum_add(&weight, a.w);
    add_product(&total, a.w, a.x);
  }
  d->weight = fm__sum_value(&weight);
  d->total = fm__sum_value(&total);
  fm__sum_add(&total, -d->total);
  d->total_low = fm__sum_value(&total);
  d->mean = d->n_members > 0 ? d->total / d->weight : NAN;
  d->least = d->n_members > 0 ? number_at(d, 0, 0) * d->x_scale : NAN;
  d->most = d->n_members > 0 ? number_at(d, d->n_members - 1, 0) * d->x_scale : NAN;
  fm__sum area = {.pending = 0};
  double before = NAN;
  fm__mark sums = {0};
  for (fm__dist_start(&a, d); fm__dist_next(&a);) {
    if (!isnan(before)) /* C of the income before, times what is above it, times the step */
      fm__sum_add(&area, a.below_weight * (d->weight - a.below_weight) * (a.x - before));
    before = a.x;
    for (; mark * FM__MARK < a.end; mark++)
      d->marks[mark] = mark * FM__MARK == a.first ? sums : d->marks[mark - 1];
    sums = (fm__mark){a.end, a.c, a.c_low, a.s, a.s_low};
  }
  d->gini_area = fm__sum_value(&area);
  return FM_OK;
}

fm_status fm__dist_of_columns(fm__dist *d, const double *x, const double *w, size_t n, const fm_run *run, fm_error *err)
{
  *d = (fm__dist){.stride = sizeof(fm__pair), .mean = NAN, .least = NAN, .most = NAN};
  fm__pair *pairs = fm__array(n, 2 * sizeof *pairs);
  fm_status status = pairs != NULL ? fm__run_check(run, err) : fm__no_memory(err);
  d->owned = pairs;
  size_t kept = 0;
  for (size_t i = 0; i < n && status == FM_OK; i++)
    if (w == NULL || w[i] > 0)
      pairs[kept++] = (fm__pair){fm__order_key(x[i]), w != NULL ? w[i] : 1};
  fm__sum squares = {.pending = 0}, squares_total = {.pending = 0};
  double *flat = (double *)pairs;
  if (status == FM_OK) {
    fm__sort_pairs(pairs, pairs + n, kept);
    for (size_t i = 0; i < kept; i++) {
      double value = fm__order_value(pairs[i].key), weight = pairs[i].value;
      flat[2 * i] = value;
      flat[2 * i + 1] = weight;
    }
    d->data = (const unsigned char *)pairs;
    d->n_members = kept;
    d->n = (int64_t)kept;
    set_scales(d);
    for (size_t i = 0; i < kept; i++) {
      double weight = flat[2 * i + 1] * d->w_scale;
      add_product(&squares, weight, weight);
      add_product(&squares_total, weight * weight, flat[2 * i] * d->x_scale);
    }
    d->weight_squares = fm__sum_value(&squares);
    d->squares_total = fm__sum_value(&squares_total);
    status = finish(d, err);
  }
  if (status != FM_OK)
    fm__dist_free(d);
  return status;
}

static int32_t compare(const fm__member *a, const fm__member *b)
{
  if (a->unit != b->unit)
    return a->unit < b->unit ? -1 : 1;
  return a->w < b->w ? -1 : a->w > b->w;
}

/* Among equal incomes by unit and weight: small runs, by insertion; long ones by heap. */
static void sift(fm__member *m, size_t at, size_t n)
{
  for (size_t child; (child = 2 * at + 1) < n; at = child) {
    if (child + 1 < n && compare(&m[child], &m[child + 1]) < 0)
      child++;
    if (compare(&m[at], &m[child]) >= 0)
      return;
    fm__member swap = m[at];
    m[at] = m[child];
    m[child] = swap;
  }
}
static void sort_ties(fm__member *m, size_t n)
{
  for (size_t i = n / 2; i-- > 0;)
    sift(m, i, n);
  for (size_t end = n; end > 1;) {
    fm__member swap = m[0];
    m[0] = m[--end];
    m[end] = swap;
    sift(m, 0, end);
  }
}

static fm_status sort_members(fm__member **members, size_t n, fm_error *err)
{
  fm__item *items = fm__array(n, 2 * sizeof *items);
  fm__member *sorted = fm__array(n, sizeof *sorted), *m = *members;
  if (items == NULL || sorted == NULL) {
    fm__free(items);
    fm__free(sorted);
    return fm__no_memory(err);
  }
  for (size_t i = 0; i < n; i++)
    items[i] = (fm__item){fm__order_key(m[i].x), i};
  fm__sort_items(items, items + n, n);
  for (size_t i = 0; i < n; i++) {
    sorted[i] = m[items[i].value];
    sorted[i].x += 0.0; /* -0 becomes +0 */
  }
  fm__free(items);
  for (size_t i = 0, end; i < n; i = end) {
    for (end = i + 1; end < n && sorted[end].x == sorted[i].x; end++)
      continue;
    if (end - i > 1)
      sort_ties(sorted + i, end - i);
  }
  fm__free(m);
  *members = sorted;
  return FM_OK;
}

static fm_status of_sorted(fm__dist *d, fm__member *members, size_t n, fm_error *err)
{
  fm__sum squares = {.pending = 0}, squares_total = {.pending = 0};
  d->owned = members;
  d->data = (const unsigned char *)members;
  d->n_members = n;
  set_scales(d);
  for (size_t i = 0; i < n; i++) {
    double w = members[i].w * d->w_scale, square = w * w;
    add_product(&squares, (double)members[i].count, square);
    add_product(&squares_total, (double)members[i].count * square, members[i].x * d->x_scale);
    d->n += members[i].count;
  }
  d->weight_squares = fm__sum_value(&squares);
  d->squares_total = fm__sum_value(&squares_total);
  fm_status status = finish(d, err);
  if (status != FM_OK)
    fm__dist_free(d);
  return status;
}

fm_status fm__dist_of_members(fm__dist *d, fm__member *members, size_t n, const fm_run *run, fm_error *err)
{
  *d = (fm__dist){.stride = sizeof(fm__member), .mean = NAN, .least = NAN, .most = NAN};
  fm_status status = fm__run_check(run, err);
  size_t kept = 0;
  for (size_t i = 0; i < n; i++)
    if (members[i].w > 0)
      members[kept++] = members[i];
  if (status == FM_OK)
    status = sort_members(&members, kept, err);
  if (status == FM_OK)
    return of_sorted(d, members, kept, err);
  fm__free(members);
  return status;
}

fm_status fm__dist_reweighted(fm__dist *out, const fm__dist *d, const double *factor, fm_error *err)
{
  *out = (fm__dist){.stride = sizeof(fm__member), .mean = NAN, .least = NAN, .most = NAN};
  fm__member *members = fm__array(d->n_members, sizeof *members);
  if (members == NULL)
    return fm__no_memory(err);
  size_t n = 0;
  for (size_t i = 0; i < d->n_members; i++) {
    const fm__member *m = fm__dist_member(d, i);
    double w = m->w * factor[m->unit];
    if (w > 0) {
      members[n] = *m;
      members[n++].w = w;
    }
  }
  return of_sorted(out, members, n, err);
}
