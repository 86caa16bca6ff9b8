/* The first line: byte order marks, the delimiter, the names, and which of them the schema asks for. */
#include "code/code_priv.h"
#include "csv/reader_priv.h"

#include <stdio.h>
#include <string.h>

const char *fm__csv_label(const fm__csv_reader *r, size_t column)
{
  return (const char *)r->labels.data + r->label_at[column];
}

/* A problem after which no row can be read. */
static void fatal(fm__csv_reader *r, const char *code, int64_t line, const char *what, const char *expected,
                  const char *hint)
{
  fm__problem problem = FM__PROBLEM_INIT;
  problem.code = code;
  problem.line = line;
  problem.what = what;
  problem.expected = expected;
  problem.hint = hint;
  fm__csv_problem(r, &problem);
  r->stop = true;
}

static void column_problem(fm__csv_reader *r, const char *code, int32_t severity, const char *column, int64_t index,
                           const char *what, const char *expected, const char *hint)
{
  fm__csv_problem(r, &(fm__problem){.code = code,
                                    .severity = severity,
                                    .column = column,
                                    .what = what,
                                    .expected = expected,
                                    .hint = hint,
                                    .row = -1,
                                    .line = index < 0 ? -1 : r->line,
                                    .sheet_row = r->sheet_row,
                                    .column_index = index});
}

static fm_status skip_mark(fm__csv_reader *r, fm_error *err)
{
  while (r->scan.end < 6 && !r->scan.at_end) {
    fm_status status = fm__csv_fill(r, err);
    if (status != FM_OK)
      return status;
  }
  const uint8_t *b = r->buffer;
  size_t n = r->scan.end;
  if (r->format.windows_1252) {
    /* A mark read in the declared encoding: the declaration is wrong. */
    if (n >= 6 && memcmp(b, "\xC3\xAF\xC2\xBB\xC2\xBF", 6) == 0)
      fatal(r, "FM-E04", 1, "the file begins with the mark of UTF-8", "windows-1252", "declare the encoding utf-8");
    else if (n >= 4 && (memcmp(b, "\xC3\xBF\xC3\xBE", 4) == 0 || memcmp(b, "\xC3\xBE\xC3\xBF", 4) == 0))
      fatal(r, "FM-E03", 1, "the file is UTF-16", "UTF-8 or windows-1252", "save the file as \"CSV UTF-8\"");
    return FM_OK;
  }
  if (n >= 3 && memcmp(b, "\xEF\xBB\xBF", 3) == 0) {
    r->scan.at = 3;
    return FM_OK;
  }
  const char *hint = "save the file as \"CSV UTF-8\"";
  if (n >= 4 && (memcmp(b, "\xFF\xFE\0\0", 4) == 0 || memcmp(b, "\0\0\xFE\xFF", 4) == 0))
    fatal(r, "FM-E03", 1, "the file is UTF-32", "UTF-8 or windows-1252", hint);
  else if (n >= 2 && (memcmp(b, "\xFF\xFE", 2) == 0 || memcmp(b, "\xFE\xFF", 2) == 0))
    fatal(r, "FM-E03", 1, "the file is UTF-16", "UTF-8 or windows-1252", hint);
  return FM_OK;
}

/* Counts the three delimiters outside quotes up to the first line end; false when the data end before it. */
static bool count_delimiters(const fm__csv_reader *r, size_t count[3])
{
  const fm__scan *s = &r->scan;
  bool quoted = false;
  memset(count, 0, 3 * sizeof *count);
  for (size_t p = s->at; p < s->end; p++) {
    uint8_t c = s->data[p];
    if (c == '"')
      quoted = !quoted;
    else if (!quoted && (c == '\n' || c == '\r'))
      return true;
    else if (!quoted && c == ',')
      count[0]++;
    else if (!quoted && c == ';')
      count[1]++;
    else if (!quoted && c == '\t')
      count[2]++;
  }
  return s->at_end;
}

