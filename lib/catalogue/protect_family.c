/* Families of figures: parts, shares and means of one whole, in every group. A small count hides all of its family in
 * that group, since the rest of a whole gives one away; then the breakdown is audited over the groups. */
#include "catalogue/protect_priv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/num_priv.h"
#include "table/table_priv.h"

typedef struct place {
  uint32_t depth, family, group;
  size_t row;
} place;

static int compare_places(const void *pa, const void *pb)
{
  const place *a = pa, *b = pb;
  if (a->depth != b->depth)
    return a->depth < b->depth ? -1 : 1;
  if (a->family != b->family)
    return a->family < b->family ? -1 : 1;
  if (a->group != b->group)
    return a->group < b->group ? -1 : 1;
  return a->row < b->row ? -1 : a->row > b->row;
}

/* ---- finding a figure by slice, name and group ---- */

typedef struct key {
  uint32_t slice, name, group;
  size_t row;
} key;

static int compare_keys(const void *pa, const void *pb)
{
  const key *a = pa, *b = pb;
  if (a->slice != b->slice)
    return a->slice < b->slice ? -1 : 1;
  if (a->name != b->name)
    return a->name < b->name ? -1 : 1;
  return a->group < b->group ? -1 : a->group > b->group;
}

/* Which sums over the groups are hidden, of the figures of one name. */
typedef struct sums {
  uint32_t slice, name;
  uint8_t *hidden;
} sums;

typedef struct judge {
  fm__guard *g;
  sums *sums;
  size_t n_sums, capacity;
  place *places;
  size_t n_places;
  key *keys;
  uint32_t *kinds; /* by row: which figure of its family */
} judge;

/* SIZE_MAX when there is none. */
static size_t find_row(const judge *j, uint32_t slice, uint32_t name, uint32_t group)
{
  key like = {slice, name, group, 0};
  const key *found = bsearch(&like, j->keys, j->g->n, sizeof like, compare_keys);
  return found != NULL ? found->row : SIZE_MAX;
}

/* ---- sums over the groups ---- */

static const uint8_t *sums_of(const judge *j, uint32_t slice, uint32_t name)
{
  for (size_t k = j->n_sums; k-- > 0;)
    if (j->sums[k].slice == slice && j->sums[k].name == name)
      return j->sums[k].hidden;
  return NULL;
}

static fm_status keep_sums(judge *j, size_t row, const uint8_t *hidden, fm_error *err)
{
  uint8_t *copy = fm__array(fm__guard_n_lines(j->g), 1);
  if (copy == NULL || !fm__grow((void **)&j->sums, &j->capacity, j->n_sums + 1, sizeof *j->sums)) {
    fm__free(copy);
    return fm__no_memory(err);
  }
  memcpy(copy, hidden, fm__guard_n_lines(j->g));
  j->sums[j->n_sums++] = (sums){j->g->slice[row], j->g->name[row], copy};
  return FM_OK;
}

/* ---- one family ---- */

static bool is_judged(fm__role role)
{
  return role == FM__ROLE_COUNT || role == FM__ROLE_PART || role == FM__ROLE_NESTED || role == FM__ROLE_SHARE ||
         role == FM__ROLE_MEAN || role == FM__ROLE_QUANTILE || role == FM__ROLE_SLICE || role == FM__ROLE_POINT;
}

static bool is_count(fm__role role)
{
  return role == FM__ROLE_COUNT || role == FM__ROLE_PART || role == FM__ROLE_NESTED;
}

static void count_row(const judge *j, int64_t counts[FM__COUNTS], size_t row, int64_t whole)
{
  const fm__guard *g = j->g;
  fm__role role = g->rule[row]->role;
  counts[FM__OF_VALUE] = is_count(role) ? fm__guard_count(g, row) : -1;
  counts[FM__OF_N] = g->units[row];
  counts[FM__OF_PEOPLE] = g->people[row];
  int64_t part = is_count(role) ? counts[FM__OF_VALUE] : g->units[row];
  counts[FM__OF_REST] = whole >= 0 && part >= 0 && part <= whole ? whole - part : -1;
  counts[FM__OF_NUMERATOR] = counts[FM__OF_COMPLEMENT] = -1;
  if (role == FM__ROLE_SHARE || role == FM__ROLE_POINT) {
    int64_t numerator = fm__guard_numerator(g, row);
    counts[FM__OF_NUMERATOR] = numerator;
    counts[FM__OF_COMPLEMENT] = numerator >= 0 ? g->units[row] - numerator : -1;
  }
}

