/**
 * @file spell_states.h
 * Spells with a state: one state a day, changes of state, first spells, milestones, runs of codes. Part of spell.h.
 *
 * Spells are those of spell.h with a fourth array `state` (any number but FM_SPELL_NO_STATE; an array of NULL is state
 * 0 everywhere), sorted by person and start. Outputs are arrays of the caller; what a call does not know the length of
 * beforehand it counts when all output arrays are NULL. A list of `states` says which ones are meant; NULL means all.
 * The same bits come out for any order of equal starts, splitting of spells, number of threads.
 */
#ifndef FLEXMETRICS_SPELL_STATES_H
#define FLEXMETRICS_SPELL_STATES_H

#include "flexmetrics/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Clocks: what a period is counted in. */
enum {
  FM_SPELL_BY_DAY = 0,     /**< days */
  FM_SPELL_BY_WEEK = 1,    /**< ISO weeks, Monday to Sunday; as a length seven days */
  FM_SPELL_BY_MONTH = 2,   /**< calendar months; as a length always from the first day, cut to the end of a month */
  FM_SPELL_BY_QUARTER = 3, /**< calendar quarters; as a length three months */
  FM_SPELL_BY_YEAR = 4     /**< calendar years; as a length twelve months */
};

/** What is asked about every person at a time after the first spell's first day. */
typedef struct fm_spell_milestone_spec {
  size_t struct_size;
  int32_t as_of;    /**< data are complete up to and without this day; must be given */
  int32_t gap_days; /**< longest pause that is bridged, 0 to FM_SPELL_GAP_MAX (default 0) */
  int32_t clock;    /**< FM_SPELL_BY_DAY (default) to FM_SPELL_BY_YEAR */
  int32_t after;    /**< days, weeks, months ... after the first day, 0 to 100000 (default 0) */
} fm_spell_milestone_spec;

#ifndef __cplusplus
/** Initial value of an fm_spell_milestone_spec. */
#define FM_SPELL_MILESTONE_SPEC_INIT                                                                                   \
  {                                                                                                                    \
    .struct_size = sizeof(fm_spell_milestone_spec), .as_of = INT32_MIN                                                 \
  }
#endif
/** Does what FM_SPELL_MILESTONE_SPEC_INIT does. */
FM_API void fm_spell_milestone_spec_init(fm_spell_milestone_spec *spec, size_t size);

/**
 * Sorts, joins and reads spells in one go: was each person in a spell, or in a bridged pause, so long after the first
 * day of the first spell? Rows in any order (they stay as they are); those in order of person and start cost half. The
 * answers are those of fm_spell_sort, fm_spell_join and fm_spell_status, to the bit.
 *
 * `*n_persons` and `*n_episodes` (joined spells of all) get numbers; `persons` (rising), `first_start`, `status`
 * (FM_SPELL_NO, _YES, _UNKNOWN) and `in_rate` (as in fm_spell_retained) an item a person with a spell that took place,
 * with room for the distinct people of the rows (n is enough). Any output but n_persons may be NULL. n up to
 * UINT32_MAX - 1. Extra memory: 8 bytes a row, 8 a person when in order; 44 a row in the rare case that people and days
 * of a spell together need more than 64 bits.
 * Errors: FM_ERR_VALUE a start or end that is no date (row in err).
 */
FM_API FM_NODISCARD fm_status fm_spell_milestone(size_t *n_persons, size_t *n_episodes, int32_t *persons,
                                                 int32_t *first_start, uint8_t *status, uint8_t *in_rate,
                                                 const int32_t *person, const int32_t *start, const int32_t *end,
                                                 size_t n, const fm_spell_milestone_spec *spec, const fm_run *run,
                                                 fm_error *err);

/** What happens where spells of different states lie on the same days. Spells of one state are always joined. */
enum {
  FM_SPELL_OVERLAP_ERROR = 0,    /**< FM_ERR_VALUE with the row of the later one (default) */
  FM_SPELL_OVERLAP_PRIORITY = 1, /**< a day has the state that stands first in `ranking` */
  FM_SPELL_OVERLAP_FIRST = 2,    /**< a day keeps the state that began first (of two on one day the smaller number) */
  FM_SPELL_OVERLAP_LAST = 3,     /**< a day takes the state that began last (of two on one day the larger number) */
  FM_SPELL_OVERLAP_UNION = 4,    /**< states do not matter: a day is in a spell or not; the state becomes 0 */
  FM_SPELL_OVERLAP_KEEP = 5      /**< each state by itself: spells of different states stay on the same days */
};

/** How spells become states. */
typedef struct fm_spell_resolve_spec {
  size_t struct_size;
  int32_t policy;         /**< FM_SPELL_OVERLAP_ERROR (default) ... */
  int32_t gap_days;       /**< longest pause between two spells of one state that becomes theirs, when there is no other
                               state in it (with _KEEP: whatever is in it); 0 (default): adjacent ones are joined */
  int32_t as_of;          /**< data are complete up to and without this day; must be given */
  int32_t reserved0;      /**< 0 */
  const int32_t *ranking; /**< FM_SPELL_OVERLAP_PRIORITY: all states, the one that wins first; **borrowed** */
  size_t n_ranking;       /**< states in `ranking` */
} fm_spell_resolve_spec;

#ifndef __cplusplus
/** Initial value of an fm_spell_resolve_spec. */
#define FM_SPELL_RESOLVE_SPEC_INIT                                                                                     \
  {                                                                                                                    \
    .struct_size = sizeof(fm_spell_resolve_spec), .as_of = INT32_MIN                                                   \
  }
