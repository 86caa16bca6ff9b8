/* One row a person: incomes of two periods, and work and hours on the day before taking part and the last one observed.
 */
#include <math.h>

#include "register/frame_incomes_priv.h"

enum { INCOME_0, INCOME_1, EMPLOYED_0, EMPLOYED_1, HOURS_0, HOURS_1, PARTICIPANT, WEIGHT, N_COLUMNS };

typedef struct contribution {
  uint32_t *first[2], *rows[2]; /* placements and spells of each person */
  uint32_t *income[2];          /* rows of each person's incomes; NULL without the table */
  uint8_t *takes_part;          /* of each person */
  int32_t *before;              /* the day before each person takes part; FM_NO_DATE: not known */
} contribution;

/* ---- the day before ---- */

static void no_later(int32_t *before, int32_t day)
{
  if (day != FM_NO_DATE && (*before == FM_NO_DATE || day - 1 < *before))
    *before = day - 1;
}

/* From the day of joining; where the data have no participants, everybody takes part from the first placement on. */
static fm_status find_days(const fm__frame *f, contribution *c, fm_error *err)
{
  size_t n = f->r->part[FM__PERSONS].n_rows;
  bool listed = f->r->part[FM__PARTICIPANTS].table != NULL;
  const fm__part *p = &f->r->part[listed ? FM__PARTICIPANTS : FM__PLACEMENTS];
  size_t joined = fm__register_column(f->r, FM__PARTICIPANTS, "joined_on");
  c->before = fm__array(n, sizeof *c->before);
  if (c->before == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++)
    c->before[i] = FM_NO_DATE;
  for (size_t i = 0; p->person != NULL && i < p->n_rows; i++) {
    if (p->person[i] == FM__NO_ROW)
      continue;
    if (!listed)
      no_later(&c->before[p->person[i]], fm__register_days(f->r, FM__PLACEMENTS, i).first);
    else if (fm__takes_part(f, i))
      no_later(&c->before[p->person[i]], fm__date_at(p->table, joined, i));
  }
  return fm__participants_mark(f, &c->takes_part, err);
}

/* ---- work on a day ---- */

typedef struct work {
  bool employed;
  double hours; /* NaN: of some job not known */
} work;

static double hours_at(const fm_register *r, int table, size_t row)
{
  const fm_table *t = r->part[table].table;
  size_t column = fm__register_column(r, table, "hours_per_week");
  return column == FM__NO_COLUMN || fm_table_is_null(t, column, row) ? (double)NAN : fm_table_f64(t, column)[row];
}

/* All placements that are work together; where none covers the day the state of work that tells most hours, for a state
 * may say the same job twice. */
static work work_on(const fm__frame *f, const contribution *c, size_t person, int32_t day)
{
  const fm_register *r = f->r;
  work w = {false, 0};
  for (int k = 0; k < 2 && !w.employed; k++) {
    int table = k == 0 ? FM__PLACEMENTS : FM__SPELLS;
    for (uint32_t i = c->first[k][person]; i < c->first[k][person + 1]; i++) {
      size_t row = c->rows[k][i];
      fm__days days = fm__register_days(r, table, row);
      if (day < days.first || day >= days.end || !(k == 0 ? fm__placement_is_work(r, row) : fm__spell_is_work(r, row)))
        continue;
      double hours = hours_at(r, table, row);
      if (k == 0)
        w.hours += hours;
      else if (!w.employed || isnan(w.hours) || hours > w.hours)
        w.hours = hours;
      w.employed = true;
    }
  }
  return w;
}

/* The time before the first placement is only known from spells. */
static void put_work(const fm__frame *f, fm__builder *b, const size_t *column, const contribution *c, size_t person)
{
  fm__days seen = fm__frame_observed(f, person);
  bool ends = seen.end == f->as_of, spells = f->r->part[FM__SPELLS].table != NULL;
  const int32_t days[2] = {spells ? c->before[person] : FM_NO_DATE, ends ? f->as_of - 1 : FM_NO_DATE};
  for (size_t k = 0; k < 2; k++) {
    bool known = days[k] != FM_NO_DATE && days[k] >= seen.first && days[k] < seen.end;
    work w = known ? work_on(f, c, person, days[k]) : (work){false, (double)NAN};
    if (known)
      fm__builder_bool(b, column[EMPLOYED_0 + k], w.employed);
    else
      fm__builder_null(b, column[EMPLOYED_0 + k]);
    if (isnan(w.hours))
      fm__builder_null(b, column[HOURS_0 + k]);
    else
      fm__builder_f64(b, column[HOURS_0 + k], w.hours);
  }
}

