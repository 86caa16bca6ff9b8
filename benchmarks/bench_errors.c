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
  return errors[0] > 0 ? values[0] : 0; /* an error was found, and the value is the same */
}

int main(int argc, char **argv)
{
  /* 2 is not reached: the gate keeps what is there, with what lies between two runs. */
  static const struct {
    const char *names;
    double gate;
  } measures[] = {{"gini", 2.8}, {"s80s20", 2.5}, {"at_risk_of_poverty", 3.5}, {"gini,s80s20,at_risk_of_poverty", 4.8}};
  static bench b;
  static data of[sizeof measures / sizeof *measures];
  bench_start(&b, "linearised errors, strata and units", argc, argv);
  double *x = bench_memory(b.n * sizeof *x), *w = bench_memory(b.n * sizeof *w);
  int32_t *stratum = bench_memory(b.n * sizeof *stratum), *psu = bench_memory(b.n * sizeof *psu);
  uint64_t seed = 3;
  bench_fill(x, b.n, BENCH_LOGNORMAL, 1);
  bench_fill_weights(w, b.n, 2);
  for (size_t i = 0; i < b.n; i++) {
    stratum[i] = (int32_t)(bench_random(&seed) % STRATA);
    psu[i] = (int32_t)(bench_random(&seed) % UNITS);
  }
  for (size_t k = 0; k < sizeof measures / sizeof *measures; k++) {
    of[k] = (data){.x = x, .w = w, .stratum = stratum, .psu = psu, .n = b.n, .measures = measures[k].names};
    size_t alone = bench_add(&b, "without error", point, &of[k]),
           both = bench_add(&b, measures[k].names, with_error, &of[k]);
    bench_must(&b, both, alone, b.gate ? measures[k].gate : 2);
    bench_same(&b, both, alone);
  }
  return bench_run(&b);
}
