/* A gap of two groups' means in parts: by means of covariates, by coefficients, and both.
 *
 * With b* = W b_A + (1 - W) b_B, d = b_A - b_B and m the means: explained (m_A - m_B)' b*, the rest m_A' (1 - W) d +
 * m_B' W d. Errors by the delta method with means and coefficients of both groups as random, W as known (Jann 2008). */
#include <math.h>
#include <string.h>

#include "parity/decomposition_priv.h"

static double dot(const double *x, const double *y, size_t n)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++)
    sum += x[i] * y[i];
  return sum;
}

static double form(const double *v, const double *x, size_t n)
{
  double sum = 0;
  for (size_t i = 0; i < n; i++)
    sum += x[i] * dot(v + i * n, x, n);
  return sum;
}

/* x' W */
static void transposed(double *out, const double *w, const double *x, size_t n)
{
  for (size_t k = 0; k < n; k++) {
    out[k] = 0;
    for (size_t i = 0; i < n; i++)
      out[k] += x[i] * w[i * n + k];
  }
}

static double error_of(double variance)
{
  return sqrt(fmax(0, variance));
}

/* ---- coefficients that both groups are measured by ---- */

/* Sums of products about the shift; about the group's own means when `own`. */
static double product(const fm__parity_fit *f, size_t i, size_t k, bool own)
{
  return f->centred[i * f->k + k] + (own ? 0 : f->weight * f->mean[i] * f->mean[k]);
}

/* W = (X_A + X_B)^-1 X_A by scaled sums; `own`: with a constant of its own for each group, that of the reference in b*.
 */
static fm_status pooled(double **out, const fm__parity_fit *a, const fm__parity_fit *b, bool own, fm_error *err)
{
  size_t n = a->k;
  double *w = fm__array(n * n, sizeof *w), *m = fm__array(n * n + 2 * n, sizeof *m);
  *out = NULL;
  if (w == NULL || m == NULL) {
    fm__free(w);
    fm__free(m);
    return fm__no_memory(err);
  }
  double *scale = m + n * n, *column = scale + n;
  for (size_t i = 0; i < n; i++)
    scale[i] = sqrt(product(a, i, i, own) + product(b, i, i, false));
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < n; k++)
      m[i * n + k] = (product(a, i, k, own) + product(b, i, k, false)) / scale[i] / scale[k];
  bool whole = fm__cholesky(m, n, 1e-13) == n;
  for (size_t k = 0; k < n && whole; k++) {
    for (size_t i = 0; i < n; i++)
      column[i] = product(a, i, k, own) / scale[i];
    fm__cholesky_solve(m, n, column);
    for (size_t i = 0; i < n; i++)
      w[i * n + k] = column[i] / scale[i];
  }
  fm__free(m);
  if (whole)
    *out = w;
  else
    fm__free(w);
  return FM_OK;
}

fm_status fm__parity_prices(double **out, int32_t of, const fm__parity_fit *a, const fm__parity_fit *b, fm_error *err)
{
  double share = of == FM__PARITY_GROUP     ? 1
                 : of == FM__PARITY_COTTON  ? a->weight / (a->weight + b->weight)
                 : of == FM__PARITY_REIMERS ? 0.5
                                            : 0;
  if (of == FM__PARITY_POOLED || of == FM__PARITY_NEUMARK)
    return pooled(out, a, b, of == FM__PARITY_POOLED, err);
  *out = fm__array(a->k * a->k, sizeof **out);
  if (*out == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < a->k; i++)
    (*out)[i * a->k + i] = share;
  return FM_OK;
}

/* b = T b_shifted with the first row of T (1, -shift): W = T W_shifted T^-1. */
void fm__parity_prices_unshift(double *w, size_t k, const double *shift)
{
  for (size_t i = 0; i < k; i++)
    for (size_t j = 1; j < k; j++)
      w[i * k + j] += w[i * k] * shift[j];
  for (size_t i = 1; i < k; i++)
    for (size_t j = 0; j < k; j++)
      w[j] -= shift[i] * w[i * k + j];
}

