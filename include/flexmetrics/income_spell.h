/**
 * @file income_spell.h
 * Which two surveys a growth of incomes is taken between: the rule of SDG 10.1.1.
 */
#ifndef FLEXMETRICS_INCOME_SPELL_H
#define FLEXMETRICS_INCOME_SPELL_H

#include "flexmetrics/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The last survey is the latest one from `not_before` to `not_after` that has a first one; the first is the one whose
 * distance from it is nearest to `years`, of two as near the later, within `tolerance` of `years`, and without a break
 * between them. A survey of a date b or later is not comparable with one before b when b is a break.
 */
typedef struct fm_income_spell_spec {
  size_t struct_size; /**< set by FM_INCOME_SPELL_SPEC_INIT or the init function */
  const char *breaks; /**< decimal years from which surveys differ from those before, separated by commas; NULL: none */
  double years;       /**< wanted between the two, above 0; default 5 */
  double tolerance;   /**< of these years, either way, at least 0 and below `years`; default 2: 3 to 7 years */
  double not_before;  /**< the last survey is not older; default NaN: any */
  double not_after;   /**< the last survey is not younger; default NaN: any */
} fm_income_spell_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_INCOME_SPELL_SPEC_INIT                                                                                      \
  {                                                                                                                    \
    .struct_size = sizeof(fm_income_spell_spec), .years = 5, .tolerance = 2, .not_before = FM_NAN, .not_after = FM_NAN \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_income_spell_spec_init(fm_income_spell_spec *spec, size_t size);

/**
 * The two surveys among `n` decimal years in any order, equal ones counted once. A survey over two calendar years has a
 * fraction (2015.31: 31 per cent of the interviews in the second year). `spec` NULL: the defaults. On failure both are
 * NaN. Errors: FM_ERR_NOT_FOUND no two surveys fit, the message says why; FM_ERR_VALUE a year that is not finite, with
 * its row; FM_ERR_ARGUMENT a field of the spec.
 */
FM_API FM_NODISCARD fm_status fm_income_spell(double *period_0, double *period_1, const double *periods, size_t n,
                                              const fm_income_spell_spec *spec, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
