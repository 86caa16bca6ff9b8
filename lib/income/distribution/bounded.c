/* income.distribution in bounded memory: a prefix histogram a group instead of the rows. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "income/distribution/bounded_priv.h"

typedef fm__bounded bounded;

void fm__bounded_destroy(void *state)
{
  bounded *t = state;
  if (t == NULL)
    return;
  for (size_t g = 0; g < t->n_made; g++)
    for (size_t k = 0; k < FM__N_BOUNDED_PARTS; k++)
      fm__prefix_free(&t->group[g].part[k]);
  for (size_t k = 0; k < FM__N_BOUNDED_NAMES; k++)
    fm__free(t->name[k]);
  fm__free(t->group);
  fm__free(t->calls);
  fm__groups_destroy(t->groups);
  fm__free(t);
}

static bool is_empty(const void *state)
{
  const bounded *t = state;
  const fm__dropped *d = &t->dropped;
  bool empty = d->missing == 0 && d->negative == 0 && d->zeroed == 0 &&
               (fm__groups_n_columns(t->groups) == 0 || fm__groups_count(t->groups) == 0);
  for (size_t g = 0; g < t->n_made; g++)
    for (size_t k = 0; k < FM__N_BOUNDED_PARTS; k++)
      empty = empty && t->group[g].part[k].n == 0;
  return empty;
}

/* Makes the histograms of groups that have none yet. */
bool fm__bounded_make_groups(bounded *t)
{
  size_t n = fm__groups_count(t->groups);
  if (!fm__grow((void **)&t->group, &t->capacity, n, sizeof *t->group))
    return false;
  for (; t->n_made < n; t->n_made++)
    for (size_t k = 0; k < FM__N_BOUNDED_PARTS; k++)
      t->group[t->n_made].part[k] = (fm__prefix)FM__PREFIX_INIT(FM__PREFIX_BITS);
  return true;
}

/* ---- merging ---- */

static void merge_dropped(fm__dropped *to, const fm__dropped *from)
{
  to->missing += from->missing;
  to->negative += from->negative;
  to->zeroed += from->zeroed;
}

static fm_status merge(void *state, const void *other, fm_error *err)
{
  bounded *t = state;
  const bounded *o = other;
  uint32_t *map = NULL;
  size_t before = fm__groups_count(t->groups);
  fm_status status = fm__groups_absorb(t->groups, o->groups, &map, err);
  if (status != FM_OK)
    return status;
  bool room = fm__bounded_make_groups(t);
  for (size_t g = 0; g < o->n_made && room; g++)
    for (size_t k = 0; k < FM__N_BOUNDED_PARTS && room; k++)
      room = fm__prefix_reserve(&t->group[map[g]].part[k], o->group[g].part[k].n);
  if (!room) {
    fm__groups_truncate(t->groups, before);
    for (; t->n_made > before; t->n_made--)
      for (size_t k = 0; k < FM__N_BOUNDED_PARTS; k++)
        fm__prefix_free(&t->group[t->n_made - 1].part[k]);
    fm__free(map);
    return fm__no_memory(err);
  }
  for (size_t g = 0; g < o->n_made; g++)
    for (size_t k = 0; k < FM__N_BOUNDED_PARTS; k++)
      for (size_t i = 0; i < o->group[g].part[k].n; i++)
        fm__prefix_take_cell(&t->group[map[g]].part[k], &o->group[g].part[k].cells[i]);
  merge_dropped(&t->dropped, &o->dropped);
  fm__free(map);
  return FM_OK;
}

/* ---- adding: the rows of one frame, by group and part, then into a state of their own that is merged ---- */

typedef struct frame_rows {
  fm__records records;
  size_t domain, first_row; /* places among the numbers */
  size_t n, *start;         /* rows of each group and part begin here */
  double *x, *w;
} frame_rows;

static fm_status take_marks(void *context, double *more, const fm__rows_place *place, fm_error *err)
{
  const frame_rows *f = context;
  for (size_t k = 0; k < f->records.n_more; k++)
    if (!isnan(more[k]) && more[k] != 0 && more[k] != 1)
      return fm__rows_bad(place, f->records.more + k, "true or false", err);
  return FM_OK;
}

static char *joined_keys(const fm__groups *groups)
{
  size_t n = 1;
  for (size_t k = 0; k < fm__groups_n_columns(groups); k++)
    n += strlen(fm__groups_column(groups, k)) + 1;
  char *by = fm__array(n, 1);
  for (size_t k = 0; by != NULL && k < fm__groups_n_columns(groups); k++) {
    if (k > 0)
      strcat(by, ",");
    strcat(by, fm__groups_column(groups, k));
  }
  return by;
}

