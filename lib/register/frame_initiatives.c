/* Initiatives: a row for each placement through one, and for each other person who could take part or was reached. */
#include <math.h>
#include <string.h>

#include "flexmetrics/spell.h"
#include "register/initiatives_priv.h"

enum {
  BEGUN,
  ELIGIBLE,
  JOINED_ELIGIBLE,
  REACHED,
  REFERRED,
  INVITED,
  CONTACTED,
  JOINED,
  LEFT,
  PLACED,
  PLACED_OTHERWISE,
  MEMBERS,
  PLACEMENT,
  EMPLOYER,
  WORK,
  MEMBER,
  HORIZON,
  RETAINED,
  IN_RATE,
  N_COLUMNS
};
static const fm__frame_column own[N_COLUMNS] = {
    {"begun", FM_BOOL, 0},        {"eligible", FM_BOOL, 0},         {"joined_eligible", FM_BOOL, 0},
    {"reached", FM_BOOL, 0},      {"referred", FM_BOOL, 0},         {"invited", FM_BOOL, 0},
    {"contacted", FM_BOOL, 0},    {"joined", FM_BOOL, 0},           {"left", FM_BOOL, 0},
    {"placed", FM_BOOL, 0},       {"placed_otherwise", FM_BOOL, 0}, {"members", FM_I64, 0},
    {"placement_id", FM_CODE, 0}, {"employer_id", FM_CODE, 0},      {"work", FM_BOOL, 0},
    {"member", FM_BOOL, 0},       {"horizon_months", FM_I32, 0},    {"retained", FM_BOOL, 0},
    {"in_rate", FM_BOOL, 0}};

/* One person in one initiative. */
typedef struct mark {
  int32_t entry, joined; /* first of all days, first day of joining; FM_NO_DATE: none */
  uint8_t steps;         /* 1 << (k - REACHED) of REACHED .. LEFT */
  bool open;             /* one joining has not ended */
  bool touched;
  uint8_t eligible, joined_eligible; /* FM__RULE_... */
} mark;

typedef struct initiatives {
  fm__frame *f;
  fm__builder *b;
  size_t column[N_COLUMNS];
  mark *marks;                           /* of each person */
  fm__by_initiative part, members, jobs; /* rows of participants, members and placements of each initiative */
  uint32_t *first, *rows;                /* placements of each person */
  fm__eligibility rules;
  fm__kept kept;         /* in work at the horizons, of each placement */
  size_t capacity;       /* of the units */
  bool steps[N_COLUMNS]; /* the data have the column behind a step */
  size_t n_later, n_unseen;
} initiatives;

/* ---- units: their number is not known before ---- */

static bool add_unit(initiatives *x, uint32_t initiative, uint32_t person, uint32_t placement, int32_t day)
{
  static const int tables[] = {FM__INITIATIVES, FM__PERSONS, FM__PLACEMENTS, FM__EMPLOYERS};
  fm__frame *f = x->f;
  const fm__part *q = &f->r->part[FM__PLACEMENTS];
  size_t capacity[] = {x->capacity, x->capacity, x->capacity, x->capacity, x->capacity};
  if (f->n == x->capacity) {
    for (size_t k = 0; k < FM__COUNT(tables); k++)
      if (!fm__grow((void **)&f->rows[tables[k]], &capacity[k], f->n + 1, sizeof *f->rows[0]))
        return false;
    if (!fm__grow((void **)&f->day, &capacity[4], f->n + 1, sizeof *f->day))
      return false;
    x->capacity = capacity[4];
  }
  f->rows[FM__INITIATIVES][f->n] = initiative;
  f->rows[FM__PERSONS][f->n] = person;
  f->rows[FM__PLACEMENTS][f->n] = placement;
  f->rows[FM__EMPLOYERS][f->n] = placement == FM__NO_ROW || q->employer == NULL ? FM__NO_ROW : q->employer[placement];
  f->day[f->n++] = day;
  return true;
}

static void put_bool(initiatives *x, size_t k, bool known, bool value)
{
  if (known)
    fm__builder_bool(x->b, x->column[k], value);
  else
    fm__builder_null(x->b, x->column[k]);
}

