/* programme.placements: starts by sector and firm size, and what runs on the last observed day in hours and FTE. */
#include "programme/programme_priv.h"

#include <math.h>
#include <string.h>

enum { RUNNING = 1 };
enum { STARTS, PRIVATE, PUBLIC, SME, SIZE_UNKNOWN, RUNS, HOURS_KNOWN, N_COUNTS };

typedef struct group {
  int64_t counts[N_COUNTS];
  fm__sum hours;
} group;

typedef struct state {
  fm__programme outer;
  group *items;
  size_t n, capacity;
} state;

static void destroy(void *p)
{
  state *s = p;
  if (s == NULL)
    return;
  fm__programme_close(&s->outer);
  fm__free(s->items);
  fm__free(s);
}

static bool is_empty(const void *p)
{
  return ((const state *)p)->outer.people.n == 0;
}

/* Room for every group known to the key columns, new ones empty. */
static bool grow_groups(state *s)
{
  size_t n = fm__groups_count(s->outer.groups);
  if (!fm__grow((void **)&s->items, &s->capacity, n, sizeof *s->items))
    return false;
  if (n > s->n) {
    memset(s->items + s->n, 0, (n - s->n) * sizeof *s->items);
    s->n = n;
  }
  return true;
}

typedef struct columns {
  const fm_table *frame;
  size_t sector, hours;
  fm__flag_column sme, running;
  fm__ids ids;
  int32_t private_code, public_code;
} columns;

/* Number of a text in a dictionary, -1 when it is not there: sectors are compared by value once, not per row. */
static int32_t code_of(const fm_table *t, size_t column, const char *text)
{
  for (size_t k = 0; k < fm_table_n_texts(t, column); k++)
    if (strcmp(fm_table_dictionary_text(t, column, k, NULL), text) == 0)
      return (int32_t)k;
  return -1;
}

static fm_status open_columns(columns *c, const fm_table *frame, fm_error *err)
{
  *c = (columns){.frame = frame};
  fm_status status = fm__table_find(frame, "sector", FM_CODE, &c->sector, err);
  if (status == FM_OK)
    status = fm__table_find(frame, "hours_per_week", FM_F64, &c->hours, err);
  if (status == FM_OK)
    status = fm__flag_open(&c->sme, frame, "sme", err);
  if (status == FM_OK)
    status = fm__flag_open(&c->running, frame, "running", err);
  if (status == FM_OK)
    status = fm__ids_open(&c->ids, frame, "person_id", err);
  if (status != FM_OK)
    return status;
  c->private_code = code_of(frame, c->sector, "private");
  c->public_code = code_of(frame, c->sector, "public");
  return FM_OK;
}

static fm_status check_hours(const columns *c, size_t row, double *hours, fm_error *err)
{
  *hours = NAN;
  if (!fm__bit(fm_table_validity(c->frame, c->hours), row))
    return FM_OK;
  *hours = fm_table_f64(c->frame, c->hours)[row];
  if (*hours >= 0 && *hours <= 168)
    return FM_OK;
  fm__fail(err, FM_ERR_VALUE, "column hours_per_week, row %zu: expected hours from 0 to 168", row);
  fm__error_place(err, fm_table_name(c->frame), "hours_per_week", (int64_t)c->hours, (int64_t)row,
                  fm_table_line(c->frame, row));
  return FM_ERR_VALUE;
}

static fm_status add_row(state *s, const columns *c, size_t row, uint32_t at, fm_error *err)
{
  double hours;
  fm_status status = check_hours(c, row, &hours, err);
  if (status != FM_OK)
    return status;
  group *g = &s->items[at];
  bool known = fm__bit(fm_table_validity(c->frame, c->sector), row);
  int32_t sector = known ? fm_table_code(c->frame, c->sector)[row] : -1;
  bool is_private = sector >= 0 && sector == c->private_code;
  bool sized = fm__bit(c->sme.validity, row), runs = fm__bit(c->running.validity, row) && c->running.values[row] != 0;
  g->counts[STARTS]++;
  g->counts[PRIVATE] += is_private;
  g->counts[PUBLIC] += sector >= 0 && sector == c->public_code;
  g->counts[SME] += is_private && sized && c->sme.values[row] != 0;
  g->counts[SIZE_UNKNOWN] += is_private && !sized;
  g->counts[RUNS] += runs;
  if (runs && !isnan(hours)) {
    g->counts[HOURS_KNOWN]++;
    fm__sum_add(&g->hours, hours);
  }
  return fm__people_add(&s->outer.people, at, fm__ids_at(&c->ids, row), runs ? RUNNING : 0) ? FM_OK
                                                                                            : fm__no_memory(err);
}

