/* Figures over common cells: bounds by linear programs, believed only as far as whole tables or whole-number duals
 * show. */
#include "disclose/joint_priv.h"

#include <math.h>
#include <string.h>

#include "num/num_priv.h"

enum { MOST_COEFFICIENT = 1000, MOST_DIVES = 40, MOST_SEEN = 4000 };
#define MOST_PEOPLE INT64_C(1000000000000)

uint8_t fm__joint_kind(const fm__joint *j, size_t figure)
{
  return j->figures->kind != NULL ? j->figures->kind[figure] : FM_DISCLOSE_FIGURE;
}

bool fm__joint_is_shown(const fm__joint *j, size_t figure)
{
  uint8_t kind = fm__joint_kind(j, figure);
  return kind == FM_DISCLOSE_FIXED || (kind == FM_DISCLOSE_FIGURE && j->hidden[figure] == 0);
}

static int32_t coefficient_of(const fm_disclose_figures *f, size_t k)
{
  return f->coefficient != NULL ? f->coefficient[k] : 1;
}

static fm_status check_figures(const fm_disclose_figures *f, fm_error *err)
{
  int64_t sum = 0;
  if (f->struct_size != sizeof *f)
    return fm__fail(err, FM_ERR_ARGUMENT, "figures: expected struct_size of fm_disclose_figures");
  for (size_t i = 0; i < f->n_cells; i++) {
    if (f->cells[i] < 0)
      return fm__fail(err, FM_ERR_ARGUMENT, "cell %zu is negative", i);
    if (f->cells[i] > MOST_PEOPLE - sum)
      return fm__fail(err, FM_ERR_ARGUMENT, "cells: expected at most 1e12 people in all");
    sum += f->cells[i];
  }
  if (f->n_figures > 0 && f->start[0] != 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "start: expected 0 first");
  for (size_t i = 0; i < f->n_figures; i++) {
    if (f->start[i + 1] < f->start[i])
      return fm__fail(err, FM_ERR_ARGUMENT, "start: figure %zu ends before it begins", i);
    if (f->kind != NULL && f->kind[i] > FM_DISCLOSE_LINK)
      return fm__fail(err, FM_ERR_ARGUMENT, "kind: figure %zu has none of the four", i);
    for (size_t k = f->start[i]; k < f->start[i + 1]; k++) {
      int32_t c = coefficient_of(f, k);
      if (f->cell[k] >= f->n_cells)
        return fm__fail(err, FM_ERR_ARGUMENT, "cell: figure %zu has a cell that is not there", i);
      if (c < -MOST_COEFFICIENT || c > MOST_COEFFICIENT)
        return fm__fail(err, FM_ERR_ARGUMENT, "coefficient: expected -1,000 to 1,000 in figure %zu", i);
    }
  }
  return FM_OK;
}

/* ---- cells that stand in the same figures ---- */

/* A number for each cell that is the same for cells with the same figures and coefficients, and no others: two mixed
 * sums of 64 bits. */
static void mark_cells(const fm_disclose_figures *f, fm__hash128 *mark)
{
  for (size_t i = 0; i < f->n_figures; i++)
    for (size_t k = f->start[i]; k < f->start[i + 1]; k++) {
      const uint64_t what[2] = {i, (uint64_t)(uint32_t)coefficient_of(f, k)};
      fm__hash128 h = fm__hash(what, sizeof what);
      mark[f->cell[k]].low += h.low;
      mark[f->cell[k]].high += h.high;
    }
}

/* The column of each cell, in the order of cells; cells in no figure have none. */
static fm_status join_cells(fm__joint *j, size_t *of, fm_error *err)
{
  const fm_disclose_figures *f = j->figures;
  fm__hash128 *mark = fm__array(f->n_cells, sizeof *mark);
  fm__item *items = fm__array(2 * f->n_cells, sizeof *items);
  if (mark == NULL || items == NULL) {
    fm__free(mark);
    fm__free(items);
    return fm__no_memory(err);
  }
  mark_cells(f, mark);
  for (size_t i = 0; i < f->n_cells; i++)
    items[i] = (fm__item){.key = mark[i].low, .value = i};
  fm__sort_items(items, items + f->n_cells, f->n_cells);
  size_t before = SIZE_MAX;
  for (size_t i = 0; i < f->n_cells; i++) {
    size_t cell = (size_t)items[i].value;
    bool same = before != SIZE_MAX && mark[before].low == mark[cell].low && mark[before].high == mark[cell].high;
    before = same ? before : cell;
    of[cell] = before;
  }
  for (size_t i = 0; i < f->n_cells; i++) {
    bool none = mark[i].low == 0 && mark[i].high == 0;
    if (of[i] == i && !none) {
      j->people[j->n] = 0;
      items[i].value = j->n++;
    }
    of[i] = none ? SIZE_MAX : (size_t)items[of[i]].value;
    if (!none)
      j->people[of[i]] += f->cells[i];
  }
  fm__free(mark);
  fm__free(items);
  return FM_OK;
}

