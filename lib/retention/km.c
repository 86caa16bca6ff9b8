/* Kaplan-Meier on plain arrays. */
#include "flexmetrics/retention.h"
#include "retention/curve_priv.h"

#include <math.h>

typedef struct outputs {
  double *n_risk, *n_event, *n_censor, *survival, *std_error;
} outputs;

static void put(double *column, size_t t, double value)
{
  if (column != NULL)
    column[t] = value;
}

/* Times up to a step have its number at risk, for nobody ends or enters between; the curve stays where the step before
 * left it. After the last step nobody is at risk. */
static void write_steps(const outputs *o, const fm__step *steps, size_t n, size_t n_times)
{
  double survival = 1, std_error = 0;
  for (size_t t = 0, k = 0; t < n_times; t++) {
    const fm__step *next = k < n ? &steps[k] : NULL;
    bool here = next != NULL && (size_t)next->time == t;
    if (here) {
      survival = next->survival;
      std_error = fm__step_error(next);
      k++;
    }
    put(o->n_risk, t, next != NULL ? next->n_risk : 0);
    put(o->n_event, t, here ? next->n_event : 0);
    put(o->n_censor, t, here ? next->n_censor : 0);
    put(o->survival, t, survival);
    put(o->std_error, t, std_error);
  }
}

fm_status fm_retention_km(double *n_risk, double *n_event, double *n_censor, double *survival, double *std_error,
                          const int32_t *time, const uint8_t *event, const int32_t *entry, const double *weight,
                          size_t n, int32_t max_time, const fm_run *run, fm_error *err)
{
  if (n > 0 && (time == NULL || event == NULL))
    return fm__fail(err, FM_ERR_ARGUMENT, "fm_retention_km: time and event are NULL with %zu rows", n);
  if (max_time < 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "fm_retention_km: max_time is %d, expected 0 or more", (int)max_time);
  fm_status status = fm__run_check(run, err);
  if (status != FM_OK)
    return status;
  fm__day_rows rows = {
      .n_groups = 1, .time = time, .event = event, .entry = entry, .weight = weight, .n = n, .last = max_time};
  fm__cells cells;
  fm__curve c = {0};
  fm__moments moments = {0};
  status = fm__cells_count(&cells, &rows, run, err);
  if (status == FM_OK)
    status = fm__moments_of_cells(&moments, &cells, 0, cells.n, 1, err);
  if (status == FM_OK)
    status = fm__curve_create(&c, &moments, FM__KAPLAN_MEIER, 0, err);
  if (status == FM_OK) {
    outputs o = {n_risk, n_event, n_censor, survival, std_error};
    write_steps(&o, c.steps, c.n, (size_t)max_time + 1);
  }
  fm__curve_free(&c);
  fm__moments_free(&moments);
  fm__cells_free(&cells);
  return status;
}
