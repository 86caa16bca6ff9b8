/* target.track: goals from single starts or from dated cumulative counts. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "flexmetrics/calendar.h"
#include "num/num_priv.h"
#include "tally/tally_priv.h"
#include "target/track_priv.h"

typedef struct goal {
  double goal;
  int32_t start, deadline;                      /* deadline: last day */
  int32_t as_of;                                /* of the newest count; FM_NO_DATE: none */
  int64_t done, is_private, employers;          /* of the newest count; -1 unknown */
  int64_t starts, starts_private, starts_known; /* single starts; with a known sector */
} goal;

typedef struct track {
  fm_target_track_spec spec;
  fm__groups *groups;
  goal *goals;
  size_t n, capacity;
} track;

static const fm_target_track_spec defaults = FM_TARGET_TRACK_SPEC_INIT;

void fm_target_track_spec_init(fm_target_track_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

static void destroy(void *state)
{
  track *t = state;
  if (t == NULL)
    return;
  fm__groups_destroy(t->groups);
  fm__free(t->goals);
  fm__free(t);
}

static bool is_empty(const void *state)
{
  return ((const track *)state)->n == 0;
}

/* ---- taking facts about one goal; both are order-free ---- */

static fm_status disagree(const track *t, size_t g, const char *what, fm_error *err)
{
  size_t length;
  const char *id = fm__groups_text(t->groups, g, 0, &length);
  return fm__fail(err, FM_ERR_VALUE, "goal %.*s has two different %s; one was expected", (int)length, id, what);
}

static fm_status take(track *t, size_t g, const goal *from, fm_error *err)
{
  if (g >= t->n) {
    t->goals[g] = *from;
    t->n = g + 1;
    return FM_OK;
  }
  goal *to = &t->goals[g];
  if (to->goal != from->goal || to->start != from->start || to->deadline != from->deadline)
    return disagree(t, g, "goals, starts or deadlines", err);
  if (from->as_of != FM_NO_DATE && from->as_of == to->as_of &&
      (from->done != to->done || from->is_private != to->is_private || from->employers != to->employers))
    return disagree(t, g, "counts for one day", err);
  if (from->as_of != FM_NO_DATE && (to->as_of == FM_NO_DATE || from->as_of > to->as_of)) {
    to->as_of = from->as_of;
    to->done = from->done;
    to->is_private = from->is_private;
    to->employers = from->employers;
  }
  to->starts += from->starts;
  to->starts_private += from->starts_private;
  to->starts_known += from->starts_known;
  return FM_OK;
}

/* ---- reading a frame ---- */

typedef struct columns {
  const fm_table *frame;
  size_t goal, start, deadline, as_of, done, is_private, employers;
} columns;

static fm_status find_columns(columns *c, const fm_table *frame, fm_error *err)
{
  const struct {
    const char *name;
    int32_t type;
    size_t *at;
  } wanted[] = {{"goal", FM_F64, &c->goal},          {"start", FM_DATE, &c->start}, {"deadline", FM_DATE, &c->deadline},
                {"as_of", FM_DATE, &c->as_of},       {"done", FM_I64, &c->done},    {"private", FM_I64, &c->is_private},
                {"employers", FM_I64, &c->employers}};
  fm_status status = FM_OK;
  c->frame = frame;
  for (size_t k = 0; k < FM__COUNT(wanted) && status == FM_OK; k++)
    status = fm__table_find(frame, wanted[k].name, wanted[k].type, wanted[k].at, err);
  return status;
}

static bool has(const columns *c, size_t column, size_t row)
{
  return fm__bit(fm_table_validity(c->frame, column), row);
}

static int64_t whole_or_unknown(const columns *c, size_t column, size_t row)
{
  return has(c, column, row) ? fm_table_i64(c->frame, column)[row] : -1;
}

static fm_status bad_row(const columns *c, size_t column, size_t row, const char *expected, fm_error *err)
{
  const char *name = fm_table_column_name(c->frame, column);
  fm__fail(err, FM_ERR_VALUE, "column %s, row %zu: expected %s", name, row, expected);
  fm__error_place(err, fm_table_name(c->frame), name, (int64_t)column, (int64_t)row, fm_table_line(c->frame, row));
  return FM_ERR_VALUE;
}

static fm_status read_row(goal *g, const columns *c, size_t row, fm_error *err)
{
  *g = (goal){.as_of = FM_NO_DATE, .is_private = -1, .employers = -1};
  if (!has(c, c->goal, row) || !(fm_table_f64(c->frame, c->goal)[row] > 0) ||
      isinf(fm_table_f64(c->frame, c->goal)[row]))
    return bad_row(c, c->goal, row, "a number above 0", err);
  if (!has(c, c->start, row))
    return bad_row(c, c->start, row, "a date", err);
  g->goal = fm_table_f64(c->frame, c->goal)[row];
  g->start = fm_table_i32(c->frame, c->start)[row];
  if (!has(c, c->deadline, row) || fm_table_i32(c->frame, c->deadline)[row] < g->start)
    return bad_row(c, c->deadline, row, "a date on or after the start", err);
  g->deadline = fm_table_i32(c->frame, c->deadline)[row];
  int64_t done = whole_or_unknown(c, c->done, row), part = whole_or_unknown(c, c->is_private, row);
  if (done < 0)
    return bad_row(c, c->done, row, "a whole number from 0", err);
  if (has(c, c->is_private, row) && (part < 0 || part > done))
    return bad_row(c, c->is_private, row, "a whole number from 0 to done", err);
  if (has(c, c->as_of, row)) {
    g->as_of = fm_table_i32(c->frame, c->as_of)[row];
    g->done = done;
    g->is_private = part;
    g->employers = whole_or_unknown(c, c->employers, row);
  } else {
    g->starts = done;
    g->starts_private = part > 0 ? part : 0;
    g->starts_known = part >= 0 ? done : 0;
  }
  return FM_OK;
}

static fm_status add_rows(void *fresh, const fm_table *frame, fm_error *err)
{
  track *t = fresh;
  columns c;
  uint32_t *group = NULL;
  fm_status status = find_columns(&c, frame, err);
  if (status == FM_OK)
    status = fm__groups_map(t->groups, frame, &group, err);
  if (status == FM_OK && !fm__grow((void **)&t->goals, &t->capacity, fm__groups_count(t->groups), sizeof *t->goals))
    status = fm__no_memory(err);
  for (size_t i = 0; i < fm_table_n_rows(frame) && status == FM_OK; i++) {
    goal g;
    status = read_row(&g, &c, i, err);
    /* A count of a day not yet reached is not known on the as-of day; the goal itself is. */
    if (status == FM_OK && t->spec.as_of != FM_NO_DATE && g.as_of != FM_NO_DATE && g.as_of > t->spec.as_of)
      g.as_of = FM_NO_DATE, g.done = 0, g.is_private = -1, g.employers = -1;
    if (status == FM_OK && fm__groups_text(t->groups, group[i], 0, NULL) == NULL)
      status = fm__fail(err, FM_ERR_VALUE, "column goal_id, row %zu: expected the id of a goal, the cell is empty", i);
    if (status == FM_OK)
      status = take(t, group[i], &g, err);
  }
  fm__free(group);
  return status;
}

static fm_status merge(void *state, const void *other, fm_error *err)
{
  track *t = state;
  const track *o = other;
  uint32_t *map = NULL;
  size_t before = fm__groups_count(t->groups), n = t->n;
  fm_status status = fm__groups_absorb(t->groups, o->groups, &map, err);
  if (status != FM_OK)
    return status;
  goal *kept = fm__array(t->capacity, sizeof *kept);
  if (kept == NULL || !fm__grow((void **)&t->goals, &t->capacity, fm__groups_count(t->groups), sizeof *t->goals)) {
    status = fm__no_memory(err);
  } else if (n > 0) {
    memcpy(kept, t->goals, n * sizeof *kept);
  }
  for (size_t i = 0; i < o->n && status == FM_OK; i++)
    status = take(t, map[i], &o->goals[i], err);
  if (status != FM_OK) {
    if (kept != NULL && n > 0)
      memcpy(t->goals, kept, n * sizeof *kept);
    t->n = n;
    fm__groups_truncate(t->groups, before);
  }
  fm__free(kept);
  fm__free(map);
  return status;
}

static const fm__measure measure;

static fm_status add(void *state, const fm_table *frame, const fm_run *run, fm_error *err)
{
  (void)run;
  const track *t = state;
  return fm__measure_add_apart(state, &measure, &t->spec, add_rows, frame, err);
}

static fm_status save(void *state, fm__bytes *b, fm_error *err)
{
  const track *t = state;
  uint32_t *order;
  fm_status status = fm__groups_order(t->groups, &order, err);
  if (status != FM_OK)
    return status;
  fm__groups_save(t->groups, order, b);
  for (size_t i = 0; i < t->n; i++) {
    const goal *g = &t->goals[order[i]];
    fm__bytes_f64(b, g->goal);
    const int64_t whole[] = {g->start,     g->deadline, g->as_of,          g->done,        g->is_private,
                             g->employers, g->starts,   g->starts_private, g->starts_known};
    for (size_t k = 0; k < FM__COUNT(whole); k++)
      fm__bytes_i64(b, whole[k]);
  }
  fm__free(order);
  return FM_OK;
}

static fm_status load(void *state, fm__reader *r, fm_error *err)
{
  track *t = state;
  fm_status status = fm__groups_load(t->groups, r, err);
  if (status != FM_OK)
    return status;
  size_t n = fm__groups_count(t->groups);
  if (!fm__grow((void **)&t->goals, &t->capacity, n, sizeof *t->goals))
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++) {
    goal g = {.goal = fm__read_f64(r)};
    int64_t days[3];
    for (size_t k = 0; k < 3; k++)
      days[k] = fm__read_i64(r);
    g.done = fm__read_i64(r);
    g.is_private = fm__read_i64(r);
    g.employers = fm__read_i64(r);
    g.starts = fm__read_i64(r);
    g.starts_private = fm__read_i64(r);
    g.starts_known = fm__read_i64(r);
    bool fits = !r->failed && g.goal > 0 && g.done >= 0 && g.starts >= 0 && g.starts_private >= 0 &&
                g.starts_private <= g.starts_known && g.starts_known <= g.starts && days[1] >= days[0];
    for (size_t k = 0; k < 3; k++)
      fits = fits && days[k] >= INT32_MIN && days[k] <= INT32_MAX;
    if (!fits)
      return fm__fail(err, FM_ERR_FORMAT, "the saved tally of target.track is damaged: goal %zu is impossible", i);
    g.start = (int32_t)days[0];
    g.deadline = (int32_t)days[1];
    g.as_of = (int32_t)days[2];
    t->goals[t->n++] = g;
  }
  return FM_OK;
}

