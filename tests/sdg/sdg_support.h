/* What the tests of SDMX files share. */
#ifndef FM_TESTS_SDG_SUPPORT_H
#define FM_TESTS_SDG_SUPPORT_H

#include "support/support.h"

enum { LISTED = 16384 };

/* Each row of a table of problems as "code row column value: what; expected" with a line end; rows from 1, - for none.
 */
void list_problems(char out[LISTED], const fm_table *problems);
/* The bytes of an oracle file; freed by free. */
char *oracle_bytes(const char *name, size_t *size);
/* Cells of a table as text, columns parted by |, rows by line ends, without its first `skip` columns. */
void list_cells(char out[LISTED], const fm_table *t, size_t skip);

/* Six observations of which both samples are made. */
fm_table *sample_observations(void);
fm_sdmx_spec sample_spec(const char *version);

#endif
