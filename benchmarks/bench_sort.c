/* Sorting (key, weight) pairs: the nine distributions against R, and the C library's qsort. */
#include "bench.h"
#include "num/num_priv.h"

#include <stdlib.h>
#include <string.h>

typedef struct data {
  const fm__pair *from;
  fm__pair *pairs, *scratch; /* shared by all cases */
  size_t n;
} data;

static double refill(void *ctx)
{
  data *d = ctx;
  memcpy(d->pairs, d->from, d->n * sizeof *d->pairs);
  return 0;
}

/* A hash of the keys in their order; the values of equal keys may come in any order from qsort. */
static double digest(const data *d)
{
  uint64_t h = 0;
  for (size_t i = 0; i < d->n; i += 997)
    h = (h ^ d->pairs[i].key) * UINT64_C(0x9e3779b97f4a7c15);
  for (size_t i = 1; i < d->n; i += 1 + d->n / 100000)
    h += d->pairs[i - 1].key > d->pairs[i].key;
  return (double)(h >> 11);
}

static double radix(void *ctx)
{
  data *d = ctx;
  fm__sort_pairs(d->pairs, d->scratch, d->n);
  return digest(d);
}

static int by_key(const void *a, const void *b)
{
  uint64_t p = ((const fm__pair *)a)->key, q = ((const fm__pair *)b)->key;
  return p < q ? -1 : p > q;
}

static double library(void *ctx)
{
  data *d = ctx;
  qsort(d->pairs, d->n, sizeof *d->pairs, by_key);
  return digest(d);
}

int main(int argc, char **argv)
{
  static bench b;
  static data of[BENCH_DISTRIBUTIONS];
  static bench_bytes bytes;
  bench_start(&b, "sort", argc, argv);
  fm__pair *pairs = bench_memory(b.n * sizeof *pairs), *scratch = bench_memory(b.n * sizeof *scratch);
  double *x = bench_memory(b.n * sizeof *x), *w = bench_memory(b.n * sizeof *w);
  bench_fill_weights(w, b.n, 2);
  bytes = (bench_bytes){.data = {pairs}, .size = {b.n * sizeof *pairs}};
  size_t read = bench_add(&b, "R", bench_read, &bytes), first = 0;
  for (int k = 0; k < BENCH_DISTRIBUTIONS; k++) {
    fm__pair *from = bench_memory(b.n * sizeof *from);
    bench_fill(x, b.n, k, 1);
    for (size_t i = 0; i < b.n; i++)
      from[i] = (fm__pair){.key = fm__order_key(x[i]), .value = w[i]};
    of[k] = (data){.from = from, .pairs = pairs, .scratch = scratch, .n = b.n};
    size_t own = bench_add_prepared(&b, bench_distribution_name(k), refill, radix, &of[k]);
    bench_must(&b, own, read, 30);
    first = k == 0 ? own : first;
  }
  size_t peer = bench_add_prepared(&b, "qsort, lognormal", refill, library, &of[0]);
  bench_same(&b, peer, first);
  size_t again = bench_add_prepared(&b, "lognormal again", refill, radix, &of[0]);
  bench_must(&b, again, peer, 1.0 / 15);
  return bench_run(&b);
}
