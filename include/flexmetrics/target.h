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

/** By what clock a goal's time passes when earlier years are told. */
enum {
  FM_TARGET_DAYS = 0,         /**< every day counts the same */
  FM_TARGET_SEASON_KNOWN = 1, /**< by the months' shares of earlier years, taken as known */
  FM_TARGET_SEASON = 2        /**< the same, with the uncertainty of the shares (default) */
};

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
  int32_t net;             /**< 1: quantities net of what has ended; default 0 */
  double prior_years;      /**< where earlier years are told they are the prior, worth so many years; 0 (default): the
                                prior is prior_shape and prior_days */
  double private_share;    /**< share of private employers asked for among what remains, 0 to 1; -1 (default): none */
  const char *scenarios;   /**< changes of pace, "task_force@2026-08-01*1.5,other@2026-08-01+10": from that day the pace
                                by a factor, or further starts a month; NULL: none */
  int32_t season;          /**< FM_TARGET_DAYS, FM_TARGET_SEASON_KNOWN or FM_TARGET_SEASON (default) */
  int32_t dispersion;      /**< 1 (default): where earlier years vary more than chance does, intervals are wider */
  int32_t months;          /**< 1: rows of months; default 0 */
  int32_t late_months;     /**< this many of the latest months are preliminary, 0 to 12; default 1 */
} fm_target_track_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_TARGET_TRACK_SPEC_INIT { .struct_size = sizeof(fm_target_track_spec), .level = 0.95, .prior_shape = 0.5, \
                                    .on_course = 0.8, .behind = 0.2, .as_of = INT32_MIN, .private_share = -1, \
                                    .season = FM_TARGET_SEASON, .dispersion = 1, .late_months = 1 }
#endif
/** Does what the INIT macro does. */
FM_API void fm_target_track_spec_init(fm_target_track_spec *spec, size_t size);

/**
 * **Creates** an empty tally. Columns of the frame: goal_id, goal, start, deadline, as_of, done, private, employers as
 * in fm_register_frame; people, ended, day and changed_on may be missing. A row whose day is before the start tells an
 * earlier year, of which the first row tells the first month.
 *
 * Key columns goal_id, scenario (null: the pace as it is) and month (its first day; null: the whole goal). Quantities:
 * goal, goal_first, changed_on (of a goal that was changed), done, remaining, elapsed_days, total_days, share_of_goal,
 * share_of_time, share_of_season, pace_index, plan, ahead_of_plan, days_ahead, run_rate (exact Poisson interval),
 * required_rate, required_over_run, projection (at the run rate; interval and std_error of the prediction),
 * expected_total and median_total (of the prediction), probability, finish_days (days after the start when the goal is
 * met at the run rate; interval of the prediction), finish_date, verdict (1 met, 2 on course, 3 uncertain, 4 behind),
 * known_pace_total and known_pace_probability (as if the pace were known), exact_total (conditional interval),
 * prior_shape, prior_days, earlier_years, earlier_starts, earlier_dispersion (not_given: Poisson is assumed),
 * dispersion_now, normal_total, normal_probability, private, private_share (Wilson), employers. With net: ended,
 * done_net, remaining_net, share_of_goal_net. With private_share: private_total, private_rest, private_probability.
 * With months: month_done, month_plan, month_last_year, month_change, month_share. docs/methods/target.md has the
 * formulas.
 */
FM_API FM_NODISCARD fm_status fm_target_track_tally(fm_tally **out, const fm_target_track_spec *spec, fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_target_track(fm_table **out, const fm_table *frame, const fm_target_track_spec *spec,
                                              const fm_run *run, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
