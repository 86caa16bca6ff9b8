/**
 * @file spell.h
 * Spell algebra: periods in a state, person by person; joined over short pauses, asked for a day, a month, a length.
 *
 * A spell is a row of equal-length arrays: `person` (any number), `start` (its first day) and `end` (the day after its
 * last; FM_SPELL_OPEN while it runs), days since 1970-01-01. Data are complete up to and without day `as_of`: what ends
 * later is open there, what starts later is not known, and a spell with end <= start never took place; such rows are
 * passed over. Every answer is three-valued where the future could still change it. Splitting a spell, repeating it, or
 * another order of the rows before fm_spell_sort gives the same answers.
 *
 * Every function but the first two wants spells sorted by person and start (FM_ERR_VALUE with the row otherwise).
 * Outputs may be NULL when not wanted and have room for `n` items unless stated otherwise.
 */
#ifndef FLEXMETRICS_SPELL_H
#define FLEXMETRICS_SPELL_H

#include "flexmetrics/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/** End of a spell that still runs. */
#define FM_SPELL_OPEN INT32_MAX

/** Longest pause that can be bridged, in days. */
#define FM_SPELL_GAP_MAX 36525

enum {
  FM_SPELL_NO = 0,     /**< no */
  FM_SPELL_YES = 1,    /**< yes */
  FM_SPELL_UNKNOWN = 2 /**< not known yet */
};

enum {
  FM_SPELL_KEPT = 0,     /**< a spell */
  FM_SPELL_REVERSED = 1, /**< its last day is before its first */
  FM_SPELL_FUTURE = 2,   /**< it starts on as_of or later */
  FM_SPELL_UNDATED = 3   /**< it has no first day */
};

enum {
  FM_SPELL_CENSORED = 0,     /**< still running when last seen */
  FM_SPELL_NOT_EMPLOYED = 1, /**< ended, and nothing followed */
  FM_SPELL_OTHER_JOB = 2     /**< ended, and a spell with another label followed or went on */
};

/**
 * Dates as they stand in files to spells: `end` holds last days (they count; FM_NO_DATE is still running) and becomes
 * half-open. `verdict` (room for n, may be NULL) gets an FM_SPELL_KEPT, ... a row; `*n_kept` (may be NULL) the spells.
 * Rows that are no spell get end = start, and are then passed over everywhere.
 */
FM_API FM_NODISCARD fm_status fm_spell_from_closed(int32_t *start, int32_t *end, uint8_t *verdict, size_t *n_kept,
                                                   size_t n, int32_t as_of, fm_error *err);

/** Sorts by person, start, end and label (NULL: none) in place. Rows in order cost one pass; otherwise 32 bytes a row
 *  of extra memory. */
FM_API FM_NODISCARD fm_status fm_spell_sort(int32_t *person, int32_t *start, int32_t *end, int32_t *label, size_t n,
                                            const fm_run *run, fm_error *err);

/** Keeps, in place, the spells that carry the same label as their person's first spell (in sorted order, as of
 *  `as_of`): work with the first employer. `*n_kept` gets their number. */
FM_API FM_NODISCARD fm_status fm_spell_same_label(size_t *n_kept, int32_t *person, int32_t *start, int32_t *end,
                                                  int32_t *label, size_t n, int32_t as_of, const fm_run *run,
                                                  fm_error *err);

/** Spells joined over pauses. */
typedef struct fm_spell_episode {
  int32_t person;       /**< as in the input */
  int32_t start;        /**< first day */
  int32_t end;          /**< day after the last; at most as_of */
  int32_t covered_days; /**< days inside a spell; bridged days are not among them */
  int32_t n_spells;     /**< spells joined */
  int32_t undetermined; /**< 1: not known yet whether it has ended (end + gap >= as_of), else 0 */
} fm_spell_episode;

/** Joins spells with at most `gap_days` days between one's end and the next one's start (0: overlapping or adjacent).
 *  `*n_episodes` gets their number; `episodes` are in order of person and start. */
FM_API FM_NODISCARD fm_status fm_spell_join(size_t *n_episodes, fm_spell_episode *episodes, const int32_t *person,
                                            const int32_t *start, const int32_t *end, size_t n, int32_t gap_days,
                                            int32_t as_of, const fm_run *run, fm_error *err);

