/* What all C tests share: comparing numbers, failing allocations in turn, small tables, oracle files. */
#ifndef FM_TESTS_SUPPORT_H
#define FM_TESTS_SUPPORT_H

#include <check.h>
#include <stdbool.h>
#include <stdlib.h>

#include "flexmetrics.h"

#define FM_COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

/* Runs one suite and returns the exit status for main; a run without a single test is a failure. */
int fm_test_main(Suite *suite);

/* |actual - expected| <= rel * |expected| + abs; NaN equals NaN, an infinity only itself. */
bool fm_close(double actual, double expected, double rel, double abs);
#define fm_assert_close(label, actual, expected, rel, abs)                                                             \
  do {                                                                                                                 \
    double fm_a = (actual), fm_e = (expected);                                                                         \
    if (!fm_close(fm_a, fm_e, (rel), (abs))) /* an assertion that holds writes to check's file, too: slow */           \
      ck_abort_msg("%s: got %.17g, expected %.17g", (label), fm_a, fm_e);                                              \
  } while (0)
/* A call that must succeed; the message of its error is shown. */
#define fm_assert_ok(call, err)                                                                                        \
  do {                                                                                                                 \
    fm_status fm_s = (call);                                                                                           \
    ck_assert_msg(fm_s == FM_OK, "%s: %s", fm_status_name(fm_s), (err)->message);                                      \
  } while (0)

/* Runs body with the n-th allocation failing, n = 0, 1, 2 ... until it succeeds. Each failing run must return
 * FM_ERR_MEMORY and leave no live allocation; so must the last. Returns the number of failing runs. */
typedef fm_status (*fm_test_body)(void *ctx, fm_error *err);
int fm_test_allocations(fm_test_body body, void *ctx);

/* ---- tables from literals: columns are "name:type", cells are text, "" is missing ----
 * types: f64 i64 i32 date bool code. The table is sealed; destroy it with fm_table_destroy. */
fm_table *fm_test_table(const char *const *columns, size_t n_columns, const char *const *cells, size_t n_rows);
/* One cell of a result as a number (NaN when missing) or text (NULL when missing), by column name. */
double fm_test_number(const fm_table *t, const char *column, size_t row);
const char *fm_test_text(const fm_table *t, const char *column, size_t row);
/* First row where column1 = text1 (and column2 = text2, and column3 = text3, when given); fails the test if none. */
size_t fm_test_row(const fm_table *t, const char *column1, const char *text1, const char *column2, const char *text2,
                   const char *column3, const char *text3);

/* The same as fm_test_table with only the given rows, in the given order. */
fm_table *fm_test_rows(const char *const *columns, size_t n_columns, const char *const *cells, const size_t *rows,
                       size_t n_rows);

/* ---- tallies: the promises every measure keeps ----
 * One add, and any split, order of rows, save, load and merge give the same bits of result and state; cut or changed
 * bytes are refused. `make` returns an empty tally. */
typedef fm_tally *(*fm_test_make_tally)(void *ctx);
void fm_test_tally(fm_test_make_tally make, void *ctx, const char *const *columns, size_t n_columns,
                   const char *const *cells, size_t n_rows);
/* Every allocation of a tally's whole life (create, add, save, load, merge, result) failing in turn. */
typedef fm_status (*fm_test_create_tally)(fm_tally **out, void *ctx, fm_error *err);
int fm_test_tally_allocations(fm_test_create_tally create, void *ctx, const fm_table *frame);
void fm_assert_same_table(const char *label, const fm_table *a, const fm_table *b);

/* An empty tally; the test fails when there is none. */
fm_tally *fm_test_make(fm_test_create_tally create, void *ctx);

/* A measure and a table for it; `ctx` goes to `create`. */
typedef struct fm_test_measure {
  fm_test_create_tally create;
  void *ctx;
  const char *const *columns;
  size_t n_columns;
  const char *const *cells;
  size_t n_rows;
} fm_test_measure;
/* All promises of a tally: fm_test_tally, fm_test_tally_allocations, and that a frame without rows, an empty tally and
 * a frame that is refused leave it as it was. Each column in turn is missing, and one of numbers text: what is refused
 * is refused by the column's name. */
void fm_test_promises(fm_test_measure *m);
/* One cell changed in row `row`: FM_ERR_VALUE, a message that says so with that row, and nothing added. */
typedef struct fm_test_refusal {
  size_t column;
  const char *cell, *says;
} fm_test_refusal;
void fm_test_refused(fm_test_measure *m, size_t row, fm_test_refusal refusal);

/* ---- oracle files: a plain comma-separated reader that shares nothing with the library's ---- */
typedef struct fm_oracle fm_oracle;
fm_oracle *fm_oracle_open(const char *name); /* below tests/oracle; fails the test when unreadable */
void fm_oracle_close(fm_oracle *o);
size_t fm_oracle_n_rows(const fm_oracle *o);
const char *fm_oracle_text(const fm_oracle *o, size_t row, const char *column);
double fm_oracle_number(const fm_oracle *o, size_t row, const char *column); /* NA is NaN, Inf is infinite */

#endif
