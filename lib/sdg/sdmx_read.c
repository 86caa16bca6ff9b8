/* SDMX-CSV of any structure as a table: the columns of the file under their ids. */
#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "sdg/sdmx_priv.h"

enum { LOOK = 64 };

typedef struct reader {
  const fm_table *raw; /* as the file stands */
  fm_sdmx_codes *codes;
  fm__problems *problems;
  fm__builder *b;
  char decimal;
  bool dataflow; /* SDMX-CSV 1.0 */
  bool marks_21; /* something only 2.1 has */
  size_t n_errors;
} reader;

static void problem(reader *r, const char *code, const char *column, int64_t index, size_t row, fm__slice value,
                    const char *what, const char *expected)
{
  fm__problem p = FM__PROBLEM_INIT;
  p.code = code;
  p.table = r->raw != NULL ? fm_table_note(r->raw, "file") : NULL;
  p.column = column;
  p.column_index = index;
  p.value = value.text;
  p.value_length = value.length;
  p.what = what;
  p.expected = expected;
  if (row != SIZE_MAX) {
    p.row = (int64_t)row;
    p.line = fm_table_line(r->raw, row);
    p.sheet_row = p.line;
  }
  fm__problems_add(r->problems, &p);
  r->n_errors++;
}

/* ---- the separator: what follows DATAFLOW, or STRUCTURE and its brackets ---- */

/* 0: the first column is neither. A file of this column alone is read with commas. */
static char separator(const char *text, size_t length)
{
  static const char *const names[] = {"DATAFLOW", "STRUCTURE"};
  size_t at = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
  bool quoted = at < length && text[at] == '"';
  at += quoted;
  for (size_t i = 0; i < FM__COUNT(names); i++) {
    size_t n = strlen(names[i]), after = at + n;
    if (length < after || memcmp(text + at, names[i], n) != 0)
      continue;
    if (i == 1 && after < length && text[after] == '[') {
      const char *close = memchr(text + after, ']', length - after);
      after = close != NULL ? (size_t)(close - text) + 1 : after;
    }
    after += quoted && after < length && text[after] == '"';
    if (after == length || text[after] == '\r' || text[after] == '\n')
      return ',';
    return text[after] == ',' || text[after] == ';' || text[after] == '\t' ? text[after] : 0;
  }
  return 0;
}

/* ---- labels: "SEX: Sex" is SEX, and its cells may be "F: Female" ---- */

static size_t id_length(const char *text, size_t length)
{
  for (size_t i = 1; i + 1 < length; i++)
    if (text[i] == ':' && text[i + 1] == ' ')
      return i;
  return length;
}

static bool is_id(const char *text, size_t length)
{
  for (size_t i = 0; i < length; i++)
    if (!((text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'z') ||
          (text[i] >= 'A' && text[i] <= 'Z') || strchr("_@$-", text[i]) != NULL))
      return false;
  return length > 0;
}

/* Every cell of an unknown column is "id: label". */
static bool all_labelled(const reader *r, size_t column)
{
  for (size_t i = 0; i < fm_table_n_rows(r->raw); i++) {
    size_t length;
    const char *text = fm_table_text(r->raw, column, i, &length);
    size_t n = text != NULL ? id_length(text, length) : 0;
    if (text != NULL && (n == length || !is_id(text, n)))
      return false;
  }
  return true;
}

/* ---- columns ---- */

static void add_number(reader *r, size_t column, size_t to, const char *name)
{
  for (size_t i = 0; i < fm_table_n_rows(r->raw); i++) {
    fm__slice cell;
    double v = NAN;
    cell.text = fm_table_text(r->raw, column, i, &cell.length);
    if (cell.text != NULL)
      fm__trim(&cell.text, &cell.length);
    bool none = cell.text == NULL || cell.length == 0 || fm__slice_is(cell, "-"); /* - marks what is deleted */
    bool missing = fm__slice_is(cell, "NaN") || fm__slice_is(cell, "#N/A");
    r->marks_21 = r->marks_21 || missing;
    if (!none && !missing && (!fm__parse_f64(cell.text, cell.length, r->decimal, &v) || isinf(v)))
      problem(r, "FM-N01", name, (int64_t)column, i, cell, "not a number",
              r->decimal == '.' ? "a number with a point" : "a number with a comma");
    if (none)
      fm__builder_null(r->b, to);
    else
      fm__builder_f64(r->b, to, v);
  }
}

