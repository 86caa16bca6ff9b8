/* What the measures of this folder share: columns of frames, texts of specs, groups in canonical order. */
#ifndef FM_RETENTION_PRIV_H
#define FM_RETENTION_PRIV_H

#include "num/num_priv.h"
#include "table/table_priv.h"
#include "tally/tally_priv.h"

/* A column in which every row has a value (type 0: any): FM_ERR_NOT_FOUND, FM_ERR_TYPE, or FM_ERR_VALUE with the first
 * empty row. */
fm_status fm__retention_column(const fm_table *frame, const char *name, int32_t type, size_t *column, fm_error *err);
/* Adds table and line to an error about a row. */
void fm__retention_place(const fm_table *frame, fm_error *err);
/* Copies a text of a spec; NULL or "" gives a copy of `fallback`, which may be NULL. */
fm_status fm__retention_text(char **out, const char *text, const char *fallback, fm_error *err);
/* Creates the numbers of a list such as "13,26,52": rising, from low to high, whole ones where asked to. NULL or "" is
 * none. FM_ERR_ARGUMENT names `what` and what was expected. */
typedef struct fm__numbers {
  double *of;
  size_t n;
} fm__numbers;
fm_status fm__retention_numbers(fm__numbers *out, const char *text, double low, double high, bool whole,
                                const char *what, fm_error *err);
/* How many of n rising times are at or before `time`. */
size_t fm__retention_until(const int32_t *times, size_t n, int32_t time);
/* Adds `count` times x exactly: a multiple by a power of two loses nothing. */
void fm__retention_add_times(fm__sum *s, double x, uint64_t count);
/* Creates the canonical order of the groups and its inverse. */
fm_status fm__retention_ranks(const fm__groups *g, uint32_t **order, uint32_t **rank, fm_error *err);

#endif
