/* income.bottom40: pairs of incomes, kept as rows with a count; equal rows are pooled when the state is saved. */
#include <stdio.h>
#include <string.h>

#include "income/bottom40/bottom40_priv.h"

typedef struct bottom40 {
  fm_income_bottom40_spec spec; /* without its texts */
  char *weight;                 /* NULL: not weighted */
  char names[2][256];           /* of the weight columns */
  fm__groups *groups;
  fm__income_row *rows; /* in no order, or reduced */
  size_t n, capacity;
  size_t n_reduced; /* rows left by the last reduction */
} bottom40;

static const fm_income_bottom40_spec defaults = FM_INCOME_BOTTOM40_SPEC_INIT;

static void destroy(void *state)
{
  bottom40 *t = state;
  if (t == NULL)
    return;
  fm__groups_destroy(t->groups);
  fm__free(t->rows);
  fm__free(t->weight);
  fm__free(t);
}

static bool is_empty(const void *state)
{
  const bottom40 *t = state;
  return t->n == 0 && (fm__groups_n_columns(t->groups) == 0 || fm__groups_count(t->groups) == 0);
}

/* ---- reading a frame ---- */

typedef struct columns {
  const fm_table *frame;
  size_t income[2], weight[2], participant; /* FM__NO_COLUMN: not given */
} columns;

static fm_status find_columns(columns *c, const bottom40 *t, const fm_table *frame, fm_error *err)
{
  *c = (columns){.frame = frame, .weight = {FM__NO_COLUMN, FM__NO_COLUMN}, .participant = FM__NO_COLUMN};
  fm_status status = fm__table_find(frame, "income_0", FM_F64, &c->income[0], err);
  if (status == FM_OK)
    status = fm__table_find(frame, "income_1", FM_F64, &c->income[1], err);
  for (size_t k = 0; k < 2 && t->weight != NULL && status == FM_OK; k++)
    status = fm__table_find(frame, t->names[k], FM_F64, &c->weight[k], err);
  if (status == FM_OK && fm_table_column_index(frame, "participant") >= 0)
    status = fm__table_find(frame, "participant", FM_BOOL, &c->participant, err);
  return status;
}

static bool has(const columns *c, size_t column, size_t row)
{
  return fm__bit(fm_table_validity(c->frame, column), row);
}

static fm_status bad_row(const columns *c, size_t column, size_t row, const char *expected, fm_error *err)
{
  const char *name = fm_table_column_name(c->frame, column);
  fm__fail(err, FM_ERR_VALUE, "column %s, row %zu: expected %s", name, row, expected);
  fm__error_place(err, fm_table_name(c->frame), name, (int64_t)column, (int64_t)row, fm_table_line(c->frame, row));
  return FM_ERR_VALUE;
}

/* One period of one person. Weight 0 leaves no trace, not even of a missing income. */
static fm_status read_period(double *x, double *w, uint32_t *flags, const columns *c, size_t period, size_t row,
                             fm_error *err)
{
  bool income = has(c, c->income[period], row), weighted = c->weight[period] != FM__NO_COLUMN;
  double value = income ? fm_table_f64(c->frame, c->income[period])[row] : 0, weight = 1;
  if (!isfinite(value))
    return bad_row(c, c->income[period], row, "a finite income", err);
  if (weighted && has(c, c->weight[period], row))
    weight = fm_table_f64(c->frame, c->weight[period])[row];
  else if (weighted && income)
    return bad_row(c, c->weight[period], row, "a weight, as there is an income", err);
  if (!(weight >= 0) || isinf(weight))
    return bad_row(c, c->weight[period], row, "a finite weight of at least 0", err);
  if (weight == 0)
    return FM_OK;
  *flags |= (income ? (uint32_t)FM__HAS_0 : (uint32_t)FM__MISSING_0) << period;
  *x = value + 0.0; /* -0 becomes +0 */
  *w = income ? weight : 0;
  return FM_OK;
}

