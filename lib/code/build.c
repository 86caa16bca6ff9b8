/* From rows of text to a checked list with its index. */
#include "code/code_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calendar/calendar_priv.h"

fm_status fm__codes_start(fm_codes **out, const char *name, size_t n_columns, size_t n_rows, fm_error *err)
{
  size_t n_cells;
  *out = NULL;
  if (!fm__multiply(n_columns, n_rows, &n_cells))
    return fm__fail(err, FM_ERR_LIMIT, "code list %s: %zu rows of %zu columns are too many", name, n_rows, n_columns);
  fm_codes *c = fm__array(1, sizeof *c);
  if (c == NULL)
    return fm__no_memory(err);
  atomic_init(&c->references, 1);
  c->n = n_rows;
  c->n_columns = n_columns;
  c->name = fm__copy_text(name, strlen(name));
  c->texts = fm__texts_create();
  c->keys = fm__texts_create();
  c->columns = fm__array(n_columns, sizeof *c->columns);
  c->cells = fm__array(n_cells, sizeof *c->cells);
  c->from = fm__array(n_rows, sizeof *c->from);
  c->to = fm__array(n_rows, sizeof *c->to);
  if (c->name == NULL || c->texts == NULL || c->keys == NULL || c->columns == NULL || c->cells == NULL ||
      c->from == NULL || c->to == NULL) {
    fm_codes_destroy(c);
    return fm__no_memory(err);
  }
  for (size_t i = 0; i < n_cells; i++)
    c->cells[i] = -1;
  *out = c;
  return FM_OK;
}

bool fm__codes_put_column(fm_codes *c, size_t column, const char *name)
{
  c->columns[column] = fm__texts_add(c->texts, name, strlen(name));
  return c->columns[column] >= 0;
}

bool fm__codes_put(fm_codes *c, size_t row, size_t column, const char *text, size_t length)
{
  if (length == 0)
    return true;
  int64_t number = fm__texts_add(c->texts, text, length);
  c->cells[row * c->n_columns + column] = number;
  return number >= 0;
}

fm_status fm__codes_at(const fm_codes *c, const fm_table *t, size_t row, size_t column, fm_error *err, fm_status status)
{
  size_t length;
  const char *text = fm__codes_cell(c, row, column, &length);
  const char *name = fm__texts_at(c->texts, (size_t)c->columns[column], NULL);
  const char *table = t != NULL && fm_table_name(t)[0] != '\0' ? fm_table_name(t) : c->name;
  fm__error_place(err, table, name, (int64_t)column, (int64_t)row, t != NULL ? fm_table_line(t, row) : -1);
  if (text != NULL)
    fm__error_value(err, text, length);
  return status;
}

void fm__codes_place(char out[40], const fm_table *t, size_t row)
{
  bool lines = t != NULL && fm_table_line(t, row) >= 0;
  snprintf(out, 40, lines ? "line %lld" : "row %lld", (long long)(lines ? fm_table_line(t, row) : (int64_t)row));
}

/* Reads one end of the days of an entry; a blank, or no such column, is open. */
static fm_status read_day(const fm_codes *c, const fm_table *t, const char *column, size_t row, int32_t *out,
                          fm_error *err)
{
  size_t length;
  int64_t k = fm__codes_column(c, column);
  const char *text = k < 0 ? NULL : fm__codes_cell(c, row, (size_t)k, &length);
  *out = FM_NO_DATE;
  if (text == NULL)
    return FM_OK;
  fm_status status = fm_date_parse(out, text, length, NULL, err);
  return status == FM_OK ? FM_OK : fm__codes_at(c, t, row, (size_t)k, err, FM_ERR_VALUE);
}

static fm_status read_days(fm_codes *c, const fm_table *t, size_t row, fm_error *err)
{
  fm_status status = read_day(c, t, "valid_from", row, &c->from[row], err);
  if (status == FM_OK)
    status = read_day(c, t, "valid_to", row, &c->to[row], err);
  if (status != FM_OK)
    return status;
  if (c->to[row] != FM_NO_DATE && c->to[row] < c->from[row]) {
    fm__fail(err, FM_ERR_VALUE, "valid_to lies before valid_from; expected the same day or later");
    return fm__codes_at(c, t, row, (size_t)fm__codes_column(c, "valid_to"), err, FM_ERR_VALUE);
  }
  return FM_OK;
}

