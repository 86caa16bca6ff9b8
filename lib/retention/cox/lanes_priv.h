/* Body of both forms of the kernel: sums run in four lanes, which are added as (0 + 1) + (2 + 3), then the rest row by
 * row. Includers define TARGET and KERNEL. */
#include <math.h>
#include <string.h>

#include "retention/cox/kernel_priv.h"

#if defined(__GNUC__)
typedef double lanes __attribute__((vector_size(32), aligned(8), may_alias));
typedef int64_t words __attribute__((vector_size(32), aligned(8), may_alias));
typedef uint64_t unsigned_words __attribute__((vector_size(32), aligned(8), may_alias));
#define AT(p) (*(const lanes *)(const void *)(p))
#define PUT(p, v) (*(lanes *)(void *)(p) = (v)) /* one store, where memcpy takes two by way of the stack */
/* Asks for the row n items on, beyond the last one too: that reads nothing. */
#define AHEAD(p, n) __builtin_prefetch((const void *)((uintptr_t)(p) + (n) * sizeof(double)))
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
    PUT(risk + i, y);
  }
}

TARGET static void risk_block(double *risk, const double *x, const double *weight, const double *beta, size_t wide)
{
  double eta[FM__COX_BLOCK];
  for (size_t i = 0; i < FM__COX_BLOCK; i += 8) {
    lanes e = {0}, f = {0};
    for (size_t j = 0; j < wide; j++) {
      const double *at = x + j * FM__COX_BLOCK + i;
      AHEAD(at, wide * FM__COX_BLOCK);
      e += beta[j] * AT(at);
      f += beta[j] * AT(at + 4);
    }
    PUT(eta + i, e);
    PUT(eta + i + 4, f);
  }
  for (size_t i = 0; i < FM__COX_BLOCK; i++) {
    double e = eta[i] < 700 ? eta[i] : 700;
    eta[i] = e > -700 ? e : -700;
  }
  exponentials(risk, weight, eta);
}

/* `n` is a constant at every call, so that the sums stay in registers. */
TARGET static inline void add_columns(double *out, const double *x, const double *g, size_t from, size_t to, size_t n)
{
  size_t rest = from + ((to - from) & ~(size_t)3);
  lanes sum[8] = {{0}};
  for (size_t i = from; i < rest; i += 4) {
    lanes v = AT(g + i);
    for (size_t j = 0; j < n; j++)
      sum[j] += v * AT(x + j * FM__COX_BLOCK + i);
  }
  for (size_t j = 0; j < n; j++) {
    double total = TOTAL(sum[j]);
    for (size_t i = rest; i < to; i++)
      total += g[i] * x[j * FM__COX_BLOCK + i];
    out[j] += total;
  }
}

TARGET static void add_block(double *out, const double *x, const double *g, size_t from, size_t to, size_t wide)
{
  size_t rest = from + ((to - from) & ~(size_t)3), j = 0;
  lanes sum = {0};
  for (size_t i = from; i < rest; i += 4)
    sum += AT(g + i);
  double total = TOTAL(sum);
  for (size_t i = rest; i < to; i++)
    total += g[i];
  out[0] += total;
  for (; j + 8 <= wide; j += 8)
    add_columns(out + 1 + j, x + j * FM__COX_BLOCK, g, from, to, 8);
  for (; j < wide; j += 2)
    add_columns(out + 1 + j, x + j * FM__COX_BLOCK, g, from, to, 2);
}

/* Products of two columns with `n` others, added up over a block; n is a constant at every call. */
TARGET static inline void multiply(double *out, const double *two, const double *x, size_t wide, size_t n)
{
  lanes s[4] = {{0}}, t[4] = {{0}};
  for (size_t i = 0; i < FM__COX_BLOCK; i += 4) {
    lanes v = AT(two + i), w = AT(two + FM__COX_BLOCK + i);
    for (size_t k = 0; k < n; k++) {
      s[k] += v * AT(x + k * FM__COX_BLOCK + i);
      t[k] += w * AT(x + k * FM__COX_BLOCK + i);
    }
  }
  for (size_t k = 0; k < n; k++) {
    out[k] += TOTAL(s[k]);
    out[wide + k] += TOTAL(t[k]);
  }
}

TARGET static void gram_block(double *out, const double *x, const double *g, size_t wide)
{
  double scaled[2 * FM__COX_BLOCK];
  for (size_t a = 0; a < wide; a += 2) {
    const double *xa = x + a * FM__COX_BLOCK;
    size_t b = 0;
    for (size_t i = 0; i < FM__COX_BLOCK; i += 4) {
      AHEAD(xa + i + i, wide * FM__COX_BLOCK); /* both columns: 2 i */
      lanes v = AT(g + i) * AT(xa + i), w = AT(g + i) * AT(xa + FM__COX_BLOCK + i);
      PUT(scaled + i, v);
      PUT(scaled + FM__COX_BLOCK + i, w);
    }
    for (; b + 4 <= a + 2; b += 4)
      multiply(out + a * wide + b, scaled, x + b * FM__COX_BLOCK, wide, 4);
    for (; b <= a; b += 2)
      multiply(out + a * wide + b, scaled, x + b * FM__COX_BLOCK, wide, 2);
  }
}

/* ---- before the iterations ---- */

TARGET static void hash_values(uint64_t *hash, const double *x, size_t n, uint64_t factor)
{
  size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    AHEAD(x + i, n);
    unsigned_words b = (unsigned_words)(AT(x + i) + 0.0); /* -0 is 0 */
    PUT(hash + i, (lanes)((unsigned_words)AT(hash + i) + (b ^ b >> 32) * factor));
  }
  for (; i < n; i++) {
    double v = x[i] + 0.0;
    uint64_t b;
    memcpy(&b, &v, sizeof b);
    hash[i] += (b ^ b >> 32) * factor;
  }
}

TARGET static bool reach_values(fm__cox_range *r, const double *x, size_t n)
{
  double low[4], high[4];
  int64_t good[4] = {1, 1, 1, 1};
  for (size_t k = 0; k < 4; k++) {
    low[k] = r->low;
    high[k] = r->high;
  }
  size_t i = 0;
  for (; i + 4 <= n; i += 4)
    for (size_t k = 0; k < 4; k++) {
      double v = x[i + k];
      low[k] = v < low[k] ? v : low[k];
      high[k] = v > high[k] ? v : high[k];
      good[k] = v == v ? good[k] : 0;
    }
  for (size_t k = 0; i < n; i++, k++) {
    low[k] = x[i] < low[k] ? x[i] : low[k];
    high[k] = x[i] > high[k] ? x[i] : high[k];
    good[k] &= x[i] == x[i];
  }
  for (size_t k = 0; k < 4; k++) {
    r->low = low[k] < r->low ? low[k] : r->low;
    r->high = high[k] > r->high ? high[k] : r->high;
  }
  return good[0] + good[1] + good[2] + good[3] == 4;
}

const fm__cox_kernel KERNEL = {risk_block, add_block, gram_block, hash_values, reach_values};