static fm_status read_row(fm__income_row *to, const columns *c, size_t row, fm_error *err)
{
  *to = (fm__income_row){.count = 1};
  fm_status status = read_period(&to->x_0, &to->w_0, &to->flags, c, 0, row, err);
  if (status == FM_OK)
    status = read_period(&to->x_1, &to->w_1, &to->flags, c, 1, row, err);
  if ((to->flags & FM__HAS_BOTH) == FM__HAS_BOTH && c->participant != FM__NO_COLUMN && has(c, c->participant, row))
    to->flags |= fm_table_bool(c->frame, c->participant)[row] != 0 ? FM__PARTICIPANT : FM__OTHER;
  return status;
}

static fm_status add(void *state, const fm_table *frame, const fm_run *run, fm_error *err)
{
  (void)run;
  bottom40 *t = state;
  columns c;
  uint32_t *group = NULL;
  size_t n = t->n, before = fm__groups_count(t->groups), n_rows = fm_table_n_rows(frame), need;
  fm_status status = find_columns(&c, t, frame, err);
  if (status == FM_OK)
    status = fm__groups_map(t->groups, frame, &group, err);
  if (status == FM_OK &&
      (!fm__add(n, n_rows, &need) || !fm__grow((void **)&t->rows, &t->capacity, need, sizeof *t->rows)))
    status = fm__no_memory(err);
  for (size_t i = 0; i < n_rows && status == FM_OK; i++) {
    fm__income_row *row = &t->rows[t->n];
    status = read_row(row, &c, i, err);
    row->group = group != NULL ? group[i] : 0;
    if (row->flags != 0)
      t->n++;
  }
  fm__free(group);
  if (status != FM_OK) {
    t->n = n;
    fm__groups_truncate(t->groups, before);
  }
  return status;
}

/* ---- the canonical form: sorted rows, equal ones pooled ---- */

enum { N_FIELDS = 6 };

/* Fields in falling importance; `rank` NULL: groups by number. */
static uint64_t field_of(const fm__income_row *row, const uint32_t *rank, int32_t field)
{
  switch (field) {
  case 0:
    return rank != NULL ? rank[row->group] : row->group;
  case 1:
    return row->flags;
  case 2:
    return fm__order_key(row->x_0);
  case 3:
    return fm__order_key(row->x_1);
  case 4:
    return fm__order_key(row->w_0);
  default:
    return fm__order_key(row->w_1);
  }
}

/* Below, at or above 0 as a comes before, with or after b. */
static int32_t compare(const fm__income_row *a, const fm__income_row *b)
{
  for (int32_t f = 0; f < N_FIELDS; f++) {
    uint64_t x = field_of(a, NULL, f), y = field_of(b, NULL, f);
    if (x != y)
      return x < y ? -1 : 1;
  }
  return 0;
}

static fm_status reduce(bottom40 *t, const uint32_t *rank, fm_error *err)
{
  fm__item *items = fm__array(t->n, 2 * sizeof *items);
  fm__income_row *rows = fm__array(t->n, sizeof *rows);
  if (items == NULL || rows == NULL) {
    fm__free(items);
    fm__free(rows);
    return fm__no_memory(err);
  }
  for (size_t i = 0; i < t->n; i++)
    items[i].value = i;
  for (int32_t f = N_FIELDS - 1; f >= 0; f--) {
    for (size_t i = 0; i < t->n; i++)
      items[i].key = field_of(&t->rows[items[i].value], rank, f);
    fm__sort_items(items, items + t->n, t->n);
  }
  size_t n = 0;
  for (size_t i = 0; i < t->n; i++) {
    const fm__income_row *row = &t->rows[items[i].value];
    if (n > 0 && compare(&rows[n - 1], row) == 0)
      rows[n - 1].count += row->count;
    else
      rows[n++] = *row;
  }
  fm__free(items);
  fm__free(t->rows);
  t->rows = rows;
  t->capacity = t->n;
  t->n = t->n_reduced = n;
  return FM_OK;
}

