/* Each file of tests/csv/bad has known problems: place, code, value and words are asserted, in any chunk size. */
#include <stdio.h>
#include <string.h>

#include "csv/csv_priv.h"
#include "support/support.h"

static const fm_csv_column columns[] = {
    {"person_id", NULL, FM_CODE, 1, 1, 1}, {"start", NULL, FM_DATE, 1, 0, 0}, {"income", NULL, FM_F64, 0, 0, 0},
    {"hours", NULL, FM_I32, 0, 0, 0},      {"total", NULL, FM_I64, 0, 0, 0},  {"active", NULL, FM_BOOL, 0, 0, 0},
    {"kind", NULL, FM_CODE, 0, 0, 0},
};

/* One expected problem; a file has one or more rows here, in the order of the table. NULL text: missing; for hint
 * NULL is not looked at. */
typedef struct expectation {
  const char *file, *severity, *code;
  int line; /* -1: none */
  const char *column, *cell, *value, *what, *hint;
  int count;
} expectation;

static const char day_first[] = "all 2 dates of this column look like day-month-year; declare the date form DD-MM-YYYY "
                                "(not guessed: 03-04-2025 could be either)";
static const char some_day_first[] = "2 of the 3 dates of this column look like day-month-year; declare the date form "
                                     "DD-MM-YYYY (not guessed: 03-04-2025 could be either)";
static const char month_first[] = "all 2 dates of this column look like month-day-year; declare the date form "
                                  "MM-DD-YYYY (not guessed: 03-04-2025 could be either)";
static const char two_of_four[] = "2 of the 4 unreadable cells of this column stand for no value; leave them empty or "
                                  "declare \"nan\" as missing";
static const char no_header[] = "none of the expected names stands in the first line; is it a header?";
static const char other[] = "the header line holds 2 other delimiters; declare the delimiter";
static const char encoding[] = "if a Danish spreadsheet saved the file, declare the encoding windows-1252";

