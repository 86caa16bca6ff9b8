/* Least squares of the two curves, and the tests that say which of them may be used. */
#include <string.h>

#include "income/grouped/lorenz_priv.h"

enum { N_COEFFICIENTS = 3 };

/* Rows of 4: three regressors and the left side. */
typedef struct system {
  double *x;
  size_t n;
} system;

static double column_norm(const system *s, size_t from, int32_t column)
{
  fm__sum sum = {0};
  for (size_t i = from; i < s->n; i++)
    fm__sum_add(&sum, s->x[4 * i + (size_t)column] * s->x[4 * i + (size_t)column]);
  return sqrt(fm__sum_value(&sum));
}

/* One Householder reflection that leaves column k zero below row k, applied to the columns after it. */
static void reflect(system *s, size_t k, double norm)
{
  double *x = s->x, head = x[4 * k + k], diagonal = head > 0 ? -norm : norm;
  double scale = norm * (norm + fabs(head)); /* half the squared length of the reflecting vector */
  x[4 * k + k] = head - diagonal;
  for (size_t j = k + 1; j <= N_COEFFICIENTS; j++) {
    fm__sum dot = {0};
    for (size_t i = k; i < s->n; i++)
      fm__sum_add(&dot, x[4 * i + k] * x[4 * i + j]);
    double factor = fm__sum_value(&dot) / scale;
    for (size_t i = k; i < s->n; i++)
      x[4 * i + j] -= factor * x[4 * i + k];
  }
  x[4 * k + k] = diagonal;
}

/* Solves for the coefficients; false when the columns are as good as dependent. */
static bool solve(double out[N_COEFFICIENTS], system *s)
{
  const double least = 1e-10; /* of a column's length that must be left once the columns before it are taken out */
  double lengths[N_COEFFICIENTS];
  for (int32_t k = 0; k < N_COEFFICIENTS; k++)
    lengths[k] = column_norm(s, 0, k);
  for (size_t k = 0; k < N_COEFFICIENTS; k++) {
    double norm = column_norm(s, k, (int32_t)k);
    if (!(norm > least * lengths[k]))
      return false;
    reflect(s, k, norm);
  }
  for (size_t k = N_COEFFICIENTS; k-- > 0;) {
    double right = s->x[4 * k + 3];
    for (size_t j = k + 1; j < N_COEFFICIENTS; j++)
      right -= s->x[4 * k + j] * out[j];
    out[k] = right / s->x[4 * k + k];
  }
  return isfinite(out[0]) && isfinite(out[1]) && isfinite(out[2]);
}

/* The regression's row for one point. */
static void quadratic_row(double row[4], double p, double l)
{
  row[0] = p * p - l;
  row[1] = l * (p - 1);
  row[2] = p - l;
  row[3] = l * (1 - l);
}

static void beta_row(double row[4], double p, double l)
{
  row[0] = 1;
  row[1] = fm__log(p);
  row[2] = fm__log1p(-p);
  row[3] = fm__log(p - l); /* not finite where the curve touches the diagonal: then there is no fit */
}

static void regression_sse(fm__lorenz_curve *c, const fm__lorenz_points *points,
                           void (*row_of)(double *, double, double), const double b[N_COEFFICIENTS])
{
  fm__sum sse = {0};
  double row[4];
  for (size_t i = 0; i + 1 < points->n; i++) {
    row_of(row, points->p[i], points->l[i]);
    double rest = row[3] - (row[0] * b[0] + row[1] * b[1] + row[2] * b[2]);
    fm__sum_add(&sse, rest * rest);
  }
  c->fit_sse = fm__sum_value(&sse);
}

/* Datt (1998), section 4: the piece of the conic is a Lorenz curve. A + C >= 0.9 is the World Bank's allowance. */
static void test_quadratic(fm__lorenz_curve *c)
{
  double m = c->m, n = c->n, bound = n * n / (4 * c->e * c->e);
  bool shape = m < 0 || (m > 0 && m < bound && (n >= 0 || m < -n / 2));
  c->normal = c->r2 >= 0 && c->e <= 0 && c->c >= 0 && shape;
  c->valid = c->normal && c->a + c->c >= 0.9;
}

/* The grids of the World Bank's code: two points for the slope, twenty for the curvature. */
static void test_beta(fm__lorenz_curve *c)
{
  c->valid = true;
  for (int32_t k = 0; k < 2; k++) {
    double p = 0.001 + 0.05 * k;
    c->valid = c->valid && fm__lorenz_slope(c, p, 1 - p) >= 0;
  }
  for (int32_t k = 0; k < 20; k++) {
    double p = 0.001 + 0.05 * k;
    c->valid = c->valid && fm__lorenz_curvature(c, p, 1 - p) >= 0;
  }
}

double fm__lorenz_sse_to(const fm__lorenz_curve *c, const fm__lorenz_points *points, double headcount)
{
  fm__sum sse = {0};
  for (size_t i = 0, last = 0; i <= last && i < points->n; i++) {
    double rest = points->l[i] - fm__lorenz_at(c, points->p[i]);
    fm__sum_add(&sse, rest * rest);
    if (points->p[i] < headcount)
      last = i + 1;
  }
  return fm__sum_value(&sse);
}

static void finish(fm__lorenz_curve *c, const fm__lorenz_points *points, const double b[N_COEFFICIENTS])
{
  bool beta = c->kind == FM_INCOME_CURVE_BETA;
  c->fitted = true;
  c->a = beta ? fm__exp(b[0]) : b[0];
  c->b = b[1];
  c->c = b[2];
  c->e = -(c->a + c->b + c->c + 1);
  c->m = c->b * c->b - 4 * c->a;
  c->n = 2 * c->b * c->e - 4 * c->c;
  c->r2 = c->n * c->n - 4 * c->m * c->e * c->e;
  (beta ? test_beta : test_quadratic)(c);
  regression_sse(c, points, beta ? beta_row : quadratic_row, b);
  fm__sum sse = {0};
  for (size_t i = 0; i + 1 < points->n; i++) {
    double rest = points->l[i] - fm__lorenz_at(c, points->p[i]);
    fm__sum_add(&sse, rest * rest);
  }
  c->sse = fm__sum_value(&sse);
}

fm_status fm__lorenz_fit(fm__lorenz_curve *out, const fm__lorenz_points *points, int32_t kind, fm_error *err)
{
  *out = (fm__lorenz_curve){.kind = kind};
  system s = {fm__array(points->n, 4 * sizeof *s.x), points->n - 1};
  if (s.x == NULL)
    return fm__no_memory(err);
  bool finite = true;
  double b[N_COEFFICIENTS];
  for (size_t i = 0; i < s.n; i++) {
    double *row = s.x + 4 * i;
    (kind == FM_INCOME_CURVE_BETA ? beta_row : quadratic_row)(row, points->p[i], points->l[i]);
    finite = finite && isfinite(row[2]) && isfinite(row[3]);
  }
  if (finite && solve(b, &s))
    finish(out, points, b);
  fm__free(s.x);
  return FM_OK;
}