/* The whole of a family in a group: the count it is named by, or the most that its rows count. */
static int64_t whole_of(const judge *j, fm__cell *cell)
{
  const fm__guard *g = j->g;
  size_t first = j->places[cell->first].row;
  uint32_t name = g->whole[first];
  int64_t most = -1, parts = 0;
  if (name == FM__NO_ID)
    return -1;
  size_t row = find_row(j, g->slice[first], name, cell->group);
  if (row != SIZE_MAX) {
    int64_t whole = is_count(g->rule[row]->role) ? fm__guard_count(g, row) : g->units[row];
    cell->above = g->hidden[row] != 0;
    cell->nobody = whole == 0 && !cell->above;
    return whole;
  }
  for (size_t i = cell->first; i < cell->last; i++) {
    row = j->places[i].row;
    fm__role role = g->rule[row]->role;
    most = g->units[row] > most ? g->units[row] : most;
    if ((role == FM__ROLE_PART || role == FM__ROLE_NESTED) && fm__guard_count(g, row) > 0)
      parts += fm__guard_count(g, row);
  }
  return parts > most ? parts : most;
}

/* Figures of a cell: counts[kind * FM__COUNTS ..]; the rest of all parts stands last. */
static bool fill_cell(const judge *j, const fm__cell *cell, int64_t *counts, size_t n_kinds)
{
  const fm__guard *g = j->g;
  int64_t parts = 0;
  bool small = false, any_part = false;
  for (size_t k = 0; k < n_kinds * FM__COUNTS + 1; k++)
    counts[k] = -1;
  for (size_t i = cell->first; i < cell->last; i++) {
    size_t row = j->places[i].row;
    int64_t *of_row = &counts[j->kinds[row] * FM__COUNTS];
    count_row(j, of_row, row, cell->whole);
    fm__role role = g->rule[row]->role;
    if ((role == FM__ROLE_PART || role == FM__ROLE_NESTED) && of_row[FM__OF_VALUE] >= 0) {
      parts += of_row[FM__OF_VALUE];
      any_part = true;
    }
    small = small || g->small[row] != 0;
  }
  if (any_part && cell->whole >= parts)
    counts[n_kinds * FM__COUNTS] = cell->whole - parts;
  return small || fm__guard_tells(g, counts, n_kinds * FM__COUNTS + 1);
}

/* Which figure of the family each row is, 0, 1, 2 ...; gives their number. */
static size_t number_kinds(judge *j, size_t first, size_t end)
{
  const fm__guard *g = j->g;
  size_t n = 0;
  for (size_t i = first; i < end; i++) {
    size_t row = j->places[i].row, k = i;
    while (k > first && g->name[j->places[k - 1].row] != g->name[row])
      k--;
    j->kinds[row] = k > first ? j->kinds[j->places[k - 1].row] : (uint32_t)n++;
  }
  return n;
}

static void mark_parts(const judge *j, uint8_t *part, size_t first, size_t end, size_t n_kinds)
{
  for (size_t i = first; i < end; i++) {
    size_t row = j->places[i].row;
    fm__role role = j->g->rule[row]->role;
    part[j->kinds[row] * FM__COUNTS + FM__OF_VALUE] = role == FM__ROLE_PART || role == FM__ROLE_NESTED;
  }
  part[n_kinds * FM__COUNTS] = 1;
}

/* The rows of places first .. end-1, of one family. */
typedef struct family {
  size_t first, end, n, n_kinds, width;
  fm__cell *cells;
  int64_t *counts;
  uint8_t *part, *lines;
} family;

