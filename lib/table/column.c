/* Adding columns, borrowed or owned, and reading their cells. */
#include "table/store_priv.h"

#include <string.h>

fm_status fm__table_append(fm_table *t, const char *name, fm__column column, size_t n, fm_error *err)
{
  if (t->sealed)
    return fm__fail(err, FM_ERR_STATE, "table %s is sealed: no column can be added", t->name);
  if (name == NULL || name[0] == '\0')
    return fm__fail(err, FM_ERR_ARGUMENT, "a column needs a name");
  if (fm_table_column_index(t, name) >= 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "table %s has a column %s already", t->name, name);
  if (column.values == NULL && n > 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "column %s: %zu rows but no values", name, n);
  if (t->n_columns > 0 && n != t->n_rows)
    return fm__fail(err, FM_ERR_VALUE, "column %s has %zu rows, the table has %zu", name, n, t->n_rows);
  if (!fm__grow((void **)&t->columns, &t->columns_capacity, t->n_columns + 1, sizeof *t->columns))
    return fm__no_memory(err);
  column.name = fm__copy_text(name, strlen(name));
  if (column.name == NULL)
    return fm__no_memory(err);
  t->columns[t->n_columns++] = column;
  t->n_rows = n;
  return FM_OK;
}

static fm_status borrow(fm_table *t, const char *name, int32_t type, const void *values, const uint8_t *validity,
                        size_t n, fm_release release, void *owner, fm_error *err)
{
  fm__column column = {.type = type, .values = values, .validity = validity, .release = release, .owner = owner};
  return fm__table_append(t, name, column, n, err);
}

fm_status fm_table_add_f64(fm_table *t, const char *name, const double *values, const uint8_t *validity, size_t n,
                           fm_release release, void *owner, fm_error *err)
{
  return borrow(t, name, FM_F64, values, validity, n, release, owner, err);
}

fm_status fm_table_add_i64(fm_table *t, const char *name, const int64_t *values, const uint8_t *validity, size_t n,
                           fm_release release, void *owner, fm_error *err)
{
  return borrow(t, name, FM_I64, values, validity, n, release, owner, err);
}

fm_status fm_table_add_i32(fm_table *t, const char *name, const int32_t *values, const uint8_t *validity, size_t n,
                           fm_release release, void *owner, fm_error *err)
{
  return borrow(t, name, FM_I32, values, validity, n, release, owner, err);
}

fm_status fm_table_add_date(fm_table *t, const char *name, const int32_t *days, const uint8_t *validity, size_t n,
                            fm_release release, void *owner, fm_error *err)
{
  return borrow(t, name, FM_DATE, days, validity, n, release, owner, err);
}

fm_status fm_table_add_bool(fm_table *t, const char *name, const uint8_t *values, const uint8_t *validity, size_t n,
                            fm_release release, void *owner, fm_error *err)
{
  return borrow(t, name, FM_BOOL, values, validity, n, release, owner, err);
}

void fm__owned_release(void *owner)
{
  fm__owned *o = owner;
  fm__free(o->values);
  fm__free(o->validity);
  fm__free(o->offsets);
  fm__free(o->bytes);
  fm__free(o);
}

static fm_status own(fm_table *t, const char *name, fm__column column, fm__owned memory, size_t n, fm_error *err)
{
  fm__owned *owner = fm__alloc(sizeof *owner);
  if (owner == NULL)
    return fm__no_memory(err);
  *owner = memory;
  column.release = fm__owned_release;
  column.owner = owner;
  fm_status status = fm__table_append(t, name, column, n, err);
  if (status != FM_OK)
    fm__free(owner);
  return status;
}

fm_status fm__table_own(fm_table *t, const char *name, int32_t type, void *values, uint8_t *validity, size_t n,
                        fm_error *err)
{
  fm__column column = {.type = type, .values = values, .validity = validity};
  return own(t, name, column, (fm__owned){.values = values, .validity = validity}, n, err);
}

