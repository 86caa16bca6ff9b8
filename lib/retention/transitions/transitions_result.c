/* The result of retention.transitions.
 *
 * The errors are of ratios of sums, sum of a / sum of w: each unit (a move, or all moves of a person) adds a - p w, and
 * the variance is the sum of their squares over the squared sum of w. */
#include <math.h>
#include <string.h>

#include "calendar/calendar_priv.h"
#include "retention/curve_priv.h"
#include "retention/retention_priv.h"
#include "retention/transitions/transitions_priv.h"

typedef struct page {
  fm__result *r;
  const fm__transitions *s;
  fm__places places;
  size_t period_key, steps_key, from_key, to_key;
  double z;
} page;

/* ---- figures ---- */

/* States SIZE_MAX are null. */
static void add_figure(const page *p, const fm__figure *f, size_t from, size_t to)
{
  fm__places_key(&p->places, p->r, p->from_key, from);
  fm__places_key(&p->places, p->r, p->to_key, to);
  fm__result_add(p->r, f);
}

static void put_error(const page *p, fm__figure *f, double std_error)
{
  f->std_error = std_error;
  f->level = p->s->level;
  fm__survival_limits(f->value, f->std_error / f->value, p->s->conf_type, p->z, &f->ci_low, &f->ci_high);
}

static void add_counts(const page *p, const fm__chain *c)
{
  fm__result_key_null(p->r, p->period_key);
  fm__result_key_null(p->r, p->steps_key);
  for (size_t at = 0; at < p->places.n_states * (p->places.n_states + 1); at++) {
    fm__figure f = fm__figure_of("n_transition", "count");
    size_t to = at % (p->places.n_states + 1);
    f.n = c->rows[at];
    f.value = p->s->h.weight != NULL ? fm__sum_value(&c->weight[at]) : (double)f.n;
    f.weight = p->s->h.weight != NULL ? f.value : NAN;
    add_figure(p, &f, at / (p->places.n_states + 1), to < p->places.n_states ? to : SIZE_MAX);
  }
}

/* Adds to `squares` what one person's moves, c at (h, j), differ from what the matrix makes of them. */
static void add_person(double *squares, double *c, const double *m, size_t n)
{
  for (size_t h = 0; h < n; h++) {
    double all = 0;
    for (size_t j = 0; j < n; j++)
      all += c[h * n + j];
    for (size_t j = 0; j < n && all > 0; j++) {
      double u = c[h * n + j] - all * m[h * n + j];
      squares[h * n + j] += u * u;
      c[h * n + j] = 0;
    }
  }
}

/* Sums of squares over people; each counts with all moves together. */
static fm_status people_squares(double *squares, const page *p, const double *m, size_t from, size_t to, fm_error *err)
{
  size_t n = p->places.n_states;
  double *c = fm__array(n * n, sizeof *c);
  if (c == NULL)
    return fm__no_memory(err);
  for (size_t i = from; i < to; i++) {
    const fm__place *at = &p->places.items[i];
    if (at->to >= 0)
      c[(size_t)at->from * n + (size_t)at->to] += at->weight;
    if (i + 1 == to || p->places.items[i + 1].person != at->person)
      add_person(squares, c, m, n);
  }
  fm__free(c);
  return FM_OK;
}

/* The same over moves: those to j add w (1 - p), the others from h subtract w p. */
static void move_squares(double *squares, const fm__chain *c, const double *m)
{
  size_t n = c->n;
  for (size_t h = 0; h < n; h++) {
    double all = 0;
    for (size_t j = 0; j < n; j++)
      all += c->squares[h * (n + 1) + j];
    for (size_t j = 0; j < n; j++) {
      double p = m[h * n + j], own = c->squares[h * (n + 1) + j];
      squares[h * n + j] = own * (1 - p) * (1 - p) + (all - own) * p * p;
    }
  }
}

typedef struct matrices {
  double *one, *power, *squares; /* n x n */
  double followed[FM__MOST_STATES];
} matrices;

