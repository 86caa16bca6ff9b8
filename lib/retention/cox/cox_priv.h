/* Proportional hazards regression: rows in canonical order, sums by event day, the partial likelihood and what follows.
 *
 * Rows are sorted once by stratum, last event day at risk, event, and then by a hash of everything that tells rows
 * apart, so that any order of the input gives the same sequence. All sums run over that sequence in steps of fixed size
 * and each is added up in one fixed way: the same bits for any order and any number of threads. */
#ifndef FM_RETENTION_COX_PRIV_H
#define FM_RETENTION_COX_PRIV_H

#include <math.h>

#include "base/base_priv.h"
#include "flexmetrics/retention_cox.h"

enum {
  FM__COX_BLOCK = 256, /* rows whose columns lie together */
  FM__COX_CHUNK = 64,  /* blocks that one task adds up */
  FM__COX_MOST_COVARIATES = 512,
  FM__COX_MOST_TIED = 1 << 24
};

/* ---- the rows as given ---- */
typedef struct fm__cox_rows {
  size_t n, p;
  const int32_t *time, *entry; /* at risk in (entry, time], and at 0 when entry <= 0; entry NULL: from the start */
  const uint8_t *event;
  const double *const *x;   /* p columns */
  const char *const *names; /* of the columns, for messages; NULL: numbers */
  const double *weight;     /* NULL: 1 */
  const uint64_t *count;    /* equal rows pooled; NULL: 1 */
  const int32_t *stratum;   /* 0 .. n_strata - 1; NULL: one stratum */
  const int32_t *cluster;   /* 0 .. n_clusters - 1; NULL: each row is one */
  size_t n_strata, n_clusters;
  bool breslow;
} fm__cox_rows;
/* Numbers ids anew, in their order, where more of them are told than there are rows: memory goes by the ids that occur.
 * Those out of range stay, and are refused with their row. **Creates** `*own` where it does. */
fm_status fm__cox_renumber(int32_t **own, const int32_t **ids, size_t *n_ids, size_t n, fm_error *err);
/* Rows of weight or count 0 leave no trace. */
static inline bool fm__cox_counts(const fm__cox_rows *rows, size_t i)
{
  return (rows->weight == NULL || rows->weight[i] > 0) && (rows->count == NULL || rows->count[i] > 0);
}

/* ---- prepared rows ----
 * A day is a time at which somebody in its stratum has the event; days count on from stratum to stratum. A row belongs
 * to the last day on which it is at risk. Cell 2d has the rows of day d without an event on it, cell 2d + 1 its events.
 * Rows that are never at risk on a day are left out. Covariates are centred and scaled by powers of 2. */
typedef struct fm__cox {
  size_t n, p, wide; /* rows; covariates; p, and 1 more if that is odd: the last column is then 0 */
  size_t n_blocks, n_days, n_strata, n_clusters;
  int64_t n_given, n_events; /* rows of weight above 0, with their counts */
  bool breslow;
  int32_t *day_time;      /* n_days */
  size_t *first;          /* days of stratum s: first[s] .. first[s + 1] - 1 */
  size_t *cell;           /* 2 n_days + 1: where each cell starts */
  double *x;              /* block after block, in each column after column */
  double *weight;         /* weight times count over 2^power; 0 beyond the last row */
  int32_t power;          /* not 0 where the largest weight is below 1 or very large */
  double *count;          /* NULL: 1 */
  uint32_t *from;         /* first day at risk of rows that enter late, 0 for others; NULL: no row enters late */
  uint32_t *cluster;      /* NULL: each row is one */
  double *centre, *scale; /* x = (given - centre) * scale */
  double *event_x;        /* wide: sum of weight x over events */
  double *day_weight, *day_events; /* of the events of a day: total weight, number */
} fm__cox;

/* FM_ERR_VALUE with row and column: a time below 0, entry >= time (time 0 with entry <= 0 is accepted), a weight that
 * is negative or not finite, a covariate that is not finite. A column that is constant is FM_ERR_VALUE by its name.
 * FM_ERR_LIMIT: more than 2^31 rows, or weights or covariates too large for their sums. */
fm_status fm__cox_prepare(fm__cox *c, const fm__cox_rows *rows, const fm_run *run, fm_error *err);
void fm__cox_free(fm__cox *c);
static inline const double *fm__cox_block(const fm__cox *c, size_t block)
{
  return c->x + block * c->wide * FM__COX_BLOCK;
}
/* The rows from `row` on that share its cell, no further than `stop`: moves *cell to it and gives the row after. */
static inline size_t fm__cox_piece(const fm__cox *c, size_t *cell, size_t row, size_t stop)
{
  while (c->cell[*cell + 1] <= row)
    ++*cell;
  return c->cell[*cell + 1] < stop ? c->cell[*cell + 1] : stop;
}
/* What weights are multiples of. */
static inline double fm__cox_unit(const fm__cox *c)
{
  return ldexp(1, c->power);
}
/* Day after the last day whose time is <= t, in a stratum. */
size_t fm__cox_days_until(const fm__cox *c, size_t stratum, int32_t t);

/* For models whose rows have cells of their own: FM_ERR_VALUE and FM_ERR_LIMIT as above; the rows of weight above 0 in
 * canonical order of their cells, below n_cells; columns in that order, and all that c->centre and c->scale need. */
fm_status fm__cox_check(const fm__cox_rows *rows, fm_error *err);
fm_status fm__cox_order(uint32_t **row, size_t *n, const fm__cox_rows *rows, const uint32_t *cell, uint64_t n_cells,
                        fm_error *err);
