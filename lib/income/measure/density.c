/* Density of incomes at one point, by a Gaussian kernel, and what needs it: the influence of quantiles. */
#include <math.h>
#include <string.h>

#include "income/measure/influence_priv.h"
#include "num/num_priv.h"

enum { BLOCK = 256, LANES = 4 };

#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
typedef double lanes __attribute__((vector_size(LANES * sizeof(double))));
enum { WIDTH = LANES };
#else
#define INLINE static inline
typedef double lanes;
enum { WIDTH = 1 };
#endif

/* Incomes with their weights; what a block lacks has no weight. */
typedef struct block {
  double x[BLOCK], w[BLOCK];
  double high[LANES], low[LANES]; /* compensated sums of every fourth term */
} block;

/* Adds terms to the sums. */
INLINE void add_terms(block *b, const double *term)
{
  for (size_t j = 0; j < LANES; j += WIDTH) {
    lanes high, low, t;
    memcpy(&high, b->high + j, sizeof high);
    memcpy(&low, b->low + j, sizeof low);
    for (size_t i = j; i < BLOCK; i += LANES) {
      memcpy(&t, term + i, sizeof t);
      lanes sum = high + t, part = sum - high;
      low += (high - (sum - part)) + (t - part);
      high = sum;
    }
    memcpy(b->high + j, &high, sizeof high);
    memcpy(b->low + j, &low, sizeof low);
  }
}

static double value_of(const block *b)
{
  fm__compensated sum = {0, 0};
  for (size_t j = 0; j < LANES; j++) {
    fm__compensated_add(&sum, b->high[j]);
    sum.low += b->low[j];
  }
  return fm__compensated_value(&sum);
}

/* Reads the next incomes; false: there are none. */
static bool read_block(block *b, const fm__dist *d, size_t *member)
{
  size_t n = fm__dist_read(b->x, b->w, BLOCK, d, member);
  for (size_t i = n; i < BLOCK && n > 0; i++) {
    b->x[i] = b->x[n - 1];
    b->w[i] = 0;
  }
  return n > 0;
}

/* What is summed over a block, at a mean or at a point with a bandwidth. */
typedef struct kernel {
  double at, h, far; /* far: in bandwidths, what lies beyond counts nothing */
} kernel;

INLINE void add_squares(block *b, const kernel *k)
{
  double term[BLOCK];
  for (size_t i = 0; i < BLOCK; i++)
    term[i] = b->w[i] * (b->x[i] - k->at) * (b->x[i] - k->at);
  add_terms(b, term);
}

/* w exp(-t^2 / 2), without a branch so that compilers find vectors: y = k ln 2 + r, |r| < 0.35, and 14 terms of the
 * series of exp(r). Relative error below 4e-16. ln 2 in two parts as in Cody and Waite (1980). */
INLINE void add_kernel(block *b, const kernel *own)
{
  static const double high = 0x1.62e42feep-1, low = 0x1.a39ef35793c76p-33, magic = 0x1.8p52;
  const double at = own->at, h = own->h, far = own->far;
  double term[BLOCK];
  uint64_t zero;
  memcpy(&zero, &magic, sizeof zero);
  for (size_t i = 0; i < BLOCK; i++) {
    double w = b->w[i], t = fabs((b->x[i] - at) / h), near = t < far ? t : far;
    double y = -0.5 * near * near, shifted = y * 0x1.71547652b82fep0 + magic, k = shifted - magic;
    double r = (y - k * high) - k * low, two_k;
    uint64_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits - zero + 1023) << 52;
    memcpy(&two_k, &bits, sizeof two_k);
    double s = 1 / 6227020800.0;
    s = s * r + 1 / 479001600.0;
    s = s * r + 1 / 39916800.0;
    s = s * r + 1 / 3628800.0;
    s = s * r + 1 / 362880.0;
    s = s * r + 1 / 40320.0;
    s = s * r + 1 / 5040.0;
    s = s * r + 1 / 720.0;
    s = s * r + 1 / 120.0;
    s = s * r + 1 / 24.0;
    s = s * r + 1 / 6.0;
    s = s * r + 0.5;
    s = s * r * r + r + 1;
    term[i] = (t < far ? w : 0) * (s * two_k);
  }
  add_terms(b, term);
}

