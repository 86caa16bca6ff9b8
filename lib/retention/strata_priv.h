/* Groups compared within strata, on plain arrays: one stratum at a time. */
#ifndef FM_RETENTION_STRATA_PRIV_H
#define FM_RETENTION_STRATA_PRIV_H

#include "retention/moments_priv.h"

/* All zero bytes is none. */
typedef struct fm__strata {
  size_t n_groups, n_causes;
  fm__cells cells;
  size_t next;     /* first cell of the strata to come */
  fm__moments *of; /* n_groups: the stratum that fm__strata_next found */
} fm__strata;

/* Counts rows; their `groups` are 0 to n_groups - 1, `stratum` (NULL: all in one) 0 to n_strata - 1. FM_ERR_VALUE with
 * the row: as fm__cells_count; FM_ERR_LIMIT: groups times strata beyond FM__MOST_CELL_GROUPS. */
fm_status fm__strata_count(fm__strata *out, const fm__day_rows *rows, const uint32_t *stratum, size_t n_strata,
                           const fm_run *run, fm_error *err);
/* The next stratum with rows; *found false: there is none. */
fm_status fm__strata_next(bool *found, fm__strata *s, fm_error *err);
void fm__strata_free(fm__strata *s);

#endif
