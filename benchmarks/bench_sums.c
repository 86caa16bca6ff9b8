/* Exact sums against a lane sum: eight partial sums in SSE2 registers, the fastest sum in plain doubles. */
#include "bench.h"
#include "num/sum_priv.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

typedef struct data {
  const double *x;
  size_t n;
} data;

static double lane_sum(void *ctx)
{
  const data *d = ctx;
  double out = 0;
  size_t i = 0;
#if defined(__SSE2__)
  __m128d a[4] = {_mm_setzero_pd(), _mm_setzero_pd(), _mm_setzero_pd(), _mm_setzero_pd()};
  for (; i + 8 <= d->n; i += 8)
    for (size_t j = 0; j < 4; j++)
      a[j] = _mm_add_pd(a[j], _mm_loadu_pd(d->x + i + 2 * j));
  double lane[2];
  _mm_storeu_pd(lane, _mm_add_pd(_mm_add_pd(a[0], a[1]), _mm_add_pd(a[2], a[3])));
  out = lane[0] + lane[1];
#endif
  for (; i < d->n; i++)
    out += d->x[i];
  return out;
}

static double exact_sum(void *ctx)
{
  const data *d = ctx;
  fm__sum s = {0};
  fm__sum_add_n(&s, d->x, d->n);
  return fm__sum_value(&s);
}

static double single_terms(void *ctx)
{
  const data *d = ctx;
  fm__sum s = {0};
  for (size_t i = 0; i < d->n; i++)
    fm__sum_add(&s, d->x[i]);
  return fm__sum_value(&s);
}

int main(int argc, char **argv)
{
  static bench b;
  static data of[4];
  static const int distributions[4] = {BENCH_WHOLE, BENCH_WHOLE, BENCH_LOGNORMAL, BENCH_CENTS};
  static const char *const names[4][3] = {
      {"lane sum, whole", "exact, whole", "term by term, whole"},
      {"lane sum, whole, both signs", "exact, whole, both signs", "term by term, whole, both signs"},
      {"lane sum, lognormal", "exact, lognormal", "term by term, lognormal"},
      {"lane sum, cents", "exact, cents", "term by term, cents"}};
  bench_start(&b, "sums", argc, argv);
  for (size_t k = 0; k < 4; k++) {
    double *x = bench_memory(b.n * sizeof *x);
    bench_fill(x, b.n, distributions[k], 1);
    for (size_t i = 0; k == 1 && i < b.n; i += 3)
      x[i] = -x[i];
    of[k] = (data){.x = x, .n = b.n};
    size_t lane = bench_add(&b, names[k][0], lane_sum, &of[k]);
    size_t exact = bench_add(&b, names[k][1], exact_sum, &of[k]);
    size_t terms = bench_add(&b, names[k][2], single_terms, &of[k]);
    bench_must(&b, exact, lane, k < 2 ? 1.3 : 4.5);
    bench_must(&b, terms, lane, 12);
    bench_same(&b, exact, terms);
  }
  return bench_run(&b);
}