/* ---- parts ---- */

typedef struct lists {
  double *dm, *db, *p, *q, *x, *y;
} lists;

static lists open_lists(double *scratch, const fm__parity_fit *a, const fm__parity_fit *b)
{
  size_t n = a->k;
  lists l = {scratch, scratch + n, scratch + 2 * n, scratch + 3 * n, scratch + 4 * n, scratch + 5 * n};
  for (size_t i = 0; i < n; i++) {
    l.dm[i] = a->mean[i] - b->mean[i];
    l.db[i] = a->b[i] - b->b[i];
  }
  return l;
}

static void prices(lists *l, const double *w, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    l->q[i] = dot(w + i * n, l->db, n);
    l->p[i] = l->db[i] - l->q[i];
  }
}

void fm__parity_two_parts(fm__parity_part out[2], const fm__parity_fit *a, const fm__parity_fit *b, const double *w,
                          double *scratch)
{
  size_t n = a->k;
  lists l = open_lists(scratch, a, b);
  prices(&l, w, n);
  transposed(l.x, w, l.dm, n); /* of the variance of b*: W' dm with that of the group, the rest with the other's */
  for (size_t i = 0; i < n; i++)
    l.y[i] = l.dm[i] - l.x[i];
  double explained = form(a->v, l.x, n) + form(b->v, l.y, n);
  for (size_t i = 0; i < n; i++) {
    l.y[i] = b->b[i] + l.q[i]; /* b* */
    l.x[i] = a->mean[i] - l.x[i];
  }
  out[0].value = dot(l.dm, l.y, n);
  out[0].error = error_of(explained + form(a->s, l.y, n) + form(b->s, l.y, n));
  out[1].value = dot(a->mean, l.p, n) + dot(b->mean, l.q, n);
  out[1].error = error_of(form(a->v, l.x, n) + form(b->v, l.x, n) + form(a->s, l.p, n) + form(b->s, l.q, n));
}

void fm__parity_two_parts_of(fm__parity_part out[2], size_t j, const fm__parity_fit *a, const fm__parity_fit *b,
                             const double *w, double *scratch)
{
  size_t n = a->k;
  lists l = open_lists(scratch, a, b);
  prices(&l, w, n);
  const double *row = w + j * n;
  for (size_t i = 0; i < n; i++)
    l.y[i] = (i == j ? 1 : 0) - row[i];
  double star = b->b[j] + l.q[j], sa = a->s[j * n + j], sb = b->s[j * n + j];
  double variance = form(a->v, row, n) + form(b->v, l.y, n);
  out[0].value = l.dm[j] * star;
  out[0].error = error_of(l.dm[j] * l.dm[j] * variance + star * star * (sa + sb));
  for (size_t i = 0; i < n; i++)
    l.x[i] = (i == j ? a->mean[j] : 0) - l.dm[j] * row[i];
  out[1].value = a->mean[j] * l.p[j] + b->mean[j] * l.q[j];
  out[1].error = error_of(form(a->v, l.x, n) + form(b->v, l.x, n) + l.p[j] * l.p[j] * sa + l.q[j] * l.q[j] * sb);
}

double fm__parity_mean_variance(const fm__parity_fit *f)
{
  return form(f->v, f->mean, f->k) + form(f->s, f->b, f->k);
}

fm__parity_part fm__parity_interaction(size_t j, const fm__parity_fit *a, const fm__parity_fit *b, double *scratch)
{
  size_t n = a->k;
  lists l = open_lists(scratch, a, b);
  for (size_t i = 0; i < n; i++)
    if (j != SIZE_MAX && i != j)
      l.dm[i] = l.db[i] = 0;
  double variance = form(a->v, l.dm, n) + form(b->v, l.dm, n) + form(a->s, l.db, n) + form(b->s, l.db, n);
  return (fm__parity_part){dot(l.dm, l.db, n), error_of(variance)};
}