static void add_texts(reader *r, size_t column, size_t to, bool labelled)
{
  for (size_t i = 0; i < fm_table_n_rows(r->raw); i++) {
    size_t length = 0;
    const char *text = fm_table_text(r->raw, column, i, &length);
    if (text != NULL && labelled)
      length = id_length(text, length);
    r->marks_21 = r->marks_21 || (text != NULL && (strcmp(text, "~") == 0 || strcmp(text, "#N/A") == 0));
    fm__builder_text(r->b, to, text, length);
  }
}

/* One of these words in each row that has one. */
static void check_words(reader *r, const char *name, const char *words, const char *expected)
{
  int64_t k = fm_table_column_index(r->raw, name);
  for (size_t i = 0; k >= 0 && i < fm_table_n_rows(r->raw); i++) {
    fm__slice cell;
    cell.text = fm_table_text(r->raw, (size_t)k, i, &cell.length);
    if (cell.text != NULL && !fm__in_list(words, ' ', cell))
      problem(r, "FM-K08", name, k, i, cell, "not one of SDMX-CSV", expected);
    r->marks_21 = r->marks_21 || fm__slice_is(cell, "M");
  }
}

static fm_status add_column(reader *r, size_t column, fm__texts *names, fm_error *err)
{
  const char *header = fm_table_column_name(r->raw, column);
  size_t length = column == 0 && !r->dataflow ? strlen("STRUCTURE") : id_length(header, strlen(header)), to;
  bool labelled = length < strlen(header) && column > 0;
  char *name = fm__copy_text(header, length);
  size_t before = fm__texts_count(names), part = fm__sdmx_part_called(r->codes, header, length);
  fm_status status = name != NULL && fm__texts_add(names, header, length) >= 0 ? FM_OK : fm__no_memory(err);
  if (status == FM_OK && fm__texts_count(names) == before)
    problem(r, "FM-H02", header, (int64_t)column, SIZE_MAX, (fm__slice){NULL, 0}, "a column name that is there twice",
            "each name once");
  bool number = part != FM__SDMX_NO_PART && r->codes->parts[part].type == FM__SDMX_NUMBER;
  bool text = part != FM__SDMX_NO_PART && r->codes->parts[part].type == FM__SDMX_TEXT;
  bool reference = strcmp(header, "DATAFLOW") == 0 || strcmp(header, "STRUCTURE_ID") == 0;
  if (status == FM_OK)
    status = fm__builder_column(r->b, name, number ? FM_F64 : FM_CODE, &to, err);
  if (status == FM_OK && number)
    add_number(r, column, to, name);
  else if (status == FM_OK)
    add_texts(r, column, to, reference || (labelled && !text && (part != FM__SDMX_NO_PART || all_labelled(r, column))));
  fm__free(name);
  return status;
}

/* A comma is a decimal sign where it does not part columns; there are no signs for thousands. */
static char find_decimal(const reader *r, char delimiter)
{
  for (size_t k = 0; delimiter != ',' && k < fm_table_n_columns(r->raw); k++) {
    const char *name = fm_table_column_name(r->raw, k);
    size_t part = fm__sdmx_part_called(r->codes, name, id_length(name, strlen(name)));
    if (part == FM__SDMX_NO_PART || r->codes->parts[part].type != FM__SDMX_NUMBER)
      continue;
    for (size_t i = 0; i < fm_table_n_rows(r->raw); i++) {
      const char *text = fm_table_text(r->raw, k, i, NULL);
      if (text != NULL && strchr(text, ',') != NULL)
        return ',';
    }
  }
  return '.';
}

static fm_status build(reader *r, fm_table **out, char delimiter, fm_error *err)
{
  fm__texts *names = fm__texts_create();
  fm_status status = names != NULL ? fm__builder_create(&r->b, fm_table_name(r->raw), err) : fm__no_memory(err);
  r->decimal = find_decimal(r, delimiter);
  r->dataflow = strcmp(fm_table_column_name(r->raw, 0), "DATAFLOW") == 0;
  if (status == FM_OK && !r->dataflow && fm_table_column_index(r->raw, "STRUCTURE_ID") < 0)
    problem(r, "FM-H01", "STRUCTURE_ID", -1, SIZE_MAX, (fm__slice){NULL, 0}, "the column \"STRUCTURE_ID\" is not there",
            "this column");
  for (size_t k = 0; k < fm_table_n_columns(r->raw) && status == FM_OK; k++)
    status = add_column(r, k, names, err);
  fm__texts_destroy(names);
  if (status == FM_OK && !r->dataflow) {
    check_words(r, fm_table_column_name(r->raw, 0), "dataflow datastructure dataprovision",
                "dataflow, datastructure or dataprovision");
    check_words(r, "ACTION", "I A M R D", "I, A, M, R or D");
  }
  if (status == FM_OK && r->n_errors > 0)
    status = fm__problems_fail(r->problems, err);
  if (status != FM_OK) {
    fm__builder_destroy(r->b);
    return status;
  }
  fm__builder_note(r->b, "file", fm_table_note(r->raw, "file"));
  const char *bracket = r->dataflow ? NULL : strchr(fm_table_column_name(r->raw, 0), '[');
  if (bracket != NULL && bracket[1] != '\0') {
    const char sign[] = {bracket[1], '\0'};
    fm__builder_note(r->b, "sub_separator", sign);
  }
  fm__builder_note(r->b, "sdmx_csv", r->dataflow ? "1.0" : r->marks_21 ? "2.1" : "2.0");
  return fm__builder_finish(r->b, out, err);
}

