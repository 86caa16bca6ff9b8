/* The prefix histogram and the bounds of the Gini on the nine distributions, against R of the same bytes. The exact
 * Gini must lie between the bounds, and on lognormal incomes they are to be 1e-6 apart or less. */
#include "bench.h"
#include "income/dist/dist_priv.h"
#include "num/prefix_priv.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct data {
  const double *x, *w;
  size_t n;
  uint32_t bits;
} data;

static fm__range gini_of(const data *d)
{
  fm__prefix p = FM__PREFIX_INIT(d->bits);
  fm__bars b;
  if (fm__prefix_add(&p, d->x, d->w, d->n, NULL, NULL) != FM_OK || fm__bars_create(&b, &p, NULL) != FM_OK)
    exit(2);
  fm__range area = fm__bars_gini_area(&b);
  double all = b.weight * b.total;
  fm__prefix_free(&p);
  fm__bars_free(&b);
  return (fm__range){area.low / all, area.high / all};
}

static double bounded(void *ctx)
{
  return gini_of(ctx).low;
}

/* Not timed: whether the bounds hold. */
static bool encloses(const data *d, const char *name)
{
  fm__range g = gini_of(d);
  fm__dist exact;
  if (fm__dist_of_columns(&exact, d->x, d->w, d->n, NULL, NULL) != FM_OK)
    exit(2);
  double gini = exact.gini_area / (exact.weight * exact.total);
  fm__dist_free(&exact);
  bool holds = g.low <= gini && gini <= g.high;
  printf("%s, %u bits: width %.2g%s\n", name, (unsigned)d->bits, g.high - g.low,
         holds ? "" : ": the exact value is outside");
  return holds;
}

/* Rows at 0 and below leave the window of the fast pass. At a million rows the bounds themselves, 0.3 ms, count for a
 * fifth. */
static double must_of(const bench *b, int distribution)
{
  double must = distribution == BENCH_ZEROS_AND_TAIL || distribution == BENCH_NORMAL ? 7 : 3.5;
  return b->gate ? 1.6 * must : must;
}

int main(int argc, char **argv)
{
  static bench b;
  static data of[BENCH_DISTRIBUTIONS + 4];
  static bench_bytes one, both;
  static const uint32_t bits[3] = {16, 18, 22};
  bool holds = true;
  bench_start(&b, "bounded Gini", argc, argv);
  double *w = bench_memory(b.n * sizeof *w);
  bench_fill_weights(w, b.n, 2);
  one = (bench_bytes){.data = {w}, .size = {b.n * sizeof *w}};
  both = (bench_bytes){.data = {w, w}, .size = {b.n * sizeof *w, b.n * sizeof *w}};
  size_t read = bench_add(&b, "R of x and w", bench_read, &both);
  for (int k = 0; k < BENCH_DISTRIBUTIONS; k++) {
    double *x = bench_memory(b.n * sizeof *x);
    bench_fill(x, b.n, k, 1);
    of[k] = (data){.x = x, .w = w, .n = b.n, .bits = FM__PREFIX_BITS};
    if (k == 0)
      one.data[0] = both.data[0] = x;
    bench_must(&b, bench_add(&b, bench_distribution_name(k), bounded, &of[k]), read, must_of(&b, k));
    holds = (!b.gate || encloses(&of[k], bench_distribution_name(k))) && holds;
  }
  bench_add(&b, "R of x", bench_read, &one);
  of[BENCH_DISTRIBUTIONS] = (data){.x = of[0].x, .n = b.n, .bits = FM__PREFIX_BITS};
  bench_add(&b, "lognormal, no weights", bounded, &of[BENCH_DISTRIBUTIONS]);
  for (int k = 0; k < 3; k++) {
    static const char *const names[3] = {"lognormal, 16 bits", "lognormal, 18 bits", "lognormal, 22 bits"};
    data *d = &of[BENCH_DISTRIBUTIONS + 1 + k];
    *d = (data){.x = of[0].x, .w = w, .n = b.n, .bits = bits[k]};
    bench_add(&b, names[k], bounded, d);
    holds = (!b.gate || encloses(d, "lognormal")) && holds;
  }
  fm__range g = gini_of(&of[0]);
  if (g.high - g.low > 1e-6) {
    printf("lognormal: the bounds are %.2g apart, more than 1e-6\n", g.high - g.low);
    holds = false;
  }
  int status = bench_run(&b);
  return holds ? status : 1;
}
