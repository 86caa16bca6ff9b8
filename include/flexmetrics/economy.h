/**
 * @file economy.h
 * What benefits cost and whom: the state's reimbursement of municipalities, and the subsidy of fleksjob.
 *
 * All rates are rows of dated code lists (code.h) that are replaced each year: "reimbursement_step",
 * "fleksloentilskud", "benefit_rate", "discount_rate", "procurement_clause". A date that no row covers is
 * FM_ERR_NOT_FOUND with the list's file and the year; the value of another year is never taken. Where a function takes
 * a list, it is **borrowed**, and NULL is the built-in one; a list of another name is FM_ERR_ARGUMENT.
 */
#ifndef FLEXMETRICS_ECONOMY_H
#define FLEXMETRICS_ECONOMY_H

#include "flexmetrics/code.h"
#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Amount of the rate called `code` in the list "benefit_rate" on `date`, in the unit of that row (attribute "unit").
 *  FM_ERR_NOT_FOUND no such rate, no row for the date, no amount in it. */
FM_API FM_NODISCARD fm_status fm_economy_rate(double *out, const char *code, int32_t date, const fm_codes *rates,
                                              fm_error *err);

/* ---- reimbursement ---- */

/** Share of a benefit that the state pays in the `week`-th (from 1) week accumulated on benefits, for a week that
 *  begins on `date`; list "reimbursement_step", rows whose `scheme` is "ladder". FM_ERR_ARGUMENT week below 1. */
FM_API FM_NODISCARD fm_status fm_economy_state_share(double *out, int64_t week, int32_t date, const fm_codes *steps,
                                                     fm_error *err);

/** An amount and who pays it. */
typedef struct fm_economy_split {
  size_t struct_size;  /**< set by the caller to sizeof(fm_economy_split) */
  double amount;       /**< in all */
  double state;        /**< paid by the state */
  double municipality; /**< paid by the municipality */
} fm_economy_split;

/** Splits `weeks` weeks of `amount` each, from the week of `first_day` on, after `weeks_before` accumulated ones.
 *  FM_ERR_ARGUMENT a negative number, more than 10,000 weeks, no date. */
FM_API FM_NODISCARD fm_status fm_economy_reimburse(fm_economy_split *out, double amount, int64_t weeks,
                                                   int64_t weeks_before, int32_t first_day, const fm_codes *steps,
                                                   fm_error *err);

/**
 * economy.reimbursement: spells on benefits, as rows of a frame, split between state and municipality.
 *
 * Columns: person_id, start and end (dates; both days count; without an end the week of the start), amount (of each
 * week; missing: not known, then the week counts and its figures say so); if they are there: counts (bool; no: the
 * week neither counts nor is self-support), granted (date), weeks_before (weeks accumulated before the person's first
 * row; the largest of the rows with that start). A week is an ISO week with at least one day; of several rows in one
 * week the amounts add up and the week counts once.
 *
 * Keys: the columns of `by`, `step` (code of the list; "before_ladder"; null: all). Quantities: weeks, amount, state,
 * municipality, state_share; by period when asked.
 */
