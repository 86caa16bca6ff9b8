/* A workbook by libxlsxwriter: the page as it reads, the figures as typed cells, what they mean. */
#if !defined(_WIN32)
#define _POSIX_C_SOURCE 200809L
#endif
#include "flexmetrics_xlsx.h"

#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xlsxwriter.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What a sheet of the format holds. */
enum { MOST_ROWS = 1048576, MOST_COLUMNS = 16384, MOST_BYTES = 32767, WIDEST = 60, NARROWEST = 9 };
/* Days from 1899-12-30, day 0 of a workbook, to 1970-01-01. Its calendar is right from 1900-03-01, day 61. */
enum { EPOCH = 25569, FIRST_RIGHT_DAY = 61 };
/* 1980-01-01, the day that stands in the archive as well: the time of writing would make every file another one. */
enum { CREATED = 315532800 };

enum { PLAIN, TITLE, HEAD, HEAD_RIGHT, MONO, MONO_BOLD, WRAP, SHARE, GROWTH, WHOLE, REAL, DATE, STATE, N_LOOKS };

typedef struct book {
  lxw_workbook *w;
  lxw_format *look[N_LOOKS];
  const fm_table *t;
  const char *lang;
  lxw_error fault; /* the first one */
} book;

static fm_status fail(fm_error *err, fm_status status, const char *message)
{
  if (err != NULL && err->code == FM_OK) {
    err->code = status;
    snprintf(err->message, sizeof err->message, "%s", message);
  }
  return status;
}

static void note(book *b, lxw_error fault)
{
  if (b->fault == LXW_NO_ERROR)
    b->fault = fault;
}

static const char *label(const book *b, const char *prefix, const char *name)
{
  char key[160];
  int n = snprintf(key, sizeof key, "%s.%s", prefix, name);
  const char *found = n > 0 && (size_t)n < sizeof key ? fm_catalogue_label(key, b->lang) : key;
  return found != key ? found : name;
}

static size_t width_of(const char *text)
{
  size_t n = 0;
  for (; *text != '\0'; text++)
    n += ((unsigned char)*text & 0xC0) != 0x80;
  return n;
}

/* ---- looks ---- */

static void make_looks(book *b)
{
  bool danish = strcmp(b->lang, "da") == 0;
  for (size_t k = 0; k < N_LOOKS; k++)
    if ((b->look[k] = workbook_add_format(b->w)) == NULL) {
      note(b, LXW_ERROR_MEMORY_MALLOC_FAILED);
      return;
    }
  const int mono[] = {TITLE, MONO, MONO_BOLD}, bold[] = {TITLE, HEAD, HEAD_RIGHT, MONO_BOLD};
  for (size_t k = 0; k < COUNT(mono); k++) {
    format_set_font_name(b->look[mono[k]], "Courier New");
    format_set_font_size(b->look[mono[k]], 10);
  }
  for (size_t k = 0; k < COUNT(bold); k++)
    format_set_bold(b->look[bold[k]]);
  format_set_bottom(b->look[HEAD], LXW_BORDER_THIN);
  format_set_bottom(b->look[HEAD_RIGHT], LXW_BORDER_THIN);
  format_set_align(b->look[HEAD_RIGHT], LXW_ALIGN_RIGHT);
  format_set_text_wrap(b->look[WRAP]);
  format_set_align(b->look[WRAP], LXW_ALIGN_VERTICAL_TOP);
  format_set_num_format(b->look[SHARE], "0.0%");
  format_set_num_format(b->look[GROWTH], "0.00%");
  format_set_num_format(b->look[WHOLE], "#,##0");
  format_set_num_format(b->look[REAL], "#,##0.0###");
  format_set_num_format(b->look[DATE], danish ? "dd-mm-yyyy" : "yyyy-mm-dd");
  format_set_italic(b->look[STATE]);
  format_set_align(b->look[STATE], LXW_ALIGN_RIGHT);
}

static lxw_worksheet *add_sheet(book *b, const char *name)
{
  lxw_worksheet *s = workbook_add_worksheet(b->w, label(b, "book", name));
  if (s == NULL) {
    note(b, LXW_ERROR_MEMORY_MALLOC_FAILED);
    return NULL;
  }
  worksheet_freeze_panes(s, 1, 0);
  worksheet_set_paper(s, 9); /* A4 */
  worksheet_fit_to_pages(s, 1, 0);
  return s;
}

