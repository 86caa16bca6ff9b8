/* Who is at risk in each state and who moves, at the times at which somebody does. */
#include <math.h>

#include "num/num_priv.h"
#include "retention/retention_priv.h"
#include "retention/states/states_priv.h"

void fm__moves_free(fm__moves *m)
{
  fm__free(m->time);
  fm__free(m->first);
  fm__free(m->moves);
  fm__free(m->rows_risk);
  fm__free(m->n_risk);
  *m = (fm__moves){0};
}

size_t fm__moves_until(const fm__moves *m, int32_t time)
{
  return fm__retention_until(m->time, m->n, time);
}

/* Rows in order of a key; times may be negative. */
static uint64_t time_key(int32_t time)
{
  return (uint64_t)((int64_t)time - INT32_MIN);
}

typedef struct orders {
  fm__item *moving, *entering, *ending, *scratch;
  size_t n_moving;
} orders;

static void orders_free(orders *o)
{
  fm__free(o->moving);
  fm__free(o->entering);
  fm__free(o->ending);
  fm__free(o->scratch);
}

static fm_status orders_make(orders *o, const fm__stay *rows, size_t n, fm_error *err)
{
  *o = (orders){fm__array(n, sizeof *o->moving), fm__array(n, sizeof *o->entering), fm__array(n, sizeof *o->ending),
                fm__array(n, sizeof *o->scratch), 0};
  if (o->moving == NULL || o->entering == NULL || o->ending == NULL || o->scratch == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++) {
    const fm__stay *r = &rows[i];
    o->entering[i] = (fm__item){time_key(r->entry), i};
    o->ending[i] = (fm__item){time_key(r->time), i};
    if (r->to >= 0)
      o->moving[o->n_moving++] = (fm__item){time_key(r->time) << 16 | (uint64_t)r->from << 8 | (uint64_t)r->to, i};
  }
  fm__sort_items(o->entering, o->scratch, n);
  fm__sort_items(o->ending, o->scratch, n);
  fm__sort_items(o->moving, o->scratch, o->n_moving);
  return FM_OK;
}

/* Creates the moves: equal ones pooled with the exact sum of their weights. */
static fm_status make_moves(fm__moves *m, const orders *o, const fm__stay *rows, fm_error *err)
{
  size_t n_times = 0, n_moves = 0;
  for (size_t i = 0; i < o->n_moving; i++) {
    n_moves += i == 0 || o->moving[i].key != o->moving[i - 1].key;
    n_times += i == 0 || o->moving[i].key >> 16 != o->moving[i - 1].key >> 16;
  }
  m->time = fm__array(n_times, sizeof *m->time);
  m->first = fm__array(n_times + 1, sizeof *m->first);
  m->moves = fm__array(n_moves, sizeof *m->moves);
  if (m->time == NULL || m->first == NULL || m->moves == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < o->n_moving;) {
    fm__sum weight = {0};
    const fm__stay *r = &rows[o->moving[i].value];
    fm__move *move = &m->moves[m->n_moves];
    *move = (fm__move){.from = r->from, .to = r->to};
    if (m->n == 0 || m->time[m->n - 1] != r->time) {
      m->time[m->n] = r->time;
      m->first[m->n++] = m->n_moves;
    }
    uint64_t key = o->moving[i].key;
    for (; i < o->n_moving && o->moving[i].key == key; i++) {
      r = &rows[o->moving[i].value];
      fm__retention_add_times(&weight, r->weight, r->count);
      move->rows += (int64_t)r->count;
    }
    move->weight = fm__sum_value(&weight);
    m->n_moves++;
  }
  m->first[m->n] = m->n_moves;
  return FM_OK;
}

