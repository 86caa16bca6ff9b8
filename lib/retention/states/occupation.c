/* Shares in each state and time spent there, with the infinitesimal jackknife over units.
 *
 * A unit's little more weight moves the shares p at each time s by p_g(s-) / n_g times what its moves say less what the
 * moves of all say, and B(s), the matrix from s to the end, carries that on. So with
 *   R_g(s) = p_g(s-) / n_g sum over moves j of h_gj (B_j. - B_g.)
 * a row in state g from e to x, that moves to j, counts p_g(x-) / n_g (B_j. - B_g.) - (sum of R_g over (e, x]). */
#include "retention/states/states_priv.h"

typedef struct work {
  const fm__moves *m;
  size_t n, from, to; /* states; times in (start, time] */
  double begin;       /* weight of those seen at the start */
  double *shares;     /* p after each time: (to - from + 1) x n */
  double *back;       /* B from each time on: (to - from + 1) x n x n, the first from the start */
  double *reach;      /* sums of R up to and including each time: likewise */
  double *moved;      /* n: of the unit at hand */
} work;

static void work_free(work *w)
{
  fm__free(w->shares);
  fm__free(w->back);
  fm__free(w->reach);
  fm__free(w->moved);
}

static fm_status work_create(work *w, fm_error *err)
{
  size_t rows = w->to - w->from + 1, n_shares, n_all;
  if (!fm__multiply(rows, w->n, &n_shares) || !fm__multiply(n_shares, w->n, &n_all))
    return fm__no_memory(err);
  w->shares = fm__array(n_shares, sizeof *w->shares);
  w->back = fm__array(n_all, sizeof *w->back);
  w->reach = fm__array(n_all, sizeof *w->reach);
  w->moved = fm__array(w->n, sizeof *w->moved);
  bool room = w->shares != NULL && w->back != NULL && w->reach != NULL && w->moved != NULL;
  return room ? FM_OK : fm__no_memory(err);
}

static bool seen_at(const fm__stay *r, int32_t start)
{
  return r->entry <= start && r->time > start;
}

static double weight_of(const fm__stay *r)
{
  return r->weight * (double)r->count;
}

static void put_shares(work *w, const fm__stay *rows, size_t n, int32_t start)
{
  for (size_t i = 0; i < n; i++)
    if (seen_at(&rows[i], start)) {
      w->shares[rows[i].from] += weight_of(&rows[i]);
      w->begin += weight_of(&rows[i]);
    }
  for (size_t g = 0; g < w->n && w->begin > 0; g++)
    w->shares[g] /= w->begin;
  for (size_t k = w->from; k < w->to; k++) {
    double *before = w->shares + (k - w->from) * w->n, *after = before + w->n;
    for (size_t g = 0; g < w->n; g++)
      after[g] = before[g];
    fm__moves_forward(w->m, k, after, 1);
  }
}

/* With `spent`, B is the integral over the time left of the matrices up to each of its days. */
static void put_back(work *w, const fm__window *window)
{
  size_t n = w->n, size = n * n;
  for (size_t k = w->to + 1; k-- > w->from;) {
    double *b = w->back + (k - w->from) * size;
    int32_t here = k > w->from ? w->m->time[k - 1] : window->start, next = k < w->to ? w->m->time[k] : window->time;
    for (size_t i = 0; i < size; i++)
      b[i] = k < w->to ? b[size + i] : window->spent ? 0 : (double)(i % (n + 1) == 0);
    if (k < w->to)
      fm__moves_back(w->m, k, b, n);
    for (size_t g = 0; g < n && window->spent; g++)
      b[g * (n + 1)] += (double)next - (double)here;
  }
}

/* Scale of what a row in state g counts at time k. */
static double scale_at(const work *w, size_t k, size_t g)
{
  return w->shares[(k - w->from) * w->n + g] / w->m->n_risk[k * w->n + g];
}

static void put_reach(work *w)
{
  const fm__moves *m = w->m;
  size_t n = w->n, size = n * n;
  for (size_t k = w->from; k < w->to; k++) {
    double *before = w->reach + (k - w->from) * size, *sum = before + size, *b = w->back + (k + 1 - w->from) * size;
    for (size_t i = 0; i < size; i++)
      sum[i] = before[i];
    for (size_t i = m->first[k]; i < m->first[k + 1]; i++) {
      size_t g = (size_t)m->moves[i].from, j = (size_t)m->moves[i].to;
      double h = scale_at(w, k, g) * (m->moves[i].weight / m->n_risk[k * n + g]);
      for (size_t l = 0; l < n; l++)
        sum[g * n + l] += h * (b[j * n + l] - b[g * n + l]);
    }
  }
}

/* How many of the times of the window are at or before `time`. */
static size_t passed(const work *w, int32_t time)
{
  size_t k = fm__moves_until(w->m, time);
  return k < w->from ? 0 : k > w->to ? w->to - w->from : k - w->from;
}

static void add_row(work *w, const fm__stay *r, const fm__window *window)
{
  size_t n = w->n, g = (size_t)r->from, first = passed(w, r->entry), last = passed(w, r->time);
  double weight = weight_of(r);
  if (seen_at(r, window->start) && !window->fixed_start)
    for (size_t l = 0; l < n; l++) {
      double p = 0;
      for (size_t j = 0; j < n; j++)
        p += w->shares[j] * w->back[j * n + l];
      w->moved[l] += weight / w->begin * (w->back[g * n + l] - p);
    }
  for (size_t l = 0; l < n; l++)
    w->moved[l] -= weight * (w->reach[last * n * n + g * n + l] - w->reach[first * n * n + g * n + l]);
  if (r->to < 0 || last == 0 || w->m->time[w->from + last - 1] != r->time)
    return;
  const double *b = w->back + last * n * n;
  double scale = weight * scale_at(w, w->from + last - 1, g);
  for (size_t l = 0; l < n; l++)
    w->moved[l] += scale * (b[(size_t)r->to * n + l] - b[g * n + l]);
}

static void put_variance(work *w, double *variance, const fm__stay *rows, size_t n, const fm__window *window)
{
  for (size_t l = 0; l < w->n; l++)
    variance[l] = 0;
  for (size_t i = 0; i < n;) {
    uint32_t unit = rows[i].unit;
    for (size_t l = 0; l < w->n; l++)
      w->moved[l] = 0;
    for (; i < n && rows[i].unit == unit; i++)
      add_row(w, &rows[i], window);
    for (size_t l = 0; l < w->n; l++)
      variance[l] += w->moved[l] * w->moved[l];
  }
}

fm_status fm__occupation(double *share, double *variance, bool *begun, const fm__moves *m, const fm__stay *rows,
                         size_t n, const fm__window *window, fm_error *err)
{
  work w = {
      .m = m, .n = m->n_states, .from = fm__moves_until(m, window->start), .to = fm__moves_until(m, window->time)};
  if (w.to < w.from)
    w.to = w.from;
  fm_status status = work_create(&w, err);
  if (status == FM_OK) {
    put_shares(&w, rows, n, window->start);
    put_back(&w, window);
    put_reach(&w);
    *begun = w.begin > 0;
    for (size_t l = 0; l < w.n; l++) {
      share[l] = 0;
      for (size_t j = 0; j < w.n; j++)
        share[l] += w.shares[j] * w.back[j * w.n + l];
    }
    if (w.begin > 0)
      put_variance(&w, variance, rows, n, window);
  }
  work_free(&w);
  return status;
}
