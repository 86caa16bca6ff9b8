/* The breakdown by group: people, those who began, and their status at each milestone, as linked tables.
 *
 * What is published: the row of each group that is shown, and the totals. A group is hidden in whole: when one of its
 * status figures is hidden, all are, at every milestone. Then nothing but the sums over hidden groups can be worked
 * out, and the milestones tell nothing about each other: any table of one milestone that fits its sums can be continued
 * at the others, where those not known yet only grow. So one exact audit for each table is enough.
 *
 * Groups whose number of people (or of those who began) is hidden have unknown row sums; they enter the next table as
 * one row of their sum.
 *
 * When one person may be in several groups the sums over groups are not the totals, and an outsider knows less than the
 * audit assumes (it takes the sums over groups as known); what he knows besides, that no group has more than the total,
 * narrows the bounds, and the rest of a total outside a group is a count of people as well. */
#include "report/rows_priv.h"

#include <math.h>
#include <string.h>

#include "flexmetrics/disclose.h"

enum { MAX_HORIZONS = 16, CELLS = 3 };

typedef struct breakdown {
  fm__entries *rows;
  const fm__entries *before;
  int64_t threshold;
  const char **names; /* of the groups; NULL is "not known" */
  size_t n;
  int32_t horizons[MAX_HORIZONS];
  size_t n_horizons;
  int64_t *people, *began, *cells;                 /* cells[(group * n_horizons + horizon) * CELLS + cell] */
  uint8_t *hide_people, *hide_began, *hide_status; /* per group */
  bool overlap, everything;                        /* everything: no safe pattern was found */
} breakdown;

/* One audited table: units are groups, or several groups as one. */
typedef struct units {
  size_t n, *of_group;
  uint8_t *hidden; /* per unit */
  int64_t *counts; /* scratch: n * CELLS */
  int64_t *low, *high;
  uint8_t *mask;
} units;

static void free_units(units *u)
{
  void *const all[] = {u->of_group, u->hidden, u->counts, u->low, u->high, u->mask};
  for (size_t k = 0; k < FM__COUNT(all); k++)
    fm__free(all[k]);
}

/* Groups marked in `merged` become unit 0 together. */
static bool make_units(units *u, const breakdown *b, const uint8_t *merged)
{
  *u = (units){.of_group = fm__array(b->n, sizeof *u->of_group), .hidden = fm__array(b->n, 1)};
  u->counts = fm__array((b->n + 1) * CELLS, sizeof *u->counts);
  u->low = fm__array((b->n + 1) * CELLS, sizeof *u->low);
  u->high = fm__array((b->n + 1) * CELLS, sizeof *u->high);
  u->mask = fm__array((b->n + 1) * CELLS, 1);
  if (u->of_group == NULL || u->hidden == NULL || u->counts == NULL || u->low == NULL || u->high == NULL ||
      u->mask == NULL)
    return false;
  bool any = memchr(merged, 1, b->n) != NULL;
  u->n = any;
  for (size_t g = 0; g < b->n; g++)
    u->of_group[g] = merged[g] != 0 ? 0 : u->n++;
  return true;
}

static bool small(const breakdown *b, int64_t count)
{
  return fm__is_small(count, b->threshold);
}

/* ---- one table of units: counts stand in u->counts, `columns` wide ---- */

/* Counts, or rests of a total, that must not be shown as they stand. */
static bool unit_is_small(const breakdown *b, const units *u, size_t unit, size_t columns, const int64_t *totals)
{
  for (size_t c = 0; c < columns; c++) {
    int64_t count = u->counts[unit * columns + c];
    if (small(b, count) || (b->overlap && totals[c] >= 0 && small(b, totals[c] - count)))
      return true;
  }
  return false;
}

/* True when an outsider can neither narrow a small count in a hidden unit to fewer than `threshold` values nor see that
 * it is below the threshold. Units are hidden in whole, so any of their counts may be zero for him: the audited table
 * has one hidden row of nobody more, which says so. */