/* ---- result ---- */

/* What is known of one goal on the day it is looked at. */
typedef struct known {
  double goal, done, elapsed, total;
  int64_t n, is_private, n_known, employers; /* is_private -1: the data do not say */
  int32_t start, as_of, deadline;
} known;

static known what_is_known(const track *t, const goal *g)
{
  known k = {.goal = g->goal, .start = g->start, .deadline = g->deadline, .as_of = t->spec.as_of, .employers = -1};
  bool counted = g->as_of != FM_NO_DATE && g->starts == 0;
  if (counted) {
    k.as_of = g->as_of;
    k.n = g->done;
    k.is_private = g->is_private;
    k.n_known = g->is_private >= 0 ? g->done : 0;
    k.employers = g->employers;
  } else {
    k.n = g->starts;
    k.n_known = g->starts_known;
    k.is_private = g->starts_known > 0 || g->starts == 0 ? g->starts_private : -1;
  }
  k.done = (double)k.n;
  int32_t last = k.as_of < g->deadline + 1 ? k.as_of : g->deadline + 1;
  k.elapsed = k.as_of == FM_NO_DATE ? 0 : (double)last - g->start;
  k.total = (double)g->deadline + 1 - g->start;
  return k;
}

static void put(fm__result *r, const known *k, const char *quantity, const char *unit, double value, double low,
                double high, const track *t)
{
  fm__figure f = fm__figure_of(quantity, unit);
  f.value = value;
  f.ci_low = low;
  f.ci_high = high;
  if (!isnan(low) || !isnan(high))
    f.level = t->spec.level;
  f.n = k->n;
  f.period_start = k->start;
  f.period_end = k->as_of != FM_NO_DATE ? k->as_of - 1 : FM__NO_DATE;
  if (isnan(value))
    f.state = FM__UNDEFINED;
  fm__result_add(r, &f);
}