static void put_text(book *b, lxw_worksheet *s, lxw_row_t row, size_t column, const char *text, int look)
{
  if (text != NULL && text[0] != '\0')
    note(b, worksheet_write_string(s, row, (lxw_col_t)column, text, b->look[look]));
}

/* ---- the first sheet: the page, a line a row ---- */

/* A line of a report that begins with a label, ended by two blanks or the line, has the label in bold; of another table
 * the line of its headings is bold, which comes after a blank one. */
static void put_line(book *b, lxw_worksheet *s, lxw_row_t row, char *line, bool after_blank)
{
  bool report = strcmp(fm_table_name(b->t), "report") == 0, label = report && line[0] != ' ';
  char *gap = label ? strstr(line, "  ") : NULL;
  char *rest = gap;
  if (row == 0 || gap == NULL) {
    put_text(b, s, row, 0, line, row == 0 ? TITLE : label || (!report && after_blank) ? MONO_BOLD : MONO);
    return;
  }
  char first[256];
  int n = snprintf(first, sizeof first, "%.*s", (int)(gap - line), line);
  lxw_rich_string_tuple start = {.format = b->look[MONO_BOLD], .string = first};
  lxw_rich_string_tuple end = {.format = b->look[MONO], .string = rest};
  lxw_rich_string_tuple *parts[] = {&start, &end, NULL};
  if (n <= 0 || (size_t)n >= sizeof first)
    put_text(b, s, row, 0, line, MONO);
  else
    note(b, worksheet_write_rich_string(s, row, 0, parts, b->look[MONO]));
}

static void put_page(book *b, const char *page)
{
  lxw_worksheet *s = add_sheet(b, "page");
  size_t widest = NARROWEST;
  lxw_row_t row = 0;
  bool after_blank = false;
  char *text = malloc(strlen(page) + 1);
  if (s == NULL || text == NULL) {
    free(text);
    note(b, LXW_ERROR_MEMORY_MALLOC_FAILED);
    return;
  }
  strcpy(text, page);
  for (char *line = text, *next; line != NULL && *line != '\0'; line = next, row++) {
    char *end = strchr(line, '\n');
    next = end != NULL ? end + 1 : NULL;
    if (end != NULL)
      *end = '\0';
    size_t width = width_of(line);
    widest = width > widest ? width : widest;
    put_line(b, s, row, line, after_blank);
    after_blank = *line == '\0';
  }
  free(text);
  note(b, worksheet_set_column(s, 0, 0, (double)(widest < 250 ? widest : 250) * 1.15 + 2, NULL));
}

/* ---- the second sheet: the table ---- */

static int64_t at(const book *b, const char *column, int32_t type)
{
  int64_t k = fm_table_column_index(b->t, column);
  return k >= 0 && fm_table_column_type(b->t, (size_t)k) == type ? k : -1;
}

static const char *word(const book *b, int64_t column, size_t row)
{
  return column >= 0 ? fm_table_text(b->t, (size_t)column, row, NULL) : NULL;
}

static bool is_result(const book *b)
{
  return at(b, "indicator", FM_CODE) >= 0 && at(b, "quantity", FM_CODE) >= 0 && at(b, "value", FM_F64) >= 0 &&
         at(b, "unit", FM_CODE) >= 0 && at(b, "state", FM_CODE) >= 0;
}

static bool is_one_of(const char *name, const char *const *list, size_t n)
{
  for (size_t k = 0; name != NULL && k < n; k++)
    if (strcmp(name, list[k]) == 0)
      return true;
  return false;
}

/* How the figures of a row look: those of these columns are in the row's unit. */
static int look_of(const book *b, const char *column, size_t row)
{
  static const char *const measured[] = {"value", "std_error", "ci_low", "ci_high", "band_low", "band_high"};
  static const char *const chances[] = {"p_value", "p_adjusted", "gray_p_value"};
  static const char *const growth[] = {"per_year", "total"};
  if (!is_one_of(column, measured, COUNT(measured)))
    return PLAIN;
  const char *unit = word(b, at(b, "unit", FM_CODE), row);
  if (unit == NULL || is_one_of(word(b, at(b, "quantity", FM_CODE), row), chances, COUNT(chances)))
    return PLAIN;
  if (strcmp(unit, "date") == 0)
    return strcmp(column, "std_error") != 0 ? DATE : PLAIN;
  return strcmp(unit, "share") == 0 ? SHARE : is_one_of(unit, growth, COUNT(growth)) ? GROWTH : PLAIN;
}

