/* Cumulative incidence and Gray's test on plain arrays. */
#include "flexmetrics/retention_exits.h"

#include <math.h>

#include "retention/exits/exits_priv.h"

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

static fm_status bad_number(const char *what, size_t row, uint32_t found, size_t n, fm_error *err)
{
  fm__fail(err, FM_ERR_VALUE, "row %zu: %s %u, expected 0 to %zu", row, what, (unsigned)found, n - 1);
  fm__error_place(err, NULL, NULL, -1, (int64_t)row, -1);
  return FM_ERR_VALUE;
}

/* FM_ERR_VALUE with the first row whose number is not below n_numbers. */
static fm_status check_numbers(const char *what, const uint32_t *numbers, size_t n, size_t n_numbers, fm_error *err)
{
  uint32_t most = 0;
  for (size_t i = 0; i < n; i++)
    most = numbers[i] > most ? numbers[i] : most;
  for (size_t i = 0; most >= n_numbers && i < n; i++)
    if (numbers[i] >= n_numbers)
      return bad_number(what, i, numbers[i], n_numbers, err);
  return FM_OK;
}

/* Creates one number for stratum and group. */
static fm_status cross(uint32_t **out, const uint32_t *group, const uint32_t *stratum, size_t n, size_t n_groups,
                       fm_error *err)
{
  uint32_t *both = fm__many(n, sizeof *both);
  if (both == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++)
    both[i] = stratum[i] * (uint32_t)n_groups + group[i];
  *out = both;
  return FM_OK;
}

typedef struct results {
  double *statistic, *p_value;
  int32_t *df;
} results;

static fm_status test_cause(const results *o, const fm__moments *moments, size_t cause, size_t n_groups,
                            size_t n_strata, double rho, fm_error *err)
{
  fm__gray gray;
  fm__gray_result result;
  fm_status status = fm__gray_create(&gray, n_groups, err);
  for (size_t s = 0; s < n_strata && status == FM_OK; s++)
    status = fm__gray_add(&gray, moments + s * n_groups, cause, rho, err);
  if (status == FM_OK)
    status = fm__gray_test(&result, &gray, err);
  fm__gray_free(&gray);
  if (status != FM_OK)
    return status;
  put(o->statistic, cause, result.statistic);
  put(o->p_value, cause, result.p_value);
  if (o->df != NULL)
    o->df[cause] = result.df;
  return FM_OK;
}

static fm_status test_all(const results *o, const fm__day_rows *rows, size_t n_groups, size_t n_strata, double rho,
                          const fm_run *run, fm_error *err)
{
  size_t all = n_groups * n_strata;
  fm__cells cells = {0};
  fm__moments *moments = fm__array(all, sizeof *moments);
  fm_status status = moments != NULL ? fm__cells_count(&cells, rows, run, err) : fm__no_memory(err);
  for (size_t g = 0; g < all && status == FM_OK; g++)
    status = fm__moments_of_cells(&moments[g], &cells, fm__cells_find(&cells, g), fm__cells_find(&cells, g + 1),
                                  rows->n_causes, err);
  for (size_t j = 0; j < rows->n_causes && status == FM_OK; j++)
    status = test_cause(o, moments, j, n_groups, n_strata, rho, err);
  for (size_t g = 0; g < all && moments != NULL; g++)
    fm__moments_free(&moments[g]);
  fm__free(moments);
  fm__cells_free(&cells);
  return status;
}

fm_status fm_retention_gray_test(double *statistic, int32_t *df, double *p_value, const int32_t *time,
                                 const uint8_t *cause, const int32_t *entry, const uint32_t *group,
                                 const uint32_t *stratum, size_t n, int32_t n_causes, int32_t n_groups,
                                 int32_t n_strata, double rho, const fm_run *run, fm_error *err)
{
  uint32_t *both = NULL;
  fm_status status = check_causes("fm_retention_gray_test", n, time, cause, n_causes, err);
  if (status == FM_OK && n > 0 && group == NULL)
    status = fm__fail(err, FM_ERR_ARGUMENT, "fm_retention_gray_test: group is NULL with %zu rows", n);
  if (status == FM_OK && (n_groups < 1 || n_strata < 1))
    status = fm__fail(err, FM_ERR_ARGUMENT, "fm_retention_gray_test: %d groups in %d strata, expected 1 or more",
                      (int)n_groups, (int)n_strata);
  if (status == FM_OK && n_groups > FM__GRAY_MOST_GROUPS)
    status = fm__fail(err, FM_ERR_LIMIT, "fm_retention_gray_test: %d groups, expected at most %d", (int)n_groups,
                      FM__GRAY_MOST_GROUPS);
  if (status == FM_OK && (size_t)n_strata > FM__MOST_CELL_GROUPS / (size_t)n_groups)
    status = fm__fail(err, FM_ERR_LIMIT, "fm_retention_gray_test: %d groups in %d strata are too many", (int)n_groups,
                      (int)n_strata);
  if (status == FM_OK && !isfinite(rho))
    status = fm__fail(err, FM_ERR_ARGUMENT, "fm_retention_gray_test: rho is expected to be finite");
  if (status == FM_OK)
    status = fm__run_check(run, err);
  if (status == FM_OK && stratum != NULL) /* groups alone are checked where they are counted */
    status = check_numbers("group", group, n, (size_t)n_groups, err);
  if (status == FM_OK && stratum != NULL)
    status = check_numbers("stratum", stratum, n, (size_t)n_strata, err);
  if (status == FM_OK && stratum != NULL)
    status = cross(&both, group, stratum, n, (size_t)n_groups, err);
  if (status != FM_OK)
    return status;
  fm__day_rows rows = {.groups = both != NULL ? both : group,
                       .n_groups = (size_t)n_groups * (size_t)n_strata,
                       .time = time,
                       .event = cause,
                       .n_causes = (uint32_t)n_causes,
                       .entry = entry,
                       .n = n,
                       .last = -1};
  results o = {statistic, p_value, df};
  status = test_all(&o, &rows, (size_t)n_groups, (size_t)n_strata, rho, run, err);
  fm__free(both);
  return status;
}
