/* retention.fine_gray and fm_retention_fine_gray_fit against R's crr and the formulas written out in R, and against
 * what Cox's model gives. Sources: tests/oracle/retention/README.md. Coefficients to 1e-7 standard errors,
 * log-likelihoods to 1e-11, errors to 1e-7. */
#include <math.h>
#include <string.h>

#include "support/support.h"

enum { MOST = 3400, COVARIATES = 3, ROWS = 30000 };

typedef struct arrays {
  double x[COVARIATES][ROWS], weight[ROWS];
  const double *columns[COVARIATES];
  int32_t time[ROWS], stratum[ROWS], cluster[ROWS], censoring[ROWS];
  uint8_t cause[ROWS];
  size_t n;
} arrays;
static arrays a;

static fm_retention_fine_gray_rows rows_of(void)
{
  for (size_t j = 0; j < COVARIATES; j++)
    a.columns[j] = a.x[j];
  return (fm_retention_fine_gray_rows){.struct_size = sizeof(fm_retention_fine_gray_rows),
                                       .n = a.n,
                                       .n_covariates = COVARIATES,
                                       .n_strata = 4,
                                       .n_clusters = 1200,
                                       .n_censoring = 2,
                                       .time = a.time,
                                       .cause = a.cause,
                                       .covariates = a.columns};
}

/* ---- R ---- */

static const char *const terms[2][COVARIATES] = {{"ui", "age", "logwage"}, {"male", "gcse5eq", "livboth"}};

static void read_case(bool jobs, double cause)
{
  fm_oracle *o = fm_oracle_open(jobs ? "retention/in_mvad_first_job.csv" : "retention/in_unempdur.csv");
  a.n = fm_oracle_n_rows(o);
  for (size_t i = 0; i < a.n; i++) {
    double own = fm_oracle_number(o, i, "cause");
    a.time[i] = (int32_t)fm_oracle_number(o, i, "time");
    a.cause[i] = own == 0 ? 0 : own == cause ? 1 : (uint8_t)(1 + own);
    for (size_t j = 0; j < COVARIATES; j++)
      a.x[j][i] = fm_oracle_number(o, i, terms[jobs][j]);
    a.weight[i] = jobs ? fm_oracle_number(o, i, "weight") : fm_oracle_number(o, i, "tenure") + 0.5;
    a.stratum[i] = jobs ? 0 : (int32_t)fm_oracle_number(o, i, "ageband") - 1;
    a.censoring[i] = (int32_t)a.x[0][i];
    a.cluster[i] = (int32_t)fm_oracle_number(o, i, "id") / 3;
  }
  fm_oracle_close(o);
}

START_TEST(test_models)
{
  fm_oracle *o = fm_oracle_open("retention/fine_gray.csv");
  double beta[COVARIATES], variance[COVARIATES * COVARIATES];
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    size_t j = i % COVARIATES;
    const char *model = fm_oracle_text(o, i, "model");
    bool jobs = strcmp(fm_oracle_text(o, i, "case"), "mvad_job") == 0, all = strcmp(model, "all") == 0;
    fm_error err = FM_ERROR_INIT;
    fm_retention_cox_model m = {.struct_size = sizeof m};
    ck_assert_str_eq(fm_oracle_text(o, i, "term"), terms[jobs][j]);
    read_case(jobs, fm_oracle_number(o, i, "cause"));
    fm_retention_fine_gray_rows rows = rows_of();
    rows.weight = all || strcmp(model, "weighted") == 0 ? a.weight : NULL;
    rows.stratum = all || strcmp(model, "strata") == 0 ? a.stratum : NULL;
    rows.cluster = all || strcmp(model, "cluster") == 0 ? a.cluster : NULL;
    rows.censoring = all || strcmp(model, "censoring") == 0 ? a.censoring : NULL;
    fm_assert_ok(fm_retention_fine_gray_fit(&m, beta, variance, &rows, NULL, NULL, &err), &err);
    double se = fm_oracle_number(o, i, "se");
    fm_assert_close(model, beta[j], fm_oracle_number(o, i, "coef"), 0, 1e-7 * se);
    fm_assert_close(model, sqrt(variance[j * COVARIATES + j]), se, 1e-7, 0);
    fm_assert_close(model, m.loglik_null, fm_oracle_number(o, i, "loglik0"), 1e-11, 0);
    fm_assert_close(model, m.loglik, fm_oracle_number(o, i, "loglik1"), 1e-11, 0);
  }
  ck_assert_uint_eq(fm_oracle_n_rows(o), 33);
  fm_oracle_close(o);
}
END_TEST

