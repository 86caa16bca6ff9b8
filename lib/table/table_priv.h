/* Building tables row by row, grouping rows by key columns. */
#ifndef FM_TABLE_PRIV_H
#define FM_TABLE_PRIV_H

#include "base/base_priv.h"
#include "flexmetrics/table.h"

#define FM__NO_DATE INT32_MIN
#define FM__NO_COLUMN SIZE_MAX

static inline bool fm__bit(const uint8_t *validity, size_t i)
{
  return validity == NULL || (validity[i >> 3] >> (i & 7) & 1) != 0;
}

/* Column by name: FM_ERR_NOT_FOUND or FM_ERR_TYPE with both type names. type 0 accepts any. */
fm_status fm__table_find(const fm_table *t, const char *name, int32_t type, size_t *column, fm_error *err);
/* A column without a single value, which may stand for one of any type. */
bool fm__table_is_blank(const fm_table *t, size_t column);
fm_status fm__table_require_sealed(const fm_table *t, fm_error *err);
/* Adds a column whose memory the table then owns (made by fm__alloc and friends); taken on success only. */
fm_status fm__table_own(fm_table *t, const char *name, int32_t type, void *values, uint8_t *validity, size_t n,
                        fm_error *err);
/* The same for a code column; takes values, validity, offsets (n_texts + 1) and bytes.
 * Each text is followed by one NUL which its range does not include: text k is bytes[offsets[k] .. offsets[k+1]-1). */
fm_status fm__table_own_code(fm_table *t, const char *name, int32_t *codes, uint8_t *validity, size_t n,
                             int64_t *offsets, char *bytes, size_t n_texts, fm_error *err);
/* Line of each row when it is not row + 2; takes `lines` on success. */
fm_status fm__table_own_lines(fm_table *t, int64_t *lines, size_t n, fm_error *err);
/* Marks the table as read from a file whose first data row is line 2 (each row one line). */
void fm__table_set_first_line(fm_table *t, int64_t line);
/* Shares column `column` of `from` under `name`, without a copy; `from` stays alive as long as `t`. */
fm_status fm__table_share(fm_table *t, const char *name, const fm_table *from, size_t column, fm_error *err);

/* Creates the sealed table of the rows whose keep[row] is not 0, with the lines and notes of `t`. */
fm_status fm__table_keep(fm_table **out, const fm_table *t, const uint8_t *keep, fm_error *err);
/* Creates the sealed table whose column has no value where blank[row] is not 0; the other columns are shared. */
fm_status fm__table_blank(fm_table **out, const fm_table *t, size_t column, const uint8_t *blank, fm_error *err);

/* ---- builder: a table made row by row ---- */
typedef struct fm__builder fm__builder;
fm_status fm__builder_create(fm__builder **out, const char *name, fm_error *err);
void fm__builder_destroy(fm__builder *b);
fm_status fm__builder_column(fm__builder *b, const char *name, int32_t type, size_t *column, fm_error *err);
/* Each call appends one cell; a row is complete when every column has had its cell. Memory failure is remembered
 * and reported by fm__builder_finish. */
void fm__builder_null(fm__builder *b, size_t column);
void fm__builder_f64(fm__builder *b, size_t column, double v);
void fm__builder_i64(fm__builder *b, size_t column, int64_t v);
void fm__builder_i32(fm__builder *b, size_t column, int32_t v); /* i32 and date */
void fm__builder_bool(fm__builder *b, size_t column, bool v);
void fm__builder_text(fm__builder *b, size_t column, const char *text, size_t length); /* NULL is a null */
void fm__builder_note(fm__builder *b, const char *key, const char *value);
/* Creates the sealed table; the builder is destroyed, on failure too. */
fm_status fm__builder_finish(fm__builder *b, fm_table **out, fm_error *err);

/* ---- texts: a set of distinct texts numbered by first arrival ---- */
typedef struct fm__texts fm__texts;
fm__texts *fm__texts_create(void); /* NULL when out of memory */
void fm__texts_destroy(fm__texts *t);
size_t fm__texts_count(const fm__texts *t);
const char *fm__texts_at(const fm__texts *t, size_t k, size_t *length); /* NUL-terminated */
int64_t fm__texts_find(const fm__texts *t, const char *text, size_t length); /* -1 when absent */
int64_t fm__texts_add(fm__texts *t, const char *text, size_t length);        /* -1 when out of memory */

/* ---- groups: distinct tuples of key columns ----
 * `by` is a comma-separated list of column names; NULL or "" makes one group of everything. Keys are compared as
 * text (whole numbers, dates and bools by their plain form), never by dictionary number. */
typedef struct fm__groups fm__groups;
fm_status fm__groups_create(fm__groups **out, const char *by, fm_error *err);
void fm__groups_destroy(fm__groups *g);
size_t fm__groups_n_columns(const fm__groups *g);
const char *fm__groups_column(const fm__groups *g, size_t k);
size_t fm__groups_count(const fm__groups *g); /* with no key columns: always 1 */
/* Text of key k of a group; NULL for a missing value. */
const char *fm__groups_text(const fm__groups *g, size_t group, size_t k, size_t *length);
/* Creates group numbers for all rows of the frame (freed by fm__free); *out is NULL when there are no key columns. */
fm_status fm__groups_map(fm__groups *g, const fm_table *frame, uint32_t **out, fm_error *err);
/* Creates the groups in canonical order: by bytes of the key texts, missing last. */
fm_status fm__groups_order(const fm__groups *g, uint32_t **out, fm_error *err);
bool fm__groups_is_sorted(const fm__groups *g); /* the numbers are the canonical order */
/* Renumbers the groups in canonical order. Creates the new number of each old one; *rank is NULL when none changed. */
fm_status fm__groups_sort(fm__groups *g, uint32_t **rank, fm_error *err);
/* Creates the number in `g` of each group of `other`. */
fm_status fm__groups_absorb(fm__groups *g, const fm__groups *other, uint32_t **map, fm_error *err);
/* Writes the groups in the given order (NULL: of their numbers) / reads them into an empty object (numbers become 0,
 * 1, ... in that order). */
void fm__groups_save(const fm__groups *g, const uint32_t *order, fm__bytes *b);
fm_status fm__groups_load(fm__groups *g, fm__reader *r, fm_error *err);
/* Forgets groups numbered `count` and above: for undoing a failed add. */
void fm__groups_truncate(fm__groups *g, size_t count);

#endif
