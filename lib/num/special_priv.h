/* What the special functions share: numbers in two doubles, and the elementary functions on them.
 * Only + - * / and sqrt are used, without contraction, so every machine gives the same bits. */
#ifndef FM_NUM_SPECIAL_PRIV_H
#define FM_NUM_SPECIAL_PRIV_H

#include "num/num_priv.h"

/* hi + lo with |lo| at most half a unit in the last place of hi: about 106 bits. */
typedef struct fm__dd {
  double hi, lo;
} fm__dd;

static inline fm__dd fm__dd_fast_sum(double a, double b) /* |a| >= |b| or a = 0: Dekker 1971 */
{
  double s = a + b;
  return (fm__dd){s, b - (s - a)};
}

static inline fm__dd fm__dd_sum(double a, double b) /* exact: Knuth, TAOCP 2, 4.2.2 */
{
  double s = a + b, t = s - a;
  return (fm__dd){s, (a - (s - t)) + (b - t)};
}

static inline fm__dd fm__dd_product(double a, double b) /* exact for |a|, |b| < 2^995: Dekker 1971, Veltkamp's split */
{
  double p = a * b, ca = 134217729.0 * a, cb = 134217729.0 * b;
  double ah = ca - (ca - a), al = a - ah, bh = cb - (cb - b), bl = b - bh;
  return (fm__dd){p, ((ah * bh - p) + ah * bl + al * bh) + al * bl};
}

static inline fm__dd fm__dd_add(fm__dd a, fm__dd b)
{
  fm__dd s = fm__dd_sum(a.hi, b.hi), t = fm__dd_sum(a.lo, b.lo);
  s = fm__dd_fast_sum(s.hi, s.lo + t.hi);
  return fm__dd_fast_sum(s.hi, s.lo + t.lo);
}

static inline fm__dd fm__dd_negative(fm__dd a)
{
  return (fm__dd){-a.hi, -a.lo};
}

static inline fm__dd fm__dd_times(fm__dd a, fm__dd b)
{
  fm__dd p = fm__dd_product(a.hi, b.hi);
  return fm__dd_fast_sum(p.hi, p.lo + (a.hi * b.lo + a.lo * b.hi));
}

static inline fm__dd fm__dd_divide(fm__dd a, fm__dd b)
{
  double q = a.hi / b.hi;
  fm__dd p = fm__dd_product(q, b.hi);
  return fm__dd_fast_sum(q, ((a.hi - p.hi) - p.lo + a.lo - q * b.lo) / b.hi);
}

/* Elementary functions with about 67 bits; x.hi positive and finite. */
fm__dd fm__dd_log(fm__dd x);
double fm__dd_exp(fm__dd x); /* rounded once; 0 and infinity outside the range of doubles */

/* x 2^k, rounded at most once, for |k| <= 1200 and x between 2^-100 and 2 in size when k < -1022. */
double fm__scale(double x, int32_t k);

/* ---- distributions: both tails at once, and the slope of the lower one ---- */
#define FM__INVERSE_SQRT_2PI 0x1.9884533d43651p-2
#define FM__MOST_STEPS 2e7 /* of a series or continued fraction; enough for parameters of 1e12 */
typedef struct fm__tails {
  double lower, upper;
  double slope; /* x times the density for gamma; x (1 - x) times the density for beta */
} fm__tails;
fm__tails fm__gamma_tails(double a, double x);
fm__tails fm__beta_tails(double a, double b, double x, double y);
fm__dd fm__log_ratio(fm__dd x, fm__dd y); /* log(x / y), both positive */
double fm__stirling(double x);
double fm__lgamma_1p(double x); /* log Gamma(1 + x), x >= -1/2 */

/* The quantiles where both p and q = 1 - p are known as best. */
double fm__gamma_quantile_tails(double a, double p, double q);
double fm__beta_quantile_odds(double a, double b, double p, double q); /* x / (1 - x); 0 and infinity at the ends */

#endif
