/* A batch of rows becomes values, column by column: one kind of work at a time, on data still in cache. */
#include "csv/reader_priv.h"

#include <stdio.h>
#include <string.h>

static size_t width_of(int32_t type)
{
  return type == FM_BOOL ? 1 : type == FM_F64 || type == FM_I64 ? 8 : 4;
}

bool fm__csv_may_be_personal(const char *text, size_t length)
{
  size_t digits = 0, others = 0;
  for (size_t i = 0; i < length; i++) {
    if (text[i] >= '0' && text[i] <= '9')
      digits++;
    else if (text[i] != ' ' && text[i] != '-')
      return false;
    else
      others++;
  }
  return digits >= 9 && digits <= 10 && others <= 2;
}

/* Reports cell i of the batch and marks its row. */
static int64_t bad_cell(fm__csv_reader *r, const fm__target *t, size_t i, const char *code, const char *what,
                        const char *expected, const char *hint)
{
  const fm__field *cell = &r->fields[i * r->n_columns + t->index];
  const char *text = (const char *)r->buffer + cell->start;
  size_t length = cell->size & ~FM__FIELD_FLAGS;
  bool shown = length > 0 && !t->is_id && !fm__csv_may_be_personal(text, length);
  if (r->state[i] == FM__ROW_GOOD)
    r->state[i] = FM__ROW_BAD;
  return fm__csv_problem(r, &(fm__problem){.code = code,
                                           .column = t->label,
                                           .value = shown ? text : NULL,
                                           .value_length = length,
                                           .what = what,
                                           .expected = expected,
                                           .hint = hint,
                                           .row = r->rows[i],
                                           .line = r->lines[i],
                                           .sheet_row = r->sheet_rows[i],
                                           .column_index = (int64_t)t->index});
}

static bool is_missing(const fm__csv_reader *r, const char *text, size_t length)
{
  const char *missing = r->format.f.missing;
  return length == 0 || (missing != NULL && strlen(missing) == length && memcmp(missing, text, length) == 0);
}

static void empty_cell(fm__csv_reader *r, fm__target *t, size_t i)
{
  t->valid[i] = 0;
  if (t->filled && r->state[i] != FM__ROW_UNREADABLE)
    bad_cell(r, t, i, "FM-V01", "no value", "a value in every row of this column", NULL);
}

static const char *expected_number(const fm__csv_reader *r, bool whole)
{
  if (whole)
    return "a whole number such as 37";
  return r->format.f.decimal == ',' ? "digits with a decimal comma such as 184250,50"
                                    : "digits with a decimal point such as 184250.50";
}

/* A cell that is not a value of its column: missing after all, or a problem. */
static void not_a_value(fm__csv_reader *r, fm__target *t, size_t i, int form)
{
  const fm__field *cell = &r->fields[i * r->n_columns + t->index];
  const char *text = (const char *)r->buffer + cell->start;
  size_t length = cell->size & ~FM__FIELD_FLAGS;
  char expected[128];
  fm__trim(&text, &length);
  if (is_missing(r, text, length)) {
    empty_cell(r, t, i);
    return;
  }
  t->valid[i] = 0;
  if (t->type == FM_BOOL) {
    bad_cell(r, t, i, "FM-B01", "not yes or no", "1 or 0, true or false, yes or no", NULL);
  } else if (t->type == FM_DATE && form == FM__CELL_NO_DAY) {
    bad_cell(r, t, i, "FM-D02", "no such day", "a day of the calendar", NULL);
  } else if (t->type == FM_DATE) {
    bool iso = r->format.date.is_iso;
    snprintf(expected, sizeof expected, iso ? "year-month-day such as 2025-12-31" : "a date as %s",
             r->format.f.date_pattern);
    fm__look_date(&t->looks, text, length);
    t->form_kind = bad_cell(r, t, i, "FM-D01", "not a date", expected, NULL);
  } else if (form == FM__CELL_RANGE) {
    bad_cell(r, t, i, "FM-N02", "number out of range",
             t->type == FM_I32   ? "-2147483648 to 2147483647"
             : t->type == FM_I64 ? "-9223372036854775808 to 9223372036854775807"
                                 : "a number below 1.8e308",
             NULL);
  } else if (form == FM__CELL_NOT_WHOLE) {
    bad_cell(r, t, i, "FM-N03", "not a whole number", expected_number(r, true), NULL);
  } else {
    fm__look_number(&t->looks, text, length);
    t->form_kind = bad_cell(r, t, i, "FM-N01", "not a number", expected_number(r, t->type != FM_F64), NULL);
  }
}

