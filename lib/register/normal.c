/* Ids of one width, and the list's own code for every alias: after this a text means the same in every row. */
#include <stdio.h>
#include <string.h>

#include "register/make_priv.h"

static bool is_digits(const char *text, size_t length)
{
  for (size_t i = 0; i < length; i++)
    if (text[i] < '0' || text[i] > '9')
      return false;
  return length > 0;
}

/* Codes and validity of a column, copied. */
static fm_status copy_column(const fm_table *t, size_t k, int32_t **codes, uint8_t **validity, fm_error *err)
{
  size_t n = fm_table_n_rows(t);
  const uint8_t *valid = fm_table_validity(t, k);
  *codes = fm__array(n, sizeof **codes);
  *validity = valid != NULL ? fm__array(n / 8 + 1, 1) : NULL;
  if (*codes == NULL || (valid != NULL && *validity == NULL)) {
    fm__free(*codes);
    fm__free(*validity);
    return fm__no_memory(err);
  }
  if (n > 0)
    memcpy(*codes, fm_table_code(t, k), n * sizeof **codes);
  if (valid != NULL)
    memcpy(*validity, valid, (n + 7) / 8);
  return FM_OK;
}

/* Text k of the dictionary becomes text map[k] of `texts`. */
static fm_status renumber(fm_table **out, const fm_table *t, size_t k, const int32_t *map, const fm__texts *texts,
                          fm_error *err)
{
  int32_t *codes;
  uint8_t *validity;
  fm_status status = copy_column(t, k, &codes, &validity, err);
  if (status != FM_OK)
    return status;
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    codes[i] = fm__bit(validity, i) ? map[codes[i]] : 0;
  return fm__text_column(out, fm_table_column_name(t, k), codes, validity, fm_table_n_rows(t), texts, err);
}

/* Leading zeros to `width` for ids that are all digits; *out stays NULL when nothing changes. */
static fm_status pad_ids(fm_table **out, const fm_table *t, size_t k, size_t width, fm_error *err)
{
  size_t n = fm_table_n_texts(t, k), length;
  char padded[256];
  bool changes = false;
  fm_status status = FM_OK;
  fm__texts *texts = fm__texts_create();
  int32_t *map = fm__array(n, sizeof *map);
  if (texts == NULL || map == NULL)
    status = fm__no_memory(err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    const char *text = fm_table_dictionary_text(t, k, i, &length);
    if (length < width && is_digits(text, length)) {
      changes = true;
      memset(padded, '0', width - length);
      memcpy(padded + width - length, text, length);
      text = padded;
      length = width;
    }
    map[i] = (int32_t)fm__texts_add(texts, text, length);
    if (map[i] < 0)
      status = fm__no_memory(err);
  }
  if (status == FM_OK && changes)
    status = renumber(out, t, k, map, texts, err);
  fm__free(map);
  fm__texts_destroy(texts);
  return status;
}

/* ---- codes ---- */

enum { UNKNOWN, NOT_VALID };

/* One column on the way from words to codes. */
typedef struct words {
  fm__make *m;
  int t;
  const fm_table *table;
  size_t column, date_column;
  const char *name;
  const fm_codes *list;
  size_t n_texts;
  int64_t *newest;      /* entry of each text, or FM_CODE_UNKNOWN */
  int64_t *n_rows[2];   /* of each text: unknown, not valid on their date */
  int64_t *first[2];    /* the first such row, -1 */
  fm__texts *texts;     /* codes and unknown words in the new column */
  int32_t *map, *codes; /* new number of each text's newest code; new cells */
} words;

static bool is_valid_on(const fm_codes *list, int64_t entry, int32_t date)
{
  int32_t from = fm_codes_valid_from(list, entry), to = fm_codes_valid_to(list, entry);
  return date == FM_NO_DATE || (from <= date && (to == FM_NO_DATE || date <= to));
}

static int32_t number_of(words *w, int64_t entry, size_t text)
{
  size_t length;
  const char *word = fm_codes_code(w->list, entry);
  if (entry < 0)
    word = fm_table_dictionary_text(w->table, w->column, text, &length);
  return (int32_t)fm__texts_add(w->texts, word, entry < 0 ? length : strlen(word));
}

