/* The numerical steps of the World Bank's code for grouped data (wbpip 0.0.2.9000, MIT), for figures that agree with
 * published ones to their digits. What these steps get wrong is listed in docs/methods/income_grouped.md. */
#include "income/grouped/lorenz_priv.h"

/* Slope by the forms used there; at the ends of a Beta curve the limits. */
static double slope(const fm__lorenz_curve *c, double x)
{
  if (c->kind == FM_INCOME_CURVE_QUADRATIC) {
    double d = (c->m * x + c->n) * x + c->e * c->e;
    return -c->b / 2 - (2 * c->m * x + c->n) / (4 * sqrt(d > 0 ? d : 0));
  }
  if (x == 0)
    return c->b == 1 ? 1 - c->a : c->b > 1 ? 1 : -INFINITY;
  return 1 - c->a * fm__pow(x, c->b) * fm__pow(1 - x, c->c) * (c->b / x - c->c / (1 - x));
}

/* ---- inequality; the closed forms for the General Quadratic are exact, and so the exact figures serve ---- */

static double gini(const fm__lorenz_curve *c)
{
  if (c->kind == FM_INCOME_CURVE_QUADRATIC)
    return fm__lorenz_exact.gini(c);
  fm__sum sum = {0};
  for (int32_t i = 1; i < 500; i++) { /* Simpson's rule without its first term */
    double x = i * 0.002 + 0.001;
    fm__sum_add(&sum, 4 * fm__lorenz_at(c, x) + 2 * fm__lorenz_at(c, x + 0.001));
  }
  return 1 - (fm__sum_value(&sum) - 1) / 1500;
}

/* Sum of trapezia of log slope over `n` steps, beside a first step counted by its middle. Steps with a slope of 0 or
 * less are left out; NaN when more than `most` of them stand together. */
static double log_steps(const fm__lorenz_curve *c, double step, int32_t n, double end, double most)
{
  double middle = slope(c, step / 2), gap = middle > 0 ? 0 : step / 2, sum = middle > 0 ? fm__log(middle) * step : 0;
  double x_1 = slope(c, 0);
  for (int32_t i = 0; i < n; i++) {
    double x_2 = slope(c, fmin(i * step, end) + step);
    if (x_1 > 0 && x_2 > 0) {
      gap = 0;
      sum += (fm__log(x_1) + fm__log(x_2)) * step * 0.5;
    } else {
      gap += step;
      if (gap > most)
        return NAN;
    }
    x_1 = x_2;
  }
  return sum;
}

static double mld(const fm__lorenz_curve *c)
{
  if (c->kind == FM_INCOME_CURVE_QUADRATIC && !c->normal)
    return NAN;
  return -log_steps(c, 0.001, 999, 0.998, 0.5);
}

/* ---- poverty ---- */

static double watts(const fm__lorenz_curve *c, double z, double headcount)
{
  if (!(headcount > 0))
    return 0;
  double step = headcount * (c->kind == FM_INCOME_CURVE_QUADRATIC ? 0.01 : 0.005), end = headcount - step;
  double sum = log_steps(c, step, (int32_t)floor(end / step + 1e-10) + 1, end, 0.05);
  if (sum == 0)
    return 0;
  double value = fm__log(z) * headcount - sum;
  return value > 0 ? value : NAN;
}

typedef struct step {
  double f, slope; /* of 1 - L' against 1 - z */
} step;

static step step_at(const fm__lorenz_curve *c, double z, double x)
{
  double v = c->a * fm__pow(x, c->b) * fm__pow(1 - x, c->c), d = c->b / x - c->c / (1 - x);
  return (step){v * d + z - 1, v * (d * d - c->b / (x * x) - c->c / ((1 - x) * (1 - x)))};
}

static double newton(const fm__lorenz_curve *c, double z)
{
  double root = 0.5;
  for (int32_t i = 0; i < 20; i++) {
    double x = root;
    step s = step_at(c, z, x);
    double dx = s.f / s.slope;
    root -= dx;
    if ((0 - root) * (root - 1) < 0)
      root = root < 0 ? 0.5 * (1 - x) : 0.5 * x;
    else if (fabs(dx) < 1e-4)
      return root;
  }
  return NAN;
}

