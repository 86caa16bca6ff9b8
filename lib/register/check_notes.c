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
  if (fm__schema[t].key != NULL)
    return FM_OK;
  return t == FM__SPELLS && m->r->part[t].person != NULL ? note_overlaps(m, err) : note_equal_rows(m, t, err);
}