/* The frame's results: the same coefficients as the arrays', R's baseline and predicted incidence. */
START_TEST(test_curves)
{
  static const char *const columns[] = {"time_months:i32", "cause:code", "ui:f64", "age:f64", "logwage:f64"};
  static const char *cells[MOST * 5];
  fm_error err = FM_ERROR_INIT;
  fm_oracle *in = fm_oracle_open("retention/in_unempdur.csv"), *o = fm_oracle_open("retention/fine_gray_curve.csv");
  for (size_t i = 0; i < fm_oracle_n_rows(in); i++) {
    const char *cause = fm_oracle_text(in, i, "cause");
    cells[i * 5] = fm_oracle_text(in, i, "time");
    cells[i * 5 + 1] = strcmp(cause, "0") == 0 ? "" : cause;
    for (size_t j = 0; j < COVARIATES; j++)
      cells[i * 5 + 2 + j] = fm_oracle_text(in, i, terms[0][j]);
  }
  fm_table *frame = fm_test_table(columns, 5, cells, fm_oracle_n_rows(in)), *t;
  fm_retention_fine_gray_spec spec = FM_RETENTION_FINE_GRAY_SPEC_INIT;
  spec.clock = "months";
  spec.covariates = "ui,age,logwage";
  spec.profiles = "ui=1 age=30 logwage=6";
  spec.baseline = 1;
  fm_assert_ok(fm_retention_fine_gray(&t, frame, &spec, NULL, &err), &err);
  size_t compared = 0;
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    double time = fm_test_number(t, "time_months", i);
    bool profile = fm_test_text(t, "profile", i) != NULL;
    bool baseline = strcmp(fm_test_text(t, "quantity", i), "cumulative_subhazard") == 0;
    for (size_t k = 0; (profile || baseline) && k < fm_oracle_n_rows(o); k++)
      if (strcmp(fm_oracle_text(o, k, "cause"), fm_test_text(t, "cause", i)) == 0 &&
          fm_oracle_number(o, k, "time") == time) {
        fm_assert_close("curve", fm_test_number(t, "value", i),
                        fm_oracle_number(o, k, profile ? "cumulative_incidence" : "cumulative_subhazard"), 1e-7, 0);
        compared++;
      }
  }
  ck_assert_uint_eq(compared, 2 * fm_oracle_n_rows(o));
  fm_table_destroy(t);
  fm_table_destroy(frame);
  fm_oracle_close(in);
  fm_oracle_close(o);
}
END_TEST

/* ---- drawn data ---- */

static double unit(uint64_t *state)
{
  *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (double)(*state >> 11) * 0x1p-53;
}

/* Fine and Gray's own design: F1(t | x) = 1 - (1 - p (1 - exp(-t)))^exp(beta x), so that beta is the truth. `step`
 * gives the order of the rows, `censored` how fast censoring comes. */