#define E "error"
#define N "note"
static const expectation cases[] = {
    {"bool.csv", E, "FM-B01", 2, "active", "F2", "maybe", "not yes or no", NULL, 1},
    {"date_ambiguous.csv", E, "FM-D01", 2, "start", "B2", "03-04-2025", "not a date", some_day_first, 2},
    {"date_ambiguous.csv", E, "FM-D01", 3, "start", "B3", "05-06-2025", "not a date", some_day_first, 2},
    {"date_day_first.csv", E, "FM-D01", 2, "start", "B2", "31-12-2025", "not a date", day_first, 2},
    {"date_day_first.csv", E, "FM-D01", 3, "start", "B3", "13-01-2026", "not a date", day_first, 2},
    {"date_digits.csv", E, "FM-D01", 2, "start", "B2", "20251231", "not a date",
     "the dates of this column have the year first; declare the date form YYYYMMDD", 1},
    {"date_month_first.csv", E, "FM-D01", 2, "start", "B2", "12-31-2025", "not a date", month_first, 2},
    {"date_month_first.csv", E, "FM-D01", 3, "start", "B3", "01-02-2025", "not a date", month_first, 2},
    {"date_na.csv", E, "FM-D01", 2, "start", "B2", "NA", "not a date",
     "the unreadable cells of this column stand for no value; leave them empty or declare \"NA\" as missing", 1},
    {"date_no_day.csv", E, "FM-D02", 2, "start", "B2", "2025-02-30", "no such day", NULL, 1},
    {"date_personal.csv", E, "FM-D01", 2, "start", "B2", NULL, "not a date", NULL, 1},
    {"date_serial.csv", E, "FM-D01", 2, "start", "B2", "45292", "not a date",
     "the cells of this column look like a spreadsheet's day numbers; format the column as a date and save again", 1},
    {"date_short.csv", E, "FM-D01", 2, "start", "B2", "1-2-2025", "not a date",
     "the dates of this column have days or months of one digit; save them with two", 1},
    {"date_slashes.csv", E, "FM-D01", 2, "start", "B2", "2025/12/31", "not a date",
     "the dates of this column have the year first; declare the date form YYYY/MM/DD", 1},
    {"date_time.csv", E, "FM-D01", 2, "start", "B2", "2025-12-31 00:00:00", "not a date",
     "the cells of this column hold a time of day as well; save the column as a date only", 1},
    {"empty.csv", E, "FM-S06", -1, NULL, NULL, NULL, "the file is empty", NULL, 1},
    {"empty_mark.csv", E, "FM-S06", -1, NULL, NULL, NULL, "the file is empty", NULL, 1},
    {"header_nul.csv", E, "FM-E02", 1, NULL, "A1", NULL, "a NUL byte in the header",
     "the file may be UTF-16; save it as UTF-8", 1},
    {"header_open.csv", E, "FM-S02", 1, NULL, NULL, NULL, "a quote in the header that is not closed", NULL, 1},
    {"header_quote.csv", E, "FM-S03", 1, NULL, "A1", NULL, "text after a closing quote in the header", NULL, 1},
    {"header_utf8.csv", E, "FM-E01", 1, NULL, "B1", NULL, "a column name that is not in the declared encoding", NULL,
     1},
    {"id_empty.csv", E, "FM-V01", 2, "person_id", "A2", NULL, "no value", NULL, 1},
    {"lines.csv", E, "FM-D01", 9, "start", "B6", "x", "not a date", NULL, 2},
    {"lines.csv", E, "FM-D01", 10, "start", "B7", "y", "not a date", NULL, 2},
    {"mark_1252.csv", E, "FM-E04", 1, NULL, NULL, NULL, "the file begins with the mark of UTF-8",
     "declare the encoding utf-8", 1},
    {"missing.csv", E, "FM-H01", -1, "start", NULL, NULL, "the column \"start\" is not there",
     "the file has: person_id, income", 1},
    {"missing_alike.csv", E, "FM-H01", -1, "person_id", NULL, NULL, "the column \"person_id\" is not there",
     "\"Person_ID\" is there; names must be equal letter by letter", 1},
    {"missing_alike.csv", N, "FM-H03", 1, "Person_ID", "A1", NULL, "this column is not read",
     "did you mean \"person_id\"?", 1},
    {"missing_personal.csv", E, "FM-H01", -1, "start", NULL, NULL, "the column \"start\" is not there",
     "the file has: person_id, ..., ...", 1},
    {"missing_personal.csv", N, "FM-H03", 1, NULL, "B1", NULL, "this column is not read",
     "its name has the form of a personal number; is the first line a header?", 2},
    {"missing_personal.csv", N, "FM-H03", 1, NULL, "C1", NULL, "this column is not read",
     "its name has the form of a personal number; is the first line a header?", 2},
    {"no_header.csv", E, "FM-H01", -1, "person_id", NULL, NULL, "the column \"person_id\" is not there", no_header, 1},
    {"no_header.csv", E, "FM-H01", -1, "start", NULL, NULL, "the column \"start\" is not there", no_header, 1},
    {"nul.csv", E, "FM-E02", 2, "kind", "G2", "a?b", "a NUL byte at offset 67", NULL, 1},
    {"number_comma.csv", E, "FM-N01", 2, "income", "C2", "184250,50", "not a number",
     "the file looks Danish; declare the decimal comma", 1},
    {"number_danish.csv", E, "FM-N01", 2, "income", "C2", "184.250,50", "not a number",
     "the file looks Danish; declare the decimal comma and the thousands point", 1},
    {"number_english.csv", E, "FM-N01", 2, "income", "C2", "184,250.50", "not a number", "declare the thousands comma",
     1},
    {"number_range.csv", E, "FM-N02", 2, "income", "C2", "1e999", "number out of range", NULL, 1},
    {"number_range.csv", E, "FM-N02", 2, "hours", "D2", NULL, "number out of range", NULL, 1},
    {"number_range.csv", E, "FM-N02", 2, "total", "E2", "9223372036854775808", "number out of range", NULL, 1},
    {"number_whole.csv", E, "FM-N03", 2, "hours", "D2", "37.5", "not a whole number", NULL, 1},
    {"number_whole.csv", E, "FM-N01", 2, "total", "E2", "x", "not a number", NULL, 1},
    {"number_words.csv", E, "FM-N01", 2, "income", "C2", "nan", "not a number", two_of_four, 4},
    {"number_words.csv", E, "FM-N01", 3, "income", "C3", "0x10", "not a number", two_of_four, 4},
    {"number_words.csv", E, "FM-N01", 4, "income", "C4", "1e", "not a number", two_of_four, 4},
    {"number_words.csv", E, "FM-N01", 5, "income", "C5", "-", "not a number", two_of_four, 4},
    {"quote_after.csv", E, "FM-S03", 2, "kind", "G2", NULL, "text after a closing quote", NULL, 1},
    {"quote_after.csv", E, "FM-N01", 3, "income", "C3", "x", "not a number", NULL, 1},
    {"quote_open.csv", E, "FM-S02", 4, "kind", "G3", NULL, "a quote that is not closed before the end of the file",
     NULL, 1},
    {"ragged.csv", E, "FM-S01", 3, NULL, "G3", NULL, "6 cells in this row",
     "a line end inside a text must stand in quotes", 2},
    {"ragged.csv", E, "FM-S01", 4, NULL, "H4", NULL, "8 cells in this row",
     "a text or number that holds the delimiter must stand in quotes", 2},
    {"skipped.csv", N, "FM-H03", 1, "Kind", "C1", NULL, "this column is not read", "did you mean \"kind\"?", 1},
    {"skipped.csv", N, "FM-H04", 1, NULL, "D1", NULL, "a column without a name is not read", NULL, 1},
    {"skipped.csv", N, "FM-H03", 1, "other", "E1", NULL, "this column is not read", NULL, 1},
    {"twice.csv", E, "FM-H02", 1, "start", "C1", NULL, "a column name that is there twice", NULL, 1},
    {"two_delimiters.csv", E, "FM-S05", 1, NULL, NULL, NULL,
     "the header line may be parted by commas (1), semicolons (3) or tabs (0)", "declare the delimiter", 1},
    {"utf16.csv", E, "FM-E03", 1, NULL, NULL, NULL, "the file is UTF-16", "save the file as \"CSV UTF-8\"", 1},
    {"utf32.csv", E, "FM-E03", 1, NULL, NULL, NULL, "the file is UTF-32", "save the file as \"CSV UTF-8\"", 1},
    {"utf8.csv", E, "FM-E01", 2, "kind", "G2", "sm?r", "not UTF-8: byte 0xF8 at offset 68", encoding, 2},
    {"utf8.csv", E, "FM-E01", 3, "person_id", "A3", NULL, "not UTF-8: byte 0xE6 at offset 73", encoding, 1},
    {"utf8.csv", E, "FM-E01", 3, "kind", "G3", "\"?", "not UTF-8: byte 0xE5 at offset 95", encoding, 2},
    {"windows_1252.csv", E, "FM-E04", 2, "kind", "G2", "?", "byte 0x81 is not windows-1252", NULL, 1},
    {"wrong_delimiter.csv", E, "FM-H01", -1, "person_id", NULL, NULL, "the column \"person_id\" is not there", other,
     1},
    {"wrong_delimiter.csv", E, "FM-H01", -1, "start", NULL, NULL, "the column \"start\" is not there", other, 1},
};

