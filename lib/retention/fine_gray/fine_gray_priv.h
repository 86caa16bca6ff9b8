/* Fine and Gray's regression: rows by day, kind and group of censoring, its likelihood, and the variance that knows of
 * the estimated censoring. Newton's method, columns in blocks and figures are those of retention.cox.
 *
 * A slot is a day of events of a stratum, or the time before its first: slot = day + stratum, so that every stratum has
 * one slot more than days. A row is in the slot of the last day on which it is at risk by its own time. Rows with
 * another exit stay at risk after it with the weight G(t-) / G(T-), G the share of their group not yet censored: a sum
 * over them is kept once for each group and grows from day to day. */
#ifndef FM_RETENTION_FINE_GRAY_PRIV_H
#define FM_RETENTION_FINE_GRAY_PRIV_H

#include "flexmetrics/retention_fine_gray.h"
#include "num/num_priv.h"
#include "retention/cox/cox_priv.h"
#include "retention/cox/kernel_priv.h"

enum { FM__FG_CENSORED, FM__FG_EVENT, FM__FG_OTHER, FM__FG_KINDS };

/* ---- the rows as given ---- */
typedef struct fm__fg_rows {
  fm__cox_rows rows;    /* event: the exit that is fitted; entry NULL */
  const uint8_t *other; /* 1: another exit */
  const int32_t *group; /* of censoring, 0 .. n_groups - 1; NULL: one */
  size_t n_groups;
} fm__fg_rows;

/* ---- censoring: Kaplan-Meier in each group ----
 * A step is a time at which somebody of a group is censored; all whose time is not before it are at risk of it. */
typedef struct fm__censoring {
  size_t *first; /* n_groups + 1: steps of a group */
  int32_t *time;
  double *left;               /* share not censored up to and including the step */
  double *at_risk, *censored; /* total weights */
} fm__censoring;
/* Of rows in canonical order. */
typedef struct fm__censored_row {
  uint64_t key; /* group above, time below */
  double weight;
  bool censored;
} fm__censored_row;
fm_status fm__censoring_create(fm__censoring *k, size_t n_groups, const fm__item *items, const fm__censored_row *rows,
                               size_t n, fm_error *err);
void fm__censoring_free(fm__censoring *k);
/* Number of the first step of a group after `time`. */
size_t fm__censoring_after(const fm__censoring *k, size_t group, int32_t time);
/* Share of a group not censored before `time`. */
double fm__censoring_left(const fm__censoring *k, size_t group, int32_t time);

/* ---- prepared rows ---- */
typedef struct fm__fg {
  fm__cox c; /* n_days, first, day_time, day_weight, columns, weights; cell: (slot * kinds + kind) * n_groups + group */
  size_t n_groups, n_slots, n_cells;
  int64_t n_other;
  fm__censoring censoring;
  double *late;     /* of each row: 1 / G(T-) with another exit, else 0 */
  uint32_t *step;   /* of each row: the first step of its group after its time */
  double *slot_sum; /* n_slots: weight of the events of its day */
  double *left;     /* n_slots x n_groups: G(t-) on its day */
} fm__fg;
/* Errors: as of fm__cox_prepare; FM_ERR_LIMIT: more than 2^32 cells. */
fm_status fm__fg_prepare(fm__fg *f, const fm__fg_rows *rows, const fm_run *run, fm_error *err);
void fm__fg_free(fm__fg *f);

/* Rows of one cell in one block. Begin with fm__fg_start. */
typedef struct fm__fg_piece {
  size_t row, n, cell;
} fm__fg_piece;
fm__fg_piece fm__fg_start(const fm__fg *f, size_t row);
bool fm__fg_next(const fm__fg *f, fm__fg_piece *p, size_t end);
static inline size_t fm__fg_group(const fm__fg *f, size_t cell)
{
  return cell % f->n_groups;
}
static inline size_t fm__fg_kind(const fm__fg *f, size_t cell)
{
  return cell / f->n_groups % FM__FG_KINDS;
}
static inline size_t fm__fg_slot(const fm__fg *f, size_t cell)
{
  return cell / f->n_groups / FM__FG_KINDS;
}

/* ---- the likelihood at one set of coefficients; sums over days are by slot ---- */
typedef struct fm__fg_point {
  fm__cox_point q; /* first: fm__cox_fit_run knows no more */
  const fm__fg *f;
  double *sums;         /* n_slots x (wide + 1): of risk * (1, x) over the rows of a slot */
  double *late_sums;    /* n_slots x n_groups x (wide + 1): the same times `late` */
  double *heads;        /* chunks x 2 x (wide + 1): what a chunk adds to a slot and a cell that began before it */
  double *at_risk;      /* n_slots x (wide + 1): over all at risk */
  double *hazard;       /* n_slots: of the subdistribution on the day */
  double *until;        /* n_slots: its sum up to the day */
  double *after;        /* n_slots x n_groups: of left * hazard over the days after */
  double *mean, *moved; /* n_slots x wide: of x among those at risk; sum of mean * hazard up to the day */
  double *moved_after;  /* n_slots x n_groups x wide */
} fm__fg_point;
fm_status fm__fg_point_create(fm__fg_point *v, const fm__fg *f, fm_error *err);
void fm__fg_point_free(fm__fg_point *v);
/* The derivative of the likelihood in the weight of each cluster, the part of the censoring with it, squared and added
 * up. */
fm_status fm__fg_meat(double *out, fm__cox_point *q, const fm_run *run, fm_error *err);

#endif
