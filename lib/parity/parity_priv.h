/* Counts of two groups within strata, and what follows from them. */
#ifndef FM_PARITY_PRIV_H
#define FM_PARITY_PRIV_H

#include "base/base_priv.h"
#include "flexmetrics/parity.h"
#include "table/table_priv.h"
#include "tally/tally_priv.h"

/* ---- groups ---- */
/* Are the texts of `n` keys of group `id` those of `keys`, separated by commas? */
bool fm__parity_is_called(const fm__groups *groups, size_t id, size_t first, size_t n, const char *keys);
/* A key of a result: the texts of `n` keys of an id as one; missing when all are. */
void fm__parity_set_key(fm__result *r, size_t key, const fm__groups *names, uint32_t id, size_t first, size_t n);
fm_status fm__parity_check_against(int32_t against, const char *reference, fm_error *err);
const char *fm__parity_against(int32_t against);
/* How many different ids; sorts them. */
int64_t fm__parity_distinct(uint64_t *ids, uint64_t *scratch, size_t n);
/* The error that nobody is in the reference; apart: of one of several comparisons. */
fm_status fm__parity_nobody(const char *reference, bool apart, fm_error *err);

/* ---- shares ---- */
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

/* Figures of a group against the rest become those against all, of which the group is the share `weight`. */
void fm__parity_of_population(fm_parity_two *two, double weight, double n1);

/* Limits of the difference by Miettinen and Nurminen's score. */
void fm__parity_score_limits(double limits[2], double x1, double n1, double x0, double n0, double z);
/* ---- means ---- */
/* Rows of one group, those of a person together, by person where people have several. */
typedef struct fm__parity_row {
  double x, weight;
  uint64_t count; /* equal rows */
  uint32_t person;
} fm__parity_row;
typedef struct fm__parity_score {
  uint32_t person;
  double score;
} fm__parity_score;
typedef struct fm__parity_mean {
  double mean, variance, df; /* of the mean, between people; NaN: fewer than two */
  double weight;
  int64_t n, people;
  fm__parity_score *scores; /* of people, by number; NULL: each row is a person */
  size_t n_scores;
} fm__parity_mean;
/* Creates the scores. */
fm_status fm__parity_mean_of(fm__parity_mean *out, const fm__parity_row *rows, size_t n, bool clustered, fm_error *err);
void fm__parity_mean_close(fm__parity_mean *m);
typedef struct fm__parity_pair {
  double difference, error, df, limits[2], p_value; /* Welch; with people in both groups less their covariance */
  double ratio, ratio_limits[2];                    /* on the logarithm; NaN unless both means are above 0 */
} fm__parity_pair;
void fm__parity_welch(fm__parity_pair *out, const fm__parity_mean *a, const fm__parity_mean *b, double level);
/* Figures against the rest become those against all, of which the group has the share `weight`. */
void fm__parity_mean_of_population(fm__parity_pair *p, double weight);
/* Two-sided. */
double fm__parity_t_p_value(double t, double df);

/* Fisher's two-sided p. */
double fm__parity_fisher(int64_t x1, int64_t n1, int64_t x0, int64_t n0);
/* Holm's adjusted p of n values, in place; NaN stays and does not count. */
fm_status fm__parity_holm(double *p, size_t n, fm_error *err);

#endif
