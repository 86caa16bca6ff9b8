/* The parts of the CSV reader: scanner, dictionary, columns, problems. The problem list is shared with the register. */
#ifndef FM_CSV_PRIV_H
#define FM_CSV_PRIV_H

#include "base/base_priv.h"
#include "calendar/calendar_priv.h"
#include "flexmetrics/csv.h"
#include "table/table_priv.h"

/* ---- problems: every fault of the data, at most 20 kept of a kind (code, table, column), all counted ---- */
#define FM__PROBLEMS_KEPT 20

enum { FM__ERROR = 0, FM__NOTE = 1 };

typedef struct fm__problem {
  const char *code;  /* static storage, such as "FM-D01" */
  const char *table; /* all texts are copied; NULL where there is none */
  const char *column;
  const char *value; /* never the id of a person */
  size_t value_length;
  const char *what, *expected, *hint;
  int64_t row, line;    /* -1: none */
  int64_t sheet_row;    /* row in a spreadsheet, from 1; -1: no cell name */
  int64_t column_index; /* in the file, from 0; -1: none */
  int32_t severity;
} fm__problem;
#define FM__PROBLEM_INIT                                                                                               \
  {                                                                                                                    \
    .row = -1, .line = -1, .sheet_row = -1, .column_index = -1                                                         \
  }

typedef struct fm__problems fm__problems;
fm__problems *fm__problems_create(void); /* NULL when out of memory */
void fm__problems_destroy(fm__problems *p);
/* Tables are listed in the order in which they are named here or first met; false when out of memory. */
bool fm__problems_order(fm__problems *p, const char *table);
/* Adds one problem. Gives its kind (0, 1, ...), -1 when out of memory: that is remembered, fm__problems_finish tells.
 */
int64_t fm__problems_add(fm__problems *p, const fm__problem *problem);
/* Sets the hint of all problems of a kind, replacing their own; for facts known only at the end of a file. */
void fm__problems_hint(fm__problems *p, int64_t kind, const char *hint);
int64_t fm__problems_count(const fm__problems *p, int32_t severity);
/* Writes the first error into err as one sentence with its place; returns FM_ERR_DATA. */
fm_status fm__problems_fail(const fm__problems *p, fm_error *err);
/* Creates the table of problems described in csv.h; the list stays as it is and must still be destroyed. */
fm_status fm__problems_table(const fm__problems *p, fm_table **out, fm_error *err);

/* ---- reading into a list of problems that several files share ----
 * FM_ERR_DATA when this file's errors make no table. chunk is the bytes read at a time, 0 for the default. */
fm_status fm__csv_read_file(fm_table **out, fm__problems *problems, const char *path, const fm_csv_schema *schema,
                            const fm_csv_format *format, int32_t skip_bad, const fm_run *run, fm_error *err);
fm_status fm__csv_read_memory(fm_table **out, fm__problems *problems, const void *data, size_t size, const char *name,
                              const fm_csv_schema *schema, const fm_csv_format *format, int32_t skip_bad, size_t chunk,
                              const fm_run *run, fm_error *err);

/* ---- formats ---- */
typedef struct fm__csv_format {
  fm_csv_format f; /* checked, defaults filled in */
  fm__date_pattern date;
  bool windows_1252;
} fm__csv_format;
fm_status fm__csv_format_take(fm__csv_format *out, const fm_csv_format *format, fm_error *err);
fm_status fm__csv_schema_take(fm_csv_schema *out, const fm_csv_schema *schema, fm_error *err);

/* ---- encoding ---- */
/* Length of the leading part that is UTF-8 without NUL; `length` when all is. */
size_t fm__utf8_span(const char *text, size_t length);
/* Bytes of a text that go into `longest` without cutting a character; for "%.*s". */
int fm__fit(const char *text, int longest);
bool fm__is_plain(const uint8_t *data, size_t size); /* only ASCII without NUL */
/* Writes the UTF-8 of windows-1252 bytes, at most 3 bytes each; the five bytes without a character stay as they are,
 * which is never UTF-8. */
size_t fm__from_windows_1252(uint8_t *out, const uint8_t *in, size_t n);

/* ---- scanner: fields of one row at a time ----
 * data[end] must be '\n', a sentinel that belongs to nobody; 64 bytes from there on must be readable. */
#define FM__FIELD_ESCAPED 0x80000000U /* holds doubled quotes */
#define FM__FIELD_DAMAGED 0x40000000U /* text after the closing quote; the field is the raw text */
#define FM__FIELD_FLAGS 0xC0000000U

typedef struct fm__field {
  uint32_t start, size; /* size holds the flags */
} fm__field;

typedef struct fm__scan {
  const uint8_t *data;
  size_t at, end;
  uint8_t delimiter;
  bool at_end;       /* nothing follows data[end - 1] */
  uint8_t stop[256]; /* 1: delimiter, CR, LF */
  size_t block;      /* the 64 bytes from here on are marked; SIZE_MAX: none */
  uint64_t marks;    /* bit i: data[block + i] is a stop */
} fm__scan;

typedef struct fm__row {
  size_t n_fields;
  uint32_t flags;      /* of all fields together */
  int64_t n_lines;     /* line ends passed */
  size_t quote_at;     /* opening quote of a field that is not closed, SIZE_MAX when all are */
  int64_t quote_lines; /* line ends before that quote */
} fm__row;

