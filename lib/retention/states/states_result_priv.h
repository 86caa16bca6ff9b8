/* What retention.states keeps, shared by its two files. */
#ifndef FM_RETENTION_STATES_RESULT_PRIV_H
#define FM_RETENTION_STATES_RESULT_PRIV_H

#include "flexmetrics/retention_states.h"
#include "retention/exits/exits_priv.h"
#include "tally/rows_priv.h"

enum { FM__STATES_ENTRY, FM__STATES_TIME, FM__STATES_WEIGHT, FM__STATES_NUMBERS };
enum { FM__STATES_BY, FM__STATES_PERSON, FM__STATES_FROM, FM__STATES_TO, FM__STATES_SETS };

typedef struct fm__states {
  fm__rows *rows;                /* first: see FM__MEASURE_KEEPS_ROWS */
  fm_retention_states_spec spec; /* texts point to the copies */
  char *by, *weight, *person, *definition, *clock;
  char time_column[16];
  int32_t times[FM__MOST_HORIZONS];
  size_t n_times;
} fm__states;

/* The measure's function; reduces the rows. */
fm_status fm__states_result(void *state, fm_table **out, const fm_run *run, fm_error *err);

#endif
