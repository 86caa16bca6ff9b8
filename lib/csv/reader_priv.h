/* The state of one read, shared by the files that do its steps: header.c, column.c, read.c. */
#ifndef FM_CSV_READER_PRIV_H
#define FM_CSV_READER_PRIV_H

#include "csv/csv_priv.h"
#include "csv/quick_priv.h"

/* What all cells seen so far of a column can be, when its cells decide the type (decide.c). */
enum { FM__CAN_BOOL = 1, FM__CAN_DATE = 2, FM__CAN_I64 = 4, FM__CAN_F64 = 8, FM__CAN_ALL = 15 };

typedef struct fm__deciding {
  int32_t wanted;    /* FM_CSV_ANY or FM_CSV_KEY; 0: the type was declared */
  int32_t can;       /* FM__CAN_*, the cells so far together */
  bool any;          /* a cell has a value */
  int64_t row, line; /* first number with a fraction, for FM_CSV_KEY; line 0: none */
  int64_t sheet_row;
  int32_t code; /* its text */
} fm__deciding;

/* One column of the table in the making. */
typedef struct fm__target {
  const char *name, *label; /* in the table, in the file */
  size_t index;             /* in the file */
  int32_t type;
  bool filled, is_id;
  fm__deciding deciding; /* the column is read as text, and becomes what its texts can be at the end */
  void *values;
  size_t capacity;
  uint8_t *validity; /* NULL while every row has a value */
  size_t validity_capacity;
  fm__dictionary texts;
  int64_t n_given, form_kind; /* cells with a value; kind of the problems "not of this form", -1 */
  fm__looks looks;
  uint8_t valid[FM__BATCH]; /* of the rows in the batch */
} fm__target;

typedef struct fm__csv_source {
  fm__file *file; /* or, when NULL, memory */
  const uint8_t *data;
  size_t size, at;
  int64_t total; /* bytes in all, -1 when unknown */
} fm__csv_source;

/* What becomes of a row of the batch. */
enum { FM__ROW_GOOD, FM__ROW_BAD, FM__ROW_UNREADABLE /* its cells are not looked at */ };

typedef struct fm__csv_reader {
  fm__csv_format format;
  fm_csv_schema schema;
  const char *file, *table; /* names in messages; of the table */
  fm__csv_source source;
  fm__problems *problems;
  int64_t n_errors;             /* of this file */
  bool skip_bad, discard, stop; /* values are no longer kept; the rest of the file cannot be read */
  const fm_run *run;

  uint8_t *memory, *buffer, *raw; /* buffer: within memory; raw: bytes before their encoding is changed */
  size_t capacity, chunk;
  uint64_t base; /* place in the file of buffer[0] */
  uint64_t n_read;
  fm__scan scan;

  int64_t line, sheet_row, row; /* of the next row */
  int64_t header_lines;
  size_t n_columns; /* in the file */
  fm__bytes labels; /* header names, each with a NUL */
  size_t *label_at;
  bool names_known; /* at least one header name was expected: the first line is a header and may be shown */
  fm__target *targets;
  size_t n_targets, n_skipped;

  fm__field *fields; /* of the batch, n_columns a row */
  size_t batch_size, n_batch;
  size_t n_slow; /* rows to read one by one before plain rows are looked for again */
  uint32_t batch_flags;
  int64_t lines[FM__BATCH], sheet_rows[FM__BATCH], rows[FM__BATCH];
  uint8_t state[FM__BATCH];

  size_t n_rows;
  int64_t first_line, *line_of_row; /* line_of_row: NULL while row i is on line first_line + i */
  size_t lines_capacity;
  int64_t n_left_out;
  fm__quick_months months;
} fm__csv_reader;

/* Opens a file or memory and reads its header; r->stop is set when the rows cannot be read. Takes the source, also on
 * failure; borrows the rest until fm__csv_end. */
fm_status fm__csv_begin(fm__csv_reader **out, fm__problems *problems, fm__csv_source source, const char *name,
                        const fm__csv_format *format, const fm_csv_schema *schema, int32_t skip_bad, size_t chunk,
                        const fm_run *run, fm_error *err);
void fm__csv_end(fm__csv_reader *r);
/* One row as runs of equal cells, for a subject that goes through the rows itself. */
typedef struct fm__csv_runs {
  fm__field *cells; /* in r->buffer, without flags but FM__FIELD_ESCAPED; room for n_columns, as counts */
  uint32_t *counts;
  size_t n;                     /* 0: no further row */
  int64_t row, line, sheet_row; /* of this row */
} fm__csv_runs;
/* Gives the next row that has as many cells as the header; rows that have not are problems and left out. */
fm_status fm__csv_next(fm__csv_reader *r, fm__csv_runs *runs, fm_error *err);
/* Problems of whole rows, told where they are found. */
void fm__csv_ragged(fm__csv_reader *r, size_t n_fields);
void fm__csv_unclosed(fm__csv_reader *r, const fm__row *row, bool at_end);
/* Is the row just scanned, which begins at `at`, longer than accepted? The second tells so, or of a quote not closed in
 * the bytes that are. */
bool fm__csv_is_long(const fm__csv_reader *r, size_t at, int outcome);
void fm__csv_too_long(fm__csv_reader *r, size_t at);
void fm__csv_text_after_quote(fm__csv_reader *r, size_t column);
/* Adds a problem of this file; an error ends the keeping of values unless bad rows are skipped. Gives its kind. */
int64_t fm__csv_problem(fm__csv_reader *r, const fm__problem *problem);
/* Reads on: what was not scanned moves to the front of the buffer. */
fm_status fm__csv_fill(fm__csv_reader *r, fm_error *err);
/* Reads the header line and makes the targets. r->stop is set when the rows cannot be read. */
fm_status fm__csv_header(fm__csv_reader *r, fm_error *err);
const char *fm__csv_label(const fm__csv_reader *r, size_t column);
/* Nine or ten digits, or six and four with a sign between: the form of a personal number, which no message shows. */
bool fm__csv_may_be_personal(const char *text, size_t length);
/* Converts the rows of the batch and appends the good ones. */
fm_status fm__csv_convert(fm__csv_reader *r, fm_error *err);
/* Looks at the texts that the batch added to a column, from number `before` on. */
void fm__csv_look(fm__csv_reader *r, fm__target *t, size_t before);
/* At the end of the file: gives the columns that their cells decide their types. */
fm_status fm__csv_decide(fm__csv_reader *r, fm_error *err);
/* At the end of the file: hints for whole columns. */
void fm__csv_hints(fm__csv_reader *r);

#endif
