/* Goals: one row a counted start, or the dated counts when there are no placements.
 *
 * Starts, first starts of people, or first starts at employers between a goal's first and last day count, when they
 * meet the goal's rule. "First" goes by start and id, never by row. A row with done 0 tells an earlier form of a goal
 * that was changed, or the first day of an earlier year that is told. */
#include <string.h>

#include "register/frame_priv.h"
#include "register/make_priv.h"

enum { AS_OF, DONE, PRIVATE, EMPLOYERS, PEOPLE_DONE, ENDED, DAY, CHANGED_ON, N_COLUMNS };
enum { STARTS, PEOPLE, FIRMS };

typedef struct goals {
  fm__builder *b;
  size_t column[N_COLUMNS];
  uint32_t *rows; /* row in goals of each row written */
  size_t n, capacity;
  size_t without_employer, not_starts;
} goals;

/* A row of the frame; negative: unknown. */
typedef struct counted {
  size_t goal;
  int32_t as_of, day;
  int64_t done, private_ones, employers, people, ended;
} counted;

static void put_whole(fm__builder *b, size_t column, int64_t value) /* negative: unknown */
{
  if (value < 0)
    fm__builder_null(b, column);
  else
    fm__builder_i64(b, column, value);
}

static void put_day(fm__builder *b, size_t column, int32_t day)
{
  if (day == FM_NO_DATE)
    fm__builder_null(b, column);
  else
    fm__builder_i32(b, column, day);
}

static bool put(const fm__frame *f, goals *g, const counted *c)
{
  if (!fm__grow((void **)&g->rows, &g->capacity, g->n + 1, sizeof *g->rows))
    return false;
  g->rows[g->n++] = (uint32_t)c->goal;
  put_day(g->b, g->column[AS_OF], c->as_of);
  put_day(g->b, g->column[DAY], c->day);
  put_day(g->b, g->column[CHANGED_ON],
          fm__date_at(f->r->part[FM__GOALS].table, fm__register_column(f->r, FM__GOALS, "changed_on"), c->goal));
  put_whole(g->b, g->column[DONE], c->done);
  put_whole(g->b, g->column[PRIVATE], c->private_ones);
  put_whole(g->b, g->column[EMPLOYERS], c->employers);
  put_whole(g->b, g->column[PEOPLE_DONE], c->people);
  put_whole(g->b, g->column[ENDED], c->ended);
  return true;
}

/* ---- which row of a goal is in force ---- */

enum { NOT_YET, REPLACED, IN_FORCE };

static int standing(const fm__frame *f, size_t row)
{
  const fm_table *t = f->r->part[FM__GOALS].table;
  size_t id = fm__register_column(f->r, FM__GOALS, "goal_id"), on = fm__register_column(f->r, FM__GOALS, "changed_on");
  int32_t own = fm__date_at(t, on, row);
  if (own != FM_NO_DATE && own >= f->as_of)
    return NOT_YET;
  const char *name = fm_table_text(t, id, row, NULL);
  for (size_t k = 0; k < fm_table_n_rows(t); k++) {
    int32_t other = fm__date_at(t, on, k);
    if (k != row && strcmp(fm_table_text(t, id, k, NULL), name) == 0 && other != FM_NO_DATE && other < f->as_of &&
        (own == FM_NO_DATE || other > own))
      return REPLACED;
  }
  return IN_FORCE;
}

static bool is_a_count(const fm__frame *f, size_t row)
{
  const char *measure =
      fm_table_text(f->r->part[FM__GOALS].table, fm__register_column(f->r, FM__GOALS, "measure"), row, NULL);
  return strcmp(measure, "target.track") == 0 || strcmp(measure, "programme.placements") == 0;
}

/* ---- counting placements ---- */

