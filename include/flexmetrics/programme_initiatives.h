/**
 * @file programme_initiatives.h
 * Initiatives and task forces: who could take part, who was reached, who got a job through them and kept it, with which
 * employers; decisions on applications. Part of programme.h. Rules: docs/methods/initiatives.md.
 */
#ifndef FLEXMETRICS_PROGRAMME_INITIATIVES_H
#define FLEXMETRICS_PROGRAMME_INITIATIVES_H

#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What programme.initiatives and programme.decisions compute. */
typedef struct fm_programme_initiatives_spec {
  size_t struct_size; /**< set by FM_PROGRAMME_INITIATIVES_SPEC_INIT or the init function */
  const char *by;     /**< group columns besides those the measure has, separated by commas; NULL: none */
  double level;       /**< coverage of intervals, 0 < level < 1; default 0.95 */
} fm_programme_initiatives_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_PROGRAMME_INITIATIVES_SPEC_INIT                                                                             \
  {                                                                                                                    \
    .struct_size = sizeof(fm_programme_initiatives_spec), .level = 0.95                                                \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_programme_initiatives_spec_init(fm_programme_initiatives_spec *spec, size_t size);

/**
 * **Creates** a tally of a frame of kind "initiatives". Per initiative_id and group, distinct people: eligible,
 * eligible_unknown, eligible_reached_share (of those eligible, reached); reached, referred, invited, contacted, joined,
 * left, joined_share (of those reached), joined_eligible, joined_eligible_share (of those who joined and are known to
 * have met the rule that day or not), placed (in a job through the initiative), joined_placed_share, placed_otherwise
 * (joined, and in a job that is not the initiative's), joined_placed_otherwise_share. Placements through the
 * initiative: placements (jobs), not_work (internships and the like), at_members, at_non_members, member_unknown,
 * member_share, private, public, unknown_sector, private_share; of the private ones sme, larger, size_unknown,
 * sme_share; employers (distinct), member_employers, members (firms). Per horizon_months of the first job through the
 * initiative: retained, not_retained, retention_unknown, retained_share. Shares have Wilson limits. States: not_given
 * (the data have no such column, or no rule), censored (the initiative begins on as-of or later).
 */
FM_API FM_NODISCARD fm_status fm_programme_initiatives_tally(fm_tally **out, const fm_programme_initiatives_spec *spec,
                                                             fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_programme_initiatives(fm_table **out, const fm_table *frame,
                                                       const fm_programme_initiatives_spec *spec, const fm_run *run,
                                                       fm_error *err);

/**
 * **Creates** a tally of a frame of kind "participants". Per group: applied (applications; rows with a decision or a
 * day of application), accepted, declined (by the person), rejected (by the programme), undecided; offered_share
 * (accepted and declined, of the decided), accepted_share (of the decided); not_applied (rows with neither). n counts
 * applications, people distinct persons. State not_given: the data have no decisions.
 */
FM_API FM_NODISCARD fm_status fm_programme_decisions_tally(fm_tally **out, const fm_programme_initiatives_spec *spec,
                                                           fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_programme_decisions(fm_table **out, const fm_table *frame,
                                                     const fm_programme_initiatives_spec *spec, const fm_run *run,
                                                     fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
