/**
 * @file table.h
 * Columns of equal length: the shape in which all data enter and leave the library.
 *
 * Create a table, add columns, seal it; from then on it never changes and may be read by any number of threads.
 * Number columns borrow the caller's memory (no copy) and give it back through a release function; text is copied
 * into a dictionary. Validity is Arrow's bitmap: bit i of byte i/8 is 1 when row i has a value; NULL: all have.
 */
#ifndef FLEXMETRICS_TABLE_H
#define FLEXMETRICS_TABLE_H

#include "flexmetrics/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A table; opaque. */
typedef struct fm_table fm_table;

/** Column types (the `type` of a column). */
enum {
  FM_F64 = 1,  /**< double */
  FM_I64 = 2,  /**< int64_t */
  FM_I32 = 3,  /**< int32_t */
  FM_DATE = 4, /**< int32_t, days since 1970-01-01 */
  FM_BOOL = 5, /**< uint8_t, 0 or 1 */
  FM_CODE = 6  /**< int32_t index into the column's own dictionary of texts */
};

/** Name of a column type, such as "f64"; "unknown" for any other number. */
FM_API const char *fm_column_type_name(int32_t type);

/** **Creates** an empty table in `*out`; `name` (**copied**, may be NULL) appears in errors. */
FM_API FM_NODISCARD fm_status fm_table_create(fm_table **out, const char *name, fm_error *err);

/** Adds one reference and returns `t`. */
FM_API fm_table *fm_table_retain(const fm_table *t);

/** Drops one reference; the last one releases all borrowed columns. NULL is accepted. */
FM_API void fm_table_destroy(fm_table *t);

/**
 * Adds a column of `n` values under `name` (**copied**, unique in the table, UTF-8, not empty).
 * **Borrows** `values` and `validity` until the table is destroyed, and then calls `release(owner)` once;
 * `release` may be NULL. On failure nothing is taken and `release` is not called.
 * Errors: FM_ERR_STATE sealed; FM_ERR_ARGUMENT name empty or taken, `values` NULL with n > 0; FM_ERR_VALUE another
 * length than the first column.
 */
FM_API FM_NODISCARD fm_status fm_table_add_f64(fm_table *t, const char *name, const double *values,
                                               const uint8_t *validity, size_t n, fm_release release, void *owner,
                                               fm_error *err);
/** As fm_table_add_f64. */
FM_API FM_NODISCARD fm_status fm_table_add_i64(fm_table *t, const char *name, const int64_t *values,
                                               const uint8_t *validity, size_t n, fm_release release, void *owner,
                                               fm_error *err);
/** As fm_table_add_f64. */
FM_API FM_NODISCARD fm_status fm_table_add_i32(fm_table *t, const char *name, const int32_t *values,
                                               const uint8_t *validity, size_t n, fm_release release, void *owner,
                                               fm_error *err);
/** As fm_table_add_f64; days since 1970-01-01. */
FM_API FM_NODISCARD fm_status fm_table_add_date(fm_table *t, const char *name, const int32_t *days,
                                                const uint8_t *validity, size_t n, fm_release release, void *owner,
                                                fm_error *err);
/** As fm_table_add_f64; 0 or 1. */
FM_API FM_NODISCARD fm_status fm_table_add_bool(fm_table *t, const char *name, const uint8_t *values,
                                                const uint8_t *validity, size_t n, fm_release release, void *owner,
                                                fm_error *err);
/**
 * Adds a text column given as indices into a dictionary. **Borrows** `codes` and `validity`; **copies** the
 * dictionary: text k is bytes[offsets[k] .. offsets[k+1]), UTF-8 without NUL. The texts need not be distinct.
 * Errors: as fm_table_add_f64; FM_ERR_VALUE an index outside the dictionary or a text with a NUL byte.
 */
