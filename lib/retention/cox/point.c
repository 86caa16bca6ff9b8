/* The partial likelihood, its derivatives and what follows at one set of coefficients.
 *
 * Efron's terms of a day with m events, l = 0 .. m - 1, f = l / m: c_l = S0 - f D0, where S are sums of risk * (1, x)
 * over all at risk and D over the events. With q = 1 / c_l five sums over l are all that a day needs (Breslow: f = 0).
 */
#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "num/special_priv.h"
#include "retention/cox/kernel_priv.h"

fm_status fm__cox_point_create(fm__cox_point *q, const fm__cox *c, fm_error *err)
{
  size_t row = c->wide + 1, square = c->wide * c->wide, chunks = c->n_blocks / FM__COX_CHUNK + 1, days = c->n_days;
  *q = (fm__cox_point){.c = c};
  q->beta = fm__array(c->wide, sizeof(double));
  q->score = fm__array(c->wide, sizeof(double));
  q->info = fm__array(square, sizeof(double));
  q->gram = fm__array(chunks * square, sizeof(double));
  q->risk = fm__many(c->n_blocks * FM__COX_BLOCK, sizeof(double));
  q->sums = fm__array((2 * days + chunks) * row, sizeof(double));
  q->late = fm__array(c->from != NULL ? days * row : 0, sizeof(double));
  q->hazard = fm__array(days, sizeof(double));
  q->own = fm__array(days, sizeof(double));
  q->until = fm__array(days, sizeof(double));
  q->until_own = fm__array(days, sizeof(double));
  q->squares = fm__array(days, sizeof(double));
  bool made = q->beta != NULL && q->score != NULL && q->info != NULL && q->gram != NULL && q->risk != NULL &&
              q->sums != NULL && q->late != NULL && q->hazard != NULL && q->own != NULL && q->until != NULL &&
              q->until_own != NULL && q->squares != NULL;
  if (made)
    return FM_OK;
  fm__cox_point_free(q);
  return fm__no_memory(err);
}

void fm__cox_point_free(fm__cox_point *q)
{
  double *const all[] = {q->beta,  q->score,     q->info,    q->risk, q->sums,  q->late,      q->hazard, q->own,
                         q->until, q->until_own, q->squares, q->mean, q->moved, q->moved_own, q->gram};
  for (size_t k = 0; k < FM__COUNT(all); k++)
    fm__free(all[k]);
  *q = (fm__cox_point){.c = NULL};
}

/* ---- first pass: risks and their sums by cell ---- */

typedef struct pass {
  fm__cox_point *q;
  const fm__cox_kernel *kernel;
  const double *until, *until_own; /* second pass: what weighs a row's square */
  double *head;                    /* first pass: sums of a chunk's first cell, when it began in an earlier chunk */
} pass;

static size_t cell_of(const fm__cox *c, size_t row)
{
  size_t low = 0, high = 2 * c->n_days;
  while (high - low > 1) { /* cell[low] <= row < cell[high] */
    size_t middle = low + (high - low) / 2;
    if (c->cell[middle] <= row)
      low = middle;
    else
      high = middle;
  }
  return low;
}

static size_t last_row(const fm__cox *c, size_t chunk)
{
  size_t end = (chunk + 1) * FM__COX_CHUNK * FM__COX_BLOCK;
  return end < c->n ? end : c->n;
}

static fm_status sum_chunk(void *context, size_t chunk)
{
  const pass *p = context;
  fm__cox_point *q = p->q;
  const fm__cox *c = q->c;
  size_t row = chunk * FM__COX_CHUNK * FM__COX_BLOCK, end = last_row(c, chunk), wide = c->wide;
  size_t cell = cell_of(c, row);
  bool shared = c->cell[cell] < row;
  double *head = p->head + chunk * (wide + 1);
  bool at_zero = true;
  for (size_t j = 0; j < wide; j++)
    at_zero &= q->beta[j] == 0;
  for (size_t k = cell + shared; k < 2 * c->n_days && c->cell[k] < end; k++)
    memset(q->sums + k * (wide + 1), 0, (wide + 1) * sizeof(double));
  memset(head, 0, (wide + 1) * sizeof(double));
  for (size_t block = row / FM__COX_BLOCK; row < end; block++) {
    const double *x = fm__cox_block(c, block);
    size_t start = block * FM__COX_BLOCK, stop = start + FM__COX_BLOCK < end ? start + FM__COX_BLOCK : end;
    if (at_zero) {
      memcpy(q->risk + start, c->weight + start, FM__COX_BLOCK * sizeof(double));
      fm__cox_fetch(c, block + 1);
    } else
      p->kernel->risk(q->risk + start, x, c->weight + start, q->beta, wide);
    while (row < stop) {
      size_t before = cell, to = fm__cox_piece(c, &cell, row, stop);
      shared &= cell == before;
      p->kernel->add(shared ? head : q->sums + cell * (wide + 1), x, q->risk + start, row - start, to - start, wide);
      row = to;
    }
  }
  return FM_OK;
}

