/* Fine and Gray's regression on plain arrays where numbers are far from 1: tiny and large weights, ids far apart, a
 * model of another size, nobody who leaves. */
#include <math.h>
#include <string.h>

#include "flexmetrics/retention_fine_gray.h"
#include "support/support.h"

enum { N = 12 };
static const int32_t time[N] = {4, 9, 2, 7, 7, 12, 3, 15, 5, 9, 11, 6};
static const uint8_t cause[N] = {1, 2, 0, 1, 2, 0, 1, 1, 2, 0, 1, 1};
static const double x[N] = {1, 0.5, 2, -1, 0, 3, 1.5, -0.5, 2.5, 0, 1, 2}, z[N] = {0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0};
static const double weight[N] = {1, 2, 1.5, 1, 3, 1, 0.5, 2, 1, 1, 2.5, 1};
static const double *const columns[] = {x, z};

static fm_retention_fine_gray_rows rows_of(void)
{
  return (fm_retention_fine_gray_rows){.struct_size = sizeof(fm_retention_fine_gray_rows),
                                       .n = N,
                                       .n_covariates = 2,
                                       .time = time,
                                       .cause = cause,
                                       .covariates = columns};
}

typedef struct fitted {
  fm_retention_cox_model model;
  double beta[2], variance[4];
} fitted;

static fitted fit(const fm_retention_fine_gray_rows *rows)
{
  fitted f = {.model = {.struct_size = sizeof f.model}};
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_retention_fine_gray_fit(&f.model, f.beta, f.variance, rows, NULL, NULL, &err), &err);
  return f;
}

/* A weight multiplies log L, but for the share of its own size; the coefficients and their variance stay. */
START_TEST(test_scale_of_weights)
{
  static const double scales[] = {1e-300, 1e-200, 0x1p-70, 1e-10, 1e30, 1e99};
  fm_retention_fine_gray_rows rows = rows_of();
  rows.weight = weight;
  fitted one = fit(&rows);
  double events = 0;
  for (int i = 0; i < N; i++)
    events += cause[i] == 1 ? weight[i] : 0;
  ck_assert_int_eq(one.model.state, FM_RETENTION_COX_FITTED);
  for (int s = 0; s < FM_COUNT(scales); s++) {
    double scaled[N], by = scales[s];
    for (int i = 0; i < N; i++)
      scaled[i] = weight[i] * by;
    rows.weight = scaled;
    fitted f = fit(&rows);
    ck_assert_msg(f.model.state == FM_RETENTION_COX_FITTED, "times %g: state %d", by, f.model.state);
    for (int j = 0; j < 2; j++)
      fm_assert_close("coefficient", f.beta[j], one.beta[j], 0, 1e-7 * sqrt(one.variance[3 * j]));
    for (int k = 0; k < 4; k++)
      fm_assert_close("variance", f.variance[k], one.variance[k], 1e-7, 1e-9);
    fm_assert_close("null", f.model.loglik_null / by, one.model.loglik_null - events * log(by), 1e-12, 0);
    fm_assert_close("loglik", f.model.loglik / by, one.model.loglik - events * log(by), 1e-12, 0);
    fm_assert_close("ratio", f.model.likelihood_ratio / by, one.model.likelihood_ratio, 1e-9, 0);
    fm_assert_close("wald", f.model.wald, one.model.wald, 1e-7, 0);
    fm_assert_close("robust score", f.model.score_robust, one.model.score_robust, 1e-9, 0);
  }
}
END_TEST

/* Ids far apart, and far more of them told than there are rows: memory and time go by those that occur. */
START_TEST(test_ids_far_apart)
{
  static const int32_t near[N] = {0, 1, 0, 1, 1, 0, 0, 2, 1, 2, 0, 2}, far_ids[] = {3, 1000000, INT32_MAX - 1};
  int32_t far_apart[N];
  for (int i = 0; i < N; i++)
    far_apart[i] = far_ids[near[i]];
  fm_retention_fine_gray_rows rows = rows_of(), far_rows = rows;
  rows.cluster = rows.censoring = near;
  rows.n_clusters = rows.n_censoring = 3;
  far_rows.cluster = far_rows.censoring = far_apart;
  far_rows.n_clusters = far_rows.n_censoring = INT32_MAX;
  for (int strata = 0; strata < 2; strata++) {
    rows.stratum = strata != 0 ? near : NULL;
    far_rows.stratum = strata != 0 ? far_apart : NULL;
    rows.n_strata = 3;
    far_rows.n_strata = INT32_MAX;
    fitted a = fit(&rows), b = fit(&far_rows);
    ck_assert(memcmp(&a.model, &b.model, sizeof a.model) == 0);
    ck_assert(memcmp(a.variance, b.variance, sizeof a.variance) == 0);
  }
  for (int bad = 0; bad < 2; bad++) {
    fm_error err = FM_ERROR_INIT;
    fitted f = {.model = {.struct_size = sizeof f.model}};
    far_apart[7] = bad == 0 ? -1 : INT32_MAX;
    ck_assert_int_eq(fm_retention_fine_gray_fit(&f.model, NULL, NULL, &far_rows, NULL, NULL, &err), FM_ERR_VALUE);
    ck_assert_int_eq(err.row, 7);
    far_rows.censoring = NULL;
  }
}
END_TEST

