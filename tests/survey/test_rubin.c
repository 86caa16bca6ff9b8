#include <math.h>
#include <string.h>

#include "support/support.h"

static fm_survey_combined combine(const double *q, const double *u, size_t m, double df)
{
  fm_error err = FM_ERROR_INIT;
  fm_survey_combined out = {.struct_size = sizeof out};
  fm_assert_ok(fm_survey_combine_values(&out, q, u, m, df, &err), &err);
  ck_assert_uint_eq(out.struct_size, sizeof out);
  return out;
}

/* Estimates 10, 12, 14, variances 4, 5, 6: mean 12, within 5, between 4, variance 5 + 4/3 * 4 = 31/3. Of it 16/3 lies
 * between: lambda = 16/31, nu_m = 2 (31/16)^2 = 7.5078125. With 20 degrees of freedom in the complete data
 * nu_obs = 21/23 * 20 * 15/31 = 6300/713 and 1/nu = 1/7.5078125 + 713/6300.
 * Missing: r = 16/15, (16/15 + 2/10.5078125) / (31/15). */
START_TEST(hand_worked)
{
  static const double q[] = {12, 10, 14}, u[] = {5, 4, 6};
  fm_survey_combined a = combine(q, u, 3, NAN), b = combine(q, u, 3, 20);
  fm_assert_close("estimate", a.estimate, 12, 0, 0);
  fm_assert_close("within", a.within, 5, 0, 0);
  fm_assert_close("between", a.between, 4, 0, 0);
  fm_assert_close("variance", a.variance, 31.0 / 3, 1e-15, 0);
  fm_assert_close("df", a.degrees_of_freedom, 7.5078125, 1e-14, 0);
  fm_assert_close("df, 20", b.degrees_of_freedom, 1 / (1 / 7.5078125 + 713.0 / 6300), 1e-14, 0);
  fm_assert_close("missing", a.missing_share, (16.0 / 15 + 2 / 10.5078125) / (31.0 / 15), 1e-14, 0);
  ck_assert_double_eq(a.missing_share, b.missing_share);
}
END_TEST

START_TEST(ends)
{
  static const double same[] = {3, 3}, u[] = {2, 4}, apart[] = {1, 3}, none[] = {0, 0};
  fm_survey_combined a = combine(same, u, 2, NAN);
  ck_assert(a.variance == 3 && isinf(a.degrees_of_freedom) && a.missing_share == 0);
  a = combine(same, u, 2, 10); /* agreeing imputations: 11/13 * 10 of Barnard and Rubin */
  fm_assert_close("df", a.degrees_of_freedom, 110.0 / 13, 1e-15, 0);
  a = combine(apart, none, 2, NAN); /* all of it between: 2 * 1.5, one degree of freedom */
  ck_assert(a.variance == 3 && a.degrees_of_freedom == 1 && a.missing_share == 1);
  a = combine(same, none, 2, NAN);
  ck_assert(a.variance == 0 && isinf(a.degrees_of_freedom) && a.missing_share == 0);
}
END_TEST

START_TEST(any_order)
{
  static const double q[] = {0.1, 0.7, -0.3, 1e-9}, u[] = {1, 0.3, 0.2, 7};
  static const double r[] = {1e-9, -0.3, 0.7, 0.1}, v[] = {7, 0.2, 0.3, 1};
  fm_survey_combined a = combine(q, u, 4, 12), b = combine(r, v, 4, 12);
  ck_assert_mem_eq(&a, &b, sizeof a);
}
END_TEST

START_TEST(refused)
{
  static const double q[] = {1, 2}, u[] = {1, 1}, odd[] = {1, NAN}, negative[] = {1, -1}, endless[] = {INFINITY, 1};
  const struct {
    const char *label;
    const double *q, *u;
    size_t m;
    double df;
    fm_status status;
    const char *words;
  } cases[] = {{"one", q, u, 1, NAN, FM_ERR_ARGUMENT, "at least 2 of them, not 1"},
               {"df", q, u, 2, 0, FM_ERR_ARGUMENT, "must be above 0"},
               {"estimate", odd, u, 2, NAN, FM_ERR_VALUE, "number 2 is not"},
               {"endless", endless, u, 2, NAN, FM_ERR_VALUE, "number 1 is not"},
               {"variance", q, negative, 2, NAN, FM_ERR_VALUE, "number 2 is not"}};
  fm_survey_combined out = {.struct_size = 0};
  for (int k = 0; k < FM_COUNT(cases); k++) {
    fm_error err = FM_ERROR_INIT;
    ck_assert_int_eq(fm_survey_combine_values(&out, cases[k].q, cases[k].u, cases[k].m, cases[k].df, &err),
                     cases[k].status);
    ck_assert_msg(strstr(err.message, cases[k].words) != NULL, "%s: %s", cases[k].label, err.message);
  }
  fm_error err = FM_ERROR_INIT;
  ck_assert_int_eq(fm_survey_combine_values(&out, q, u, 2, NAN, &err), FM_ERR_ARGUMENT);
  ck_assert(strstr(err.message, "struct_size is not set") != NULL);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("survey-rubin");
  TCase *tests = tcase_create("rubin");
  tcase_add_test(tests, hand_worked);
  tcase_add_test(tests, ends);
  tcase_add_test(tests, any_order);
  tcase_add_test(tests, refused);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