static fm_status read_frame(frame_rows *f, const bounded *t, const fm_table *frame, fm_error *err)
{
  char *by = joined_keys(t->groups);
  if (by == NULL)
    return fm__no_memory(err);
  const char *const ids[] = {by};
  fm__rows_number more[2] = {{NULL, 0}};
  fm__records_spec spec = {.measure = "income.distribution",
                           .income = t->name[FM__BOUNDED_INCOME],
                           .weight = t->name[FM__BOUNDED_WEIGHT],
                           .more = more,
                           .ids = ids,
                           .n_ids = 1,
                           .rules = &t->rules,
                           .take = take_marks,
                           .context = f};
  size_t first = t->name[FM__BOUNDED_WEIGHT] != NULL ? 2 : 1;
  f->domain = f->first_row = SIZE_MAX;
  if (t->name[FM__BOUNDED_DOMAIN] != NULL) {
    f->domain = first + spec.n_more;
    more[spec.n_more++].name = t->name[FM__BOUNDED_DOMAIN];
  }
  if (t->name[FM__BOUNDED_FIRST_ROW] != NULL) {
    f->first_row = first + spec.n_more;
    more[spec.n_more++].name = t->name[FM__BOUNDED_FIRST_ROW];
  }
  fm_status status = fm__records_create(&f->records, &spec, err);
  if (status == FM_OK)
    status = fm__kept_add(&f->records, frame, NULL, err);
  fm__free(by);
  return status;
}

/* The row's part; FM__N_BOUNDED_PARTS: it counts nowhere. */
static size_t part_of(const frame_rows *f, const double *numbers)
{
  bool inside = f->domain == SIZE_MAX || numbers[f->domain] == 1;
  bool first = f->first_row == SIZE_MAX || numbers[f->first_row] != 0;
  return first    ? (inside ? FM__BOUNDED_FIRST : FM__BOUNDED_OUTSIDE)
         : inside ? FM__BOUNDED_FURTHER
                  : FM__N_BOUNDED_PARTS;
}

/* By the rules; NaN: left out. */
static double income_of(fm__dropped *dropped, double x, const fm_income_rules *rules)
{
  dropped->missing += isnan(x);
  if (!(x < 0) || rules->negative == FM_INCOME_NEGATIVE_KEEP)
    return x;
  bool zero = rules->negative == FM_INCOME_NEGATIVE_ZERO;
  dropped->zeroed += zero;
  dropped->negative += !zero;
  return zero ? 0 : NAN;
}

/* Counts the rows of each group and part, or moves them to their places. */
static void walk_rows(frame_rows *f, bounded *to, bool move)
{
  const fm__records *r = &f->records;
  fm__dropped ignored = {0, 0, 0};
  for (size_t i = 0; i < fm__rows_n(r->rows); i++) {
    const double *numbers = fm__rows_numbers(r->rows, i);
    size_t part = part_of(f, numbers);
    double x = income_of(part == FM__BOUNDED_FIRST && !move ? &to->dropped : &ignored, numbers[0], &to->rules);
    if (part == FM__N_BOUNDED_PARTS || isnan(x))
      continue;
    size_t *at = &f->start[fm__rows_id(r->rows, i, 0) * FM__N_BOUNDED_PARTS + part + (move ? 0 : 1)];
    if (move) {
      f->x[*at] = x;
      f->w[*at] = r->weight != SIZE_MAX ? numbers[r->weight] : 1;
    }
    (*at)++;
  }
}

/* Into an empty state. */
static fm_status take_frame(bounded *to, frame_rows *f, const fm_run *run, fm_error *err)
{
  const fm__groups *ids = fm__rows_ids(f->records.rows, 0);
  size_t n = fm__groups_count(ids) * FM__N_BOUNDED_PARTS, n_rows = fm__rows_n(f->records.rows);
  uint32_t *map = NULL;
  fm_status status = fm__groups_absorb(to->groups, ids, &map, err);
  if (status != FM_OK)
    return status;
  f->start = fm__array(n + 1, sizeof *f->start);
  f->x = fm__array(n_rows, sizeof *f->x);
  f->w = fm__array(n_rows, sizeof *f->w);
  if (f->start == NULL || f->x == NULL || f->w == NULL || !fm__bounded_make_groups(to))
    status = fm__no_memory(err);
  if (status == FM_OK) {
    walk_rows(f, to, false);
    for (size_t k = 0; k < n; k++)
      f->start[k + 1] += f->start[k];
    walk_rows(f, to, true); /* each start then is the end */
  }
  for (size_t k = 0, from = 0; k < n && status == FM_OK; from = f->start[k++])
    status = fm__prefix_add(&to->group[map[k / FM__N_BOUNDED_PARTS]].part[k % FM__N_BOUNDED_PARTS], f->x + from,
                            f->w + from, f->start[k] - from, run, err);
  fm__free(map);
  return status;
}

