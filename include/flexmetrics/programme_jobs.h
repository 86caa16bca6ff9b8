/**
 * @file programme_jobs.h
 * The quality of jobs: contracts, hours wanted and had, agreements, new positions, shortage occupations, service
 * branches, and the hours of those who need fewer than full time. Definitions: docs/methods/programme_jobs.md.
 */
#ifndef FLEXMETRICS_PROGRAMME_JOBS_H
#define FLEXMETRICS_PROGRAMME_JOBS_H

#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What programme.jobs computes from a frame of kind "jobs". */
typedef struct fm_programme_jobs_spec {
  size_t struct_size;     /**< set by FM_PROGRAMME_JOBS_SPEC_INIT or the init function */
  const char *by;         /**< group columns, separated by commas; NULL: none */
  const char *bands;      /**< upper limits of bands of hours, rising, each with its limit; default "10,20,30" */
  double full_time_hours; /**< hours a week of one full-time equivalent, above 0; default 37 */
  double level;           /**< coverage of intervals, 0 < level < 1; default 0.95 */
} fm_programme_jobs_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_PROGRAMME_JOBS_SPEC_INIT { .struct_size = sizeof(fm_programme_jobs_spec), .bands = "10,20,30", \
                                      .full_time_hours = 37.0, .level = 0.95 }
#endif
/** Does what the INIT macro does. */
FM_API void fm_programme_jobs_spec_init(fm_programme_jobs_spec *spec, size_t size);

/** **Creates** an empty tally. Its result has, per group, the quantities jobs, people; for each of permanent,
 *  agreement, new_position, shortage, services and underemployed (wants more hours than it has) the number of yes, of
 *  answers not given (..._unknown) and the share among those given (Wilson interval); hours_missed (what the
 *  underemployed want more, in all), hours_missed_mean; hours_known, hours_mean, fte; and of jobs of people who need
 *  fewer hours than full time (a fleksjob, or fewer hours wanted) reduced, reduced_unknown, reduced_share,
 *  reduced_hours_known, reduced_hours_mean, reduced_hours_p25, _p50, _p75, and reduced_jobs in each `band`. */
FM_API FM_NODISCARD fm_status fm_programme_jobs_tally(fm_tally **out, const fm_programme_jobs_spec *spec,
                                                      fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_programme_jobs(fm_table **out, const fm_table *frame,
                                                const fm_programme_jobs_spec *spec, const fm_run *run, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
