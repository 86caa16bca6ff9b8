/* The regression of one group from its sums, on centred and scaled covariates. */
#include <math.h>
#include <string.h>

#include "parity/decomposition_priv.h"

/* A covariate whose variance is this far below its square is constant; one this much explained by others depends on
 * them. */
#define CONSTANT 1e-24
#define DEPENDENT 1e-11

void fm__parity_fit_close(fm__parity_fit *f)
{
  fm__free(f->memory);
}

/* The sum of products about the means. */
static double centred(const fm__dd *sums, size_t side, size_t i, size_t k)
{
  fm__dd whole = fm__dd_divide(fm__dd_times(sums[i], sums[k]), sums[0]);
  return fm__dd_add(sums[i * side + k], fm__dd_negative(whole)).hi;
}

/* Slopes by the correlations of the covariates; false when they depend on each other. `inverse`: of the centred sums.
 */
static bool solve(fm__parity_fit *f, const double *xy, double *inverse, double *scratch)
{
  size_t n = f->k - 1;
  double *r = scratch, *scale = scratch + n * n;
  for (size_t i = 0; i < n; i++)
    scale[i] = sqrt(f->centred[(i + 1) * f->k + i + 1]);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < n; k++)
      r[i * n + k] = f->centred[(i + 1) * f->k + k + 1] / scale[i] / scale[k];
  if (fm__cholesky(r, n, DEPENDENT) < n)
    return false;
  for (size_t i = 0; i < n; i++)
    f->b[i + 1] = xy[i + 1] / scale[i];
  fm__cholesky_solve(r, n, f->b + 1);
  fm__cholesky_inverse(inverse, r, n);
  for (size_t i = 0; i < n; i++) {
    f->b[i + 1] /= scale[i];
    for (size_t k = 0; k < n; k++)
      inverse[i * n + k] /= scale[i] * scale[k];
  }
  return true;
}

/* The covariance of all coefficients from that of the slopes. */
static void spread(fm__parity_fit *f, const double *inverse, double variance)
{
  size_t n = f->k - 1;
  f->v[0] = variance / f->n;
  for (size_t i = 0; i < n; i++) {
    double with_constant = 0;
    for (size_t k = 0; k < n; k++) {
      double v = variance * f->weight / f->n * inverse[i * n + k];
      f->v[(i + 1) * f->k + k + 1] = v;
      with_constant -= v * f->mean[k + 1];
    }
    f->v[i + 1] = f->v[(i + 1) * f->k] = with_constant;
    f->v[0] -= with_constant * f->mean[i + 1];
  }
}

static bool varies(const fm__parity_fit *f, const fm__dd *sums)
{
  for (size_t i = 1; i < f->k; i++)
    if (!(f->centred[i * f->k + i] > CONSTANT * sums[i * (f->k + 1) + i].hi))
      return false;
  return true;
}

static bool regress(fm__parity_fit *f, const fm__dd *sums, double *scratch)
{
  size_t k = f->k, side = k + 1;
  double *xy = scratch, *inverse = xy + k, *rest = inverse + k * k;
  double residual = centred(sums, side, k, k);
  for (size_t i = 1; i < k; i++)
    xy[i] = centred(sums, side, i, k);
  if (!(f->n > (double)k) || !varies(f, sums) || !solve(f, xy, inverse, rest))
    return false;
  f->b[0] = f->y;
  for (size_t i = 1; i < k; i++) {
    f->b[0] -= f->b[i] * f->mean[i];
    residual -= f->b[i] * xy[i];
  }
  spread(f, inverse, fmax(0, residual) * f->n / f->weight / (f->n - (double)k));
  return true;
}

fm_status fm__parity_fit_of(fm__parity_fit *out, const fm__dd *sums, size_t k, int64_t n, const double *shift,
                            fm_error *err)
{
  size_t side = k + 1;
  double *scratch = fm__array(2 * k * k + 2 * k, sizeof *scratch);
  *out = (fm__parity_fit){.k = k, .n = (double)n, .weight = sums[0].hi, .memory = fm__array(2 * k + 3 * k * k, 8)};
  if (scratch == NULL || out->memory == NULL) {
    fm__free(scratch);
    return fm__no_memory(err);
  }
  out->mean = out->memory;
  out->b = out->mean + k;
  out->v = out->b + k;
  out->s = out->v + k * k;
  out->centred = out->s + k * k;
  out->y = fm__dd_divide(sums[k], sums[0]).hi;
  out->mean[0] = 1;
  double each = out->n > 1 ? out->n / out->weight / (out->n - 1) / out->n : NAN;
  out->y_error = sqrt(fmax(0, centred(sums, side, k, k)) * each);
  for (size_t i = 1; i < k; i++) {
    out->mean[i] = fm__dd_add(fm__dd_divide(sums[i], sums[0]), (fm__dd){-shift[i], 0}).hi;
    for (size_t j = 1; j < k; j++) {
      out->centred[i * k + j] = centred(sums, side, i, j);
      out->s[i * k + j] = out->centred[i * k + j] * each;
    }
  }
  out->known = regress(out, sums, scratch);
  fm__free(scratch);
  return FM_OK;
}

/* Of covariates that are larger by the shift the constant is less by shift times slopes. */
void fm__parity_fit_unshift(fm__parity_fit *f, const double *shift)
{
  size_t k = f->k;
  for (size_t i = 1; i < k; i++) {
    f->mean[i] += shift[i];
    f->b[0] -= shift[i] * f->b[i];
    for (size_t j = 0; j < k; j++)
      f->v[j] -= shift[i] * f->v[i * k + j];
  }
  for (size_t i = 1; i < k; i++)
    f->v[0] -= shift[i] * f->v[i];
  for (size_t i = 1; i < k; i++)
    f->v[i * k] = f->v[i];
}
