/* What retention.survival tells: quantiles, figures at horizons, comparisons, the curve. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "retention/horizon_priv.h"
#include "retention/survival_priv.h"

enum { FEW_AT_RISK = 5 };

/* One group's curve and figures. */
typedef struct group_data {
  fm__curve curve;
  fm__followed rows; /* kept rows: none for Greenwood's variance */
  fm__presence presence;
  fm__estimates estimates;
} group_data;

typedef struct output {
  const fm__survival *s;
  fm__result *result;
  fm__horizon *horizons; /* of all figures, survival first */
  size_t n_horizons, time_key, reference;
  group_data base; /* of the reference */
  double z;
  int64_t n_few;
  int32_t last, common; /* last times; common: the smallest of the groups, negative without any */
} output;

static void group_close(group_data *g)
{
  fm__estimates_free(&g->estimates);
  fm__presence_free(&g->presence);
  fm__followed_free(&g->rows);
  fm__curve_free(&g->curve);
}

static fm_status open_curve(fm__curve *out, const fm__survival *s, uint32_t group, fm_error *err)
{
  fm__moments moments;
  fm_status status = fm__follow_moments(&moments, s->follow, group, 0, err);
  if (status != FM_OK)
    return status;
  status = fm__curve_create(out, &moments, s->spec.estimator, s->spec.start_time, err);
  fm__moments_free(&moments);
  return status;
}

static fm_status group_open(group_data *g, const output *o, uint32_t group, fm_error *err)
{
  const fm__survival *s = o->s;
  bool kept = fm__follow_spec_of(s->follow)->keep;
  *g = (group_data){0};
  fm_status status = open_curve(&g->curve, s, group, err);
  if (status == FM_OK && kept)
    status = fm__follow_rows(&g->rows, s->follow, group, err);
  if (status == FM_OK && kept)
    status = fm__presence_create(&g->presence, &g->curve, &g->rows, err);
  if (status == FM_OK && kept)
    status = fm__robust_errors(&g->curve, &g->presence, err);
  if (status == FM_OK)
    status =
        fm__estimates_create(&g->estimates, &g->curve, kept ? &g->presence : NULL, o->horizons, o->n_horizons, err);
  if (status != FM_OK) {
    group_close(g);
    return status;
  }
  fm__steps_limits(g->curve.steps, g->curve.n, s->spec.conf_type, s->spec.level);
  return FM_OK;
}

/* ---- figures of one group ---- */

static void add_quantile(const output *o, const group_data *g, double p)
{
  char name[48] = "quantile_";
  if (p == 0.25 || p == 0.5 || p == 0.75)
    snprintf(name, sizeof name, "%s", p == 0.5 ? "median" : p < 0.5 ? "quartile_1" : "quartile_3");
  else
    fm__print_f64(name + strlen(name), p);
  fm__figure f = fm__figure_of(name, o->s->spec.clock);
  fm__steps_quantile(g->curve.steps, g->curve.n, p, &f.value, &f.ci_low, &f.ci_high);
  f.level = o->s->spec.level;
  f.n = g->curve.rows;
  if (g->rows.clustered && strcmp(o->s->spec.cluster, "person_id") == 0)
    f.people = (int64_t)g->rows.n_clusters;
  if (g->curve.n == 0)
    f.state = FM__EMPTY;
  else if (isnan(f.value))
    f.state = FM__UNDEFINED;
  fm__result_add(o->result, &f);
}

/* The median comes first where it is asked for. */
static void add_quantiles(const output *o, const group_data *g)
{
  const fm__numbers *q = &o->s->quantiles;
  fm__result_key_null(o->result, o->time_key);
  for (size_t k = 0; k < q->n; k++)
    if (q->of[k] == 0.5)
      add_quantile(o, g, q->of[k]);
  for (size_t k = 0; k < q->n; k++)
    if (q->of[k] != 0.5)
      add_quantile(o, g, q->of[k]);
}

static fm__figure figure_at(const output *o, const char *quantity, const char *unit, double value, double variance,
                            int64_t n)
{
  fm__figure f = fm__figure_of(quantity, unit);
  f.value = value;
  f.std_error = sqrt(variance);
  f.ci_low = value - o->z * f.std_error;
  f.ci_high = value + o->z * f.std_error;
  f.level = o->s->spec.level;
  f.n = n;
  return f;
}

