/* Reads a file in chunks: scan rows into a batch, convert the batch, read on. */
#include "csv/reader_priv.h"

#include <stdio.h>
#include <string.h>

#define CHUNK ((size_t)1 << 20)
#define FRONT 16    /* room before the buffer: a cell is read by the 16 bytes up to its end */
#define PADDING 128 /* the sentinel, and room to look ahead: 64 bytes of the scanner, 16 of a cell */

int64_t fm__csv_problem(fm__csv_reader *r, const fm__problem *problem)
{
  fm__problem named = *problem;
  named.table = r->table;
  if (named.severity == FM__ERROR) {
    r->n_errors++;
    r->discard = r->discard || !r->skip_bad;
  }
  return fm__problems_add(r->problems, &named);
}

static fm_status read_bytes(fm__csv_source *s, uint8_t *out, size_t size, size_t *n_read, fm_error *err)
{
  if (s->file != NULL)
    return fm__file_read(s->file, out, size, n_read, err);
  *n_read = size < s->size - s->at ? size : s->size - s->at;
  if (*n_read > 0)
    memcpy(out, s->data + s->at, *n_read);
  s->at += *n_read;
  return FM_OK;
}

static fm_status show_progress(fm__csv_reader *r, fm_error *err)
{
  int64_t total = r->source.total;
  double done = total > 0 ? (double)r->n_read / (double)total : 0;
  return fm__run_progress(r->run, done < 1 ? done : 1, err);
}

fm_status fm__csv_fill(fm__csv_reader *r, fm_error *err)
{
  fm__scan *s = &r->scan;
  size_t left = s->end - s->at, want = r->chunk, n, need;
  if (s->at > 0 && left > 0)
    memmove(r->buffer, r->buffer + s->at, left);
  r->base += s->at;
  if (want >= 65536 && left > want)
    want = left; /* a long row: double, so that it is not scanned too often */
  need = FRONT + left + (r->format.windows_1252 ? 3 * want : want) + PADDING;
  if (!fm__grow((void **)&r->memory, &r->capacity, need, 1))
    return fm__no_memory(err);
  memset(r->memory, 0, FRONT);
  r->buffer = r->memory + FRONT;
  if (r->format.windows_1252) {
    uint8_t *raw = fm__resize(r->raw, want, 1);
    if (raw == NULL)
      return fm__no_memory(err);
    r->raw = raw;
  }
  uint8_t *into = r->buffer + left;
  fm_status status = read_bytes(&r->source, r->format.windows_1252 ? r->raw : into, want, &n, err);
  if (status != FM_OK)
    return status;
  r->n_read += n;
  s->at_end = n < want;
  s->data = r->buffer;
  s->at = 0;
  s->block = SIZE_MAX;
  s->end = left + (r->format.windows_1252 ? fm__from_windows_1252(into, r->raw, n) : n);
  memset(r->buffer + s->end, 0, PADDING);
  r->buffer[s->end] = '\n';
  return show_progress(r, err);
}

static void row_problem(fm__csv_reader *r, const char *code, int64_t column, const char *what, const char *expected,
                        const char *hint, int64_t line)
{
  const char *label = column >= 0 && (size_t)column < r->n_columns ? fm__csv_label(r, (size_t)column) : "";
  fm__csv_problem(r, &(fm__problem){.code = code,
                                    .column = label[0] != '\0' ? label : NULL,
                                    .what = what,
                                    .expected = expected,
                                    .hint = hint,
                                    .row = r->row,
                                    .line = line,
                                    .sheet_row = r->sheet_row,
                                    .column_index = column});
}

void fm__csv_ragged(fm__csv_reader *r, size_t n_fields)
{
  char what[64], expected[64];
  int64_t at = (int64_t)(n_fields < r->n_columns ? n_fields : r->n_columns);
  snprintf(what, sizeof what, "%zu cell%s in this row", n_fields, n_fields == 1 ? "" : "s");
  snprintf(expected, sizeof expected, "%zu as in the header", r->n_columns);
  fm__problem problem = FM__PROBLEM_INIT;
  problem.code = "FM-S01";
  problem.what = what;
  problem.expected = expected;
  problem.hint = n_fields > r->n_columns ? "a text or number that holds the delimiter must stand in quotes"
                                         : "a line end inside a text must stand in quotes";
  problem.row = r->row;
  problem.line = r->line;
  problem.sheet_row = r->sheet_row;
  problem.column_index = at;
  fm__csv_problem(r, &problem);
  r->n_left_out++;
}