static bool header_too_long(fm__csv_reader *r, size_t at, int outcome)
{
  char expected[64];
  if (!fm__csv_is_long(r, at, outcome))
    return false;
  snprintf(expected, sizeof expected, "at most %zu bytes in a row", r->format.f.max_row_bytes);
  fatal(r, "FM-S04", r->line, "a header line that is too long", expected, "is this a CSV file?");
  return true;
}

/* Chooses the delimiter when none is declared. */
static fm_status take_delimiter(fm__csv_reader *r, fm_error *err)
{
  static const char signs[] = {',', ';', '\t'};
  size_t count[3];
  int32_t chosen = r->format.f.delimiter;
  if (chosen == 0) {
    while (!count_delimiters(r, count) && !header_too_long(r, r->scan.at, FM__ROW_MORE)) {
      fm_status status = fm__csv_fill(r, err);
      if (status != FM_OK)
        return status;
    }
    size_t kinds = 0;
    chosen = ',';
    for (size_t k = 0; k < 3; k++)
      if (count[k] > 0) {
        kinds++;
        chosen = signs[k];
      }
    if (kinds > 1 && !r->stop) {
      char what[96];
      snprintf(what, sizeof what, "the header line may be parted by commas (%zu), semicolons (%zu) or tabs (%zu)",
               count[0], count[1], count[2]);
      fatal(r, "FM-S05", r->line, what, "one kind of delimiter", "declare the delimiter");
    }
  }
  r->format.f.delimiter = chosen;
  fm__scan scan = r->scan;
  fm__scan_init(&r->scan, (uint8_t)chosen);
  r->scan.data = scan.data;
  r->scan.at = scan.at;
  r->scan.end = scan.end;
  r->scan.at_end = scan.at_end;
  return FM_OK;
}

/* Copies the names of the header, trimmed. */
static fm_status take_labels(fm__csv_reader *r, const fm__field *fields, fm_error *err)
{
  r->label_at = fm__array(r->n_columns + 1, sizeof *r->label_at);
  if (r->label_at == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < r->n_columns; k++) {
    char *start = (char *)r->buffer + fields[k].start;
    const char *text = start;
    size_t length = fields[k].size & ~FM__FIELD_FLAGS;
    if ((fields[k].size & FM__FIELD_ESCAPED) != 0)
      length = fm__unescape(start, length);
    fm__trim(&text, &length);
    r->label_at[k] = r->labels.size;
    size_t good = fm__utf8_span(text, length);
    if (good < length || (fields[k].size & FM__FIELD_DAMAGED) != 0) {
      bool nul = good < length && text[good] == '\0';
      column_problem(r,
                     good == length           ? "FM-S03"
                     : nul                    ? "FM-E02"
                     : r->format.windows_1252 ? "FM-E04"
                                              : "FM-E01",
                     FM__ERROR, NULL, (int64_t)k,
                     good == length ? "text after a closing quote in the header"
                     : nul          ? "a NUL byte in the header"
                                    : "a column name that is not in the declared encoding",
                     "a column name", nul ? "the file may be UTF-16; save it as UTF-8" : NULL);
      r->stop = true;
    }
    fm__bytes_raw(&r->labels, text, good);
    fm__bytes_u8(&r->labels, 0);
  }
  return r->labels.failed ? fm__no_memory(err) : FM_OK;
}

