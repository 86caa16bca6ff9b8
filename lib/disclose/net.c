/* Flows through hidden cells, and the cuts that show what is missing. */
#include "disclose/net_priv.h"

#include <math.h>
#include <string.h>

#define FM__NOWHERE SIZE_MAX
#define LEAST 1e-9 /* what counts as a way */

fm_status fm__net_open(fm__net *t, size_t n_rows, size_t n_columns, fm_error *err)
{
  size_t n = 0, nodes = 0;
  *t = (fm__net){.n_rows = n_rows, .n_columns = n_columns};
  if (!fm__multiply(n_rows, n_columns, &n) || !fm__add(n_rows, n_columns, &nodes))
    return fm__fail(err, FM_ERR_LIMIT, "a table of %zu x %zu cells is too large", n_rows, n_columns);
  t->n = n;
  t->fall = fm__array(n, sizeof *t->fall);
  t->kind = fm__array(n, 1);
  t->small = fm__array(n, sizeof *t->small);
  t->reach = fm__array(n, sizeof *t->reach);
  t->x = fm__array(n, sizeof *t->x);
  t->moved = fm__array(n, sizeof *t->moved);
  t->of_row = fm__array(n, sizeof *t->of_row);
  t->of_column = fm__array(n, sizeof *t->of_column);
  t->row_end = fm__array(n_rows, sizeof *t->row_end);
  t->column_end = fm__array(n_columns, sizeof *t->column_end);
  t->from = fm__array(nodes, sizeof *t->from);
  t->queue = fm__array(nodes, sizeof *t->queue);
  t->side[0] = fm__array(nodes, 1);
  t->side[1] = fm__array(nodes, 1);
  if (t->fall != NULL && t->kind != NULL && t->small != NULL && t->reach != NULL && t->x != NULL && t->moved != NULL &&
      t->of_row != NULL && t->of_column != NULL && t->row_end != NULL && t->column_end != NULL && t->from != NULL &&
      t->queue != NULL && t->side[0] != NULL && t->side[1] != NULL)
    return FM_OK;
  fm__net_close(t);
  return fm__no_memory(err);
}

void fm__net_close(fm__net *t)
{
  void *const all[] = {t->fall,      t->kind,    t->small,      t->reach, t->x,     t->moved,   t->of_row,
                       t->of_column, t->row_end, t->column_end, t->from,  t->queue, t->side[0], t->side[1]};
  for (size_t k = 0; k < FM__COUNT(all); k++)
    fm__free(all[k]);
  *t = (fm__net){0};
}

void fm__net_load(fm__net *t)
{
  memset(t->row_end, 0, t->n_rows * sizeof *t->row_end);
  memset(t->column_end, 0, t->n_columns * sizeof *t->column_end);
  for (size_t i = 0; i < t->n_rows; i++)
    for (size_t j = 0; j < t->n_columns; j++)
      if (t->x[i * t->n_columns + j] > LEAST) {
        t->of_row[i * t->n_columns + t->row_end[i]++] = j;
        t->of_column[j * t->n_rows + t->column_end[j]++] = i;
      }
  t->work += t->n;
}

/* Breadth first from `start`; true when `to` is reached, with the way back in t->from. */
static bool find_way(fm__net *t, size_t skip, size_t start, size_t to, double limit)
{
  size_t head = 0, tail = 0, nodes = t->n_rows + t->n_columns;
  for (size_t i = 0; i < nodes; i++)
    t->from[i] = FM__NOWHERE;
  t->from[start] = start;
  t->queue[tail++] = start;
  while (head < tail && t->from[to] == FM__NOWHERE) {
    size_t at = t->queue[head++];
    bool is_row = at < t->n_rows;
    size_t column = is_row ? 0 : at - t->n_rows, n = is_row ? t->row_end[at] : t->column_end[column];
    for (size_t k = 0; k < n; k++) {
      size_t other = is_row ? t->of_row[at * t->n_columns + k] : t->of_column[column * t->n_rows + k];
      size_t cell = is_row ? at * t->n_columns + other : other * t->n_columns + column;
      size_t next = is_row ? t->n_rows + other : other;
      double fall = t->fall[cell] < limit ? t->fall[cell] : limit;
      double left = is_row ? limit * t->x[cell] + t->moved[cell] : fall * t->x[cell] - t->moved[cell];
      if (cell == skip || t->from[next] != FM__NOWHERE || left <= LEAST)
        continue;
      t->from[next] = at;
      t->queue[tail++] = next;
    }
    t->work += n + 1;
  }
  t->work += nodes;
  return t->from[to] != FM__NOWHERE;
}

