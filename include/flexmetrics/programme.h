/**
 * @file programme.h
 * People and placements: who is in the programme, which jobs began, where, and for how many hours.
 */
#ifndef FLEXMETRICS_PROGRAMME_H
#define FLEXMETRICS_PROGRAMME_H

#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Weekly hours of a full-time job in Denmark: 37 (collective agreements; 1924 hours a year). */
#define FM_FULL_TIME_HOURS 37.0

/** What programme.people and programme.placements compute. */
typedef struct fm_programme_spec {
  size_t struct_size;      /**< set by FM_PROGRAMME_SPEC_INIT or fm_programme_spec_init */
  const char *by;          /**< group columns, separated by commas; NULL: none */
  double full_time_hours;  /**< hours a week of one full-time equivalent, > 0; default 37 */
  double level;            /**< coverage of intervals, 0 < level < 1; default 0.95 */
} fm_programme_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_PROGRAMME_SPEC_INIT { .struct_size = sizeof(fm_programme_spec), .full_time_hours = FM_FULL_TIME_HOURS, \
                                 .level = 0.95 }
#endif
/** Does what the INIT macro does. */
FM_API void fm_programme_spec_init(fm_programme_spec *spec, size_t size);

/** **Creates** a tally of a frame of kind "people". Quantities per group: people (distinct), began (people with a job
 *  begun), began_share (Wilson interval). */
FM_API FM_NODISCARD fm_status fm_programme_people_tally(fm_tally **out, const fm_programme_spec *spec, fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_programme_people(fm_table **out, const fm_table *frame, const fm_programme_spec *spec,
                                                  const fm_run *run, fm_error *err);

/** **Creates** a tally of a frame of kind "placements". Quantities per group: placements (starts), people (distinct),
 *  private, public, unknown_sector, private_share (Wilson, of those with a known sector), sme (head count below 250,
 *  among private ones), size_unknown, running (on the last observed day), running_people, hours_mean (of running
 *  placements with known hours), hours_known, fte (sum of those hours over full_time_hours). */
FM_API FM_NODISCARD fm_status fm_programme_placements_tally(fm_tally **out, const fm_programme_spec *spec,
                                                            fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_programme_placements(fm_table **out, const fm_table *frame,
                                                      const fm_programme_spec *spec, const fm_run *run,
                                                      fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
