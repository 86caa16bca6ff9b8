/* Collecting the figures that a register's tables allow, and finding them again. */
#include "report/rows_priv.h"

#include <math.h>
#include <string.h>

#include "flexmetrics/catalogue_protect.h"
#include "register/make_priv.h"
#include "table/table_priv.h"

void fm__entries_free(fm__entries *r)
{
  for (size_t k = 0; k < r->n_tables; k++)
    fm_table_destroy(r->tables[k]);
  fm__free(r->items);
  *r = (fm__entries){0};
}

bool fm__same_text(const char *a, const char *b)
{
  return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static fm__entry *find(const fm__entries *r, const fm__entry *like)
{
  for (size_t i = 0; i < r->n; i++) {
    fm__entry *row = &r->items[i];
    if (row->by_group == like->by_group && row->horizon == like->horizon &&
        strcmp(row->indicator, like->indicator) == 0 && strcmp(row->quantity, like->quantity) == 0 &&
        row->kind == NULL && fm__same_text(row->group, like->group) && fm__same_text(row->goal, like->goal) &&
        fm__same_text(row->part, like->part))
      return row;
  }
  return NULL;
}

fm__entry *fm__entries_total(const fm__entries *r, const char *indicator, const char *quantity, int32_t horizon)
{
  return find(r, &(fm__entry){.indicator = indicator, .quantity = quantity, .horizon = horizon});
}

fm__entry *fm__entries_goal(const fm__entries *r, const char *goal, const char *quantity)
{
  return find(r, &(fm__entry){.indicator = FM__TRACK, .quantity = quantity, .goal = goal, .horizon = -1});
}

fm__entry *fm__entries_group(const fm__entries *r, const char *indicator, const char *group, const char *quantity,
                             int32_t horizon)
{
  return find(
      r,
      &(fm__entry){.indicator = indicator, .quantity = quantity, .group = group, .by_group = true, .horizon = horizon});
}

fm__entry *fm__entries_part(const fm__entries *r, const char *indicator, const char *part, const char *quantity,
                            int32_t horizon)
{
  return find(r, &(fm__entry){.indicator = indicator, .quantity = quantity, .part = part, .horizon = horizon});
}

/* ---- from a result table to rows ---- */

enum { TEXTS = 5, REALS = 6 };
typedef struct columns {
  const fm_table *t;
  size_t texts[TEXTS], reals[REALS], n, people, start, end, key, horizon;
} columns;

static fm_status open_columns(columns *c, const fm_table *t, const char *key, fm_error *err)
{
  static const char *const texts[TEXTS] = {"indicator", "definition", "quantity", "unit", "state"};
  static const char *const reals[REALS] = {"value", "std_error", "ci_low", "ci_high", "level", "weight"};
  *c = (columns){.t = t, .key = FM__NO_COLUMN, .horizon = FM__NO_COLUMN};
  fm_status status = FM_OK;
  for (size_t k = 0; k < TEXTS && status == FM_OK; k++)
    status = fm__table_find(t, texts[k], FM_CODE, &c->texts[k], err);
  for (size_t k = 0; k < REALS && status == FM_OK; k++)
    status = fm__table_find(t, reals[k], FM_F64, &c->reals[k], err);
  if (status == FM_OK)
    status = fm__table_find(t, "n", FM_I64, &c->n, err);
  if (status == FM_OK)
    status = fm__table_find(t, "people", FM_I64, &c->people, err);
  if (status == FM_OK)
    status = fm__table_find(t, "period_start", FM_DATE, &c->start, err);
  if (status == FM_OK)
    status = fm__table_find(t, "period_end", FM_DATE, &c->end, err);
  if (status == FM_OK && key != NULL)
    status = fm__table_find(t, key, FM_CODE, &c->key, err);
  if (status == FM_OK && fm_table_column_index(t, "horizon_months") >= 0)
    status = fm__table_find(t, "horizon_months", FM_I32, &c->horizon, err);
  return status;
}

static double real_at(const columns *c, size_t k, size_t row)
{
  return fm_table_is_null(c->t, c->reals[k], row) ? NAN : fm_table_f64(c->t, c->reals[k])[row];
}

static int64_t whole_at(const fm_table *t, size_t column, size_t row)
{
  return fm_table_is_null(t, column, row) ? -1 : fm_table_i64(t, column)[row];
}

static int32_t date_at(const fm_table *t, size_t column, size_t row)
{
  return fm_table_is_null(t, column, row) ? FM_NO_DATE : fm_table_i32(t, column)[row];
}

static fm__entry row_at(const columns *c, size_t i)
{
  const fm_table *t = c->t;
  return (fm__entry){
      .indicator = fm_table_text(t, c->texts[0], i, NULL),
      .definition = fm_table_text(t, c->texts[1], i, NULL),
      .quantity = fm_table_text(t, c->texts[2], i, NULL),
      .unit = fm_table_text(t, c->texts[3], i, NULL),
      .state = fm_table_text(t, c->texts[4], i, NULL),
      .horizon =
          c->horizon == FM__NO_COLUMN || fm_table_is_null(t, c->horizon, i) ? -1 : fm_table_i32(t, c->horizon)[i],
      .value = real_at(c, 0, i),
      .std_error = real_at(c, 1, i),
      .low = real_at(c, 2, i),
      .high = real_at(c, 3, i),
      .level = real_at(c, 4, i),
      .weight = real_at(c, 5, i),
      .n = whole_at(t, c->n, i),
      .people = whole_at(t, c->people, i),
      .period_start = date_at(t, c->start, i),
      .period_end = date_at(t, c->end, i),
  };
}

static const char *text_at(const fm_table *t, const char *name, size_t row)
{
  int64_t column = fm_table_column_index(t, name);
  return column >= 0 ? fm_table_text(t, (size_t)column, row, NULL) : NULL;
}

fm_status fm__entries_read(fm__entries *out, const fm_table *t, const char *by, fm_error *err)
{
  columns c;
  fm_status status = open_columns(&c, t, NULL, err);
  if (status == FM_OK && !fm__grow((void **)&out->items, &out->capacity, fm_table_n_rows(t) + 1, sizeof *out->items))
    status = fm__no_memory(err);
  if (status != FM_OK)
    return status;
  out->tables[out->n_tables++] = fm_table_retain(t);
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    fm__entry row = row_at(&c, i);
    row.goal = text_at(t, "goal_id", i);
    row.kind = text_at(t, "kind", i);
    row.part = text_at(t, "part", i);
    row.group = by[0] != '\0' ? text_at(t, by, i) : NULL;
    row.by_group = row.group != NULL;
    if (row.by_group && row.group[0] == '\0')
      row.group = NULL;
    out->items[out->n++] = row;
  }
  return FM_OK;
}