static void draw(size_t step, double censored, bool others)
{
  static const double beta[COVARIATES] = {0.5, -0.4, 0.3};
  uint64_t state = 9;
  a.n = ROWS;
  for (size_t k = 0; k < ROWS; k++) {
    size_t i = k * step % ROWS;
    double eta = 0, p = 0.5;
    for (size_t j = 0; j < COVARIATES; j++) {
      a.x[j][i] = j == 0 ? floor(2 * unit(&state)) : 2 * unit(&state);
      eta += beta[j] * a.x[j][i];
    }
    double ratio = exp(eta), share = 1 - pow(1 - p, ratio), u = unit(&state);
    bool first = unit(&state) < share || !others;
    double t = first ? -log(1 - (1 - pow(1 - u * share, 1 / ratio)) / p) : -log(1 - u) / ratio;
    double c = censored > 0 ? -log(1 - unit(&state)) / censored : 1e9;
    a.time[i] = (int32_t)fmin(floor(300 * fmin(t, c)), 5000);
    a.cause[i] = t > c || 300 * t > 5000 ? 0 : first ? 1 : 2;
    a.weight[i] = 0.5 + unit(&state);
    a.stratum[i] = (int32_t)(4 * unit(&state));
    a.cluster[i] = (int32_t)(1200 * unit(&state));
    a.censoring[i] = (int32_t)(2 * unit(&state));
  }
}

static void give_all(fm_retention_fine_gray_rows *rows)
{
  rows->weight = a.weight;
  rows->stratum = a.stratum;
  rows->cluster = a.cluster;
  rows->censoring = a.censoring;
}

START_TEST(test_order_and_threads)
{
  static const size_t steps[] = {1, 29999, 7919, 12347};
  fm_retention_cox_model first = {.struct_size = sizeof first}, model = first;
  double beta[2][COVARIATES], variance[2][COVARIATES * COVARIATES];
  for (int k = 0; k < FM_COUNT(steps); k++) {
    fm_error err = FM_ERROR_INIT;
    fm_threads threads = {.struct_size = sizeof threads, .n_threads = (size_t)k + 1};
    fm_run run = FM_RUN_INIT;
    run.execute = fm_execute_threads;
    run.execute_ctx = &threads;
    draw(steps[k], 0.5, true);
    fm_retention_fine_gray_rows rows = rows_of();
    if (_i == 1)
      give_all(&rows);
    fm_assert_ok(fm_retention_fine_gray_fit(&model, beta[k > 0], variance[k > 0], &rows, NULL, &run, &err), &err);
    ck_assert_int_eq(model.state, FM_RETENTION_COX_FITTED);
    if (k == 0)
      first = model;
    ck_assert(memcmp(&first, &model, sizeof model) == 0);
    ck_assert(memcmp(beta[0], beta[k > 0], sizeof beta[0]) == 0);
    ck_assert(memcmp(variance[0], variance[k > 0], sizeof variance[0]) == 0);
  }
  for (int j = 0; j < COVARIATES; j++) /* the law they were drawn by */
    fm_assert_close("true coefficient", beta[0][j],
                    j == 0   ? 0.5
                    : j == 1 ? -0.4
                             : 0.3,
                    0, 4 * sqrt(variance[0][j * COVARIATES + j]));
}
END_TEST

/* Without other exits it is Cox's model with Breslow's ties and the robust variance. Without censoring those with other
 * exits stay to the end: Cox's model of times that never come. */
