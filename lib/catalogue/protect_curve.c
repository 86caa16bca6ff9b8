/* Curves in time on a grid of months, and sets that grow in time.
 *
 * A step of a curve is a person. So a point is shown at the end of a month when in every group and for every reason
 * nobody or at least `threshold` people have left since the last point shown, the same for those observed no longer,
 * and at least `threshold` are still at risk. Groups too small for any point stand together as one, which the total
 * less the others tells about. The first month at whose end a group has fewer at risk ends all curves of the breakdown.
 */
#include "catalogue/protect_priv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "table/table_priv.h"

/* A row of a curve, in the order of its set (and group) and time. */
typedef struct place {
  uint32_t set, group;
  double at;
  size_t row;
} place;

static int compare(const place *a, const place *b, bool by_group)
{
  if (a->set != b->set)
    return a->set < b->set ? -1 : 1;
  if (by_group && a->group != b->group)
    return a->group < b->group ? -1 : 1;
  if (a->at < b->at || a->at > b->at)
    return a->at < b->at ? -1 : 1;
  return a->row < b->row ? -1 : a->row > b->row;
}

static int by_group_and_time(const void *a, const void *b)
{
  return compare(a, b, true);
}

static int by_time(const void *a, const void *b)
{
  return compare(a, b, false);
}

typedef struct curves {
  fm__guard *g;
  place *places;
  size_t n;
  int64_t *after;   /* by row of numbers at risk: those at risk after it */
  uint32_t *series; /* by row: one figure of one group */
  uint32_t n_series;
  int64_t *pooled, *pooled_all; /* by series; by series with the small groups as one */
  uint32_t *joint, n_joint;     /* by row: series with the small groups as one */
  size_t *last;                 /* by series: row since the last point, SIZE_MAX: none */
  int64_t *risk;                /* by group; -1: not seen yet */
  uint8_t *together;            /* by group: too small for a curve of its own */
  double unit;                  /* days, weeks or one month in a month; 0: no such clock */
} curves;

static bool is_curve(fm__role role)
{
  return role == FM__ROLE_CURVE || role == FM__ROLE_AT_RISK || role == FM__ROLE_EVENTS;
}

static double month_of(const fm__guard *g)
{
  const char *name = g->time != FM__NO_COLUMN ? fm_table_column_name(g->t, g->time) : "";
  return strcmp(name, "time_days") == 0    ? 30.4375
         : strcmp(name, "time_weeks") == 0 ? 30.4375 / 7
                                           : strcmp(name, "time_months") == 0;
}

/* End of month m on the clock of the curve, a whole number of its units. */
static double grid(const curves *c, int64_t m)
{
  return floor((double)m * c->unit + 0.5);
}

/* How many are at risk after each time: as many as before the next, otherwise those who neither left nor went. */
static void find_after(curves *c)
{
  fm__guard *g = c->g;
  for (size_t i = 0; i < c->n; i++) {
    const place *p = &c->places[i];
    if (g->rule[p->row]->role != FM__ROLE_AT_RISK)
      continue;
    int64_t gone = 0, next = -1;
    size_t k = i;
    while (k > 0 && c->places[k - 1].set == p->set && c->places[k - 1].group == p->group &&
           c->places[k - 1].at >= p->at)
      k--;
    for (; k < c->n && c->places[k].set == p->set && c->places[k].group == p->group && next < 0; k++) {
      size_t row = c->places[k].row;
      if (g->rule[row]->role == FM__ROLE_EVENTS && c->places[k].at <= p->at)
        gone += fm__guard_count(g, row) > 0 ? fm__guard_count(g, row) : 0;
      else if (g->rule[row]->role == FM__ROLE_AT_RISK && c->places[k].at > p->at)
        next = fm__guard_count(g, row);
    }
    int64_t left = fm__guard_count(g, p->row) - gone;
    c->after[p->row] = next >= 0 ? next : left > 0 ? left : 0;
  }
}

/* May a point be shown here? *ends: fewer than the threshold are at risk, and no later point can be shown. */
static bool may_show(const curves *c, bool *ends)
{
  const fm__guard *g = c->g;
  int64_t together = 0;
  bool any_together = false, seen = false;
  *ends = false;
  for (uint32_t k = 0; k < g->n_groups; k++) {
    if (c->risk[k] < 0)
      continue;
    seen = true;
    if (c->together[k] != 0) {
      together += c->risk[k];
      any_together = true;
    } else if (c->risk[k] < g->threshold) {
      *ends = true;
    }
  }
  *ends = *ends || (any_together && together < g->threshold);
  for (uint32_t s = 0; s < c->n_joint; s++)
    if (fm__guard_small(g, c->pooled_all[s]))
      return false;
  return seen && !*ends;
}