/* What a report computes. A figure that no page shows is not published: less to protect. */
enum { TOTAL, BY_GROUP, BY_KIND, BY_GOAL, BY_PART };
typedef struct wanted {
  const char *id, *options;
  int by;
  const char *tables[2];      /* needed; NULL: none */
  const char *quantities[14]; /* NULL first: all */
  bool section;               /* passed over when the data do not allow it */
  bool extra;                 /* and nobody misses it then */
  bool apart;                 /* does not count people: protected by itself */
  const char *part, *filter;  /* key column of BY_PART; rows of the frame */
} wanted;

static const wanted list[] = {
    {.id = FM__TRACK, .by = BY_GOAL, .tables = {"goals", NULL}},
    {.id = FM__PEOPLE, .by = TOTAL, .tables = {"persons", NULL}},
    {.id = FM__PEOPLE, .by = BY_GROUP, .tables = {"persons", NULL}},
    {.id = FM__STATUS, .options = "index=first", .by = TOTAL, .tables = {"persons", "placements"}},
    {.id = FM__STATUS, .options = "index=first", .by = BY_GROUP, .tables = {"persons", "placements"}},
    {.id = FM__JOBS,
     .by = TOTAL,
     .tables = {"persons", "placements"},
     .quantities = {"placements", "private", "public", "unknown_sector", "private_share", "sme", "size_unknown",
                    "running", "running_people", "hours_known", "hours_mean", "fte", NULL}},
    {.id = FM__JOBS, .by = BY_KIND, .tables = {"persons", "placements"}, .quantities = {"placements", NULL}},
    {.id = FM__SURVIVAL,
     .options = "index=first;curve=no",
     .by = TOTAL,
     .tables = {"persons", "placements"},
     .quantities = {"median", NULL}},
    {.id = FM__BOTTOM40,
     .by = TOTAL,
     .tables = {"persons", "incomes"},
     .quantities = {"panel_people", "panel_gain", "panel_bottom_people", "panel_bottom_gain", NULL}},
    {.id = FM__OF_INITIATIVES,
     .by = BY_PART,
     .tables = {"initiatives", "participants"},
     .quantities = {"joined", "placed", "joined_placed_share", "placed_otherwise", "retained", "not_retained",
                    "retention_unknown", "retained_share", NULL},
     .section = true,
     .part = "initiative_id"},
    {.id = FM__OF_SUPPORT,
     .by = BY_PART,
     .tables = {"persons", "supports"},
     .quantities = {"people", "reached", "reached_share", "supports", "days_mean", "hours_mean", NULL},
     .section = true,
     .part = "support"},
    {.id = FM__OF_EMPLOYERS,
     .by = TOTAL,
     .tables = {"placements", "employers"},
     .quantities = {"employers", "new_employers", "new_share", "hiring_again", "hiring_again_share", "private", "sme",
                    "sme_share", NULL},
     .section = true,
     .apart = true},
    {.id = FM__OF_CONTRACTS,
     .by = TOTAL,
     .tables = {"contracts", NULL},
     .quantities = {"contracts", "trigger_met", "fte_years", "agreed", "started", "delivered", "started_share",
                    "delivered_share", NULL},
     .section = true,
     .apart = true},
    {.id = FM__OF_PROGRESS,
     .by = BY_PART,
     .tables = {"persons", "progress"},
     .quantities = {"measured", "measured_twice", "first_mean", "last_mean", "change_mean", "months_between",
                    "relevant_better", "relevant_worse", NULL},
     .section = true,
     .part = "instrument",
     .filter = "instrument = who5"},
    {.id = FM__OF_PARITY,
     .options = "of=retention.status;horizon=6;group=sex;against=rest",
     .by = BY_PART,
     .tables = {"persons", "placements"},
     .quantities = {"share", "difference", "impact_ratio", NULL},
     .section = true,
     .part = "group"},
    {.id = FM__OF_ECONOMY,
     .options = "schedule=none",
     .by = BY_PART,
     .tables = {"placements", "spells"},
     .quantities = {"result", NULL},
     .section = true,
     .extra = true,
     .part = "payer"},
    {.id = FM__OF_JOURNEYS,
     .by = BY_PART,
     .tables = {"participants", "placements"},
     .quantities = {"median", NULL},
     .section = true,
     .extra = true,
     .part = "leg",
     .filter = "leg = referral_to_start"},
};