static fm_status merge(void *state, const void *other, fm_error *err)
{
  enum { WORTH_POOLING = 1 << 16 };
  bottom40 *t = state;
  const bottom40 *o = other;
  uint32_t *map = NULL;
  size_t before = fm__groups_count(t->groups), need;
  fm_status status = FM_OK;
  /* Merging many states keeps only twice as many rows as differ. */
  if (t->n > WORTH_POOLING && t->n / 2 > t->n_reduced)
    status = reduce(t, NULL, err);
  if (status == FM_OK)
    status = fm__groups_absorb(t->groups, o->groups, &map, err);
  if (status != FM_OK)
    return status;
  if (!fm__add(t->n, o->n, &need) || !fm__grow((void **)&t->rows, &t->capacity, need, sizeof *t->rows)) {
    fm__groups_truncate(t->groups, before);
    fm__free(map);
    return fm__no_memory(err);
  }
  for (size_t i = 0; i < o->n; i++) {
    t->rows[t->n] = o->rows[i];
    t->rows[t->n++].group = map[o->rows[i].group];
  }
  fm__free(map);
  return FM_OK;
}

/* ---- saved bytes ---- */

static fm_status save(void *state, fm__bytes *b, fm_error *err)
{
  bottom40 *t = state;
  uint32_t *order = NULL, *rank = NULL;
  size_t n_groups = fm__groups_count(t->groups);
  fm_status status = fm__groups_order(t->groups, &order, err);
  if (status == FM_OK && (rank = fm__array(n_groups, sizeof *rank)) == NULL)
    status = fm__no_memory(err);
  for (size_t i = 0; i < n_groups && status == FM_OK; i++)
    rank[order[i]] = (uint32_t)i;
  if (status == FM_OK)
    status = reduce(t, rank, err);
  if (status == FM_OK) {
    fm__groups_save(t->groups, order, b);
    fm__bytes_u64(b, t->n);
    for (size_t i = 0; i < t->n; i++) {
      const fm__income_row *row = &t->rows[i];
      fm__bytes_u32(b, rank[row->group]);
      fm__bytes_u32(b, row->flags);
      fm__bytes_f64(b, row->x_0);
      fm__bytes_f64(b, row->x_1);
      fm__bytes_f64(b, row->w_0);
      fm__bytes_f64(b, row->w_1);
      fm__bytes_u64(b, row->count);
    }
  }
  fm__free(order);
  fm__free(rank);
  return status;
}

static bool period_fits(double x, double w, uint32_t flags, int32_t period)
{
  bool given = (flags >> period & FM__HAS_0) != 0, missing = (flags >> period & FM__MISSING_0) != 0;
  if (given)
    return !missing && isfinite(x) && !(x == 0 && signbit(x)) && w > 0 && isfinite(w);
  return x == 0 && w == 0 && !signbit(x) && !signbit(w);
}

static bool row_fits(const fm__income_row *row, size_t n_groups)
{
  const uint32_t kinds = FM__OTHER | FM__PARTICIPANT;
  uint32_t flags = row->flags;
  if (flags == 0 || flags >= 2 * FM__PARTICIPANT || row->group >= n_groups || row->count == 0)
    return false;
  if ((flags & kinds) == kinds || ((flags & kinds) != 0 && (flags & FM__HAS_BOTH) != FM__HAS_BOTH))
    return false;
  return period_fits(row->x_0, row->w_0, flags, 0) && period_fits(row->x_1, row->w_1, flags, 1);
}