/* Shows the last row of each series that has one since the last point. */
static bool show_point(curves *c, double at)
{
  fm__guard *g = c->g;
  bool any = false;
  for (uint32_t s = 0; s < c->n_series; s++) {
    size_t row = c->last[s];
    if (row == SIZE_MAX)
      continue;
    fm__role role = g->rule[row]->role;
    c->last[s] = SIZE_MAX;
    if (c->together[g->group[row]] == 0) {
      any = true;
      g->dropped[row] = 0;
      g->new_at[row] = at;
      g->new_count[row] = role == FM__ROLE_EVENTS ? c->pooled[s] : c->risk[g->group[row]];
    }
    c->pooled[s] = 0;
  }
  memset(c->pooled_all, 0, c->n_joint * sizeof *c->pooled_all);
  return any;
}

static void begin(curves *c)
{
  for (uint32_t s = 0; s < c->n_series; s++) {
    c->last[s] = SIZE_MAX;
    c->pooled[s] = 0;
  }
  for (uint32_t k = 0; k < c->g->n_groups; k++)
    c->risk[k] = -1;
  memset(c->pooled_all, 0, c->n_joint * sizeof *c->pooled_all);
}

/* One curve, or all curves of a breakdown, in the order of time. Gives the number of points. */
static size_t walk(curves *c, size_t first, size_t end)
{
  fm__guard *g = c->g;
  size_t points = 0;
  int64_t month = 1;
  bool ends = false;
  begin(c);
  for (size_t i = first; i <= end && !ends; i++) {
    double at = i < end ? c->places[i].at : INFINITY;
    if (i > first && at > grid(c, month)) {
      if (c->places[i - 1].at > grid(c, month - 1) && c->places[i - 1].at <= grid(c, month) && may_show(c, &ends))
        points += show_point(c, grid(c, month));
      month = isinf(at) ? month : (int64_t)ceil(at / c->unit);
      while (!isinf(at) && at > grid(c, month))
        month++;
    } else if (i == first && !isinf(at)) {
      while (at > grid(c, month))
        month++;
    }
    if (i == end)
      break;
    size_t row = c->places[i].row;
    int64_t count = fm__guard_count(g, row);
    c->last[c->series[row]] = row;
    if (g->rule[row]->role == FM__ROLE_AT_RISK)
      c->risk[g->group[row]] = c->after[row];
    if (g->rule[row]->role == FM__ROLE_EVENTS && count > 0) {
      c->pooled[c->series[row]] += count;
      c->pooled_all[c->joint[row]] += count;
    }
  }
  return points;
}

static void drop_all(curves *c, size_t first, size_t end)
{
  for (size_t i = first; i < end; i++) {
    fm__guard *g = c->g;
    g->dropped[c->places[i].row] = 1;
    g->new_at[c->places[i].row] = NAN;
    g->new_count[c->places[i].row] = -1;
  }
}

/* A curve without a point is told as hidden, once for each figure, without its times. */
static void tell_hidden(curves *c, size_t first, size_t end)
{
  fm__guard *g = c->g;
  for (uint32_t s = 0; s < c->n_series; s++)
    c->last[s] = SIZE_MAX;
  for (size_t i = first; i < end; i++)
    if (g->dropped[c->places[i].row] == 0)
      c->last[c->series[c->places[i].row]] = c->places[i].row;
  for (size_t i = first; i < end; i++) {
    size_t row = c->places[i].row;
    if (c->last[c->series[row]] != SIZE_MAX)
      continue;
    c->last[c->series[row]] = row;
    g->dropped[row] = 0;
    g->hidden[row] = 1;
    g->new_at[row] = INFINITY;
  }
}

/* Groups without a curve of their own; one alone would be the total less the others, so another goes with it. */
static void find_together(curves *c, size_t first, size_t end)
{
  fm__guard *g = c->g;
  size_t n = 0, groups = 0;
  memset(c->together, 0, g->n_groups);
  uint32_t smallest = FM__NO_ID;
  int64_t fewest = INT64_MAX;
  for (size_t i = first, next; i < end; i = next) {
    uint32_t group = c->places[i].group;
    int64_t most = 0;
    for (next = i; next < end && c->places[next].group == group; next++) {
      size_t row = c->places[next].row;
      if (g->rule[row]->role == FM__ROLE_AT_RISK && fm__guard_count(g, row) > most)
        most = fm__guard_count(g, row);
    }
    groups++;
    if (walk(c, i, next) == 0) {
      drop_all(c, i, next);
      c->together[group] = 2; /* not 1 yet: each is walked alone */
      n++;
    } else if (most < fewest) {
      fewest = most;
      smallest = group;
    }
  }
  if (n == 1 && groups > 1 && smallest != FM__NO_ID)
    c->together[smallest] = 1;
}

static fm_status join_series(curves *c, fm_error *err)
{
  fm__guard *g = c->g;
  for (size_t i = 0; i < g->n; i++)
    c->joint[i] = c->together[g->group[i]] != 0 ? g->n_groups : g->group[i];
  fm_status status = fm__guard_pair(c->joint, g->line, g->n, NULL, err);
  return status == FM_OK ? fm__guard_pair(c->joint, g->name, g->n, &c->n_joint, err) : status;
}

