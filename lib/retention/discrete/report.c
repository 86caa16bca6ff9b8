/* Figures of one group: its life table, and the regression. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "num/num_priv.h"
#include "retention/discrete/discrete_priv.h"

#define SEPARATED "separated"
#define NOT_CONVERGED "not_converged"

enum { DF, P_VALUE }; /* added columns */

typedef struct report {
  fm__result *r;
  const fm__discrete_state *s;
  const fm__cox_group *g;
  fm__units units;
  fm__bands bands;
  fm__life_table table;
  fm__patterns cells;
  fm__discrete_fit fit;
  size_t key; /* the first after the groups */
  double z;
} report;

static fm__figure figure(const report *t, const char *quantity, const char *unit, double value)
{
  fm__figure f = fm__figure_of(quantity, unit);
  f.value = value;
  f.n = t->g->n_given;
  return f;
}

/* Limits on the scale of log odds; none at 0 and 1. */
static void limit(const report *t, fm__figure *f, double error)
{
  double v = f->value;
  f->std_error = error;
  if (!(v > 0 && v < 1) || isnan(error))
    return;
  double odds = fm__log(v) - fm__log1p(-v), reach = t->z * error / (v * (1 - v));
  f->level = t->s->spec.level;
  f->ci_low = 1 / (1 + fm__exp(reach - odds));
  f->ci_high = 1 / (1 + fm__exp(-odds - reach));
}

/* ---- life table ---- */

static void add_share(const report *t, const char *quantity, double value, double error, int64_t n)
{
  fm__figure f = figure(t, quantity, "share", value);
  f.n = n;
  if (isnan(value))
    f.state = FM__NOT_AT_RISK;
  else
    limit(t, &f, error);
  fm__result_add(t->r, &f);
}

static void add_causes(const report *t, size_t j)
{
  const fm__groups *set = fm__rows_ids(t->s->rows.rows, FM__COX_STRATA);
  double n = t->table.at_risk[j];
  for (size_t k = 0; k < t->table.n_causes; k++) {
    size_t length;
    const char *text = fm__groups_text(set, k, 0, &length);
    if (text == NULL) /* of rows that go on */
      continue;
    double h = n > 0 ? t->table.by_cause[j * t->table.n_causes + k] / n : NAN;
    fm__result_key_text(t->r, t->key + FM__DISCRETE_KEY_CAUSE, text, length);
    add_share(t, "cause_hazard", h, t->units.robust ? NAN : sqrt(h * (1 - h) / n), t->table.n[j]);
  }
  fm__result_key_null(t->r, t->key + FM__DISCRETE_KEY_CAUSE);
}

static void add_table(const report *t)
{
  const fm__life_table *l = &t->table;
  for (size_t j = 0; j < (size_t)t->units.n_periods; j++) {
    fm__result_key_i64(t->r, t->key + FM__DISCRETE_KEY_PERIOD, (int64_t)j + 1);
    fm__figure risk = figure(t, "at_risk", "count", l->at_risk[j]), exits = figure(t, "exits", "count", l->exits[j]);
    risk.n = exits.n = l->n[j];
    fm__result_add(t->r, &risk);
    fm__result_add(t->r, &exits);
    add_share(t, "hazard", l->hazard[j], l->hazard_error[j], l->n[j]);
    add_causes(t, j);
    add_share(t, "survival", l->survival[j], l->survival_error[j], l->n[j]);
  }
  fm__result_key_null(t->r, t->key + FM__DISCRETE_KEY_PERIOD);
}

/* ---- regression ---- */

static const char *state_of(int32_t state)
{
  return state == FM__COX_EMPTY       ? FM__EMPTY
         : state == FM__COX_SEPARATED ? SEPARATED
         : state == FM__COX_FITTED    ? FM__OK
                                      : NOT_CONVERGED;
}

/* `k` is the number of the parameter, -1: one that has no finite value whatever the covariates. */
static void add_term(const report *t, const char *name, int64_t k, bool ratio)
{
  static const char *const units[] = {"", "log_odds", "log_ratio", "normal"};
  const fm__discrete_fit *fit = &t->fit;
  int32_t link = t->s->spec.link;
  double value = k >= 0 ? fit->value[k] : NAN;
  fm__figure f = figure(t, "coefficient", units[link], value);
  f.state = k < 0 && fit->state != FM__COX_EMPTY ? SEPARATED : state_of(fit->state);
  if (k >= 0 && fit->state == FM__COX_SEPARATED && fit->endless[k] == 0)
    f.state = FM__UNDEFINED;
  fm__figure h = f;
  if (!isnan(value)) {
    double error = sqrt(fit->variance[(size_t)k * fit->m + (size_t)k]);
    f.std_error = error;
    f.ci_low = value - t->z * error;
    f.ci_high = value + t->z * error;
    f.level = h.level = t->s->spec.level;
    h.value = fm__exp(value);
    h.ci_low = fm__exp(f.ci_low);
    h.ci_high = fm__exp(f.ci_high);
    fm__result_more_f64(t->r, DF, 1);
    fm__result_more_f64(t->r, P_VALUE, fm__erfc(fabs(value) / error / sqrt(2)));
  }
  h.quantity = link == FM_RETENTION_LOGIT ? "odds_ratio" : "hazard_ratio";
  h.unit = "ratio";
  fm__result_key_text(t->r, t->key + FM__DISCRETE_KEY_TERM, name, strlen(name));
  fm__result_add(t->r, &f);
  if (ratio && link != FM_RETENTION_PROBIT)
    fm__result_add(t->r, &h);
}

