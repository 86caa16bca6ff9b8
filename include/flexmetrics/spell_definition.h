/**
 * @file spell_definition.h
 * What counts as lasting work: named definitions as data, and what a person's dated states say under one.
 *
 * Definitions are rows of the code list "retention_definition" (data/retention_definitions.csv, built in; a table of
 * the same columns replaces it). A definition sorts states into those that count, may bridge, bar, leave and censor,
 * says from which day and by which clock people are followed, and asks one of four questions: *point* (on a day, or at
 * all in a calendar period), *k_of_n* (in so many of the periods), *continuous* (without a break, from the start or
 * anywhere) and *cumulative* (so many days in all). Answers are FM_SPELL_NO, _YES and _UNKNOWN;
 * docs/methods/definitions.md has the rules.
 */
#ifndef FLEXMETRICS_SPELL_DEFINITION_H
#define FLEXMETRICS_SPELL_DEFINITION_H

#include "flexmetrics/code.h"
#include "flexmetrics/spell.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  FM_SPELL_POINT = 0,      /**< on the day, or on some day of the calendar period */
  FM_SPELL_K_OF_N = 1,     /**< in at least `needed` of the periods up to the horizon */
  FM_SPELL_CONTINUOUS = 2, /**< on every day up to the horizon; with any_episode in some run up to it */
  FM_SPELL_CUMULATIVE = 3  /**< on at least `needed` days (clock days) or times seven days (clock weeks) */
};

enum {
  FM_SPELL_DAYS = 0,            /**< the n-th day */
  FM_SPELL_WEEKS = 1,           /**< seven days each; a point is the last day of the n-th */
  FM_SPELL_MONTHS = 2,          /**< calendar months from the day itself, clipped to the end of the month */
  FM_SPELL_CALENDAR_MONTHS = 3, /**< whole calendar months; the one of the index day is number 0 */
  FM_SPELL_QUARTERS = 4         /**< whole calendar quarters; the one of the index day is number 0 */
};

enum {
  FM_SPELL_FROM_PLACEMENT = 0,   /**< first day of a placement of a work kind */
  FM_SPELL_FROM_ORDINARY = 1,    /**< first day of a placement of a work kind without subsidy */
  FM_SPELL_FROM_EXIT = 2,        /**< last day in a programme */
  FM_SPELL_FROM_BENEFIT_END = 3, /**< last day of a course of benefit: one whole calendar month without follows */
  FM_SPELL_FROM_WORK = 4         /**< first day of a run of days that count, seen to begin */
};

/** In which period a day that counts needs an income. */
enum {
  FM_SPELL_INCOME_NONE = 0,       /**< no test of incomes */
  FM_SPELL_INCOME_MONTH = 1,      /**< the day's calendar month */
  FM_SPELL_INCOME_WEEK_MONTH = 2, /**< the month of the Thursday of the day's week */
  FM_SPELL_INCOME_QUARTER = 3     /**< the day's calendar quarter */
};

/** A definition; texts are **borrowed**. Lists of states hold words separated by spaces: a code or alias of the lists
 *  of states, `column=value` (what the list says about the code), `(none)` (a day without any record); a word after !
 *  takes states away. */