static void put_date(book *b, lxw_worksheet *s, lxw_row_t row, size_t column, int32_t date)
{
  char plain[11];
  if (date + EPOCH >= FIRST_RIGHT_DAY) {
    note(b, worksheet_write_number(s, row, (lxw_col_t)column, date + EPOCH, b->look[DATE]));
    return;
  }
  fm_date_format(plain, date);
  put_text(b, s, row, column, plain, PLAIN);
}

static int plain_look(double x)
{
  double size = fabs(x);
  return size < 1e15 && x == floor(x) ? WHOLE : size >= 1e-3 && size < 1e15 ? REAL : PLAIN;
}

static void put_real(book *b, lxw_worksheet *s, lxw_row_t row, size_t column, double x, int look)
{
  if (isinf(x))
    put_text(b, s, row, column, x > 0 ? "\xE2\x88\x9E" : "-\xE2\x88\x9E", STATE);
  else if (look == DATE && fabs(x) < 3e6)
    put_date(b, s, row, column, (int32_t)x);
  else if (!isnan(x))
    note(b, worksheet_write_number(s, row, (lxw_col_t)column, x, b->look[look == PLAIN ? plain_look(x) : look]));
}

static void put_cell(book *b, lxw_worksheet *s, size_t row, size_t column, size_t to)
{
  const fm_table *t = b->t;
  const char *name = fm_table_column_name(t, column);
  lxw_row_t line = (lxw_row_t)(row + 1);
  int32_t type = fm_table_column_type(t, column);
  if (fm_table_is_null(t, column, row)) {
    const char *state = is_result(b) && strcmp(name, "value") == 0 ? word(b, at(b, "state", FM_CODE), row) : NULL;
    if (state != NULL && strcmp(state, "ok") != 0)
      put_text(b, s, line, to, label(b, "state", state), STATE);
  } else if (type == FM_CODE) {
    put_text(b, s, line, to, fm_table_text(t, column, row, NULL), PLAIN);
  } else if (type == FM_F64) {
    put_real(b, s, line, to, fm_table_f64(t, column)[row], is_result(b) ? look_of(b, name, row) : PLAIN);
  } else if (type == FM_DATE) {
    put_date(b, s, line, to, fm_table_i32(t, column)[row]);
  } else if (type == FM_BOOL) {
    note(b, worksheet_write_boolean(s, line, (lxw_col_t)to, fm_table_bool(t, column)[row], NULL));
  } else {
    int64_t whole = type == FM_I64 ? fm_table_i64(t, column)[row] : fm_table_i32(t, column)[row];
    bool year = fm_table_column_index(t, "year") == (int64_t)column;
    note(b, worksheet_write_number(s, line, (lxw_col_t)to, (double)whole, b->look[year ? PLAIN : WHOLE]));
  }
}

/* Width of the texts of a column, each taken once. */
static size_t widest_of(const fm_table *t, size_t column)
{
  size_t widest = fm_table_column_type(t, column) == FM_CODE ? 0 : 12;
  for (size_t k = 0; k < fm_table_n_texts(t, column); k++) {
    size_t width = width_of(fm_table_dictionary_text(t, column, k, NULL));
    widest = width > widest ? width : widest;
  }
  return widest;
}

static void set_width(book *b, lxw_worksheet *s, size_t column, size_t width)
{
  width = width < NARROWEST ? NARROWEST : width > WIDEST ? WIDEST : width;
  note(b, worksheet_set_column(s, (lxw_col_t)column, (lxw_col_t)column, (double)width + 2, NULL));
}

/* A figure's name; where one indicator means something else by it, quantity.ID.NAME goes before quantity.NAME. */
static const char *quantity_label(const book *b, size_t row)
{
  char own[160];
  const char *id = word(b, at(b, "indicator", FM_CODE), row), *name = word(b, at(b, "quantity", FM_CODE), row);
  int n = snprintf(own, sizeof own, "%s.%s", id != NULL ? id : "", name != NULL ? name : "");
  const char *found = n > 0 && (size_t)n < sizeof own ? label(b, "quantity", own) : own;
  return found != own ? found : name != NULL ? label(b, "quantity", name) : "";
}

