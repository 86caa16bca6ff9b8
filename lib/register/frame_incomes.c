/* One row a person with an income in either of two periods, or in one; one row a person and period. */
#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "register/frame_incomes_priv.h"

enum { INCOME_0, INCOME_1, WEIGHT_0, WEIGHT_1, PARTICIPANT, N_COLUMNS };

/* ---- periods ---- */

static fm_status no_such_period(double period, fm_error *err)
{
  char text[32];
  fm__print_f64(text, period);
  return fm__fail(err, FM_ERR_NOT_FOUND, "no income of the period %s is in the data", text);
}

void fm__frame_set_period(fm__frame *f, const char *key, double period)
{
  char text[32];
  fm__print_f64(text, period);
  fm__frame_set_note(f, key, text);
}

fm_status fm__income_periods(const fm__frame *f, double period[2], fm_error *err)
{
  const fm__part *p = &f->r->part[FM__INCOMES];
  const double *x = fm_table_f64(p->table, fm__register_column(f->r, FM__INCOMES, "period"));
  bool found[2] = {false, false};
  if (p->n_rows == 0)
    return fm__fail(err, FM_ERR_VALUE, "the table incomes has no rows");
  double least = x[0], most = x[0];
  for (size_t i = 1; i < p->n_rows; i++) {
    least = x[i] < least ? x[i] : least;
    most = x[i] > most ? x[i] : most;
  }
  period[0] = isnan(f->spec->period_0) ? least : f->spec->period_0;
  period[1] = isnan(f->spec->period_1) ? most : f->spec->period_1;
  for (size_t i = 0; i < p->n_rows; i++) {
    found[0] |= x[i] == period[0];
    found[1] |= x[i] == period[1];
  }
  for (size_t k = 0; k < 2; k++)
    if (!found[k])
      return no_such_period(period[k], err);
  if (period[0] >= period[1])
    return fm__fail(err, FM_ERR_VALUE, "a comparison of incomes needs two periods, the first before the second");
  return FM_OK;
}

/* Day on which a decimal year begins, where groups are read; FM_NO_DATE outside the calendar. */
static int32_t day_of(double period)
{
  double year = floor(period);
  if (!(year >= 1.0 && year < 9999.0))
    return FM_NO_DATE;
  int32_t start = fm_date_from_ymd((int32_t)year, 1, 1), next = fm_date_from_ymd((int32_t)year + 1, 1, 1);
  return start + (int32_t)floor((period - year) * (double)(next - start));
}

/* ---- participants ---- */

static fm_status check_initiative(const fm__frame *f, fm_error *err)
{
  const char *wanted = f->spec->participants;
  const fm__part *lists[] = {&f->r->part[FM__INITIATIVES], &f->r->part[FM__PARTICIPANTS]};
  static const int tables[] = {FM__INITIATIVES, FM__PARTICIPANTS};
  if (wanted == NULL)
    return FM_OK;
  for (size_t k = 0; k < 2; k++) {
    size_t column = fm__register_column(f->r, tables[k], "initiative_id");
    for (size_t i = 0; column != FM__NO_COLUMN && i < lists[k]->n_rows; i++) {
      const char *text = fm_table_text(lists[k]->table, column, i, NULL);
      if (text != NULL && strcmp(text, wanted) == 0)
        return FM_OK;
    }
  }
  return fm__fail(err, FM_ERR_NOT_FOUND, "participants: there is no initiative \"%s\"", wanted);
}

/* Refused and turned down are no participants. A blank day of joining is an open start, unless decisions are written
 * down and this one has not been made. */