typedef struct fm_spell_definition {
  size_t struct_size;     /**< set by FM_SPELL_DEFINITION_INIT or fm_spell_definition_init */
  const char *name;       /**< printed with every result */
  const char *success;    /**< states that count; needed */
  const char *grace;      /**< states that may fill a bridged pause; NULL: none */
  const char *barring;    /**< states on whose days nothing counts; NULL: none */
  const char *leaves;     /**< states that are an exit of their own, such as education; NULL: none */
  const char *censors;    /**< states from whose first day on nothing is known, the index day where they hold on it
                               (those over before it say nothing); NULL: none */
  const char *course;     /**< FM_SPELL_FROM_BENEFIT_END: states that make a course of benefit */
  const char *horizons;   /**< whole numbers by the clock, separated by commas */
  double hours_least;     /**< hours a week that a row must have to count, unknown hours: not known; 0: no test */
  int32_t rule;           /**< FM_SPELL_POINT, ... */
  int32_t clock;          /**< FM_SPELL_DAYS, ... */
  int32_t index;          /**< FM_SPELL_FROM_PLACEMENT, ... */
  int32_t needed;         /**< k_of_n: periods; cumulative and any_episode: days or weeks; else 0 */
  int32_t whole_periods;  /**< k_of_n: 1: a period is good when all of its days count; 0: any of them */
  int32_t first_month;    /**< calendar_months: the first month counted is the next one of this number; 0: the next */
  int32_t base;           /**< ask only those in work in this earlier calendar period; 0: everybody */
  int32_t gap_days;       /**< pauses of at most so many days are bridged, whatever fills them */
  int32_t grace_days;     /**< pauses of at most so many days with at most gap_days outside the grace states are too */
  int32_t least_run_days; /**< shorter runs do not count; 0: any length */
  int32_t same_employer;  /**< 1: only work with the employer of the index placement (with base: with one of base) */
  int32_t subsidised;     /**< 1: subsidised states count too; 0: they do not */
  const char *untold;     /**< states of which it is not known whether they count; NULL: none */
  int32_t any_episode;    /**< continuous by days or weeks: 1: an unbroken run of at least `needed` days or weeks that
                               begins anywhere and lies within the horizon; 0: every day from the start */
  double income_least;    /**< with income_period: least sum of the period's incomes; 0: any record of one */
  int32_t income_period;  /**< FM_SPELL_INCOME_NONE, ... */
} fm_spell_definition;

#ifndef __cplusplus
/** Initial value: work on the day 3, 6 and 12 months after the start of a placement. */
#define FM_SPELL_DEFINITION_INIT                                                                                       \
  {                                                                                                                    \
    .struct_size = sizeof(fm_spell_definition), .name = "own", .success = "work=yes", .horizons = "3,6,12",            \
    .clock = FM_SPELL_MONTHS, .subsidised = 1                                                                          \
  }
#endif
/** Does what FM_SPELL_DEFINITION_INIT does. */
FM_API void fm_spell_definition_init(fm_spell_definition *d, size_t size);

/** Reads the definition called `name` from a list "retention_definition"; its texts are borrowed from the list. `size`
 *  is sizeof(fm_spell_definition). Errors: FM_ERR_NOT_FOUND no such definition, with the names there are;
 *  FM_ERR_VALUE a cell that cannot be read, with row and column. */
FM_API FM_NODISCARD fm_status fm_spell_definition_read(fm_spell_definition *out, size_t size, const fm_codes *list,
                                                       const char *name, fm_error *err);
/** FM_ERR_ARGUMENT when the fields contradict one another; the sentence says which. */
FM_API FM_NODISCARD fm_status fm_spell_definition_check(const fm_spell_definition *d, fm_error *err);
/** Reads the horizons: *n gets their number, `out` (room for 64; may be NULL) the numbers. FM_ERR_ARGUMENT: not up to
 *  64 different whole numbers, in range of the clock. */
FM_API FM_NODISCARD fm_status fm_spell_definition_horizons(int32_t *out, size_t *n, const fm_spell_definition *d,
                                                           fm_error *err);
/** Words of the fields: "point", "k_of_n", ...; "days", "weeks", ...; "placement", ...; "none", "month", ...; NULL
 *  outside. */
FM_API const char *fm_spell_rule_name(int32_t rule);
FM_API const char *fm_spell_clock_name(int32_t clock);
FM_API const char *fm_spell_index_name(int32_t index);
FM_API const char *fm_spell_income_period_name(int32_t period);

/** What a row's state counts as. */
enum {
  FM_SPELL_STATE_IGNORED = 0, /**< says nothing about the day */
  FM_SPELL_STATE_OTHER = 1,   /**< does not count */
  FM_SPELL_STATE_LEFT = 2,    /**< an exit of its own */
  FM_SPELL_STATE_GRACE = 3,   /**< may fill a bridged pause */
  FM_SPELL_STATE_UNTOLD = 4,  /**< would count if what is missing were known */
  FM_SPELL_STATE_COUNTS = 5,  /**< success */
  FM_SPELL_STATE_BARS = 6,    /**< nothing else counts that day */
  FM_SPELL_STATE_CENSORS = 7  /**< nothing is known from its first day on */
};