typedef void (*adder)(block *b, const kernel *k);

static void add_squares_plain(block *b, const kernel *k)
{
  add_squares(b, k);
}

static void add_kernel_plain(block *b, const kernel *k)
{
  add_kernel(b, k);
}

/* The same operations, hence the same bits, on wider vectors. */
#if defined(__x86_64__) && defined(__GNUC__)
__attribute__((target("avx2"))) static void add_squares_wide(block *b, const kernel *k)
{
  add_squares(b, k);
}

__attribute__((target("avx2"))) static void add_kernel_wide(block *b, const kernel *k)
{
  add_kernel(b, k);
}
#define WIDER(plain, wide) (__builtin_cpu_supports("avx2") ? (wide) : (plain))
#else
#define WIDER(plain, wide) (plain)
#endif

static double deviation(const fm__dist *d)
{
  block b = {.high = {0}};
  kernel k = {.at = d->mean};
  adder add = WIDER(add_squares_plain, add_squares_wide);
  for (size_t member = 0; read_block(&b, d, &member);)
    add(&b, &k);
  return sqrt(value_of(&b) / d->weight);
}

/* Sum of w exp(-t^2 / 2) over |t| < k->far. */
static double kernel_sum(const fm__dist *d, const kernel *k)
{
  block b = {.high = {0}};
  adder add = WIDER(add_kernel_plain, add_kernel_wide);
  for (size_t member = fm__dist_member_below(d, k->at - k->far * k->h);
       read_block(&b, d, &member) && (b.x[0] - k->at) / k->h < k->far;)
    add(&b, k);
  return value_of(&b);
}

/* Silverman (1986), eq. 3.31, with Kish's effective number of rows; or Osier (2009) as convey has it, with the weight
 * in the caller's units. */
static double bandwidth(const fm__dist *d, const fm_income_rules *rules)
{
  double s = deviation(d);
  if (rules->density == FM_INCOME_DENSITY_OSIER)
    return s * fm__pow(d->weight / d->w_scale, -0.2);
  double effective = d->weight / d->weight_squares * d->weight;
  double between = (fm__dist_quantile(d, 0.75, FM__QUANTILE_AVG, rules->hit_tolerance) -
                    fm__dist_quantile(d, 0.25, FM__QUANTILE_AVG, rules->hit_tolerance)) /
                   1.34;
  return 0.9 * (between > 0 ? fmin(s, between) : s) * fm__pow(effective, -0.2);
}

double fm__dist_density(const fm__dist *d, double at, const fm_income_rules *rules, fm__bandwidth *known)
{
  const double near = 10, far = 37.5; /* exp(-t^2 / 2) is 2e-22 and 1e-305 */
  double h = known != NULL && known->of == d ? known->h : bandwidth(d, rules), enough = 4e-6 * d->weight;
  if (!(h > 0))
    return NAN;
  if (known != NULL)
    *known = (fm__bandwidth){d, h};
  double sum = kernel_sum(d, &(kernel){at, h, near});
  if (!(sum > enough)) /* or else all that lies further away is below half a unit of it */
    sum = kernel_sum(d, &(kernel){at, h, far});
  return sum / d->weight / h / 2.5066282746310005; /* sqrt(2 pi) */
}

double fm__quantile(const fm__dist *d, double p, const fm_income_rules *rules)
{
  double n = (double)d->n * d->w_scale;
  bool unit_weights = d->weight == n && d->weight_squares == n * d->w_scale;
  if (rules->quantile == FM_INCOME_QUANTILE_INTERP && !unit_weights)
    return NAN;
  return fm__dist_quantile(d, p, rules->quantile, rules->hit_tolerance);
}

void fm__quantile_influence(fm__influence *f, const fm__income_context *c, const fm__dist *d, double p, double q,
                            double factor)
{
  fm__influence one = {0};
  double a = -factor / d->weight / fm__dist_density(d, q, c->rules, c->bandwidth);
  fm__influence_term(&one, FM__TERM_BELOW, a, q)->closed = 1;
  fm__influence_term(&one, FM__TERM_ONE, -a * p, 0);
  fm__influence_add(f, &one, 1);
}
