/* Reading a result for disclosure control: what each row counts, and which rows belong together. */
#include "catalogue/protect_priv.h"

#include <math.h>
#include <string.h>

#include "table/table_priv.h"

/* Text keys of measures that do not group people. */
static bool is_own_key(const char *name)
{
  static const char *const own[] = {"parameter",  "measure",  "method",  "test",    "term",       "profile",
                                    "from_state", "to_state", "cause",   "against", "comparison", "goal_id",
                                    "curve",      "choice",   "dataset", "rule",    "clock",      "level_compared"};
  for (size_t k = 0; k < FM__COUNT(own); k++)
    if (strcmp(own[k], name) == 0)
      return true;
  return false;
}

static bool is_in_list(const char *list, const char *name)
{
  size_t length = strlen(name);
  for (const char *p = list; p != NULL && *p != '\0';) {
    size_t n = strcspn(p, ","), from = strspn(p, " ");
    size_t to = n;
    while (to > from && p[to - 1] == ' ')
      to--;
    if (to - from == length && memcmp(p + from, name, length) == 0)
      return true;
    p += n + (p[n] == ',');
  }
  return false;
}

static bool is_time(const char *name, int32_t type)
{
  bool number = type == FM_I32 || type == FM_I64 || type == FM_F64;
  return number && (strncmp(name, "time_", 5) == 0 || strncmp(name, "horizon", 7) == 0 || strcmp(name, "period") == 0);
}

/* ---- numbering ---- */

fm_status fm__guard_pair(uint32_t *ids, const uint32_t *more, size_t n, uint32_t *n_ids, fm_error *err)
{
  fm__texts *seen = fm__texts_create();
  bool failed = seen == NULL;
  for (size_t i = 0; i < n && !failed; i++) {
    const uint32_t pair[2] = {ids[i], more[i]};
    int64_t id = fm__texts_add(seen, (const char *)pair, sizeof pair);
    failed = id < 0;
    ids[i] = (uint32_t)id;
  }
  if (n_ids != NULL && !failed)
    *n_ids = (uint32_t)fm__texts_count(seen);
  fm__texts_destroy(seen);
  return failed ? fm__no_memory(err) : FM_OK;
}

double fm__guard_number(const fm_table *t, size_t column, size_t row)
{
  if (fm_table_is_null(t, column, row))
    return NAN;
  switch (fm_table_column_type(t, column)) {
  case FM_F64:
    return fm_table_f64(t, column)[row];
  case FM_I64:
    return (double)fm_table_i64(t, column)[row];
  case FM_I32:
  case FM_DATE:
    return (double)fm_table_i32(t, column)[row];
  case FM_BOOL:
    return fm_table_bool(t, column)[row];
  default:
    return NAN;
  }
}

/* Numbers of a column's cells; no value is FM__NO_ID. */
static fm_status number_column(uint32_t *ids, const fm_table *t, size_t column, fm_error *err)
{
  fm__texts *seen = fm__texts_create();
  bool code = fm_table_column_type(t, column) == FM_CODE, failed = seen == NULL;
  for (size_t i = 0; i < fm_table_n_rows(t) && !failed; i++) {
    size_t length = sizeof(double);
    double number = code ? 0 : fm__guard_number(t, column, i);
    const char *cell = code ? fm_table_text(t, column, i, &length) : (const char *)&number;
    bool none = code ? cell == NULL : isnan(number);
    int64_t id = none ? (int64_t)FM__NO_ID : fm__texts_add(seen, cell, length);
    failed = id < 0;
    ids[i] = (uint32_t)id;
  }
  fm__texts_destroy(seen);
  return failed ? fm__no_memory(err) : FM_OK;
}

/* ---- which column is what ---- */

enum { SET, LINE, GROUP, GROUP_FIRST, TIME };

static bool is_asked_for(const fm__guard *g, size_t column)
{
  return g->by != NULL && is_in_list(g->by, fm_table_column_name(g->t, column));
}

static bool is_set(const char *name)
{
  return strcmp(name, "indicator") == 0 || strcmp(name, "definition") == 0;
}

/* A text column of the result's own that groups, such as a kind. */
static bool groups_too(const fm__guard *g, size_t column)
{
  const char *name = fm_table_column_name(g->t, column);
  return !is_asked_for(g, column) && fm_table_column_type(g->t, column) == FM_CODE && !is_own_key(name) &&
         !is_set(name);
}

