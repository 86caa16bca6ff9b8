/* The life of a table: create, seal, share, read, destroy; its notes. */
#include "table/store_priv.h"

#include <string.h>

const char *fm_column_type_name(int32_t type)
{
  static const char *const names[] = {
      [FM_F64] = "f64", [FM_I64] = "i64", [FM_I32] = "i32", [FM_DATE] = "date", [FM_BOOL] = "bool", [FM_CODE] = "code"};
  return type >= FM_F64 && type <= FM_CODE ? names[type] : "unknown";
}

fm_status fm_table_create(fm_table **out, const char *name, fm_error *err)
{
  *out = NULL;
  fm_table *t = fm__array(1, sizeof *t);
  if (t == NULL)
    return fm__no_memory(err);
  atomic_init(&t->references, 1);
  t->first_line = -1;
  const char *label = name != NULL ? name : "";
  t->name = fm__copy_text(label, strlen(label));
  if (t->name == NULL) {
    fm_table_destroy(t);
    return fm__no_memory(err);
  }
  *out = t;
  return FM_OK;
}

fm_table *fm_table_retain(const fm_table *t)
{
  fm_table *shared = (fm_table *)(uintptr_t)t; /* the count is the one field that changes behind a const handle */
  if (shared != NULL)
    atomic_fetch_add(&shared->references, 1);
  return shared;
}

void fm_table_destroy(fm_table *t)
{
  if (t == NULL || atomic_fetch_sub(&t->references, 1) != 1)
    return;
  for (size_t k = 0; k < t->n_columns; k++) {
    if (t->columns[k].release != NULL)
      t->columns[k].release(t->columns[k].owner);
    fm__free(t->columns[k].name);
  }
  for (size_t i = 0; i < t->n_notes; i++) {
    fm__free(t->notes[i].key);
    fm__free(t->notes[i].value);
  }
  fm__free(t->columns);
  fm__free(t->notes);
  fm__free(t->lines);
  fm__free(t->name);
  fm__free(t);
}

fm_status fm_table_seal(fm_table *t, fm_error *err)
{
  if (t->sealed)
    return fm__fail(err, FM_ERR_STATE, "table %s is sealed already", t->name);
  t->sealed = true;
  return FM_OK;
}

fm_status fm__table_require_sealed(const fm_table *t, fm_error *err)
{
  if (t == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "a table is needed, NULL was given");
  return t->sealed ? FM_OK : fm__fail(err, FM_ERR_STATE, "table %s is not sealed; call fm_table_seal first", t->name);
}

/* Rows that are looked at together: most blocks have nothing wrong, and tell so without a branch a row. */
enum { CHECK_BLOCK = 4096 };

static bool codes_inside(const int32_t *codes, size_t n, size_t n_texts)
{
  uint32_t most = 0;
  for (size_t i = 0; i < n; i++)
    most = (uint32_t)codes[i] > most ? (uint32_t)codes[i] : most;
  return n == 0 || most < n_texts;
}

static bool bools_inside(const uint8_t *values, size_t n)
{
  uint64_t all = 0, eight;
  size_t i = 0;
  for (; i + sizeof eight <= n; i += sizeof eight) {
    memcpy(&eight, values + i, sizeof eight);
    all |= eight;
  }
  for (; i < n; i++)
    all |= values[i];
  return (all & ~UINT64_C(0x0101010101010101)) == 0;
}

static fm_status check_codes(const fm_table *t, const fm__column *c, fm_error *err)
{
  const int32_t *codes = c->values;
  for (size_t i = 0; i < t->n_rows; i++) {
    if (i % CHECK_BLOCK == 0 && i + CHECK_BLOCK <= t->n_rows && codes_inside(codes + i, CHECK_BLOCK, c->n_texts)) {
      i += CHECK_BLOCK - 1;
      continue;
    }
    if (fm__bit(c->validity, i) && (codes[i] < 0 || (size_t)codes[i] >= c->n_texts)) {
      fm__fail(err, FM_ERR_VALUE, "column %s, row %zu: index %d is outside the dictionary of %zu texts", c->name, i,
               (int)codes[i], c->n_texts);
      fm__error_place(err, t->name, c->name, c - t->columns, (int64_t)i, fm_table_line(t, i));
      return FM_ERR_VALUE;
    }
  }
  for (size_t k = 0; k < c->n_texts; k++)
    if (c->offsets[k] < 0 || c->offsets[k + 1] <= c->offsets[k])
      return fm__fail(err, FM_ERR_VALUE, "column %s: text %zu of the dictionary has a negative length", c->name, k);
  return FM_OK;
}