/* ---- the kind ---- */

static void put_person(fm__frame *f, fm__builder *b, const size_t *column, const contribution *c, size_t person)
{
  const fm_table *t = f->r->part[FM__INCOMES].table;
  const double *income = t == NULL ? NULL : fm_table_f64(t, fm__register_column(f->r, FM__INCOMES, "income"));
  f->rows[FM__PERSONS][f->n] = (uint32_t)person;
  f->day[f->n++] = f->as_of - 1;
  for (size_t k = 0; k < 2; k++) {
    uint32_t row = c->income[k] == NULL ? FM__NO_ROW : c->income[k][person];
    if (row == FM__NO_ROW)
      fm__builder_null(b, column[INCOME_0 + k]);
    else
      fm__builder_f64(b, column[INCOME_0 + k], income[row]);
  }
  put_work(f, b, column, c, person);
  fm__builder_bool(b, column[PARTICIPANT], f->r->part[FM__PARTICIPANTS].table == NULL || c->takes_part[person] != 0);
  if (column[WEIGHT] != FM__NO_COLUMN)
    fm__builder_f64(b, column[WEIGHT], 1.0);
}

/* What the data say of their incomes goes with the frame: it is compared with what is said of the country's. */
static void note_facts(fm__frame *f)
{
  static const char *const facts[] = {"income_concept", "income_unit", "income_currency", "income_prices",
                                      "income_period_months"};
  for (size_t k = 0; k < FM__COUNT(facts); k++)
    if (fm_register_fact(f->r, facts[k]) != NULL)
      fm__frame_set_note(f, facts[k], fm_register_fact(f->r, facts[k]));
}

static fm_status find_incomes(fm__frame *f, contribution *c, fm_error *err)
{
  double period[2] = {0, 0};
  if (f->r->part[FM__INCOMES].table == NULL)
    return FM_OK;
  fm_status status = fm__income_periods(f, period, err);
  note_facts(f);
  for (size_t k = 0; k < 2 && status == FM_OK; k++) {
    status = fm__income_rows(f, &c->income[k], period[k], err);
    fm__frame_set_period(f, k == 0 ? "period_0" : "period_1", period[k]);
  }
  return status;
}

static fm_status prepare(contribution *c, fm__frame *f, fm_error *err)
{
  static const int tables[] = {FM__PERSONS, FM__N_TABLES};
  fm_status status = fm__frame_require(f, FM__PERSONS, err);
  if (status == FM_OK)
    status = find_incomes(f, c, err);
  if (status == FM_OK)
    status = find_days(f, c, err);
  if (status == FM_OK)
    status = fm__rows_by_person(&c->first[0], &c->rows[0], f->r, FM__PLACEMENTS, err);
  if (status == FM_OK)
    status = fm__rows_by_person(&c->first[1], &c->rows[1], f->r, FM__SPELLS, err);
  return status == FM_OK ? fm__frame_reserve(f, f->r->part[FM__PERSONS].n_rows, tables, err) : status;
}

fm_status fm__frame_contribution(fm__frame *f, fm_error *err)
{
  size_t column[N_COLUMNS];
  contribution c = {0};
  fm__builder *b = NULL;
  fm_status status = prepare(&c, f, err);
  if (status == FM_OK)
    status = fm__frame_begin(&b, column, f, err);
  if (status == FM_OK) {
    for (size_t i = 0; i < f->r->part[FM__PERSONS].n_rows; i++)
      put_person(f, b, column, &c, i);
    status = fm__builder_finish(b, &f->core, err);
  } else {
    fm__builder_destroy(b);
  }
  for (size_t k = 0; k < 2; k++) {
    fm__free(c.first[k]);
    fm__free(c.rows[k]);
    fm__free(c.income[k]);
  }
  fm__free(c.takes_part);
  fm__free(c.before);
  return status;
}
