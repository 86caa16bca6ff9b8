/* Body of both forms of the kernel: sums run in four lanes, which are added as (0 + 1) + (2 + 3), then the rest row by
 * row. Includers define TARGET and KERNEL. */
#include <math.h>
#include <string.h>

#include "retention/cox/kernel_priv.h"

#if defined(__GNUC__)
typedef double lanes __attribute__((vector_size(32), aligned(8), may_alias));
typedef int64_t words __attribute__((vector_size(32), aligned(8), may_alias));
#define AT(p) (*(const lanes *)(const void *)(p))
#define TOTAL(v) (((v)[0] + (v)[1]) + ((v)[2] + (v)[3]))
#else
#error "a compiler with vector types (gcc, clang) is needed"
#endif

/* exp of eta within +-700: 2^k times the Taylor series of the rest, |rest| <= log(2)/2, of which the first term left
 * out is below 5e-18. */
TARGET static void exponentials(double *risk, const double *weight, const double *eta)
{
  static const double inverse[] = {
      1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320, 1.0 / 5040,
      1.0 / 720,        1.0 / 120,       1.0 / 24,       1.0 / 6,       0.5,          1,           1};
  for (size_t i = 0; i < FM__COX_BLOCK; i += 4) {
    lanes x = AT(eta + i), k = x * 0x1.71547652b82fep+0 + 0x1.8p+52;
    words bits = (words)k << 52;
    k -= 0x1.8p+52;
    x = x - k * 0x1.62e42fefa3800p-1 - k * 0x1.ef35793c76730p-45;
    lanes y = x * inverse[0] + inverse[1];
    for (size_t t = 2; t < sizeof inverse / sizeof inverse[0]; t++)
      y = y * x + inverse[t];
    y = (lanes)((words)y + bits) * AT(weight + i);
    memcpy(risk + i, &y, sizeof y);
  }
}

TARGET static void risk_block(double *risk, const double *x, const double *weight, const double *beta, size_t wide)
{
  double eta[FM__COX_BLOCK] = {0};
  for (size_t j = 0; j < wide; j++) {
    double b = beta[j];
    const double *xj = x + j * FM__COX_BLOCK;
    for (size_t i = 0; i < FM__COX_BLOCK; i += 4) {
      lanes e = AT(eta + i) + b * AT(xj + i);
      memcpy(eta + i, &e, sizeof e);
    }
  }
  for (size_t i = 0; i < FM__COX_BLOCK; i++) {
    double e = eta[i] < 700 ? eta[i] : 700;
    eta[i] = e > -700 ? e : -700;
  }
  exponentials(risk, weight, eta);
}

TARGET static void add_block(double *out, const double *x, const double *g, size_t from, size_t to, size_t wide)
{
  size_t rows = (to - from) & ~(size_t)3, rest = from + rows;
  lanes sum = {0};
  for (size_t i = from; i < rest; i += 4)
    sum += AT(g + i);
  double total = TOTAL(sum);
  for (size_t i = rest; i < to; i++)
    total += g[i];
  out[0] += total;
  for (size_t j = 0; j < wide; j += 2) {
    const double *a = x + j * FM__COX_BLOCK, *b = a + FM__COX_BLOCK;
    lanes sum_a = {0}, sum_b = {0};
    for (size_t i = from; i < rest; i += 4) {
      lanes v = AT(g + i);
      sum_a += v * AT(a + i);
      sum_b += v * AT(b + i);
    }
    double total_a = TOTAL(sum_a), total_b = TOTAL(sum_b);
    for (size_t i = rest; i < to; i++) {
      total_a += g[i] * a[i];
      total_b += g[i] * b[i];
    }
    out[1 + j] += total_a;
    out[2 + j] += total_b;
  }
}

/* Two columns of g * x against each pair of columns of x. */
TARGET static void gram_block(double *out, const double *x, const double *g, size_t wide)
{
  double scaled[2 * FM__COX_BLOCK];
  for (size_t a = 0; a < wide; a += 2) {
    const double *s = scaled, *t = scaled + FM__COX_BLOCK, *xa = x + a * FM__COX_BLOCK;
    for (size_t i = 0; i < FM__COX_BLOCK; i += 4) {
      lanes v = AT(g + i) * AT(xa + i), w = AT(g + i) * AT(xa + FM__COX_BLOCK + i);
      memcpy(scaled + i, &v, sizeof v);
      memcpy(scaled + FM__COX_BLOCK + i, &w, sizeof w);
    }
    for (size_t b = 0; b <= a; b += 2) {
      const double *y = x + b * FM__COX_BLOCK, *z = y + FM__COX_BLOCK;
      lanes sy = {0}, sz = {0}, ty = {0}, tz = {0};
      for (size_t i = 0; i < FM__COX_BLOCK; i += 4) {
        lanes vs = AT(s + i), vt = AT(t + i), vy = AT(y + i), vz = AT(z + i);
        sy += vs * vy;
        sz += vs * vz;
        ty += vt * vy;
        tz += vt * vz;
      }
      out[a * wide + b] += TOTAL(sy);
      out[a * wide + b + 1] += TOTAL(sz);
      out[(a + 1) * wide + b] += TOTAL(ty);
      out[(a + 1) * wide + b + 1] += TOTAL(tz);
    }
  }
}

const fm__cox_kernel KERNEL = {risk_block, add_block, gram_block};
