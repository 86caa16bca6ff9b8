/**
 * @file programme_steps.h
 * Stepping stones: who goes on from one kind of placement to another, or from one sector to another, within some
 * months of the first one's start or end. Definitions: docs/methods/programme_steps.md.
 */
#ifndef FLEXMETRICS_PROGRAMME_STEPS_H
#define FLEXMETRICS_PROGRAMME_STEPS_H

#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What programme.steps computes from a frame of kind "steps". */
typedef struct fm_programme_steps_spec {
  size_t struct_size;     /**< set by FM_PROGRAMME_STEPS_SPEC_INIT or the init function */
  const char *by;         /**< group columns, separated by commas; NULL: none */
  const char *definition; /**< printed with the result, such as a frame's note; default "first_of_each_kind" */
  double level;           /**< coverage of intervals, 0 < level < 1; default 0.95 */
} fm_programme_steps_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_PROGRAMME_STEPS_SPEC_INIT { .struct_size = sizeof(fm_programme_steps_spec), \
                                       .definition = "first_of_each_kind", .level = 0.95 }
#endif
/** Does what the INIT macro does. */
FM_API void fm_programme_steps_spec_init(fm_programme_steps_spec *spec, size_t size);

/** **Creates** an empty tally. Its result has, per group, `from`, `to` and horizon_months, the quantities
 *  first_placements (people who began the first kind), not_known_yet (their months are not over), known, moved,
 *  moved_share (of the known; Wilson interval), same_employer, other_employer, employer_not_told (of those who moved).
 *  State: censored where nobody's months are over. */
FM_API FM_NODISCARD fm_status fm_programme_steps_tally(fm_tally **out, const fm_programme_steps_spec *spec,
                                                       fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_programme_steps(fm_table **out, const fm_table *frame,
                                                 const fm_programme_steps_spec *spec, const fm_run *run, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