/* Adds one word of entry `row`, unless the entry has it already; its uses so far start at `first`. */
static fm_status add_word(fm_codes *c, const fm_table *t, size_t row, size_t column, size_t first, const char *text,
                          size_t length, fm_error *err)
{
  char word[FM__CODE_KEY_MAX];
  size_t n = fm__code_fold(word, text, length);
  if (n == 0) {
    fm__fail(err, FM_ERR_VALUE, "expected a word of 1 to %d bytes with at least one letter or digit", FM__CODE_KEY_MAX);
    return fm__codes_at(c, t, row, column, err, FM_ERR_VALUE);
  }
  int64_t key = fm__texts_add(c->keys, word, n);
  if (key < 0 || !fm__grow((void **)&c->uses, &c->uses_capacity, c->n_uses + 1, sizeof *c->uses))
    return fm__no_memory(err);
  for (size_t u = first; u < c->n_uses; u++)
    if (c->uses[u].key == key)
      return FM_OK;
  c->uses[c->n_uses++] = (fm__code_use){key, c->from[row], row};
  return FM_OK;
}

static fm_status add_words(fm_codes *c, const fm_table *t, size_t row, size_t code, fm_error *err)
{
  size_t length, first = c->n_uses;
  const char *text = fm__codes_cell(c, row, code, &length);
  if (text == NULL) {
    fm__fail(err, FM_ERR_VALUE, "the code is blank");
    return fm__codes_at(c, t, row, code, err, FM_ERR_VALUE);
  }
  fm_status status = add_word(c, t, row, code, first, text, length, err);
  int64_t aliases = fm__codes_column(c, "aliases");
  text = aliases < 0 ? NULL : fm__codes_cell(c, row, (size_t)aliases, &length);
  if (text == NULL)
    return status;
  for (size_t at = 0; at < length && status == FM_OK;) {
    const char *end = memchr(text + at, '|', length - at);
    size_t n = end != NULL ? (size_t)(end - text) - at : length - at;
    if (n > 0)
      status = add_word(c, t, row, (size_t)aliases, first, text + at, n, err);
    at += n + 1;
  }
  return status;
}

static int compare_uses(const void *a, const void *b)
{
  const fm__code_use *x = a, *y = b;
  if (x->key != y->key)
    return x->key < y->key ? -1 : 1;
  if (x->from != y->from)
    return x->from > y->from ? -1 : 1;
  return x->entry < y->entry ? -1 : x->entry > y->entry;
}

/* Sorts the uses by key and refuses a word that two entries claim for the same day. */
static fm_status index_words(fm_codes *c, const fm_table *t, size_t code, fm_error *err)
{
  size_t n_keys = fm__texts_count(c->keys);
  qsort(c->uses, c->n_uses, sizeof *c->uses, compare_uses);
  c->first_use = fm__array(n_keys + 1, sizeof *c->first_use);
  if (c->first_use == NULL)
    return fm__no_memory(err);
  for (size_t u = 0; u < c->n_uses; u++) {
    c->first_use[c->uses[u].key + 1] = u + 1;
    if (u == 0 || c->uses[u - 1].key != c->uses[u].key)
      continue;
    const fm__code_use *newer = &c->uses[u - 1], *older = &c->uses[u];
    if (c->to[older->entry] != FM_NO_DATE && c->to[older->entry] < newer->from)
      continue;
    size_t later = newer->entry > older->entry ? newer->entry : older->entry;
    size_t other = newer->entry > older->entry ? older->entry : newer->entry;
    char place[40];
    fm__codes_place(place, t, other);
    fm__fail(err, FM_ERR_VALUE, "the word \"%s\" also belongs to the entry %s on %s, with days in common",
             fm__texts_at(c->keys, (size_t)older->key, NULL), fm__codes_cell(c, other, code, NULL), place);
    return fm__codes_at(c, t, later, code, err, FM_ERR_VALUE);
  }
  return FM_OK;
}

fm_status fm__codes_finish(fm_codes *c, const fm_table *t, fm_error *err)
{
  int64_t code = fm__codes_column(c, "code");
  if (code < 0)
    return fm__fail(err, FM_ERR_NOT_FOUND, "code list %s has no column code", c->name);
  if (c->n == 0)
    return fm__fail(err, FM_ERR_VALUE, "code list %s has no rows", c->name);
  for (size_t i = 0; i < c->n; i++) {
    fm_status status = read_days(c, t, i, err);
    if (status == FM_OK)
      status = add_words(c, t, i, (size_t)code, err);
    if (status != FM_OK)
      return status;
  }
  fm_status status = index_words(c, t, (size_t)code, err);
  if (status == FM_OK)
    status = fm__codes_check_rules(c, t, err);
  return status == FM_OK ? fm__codes_make_digest(c, err) : status;
}
