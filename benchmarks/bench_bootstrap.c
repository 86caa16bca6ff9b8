/* Bootstrap replicates of a weighted Gini, against R of the same 16 bytes a row, read once a replicate. */
#include "bench.h"
#include "num/num_priv.h"
#include "num/resample_priv.h"

#include <stdlib.h>
#include <string.h>

typedef struct data {
  fm__resample r;
  fm__resample_rows rows;
  size_t n_replicates;
  double *gini;
} data;

static double replicates(void *ctx)
{
  const data *d = ctx;
  if (fm__resample_gini(d->gini, &d->r, &d->rows, d->n_replicates, NULL, NULL) != FM_OK)
    exit(2);
  double sum = 0;
  for (size_t k = 0; k < d->n_replicates; k++)
    sum += d->gini[k];
  return sum;
}

int main(int argc, char **argv)
{
  static bench b;
  static bench_bytes bytes;
  bench_start(&b, "bootstrap", argc, argv);
  fm__pair *pairs = bench_memory(2 * b.n * sizeof *pairs);
  double *x = bench_memory(b.n * sizeof *x), *w = bench_memory(b.n * sizeof *w), *flat = (double *)(void *)pairs;
  bench_fill(x, b.n, BENCH_LOGNORMAL, 1);
  bench_fill_weights(w, b.n, 2);
  for (size_t i = 0; i < b.n; i++)
    pairs[i] = (fm__pair){fm__order_key(x[i]), w[i]};
  fm__sort_pairs(pairs, pairs + b.n, b.n);
  for (size_t i = 0; i < b.n; i++) {
    flat[2 * i + 1] = pairs[i].value;
    flat[2 * i] = fm__order_value(pairs[i].key);
  }
  size_t n = 16;
  bytes = (bench_bytes){.data = {flat}, .size = {b.n * 16}};
  data poisson = {.r = {FM__RESAMPLE_POISSON, 1, b.n, 0},
                  .rows = {(const unsigned char *)flat, 16, b.n, 0, 1, 1},
                  .n_replicates = n,
                  .gini = bench_memory(n * 8)};
  data multinomial = poisson;
  multinomial.r.kind = FM__RESAMPLE_MULTINOMIAL;
  size_t read = bench_add(&b, "R of x and w", bench_read, &bytes);
  size_t p = bench_add(&b, "Poisson, 16 replicates", replicates, &poisson);
  bench_must(&b, p, read, 2.5 * (double)n);
  bench_must(&b, bench_add(&b, "multinomial, 16 replicates", replicates, &multinomial), p, 1.3);
  return bench_run(&b);
}
