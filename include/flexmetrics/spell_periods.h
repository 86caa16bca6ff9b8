/**
 * @file spell_periods.h
 * Spells in calendar periods: cuts, states on a day, days in a window, weeks in a row, a row per person and period.
 * Part of spell.h; arrays, states and outputs as in spell_states.h.
 */
#ifndef FLEXMETRICS_SPELL_PERIODS_H
#define FLEXMETRICS_SPELL_PERIODS_H

#include "flexmetrics/spell_states.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Clocks made of whole ISO weeks, for weekly codes: a week belongs to the month and year of its Thursday. They go on
 *  from FM_SPELL_BY_DAY ... FM_SPELL_BY_YEAR. */
enum {
  FM_SPELL_BY_MONTH_OF_WEEKS = 5, /**< four or five weeks */
  FM_SPELL_BY_YEAR_OF_WEEKS = 6   /**< the ISO year, 52 or 53 weeks */
};

/** First day of the period that holds `day`; FM_NO_DATE for no date or an unknown clock. */
FM_API int32_t fm_spell_period_start(int32_t day, int32_t clock);
/** First day after that period (after 9999-12-31: the day after it). */
FM_API int32_t fm_spell_period_end(int32_t day, int32_t clock);

/**
 * Cuts spells at the first day of every period of `clock` (FM_SPELL_BY_DAY: at none) and at the given `days` (rising;
 * NULL for none). `*n_out` gets the number of pieces; `out_row` the row each is of, `out_start` and `out_end` its days,
 * the last at most as_of, row by row. Spells may lie over each other. n up to INT32_MAX.
 */
FM_API FM_NODISCARD fm_status fm_spell_split(size_t *n_out, int32_t *out_row, int32_t *out_start, int32_t *out_end,
                                             const int32_t *person, const int32_t *start, const int32_t *end, size_t n,
                                             int32_t clock, const int32_t *days, size_t n_days, int32_t as_of,
                                             const fm_run *run, fm_error *err);

/**
 * State of `ask_person[i]` on `ask_day[i]`: `status` (room for n_asked) FM_SPELL_YES and the state in `out_state`, or
 * _NO (in no spell) or _UNKNOWN (from as_of on) and FM_SPELL_NO_STATE. Spells may not lie over each other
 * (FM_ERR_VALUE): fm_spell_resolve first.
 */
FM_API FM_NODISCARD fm_status fm_spell_state_on(uint8_t *status, int32_t *out_state, const int32_t *ask_person,
                                                const int32_t *ask_day, size_t n_asked, const int32_t *person,
                                                const int32_t *start, const int32_t *end, const int32_t *state,
                                                size_t n, int32_t as_of, const fm_run *run, fm_error *err);

/**
 * Days in any of `states` from `ask_from[i]` up to and without `ask_to[i]`: `out_days` are those before as_of, each
 * once, `out_unseen` the days of the window from as_of on, which may still be more (0: final); both -1 where a day of
 * the window is no date. Room for n_asked.
 */
FM_API FM_NODISCARD fm_status fm_spell_days_in(int32_t *out_days, int32_t *out_unseen, const int32_t *ask_person,
                                               const int32_t *ask_from, const int32_t *ask_to, size_t n_asked,
                                               const int32_t *person, const int32_t *start, const int32_t *end,
                                               const int32_t *state, size_t n, const int32_t *states, size_t n_states,
                                               int32_t as_of, const fm_run *run, fm_error *err);

/**
 * Weeks in a row: has a person `n_weeks` consecutive ISO weeks with at least `least_days` (1 to 7) days each in any of
 * `states`? One item a person with a spell that took place: `out_reached` FM_SPELL_YES with the last day of that week
 * in `out_day` (FM_NO_DATE otherwise), _UNKNOWN while a run that may still grow has not got there, _NO; `out_longest`
 * weeks of the longest run so far. A week counts as seen when it has its days or can no longer get them. Room for n.
 */
FM_API FM_NODISCARD fm_status fm_spell_weeks(size_t *n_out, int32_t *out_person, int32_t *out_reached, int32_t *out_day,
                                             int32_t *out_longest, const int32_t *person, const int32_t *start,
                                             const int32_t *end, const int32_t *state, size_t n, const int32_t *states,
                                             size_t n_states, int32_t n_weeks, int32_t least_days, int32_t as_of,
                                             const fm_run *run, fm_error *err);

/** Which rows a table of people and periods has. */
typedef struct fm_spell_periods_spec {
  size_t struct_size;
  int32_t clock;         /**< FM_SPELL_BY_WEEK (default) ... FM_SPELL_BY_YEAR_OF_WEEKS */
  int32_t as_of;         /**< data are complete up to and without this day; must be given */
  int32_t from;          /**< first day; FM_NO_DATE (default): of the person's first spell, whatever its state */
  int32_t to;            /**< day after the last; FM_NO_DATE (default): as_of */
  int32_t by_state;      /**< 1: a row a state that the period has days of; 0 (default): one row, of all `states` */
  int32_t reserved0;     /**< 0 */
  const int32_t *states; /**< states that count; NULL (default): all; **borrowed** */
  size_t n_states;       /**< states in `states` */
} fm_spell_periods_spec;

#ifndef __cplusplus
/** Initial value of an fm_spell_periods_spec. */
#define FM_SPELL_PERIODS_SPEC_INIT                                                                                     \
  {                                                                                                                    \
    .struct_size = sizeof(fm_spell_periods_spec), .clock = 1, .as_of = INT32_MIN, .from = INT32_MIN, .to = INT32_MIN   \
  }
#endif
/** Does what FM_SPELL_PERIODS_SPEC_INIT does. */
FM_API void fm_spell_periods_spec_init(fm_spell_periods_spec *spec, size_t size);

/**
 * Person-period rows, by person and period (and state): the period's first day, `out_state` (FM_SPELL_NO_STATE without
 * by_state), `out_days` in the states and inside the window, each day once for a state, and `out_unseen`, days of the
 * period and window from as_of on. Without by_state every period of the window has a row, also one without days.
 * `*n_out` gets their number; call with all outputs NULL to know the room.
 */
FM_API FM_NODISCARD fm_status fm_spell_periods(size_t *n_out, int32_t *out_person, int32_t *out_period,
                                               int32_t *out_state, int32_t *out_days, int32_t *out_unseen,
                                               const int32_t *person, const int32_t *start, const int32_t *end,
                                               const int32_t *state, size_t n, const fm_spell_periods_spec *spec,
                                               const fm_run *run, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
