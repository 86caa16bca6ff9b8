/* Lorenz curves fitted to grouped incomes: the points, the two curves, and the figures of one curve in both modes. */
#ifndef FM_INCOME_LORENZ_PRIV_H
#define FM_INCOME_LORENZ_PRIV_H

#include <math.h>

#include "flexmetrics/income_grouped.h"
#include "num/num_priv.h"

/* Points (p, l) of a checked Lorenz curve, rising; the last is (1, 1) and the origin is not among them. */
typedef struct fm__lorenz_points {
  size_t n;
  double *p, *l;
  double mean; /* NaN: not known */
} fm__lorenz_points;
/* Creates the points; on failure nothing is left and err has the row. */
fm_status fm__lorenz_points_create(fm__lorenz_points *out, const double *people, const double *income, size_t n,
                                   const fm_income_lorenz_spec *spec, fm_error *err);
void fm__lorenz_points_free(fm__lorenz_points *points);

typedef struct fm__lorenz_curve {
  int32_t kind;   /* FM_INCOME_CURVE_QUADRATIC or FM_INCOME_CURVE_BETA */
  bool fitted;    /* false: the points do not determine it */
  bool valid;     /* passes the tests for inequality */
  bool normal;    /* General Quadratic: a piece of an ellipse or hyperbola that can be a Lorenz curve */
  double a, b, c; /* coefficients */
  double e, m, n; /* General Quadratic: L = -(bp + e + sqrt(mp^2 + np + e^2)) / 2 */
  double r2;      /* n^2 - 4 m e^2 */
  double sse;     /* of the ordinates */
  double fit_sse; /* of the regression */
} fm__lorenz_curve;
/* Fits one curve by least squares and tests it. FM_ERR_MEMORY only. */
fm_status fm__lorenz_fit(fm__lorenz_curve *out, const fm__lorenz_points *points, int32_t kind, fm_error *err);
/* Residual sum of squares up to the headcount: the points below it and the next one. */
double fm__lorenz_sse_to(const fm__lorenz_curve *c, const fm__lorenz_points *points, double headcount);

/* ---- one curve; q = 1 - p, each as known best ---- */
double fm__lorenz_at(const fm__lorenz_curve *c, double p);
double fm__lorenz_slope(const fm__lorenz_curve *c, double p, double q);
double fm__lorenz_curvature(const fm__lorenz_curve *c, double p, double q);

/* Poverty at a line z; NaN: undefined. The headcount is NaN where the curve has none. */
typedef struct fm__lorenz_poor {
  double headcount, gap, severity, watts;
} fm__lorenz_poor;
/* What differs by the mode. `z` is the line over the mean. NaN: undefined. */
typedef struct fm__lorenz_mode {
  double (*gini)(const fm__lorenz_curve *c);
  double (*mld)(const fm__lorenz_curve *c);
  double (*theil)(const fm__lorenz_curve *c);
  double (*headcount)(const fm__lorenz_curve *c, double z);
  void (*poor)(fm__lorenz_poor *out, const fm__lorenz_curve *c, double z); /* all of it */
} fm__lorenz_mode;
extern const fm__lorenz_mode fm__lorenz_exact, fm__lorenz_pip;
/* Share of people, from the poorest on, up to which the slope is negative: 0 for none, NaN when it is so to the end. */
double fm__lorenz_slope_zero(const fm__lorenz_curve *c);

/* The curve of that kind, whatever its tests say. */
const fm__lorenz_curve *fm__lorenz_curve_of(const fm_income_lorenz *l, int32_t kind);
/* Takes and checks a spec; NULL: defaults. */
fm_status fm__lorenz_spec_take(fm_income_lorenz_spec *out, const fm_income_lorenz_spec *spec, fm_error *err);

/* Integral of f(p, q) over 0 < p < high (rest = 1 - high), with integrable singularities at both ends allowed. */
typedef double (*fm__lorenz_integrand)(double p, double q, const void *context);
double fm__lorenz_integral(fm__lorenz_integrand f, const void *context, double high, double rest);

#endif
