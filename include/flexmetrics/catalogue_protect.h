/**
 * @file catalogue_protect.h
 * Disclosure control of the result of any indicator (docs/methods/disclosure.md).
 *
 * The catalogue says of each quantity what it is: a count, a part of a whole, a share, a quantile, a curve, derived
 * from others, about no person (data/catalogue/quantities.csv). One function reads that and hides what would tell of
 * few people. A quantity that the catalogue does not know is never shown.
 */
#ifndef FLEXMETRICS_CATALOGUE_PROTECT_H
#define FLEXMETRICS_CATALOGUE_PROTECT_H

#include "flexmetrics/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How a result is protected. */
typedef struct fm_protect_spec {
  size_t struct_size; /**< set by FM_PROTECT_SPEC_INIT or fm_protect_spec_init */
  const char *by;     /**< group columns, separated by commas; NULL: every text column that can group people */
  int32_t threshold;  /**< smallest count of people shown; default 5, at least 1; 1 hides nothing */
  int32_t full;       /**< smallest group of which 0 or 100 per cent is shown; default 20, at least 1 */
  const fm_table *earlier; /**< a result of the same indicator and groups that was published before, as it was; NULL:
                                none. **Borrowed** during the call */
} fm_protect_spec;

#ifndef __cplusplus
/** Initial value of an fm_protect_spec. */
#define FM_PROTECT_SPEC_INIT                                                                                           \
  {                                                                                                                    \
    .struct_size = sizeof(fm_protect_spec), .threshold = 5, .full = 20                                                 \
  }
#endif
/** Does what FM_PROTECT_SPEC_INIT does. */
FM_API void fm_protect_spec_init(fm_protect_spec *spec, size_t size);

/**
 * **Creates** the result with what is not safe hidden: no value, state "suppressed", and with the value its error,
 * limits, n, people, weight and every number after the state. Hidden are
 * - counts of 1 to threshold - 1 people, whatever else a row counts, and the rest of a whole that small;
 * - shares whose numerator or complement is such a count, and 0 or 100 per cent in groups smaller than `full`;
 * - means, sums and indices of fewer than threshold people; quantiles without threshold people on each side;
 * - in a breakdown, further groups until the exact audit shows that none can be worked out of the others and the total;
 * - what is derived from hidden figures, and what compares several groups when one of them is hidden.
 * - with `earlier`, each whole whose count, n, people or numerator differs from it by 1 to threshold - 1, with all that
 *   is part of it, and further groups until the differences cannot be worked out (fm_disclose_between).
 * Curves in time come on a grid of months, each step pooled to at least threshold exits, and end where fewer are at
 * risk. Rows keep their order; a curve loses rows. The notes say the threshold, how many rows are hidden and why, never
 * which is small. A table that is no result of a measure, as it lacks its columns, or another breakdown
 * in `earlier`: FM_ERR_NOT_FOUND; no figure in common: FM_ERR_VALUE.
 */
FM_API FM_NODISCARD fm_status fm_catalogue_protect(fm_table **out, const fm_table *result, const fm_protect_spec *spec,
                                                   fm_error *err);

/** What a quantity of an indicator is to disclosure control: "count", "part", "share", "mean", "none" and so on; ""
 * when the catalogue does not say. */
FM_API const char *fm_catalogue_role(const char *id, const char *quantity);

#ifdef __cplusplus
}
#endif
#endif