static void add_estimates(const output *o, const group_data *g)
{
  for (size_t k = 0; k < o->n_horizons; k++) {
    const fm__estimate *e = &g->estimates.of[k];
    bool mean = o->horizons[k].what == FM__RESTRICTED_MEAN;
    double tau = o->horizons[k].time;
    fm__figure f = figure_at(o, mean ? "rmst" : "survival_at", mean ? o->s->spec.clock : "share", e->value, e->variance,
                             e->n_risk);
    if (mean) {
      f.n = g->curve.rows;
      f.ci_low = f.ci_low > 0 ? f.ci_low : 0;
      f.ci_high = f.ci_high < tau ? f.ci_high : tau;
    } else {
      fm__survival_limits(e->value, e->log_error, o->s->spec.conf_type, o->z, &f.ci_low, &f.ci_high);
      if (fm__curve_steps_to(&g->curve, o->horizons[k].time) == 0)
        f.ci_low = f.ci_high = 1; /* before anything happens */
    }
    f.state = e->beyond ? FM__CENSORED : FM__OK;
    if (g->curve.n == 0) {
      f.value = f.std_error = f.ci_low = f.ci_high = NAN;
      f.state = FM__EMPTY;
    }
    fm__result_key_i64(o->result, o->time_key, o->horizons[k].time);
    fm__result_add(o->result, &f);
  }
}

/* ---- comparisons ---- */

static const char *state_of_pair(const output *o, const group_data *g, size_t k)
{
  if (g->curve.n == 0 || o->base.curve.n == 0)
    return FM__EMPTY;
  return g->estimates.of[k].beyond || o->base.estimates.of[k].beyond ? FM__CENSORED : FM__OK;
}

/* Limits of a ratio are those of its logarithm, whose variance is that of the two logarithms (delta method). */
static fm__figure ratio_of(const output *o, const group_data *g, size_t k, const char *quantity)
{
  const fm__estimate *a = &g->estimates.of[k], *b = &o->base.estimates.of[k];
  fm__figure f = fm__figure_of(quantity, "ratio");
  f.level = o->s->spec.level;
  f.n = g->curve.rows;
  f.state = state_of_pair(o, g, k);
  if (!(a->value > 0 && b->value > 0)) {
    f.state = FM__UNDEFINED;
    return f;
  }
  double covariance = fm__estimates_covariance(&g->estimates, &o->base.estimates, k);
  double variance =
      a->variance / a->value / a->value + b->variance / b->value / b->value - 2 * covariance / a->value / b->value;
  double error = sqrt(variance > 0 ? variance : 0);
  f.value = a->value / b->value;
  f.std_error = f.value * error;
  f.ci_low = f.value * fm__exp(-o->z * error);
  f.ci_high = f.value * fm__exp(o->z * error);
  return f;
}

static fm__figure difference_of(const output *o, const group_data *g, size_t k, const char *quantity, const char *unit)
{
  const fm__estimate *a = &g->estimates.of[k], *b = &o->base.estimates.of[k];
  double variance = a->variance + b->variance - 2 * fm__estimates_covariance(&g->estimates, &o->base.estimates, k);
  fm__figure f = figure_at(o, quantity, unit, a->value - b->value, variance < 0 ? 0 : variance, g->curve.rows);
  f.state = state_of_pair(o, g, k);
  return f;
}

static void add_comparisons(const output *o, const group_data *g)
{
  for (size_t k = 0; k < o->n_horizons; k++) {
    bool mean = o->horizons[k].what == FM__RESTRICTED_MEAN;
    fm__figure pair[] = {
        difference_of(o, g, k, mean ? "rmst_difference" : "survival_difference", mean ? o->s->spec.clock : "share"),
        ratio_of(o, g, k, mean ? "rmst_ratio" : "survival_ratio")};
    fm__result_key_i64(o->result, o->time_key, o->horizons[k].time);
    for (size_t i = 0; i < FM__COUNT(pair); i++) {
      if (strcmp(state_of_pair(o, g, k), FM__EMPTY) == 0) {
        pair[i].value = pair[i].std_error = pair[i].ci_low = pair[i].ci_high = NAN;
        pair[i].state = FM__EMPTY;
      }
      fm__result_add(o->result, &pair[i]);
    }
  }
}