bool fm__takes_part(const fm__frame *f, size_t row)
{
  const fm_table *t = f->r->part[FM__PARTICIPANTS].table;
  size_t initiative = fm__register_column(f->r, FM__PARTICIPANTS, "initiative_id");
  size_t decision = fm__register_column(f->r, FM__PARTICIPANTS, "decision");
  const char *wanted = f->spec->participants, *name = fm_table_text(t, initiative, row, NULL);
  if (wanted != NULL && (name == NULL || strcmp(name, wanted) != 0))
    return false;
  const char *text = decision == FM__NO_COLUMN ? NULL : fm_table_text(t, decision, row, NULL);
  if (text != NULL && (strcmp(text, "declined") == 0 || strcmp(text, "rejected") == 0))
    return false;
  int32_t day = fm__date_at(t, fm__register_column(f->r, FM__PARTICIPANTS, "joined_on"), row);
  if (day == FM_NO_DATE)
    return decision == FM__NO_COLUMN || (text != NULL && strcmp(text, "accepted") == 0);
  return day < f->as_of;
}

fm_status fm__participants_mark(const fm__frame *f, uint8_t **marks, fm_error *err)
{
  const fm__part *p = &f->r->part[FM__PARTICIPANTS];
  *marks = NULL;
  fm_status status = check_initiative(f, err);
  if (status != FM_OK)
    return status;
  *marks = fm__array(f->r->part[FM__PERSONS].n_rows, 1);
  if (*marks == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; p->person != NULL && i < p->n_rows; i++)
    if (p->person[i] != FM__NO_ROW && fm__takes_part(f, i))
      (*marks)[p->person[i]] = 1;
  return FM_OK;
}

/* ---- rows ---- */

typedef struct incomes {
  uint32_t *row[2]; /* row in incomes of each person in each period */
  uint8_t *marks;
  fm__builder *b;
  size_t column[N_COLUMNS];
} incomes;

fm_status fm__income_rows(const fm__frame *f, uint32_t **rows, double period, fm_error *err)
{
  const fm__part *p = &f->r->part[FM__INCOMES];
  const double *when = fm_table_f64(p->table, fm__register_column(f->r, FM__INCOMES, "period"));
  size_t n = f->r->part[FM__PERSONS].n_rows;
  *rows = fm__array(n, sizeof **rows);
  if (*rows == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++)
    (*rows)[i] = FM__NO_ROW;
  for (size_t i = 0; p->person != NULL && i < p->n_rows; i++)
    if (p->person[i] != FM__NO_ROW && when[i] == period)
      (*rows)[p->person[i]] = (uint32_t)i;
  return FM_OK;
}

/* The income's own weight, else the person's, else 1. */
static double weight_of(const fm__frame *f, uint32_t row, size_t person, size_t own, size_t other)
{
  const fm_table *incomes_table = f->r->part[FM__INCOMES].table, *persons = f->r->part[FM__PERSONS].table;
  if (own != FM__NO_COLUMN && row != FM__NO_ROW && !fm_table_is_null(incomes_table, own, row))
    return fm_table_f64(incomes_table, own)[row];
  if (other != FM__NO_COLUMN && !fm_table_is_null(persons, other, person))
    return fm_table_f64(persons, other)[person];
  return 1.0;
}

static void put_person(fm__frame *f, incomes *x, size_t person, int32_t day, const double *income, size_t own,
                       size_t other)
{
  uint32_t row[2] = {x->row[0][person], x->row[1][person]};
  f->rows[FM__PERSONS][f->n] = (uint32_t)person;
  f->rows[FM__INCOMES][f->n] = row[0] != FM__NO_ROW ? row[0] : row[1];
  f->day[f->n++] = day;
  for (size_t k = 0; k < 2; k++) {
    if (row[k] == FM__NO_ROW)
      fm__builder_null(x->b, x->column[INCOME_0 + k]);
    else
      fm__builder_f64(x->b, x->column[INCOME_0 + k], income[row[k]]);
    fm__builder_f64(x->b, x->column[WEIGHT_0 + k], weight_of(f, row[k], person, own, other));
  }
  if (f->r->part[FM__PARTICIPANTS].table == NULL)
    fm__builder_null(x->b, x->column[PARTICIPANT]);
  else
    fm__builder_bool(x->b, x->column[PARTICIPANT], x->marks[person] != 0);
}