static size_t cell_of(const fm__net *t, size_t a, size_t b)
{
  return a < t->n_rows ? a * t->n_columns + (b - t->n_rows) : b * t->n_columns + (a - t->n_rows);
}

double fm__net_flow(fm__net *t, size_t p, bool up, double limit)
{
  size_t row = p / t->n_columns, column = t->n_rows + p % t->n_columns;
  size_t start = up ? column : row, to = up ? row : column;
  double total = 0;
  for (size_t i = 0; i < t->n_rows; i++)
    for (size_t k = 0; k < t->row_end[i]; k++)
      t->moved[i * t->n_columns + t->of_row[i * t->n_columns + k]] = 0;
  while (total < limit - LEAST && find_way(t, p, start, to, limit)) {
    double step = limit - total;
    for (size_t at = to; at != start; at = t->from[at]) {
      size_t cell = cell_of(t, t->from[at], at);
      double fall = t->fall[cell] < limit ? t->fall[cell] : limit;
      bool from_row = t->from[at] < t->n_rows;
      double left = from_row ? limit * t->x[cell] + t->moved[cell] : fall * t->x[cell] - t->moved[cell];
      step = left < step ? left : step;
    }
    for (size_t at = to; at != start; at = t->from[at])
      t->moved[cell_of(t, t->from[at], at)] += t->from[at] < t->n_rows ? -step : step;
    total += step;
  }
  for (size_t i = 0; total < limit - LEAST && i < t->n_rows + t->n_columns; i++)
    t->side[up ? 0 : 1][i] = t->from[i] != FM__NOWHERE;
  return total;
}

bool fm__net_is_safe(fm__net *t, size_t k)
{
  size_t p = t->small[k];
  double most = t->reach[k] > t->width ? t->reach[k] : t->width, up = fm__net_flow(t, p, true, most);
  if (up < t->reach[k] - LEAST)
    return false;
  return up >= t->width - LEAST || up + fm__net_flow(t, p, false, t->width - up) >= t->width - LEAST;
}

bool fm__net_all_safe(fm__net *t)
{
  for (size_t k = 0; k < t->n_small; k++)
    if (!fm__net_is_safe(t, k))
      return false;
  return true;
}

/* What hiding a cell adds to the sides kept: a cell that leaves a side upwards adds all, downwards what it can fall. */
static double crossing(const fm__net *t, size_t row, size_t column, const uint8_t *side, double need)
{
  bool has_row = side[row] != 0, has_column = side[t->n_rows + column] != 0;
  double fall = t->fall[row * t->n_columns + column];
  if (has_row == has_column)
    return 0;
  return has_row || fall > need ? need : fall;
}

/* The sum over the cells that cross: those hidden anyway count in full, and no other need count for more than is
 * missing.
 */
static bool make_cut(fm__net *t, size_t p, double need, int sides, double by, fm__cut *cut)
{
  double rest = need, sum = 0;
  cut->n_terms = 0;
  for (size_t i = 0; i < t->n_rows; i++)
    for (size_t j = 0; j < t->n_columns; j++) {
      size_t cell = i * t->n_columns + j;
      if (cell == p || t->kind[cell] == FM__SHOWN)
        continue;
      double c = (sides & 1) != 0 ? crossing(t, i, j, t->side[0], need) : 0;
      c += (sides & 2) != 0 ? crossing(t, i, j, t->side[1], need) : 0;
      if (t->kind[cell] == FM__HIDDEN)
        rest -= c;
      else if (c > 0) {
        cut->cell[cut->n_terms] = cell;
        cut->coefficient[cut->n_terms++] = c;
      }
    }
  t->work += 2 * t->n;
  if (rest <= 0)
    return false;
  double least = rest;
  for (size_t k = 0; k < cut->n_terms; k++) {
    double c = cut->coefficient[k] < rest ? cut->coefficient[k] : rest;
    cut->coefficient[k] = c;
    least = c < least ? c : least;
    sum += c * t->x[cut->cell[k]];
  }
  for (size_t k = 0; k < cut->n_terms && least == rest; k++)
    cut->coefficient[k] = 1;
  cut->need = least == rest ? 1 : rest;
  return sum < rest * (1 - by);
}

bool fm__net_cut(fm__net *t, size_t k, int demand, double by, fm__cut *cut)
{
  size_t p = t->small[k];
  double need = demand == FM__REACH ? t->reach[k] : t->width;
  if (need <= 0)
    return false;
  double up = fm__net_flow(t, p, true, need);
  if (up >= need - LEAST)
    return false;
  if (demand == FM__REACH)
    return make_cut(t, p, need, 1, by, cut);
  double down = fm__net_flow(t, p, false, need);
  return up + down < need - LEAST && make_cut(t, p, need, 3, by, cut);
}
