/**
 * @file programme_support.h
 * Reach and dose of upskilling, aftercare, mentors and the like, and who stayed in work by what they got before a
 * landmark day. Part of programme.h. Rules: docs/methods/support.md.
 */
#ifndef FLEXMETRICS_PROGRAMME_SUPPORT_H
#define FLEXMETRICS_PROGRAMME_SUPPORT_H

#include "flexmetrics/programme_initiatives.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * **Creates** a tally of a frame of kind "supports"; its spec is that of programme.initiatives. Per group, and per
 * group and kind of support: people (all of the group), reached (with any support, or that kind), reached_share
 * (Wilson), supports, supports_per_person (of those reached), days, days_mean (a support's), hours, hours_known,
 * hours_mean (of supports with known hours), cost, cost_known, cost_mean. State not_given: no support tells its hours
 * or cost.
 */
FM_API FM_NODISCARD fm_status fm_programme_support_tally(fm_tally **out, const fm_programme_initiatives_spec *spec,
                                                         fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_programme_support(fm_table **out, const fm_table *frame,
                                                   const fm_programme_initiatives_spec *spec, const fm_run *run,
                                                   fm_error *err);

/**
 * **Creates** a tally of a frame of kind "support_status". Per support, group and horizon_months, of those still in
 * work on the landmark day: retained, not_retained, retention_unknown and retained_share (Wilson) with and without that
 * support before the landmark (key received), and retained_difference, with less without (Newcombe); and the same by
 * dose (key dose_above: more than that and up to the next cut). It shows an association, not an effect.
 */
FM_API FM_NODISCARD fm_status fm_programme_support_retention_tally(fm_tally **out,
                                                                   const fm_programme_initiatives_spec *spec,
                                                                   fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_programme_support_retention(fm_table **out, const fm_table *frame,
                                                             const fm_programme_initiatives_spec *spec,
                                                             const fm_run *run, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