/* Everything but the columns. */
static fm_status prepare_incomes(fm__frame *f, incomes *x, double period[2], fm_error *err)
{
  static const int tables[] = {FM__PERSONS, FM__INCOMES, FM__N_TABLES};
  fm_status status = fm__frame_require(f, FM__INCOMES, err);
  if (status == FM_OK)
    status = fm__frame_require(f, FM__PERSONS, err);
  if (status == FM_OK)
    status = fm__income_periods(f, period, err);
  if (status == FM_OK)
    status = fm__participants_mark(f, &x->marks, err);
  for (size_t k = 0; k < 2 && status == FM_OK; k++)
    status = fm__income_rows(f, &x->row[k], period[k], err);
  return status == FM_OK ? fm__frame_reserve(f, f->r->part[FM__PERSONS].n_rows, tables, err) : status;
}

static void incomes_release(incomes *x)
{
  fm__free(x->row[0]);
  fm__free(x->row[1]);
  fm__free(x->marks);
}

static fm_status start_incomes(fm__frame *f, incomes *x, double period[2], fm_error *err)
{
  static const fm__frame_column own[] = {{"income_0", FM_F64, 0},
                                         {"income_1", FM_F64, 0},
                                         {"weight_0", FM_F64, 0},
                                         {"weight_1", FM_F64, 0},
                                         {"participant", FM_BOOL, 0}};
  fm_status status = prepare_incomes(f, x, period, err);
  if (status == FM_OK)
    status = fm__builder_create(&x->b, "incomes", err);
  for (size_t k = 0; status == FM_OK && k < N_COLUMNS; k++)
    status = fm__builder_column(x->b, own[k].name, own[k].type, &x->column[k], err);
  return status;
}

fm_status fm__frame_incomes(fm__frame *f, fm_error *err)
{
  incomes x = {0};
  double period[2] = {0};
  size_t neither = 0;
  fm_status status = start_incomes(f, &x, period, err);
  if (status == FM_OK) {
    const double *income =
        fm_table_f64(f->r->part[FM__INCOMES].table, fm__register_column(f->r, FM__INCOMES, "income"));
    size_t own = fm__register_column(f->r, FM__INCOMES, "weight");
    size_t other = fm__register_column(f->r, FM__PERSONS, "weight");
    for (size_t i = 0; i < f->r->part[FM__PERSONS].n_rows; i++) {
      if (x.row[0][i] == FM__NO_ROW && x.row[1][i] == FM__NO_ROW)
        neither++;
      else
        put_person(f, &x, i, day_of(period[0]), income, own, other);
    }
    fm__frame_left_out(f, "rows_without_income", neither);
    fm__frame_set_period(f, "period_0", period[0]);
    fm__frame_set_period(f, "period_1", period[1]);
  }
  if (status == FM_OK)
    status = fm__builder_finish(x.b, &f->core, err);
  else
    fm__builder_destroy(x.b);
  incomes_release(&x);
  return status;
}

/* ---- gains of the lowest ---- */

#define LOWEST 0.4 /* those whom SDG 10.1 is about */

enum { GAIN, GAIN_PARTICIPANT, GAIN_WEIGHT, N_GAIN };

/* The income at the cut, among people with both incomes. */
static fm_status find_cut(double *cut, const fm__frame *f, const incomes *x, const double *income, size_t own,
                          size_t other, fm_error *err)
{
  size_t n = f->r->part[FM__PERSONS].n_rows, at = 0;
  double *values = fm__array(n, sizeof *values), *weights = fm__array(n, sizeof *weights);
  fm__bottom b = {.cut = NAN};
  fm_status status = values != NULL && weights != NULL ? FM_OK : fm__no_memory(err);
  for (size_t i = 0; i < n && status == FM_OK; i++)
    if (x->row[0][i] != FM__NO_ROW && x->row[1][i] != FM__NO_ROW) {
      values[at] = income[x->row[0][i]];
      weights[at++] = weight_of(f, x->row[0][i], i, own, other);
    }
  if (status == FM_OK)
    status = fm__bottom_share(&b, values, weights, at, LOWEST, f->run, err);
  *cut = b.cut;
  fm__free(values);
  fm__free(weights);
  return status;
}

