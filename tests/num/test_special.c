#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "num/num_priv.h"
#include "support/support.h"

static double lgamma_size(double a, double b, double x)
{
  (void)b;
  (void)x;
  return fabs(fm__lgamma(a));
}

static double gamma_lower(double a, double b, double x)
{
  (void)b;
  return fm__gamma_lower(a, x);
}

static double gamma_upper(double a, double b, double x)
{
  (void)b;
  return fm__gamma_upper(a, x);
}

static double beta_lower(double a, double b, double x)
{
  return fm__beta_lower(a, b, x, 1 - x);
}

static const struct {
  const char *name;
  double (*call)(double a, double b, double x);
  double limit; /* relative */
  int n;
} functions[] = {
    {"lgamma+", lgamma_size, 8e-16, 1500},
    {"gamma_lower", gamma_lower, 2e-14, 1200},
    {"gamma_upper", gamma_upper, 2e-14, 1000},
    {"beta_lower", beta_lower, 3e-14, 1000},
};

START_TEST(oracle_agrees)
{
  fm_oracle *o = fm_oracle_open("num/special.csv");
  double worst[FM_COUNT(functions)] = {0};
  int n[FM_COUNT(functions)] = {0};
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
    for (int k = 0; k < FM_COUNT(functions); k++)
      if (strcmp(functions[k].name, fm_oracle_text(o, i, "function")) == 0) {
        double a = strtod(fm_oracle_text(o, i, "a"), NULL), b = strtod(fm_oracle_text(o, i, "b"), NULL);
        double x = strtod(fm_oracle_text(o, i, "x"), NULL), expected = fm_oracle_number(o, i, "value");
        double actual = functions[k].call(a, b, x), error = fabs(actual - expected) / expected;
        ck_assert_msg(error <= functions[k].limit, "%s(%.17g, %.17g, %.17g): got %.17g, expected %.17g, off by %g",
                      functions[k].name, a, b, x, actual, expected, error);
        worst[k] = fmax(worst[k], error);
        n[k]++;
      }
  for (int k = 0; k < FM_COUNT(functions); k++) {
    ck_assert_int_ge(n[k], functions[k].n);
    if (getenv("FM_TEST_SHOW") != NULL)
      fprintf(stderr, "%s: %d points, relative error at most %.2g\n", functions[k].name, n[k], worst[k]);
  }
  fm_oracle_close(o);
}
END_TEST

START_TEST(edges)
{
  const double inf = INFINITY;
  const struct {
    const char *label;
    double actual, expected;
  } cases[] = {
      {"lgamma 0", fm__lgamma(0), inf},
      {"lgamma -1", fm__lgamma(-1), NAN},
      {"lgamma nan", fm__lgamma(NAN), NAN},
      {"lgamma inf", fm__lgamma(inf), inf},
      {"lgamma 1", fm__lgamma(1), 0},
      {"lgamma 2", fm__lgamma(2), 0},
      {"lgamma 1/2 is log(pi)/2", fm__lgamma(0.5), 0.57236494292470008707},
      {"lgamma 1e20", fm__lgamma(1e20), 4.5051701859880913680e21},
      {"gamma a = 0", fm__gamma_lower(0, 1), NAN},
      {"gamma a = inf", fm__gamma_lower(inf, 1), NAN},
      {"gamma x < 0", fm__gamma_lower(1, -1), NAN},
      {"gamma x nan", fm__gamma_upper(1, NAN), NAN},
      {"gamma x = 0", fm__gamma_lower(2, 0), 0},
      {"gamma upper x = 0", fm__gamma_upper(2, 0), 1},
      {"gamma x = inf", fm__gamma_lower(2, inf), 1},
      {"gamma upper x = inf", fm__gamma_upper(2, inf), 0},
      {"gamma far below", fm__gamma_lower(1e4, 1e-3), 0},
      {"gamma far above", fm__gamma_upper(1e4, 1e6), 0},
      {"gamma far above, lower", fm__gamma_lower(1e4, 1e6), 1},
      {"P(1, 1) = 1 - 1/e", fm__gamma_lower(1, 1), 0.63212055882855767840},
      {"Q(1, 700) = exp(-700)", fm__gamma_upper(1, 700), 9.8596765437597708567e-305},
      {"beta a = 0", fm__beta_lower(0, 1, 0.5, 0.5), NAN},
      {"beta b = inf", fm__beta_lower(1, inf, 0.5, 0.5), NAN},
      {"beta x < 0", fm__beta_lower(1, 1, -0.5, 1), NAN},
      {"beta x > 1", fm__beta_lower(1, 1, 1.5, 0), NAN},
      {"beta x nan", fm__beta_lower(1, 1, NAN, 0.5), NAN},
      {"beta x = 0", fm__beta_lower(2, 3, 0, 1), 0},
      {"beta x = 1", fm__beta_lower(2, 3, 1, 0), 1},
      {"I_x(1, 1) = x", fm__beta_lower(1, 1, 0.3, 0.7), 0.3},
      {"I_x(2, 1) = x^2", fm__beta_lower(2, 1, 0.3, 0.7), 0.09},
      {"arcsine law", fm__beta_lower(0.5, 0.5, 0.25, 0.75), 1.0 / 3},
      {"beta far below", fm__beta_lower(1e4, 1e4, 1e-9, 1), 0},
      {"beta far above", fm__beta_lower(1e4, 1e4, 1, 1e-9), 1},
  };
  for (int k = 0; k < FM_COUNT(cases); k++)
    fm_assert_close(cases[k].label, cases[k].actual, cases[k].expected, 4 * DBL_EPSILON, 0);
}
END_TEST

