/* Doubles as decimal text: the shortest that reads back, and fixed decimals. All rounding is of the exact value. */
#include <math.h>
#include <string.h>

#include "num/decimal_priv.h"

/* |x| = (digits.rest) 10^(exponent - 16), with 17 digits before the point and the rest as one of four cases. */
typedef struct exact {
  uint64_t digits;
  int32_t exponent;
  enum { REST_ZERO, REST_LOW, REST_HALF, REST_HIGH } rest;
} exact;

static uint64_t split(double x, int32_t *exponent) /* |x| = m 2^exponent, x finite and not 0 */
{
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  uint64_t m = bits & ((UINT64_C(1) << 52) - 1);
  int32_t field = (int32_t)(bits >> 52 & 0x7FF);
  *exponent = (field == 0 ? 1 : field) - 1075;
  return field == 0 ? m : m | UINT64_C(1) << 52;
}

/* m 2^e 10^k split at the point; false when 128 bits cannot tell which case the rest is. */
static bool scale_by_product(exact *out, uint64_t m, int32_t e, int32_t k)
{
  if (k < -64 || k > 64)
    return false;
  uint64_t hi, lo;
  int32_t zeros = fm__leading_zeros(m);
  bool is_exact = fm__pow5_product(m << zeros, k, &hi, &lo);
  int32_t point = -(fm__pow5_log2(k) + k + 1 + e - zeros); /* bits of hi below the decimal point: 3 to 10 */
  uint64_t half = UINT64_C(1) << (point - 1), rest = hi & (2 * half - 1);
  out->digits = hi >> point;
  if (!is_exact && ((lo >= UINT64_MAX - 3 && (rest == half - 1 || rest == 2 * half - 1)) ||
                    (lo == 0 && (rest == 0 || rest == half))))
    return false;
  if (rest == 0 && lo == 0)
    out->rest = REST_ZERO;
  else if (rest == half && lo == 0)
    out->rest = REST_HALF;
  else
    out->rest = rest < half ? REST_LOW : REST_HIGH;
  return true;
}

static void scale_by_big(exact *out, uint64_t m, int32_t e, int32_t k)
{
  fm__big num, den;
  fm__big_set(&num, m);
  fm__big_set(&den, 1);
  fm__big_times_pow5(k >= 0 ? &num : &den, k >= 0 ? k : -k);
  fm__big_shift_left(e + k >= 0 ? &num : &den, e + k >= 0 ? e + k : -(e + k));
  out->digits = fm__big_divide(&num, &den);
  fm__big_shift_left(&num, 1);
  if (num.n == 0) {
    out->rest = REST_ZERO;
    return;
  }
  uint64_t twice = fm__big_divide(&num, &den);
  out->rest = twice == 0 ? REST_LOW : num.n == 0 ? REST_HALF : REST_HIGH;
}

static exact expand(double x)
{
  exact out;
  int32_t e, magnitude;
  uint64_t m = split(x, &e);
  int32_t top = e + 63 - fm__leading_zeros(m);               /* 2^top <= |x| < 2^(top+1) */
  magnitude = (top * 78913 + (400 << 18)) / (1 << 18) - 400; /* floor(top log10(2)): right, or one too small */
  for (;; magnitude++) {
    if (!scale_by_product(&out, m, e, 16 - magnitude))
      scale_by_big(&out, m, e, 16 - magnitude);
    if (out.digits < UINT64_C(100000000000000000))
      break;
  }
  out.exponent = magnitude;
  return out;
}

/* Rounds to n of 17 digits, ties to even (or always up); the digits dropped become zeros. May give 10^17. */
static uint64_t round_digits(const exact *v, int32_t n, bool up)
{
  uint64_t unit = 1;
  for (int32_t i = n; i < 17; i++)
    unit *= 10;
  uint64_t kept = v->digits / unit, dropped = v->digits % unit;
  if (up)
    return (kept + 1) * unit;
  bool above, tie;
  if (unit == 1) {
    above = v->rest == REST_HIGH;
    tie = v->rest == REST_HALF;
  } else {
    above = dropped > unit / 2 || (dropped == unit / 2 && v->rest != REST_ZERO);
    tie = dropped == unit / 2 && v->rest == REST_ZERO;
  }
  return (kept + (above || (tie && (kept & 1) != 0))) * unit;
}

static size_t write_digits(char *out, uint64_t value, size_t n) /* exactly n digits */
{
  for (size_t i = n; i > 0; i--) {
    out[i - 1] = (char)('0' + value % 10);
    value /= 10;
  }
  return n;
}

