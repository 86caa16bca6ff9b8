/* A breakdown: which further groups must be hidden so that no hidden count can be worked out of the groups shown, the
 * totals over groups, which are taken to be known, and the wholes that are shown. */
#include "catalogue/protect_priv.h"

#include <string.h>

#include "flexmetrics/disclose.h"

enum { LARGEST = 4096 }; /* cells of a table that is audited; what is larger and has small counts is hidden in whole */

typedef struct grid {
  const fm__guard *g;
  fm__cell *cells;
  size_t n;
  const int64_t *counts;
  const uint8_t *part;
  size_t width;
  int64_t *table, *low, *high, *folded;
  size_t *map, *from, *some;
  uint8_t *mask, *folded_mask;
  size_t size;          /* of those arrays */
  bool total;           /* the sum over all groups is known */
  const uint8_t *lines; /* of a table: rows and columns whose sums are not; NULL: a list */
  size_t open;          /* a cell that can be worked out; SIZE_MAX: any */
  bool many;            /* the cells stand in other tables, too */
} grid;

static bool has_hidden(const grid *b)
{
  for (size_t k = 0; k < b->n; k++)
    if (b->cells[k].hidden)
      return true;
  return false;
}

static int64_t size_of(const grid *b, size_t cell)
{
  int64_t most = b->cells[cell].whole;
  for (size_t k = 0; k < b->width; k++)
    if (b->counts[cell * b->width + k] > most)
      most = b->counts[cell * b->width + k];
  return most;
}

static bool is_beside(const grid *b, size_t cell)
{
  if (b->lines == NULL)
    return true;
  const fm__guard *g = b->g;
  uint32_t row = g->group_row[b->cells[cell].group], column = g->group_column[b->cells[cell].group];
  return b->open == SIZE_MAX || row == g->group_row[b->cells[b->open].group] ||
         column == g->group_column[b->cells[b->open].group];
}

/* The smallest cell that is not hidden, one of nobody last, since hiding it tells less; SIZE_MAX when all are. What is
 * under a shown 0 is known to be 0 and protects nothing. */
static size_t smallest(const grid *b, bool beside)
{
  size_t best = SIZE_MAX;
  int64_t least = INT64_MAX;
  for (size_t k = 0; k < b->n; k++) {
    int64_t size = size_of(b, k) > 0 ? size_of(b, k) : INT64_MAX - 1;
    if (!b->cells[k].hidden && !b->cells[k].nobody && size < least && (!beside || is_beside(b, k))) {
      least = size;
      best = k;
    }
  }
  return best;
}

/* Hides one more cell: in the row or the column of the one that can be worked out, if there is one to hide. */
static bool hide_another(grid *b)
{
  size_t best = smallest(b, true);
  if (best == SIZE_MAX)
    best = smallest(b, false);
  if (best != SIZE_MAX)
    b->cells[best].hidden = true;
  return best != SIZE_MAX;
}

/* ---- the audit of one table, whose full counts and mask stand in b->table and b->mask ---- */

/* Lines that are hidden when published by themselves count as one. Gives the number of lines. */
static size_t merge_lines(size_t *map, const uint8_t *hidden, size_t n)
{
  size_t lines = hidden != NULL && memchr(hidden, 1, n) != NULL;
  for (size_t k = 0; k < n; k++)
    map[k] = hidden != NULL && hidden[k] != 0 ? 0 : lines++;
  return lines;
}

/* The hidden counts alone, lines merged; `from` tells one that holds a small count, `some` one
 * that holds any. */
static void fold(grid *b, size_t rows, size_t columns, size_t new_rows, size_t new_columns)
{
  memset(b->folded, 0, (new_rows + 1) * new_columns * sizeof *b->folded);
  memset(b->folded_mask, 0, (new_rows + 1) * new_columns);
  for (size_t k = 0; k < new_rows * new_columns; k++)
    b->from[k] = b->some[k] = SIZE_MAX;
  for (size_t k = 0; k < rows * columns; k++) {
    size_t at = b->map[k / columns] * new_columns + b->map[rows + k % columns];
    if (b->mask[k] == 0)
      continue;
    b->folded[at] += b->table[k];
    b->folded_mask[at] = 1;
    if (fm__guard_small(b->g, b->table[k]))
      b->from[at] = k;
    if (b->table[k] > 0)
      b->some[at] = k;
  }
  memset(b->folded_mask + new_rows * new_columns, 1, new_columns); /* of nobody: any hidden cell may be zero */
}

