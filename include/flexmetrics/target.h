/**
 * @file target.h
 * Goals: pace, plan, forecast and the chance of meeting them.
 */
#ifndef FLEXMETRICS_TARGET_H
#define FLEXMETRICS_TARGET_H

#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What target.track computes from a frame of kind "goals". */
typedef struct fm_target_track_spec {
  size_t struct_size;      /**< set by FM_TARGET_TRACK_SPEC_INIT or fm_target_track_spec_init */
  double level;            /**< coverage of the forecast interval, 0 < level < 1; default 0.95 */
  double prior_shape;      /**< gamma prior of the rate: shape, > 0; default 0.5 (Jeffreys) */
  double prior_days;       /**< gamma prior of the rate: exposure in days, >= 0; default 0 */
  double on_course;        /**< chance from which a goal is on course, 0 to 1; default 0.8 */
  double behind;           /**< chance below which a goal is behind, 0 to on_course; default 0.2 */
  int32_t as_of;           /**< start of the first day not observed; required unless all rows are counts, whose latest
                                as_of is then taken; FM_NO_DATE (default): not given */
  int32_t reserved0;       /**< 0 */
} fm_target_track_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_TARGET_TRACK_SPEC_INIT { .struct_size = sizeof(fm_target_track_spec), .level = 0.95, .prior_shape = 0.5, \
                                    .on_course = 0.8, .behind = 0.2, .as_of = INT32_MIN }
#endif
/** Does what the INIT macro does. */
FM_API void fm_target_track_spec_init(fm_target_track_spec *spec, size_t size);

/** **Creates** an empty tally. Key column goal_id; quantities: goal, done, remaining, elapsed_days, total_days,
 *  share_of_goal, share_of_time, plan, ahead_of_plan, run_rate (exact Poisson interval), required_rate,
 *  required_over_run, projection (at the run rate; interval and std_error of the prediction), expected_total and
 *  median_total (of the prediction), probability, finish_days (days after the start when the goal is met at the run
 *  rate; interval of the prediction), finish_date, private, private_share (Wilson), employers, verdict
 *  (1 met, 2 on course, 3 uncertain, 4 behind). */
FM_API FM_NODISCARD fm_status fm_target_track_tally(fm_tally **out, const fm_target_track_spec *spec, fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_target_track(fm_table **out, const fm_table *frame, const fm_target_track_spec *spec,
                                              const fm_run *run, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
