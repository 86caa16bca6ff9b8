/* Branch and bound: cuts first, then one cell hidden or shown at a time. */
#include <math.h>
#include <string.h>

#include "disclose/cover_priv.h"
#include "num/random_priv.h"

enum { SHAKES = 30, CROWDED = 150 };

typedef struct level {
  size_t column;
  bool second;  /* hidden was tried, now it is shown */
  double bound; /* proved for the other side */
} level;

typedef struct tree {
  fm__cover *c;
  level *levels;
  size_t depth;
  bool failed; /* out of memory */
} tree;

static bool is_whole(const fm__cover *c)
{
  for (size_t j = 0; j < c->n_free; j++)
    if (fabs(c->lp.value[j] - round(c->lp.value[j])) > 1e-6)
      return false;
  return true;
}

static bool spent(const fm__cover *c)
{
  return fm__cover_work(c) > c->effort;
}

/* The program's values by cell. */
static void guide_of(fm__cover *c, double *guide)
{
  for (size_t i = 0; i < c->net.n; i++)
    guide[i] = c->net.kind[i] == FM__FREE ? c->lp.value[c->column[i]] : c->net.kind[i] == FM__HIDDEN;
}

static void patch_here(fm__cover *c)
{
  guide_of(c, c->order);
  /* leave_out uses c->order as scratch only after the prices are set */
  (void)fm__cover_patch(c, c->order);
}

/* The best pattern with some of its cells forgotten, and small differences of taste: patched again. Drawn from the
 * step's number, so that a table has one answer. */
static void shake(fm__cover *c, uint32_t step)
{
  fm__random draw;
  fm__random_start(&draw, 0, FM__RANDOM_SHAKE, 0, step);
  for (size_t i = 0; i < c->net.n; i++) {
    double u = fm__random_unit(&draw);
    c->order[i] = c->best[i] == 0 ? 0.3 * u : u < 0.3 ? u : 1;
  }
  (void)fm__cover_patch(c, c->order);
}

/* Can anything still be safe when all but the cells shown on this branch are hidden? */
static bool can_hold(fm__cover *c)
{
  for (size_t i = 0; i < c->net.n; i++)
    c->trial[i] = c->net.kind[i] == FM__HIDDEN || (c->net.kind[i] == FM__FREE && c->lp.high[c->column[i]] > 0);
  return fm__cover_holds(c, c->trial);
}

/* Solves the program of this branch with its cuts. Gives what is proved for it; INFINITY when nothing on it is safe. */
static double relax(tree *t, double from, bool is_root)
{
  fm__cover *c = t->c;
  double bound = from;
  for (int round = 0; !spent(c) && !t->failed; round++) {
    int state = fm__lp_solve(&c->lp, c->effort - fm__cover_work(c));
    if (state == FM__LP_IMPOSSIBLE)
      return can_hold(c) ? bound : INFINITY;
    double now = fm__cover_bound(c);
    bound = now > bound ? now : bound;
    if (bound >= c->best_cost || state == FM__LP_STOPPED)
      break;
    if (c->lp.m > CROWDED)
      fm__cover_drop(c, 0.3);
    int64_t n = fm__cover_separate(c);
    t->failed = n < 0;
    if (is_root && (round % 4 == 3 || n == 0))
      patch_here(c);
    if (n <= 0)
      break;
  }
  return bound;
}

/* Back to the last cell of which the other side has not been tried; false when there is none. */
static bool step_back(tree *t)
{
  fm__lp *lp = &t->c->lp;
  while (t->depth > 0) {
    level *at = &t->levels[t->depth - 1];
    if (!at->second && at->bound < t->c->best_cost) {
      at->second = true;
      lp->low[at->column] = lp->high[at->column] = 0;
      return true;
    }
    lp->low[at->column] = 0;
    lp->high[at->column] = 1;
    t->depth--;
  }
  return false;
}

/* The cell that is most in doubt, dear ones first; SIZE_MAX when all are whole. */
static size_t most_in_doubt(const fm__cover *c)
{
  size_t best = SIZE_MAX;
  double most = 1e-6;
  for (size_t j = 0; j < c->n_free; j++) {
    double x = c->lp.value[j], doubt = (x < 0.6 ? x : 1.5 * (1 - x)) * (1 + 0.1 * c->cost[c->cell[j]] / c->best_cost);
    if (c->lp.low[j] < c->lp.high[j] && x > 1e-6 && x < 1 - 1e-6 && doubt > most) {
      most = doubt;
      best = j;
    }
  }
  return best;
}

/* What is proved for all patterns when the search ends here: the least of what is still open. */
static double open_bound(const tree *t, double here)
{
  double bound = here < t->c->best_cost ? here : t->c->best_cost;
  for (size_t k = 0; k < t->depth; k++)
    if (!t->levels[k].second && t->levels[k].bound < bound)
      bound = t->levels[k].bound;
  return bound;
}

static void keep_whole(fm__cover *c)
{
  for (size_t i = 0; i < c->net.n; i++)
    c->trial[i] = c->net.kind[i] == FM__HIDDEN || (c->net.kind[i] == FM__FREE && c->lp.value[c->column[i]] > 0.5);
  if (fm__cover_holds(c, c->trial))
    fm__cover_keep(c, c->trial);
}

/* Depth first: a cell in doubt is hidden, then shown. Patterns near the best are tried first and in between. */
static void branch(tree *t)
{
  fm__cover *c = t->c;
  double here = relax(t, c->bound, true);
  c->bound = here;
  uint32_t n_shaken = 0;
  while (here < c->best_cost && !spent(c) && n_shaken < SHAKES)
    shake(c, n_shaken++);
  for (size_t n = 1; !t->failed; n++) {
    bool ended = here >= c->best_cost;
    size_t j = SIZE_MAX;
    if (!ended && !spent(c)) {
      if (is_whole(c))
        keep_whole(c);
      j = most_in_doubt(c);
      if (n % 8 == 0)
        patch_here(c);
      if (n % 8 == 4)
        shake(c, n_shaken++);
      ended = here >= c->best_cost;
    }
    if (!ended && (j == SIZE_MAX || spent(c))) {
      c->bound = open_bound(t, here);
      return;
    }
    if (!ended) {
      t->levels[t->depth++] = (level){.column = j, .bound = here};
      c->lp.low[j] = c->lp.high[j] = 1;
    } else if (!step_back(t)) {
      c->bound = c->best_cost;
      return;
    }
    here = relax(t, t->levels[t->depth - 1].bound, false);
  }
}

fm_status fm__cover_search(fm__cover *c, fm_error *err)
{
  tree t = {.c = c, .levels = fm__array(c->n_free + 1, sizeof *t.levels)};
  if (t.levels == NULL)
    return fm__no_memory(err);
  if (c->bound < c->best_cost)
    branch(&t);
  fm__free(t.levels);
  return t.failed ? fm__no_memory(err) : FM_OK;
}