static fm_status audit(const breakdown *b, const units *u, size_t columns, const int64_t *totals, bool *safe,
                       fm_error *err)
{
  *safe = true;
  if (u->n < 2) /* one unit is the total */
    return FM_OK;
  for (size_t i = 0; i < (u->n + 1) * columns; i++) {
    u->mask[i] = i / columns == u->n || u->hidden[i / columns] != 0;
    u->counts[i] = i / columns == u->n ? 0 : u->counts[i];
  }
  fm_status status = fm_disclose_audit(u->low, u->high, u->counts, u->mask, u->n + 1, columns, err);
  for (size_t i = 0; i < u->n * columns && status == FM_OK; i++) {
    int64_t high = u->high[i];
    if (b->overlap && totals[i % columns] >= 0 && totals[i % columns] < high)
      high = totals[i % columns];
    if (small(b, u->counts[i]) && (high < b->threshold || high - u->low[i] + 1 < b->threshold))
      *safe = false;
  }
  return status;
}

/* Hides one unit more, the one with the fewest people; false when all are hidden. */
static bool hide_another(units *u, const int64_t *sizes)
{
  size_t best = SIZE_MAX;
  for (size_t k = 0; k < u->n; k++)
    if (u->hidden[k] == 0 && (best == SIZE_MAX || sizes[k] < sizes[best]))
      best = k;
  if (best == SIZE_MAX)
    return false;
  u->hidden[best] = 1;
  return true;
}

/* ---- first table: how many people each group has ---- */

static fm_status protect_sizes(breakdown *b, int64_t total, fm_error *err)
{
  int32_t safe;
  for (size_t g = 0; g < b->n; g++)
    b->hide_people[g] = b->overlap && small(b, total - b->people[g]);
  fm_status status = fm_disclose_table(b->hide_people, &safe, b->people, b->n, 1, b->threshold, err);
  b->everything = b->everything || (status == FM_OK && safe == 0);
  return status;
}

/* ---- second table: began or not ---- */

static fm_status protect_began(breakdown *b, int64_t total_people, int64_t total_began, fm_error *err)
{
  units u = {0};
  bool safe = false;
  int64_t *sizes = fm__array(b->n, sizeof *sizes), totals[] = {total_began, total_people - total_began};
  fm_status status = sizes != NULL && make_units(&u, b, b->hide_people) ? FM_OK : fm__no_memory(err);
  for (size_t g = 0; g < b->n && status == FM_OK; g++) {
    int64_t *counts = &u.counts[2 * u.of_group[g]];
    counts[0] += b->began[g];
    counts[1] += b->people[g] - b->began[g];
    sizes[u.of_group[g]] += b->people[g];
  }
  for (size_t k = 0; k < u.n && status == FM_OK; k++)
    u.hidden[k] = unit_is_small(b, &u, k, 2, totals);
  while (status == FM_OK && !safe && !b->everything) {
    status = audit(b, &u, 2, totals, &safe, err);
    if (status == FM_OK && !safe)
      b->everything = !hide_another(&u, sizes);
  }
  for (size_t g = 0; g < b->n && status == FM_OK; g++)
    b->hide_began[g] = b->hide_people[g] != 0 || u.hidden[u.of_group[g]] != 0;
  free_units(&u);
  fm__free(sizes);
  return status;
}

/* ---- third tables: the milestones ---- */

static const int64_t *cells_at(const breakdown *b, size_t group, size_t horizon)
{
  return &b->cells[(group * b->n_horizons + horizon) * CELLS];
}

static int64_t jobs_of(const breakdown *b, size_t group)
{
  const int64_t *c = cells_at(b, group, 0);
  return c[0] + c[1] + c[2];
}

/* Groups whose row sums an outsider does not know enter as one: at least two, and not few people together. */
static void merge_groups(const breakdown *b, uint8_t *merged)
{
  size_t n = 0;
  int64_t people = 0;
  for (size_t g = 0; g < b->n; g++) {
    merged[g] = b->hide_began[g] != 0 || jobs_of(b, g) < b->threshold;
    n += merged[g];
    people += merged[g] != 0 ? jobs_of(b, g) : 0;
  }
  while (n > 0 && n < b->n && (n < 2 || people < b->threshold)) {
    size_t best = SIZE_MAX;
    for (size_t g = 0; g < b->n; g++)
      if (merged[g] == 0 && (best == SIZE_MAX || jobs_of(b, g) < jobs_of(b, best)))
        best = g;
    merged[best] = 1;
    people += jobs_of(b, best);
    n++;
  }
}