/* The placements of a goal as units of their own frame, which knows how to join, and to read a rule. */
static fm_status list_starts(fm__frame *g, fm__days window, fm_error *err)
{
  fm__builder *b = NULL;
  size_t column, n = g->r->part[FM__PLACEMENTS].n_rows;
  fm_status status = fm__frame_reserve(g, n, fm__frame_placement_tables, err);
  if (status == FM_OK)
    status = fm__builder_create(&b, "placements", err);
  if (status == FM_OK)
    status = fm__builder_column(b, "work", FM_BOOL, &column, err);
  for (size_t i = 0; status == FM_OK && i < n; i++) {
    int32_t start = fm__register_days(g->r, FM__PLACEMENTS, i).first;
    if (start < window.first || start >= window.end)
      continue;
    fm__frame_put_placement(g, i);
    fm__builder_bool(b, column, fm__placement_is_work(g->r, i));
  }
  if (status != FM_OK) {
    fm__builder_destroy(b);
    return status;
  }
  return fm__builder_finish(b, &g->core, err);
}

/* Creates first[row of `table`]: 1 + the unit that is its first among those kept; 0 for none. */
static fm_status find_first(const fm__frame *g, const uint8_t *keep, int table, uint32_t **out, fm_error *err)
{
  *out = fm__array(g->r->part[table].n_rows, sizeof **out);
  if (*out == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < g->n; i++) {
    uint32_t whose = g->rows[table][i];
    if (!keep[i] || whose == FM__NO_ROW)
      continue;
    uint32_t *best = &(*out)[whose];
    if (*best == 0 || fm__placement_before(g->r, g->rows[FM__PLACEMENTS][i], g->rows[FM__PLACEMENTS][*best - 1]))
      *best = (uint32_t)i + 1;
  }
  return FM_OK;
}

static int what_counts(const fm__frame *f, size_t row)
{
  size_t column = fm__register_column(f->r, FM__GOALS, "counts");
  const char *text = column == FM__NO_COLUMN ? NULL : fm_table_text(f->r->part[FM__GOALS].table, column, row, NULL);
  if (text != NULL && strcmp(text, "people") == 0)
    return PEOPLE;
  return text != NULL && strcmp(text, "employers") == 0 ? FIRMS : STARTS;
}

/* A goal with nothing done yet still has a row: a count of none. */
static fm_status put_none(const fm__frame *f, goals *out, size_t goal, fm_error *err)
{
  counted none = {.goal = goal, .as_of = f->as_of, .day = FM_NO_DATE};
  return put(f, out, &none) ? FM_OK : fm__no_memory(err);
}

static fm_status put_mark(const fm__frame *f, goals *out, size_t goal, int32_t day, fm_error *err)
{
  counted mark = {
      .goal = goal, .as_of = FM_NO_DATE, .day = day, .private_ones = -1, .employers = -1, .people = -1, .ended = -1};
  return put(f, out, &mark) ? FM_OK : fm__no_memory(err);
}

/* The forms that a goal had before that of `goal`, which has rows. */
static fm_status put_replaced(const fm__frame *f, goals *out, size_t goal, fm_error *err)
{
  const fm_table *t = f->r->part[FM__GOALS].table;
  size_t id = fm__register_column(f->r, FM__GOALS, "goal_id");
  const char *name = fm_table_text(t, id, goal, NULL);
  fm_status status = FM_OK;
  for (size_t k = 0; k < fm_table_n_rows(t) && status == FM_OK; k++)
    if (k != goal && strcmp(fm_table_text(t, id, k, NULL), name) == 0 && standing(f, k) == REPLACED)
      status = put_mark(f, out, k, FM_NO_DATE, err);
  return status;
}

/* Of each person's starts only the first is kept. */
static fm_status keep_people(const fm__frame *g, uint8_t *keep, fm_error *err)
{
  uint32_t *first = NULL;
  fm_status status = find_first(g, keep, FM__PERSONS, &first, err);
  for (size_t i = 0; status == FM_OK && i < g->n; i++) {
    uint32_t person = g->rows[FM__PERSONS][i];
    keep[i] = keep[i] && person != FM__NO_ROW && first[person] == i + 1;
  }
  fm__free(first);
  return status;
}