static void settings(const char *file, fm_csv_schema *schema, fm_csv_format *format)
{
  fm_csv_schema_init(schema, sizeof *schema);
  fm_csv_format_init(format, sizeof *format);
  schema->columns = columns;
  schema->n_columns = sizeof columns / sizeof columns[0];
  format->encoding = strstr(file, "1252") != NULL ? "windows-1252" : NULL;
  format->delimiter = strstr(file, "wrong_") != NULL ? ',' : 0;
}

static void path_of(char path[1024], const char *file)
{
  snprintf(path, 1024, "%s/tests/csv/bad/%s", FM_PROJECT_DIR, file);
}

static void same(const char *file, const char *what, const char *got, const char *expected)
{
  bool equal = got == NULL || expected == NULL ? got == expected : strcmp(got, expected) == 0;
  ck_assert_msg(equal, "%s: %s is \"%s\", expected \"%s\"", file, what, got != NULL ? got : "(none)",
                expected != NULL ? expected : "(none)");
}

static void check_row(const expectation *e, const fm_table *problems, size_t row)
{
  double line = fm_test_number(problems, "line", row);
  same(e->file, "severity", fm_test_text(problems, "severity", row), e->severity);
  same(e->file, "code", fm_test_text(problems, "code", row), e->code);
  same(e->file, "table", fm_test_text(problems, "table", row), e->file);
  ck_assert_msg(e->line < 0 ? line != line : line == e->line, "%s: line is %g, expected %d", e->file, line, e->line);
  same(e->file, "column", fm_test_text(problems, "column", row), e->column);
  same(e->file, "cell", fm_test_text(problems, "cell", row), e->cell);
  same(e->file, "value", fm_test_text(problems, "value", row), e->value);
  same(e->file, "what", fm_test_text(problems, "what", row), e->what);
  if (e->hint != NULL)
    same(e->file, "hint", fm_test_text(problems, "hint", row), e->hint);
  ck_assert_msg((int)fm_test_number(problems, "count", row) == e->count, "%s: count", e->file);
}

