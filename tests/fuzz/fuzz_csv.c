/* Any bytes as a CSV file. The first two bytes choose the format and the chunk. Promised: the same outcome in pieces of
 * any size; tables are sound; what was read can be written and read again without a change. */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "csv/csv_priv.h"

const char fm_fuzz_corpus[] = "csv";
size_t fm_fuzz_n_good; /* no bytes are bad */

static const fm_csv_column columns[] = {
    {"a", NULL, FM_CODE, 0, 1, 1}, {"b", NULL, FM_DATE, 0, 0, 0}, {"c", NULL, FM_F64, 1, 0, 0},
    {"d", NULL, FM_I32, 0, 0, 0},  {"e", NULL, FM_I64, 0, 0, 0},  {"f", NULL, FM_BOOL, 0, 0, 0},
};

static void must(int condition)
{
  if (!condition)
    abort();
}

static void choose(uint8_t byte, fm_csv_format *format, fm_csv_schema *schema)
{
  format->delimiter = ",;\t"[byte % 3];
  if (byte & 4)
    format->delimiter = 0;
  if (byte & 8)
    format->decimal = ',';
  format->thousands = byte & 16 ? (byte & 8 ? '.' : ' ') : 0;
  format->encoding = byte & 32 ? "windows-1252" : NULL;
  format->date_pattern = byte & 8 ? "DD-MM-YYYY" : NULL;
  format->max_row_bytes = 4096;
  if (byte & 64) {
    schema->columns = columns;
    schema->n_columns = sizeof columns / sizeof columns[0];
  }
}

static fm_status read_one(fm_table **t, fm_table **problems, const uint8_t *data, size_t size, uint8_t options,
                          size_t chunk)
{
  fm_csv_format format = FM_CSV_FORMAT_INIT;
  fm_csv_schema schema = FM_CSV_SCHEMA_INIT;
  fm_error err = FM_ERROR_INIT;
  choose(options, &format, &schema);
  fm__problems *list = fm__problems_create();
  must(list != NULL);
  fm_status status =
      fm__csv_read_memory(t, list, data, size, "fuzz", &schema, &format, options & 128, chunk, NULL, &err);
  must(status == FM_OK || status == FM_ERR_DATA);
  must((status == FM_OK) == (*t != NULL) && (status == FM_OK) == (err.code == FM_OK));
  fm_error_clear(&err);
  must(fm__problems_table(list, problems, &err) == FM_OK);
  must(fm_table_check(*problems, &err) == FM_OK);
  if (status == FM_OK)
    must(fm_table_check(*t, &err) == FM_OK);
  fm__problems_destroy(list);
  return status;
}

/* Both tables as text; equal text, equal tables. */
static void must_equal(const fm_table *a, const fm_table *b)
{
  fm_csv_style style = FM_CSV_STYLE_INIT;
  fm_error err = FM_ERROR_INIT;
  char *text[2];
  size_t size[2];
  style.guard_formulas = 0;
  must(fm_csv_write_memory(&text[0], &size[0], a, &style, &err) == FM_OK);
  must(fm_csv_write_memory(&text[1], &size[1], b, &style, &err) == FM_OK);
  must(size[0] == size[1] && memcmp(text[0], text[1], size[0]) == 0);
  fm_free(text[0]);
  fm_free(text[1]);
}

/* Text columns are written and read again; the first name must not look like a byte order mark. */
static void round_trip(const fm_table *t)
{
  fm_csv_style style = FM_CSV_STYLE_INIT;
  fm_csv_format format = FM_CSV_FORMAT_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_table *back;
  char *text;
  size_t size;
  style.guard_formulas = 0;
  style.bom = 1;
  format.delimiter = ',';
  if (fm_table_n_columns(t) == 0)
    return;
  must(fm_csv_write_memory(&text, &size, t, &style, &err) == FM_OK);
  must(fm_csv_read_memory(&back, NULL, text, size, "fuzz", NULL, &format, 0, NULL, &err) == FM_OK);
  must(fm_table_n_rows(t) == fm_table_n_rows(back));
  must_equal(t, back);
  fm_table_destroy(back);
  fm_free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  fm_table *whole, *pieces, *problems[2];
  fm_fuzz_n_good++;
  if (size < 2)
    return 0;
  fm_status status = read_one(&whole, &problems[0], data + 2, size - 2, data[0], 0);
  must(read_one(&pieces, &problems[1], data + 2, size - 2, data[0], data[1] % 64 + 1) == status);
  must_equal(problems[0], problems[1]);
  if (status == FM_OK) {
    must_equal(whole, pieces);
    for (size_t i = 0; i < fm_table_n_rows(whole); i++)
      must(fm_table_line(whole, i) == fm_table_line(pieces, i));
    if (!(data[0] & 64))
      round_trip(whole);
  }
  fm_table_destroy(whole);
  fm_table_destroy(pieces);
  fm_table_destroy(problems[0]);
  fm_table_destroy(problems[1]);
  return 0;
}
