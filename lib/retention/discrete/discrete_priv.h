/* Discrete-time hazards: rows of whole periods, their life table, and the binomial regression of exits. */
#ifndef FM_RETENTION_DISCRETE_PRIV_H
#define FM_RETENTION_DISCRETE_PRIV_H

#include "flexmetrics/retention_discrete.h"
#include "retention/cox/tally_state_priv.h"

enum { FM__DISCRETE_MOST_PERIODS = 100000, FM__DISCRETE_MOST_BANDS = 1000, FM__DISCRETE_ITERATIONS = 100 };

/* ---- bands ---- */
typedef struct fm__bands {
  int32_t *last; /* last period of each band; the first begins with 1 */
  size_t n;
} fm__bands;
/* Bands of the periods 1 .. n_periods; `list` as in the spec, NULL: each its own. */
fm_status fm__bands_create(fm__bands *b, const char *list, int32_t n_periods, fm_error *err);
void fm__bands_free(fm__bands *b);
static inline int32_t fm__bands_before(const fm__bands *b, size_t k) /* the period before a band */
{
  return k > 0 ? b->last[k - 1] : 0;
}
size_t fm__bands_of(const fm__bands *b, int32_t period);

/* ---- the state ---- */
typedef struct fm__discrete_state {
  fm__cox_state rows; /* times in periods: at risk in entry + 1 .. time; strata are the causes of exits */
  fm_retention_discrete_hazard_spec spec; /* texts point to those of `rows` and to the copies */
  char *bands, *definition;
} fm__discrete_state;

/* ---- the rows of one group: who counts as one ---- */
typedef struct fm__units {
  const fm__cox_group *g;
  double *weight; /* of each piece, what one of the people in it counts */
  double *times;  /* how many people each piece stands for */
  uint32_t *of;   /* the unit of each piece: its row, or its cluster */
  double *square; /* what the square of a unit's score counts: people in a row; 1 for a cluster */
  double *inner;  /* what a piece counts inside the score of its unit */
  size_t n;       /* units */
  int32_t n_periods;
  bool robust;
} fm__units;
fm_status fm__units_create(fm__units *u, const fm__discrete_state *s, const fm__cox_group *g, fm_error *err);
void fm__units_free(fm__units *u);

/* ---- life table, of periods 1 .. n_periods in items 0 .. ---- */
typedef struct fm__life_table {
  double *at_risk, *exits, *hazard, *hazard_error, *survival, *survival_error;
  double *by_cause; /* n_periods x n_causes; NULL: no causes */
  int64_t *n;       /* people at risk */
  size_t n_causes;
} fm__life_table;
fm_status fm__life_table_create(fm__life_table *t, const fm__discrete_state *s, const fm__units *u, const fm_run *run,
                                fm_error *err);
void fm__life_table_free(fm__life_table *t);

/* ---- links: of one linear predictor ---- */
typedef struct fm__link {
  double log_p, log_q;     /* log of the hazard, and of 1 - it */
  double slope_p, slope_q; /* their derivatives in the predictor */
  double info;             /* expected information of one person-period */
} fm__link;
fm__link fm__link_at(int32_t link, double eta);
double fm__link_of(int32_t link, double p); /* the predictor of a hazard, 0 < p < 1 */

/* ---- cells: the rows of equal covariates, by band ---- */
typedef struct fm__patterns {
  size_t n, p, n_bands; /* patterns, covariates, bands */
  double *x;            /* n x p: (given - centre) / scale */
  double *centre, *scale;
  size_t *first;               /* n + 1: cells of a pattern */
  uint32_t *low;               /* n: its first band */
  double *risk, *exits;        /* of each cell: person-periods, exits among them */
  double *total, *total_exits; /* of each band */
  int32_t *place;  /* n_bands: number among the fitted parameters; -1: no exit or nothing else in the band */
  size_t *pattern; /* of each piece */
  size_t n_fitted; /* bands */
} fm__patterns;
fm_status fm__patterns_create(fm__patterns *c, const fm__units *u, const fm__bands *bands, fm_error *err);
void fm__patterns_free(fm__patterns *c);

/* ---- the fit; parameters are the fitted bands, then the covariates ---- */
typedef struct fm__discrete_fit {
  int32_t state; /* of FM__COX_EMPTY .. */
  int32_t iterations;
  double loglik_null, loglik, likelihood_ratio, wald;
  size_t m;         /* parameters */
  double *value;    /* as reported: the first fitted band at covariates 0, other bands against it, covariates */
  double *variance; /* m x m; robust when asked for */
  uint8_t *endless; /* 1 for a parameter without a finite estimate */
} fm__discrete_fit;
fm_status fm__discrete_fit_run(fm__discrete_fit *f, const fm__patterns *c, const fm__units *u, const fm__bands *bands,
                               int32_t link, const fm_run *run, fm_error *err);
void fm__discrete_fit_free(fm__discrete_fit *f);

/* ---- result ---- */
enum { FM__DISCRETE_KEY_TERM, FM__DISCRETE_KEY_CAUSE, FM__DISCRETE_KEY_PERIOD, FM__DISCRETE_KEYS };
fm_status fm__discrete_report(fm__result *r, const void *state, const fm__cox_group *g, const fm_run *run,
                              fm_error *err);

#endif
