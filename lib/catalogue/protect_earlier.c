/* What an earlier published result of the same register tells together with this one: a difference of few people is
 * hidden in the new one, with what would give it away. Nothing can be hidden in the earlier one any more. */
#include "catalogue/protect_priv.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "flexmetrics/disclose_linked.h"
#include "table/table_priv.h"

enum { LARGEST = 300 }; /* groups of a breakdown that is audited; in a larger one every group that changed is hidden */
enum { OF_VALUE, OF_N, OF_PEOPLE, OF_NUMERATOR, ASPECTS };

typedef struct between {
  fm__guard *g;
  fm__guard then;
  size_t *before;   /* by row: the row of the earlier result with its keys, SIZE_MAX: none */
  uint32_t *series; /* by row: one figure over the groups */
  uint32_t *kin;    /* by row: what is hidden together, a whole and all under it in one group */
  uint32_t n_series;
  size_t *rows; /* of one series */
  size_t n;
} between;

/* ---- the rows of both ---- */

static bool is_period(const char *name)
{
  return strcmp(name, "period_start") == 0 || strcmp(name, "period_end") == 0;
}

static bool is_row_of_curve(fm__role role)
{
  return role == FM__ROLE_CURVE || role == FM__ROLE_AT_RISK || role == FM__ROLE_EVENTS;
}

/* The keys of a row as bytes; `like` has the order of the columns. The time of a curve is that of its grid. */
static fm_status put_key(fm__bytes *key, const fm__guard *g, const fm__guard *like, size_t row, fm_error *err)
{
  key->size = 0;
  for (size_t k = 0; k <= like->quantity_column; k++) {
    const char *name = fm_table_column_name(like->t, k);
    if (is_period(name))
      continue;
    int64_t own = fm_table_column_index(g->t, name);
    bool code = fm_table_column_type(like->t, k) == FM_CODE;
    if (own < 0)
      return fm__fail(err, FM_ERR_NOT_FOUND,
                      "earlier: the table has no column \"%.60s\", by which the new one is broken down", name);
    if (code != (fm_table_column_type(g->t, (size_t)own) == FM_CODE))
      return fm__fail(err, FM_ERR_TYPE, "earlier: column \"%.60s\" has another type than in the new result", name);
    if (code) {
      size_t length = 0;
      const char *text = fm_table_text(g->t, (size_t)own, row, &length);
      fm__bytes_text(key, text != NULL ? text : "", text != NULL ? length : 0); /* a file has no missing text */
    } else {
      double number = fm__guard_number(g->t, (size_t)own, row);
      number = (size_t)own == g->time && !isnan(g->new_at[row]) ? g->new_at[row] : number;
      fm__bytes_f64(key, isnan(number) ? -1e300 : number);
    }
  }
  return key->failed ? fm__no_memory(err) : FM_OK;
}

/* A breakdown that the new one has not would make several rows one; a file may have its columns in any order. */
static fm_status check_columns(const between *b, fm_error *err)
{
  const fm__guard *then = &b->then;
  for (size_t k = 0; k < fm_table_n_columns(then->t); k++) {
    const char *name = fm_table_column_name(then->t, k);
    if (!is_period(name) && fm_table_column_index(b->g->t, name) < 0)
      return fm__fail(err, FM_ERR_NOT_FOUND, "earlier: it has the column \"%.60s\", which the new one has not", name);
  }
  return FM_OK;
}

static fm_status match_rows(between *b, fm_error *err)
{
  fm__texts *keys = fm__texts_create();
  size_t *row_of = fm__array(b->then.n + 1, sizeof *row_of), found = 0;
  fm__bytes key = {0};
  fm_status status = keys != NULL && row_of != NULL ? check_columns(b, err) : fm__no_memory(err);
  for (size_t i = 0; i < b->then.n && status == FM_OK; i++) {
    status = put_key(&key, &b->then, b->g, i, err);
    int64_t id = status == FM_OK ? fm__texts_add(keys, (const char *)key.data, key.size) : 0;
    if (id < 0)
      status = fm__no_memory(err);
    else if (status == FM_OK)
      row_of[id] = i;
  }
  for (size_t i = 0; i < b->g->n && status == FM_OK; i++) {
    status = put_key(&key, b->g, b->g, i, err);
    int64_t id = status == FM_OK ? fm__texts_find(keys, (const char *)key.data, key.size) : -1;
    b->before[i] = id >= 0 ? row_of[id] : SIZE_MAX;
    found += id >= 0;
  }
  if (status == FM_OK && found == 0 && b->g->n > 0)
    status = fm__fail(err, FM_ERR_VALUE,
                      "earlier: it has none of the figures of the new result: expected a result of the "
                      "same indicator and groups");
  fm__bytes_free(&key);
  fm__texts_destroy(keys);
  fm__free(row_of);
  return status;
}

