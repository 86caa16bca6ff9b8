/**
 * @file retention_transitions.h
 * States period by period: moves from each period to the next, their probabilities and powers, shares in each state.
 *
 * A history is a row a person and period, with the state in it; docs/methods/states.md has the formulas. For stays
 * between two times see retention_states.h.
 */
#ifndef FLEXMETRICS_RETENTION_TRANSITIONS_H
#define FLEXMETRICS_RETENTION_TRANSITIONS_H

#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What retention.transitions computes from a row a person and period. */
typedef struct fm_retention_transitions_spec {
  size_t struct_size; /**< set by the INIT macro or the init function */
  const char *by;     /**< group columns, separated by commas; NULL: none. A move is of the group it starts in */
  const char *weight; /**< weight column; NULL: each row counts 1. A move has the weight of the row it starts from */
  const char *person; /**< column of people; default "person_id" */
  const char *definition; /**< name of the rule; default "next_period" */
  const char *clock;      /**< NULL: column period is a whole number; "days", "weeks" (ISO), "months", "quarters" or
                               "years": it is a date, and periods are those of the calendar */
  const char *steps;      /**< numbers of periods to look ahead, such as "1,3,12"; NULL: "1" */
  double level;           /**< coverage, 0 < level < 1; default 0.95 */
  int32_t conf_type;      /**< 1 plain, 2 log, 3 log-log, 4 logit (default), 5 arcsine square root */
  int32_t independent;    /**< 1: errors take every move as independent of all others, as a Markov chain's are; 0
                               (default): people are independent, moves of one person need not be */
} fm_retention_transitions_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_RETENTION_TRANSITIONS_SPEC_INIT                                                                             \
  {                                                                                                                    \
    .struct_size = sizeof(fm_retention_transitions_spec), .person = "person_id", .definition = "next_period",          \
    .steps = "1", .level = 0.95, .conf_type = 4                                                                        \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_retention_transitions_spec_init(fm_retention_transitions_spec *spec, size_t size);

/** **Creates** an empty tally. Its frame has the columns person, period (a whole number, or with a clock a date) and
 *  state (text; missing or empty: not seen in that period). Its result has, per group, the key columns period, steps,
 *  from_state and to_state and the quantities n_transition (to_state null: no row in the next period),
 *  transition_probability (with steps; for more than one the power of the matrix, without an error), occupation and
 *  entropy (with period). States: empty without a row; not_at_risk for a probability from a state that nobody is
 *  followed from; undefined for a power that passes through such a state, and for the entropy of one state. At most 32
 *  states. Errors: FM_ERR_VALUE a missing person or period, a bad weight, and on the result two states of one person in
 *  one period. */
FM_API FM_NODISCARD fm_status fm_retention_transitions_tally(fm_tally **out, const fm_retention_transitions_spec *spec,
                                                             fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_retention_transitions(fm_table **out, const fm_table *frame,
                                                       const fm_retention_transitions_spec *spec, const fm_run *run,
                                                       fm_error *err);

/**
 * Moves from each period to the next, for callers with a matrix of states: state[i * n_periods + t] of person i is
 * below n_states, or negative: not seen. `weight` (NULL: all 1) has one item a person.
 *
 * Outputs (each may be NULL), of moves from h to j at [h * n_states + j]: `count` of people, `weighted`, `probability`
 * (NaN in the row of a state that nobody is followed from). Errors: FM_ERR_VALUE a state not below n_states, a weight
 * negative or not finite (person in err). FM_ERR_ARGUMENT n_states not 1 .. 32.
 */
FM_API FM_NODISCARD fm_status fm_retention_transition_counts(int64_t *count, double *weighted, double *probability,
                                                             const int32_t *state, const double *weight, size_t n,
                                                             size_t n_periods, int32_t n_states, const fm_run *run,
                                                             fm_error *err);

/** The `steps`-th power (1 .. 10000) of a matrix of probabilities: where people are so many periods later when moves
 *  depend on the present state alone. Row h is NaN when a state with a row of NaN can be reached from h before the last
 *  step. Errors: FM_ERR_VALUE an item outside 0 .. 1 or a row that does not add up to 1 within 1e-9. */
FM_API FM_NODISCARD fm_status fm_retention_transition_power(double *out, const double *probability, int32_t n_states,
                                                            int32_t steps, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
