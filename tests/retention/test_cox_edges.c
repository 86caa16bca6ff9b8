/* Cox regression where little can be said: everybody leaves at once, no finite coefficient, tiny weights, ids far
 * apart, a model of another size. */
#include <math.h>
#include <string.h>

#include "flexmetrics/retention_cox.h"
#include "support/support.h"

enum { N = 12 };
static const int32_t time[N] = {4, 9, 2, 7, 7, 12, 3, 15, 5, 9, 11, 6};
static const uint8_t event[N] = {1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1};
static const double x[N] = {1, 0.5, 2, -1, 0, 3, 1.5, -0.5, 2.5, 0, 1, 2}, z[N] = {0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0};
static const double weight[N] = {1, 2, 1.5, 1, 3, 1, 0.5, 2, 1, 1, 2.5, 1};
static const double *const columns[] = {x, z};

static fm_retention_cox_rows rows_of(void)
{
  return (fm_retention_cox_rows){.struct_size = sizeof(fm_retention_cox_rows),
                                 .n = N,
                                 .n_covariates = 2,
                                 .time = time,
                                 .event = event,
                                 .covariates = columns};
}

typedef struct fitted {
  fm_retention_cox_model model;
  double beta[2], error[2], variance[4];
} fitted;

static fitted fit(const fm_retention_cox_rows *rows, const fm_retention_cox_spec *spec)
{
  fitted f = {.model = {.struct_size = sizeof f.model}};
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_retention_cox_fit(&f.model, f.beta, f.error, f.variance, rows, spec, NULL, &err), &err);
  return f;
}

/* Everybody leaves on day 5. With Breslow's ties each derivative at 0 is (x - mean) - 1 (x - mean) = 0: no squares of
 * them, so no robust test and no robust variance. The model's own variance and test remain: the score is 0, too. */
START_TEST(test_all_at_once)
{
  int32_t once[N];
  uint8_t all[N];
  for (int i = 0; i < N; i++) {
    once[i] = 5;
    all[i] = 1;
  }
  fm_retention_cox_spec spec = FM_RETENTION_COX_SPEC_INIT;
  fm_retention_cox_rows rows = rows_of();
  rows.time = once;
  rows.event = all;
  spec.ties = 2;
  spec.robust = 1;
  fitted f = fit(&rows, &spec);
  ck_assert_int_eq(f.model.state, FM_RETENTION_COX_FITTED);
  ck_assert(isnan(f.model.score_robust));
  ck_assert(isnan(f.model.wald));
  for (int k = 0; k < 4; k++)
    ck_assert(isnan(f.variance[k]));
  fm_assert_close("score", f.model.score, 0, 0, 1e-20);
  fm_assert_close("coefficient", f.beta[0], 0, 0, 1e-12);
  ck_assert(f.error[0] > 0 && f.error[0] < INFINITY);
  rows.weight = weight;
  f = fit(&rows, &spec);
  ck_assert(isnan(f.model.score_robust));
  spec.robust = 2;
  f = fit(&rows, &spec);
  ck_assert(!isnan(f.model.wald));
}
END_TEST