static fm_status load(void *state, fm__reader *r, fm_error *err)
{
  enum { ROW_BYTES = 48 };
  bottom40 *t = state;
  fm_status status = fm__groups_load(t->groups, r, err);
  if (status != FM_OK)
    return status;
  uint64_t n = fm__read_u64(r);
  if (r->failed || n > (r->size - r->at) / ROW_BYTES)
    return fm__fail(err, FM_ERR_FORMAT, "the saved tally of income.bottom40 is damaged: it ends inside its rows");
  if (!fm__grow((void **)&t->rows, &t->capacity, (size_t)n, sizeof *t->rows))
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++) {
    fm__income_row row = {.group = fm__read_u32(r), .flags = 0};
    row.flags = fm__read_u32(r);
    row.x_0 = fm__read_f64(r);
    row.x_1 = fm__read_f64(r);
    row.w_0 = fm__read_f64(r);
    row.w_1 = fm__read_f64(r);
    row.count = fm__read_u64(r);
    if (!row_fits(&row, fm__groups_count(t->groups)) || (i > 0 && compare(&t->rows[i - 1], &row) >= 0))
      return fm__fail(err, FM_ERR_FORMAT, "the saved tally of income.bottom40 is damaged: row %zu is impossible", i);
    t->rows[i] = row;
  }
  t->n = t->n_reduced = (size_t)n;
  return FM_OK;
}

/* ---- result ---- */

static void note_number(fm__result *r, const char *key, double value)
{
  char text[32];
  fm__print_f64(text, value);
  fm__result_note(r, key, text);
}

static void add_notes(fm__result *r, const fm_income_bottom40_spec *s)
{
  note_number(r, "p_share", s->p_share);
  if (!isnan(s->period_0)) {
    note_number(r, "period_0", s->period_0);
    note_number(r, "period_1", s->period_1);
  }
  if (!isnan(s->line))
    note_number(r, "line", s->line);
  fm__result_note(r, "anonymous", "each period takes its own bottom: the people need not be the same (SDG 10.1.1)");
  fm__result_note(r, "panel",
                  "people with both incomes, ranked by the first; read beside the meanrank_ rows: ranking on the first "
                  "period builds in regression to the mean, and a gain is not what a programme caused");
  fm__result_note(r, "participant_gain_share",
                  s->population == 1 ? "given where everyone in the bottom is known to be a participant or not, both "
                                       "totals are at least 0 and their sum is above 0"
                                     : "not given: the file was not said to cover the population (population = 1)");
}

/* Powers of two that bring the largest income and weight near 1 when they are so large or small that products would
 * leave the range of doubles; 1 otherwise. */
static double scale_for(double largest)
{
  int exponent = 0;
  if (largest == 0 || (largest > 0x1p-300 && largest < 0x1p300))
    return 1;
  frexp(largest, &exponent);
  return ldexp(1, exponent > 1000 ? -1000 : exponent < -1000 ? 1000 : -exponent);
}

static void set_scales(fm__income_people *g)
{
  double x = 0, w = 0;
  for (size_t i = 0; i < g->n; i++) {
    const fm__income_row *row = &g->rows[g->index[i]];
    x = fmax(x, fmax(fabs(row->x_0), fabs(row->x_1)));
    w = fmax(w, fmax(row->w_0, row->w_1));
  }
  g->x_scale = scale_for(x);
  g->w_scale = scale_for(w);
}