/** One FM_SPELL_STATE_ an entry of each list (arrays with room for fm_codes_n; either list may be NULL, with its
 *  array): states that the definition does not name are _OTHER, kinds of placements _IGNORED. `*none` (may be NULL)
 *  gets that of a day without a record. FM_ERR_NOT_FOUND: a word that neither list has. */
FM_API FM_NODISCARD fm_status fm_spell_definition_states(uint8_t *of_states, uint8_t *of_kinds, int32_t *none,
                                                         const fm_spell_definition *d, const fm_codes *states,
                                                         const fm_codes *kinds, fm_error *err);
/** What a row with this state and these hours a week (NaN: unknown) counts as. */
FM_API int32_t fm_spell_definition_with_hours(const fm_spell_definition *d, int32_t state, double hours_per_week);
/** One byte an entry of `codes`: 1 when `words` names it. FM_ERR_FORMAT words of another form. */
FM_API FM_NODISCARD fm_status fm_spell_words_match(uint8_t *out, const char *words, const fm_codes *codes,
                                                   fm_error *err);

/** Days in a state. */
typedef struct fm_spell_state {
  int32_t person;   /**< any number */
  int32_t start;    /**< first day */
  int32_t end;      /**< the day after the last; FM_SPELL_OPEN while it runs */
  int32_t employer; /**< any number from 0; -1: none or unknown */
  int32_t state;    /**< FM_SPELL_STATE_ */
} fm_spell_state;

/** An income of a month or a quarter. */
typedef struct fm_spell_income {
  int32_t person; /**< as in the states */
  int32_t period; /**< any day of the calendar month (quarter) */
  double amount;
} fm_spell_income;

/** Incomes, in order of person and period; several of one period are added up. */
typedef struct fm_spell_incomes {
  const fm_spell_income *rows;
  size_t n;
  int32_t first; /**< any day of the first month (quarter) of which everybody's incomes are known */
  int32_t last;  /**< and of the last */
} fm_spell_incomes;

/** The states as the income test of `d` leaves them; fm_spell_outcomes and the others below take them. **Creates**
 *  `*out` (freed by fm_free) with `*n` rows in order of person and start. In a period with the income, rows stay as
 *  they are. In one without, those that count or are untold are _OTHER; where incomes are not known, _UNTOLD. `*none`
 *  is the FM_SPELL_STATE_ of a day without a record: when such days count (or are untold), rows for them are made for
 *  each of `people` and it becomes _UNTOLD. `people` are in order, each once; rows of others are left out. Incomes end
 *  on the day before fm_spell_income_end: units should not be observed longer. Errors: FM_ERR_ARGUMENT d has no income
 *  test; FM_ERR_VALUE rows out of order, not dates, amounts not finite, with the row. */
FM_API FM_NODISCARD fm_status fm_spell_definition_with_incomes(fm_spell_state **out, size_t *n, int32_t *none,
                                                               const fm_spell_definition *d, const int32_t *people,
                                                               size_t n_people, const fm_spell_state *states,
                                                               size_t n_states, const fm_spell_incomes *incomes,
                                                               fm_error *err);
/** The day after the last one whose income lies in the month (quarter) of `day`; FM_NO_DATE without an income test, or
 *  when the day or the answer is no date. */
FM_API int32_t fm_spell_income_end(const fm_spell_definition *d, int32_t day);

/** Who is followed from when. */
typedef struct fm_spell_unit {
  int32_t person;        /**< as in the states */
  int32_t index;         /**< the index day */
  int32_t employer;      /**< of the index placement; -1: none or unknown, which is nobody else's employer */
  int32_t observed_from; /**< first day observed; INT32_MIN: always */
  int32_t observed_to;   /**< the day after the last day observed, at most as-of */
} fm_spell_unit;

