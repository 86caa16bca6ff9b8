/**
 * @file retention_discrete.h
 * Discrete-time hazards: life tables by period and regression of the exit in each period a person is at risk. Part of
 * retention.h. Formulas and sources: docs/methods/discrete.md.
 */
#ifndef FLEXMETRICS_RETENTION_DISCRETE_H
#define FLEXMETRICS_RETENTION_DISCRETE_H

#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What ties the hazard of a period to the covariates. */
enum {
  FM_RETENTION_LOGIT = 1,   /**< log odds: coefficients are log odds ratios */
  FM_RETENTION_CLOGLOG = 2, /**< complementary log-log: log hazard ratios of the time underneath the periods */
  FM_RETENTION_PROBIT = 3   /**< quantile of the normal distribution */
};

/** What retention.discrete_hazard computes. Lists are separated by commas. The frame has time_<clock> (i32), event
 *  (bool), and may have entry_<clock> (i32). Period j runs over the times ((j - 1) length, j length], the first from 0
 *  on; a row is at risk in each period of which any part was seen, and exits in the period of its time. */
typedef struct fm_retention_discrete_hazard_spec {
  size_t struct_size;     /**< set by the INIT macro or the init function */
  const char *covariates; /**< "age" a number or bool, "group:other" a text column against the text named; NULL: no
                             regression */
  const char *dated;      /**< things that begin on a date, as of retention.cox: they count in the periods that begin
                             when they have begun or later */
  const char *ever;       /**< the same things taken as fixed: refused unless named in `accepted` too */
  const char *accepted;   /**< names for which immortal time is accepted */
  const char *by;         /**< group columns, a table and a model for each group; NULL: one */
  const char *weight;     /**< weight column; NULL: each row 1; rows of weight 0 leave no trace */
  const char *cluster;    /**< columns that name units which are not independent inside; NULL: each row is one */
  const char *cause;     /**< a column with the cause of an exit: hazards by cause; NULL: none */
  const char *clock;      /**< "days", "weeks" or "months"; default "days" */
  const char *definition; /**< name of the rule, printed with the result; default "any_employer" */
  const char *bands;      /**< last periods of bands with one baseline each: "1,2,3,6,12", and a last one without an
                             end; NULL: each period has its own */
  double level;           /**< coverage, 0 < level < 1; default 0.95 */
  int32_t length;         /**< of a period, in units of the clock; 0 (default): 30 days, 1 week, 1 month */
  int32_t link;           /**< FM_RETENTION_LOGIT (default), _CLOGLOG, _PROBIT */
  int32_t weights;        /**< 1 (default): sampling weights, robust variance; 2: frequencies, whole numbers */
  int32_t robust;         /**< 0 (default): with clusters or sampling weights; 1: yes; 2: no */
} fm_retention_discrete_hazard_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_RETENTION_DISCRETE_HAZARD_SPEC_INIT                                                                         \
  {                                                                                                                    \
    .struct_size = sizeof(fm_retention_discrete_hazard_spec), .clock = "days", .definition = "any_employer",           \
    .level = 0.95, .link = FM_RETENTION_LOGIT, .weights = 1                                                            \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_retention_discrete_hazard_spec_init(fm_retention_discrete_hazard_spec *spec, size_t size);

/** **Creates** an empty tally. Its result has the key columns term, cause and period, null where they say nothing, and
 *  the columns statistic's df and p_value. Per period: at_risk, exits, hazard, survival; with `cause` cause_hazard of
 *  each. With covariates per term: coefficient, and odds_ratio (logit) or hazard_ratio (cloglog); term "baseline" is
 *  the first band, "period=9-10" another against it. Of the model: likelihood_ratio and wald of the covariates,
 *  log_likelihood_null (bands alone), log_likelihood, person_periods. Always: events, rows_missing. States: separated
 *  (no finite coefficient) and not_converged, never with a number; not_at_risk where nobody was; empty without exits.
 *  FM_ERR_VALUE: a constant or collinear column, by its name; a value in the data, by row and column. FM_ERR_LIMIT:
 *  more than 100,000 periods, or 1,000 bands. */
FM_API FM_NODISCARD fm_status fm_retention_discrete_hazard_tally(fm_tally **out,
                                                                 const fm_retention_discrete_hazard_spec *spec,
                                                                 fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_retention_discrete_hazard(fm_table **out, const fm_table *frame,
                                                           const fm_retention_discrete_hazard_spec *spec,
                                                           const fm_run *run, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
