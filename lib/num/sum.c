/* The superaccumulator: an integer of 68 * 32 bits in units of 2^-1074, so that every double adds exactly.
 *
 * Cell i holds a signed count of 2^(32 i - 1074). An addition touches three cells and changes each by less than 2^33;
 * carrying before 2^29 additions are pending therefore keeps all cells below 2^63. After a carry cells 0 to 66 lie in
 * 0 .. 2^32 - 1 and the last one has the sign. The idea is Neal's small superaccumulator (arXiv 1505.05571). */
#include "num/sum_priv.h"

#define CARRY_AT (UINT64_C(1) << 29)
#define LOW UINT64_C(0xffffffff)
#define LAST (FM__SUM_CELLS - 1)
/* Less than 2^64 terms below 2^1024 each: no sum reaches bit 18 of the last cell. */
#define LAST_MAX (UINT32_C(1) << 18)

static void carry(fm__sum *s)
{
  int64_t up = 0;
  for (size_t i = 0; i < LAST; i++) {
    int64_t v = s->cell[i] + up;
    int64_t low = (int64_t)((uint64_t)v & LOW);
    up = (v - low) / (INT64_C(1) << 32);
    s->cell[i] = low;
  }
  s->cell[LAST] += up;
  s->pending = 0;
}

/* Adds +-magnitude * 2^(position - 1074). */
static void add_bits(fm__sum *s, uint64_t magnitude, uint32_t position, bool negative)
{
  int64_t *cell = s->cell + (position >> 5);
  uint32_t shift = position & 31;
  uint64_t low = (magnitude & LOW) << shift, high = (magnitude >> 32) << shift;
  int64_t sign = negative ? -1 : 1;
  cell[0] += sign * (int64_t)(low & LOW);
  cell[1] += sign * (int64_t)((low >> 32) + (high & LOW));
  cell[2] += sign * (int64_t)(high >> 32);
  if (++s->pending >= CARRY_AT)
    carry(s);
}

void fm__sum_add_scaled(fm__sum *s, int64_t total, int32_t k)
{
  uint64_t magnitude = total < 0 ? 0 - (uint64_t)total : (uint64_t)total;
  add_bits(s, magnitude, (uint32_t)(k - FM__SUM_ULP), total < 0);
}

void fm__sum_add(fm__sum *s, double x)
{
  uint64_t bits = fm__bits_of(x);
  uint32_t exponent = (uint32_t)(bits >> 52) & 0x7ff;
  uint64_t fraction = bits & ((UINT64_C(1) << 52) - 1);
  bool negative = (bits >> 63) != 0;
  if (exponent == 0x7ff) {
    s->n_nan += fraction != 0;
    s->n_plus += fraction == 0 && !negative;
    s->n_minus += fraction == 0 && negative;
    return;
  }
  if (exponent == 0)
    exponent = 1; /* subnormal: the same unit, no hidden bit */
  else
    fraction |= UINT64_C(1) << 52;
  add_bits(s, fraction, exponent - 1, negative);
}

