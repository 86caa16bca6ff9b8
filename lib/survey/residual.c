/* Calibrated weights: an influence is replaced by its residual from the weighted regression on the auxiliaries, which
 * is the influence of the calibrated estimate (Deville and Saerndal 1992). The rows are their own units here.
 *
 * The regression goes through the normal equations, twice: what the first round leaves of the auxiliaries in the
 * residual, the second takes out. */
#include "survey/design_priv.h"

#include <math.h>

#include "num/dense_priv.h"

struct fm__auxiliaries {
  size_t n;
  const double *const *column; /* or, of rows: */
  const fm__rows *rows;
  size_t first;
  double *scale;  /* n powers of two that bring the columns near 1 */
  double *factor; /* Cholesky factor of sum of base x x' */
  double *weight; /* count * weight by row */
  double *base;   /* count * weight of the regression, scaled; 0 where the weight is 0 */
};

void fm__auxiliaries_destroy(fm__auxiliaries *a)
{
  if (a == NULL)
    return;
  fm__free(a->scale);
  fm__free(a->factor);
  fm__free(a->weight);
  fm__free(a->base);
  fm__free(a);
}

static double auxiliary_at(const fm__auxiliaries *a, size_t k, size_t row)
{
  double x = a->rows != NULL ? fm__rows_numbers(a->rows, row)[a->first + k] : a->column[k][row];
  return x * a->scale[k];
}

static double scale_for(double largest)
{
  int exponent = 0;
  if (largest > 0)
    frexp(largest, &exponent);
  return ldexp(1, exponent < -1000 ? 1000 : -exponent);
}

static void set_scales(fm__auxiliaries *a, size_t n_rows)
{
  double largest = 0;
  for (size_t k = 0; k < a->n; k++) {
    double most = 0;
    a->scale[k] = 1;
    for (size_t i = 0; i < n_rows; i++)
      most = fmax(most, fabs(auxiliary_at(a, k, i)));
    a->scale[k] = scale_for(most);
  }
  for (size_t i = 0; i < n_rows; i++)
    largest = fmax(largest, a->base[i]);
  double scale = scale_for(largest);
  for (size_t i = 0; i < n_rows; i++)
    a->base[i] *= scale;
}

/* to[k] = sum over rows of t x_k. */
static void project(double *to, const fm__auxiliaries *a, const double *t, size_t n_rows)
{
  enum { BLOCK = 256 };
  double term[BLOCK];
  for (size_t k = 0; k < a->n; k++) {
    fm__sum sum = {0};
    for (size_t i = 0; i < n_rows; i += BLOCK) {
      size_t n = n_rows - i < BLOCK ? n_rows - i : BLOCK;
      for (size_t j = 0; j < n; j++)
        term[j] = t[i + j] * auxiliary_at(a, k, i + j);
      fm__sum_add_n(&sum, term, n);
    }
    to[k] = fm__sum_value(&sum);
  }
}

static fm_status factorise(fm__auxiliaries *a, size_t n_rows, fm_error *err)
{
  double *t = fm__array(n_rows, sizeof *t);
  if (t == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < a->n; k++) {
    for (size_t i = 0; i < n_rows; i++)
      t[i] = a->base[i] * auxiliary_at(a, k, i);
    project(a->factor + k * a->n, a, t, n_rows);
  }
  fm__free(t);
  /* Columns that others add up to, such as a constant beside all groups, are left out. */
  fm__cholesky(a->factor, a->n, 0x1p-36);
  return FM_OK;
}

/* A number of the rows, from its column or its place; `missing` without either. */
static double number_at(const fm__design_input *in, const double *column, size_t place, size_t row, double missing)
{
  if (in->rows != NULL)
    return place == SIZE_MAX ? missing : fm__rows_numbers(in->rows, row)[place];
  return column != NULL ? column[row] : missing;
}

static bool set_weights(fm__auxiliaries *a, const fm__design_input *in)
{
  bool positive = false;
  for (size_t i = 0; i < in->n; i++) {
    double count = in->count != NULL ? (double)in->count[i] : 1;
    double w = number_at(in, in->weight, in->weight_at, i, 1);
    double base = number_at(in, in->base_weight, in->base_at, i, w);
    a->weight[i] = count * w;
    a->base[i] = w > 0 ? count * base : 0;
    positive = positive || a->base[i] > 0;
  }
  return positive || in->n == 0;
}

fm_status fm__design_take_auxiliaries(fm__design *d, const fm__design_input *in, fm_error *err)
{
  fm__auxiliaries *a = fm__array(1, sizeof *a);
  size_t n = in->n_auxiliaries, cells;
  if (a == NULL || !fm__multiply(n, n, &cells)) {
    fm__free(a);
    return fm__no_memory(err);
  }
  d->auxiliaries = a;
  a->n = n;
  a->column = in->auxiliary;
  a->rows = in->rows;
  a->first = in->auxiliary_at;
  a->scale = fm__array(n, sizeof *a->scale);
  a->factor = fm__array(cells, sizeof *a->factor);
  a->weight = fm__array(in->n, sizeof *a->weight);
  a->base = fm__array(in->n, sizeof *a->base);
  if (a->scale == NULL || a->factor == NULL || a->weight == NULL || a->base == NULL)
    return fm__no_memory(err);
  if (!set_weights(a, in))
    return fm__fail(err, FM_ERR_VALUE, "all weights of the regression on the auxiliaries are 0; expected some above 0");
  set_scales(a, in->n);
  return factorise(a, in->n, err);
}

/* u less its regression, in place; t has room for a row each. */
static void take_out(double *u, double *t, double *b, const fm__auxiliaries *a, size_t n_rows)
{
  for (size_t i = 0; i < n_rows; i++)
    t[i] = a->base[i] * u[i];
  project(b, a, t, n_rows);
  fm__cholesky_solve(a->factor, a->n, b);
  for (size_t i = 0; i < n_rows; i++) {
    double fitted = 0;
    for (size_t k = 0; k < a->n; k++)
      fitted += auxiliary_at(a, k, i) * b[k];
    u[i] -= fitted;
  }
}

fm_status fm__design_residuals(double **out, const fm__design *d, const double *z, double scale, fm_error *err)
{
  const fm__auxiliaries *a = d->auxiliaries;
  size_t n = d->n_units;
  double *u = fm__array(n, sizeof *u), *t = fm__array(n, sizeof *t), *b = fm__array(a->n, sizeof *b);
  *out = fm__array(d->n_cells, sizeof **out);
  if (u == NULL || t == NULL || b == NULL || *out == NULL) {
    fm__free(u);
    fm__free(t);
    fm__free(b);
    fm__free(*out);
    *out = NULL;
    return fm__no_memory(err);
  }
  for (size_t i = 0; i < n; i++)
    u[i] = a->weight[i] > 0 ? z[i] * scale / a->weight[i] : 0;
  for (int round = 0; round < 2; round++)
    take_out(u, t, b, a, n);
  for (size_t i = 0; i < n; i++) { /* rows of a cell in their own order */
    size_t row = d->order[i];
    (*out)[d->cell[row]] += a->weight[row] * u[row];
  }
  fm__free(u);
  fm__free(t);
  fm__free(b);
  return FM_OK;
}
