/* retention.survival: Kaplan-Meier by group as a mergeable tally. */
#include "flexmetrics/retention.h"
#include "retention/curve_priv.h"
#include "retention/follow_priv.h"
#include "retention/retention_priv.h"

#include <math.h>
#include <string.h>

typedef struct survival_state {
  fm_retention_survival_spec spec; /* texts point to those of the follow-up and the copy */
  char *definition;
  fm__follow *follow;
} survival_state;

static const fm_retention_survival_spec defaults = FM_RETENTION_SURVIVAL_SPEC_INIT;

void fm_retention_survival_spec_init(fm_retention_survival_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

static void destroy(void *state)
{
  survival_state *s = state;
  if (s == NULL)
    return;
  fm__follow_destroy(s->follow);
  fm__free(s->definition);
  fm__free(s);
}

static fm_status add(void *state, const fm_table *frame, const fm_run *run, fm_error *err)
{
  return fm__follow_add(((survival_state *)state)->follow, frame, run, err);
}

static fm_status merge(void *state, const void *other, fm_error *err)
{
  return fm__follow_merge(((survival_state *)state)->follow, ((const survival_state *)other)->follow, err);
}

static fm_status save(void *state, fm__bytes *b, fm_error *err)
{
  return fm__follow_save(((survival_state *)state)->follow, b, err);
}

static fm_status load(void *state, fm__reader *r, fm_error *err)
{
  return fm__follow_load(((survival_state *)state)->follow, r, err);
}

static bool is_empty(const void *state)
{
  return fm__follow_is_empty(((const survival_state *)state)->follow);
}

/* ---- result ---- */
static void add_quantile(fm__result *r, const survival_state *s, const fm__step *steps, size_t n, const char *name,
                         double p)
{
  fm__figure f = fm__figure_of(name, "days");
  fm__steps_quantile(steps, n, p, &f.value, &f.ci_low, &f.ci_high);
  f.level = s->spec.level;
  f.n = 0;
  for (size_t k = 0; k < n; k++)
    f.n += steps[k].rows_event + steps[k].rows_censor;
  if (n == 0)
    f.state = FM__EMPTY;
  else if (isnan(f.value))
    f.state = FM__UNDEFINED;
  fm__result_add(r, &f);
}

static void add_count(fm__result *r, const char *name, double value, int64_t rows, bool weighted)
{
  fm__figure f = fm__figure_of(name, "count");
  f.value = value;
  f.n = rows;
  f.weight = weighted ? value : NAN;
  fm__result_add(r, &f);
}

static void add_step(fm__result *r, const survival_state *s, const fm__step *step)
{
  bool weighted = s->spec.weight != NULL;
  fm__figure f = fm__figure_of("survival", "share");
  f.value = step->survival;
  f.std_error = fm__step_error(step);
  f.ci_low = step->low;
  f.ci_high = step->high;
  f.level = s->spec.level;
  f.n = step->rows_risk;
  f.weight = weighted ? step->n_risk : NAN;
  fm__result_add(r, &f);
  add_count(r, "n_risk", step->n_risk, step->rows_risk, weighted);
  add_count(r, "n_event", step->n_event, step->rows_event, weighted);
  add_count(r, "n_censor", step->n_censor, step->rows_censor, weighted);
}

static fm_status add_group(fm__result *r, const survival_state *s, uint32_t group, int32_t *last, fm_error *err)
{
  const fm__groups *groups = fm__follow_groups(s->follow);
  fm__moments moments;
  fm__step *steps;
  size_t key = fm__groups_n_columns(groups);
  fm_status status = fm__follow_moments(&moments, s->follow, group, 0, err);
  if (status != FM_OK)
    return status;
  size_t n = moments.n;
  status = fm__steps_create(&steps, &moments, err);
  fm__moments_free(&moments);
  if (status != FM_OK)
    return status;
  fm__steps_limits(steps, n, s->spec.conf_type, s->spec.level);
  fm__result_group(r, groups, group);
  fm__result_key_null(r, key);
  add_quantile(r, s, steps, n, "median", 0.5);
  add_quantile(r, s, steps, n, "quartile_1", 0.25);
  add_quantile(r, s, steps, n, "quartile_3", 0.75);
  for (size_t k = 0; k < n && s->spec.curve != 0; k++) {
    if (steps[k].rows_event + steps[k].rows_censor == 0)
      continue; /* somebody enters, nothing happens */
    fm__result_key_i64(r, key, steps[k].time);
    add_step(r, s, &steps[k]);
  }
  if (n > 0 && steps[n - 1].time > *last)
    *last = steps[n - 1].time;
  fm__free(steps);
  return FM_OK;
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  const survival_state *s = state;
  const fm__key time_key = {fm__follow_time_column(s->follow), FM_I32};
  const fm__groups *groups = fm__follow_groups(s->follow);
  fm__result *r = NULL;
  int32_t last = -1;
  fm_status status = fm__follow_reduce(s->follow, err);
  if (status == FM_OK)
    status = fm__result_create_grouped(&r, "retention.survival", s->definition, groups, &time_key, 1, err);
  size_t n = fm__groups_count(groups);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    status = add_group(r, s, (uint32_t)i, &last, err);
    if (status == FM_OK)
      status = fm__run_progress(run, (double)(i + 1) / (double)n, err);
  }
  if (status != FM_OK) {
    fm__result_destroy(r);
    return status;
  }
  if (last >= 0) {
    char text[32];
    fm__print_f64(text, last);
    fm__result_note(r, "last_time", text);
  }
  return fm__result_finish(r, out, err);
}

