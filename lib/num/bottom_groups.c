/* The bottom p of many groups: rows are scattered so that each group's lie together, and each group is searched while
 * it is in the cache. */
#include "num/bottom_groups_priv.h"
#include "num/by_group_priv.h"

enum { MOST_TASKS = 64 };

typedef struct row {
  double x, w;
} row;

typedef struct grouping {
  fm__by_group by;
  const double *x, *w;
  row *rows; /* by group */
  fm__bottom *out;
  const double *p;
  size_t n_p, n_tasks;
} grouping;

static fm_status scatter_task(void *ctx, size_t k)
{
  grouping *g = ctx;
  const fm__by_group *by = &g->by;
  const double *x = g->x, *w = g->w;
  const int32_t *group = by->group;
  size_t *place = by->places + k * by->n_groups, from, end;
  row *rows = g->rows;
  fm__by_group_slice(by, k, &from, &end);
  for (size_t i = from; i < end; i++)
    if (fm__by_group_takes(by, i))
      rows[place[group[i]]++] = (row){x[i], w != NULL ? w[i] : 1};
  return FM_OK;
}

static fm_status select_task(void *ctx, size_t task)
{
  grouping *g = ctx;
  size_t first, end, most;
  fm__by_group_share(&g->by, task, g->n_tasks, &first, &end, &most);
  double *x = fm__alloc(most * sizeof *x), *w = fm__alloc(most * sizeof *w);
  fm_status status = x != NULL && w != NULL ? FM_OK : FM_ERR_MEMORY;
  for (size_t k = first; k < end && status == FM_OK; k++) {
    size_t n = g->by.start[k + 1] - g->by.start[k];
    const row *rows = g->rows + g->by.start[k];
    for (size_t i = 0; i < n; i++) {
      x[i] = rows[i].x;
      w[i] = rows[i].w;
    }
    for (size_t j = 0; j < g->n_p && status == FM_OK; j++)
      status = fm__bottom_share(&g->out[k * g->n_p + j], x, g->w != NULL ? w : NULL, n, g->p[j], NULL, NULL);
  }
  fm__free(x);
  fm__free(w);
  return status;
}

fm_status fm__bottom_groups_moved(fm__bottom *out, const double *x, const double *w, const int32_t *group, size_t n,
                                  size_t n_groups, const double *p, size_t n_p, const fm_run *run, fm_error *err)
{
  grouping g = {.by = {.group = group, .n = n, .n_groups = n_groups}, .x = x, .w = w, .out = out, .p = p, .n_p = n_p};
  fm_status status = fm__by_group_count(&g.by, run, err);
  g.rows = status == FM_OK ? fm__many(g.by.start[n_groups], sizeof *g.rows) : NULL;
  if (status == FM_OK && g.rows == NULL)
    status = fm__no_memory(err);
  if (status == FM_OK)
    status = fm__run_tasks(run, scatter_task, &g, g.by.n_slices, err);
  g.n_tasks = n_groups < MOST_TASKS ? n_groups : MOST_TASKS;
  if (status == FM_OK)
    status = fm__run_tasks(run, select_task, &g, g.n_tasks, err);
  fm__by_group_free(&g.by);
  fm__free(g.rows);
  return status;
}

fm_status fm__bottom_groups(fm__bottom *out, const double *x, const double *w, const int32_t *group, size_t n,
                            size_t n_groups, const double *p, size_t n_p, const fm_run *run, fm_error *err)
{
  fm_status status = fm__run_check(run, err);
#if defined(FM__SUM_SSE2)
  if (fm__bottom_brackets_suit(n, n_groups, n_p)) {
    for (size_t j = 0; j < n_p && status == FM_OK; j++)
      status = fm__bottom_groups_brackets(out + j, x, w, group, n, n_groups, p[j], n_p, run, err);
    return status;
  }
#endif
  return status == FM_OK ? fm__bottom_groups_moved(out, x, w, group, n, n_groups, p, n_p, run, err) : status;
}
