/* The measures of distribution: value and influence of each, over one population and, for a national poverty line, a
 * second one. Values are in scaled units of the population (fm__dist); `power` says how to take them back. */
#ifndef FM_INCOME_MEASURE_PRIV_H
#define FM_INCOME_MEASURE_PRIV_H

#include "flexmetrics/income_distribution.h"
#include "income/dist/dist_priv.h"

/* ---- influence as data: a sum of simple functions of one row's income ---- */
typedef struct fm__term {
  int32_t kind;   /* FM__TERM_... of influence.c */
  int32_t closed; /* for thresholds: 1 means x <= at, 0 means x < at */
  double a, at, power;
  double nonpos; /* incomes of 0 or less: 0 as they are, NaN the row counts nothing, above 0 lifted to this */
} fm__term;
enum { FM__MAX_TERMS = 12 };
typedef struct fm__influence {
  size_t n;
  fm__term term[FM__MAX_TERMS];
} fm__influence;
enum {
  FM__TERM_ONE,                   /* a */
  FM__TERM_X,                     /* a x */
  FM__TERM_BELOW,                 /* a, for x below `at` */
  FM__TERM_X_BELOW,               /* a x, for x below `at` */
  FM__TERM_AREA,                  /* a (x C(x) - S(x)): the integral of C up to x */
  FM__TERM_FIRST_OF_MEASURES = 16 /* further kinds belong to influence.c, listed in influence_priv.h */
};
/* Adds `factor` times `more` to `sum`; terms that differ in their factor only become one. */
void fm__influence_add(fm__influence *sum, const fm__influence *more, double factor);
/* Reading: start, then next for each income of the population in rising order, none left out. */
typedef struct fm__influence_pass {
  const fm__influence *f;
  double integral[2]; /* what some terms add up on the way */
} fm__influence_pass;
void fm__influence_start(fm__influence_pass *pass, const fm__influence *f);
double fm__influence_next(fm__influence_pass *pass, const fm__atom *atom);
/* Adds factor * w * u to z[unit] for every member of the population (members of 24 bytes). */
void fm__influence_spread(double *z, const fm__influence *f, const fm__dist *d, double factor);
/* The same to z[place[i]] for member i; place NULL: to its unit. */
void fm__influence_spread_at(double *z, const uint32_t *place, const fm__influence *f, const fm__dist *d,
                             double factor);
/* The same for a population with its units beside it. */
void fm__influence_spread_units(double *z, const fm__influence *f, const fm__dist *d, const fm__dist_units *units);

/* ---- a measure as asked for ---- */
typedef struct fm__call fm__call;
/* The influence of a line of line_from in its own rows, in its scaled units: found once for many groups. */
typedef struct fm__known_line {
  double share; /* NaN: the line of the rules */
  fm__influence influence;
} fm__known_line;
/* The bandwidth of a population's density, kept for the next one who asks. */
typedef struct fm__bandwidth {
  const fm__dist *of; /* NULL: none is known yet */
  double h;
} fm__bandwidth;
/* What a measure reads. `line_from` is the population of the poverty line: itself, or the national one. */
typedef struct fm__income_context {
  const fm_income_rules *rules;
  const fm__dist *own, *line_from;
  const fm__known_line *lines; /* n_lines of them, may be none */
  size_t n_lines;
  fm__bandwidth *bandwidth; /* NULL: found anew each time */
} fm__income_context;

typedef struct fm__income_measure {
  const char *name;     /* "gini", "quantile" */
  const char *unit;     /* of the result: "money", "share", "index", "ratio" */
  const char *names;    /* of the parameters: "p", "p,q"; "" for none */
  const char *text;     /* definition in one line */
  int32_t n_parameters; /* 0 to 2 */
  bool optional;        /* the parameters may be left out: then p[0] is NaN */
  bool in_percent;      /* times 100 when the rules say per cent */
  int32_t power;        /* of the income unit in the value: 1 for a mean, 0 for an index */
  int32_t weight_power; /* of the weight unit: 1 for a total */
  bool rate;            /* between 0 and 1: limits by the logit */
  bool rate_at_zero;    /* such a rate where its parameter is 0 */
  bool uses_line;
  bool open;          /* the range is without its ends */
  double least, most; /* range of the parameters */
  /* NaN with a state (FM__EMPTY, FM__UNDEFINED) when there is no value. */
  double (*value)(const fm__call *call, const fm__income_context *c, const char **state);
  /* Influence in own's rows and, through the line, in line_from's, of the scaled value in the scaled weight; both are
   * empty before, either may stay so. NULL: no linearised error. `value` is the scaled one. */
  fm_status (*influence)(fm__influence *own, fm__influence *line, const fm__call *call, const fm__income_context *c,
                         double value, fm_error *err);
  /* The value from the bottom p[0] alone, with fractional shares, in its own units; NULL: it needs more. */
  double (*of_bottom)(const fm__call *call, const fm__bottom *b);
} fm__income_measure;

struct fm__call {
  const fm__income_measure *measure;
  double p[2];
  char parameter[40]; /* "0.5" or "0.9,0.1", as in the result; "" for none */
};
/* Creates the calls of "mean,gini,quantile(0.1),quantile(0.9)"; NULL: the default list. FM_ERR_ARGUMENT names the part
 * that is wrong; an unknown name names near ones. */
fm_status fm__calls_create(fm__call **out, size_t *n, const char *measures, fm_error *err);
const fm__income_measure *fm__income_measure_of(const char *name); /* NULL: unknown */
const fm__income_measure *fm__income_measure_at(size_t k);         /* NULL after the last */
/* Value and influence in the caller's units (scales taken back, per cent where the rules say so). The influence is per
 * unit of the population's own scaled weight: w * u needs no scale. When line_from is own, all of it is in `own`. No
 * terms at all: the measure has no linearised error; a figure that cannot vary has a term of 0. */
double fm__call_value(const fm__call *call, const fm__income_context *c, const char **state);
fm_status fm__call_influence(fm__influence *own, fm__influence *line, const fm__call *call, const fm__income_context *c,
                             fm_error *err);
double fm__call_of_bottom(const fm__call *call, const fm__bottom *b, const fm_income_rules *rules);
bool fm__call_is_rate(const fm__call *call);
const char *fm__call_unit(const fm__call *call, const fm_income_rules *rules); /* "percent" where that is asked for */
/* The poverty line in own's scaled units, with its influence in line_from's rows (NULL: not wanted); in own's rows when
 * the rules take the line from the group. */
double fm__poverty_line(fm__influence *line, const fm__income_context *c, const char **state);

/* ---- rules ---- */
/* Takes what the caller's header knew of `src` (NULL: the defaults) and checks every choice. */
fm_status fm__income_rules_take(fm_income_rules *dst, const fm_income_rules *src, fm_error *err);
/* The income of a row of arrays by the rules for missing and negative ones; NaN: left out, as rows of weight 0 are. */
fm_status fm__income_take(double *income, double x, double w, size_t row, const fm_income_rules *rules, fm_error *err);
/* Rows that every rule takes as they are: most of them. */
static inline bool fm__income_is_plain(double x, double w)
{
  return w > 0 && w <= 0x1.fffffffffffffp1023 && x >= 0 && x <= 0x1.fffffffffffffp1023;
}

#endif
