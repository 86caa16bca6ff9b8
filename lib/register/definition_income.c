/* The income test of definitions on a register: its incomes of months or quarters, and how far they reach. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "num/num_priv.h"
#include "register/definition_priv.h"

/* Of a year: two decimals are near enough for each month. */
#define TOLERANCE 0.005

/* First day of the month (quarter) that a decimal year names; FM_NO_DATE. */
static int32_t day_of(double period, int32_t months)
{
  double year = floor(period + TOLERANCE), steps = 12.0 / months;
  if (!(year >= 1 && year <= 9999))
    return FM_NO_DATE;
  double step = floor((period - year) * steps + 0.5);
  if (fabs(year + step / steps - period) > TOLERANCE)
    return FM_NO_DATE;
  return fm_date_from_ymd((int32_t)year, 1 + months * (int32_t)step, 1);
}

/* Months in a period of the table: what datapackage.json says. */
static fm_status months_of(int32_t *months, const fm__frame *f, const fm_spell_definition *d, fm_error *err)
{
  bool quarter = d->income_period == FM_SPELL_INCOME_QUARTER;
  const char *fact = fm_register_fact(f->r, "income_period_months");
  *months = fact != NULL && strcmp(fact, "1") == 0 ? 1 : quarter && fact != NULL && strcmp(fact, "3") == 0 ? 3 : 0;
  if (*months > 0)
    return FM_OK;
  return fm__fail(err, FM_ERR_VALUE,
                  "definition %.60s asks for incomes of %s, so income_period_months of datapackage.json must be %s; "
                  "it is %.20s",
                  d->name, quarter ? "quarters" : "months", quarter ? "1 or 3" : "1",
                  fact == NULL ? "not given" : fact);
}

static fm_status bad_period(const fm__frame *f, size_t row, int32_t months, double period, fm_error *err)
{
  char text[32];
  const fm_table *t = f->r->part[FM__INCOMES].table;
  fm__print_f64(text, period);
  fm__fail(err, FM_ERR_VALUE, "period %s begins no %s; expected the year + (month - 1) / 12, such as 2024.25 for %s",
           text, months == 1 ? "month" : "quarter", months == 1 ? "April 2024" : "the second quarter of 2024");
  fm__error_place(err, "incomes", "period", -1, (int64_t)row, fm_table_line(t, row));
  return FM_ERR_VALUE;
}

/* A day that datapackage.json gives, else the one given. */
static fm_status fact_day(int32_t *day, const fm__frame *f, const char *key, fm_error *err)
{
  const char *fact = fm_register_fact(f->r, key);
  if (fact == NULL || fm_date_parse(day, fact, strlen(fact), NULL, NULL) == FM_OK)
    return FM_OK;
  return fm__fail(err, FM_ERR_VALUE, "%s of datapackage.json is \"%.40s\", expected a day such as 2024-12-31", key,
                  fact);
}

/* First day of the month (3: quarter) of a day. */
static int32_t begin_of(int32_t day, int32_t months)
{
  int32_t year, month;
  fm_date_to_ymd(day, &year, &month, NULL);
  return fm_date_from_ymd(year, (month - 1) / months * months + 1, 1);
}

/* The first and the last period that are known in full: from the first record to the end of the last one's month,
 * unless datapackage.json says otherwise, and never what has not ended before as-of. */
static fm_status find_reach(fm_spell_incomes *x, const fm__frame *f, const fm_spell_definition *d, int32_t months,
                            fm_error *err)
{
  int32_t step = d->income_period == FM_SPELL_INCOME_QUARTER ? 3 : 1;
  int32_t from = x->first, to = fm_date_add_months(x->last, months);
  to = to == FM_NO_DATE ? f->as_of - 1 : to - 1;
  fm_status status = fact_day(&from, f, "income_observed_from", err);
  if (status == FM_OK)
    status = fact_day(&to, f, "income_observed_to", err);
  if (status != FM_OK)
    return status;
  int32_t end = to < f->as_of ? to + 1 : f->as_of;
  x->first = begin_of(from, step);
  if (x->first < from)
    x->first = fm_date_add_months(x->first, step);
  x->last = fm_date_add_months(begin_of(end, step), -step);
  return FM_OK;
}

