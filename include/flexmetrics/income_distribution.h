/**
 * @file income_distribution.h
 * Measures of one income distribution: levels, shares, inequality, poverty, with sampling errors.
 *
 * Measures are named in one text, such as "mean,gini,quantile(0.9),atkinson(0.5)"; docs/methods/income.md defines each.
 */
#ifndef FLEXMETRICS_INCOME_DISTRIBUTION_H
#define FLEXMETRICS_INCOME_DISTRIBUTION_H

#include "flexmetrics/survey.h"
#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Quantile when the cumulated share of weight hits p. */
enum {
  FM_INCOME_QUANTILE_AVG = 0,   /**< the mean of the two neighbours (default) */
  FM_INCOME_QUANTILE_LEFT = 1,  /**< the lower */
  FM_INCOME_QUANTILE_RIGHT = 2, /**< the higher */
  FM_INCOME_QUANTILE_INTERP = 3 /**< linear between order statistics (hf7); unit weights only */
};
/** Who is poor. */
enum { FM_INCOME_POOR_LT = 0 /**< income < line (default) */, FM_INCOME_POOR_LE = 1 /**< income <= line */ };
/** Where the record at the cut of a share goes. */
enum {
  FM_INCOME_SHARE_FRACTIONAL = 0, /**< it is split: the Lorenz curve (default) */
  FM_INCOME_SHARE_STEP = 1        /**< x <= q below, x > q above, q by the quantile rule */
};
/** Form of the Gini coefficient. */
enum {
  FM_INCOME_GINI_POPULATION = 0, /**< area over the Lorenz polygon (default) */
  FM_INCOME_GINI_N_MINUS_1 = 1,  /**< the same times n / (n - 1) */
  FM_INCOME_GINI_UNIT_BLOCK =
      2 /**< a weight is so many units one after another (convey); moves with the weights' scale */
};
/** Incomes of 0 or less in measures that take logarithms or powers (ge, theil, mld, j_divergence, atkinson, watts). */
enum {
  FM_INCOME_NONPOS_ERROR = 0, /**< no value, state "undefined" (default); zeros keep their limit where a term of 0 is
                                 the limit: theil, ge of alpha > 0, atkinson of epsilon < 1 */
  FM_INCOME_NONPOS_DROP = 1,  /**< left out of that measure, of its mean and its weight too */
  FM_INCOME_NONPOS_LIMIT = 2, /**< zeros at every finite limit: atkinson of epsilon >= 1 is 1, too. Where the limit is
                                 infinite (mld, watts, ge of alpha <= 0) and for negative incomes there is no value */
  FM_INCOME_NONPOS_FLOOR = 3  /**< taken as `nonpos_floor` in logarithms and powers alone: the mean stays that of the
                                 incomes as they are (the World Bank's platform takes 1) */
};
/** Negative incomes, before any measure. */
enum {
  FM_INCOME_NEGATIVE_KEEP = 0,  /**< kept where a measure is defined for them (default) */
  FM_INCOME_NEGATIVE_ERROR = 1, /**< an error that names the row */
  FM_INCOME_NEGATIVE_DROP = 2,  /**< left out, counted */
  FM_INCOME_NEGATIVE_ZERO = 3   /**< set to 0, counted */
};
/** Missing incomes. */
enum { FM_INCOME_MISSING_DROP = 0 /**< left out, counted (default) */, FM_INCOME_MISSING_ERROR = 1 /**< an error */ };
/** Bandwidth of the density that the errors of quantiles, poverty lines and rates need. */
enum {
  FM_INCOME_DENSITY_SILVERMAN = 0, /**< 0.9 min(S, IQR / 1.34) n_eff^(-1/5): free of the weights' scale (default) */
  FM_INCOME_DENSITY_OSIER = 1      /**< S W^(-1/5), as convey has it */
};
/** The poverty line. */
enum {
  FM_INCOME_LINE_NATIONAL = 0,      /**< line_share times the median of all rows (default) */
  FM_INCOME_LINE_DOMAIN = 1,        /**< line_share times the median of the group */
  FM_INCOME_LINE_ABSOLUTE = 2,      /**< `line` */
  FM_INCOME_LINE_NATIONAL_MEAN = 3, /**< line_share times the mean of all rows */
  FM_INCOME_LINE_DOMAIN_MEAN = 4    /**< line_share times the mean of the group */
};

