/* Hiding cells until the audit finds every small one protected. Greedy: for an unprotected cell, the rectangle or the
 * partner that protects most for the fewest people hidden. Not always the fewest cells, always audited. */
#include "disclose/disclose_priv.h"

#include <string.h>

typedef struct search {
  fm__cells cells;
  uint8_t *hidden, *trial;
  int64_t threshold;
} search;

static bool is_small(const search *s, size_t i)
{
  return s->cells.counts[i] > 0 && s->cells.counts[i] < s->threshold;
}

/* An outsider must neither narrow a small cell to fewer than `threshold` values nor see that it is below it. */
static bool is_protected(search *s, size_t i)
{
  int64_t low, high;
  fm__cells_bounds(&s->cells, i / s->cells.n_columns, i % s->cells.n_columns, &low, &high);
  return high >= s->threshold && high - low + 1 >= s->threshold;
}

static void set_floor(search *s, const uint8_t *hidden)
{
  s->cells.hidden = hidden;
  s->cells.floor = 1;
  for (size_t i = 0; i < s->cells.n_rows * s->cells.n_columns; i++)
    if (hidden[i] != 0 && s->cells.counts[i] == 0)
      s->cells.floor = 0;
}

static size_t count_open(search *s, const uint8_t *hidden, size_t *first)
{
  size_t n = 0;
  set_floor(s, hidden);
  for (size_t i = 0; i < s->cells.n_rows * s->cells.n_columns; i++) {
    if (!is_small(s, i) || is_protected(s, i))
      continue;
    if (n++ == 0 && first != NULL)
      *first = i;
  }
  return n;
}

/* Cost of hiding one more cell: its people, and one for the cell itself. Zeros come last: hiding one tells less. */
static int64_t cost_of(const search *s, size_t i)
{
  if (s->trial[i] != 0)
    return 0;
  return s->cells.counts[i] > 0 ? s->cells.counts[i] + 1 : s->threshold + 2;
}

/* Hides cell k of the trial and returns its cost. */
static int64_t hide(search *s, size_t k)
{
  int64_t cost = cost_of(s, k);
  s->trial[k] = 1;
  return cost;
}

typedef struct choice {
  size_t a, b, c;
  int64_t cost;
  size_t open;
  bool found;
} choice;

static void consider(search *s, choice *best, size_t a, size_t b, size_t c)
{
  size_t n = s->cells.n_rows * s->cells.n_columns;
  memcpy(s->trial, s->hidden, n);
  int64_t cost = hide(s, a) + hide(s, b) + hide(s, c);
  if (cost == 0)
    return;
  size_t open = count_open(s, s->trial, NULL);
  if (!best->found || open < best->open || (open == best->open && cost < best->cost))
    *best = (choice){.a = a, .b = b, .c = c, .cost = cost, .open = open, .found = true};
}

/* One step for cell `i`; false when nothing is left to hide. */
static bool protect(search *s, size_t i)
{
  size_t rows = s->cells.n_rows, columns = s->cells.n_columns, row = i / columns, column = i % columns;
  choice best = {0};
  if (rows == 1 || columns == 1) {
    for (size_t k = 0; k < rows * columns; k++)
      if (s->hidden[k] == 0)
        consider(s, &best, k, k, k);
  }
  for (size_t r = 0; rows > 1 && columns > 1 && r < rows; r++)
    for (size_t k = 0; r != row && k < columns; k++)
      if (k != column)
        consider(s, &best, row * columns + k, r * columns + column, r * columns + k);
  if (!best.found)
    return false;
  s->hidden[best.a] = s->hidden[best.b] = s->hidden[best.c] = 1;
  return true;
}

fm_status fm_disclose_table(uint8_t *hidden, int32_t *safe, const int64_t *counts, size_t n_rows, size_t n_columns,
                            int64_t threshold, fm_error *err)
{
  search s = {.hidden = hidden, .threshold = threshold};
  *safe = 0;
  if (threshold < 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "threshold: expected a whole number from 1");
  fm_status status = fm__cells_open(&s.cells, counts, hidden, n_rows, n_columns, err);
  if (status != FM_OK)
    return status;
  s.trial = fm__array(n_rows * n_columns, 1);
  if (s.trial == NULL) {
    fm__cells_close(&s.cells);
    return fm__no_memory(err);
  }
  for (size_t i = 0; i < n_rows * n_columns; i++)
    if (is_small(&s, i))
      hidden[i] = 1;
  size_t first = 0, open = count_open(&s, hidden, &first);
  while (open > 0 && protect(&s, first))
    open = count_open(&s, hidden, &first);
  *safe = open == 0;
  fm__free(s.trial);
  fm__cells_close(&s.cells);
  return FM_OK;
}
