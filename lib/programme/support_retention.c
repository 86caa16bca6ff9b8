/* programme.support_retention: who stayed in work, by what support they had before a landmark day. */
#include "flexmetrics/programme_support.h"
#include "programme/initiatives_priv.h"

#include <math.h>
#include <stdlib.h>

enum { YES, NO, UNKNOWN, RATE_YES, RATE_NO, N_KEPT, IN_RATE = N_KEPT, N_FLAGS }; /* counts, and flags of people */
enum { SUPPORT, HORIZON, RECEIVED, DOSE }; /* rolls, each with one key column more */

static fm_status add_rows(void *fresh, const fm_table *frame, fm_error *err);

static const fm__rolls_kind kind = {
    .id = "programme.support_retention",
    .n = 4,
    .rolls = {{.before = "support"},
              {.before = "support", .after = "horizon_months"},
              {.before = "support", .after = "horizon_months,received", .n_counts = N_KEPT},
              {.before = "support", .after = "horizon_months,dose_above", .n_counts = N_KEPT}},
    .add_rows = add_rows};

/* ---- adding ---- */

static fm_status refuse(const fm_table *frame, const char *column, size_t row, const char *what, fm_error *err)
{
  fm__fail(err, FM_ERR_VALUE, "column %s, row %zu: %s", column, row, what);
  fm__error_place(err, fm_table_name(frame), column, fm_table_column_index(frame, column), (int64_t)row,
                  fm_table_line(frame, row));
  return FM_ERR_VALUE;
}

typedef struct columns {
  const fm_table *frame;
  size_t horizon, dose;
  fm__said received, status, in_rate;
  fm__ids people;
  uint32_t *map[FM__ROLLS];
} columns;

static fm_status open_columns(columns *c, fm__rolls *s, const fm_table *frame, fm_error *err)
{
  *c = (columns){.frame = frame};
  fm_status status = fm__table_find(frame, "horizon_months", FM_I32, &c->horizon, err);
  if (status == FM_OK)
    status = fm__table_find(frame, "dose_above", FM_I32, &c->dose, err);
  if (status == FM_OK)
    status = fm__said_open(&c->received, frame, "received", err);
  if (status == FM_OK)
    status = fm__said_open(&c->status, frame, "status", err);
  if (status == FM_OK)
    status = fm__said_open(&c->in_rate, frame, "in_rate", err);
  if (status == FM_OK)
    status = fm__ids_open(&c->people, frame, "person_id", err);
  for (size_t k = 0; k < kind.n && status == FM_OK; k++)
    status = fm__roll_map(&s->roll[k], frame, &c->map[k], err);
  return status;
}

static fm_status add_row(fm__rolls *s, const columns *c, size_t row, fm_error *err)
{
  int kept = fm__said_at(&c->status, row), received = fm__said_at(&c->received, row);
  bool counts = fm__said_at(&c->in_rate, row) == 1, dosed = !fm_table_is_null(c->frame, c->dose, row);
  uint32_t flags = 1U << (kept == 1 ? YES : kept == 0 ? NO : UNKNOWN);
  if (fm_table_is_null(c->frame, c->horizon, row))
    return refuse(c->frame, "horizon_months", row, "a number of months is expected, the cell is empty", err);
  if (received == FM__UNSAID)
    return refuse(c->frame, "received", row, "yes or no is expected, the cell is empty", err);
  if (counts && kept == FM__UNSAID)
    return refuse(c->frame, "in_rate", row, "a row in the rate has a status, this one is not known yet", err);
  flags |= !counts ? 0 : 1U << IN_RATE | 1U << (kept == 1 ? RATE_YES : RATE_NO);
  for (size_t r = RECEIVED; r <= (dosed ? DOSE : RECEIVED); r++) {
    for (size_t k = 0; k < N_KEPT; k++)
      fm__roll_counts(&s->roll[r], c->map[r][row])[k] += (flags >> k & 1) != 0;
    if (!fm__people_add(&s->roll[r].people, c->map[r][row], fm__ids_at(&c->people, row), flags))
      return fm__no_memory(err);
  }
  return FM_OK;
}

static fm_status add_rows(void *fresh, const fm_table *frame, fm_error *err)
{
  columns c;
  fm_status status = open_columns(&c, fresh, frame, err);
  for (size_t i = 0; i < fm_table_n_rows(frame) && status == FM_OK; i++)
    status = add_row(fresh, &c, i, err);
  fm__ids_close(&c.people);
  for (size_t k = 0; k < FM__ROLLS; k++)
    fm__free(c.map[k]);
  return status;
}

/* ---- result ---- */

typedef struct output {
  fm__rolls *s;
  fm__result *r;
  int64_t *people[FM__ROLLS]; /* of RECEIVED and DOSE */
  size_t key;                 /* of horizon_months; received and dose_above follow */
} output;

static void put_kept(const output *o, size_t roll, uint32_t group)
{
  const int64_t *n = fm__roll_counts(&o->s->roll[roll], group), *who = o->people[roll] + (size_t)group * N_FLAGS;
  fm__roll_put_count(o->r, "retained", n[YES], who[YES], NULL);
  fm__roll_put_count(o->r, "not_retained", n[NO], who[NO], NULL);
  fm__roll_put_count(o->r, "retention_unknown", n[UNKNOWN], who[UNKNOWN], NULL);
  fm__roll_put_share(o->r, "retained_share", n[RATE_YES], n[RATE_YES] + n[RATE_NO], who[IN_RATE], o->s->level, NULL);
}