/** The definitional choices, all in one place. A preset fills them. */
typedef struct fm_income_rules {
  size_t struct_size;   /**< set by FM_INCOME_RULES_INIT or the init function */
  double nonpos_floor;  /**< for FM_INCOME_NONPOS_FLOOR, > 0; default NaN */
  double hit_tolerance; /**< |C - p W| <= hit_tolerance W counts as a hit; default 1e-12 */
  double line_share;    /**< default 0.6 */
  double line;          /**< for FM_INCOME_LINE_ABSOLUTE; default NaN */
  int32_t quantile;     /**< FM_INCOME_QUANTILE_... */
  int32_t poor;         /**< FM_INCOME_POOR_... */
  int32_t share;        /**< FM_INCOME_SHARE_... */
  int32_t gini;         /**< FM_INCOME_GINI_... */
  int32_t nonpos;       /**< FM_INCOME_NONPOS_... */
  int32_t negative;     /**< FM_INCOME_NEGATIVE_... */
  int32_t missing;      /**< FM_INCOME_MISSING_... */
  int32_t density;      /**< FM_INCOME_DENSITY_... */
  int32_t line_kind;    /**< FM_INCOME_LINE_... */
  int32_t percent;      /**< 1: rates, shares, Gini and gaps in per cent; default 0 */
} fm_income_rules;

