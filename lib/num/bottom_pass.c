/* One pass for the bottom-p selection: exact sums of all rows and of those below a bracket, copies of those inside. */
#include "num/bottom_priv.h"

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

static void copy_inside(fm__rows *to, const double *x, const double *w, size_t n, const fm__bracket *b)
{
  for (size_t i = 0; i < n; i++)
    if (x[i] >= b->low && x[i] <= b->high && !(b->ties && x[i] == b->low)) {
      to->x[to->n] = x[i];
      if (w != NULL)
        to->w[to->n] = w[i];
      to->n++;
    }
}

static void weighted_block(fm__part *part, fm__grids *g, const double *x, const double *w, size_t n, double low)
{
  double product[FM__SUM_BLOCK], below_w[FM__SUM_BLOCK], below_wx[FM__SUM_BLOCK];
  size_t n_below = 0;
  for (size_t i = 0; i < n; i++) {
    product[i] = w[i] * x[i];
    below_w[n_below] = w[i];
    below_wx[n_below] = product[i];
    n_below += x[i] < low;
  }
  fm__sum_add_block(&part->all.weight, w, n, &g->weight);
  fm__sum_add_block(&part->all.total, product, n, &g->total);
  fm__sum_add_block(&part->below.weight, below_w, n_below, &g->below_weight);
  fm__sum_add_block(&part->below.total, below_wx, n_below, &g->below_total);
}

static void plain_block(fm__part *part, fm__grids *g, const double *x, size_t n, double low)
{
  double below[FM__SUM_BLOCK];
  size_t n_below = 0;
  for (size_t i = 0; i < n; i++) {
    below[n_below] = x[i];
    n_below += x[i] < low;
  }
  fm__sum_add_scaled(&part->all.weight, (int64_t)n, 0);
  fm__sum_add_scaled(&part->below.weight, (int64_t)n_below, 0);
  fm__sum_add_block(&part->all.total, x, n, &g->total);
  fm__sum_add_block(&part->below.total, below, n_below, &g->below_total);
}

static void ties_block(fm__group *at_low, const double *x, const double *w, size_t n, double low)
{
  for (size_t i = 0; i < n; i++)
    if (x[i] == low) {
      fm__sum_add(&at_low->weight, w == NULL ? 1 : w[i]);
      fm__sum_add(&at_low->total, w == NULL ? x[i] : w[i] * x[i]);
    }
}

void fm__bottom_block_scalar(fm__part *part, fm__grids *grids, const double *x, const double *w, size_t n,
                             const fm__bracket *b)
{
  copy_inside(&part->inside, x, w, n, b);
  if (w != NULL)
    weighted_block(part, grids, x, w, n, b->low);
  else
    plain_block(part, grids, x, n, b->low);
  if (b->ties)
    ties_block(&part->at_low, x, w, n, b->low);
}

bool fm__bottom_pass_scalar(fm__part *part, const double *x, const double *w, size_t n, const fm__bracket *b)
{
  fm__grids grids = {0};
  for (size_t i = 0; i < n; i += FM__SUM_BLOCK) {
    size_t m = n - i < FM__SUM_BLOCK ? n - i : FM__SUM_BLOCK;
    if (!fm__rows_reserve(&part->inside, part->inside.n + m, w != NULL))
      return false;
    fm__bottom_block_scalar(part, &grids, x + i, w == NULL ? NULL : w + i, m, b);
  }
  return true;
}

#if defined(FM__SUM_SSE2)
static inline double term(const double *x, const double *w, size_t i)
{
  return w == NULL ? x[i] : w[i] * x[i];
}

static fm__window window_of_every(const double *x, const double *w, size_t n, size_t step)
{
  int32_t least = INT32_MAX, largest = INT32_MIN;
  for (size_t i = 0; i < n; i += step) {
    uint64_t bits = fm__bits_of(term(x, w, i)) << 1;
    int32_t exponent = (int32_t)(bits >> 53) - 1023;
    if (bits == 0)
      continue;
    least = exponent < least ? exponent : least;
    largest = exponent > largest ? exponent : largest;
  }
  if (largest == INT32_MIN)
    return (fm__window){.low = 0, .found = true};
  int32_t low = least - (FM__WINDOW_SPAN - 1 - (largest - least)) / 2; /* the same room on both sides */
  low = low < FM__WINDOW_LOWEST ? FM__WINDOW_LOWEST : low > FM__WINDOW_HIGHEST ? FM__WINDOW_HIGHEST : low;
  return (fm__window){.low = low, .found = least >= low && largest < low + FM__WINDOW_SPAN};
}

fm__window fm__window_of(const double *x, const double *w, size_t n)
{
  return window_of_every(x, w, n, 1);
}

static bool add_vectors(fm__part *part, fm__window weight, fm__window total, const double *x, const double *w, size_t n,
                        const fm__bracket *b)
{
#if defined(FM__BOTTOM_AVX2)
  if (__builtin_cpu_supports("avx2"))
    return fm__bottom_block_avx2(part, weight, total, x, w, n, b);
#endif
  return fm__bottom_block_sse2(part, weight, total, x, w, n, b);
}

/* Adds a block by the vector form, with the windows of the last block or its own; false when it has none. */
static bool add_fast(fm__part *part, fm__window *weight, fm__window *total, const double *x, const double *w, size_t n,
                     const fm__bracket *b)
{
  enum { STEP = 16 }; /* some rows show the window nearly always */
  if (!weight->found || !total->found) {
    *weight = w == NULL ? (fm__window){.low = 0, .found = true} : window_of_every(w, NULL, n, STEP);
    *total = window_of_every(x, w, n, STEP);
  }
  if (weight->found && total->found && add_vectors(part, *weight, *total, x, w, n, b))
    return true;
  *weight = w == NULL ? (fm__window){.low = 0, .found = true} : fm__window_of(w, NULL, n); /* of weights 1, 2^0 <= 1 */
  *total = fm__window_of(x, w, n);
  return weight->found && total->found && add_vectors(part, *weight, *total, x, w, n, b);
}

bool fm__bottom_pass(fm__part *part, const double *x, const double *w, size_t n, const fm__bracket *b)
{
  fm__window weight = {0}, total = {0};
  fm__grids grids = {0};
  for (size_t i = 0; i < n; i += FM__SUM_BLOCK) {
    size_t m = n - i < FM__SUM_BLOCK ? n - i : FM__SUM_BLOCK, fast = m / FM__BOTTOM_STEP * FM__BOTTOM_STEP;
    const double *v = w == NULL ? NULL : w + i;
    if (!fm__rows_reserve(&part->inside, part->inside.n + m, w != NULL))
      return false;
    if (fast > 0 && !add_fast(part, &weight, &total, x + i, v, fast, b))
      fast = 0;
    if (fast < m)
      fm__bottom_block_scalar(part, &grids, x + i + fast, v == NULL ? NULL : v + fast, m - fast, b);
  }
  return true;
}
#else
bool fm__bottom_pass(fm__part *part, const double *x, const double *w, size_t n, const fm__bracket *b)
{
  return fm__bottom_pass_scalar(part, x, w, n, b);
}
#endif