/* A weight multiplies log L, but for the share of its own size: the rest follows. */
START_TEST(test_scale_of_weights)
{
  static const double scales[] = {1e-300, 1e-200, 0x1p-70, 1e-10, 1e30, 1e99};
  for (int robust = 1; robust <= 2; robust++) {
    fm_retention_cox_spec spec = FM_RETENTION_COX_SPEC_INIT;
    fm_retention_cox_rows rows = rows_of();
    spec.robust = robust;
    rows.weight = weight;
    fitted one = fit(&rows, &spec);
    double events = 0;
    for (int i = 0; i < N; i++)
      events += event[i] != 0 ? weight[i] : 0;
    for (int s = 0; s < FM_COUNT(scales); s++) {
      double scaled[N], by = scales[s], own = robust == 1 ? 1 : by;
      for (int i = 0; i < N; i++)
        scaled[i] = weight[i] * by;
      rows.weight = scaled;
      fitted f = fit(&rows, &spec);
      ck_assert_int_eq(f.model.state, FM_RETENTION_COX_FITTED);
      for (int j = 0; j < 2; j++) {
        fm_assert_close("coefficient", f.beta[j], one.beta[j], 0, 1e-7 * one.error[j]);
        fm_assert_close("error", f.error[j] * sqrt(by), one.error[j], 1e-7, 0);
        fm_assert_close("variance", f.variance[3 * j] * own, one.variance[3 * j], 1e-7, 0);
      }
      fm_assert_close("null", f.model.loglik_null / by, one.model.loglik_null - events * log(by), 1e-12, 0);
      fm_assert_close("loglik", f.model.loglik / by, one.model.loglik - events * log(by), 1e-12, 0);
      fm_assert_close("ratio", f.model.likelihood_ratio / by, one.model.likelihood_ratio, 1e-9, 0);
      fm_assert_close("score", f.model.score / by, one.model.score, 1e-9, 0);
      fm_assert_close("wald", f.model.wald / (robust == 1 ? 1 : by), one.model.wald, 1e-7, 0);
      fm_assert_close("concordance", f.model.concordance, one.model.concordance, 1e-12, 0);
      if (robust == 1)
        fm_assert_close("robust score", f.model.score_robust, one.model.score_robust, 1e-9, 0);
    }
  }
}
END_TEST

/* Ids far apart, and far more of them told than there are rows: memory goes by those that occur. */
START_TEST(test_ids_far_apart)
{
  static const int32_t near[N] = {0, 1, 0, 1, 1, 0, 0, 2, 1, 2, 0, 2}, far_ids[] = {3, 1000000, INT32_MAX - 1};
  int32_t far_apart[N];
  for (int i = 0; i < N; i++)
    far_apart[i] = far_ids[near[i]];
  fm_retention_cox_rows rows = rows_of(), far_rows = rows;
  rows.stratum = rows.cluster = near;
  rows.n_strata = rows.n_clusters = 3;
  far_rows.stratum = far_rows.cluster = far_apart;
  far_rows.n_strata = far_rows.n_clusters = INT32_MAX;
  fitted a = fit(&rows, NULL), b = fit(&far_rows, NULL);
  ck_assert(memcmp(&a.model, &b.model, sizeof a.model) == 0);
  ck_assert(memcmp(a.variance, b.variance, sizeof a.variance) == 0);
  for (int bad = 0; bad < 2; bad++) {
    fm_error err = FM_ERROR_INIT;
    far_apart[7] = bad == 0 ? -1 : INT32_MAX;
    ck_assert_int_eq(fm_retention_cox_fit(&a.model, NULL, NULL, NULL, &far_rows, NULL, NULL, &err), FM_ERR_VALUE);
    ck_assert_int_eq(err.row, 7);
  }
}
END_TEST

START_TEST(test_size_of_model)
{
  fm_retention_cox_rows rows = rows_of();
  struct {
    fm_retention_cox_model model;
    double more[2];
  } larger = {.model = {.struct_size = sizeof larger}, .more = {1, 2}};
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_retention_cox_fit(&larger.model, NULL, NULL, NULL, &rows, NULL, NULL, &err), &err);
  ck_assert(larger.model.struct_size == sizeof larger && larger.model.n == N && larger.more[1] == 0);
  static const size_t sizes[] = {0, sizeof(size_t), 2 * sizeof(size_t), sizeof(fm_retention_cox_model) - 8};
  for (int k = 0; k < FM_COUNT(sizes); k++) {
    fm_retention_cox_model model = {.struct_size = sizes[k], .n = 77};
    ck_assert_int_eq(fm_retention_cox_fit(&model, NULL, NULL, NULL, &rows, NULL, NULL, &err), FM_ERR_ARGUMENT);
    ck_assert_msg(strstr(err.message, "expected at least") != NULL, "%s", err.message);
    ck_assert(model.n == 77);
  }
  ck_assert_int_eq(fm_retention_cox_fit(NULL, NULL, NULL, NULL, &rows, NULL, NULL, &err), FM_ERR_ARGUMENT);
}
END_TEST

