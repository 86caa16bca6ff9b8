/**
 * @file parity.h
 * Are groups treated alike? Shares of yes in groups, compared with a group the caller names.
 */
#ifndef FLEXMETRICS_PARITY_H
#define FLEXMETRICS_PARITY_H

#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Two shares compared: x1 of n1 in the group, x0 of n0 in the reference. NaN: no such figure. */
typedef struct fm_parity_two {
  size_t struct_size;  /**< set by the caller to sizeof(fm_parity_two) */
  double share;        /**< p1 = x1 / n1 */
  double reference;    /**< p0 = x0 / n0 */
  double difference;   /**< p1 - p0 */
  double wald[2];      /**< its limits: normal */
  double newcombe[2];  /**< Wilson limits of both shares combined (Newcombe 1998, method 10) */
  double score[2];     /**< Miettinen and Nurminen (1985): the differences that their score test does not refute */
  double ratio;        /**< p1 / p0; NaN when p0 is 0 */
  double katz[2];      /**< its limits on the logarithm; NaN when x1 or x0 is 0 */
  double odds_ratio;   /**< NaN when a cell below the line is 0 */
  double woolf[2];     /**< its limits on the logarithm; NaN when a cell is 0 */
  double impact_ratio; /**< the smaller share over the larger; NaN when both are 0 */
  double shortfall;    /**< n1 (p0 - p1): people missing in the group for equal shares; below 0: more than that */
  double z;            /**< difference over its error under equal shares; NaN when all or none say yes */
  double p_value;      /**< of z, two-sided */
  double p_fisher;     /**< exact, two-sided: tables no likelier than this one (Fisher) */
  double cohen_h;      /**< 2 asin(sqrt(p1)) - 2 asin(sqrt(p0)): a difference on a scale where errors are alike */
} fm_parity_two;

/**
 * Fills `out`, as much of it as its struct_size says. Errors: FM_ERR_ARGUMENT a count below 0 or above its n, n of 0,
 * counts above 1e9, `level` not between 0 and 1.
 */
FM_API FM_NODISCARD fm_status fm_parity_compare(fm_parity_two *out, int64_t x1, int64_t n1, int64_t x0, int64_t n0,
                                                double level, fm_error *err);

/** What each group is compared with. */
enum {
  FM_PARITY_REFERENCE = 0, /**< the group that is named */
  FM_PARITY_REST = 1,      /**< all others of the comparison */
  FM_PARITY_POPULATION = 2 /**< all of the comparison, the group among them: p1 - P = (1 - n1/n) (p1 - p of the rest),
                                with the limits of that difference as much smaller */
};

/**
 * parity.rates: one row a person, a column of yes and no. Key columns: those of `by`, `group`, `stratum`, `method`.
 *
 * For each group its `share` of yes (Wilson) and `parity_index` (over the share of all); against the reference its
 * `difference` by the methods newcombe, score and wald, `ratio` (katz), `odds_ratio` (woolf), `impact_ratio`,
 * `below_least_ratio` (1 when it is below `least_ratio`, else 0), `shortfall`, `cohen_h`, `p_value`
 * (methods z and fisher) and `p_adjusted` (Fisher's, by Holm's steps over all groups of the comparison).
 * Over all groups: `range`, `least_ratio`, `variance_between`, `theil_between`, `chi_square` and its `p_value`.
 *
 * With `strata`, against the reference within strata: `adjusted_difference`, `adjusted_ratio`, `adjusted_odds_ratio`
 * (Mantel and Haenszel, with the errors of Sato, Greenland and Robins, and Robins, Breslow and Greenland), and the two
 * parts of the difference after Kitagawa (1955), `rate_component` and `composition_component`, in all and by stratum,
 * and `standardised_rate`: the group's rates with the reference's strata.
 */
typedef struct fm_parity_rates_spec {
  size_t struct_size;    /**< set by FM_PARITY_RATES_SPEC_INIT or the init function */
  const char *outcome;   /**< bool column; rows where it is missing are left out, counted; default "outcome" */
  const char *group;     /**< columns that tell groups apart, separated by commas; there is no default */
  const char *reference; /**< the group the others are compared with, its keys separated by commas: never chosen by the
                              figures; there is no default. NULL unless `against` is FM_PARITY_REFERENCE */
  const char *strata;    /**< columns within which groups are compared; NULL: none */
  const char *by;        /**< columns of separate comparisons; NULL: one */
  double level;          /**< of intervals; default 0.95 */
  double least_ratio;    /**< impact ratio below which a group is marked; default 0.8 (29 CFR 1607.4 D) */
  const char *cluster;   /**< column of people, for the number of distinct ones beside that of rows, which the tests
                              take as independent; NULL (default): each row is a person */
  int32_t against;       /**< FM_PARITY_REFERENCE (default), FM_PARITY_REST or FM_PARITY_POPULATION; strata belong to
                              the first */
  int32_t reserved0;     /**< 0 */
} fm_parity_rates_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_PARITY_RATES_SPEC_INIT                                                                                      \
  {                                                                                                                    \
    .struct_size = sizeof(fm_parity_rates_spec), .outcome = "outcome", .level = 0.95, .least_ratio = 0.8               \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_parity_rates_spec_init(fm_parity_rates_spec *spec, size_t size);
/**
 * **Creates** an empty tally; it keeps a count for each group, stratum, answer and, with `cluster`, person. Errors:
 * FM_ERR_ARGUMENT no group, no reference, one where there should be none, a level or ratio outside its range, strata
 * without a reference. Adding: FM_ERR_NOT_FOUND, FM_ERR_TYPE a column; FM_ERR_VALUE no person. The result:
 * FM_ERR_NOT_FOUND nobody is in the reference.
 */
FM_API FM_NODISCARD fm_status fm_parity_rates_tally(fm_tally **out, const fm_parity_rates_spec *spec, fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_parity_rates(fm_table **out, const fm_table *frame, const fm_parity_rates_spec *spec,
                                              const fm_run *run, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