#endif
/** Does what FM_SPELL_RESOLVE_SPEC_INIT does. */
FM_API void fm_spell_resolve_spec_init(fm_spell_resolve_spec *spec, size_t size);

/**
 * One state a day: spells of one state that overlap, touch or lie at most gap_days apart become one, spells of
 * different states are cut by the policy. `*n_out` gets the number of spells, the output arrays (room for 2 n) person,
 * first day, the day after the last (at most as_of) and state, by person and start. Outputs may not be the inputs.
 * Errors: FM_ERR_VALUE two states on one day under _ERROR; a state that is not in the ranking; rows out of order.
 */
FM_API FM_NODISCARD fm_status fm_spell_resolve(size_t *n_out, int32_t *out_person, int32_t *out_start, int32_t *out_end,
                                               int32_t *out_state, const int32_t *person, const int32_t *start,
                                               const int32_t *end, const int32_t *state, size_t n,
                                               const fm_spell_resolve_spec *spec, const fm_run *run, fm_error *err);

/** In no spell. */
#define FM_SPELL_NO_STATE INT32_MIN

/**
 * Changes of state, by person and day: `from`, `to` and the first day of the new state. A pause of more than gap_days
 * is the state FM_SPELL_NO_STATE, which begins at its first day; an end of which that is not known yet is no change,
 * and neither is the first spell's beginning. Spells may not lie over each other (FM_ERR_VALUE): fm_spell_resolve
 * first.
 * `*n_out` gets their number; room for 2 n.
 */
FM_API FM_NODISCARD fm_status fm_spell_transitions(size_t *n_out, int32_t *out_person, int32_t *out_day,
                                                   int32_t *out_from, int32_t *out_to, const int32_t *person,
                                                   const int32_t *start, const int32_t *end, const int32_t *state,
                                                   size_t n, int32_t gap_days, int32_t as_of, const fm_run *run,
                                                   fm_error *err);

/** Which spells of a person. */
enum {
  FM_SPELL_FIRST = 0, /**< the first in one of the states: the first placement */
  FM_SPELL_EVERY = 1, /**< every one: every placement */
  FM_SPELL_LATEST = 2 /**< the one that starts last */
};
/** Rows (from 0) of the spells that took place in one of `states`; of equal starts the first row. Room for n. */
FM_API FM_NODISCARD fm_status fm_spell_pick(size_t *n_out, int32_t *out_row, const int32_t *person,
                                            const int32_t *start, const int32_t *end, const int32_t *state, size_t n,
                                            const int32_t *states, size_t n_states, int32_t which, int32_t as_of,
                                            const fm_run *run, fm_error *err);

/**
 * Days of each person in each state, by person and state: days that several spells of the state share count once;
 * `out_spells` is their number after overlapping and adjacent ones are joined, `out_open` is 1 when the last one still
 * runs at as_of, so that the days can only grow. Room for n.
 */
FM_API FM_NODISCARD fm_status fm_spell_totals(size_t *n_out, int32_t *out_person, int32_t *out_state, int32_t *out_days,
                                              int32_t *out_spells, int32_t *out_open, const int32_t *person,
                                              const int32_t *start, const int32_t *end, const int32_t *state, size_t n,
                                              int32_t as_of, const fm_run *run, fm_error *err);

/**
 * The same in bounded memory: rows come in batches, sorted by person; within a person in any order. A batch may end in
 * the middle of a person. Resolved spells of finished people can be taken at any time, whole people in order, ready for
 * every function on arrays; they are those of one fm_spell_resolve of all rows, to the bit, whatever the batches.
 * Memory: the rows of one person, and what is not taken yet.
 */
typedef struct fm_spell_stream fm_spell_stream;
/** **Creates** a stream; **copies** spec and ranking. */
FM_API FM_NODISCARD fm_status fm_spell_stream_create(fm_spell_stream **out, const fm_spell_resolve_spec *spec,
                                                     fm_error *err);
FM_API void fm_spell_stream_destroy(fm_spell_stream *stream);
/** Adds rows (**copies**); `*n_ready` (may be NULL) gets the spells that can be taken. Errors: FM_ERR_VALUE with the
 * row counted over all batches: a person below the one before, a date that is none, and those of fm_spell_resolve;
 * after an error the stream takes no more rows. */
FM_API FM_NODISCARD fm_status fm_spell_stream_add(fm_spell_stream *stream, size_t *n_ready, const int32_t *person,
                                                  const int32_t *start, const int32_t *end, const int32_t *state,
                                                  size_t n, fm_error *err);
/** No more rows: the last person is finished, too. */
FM_API FM_NODISCARD fm_status fm_spell_stream_finish(fm_spell_stream *stream, size_t *n_ready, fm_error *err);
/** Moves all spells that are ready to the caller's arrays, each with `room` (FM_ERR_ARGUMENT when that is too little)
 *  or NULL. */
FM_API FM_NODISCARD fm_status fm_spell_stream_take(fm_spell_stream *stream, size_t *n_taken, int32_t *out_person,
                                                   int32_t *out_start, int32_t *out_end, int32_t *out_state,
                                                   size_t room, fm_error *err);

/**
 * Positions at which a new run of equal codes begins: `starts` (room for n; NULL only counts) gets them in rising
 * order, the first always 0, and `*n_runs` their number. A run ends where the next one starts, the last at n. One
 * person's weekly codes a call gives that person's spells; runs go on across people when the codes of several are
 * handed over at once. n up to UINT32_MAX. Room behind the last of them may be written over.
 */
FM_API FM_NODISCARD fm_status fm_spell_runs(size_t *n_runs, uint32_t *starts, const uint16_t *codes, size_t n,
                                            fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
