/**
 * @file programme_employers.h
 * Employers: how many take people on, which are new, small or social enterprises, and how much hangs on the largest.
 * Definitions: docs/methods/programme_employers.md.
 */
#ifndef FLEXMETRICS_PROGRAMME_EMPLOYERS_H
#define FLEXMETRICS_PROGRAMME_EMPLOYERS_H

#include "flexmetrics/calendar.h"
#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What programme.employers computes from a frame of kind "employers". */
typedef struct fm_programme_employers_spec {
  size_t struct_size;     /**< set by FM_PROGRAMME_EMPLOYERS_SPEC_INIT or the init function */
  const char *by;         /**< group columns, separated by commas; NULL: none */
  double level;           /**< coverage of intervals, 0 < level < 1; default 0.95 */
  double local_firms;     /**< number of local firms, for the figure per 100 of them; without groups. NaN: not given */
  int32_t period_start;   /**< first day of starts that count; FM_NO_DATE (default): all, and no employer is new */
  int32_t period_end;     /**< last day of starts that count; FM_NO_DATE (default): all */
  int32_t table_is_local; /**< 1: the employers of the frame, with and without starts, are the local firms; default 0 */
  int32_t reserved0;      /**< 0 */
} fm_programme_employers_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_PROGRAMME_EMPLOYERS_SPEC_INIT { .struct_size = sizeof(fm_programme_employers_spec), .level = 0.95, \
                                           .local_firms = FM_NAN, .period_start = INT32_MIN, .period_end = INT32_MIN }
#endif
/** Does what the INIT macro does. */
FM_API void fm_programme_employers_spec_init(fm_programme_employers_spec *spec, size_t size);

/** **Creates** an empty tally. Its result has, per group, the quantities starts, people, starts_without_employer,
 *  employers (distinct, with a start in the period), new_employers (their first start is in it), new_share,
 *  hiring_again (with a start in it on a later day than their first), hiring_again_share, local_firms,
 *  employers_per_100_local; private, public, unknown_sector; sme (head count below 250, among private ones),
 *  size_unknown, sme_share; social_enterprises, social_unknown, social_staff, social_target_staff, target_group_share
 *  (of social enterprises that tell both), social_staff_unknown (those that do not); largest_share,
 *  five_largest_share (of the starts with a known employer). What is not given is null with state not_given. */
FM_API FM_NODISCARD fm_status fm_programme_employers_tally(fm_tally **out, const fm_programme_employers_spec *spec,
                                                           fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_programme_employers(fm_table **out, const fm_table *frame,
                                                     const fm_programme_employers_spec *spec, const fm_run *run,
                                                     fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
