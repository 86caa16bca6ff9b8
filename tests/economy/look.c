#include "economy/look.h"

#include <stdio.h>

double expected_of(const fm_oracle *o, const char *of, const char *quantity)
{
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
    if (strcmp(fm_oracle_text(o, i, "case"), of) == 0 && strcmp(fm_oracle_text(o, i, "quantity"), quantity) == 0)
      return fm_oracle_number(o, i, "value");
  ck_abort_msg("%s: no %s", of, quantity);
  return NAN;
}

/* A cell as text: whole numbers and dates too. */
static bool cell_is(const fm_table *t, size_t column, size_t row, const char *text, size_t length)
{
  char own[32] = "";
  if (fm_table_is_null(t, column, row))
    return length == 0;
  if (fm_table_column_type(t, column) == FM_CODE) {
    size_t n;
    const char *found = fm_table_text(t, column, row, &n);
    return n == length && memcmp(found, text, n) == 0;
  }
  if (fm_table_column_type(t, column) == FM_DATE)
    fm_date_format(own, fm_table_i32(t, column)[row]);
  else
    snprintf(own, sizeof own, "%lld", (long long)fm_table_i64(t, column)[row]);
  return strlen(own) == length && memcmp(own, text, length) == 0;
}

static bool row_has(const fm_table *t, size_t row, const char *keys)
{
  for (const char *p = keys; *p != '\0';) {
    char name[32] = "";
    size_t n = strcspn(p, "="), length = strcspn(p + n + 1, ";");
    memcpy(name, p, n);
    int64_t column = fm_table_column_index(t, name);
    ck_assert_msg(column >= 0, "no column %s", name);
    if (!cell_is(t, (size_t)column, row, p + n + 1, length))
      return false;
    p += n + 1 + length;
    p += *p == ';';
  }
  return true;
}

size_t row_with(const fm_table *t, const char *quantity, const char *keys)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    if (strcmp(fm_test_text(t, "quantity", i), quantity) == 0 && row_has(t, i, keys))
      return i;
  ck_abort_msg("no %s of %s", quantity, keys);
  return 0;
}

double value_with(const fm_table *t, const char *quantity, const char *keys)
{
  return fm_test_number(t, "value", row_with(t, quantity, keys));
}

int32_t day(int32_t year, int32_t month, int32_t d)
{
  return fm_date_from_ymd(year, month, d);
}

fm_codes *list_of(const char *name, const char *const *columns, size_t n_columns, const char *const *cells,
                  size_t n_rows)
{
  fm_error err = FM_ERROR_INIT;
  fm_codes *c;
  fm_table *t = fm_test_table(columns, n_columns, cells, n_rows);
  fm_assert_ok(fm_codes_from_table(&c, name, t, &err), &err);
  fm_table_destroy(t);
  return c;
}