/* Finds the header line, skipping empty lines before it. */
static fm_status read_labels(fm__csv_reader *r, fm_error *err)
{
  fm__row row;
  int outcome;
  for (;;) {
    size_t at = r->scan.at;
    outcome = fm__scan_row(&r->scan, NULL, 0, &row);
    if (outcome != FM__ROW_NONE && header_too_long(r, at, outcome))
      return FM_OK;
    if (outcome == FM__ROW_MORE) {
      fm_status status = fm__csv_fill(r, err);
      if (status != FM_OK)
        return status;
      continue;
    }
    if (outcome == FM__ROW_FOUND)
      r->scan.at = at; /* once more, now that the number of columns is known */
    if (outcome != FM__ROW_BLANK)
      break;
    r->line++;
    r->sheet_row++;
  }
  if (outcome == FM__ROW_NONE) {
    fatal(r, "FM-S06", -1, "the file is empty", "a line with the column names", NULL);
    return FM_OK;
  }
  if (outcome == FM__ROW_OPEN) {
    fatal(r, "FM-S02", r->line + row.quote_lines, "a quote in the header that is not closed", "a closing quote", NULL);
    return FM_OK;
  }
  r->n_columns = row.n_fields;
  fm__field *fields = fm__array(row.n_fields, sizeof *fields);
  if (fields == NULL)
    return fm__no_memory(err);
  fm__scan_row(&r->scan, fields, row.n_fields, &row);
  r->header_lines = row.n_lines;
  fm_status status = take_labels(r, fields, err);
  fm__free(fields);
  return status;
}

static fm_status add_target(fm__csv_reader *r, fm__target target, fm_error *err)
{
  fm__target *t = &r->targets[r->n_targets];
  *t = target;
  t->form_kind = -1;
  if (t->type == FM_CSV_ANY || t->type == FM_CSV_KEY) {
    t->deciding = (fm__deciding){.wanted = t->type, .can = FM__CAN_ALL};
    t->type = FM_CODE;
  }
  r->n_targets++;
  return fm__dictionary_init(&t->texts) == FM_OK ? FM_OK : fm__no_memory(err);
}

/* Equal but for the case of ASCII letters, spaces and the signs _ and -. */
static bool is_alike(const char *a, const char *b)
{
  for (;; a++, b++) {
    while (*a == ' ' || *a == '_' || *a == '-')
      a++;
    while (*b == ' ' || *b == '_' || *b == '-')
      b++;
    char x = *a >= 'A' && *a <= 'Z' ? (char)(*a + 32) : *a;
    char y = *b >= 'A' && *b <= 'Z' ? (char)(*b + 32) : *b;
    if (x != y)
      return false;
    if (x == '\0')
      return true;
  }
}

static const char *header_of(const fm_csv_column *c)
{
  return c->header != NULL ? c->header : c->name;
}

/* The column of the file whose name is most like `wanted`; NULL when none is. */
static const char *nearest_label(const fm__csv_reader *r, const char *wanted)
{
  const char *best = NULL;
  size_t least = SIZE_MAX;
  for (size_t k = 0; k < r->n_columns; k++) {
    const char *label = fm__csv_label(r, k);
    size_t cost = fm__csv_may_be_personal(label, strlen(label)) ? SIZE_MAX : fm__code_cost(wanted, label);
    if (cost < least) {
      least = cost;
      best = label;
    }
  }
  return best;
}

/* "the file has: a, b", as many as there is room for; the nearest name before it. */
static void list_labels(const fm__csv_reader *r, const char *wanted, char *out, size_t size)
{
  const char *near = nearest_label(r, wanted);
  size_t n = 0;
  if (near != NULL)
    n = (size_t)snprintf(out, size, "did you mean \"%.*s\"? The file has: ", fm__fit(near, 80), near);
  else
    n = (size_t)snprintf(out, size, "the file has: ");
  for (size_t k = 0; k < r->n_columns && n < size - 100; k++) {
    const char *label = fm__csv_label(r, k);
    bool shown = !fm__csv_may_be_personal(label, strlen(label));
    n += (size_t)snprintf(out + n, size - n, "%s%.*s", k == 0 ? "" : ", ", shown ? fm__fit(label, 80) : 3,
                          shown ? label : "...");
  }
}