static bool is_wanted(const wanted *w, const char *quantity)
{
  for (size_t k = 0; w->quantities[k] != NULL; k++)
    if (strcmp(w->quantities[k], quantity) == 0)
      return true;
  return w->quantities[0] == NULL;
}

/* Of what jobs are worth: in all, to those whom the data tell of. */
static bool is_of_other_payer(const fm_table *t, size_t row)
{
  const char *payer = text_at(t, "payer", row), *which = text_at(t, "case", row);
  bool told = fm__same_text(payer, "municipality") || fm__same_text(payer, "state") || fm__same_text(payer, "person");
  return which != NULL && (!told || strcmp(which, "gross") != 0);
}

/* Rows of job starts and of bands are further breakdowns; of several intervals of a difference one is shown. */
static bool is_split(const fm_table *t, size_t row)
{
  const char *method = text_at(t, "method", row);
  if (method != NULL && (strcmp(method, "score") == 0 || strcmp(method, "wald") == 0))
    return true;
  return text_at(t, "job", row) != NULL || text_at(t, "score_band", row) != NULL || is_of_other_payer(t, row);
}

/* Jobs that name no initiative cannot be seen to be through one: none is not zero. */
static void forget_placed(fm__entry *row, bool tied)
{
  if (tied || strcmp(row->indicator, FM__OF_INITIATIVES) != 0 || strcmp(row->quantity, "joined") == 0)
    return;
  row->state = "not_given";
  row->value = row->std_error = row->low = row->high = row->level = row->weight = NAN;
  row->n = row->people = -1;
}

static bool has_ties(const fm_register *r)
{
  const fm_table *jobs = fm_register_table(r, "placements");
  return jobs != NULL && fm_table_column_index(jobs, "initiative_id") >= 0;
}

