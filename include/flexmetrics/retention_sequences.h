/**
 * @file retention_sequences.h
 * Whole histories of states: how often and how irregularly each person moves, and how far two people are apart.
 *
 * docs/methods/states.md has the formulas. For moves between periods over all people see retention_transitions.h.
 */
#ifndef FLEXMETRICS_RETENTION_SEQUENCES_H
#define FLEXMETRICS_RETENTION_SEQUENCES_H

#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What retention.sequences computes from a row a person and period. */
typedef struct fm_retention_sequences_spec {
  size_t struct_size;     /**< set by the INIT macro or the init function */
  const char *by;         /**< group columns, separated by commas; NULL: none. The rows of a person in one group are one
                               history, so a column of years gives histories by year */
  const char *weight;     /**< weight column; NULL: each history counts 1. It has the weight of its first period seen */
  const char *person;     /**< column of people; default "person_id" */
  const char *definition; /**< name of the rule; default "periods_seen" */
  const char *clock;      /**< NULL: column period is a whole number; "days", "weeks" (ISO), "months", "quarters" or
                               "years": it is a date, and periods are those of the calendar */
  double level;           /**< coverage, 0 < level < 1; default 0.95 */
} fm_retention_sequences_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_RETENTION_SEQUENCES_SPEC_INIT                                                                               \
  {                                                                                                                    \
    .struct_size = sizeof(fm_retention_sequences_spec), .person = "person_id", .definition = "periods_seen",           \
    .level = 0.95                                                                                                      \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_retention_sequences_spec_init(fm_retention_sequences_spec *spec, size_t size);

/** **Creates** an empty tally. Its frame has the columns person, period (a whole number, or with a clock a date) and
 *  state (text; missing or empty: not seen in that period). Its result has, per group, the key column to_state and the
 *  quantities people, and means over people, with errors and limits, of periods_seen, changes_of_state,
 *  history_entropy, turbulence, complexity and time_in_state (with to_state; in periods), as
 *  fm_retention_sequence_figures has them of each person, by all states in the data. A mean is of those in whose
 *  history it is defined, n of them. States: empty without a row; undefined for a mean of nobody. At most 32 states.
 *  Errors: FM_ERR_VALUE a missing person or period, a bad weight, and on the result two states of one person in one
 *  period. */
FM_API FM_NODISCARD fm_status fm_retention_sequences_tally(fm_tally **out, const fm_retention_sequences_spec *spec,
                                                           fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_retention_sequences(fm_table **out, const fm_table *frame,
                                                     const fm_retention_sequences_spec *spec, const fm_run *run,
                                                     fm_error *err);

/**
 * Figures of each person's sequence, for callers with a matrix of states: state[i * n_periods + t] of person i is below
 * n_states, or negative: not seen. A person's sequence is that of the periods seen, one after the other.
 *
 * Outputs, one item a person (each may be NULL): `n_transition` changes of state (-1: never seen); `entropy` of the
 * time in states over its largest value, ln n_states; `turbulence` (Elzinga and Liefbroer), 1 for one unbroken state;
 * `complexity` (Gabadinho), 0 to 1; `time_in_state` periods, of state j at [i * n_states + j]. The three doubles are
 * NaN for a person never seen, entropy and complexity for n_states 1, complexity for a person seen in one period.
 *
 * Errors: FM_ERR_VALUE a state not below n_states (person in err). FM_ERR_ARGUMENT n_states not 1 .. 32, n_periods
 * above 1,000,000, or state NULL.
 */
FM_API FM_NODISCARD fm_status fm_retention_sequence_figures(int32_t *n_transition, double *entropy, double *turbulence,
                                                            double *complexity, int32_t *time_in_state,
                                                            const int32_t *state, size_t n, size_t n_periods,
                                                            int32_t n_states, const fm_run *run, fm_error *err);

/** How two sequences are compared. */
enum {
  FM_RETENTION_DISTANCE_OPTIMAL_MATCHING = 1, /**< cheapest way from one to the other (default) */
  FM_RETENTION_DISTANCE_HAMMING = 2,          /**< periods in which they differ */
  FM_RETENTION_DISTANCE_LCS = 3,              /**< periods of both less twice the longest common subsequence */
  FM_RETENTION_DISTANCE_LCP = 4               /**< periods of both less twice the longest common beginning */
};

/** What fm_retention_sequence_distances computes. */
typedef struct fm_retention_distance_spec {
  size_t struct_size;  /**< set by the INIT macro or the init function */
  int32_t method;      /**< FM_RETENTION_DISTANCE_...; default optimal matching */
  double indel;        /**< optimal matching: cost of a period put in or taken out, above 0; default 1 */
  double substitution; /**< optimal matching: cost of another state in a period, 0 or more; default 2 */
} fm_retention_distance_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_RETENTION_DISTANCE_SPEC_INIT                                                                                \
  {                                                                                                                    \
    .struct_size = sizeof(fm_retention_distance_spec), .method = FM_RETENTION_DISTANCE_OPTIMAL_MATCHING, .indel = 1,   \
    .substitution = 2                                                                                                  \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_retention_distance_spec_init(fm_retention_distance_spec *spec, size_t size);

/**
 * Distances between all pairs of people, for a matrix of states as fm_retention_sequence_figures reads it. `out` has
 * n (n - 1) / 2 items in the order of pairs (0, 1), (0, 2), .. (0, n - 1), (1, 2), ..: pair i < j is at
 * i (2 n - i - 1) / 2 + j - i - 1. NaN when one of the two is never seen; Hamming, which compares the same periods,
 * also when a period is seen of one of them alone. Time grows with n² and, for optimal matching with a substitution
 * below two indels, with n_periods²; the others take some 60 periods at a time.
 *
 * Errors: FM_ERR_VALUE a state not below n_states (person in err). FM_ERR_ARGUMENT n_states not 1 .. 32, n_periods
 * above 1,000,000, an unknown method, a cost not finite or too low. `spec` NULL: the defaults.
 */
FM_API FM_NODISCARD fm_status fm_retention_sequence_distances(double *out, const int32_t *state, size_t n,
                                                              size_t n_periods, int32_t n_states,
                                                              const fm_retention_distance_spec *spec, const fm_run *run,
                                                              fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