/* ---- what has ended ---- */

enum { HAS_ENDED = 1, NOT_KNOWN, RUNS };

/* Whether a placement runs on the last observed day, of a person who is observed until then. */
static uint8_t how_it_stands(const fm__frame *g, size_t unit)
{
  uint32_t person = g->rows[FM__PERSONS][unit];
  int32_t end = fm__register_days(g->r, FM__PLACEMENTS, g->rows[FM__PLACEMENTS][unit]).end;
  int32_t seen = person == FM__NO_ROW ? g->as_of : fm__frame_observed(g, person).end;
  return end < seen ? HAS_ENDED : seen < g->as_of ? NOT_KNOWN : RUNS;
}

/* Creates ended[unit] of the units kept: 1, 0, or 2 for not known. Of people and employers: none of what is counted
 * for them still runs. */
static fm_status find_ended(const fm__frame *g, const uint8_t *keep, int what, uint8_t **out, fm_error *err)
{
  static const uint8_t told[] = {[HAS_ENDED] = 1, [NOT_KNOWN] = 2, [RUNS] = 0};
  int table = what == PEOPLE ? FM__PERSONS : FM__EMPLOYERS;
  uint8_t *best = fm__array(what == STARTS ? 0 : g->r->part[table].n_rows, 1);
  *out = fm__array(g->n, 1);
  if (*out == NULL || best == NULL) {
    fm__free(best);
    return fm__no_memory(err);
  }
  for (size_t i = 0; i < g->n; i++) {
    uint32_t whose = what == STARTS ? FM__NO_ROW : g->rows[table][i];
    (*out)[i] = how_it_stands(g, i);
    if (keep[i] && whose != FM__NO_ROW && (*out)[i] > best[whose])
      best[whose] = (*out)[i];
  }
  for (size_t i = 0; i < g->n; i++) {
    uint32_t whose = what == STARTS ? FM__NO_ROW : g->rows[table][i];
    (*out)[i] = told[whose != FM__NO_ROW && keep[i] ? best[whose] : (*out)[i]];
  }
  fm__free(best);
  return FM_OK;
}

/* ---- rows of starts ---- */

typedef struct firsts {
  uint32_t *of_employer, *of_person, *at_employer; /* at_employer: people whose first start is there; NULL: not asked */
  uint8_t *ended;
} firsts;

static void firsts_release(firsts *first)
{
  fm__free(first->of_employer);
  fm__free(first->of_person);
  fm__free(first->at_employer);
  fm__free(first->ended);
}

static fm_status find_firsts(firsts *first, const fm__frame *g, uint8_t *keep, int what, fm_error *err)
{
  *first = (firsts){NULL, NULL, NULL, NULL};
  fm_status status = find_ended(g, keep, what, &first->ended, err);
  if (status == FM_OK && what == PEOPLE)
    status = keep_people(g, keep, err);
  if (status == FM_OK)
    status = find_first(g, keep, FM__EMPLOYERS, &first->of_employer, err);
  if (status == FM_OK)
    status = find_first(g, keep, FM__PERSONS, &first->of_person, err);
  if (status != FM_OK || what != FIRMS)
    return status;
  first->at_employer = fm__array(g->r->part[FM__EMPLOYERS].n_rows, sizeof *first->at_employer);
  if (first->at_employer == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < g->n; i++) {
    uint32_t employer = g->rows[FM__EMPLOYERS][i], person = g->rows[FM__PERSONS][i];
    if (keep[i] && employer != FM__NO_ROW && person != FM__NO_ROW && first->of_person[person] == i + 1)
      first->at_employer[employer]++;
  }
  return FM_OK;
}