/* `grouped` counts the group columns so far. */
static int kind_of(const fm__guard *g, size_t column, uint32_t *grouped)
{
  if (is_set(fm_table_column_name(g->t, column)))
    return SET;
  if (is_asked_for(g, column) || (groups_too(g, column) && !g->only_by))
    return (*grouped)++ == g->first ? GROUP_FIRST : GROUP;
  return column == g->time ? TIME : LINE;
}

static fm_status number_keys(fm__guard *g, uint32_t *cell, fm_error *err)
{
  uint32_t grouped = 0;
  fm_status status = FM_OK;
  for (size_t k = 0; k < g->n_before && status == FM_OK; k++) {
    int kind = kind_of(g, k, &grouped);
    status = number_column(cell, g->t, k, err);
    uint32_t *both[4] = {0};
    if (kind == SET)
      both[0] = g->set;
    if (kind == SET || kind == LINE)
      both[1] = g->line;
    if (kind == SET || kind == LINE || kind == TIME)
      both[2] = g->slice;
    if (kind == GROUP || kind == GROUP_FIRST)
      both[3] = g->group;
    for (size_t b = 0; b < FM__COUNT(both) && status == FM_OK; b++)
      if (both[b] != NULL)
        status = fm__guard_pair(both[b], cell, g->n, b == 3 ? &g->n_groups : NULL, err);
    for (size_t i = 0; i < g->n && status == FM_OK && kind == TIME; i++)
      g->at[i] = fm__guard_number(g->t, k, i);
    if (status == FM_OK && (kind == GROUP || kind == GROUP_FIRST)) {
      uint32_t *side = kind == GROUP_FIRST ? g->group_row : g->group_column;
      status = fm__guard_pair(side, cell, g->n, kind == GROUP_FIRST ? &g->n_group_rows : &g->n_group_columns, err);
    }
  }
  return status;
}

/* Rows and columns of the groups' table so far stand for each row of the result: one for each group. */
static void fold_groups(fm__guard *g)
{
  for (size_t i = 0; i < g->n; i++) { /* groups are numbered by their first row, so no number is beyond its row */
    uint32_t k = g->group[i], row = g->group_row[i], column = g->group_column[i];
    g->group_row[k] = row;
    g->group_column[k] = column;
  }
}

/* ---- cells ---- */

static const char *text_at(const fm_table *t, int64_t column, size_t row)
{
  const char *text = column >= 0 && fm_table_column_type(t, (size_t)column) == FM_CODE
                         ? fm_table_text(t, (size_t)column, row, NULL)
                         : NULL;
  return text != NULL ? text : "";
}

static int64_t whole_at(const fm_table *t, int64_t column, size_t row)
{
  double number = column >= 0 ? fm__guard_number(t, (size_t)column, row) : NAN;
  return number >= 0 && number < 9e15 ? (int64_t)number : -1;
}

/* The name of the whole without what stands after a colon, which tells families of one whole apart. */
static fm_status name_rows(fm__guard *g, fm_error *err)
{
  fm__texts *names = fm__texts_create(), *families = fm__texts_create();
  int64_t name = 0, whole = 0, family = 0;
  for (size_t i = 0; i < g->n && names != NULL && families != NULL && name >= 0 && whole >= 0 && family >= 0; i++) {
    const char *of = g->rule[i]->role == FM__ROLE_QUANTILE ? "" : g->rule[i]->of;
    const char *of_family = of[0] != '\0' ? of : g->quantity[i];
    bool under = of[0] != '\0';
    name = fm__texts_add(names, g->quantity[i], strlen(g->quantity[i]));
    whole = under ? fm__texts_add(names, of, strcspn(of, ": ")) : (int64_t)FM__NO_ID;
    family = fm__texts_add(families, of_family, strlen(of_family));
    g->name[i] = (uint32_t)name;
    g->whole[i] = (uint32_t)whole;
    g->family[i] = (uint32_t)(2 * family + under);
  }
  bool failed = names == NULL || families == NULL || name < 0 || whole < 0 || family < 0;
  fm__texts_destroy(names);
  fm__texts_destroy(families);
  return failed ? fm__no_memory(err) : fm__guard_pair(g->family, g->slice, g->n, NULL, err);
}