FM_API FM_NODISCARD fm_status fm_table_add_code(fm_table *t, const char *name, const int32_t *codes,
                                                const uint8_t *validity, size_t n, const int64_t *offsets,
                                                const char *bytes, size_t n_texts, fm_release release, void *owner,
                                                fm_error *err);
/** Adds a text column from `n` NUL-terminated strings (**copied**); NULL is a missing value. */
FM_API FM_NODISCARD fm_status fm_table_add_text(fm_table *t, const char *name, const char *const *texts, size_t n,
                                                fm_error *err);

/** Makes the table immutable. A table without columns has 0 rows. */
FM_API FM_NODISCARD fm_status fm_table_seal(fm_table *t, fm_error *err);

/** Checks every invariant (lengths, dictionary bounds, bool values); for data from outside and for tests. */
FM_API FM_NODISCARD fm_status fm_table_check(const fm_table *t, fm_error *err);

/** Name given at creation, never NULL. **Borrowed** until the table is destroyed, like all pointers below. */
FM_API const char *fm_table_name(const fm_table *t);
/** Rows. */
FM_API size_t fm_table_n_rows(const fm_table *t);
/** Columns. */
FM_API size_t fm_table_n_columns(const fm_table *t);
/** Name of column `column`; NULL outside the table. */
FM_API const char *fm_table_column_name(const fm_table *t, size_t column);
/** Index of the column called `name`, -1 when there is none. */
FM_API int64_t fm_table_column_index(const fm_table *t, const char *name);
/** Type of column `column`, 0 outside the table. */
FM_API int32_t fm_table_column_type(const fm_table *t, size_t column);
/** Validity bitmap; NULL when every row has a value. */
FM_API const uint8_t *fm_table_validity(const fm_table *t, size_t column);
/** 1 when the cell has no value, 0 when it has one or lies outside the table. */
FM_API int32_t fm_table_is_null(const fm_table *t, size_t column, size_t row);
/** Values of an f64 column; NULL when the column has another type. */
FM_API const double *fm_table_f64(const fm_table *t, size_t column);
/** Values of an i64 column; NULL when the column has another type. */
FM_API const int64_t *fm_table_i64(const fm_table *t, size_t column);
/** Values of an i32 or date column; NULL when the column has another type. */
FM_API const int32_t *fm_table_i32(const fm_table *t, size_t column);
/** Values of a bool column; NULL when the column has another type. */
FM_API const uint8_t *fm_table_bool(const fm_table *t, size_t column);
/** Dictionary indices of a code column; NULL when the column has another type. */
FM_API const int32_t *fm_table_code(const fm_table *t, size_t column);
/** Number of texts in the dictionary of a code column; 0 for other types. */
FM_API size_t fm_table_n_texts(const fm_table *t, size_t column);
/** Text `k` of a code column's dictionary, NUL-terminated; `*length` (may be NULL) gets its bytes. NULL outside. */
FM_API const char *fm_table_dictionary_text(const fm_table *t, size_t column, size_t k, size_t *length);
/** Text of one cell of a code column; NULL for a missing value, another type, or outside the table. */
FM_API const char *fm_table_text(const fm_table *t, size_t column, size_t row, size_t *length);
/** Line of the file that row came from, from 1; -1 when the table did not come from a file. */
FM_API int64_t fm_table_line(const fm_table *t, size_t row);

/**
 * Notes are facts about the whole table, such as the number of rows dropped or the income concept of a file.
 * Sets note `key` to `value` (both **copied**); an earlier value is replaced. FM_ERR_STATE after sealing.
 */
FM_API FM_NODISCARD fm_status fm_table_set_note(fm_table *t, const char *key, const char *value, fm_error *err);
/** Value of a note, NULL when there is none. */
FM_API const char *fm_table_note(const fm_table *t, const char *key);
/** Number of notes. */
FM_API size_t fm_table_n_notes(const fm_table *t);
/** Key of note `i`, NULL outside. */
FM_API const char *fm_table_note_key(const fm_table *t, size_t i);

#ifdef __cplusplus
}
#endif
#endif
