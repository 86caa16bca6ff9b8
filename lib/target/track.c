/* target.track: goals from single starts or from dated cumulative counts. */
#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "tally/tally_priv.h"
#include "target/track_priv.h"

static const fm_target_track_spec defaults = FM_TARGET_TRACK_SPEC_INIT;

static void free_goals(fm__facts *goals, size_t n)
{
  for (size_t i = 0; i < n; i++)
    fm__facts_free(&goals[i]);
  fm__free(goals);
}

static void destroy(void *state)
{
  fm__track *t = state;
  if (t == NULL)
    return;
  fm__groups_destroy(t->groups);
  free_goals(t->goals, t->n);
  fm__free(t->scenarios);
  fm__free(t->scenario_text);
  fm__free(t);
}

static bool is_empty(const void *state)
{
  return ((const fm__track *)state)->n == 0;
}

/* ---- taking facts about one goal, in any order ---- */

static fm_status disagree(const fm__track *t, size_t g, const char *what, fm_error *err)
{
  size_t length;
  const char *id = fm__groups_text(t->groups, g, 0, &length);
  return fm__fail(err, FM_ERR_VALUE, "goal %.*s has %s; one was expected", (int)length, id, what);
}

fm_status fm__track_take(fm__track *t, size_t group, const fm__facts *from, bool once, fm_error *err)
{
  const char *why;
  while (t->n <= group)
    t->goals[t->n++] = (fm__facts){0};
  fm_status status = fm__facts_merge(&t->goals[group], from, once, &why);
  if (status != FM_OK)
    return fm__no_memory(err);
  return why != NULL ? disagree(t, group, why, err) : FM_OK;
}

static fm_status merge(void *state, const void *other, fm_error *err)
{
  fm__track *t = state;
  const fm__track *o = other;
  uint32_t *map = NULL;
  size_t before = fm__groups_count(t->groups);
  fm_status status = fm__groups_absorb(t->groups, o->groups, &map, err);
  if (status != FM_OK)
    return status;
  /* Into copies, so that a failure leaves the state as it was. */
  fm__track made = *t;
  made.n = 0;
  made.capacity = fm__groups_count(t->groups);
  made.goals = fm__array(made.capacity, sizeof *made.goals);
  if (made.goals == NULL)
    status = fm__no_memory(err);
  for (size_t i = 0; i < t->n && status == FM_OK; i++) {
    if (fm__facts_copy(&made.goals[i], &t->goals[i]))
      made.n++;
    else
      status = fm__no_memory(err);
  }
  for (size_t i = 0; i < o->n && status == FM_OK; i++)
    status = fm__track_take(&made, map[i], &o->goals[i], false, err);
  if (status == FM_OK) {
    free_goals(t->goals, t->n);
    *t = made;
  } else {
    free_goals(made.goals, made.n);
    fm__groups_truncate(t->groups, before);
  }
  fm__free(map);
  return status;
}

static const fm__measure measure;

static fm_status add(void *state, const fm_table *frame, const fm_run *run, fm_error *err)
{
  (void)run;
  const fm__track *t = state;
  return fm__measure_add_apart(state, &measure, &t->spec, fm__track_rows, frame, err);
}

static fm_status save(void *state, fm__bytes *b, fm_error *err)
{
  const fm__track *t = state;
  uint32_t *order;
  fm_status status = fm__groups_order(t->groups, &order, err);
  if (status != FM_OK)
    return status;
  fm__groups_save(t->groups, order, b);
  for (size_t i = 0; i < t->n; i++)
    fm__facts_save(&t->goals[order[i]], b);
  fm__free(order);
  return FM_OK;
}

static fm_status load(void *state, fm__reader *r, fm_error *err)
{
  fm__track *t = state;
  fm_status status = fm__groups_load(t->groups, r, err);
  if (status != FM_OK)
    return status;
  size_t n = fm__groups_count(t->groups);
  if (!fm__grow((void **)&t->goals, &t->capacity, n, sizeof *t->goals))
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++) {
    status = fm__facts_load(&t->goals[t->n], r);
    if (status == FM_ERR_MEMORY)
      return fm__no_memory(err);
    if (status != FM_OK)
      return fm__fail(err, FM_ERR_FORMAT, "the saved tally of target.track is damaged: goal %zu is impossible", i);
    t->n++;
  }
  return FM_OK;
}

