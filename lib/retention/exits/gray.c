/* Gray's test (1988): do the groups leave by one cause at the same pace?
 *
 * A group's number at risk of the cause's subdistribution is R = n / S with the share S still in just before, times
 * 1 - F. The score of group i is the sum over times of (1 - F)^rho (d_i - d R_i (1 - F_i) / sum of R (1 - F_i)), with
 * the pooled F. It is a sum over exits, and the exits of one time in group k count in the score of group i with
 *   a_ik + b (C_ik - C_ik now)   when they are of the cause, b = 1 - (1 - F) / S_k,
 *   b (C_ik - C_ik now)          when they are not, b = -(1 - F) / S_k,
 * where a_ik = (1 - F)^rho R_i (1[i = k] - s_k), s_k = R_k / R, and C_ik is the sum of a_ik dF / (1 - F) up to the end.
 * Variances are kept with C as it is now and moved on when it grows, as in a running variance: at each time the
 * covariance of scores i and j grows by the sum over k of a_ik u_kj + a_jk u_ki for some u, which is
 * (1 - F)^rho (R_i (u_ij - u_j) + R_j (u_ji - u_i)) with the pooled u_j, the sum of s_k u_kj. */
#include <math.h>
#include <string.h>

#include "num/dense_priv.h"
#include "num/num_priv.h"
#include "retention/exits/exits_priv.h"

struct fm__gray_group {
  size_t at;            /* next moment */
  double n, own, other; /* rows at risk, leaving by the cause and by others at this time */
  double stay, gone;    /* shares before this time */
  double stay_after;
  double risk; /* n / stay */
  double pace; /* sum of variance times b^2 */
};

/* One cause in one stratum. */
typedef struct test {
  const fm__moments *moments;
  fm__gray_group *groups;
  size_t n, cause;
  double rho, gone;           /* pooled share gone by the cause, before this time */
  double *score, *covariance; /* of the cause */
  double *reach, *moved;      /* by k then i: the sum of variance times (factor of score i) b, and u_k */
  double *pull, *a, *pooled;  /* of this time: (1 - F)^rho R_i; a_k; pooled u */
} test;

/* Exits of the cause at one time. */
typedef struct instant {
  double own, risk;
  double hazard, rise; /* of F, and that as a share of 1 - F */
  double left;         /* 1 - F after this time */
} instant;

fm_status fm__gray_create(fm__gray *out, size_t n_groups, size_t n_causes, double rho, fm_error *err)
{
  *out = (fm__gray){.n_groups = n_groups, .n_causes = n_causes, .rho = rho};
  if (n_groups > FM__GRAY_MOST_GROUPS)
    return fm__fail(err, FM_ERR_LIMIT, "Gray's test takes at most %d groups, found %zu", FM__GRAY_MOST_GROUPS,
                    n_groups);
  out->score = fm__array(n_causes * n_groups, sizeof *out->score);
  out->covariance = fm__array(n_causes * n_groups * n_groups, sizeof *out->covariance);
  out->groups = fm__array(n_groups, sizeof *out->groups);
  out->reach = fm__array(n_groups * n_groups, sizeof *out->reach);
  out->moved = fm__array(n_groups * n_groups, sizeof *out->moved);
  out->rows = fm__array(3 * n_groups, sizeof *out->rows);
  if (out->score != NULL && out->covariance != NULL && out->groups != NULL && out->reach != NULL &&
      out->moved != NULL && out->rows != NULL)
    return FM_OK;
  fm__gray_free(out);
  return fm__no_memory(err);
}

void fm__gray_free(fm__gray *g)
{
  fm__free(g->score);
  fm__free(g->covariance);
  fm__free(g->groups);
  fm__free(g->reach);
  fm__free(g->moved);
  fm__free(g->rows);
  *g = (fm__gray){0};
}

/* The next time at which something happens in any group; false: none is left. */
static bool next_time(test *t, int32_t *time)
{
  bool any = false;
  for (size_t i = 0; i < t->n; i++) {
    const fm__moments *m = &t->moments[i];
    if (t->groups[i].at < m->n && (!any || m->time[t->groups[i].at] < *time)) {
      *time = m->time[t->groups[i].at];
      any = true;
    }
  }
  return any;
}

