/* Moments from cells: numbers at risk, going back in time. */
#include "retention/moments_priv.h"

#include <math.h>

void fm__moments_free(fm__moments *m)
{
  fm__free(m->time);
  fm__free(m->rows_risk);
  fm__free(m->n_risk);
  *m = (fm__moments){0};
}

/* Three blocks: times, numbers of rows, weights. */
static bool create(fm__moments *m, size_t n, size_t n_causes)
{
  size_t each;
  *m = (fm__moments){.n = n, .n_causes = n_causes};
  if (n == 0)
    return true;
  if (!fm__multiply(n, 3 + n_causes, &each))
    return false;
  m->time = fm__array(n, sizeof *m->time);
  m->rows_risk = fm__array(each, sizeof *m->rows_risk);
  m->n_risk = fm__array(each, sizeof *m->n_risk);
  if (m->time == NULL || m->rows_risk == NULL || m->n_risk == NULL)
    return false;
  m->rows_censor = m->rows_risk + n;
  m->rows_enter = m->rows_censor + n;
  m->rows_exit = m->rows_enter + n;
  m->n_censor = m->n_risk + n;
  m->n_stay = m->n_censor + n;
  m->n_exit = m->n_stay + n;
  return true;
}

/* Cells before `at` that have the time of the last of them begin at the result. */
static size_t first_at_time(const fm__cells *cells, size_t from, size_t at)
{
  int32_t time = fm__cell_time(cells->keys[at - 1]);
  while (at > from && fm__cell_time(cells->keys[at - 1]) == time)
    at--;
  return at;
}

static void count_rows(fm__moments *m, size_t k, const fm__cells *cells, size_t i)
{
  uint32_t kind = fm__cell_kind(cells->keys[i]);
  int64_t count = (int64_t)cells->counts[i];
  if (kind == FM__CELL_ENTER)
    m->rows_enter[k] = count;
  else if (kind == FM__CELL_CENSOR)
    m->rows_censor[k] = count;
  else
    m->rows_exit[k * m->n_causes + (kind - FM__CELL_EVENT)] = count;
}

/* Going back in time, the number at risk at t is the number of ends at t or later less that of entries at t or later,
 * because an entry at e is at risk only after e. */
static void weigh_rows(fm__moments *m, size_t k, fm__sum *risk, const fm__cells *cells, size_t from, size_t to)
{
  size_t i = from;
  for (; i < to && fm__cell_kind(cells->keys[i]) < FM__CELL_EVENT; i++) {
    fm__sum_merge(risk, &cells->sums[i]);
    if (fm__cell_kind(cells->keys[i]) == FM__CELL_CENSOR)
      m->n_censor[k] = fm__sum_value(&cells->sums[i]);
  }
  m->n_stay[k] = fm__sum_value(risk);
  for (; i < to; i++) {
    fm__sum_merge(risk, &cells->sums[i]);
    m->n_exit[k * m->n_causes + (fm__cell_kind(cells->keys[i]) - FM__CELL_EVENT)] = fm__sum_value(&cells->sums[i]);
  }
  m->n_risk[k] = fm__sum_value(risk);
}

static void take_counts(fm__moments *m, size_t k)
{
  m->n_risk[k] = (double)m->rows_risk[k];
  m->n_censor[k] = (double)m->rows_censor[k];
  m->n_stay[k] = (double)(m->rows_risk[k] - fm__moments_rows_exit(m, k));
  for (size_t c = 0; c < m->n_causes; c++)
    m->n_exit[k * m->n_causes + c] = (double)m->rows_exit[k * m->n_causes + c];
}

fm_status fm__moments_of_cells(fm__moments *out, const fm__cells *cells, size_t from, size_t to, size_t n_causes,
                               fm_error *err)
{
  fm__sum risk = {0};
  int64_t rows = 0;
  size_t n = 0, at = to;
  for (size_t i = from; i < to; i++)
    n += i == from || fm__cell_time(cells->keys[i]) != fm__cell_time(cells->keys[i - 1]);
  if (!create(out, n, n_causes)) {
    fm__moments_free(out);
    return fm__no_memory(err);
  }
  for (size_t k = n; k-- > 0;) {
    size_t end = at;
    at = first_at_time(cells, from, end);
    out->time[k] = fm__cell_time(cells->keys[at]);
    for (size_t i = at; i < end; i++)
      count_rows(out, k, cells, i);
    rows += out->rows_censor[k] + fm__moments_rows_exit(out, k) - out->rows_enter[k];
    out->rows_risk[k] = rows;
    if (cells->sums == NULL)
      take_counts(out, k);
    else
      weigh_rows(out, k, &risk, cells, at, end);
    if (!isfinite(out->n_risk[k])) {
      fm__moments_free(out);
      return fm__fail(err, FM_ERR_LIMIT, "the weights of a group add up to more than a double can hold");
    }
  }
  return FM_OK;
}

int64_t fm__moments_rows_exit(const fm__moments *m, size_t k)
{
  int64_t rows = 0;
  for (size_t c = 0; c < m->n_causes; c++)
    rows += m->rows_exit[k * m->n_causes + c];
  return rows;
}

double fm__moments_n_exit(const fm__moments *m, size_t k)
{
  if (m->n_causes == 1)
    return m->n_exit[k];
  fm__sum sum = {0};
  for (size_t c = 0; c < m->n_causes; c++)
    fm__sum_add(&sum, m->n_exit[k * m->n_causes + c]);
  return fm__sum_value(&sum);
}
