/* The log-rank family on plain arrays. */
#include <string.h>

#include "retention/scores_priv.h"

typedef struct arrays {
  fm__day_rows rows;
  const uint32_t *group, *stratum;
  size_t n_groups, n_strata;
} arrays;

static fm_status check_range(const uint32_t *numbers, size_t n, size_t limit, const char *name, fm_error *err)
{
  uint32_t most = 0;
  for (size_t i = 0; i < n; i++)
    most = numbers[i] > most ? numbers[i] : most;
  if (n == 0 || most < limit)
    return FM_OK;
  size_t i = 0;
  while (numbers[i] < limit)
    i++;
  fm__fail(err, FM_ERR_VALUE, "row %zu: %s is %lu, expected 0 to %zu", i, name, (unsigned long)numbers[i], limit - 1);
  fm__error_place(err, NULL, name, -1, (int64_t)i, -1);
  return FM_ERR_VALUE;
}

static fm_status check(const arrays *a, const fm__test_kind *kind, fm_error *err)
{
  const char *name = "fm_retention_logrank_arrays";
  if (a->rows.n > 0 && (a->rows.time == NULL || a->rows.event == NULL || a->group == NULL))
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: time, event or group is NULL with %zu rows", name, a->rows.n);
  if (a->n_groups == 0 || a->n_strata == 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: %zu groups and %zu strata, expected at least 1", name, a->n_groups,
                    a->n_strata);
  if (a->n_groups > FM__MOST_CELL_GROUPS / a->n_strata)
    return fm__fail(err, FM_ERR_LIMIT, "%s: %zu groups times %zu strata; at most %d can be told apart", name,
                    a->n_groups, a->n_strata, (int)FM__MOST_CELL_GROUPS);
  if (kind->weights < FM_LOGRANK_FLEMING_HARRINGTON || kind->weights > FM_LOGRANK_PETO_PETO)
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: weights is %d, expected 1 to 4", name, (int)kind->weights);
  if (!(kind->rho >= 0 && kind->rho <= 100 && kind->gamma >= 0 && kind->gamma <= 100))
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: rho and gamma are expected from 0 to 100", name);
  if (a->stratum == NULL)
    return FM_OK; /* groups are checked where they are counted */
  fm_status status = check_range(a->group, a->rows.n, a->n_groups, "group", err);
  return status == FM_OK ? check_range(a->stratum, a->rows.n, a->n_strata, "stratum", err) : status;
}

/* Cells of all groups and strata; `both` holds their numbers. */
static fm_status count(fm__cells *out, arrays *a, const fm_run *run, fm_error *err)
{
  uint32_t *both = NULL;
  a->rows.groups = a->group;
  a->rows.n_groups = a->n_groups * a->n_strata;
  if (a->stratum != NULL) {
    both = fm__array(a->rows.n, sizeof *both);
    if (both == NULL)
      return fm__no_memory(err);
    for (size_t i = 0; i < a->rows.n; i++)
      both[i] = a->stratum[i] * (uint32_t)a->n_groups + a->group[i];
    a->rows.groups = both;
  }
  fm_status status = fm__cells_count(out, &a->rows, run, err);
  fm__free(both);
  return status;
}

static fm_status compare(fm__compared *c, arrays *a, const fm_run *run, fm_error *err)
{
  fm__cells cells = {0};
  fm_status status = fm__compared_create(c, a->n_groups, a->n_strata, err);
  if (status == FM_OK)
    status = count(&cells, a, run, err);
  for (size_t i = 0, from = 0, to; i < a->rows.n_groups && status == FM_OK; i++, from = to) {
    to = fm__cells_find(&cells, i + 1);
    status = fm__moments_of_cells(&c->of[i], &cells, from, to, 1, err);
  }
  fm__cells_free(&cells);
  return status;
}

static void put(double *out, const double *from, size_t n)
{
  if (out != NULL)
    memcpy(out, from, n * sizeof *out);
}

fm_status fm_retention_logrank_arrays(fm_logrank *out, double *observed, double *expected, double *score,
                                      double *covariance, const int32_t *time, const uint8_t *event,
                                      const uint32_t *group, size_t n_groups, const int32_t *entry,
                                      const uint32_t *stratum, size_t n_strata, size_t n, int32_t weights, double rho,
                                      double gamma, const fm_run *run, fm_error *err)
{
  const fm__test_kind kind = {weights, rho, gamma};
  arrays a = {.rows = {.time = time, .event = event, .n_causes = 1, .entry = entry, .n = n, .last = -1},
              .group = group,
              .stratum = stratum,
              .n_groups = n_groups,
              .n_strata = n_strata};
  fm__compared c = {0};
  fm__scores scores = {0};
  fm_logrank outcome;
  fm_status status = fm__run_check(run, err);
  if (status == FM_OK)
    status = check(&a, &kind, err);
  if (status == FM_OK)
    status = compare(&c, &a, run, err);
  if (status == FM_OK)
    status = fm__scores_create(&scores, &c, &kind, false, err);
  if (status == FM_OK)
    status = fm__scores_test(&outcome, &scores, err);
  if (status == FM_OK) {
    *out = outcome;
    put(observed, scores.observed, n_groups);
    put(expected, scores.expected, n_groups);
    put(score, scores.score, n_groups);
    put(covariance, scores.covariance, n_groups * n_groups);
  }
  fm__scores_free(&scores);
  fm__compared_free(&c);
  return status;
}