static void put_text(initiatives *x, size_t k, int table, const char *column, uint32_t row)
{
  size_t c = fm__register_column(x->f->r, table, column), length = 0;
  bool known = row != FM__NO_ROW && c != FM__NO_COLUMN && !fm_table_is_null(x->f->r->part[table].table, c, row);
  const char *text = known ? fm_table_text(x->f->r->part[table].table, c, row, &length) : NULL;
  fm__builder_text(x->b, x->column[k], text, length);
}

/* ---- what participants say ---- */

static int32_t seen_on(const fm__frame *f, const char *name, size_t row)
{
  size_t column = fm__register_column(f->r, FM__PARTICIPANTS, name);
  int32_t day = column == FM__NO_COLUMN ? FM_NO_DATE : fm__date_at(f->r->part[FM__PARTICIPANTS].table, column, row);
  return day != FM_NO_DATE && day < f->as_of ? day : FM_NO_DATE;
}

static bool turned_down(const fm__frame *f, size_t row)
{
  size_t column = fm__register_column(f->r, FM__PARTICIPANTS, "decision");
  const fm_table *t = f->r->part[FM__PARTICIPANTS].table;
  const char *text =
      column == FM__NO_COLUMN || fm_table_is_null(t, column, row) ? NULL : fm_table_text(t, column, row, NULL);
  return text != NULL && (strcmp(text, "declined") == 0 || strcmp(text, "rejected") == 0);
}

/* Several rows of one person in one initiative are one person, who has left when every joining has ended. */
static void mark_row(initiatives *x, size_t row)
{
  static const char *const days[] = {"referred_on", "invited_on", "first_contact_on", "joined_on", "left_on"};
  const fm__frame *f = x->f;
  mark *m = &x->marks[f->r->part[FM__PARTICIPANTS].person[row]];
  int32_t applied = seen_on(f, "applied_on", row), day[5];
  m->steps |= applied != FM_NO_DATE;
  if (applied != FM_NO_DATE && (m->entry == FM_NO_DATE || applied < m->entry))
    m->entry = applied;
  for (size_t k = 0; k < 5; k++) {
    day[k] = seen_on(f, days[k], row);
    if (day[k] == FM_NO_DATE || k == 4 || (k == 3 && turned_down(f, row)))
      continue;
    m->steps |= (uint8_t)(1U | 1U << (REFERRED - REACHED + k));
    if (m->entry == FM_NO_DATE || day[k] < m->entry)
      m->entry = day[k];
  }
  m->touched |= m->steps != 0;
  x->n_unseen += m->steps == 0;
  if (day[3] == FM_NO_DATE || turned_down(f, row))
    return;
  m->open |= day[4] == FM_NO_DATE;
  if (m->joined == FM_NO_DATE || day[3] < m->joined)
    m->joined = day[3];
}

/* ---- placements ---- */

static bool is_job(const fm__frame *f, size_t row)
{
  return fm__register_days(f->r, FM__PLACEMENTS, row).first < f->as_of && fm__placement_is_work(f->r, row);
}

static bool is_through(const fm__frame *f, size_t row, size_t initiative)
{
  const fm__part *p = &f->r->part[FM__PLACEMENTS];
  return p->initiative != NULL && p->initiative[row] == initiative &&
         fm__register_days(f->r, FM__PLACEMENTS, row).first < f->as_of;
}

/* 1: its employer is a member on the first day; 0: not; -1: no employer, or the initiative has no members. */
static int at_member(const initiatives *x, size_t row, size_t initiative)
{
  const fm_register *r = x->f->r;
  const fm__part *p = &r->part[FM__PLACEMENTS];
  int32_t day = fm__register_days(r, FM__PLACEMENTS, row).first;
  if (x->members.first[initiative] == x->members.first[initiative + 1] || p->employer == NULL ||
      p->employer[row] == FM__NO_ROW)
    return -1;
  for (uint32_t k = x->members.first[initiative]; k < x->members.first[initiative + 1]; k++) {
    fm__days days = fm__register_days(r, FM__MEMBERS, x->members.rows[k]);
    if (r->part[FM__MEMBERS].employer[x->members.rows[k]] == p->employer[row] && days.first <= day && day < days.end)
      return 1;
  }
  return 0;
}