static double verdict_of(const known *k, double probability, const fm_target_track_spec *spec)
{
  if (k->done >= k->goal)
    return 1;
  return probability >= spec->on_course ? 2 : probability >= spec->behind ? 3 : 4;
}

static void put_forecast(fm__result *r, const known *k, const track *t)
{
  fm__pace pace = {.goal = k->goal,
                   .done = k->done,
                   .elapsed = k->elapsed,
                   .total = k->total,
                   .prior_shape = t->spec.prior_shape,
                   .prior_exposure = t->spec.prior_days,
                   .level = t->spec.level};
  fm__forecast f = fm__forecast_of(&pace);
  put(r, k, "run_rate", "per_day", f.run_rate, f.run_low, f.run_high, t);
  put(r, k, "required_rate", "per_day", f.required_rate, NAN, NAN, t);
  put(r, k, "required_over_run", "ratio", f.required_over_run, NAN, NAN, t);
  fm__figure p = fm__figure_of("projection", "count");
  p.value = f.projection;
  p.std_error = f.total_sd;
  p.ci_low = f.total_low;
  p.ci_high = f.total_high;
  p.level = t->spec.level;
  p.n = k->n;
  p.period_start = k->start;
  p.period_end = k->deadline;
  fm__result_add(r, &p);
  put(r, k, "expected_total", "count", f.total_mean, NAN, NAN, t);
  put(r, k, "median_total", "count", f.total_median, NAN, NAN, t);
  put(r, k, "probability", "share", f.probability, NAN, NAN, t);
  put(r, k, "finish_days", "days", f.finish, f.finish_low, f.finish_high, t);
  /* The n-th day after the start ends n days after it: 295.2 days is inside day 296. */
  double offset = k->start - 1.0;
  put(r, k, "finish_date", "date", offset + ceil(f.finish), offset + ceil(f.finish_low), offset + ceil(f.finish_high),
      t);
  put(r, k, "verdict", "code", verdict_of(k, f.probability, &t->spec), NAN, NAN, t);
}

