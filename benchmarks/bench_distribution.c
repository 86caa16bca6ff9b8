/* income.distribution of 100 municipalities by 8 target groups: 800 groups and the whole, the default measures, 8,010
 * figures; without errors, and with linearised ones for rows drawn independently and for 100 strata of 100 clusters
 * each that have rows of every group. Against R of income, weight, keys and design. */
#include "bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "flexmetrics/income_distribution.h"

enum { MUNICIPALITIES = 100, TARGETS = 8, STRATA = 100, CLUSTERS = 100 };

typedef struct run {
  const fm_table *frame;
  fm_survey_design_spec design;
} run;

static void stop_unless(fm_status status, const fm_error *err)
{
  if (status == FM_OK)
    return;
  fprintf(stderr, "%s\n", err->message);
  exit(2);
}

/* The whole's mean, or the sum of all errors. */
static double distribution(void *ctx)
{
  const run *r = ctx;
  fm_error err = FM_ERROR_INIT;
  fm_income_distribution_spec spec = FM_INCOME_DISTRIBUTION_SPEC_INIT;
  fm_table *out = NULL;
  double sum = 0;
  spec.weight = "weight";
  spec.by = "municipality,target";
  spec.total = 1;
  spec.design = &r->design;
  stop_unless(fm_income_distribution(&out, r->frame, &spec, NULL, &err), &err);
  size_t column = (size_t)fm_table_column_index(out, "std_error"), n = fm_table_n_rows(out);
  bool errors = r->design.method != FM_SURVEY_NONE;
  for (size_t i = 0; i < n && errors; i++)
    sum += fm_table_is_null(out, column, i) ? 0 : fm_table_f64(out, column)[i];
  if (!errors)
    sum = fm_table_f64(out, (size_t)fm_table_column_index(out, "value"))[n - 10];
  fm_table_destroy(out);
  return sum;
}

static fm_table *make_frame(bench_bytes *bytes, size_t n)
{
  static const char *const names[] = {"municipality", "target", "stratum", "cluster"};
  static const uint64_t sizes[] = {MUNICIPALITIES, TARGETS, STRATA, CLUSTERS};
  fm_error err = FM_ERROR_INIT;
  fm_table *t = NULL;
  double *x = bench_memory(n * sizeof *x), *w = bench_memory(n * sizeof *w);
  int32_t *ids = bench_memory(n * 4 * sizeof *ids);
  uint64_t seed = 3;
  bench_fill(x, n, BENCH_LOGNORMAL, 1);
  bench_fill_weights(w, n, 2);
  stop_unless(fm_table_create(&t, "people", &err), &err);
  stop_unless(fm_table_add_f64(t, "income", x, NULL, n, NULL, NULL, &err), &err);
  stop_unless(fm_table_add_f64(t, "weight", w, NULL, n, NULL, NULL, &err), &err);
  for (size_t k = 0; k < 4; k++) {
    for (size_t i = 0; i < n; i++)
      ids[k * n + i] = (int32_t)(bench_random(&seed) % sizes[k]);
    stop_unless(fm_table_add_i32(t, names[k], ids + k * n, NULL, n, NULL, NULL, &err), &err);
  }
  stop_unless(fm_table_seal(t, &err), &err);
  *bytes = (bench_bytes){.data = {x, w, ids}, .size = {n * sizeof *x, n * sizeof *w, n * 4 * sizeof *ids}};
  return t;
}

int main(int argc, char **argv)
{
  static bench b;
  static bench_bytes all;
  static run none, rows, clusters;
  bench_start(&b, "income.distribution, 8,010 figures", argc, argv);
  fm_table *frame = make_frame(&all, b.n);
  const fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  none = rows = clusters = (run){frame, design};
  none.design.method = FM_SURVEY_NONE;
  clusters.design.strata = "stratum";
  clusters.design.psu = "cluster";
  size_t read = bench_add(&b, "R of all columns", bench_read, &all);
  size_t plain = bench_add(&b, "without errors", distribution, &none);
  bench_must(&b, plain, read, 400);
  bench_must(&b, bench_add(&b, "errors, independent rows", distribution, &rows), plain, 7);
  bench_must(&b, bench_add(&b, "errors, strata and clusters", distribution, &clusters), plain, 8);
  int status = bench_run(&b);
  fm_table_destroy(frame);
  return status;
}