/* Exact sums forget nothing: what has left is as if it had never been there. */
static fm_status make_risk(fm__moves *m, const orders *o, const fm__stay *rows, size_t n, fm_error *err)
{
  size_t n_all, in = 0, out = 0;
  fm__sum *weight = fm__array(m->n_states, sizeof *weight);
  int64_t *at_risk = fm__array(m->n_states, sizeof *at_risk);
  if (fm__multiply(m->n, m->n_states, &n_all)) {
    m->rows_risk = fm__array(n_all, sizeof *m->rows_risk);
    m->n_risk = fm__array(n_all, sizeof *m->n_risk);
  }
  bool finite = true, room = weight != NULL && at_risk != NULL && m->rows_risk != NULL && m->n_risk != NULL;
  for (size_t k = 0; room && k < m->n; k++) {
    for (; in < n && rows[o->entering[in].value].entry < m->time[k]; in++) {
      const fm__stay *r = &rows[o->entering[in].value];
      fm__retention_add_times(&weight[r->from], r->weight, r->count);
      at_risk[r->from] += (int64_t)r->count;
    }
    for (; out < n && rows[o->ending[out].value].time < m->time[k]; out++) {
      const fm__stay *r = &rows[o->ending[out].value];
      fm__retention_add_times(&weight[r->from], -r->weight, r->count);
      at_risk[r->from] -= (int64_t)r->count;
    }
    for (size_t g = 0; g < m->n_states; g++) {
      m->rows_risk[k * m->n_states + g] = at_risk[g];
      m->n_risk[k * m->n_states + g] = fm__sum_value(&weight[g]);
      finite = finite && isfinite(m->n_risk[k * m->n_states + g]);
    }
  }
  fm__free(weight);
  fm__free(at_risk);
  if (room && !finite)
    return fm__fail(err, FM_ERR_LIMIT, "the weights of a state add up to more than a double can hold");
  return room ? FM_OK : fm__no_memory(err);
}

fm_status fm__moves_create(fm__moves *out, const fm__stay *rows, size_t n, size_t n_states, fm_error *err)
{
  orders o;
  *out = (fm__moves){.n_states = n_states};
  fm_status status = orders_make(&o, rows, n, err);
  if (status == FM_OK)
    status = make_moves(out, &o, rows, err);
  if (status == FM_OK)
    status = make_risk(out, &o, rows, n, err);
  orders_free(&o);
  if (status != FM_OK)
    fm__moves_free(out);
  return status;
}

/* Share of those at risk in the move's state who move. */
static double hazard(const fm__moves *m, size_t k, const fm__move *move)
{
  return move->weight / m->n_risk[k * m->n_states + (size_t)move->from];
}

/* Moves out of one state stand together; from all of them what stays is what does not move, exactly 0 when all do. */
static double kept(const fm__moves *m, size_t k, size_t *at)
{
  int32_t from = m->moves[*at].from;
  double gone = 0, n = m->n_risk[k * m->n_states + (size_t)from];
  for (; *at < m->first[k + 1] && m->moves[*at].from == from; ++*at)
    gone += m->moves[*at].weight;
  int64_t rows = 0;
  for (size_t i = *at; i-- > m->first[k] && m->moves[i].from == from;)
    rows += m->moves[i].rows;
  bool all = rows == m->rows_risk[k * m->n_states + (size_t)from];
  return all || gone > n ? 0 : (n - gone) / n;
}

void fm__moves_forward(const fm__moves *m, size_t k, double *x, size_t height)
{
  for (size_t row = 0; row < height; row++) {
    double *v = x + row * m->n_states, before[FM__MOST_STATES];
    for (size_t g = 0; g < m->n_states; g++)
      before[g] = v[g];
    for (size_t at = m->first[k]; at < m->first[k + 1];) {
      size_t from = (size_t)m->moves[at].from;
      v[from] += before[from] * kept(m, k, &at) - before[from];
    }
    for (size_t i = m->first[k]; i < m->first[k + 1]; i++)
      v[m->moves[i].to] += before[m->moves[i].from] * hazard(m, k, &m->moves[i]);
  }
}

void fm__moves_back(const fm__moves *m, size_t k, double *x, size_t width)
{
  for (size_t column = 0; column < width; column++) {
    double after[FM__MOST_STATES];
    for (size_t g = 0; g < m->n_states; g++)
      after[g] = x[g * width + column];
    for (size_t at = m->first[k]; at < m->first[k + 1];) {
      size_t from = (size_t)m->moves[at].from;
      x[from * width + column] = after[from] * kept(m, k, &at);
    }
    for (size_t i = m->first[k]; i < m->first[k + 1]; i++)
      x[(size_t)m->moves[i].from * width + column] += after[m->moves[i].to] * hazard(m, k, &m->moves[i]);
  }
}
