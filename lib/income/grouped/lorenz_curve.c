/* One fitted curve: ordinate, slope, curvature, and its figures to full precision. */
#include "income/grouped/lorenz_priv.h"

/* ---- the curves ---- */

/* m p^2 + n p + e^2, from the end of [0, 1] that is nearer; at p = 1 it is (a + c - 1)^2. */
static double under_root(const fm__lorenz_curve *c, double p, double q)
{
  double end = c->a + c->c - 1;
  double d = p <= 0.5 ? (c->m * p + c->n) * p + c->e * c->e : end * end - q * (2 * c->m + c->n - c->m * q);
  return d > 0 ? d : 0;
}

/* The chord form p (a p + c) 2 / (root - b p - e) loses no digits near the origin, where the solved form does. */
static double quadratic_at(const fm__lorenz_curve *c, double p)
{
  if (p <= 0)
    return 0;
  return 2 * p * (c->a * p + c->c) / (sqrt(under_root(c, p, 1 - p)) - c->b * p - c->e);
}

double fm__lorenz_at(const fm__lorenz_curve *c, double p)
{
  if (c->kind == FM_INCOME_CURVE_QUADRATIC)
    return quadratic_at(c, p);
  return p <= 0 ? 0 : p >= 1 ? 1 : p - c->a * fm__pow(p, c->b) * fm__pow(1 - p, c->c);
}

double fm__lorenz_slope(const fm__lorenz_curve *c, double p, double q)
{
  if (c->kind == FM_INCOME_CURVE_QUADRATIC)
    return -c->b / 2 - (2 * c->m * p + c->n) / (4 * sqrt(under_root(c, p, q)));
  return 1 - c->a * fm__pow(p, c->b - 1) * fm__pow(q, c->c - 1) * (c->b * q - c->c * p);
}

double fm__lorenz_curvature(const fm__lorenz_curve *c, double p, double q)
{
  if (c->kind == FM_INCOME_CURVE_QUADRATIC) {
    double d = under_root(c, p, q);
    return c->r2 / (8 * d * sqrt(d));
  }
  double parts = c->b * (1 - c->b) * q * q + 2 * c->b * c->c * p * q + c->c * (1 - c->c) * p * p;
  return c->a * fm__pow(p, c->b - 2) * fm__pow(q, c->c - 2) * parts;
}

/* ---- quadrature: tanh-sinh (Takahasi and Mori 1974), halving the step until two levels agree ---- */

enum { HIGHEST_LEVEL = 9 };

/* Adds the terms at x = first, first + step, ... and their mirror images to the sum. */
static void add_nodes(fm__sum *sum, double first, double step, fm__lorenz_integrand f, const void *context, double high,
                      double rest)
{
  const double end = 6.1; /* beyond it shares are below the smallest double */
  for (int32_t k = 0; first + k * step < end; k++) {
    double x = first + k * step, grow = fm__exp(x), cosh = (grow + 1 / grow) / 2, sinh = (grow - 1 / grow) / 2;
    double small = fm__exp(-0x1.921fb54442d18p+1 * sinh), low = small / (1 + small), up = 1 / (1 + small);
    double weight = 0x1.921fb54442d18p+1 * cosh * low * up; /* pi */
    if (!(low > 0) || !(weight > 0))
      return;
    double term = weight * f(high * up, rest + high * low, context);
    if (x > 0)
      term += weight * f(high * low, rest + high * up, context);
    fm__sum_add(sum, term);
  }
}

double fm__lorenz_integral(fm__lorenz_integrand f, const void *context, double high, double rest)
{
  fm__sum sum = {0};
  double before = NAN, now = NAN, step = 0.5;
  add_nodes(&sum, 0, step, f, context, high, rest);
  for (int32_t level = 1; level <= HIGHEST_LEVEL; level++) {
    step /= 2;
    add_nodes(&sum, step, 2 * step, f, context, high, rest);
    before = now;
    now = step * fm__sum_value(&sum);
    if (fabs(now - before) <= 1e-12 * fabs(now)) /* each halving squares the error */
      break;
  }
  return high * now;
}

/* ---- roots ---- */

/* The p with slope z, between low and high, where the slope rises from below z to above; Newton's steps inside a
 * bracket that shrinks by halves, of the logarithm while its ends are far apart. */
static double slope_root(const fm__lorenz_curve *c, double z, double low, double high)
{
  double p = low > 0 ? 0.5 * (low + high) : sqrt(0x1p-1000 * high);
  for (int32_t k = 0; k < 300; k++) {
    double above = fm__lorenz_slope(c, p, 1 - p) - z, next = p - above / fm__lorenz_curvature(c, p, 1 - p);
    if (above == 0 || fabs(next - p) <= 0x1p-52 * p)
      return p;
    if (above < 0)
      low = p;
    else
      high = p;
    if (!(next > low && next < high) || k % 3 == 2) {
      double from = low > 0 ? low : 0x1p-1000;
      next = high > 4 * from ? sqrt(from * high) : 0.5 * (low + high);
    }
    if (next <= low || next >= high)
      return next;
    p = next;
  }
  return p;
}

/* A Beta curve is convex up to the share given here: where its curvature turns, or 1; NaN when it is not so at 0. A fit
 * of b = 1 may come out above it by rounding. */
static double convex_to(const fm__lorenz_curve *c)
{
  if (!(c->b > 0 && c->b <= 1 + 0x1p-40 && c->c > 0))
    return NAN;
  if (c->c <= 1)
    return 1;
  /* b (1 - b) t^2 + 2 b c t - c (c - 1) = 0 with t = q / p */
  double square = c->b * fmax(1 - c->b, 0), half = c->b * c->c, rest = c->c * (c->c - 1);
  double t = rest / (half + sqrt(half * half + square * rest));
  return 1 / (1 + t);
}