/* The name at the top of a quantity's wholes. */
static void root_of(char *out, size_t size, const fm__guard *g, size_t row)
{
  const fm__catalogue_quantity *rule = g->rule[row];
  const char *id = rule->id;
  snprintf(out, size, "%s", g->quantity[row]);
  for (int depth = 0; depth < 9 && rule->of[0] != '\0' && rule->role != FM__ROLE_QUANTILE; depth++) {
    snprintf(out, size, "%.*s", (int)strcspn(rule->of, ": "), rule->of);
    rule = fm__catalogue_quantity_of(id, out);
  }
  if (is_row_of_curve(g->rule[row]->role))
    snprintf(out, size, "(curve)");
}

static fm_status number_rows(between *b, fm_error *err)
{
  fm__guard *g = b->g;
  fm__texts *roots = fm__texts_create();
  fm_status status = roots != NULL ? FM_OK : fm__no_memory(err);
  memcpy(b->series, g->slice, g->n * sizeof *b->series);
  for (size_t i = 0; i < g->n && status == FM_OK; i++) {
    char root[160];
    root_of(root, sizeof root, g, i);
    int64_t id = fm__texts_add(roots, root, strlen(root));
    b->kin[i] = (uint32_t)id;
    status = id >= 0 ? FM_OK : fm__no_memory(err);
  }
  fm__texts_destroy(roots);
  uint32_t *place = status == FM_OK ? fm__array(g->n + 1, sizeof *place) : NULL;
  if (status == FM_OK && place == NULL)
    status = fm__no_memory(err);
  for (size_t i = 0; i < g->n && status == FM_OK; i++) /* all times of a curve together, other figures time by time */
    place[i] = is_row_of_curve(g->rule[i]->role) ? 2 * g->line[i] : 2 * g->slice[i] + 1;
  if (status == FM_OK)
    status = fm__guard_pair(b->kin, place, g->n, NULL, err);
  if (status == FM_OK)
    status = fm__guard_pair(b->kin, g->group, g->n, NULL, err);
  if (status == FM_OK)
    status = fm__guard_pair(b->series, g->name, g->n, &b->n_series, err);
  fm__free(place);
  return status;
}

/* ---- the counts behind a row ---- */

static int64_t count_of(const fm__guard *g, size_t row, int aspect)
{
  fm__role role = g->rule[row]->role;
  bool counts = role == FM__ROLE_COUNT || role == FM__ROLE_PART || role == FM__ROLE_NESTED ||
                role == FM__ROLE_AT_RISK || role == FM__ROLE_EVENTS ||
                (role == FM__ROLE_MATRIX && strcmp(g->unit[row], "count") == 0);
  if (role == FM__ROLE_NONE || role == FM__ROLE_BETWEEN)
    return -1;
  if (aspect == OF_VALUE)
    return !counts ? -1 : g->new_count[row] >= 0 ? g->new_count[row] : fm__guard_count(g, row);
  if (aspect == OF_N)
    return is_row_of_curve(role) ? -1 : g->units[row];
  if (aspect == OF_PEOPLE)
    return is_row_of_curve(role) || g->quiet[row] != 0 ? -1 : g->people[row];
  return role == FM__ROLE_SHARE || role == FM__ROLE_POINT || role == FM__ROLE_MATRIX ? fm__guard_numerator(g, row) : -1;
}

static int64_t then_of(const between *b, size_t row, int aspect)
{
  size_t before = b->before[row];
  return before != SIZE_MAX && b->then.hidden[before] == 0 ? count_of(&b->then, before, aspect) : -1;
}

static bool differs_little(const between *b, size_t row, int aspect)
{
  int64_t now = count_of(b->g, row, aspect), then = then_of(b, row, aspect);
  return now >= 0 && then >= 0 && fm__guard_small(b->g, now > then ? now - then : then - now);
}

/* Hides a row and its kin; true when one of them was shown. */
static bool hide_kin(between *b, size_t row)
{
  bool any = false;
  for (size_t i = 0; i < b->g->n; i++)
    if (b->kin[i] == b->kin[row] && b->g->hidden[i] == 0 && b->g->dropped[i] == 0) {
      b->g->hidden[i] = b->g->by_earlier[i] = 1;
      any = true;
    }
  return any;
}

