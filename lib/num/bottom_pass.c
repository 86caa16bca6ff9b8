/* One pass for the bottom-p selection: exact sums of all rows and of those below a bracket, copies of those inside. */
#include "num/bottom_priv.h"

#include <string.h>

void fm__rows_free(fm__rows *rows)
{
  fm__free(rows->x);
  fm__free(rows->w);
  *rows = (fm__rows){0};
}

bool fm__rows_reserve(fm__rows *rows, size_t need, bool weighted)
{
  if (need <= rows->capacity)
    return true;
  size_t capacity = rows->capacity + rows->capacity / 2;
  capacity = capacity < need ? need : capacity;
  double *x = fm__resize(rows->x, capacity, sizeof *x);
  if (x == NULL)
    return false;
  rows->x = x;
  if (weighted) {
    double *w = fm__resize(rows->w, capacity, sizeof *w);
    if (w == NULL)
      return false;
    rows->w = w;
  }
  rows->capacity = capacity;
  return true;
}

/* The grids found last, one for each of the four sums. */
typedef struct grids {
  fm__grid weight, total, below_weight, below_total;
} grids;

static void copy_inside(fm__rows *to, const double *x, const double *w, size_t n, double low, double high)
{
  for (size_t i = 0; i < n; i++)
    if (x[i] >= low && x[i] <= high && (w == NULL || w[i] > 0)) {
      to->x[to->n] = x[i];
      if (w != NULL)
        to->w[to->n] = w[i];
      to->n++;
    }
}

static void weighted_block(fm__part *part, grids *g, const double *x, const double *w, size_t n, double low)
{
  double product[FM__SUM_BLOCK], below_w[FM__SUM_BLOCK], below_wx[FM__SUM_BLOCK];
  size_t n_below = 0;
  for (size_t i = 0; i < n; i++) {
    product[i] = w[i] * x[i];
    below_w[n_below] = w[i];
    below_wx[n_below] = product[i];
    n_below += x[i] < low;
  }
  fm__sum_add_block(&part->weight, w, n, &g->weight);
  fm__sum_add_block(&part->total, product, n, &g->total);
  fm__sum_add_block(&part->below_weight, below_w, n_below, &g->below_weight);
  fm__sum_add_block(&part->below_total, below_wx, n_below, &g->below_total);
}

static void plain_block(fm__part *part, grids *g, const double *x, size_t n, double low)
{
  double below[FM__SUM_BLOCK];
  size_t n_below = 0;
  for (size_t i = 0; i < n; i++) {
    below[n_below] = x[i];
    n_below += x[i] < low;
  }
  fm__sum_add_scaled(&part->weight, (int64_t)n, 0);
  fm__sum_add_scaled(&part->below_weight, (int64_t)n_below, 0);
  fm__sum_add_block(&part->total, x, n, &g->total);
  fm__sum_add_block(&part->below_total, below, n_below, &g->below_total);
}

bool fm__bottom_pass_scalar(fm__part *part, const double *x, const double *w, size_t n, double low, double high)
{
  grids g = {0};
  for (size_t i = 0; i < n; i += FM__SUM_BLOCK) {
    size_t m = n - i < FM__SUM_BLOCK ? n - i : FM__SUM_BLOCK;
    if (!fm__rows_reserve(&part->inside, part->inside.n + m, w != NULL))
      return false;
    copy_inside(&part->inside, x + i, w == NULL ? NULL : w + i, m, low, high);
    if (w != NULL)
      weighted_block(part, &g, x + i, w + i, m, low);
    else
      plain_block(part, &g, x + i, m, low);
  }
  return true;
}

bool fm__bottom_pass(fm__part *part, const double *x, const double *w, size_t n, double low, double high)
{
  return fm__bottom_pass_scalar(part, x, w, n, low, high);
}
