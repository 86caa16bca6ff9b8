/* The covariance of scores between units: weights that say how many a row stands for, people with several rows. */
#include "retention/retention_priv.h"
#include "retention/scores_priv.h"

#include <math.h>

/* What is being added up: with clusters a row of n_groups numbers for each unit, else the products at once. */
typedef struct gathering {
  fm__scores *scores;
  fm__sum *products; /* n_groups x n_groups, lower half */
  double *units;     /* n_units x n_groups; NULL without clusters */
  double *row;       /* n_groups */
  double scale;      /* power of two that brings weights near 1 */
} gathering;

/* Exit times of a trail up to `time`. */
static size_t trail_to(const fm__trail *t, int32_t time)
{
  size_t low = 0, high = t->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (t->time[middle] <= time)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* What a row of group `own` adds to each score: at its exit, less what was expected of it while it was at risk. */
static void row_adds(double *out, const fm__trail *t, size_t n, size_t own, int32_t entry, int32_t time, bool exits)
{
  size_t from = entry > 0 ? trail_to(t, entry) : 0, to = trail_to(t, time);
  double lost = (to > 0 ? t->own[to - 1] : 0) - (from > 0 ? t->own[from - 1] : 0);
  for (size_t g = 0; g < n; g++) {
    out[g] = (to > 0 ? t->all[(to - 1) * n + g] : 0) - (from > 0 ? t->all[(from - 1) * n + g] : 0);
    if (exits)
      out[g] -= t->weight[to - 1] * t->share[(to - 1) * n + g];
  }
  out[own] -= lost;
  if (exits)
    out[own] += t->weight[to - 1];
}

static void add_products(gathering *a, const double *row, uint64_t count)
{
  size_t n = a->scores->n_groups;
  for (size_t g = 0; g < n; g++)
    for (size_t h = 0; h <= g; h++)
      fm__retention_add_times(&a->products[g * n + h], row[g] * row[h], count);
}

static void gather_row(gathering *a, const fm__followed *rows, size_t i, size_t own)
{
  size_t n = a->scores->n_groups;
  double weight = rows->weight[i] * a->scale;
  row_adds(a->row, &a->scores->trails[rows->stratum[i]], n, own, rows->entry[i], rows->time[i], rows->cause[i] >= 0);
  if (a->units == NULL) {
    for (size_t g = 0; g < n; g++)
      a->row[g] *= weight;
    add_products(a, a->row, rows->count[i]);
    return;
  }
  double *unit = a->units + rows->unit[i] * n;
  for (size_t g = 0; g < n; g++)
    unit[g] += weight * (double)rows->count[i] * a->row[g];
}

static fm_status gather_group(gathering *a, const fm__follow *f, uint32_t first, size_t own, fm_error *err)
{
  fm__followed rows;
  fm_status status = fm__follow_rows(&rows, f, first + (uint32_t)own, err);
  if (status != FM_OK)
    return status;
  for (size_t i = 0; i < rows.n; i++)
    gather_row(a, &rows, i, own);
  fm__followed_free(&rows);
  return FM_OK;
}

static fm_status gathering_create(gathering *a, fm__scores *s, const fm__follow *f, fm_error *err)
{
  size_t n = s->n_groups, squares, cells;
  *a = (gathering){.scores = s, .scale = 1, .row = fm__array(n, sizeof *a->row)};
  if (fm__multiply(n, n, &squares))
    a->products = fm__array(squares, sizeof *a->products);
  bool clustered = fm__follow_spec_of(f)->cluster != NULL;
  if (clustered && fm__multiply(fm__follow_n_units(f), n, &cells))
    a->units = fm__array(cells, sizeof *a->units);
  int exponent = 0;
  double most = 0;
  for (size_t k = 0; k < n; k++)
    most = s->observed[k] > most ? s->observed[k] : most;
  frexp(most, &exponent);
  a->scale = ldexp(1, exponent > 1000 ? -1000 : exponent < -1000 ? 1000 : -exponent);
  return a->row != NULL && a->products != NULL && (a->units != NULL || !clustered) ? FM_OK : fm__no_memory(err);
}

static void finish(gathering *a, const fm__follow *f)
{
  size_t n = a->scores->n_groups;
  for (size_t u = 0; a->units != NULL && u < fm__follow_n_units(f); u++)
    add_products(a, a->units + u * n, 1);
  for (size_t g = 0; g < n; g++)
    for (size_t h = 0; h <= g; h++) {
      double value = fm__sum_value(&a->products[g * n + h]) / a->scale / a->scale;
      a->scores->covariance[g * n + h] = a->scores->covariance[h * n + g] = value;
    }
}

fm_status fm__scores_make_robust(fm__scores *s, const fm__follow *f, uint32_t first, fm_error *err)
{
  gathering a;
  fm_status status = gathering_create(&a, s, f, err);
  for (size_t g = 0; g < s->n_groups && status == FM_OK; g++)
    status = gather_group(&a, f, first, g, err);
  if (status == FM_OK)
    finish(&a, f);
  fm__free(a.row);
  fm__free(a.products);
  fm__free(a.units);
  return status;
}