/* Compares all problems of the file of cases[first]; gives the index of the next file's first case. */
static int check_file(int first, const fm_table *problems)
{
  int k = first;
  for (; k < FM_COUNT(cases) && strcmp(cases[k].file, cases[first].file) == 0; k++) {
    ck_assert_msg((size_t)(k - first) < fm_table_n_rows(problems), "%s: %zu problems", cases[first].file,
                  fm_table_n_rows(problems));
    check_row(&cases[k], problems, (size_t)(k - first));
  }
  ck_assert_msg((size_t)(k - first) == fm_table_n_rows(problems), "%s: %zu problems", cases[first].file,
                fm_table_n_rows(problems));
  return k;
}

START_TEST(test_files)
{
  for (int k = 0; k < FM_COUNT(cases);) {
    fm_csv_schema schema;
    fm_csv_format format;
    fm_error err = FM_ERROR_INIT;
    fm_table *t, *problems;
    char path[1024];
    path_of(path, cases[k].file);
    settings(cases[k].file, &schema, &format);
    fm_status status = fm_csv_read_file(&t, &problems, path, &schema, &format, 0, NULL, &err);
    bool error = cases[k].severity[0] == 'e';
    ck_assert_msg(status == (error ? FM_ERR_DATA : FM_OK), "%s: %s %s", cases[k].file, fm_status_name(status),
                  err.message);
    ck_assert_msg((t == NULL) == error, "%s: table", cases[k].file);
    ck_assert_msg(problems != NULL, "%s: no problems table", cases[k].file);
    if (error) { /* the error struct tells the first */
      ck_assert_str_eq(err.detail, cases[k].code);
      ck_assert_int_eq(err.line, cases[k].line);
      ck_assert_str_eq(err.table, cases[k].file);
      ck_assert_str_eq(err.column, cases[k].column != NULL ? cases[k].column : "");
      ck_assert_str_eq(err.value, cases[k].value != NULL ? cases[k].value : "");
      ck_assert_msg(strstr(err.message, cases[k].what) != NULL, "%s: %s", cases[k].file, err.message);
    }
    k = check_file(k, problems);
    fm_table_destroy(t);
    fm_table_destroy(problems);
  }
}
END_TEST

static char *load(const char *file, size_t *size)
{
  char path[1024];
  path_of(path, file);
  FILE *f = fopen(path, "rb");
  ck_assert_msg(f != NULL, "cannot open %s", path);
  char *data = calloc(4096, 1);
  *size = fread(data, 1, 4096, f);
  fclose(f);
  return data;
}

/* The same problems whatever the size of the pieces in which the file comes. */
START_TEST(test_chunks)
{
  for (size_t chunk = 1; chunk < 40; chunk++)
    for (int k = 0; k < FM_COUNT(cases);) {
      fm_csv_schema schema;
      fm_csv_format format;
      fm_error err = FM_ERROR_INIT;
      fm_table *t, *table;
      size_t size;
      char *data = load(cases[k].file, &size);
      fm__problems *problems = fm__problems_create();
      settings(cases[k].file, &schema, &format);
      fm_status status =
          fm__csv_read_memory(&t, problems, data, size, cases[k].file, &schema, &format, 0, chunk, NULL, &err);
      ck_assert_msg(status == (cases[k].severity[0] == 'e' ? FM_ERR_DATA : FM_OK), "%s in pieces of %zu: %s",
                    cases[k].file, chunk, err.message);
      fm_error_clear(&err);
      fm_assert_ok(fm__problems_table(problems, &table, &err), &err);
      k = check_file(k, table);
      fm__problems_destroy(problems);
      fm_table_destroy(t);
      fm_table_destroy(table);
      free(data);
    }
}
END_TEST

