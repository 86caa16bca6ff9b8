/* Some rows of a table as a table of their own. */
#include "table/store_priv.h"

#include <string.h>

static size_t width_of(int32_t type)
{
  return type == FM_BOOL ? 1 : type == FM_F64 || type == FM_I64 ? 8 : 4;
}

typedef struct kept {
  void *values;
  uint8_t *validity;
  int64_t *offsets;
  char *bytes;
} kept;

static fm_status copy_texts(kept *to, const fm__column *from, fm_error *err)
{
  size_t size = (size_t)from->offsets[from->n_texts];
  to->offsets = fm__array(from->n_texts + 1, sizeof *to->offsets);
  to->bytes = fm__alloc(size);
  if (to->offsets == NULL || to->bytes == NULL)
    return fm__no_memory(err);
  memcpy(to->offsets, from->offsets, (from->n_texts + 1) * sizeof *to->offsets);
  if (size > 0)
    memcpy(to->bytes, from->bytes, size);
  return FM_OK;
}

/* `keep` NULL: all rows. */
static fm_status copy_rows(kept *to, const fm__column *from, const uint8_t *keep, size_t n_rows, size_t n,
                           fm_error *err)
{
  size_t width = width_of(from->type), at = 0;
  to->values = fm__array(n, width);
  to->validity = from->validity != NULL ? fm__array(n / 8 + 1, 1) : NULL;
  if (to->values == NULL || (from->validity != NULL && to->validity == NULL))
    return fm__no_memory(err);
  for (size_t i = 0; i < n_rows; i++) {
    if (keep != NULL && !keep[i])
      continue;
    memcpy((char *)to->values + at * width, (const char *)from->values + i * width, width);
    if (to->validity != NULL && fm__bit(from->validity, i))
      to->validity[at >> 3] = (uint8_t)(to->validity[at >> 3] | 1U << (at & 7));
    at++;
  }
  return from->type == FM_CODE ? copy_texts(to, from, err) : FM_OK;
}

static fm_status blank_rows(kept *to, const uint8_t *blank, size_t n, fm_error *err)
{
  if (to->validity == NULL) {
    to->validity = fm__array(n / 8 + 1, 1);
    if (to->validity == NULL)
      return fm__no_memory(err);
    memset(to->validity, 0xff, n / 8 + 1);
  }
  for (size_t i = 0; i < n; i++)
    if (blank[i])
      to->validity[i >> 3] = (uint8_t)(to->validity[i >> 3] & ~(1U << (i & 7)));
  return FM_OK;
}

/* `blank` (NULL: none), with all rows: those without a value. */
static fm_status keep_column(fm_table *out, const fm__column *from, const uint8_t *keep, const uint8_t *blank,
                             size_t n_rows, size_t n, fm_error *err)
{
  kept to = {0};
  fm_status status = copy_rows(&to, from, keep, n_rows, n, err);
  if (status == FM_OK && blank != NULL)
    status = blank_rows(&to, blank, n, err);
  if (status == FM_OK)
    status = from->type == FM_CODE ? fm__table_own_code(out, from->name, to.values, to.validity, n, to.offsets,
                                                        to.bytes, from->n_texts, err)
                                   : fm__table_own(out, from->name, from->type, to.values, to.validity, n, err);
  if (status != FM_OK) {
    fm__free(to.values);
    fm__free(to.validity);
    fm__free(to.offsets);
    fm__free(to.bytes);
  }
  return status;
}

/* `keep` NULL: all rows. */
static fm_status keep_lines(fm_table *out, const fm_table *t, const uint8_t *keep, size_t n, fm_error *err)
{
  size_t at = 0;
  if (t->lines == NULL && t->first_line < 0)
    return FM_OK;
  int64_t *lines = fm__array(n, sizeof *lines);
  if (lines == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < t->n_rows; i++)
    if (keep == NULL || keep[i])
      lines[at++] = fm_table_line(t, i);
  fm_status status = fm__table_own_lines(out, lines, n, err);
  if (status != FM_OK)
    fm__free(lines);
  return status;
}

/* Notes and lines as they are. */
static fm_status finish(fm_table **out, fm_table *some, fm_status status, const fm_table *t, const uint8_t *keep,
                        size_t n, fm_error *err)
{
  for (size_t k = 0; k < t->n_notes && status == FM_OK; k++)
    status = fm_table_set_note(some, t->notes[k].key, t->notes[k].value, err);
  if (status == FM_OK && t->n_columns > 0)
    status = keep_lines(some, t, keep, n, err);
  if (status == FM_OK)
    status = fm_table_seal(some, err);
  if (status == FM_OK)
    *out = some;
  else
    fm_table_destroy(some);
  return status;
}

fm_status fm__table_keep(fm_table **out, const fm_table *t, const uint8_t *keep, fm_error *err)
{
  fm_table *some = NULL;
  size_t n = 0;
  *out = NULL;
  for (size_t i = 0; i < t->n_rows; i++)
    n += keep[i] != 0;
  fm_status status = fm_table_create(&some, t->name, err);
  for (size_t k = 0; k < t->n_columns && status == FM_OK; k++)
    status = keep_column(some, &t->columns[k], keep, NULL, t->n_rows, n, err);
  return finish(out, some, status, t, keep, n, err);
}

fm_status fm__table_blank(fm_table **out, const fm_table *t, size_t column, const uint8_t *blank, fm_error *err)
{
  fm_table *some = NULL;
  *out = NULL;
  fm_status status = fm_table_create(&some, t->name, err);
  for (size_t k = 0; k < t->n_columns && status == FM_OK; k++)
    status = k == column ? keep_column(some, &t->columns[k], NULL, blank, t->n_rows, t->n_rows, err)
                         : fm__table_share(some, t->columns[k].name, t, k, err);
  return finish(out, some, status, t, NULL, t->n_rows, err);
}
