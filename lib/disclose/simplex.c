/* Dual simplex on a condensed tableau: the basic variables as sums of the others, without a right-hand side. */
#include "disclose/simplex_priv.h"

#include <math.h>
#include <string.h>

#define INSIDE 1e-9 /* how far a value may lie outside its bounds */
#define PIVOT 1e-7  /* smallest number divided by */
#define NOISE 1e-11 /* what should have been 0 */

fm_status fm__lp_open(fm__lp *lp, size_t n, size_t room, fm_error *err)
{
  *lp = (fm__lp){.n = n, .room = room};
  size_t cells = 0;
  if (!fm__multiply(n, room, &cells))
    return fm__fail(err, FM_ERR_LIMIT, "a table of %zu cells is too large", n);
  lp->alpha = fm__array(cells, sizeof *lp->alpha);
  lp->reduced = fm__array(n, sizeof *lp->reduced);
  lp->low = fm__array(n + room, sizeof *lp->low);
  lp->high = fm__array(n + room, sizeof *lp->high);
  lp->value = fm__array(n + room, sizeof *lp->value);
  lp->scratch = fm__array(n, sizeof *lp->scratch);
  lp->basic = fm__array(room, sizeof *lp->basic);
  lp->outside = fm__array(n, sizeof *lp->outside);
  lp->tag = fm__array(room, sizeof *lp->tag);
  lp->number = fm__array(room, sizeof *lp->number);
  if (lp->alpha == NULL || lp->reduced == NULL || lp->low == NULL || lp->high == NULL || lp->value == NULL ||
      lp->scratch == NULL || lp->basic == NULL || lp->outside == NULL || lp->tag == NULL || lp->number == NULL) {
    fm__lp_close(lp);
    return fm__no_memory(err);
  }
  for (size_t j = 0; j < n; j++) {
    lp->outside[j] = j;
    lp->high[j] = 1;
  }
  return FM_OK;
}

void fm__lp_close(fm__lp *lp)
{
  void *const all[] = {lp->alpha,   lp->reduced, lp->low,     lp->high, lp->value,
                       lp->scratch, lp->basic,   lp->outside, lp->tag,  lp->number};
  for (size_t k = 0; k < FM__COUNT(all); k++)
    fm__free(all[k]);
  *lp = (fm__lp){0};
}

void fm__lp_objective(fm__lp *lp, const double *cost)
{
  for (size_t j = 0; j < lp->n; j++)
    lp->reduced[j] = lp->outside[j] < lp->n ? cost[lp->outside[j]] : 0;
  for (size_t i = 0; i < lp->m; i++)
    if (lp->basic[i] < lp->n && cost[lp->basic[i]] != 0)
      for (size_t j = 0; j < lp->n; j++)
        lp->reduced[j] += cost[lp->basic[i]] * lp->alpha[i * lp->n + j];
}

bool fm__lp_add(fm__lp *lp, size_t n_terms, const size_t *column, const double *coefficient, double low, double high,
                size_t tag)
{
  if (lp->m == lp->room)
    return false;
  double *row = &lp->alpha[lp->m * lp->n], *of = lp->scratch;
  memset(row, 0, lp->n * sizeof *row);
  memset(of, 0, lp->n * sizeof *of);
  for (size_t k = 0; k < n_terms; k++)
    of[column[k]] += coefficient[k];
  for (size_t j = 0; j < lp->n; j++)
    if (lp->outside[j] < lp->n)
      row[j] += of[lp->outside[j]];
  for (size_t i = 0; i < lp->m; i++) {
    double c = lp->basic[i] < lp->n ? of[lp->basic[i]] : 0;
    for (size_t j = 0; c != 0 && j < lp->n; j++)
      row[j] += c * lp->alpha[i * lp->n + j];
    lp->work += c != 0 ? lp->n : 1;
  }
  lp->low[lp->n + lp->m] = low;
  lp->high[lp->n + lp->m] = high;
  lp->tag[lp->m] = tag;
  lp->basic[lp->m] = lp->n + lp->m;
  lp->m++;
  return true;
}

double fm__lp_dual(const fm__lp *lp, size_t row)
{
  for (size_t j = 0; j < lp->n; j++)
    if (lp->outside[j] == lp->n + row)
      return lp->reduced[j];
  return 0;
}

static bool is_loose(const fm__lp *lp, size_t v, double slack)
{
  return v >= lp->n && lp->value[v] >= lp->low[v] + slack && lp->value[v] <= lp->high[v] - slack;
}

/* Row numbers move down by those left out before them: in `to`, one by variable. Rows outside the basis always stay. */
static void renumber(fm__lp *lp, const size_t *to, size_t n_rows)
{
  for (size_t i = 0; i < lp->m; i++)
    if (lp->basic[i] >= lp->n)
      lp->basic[i] = lp->n + to[lp->basic[i] - lp->n];
  for (size_t j = 0; j < lp->n; j++)
    if (lp->outside[j] >= lp->n)
      lp->outside[j] = lp->n + to[lp->outside[j] - lp->n];
  for (size_t k = 0; k < n_rows; k++)
    if (to[k] != SIZE_MAX) {
      lp->low[lp->n + to[k]] = lp->low[lp->n + k];
      lp->high[lp->n + to[k]] = lp->high[lp->n + k];
      lp->value[lp->n + to[k]] = lp->value[lp->n + k];
      lp->tag[to[k]] = lp->tag[k];
    }
}

