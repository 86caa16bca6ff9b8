/* Figures of mobility: transitions between classes, ranks, the bottom; who left. Values and influences. */
#include <math.h>
#include <string.h>

#include "income/change/mobility_priv.h"

void fm__mobility_free(fm__mobility *m)
{
  fm__pairs_free(&m->people);
  fm__free(m->w);
  fm__free(m->y);
  fm__free(m->scratch);
  fm__free(m->slope);
}

fm_status fm__mobility_create(fm__mobility *m, fm__pairs *people, size_t n_classes, double bottom, fm_error *err)
{
  size_t n = people->n;
  *m = (fm__mobility){.people = *people,
                      .w = fm__array(n, sizeof *m->w),
                      .y = fm__array(n, sizeof *m->y),
                      .scratch = fm__array(n, sizeof *m->scratch),
                      .slope = fm__array(n, sizeof *m->slope),
                      .n_classes = n_classes,
                      .bottom = bottom};
  *people = (fm__pairs){.n = 0};
  if (m->w == NULL || m->y == NULL || m->scratch == NULL || m->slope == NULL) {
    fm__mobility_free(m);
    return fm__no_memory(err);
  }
  if (n > 0)
    memcpy(m->w, m->people.w, n * sizeof *m->w);
  return FM_OK;
}

/* ---- values ---- */

/* Share of people between a_0 and a_1 of the first ranks and between b_0 and b_1 of the last. */
typedef struct cell {
  double a[2], b[2];
} cell;

static cell cell_of(const fm__mobility *m, size_t from, size_t to)
{
  double n = (double)m->n_classes;
  return (cell){{(double)from / n, (double)(from + 1) / n}, {(double)to / n, (double)(to + 1) / n}};
}

static double share_in(const fm__mobility *m, const cell *c)
{
  const fm__pairs *p = &m->people;
  for (size_t i = 0; i < p->n; i++)
    m->scratch[i] =
        fm__place_between(p->place[0][i], c->a[0], c->a[1]) * fm__place_between(p->place[1][i], c->b[0], c->b[1]);
  return fm__pairs_mean(p, m->scratch);
}

static double rank(const fm__mobility *m, int32_t wave, size_t i)
{
  return fm__place_rank(m->people.place[wave][i]);
}

/* Mean of rank a times rank b, less a quarter: the mean rank is one half. */
static double rank_product(const fm__mobility *m, int32_t a, int32_t b)
{
  for (size_t i = 0; i < m->people.n; i++)
    m->scratch[i] = (rank(m, a, i) - 0.5) * (rank(m, b, i) - 0.5);
  return fm__pairs_mean(&m->people, m->scratch);
}

static double class_rank_change(const fm__mobility *m, size_t k)
{
  const cell c = cell_of(m, k, 0);
  double n = (double)m->n_classes;
  for (size_t i = 0; i < m->people.n; i++)
    m->scratch[i] = n * (rank(m, 1, i) - rank(m, 0, i)) * fm__place_between(m->people.place[0][i], c.a[0], c.a[1]);
  return fm__pairs_mean(&m->people, m->scratch);
}

static double mean_rank_change(const fm__mobility *m)
{
  for (size_t i = 0; i < m->people.n; i++)
    m->scratch[i] = fabs(rank(m, 1, i) - rank(m, 0, i));
  return fm__pairs_mean(&m->people, m->scratch);
}

static cell bottom_cell(const fm__mobility *m)
{
  return (cell){{0, m->bottom}, {0, m->bottom}};
}

static void values(double *out, void *context)
{
  const fm__mobility *m = context;
  size_t n = m->n_classes;
  double stayed = 0, *rest = out + n * n + n;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      const cell c = cell_of(m, i, j);
      out[i * n + j] = (double)n * share_in(m, &c);
      stayed += i == j ? out[i * n + j] : 0;
    }
  for (size_t k = 0; k < n; k++)
    out[n * n + k] = class_rank_change(m, k);
  const cell bottom = bottom_cell(m);
  double both = share_in(m, &bottom), p = m->bottom;
  rest[FM__SHORROCKS] = ((double)n - stayed) / (double)(n - 1);
  rest[FM__RANK_CORRELATION] = rank_product(m, 0, 1) / sqrt(rank_product(m, 0, 0) * rank_product(m, 1, 1));
  rest[FM__RANK_CHANGE] = mean_rank_change(m);
  rest[FM__BOTTOM_STAYED] = both / p;
  rest[FM__BOTTOM_LEFT] = 1 - both / p;
  rest[FM__BOTTOM_ENTERED] = (p - both) / (1 - p);
}

static void weigh(void *context, const double *w)
{
  fm__pairs_weigh(&((fm__mobility *)context)->people, w);
}

/* ---- influences, times the sum of weights ---- */

/* A person moves the cut at share a of the ranks of `wave`; those who cross it have near them the mean y of people
 * there. Deville (1999) for quantiles, with the conditional mean in place of a density. */
static void add_cut(double *u, const fm__mobility *m, int32_t wave, double a, const double *y, double factor)
{
  const fm__pairs *p = &m->people;
  if (!(a > 0 && a < 1))
    return;
  double near = factor * fm__pairs_near(p, wave, a, y);
  for (size_t i = 0; i < p->n; i++)
    u[i] -= near * (fm__place_below(p->place[wave][i], a) - a);
}

