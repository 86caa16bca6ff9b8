/* Moves between periods on plain arrays: by hand, against R, edges. */
#include <math.h>
#include <string.h>

#include "support/support.h"

/* Three people and four periods: 0 1 0 -, 0 0 - 1, 1 - 1 1. Moves 0->0: 1, 0->1: 1, 1->0: 1, 1->1: 1. */
static const int32_t states[] = {0, 1, 0, -1, 0, 0, -1, 1, 1, -1, 1, 1};

START_TEST(test_by_hand)
{
  static const double weight[] = {1, 3, 0.5};
  int64_t count[9];
  double weighted[9], p[9], power[9];
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_retention_transition_counts(count, weighted, p, states, weight, 3, 4, 3, NULL, &err), &err);
  static const int64_t counts[] = {1, 1, 0, 1, 1, 0, 0, 0, 0};
  static const double weights[] = {3, 1, 0, 1, 0.5, 0, 0, 0, 0};
  static const double shares[] = {0.75, 0.25, 0, 2.0 / 3, 1.0 / 3, 0};
  for (size_t i = 0; i < 9; i++) {
    ck_assert_int_eq((int)count[i], (int)counts[i]);
    fm_assert_close("weight", weighted[i], weights[i], 0, 0);
    fm_assert_close("p", p[i], i < 6 ? shares[i] : NAN, 1e-15, 0); /* nobody is ever in state 2 */
  }
  fm_assert_ok(fm_retention_transition_power(power, p, 3, 2, &err), &err);
  fm_assert_close("0 to 0", power[0], 0.75 * 0.75 + 0.25 * 2 / 3, 1e-15, 0);
  fm_assert_close("1 to 1", power[4], 2.0 / 3 * 0.25 + 1.0 / 9, 1e-15, 0);
  ck_assert(isnan(power[6]));
  fm_assert_ok(fm_retention_transition_counts(NULL, NULL, p, states, NULL, 3, 4, 2, NULL, &err), &err);
  fm_assert_close("plain", p[0], 0.5, 0, 0);
  fm_assert_ok(fm_retention_transition_counts(count, NULL, p, NULL, NULL, 0, 4, 2, NULL, &err), &err);
  ck_assert(count[0] == 0 && isnan(p[3]));
}
END_TEST

START_TEST(test_oracle)
{
  enum { N = 712, MONTHS = 72 };
  static const char letters[] = "SFETJH";
  static int32_t wide[N * MONTHS];
  static double weight[N];
  int64_t count[36];
  double weighted[36], p[36], power[36];
  fm_error err = FM_ERROR_INIT;
  fm_oracle *o = fm_oracle_open("../../examples/data/school-to-work/source/mvad_monthly.csv");
  for (size_t i = 0; i < N; i++) {
    weight[i] = fm_oracle_number(o, i, "weight");
    for (size_t t = 0; t < MONTHS; t++)
      wide[i * MONTHS + t] = (int32_t)(strchr(letters, fm_oracle_text(o, i, "states")[t]) - letters);
  }
  fm_oracle_close(o);
  fm_assert_ok(fm_retention_transition_counts(count, weighted, NULL, wide, weight, N, MONTHS, 6, NULL, &err), &err);
  fm_assert_ok(fm_retention_transition_counts(NULL, NULL, p, wide, NULL, N, MONTHS, 6, NULL, &err), &err);
  o = fm_oracle_open("retention/mvad_transitions.csv");
  for (size_t i = 0; i < 36; i++) { /* R counts columns first */
    size_t k = i % 6 * 6 + i / 6;
    fm_assert_close("count", (double)count[k], fm_oracle_number(o, i, "count"), 0, 0);
    fm_assert_close("weighted", weighted[k], fm_oracle_number(o, i, "weighted_count"), 1e-12, 0);
    fm_assert_close("p", p[k], fm_oracle_number(o, i, "prob"), 1e-12, 0);
  }
  fm_oracle_close(o);
  o = fm_oracle_open("retention/mvad_transitions_power.csv");
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    int32_t steps = (int32_t)fm_oracle_number(o, i, "steps");
    fm_assert_ok(fm_retention_transition_power(power, p, 6, steps, &err), &err);
    fm_assert_close("power", power[i % 6 * 6 + i % 36 / 6], fm_oracle_number(o, i, "prob"), 1e-12, 0);
  }
  fm_oracle_close(o);
}
END_TEST

/* 0 to 1, 1 to 2, and nothing known of 2: from 0 the second step is known, the third is not. */
START_TEST(test_unknown)
{
  static const double p[] = {0, 1, 0, 0, 0, 1, NAN, NAN, NAN};
  double out[9];
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_retention_transition_power(out, p, 3, 2, &err), &err);
  fm_assert_close("two", out[2], 1, 0, 0);
  ck_assert(isnan(out[3]) && isnan(out[8]));
  fm_assert_ok(fm_retention_transition_power(out, p, 3, 3, &err), &err);
  ck_assert(isnan(out[0]) && isnan(out[2]));
}
END_TEST

START_TEST(test_refused)
{
  static const double good[] = {0.5, 0.5, 0, 1}, low[] = {0.5, 0.4, 0, 1}, outside[] = {1.5, -0.5, 0, 1};
  static const double half[] = {NAN, 1, 0, 1}, bad_weight[] = {1, -1, 1};
  double out[4];
  int64_t count[9];
  fm_error err = FM_ERROR_INIT;
  ck_assert_int_eq(fm_retention_transition_power(out, good, 2, 0, &err), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_retention_transition_power(out, good, 2, 10001, &err), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_retention_transition_power(out, good, 33, 1, &err), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_retention_transition_power(NULL, good, 2, 1, &err), FM_ERR_ARGUMENT);
  const double *const bad[] = {low, outside, half};
  for (int i = 0; i < FM_COUNT(bad); i++) {
    fm_error_clear(&err);
    ck_assert_int_eq(fm_retention_transition_power(out, bad[i], 2, 1, &err), FM_ERR_VALUE);
    ck_assert_int_eq((int)err.row, 0);
  }
  ck_assert_int_eq(fm_retention_transition_counts(count, NULL, NULL, states, NULL, 3, 4, 1, NULL, &err), FM_ERR_VALUE);
  ck_assert_int_eq((int)err.row, 0);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_retention_transition_counts(count, NULL, NULL, states, bad_weight, 3, 4, 2, NULL, &err),
                   FM_ERR_VALUE);
  ck_assert_int_eq((int)err.row, 1);
  ck_assert_int_eq(fm_retention_transition_counts(count, NULL, NULL, states, NULL, 3, 4, 0, NULL, &err),
                   FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_retention_transition_counts(count, NULL, NULL, NULL, NULL, 3, 4, 2, NULL, &err), FM_ERR_ARGUMENT);
}
END_TEST

static fm_status count_all(void *ctx, fm_error *err)
{
  int64_t count[4];
  (void)ctx;
  return fm_retention_transition_counts(count, NULL, NULL, states, NULL, 3, 4, 2, NULL, err);
}

START_TEST(test_memory)
{
  ck_assert_int_eq(fm_test_allocations(count_all, NULL), 3);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("retention-chain");
  TCase *tests = tcase_create("chain");
  tcase_add_test(tests, test_by_hand);
  tcase_add_test(tests, test_oracle);
  tcase_add_test(tests, test_unknown);
  tcase_add_test(tests, test_refused);
  tcase_add_test(tests, test_memory);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
