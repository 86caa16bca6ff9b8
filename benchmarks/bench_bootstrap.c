/* Bootstrap replicates of a weighted Gini, against R: one read of the same 16 bytes a row for each replicate.
 *
 * Without --gate two threads are measured, too, by wall time, beside a loop that needs no memory: only where that loop
 * runs at least 1.85 times as fast on two threads does the other figure say something. */
#include "bench.h"
#include "num/num_priv.h"
#include "num/resample_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { REPLICATES = 16, IN_THREADS = 64, ROUNDS = 5 };

typedef struct data {
  fm__resample r;
  fm__resample_rows rows;
  size_t n_replicates;
  const fm_run *run;
} data;

static double replicates(void *ctx)
{
  const data *d = ctx;
  double gini[IN_THREADS], sum = 0;
  if (fm__resample_gini(gini, &d->r, &d->rows, d->n_replicates, d->run, NULL) != FM_OK)
    exit(2);
  for (size_t k = 0; k < d->n_replicates; k++)
    sum += gini[k];
  return sum;
}

/* ---- two threads ---- */

static fm_status spin(void *ctx, size_t index)
{
  volatile uint64_t *out = (uint64_t *)ctx + 8 * index; /* a cache line each */
  uint64_t state = index;
  for (int i = 0; i < 20000000; i++)
    state = state * UINT64_C(6364136223846793005) + 1;
  *out = state;
  return FM_OK;
}

static double spins(void *ctx)
{
  const data *d = ctx;
  uint64_t out[32];
  fm__run_tasks(d->run, spin, out, 4, NULL);
  return (double)out[0];
}

static int by_value(const void *a, const void *b)
{
  double p = *(const double *)a, q = *(const double *)b;
  return p < q ? -1 : p > q;
}

static double wall_seconds(bench_body body, data *d)
{
  struct timespec from, to;
  timespec_get(&from, TIME_UTC);
  body(d);
  timespec_get(&to, TIME_UTC);
  return (double)(to.tv_sec - from.tv_sec) + 1e-9 * (double)(to.tv_nsec - from.tv_nsec);
}

static void two_threads(const char *name, bench_body body, data d)
{
  fm_threads threads = {.struct_size = sizeof threads, .n_threads = 2};
  fm_run run = FM_RUN_INIT;
  double ratio[ROUNDS];
  run.execute = fm_execute_threads;
  run.execute_ctx = &threads;
  for (int k = 0; k < ROUNDS; k++) {
    d.run = NULL;
    double one = wall_seconds(body, &d);
    d.run = &run;
    ratio[k] = one / wall_seconds(body, &d);
  }
  qsort(ratio, ROUNDS, sizeof *ratio, by_value);
  printf("%-44s two threads %.2f times as fast as one\n", name, ratio[ROUNDS / 2]);
}

int main(int argc, char **argv)
{
  static bench b;
  bench_start(&b, "bootstrap", argc, argv);
  fm__pair *pairs = bench_memory(2 * b.n * sizeof *pairs);
  double *x = bench_memory(b.n * sizeof *x), *w = bench_memory(b.n * sizeof *w), *flat = (double *)(void *)pairs;
  bench_fill(x, b.n, BENCH_LOGNORMAL, 1);
  bench_fill_weights(w, b.n, 2);
  for (size_t i = 0; i < b.n; i++)
    pairs[i] = (fm__pair){fm__order_key(x[i]), w[i]};
  fm__sort_pairs(pairs, pairs + b.n, b.n);
  for (size_t i = 0; i < b.n; i++) {
    double value = fm__order_value(pairs[i].key), weight = pairs[i].value;
    flat[2 * i] = value;
    flat[2 * i + 1] = weight;
  }
  data poisson = {.r = {FM__RESAMPLE_POISSON, 1, b.n, 0},
                  .rows = {(const unsigned char *)flat, 2 * sizeof *flat, b.n, 0, 1, 1},
                  .n_replicates = REPLICATES};
  data multinomial = poisson;
  multinomial.r.kind = FM__RESAMPLE_MULTINOMIAL;
  bench_bytes bytes = {.data = {flat}, .size = {b.n * 2 * sizeof *flat}};
  size_t read = bench_add(&b, "R of x and w", bench_read, &bytes);
  size_t p = bench_add(&b, "Poisson, 16 replicates", replicates, &poisson);
  bench_must(&b, p, read, 2.5 * REPLICATES);
  bench_must(&b, bench_add(&b, "multinomial, 16 replicates", replicates, &multinomial), p, 1.3);
  int status = bench_run(&b);
  if (!b.gate) {
    poisson.n_replicates = multinomial.n_replicates = IN_THREADS;
    two_threads("loop without memory", spins, poisson);
    two_threads("Poisson, 64 replicates", replicates, poisson);
    two_threads("multinomial, 64 replicates", replicates, multinomial);
    two_threads("loop without memory", spins, poisson);
  }
  return status;
}
