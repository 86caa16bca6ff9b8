/* Groups put together before anything is counted: words of group columns become one, and rows that came to be the same
 * through it are one row. */
#include "register/merge_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WORDS = 256, MAX_COLUMNS = 32, ROOM = 300 };

typedef struct merging {
  char *text, *made;    /* own the words and the names made of them */
  fm__texts *words;     /* numbered as in `of` */
  size_t of[MAX_WORDS]; /* group of each word */
  bool seen[MAX_WORDS]; /* a row has it */
  const char *name[MAX_WORDS];
  size_t n_words, n_names;
  size_t column[MAX_COLUMNS], n_columns; /* of the table */
  fm__texts *there;                      /* the words there are */
} merging;

static void merging_free(merging *m)
{
  fm__free(m->text);
  fm__free(m->made);
  fm__texts_destroy(m->words);
  fm__texts_destroy(m->there);
}

/* ---- the text ---- */

static fm_status misread(const char *text, fm_error *err)
{
  return fm__fail(err, FM_ERR_FORMAT,
                  "merge: expected two or more groups, and a name if wanted, as in \"a,b=name;c,d\", got \"%.100s\"",
                  text);
}

/* Cuts the blanks around p[0 .. n) and ends it. */
static char *cut(char *p, size_t n)
{
  while (n > 0 && p[0] == ' ')
    p++, n--;
  while (n > 0 && p[n - 1] == ' ')
    n--;
  p[n] = '\0';
  return p;
}

static fm_status add_word(merging *m, const char *word, const char *text, fm_error *err)
{
  if (word[0] == '\0')
    return misread(text, err);
  if (m->n_words == MAX_WORDS)
    return fm__fail(err, FM_ERR_LIMIT, "merge: at most %d groups can be merged", MAX_WORDS);
  if (fm__texts_find(m->words, word, strlen(word)) >= 0)
    return fm__fail(err, FM_ERR_FORMAT, "merge: \"%.60s\" is there twice", word);
  if (fm__texts_add(m->words, word, strlen(word)) < 0)
    return fm__no_memory(err);
  m->of[m->n_words++] = m->n_names;
  return FM_OK;
}

/* One part, "a,b=name". The name made of its words is written to *made, which moves behind it. */
static fm_status take_part(merging *m, char *part, char **made, const char *text, fm_error *err)
{
  char *equals = strchr(part, '='), *own = *made;
  size_t before = m->n_words;
  fm_status status = FM_OK;
  if (equals != NULL)
    *equals = '\0';
  for (char *p = part; status == FM_OK && p != NULL;) {
    char *comma = strchr(p, ','), *next = comma != NULL ? comma + 1 : NULL;
    const char *word = cut(p, comma != NULL ? (size_t)(comma - p) : strlen(p));
    status = add_word(m, word, text, err);
    *made += sprintf(*made, "%s%s", *made == own ? "" : " + ", word);
    p = next;
  }
  (*made)++;
  if (status == FM_OK && m->n_words < before + 2)
    return misread(text, err);
  m->name[m->n_names] = equals != NULL ? cut(equals + 1, strlen(equals + 1)) : own;
  if (status == FM_OK && (m->name[m->n_names][0] == '\0' || strpbrk(m->name[m->n_names], ",=") != NULL))
    return misread(text, err);
  for (size_t k = 0; status == FM_OK && k < m->n_names; k++)
    if (strcmp(m->name[k], m->name[m->n_names]) == 0)
      return fm__fail(err, FM_ERR_FORMAT, "merge: the name \"%.60s\" is there twice", m->name[k]);
  m->n_names++;
  return status;
}

static fm_status take_text(merging *m, const char *text, fm_error *err)
{
  m->text = fm__copy_text(text, strlen(text));
  m->made = fm__array(4 * strlen(text) + 4, 1);
  m->words = fm__texts_create();
  m->there = fm__texts_create();
  if (m->text == NULL || m->made == NULL || m->words == NULL || m->there == NULL)
    return fm__no_memory(err);
  fm_status status = FM_OK;
  char *made = m->made;
  for (char *p = m->text; status == FM_OK && p != NULL;) {
    char *end = strchr(p, ';');
    if (end != NULL)
      *end = '\0';
    status = take_part(m, p, &made, text, err);
    p = end != NULL ? end + 1 : NULL;
  }
  return status;
}