static fm_status check_bools(const fm_table *t, const fm__column *c, fm_error *err)
{
  const uint8_t *values = c->values;
  for (size_t i = 0; i < t->n_rows; i++) {
    if (i % CHECK_BLOCK == 0 && i + CHECK_BLOCK <= t->n_rows && bools_inside(values + i, CHECK_BLOCK)) {
      i += CHECK_BLOCK - 1;
      continue;
    }
    if (fm__bit(c->validity, i) && values[i] > 1) {
      fm__fail(err, FM_ERR_VALUE, "column %s, row %zu: a bool is 0 or 1, found %d", c->name, i, (int)values[i]);
      fm__error_place(err, t->name, c->name, c - t->columns, (int64_t)i, fm_table_line(t, i));
      return FM_ERR_VALUE;
    }
  }
  return FM_OK;
}

fm_status fm_table_check(const fm_table *t, fm_error *err)
{
  fm_status status = FM_OK;
  for (size_t k = 0; k < t->n_columns && status == FM_OK; k++) {
    if (t->columns[k].type == FM_CODE)
      status = check_codes(t, &t->columns[k], err);
    else if (t->columns[k].type == FM_BOOL)
      status = check_bools(t, &t->columns[k], err);
  }
  return status;
}

const char *fm_table_name(const fm_table *t)
{
  return t->name;
}

size_t fm_table_n_rows(const fm_table *t)
{
  return t->n_rows;
}

size_t fm_table_n_columns(const fm_table *t)
{
  return t->n_columns;
}

int64_t fm_table_line(const fm_table *t, size_t row)
{
  if (row >= t->n_rows)
    return -1;
  if (t->lines != NULL)
    return t->lines[row];
  return t->first_line >= 0 ? t->first_line + (int64_t)row : -1;
}

void fm__table_set_first_line(fm_table *t, int64_t line)
{
  t->first_line = line;
}

fm_status fm__table_own_lines(fm_table *t, int64_t *lines, size_t n, fm_error *err)
{
  if (t->n_columns > 0 && n != t->n_rows)
    return fm__fail(err, FM_ERR_ARGUMENT, "%zu line numbers for %zu rows", n, t->n_rows);
  t->lines = lines;
  return FM_OK;
}

fm_status fm_table_set_note(fm_table *t, const char *key, const char *value, fm_error *err)
{
  if (t->sealed)
    return fm__fail(err, FM_ERR_STATE, "table %s is sealed: notes are set before", t->name);
  char *copy = fm__copy_text(value, strlen(value));
  if (copy == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < t->n_notes; i++) {
    if (strcmp(t->notes[i].key, key) == 0) {
      fm__free(t->notes[i].value);
      t->notes[i].value = copy;
      return FM_OK;
    }
  }
  char *name = fm__copy_text(key, strlen(key));
  if (name == NULL || !fm__grow((void **)&t->notes, &t->notes_capacity, t->n_notes + 1, sizeof *t->notes)) {
    fm__free(name);
    fm__free(copy);
    return fm__no_memory(err);
  }
  t->notes[t->n_notes++] = (fm__note){.key = name, .value = copy};
  return FM_OK;
}

const char *fm_table_note(const fm_table *t, const char *key)
{
  for (size_t i = 0; i < t->n_notes; i++)
    if (strcmp(t->notes[i].key, key) == 0)
      return t->notes[i].value;
  return NULL;
}

size_t fm_table_n_notes(const fm_table *t)
{
  return t->n_notes;
}

const char *fm_table_note_key(const fm_table *t, size_t i)
{
  return i < t->n_notes ? t->notes[i].key : NULL;
}
