/* The bottom 40 % of weighted rows on the nine distributions, against R of the same bytes. */
#include "bench.h"
#include "num/bottom_priv.h"

#include <stdlib.h>

typedef struct data {
  const double *x, *w;
  size_t n;
} data;

static double bracket(void *ctx)
{
  const data *d = ctx;
  fm__bottom out;
  if (fm__bottom_share(&out, d->x, d->w, d->n, 0.4, NULL, NULL) != FM_OK)
    exit(2);
  return out.bottom_total;
}

static double sorted(void *ctx)
{
  const data *d = ctx;
  fm__bottom out;
  if (fm__bottom_sorted(&out, d->x, d->w, d->n, 0.4, NULL) != FM_OK)
    exit(2);
  return out.bottom_total;
}

int main(int argc, char **argv)
{
  static bench b;
  static data of[BENCH_DISTRIBUTIONS], plain;
  static bench_bytes both, one;
  bench_start(&b, "bottom 40 %", argc, argv);
  double *w = bench_memory(b.n * sizeof *w);
  bench_fill_weights(w, b.n, 2);
  both = (bench_bytes){.data = {w, w}, .size = {b.n * sizeof *w, b.n * sizeof *w}};
  one = (bench_bytes){.data = {w}, .size = {b.n * sizeof *w}};
  size_t read = bench_add(&b, "R of x and w", bench_read, &both);
  for (int k = 0; k < BENCH_DISTRIBUTIONS; k++) {
    double *x = bench_memory(b.n * sizeof *x);
    bench_fill(x, b.n, k, 1);
    of[k] = (data){.x = x, .w = w, .n = b.n};
    if (k == 0)
      both.data[0] = one.data[0] = x;
    bench_must(&b, bench_add(&b, bench_distribution_name(k), bracket, &of[k]), read, 4);
  }
  plain = (data){.x = of[0].x, .n = b.n};
  bench_add(&b, "R of x", bench_read, &one);
  bench_add(&b, "lognormal, no weights", bracket, &plain);
  if (b.gate) { /* the definition sorts everything: a check of the result, at the small size */
    bench_same(&b, bench_add(&b, "lognormal, by sorting", sorted, &of[0]), 1);
    bench_same(&b, bench_add(&b, "zeros and tail, by sorting", sorted, &of[BENCH_ZEROS_AND_TAIL]), 4);
  }
  return bench_run(&b);
}
