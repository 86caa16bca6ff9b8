/* Cuts of the table as rows of a linear program, and what its duals prove. */
#include "disclose/cover_priv.h"

#include <math.h>
#include <string.h>

enum { ROWS = 700, NEW_CUTS = 60 };
#define BROKEN 0.01 /* how far a cut must be broken to be worth a row */

fm_status fm__cover_open(fm__cover *c, size_t n_rows, size_t n_columns, fm_error *err)
{
  *c = (fm__cover){.best_cost = INFINITY};
  fm_status status = fm__net_open(&c->net, n_rows, n_columns, err);
  if (status != FM_OK)
    return status;
  size_t n = c->net.n, nodes = n_rows + n_columns;
  c->cost = fm__array(n, sizeof *c->cost);
  c->cell = fm__array(n, sizeof *c->cell);
  c->column = fm__array(n, sizeof *c->column);
  c->cut.cell = fm__array(n, sizeof *c->cut.cell);
  c->cut.coefficient = fm__array(n, sizeof *c->cut.coefficient);
  c->price = fm__array(n, sizeof *c->price);
  c->far = fm__array(nodes, sizeof *c->far);
  c->order = fm__array(n, sizeof *c->order);
  c->back = fm__array(nodes, sizeof *c->back);
  c->done = fm__array(nodes, 1);
  c->best = fm__array(n, 1);
  c->trial = fm__array(n, 1);
  if (c->cost != NULL && c->cell != NULL && c->column != NULL && c->cut.cell != NULL && c->cut.coefficient != NULL &&
      c->price != NULL && c->far != NULL && c->order != NULL && c->back != NULL && c->done != NULL && c->best != NULL &&
      c->trial != NULL)
    return FM_OK;
  fm__cover_close(c);
  return fm__no_memory(err);
}

void fm__cover_close(fm__cover *c)
{
  void *const all[] = {c->cost,      c->cell,      c->column,         c->cut.cell,    c->cut.coefficient,
                       c->price,     c->far,       c->order,          c->back,        c->done,
                       c->best,      c->trial,     c->pool.start,     c->pool.column, c->pool.coefficient,
                       c->pool.need, c->pool.hash, c->pool.in_program};
  for (size_t k = 0; k < FM__COUNT(all); k++)
    fm__free(all[k]);
  fm__lp_close(&c->lp);
  fm__net_close(&c->net);
  *c = (fm__cover){0};
}

uint64_t fm__cover_work(const fm__cover *c)
{
  return c->lp.work + 4 * c->net.work; /* steps in a graph are slower than those in rows */
}

fm_status fm__cover_ready(fm__cover *c, bool programs, fm_error *err)
{
  int64_t most = 1;
  c->n_free = 0;
  for (size_t i = 0; i < c->net.n; i++) {
    c->column[i] = c->n_free;
    if (c->net.kind[i] == FM__FREE)
      c->cell[c->n_free++] = i;
    most = c->counts[i] > most ? c->counts[i] : most;
  }
  if (!programs)
    return FM_OK;
  fm_status status = fm__lp_open(&c->lp, c->n_free, ROWS, err);
  if (status != FM_OK)
    return status;
  /* A little less than the true cost, each by another little: fewer ties, and duals that hold for the true cost, too.
   */
  for (size_t j = 0; j < c->n_free; j++) {
    double few = 1 - (double)c->counts[c->cell[j]] / (double)most;
    double less = 1e-4 * few + 1e-5 * ((double)(j * 7919 % 1009) / 1009);
    c->price[j] = c->cost[c->cell[j]] * (1 - less);
  }
  fm__lp_objective(&c->lp, c->price);
  return FM_OK;
}

static uint64_t hash_of(const fm__cover *c)
{
  uint64_t h = fm__hash(c->cut.cell, c->cut.n_terms * sizeof *c->cut.cell).low;
  return h ^ fm__hash(c->cut.coefficient, c->cut.n_terms * sizeof *c->cut.coefficient).high;
}

static bool make_room(fm__pool *p, size_t n_terms)
{
  return fm__grow((void **)&p->column, &p->space, p->used + n_terms, sizeof *p->column);
}

