/* Reading a frame of goals row by row. */
#include <math.h>
#include <string.h>

#include "calendar/calendar_priv.h"
#include "num/num_priv.h"
#include "tally/tally_priv.h"
#include "target/track_priv.h"

enum { GOAL, START, DEADLINE, AS_OF, DONE, PRIVATE, EMPLOYERS, PEOPLE, ENDED, DAY, CHANGED_ON, N_COLUMNS };
enum { FURTHER = PEOPLE }; /* from here on a frame may lack them */

typedef struct columns {
  const fm_table *frame;
  size_t at[N_COLUMNS]; /* FM__NONE: there is none, or none with a value */
} columns;
#define FM__NONE ((size_t)-1)

static const struct {
  const char *name;
  int32_t type;
} wanted[N_COLUMNS] = {[GOAL] = {"goal", FM_F64},
                       [START] = {"start", FM_DATE},
                       [DEADLINE] = {"deadline", FM_DATE},
                       [AS_OF] = {"as_of", FM_DATE},
                       [DONE] = {"done", FM_I64},
                       [PRIVATE] = {"private", FM_I64},
                       [EMPLOYERS] = {"employers", FM_I64},
                       [PEOPLE] = {"people", FM_I64},
                       [ENDED] = {"ended", FM_I64},
                       [DAY] = {"day", FM_DATE},
                       [CHANGED_ON] = {"changed_on", FM_DATE}};

static fm_status find_columns(columns *c, const fm_table *frame, fm_error *err)
{
  fm_status status = FM_OK;
  c->frame = frame;
  for (size_t k = 0; k < N_COLUMNS && status == FM_OK; k++) {
    int64_t at = fm_table_column_index(frame, wanted[k].name);
    bool blank = at >= 0 && fm_table_column_type(frame, (size_t)at) == FM_CODE && fm__table_is_blank(frame, (size_t)at);
    c->at[k] = FM__NONE; /* a column without a value may be of any type */
    if (!blank && (k < FURTHER || at >= 0))
      status = fm__table_find(frame, wanted[k].name, wanted[k].type, &c->at[k], err);
  }
  return status;
}

static bool has(const columns *c, int column, size_t row)
{
  return c->at[column] != FM__NONE && fm__bit(fm_table_validity(c->frame, c->at[column]), row);
}

static int64_t whole_or_unknown(const columns *c, int column, size_t row)
{
  return has(c, column, row) ? fm_table_i64(c->frame, c->at[column])[row] : -1;
}

static int32_t date_or_none(const columns *c, int column, size_t row)
{
  return has(c, column, row) ? fm_table_i32(c->frame, c->at[column])[row] : FM_NO_DATE;
}

/* What stands in a cell. */
static void print_cell(char *out, const columns *c, int column, size_t row)
{
  if (!has(c, column, row))
    strcpy(out, "no value");
  else if (wanted[column].type == FM_DATE)
    fm_date_format(out, date_or_none(c, column, row));
  else if (wanted[column].type == FM_F64)
    fm__print_f64(out, fm_table_f64(c->frame, c->at[column])[row]);
  else
    fm__print_f64(out, (double)whole_or_unknown(c, column, row));
}

static fm_status bad_row(const columns *c, int column, size_t row, const char *expected, fm_error *err)
{
  const char *name = wanted[column].name;
  char found[32];
  print_cell(found, c, column, row);
  fm__fail(err, FM_ERR_VALUE, "column %s, row %zu: expected %s; found %s", name, row, expected, found);
  fm__error_place(err, fm_table_name(c->frame), name, fm_table_column_index(c->frame, name), (int64_t)row,
                  fm_table_line(c->frame, row));
  return FM_ERR_VALUE;
}

/* What a row says of its goal. */
static fm_status read_version(fm__version *v, const columns *c, size_t row, fm_error *err)
{
  double goal = has(c, GOAL, row) ? fm_table_f64(c->frame, c->at[GOAL])[row] : NAN;
  *v = (fm__version){.changed_on = date_or_none(c, CHANGED_ON, row),
                     .start = date_or_none(c, START, row),
                     .deadline = date_or_none(c, DEADLINE, row),
                     .goal = goal};
  if (!(goal > 0) || goal > FM__LARGEST)
    return bad_row(c, GOAL, row, "a number above 0, at most 1e12", err);
  if (!fm__date_is_valid(v->start))
    return bad_row(c, START, row, "a date", err);
  if (v->deadline < v->start || !fm__date_is_valid(v->deadline))
    return bad_row(c, DEADLINE, row, "a date on or after the start", err);
  if (v->changed_on != FM_NO_DATE && (v->changed_on < v->start || v->changed_on > v->deadline))
    return bad_row(c, CHANGED_ON, row, "a date from the start to the deadline, or none", err);
  return FM_OK;
}