/** Why an answer is what it is. */
enum {
  FM_SPELL_MET = 0,      /**< yes */
  FM_SPELL_FAILED = 1,   /**< no */
  FM_SPELL_LEFT = 2,     /**< no, because of a state that leaves */
  FM_SPELL_NOT_YET = 3,  /**< unknown: days that are not observed, or a pause that may still be bridged */
  FM_SPELL_CUT = 4,      /**< unknown: a state that censors */
  FM_SPELL_UNTOLD = 5,   /**< unknown: what a row would have to say, such as hours, is missing */
  FM_SPELL_NOT_ASKED = 6 /**< unknown on purpose: not in work in the base period */
};
/** "met", "failed", ...; NULL outside. */
FM_API const char *fm_spell_reason_name(int32_t reason);

/** What came of a unit. */
typedef struct fm_spell_outcome {
  int32_t target;  /**< the last day that the answer needs; FM_NO_DATE beyond year 9999 */
  int32_t status;  /**< FM_SPELL_NO, _YES or _UNKNOWN */
  int32_t in_rate; /**< 1: that day, and the pause after it that may still be bridged, are seen in full */
  int32_t reason;  /**< FM_SPELL_MET, ... */
  int32_t n_yes;   /**< k_of_n: good periods; cumulative: days that count; any_episode: days of the longest run; else
                        0. Those that are sure, whatever is not known */
  int32_t n_no;    /**< k_of_n, cumulative: periods or days that surely do not count */
} fm_spell_outcome;

/** Answers for `n_units` units at one horizon. States are in order of person and start (FM_ERR_VALUE with the row
 *  otherwise); `none` is the FM_SPELL_STATE_ of a day without a record. */
FM_API FM_NODISCARD fm_status fm_spell_outcomes(fm_spell_outcome *out, const fm_spell_definition *d, int32_t horizon,
                                                int32_t none, const fm_spell_unit *units, size_t n_units,
                                                const fm_spell_state *states, size_t n_states, const fm_run *run,
                                                fm_error *err);

/** How long a unit's days have counted on end. */
typedef struct fm_spell_duration {
  int32_t entry_days; /**< days from the first day followed to the first one observed */
  int32_t days;   /**< ended: days before the first that does not count; else days up to the last on which an end can
                       be recognised; 0: none */
  int32_t ended;  /**< 1: there is a day that does not count, else 0 */
  int32_t reason; /**< ended: FM_SPELL_FAILED, _LEFT; else _NOT_YET, _CUT, _UNTOLD */
} fm_spell_duration;

/** Days from each unit's index day (after a last day: the day after) to the first one that does not count; pauses are
 *  bridged and short runs dropped as the definition says; its rule, clock and horizons do not matter. With `pause` the
 *  larger of gap_days and grace_days, and least_run_days - 1, nobody is followed beyond observed_to - pause - 2: an end
 *  after that day need not be recognised, and an earlier one always is. Units with days <= entry_days were not seen in
 *  a run. Arguments and errors as fm_spell_outcomes. */
FM_API FM_NODISCARD fm_status fm_spell_durations(fm_spell_duration *out, const fm_spell_definition *d, int32_t none,
                                                 const fm_spell_unit *units, size_t n_units,
                                                 const fm_spell_state *states, size_t n_states, const fm_run *run,
                                                 fm_error *err);

/** First days of runs that are seen to begin, for a definition with the index work: the day before is observed and does
 *  not count, and no earlier run can reach over the pause it ends. `people`, in order and each once, say who is
 * observed when (index and employer are not read); `out` has room for n_people + n_states units, `*n` gets their
 * number. Errors: as fm_spell_outcomes; FM_ERR_ARGUMENT another index. */
FM_API FM_NODISCARD fm_status fm_spell_starts(fm_spell_unit *out, size_t *n, const fm_spell_definition *d, int32_t none,
                                              const fm_spell_unit *people, size_t n_people,
                                              const fm_spell_state *states, size_t n_states, const fm_run *run,
                                              fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
