/* What the measures share: further kinds of terms, quantiles with their influence, densities. Scaled units. */
#ifndef FM_INCOME_INFLUENCE_PRIV_H
#define FM_INCOME_INFLUENCE_PRIV_H

#include "income/measure/measure_priv.h"

enum {
  FM__TERM_GAP = FM__TERM_FIRST_OF_MEASURES, /* a (x - at) */
  FM__TERM_GAP_BELOW,                        /* a (x - at), for x below `at` */
  FM__TERM_AREA_BELOW,                       /* a (x C(x) - S(x)), for x below `at` */
  FM__TERM_ENTROPY,                          /* a g((x - at) / at), g = fm__entropy_term of `power` */
  FM__TERM_GAP_POWER,                        /* a ((at - x) / at)^power, for x below `at` */
  FM__TERM_LOG_BELOW,                        /* a log(at / x), for x below `at` */
  FM__TERM_ZENGA                             /* a times what an income moves in the sum of Zenga's ratios */
};
/* Adds a term; the pointer is good until the next call, for setting what is not given here. */
fm__term *fm__influence_term(fm__influence *f, int32_t kind, double a, double at);

/* A sum that keeps what rounding leaves. */
typedef struct fm__compensated {
  double sum, low;
} fm__compensated;
static inline void fm__compensated_add(fm__compensated *s, double term)
{
  double sum = s->sum + term, part = sum - s->sum;
  s->low += (s->sum - (sum - part)) + (term - part);
  s->sum = sum;
}
static inline double fm__compensated_value(const fm__compensated *s)
{
  return s->sum + s->low;
}

/* Kernel density of incomes at `at`, bandwidth by the rules; NaN when all incomes are equal. `known` may be NULL. */
double fm__dist_density(const fm__dist *d, double at, const fm_income_rules *rules, fm__bandwidth *known);

/* The quantile by the rules: NaN for FM_INCOME_QUANTILE_INTERP with weights that are not all equal. */
double fm__quantile(const fm__dist *d, double p, const fm_income_rules *rules);
/* Adds factor times the influence of quantile p of d, which is q. */
void fm__quantile_influence(fm__influence *f, const fm__income_context *c, const fm__dist *d, double p, double q,
                            double factor);

/* The line of a share of the median or mean, or for NaN of the rules. */
double fm__poverty_line_of(fm__influence *line, const fm__income_context *c, double share, const char **state);
/* Where the influence of the line belongs: `own`, or `line`. */
fm__influence *fm__line_target(fm__influence *own, fm__influence *line, const fm__income_context *c, double share);

/* ((1 + d)^power - 1 - power d) / (power (power - 1)), for powers 0 and 1 the limit; d >= -1. Never negative, with all
 * its digits for small d. The mean of it over d = (x - mean) / mean is the generalised entropy. */
double fm__entropy_term(double power, double d);

/* Adds factor times the influence of the income total of the poorest share p. */
void fm__poorest_influence(fm__influence *f, const fm__income_context *c, double p, double factor);
/* Gini coefficient over the Lorenz polygon; undefined (NaN) unless the total is above 0. */
double fm__gini(const fm__dist *d);
void fm__gini_influence(fm__influence *f, const fm__dist *d, double gini, double factor);

/* NaN with "empty" or "undefined". */
double fm__no_value(const fm__dist *d, const char **state);

/* The measures of each file, each list ended by one without a name. */
extern const fm__income_measure fm__measures_levels[], fm__measures_shares[], fm__measures_inequality[],
    fm__measures_entropy[], fm__measures_poverty[], fm__measures_tip[];

#endif