void fm__csv_unclosed(fm__csv_reader *r, const fm__row *row, bool at_end)
{
  char what[96];
  if (at_end)
    snprintf(what, sizeof what, "a quote that is not closed before the end of the file");
  else
    snprintf(what, sizeof what, "a quote that is not closed within %zu bytes", r->format.f.max_row_bytes);
  row_problem(r, "FM-S02", (int64_t)row->n_fields, what, "a closing quote",
              "close the quote, or double it when it is part of the text", r->line + row->quote_lines);
  r->stop = true;
}

/* Of a row that goes on, the last byte there is may belong to its line end. */
bool fm__csv_is_long(const fm__csv_reader *r, size_t at, int outcome)
{
  const fm__scan *s = &r->scan;
  size_t end = outcome == FM__ROW_MORE || outcome == FM__ROW_OPEN ? s->end : s->at;
  if (outcome == FM__ROW_MORE) {
    end -= end > at;
  } else if (outcome != FM__ROW_OPEN) {
    end -= end > at && s->data[end - 1] == '\n';
    end -= end > at && s->data[end - 1] == '\r';
  }
  return end - at > r->format.f.max_row_bytes;
}

void fm__csv_too_long(fm__csv_reader *r, size_t at)
{
  char expected[64];
  fm__scan s = r->scan;
  fm__row row;
  s.at = at;
  s.end = at + r->format.f.max_row_bytes + 1; /* as if no more were there: the same in chunks of any size */
  s.at_end = false;
  s.block = SIZE_MAX;
  r->buffer[s.end] = '\n';
  fm__scan_row(&s, NULL, 0, &row);
  if (row.quote_at != SIZE_MAX) {
    fm__csv_unclosed(r, &row, false);
    return;
  }
  snprintf(expected, sizeof expected, "at most %zu bytes", r->format.f.max_row_bytes);
  row_problem(r, "FM-S04", -1, "a row that is too long", expected, "is the file damaged? If not, raise max_row_bytes",
              r->line);
  r->stop = true;
}

void fm__csv_text_after_quote(fm__csv_reader *r, size_t column)
{
  row_problem(r, "FM-S03", (int64_t)column, "text after a closing quote", "a delimiter or the end of the line",
              "double the quotes that are part of the text", r->line);
}

/* Text after a closing quote: the row's cells cannot be told from each other with certainty. */
static void damaged(fm__csv_reader *r, fm__field *fields)
{
  for (size_t k = 0; k < r->n_columns; k++)
    if ((fields[k].size & FM__FIELD_DAMAGED) != 0)
      fm__csv_text_after_quote(r, k);
  for (size_t k = 0; k < r->n_columns; k++)
    fields[k].size = 0;
}

/* Takes a row just scanned into the batch. */
static void take_row(fm__csv_reader *r, const fm__row *row, fm__field *fields)
{
  if (row->n_fields != r->n_columns) {
    fm__csv_ragged(r, row->n_fields);
  } else {
    size_t i = r->n_batch++;
    r->lines[i] = r->line;
    r->sheet_rows[i] = r->sheet_row;
    r->rows[i] = r->row;
    r->state[i] = FM__ROW_GOOD;
    r->batch_flags |= row->flags;
    if ((row->flags & FM__FIELD_DAMAGED) != 0) {
      damaged(r, fields);
      r->state[i] = FM__ROW_UNREADABLE;
    }
  }
  r->row++;
}

/* Takes the next rows into the batch as long as they are of the plain form, which most rows of most files are; room for
 * one row stays. */