/* Firms that were members before as-of, each once; -1 without a table of members. */
static int64_t count_members(const initiatives *x, size_t initiative)
{
  const fm__part *p = &x->f->r->part[FM__MEMBERS];
  int64_t n = 0;
  if (p->table == NULL)
    return -1;
  for (uint32_t k = x->members.first[initiative]; k < x->members.first[initiative + 1]; k++) {
    bool again = fm__register_days(x->f->r, FM__MEMBERS, x->members.rows[k]).first >= x->f->as_of;
    for (uint32_t i = x->members.first[initiative]; i < k && !again; i++)
      again = p->employer[x->members.rows[i]] == p->employer[x->members.rows[k]] &&
              fm__register_days(x->f->r, FM__MEMBERS, x->members.rows[i]).first < x->f->as_of;
    n += !again;
  }
  return n;
}

/* ---- rows ---- */

typedef struct who {
  size_t initiative;
  uint32_t person;
  bool begun, placed, otherwise;
  int64_t members;
  int32_t day;
} who;

/* Everything but what is of a horizon. `placement` FM__NO_ROW: none. */
static bool put_row(initiatives *x, const who *w, const mark *m, uint32_t placement)
{
  bool participants = x->f->r->part[FM__PARTICIPANTS].table != NULL, some = w->begun && participants;
  /* Without the column nothing tells which jobs are through it. */
  bool jobs = w->begun && x->f->r->part[FM__PLACEMENTS].initiative != NULL;
  int member = placement == FM__NO_ROW ? -1 : at_member(x, placement, w->initiative);
  if (!add_unit(x, (uint32_t)w->initiative, w->person, placement, w->day))
    return false;
  fm__builder_bool(x->b, x->column[BEGUN], w->begun);
  put_bool(x, ELIGIBLE, m->eligible <= FM__RULE_MET, m->eligible == FM__RULE_MET);
  put_bool(x, JOINED_ELIGIBLE, m->joined_eligible <= FM__RULE_MET, m->joined_eligible == FM__RULE_MET);
  for (size_t k = REACHED; k <= JOINED; k++)
    put_bool(x, k, some && x->steps[k], (m->steps >> (k - REACHED) & 1) != 0);
  put_bool(x, LEFT, some && x->steps[LEFT], m->joined != FM_NO_DATE && !m->open);
  put_bool(x, PLACED, jobs, w->placed);
  put_bool(x, PLACED_OTHERWISE, jobs && m->joined != FM_NO_DATE, w->otherwise);
  if (w->members < 0)
    fm__builder_null(x->b, x->column[MEMBERS]);
  else
    fm__builder_i64(x->b, x->column[MEMBERS], w->members);
  put_text(x, PLACEMENT, FM__PLACEMENTS, "placement_id", placement);
  put_text(x, EMPLOYER, FM__PLACEMENTS, "employer_id", placement);
  put_bool(x, WORK, placement != FM__NO_ROW, placement != FM__NO_ROW && is_job(x->f, placement));
  put_bool(x, MEMBER, member >= 0, member == 1);
  fm__builder_null(x->b, x->column[HORIZON]);
  fm__builder_null(x->b, x->column[RETAINED]);
  fm__builder_null(x->b, x->column[IN_RATE]);
  return true;
}

static bool put_horizons(initiatives *x, const who *w, uint32_t placement)
{
  for (size_t k = 0; k < x->kept.n_horizons; k++) {
    int answer = fm__kept_at(&x->kept, placement, k);
    if (!add_unit(x, (uint32_t)w->initiative, w->person, placement, w->day))
      return false;
    for (size_t c = 0; c < HORIZON; c++)
      if (c != PLACEMENT && c != EMPLOYER)
        fm__builder_null(x->b, x->column[c]);
    put_text(x, PLACEMENT, FM__PLACEMENTS, "placement_id", placement);
    put_text(x, EMPLOYER, FM__PLACEMENTS, "employer_id", placement);
    fm__builder_i32(x->b, x->column[HORIZON], x->kept.months[k]);
    put_bool(x, RETAINED, (answer & FM__KEPT_KNOWN) != 0, (answer & FM__KEPT_YES) != 0);
    fm__builder_bool(x->b, x->column[IN_RATE], (answer & FM__KEPT_IN_RATE) != 0);
  }
  return true;
}