static uint64_t add_counts(uint64_t a, uint64_t b)
{
  return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

void fm__sum_merge(fm__sum *s, const fm__sum *other)
{
  fm__sum o = *other;
  carry(&o);
  carry(s);
  for (size_t i = 0; i < FM__SUM_CELLS; i++)
    s->cell[i] += o.cell[i];
  s->pending = 1;
  s->n_nan = add_counts(s->n_nan, o.n_nan);
  s->n_plus = add_counts(s->n_plus, o.n_plus);
  s->n_minus = add_counts(s->n_minus, o.n_minus);
}

/* Carries and turns the cells into those of the magnitude; true when the sum was negative. */
static bool to_magnitude(fm__sum *s)
{
  carry(s);
  if (s->cell[LAST] >= 0)
    return false;
  for (size_t i = 0; i < FM__SUM_CELLS; i++)
    s->cell[i] = -s->cell[i];
  carry(s);
  return true;
}

/* Rounds the magnitude, whose highest non-zero cell is `top`, to the nearest double, ties to even. */
static double round_magnitude(const fm__sum *s, size_t top)
{
  /* The 64 bits from the highest one down; the third cell fills what shifting leaves free. */
  uint64_t head = (uint64_t)s->cell[top] << 32 | (top > 0 ? (uint64_t)s->cell[top - 1] : 0);
  uint32_t next = top > 1 ? (uint32_t)s->cell[top - 2] : 0;
  int32_t exponent = 32 * ((int32_t)top - 1) + FM__SUM_ULP; /* of the lowest bit of head */
  uint32_t up = 0;
  while (head >> 63 == 0 && up < 31) {
    head <<= 1;
    up++;
  }
  head |= (uint64_t)next << up >> 32;
  next <<= up;
  exponent -= (int32_t)up;
  bool sticky = next != 0;
  for (size_t i = 0; !sticky && i + 2 < top; i++)
    sticky = s->cell[i] != 0;
  /* Keep 53 bits, fewer for a subnormal: nothing lies below 2^-1074. drop is 11 to 63. */
  int32_t drop = exponent + 11 < FM__SUM_ULP ? FM__SUM_ULP - exponent : 11;
  uint64_t kept = head >> drop, rest = head & ((UINT64_C(1) << drop) - 1), half = UINT64_C(1) << (drop - 1);
  if (rest > half || (rest == half && (sticky || (kept & 1) != 0)))
    kept++;
  int32_t position = exponent + drop - FM__SUM_ULP; /* of the lowest kept bit; 0 for subnormals */
  /* The hidden bit carries into the exponent field, which is what rounding up to the next binade needs. */
  uint64_t bits = kept + ((uint64_t)(uint32_t)position << 52);
  uint64_t infinity = UINT64_C(0x7ff) << 52;
  return fm__from_bits(position > 2045 || bits > infinity ? infinity : bits);
}

double fm__sum_value(const fm__sum *s)
{
  const double infinity = fm__from_bits(UINT64_C(0x7ff) << 52);
  if (s->n_nan > 0 || (s->n_plus > 0 && s->n_minus > 0))
    return fm__from_bits(UINT64_C(0x7ff8) << 48);
  if (s->n_plus > 0 || s->n_minus > 0)
    return s->n_plus > 0 ? infinity : -infinity;
  fm__sum magnitude = *s;
  bool negative = to_magnitude(&magnitude);
  size_t top = LAST;
  while (top > 0 && magnitude.cell[top] == 0)
    top--;
  if (magnitude.cell[top] == 0)
    return 0;
  double value = round_magnitude(&magnitude, top);
  return negative ? -value : value;
}

/* Layout: flags (1 negative, 2 special terms), the three counts if flagged, number of non-zero cells of the magnitude,
 * then index and value of each, rising. */
void fm__sum_save(const fm__sum *s, fm__bytes *b)
{
  fm__sum magnitude = *s;
  bool negative = to_magnitude(&magnitude);
  bool special = s->n_nan > 0 || s->n_plus > 0 || s->n_minus > 0;
  uint8_t n = 0;
  for (size_t i = 0; i < FM__SUM_CELLS; i++)
    n = (uint8_t)(n + (magnitude.cell[i] != 0));
  fm__bytes_u8(b, (uint8_t)((negative ? 1 : 0) | (special ? 2 : 0)));
  if (special) {
    fm__bytes_u64(b, s->n_nan);
    fm__bytes_u64(b, s->n_plus);
    fm__bytes_u64(b, s->n_minus);
  }
  fm__bytes_u8(b, n);
  for (size_t i = 0; i < FM__SUM_CELLS; i++)
    if (magnitude.cell[i] != 0) {
      fm__bytes_u8(b, (uint8_t)i);
      fm__bytes_u32(b, (uint32_t)magnitude.cell[i]);
    }
}

bool fm__sum_load(fm__sum *s, fm__reader *r)
{
  fm__sum in = {0};
  uint8_t flags = fm__read_u8(r);
  if (flags > 3)
    return false;
  if ((flags & 2) != 0) {
    in.n_nan = fm__read_u64(r);
    in.n_plus = fm__read_u64(r);
    in.n_minus = fm__read_u64(r);
    if (in.n_nan == 0 && in.n_plus == 0 && in.n_minus == 0)
      return false;
  }
  uint8_t n = fm__read_u8(r);
  if (n > FM__SUM_CELLS || (n == 0 && (flags & 1) != 0))
    return false;
  int32_t before = -1;
  for (uint8_t k = 0; k < n; k++) {
    uint8_t i = fm__read_u8(r);
    uint32_t v = fm__read_u32(r);
    if (i <= before || i > LAST || v == 0 || (i == LAST && v > LAST_MAX))
      return false;
    in.cell[i] = (flags & 1) != 0 ? -(int64_t)v : (int64_t)v;
    before = i;
  }
  if (r->failed)
    return false;
  in.pending = 1;
  *s = in;
  return true;
}
