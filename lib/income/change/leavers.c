/* Those who left between two periods against those who stayed, in what was known of them in the first. */
#include <math.h>
#include <string.h>

#include "income/change/mobility_priv.h"
#include "num/num_priv.h"

void fm__leavers_free(fm__leavers *l)
{
  fm__free(l->w);
  fm__free(l->now);
  fm__free(l->y);
  fm__free(l->left);
  fm__free(l->unit);
  *l = (fm__leavers){.n = 0};
}

fm_status fm__leavers_create(fm__leavers *l, size_t n, size_t n_variables, fm_error *err)
{
  size_t cells;
  *l = (fm__leavers){.n_variables = n_variables,
                     .w = fm__array(n, sizeof *l->w),
                     .now = fm__array(n, sizeof *l->now),
                     .left = fm__array(n, sizeof *l->left),
                     .unit = fm__array(n, sizeof *l->unit)};
  if (fm__multiply(n, n_variables, &cells))
    l->y = fm__array(cells, sizeof *l->y);
  if (l->w != NULL && l->now != NULL && l->left != NULL && l->unit != NULL && l->y != NULL)
    return FM_OK;
  fm__leavers_free(l);
  return fm__no_memory(err);
}

/* Weight, mean and variance of one variable among stayers (0) and leavers (1). */
typedef struct moments {
  double weight[2], mean[2], variance[2];
} moments;

static moments moments_of(const fm__leavers *l, size_t variable)
{
  fm__sum weight[2] = {{.pending = 0}}, total[2] = {{.pending = 0}}, squares[2] = {{.pending = 0}};
  moments m;
  for (size_t i = 0; i < l->n; i++) {
    double y = l->y[i * l->n_variables + variable];
    if (isnan(y))
      continue;
    fm__sum_add(&weight[l->left[i]], l->now[i]);
    fm__sum_add(&total[l->left[i]], l->now[i] * y);
  }
  for (size_t k = 0; k < 2; k++) {
    m.weight[k] = fm__sum_value(&weight[k]);
    m.mean[k] = fm__sum_value(&total[k]) / m.weight[k];
  }
  for (size_t i = 0; i < l->n; i++) {
    double y = l->y[i * l->n_variables + variable], d = y - m.mean[l->left[i]];
    if (!isnan(d))
      fm__sum_add(&squares[l->left[i]], l->now[i] * d * d);
  }
  for (size_t k = 0; k < 2; k++)
    m.variance[k] = fm__sum_value(&squares[k]) / m.weight[k];
  return m;
}

static void values(double *out, void *context)
{
  const fm__leavers *l = context;
  for (size_t k = 0; k < l->n_variables; k++) {
    const moments m = moments_of(l, k);
    out[2 * k] = m.mean[1] - m.mean[0];
    out[2 * k + 1] = out[2 * k] / sqrt(0.5 * m.variance[0] + 0.5 * m.variance[1]);
  }
}

static void weigh(void *context, const double *w)
{
  fm__leavers *l = context;
  memcpy(l->now, w, l->n * sizeof *w);
}

/* Of the difference d, and with s^2 the mean of the two variances of d / s. */
static bool influence(double *u, void *context, size_t figure, double value)
{
  const fm__leavers *l = context;
  const moments m = moments_of(l, figure / 2);
  double square = 0.5 * m.variance[0] + 0.5 * m.variance[1], s = sqrt(square);
  for (size_t i = 0; i < l->n; i++) {
    double y = l->y[i * l->n_variables + figure / 2];
    size_t k = l->left[i];
    u[i] = 0;
    if (isnan(y))
      continue;
    double d = y - m.mean[k], difference = (k == 1 ? d : -d) / m.weight[k];
    double spread = 0.5 * (d * d - m.variance[k]) / m.weight[k];
    u[i] = figure % 2 == 0 ? difference : difference / s - 0.5 * value * spread / square;
  }
  return true;
}

fm__sampled fm__leavers_sampled(fm__leavers *l)
{
  if (l->n > 0)
    memcpy(l->now, l->w, l->n * sizeof *l->now);
  return (fm__sampled){.context = l,
                       .n = l->n,
                       .w = l->w,
                       .unit = l->unit,
                       .n_figures = 2 * l->n_variables,
                       .weigh = weigh,
                       .values = values,
                       .influence = influence};
}