static fm_status fit_far(void *ctx, fm_error *err)
{
  (void)ctx;
  static const int32_t ids[N] = {900, 5, 5, 900, 77, 77, 5, 900, 77, 5, 900, 77};
  fm_retention_cox_rows rows = rows_of();
  fm_retention_cox_model model = {.struct_size = sizeof model};
  rows.stratum = rows.cluster = ids;
  rows.n_strata = rows.n_clusters = 1000000;
  return fm_retention_cox_fit(&model, NULL, NULL, NULL, &rows, NULL, NULL, err);
}

START_TEST(test_allocations)
{
  ck_assert_int_gt(fm_test_allocations(fit_far, NULL), 30);
}
END_TEST

/* ---- tables: a baseline and profiles without a fit ---- */

static const char *const simple[] = {"time_days:i32", "event:bool", "x:f64", "group:code"};

/* All who leave have x = 1, and everybody with x = 0 stays: the coefficient has no finite value. */
static const char *const separated[] = {"1", "1", "1", "a", "2", "1", "1", "b", "3", "0", "0", "a", "4", "0", "0", "b"};
static const char *const nobody[] = {"1", "0", "1", "a", "2", "0", "0", "b"};

START_TEST(test_profiles_without_fit)
{
  static const struct {
    const char *const *cells;
    size_t n;
    const char *profiles, *state; /* NULL: refused */
  } cases[] = {{separated, 4, "x=1 group=b | x=0", "separated"},
               {separated, 4, "x=1 age=3", NULL},
               {separated, 4, "x=many", NULL},
               {nobody, 2, "x=1 | x=0", "empty"}};
  fm_error err = FM_ERROR_INIT;
  fm_retention_cox_spec spec = FM_RETENTION_COX_SPEC_INIT;
  spec.covariates = _i == 3 ? "x" : "x,group:a";
  spec.profiles = cases[_i].profiles;
  spec.baseline = 1;
  fm_table *frame = fm_test_table(simple, 4, cases[_i].cells, cases[_i].n), *t;
  fm_status status = fm_retention_cox(&t, frame, &spec, NULL, &err);
  if (cases[_i].state == NULL) {
    ck_assert_int_eq(status, FM_ERR_ARGUMENT);
    ck_assert_msg(strstr(err.message, "is not a covariate with a value") != NULL, "%s", err.message);
    fm_table_destroy(frame);
    return;
  }
  fm_assert_ok(status, &err);
  int curves = 0, hazards = 0;
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    bool curve = strcmp(fm_test_text(t, "quantity", i), "survival") == 0;
    bool hazard = strcmp(fm_test_text(t, "quantity", i), "cumulative_hazard") == 0;
    curves += curve;
    hazards += hazard;
    if (!curve && !hazard)
      continue;
    ck_assert_str_eq(fm_test_text(t, "state", i), cases[_i].state);
    ck_assert(isnan(fm_test_number(t, "value", i)));
    ck_assert((fm_test_text(t, "profile", i) != NULL) == curve);
  }
  ck_assert_int_eq(curves, 2);
  ck_assert_int_eq(hazards, 1);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("retention-cox_edges");
  TCase *tcase = tcase_create("edges");
  tcase_set_timeout(tcase, 120);
  tcase_add_test(tcase, test_all_at_once);
  tcase_add_test(tcase, test_scale_of_weights);
  tcase_add_test(tcase, test_ids_far_apart);
  tcase_add_test(tcase, test_size_of_model);
  tcase_add_test(tcase, test_allocations);
  tcase_add_loop_test(tcase, test_profiles_without_fit, 0, 4);
  suite_add_tcase(suite, tcase);
  return fm_test_main(suite);
}