/* ---- the curve ---- */

static void add_count(const output *o, const char *name, double value, int64_t rows)
{
  fm__figure f = fm__figure_of(name, "count");
  f.value = value;
  f.n = rows;
  f.weight = o->s->spec.weight != NULL ? value : NAN;
  fm__result_add(o->result, &f);
}

static void add_step(const output *o, const fm__step *step)
{
  const fm_retention_survival_spec *spec = &o->s->spec;
  fm__figure f = fm__figure_of("survival", "share");
  f.value = step->survival;
  f.std_error = fm__step_error(step);
  f.ci_low = step->low;
  f.ci_high = step->high;
  f.level = spec->level;
  f.n = step->rows_risk;
  f.weight = spec->weight != NULL ? step->n_risk : NAN;
  fm__result_add(o->result, &f);
  if (spec->hazard != 0) {
    double weight = f.weight;
    double variance = step->hazard_error * step->hazard_error;
    f = figure_at(o, "cumulative_hazard", "hazard", step->hazard, variance, step->rows_risk);
    f.std_error = step->hazard_error;
    f.ci_low = f.ci_low > 0 ? f.ci_low : 0;
    f.weight = weight;
    fm__result_add(o->result, &f);
  }
  add_count(o, "n_risk", step->n_risk, step->rows_risk);
  add_count(o, "n_event", step->n_event, step->rows_event);
  add_count(o, "n_censor", step->n_censor, step->rows_censor);
}

static void add_curve(output *o, const group_data *g)
{
  for (size_t k = 0; k < g->curve.n; k++) {
    const fm__step *step = &g->curve.steps[k];
    o->n_few += step->rows_event > 0 && step->rows_risk < FEW_AT_RISK;
    if (o->s->spec.curve == 0 || step->rows_event + step->rows_censor == 0)
      continue; /* somebody enters, nothing happens */
    fm__result_key_i64(o->result, o->time_key, step->time);
    add_step(o, step);
  }
  if (g->curve.n > 0 && g->curve.steps[g->curve.n - 1].time > o->last)
    o->last = g->curve.steps[g->curve.n - 1].time;
}

static fm_status add_group(output *o, uint32_t group, fm_error *err)
{
  group_data g;
  fm_status status = group_open(&g, o, group, err);
  if (status != FM_OK)
    return status;
  fm__result_group(o->result, fm__follow_groups(o->s->follow), group);
  add_quantiles(o, &g);
  add_estimates(o, &g);
  if (o->s->reference != NULL && group != o->reference)
    add_comparisons(o, &g);
  add_curve(o, &g);
  group_close(&g);
  return FM_OK;
}

/* ---- what is the same for all groups ---- */

/* Key texts of a group, separated by commas, are `text`. */
static bool is_group(const fm__groups *groups, size_t group, const char *text)
{
  for (size_t k = 0; k < fm__groups_n_columns(groups); k++) {
    size_t length = 0;
    const char *key = fm__groups_text(groups, group, k, &length);
    if (k > 0 && *text++ != ',')
      return false;
    if (key != NULL && strncmp(text, key, length) != 0)
      return false;
    text += length;
  }
  return *text == '\0';
}

static fm_status find_reference(output *o, fm_error *err)
{
  const fm__groups *groups = fm__follow_groups(o->s->follow);
  size_t n = fm__groups_count(groups);
  if (o->s->reference == NULL || n == 0)
    return FM_OK;
  while (o->reference < n && !is_group(groups, o->reference, o->s->reference))
    o->reference++;
  if (o->reference < n)
    return FM_OK;
  return fm__fail(err, FM_ERR_NOT_FOUND, "retention.survival: reference is \"%s\", expected the key texts of a group",
                  o->s->reference);
}

