/* Counts of moves, their matrix of probabilities and its powers, on plain arrays. */
#include <math.h>

#include "retention/transitions/transitions_priv.h"

void fm__chain_free(fm__chain *c)
{
  fm__free(c->rows);
  fm__free(c->weight);
  fm__free(c->squares);
  *c = (fm__chain){0};
}

fm_status fm__chain_create(fm__chain *out, size_t n, fm_error *err)
{
  size_t cells = n * (n + 1);
  *out = (fm__chain){.n = n};
  out->rows = fm__array(cells, sizeof *out->rows);
  out->weight = fm__array(cells, sizeof *out->weight);
  out->squares = fm__array(cells, sizeof *out->squares);
  if (out->rows != NULL && out->weight != NULL && out->squares != NULL)
    return FM_OK;
  fm__chain_free(out);
  return fm__no_memory(err);
}

void fm__chain_add(fm__chain *c, size_t from, size_t to, double weight)
{
  size_t at = from * (c->n + 1) + to;
  c->rows[at]++;
  fm__sum_add(&c->weight[at], weight);
  c->squares[at] += weight * weight;
}

void fm__chain_probability(double *p, double *followed, const fm__chain *c)
{
  for (size_t h = 0; h < c->n; h++) {
    fm__sum all = {0};
    for (size_t j = 0; j < c->n; j++)
      fm__sum_merge(&all, &c->weight[h * (c->n + 1) + j]);
    double total = fm__sum_value(&all);
    for (size_t j = 0; j < c->n; j++)
      p[h * c->n + j] = total > 0 ? fm__sum_value(&c->weight[h * (c->n + 1) + j]) / total : NAN;
    if (followed != NULL)
      followed[h] = total;
  }
}

/* One row times the matrix; false: some of it stands where the matrix says nothing. */
static bool step(double *row, const double *p, size_t n)
{
  double next[FM__MOST_STATES] = {0};
  for (size_t g = 0; g < n; g++) {
    if (!(row[g] > 0))
      continue;
    if (isnan(p[g * n]))
      return false;
    for (size_t j = 0; j < n; j++)
      next[j] += row[g] * p[g * n + j];
  }
  for (size_t j = 0; j < n; j++)
    row[j] = next[j];
  return true;
}

void fm__chain_power(double *out, const double *p, size_t n, int32_t steps)
{
  for (size_t h = 0; h < n; h++) {
    double *row = out + h * n;
    bool known = true;
    for (size_t j = 0; j < n; j++)
      row[j] = j == h ? 1 : 0;
    for (int32_t k = 0; k < steps && known; k++)
      known = step(row, p, n);
    for (size_t j = 0; j < n && !known; j++)
      row[j] = NAN;
  }
}

/* ---- for callers with arrays ---- */

static fm_status refuse(size_t person, size_t period, int32_t state, int32_t n_states, fm_error *err)
{
  if (state >= n_states)
    fm__fail(err, FM_ERR_VALUE, "row %zu, period %zu: state %d, expected below %d", person, period, (int)state,
             (int)n_states);
  else
    fm__fail(err, FM_ERR_VALUE, "row %zu: a weight is negative or not finite", person);
  fm__error_place(err, NULL, NULL, -1, (int64_t)person, -1);
  return FM_ERR_VALUE;
}

static fm_status count_moves(fm__chain *c, const int32_t *state, const double *weight, size_t n, size_t n_periods,
                             const fm_run *run, fm_error *err)
{
  fm_status status = FM_OK;
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    const int32_t *of = state + i * n_periods;
    double w = weight != NULL ? weight[i] : 1;
    if (!(w >= 0) || isinf(w))
      return refuse(i, 0, -1, (int32_t)c->n, err);
    for (size_t t = 0; t < n_periods; t++) {
      if (of[t] >= (int32_t)c->n)
        return refuse(i, t, of[t], (int32_t)c->n, err);
      if (t > 0 && of[t - 1] >= 0 && of[t] >= 0)
        fm__chain_add(c, (size_t)of[t - 1], (size_t)of[t], w);
    }
    if (i % 4096 == 0)
      status = fm__run_progress(run, (double)i / (double)n, err);
  }
  return status;
}

fm_status fm_retention_transition_counts(int64_t *count, double *weighted, double *probability, const int32_t *state,
                                         const double *weight, size_t n, size_t n_periods, int32_t n_states,
                                         const fm_run *run, fm_error *err)
{
  fm__chain c;
  size_t cells, states = (size_t)n_states;
  if (n_states < 1 || n_states > FM__MOST_STATES)
    return fm__fail(err, FM_ERR_ARGUMENT, "fm_retention_transition_counts: n_states is %d, expected 1 to %d",
                    (int)n_states, FM__MOST_STATES);
  if (!fm__multiply(n, n_periods, &cells) || (cells > 0 && state == NULL))
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "fm_retention_transition_counts: state is NULL, or n and n_periods too large");
  fm_status status = fm__run_check(run, err);
  if (status == FM_OK)
    status = fm__chain_create(&c, states, err);
  if (status != FM_OK)
    return status;
  status = count_moves(&c, state, weight, n, n_periods, run, err);
  for (size_t i = 0; i < states * states && status == FM_OK; i++) {
    size_t at = i / states * (states + 1) + i % states;
    if (count != NULL)
      count[i] = c.rows[at];
    if (weighted != NULL)
      weighted[i] = fm__sum_value(&c.weight[at]);
  }
  if (status == FM_OK && probability != NULL)
    fm__chain_probability(probability, NULL, &c);
  fm__chain_free(&c);
  return status;
}

fm_status fm_retention_transition_power(double *out, const double *probability, int32_t n_states, int32_t steps,
                                        fm_error *err)
{
  if (out == NULL || probability == NULL || out == probability)
    return fm__fail(err, FM_ERR_ARGUMENT, "fm_retention_transition_power: an array is NULL, or both are the same");
  if (n_states < 1 || n_states > FM__MOST_STATES || steps < 1 || steps > FM__MOST_STEPS)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "fm_retention_transition_power: %d states and %d steps, expected 1 to %d and 1 to %d",
                    (int)n_states, (int)steps, FM__MOST_STATES, FM__MOST_STEPS);
  size_t n = (size_t)n_states;
  for (size_t h = 0; h < n; h++) {
    double sum = 0;
    bool unknown = true, fits = true;
    for (size_t j = 0; j < n; j++) {
      double p = probability[h * n + j];
      unknown = unknown && isnan(p);
      fits = fits && p >= 0 && p <= 1;
      sum += p;
    }
    if (!unknown && (!fits || fabs(sum - 1) > 1e-9)) {
      fm__fail(err, FM_ERR_VALUE, "row %zu: probabilities that add up to 1 are expected, or all NaN", h);
      fm__error_place(err, NULL, NULL, -1, (int64_t)h, -1);
      return FM_ERR_VALUE;
    }
  }
  fm__chain_power(out, probability, n, steps);
  return FM_OK;
}