/** What one person's spells look like. */
typedef struct fm_spell_summary {
  int32_t person;       /**< as in the input */
  int32_t first_start;  /**< first day of the first spell */
  int32_t last_end;     /**< day after the last day in a spell; at most as_of */
  int32_t n_spells;     /**< spells that took place */
  int32_t n_overlaps;   /**< spells that start before an earlier one has ended */
  int32_t n_gaps;       /**< pauses of one day or more */
  int32_t gap_days;     /**< days in those pauses */
  int32_t covered_days; /**< days inside a spell */
} fm_spell_summary;

/** One summary a person. */
FM_API FM_NODISCARD fm_status fm_spell_summarise(size_t *n_persons, fm_spell_summary *summaries, const int32_t *person,
                                                 const int32_t *start, const int32_t *end, size_t n, int32_t as_of,
                                                 const fm_run *run, fm_error *err);

/**
 * Was `ask_person[i]` in a spell, or in a bridged pause, on `ask_day[i]`? `status` (room for n_asked) gets FM_SPELL_NO,
 * _YES or _UNKNOWN: days from as_of on, and days after an end that a spell not seen yet could still bridge.
 * Questions may come in any order; those sorted by person and day are the fastest.
 */
FM_API FM_NODISCARD fm_status fm_spell_status(uint8_t *status, const int32_t *ask_person, const int32_t *ask_day,
                                              size_t n_asked, const int32_t *person, const int32_t *start,
                                              const int32_t *end, size_t n, int32_t gap_days, int32_t as_of,
                                              const fm_run *run, fm_error *err);

/** Days inside a spell from `ask_from[i]` up to and without `ask_to[i]`; `days` (room for n_asked) gets -1 when the
 *  window passes as_of. Weeks, months and quarters with work, and shares of them, follow from it. */
FM_API FM_NODISCARD fm_status fm_spell_covered_days(int32_t *days, const int32_t *ask_person, const int32_t *ask_from,
                                                    const int32_t *ask_to, size_t n_asked, const int32_t *person,
                                                    const int32_t *start, const int32_t *end, size_t n, int32_t as_of,
                                                    const fm_run *run, fm_error *err);

/**
 * Is a person's first episode still going on `months` calendar months after its start (31 August + 3 is 30 November)?
 * One item a person: `persons`, `target` (the day; FM_NO_DATE beyond year 9999), `retained` (FM_SPELL_YES while the
 * episode holds the day; once it has ended _NO for good; _UNKNOWN while that is open) and `in_rate`: 1 when day and gap
 * are seen in full (target + gap + 1 < as_of). A rate takes only these, whatever else is settled already: failures are
 * known sooner than successes.
 */
FM_API FM_NODISCARD fm_status fm_spell_retained(size_t *n_persons, int32_t *persons, int32_t *target, uint8_t *retained,
                                                uint8_t *in_rate, const int32_t *person, const int32_t *start,
                                                const int32_t *end, size_t n, int32_t months, int32_t gap_days,
                                                int32_t as_of, const fm_run *run, fm_error *err);

/**
 * Has an episode lasted `weeks` whole weeks? One item a person, for the first episode and for any: FM_SPELL_YES and the
 * day it was reached (that day counts; FM_NO_DATE otherwise), _UNKNOWN while an episode that may go on could still
 * reach it, _NO.
 */
FM_API FM_NODISCARD fm_status fm_spell_sustained(size_t *n_persons, int32_t *persons, uint8_t *first,
                                                 int32_t *first_day, uint8_t *any, int32_t *any_day,
                                                 const int32_t *person, const int32_t *start, const int32_t *end,
                                                 size_t n, int32_t weeks, int32_t gap_days, int32_t as_of,
                                                 const fm_run *run, fm_error *err);

/**
 * Survival records of first episodes: `time_days` (the length of one that has ended; otherwise what is seen up to
 * the last day on which an end can be recognised, as_of - gap - 2) and `reason`: FM_SPELL_CENSORED, _NOT_EMPLOYED or
 * _OTHER_JOB. Those that start too late to be seen at all are left out. With `label` only spells with the label of the
 * person's first spell make the episode (same employer), and _OTHER_JOB is an end that another label's spell follows
 * within the gap, or outlasts; without (NULL) it does not occur.
 */
FM_API FM_NODISCARD fm_status fm_spell_survival(size_t *n_out, int32_t *persons, int32_t *time_days, uint8_t *reason,
                                                const int32_t *person, const int32_t *start, const int32_t *end,
                                                const int32_t *label, size_t n, int32_t gap_days, int32_t as_of,
                                                const fm_run *run, fm_error *err);

#ifdef __cplusplus
}
#endif

#include "flexmetrics/spell_periods.h"
#include "flexmetrics/spell_states.h"

#endif