/* Numbers of a cut that is not in the pool yet; SIZE_MAX when out of memory. */
static size_t pool_add(fm__cover *c, uint64_t hash)
{
  fm__pool *p = &c->pool;
  size_t terms = p->space, a = p->room, b = p->room, d = p->room;
  if (!make_room(p, c->cut.n_terms))
    return SIZE_MAX;
  if (!fm__grow((void **)&p->coefficient, &terms, p->used + c->cut.n_terms, sizeof *p->coefficient) ||
      !fm__grow((void **)&p->start, &a, p->n + 2, sizeof *p->start) ||
      !fm__grow((void **)&p->need, &b, p->n + 2, sizeof *p->need) ||
      !fm__grow((void **)&p->hash, &d, p->n + 2, sizeof *p->hash) ||
      !fm__grow((void **)&p->in_program, &p->room, p->n + 2, 1))
    return SIZE_MAX;
  for (size_t k = 0; k < c->cut.n_terms; k++) {
    p->column[p->used + k] = c->column[c->cut.cell[k]];
    p->coefficient[p->used + k] = c->cut.coefficient[k] / c->cut.need;
  }
  p->start[p->n] = p->used;
  p->used += c->cut.n_terms;
  p->start[p->n + 1] = p->used;
  p->need[p->n] = c->cut.need;
  p->hash[p->n] = hash;
  p->in_program[p->n] = 0;
  return p->n++;
}

void fm__cover_drop(fm__cover *c, double slack)
{
  fm__lp_drop(&c->lp, slack);
  memset(c->pool.in_program, 0, c->pool.n);
  for (size_t k = 0; k < c->lp.m; k++)
    c->pool.in_program[c->lp.tag[k]] = 1;
}

/* 1 added, 0 was there, -1 out of memory. */
static int take_cut(fm__cover *c)
{
  fm__pool *p = &c->pool;
  uint64_t hash = hash_of(c);
  size_t at = 0;
  while (at < p->n && p->hash[at] != hash)
    at++;
  if (at == p->n)
    at = pool_add(c, hash);
  if (at == SIZE_MAX)
    return -1;
  if (p->in_program[at] != 0)
    return 0;
  if (c->lp.m == c->lp.room)
    fm__cover_drop(c, 0.05);
  if (!fm__lp_add(&c->lp, p->start[at + 1] - p->start[at], &p->column[p->start[at]], &p->coefficient[p->start[at]], 1,
                  INFINITY, at))
    return 0;
  p->in_program[at] = 1;
  return 1;
}

/* A pattern without a hidden zero does not count: their sum must be at least 1. */
static int take_zeros(fm__cover *c)
{
  c->cut.n_terms = 0;
  c->cut.need = 1;
  double sum = 0;
  for (size_t i = 0; i < c->net.n; i++)
    if (c->net.kind[i] == FM__FREE && c->counts[i] == 0) {
      c->cut.cell[c->cut.n_terms] = i;
      c->cut.coefficient[c->cut.n_terms++] = 1;
      sum += c->net.x[i];
    }
  return sum < 1 - BROKEN ? take_cut(c) : 0;
}

int64_t fm__cover_separate(fm__cover *c)
{
  fm__net *t = &c->net;
  for (size_t i = 0; i < t->n; i++) {
    double x = t->kind[i] == FM__FREE ? c->lp.value[c->column[i]] : t->kind[i] == FM__HIDDEN;
    t->x[i] = x < 1e-7 ? 0 : x > 1 - 1e-7 ? 1 : x;
  }
  fm__net_load(t);
  int64_t n = c->needs_zero ? take_zeros(c) : 0;
  for (size_t k = 0; k < t->n_small && n >= 0 && n < NEW_CUTS; k++)
    for (int demand = FM__REACH; demand <= FM__WIDTH && n >= 0; demand++) {
      int taken = fm__net_cut(t, k, demand, BROKEN, &c->cut) ? take_cut(c) : 0;
      n = taken < 0 ? -1 : n + taken;
    }
  return n;
}

/* Weak duality in whole numbers: duals rounded down to multiples of 1 / scale. All terms stay below 2^53, or nothing is
 * said. */
double fm__cover_bound(fm__cover *c)
{
  double all = 1, scale = 0x1p20, sum = 0, *left = c->price;
  for (size_t j = 0; j < c->n_free; j++)
    all += c->cost[c->cell[j]];
  while (all * scale >= 0x1p50 && scale > 1)
    scale /= 2;
  for (size_t j = 0; j < c->n_free; j++)
    left[j] = c->cost[c->cell[j]] * scale;
  for (size_t k = 0; k < c->lp.m; k++) {
    size_t cut = c->lp.tag[k], end = c->pool.start[cut + 1];
    double need = c->pool.need[cut], y = floor(fm__lp_dual(&c->lp, k) * scale / need);
    if (!(y > 0) || y * need > 0x1p52)
      continue;
    sum += y * need;
    for (size_t e = c->pool.start[cut]; e < end; e++)
      left[c->pool.column[e]] -= y * round(c->pool.coefficient[e] * need);
  }
  c->lp.work += c->pool.used;
  double magnitude = sum;
  for (size_t j = 0; j < c->n_free; j++) {
    magnitude += fabs(left[j]);
    if (c->lp.low[j] > 0)
      sum += left[j];
    else if (c->lp.high[j] > 0 && left[j] < 0)
      sum += left[j];
  }
  return magnitude < 0x1p52 && sum > 0 ? ceil(sum / scale) : 0;
}