static const fm__measure survival_measure = {
    .id = "retention.survival",
    .state_version = 2,
    .add = add,
    .merge = merge,
    .save = save,
    .load = load,
    .result = result,
    .is_empty = is_empty,
    .destroy = destroy,
};

/* ---- creating ---- */
static fm_status check_spec(const fm_retention_survival_spec *spec, fm_error *err)
{
  if (!(spec->level > 0 && spec->level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "retention.survival: level is expected between 0 and 1");
  if (spec->conf_type < FM__CONF_PLAIN || spec->conf_type > FM__CONF_ARCSIN)
    return fm__fail(err, FM_ERR_ARGUMENT, "retention.survival: conf_type is %d, expected 1 to 5", (int)spec->conf_type);
  if (spec->curve != 0 && spec->curve != 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "retention.survival: curve is %d, expected 0 or 1", (int)spec->curve);
  return FM_OK;
}

static fm_status state_create(survival_state **out, const fm_retention_survival_spec *spec, fm_error *err)
{
  survival_state *s = fm__array(1, sizeof *s);
  *out = NULL;
  if (s == NULL)
    return fm__no_memory(err);
  s->spec = *spec;
  fm__follow_spec follow = {.by = spec->by, .weight = spec->weight};
  fm_status status = fm__retention_text(&s->definition, spec->definition, defaults.definition, err);
  if (status == FM_OK)
    status = fm__follow_create(&s->follow, &follow, "retention.survival", err);
  if (status != FM_OK) {
    destroy(s);
    return status;
  }
  s->spec.by = fm__follow_spec_of(s->follow)->by;
  s->spec.weight = fm__follow_spec_of(s->follow)->weight;
  s->spec.definition = s->definition;
  *out = s;
  return FM_OK;
}

fm_status fm_retention_survival_tally(fm_tally **out, const fm_retention_survival_spec *spec, fm_error *err)
{
  fm_retention_survival_spec taken = defaults;
  survival_state *s = NULL;
  fm__bytes text = {0};
  *out = NULL;
  fm_status status = fm__spec_take(&taken, sizeof taken, spec, "fm_retention_survival_spec", err);
  if (status == FM_OK)
    status = check_spec(&taken, err);
  if (status == FM_OK)
    status = state_create(&s, &taken, err);
  if (status != FM_OK)
    return status;
  fm__spec_text_text(&text, "by", s->spec.by, defaults.by);
  fm__spec_text_text(&text, "weight", s->spec.weight, defaults.weight);
  fm__spec_text_text(&text, "definition", s->definition, defaults.definition);
  fm__spec_text_f64(&text, "level", s->spec.level, defaults.level);
  fm__spec_text_i64(&text, "conf_type", s->spec.conf_type, defaults.conf_type);
  fm__spec_text_i64(&text, "curve", s->spec.curve, defaults.curve);
  const char *spec_text = fm__spec_text_end(&text);
  status = spec_text != NULL ? fm__tally_create(out, &survival_measure, s, spec_text, err) : fm__no_memory(err);
  fm__bytes_free(&text);
  if (status != FM_OK)
    destroy(s);
  return status;
}

fm_status fm_retention_survival(fm_table **out, const fm_table *frame, const fm_retention_survival_spec *spec,
                                const fm_run *run, fm_error *err)
{
  fm_tally *t;
  *out = NULL;
  fm_status status = fm_retention_survival_tally(&t, spec, err);
  return status == FM_OK ? fm__tally_once(t, out, frame, run, err) : status;
}
