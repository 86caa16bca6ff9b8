/* The inside of a register: its checked tables, links resolved to row numbers, code lists in force. Written once while
 * it is made, only read afterwards, so that every function below may run on many threads. */
#ifndef FM_REGISTER_PRIV_H
#define FM_REGISTER_PRIV_H

#include "base/base_priv.h"
#include "flexmetrics/register.h"
#include "table/table_priv.h"

/* ---- tables: numbers of the schema, in its order ---- */
enum {
  FM__PERSONS,
  FM__GROUP_SPELLS,
  FM__SPELLS,
  FM__EMPLOYERS,
  FM__PLACEMENTS,
  FM__SUPPORTS,
  FM__INCOMES,
  FM__INITIATIVES,
  FM__MEMBERS,
  FM__PARTICIPANTS,
  FM__GOALS,
  FM__COUNTS,
  FM__CONTRACTS,
  FM__PROGRESS,
  FM__OUTCOMES,
  FM__N_TABLES
};

#define FM__NO_ROW UINT32_MAX

/* One table of the register. The typed table has the schema's columns that the data gave, in the schema's order and
 * under the schema's names and types, then the caller's further columns (group columns, always text).
 * - Every id column is FM_CODE with distinct texts.
 * - Every column with a code list holds the list's own codes (an alias "flexjob" has become "fleksjob"); a word that no
 *   list knows stays as it was written.
 * - Required columns have no missing value; intervals are closed and never reversed; weights are >= 0. */
typedef struct fm__part {
  fm_table *table; /* NULL: not given; then n_rows is 0 */
  size_t n_rows;
  /* Row of the table that each row names, FM__NO_ROW for a blank; the array is NULL when this table has no such column.
   * person: row in persons (the person's number); the others: row in the table of that name. */
  uint32_t *person, *employer, *initiative, *placement, *goal;
  /* Entry of the code list for each dictionary text of a column: see fm__register_entry. */
  struct fm__lookup *lookups; /* one a column of the table */
  size_t n_lookups;
  size_t start_column, end_column, code_column; /* the interval; kind or state; FM__NO_COLUMN */
} fm__part;

struct fm_register {
  fm__part part[FM__N_TABLES];
  fm_codes **codes; /* lists in force */
  size_t n_codes;
  fm__texts *fact_keys; /* facts of datapackage.json */
  char **facts;
  int32_t data_end;
};

/* Number of a table by its name, -1 when the schema has none. */
int fm__table_number(const char *name);
/* Column of a table of the register by its name; FM__NO_COLUMN when the data have none (or not the table). */
size_t fm__register_column(const fm_register *r, int table, const char *column);

/* ---- codes on a date ----
 * Entry (>= 0) of the list that the cell names on `date` (FM_NO_DATE: its newest entry), else FM_CODE_UNKNOWN (also for
 * a blank, and a column without a list) or FM_CODE_NOT_VALID. *codes (may be NULL) gets the list. */
int64_t fm__register_entry(const fm_register *r, int table, size_t column, size_t row, int32_t date,
                           const fm_codes **codes);
/* Kind of a placement, on its first day. An unknown kind, or one not valid that day, is neither. */
bool fm__placement_is_work(const fm_register *r, size_t placement);
bool fm__placement_is_subsidised(const fm_register *r, size_t placement);
/* State of a row of spells, on its first day. */
bool fm__spell_is_work(const fm_register *r, size_t spell);
bool fm__spell_is_subsidised(const fm_register *r, size_t spell);

/* ---- cells ---- A column that is FM__NO_COLUMN is all missing. */
int32_t fm__date_at(const fm_table *t, size_t column, size_t row); /* FM_NO_DATE when missing */
/* Interval of a row, half-open: first day (INT32_MIN: open) and the day after the last one (INT32_MAX: still running).
 */
typedef struct fm__days {
  int32_t first, end;
} fm__days;
/* Columns "start" and "end" of spells, group_spells, placements, supports, initiatives, contracts;
 * joined_on and left_on of members and participants; observed_from and observed_to of persons. */
fm__days fm__register_days(const fm_register *r, int table, size_t row);

/* ---- rows of each person ----
 * Creates the rows of a table in the order (person, first day, end, row): those of person p are
 * rows[first[p] .. first[p + 1]). Both are freed by fm__free; rows without a person are left out. For a table without
 * persons or not given, all ranges are empty. */
fm_status fm__rows_by_person(uint32_t **first, uint32_t **rows, const fm_register *r, int table, fm_error *err);

#endif
