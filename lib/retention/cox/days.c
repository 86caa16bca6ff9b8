/* Event days: the distinct times of events, stratum by stratum, and the days at which a row is at risk. */
#include "retention/cox/days_priv.h"

#include <string.h>

#include "num/num_priv.h"

static size_t stratum_of(const fm__cox_rows *rows, size_t i)
{
  return rows->stratum != NULL ? (size_t)rows->stratum[i] : 0;
}

/* A table of all times of all strata, as long as it is not much larger than the rows. */
static bool make_table(fm__cox_days *d, const fm__cox_rows *rows)
{
  int32_t last = 0;
  size_t width, all;
  for (size_t i = 0; i < rows->n; i++)
    last = rows->time[i] > last ? rows->time[i] : last;
  width = (size_t)last + 1;
  if (!fm__multiply(width, rows->n_strata, &all) || all > 4 * rows->n + 65536)
    return false;
  d->table = fm__array(all, sizeof *d->table);
  d->width = width;
  return d->table != NULL;
}

static fm_status days_by_table(fm__cox_days *d, const fm__cox_rows *rows, fm_error *err)
{
  size_t n = 0;
  for (size_t i = 0; i < rows->n; i++)
    if (rows->event[i] != 0 && fm__cox_counts(rows, i))
      d->table[stratum_of(rows, i) * d->width + (size_t)rows->time[i]] = 1;
  for (size_t k = 0; k < d->width * rows->n_strata; k++)
    n += d->table[k];
  d->time = fm__array(n, sizeof *d->time);
  if (d->time == NULL)
    return fm__no_memory(err);
  n = 0;
  for (size_t s = 0; s < rows->n_strata; s++) {
    d->first[s] = n;
    for (size_t t = 0; t < d->width; t++) {
      uint32_t *cell = &d->table[s * d->width + t];
      if (*cell != 0)
        d->time[n++] = (int32_t)t;
      *cell = (uint32_t)n;
    }
  }
  d->first[rows->n_strata] = d->n = n;
  return FM_OK;
}

static fm_status days_by_sort(fm__cox_days *d, const fm__cox_rows *rows, fm_error *err)
{
  uint64_t *keys = fm__array(rows->n, sizeof *keys), *scratch = fm__array(rows->n, sizeof *scratch);
  size_t m = 0, n = 0;
  fm_status status = FM_OK;
  if (keys == NULL || scratch == NULL) {
    status = fm__no_memory(err);
    goto done;
  }
  for (size_t i = 0; i < rows->n; i++)
    if (rows->event[i] != 0 && fm__cox_counts(rows, i))
      keys[m++] = (uint64_t)stratum_of(rows, i) << 32 | (uint32_t)rows->time[i];
  fm__sort_u64(keys, scratch, m);
  for (size_t i = 0; i < m; i++)
    if (n == 0 || keys[i] != keys[n - 1])
      keys[n++] = keys[i];
  d->time = fm__array(n, sizeof *d->time);
  if (d->time == NULL) {
    status = fm__no_memory(err);
    goto done;
  }
  d->n = n;
  for (size_t s = 0, k = 0; s <= rows->n_strata; s++) {
    while (k < n && keys[k] >> 32 < s)
      k++;
    d->first[s] = k;
  }
  for (size_t k = 0; k < n; k++)
    d->time[k] = (int32_t)(uint32_t)keys[k];
done:
  fm__free(keys);
  fm__free(scratch);
  return status;
}

fm_status fm__cox_days_create(fm__cox_days *d, const fm__cox_rows *rows, fm_error *err)
{
  *d = (fm__cox_days){.first = NULL};
  d->first = fm__array(rows->n_strata + 1, sizeof *d->first);
  if (d->first == NULL)
    return fm__no_memory(err);
  return make_table(d, rows) ? days_by_table(d, rows, err) : days_by_sort(d, rows, err);
}

size_t fm__cox_days_search(const fm__cox_days *d, size_t stratum, int32_t time)
{
  size_t low = d->first[stratum], high = d->first[stratum + 1];
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (d->time[middle] <= time)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

void fm__cox_days_free(fm__cox_days *d)
{
  fm__free(d->first);
  fm__free(d->time);
  fm__free(d->table);
  *d = (fm__cox_days){.first = NULL};
}
