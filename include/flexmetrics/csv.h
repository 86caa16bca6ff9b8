/**
 * @file csv.h
 * Reading and writing CSV: UTF-8 or windows-1252, `,` `;` or tab, decimal point or comma, dates in a declared form.
 *
 * Nothing is guessed that changes a figure: the decimal sign, the thousands sign and the date form are declared. The
 * file is read in chunks, so that only the columns are held in memory. All problems are listed, not just the first.
 *
 * What is read: a header line, then one row a record. Cells may be quoted with `"`, a quote inside doubled; a quoted
 * cell may hold line ends. CRLF, LF and CR end a line, also mixed; the last line may lack its end; empty lines are
 * skipped; a UTF-8 byte order mark is skipped. An empty cell, quoted or not, is a missing value. Spaces around a
 * number, date or bool and around a header name are dropped; text is kept byte for byte. Columns that are not asked
 * for are not looked into.
 *
 * The type of a column may be declared or, FM_CSV_ANY, decided by all its cells together, never by the order of rows:
 * the first of these that every cell with a value has. true or false (also sand, falsk; upper or lower case): FM_BOOL;
 * a date in the declared form: FM_DATE; a whole number of 64 bits: FM_I64; a number: FM_F64; otherwise, and when no
 * cell has a value: FM_CODE. A number that begins with a 0 before another digit, such as 0127, is an id and text; so is
 * a whole number beyond 64 bits. 1 and 0 are whole numbers, yes and no are text.
 */
#ifndef FLEXMETRICS_CSV_H
#define FLEXMETRICS_CSV_H

#include "flexmetrics/base.h"
#include "flexmetrics/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How the bytes of a file are to be read. */
typedef struct fm_csv_format {
  size_t struct_size;       /**< set by FM_CSV_FORMAT_INIT or fm_csv_format_init */
  int32_t delimiter;        /**< ',', ';' or '\t'; 0: the only one of the three that stands outside quotes in the
                                 header line (',' when none does); two of them there are an error, FM-S05 */
  int32_t decimal;          /**< '.' (default) or ',' */
  int32_t thousands;        /**< 0 (default, none), '.', ',' or ' ' (also the no-break spaces U+00A0 and U+202F);
                                 groups of three are required where it is used */
  int32_t reserved0;        /**< 0 */
  const char *date_pattern; /**< DD, MM, YYYY once each and literal characters; NULL: YYYY-MM-DD */
  const char *encoding;     /**< "utf-8" or "windows-1252"; NULL: utf-8 */
  const char *missing;      /**< a text that also means "no value", such as "NA"; NULL: only the empty cell does */
  size_t max_row_bytes;     /**< longest row accepted, at most 2^28; 0: 1 MiB (1048576) */
} fm_csv_format;

#ifndef __cplusplus
/** Initial value of an fm_csv_format: delimiter from the header, decimal point, YYYY-MM-DD, UTF-8. */
#define FM_CSV_FORMAT_INIT                                                                                             \
  {                                                                                                                    \
    .struct_size = sizeof(fm_csv_format), .decimal = '.'                                                               \
  }
#endif

/** Does what FM_CSV_FORMAT_INIT does; `size` is sizeof(fm_csv_format) as the caller's header knew it. */
FM_API void fm_csv_format_init(fm_csv_format *format, size_t size);

/** What a column may be declared to be, besides the types of table.h. */
enum {
  FM_CSV_ANY = 64, /**< its type is decided by its cells, as above */
  FM_CSV_KEY = 65  /**< the same for a column that tells groups, strata or units apart: a number with a fraction is
                        FM-N03 when the column holds numbers only, and 1.0 is the whole number 1 */
};

/** One column to read. The struct never changes its size. */
typedef struct fm_csv_column {
  const char *name;   /**< name in the table */
  const char *header; /**< name in the file; NULL: the same */
  int32_t type;       /**< FM_F64, FM_I64, FM_I32, FM_DATE, FM_BOOL, FM_CODE, FM_CSV_ANY or FM_CSV_KEY */
  int32_t required;   /**< non-zero: a file without this column is refused, FM-H01; zero: the table lacks it then */
  int32_t filled;     /**< non-zero: an empty cell is an error, FM-V01 */
  int32_t is_id;      /**< non-zero: the cells name people; no message ever shows one */
} fm_csv_column;