/* Takes the table in every case. */
static fm_status take(fm__entries *out, fm_table *t, const wanted *w, const char *key, const fm_register *r,
                      fm_error *err)
{
  columns c;
  bool jobs = fm_register_table(r, "placements") != NULL, tied = has_ties(r);
  fm_status status = open_columns(&c, t, key, err);
  if (status == FM_OK &&
      !fm__grow((void **)&out->items, &out->capacity, out->n + fm_table_n_rows(t) + 1, sizeof *out->items))
    status = fm__no_memory(err);
  if (status != FM_OK) {
    fm_table_destroy(t);
    return status;
  }
  out->tables[out->n_tables++] = t;
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    fm__entry row = row_at(&c, i);
    const char *text = key != NULL ? fm_table_text(t, c.key, i, NULL) : NULL;
    row.by_group = w->by == BY_GROUP;
    row.group = w->by == BY_GROUP ? text : NULL;
    row.goal = w->by == BY_GOAL ? text : NULL;
    if (text != NULL && w->by != BY_GOAL && fm__looks_personal(text, strlen(text)))
      return fm__fail(
          err, FM_ERR_VALUE,
          "column \"%.60s\": a word has the form of a personal number, which no report shows, expected a code", key);
    row.kind = w->by == BY_KIND ? (text != NULL ? text : "") : NULL;
    row.part = w->by == BY_PART ? text : NULL;
    forget_placed(&row, tied);
    if (!jobs && strncmp(row.quantity, "began", 5) == 0) { /* nobody can be seen to begin */
      row.state = "not_given";
      row.value = row.low = row.high = row.level = NAN;
    }
    bool left = w->extra && (row.n == 0 || row.period_start != FM_NO_DATE); /* nobody, or one year */
    if (is_wanted(w, row.quantity) && !left && !(w->section && is_split(t, i)))
      out->items[out->n++] = row;
  }
  return FM_OK;
}

/* A figure that the data do not give is told, not passed over. */
static fm_status put_not_given(fm__entries *out, const char *indicator, const char *quantity, const char *unit,
                               fm_error *err)
{
  if (!fm__grow((void **)&out->items, &out->capacity, out->n + 1, sizeof *out->items))
    return fm__no_memory(err);
  out->items[out->n++] = (fm__entry){.indicator = indicator,
                                     .definition = "",
                                     .quantity = quantity,
                                     .unit = unit,
                                     .state = "not_given",
                                     .horizon = -1,
                                     .value = NAN,
                                     .std_error = NAN,
                                     .low = NAN,
                                     .high = NAN,
                                     .level = NAN,
                                     .weight = NAN,
                                     .n = -1,
                                     .people = -1,
                                     .period_start = FM_NO_DATE,
                                     .period_end = FM_NO_DATE};
  return FM_OK;
}

static bool has_tables(const fm_register *r, const wanted *w)
{
  for (size_t k = 0; k < FM__COUNT(w->tables); k++)
    if (w->tables[k] != NULL && fm_register_table(r, w->tables[k]) == NULL)
      return false;
  return w->by != BY_GOAL || fm_register_table(r, "counts") != NULL || fm_register_table(r, "placements") != NULL;
}

/* The default breakdown is dropped when the data have no such column, one that was asked for is an error; incomes of a
 * single period give no comparison. */
static bool may_be_absent(const wanted *w, const fm_report_spec *spec, fm_status status)
{
  if (w->by == BY_GROUP)
    return status == FM_ERR_NOT_FOUND && strcmp(spec->by, "target_group") == 0 && spec->merge == NULL;
  return (w->section || strcmp(w->id, FM__BOTTOM40) == 0) && (status == FM_ERR_NOT_FOUND || status == FM_ERR_VALUE);
}

/* One line of the list, computed: with an executor all lines at once, else each when its turn comes. */
typedef struct answer {
  fm_table *table;
  fm_status status;
  fm_error why;
} answer;

typedef struct answers {
  const fm_register *r;
  const fm_report_spec *spec;
  const fm_run *run;
  answer of[FM__COUNT(list)];
} answers;

static const char *key_of(const wanted *w, const fm_report_spec *spec)
{
  const char *const keys[] = {NULL, spec->by, "kind", "goal_id", w->part};
  return keys[w->by];
}

static bool is_asked_for(const fm_register *r, const wanted *w, const fm_report_spec *spec)
{
  return has_tables(r, w) && !(w->by == BY_GROUP && spec->by[0] == '\0');
}

/* Employers are those of the last twelve months, so that some can be new. */
static void year_option(char out[48], int32_t as_of)
{
  strcpy(out, "period_start=");
  fm_date_format(out + strlen(out), fm_date_add_months(as_of, -12));
}

