/* Rows of a Cox regression: checked, put into canonical order, laid into blocks. */
#include "retention/cox/order_priv.h"

/* ---- checks ---- */

fm_status fm__cox_bad(fm_error *err, size_t row, const char *what, const char *expected)
{
  fm_status status = fm__fail(err, FM_ERR_VALUE, "row %zu: expected %s", row, expected);
  fm__error_place(err, NULL, what, -1, (int64_t)row, -1);
  return status;
}

static fm_status check_row(const fm__cox_rows *rows, size_t i, fm_error *err)
{
  int32_t time = rows->time[i], entry = rows->entry != NULL ? rows->entry[i] : 0;
  if (time < 0)
    return fm__cox_bad(err, i, "time", "a time of 0 or more");
  if (entry >= time && !(time == 0 && entry <= 0))
    return fm__cox_bad(err, i, "entry", "an entry before the time");
  if (rows->weight != NULL && !(rows->weight[i] >= 0 && rows->weight[i] <= 1e100))
    return fm__cox_bad(err, i, "weight", "a weight of 0 or more, up to 1e100");
  if (rows->stratum != NULL && (rows->stratum[i] < 0 || (size_t)rows->stratum[i] >= rows->n_strata))
    return fm__cox_bad(err, i, "stratum", "a stratum from 0 to the number of strata less 1");
  if (rows->cluster != NULL && (rows->cluster[i] < 0 || (size_t)rows->cluster[i] >= rows->n_clusters))
    return fm__cox_bad(err, i, "cluster", "a cluster from 0 to the number of clusters less 1");
  return FM_OK;
}

fm_status fm__cox_check(const fm__cox_rows *rows, fm_error *err)
{
  if (rows->n > INT32_MAX)
    return fm__fail(err, FM_ERR_LIMIT, "a Cox regression takes up to %d rows", INT32_MAX);
  if (rows->p == 0 || rows->p > FM__COX_MOST_COVARIATES)
    return fm__fail(err, FM_ERR_ARGUMENT, "a Cox regression takes 1 to %d covariates", FM__COX_MOST_COVARIATES);
  for (size_t j = 0; j < rows->p && rows->n > 0; j++)
    if (rows->x[j] == NULL || (rows->names != NULL && rows->names[j] == NULL))
      return fm__fail(err, FM_ERR_ARGUMENT, "a Cox regression: covariate %zu or its name is NULL", j);
  for (size_t i = 0; i < rows->n; i++) {
    fm_status status = check_row(rows, i, err);
    if (status != FM_OK)
      return status;
  }
  return FM_OK;
}

static fm_status fill(fm__cox *c, const fm__cox_rows *rows, fm__cox_days *days, fm_error *err)
{
  fm__cox_places o = {.n = 0};
  c->n_days = days->n;
  fm_status status = fm__cox_places_create(&o, c, rows, days, err);
  c->day_time = days->time;
  c->first = days->first;
  days->time = NULL;
  days->first = NULL;
  if (status == FM_OK)
    status = fm__cox_lay(c, rows, &o, err);
  fm__cox_places_free(&o);
  return status;
}

fm_status fm__cox_prepare(fm__cox *c, const fm__cox_rows *rows, const fm_run *run, fm_error *err)
{
  fm__cox_days days = {.first = NULL};
  *c = (fm__cox){.p = rows->p,
                 .wide = rows->p + (rows->p & 1),
                 .n_strata = rows->n_strata,
                 .n_clusters = rows->cluster != NULL ? rows->n_clusters : 0,
                 .breslow = rows->breslow};
  fm_status status = fm__cox_check(rows, err);
  if (status == FM_OK)
    status = fm__cox_days_create(&days, rows, err);
  if (status == FM_OK)
    status = fill(c, rows, &days, err);
  if (status == FM_OK)
    status = fm__run_check(run, err);
  fm__cox_days_free(&days);
  if (status != FM_OK)
    fm__cox_free(c);
  return status;
}

void fm__cox_free(fm__cox *c)
{
  fm__free(c->day_time);
  fm__free(c->first);
  fm__free(c->cell);
  fm__free(c->x);
  fm__free(c->weight);
  fm__free(c->count);
  fm__free(c->from);
  fm__free(c->cluster);
  fm__free(c->centre);
  fm__free(c->scale);
  fm__free(c->event_x);
  fm__free(c->day_weight);
  fm__free(c->day_events);
  *c = (fm__cox){.n = 0};
}
