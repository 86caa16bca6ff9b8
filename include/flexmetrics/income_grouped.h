/**
 * @file income_grouped.h
 * Income distributions known only as a table of shares or means: fitted Lorenz curves and what follows from them.
 *
 * Two curves are fitted, the General Quadratic and the Beta, tested, and one is chosen by a fixed rule, which may be
 * another one for poverty than for inequality. docs/methods/income_grouped.md has curves, tests and rule.
 */
#ifndef FLEXMETRICS_INCOME_GROUPED_H
#define FLEXMETRICS_INCOME_GROUPED_H

#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What the two columns of a table of groups hold; the numbers are those of the World Bank's input types. */
enum {
  FM_INCOME_GROUPED_CUMULATIVE =
      1,                        /**< cumulated share of people, cumulated share of income, up to 1 and 1 (default) */
  FM_INCOME_GROUPED_SHARES = 2, /**< share of people and share of income of each group; each sums to 1 */
  FM_INCOME_GROUPED_MEANS = 5   /**< people of each group, on any scale, and their mean income */
};
/** A fitted curve. */
enum {
  FM_INCOME_CURVE_CHOSEN = 0,    /**< by the rule (default) */
  FM_INCOME_CURVE_QUADRATIC = 1, /**< General Quadratic */
  FM_INCOME_CURVE_BETA = 2       /**< Beta */
};
/** How figures come out of a curve. */
enum {
  FM_INCOME_GROUPED_EXACT = 0, /**< closed forms, quadrature and root finding to full precision (default) */
  FM_INCOME_GROUPED_PIP = 1    /**< the numerical steps of the World Bank's code, with their errors */
};

