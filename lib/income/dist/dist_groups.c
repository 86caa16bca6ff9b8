/* The populations of many groups at once: rows are counted and scattered by group, then each group is sorted and summed
 * while it is in the cache. All members lie in one array, all marks in another. */
#include <string.h>

#include "income/dist/dist_build_priv.h"
#include "num/by_group_priv.h"
#include "num/sum_priv.h"

enum { MOST_TASKS = 64 };

typedef struct grouping {
  fm__by_group by;
  const double *x;
  size_t n_tasks;
  fm__pair *pairs;
  fm__dists *out;
} grouping;

void fm__dists_free(fm__dists *d)
{
  fm__free(d->of);
  fm__free(d->pairs);
  fm__free(d->marks);
  *d = (fm__dists){.n = 0};
}

static fm_status scatter_task(void *ctx, size_t k)
{
  grouping *g = ctx;
  const fm__by_group *by = &g->by;
  size_t *place = by->places + k * by->n_groups, from, end;
  fm__by_group_slice(by, k, &from, &end);
  for (size_t i = from; i < end; i++)
    if (fm__by_group_takes(by, i))
      g->pairs[place[by->group[i]]++] = (fm__pair){fm__key_of(g->x[i] + 0.0), by->w != NULL ? by->w[i] : 1};
  return FM_OK;
}

/* Scales for a group; the rows are scaled with them. Keys and weights, being positive, are compared as integers. */
static void scale_rows(fm__dist *d, fm__pair *pairs, size_t n)
{
  uint64_t low = UINT64_MAX, high = 0, most = 0, w;
  for (size_t i = 0; i < n; i++) {
    memcpy(&w, &pairs[i].value, sizeof w);
    low = pairs[i].key < low ? pairs[i].key : low;
    high = pairs[i].key > high ? pairs[i].key : high;
    most = w > most ? w : most;
  }
  double weight;
  memcpy(&weight, &most, sizeof weight);
  d->x_scale = n > 0 ? fm__dist_scale(fmax(fabs(fm__value_of(low)), fabs(fm__value_of(high)))) : 1;
  d->w_scale = fm__dist_scale(weight);
  for (size_t i = 0; i < n && (d->x_scale != 1 || d->w_scale != 1); i++) {
    pairs[i].key = fm__key_of(fm__value_of(pairs[i].key) * d->x_scale + 0.0);
    pairs[i].value *= d->w_scale;
  }
}

/* Sums of squares, as of columns; the grids are carried from group to group. */
static void add_squares(fm__dist *d, const fm__pair *pairs, size_t n, fm__grid grids[2])
{
  double square[FM__SUM_BLOCK], product[FM__SUM_BLOCK];
  fm__sum squares = {.pending = 0}, squares_total = {.pending = 0};
  for (size_t i = 0, m; i < n; i += m) {
    m = n - i < FM__SUM_BLOCK ? n - i : FM__SUM_BLOCK;
    for (size_t k = 0; k < m; k++) {
      square[k] = pairs[i + k].value * pairs[i + k].value;
      product[k] = square[k] * fm__value_of(pairs[i + k].key);
    }
    fm__sum_add_block(&squares, square, m, &grids[0]);
    fm__sum_add_block(&squares_total, product, m, &grids[1]);
  }
  d->weight_squares = fm__sum_value(&squares);
  d->squares_total = fm__sum_value(&squares_total);
}

static fm_status build_group(grouping *g, size_t k, fm__pair *scratch, uint16_t *cells, fm__grid grids[2])
{
  fm__dist *d = &g->out->of[k];
  const size_t *start = g->by.start;
  fm__pair *pairs = g->pairs + start[k];
  fm__xw *members = (fm__xw *)(void *)pairs;
  size_t n = start[k + 1] - start[k];
  *d = (fm__dist){.stride = sizeof *members, .n = (int64_t)n, .data = (const unsigned char *)members};
  d->marks = g->out->marks + start[k] / FM__MARK + k;
  scale_rows(d, pairs, n);
  add_squares(d, pairs, n, grids);
  d->n_members = (size_t)(fm__dist_sort_pairs(members, pairs, n, scratch, cells) - members);
  return fm__dist_sum_up(d, &(fm__piece){0, d->n_members, 0}, 1, NULL, NULL);
}

/* Groups that begin in one of n_tasks equal stretches of the rows. */
static fm_status build_task(void *ctx, size_t task)
{
  grouping *g = ctx;
  size_t first, end, most;
  fm__by_group_share(&g->by, task, g->n_tasks, &first, &end, &most);
  fm__pair *scratch = fm__alloc((most < FM__BUCKET_MOST ? most : FM__BUCKET_MOST) * sizeof *scratch);
  uint16_t *cells = fm__alloc(FM__BUCKET_CELLS * sizeof *cells);
  fm_status status = scratch != NULL && cells != NULL ? FM_OK : FM_ERR_MEMORY;
  fm__grid grids[2] = {{0}, {0}};
  for (size_t k = first; k < end && status == FM_OK; k++)
    status = build_group(g, k, scratch, cells, grids);
  fm__free(scratch);
  fm__free(cells);
  return status;
}

static fm_status build_all(grouping *g, const fm_run *run, fm_error *err)
{
  fm__dists *out = g->out;
  out->of = fm__array(out->n, sizeof *out->of);
  if (out->of == NULL)
    return fm__no_memory(err);
  fm_status status = fm__by_group_count(&g->by, run, err);
  if (status != FM_OK)
    return status;
  size_t kept = g->by.start[out->n];
  g->pairs = out->pairs = fm__many(kept, sizeof *g->pairs);
  out->marks = fm__many(kept / FM__MARK + out->n, sizeof *out->marks);
  if (out->pairs == NULL || out->marks == NULL)
    return fm__no_memory(err);
  status = fm__run_tasks(run, scatter_task, g, g->by.n_slices, err);
  g->n_tasks = out->n < MOST_TASKS ? out->n : MOST_TASKS;
  return status == FM_OK ? fm__run_tasks(run, build_task, g, g->n_tasks, err) : status;
}

fm_status fm__dists_of_groups(fm__dists *out, const double *x, const double *w, const int32_t *group, size_t n,
                              size_t n_groups, const fm_run *run, fm_error *err)
{
  grouping g = {.by = {.group = group, .w = w, .n = n, .n_groups = n_groups}, .x = x, .out = out};
  *out = (fm__dists){.n = n_groups};
  fm_status status = fm__run_check(run, err);
  if (status == FM_OK)
    status = build_all(&g, n < FM__FEW_ROWS ? NULL : run, err);
  fm__by_group_free(&g.by);
  if (status != FM_OK)
    fm__dists_free(out);
  return status;
}
