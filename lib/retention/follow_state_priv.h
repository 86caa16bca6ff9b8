/* Inside fm__follow: shared by the files follow*.c alone. */
#ifndef FM_RETENTION_FOLLOW_STATE_PRIV_H
#define FM_RETENTION_FOLLOW_STATE_PRIV_H

#include "retention/follow_priv.h"
#include "tally/rows_priv.h"

/* Id sets of kept rows, and their numbers. */
enum { FM__FOLLOW_BY, FM__FOLLOW_CLUSTER, FM__FOLLOW_STRATUM, FM__FOLLOW_CAUSE, FM__FOLLOW_SETS };
enum { FM__FOLLOW_TIME, FM__FOLLOW_ENTRY, FM__FOLLOW_EVENT, FM__FOLLOW_WEIGHT, FM__FOLLOW_NUMBERS };

struct fm__follow {
  fm__follow_spec spec;
  char *by, *strata, *weight, *cluster; /* what spec points to */
  const char *measure, *clock, *time_column, *entry_column;

  /* Where rows are not kept: the day table. A cell's group is group * n_keyed + stratum, its cause the number of the
   * group of column cause, empty ones left out. */
  fm__groups *sets[FM__FOLLOW_SETS]; /* none for clusters */
  size_t n_keyed;                    /* at least 1; at least the number of strata that cells have */

  fm__rows *rows;  /* where rows are kept: all of them; the cells are counted from them by reduce */
  fm__cells cells; /* with kept rows valid when reduced */
  bool reduced;
};

/* The set of ids in use, of kept rows or of the day table. */
const fm__groups *fm__follow_set(const fm__follow *f, size_t k);
/* Creates the codes of the groups of column cause: 0 for missing and empty texts, then 1, 2, ... in the order of their
 * numbers; n gets the greatest. */
fm_status fm__follow_codes(uint8_t **out, size_t *n, const fm__groups *causes, fm_error *err);
/* Makes room for more strata in the keys of the cells. */
fm_status fm__follow_widen(fm__follow *f, size_t n_groups, size_t n_strata, fm_error *err);
size_t fm__follow_n_cell_groups(const fm__follow *f);

#endif
