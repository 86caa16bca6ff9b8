/* Errors of plain arrays by design. */
#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "support/support.h"

enum { N = 120, M = 4 };
static const char *const measures = "mean,gini,s80s20,at_risk_of_poverty";
static double x[N], w[N], fpc[N];
static int32_t stratum[N], psu[N];

static void make(void)
{
  uint64_t state = 5;
  for (int i = 0; i < N; i++) {
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    x[i] = 10 + (double)(state >> 57);
    w[i] = 1 + (double)((state >> 40) % 5) / 4;
    stratum[i] = i % 3 - 1; /* any numbers, negative too */
    psu[i] = i / 3 % 8 - 100;
    fpc[i] = 20;
  }
  x[7] = NAN;
}

static void errors(double *values, double *out, bool clustered, const fm_survey_design_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_income_sample *s;
  fm_assert_ok(fm_income_sample_create_design(&s, x, w, clustered ? stratum : NULL, clustered ? psu : NULL,
                                              clustered ? fpc : NULL, N, NULL, spec, NULL, &err),
               &err);
  fm_assert_ok(fm_income_sample_values(values, out, M, s, measures, NULL, &err), &err);
  fm_income_sample_destroy(s);
}

/* The variance from its definition: sum over strata of (1 - f) n / (n - 1) sum (z - mean z)^2, z the units' sums of w
 * u, u by fm_income_sample_influence. */
static double by_hand(const char *measure, bool clustered)
{
  fm_error err = FM_ERROR_INIT;
  fm_income_sample *s;
  double u[N], z[3][8] = {{0}}, variance = 0, sum = 0, squares = 0;
  fm_assert_ok(fm_income_sample_create(&s, x, w, N, NULL, NULL, &err), &err);
  fm_assert_ok(fm_income_sample_influence(u, s, measure, x, w, N, &err), &err);
  fm_income_sample_destroy(s);
  for (int i = 0; i < N; i++) {
    z[stratum[i] + 1][psu[i] + 100] += w[i] * u[i];
    sum += w[i] * u[i];
  }
  for (int i = 0; i < N; i++)
    squares += (w[i] * u[i] - sum / N) * (w[i] * u[i] - sum / N);
  if (!clustered)
    return sqrt(squares * N / (N - 1));
  for (int h = 0; h < 3; h++) {
    double mean = 0;
    for (int k = 0; k < 8; k++)
      mean += z[h][k] / 8;
    for (int k = 0; k < 8; k++)
      variance += (1 - 8 / 20.0) * 8 / 7.0 * (z[h][k] - mean) * (z[h][k] - mean);
  }
  return sqrt(variance);
}

START_TEST(linearised)
{
  static const char *const names[] = {"mean", "gini", "s80s20", "at_risk_of_poverty"};
  double values[M], out[M], plain[M];
  fm_error err = FM_ERROR_INIT;
  fm_income_sample *s;
  make();
  fm_assert_ok(fm_income_sample_create(&s, x, w, N, NULL, NULL, &err), &err);
  fm_assert_ok(fm_income_sample_values(plain, out, M, s, measures, NULL, &err), &err);
  fm_income_sample_destroy(s);
  for (int k = 0; k < M; k++)
    ck_assert_msg(isnan(out[k]), "no design, no error");
  for (int clustered = 0; clustered < 2; clustered++) {
    errors(values, out, clustered != 0, NULL);
    for (int k = 0; k < M; k++) {
      fm_assert_close(names[k], values[k], plain[k], 0, 0);
      fm_assert_close(names[k], out[k], by_hand(names[k], clustered != 0), 1e-12, 0);
    }
  }
}
END_TEST

static void swap_rows(int i, int k)
{
  double a = x[i], b = w[i];
  int32_t c = stratum[i], d = psu[i];
  x[i] = x[k], w[i] = w[k], stratum[i] = stratum[k], psu[i] = psu[k];
  x[k] = a, w[k] = b, stratum[k] = c, psu[k] = d;
}

