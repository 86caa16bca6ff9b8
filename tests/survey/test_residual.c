#include <math.h>

#include "sample.h"

/* Values 1, 3, 8 of weights 1, 1, 2 on a constant: mean (1 + 3 + 16) / 4 = 5, residuals -4, -2, 3, times weight -4, -2,
 * 6: they add to 0, squares 56, 3 rows: 3/2 * 56 = 84. */
static const double values[] = {1, 3, 8}, weights[] = {1, 1, 2}, constant[] = {1, 1, 1};

static double std_error_of(const fm__design_input *in, const double *z)
{
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm__design *d = NULL;
  uint32_t *unit = NULL;
  double error = 0;
  fm_assert_ok(fm__design_create(&d, &unit, in, &spec, &err), &err);
  ck_assert_uint_eq(fm__design_n_units(d), in->n);
  fm_assert_ok(fm__design_std_error(&error, d, z, &err), &err);
  fm__design_destroy(d);
  fm__free(unit);
  return error;
}

START_TEST(hand_worked)
{
  static const double twice[] = {2, 2, 2};
  const double *one[] = {constant}, *both[] = {constant, twice};
  double z[3], big[3];
  for (size_t i = 0; i < 3; i++)
    z[i] = weights[i] * values[i];
  fm__design_input in = {.n = 3, .n_stages = 1, .weight = weights, .n_auxiliaries = 1, .auxiliary = one};
  fm_assert_close("constant", std_error_of(&in, z), sqrt(84), 1e-15, 0);
  for (size_t i = 0; i < 3; i++)
    big[i] = ldexp(z[i], 1000);
  ck_assert_double_eq(std_error_of(&in, big), ldexp(std_error_of(&in, z), 1000));
  in.auxiliary = both; /* a column that says the same again changes nothing */
  in.n_auxiliaries = 2;
  fm_assert_close("twice", std_error_of(&in, z), sqrt(84), 1e-14, 0);
}
END_TEST

/* A row of count 2 is two rows. */
START_TEST(pooled_rows)
{
  static const double x[] = {1, 2, 4}, y[] = {5, 1, 2}, each_x[] = {1, 2, 2, 4}, each_y[] = {5, 1, 1, 2};
  static const double ones[] = {1, 1, 1, 1};
  static const uint64_t count[] = {1, 2, 1};
  const double *columns[] = {ones, x}, *each_columns[] = {ones, each_x};
  fm__design_input in = {.n = 3, .n_stages = 1, .n_auxiliaries = 2, .auxiliary = columns, .count = count};
  fm__design_input each = {.n = 4, .n_stages = 1, .n_auxiliaries = 2, .auxiliary = each_columns};
  double z[3], each_z[4];
  for (size_t i = 0; i < 3; i++)
    z[i] = (double)count[i] * y[i];
  for (size_t i = 0; i < 4; i++)
    each_z[i] = each_y[i];
  fm_assert_close("pooled", std_error_of(&in, z), std_error_of(&each, each_z), 1e-14, 0);
}
END_TEST

/* ---- R's survey ---- */

static void read_weights(double *to, const char *name)
{
  fm_oracle *o = fm_oracle_open("survey/calibration.csv");
  size_t n = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
    if (strcmp(fm_oracle_text(o, i, "case"), name) == 0)
      to[n++] = fm_oracle_number(o, i, "weight");
  ck_assert_uint_eq(n, SAMPLE_ROWS);
  fm_oracle_close(o);
}