/* ---- the audit of one figure over the groups ---- */

typedef struct tables {
  int64_t *now, *then, *least, *most;
  size_t *start, *cell, *then_start, *then_cell;
  uint8_t *kind, *hidden, *then_kind, *then_hidden;
  int32_t *change;
  const char **keys, **then_keys;
  char (*names)[24];
} tables;

static bool open_tables(tables *t, size_t n)
{
  size_t figures = 3 * n + 2, terms = 4 * n + 4;
  t->now = fm__array(n, 8);
  t->then = fm__array(n, 8);
  t->least = fm__array(figures, 8);
  t->most = fm__array(figures, 8);
  t->start = fm__array(figures + 1, sizeof *t->start);
  t->cell = fm__array(terms, sizeof *t->cell);
  t->then_start = fm__array(n + 1, sizeof *t->then_start);
  t->then_cell = fm__array(n, sizeof *t->then_cell);
  t->kind = fm__array(figures, 1);
  t->hidden = fm__array(figures, 1);
  t->then_kind = fm__array(n, 1);
  t->then_hidden = fm__array(n, 1);
  t->change = fm__array(n, sizeof *t->change);
  t->keys = fm__array(n, sizeof *t->keys);
  t->then_keys = fm__array(n, sizeof *t->then_keys);
  t->names = fm__array(n, sizeof *t->names);
  return t->now != NULL && t->then != NULL && t->least != NULL && t->most != NULL && t->start != NULL &&
         t->cell != NULL && t->then_start != NULL && t->then_cell != NULL && t->kind != NULL && t->hidden != NULL &&
         t->then_kind != NULL && t->then_hidden != NULL && t->change != NULL && t->keys != NULL &&
         t->then_keys != NULL && t->names != NULL;
}

static void close_tables(tables *t)
{
  void *const all[] = {
      t->now,  t->then,   t->least,     t->most,        t->start,  t->cell,         t->then_start,        t->then_cell,
      t->kind, t->hidden, t->then_kind, t->then_hidden, t->change, (void *)t->keys, (void *)t->then_keys, t->names};
  for (size_t k = 0; k < FM__COUNT(all); k++)
    fm__free(all[k]);
}

/* A sum over groups, which is known from elsewhere: of a row or a column of the groups' table (side 0, 1), or of all.
 */
static void add_sum(const between *b, tables *t, fm_disclose_figures *f, int side, uint32_t line)
{
  const fm__guard *g = b->g;
  size_t used = t->start[f->n_figures];
  int64_t sum = 0;
  for (size_t i = 0; i < b->n; i++) {
    uint32_t group = g->group[b->rows[i]];
    if (side < 2 && (side == 0 ? g->group_row : g->group_column)[group] != line)
      continue;
    t->cell[used++] = i;
    sum += t->now[i];
  }
  if (used == t->start[f->n_figures])
    return;
  t->kind[f->n_figures] = FM_DISCLOSE_LINK;
  t->least[f->n_figures] = t->most[f->n_figures] = sum;
  t->start[++f->n_figures] = used;
}

/* The groups' counts now and then, each a cell and a figure; the sums over them are known. */
static void fill_tables(const between *b, tables *t, int aspect, fm_disclose_figures *now, fm_disclose_figures *then)
{
  const fm__guard *g = b->g;
  for (size_t i = 0; i < b->n; i++) {
    int64_t before = then_of(b, b->rows[i], aspect);
    snprintf(t->names[i], sizeof t->names[i], "%zu", i);
    t->now[i] = count_of(g, b->rows[i], aspect);
    t->cell[i] = i;
    t->start[i + 1] = i + 1;
    t->hidden[i] = g->hidden[b->rows[i]];
    t->least[i] = INT64_MIN;
    t->most[i] = INT64_MAX;
    t->keys[i] = t->names[i];
    t->change[i] = FM_DISCLOSE_CHANGED;
    if (before < 0)
      continue;
    size_t k = then->n_cells++;
    t->then[k] = before;
    t->then_cell[k] = k;
    t->then_start[k + 1] = k + 1;
    t->then_kind[k] = FM_DISCLOSE_FIXED;
    t->then_keys[k] = t->names[i];
  }
  now->n_cells = now->n_figures = b->n;
  then->n_figures = then->n_cells;
  if (b->n > 1)
    add_sum(b, t, now, 2, 0);
  bool two = g->n_group_rows > 1 && g->n_group_columns > 1;
  for (uint32_t k = 0; two && k < g->n_group_rows; k++)
    add_sum(b, t, now, 0, k);
  for (uint32_t k = 0; two && k < g->n_group_columns; k++)
    add_sum(b, t, now, 1, k);
}

