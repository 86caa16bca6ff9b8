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