static size_t write_exponent(char *out, int32_t exponent)
{
  uint32_t size = (uint32_t)(exponent < 0 ? -exponent : exponent);
  out[0] = 'e';
  out[1] = exponent < 0 ? '-' : '+';
  return 2 + write_digits(out + 2, size, size >= 100 ? 3 : 2);
}

/* digits 10^(exponent-16), trailing zeros not shown: plain from 1e-4 to below 1e16, with exponent outside. */
static size_t layout(char *out, uint64_t digits, int32_t exponent)
{
  char text[17];
  size_t n = 17, at = 0;
  if (digits == UINT64_C(100000000000000000)) {
    digits /= 10;
    exponent++;
  }
  write_digits(text, digits, 17);
  while (n > 1 && text[n - 1] == '0')
    n--;
  bool plain = exponent >= -4 && exponent < 16;
  if (plain && exponent < 0) {
    memcpy(out, "0.0000", 6);
    at = (size_t)(1 - exponent);
    memcpy(out + at, text, n);
    return at + n;
  }
  size_t whole = plain ? (size_t)exponent + 1 : 1;
  for (; at < whole; at++)
    out[at] = at < n ? text[at] : '0';
  if (n > whole) {
    out[at++] = '.';
    memcpy(out + at, text + whole, n - whole);
    at += n - whole;
  }
  return plain ? at : at + write_exponent(out + at, exponent);
}

static size_t print_shortest(char *out, double x)
{
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  /* Below 15 digits the nearest decimal of 15 is the shortest, zeros apart; subnormal numbers have fewer. At a power
   * of two the gap below is half the gap above, so the next decimal above may read back where the nearest does not. */
  bool subnormal = bits >> 52 == 0, power_of_two = (bits & ((UINT64_C(1) << 52) - 1)) == 0;
  exact v = expand(x);
  for (int32_t n = subnormal ? 1 : 15; n < 17; n++)
    for (int up = 0; up <= (power_of_two ? 1 : 0); up++) {
      double back = 0;
      size_t length = layout(out, round_digits(&v, n, up != 0), v.exponent);
      if (fm__parse_f64(out, length, '.', &back) && back == x)
        return length;
    }
  return layout(out, round_digits(&v, 17, false), v.exponent);
}

static size_t print_special(char *out, double x)
{
  const char *text = isnan(x) ? "NaN" : x > 0 ? "Inf" : "-Inf";
  memcpy(out, text, strlen(text) + 1);
  return strlen(text);
}

static size_t count_digits(uint64_t value)
{
  size_t n = 1;
  for (; value >= 10; value /= 10)
    n++;
  return n;
}

size_t fm__print_f64(char out[32], double x)
{
  if (!isfinite(x))
    return print_special(out, x);
  size_t n = 0;
  double size = fabs(x);
  if (signbit(x))
    out[n++] = '-';
  if (size <= 1e15 && size == floor(size))
    n += write_digits(out + n, (uint64_t)size, count_digits((uint64_t)size));
  else
    n += print_shortest(out + n, size);
  out[n] = '\0';
  return n;
}

/* part scale, rounded half away from zero; part is below 1, so its m 2^-drop has drop >= 53. */
static uint64_t scale_fraction(double part, uint64_t scale)
{
  int32_t e;
  uint64_t m = split(part, &e);
  int32_t drop = -e;
  if (drop >= 96)
    return 0; /* m scale is below 2^83, so the value is below a half */
  uint64_t low = (m & UINT32_MAX) * scale, high = (m >> 32) * scale + (low >> 32);
  high += UINT64_C(1) << (drop - 33); /* the half, in units of 2^32 */
  return high >> (drop - 32);
}

size_t fm__print_fixed(char out[40], double x, int32_t decimals)
{
  if (!(fabs(x) < 1e15))
    return fm__print_f64(out, x);
  int32_t places = decimals < 0 ? 0 : decimals > 9 ? 9 : decimals;
  uint64_t scale = 1;
  for (int32_t i = 0; i < places; i++)
    scale *= 10;
  double whole = floor(fabs(x)), part = fabs(x) - whole;
  uint64_t units = (uint64_t)whole, fraction = part == 0 ? 0 : scale_fraction(part, scale);
  if (fraction == scale) {
    units++;
    fraction = 0;
  }
  size_t n = 0;
  if (x < 0 && (units != 0 || fraction != 0))
    out[n++] = '-';
  n += write_digits(out + n, units, count_digits(units));
  if (places > 0) {
    out[n++] = '.';
    n += write_digits(out + n, fraction, (size_t)places);
  }
  out[n] = '\0';
  return n;
}