/* A bootstrap names rows by their place in canonical order: the order given leaves no trace. */
START_TEST(bootstrap)
{
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  double values[M], first[M], again[M], linear[M];
  spec.method = FM_SURVEY_BOOTSTRAP;
  spec.n_replicates = 400;
  for (int clustered = 0; clustered < 2; clustered++) {
    make();
    errors(values, linear, clustered != 0, NULL);
    errors(values, first, clustered != 0, &spec);
    for (int i = 0; i < N; i++)
      swap_rows(i, (i * 37 + 11) % N);
    errors(values, again, clustered != 0, &spec);
    for (int k = 0; k < M; k++) {
      ck_assert_msg(memcmp(&first[k], &again[k], sizeof first[k]) == 0, "%.17g %.17g", first[k], again[k]);
      fm_assert_close("near the linearised", first[k], linear[k], 0.4, 0);
    }
  }
}
END_TEST

START_TEST(refused)
{
  static const struct wrong {
    fm_survey_design_spec spec;
    const char *message;
  } wrong[] = {
      {{.struct_size = sizeof(fm_survey_design_spec), .strata = "h"}, "plain arrays have no column names"},
      {{.struct_size = sizeof(fm_survey_design_spec), .psu = "h"}, "plain arrays have no column names"},
      {{.struct_size = sizeof(fm_survey_design_spec), .method = FM_SURVEY_REPLICATES}, "replicate weights"},
      {{.struct_size = sizeof(fm_survey_design_spec), .lonely = 77}, "lonely"},
  };
  make();
  for (int k = 0; k < FM_COUNT(wrong); k++) {
    fm_error err = FM_ERROR_INIT;
    fm_income_sample *s;
    ck_assert_int_eq(fm_income_sample_create_design(&s, x, w, stratum, psu, NULL, N, NULL, &wrong[k].spec, NULL, &err),
                     FM_ERR_ARGUMENT);
    ck_assert_msg(strstr(err.message, wrong[k].message) != NULL, "%s", err.message);
    ck_assert_ptr_null(s);
  }
  fm_error err = FM_ERROR_INIT;
  fm_income_sample *s;
  fpc[9] = -1;
  ck_assert_int_eq(fm_income_sample_create_design(&s, x, w, stratum, psu, fpc, N, NULL, NULL, NULL, &err),
                   FM_ERR_VALUE);
  ck_assert_str_eq(err.column, "fpc");
}
END_TEST

static fm_status life(void *ctx, fm_error *err)
{
  double values[M], out[M];
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_income_sample *s;
  spec.method = *(const int32_t *)ctx;
  spec.n_replicates = 2;
  fm_status status = fm_income_sample_create_design(&s, x, w, stratum, psu, fpc, N, NULL, &spec, NULL, err);
  if (status == FM_OK)
    status = fm_income_sample_values(values, out, M, s, measures, NULL, err);
  fm_income_sample_destroy(s);
  return status;
}

START_TEST(allocations)
{
  int32_t methods[] = {FM_SURVEY_TAYLOR, FM_SURVEY_BOOTSTRAP};
  make();
  for (int k = 0; k < 2; k++)
    ck_assert_int_ge(fm_test_allocations(life, &methods[k]), 10);
}
END_TEST

/* More clusters than the first table has room for, in two orders of the rows; the error of the mean against its
 * definition, z = sum of w (x - mean) / W. */