/* Sums of risk * (1, x) over the rows that enter after a day, at their last day before. */
static void sum_late(fm__cox_point *q)
{
  const fm__cox *c = q->c;
  size_t row = c->wide + 1;
  memset(q->late, 0, c->n_days * row * sizeof(double));
  for (size_t i = 0; i < c->n; i++) {
    if (c->from[i] == 0)
      continue;
    const double *x = fm__cox_block(c, i / FM__COX_BLOCK) + i % FM__COX_BLOCK;
    double *to = q->late + (c->from[i] - 1) * row, r = q->risk[i];
    to[0] += r;
    for (size_t j = 0; j < c->p; j++)
      to[1 + j] += r * x[j * FM__COX_BLOCK];
  }
}

static fm_status sum_rows(pass *p, const fm_run *run, fm_error *err)
{
  fm__cox_point *q = p->q;
  const fm__cox *c = q->c;
  size_t chunks = (c->n_blocks + FM__COX_CHUNK - 1) / FM__COX_CHUNK, row = c->wide + 1;
  p->head = q->sums + 2 * c->n_days * row;
  fm_status status = fm__run_tasks(run, sum_chunk, p, chunks, err);
  for (size_t chunk = 1; status == FM_OK && chunk < chunks; chunk++) {
    double *to = q->sums + cell_of(c, chunk * FM__COX_CHUNK * FM__COX_BLOCK) * row;
    for (size_t j = 0; j < row; j++) /* 0 unless the cell began before */
      to[j] += p->head[chunk * row + j];
  }
  if (status == FM_OK && c->from != NULL)
    sum_late(q);
  return status;
}

/* ---- days ---- */

/* Sums over the events of a day of 1, f, 1 times q and 1, f, f^2 times q^2, and of the logs of c / S0. */
typedef struct tied {
  double q, fq, qq, fqq, ffqq, logs;
} tied;

static tied ties_of(double risk, double events, double m, bool breslow)
{
  double q = 1 / risk, share = events / risk, product = 1;
  tied t = {0, 0, 0, 0, 0, 0};
  if (breslow || m == 1)
    return (tied){m * q, 0, m * q * q, 0, 0, 0};
  for (double l = 0; l < m; l++) {
    double f = l / m, part = 1 - f * share, v = q / part, fv = f * v;
    product *= part;
    t.q += v;
    t.fq += fv;
    t.qq += v * v;
    t.fqq += fv * v;
    t.ffqq += fv * fv;
    if (product < 0x1p-900) {
      t.logs += fm__log(product);
      product = 1;
    }
  }
  t.logs += fm__log(product);
  return t;
}

typedef struct day {
  const double *s, *e; /* sums over all at risk; over the events */
  double weight;       /* of an event, on average */
  tied t;
} day;

static void add_day(fm__cox_point *q, size_t d, const day *y)
{
  size_t wide = q->c->wide;
  const tied *t = &y->t;
  double w = y->weight, m = q->c->day_events[d], factor = q->day_factor != NULL ? q->day_factor[d] : 1;
  q->loglik -= w * (m * fm__log(y->s[0]) + t->logs);
  q->hazard[d] = w * t->q;
  q->own[d] = w * (t->q - t->fq);
  q->squares[d] = w * t->qq;
  for (size_t j = 0; j < wide; j++) {
    double sj = y->s[1 + j], ej = y->e[1 + j];
    q->score[j] -= w * (sj * t->q - ej * t->fq);
    double a = w * (t->qq * sj - t->fqq * ej), b = w * (t->fqq * sj - t->ffqq * ej);
    for (size_t k = 0; k <= j; k++)
      q->info[j * wide + k] -= factor * (a * y->s[1 + k] - b * y->e[1 + k]);
  }
  if (q->mean == NULL)
    return;
  for (size_t j = 0; j < wide; j++) {
    double sj = y->s[1 + j], ej = y->e[1 + j];
    q->mean[d * wide + j] = (sj * t->q - ej * t->fq) / m;
    q->moved[d * wide + j] = w * (t->qq * sj - t->fqq * ej);
    q->moved_own[d * wide + j] = w * ((t->qq - t->fqq) * sj - (t->fqq - t->ffqq) * ej);
  }
}