static void add_step(const page *p, const fm__chain *c, const matrices *m, int32_t steps)
{
  size_t n = p->places.n_states;
  fm__result_key_null(p->r, p->period_key);
  fm__result_key_i64(p->r, p->steps_key, steps);
  for (size_t i = 0; i < n * n; i++) {
    fm__figure f = fm__figure_of("transition_probability", "share");
    size_t h = i / n;
    f.n = 0;
    for (size_t j = 0; j < n; j++)
      f.n += c->rows[h * (n + 1) + j];
    f.weight = p->s->h.weight != NULL ? m->followed[h] : NAN;
    f.value = steps == 1 ? m->one[i] : m->power[i];
    if (isnan(f.value))
      f.state = isnan(m->one[i]) ? FM__NOT_AT_RISK : FM__UNDEFINED;
    else if (steps == 1)
      put_error(p, &f, sqrt(m->squares[i]) / m->followed[h]);
    add_figure(p, &f, h, i % n);
  }
}

static fm_status add_matrices(const page *p, const fm__chain *c, size_t from, size_t to, fm_error *err)
{
  size_t n = p->places.n_states;
  matrices m = {
      fm__array(n * n, sizeof *m.one), fm__array(n * n, sizeof *m.power), fm__array(n * n, sizeof *m.squares), {0}};
  fm_status status = m.one != NULL && m.power != NULL && m.squares != NULL ? FM_OK : fm__no_memory(err);
  if (status == FM_OK) {
    fm__chain_probability(m.one, m.followed, c);
    if (p->s->independent)
      move_squares(m.squares, c, m.one);
    else
      status = people_squares(m.squares, p, m.one, from, to, err);
  }
  for (size_t k = 0; k < p->s->n_steps && status == FM_OK; k++) {
    if (p->s->steps[k] > 1)
      fm__chain_power(m.power, m.one, n, p->s->steps[k]);
    add_step(p, c, &m, p->s->steps[k]);
  }
  fm__free(m.one);
  fm__free(m.power);
  fm__free(m.squares);
  return status;
}

/* ---- one period ---- */

/* Weights of a period by state. */
typedef struct census {
  fm__sum weight[FM__MOST_STATES];
  double squares[FM__MOST_STATES];
  int64_t rows[FM__MOST_STATES];
} census;

static void add_entropy(const page *p, const fm__figure *period, const double *share)
{
  fm__figure f = *period;
  double sum = 0;
  for (size_t j = 0; j < p->places.n_states; j++)
    sum -= share[j] > 0 ? share[j] * fm__log(share[j]) : 0;
  f.quantity = "entropy";
  f.unit = "index";
  f.state = p->places.n_states > 1 ? f.state : FM__UNDEFINED;
  if (strcmp(f.state, FM__OK) == 0)
    f.value = sum > 0 ? sum / fm__log((double)p->places.n_states) : 0;
  add_figure(p, &f, SIZE_MAX, SIZE_MAX);
}

static fm__figure period_figure(const page *p, int32_t period)
{
  fm__figure f = fm__figure_of("occupation", "share");
  if (p->s->h.clock != FM__NO_CLOCK) {
    int32_t start = fm__period_start(p->s->h.clock, period), next = fm__period_start(p->s->h.clock, period + 1);
    f.period_start = fm__date_is_valid(start) ? start : FM__DATE_MIN;
    f.period_end = fm__date_is_valid(next) ? next - 1 : FM__DATE_MAX;
  }
  return f;
}

static void add_period(const page *p, int32_t period, const census *c)
{
  fm__figure f = period_figure(p, period);
  double share[FM__MOST_STATES], squares = 0;
  fm__sum all = {0};
  f.n = 0;
  for (size_t j = 0; j < p->places.n_states; j++) {
    fm__sum_merge(&all, &c->weight[j]);
    squares += c->squares[j];
    f.n += c->rows[j];
  }
  double total = fm__sum_value(&all);
  f.state = total > 0 ? FM__OK : FM__UNDEFINED;
  f.weight = p->s->h.weight != NULL ? total : NAN;
  fm__result_key_i64(p->r, p->period_key, period);
  fm__result_key_null(p->r, p->steps_key);
  for (size_t j = 0; j < p->places.n_states; j++) {
    fm__figure one = f;
    share[j] = fm__sum_value(&c->weight[j]) / total;
    if (total > 0) {
      double rest = squares - c->squares[j], q = 1 - share[j];
      one.value = share[j];
      put_error(p, &one, sqrt(c->squares[j] * q * q + (rest > 0 ? rest : 0) * share[j] * share[j]) / total);
    }
    add_figure(p, &one, SIZE_MAX, j);
  }
  add_entropy(p, &f, share);
}