/* Bisection to 1e-4: the slope of the function is never renewed and Newton's step never applied. */
static double bisection(const fm__lorenz_curve *c, double z)
{
  double from = 0.0001, to = 0.9999;
  step at_from = step_at(c, z, from), at_to = step_at(c, z, to);
  if (!(at_from.f * at_to.f < 0))
    return newton(c, z);
  double low = at_from.f < 0 ? from : to, high = at_from.f < 0 ? to : from, root = 0.5 * (from + to), temp = 0;
  double dx = fabs(to - from), dx_old = dx;
  step s = step_at(c, z, root);
  double slope_once = s.slope;
  for (int32_t i = 0; i < 100; i++) {
    double product = ((root - high) * slope_once - s.f) * ((root - low) * slope_once - s.f);
    if (product >= 0 || fabs(2 * s.f) > fabs(dx_old * slope_once)) {
      dx_old = dx;
      dx = 0.5 * (high - low);
      root = low + dx;
    } else {
      dx_old = dx;
      dx = s.f / slope_once;
      temp -= dx;
      if (temp == root)
        return root;
    }
    if (fabs(dx) < 1e-4)
      return root;
    s = step_at(c, z, root);
    if (s.f < 0)
      low = root;
    else
      high = root;
  }
  return NAN;
}

/* log Gamma to ten digits, and the incomplete beta integral to 3e-7, as in many books of the 1980s. */
static double log_gamma(double x)
{
  static const double series[] = {76.18009173, -86.50532033, 24.01409822, -1.231739516, 0.120858003e-2, -0.536382e-5};
  double t = x - 1 + 5.5, sum = 1;
  if (t <= 0)
    return NAN;
  for (int32_t i = 0; i < 6; i++)
    sum += series[i] / (x + i);
  return sum > 0 ? (x - 0.5) * fm__log(t) - t + fm__log(2.50662827465 * sum) : NAN;
}

static double fraction(double a, double b, double x)
{
  double am = 1, bm = 1, az = 1, bz = 1 - (a + b) * x / (a + 1);
  for (int32_t m = 1; m <= 100; m++) {
    double d = m * (b - m) * x / ((a - 1 + 2 * m) * (a + 2 * m)), ap = az + d * am, bp = bz + d * bm;
    d = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 1 + 2 * m));
    double app = ap + d * az, bpp = bp + d * bz, old = az;
    am = ap / bpp;
    bm = bp / bpp;
    az = app / bpp;
    bz = 1;
    if (fabs(az - old) < 3e-7 * fabs(az))
      break;
  }
  return az;
}

static double incomplete_beta(double a, double b, double x)
{
  double power = x == 0 || x == 1 ? 0 : fm__exp(a * fm__log(x) + b * fm__log(1 - x));
  if (x < (a + 1) / (a + b + 2))
    return power * fraction(a, b, x) / a;
  return fm__exp(log_gamma(a) + log_gamma(b) - log_gamma(a + b)) - power * fraction(b, a, 1 - x) / b;
}

static double headcount(const fm__lorenz_curve *c, double z)
{
  if (c->kind == FM_INCOME_CURVE_QUADRATIC)
    return fm__lorenz_exact.headcount(c, z);
  double h = c->fitted ? bisection(c, z) : NAN;
  bool known = h >= 0 && !isnan(incomplete_beta(2 * c->b - 1, 2 * c->c + 1, h)) &&
               !isnan(incomplete_beta(2 * c->b, 2 * c->c, h)) && !isnan(incomplete_beta(2 * c->b + 1, 2 * c->c - 1, h));
  return known ? h : NAN;
}

static void beta_poor(fm__lorenz_poor *out, const fm__lorenz_curve *c, double z)
{
  double h = out->headcount, u = 1 / z, u_1 = 1 - u, a = c->a, b = c->b, k = c->c;
  double gap = h - u * fm__lorenz_at(c, h);
  gap = h < gap ? h - 0.00001 : gap;
  gap = gap < 0 ? 0 : gap;
  double sum = b * b * incomplete_beta(2 * b - 1, 2 * k + 1, h) - 2 * b * k * incomplete_beta(2 * b, 2 * k, h) +
               k * k * incomplete_beta(2 * b + 1, 2 * k - 1, h);
  double severity = u_1 * (2 * gap - u_1 * h) + a * a * u * u * sum;
  severity = gap < severity ? gap - 0.00001 : severity;
  out->gap = gap;
  out->severity = severity < 0 ? 0 : severity;
}

static void poor(fm__lorenz_poor *out, const fm__lorenz_curve *c, double z)
{
  double h = headcount(c, z);
  *out = (fm__lorenz_poor){h, NAN, NAN, NAN};
  if (isnan(h))
    return;
  if (c->kind == FM_INCOME_CURVE_BETA)
    beta_poor(out, c, z);
  else if (h == 1) /* a headcount above 1 is replaced there by these three numbers */
    *out = (fm__lorenz_poor){0.99999, 0.99998, 0.99997, NAN};
  else
    fm__lorenz_exact.poor(out, c, z);
  if (out->headcount == h)
    out->watts = watts(c, z, h);
}

static double theil(const fm__lorenz_curve *c)
{
  return fm__lorenz_exact.theil(c); /* not given there */
}

const fm__lorenz_mode fm__lorenz_pip = {gini, mld, theil, headcount, poor};
