/* The share of the bottom 40 % of 800 groups, against R of income, weight and group; and by building the population of
 * each, as measures that need more take it. */
#include "bench.h"
#include "income/dist/dist_priv.h"

#include <stdlib.h>

enum { GROUPS = 800 };

typedef struct data {
  const double *x, *w;
  const int32_t *group;
  size_t n;
} data;

static double shares(void *ctx)
{
  static const double p = 0.4;
  const data *d = ctx;
  fm__bottom *of = malloc(GROUPS * sizeof *of);
  double sum = 0;
  if (of == NULL || fm__bottom_groups(of, d->x, d->w, d->group, d->n, GROUPS, &p, 1, NULL, NULL) != FM_OK)
    exit(2);
  for (size_t k = 0; k < GROUPS; k++)
    sum += of[k].bottom_total / of[k].total;
  free(of);
  return sum;
}

static double populations(void *ctx)
{
  const data *d = ctx;
  fm__dists dists;
  double sum = 0;
  if (fm__dists_of_groups(&dists, d->x, d->w, d->group, d->n, GROUPS, NULL, NULL) != FM_OK)
    exit(2);
  for (size_t k = 0; k < GROUPS; k++)
    sum += fm__dist_poorest(&dists.of[k], 0.4) / dists.of[k].total;
  fm__dists_free(&dists);
  return sum;
}

/* The same as the first, one group after the other, from columns laid out by group. */
static double one_by_one(void *ctx)
{
  const data *d = ctx;
  double *x = malloc(d->n * sizeof *x), *w = malloc(d->n * sizeof *w), sum = 0;
  if (x == NULL || w == NULL)
    exit(2);
  for (int32_t k = 0; k < GROUPS; k++) {
    fm__bottom of;
    size_t n = 0;
    for (size_t i = 0; i < d->n; i++)
      if (d->group[i] == k) {
        x[n] = d->x[i];
        w[n++] = d->w[i];
      }
    if (fm__bottom_share(&of, x, w, n, 0.4, NULL, NULL) != FM_OK)
      exit(2);
    sum += of.bottom_total / of.total;
  }
  free(x);
  free(w);
  return sum;
}

int main(int argc, char **argv)
{
  static bench b;
  static data of[BENCH_DISTRIBUTIONS];
  static bench_bytes all;
  bench_start(&b, "bottom 40 % of 800 groups", argc, argv);
  double *w = bench_memory(b.n * sizeof *w);
  int32_t *group = bench_memory(b.n * sizeof *group);
  uint64_t seed = 3;
  const double must = b.gate ? 24 : 15; /* at the small size R is in the cache and a group has 1,250 rows */
  bench_fill_weights(w, b.n, 2);
  for (size_t i = 0; i < b.n; i++)
    group[i] = (int32_t)(bench_random(&seed) % GROUPS);
  all = (bench_bytes){.data = {w, w, group}, .size = {b.n * sizeof *w, b.n * sizeof *w, b.n * sizeof *group}};
  size_t read = bench_add(&b, "R of x, w and group", bench_read, &all);
  for (int k = 0; k < BENCH_DISTRIBUTIONS; k++) {
    double *x = bench_memory(b.n * sizeof *x);
    bench_fill(x, b.n, k, 1);
    of[k] = (data){.x = x, .w = w, .group = group, .n = b.n};
    if (k == 0)
      all.data[0] = x;
    bench_must(&b, bench_add(&b, bench_distribution_name(k), shares, &of[k]), read, must);
  }
  bench_add(&b, "lognormal, whole populations", populations, &of[0]);
  if (b.gate) /* a check of the result, at the small size */
    bench_same(&b, bench_add(&b, "lognormal, one by one", one_by_one, &of[0]), 1);
  return bench_run(&b);
}