/* *safe becomes false when a hidden small count can be narrowed to fewer than `threshold` values or seen to be small by
 * somebody who knows all that is shown and the sums over rows and over columns but those of hidden lines (of a list:
 * its sum). */
static fm_status audit(grid *b, bool *safe, size_t rows, size_t columns, const uint8_t *lines, fm_error *err)
{
  size_t new_rows = merge_lines(b->map, lines, rows);
  size_t new_columns = merge_lines(b->map + rows, lines != NULL ? lines + rows : NULL, columns);
  fold(b, rows, columns, new_rows, new_columns);
  bool known = columns > 1 && (new_rows == 1 || new_columns == 1); /* each cell is the sum of its line */
  fm_status status = FM_OK;
  if (!known)
    status = fm_disclose_audit(b->low, b->high, b->folded, b->folded_mask, new_rows + 1, new_columns, err);
  for (size_t k = 0; k < new_rows * new_columns && status == FM_OK; k++) {
    int64_t high = known ? b->folded[k] : b->high[k], low = known ? 0 : b->low[k];
    bool known_here = b->many && b->some[k] != SIZE_MAX && low == high; /* and so in all other tables it stands in */
    bool told = b->from[k] != SIZE_MAX && (high < b->g->threshold || high - low + 1 < b->g->threshold);
    if (!told && !known_here)
      continue;
    b->open = told ? b->from[k] : b->some[k];
    *safe = false;
  }
  return status;
}

/* One count over the groups, as a list or as a table of the first group column by the others. */
static fm_status audit_count(grid *b, size_t count, bool *safe, fm_error *err)
{
  const fm__guard *g = b->g;
  bool two = b->lines != NULL;
  size_t rows = two ? g->n_group_rows : b->n, columns = two ? g->n_group_columns : 1;
  bool small = false;
  for (size_t k = 0; k < b->n && !small; k++)
    small = b->cells[k].hidden && (b->many || fm__guard_small(g, b->counts[k * b->width + count]));
  if (!small || (!two && !b->total))
    return FM_OK; /* no sum is known */
  memset(b->table, 0, b->size * sizeof *b->table);
  memset(b->mask, 0, b->size);
  for (size_t k = 0; k < b->n; k++) {
    size_t at = two ? (size_t)g->group_row[b->cells[k].group] * columns + g->group_column[b->cells[k].group] : k;
    int64_t value = b->counts[k * b->width + count];
    b->table[at] = value > 0 ? value : 0;
    b->mask[at] = b->cells[k].hidden;
  }
  fm_status status = audit(b, safe, rows, columns, b->lines, err);
  for (size_t k = 0; two && b->open != SIZE_MAX && k < b->n; k++)
    if ((size_t)g->group_row[b->cells[k].group] * columns + g->group_column[b->cells[k].group] == b->open) {
      b->open = k;
      return status;
    }
  b->open = SIZE_MAX;
  return status;
}

/* The parts of each group's whole and their rest, one group a row; groups whose whole is hidden stand together. */
static fm_status audit_parts(grid *b, bool *safe, fm_error *err)
{
  size_t columns = 0, rows = 1;
  int64_t above = 0;
  for (size_t k = 0; k < b->width; k++)
    columns += b->part[k];
  if (columns < 2)
    return FM_OK;
  memset(b->table, 0, b->size * sizeof *b->table);
  memset(b->mask, 0, b->size);
  memset(b->mask, 1, columns);
  for (size_t k = 0; k < b->n; k++) {
    const fm__cell *cell = &b->cells[k];
    size_t row = cell->above ? 0 : rows++;
    above += cell->above;
    for (size_t c = 0, at = 0; c < b->width; c++) {
      if (b->part[c] == 0)
        continue;
      int64_t value = b->counts[k * b->width + c];
      b->table[row * columns + at] += value > 0 ? value : 0;
      b->mask[row * columns + at++] = cell->hidden;
    }
  }
  if (above == 0)
    memset(b->mask, 0, columns);
  return audit(b, safe, rows, columns, NULL, err);
}