static fm_status audit_family(judge *j, family *f, fm_error *err)
{
  const fm__guard *g = j->g;
  size_t row = j->places[f->first].row;
  const uint8_t *above = g->whole[row] != FM__NO_ID ? sums_of(j, g->slice[row], g->whole[row]) : NULL;
  bool two = g->n_group_rows > 1 && g->n_group_columns > 1;
  mark_parts(j, f->part, f->first, f->end, f->n_kinds);
  fm_status status = fm__guard_lines(f->lines, g, f->cells, f->n, f->counts, f->part, f->width, above, err);
  for (size_t i = f->first, kind = 0; i < f->end && status == FM_OK; i++) /* for what is under each of its figures */
    if (j->kinds[j->places[i].row] == kind && is_count(g->rule[j->places[i].row]->role)) {
      status = keep_sums(j, j->places[i].row, f->lines, err);
      kind++;
    } else if (j->kinds[j->places[i].row] == kind) {
      kind++;
    }
  bool total = f->lines[fm__guard_n_lines(g) - 1] == 0;
  return status == FM_OK
             ? fm__guard_breakdown(g, f->cells, f->n, f->counts, f->part, f->width, total, two ? f->lines : NULL, err)
             : status;
}

static fm_status judge_family(judge *j, size_t first, size_t end, fm_error *err)
{
  fm__guard *g = j->g;
  family f = {.first = first, .end = end, .n_kinds = number_kinds(j, first, end)};
  size_t size = 0;
  f.width = f.n_kinds * FM__COUNTS + 1;
  f.cells = fm__array(end - first, sizeof *f.cells);
  for (size_t i = first; i < end && f.cells != NULL; i++) {
    if (f.n == 0 || f.cells[f.n - 1].group != j->places[i].group)
      f.cells[f.n++] = (fm__cell){.first = i, .group = j->places[i].group};
    f.cells[f.n - 1].last = i + 1;
  }
  f.counts = fm__multiply(f.n, f.width, &size) ? fm__array(size + 1, sizeof *f.counts) : NULL;
  f.part = fm__array(f.width, 1);
  f.lines = fm__array(fm__guard_n_lines(g), 1);
  bool made = f.cells != NULL && f.counts != NULL && f.part != NULL && f.lines != NULL;
  fm_status status = made ? FM_OK : fm__no_memory(err);
  for (size_t k = 0; k < f.n && status == FM_OK; k++) {
    fm__cell *cell = &f.cells[k];
    cell->whole = whole_of(j, cell);
    cell->hidden = fill_cell(j, cell, f.counts + k * f.width, f.n_kinds) || cell->above;
    for (size_t i = cell->first; i < cell->last; i++) /* already, when the groups were seen another way */
      cell->hidden = cell->hidden || g->hidden[j->places[i].row] != 0;
  }
  if (status == FM_OK)
    status = audit_family(j, &f, err);
  for (size_t k = 0; k < f.n && status == FM_OK; k++)
    for (size_t i = f.cells[k].first; i < f.cells[k].last; i++)
      if (f.cells[k].hidden)
        g->hidden[j->places[i].row] = 1;
  fm__free(f.cells);
  fm__free(f.counts);
  fm__free(f.part);
  fm__free(f.lines);
  return status;
}

/* ---- rows by themselves ---- */

/* Smallest share of people on one side of the quantiles that a text of numbers names; `usual` when there is none. */
static double side_of(const char *text, double usual)
{
  double least = 1;
  bool any = false;
  while (text != NULL && *text != '\0') {
    double p = 0;
    size_t skipped = strcspn(text, "0123456789."), length = strspn(text + skipped, "0123456789.");
    bool read = fm__parse_f64(text + skipped, length, '.', &p);
    text += skipped + length;
    if (read && p > 0 && p < 1) {
      least = p < least ? p : least;
      least = 1 - p < least ? 1 - p : least;
      any = true;
    }
  }
  return any ? least : usual;
}

static double side_of_row(const fm__guard *g, size_t row)
{
  static const char *const named[] = {"parameter", "p", "percentile"};
  double usual = side_of(g->rule[row]->of, 0.1);
  const char *own = strpbrk(g->quantity[row], "0123456789");
  if (strncmp(g->quantity[row], "quantile_", 9) == 0)
    return side_of(own, usual);
  for (size_t k = 0; k < FM__COUNT(named); k++) {
    int64_t column = fm_table_column_index(g->t, named[k]);
    if (column < 0 || fm_table_is_null(g->t, (size_t)column, row))
      continue;
    if (fm_table_column_type(g->t, (size_t)column) == FM_CODE)
      return side_of(fm_table_text(g->t, (size_t)column, row, NULL), usual);
    if (fm_table_column_type(g->t, (size_t)column) == FM_F64) {
      double p = fm_table_f64(g->t, (size_t)column)[row];
      p = strcmp(named[k], "percentile") == 0 ? p / 100 : p;
      return p > 0 && p < 1 ? (p < 0.5 ? p : 1 - p) : 0;
    }
  }
  return usual;
}