/* With less without, limits by Newcombe (1998), method 10, from those of Wilson. */
static void put_difference(const output *o, const int64_t *with, const int64_t *without)
{
  fm__figure f = fm__figure_of("retained_difference", "share");
  double p[2], low[2], high[2];
  const int64_t *of[2] = {without, with};
  f.n = 0;
  for (size_t k = 0; k < 2; k++) {
    double yes = of[k] != NULL ? (double)of[k][RATE_YES] : 0, n = of[k] != NULL ? yes + (double)of[k][RATE_NO] : 0;
    p[k] = yes / n;
    fm__wilson(yes, n, o->s->level, &low[k], &high[k]);
    f.n += (int64_t)n;
    if (n == 0)
      f.state = FM__EMPTY;
  }
  if (f.state[0] == 'o') {
    f.value = p[1] - p[0];
    f.ci_low = f.value - sqrt((p[1] - low[1]) * (p[1] - low[1]) + (high[0] - p[0]) * (high[0] - p[0]));
    f.ci_high = f.value + sqrt((high[1] - p[1]) * (high[1] - p[1]) + (p[0] - low[0]) * (p[0] - low[0]));
    f.level = o->s->level;
  }
  fm__result_add(o->r, &f);
}

static const char *last_key(const fm__roll *roll, uint32_t group)
{
  return fm__groups_text(roll->groups, group, fm__groups_n_columns(roll->groups) - 1, NULL);
}

static fm_status put_received(const output *o, uint32_t horizon, fm_error *err)
{
  const fm__roll *roll = &o->s->roll[RECEIVED];
  const int64_t *of[2] = {NULL, NULL};
  uint32_t *under = NULL;
  size_t n;
  fm_status status = fm__roll_under(&under, &n, roll, &o->s->roll[HORIZON], horizon, false, err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    const char *text = last_key(roll, under[i]);
    bool with = text != NULL && (text[0] == 't' || text[0] == '1' || text[0] == 'y');
    fm__result_key_text(o->r, o->key + 1, with ? "yes" : "no", with ? 3 : 2);
    put_kept(o, RECEIVED, under[i]);
    of[with] = fm__roll_counts(roll, under[i]);
  }
  fm__result_key_null(o->r, o->key + 1);
  if (status == FM_OK)
    put_difference(o, of[1], of[0]);
  fm__free(under);
  return status;
}

static fm_status put_horizon(const output *o, uint32_t horizon, fm_error *err)
{
  const fm__roll *roll = &o->s->roll[DOSE];
  uint32_t *under = NULL;
  size_t n = 0;
  fm__result_key_i64(o->r, o->key, strtol(last_key(&o->s->roll[HORIZON], horizon), NULL, 10));
  fm_status status = put_received(o, horizon, err);
  if (status == FM_OK)
    status = fm__roll_under(&under, &n, roll, &o->s->roll[HORIZON], horizon, true, err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    const char *text = last_key(roll, under[i]);
    if (text == NULL)
      continue;
    fm__result_key_i64(o->r, o->key + 2, strtol(text, NULL, 10));
    put_kept(o, DOSE, under[i]);
  }
  fm__result_key_null(o->r, o->key + 2);
  fm__free(under);
  return status;
}

static fm_status put_group(const output *o, uint32_t group, fm_error *err)
{
  const fm__roll *roll = &o->s->roll[HORIZON];
  uint32_t *under = NULL;
  size_t n;
  fm__result_group(o->r, o->s->roll[SUPPORT].groups, group);
  fm__result_key_null(o->r, o->key + 1);
  fm__result_key_null(o->r, o->key + 2);
  fm_status status = fm__roll_under(&under, &n, roll, &o->s->roll[SUPPORT], group, true, err);
  for (size_t i = 0; i < n && status == FM_OK; i++)
    status = put_horizon(o, under[i], err);
  fm__free(under);
  return status;
}

static fm_status result(void *p, fm_table **out, const fm_run *run, fm_error *err)
{
  static const fm__key keys[] = {{"horizon_months", FM_I32}, {"received", FM_CODE}, {"dose_above", FM_I32}};
  output o = {.s = p};
  fm__roll_ask asks[N_FLAGS];
  uint32_t *order = NULL;
  fm_status status = FM_OK;
  (void)run;
  for (size_t k = 0; k < N_FLAGS; k++)
    asks[k] = (fm__roll_ask){.all = 1U << k};
  for (size_t k = 0; k < kind.n && status == FM_OK; k++)
    status = fm__roll_people(&o.people[k], &o.s->roll[k], asks, N_FLAGS, err);
  const fm__roll *base = &o.s->roll[SUPPORT];
  o.key = fm__groups_n_columns(base->groups);
  if (status == FM_OK)
    status = fm__groups_order(base->groups, &order, err);
  if (status == FM_OK)
    status = fm__result_create_grouped(&o.r, kind.id, "in_work_at_landmark", base->groups, keys, 3, err);
  for (size_t i = 0; i < base->n && status == FM_OK; i++)
    status = put_group(&o, order[i], err);
  if (status == FM_OK)
    status = fm__result_finish(o.r, out, err);
  else
    fm__result_destroy(o.r);
  fm__free(order);
  for (size_t k = 0; k < FM__ROLLS; k++)
    fm__free(o.people[k]);
  return status;
}

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  (void)text;
  return fm__initiatives_open(state, &kind, spec, err);
}

static const fm__measure measure = {.id = "programme.support_retention",
                                    .state_version = 1,
                                    FM__INITIATIVES_SPEC,
                                    .open = open,
                                    .result = result,
                                    FM__MEASURE_ROLLS};

FM__MEASURE_CALLS(fm_programme_support_retention, fm_programme_initiatives_spec)