enum {
  FM__ROW_FOUND,
  FM__ROW_BLANK,
  FM__ROW_MORE, /* the row goes on behind the end of the data; nothing was passed */
  FM__ROW_OPEN, /* the file ends inside quotes */
  FM__ROW_NONE  /* the file ends here */
};
void fm__scan_init(fm__scan *s, uint8_t delimiter);
/* Which of 64 bytes are stops: the definition, and the form in use. */
uint64_t fm__scan_marks_scalar(const uint8_t *data, const uint8_t stop[256]);
uint64_t fm__scan_marks(const uint8_t *data, const uint8_t stop[256], uint8_t delimiter);
/* Reads one row; stores at most `room` fields, counts all. */
int fm__scan_row(fm__scan *s, fm__field *fields, size_t room, fm__row *row);
/* Reads up to `room` rows of n_columns fields each, as fm__scan_row reads them one by one, and stops at the first that
 * is of another form: with quotes near it, blank, above `longest` bytes, of other fields, near the end of the data.
 * Gives the number of rows; each is one line. */
size_t fm__scan_plain(fm__scan *s, fm__field *fields, size_t n_columns, size_t room, size_t longest);
/* Reads one row as runs of equal cells: cells[k], then counts[k] - 1 cells of the same bytes. Stores at most `room`
 * runs and counts all; the row is as fm__scan_row gives it. */
int fm__scan_runs(fm__scan *s, fm__field *cells, uint32_t *counts, size_t room, fm__row *row, size_t *n_runs);
/* How often the `width` bytes before data[next] are repeated from there on, up to data[end]: the definition, and the
 * form in use, which may look 15 bytes behind the end. */
size_t fm__scan_equal_scalar(const uint8_t *data, size_t next, size_t width, size_t end);
size_t fm__scan_equal(const uint8_t *data, size_t next, size_t width, size_t end);
/* Removes the doubling of quotes in place; gives the new length. */
size_t fm__unescape(char *text, size_t length);

/* ---- dictionary: texts numbered by first arrival, many cells resolved at a time ---- */
typedef struct fm__slot {
  uint32_t hash;
  int32_t code; /* -1: free */
} fm__slot;

typedef struct fm__head {
  uint64_t low, high; /* of the first bytes of a text */
} fm__head;

typedef struct fm__dictionary {
  fm__slot *slots;
  size_t n_slots;  /* a power of two, or 0 */
  fm__head *heads; /* of each text */
  size_t heads_capacity;
  int64_t *offsets; /* n_texts + 1; each text is followed by a NUL */
  size_t offsets_capacity;
  char *bytes;
  size_t bytes_capacity;
  size_t n_texts;
} fm__dictionary;
#define FM__BATCH 256
fm_status fm__dictionary_init(fm__dictionary *d); /* offsets[0] exists afterwards */
void fm__dictionary_free(fm__dictionary *d);
/* Codes of up to FM__BATCH cells, from each of which 16 bytes can be read; wanted[i] 0 leaves codes[i] 0. */
fm_status fm__dictionary_resolve(fm__dictionary *d, const uint8_t *data, const fm__field *cells, size_t stride,
                                 const uint8_t *wanted, size_t n, int32_t *codes);
fm_status fm__dictionary_add(fm__dictionary *d, const char *text, size_t length, int32_t *code);
int32_t fm__dictionary_find(const fm__dictionary *d, const char *text, size_t length); /* -1: not there */

/* ---- cells ---- */
enum { FM__CELL_OK, FM__CELL_BAD, FM__CELL_RANGE, FM__CELL_NOT_WHOLE, FM__CELL_NO_DAY };
int fm__cell_f64(const fm__csv_format *f, const char *text, size_t length, double *out);
int fm__cell_i64(const fm__csv_format *f, const char *text, size_t length, int64_t *out);
int fm__cell_date(const fm__csv_format *f, const char *text, size_t length, int32_t *out);
int fm__cell_bool(const char *text, size_t length, uint8_t *out);
void fm__trim(const char **text, size_t *length);

/* What the cells of a column look like that could not be read: facts for the hint. */
typedef struct fm__looks {
  int64_t n_bad;
  int64_t n_day_first;  /* two digits, two digits, four digits */
  int64_t n_over_12[2]; /* among these: first, second group above 12 */
  int64_t n_year_first; /* four digits, two, two, another separator or none */
  int64_t n_short;      /* days or months of one digit */
  int64_t n_timed;      /* a date and a time of day */
  int64_t n_serial;     /* five digits: a spreadsheet's day number */
  int64_t n_comma;      /* 184250,50 */
  int64_t n_danish;     /* 184.250,50 */
  int64_t n_english;    /* 184,250.50 */
  int64_t n_point;      /* 184250.50 */
  int64_t n_missing;    /* NA, NULL, n/a, -, ., #N/A */
  char pattern[12];     /* of the first date of the kind seen */
  char missing[8];      /* the first word for "no value" seen */
} fm__looks;
void fm__look_date(fm__looks *looks, const char *text, size_t length);
void fm__look_number(fm__looks *looks, const char *text, size_t length);
/* Writes how to mend the column; "" when nothing is known. n_given: cells with a value. */
void fm__hint_date(char *out, size_t size, const fm__looks *looks, int64_t n_given);
void fm__hint_number(char *out, size_t size, const fm__looks *looks, const fm__csv_format *f);

#endif