/* Slices of one distribution: as many rows of this figure as there are in the group. */
static size_t slices_of(const fm__guard *g, size_t row)
{
  size_t n = 0;
  for (size_t i = 0; i < g->n; i++)
    n += g->set[i] == g->set[row] && g->name[i] == g->name[row] && g->group[i] == g->group[row];
  return n;
}

static bool has_too_few(const fm__guard *g, size_t row)
{
  const fm__catalogue_quantity *rule = g->rule[row];
  int64_t n = g->people[row] >= 0 && g->people[row] < g->units[row] ? g->people[row] : g->units[row];
  if (isnan(g->value[row]))
    return false;
  if (n < 0) /* not known to be many, unless it is of totals or hidden with its whole */
    return !rule->shown_without_n && rule->role != FM__ROLE_COUNT && g->whole[row] == FM__NO_ID;
  if (rule->role == FM__ROLE_QUANTILE)
    return (double)n * side_of_row(g, row) < (double)g->threshold - 1e-9; /* 50 x (1 - 0.9) is 5 */
  if (rule->role == FM__ROLE_SLICE)
    return (double)n / (double)slices_of(g, row) < (double)g->threshold;
  return rule->role == FM__ROLE_SHARE && fm__guard_numerator(g, row) < 0 && !rule->shown_without_n;
}

/* ---- what follows from others ---- */

/* Is a figure of this name hidden: in the row's own slice and group, or anywhere in its set when it is not there? */
static bool is_hidden(const judge *j, size_t row, uint32_t name)
{
  const fm__guard *g = j->g;
  size_t own = find_row(j, g->slice[row], name, g->group[row]);
  if (own != SIZE_MAX)
    return g->hidden[own] != 0;
  for (size_t i = 0; i < g->n; i++)
    if (g->set[i] == g->set[row] && g->name[i] == name && g->hidden[i] != 0)
      return true;
  return false;
}

/* A table of shares that add up is shown whole or not at all. */
static void judge_matrices(judge *j)
{
  fm__guard *g = j->g;
  for (size_t i = 0; i < g->n; i++) {
    int64_t counts[FM__COUNTS];
    if (g->rule[i]->role != FM__ROLE_MATRIX)
      continue;
    count_row(j, counts, i, -1);
    int64_t numerator = strcmp(g->unit[i], "count") == 0 ? fm__guard_count(g, i) : fm__guard_numerator(g, i);
    int64_t rest = numerator >= 0 && g->units[i] >= numerator ? g->units[i] - numerator : -1;
    bool small = fm__guard_small(g, numerator) || fm__guard_small(g, rest) || fm__guard_small(g, counts[FM__OF_N]) ||
                 fm__guard_small(g, counts[FM__OF_PEOPLE]);
    bool unknown = !isnan(g->value[i]) && (numerator < 0 || g->units[i] < 0);
    if ((small || unknown) && g->hidden[i] == 0)
      for (size_t k = 0; k < g->n; k++)
        if (g->rule[k]->role == FM__ROLE_MATRIX && g->set[k] == g->set[i])
          g->hidden[k] = 1;
  }
}

static void judge_derived(judge *j)
{
  fm__guard *g = j->g;
  for (uint8_t depth = 0; depth < 10 && memchr(g->hidden, 1, g->n) != NULL; depth++)
    for (size_t i = 0; i < g->n; i++)
      if (g->rule[i]->role == FM__ROLE_DERIVED && g->depth[i] == depth && is_hidden(j, i, g->whole[i]))
        g->hidden[i] = 1;
}

/* Units less people: those with several each; 0 where one of the two is not told. */
static int64_t repeats(const fm__guard *g, size_t row)
{
  return g->units[row] >= 0 && g->people[row] >= 0 ? g->units[row] - g->people[row] : 0;
}

/* People beside nearly as many units are not told. Nor are those beside just as many in such a table: a blank says that
 * they differ by less than the threshold, not by how much or whether. */
