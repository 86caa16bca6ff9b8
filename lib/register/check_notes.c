/* What is worth telling but stops nothing: personal numbers, equal rows, overlaps, a table without rows. */
#include <stdio.h>
#include <string.h>

#include "register/make_priv.h"

/* Most cells of a text column have the form of a personal number. */
static fm_status note_personal(fm__make *m, int t, size_t k, fm_error *err)
{
  const fm_table *table = m->given[t].table;
  size_t n_texts = fm_table_n_texts(table, k), length;
  const int32_t *codes = fm_table_code(table, k);
  int64_t given = 0, alike = 0;
  uint8_t *looks = fm__array(n_texts, 1);
  bool any = false;
  if (looks == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n_texts; i++) {
    const char *text = fm_table_dictionary_text(table, k, i, &length);
    looks[i] = fm__looks_personal(text, length);
    any = any || looks[i];
  }
  for (size_t i = 0; any && i < fm_table_n_rows(table); i++)
    if (!fm_table_is_null(table, k, i)) {
      given++;
      alike += looks[codes[i]];
    }
  fm__free(looks);
  if (alike * 2 <= given)
    return FM_OK;
  fm__make_problem(m, t, fm_table_column_name(table, k), -1,
                   &(fm__finding){.code = "FM-P01",
                                  .severity = FM__NOTE,
                                  .what = "this column looks like civil registration (CPR) numbers",
                                  .expected = "keys that name nobody",
                                  .hint = "replace them by keyed hashes (HMAC with a secret key), the same key in all "
                                          "tables, before the data leave the case system"});
  return FM_OK;
}

static fm_status note_equal_rows(fm__make *m, int t, fm_error *err)
{
  const fm_table *table = m->given[t].table;
  size_t n = fm_table_n_columns(table);
  size_t *columns = fm__array(n, sizeof *columns);
  fm__row_set *set = NULL;
  if (columns == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < n; k++)
    columns[k] = k;
  fm_status status = fm__row_set_create(&set, table, columns, n, err);
  for (size_t i = 0; status == FM_OK && i < fm_table_n_rows(table); i++) {
    char expected[64];
    int64_t earlier = fm__row_set_add(set, i);
    if (earlier < 0)
      continue;
    int64_t line = fm_table_line(table, (size_t)earlier);
    snprintf(expected, sizeof expected, line >= 0 ? "each row once; see line %lld" : "each row once; see row %lld",
             (long long)(line >= 0 ? line : earlier));
    fm__make_problem(m, t, NULL, (int64_t)i,
                     &(fm__finding){.code = "FM-R04",
                                    .severity = FM__NOTE,
                                    .what = "this row is equal to an earlier one",
                                    .expected = expected});
  }
  fm__row_set_destroy(set);
  fm__free(columns);
  return status;
}

/* The latest end so far of one state of one person. */
typedef struct open_state {
  uint32_t person; /* + 1; 0: none yet */
  int32_t end;
  uint32_t row;
} open_state;

static void note_overlap(fm__make *m, size_t row, uint32_t earlier)
{
  const fm_table *table = m->given[FM__SPELLS].table;
  char expected[96];
  int64_t line = fm_table_line(table, earlier);
  snprintf(expected, sizeof expected,
           line >= 0 ? "spells of one state that do not overlap; see line %lld"
                     : "spells of one state that do not overlap; see row %lld",
           (long long)(line >= 0 ? line : (int64_t)earlier));
  fm__make_problem(m, FM__SPELLS, "start", (int64_t)row,
                   &(fm__finding){.code = "FM-D05",
                                  .severity = FM__NOTE,
                                  .what = "this spell overlaps another of the same person and state",
                                  .expected = expected,
                                  .hint = "the days they share are counted once"});
}

/* Rows of a person come in the order of their first days, so that one end a state is enough. The notes are written in
 * the order of the rows. */
static fm_status note_overlaps(fm__make *m, fm_error *err)
{
  const fm_table *table = m->given[FM__SPELLS].table;
  size_t state = fm__register_column(m->r, FM__SPELLS, "state"), n = fm_table_n_rows(table);
  uint32_t *first = NULL, *rows = NULL;
  open_state *open = fm__array(fm_table_n_texts(table, state), sizeof *open);
  uint32_t *overlapped = fm__array(n, sizeof *overlapped);
  fm_status status = open == NULL || overlapped == NULL ? fm__no_memory(err)
                                                        : fm__rows_by_person(&first, &rows, m->r, FM__SPELLS, err);
  size_t n_people = m->r->part[FM__PERSONS].n_rows;
  for (size_t p = 0; status == FM_OK && p < n_people; p++)
    for (uint32_t k = first[p]; k < first[p + 1]; k++) {
      uint32_t row = rows[k];
      fm__days days = fm__register_days(m->r, FM__SPELLS, row);
      open_state *o = &open[fm_table_code(table, state)[row]];
      if (o->person == p + 1 && days.first < o->end)
        overlapped[row] = o->row + 1;
      if (o->person != p + 1 || days.end > o->end)
        *o = (open_state){(uint32_t)p + 1, days.end, row};
    }
  for (size_t i = 0; status == FM_OK && i < n; i++)
    if (overlapped[i] > 0)
      note_overlap(m, i, overlapped[i] - 1);
  fm__free(open);
  fm__free(overlapped);
  fm__free(first);
  fm__free(rows);
  return status;
}

