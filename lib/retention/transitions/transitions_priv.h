/* Moves from one period to the next, and what retention.transitions keeps. */
#ifndef FM_RETENTION_TRANSITIONS_PRIV_H
#define FM_RETENTION_TRANSITIONS_PRIV_H

#include "flexmetrics/retention_transitions.h"
#include "retention/exits/exits_priv.h"
#include "retention/histories/histories_priv.h"

enum { FM__MOST_STEPS = 10000 };

/* Moves between n states; column n of `rows` and `weight`: no row in the next period. */
typedef struct fm__chain {
  size_t n;
  int64_t *rows; /* n x (n + 1) */
  fm__sum *weight;
  double *squares; /* sums of squared weights */
} fm__chain;
fm_status fm__chain_create(fm__chain *out, size_t n, fm_error *err);
void fm__chain_free(fm__chain *c);
/* `to` n: not followed. */
void fm__chain_add(fm__chain *c, size_t from, size_t to, double weight);
/* n x n, NaN in the rows of states that no weight is followed from. `followed` (may be NULL): that weight. */
void fm__chain_probability(double *p, double *followed, const fm__chain *c);
/* The power of a matrix of up to FM__MOST_STATES states; rows of NaN as fm_retention_transition_power has them. */
void fm__chain_power(double *out, const double *p, size_t n, int32_t steps);

/* ---- the measure ---- */

typedef struct fm__transitions {
  fm__histories h;
  double level;
  int32_t conf_type, independent;
  int32_t steps[FM__MOST_HORIZONS];
  size_t n_steps;
} fm__transitions;

/* The measure's function; reduces the rows. */
fm_status fm__transitions_result(void *state, fm_table **out, const fm_run *run, fm_error *err);

#endif
