/* The spec of retention.cox and frequencies. */
#include "retention/cox/spec_priv.h"

#include <math.h>

#include "retention/cox/frequency_priv.h"

fm_status fm__cox_spec_check(const fm_retention_cox_spec *out, fm_error *err)
{
  const struct {
    const char *name;
    int32_t value, low, high;
  } numbers[] = {
      {"ties", out->ties, 1, 2},
      {"weights", out->weights, 1, 2},
      {"robust", out->robust, 0, 2},
      {"landmark", out->landmark, -1, INT32_MAX},
      {"proportional", out->proportional, 0, 4},
      {"baseline", out->baseline, 0, 1},
      {"concordance", out->concordance, 0, 1},
  };
  for (size_t k = 0; k < FM__COUNT(numbers); k++)
    if (numbers[k].value < numbers[k].low || numbers[k].value > numbers[k].high)
      return fm__fail(err, FM_ERR_ARGUMENT, "retention.cox: %s is %d, expected %d to %d", numbers[k].name,
                      (int)numbers[k].value, (int)numbers[k].low, (int)numbers[k].high);
  if (!(out->level > 0 && out->level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "retention.cox: level is expected between 0 and 1");
  return FM_OK;
}

bool fm__cox_is_robust(const fm_retention_cox_spec *spec, const fm__cox_rows *rows)
{
  if (spec->robust != 0)
    return spec->robust == 1;
  return rows->cluster != NULL || rows->weight != NULL;
}

fm_status fm__cox_frequencies(uint64_t **counts, fm__cox_rows *rows, fm_error *err)
{
  *counts = NULL;
  if (rows->weight == NULL)
    return FM_OK;
  *counts = fm__array(rows->n, sizeof **counts);
  if (*counts == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < rows->n; i++) {
    double w = rows->weight[i];
    if (!(w >= 0 && w <= 1e9) || w != floor(w)) {
      fm_status status = fm__fail(err, FM_ERR_VALUE, "row %zu: expected a frequency, a whole number up to 1e9", i);
      fm__error_place(err, NULL, "weight", -1, (int64_t)i, -1);
      fm__free(*counts);
      *counts = NULL;
      return status;
    }
    (*counts)[i] = (uint64_t)w * (rows->count != NULL ? rows->count[i] : 1);
  }
  rows->count = *counts;
  rows->weight = NULL;
  return FM_OK;
}