static counted start_row(const fm__frame *g, const firsts *first, size_t i, size_t goal)
{
  uint32_t employer = g->rows[FM__EMPLOYERS][i], person = g->rows[FM__PERSONS][i];
  const char *sector = fm__frame_sector(g->r, employer, g->day[i]);
  return (counted){.goal = goal,
                   .as_of = FM_NO_DATE,
                   .day = g->day[i],
                   .done = 1,
                   .private_ones = strcmp(sector, "private") == 0  ? 1
                                   : strcmp(sector, "public") == 0 ? 0
                                                                   : -1,
                   .employers = employer == FM__NO_ROW ? -1 : first->of_employer[employer] == i + 1,
                   .people = first->at_employer != NULL ? (int64_t)first->at_employer[employer]
                             : person == FM__NO_ROW     ? -1
                                                        : first->of_person[person] == i + 1,
                   .ended = first->ended[i] == 2 ? -1 : first->ended[i]};
}

/* One start of a person that stands under two ids would count twice. Only where all four columns say so. */
static fm_status check_starts(const fm__frame *g, const uint8_t *keep, fm_error *err)
{
  static const char *const names[] = {"person_id", "employer_id", "kind", "start"};
  const fm_table *t = g->r->part[FM__PLACEMENTS].table;
  size_t columns[FM__COUNT(names)];
  fm__row_set *set;
  for (size_t k = 0; k < FM__COUNT(names); k++) {
    columns[k] = fm__register_column(g->r, FM__PLACEMENTS, names[k]);
    if (columns[k] == FM__NO_COLUMN)
      return FM_OK;
  }
  fm_status status = fm__row_set_create(&set, t, columns, FM__COUNT(names), err);
  if (status != FM_OK)
    return status;
  for (size_t i = 0; i < g->n && status == FM_OK; i++) {
    size_t row = g->rows[FM__PLACEMENTS][i];
    bool known = keep[i] != 0;
    for (size_t k = 0; k < FM__COUNT(names); k++)
      known = known && !fm_table_is_null(t, columns[k], row);
    if (!known || fm__row_set_add(set, row) < 0)
      continue;
    status =
        fm__fail(err, FM_ERR_VALUE,
                 "placements, column person_id, row %zu: expected each start of a person once in a goal that counts "
                 "starts; person, employer, kind and start are those of an earlier row",
                 row);
    fm__error_place(err, "placements", "person_id", (int64_t)columns[0], (int64_t)row, fm_table_line(t, row));
  }
  fm__row_set_destroy(set);
  return status;
}

static fm_status put_starts(const fm__frame *f, const fm__frame *g, uint8_t *keep, goals *out, size_t goal,
                            bool earlier, fm_error *err)
{
  firsts first = {NULL, NULL, NULL, NULL};
  int what = what_counts(f, goal);
  size_t before = out->n;
  fm_status status = what == STARTS && !earlier ? check_starts(g, keep, err) : FM_OK;
  if (status == FM_OK)
    status = find_firsts(&first, g, keep, what, err);
  for (size_t i = 0; status == FM_OK && i < g->n; i++) {
    uint32_t employer = g->rows[FM__EMPLOYERS][i];
    if (!keep[i])
      continue;
    if (what == FIRMS && (employer == FM__NO_ROW || first.of_employer[employer] != i + 1)) {
      out->without_employer += employer == FM__NO_ROW && !earlier;
      continue;
    }
    counted row = start_row(g, &first, i, goal);
    if (!put(f, out, &row))
      status = fm__no_memory(err);
  }
  if (status == FM_OK && out->n == before && !earlier)
    status = put_none(f, out, goal, err);
  firsts_release(&first);
  return status;
}