void fm__lp_drop(fm__lp *lp, double slack)
{
  size_t n_rows = lp->m, kept = 0;
  memset(lp->number, 0, n_rows * sizeof *lp->number);
  for (size_t i = 0; i < n_rows; i++) {
    if (is_loose(lp, lp->basic[i], slack)) {
      lp->number[lp->basic[i] - lp->n] = SIZE_MAX;
      continue;
    }
    if (kept < i)
      memcpy(&lp->alpha[kept * lp->n], &lp->alpha[i * lp->n], lp->n * sizeof *lp->alpha);
    lp->basic[kept++] = lp->basic[i];
  }
  lp->m = kept;
  size_t next = 0;
  for (size_t k = 0; k < n_rows; k++)
    if (lp->number[k] != SIZE_MAX)
      lp->number[k] = next++;
  renumber(lp, lp->number, n_rows);
  lp->work += n_rows * lp->n;
}

/* Puts what is outside the basis on the bound that its reduced cost asks for, and works out the basic values. */
static void place(fm__lp *lp)
{
  for (size_t j = 0; j < lp->n; j++) {
    size_t v = lp->outside[j];
    bool up = lp->reduced[j] < 0 || lp->low[v] == -INFINITY;
    if (up && lp->high[v] == INFINITY) /* a whisker below zero */
      up = false;
    lp->value[v] = up ? lp->high[v] : lp->low[v];
    lp->scratch[j] = lp->value[v];
  }
  for (size_t i = 0; i < lp->m; i++) {
    double sum = 0;
    for (size_t j = 0; j < lp->n; j++)
      sum += lp->alpha[i * lp->n + j] * lp->scratch[j];
    lp->value[lp->basic[i]] = sum;
  }
  lp->work += lp->m * lp->n;
}

/* The basic variable farthest outside its bounds: lp->m when there is none. `*gap` is how far it must move. */
static size_t leaving(const fm__lp *lp, double *gap)
{
  size_t best = lp->m;
  double most = INSIDE;
  for (size_t i = 0; i < lp->m; i++) {
    size_t v = lp->basic[i];
    double below = lp->low[v] - lp->value[v], above = lp->value[v] - lp->high[v];
    double by = below > above ? below : above;
    if (by > most || (by == most && best < lp->m && v < lp->basic[best])) {
      most = by;
      best = i;
      *gap = below > above ? below : -above;
    }
  }
  return best;
}

/* Which variable can move row i towards its bound at the smallest price; lp->n when none can. */
static size_t entering(const fm__lp *lp, size_t i, double gap)
{
  const double *row = &lp->alpha[i * lp->n];
  size_t best = lp->n;
  double least = INFINITY, size = 0;
  for (size_t j = 0; j < lp->n; j++) {
    size_t v = lp->outside[j];
    double a = gap > 0 ? row[j] : -row[j];
    if (fabs(a) < PIVOT || lp->low[v] == lp->high[v])
      continue;
    bool at_high = lp->value[v] == lp->high[v];
    if (at_high == (a > 0))
      continue;
    double price = fabs(lp->reduced[j]) / fabs(a);
    if (price < least - 1e-12 || (price <= least + 1e-12 && fabs(a) > size)) {
      least = price < least ? price : least;
      size = fabs(a);
      best = j;
    }
  }
  return best;
}

static void pivot(fm__lp *lp, size_t i, size_t j)
{
  double *row = &lp->alpha[i * lp->n], by = 1 / row[j];
  for (size_t k = 0; k < lp->n; k++)
    row[k] *= -by;
  row[j] = by;
  for (size_t r = 0; r <= lp->m; r++) {
    double *to = r < lp->m ? &lp->alpha[r * lp->n] : lp->reduced, c = to[j];
    if (r == i || c == 0)
      continue;
    to[j] = 0;
    for (size_t k = 0; k < lp->n; k++) {
      double sum = to[k] + c * row[k];
      to[k] = fabs(sum) < NOISE ? 0 : sum;
    }
    lp->work += lp->n;
  }
  size_t v = lp->basic[i];
  lp->basic[i] = lp->outside[j];
  lp->outside[j] = v;
}

int fm__lp_solve(fm__lp *lp, uint64_t most_work)
{
  uint64_t end = lp->work + most_work;
  place(lp);
  for (size_t step = 1;; step++) {
    double gap = 0;
    size_t i = leaving(lp, &gap);
    if (i == lp->m)
      return FM__LP_DONE;
    if (lp->work > end)
      return FM__LP_STOPPED;
    size_t j = entering(lp, i, gap), v = lp->basic[i];
    if (j == lp->n)
      return FM__LP_IMPOSSIBLE;
    double by = gap / lp->alpha[i * lp->n + j];
    for (size_t r = 0; r < lp->m; r++)
      lp->value[lp->basic[r]] += by * lp->alpha[r * lp->n + j];
    lp->value[lp->outside[j]] += by;
    lp->value[v] = gap > 0 ? lp->low[v] : lp->high[v];
    pivot(lp, i, j);
    lp->work += 4 * (lp->n + lp->m);
    if (step % 64 == 0)
      place(lp);
  }
}
