/* A table as CSV text. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "csv/csv_priv.h"
#include "num/num_priv.h"

#define FLUSH ((size_t)1 << 20)

static const fm_csv_style plain_style = FM_CSV_STYLE_INIT;
static const fm_csv_style danish_style = FM_CSV_STYLE_DANISH_INIT;

void fm_csv_style_init(fm_csv_style *style, size_t size)
{
  fm__spec_init(style, size, &plain_style, sizeof plain_style);
}

void fm_csv_style_init_danish(fm_csv_style *style, size_t size)
{
  fm__spec_init(style, size, &danish_style, sizeof danish_style);
}

static fm_status take_style(fm_csv_style *out, const fm_csv_style *style, fm_error *err)
{
  *out = plain_style;
  fm_status status = fm__spec_take(out, sizeof *out, style, "fm_csv_style", err);
  if (status != FM_OK)
    return status;
  if (out->delimiter != ',' && out->delimiter != ';' && out->delimiter != '\t')
    return fm__fail(err, FM_ERR_ARGUMENT, "delimiter is character %d, expected ',' ';' or tab", (int)out->delimiter);
  if (out->decimal != '.' && out->decimal != ',')
    return fm__fail(err, FM_ERR_ARGUMENT, "decimal is character %d, expected '.' or ','", (int)out->decimal);
  return FM_OK;
}

/* `before` is written inside the quotes, in front of the text. */
static void put_quoted(fm__bytes *b, const char *before, const char *text, size_t length)
{
  fm__bytes_u8(b, '"');
  fm__bytes_raw(b, before, strlen(before));
  while (length > 0) {
    const char *quote = memchr(text, '"', length);
    size_t n = quote == NULL ? length : (size_t)(quote - text) + 1;
    fm__bytes_raw(b, text, n);
    if (quote != NULL)
      fm__bytes_u8(b, '"');
    text += n;
    length -= n;
  }
  fm__bytes_u8(b, '"');
}

static bool needs_quotes(const fm_csv_style *style, const char *text, size_t length)
{
  for (size_t i = 0; i < length; i++)
    if (text[i] == (char)style->delimiter || text[i] == '"' || text[i] == '\n' || text[i] == '\r')
      return true;
  return length == 0;
}

static void put_text(fm__bytes *b, const fm_csv_style *style, const char *text, size_t length)
{
  /* https://owasp.org/www-community/attacks/CSV_Injection: these first characters make a spreadsheet compute. */
  bool guard = style->guard_formulas && length > 0 && text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
  if (guard || needs_quotes(style, text, length))
    put_quoted(b, guard ? "'" : "", text, length);
  else
    fm__bytes_raw(b, text, length);
}

static void put_f64(fm__bytes *b, const fm_csv_style *style, double v)
{
  char text[32];
  if (isnan(v))
    return;
  size_t length = fm__print_f64(text, v);
  char *point = memchr(text, '.', length);
  if (point != NULL)
    *point = (char)style->decimal;
  if (point != NULL && style->decimal == style->delimiter)
    put_quoted(b, "", text, length);
  else
    fm__bytes_raw(b, text, length);
}

static void put_cell(fm__bytes *b, const fm_csv_style *style, const fm_table *t, size_t column, size_t row)
{
  char text[32];
  int n = 0;
  size_t length;
  const char *cell;
  if (fm_table_is_null(t, column, row))
    return;
  switch (fm_table_column_type(t, column)) {
  case FM_F64:
    put_f64(b, style, fm_table_f64(t, column)[row]);
    break;
  case FM_I64:
    n = snprintf(text, sizeof text, "%lld", (long long)fm_table_i64(t, column)[row]);
    break;
  case FM_I32:
    n = snprintf(text, sizeof text, "%ld", (long)fm_table_i32(t, column)[row]);
    break;
  case FM_DATE:
    fm_date_format(text, fm_table_i32(t, column)[row]);
    n = (int)strlen(text);
    break;
  case FM_BOOL:
    fm__bytes_u8(b, fm_table_bool(t, column)[row] ? '1' : '0');
    break;
  default:
    cell = fm_table_text(t, column, row, &length);
    put_text(b, style, cell, length);
    break;
  }
  fm__bytes_raw(b, text, (size_t)n);
}