/** How a table of groups is read. */
typedef struct fm_income_lorenz_spec {
  size_t struct_size; /**< set by FM_INCOME_LORENZ_SPEC_INIT or the init function */
  double mean; /**< mean income of all; default NaN: from the groups with FM_INCOME_GROUPED_MEANS, else unknown */
  double
      tolerance;   /**< shares may miss 1 by so much, as rounded ones do; they are divided by their sum; default 1e-6 */
  int32_t input;   /**< FM_INCOME_GROUPED_...; default FM_INCOME_GROUPED_CUMULATIVE */
  int32_t percent; /**< 1: shares are given in per cent; default 0 */
  int32_t mode;    /**< FM_INCOME_GROUPED_EXACT (default) or FM_INCOME_GROUPED_PIP */
  int32_t curve;   /**< FM_INCOME_CURVE_...: a curve given by name is used whatever its tests say, where it can be */
} fm_income_lorenz_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_INCOME_LORENZ_SPEC_INIT                                                                                     \
  {                                                                                                                    \
    .struct_size = sizeof(fm_income_lorenz_spec), .mean = FM_NAN, .tolerance = 1e-6,                                   \
    .input = FM_INCOME_GROUPED_CUMULATIVE                                                                              \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_income_lorenz_spec_init(fm_income_lorenz_spec *spec, size_t size);

/** The curves fitted to one table of groups; opaque, never changes. */
typedef struct fm_income_lorenz fm_income_lorenz;

/**
 * **Creates** the curves of `n` groups in rising order of income; nothing is borrowed. A first cumulated point (0, 0)
 * is left out. A curve that cannot be fitted (all groups equal) is no error: its figures are undefined. Errors:
 * FM_ERR_VALUE, with the row: a share or mean not finite or negative, people not above 0, shares not rising, not ending
 * at (or summing to) 1, a curve above the diagonal or not convex; fewer than 4 groups; FM_ERR_ARGUMENT a field of the
 * spec outside its range.
 */
FM_API FM_NODISCARD fm_status fm_income_lorenz_create(fm_income_lorenz **out, const double *people,
                                                      const double *income, size_t n, const fm_income_lorenz_spec *spec,
                                                      fm_error *err);
/** Destroys the curves. NULL is accepted. */
FM_API void fm_income_lorenz_destroy(fm_income_lorenz *l);

/**
 * One figure. `parameter` is a share p from 0 to 1 for "lorenz", "quantile", "bottom_share", "bottom_mean", 1 to 10 for
 * "decile_share", a poverty line above 0 for "headcount", "poverty_gap", "poverty_severity", "watts", "sse_to_line",
 * "normal" and the elasticities; other figures ("mean", "median", "gini", "mld", "theil", "polarization",
 * "slope_zero_at", "valid", "sse", "fit_sse", "coefficient_a", "_b", "_c") take none. `*state` (may be NULL) gets "ok",
 * or why `*value` is NaN: "undefined" (no curve passes, or the curve has no such figure: a logarithm of a slope that is
 * not positive), "not_given" (a sum of money without a mean income). Errors: FM_ERR_NOT_FOUND no such figure,
 * FM_ERR_ARGUMENT a parameter outside its range.
 */
FM_API FM_NODISCARD fm_status fm_income_lorenz_figure(double *value, const char **state, const fm_income_lorenz *l,
                                                      const char *figure, double parameter, fm_error *err);

/**
 * The curve used: FM_INCOME_CURVE_QUADRATIC, FM_INCOME_CURVE_BETA, or FM_INCOME_CURVE_CHOSEN (0) when there is none.
 * `line` NaN: for inequality, otherwise for poverty at that line. `*why` (may be NULL) gets "given", "smaller_sse",
 * "only_valid", "only_normal", "none_valid", "none_normal", "not_fitted" (a curve asked for by name) or "no_mean" (a
 * line and no mean income). Errors: FM_ERR_ARGUMENT a line not above 0.
 */
FM_API FM_NODISCARD fm_status fm_income_lorenz_choice(int32_t *curve, const char **why, const fm_income_lorenz *l,
                                                      double line, fm_error *err);

/**
 * Growth of the mean of the bottom p, of all, and the first less the second (SDG 10.1.1) between two tables of groups;
 * `years` NaN: in all, otherwise per year. NaN where a mean is not known or not above 0. Any output may be NULL.
 * Errors: FM_ERR_ARGUMENT p outside (0, 1), years not above 0.
 */
FM_API FM_NODISCARD fm_status fm_income_lorenz_growth(double *bottom, double *mean, double *premium,
                                                      const fm_income_lorenz *first, const fm_income_lorenz *last,
                                                      double p, double years, fm_error *err);

/* ---- frames and tallies: income.grouped ---- */

/**
 * What income.grouped computes from a frame: one row a group of people, in any order. The result has the extra key
 * columns `curve`, `choice` (why that curve), `parameter` and, with `period`, `since` and `period`.
 */
typedef struct fm_income_grouped_spec {
  size_t struct_size; /**< set by FM_INCOME_GROUPED_SPEC_INIT or the init function */
  const char *people; /**< column of people, f64; default "people" */
  const char *income; /**< column of income, f64; default "income" */
  const char *mean;   /**< column of the mean income of all, f64, the same in all rows of a table; NULL: none */
  const char *by;     /**< columns that tell tables apart, separated by commas; NULL: all rows are one table */
  const char *period; /**< column of decimal years, f64 or whole: tables of several periods, and growth from the first
                         to the last; NULL: none */
  const char *lines;  /**< poverty lines, separated by commas; NULL: none */
  const fm_income_lorenz_spec *curves; /**< how a table is read; NULL: defaults. Its mean holds for all tables */
  double p_share;                      /**< the bottom share, 0 < p < 1; default 0.4 */
} fm_income_grouped_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_INCOME_GROUPED_SPEC_INIT                                                                                    \
  {                                                                                                                    \
    .struct_size = sizeof(fm_income_grouped_spec), .people = "people", .income = "income", .p_share = 0.4              \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_income_grouped_spec_init(fm_income_grouped_spec *spec, size_t size);
/**
 * **Creates** an empty tally; it keeps 48 bytes a row. Adding: FM_ERR_VALUE a missing, negative or infinite cell. A
 * table that is no Lorenz curve is an error of the result; it names the table's group and the row. FM_ERR_LIMIT, also
 * of the result: more than 1,000,000 rows in a table.
 */
FM_API FM_NODISCARD fm_status fm_income_grouped_tally(fm_tally **out, const fm_income_grouped_spec *spec,
                                                      fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_income_grouped(fm_table **out, const fm_table *frame,
                                                const fm_income_grouped_spec *spec, const fm_run *run, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
