/* fm_retention_cox_fit: a model of plain arrays. */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "flexmetrics/retention_cox.h"
#include "num/num_priv.h"
#include "retention/cox/frequency_priv.h"
#include "retention/cox/spec_priv.h"

/* The model as first published: a caller that knows more of it gets more. */
#define LEAST (offsetof(fm_retention_cox_model, iterations) + sizeof(int32_t))

fm_status fm__cox_renumber(int32_t **own, const int32_t **ids, size_t *n_ids, size_t n, fm_error *err)
{
  if (*ids == NULL || *n_ids <= n)
    return FM_OK;
  for (size_t i = 0; i < n; i++)
    if ((*ids)[i] < 0 || (size_t)(*ids)[i] >= *n_ids)
      return FM_OK;
  fm__item *items = fm__many(n, sizeof *items), *scratch = fm__many(n, sizeof *scratch);
  *own = fm__array(n, sizeof **own);
  bool made = items != NULL && scratch != NULL && *own != NULL;
  if (made) {
    size_t number = 0;
    for (size_t i = 0; i < n; i++)
      items[i] = (fm__item){(uint64_t)(*ids)[i], i};
    fm__sort_items(items, scratch, n);
    for (size_t i = 0; i < n; i++) {
      number += i > 0 && items[i].key != items[i - 1].key;
      (*own)[items[i].value] = (int32_t)number;
    }
    *ids = *own;
    *n_ids = number + 1;
  }
  fm__free(items);
  fm__free(scratch);
  return made ? FM_OK : fm__no_memory(err);
}

static fm_status take_rows(fm__cox_rows *out, const fm_retention_cox_rows *given, const fm_retention_cox_spec *spec,
                           fm_error *err)
{
  fm_retention_cox_rows taken = {.struct_size = sizeof taken};
  fm_status status = fm__spec_take(&taken, sizeof taken, given, "fm_retention_cox_rows", err);
  if (status != FM_OK)
    return status;
  if (taken.n > 0 && (taken.time == NULL || taken.event == NULL || taken.covariates == NULL))
    return fm__fail(err, FM_ERR_ARGUMENT, "fm_retention_cox_fit: time, event and covariates are needed");
  if ((taken.stratum != NULL && taken.n_strata == 0) || (taken.cluster != NULL && taken.n_clusters == 0))
    return fm__fail(err, FM_ERR_ARGUMENT, "fm_retention_cox_fit: the number of strata or clusters is needed");
  if (taken.n_strata > INT32_MAX || taken.n_clusters > INT32_MAX)
    return fm__fail(err, FM_ERR_LIMIT, "fm_retention_cox_fit: more than %d strata or clusters", INT32_MAX);
  *out = (fm__cox_rows){.n = taken.n,
                        .p = taken.n_covariates,
                        .time = taken.time,
                        .entry = taken.entry,
                        .event = taken.event,
                        .x = taken.covariates,
                        .names = taken.names,
                        .weight = taken.weight,
                        .stratum = taken.stratum,
                        .cluster = taken.cluster,
                        .n_strata = taken.stratum != NULL ? taken.n_strata : 1,
                        .n_clusters = taken.cluster != NULL ? taken.n_clusters : 0,
                        .breslow = spec->ties == 2};
  return FM_OK;
}

void fm__cox_write_model(fm_retention_cox_model *out, const fm__cox *c, const fm__cox_fit *fit)
{
  fm_retention_cox_model m = {.struct_size = sizeof m,
                              .n = c->n_given,
                              .n_events = c->n_events,
                              .loglik_null = fit->loglik_0,
                              .loglik = fit->loglik,
                              .likelihood_ratio = fit->likelihood_ratio,
                              .wald = fit->wald,
                              .score = fit->score,
                              .score_robust = fit->score_robust,
                              .concordance = fit->concordance,
                              .concordance_error = fit->concordance_error,
                              .state = fit->state,
                              .iterations = fit->iterations};
  fm__spec_init(out, out->struct_size, &m, sizeof m);
}

fm_status fm_retention_cox_fit(fm_retention_cox_model *model, double *coefficient, double *std_error, double *variance,
                               const fm_retention_cox_rows *rows, const fm_retention_cox_spec *spec, const fm_run *run,
                               fm_error *err)
{
  fm_retention_cox_spec s = FM_RETENTION_COX_SPEC_INIT;
  fm__cox_rows given;
  fm__cox c = {.n = 0};
  fm__cox_point q = {.c = NULL};
  fm__cox_fit fit = {.state = FM__COX_EMPTY};
  uint64_t *counts = NULL;
  int32_t *strata = NULL, *clusters = NULL;
  if (model == NULL || model->struct_size < LEAST)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "fm_retention_cox_fit: the model is NULL or its struct_size is %zu, expected at least %zu",
                    model != NULL ? model->struct_size : 0, LEAST);
  fm_status status = fm__spec_take(&s, sizeof s, spec, "fm_retention_cox_spec", err);
  if (status == FM_OK)
    status = fm__cox_spec_check(&s, err);
  if (status == FM_OK)
    status = take_rows(&given, rows, &s, err);
  if (status == FM_OK)
    status = fm__cox_renumber(&strata, &given.stratum, &given.n_strata, given.n, err);
  if (status == FM_OK)
    status = fm__cox_renumber(&clusters, &given.cluster, &given.n_clusters, given.n, err);
  if (status == FM_OK && s.weights == 2)
    status = fm__cox_frequencies(&counts, &given, err);
  if (status == FM_OK)
    status = fm__cox_prepare(&c, &given, run, err);
  if (status == FM_OK)
    status = fm__cox_point_create(&q, &c, err);
  fm__cox_choice choice = {.robust = status == FM_OK && fm__cox_is_robust(&s, &given),
                           .concordance = status == FM_OK && s.concordance == 1,
                           .iterations = FM__COX_ITERATIONS,
                           .names = status == FM_OK ? given.names : NULL};
  if (status == FM_OK)
    status = fm__cox_fit_run(&fit, &q, &choice, run, err);
  if (status == FM_OK) {
    size_t p = given.p;
    fm__cox_write_model(model, &c, &fit);
    if (coefficient != NULL)
      memcpy(coefficient, fit.beta, p * sizeof(double));
    for (size_t j = 0; std_error != NULL && j < p; j++)
      std_error[j] = sqrt(fit.inverse[j * p + j]);
    if (variance != NULL)
      memcpy(variance, fm__cox_variance(&fit), p * p * sizeof(double));
  }
  fm__cox_fit_free(&fit);
  fm__cox_point_free(&q);
  fm__cox_free(&c);
  fm__free(counts);
  fm__free(strata);
  fm__free(clusters);
  return status;
}
