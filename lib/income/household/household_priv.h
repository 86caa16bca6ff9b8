/* Tables with new columns beside those of another: what household rules, top-coding and prices share. */
#ifndef FM_INCOME_HOUSEHOLD_PRIV_H
#define FM_INCOME_HOUSEHOLD_PRIV_H

#include <math.h>

#include "flexmetrics/income_household.h"
#include "num/num_priv.h"
#include "table/table_priv.h"

/* A column of numbers: f64, i64 or i32. */
typedef struct fm__numbers {
  const fm_table *table;
  size_t column;
  const double *f64;
  const int64_t *i64;
  const int32_t *i32;
  const uint8_t *validity;
} fm__numbers;
fm_status fm__numbers_find(fm__numbers *out, const fm_table *t, const char *name, fm_error *err);
double fm__numbers_at(const fm__numbers *x, size_t row); /* NaN: missing */
/* FM_ERR_VALUE with table, column, row and line: "column %s, row %zu: expected %s". */
fm_status fm__column_bad(const fm_table *t, size_t column, size_t row, const char *expected, fm_error *err);
/* A weight: finite, at least 0, not missing. */
fm_status fm__numbers_weight(double *out, const fm__numbers *x, size_t row, fm_error *err);

/* Creates an open table that shares all columns and has all notes of `from`. */
fm_status fm__table_extend(fm_table **out, const fm_table *from, fm_error *err);
/* Adds a column made by fm__array; NaN becomes missing. Takes the values, on failure too. */
fm_status fm__table_take_f64(fm_table *t, const char *name, double *values, size_t n, fm_error *err);
fm_status fm__table_note_count(fm_table *t, const char *key, size_t n, fm_error *err);
fm_status fm__table_note_number(fm_table *t, const char *key, double x, fm_error *err);
/* Seals *t into *out; destroys it when status, or sealing, is a failure. */
fm_status fm__table_done(fm_table **out, fm_table *t, fm_status status, fm_error *err);

#endif
