/* The one description of every table and column: it drives reading, checking, the schemas on disk and empty files. */
#ifndef FM_REGISTER_SCHEMA_PRIV_H
#define FM_REGISTER_SCHEMA_PRIV_H

#include "register/register_priv.h"

enum {
  FM__REQUIRED = 1, /* the column must be there and every cell filled */
  FM__SECRET = 2,   /* an id: no message shows its cells; padded by id_width */
  FM__WEIGHT = 4,   /* negative or NaN is FM-N04 */
  FM__HAPPENED = 8, /* a date that counts for fm_register_data_end */
  FM__AS_OF = 16,   /* the same, but it means the start of that day */
  FM__RULE = 32,    /* a text in the language of filter_priv.h */
  FM__SHARE = 64,   /* 0 to 1 */
  FM__NOT_NEGATIVE = 128,
  FM__WEEK_HOURS = 256, /* 0 to 168 */
  FM__POSITIVE = 512    /* above 0 */
};

typedef struct fm__column_def {
  const char *name;
  int32_t type;
  uint32_t flags;
  const char *list;  /* code list; NULL: none */
  const char *words; /* the list itself when it is not among the library's built-in ones: code[:alias...]|...; NULL: a
                        built-in list, or only checked when the caller gives a list of that name */
  int references;    /* table whose id this is, -1: none */
  const char *en, *da;
} fm__column_def;

typedef struct fm__table_def {
  const char *name;
  const fm__column_def *columns;
  size_t n_columns;
  const char *key;         /* columns that are unique together, separated by commas; NULL: rows equal in every column
                              are noted */
  const char *start, *end; /* the interval of a row; NULL: none */
  const char *code_date;   /* date on which the codes of a row are read; NULL: none, the newest entry counts */
  int32_t extra;           /* 1: further columns are kept as groups */
  const char *en, *da;
} fm__table_def;

extern const fm__table_def fm__schema[FM__N_TABLES];

/* Column of a table by its name, -1 when there is none. */
int fm__schema_column(const fm__table_def *t, const char *name);
/* Smallest and largest value allowed in a column; false when there is no limit at all. */
bool fm__schema_range(const fm__column_def *c, double *min, double *max);

#endif
