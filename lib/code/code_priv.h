/* The inside of a code list, and how one is put together. */
#ifndef FM_CODE_PRIV_H
#define FM_CODE_PRIV_H

#include <stdatomic.h>

#include "base/base_priv.h"
#include "flexmetrics/code.h"
#include "table/table_priv.h"

#define FM__CODE_KEY_MAX 255 /* bytes of a code or alias */

/* A list as the generator writes it: the column names and then the cells row by row, each ended by a NUL. */
typedef struct fm__code_list {
  const char *name;
  const unsigned char *cells;
  size_t n_columns, n_rows;
} fm__code_list;
extern const fm__code_list fm__code_lists[];
extern const size_t fm__n_code_lists;

/* One word of one entry. Sorted by key, and newest first among the entries of a key. */
typedef struct fm__code_use {
  int64_t key;
  int32_t from;
  size_t entry;
} fm__code_use;

struct fm_codes {
  atomic_int references;
  char *name;
  size_t n, n_columns;
  fm__texts *texts; /* all cells and column names */
  int64_t *columns; /* text of each column's name */
  int64_t *cells;   /* text of each cell, row by row; -1 is blank */
  int32_t *from, *to;
  fm__texts *keys; /* folded codes and aliases */
  fm__code_use *uses;
  size_t n_uses, uses_capacity;
  size_t *first_use; /* of each key; one more at the end */
  char *digest;
};

/* ---- putting a list together: start, put every column name and cell, finish ---- */
fm_status fm__codes_start(fm_codes **out, const char *name, size_t n_columns, size_t n_rows, fm_error *err);
bool fm__codes_put_column(fm_codes *c, size_t column, const char *name);
bool fm__codes_put(fm_codes *c, size_t row, size_t column, const char *text, size_t length); /* false: no memory */
/* Checks the entries, makes the index and the digest. `t` (may be NULL) tells the lines of the rows. */
fm_status fm__codes_finish(fm_codes *c, const fm_table *t, fm_error *err);

int64_t fm__codes_column(const fm_codes *c, const char *column);                          /* -1 when there is none */
const char *fm__codes_cell(const fm_codes *c, size_t row, size_t column, size_t *length); /* NULL for a blank */
bool fm__code_whole_number(const char *text, int64_t *out);                               /* digits only, at most 18 */
/* Checks the columns that the library itself reads in a built-in list. */
fm_status fm__codes_check_rules(const fm_codes *c, const fm_table *t, fm_error *err);
fm_status fm__codes_make_digest(fm_codes *c, fm_error *err);
/* Adds row, line, column and value to an error and returns its code. */
fm_status fm__codes_at(const fm_codes *c, const fm_table *t, size_t row, size_t column, fm_error *err,
                       fm_status status);

/* "line 7" of the file, or "row 5" where there is none. */
void fm__codes_place(char out[40], const fm_table *t, size_t row);

/* Folds a word into `out` (FM__CODE_KEY_MAX bytes): its length, 0 when nothing is left or it is too long. */
size_t fm__code_fold(char *out, const char *text, size_t length);
/* How far a name is from the one that was typed, both folded: SIZE_MAX when they are not alike. */
size_t fm__code_cost(const char *typed, const char *name);

#endif