static fm_status add_rows(void *fresh, const fm_table *frame, fm_error *err)
{
  state *s = fresh;
  columns c;
  uint32_t *map = NULL;
  fm_status status = open_columns(&c, frame, err);
  if (status == FM_OK)
    status = fm__groups_map(s->outer.groups, frame, &map, err);
  if (status == FM_OK && !grow_groups(s))
    status = fm__no_memory(err);
  for (size_t i = 0; i < fm_table_n_rows(frame) && status == FM_OK; i++)
    status = add_row(s, &c, i, map != NULL ? map[i] : 0, err);
  fm__free(map);
  fm__ids_close(&c.ids);
  return status;
}

static fm_status merge(void *p, const void *q, fm_error *err)
{
  state *s = p;
  const state *o = q;
  uint32_t *map = NULL;
  size_t before = fm__groups_count(s->outer.groups);
  if (!fm__people_reserve(&s->outer.people, o->outer.people.n))
    return fm__no_memory(err);
  fm_status status = fm__groups_absorb(s->outer.groups, o->outer.groups, &map, err);
  if (status != FM_OK)
    return status;
  if (!grow_groups(s)) {
    fm__groups_truncate(s->outer.groups, before);
    fm__free(map);
    return fm__no_memory(err);
  }
  for (size_t i = 0; i < o->n; i++) {
    for (size_t k = 0; k < N_COUNTS; k++)
      s->items[map[i]].counts[k] += o->items[i].counts[k];
    fm__sum_merge(&s->items[map[i]].hours, &o->items[i].hours);
  }
  for (size_t i = 0; i < o->outer.people.n; i++)
    fm__people_add(&s->outer.people, map[o->outer.people.items[i].group], o->outer.people.items[i].id,
                   o->outer.people.items[i].flags);
  fm__free(map);
  return FM_OK;
}

static const fm__measure measure;

static fm_status add(void *p, const fm_table *frame, const fm_run *run, fm_error *err)
{
  (void)run;
  const state *s = p;
  return fm__measure_add_apart(p, &measure, &s->outer.spec, add_rows, frame, err);
}

static fm_status save(void *p, fm__bytes *b, fm_error *err)
{
  state *s = p;
  uint32_t *order;
  fm_status status = grow_groups(s) ? fm__groups_order(s->outer.groups, &order, err) : fm__no_memory(err);
  if (status != FM_OK)
    return status;
  fm__groups_save(s->outer.groups, order, b);
  for (size_t i = 0; i < s->n; i++) {
    for (size_t k = 0; k < N_COUNTS; k++)
      fm__bytes_i64(b, s->items[order[i]].counts[k]);
    fm__sum_save(&s->items[order[i]].hours, b);
  }
  status = fm__people_save(&s->outer.people, order, s->n, b, err);
  fm__free(order);
  return status;
}

static fm_status load(void *p, fm__reader *r, fm_error *err)
{
  state *s = p;
  fm_status status = fm__groups_load(s->outer.groups, r, err);
  if (status != FM_OK)
    return status;
  if (!grow_groups(s))
    return fm__no_memory(err);
  for (size_t i = 0; i < s->n; i++) {
    int64_t *c = s->items[i].counts;
    for (size_t k = 0; k < N_COUNTS; k++)
      c[k] = fm__read_i64(r);
    bool fits = !r->failed && fm__sum_load(&s->items[i].hours, r) && c[PRIVATE] + c[PUBLIC] <= c[STARTS] &&
                c[SME] + c[SIZE_UNKNOWN] <= c[PRIVATE] && c[HOURS_KNOWN] <= c[RUNS] && c[RUNS] <= c[STARTS];
    for (size_t k = 0; k < N_COUNTS; k++)
      fits = fits && c[k] >= 0 && c[k] <= INT64_MAX / 4;
    if (!fits)
      return fm__fail(err, FM_ERR_FORMAT, "the saved tally of programme.placements is damaged: group %zu", i);
  }
  return fm__people_load(&s->outer.people, s->n, r, err);
}