/* Bad rows left out: the good ones keep their lines, all bad ones are listed. */
START_TEST(test_skip_bad)
{
  static const char text[] = "person_id,start,income,kind\n"
                             "p1,2025-01-01,1,a\n"
                             "p2,2025-01-32,2,b\n"
                             "p3,2025-01-03\n"
                             "p4,2025-01-04,4,\n"
                             "p5,2025-01-05,x,\xFF\n"
                             "\n"
                             "p6,2025-01-06,6,a\n";
  fm_csv_schema schema;
  fm_csv_format format;
  fm_error err = FM_ERROR_INIT;
  fm_table *t, *problems;
  settings("", &schema, &format);
  fm_assert_ok(fm_csv_read_memory(&t, &problems, text, sizeof text - 1, "p.csv", &schema, &format, 1, NULL, &err),
               &err);
  ck_assert_uint_eq(fm_table_n_rows(t), 3);
  static const char *const ids[] = {"p1", "p4", "p6"};
  static const int lines[] = {2, 5, 8}, incomes[] = {1, 4, 6};
  for (size_t i = 0; i < 3; i++) {
    ck_assert_str_eq(fm_test_text(t, "person_id", i), ids[i]);
    ck_assert_int_eq(fm_table_line(t, i), lines[i]);
    ck_assert(fm_test_number(t, "income", i) == incomes[i]);
  }
  ck_assert_ptr_null(fm_test_text(t, "kind", 1));
  ck_assert_str_eq(fm_test_text(t, "kind", 2), "a");
  ck_assert_uint_eq(fm_table_n_texts(t, (size_t)fm_table_column_index(t, "kind")), 1); /* no text of a bad row */
  ck_assert_uint_eq(fm_table_n_texts(t, 0), 3);
  ck_assert_str_eq(fm_table_note(t, "rows_left_out"), "3");
  ck_assert_uint_eq(fm_table_n_rows(problems), 4);
  static const char *const codes[] = {"FM-D02", "FM-S01", "FM-N01", "FM-E01"};
  static const int bad_lines[] = {3, 4, 6, 6}, bad_rows[] = {1, 2, 4, 4};
  for (size_t i = 0; i < 4; i++) {
    ck_assert_str_eq(fm_test_text(problems, "code", i), codes[i]);
    ck_assert(fm_test_number(problems, "line", i) == bad_lines[i]);
    ck_assert(fm_test_number(problems, "row", i) == bad_rows[i]);
  }
  fm_assert_ok(fm_table_check(t, &err), &err);
  fm_table_destroy(t);
  fm_table_destroy(problems);
}
END_TEST

/* Of each kind 20 are kept and all are counted; bad rows are spread over several batches. */
START_TEST(test_cap)
{
  size_t n = 5000, size = 0;
  char *text = malloc(n * 40);
  size += (size_t)sprintf(text, "person_id,start,income\n");
  for (size_t i = 0; i < n; i++)
    size += (size_t)sprintf(text + size, "p%zu,2025-01-01,%s\n", i, i % 3 != 0 ? "x" : i % 2 == 0 ? "1,5" : "5");
  fm_csv_schema schema;
  fm_csv_format format;
  fm_error err = FM_ERROR_INIT;
  fm_table *t, *problems;
  settings("", &schema, &format);
  ck_assert_int_eq(fm_csv_read_memory(&t, &problems, text, size, "p.csv", &schema, &format, 0, NULL, &err),
                   FM_ERR_DATA);
  ck_assert_uint_eq(fm_table_n_rows(problems), 40);
  size_t row = fm_test_row(problems, "code", "FM-N01", NULL, NULL, NULL, NULL);
  ck_assert(fm_test_number(problems, "count", row) == 3333);
  row = fm_test_row(problems, "code", "FM-S01", NULL, NULL, NULL, NULL);
  ck_assert(fm_test_number(problems, "count", row) == 834); /* i = 0, 6, 12 ... 4998: a decimal comma without quotes */
  ck_assert_str_eq(fm_test_text(problems, "cell", row), "D2");
  free(text);
  fm_table_destroy(problems);
}
END_TEST

