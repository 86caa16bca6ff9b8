/* Counting rows by group, slice by slice, so that slices can be scattered at the same time and the order of the rows is
 * kept. */
#include "num/by_group_priv.h"

enum { SLICE_ROWS = 1 << 16, MOST_SLICES = 32 };

void fm__by_group_free(fm__by_group *b)
{
  fm__free(b->places);
  fm__free(b->start);
  b->places = b->start = NULL;
}

void fm__by_group_slice(const fm__by_group *b, size_t k, size_t *from, size_t *end)
{
  *from = b->n / b->n_slices * k;
  *end = k + 1 < b->n_slices ? *from + b->n / b->n_slices : b->n;
}

static fm_status count_task(void *ctx, size_t k)
{
  fm__by_group *b = ctx;
  size_t *rows = b->places + k * b->n_groups, from, end;
  fm__by_group_slice(b, k, &from, &end);
  for (size_t i = from; i < end; i++)
    if (fm__by_group_takes(b, i))
      rows[b->group[i]]++;
  return FM_OK;
}

fm_status fm__by_group_count(fm__by_group *b, const fm_run *run, fm_error *err)
{
  /* Many groups have many counters: no more of them than rows. */
  size_t slices = b->n / SLICE_ROWS < b->n / (b->n_groups + 1) ? b->n / SLICE_ROWS : b->n / (b->n_groups + 1);
  size_t n_places, at = 0;
  b->n_slices = slices < 1 ? 1 : slices < MOST_SLICES ? slices : MOST_SLICES;
  if (!fm__multiply(b->n_slices, b->n_groups, &n_places))
    return fm__no_memory(err);
  b->places = fm__array(n_places, sizeof *b->places);
  b->start = fm__array(b->n_groups + 1, sizeof *b->start);
  if (b->places == NULL || b->start == NULL)
    return fm__no_memory(err);
  fm_status status = fm__run_tasks(run, count_task, b, b->n_slices, err);
  for (size_t k = 0; k < b->n_groups; k++) {
    b->start[k] = at;
    for (size_t j = 0; j < b->n_slices; j++) {
      size_t *place = &b->places[j * b->n_groups + k], count = *place;
      *place = at;
      at += count;
    }
  }
  b->start[b->n_groups] = at;
  return status;
}

void fm__by_group_share(const fm__by_group *b, size_t task, size_t n_tasks, size_t *first, size_t *end, size_t *most)
{
  size_t kept = b->start[b->n_groups], low = kept / n_tasks * task;
  size_t high = task + 1 < n_tasks ? low + kept / n_tasks : kept + 1, k = 0;
  while (k < b->n_groups && b->start[k] < low)
    k++;
  *first = k;
  *most = 0;
  for (; k < b->n_groups && b->start[k] < high; k++)
    if (b->start[k + 1] - b->start[k] > *most)
      *most = b->start[k + 1] - b->start[k];
  *end = k;
}