static fm_status add(void *state, const fm_table *frame, const fm_run *run, fm_error *err)
{
  bounded *t = state, *part = NULL;
  frame_rows f = {.n = 0};
  fm_status status = read_frame(&f, t, frame, err);
  if (status == FM_OK && (part = fm__array(1, sizeof *part)) == NULL)
    status = fm__no_memory(err);
  if (status == FM_OK) {
    char *by = joined_keys(t->groups);
    part->rules = t->rules;
    status = by != NULL ? fm__groups_create(&part->groups, by, err) : fm__no_memory(err);
    fm__free(by);
  }
  if (status == FM_OK)
    status = take_frame(part, &f, run, err);
  if (status == FM_OK)
    status = merge(t, part, err);
  fm__bounded_destroy(part);
  fm__records_free(&f.records);
  fm__free(f.start);
  fm__free(f.x);
  fm__free(f.w);
  return status;
}

/* ---- saved bytes: groups, what was left out, then the histograms of each group ---- */

static fm_status save(void *state, fm__bytes *b, fm_error *err)
{
  bounded *t = state;
  uint32_t *order = NULL;
  if (!fm__bounded_make_groups(t))
    return fm__no_memory(err);
  fm_status status = fm__groups_order(t->groups, &order, err);
  if (status == FM_OK) {
    fm__groups_save(t->groups, order, b);
    fm__bytes_i64(b, t->dropped.missing);
    fm__bytes_i64(b, t->dropped.negative);
    fm__bytes_i64(b, t->dropped.zeroed);
  }
  for (size_t g = 0; g < t->n_made && status == FM_OK; g++)
    for (size_t k = 0; k < FM__N_BOUNDED_PARTS && status == FM_OK; k++)
      status = fm__prefix_save(&t->group[order[g]].part[k], b, err);
  fm__free(order);
  return status;
}

static fm_status load(void *state, fm__reader *r, fm_error *err)
{
  bounded *t = state;
  fm_status status = fm__groups_load(t->groups, r, err);
  if (status != FM_OK)
    return status;
  t->dropped = (fm__dropped){fm__read_i64(r), 0, 0};
  t->dropped.negative = fm__read_i64(r);
  t->dropped.zeroed = fm__read_i64(r);
  if (r->failed || t->dropped.missing < 0 || t->dropped.negative < 0 || t->dropped.zeroed < 0)
    return fm__fail(err, FM_ERR_FORMAT, "the saved tally of income.distribution is damaged: impossible counts");
  if (!fm__bounded_make_groups(t))
    return fm__no_memory(err);
  for (size_t g = 0; g < t->n_made && status == FM_OK; g++)
    for (size_t k = 0; k < FM__N_BOUNDED_PARTS && status == FM_OK; k++)
      status = fm__prefix_load(&t->group[g].part[k], r, err);
  return status;
}

static const fm__field fields[] = {FM__FIELD(fm_income_distribution_spec, income, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_distribution_spec, weight, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_distribution_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_distribution_spec, domain, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_distribution_spec, first_row, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_distribution_spec, measures, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_distribution_spec, total, FM__FIELD_I32),
                                   FM__FIELD(fm_income_distribution_spec, bounded, FM__FIELD_I32)};

const fm__measure fm__bounded_measure = {.id = "income.distribution.bounded",
                                         .state_version = 1,
                                         .spec_name = "fm_income_distribution_spec",
                                         .defaults = &fm__distribution_defaults,
                                         .spec_size = sizeof fm__distribution_defaults,
                                         .state_size = sizeof(fm__bounded),
                                         .fields = fields,
                                         .n_fields = FM__COUNT(fields),
                                         .open = fm__bounded_open,
                                         .add = add,
                                         .merge = merge,
                                         .save = save,
                                         .load = load,
                                         .result = fm__bounded_result,
                                         .is_empty = is_empty,
                                         .destroy = fm__bounded_destroy};
