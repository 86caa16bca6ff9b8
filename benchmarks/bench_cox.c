/* Cox regression on whole days up to ten years, 10 covariates (five of them yes or no), Efron's ties, against R of the
 * same bytes: one Newton iteration on prepared rows, whole fits, robust variance. peers_cox.R sets R beside it. */
#include <math.h>
#include <stdlib.h>

#include "bench.h"
#include "flexmetrics.h"
#include "retention/cox/cox_priv.h"

enum { COVARIATES = 10, LAST = 3650 };

typedef struct data {
  fm_retention_cox_rows rows;
  fm_retention_cox_spec spec;
  fm_run run;
  fm__cox_point *point;
} data;

static double fit(void *ctx)
{
  data *d = ctx;
  fm_retention_cox_model model = {.struct_size = sizeof model};
  double coefficient[COVARIATES], variance[COVARIATES * COVARIATES];
  if (fm_retention_cox_fit(&model, coefficient, NULL, variance, &d->rows, &d->spec, &d->run, NULL) != FM_OK ||
      model.state != FM_RETENTION_COX_FITTED)
    exit(2);
  return model.loglik;
}

static double iteration(void *ctx)
{
  data *d = ctx;
  for (size_t j = 0; j < COVARIATES; j++)
    d->point->beta[j] = 0.1;
  if (fm__cox_evaluate(d->point, &d->run, NULL) != FM_OK)
    exit(2);
  return d->point->loglik;
}

static const double *columns[COVARIATES];

static void fill(data *d, size_t n)
{
  uint64_t state = 5;
  int32_t *time = bench_memory(n * sizeof *time), *entry = bench_memory(n * sizeof *entry);
  int32_t *cluster = bench_memory(n * sizeof *cluster);
  uint8_t *event = bench_memory(n);
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
    double days = 1 + floor(-log(1 - bench_unit(&state)) * 900 / exp(eta));
    time[i] = days < LAST ? (int32_t)days : LAST;
    event[i] = time[i] < LAST && bench_unit(&state) < 0.8;
    entry[i] = bench_unit(&state) < 0.2 ? time[i] / 2 : 0;
    cluster[i] = (int32_t)(bench_random(&state) % (n / 2));
  }
  d->rows = (fm_retention_cox_rows){.struct_size = sizeof d->rows,
                                    .n = n,
                                    .n_covariates = COVARIATES,
                                    .time = time,
                                    .entry = entry,
                                    .event = event,
                                    .covariates = columns,
                                    .n_clusters = n / 2,
                                    .cluster = cluster};
}

static void prepare(fm__cox *c, fm__cox_point *point, const data *d)
{
  fm__cox_rows rows = {
      .n = d->rows.n, .p = COVARIATES, .time = d->rows.time, .event = d->rows.event, .x = columns, .n_strata = 1};
  if (fm__cox_prepare(c, &rows, NULL, NULL) != FM_OK || fm__cox_point_create(point, c, NULL) != FM_OK)
    exit(2);
}

int main(int argc, char **argv)
{
  static bench b;
  static data all, plain, robust, clusters, late, concordance, threads;
  static bench_bytes bytes;
  static fm__cox c;
  static fm__cox_point point;
  static fm_threads two = {.struct_size = sizeof two, .n_threads = 2};
  bench_start(&b, "Cox regression", argc, argv);
  size_t n = b.gate ? 200000 : b.n > 2000000 ? 1000000 : b.n; /* 10 million rows would take 2 GB */
  b.n = n;
  fill(&all, n);
  all.spec = (fm_retention_cox_spec)FM_RETENTION_COX_SPEC_INIT;
  all.spec.concordance = 0;
  all.run = (fm_run)FM_RUN_INIT;
  prepare(&c, &point, &all);
  late = clusters = plain = all;
  plain.rows.entry = clusters.rows.entry = NULL;
  plain.rows.cluster = late.rows.cluster = NULL;
  plain.point = &point;
  robust = threads = concordance = plain;
  robust.spec.robust = 1;
  concordance.spec.concordance = 1;
  threads.run.execute = fm_execute_threads;
  threads.run.execute_ctx = &two;
  bytes.data[0] = bench_memory(n * (COVARIATES * sizeof(double) + 5));
  bytes.size[0] = n * (COVARIATES * sizeof(double) + 5);
  size_t read = bench_add(&b, "R of time, event and 10 covariates", bench_read, &bytes);
  size_t step = bench_add(&b, "one Newton iteration", iteration, &plain);
  bench_must(&b, step, read, b.gate ? 40 : 14); /* 200,000 rows: R comes from the cache */
  size_t whole = bench_add(&b, "whole fit", fit, &plain);
  bench_must(&b, whole, step, 9);
  bench_must(&b, bench_add(&b, "robust variance", fit, &robust), whole, 2);
  bench_must(&b, bench_add(&b, "robust variance, clusters of two", fit, &clusters), whole, 2);
  bench_must(&b, bench_add(&b, "late entry", fit, &late), whole, 2);
  bench_must(&b, bench_add(&b, "concordance", fit, &concordance), whole, 6);
  bench_same(&b, bench_add(&b, "two threads, CPU time", fit, &threads), whole);
  return bench_run(&b);
}