static fm_status one_set(curves *c, size_t first, size_t end, fm_error *err)
{
  memset(c->together, 0, c->g->n_groups);
  fm_status status = join_series(c, err);
  if (status != FM_OK)
    return status;
  if (c->unit > 0)
    find_together(c, first, end);
  drop_all(c, first, end);
  status = join_series(c, err);
  if (status != FM_OK)
    return status;
  qsort(c->places + first, end - first, sizeof *c->places, by_time);
  if (c->unit > 0)
    walk(c, first, end);
  tell_hidden(c, first, end);
  return FM_OK;
}

static fm_status number_series(curves *c, fm_error *err)
{
  fm__guard *g = c->g;
  memcpy(c->series, g->group, g->n * sizeof *c->series);
  fm_status status = fm__guard_pair(c->series, g->line, g->n, NULL, err);
  return status == FM_OK ? fm__guard_pair(c->series, g->name, g->n, &c->n_series, err) : status;
}

fm_status fm__guard_curves(fm__guard *g, fm_error *err)
{
  curves c = {.g = g, .unit = month_of(g)};
  size_t n = g->n + 1;
  for (size_t i = 0; i < g->n; i++)
    c.n += is_curve(g->rule[i]->role) && g->hidden[i] == 0;
  if (c.n == 0)
    return FM_OK;
  void **const all[] = {(void **)&c.after, (void **)&c.pooled, (void **)&c.pooled_all, (void **)&c.last,
                        (void **)&c.risk};
  fm_status status = (c.places = fm__array(c.n, sizeof *c.places)) != NULL &&
                             (c.series = fm__array(n, sizeof *c.series)) != NULL &&
                             (c.joint = fm__array(n, sizeof *c.joint)) != NULL && (c.together = fm__array(n, 1)) != NULL
                         ? FM_OK
                         : fm__no_memory(err);
  for (size_t k = 0; k < FM__COUNT(all) && status == FM_OK; k++)
    status = (*all[k] = fm__array(n, 8)) != NULL ? FM_OK : fm__no_memory(err);
  c.n = 0;
  for (size_t i = 0; i < g->n && status == FM_OK; i++)
    if (is_curve(g->rule[i]->role) && g->hidden[i] == 0)
      c.places[c.n++] = (place){g->set[i], g->group[i], isnan(g->at[i]) ? 0 : g->at[i], i};
  if (status == FM_OK)
    status = number_series(&c, err);
  if (status == FM_OK) {
    qsort(c.places, c.n, sizeof *c.places, by_group_and_time);
    find_after(&c);
  }
  for (size_t i = 0, next; i < c.n && status == FM_OK; i = next) {
    for (next = i; next < c.n && c.places[next].set == c.places[i].set;)
      next++;
    status = one_set(&c, i, next, err);
  }
  for (size_t k = 0; k < FM__COUNT(all); k++)
    fm__free(*all[k]);
  fm__free(c.places);
  fm__free(c.series);
  fm__free(c.joint);
  fm__free(c.together);
  return status;
}

/* ---- sets that grow in time ---- */

/* What is added between two times is a count of people: the later one is hidden when it is few. A point of a curve that
 * was asked for counts those still at risk. */
static void mark_steps(fm__guard *g, const place *places, size_t first, size_t end)
{
  int64_t before = -1;
  for (size_t i = first; i < end; i++) {
    size_t row = places[i].row;
    int64_t count = g->rule[row]->role == FM__ROLE_NESTED ? fm__guard_count(g, row) : g->units[row];
    if (count < 0)
      continue;
    if (before >= 0 && fm__guard_small(g, count > before ? count - before : before - count))
      g->small[row] = 1;
    else
      before = count;
  }
}

fm_status fm__guard_steps(fm__guard *g, fm_error *err)
{
  size_t n = 0;
  place *places = fm__array(g->n + 1, sizeof *places);
  uint32_t *series = fm__array(g->n + 1, sizeof *series);
  fm_status status = places != NULL && series != NULL ? FM_OK : fm__no_memory(err);
  if (status == FM_OK) {
    memcpy(series, g->line, g->n * sizeof *series);
    status = fm__guard_pair(series, g->name, g->n, NULL, err);
  }
  for (size_t i = 0; i < g->n && status == FM_OK; i++)
    if ((g->rule[i]->role == FM__ROLE_NESTED || g->rule[i]->role == FM__ROLE_POINT) && !isnan(g->at[i]))
      places[n++] = (place){series[i], g->group[i], g->at[i], i};
  if (n > 0)
    qsort(places, n, sizeof *places, by_group_and_time);
  for (size_t i = 0, next; i < n; i = next) {
    for (next = i; next < n && places[next].set == places[i].set && places[next].group == places[i].group;)
      next++;
    mark_steps(g, places, i, next);
  }
  fm__free(places);
  fm__free(series);
  return status;
}