static int slow_cell(const fm__csv_format *f, int32_t type, const char *text, size_t length, void *out)
{
  int64_t wide = 0;
  int form;
  switch (type) {
  case FM_F64:
    return fm__cell_f64(f, text, length, out);
  case FM_I64:
    return fm__cell_i64(f, text, length, out);
  case FM_DATE:
    return fm__cell_date(f, text, length, out);
  case FM_BOOL:
    return fm__cell_bool(text, length, out);
  default:
    form = fm__cell_i64(f, text, length, &wide);
    if (form == FM__CELL_OK && (wide < INT32_MIN || wide > INT32_MAX))
      return FM__CELL_RANGE;
    *(int32_t *)out = (int32_t)wide;
    return form;
  }
}

/* A cell that is not of the common form: the value, of this width, is 0 when there is none. */
static void convert_slowly(fm__csv_reader *r, fm__target *t, size_t i, void *value, size_t width)
{
  const fm__field *cell = &r->fields[i * r->n_columns + t->index];
  const char *text = (const char *)r->buffer + cell->start;
  size_t length = cell->size;
  memset(value, 0, width);
  if (length == 0) {
    t->n_given--;
    empty_cell(r, t, i);
    return;
  }
  int form = slow_cell(&r->format, t->type, text, length, value);
  if (form != FM__CELL_OK) {
    memset(value, 0, width);
    not_a_value(r, t, i, form);
  }
}

static inline bool quick_bool(const char *text, size_t length, uint8_t *out)
{
  uint8_t digit = (uint8_t)(*text - '0');
  *out = digit;
  return length == 1 && digit <= 1;
}

/* One loop for each type, so that the choice is not made for every cell; lists the cells that are left. */
#define QUICK(value_type, read)                                                                                        \
  do {                                                                                                                 \
    value_type *of_type = values;                                                                                      \
    for (size_t i = 0; i < n; i++, cell += stride) {                                                                   \
      const char *text = data + cell->start;                                                                           \
      size_t length = cell->size;                                                                                      \
      value_type v = 0;                                                                                                \
      if (read)                                                                                                        \
        of_type[i] = v;                                                                                                \
      else                                                                                                             \
        left[n_left++] = (uint16_t)i;                                                                                  \
    }                                                                                                                  \
  } while (0)

/* The values of cells of the common form. Gives the number of the others, whose places are in `left`. */
static size_t convert_quickly(const fm__csv_reader *r, const fm__target *t, void *values, uint16_t *left)
{
  const char *data = (const char *)r->buffer, decimal = (char)r->format.f.decimal;
  const size_t n = r->n_batch, stride = r->n_columns;
  const fm__field *cell = r->fields + t->index;
  const bool is_iso = r->format.date.is_iso;
  size_t n_left = 0;
  switch (t->type) {
  case FM_F64:
    QUICK(double, fm__quick_f64(text, length, decimal, &v));
    break;
  case FM_I64:
    QUICK(int64_t, fm__quick_i64(text, length, &v));
    break;
  case FM_I32:
    QUICK(int32_t, fm__quick_i32(text, length, &v));
    break;
  case FM_DATE:
    QUICK(int32_t, is_iso && length == 10 && fm__quick_iso(text, &r->months, &v));
    break;
  default:
    QUICK(uint8_t, quick_bool(text, length, &v));
    break;
  }
  return n_left;
}

static void convert(fm__csv_reader *r, fm__target *t)
{
  const size_t width = width_of(t->type);
  uint8_t *values = (uint8_t *)t->values + r->n_rows * width;
  uint16_t left[FM__BATCH + 1];
  size_t n_left = convert_quickly(r, t, values, left);
  memset(t->valid, 1, r->n_batch);
  t->n_given += (int64_t)r->n_batch;
  for (size_t k = 0; k < n_left; k++)
    convert_slowly(r, t, left[k], values + left[k] * width, width);
}

static void bad_text(fm__csv_reader *r, fm__target *t, size_t i, const char *text, size_t good)
{
  char what[96];
  size_t quotes = 0;
  unsigned byte = (uint8_t)text[good];
  for (size_t k = 0; k < good; k++)
    quotes += text[k] == '"'; /* each was doubled in the file, if it is inside quotes at all */
  const fm__field *cell = &r->fields[i * r->n_columns + t->index];
  uint64_t offset = r->base + cell->start + good + ((cell->size & FM__FIELD_ESCAPED) != 0 ? quotes : 0);
  t->valid[i] = 0;
  if (r->format.windows_1252 && byte != 0) {
    snprintf(what, sizeof what, "byte 0x%02X is not windows-1252", byte);
    bad_cell(r, t, i, "FM-E04", what, "text in windows-1252", "declare the encoding the file was saved in");
    return;
  }
  if (byte == 0) {
    if (r->format.windows_1252)
      snprintf(what, sizeof what, "a NUL byte");
    else
      snprintf(what, sizeof what, "a NUL byte at offset %llu", (unsigned long long)offset);
    bad_cell(r, t, i, "FM-E02", what, "text without NUL bytes", "the file is damaged or in another encoding");
    return;
  }
  snprintf(what, sizeof what, "not UTF-8: byte 0x%02X at offset %llu", byte, (unsigned long long)offset);
  bad_cell(r, t, i, "FM-E01", what, "text in UTF-8",
           "if a Danish spreadsheet saved the file, declare the encoding windows-1252");
}