static fm_status count_window(fm__frame *f, goals *out, size_t goal, fm__days window, bool earlier, fm_error *err)
{
  const fm__frame_kind *kind = fm__frame_kind_named("placements");
  const fm_table *t = f->r->part[FM__GOALS].table;
  size_t filter = fm__register_column(f->r, FM__GOALS, "filter");
  const char *rule = filter == FM__NO_COLUMN ? NULL : fm_table_text(t, filter, goal, NULL);
  fm__frame g = {.r = f->r, .kind = f->kind, .spec = f->spec, .run = f->run, .as_of = f->as_of};
  uint8_t *keep = NULL;
  fm_status status = list_starts(&g, window, err);
  if (status == FM_OK && rule != NULL) {
    status = fm__frame_meets(&g, kind, rule, &keep, err);
    if (status != FM_OK)
      fm__error_place(err, "goals", "filter", -1, (int64_t)goal, fm_table_line(t, goal));
  } else if (status == FM_OK) {
    keep = fm__alloc(g.n);
    if (keep == NULL)
      status = fm__no_memory(err);
    else
      memset(keep, 1, g.n);
  }
  if (status == FM_OK)
    status = put_starts(f, &g, keep, out, goal, earlier, err);
  fm__free(keep);
  fm__frame_release(&g);
  return status;
}

/* First day on which the register has a placement. */
static int32_t first_start(const fm__frame *f)
{
  int32_t first = INT32_MAX;
  for (size_t i = 0; i < f->r->part[FM__PLACEMENTS].n_rows; i++) {
    int32_t start = fm__register_days(f->r, FM__PLACEMENTS, i).first;
    first = start < first ? start : first;
  }
  return first;
}

/* Whole years before the month of a goal's start, as far as the placements go back: a year is told when one of them is
 * from its first month or before. People and employers count anew in each. */
static fm_status count_earlier(fm__frame *f, goals *out, size_t goal, int32_t first, fm_error *err)
{
  const fm_table *t = f->r->part[FM__GOALS].table;
  int32_t year, month, start = fm__date_at(t, fm__register_column(f->r, FM__GOALS, "start"), goal);
  fm_status status = FM_OK;
  fm_date_to_ymd(start, &year, &month, NULL);
  int32_t end = fm_date_from_ymd(year, month, 1);
  for (int32_t y = 0; y < f->spec->earlier_years && status == FM_OK; y++) {
    fm__days block = {fm_date_add_months(end, -12), end};
    if (block.first == FM_NO_DATE || first >= fm_date_add_months(block.first, 1))
      break;
    status = put_mark(f, out, goal, block.first, err);
    if (status == FM_OK)
      status = count_window(f, out, goal, block, true, err);
    end = block.first;
  }
  return status;
}

static fm_status count_goal(fm__frame *f, goals *out, size_t goal, fm_error *err)
{
  const fm_table *t = f->r->part[FM__GOALS].table;
  size_t start = fm__register_column(f->r, FM__GOALS, "start");
  int32_t deadline = fm__date_at(t, fm__register_column(f->r, FM__GOALS, "deadline"), goal);
  fm__days window = {fm__date_at(t, start, goal), deadline < f->as_of ? deadline + 1 : f->as_of};
  fm_status status = count_window(f, out, goal, window, false, err);
  if (status == FM_OK && f->spec->earlier_years > 0)
    status = count_earlier(f, out, goal, first_start(f), err);
  return status;
}

/* ---- dated counts ---- */

static int64_t whole_at(const fm_table *t, size_t column, size_t row)
{
  return column == FM__NO_COLUMN || fm_table_is_null(t, column, row) ? -1 : fm_table_i64(t, column)[row];
}

