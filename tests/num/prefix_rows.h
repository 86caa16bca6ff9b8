/* Incomes and weights for the tests of prefix histograms, and what sorted rows say in long doubles. */
#ifndef FM_TESTS_NUM_PREFIX_ROWS_H
#define FM_TESTS_NUM_PREFIX_ROWS_H

#include "num/prefix_priv.h"
#include "num/random.h"
#include "support/support.h"

enum { N = 12000, KINDS = 13 };

static inline double power(double base, double exponent)
{
  return fm__pow(base, exponent);
}

/* The nine distributions of the benchmarks, then extremes. Weights come in five kinds. */
static inline double income(int kind, size_t i, uint64_t *state)
{
  double z = random_normal(state), u = random_unit(state), lognormal = fm__exp(12.5 + 0.6 * z);
  switch (kind) {
  case 0:
    return lognormal;
  case 1:
    return floor(lognormal * 100) / 100;
  case 2:
    return floor(lognormal);
  case 3:
    return u < 0.3 ? (u < 0.1 ? -0.0 : 0) : u < 0.35 ? -lognormal : u < 0.4 ? 1e5 * power(u - 0.35, -0.5) : lognormal;
  case 4:
    return 12345.67;
  case 5:
    return 1000 + floor(1000 * u);
  case 6:
    return z;
  case 7:
    return 1000 + (double)i;
  case 8:
    return u < 0.01 ? z * 1e12 : 1e6 + z * 1e-3;
  case 9:
    return u < 0.5 ? 0x1p-1074 * floor(1000 * u) : lognormal;
  case 10:
    return z * 1e307;
  case 11:
    return power(10, 600 * u - 300);
  default:
    return 1e9 + z;
  }
}

static inline double weight(int kind, uint64_t *state)
{
  double u = random_unit(state);
  switch (kind) {
  case 1:
    return 0.5 + 10 * u;
  case 2:
    return floor(4 * u); /* zeros too */
  case 3:
    return power(10, 600 * u - 300);
  case 4:
    return 1e300 * (1 + u);
  default:
    return 1;
  }
}

static inline void make(double *x, double *w, size_t n, int kind, int weights, uint64_t seed)
{
  for (size_t i = 0; i < n; i++) {
    x[i] = income(kind, i, &seed);
    w[i] = weight(weights, &seed);
  }
}

/* ---- sorted rows in long doubles ---- */

typedef struct row {
  double x, w;
} row;

static inline int by_income(const void *a, const void *b)
{
  const row *p = a, *q = b;
  return p->x < q->x ? -1 : p->x > q->x;
}

typedef struct exact {
  row rows[N];
  size_t n;
  long double weight, total, area;
} exact;

static inline void set_exact(exact *e, const double *x, const double *w)
{
  *e = (exact){.n = 0};
  for (size_t i = 0; i < N; i++)
    if (w[i] > 0)
      e->rows[e->n++] = (row){x[i], w[i]};
  qsort(e->rows, e->n, sizeof *e->rows, by_income);
  for (size_t i = 0; i < e->n; i++) {
    e->weight += e->rows[i].w;
    e->total += (long double)e->rows[i].w * e->rows[i].x;
  }
  long double below = 0;
  for (size_t i = 0; i + 1 < e->n; i++) {
    below += e->rows[i].w;
    e->area += below * (e->weight - below) * ((long double)e->rows[i + 1].x - e->rows[i].x);
  }
}

static inline void inside(const char *label, int kind, uint32_t bits, long double value, fm__range range,
                          long double scale)
{
  long double v = value / scale, slack = 1e-15L * fabsl(v) + 1e-320L;
  ck_assert_msg(range.low <= v + slack && v - slack <= range.high, "%s, distribution %d, %u bits: %Lg not in %g, %g",
                label, kind, bits, v, range.low, range.high);
}

/* The first row whose cumulated weight reaches p W, as the measures take it. */
static inline size_t cut_of(const exact *e, double p, long double *below, long double *total)
{
  size_t i = 0;
  const long double target = p * (double)e->weight; /* rounded, as in the measures: 0.01 of 12,000 is 120 */
  *below = *total = 0;
  for (; i + 1 < e->n; i++) {
    if (*below + e->rows[i].w >= target)
      break;
    *below += e->rows[i].w;
    *total += (long double)e->rows[i].w * e->rows[i].x;
  }
  return i;
}

static inline fm__prefix histogram(const double *x, const double *w, size_t n, uint32_t bits)
{
  fm_error err = FM_ERROR_INIT;
  fm__prefix p = FM__PREFIX_INIT(bits);
  fm_assert_ok(fm__prefix_add(&p, x, w, n, NULL, &err), &err);
  return p;
}

#endif
