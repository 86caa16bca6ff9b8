/* New tables from sealed ones: another column in place of one, some of the rows. */
#include <string.h>

#include "register/make_priv.h"

static size_t width_of(int32_t type)
{
  return type == FM_BOOL ? 1 : type == FM_F64 || type == FM_I64 ? 8 : 4;
}

static const void *values_of(const fm_table *t, size_t k)
{
  switch (fm_table_column_type(t, k)) {
  case FM_F64:
    return fm_table_f64(t, k);
  case FM_I64:
    return fm_table_i64(t, k);
  case FM_BOOL:
    return fm_table_bool(t, k);
  case FM_CODE:
    return fm_table_code(t, k);
  default:
    return fm_table_i32(t, k);
  }
}

/* Lines of the rows (NULL: all of them) and the notes. */
static fm_status go_along(fm_table *out, const fm_table *t, const uint32_t *rows, size_t n, fm_error *err)
{
  for (size_t i = 0; i < fm_table_n_notes(t); i++) {
    const char *key = fm_table_note_key(t, i);
    fm_status status = fm_table_set_note(out, key, fm_table_note(t, key), err);
    if (status != FM_OK)
      return status;
  }
  bool consecutive = true;
  int64_t first = n > 0 ? fm_table_line(t, rows != NULL ? rows[0] : 0) : -1;
  if (first < 0)
    return FM_OK;
  for (size_t i = 0; consecutive && i < n; i++)
    consecutive = fm_table_line(t, rows != NULL ? rows[i] : i) == first + (int64_t)i;
  if (consecutive) {
    fm__table_set_first_line(out, first);
    return FM_OK;
  }
  int64_t *lines = fm__array(n, sizeof *lines);
  if (lines == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++)
    lines[i] = fm_table_line(t, rows != NULL ? rows[i] : i);
  fm_status status = fm__table_own_lines(out, lines, n, err);
  if (status != FM_OK)
    fm__free(lines);
  return status;
}

fm_status fm__table_with(fm_table **out, const fm_table *t, fm_table *const *replaced, fm_error *err)
{
  fm_table *made = NULL;
  *out = NULL;
  fm_status status = fm_table_create(&made, fm_table_name(t), err);
  for (size_t k = 0; k < fm_table_n_columns(t) && status == FM_OK; k++) {
    const char *name = fm_table_column_name(t, k);
    status =
        replaced[k] != NULL ? fm__table_share(made, name, replaced[k], 0, err) : fm__table_share(made, name, t, k, err);
  }
  if (status == FM_OK)
    status = go_along(made, t, NULL, fm_table_n_rows(t), err);
  if (status == FM_OK)
    status = fm_table_seal(made, err);
  if (status != FM_OK) {
    fm_table_destroy(made);
    return status;
  }
  *out = made;
  return FM_OK;
}

/* The dictionary of a column, copied whole. */
static bool copy_dictionary(const fm_table *t, size_t k, int64_t **offsets, char **bytes)
{
  size_t n = fm_table_n_texts(t, k), total = 0, length;
  for (size_t i = 0; i < n; i++) {
    fm_table_dictionary_text(t, k, i, &length);
    total += length + 1;
  }
  *offsets = fm__array(n + 1, sizeof **offsets);
  *bytes = fm__alloc(total);
  if (*offsets == NULL || *bytes == NULL)
    return false;
  total = 0;
  for (size_t i = 0; i < n; i++) {
    const char *text = fm_table_dictionary_text(t, k, i, &length);
    memcpy(*bytes + total, text, length + 1);
    total += length + 1;
    (*offsets)[i + 1] = (int64_t)total;
  }
  return true;
}

static fm_status add_rows(fm_table *out, const fm_table *t, size_t k, const uint32_t *rows, size_t n, fm_error *err)
{
  int32_t type = fm_table_column_type(t, k);
  const uint8_t *valid = fm_table_validity(t, k);
  size_t width = width_of(type);
  const char *from = values_of(t, k), *name = fm_table_column_name(t, k);
  char *values = fm__array(n, width), *bytes = NULL;
  uint8_t *validity = valid != NULL ? fm__array(n / 8 + 1, 1) : NULL;
  int64_t *offsets = NULL;
  fm_status status = values == NULL || (valid != NULL && validity == NULL) ? fm__no_memory(err) : FM_OK;
  if (status == FM_OK && type == FM_CODE && !copy_dictionary(t, k, &offsets, &bytes))
    status = fm__no_memory(err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    memcpy(values + i * width, from + rows[i] * width, width);
    if (validity != NULL && fm__bit(valid, rows[i]))
      validity[i >> 3] |= (uint8_t)(1U << (i & 7));
  }
  if (status == FM_OK && type == FM_CODE)
    status = fm__table_own_code(out, name, (int32_t *)(void *)values, validity, n, offsets, bytes,
                                fm_table_n_texts(t, k), err);
  else if (status == FM_OK)
    status = fm__table_own(out, name, type, values, validity, n, err);
  if (status != FM_OK) {
    fm__free(values);
    fm__free(validity);
    fm__free(offsets);
    fm__free(bytes);
  }
  return status;
}

fm_status fm__table_rows(fm_table **out, const fm_table *t, const uint32_t *rows, size_t n, fm_error *err)
{
  fm_table *made = NULL;
  *out = NULL;
  fm_status status = fm_table_create(&made, fm_table_name(t), err);
  for (size_t k = 0; k < fm_table_n_columns(t) && status == FM_OK; k++)
    status = add_rows(made, t, k, rows, n, err);
  if (status == FM_OK)
    status = go_along(made, t, rows, n, err);
  if (status == FM_OK)
    status = fm_table_seal(made, err);
  if (status != FM_OK) {
    fm_table_destroy(made);
    return status;
  }
  *out = made;
  return FM_OK;
}

fm_status fm__text_column(fm_table **out, const char *name, int32_t *codes, uint8_t *validity, size_t n,
                          const fm__texts *texts, fm_error *err)
{
  fm_table *made = NULL;
  size_t n_texts = fm__texts_count(texts), total = 0, length;
  for (size_t i = 0; i < n_texts; i++) {
    fm__texts_at(texts, i, &length);
    total += length + 1;
  }
  int64_t *offsets = fm__array(n_texts + 1, sizeof *offsets);
  char *bytes = fm__alloc(total);
  *out = NULL;
  fm_status status = offsets == NULL || bytes == NULL ? fm__no_memory(err) : fm_table_create(&made, NULL, err);
  for (size_t i = 0; i < n_texts && status == FM_OK; i++) {
    const char *text = fm__texts_at(texts, i, &length);
    memcpy(bytes + offsets[i], text, length + 1);
    offsets[i + 1] = offsets[i] + (int64_t)length + 1;
  }
  if (status == FM_OK)
    status = fm__table_own_code(made, name, codes, validity, n, offsets, bytes, n_texts, err);
  if (status != FM_OK) {
    fm__free(offsets);
    fm__free(bytes);
    fm__free(codes);
    fm__free(validity);
    fm_table_destroy(made);
    return status;
  }
  status = fm_table_seal(made, err);
  *out = made;
  return status;
}
