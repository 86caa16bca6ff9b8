/* Lists from tables and as tables. */
#include "code/code_priv.h"

#include <math.h>
#include <string.h>

#include "num/num_priv.h"

/* A whole number in decimal; returns its length. */
static size_t write_number(char *out, int64_t value)
{
  char digits[20];
  size_t n = 0, length = 0;
  uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  do {
    digits[n++] = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest > 0);
  if (value < 0)
    out[length++] = '-';
  while (n > 0)
    out[length++] = digits[--n];
  return length;
}

/* One cell as text; `scratch` has 32 bytes. */
static const char *cell_text(const fm_table *t, size_t column, size_t row, char *scratch, size_t *length)
{
  const char *text = scratch;
  *length = 0;
  if (fm_table_is_null(t, column, row))
    return text;
  switch (fm_table_column_type(t, column)) {
  case FM_I64:
    *length = write_number(scratch, fm_table_i64(t, column)[row]);
    break;
  case FM_I32:
    *length = write_number(scratch, fm_table_i32(t, column)[row]);
    break;
  case FM_DATE:
    fm_date_format(scratch, fm_table_i32(t, column)[row]);
    *length = strlen(scratch);
    break;
  case FM_F64:
    *length = isnan(fm_table_f64(t, column)[row]) ? 0 : fm__print_f64(scratch, fm_table_f64(t, column)[row]);
    break;
  case FM_BOOL:
    text = fm_table_bool(t, column)[row] ? "yes" : "no";
    *length = strlen(text);
    break;
  default:
    text = fm_table_text(t, column, row, length);
  }
  return text;
}

/* Spaces at the ends of a cell are no part of it. */
static bool put_trimmed(fm_codes *c, size_t row, size_t column, const char *text, size_t length)
{
  while (length > 0 && text[length - 1] == ' ')
    length--;
  while (length > 0 && text[0] == ' ') {
    text++;
    length--;
  }
  return fm__codes_put(c, row, column, text, length);
}

static fm_status put_table(fm_codes *c, const fm_table *t, fm_error *err)
{
  for (size_t k = 0; k < c->n_columns; k++) {
    char scratch[32];
    const char *name = fm_table_column_name(t, k);
    if (!fm__codes_put_column(c, k, name))
      return fm__no_memory(err);
    if (fm_table_column_type(t, k) == FM_F64 && (strcmp(name, "code") == 0 || strcmp(name, "aliases") == 0)) {
      fm__fail(err, FM_ERR_TYPE, "codes are text or whole numbers; column %s has type f64", name);
      fm__error_place(err, fm_table_name(t), fm_table_column_name(t, k), (int64_t)k, -1, -1);
      return FM_ERR_TYPE;
    }
    for (size_t i = 0; i < c->n; i++) {
      size_t length;
      const char *text = cell_text(t, k, i, scratch, &length);
      if (!put_trimmed(c, i, k, text, length))
        return fm__no_memory(err);
    }
  }
  return FM_OK;
}

fm_status fm_codes_from_table(fm_codes **out, const char *list, const fm_table *t, fm_error *err)
{
  fm_codes *c = NULL;
  *out = NULL;
  fm_status status = fm__table_require_sealed(t, err);
  if (status != FM_OK)
    return status;
  if (list == NULL || list[0] == '\0')
    return fm__fail(err, FM_ERR_ARGUMENT, "a code list needs a name, such as \"placement_kind\"");
  status = fm__codes_start(&c, list, fm_table_n_columns(t), fm_table_n_rows(t), err);
  if (status == FM_OK)
    status = put_table(c, t, err);
  if (status == FM_OK)
    status = fm__codes_finish(c, t, err);
  if (status != FM_OK) {
    fm_codes_destroy(c);
    return status;
  }
  *out = c;
  return FM_OK;
}

fm_status fm_codes_table(fm_table **out, const fm_codes *codes, fm_error *err)
{
  fm__builder *b = NULL;
  *out = NULL;
  fm_status status = fm__builder_create(&b, codes->name, err);
  for (size_t k = 0; status == FM_OK && k < codes->n_columns; k++) {
    const char *name = fm__texts_at(codes->texts, (size_t)codes->columns[k], NULL);
    bool from = strcmp(name, "valid_from") == 0, to = strcmp(name, "valid_to") == 0;
    const int32_t *days = from ? codes->from : codes->to;
    size_t column;
    status = fm__builder_column(b, name, from || to ? FM_DATE : FM_CODE, &column, err);
    for (size_t i = 0; status == FM_OK && i < codes->n; i++) {
      size_t length = 0;
      const char *text = fm__codes_cell(codes, i, k, &length);
      if (text == NULL)
        fm__builder_null(b, column);
      else if (from || to)
        fm__builder_i32(b, column, days[i]);
      else
        fm__builder_text(b, column, text, length);
    }
  }
  if (status == FM_OK)
    return fm__builder_finish(b, out, err);
  fm__builder_destroy(b);
  return status;
}
