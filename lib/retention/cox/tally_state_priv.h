/* The state of regressions of the time to an exit: the rows as given, and the model of one group of them. */
#ifndef FM_RETENTION_COX_TALLY_STATE_PRIV_H
#define FM_RETENTION_COX_TALLY_STATE_PRIV_H

#include "retention/cox/terms_priv.h"
#include "tally/rows_priv.h"
#include "tally/tally_priv.h"

enum { FM__COX_TIME, FM__COX_ENTRY, FM__COX_EVENT, FM__COX_FIRST_NUMBER }; /* numbers of a kept row */
enum { FM__COX_BY, FM__COX_STRATA, FM__COX_CLUSTER, FM__COX_FIRST_SET };   /* its id sets */

typedef struct fm__cox_state {
  fm__rows *rows;             /* first: see FM__MEASURE_KEEPS_ROWS */
  fm_retention_cox_spec spec; /* texts point to the copies */
  char *texts[10];
  fm__cox_terms terms;
  size_t weight; /* number column; 0: none */
  /* Set by a measure before it opens: id sets of its own after all others, from `first_more` on, and whether exits are
   * told otherwise than by the column event. */
  const char *more[2];
  size_t n_more, first_more;
  bool eventless;
} fm__cox_state;

/* Opens by s->spec, of which only what it points to is the caller's. */
fm_status fm__cox_state_open(fm__cox_state *s, const fm__rows_kind *kind, fm_error *err);
void fm__cox_state_free(fm__cox_state *s); /* what it holds */
/* For a kind of rows; the context is the state. */
bool fm__cox_fits(const void *context, const double *numbers);
fm_status fm__cox_take(void *context, double *numbers, bool *keep, const fm__rows_place *place, fm_error *err);

/* The rows of one group as plain arrays, split where a dated covariate begins. */
typedef struct fm__cox_group {
  fm__cox_rows rows;
  int64_t n_given, n_missing; /* complete rows; rows without one of the covariates; both with their counts */
  size_t n, p, capacity;
  int32_t *time, *entry, *stratum, *cluster;
  uint8_t *event;
  double *weight;
  uint64_t *count;
  double **x;
  char **names;
  size_t *row;       /* the kept row, of which each is a piece */
  size_t *term;      /* of each column */
  const char **text; /* of each column of a text covariate */
} fm__cox_group;
/* Rows from .. to - 1 of the reduced state. FM_ERR_VALUE: a reference that no row has. */
fm_status fm__cox_group_create(fm__cox_group *g, const fm__cox_state *s, size_t from, size_t to, fm_error *err);
void fm__cox_group_free(fm__cox_group *g);

/* Writes the figures of one group; the state of the measure begins with its fm__cox_state. */
typedef fm_status (*fm__cox_reporter)(fm__result *r, const void *state, const fm__cox_group *g, const fm_run *run,
                                      fm_error *err);
fm_status fm__cox_report(fm__result *r, const void *state, const fm__cox_group *g, const fm_run *run, fm_error *err);
/* What differs between the results of such measures. */
typedef struct fm__cox_output {
  const char *indicator, *definition;
  const fm__key *keys;
  size_t n_keys;
  fm__cox_reporter report;
} fm__cox_output;
/* The result of a measure, group by group. */
fm_status fm__cox_result(fm_table **out, void *state, const fm__cox_output *of, const fm_run *run, fm_error *err);
/* Columns of the result after the groups. */
enum { FM__COX_KEY_TERM, FM__COX_KEY_PROFILE, FM__COX_KEY_STRATUM, FM__COX_KEY_TIME, FM__COX_KEYS };

#endif