/* Adds factor times the influence of the share in a cell. */
static void add_cell(double *u, const fm__mobility *m, const cell *c, double factor)
{
  const fm__pairs *p = &m->people;
  double share = share_in(m, c);
  for (size_t i = 0; i < p->n; i++)
    u[i] += factor * (m->scratch[i] - share);
  for (size_t i = 0; i < p->n; i++)
    m->y[i] = fm__place_between(p->place[1][i], c->b[0], c->b[1]);
  add_cut(u, m, 0, c->a[1], m->y, factor);
  add_cut(u, m, 0, c->a[0], m->y, -factor);
  for (size_t i = 0; i < p->n; i++)
    m->y[i] = fm__place_between(p->place[0][i], c->a[0], c->a[1]);
  add_cut(u, m, 1, c->b[1], m->y, factor);
  add_cut(u, m, 1, c->b[0], m->y, -factor);
}

static void add_class_rank_change(double *u, const fm__mobility *m, size_t k)
{
  const fm__pairs *p = &m->people;
  const cell c = cell_of(m, k, 0);
  double n = (double)m->n_classes;
  for (size_t i = 0; i < p->n; i++) {
    m->slope[i] = n * fm__place_between(p->place[0][i], c.a[0], c.a[1]);
    m->y[i] = rank(m, 1, i);
    m->scratch[i] = m->slope[i] * m->y[i];
  }
  double mean = fm__pairs_mean(p, m->scratch);
  for (size_t i = 0; i < p->n; i++)
    u[i] += m->scratch[i] - mean;
  fm__pairs_rank_influence(u, p, 1, m->slope, m->scratch);
  add_cut(u, m, 0, c.a[1], m->y, n);
  add_cut(u, m, 0, c.a[0], m->y, -n);
}

static void add_correlation(double *u, const fm__mobility *m, double correlation)
{
  const fm__pairs *p = &m->people;
  double v[2] = {rank_product(m, 0, 0), rank_product(m, 1, 1)}, both = rank_product(m, 0, 1), s = sqrt(v[0] * v[1]);
  for (size_t i = 0; i < p->n; i++) {
    double a = rank(m, 0, i) - 0.5, b = rank(m, 1, i) - 0.5;
    u[i] += (a * b - both) / s - 0.5 * correlation * ((a * a - v[0]) / v[0] + (b * b - v[1]) / v[1]);
  }
  for (int32_t wave = 0; wave < 2; wave++) {
    for (size_t i = 0; i < p->n; i++)
      m->slope[i] = (rank(m, 1 - wave, i) - 0.5) / s - correlation * (rank(m, wave, i) - 0.5) / v[wave];
    fm__pairs_rank_influence(u, p, wave, m->slope, m->scratch);
  }
}

static void add_rank_change(double *u, const fm__mobility *m, double mean)
{
  const fm__pairs *p = &m->people;
  for (size_t i = 0; i < p->n; i++) {
    double change = rank(m, 1, i) - rank(m, 0, i);
    u[i] += fabs(change) - mean;
    m->slope[i] = (double)((change > 0) - (change < 0));
  }
  fm__pairs_rank_influence(u, p, 1, m->slope, m->scratch);
  for (size_t i = 0; i < p->n; i++)
    m->slope[i] = -m->slope[i];
  fm__pairs_rank_influence(u, p, 0, m->slope, m->scratch);
}

static bool influence(double *u, void *context, size_t figure, double value)
{
  const fm__mobility *m = context;
  size_t n = m->n_classes, rest = n * n + n;
  const cell bottom = bottom_cell(m);
  for (size_t i = 0; i < m->people.n; i++)
    u[i] = 0;
  if (figure < n * n) {
    const cell c = cell_of(m, figure / n, figure % n);
    add_cell(u, m, &c, (double)n);
  } else if (figure < rest) {
    add_class_rank_change(u, m, figure - n * n);
  } else if (figure == rest + FM__SHORROCKS) {
    for (size_t k = 0; k < n; k++) {
      const cell c = cell_of(m, k, k);
      add_cell(u, m, &c, -(double)n / (double)(n - 1));
    }
  } else if (figure == rest + FM__RANK_CORRELATION) {
    add_correlation(u, m, value);
  } else if (figure == rest + FM__RANK_CHANGE) {
    add_rank_change(u, m, value);
  } else {
    double p = m->bottom;
    add_cell(u, m, &bottom,
             figure == rest + FM__BOTTOM_STAYED ? 1 / p
             : figure == rest + FM__BOTTOM_LEFT ? -1 / p
                                                : -1 / (1 - p));
  }
  for (size_t i = 0; i < m->people.n; i++)
    u[i] /= m->people.weight;
  return true;
}

static bool is_rate(const void *context, size_t figure)
{
  const fm__mobility *m = context;
  size_t n = m->n_classes, rest = n * n + n;
  return figure < n * n || figure >= rest + FM__BOTTOM_STAYED;
}

fm__sampled fm__mobility_sampled(fm__mobility *m)
{
  return (fm__sampled){.context = m,
                       .n = m->people.n,
                       .w = m->w,
                       .unit = m->people.unit,
                       .n_figures = m->n_classes * (m->n_classes + 1) + FM__N_MOBILITY,
                       .weigh = weigh,
                       .values = values,
                       .influence = influence,
                       .is_rate = is_rate};
}