static void put_gain(fm__frame *f, const incomes *x, const size_t *column, size_t person, double gain, double weight)
{
  f->rows[FM__PERSONS][f->n] = (uint32_t)person;
  f->rows[FM__INCOMES][f->n++] = x->row[0][person];
  fm__builder_f64(x->b, column[GAIN], gain);
  if (f->r->part[FM__PARTICIPANTS].table == NULL)
    fm__builder_null(x->b, column[GAIN_PARTICIPANT]);
  else
    fm__builder_bool(x->b, column[GAIN_PARTICIPANT], x->marks[person] != 0);
  fm__builder_f64(x->b, column[GAIN_WEIGHT], weight);
}

static fm_status put_gains(fm__frame *f, const incomes *x, const size_t *column, int32_t day, fm_error *err)
{
  const double *income = fm_table_f64(f->r->part[FM__INCOMES].table, fm__register_column(f->r, FM__INCOMES, "income"));
  size_t own = fm__register_column(f->r, FM__INCOMES, "weight"), without = 0, above = 0;
  size_t other = fm__register_column(f->r, FM__PERSONS, "weight");
  double cut;
  fm_status status = find_cut(&cut, f, x, income, own, other, err);
  for (size_t i = 0; i < f->r->part[FM__PERSONS].n_rows && status == FM_OK; i++) {
    uint32_t first = x->row[0][i], second = x->row[1][i];
    bool both = first != FM__NO_ROW && second != FM__NO_ROW, low = both && income[first] <= cut;
    without += !both;
    above += both && !low;
    if (low) {
      f->day[f->n] = day;
      put_gain(f, x, column, i, income[second] - income[first], weight_of(f, first, i, own, other));
    }
  }
  fm__frame_left_out(f, "rows_without_income", without);
  fm__frame_left_out(f, "rows_above_the_lowest", above);
  return status;
}

fm_status fm__frame_income_gain(fm__frame *f, fm_error *err)
{
  static const fm__frame_column own[] = {{"gain", FM_F64, 0}, {"participant", FM_BOOL, 0}, {"weight", FM_F64, 0}};
  size_t column[N_GAIN];
  incomes x = {0};
  double period[2] = {0};
  fm_status status = prepare_incomes(f, &x, period, err);
  if (status == FM_OK)
    status = fm__builder_create(&x.b, "income_gain", err);
  for (size_t k = 0; status == FM_OK && k < N_GAIN; k++)
    status = fm__builder_column(x.b, own[k].name, own[k].type, &column[k], err);
  if (status == FM_OK)
    status = put_gains(f, &x, column, day_of(period[0]), err);
  if (status == FM_OK) {
    fm__frame_set_period(f, "period_0", period[0]);
    fm__frame_set_period(f, "period_1", period[1]);
    status = fm__builder_finish(x.b, &f->core, err);
  } else {
    fm__builder_destroy(x.b);
  }
  incomes_release(&x);
  return status;
}

/* ---- one period ---- */

static fm_status find_period(const fm__frame *f, double *period, fm_error *err)
{
  const fm__part *p = &f->r->part[FM__INCOMES];
  const double *x = fm_table_f64(p->table, fm__register_column(f->r, FM__INCOMES, "period"));
  bool found = false;
  if (p->n_rows == 0)
    return fm__fail(err, FM_ERR_VALUE, "the table incomes has no rows");
  *period = f->spec->period_1;
  for (size_t i = 0; i < p->n_rows && isnan(f->spec->period_1); i++)
    *period = i == 0 || x[i] > *period ? x[i] : *period;
  for (size_t i = 0; i < p->n_rows; i++)
    found |= x[i] == *period;
  return found ? FM_OK : no_such_period(*period, err);
}