typedef struct fm_economy_reimbursement_spec {
  size_t struct_size;    /**< set by the INIT macro or the init function */
  const char *by;        /**< group columns, separated by commas; NULL: all as one */
  const char *scheme;    /**< rows of the list; default "ladder" */
  const char *period;    /**< "all" (default), "week", "month" or "year": that of the week's Thursday */
  const fm_codes *steps; /**< list "reimbursement_step"; NULL: built-in */
  double share_before;   /**< state's share of benefits granted before `granted_from`; NaN (default): not known */
  int32_t granted_from;  /**< a benefit granted before this day is not on the ladder and its weeks do not count;
                              default 2014-07-01; FM_NO_DATE: no such rule */
  int32_t reset_weeks;   /**< so many weeks of self-support ... default 52 (unverified); 0: never */
  int32_t window_weeks;  /**< ... within so many weeks start the counter anew; default 156 (unverified) */
  int32_t reserved0;     /**< 0 */
} fm_economy_reimbursement_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_ECONOMY_REIMBURSEMENT_SPEC_INIT                                                                             \
  {                                                                                                                    \
    .struct_size = sizeof(fm_economy_reimbursement_spec), .scheme = "ladder", .period = "all", .share_before = FM_NAN, \
    .granted_from = 16252, .reset_weeks = 52, .window_weeks = 156                                                      \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_economy_reimbursement_spec_init(fm_economy_reimbursement_spec *spec, size_t size);
/** **Creates** an empty tally; it keeps every row. Errors: FM_ERR_ARGUMENT a scheme or period there is not, a share
 *  outside 0 to 1, negative weeks. Adding: FM_ERR_VALUE no person, no start, end before start, a negative amount. The
 *  result: FM_ERR_NOT_FOUND the list has no step for a week. */
FM_API FM_NODISCARD fm_status fm_economy_reimbursement_tally(fm_tally **out, const fm_economy_reimbursement_spec *spec,
                                                             fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_economy_reimbursement(fm_table **out, const fm_table *frame,
                                                       const fm_economy_reimbursement_spec *spec, const fm_run *run,
                                                       fm_error *err);

/* ---- fleksløntilskud ---- */

/** The subsidy of one month. */
typedef struct fm_economy_flex {
  size_t struct_size; /**< set by the caller to sizeof(fm_economy_flex) */
  double deduction;   /**< below the threshold, and above it */
  double uncapped;    /**< highest subsidy less the deduction, at least 0 */
  double subsidy;     /**< at most what the wage lacks to the full-time wage */
  double income;      /**< wage and subsidy */
  double gone_at;     /**< wage from which on there is no subsidy */
} fm_economy_flex;

/** Subsidy of a monthly `wage` (pension included, all jobs together) on `date`, by the list "fleksloentilskud";
 *  `full_time_wage` of the post, NaN: not known, no cap. FM_ERR_NOT_FOUND no row for the date, or one without the
 *  highest subsidy or the threshold; FM_ERR_ARGUMENT a wage outside 0 to 1e15. */
FM_API FM_NODISCARD fm_status fm_economy_fleksloentilskud(fm_economy_flex *out, double wage, double full_time_wage,
                                                          int32_t date, const fm_codes *params, fm_error *err);

/**
 * economy.fleksloentilskud: wages by person and month, as rows of a frame.
 *
 * Columns: person_id, month (a date in it), wage; if they are there: full_time_wage, one_off (pay for several months,
 * besides the wage), one_off_months (how many; default 1), one_off_from (a date in the first of them; default the
 * month). Rows of one person and month are jobs held side by side: wages add up, the full-time wage is the largest.
 *
 * Keys: those of `by`. Quantities, by period: months, wage, deduction, subsidy, income, mean_subsidy, capped (months
 * in which the full-time wage is the limit), without_subsidy (months), one_off_unspread (pay of months that have no
 * row).
 */
typedef struct fm_economy_fleksloentilskud_spec {
  size_t struct_size;     /**< set by the INIT macro or the init function */
  const char *by;         /**< group columns, separated by commas; NULL: all as one */
  const char *period;     /**< "all" (default), "month" or "year" */
  const fm_codes *params; /**< list "fleksloentilskud"; NULL: built-in */
} fm_economy_fleksloentilskud_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_ECONOMY_FLEKSLOENTILSKUD_SPEC_INIT                                                                          \
  {                                                                                                                    \
    .struct_size = sizeof(fm_economy_fleksloentilskud_spec), .period = "all"                                           \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_economy_fleksloentilskud_spec_init(fm_economy_fleksloentilskud_spec *spec, size_t size);
/** **Creates** an empty tally; it keeps every row. Adding: FM_ERR_VALUE no person, no month, no or a negative wage. The
 *  result: those of fm_economy_fleksloentilskud. */
FM_API FM_NODISCARD fm_status fm_economy_fleksloentilskud_tally(fm_tally **out,
                                                                const fm_economy_fleksloentilskud_spec *spec,
                                                                fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_economy_fleksloentilskud_measure(fm_table **out, const fm_table *frame,
                                                                  const fm_economy_fleksloentilskud_spec *spec,
                                                                  const fm_run *run, fm_error *err);

#ifdef __cplusplus
}
#endif

#include "flexmetrics/economy_net.h"
#include "flexmetrics/economy_procurement.h"
#include "flexmetrics/economy_return.h"

#endif
