/* Sums of products of a constant, covariates and the outcome, exactly: of each cell of groups and categories. */
#include <math.h>
#include <string.h>

#include "parity/decomposition_priv.h"

void fm__parity_grams_close(fm__parity_grams *g)
{
  for (size_t i = 0; i < g->n; i++)
    fm__free(g->items[i].sums);
  fm__free(g->items);
}

static size_t n_sums(const fm__parity_grams *g)
{
  return g->n_numbers * (g->n_numbers + 1) / 2;
}

bool fm__parity_grams_grow(fm__parity_grams *g, size_t n)
{
  if (!fm__grow((void **)&g->items, &g->capacity, n, sizeof *g->items))
    return false;
  while (g->n < n) {
    fm__sum *sums = fm__array(n_sums(g), sizeof *sums);
    if (sums == NULL)
      return false;
    g->items[g->n++] = (fm__parity_gram){.sums = sums};
  }
  return true;
}

/* w x y to about 106 bits. */
static void add_product(fm__sum *s, double w, double x, double y)
{
  fm__dd p = fm__dd_product(x, y);
  if (w != 1)
    p = fm__dd_times(p, (fm__dd){w, 0});
  fm__sum_add(s, p.hi);
  if (p.lo != 0)
    fm__sum_add(s, p.lo);
}

void fm__parity_grams_add(fm__parity_grams *g, size_t cell, const double *x, double weight)
{
  fm__sum *s = g->items[cell].sums;
  g->items[cell].n++;
  for (size_t i = 0; i < g->n_numbers; i++)
    for (size_t k = 0; k <= i; k++)
      add_product(s++, weight, x[i], x[k]);
}

void fm__parity_grams_merge(fm__parity_grams *g, const fm__parity_grams *other, const uint32_t *map)
{
  for (size_t i = 0; i < other->n; i++) {
    fm__parity_gram *to = &g->items[map[i]];
    to->n += other->items[i].n;
    for (size_t k = 0; k < n_sums(g); k++)
      fm__sum_merge(&to->sums[k], &other->items[i].sums[k]);
  }
}

void fm__parity_grams_save(const fm__parity_grams *g, const uint32_t *order, fm__bytes *b)
{
  for (size_t i = 0; i < g->n; i++) {
    fm__bytes_i64(b, g->items[order[i]].n);
    for (size_t k = 0; k < n_sums(g); k++)
      fm__sum_save(&g->items[order[i]].sums[k], b);
  }
}

/* Of a cell with people the weight is above 0, and so is no square below it. */
bool fm__parity_grams_load(fm__parity_grams *g, fm__reader *r)
{
  for (size_t i = 0; i < g->n; i++) {
    g->items[i].n = fm__read_i64(r);
    if (r->failed || g->items[i].n < 0 || g->items[i].n > INT64_MAX / 4)
      return false;
    for (size_t k = 0; k < n_sums(g); k++)
      if (!fm__sum_load(&g->items[i].sums[k], r) || !isfinite(fm__sum_value(&g->items[i].sums[k])))
        return false;
    if (!(g->items[i].n == 0 || fm__sum_value(&g->items[i].sums[0]) > 0))
      return false;
    for (size_t k = 0; k < g->n_numbers; k++)
      if (fm__sum_value(&g->items[i].sums[k * (k + 1) / 2 + k]) < 0)
        return false;
  }
  return true;
}

fm__dd fm__parity_grams_value(const fm__parity_grams *g, size_t cell, size_t i, size_t k)
{
  size_t low = i < k ? i : k, high = i < k ? k : i;
  fm__sum s = g->items[cell].sums[high * (high + 1) / 2 + low];
  fm__dd v = {fm__sum_value(&s), 0};
  fm__sum_add(&s, -v.hi);
  v.lo = fm__sum_value(&s);
  return v;
}