static void fill_units(const breakdown *b, units *u, size_t horizon)
{
  memset(u->counts, 0, (b->n + 1) * CELLS * sizeof *u->counts);
  for (size_t g = 0; g < b->n; g++)
    for (size_t c = 0; c < CELLS; c++)
      u->counts[u->of_group[g] * CELLS + c] += cells_at(b, g, horizon)[c];
}

static void totals_at(const breakdown *b, size_t horizon, int64_t totals[CELLS])
{
  static const char *const names[CELLS] = {"yes", "no", "unknown"};
  for (size_t c = 0; c < CELLS; c++) {
    const fm__entry *row = fm__entries_total(b->before, FM__STATUS, names[c], b->horizons[horizon]);
    totals[c] = row != NULL ? fm__count(row) : -1;
  }
}

/* Between two milestones people move from "not known yet" to an answer: their number, for each unit that is shown and
 * for the hidden ones together, is a count of people. Gives the first unit to hide, u->n for the hidden ones together,
 * SIZE_MAX when there is none. */
static size_t small_step(const breakdown *b, units *u)
{
  for (size_t h = 1; h < b->n_horizons; h++) {
    int64_t together = 0;
    for (size_t k = 0; k < u->n; k++) {
      int64_t step = 0;
      for (size_t g = 0; g < b->n; g++)
        if (u->of_group[g] == k)
          step += cells_at(b, g, h)[2] - cells_at(b, g, h - 1)[2];
      if (u->hidden[k] != 0)
        together += step;
      else if (small(b, step > 0 ? step : -step))
        return k;
    }
    if (small(b, together > 0 ? together : -together))
      return u->n;
  }
  return SIZE_MAX;
}

static fm_status audit_milestones(const breakdown *b, units *u, bool *safe, fm_error *err)
{
  fm_status status = FM_OK;
  *safe = true;
  for (size_t h = 0; h < b->n_horizons && status == FM_OK; h++) {
    int64_t totals[CELLS];
    bool here = true;
    totals_at(b, h, totals);
    fill_units(b, u, h);
    status = audit(b, u, CELLS, totals, &here, err);
    *safe = *safe && here;
  }
  return status;
}

static fm_status choose_hidden(breakdown *b, units *u, const int64_t *sizes, fm_error *err)
{
  fm_status status = FM_OK;
  for (size_t h = 0; h < b->n_horizons; h++) {
    int64_t totals[CELLS];
    totals_at(b, h, totals);
    fill_units(b, u, h);
    for (size_t k = 0; k < u->n; k++)
      u->hidden[k] = u->hidden[k] != 0 || unit_is_small(b, u, k, CELLS, totals);
  }
  for (bool safe = false; status == FM_OK && !safe && !b->everything;) {
    size_t step = small_step(b, u);
    if (step < u->n) {
      u->hidden[step] = 1;
      continue;
    }
    safe = step == SIZE_MAX;
    if (safe)
      status = audit_milestones(b, u, &safe, err);
    if (status == FM_OK && !safe)
      b->everything = !hide_another(u, sizes);
  }
  return status;
}

/* With nothing but the sizes of groups shown, a count lies between what the others cannot take of its total and the
 * smaller of the two sums. */
static bool sizes_are_safe(const breakdown *b, int64_t total_people, const int64_t *counts, size_t stride,
                           int64_t total)
{
  for (size_t g = 0; g < b->n; g++) {
    int64_t high = b->people[g] < total ? b->people[g] : total, low = total - (total_people - b->people[g]);
    int64_t count = counts[g * stride];
    if (low < 0)
      low = 0;
    if (small(b, count) && b->hide_people[g] == 0 && (high < b->threshold || high - low + 1 < b->threshold))
      return false;
  }
  return true;
}

