/* A register in the making: the tables as read, their places in the files, the problems found so far.
 *
 * Order of work: read.c or intake.c gives typed tables; normal.c pads ids and turns aliases into codes; check_rows.c,
 * check_links.c, check_answers.c and check_notes.c list problems and mark bad rows; rows.c leaves those out when asked;
 * register.c puts the register together. Tables that others refer to are finished first. */
#ifndef FM_REGISTER_MAKE_PRIV_H
#define FM_REGISTER_MAKE_PRIV_H

#include "calendar/calendar_priv.h"
#include "csv/csv_priv.h"
#include "register/schema_priv.h"

typedef struct fm__given {
  fm_table *table;  /* typed columns under the schema's names; NULL: not given, or not readable */
  fm_table *labels; /* a table whose columns are those of the source, for their places; NULL: unknown */
  bool given;       /* the data have such a table, readable or not */
  bool partial;     /* an error was found, so that rows or all of it are missing or wrong */
  bool from_file;
  int64_t left_out; /* rows the CSV reader left out */
  uint8_t *bad;     /* of each row: 1 when it has an error */
  int64_t n_bad;
  uint32_t *kept; /* row before the bad ones were left out, of each row; NULL: the same */
  fm__texts *ids; /* of a table that others refer to: its keys, numbered; made when first needed */
  uint32_t *row_of_id;
} fm__given;

typedef struct fm__make {
  fm_register *r;
  fm_register_spec spec;
  const fm_run *run;
  fm__problems *problems;
  fm__given given[FM__N_TABLES];
  bool fatal;        /* an error that leaving rows out does not mend */
  fm__texts *mapped; /* "table.column" with a header of its own */
  char **headers;
  size_t headers_capacity;
  fm_csv_format format;
  fm__bytes format_texts; /* texts the format points to */
} fm__make;

/* ---- problems ---- */
/* Adds a problem of a table. column: schema name or NULL; row: of given[t].table or -1; value NULL: none is shown.
 * An error on a row marks the row. Gives its kind for fm__problems_hint. */
typedef struct fm__finding {
  const char *code, *what, *expected, *hint, *value;
  size_t value_length;
  int32_t severity;
} fm__finding;
int64_t fm__make_problem(fm__make *m, int t, const char *column, int64_t row, const fm__finding *f);
/* A problem with no table of the schema behind it: place is a file name. */
void fm__make_file_problem(fm__make *m, const char *place, int64_t line, const fm__finding *f);
/* The name of a column in the source. */
const char *fm__make_header(const fm__make *m, int t, const char *column);
/* Text of a number or date for a message; static parts of `out` (48 bytes). */
const char *fm__show_f64(char out[48], double v);
const char *fm__show_date(char out[48], int32_t date);
/* Whether a text has the form of a Danish personal number: DDMMYYXXXX, also without its first 0 or with a hyphen. */
bool fm__looks_personal(const char *text, size_t length);

/* ---- package.c, columns.c, lists.c ---- */
fm_status fm__make_package(fm__make *m, const char *folder, fm_error *err);
fm_status fm__make_package_text(fm__make *m, const char *text, size_t length, fm_error *err);
fm_status fm__make_fact(fm__make *m, const char *key, const char *value, fm_error *err);
/* Notes the header of a column; false when table or column are unknown. */
fm_status fm__make_map_column(fm__make *m, const char *name, size_t length, const char *header, bool *known,
                              fm_error *err);
fm_status fm__make_columns(fm__make *m, const char *text, fm_error *err);
fm_status fm__make_lists(fm__make *m, const char *folder, fm_error *err);
const fm_codes *fm__make_list(const fm__make *m, const char *list); /* NULL: none */

/* ---- steps on one table ---- */
fm_status fm__make_take(fm__make *m, int t, const fm_table *source, fm_error *err); /* intake.c */
fm_status fm__make_mark(fm__make *m, int t, fm_error *err); /* makes the marks of bad rows, once */
fm_status fm__make_normal(fm__make *m, int t, fm_error *err);
fm_status fm__check_rows(fm__make *m, int t, fm_error *err);
fm_status fm__check_keys(fm__make *m, int t, fm_error *err);
fm_status fm__check_links(fm__make *m, int t, fm_error *err);
fm_status fm__check_answers(fm__make *m, int t, fm_error *err);
fm_status fm__check_notes(fm__make *m, int t, fm_error *err);
fm_status fm__make_drop_bad(fm__make *m, int t, fm_error *err);

/* ---- changing sealed tables ---- */
/* Creates a table with the rows of `rows` (NULL: all, shared) and, where replaced[k] is not NULL, the column of that
 * one-column table instead. Lines and notes go along. */
fm_status fm__table_with(fm_table **out, const fm_table *t, fm_table *const *replaced, fm_error *err);
fm_status fm__table_rows(fm_table **out, const fm_table *t, const uint32_t *rows, size_t n, fm_error *err);
/* Creates a one-column table of texts: codes into `texts`; takes codes and validity in every case. */
fm_status fm__text_column(fm_table **out, const char *name, int32_t *codes, uint8_t *validity, size_t n,
                          const fm__texts *texts, fm_error *err);

/* ---- sets of rows, equal when all their columns are ---- */
typedef struct fm__row_set fm__row_set;
fm_status fm__row_set_create(fm__row_set **out, const fm_table *t, const size_t *columns, size_t n, fm_error *err);
void fm__row_set_destroy(fm__row_set *s);
/* The earlier row equal to this one, -1 when it is the first (it is then added). */
int64_t fm__row_set_add(fm__row_set *s, size_t row);
bool fm__rows_equal(const fm_table *t, const size_t *columns, size_t n, size_t a, size_t b);

/* ---- after reading ---- */
/* Checks and links everything; gives the register and the table of problems. Destroys what m holds. */
fm_status fm__make_lookups(fm__make *m, int t, fm_error *err);
void fm__part_free(fm__part *p);
fm_status fm__make_finish(fm__make *m, fm_status status, fm_register **out, fm_table **problems, fm_error *err);
fm_status fm__make_start(fm__make *m, const fm_register_spec *spec, const fm_run *run, fm_error *err);

#endif
