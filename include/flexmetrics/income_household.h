/**
 * @file income_household.h
 * From people's incomes to comparable ones: household rules, top-coding, prices and purchasing power.
 *
 * Each function gives a table with the rows and columns of the one it was given (shared, not copied) and new columns.
 * What was counted, replaced or left out stands in the notes of the table. docs/methods/income_household.md has the
 * rules.
 */
#ifndef FLEXMETRICS_INCOME_HOUSEHOLD_H
#define FLEXMETRICS_INCOME_HOUSEHOLD_H

#include "flexmetrics/income_distribution.h"
#include "flexmetrics/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a household's income is divided by. */
enum {
  FM_INCOME_SCALE_OECD_MODIFIED = 0, /**< 1, 0.5 for each further member of 14 or more, 0.3 below 14 (default) */
  FM_INCOME_SCALE_PER_HEAD = 1,      /**< the number of members */
  FM_INCOME_SCALE_SQUARE_ROOT = 2    /**< its square root */
};
/** What the income column holds. */
enum {
  FM_INCOME_TOTAL_SUM = 0,  /**< incomes of persons, summed by household (default) */
  FM_INCOME_TOTAL_GIVEN = 1 /**< the household's total, the same for all members */
};
/** Members without an age, for the OECD-modified scale. */
enum {
  FM_INCOME_AGE_ERROR = 0, /**< an error that names the row (default) */
  FM_INCOME_AGE_ADULT = 1  /**< counted as 14 or more, and their number in the notes */
};
/** Members without an income. */
enum {
  FM_INCOME_MEMBER_UNKNOWN = 0, /**< the household's income is unknown (default) */
  FM_INCOME_MEMBER_ERROR = 1,   /**< an error that names the row */
  FM_INCOME_MEMBER_ZERO = 2     /**< they have none */
};
/** Households with an income of exactly 0. */
enum {
  FM_INCOME_ZERO_KEEP = 0,  /**< kept (default) */
  FM_INCOME_ZERO_ERROR = 1, /**< an error that names the row */
  FM_INCOME_ZERO_DROP = 2   /**< their income is left out */
};

