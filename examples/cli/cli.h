/* What the files of the command share: words, arguments, data, output. */
#ifndef FLEXMETRICS_CLI_H
#define FLEXMETRICS_CLI_H

#include <stdbool.h>
#include <stdio.h>

#include <flexmetrics.h>

/* Exit codes. */
enum { EXIT_DONE = 0, EXIT_DATA = 1, EXIT_USAGE = 2, EXIT_SYSTEM = 3 };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- words ---- */
typedef struct word {
  const char *key, *en, *da;
} word;
extern const word words[];
extern const size_t n_words;
/* The language of all that is said: "en" or "da". */
extern const char *language;
bool has_word(const char *key);
/* The text of a key in the language; every key used must be in the table. */
const char *text(const char *key);

/* ---- growing text; out of memory ends the program with EXIT_SYSTEM ---- */
typedef struct buffer {
  char *data;
  size_t size, capacity;
} buffer;
void *need(void *ptr, size_t size); /* realloc that does not fail */
void put_bytes(buffer *b, const char *bytes, size_t n);
void put(buffer *b, const char *t);
/* Puts text `key` with {1}, {2}, ... replaced by the strings after it; the list ends with NULL. */
void put_text(buffer *b, const char *key, ...);
/* Puts words that begin at column `at` and go on in column `indent`, at most 80 wide, and a line end. */
void put_wrapped(buffer *b, const char *t, size_t at, size_t indent);
/* Puts `t` and spaces up to `width` characters. */
void put_padded(buffer *b, const char *t, size_t width);
size_t width_of(const char *t); /* characters, not bytes */
void put_date(buffer *b, int32_t date);
void put_whole(buffer *b, int64_t value);
const char *text_of(buffer *b); /* NUL-terminated */

/* ---- saying what went wrong, on stderr ---- */
/* One line beginning with the program's name: text `key` with its arguments, ended by NULL. */
void complain(const char *key, ...);
/* The same and where to get help; returns EXIT_USAGE. */
int misuse(const char *command, const char *key, ...);
/* What the library said, in the language. Returns the exit code that belongs to the status. */
int fail(const fm_error *err);
/* A sentence of the library in the language (**creates**; freed by free). */
char *in_language(const char *sentence);
/* The name most like `typed`, NULL when none is near. */
const char *nearest(const char *typed, const char *const *names, size_t n);
/* Notes which of `n` names is like `typed`, as a text to stand after a sentence: "; did you mean x?" or "". */
const char *suggestion(const char *typed, const char *const *names, size_t n);

/* ---- arguments ---- */
enum { NEW = 1, CHECK = 2, REPORT = 4, LIST = 8, DESCRIBE = 16, COMPUTE = 32, DREAM = 64, SETTLEMENT = 128, SERIES = 256, SDMX = 512, ANY = 1023 };
enum {
  O_AS_OF, O_CARRY, O_TABLE, O_PRELIMINARY, O_BY, O_MERGE, O_WEIGHT, O_FILTER, O_NATIONAL, O_LEVEL, O_OPTION, O_THRESHOLD, O_EARLIER, O_UNPROTECTED,
  O_STATEMENT, O_DEFINITIONS, O_ALL,
  O_SDMX_VERSION, O_STRUCTURE, O_STRUCTURE_TYPE, O_ACTION, O_SDMX_AREA, O_YEAR, O_REPORTING_TYPE, O_SOURCE, O_SET,
  O_DEFINITION, O_SERIES, O_CUSTOM, O_KEEP, O_LISTS,
  O_FORMAT, O_CSV_STYLE, O_DIGITS, O_OUT,
  O_DATE_FORMAT, O_DECIMAL, O_THOUSANDS, O_DELIMITER, O_ENCODING, O_MISSING, O_MAX_ROW_BYTES,
  O_ID, O_AREA, O_PERIOD, O_DIMENSIONS, O_SUPPRESSED, O_COLUMNS, O_CODES, O_ID_WIDTH, O_SKIP_BAD, O_THREADS,
  O_LANG, O_HELP, O_VERSION, N_OPTIONS
};
typedef struct option {
  const char *name;
  const char *value; /* what stands after it in --help; NULL: nothing does */
  int commands;
} option;
extern const option options[N_OPTIONS];

struct args;
typedef struct command {
  const char *name, *usage;
  int id, least, most; /* arguments besides the name */
  int (*run)(const struct args *a);
} command;
extern const command commands[];
extern const size_t n_commands;
const command *command_called(const char *name);

enum { FORMAT_TABLE, FORMAT_CSV, FORMAT_JSON, FORMAT_XLSX };
typedef struct args {
  const command *command;
  const char *words[100]; /* arguments of the command */
  size_t n_words;
  const char *given[N_OPTIONS]; /* value of an option, "" for a flag, NULL when it is not given */
  buffer measure_options;       /* all --option, joined by ; */
  buffer merges;                /* all --merge, joined by ; */
  /* values that every command reads alike */
  double level;
  int32_t as_of, format, threshold, full_digits, id_width, danish_csv, preliminary;
  size_t n_threads, max_row_bytes;
} args;
/* Reads the command line; returns EXIT_DONE or says what is wrong. */
int args_read(args *a, int argc, char **argv);
void args_free(args *a);

