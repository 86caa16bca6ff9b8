/* Test of proportional hazards: the score test of a slope in g(time) for each column, at the estimate.
 *
 * u = sum over events of g (x - mean), with the information of both the coefficients and their slopes: sums over days
 * of V, g V and g^2 V, V the variance matrix of x among those at risk. */
#include <math.h>
#include <string.h>

#include "num/dense_priv.h"
#include "num/num_priv.h"
#include "retention/cox/cox_priv.h"

/* ---- g ---- */

/* Distinct times of events over all strata, and for each how many are at risk, leave and end, without weights. */
typedef struct pooled {
  uint64_t *times, *scratch;
  double *risk, *events;
  double *before, *same; /* rows that end since the time before; on the time */
  size_t n;
} pooled;

static void pooled_free(pooled *p)
{
  fm__free(p->times);
  fm__free(p->scratch);
  fm__free(p->risk);
  fm__free(p->events);
  fm__free(p->before);
  fm__free(p->same);
}

/* Times of the list that are <= t. */
static size_t until(const pooled *p, int32_t t)
{
  size_t low = 0, high = p->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if ((int64_t)p->times[middle] <= t)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static fm_status pool(pooled *p, const fm__cox *c, const fm__cox_rows *rows, fm_error *err)
{
  p->times = fm__array(c->n_days, sizeof *p->times);
  p->scratch = fm__array(c->n_days, sizeof *p->scratch);
  p->risk = fm__array(c->n_days + 1, sizeof *p->risk);
  p->events = fm__array(c->n_days, sizeof *p->events);
  p->before = fm__array(c->n_days + 1, sizeof *p->before);
  p->same = fm__array(c->n_days, sizeof *p->same);
  if (p->times == NULL || p->scratch == NULL || p->risk == NULL || p->events == NULL || p->before == NULL ||
      p->same == NULL)
    return fm__no_memory(err);
  for (size_t d = 0; d < c->n_days; d++)
    p->times[d] = (uint64_t)c->day_time[d];
  fm__sort_u64(p->times, p->scratch, c->n_days);
  for (size_t d = 0; d < c->n_days; d++)
    if (p->n == 0 || p->times[d] != p->times[p->n - 1])
      p->times[p->n++] = p->times[d];
  for (size_t d = 0; d < c->n_days; d++)
    p->events[until(p, c->day_time[d]) - 1] += c->day_events[d];
  for (size_t i = 0; i < rows->n; i++) { /* first the changes from each time to the one before */
    if (!fm__cox_counts(rows, i))
      continue;
    double count = rows->count != NULL ? (double)rows->count[i] : 1;
    size_t to = until(p, rows->time[i]);
    size_t from = rows->entry != NULL && rows->entry[i] > 0 ? until(p, rows->entry[i]) : 0;
    bool on = to > 0 && p->times[to - 1] == (uint64_t)rows->time[i];
    if (on)
      p->same[to - 1] += count;
    p->before[to] += on ? 0 : count;
    if (to > from) {
      p->risk[to - 1] += count;
      if (from > 0)
        p->risk[from - 1] -= count;
    }
  }
  for (size_t k = p->n; k-- > 1;)
    p->risk[k - 1] += p->risk[k];
  return FM_OK;
}

/* g at each pooled time. */
static void transform_times(double *g, const pooled *p, int32_t transform)
{
  double survival = 1, before = 0;
  for (size_t k = 0; k < p->n; k++) {
    double t = (double)p->times[k];
    switch (transform) {
    case FM__COX_KM:
      g[k] = 1 - survival;
      survival *= (p->risk[k] - p->events[k]) / p->risk[k];
      break;
    case FM__COX_LOG:
      g[k] = t > 0 ? fm__log(t) : NAN;
      break;
    case FM__COX_RANK:
      before += p->before[k];
      g[k] = before + (p->same[k] + 1) / 2;
      before += p->same[k];
      break;
    default:
      g[k] = t;
    }
  }
}

/* g of each day, less its mean over events, and divided by its largest size; false when g has no value. */
static fm_status make_g(double *g, bool *valid, const fm__cox *c, const fm__cox_rows *rows, int32_t transform,
                        fm_error *err)
{
  pooled p = {.n = 0};
  double *of = fm__array(c->n_days, sizeof *of), total = 0, sum = 0, largest = 0;
  fm_status status = of != NULL ? pool(&p, c, rows, err) : fm__no_memory(err);
  if (status == FM_OK) {
    transform_times(of, &p, transform);
    for (size_t k = 0; k < p.n; k++) {
      sum += of[k] * p.events[k];
      total += p.events[k];
    }
    for (size_t d = 0; d < c->n_days; d++) {
      g[d] = of[until(&p, c->day_time[d]) - 1] - sum / total;
      largest = fabs(g[d]) <= largest ? largest : fabs(g[d]);
    }
    *valid = largest > 0 && largest < INFINITY;
    for (size_t d = 0; d < c->n_days && *valid; d++)
      g[d] /= largest;
  }
  fm__free(of);
  pooled_free(&p);
  return status;
}

/* ---- the test ---- */

typedef struct parts {
  double *g, *squared, *u, *cross, *own, *factor, *column;
} parts;

static void slopes(double *u, const fm__cox_point *q, const double *g)
{
  const fm__cox *c = q->c;
  for (size_t d = 0; d < c->n_days; d++)
    for (size_t j = 0; j < c->p; j++) {
      double sum = 0;
      for (size_t i = c->cell[2 * d + 1]; i < c->cell[2 * d + 2]; i++)
        sum += c->weight[i] * fm__cox_block(c, i / FM__COX_BLOCK)[j * FM__COX_BLOCK + i % FM__COX_BLOCK];
      u[j] += g[d] * (sum - c->day_weight[d] * q->mean[d * c->wide + j]);
    }
}

/* own -= cross info^-1 cross: what is known of the slopes when the coefficients are not. */
static void reduce(parts *s, const fm__cox_point *q)
{
  size_t p = q->c->p, wide = q->c->wide;
  memcpy(s->factor, q->info, wide * wide * sizeof(double));
  fm__cholesky(s->factor, wide, 1e-14);
  for (size_t j = 0; j < p; j++) {
    memcpy(s->column, s->cross + j * wide, wide * sizeof(double));
    fm__cholesky_solve(s->factor, wide, s->column);
    for (size_t k = 0; k < p; k++)
      for (size_t i = 0; i < p; i++)
        s->own[k * wide + j] -= s->cross[k * wide + i] * s->column[i];
  }
}

static void statistics(double *statistic, parts *s, const fm__cox_point *q)
{
  size_t p = q->c->p, wide = q->c->wide;
  for (size_t j = 0; j < p; j++) {
    double own = s->own[j * wide + j];
    statistic[j] = own > 0 ? s->u[j] * s->u[j] / own * fm__cox_unit(q->c) : NAN;
  }
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; k < p; k++)
      s->factor[j * p + k] = s->own[j * wide + k];
  memcpy(s->column, s->u, p * sizeof(double));
  if (fm__cholesky(s->factor, p, 1e-12) < p)
    return;
  fm__cholesky_solve(s->factor, p, s->column);
  statistic[p] = 0;
  for (size_t j = 0; j < p; j++)
    statistic[p] += s->u[j] * s->column[j] * fm__cox_unit(q->c);
}