static double log_uniform(uint64_t *state, double low, double high)
{
  *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  double u = (double)(*state >> 11) * 0x1p-53;
  return pow(10, low + u * (high - low));
}

START_TEST(tails_sum_to_one_and_reflect)
{
  uint64_t state = 3;
  for (int i = 0; i < 3000; i++) {
    double a = log_uniform(&state, -1, 5), b = log_uniform(&state, -1, 5), x = log_uniform(&state, -1, 5);
    double share = x / (x + log_uniform(&state, -1, 5));
    fm_assert_close("P + Q", fm__gamma_lower(a, x) + fm__gamma_upper(a, x), 1, 2e-13, 0);
    double lower = fm__beta_lower(a, b, share, 1 - share), upper = fm__beta_lower(b, a, 1 - share, share);
    fm_assert_close("I_x(a,b) = 1 - I_(1-x)(b,a)", lower, 1 - upper, 0, 4e-16);
  }
}
END_TEST

START_TEST(lower_tails_rise)
{
  for (double a = 0.1; a < 2e5; a *= 7) {
    double last = 0, last_beta = 0;
    for (int i = 1; i < 400; i++) {
      double x = a * i / 130, share = i / 400.0, now = fm__gamma_lower(a, x);
      double beta = fm__beta_lower(a, 30, share, 1 - share);
      ck_assert_msg(now >= last * (1 - 1e-13) && now <= 1, "P(%g, %g) falls", a, x);
      ck_assert_msg(beta >= last_beta * (1 - 1e-13) && beta <= 1, "I_%g(%g, 30) falls", share, a);
      last = now;
      last_beta = beta;
    }
  }
}
END_TEST

/* Beyond the sizes of the oracle: the first term of Edgeworth's series, whose next is of order 1/a. */
START_TEST(large_parameters)
{
  for (double a = 1e6; a < 2e9; a *= 31)
    for (int k = -2; k <= 2; k++) {
      double x = a + k * sqrt(a), z = (x - a) / sqrt(a);
      double term = exp(-z * z / 2) / sqrt(8 * atan(1) * a) * (z * z - 1) / 3;
      fm_assert_close("Edgeworth", fm__gamma_lower(a, x), fm__normal_cdf(z) - term, 0, 1 / a);
    }
  fm_assert_close("series too long", fm__gamma_lower(1e16, 1e16), NAN, 0, 0);
  fm_assert_close("fraction too long", fm__beta_lower(1e21, 1e21, 0.5, 0.5), NAN, 0, 0);
  fm_assert_close("half", fm__beta_lower(1e9, 1e9, 0.5, 0.5), 0.5, 1e-12, 0);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("num-special");
  TCase *c = tcase_create("special");
  suite_add_tcase(s, c);
  tcase_add_test(c, oracle_agrees);
  tcase_add_test(c, edges);
  tcase_add_test(c, tails_sum_to_one_and_reflect);
  tcase_add_test(c, lower_tails_rise);
  tcase_add_test(c, large_parameters);
  return fm_test_main(s);
}
