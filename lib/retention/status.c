/* retention.status: in work at milestones, three-valued, as a mergeable tally. */
#include "flexmetrics/retention.h"
#include "retention/rate_priv.h"
#include "retention/retention_priv.h"
#include "tally/people_priv.h"

#include <math.h>
#include <string.h>

#define YES (1U << FM__YES | 1U << FM__YES_IN_RATE)
#define NO (1U << FM__NO | 1U << FM__NO_IN_RATE)
#define UNKNOWN (1U << FM__UNKNOWN)
#define IN_RATE (1U << FM__NO_IN_RATE | 1U << FM__YES_IN_RATE)
#define ALL (YES | NO | UNKNOWN)

enum { N_FIXED = 2 }; /* group columns of definitions side by side: definition, clock */

typedef struct status_state {
  char *by, *weight, *cluster, *definition; /* cluster NULL: units are independent */
  double level;
  bool several; /* definitions side by side: the groups begin with definition and clock */
  fm__groups *groups;
  fm__answers answers;
} status_state;

static const fm_retention_status_spec defaults = FM_RETENTION_STATUS_SPEC_INIT;

static void destroy(void *state)
{
  status_state *s = state;
  if (s == NULL)
    return;
  fm__groups_destroy(s->groups);
  fm__answers_free(&s->answers);
  fm__free(s->by);
  fm__free(s->weight);
  fm__free(s->cluster);
  fm__free(s->definition);
  fm__free(s);
}

/* ---- adding ---- */
typedef struct status_columns {
  const int32_t *months;
  const uint8_t *status, *known, *in_rate; /* known: validity of status */
  const double *weight;
  fm__ids ids;
  size_t months_column, in_rate_column, weight_column;
} status_columns;

static fm_status columns_open(status_columns *c, const status_state *s, const fm_table *frame, fm_error *err)
{
  size_t k;
  *c = (status_columns){0};
  const char *horizon = s->several ? "horizon" : "horizon_months";
  fm_status status = fm__retention_column(frame, horizon, FM_I32, &c->months_column, err);
  if (status == FM_OK)
    status = fm__retention_column(frame, "in_rate", FM_BOOL, &c->in_rate_column, err);
  if (status == FM_OK)
    status = fm__table_find(frame, "status", FM_BOOL, &k, err);
  if (status != FM_OK)
    return status;
  c->months = fm_table_i32(frame, c->months_column);
  c->in_rate = fm_table_bool(frame, c->in_rate_column);
  c->status = fm_table_bool(frame, k);
  c->known = fm_table_validity(frame, k);
  if (s->weight != NULL) {
    status = fm__retention_column(frame, s->weight, FM_F64, &c->weight_column, err);
    c->weight = status == FM_OK ? fm_table_f64(frame, c->weight_column) : NULL;
  }
  if (status == FM_OK && s->cluster != NULL)
    status = fm__ids_open(&c->ids, frame, s->cluster, err);
  return status;
}

static fm_status refuse(const fm_table *frame, size_t column, size_t row, const char *what, fm_error *err)
{
  const char *name = fm_table_column_name(frame, column);
  fm__fail(err, FM_ERR_VALUE, "column %s, row %zu: %s", name, row, what);
  fm__error_place(err, fm_table_name(frame), name, (int64_t)column, (int64_t)row, fm_table_line(frame, row));
  return FM_ERR_VALUE;
}

static uint32_t kind_of(const status_columns *c, size_t i)
{
  if (!fm__bit(c->known, i))
    return FM__UNKNOWN;
  if (c->in_rate[i] != 0)
    return c->status[i] != 0 ? FM__YES_IN_RATE : FM__NO_IN_RATE;
  return c->status[i] != 0 ? FM__YES : FM__NO;
}