/* The last way before hiding the breakdown altogether: sizes alone. */
static void keep_sizes(breakdown *b, int64_t total_began)
{
  int64_t people = 0;
  for (size_t g = 0; g < b->n; g++)
    people += b->people[g];
  b->everything = !sizes_are_safe(b, people, b->began, 1, total_began);
  for (size_t h = 0; h < b->n_horizons; h++) {
    int64_t totals[CELLS];
    totals_at(b, h, totals);
    for (size_t c = 0; c < CELLS; c++)
      b->everything =
          b->everything || !sizes_are_safe(b, people, b->cells + h * CELLS + c, b->n_horizons * CELLS, totals[c]);
  }
  memset(b->hide_began, 1, b->n);
  memset(b->hide_status, 1, b->n);
}

static fm_status protect_milestones(breakdown *b, fm_error *err)
{
  units u = {0};
  uint8_t *merged = fm__array(b->n, 1);
  int64_t *sizes = fm__array(b->n, sizeof *sizes);
  fm_status status = merged != NULL && sizes != NULL ? FM_OK : fm__no_memory(err);
  if (status == FM_OK) {
    merge_groups(b, merged);
    status = make_units(&u, b, merged) ? FM_OK : fm__no_memory(err);
  }
  for (size_t g = 0; g < b->n && status == FM_OK; g++)
    sizes[u.of_group[g]] += jobs_of(b, g);
  if (status == FM_OK)
    status = choose_hidden(b, &u, sizes, err);
  for (size_t g = 0; g < b->n && status == FM_OK; g++)
    b->hide_status[g] = merged[g] != 0 || u.hidden[u.of_group[g]] != 0;
  free_units(&u);
  fm__free(merged);
  fm__free(sizes);
  return status;
}

/* ---- reading the rows and hiding them ---- */

static bool knows_group(const breakdown *b, const char *name)
{
  for (size_t g = 0; g < b->n; g++)
    if (fm__same_text(b->names[g], name))
      return true;
  return false;
}

static int compare_i32(const void *pa, const void *pb)
{
  int32_t a = *(const int32_t *)pa, b = *(const int32_t *)pb;
  return (a > b) - (a < b);
}

static fm_status find_groups(breakdown *b, fm_error *err)
{
  b->names = fm__array(b->rows->n + 1, sizeof *b->names);
  if (b->names == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < b->rows->n; i++) {
    const fm__entry *row = &b->rows->items[i];
    if (!row->by_group)
      continue;
    if (!knows_group(b, row->group))
      b->names[b->n++] = row->group;
    /* A milestone hidden in the total is hidden in all groups, and tells nothing. */
    bool fresh = row->horizon >= 0 && !fm__is_hidden(fm__entries_total(b->rows, FM__STATUS, "yes", row->horizon));
    for (size_t h = 0; h < b->n_horizons; h++)
      fresh = fresh && b->horizons[h] != row->horizon;
    if (fresh && b->n_horizons == MAX_HORIZONS)
      return fm__fail(err, FM_ERR_LIMIT, "a report has at most %d milestones", (int)MAX_HORIZONS);
    if (fresh)
      b->horizons[b->n_horizons++] = row->horizon;
  }
  for (size_t i = 1; i < b->n_horizons; i++)
    for (size_t k = i; k > 0 && compare_i32(&b->horizons[k - 1], &b->horizons[k]) > 0; k--) {
      int32_t swap = b->horizons[k];
      b->horizons[k] = b->horizons[k - 1];
      b->horizons[k - 1] = swap;
    }
  return FM_OK;
}