/* Lists the names found, unless the first line seems to be data, which may name people. */
static void missing_column(fm__csv_reader *r, const fm_csv_column *c)
{
  char what[160], hint[400] = "";
  size_t others = 0;
  snprintf(what, sizeof what, "the column \"%.*s\" is not there", fm__fit(header_of(c), 80), header_of(c));
  for (size_t k = 0; k < r->n_columns; k++)
    if (is_alike(fm__csv_label(r, k), header_of(c))) {
      snprintf(hint, sizeof hint, "\"%.*s\" is there; names must be equal letter by letter",
               fm__fit(fm__csv_label(r, k), 80), fm__csv_label(r, k));
      column_problem(r, "FM-H01", FM__ERROR, header_of(c), -1, what, "this column", hint);
      return;
    }
  const char *only = r->n_columns == 1 ? fm__csv_label(r, 0) : "";
  for (size_t i = 0; only[i] != '\0'; i++)
    others += strchr(",;\t", only[i]) != NULL;
  if (others > 0)
    snprintf(hint, sizeof hint, "the header line holds %zu other delimiters; declare the delimiter", others);
  else if (!r->names_known && nearest_label(r, header_of(c)) != NULL)
    snprintf(hint, sizeof hint, "did you mean \"%.*s\"?", fm__fit(nearest_label(r, header_of(c)), 80),
             nearest_label(r, header_of(c)));
  else if (!r->names_known)
    snprintf(hint, sizeof hint, "none of the expected names stands in the first line; is it a header?");
  else
    list_labels(r, header_of(c), hint, sizeof hint);
  column_problem(r, "FM-H01", FM__ERROR, header_of(c), -1, what, "this column", hint);
}

static void skipped_column(fm__csv_reader *r, size_t k)
{
  const char *label = fm__csv_label(r, k), *alike = NULL;
  char hint[200];
  r->n_skipped++;
  if (r->schema.others == FM_CSV_SKIP)
    return;
  if (label[0] == '\0') {
    column_problem(r, "FM-H04", FM__NOTE, NULL, (int64_t)k, "a column without a name is not read", NULL, NULL);
    return;
  }
  if (!r->names_known)
    return;
  if (fm__csv_may_be_personal(label, strlen(label))) {
    column_problem(r, "FM-H03", FM__NOTE, NULL, (int64_t)k, "this column is not read", NULL,
                   "its name has the form of a personal number; is the first line a header?");
    return;
  }
  for (size_t i = 0; i < r->schema.n_columns; i++)
    if (is_alike(label, header_of(&r->schema.columns[i])))
      alike = header_of(&r->schema.columns[i]);
  snprintf(hint, sizeof hint, "did you mean \"%.*s\"?", alike != NULL ? fm__fit(alike, 80) : 0,
           alike != NULL ? alike : "");
  column_problem(r, "FM-H03", FM__NOTE, label, (int64_t)k, "this column is not read", NULL,
                 alike != NULL ? hint : NULL);
}

static void twice(fm__csv_reader *r, size_t k)
{
  column_problem(r, "FM-H02", FM__ERROR, fm__csv_label(r, k), (int64_t)k, "a column name that is there twice",
                 "each name once", "rename one of the columns or take it out");
  r->stop = true;
}

/* Without a schema: every column with a name. */
static fm_status take_all(fm__csv_reader *r, fm__dictionary *names, fm_error *err)
{
  r->targets = fm__array(r->n_columns, sizeof *r->targets);
  if (r->targets == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < r->n_columns; k++) {
    const char *label = fm__csv_label(r, k);
    int32_t code;
    size_t before = names->n_texts;
    if (label[0] == '\0') {
      skipped_column(r, k);
      continue;
    }
    if (fm__dictionary_add(names, label, strlen(label), &code) != FM_OK)
      return fm__no_memory(err);
    if (names->n_texts == before)
      twice(r, k);
    int32_t type = r->schema.others == FM_CSV_READ ? FM_CSV_ANY : FM_CODE;
    fm_status status = add_target(r, (fm__target){.name = label, .label = label, .index = k, .type = type}, err);
    if (status != FM_OK)
      return status;
  }
  return FM_OK;
}

/* Which column of the file each name stands for, -1: none. A name that is wanted may be there only once; `rest` counts
 * the columns that stand in no schema. */
