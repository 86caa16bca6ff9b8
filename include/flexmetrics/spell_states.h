/**
 * @file spell_states.h
 * States in time: clocks, milestones of many people at once, runs of equal codes. Part of spell.h.
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
 * UINT32_MAX - 1. Extra memory: 8 bytes a row, 8 a person when in order; 24 a row in the rare case that people and days
 * of a spell together need more than 64 bits.
 * Errors: FM_ERR_VALUE a start or end that is no date (row in err).
 */
FM_API FM_NODISCARD fm_status fm_spell_milestone(size_t *n_persons, size_t *n_episodes, int32_t *persons,
                                                 int32_t *first_start, uint8_t *status, uint8_t *in_rate,
                                                 const int32_t *person, const int32_t *start, const int32_t *end,
                                                 size_t n, const fm_spell_milestone_spec *spec, const fm_run *run,
                                                 fm_error *err);

/**
 * Positions at which a new run of equal codes begins: `starts` (room for n; NULL only counts) gets them in rising
 * order, the first always 0, and `*n_runs` their number. A run ends where the next one starts, the last at n. One
 * person's weekly codes a call gives that person's spells; runs go on across people when the codes of several are
 * handed over at once. n up to UINT32_MAX.
 */
FM_API FM_NODISCARD fm_status fm_spell_runs(size_t *n_runs, uint32_t *starts, const uint16_t *codes, size_t n,
                                            fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