static fm_status copy_counts(fm__frame *f, goals *out, size_t goal, size_t *later, fm_error *err)
{
  const fm__part *p = &f->r->part[FM__COUNTS];
  const fm_table *t = f->r->part[FM__GOALS].table;
  size_t id = fm__register_column(f->r, FM__GOALS, "goal_id");
  const char *name = fm_table_text(t, id, goal, NULL);
  int what = what_counts(f, goal);
  for (size_t i = 0; p->goal != NULL && i < p->n_rows; i++) {
    if (p->goal[i] == FM__NO_ROW || strcmp(fm_table_text(t, id, p->goal[i], NULL), name) != 0)
      continue;
    int32_t as_of = fm__date_at(p->table, fm__register_column(f->r, FM__COUNTS, "as_of"), i);
    if (as_of > f->as_of) {
      (*later)++;
      continue;
    }
    counted row = {.goal = goal,
                   .as_of = as_of,
                   .day = FM_NO_DATE,
                   .done = whole_at(p->table, fm__register_column(f->r, FM__COUNTS, "done"), i),
                   .private_ones = whole_at(p->table, fm__register_column(f->r, FM__COUNTS, "private"), i),
                   .employers = whole_at(p->table, fm__register_column(f->r, FM__COUNTS, "employers"), i),
                   .people = -1,
                   .ended = whole_at(p->table, fm__register_column(f->r, FM__COUNTS, "ended"), i)};
    if (what == PEOPLE)
      row.people = row.done;
    if (!put(f, out, &row))
      return fm__no_memory(err);
  }
  return FM_OK;
}

/* ---- the frame ---- */

static fm_status start_goals(goals *g, fm_error *err)
{
  static const fm__frame_column own[] = {{"as_of", FM_DATE, 0},    {"done", FM_I64, 0},       {"private", FM_I64, 0},
                                         {"employers", FM_I64, 0}, {"people", FM_I64, 0},     {"ended", FM_I64, 0},
                                         {"day", FM_DATE, 0},      {"changed_on", FM_DATE, 0}};
  fm_status status = fm__builder_create(&g->b, "goals", err);
  for (size_t k = 0; status == FM_OK && k < N_COLUMNS; k++)
    status = fm__builder_column(g->b, own[k].name, own[k].type, &g->column[k], err);
  return status;
}

fm_status fm__frame_goals(fm__frame *f, fm_error *err)
{
  static const int tables[] = {FM__GOALS, FM__N_TABLES};
  goals g = {0};
  size_t later = 0, replaced = 0, n = f->r->part[FM__GOALS].n_rows;
  bool placements = f->r->part[FM__PLACEMENTS].table != NULL;
  fm_status status = fm__frame_require(f, FM__GOALS, err);
  if (status == FM_OK && !placements && f->r->part[FM__COUNTS].table == NULL)
    status = fm__fail(err, FM_ERR_NOT_FOUND, "a frame of goals needs the table placements or counts besides goals");
  if (status == FM_OK)
    status = start_goals(&g, err);
  for (size_t i = 0; status == FM_OK && i < n; i++) {
    bool counts = is_a_count(f, i);
    int stands = standing(f, i);
    size_t before = g.n;
    g.not_starts += !counts;
    replaced += counts && stands != IN_FORCE;
    if (counts && stands == IN_FORCE)
      status = placements ? count_goal(f, &g, i, err) : copy_counts(f, &g, i, &later, err);
    if (status == FM_OK && g.n > before)
      status = put_replaced(f, &g, i, err);
  }
  if (status == FM_OK)
    status = fm__frame_reserve(f, g.n, tables, err);
  if (status == FM_OK && g.n > 0)
    memcpy(f->rows[FM__GOALS], g.rows, g.n * sizeof *g.rows);
  size_t start = fm__register_column(f->r, FM__GOALS, "start");
  for (size_t i = 0; status == FM_OK && i < g.n; i++)
    f->day[i] = fm__date_at(f->r->part[FM__GOALS].table, start, g.rows[i]);
  f->n = g.n;
  fm__free(g.rows);
  fm__frame_left_out(f, "goals_of_other_measures", g.not_starts);
  fm__frame_left_out(f, "goals_not_in_force", replaced);
  fm__frame_left_out(f, "rows_after_as_of", later);
  fm__frame_left_out(f, "rows_without_employer", g.without_employer);
  if (status == FM_OK)
    return fm__builder_finish(g.b, &f->core, err);
  fm__builder_destroy(g.b);
  return status;
}
