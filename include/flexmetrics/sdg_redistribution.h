/**
 * @file sdg_redistribution.h
 * SDG 10.4.2: how much less unequal incomes are after taxes and transfers than before.
 */
#ifndef FLEXMETRICS_SDG_REDISTRIBUTION_H
#define FLEXMETRICS_SDG_REDISTRIBUTION_H

#include "flexmetrics/survey.h"
#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Negative incomes. */
enum {
  FM_SDG_NEGATIVE_KEEP = 0,  /**< kept: the Gini coefficient may exceed 1 (default) */
  FM_SDG_NEGATIVE_ERROR = 1, /**< an error that names row and column */
  FM_SDG_NEGATIVE_DROP = 2,  /**< the row is left out of both, counted */
  FM_SDG_NEGATIVE_ZERO = 3   /**< set to 0, counted */
};
/** What the postfiscal income is. */
enum {
  FM_SDG_POSTFISCAL_DISPOSABLE = 0, /**< after direct taxes and transfers (default) */
  FM_SDG_POSTFISCAL_CONSUMABLE = 1  /**< also after indirect taxes and subsidies */
};

/**
 * sdg.redistribution: one row a person (or household with its weight), two columns of income. Quantities
 * gini_prefiscal, gini_postfiscal and redistribution, their difference, as shares of 1: each Gini coefficient ranks by
 * its own income. `definition` is "disposable" or "consumable". Rows where either income is missing are left out and
 * counted. The error of the difference counts that both incomes are of the same people.
 */
typedef struct fm_sdg_redistribution_spec {
  size_t struct_size;     /**< set by FM_SDG_REDISTRIBUTION_SPEC_INIT or the init function */
  const char *prefiscal;  /**< income before taxes and transfers; default "prefiscal" */
  const char *postfiscal; /**< income after them; default "postfiscal" */
  const char *person;     /**< ids of people, units of the error; read when the design names no psu and no replicates;
                               default "person_id" */
  const char *weight;     /**< weight column; NULL: each row counts 1 */
  const char *by;         /**< group columns, separated by commas; NULL: none. Each is a domain of one design */
  const fm_survey_design_spec *design; /**< NULL: people drawn independently */
  double level;                        /**< of intervals; default 0.95 */
  int32_t concept;                     /**< FM_SDG_POSTFISCAL_... */
  int32_t negative;                    /**< FM_SDG_NEGATIVE_... */
} fm_sdg_redistribution_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_SDG_REDISTRIBUTION_SPEC_INIT                                                                                \
  {                                                                                                                    \
    .struct_size = sizeof(fm_sdg_redistribution_spec), .prefiscal = "prefiscal", .postfiscal = "postfiscal",           \
    .person = "person_id", .level = 0.95                                                                               \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_sdg_redistribution_spec_init(fm_sdg_redistribution_spec *spec, size_t size);
/**
 * **Creates** an empty tally. Errors: FM_ERR_ARGUMENT a field outside its range. Adding: FM_ERR_NOT_FOUND,
 * FM_ERR_TYPE a column; FM_ERR_VALUE, with row and column, an income that is not finite, a weight or a column of the
 * design against its rules.
 */
FM_API FM_NODISCARD fm_status fm_sdg_redistribution_tally(fm_tally **out, const fm_sdg_redistribution_spec *spec,
                                                          fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_sdg_redistribution(fm_table **out, const fm_table *frame,
                                                    const fm_sdg_redistribution_spec *spec, const fm_run *run,
                                                    fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