START_TEST(test_as_cox)
{
  fm_error err = FM_ERROR_INIT;
  fm_retention_cox_spec spec = FM_RETENTION_COX_SPEC_INIT;
  fm_retention_cox_model model = {.struct_size = sizeof model}, cox = model;
  double beta[2][COVARIATES], variance[2][COVARIATES * COVARIATES];
  bool others = _i >= 2;
  draw(1, others ? 0 : 0.5, others);
  fm_retention_fine_gray_rows rows = rows_of();
  if (_i % 2 == 1)
    give_all(&rows);
  fm_assert_ok(fm_retention_fine_gray_fit(&model, beta[0], variance[0], &rows, NULL, NULL, &err), &err);
  static uint8_t event[ROWS];
  for (size_t i = 0; i < ROWS; i++) {
    event[i] = a.cause[i] == 1;
    a.time[i] = others && a.cause[i] != 1 ? 6000 : a.time[i];
  }
  fm_retention_cox_rows same = {.struct_size = sizeof same,
                                .n = ROWS,
                                .n_covariates = COVARIATES,
                                .n_strata = 4,
                                .n_clusters = 1200,
                                .time = a.time,
                                .event = event,
                                .covariates = a.columns,
                                .weight = rows.weight,
                                .stratum = rows.stratum,
                                .cluster = rows.cluster};
  spec.ties = 2;
  spec.robust = 1;
  spec.concordance = 0;
  fm_assert_ok(fm_retention_cox_fit(&cox, beta[1], NULL, variance[1], &same, &spec, NULL, &err), &err);
  fm_assert_close("loglik", model.loglik, cox.loglik, 1e-12, 0);
  fm_assert_close("wald", model.wald, cox.wald, 1e-9, 0);
  fm_assert_close("score", model.score_robust, cox.score_robust, 1e-9, 0);
  for (int j = 0; j < COVARIATES; j++) {
    fm_assert_close("coefficient", beta[0][j], beta[1][j], 1e-9, 0);
    for (int k = 0; k < COVARIATES; k++)
      fm_assert_close("variance", variance[0][j * COVARIATES + k], variance[1][j * COVARIATES + k], 1e-8, 1e-15);
  }
}
END_TEST

/* ---- what arrays may be ---- */

START_TEST(test_refusals)
{
  static const struct {
    const char *label;
    int what;
    fm_status status;
    const char *message;
  } cases[] = {{"no model", 0, FM_ERR_ARGUMENT, "struct_size"},
               {"no time", 1, FM_ERR_ARGUMENT, "are needed"},
               {"no number of strata", 2, FM_ERR_ARGUMENT, "number of strata"},
               {"no number of groups", 3, FM_ERR_ARGUMENT, "groups of censoring is needed"},
               {"group", 4, FM_ERR_VALUE, "row 2: expected a group of censoring"},
               {"below", 5, FM_ERR_VALUE, "row 1: expected a group of censoring"},
               {"strata", 6, FM_ERR_LIMIT, "more than 2147483647"},
               {"weights", 8, FM_ERR_ARGUMENT, "weights is 3"},
               {"frequency", 9, FM_ERR_VALUE, "a frequency"},
               {"spec", 10, FM_ERR_ARGUMENT, "struct_size"},
               {"rows", 11, FM_ERR_ARGUMENT, "struct_size"},
               {"time", 12, FM_ERR_VALUE, "row 0"},
               {"covariate", 13, FM_ERR_VALUE, "a finite number"},
               {"no number of clusters", 14, FM_ERR_ARGUMENT, "clusters"}};
  for (int k = 0; k < FM_COUNT(cases); k++) {
    fm_error err = FM_ERROR_INIT;
    int what = cases[k].what;
    fm_retention_cox_model m = {.struct_size = what == 0 ? 0 : sizeof m};
    fm_retention_fine_gray_spec spec = FM_RETENTION_FINE_GRAY_SPEC_INIT;
    draw(1, 0.5, true);
    fm_retention_fine_gray_rows rows = rows_of();
    rows.n = 3;
    rows.time = what == 1 ? NULL : a.time;
    rows.stratum = what == 2 || what == 6 ? a.stratum : NULL;
    rows.n_strata = what == 2 ? 0 : what == 6 ? (size_t)INT32_MAX + 1 : (size_t)1 << 20;
    rows.censoring = what >= 3 && what <= 6 ? a.censoring : NULL;
    rows.n_censoring = what == 3 ? 0 : 2;
    a.censoring[2] = what == 4 ? 2 : 0;
    a.censoring[1] = what == 5 ? -1 : 0;
    rows.cluster = what == 14 ? a.cluster : NULL;
    rows.n_clusters = 0;
    spec.weights = what == 8 ? 3 : what == 9 ? 2 : 1;
    rows.weight = what == 9 ? a.weight : NULL;
    spec.struct_size = what == 10 ? 0 : sizeof spec;
    rows.struct_size = what == 11 ? 0 : sizeof rows;
    a.time[0] = what == 12 ? -1 : 1;
    a.x[1][1] = what == 13 ? INFINITY : 1;
    ck_assert_msg(fm_retention_fine_gray_fit(&m, NULL, NULL, &rows, &spec, NULL, &err) == cases[k].status, "%s: %s",
                  cases[k].label, err.message);
    ck_assert_msg(strstr(err.message, cases[k].message) != NULL, "%s: %s", cases[k].label, err.message);
  }
}
END_TEST

