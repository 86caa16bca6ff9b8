/**
 * @file disclose_rules.h
 * The rules that say which single figures must be hidden, before anything is done about what follows from others. Each
 * is a pure function of the figure: 1 is yes, 0 is no. `threshold` is the smallest number of people that may be shown
 * (5 as a rule); zero may be.
 */
#ifndef FLEXMETRICS_DISCLOSE_RULES_H
#define FLEXMETRICS_DISCLOSE_RULES_H

#include "flexmetrics/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Is a count of people 0 or at least the threshold? A negative count is not shown. */
FM_API int32_t fm_disclose_count_is_shown(int64_t count, int64_t threshold);

/** May a share, part of whole, be shown: part and rest are each 0 or at least the threshold, and a part of 0 or of all
 * is only shown in a group of at least `least_whole` people, of whom it tells the same of each. */
FM_API int32_t fm_disclose_share_is_shown(int64_t part, int64_t whole, int64_t threshold, int64_t least_whole);

/** May the quantile p (between 0 and 1) of n people be shown: at least `threshold` of them on each side? */
FM_API int32_t fm_disclose_quantile_is_shown(int64_t n, double p, int64_t threshold);

/** Two figures of which one counts part of the other's people: are both shown without telling a small difference? */
FM_API int32_t fm_disclose_pair_is_shown(int64_t a, int64_t b, int64_t threshold);

/** When a sum, such as wages by employer, tells the amount of one contributor. */
typedef struct fm_disclose_sum_spec {
  size_t struct_size;         /**< set by FM_DISCLOSE_SUM_SPEC_INIT or the init function */
  int64_t least_contributors; /**< fewer are not shown; default 5 */
  int64_t n;                  /**< the n largest together ... (default 2) */
  double k_share; /**< ... may hold at most this share of the sum (n, k rule); default 0.85, 1 turns it off */
  double p_share; /**< what the second largest does not know, the sum less the two largest, must be at least this
                       share of the largest (p percent rule); default 0.10, 0 turns it off */
} fm_disclose_sum_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_DISCLOSE_SUM_SPEC_INIT                                                                                      \
  {                                                                                                                    \
    .struct_size = sizeof(fm_disclose_sum_spec), .least_contributors = 5, .n = 2, .k_share = 0.85, .p_share = 0.10     \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_disclose_sum_spec_init(fm_disclose_sum_spec *spec, size_t size);

/** What the rules say of a sum. */
typedef struct fm_disclose_sum_answer {
  size_t struct_size;   /**< set by the caller to sizeof(fm_disclose_sum_answer) */
  double total;         /**< the sum, correctly rounded */
  double largest_share; /**< share of the n largest; NaN when the sum is 0 */
  double remainder;     /**< the sum less the two largest */
  int32_t few;          /**< 1: fewer contributors above 0 than least_contributors, but at least one */
  int32_t dominated;    /**< 1: the n, k rule is broken */
  int32_t within_p;     /**< 1: the p percent rule is broken */
  int32_t is_shown;     /**< 1: none of the three */
} fm_disclose_sum_answer;

/** Fills `out` for the contributions, in any order. Errors: FM_ERR_ARGUMENT a contribution that is negative or not
 * finite, an option outside its range; FM_ERR_MEMORY. */
FM_API FM_NODISCARD fm_status fm_disclose_sum(fm_disclose_sum_answer *out, const double *contribution, size_t n,
                                              const fm_disclose_sum_spec *spec, fm_error *err);

/**
 * Where a curve by months may be read. Month t has n_risk[t] people at its start, n_event[t] and n_censored[t] leave in
 * it. `shown` (n_months) gets 1 for the months at whose end a value is shown: those that end a step of months pooled
 * until the events and the censored in it are each none or at least the threshold, with at least the threshold at risk
 * afterwards. Once that is no longer so the curve is cut: what remains is 0. Values at shown months go in whole per
 * cent with their step's numbers, since all digits of a product over months could tell its factors. Errors:
 * FM_ERR_ARGUMENT threshold < 1, a negative number, or more leave than are at risk.
 */
FM_API FM_NODISCARD fm_status fm_disclose_curve(uint8_t *shown, const int64_t *n_risk, const int64_t *n_event,
                                                const int64_t *n_censored, size_t n_months, int64_t threshold,
                                                fm_error *err);

/**
 * Checks that a table adds up, before anything is hidden in it. Sums that are NULL (total: negative) are not looked at.
 * Errors: FM_ERR_VALUE a negative count, or the first sum that its cells do not add up to: the error says which row or
 * column, what was given and what was expected. FM_ERR_LIMIT sums above 9e18.
 */
FM_API FM_NODISCARD fm_status fm_disclose_additive(const int64_t *counts, size_t n_rows, size_t n_columns,
                                                   const int64_t *row_sums, const int64_t *column_sums, int64_t total,
                                                   fm_error *err);

/**
 * A bound to show instead of a hidden count of a known whole, such as "at least 40 of 45": the largest multiple of
 * `step` that is not above the count and leaves the rest every value from 0 to the threshold. -1 when there is none
 * above 0. It is one more published figure: give it to the audit (fm_disclose_linked_audit's at_least) before it is
 * shown.
 */
FM_API int64_t fm_disclose_at_least(int64_t count, int64_t whole, int64_t threshold, int64_t step);
/** The same from above, "at most 5 of 45": the smallest multiple of `step` that is not below the count nor below the
 *  threshold; -1 when it is not below the whole. */
FM_API int64_t fm_disclose_at_most(int64_t count, int64_t whole, int64_t threshold, int64_t step);

#ifdef __cplusplus
}
#endif
#endif