/** What becomes of the columns that a schema does not list. */
enum {
  FM_CSV_NOTE = 0, /**< each is a note, FM-H03 */
  FM_CSV_SKIP = 1, /**< nothing is said of them */
  FM_CSV_READ = 2  /**< they are read as FM_CSV_ANY, after those listed, in the order of the file */
};

/** The columns to read, in the order of the table. */
typedef struct fm_csv_schema {
  size_t struct_size;           /**< set by FM_CSV_SCHEMA_INIT or fm_csv_schema_init */
  const char *table;            /**< name of the table, also in problems; NULL: the file's name without folder */
  const fm_csv_column *columns; /**< **borrowed** during the call */
  size_t n_columns;             /**< 0: all columns of the file, as text; with FM_CSV_READ typed by their cells */
  int32_t others;               /**< columns not listed: FM_CSV_NOTE (default), FM_CSV_SKIP or FM_CSV_READ */
  int32_t reserved0;            /**< 0 */
} fm_csv_schema;

#ifndef __cplusplus
/** Initial value of an fm_csv_schema: every column of the file, as text. */
#define FM_CSV_SCHEMA_INIT                                                                                             \
  {                                                                                                                    \
    .struct_size = sizeof(fm_csv_schema)                                                                               \
  }
#endif

/** Does what FM_CSV_SCHEMA_INIT does; `size` is sizeof(fm_csv_schema) as the caller's header knew it. */
FM_API void fm_csv_schema_init(fm_csv_schema *schema, size_t size);

/**
 * Reads a file into a sealed table. **Creates** `*out` and `*problems` (`problems` may be NULL).
 *
 * `*problems` is made when the result is FM_OK (it may hold notes, and with `skip_bad` the rows left out) or
 * FM_ERR_DATA, and has one row a problem, ordered by row and column, with the columns
 * - `severity` "error" or "note"; `code` such as "FM-D01"; `table`
 * - `row` (i64, data row of the file from 0), `line` (i64, from 1), `column` (header name), `cell` (such as "E14", as
 *   a spreadsheet shows the file): missing where the problem has no such place
 * - `value` what stood there (missing for ids and where there is no single cell), `what` in a few words ("not a
 *   date"), `expected`, `hint` (how to mend it)
 * - `count` (i64): problems with the same code, table and column; of these the first 20 have a row.
 *
 * A problem of severity "error" means no table: FM_ERR_DATA, and `err` tells the first one. With `skip_bad` non-zero
 * the rows with such problems are left out instead; faults that make the rest of the file unreadable (FM-S02, FM-S04,
 * FM-S05, FM-S06, FM-H01, FM-H02, FM-E03) still mean no table.
 *
 * The table has the notes `file`, `delimiter`, `columns_skipped` (how many) and `rows_left_out`; fm_table_line gives
 * the line on which each row begins.
 *
 * | code | problem |
 * |---|---|
 * | FM-S01 | more or fewer cells than the header has | FM-S02 | a quote that is not closed |
 * | FM-S03 | text after a closing quote | FM-S04 | a row longer than max_row_bytes |
 * | FM-S05 | unclear delimiter | FM-S06 | nothing in the file |
 * | FM-H01 | a required column is not there | FM-H02 | a column name twice |
 * | FM-H03 | note: a column that is not read | FM-H04 | note: a column without a name is not read |
 * | FM-E01 | not UTF-8 | FM-E02 | a NUL byte | FM-E03 | UTF-16 or UTF-32 | FM-E04 | not windows-1252 |
 * | FM-D01 | not a date | FM-D02 | no such day | FM-B01 | not yes or no (1 0 true false yes no ja nej sand falsk) |
 * | FM-N01 | not a number | FM-N02 | number out of range | FM-N03 | not a whole number | FM-V01 | no value |
 *
 * Memory beside the table: 1 MiB or one row, whichever is more; while reading a column may hold up to twice its size,
 * a text column, and one whose type its cells decide, also 32 to 64 bytes a distinct text; 8 bytes a row once lines and
 * rows do not run in step. Errors: FM_ERR_NOT_FOUND, FM_ERR_IO the file; FM_ERR_ARGUMENT a format or schema outside its
 * range; FM_ERR_LIMIT more than 2^31 - 1 distinct texts; FM_ERR_CANCELLED; FM_ERR_DATA; FM_ERR_MEMORY.
 */