/* Collects one answer a row; rows of weight 0 leave no trace. */
static fm_status collect(fm__answers *out, const status_columns *c, const uint32_t *groups, const fm_table *frame,
                         fm_error *err)
{
  size_t n = fm_table_n_rows(frame);
  out->items = fm__array(n, sizeof *out->items);
  if (out->items == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++) {
    double weight = c->weight != NULL ? c->weight[i] : 1;
    uint32_t kind = kind_of(c, i);
    if (c->months[i] < 0 || c->months[i] > FM__MOST_MONTHS)
      return refuse(frame, c->months_column, i, "a horizon of 0 to 65535 is expected", err);
    if (!(weight >= 0) || isinf(weight))
      return refuse(frame, c->weight_column, i, "a weight of 0 or more is expected", err);
    if (kind == FM__UNKNOWN && c->in_rate[i] != 0)
      return refuse(frame, c->in_rate_column, i, "a row in the rate has a status, this one is not known yet", err);
    if (weight == 0)
      continue;
    fm__answer *a = &out->items[out->n++];
    *a = (fm__answer){.weight = weight, .count = 1};
    a->tag = fm__answer_tag(groups != NULL ? groups[i] : 0, c->months[i], kind);
    if (c->ids.hashes != NULL)
      a->person = fm__ids_at(&c->ids, i);
  }
  return FM_OK;
}

static fm_status add(void *state, const fm_table *frame, const fm_run *run, fm_error *err)
{
  status_state *s = state;
  status_columns columns;
  fm__answers more = {0}, all = {0};
  uint32_t *groups = NULL;
  size_t before = fm__groups_count(s->groups);
  fm_status status = columns_open(&columns, s, frame, err);
  if (status == FM_OK)
    status = fm__groups_map(s->groups, frame, &groups, err);
  if (status == FM_OK)
    status = collect(&more, &columns, groups, frame, err);
  if (status == FM_OK)
    status = fm__run_progress(run, 0.2, err);
  if (status == FM_OK)
    status = fm__answers_order(&more, err);
  if (status == FM_OK)
    status = fm__run_progress(run, 1, err);
  if (status == FM_OK)
    status = fm__answers_merge(&all, &s->answers, &more, err);
  if (status == FM_OK) {
    fm__answers_free(&s->answers);
    s->answers = all;
  } else {
    fm__groups_truncate(s->groups, before);
  }
  fm__answers_free(&more);
  fm__free(groups);
  fm__ids_close(&columns.ids);
  return status;
}

static fm_status merge(void *state, const void *other, fm_error *err)
{
  status_state *s = state;
  const status_state *o = other;
  fm__answers renamed = {0}, all = {0};
  uint32_t *map = NULL;
  size_t before = fm__groups_count(s->groups);
  fm_status status = fm__groups_absorb(s->groups, o->groups, &map, err);
  if (status != FM_OK)
    return status;
  status = fm__answers_renumber(&renamed, &o->answers, map, err);
  if (status == FM_OK)
    status = fm__answers_merge(&all, &s->answers, &renamed, err);
  if (status == FM_OK) {
    fm__answers_free(&s->answers);
    s->answers = all;
  } else {
    fm__groups_truncate(s->groups, before);
  }
  fm__answers_free(&renamed);
  fm__free(map);
  return status;
}

/* ---- bytes ---- */
static fm_status save(void *state, fm__bytes *b, fm_error *err)
{
  status_state *s = state;
  uint32_t *order = NULL, *rank = NULL;
  fm__answers ordered = {0};
  fm_status status = fm__retention_ranks(s->groups, &order, &rank, err);
  if (status == FM_OK)
    status = fm__answers_renumber(&ordered, &s->answers, rank, err);
  if (status == FM_OK) {
    fm__groups_save(s->groups, order, b);
    fm__answers_save(&ordered, s->weight != NULL, b);
  }
  fm__answers_free(&ordered);
  fm__free(order);
  fm__free(rank);
  return status;
}

static fm_status load(void *state, fm__reader *r, fm_error *err)
{
  status_state *s = state;
  fm__groups *groups = NULL;
  fm_status status = fm__groups_create(&groups, s->by, err);
  if (status == FM_OK)
    status = fm__groups_load(groups, r, err);
  if (status == FM_OK)
    status = fm__answers_load(&s->answers, s->weight != NULL, fm__groups_count(groups), r, err);
  if (status != FM_OK) {
    fm__groups_destroy(groups);
    return status;
  }
  fm__groups_destroy(s->groups);
  s->groups = groups;
  return FM_OK;
}