static fm_status read_counts(breakdown *b, fm_error *err)
{
  static const char *const names[CELLS] = {"yes", "no", "unknown"};
  b->people = fm__array(b->n, sizeof *b->people);
  b->began = fm__array(b->n, sizeof *b->began);
  b->cells = fm__array(b->n * (b->n_horizons + 1) * CELLS, sizeof *b->cells);
  b->hide_people = fm__array(b->n, 1);
  b->hide_began = fm__array(b->n, 1);
  b->hide_status = fm__array(b->n, 1);
  if (b->people == NULL || b->began == NULL || b->cells == NULL || b->hide_people == NULL || b->hide_began == NULL ||
      b->hide_status == NULL)
    return fm__no_memory(err);
  for (size_t g = 0; g < b->n; g++) {
    b->people[g] = fm__count(fm__entries_group(b->before, FM__PEOPLE, b->names[g], "people", -1));
    b->began[g] = fm__count(fm__entries_group(b->before, FM__PEOPLE, b->names[g], "began", -1));
    for (size_t h = 0; h < b->n_horizons; h++)
      for (size_t c = 0; c < CELLS; c++)
        b->cells[(g * b->n_horizons + h) * CELLS + c] =
            fm__count(fm__entries_group(b->before, FM__STATUS, b->names[g], names[c], b->horizons[h]));
  }
  return FM_OK;
}

static bool sums_differ(const breakdown *b, int64_t total_people)
{
  int64_t people = 0;
  for (size_t g = 0; g < b->n; g++)
    people += b->people[g];
  for (size_t h = 0; h < b->n_horizons; h++) {
    int64_t totals[CELLS], sum = 0, total = 0;
    totals_at(b, h, totals);
    for (size_t g = 0; g < b->n; g++)
      for (size_t c = 0; c < CELLS; c++)
        sum += cells_at(b, g, h)[c];
    for (size_t c = 0; c < CELLS; c++)
      total += totals[c];
    if (sum != total)
      return true;
  }
  return people != total_people;
}

static size_t group_number(const breakdown *b, const char *name)
{
  size_t g = 0;
  while (!fm__same_text(b->names[g], name))
    g++;
  return g;
}

static void hide_rows(const breakdown *b)
{
  bool no_people = fm__is_hidden(fm__entries_total(b->rows, FM__PEOPLE, "people", -1));
  bool no_began = fm__is_hidden(fm__entries_total(b->rows, FM__PEOPLE, "began", -1));
  for (size_t i = 0; i < b->rows->n; i++) {
    fm__entry *row = &b->rows->items[i];
    if (!row->by_group)
      continue;
    size_t g = group_number(b, row->group);
    bool hidden = b->everything || no_people;
    if (row->horizon >= 0) /* a milestone hidden in the total is hidden in all groups, whose sum it is */
      hidden = hidden || no_began || b->hide_status[g] != 0 ||
               fm__is_hidden(fm__entries_total(b->rows, FM__STATUS, "yes", row->horizon));
    else if (strcmp(row->quantity, "people") == 0)
      hidden = hidden || b->hide_people[g] != 0;
    else
      hidden = hidden || no_began || b->hide_began[g] != 0;
    if (hidden)
      fm__hide(row);
  }
}

fm_status fm__protect_groups(fm__entries *r, const fm__entries *before, int64_t threshold, fm_error *err)
{
  breakdown b = {.rows = r, .before = before, .threshold = threshold};
  int64_t people = fm__count(fm__entries_total(before, FM__PEOPLE, "people", -1));
  int64_t began = fm__count(fm__entries_total(before, FM__PEOPLE, "began", -1));
  fm_status status = find_groups(&b, err);
  if (status != FM_OK || b.n == 0)
    goto done;
  status = read_counts(&b, err);
  if (status != FM_OK)
    goto done;
  r->groups_overlap = b.overlap = sums_differ(&b, people);
  status = protect_sizes(&b, people, err);
  bool sizes = !b.everything; /* safe so far */
  if (status == FM_OK && sizes)
    status = protect_began(&b, people, began, err);
  if (status == FM_OK && b.n_horizons > 0 && !b.everything)
    status = protect_milestones(&b, err);
  if (status == FM_OK && b.everything && sizes)
    keep_sizes(&b, began);
  if (status == FM_OK)
    hide_rows(&b);
done:
  fm__free((void *)b.names);
  void *const all[] = {b.people, b.began, b.cells, b.hide_people, b.hide_began, b.hide_status};
  for (size_t k = 0; k < FM__COUNT(all); k++)
    fm__free(all[k]);
  return status;
}