/* A group in which the last is censored has nothing left; weights far apart keep what is left above 0. */
START_TEST(test_far_weights)
{
  static const double x[] = {1, 0, 1, 0, 1, 0}, weight[] = {1e-90, 1e90, 1, 1, 2, 1};
  static const double *const columns[] = {x};
  static const int32_t time[] = {5, 3, 4, 2, 1, 6};
  static const uint8_t cause[] = {1, 0, 1, 2, 1, 1};
  fm_error err = FM_ERROR_INIT;
  fm_retention_cox_model m = {.struct_size = sizeof m};
  fm_retention_fine_gray_rows rows = {.struct_size = sizeof rows,
                                      .n = 6,
                                      .n_covariates = 1,
                                      .time = time,
                                      .cause = cause,
                                      .covariates = columns,
                                      .weight = weight};
  double beta, variance;
  fm_assert_ok(fm_retention_fine_gray_fit(&m, &beta, &variance, &rows, NULL, NULL, &err), &err);
  ck_assert(m.state == FM_RETENTION_COX_FITTED ? isfinite(beta) && isfinite(variance) : isnan(beta));
}
END_TEST

/* Nobody at all, and nobody with the exit. */
START_TEST(test_empty)
{
  fm_error err = FM_ERROR_INIT;
  fm_retention_cox_model m = {.struct_size = sizeof m};
  double beta[COVARIATES], variance[COVARIATES * COVARIATES];
  draw(1, 0.5, true);
  for (size_t i = 0; i < ROWS; i++)
    a.cause[i] = a.cause[i] == 1 ? 2 : a.cause[i];
  for (size_t n = 0; n < 10; n += 9) {
    fm_retention_fine_gray_rows rows = rows_of();
    rows.n = n;
    fm_assert_ok(fm_retention_fine_gray_fit(&m, beta, variance, &rows, NULL, NULL, &err), &err);
    ck_assert_int_eq(m.state, FM_RETENTION_COX_EMPTY);
    ck_assert(m.n == (int64_t)n && m.n_events == 0 && isnan(m.loglik) && isnan(beta[0]) && isnan(variance[0]));
  }
}
END_TEST

static fm_status fit_arrays(void *ctx, fm_error *err)
{
  fm_retention_cox_model m = {.struct_size = sizeof m};
  double beta[COVARIATES];
  return fm_retention_fine_gray_fit(&m, beta, NULL, ctx, NULL, NULL, err);
}

START_TEST(test_allocations)
{
  draw(1, 0.5, true);
  fm_retention_fine_gray_rows rows = rows_of();
  rows.n = 400;
  give_all(&rows);
  ck_assert_int_gt(fm_test_allocations(fit_arrays, &rows), 40);
}
END_TEST

static Suite *suite(void)
{
  Suite *s = suite_create("retention-fine_gray_oracle");
  TCase *t = tcase_create("fine_gray_oracle");
  tcase_set_timeout(t, 120);
  tcase_add_test(t, test_models);
  tcase_add_test(t, test_curves);
  tcase_add_loop_test(t, test_order_and_threads, 0, 2);
  tcase_add_loop_test(t, test_as_cox, 0, 4);
  tcase_add_test(t, test_refusals);
  tcase_add_test(t, test_far_weights);
  tcase_add_test(t, test_empty);
  tcase_add_test(t, test_allocations);
  suite_add_tcase(s, t);
  return s;
}

int main(void)
{
  return fm_test_main(suite());
}
