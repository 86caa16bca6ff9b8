/* The 60 constructed people of tests/oracle/labour, as a table. */
#ifndef FM_TESTS_LABOUR_LFS_H
#define FM_TESTS_LABOUR_LFS_H

#include "support/support.h"

#include "flexmetrics/labour.h"

enum { FM_LFS_COLUMNS = 22, FM_LFS_ROWS = 60 };
/* "name:type" of each column. */
extern const char *const fm_lfs_columns[FM_LFS_COLUMNS];
/* Cells row after row; borrowed until `o` is closed. */
void fm_lfs_cells(const char **cells, const fm_oracle *o);
/* Creates the table. */
fm_table *fm_lfs_table(void);
/* The row of an indicator's quantity with these keys, "name=text" or NULL for the total, one a column of by. */
size_t fm_lfs_row(const fm_table *t, const char *indicator, const char *quantity, const char *const *keys,
                  const char *const *columns, size_t n_keys);

#endif