static const char *indicator_name(const book *b, const char *id)
{
  int64_t k = id != NULL ? fm_catalogue_find(id) : -1;
  return k >= 0 ? fm_catalogue_text((size_t)k, "name", b->lang) : id != NULL ? id : "";
}

/* Indicator and figure in words, in two columns before those of the table. */
static void put_words(book *b, lxw_worksheet *s)
{
  size_t widest[2] = {0, 0};
  for (size_t i = 0; i < fm_table_n_rows(b->t); i++) {
    const char *words[] = {indicator_name(b, word(b, at(b, "indicator", FM_CODE), i)), quantity_label(b, i)};
    for (size_t k = 0; k < 2; k++) {
      size_t width = width_of(words[k]);
      widest[k] = width > widest[k] ? width : widest[k];
      put_text(b, s, (lxw_row_t)(i + 1), k, words[k], PLAIN);
    }
  }
  put_text(b, s, 0, 0, label(b, "book", "indicator"), HEAD);
  put_text(b, s, 0, 1, label(b, "book", "figure"), HEAD);
  set_width(b, s, 0, widest[0]);
  set_width(b, s, 1, widest[1]);
}

static void put_table(book *b)
{
  lxw_worksheet *s = add_sheet(b, "figures");
  size_t n = fm_table_n_columns(b->t), n_rows = fm_table_n_rows(b->t), first = is_result(b) ? 2 : 0;
  if (s == NULL)
    return;
  worksheet_set_landscape(s);
  note(b, worksheet_repeat_rows(s, 0, 0));
  if (first > 0)
    put_words(b, s);
  for (size_t k = 0; k < n && b->fault == LXW_NO_ERROR; k++) {
    const char *head = label(b, "column", fm_table_column_name(b->t, k));
    int32_t type = fm_table_column_type(b->t, k);
    put_text(b, s, 0, first + k, head, type == FM_CODE || type == FM_BOOL ? HEAD : HEAD_RIGHT);
    size_t width = width_of(head), cells = widest_of(b->t, k);
    set_width(b, s, first + k, width > cells ? width : cells);
    for (size_t i = 0; i < n_rows && b->fault == LXW_NO_ERROR; i++)
      put_cell(b, s, i, k, first + k);
  }
  if (n > 0)
    note(b, worksheet_autofilter(s, 0, 0, (lxw_row_t)n_rows, (lxw_col_t)(first + n - 1)));
}

/* ---- the third sheet: what the figures mean ---- */

/* The rules of an indicator's rows, separated by commas. */
static void put_rules(book *b, lxw_worksheet *s, lxw_row_t row, size_t column, int32_t code)
{
  int64_t k = at(b, "definition", FM_CODE), id = at(b, "indicator", FM_CODE);
  size_t n = k >= 0 ? fm_table_n_texts(b->t, (size_t)k) : 0, size = 0;
  char *seen = calloc(n + 1, 1), *text = NULL;
  for (size_t j = 0; j < n; j++)
    size += strlen(fm_table_dictionary_text(b->t, (size_t)k, j, NULL)) + 2;
  text = malloc(size + 1);
  if (seen == NULL || text == NULL) {
    note(b, LXW_ERROR_MEMORY_MALLOC_FAILED);
  } else {
    for (size_t i = 0; n > 0 && i < fm_table_n_rows(b->t); i++)
      if (fm_table_code(b->t, (size_t)id)[i] == code && !fm_table_is_null(b->t, (size_t)k, i))
        seen[fm_table_code(b->t, (size_t)k)[i]] = 1;
    text[0] = '\0';
    for (size_t j = 0; j < n; j++) {
      if (seen[j] == 0 || fm_table_dictionary_text(b->t, (size_t)k, j, NULL)[0] == '\0')
        continue;
      strcat(text, text[0] != '\0' ? ", " : "");
      strcat(text, fm_table_dictionary_text(b->t, (size_t)k, j, NULL));
    }
    put_text(b, s, row, column, text, WRAP);
  }
  free(seen);
  free(text);
}