/* Which cells of a text column have a value, and whether it is text at all. */
static void check_texts(fm__csv_reader *r, fm__target *t, bool plain)
{
  const fm__field *cells = r->fields + t->index;
  size_t n_given = 0;
  for (size_t i = 0; i < r->n_batch; i++) {
    t->valid[i] = (cells[i * r->n_columns].size & ~FM__FIELD_FLAGS) != 0;
    n_given += t->valid[i];
  }
  if (plain && n_given == r->n_batch && r->format.f.missing == NULL)
    return;
  for (size_t i = 0; i < r->n_batch; i++) {
    const fm__field *cell = &r->fields[i * r->n_columns + t->index];
    const char *text = (const char *)r->buffer + cell->start;
    size_t length = cell->size & ~FM__FIELD_FLAGS;
    t->valid[i] = 1;
    if (is_missing(r, text, length)) {
      empty_cell(r, t, i);
      continue;
    }
    size_t good = plain ? length : fm__utf8_span(text, length);
    if (good < length)
      bad_text(r, t, i, text, good);
  }
}

/* Rows the file will have if the rest is like its first batch; 0 when unknown. */
static size_t expected_rows(const fm__csv_reader *r)
{
  double done = (double)(r->base + r->scan.at), total = (double)r->source.total;
  if (total <= 0 || r->format.windows_1252 || done <= 0)
    return 0;
  double rows = (double)r->n_batch * (total / done) * 1.05;
  double most = total / (double)r->n_columns; /* a row has at least its delimiters and a line end */
  rows = rows < most ? rows : most;
  return rows < 1e12 ? (size_t)rows : 0;
}

static fm_status grow_target(fm__csv_reader *r, fm__target *t, fm_error *err)
{
  size_t need;
  if (r->n_rows == 0 && t->capacity == 0) { /* a wish: when it is not granted, the column grows by doubling */
    size_t wish = expected_rows(r) + FM__BATCH;
    t->values = fm__many(wish, width_of(t->type));
    t->capacity = t->values != NULL ? wish : 0;
  }
  if (!fm__add(r->n_rows, FM__BATCH, &need) || !fm__grow(&t->values, &t->capacity, need, width_of(t->type)))
    return fm__no_memory(err);
  return FM_OK;
}

/* Adds the validity of the batch's good rows; the bitmap appears with the first missing value. */
static bool append_validity(fm__csv_reader *r, fm__target *t, size_t n_good)
{
  size_t n_valid = 0, at = r->n_rows;
  for (size_t i = 0; i < r->n_batch; i++)
    n_valid += t->valid[i] & (r->state[i] == FM__ROW_GOOD);
  if (t->validity == NULL && n_valid == n_good)
    return true;
  bool first = t->validity == NULL;
  if (!fm__grow((void **)&t->validity, &t->validity_capacity, (at + n_good) / 8 + 1, 1))
    return false;
  if (first)
    memset(t->validity, 0xFF, at / 8 + 1);
  for (size_t i = 0; i < r->n_batch; i++) {
    if (r->state[i] != FM__ROW_GOOD)
      continue;
    uint8_t bit = (uint8_t)(1U << (at & 7));
    uint8_t *byte = &t->validity[at >> 3];
    uint8_t kept = (at & 7) == 0 ? 0 : (uint8_t)(*byte & (bit - 1U));
    *byte = (uint8_t)(kept | (t->valid[i] ? bit : 0));
    at++;
  }
  return true;
}

/* Moves the good rows of the batch together. */
static void close_gaps(fm__csv_reader *r, fm__target *t)
{
  size_t width = width_of(t->type);
  char *values = (char *)t->values + r->n_rows * width;
  size_t n = 0;
  for (size_t i = 0; i < r->n_batch; i++)
    if (r->state[i] == FM__ROW_GOOD) {
      if (n != i)
        memcpy(values + n * width, values + i * width, width);
      n++;
    }
}

static bool append_lines(fm__csv_reader *r)
{
  size_t at = r->n_rows;
  for (size_t i = 0; i < r->n_batch; i++) {
    if (r->state[i] != FM__ROW_GOOD)
      continue;
    if (at == 0)
      r->first_line = r->lines[i];
    if (r->line_of_row == NULL && r->lines[i] != r->first_line + (int64_t)at) {
      if (!fm__grow((void **)&r->line_of_row, &r->lines_capacity, at + FM__BATCH, sizeof *r->line_of_row))
        return false;
      for (size_t k = 0; k < at; k++)
        r->line_of_row[k] = r->first_line + (int64_t)k;
    }
    if (r->line_of_row != NULL) {
      if (!fm__grow((void **)&r->line_of_row, &r->lines_capacity, at + 1, sizeof *r->line_of_row))
        return false;
      r->line_of_row[at] = r->lines[i];
    }
    at++;
  }
  return true;
}