static fm_status start_words(words *w, fm_error *err)
{
  size_t n = w->n_texts, length;
  w->texts = fm__texts_create();
  w->newest = fm__array(n, sizeof *w->newest);
  w->map = fm__array(n, sizeof *w->map);
  w->codes = fm__array(fm_table_n_rows(w->table), sizeof *w->codes);
  bool made = w->texts != NULL && w->newest != NULL && w->map != NULL && w->codes != NULL;
  for (int k = 0; k < 2; k++) {
    w->n_rows[k] = fm__array(n, sizeof **w->n_rows);
    w->first[k] = fm__array(n, sizeof **w->first);
    made = made && w->n_rows[k] != NULL && w->first[k] != NULL;
  }
  for (size_t i = 0; i < n && made; i++) {
    const char *text = fm_table_dictionary_text(w->table, w->column, i, &length);
    w->newest[i] = fm_codes_find(w->list, text, length, FM_NO_DATE);
    w->map[i] = number_of(w, w->newest[i], i);
    made = w->map[i] >= 0;
  }
  return made ? FM_OK : fm__no_memory(err);
}

static void free_words(words *w)
{
  fm__texts_destroy(w->texts);
  fm__free(w->newest);
  fm__free(w->map);
  fm__free(w->codes);
  for (int k = 0; k < 2; k++) {
    fm__free(w->n_rows[k]);
    fm__free(w->first[k]);
  }
}

static void count_row(words *w, int kind, int32_t text, size_t row)
{
  if (w->n_rows[kind][text]++ == 0)
    w->first[kind][text] = (int64_t)row;
}

/* The new number of a cell; -1 when out of memory. */
static int32_t take_word(words *w, int32_t text, size_t row)
{
  int32_t date = fm__date_at(w->table, w->date_column, row);
  int64_t entry = w->newest[text];
  size_t length;
  if (entry < 0) {
    count_row(w, UNKNOWN, text, row);
    return w->map[text];
  }
  if (is_valid_on(w->list, entry, date))
    return w->map[text];
  const char *word = fm_table_dictionary_text(w->table, w->column, (size_t)text, &length);
  entry = fm_codes_find(w->list, word, length, date);
  if (entry >= 0)
    return number_of(w, entry, (size_t)text);
  count_row(w, NOT_VALID, text, row);
  return w->map[text];
}

/* The first codes of the list, as an example of what may stand there. */
static void expected_codes(char *out, size_t size, const fm_codes *list)
{
  size_t n = (size_t)snprintf(out, size, "one of: "), shown = 0;
  const char *last = "";
  for (size_t i = 0; i < fm_codes_n(list) && shown < 3; i++) {
    const char *code = fm_codes_code(list, (int64_t)i);
    if (strcmp(code, last) == 0)
      continue;
    n += (size_t)snprintf(out + n, size - n, "%s%.40s", shown > 0 ? ", " : "", code);
    last = code;
    shown++;
  }
  snprintf(out + n, size - n, "%s", shown == 3 ? ", ..." : "");
}

static void note_unknown(const words *w, size_t text)
{
  char what[64], expected[200], hint[300];
  size_t length;
  long long rows = (long long)w->n_rows[UNKNOWN][text];
  const char *word = fm_table_dictionary_text(w->table, w->column, text, &length);
  int64_t near = fm_codes_nearest(w->list, word, length);
  bool counts = w->t == FM__PLACEMENTS || w->t == FM__SPELLS;
  snprintf(what, sizeof what, "unknown code in %lld row%s", rows, rows == 1 ? "" : "s");
  expected_codes(expected, sizeof expected, w->list);
  snprintf(hint, sizeof hint,
           "%s%.60s%suntil mended the rows are shown under this word%s; own words: a code list %.40s",
           near >= 0 ? "did you mean " : "", near >= 0 ? fm_codes_code(w->list, near) : "", near >= 0 ? "? " : "",
           counts ? " and never counted as work" : "", fm_codes_list_name(w->list));
  fm__make_problem(w->m, w->t, w->name, w->first[UNKNOWN][text],
                   &(fm__finding){.code = "FM-C01",
                                  .severity = FM__NOTE,
                                  .what = what,
                                  .expected = expected,
                                  .hint = hint,
                                  .value = word,
                                  .value_length = length});
}

static void note_not_valid(const words *w, size_t text)
{
  char what[80], expected[120], from[48] = "", to[48] = "";
  size_t length;
  long long rows = (long long)w->n_rows[NOT_VALID][text];
  const char *word = fm_table_dictionary_text(w->table, w->column, text, &length);
  int32_t first = fm_codes_valid_from(w->list, w->newest[text]), last = fm_codes_valid_to(w->list, w->newest[text]);
  fm_date_format(from, first);
  fm_date_format(to, last);
  snprintf(what, sizeof what, "a code that is not valid on the date of %lld row%s", rows, rows == 1 ? "" : "s");
  snprintf(expected, sizeof expected, "a date%s%s%s%s", from[0] != '\0' ? " from " : "", from,
           to[0] != '\0' ? " to " : "", to);
  bool counts = w->t == FM__PLACEMENTS || w->t == FM__SPELLS;
  fm__make_problem(w->m, w->t, w->name, w->first[NOT_VALID][text],
                   &(fm__finding){.code = "FM-C02",
                                  .severity = FM__NOTE,
                                  .what = what,
                                  .expected = expected,
                                  .hint = counts ? "these rows are never counted as work" : NULL,
                                  .value = word,
                                  .value_length = length});
}