static void find_depths(fm__guard *g)
{
  for (size_t i = 0; i < g->n; i++) {
    const fm__catalogue_quantity *rule = g->rule[i];
    const char *id = rule->id;
    while (g->depth[i] < 9 && rule->of[0] != '\0' && rule->role != FM__ROLE_QUANTILE) {
      char of[128];
      size_t length = strcspn(rule->of, ": ");
      g->depth[i]++;
      if (length >= sizeof of)
        break;
      memcpy(of, rule->of, length);
      of[length] = '\0';
      rule = fm__catalogue_quantity_of(id, of);
    }
    if (rule->role == FM__ROLE_UNKNOWN && g->depth[i] == 0)
      g->hidden[i] = 1; /* nobody has said what it is */
  }
}

static void read_cells(fm__guard *g)
{
  int64_t indicator = fm_table_column_index(g->t, "indicator"), value = fm_table_column_index(g->t, "value");
  int64_t unit = fm_table_column_index(g->t, "unit"), n = fm_table_column_index(g->t, "n");
  int64_t people = fm_table_column_index(g->t, "people"), state = fm_table_column_index(g->t, "state");
  for (size_t i = 0; i < g->n; i++) {
    g->quantity[i] = text_at(g->t, (int64_t)g->quantity_column, i);
    g->unit[i] = text_at(g->t, unit, i);
    g->rule[i] = fm__catalogue_quantity_of(text_at(g->t, indicator, i), g->quantity[i]);
    g->value[i] = fm__guard_number(g->t, (size_t)value, i);
    g->units[i] = whole_at(g->t, n, i);
    g->people[i] = whole_at(g->t, people, i);
    g->hidden[i] = strcmp(text_at(g->t, state, i), "suppressed") == 0;
    g->at[i] = g->new_at[i] = NAN;
    g->new_count[i] = -1;
  }
}

static fm_status find_columns(fm__guard *g, fm_error *err)
{
  static const struct {
    const char *name;
    int32_t type;
  } needed[] = {{"indicator", FM_CODE}, {"quantity", FM_CODE}, {"value", 0}, {"state", FM_CODE}};
  fm_status status = FM_OK;
  g->time = FM__NO_COLUMN;
  for (size_t k = 0; k < FM__COUNT(needed) && status == FM_OK; k++) {
    size_t column;
    status = fm__table_find(g->t, needed[k].name, needed[k].type, &column, err);
    if (status == FM_OK && k == 1)
      g->quantity_column = g->n_before = column;
  }
  for (size_t k = 0; k < g->n_before && g->time == FM__NO_COLUMN; k++)
    if (is_time(fm_table_column_name(g->t, k), fm_table_column_type(g->t, k)))
      g->time = k;
  return status;
}

void fm__guard_close(fm__guard *g)
{
  void *const all[] = {(void *)g->quantity,
                       (void *)g->unit,
                       (void *)g->rule,
                       g->value,
                       g->at,
                       g->units,
                       g->people,
                       g->set,
                       g->line,
                       g->slice,
                       g->group,
                       g->name,
                       g->whole,
                       g->family,
                       g->hidden,
                       g->dropped,
                       g->quiet,
                       g->small,
                       g->by_earlier,
                       g->depth,
                       g->new_at,
                       g->new_count,
                       g->group_row,
                       g->group_column};
  for (size_t k = 0; k < FM__COUNT(all); k++)
    fm__free(all[k]);
}

static bool make_arrays(fm__guard *g)
{
  size_t n = g->n + 1;
  void **const all[] = {(void **)&g->quantity, (void **)&g->unit,   (void **)&g->rule,
                        (void **)&g->value,    (void **)&g->at,     (void **)&g->units,
                        (void **)&g->people,   (void **)&g->new_at, (void **)&g->new_count};
  void **const ids[] = {(void **)&g->set,    (void **)&g->line,      (void **)&g->slice,
                        (void **)&g->group,  (void **)&g->name,      (void **)&g->whole,
                        (void **)&g->family, (void **)&g->group_row, (void **)&g->group_column};
  void **const flags[] = {(void **)&g->hidden, (void **)&g->dropped,    (void **)&g->quiet,
                          (void **)&g->small,  (void **)&g->by_earlier, (void **)&g->depth};
  bool made = true;
  for (size_t k = 0; k < FM__COUNT(all) && made; k++)
    made = (*all[k] = fm__array(n, 8)) != NULL;
  for (size_t k = 0; k < FM__COUNT(ids) && made; k++)
    made = (*ids[k] = fm__array(n, sizeof(uint32_t))) != NULL;
  for (size_t k = 0; k < FM__COUNT(flags) && made; k++)
    made = (*flags[k] = fm__array(n, 1)) != NULL;
  return made;
}

