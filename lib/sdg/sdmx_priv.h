/* The tables behind SDMX files, the observations made by them, and how both are read. */
#ifndef FM_SDG_SDMX_PRIV_H
#define FM_SDG_SDMX_PRIV_H

#include "csv/csv_priv.h"
#include "flexmetrics/sdg.h"

typedef struct fm__slice {
  const char *text;
  size_t length;
} fm__slice;

/* ---- built-in tables ---- */
typedef struct fm__sdmx_file {
  const char *name;
  const unsigned char *bytes;
  size_t size;
} fm__sdmx_file;
extern const fm__sdmx_file fm__sdmx_files[];

enum { FM__SDMX_COMPONENTS, FM__SDMX_CODES, FM__SDMX_SERIES, FM__SDMX_MEASURES, FM__SDMX_GROUPS, FM__SDMX_SHEETS };
/* Columns that the library reads; the constraints of sdmx_series are found by the names of the components. */
enum { FM__P_COMPONENT, FM__P_ROLE, FM__P_REQUIRED, FM__P_LIST, FM__P_DEFAULT, FM__P_TYPE };
enum { FM__C_LIST, FM__C_CODE, FM__C_SINCE, FM__C_UNTIL, FM__C_VALUE };
enum { FM__S_CODE, FM__S_SINCE, FM__S_UNTIL };
enum {
  FM__M_SERIES,
  FM__M_INDICATOR,
  FM__M_QUANTITY,
  FM__M_DEFINITION,
  FM__M_WHEN,
  FM__M_NEEDS,
  FM__M_SET,
  FM__M_SHIFT
};
enum { FM__G_COLUMN, FM__G_VALUE, FM__G_COMPONENT, FM__G_CODE };
#define FM__SDMX_MOST_COLUMNS 8

typedef struct fm__sheet {
  fm_table *t; /* NULL: none */
  size_t columns[FM__SDMX_MOST_COLUMNS];
} fm__sheet;
/* Text of a cell, "" where there is none. */
const char *fm__sheet_cell(const fm__sheet *s, size_t row, int column);

enum { FM__SDMX_DIMENSION, FM__SDMX_MEASURE, FM__SDMX_ATTRIBUTE };
enum { FM__SDMX_CODE, FM__SDMX_TEXT, FM__SDMX_NUMBER, FM__SDMX_PERIOD };
#define FM__SDMX_NO_PART SIZE_MAX

typedef struct fm__sdmx_part { /* a component of the structure */
  const char *name, *fallback; /* fallback: "" for none */
  int32_t role, type;
  bool required;
  size_t list;      /* SIZE_MAX: not coded */
  size_t limits[2]; /* column of its constraints in own and built-in sdmx_series; SIZE_MAX: none */
} fm__sdmx_part;

typedef struct fm__sdmx_list {
  const char *name;
  char *chosen;        /* version asked for; NULL: the newest */
  const char *version; /* in use */
  bool own;            /* the caller's codes stand in place of the built-in ones */
} fm__sdmx_list;

typedef struct fm__sdmx_entry { /* a code: a row of sdmx_codes or sdmx_series */
  uint8_t kind, which;          /* sheet; 0 the caller's, 1 built-in */
  size_t row;
} fm__sdmx_entry;

struct fm_sdmx_codes {
  fm__sheet sheets[FM__SDMX_SHEETS][2];
  fm__sdmx_part *parts;
  size_t n_parts;
  fm__sdmx_list *lists;
  size_t n_lists;
  fm__texts *keys; /* "list code", numbered as the entries */
  fm__sdmx_entry *entries;
  size_t n_entries, entries_capacity;
  size_t series; /* parts that the library itself speaks of; FM__SDMX_NO_PART: not in this structure */
  size_t value, status, unit, custom, label, period, detail, frequency, area, reporting, source, upper, lower;
};

/* The built-in components alone: no codes can be looked up. */
fm_status fm__sdmx_codes_of_structure(fm_sdmx_codes **out, fm_error *err);
size_t fm__sdmx_part_called(const fm_sdmx_codes *c, const char *name, size_t length);
/* Entry of a code in a list of any version, -1 for none. */
int64_t fm__sdmx_find(const fm_sdmx_codes *c, size_t list, const char *code, size_t length);
const char *fm__sdmx_since(const fm_sdmx_codes *c, int64_t entry);
const char *fm__sdmx_until(const fm_sdmx_codes *c, int64_t entry);
/* Is the entry in the version of the list in use? */
bool fm__sdmx_in_force(const fm_sdmx_codes *c, size_t list, int64_t entry);
/* Codes of a series' sheet that a component may have, "" for any. */
const char *fm__sdmx_limit(const fm_sdmx_codes *c, int64_t series, size_t part);