static char *long_row(size_t length, char fill, size_t *size)
{
  static const char head[] = "person_id,start\np1,2025-01-01\n";
  char *text = malloc(sizeof head + length);
  memcpy(text, head, sizeof head - 1);
  memset(text + sizeof head - 1, 'x', length);
  text[sizeof head - 1] = fill;
  *size = sizeof head - 1 + length;
  return text;
}

/* A line of 10 MB, with and without an open quote, is one clear error and not 10 MB of memory. */
START_TEST(test_long_row)
{
  static const struct {
    char fill;
    const char *code, *what;
  } rows[] = {{'x', "FM-S04", "a row that is too long"},
              {'"', "FM-S02", "a quote that is not closed within 1048576 bytes"}};
  for (int k = 0; k < FM_COUNT(rows); k++) {
    fm_csv_schema schema;
    fm_csv_format format;
    fm_error err = FM_ERROR_INIT;
    fm_table *t, *problems;
    size_t size;
    char *text = long_row(10000000, rows[k].fill, &size);
    settings("", &schema, &format);
    /* Not even with skip_bad: what follows cannot be told. */
    ck_assert_int_eq(fm_csv_read_memory(&t, &problems, text, size, "p.csv", &schema, &format, 1, NULL, &err),
                     FM_ERR_DATA);
    ck_assert_ptr_null(t);
    ck_assert_uint_eq(fm_table_n_rows(problems), 1);
    ck_assert_str_eq(fm_test_text(problems, "code", 0), rows[k].code);
    ck_assert_str_eq(fm_test_text(problems, "what", 0), rows[k].what);
    ck_assert(fm_test_number(problems, "line", 0) == 3);
    fm_table_destroy(problems);
    format.max_row_bytes = 11000000; /* the row itself is then read */
    fm_error_clear(&err);
    ck_assert_int_eq(fm_csv_read_memory(&t, &problems, text, size, "p.csv", &schema, &format, 1, NULL, &err),
                     rows[k].fill == 'x' ? FM_OK : FM_ERR_DATA);
    ck_assert_str_eq(fm_test_text(problems, "code", 0), rows[k].fill == 'x' ? "FM-S01" : "FM-S02");
    fm_table_destroy(t);
    fm_table_destroy(problems);
    free(text);
  }
}
END_TEST

/* A row has as many bytes as it has before its line end, wherever the pieces of the file end. */
START_TEST(test_longest_row)
{
  static const struct {
    const char *text, *code, *what; /* NULL: one row is read */
  } files[] = {
      {"a,bcdefghi\r\n12,4567890\r\n", NULL, NULL},
      {"a,bcdefghi\r12,4567890", NULL, NULL},
      {"a,b\n\"2\",\"6789\"\n", NULL, NULL},
      {"a,b\r\n12,45678901\r\n", "FM-S04", "a row that is too long"},
      {"a,b\n12,45678901\n", "FM-S04", "a row that is too long"},
      {"a,b\n12,45678901", "FM-S04", "a row that is too long"},
      {"a,b\n\"2\",\"678901\"\n", "FM-S02", "a quote that is not closed within 10 bytes"},
      {"a,b\n1,\"4567890", "FM-S02", "a quote that is not closed before the end of the file"},
      {"a,b\n1,\"456789012", "FM-S02", "a quote that is not closed within 10 bytes"},
      {"a,bcdefghij\n1,2\n", "FM-S04", "a header line that is too long"},
  };
  for (int k = 0; k < FM_COUNT(files); k++)
    for (size_t chunk = 0; chunk < 40; chunk++) {
      fm_csv_format format = FM_CSV_FORMAT_INIT;
      fm_error err = FM_ERROR_INIT;
      fm_table *t, *table;
      fm__problems *problems = fm__problems_create();
      format.max_row_bytes = 10;
      fm_status status = fm__csv_read_memory(&t, problems, files[k].text, strlen(files[k].text), "p.csv", NULL, &format,
                                             0, chunk, NULL, &err);
      ck_assert_msg(status == (files[k].code == NULL ? FM_OK : FM_ERR_DATA), "file %d in pieces of %zu: %s", k, chunk,
                    err.message);
      fm_error_clear(&err);
      fm_assert_ok(fm__problems_table(problems, &table, &err), &err);
      ck_assert_uint_eq(fm_table_n_rows(files[k].code == NULL ? t : table), 1);
      if (files[k].code != NULL) {
        ck_assert_str_eq(fm_test_text(table, "code", 0), files[k].code);
        ck_assert_str_eq(fm_test_text(table, "what", 0), files[k].what);
      }
      fm__problems_destroy(problems);
      fm_table_destroy(t);
      fm_table_destroy(table);
    }
}
END_TEST