static fm_status answer_one(answer *a, const answers *all, const wanted *w)
{
  fm_compute_spec c = FM_COMPUTE_SPEC_INIT;
  fm_protect_spec protect = FM_PROTECT_SPEC_INIT;
  char year[48];
  c.by = w->by == BY_GOAL || w->by == BY_PART ? NULL : key_of(w, all->spec);
  c.merge = w->by == BY_GROUP ? all->spec->merge : NULL;
  c.options = w->options;
  c.filter = w->filter;
  c.level = all->spec->level;
  c.as_of = all->spec->as_of;
  if (strcmp(w->id, FM__OF_EMPLOYERS) == 0) {
    year_option(year, all->spec->as_of);
    c.options = year;
  }
  fm_table *t;
  fm_status status = fm_catalogue_compute(&t, all->r, w->id, &c, all->run, &a->why);
  if (status != FM_OK || !w->apart) {
    a->table = status == FM_OK ? t : NULL;
    return status;
  }
  protect.threshold = all->spec->threshold;
  status = fm_catalogue_protect(&a->table, t, &protect, &a->why);
  fm_table_destroy(t);
  return status;
}

/* Never fails as a task: the first line of the list that failed is told, whichever thread was first. */
static fm_status answer_task(void *ctx, size_t k)
{
  answers *all = ctx;
  answer *a = &all->of[k];
  a->why = (fm_error)FM_ERROR_INIT;
  if (is_asked_for(all->r, &list[k], all->spec))
    a->status = answer_one(a, all, &list[k]);
  return FM_OK;
}

static fm_status collect_one(fm__entries *out, answers *all, size_t k, fm_error *err)
{
  const wanted *w = &list[k];
  answer *a = &all->of[k];
  if (!is_asked_for(all->r, w, all->spec))
    return FM_OK;
  if (a->status == FM_OK) {
    fm_table *t = a->table;
    a->table = NULL;
    return take(out, t, w, key_of(w, all->spec), all->r, err);
  }
  if (w->extra && may_be_absent(w, all->spec, a->status))
    return FM_OK;
  if (may_be_absent(w, all->spec, a->status) && w->section)
    return put_not_given(out, w->id, w->quantities[0], "count", err);
  if (may_be_absent(w, all->spec, a->status))
    return w->by == BY_GROUP ? FM_OK : put_not_given(out, w->id, "panel_bottom_gain", "money", err);
  if (err != NULL && err->code == FM_OK) {
    size_t size = err->struct_size;
    memcpy(err, &a->why, size < sizeof a->why ? size : sizeof a->why);
    err->struct_size = size;
  }
  return a->status;
}

/* Goals of other measures than job starts, or without starts and counts, have no figures: that is told. */
static bool has_other_goals(const fm__entries *out, const fm_register *r)
{
  const fm_table *goals = fm_register_table(r, "goals");
  int64_t id = goals != NULL ? fm_table_column_index(goals, "goal_id") : -1;
  for (size_t i = 0; id >= 0 && i < fm_table_n_rows(goals); i++) {
    const char *goal = fm_table_text(goals, (size_t)id, i, NULL);
    if (goal != NULL && fm__entries_goal(out, goal, "goal") == NULL)
      return true;
  }
  return false;
}

fm_status fm__collect(fm__entries *out, const fm_register *r, const fm_report_spec *spec, const fm_run *run,
                      fm_error *err)
{
  bool parallel = run != NULL && run->execute != NULL;
  answers all = {.r = r, .spec = spec, .run = parallel ? NULL : run};
  fm_status status = parallel ? fm__run_tasks(run, answer_task, &all, FM__COUNT(list), err) : FM_OK;
  for (size_t k = 0; k < FM__COUNT(list) && status == FM_OK; k++) {
    if (!parallel)
      answer_task(&all, k);
    status = collect_one(out, &all, k, err);
    if (status == FM_OK)
      status = fm__run_progress(run, (double)(k + 1) / (double)FM__COUNT(list), err);
  }
  for (size_t k = 0; k < FM__COUNT(list); k++)
    fm_table_destroy(all.of[k].table);
  if (status == FM_OK && has_other_goals(out, r))
    status = put_not_given(out, FM__TRACK, "other_goals", "count", err);
  bool persons = fm_register_table(r, "persons") != NULL, jobs = fm_register_table(r, "placements") != NULL;
  if (status == FM_OK && !(persons && jobs))
    status = put_not_given(out, FM__STATUS, "rate", "share", err);
  if (status == FM_OK && persons && fm_register_table(r, "incomes") == NULL)
    status = put_not_given(out, FM__BOTTOM40, "panel_bottom_gain", "money", err);
  return status;
}