#ifndef __cplusplus
/** Initial value. */
#define FM_INCOME_RULES_INIT                                                                                           \
  {                                                                                                                    \
    .struct_size = sizeof(fm_income_rules), .nonpos_floor = FM_NAN, .hit_tolerance = 1e-12, .line_share = 0.6,         \
    .line = FM_NAN                                                                                                     \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_income_rules_init(fm_income_rules *rules, size_t size);
/** Fills the choices of a preset: "default", "eurostat", "sdg", "pip", "convey", "laeken" (0.4.6 and older),
 * "laeken_0_5". FM_ERR_NOT_FOUND: no such preset, the message lists them. */
FM_API FM_NODISCARD fm_status fm_income_rules_preset(fm_income_rules *rules, size_t size, const char *name,
                                                     fm_error *err);
/** **Creates** the table of all presets: a row each, a column per choice, and who uses it. */
FM_API FM_NODISCARD fm_status fm_income_presets(fm_table **out, fm_error *err);
/** **Creates** the table of all measures: name, unit, parameters, definition, whether a linearised error exists. */
FM_API FM_NODISCARD fm_status fm_income_measures(fm_table **out, fm_error *err);

/* ---- plain arrays: sorted once, asked often ---- */

/** A sorted population; opaque. */
typedef struct fm_income_sample fm_income_sample;
/**
 * **Creates** the sorted sample of n incomes; w NULL: all 1. Nothing is borrowed. Weight 0 leaves no trace; the rules
 * for missing (NaN) and negative incomes apply. Errors: FM_ERR_VALUE infinite income, weight negative or not finite
 * (row in err). Memory: 16 bytes a row, and a bucket.
 */
FM_API FM_NODISCARD fm_status fm_income_sample_create(fm_income_sample **out, const double *x, const double *w,
                                                      size_t n, const fm_income_rules *rules, const fm_run *run,
                                                      fm_error *err);
/**
 * The same with the design of the rows: `stratum`, `psu` as numbers of the caller's (NULL: none), so that errors can be
 * asked for. FM_SURVEY_TAYLOR and FM_SURVEY_BOOTSTRAP; texts of `design` must be NULL. Memory: about 50 bytes a row
 * while it is made, 24 after.
 */
FM_API FM_NODISCARD fm_status fm_income_sample_create_design(fm_income_sample **out, const double *x, const double *w,
                                                             const int32_t *stratum, const int32_t *psu,
                                                             const double *fpc, size_t n, const fm_income_rules *rules,
                                                             const fm_survey_design_spec *design, const fm_run *run,
                                                             fm_error *err);
/** Value, and with a design its standard error (NaN otherwise), of each measure of the text, in its order. `capacity`
 * is the room in the arrays, FM_ERR_ARGUMENT when too small; `std_errors` may be NULL. NaN: no value. */
FM_API FM_NODISCARD fm_status fm_income_sample_values(double *values, double *std_errors, size_t capacity,
                                                      const fm_income_sample *s, const char *measures,
                                                      const fm_run *run, fm_error *err);
/** Influence of every row on a measure: its gradient in the row's weight, for the n rows given again; 0 for rows
 * without a trace. FM_ERR_ARGUMENT: the measure has none. */
FM_API FM_NODISCARD fm_status fm_income_sample_influence(double *u, const fm_income_sample *s, const char *measure,
                                                         const double *x, const double *w, size_t n, fm_error *err);
/** Lorenz ordinates at `n` shares p, 0 to 1, rising or not. */
FM_API FM_NODISCARD fm_status fm_income_sample_lorenz(double *ordinates, const fm_income_sample *s, const double *p,
                                                      size_t n, fm_error *err);
FM_API void fm_income_sample_destroy(fm_income_sample *s);
/** Measures of groups 0 to n_groups - 1 over one sort: values[group * n_measures + measure]. Errors as for
 * fm_income_sample_create, and a group outside its range. Memory: 16 bytes a row, 16 more for a national poverty line,
 * 16 more where the rules leave rows out or change them. One or two bottom shares or means alone (bottom_share,
 * bottom_mean, lorenz, generalised_lorenz) are found without a sort: sums of products rounded once, so that their last
 * digit may be another than beside other measures; a group has the same bits whatever the other groups are. */
FM_API FM_NODISCARD fm_status fm_income_grouped_values(double *values, size_t n_measures, const double *x,
                                                       const double *w, const int32_t *group, size_t n, size_t n_groups,
                                                       const char *measures, const fm_income_rules *rules,
                                                       const fm_run *run, fm_error *err);

/* ---- frames and tallies: income.distribution ---- */

/**
 * What income.distribution computes from a frame: one row a person (or household with its weight), a column of incomes.
 * The result has the extra key column `parameter`, text such as "0.5" (missing for a measure without), and the columns
 * deff, n_eff, df and reliability ("ok", "unreliable": coefficient of variation above 0.3 or fewer than 30 rows).
 */
typedef struct fm_income_distribution_spec {
  size_t struct_size;    /**< set by FM_INCOME_DISTRIBUTION_SPEC_INIT or the init function */
  const char *income;    /**< income column; default "income" */
  const char *weight;    /**< weight column; NULL: each row counts 1 */
  const char *by;        /**< group columns, separated by commas; NULL: none. Each group is a domain of one design */
  const char *domain;    /**< bool column: rows where it is false count for the design and the national line only */
  const char *first_row; /**< bool column: rows where it is false give a person in a further group: they count there,
                              but not in the whole and not for the national line; NULL: no person is there twice */
  const char *measures;  /**< as above; NULL: mean, median, bottom_mean(0.4), bottom_share(0.4), gini, s80s20, palma,
                              at_risk_of_poverty(0.6), relative_median_gap(0.6) */
  const fm_income_rules *rules;        /**< NULL: defaults */
  const fm_survey_design_spec *design; /**< NULL: rows drawn independently */
  const char *reference; /**< a group's keys, separated by commas: each other group's difference from it is given too,
                              with the error of a difference within one design; "total": from all rows; NULL: none */
  const char *imputed;   /**< bool column: the weighted share of imputed incomes is shown; NULL */
  const char *top_coded; /**< bool column: the share is shown, and figures that depend on top incomes are bounds (state
                              "censored"); NULL */
  double level;          /**< of intervals; default 0.95 */
  int32_t bounded;       /**< 1: keep a prefix histogram instead of rows, in bounded memory: certified bounds in ci_low
                              and ci_high, no errors (docs/methods/income_bounded.md); default 0 */
  int32_t total;         /**< 1: with `by`, the whole is given too (keys missing); default 0 */
} fm_income_distribution_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_INCOME_DISTRIBUTION_SPEC_INIT                                                                               \
  {                                                                                                                    \
    .struct_size = sizeof(fm_income_distribution_spec), .income = "income", .level = 0.95                              \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_income_distribution_spec_init(fm_income_distribution_spec *spec, size_t size);
/** **Creates** an empty tally. */
FM_API FM_NODISCARD fm_status fm_income_distribution_tally(fm_tally **out, const fm_income_distribution_spec *spec,
                                                           fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_income_distribution(fm_table **out, const fm_table *frame,
                                                     const fm_income_distribution_spec *spec, const fm_run *run,
                                                     fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