static bool is_empty(const void *state)
{
  const status_state *s = state;
  return s->answers.n == 0 && (fm__groups_n_columns(s->groups) == 0 || fm__groups_count(s->groups) == 0);
}

/* ---- result ---- */
typedef struct polls {
  const status_state *state;
  fm__poll *polls;   /* group by horizon */
  int32_t *horizons; /* rising; none when there are no answers */
  size_t n_horizons;
} polls;

static void polls_free(polls *p)
{
  fm__free(p->polls);
  fm__free(p->horizons);
}

static fm_status polls_create(polls *p, const status_state *s, fm_error *err)
{
  *p = (polls){.state = s};
  uint8_t *seen = fm__array(FM__MOST_MONTHS + 1, 1);
  size_t n = 0;
  for (size_t i = 0; seen != NULL && i < s->answers.n; i++) {
    int32_t months = fm__answer_months(&s->answers.items[i]);
    n += seen[months] == 0;
    seen[months] = 1;
  }
  p->horizons = fm__array(n, sizeof *p->horizons);
  size_t n_polls;
  if (fm__multiply(fm__groups_count(s->groups), n > 0 ? n : 1, &n_polls))
    p->polls = fm__array(n_polls, sizeof *p->polls);
  for (int32_t m = 0; seen != NULL && p->horizons != NULL && m <= FM__MOST_MONTHS; m++)
    if (seen[m] != 0)
      p->horizons[p->n_horizons++] = m;
  bool done = seen != NULL && p->horizons != NULL && p->polls != NULL;
  fm__free(seen);
  if (done)
    return FM_OK;
  polls_free(p);
  return fm__no_memory(err);
}

static fm__poll *poll_of(const polls *p, const fm__answer *a)
{
  size_t low = 0, high = p->n_horizons;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (p->horizons[middle] <= fm__answer_months(a))
      low = middle;
    else
      high = middle;
  }
  return &p->polls[fm__answer_group(a) * p->n_horizons + low];
}

typedef void (*visit)(fm__poll *p, const fm__answer *a, size_t n, bool people);

/* The answers of a person for one group and horizon are neighbours; independent units come one by one. */
static void each_person(const polls *p, visit visitor)
{
  const fm__answers *all = &p->state->answers;
  bool people = p->state->cluster != NULL;
  for (size_t i = 0, n; i < all->n; i += n) {
    const fm__answer *a = &all->items[i];
    for (n = 1; people && i + n < all->n && fm__answer_beside(a, a + n);)
      n++;
    visitor(poll_of(p, a), a, n, people);
  }
}

static void polls_fill(polls *p)
{
  each_person(p, fm__poll_count);
  for (size_t i = 0; i < fm__groups_count(p->state->groups) * p->n_horizons; i++)
    fm__poll_share(&p->polls[i]);
  each_person(p, fm__poll_deviate);
}

static fm_status polls_check(const polls *p, fm_error *err)
{
  for (size_t i = 0; i < fm__groups_count(p->state->groups) * p->n_horizons; i++)
    if (!isfinite(fm__poll_weight(&p->polls[i], ALL)))
      return fm__fail(err, FM_ERR_LIMIT, "the weights of a group add up to more than a double can hold");
  return FM_OK;
}

/* ---- figures of one group and horizon ---- */
typedef struct figures {
  fm__result *result;
  const status_state *state;
  const fm__poll *poll;
  const char *text; /* state of the counts */
} figures;

static fm__figure figure(const figures *f, const char *quantity, const char *unit, uint32_t kinds, int64_t people)
{
  fm__figure out = fm__figure_of(quantity, unit);
  out.n = fm__poll_units(f->poll, kinds);
  out.people = f->state->cluster != NULL ? people : -1;
  out.weight = f->state->weight != NULL ? fm__poll_weight(f->poll, kinds) : NAN;
  out.state = f->text;
  return out;
}