START_TEST(many_clusters)
{
  enum { ROWS = 12000, STRATA = 3, UNITS = 1000 };
  static double income[ROWS], weight[ROWS], z[STRATA * UNITS];
  static int32_t h[ROWS], u[ROWS];
  double value[3], error[3], again[3], error_again[3], total = 0, sum = 0, variance = 0;
  fm_error err = FM_ERROR_INIT;
  fm_income_sample *s;
  for (int i = 0; i < ROWS; i++) {
    uint64_t v = ((uint64_t)i + 1) * UINT64_C(0x9e3779b97f4a7c15);
    income[i] = 10 + (double)(v >> 50);
    weight[i] = 1 + (double)((v >> 30) % 100) / 7;
    h[i] = i % STRATA - 1;
    u[i] = i / STRATA % UNITS * 1000 - 5;
    total += weight[i];
    sum += weight[i] * income[i];
  }
  for (int i = 0; i < ROWS; i++)
    z[i % STRATA * UNITS + i / STRATA % UNITS] += weight[i] * (income[i] - sum / total) / total;
  for (int k = 0; k < STRATA; k++) {
    double mean = 0, squares = 0;
    for (int i = 0; i < UNITS; i++)
      mean += z[k * UNITS + i] / UNITS;
    for (int i = 0; i < UNITS; i++)
      squares += (z[k * UNITS + i] - mean) * (z[k * UNITS + i] - mean);
    variance += squares * UNITS / (UNITS - 1.0);
  }
  for (int order = 0; order < 2; order++) {
    double *to = order == 0 ? value : again, *to_error = order == 0 ? error : error_again;
    fm_assert_ok(fm_income_sample_create_design(&s, income, weight, h, u, NULL, ROWS, NULL, NULL, NULL, &err), &err);
    fm_assert_ok(fm_income_sample_values(to, to_error, 3, s, "mean,gini,at_risk_of_poverty", NULL, &err), &err);
    fm_income_sample_destroy(s);
    for (int i = 0; i < ROWS / 2; i++) {
      int j = ROWS - 1 - i;
      double x_i = income[i], w_i = weight[i];
      int32_t h_i = h[i], u_i = u[i];
      income[i] = income[j], weight[i] = weight[j], h[i] = h[j], u[i] = u[j];
      income[j] = x_i, weight[j] = w_i, h[j] = h_i, u[j] = u_i;
    }
  }
  fm_assert_close("error of the mean", error[0], sqrt(variance), 1e-12, 0);
  ck_assert(memcmp(value, again, sizeof value) == 0);
  ck_assert(memcmp(error, error_again, sizeof error) == 0);
}
END_TEST

/* The numbers of strata and units are names: near each other or far apart they give the same, wherever rows without
 * weight or income stand, and with or without equal population sizes. */
START_TEST(names_of_clusters)
{
  enum { ROWS = 3000, MOST = 4 };
  static double income[ROWS], weight[ROWS], size[ROWS];
  static int32_t h[ROWS], u[ROWS];
  double value[2][M], error[2][M];
  fm_error err = FM_ERROR_INIT;
  fm_income_sample *s;
  for (int variant = 0; variant < MOST; variant++) {
    for (int far = 0; far < 2; far++) {
      for (int i = 0; i < ROWS; i++) {
        int at = far ? ROWS - 1 - i : i; /* the rows in another order, too */
        uint64_t v = ((uint64_t)i + 1) * UINT64_C(0x9e3779b97f4a7c15);
        income[at] = variant < 2 ? (double)(v >> 44) : i % 700 == 699 ? NAN : (double)(v >> 57);
        weight[at] = variant == 3 && i % 900 == 1 ? 0 : 1 + (double)((v >> 30) % 100) / 7;
        h[at] = i / 7 % 5 * (far ? 400000000 : 1) - (far ? 800000000 : 2);
        u[at] = i / 5 % 40 * (far ? 50000000 : 1);
        size[at] = 1e3;
      }
      fm_assert_ok(fm_income_sample_create_design(&s, income, variant == 0 ? NULL : weight, h, u,
                                                  variant % 2 == 0 ? NULL : size, ROWS, NULL, NULL, NULL, &err),
                   &err);
      fm_assert_ok(fm_income_sample_values(value[far], error[far], M, s, measures, NULL, &err), &err);
      fm_income_sample_destroy(s);
    }
    for (int k = 0; k < M; k++)
      ck_assert_msg(error[0][k] > 0 && value[0][k] == value[1][k] && error[0][k] == error[1][k],
                    "%d, measure %d: %.17g, %.17g", variant, k, error[0][k], error[1][k]);
  }
}
END_TEST

/* Population sizes that differ within a unit are refused, wherever they are seen. */
START_TEST(different_sizes)
{
  fm_error err = FM_ERROR_INIT;
  fm_income_sample *s;
  make();
  fpc[30] = 21;
  ck_assert_int_eq(fm_income_sample_create_design(&s, x, w, stratum, psu, fpc, N, NULL, NULL, NULL, &err),
                   FM_ERR_VALUE);
  ck_assert_ptr_nonnull(strstr(err.message, "differ within a stratum"));
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income sample design");
  TCase *c = tcase_create("design");
  tcase_add_test(c, linearised);
  tcase_add_test(c, bootstrap);
  tcase_add_test(c, many_clusters);
  tcase_add_test(c, names_of_clusters);
  tcase_add_test(c, different_sizes);
  tcase_add_test(c, refused);
  tcase_add_test(c, allocations);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