/* ---- data ---- */
typedef struct work {
  fm_run run;
  fm_threads threads;
  double began;
  int command; /* NEW ... */
  bool shown;
} work;
void work_begin(work *w, const args *a);
void work_end(work *w); /* takes the progress line away */
bool was_stopped(void);

typedef struct data {
  fm_register *reg;
  fm_table *problems; /* may be NULL when the call failed otherwise */
  bool framed;        /* a bare frame was read: no register, but not nothing either */
  work work;
} data;
/* Reads a folder or a file. On EXIT_DATA with problems the caller says them; other failures have been told. */
int data_open(data *d, const args *a, const char *path);
void data_close(data *d);
/* How one path is to be read. It stays where it is: `spec` points into it. */
typedef struct reading {
  const char *path;
  fm_register_spec spec;
  fm_csv_format format;
  buffer columns; /* --columns; freed by free(columns.data) */
} reading;
int reading_make(reading *r, const args *a, const char *path);
void table_of(char *out, size_t size, const char *path);
/* Creates the header that --columns gives a column, NULL when it gives none. */
char *header_of(const buffer *mapping, const char *table, const char *column);
/* Is the path - for the standard input? */
bool is_stdin(const char *path);
/* Puts the whole standard input; EXIT_SYSTEM when it cannot be read, told. */
int read_stdin(buffer *b);
/* Is the path one file that is no table of the register, or - for the standard input? */
bool is_bare(const char *path);
/* Reads such a file: the columns that the indicator reads with these options; all problems go to stderr. */
int frame_open_telling(fm_table **out, data *d, const args *a, const char *id, const fm_compute_spec *spec);
/* The list benefit_state of --codes, a file or a folder of lists; *out stays as it is when none is given. Problems stay in
 * d for the caller to say. */
int read_own_states(fm_codes **out, data *d, const args *a);
/* The code lists of --codes for a bare table: a file called after its list, or a folder of them. Failures have been told;
 * freed by lists_free. */
typedef struct own_lists {
  const fm_codes **items;
  size_t n;
} own_lists;
int lists_read(own_lists *l, const args *a);
void lists_free(own_lists *l);
/* Puts the list of problems in the language, with the options that mend them. */
void put_problems(buffer *b, const data *d);
/* Puts both lists into *a and drops them. */
fm_status join_problems(fm_table **a, fm_table *b, fm_error *err);
/* Names the files instead of the tables: "persons.csv". The list stays as it is on failure. */
fm_status name_files(fm_table **problems, fm_error *err);
bool is_table(const char *name); /* of the schema */
/* Opens the data; all problems go to stderr. */
int data_open_telling(data *d, const args *a, const char *path);

/* ---- output ---- */
/* Writes text to --out, whole or not at all, or to stdout. Returns an exit code; failures have been told. */
int write_out(const args *a, const char *bytes, size_t size);
/* The same for a table, as --format says. */
int write_table(const args *a, const fm_table *t);
/* The same for a workbook, whose first sheet has this text; always to --out. */
int write_book(const args *a, const fm_table *t, const char *page);
/* Hides what tells of few people, unless --unprotected was given; *t is another table then, and the old one is gone. A
 * table that is no result of a measure stays as it is. Says on stderr what was done. */
int protect_table(const args *a, fm_table **t);
/* A sealed text table of `n_columns` columns; cells row by row, NULL is missing. NULL after a told failure. */
fm_table *make_table(const char *name, const char *const *columns, size_t n_columns, const char *const *cells,
                     size_t n_rows);
const char *cell(const fm_table *t, const char *column, size_t row); /* text of a cell, "" when missing */

bool is_built_in(const char *list); /* a code list of the library */

/* ---- the system: the only file that differs between systems ---- */
enum { PATH_NOTHING, PATH_FILE, PATH_FOLDER, PATH_OTHER };
int path_kind(const char *path);
bool is_same_file(const char *a, const char *b); /* both are there, and are one plain file */
FILE *open_file(const char *path, const char *mode);
int rename_file(const char *from, const char *to);
void remove_file(const char *path);
void remove_folder(const char *path);
int make_folder(const char *path); /* 0: made; otherwise errno */
bool stderr_is_terminal(void);
size_t n_processors(void);
double seconds(void); /* since some moment */
void prepare_system(int *argc, char ***argv); /* UTF-8 arguments and terminal, plain bytes on stdout */
const char *reason_key(int error);            /* text key of an errno */

/* ---- commands ---- */
int run_new(const args *a);
int run_check(const args *a);
int run_report(const args *a);
int run_list(const args *a);
int run_describe(const args *a);
int run_compute(const args *a);
int run_dream(const args *a);
int run_settlement(const args *a);
int run_series(const args *a);
int run_sdmx(const args *a);
int show_help(const command *c);

#endif
