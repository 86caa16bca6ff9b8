/* Rules such as "kind = fleksjob & sector = private | hours_per_week >= 30": conditions joined by &, alternatives by |
 * (& binds stronger). A condition is: column operator value, with the operators = != < <= > >=. A value is a word, a
 * number, a date YYYY-MM-DD, or a text in double quotes (a quote inside doubled). */
#ifndef FM_REGISTER_FILTER_PRIV_H
#define FM_REGISTER_FILTER_PRIV_H

#include "base/base_priv.h"
#include "flexmetrics/table.h"

typedef struct fm__filter fm__filter;

/* Creates a compiled filter. FM_ERR_FORMAT ("FM-X01") tells the place in the text and what was expected. */
fm_status fm__filter_compile(fm__filter **out, const char *text, fm_error *err);
void fm__filter_destroy(fm__filter *f);
/* Columns the filter names, each once, in the order they appear. */
size_t fm__filter_n_columns(const fm__filter *f);
const char *fm__filter_column(const fm__filter *f, size_t k); /* NULL outside */

/* Creates keep[row] = 1 where the rule holds, else 0 (freed by fm__free), for a sealed table that has all the columns.
 * Numbers compare as numbers, dates as dates, text by bytes (only = and != unless both sides are numbers or dates),
 * bools with true false yes no 1 0. A missing cell meets no condition, != neither.
 * FM_ERR_NOT_FOUND a column; FM_ERR_TYPE a value or operator that does not suit it. */
fm_status fm__filter_apply(uint8_t **keep, const fm__filter *f, const fm_table *t, fm_error *err);

#endif
