/* Hiding further cells of one table: which cells may be, what each must leave open, and the search. */
#include <math.h>
#include <string.h>

#include "disclose/cover_priv.h"
#include "disclose/linked_priv.h"
#include "disclose/list_priv.h"

enum { MOST_CELLS = 2500, MOST_VALUES = 1000000 };
#define MOST_PEOPLE INT64_C(9000000000000000)

static const fm_disclose_protect_spec defaults = FM_DISCLOSE_PROTECT_SPEC_INIT;

void fm_disclose_protect_spec_init(fm_disclose_protect_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

typedef struct task {
  fm__cover c;
  const fm_disclose_protect_spec *spec;
  const int64_t *counts;
  uint8_t *hidden;
  bool is_list;
} task;

static bool is_structural(const task *t, size_t i)
{
  return t->spec->structural != NULL && t->spec->structural[i] != 0;
}

static fm_status check_spec(const fm_disclose_protect_spec *s, fm_error *err)
{
  if (s->threshold < 1 || s->threshold > MOST_VALUES)
    return fm__fail(err, FM_ERR_ARGUMENT, "threshold: expected a whole number from 1 to %d", MOST_VALUES);
  if (s->n_values < 0 || s->n_values == 1 || s->n_values > MOST_VALUES)
    return fm__fail(err, FM_ERR_ARGUMENT, "n_values: expected 0 or a whole number from 2 to %d", MOST_VALUES);
  if (s->floor < FM_DISCLOSE_FLOOR_AUTO || s->floor > 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "floor: expected -1, 0 or 1");
  if (s->objective != FM_DISCLOSE_CELLS && s->objective != FM_DISCLOSE_SUM)
    return fm__fail(err, FM_ERR_ARGUMENT, "objective: expected FM_DISCLOSE_CELLS or FM_DISCLOSE_SUM");
  if (s->effort < 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "effort: expected a whole number from 0");
  return FM_OK;
}

fm_status fm__protect_spec(fm_disclose_protect_spec *out, const fm_disclose_protect_spec *spec, fm_error *err)
{
  *out = defaults;
  fm_status status = fm__spec_take(out, sizeof *out, spec, "fm_disclose_protect_spec", err);
  return status == FM_OK ? check_spec(out, err) : status;
}

static fm_status check_counts(const task *t, fm_error *err)
{
  int64_t sum = 0;
  for (size_t i = 0; i < t->c.net.n; i++) {
    if (t->counts[i] < 0)
      return fm__fail(err, FM_ERR_ARGUMENT, "count %zu is negative", i);
    if (t->counts[i] > MOST_PEOPLE - sum)
      return fm__fail(err, FM_ERR_ARGUMENT, "counts: expected at most 9e15 in all");
    sum += t->counts[i];
    if (is_structural(t, i) && t->counts[i] != 0)
      return fm__fail(err, FM_ERR_ARGUMENT, "structural: count %zu is not 0", i);
    if (t->spec->floor == 1 && t->hidden[i] != 0 && t->counts[i] == 0 && !is_structural(t, i))
      return fm__fail(err, FM_ERR_ARGUMENT, "floor: 1, but count %zu is a hidden 0", i);
  }
  return FM_OK;
}

static bool hides_zero(const task *t)
{
  for (size_t i = 0; i < t->c.net.n; i++)
    if (t->hidden[i] != 0 && t->counts[i] == 0 && !is_structural(t, i))
      return true;
  return false;
}

/* What each cell may become, and what the small ones must leave open. */
static void describe(task *t, int64_t floor, bool zeros)
{
  fm__net *net = &t->c.net;
  int64_t least = t->spec->n_values > 0 ? t->spec->n_values : t->spec->threshold;
  net->width = (double)(least - 1);
  net->n_small = 0;
  for (size_t i = 0; i < net->n; i++) {
    int64_t count = t->counts[i];
    bool is_small = count > 0 && count < t->spec->threshold;
    net->fall[i] = (double)(count > floor ? count - floor : 0);
    net->kind[i] = FM__FREE;
    if (is_structural(t, i) || (count == 0 && !zeros))
      net->kind[i] = FM__SHOWN;
    if ((t->hidden[i] != 0 && !is_structural(t, i)) || is_small)
      net->kind[i] = FM__HIDDEN;
    t->c.cost[i] = net->kind[i] != FM__FREE                             ? 0
                   : t->spec->objective == FM_DISCLOSE_SUM && count > 1 ? (double)count
                                                                        : 1;
    if (!is_small)
      continue;
    double up = t->spec->reaches_threshold != 0 ? (double)(t->spec->threshold - count) : 0;
    double others = net->width - net->fall[i]; /* what it cannot fall it must rise */
    net->reach[net->n_small] = up > others ? up : others;
    net->small[net->n_small++] = i;
  }
}

static bool any_small(const task *t)
{
  for (size_t i = 0; i < t->c.net.n; i++)
    if (t->counts[i] > 0 && t->counts[i] < t->spec->threshold)
      return true;
  return false;
}

static bool can_hold(task *t)
{
  if (t->is_list)
    return fm__list_can_hold(&t->c);
  for (size_t i = 0; i < t->c.net.n; i++)
    t->c.trial[i] = t->c.net.kind[i] != FM__SHOWN;
  t->c.doubtful = SIZE_MAX;
  return fm__cover_holds(&t->c, t->c.trial);
}

/* Is there a safe pattern, with zeros shown if that will do? Leaves the table described for it. */
static bool find_way(task *t)
{
  bool lost = hides_zero(t);
  int64_t floor = t->spec->floor >= 0 ? t->spec->floor : !lost;
  describe(t, floor, false);
  if (can_hold(t))
    return true;
  if (t->spec->hides_zeros == 0 || t->spec->floor == 1)
    return false;
  t->c.needs_zero = floor == 1;
  describe(t, 0, true);
  return can_hold(t);
}

/* Each row that holds a single hidden cell needs another: rows do not overlap, nor do columns. */
static double simple_bound(const fm__cover *c)
{
  const fm__net *t = &c->net;
  double sums[2] = {0, 0};
  for (size_t way = 0; way < 2; way++) {
    size_t lines = way == 0 ? t->n_rows : t->n_columns, across = way == 0 ? t->n_columns : t->n_rows;
    for (size_t i = 0; i < lines; i++) {
      size_t n_hidden = 0;
      double least = INFINITY;
      for (size_t j = 0; j < across; j++) {
        size_t cell = way == 0 ? i * t->n_columns + j : j * t->n_columns + i;
        n_hidden += t->kind[cell] == FM__HIDDEN;
        if (t->kind[cell] == FM__FREE && c->cost[cell] < least)
          least = c->cost[cell];
      }
      bool is_small = false;
      for (size_t k = 0; k < t->n_small; k++)
        is_small = is_small || (way == 0 ? t->small[k] / t->n_columns : t->small[k] % t->n_columns) == i;
      sums[way] += n_hidden == 1 && is_small ? least : 0;
    }
  }
  return sums[0] > sums[1] ? sums[0] : sums[1];
}

static fm_status search(task *t, fm_error *err)
{
  fm__cover *c = &t->c;
  if (t->is_list)
    return fm__list_search(c, err);
  bool programs = c->net.n <= MOST_CELLS;
  fm_status status = fm__cover_ready(c, programs, err);
  if (status != FM_OK)
    return status;
  for (size_t i = 0; i < c->net.n; i++)
    c->trial[i] = c->net.kind[i] != FM__SHOWN;
  fm__cover_keep(c, c->trial);
  (void)fm__cover_patch(c, NULL);
  c->bound = simple_bound(c);
  return programs ? fm__cover_search(c, err) : FM_OK;
}

static void report(const task *t, fm_disclose_protected *out)
{
  const fm__cover *c = &t->c;
  for (size_t i = 0; i < c->net.n; i++) {
    bool was = t->hidden[i] != 0, is_small = t->counts[i] > 0 && t->counts[i] < t->spec->threshold;
    out->n_small += is_small;
    if (!was && (out->safe == 0 ? !is_structural(t, i) : c->best[i] != 0)) {
      t->hidden[i] = 1;
      out->n_further += !is_small;
      out->sum_further += is_small ? 0 : t->counts[i];
    }
  }
  if (out->safe == 0)
    return;
  out->optimal = c->bound >= c->best_cost;
  out->reached = (int64_t)c->best_cost;
  out->lower_bound = (int64_t)(out->optimal != 0 ? c->best_cost : c->bound);
}

fm_status fm_disclose_protect(fm_disclose_protected *out, uint8_t *hidden, const int64_t *counts, size_t n_rows,
                              size_t n_columns, const fm_disclose_protect_spec *spec, fm_error *err)
{
  fm_disclose_protect_spec s;
  fm_disclose_protected found = {.struct_size = out->struct_size};
  task t = {.spec = &s, .counts = counts, .hidden = hidden, .is_list = n_rows == 1 || n_columns == 1};
  if (out->struct_size < sizeof(size_t) || out->struct_size > sizeof *out)
    return fm__fail(err, FM_ERR_ARGUMENT, "out: expected struct_size of fm_disclose_protected");
  fm_status status = fm__protect_spec(&s, spec, err);
  if (status != FM_OK)
    return status;
  status = fm__cover_open(&t.c, n_rows, n_columns, err);
  if (status != FM_OK)
    return status;
  t.c.counts = counts;
  t.c.effort = (uint64_t)s.effort;
  status = check_counts(&t, err);
  if (status == FM_OK && any_small(&t)) {
    found.safe = find_way(&t);
    status = found.safe != 0 ? search(&t, err) : FM_OK;
  } else {
    found.safe = 1;
    t.c.best_cost = 0;
  }
  if (status == FM_OK) {
    report(&t, &found);
    memcpy(out, &found, out->struct_size);
  }
  fm__cover_close(&t.c);
  return status;
}
