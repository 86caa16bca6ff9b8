/**
 * @file retention_states.h
 * Moves between states: shares in each state over time, probabilities of moving, time in each state.
 *
 * A history is a set of rows, each a stay in one state from an entry to a time, and the state moved to then (none: not
 * seen any longer). States may be left and come back to. docs/methods/states.md has the formulas.
 */
#ifndef FLEXMETRICS_RETENTION_STATES_H
#define FLEXMETRICS_RETENTION_STATES_H

#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What retention.states computes from rows of stays. */
typedef struct fm_retention_states_spec {
  size_t struct_size;     /**< set by the INIT macro or the init function */
  const char *by;         /**< group columns, separated by commas; NULL: none */
  const char *weight;     /**< weight column; NULL: each row counts 1 */
  const char *person;     /**< column of people, the units of the errors; default "person_id" */
  const char *definition; /**< name of the rule; default "stays" */
  const char *clock;      /**< "days" (default), "weeks" or "months": columns time_days and entry_days, or so on */
  const char *times;      /**< times to report, such as "91,182,365"; NULL: all at which somebody moves */
  double level;           /**< coverage, 0 < level < 1; default 0.95 */
  int32_t conf_type;      /**< 1 plain, 2 log, 3 log-log (default), 4 logit, 5 arcsine square root */
  int32_t start;          /**< shares start from those seen at this time; default 0 */
  int32_t until;          /**< end of the time in state; negative (default): the last of times */
  int32_t fixed_start;    /**< 1: errors take the shares at the start as given; 0 (default): as estimated */
} fm_retention_states_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_RETENTION_STATES_SPEC_INIT                                                                                  \
  {                                                                                                                    \
    .struct_size = sizeof(fm_retention_states_spec), .person = "person_id", .definition = "stays", .clock = "days",    \
    .level = 0.95, .conf_type = 3, .until = -1                                                                         \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_retention_states_spec_init(fm_retention_states_spec *spec, size_t size);

/** **Creates** an empty tally. Its frame has the columns person, from (text), to (text; missing or empty: not seen any
 *  longer) and time_<clock> (i32), and may have entry_<clock> (i32; without it all enter at 0). A row is at risk at t
 * when entry < t <= time. Its result has, per group, the key columns time_<clock>, from_state and to_state and the
 * quantities n_transition (rows; time null; to_state null: not seen any longer), occupation at each time (from_state
 * null: the share in to_state), transition_probability from `start` to each of times (only with times), time_in_state
 * from start to until (time null; unit the clock). n is the number of rows at risk in the state. States: empty without
 * anybody seen at the start; censored for a time after the longest in the data. At most 32 states. Errors: FM_ERR_VALUE
 * an entry that is not before the time, a missing person or from, a bad weight; on the result, stays of one person that
 * overlap (a person cannot be in two states). */
FM_API FM_NODISCARD fm_status fm_retention_states_tally(fm_tally **out, const fm_retention_states_spec *spec,
                                                        fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_retention_states(fm_table **out, const fm_table *frame,
                                                  const fm_retention_states_spec *spec, const fm_run *run,
                                                  fm_error *err);

/**
 * The matrix of probabilities P(s, t) of being in each state at t by the state at s (Aalen-Johansen), for callers with
 * plain arrays: stays in state `from` from entry to time, then in state `to` (negative: not seen any longer); states
 * are 0
 * .. n_states - 1. `entry` (NULL: all 0) and `weight` (NULL: all 1) may be missing.
 *
 * Outputs: probability[h * n_states + j]; covariance (may be NULL), n_states^2 by n_states^2: of items (h, j) and (k,
 * l) at [(h n + j) n^2 + k n + l], in Greenwood's form. Errors: FM_ERR_VALUE entry >= time, a state beyond n_states,
 * from = to, a weight negative or not finite: row in err. FM_ERR_ARGUMENT: n_states not 1 .. 32, s > t.
 * FM_ERR_LIMIT: weights that add up to more than a double holds.
 */
FM_API FM_NODISCARD fm_status fm_retention_transition_matrix(double *probability, double *covariance,
                                                             const int32_t *from, const int32_t *to,
                                                             const int32_t *entry, const int32_t *time,
                                                             const double *weight, size_t n, int32_t n_states,
                                                             int32_t s, int32_t t, const fm_run *run, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