/* The smallest of the last times of groups that have rows. */
static fm_status find_common(output *o, fm_error *err)
{
  size_t n = fm__groups_count(fm__follow_groups(o->s->follow));
  fm_status status = FM_OK;
  o->common = -1;
  for (uint32_t g = 0; g < n && status == FM_OK; g++) {
    fm__curve curve;
    status = open_curve(&curve, o->s, g, err);
    if (status != FM_OK)
      return status;
    int32_t last = curve.n > 0 ? curve.steps[curve.n - 1].time : -1;
    if (last >= 0 && (o->common < 0 || last < o->common))
      o->common = last;
    fm__curve_free(&curve);
  }
  return status;
}

static fm_status list_horizons(output *o, fm_error *err)
{
  const fm__survival *s = o->s;
  size_t n_taus = s->spec.rmst == 0 ? 0 : s->taus.n > 0 ? s->taus.n : 1;
  fm_status status = n_taus > 0 && s->taus.n == 0 ? find_common(o, err) : FM_OK;
  if (status != FM_OK)
    return status;
  o->horizons = fm__array(s->times.n + n_taus, sizeof *o->horizons);
  if (o->horizons == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < s->times.n; k++)
    o->horizons[o->n_horizons++] = (fm__horizon){FM__SURVIVAL_AT, (int32_t)s->times.of[k]};
  for (size_t k = 0; k < n_taus; k++) {
    int32_t tau = s->taus.n > 0 ? (int32_t)s->taus.of[k] : o->common;
    if (tau >= 0)
      o->horizons[o->n_horizons++] = (fm__horizon){FM__RESTRICTED_MEAN, tau};
  }
  return FM_OK;
}

static void add_notes(const output *o)
{
  char text[32];
  if (o->last >= 0) {
    fm__print_f64(text, o->last);
    fm__result_note(o->result, "last_time", text);
  }
  if (o->n_few > 0) {
    fm__print_f64(text, (double)o->n_few);
    fm__result_note(o->result, "few_at_risk", text);
  }
}

/* The reference's key texts as they are in the data. */
static fm_status note_reference(const output *o, fm_error *err)
{
  const fm__groups *groups = fm__follow_groups(o->s->follow);
  fm__bytes b = {0};
  for (size_t k = 0; k < fm__groups_n_columns(groups); k++) {
    size_t length = 0;
    const char *key = fm__groups_text(groups, o->reference, k, &length);
    if (k > 0)
      fm__bytes_raw(&b, ",", 1);
    if (key != NULL)
      fm__bytes_raw(&b, key, length);
  }
  fm__bytes_u8(&b, 0);
  fm_status status = b.failed ? fm__no_memory(err) : FM_OK;
  if (status == FM_OK)
    fm__result_note(o->result, "reference", (const char *)b.data);
  fm__bytes_free(&b);
  return status;
}

static fm_status open_output(output *o, fm_error *err)
{
  const fm__survival *s = o->s;
  const fm__groups *groups = fm__follow_groups(s->follow);
  const fm__key time_key = {fm__follow_time_column(s->follow), FM_I32};
  fm_status status = find_reference(o, err);
  if (status == FM_OK)
    status = list_horizons(o, err);
  if (status == FM_OK)
    status = fm__result_create_grouped(&o->result, s->indicator, s->definition, groups, &time_key, 1, err);
  if (status == FM_OK && s->reference != NULL && fm__groups_count(groups) > 0) {
    status = group_open(&o->base, o, (uint32_t)o->reference, err);
    if (status == FM_OK)
      status = note_reference(o, err);
  }
  return status;
}

fm_status fm__survival_result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  const fm__survival *s = state;
  output o = {.s = s, .last = -1, .z = fm__normal_quantile(0.5 + s->spec.level / 2)};
  fm_status status = fm__follow_reduce(s->follow, err);
  size_t n = status == FM_OK ? fm__groups_count(fm__follow_groups(s->follow)) : 0;
  o.time_key = fm__groups_n_columns(fm__follow_groups(s->follow));
  if (status == FM_OK)
    status = open_output(&o, err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    status = add_group(&o, (uint32_t)i, err);
    if (status == FM_OK)
      status = fm__run_progress(run, (double)(i + 1) / (double)n, err);
  }
  fm__free(o.horizons);
  group_close(&o.base);
  if (status != FM_OK) {
    fm__result_destroy(o.result);
    return status;
  }
  add_notes(&o);
  return fm__result_finish(o.result, out, err);
}