static bool is_there(const book *b, size_t column, size_t code)
{
  for (size_t i = 0; i < fm_table_n_rows(b->t); i++)
    if (!fm_table_is_null(b->t, column, i) && fm_table_code(b->t, column)[i] == (int32_t)code)
      return true;
  return false;
}

enum { N_MEANINGS = 7 };
static const double meaning_widths[N_MEANINGS] = {26, 34, 16, 70, 50, 14, 40};

/* Not every program makes a row as high as its wrapped texts. */
static void set_height(book *b, lxw_worksheet *s, lxw_row_t row, const char *const *texts, size_t n)
{
  double lines = 1;
  for (size_t k = 0; k < n; k++) {
    double own = texts[k] != NULL ? ceil((double)width_of(texts[k]) * 1.1 / meaning_widths[k]) : 1;
    lines = own > lines ? own : lines;
  }
  note(b, worksheet_set_row(s, row, 15 * lines, NULL));
}

static lxw_row_t put_definitions(book *b, lxw_worksheet *s)
{
  static const char *const fields[] = {"name", "unit", "definition", "source", "sdg"};
  size_t column = (size_t)at(b, "indicator", FM_CODE);
  lxw_row_t row = 1;
  for (size_t code = 0; code < fm_table_n_texts(b->t, column); code++) {
    const char *id = fm_table_dictionary_text(b->t, column, code, NULL);
    int64_t index = fm_catalogue_find(id);
    if (!is_there(b, column, code))
      continue;
    const char *texts[COUNT(fields) + 1] = {id};
    for (size_t k = 0; index >= 0 && k < COUNT(fields); k++)
      texts[k + 1] = fm_catalogue_text((size_t)index, fields[k], b->lang);
    for (size_t k = 0; k < COUNT(texts); k++)
      put_text(b, s, row, k, texts[k], WRAP);
    set_height(b, s, row, texts, COUNT(texts));
    put_rules(b, s, row++, COUNT(fields) + 1, (int32_t)code);
  }
  return row;
}

/* A fact that stands in both languages, "title" and "title_da", is told in one. */
static bool is_in(const book *b, const char *key, const char *language)
{
  char danish[160];
  size_t n = strlen(key);
  bool own = n > 3 && strcmp(key + n - 3, "_da") == 0;
  if (strcmp(language, "da") == 0 || own)
    return own && strcmp(language, "da") == 0;
  snprintf(danish, sizeof danish, "%s_da", key);
  return fm_table_note(b->t, danish) != NULL;
}

/* What is known of the whole table; the words for its codes stand in the page. */
static void put_facts(book *b, lxw_worksheet *s, lxw_row_t row)
{
  const char *threshold = fm_table_note(b->t, "threshold"), *theirs = strcmp(b->lang, "da") == 0 ? "en" : "da";
  bool open = threshold == NULL || strcmp(threshold, "1") == 0;
  put_text(b, s, row++, 0, label(b, "book", "facts"), HEAD);
  put_text(b, s, row, 0, label(b, "book", "made_by"), WRAP);
  put_text(b, s, row, 1, "flexmetrics", PLAIN);
  put_text(b, s, row++, 2, fm_version(), PLAIN);
  put_text(b, s, row, 0, label(b, "book", "protection"), WRAP);
  put_text(b, s, row++, 1, label(b, "book", open ? "unprotected" : "protected"), PLAIN);
  for (size_t i = 0; i < fm_table_n_notes(b->t); i++) {
    const char *key = fm_table_note_key(b->t, i);
    if (strncmp(key, "code.", 5) == 0 || is_in(b, key, theirs))
      continue;
    put_text(b, s, row, 0, label(b, "book.note", key), WRAP);
    put_text(b, s, row++, 1, fm_table_note(b->t, key), PLAIN);
  }
}

static void put_meanings(book *b)
{
  static const char *const heads[N_MEANINGS] = {"id", "name", "unit", "definition", "source", "sdg", "rules"};
  lxw_worksheet *s = add_sheet(b, "meanings");
  if (s == NULL)
    return;
  worksheet_set_landscape(s);
  for (size_t k = 0; k < COUNT(heads); k++) {
    put_text(b, s, 0, k, label(b, "book.head", heads[k]), HEAD);
    note(b, worksheet_set_column(s, (lxw_col_t)k, (lxw_col_t)k, meaning_widths[k], NULL));
  }
  put_facts(b, s, put_definitions(b, s) + 1);
}

