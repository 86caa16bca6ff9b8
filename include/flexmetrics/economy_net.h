/**
 * @file economy_net.h
 * What a job is worth to whom: the net result by payer, and the budget result of a programme.
 */
#ifndef FLEXMETRICS_ECONOMY_NET_H
#define FLEXMETRICS_ECONOMY_NET_H

#include "flexmetrics/code.h"
#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Factors of the years 0 to n - 1 (year 0 is 1): each year's rate by the rows of `schedule` in the list
 *  "discount_rate" on `date`, chained. FM_ERR_NOT_FOUND no row for a year on that date. */
FM_API FM_NODISCARD fm_status fm_economy_discount(double *factors, size_t n, const char *schedule, int32_t date,
                                                  const fm_codes *rates, fm_error *err);

/** A programme's budget: what each participant costs, and what a success is worth to each payer, by year. */
typedef struct fm_economy_budget_spec {
  size_t struct_size;         /**< sizeof(fm_economy_budget_spec) */
  const double *cost;         /**< of each participant, by year, year 0 first */
  const double *consequences; /**< n_payers rows of n_years: of each further success; above 0 is saved */
  const double *factors;      /**< discount factors by year; NULL: 1 */
  size_t n_years;             /**< years of all three, at least 1 */
  size_t n_payers;            /**< payers, at least 1 */
  double participants;        /**< above 0 */
  double success;             /**< share with success in the programme, 0 to 1 */
  double without;             /**< share that would have had it anyway, 0 to 1: deadweight */
  double std_error;           /**< of success - without, from an effect estimate; 0: none */
  double level;               /**< of intervals */
} fm_economy_budget_spec;

/** What follows; NaN: no such figure. */
typedef struct fm_economy_budget {
  size_t struct_size;         /**< set by the caller to sizeof(fm_economy_budget) */
  double with_effect;         /**< participants x (success - without) */
  double cost;                /**< present value */
  double consequence;         /**< present value, all payers */
  double net;                 /**< consequence - cost; above 0 is saved */
  double net_limits[2];       /**< from the error of the effect; NaN without one */
  double net_per_participant; /**< net / participants */
  double cost_per_success;    /**< cost / with_effect; NaN when that is not above 0 */
  double break_even;          /**< success - without at which net is 0; NaN when a success is worth nothing */
} fm_economy_budget;

/** Fills `out`; and, where they are not NULL, `by_payer` (present value of the consequences, n_payers) and `cumulated`
 *  (net up to and including each year, n_years). FM_ERR_ARGUMENT a number outside its range. */
FM_API FM_NODISCARD fm_status fm_economy_budget_of(fm_economy_budget *out, double *by_payer, double *cumulated,
                                                   const fm_economy_budget_spec *spec, fm_error *err);

/** Costs of what was reached; NaN: nothing was reached. */
typedef struct fm_economy_unit_cost {
  size_t struct_size;           /**< set by the caller to sizeof(fm_economy_unit_cost) */
  double per_served;            /**< expenditure / served */
  double per_exit;              /**< / exited */
  double per_job;               /**< / in work at the first milestone */
  double per_sustained_job;     /**< / in work at the later one */
  double per_additional_job;    /**< / (in work - counterfactual x exited) */
} fm_economy_unit_cost;

/** FM_ERR_ARGUMENT a negative number, more exits than people served, more jobs than exits, a share outside 0 to 1. */
FM_API FM_NODISCARD fm_status fm_economy_unit_cost_of(fm_economy_unit_cost *out, double expenditure, int64_t served,
                                                      int64_t exited, int64_t in_work, int64_t sustained,
                                                      double counterfactual, fm_error *err);

/**
 * economy.net_result: jobs, as rows of a frame, by who gains.
 *
 * Columns: person_id; start and end (dates; both days count; no end: the day before as_of); a month's before (benefit
 * without the job), after (benefit beside it) and wage; if they are there: tax (more tax with the job), state_before
 * and state_after (state's share of each benefit, 0 to 1; missing: `state_share`), fund_before and fund_after (the
 * insurance fund's share; missing: 0), cost (of the placement, once, in the year of the start).
 *
 * Keys: the columns of `by`, `payer` (municipality, state, fund, person, tax: taxes in all, which municipality and
 * state share; null: all), `case` (gross, net). Quantities: result (sum over months), present_value, cumulated (present
 * value so far) by calendar year (period_start, period_end), and in all result, present_value and per_placement.
 * Of case gross and all payers also what they are made of, by year and in all: benefit_before (benefit without the
 * job, in the job's months), benefit_after and wage.
 * Gross: as if nobody would have had a job without it. Net: gross x effect, the cost in full; "not_given" without
 * deadweight and without effect.
 */
typedef struct fm_economy_net_result_spec {
  size_t struct_size;    /**< set by the INIT macro or the init function */
  const char *by;        /**< group columns, separated by commas; NULL: all as one */
  const char *cost_payer; /**< who pays `cost`: "municipality" (default), "state" or "fund" */
  const char *schedule;  /**< rows of the list "discount_rate"; NULL: no discounting; default "finance_ministry" */
  const fm_codes *rates; /**< that list; NULL: built-in */
  double state_share;    /**< of benefits whose row does not tell it, 0 to 1; NaN (default): every row must */
  double deadweight;     /**< share that would have had the job anyway, 0 to 1; NaN (default): not given */
  double effect;         /**< in its place: share of the jobs that is the programme's own, -1 to 1; NaN: not given */
  double effect_error;   /**< its standard error, 0 to 1; default 0 */
  double level;          /**< of the interval from it; default 0.95 */
  int32_t as_of;         /**< start of the first day not observed; FM_NO_DATE (default): every row has an end */
  int32_t base_year;     /**< year 0 of the discounting, earlier ones too; 0 (default): the first start's */
} fm_economy_net_result_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_ECONOMY_NET_RESULT_SPEC_INIT                                                                                \
  {                                                                                                                    \
    .struct_size = sizeof(fm_economy_net_result_spec), .cost_payer = "municipality", .schedule = "finance_ministry",   \
    .state_share = FM_NAN, .deadweight = FM_NAN, .effect = FM_NAN, .level = 0.95, .as_of = INT32_MIN                   \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_economy_net_result_spec_init(fm_economy_net_result_spec *spec, size_t size);
/** **Creates** an empty tally; it keeps every row. FM_ERR_ARGUMENT both deadweight and effect, a number outside its
 *  range. Adding: FM_ERR_VALUE with row and column. The result: FM_ERR_NOT_FOUND no rate for a year. */
FM_API FM_NODISCARD fm_status fm_economy_net_result_tally(fm_tally **out, const fm_economy_net_result_spec *spec,
                                                          fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_economy_net_result(fm_table **out, const fm_table *frame,
                                                    const fm_economy_net_result_spec *spec, const fm_run *run,
                                                    fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
