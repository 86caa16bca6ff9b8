#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "num/num_priv.h"
#include "support/support.h"

/* Distance in units in the last place of the expected value. */
static double ulps(double actual, double expected)
{
  if (actual == expected)
    return 0;
  return fabs(actual - expected) / (nextafter(fabs(expected), INFINITY) - fabs(expected));
}

static const struct {
  const char *name;
  double (*one)(double);
  double (*two)(double, double);
  double limit; /* units in the last place; the oracle's own rounding takes part of it, and grids are whole */
} functions[] = {
    {"log", fm__log, NULL, 1},
    {"log1p", fm__log1p, NULL, 1},
    {"exp", fm__exp, NULL, 1},
    {"expm1", fm__expm1, NULL, 1},
    {"pow", NULL, fm__pow, 1},
    {"erfc", fm__erfc, NULL, 2},
    {"normal_cdf", fm__normal_cdf, NULL, 2},
    {"normal_quantile", fm__normal_quantile, NULL, 3},
};

START_TEST(oracle_agrees)
{
  fm_oracle *o = fm_oracle_open("num/elementary.csv");
  double worst[FM_COUNT(functions)] = {0};
  int n[FM_COUNT(functions)] = {0};
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
    for (int k = 0; k < FM_COUNT(functions); k++)
      if (strcmp(functions[k].name, fm_oracle_text(o, i, "function")) == 0) {
        double x = strtod(fm_oracle_text(o, i, "x"), NULL), y = strtod(fm_oracle_text(o, i, "y"), NULL);
        double expected = fm_oracle_number(o, i, "value");
        double actual = functions[k].one != NULL ? functions[k].one(x) : functions[k].two(x, y);
        double error = ulps(actual, expected);
        ck_assert_msg(error <= functions[k].limit, "%s(%.17g, %.17g): got %.17g, expected %.17g, %g units",
                      functions[k].name, x, y, actual, expected, error);
        worst[k] = fmax(worst[k], error);
        n[k]++;
      }
  for (int k = 0; k < FM_COUNT(functions); k++) {
    ck_assert_int_ge(n[k], 700);
    if (getenv("FM_TEST_SHOW") != NULL)
      fprintf(stderr, "%s: %d points, at most %g units\n", functions[k].name, n[k], worst[k]);
  }
  fm_oracle_close(o);
}
END_TEST

START_TEST(edges)
{
  const double inf = INFINITY, tiny = 5e-324;
  const struct {
    const char *label;
    double actual, expected;
  } cases[] = {
      {"log 0", fm__log(0), -inf},
      {"log -0", fm__log(-0.0), -inf},
      {"log 1", fm__log(1), 0},
      {"log inf", fm__log(inf), inf},
      {"log -1", fm__log(-1), NAN},
      {"log nan", fm__log(NAN), NAN},
      {"log tiny", fm__log(tiny), -744.44007192138122},
      {"log1p -1", fm__log1p(-1), -inf},
      {"log1p -2", fm__log1p(-2), NAN},
      {"log1p inf", fm__log1p(inf), inf},
      {"log1p nan", fm__log1p(NAN), NAN},
      {"log1p tiny", fm__log1p(tiny), tiny},
      {"exp 0", fm__exp(0), 1},
      {"exp inf", fm__exp(inf), inf},
      {"exp -inf", fm__exp(-inf), 0},
      {"exp nan", fm__exp(NAN), NAN},
      {"exp 709.79", fm__exp(709.79), inf},
      {"exp 709.78", fm__exp(709.78), 1.7928227943945155e308},
      {"exp -745.2", fm__exp(-745.2), 0},
      {"exp -745.1", fm__exp(-745.1), tiny},
      {"expm1 0", fm__expm1(0), 0},
      {"expm1 inf", fm__expm1(inf), inf},
      {"expm1 -inf", fm__expm1(-inf), -1},
      {"expm1 nan", fm__expm1(NAN), NAN},
      {"erfc inf", fm__erfc(inf), 0},
      {"erfc -inf", fm__erfc(-inf), 2},
      {"erfc nan", fm__erfc(NAN), NAN},
      {"erfc 0", fm__erfc(0), 1},
      {"erfc 28", fm__erfc(28), 0},
      {"erfc -28", fm__erfc(-28), 2},
      {"cdf 0", fm__normal_cdf(0), 0.5},
      {"cdf inf", fm__normal_cdf(inf), 1},
      {"cdf -inf", fm__normal_cdf(-inf), 0},
      {"cdf nan", fm__normal_cdf(NAN), NAN},
      {"cdf -39.5", fm__normal_cdf(-39.5), 0},
      {"quantile 0", fm__normal_quantile(0), -inf},
      {"quantile 1", fm__normal_quantile(1), inf},
      {"quantile 1/2", fm__normal_quantile(0.5), 0},
      {"quantile -0.1", fm__normal_quantile(-0.1), NAN},
      {"quantile 1.1", fm__normal_quantile(1.1), NAN},
      {"quantile nan", fm__normal_quantile(NAN), NAN},
      {"quantile 0.975", fm__normal_quantile(0.975), 1.9599639845400545},
      {"quantile tiny", fm__normal_quantile(tiny), -38.467405617144344},
  };
  for (int k = 0; k < FM_COUNT(cases); k++)
    fm_assert_close(cases[k].label, cases[k].actual, cases[k].expected, 2 * DBL_EPSILON, 0);
}
END_TEST

/* Every pair of these, against the C library, whose pow has the special cases of C11 F.9.4.4. */
START_TEST(pow_of_special_values)
{
  static const double values[] = {0.0,
                                  -0.0,
                                  1,
                                  -1,
                                  2,
                                  -2,
                                  0.5,
                                  -0.5,
                                  3,
                                  -3,
                                  INFINITY,
                                  -INFINITY,
                                  NAN,
                                  1.5,
                                  -1.5,
                                  0.1,
                                  1e300,
                                  -1e300,
                                  1e-300,
                                  9007199254740991.0,
                                  9007199254740992.0,
                                  5e-324,
                                  1.7976931348623157e308,
                                  -4,
                                  1e22,
                                  -1e22};
  for (int i = 0; i < FM_COUNT(values); i++)
    for (int k = 0; k < FM_COUNT(values); k++) {
      double actual = fm__pow(values[i], values[k]), expected = pow(values[i], values[k]);
      fm_assert_close("pow", actual, expected, 2 * DBL_EPSILON, 0);
      ck_assert_msg(isnan(expected) || signbit(actual) == signbit(expected), "sign of pow(%g, %g)", values[i],
                    values[k]);
    }
}
END_TEST

START_TEST(quantile_and_cdf_undo_each_other)
{
  double last = -INFINITY;
  for (int i = 1; i < 40000; i++) {
    double p = i / 40000.0, z = fm__normal_quantile(p);
    ck_assert_msg(z > last, "not rising at %.17g", p);
    fm_assert_close("cdf of quantile", fm__normal_cdf(z), p, 1e-15 * (1 + z * z), 0);
    ck_assert_msg(z == -fm__normal_quantile(1 - p) || 1 - (1 - p) != p, "not symmetric at %.17g", p);
    last = z;
  }
}
END_TEST

int main(void)
{
  Suite *s = suite_create("num-elementary");
  TCase *c = tcase_create("elementary");
  suite_add_tcase(s, c);
  tcase_add_test(c, oracle_agrees);
  tcase_add_test(c, edges);
  tcase_add_test(c, pow_of_special_values);
  tcase_add_test(c, quantile_and_cdf_undo_each_other);
  return fm_test_main(s);
}