static void unescape_batch(fm__csv_reader *r)
{
  size_t n = r->n_batch * r->n_columns;
  for (size_t k = 0; k < n; k++)
    if ((r->fields[k].size & FM__FIELD_ESCAPED) != 0) {
      fm__field *cell = &r->fields[k];
      size_t length = fm__unescape((char *)r->buffer + cell->start, cell->size & ~FM__FIELD_FLAGS);
      cell->size = (uint32_t)length | FM__FIELD_ESCAPED;
    }
}

/* A number or date may not hold a quote: the flag of an escaped cell, which would count as length, goes. */
static void drop_flags(fm__csv_reader *r, const fm__target *t)
{
  for (size_t i = 0; i < r->n_batch; i++)
    r->fields[i * r->n_columns + t->index].size &= ~FM__FIELD_FLAGS;
}

static fm_status add_texts(fm__csv_reader *r, fm__target *t, fm_error *err)
{
  uint8_t wanted[FM__BATCH];
  size_t before = t->texts.n_texts;
  for (size_t i = 0; i < r->n_batch; i++)
    wanted[i] = t->valid[i] & (r->state[i] == FM__ROW_GOOD);
  fm_status status = fm__dictionary_resolve(&t->texts, r->buffer, r->fields + t->index, r->n_columns, wanted,
                                            r->n_batch, (int32_t *)t->values + r->n_rows);
  if (status == FM_ERR_LIMIT) {
    fm__fail(err, FM_ERR_LIMIT, "%s: column \"%.*s\" has more than 2147483647 distinct texts", r->file,
             fm__fit(t->label, 60), t->label);
    fm__error_place(err, r->file, t->label, (int64_t)t->index, -1, -1);
  }
  if (status == FM_OK && t->deciding.wanted != 0 && t->texts.n_texts > before)
    fm__csv_look(r, t, before);
  return status == FM_ERR_MEMORY ? fm__no_memory(err) : status;
}

static fm_status append(fm__csv_reader *r, fm_error *err)
{
  size_t n_good = 0;
  for (size_t i = 0; i < r->n_batch; i++)
    n_good += r->state[i] == FM__ROW_GOOD;
  r->n_left_out += (int64_t)(r->n_batch - n_good);
  if (r->discard)
    return FM_OK;
  for (size_t k = 0; k < r->n_targets; k++) {
    fm__target *t = &r->targets[k];
    fm_status status = t->type == FM_CODE ? add_texts(r, t, err) : FM_OK;
    if (status != FM_OK)
      return status;
    if (n_good < r->n_batch)
      close_gaps(r, t);
    if (!append_validity(r, t, n_good))
      return fm__no_memory(err);
  }
  if (!append_lines(r))
    return fm__no_memory(err);
  r->n_rows += n_good;
  return FM_OK;
}

fm_status fm__csv_convert(fm__csv_reader *r, fm_error *err)
{
  size_t n = r->n_batch;
  if (n == 0)
    return FM_OK;
  const fm__field *first = &r->fields[0], *last = &r->fields[n * r->n_columns - 1];
  size_t end = last->start + (last->size & ~FM__FIELD_FLAGS);
  bool plain = fm__is_plain(r->buffer + first->start, end - first->start);
  if ((r->batch_flags & FM__FIELD_ESCAPED) != 0)
    unescape_batch(r);
  for (size_t k = 0; k < r->n_targets; k++) {
    fm__target *t = &r->targets[k];
    fm_status status = grow_target(r, t, err);
    if (status != FM_OK)
      return status;
    if (t->type == FM_CODE) {
      check_texts(r, t, plain);
    } else {
      if (r->batch_flags != 0)
        drop_flags(r, t);
      convert(r, t);
    }
  }
  fm_status status = append(r, err);
  r->n_batch = 0;
  r->batch_flags = 0;
  return status;
}

void fm__csv_hints(fm__csv_reader *r)
{
  for (size_t k = 0; k < r->n_targets; k++) {
    const fm__target *t = &r->targets[k];
    char hint[256];
    if (t->form_kind < 0)
      continue;
    if (t->type == FM_DATE)
      fm__hint_date(hint, sizeof hint, &t->looks, t->n_given);
    else
      fm__hint_number(hint, sizeof hint, &t->looks, &r->format);
    if (hint[0] != '\0')
      fm__problems_hint(r->problems, t->form_kind, hint);
  }
}