/* Sums over all at risk run from the last day back, in two doubles, so that what leaves takes nothing with it. */
static void walk_back(fm__cox_point *q, size_t stratum, fm__dd *at_risk, double *s)
{
  const fm__cox *c = q->c;
  size_t row = c->wide + 1;
  memset(at_risk, 0, row * sizeof *at_risk);
  for (size_t d = c->first[stratum + 1]; d-- > c->first[stratum];) {
    const double *ends = q->sums + 2 * d * row, *events = ends + row;
    for (size_t j = 0; j < row; j++) {
      fm__dd v = fm__dd_sum(at_risk[j].hi, ends[j]);
      fm__dd w = fm__dd_sum(v.hi, events[j]);
      double rest = at_risk[j].lo + v.lo + w.lo;
      if (c->from != NULL) {
        w = fm__dd_sum(w.hi, -q->late[d * row + j]);
        rest += w.lo;
      }
      at_risk[j] = fm__dd_fast_sum(w.hi, rest);
      s[j] = at_risk[j].hi;
    }
    s[0] = s[0] > events[0] ? s[0] : events[0]; /* rounding leaves nobody less than the events */
    day y = {.s = s, .e = events, .weight = c->day_weight[d] / c->day_events[d]};
    y.t = ties_of(s[0], events[0], c->day_events[d], c->breslow);
    add_day(q, d, &y);
  }
}

static void add_up(fm__cox_point *q, size_t stratum)
{
  const fm__cox *c = q->c;
  double sum = 0;
  for (size_t d = c->first[stratum]; d < c->first[stratum + 1]; d++) {
    q->until_own[d] = sum + q->own[d];
    sum += q->hazard[d];
    q->until[d] = sum;
  }
}

/* ---- second pass: one weighted Gram matrix ---- */

static fm_status gram_chunk(void *context, size_t chunk)
{
  const pass *p = context;
  const fm__cox_point *q = p->q;
  const fm__cox *c = q->c;
  size_t row = chunk * FM__COX_CHUNK * FM__COX_BLOCK, end = last_row(c, chunk), wide = c->wide, cell = cell_of(c, row);
  double g[FM__COX_BLOCK], *out = q->gram + chunk * wide * wide;
  memset(out, 0, wide * wide * sizeof(double));
  while (row < end) {
    size_t start = row, stop = start + FM__COX_BLOCK < end ? start + FM__COX_BLOCK : end;
    while (row < stop) {
      size_t to = fm__cox_piece(c, &cell, row, stop);
      double factor = (cell & 1) != 0 ? p->until_own[cell / 2] : p->until[cell / 2];
      for (; row < to; row++)
        g[row - start] = q->risk[row] * factor;
    }
    if (c->from != NULL)
      for (size_t i = start; i < stop; i++)
        if (c->from[i] != 0)
          g[i - start] -= q->risk[i] * p->until[c->from[i] - 1];
    for (size_t i = stop; i < start + FM__COX_BLOCK; i++)
      g[i - start] = 0;
    p->kernel->gram(out, fm__cox_block(c, start / FM__COX_BLOCK), g, wide);
  }
  return FM_OK;
}

/* Adds the Gram matrix to the lower half of `info` and copies it to the upper. */
static fm_status add_gram(double *info, const pass *p, const fm_run *run, fm_error *err)
{
  const fm__cox *c = p->q->c;
  size_t chunks = (c->n_blocks + FM__COX_CHUNK - 1) / FM__COX_CHUNK, wide = c->wide;
  pass again = *p;
  fm_status status = fm__run_tasks(run, gram_chunk, &again, chunks, err);
  for (size_t j = 0; status == FM_OK && j < wide; j++)
    for (size_t k = 0; k <= j; k++) {
      double sum = 0;
      for (size_t chunk = 0; chunk < chunks; chunk++)
        sum += p->q->gram[chunk * wide * wide + j * wide + k];
      info[j * wide + k] += sum;
      info[k * wide + j] = info[j * wide + k];
    }
  return status;
}