/* ---- the words there are ---- */

static fm_status see(merging *m, const fm_table *t, size_t column, fm_error *err)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    size_t length;
    const char *text = fm_table_text(t, column, i, &length);
    if (text == NULL)
      continue;
    int64_t k = fm__texts_find(m->words, text, length);
    if (k >= 0)
      m->seen[k] = true;
    if (fm__texts_add(m->there, text, length) < 0)
      return fm__no_memory(err);
  }
  return FM_OK;
}

static bool is_id(const char *name)
{
  return strcmp(name, "person_id") == 0 || strcmp(name, "household_id") == 0;
}

static fm_status take_column(merging *m, const fm_table *t, const char *name, const fm__merge_request *q, fm_error *err)
{
  const char *dot = strchr(name, '.'), *plain = dot != NULL ? dot + 1 : name;
  int64_t column = fm_table_column_index(t, name);
  if (column < 0 || fm_table_column_type(t, (size_t)column) != FM_CODE || is_id(plain))
    return FM_OK;
  if (m->n_columns == MAX_COLUMNS)
    return fm__fail(err, FM_ERR_LIMIT, "merge: at most %d group columns can be merged", MAX_COLUMNS);
  m->column[m->n_columns++] = (size_t)column;
  fm_status status = see(m, t, (size_t)column, err);
  for (size_t k = 0; status == FM_OK && k < q->n_words; k++) {
    int64_t c = q->words[k] != NULL ? fm_table_column_index(q->words[k], plain) : -1;
    if (c >= 0 && fm_table_column_type(q->words[k], (size_t)c) == FM_CODE)
      status = see(m, q->words[k], (size_t)c, err);
  }
  return status;
}