/* Two files in one list: the problems of both, in the order of the files. */
START_TEST(test_shared_list)
{
  fm_csv_schema schema;
  fm_csv_format format;
  fm_error err = FM_ERROR_INIT;
  fm_table *t, *table;
  fm__problems *problems = fm__problems_create();
  static const char *const files[] = {"number_danish.csv", "bool.csv", "skipped.csv"};
  for (int k = 0; k < FM_COUNT(files); k++) {
    char path[1024];
    path_of(path, files[k]);
    settings(files[k], &schema, &format);
    fm_status status = fm__csv_read_file(&t, problems, path, &schema, &format, 0, NULL, &err);
    ck_assert_int_eq(status, k == 2 ? FM_OK : FM_ERR_DATA); /* a good file stays good */
    fm_table_destroy(t);
  }
  fm__problem own = FM__PROBLEM_INIT;
  own.code = "FM-R02";
  own.table = "bool.csv";
  own.row = 0;
  own.what = "unknown";
  own.hint = "hint";
  ck_assert_int_ge(fm__problems_add(problems, &own), 0);
  ck_assert_int_eq(fm__problems_count(problems, FM__ERROR), 3);
  ck_assert_int_eq(fm__problems_count(problems, FM__NOTE), 3);
  fm_error_clear(&err);
  fm_assert_ok(fm__problems_table(problems, &table, &err), &err);
  static const char *const codes[] = {"FM-N01", "FM-R02", "FM-B01", "FM-H03", "FM-H04", "FM-H03"};
  ck_assert_uint_eq(fm_table_n_rows(table), 6);
  for (size_t i = 0; i < 6; i++)
    ck_assert_str_eq(fm_test_text(table, "code", i), codes[i]);
  ck_assert_str_eq(fm_test_text(table, "hint", 1), "hint");
  fm_table_destroy(table);
  fm__problems_destroy(problems);
}
END_TEST

static fm_status read_bad(void *ctx, fm_error *err)
{
  fm_csv_schema schema;
  fm_csv_format format;
  fm_table *t, *problems;
  const char *text = ctx;
  settings("", &schema, &format);
  fm_status status = fm_csv_read_memory(&t, &problems, text, strlen(text), "p.csv", &schema, &format, 0, NULL, err);
  if (status == FM_ERR_DATA) {
    fm_table_destroy(problems);
    fm_error_clear(err);
    return FM_OK;
  }
  ck_assert_ptr_null(problems);
  return status;
}

START_TEST(test_memory)
{
  ck_assert_int_gt(fm_test_allocations(read_bad, (char[]){"person_id,start,Kind\np1,x,a\np2,31-12-2025,\"b\nc"}), 10);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("csv-bad");
  TCase *tcase = tcase_create("bad");
  tcase_add_test(tcase, test_files);
  tcase_add_test(tcase, test_chunks);
  tcase_add_test(tcase, test_longest_row);
  tcase_add_test(tcase, test_skip_bad);
  tcase_add_test(tcase, test_cap);
  tcase_add_test(tcase, test_long_row);
  tcase_add_test(tcase, test_shared_list);
  tcase_add_test(tcase, test_memory);
  suite_add_tcase(suite, tcase);
  return fm_test_main(suite);
}
