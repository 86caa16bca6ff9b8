/* The incomplete beta function, from DLMF 8.17. */
#include <math.h>

#include "num/special_priv.h"

#define LEAST 1e-30 /* parameters below it are refused: the fraction stops converging well before 1e-300 */

/* x^a y^b / B(a, b). With s = a + b it is sqrt(ab / (2 pi s)) exp(-deviance + Stirling remainders), where the deviance
 * a log(a / (s x)) + b log(b / (s y)) is carried in two doubles because its parts cancel. */
static double prefix(double a, double b, fm__dd x, fm__dd y)
{
  fm__dd s = fm__dd_sum(a, b), da = {a, 0}, db = {b, 0};
  fm__dd t = fm__dd_times(da, fm__log_ratio(fm__dd_times(s, x), da));
  t = fm__dd_add(t, fm__dd_times(db, fm__log_ratio(fm__dd_times(s, y), db)));
  t = fm__dd_add(t, (fm__dd){fm__stirling(s.hi), 0});
  t = fm__dd_add(t, (fm__dd){-fm__stirling(a), 0});
  t = fm__dd_add(t, (fm__dd){-fm__stirling(b), 0});
  return FM__INVERSE_SQRT_2PI * sqrt(a) * sqrt(b / s.hi) * fm__dd_exp(t);
}

/* I_x(a, b) / prefix for x up to the mean: the even part of the continued fraction DLMF 8.17.22 (Didonato and Morris
 * 1992, equation 9), which has no cancelling steps there, by the modified Lentz method. */
static double fraction(double a, double b, double x, double y)
{
  double excess = a * y - b * x; /* not negative */
  double beta = a / (a + 1) * (excess + 1), d = 1 / beta, c = INFINITY, f = d;
  for (double n = 1; n <= FM__MOST_STEPS; n++) {
    double odd = a + 2 * n - 1;
    double alpha = (a + n - 1) / odd * ((a + b + n - 1) / odd) * n * (b - n) * x * x;
    beta = n + n * (b - n) * x / odd + (a + n) / (a + 2 * n + 1) * (excess + 1 + n * (1 + y));
    d = 1 / (beta + alpha * d);
    c = beta + alpha / c;
    double change = c * d;
    f *= change;
    if (!(fabs(change - 1) >= 0x1p-52)) /* NaN too */
      return f;
  }
  return NAN;
}

fm__tails fm__beta_tails(double a, double b, double x, double y)
{
  if (!(a >= LEAST && a < INFINITY && b >= LEAST && b < INFINITY && x >= 0 && y >= 0 && x <= 1 && y <= 1))
    return (fm__tails){NAN, NAN, 0};
  if (x == 0)
    return (fm__tails){0, 1, 0};
  if (y == 0)
    return (fm__tails){1, 0, 0};
  /* the smaller of x and y is taken as exact, and the other as what it leaves */
  fm__dd dx = {x, 0}, dy = {y, 0};
  if (x <= y)
    dy = fm__dd_sum(1, -x);
  else
    dx = fm__dd_sum(1, -y);
  fm__tails t = {0, 0, prefix(a, b, dx, dy)};
  bool below = a * dy.hi >= b * dx.hi;
  double tail = 0;
  if (t.slope > 0)
    tail = t.slope * (below ? fraction(a, b, dx.hi, dy.hi) : fraction(b, a, dy.hi, dx.hi));
  tail = tail > 1 ? 1 : tail;
  t.lower = below ? tail : 1 - tail;
  t.upper = below ? 1 - tail : tail;
  return t;
}

double fm__beta_lower(double a, double b, double x, double y)
{
  return fm__beta_tails(a, b, x, y).lower;
}
