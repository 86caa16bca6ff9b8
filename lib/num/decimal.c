/* Decimal text to double, correctly rounded (ties to even), without the locale and without memory.
 * Three ways, each exact: up to 15-odd digits by one product or quotient of two exact doubles (Clinger 1990); up to 19
 * digits by a 128-bit product whose error bound decides the rounding; the rest by big integers. */
#include <string.h>

#include "num/decimal_priv.h"

/* A text needs at most 768 digits to be rounded; any further ones only say "a little more". */
#define MAX_DIGITS 800

typedef struct scan {
  const char *digits, *end; /* from the first digit that is not 0; may hold the point */
  uint64_t lead;            /* the first 19 significant digits as a number */
  int64_t n_digits;         /* significant digits, trailing zeros among them */
  int64_t exponent;         /* of the last digit */
  bool negative;
} scan;

static inline bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

/* Exponent after e or E; saturates far beyond any double. */
static bool scan_exponent(const char *p, const char *end, int64_t *exponent)
{
  bool negative = p < end && *p == '-';
  if (p < end && (*p == '-' || *p == '+'))
    p++;
  if (p == end)
    return false;
  int64_t e = 0;
  for (; p < end; p++) {
    if (!is_digit(*p))
      return false;
    if (e < INT64_C(1000000000000))
      e = 10 * e + (*p - '0');
  }
  *exponent += negative ? -e : e;
  return true;
}

static inline bool scan_text(scan *s, const char *p, const char *end, char point)
{
  s->negative = p < end && *p == '-';
  if (p < end && (*p == '-' || *p == '+'))
    p++;
  const char *start = p;
  while (p < end && *p == '0')
    p++;
  s->digits = p;
  uint64_t lead = 0;
  for (; p < end && is_digit(*p); p++)
    lead = 10 * lead + (uint64_t)(*p - '0'); /* wraps beyond 19 digits; read again then */
  int64_t n = p - s->digits, n_seen = p - start;
  s->exponent = 0;
  if (p < end && *p == point) {
    p++;
    const char *fraction = p;
    if (n == 0) {
      while (p < end && *p == '0')
        p++;
      s->digits = p;
    }
    const char *first = p;
    for (; p < end && is_digit(*p); p++)
      lead = 10 * lead + (uint64_t)(*p - '0');
    n += p - first;
    n_seen += p - fraction;
    s->exponent = -(p - fraction);
  }
  s->lead = lead;
  s->n_digits = n;
  s->end = p;
  if (n_seen == 0)
    return false;
  if (p < end)
    return (*p == 'e' || *p == 'E') && scan_exponent(p + 1, end, &s->exponent);
  return true;
}

static double from_bits(uint64_t bits)
{
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

/* m 2^e, where m has its top bit set and `more` says that a little is to be added; ties to even. */
static double assemble(uint64_t m, int64_t e, bool more)
{
  int64_t drop = e < -1074 - 11 ? -1074 - e : 11;
  if (drop > 64)
    return 0;
  uint64_t kept = drop == 64 ? 0 : m >> drop, half = UINT64_C(1) << (drop - 1);
  uint64_t rest = drop == 64 ? m : m & ((half << 1) - 1);
  if (rest > half || (rest == half && (more || (kept & 1) != 0)))
    kept++;
  int64_t biased = e + drop + 1074; /* 0 for subnormal numbers; a carry moves up by itself */
  if (biased > 2045 || (biased == 2045 && kept >> 53 != 0))
    return from_bits(UINT64_C(0x7FF) << 52);
  return from_bits(((uint64_t)biased << 52) + kept);
}

/* w 10^e by the 128-bit product; false when its error could change the rounding. */
static bool round_by_product(double *out, uint64_t w, int32_t e)
{
  uint64_t hi, lo;
  int32_t shift = fm__leading_zeros(w);
  bool exact = fm__pow5_product(w << shift, e, &hi, &lo);
  int64_t e2 = (int64_t)fm__pow5_log2(e) + e + 1 - shift; /* w 10^e = hi.lo 2^e2, the point between hi and lo */
  if (hi >> 63 == 0) {
    hi = hi << 1 | lo >> 63;
    lo <<= 1;
    e2--;
  }
  uint64_t rest = hi & 0x7FF;
  if (!exact && ((rest == 0x3FF && lo >= UINT64_MAX - 3) || (rest == 0x400 && lo == 0)))
    return false;
  *out = assemble(hi, e2, lo != 0 || !exact);
  return true;
}

static double round_by_big(const scan *s)
{
  fm__big num, den;
  fm__big_set(&num, 0);
  int64_t n = 0, exponent = s->exponent + s->n_digits;
  bool more = false;
  for (const char *p = s->digits; p < s->end; p++) {
    if (!is_digit(*p))
      continue;
    if (n < MAX_DIGITS) {
      fm__big_multiply_add(&num, 10, (uint32_t)(*p - '0'));
      n++;
    } else {
      more = more || *p != '0';
    }
  }
  exponent -= n;
  fm__big_set(&den, 1);
  if (exponent >= 0)
    fm__big_times_pow5(&num, (int32_t)exponent);
  else
    fm__big_times_pow5(&den, (int32_t)-exponent);
  int32_t shift = 63 - (fm__big_bits(&num) - fm__big_bits(&den));
  if (shift >= 0)
    fm__big_shift_left(&num, shift);
  else
    fm__big_shift_left(&den, -shift);
  uint64_t q = fm__big_divide(&num, &den);
  int32_t zeros = fm__leading_zeros(q);
  /* at most one bit is missing below: q has 63 bits or more, and a double takes 53 */
  return assemble(q << zeros, exponent - shift - zeros, more || num.n > 0);
}

/* The first 19 digits, for texts that have more. */
static uint64_t first_19(const scan *s)
{
  uint64_t w = 0;
  const char *p = s->digits;
  for (int n = 0; n < 19; p++)
    if (is_digit(*p)) {
      w = 10 * w + (uint64_t)(*p - '0');
      n++;
    }
  return w;
}

static double round_long(const scan *s)
{
  int64_t magnitude = s->exponent + s->n_digits; /* the value is in [10^(magnitude-1), 10^magnitude) */
  if (magnitude > 310)
    return from_bits(UINT64_C(0x7FF) << 52);
  if (magnitude < -330)
    return 0;
  double low, high;
  if (s->n_digits <= 19) {
    if (s->exponent >= -64 && s->exponent <= 64 && round_by_product(&low, s->lead, (int32_t)s->exponent))
      return low;
  } else if (magnitude - 19 >= -64 && magnitude - 19 <= 64) {
    uint64_t w = first_19(s);
    int32_t e = (int32_t)(magnitude - 19);
    if (round_by_product(&low, w, e) && round_by_product(&high, w + 1, e) && low == high)
      return low;
  }
  return round_by_big(s);
}

bool fm__parse_f64(const char *text, size_t length, char point, double *out)
{
  static const double power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  scan s;
  if (!scan_text(&s, text, text + length, point))
    return false;
  double x;
  if (s.n_digits <= 19 && s.lead <= UINT64_C(1) << 53 && s.exponent >= -22 && s.exponent <= 22) {
    x = s.exponent < 0 ? (double)s.lead / power[-s.exponent] : (double)s.lead * power[s.exponent];
  } else if (s.n_digits == 0) {
    x = 0;
  } else {
    x = round_long(&s);
  }
  *out = s.negative ? -x : x;
  return true;
}