/* An empty line would be skipped when read: the only cell of such a row is written as an empty text. */
static void end_line(fm__bytes *b, const fm_csv_style *style, size_t start)
{
  if (b->size == start)
    fm__bytes_raw(b, "\"\"", 2);
  fm__bytes_raw(b, style->crlf ? "\r\n" : "\n", style->crlf ? 2 : 1);
}

static void put_header(fm__bytes *b, const fm_csv_style *style, const fm_table *t)
{
  if (style->bom)
    fm__bytes_raw(b, "\xEF\xBB\xBF", 3);
  size_t n = fm_table_n_columns(t);
  for (size_t k = 0; k < n; k++) {
    const char *name =
        style->headers != NULL && style->headers[k] != NULL ? style->headers[k] : fm_table_column_name(t, k);
    if (k > 0)
      fm__bytes_u8(b, (uint8_t)style->delimiter);
    put_text(b, style, name, strlen(name));
  }
  fm__bytes_raw(b, style->crlf ? "\r\n" : "\n", style->crlf ? 2 : 1);
}

/* Writes all lines into b; with an output, b is emptied into it now and then. */
static fm_status put_table(fm__bytes *b, fm__output *o, const fm_csv_style *style, const fm_table *t, fm_error *err)
{
  size_t n_columns = fm_table_n_columns(t), n_rows = fm_table_n_rows(t);
  fm_status status = FM_OK;
  put_header(b, style, t);
  for (size_t i = 0; i < n_rows && status == FM_OK && !b->failed; i++) {
    size_t start = b->size;
    for (size_t k = 0; k < n_columns; k++) {
      if (k > 0)
        fm__bytes_u8(b, (uint8_t)style->delimiter);
      put_cell(b, style, t, k, i);
    }
    end_line(b, style, start);
    if (o != NULL && b->size >= FLUSH) {
      status = fm__output_write(o, b->data, b->size, err);
      b->size = 0;
    }
  }
  if (b->failed)
    return fm__no_memory(err);
  if (o != NULL && status == FM_OK)
    status = fm__output_write(o, b->data, b->size, err);
  return status;
}

fm_status fm_csv_write_file(const fm_table *t, const char *path, const fm_csv_style *style, fm_error *err)
{
  fm_csv_style s;
  fm__bytes b = {0};
  fm__output *o = NULL;
  if (t == NULL || path == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "%s is NULL", t == NULL ? "the table" : "the path");
  fm_status status = take_style(&s, style, err);
  if (status == FM_OK)
    status = fm__table_require_sealed(t, err);
  if (status == FM_OK)
    status = fm__output_open(&o, path, err);
  if (status == FM_OK)
    status = put_table(&b, o, &s, t, err);
  fm__bytes_free(&b);
  if (status == FM_OK)
    return fm__output_commit(o, err);
  fm__output_abandon(o);
  return status;
}

fm_status fm_csv_write_memory(char **out, size_t *size, const fm_table *t, const fm_csv_style *style, fm_error *err)
{
  fm_csv_style s;
  fm__bytes b = {0};
  *out = NULL;
  *size = 0;
  if (t == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "the table is NULL");
  fm_status status = take_style(&s, style, err);
  if (status == FM_OK)
    status = fm__table_require_sealed(t, err);
  if (status == FM_OK)
    status = put_table(&b, NULL, &s, t, err);
  fm__bytes_u8(&b, 0);
  if (status == FM_OK && b.failed)
    status = fm__no_memory(err);
  if (status != FM_OK) {
    fm__bytes_free(&b);
    return status;
  }
  *out = (char *)b.data;
  *size = b.size - 1;
  return FM_OK;
}