/* Share with a slope below z. */
static double headcount(const fm__lorenz_curve *c, double z)
{
  if (c->kind == FM_INCOME_CURVE_QUADRATIC) {
    if (!c->normal)
      return NAN;
    if (!(fm__lorenz_slope(c, 0, 1) < z))
      return 0;
    return fm__lorenz_slope(c, 1, 0) > z ? slope_root(c, z, 0, 1) : 1;
  }
  double to = convex_to(c);
  if (isnan(to) || !c->fitted)
    return NAN;
  if (fm__lorenz_slope(c, 0x1p-1000, 1) >= z) /* below any share of people there are */
    return 0;
  if (c->c == 1 && 1 + c->a <= z)
    return 1;
  return to == 1 || fm__lorenz_slope(c, to, 1 - to) > z ? slope_root(c, z, 0, to) : NAN;
}

double fm__lorenz_slope_zero(const fm__lorenz_curve *c)
{
  if (c->kind == FM_INCOME_CURVE_QUADRATIC)
    return c->normal ? 0 : NAN; /* the slope at the origin is c / |e|, and it rises */
  return headcount(c, 0);
}

/* Logarithms of the slope exist: nowhere on (0, 1) is it 0 or negative. */
static bool slope_is_positive(const fm__lorenz_curve *c)
{
  return fm__lorenz_slope_zero(c) == 0;
}

/* ---- figures ---- */

static double ordinate(double p, double q, const void *context)
{
  (void)q;
  return fm__lorenz_at(context, p);
}

/* General Quadratic by quadrature: its closed form divides by m, and the other by a power of m, which may be near 0. */
static double gini(const fm__lorenz_curve *c)
{
  if (c->kind == FM_INCOME_CURVE_QUADRATIC)
    return c->normal ? 1 - 2 * fm__lorenz_integral(ordinate, c, 1, 0) : NAN;
  if (!(c->b > -1 && c->c > -1))
    return NAN;
  return 2 * c->a * fm__exp(fm__lgamma(c->b + 1) + fm__lgamma(c->c + 1) - fm__lgamma(c->b + c->c + 2));
}

static double log_slope(double p, double q, const void *context)
{
  return fm__log(fm__lorenz_slope(context, p, q));
}

static double slope_log_slope(double p, double q, const void *context)
{
  double slope = fm__lorenz_slope(context, p, q);
  return slope * fm__log(slope);
}

static double mld(const fm__lorenz_curve *c)
{
  return slope_is_positive(c) ? -fm__lorenz_integral(log_slope, c, 1, 0) : NAN;
}

/* A quadratic curve with a + c < 1 ends below 1: the rest is the income of nobody, and infinite per head. */
static double theil(const fm__lorenz_curve *c)
{
  if (c->kind == FM_INCOME_CURVE_QUADRATIC && c->a + c->c < 1 - 1e-12)
    return NAN;
  return slope_is_positive(c) ? fm__lorenz_integral(slope_log_slope, c, 1, 0) : NAN;
}

typedef struct below {
  const fm__lorenz_curve *c;
  double z, high, rest, power;
} below;

static double squared_gap(double p, double q, const void *context)
{
  const below *b = context;
  double gap = 1 - fm__lorenz_slope(b->c, p, q) / b->z;
  return gap * gap;
}

static double log_gap(double p, double q, const void *context)
{
  const below *b = context;
  return fm__log(b->z / fm__lorenz_slope(b->c, p, q));
}

/* With p = high t^(1 / power) the singularity p^(power - 1) of the squared slope at 0 is gone. */
static double squared_excess(double t, double u, const void *context)
{
  const below *b = context;
  const fm__lorenz_curve *c = b->c;
  double log_root = (u < 0.5 ? fm__log1p(-u) : fm__log(t)) / b->power;
  double p = b->high * fm__exp(log_root), q = b->rest - b->high * fm__expm1(log_root);
  double excess = c->b * q - c->c * p;
  return fm__pow(q, 2 * c->c - 2) * excess * excess;
}

/* Mean of ((z - x) / z)^2 below the line, x the slope. For a Beta curve 1 - L' = k (1 - p)^(c-1) p^(b-1) ..., whose
 * square has a finite integral only for b > 1/2; the rest of the square is known from the gap. */
static double severity(const below *b, double gap)
{
  const fm__lorenz_curve *c = b->c;
  if (c->kind == FM_INCOME_CURVE_QUADRATIC)
    return fm__lorenz_integral(squared_gap, b, b->high, b->rest);
  if (!(b->power > 0))
    return NAN;
  double beyond = 1 - 1 / b->z, weight = c->a / b->z * (c->a / b->z) * fm__pow(b->high, b->power) / b->power;
  return beyond * (2 * gap - beyond * b->high) + weight * fm__lorenz_integral(squared_excess, b, 1, 0);
}

static void poor(fm__lorenz_poor *out, const fm__lorenz_curve *c, double z)
{
  double h = headcount(c, z);
  *out = (fm__lorenz_poor){.headcount = h, .gap = NAN, .severity = NAN, .watts = NAN};
  if (h == 0)
    out->gap = out->severity = out->watts = 0;
  if (!(h > 0))
    return;
  below b = {c, z, h, 1 - h, 2 * c->b - 1};
  out->gap = h - fm__lorenz_at(c, h) / z;
  out->severity = severity(&b, out->gap);
  if (slope_is_positive(c))
    out->watts = fm__lorenz_integral(log_gap, &b, h, 1 - h);
}

const fm__lorenz_mode fm__lorenz_exact = {gini, mld, theil, headcount, poor};