/* ---- the file ---- */

static const char too_long[] = "a cell of a workbook holds 32767 bytes of text, one needs more; write CSV instead";

static fm_status check(const fm_table *t, const char *page, fm_error *err)
{
  size_t n = fm_table_n_rows(t), lines = 1;
  for (const char *p = page; *p != '\0'; p++)
    lines += *p == '\n';
  n = n + 1 > lines ? n + 1 : lines;
  if (n > MOST_ROWS || fm_table_n_columns(t) + 2 > MOST_COLUMNS)
    return fail(err, FM_ERR_LIMIT,
                "a sheet of a workbook holds 1048576 rows and 16384 columns, the table needs more; write CSV instead");
  for (size_t k = 0; k < fm_table_n_columns(t); k++)
    for (size_t j = 0; j < fm_table_n_texts(t, k); j++)
      if (strlen(fm_table_dictionary_text(t, k, j, NULL)) > MOST_BYTES)
        return fail(err, FM_ERR_LIMIT, too_long);
  return FM_OK;
}

static fm_status told(lxw_error fault, fm_error *err)
{
  switch (fault) {
  case LXW_NO_ERROR:
    return FM_OK;
  case LXW_ERROR_MEMORY_MALLOC_FAILED:
    return fail(err, FM_ERR_MEMORY, "out of memory");
  case LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED:
  case LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE:
    return fail(err, FM_ERR_LIMIT, too_long);
  default:
    return fail(err, FM_ERR_IO, "the workbook cannot be written");
  }
}

/* ---- numbers as the format has them, whatever the host's locale: the writer prints by the C library ---- */

#if defined(_WIN32)
typedef struct plain_numbers {
  int kept;
  char *own;
} plain_numbers;

static void plain_begin(plain_numbers *p)
{
  p->kept = _configthreadlocale(_ENABLE_PER_THREAD_LOCALE);
  const char *now = setlocale(LC_NUMERIC, NULL);
  p->own = _strdup(now != NULL ? now : "C");
  setlocale(LC_NUMERIC, "C");
}

static void plain_end(plain_numbers *p)
{
  setlocale(LC_NUMERIC, p->own != NULL ? p->own : "C");
  free(p->own);
  _configthreadlocale(p->kept);
}
#else
typedef struct plain_numbers {
  locale_t plain, own;
} plain_numbers;

static void plain_begin(plain_numbers *p)
{
  p->plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  p->own = p->plain != (locale_t)0 ? uselocale(p->plain) : (locale_t)0;
}

static void plain_end(plain_numbers *p)
{
  if (p->plain == (locale_t)0)
    return;
  uselocale(p->own);
  freelocale(p->plain);
}
#endif

static lxw_error fill(book *b, const char *page, const char *path)
{
  lxw_doc_properties facts = {.created = CREATED};
  b->w = workbook_new(path);
  if (b->w == NULL)
    return LXW_ERROR_MEMORY_MALLOC_FAILED;
  note(b, workbook_set_properties(b->w, &facts));
  make_looks(b);
  if (b->fault == LXW_NO_ERROR)
    put_page(b, page);
  if (b->fault == LXW_NO_ERROR)
    put_table(b);
  if (b->fault == LXW_NO_ERROR && is_result(b))
    put_meanings(b);
  lxw_error closed = workbook_close(b->w); /* frees it, whatever happened */
  note(b, closed);
  return b->fault;
}

fm_status fm_xlsx_write(const char *path, const fm_table *t, const char *page, const char *lang, fm_error *err)
{
  book b = {.t = t, .lang = lang};
  plain_numbers numbers;
  if (strcmp(lang, "en") != 0 && strcmp(lang, "da") != 0)
    return fail(err, FM_ERR_ARGUMENT, "lang: expected \"en\" or \"da\"");
  fm_status status = check(t, page, err);
  if (status != FM_OK)
    return status;
  plain_begin(&numbers);
  status = told(fill(&b, page, path), err);
  plain_end(&numbers);
  if (status != FM_OK)
    remove(path);
  return status;
}
