/* P(s, t) on plain arrays. */
#include <math.h>

#include "flexmetrics/retention_states.h"
#include "retention/states/states_priv.h"

typedef struct arrays {
  const int32_t *from, *to, *entry, *time;
  const double *weight;
  size_t n;
  int32_t n_states;
} arrays;

static fm_status refuse(const arrays *a, size_t i, fm_error *err)
{
  double weight = a->weight != NULL ? a->weight[i] : 1;
  int32_t from = a->from[i], to = a->to[i];
  if (from < 0 || from >= a->n_states || to >= a->n_states)
    fm__fail(err, FM_ERR_VALUE, "row %zu: states %d and %d, expected below %d", i, (int)from, (int)to,
             (int)a->n_states);
  else if (from == to)
    fm__fail(err, FM_ERR_VALUE, "row %zu: moves from state %d to itself", i, (int)from);
  else if (!(weight >= 0) || isinf(weight))
    fm__fail(err, FM_ERR_VALUE, "row %zu: a weight is negative or not finite", i);
  else
    fm__fail(err, FM_ERR_VALUE, "row %zu: entry %d is not before time %d", i, (int)(a->entry != NULL ? a->entry[i] : 0),
             (int)a->time[i]);
  fm__error_place(err, NULL, NULL, -1, (int64_t)i, -1);
  return FM_ERR_VALUE;
}

static fm_status take(fm__stay *rows, size_t *n, const arrays *a, fm_error *err)
{
  for (size_t i = 0; i < a->n; i++) {
    fm__stay r = {.entry = a->entry != NULL ? a->entry[i] : 0, .time = a->time[i], .from = a->from[i], .count = 1};
    r.to = a->to[i] < 0 ? -1 : a->to[i];
    r.weight = a->weight != NULL ? a->weight[i] : 1;
    bool states = r.from >= 0 && r.from < a->n_states && r.to < a->n_states && r.from != r.to;
    if (!states || r.entry >= r.time || !(r.weight >= 0) || isinf(r.weight))
      return refuse(a, i, err);
    if (r.weight > 0)
      rows[(*n)++] = r;
  }
  return FM_OK;
}

fm_status fm_retention_transition_matrix(double *probability, double *covariance, const int32_t *from,
                                         const int32_t *to, const int32_t *entry, const int32_t *time,
                                         const double *weight, size_t n, int32_t n_states, int32_t s, int32_t t,
                                         const fm_run *run, fm_error *err)
{
  arrays a = {from, to, entry, time, weight, n, n_states};
  fm__moves moves = {0};
  size_t kept = 0;
  if (probability == NULL || (n > 0 && (from == NULL || to == NULL || time == NULL)))
    return fm__fail(err, FM_ERR_ARGUMENT, "fm_retention_transition_matrix: an array is NULL");
  if (n_states < 1 || n_states > FM__MOST_STATES)
    return fm__fail(err, FM_ERR_ARGUMENT, "fm_retention_transition_matrix: n_states is %d, expected 1 to %d",
                    (int)n_states, FM__MOST_STATES);
  if (s > t)
    return fm__fail(err, FM_ERR_ARGUMENT, "fm_retention_transition_matrix: s is %d, after t, which is %d", (int)s,
                    (int)t);
  fm_status status = fm__run_check(run, err);
  if (status != FM_OK)
    return status;
  fm__stay *rows = fm__array(n, sizeof *rows);
  status = rows != NULL ? take(rows, &kept, &a, err) : fm__no_memory(err);
  if (status == FM_OK)
    status = fm__moves_create(&moves, rows, kept, (size_t)n_states, err);
  if (status == FM_OK)
    status = fm__product(probability, covariance, false, &moves, s, t, err);
  fm__moves_free(&moves);
  fm__free(rows);
  return status;
}