static void add_count(const figures *f, const char *quantity, uint32_t kinds, int64_t people)
{
  fm__figure out = figure(f, quantity, "count", kinds, people);
  out.value = fm__poll_weight(f->poll, kinds);
  fm__result_add(f->result, &out);
}

static void add_bound(const figures *f, const char *quantity, uint32_t kinds)
{
  fm__figure out = figure(f, quantity, "share", ALL, f->poll->n_people);
  if (out.n > 0)
    out.value = fm__poll_weight(f->poll, kinds) / fm__poll_weight(f->poll, ALL);
  fm__result_add(f->result, &out);
}

static void add_rate(const figures *f)
{
  fm__figure out = figure(f, "rate", "share", IN_RATE, f->poll->n_rate_people);
  if (out.n > 0) {
    fm__rate rate = fm__poll_rate(f->poll, f->state->weight != NULL, f->state->cluster != NULL);
    out.value = rate.share;
    out.std_error = rate.std_error;
    out.level = f->state->level;
    fm__wilson(rate.share * rate.n_effective, rate.n_effective, out.level, &out.ci_low, &out.ci_high);
  } else if (fm__poll_units(f->poll, ALL) > 0) {
    out.state = FM__CENSORED; /* nobody's horizon and gap are fully observed */
  }
  fm__result_add(f->result, &out);
}

static void add_figures(fm__result *r, const status_state *s, const fm__poll *poll)
{
  figures f = {r, s, poll, fm__poll_units(poll, ALL) > 0 ? FM__OK : FM__EMPTY};
  add_count(&f, "yes", YES, poll->n_yes_people);
  add_count(&f, "no", NO, poll->n_no_people);
  add_count(&f, "unknown", UNKNOWN, poll->n_unknown_people);
  add_rate(&f);
  add_bound(&f, "rate_lowest", YES);
  add_bound(&f, "rate_highest", YES | UNKNOWN);
}

/* Definition, group columns, clock; horizons that the definition does not have are no rows. */
static void add_definition(fm__result *r, const polls *p, uint32_t group)
{
  const fm__groups *groups = p->state->groups;
  size_t n = fm__groups_n_columns(groups), length = 0;
  const char *text = fm__groups_text(groups, group, 0, &length);
  fm__result_definition(r, text != NULL ? text : "", text != NULL ? length : 0);
  for (size_t k = 1; k < n; k++) { /* the clock stands after the group columns */
    text = fm__groups_text(groups, group, k, &length);
    fm__result_key_text(r, k == 1 ? n - N_FIXED : k - N_FIXED, text, length);
  }
  for (size_t h = 0; h < p->n_horizons; h++) {
    const fm__poll *poll = &p->polls[group * p->n_horizons + h];
    if (fm__poll_units(poll, ALL) == 0)
      continue;
    fm__result_key_i64(r, n - 1, p->horizons[h]);
    add_figures(r, p->state, poll);
  }
}

static fm_status create_result(fm__result **out, const status_state *s, fm_error *err)
{
  const fm__key months = {"horizon_months", FM_I32};
  if (!s->several)
    return fm__result_create_grouped(out, "retention.status", s->definition, s->groups, &months, 1, err);
  size_t n = fm__groups_n_columns(s->groups);
  fm__key *keys = fm__array(n, sizeof *keys);
  if (keys == NULL)
    return fm__no_memory(err);
  for (size_t k = N_FIXED; k < n; k++)
    keys[k - N_FIXED] = (fm__key){fm__groups_column(s->groups, k), FM_CODE};
  keys[n - 2] = (fm__key){"clock", FM_CODE};
  keys[n - 1] = (fm__key){"horizon", FM_I32};
  fm_status status = fm__result_create(out, "retention.status", s->definition, keys, n, err);
  fm__free(keys);
  return status;
}

