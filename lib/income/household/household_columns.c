/* Reading numbers of any kind, and adding columns and notes to a shared table. */
#include "income/household/household_priv.h"

#include <stdio.h>

fm_status fm__numbers_find(fm__numbers *out, const fm_table *t, const char *name, fm_error *err)
{
  size_t column;
  fm_status status = fm__table_find(t, name, 0, &column, err);
  if (status != FM_OK)
    return status;
  *out = (fm__numbers){t, column, fm_table_f64(t, column), fm_table_i64(t, column), NULL, fm_table_validity(t, column)};
  int32_t type = fm_table_column_type(t, column);
  if (type == FM_I32)
    out->i32 = fm_table_i32(t, column);
  if (type == FM_F64 || type == FM_I64 || type == FM_I32)
    return FM_OK;
  fm__fail(err, FM_ERR_TYPE, "column %s is of type %s; expected numbers", name, fm_column_type_name(type));
  fm__error_place(err, fm_table_name(t), name, (int64_t)column, -1, -1);
  return FM_ERR_TYPE;
}

double fm__numbers_at(const fm__numbers *x, size_t row)
{
  if (!fm__bit(x->validity, row))
    return NAN;
  double value = x->f64 != NULL ? x->f64[row] : x->i64 != NULL ? (double)x->i64[row] : (double)x->i32[row];
  return value + 0.0; /* -0 becomes +0 */
}

fm_status fm__column_bad(const fm_table *t, size_t column, size_t row, const char *expected, fm_error *err)
{
  const char *name = fm_table_column_name(t, column);
  fm__fail(err, FM_ERR_VALUE, "column %s, row %zu: expected %s", name, row, expected);
  fm__error_place(err, fm_table_name(t), name, (int64_t)column, (int64_t)row, fm_table_line(t, row));
  return FM_ERR_VALUE;
}

fm_status fm__numbers_weight(double *out, const fm__numbers *x, size_t row, fm_error *err)
{
  *out = fm__numbers_at(x, row);
  if (*out >= 0 && isfinite(*out))
    return FM_OK;
  return fm__column_bad(x->table, x->column, row, "a finite weight of at least 0", err);
}

fm_status fm__table_extend(fm_table **out, const fm_table *from, fm_error *err)
{
  fm_table *t;
  *out = NULL;
  fm_status status = fm__table_require_sealed(from, err);
  if (status == FM_OK)
    status = fm_table_create(&t, fm_table_name(from), err);
  if (status != FM_OK)
    return status;
  for (size_t k = 0; k < fm_table_n_columns(from) && status == FM_OK; k++)
    status = fm__table_share(t, fm_table_column_name(from, k), from, k, err);
  for (size_t i = 0; i < fm_table_n_notes(from) && status == FM_OK; i++) {
    const char *key = fm_table_note_key(from, i);
    status = fm_table_set_note(t, key, fm_table_note(from, key), err);
  }
  if (status != FM_OK) {
    fm_table_destroy(t);
    return status;
  }
  *out = t;
  return FM_OK;
}

fm_status fm__table_take_f64(fm_table *t, const char *name, double *values, size_t n, fm_error *err)
{
  uint8_t *validity = NULL;
  fm_status status = values != NULL ? FM_OK : fm__no_memory(err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    if (!isnan(values[i]))
      continue;
    if (validity == NULL) {
      validity = fm__array(n / 8 + 1, 1);
      if (validity == NULL) {
        status = fm__no_memory(err);
        break;
      }
      for (size_t k = 0; k < n; k++)
        validity[k >> 3] |= (uint8_t)(1U << (k & 7));
    }
    validity[i >> 3] &= (uint8_t) ~(1U << (i & 7));
  }
  if (status == FM_OK)
    status = fm__table_own(t, name, FM_F64, values, validity, n, err);
  if (status != FM_OK) {
    fm__free(values);
    fm__free(validity);
  }
  return status;
}

fm_status fm__table_note_count(fm_table *t, const char *key, size_t n, fm_error *err)
{
  char text[32];
  snprintf(text, sizeof text, "%zu", n);
  return fm_table_set_note(t, key, text, err);
}

fm_status fm__table_note_number(fm_table *t, const char *key, double x, fm_error *err)
{
  char text[32];
  fm__print_f64(text, x);
  return fm_table_set_note(t, key, text, err);
}

fm_status fm__table_done(fm_table **out, fm_table *t, fm_status status, fm_error *err)
{
  if (status == FM_OK)
    status = fm_table_seal(t, err);
  if (status == FM_OK)
    *out = t;
  else
    fm_table_destroy(t);
  return status;
}
