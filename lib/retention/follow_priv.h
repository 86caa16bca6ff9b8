/* Follow-up of units: how long each row was seen, from when, and how that ended; the mergeable state behind curves,
 * cumulative incidence and tests.
 *
 * A frame has the columns time_<clock> (i32), event (bool) or, with causes, cause (text, code or whole numbers; missing
 * or empty: still going on), and may have entry_<clock> (i32; without it all enter at 0). A row is at risk at t when
 * entry < t <= time, and at 0 when entry <= 0; what ends and what is censored at one time ends first. Without a cluster
 * column rows are only counted, in the day table; with one, or where asked to, every row is kept. */
#ifndef FM_RETENTION_FOLLOW_PRIV_H
#define FM_RETENTION_FOLLOW_PRIV_H

#include "base/base_priv.h"
#include "retention/moments_priv.h"
#include "table/table_priv.h"

typedef struct fm__follow fm__follow;

typedef struct fm__follow_spec {
  const char *by;      /* group columns; NULL: none */
  const char *strata;  /* columns of strata within groups; NULL: none */
  const char *weight;  /* NULL: each row 1; rows of weight 0 leave no trace */
  const char *cluster; /* columns that name independent units; NULL: each row is one */
  const char *clock;   /* "days", "weeks" or "months": names columns and units; NULL: days */
  bool by_cause;       /* exits are told apart by the column cause */
  bool keep;           /* rows are kept without clusters too: each is a unit of its own */
} fm__follow_spec;

/* `measure` names the measure in messages and is borrowed. FM_ERR_ARGUMENT: a clock that is none. Copies all texts. */
fm_status fm__follow_create(fm__follow **out, const fm__follow_spec *spec, const char *measure, fm_error *err);
void fm__follow_destroy(fm__follow *f);
/* The texts that are in use: NULL for none, the clock always. */
const fm__follow_spec *fm__follow_spec_of(const fm__follow *f);
const char *fm__follow_time_column(const fm__follow *f); /* "time_days", "time_weeks" or "time_months" */

/* The functions of a measure; on failure the state is as before. Errors have table, row, line and column.
 * FM_ERR_LIMIT: more than 254 causes, or more than 33,554,432 groups times strata. */
fm_status fm__follow_add(fm__follow *f, const fm_table *frame, const fm_run *run, fm_error *err);
fm_status fm__follow_merge(fm__follow *f, const fm__follow *other, fm_error *err);
fm_status fm__follow_save(fm__follow *f, fm__bytes *b, fm_error *err); /* reduces */
fm_status fm__follow_load(fm__follow *f, fm__reader *r, fm_error *err);
bool fm__follow_is_empty(const fm__follow *f);

/* These functions for a measure whose state begins with a pointer to its follow-up. */
#define FM__MEASURE_FOLLOWS                                                                                            \
  .add = fm__follows_add, .merge = fm__follows_merge, .save = fm__follows_save, .load = fm__follows_load,              \
  .is_empty = fm__follows_is_empty
fm_status fm__follows_add(void *state, const fm_table *frame, const fm_run *run, fm_error *err);
fm_status fm__follows_merge(void *state, const void *other, fm_error *err);
fm_status fm__follows_save(void *state, fm__bytes *b, fm_error *err);
fm_status fm__follows_load(void *state, fm__reader *r, fm_error *err);
bool fm__follows_is_empty(const void *state);

/* ---- views; call fm__follow_reduce first. Groups, strata and causes then count in the order of their texts ---- */
fm_status fm__follow_reduce(fm__follow *f, fm_error *err); /* cheap when nothing was added since */
const fm__groups *fm__follow_groups(const fm__follow *f);
const fm__groups *fm__follow_strata(const fm__follow *f);
size_t fm__follow_n_strata(const fm__follow *f); /* at least 1 once a row was added or there are no strata columns */
size_t fm__follow_n_causes(const fm__follow *f); /* 1 without by_cause; else 0 or more */
const char *fm__follow_cause(const fm__follow *f, size_t cause); /* NULL without by_cause */

/* Moments of one group and stratum; n_causes is at least 1. FM_ERR_LIMIT: see fm__moments_of_cells. */
fm_status fm__follow_moments(fm__moments *out, const fm__follow *f, uint32_t group, uint32_t stratum, fm_error *err);
/* Moments of one group, whatever the stratum. */
fm_status fm__follow_group_moments(fm__moments *out, const fm__follow *f, uint32_t group, fm_error *err);

/* Rows of one group, cluster by cluster, in canonical order; only of kept rows. */
typedef struct fm__followed {
  size_t n, n_clusters;
  bool clustered;        /* false: each of the `count` equal rows is a unit, and cluster and unit are 0 */
  int32_t *time, *entry; /* entry is 0 for all that enter at 0 or before */
  int32_t *cause;        /* -1: censored */
  uint32_t *stratum;
  uint32_t *cluster; /* from 0 within the group, rising */
  uint32_t *unit;    /* the same cluster's number in the whole state */
  double *weight;
  uint64_t *count; /* equal rows pooled */
} fm__followed;
fm_status fm__follow_rows(fm__followed *out, const fm__follow *f, uint32_t group, fm_error *err);
void fm__followed_free(fm__followed *rows);
size_t fm__follow_n_units(const fm__follow *f); /* clusters in the whole state */

#endif