/* ---- days in an order that cannot be, or that a measure leaves out ---- */

static void note_day(fm__make *m, int t, const char *column, size_t row, int32_t day, const char *code,
                     const char *what, const char *expected)
{
  char value[48];
  fm__show_date(value, day);
  fm__make_problem(m, t, column, (int64_t)row,
                   &(fm__finding){.code = code,
                                  .severity = FM__NOTE,
                                  .what = what,
                                  .expected = expected,
                                  .value = value,
                                  .value_length = strlen(value)});
}

static int32_t day_in(const fm__make *m, int t, const char *column, size_t row)
{
  size_t k = fm__register_column(m->r, t, column);
  return k == FM__NO_COLUMN ? FM_NO_DATE : fm__date_at(m->r->part[t].table, k, row);
}

/* The day of birth itself is not told: it belongs to a person. */
static void note_unborn(fm__make *m, int t)
{
  const fm__table_def *def = &fm__schema[t];
  const char *const of_persons[] = {"observed_from", "unemployed_since"}, *const of_others[] = {def->start};
  const char *const *columns = t == FM__PERSONS ? of_persons : of_others;
  const fm__part *p = &m->r->part[t];
  if (t != FM__PERSONS && (p->person == NULL || def->start == NULL))
    return;
  for (size_t i = 0; i < p->n_rows; i++) {
    uint32_t person = t == FM__PERSONS ? (uint32_t)i : p->person[i];
    int32_t born = person == FM__NO_ROW ? FM_NO_DATE : day_in(m, FM__PERSONS, "birth_date", person);
    for (size_t k = 0; k < (t == FM__PERSONS ? FM__COUNT(of_persons) : 1) && born != FM_NO_DATE; k++) {
      int32_t day = day_in(m, t, columns[k], i);
      if (day != FM_NO_DATE && day < born)
        note_day(m, t, columns[k], i, day, "FM-D06", "before the person was born", "the day of birth or later");
    }
  }
}

static void note_steps(fm__make *m)
{
  static const char *const steps[] = {"applied_on", "referred_on", "invited_on", "first_contact_on", "joined_on"};
  const fm__part *p = &m->r->part[FM__PARTICIPANTS];
  char expected[120], from[48];
  for (size_t i = 0; i < p->n_rows; i++) {
    int32_t referred = day_in(m, FM__PARTICIPANTS, "referred_on", i);
    int32_t contact = day_in(m, FM__PARTICIPANTS, "first_contact_on", i);
    uint32_t initiative = p->initiative != NULL ? p->initiative[i] : FM__NO_ROW;
    int32_t begins = initiative == FM__NO_ROW ? FM_NO_DATE : day_in(m, FM__INITIATIVES, "start", initiative);
    if (referred != FM_NO_DATE && contact != FM_NO_DATE && contact < referred) {
      snprintf(expected, sizeof expected, "%s or later, the day in \"%.40s\"; journey times leave the row out",
               fm__show_date(from, referred), fm__make_header(m, FM__PARTICIPANTS, "referred_on"));
      note_day(m, FM__PARTICIPANTS, "first_contact_on", i, contact, "FM-D07", "before the referral", expected);
    }
    snprintf(expected, sizeof expected, "%s or later, when it begins", fm__show_date(from, begins));
    for (size_t k = 0; k < FM__COUNT(steps) && begins != FM_NO_DATE; k++) {
      int32_t day = day_in(m, FM__PARTICIPANTS, steps[k], i);
      if (day != FM_NO_DATE && day < begins)
        note_day(m, FM__PARTICIPANTS, steps[k], i, day, "FM-D07", "before the initiative begins", expected);
    }
  }
}

fm_status fm__check_notes(fm__make *m, int t, fm_error *err)
{
  const fm_table *table = m->given[t].table;
  fm_status status = FM_OK;
  for (size_t k = 0; k < fm_table_n_columns(table) && status == FM_OK; k++)
    if (fm_table_column_type(table, k) == FM_CODE)
      status = note_personal(m, t, k, err);
  if (status != FM_OK)
    return status;
  if (fm_table_n_rows(table) == 0)
    fm__make_problem(m, t, NULL, -1,
                     &(fm__finding){.code = "FM-F05",
                                    .severity = FM__NOTE,
                                    .what = m->given[t].left_out + m->given[t].n_bad > 0
                                                ? "the table has no rows left"
                                                : "the table has column names but no rows",
                                    .expected = "at least one row"});
  if (m->r->part[FM__PERSONS].table != NULL)
    note_unborn(m, t);
  if (t == FM__PARTICIPANTS)
    note_steps(m);
  if (fm__schema[t].key != NULL)
    return FM_OK;
  return t == FM__SPELLS && m->r->part[t].person != NULL ? note_overlaps(m, err) : note_equal_rows(m, t, err);
}
