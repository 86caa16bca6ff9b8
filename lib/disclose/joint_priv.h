/* All figures over common cells as one linear program, and whole tables found with it. */
#ifndef FM_DISCLOSE_JOINT_PRIV_H
#define FM_DISCLOSE_JOINT_PRIV_H

#include "disclose/simplex_priv.h"
#include "flexmetrics/disclose_linked.h"

typedef struct fm__joint {
  const fm_disclose_figures *figures;
  const fm_disclose_protect_spec *spec;
  uint8_t *hidden;        /* n_figures */
  size_t n;               /* columns: cells that stand in the same figures are one */
  int64_t *people;        /* by column */
  int64_t *value;         /* by figure, the truth */
  size_t *start, *column; /* figures over columns */
  int32_t *coefficient;
  double limit; /* what no cell is taken to be above */
  int64_t floor;
  fm__lp lp;      /* a row for each figure */
  double *cost;   /* scratch by column */
  int64_t *table; /* scratch by column */
  int64_t *seen;  /* values of all figures in whole tables that fit: n_seen x n_figures, the truth first */
  size_t n_seen, room;
  bool failed; /* out of memory */
} fm__joint;

fm_status fm__joint_open(fm__joint *j, const fm_disclose_figures *figures, const fm_disclose_protect_spec *spec,
                         const uint8_t *hidden, fm_error *err);
void fm__joint_close(fm__joint *j);
void fm__joint_bound(fm__joint *j); /* after a change of hidden */
uint8_t fm__joint_kind(const fm__joint *j, size_t figure);
bool fm__joint_is_shown(const fm__joint *j, size_t figure);
/* The least (most) of a figure in the tables seen that still fit. */
void fm__joint_seen(const fm__joint *j, size_t figure, int64_t *low, int64_t *high);
/* Looks for a table with as much (little) of the figure as can be; what is proved that none goes beyond. The program
 * keeps its last basis, whose duals say which figures stand in the way. */
int64_t fm__joint_extreme(fm__joint *j, size_t figure, bool most);
/* Looks for a table with much of three in four of the figures (1) and little of the others at once, chosen by `draw`.
 */
void fm__joint_explore(fm__joint *j, const uint8_t *figures, uint32_t draw);
bool fm__joint_spent(const fm__joint *j);

#endif
