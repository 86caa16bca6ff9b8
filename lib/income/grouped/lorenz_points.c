/* From a table of groups to checked points of a Lorenz curve. */
#include <stdio.h>

#include "income/grouped/lorenz_priv.h"

void fm__lorenz_points_free(fm__lorenz_points *points)
{
  fm__free(points->p);
  fm__free(points->l);
  *points = (fm__lorenz_points){0};
}

/* The caller's arrays; row 0 of `people` and `income` is row `first` of the caller's. */
typedef struct given {
  const double *people, *income;
  size_t n, first;
  const fm_income_lorenz_spec *spec;
} given;

static fm_status bad(const given *g, const char *column, size_t row, const char *expected, fm_error *err)
{
  fm__fail(err, FM_ERR_VALUE, "%s, row %zu: expected %s", column, row + g->first, expected);
  fm__error_place(err, NULL, column, -1, (int64_t)(row + g->first), -1);
  return FM_ERR_VALUE;
}

/* What can be said of each cell by itself. */
static fm_status check_cells(const given *g, fm_error *err)
{
  bool means = g->spec->input == FM_INCOME_GROUPED_MEANS;
  for (size_t i = 0; i < g->n; i++) {
    if (!isfinite(g->people[i]) || !(g->people[i] > 0))
      return bad(g, "people", i, means ? "a number of people above 0" : "a share of people above 0", err);
    if (!isfinite(g->income[i]) || !(g->income[i] >= 0))
      return bad(g, "income", i, "a finite number of at least 0", err);
  }
  return FM_OK;
}

/* Rounding in a difference of two shares is at most an ulp of 1; a slope may fall by no more than that. */
static bool falls(double dp_0, double dl_0, double dp_1, double dl_1)
{
  const double ulp = 0x1p-52;
  return dl_1 * dp_0 < dl_0 * dp_1 - 4 * ulp * (dp_0 + dp_1 + dl_0 + dl_1);
}

static fm_status check_cumulated(const given *g, const double *p, const double *l, fm_error *err)
{
  for (size_t i = 0; i < g->n; i++) {
    double p_0 = i > 0 ? p[i - 1] : 0, l_0 = i > 0 ? l[i - 1] : 0;
    if (!(p[i] > p_0))
      return bad(g, "people", i, "a cumulated share above that of the row before", err);
    if (!(l[i] >= l_0))
      return bad(g, "income", i, "a cumulated share of at least that of the row before", err);
    if (l[i] > p[i] + 0x1p-50)
      return bad(g, "income", i, "a curve on or below the diagonal: no larger a share of income than of people", err);
    if (i > 0) {
      double p_1 = i > 1 ? p[i - 2] : 0, l_1 = i > 1 ? l[i - 2] : 0;
      if (falls(p_0 - p_1, l_0 - l_1, p[i] - p_0, l[i] - l_0))
        return bad(g, "income", i, "a convex curve: income per head no less than in the row before", err);
    }
  }
  return FM_OK;
}

static fm_status check_rising(const given *g, fm_error *err)
{
  const double slack = 1 - 0x1p-50, *people = g->people, *income = g->income;
  bool means = g->spec->input == FM_INCOME_GROUPED_MEANS;
  for (size_t i = 1; i < g->n; i++)
    if (means ? income[i] < income[i - 1] : income[i] / people[i] < income[i - 1] / people[i - 1] * slack)
      return bad(g, "income", i, "income per head no less than in the row before", err);
  return FM_OK;
}

static fm_status check_end(const given *g, const char *column, double end, fm_error *err)
{
  double whole = g->spec->percent == 1 ? 100 : 1;
  if (fabs(end - whole) <= g->spec->tolerance * whole)
    return FM_OK;
  char found[32], expected[160];
  fm__print_f64(found, end);
  snprintf(expected, sizeof expected, "%s %s, found %s%s",
           g->spec->input == FM_INCOME_GROUPED_SHARES ? "shares that sum to" : "cumulated shares that end at",
           whole > 1 ? "100" : "1", found,
           whole == 1 && fabs(end - 100) < 1 ? "; say so when shares are per cent" : "");
  return bad(g, column, g->n - 1, expected, err);
}

static fm_status from_cumulative(fm__lorenz_points *out, const given *g, fm_error *err)
{
  size_t n = g->n;
  fm_status status = check_end(g, "people", g->people[n - 1], err);
  if (status == FM_OK)
    status = check_end(g, "income", g->income[n - 1], err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    out->p[i] = g->people[i] / g->people[n - 1];
    out->l[i] = g->income[i] / g->income[n - 1];
  }
  return status == FM_OK ? check_cumulated(g, out->p, out->l, err) : status;
}

/* Powers of two around 1 keep sums and products of large or small numbers in range without changing a bit. */
static int32_t exponent_of(const double *x, size_t n)
{
  double most = 0;
  int exponent = 0;
  for (size_t i = 0; i < n; i++)
    most = fmax(most, x[i]);
  frexp(most, &exponent);
  return exponent;
}

static fm_status from_groups(fm__lorenz_points *out, const given *g, fm_error *err)
{
  bool means = g->spec->input == FM_INCOME_GROUPED_MEANS;
  size_t n = g->n;
  int32_t unit_p = exponent_of(g->people, n), unit_l = exponent_of(g->income, n);
  fm__sum sum_p = {0}, sum_l = {0};
  fm_status status = check_rising(g, err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    double p = ldexp(g->people[i], -unit_p), l = ldexp(g->income[i], -unit_l);
    fm__sum_add(&sum_p, p);
    fm__sum_add(&sum_l, means ? p * l : l);
    out->p[i] = fm__sum_value(&sum_p);
    out->l[i] = fm__sum_value(&sum_l);
  }
  if (status != FM_OK)
    return status;
  double all_p = out->p[n - 1], all_l = out->l[n - 1];
  if (!(all_l > 0))
    return bad(g, "income", n - 1, "some income", err);
  if (!means)
    status = check_end(g, "people", ldexp(all_p, unit_p), err);
  if (!means && status == FM_OK)
    status = check_end(g, "income", ldexp(all_l, unit_l), err);
  if (means && isnan(out->mean))
    out->mean = ldexp(all_l / all_p, unit_l);
  for (size_t i = 0; i < n; i++) {
    out->p[i] /= all_p;
    out->l[i] /= all_l;
  }
  return status;
}

fm_status fm__lorenz_points_create(fm__lorenz_points *out, const double *people, const double *income, size_t n,
                                   const fm_income_lorenz_spec *spec, fm_error *err)
{
  enum { LEAST = 4 }; /* three coefficients, and the last point is the same for every curve */
  bool cumulative = spec->input == FM_INCOME_GROUPED_CUMULATIVE;
  size_t first = cumulative && n > 0 && people[0] == 0 && income[0] == 0 ? 1 : 0;
  *out = (fm__lorenz_points){.mean = spec->mean};
  if (n < LEAST + first)
    return fm__fail(err, FM_ERR_VALUE, "expected at least %d groups, found %zu", (int)LEAST, n - first);
  given g = {people + first, income + first, n - first, first, spec};
  out->n = g.n;
  out->p = fm__array(g.n, sizeof *out->p);
  out->l = fm__array(g.n, sizeof *out->l);
  fm_status status = out->p != NULL && out->l != NULL ? FM_OK : fm__no_memory(err);
  if (status == FM_OK)
    status = check_cells(&g, err);
  if (status == FM_OK)
    status = (cumulative ? from_cumulative : from_groups)(out, &g, err);
  if (status != FM_OK)
    fm__lorenz_points_free(out);
  return status;
}