/* ---- the calls ---- */

typedef struct input {
  const char *path; /* NULL: memory */
  const void *data;
  size_t size;
  const char *name;
  const fm_run *run;
} input;

static fm_status look(const input *in, char *start, size_t *n, fm_error *err)
{
  fm__file *f = NULL;
  if (in->path == NULL) {
    *n = in->size < LOOK ? in->size : LOOK;
    memcpy(start, in->data, *n);
    return FM_OK;
  }
  fm_status status = fm__file_open(&f, in->path, err);
  if (status == FM_OK)
    status = fm__file_read(f, start, LOOK, n, err);
  fm__file_close(f);
  return status;
}

static fm_status read_raw(reader *r, fm_table **raw, const input *in, char delimiter, fm_error *err)
{
  fm_csv_format format = FM_CSV_FORMAT_INIT;
  fm_csv_schema schema = FM_CSV_SCHEMA_INIT;
  format.delimiter = delimiter != 0 ? delimiter : ',';
  if (in->path != NULL)
    return fm__csv_read_file(raw, r->problems, in->path, &schema, &format, 0, in->run, err);
  return fm__csv_read_memory(raw, r->problems, in->data, in->size, in->name, &schema, &format, 0, 0, in->run, err);
}

static fm_status read_all(reader *r, fm_table **out, const input *in, fm_error *err)
{
  char start[LOOK];
  size_t n = 0;
  fm_table *raw = NULL;
  fm_status status = look(in, start, &n, err);
  if (status == FM_OK)
    status = fm__sdmx_codes_of_structure(&r->codes, err);
  char delimiter = status == FM_OK ? separator(start, n) : 0;
  if (status == FM_OK)
    status = read_raw(r, &raw, in, delimiter, err);
  r->raw = raw;
  if (status == FM_OK && delimiter == 0) {
    problem(r, "FM-H01", "STRUCTURE", -1, SIZE_MAX, (fm__slice){NULL, 0},
            "the first column is neither DATAFLOW nor STRUCTURE", "a file of SDMX-CSV 1.0, 2.0 or 2.1");
    status = fm__problems_fail(r->problems, err);
  }
  if (status == FM_OK)
    status = build(r, out, delimiter, err);
  fm_table_destroy(raw);
  fm_sdmx_codes_destroy(r->codes);
  return status;
}

static fm_status read_input(fm_table **out, fm_table **problems, const input *in, fm_error *err)
{
  fm_error again = FM_ERROR_INIT;
  reader r = {.problems = fm__problems_create()};
  if (r.problems == NULL)
    return fm__no_memory(err);
  fm_status status = read_all(&r, out, in, err);
  if (problems != NULL && (status == FM_OK || status == FM_ERR_DATA) &&
      fm__problems_table(r.problems, problems, &again) != FM_OK) {
    fm_error_clear(err);
    fm_table_destroy(*out);
    *out = NULL;
    status = fm__no_memory(err);
  }
  fm__problems_destroy(r.problems);
  return status;
}

fm_status fm_sdmx_read_file(fm_table **out, fm_table **problems, const char *path, const fm_run *run, fm_error *err)
{
  *out = NULL;
  if (problems != NULL)
    *problems = NULL;
  if (path == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "the path is NULL");
  return read_input(out, problems, &(input){.path = path, .run = run}, err);
}

fm_status fm_sdmx_read_memory(fm_table **out, fm_table **problems, const void *data, size_t size, const char *name,
                              const fm_run *run, fm_error *err)
{
  *out = NULL;
  if (problems != NULL)
    *problems = NULL;
  if (data == NULL && size > 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "data is NULL");
  return read_input(out, problems, &(input){.data = data, .size = size, .name = name, .run = run}, err);
}
