/* Patterns made step by step: for each cell not protected yet the cheapest further way through the table, then what
 * turned out not to be needed is shown again. */
#include <math.h>
#include <string.h>

#include "disclose/cover_priv.h"

#define FM__NOWHERE SIZE_MAX
#define LEAST 1e-9

/* What one more step costs: 0 through a hidden cell that has room, its price through a free one, else no way. */
static double step_price(const fm__cover *c, size_t cell, bool from_row, double limit)
{
  const fm__net *t = &c->net;
  double fall = t->fall[cell] < limit ? t->fall[cell] : limit;
  if (t->x[cell] > 0.5)
    return from_row || fall - t->moved[cell] > LEAST ? 0 : INFINITY;
  if (t->kind[cell] != FM__FREE || (!from_row && fall <= 0))
    return INFINITY;
  return c->price[cell];
}

/* The cheapest way that would add to the flow just worked out, in c->back; its price. */
static double cheapest_way(fm__cover *c, size_t p, bool up, double limit)
{
  fm__net *t = &c->net;
  size_t row = p / t->n_columns, column = t->n_rows + p % t->n_columns, nodes = t->n_rows + t->n_columns;
  size_t start = up ? column : row, to = up ? row : column;
  for (size_t i = 0; i < nodes; i++) {
    c->far[i] = INFINITY;
    c->done[i] = 0;
    c->back[i] = FM__NOWHERE;
  }
  c->far[start] = 0;
  t->work += t->n;
  for (;;) {
    size_t at = FM__NOWHERE;
    for (size_t i = 0; i < nodes; i++)
      if (c->done[i] == 0 && c->far[i] < INFINITY && (at == FM__NOWHERE || c->far[i] < c->far[at]))
        at = i;
    if (at == FM__NOWHERE || at == to)
      return c->far[to];
    c->done[at] = 1;
    bool is_row = at < t->n_rows;
    size_t n = is_row ? t->n_columns : t->n_rows;
    for (size_t k = 0; k < n; k++) {
      size_t cell = is_row ? at * t->n_columns + k : k * t->n_columns + (at - t->n_rows);
      size_t next = is_row ? t->n_rows + k : k;
      double far = cell == p ? INFINITY : c->far[at] + step_price(c, cell, is_row, limit);
      if (far < c->far[next]) {
        c->far[next] = far;
        c->back[next] = at;
      }
    }
  }
}

static void hide_way(fm__cover *c, size_t p, bool up)
{
  fm__net *t = &c->net;
  size_t row = p / t->n_columns, column = t->n_rows + p % t->n_columns;
  size_t start = up ? column : row;
  for (size_t at = up ? row : column; at != start; at = c->back[at]) {
    size_t a = c->back[at];
    t->x[a < t->n_rows ? a * t->n_columns + (at - t->n_rows) : at * t->n_columns + (a - t->n_rows)] = 1;
  }
  fm__net_load(t);
}

/* Hides what small[k] needs; false when nothing helps. */
static bool protect(fm__cover *c, size_t k)
{
  fm__net *t = &c->net;
  size_t p = t->small[k];
  double most = t->reach[k] > t->width ? t->reach[k] : t->width;
  for (;;) {
    double up = fm__net_flow(t, p, true, most);
    bool rises = up >= t->reach[k] - LEAST;
    if (rises && up >= t->width - LEAST)
      return true;
    double by_up = cheapest_way(c, p, true, most), by_down = INFINITY;
    if (rises) {
      if (up + fm__net_flow(t, p, false, most) >= t->width - LEAST)
        return true;
      by_down = cheapest_way(c, p, false, most);
      if (by_up <= by_down && by_up < INFINITY) { /* its way has been overwritten */
        (void)fm__net_flow(t, p, true, most);
        by_up = cheapest_way(c, p, true, most);
      }
    }
    if (by_up == INFINITY && by_down == INFINITY)
      return false;
    hide_way(c, p, by_up <= by_down);
  }
}

