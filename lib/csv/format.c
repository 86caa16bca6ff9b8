/* How a file is declared to be written: checked before the first byte is read. */
#include "csv/csv_priv.h"

#include <string.h>

#define MAX_ROW_BYTES ((size_t)1 << 28)

static const fm_csv_format default_format = FM_CSV_FORMAT_INIT;
static const fm_csv_schema default_schema = FM_CSV_SCHEMA_INIT;

void fm_csv_format_init(fm_csv_format *format, size_t size)
{
  fm__spec_init(format, size, &default_format, sizeof default_format);
}

void fm_csv_schema_init(fm_csv_schema *schema, size_t size)
{
  fm__spec_init(schema, size, &default_schema, sizeof default_schema);
}

static bool is_one_of(int32_t c, const char *allowed)
{
  return c == 0 ? allowed[0] == '0' : c > 0 && c < 128 && c != '0' && strchr(allowed, (char)c) != NULL;
}

static fm_status take_encoding(fm__csv_format *out, fm_error *err)
{
  const char *name = out->f.encoding;
  if (name == NULL || strcmp(name, "utf-8") == 0 || strcmp(name, "UTF-8") == 0)
    return FM_OK;
  if (strcmp(name, "windows-1252") == 0 || strcmp(name, "cp1252") == 0) {
    out->windows_1252 = true;
    return FM_OK;
  }
  return fm__fail(err, FM_ERR_ARGUMENT, "encoding \"%.*s\" is not known, expected utf-8 or windows-1252",
                  fm__fit(name, 40), name);
}

fm_status fm__csv_format_take(fm__csv_format *out, const fm_csv_format *format, fm_error *err)
{
  *out = (fm__csv_format){.f = default_format};
  fm_csv_format *f = &out->f;
  fm_status status = fm__spec_take(f, sizeof *f, format, "fm_csv_format", err);
  if (status != FM_OK)
    return status;
  if (!is_one_of(f->delimiter, "0,;\t"))
    return fm__fail(err, FM_ERR_ARGUMENT, "delimiter is character %d, expected ',' ';' tab or 0", (int)f->delimiter);
  if (!is_one_of(f->decimal, ".,"))
    return fm__fail(err, FM_ERR_ARGUMENT, "decimal is character %d, expected '.' or ','", (int)f->decimal);
  if (!is_one_of(f->thousands, "0., "))
    return fm__fail(err, FM_ERR_ARGUMENT, "thousands is character %d, expected '.' ',' ' ' or 0", (int)f->thousands);
  if (f->thousands == f->decimal)
    return fm__fail(err, FM_ERR_ARGUMENT, "thousands and decimal are both '%c', expected two different signs",
                    (char)f->decimal);
  if (f->max_row_bytes == 0)
    f->max_row_bytes = (size_t)1 << 20;
  if (f->max_row_bytes > MAX_ROW_BYTES)
    return fm__fail(err, FM_ERR_ARGUMENT, "max_row_bytes is %zu, expected at most %zu", f->max_row_bytes,
                    MAX_ROW_BYTES);
  status = fm__date_pattern_compile(&out->date, f->date_pattern, err);
  if (status != FM_OK)
    return status;
  if (f->date_pattern == NULL)
    f->date_pattern = "YYYY-MM-DD";
  return take_encoding(out, err);
}

static fm_status check_column(const fm_csv_schema *schema, size_t k, fm_error *err)
{
  const fm_csv_column *c = &schema->columns[k];
  if (c->name == NULL || c->name[0] == '\0')
    return fm__fail(err, FM_ERR_ARGUMENT, "schema column %zu has no name", k);
  bool decided = c->type == FM_CSV_ANY || c->type == FM_CSV_KEY;
  if ((c->type < FM_F64 || c->type > FM_CODE) && !decided)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "schema column \"%.*s\" has type %d, expected FM_F64 to FM_CODE, FM_CSV_ANY or FM_CSV_KEY",
                    fm__fit(c->name, 40), c->name, (int)c->type);
  if (c->is_id && c->type != FM_CODE && !decided)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "schema column \"%.*s\" is an id, expected type FM_CODE, FM_CSV_ANY or FM_CSV_KEY",
                    fm__fit(c->name, 40), c->name);
  for (size_t i = 0; i < k; i++)
    if (strcmp(schema->columns[i].name, c->name) == 0)
      return fm__fail(err, FM_ERR_ARGUMENT, "schema column \"%.*s\" is there twice", fm__fit(c->name, 40), c->name);
  return FM_OK;
}

fm_status fm__csv_schema_take(fm_csv_schema *out, const fm_csv_schema *schema, fm_error *err)
{
  *out = default_schema;
  fm_status status = fm__spec_take(out, sizeof *out, schema, "fm_csv_schema", err);
  if (status == FM_OK && out->n_columns > 0 && out->columns == NULL)
    status = fm__fail(err, FM_ERR_ARGUMENT, "the schema has %zu columns but no array of them", out->n_columns);
  if (status == FM_OK && (out->others < FM_CSV_NOTE || out->others > FM_CSV_READ))
    status = fm__fail(err, FM_ERR_ARGUMENT, "others is %d, expected FM_CSV_NOTE, FM_CSV_SKIP or FM_CSV_READ",
                      (int)out->others);
  for (size_t k = 0; status == FM_OK && k < out->n_columns; k++)
    status = check_column(out, k, err);
  return status;
}