fm_status fm__cox_proportional(double *statistic, const fm__cox_point *q, const fm__cox_rows *rows, int32_t transform,
                               const fm_run *run, fm_error *err)
{
  const fm__cox *c = q->c;
  size_t square = c->wide * c->wide;
  parts s = {fm__array(c->n_days, sizeof(double)), fm__array(c->n_days, sizeof(double)),
             fm__array(c->wide, sizeof(double)),   fm__array(square, sizeof(double)),
             fm__array(square, sizeof(double)),    fm__array(square, sizeof(double)),
             fm__array(c->wide, sizeof(double))};
  bool valid = false;
  for (size_t j = 0; j <= c->p; j++)
    statistic[j] = NAN;
  bool made = s.g != NULL && s.squared != NULL && s.u != NULL && s.cross != NULL && s.own != NULL && s.factor != NULL &&
              s.column != NULL;
  fm_status status = made ? make_g(s.g, &valid, c, rows, transform, err) : fm__no_memory(err);
  if (status == FM_OK && valid) {
    for (size_t d = 0; d < c->n_days; d++)
      s.squared[d] = s.g[d] * s.g[d];
    slopes(s.u, q, s.g);
    status = fm__cox_weighted_info(s.cross, q, s.g, run, err);
    if (status == FM_OK)
      status = fm__cox_weighted_info(s.own, q, s.squared, run, err);
    if (status == FM_OK) {
      reduce(&s, q);
      statistics(statistic, &s, q);
    }
  }
  double *const all[] = {s.g, s.squared, s.u, s.cross, s.own, s.factor, s.column};
  for (size_t k = 0; k < FM__COUNT(all); k++)
    fm__free(all[k]);
  return status;
}
