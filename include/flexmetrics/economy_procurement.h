/**
 * @file economy_procurement.h
 * Social clauses: the work that contracts promise, begin and deliver, and what a firm may host.
 */
#ifndef FLEXMETRICS_ECONOMY_PROCUREMENT_H
#define FLEXMETRICS_ECONOMY_PROCUREMENT_H

#include "flexmetrics/code.h"
#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Subsidised jobs and internships that a workplace with `employees` ordinary employees may host: 1 for each 5 up to
 *  50, at least 1; above 50 one more for each 10. FM_ERR_ARGUMENT a negative number. */
FM_API FM_NODISCARD fm_status fm_economy_host_capacity(int64_t *out, int64_t employees, fm_error *err);

/**
 * economy.contracts: contracts with a clause.
 *
 * Columns: value, start, end (dates; both days count); if they are there: wage_share (of the value, 0 to 1), agreed,
 * started, delivered (hours). Keys: the columns of `by`, such as contract_id or clause. Quantities: contracts,
 * contract_value, wage_sum; trigger_met and trigger_unknown (contracts); fte_years (value x wage_share / fte_cost),
 * expected_fte_years (quota x fte_years of the contracts that meet the trigger), expected_person_years (at `hours` a
 * week), expected_places (at a time); agreed, started, delivered (FTE-years), started_share and delivered_share (of the
 * agreed); potential_places.
 * What the data, or a rule without a quota, do not give is "not_given"; so is what is expected where no contract is
 * known to meet the trigger and one may.
 */
typedef struct fm_economy_contracts_spec {
  size_t struct_size;      /**< set by the INIT macro or the init function */
  const char *by;          /**< group columns, separated by commas; NULL: all as one */
  const char *rule;        /**< row of the list "procurement_clause" by which contracts trigger a clause; default
                                "common" */
  const fm_codes *clauses; /**< that list; NULL: built-in */
  double quota;            /**< FTE-years for the target groups per FTE-year on the contract, 0 to 1; NaN (default):
                                that of the rule, if it has one */
  double fte_cost;         /**< yearly cost of an FTE, above 0; default 500,000, an assumption */
  double full_time_year;   /**< hours of an FTE-year; default 1,924 */
  double full_time_hours;  /**< hours a week of an FTE; default 37 */
  double hours;            /**< hours a week of an expected place; default 37 */
  double purchasing;       /**< what is bought in a year in all; NaN (default): not known, no potential */
  double wage_share;       /**< of purchasing, and of contracts that do not tell theirs, 0 to 1; NaN (default): none */
  double clause_share;     /**< part of all purchasing that would carry the clause, 0 to 1; default 1 */
} fm_economy_contracts_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_ECONOMY_CONTRACTS_SPEC_INIT                                                                                 \
  {                                                                                                                    \
    .struct_size = sizeof(fm_economy_contracts_spec), .rule = "common", .quota = FM_NAN, .fte_cost = 500000,           \
    .full_time_year = 1924, .full_time_hours = 37, .hours = 37, .purchasing = FM_NAN, .wage_share = FM_NAN,            \
    .clause_share = 1                                                                                                  \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_economy_contracts_spec_init(fm_economy_contracts_spec *spec, size_t size);

/** One contract. */
typedef struct fm_economy_contract {
  size_t struct_size;   /**< set by the caller to sizeof(fm_economy_contract) */
  double months;        /**< calendar months, parts of a month by its days */
  double wage_sum;      /**< NaN: the share is not known, and so on below */
  double fte_years;     /**< on the contract */
  double expected;      /**< FTE-years for the target groups; NaN without a quota */
  double person_years;  /**< the same at the hours of a place */
  double places;        /**< people at a time */
  int32_t trigger;      /**< 1 the clause is triggered, 0 it is not, -1 that cannot be told */
  int32_t reserved0;    /**< 0 */
} fm_economy_contract;

/** Fills `out` for one contract, whether or not it meets the trigger; `wage_share` NaN: that of the spec. `by` is not
 *  read. FM_ERR_ARGUMENT a value outside its range, end before start; FM_ERR_NOT_FOUND no such rule on the start. */
FM_API FM_NODISCARD fm_status fm_economy_contract_of(fm_economy_contract *out, double value, double wage_share,
                                                     int32_t start, int32_t end, const fm_economy_contracts_spec *spec,
                                                     fm_error *err);

/** **Creates** an empty tally; it keeps every row. Adding: FM_ERR_VALUE with row and column a wage share above 1, a
 *  negative value or number of hours, end before start. */
FM_API FM_NODISCARD fm_status fm_economy_contracts_tally(fm_tally **out, const fm_economy_contracts_spec *spec,
                                                         fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_economy_contracts(fm_table **out, const fm_table *frame,
                                                   const fm_economy_contracts_spec *spec, const fm_run *run,
                                                   fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
