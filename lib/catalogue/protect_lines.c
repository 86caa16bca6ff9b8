/* Sums over the groups of a breakdown, which are published when somebody asks for fewer group columns: each is
 * protected by the same rules, and only what is then shown is known to an outsider. */
#include "catalogue/protect_priv.h"

#include <string.h>

bool fm__guard_tells(const fm__guard *g, const int64_t *counts, size_t n_counts)
{
  for (size_t k = 0; k < n_counts; k++)
    if (fm__guard_small(g, counts[k]))
      return true;
  for (size_t k = 0; k + FM__COUNTS <= n_counts; k += FM__COUNTS) {
    int64_t n = counts[k + FM__OF_N], in = counts[k + FM__OF_NUMERATOR], out = counts[k + FM__OF_COMPLEMENT];
    if (in >= 0 && n > 0 && n < g->full && (in == 0 || out == 0)) /* 0 or 100 per cent tells of everybody */
      return true;
  }
  return false;
}

/* Adds a cell to the sum `to`. */
static void add(fm__cell *sum, int64_t *to, const fm__cell *cell, const int64_t *counts, size_t n_counts)
{
  if (cell->whole >= 0)
    sum->whole = (sum->whole > 0 ? sum->whole : 0) + cell->whole;
  for (size_t k = 0; k < n_counts; k++)
    if (counts[k] >= 0)
      to[k] = (to[k] > 0 ? to[k] : 0) + counts[k];
}

static uint32_t line_of(const fm__guard *g, const fm__cell *cell, int side)
{
  return side == 0 ? g->group_row[cell->group] : side == 1 ? g->group_column[cell->group] : 0;
}

/* Sums of rows (side 0), of columns (1) or of all (2). */
static fm_status sum_side(uint8_t *hidden, const fm__guard *g, const fm__cell *cells, size_t n_cells,
                          const int64_t *counts, const uint8_t *part, size_t n_counts, const uint8_t *above, int side,
                          bool total, fm_error *err)
{
  size_t n = side == 0 ? g->n_group_rows : side == 1 ? g->n_group_columns : 1, size = 0;
  fm__cell *sums = fm__array(n, sizeof *sums);
  int64_t *sum_counts = fm__multiply(n, n_counts, &size) ? fm__array(size + 1, sizeof *sum_counts) : NULL;
  fm_status status = sums != NULL && sum_counts != NULL ? FM_OK : fm__no_memory(err);
  for (size_t k = 0; k < size && status == FM_OK; k++)
    sum_counts[k] = -1;
  for (size_t k = 0; k < n && status == FM_OK; k++)
    sums[k] = (fm__cell){.group = (uint32_t)k, .whole = -1, .above = above != NULL && above[k] != 0};
  for (size_t k = 0; k < n_cells && status == FM_OK; k++) {
    size_t at = line_of(g, &cells[k], side);
    add(&sums[at], sum_counts + at * n_counts, &cells[k], counts + k * n_counts, n_counts);
  }
  for (size_t k = 0; k < n && status == FM_OK; k++)
    sums[k].hidden = sums[k].above || fm__guard_tells(g, sum_counts + k * n_counts, n_counts);
  if (status == FM_OK && side < 2)
    status = fm__guard_breakdown(g, sums, n, sum_counts, part, n_counts, total, NULL, err);
  for (size_t k = 0; k < n && status == FM_OK; k++)
    hidden[k] = sums[k].hidden;
  fm__free(sums);
  fm__free(sum_counts);
  return status;
}

fm_status fm__guard_lines(uint8_t *hidden, const fm__guard *g, const fm__cell *cells, size_t n_cells,
                          const int64_t *counts, const uint8_t *part, size_t n_counts, const uint8_t *above,
                          fm_error *err)
{
  size_t at[3] = {0, g->n_group_rows, (size_t)g->n_group_rows + g->n_group_columns};
  fm_status status = FM_OK;
  for (int side = 2; side >= 0 && status == FM_OK; side--)
    status = sum_side(hidden + at[side], g, cells, n_cells, counts, part, n_counts,
                      above != NULL ? above + at[side] : NULL, side, hidden[at[2]] == 0, err);
  return status;
}