/* A count and the rest of its whole, for each figure by itself. */
static fm_status audit_rest(grid *b, size_t count, bool *safe, fm_error *err)
{
  size_t rows = 1;
  memset(b->table, 0, b->size * sizeof *b->table);
  memset(b->mask, 0, b->size);
  for (size_t k = 0; k < b->n; k++) {
    const fm__cell *cell = &b->cells[k];
    int64_t value = b->counts[k * b->width + count];
    size_t row = cell->above ? 0 : rows++;
    int64_t rest = cell->whole > value && value >= 0 ? cell->whole - value : 0;
    b->table[2 * row] += value > 0 ? value : 0;
    b->table[2 * row + 1] += rest;
    b->mask[2 * row] = b->mask[2 * row + 1] = cell->hidden;
  }
  return audit(b, safe, rows, 2, NULL, err);
}

static fm_status audit_all(grid *b, bool *safe, fm_error *err)
{
  fm_status status = FM_OK;
  *safe = true;
  b->open = SIZE_MAX;
  bool wholes = false;
  for (size_t k = 0; k < b->n && b->total; k++)
    wholes = wholes || b->cells[k].whole >= 0;
  for (size_t c = 0; c < b->width && status == FM_OK && *safe; c++) {
    status = audit_count(b, c, safe, err);
    if (status == FM_OK && wholes && b->part[c] == 0 && *safe) {
      status = audit_rest(b, c, safe, err);
      b->open = SIZE_MAX;
    }
  }
  if (status == FM_OK && *safe && wholes) {
    status = audit_parts(b, safe, err);
    b->open = SIZE_MAX;
  }
  return status;
}

static fm_status make_arrays(grid *b, fm_error *err)
{
  int64_t **const counts[] = {&b->table, &b->low, &b->high, &b->folded};
  bool made = true;
  for (size_t k = 0; k < FM__COUNT(counts) && made; k++)
    made = (*counts[k] = fm__array(b->size, sizeof **counts[k])) != NULL;
  made = made && (b->map = fm__array(b->size, sizeof *b->map)) != NULL;
  made = made && (b->from = fm__array(b->size, sizeof *b->from)) != NULL;
  made = made && (b->some = fm__array(b->size, sizeof *b->some)) != NULL;
  made = made && (b->mask = fm__array(b->size, 1)) != NULL && (b->folded_mask = fm__array(b->size, 1)) != NULL;
  return made ? FM_OK : fm__no_memory(err);
}

static void free_arrays(grid *b)
{
  void *const all[] = {b->table, b->low, b->high, b->folded, b->map, b->from, b->some, b->mask, b->folded_mask};
  for (size_t k = 0; k < FM__COUNT(all); k++)
    fm__free(all[k]);
}

fm_status fm__guard_breakdown(const fm__guard *g, fm__cell *cells, size_t n_cells, const int64_t *counts,
                              const uint8_t *part, size_t n_counts, bool total, const uint8_t *lines, fm_error *err)
{
  grid b = {.g = g, .cells = cells, .n = n_cells, .counts = counts, .part = part, .width = n_counts, .open = SIZE_MAX};
  b.total = total;
  b.lines = lines;
  b.many = lines != NULL && g->way > 0;
  size_t table = (size_t)g->n_group_rows * g->n_group_columns;
  if (n_cells < 2 || !has_hidden(&b))
    return FM_OK;
  size_t wide = n_counts > 2 ? n_counts : 2;
  b.size = (n_cells + 4) * wide + n_cells + 4;
  if (table + g->n_group_columns + g->n_group_rows + 2 > b.size)
    b.size = table + g->n_group_columns + g->n_group_rows + 2;
  bool safe = b.size > LARGEST;
  fm_status status = FM_OK;
  if (safe) {
    while (hide_another(&b))
      continue;
    return FM_OK;
  }
  status = make_arrays(&b, err);
  while (status == FM_OK && !safe) {
    status = audit_all(&b, &safe, err);
    if (status == FM_OK && !safe && !hide_another(&b))
      break;
  }
  free_arrays(&b);
  return status;
}