START_TEST(r_agrees)
{
  fm_oracle *o = fm_oracle_open("survey/calibrated_variance.csv");
  sample s;
  read_sample(&s, NULL);
  double one[SAMPLE_ROWS], sex2[SAMPLE_ROWS], cell[6][SAMPLE_ROWS];
  for (size_t i = 0; i < s.n; i++) {
    one[i] = 1;
    sex2[i] = s.sex[i] == 2;
    for (int k = 0; k < 6; k++)
      cell[k][i] = s.sex[i] == 1 + k % 2 && s.age[i] == 1 + k / 2;
  }
  const double *columns[] = {one, s.x, sex2};
  const double *cells[] = {cell[0], cell[1], cell[2], cell[3], cell[4], cell[5]};
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    const char *name = fm_oracle_text(o, i, "case"), *statistic = fm_oracle_text(o, i, "statistic");
    bool post = strcmp(name, "post") == 0, domain = strncmp(statistic, "domain", 6) == 0;
    double weight[SAMPLE_ROWS], z[SAMPLE_ROWS];
    read_weights(weight, name);
    fm__design_input in = {.n = s.n, .n_stages = 1, .stratum = {s.stratum}, .cluster = {s.psu}};
    in.weight = weight;
    in.base_weight = s.w;
    in.n_auxiliaries = post ? 6 : 3;
    in.auxiliary = post ? cells : columns;
    double value = influences(z, &s, weight, s.y, domain ? s.domain : NULL, strcmp(statistic, "total_y") != 0);
    fm_assert_close(name, value, fm_oracle_number(o, i, "value"), 1e-12, 0);
    fm_assert_close(name, std_error_of(&in, z), fm_oracle_number(o, i, "se"), 1e-12, 0);
  }
  ck_assert_uint_eq(fm_oracle_n_rows(o), 12);
  fm_oracle_close(o);
}
END_TEST

/* Rows of weight 0 take no part in the regression. */
START_TEST(weights_of_zero)
{
  static const double none[] = {0, 0, 0};
  static const double w[] = {1, 1, 2, 0}, x[] = {1, 1, 1, 900}, z[] = {1, 3, 16, 0}, base[] = {1, 1, 2, 5};
  static const uint32_t unit[] = {0, 1, 2, 2};
  const double *columns[] = {x};
  fm__design_input in = {.n = 4, .n_stages = 1, .weight = w, .n_auxiliaries = 1, .auxiliary = columns};
  in.cluster[0] = unit;
  in.base_weight = base;
  fm_assert_close("without it", std_error_of(&in, z), sqrt(84), 1e-15, 0);
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm__design *d = NULL;
  uint32_t *units = NULL;
  in.n = 3;
  in.weight = none;
  ck_assert_int_eq(fm__design_create(&d, &units, &in, &spec, &err), FM_ERR_VALUE);
  in.n_replicates = 2;
  in.replicate = columns;
  spec.replicate_kind = FM_SURVEY_BRR;
  spec.method = FM_SURVEY_REPLICATES;
  ck_assert_int_eq(fm__design_create(&d, &units, &in, &spec, &err), FM_ERR_ARGUMENT);
  spec.method = FM_SURVEY_BOOTSTRAP;
  ck_assert_int_eq(fm__design_create(&d, &units, &in, &spec, &err), FM_ERR_ARGUMENT);
}
END_TEST

static fm_status whole_life(void *ctx, fm_error *err)
{
  (void)ctx;
  const double *columns[] = {constant, values};
  static const double other[] = {3, 1, 1};
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm__design_input in = {.n = 3, .n_stages = 1, .weight = weights, .n_auxiliaries = 2, .auxiliary = columns};
  fm__design *d = NULL;
  uint32_t *unit = NULL;
  double v;
  fm_status status = fm__design_create(&d, &unit, &in, &spec, err);
  if (status == FM_OK)
    status = fm__design_covariance(&v, d, values, other, err);
  fm__design_destroy(d);
  fm__free(unit);
  return status;
}

START_TEST(allocations)
{
  ck_assert_int_gt(fm_test_allocations(whole_life, NULL), 15);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("survey-residual");
  TCase *tests = tcase_create("residual");
  tcase_add_test(tests, hand_worked);
  tcase_add_test(tests, pooled_rows);
  tcase_add_test(tests, r_agrees);
  tcase_add_test(tests, weights_of_zero);
  tcase_add_test(tests, allocations);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