/* Who is at risk and leaves at `time`. Between two moments of a group nobody joins or leaves it. */
static void look(test *t, int32_t time)
{
  for (size_t i = 0; i < t->n; i++) {
    const fm__moments *m = &t->moments[i];
    fm__gray_group *g = &t->groups[i];
    bool here = g->at < m->n && m->time[g->at] == time;
    g->n = g->at < m->n ? (double)m->rows_risk[g->at] : 0;
    g->own = here ? (double)m->rows_exit[g->at * m->n_causes + t->cause] : 0;
    g->other = here ? (double)fm__moments_rows_exit(m, g->at) - g->own : 0;
    g->at += here;
    g->risk = g->stay > 0 ? g->n / g->stay : 0; /* after all have left, those who enter later tell nothing */
    if (!(g->stay > 0))
      g->n = g->own = g->other = 0;
    g->stay_after = g->n > 0 ? g->stay * ((g->n - g->own - g->other) / g->n) : g->stay;
  }
}

/* Below 0 when more leave in all than the group would hold alone: the term stays as published. */
static double without_ties(double n, double exits)
{
  return exits > 1 ? 1 - (exits - 1) / (n - 1) : 1;
}

/* C_ik grows by dF / (1 - F) a_ik for all i; then the variance of the exits, spread over the groups by their share at
 * risk, is added. */
static void move_group(test *t, size_t k, const instant *now)
{
  fm__gray_group *g = &t->groups[k];
  double *reach = t->reach + k * t->n, *moved = t->moved + k * t->n;
  double share = g->risk / now->risk, b = g->stay_after > 0 ? 1 - now->left / g->stay_after : 1;
  double v = without_ties(now->risk * g->stay, now->own) * g->stay * now->hazard / g->n;
  double half = (now->rise * now->rise * g->pace + v) / 2, growth = now->rise * g->pace + b * v;
  for (size_t i = 0; i < t->n; i++)
    t->a[i] = -share * t->pull[i];
  t->a[k] = (1 - share) * t->pull[k];
  for (size_t i = 0; i < t->n; i++) {
    moved[i] = now->rise * reach[i] + half * t->a[i];
    reach[i] += growth * t->a[i];
    t->pooled[i] += share * moved[i];
  }
  g->pace += b * b * v;
}

static void own_exits(test *t, double own)
{
  instant now = {.own = own};
  double pace = 0, weight = fm__pow(1 - t->gone, t->rho);
  for (size_t i = 0; i < t->n; i++) {
    now.risk += t->groups[i].risk;
    t->pull[i] = weight * t->groups[i].risk;
    t->pooled[i] = 0;
    pace += t->groups[i].risk * (1 - t->groups[i].gone);
  }
  now.hazard = own / now.risk;
  now.rise = now.hazard / (1 - t->gone);
  now.left = 1 - (t->gone + now.hazard);
  for (size_t i = 0; i < t->n && pace > 0; i++)
    t->score[i] += weight * (t->groups[i].own - own * (t->groups[i].risk * (1 - t->groups[i].gone) / pace));
  for (size_t k = 0; k < t->n; k++) {
    if (t->groups[k].risk > 0)
      move_group(t, k, &now);
    else
      memset(t->moved + k * t->n, 0, t->n * sizeof *t->moved);
  }
  for (size_t i = 0; i < t->n; i++)
    for (size_t j = 0; j <= i; j++)
      t->covariance[i * t->n + j] +=
          t->pull[i] * (t->moved[i * t->n + j] - t->pooled[j]) + t->pull[j] * (t->moved[j * t->n + i] - t->pooled[i]);
  t->gone += now.hazard;
}

static void other_exits(test *t)
{
  for (size_t k = 0; k < t->n; k++) {
    fm__gray_group *g = &t->groups[k];
    if (!(g->other > 0 && g->stay_after > 0))
      continue;
    double b = (1 - t->gone) / g->stay_after, share = g->stay / g->n;
    g->pace += b * b * without_ties(g->n, g->other) * g->other * share * share;
  }
}

