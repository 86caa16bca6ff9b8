/* What every tally promises of a table, beside the partitions of fm_test_tally: what is refused leaves it as it was. */
#include "support/support.h"

#include <stdio.h>
#include <string.h>

fm_tally *fm_test_make(fm_test_create_tally create, void *ctx)
{
  fm_error err = FM_ERROR_INIT;
  fm_tally *t;
  fm_assert_ok(create(&t, ctx, &err), &err);
  return t;
}

static fm_tally *make(void *ctx)
{
  const fm_test_measure *m = ctx;
  return fm_test_make(m->create, m->ctx);
}

typedef struct saved {
  void *bytes;
  size_t n;
} saved;

static saved save(const fm_tally *t)
{
  fm_error err = FM_ERROR_INIT;
  saved s;
  fm_assert_ok(fm_tally_save(&s.bytes, &s.n, t, &err), &err);
  return s;
}

static void assert_as_before(const char *label, const fm_tally *t, const saved *before)
{
  saved now = save(t);
  ck_assert_msg(now.n == before->n && memcmp(now.bytes, before->bytes, now.n) == 0, "%s: the tally is another", label);
  fm_free(now.bytes);
}

static fm_tally *filled(fm_test_measure *m)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(m->columns, m->n_columns, m->cells, m->n_rows);
  fm_tally *t = make(m);
  fm_assert_ok(fm_tally_add(t, frame, NULL, &err), &err);
  fm_table_destroy(frame);
  return t;
}

/* Nobody added, or a tally of nobody merged, changes nothing; merged into an empty one it stays what it is. */
static void check_nothing(fm_test_measure *m)
{
  fm_error err = FM_ERROR_INIT;
  fm_tally *t = filled(m), *empty = make(m), *into = make(m);
  saved before = save(t);
  fm_table *none = fm_test_table(m->columns, m->n_columns, m->cells, 0);
  fm_assert_ok(fm_tally_add(t, none, NULL, &err), &err);
  assert_as_before("no rows added", t, &before);
  fm_assert_ok(fm_tally_merge(t, empty, &err), &err);
  assert_as_before("an empty tally merged", t, &before);
  fm_assert_ok(fm_tally_merge(into, t, &err), &err);
  assert_as_before("merged into an empty tally", into, &before);
  fm_free(before.bytes);
  fm_table_destroy(none);
  fm_tally_destroy(t);
  fm_tally_destroy(empty);
  fm_tally_destroy(into);
}

/* The frame without column `left_out`, or with it as text; destroy with fm_table_destroy. */
static fm_table *changed(const fm_test_measure *m, size_t column, bool as_text)
{
  const char **columns = calloc(m->n_columns, sizeof *columns),
             **cells = calloc(m->n_columns * m->n_rows + 1, sizeof *cells);
  char name[80];
  size_t n = 0, n_cells = 0;
  for (size_t k = 0; k < m->n_columns; k++)
    if (k != column || as_text)
      columns[n++] = m->columns[k];
  for (size_t i = 0; i < m->n_rows; i++)
    for (size_t k = 0; k < m->n_columns; k++)
      if (k != column || as_text)
        cells[n_cells++] = m->cells[i * m->n_columns + k];
  if (as_text) {
    snprintf(name, sizeof name, "%.*s:code", (int)strcspn(m->columns[column], ":"), m->columns[column]);
    columns[column] = name;
  }
  fm_table *t = fm_test_table(columns, n, cells, m->n_rows);
  free(columns);
  free(cells);
  return t;
}

/* A column that is missing or text where numbers are expected: refused by its name, and nothing is added, or it is none
 * of those that are read. Returns whether it was refused. */
static bool check_column(fm_test_measure *m, size_t column, bool as_text)
{
  char name[80], label[100];
  fm_error err = FM_ERROR_INIT;
  snprintf(name, sizeof name, "%.*s", (int)strcspn(m->columns[column], ":"), m->columns[column]);
  snprintf(label, sizeof label, "column %s %s", name, as_text ? "of text" : "missing");
  fm_table *frame = changed(m, column, as_text);
  fm_tally *t = filled(m);
  saved before = save(t);
  fm_status status = fm_tally_add(t, frame, NULL, &err);
  if (status != FM_OK) {
    ck_assert_msg(as_text ? status == FM_ERR_TYPE || status == FM_ERR_VALUE
                          : status == FM_ERR_NOT_FOUND || status == FM_ERR_VALUE,
                  "%s: %s: %s", label, fm_status_name(status), err.message);
    /* Rows can be impossible without what the column would have said of them. */
    ck_assert_msg(status == FM_ERR_VALUE || strstr(err.message, name) != NULL, "%s: %s", label, err.message);
    assert_as_before(label, t, &before);
  }
  fm_free(before.bytes);
  fm_table_destroy(frame);
  fm_tally_destroy(t);
  return status != FM_OK;
}

static bool is_text(const char *column)
{
  return strcmp(column + strcspn(column, ":"), ":code") == 0;
}

void fm_test_promises(fm_test_measure *m)
{
  size_t n_refused = 0;
  fm_test_tally(make, m, m->columns, m->n_columns, m->cells, m->n_rows);
  fm_table *frame = fm_test_table(m->columns, m->n_columns, m->cells, m->n_rows);
  ck_assert_int_gt(fm_test_tally_allocations(m->create, m->ctx, frame), 20);
  fm_table_destroy(frame);
  check_nothing(m);
  for (size_t k = 0; k < m->n_columns; k++) {
    n_refused += check_column(m, k, false);
    n_refused += !is_text(m->columns[k]) && check_column(m, k, true);
  }
  ck_assert_msg(n_refused > 0, "no column is missed");
}

void fm_test_refused(fm_test_measure *m, size_t row, fm_test_refusal refusal)
{
  const char **cells = calloc(m->n_columns * m->n_rows, sizeof *cells);
  fm_error err = FM_ERROR_INIT;
  memcpy(cells, m->cells, m->n_columns * m->n_rows * sizeof *cells);
  cells[row * m->n_columns + refusal.column] = refusal.cell;
  fm_table *frame = fm_test_table(m->columns, m->n_columns, cells, m->n_rows);
  fm_tally *t = filled(m);
  saved before = save(t);
  ck_assert_int_eq(fm_tally_add(t, frame, NULL, &err), FM_ERR_VALUE);
  ck_assert_msg(strstr(err.message, refusal.says) != NULL, "%s", err.message);
  ck_assert_int_eq(err.row, (int64_t)row);
  assert_as_before(refusal.says, t, &before);
  fm_free(before.bytes);
  fm_table_destroy(frame);
  fm_tally_destroy(t);
  free(cells);
}