fm_status fm__cox_evaluate(fm__cox_point *q, const fm_run *run, fm_error *err)
{
  const fm__cox *c = q->c;
  pass p = {q, fm__cox_kernel_best(), q->until, q->until_own, NULL};
  fm__dd *at_risk = fm__array(c->wide + 1, sizeof *at_risk);
  double *s = fm__array(c->wide + 1, sizeof *s);
  fm_status status = at_risk != NULL && s != NULL ? sum_rows(&p, run, err) : fm__no_memory(err);
  if (status == FM_OK) {
    q->loglik = 0;
    for (size_t j = 0; j < c->wide; j++) {
      q->score[j] = c->event_x[j];
      q->loglik += q->beta[j] * c->event_x[j];
    }
    memset(q->info, 0, c->wide * c->wide * sizeof(double));
    for (size_t k = 0; k < c->n_strata; k++) {
      walk_back(q, k, at_risk, s);
      add_up(q, k);
    }
    status = add_gram(q->info, &p, run, err);
  }
  fm__free(at_risk);
  fm__free(s);
  return status;
}

/* Walks the days again with the same results, but for a score and an information matrix of its own. */
static fm_status walk_again(fm__cox_point *again, const fm__cox_point *q, double *info, fm_error *err)
{
  const fm__cox *c = q->c;
  fm__dd *at_risk = fm__array(c->wide + 1, sizeof *at_risk);
  double *s = fm__array(c->wide + 1, sizeof *s), *score = fm__array(c->wide, sizeof *score);
  bool made = at_risk != NULL && s != NULL && score != NULL;
  again->info = info;
  again->score = score;
  for (size_t k = 0; made && k < c->n_strata; k++)
    walk_back(again, k, at_risk, s);
  fm__free(at_risk);
  fm__free(s);
  fm__free(score);
  return made ? FM_OK : fm__no_memory(err);
}

fm_status fm__cox_means(fm__cox_point *q, fm_error *err)
{
  const fm__cox *c = q->c;
  size_t wide = c->wide, all = c->n_days * wide;
  if (q->mean == NULL)
    q->mean = fm__array(all, sizeof(double));
  if (q->moved == NULL)
    q->moved = fm__array(all, sizeof(double));
  if (q->moved_own == NULL)
    q->moved_own = fm__array(all, sizeof(double));
  double *info = fm__array(wide * wide, sizeof *info);
  if (q->mean == NULL || q->moved == NULL || q->moved_own == NULL || info == NULL) {
    fm__free(info);
    return fm__no_memory(err);
  }
  fm__cox_point again = *q;
  fm_status status = walk_again(&again, q, info, err);
  for (size_t k = 0; status == FM_OK && k < c->n_strata; k++)
    for (size_t d = c->first[k] + 1; d < c->first[k + 1]; d++)
      for (size_t j = 0; j < wide; j++) {
        double before = q->moved[(d - 1) * wide + j];
        q->moved_own[d * wide + j] += before;
        q->moved[d * wide + j] += before;
      }
  fm__free(info);
  return status;
}

/* ---- sums of variance matrices with a weight a day ---- */

static void weigh_days(double *until, double *until_own, const fm__cox_point *q, const double *g)
{
  const fm__cox *c = q->c;
  for (size_t k = 0; k < c->n_strata; k++) {
    double sum = 0;
    for (size_t d = c->first[k]; d < c->first[k + 1]; d++) {
      until_own[d] = sum + g[d] * q->own[d];
      sum += g[d] * q->hazard[d];
      until[d] = sum;
    }
  }
}

fm_status fm__cox_weighted_info(double *out, const fm__cox_point *q, const double *g, const fm_run *run, fm_error *err)
{
  const fm__cox *c = q->c;
  double *until = fm__array(c->n_days, sizeof *until), *until_own = fm__array(c->n_days, sizeof *until_own);
  fm_status status = until != NULL && until_own != NULL ? FM_OK : fm__no_memory(err);
  if (status == FM_OK) {
    fm__cox_point again = *q;
    again.mean = NULL;
    again.day_factor = g;
    memset(out, 0, c->wide * c->wide * sizeof(double));
    status = walk_again(&again, q, out, err);
  }
  if (status == FM_OK) {
    weigh_days(until, until_own, q, g);
    fm__cox_point copy = *q;
    pass p = {&copy, fm__cox_kernel_best(), until, until_own, NULL};
    status = add_gram(out, &p, run, err);
  }
  fm__free(until);
  fm__free(until_own);
  return status;
}