/* Numbers of the rows, all from 0. */
static fm_status number_rows(fm__guard *g, fm_error *err)
{
  uint32_t *const ids[] = {g->set, g->line, g->slice, g->group, g->group_row, g->group_column};
  uint32_t *cell = fm__array(g->n + 1, sizeof *cell);
  if (cell == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < FM__COUNT(ids); k++)
    memset(ids[k], 0, g->n * sizeof **ids);
  g->n_groups = g->n_group_rows = g->n_group_columns = 1;
  fm_status status = number_keys(g, cell, err);
  fm__free(cell);
  if (status != FM_OK)
    return status;
  fold_groups(g);
  return name_rows(g, err);
}

/* Way 0 has all group columns, the first of them as rows. Then those that were asked for, by themselves, each in turn
 * as rows (of two: once), when there are more than two group columns. Last the bands, which make up a figure of the
 * same group, as rows. */
typedef struct ways {
  size_t asked, bands, n;
} ways;

static ways ways_of(const fm__guard *g)
{
  size_t asked = 0, own = 0, bands = SIZE_MAX;
  for (size_t k = 0; k < g->n_before; k++) {
    if (strcmp(fm_table_column_name(g->t, k), "band") == 0)
      bands = asked + own;
    asked += is_asked_for(g, k);
    own += groups_too(g, k);
  }
  ways w = {.bands = bands};
  if (asked + own > 2) {
    w.asked = asked < 2 ? 0 : asked == 2 ? 1 : asked;
    w.n = w.asked + (bands != SIZE_MAX);
  }
  w.n++;
  return w;
}

size_t fm__guard_n_ways(const fm__guard *g)
{
  return ways_of(g).n;
}

fm_status fm__guard_see(fm__guard *g, size_t way, fm_error *err)
{
  ways w = ways_of(g);
  g->way = way;
  g->only_by = way > 0 && way <= w.asked;
  g->first = (uint32_t)(way == 0 ? 0 : way <= w.asked ? way - 1 : w.bands);
  return number_rows(g, err);
}

fm_status fm__guard_open(fm__guard *g, const fm_table *t, const fm_protect_spec *spec, fm_error *err)
{
  *g = (fm__guard){.t = t, .n = fm_table_n_rows(t), .threshold = spec->threshold, .full = spec->full, .by = spec->by};
  fm_status status = find_columns(g, err);
  if (status == FM_OK && !make_arrays(g))
    status = fm__no_memory(err);
  if (status == FM_OK) {
    read_cells(g);
    find_depths(g);
    status = number_rows(g, err);
  }
  if (status != FM_OK)
    fm__guard_close(g);
  return status;
}

int64_t fm__guard_count(const fm__guard *g, size_t row)
{
  double value = g->value[row];
  if (isnan(value) || strcmp(g->unit[row], "value") == 0 || strcmp(g->unit[row], "rate") == 0)
    return -1; /* of a chart that is made of anything */
  if (value <= 0)
    return 0;
  return value < 1 ? 1 : value < 9e15 ? (int64_t)(value + 0.5) : INT64_MAX / 4;
}

int64_t fm__guard_numerator(const fm__guard *g, size_t row)
{
  static const struct {
    const char *unit;
    double whole;
  } units[] = {{"share", 1}, {"percent", 100}, {"per_100000", 1e5}, {"per_1000000_hours", 1e6}};
  if (isnan(g->value[row]) || g->units[row] < 0)
    return -1;
  for (size_t k = 0; k < FM__COUNT(units); k++)
    if (strcmp(units[k].unit, g->unit[row]) == 0) {
      double count = g->value[row] / units[k].whole * (double)g->units[row];
      if (count <= 0)
        return 0;
      int64_t whole = count < 1 ? 1 : (int64_t)(count + 0.5);
      return whole > g->units[row] ? g->units[row] : whole;
    }
  return -1;
}