static int by_bytes(const void *a, const void *b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static fm_status no_such_word(const merging *m, const char *word, fm_error *err)
{
  size_t n = fm__texts_count(m->there), used = 0;
  char list[ROOM] = "none";
  const char **texts = fm__array(n + 1, sizeof *texts);
  if (texts == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < n; k++)
    texts[k] = fm__texts_at(m->there, k, NULL);
  qsort(texts, n, sizeof *texts, by_bytes);
  for (size_t k = 0; k < n && used + strlen(texts[k]) + 3 < sizeof list; k++)
    used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", k > 0 ? ", " : "", texts[k]);
  fm__free((void *)texts);
  return fm__fail(err, FM_ERR_NOT_FOUND, "merge: no row has the group \"%.60s\"; there are %s", word, list);
}

static fm_status check_words(const merging *m, fm_error *err)
{
  if (m->n_columns == 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "merge: expected a group column of text in by, whose groups are merged");
  for (size_t k = 0; k < m->n_words; k++)
    if (!m->seen[k])
      return no_such_word(m, fm__texts_at(m->words, k, NULL), err);
  for (size_t k = 0; k < m->n_names; k++) {
    int64_t word = fm__texts_find(m->words, m->name[k], strlen(m->name[k]));
    if (word >= 0 ? m->of[word] != k : fm__texts_find(m->there, m->name[k], strlen(m->name[k])) >= 0)
      return fm__fail(err, FM_ERR_ARGUMENT, "merge: there is another group with the name \"%.60s\"", m->name[k]);
  }
  return FM_OK;
}

static fm_status open_columns(merging *m, const fm_table *t, const fm__merge_request *q, fm_error *err)
{
  char *by = fm__copy_text(q->by != NULL ? q->by : "", q->by != NULL ? strlen(q->by) : 0);
  fm_status status = by == NULL ? fm__no_memory(err) : FM_OK;
  for (char *p = by; status == FM_OK && p != NULL;) {
    char *comma = strchr(p, ','), *next = comma != NULL ? comma + 1 : NULL;
    status = take_column(m, t, cut(p, comma != NULL ? (size_t)(comma - p) : strlen(p)), q, err);
    p = next;
  }
  fm__free(by);
  return status == FM_OK ? check_words(m, err) : status;
}

/* ---- the rows ---- */

static bool is_merged(const merging *m, size_t column)
{
  for (size_t k = 0; k < m->n_columns; k++)
    if (m->column[k] == column)
      return true;
  return false;
}

static fm_status put_merged(fm_table *to, const char *name, const merging *m, const fm_table *t, size_t column,
                            fm_error *err)
{
  size_t n = fm_table_n_rows(t), length;
  const char **texts = fm__array(n, sizeof *texts);
  if (texts == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++) {
    texts[i] = fm_table_text(t, column, i, &length);
    int64_t word = texts[i] != NULL ? fm__texts_find(m->words, texts[i], length) : -1;
    if (word >= 0)
      texts[i] = m->name[m->of[word]];
  }
  fm_status status = fm_table_add_text(to, name, texts, n, err);
  fm__free((void *)texts);
  return status;
}

/* The bits of doubles, or the units, as whole numbers: what groups are made of. */
static fm_status put_whole(fm_table *to, const char *name, const fm_table *t, size_t column, const uint32_t *units,
                           fm_error *err)
{
  size_t n = fm_table_n_rows(t);
  int64_t *values = fm__array(n, sizeof *values);
  if (values == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++)
    if (units != NULL)
      values[i] = (int64_t)units[i];
    else if (fm_table_is_null(t, column, i))
      values[i] = INT64_MIN;
    else
      memcpy(&values[i], &fm_table_f64(t, column)[i], sizeof values[i]);
  fm_status status = fm__table_own(to, name, FM_I64, values, NULL, n, err);
  if (status != FM_OK)
    fm__free(values);
  return status;
}

/* Creates a number for all rows that agree in their unit (without units: in all that is told of them) and in their
 * groups, after (or before) merging. */
static fm_status number_rows(uint32_t **out, size_t *n, const merging *m, const fm_table *t, const uint32_t *units,
                             bool after, fm_error *err)
{
  fm_table *keys = NULL;
  fm__groups *g = NULL;
  char name[24], *by = fm__array(fm_table_n_columns(t) + 2, sizeof name);
  size_t used = 0;
  fm_status status = by == NULL ? fm__no_memory(err) : fm_table_create(&keys, "keys", err);
  if (status == FM_OK && units != NULL) {
    used = (size_t)sprintf(by, "unit,");
    status = put_whole(keys, "unit", t, 0, units, err);
  }
  for (size_t c = 0; status == FM_OK && c < fm_table_n_columns(t); c++) {
    bool merged = is_merged(m, c);
    if (!merged && (units != NULL || strcmp(fm_table_column_name(t, c), "first_row") == 0))
      continue;
    snprintf(name, sizeof name, "c%zu", c);
    used += (size_t)sprintf(by + used, "%s,", name);
    status = merged && after                        ? put_merged(keys, name, m, t, c, err)
             : fm_table_column_type(t, c) == FM_F64 ? put_whole(keys, name, t, c, NULL, err)
                                                    : fm__table_share(keys, name, t, c, err);
  }
  if (status == FM_OK) {
    by[used - 1] = '\0';
    status = fm_table_seal(keys, err);
  }
  if (status == FM_OK)
    status = fm__groups_create(&g, by, err);
  if (status == FM_OK)
    status = fm__groups_map(g, keys, out, err);
  *n = status == FM_OK ? fm__groups_count(g) : 0;
  fm__groups_destroy(g);
  fm_table_destroy(keys);
  fm__free(by);
  return status;
}

/* Of rows that came to be the same, those of one of the groups stay: of that with the most, then the one with a unit's
 * first row. All else in them is the same, so that no other order is seen. */
static fm_status choose(uint8_t *keep, const fm_table *t, const uint32_t *before, size_t n_before,
                        const uint32_t *after, size_t n_after, fm_error *err)
{
  size_t n = fm_table_n_rows(t);
  int64_t first_row = fm_table_column_index(t, "first_row");
  bool told = first_row >= 0 && fm_table_column_type(t, (size_t)first_row) == FM_BOOL;
  uint64_t *size = fm__array(n_before, sizeof *size), *most = fm__array(n_after, sizeof *most);
  uint32_t *chosen = fm__array(n_after, sizeof *chosen);
  bool ok = size != NULL && most != NULL && chosen != NULL;
  for (size_t i = 0; ok && i < n; i++) {
    size[before[i]] += 2;
    if (told && !fm_table_is_null(t, (size_t)first_row, i) && fm_table_bool(t, (size_t)first_row)[i] != 0)
      size[before[i]] |= 1;
  }
  for (size_t i = 0; ok && i < n; i++)
    if (size[before[i]] > most[after[i]]) {
      most[after[i]] = size[before[i]];
      chosen[after[i]] = before[i];
    }
  for (size_t i = 0; ok && i < n; i++)
    keep[i] = chosen[after[i]] == before[i];
  fm__free(size);
  fm__free(most);
  fm__free(chosen);
  return ok ? FM_OK : fm__no_memory(err);
}

static fm_status keep_rows(uint8_t **keep, const merging *m, const fm_table *t, const uint32_t *units, fm_error *err)
{
  size_t n = fm_table_n_rows(t), n_before = 0, n_after = 0;
  uint32_t *before = NULL, *after = NULL;
  *keep = fm__array(n, 1);
  if (*keep == NULL)
    return fm__no_memory(err);
  fm_status status = FM_OK;
  memset(*keep, 1, n);
  if (n > 0 && (units != NULL || fm_table_column_index(t, "person_id") >= 0)) {
    status = number_rows(&before, &n_before, m, t, units, false, err);
    if (status == FM_OK)
      status = number_rows(&after, &n_after, m, t, units, true, err);
    if (status == FM_OK)
      status = choose(*keep, t, before, n_before, after, n_after, err);
  }
  fm__free(before);
  fm__free(after);
  return status;
}

/* ---- the tables ---- */

/* What was merged: "newcomers: refugee, cash_benefit; ...". */
static fm_status put_note(fm_table *to, const merging *m, const char *text, fm_error *err)
{
  char *note = fm__array(10 * strlen(text) + 10, 1);
  size_t used = 0;
  if (note == NULL)
    return fm__no_memory(err);
  for (size_t g = 0, k = 0; g < m->n_names; g++) {
    used += (size_t)sprintf(note + used, "%s%s:", g > 0 ? "; " : "", m->name[g]);
    for (bool first = true; k < m->n_words && m->of[k] == g; k++, first = false)
      used += (size_t)sprintf(note + used, "%s %s", first ? "" : ",", fm__texts_at(m->words, k, NULL));
  }
  fm_status status = fm_table_set_note(to, "merged", note, err);
  fm__free(note);
  return status;
}

/* Creates the sealed table of all rows, the columns of `m` merged, with the note. */
static fm_status rebuild(fm_table **out, const fm_table *t, const merging *m, const char *text, fm_error *err)
{
  fm_table *to;
  fm_status status = fm_table_create(&to, fm_table_name(t), err);
  if (status != FM_OK)
    return status;
  for (size_t c = 0; status == FM_OK && c < fm_table_n_columns(t); c++)
    status = is_merged(m, c) ? put_merged(to, fm_table_column_name(t, c), m, t, c, err)
                             : fm__table_share(to, fm_table_column_name(t, c), t, c, err);
  for (size_t k = 0; status == FM_OK && k < fm_table_n_notes(t); k++)
    status = fm_table_set_note(to, fm_table_note_key(t, k), fm_table_note(t, fm_table_note_key(t, k)), err);
  if (status == FM_OK)
    status = put_note(to, m, text, err);
  if (status == FM_OK)
    status = fm_table_seal(to, err);
  if (status == FM_OK)
    *out = to;
  else
    fm_table_destroy(to);
  return status;
}

fm_status fm__merge_note(fm_table **out, const fm_table *t, const char *merge, fm_error *err)
{
  merging m = {0};
  *out = NULL;
  fm_status status = take_text(&m, merge, err);
  if (status == FM_OK)
    status = rebuild(out, t, &m, merge, err);
  merging_free(&m);
  return status;
}

fm_status fm__merge_groups(fm_table **out, uint8_t **keep, const fm_table *t, const fm__merge_request *q, fm_error *err)
{
  merging m = {0};
  fm_table *all = NULL;
  *out = NULL;
  *keep = NULL;
  fm_status status = take_text(&m, q->merge, err);
  if (status == FM_OK)
    status = open_columns(&m, t, q, err);
  if (status == FM_OK)
    status = keep_rows(keep, &m, t, q->units, err);
  if (status == FM_OK)
    status = rebuild(&all, t, &m, q->merge, err);
  if (status == FM_OK)
    status = fm__table_keep(out, all, *keep, err);
  fm_table_destroy(all);
  merging_free(&m);
  if (status != FM_OK) {
    fm__free(*keep);
    *keep = NULL;
  }
  return status;
}