FM_API FM_NODISCARD fm_status fm_csv_read_file(fm_table **out, fm_table **problems, const char *path,
                                               const fm_csv_schema *schema, const fm_csv_format *format,
                                               int32_t skip_bad, const fm_run *run, fm_error *err);

/** The same from memory; `name` (may be NULL) stands for the file's name in problems. `data` is only read. */
FM_API FM_NODISCARD fm_status fm_csv_read_memory(fm_table **out, fm_table **problems, const void *data, size_t size,
                                                 const char *name, const fm_csv_schema *schema,
                                                 const fm_csv_format *format, int32_t skip_bad, const fm_run *run,
                                                 fm_error *err);

/** How a table is written. */
typedef struct fm_csv_style {
  size_t struct_size;         /**< set by FM_CSV_STYLE_INIT or fm_csv_style_init */
  const char *const *headers; /**< one name a column, in the table's order; NULL, or a NULL entry: the column's name */
  int32_t delimiter;          /**< ',' (default), ';' or '\t' */
  int32_t decimal;            /**< '.' (default) or ',' */
  int32_t bom;                /**< non-zero: begin with the UTF-8 byte order mark, as some spreadsheets need */
  int32_t crlf;               /**< non-zero: lines end in CRLF instead of LF */
  int32_t guard_formulas;     /**< non-zero (default): a text that begins with = + - @, tab or CR gets a ' before it,
                                   so that no spreadsheet runs it; numbers are never touched */
  int32_t reserved0;          /**< 0 */
} fm_csv_style;

#ifndef __cplusplus
/** Initial value of an fm_csv_style, for programs: comma, decimal point, no mark. */
#define FM_CSV_STYLE_INIT                                                                                              \
  {                                                                                                                    \
    .struct_size = sizeof(fm_csv_style), .delimiter = ',', .decimal = '.', .guard_formulas = 1                         \
  }
/** For Danish spreadsheets: semicolon, decimal comma, byte order mark. */
#define FM_CSV_STYLE_DANISH_INIT                                                                                       \
  {                                                                                                                    \
    .struct_size = sizeof(fm_csv_style), .delimiter = ';', .decimal = ',', .bom = 1, .guard_formulas = 1               \
  }
#endif

/** Does what FM_CSV_STYLE_INIT does; `size` is sizeof(fm_csv_style) as the caller's header knew it. */
FM_API void fm_csv_style_init(fm_csv_style *style, size_t size);
/** Does what FM_CSV_STYLE_DANISH_INIT does. */
FM_API void fm_csv_style_init_danish(fm_csv_style *style, size_t size);

/**
 * Writes a sealed table: a header line, then the rows. Missing values and NaN become empty cells (`""` where the line
 * would be empty), dates YYYY-MM-DD, bools 1 and 0, doubles the shortest text that reads back as the same double,
 * infinities Inf and -Inf (which the reader refuses). Texts are quoted where they need it. The file appears whole or
 * not at all. `style` NULL is FM_CSV_STYLE_INIT. Errors: FM_ERR_STATE not sealed; FM_ERR_ARGUMENT; FM_ERR_IO.
 */
FM_API FM_NODISCARD fm_status fm_csv_write_file(const fm_table *t, const char *path, const fm_csv_style *style,
                                                fm_error *err);

/** The same into memory: **creates** `*out`, `*size` bytes and a NUL after them; release with fm_free. */
FM_API FM_NODISCARD fm_status fm_csv_write_memory(char **out, size_t *size, const fm_table *t,
                                                  const fm_csv_style *style, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
