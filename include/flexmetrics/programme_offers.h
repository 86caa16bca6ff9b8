/**
 * @file programme_offers.h
 * The degree of company-directed offers: the part of the time on benefit that people spend with a company. A
 * definition of this project: that of jobindsats.dk was not found. docs/methods/programme_offers.md.
 */
#ifndef FLEXMETRICS_PROGRAMME_OFFERS_H
#define FLEXMETRICS_PROGRAMME_OFFERS_H

#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What programme.offers computes from a frame of kind "offers". */
typedef struct fm_programme_offers_spec {
  size_t struct_size;     /**< set by FM_PROGRAMME_OFFERS_SPEC_INIT or the init function */
  const char *by;         /**< group columns, separated by commas; NULL: none */
  const char *definition; /**< printed with the result, such as a frame's note; default "days_in_offers" */
  double level;           /**< coverage of intervals, 0 < level < 1; default 0.95 */
} fm_programme_offers_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_PROGRAMME_OFFERS_SPEC_INIT { .struct_size = sizeof(fm_programme_offers_spec), \
                                       .definition = "days_in_offers", .level = 0.95 }
#endif
/** Does what the INIT macro does. */
FM_API void fm_programme_offers_spec_init(fm_programme_offers_spec *spec, size_t size);

/** **Creates** an empty tally. Its result has, per group, the quantities people (with a day on benefit or in an offer),
 *  in_offers (of them, with a day in an offer), in_offers_share (Wilson interval), benefit_days, offer_days, and
 *  offer_degree (offer_days over benefit_days; linearised error with people as clusters, t limits). */
FM_API FM_NODISCARD fm_status fm_programme_offers_tally(fm_tally **out, const fm_programme_offers_spec *spec,
                                                        fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_programme_offers(fm_table **out, const fm_table *frame,
                                                  const fm_programme_offers_spec *spec, const fm_run *run,
                                                  fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
