/* Building a population: Gini, all Lorenz ordinates and quantiles on weighted rows, nine distributions, against R of
 * the same bytes. */
#include "bench.h"
#include "flexmetrics/income_distribution.h"
#include "income/dist/dist_priv.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct data {
  const double *x, *w;
  size_t n;
  const fm_run *run;
} data;

static double gini(void *ctx)
{
  const data *d = ctx;
  fm__dist dist;
  if (fm__dist_of_columns(&dist, d->x, d->w, d->n, d->run, NULL) != FM_OK)
    exit(2);
  double value = dist.gini_area / (dist.weight * dist.total);
  fm__dist_free(&dist);
  return value;
}

/* The public functions: Gini alone, and more in the same pass. */
static double sample(const data *d, const char *measures, size_t n)
{
  fm_income_sample *s;
  double values[4];
  if (fm_income_sample_create(&s, d->x, d->w, d->n, NULL, NULL, NULL) != FM_OK ||
      fm_income_sample_values(values, NULL, n, s, measures, NULL, NULL) != FM_OK)
    exit(2);
  fm_income_sample_destroy(s);
  return values[0];
}

static double gini_alone(void *ctx)
{
  return sample(ctx, "gini", 1);
}

static double gini_and_more(void *ctx)
{
  return sample(ctx, "gini,s80s20,at_risk_of_poverty,bottom_share(0.4)", 4);
}

int main(int argc, char **argv)
{
  static bench b;
  static data of[BENCH_DISTRIBUTIONS], plain;
  static bench_bytes both, one;
  bench_start(&b, "gini, lorenz, quantiles", argc, argv);
  double *w = bench_memory(b.n * sizeof *w);
  bench_fill_weights(w, b.n, 2);
  both = (bench_bytes){.data = {w, w}, .size = {b.n * sizeof *w, b.n * sizeof *w}};
  one = (bench_bytes){.data = {w}, .size = {b.n * sizeof *w}};
  size_t read = bench_add(&b, "R of x and w", bench_read, &both);
  const double must = b.gate ? 34 : 28; /* at the small size R is in the cache and the plan is a larger share */
  for (int k = 0; k < BENCH_DISTRIBUTIONS; k++) {
    double *x = bench_memory(b.n * sizeof *x);
    bench_fill(x, b.n, k, 1);
    of[k] = (data){.x = x, .w = w, .n = b.n};
    if (k == 0)
      both.data[0] = one.data[0] = x;
    bench_must(&b, bench_add(&b, bench_distribution_name(k), gini, &of[k]), read, must);
  }
  plain = (data){.x = of[0].x, .n = b.n};
  bench_add(&b, "R of x", bench_read, &one);
  bench_add(&b, "lognormal, no weights", gini, &plain);
  size_t alone = bench_add(&b, "lognormal, gini of a sample", gini_alone, &of[0]);
  size_t more = bench_add(&b, "and s80s20, at risk, bottom 40", gini_and_more, &of[0]);
  bench_must(&b, more, alone, 1.1);
  bench_same(&b, more, alone);
  int status = bench_run(&b);
  bench_two_threads(gini, &of[0], &of[0].run);
  return status;
}