/* The incomes of the given periods; a person who has only others is left out. Of two the first column
 * says which. */
static fm_status put_incomes(fm__frame *f, fm__builder *b, const double *period, size_t n_periods, fm_error *err)
{
  const fm__part *p = &f->r->part[FM__INCOMES];
  const double *when = fm_table_f64(p->table, fm__register_column(f->r, FM__INCOMES, "period"));
  const double *income = fm_table_f64(p->table, fm__register_column(f->r, FM__INCOMES, "income"));
  size_t own = fm__register_column(f->r, FM__INCOMES, "weight"), n_people = 0, at = n_periods > 1;
  size_t other = fm__register_column(f->r, FM__PERSONS, "weight");
  uint8_t *seen = fm__array(f->r->part[FM__PERSONS].n_rows, sizeof *seen);
  if (seen == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; p->person != NULL && i < p->n_rows; i++) {
    if (p->person[i] == FM__NO_ROW || (when[i] != period[0] && when[i] != period[n_periods - 1]))
      continue;
    n_people += seen[p->person[i]] == 0;
    seen[p->person[i]] = 1;
    f->rows[FM__PERSONS][f->n] = p->person[i];
    f->rows[FM__INCOMES][f->n] = (uint32_t)i;
    f->day[f->n++] = day_of(when[i]);
    if (at > 0)
      fm__builder_f64(b, 0, when[i]);
    fm__builder_f64(b, at, income[i]);
    fm__builder_f64(b, at + 1, weight_of(f, (uint32_t)i, p->person[i], own, other));
  }
  fm__free(seen);
  fm__frame_left_out(f, "rows_without_income", f->r->part[FM__PERSONS].n_rows - n_people);
  return FM_OK;
}

/* One period, or two with the column `period`. */
static fm_status make_income(fm__frame *f, size_t n_periods, fm_error *err)
{
  static const int tables[] = {FM__PERSONS, FM__INCOMES, FM__N_TABLES};
  fm__builder *b = NULL;
  double period[2] = {0, 0};
  fm_status status = fm__frame_require(f, FM__INCOMES, err);
  if (status == FM_OK)
    status = fm__frame_require(f, FM__PERSONS, err);
  if (status == FM_OK)
    status = n_periods > 1 ? fm__income_periods(f, period, err) : find_period(f, period, err);
  if (status == FM_OK)
    status = fm__frame_reserve(f, f->r->part[FM__INCOMES].n_rows, tables, err);
  if (status == FM_OK)
    status = fm__builder_create(&b, f->spec->kind, err);
  if (status == FM_OK && n_periods > 1)
    status = fm__builder_column(b, "period", FM_F64, NULL, err);
  if (status == FM_OK)
    status = fm__builder_column(b, "income", FM_F64, NULL, err);
  if (status == FM_OK)
    status = fm__builder_column(b, "weight", FM_F64, NULL, err);
  if (status == FM_OK)
    status = put_incomes(f, b, period, n_periods, err);
  if (status != FM_OK) {
    fm__builder_destroy(b);
    return status;
  }
  fm__frame_set_period(f, n_periods > 1 ? "period_0" : "period", period[0]);
  if (n_periods > 1)
    fm__frame_set_period(f, "period_1", period[1]);
  return fm__builder_finish(b, &f->core, err);
}

fm_status fm__frame_income(fm__frame *f, fm_error *err)
{
  return make_income(f, 1, err);
}

fm_status fm__frame_income_periods(fm__frame *f, fm_error *err)
{
  return make_income(f, 2, err);
}