/* ---- texts ---- */
int fm__version_compare(const char *a, const char *b); /* 1.10 is after 1.4 */
bool fm__slice_is(fm__slice s, const char *text);
/* Next part of a text up to `separator`, trimmed of spaces; false at the end. */
bool fm__slice_next(const char **at, char separator, fm__slice *out);
/* Parts name=value; without "=" the value's text is NULL. */
void fm__slice_pair(fm__slice pair, fm__slice *name, fm__slice *value);
bool fm__in_list(const char *list, char separator, fm__slice wanted);

/* Alternatives "a|b" with places {n} number of up to 4 digits, {A} letter, {01-99} number of that width and range, *
 * all; without regard to the case of ASCII letters. Gives the alternative, NULL for none. */
#define FM__PLACES 4
typedef struct fm__places {
  fm__slice name[FM__PLACES], found[FM__PLACES];
  size_t n;
} fm__places;
bool fm__pattern_match(const char *pattern, fm__slice text, fm__places *places);
/* The template with its places filled; false when it is longer than `size`. */
bool fm__pattern_fill(char *out, size_t size, const char *template_text, const fm__places *places);

/* ---- observations in the making ---- */
typedef struct fm__sdmx {
  const fm_sdmx_codes *codes;
  const fm_sdmx_spec *spec;
  const fm_table *t;
  fm__problems *problems;
  fm__texts *texts;
  int32_t *cells; /* row by row, a text for each part; -1 empty */
  size_t n_rows, capacity;
  size_t *source; /* row of t */
  size_t source_capacity;
  uint8_t *shown; /* of each part: the table had the column */
  size_t action;  /* column of an observation table that tells what is done with a row; SIZE_MAX: none */
  bool failed;    /* out of memory */
  size_t n_errors;
} fm__sdmx;

/* A row that deletes, or is about attributes of part of a key (~): nothing in it is filled or asked for. */
bool fm__sdmx_is_bare(const fm__sdmx *s, size_t row);
/* Is SDMX-CSV 2.1 to be written? */
bool fm__sdmx_is_21(const fm__sdmx *s);
/* Adds an empty row made of row `source`; its number, SIZE_MAX without memory. */
size_t fm__sdmx_add_row(fm__sdmx *s, size_t source);
void fm__sdmx_put(fm__sdmx *s, size_t row, size_t part, const char *text, size_t length);
/* Text of a cell, NULL for none. */
const char *fm__sdmx_cell(const fm__sdmx *s, size_t row, size_t part, size_t *length);
bool fm__sdmx_is_empty(const fm__sdmx *s, size_t row, size_t part);
/* Lists a problem; `column` and `value` may be NULL. */
void fm__sdmx_problem(fm__sdmx *s, const char *code, size_t source, const char *column, fm__slice value,
                      const char *what, const char *expected, const char *hint);
/* Fills a cell where it is empty. */
void fm__sdmx_fill(fm__sdmx *s, size_t row, size_t part, const char *text, size_t length);
/* Fills the components of "NAME=value;...". */
void fm__sdmx_set(fm__sdmx *s, size_t row, const char *set);
/* The number with its decimal point moved `shift` places to the right, as the shortest text. */
size_t fm__sdmx_number(char out[48], double v, int32_t shift);
/* Plain text of a cell of any type; NULL when it is missing. */
const char *fm__sdmx_plain(const fm_table *t, size_t column, size_t row, char scratch[48], size_t *length);

fm_status fm__sdmx_from_result(fm__sdmx *s, fm_error *err);
fm_status fm__sdmx_from_observations(fm__sdmx *s, fm_error *err);
/* What no row has said: from the spec, the series, the structure. */
fm_status fm__sdmx_complete(fm__sdmx *s, fm_error *err);
fm_status fm__sdmx_check(fm__sdmx *s, fm_error *err);
/* Makes and checks them; problems are in s. fm__sdmx_close in every case. */
fm_status fm__sdmx_open(fm__sdmx *s, const fm_table *t, const fm_sdmx_spec *spec, fm_sdmx_codes **made, fm_error *err);
void fm__sdmx_close(fm__sdmx *s);
/* Makes the table of problems and drops their list; FM_ERR_MEMORY when that fails. */
fm_status fm__sdmx_tell(fm__sdmx *s, fm_status status, fm_table **problems, fm_error *err);
/* Columns that are written. */
bool fm__sdmx_is_shown(const fm__sdmx *s, size_t part);

#endif