static void take_plain(fm__csv_reader *r)
{
  size_t first = r->n_batch, room = r->batch_size - first - 1;
  size_t n = fm__scan_plain(&r->scan, r->fields + first * r->n_columns, r->n_columns, room, r->format.f.max_row_bytes);
  for (size_t i = 0; i < n; i++) {
    r->lines[first + i] = r->line + (int64_t)i;
    r->sheet_rows[first + i] = r->sheet_row + (int64_t)i;
    r->rows[first + i] = r->row + (int64_t)i;
  }
  memset(r->state + first, FM__ROW_GOOD, n);
  r->n_batch += n;
  r->line += (int64_t)n;
  r->sheet_row += (int64_t)n;
  r->row += (int64_t)n;
  if (n < 16 && room >= 16) /* so that a file of another form is not looked at twice */
    r->n_slow = 32;
}

/* The rows in the buffer; `outcome` is FM__ROW_MORE or, at the end of the file, FM__ROW_NONE. */
static fm_status scan_buffer(fm__csv_reader *r, int *outcome, fm_error *err)
{
  fm__row row;
  for (;;) {
    if (r->n_slow > 0)
      r->n_slow--;
    else
      take_plain(r);
    fm__field *fields = r->fields + r->n_batch * r->n_columns;
    size_t at = r->scan.at;
    *outcome = fm__scan_row(&r->scan, fields, r->n_columns, &row);
    if (*outcome == FM__ROW_NONE)
      return fm__csv_convert(r, err);
    bool is_long = fm__csv_is_long(r, at, *outcome);
    if (is_long)
      fm__csv_too_long(r, at);
    else if (*outcome == FM__ROW_OPEN)
      fm__csv_unclosed(r, &row, true);
    if (is_long || *outcome == FM__ROW_OPEN || *outcome == FM__ROW_MORE)
      return fm__csv_convert(r, err);
    if (*outcome == FM__ROW_FOUND)
      take_row(r, &row, fields);
    r->line += row.n_lines;
    r->sheet_row++;
    if (r->n_batch == r->batch_size) {
      fm_status status = fm__csv_convert(r, err);
      if (status != FM_OK)
        return status;
    }
  }
}

static fm_status read_rows(fm__csv_reader *r, fm_error *err)
{
  int outcome = FM__ROW_MORE;
  size_t n = ((size_t)1 << 18) / r->n_columns;
  r->batch_size = n > FM__BATCH ? FM__BATCH : n < 1 ? 1 : n;
  r->fields = fm__array(r->batch_size * r->n_columns, sizeof *r->fields);
  if (r->fields == NULL)
    return fm__no_memory(err);
  fm__quick_months_make(&r->months);
  for (;;) {
    fm_status status = scan_buffer(r, &outcome, err);
    if (status != FM_OK || r->stop || outcome == FM__ROW_NONE)
      return status;
    status = fm__csv_fill(r, err);
    if (status != FM_OK)
      return status;
  }
}

static fm_status give_column(fm__csv_reader *r, fm_table *t, fm__target *target, fm_error *err)
{
  size_t width = target->type == FM_BOOL ? 1 : target->type == FM_F64 || target->type == FM_I64 ? 8 : 4;
  void *values = fm__resize(target->values, r->n_rows, width);
  if (values == NULL)
    return fm__no_memory(err);
  target->values = values;
  fm_status status;
  if (target->type != FM_CODE) {
    status = fm__table_own(t, target->name, target->type, values, target->validity, r->n_rows, err);
  } else {
    fm__dictionary *d = &target->texts;
    fm__free(d->slots);
    fm__free(d->heads);
    d->slots = NULL;
    d->heads = NULL;
    int64_t *offsets = fm__resize(d->offsets, d->n_texts + 1, sizeof *offsets);
    d->offsets = offsets != NULL ? offsets : d->offsets;
    char *bytes = fm__resize(d->bytes, (size_t)d->offsets[d->n_texts], 1);
    d->bytes = bytes != NULL ? bytes : d->bytes;
    if (offsets == NULL || bytes == NULL)
      return fm__no_memory(err);
    status = fm__table_own_code(t, target->name, values, target->validity, r->n_rows, offsets, bytes, d->n_texts, err);
    if (status == FM_OK)
      *d = (fm__dictionary){0};
  }
  if (status == FM_OK) {
    target->values = NULL;
    target->validity = NULL;
  }
  return status;
}