fm_status fm__cox_place_columns(fm__cox *c, const fm__cox_rows *rows, const uint32_t *row, fm_error *err);
/* Brings the largest weight to 1 to 2 where it is small or very large: a step's worth is then told from rounding. */
void fm__cox_set_power(fm__cox *c, const fm__cox_rows *rows, const uint32_t *row);

/* ---- the likelihood at one set of coefficients (of scaled covariates) ---- */
typedef struct fm__cox_point fm__cox_point;
/* Another likelihood that fm__cox_fit_run maximises: what fm__cox_evaluate and fm__cox_meat do. */
typedef struct fm__cox_likelihood {
  fm_status (*evaluate)(fm__cox_point *q, const fm_run *run, fm_error *err);
  fm_status (*meat)(double *out, fm__cox_point *q, const fm_run *run, fm_error *err);
} fm__cox_likelihood;
struct fm__cox_point {
  const fm__cox *c;
  const fm__cox_likelihood *likelihood; /* NULL: Cox's */
  double *beta, *score, *info;          /* wide, wide, wide x wide */
  double loglik;
  double *risk;              /* of each row, weight * exp(beta x) */
  double *sums;              /* 2 n_days x (wide + 1): of risk and risk * x, by cell */
  double *late;              /* n_days x (wide + 1): of the rows that are not at risk up to and including the day */
  double *hazard, *own;      /* of a day; of the day for those whose event is on it */
  double *until, *until_own; /* their sums over the stratum's days up to the day */
  double *squares;           /* of a day: the variance of hazard */
  double *mean;              /* n_days x wide: mean of x among those at risk, averaged over tied events */
  double *moved, *moved_own; /* n_days x wide: sums over days so far of mean times hazard */
  double *gram;              /* chunks of wide x wide */
  const double *day_factor;  /* of each day's part of info; NULL: 1 */
};
fm_status fm__cox_point_create(fm__cox_point *q, const fm__cox *c, fm_error *err);
void fm__cox_point_free(fm__cox_point *q);
/* Sets everything but mean, moved and moved_own from beta. */
fm_status fm__cox_evaluate(fm__cox_point *q, const fm_run *run, fm_error *err);
/* Sets mean, moved and moved_own. */
fm_status fm__cox_means(fm__cox_point *q, fm_error *err);
/* Sum over days of g(day) times the variance matrix of x among those at risk; g has n_days items. */
fm_status fm__cox_weighted_info(double *out, const fm__cox_point *q, const double *g, const fm_run *run, fm_error *err);
/* The derivative of the likelihood in the weight of each cluster, squared and added up: wide x wide. */
fm_status fm__cox_meat(double *out, const fm__cox_point *q, const fm_run *run, fm_error *err);

/* ---- fitting ---- */
enum { FM__COX_EMPTY = 0, FM__COX_FITTED = 1, FM__COX_SEPARATED = 2, FM__COX_NOT_CONVERGED = 3 };
enum { FM__COX_ITERATIONS = 60 };
typedef struct fm__cox_fit {
  int32_t state, iterations;
  double loglik_0, loglik, score, score_robust, likelihood_ratio, wald;
  double concordance, concordance_error;
  double *beta;             /* of the columns as given, like all that follows; NaN for one without a finite value */
  double *inverse, *robust; /* p x p: inverse information; the cluster-robust variance, NULL when not asked for */
  uint8_t *endless;         /* 1 for a coefficient without a finite estimate */
} fm__cox_fit;
/* What a fit of plain arrays hands back, as far as out->struct_size goes. */
void fm__cox_write_model(fm_retention_cox_model *out, const fm__cox *c, const fm__cox_fit *fit);
typedef struct fm__cox_choice {
  bool robust, concordance;
  int32_t iterations;
  const char *const *names; /* of the columns; NULL: numbers */
} fm__cox_choice;
/* Newton's method from 0; q is left at the estimate. FM_ERR_VALUE: columns that depend on each other, by their names.
 * What has no value is NaN. */
fm_status fm__cox_fit_run(fm__cox_fit *fit, fm__cox_point *q, const fm__cox_choice *choice, const fm_run *run,
                          fm_error *err);
void fm__cox_fit_free(fm__cox_fit *fit);
/* Variance in use: robust when there is one. */
static inline const double *fm__cox_variance(const fm__cox_fit *fit)
{
  return fit->robust != NULL ? fit->robust : fit->inverse;
}
/* Concordance of beta x with the times, Harrell's C, and its error by the infinitesimal jackknife over clusters. */
fm_status fm__cox_concordance(double *value, double *std_error, const fm__cox_point *q, fm_error *err);

/* ---- proportionality (Grambsch and Therneau 1994, as a score test) ---- */
enum { FM__COX_KM = 1, FM__COX_IDENTITY = 2, FM__COX_LOG = 3, FM__COX_RANK = 4 };
/* p + 1 statistics: each column (1 degree of freedom), then all (p). NaN where the transform or test has no value. */
fm_status fm__cox_proportional(double *statistic, const fm__cox_point *q, const fm__cox_rows *rows, int32_t transform,
                               const fm_run *run, fm_error *err);

/* ---- curves ---- */
/* exp(beta (x - centre)), x as given; NULL: all 0. */
double fm__cox_relative_risk(const fm__cox_point *q, const double *x);
/* Cumulative hazard at covariates x (as given; NULL: all 0) until each day, and its standard error (may be NULL). Needs
 * fm__cox_means. */
void fm__cox_curve(double *cumulative, double *std_error, const fm__cox_point *q, const fm__cox_fit *fit,
                   const double *x);

#endif