static void add_bands(const report *t)
{
  for (size_t b = 0; b < t->bands.n; b++) {
    int32_t from = fm__bands_before(&t->bands, b) + 1, to = t->bands.last[b], place = t->cells.place[b];
    char name[48];
    if (place == 0)
      snprintf(name, sizeof name, "baseline");
    else if (to == from)
      snprintf(name, sizeof name, "period=%d", (int)from);
    else if (to == INT32_MAX)
      snprintf(name, sizeof name, "period=%d+", (int)from);
    else
      snprintf(name, sizeof name, "period=%d-%d", (int)from, (int)to);
    add_term(t, name, place, place != 0);
  }
}

static void chi_square(const report *t, const char *quantity, double value)
{
  fm__figure f = figure(t, quantity, "chi_square", value);
  double df = (double)t->cells.p;
  if (isnan(value))
    f.state = t->fit.state == FM__COX_FITTED ? FM__UNDEFINED : state_of(t->fit.state);
  fm__result_more_f64(t->r, DF, df);
  fm__result_more_f64(t->r, P_VALUE, isnan(value) ? NAN : fm__gamma_upper(df / 2, value > 0 ? value / 2 : 0));
  fm__result_add(t->r, &f);
}

static void plain(const report *t, const char *quantity, const char *unit, double value)
{
  fm__figure f = figure(t, quantity, unit, value);
  if (isnan(value))
    f.state = state_of(t->fit.state);
  fm__result_add(t->r, &f);
}

static void add_model(const report *t)
{
  const fm__patterns *c = &t->cells;
  fm__sum periods = {0};
  add_bands(t);
  for (size_t j = 0; j < c->p; j++)
    add_term(t, t->g->names[j], (int64_t)(c->n_fitted + j), true);
  fm__result_key_null(t->r, t->key + FM__DISCRETE_KEY_TERM);
  for (size_t b = 0; b < c->n_bands; b++)
    fm__sum_add(&periods, c->total[b]);
  chi_square(t, "likelihood_ratio", t->fit.likelihood_ratio);
  chi_square(t, "wald", t->fit.wald);
  plain(t, "log_likelihood_null", "log", t->fit.loglik_null);
  plain(t, "log_likelihood", "log", t->fit.loglik);
  plain(t, "person_periods", "count", fm__sum_value(&periods));
}

static fm_status regress(report *t, const fm_run *run, fm_error *err)
{
  fm_status status = fm__bands_create(&t->bands, t->s->bands, t->units.n_periods, err);
  if (status == FM_OK)
    status = fm__patterns_create(&t->cells, &t->units, &t->bands, err);
  if (status == FM_OK)
    status = fm__discrete_fit_run(&t->fit, &t->cells, &t->units, &t->bands, t->s->spec.link, run, err);
  if (status == FM_OK)
    add_model(t);
  return status;
}

static void add_counts(const report *t)
{
  fm__sum exits = {0};
  for (size_t j = 0; j < (size_t)t->units.n_periods; j++)
    fm__sum_add(&exits, t->table.exits[j]);
  fm__figure events = figure(t, "events", "count", fm__sum_value(&exits));
  fm__figure missing = figure(t, "rows_missing", "count", (double)t->g->n_missing);
  fm__result_add(t->r, &events);
  fm__result_add(t->r, &missing);
}

fm_status fm__discrete_report(fm__result *r, const void *state, const fm__cox_group *g, const fm_run *run,
                              fm_error *err)
{
  const fm__discrete_state *s = state;
  report t = {.r = r, .s = s, .g = g};
  t.key = fm__groups_n_columns(fm__rows_ids(s->rows.rows, FM__COX_BY));
  t.z = fm__normal_quantile(0.5 + s->spec.level / 2);
  for (size_t k = 0; k < FM__DISCRETE_KEYS; k++)
    fm__result_key_null(r, t.key + k);
  fm_status status = fm__units_create(&t.units, s, g, err);
  if (status == FM_OK)
    status = fm__life_table_create(&t.table, s, &t.units, run, err);
  if (status == FM_OK)
    add_table(&t);
  if (status == FM_OK && s->rows.terms.n > 0)
    status = regress(&t, run, err);
  if (status == FM_OK)
    add_counts(&t);
  fm__discrete_fit_free(&t.fit);
  fm__patterns_free(&t.cells);
  fm__bands_free(&t.bands);
  fm__life_table_free(&t.table);
  fm__units_free(&t.units);
  return status;
}