fm_status fm__table_own_code(fm_table *t, const char *name, int32_t *codes, uint8_t *validity, size_t n,
                             int64_t *offsets, char *bytes, size_t n_texts, fm_error *err)
{
  fm__column column = {
      .type = FM_CODE, .values = codes, .validity = validity, .offsets = offsets, .bytes = bytes, .n_texts = n_texts};
  return own(t, name, column, (fm__owned){.values = codes, .validity = validity, .offsets = offsets, .bytes = bytes}, n,
             err);
}

/* The caller's codes with our copy of the dictionary: both are given back together. */
typedef struct lent {
  fm_release release;
  void *owner;
  int64_t *offsets;
  char *bytes;
} lent;

static void release_lent(void *owner)
{
  lent *l = owner;
  if (l->release != NULL)
    l->release(l->owner);
  fm__free(l->offsets);
  fm__free(l->bytes);
  fm__free(l);
}

/* Copies a dictionary into the NUL-separated form. */
static fm_status copy_dictionary(const char *name, const int64_t *offsets, const char *bytes, size_t n_texts,
                                 int64_t **out_offsets, char **out_bytes, fm_error *err)
{
  *out_offsets = NULL;
  *out_bytes = NULL;
  for (size_t k = 0; k < n_texts; k++) {
    if (offsets[k] < 0 || offsets[k + 1] < offsets[k])
      return fm__fail(err, FM_ERR_VALUE, "column %s: text %zu of the dictionary has a negative length", name, k);
    size_t length = (size_t)(offsets[k + 1] - offsets[k]);
    if (length > 0 && memchr(bytes + offsets[k], '\0', length) != NULL)
      return fm__fail(err, FM_ERR_VALUE, "column %s: text %zu of the dictionary holds a NUL byte", name, k);
  }
  size_t total = (n_texts > 0 ? (size_t)(offsets[n_texts] - offsets[0]) : 0) + n_texts;
  *out_offsets = fm__array(n_texts + 1, sizeof **out_offsets);
  *out_bytes = fm__alloc(total);
  if (*out_offsets == NULL || *out_bytes == NULL) {
    fm__free(*out_offsets);
    fm__free(*out_bytes);
    return fm__no_memory(err);
  }
  int64_t at = 0;
  for (size_t k = 0; k < n_texts; k++) {
    size_t length = (size_t)(offsets[k + 1] - offsets[k]);
    if (length > 0)
      memcpy(*out_bytes + at, bytes + offsets[k], length);
    (*out_bytes)[at + (int64_t)length] = '\0';
    (*out_offsets)[k] = at;
    at += (int64_t)length + 1;
  }
  (*out_offsets)[n_texts] = at;
  return FM_OK;
}

fm_status fm_table_add_code(fm_table *t, const char *name, const int32_t *codes, const uint8_t *validity, size_t n,
                            const int64_t *offsets, const char *bytes, size_t n_texts, fm_release release, void *owner,
                            fm_error *err)
{
  if (n_texts > INT32_MAX)
    return fm__fail(err, FM_ERR_LIMIT, "column %s: a dictionary holds at most 2147483647 texts", name);
  for (size_t i = 0; codes != NULL && i < n; i++) {
    if (fm__bit(validity, i) && (codes[i] < 0 || (size_t)codes[i] >= n_texts)) {
      fm__fail(err, FM_ERR_VALUE, "column %s, row %zu: index %d is outside the dictionary of %zu texts", name, i,
               (int)codes[i], n_texts);
      fm__error_place(err, t->name, name, (int64_t)t->n_columns, (int64_t)i, -1);
      return FM_ERR_VALUE;
    }
  }
  lent *l = fm__alloc(sizeof *l);
  if (l == NULL)
    return fm__no_memory(err);
  *l = (lent){.release = release, .owner = owner};
  fm_status status = copy_dictionary(name, offsets, bytes, n_texts, &l->offsets, &l->bytes, err);
  if (status == FM_OK) {
    fm__column column = {.type = FM_CODE,
                         .values = codes,
                         .validity = validity,
                         .offsets = l->offsets,
                         .bytes = l->bytes,
                         .n_texts = n_texts,
                         .release = release_lent,
                         .owner = l};
    status = fm__table_append(t, name, column, n, err);
    if (status != FM_OK) {
      fm__free(l->offsets);
      fm__free(l->bytes);
    }
  }
  if (status != FM_OK)
    fm__free(l);
  return status;
}

