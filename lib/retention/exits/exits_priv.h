/* Exits by reason: cumulative incidence with three kinds of variance, and Gray's test. */
#ifndef FM_RETENTION_EXITS_PRIV_H
#define FM_RETENTION_EXITS_PRIV_H

#include "retention/follow_priv.h"
#include "retention/moments_priv.h"

enum { FM__VARIANCE_GREENWOOD = 1, FM__VARIANCE_AALEN = 2 };

/* The share still in and the share gone by each cause, at each moment of one group. */
typedef struct fm__incidence {
  size_t n, n_causes;
  double *stay, *stay_variance; /* n */
  double *gone, *gone_variance; /* n x n_causes, moment by moment */
} fm__incidence;
/* Creates the Aalen-Johansen curves. */
fm_status fm__incidence_create(fm__incidence *out, const fm__moments *m, int32_t variance, fm_error *err);
void fm__incidence_free(fm__incidence *c);
/* Replaces the variances by those of the infinitesimal jackknife over clusters. */
fm_status fm__incidence_robust(fm__incidence *c, const fm__moments *m, const fm__followed *rows, fm_error *err);
/* The last moment at or before `time`; SIZE_MAX: none. */
size_t fm__moments_at(const fm__moments *m, int32_t time);

/* Reads up to FM__MOST_HORIZONS different times; NULL and "" are none. `id` names the measure in the error. */
enum { FM__MOST_HORIZONS = 64 };
fm_status fm__horizons_read(int32_t *times, size_t *n, const char *text, const char *id, fm_error *err);

/* Gray's test of each cause: strata are added one after another. */
typedef struct fm__gray_group fm__gray_group;
typedef struct fm__gray {
  size_t n_groups, n_causes;
  double rho;
  double *score;          /* n_causes x n_groups: observed less expected exits, weighted */
  double *covariance;     /* n_causes x n_groups x n_groups, lower half */
  fm__gray_group *groups; /* room for the stratum that is being added, as the rest */
  double *reach, *moved;  /* n_groups x n_groups */
  double *rows;           /* 3 x n_groups */
} fm__gray;
typedef struct fm__gray_result {
  double statistic, p_value; /* NaN: not defined */
  int32_t df;
} fm__gray_result;
enum { FM__GRAY_MOST_GROUPS = 64 };
fm_status fm__gray_create(fm__gray *out, size_t n_groups, size_t n_causes, double rho, fm_error *err);
void fm__gray_free(fm__gray *g);
/* `groups` are the moments of the n_groups groups within the stratum; only rows count, not weights. */
void fm__gray_add(fm__gray *g, const fm__moments *groups);
fm_status fm__gray_test(fm__gray_result *out, const fm__gray *g, size_t cause, fm_error *err);

#endif
