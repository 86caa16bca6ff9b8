/* The rows of a result as disclosure control sees them, and what becomes of each. */
#ifndef FM_CATALOGUE_PROTECT_PRIV_H
#define FM_CATALOGUE_PROTECT_PRIV_H

#include "catalogue/catalogue_priv.h"
#include "flexmetrics/catalogue_protect.h"

#define FM__NO_ID UINT32_MAX

typedef struct fm__guard {
  const fm_table *t;
  size_t n;
  int64_t threshold, full;
  /* ---- a value for each row ---- */
  const char **quantity, **unit;
  const fm__catalogue_quantity **rule;
  double *value, *at;                /* NaN: none; at is the value of the key of time */
  int64_t *units, *people;           /* -1: none */
  uint32_t *set;                     /* indicator and definition */
  uint32_t *line;                    /* set, periods and the keys that neither group people nor are the time */
  uint32_t *slice;                   /* line and time */
  uint32_t *group;                   /* what groups people */
  uint32_t *name;                    /* quantity */
  uint32_t *whole;                   /* what the quantity is a part of, as a name; FM__NO_ID: nothing */
  uint32_t *family;                  /* rows of all groups that are judged together */
  uint8_t *hidden, *dropped, *quiet; /* quiet: n and people are not shown */
  uint8_t *by_earlier;               /* hidden for what an earlier result tells with it */
  uint8_t *small;                    /* known to tell a small count before its family is judged */
  uint8_t *depth;                    /* how many wholes are above */
  double *new_at;                    /* of a curve on its grid; NaN: as it is */
  int64_t *new_count;                /* value or n of a curve on its grid; -1: as it is */
  /* ---- groups as a table of rows and columns ---- */
  bool by_earlier_asked;
  uint32_t n_groups, *group_row, *group_column, n_group_rows, n_group_columns;
  const char *by; /* the group columns that were asked for; NULL: not told */
  uint32_t first; /* which of the group columns makes the rows */
  size_t way;     /* how the groups are seen as a table; 0 at first */
  bool only_by;   /* columns that were not asked for, such as kinds, tell tables apart instead of grouping */
  size_t time, quantity_column; /* columns of t */
  size_t n_before;              /* columns up to the quantity */
} fm__guard;

fm_status fm__guard_open(fm__guard *g, const fm_table *t, const fm_protect_spec *spec, fm_error *err);
void fm__guard_close(fm__guard *g);
/* How many ways there are to see the groups as a table: way 0 is that of fm__guard_open. */
size_t fm__guard_n_ways(const fm__guard *g);
/* Numbers the rows anew, as of that way. */
fm_status fm__guard_see(fm__guard *g, size_t way, fm_error *err);

/* ---- numbering: equal ids mean equal cells ---- */
/* ids[i] becomes a number of the pair (ids[i], more[i]). */
fm_status fm__guard_pair(uint32_t *ids, const uint32_t *more, size_t n, uint32_t *n_ids, fm_error *err);

static inline bool fm__guard_small(const fm__guard *g, int64_t count)
{
  return count > 0 && count < g->threshold;
}
/* Value of a count as a whole number; -1 when the row has none. */
int64_t fm__guard_count(const fm__guard *g, size_t row);
/* A cell as a number; NaN: none. */
double fm__guard_number(const fm_table *t, size_t column, size_t row);
/* Numerator of a share, as near as its value and n tell; -1 when they do not. */
int64_t fm__guard_numerator(const fm__guard *g, size_t row);

/* ---- the steps, in this order ---- */
fm_status fm__guard_curves(fm__guard *g, fm_error *err); /* curves on a grid of months */
fm_status fm__guard_steps(fm__guard *g, fm_error *err);  /* sets that grow in time: what is added is a count, too */
fm_status fm__guard_families(fm__guard *g,
                             fm_error *err); /* counts, parts, shares, means; then what follows from them */
fm_status fm__guard_periods(fm__guard *g, fm_error *err); /* periods beside their sum */

/* Then what an earlier published result tells together with this one. */
fm_status fm__guard_earlier(fm__guard *g, const fm_table *earlier, const fm_protect_spec *spec, fm_error *err);

/* Rows of one family in one group. */
typedef struct fm__cell {
  size_t first, last; /* in the order of the family: rows order[first .. last-1] */
  uint32_t group;
  int64_t whole; /* -1: not known */
  bool above;    /* its whole is hidden */
  bool nobody;   /* its whole is shown, and is of nobody: everyone knows that all under it is 0 */
  bool hidden;
} fm__cell;
/* What the rows of one figure count: their value, n, people, the rest of the whole, numerator and complement. The
 * counts of a cell are so many for each figure of its family, and the rest of all parts after them; -1 where there is
 * none. */
enum { FM__OF_VALUE, FM__OF_N, FM__OF_PEOPLE, FM__OF_REST, FM__OF_NUMERATOR, FM__OF_COMPLEMENT, FM__COUNTS };
/* Do the counts of a cell tell of few people, or of everybody in a small group? */
bool fm__guard_tells(const fm__guard *g, const int64_t *counts, size_t n_counts);
/* Hides further cells until no small count among `counts` (n_cells x n_counts) can be worked out. `part[k]` 1: the
 * counts k are disjoint parts of the whole. `total`: the sums over all cells are known; `lines`: of a table, 1 for each
 * of its rows, then columns, whose sums are not; NULL: a list. */
fm_status fm__guard_breakdown(const fm__guard *g, fm__cell *cells, size_t n_cells, const int64_t *counts,
                              const uint8_t *part, size_t n_counts, bool total, const uint8_t *lines, fm_error *err);
static inline size_t fm__guard_n_lines(const fm__guard *g)
{
  return (size_t)g->n_group_rows + g->n_group_columns + 1;
}
/* Which sums over the groups are hidden when they are published by themselves: those of rows, of columns, the total.
 * `above`: those of their whole, NULL for none. */
fm_status fm__guard_lines(uint8_t *hidden, const fm__guard *g, const fm__cell *cells, size_t n_cells,
                          const int64_t *counts, const uint8_t *part, size_t n_counts, const uint8_t *above,
                          fm_error *err);

/* The table as it may be shown. */
fm_status fm__guard_write(fm_table **out, const fm__guard *g, fm_error *err);

#endif