static fm_status set_notes(const fm__csv_reader *r, fm_table *t, fm_error *err)
{
  char skipped[32], left_out[32], delimiter[2] = {(char)r->format.f.delimiter, '\0'};
  snprintf(skipped, sizeof skipped, "%zu", r->n_skipped);
  snprintf(left_out, sizeof left_out, "%lld", (long long)r->n_left_out);
  const char *const notes[][2] = {{"file", r->file},
                                  {"delimiter", delimiter[0] == '\t' ? "tab" : delimiter},
                                  {"columns_skipped", skipped},
                                  {"rows_left_out", left_out}};
  fm_status status = FM_OK;
  for (size_t k = 0; k < FM__COUNT(notes) && status == FM_OK; k++)
    status = fm_table_set_note(t, notes[k][0], notes[k][1], err);
  return status;
}

static fm_status make_table(fm__csv_reader *r, fm_table **out, fm_error *err)
{
  fm_table *t = NULL;
  fm_status status = fm_table_create(&t, r->table, err);
  for (size_t k = 0; status == FM_OK && k < r->n_targets; k++)
    status = give_column(r, t, &r->targets[k], err);
  if (status == FM_OK && r->line_of_row != NULL) {
    status = fm__table_own_lines(t, r->line_of_row, r->n_rows, err);
    if (status == FM_OK)
      r->line_of_row = NULL;
  } else if (status == FM_OK) {
    fm__table_set_first_line(t, r->n_rows > 0 ? r->first_line : 2);
  }
  if (status == FM_OK)
    status = set_notes(r, t, err);
  if (status == FM_OK)
    status = fm_table_seal(t, err);
  if (status == FM_OK)
    *out = t;
  else
    fm_table_destroy(t);
  return status;
}

void fm__csv_end(fm__csv_reader *r)
{
  if (r == NULL)
    return;
  for (size_t k = 0; k < r->n_targets; k++) {
    fm__free(r->targets[k].values);
    fm__free(r->targets[k].validity);
    fm__dictionary_free(&r->targets[k].texts);
  }
  fm__free(r->targets);
  fm__free(r->memory);
  fm__free(r->raw);
  fm__bytes_free(&r->labels);
  fm__free(r->label_at);
  fm__free(r->fields);
  fm__free(r->line_of_row);
  fm__file_close(r->source.file);
  fm__free(r);
}

fm_status fm__csv_begin(fm__csv_reader **out, fm__problems *problems, fm__csv_source source, const char *name,
                        const fm__csv_format *format, const fm_csv_schema *schema, int32_t skip_bad, size_t chunk,
                        const fm_run *run, fm_error *err)
{
  *out = NULL;
  fm__csv_reader *r = fm__array(1, sizeof *r);
  if (r == NULL) {
    fm__file_close(source.file);
    return fm__no_memory(err);
  }
  r->format = *format;
  r->schema = *schema;
  r->source = source;
  r->file = name;
  r->table = schema->table != NULL ? schema->table : name;
  r->problems = problems;
  r->skip_bad = skip_bad != 0;
  r->run = run;
  r->chunk = chunk;
  if (chunk == 0) /* one byte more than a small file has, so that its end is seen at once */
    r->chunk = source.total > 0 && source.total < (int64_t)CHUNK ? (size_t)source.total + 1 : CHUNK;
  r->line = 1;
  r->sheet_row = 1;
  fm_status status = fm__csv_fill(r, err);
  if (status == FM_OK)
    status = fm__csv_header(r, err);
  if (status == FM_OK)
    *out = r;
  else
    fm__csv_end(r);
  return status;
}

