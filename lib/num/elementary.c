/* Elementary functions, the same bits everywhere. log, log1p, exp, expm1 and pow are within 0.52 units in the last
 * place: argument reduction by tables, then a short series whose leading terms are carried in two doubles. */
#include <math.h>
#include <string.h>

#include "num/elementary_table.h"
#include "num/special_priv.h"

static double from_bits(uint64_t bits)
{
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static uint64_t to_bits(double x)
{
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

static double power_of_two(int32_t k) /* -1022 <= k <= 1023 */
{
  return from_bits((uint64_t)(k + 1023) << 52);
}

double fm__scale(double x, int32_t k)
{
  if (k > 1023)
    return x * power_of_two(1023) * power_of_two(k - 1023);
  if (k < -1022)
    return x * power_of_two(k + 200) * power_of_two(-200); /* only the last step may round */
  return x * power_of_two(k);
}

/* x = 2^k z with z near 1; c z = 1 + r exactly, |r| <= 2^-7; log x = k log 2 - log c + log(1 + r). */
fm__dd fm__dd_log(fm__dd x)
{
  int32_t k = 0;
  if (x.hi < 0x1p-1000) {
    x.hi *= 0x1p+200;
    x.lo *= 0x1p+200;
    k = -200;
  }
  uint64_t bits = to_bits(x.hi);
  uint32_t i = (uint32_t)(bits >> 45 & 127);
  bool upper = i >= 53;
  int32_t e = (int32_t)(bits >> 52) - 1023 + (upper ? 1 : 0);
  k += e;
  double z = from_bits((bits & ((UINT64_C(1) << 52) - 1)) | (upper ? UINT64_C(1022) : UINT64_C(1023)) << 52);
  double z_high = from_bits(to_bits(z) & ~UINT64_C(0x1FFFFF));
  const double *row = log_table[i];
  fm__dd r = fm__dd_sum(z_high * row[0] - 1, (z - z_high) * row[0]);
  if (x.lo != 0)
    r.lo += fm__scale(x.lo, -e) * row[0];
  /* log(1+r) = r - r^2/2 + r^3/3 - ... : the first two terms in two parts */
  fm__dd square = fm__dd_product(r.hi, r.hi);
  double t = r.hi;
  double series =
      1.0 / 3 +
      t * (-1.0 / 4 +
           t * (1.0 / 5 + t * (-1.0 / 6 + t * (1.0 / 7 + t * (-1.0 / 8 + t * (1.0 / 9 + t * (-1.0 / 10 + t / 11)))))));
  fm__dd head = fm__dd_sum((double)k * LN2_HIGH + row[1], r.hi);
  fm__dd sum = fm__dd_sum(head.hi, -0.5 * square.hi);
  double rest = sum.lo + head.lo + (r.lo - r.hi * r.lo) - 0.5 * square.lo + t * square.hi * series;
  return fm__dd_fast_sum(sum.hi, rest + ((double)k * LN2_LOW + row[2]));
}

/* exp(x) = 2^k (m.hi + m.lo), for |x| <= 800. */
static fm__dd exp_parts(fm__dd x, int32_t *k)
{
  double n = floor(x.hi * (64 / LN2_HIGH) + 0.5);
  fm__dd r = fm__dd_sum(x.hi - n * STEP_HIGH, x.lo - n * STEP_LOW);
  int32_t whole = (int32_t)n, i = whole & 63;
  *k = (whole - i) / 64;
  double t = r.hi, high = exp_table[i][0];
  double rest =
      r.lo * (1 + t) + t * t * (0.5 + t * (1.0 / 6 + t * (1.0 / 24 + t * (1.0 / 120 + t * (1.0 / 720 + t / 5040)))));
  fm__dd p = fm__dd_product(high, t);
  fm__dd s = fm__dd_fast_sum(high, p.hi);
  return fm__dd_fast_sum(s.hi, s.lo + (p.lo + (exp_table[i][1] * (1 + t) + high * rest)));
}

double fm__dd_exp(fm__dd x)
{
  if (isnan(x.hi))
    return x.hi;
  if (x.hi > 710)
    return INFINITY;
  if (x.hi < -746)
    return 0;
  int32_t k;
  fm__dd m = exp_parts(x, &k);
  return fm__scale(m.hi, k); /* m.hi is m rounded */
}

double fm__log(double x)
{
  if (x > 0 && x < INFINITY)
    return fm__dd_log((fm__dd){x, 0}).hi;
  return x == 0 ? -INFINITY : x > 0 ? x : NAN;
}

double fm__log1p(double x)
{
  if (fabs(x) < 0x1p-60)
    return x;
  if (x > -1 && x < INFINITY)
    return fm__dd_log(fm__dd_sum(1, x)).hi;
  return x == -1 ? -INFINITY : x > 0 ? x : NAN;
}

double fm__exp(double x)
{
  return fm__dd_exp((fm__dd){x, 0});
}

double fm__expm1(double x)
{
  if (x > 40)
    return fm__exp(x);
  if (x < -40)
    return -1;
  if (!(fabs(x) >= 0x1p-4)) { /* NaN too */
    double s = 1.0 / 39916800 + x / 479001600;
    s = 1.0 / 40320 + x * (1.0 / 362880 + x * (1.0 / 3628800 + x * s));
    s = 1.0 / 24 + x * (1.0 / 120 + x * (1.0 / 720 + x * (1.0 / 5040 + x * s)));
    return x + x * x * (0.5 + x * (1.0 / 6 + x * s));
  }
  int32_t k;
  fm__dd m = exp_parts((fm__dd){x, 0}, &k);
  fm__dd s = fm__dd_sum(fm__scale(m.hi, k), -1);
  return s.hi + (s.lo + fm__scale(m.lo, k));
}

static bool is_whole(double y)
{
  return y == floor(y);
}

static bool is_odd(double y) /* a whole number */
{
  return fabs(y) < 0x1p53 && floor(y / 2) * 2 != y;
}

/* x or y is zero, infinite or NaN, or x is negative: C11 F.9.4.4. */
static double pow_special(double x, double y)
{
  if (y == 0 || x == 1)
    return 1;
  if (isnan(x) || isnan(y))
    return x + y;
  if (isinf(y)) {
    double size = fabs(x);
    return size == 1 ? 1 : (size > 1) == (y > 0) ? INFINITY : 0;
  }
  bool odd = is_whole(y) && is_odd(y);
  if (x == 0 || isinf(x)) {
    double result = (x == 0) == (y > 0) ? 0 : INFINITY;
    return odd && signbit(x) ? -result : result;
  }
  if (!is_whole(y))
    return NAN;
  return odd ? -fm__pow(-x, y) : fm__pow(-x, y);
}

double fm__pow(double x, double y)
{
  if (!(x > 0 && x < INFINITY && fabs(y) < INFINITY) || y == 0)
    return pow_special(x, y);
  double limited = fabs(y) > 1e20 ? (y > 0 ? 1e20 : -1e20) : y; /* the result is 0, 1 or infinite then */
  fm__dd log_x = fm__dd_log((fm__dd){x, 0});
  fm__dd p = fm__dd_product(limited, log_x.hi);
  return fm__dd_exp(fm__dd_fast_sum(p.hi, p.lo + limited * log_x.lo));
}
