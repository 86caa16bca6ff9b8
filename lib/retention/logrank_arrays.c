/* The log-rank family on plain arrays. */
#include <string.h>

#include "retention/scores_priv.h"
#include "retention/strata_priv.h"

static const char name[] = "fm_retention_logrank_arrays";

static fm_status check(const fm__day_rows *rows, size_t n_strata, const fm__test_kind *kind, fm_error *err)
{
  if (rows->n > 0 && (rows->time == NULL || rows->event == NULL || rows->groups == NULL))
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: time, event or group is NULL with %zu rows", name, rows->n);
  if (rows->n_groups == 0 || n_strata == 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: %zu groups and %zu strata, expected at least 1", name, rows->n_groups,
                    n_strata);
  if (rows->n_groups > FM__MOST_COMPARED)
    return fm__fail(err, FM_ERR_LIMIT, "%s: %zu groups to compare, expected at most %d", name, rows->n_groups,
                    FM__MOST_COMPARED);
  if (kind->weights < FM_LOGRANK_FLEMING_HARRINGTON || kind->weights > FM_LOGRANK_PETO_PETO)
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: weights is %d, expected 1 to 4", name, (int)kind->weights);
  if (!(kind->rho >= 0 && kind->rho <= 100 && kind->gamma >= 0 && kind->gamma <= 100))
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: rho and gamma are expected from 0 to 100", name);
  return FM_OK;
}

static fm_status add_strata(fm__scores *scores, fm__strata *strata, fm_error *err)
{
  bool found = true;
  fm_status status = FM_OK;
  while (status == FM_OK && found) {
    status = fm__strata_next(&found, strata, err);
    if (status == FM_OK && found)
      status = fm__scores_add(scores, strata->of, 0, err);
  }
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
  const fm__day_rows rows = {.groups = group,
                             .n_groups = n_groups,
                             .time = time,
                             .event = event,
                             .n_causes = 1,
                             .entry = entry,
                             .n = n,
                             .last = -1};
  fm__strata strata = {0};
  fm__scores scores = {0};
  fm_logrank outcome;
  fm_status status = fm__run_check(run, err);
  if (status == FM_OK)
    status = check(&rows, n_strata, &kind, err);
  if (status == FM_OK)
    status = fm__scores_create(&scores, n_groups, 1, &kind, false, err);
  if (status == FM_OK)
    status = fm__strata_count(&strata, &rows, stratum, n_strata, run, err);
  if (status == FM_OK)
    status = add_strata(&scores, &strata, err);
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
  fm__strata_free(&strata);
  return status;
}