/* Creates the row numbers by group, and where each group's begin (n_groups + 1). */
static fm_status group_rows(const bottom40 *t, uint64_t **index, size_t **start, fm_error *err)
{
  size_t n_groups = fm__groups_count(t->groups);
  *index = fm__array(t->n, sizeof **index);
  *start = fm__array(n_groups + 2, sizeof **start);
  if (*index == NULL || *start == NULL)
    return fm__no_memory(err);
  size_t *at = *start + 1; /* one place on: filling moves each back to its group's end */
  for (size_t i = 0; i < t->n; i++)
    at[t->rows[i].group + 1]++;
  for (size_t g = 1; g <= n_groups; g++)
    at[g] += at[g - 1];
  for (size_t i = 0; i < t->n; i++)
    (*index)[at[t->rows[i].group]++] = i;
  return FM_OK;
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  const bottom40 *t = state;
  uint32_t *order = NULL;
  uint64_t *index = NULL;
  size_t *start = NULL, n_groups = fm__groups_count(t->groups);
  fm__result *r = NULL;
  fm_status status =
      fm__result_create_grouped(&r, "income.bottom40", "generalised_lorenz_split_ties", t->groups, NULL, 0, err);
  if (status == FM_OK)
    status = fm__groups_order(t->groups, &order, err);
  if (status == FM_OK)
    status = group_rows(t, &index, &start, err);
  for (size_t i = 0; i < n_groups && status == FM_OK; i++) {
    uint32_t g = order[i];
    fm__income_people people = {.rows = t->rows, .index = index + start[g], .n = start[g + 1] - start[g]};
    set_scales(&people);
    fm__result_group(r, t->groups, g);
    status = fm__income_figures(r, &people, &t->spec, err);
    if (status == FM_OK)
      status = fm__run_progress(run, (double)(i + 1) / (double)n_groups, err);
  }
  fm__free(order);
  fm__free(index);
  fm__free(start);
  if (status != FM_OK) {
    fm__result_destroy(r);
    return status;
  }
  add_notes(r, &t->spec);
  return fm__result_finish(r, out, err);
}

/* ---- spec ---- */

static fm_status check(const fm_income_bottom40_spec *s, fm_error *err)
{
  if (!(s->p_share > 0 && s->p_share < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "p_share: expected a number between 0 and 1");
  if (isnan(s->period_0) != isnan(s->period_1))
    return fm__fail(err, FM_ERR_ARGUMENT, "period_0, period_1: expected both or neither");
  if (!isnan(s->period_0) && (!isfinite(s->period_0) || !isfinite(s->period_1) || !(s->period_1 > s->period_0)))
    return fm__fail(err, FM_ERR_ARGUMENT, "period_1: expected a year after period_0");
  if (isinf(s->line))
    return fm__fail(err, FM_ERR_ARGUMENT, "line: expected a finite income");
  if (s->population != 0 && s->population != 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "population: expected 0 or 1, got %d", (int)s->population);
  if (s->weight != NULL && (s->weight[0] == '\0' || strlen(s->weight) > 200))
    return fm__fail(err, FM_ERR_ARGUMENT, "weight: expected a name of 1 to 200 bytes");
  return FM_OK;
}

static const fm__field fields[] = {FM__FIELD(fm_income_bottom40_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_bottom40_spec, weight, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_bottom40_spec, p_share, FM__FIELD_F64),
                                   FM__FIELD(fm_income_bottom40_spec, period_0, FM__FIELD_F64),
                                   FM__FIELD(fm_income_bottom40_spec, period_1, FM__FIELD_F64),
                                   FM__FIELD(fm_income_bottom40_spec, line, FM__FIELD_F64),
                                   FM__FIELD(fm_income_bottom40_spec, population, FM__FIELD_I32)};

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  (void)text;
  bottom40 *t = state;
  const fm_income_bottom40_spec *s = spec;
  fm_status status = check(s, err);
  if (status != FM_OK)
    return status;
  t->spec = *s;
  t->spec.by = t->spec.weight = NULL; /* the caller's */
  if (s->weight != NULL) {
    t->weight = fm__copy_text(s->weight, strlen(s->weight));
    if (t->weight == NULL)
      return fm__no_memory(err);
    for (int32_t k = 0; k < 2; k++)
      snprintf(t->names[k], sizeof t->names[k], "%s_%d", s->weight, (int)k);
  }
  return fm__groups_create(&t->groups, s->by, err);
}

static const fm__measure measure = {.id = "income.bottom40",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(fm_income_bottom40_spec, bottom40),
                                    .add = add,
                                    .merge = merge,
                                    .save = save,
                                    .load = load,
                                    .result = result,
                                    .is_empty = is_empty,
                                    .destroy = destroy};

FM__MEASURE_FUNCTIONS(fm_income_bottom40)
