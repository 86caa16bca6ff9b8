/* How a table holds its columns; for the files of this folder only. */
#ifndef FM_TABLE_STORE_PRIV_H
#define FM_TABLE_STORE_PRIV_H

#include <stdatomic.h>

#include "table/table_priv.h"

typedef struct fm__column {
  char *name;
  int32_t type;
  const void *values;      /* n_rows of the type's width; codes for FM_CODE */
  const uint8_t *validity; /* NULL: no missing value */
  const int64_t *offsets;  /* FM_CODE: n_texts + 1; text k is bytes[offsets[k] .. offsets[k + 1] - 1), then a NUL */
  const char *bytes;
  size_t n_texts;
  fm_release release; /* gives borrowed or owned memory back */
  void *owner;
} fm__column;

typedef struct fm__note {
  char *key, *value;
} fm__note;

struct fm_table {
  atomic_size_t references;
  char *name;
  fm__column *columns;
  size_t n_columns, columns_capacity;
  fm__note *notes;
  size_t n_notes, notes_capacity;
  int64_t *lines;     /* line of each row, or NULL */
  int64_t first_line; /* line of row 0 when each row is one line; -1: not from a file */
  size_t n_rows;
  bool sealed;
};

/* Adds `column` (its name is copied, the rest is taken on success). */
fm_status fm__table_append(fm_table *t, const char *name, fm__column column, size_t n, fm_error *err);
/* Memory of an owned column, freed together. */
typedef struct fm__owned {
  void *values;
  uint8_t *validity;
  int64_t *offsets;
  char *bytes;
} fm__owned;
void fm__owned_release(void *owner);

#endif
