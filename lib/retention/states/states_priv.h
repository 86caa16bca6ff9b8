/* Moves between states: who is at risk in each, product integrals, shares in each state with their errors. */
#ifndef FM_RETENTION_STATES_PRIV_H
#define FM_RETENTION_STATES_PRIV_H

#include "base/base_priv.h"

enum { FM__MOST_STATES = 32 };

/* One row of a unit's history, at risk of leaving `from` at t when entry < t <= time. `to` is -1 when it is only not
 * seen any longer. `unit` rises. */
typedef struct fm__stay {
  int32_t entry, time, from, to;
  uint32_t unit;
  double weight; /* above 0 */
  uint64_t count;
} fm__stay;

/* Rows that move from one state to another at one time. */
typedef struct fm__move {
  int32_t from, to;
  int64_t rows;
  double weight;
} fm__move;

/* Times with a move, in rising order; moves of time k are first[k] .. first[k + 1] - 1, by from, then to. */
typedef struct fm__moves {
  size_t n_states, n, n_moves;
  int32_t *time;
  size_t *first;
  fm__move *moves;
  int64_t *rows_risk; /* n x n_states */
  double *n_risk;
} fm__moves;
fm_status fm__moves_create(fm__moves *out, const fm__stay *rows, size_t n, size_t n_states, fm_error *err);
void fm__moves_free(fm__moves *m);
/* Times up to and including `time`. */
size_t fm__moves_until(const fm__moves *m, int32_t time);
/* x (height rows of n_states) times the matrix of time k, in place: shares move on. */
void fm__moves_forward(const fm__moves *m, size_t k, double *x, size_t height);
/* The matrix of time k times x (n_states rows of `width`), in place: what comes later, seen from before it. */
void fm__moves_back(const fm__moves *m, size_t k, double *x, size_t width);

/* P(s, t) = product of the matrices of times in (s, t] (n_states x n_states), and the covariance of its items under
 * Greenwood's form: of all (n_states^2 x n_states^2), or with `rows_only` of those of one row (n_states blocks of
 * n_states x n_states). covariance may be NULL. */
fm_status fm__product(double *p, double *covariance, bool rows_only, const fm__moves *m, int32_t s, int32_t t,
                      fm_error *err);

typedef struct fm__window {
  int32_t start, time;
  bool spent;       /* the time in each state from start to time instead of the shares at time */
  bool fixed_start; /* the shares at the start are given, not estimated */
} fm__window;
/* Shares in each state at `time`, from the shares of those seen at `start`, and their variance by the infinitesimal
 * jackknife over units. false in *begun: nobody was seen at the start. */
fm_status fm__occupation(double *share, double *variance, bool *begun, const fm__moves *m, const fm__stay *rows,
                         size_t n, const fm__window *window, fm_error *err);

#endif