static void add_cause(test *t)
{
  int32_t time = 0;
  for (size_t i = 0; i < t->n; i++)
    t->groups[i] = (fm__gray_group){.stay = 1};
  memset(t->reach, 0, t->n * t->n * sizeof *t->reach);
  while (t->gone < 1 && next_time(t, &time)) {
    double own = 0;
    look(t, time);
    for (size_t i = 0; i < t->n; i++)
      own += t->groups[i].own;
    if (own > 0)
      own_exits(t, own);
    other_exits(t);
    for (size_t i = 0; i < t->n; i++) {
      fm__gray_group *g = &t->groups[i];
      g->gone += g->own > 0 ? g->stay * (g->own / g->n) : 0;
      g->stay = g->stay_after;
    }
  }
}

void fm__gray_add(fm__gray *g, const fm__moments *groups)
{
  size_t n = g->n_groups;
  for (size_t j = 0; j < g->n_causes; j++) {
    test t = {.moments = groups,
              .groups = g->groups,
              .n = n,
              .cause = j,
              .rho = g->rho,
              .score = g->score + j * n,
              .covariance = g->covariance + j * n * n,
              .reach = g->reach,
              .moved = g->moved,
              .pull = g->rows,
              .a = g->rows + n,
              .pooled = g->rows + 2 * n};
    add_cause(&t);
  }
}

static const double used_up = 0x1p-36; /* share of a variance that is rounding */

/* The factors of ties below 0 can leave what is no covariance: a variance below 0. */
static bool is_variance(double value, double size)
{
  return isfinite(value) && value >= -used_up * size;
}

/* The same for what the rows before leave of a row that the factorisation left out. */
static bool has_negative_pivot(const double *l, const double *diagonal, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    double pivot = diagonal[i];
    for (size_t j = 0; j < i; j++)
      pivot -= l[i * n + j] * l[i * n + j];
    if (!(l[i * n + i] > 0) && !is_variance(pivot, diagonal[i]))
      return true;
  }
  return false;
}

/* Groups whose score cannot vary say nothing; the scores of the rest add up to 0, so that one of them is left out. */
fm_status fm__gray_test(fm__gray_result *out, const fm__gray *g, size_t cause, fm_error *err)
{
  size_t n = g->n_groups, kept = 0;
  const double *scores = g->score + cause * n, *covariance = g->covariance + cause * n * n;
  size_t from[FM__GRAY_MOST_GROUPS];
  double score[FM__GRAY_MOST_GROUPS], solved[FM__GRAY_MOST_GROUPS], diagonal[FM__GRAY_MOST_GROUPS], most = 0;
  *out = (fm__gray_result){NAN, NAN, 0};
  for (size_t i = 0; i < n; i++)
    most = fabs(covariance[i * n + i]) > most ? fabs(covariance[i * n + i]) : most;
  for (size_t i = 0; i < n; i++) {
    if (!is_variance(covariance[i * n + i], most))
      return FM_OK;
    if (covariance[i * n + i] > 0)
      from[kept++] = i;
  }
  if (kept < 2)
    return FM_OK;
  kept--;
  double *v = fm__array(kept * kept, sizeof *v), sum = 0;
  if (v == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < kept; i++) {
    score[i] = solved[i] = scores[from[i]];
    for (size_t j = 0; j <= i; j++)
      v[i * kept + j] = covariance[from[i] * n + from[j]];
    diagonal[i] = v[i * kept + i];
  }
  size_t rank = fm__cholesky(v, kept, used_up);
  bool negative = has_negative_pivot(v, diagonal, kept);
  fm__cholesky_solve(v, kept, solved);
  for (size_t i = 0; i < kept; i++)
    sum += score[i] * solved[i];
  fm__free(v);
  if (rank > 0 && !negative)
    *out = (fm__gray_result){sum, fm__gamma_upper((double)rank / 2, sum / 2), (int32_t)rank};
  return FM_OK;
}
