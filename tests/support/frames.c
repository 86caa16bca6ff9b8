#include "support/support.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void must(fm_status status, const fm_error *err)
{
  ck_assert_msg(status == FM_OK, "test table: %s: %s", fm_status_name(status), err->message);
}

static int32_t parse_date(const char *text)
{
  int y = 0, m = 0, d = 0;
  ck_assert_msg(sscanf(text, "%d-%d-%d", &y, &m, &d) == 3, "test table: not a date: %s", text);
  return fm_date_from_ymd(y, m, d);
}

/* Column memory lives as long as the table. */
static void add(fm_table *t, const char *name, const char *type, const char *const *cells, size_t stride, size_t n)
{
  fm_error err = FM_ERROR_INIT;
  double *wide = calloc(n + 1 + n / 64 + 1, sizeof *wide);
  uint8_t *valid = (uint8_t *)(wide + n + 1); /* one block: both are released together */
  int64_t *i64 = (int64_t *)(void *)wide;
  int32_t *i32 = (int32_t *)(void *)wide;
  uint8_t *bools = (uint8_t *)wide;
  const char **texts = (const char **)(void *)wide;
  for (size_t i = 0; i < n; i++) {
    const char *cell = cells[i * stride];
    bool given = cell != NULL && cell[0] != '\0';
    if (given)
      valid[i / 8] |= (uint8_t)(1U << (i % 8));
    if (strcmp(type, "code") == 0)
      texts[i] = given ? cell : NULL;
    else if (given && strcmp(type, "f64") == 0)
      wide[i] = strtod(cell, NULL);
    else if (given && strcmp(type, "i64") == 0)
      i64[i] = strtoll(cell, NULL, 10);
    else if (given && strcmp(type, "i32") == 0)
      i32[i] = (int32_t)strtol(cell, NULL, 10);
    else if (given && strcmp(type, "date") == 0)
      i32[i] = parse_date(cell);
    else if (given)
      bools[i] = cell[0] == '1';
  }
  if (strcmp(type, "code") == 0) {
    must(fm_table_add_text(t, name, texts, n, &err), &err);
    free(wide);
    return;
  }
  if (strcmp(type, "f64") == 0)
    must(fm_table_add_f64(t, name, wide, valid, n, free, wide, &err), &err);
  else if (strcmp(type, "i64") == 0)
    must(fm_table_add_i64(t, name, i64, valid, n, free, wide, &err), &err);
  else if (strcmp(type, "i32") == 0)
    must(fm_table_add_i32(t, name, i32, valid, n, free, wide, &err), &err);
  else if (strcmp(type, "date") == 0)
    must(fm_table_add_date(t, name, i32, valid, n, free, wide, &err), &err);
  else if (strcmp(type, "bool") == 0)
    must(fm_table_add_bool(t, name, bools, valid, n, free, wide, &err), &err);
  else
    ck_abort_msg("test table: unknown type %s", type);
}

fm_table *fm_test_table(const char *const *columns, size_t n_columns, const char *const *cells, size_t n_rows)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t = NULL;
  must(fm_table_create(&t, "test", &err), &err);
  for (size_t k = 0; k < n_columns; k++) {
    char name[64];
    const char *colon = strchr(columns[k], ':');
    ck_assert_msg(colon != NULL && (size_t)(colon - columns[k]) < sizeof name, "test table: name:type, got %s",
                  columns[k]);
    memcpy(name, columns[k], (size_t)(colon - columns[k]));
    name[colon - columns[k]] = '\0';
    add(t, name, colon + 1, n_rows > 0 ? cells + k : NULL, n_columns, n_rows);
  }
  must(fm_table_seal(t, &err), &err);
  return t;
}

static size_t column_of(const fm_table *t, const char *column)
{
  int64_t k = fm_table_column_index(t, column);
  if (k < 0) /* an assertion that holds writes to check's file, too: slow in a loop over rows */
    ck_abort_msg("no column %s", column);
  return (size_t)k;
}

double fm_test_number(const fm_table *t, const char *column, size_t row)
{
  size_t k = column_of(t, column);
  if (row >= fm_table_n_rows(t))
    ck_abort_msg("row %zu of %zu", row, fm_table_n_rows(t));
  if (fm_table_is_null(t, k, row))
    return NAN;
  switch (fm_table_column_type(t, k)) {
  case FM_F64:
    return fm_table_f64(t, k)[row];
  case FM_I64:
    return (double)fm_table_i64(t, k)[row];
  case FM_I32:
  case FM_DATE:
    return fm_table_i32(t, k)[row];
  case FM_BOOL:
    return fm_table_bool(t, k)[row];
  default:
    ck_abort_msg("column %s holds no numbers", column);
    return NAN;
  }
}

const char *fm_test_text(const fm_table *t, const char *column, size_t row)
{
  if (row >= fm_table_n_rows(t))
    ck_abort_msg("row %zu of %zu", row, fm_table_n_rows(t));
  return fm_table_text(t, column_of(t, column), row, NULL);
}

static bool cell_is(const fm_table *t, const char *column, const char *text, size_t row)
{
  if (column == NULL)
    return true;
  if (fm_table_column_type(t, column_of(t, column)) != FM_CODE)
    return fm_test_number(t, column, row) == strtod(text, NULL);
  const char *cell = fm_test_text(t, column, row);
  return text == NULL || cell == NULL ? text == cell : strcmp(cell, text) == 0;
}

size_t fm_test_row(const fm_table *t, const char *column1, const char *text1, const char *column2, const char *text2,
                   const char *column3, const char *text3)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    if (cell_is(t, column1, text1, i) && cell_is(t, column2, text2, i) && cell_is(t, column3, text3, i))
      return i;
  ck_abort_msg("no row with %s = %s, %s = %s, %s = %s", column1, text1, column2 != NULL ? column2 : "-",
               text2 != NULL ? text2 : "-", column3 != NULL ? column3 : "-", text3 != NULL ? text3 : "-");
  return 0;
}