static void put_real(fm__result *r, const char *quantity, const char *unit, double value, int64_t n, int64_t people)
{
  fm__figure f = fm__figure_of(quantity, unit);
  f.value = value;
  f.n = n;
  f.people = people;
  if (n == 0)
    f.state = FM__EMPTY;
  fm__result_add(r, &f);
}

static void put_group(fm__result *r, const state *s, const group *g, int64_t people, int64_t running)
{
  const int64_t *c = g->counts;
  double hours = fm__sum_value(&g->hours);
  fm__put_count(r, "placements", c[STARTS], c[STARTS], people);
  fm__put_count(r, "people", people, c[STARTS], people);
  fm__put_count(r, "private", c[PRIVATE], c[STARTS], -1);
  fm__put_count(r, "public", c[PUBLIC], c[STARTS], -1);
  fm__put_count(r, "unknown_sector", c[STARTS] - c[PRIVATE] - c[PUBLIC], c[STARTS], -1);
  fm__put_share(r, "private_share", c[PRIVATE], c[PRIVATE] + c[PUBLIC], -1, s->outer.spec.level);
  fm__put_count(r, "sme", c[SME], c[PRIVATE], -1);
  fm__put_count(r, "size_unknown", c[SIZE_UNKNOWN], c[PRIVATE], -1);
  fm__put_count(r, "running", c[RUNS], c[STARTS], running);
  fm__put_count(r, "running_people", running, c[RUNS], running);
  fm__put_count(r, "hours_known", c[HOURS_KNOWN], c[RUNS], -1);
  put_real(r, "hours_mean", "hours_per_week", c[HOURS_KNOWN] > 0 ? hours / (double)c[HOURS_KNOWN] : NAN, c[HOURS_KNOWN],
           -1);
  put_real(r, "fte", "fte", c[HOURS_KNOWN] > 0 ? hours / s->outer.spec.full_time_hours : NAN, c[HOURS_KNOWN], -1);
}

static fm_status result(void *p, fm_table **out, const fm_run *run, fm_error *err)
{
  (void)run;
  state *s = p;
  uint32_t *order = NULL;
  fm__result *r = NULL;
  int64_t *people = grow_groups(s) ? fm__programme_people(&s->outer, s->n) : NULL;
  fm_status status = people != NULL ? fm__groups_order(s->outer.groups, &order, err) : fm__no_memory(err);
  if (status == FM_OK)
    status = fm__result_create_grouped(&r, "programme.placements", "starts_and_running", s->outer.groups, NULL, 0, err);
  if (status == FM_OK) {
    for (size_t i = 0; i < s->n; i++) {
      fm__result_group(r, s->outer.groups, order[i]);
      put_group(r, s, &s->items[order[i]], people[order[i]], people[s->n + order[i]]);
    }
    status = fm__result_finish(r, out, err);
  }
  fm__free(order);
  fm__free(people);
  return status;
}

static const fm__measure measure = {.id = "programme.placements",
                                    .state_version = 1,
                                    .spec_name = "fm_programme_spec",
                                    .defaults = &fm__programme_defaults,
                                    .spec_size = sizeof fm__programme_defaults,
                                    .state_size = sizeof(state),
                                    .fields = fm__programme_fields,
                                    .n_fields = FM__PROGRAMME_N_FIELDS,
                                    .open = fm__programme_open,
                                    .add = add,
                                    .merge = merge,
                                    .save = save,
                                    .load = load,
                                    .result = result,
                                    .is_empty = is_empty,
                                    .destroy = destroy};

FM__MEASURE_CALLS(fm_programme_placements, fm_programme_spec)