/* Notes in the order of their first rows: the words of a kind that are kept, then all others, which are only counted.
 */
static void note_words(const words *w, int kind)
{
  int64_t after = -1;
  for (size_t shown = 0; shown < FM__PROBLEMS_KEPT; shown++) {
    int64_t best = INT64_MAX;
    size_t text = 0;
    for (size_t i = 0; i < w->n_texts; i++)
      if (w->n_rows[kind][i] > 0 && w->first[kind][i] > after && w->first[kind][i] < best) {
        best = w->first[kind][i];
        text = i;
      }
    if (best == INT64_MAX)
      return;
    after = best;
    if (kind == UNKNOWN)
      note_unknown(w, text);
    else
      note_not_valid(w, text);
  }
  const fm__finding counted = {.code = kind == UNKNOWN ? "FM-C01" : "FM-C02", .severity = FM__NOTE};
  for (size_t i = 0; i < w->n_texts; i++)
    if (w->n_rows[kind][i] > 0 && w->first[kind][i] > after)
      fm__make_problem(w->m, w->t, w->name, w->first[kind][i], &counted);
}

/* Turns a column into the codes of its list; *out stays NULL when it holds nothing else already. */
static fm_status take_codes(fm_table **out, fm__make *m, int t, size_t k, const fm_codes *list, fm_error *err)
{
  const fm__table_def *def = &fm__schema[t];
  const fm_table *table = m->given[t].table;
  words w = {.m = m,
             .t = t,
             .table = table,
             .column = k,
             .date_column = FM__NO_COLUMN,
             .name = fm_table_column_name(table, k),
             .list = list,
             .n_texts = fm_table_n_texts(table, k)};
  int64_t date = def->code_date != NULL ? fm_table_column_index(table, def->code_date) : -1;
  if (date >= 0)
    w.date_column = (size_t)date;
  fm_status status = start_words(&w, err);
  const int32_t *codes = fm_table_code(table, k);
  const uint8_t *valid = fm_table_validity(table, k);
  for (size_t i = 0; i < fm_table_n_rows(table) && status == FM_OK; i++)
    if (fm__bit(valid, i) && (w.codes[i] = take_word(&w, codes[i], i)) < 0)
      status = fm__no_memory(err);
  if (status == FM_OK) {
    note_words(&w, UNKNOWN);
    note_words(&w, NOT_VALID);
    uint8_t *validity = NULL;
    if (valid != NULL) {
      validity = fm__array(fm_table_n_rows(table) / 8 + 1, 1);
      if (validity != NULL)
        memcpy(validity, valid, (fm_table_n_rows(table) + 7) / 8);
      else
        status = fm__no_memory(err);
    }
    if (status == FM_OK) {
      status = fm__text_column(out, w.name, w.codes, validity, fm_table_n_rows(table), w.texts, err);
      w.codes = NULL;
    }
  }
  free_words(&w);
  return status;
}

fm_status fm__make_normal(fm__make *m, int t, fm_error *err)
{
  fm__given *g = &m->given[t];
  size_t n = fm_table_n_columns(g->table);
  bool changed = false;
  fm_status status = FM_OK;
  fm_table **replaced = fm__array(n, sizeof(fm_table *));
  if (replaced == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < n && status == FM_OK; k++) {
    int at = fm__schema_column(&fm__schema[t], fm_table_column_name(g->table, k));
    const fm__column_def *c = at >= 0 ? &fm__schema[t].columns[at] : NULL;
    const fm_codes *list = c != NULL ? fm__make_list(m, c->list) : NULL;
    if (list != NULL)
      status = take_codes(&replaced[k], m, t, k, list, err);
    else if (c != NULL && (c->flags & FM__SECRET) != 0 && m->spec.id_width > 0)
      status = pad_ids(&replaced[k], g->table, k, (size_t)m->spec.id_width, err);
    changed = changed || replaced[k] != NULL;
  }
  fm_table *made = NULL;
  if (status == FM_OK && changed) {
    status = fm__table_with(&made, g->table, replaced, err);
    if (status == FM_OK) {
      fm_table_destroy(g->table);
      g->table = made;
    }
  }
  for (size_t k = 0; k < n; k++)
    fm_table_destroy(replaced[k]);
  fm__free(replaced);
  return status;
}