static fm_status audit(between *b, int aspect, bool *any, fm_error *err)
{
  tables t = {0};
  fm_disclose_protected out = {.struct_size = sizeof out};
  fm_disclose_protect_spec spec = FM_DISCLOSE_PROTECT_SPEC_INIT;
  fm_disclose_figures now = {.struct_size = sizeof now}, then = {.struct_size = sizeof then};
  fm_status status = open_tables(&t, b->n) ? FM_OK : fm__no_memory(err);
  if (status == FM_OK) {
    fill_tables(b, &t, aspect, &now, &then);
    now.cells = t.now, now.start = t.start, now.cell = t.cell, now.kind = t.kind;
    now.at_least = t.least, now.at_most = t.most;
    then.cells = t.then, then.start = t.then_start, then.cell = t.then_cell, then.kind = t.then_kind;
    fm_disclose_release releases[] = {{sizeof releases[0], &now, t.keys}, {sizeof releases[1], &then, t.then_keys}};
    spec.threshold = b->g->threshold;
    spec.effort = 20000000;
    status = fm_disclose_between(&out, t.hidden, &releases[0], &releases[1], t.then_hidden, t.change, &spec, err);
  }
  for (size_t i = 0; i < b->n && status == FM_OK; i++)
    if (t.hidden[i] != 0 || out.safe == 0)
      *any = hide_kin(b, b->rows[i]) || *any;
  close_tables(&t);
  return status;
}

static fm_status one_series(between *b, uint32_t series, bool *any, fm_error *err)
{
  fm_status status = FM_OK;
  for (int aspect = 0; aspect < ASPECTS && status == FM_OK; aspect++) {
    bool little = false;
    b->n = 0;
    for (size_t i = 0; i < b->g->n; i++) {
      if (b->series[i] != series || b->g->dropped[i] != 0 || count_of(b->g, i, aspect) < 0)
        continue;
      little = little || differs_little(b, i, aspect);
      b->rows[b->n++] = i;
    }
    if (!little)
      continue;
    if (b->n <= LARGEST)
      status = audit(b, aspect, any, err);
    for (size_t i = 0; i < b->n && b->n > LARGEST; i++)
      if (count_of(b->g, b->rows[i], aspect) != then_of(b, b->rows[i], aspect))
        *any = hide_kin(b, b->rows[i]) || *any;
  }
  return status;
}

/* What compares groups goes with one that is hidden; n of what is about no person is not shown then. */
static void hide_others(between *b)
{
  fm__guard *g = b->g;
  for (size_t i = 0; i < g->n; i++)
    for (size_t k = 0; k < g->n && g->by_earlier[i] == 1; k++) {
      if (g->set[k] != g->set[i])
        continue;
      if (g->rule[k]->role == FM__ROLE_NONE)
        g->quiet[k] = 1;
      if (g->rule[k]->role == FM__ROLE_BETWEEN && g->hidden[k] == 0 && g->dropped[k] == 0)
        g->hidden[k] = g->by_earlier[k] = 1;
    }
}

fm_status fm__guard_earlier(fm__guard *g, const fm_table *earlier, const fm_protect_spec *spec, fm_error *err)
{
  between b = {.g = g};
  bool any = true;
  g->by_earlier_asked = true;
  fm_status status = fm__guard_open(&b.then, earlier, spec, err);
  if (status != FM_OK)
    return status;
  b.before = fm__array(g->n + 1, sizeof *b.before);
  b.series = fm__array(g->n + 1, sizeof *b.series);
  b.kin = fm__array(g->n + 1, sizeof *b.kin);
  b.rows = fm__array(g->n + 1, sizeof *b.rows);
  bool made = b.before != NULL && b.series != NULL && b.kin != NULL && b.rows != NULL;
  status = made ? match_rows(&b, err) : fm__no_memory(err);
  if (status == FM_OK)
    status = number_rows(&b, err);
  while (status == FM_OK && any) { /* each round hides something more */
    any = false;
    for (uint32_t s = 0; s < b.n_series && status == FM_OK; s++)
      status = one_series(&b, s, &any, err);
  }
  if (status == FM_OK)
    hide_others(&b);
  fm__free(b.before);
  fm__free(b.series);
  fm__free(b.kin);
  fm__free(b.rows);
  fm__guard_close(&b.then);
  return status;
}
