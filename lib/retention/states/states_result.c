/* The result of retention.states. */
#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "retention/curve_priv.h"
#include "retention/retention_priv.h"
#include "retention/states/states_priv.h"
#include "retention/states/states_result_priv.h"

typedef struct word {
  const char *text;
  size_t length;
} word;

typedef struct page {
  fm__result *r;
  const fm__states *s;
  word states[FM__MOST_STATES]; /* in the order of their bytes */
  size_t n_states;
  int32_t *of[2]; /* state of each id of `from` and of `to`; -1: none */
  size_t time_key, from_key, to_key;
  double z;
} page;

/* One group. */
typedef struct group {
  fm__stay *rows;
  size_t n;
  int32_t last; /* longest time */
  fm__moves moves;
} group;

/* ---- the states: texts of both columns ---- */

static int compare(const word *a, const word *b)
{
  size_t n = a->length < b->length ? a->length : b->length;
  int order = memcmp(a->text, b->text, n);
  return order != 0 ? order : a->length < b->length ? -1 : a->length > b->length;
}

static fm_status put_state(page *p, word w, fm_error *err)
{
  size_t at = p->n_states;
  for (size_t i = 0; i < p->n_states; i++) {
    int order = compare(&w, &p->states[i]);
    if (order == 0)
      return FM_OK;
    if (order < 0 && at == p->n_states)
      at = i;
  }
  if (p->n_states == FM__MOST_STATES)
    return fm__fail(err, FM_ERR_LIMIT, "retention.states: more than %d states", FM__MOST_STATES);
  for (size_t i = p->n_states++; i > at; i--)
    p->states[i] = p->states[i - 1];
  p->states[at] = w;
  return FM_OK;
}

static fm_status find_states(page *p, fm_error *err)
{
  fm_status status = FM_OK;
  for (size_t side = 0; side < 2; side++) {
    const fm__groups *ids = fm__rows_ids(p->s->rows, FM__STATES_FROM + side);
    for (size_t i = 0; i < fm__groups_count(ids) && status == FM_OK; i++) {
      word w;
      w.text = fm__groups_text(ids, i, 0, &w.length);
      if (w.text != NULL && w.length > 0)
        status = put_state(p, w, err);
    }
  }
  for (size_t side = 0; side < 2 && status == FM_OK; side++) {
    const fm__groups *ids = fm__rows_ids(p->s->rows, FM__STATES_FROM + side);
    p->of[side] = fm__array(fm__groups_count(ids), sizeof *p->of[side]);
    if (p->of[side] == NULL)
      return fm__no_memory(err);
    for (size_t i = 0; i < fm__groups_count(ids); i++) {
      word w;
      w.text = fm__groups_text(ids, i, 0, &w.length);
      p->of[side][i] = -1;
      for (size_t k = 0; k < p->n_states && w.text != NULL; k++)
        if (compare(&w, &p->states[k]) == 0)
          p->of[side][i] = (int32_t)k;
    }
  }
  return status;
}

/* ---- the rows of a group ---- */

static void group_free(group *g)
{
  fm__free(g->rows);
  fm__moves_free(&g->moves);
}

/* Stays of one person: by time, none before the one before it has ended. */
static bool overlap(const fm__stay *rows, size_t n, fm__item *items, fm__item *scratch)
{
  for (size_t i = 0; i < n; i++)
    items[i] = (fm__item){(uint64_t)((int64_t)rows[i].time - INT32_MIN), i};
  fm__sort_items(items, scratch, n);
  bool found = n > 0 && rows[0].count > 1;
  for (size_t i = 1; i < n; i++)
    found = found || rows[items[i].value].count > 1 || rows[items[i].value].entry < rows[items[i - 1].value].time;
  return found;
}

