/* Cholesky factorisation, in one fixed order of operations. */
#include "num/dense_priv.h"

#include <math.h>

size_t fm__cholesky(double *a, size_t n, double tolerance)
{
  size_t rank = 0;
  for (size_t i = 0; i < n; i++) {
    double *row = a + i * n, diagonal = row[i], pivot = diagonal;
    for (size_t j = 0; j < i; j++) {
      const double *other = a + j * n;
      double v = row[j];
      for (size_t k = 0; k < j; k++)
        v -= row[k] * other[k];
      row[j] = other[j] > 0 ? v / other[j] : 0;
      pivot -= row[j] * row[j];
    }
    bool kept = diagonal > 0 && pivot > tolerance * diagonal;
    row[i] = kept ? sqrt(pivot) : 0;
    rank += kept;
  }
  return rank;
}

void fm__cholesky_solve(const double *l, size_t n, double *b)
{
  for (size_t i = 0; i < n; i++) {
    double v = b[i];
    for (size_t k = 0; k < i; k++)
      v -= l[i * n + k] * b[k];
    b[i] = l[i * n + i] > 0 ? v / l[i * n + i] : 0;
  }
  for (size_t i = n; i-- > 0;) {
    double v = b[i];
    for (size_t k = i + 1; k < n; k++)
      v -= l[k * n + i] * b[k];
    b[i] = l[i * n + i] > 0 ? v / l[i * n + i] : 0;
  }
}

void fm__cholesky_inverse(double *out, const double *l, size_t n)
{
  for (size_t k = 0; k < n * n; k++)
    out[k] = 0;
  for (size_t j = 0; j < n; j++) {
    out[j * n + j] = 1;
    fm__cholesky_solve(l, n, out + j * n);
  }
}

void fm__sandwich(double *out, const double *v, const double *m, double *scratch, size_t n)
{
  for (int turn = 0; turn < 2; turn++) {
    const double *a = turn == 0 ? m : scratch;
    double *to = turn == 0 ? scratch : out;
    for (size_t j = 0; j < n; j++)
      for (size_t k = 0; k < n; k++) {
        double sum = 0;
        for (size_t i = 0; i < n; i++)
          sum += turn == 0 ? a[j * n + i] * v[i * n + k] : v[j * n + i] * a[i * n + k];
        to[j * n + k] = sum;
      }
  }
}