/* Creates the records, in order of person and period. */
static fm_status read_rows(fm_spell_income **out, fm_spell_incomes *x, const fm__frame *f, int32_t months,
                           fm_error *err)
{
  const fm__part *p = &f->r->part[FM__INCOMES];
  const double *period = fm_table_f64(p->table, fm__register_column(f->r, FM__INCOMES, "period"));
  const double *amount = fm_table_f64(p->table, fm__register_column(f->r, FM__INCOMES, "income"));
  fm__item *items = fm__array(2 * p->n_rows, sizeof *items);
  fm_spell_income *rows = *out = fm__array(p->n_rows, sizeof *rows);
  fm_status status = items == NULL || rows == NULL ? fm__no_memory(err) : FM_OK;
  x->first = INT32_MAX;
  x->last = INT32_MIN;
  for (size_t i = 0; status == FM_OK && i < p->n_rows; i++) {
    int32_t day = day_of(period[i], months);
    if (day == FM_NO_DATE) {
      status = bad_period(f, i, months, period[i], err);
      break;
    }
    x->first = day < x->first ? day : x->first;
    x->last = day > x->last ? day : x->last;
    if (p->person != NULL && p->person[i] != FM__NO_ROW)
      items[x->n++] = (fm__item){(uint64_t)p->person[i] << 32 | ((uint32_t)day ^ 0x80000000U), i};
  }
  if (status == FM_OK)
    fm__sort_items(items, items + p->n_rows, x->n);
  for (size_t i = 0; status == FM_OK && i < x->n; i++) {
    size_t row = items[i].value;
    rows[i] = (fm_spell_income){(int32_t)p->person[row], day_of(period[row], months), amount[row]};
  }
  x->rows = rows;
  fm__free(items);
  return status;
}

static fm_status test_states(fm__classes *c, const fm__frame *f, const fm_spell_incomes *x, fm_error *err)
{
  size_t n_people = f->r->part[FM__PERSONS].n_rows, n = 0;
  fm_spell_state *tested = NULL;
  int32_t *people = fm__array(n_people, sizeof *people);
  if (people == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n_people; i++)
    people[i] = (int32_t)i;
  fm_status status =
      fm_spell_definition_with_incomes(&tested, &n, &c->none, c->d, people, n_people, c->states, c->n_states, x, err);
  fm__free(people);
  if (status != FM_OK)
    return status;
  fm__free(c->states);
  c->states = tested;
  c->n_states = n;
  return FM_OK;
}

fm_status fm__definition_incomes(fm__classes *c, const fm__frame *f, fm_error *err)
{
  fm_spell_incomes x = {0};
  fm_spell_income *rows = NULL;
  int32_t months = 0;
  if (c->d->income_period == FM_SPELL_INCOME_NONE)
    return FM_OK;
  fm_status status = FM_OK;
  if (f->r->part[FM__INCOMES].n_rows == 0)
    status = fm__fail(err, FM_ERR_NOT_FOUND,
                      "definition %.60s asks for incomes, so it needs rows of the table incomes, which the data do not "
                      "have",
                      c->d->name);
  if (status == FM_OK)
    status = months_of(&months, f, c->d, err);
  if (status == FM_OK)
    status = read_rows(&rows, &x, f, months, err);
  if (status == FM_OK)
    status = find_reach(&x, f, c->d, months, err);
  if (status == FM_OK)
    status = test_states(c, f, &x, err);
  if (status == FM_OK)
    c->income_end = fm_spell_income_end(c->d, x.last);
  fm__free(rows);
  return status;
}
