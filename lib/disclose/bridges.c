/* Exactly known cells by depth-first search: an edge is a bridge when nothing beyond it leads back above it. */
#include "disclose/disclose_priv.h"

#include <string.h>

#define FM__NOWHERE SIZE_MAX

typedef struct walk {
  const fm__cells *c;
  size_t *order, *lowest, *parent,
      *next; /* by node: when it was met, the earliest it leads back to, whence, what next */
  size_t n_met;
} walk;

static size_t cell_between(const fm__cells *c, size_t a, size_t b)
{
  return a < c->n_rows ? a * c->n_columns + (b - c->n_rows) : b * c->n_columns + (a - c->n_rows);
}

/* The next node that a hidden cell leads to; FM__NOWHERE when all were tried. */
static size_t next_of(walk *w, size_t at)
{
  size_t n = at < w->c->n_rows ? w->c->n_columns : w->c->n_rows;
  while (w->next[at] < n) {
    size_t other = at < w->c->n_rows ? w->c->n_rows + w->next[at] : w->next[at];
    w->next[at]++;
    if (w->c->hidden[cell_between(w->c, at, other)] != 0)
      return other;
  }
  return FM__NOWHERE;
}

static void search_from(walk *w, uint8_t *known, size_t root)
{
  size_t at = root;
  w->parent[root] = root;
  w->order[root] = w->lowest[root] = ++w->n_met;
  for (;;) {
    size_t to = next_of(w, at), up = w->parent[at];
    if (to != FM__NOWHERE && w->order[to] == 0) {
      w->parent[to] = at;
      w->order[to] = w->lowest[to] = ++w->n_met;
      at = to;
    } else if (to != FM__NOWHERE) {
      if (to != up && w->order[to] < w->lowest[at])
        w->lowest[at] = w->order[to];
    } else if (at == root) {
      return;
    } else {
      if (w->lowest[at] > w->order[up])
        known[cell_between(w->c, up, at)] = 1;
      w->lowest[up] = w->lowest[at] < w->lowest[up] ? w->lowest[at] : w->lowest[up];
      at = up;
    }
  }
}

static fm_status find_bridges(const fm__cells *c, uint8_t *known, fm_error *err)
{
  size_t nodes = c->n_rows + c->n_columns;
  walk w = {.c = c, .order = fm__array(4 * nodes, sizeof *w.order)};
  if (w.order == NULL)
    return fm__no_memory(err);
  w.lowest = w.order + nodes;
  w.parent = w.lowest + nodes;
  w.next = w.parent + nodes;
  for (size_t i = 0; i < nodes; i++)
    if (w.order[i] == 0)
      search_from(&w, known, i);
  fm__free(w.order);
  return FM_OK;
}

fm_status fm_disclose_bridges(uint8_t *known, const int64_t *counts, const uint8_t *hidden, size_t n_rows,
                              size_t n_columns, int32_t floor, fm_error *err)
{
  fm__cells c;
  bool all_above = true;
  if (floor != 0 && floor != 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "floor: expected 0 or 1");
  fm_status status = fm__cells_open(&c, counts, hidden, n_rows, n_columns, err);
  if (status != FM_OK)
    return status;
  if (floor == 1 && c.floor == 0)
    status = fm__fail(err, FM_ERR_ARGUMENT, "floor: 1, but a hidden count is 0");
  c.floor = floor;
  memset(known, 0, n_rows * n_columns);
  for (size_t i = 0; i < n_rows * n_columns; i++)
    all_above = all_above && (hidden[i] == 0 || counts[i] > floor);
  if (status == FM_OK && all_above)
    status = find_bridges(&c, known, err);
  for (size_t i = 0; status == FM_OK && !all_above && i < n_rows; i++)
    for (size_t j = 0; j < n_columns; j++)
      known[i * n_columns + j] = hidden[i * n_columns + j] != 0 && !fm__cells_moves(&c, i, j);
  fm__cells_close(&c);
  return status;
}