/* ---- the spec ---- */

static fm_status check(const fm_target_track_spec *s, fm_error *err)
{
  if (!(s->level > 0 && s->level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "level: expected a number between 0 and 1");
  if (!(s->prior_shape > 0) || isinf(s->prior_shape) || !(s->prior_days >= 0) || isinf(s->prior_days))
    return fm__fail(err, FM_ERR_ARGUMENT, "prior: expected a shape above 0 and days of at least 0");
  if (!(s->behind >= 0 && s->behind <= s->on_course && s->on_course <= 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "verdicts: expected 0 <= behind <= on_course <= 1");
  if (!(s->prior_years >= 0 && s->prior_years <= 100))
    return fm__fail(err, FM_ERR_ARGUMENT, "prior_years: expected a number from 0 to 100");
  if (s->private_share != -1 && !(s->private_share >= 0 && s->private_share <= 1))
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "private_share: expected a share from 0 to 1, such as 0.80 for 80 per cent, or -1 for none");
  if (s->season < FM_TARGET_DAYS || s->season > FM_TARGET_SEASON)
    return fm__fail(err, FM_ERR_ARGUMENT, "season: expected 0, 1 or 2; found %d", (int)s->season);
  if (s->late_months < 0 || s->late_months > 12)
    return fm__fail(err, FM_ERR_ARGUMENT, "late_months: expected 0 to 12; found %d", (int)s->late_months);
  return FM_OK;
}

static const fm__field fields[] = {FM__FIELD(fm_target_track_spec, level, FM__FIELD_F64),
                                   FM__FIELD(fm_target_track_spec, prior_shape, FM__FIELD_F64),
                                   FM__FIELD(fm_target_track_spec, prior_days, FM__FIELD_F64),
                                   FM__FIELD(fm_target_track_spec, on_course, FM__FIELD_F64),
                                   FM__FIELD(fm_target_track_spec, behind, FM__FIELD_F64),
                                   FM__FIELD(fm_target_track_spec, as_of, FM__FIELD_I32),
                                   FM__FIELD(fm_target_track_spec, net, FM__FIELD_I32),
                                   FM__FIELD(fm_target_track_spec, prior_years, FM__FIELD_F64),
                                   FM__FIELD(fm_target_track_spec, private_share, FM__FIELD_F64),
                                   FM__FIELD(fm_target_track_spec, scenarios, FM__FIELD_TEXT),
                                   FM__FIELD(fm_target_track_spec, season, FM__FIELD_I32),
                                   FM__FIELD(fm_target_track_spec, dispersion, FM__FIELD_I32),
                                   FM__FIELD(fm_target_track_spec, months, FM__FIELD_I32),
                                   FM__FIELD(fm_target_track_spec, late_months, FM__FIELD_I32)};

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  (void)text;
  fm__track *t = state;
  t->spec = *(const fm_target_track_spec *)spec;
  fm_status status = check(&t->spec, err);
  if (status == FM_OK && t->spec.scenarios != NULL) {
    t->scenario_text = fm__copy_text(t->spec.scenarios, strlen(t->spec.scenarios));
    status = t->scenario_text == NULL ? fm__no_memory(err) : FM_OK;
    t->spec.scenarios = t->scenario_text;
  }
  if (status == FM_OK)
    status = fm__scenarios_read(&t->scenarios, &t->n_scenarios, t->scenario_text, err);
  return status == FM_OK ? fm__groups_create(&t->groups, "goal_id", err) : status;
}

static const fm__measure measure = {.id = "target.track",
                                    .state_version = 2,
                                    FM__MEASURE_OPENS(fm_target_track_spec, fm__track),
                                    .add = add,
                                    .merge = merge,
                                    .save = save,
                                    .load = load,
                                    .result = fm__track_result,
                                    .is_empty = is_empty,
                                    .destroy = destroy};

FM__MEASURE_FUNCTIONS(fm_target_track)
