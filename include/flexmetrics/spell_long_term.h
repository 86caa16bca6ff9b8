/**
 * @file spell_long_term.h
 * Long-term unemployment as a set of parameters: three definitions in use differ in every one of them.
 */
#ifndef FLEXMETRICS_SPELL_LONG_TERM_H
#define FLEXMETRICS_SPELL_LONG_TERM_H

#include "flexmetrics/spell.h"

#ifdef __cplusplus
extern "C" {
#endif

/** When somebody is long-term unemployed. The initial value is that of Statistics Denmark: 52 weeks on end, pauses of
 *  up to 28 days with at most 10 hours of ordinary paid work bridged. Without pauses: max_gap_days = 0. A share of
 *  time: share = 0.8. */
typedef struct fm_spell_long_term_spec {
  size_t struct_size;   /**< set by FM_SPELL_LONG_TERM_SPEC_INIT or the init function */
  double max_gap_hours; /**< most paid hours in a bridged pause; default 10 */
  double share;         /**< 0 (default): days on end; otherwise this share of a window's days, above 0 and at most 1 */
  int32_t min_days;     /**< days on end; default 364. Not used with share */
  int32_t max_gap_days; /**< longest bridged pause; default 28; 0: none. Not used with share */
  int32_t gap_counts;   /**< 1 (default): the days of a bridged pause count; 0: they do not */
  int32_t window_days;  /**< with share: length of the window; default 364 */
} fm_spell_long_term_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_SPELL_LONG_TERM_SPEC_INIT { .struct_size = sizeof(fm_spell_long_term_spec), .max_gap_hours = 10, \
                                       .min_days = 364, .max_gap_days = 28, .gap_counts = 1, .window_days = 364 }
#endif
/** Does what the INIT macro does. */
FM_API void fm_spell_long_term_spec_init(fm_spell_long_term_spec *spec, size_t size);

/** What one person's unemployment comes to by as_of. */
typedef struct fm_spell_long_term_result {
  int32_t person;  /**< as in the input */
  int32_t reached; /**< the day on which the count was full for the first time; FM_NO_DATE: never, or not known which */
  int32_t ever;    /**< has it been reached: FM_SPELL_NO, _YES, _UNKNOWN */
  int32_t now;     /**< long-term unemployed on the last observed day: FM_SPELL_NO, _YES, _UNKNOWN */
} fm_spell_long_term_result;

/**
 * One result a person from spells of unemployment in order of person and start (spell.h). `hours_before` (NULL: no
 * paid work) holds the hours of paid work in the pause before each row's spell, NaN where they are not known: then the
 * answer is not known unless it is the same with and without bridging. So it is in a pause that may still be bridged.
 * Errors: FM_ERR_VALUE rows out of order, hours below 0, with the row; FM_ERR_ARGUMENT the spec.
 */
FM_API FM_NODISCARD fm_status fm_spell_long_term(size_t *n_persons, fm_spell_long_term_result *results,
                                                 const int32_t *person, const int32_t *start, const int32_t *end,
                                                 const double *hours_before, size_t n,
                                                 const fm_spell_long_term_spec *spec, int32_t as_of, const fm_run *run,
                                                 fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
