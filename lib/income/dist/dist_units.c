/* Rows of a population with their sampling units: sorted with the incomes, then one for each income and unit. */
#include <string.h>

#include "income/dist/dist_build_priv.h"

void fm__dist_units_free(fm__dist_units *u)
{
  for (size_t k = 0; k < u->n; k++)
    fm__free(u->stretch[k].w);
  fm__free(u->stretch);
  fm__free(u->unit);
  *u = (fm__dist_units){.n = 0};
}

/* ---- the rows of one income ---- */

static bool all_differ(const uint32_t *unit, size_t n)
{
  for (size_t i = 1; i < n; i++)
    for (size_t k = 0; k < i; k++)
      if (unit[i] == unit[k])
        return false;
  return true;
}

/* Rows of one income: every second double is a weight, which is how it stands in pairs and in records. */
typedef struct tied {
  const double *w;
  const uint32_t *unit;
  size_t n;
} tied;

/* By a sum for each unit; false, and nothing added, when two doubles do not hold one exactly. */
static bool add_summed(fm__stretch *s, uint32_t *to, const tied *t, const fm__sort_room *room)
{
  size_t n_seen = 0;
  double lost = 0;
  for (size_t i = 0; i < t->n; i++) {
    fm__weights *sum = &room->sums[t->unit[i]];
    double rest = 0, gone = 0;
    room->seen[n_seen] = t->unit[i];
    n_seen += sum->high == 0;
    fm__running(&sum->high, &rest, t->w[2 * i]);
    fm__running(&sum->low, &gone, rest);
    lost = gone != 0 ? 1 : lost;
  }
  for (size_t i = 0; i < n_seen; i++) {
    fm__weights *sum = &room->sums[room->seen[i]];
    if (lost == 0) {
      to[s->n] = room->seen[i] | (i == 0 ? FM__UNIT_FIRST : 0);
      s->w[s->n++] = sum->high + sum->low;
    }
    *sum = (fm__weights){0, 0};
  }
  return lost == 0;
}

/* By sorting. */
static fm_status add_sorted(fm__stretch *s, uint32_t *to, const tied *t, const fm__sort_room *room)
{
  uint32_t first = FM__UNIT_FIRST;
  fm__pair *own = t->n > FM__BUCKET_MOST ? fm__many(t->n, sizeof *own) : NULL, *pairs = own != NULL ? own : room->tie;
  if (t->n > FM__BUCKET_MOST && own == NULL)
    return FM_ERR_MEMORY;
  for (size_t i = 0; i < t->n; i++)
    pairs[i] = (fm__pair){fm__key_of(t->unit[i]), t->w[2 * i]};
  fm__xw *rows = (fm__xw *)(void *)pairs, *end = fm__dist_sort_pairs(rows, pairs, t->n, room->scratch, room->cells);
  for (; rows < end; rows++) {
    to[s->n] = (uint32_t)rows->x | first;
    s->w[s->n++] = rows->w;
    first = 0;
  }
  fm__free(own);
  return FM_OK;
}

/* Adds one row for each unit, in any order, its weight the exact sum, rounded once. `to` may be where the units stand,
 * or before. */
static fm_status add_income(fm__stretch *s, uint32_t *to, const tied *t, const fm__sort_room *room)
{
  enum { FEW = 5 };
  if (t->n < FEW && all_differ(t->unit, t->n)) {
    for (size_t i = 0; i < t->n; i++) {
      to[s->n] = t->unit[i] | (i == 0 ? FM__UNIT_FIRST : 0);
      s->w[s->n++] = t->w[2 * i];
    }
    return FM_OK;
  }
  return room->sums != NULL && add_summed(s, to, t, room) ? FM_OK : add_sorted(s, to, t, room);
}

static fm_status start(fm__stretch *s, size_t n)
{
  s->n = 0;
  s->w = fm__many(n, sizeof *s->w);
  return s->w != NULL ? FM_OK : FM_ERR_MEMORY;
}

fm_status fm__dist_pool_rows(fm__stretch *s, const fm__pair *data, uint32_t *unit, size_t n, const fm__sort_room *room)
{
  s->n_atoms = 1;
  fm_status status = start(s, n);
  return status == FM_OK ? add_income(s, unit, &(tied){&data->value, unit, n}, room) : status;
}

/* ---- all rows ---- */

/* More rows than fit into a bucket. */
static fm_status sort_many(fm__xw *to, fm__pair *data, uint32_t *unit, size_t n, uint16_t *cells)
{
  fm__xwu *rows = fm__many(n, 2 * sizeof *rows);
  if (rows == NULL)
    return FM_ERR_MEMORY;
  fm__xwu *sorted = rows + n;
  for (size_t i = 0; i < n; i++)
    rows[i] = (fm__xwu){fm__value_of(data[i].key), data[i].value, unit[i], 1};
  fm__bucket_sort_units(sorted, rows, n, cells);
  for (size_t i = 0; i < n; i++) {
    to[i] = (fm__xw){sorted[i].x, sorted[i].w};
    unit[i] = sorted[i].unit;
  }
  fm__free(rows);
  return FM_OK;
}

fm_status fm__dist_sort_rows(fm__stretch *s, fm__pair *data, uint32_t *unit, size_t n, const fm__sort_room *room)
{
  fm__xw *to = (fm__xw *)(void *)data;
  size_t ties = n;
  if (n <= FM__BUCKET_MOST)
    ties = fm__bucket_sort_rows(to, unit, data, room->scratch, room->spare, n, room->cells);
  else if (sort_many(to, data, unit, n, room->cells) != FM_OK)
    return FM_ERR_MEMORY;
  *s = (fm__stretch){.from = s->from, .n = n, .n_atoms = n};
  if (ties == 0)
    return FM_OK;
  fm_status status = start(s, n);
  for (size_t i = 0, end; i < n && status == FM_OK; i = end) {
    for (end = i + 1; end < n && to[end].x == to[i].x; end++)
      continue;
    status = add_income(s, unit, &(tied){&to[i].w, unit + i, end - i}, room);
  }
  s->n_atoms = fm__bucket_pool(to, n, n);
  return status;
}
