/* Exact audit of a two-way table. The values that fit the sums form a transport polytope with whole corners, so the
 * bounds of a cell are its true value and the largest flows that could move it up or down. */
#include "disclose/disclose_priv.h"

#define FM__NOWHERE SIZE_MAX

fm_status fm__cells_open(fm__cells *c, const int64_t *counts, const uint8_t *hidden, size_t n_rows, size_t n_columns,
                         fm_error *err)
{
  size_t n = 0;
  *c = (fm__cells){.counts = counts, .hidden = hidden, .n_rows = n_rows, .n_columns = n_columns, .floor = 1};
  if (!fm__multiply(n_rows, n_columns, &n))
    return fm__fail(err, FM_ERR_LIMIT, "a table of %zu x %zu cells is too large", n_rows, n_columns);
  for (size_t i = 0; i < n; i++) {
    if (counts[i] < 0)
      return fm__fail(err, FM_ERR_ARGUMENT, "count %zu is negative", i);
    if (hidden[i] != 0 && counts[i] == 0)
      c->floor = 0;
  }
  c->spare = fm__array(n, sizeof *c->spare);
  c->from = fm__array(n_rows + n_columns, sizeof *c->from);
  c->queue = fm__array(n_rows + n_columns, sizeof *c->queue);
  if (c->spare != NULL && c->from != NULL && c->queue != NULL)
    return FM_OK;
  fm__cells_close(c);
  return fm__no_memory(err);
}

void fm__cells_close(fm__cells *c)
{
  fm__free(c->spare);
  fm__free(c->from);
  fm__free(c->queue);
  c->spare = NULL;
  c->from = c->queue = NULL;
}

/* Nodes are rows 0 .. n_rows-1 and columns n_rows .. A step row -> column raises a hidden cell without limit, a step
 * column -> row lowers one by at most its spare. The cell under study is left out. Breadth first; true when `to` is
 * reached, with the way back in c->from. */
static bool find_way(fm__cells *c, size_t skip, size_t start, size_t to)
{
  size_t n = c->n_rows + c->n_columns, head = 0, tail = 0;
  for (size_t i = 0; i < n; i++)
    c->from[i] = FM__NOWHERE;
  c->from[start] = start;
  c->queue[tail++] = start;
  while (head < tail && c->from[to] == FM__NOWHERE) {
    size_t at = c->queue[head++];
    bool is_row = at < c->n_rows;
    size_t others = is_row ? c->n_columns : c->n_rows;
    for (size_t k = 0; k < others; k++) {
      size_t cell = is_row ? at * c->n_columns + k : k * c->n_columns + (at - c->n_rows);
      size_t next = is_row ? c->n_rows + k : k;
      if (cell == skip || c->hidden[cell] == 0 || c->from[next] != FM__NOWHERE || (!is_row && c->spare[cell] <= 0))
        continue;
      c->from[next] = at;
      c->queue[tail++] = next;
    }
  }
  return c->from[to] != FM__NOWHERE;
}

static size_t cell_between(const fm__cells *c, size_t a, size_t b)
{
  return a < c->n_rows ? a * c->n_columns + (b - c->n_rows) : b * c->n_columns + (a - c->n_rows);
}

/* Largest flow from start to to, at most limit; changes spare. */
static int64_t flow(fm__cells *c, size_t skip, size_t start, size_t to, int64_t limit)
{
  int64_t total = 0;
  while (total < limit && find_way(c, skip, start, to)) {
    int64_t step = limit - total;
    for (size_t at = to; at != start; at = c->from[at]) {
      size_t cell = cell_between(c, c->from[at], at);
      if (c->from[at] >= c->n_rows && c->spare[cell] < step)
        step = c->spare[cell];
    }
    for (size_t at = to; at != start; at = c->from[at])
      c->spare[cell_between(c, c->from[at], at)] += c->from[at] >= c->n_rows ? -step : step;
    total += step;
  }
  return total;
}

static void reset_spare(fm__cells *c)
{
  for (size_t i = 0; i < c->n_rows * c->n_columns; i++)
    c->spare[i] = c->hidden[i] != 0 ? c->counts[i] - c->floor : 0;
}

/* Parts of a known total: a hidden part can take all that the other hidden parts can spare. */
static void bounds_in_list(const fm__cells *c, size_t cell, int64_t *low, int64_t *high)
{
  int64_t spare = 0;
  bool alone = true;
  for (size_t i = 0; i < c->n_rows * c->n_columns; i++) {
    if (i == cell || c->hidden[i] == 0)
      continue;
    spare += c->counts[i] - c->floor;
    alone = false;
  }
  *high = c->counts[cell] + spare;
  *low = alone ? c->counts[cell] : c->floor;
}

void fm__cells_bounds(fm__cells *c, size_t row, size_t column, int64_t *low, int64_t *high)
{
  size_t cell = row * c->n_columns + column;
  *low = *high = c->counts[cell];
  if (c->hidden[cell] == 0)
    return;
  if (c->n_rows == 1 || c->n_columns == 1) {
    bounds_in_list(c, cell, low, high);
    return;
  }
  int64_t total = 0;
  for (size_t i = 0; i < c->n_rows * c->n_columns; i++)
    total += c->counts[i];
  reset_spare(c);
  *high += flow(c, cell, c->n_rows + column, row, total);
  reset_spare(c);
  *low -= flow(c, cell, row, c->n_rows + column, c->counts[cell] - c->floor);
}

bool fm__cells_moves(fm__cells *c, size_t row, size_t column)
{
  size_t cell = row * c->n_columns + column;
  reset_spare(c);
  return find_way(c, cell, c->n_rows + column, row) ||
         (c->spare[cell] > 0 && find_way(c, cell, row, c->n_rows + column));
}

fm_status fm_disclose_ranges(int64_t *low, int64_t *high, const int64_t *counts, const uint8_t *hidden, size_t n_rows,
                             size_t n_columns, const uint8_t *structural, int32_t floor, fm_error *err)
{
  fm__cells c;
  uint8_t *mask = NULL;
  size_t n = 0;
  if (floor < FM_DISCLOSE_FLOOR_AUTO || floor > 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "floor: expected -1, 0 or 1");
  if (structural != NULL && fm__multiply(n_rows, n_columns, &n)) { /* what everyone knows is as good as shown */
    mask = fm__array(n, 1);
    for (size_t i = 0; mask != NULL && i < n; i++)
      mask[i] = hidden[i] != 0 && structural[i] == 0;
    if (mask == NULL)
      return fm__no_memory(err);
  }
  fm_status status = fm__cells_open(&c, counts, mask != NULL ? mask : hidden, n_rows, n_columns, err);
  if (status == FM_OK) {
    if (floor == 1 && c.floor == 0)
      status = fm__fail(err, FM_ERR_ARGUMENT, "floor: 1, but a hidden count is 0");
    c.floor = floor >= 0 ? floor : c.floor;
    for (size_t i = 0; i < n_rows && status == FM_OK; i++)
      for (size_t j = 0; j < n_columns; j++)
        fm__cells_bounds(&c, i, j, &low[i * n_columns + j], &high[i * n_columns + j]);
    fm__cells_close(&c);
  }
  fm__free(mask);
  return status;
}

fm_status fm_disclose_audit(int64_t *low, int64_t *high, const int64_t *counts, const uint8_t *hidden, size_t n_rows,
                            size_t n_columns, fm_error *err)
{
  return fm_disclose_ranges(low, high, counts, hidden, n_rows, n_columns, NULL, FM_DISCLOSE_FLOOR_AUTO, err);
}