static fm_status add_periods(const page *p, size_t from, size_t to, fm_error *err)
{
  size_t n = to - from;
  fm__item *items = fm__array(n, sizeof *items), *scratch = fm__array(n, sizeof *scratch);
  census *c = fm__array(1, sizeof *c);
  fm_status status = items != NULL && scratch != NULL && c != NULL ? FM_OK : fm__no_memory(err);
  for (size_t i = 0; i < n && status == FM_OK; i++)
    items[i] = (fm__item){(uint64_t)((int64_t)p->places.items[from + i].period - INT32_MIN), from + i};
  if (status == FM_OK)
    fm__sort_items(items, scratch, n);
  for (size_t i = 0; i < n && status == FM_OK;) {
    uint64_t key = items[i].key;
    int32_t period = p->places.items[items[i].value].period;
    memset(c, 0, sizeof *c);
    for (; i < n && items[i].key == key; i++) {
      const fm__place *at = &p->places.items[items[i].value];
      fm__sum_add(&c->weight[at->from], at->weight);
      c->squares[at->from] += at->weight * at->weight;
      c->rows[at->from]++;
    }
    add_period(p, period, c);
  }
  fm__free(items);
  fm__free(scratch);
  fm__free(c);
  return status;
}

/* ---- a group ---- */

static fm_status add_group(const page *p, uint32_t number, size_t from, size_t to, fm_error *err)
{
  fm__chain c;
  fm_status status = fm__chain_create(&c, p->places.n_states, err);
  if (status != FM_OK)
    return status;
  for (size_t i = from; i < to; i++) {
    const fm__place *at = &p->places.items[i];
    fm__chain_add(&c, (size_t)at->from, at->to >= 0 ? (size_t)at->to : c.n, at->weight);
  }
  fm__result_group(p->r, fm__rows_ids(p->s->h.rows, FM__HISTORIES_BY), number);
  add_counts(p, &c);
  status = add_matrices(p, &c, from, to, err);
  if (status == FM_OK)
    status = add_periods(p, from, to, err);
  fm__chain_free(&c);
  return status;
}

/* A group without a row that has a state. */
static void add_nobody(const page *p, uint32_t number)
{
  const fm__groups *groups = fm__rows_ids(p->s->h.rows, FM__HISTORIES_BY);
  fm__figure f = fm__figure_of("n_transition", "count");
  f.state = FM__EMPTY;
  f.n = 0;
  if (number < fm__groups_count(groups))
    fm__result_group(p->r, groups, number);
  fm__result_key_null(p->r, p->period_key);
  fm__result_key_null(p->r, p->steps_key);
  add_figure(p, &f, SIZE_MAX, SIZE_MAX);
}

static fm_status fill(page *p, const fm_run *run, fm_error *err)
{
  size_t n = fm__groups_count(fm__rows_ids(p->s->h.rows, FM__HISTORIES_BY)), at = 0;
  fm_status status = FM_OK;
  if (n == 0)
    add_nobody(p, 0);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    size_t from = at;
    at = fm__places_group_end(&p->places, at, (uint32_t)i);
    if (at == from)
      add_nobody(p, (uint32_t)i);
    else
      status = add_group(p, (uint32_t)i, from, at, err);
    if (status == FM_OK)
      status = fm__run_progress(run, (double)(i + 1) / (double)n, err);
  }
  return status;
}

fm_status fm__transitions_result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  fm__transitions *s = state;
  const fm__key keys[] = {{"period", FM_I32}, {"steps", FM_I32}, {"from_state", FM_CODE}, {"to_state", FM_CODE}};
  page p = {.s = s, .z = fm__normal_quantile(0.5 + s->level / 2)};
  fm_status status = fm__places_make(&p.places, &s->h, err);
  if (status != FM_OK)
    return status;
  const fm__groups *groups = fm__rows_ids(s->h.rows, FM__HISTORIES_BY);
  p.period_key = fm__groups_n_columns(groups);
  p.steps_key = p.period_key + 1;
  p.from_key = p.period_key + 2;
  p.to_key = p.period_key + 3;
  status =
      fm__result_create_grouped(&p.r, "retention.transitions", s->h.definition, groups, keys, FM__COUNT(keys), err);
  if (status == FM_OK)
    status = fill(&p, run, err);
  fm__places_free(&p.places);
  if (status != FM_OK) {
    fm__result_destroy(p.r);
    return status;
  }
  return fm__result_finish(p.r, out, err);
}
