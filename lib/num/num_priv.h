/* The kernels and special functions that all subjects share. Each kernel's scalar form is its definition. */
#ifndef FM_NUM_PRIV_H
#define FM_NUM_PRIV_H

#include "base/base_priv.h"

/* ---- exact sums: the correctly rounded sum of the terms, the same bits for any order or split ----
 * Plain memory without inner pointers; all zero bytes is an empty sum. Infinities and NaN are counted apart and win. */
typedef struct fm__sum {
  int64_t cell[68];                /* 32 bits of value each, covering every double and product of carries */
  uint64_t n_nan, n_plus, n_minus; /* special terms */
  uint64_t pending;                /* additions since the last carry */
} fm__sum;
void fm__sum_add(fm__sum *s, double x);
void fm__sum_add_n(fm__sum *s, const double *x, size_t n);                         /* fast path inside */
void fm__sum_add_products(fm__sum *s, const double *x, const double *w, size_t n); /* each product rounded once */
void fm__sum_merge(fm__sum *s, const fm__sum *other);
double fm__sum_value(const fm__sum *s);
void fm__sum_save(const fm__sum *s, fm__bytes *b); /* canonical: equal values, equal bytes */
bool fm__sum_load(fm__sum *s, fm__reader *r);      /* false: damaged */

/* ---- order ---- */
uint64_t fm__order_key(double x); /* unsigned integers that sort as the doubles do; -0 becomes +0 */
double fm__order_value(uint64_t key);
typedef struct fm__pair {
  uint64_t key;
  double value;
} fm__pair;
/* Sorts by key; among equal keys the order of arrival is kept. `scratch` has room for n. */
void fm__sort_pairs(fm__pair *pairs, fm__pair *scratch, size_t n);
void fm__sort_u64(uint64_t *keys, uint64_t *scratch, size_t n);
typedef struct fm__item {
  uint64_t key;
  uint64_t value; /* a row number, or packed data */
} fm__item;
void fm__sort_items(fm__item *items, fm__item *scratch, size_t n); /* stable, by key */

/* ---- bottom p of a weighted distribution: bracket selection, exact sums, one pass and a little more ----
 * w NULL: all 1. Zero weights leave no trace. The value group at the cut is split by weight. */
typedef struct fm__bottom {
  double weight;       /* total weight */
  double total;        /* sum of w x */
  double cut;          /* value of the group that holds the cut */
  double below_weight; /* weight strictly below the cut value */
  double below_total;  /* sum of w x strictly below the cut value */
  double cut_weight;   /* weight of the cut value's group */
  double cut_share;    /* share of that group inside the bottom, 0 to 1 */
  double bottom_total; /* sum of w x of the bottom p */
} fm__bottom;
/* FM_ERR_MEMORY only; values must be finite, weights finite and not negative. n = 0 or total weight 0: all NaN but
 * weight = 0. */
fm_status fm__bottom_share(fm__bottom *out, const double *x, const double *w, size_t n, double p, const fm_run *run,
                           fm_error *err);
/* The same for n_p shares of each of groups 0 to n_groups - 1, with the bits of the group's rows alone:
 * out[group * n_p + share]. Rows of other groups are left out. Memory: 16 bytes a row; for one or two shares of groups
 * of 1,000 rows and more as a rule 4. */
fm_status fm__bottom_groups(fm__bottom *out, const double *x, const double *w, const int32_t *group, size_t n,
                            size_t n_groups, const double *p, size_t n_p, const fm_run *run, fm_error *err);

/* ---- elementary and special functions: the library's own, the same bits on every machine ----
 * Outside its domain, or for NaN, each gives NaN; at the ends of its range the exact 0, 1 or infinity. Errors were
 * measured against 40-digit values (tests/oracle/num); "units" are units in the last place. */
double fm__log(double x); /* log to pow: below 1 unit */
double fm__log1p(double x);
double fm__exp(double x);
double fm__expm1(double x);
double fm__pow(double x, double y); /* special cases as C11 F.9.4.4 */
double fm__asin(double x);          /* 2 units */
double fm__erfc(double x);          /* 3 units, in the tail too */
double fm__lgamma(double x);        /* x > 0; infinite at 0 */
/* Regularised, 0 < a, 0 <= x; both tails keep their relative accuracy: 1e-14 for a up to 1e5, 1e-11 up to 1e12. Far
 * beyond that, where a sum would take more than 2e7 steps, NaN. The same goes for beta and all that follows from the
 * two. */
double fm__gamma_lower(double a, double x); /* P(a, x) */
double fm__gamma_upper(double a, double x); /* Q(a, x) */
/* I_x(a, b), 1e-14 for a, b from 0.1 to 1e5, NaN below 1e-30; y = 1 - x as known best: the smaller of x and y is taken
 * as exact. The upper tail is fm__beta_lower(b, a, y, x). */
double fm__beta_lower(double a, double b, double x, double y);
double fm__normal_cdf(double z);      /* 3 units, in the lower tail too */
double fm__normal_quantile(double p); /* 2 units */
/* Quantiles: 0 <= p <= 1; relative error below 3e-14 for parameters up to 1e4. Infinite df, d1, d2 are the limits. */
double fm__gamma_quantile(double a, double p); /* of the unit-scale gamma */
double fm__beta_quantile(double a, double b, double p);
double fm__f_quantile(double d1, double d2, double p);
double fm__chi2_quantile(double df, double p);
double fm__t_quantile(double df, double p);
/* Counts. k is rounded down. A quantile is the smallest whole k with cdf >= p, as in R; p may fall short by 64 * 2^-52
 * of the smaller tail, so that the quantile undoes the cdf. p = 1 is infinite. NaN where the answer would be near 1e15.
 */
double fm__poisson_cdf(double k, double mu); /* mu >= 0 */
/* Failures before `size` successes; size >= 0 and real (0: always 0 failures), 0 < prob <= 1. */
double fm__negative_binomial_cdf(double k, double size, double prob);
double fm__negative_binomial_quantile(double p, double size, double prob);
double fm__poisson_quantile(double p, double mu);

/* ---- intervals for shares and rates ----
 * 0 <= successes <= n, both real (n may be effective), 0 < level < 1; otherwise, and for n = 0, both limits are NaN.
 * With 0 successes low is exactly 0, with n successes high is exactly 1. */
void fm__wilson(double successes, double n, double level, double *low, double *high);
void fm__clopper_pearson(double successes, double n, double level, double *low, double *high);

/* ---- numbers as text, without the locale ---- */
/* Reads a whole decimal number (sign, digits, `point`, digits, exponent); correctly rounded, ties to even; beyond the
 * range of doubles infinite or 0. false: not a number, *out unchanged. No spaces, no "inf", no "nan"; digits on one
 * side are enough. */
bool fm__parse_f64(const char *text, size_t length, char point, double *out);
/* Shortest text that reads back as the same double (the nearest to it among the shortest), NUL-terminated, with '.', at
 * most 31 bytes; "NaN", "Inf", "-Inf", "-0". With exponent, as 1e-05 or 1e+16, below 1e-4 and from 1e16 on. Gives the
 * length. */
size_t fm__print_f64(char out[32], double x);
/* Fixed decimals, correctly rounded half away from zero of the exact value; for people. What rounds to zero has no
 * sign. `decimals` is taken into 0 to 9; from |x| = 1e15 on, and for NaN and infinities, the text is fm__print_f64's.
 */
size_t fm__print_fixed(char out[40], double x, int32_t decimals);

#endif