/** How households are made. Policies for negative and zero incomes are for totals of households. */
typedef struct fm_income_household_spec {
  size_t struct_size;    /**< set by FM_INCOME_HOUSEHOLD_SPEC_INIT or the init function */
  const char *household; /**< column of text or whole numbers; default "household_id" */
  const char *income;    /**< column of numbers; default "income" */
  const char *age;       /**< column of numbers, years; default "age". Read for the OECD-modified scale only */
  const char *weight;    /**< column of persons' weights, checked and counted; NULL: none */
  double adult_age;      /**< default 14 */
  int32_t scale;         /**< FM_INCOME_SCALE_... */
  int32_t total;         /**< FM_INCOME_TOTAL_... */
  int32_t missing_age;   /**< FM_INCOME_AGE_... */
  int32_t missing;       /**< FM_INCOME_MEMBER_... */
  int32_t negative;      /**< FM_INCOME_NEGATIVE_...; default FM_INCOME_NEGATIVE_KEEP */
  int32_t zero;          /**< FM_INCOME_ZERO_... */
} fm_income_household_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_INCOME_HOUSEHOLD_SPEC_INIT                                                                                  \
  {                                                                                                                    \
    .struct_size = sizeof(fm_income_household_spec), .household = "household_id", .income = "income", .age = "age",    \
    .adult_age = 14                                                                                                    \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_income_household_spec_init(fm_income_household_spec *spec, size_t size);
/**
 * **Creates** the table of `people` (one row a person) with the columns household_size (i32), equivalence_scale,
 * household_income and equivalised_income (f64, missing where the household's income is unknown or left out).
 * Errors: FM_ERR_NOT_FOUND, FM_ERR_TYPE a column; FM_ERR_VALUE, with the row: no household, an infinite income, an age
 * or weight that is negative or not finite, members who disagree on a total, what a policy forbids; FM_ERR_ARGUMENT a
 * field of the spec outside its range, a new column's name taken. Extra memory: 36 bytes a row beside the new
 * columns' 28.
 */
FM_API FM_NODISCARD fm_status fm_income_household(fm_table **out, const fm_table *people,
                                                  const fm_income_household_spec *spec, const fm_run *run,
                                                  fm_error *err);

/** What is done with top-coded incomes. */
enum {
  FM_INCOME_TOP_BOUND = 0, /**< nothing is replaced: what depends on them is a bound (default) */
  FM_INCOME_TOP_PARETO = 1 /**< each is replaced by its expected value in a Pareto tail */
};
/** Which incomes are top-coded, and what is done with them: one of `threshold` and `flag`. */
typedef struct fm_income_top_spec {
  size_t struct_size; /**< set by FM_INCOME_TOP_SPEC_INIT or the init function */
  const char *income; /**< column of numbers; default "income" */
  const char *weight; /**< column of weights; NULL: each row counts 1 */
  const char *flag;   /**< bool column: top-coded, the income in the row is where it was cut; NULL */
  double threshold;   /**< incomes of at least this are top-coded there; default NaN */
  double tail_from;   /**< for FM_INCOME_TOP_PARETO: where the tail begins whose alpha is fitted; default NaN */
  double alpha;       /**< for FM_INCOME_TOP_PARETO: given instead of fitted, > 1; default NaN */
  int32_t method;     /**< FM_INCOME_TOP_... */
  int32_t reserved0;  /**< 0 */
} fm_income_top_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_INCOME_TOP_SPEC_INIT                                                                                        \
  {                                                                                                                    \
    .struct_size = sizeof(fm_income_top_spec), .income = "income", .threshold = FM_NAN, .tail_from = FM_NAN,           \
    .alpha = FM_NAN                                                                                                    \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_income_top_spec_init(fm_income_top_spec *spec, size_t size);
/**
 * **Creates** the table with the columns is_top_coded (bool) and income_completed (f64: the income, or what replaces
 * it). Notes: top_coded (rows), top_coded_share, top_coded_weight_share, top_method, and for a Pareto tail top_alpha,
 * top_alpha_from, top_tail_from, top_tail_rows. Errors: FM_ERR_VALUE, with the row: an infinite income, a top-coded row
 * without an income, a weight that is negative, missing or not finite; without one: too few incomes in the tail, alpha
 * of 1 or less (the tail has no mean); FM_ERR_ARGUMENT.
 */
FM_API FM_NODISCARD fm_status fm_income_top_code(fm_table **out, const fm_table *incomes,
                                                 const fm_income_top_spec *spec, const fm_run *run, fm_error *err);

/** How incomes are brought to the same prices or the same purchasing power. */
typedef struct fm_income_deflate_spec {
  size_t struct_size;  /**< set by FM_INCOME_DEFLATE_SPEC_INIT or the init function */
  const char *incomes; /**< columns of numbers, separated by commas; default "income" */
  const char *by;      /**< columns of text or whole numbers in both tables, separated by commas; default "year" */
  const char *index;   /**< column of the factor table: price index, or units of money for one of purchasing power;
                            default "index" */
  double base;         /**< index of the prices wanted, > 0; default 1 */
} fm_income_deflate_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_INCOME_DEFLATE_SPEC_INIT                                                                                    \
  {                                                                                                                    \
    .struct_size = sizeof(fm_income_deflate_spec), .incomes = "income", .by = "year", .index = "index", .base = 1      \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_income_deflate_spec_init(fm_income_deflate_spec *spec, size_t size);
/**
 * **Creates** the table with a column NAME_real = NAME / (index / base) for each income column NAME. Errors:
 * FM_ERR_VALUE, with the row: keys without a factor (the message names them), a missing key, an infinite income; a
 * factor that is missing or not above 0, or keys that stand twice in `factors`; FM_ERR_NOT_FOUND, FM_ERR_TYPE a column;
 * FM_ERR_ARGUMENT.
 */
FM_API FM_NODISCARD fm_status fm_income_deflate(fm_table **out, const fm_table *incomes, const fm_table *factors,
                                                const fm_income_deflate_spec *spec, const fm_run *run, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
