/* Checks of answers to questionnaires, by the list of instruments in force: scores in range, not too many items. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "code/instrument_priv.h"
#include "register/make_priv.h"

typedef struct answers {
  const fm_table *table;
  const fm_codes *codes;
  fm__instrument *instruments;
  size_t person, date, instrument, score;
  uint32_t *n_items; /* of the first row of a measurement: its items so far */
} answers;

/* The instrument of a row on its day; NULL: none known. */
static const fm__instrument *instrument_of(const answers *a, size_t row)
{
  size_t length = 0;
  int32_t day = fm__date_at(a->table, a->date, row);
  if (fm_table_is_null(a->table, a->instrument, row) || day == FM_NO_DATE)
    return NULL;
  const char *text = fm_table_text(a->table, a->instrument, row, &length);
  int64_t entry = fm_codes_find(a->codes, text, length, day);
  return entry < 0 ? NULL : &a->instruments[entry];
}

static void check_score(fm__make *m, const answers *a, size_t row, const fm__instrument *i)
{
  double score = fm_table_f64(a->table, a->score)[row];
  char value[48], least[48], most[48], expected[120];
  if (fm_table_is_null(a->table, a->score, row) || (score >= i->least && score <= i->most))
    return;
  snprintf(expected, sizeof expected, "a number from %s to %s, the range of the questionnaire",
           fm__show_f64(least, i->least), fm__show_f64(most, i->most));
  fm__show_f64(value, score);
  fm__make_problem(m, FM__PROGRESS, "score", (int64_t)row,
                   &(fm__finding){.code = "FM-N05",
                                  .what = "number outside its range",
                                  .expected = expected,
                                  .value = value,
                                  .value_length = strlen(value)});
}

static void too_many(fm__make *m, const answers *a, size_t row, const fm__instrument *i)
{
  char expected[96];
  size_t length = 0;
  int64_t item = fm_table_column_index(a->table, "item");
  const char *text = item >= 0 ? fm_table_text(a->table, (size_t)item, row, &length) : NULL;
  snprintf(expected, sizeof expected, "at most %d items by a person on a day", (int)i->items);
  fm__make_problem(m, FM__PROGRESS, "item", (int64_t)row,
                   &(fm__finding){.code = "FM-R05",
                                  .what = "more items than the questionnaire has",
                                  .expected = expected,
                                  .hint = "take out what is no item, such as a total; own questionnaires: a code list "
                                          "instrument",
                                  .value = text,
                                  .value_length = length});
}

static void check_measurements(fm__make *m, answers *a, fm__row_set *set)
{
  for (size_t row = 0; row < fm_table_n_rows(a->table); row++) {
    const fm__instrument *i = m->given[FM__PROGRESS].bad[row] ? NULL : instrument_of(a, row);
    if (i == NULL)
      continue;
    int64_t first = fm__row_set_add(set, row);
    if (++a->n_items[first < 0 ? row : (size_t)first] > (uint32_t)i->items)
      too_many(m, a, row, i);
  }
}

/* A list that cannot be used has been told of, or is the caller's to mend when something is computed by it. */
fm_status fm__check_answers(fm__make *m, int t, fm_error *err)
{
  const fm_codes *codes = fm__make_list(m, "instrument");
  answers a = {.table = m->given[t].table, .codes = codes};
  fm_error why = FM_ERROR_INIT;
  if (t != FM__PROGRESS || codes == NULL)
    return FM_OK;
  static const char *const names[4] = {"person_id", "date", "instrument", "score"};
  int64_t places[4];
  for (int k = 0; k < 4; k++)
    if ((places[k] = fm_table_column_index(a.table, names[k])) < 0)
      return FM_OK;
  a.person = (size_t)places[0];
  a.date = (size_t)places[1];
  a.instrument = (size_t)places[2];
  a.score = (size_t)places[3];
  fm_status status = fm__instruments_read(&a.instruments, codes, &why);
  if (status != FM_OK) {
    fm__free(a.instruments);
    return status == FM_ERR_MEMORY ? fm__no_memory(err) : FM_OK;
  }
  const size_t columns[3] = {a.person, a.date, a.instrument};
  fm__row_set *set = NULL;
  a.n_items = fm__array(fm_table_n_rows(a.table), sizeof *a.n_items);
  status = a.n_items != NULL ? fm__row_set_create(&set, a.table, columns, 3, err) : fm__no_memory(err);
  for (size_t row = 0; status == FM_OK && row < fm_table_n_rows(a.table); row++) {
    const fm__instrument *i = instrument_of(&a, row);
    if (i != NULL)
      check_score(m, &a, row, i);
  }
  if (status == FM_OK)
    check_measurements(m, &a, set);
  fm__row_set_destroy(set);
  fm__free(a.n_items);
  fm__free(a.instruments);
  return status;
}