/* Figures over columns: each column once. */
static void write_figures(fm__joint *j, const size_t *of, size_t *last)
{
  const fm_disclose_figures *f = j->figures;
  size_t used = 0;
  for (size_t c = 0; c < j->n; c++)
    last[c] = SIZE_MAX;
  for (size_t i = 0; i < f->n_figures; i++) {
    j->start[i] = used;
    for (size_t k = f->start[i]; k < f->start[i + 1]; k++) {
      size_t c = of[f->cell[k]];
      if (last[c] == i) /* another cell of the same column */
        continue;
      last[c] = i;
      j->column[used] = c;
      j->coefficient[used++] = coefficient_of(f, k);
      j->value[i] += coefficient_of(f, k) * j->people[c];
    }
    j->start[i + 1] = used;
  }
}

/* ---- opening ---- */

static fm_status check_bounds(const fm__joint *j, fm_error *err)
{
  const fm_disclose_figures *f = j->figures;
  for (size_t i = 0; i < f->n_figures; i++)
    if ((f->at_least != NULL && f->at_least[i] > j->value[i]) || (f->at_most != NULL && f->at_most[i] < j->value[i]))
      return fm__fail(err, FM_ERR_ARGUMENT, "figure %zu is not within its bounds", i);
  return FM_OK;
}

static bool allocate(fm__joint *j)
{
  const fm_disclose_figures *f = j->figures;
  size_t terms = f->n_figures > 0 ? f->start[f->n_figures] : 0;
  j->hidden = fm__array(f->n_figures, 1);
  j->people = fm__array(f->n_cells, sizeof *j->people);
  j->value = fm__array(f->n_figures, sizeof *j->value);
  j->start = fm__array(f->n_figures + 1, sizeof *j->start);
  j->column = fm__array(terms, sizeof *j->column);
  j->coefficient = fm__array(terms, sizeof *j->coefficient);
  j->cost = fm__array(f->n_cells + terms, sizeof *j->cost);
  j->table = fm__array(f->n_cells, sizeof *j->table);
  return j->hidden != NULL && j->people != NULL && j->value != NULL && j->start != NULL && j->column != NULL &&
         j->coefficient != NULL && j->cost != NULL && j->table != NULL;
}

static fm_status add_rows(fm__joint *j, fm_error *err)
{
  fm_status status = fm__lp_open(&j->lp, j->n, j->figures->n_figures, err);
  for (size_t i = 0; i < j->figures->n_figures && status == FM_OK; i++) {
    size_t n = j->start[i + 1] - j->start[i];
    for (size_t k = 0; k < n; k++)
      j->cost[k] = j->coefficient[j->start[i] + k];
    (void)fm__lp_add(&j->lp, n, &j->column[j->start[i]], j->cost, 0, 0, i);
  }
  return status;
}

static void remember(fm__joint *j, const int64_t *values)
{
  size_t n = j->figures->n_figures;
  if (j->n_seen == MOST_SEEN)
    return;
  if (!fm__grow((void **)&j->seen, &j->room, (j->n_seen + 1) * n, sizeof *j->seen)) {
    j->failed = true;
    return;
  }
  memcpy(&j->seen[j->n_seen++ * n], values, n * sizeof *values);
}

fm_status fm__joint_open(fm__joint *j, const fm_disclose_figures *figures, const fm_disclose_protect_spec *spec,
                         const uint8_t *hidden, fm_error *err)
{
  *j = (fm__joint){.figures = figures, .spec = spec};
  fm_status status = check_figures(figures, err);
  if (status != FM_OK)
    return status;
  size_t *of = fm__array(2 * figures->n_cells, sizeof *of);
  status = of != NULL && allocate(j) ? join_cells(j, of, err) : fm__no_memory(err);
  if (status == FM_OK) {
    write_figures(j, of, of + figures->n_cells);
    status = check_bounds(j, err);
  }
  if (status == FM_OK)
    status = add_rows(j, err);
  if (status == FM_OK) {
    int64_t all = 0, values = spec->n_values > spec->threshold ? spec->n_values : spec->threshold;
    for (size_t c = 0; c < j->n; c++)
      all += j->people[c];
    j->limit = (double)(all + 2 * values);
    memcpy(j->hidden, hidden, figures->n_figures);
    remember(j, j->value);
    status = j->failed ? fm__no_memory(err) : FM_OK;
    fm__joint_bound(j);
  }
  fm__free(of);
  if (status != FM_OK)
    fm__joint_close(j);
  return status;
}

