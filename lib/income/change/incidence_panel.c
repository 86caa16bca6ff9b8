/* The growth incidence curve of people: the same ones followed, in equal slices by their first income. */
#include <math.h>
#include <string.h>

#include "income/change/incidence_priv.h"
#include "income/estimate/sampled_priv.h"

typedef struct panel {
  fm__pairs people;
  double *w, *scratch; /* weights as they were given */
  size_t n_slices;
  double years;
} panel;

/* Mean in one period of the people in slice k of the first. */
static double slice_mean(const panel *c, size_t k, int32_t wave)
{
  const fm__pairs *p = &c->people;
  double n = (double)c->n_slices;
  for (size_t i = 0; i < p->n; i++)
    c->scratch[i] = n * fm__place_between(p->place[0][i], (double)k / n, (double)(k + 1) / n) * p->x[wave][i];
  return fm__pairs_mean(p, c->scratch);
}

static void weigh(void *context, const double *w)
{
  fm__pairs_weigh(&((panel *)context)->people, w);
}

static void values(double *out, void *context)
{
  const panel *c = context;
  for (size_t k = 0; k < c->n_slices; k++)
    out[k] = fm__growth(slice_mean(c, k, 0), slice_mean(c, k, 1), c->years);
}

/* A person at the cut moves it: those who cross have the incomes of people near it. */
static void add_cut(double *u, const panel *c, double cut, const double slope[2], double sign)
{
  const fm__pairs *p = &c->people;
  if (!(cut > 0 && cut < 1))
    return;
  double near = slope[0] * fm__pairs_near(p, 0, cut, p->x[0]) + slope[1] * fm__pairs_near(p, 0, cut, p->x[1]);
  for (size_t i = 0; i < p->n; i++)
    u[i] -= sign * near * (fm__place_below(p->place[0][i], cut) - cut);
}

static bool influence(double *u, void *context, size_t k, double value)
{
  panel *c = context;
  const fm__pairs *p = &c->people;
  double n = (double)c->n_slices, begin = (double)k / n, end = (double)(k + 1) / n, slope[2];
  double mean[2] = {slice_mean(c, k, 0), slice_mean(c, k, 1)};
  (void)value;
  fm__growth_slopes(slope, mean[0], mean[1], c->years);
  for (size_t i = 0; i < p->n; i++) {
    double share = fm__place_between(p->place[0][i], begin, end);
    u[i] = slope[0] * (share * p->x[0][i] - mean[0] / n) + slope[1] * (share * p->x[1][i] - mean[1] / n);
  }
  add_cut(u, c, end, slope, 1);
  add_cut(u, c, begin, slope, -1);
  for (size_t i = 0; i < p->n; i++)
    u[i] *= n / p->weight;
  return true;
}

static void put(const fm__incidence_page *page, const panel *c, const fm__estimate *estimates)
{
  double df = NAN;
  for (size_t k = 0; k < c->n_slices; k++)
    df = isnan(estimates[k].df) ? df : estimates[k].df;
  double critical = fm__band_critical(NULL, 0, c->n_slices, df, page->c->level);
  for (size_t k = 0; k < c->n_slices; k++) {
    const fm__estimate *e = &estimates[k];
    double half = critical * e->std_error;
    fm__incidence_keys keys = {(double)(k + 1) / (double)c->n_slices, e->value - half, e->value + half, NULL};
    fm__figure f = fm__sampled_figure("panel_slice_growth", isnan(c->years) ? "total" : "per_year", e, c->people.n,
                                      c->people.weight, page->c->level);
    fm__incidence_put(page, &keys, &f, e->df);
  }
}

fm_status fm__incidence_panel(const fm__incidence_page *page, const fm__match *m, size_t group, const fm_run *run,
                              fm_error *err)
{
  panel c = {.n_slices = (size_t)page->c->n_points, .years = page->years};
  fm_status status = fm__pairs_create(&c.people, page->two, m, group, &(fm__pair_weights){SIZE_MAX, SIZE_MAX}, err);
  if (status != FM_OK)
    return status;
  size_t n = c.people.n;
  c.w = fm__array(n, sizeof *c.w);
  c.scratch = fm__array(n, sizeof *c.scratch);
  fm__estimate *estimates = fm__array(c.n_slices, sizeof *estimates);
  if (c.w == NULL || c.scratch == NULL || estimates == NULL)
    status = fm__no_memory(err);
  if (status == FM_OK) {
    if (n > 0)
      memcpy(c.w, c.people.w, n * sizeof *c.w);
    fm__sampled s = {.context = &c,
                     .n = n,
                     .w = c.w,
                     .unit = c.people.unit,
                     .n_figures = c.n_slices,
                     .weigh = weigh,
                     .values = values,
                     .influence = influence};
    status = fm__sampled_estimates(estimates, &s, page->two->prepared.design, page->c->level, run, err);
  }
  if (status == FM_OK)
    put(page, &c, estimates);
  fm__free(c.w);
  fm__free(c.scratch);
  fm__free(estimates);
  fm__pairs_free(&c.people);
  return status;
}