/* Takes the source, also on failure. */
static fm_status read_source(fm_table **out, fm__problems *problems, fm__csv_source source, const char *name,
                             const fm__csv_format *format, const fm_csv_schema *schema, int32_t skip_bad, size_t chunk,
                             const fm_run *run, fm_error *err)
{
  fm__csv_reader *r;
  fm_status status = fm__csv_begin(&r, problems, source, name, format, schema, skip_bad, chunk, run, err);
  if (status != FM_OK)
    return status;
  if (!r->stop)
    status = read_rows(r, err);
  if (status == FM_OK && !r->stop && !r->discard)
    status = fm__csv_decide(r, err);
  if (status == FM_OK) {
    fm__csv_hints(r);
    if (r->stop || (r->n_errors > 0 && !r->skip_bad))
      status = fm__problems_fail(problems, err);
    else
      status = make_table(r, out, err);
  }
  fm__csv_end(r);
  return status;
}

static fm_status take_all(fm__csv_format *format, fm_csv_schema *taken, const fm_csv_format *given,
                          const fm_csv_schema *schema, const fm_run *run, fm_error *err)
{
  fm_status status = fm__csv_format_take(format, given, err);
  if (status == FM_OK)
    status = fm__csv_schema_take(taken, schema, err);
  return status == FM_OK ? fm__run_check(run, err) : status;
}

fm_status fm__csv_read_file(fm_table **out, fm__problems *problems, const char *path, const fm_csv_schema *schema,
                            const fm_csv_format *format, int32_t skip_bad, const fm_run *run, fm_error *err)
{
  fm__csv_format f;
  fm_csv_schema s;
  fm__csv_source source = {0};
  *out = NULL;
  if (path == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "the path is NULL");
  fm_status status = take_all(&f, &s, format, schema, run, err);
  if (status == FM_OK)
    status = fm__file_open(&source.file, path, err);
  if (status != FM_OK)
    return status;
  source.total = fm__file_size(source.file);
  return read_source(out, problems, source, fm__path_name(path), &f, &s, skip_bad, 0, run, err);
}

fm_status fm__csv_read_memory(fm_table **out, fm__problems *problems, const void *data, size_t size, const char *name,
                              const fm_csv_schema *schema, const fm_csv_format *format, int32_t skip_bad, size_t chunk,
                              const fm_run *run, fm_error *err)
{
  fm__csv_format f;
  fm_csv_schema s;
  *out = NULL;
  if (data == NULL && size > 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "data is NULL but its size is %zu", size);
  fm_status status = take_all(&f, &s, format, schema, run, err);
  if (status != FM_OK)
    return status;
  fm__csv_source source = {.data = data, .size = size, .total = (int64_t)size};
  return read_source(out, problems, source, name != NULL ? name : "memory", &f, &s, skip_bad, chunk, run, err);
}

/* Hands the list over as a table when there is one to give. */
static fm_status finish(fm_status status, fm__problems *list, fm_table **out, fm_table **problems, fm_error *err)
{
  if (problems != NULL && (status == FM_OK || status == FM_ERR_DATA)) {
    fm_status made = fm__problems_table(list, problems, err);
    if (made != FM_OK) {
      if (err != NULL)
        fm_error_clear(err);
      status = fm__no_memory(err);
      fm_table_destroy(*out);
      *out = NULL;
    }
  }
  fm__problems_destroy(list);
  return status;
}

fm_status fm_csv_read_file(fm_table **out, fm_table **problems, const char *path, const fm_csv_schema *schema,
                           const fm_csv_format *format, int32_t skip_bad, const fm_run *run, fm_error *err)
{
  *out = NULL;
  if (problems != NULL)
    *problems = NULL;
  fm__problems *list = fm__problems_create();
  if (list == NULL)
    return fm__no_memory(err);
  fm_status status = fm__csv_read_file(out, list, path, schema, format, skip_bad, run, err);
  return finish(status, list, out, problems, err);
}

fm_status fm_csv_read_memory(fm_table **out, fm_table **problems, const void *data, size_t size, const char *name,
                             const fm_csv_schema *schema, const fm_csv_format *format, int32_t skip_bad,
                             const fm_run *run, fm_error *err)
{
  *out = NULL;
  if (problems != NULL)
    *problems = NULL;
  fm__problems *list = fm__problems_create();
  if (list == NULL)
    return fm__no_memory(err);
  fm_status status = fm__csv_read_memory(out, list, data, size, name, schema, format, skip_bad, 0, run, err);
  return finish(status, list, out, problems, err);
}