void fm__joint_close(fm__joint *j)
{
  void *const all[] = {j->hidden, j->people, j->value, j->start, j->column, j->coefficient, j->cost, j->table, j->seen};
  for (size_t k = 0; k < FM__COUNT(all); k++)
    fm__free(all[k]);
  fm__lp_close(&j->lp);
  *j = (fm__joint){0};
}

bool fm__joint_spent(const fm__joint *j)
{
  return j->failed || j->lp.work > (uint64_t)j->spec->effort;
}

/* ---- what an outsider knows ---- */

static int64_t find_floor(const fm__joint *j)
{
  if (j->spec->floor >= 0)
    return j->spec->floor;
  for (size_t i = 0; i < j->figures->n_figures; i++)
    if (fm__joint_kind(j, i) == FM_DISCLOSE_FIGURE && j->hidden[i] != 0 && j->value[i] == 0)
      return 0;
  return 1;
}

/* Bounds of a figure that is not shown. */
static void open_bounds(const fm__joint *j, size_t i, double *low, double *high)
{
  const fm_disclose_figures *f = j->figures;
  *low = *high = 0;
  for (size_t k = j->start[i]; k < j->start[i + 1]; k++) {
    double end = j->coefficient[k] * j->lp.high[j->column[k]];
    *low += end < 0 ? end : 0;
    *high += end > 0 ? end : 0;
  }
  if (fm__joint_kind(j, i) == FM_DISCLOSE_FIGURE && *low < (double)j->floor && j->value[i] >= j->floor)
    *low = (double)j->floor;
  if (f->at_least != NULL && f->at_least[i] != INT64_MIN && (double)f->at_least[i] > *low)
    *low = (double)f->at_least[i];
  if (f->at_most != NULL && f->at_most[i] != INT64_MAX && (double)f->at_most[i] < *high)
    *high = (double)f->at_most[i];
}

void fm__joint_bound(fm__joint *j)
{
  j->floor = find_floor(j);
  for (size_t c = 0; c < j->n; c++)
    j->lp.high[c] = j->limit;
  for (size_t i = 0; i < j->figures->n_figures; i++) { /* a cell is not above a sum it stands in */
    bool all_add = fm__joint_is_shown(j, i);
    for (size_t k = j->start[i]; k < j->start[i + 1] && all_add; k++)
      all_add = j->coefficient[k] > 0;
    for (size_t k = j->start[i]; k < j->start[i + 1] && all_add; k++) {
      double most = floor((double)j->value[i] / j->coefficient[k]);
      if (most < j->lp.high[j->column[k]])
        j->lp.high[j->column[k]] = most;
    }
  }
  for (size_t i = 0; i < j->figures->n_figures; i++) {
    double low = (double)j->value[i], high = low;
    if (!fm__joint_is_shown(j, i))
      open_bounds(j, i, &low, &high);
    j->lp.low[j->n + i] = low;
    j->lp.high[j->n + i] = high;
  }
}

/* Does a table, by its figures, fit what is known? */
static bool fits(const fm__joint *j, const int64_t *values)
{
  for (size_t i = 0; i < j->figures->n_figures; i++)
    if ((double)values[i] < j->lp.low[j->n + i] || (double)values[i] > j->lp.high[j->n + i])
      return false;
  return true;
}

void fm__joint_seen(const fm__joint *j, size_t figure, int64_t *low, int64_t *high)
{
  size_t n = j->figures->n_figures;
  *low = *high = j->value[figure];
  for (size_t k = 0; k < j->n_seen; k++) {
    int64_t value = j->seen[k * n + figure];
    if ((value < *low || value > *high) && fits(j, &j->seen[k * n])) {
      *low = value < *low ? value : *low;
      *high = value > *high ? value : *high;
    }
  }
}

/* ---- extremes ---- */

/* Keeps the program's values as a table, if they are whole and fit; otherwise the column farthest from a whole number.
 */
