/* Life table: who is at risk in each period, who leaves, and how sure that is. */
#include <math.h>

#include "num/num_priv.h"
#include "retention/discrete/discrete_priv.h"

void fm__life_table_free(fm__life_table *t)
{
  void *const all[] = {t->at_risk,  t->exits,          t->hazard,   t->hazard_error,
                       t->survival, t->survival_error, t->by_cause, t->n};
  for (size_t k = 0; k < FM__COUNT(all); k++)
    fm__free(all[k]);
  *t = (fm__life_table){.n_causes = 0};
}

/* ---- counting ---- */

/* Sums of weights that begin to be at risk in a period and leave it after; exact, so that a table whose rows all left
 * is empty to the last bit. */
static fm_status count(fm__life_table *t, const fm__units *u, fm_error *err)
{
  const fm__cox_group *g = u->g;
  size_t n = (size_t)u->n_periods;
  fm__sum *change = fm__array(n + 1, sizeof *change), *left = fm__array(n + 1, sizeof *left);
  int64_t *people = fm__array(n + 2, sizeof *people);
  bool made = change != NULL && left != NULL && people != NULL;
  for (size_t i = 0; made && i < g->n; i++) {
    double w = u->weight[i] * u->times[i];
    size_t entry = (size_t)g->entry[i], time = (size_t)g->time[i];
    fm__sum_add(&change[time - 1], w); /* from the last period backwards */
    if (entry > 0)
      fm__sum_add(&change[entry - 1], -w);
    people[time - 1] += (int64_t)u->times[i];
    if (entry > 0)
      people[entry - 1] -= (int64_t)u->times[i];
    if (g->event[i] == 0)
      continue;
    fm__sum_add(&left[time - 1], w);
    if (t->by_cause != NULL)
      t->by_cause[(time - 1) * t->n_causes + (size_t)g->stratum[i]] += w;
  }
  fm__sum sum = {0};
  int64_t there = 0;
  for (size_t j = n; made && j-- > 0;) {
    fm__sum_merge(&sum, &change[j]);
    there += people[j];
    t->n[j] = there;
    t->at_risk[j] = there > 0 ? fm__sum_value(&sum) : 0;
    t->exits[j] = fm__sum_value(&left[j]);
  }
  fm__free(change);
  fm__free(left);
  fm__free(people);
  return made ? FM_OK : fm__no_memory(err);
}

/* ---- hazards, survival, errors of independent rows ---- */

static void derive(fm__life_table *t, size_t n)
{
  double survival = 1, greenwood = 0;
  for (size_t j = 0; j < n; j++) {
    double risk = t->at_risk[j], h = risk > 0 ? t->exits[j] / risk : NAN;
    h = h > 1 ? 1 : h; /* a rounding of equal sums */
    t->hazard[j] = h;
    t->hazard_error[j] = sqrt(h * (1 - h) / risk);
    survival = survival > 0 ? survival * (1 - h) : survival; /* NaN after a period that nobody was seen in */
    greenwood += h / (risk * (1 - h));
    t->survival[j] = survival;
    t->survival_error[j] = survival > 0 ? survival * sqrt(greenwood) : NAN;
  }
}

/* ---- errors by the scores of units ---- */

/* In period j the score of a piece is w (exit - h); the log of survival moves by minus that over N (1 - h), and by the
 * sum of these over the periods so far. */
static fm_status robust_errors(fm__life_table *t, const fm__units *u, const fm_run *run, fm_error *err)
{
  const fm__cox_group *g = u->g;
  double *now = fm__array(u->n, sizeof *now), *so_far = fm__array(u->n, sizeof *so_far);
  fm_status status = now != NULL && so_far != NULL ? FM_OK : fm__no_memory(err);
  for (size_t j = 0; j < (size_t)u->n_periods && status == FM_OK; j++) {
    double h = t->hazard[j], n = t->at_risk[j];
    fm__sum hazard = {0}, survival = {0};
    for (size_t k = 0; k < u->n; k++)
      now[k] = 0;
    for (size_t i = 0; i < g->n; i++)
      if ((size_t)g->entry[i] <= j && j < (size_t)g->time[i])
        now[u->of[i]] += u->inner[i] * u->weight[i] * ((g->event[i] && (size_t)g->time[i] == j + 1) - h);
    for (size_t k = 0; k < u->n; k++) {
      so_far[k] += now[k] / (n * (1 - h));
      fm__sum_add(&hazard, u->square[k] * now[k] * now[k]);
      fm__sum_add(&survival, u->square[k] * so_far[k] * so_far[k]);
    }
    t->hazard_error[j] = sqrt(fm__sum_value(&hazard)) / n;
    t->survival_error[j] = t->survival[j] > 0 ? t->survival[j] * sqrt(fm__sum_value(&survival)) : NAN;
    status = fm__run_progress(run, (double)j / (double)u->n_periods / 2, err);
  }
  fm__free(now);
  fm__free(so_far);
  return status;
}

fm_status fm__life_table_create(fm__life_table *t, const fm__discrete_state *s, const fm__units *u, const fm_run *run,
                                fm_error *err)
{
  size_t n = (size_t)u->n_periods;
  const fm__groups *causes = fm__rows_ids(s->rows.rows, FM__COX_STRATA);
  *t = (fm__life_table){.n_causes = s->spec.cause != NULL ? fm__groups_count(causes) : 0};
  double **of[] = {&t->at_risk, &t->exits, &t->hazard, &t->hazard_error, &t->survival, &t->survival_error};
  bool made = true;
  for (size_t k = 0; k < FM__COUNT(of); k++) {
    *of[k] = fm__array(n, sizeof(double));
    made = made && *of[k] != NULL;
  }
  t->n = fm__array(n, sizeof *t->n);
  if (t->n_causes > 0)
    t->by_cause = fm__array(n * t->n_causes, sizeof(double));
  made = made && t->n != NULL && (t->n_causes == 0 || t->by_cause != NULL);
  fm_status status = made ? count(t, u, err) : fm__no_memory(err);
  if (status == FM_OK)
    derive(t, n);
  if (status == FM_OK && u->robust)
    status = robust_errors(t, u, run, err);
  if (status != FM_OK)
    fm__life_table_free(t);
  return status;
}