static void add_group(fm__result *r, const polls *p, uint32_t group)
{
  const status_state *s = p->state;
  if (s->several) {
    add_definition(r, p, group);
    return;
  }
  size_t key = fm__groups_n_columns(s->groups);
  fm__result_group(r, s->groups, group);
  if (p->n_horizons == 0) {
    fm__result_key_null(r, key);
    add_figures(r, s, &p->polls[group]);
  }
  for (size_t h = 0; h < p->n_horizons; h++) {
    fm__result_key_i64(r, key, p->horizons[h]);
    add_figures(r, s, &p->polls[group * p->n_horizons + h]);
  }
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  const status_state *s = state;
  uint32_t *order = NULL;
  fm__result *r = NULL;
  polls p;
  fm_status status = polls_create(&p, s, err);
  if (status != FM_OK)
    return status;
  polls_fill(&p);
  status = fm__run_progress(run, 0.5, err);
  if (status == FM_OK)
    status = polls_check(&p, err);
  if (status == FM_OK)
    status = fm__groups_order(s->groups, &order, err);
  if (status == FM_OK)
    status = create_result(&r, s, err);
  for (size_t i = 0; status == FM_OK && i < fm__groups_count(s->groups); i++)
    add_group(r, &p, order[i]);
  if (status == FM_OK)
    fm__result_note(r, "interval", "wilson");
  fm__free(order);
  polls_free(&p);
  return status == FM_OK ? fm__result_finish(r, out, err) : status;
}

/* ---- creating ---- */
/* The group columns: with definitions side by side these come first. */
static fm_status groups_create(status_state *s, fm_error *err)
{
  static const char fixed[] = "definition,clock";
  if (!s->several)
    return fm__groups_create(&s->groups, s->by, err);
  size_t more = s->by == NULL ? 0 : strlen(s->by);
  char *by = fm__alloc(sizeof fixed + 1 + more);
  if (by == NULL)
    return fm__no_memory(err);
  memcpy(by, fixed, sizeof fixed);
  if (more > 0) {
    by[sizeof fixed - 1] = ',';
    memcpy(by + sizeof fixed, s->by, more + 1);
  }
  fm__free(s->by);
  s->by = by;
  return fm__groups_create(&s->groups, by, err);
}

static fm_status open(void *state, const void *given, fm__bytes *text, fm_error *err)
{
  status_state *s = state;
  const fm_retention_status_spec *spec = given;
  if (!(spec->level > 0 && spec->level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "retention.status: level is expected between 0 and 1");
  if (spec->definitions != 0 && spec->definitions != 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "retention.status: definitions must be 0 or 1");
  s->level = spec->level;
  s->several = spec->definitions == 1;
  fm_status status = fm__retention_text(&s->by, spec->by, NULL, err);
  if (status == FM_OK)
    status = fm__retention_text(&s->weight, spec->weight, NULL, err);
  if (status == FM_OK)
    status = fm__retention_text(&s->cluster, spec->cluster != NULL ? spec->cluster : defaults.cluster, NULL, err);
  if (status == FM_OK)
    status = fm__retention_text(&s->definition, spec->definition, defaults.definition, err);
  if (status == FM_OK)
    status = groups_create(s, err);
  if (status != FM_OK)
    return status;
  fm__spec_text_text(text, "by", s->by, defaults.by);
  fm__spec_text_text(text, "weight", s->weight, defaults.weight);
  fm__spec_text_text(text, "cluster", s->cluster, defaults.cluster);
  fm__spec_text_text(text, "definition", s->definition, defaults.definition);
  fm__spec_text_f64(text, "level", s->level, defaults.level);
  fm__spec_text_i64(text, "definitions", s->several, defaults.definitions);
  return FM_OK;
}

static const fm__measure measure = {.id = "retention.status",
                                    .state_version = 1,
                                    .spec_name = "fm_retention_status_spec",
                                    .defaults = &defaults,
                                    .spec_size = sizeof defaults,
                                    .state_size = sizeof(status_state),
                                    .open = open,
                                    .add = add,
                                    .merge = merge,
                                    .save = save,
                                    .load = load,
                                    .result = result,
                                    .is_empty = is_empty,
                                    .destroy = destroy};

FM__MEASURE_FUNCTIONS(fm_retention_status)