static void put_not_begun(fm__result *r, const known *k)
{
  static const char *const quantities[][2] = {{"run_rate", "per_day"},        {"required_rate", "per_day"},
                                              {"required_over_run", "ratio"}, {"projection", "count"},
                                              {"expected_total", "count"},    {"median_total", "count"},
                                              {"probability", "share"},       {"finish_days", "days"},
                                              {"finish_date", "date"},        {"verdict", "code"}};
  for (size_t q = 0; q < FM__COUNT(quantities); q++) {
    fm__figure f = fm__figure_of(quantities[q][0], quantities[q][1]);
    f.state = FM__CENSORED;
    f.period_start = k->start;
    fm__result_add(r, &f);
  }
}

static void put_private(fm__result *r, const known *k, const track *t)
{
  fm__figure count = fm__figure_of("private", "count"), share = fm__figure_of("private_share", "share");
  count.n = k->n;
  share.n = k->n_known;
  count.period_start = share.period_start = k->start;
  count.period_end = share.period_end = k->as_of != FM_NO_DATE ? k->as_of - 1 : FM__NO_DATE;
  if (k->is_private < 0) {
    count.state = share.state = FM__NOT_GIVEN;
  } else {
    count.value = (double)k->is_private;
    share.state = k->n_known > 0 ? FM__OK : FM__EMPTY;
    if (k->n_known > 0) {
      share.value = (double)k->is_private / (double)k->n_known;
      share.level = t->spec.level;
      fm__wilson((double)k->is_private, (double)k->n_known, t->spec.level, &share.ci_low, &share.ci_high);
    }
  }
  fm__result_add(r, &count);
  fm__result_add(r, &share);
  fm__figure employers = fm__figure_of("employers", "count");
  employers.period_start = k->start;
  employers.period_end = count.period_end;
  if (k->employers >= 0)
    employers.value = (double)k->employers;
  else
    employers.state = FM__NOT_GIVEN;
  fm__result_add(r, &employers);
}