static void release_table(void *owner)
{
  fm_table_destroy(owner);
}

fm_status fm__table_share(fm_table *t, const char *name, const fm_table *from, size_t column, fm_error *err)
{
  fm__column c = from->columns[column];
  c.release = release_table;
  c.owner = fm_table_retain(from);
  fm_status status = fm__table_append(t, name, c, from->n_rows, err);
  if (status != FM_OK)
    fm_table_destroy(c.owner);
  return status;
}

const char *fm_table_column_name(const fm_table *t, size_t column)
{
  return column < t->n_columns ? t->columns[column].name : NULL;
}

int64_t fm_table_column_index(const fm_table *t, const char *name)
{
  for (size_t k = 0; name != NULL && k < t->n_columns; k++)
    if (strcmp(t->columns[k].name, name) == 0)
      return (int64_t)k;
  return -1;
}

int32_t fm_table_column_type(const fm_table *t, size_t column)
{
  return column < t->n_columns ? t->columns[column].type : 0;
}

const uint8_t *fm_table_validity(const fm_table *t, size_t column)
{
  return column < t->n_columns ? t->columns[column].validity : NULL;
}

int32_t fm_table_is_null(const fm_table *t, size_t column, size_t row)
{
  return column < t->n_columns && row < t->n_rows && !fm__bit(t->columns[column].validity, row) ? 1 : 0;
}

static const void *values_of(const fm_table *t, size_t column, int32_t type)
{
  return column < t->n_columns && t->columns[column].type == type ? t->columns[column].values : NULL;
}

const double *fm_table_f64(const fm_table *t, size_t column)
{
  return values_of(t, column, FM_F64);
}

const int64_t *fm_table_i64(const fm_table *t, size_t column)
{
  return values_of(t, column, FM_I64);
}

const int32_t *fm_table_i32(const fm_table *t, size_t column)
{
  const int32_t *values = values_of(t, column, FM_I32);
  return values != NULL ? values : values_of(t, column, FM_DATE);
}

const uint8_t *fm_table_bool(const fm_table *t, size_t column)
{
  return values_of(t, column, FM_BOOL);
}

const int32_t *fm_table_code(const fm_table *t, size_t column)
{
  return values_of(t, column, FM_CODE);
}

size_t fm_table_n_texts(const fm_table *t, size_t column)
{
  return column < t->n_columns ? t->columns[column].n_texts : 0;
}

const char *fm_table_dictionary_text(const fm_table *t, size_t column, size_t k, size_t *length)
{
  if (k >= fm_table_n_texts(t, column))
    return NULL;
  const fm__column *c = &t->columns[column];
  if (length != NULL)
    *length = (size_t)(c->offsets[k + 1] - c->offsets[k] - 1);
  return c->bytes + c->offsets[k];
}

const char *fm_table_text(const fm_table *t, size_t column, size_t row, size_t *length)
{
  const int32_t *codes = fm_table_code(t, column);
  if (codes == NULL || row >= t->n_rows || !fm__bit(t->columns[column].validity, row))
    return NULL;
  return fm_table_dictionary_text(t, column, (size_t)codes[row], length);
}

bool fm__table_is_blank(const fm_table *t, size_t column)
{
  for (size_t row = 0; row < t->n_rows; row++)
    if (fm__bit(t->columns[column].validity, row))
      return false;
  return true;
}

fm_status fm__table_find(const fm_table *t, const char *name, int32_t type, size_t *column, fm_error *err)
{
  int64_t k = fm_table_column_index(t, name);
  if (k < 0) {
    fm__fail(err, FM_ERR_NOT_FOUND, "table %s has no column %s", t->name, name);
    fm__error_place(err, t->name, name, -1, -1, -1);
    return FM_ERR_NOT_FOUND;
  }
  *column = (size_t)k;
  int32_t found = t->columns[k].type;
  if (type == 0 || found == type)
    return FM_OK;
  fm__fail(err, FM_ERR_TYPE, "column %s is of type %s, expected %s", name, fm_column_type_name(found),
           fm_column_type_name(type));
  fm__error_place(err, t->name, name, k, -1, -1);
  return FM_ERR_TYPE;
}
