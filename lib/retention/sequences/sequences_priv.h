/* A person's sequence of states: what figures and distances share. */
#ifndef FM_RETENTION_SEQUENCES_PRIV_H
#define FM_RETENTION_SEQUENCES_PRIV_H

#include "flexmetrics/retention_sequences.h"
#include "num/num_priv.h"
#include "retention/states/states_priv.h"

enum { FM__MOST_PERIODS = 1000000 };

/* Refuses a matrix of states that a public function cannot read; `name` of that function. */
fm_status fm__sequences_check(const char *name, const int32_t *state, size_t n, size_t n_periods, int32_t n_states,
                              fm_error *err);

typedef struct fm__sequence_figures {
  size_t n_seen;    /* periods; 0: the rest is not set */
  int32_t n_change; /* changes of state */
  int32_t time[FM__MOST_STATES];
  double entropy, turbulence, complexity;
} fm__sequence_figures;
/* Of states below n_states, or negative: not seen. */
void fm__sequence_measure(fm__sequence_figures *out, const int32_t *state, size_t n_periods, size_t n_states);

#endif
