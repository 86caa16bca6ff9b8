/* Cumulative incidence and Gray's test on plain arrays. */
#include "flexmetrics/retention_exits.h"

#include <math.h>

#include "retention/exits/exits_priv.h"
#include "retention/strata_priv.h"

static fm_status check_causes(const char *function, size_t n, const int32_t *time, const uint8_t *cause,
                              int32_t n_causes, fm_error *err)
{
  if (n > 0 && (time == NULL || cause == NULL))
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: time and cause are NULL with %zu rows", function, n);
  if (n_causes < 1 || n_causes > FM__MOST_CAUSES)
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: n_causes is %d, expected 1 to %d", function, (int)n_causes,
                    (int)FM__MOST_CAUSES);
  return FM_OK;
}

/* ---- cumulative incidence ---- */

typedef struct outputs {
  double *survival, *survival_error, *incidence, *incidence_error;
} outputs;

static void put(double *column, size_t at, double value)
{
  if (column != NULL)
    column[at] = value;
}

/* Between two moments the curves stay where the earlier one left them. */
static void write_curves(const outputs *o, const fm__incidence *c, const fm__moments *m, size_t n_times)
{
  size_t n = m->n_causes;
  for (size_t t = 0, k = 0; t < n_times; t++) {
    k += k < m->n && (size_t)m->time[k] == t;
    put(o->survival, t, k > 0 ? c->stay[k - 1] : 1);
    put(o->survival_error, t, k > 0 ? sqrt(c->stay_variance[k - 1]) : 0);
    for (size_t j = 0; j < n; j++) {
      put(o->incidence, t * n + j, k > 0 ? c->gone[(k - 1) * n + j] : 0);
      put(o->incidence_error, t * n + j, k > 0 ? sqrt(c->gone_variance[(k - 1) * n + j]) : 0);
    }
  }
}

fm_status fm_retention_incidence(double *survival, double *survival_error, double *incidence, double *incidence_error,
                                 const int32_t *time, const uint8_t *cause, const int32_t *entry, const double *weight,
                                 size_t n, int32_t n_causes, int32_t max_time, int32_t variance, const fm_run *run,
                                 fm_error *err)
{
  fm__cells cells = {0};
  fm__moments moments = {0};
  fm__incidence curves = {0};
  fm_status status = check_causes("fm_retention_incidence", n, time, cause, n_causes, err);
  if (status == FM_OK && max_time < 0)
    status =
        fm__fail(err, FM_ERR_ARGUMENT, "fm_retention_incidence: max_time is %d, expected 0 or more", (int)max_time);
  if (status == FM_OK && variance != FM_RETENTION_GREENWOOD && variance != FM_RETENTION_AALEN)
    status = fm__fail(err, FM_ERR_ARGUMENT, "fm_retention_incidence: variance is %d, expected 1 or 2", (int)variance);
  if (status == FM_OK && variance == FM_RETENTION_AALEN && weight != NULL)
    status = fm__fail(err, FM_ERR_ARGUMENT, "fm_retention_incidence: Aalen's variance takes no weights");
  if (status == FM_OK)
    status = fm__run_check(run, err);
  if (status != FM_OK)
    return status;
  fm__day_rows rows = {.n_groups = 1,
                       .time = time,
                       .event = cause,
                       .n_causes = (uint32_t)n_causes,
                       .entry = entry,
                       .weight = weight,
                       .n = n,
                       .last = max_time};
  status = fm__cells_count(&cells, &rows, run, err);
  if (status == FM_OK)
    status = fm__moments_of_cells(&moments, &cells, 0, cells.n, (size_t)n_causes, err);
  if (status == FM_OK)
    status = fm__incidence_create(&curves, &moments, variance, err);
  if (status == FM_OK) {
    outputs o = {survival, survival_error, incidence, incidence_error};
    write_curves(&o, &curves, &moments, (size_t)max_time + 1);
  }
  fm__cells_free(&cells);
  fm__moments_free(&moments);
  fm__incidence_free(&curves);
  return status;
}

/* ---- Gray's test ---- */

typedef struct results {
  double *statistic, *p_value;
  int32_t *df;
} results;

static fm_status put_tests(const results *o, const fm__gray *gray, fm_error *err)
{
  fm__gray_result found[FM__MOST_CAUSES];
  for (size_t j = 0; j < gray->n_causes; j++) {
    fm_status status = fm__gray_test(&found[j], gray, j, err);
    if (status != FM_OK)
      return status;
  }
  for (size_t j = 0; j < gray->n_causes; j++) {
    put(o->statistic, j, found[j].statistic);
    put(o->p_value, j, found[j].p_value);
    if (o->df != NULL)
      o->df[j] = found[j].df;
  }
  return FM_OK;
}

static fm_status test_all(const results *o, const fm__day_rows *rows, const uint32_t *stratum, size_t n_strata,
                          double rho, const fm_run *run, fm_error *err)
{
  fm__strata strata = {0};
  fm__gray gray;
  bool found = true;
  fm_status status = fm__gray_create(&gray, rows->n_groups, rows->n_causes, rho, err);
  if (status == FM_OK)
    status = fm__strata_count(&strata, rows, stratum, n_strata, run, err);
  while (status == FM_OK && found) {
    status = fm__strata_next(&found, &strata, err);
    if (status == FM_OK && found)
      fm__gray_add(&gray, strata.of);
  }
  if (status == FM_OK)
    status = put_tests(o, &gray, err);
  fm__gray_free(&gray);
  fm__strata_free(&strata);
  return status;
}

fm_status fm_retention_gray_test(double *statistic, int32_t *df, double *p_value, const int32_t *time,
                                 const uint8_t *cause, const int32_t *entry, const uint32_t *group,
                                 const uint32_t *stratum, size_t n, int32_t n_causes, int32_t n_groups,
                                 int32_t n_strata, double rho, const fm_run *run, fm_error *err)
{
  fm_status status = check_causes("fm_retention_gray_test", n, time, cause, n_causes, err);
  if (status == FM_OK && n > 0 && group == NULL)
    status = fm__fail(err, FM_ERR_ARGUMENT, "fm_retention_gray_test: group is NULL with %zu rows", n);
  if (status == FM_OK && (n_groups < 1 || n_strata < 1))
    status = fm__fail(err, FM_ERR_ARGUMENT, "fm_retention_gray_test: %d groups in %d strata, expected 1 or more",
                      (int)n_groups, (int)n_strata);
  if (status == FM_OK && !isfinite(rho))
    status = fm__fail(err, FM_ERR_ARGUMENT, "fm_retention_gray_test: rho is expected to be finite");
  if (status == FM_OK)
    status = fm__run_check(run, err);
  if (status != FM_OK)
    return status;
  fm__day_rows rows = {.groups = group,
                       .n_groups = (size_t)n_groups,
                       .time = time,
                       .event = cause,
                       .n_causes = (uint32_t)n_causes,
                       .entry = entry,
                       .n = n,
                       .last = -1};
  results o = {statistic, p_value, df};
  return test_all(&o, &rows, stratum, (size_t)n_strata, rho, run, err);
}
