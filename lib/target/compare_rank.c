/* Ranks of units whose rates are known up to a distribution: no draws, so the same bits on every machine.
 *
 * Between neighbouring rates of a grid, unit i's rate lies with the difference of its distribution, and each other unit
 * is better with the mean of its chances at both ends: ties within a cell are so broken evenly, and the chances that i
 * is better than k and k than i add up to 1. How many others are better then is Poisson binomial. */
#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "target/compare_priv.h"

enum { MOST_CELLS = 4000, LEAST_STEPS = 4, WANTED_RATES = 2400 };
static const double tails[] = {1e-9, 1e-6, 1e-4, 1e-3};

typedef struct ranking {
  const fm__posterior *units;
  size_t n, against;
  bool fewer_is_better;
  double *grid;
  size_t n_grid;
  double *chance;       /* of each rank, n a unit */
  double *above, *next; /* chance of a rate above the cell's ends */
  double *better;       /* chance of being better than a unit in the cell */
  double *counts;       /* chance that 0, 1 ... of all units are better */
  double *others;       /* the same without one unit */
} ranking;

/* ---- the grid: quantiles of all units, thinned ---- */

static fm_status make_grid(ranking *r, fm_error *err)
{
  size_t steps = WANTED_RATES / r->n > LEAST_STEPS ? WANTED_RATES / r->n : LEAST_STEPS;
  size_t each = steps - 1 + 2 * FM__COUNT(tails), n = r->n * each, k = 0;
  uint64_t *keys = fm__array(2 * n, sizeof *keys);
  r->grid = fm__array(n, sizeof *r->grid);
  if (keys == NULL || r->grid == NULL) {
    fm__free(keys);
    return fm__no_memory(err);
  }
  for (size_t i = 0; i < r->n; i++) {
    for (size_t s = 1; s < steps; s++)
      keys[k++] = fm__order_key(fm__posterior_quantile(&r->units[i], (double)s / (double)steps));
    for (size_t s = 0; s < FM__COUNT(tails); s++) {
      keys[k++] = fm__order_key(fm__posterior_quantile(&r->units[i], tails[s]));
      keys[k++] = fm__order_key(fm__posterior_quantile(&r->units[i], 1 - tails[s]));
    }
  }
  fm__sort_u64(keys, keys + n, n);
  size_t every = (n + MOST_CELLS - 1) / MOST_CELLS;
  for (size_t i = 0; i < n; i++)
    if ((i % every == 0 || i + 1 == n) && (r->n_grid == 0 || r->grid[r->n_grid - 1] < fm__order_value(keys[i])))
      r->grid[r->n_grid++] = fm__order_value(keys[i]);
  fm__free(keys);
  return FM_OK;
}

/* ---- one cell ---- */

/* Chances that 0 to n units are better, each with its own chance; those of 0 and 1 are passed over. */
static size_t count_better(ranking *r, size_t *sure)
{
  size_t n = 0;
  *sure = 0;
  r->counts[0] = 1;
  for (size_t i = 0; i < r->n; i++) {
    double p = r->better[i];
    *sure += p == 1;
    if (p == 0 || p == 1)
      continue;
    r->counts[++n] = 0;
    for (size_t k = n; k > 0; k--)
      r->counts[k] = r->counts[k] * (1 - p) + r->counts[k - 1] * p;
    r->counts[0] *= 1 - p;
  }
  return n;
}

/* Takes a unit out of the count again, from the end where errors shrink. */
static void without(double *out, const double *counts, size_t n, double p)
{
  if (p <= 0.5) {
    out[0] = counts[0] / (1 - p);
    for (size_t k = 1; k < n; k++)
      out[k] = (counts[k] - p * out[k - 1]) / (1 - p);
  } else {
    out[n - 1] = counts[n] / p;
    for (size_t k = n - 1; k > 0; k--)
      out[k - 1] = (counts[k] - (1 - p) * out[k]) / p;
  }
}

/* Adds what the cell says of unit i, whose rate is in it with chance `weight`. */
static void add_cell(ranking *r, fm__unit_rank *out, size_t i, double weight, size_t n, size_t sure)
{
  double p = r->better[i], *chance = r->chance + i * r->n;
  const double *counts = r->counts;
  size_t from = sure - (p == 1), most = n;
  if (p > 0 && p < 1) {
    without(r->others, r->counts, n, p);
    counts = r->others;
    most = n - 1;
  }
  for (size_t k = 0; k <= most; k++)
    chance[from + k] += weight * fmax(0, counts[k]);
  if (r->against != SIZE_MAX)
    out[i].beats += weight * (1 - r->better[r->against]);
}

/* A cell ends at a rate, or nowhere (INFINITY). */
static void take_cell(ranking *r, fm__unit_rank *out, double end)
{
  for (size_t i = 0; i < r->n; i++) {
    r->next[i] = end == INFINITY ? 0 : fm__posterior_above(&r->units[i], end);
    double above = (r->above[i] + r->next[i]) / 2;
    r->better[i] = r->fewer_is_better ? 1 - above : above;
  }
  size_t sure, n = count_better(r, &sure);
  for (size_t i = 0; i < r->n; i++)
    if (r->above[i] > r->next[i])
      add_cell(r, out, i, r->above[i] - r->next[i], n, sure);
  memcpy(r->above, r->next, r->n * sizeof *r->above);
}

/* ---- figures of the chances ---- */

static void summarise(fm__unit_rank *out, const double *chance, size_t n, double level)
{
  double tail = (1 - level) / 2, sum = 0;
  out->low = out->high = 0;
  for (size_t k = 0; k < n; k++) {
    sum += chance[k];
    out->mean += chance[k] * (double)(k + 1);
    out->upper_half += k < n / 2 ? chance[k] : 0;
    if (out->low == 0 && sum >= tail)
      out->low = (double)(k + 1);
    if (out->high == 0 && (sum >= 1 - tail || k + 1 == n))
      out->high = (double)(k + 1);
  }
}

static void close_ranking(ranking *r)
{
  fm__free(r->grid);
  fm__free(r->chance);
  fm__free(r->above);
}

static fm_status open_ranking(ranking *r, fm_error *err)
{
  r->chance = fm__array(r->n, r->n * sizeof *r->chance);
  r->above = fm__array(r->n + 1, 5 * sizeof *r->above);
  if (r->chance == NULL || r->above == NULL)
    return fm__no_memory(err);
  r->next = r->above + r->n + 1;
  r->better = r->next + r->n + 1;
  r->counts = r->better + r->n + 1;
  r->others = r->counts + r->n + 1;
  for (size_t i = 0; i < r->n; i++)
    r->above[i] = 1;
  return make_grid(r, err);
}

fm_status fm__rank_units(fm__unit_rank *out, const fm__posterior *units, size_t n, bool fewer_is_better, size_t against,
                         double level, const fm_run *run, fm_error *err)
{
  ranking r = {.units = units, .n = n, .against = against, .fewer_is_better = fewer_is_better};
  fm_status status = open_ranking(&r, err);
  memset(out, 0, n * sizeof *out);
  for (size_t g = 0; g <= r.n_grid && status == FM_OK; g++) {
    take_cell(&r, out, g < r.n_grid ? r.grid[g] : INFINITY);
    if (g % 64 == 0)
      status = fm__run_progress(run, (double)g / (double)(r.n_grid + 1), err);
  }
  for (size_t i = 0; i < n && status == FM_OK; i++)
    summarise(&out[i], r.chance + i * n, n, level);
  close_ranking(&r);
  return status;
}