/* 40,000 rows, each with a time of exit and a group of censoring of its own: more cells than can be counted. */
START_TEST(test_too_many_cells)
{
  enum { MANY = 40000 };
  static int32_t own[MANY];
  static uint8_t exits[MANY];
  static double numbers[MANY];
  static const double *const one[] = {numbers};
  for (int i = 0; i < MANY; i++) {
    own[i] = i;
    exits[i] = 1;
    numbers[i] = i % 7;
  }
  fm_retention_fine_gray_rows rows = rows_of();
  fm_retention_cox_model model = {.struct_size = sizeof model};
  fm_error err = FM_ERROR_INIT;
  rows.n = rows.n_censoring = MANY;
  rows.n_covariates = 1;
  rows.time = rows.censoring = own;
  rows.cause = exits;
  rows.covariates = one;
  ck_assert_int_eq(fm_retention_fine_gray_fit(&model, NULL, NULL, &rows, NULL, NULL, &err), FM_ERR_LIMIT);
  ck_assert_msg(strstr(err.message, "more than 2^32") != NULL, "%s", err.message);
}
END_TEST

START_TEST(test_size_of_model)
{
  fm_retention_fine_gray_rows rows = rows_of();
  fm_error err = FM_ERROR_INIT;
  static const size_t sizes[] = {0, sizeof(size_t), sizeof(fm_retention_cox_model) - 8};
  for (int k = 0; k < FM_COUNT(sizes); k++) {
    fm_retention_cox_model model = {.struct_size = sizes[k], .n = 77};
    ck_assert_int_eq(fm_retention_fine_gray_fit(&model, NULL, NULL, &rows, NULL, NULL, &err), FM_ERR_ARGUMENT);
    ck_assert_msg(strstr(err.message, "expected at least") != NULL, "%s", err.message);
    ck_assert(model.n == 77);
  }
  ck_assert_int_eq(fm_retention_fine_gray_fit(NULL, NULL, NULL, &rows, NULL, NULL, &err), FM_ERR_ARGUMENT);
}
END_TEST

static fm_status fit_far(void *ctx, fm_error *err)
{
  (void)ctx;
  static const int32_t ids[N] = {900, 5, 5, 900, 77, 77, 5, 900, 77, 5, 900, 77};
  fm_retention_fine_gray_rows rows = rows_of();
  fm_retention_cox_model model = {.struct_size = sizeof model};
  rows.stratum = rows.cluster = rows.censoring = ids;
  rows.n_strata = rows.n_clusters = rows.n_censoring = 1000000;
  return fm_retention_fine_gray_fit(&model, NULL, NULL, &rows, NULL, NULL, err);
}

START_TEST(test_allocations)
{
  ck_assert_int_gt(fm_test_allocations(fit_far, NULL), 30);
}
END_TEST

/* Nobody leaves for it, nobody at all, no rows. */
START_TEST(test_nothing_to_fit)
{
  uint8_t none[N] = {0};
  fm_retention_fine_gray_rows rows = rows_of();
  for (int k = 0; k < 3; k++) {
    for (int i = 0; i < N; i++)
      none[i] = k == 0 && cause[i] != 0 ? 2 : 0;
    rows.cause = none;
    rows.n = k == 2 ? 0 : N;
    fitted f = fit(&rows);
    ck_assert_int_eq(f.model.state, FM_RETENTION_COX_EMPTY);
    ck_assert(isnan(f.beta[0]) && isnan(f.variance[0]) && isnan(f.model.wald));
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("retention-fine_gray_edges");
  TCase *tcase = tcase_create("edges");
  tcase_set_timeout(tcase, 120);
  tcase_add_test(tcase, test_scale_of_weights);
  tcase_add_test(tcase, test_ids_far_apart);
  tcase_add_test(tcase, test_too_many_cells);
  tcase_add_test(tcase, test_size_of_model);
  tcase_add_test(tcase, test_nothing_to_fit);
  tcase_add_test(tcase, test_allocations);
  suite_add_tcase(suite, tcase);
  return fm_test_main(suite);
}