static size_t keep_table(fm__joint *j, double end)
{
  size_t worst = SIZE_MAX;
  double most = 1e-5;
  for (size_t c = 0; c < j->n; c++) {
    double x = j->lp.value[c], off = fabs(x - round(x));
    if (off > most) {
      most = off;
      worst = c;
    }
    j->table[c] = (int64_t)(x > 0 ? (x < end ? round(x) : end) : 0);
  }
  size_t n = j->figures->n_figures;
  int64_t *values = fm__array(n, sizeof *values);
  if (values == NULL) {
    j->failed = true;
    return SIZE_MAX;
  }
  for (size_t i = 0; i < n; i++)
    for (size_t k = j->start[i]; k < j->start[i + 1]; k++)
      values[i] += j->coefficient[k] * j->table[j->column[k]];
  if (fits(j, values))
    remember(j, values);
  fm__free(values);
  return worst;
}

/* Weak duality in whole numbers, as in fm__cover_bound: the least that sign * figure can be, or the worst of all. */
static double prove(fm__joint *j, size_t figure, double sign)
{
  const double scale = 0x1p12;
  double sum = 0, magnitude = 0, *left = j->cost;
  for (size_t c = 0; c < j->n; c++)
    left[c] = 0;
  for (size_t k = j->start[figure]; k < j->start[figure + 1]; k++)
    left[j->column[k]] += sign * scale * j->coefficient[k];
  for (size_t i = 0; i < j->figures->n_figures; i++) {
    double y = round(fm__lp_dual(&j->lp, i) * scale), end = y > 0 ? j->lp.low[j->n + i] : j->lp.high[j->n + i];
    if (y == 0 || fabs(y) > 0x1p30)
      continue;
    sum += y * end;
    magnitude += fabs(y * end);
    for (size_t k = j->start[i]; k < j->start[i + 1]; k++)
      left[j->column[k]] -= y * j->coefficient[k];
  }
  for (size_t c = 0; c < j->n; c++) {
    double end = left[c] > 0 ? 0 : left[c] * j->lp.high[c];
    sum += end;
    magnitude += fabs(end);
  }
  return magnitude < 0x1p52 ? ceil(sum / scale) : -INFINITY;
}

/* A little of every cell, so that few tables are equally good; less than 1 in all. */
static void aim_little(fm__joint *j)
{
  for (size_t c = 0; c < j->n; c++)
    j->cost[c] = 0.25 * ((double)(c * 7919 % 1009) / 1009) / ((double)j->n * (1 + j->lp.high[c]));
}

static void aim_at(fm__joint *j, size_t figure, double sign)
{
  for (size_t k = j->start[figure]; k < j->start[figure + 1]; k++)
    j->cost[j->column[k]] += sign * j->coefficient[k];
}

static int solve(fm__joint *j)
{
  uint64_t effort = (uint64_t)j->spec->effort;
  return fm__lp_solve(&j->lp, j->lp.work < effort ? effort - j->lp.work : 0);
}

/* Makes one cell whole after the other; the bounds are put back at the end. */
static void dive(fm__joint *j, size_t worst)
{
  for (int step = 0; step < MOST_DIVES && worst != SIZE_MAX && !fm__joint_spent(j); step++) {
    double x = j->lp.value[worst], first = round(x), second = first > x ? first - 1 : first + 1;
    j->lp.low[worst] = j->lp.high[worst] = first;
    int state = solve(j);
    if (state == FM__LP_IMPOSSIBLE) {
      j->lp.low[worst] = j->lp.high[worst] = second;
      state = solve(j);
    }
    if (state != FM__LP_DONE)
      break;
    worst = keep_table(j, j->limit);
  }
  memset(j->lp.low, 0, j->n * sizeof *j->lp.low);
  fm__joint_bound(j);
}

void fm__joint_explore(fm__joint *j, const uint8_t *figures, uint32_t draw)
{
  aim_little(j);
  for (size_t i = 0; i < j->figures->n_figures; i++)
    if (figures[i] != 0) {
      draw = draw * 1664525U + 1013904223U;
      aim_at(j, i, (draw >> 16 & 3) == 0 ? 1 : -1);
    }
  fm__lp_objective(&j->lp, j->cost);
  size_t column = solve(j) == FM__LP_DONE ? keep_table(j, j->limit) : SIZE_MAX;
  if (column != SIZE_MAX)
    dive(j, column);
}

int64_t fm__joint_extreme(fm__joint *j, size_t figure, bool most)
{
  double sign = most ? -1 : 1;
  aim_little(j);
  aim_at(j, figure, sign);
  fm__lp_objective(&j->lp, j->cost);
  int state = solve(j);
  double proved = prove(j, figure, sign), worst = -9e18;
  if (state == FM__LP_DONE) {
    size_t column = keep_table(j, j->limit);
    if (column != SIZE_MAX)
      dive(j, column);
  }
  if (!(proved > worst))
    proved = worst;
  return (int64_t)(sign * proved);
}