static fm_status read_counts(fm__dated_count *n, const columns *c, size_t row, fm_error *err)
{
  *n = (fm__dated_count){.as_of = date_or_none(c, AS_OF, row),
                         .done = whole_or_unknown(c, DONE, row),
                         .is_private = whole_or_unknown(c, PRIVATE, row),
                         .employers = whole_or_unknown(c, EMPLOYERS, row),
                         .people = whole_or_unknown(c, PEOPLE, row),
                         .ended = whole_or_unknown(c, ENDED, row)};
  if (n->done < 0 || n->done > FM__LARGEST)
    return bad_row(c, DONE, row, "a whole number from 0 to 1e12", err);
  const int64_t parts[] = {n->is_private, n->employers, n->people, n->ended};
  for (int k = 0; k < 4; k++) {
    bool alone = k == 2 && n->as_of == FM_NO_DATE; /* an employer's first start may stand for several people */
    if (has(c, PRIVATE + k, row) && (parts[k] < 0 || parts[k] > (alone ? FM__LARGEST : n->done)))
      return bad_row(c, PRIVATE + k, row, alone ? "a whole number from 0" : "a whole number from 0 to done", err);
  }
  return n->as_of == FM_NO_DATE || fm__date_is_valid(n->as_of) ? FM_OK : bad_row(c, AS_OF, row, "a date", err);
}

static void know(fm__known_part *p, int64_t part, int64_t done)
{
  if (part < 0)
    return;
  p->sum += part;
  p->known += done;
}

/* Starts of a row without as_of: of an earlier year, or of the goal. */
static fm_status put_starts(fm__facts *f, const fm__dated_count *n, const fm__version *v, const columns *c, size_t row,
                            int32_t as_of, fm_error *err)
{
  int32_t day = date_or_none(c, DAY, row);
  if (day != FM_NO_DATE && (!fm__date_is_valid(day) || day > v->deadline))
    return bad_row(c, DAY, row, "a date not after the deadline", err);
  if (day != FM_NO_DATE && as_of != FM_NO_DATE && day >= as_of)
    return FM_OK; /* not known on the as-of day */
  if (day != FM_NO_DATE && !fm__facts_month(f, fm__month_of(day), n->done))
    return fm__no_memory(err);
  if (day != FM_NO_DATE && day < v->start) {
    /* Days of the month in which the goal starts are of no whole year before it. */
    if (fm__month_of(day) == fm__month_of(v->start))
      f->n_months = 0;
    return FM_OK;
  }
  f->starts = n->done;
  f->dated = day != FM_NO_DATE ? n->done : 0;
  know(&f->is_private, n->is_private, n->done);
  know(&f->employers, n->employers, n->done);
  know(&f->people, n->people, n->done);
  know(&f->ended, n->ended, n->done);
  return FM_OK;
}

static fm_status read_row(fm__facts *f, const columns *c, size_t row, int32_t as_of, fm_error *err)
{
  fm__version v;
  fm__dated_count n;
  fm_status status = read_version(&v, c, row, err);
  if (status == FM_OK)
    status = read_counts(&n, c, row, err);
  if (status != FM_OK)
    return status;
  f->n_versions = 1;
  f->versions[0] = v;
  f->n_counts = f->n_months = 0;
  f->starts = f->dated = 0;
  f->is_private = f->employers = f->people = f->ended = (fm__known_part){0, 0};
  if (n.as_of == FM_NO_DATE)
    return put_starts(f, &n, &v, c, row, as_of, err);
  if (n.as_of <= v.start && n.done > 0)
    return bad_row(c, DONE, row, "0 in a count from before the goal's second day", err);
  /* A count of a day not yet reached is not known on the as-of day; the goal itself is. */
  if (as_of == FM_NO_DATE || n.as_of <= as_of)
    f->counts[f->n_counts++] = n;
  return FM_OK;
}

static fm_status open_row(fm__facts *f, fm_error *err)
{
  bool fits = fm__grow((void **)&f->versions, &f->version_room, 1, sizeof *f->versions) &&
              fm__grow((void **)&f->counts, &f->count_room, 1, sizeof *f->counts);
  return fits ? FM_OK : fm__no_memory(err);
}

fm_status fm__track_rows(void *fresh, const fm_table *frame, fm_error *err)
{
  fm__track *t = fresh;
  columns c;
  uint32_t *group = NULL;
  fm__facts one = {0};
  fm_status status = find_columns(&c, frame, err);
  if (status == FM_OK)
    status = fm__groups_map(t->groups, frame, &group, err);
  if (status == FM_OK && !fm__grow((void **)&t->goals, &t->capacity, fm__groups_count(t->groups), sizeof *t->goals))
    status = fm__no_memory(err);
  if (status == FM_OK)
    status = open_row(&one, err);
  for (size_t i = 0; i < fm_table_n_rows(frame) && status == FM_OK; i++) {
    status = read_row(&one, &c, i, t->spec.as_of, err);
    if (status == FM_OK && fm__groups_text(t->groups, group[i], 0, NULL) == NULL) {
      status = fm__fail(err, FM_ERR_VALUE, "column goal_id, row %zu: expected the id of a goal; the cell is empty", i);
      fm__error_place(err, fm_table_name(frame), "goal_id", fm_table_column_index(frame, "goal_id"), (int64_t)i,
                      fm_table_line(frame, i));
    }
    if (status != FM_OK)
      break;
    status = fm__track_take(t, group[i], &one, true, err);
    if (status == FM_ERR_VALUE)
      fm__error_place(err, fm_table_name(frame), one.n_counts > 0 ? "as_of" : "goal",
                      (int64_t)c.at[one.n_counts > 0 ? AS_OF : GOAL], (int64_t)i, fm_table_line(frame, i));
  }
  fm__facts_free(&one);
  fm__free(group);
  return status;
}