static void find_columns(fm__csv_reader *r, const fm__dictionary *names, int64_t *found, size_t *rest)
{
  size_t n = r->schema.n_columns;
  for (int pass = 0; pass < 2; pass++)
    for (size_t k = 0; k < r->n_columns; k++) {
      const char *label = fm__csv_label(r, k);
      bool wanted = fm__dictionary_find(names, label, strlen(label)) >= 0;
      if (pass == 0) {
        r->names_known = r->names_known || wanted;
        *rest += !wanted;
      } else if (!wanted && (r->schema.others != FM_CSV_READ || label[0] == '\0')) {
        skipped_column(r, k);
      }
      for (size_t i = 0; pass == 1 && wanted && i < n; i++)
        if (strcmp(header_of(&r->schema.columns[i]), label) == 0) {
          if (found[i] >= 0)
            twice(r, k);
          found[i] = (int64_t)k;
        }
    }
}

/* The columns that the schema does not list, with types that their cells decide. */
static fm_status take_others(fm__csv_reader *r, fm__dictionary *names, fm_error *err)
{
  size_t n_named = r->n_targets;
  for (size_t k = 0; k < r->n_columns; k++) {
    const char *label = fm__csv_label(r, k);
    bool listed = false;
    int32_t code;
    for (size_t i = 0; i < n_named; i++)
      listed = listed || r->targets[i].index == k;
    if (listed || label[0] == '\0')
      continue;
    size_t before = names->n_texts;
    if (fm__dictionary_add(names, label, strlen(label), &code) != FM_OK)
      return fm__no_memory(err);
    bool taken = names->n_texts == before;
    for (size_t i = 0; i < n_named; i++)
      taken = taken || strcmp(r->targets[i].name, label) == 0; /* a column that was given this name */
    if (taken)
      twice(r, k);
    fm_status status = add_target(r, (fm__target){.name = label, .label = label, .index = k, .type = FM_CSV_ANY}, err);
    if (status != FM_OK)
      return status;
  }
  return FM_OK;
}

static fm_status take_schema(fm__csv_reader *r, fm__dictionary *names, fm_error *err)
{
  size_t n = r->schema.n_columns, rest = 0;
  int64_t *found = fm__array(n, sizeof *found);
  fm_status status = found != NULL ? FM_OK : FM_ERR_MEMORY;
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    int32_t code;
    found[i] = -1;
    const char *header = header_of(&r->schema.columns[i]);
    status = fm__dictionary_add(names, header, strlen(header), &code);
  }
  if (status == FM_OK) {
    find_columns(r, names, found, &rest);
    r->targets = fm__array(n + rest, sizeof *r->targets);
  }
  if (status != FM_OK || r->targets == NULL) {
    fm__free(found);
    return fm__no_memory(err);
  }
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    const fm_csv_column *c = &r->schema.columns[i];
    if (found[i] >= 0) {
      status = add_target(r,
                          (fm__target){.name = c->name,
                                       .label = fm__csv_label(r, (size_t)found[i]),
                                       .index = (size_t)found[i],
                                       .type = c->type,
                                       .filled = c->filled != 0,
                                       .is_id = c->is_id != 0},
                          err);
    } else if (c->required) {
      missing_column(r, c);
      r->stop = true;
    }
  }
  fm__free(found);
  return status == FM_OK && r->schema.others == FM_CSV_READ ? take_others(r, names, err) : status;
}

fm_status fm__csv_header(fm__csv_reader *r, fm_error *err)
{
  fm__dictionary names;
  fm_status status = skip_mark(r, err);
  if (status == FM_OK && !r->stop)
    status = take_delimiter(r, err);
  if (status == FM_OK && !r->stop)
    status = read_labels(r, err);
  if (status != FM_OK || r->stop)
    return status;
  if (fm__dictionary_init(&names) != FM_OK)
    return fm__no_memory(err);
  r->names_known = r->schema.n_columns == 0;
  status = r->schema.n_columns == 0 ? take_all(r, &names, err) : take_schema(r, &names, err);
  fm__dictionary_free(&names);
  r->line += r->header_lines;
  r->sheet_row++;
  return status;
}
