/* A measure with its linearised error for a stratified, clustered sample of plain arrays, design and all, against the
 * same measure without: both from the arrays on. */
#include "bench.h"
#include "flexmetrics/income_distribution.h"
#include "flexmetrics/survey.h"

#include <stdlib.h>

enum { STRATA = 100, UNITS = 20, MEASURES = 3 }; /* UNITS in a stratum */

typedef struct data {
  const double *x, *w;
  const int32_t *stratum, *psu;
  size_t n;
  const char *measures;
} data;

static double point(void *ctx)
{
  const data *d = ctx;
  fm_income_sample *s;
  double values[MEASURES];
  if (fm_income_sample_create(&s, d->x, d->w, d->n, NULL, NULL, NULL) != FM_OK ||
      fm_income_sample_values(values, NULL, MEASURES, s, d->measures, NULL, NULL) != FM_OK)
    exit(2);
  fm_income_sample_destroy(s);
  return values[0];
}

static double with_error(void *ctx)
{
  const data *d = ctx;
  fm_income_sample *s;
  double values[MEASURES], errors[MEASURES];
  if (fm_income_sample_create_design(&s, d->x, d->w, d->stratum, d->psu, NULL, d->n, NULL, NULL, NULL, NULL) != FM_OK ||
      fm_income_sample_values(values, errors, MEASURES, s, d->measures, NULL, NULL) != FM_OK)
    exit(2);
  fm_income_sample_destroy(s);
  return errors[0] >= 0 || !(values[0] > 0) ? values[0] : 0; /* an error was found, and the value is the same */
}

typedef struct columns {
  double *w;
  int32_t *stratum, *psu;
} columns;

static void add(bench *b, const columns *c, const double *x, const char *name, const char *measures, double must)
{
  data *d = bench_memory(sizeof *d);
  *d = (data){.x = x, .w = c->w, .stratum = c->stratum, .psu = c->psu, .n = b->n, .measures = measures};
  size_t alone = bench_add(b, "without error", point, d), both = bench_add(b, name, with_error, d);
  bench_must(b, both, alone, must);
  bench_same(b, both, alone);
}

int main(int argc, char **argv)
{
  static bench b;
  bench_start(&b, "linearised errors, strata and units", argc, argv);
  columns c = {bench_memory(b.n * sizeof *c.w), bench_memory(b.n * sizeof *c.stratum),
               bench_memory(b.n * sizeof *c.psu)};
  uint64_t seed = 3;
  bench_fill_weights(c.w, b.n, 2);
  for (size_t i = 0; i < b.n; i++) {
    c.stratum[i] = (int32_t)(bench_random(&seed) % STRATA);
    c.psu[i] = (int32_t)(bench_random(&seed) % UNITS);
  }
  for (int k = 0; k < BENCH_DISTRIBUTIONS; k++) {
    double *x = bench_memory(b.n * sizeof *x);
    bench_fill(x, b.n, k, 1);
    if (k == BENCH_LOGNORMAL) {
      add(&b, &c, x, "gini, lognormal", "gini", 2);
      add(&b, &c, x, "s80s20, lognormal", "s80s20", 2);
      add(&b, &c, x, "at_risk_of_poverty, lognormal", "at_risk_of_poverty", 2);
      add(&b, &c, x, "all three, lognormal", "gini,s80s20,at_risk_of_poverty", 2);
    } else {
      add(&b, &c, x, bench_distribution_name(k), "gini", 2);
    }
  }
  return bench_run(&b);
}
