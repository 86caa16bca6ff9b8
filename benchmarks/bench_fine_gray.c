/* Fine and Gray's regression on whole days up to ten years, 10 covariates (five of them yes or no), against Cox's of
 * the same rows with other exits taken as censored, Breslow's ties and the robust variance. */
#include <math.h>
#include <stdlib.h>

#include "bench.h"
#include "flexmetrics.h"

enum { COVARIATES = 10, LAST = 3650 };

typedef struct data {
  fm_retention_fine_gray_rows rows;
  fm_retention_cox_rows cox;
  fm_retention_cox_spec spec;
  fm_run run;
} data;

static double fit(void *ctx)
{
  data *d = ctx;
  fm_retention_cox_model model = {.struct_size = sizeof model};
  double coefficient[COVARIATES], variance[COVARIATES * COVARIATES];
  if (fm_retention_fine_gray_fit(&model, coefficient, variance, &d->rows, NULL, &d->run, NULL) != FM_OK ||
      model.state != FM_RETENTION_COX_FITTED)
    exit(2);
  return model.loglik;
}

static double fit_cox(void *ctx)
{
  data *d = ctx;
  fm_retention_cox_model model = {.struct_size = sizeof model};
  double coefficient[COVARIATES], variance[COVARIATES * COVARIATES];
  if (fm_retention_cox_fit(&model, coefficient, NULL, variance, &d->cox, &d->spec, &d->run, NULL) != FM_OK ||
      model.state != FM_RETENTION_COX_FITTED)
    exit(2);
  return model.loglik;
}

static const double *columns[COVARIATES];

static void fill(data *d, size_t n)
{
  uint64_t state = 5;
  int32_t *time = bench_memory(n * sizeof *time), *office = bench_memory(n * sizeof *office);
  uint8_t *cause = bench_memory(n), *event = bench_memory(n);
  double *x[COVARIATES];
  for (size_t j = 0; j < COVARIATES; j++)
    columns[j] = x[j] = bench_memory(n * sizeof *x[j]);
  for (size_t i = 0; i < n; i++) {
    double eta = 0;
    for (size_t j = 0; j < COVARIATES; j++) {
      double v = bench_normal(&state);
      x[j][i] = j % 2 == 0 ? v > 0 : v;
      eta += (-0.3 + 0.6 * (double)j / (COVARIATES - 1)) * x[j][i];
    }
    double days = 1 + floor(-log(1 - bench_unit(&state)) * 900 / exp(eta)), kind = bench_unit(&state);
    time[i] = days < LAST ? (int32_t)days : LAST;
    cause[i] = time[i] == LAST || kind < 0.2 ? 0 : kind < 0.6 ? 1 : 2;
    event[i] = cause[i] == 1;
    office[i] = (int32_t)(bench_random(&state) % 20);
  }
  d->rows = (fm_retention_fine_gray_rows){.struct_size = sizeof d->rows,
                                          .n = n,
                                          .n_covariates = COVARIATES,
                                          .n_censoring = 20,
                                          .time = time,
                                          .cause = cause,
                                          .covariates = columns,
                                          .censoring = office};
  d->cox = (fm_retention_cox_rows){.struct_size = sizeof d->cox,
                                   .n = n,
                                   .n_covariates = COVARIATES,
                                   .time = time,
                                   .event = event,
                                   .covariates = columns};
}

int main(int argc, char **argv)
{
  static bench b;
  static data plain, groups, threads;
  static fm_threads two = {.struct_size = sizeof two, .n_threads = 2};
  bench_start(&b, "Fine and Gray's regression", argc, argv);
  size_t n = b.gate ? 200000 : b.n > 2000000 ? 1000000 : b.n;
  b.n = n;
  fill(&groups, n);
  groups.spec = (fm_retention_cox_spec)FM_RETENTION_COX_SPEC_INIT;
  groups.spec.concordance = 0;
  groups.spec.ties = 2;
  groups.spec.robust = 1;
  groups.run = (fm_run)FM_RUN_INIT;
  plain = groups;
  plain.rows.censoring = NULL;
  threads = plain;
  threads.run.execute = fm_execute_threads;
  threads.run.execute_ctx = &two;
  size_t cox = bench_add(&b, "Cox, robust, other exits censored", fit_cox, &plain);
  size_t whole = bench_add(&b, "Fine and Gray", fit, &plain);
  bench_must(&b, whole, cox, 3);
  bench_must(&b, bench_add(&b, "20 groups of censoring", fit, &groups), whole, b.gate ? 3 : 2);
  bench_same(&b, bench_add(&b, "two threads, CPU time", fit, &threads), whole);
  return bench_run(&b);
}
