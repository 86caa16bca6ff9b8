/* Weighted log-rank scores of groups compared within strata, and their covariance. */
#ifndef FM_RETENTION_SCORES_PRIV_H
#define FM_RETENTION_SCORES_PRIV_H

#include "flexmetrics/retention_tests.h"
#include "retention/follow_priv.h"
#include "retention/moments_priv.h"

typedef struct fm__test_kind {
  int32_t weights; /* FM_LOGRANK_... */
  double rho, gamma;
} fm__test_kind;

/* The exit times of one stratum: weight of each, and what a row at risk loses up to and including it. */
typedef struct fm__trail {
  size_t n;
  int32_t *time;
  double *weight, *share; /* share: n x n_groups, of those at risk */
  double *own, *all;      /* sums of weight x hazard; of weight x hazard x share (n x n_groups) */
} fm__trail;

/* All zero bytes is none. */
typedef struct fm__scores {
  fm__test_kind kind;
  size_t n_groups, n_strata;
  int64_t rows;                        /* of all strata */
  double *observed, *expected, *score; /* n_groups */
  double *covariance;                  /* n_groups x n_groups; hypergeometric until made robust */
  bool *compared;                      /* the group met others at an exit of weight, and not all left there */
  fm__trail *trails;                   /* n_strata; NULL: not asked for */
  size_t *at;                          /* n_groups: room for the stratum that is being added, as the rest */
  double *risk, *exit;                 /* n_groups */
} fm__scores;
/* Their covariance has a number for each two of them. */
enum { FM__MOST_COMPARED = 1000 };
/* With trails the covariance is to be made robust. */
fm_status fm__scores_create(fm__scores *out, size_t n_groups, size_t n_strata, const fm__test_kind *kind, bool trails,
                            fm_error *err);
/* Adds a stratum of which `of` has the moments of each group. FM_ERR_VALUE without trails: groups that are at risk of
 * an exit weigh 1 or less together, which is no number of rows. */
fm_status fm__scores_add(fm__scores *s, const fm__moments *of, size_t stratum, fm_error *err);
void fm__scores_free(fm__scores *s);

/* The covariance from what each unit adds to the scores (Lin and Wei 1989): groups first .. first + n_groups - 1 of f,
 * whose rows are kept. Needs trails. */
fm_status fm__scores_make_robust(fm__scores *s, const fm__follow *f, uint32_t first, fm_error *err);

/* The quadratic form of the scores in the inverse of their covariance. Groups that were compared with nobody are left
 * out; df is the rank. */
fm_status fm__scores_test(fm_logrank *out, const fm__scores *s, fm_error *err);

#endif
