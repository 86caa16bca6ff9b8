/* Counts of two groups within strata, and what follows from them. */
#ifndef FM_PARITY_PRIV_H
#define FM_PARITY_PRIV_H

#include "base/base_priv.h"
#include "flexmetrics/parity.h"

/* Both groups in one stratum; `key` is the stratum's number. */
typedef struct fm__parity_stratum {
  int64_t x1, n1, x0, n0;
  uint32_t key;
} fm__parity_stratum;

typedef struct fm__parity_pooled {
  double difference, difference_error; /* Mantel-Haenszel; NaN: no stratum has both groups */
  double ratio, log_ratio_error;
  double odds_ratio, log_odds_error;
} fm__parity_pooled;
void fm__parity_pool(fm__parity_pooled *out, const fm__parity_stratum *s, size_t n);

/* Kitagawa's parts of one stratum of the difference of crude rates. N1 and N0 are all of each group. A stratum with one
 * of the groups only has no rate to compare: NaN. */
void fm__parity_parts(double *rate, double *composition, const fm__parity_stratum *s, int64_t N1, int64_t N0);
/* Rates of the group with the reference's strata; NaN when a stratum of the reference has none of the group. */
double fm__parity_standardised(const fm__parity_stratum *s, size_t n);

/* Limits of the difference by Miettinen and Nurminen's score. */
void fm__parity_score_limits(double limits[2], double x1, double n1, double x0, double n0, double z);
/* Fisher's two-sided p. */
double fm__parity_fisher(int64_t x1, int64_t n1, int64_t x0, int64_t n0);
/* Holm's adjusted p of n values, in place; NaN stays and does not count. */
fm_status fm__parity_holm(double *p, size_t n, fm_error *err);

#endif
