/**
 * @file retention_sustained.h
 * Sustained employment: the share of weeks in work, hours growth in small jobs, and long-term unemployment.
 *
 * Means have linearised errors with people as clusters and t limits; shares have Wilson's interval as retention.status.
 * What is not known yet is counted apart and never in a mean or share; share_lowest and share_highest say how far it
 * could move the share. Formulas: docs/methods/sustained.md.
 */
#ifndef FLEXMETRICS_RETENTION_SUSTAINED_H
#define FLEXMETRICS_RETENTION_SUSTAINED_H

#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What retention.weeks computes from a frame of kind "weeks". */
typedef struct fm_retention_weeks_spec {
  size_t struct_size;  /**< set by FM_RETENTION_WEEKS_SPEC_INIT or the init function */
  const char *by;      /**< group columns, separated by commas; NULL: none */
  const char *weight;  /**< weight column; NULL: each unit counts 1 */
  const char *cluster; /**< column of people for the errors; default "person_id"; "" treats units as independent */
  double level;        /**< coverage, 0 < level < 1; default 0.95 */
} fm_retention_weeks_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_RETENTION_WEEKS_SPEC_INIT                                                                                   \
  {                                                                                                                    \
    .struct_size = sizeof(fm_retention_weeks_spec), .cluster = "person_id", .level = 0.95                              \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_retention_weeks_spec_init(fm_retention_weeks_spec *spec, size_t size);

/** **Creates** an empty tally. Its result has, per definition, group and horizon (weeks), the quantities units,
 *  not_observed (units some of whose weeks are not known), share_of_weeks and mean_weeks (means over units whose weeks
 *  are all observed), every_week (share of units in work in every week), share_lowest, share_highest (all weeks not
 *  known counted as not in work, as in work; over all units). State: empty without units, censored for a mean without
 *  fully observed units. */
FM_API FM_NODISCARD fm_status fm_retention_weeks_tally(fm_tally **out, const fm_retention_weeks_spec *spec,
                                                       fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_retention_weeks(fm_table **out, const fm_table *frame,
                                                 const fm_retention_weeks_spec *spec, const fm_run *run, fm_error *err);

/** What retention.hours computes from a frame of kind "hours". */
typedef struct fm_retention_hours_spec {
  size_t struct_size;  /**< set by FM_RETENTION_HOURS_SPEC_INIT or the init function */
  const char *by;      /**< group columns, separated by commas; NULL: none */
  const char *weight;  /**< weight column; NULL: each unit counts 1 */
  const char *cluster; /**< column of people for the errors; default "person_id"; "" treats units as independent */
  double level;        /**< coverage, 0 < level < 1; default 0.95 */
} fm_retention_hours_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_RETENTION_HOURS_SPEC_INIT                                                                                   \
  {                                                                                                                    \
    .struct_size = sizeof(fm_retention_hours_spec), .cluster = "person_id", .level = 0.95                              \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_retention_hours_spec_init(fm_retention_hours_spec *spec, size_t size);

/** **Creates** an empty tally. Its result has, per group and horizon_months, the quantities placements; what became of
 *  them: same_job_more_hours, same_job_same_hours, same_job_fewer_hours, same_job_hours_not_told, other_job, no_job,
 *  unknown; share_more_hours (of those of whom it is known; without work: no), share_lowest, share_highest (of all);
 *  mean_hours_at_start, and mean_change_in_hours of those in work with known hours. */
FM_API FM_NODISCARD fm_status fm_retention_hours_tally(fm_tally **out, const fm_retention_hours_spec *spec,
                                                       fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_retention_hours(fm_table **out, const fm_table *frame,
                                                 const fm_retention_hours_spec *spec, const fm_run *run, fm_error *err);

/** What retention.unemployment computes from a frame of kind "unemployment". */
typedef struct fm_retention_unemployment_spec {
  size_t struct_size;  /**< set by FM_RETENTION_UNEMPLOYMENT_SPEC_INIT or the init function */
  const char *by;      /**< group columns, separated by commas; NULL: none */
  const char *weight;  /**< weight column; NULL: each unit counts 1 */
  const char *cluster; /**< column of people for the errors; default "person_id"; "" treats units as independent */
  double level;        /**< coverage, 0 < level < 1; default 0.95 */
} fm_retention_unemployment_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_RETENTION_UNEMPLOYMENT_SPEC_INIT                                                                            \
  {                                                                                                                    \
    .struct_size = sizeof(fm_retention_unemployment_spec), .cluster = "person_id", .level = 0.95                       \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_retention_unemployment_spec_init(fm_retention_unemployment_spec *spec, size_t size);

/** **Creates** an empty tally. Its result has, per definition and group, the quantities registered (people),
 *  unemployed (on the last observed day), long_term, unknown, share_of_unemployed (long-term among the unemployed of
 *  whom it is known), share_lowest, share_highest (of all unemployed), share_of_registered. */
FM_API FM_NODISCARD fm_status fm_retention_unemployment_tally(fm_tally **out,
                                                              const fm_retention_unemployment_spec *spec,
                                                              fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_retention_unemployment(fm_table **out, const fm_table *frame,
                                                        const fm_retention_unemployment_spec *spec, const fm_run *run,
                                                        fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