static bool put_person(initiatives *x, who *w, const mark *m)
{
  const fm__frame *f = x->f;
  uint32_t index = FM__NO_ROW, n = 0;
  w->placed = w->otherwise = false;
  for (uint32_t k = x->first[w->person]; k < x->first[w->person + 1]; k++) {
    uint32_t row = x->rows[k];
    bool through = is_through(f, row, w->initiative);
    n += through;
    if (!is_job(f, row))
      continue;
    w->placed |= through;
    w->otherwise |=
        !through && m->joined != FM_NO_DATE && fm__register_days(f->r, FM__PLACEMENTS, row).first >= m->joined;
    if (through && (index == FM__NO_ROW || fm__placement_before(f->r, row, index)))
      index = row;
  }
  if (n == 0)
    return put_row(x, w, m, FM__NO_ROW);
  for (uint32_t k = x->first[w->person]; k < x->first[w->person + 1]; k++)
    if (is_through(f, x->rows[k], w->initiative) && !put_row(x, w, m, x->rows[k]))
      return false;
  return index == FM__NO_ROW || put_horizons(x, w, index);
}

static void clear_marks(initiatives *x)
{
  for (size_t p = 0; p < x->f->r->part[FM__PERSONS].n_rows; p++)
    x->marks[p] = (mark){
        .entry = FM_NO_DATE, .joined = FM_NO_DATE, .eligible = FM__RULE_UNSAID, .joined_eligible = FM__RULE_UNSAID};
}

/* The day on which the rule is read for everybody. */
static int32_t reading_day(const fm__frame *f, fm__days days)
{
  if (f->spec->eligible_on != NULL && strcmp(f->spec->eligible_on, "start") == 0)
    return days.first;
  return (days.end < f->as_of ? days.end : f->as_of) - 1;
}

static fm_status judge(initiatives *x, size_t initiative, int32_t day, bool *readable, fm_error *err)
{
  size_t n = x->f->r->part[FM__PERSONS].n_rows;
  uint8_t *answers = fm__alloc(n + 1);
  int32_t *on = fm__array(n, sizeof *on);
  fm_status status = answers != NULL && on != NULL ? FM_OK : fm__no_memory(err);
  for (size_t round = 0; round < 2 && status == FM_OK && (round == 0 || *readable); round++) {
    for (size_t p = 0; p < n; p++)
      on[p] = round == 0 ? day : x->marks[p].joined;
    status = fm__eligibility_read(answers, readable, &x->rules, initiative, on, err);
    for (size_t p = 0; p < n && status == FM_OK && *readable; p++)
      *(round == 0 ? &x->marks[p].eligible : &x->marks[p].joined_eligible) = answers[p];
  }
  fm__free(answers);
  fm__free(on);
  return status;
}

static fm_status put_initiative(initiatives *x, size_t initiative, fm_error *err)
{
  const fm_register *r = x->f->r;
  fm__days days = fm__register_days(r, FM__INITIATIVES, initiative);
  int32_t day = reading_day(x->f, days);
  who w = {.initiative = initiative, .begun = days.first < x->f->as_of, .members = count_members(x, initiative)};
  bool readable = false;
  size_t before = x->f->n;
  fm_status status = FM_OK;
  mark nobody = {.joined = FM_NO_DATE, .eligible = FM__RULE_UNSAID, .joined_eligible = FM__RULE_UNSAID};
  clear_marks(x);
  if (w.begun) {
    for (uint32_t k = x->part.first[initiative]; k < x->part.first[initiative + 1]; k++)
      mark_row(x, x->part.rows[k]);
    for (uint32_t k = x->jobs.first[initiative]; k < x->jobs.first[initiative + 1]; k++)
      if (is_through(x->f, x->jobs.rows[k], initiative))
        x->marks[r->part[FM__PLACEMENTS].person[x->jobs.rows[k]]].touched = true;
    status = judge(x, initiative, day, &readable, err);
  } else {
    x->n_later += x->part.first[initiative + 1] - x->part.first[initiative];
  }
  for (size_t p = 0; p < r->part[FM__PERSONS].n_rows && status == FM_OK; p++) {
    const mark *m = &x->marks[p];
    if (!m->touched && m->eligible != FM__RULE_MET && m->eligible != FM__RULE_UNKNOWN)
      continue;
    w.person = (uint32_t)p;
    w.day = m->entry != FM_NO_DATE ? m->entry : day;
    if (!put_person(x, &w, m))
      status = fm__no_memory(err);
  }
  nobody.eligible = readable ? FM__RULE_NOT_MET : FM__RULE_UNSAID;
  w = (who){.initiative = initiative, .person = FM__NO_ROW, .begun = w.begun, .members = w.members, .day = day};
  if (status == FM_OK && x->f->n == before && !put_row(x, &w, &nobody, FM__NO_ROW))
    status = fm__no_memory(err);
  return status;
}

