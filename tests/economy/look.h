/* Finding expected values and figures. */
#ifndef FM_TESTS_ECONOMY_LOOK_H
#define FM_TESTS_ECONOMY_LOOK_H

#include <math.h>
#include <string.h>

#include "support/support.h"

/* The value of a case and quantity in economy/value.csv. */
double expected_of(const fm_oracle *o, const char *of, const char *quantity);
/* Row whose quantity is as given and whose columns of `keys` ("payer=state;case=net") have the texts; a column left out
 * may hold anything, an empty text is a missing cell. */
size_t row_with(const fm_table *t, const char *quantity, const char *keys);
double value_with(const fm_table *t, const char *quantity, const char *keys);
int32_t day(int32_t year, int32_t month, int32_t d);
/* A list from a table of texts. */
fm_codes *list_of(const char *name, const char *const *columns, size_t n_columns, const char *const *cells,
                  size_t n_rows);

#endif
