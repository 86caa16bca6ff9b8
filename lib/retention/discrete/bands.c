/* Bands of periods that share a baseline. */
#include "retention/discrete/discrete_priv.h"
#include "retention/retention_priv.h"

static fm_status add_band(fm__bands *b, int32_t last, fm_error *err)
{
  if (b->n == FM__DISCRETE_MOST_BANDS)
    return fm__fail(err, FM_ERR_LIMIT, "more than %d bands of periods: expected longer periods, or bands=1,2,3,6,12",
                    (int)FM__DISCRETE_MOST_BANDS);
  int32_t *grown = fm__resize(b->last, b->n + 1, sizeof *grown);
  if (grown == NULL)
    return fm__no_memory(err);
  b->last = grown;
  b->last[b->n++] = last;
  return FM_OK;
}

fm_status fm__bands_create(fm__bands *b, const char *list, int32_t n_periods, fm_error *err)
{
  *b = (fm__bands){NULL, 0};
  fm__numbers last = {NULL, 0};
  int32_t before = 0;
  fm_status status = fm__retention_numbers(&last, list, 1, INT32_MAX - 1, true, "bands", err);
  for (size_t k = 0; k < last.n && before < n_periods && status == FM_OK; k++) {
    before = (int32_t)last.of[k];
    status = add_band(b, before, err);
  }
  if (last.n > 0 && before < n_periods && status == FM_OK)
    status = add_band(b, INT32_MAX, err);
  for (int32_t j = 1; last.n == 0 && j <= n_periods && status == FM_OK; j++)
    status = add_band(b, j, err);
  fm__free(last.of);
  if (status != FM_OK)
    fm__bands_free(b);
  return status;
}

void fm__bands_free(fm__bands *b)
{
  fm__free(b->last);
  *b = (fm__bands){NULL, 0};
}

size_t fm__bands_of(const fm__bands *b, int32_t period)
{
  size_t low = 0, high = b->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (b->last[middle] < period)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}