static fm_status check_people(const group *g, fm_error *err)
{
  fm__item *items = fm__array(g->n, sizeof *items), *scratch = fm__array(g->n, sizeof *scratch);
  fm_status status = items != NULL && scratch != NULL ? FM_OK : fm__no_memory(err);
  for (size_t i = 0, to; i < g->n && status == FM_OK; i = to) {
    for (to = i; to < g->n && g->rows[to].unit == g->rows[i].unit;)
      to++;
    if (overlap(g->rows + i, to - i, items, scratch))
      status = fm__fail(err, FM_ERR_VALUE,
                        "retention.states: stays of one person overlap; a person is in one state at a time");
  }
  fm__free(items);
  fm__free(scratch);
  return status;
}

/* First row of a group or of a later one. */
static size_t first_row(const fm__rows *rows, uint32_t number)
{
  size_t low = 0, high = fm__rows_n(rows);
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (fm__rows_id(rows, middle, FM__STATES_BY) < number)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static fm_status group_create(group *out, const page *p, uint32_t number, fm_error *err)
{
  const fm__rows *rows = p->s->rows;
  size_t from = first_row(rows, number), to = first_row(rows, number + 1);
  *out = (group){.last = INT32_MIN};
  out->rows = fm__array(to - from, sizeof *out->rows);
  if (out->rows == NULL)
    return fm__no_memory(err);
  for (size_t i = from; i < to; i++) {
    const double *v = fm__rows_numbers(rows, i);
    fm__stay *r = &out->rows[out->n++];
    *r = (fm__stay){.entry = (int32_t)v[FM__STATES_ENTRY],
                    .time = (int32_t)v[FM__STATES_TIME],
                    .from = p->of[0][fm__rows_id(rows, i, FM__STATES_FROM)],
                    .to = p->of[1][fm__rows_id(rows, i, FM__STATES_TO)],
                    .unit = fm__rows_id(rows, i, FM__STATES_PERSON),
                    .weight = p->s->weight != NULL ? v[FM__STATES_WEIGHT] : 1,
                    .count = fm__rows_count(rows, i)};
    out->last = r->time > out->last ? r->time : out->last;
  }
  fm_status status = check_people(out, err);
  if (status == FM_OK)
    status = fm__moves_create(&out->moves, out->rows, out->n, p->n_states, err);
  if (status != FM_OK)
    group_free(out);
  return status;
}

/* ---- figures ---- */

static void set_state(const page *p, size_t key, size_t state)
{
  if (state < p->n_states)
    fm__result_key_text(p->r, key, p->states[state].text, p->states[state].length);
  else
    fm__result_key_null(p->r, key);
}

static void add_figure(const page *p, const fm__figure *f, size_t from, size_t to)
{
  set_state(p, p->from_key, from);
  set_state(p, p->to_key, to);
  fm__result_add(p->r, f);
}

/* Rows that move from each state to each other, or are not seen any longer. */
static fm_status add_counts(const page *p, const group *g, fm_error *err)
{
  size_t n = p->n_states, width = n + 1;
  fm__sum *weight = fm__array(n * width, sizeof *weight);
  int64_t *rows = fm__array(n * width, sizeof *rows);
  fm_status status = weight != NULL && rows != NULL ? FM_OK : fm__no_memory(err);
  for (size_t i = 0; i < g->n && status == FM_OK; i++) {
    const fm__stay *r = &g->rows[i];
    size_t at = (size_t)r->from * width + (r->to < 0 ? n : (size_t)r->to);
    fm__retention_add_times(&weight[at], r->weight, r->count);
    rows[at] += (int64_t)r->count;
    rows[(size_t)r->from * (width + 1)] += (int64_t)r->count; /* the diagonal: all of the state */
  }
  fm__result_key_null(p->r, p->time_key);
  for (size_t from = 0; from < n && status == FM_OK; from++)
    for (size_t to = 0; to <= n && rows[from * (width + 1)] > 0; to++) {
      fm__figure f = fm__figure_of("n_transition", "count");
      if (to == from)
        continue;
      f.n = rows[from * width + to];
      f.value = p->s->weight != NULL ? fm__sum_value(&weight[from * width + to]) : (double)f.n;
      f.weight = p->s->weight != NULL ? f.value : NAN;
      add_figure(p, &f, from, to);
    }
  fm__free(weight);
  fm__free(rows);
  return status;
}

static int64_t at_risk(const group *g, int32_t time, size_t state)
{
  int64_t n = 0;
  size_t k = fm__moves_until(&g->moves, time);
  if (k > 0 && g->moves.time[k - 1] == time)
    return g->moves.rows_risk[(k - 1) * g->moves.n_states + state];
  for (size_t i = 0; i < g->n; i++)
    n += g->rows[i].from == (int32_t)state && g->rows[i].entry < time && time <= g->rows[i].time
             ? (int64_t)g->rows[i].count
             : 0;
  return n;
}

static void put_limits(const page *p, fm__figure *f, double variance)
{
  f->std_error = sqrt(variance > 0 ? variance : 0);
  f->level = p->s->spec.level;
  fm__survival_limits(f->value, f->std_error / f->value, p->s->spec.conf_type, p->z, &f->ci_low, &f->ci_high);
}

/* State of a figure at a time. */
static const char *known(const group *g, int32_t time, bool begun)
{
  return g->n == 0 || !begun ? FM__EMPTY : time > g->last ? FM__CENSORED : FM__OK;
}

static fm_status add_occupation(const page *p, const group *g, int32_t time, fm_error *err)
{
  double share[FM__MOST_STATES], variance[FM__MOST_STATES];
  bool begun = false;
  fm__window window = {p->s->spec.start, time, false, p->s->spec.fixed_start == 1};
  fm_status status = fm__occupation(share, variance, &begun, &g->moves, g->rows, g->n, &window, err);
  if (status != FM_OK)
    return status;
  const char *state = known(g, time, begun);
  fm__result_key_i64(p->r, p->time_key, time);
  for (size_t j = 0; j < p->n_states; j++) {
    fm__figure f = fm__figure_of("occupation", "share");
    f.state = state;
    f.n = at_risk(g, time, j);
    if (strcmp(state, FM__OK) == 0) {
      f.value = share[j];
      put_limits(p, &f, variance[j]);
    }
    add_figure(p, &f, SIZE_MAX, j);
  }
  return FM_OK;
}

static fm_status add_probabilities(const page *p, const group *g, int32_t time, fm_error *err)
{
  size_t n = p->n_states;
  double *matrix = fm__array(n * n, sizeof *matrix), *variance = fm__array(n * n * n, sizeof *variance);
  fm_status status = matrix != NULL && variance != NULL ? FM_OK : fm__no_memory(err);
  if (status == FM_OK)
    status = fm__product(matrix, variance, true, &g->moves, p->s->spec.start, time, err);
  if (status == FM_OK)
    fm__result_key_i64(p->r, p->time_key, time);
  for (size_t h = 0; h < n && status == FM_OK; h++)
    for (size_t j = 0; j < n; j++) {
      fm__figure f = fm__figure_of("transition_probability", "share");
      f.state = known(g, time, true);
      if (strcmp(f.state, FM__OK) == 0) {
        f.value = matrix[h * n + j];
        put_limits(p, &f, variance[h * n * n + j * n + j]);
      }
      add_figure(p, &f, h, j);
    }
  fm__free(matrix);
  fm__free(variance);
  return status;
}

static fm_status add_time_spent(const page *p, const group *g, int32_t until, fm_error *err)
{
  double spent[FM__MOST_STATES], variance[FM__MOST_STATES];
  bool begun = false;
  fm__window window = {p->s->spec.start, until, true, p->s->spec.fixed_start == 1};
  fm_status status = fm__occupation(spent, variance, &begun, &g->moves, g->rows, g->n, &window, err);
  if (status != FM_OK)
    return status;
  fm__result_key_null(p->r, p->time_key);
  for (size_t j = 0; j < p->n_states; j++) {
    fm__figure f = fm__figure_of("time_in_state", p->s->clock);
    f.state = known(g, until, begun);
    if (strcmp(f.state, FM__OK) == 0) {
      f.value = spent[j];
      f.std_error = sqrt(variance[j]);
      f.level = p->s->spec.level;
      f.ci_low = f.value - p->z * f.std_error > 0 ? f.value - p->z * f.std_error : 0;
      f.ci_high = f.value + p->z * f.std_error;
    }
    add_figure(p, &f, SIZE_MAX, j);
  }
  return FM_OK;
}

static fm_status add_group(const page *p, uint32_t number, fm_error *err)
{
  group g;
  const fm__states *s = p->s;
  fm_status status = group_create(&g, p, number, err);
  if (status != FM_OK)
    return status;
  fm__result_group(p->r, fm__rows_ids(s->rows, FM__STATES_BY), number);
  status = add_counts(p, &g, err);
  int32_t until = s->spec.until;
  if (s->n_times == 0 && until < 0)
    until = g.moves.n > 0 ? g.moves.time[g.moves.n - 1] : g.last;
  for (size_t k = 0; k < g.moves.n && s->n_times == 0 && status == FM_OK; k++)
    if (g.moves.time[k] > s->spec.start)
      status = add_occupation(p, &g, g.moves.time[k], err);
  for (size_t k = 0; k < s->n_times && status == FM_OK; k++) {
    status = add_occupation(p, &g, s->times[k], err);
    if (status == FM_OK)
      status = add_probabilities(p, &g, s->times[k], err);
    if (s->spec.until < 0)
      until = s->times[k] > until ? s->times[k] : until;
  }
  if (status == FM_OK && until > s->spec.start)
    status = add_time_spent(p, &g, until, err);
  group_free(&g);
  return status;
}

/* Nobody at all: no states are known. */
static void add_nobody(const page *p)
{
  fm__figure f = fm__figure_of("occupation", "share");
  f.state = FM__EMPTY;
  f.n = 0;
  add_figure(p, &f, SIZE_MAX, SIZE_MAX);
}

static fm_status fill(page *p, const fm_run *run, fm_error *err)
{
  size_t n = fm__groups_count(fm__rows_ids(p->s->rows, FM__STATES_BY));
  fm_status status = find_states(p, err);
  if (status == FM_OK && fm__rows_n(p->s->rows) == 0)
    add_nobody(p);
  for (size_t i = 0; i < n && status == FM_OK && fm__rows_n(p->s->rows) > 0; i++) {
    status = add_group(p, (uint32_t)i, err);
    if (status == FM_OK)
      status = fm__run_progress(run, (double)(i + 1) / (double)n, err);
  }
  fm__free(p->of[0]);
  fm__free(p->of[1]);
  return status;
}

fm_status fm__states_result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  fm__states *s = state;
  const fm__key keys[] = {{s->time_column, FM_I32}, {"from_state", FM_CODE}, {"to_state", FM_CODE}};
  page p = {.s = s, .z = fm__normal_quantile(0.5 + s->spec.level / 2)};
  fm_status status = fm__rows_reduce(s->rows, err);
  if (status != FM_OK)
    return status;
  const fm__groups *groups = fm__rows_ids(s->rows, FM__STATES_BY);
  p.time_key = fm__groups_n_columns(groups);
  p.from_key = p.time_key + 1;
  p.to_key = p.time_key + 2;
  status = fm__result_create_grouped(&p.r, "retention.states", s->definition, groups, keys, FM__COUNT(keys), err);
  if (status == FM_OK)
    status = fill(&p, run, err);
  if (status != FM_OK) {
    fm__result_destroy(p.r);
    return status;
  }
  return fm__result_finish(p.r, out, err);
}
