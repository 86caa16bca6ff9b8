/* Any table as JSON: one line a row, all digits, missing cells null. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "num/num_priv.h"
#include "report/report_priv.h"
#include "table/table_priv.h"

static void put_string(fm__bytes *b, const char *text, size_t length)
{
  char escape[8];
  fm__put(b, "\"");
  for (size_t i = 0; i < length; i++) {
    unsigned char c = (unsigned char)text[i];
    if (c == '"' || c == '\\') {
      snprintf(escape, sizeof escape, "\\%c", c);
      fm__put(b, escape);
    } else if (c < 0x20) {
      snprintf(escape, sizeof escape, "\\u%04x", c);
      fm__put(b, escape);
    } else {
      fm__bytes_raw(b, text + i, 1);
    }
  }
  fm__put(b, "\"");
}

static void put_number(fm__bytes *b, double value)
{
  char digits[32];
  if (isnan(value) || isinf(value)) {
    fm__put(b, "null");
    return;
  }
  fm__print_f64(digits, value);
  fm__put(b, digits);
}

static void put_cell(fm__bytes *b, const fm_table *t, size_t column, size_t row)
{
  char digits[32];
  int32_t type = fm_table_column_type(t, column);
  if (fm_table_is_null(t, column, row)) {
    fm__put(b, "null");
  } else if (type == FM_F64) {
    put_number(b, fm_table_f64(t, column)[row]);
  } else if (type == FM_I64 || type == FM_I32) {
    long long value = type == FM_I64 ? fm_table_i64(t, column)[row] : fm_table_i32(t, column)[row];
    snprintf(digits, sizeof digits, "%lld", value);
    fm__put(b, digits);
  } else if (type == FM_DATE) {
    fm_date_format(digits, fm_table_i32(t, column)[row]);
    put_string(b, digits, strlen(digits));
  } else if (type == FM_BOOL) {
    fm__put(b, fm_table_bool(t, column)[row] != 0 ? "true" : "false");
  } else {
    size_t length;
    const char *text = fm_table_text(t, column, row, &length);
    put_string(b, text, length);
  }
}

fm_status fm_report_json(char **out, const fm_table *t, fm_error *err)
{
  fm__bytes b = {0};
  *out = NULL;
  fm_status status = fm__table_require_sealed(t, err);
  if (status != FM_OK)
    return status;
  fm__put(&b, "{\"notes\": {");
  for (size_t i = 0; i < fm_table_n_notes(t); i++) {
    const char *key = fm_table_note_key(t, i), *value = fm_table_note(t, key);
    fm__put(&b, i > 0 ? ",\n  " : "\n  ");
    put_string(&b, key, strlen(key));
    fm__put(&b, ": ");
    put_string(&b, value, strlen(value));
  }
  fm__put(&b, "},\n \"rows\": [");
  for (size_t row = 0; row < fm_table_n_rows(t); row++) {
    fm__put(&b, row > 0 ? ",\n  {" : "\n  {");
    for (size_t k = 0; k < fm_table_n_columns(t); k++) {
      const char *name = fm_table_column_name(t, k);
      fm__put(&b, k > 0 ? ", " : "");
      put_string(&b, name, strlen(name));
      fm__put(&b, ": ");
      put_cell(&b, t, k, row);
    }
    fm__put(&b, "}");
  }
  fm__put(&b, "]}\n");
  return fm__give_text(out, &b, err);
}