static void judge_repeats(fm__guard *g)
{
  bool any = false;
  for (size_t i = 0; i < g->n; i++) {
    int64_t more = repeats(g, i);
    if (fm__guard_small(g, more > 0 ? more : -more))
      g->quiet[i] = any = true;
  }
  for (size_t i = 0; i < g->n && any; i++)
    if (g->rule[i]->role != FM__ROLE_NONE && repeats(g, i) == 0)
      g->quiet[i] = 1;
}

static void judge_others(judge *j, uint8_t *in_set)
{
  fm__guard *g = j->g;
  judge_matrices(j);
  judge_derived(j);
  for (size_t i = 0; i < g->n; i++)
    if (g->hidden[i] != 0)
      in_set[g->set[i]] = 1;
  for (size_t i = 0; i < g->n; i++) {
    fm__role role = g->rule[i]->role;
    bool few = fm__guard_small(g, g->units[i]) || fm__guard_small(g, g->people[i]);
    if ((role == FM__ROLE_BETWEEN && (few || in_set[g->set[i]] != 0)) || (role == FM__ROLE_DERIVED && few))
      g->hidden[i] = 1;
    if (role == FM__ROLE_NONE && in_set[g->set[i]] != 0)
      g->quiet[i] = 1;
  }
  judge_repeats(g);
}

/* Judges all families with the groups as they are numbered now. */
static fm_status judge_families(judge *j, fm_error *err)
{
  fm__guard *g = j->g;
  fm_status status = FM_OK;
  j->n_places = 0;
  for (size_t i = 0; i < g->n; i++) {
    j->keys[i] = (key){g->slice[i], g->name[i], g->group[i], i};
    if (is_judged(g->rule[i]->role))
      j->places[j->n_places++] = (place){g->depth[i], g->family[i], g->group[i], i};
  }
  qsort(j->keys, g->n, sizeof *j->keys, compare_keys);
  qsort(j->places, j->n_places, sizeof *j->places, compare_places);
  for (size_t i = 0, next; i < j->n_places && status == FM_OK; i = next) {
    for (next = i; next < j->n_places && j->places[next].family == j->places[i].family;)
      next++;
    status = judge_family(j, i, next, err);
  }
  for (size_t k = 0; k < j->n_sums; k++)
    fm__free(j->sums[k].hidden);
  j->n_sums = 0;
  return status;
}

static size_t n_hidden(const fm__guard *g)
{
  size_t n = 0;
  for (size_t i = 0; i < g->n; i++)
    n += g->hidden[i] != 0;
  return n;
}

/* Each way in turn until none hides more, way 0 last. */
static fm_status judge_ways(judge *j, fm_error *err)
{
  size_t n_ways = fm__guard_n_ways(j->g), before = SIZE_MAX;
  fm_status status = judge_families(j, err);
  while (n_ways > 1 && status == FM_OK && before != n_hidden(j->g)) {
    before = n_hidden(j->g);
    for (size_t way = n_ways; way-- > 0 && status == FM_OK;) {
      status = fm__guard_see(j->g, way, err);
      if (status == FM_OK)
        status = judge_families(j, err);
    }
  }
  return status;
}

fm_status fm__guard_families(fm__guard *g, fm_error *err)
{
  judge j = {.g = g};
  fm_status status = FM_OK;
  j.places = fm__array(g->n + 1, sizeof *j.places);
  j.keys = fm__array(g->n + 1, sizeof *j.keys);
  j.kinds = fm__array(g->n + 1, sizeof *j.kinds);
  uint8_t *in_set = fm__array(g->n + 1, 1);
  if (j.places == NULL || j.keys == NULL || j.kinds == NULL || in_set == NULL)
    status = fm__no_memory(err);
  else
    status = judge_ways(&j, err);
  for (size_t i = 0; i < g->n && status == FM_OK; i++)
    if (is_judged(g->rule[i]->role) && has_too_few(g, i))
      g->hidden[i] = 1;
  if (status == FM_OK)
    judge_others(&j, in_set);
  fm__free(j.sums);
  fm__free(in_set);
  fm__free(j.places);
  fm__free(j.keys);
  fm__free(j.kinds);
  return status;
}