static void put_goal(fm__result *r, const goal *g, const track *t)
{
  known k = what_is_known(t, g);
  fm__figure f = fm__figure_of("goal", "count");
  f.value = k.goal;
  f.period_start = k.start;
  f.period_end = k.deadline;
  fm__result_add(r, &f);
  put(r, &k, "done", "count", k.done, NAN, NAN, t);
  put(r, &k, "remaining", "count", k.goal > k.done ? k.goal - k.done : 0.0, NAN, NAN, t);
  double elapsed = k.elapsed > 0 ? k.elapsed : 0.0;
  put(r, &k, "elapsed_days", "days", elapsed, NAN, NAN, t);
  put(r, &k, "total_days", "days", k.total, NAN, NAN, t);
  put(r, &k, "share_of_goal", "share", k.done / k.goal, NAN, NAN, t);
  put(r, &k, "share_of_time", "share", elapsed / k.total, NAN, NAN, t);
  put(r, &k, "plan", "count", k.goal * elapsed / k.total, NAN, NAN, t);
  put(r, &k, "ahead_of_plan", "count", k.done - k.goal * elapsed / k.total, NAN, NAN, t);
  if (k.elapsed > 0)
    put_forecast(r, &k, t);
  else
    put_not_begun(r, &k);
  put_private(r, &k, t);
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  (void)run;
  const track *t = state;
  uint32_t *order = NULL;
  fm__result *r = NULL;
  fm_status status =
      fm__result_create_grouped(&r, "target.track", "gamma_poisson_constant_pace", t->groups, NULL, 0, err);
  if (status == FM_OK)
    status = fm__groups_order(t->groups, &order, err);
  for (size_t i = 0; i < t->n && status == FM_OK; i++) {
    const goal *g = &t->goals[order[i]];
    if (t->spec.as_of == FM_NO_DATE && (g->as_of == FM_NO_DATE || g->starts > 0))
      status = fm__fail(err, FM_ERR_ARGUMENT, "as_of is needed: not all goals have dated counts");
    fm__result_group(r, t->groups, order[i]);
    if (status == FM_OK)
      put_goal(r, g, t);
  }
  fm__free(order);
  if (status != FM_OK) {
    fm__result_destroy(r);
    return status;
  }
  return fm__result_finish(r, out, err);
}

static fm_status check(const fm_target_track_spec *s, fm_error *err)
{
  if (!(s->level > 0 && s->level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "level: expected a number between 0 and 1");
  if (!(s->prior_shape > 0) || isinf(s->prior_shape) || !(s->prior_days >= 0) || isinf(s->prior_days))
    return fm__fail(err, FM_ERR_ARGUMENT, "prior: expected a shape above 0 and days of at least 0");
  if (!(s->behind >= 0 && s->behind <= s->on_course && s->on_course <= 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "verdicts: expected 0 <= behind <= on_course <= 1");
  return FM_OK;
}

static const fm__field fields[] = {FM__FIELD(fm_target_track_spec, level, FM__FIELD_F64),
                                   FM__FIELD(fm_target_track_spec, prior_shape, FM__FIELD_F64),
                                   FM__FIELD(fm_target_track_spec, prior_days, FM__FIELD_F64),
                                   FM__FIELD(fm_target_track_spec, on_course, FM__FIELD_F64),
                                   FM__FIELD(fm_target_track_spec, behind, FM__FIELD_F64),
                                   FM__FIELD(fm_target_track_spec, as_of, FM__FIELD_I32)};

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  (void)text;
  track *t = state;
  t->spec = *(const fm_target_track_spec *)spec;
  fm_status status = check(&t->spec, err);
  return status == FM_OK ? fm__groups_create(&t->groups, "goal_id", err) : status;
}

static const fm__measure measure = {.id = "target.track",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(fm_target_track_spec, track),
                                    .add = add,
                                    .merge = merge,
                                    .save = save,
                                    .load = load,
                                    .result = result,
                                    .is_empty = is_empty,
                                    .destroy = destroy};

fm_status fm_target_track_tally(fm_tally **out, const fm_target_track_spec *spec, fm_error *err)
{
  return fm__measure_tally(out, &measure, spec, err);
}

fm_status fm_target_track(fm_table **out, const fm_table *frame, const fm_target_track_spec *spec, const fm_run *run,
                          fm_error *err)
{
  return fm__measure_once(out, &measure, frame, spec, run, err);
}