static bool has_zero(const fm__cover *c, const double *x)
{
  for (size_t i = 0; i < c->net.n && c->needs_zero; i++)
    if (c->net.kind[i] == FM__FREE && c->counts[i] == 0 && x[i] > 0.5)
      return true;
  return !c->needs_zero;
}

/* All are safe; the one that was not last time comes first. */
static bool all_safe(fm__cover *c)
{
  fm__net *t = &c->net;
  if (!has_zero(c, t->x) || (c->doubtful < t->n_small && !fm__net_is_safe(t, c->doubtful)))
    return false;
  for (size_t k = 0; k < t->n_small; k++)
    if (!fm__net_is_safe(t, k)) {
      c->doubtful = k;
      return false;
    }
  return true;
}

bool fm__cover_holds(fm__cover *c, const uint8_t *hidden)
{
  for (size_t i = 0; i < c->net.n; i++)
    c->net.x[i] = hidden[i];
  fm__net_load(&c->net);
  return all_safe(c);
}

void fm__cover_keep(fm__cover *c, const uint8_t *hidden)
{
  double cost = 0;
  for (size_t i = 0; i < c->net.n; i++)
    cost += hidden[i] != 0 && c->net.kind[i] == FM__FREE ? c->cost[i] : 0;
  if (cost >= c->best_cost)
    return;
  c->best_cost = cost;
  memcpy(c->best, hidden, c->net.n);
}

/* Shows cells again, the dearest first, as long as all stay safe. Among equals the last cell goes first. */
static void leave_out(fm__cover *c)
{
  fm__net *t = &c->net;
  for (size_t i = 0; i < t->n; i++)
    c->order[i] = t->kind[i] == FM__FREE && t->x[i] > 0.5 ? c->price[i] : -1;
  for (;;) {
    size_t worst = FM__NOWHERE;
    for (size_t i = 0; i < t->n; i++)
      if (c->order[i] >= 0 && (worst == FM__NOWHERE || c->order[i] >= c->order[worst]))
        worst = i;
    if (worst == FM__NOWHERE)
      return;
    c->order[worst] = -1;
    t->x[worst] = 0;
    fm__net_load(t);
    if (!all_safe(c)) {
      t->x[worst] = 1;
      fm__net_load(t);
    }
  }
}

bool fm__cover_patch(fm__cover *c, const double *guide)
{
  fm__net *t = &c->net;
  int64_t most = 1;
  for (size_t i = 0; i < t->n; i++)
    most = c->counts[i] > most ? c->counts[i] : most;
  for (size_t i = 0; i < t->n; i++) { /* fewer people first among equals */
    double wish = guide != NULL ? guide[i] : 0;
    c->price[i] = c->cost[i] * (1.001 - wish) + 1e-4 * ((double)c->counts[i] / (double)most);
    t->x[i] = t->kind[i] == FM__HIDDEN || (t->kind[i] == FM__FREE && wish > 0.9) ? 1 : 0;
  }
  fm__net_load(t);
  size_t zero = FM__NOWHERE;
  for (size_t i = 0; i < t->n && !has_zero(c, t->x); i++)
    if (t->kind[i] == FM__FREE && c->counts[i] == 0 && (zero == FM__NOWHERE || c->price[i] < c->price[zero]))
      zero = i;
  if (zero != FM__NOWHERE) {
    t->x[zero] = 1;
    fm__net_load(t);
  }
  for (size_t k = 0; k < t->n_small; k++)
    if (!protect(c, k))
      return false;
  for (size_t i = 0; i < t->n; i++)
    c->price[i] = c->cost[i] + 1e-4 * ((double)c->counts[i] / (double)most);
  leave_out(c);
  for (size_t i = 0; i < t->n; i++)
    c->trial[i] = t->x[i] > 0.5;
  fm__cover_keep(c, c->trial);
  return true;
}
