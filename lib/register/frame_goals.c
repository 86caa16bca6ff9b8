/* Goals: one row a counted start, or the dated counts when there are no placements.
 *
 * Starts, first starts of people, or first starts at employers between a goal's first and last day count, when they
 * meet the goal's rule. "First" goes by start and id, never by row. */
#include <string.h>

#include "register/frame_priv.h"

enum { AS_OF, DONE, PRIVATE, EMPLOYERS, N_COLUMNS };
enum { STARTS, PEOPLE, FIRMS };

typedef struct goals {
  fm__builder *b;
  size_t column[N_COLUMNS];
  uint32_t *rows; /* row in goals of each row written */
  size_t n, capacity;
  size_t without_employer, not_starts;
} goals;

static void put_whole(fm__builder *b, size_t column, int64_t value) /* negative: unknown */
{
  if (value < 0)
    fm__builder_null(b, column);
  else
    fm__builder_i64(b, column, value);
}

static bool put(goals *g, size_t goal, int32_t as_of, int64_t done, int64_t private_ones, int64_t employers)
{
  if (!fm__grow((void **)&g->rows, &g->capacity, g->n + 1, sizeof *g->rows))
    return false;
  g->rows[g->n++] = (uint32_t)goal;
  if (as_of == FM_NO_DATE)
    fm__builder_null(g->b, g->column[AS_OF]);
  else
    fm__builder_i32(g->b, g->column[AS_OF], as_of);
  put_whole(g->b, g->column[DONE], done);
  put_whole(g->b, g->column[PRIVATE], private_ones);
  put_whole(g->b, g->column[EMPLOYERS], employers);
  return true;
}

/* ---- which row of a goal is in force ---- */

static bool is_in_force(const fm__frame *f, size_t row)
{
  const fm_table *t = f->r->part[FM__GOALS].table;
  size_t id = fm__register_column(f->r, FM__GOALS, "goal_id"), on = fm__register_column(f->r, FM__GOALS, "changed_on");
  int32_t own = fm__date_at(t, on, row);
  if (own != FM_NO_DATE && own >= f->as_of)
    return false;
  const char *name = fm_table_text(t, id, row, NULL);
  for (size_t k = 0; k < fm_table_n_rows(t); k++) {
    int32_t other = fm__date_at(t, on, k);
    if (k != row && strcmp(fm_table_text(t, id, k, NULL), name) == 0 && other != FM_NO_DATE && other < f->as_of &&
        (own == FM_NO_DATE || other > own))
      return false;
  }
  return true;
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
  return put(out, goal, f->as_of, 0, 0, 0) ? FM_OK : fm__no_memory(err);
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

static fm_status put_starts(const fm__frame *f, const fm__frame *g, uint8_t *keep, goals *out, size_t goal,
                            fm_error *err)
{
  uint32_t *of_employer = NULL;
  int what = what_counts(f, goal);
  size_t before = out->n;
  fm_status status = what == PEOPLE ? keep_people(g, keep, err) : FM_OK;
  if (status == FM_OK)
    status = find_first(g, keep, FM__EMPLOYERS, &of_employer, err);
  for (size_t i = 0; status == FM_OK && i < g->n; i++) {
    uint32_t employer = g->rows[FM__EMPLOYERS][i];
    bool first_of_employer = employer != FM__NO_ROW && of_employer[employer] == i + 1;
    if (!keep[i])
      continue;
    if (what == FIRMS && !first_of_employer) {
      out->without_employer += employer == FM__NO_ROW;
      continue;
    }
    const char *sector = fm__frame_sector(g->r, employer, g->day[i]);
    int64_t private_one = strcmp(sector, "private") == 0 ? 1 : strcmp(sector, "public") == 0 ? 0 : -1;
    if (!put(out, goal, FM_NO_DATE, 1, private_one, employer == FM__NO_ROW ? -1 : first_of_employer))
      status = fm__no_memory(err);
  }
  if (status == FM_OK && out->n == before)
    status = put_none(f, out, goal, err);
  fm__free(of_employer);
  return status;
}

static fm_status count_goal(fm__frame *f, goals *out, size_t goal, fm_error *err)
{
  const fm__frame_kind *kind = fm__frame_kind_named("placements");
  const fm_table *t = f->r->part[FM__GOALS].table;
  size_t start = fm__register_column(f->r, FM__GOALS, "start"), filter = fm__register_column(f->r, FM__GOALS, "filter");
  int32_t deadline = fm__date_at(t, fm__register_column(f->r, FM__GOALS, "deadline"), goal);
  const char *rule = filter == FM__NO_COLUMN ? NULL : fm_table_text(t, filter, goal, NULL);
  fm__days window = {fm__date_at(t, start, goal), deadline < f->as_of ? deadline + 1 : f->as_of};
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
    status = put_starts(f, &g, keep, out, goal, err);
  fm__free(keep);
  fm__frame_release(&g);
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
  for (size_t i = 0; p->goal != NULL && i < p->n_rows; i++) {
    if (p->goal[i] == FM__NO_ROW || strcmp(fm_table_text(t, id, p->goal[i], NULL), name) != 0)
      continue;
    int32_t as_of = fm__date_at(p->table, fm__register_column(f->r, FM__COUNTS, "as_of"), i);
    if (as_of > f->as_of) {
      (*later)++;
      continue;
    }
    if (!put(out, goal, as_of, whole_at(p->table, fm__register_column(f->r, FM__COUNTS, "done"), i),
             whole_at(p->table, fm__register_column(f->r, FM__COUNTS, "private"), i),
             whole_at(p->table, fm__register_column(f->r, FM__COUNTS, "employers"), i)))
      return fm__no_memory(err);
  }
  return FM_OK;
}

/* ---- the frame ---- */

static fm_status start_goals(goals *g, fm_error *err)
{
  static const fm__frame_column own[] = {
      {"as_of", FM_DATE, 0}, {"done", FM_I64, 0}, {"private", FM_I64, 0}, {"employers", FM_I64, 0}};
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
    bool counts = is_a_count(f, i), now = is_in_force(f, i);
    g.not_starts += !counts;
    replaced += counts && !now;
    if (counts && now)
      status = placements ? count_goal(f, &g, i, err) : copy_counts(f, &g, i, &later, err);
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
