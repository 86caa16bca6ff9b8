/* fm_retention_fine_gray_fit: a model of plain arrays. */
#include <stddef.h>
#include <string.h>

#include "retention/cox/frequency_priv.h"
#include "retention/fine_gray/fine_gray_priv.h"

#define NAME "fm_retention_fine_gray_fit"
/* The model as first published: a caller that knows more of it gets more. */
#define LEAST (offsetof(fm_retention_cox_model, iterations) + sizeof(int32_t))

static fm_status check_rows(const fm_retention_fine_gray_rows *g, fm_error *err)
{
  if (g->n > 0 && (g->time == NULL || g->cause == NULL || g->covariates == NULL))
    return fm__fail(err, FM_ERR_ARGUMENT, NAME ": time, cause and covariates are needed");
  if ((g->stratum != NULL && g->n_strata == 0) || (g->cluster != NULL && g->n_clusters == 0) ||
      (g->censoring != NULL && g->n_censoring == 0))
    return fm__fail(err, FM_ERR_ARGUMENT, NAME ": the number of strata, clusters or groups of censoring is needed");
  if (g->n_strata > INT32_MAX || g->n_clusters > INT32_MAX || g->n_censoring > INT32_MAX)
    return fm__fail(err, FM_ERR_LIMIT, NAME ": more than %d strata, clusters or groups of censoring", INT32_MAX);
  for (size_t i = 0; g->censoring != NULL && i < g->n; i++)
    if (g->censoring[i] < 0 || (size_t)g->censoring[i] >= g->n_censoring) {
      fm_status status = fm__fail(err, FM_ERR_VALUE,
                                  "row %zu: expected a group of censoring from 0 to the number of groups less 1", i);
      fm__error_place(err, NULL, "censoring", -1, (int64_t)i, -1);
      return status;
    }
  return FM_OK;
}

/* `kinds` has room for two numbers of a row: whether it is the exit that is fitted, and whether another. */
static void take_rows(fm__fg_rows *out, const fm_retention_fine_gray_rows *g, uint8_t *kinds)
{
  for (size_t i = 0; i < g->n; i++) {
    kinds[i] = g->cause[i] == 1;
    kinds[g->n + i] = g->cause[i] > 1;
  }
  *out = (fm__fg_rows){.rows = {.n = g->n,
                                .p = g->n_covariates,
                                .time = g->time,
                                .event = kinds,
                                .x = g->covariates,
                                .names = g->names,
                                .weight = g->weight,
                                .stratum = g->stratum,
                                .cluster = g->cluster,
                                .n_strata = g->stratum != NULL ? g->n_strata : 1,
                                .n_clusters = g->cluster != NULL ? g->n_clusters : 0,
                                .breslow = true},
                       .other = kinds + g->n,
                       .group = g->censoring,
                       .n_groups = g->censoring != NULL ? g->n_censoring : 1};
}

static fm_status fit_rows(fm__cox_fit *fit, fm__fg *f, const fm__fg_rows *rows, const fm_run *run, fm_error *err)
{
  fm__fg_point v = {.f = NULL};
  fm__cox_choice choice = {.robust = true, .iterations = FM__COX_ITERATIONS, .names = rows->rows.names};
  fm_status status = fm__fg_prepare(f, rows, run, err);
  if (status == FM_OK)
    status = fm__fg_point_create(&v, f, err);
  if (status == FM_OK)
    status = fm__cox_fit_run(fit, &v.q, &choice, run, err);
  fm__fg_point_free(&v);
  return status;
}

fm_status fm_retention_fine_gray_fit(fm_retention_cox_model *model, double *coefficient, double *variance,
                                     const fm_retention_fine_gray_rows *rows, const fm_retention_fine_gray_spec *spec,
                                     const fm_run *run, fm_error *err)
{
  fm_retention_fine_gray_spec s = FM_RETENTION_FINE_GRAY_SPEC_INIT;
  fm_retention_fine_gray_rows taken = {.struct_size = sizeof taken};
  fm__fg f = {.n_groups = 0};
  fm__fg_rows given;
  fm__cox_fit fit = {.state = FM__COX_EMPTY};
  uint64_t *counts = NULL;
  uint8_t *kinds = NULL;
  int32_t *strata = NULL, *clusters = NULL, *groups = NULL;
  if (model == NULL || model->struct_size < LEAST)
    return fm__fail(err, FM_ERR_ARGUMENT, NAME ": the model is NULL or its struct_size is %zu, expected at least %zu",
                    model != NULL ? model->struct_size : 0, LEAST);
  fm_status status = fm__spec_take(&s, sizeof s, spec, "fm_retention_fine_gray_spec", err);
  if (status == FM_OK)
    status = fm__spec_take(&taken, sizeof taken, rows, "fm_retention_fine_gray_rows", err);
  if (status == FM_OK && (s.weights < 1 || s.weights > 2))
    status = fm__fail(err, FM_ERR_ARGUMENT, NAME ": weights is %d, expected 1 to 2", (int)s.weights);
  if (status == FM_OK)
    status = check_rows(&taken, err);
  if (status != FM_OK)
    return status;
  kinds = fm__array(taken.n, 2);
  if (kinds == NULL)
    return fm__no_memory(err);
  take_rows(&given, &taken, kinds);
  status = fm__cox_renumber(&strata, &given.rows.stratum, &given.rows.n_strata, taken.n, err);
  if (status == FM_OK)
    status = fm__cox_renumber(&clusters, &given.rows.cluster, &given.rows.n_clusters, taken.n, err);
  if (status == FM_OK)
    status = fm__cox_renumber(&groups, &given.group, &given.n_groups, taken.n, err);
  if (status == FM_OK && s.weights == 2)
    status = fm__cox_frequencies(&counts, &given.rows, err);
  if (status == FM_OK)
    status = fit_rows(&fit, &f, &given, run, err);
  if (status == FM_OK) {
    size_t p = given.rows.p;
    fm__cox_write_model(model, &f.c, &fit);
    if (coefficient != NULL)
      memcpy(coefficient, fit.beta, p * sizeof(double));
    if (variance != NULL)
      memcpy(variance, fm__cox_variance(&fit), p * p * sizeof(double));
  }
  fm__cox_fit_free(&fit);
  fm__fg_free(&f);
  fm__free(counts);
  fm__free(kinds);
  fm__free(strata);
  fm__free(clusters);
  fm__free(groups);
  return status;
}