/* ---- the kind ---- */

static fm_status begin(initiatives *x, fm_error *err)
{
  static const char *const columns[] = {"referred_on", "invited_on", "first_contact_on", "joined_on", "left_on"};
  const fm__frame *f = x->f;
  const char *on = f->spec->eligible_on;
  if (on != NULL && strcmp(on, "last") != 0 && strcmp(on, "start") != 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "eligible_on is \"%s\", it must be last or start", on);
  fm_status status = fm__frame_require(f, FM__PERSONS, err);
  if (status == FM_OK)
    status = fm__frame_require(f, FM__INITIATIVES, err);
  if (status == FM_OK)
    status = fm__by_initiative_make(&x->part, f->r, FM__PARTICIPANTS, err);
  if (status == FM_OK)
    status = fm__by_initiative_make(&x->members, f->r, FM__MEMBERS, err);
  if (status == FM_OK)
    status = fm__by_initiative_make(&x->jobs, f->r, FM__PLACEMENTS, err);
  if (status == FM_OK)
    status = fm__rows_by_person(&x->first, &x->rows, f->r, FM__PLACEMENTS, err);
  if (status == FM_OK)
    status = fm__eligibility_open(&x->rules, f, err);
  if (status == FM_OK)
    status = fm__kept_open(&x->kept, f, err);
  x->marks = fm__array(f->r->part[FM__PERSONS].n_rows, sizeof *x->marks);
  if (status == FM_OK && x->marks == NULL)
    status = fm__no_memory(err);
  x->steps[REACHED] = true;
  for (size_t k = 0; k < FM__COUNT(columns); k++)
    x->steps[REFERRED + k] = fm__register_column(f->r, FM__PARTICIPANTS, columns[k]) != FM__NO_COLUMN;
  if (status == FM_OK)
    status = fm__frame_build(&x->b, x->column, f, own, N_COLUMNS, err);
  return status;
}

fm_status fm__frame_initiatives(fm__frame *f, fm_error *err)
{
  initiatives x = {.f = f};
  size_t n = f->r->part[FM__INITIATIVES].n_rows;
  fm_status status = begin(&x, err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    status = put_initiative(&x, i, err);
    if (status == FM_OK)
      status = fm__run_progress(f->run, 0.5 * (double)i / (double)n, err);
  }
  fm__frame_left_out(f, "rows_of_initiatives_not_begun", x.n_later);
  fm__frame_left_out(f, "rows_without_days", x.n_unseen);
  fm__frame_left_out(f, "rules_not_readable", x.rules.n_not_readable);
  fm__frame_set_note(f, "definition", fm__duration_names[x.rules.how]);
  fm__frame_set_note(f, "eligible_on", f->spec->eligible_on != NULL ? f->spec->eligible_on : "last");
  if (status == FM_OK)
    status = fm__builder_finish(x.b, &f->core, err);
  else
    fm__builder_destroy(x.b);
  fm__free(x.marks);
  fm__by_initiative_free(&x.part);
  fm__by_initiative_free(&x.members);
  fm__by_initiative_free(&x.jobs);
  fm__free(x.first);
  fm__free(x.rows);
  fm__eligibility_close(&x.rules);
  fm__kept_close(&x.kept);
  return status;
}
