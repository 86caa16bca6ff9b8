#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "num/num_priv.h"
#include "support/support.h"

static double gamma_of(double a, double b, double p)
{
  (void)b;
  return fm__gamma_quantile(a, p);
}

static double t_of(double a, double b, double p)
{
  (void)b;
  return fm__t_quantile(a, p);
}

static const struct {
  const char *name;
  double (*call)(double a, double b, double p);
} functions[] = {{"gamma", gamma_of}, {"beta", fm__beta_quantile}, {"f", fm__f_quantile}, {"t", t_of}};

START_TEST(oracle_agrees)
{
  fm_oracle *o = fm_oracle_open("num/quantile.csv");
  double worst[FM_COUNT(functions)] = {0};
  int n[FM_COUNT(functions)] = {0};
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
    for (int k = 0; k < FM_COUNT(functions); k++)
      if (strcmp(functions[k].name, fm_oracle_text(o, i, "function")) == 0) {
        double a = strtod(fm_oracle_text(o, i, "a"), NULL), b = strtod(fm_oracle_text(o, i, "b"), NULL);
        double p = strtod(fm_oracle_text(o, i, "p"), NULL), expected = fm_oracle_number(o, i, "value");
        double actual = functions[k].call(a, b, p), error = fabs(actual / expected - 1);
        ck_assert_msg(error <= 3e-14, "%s(%.17g, %.17g, %.17g): got %.17g, expected %.17g, off by %g",
                      functions[k].name, a, b, p, actual, expected, error);
        worst[k] = fmax(worst[k], error);
        n[k]++;
      }
  for (int k = 0; k < FM_COUNT(functions); k++) {
    ck_assert_int_ge(n[k], 300);
    if (getenv("FM_TEST_SHOW") != NULL)
      fprintf(stderr, "%s: %d points, relative error at most %.2g\n", functions[k].name, n[k], worst[k]);
  }
  fm_oracle_close(o);
}
END_TEST

START_TEST(edges)
{
  const double inf = INFINITY, z = 1.9599639845400542355;
  const struct {
    const char *label;
    double actual, expected;
  } cases[] = {
      {"gamma p = 0", fm__gamma_quantile(2, 0), 0},
      {"gamma p = 1", fm__gamma_quantile(2, 1), inf},
      {"gamma p < 0", fm__gamma_quantile(2, -0.1), NAN},
      {"gamma p > 1", fm__gamma_quantile(2, 1.1), NAN},
      {"gamma p nan", fm__gamma_quantile(2, NAN), NAN},
      {"gamma a = 0", fm__gamma_quantile(0, 0.5), NAN},
      {"gamma a = inf", fm__gamma_quantile(inf, 0.5), NAN},
      {"gamma too large", fm__gamma_quantile(1e16, 0.5), NAN},
      {"beta too large", fm__beta_quantile(1e21, 1e21, 0.5), NAN},
      {"exponential", fm__gamma_quantile(1, 0.5), 0.69314718055994530942},
      {"exponential, tail", fm__gamma_quantile(1, 1e-300), 1e-300},
      {"gamma below all doubles", fm__gamma_quantile(0.001, 1e-10), 0},
      {"gamma a = 0.01", fm__gamma_quantile(0.01, 0.5), 4.4655350189103486773e-31},
      {"chi-square, 2 df", fm__chi2_quantile(2, 0.95), 5.9914645471079819869},
      {"chi-square, 1 df", fm__chi2_quantile(1, 0.95), z * z},
      {"beta p = 0", fm__beta_quantile(2, 3, 0), 0},
      {"beta p = 1", fm__beta_quantile(2, 3, 1), 1},
      {"beta p nan", fm__beta_quantile(2, 3, NAN), NAN},
      {"beta a = 0", fm__beta_quantile(0, 3, 0.5), NAN},
      {"beta b = inf", fm__beta_quantile(1, inf, 0.5), NAN},
      {"uniform", fm__beta_quantile(1, 1, 0.3), 0.3},
      {"square", fm__beta_quantile(2, 1, 0.09), 0.3},
      {"arcsine law", fm__beta_quantile(0.5, 0.5, 1.0 / 3), 0.25},
      {"beta below all doubles", fm__beta_quantile(0.001, 0.5, 1e-10), 0},
      {"beta near 1", fm__beta_quantile(0.5, 0.001, 0.9), 1},
      {"F p = 0", fm__f_quantile(2, 3, 0), 0},
      {"F p = 1", fm__f_quantile(2, 3, 1), inf},
      {"F p nan", fm__f_quantile(2, 3, NAN), NAN},
      {"F d1 = 0", fm__f_quantile(0, 3, 0.5), NAN},
      {"F d2 = -1", fm__f_quantile(1, -1, 0.5), NAN},
      {"F inf inf", fm__f_quantile(inf, inf, 0.5), 1},
      {"F(1, inf) is chi-square", fm__f_quantile(1, inf, 0.95), z * z},
      {"F(inf, 2)", fm__f_quantile(inf, 2, 0.5), 1 / 0.69314718055994530942},
      {"F(2, 2) at 0.9 is 9", fm__f_quantile(2, 2, 0.9), 9},
      {"t p = 0", fm__t_quantile(3, 0), -inf},
      {"t p = 1", fm__t_quantile(3, 1), inf},
      {"t p nan", fm__t_quantile(3, NAN), NAN},
      {"t df = 0", fm__t_quantile(0, 0.5), NAN},
      {"t median", fm__t_quantile(3, 0.5), 0},
      {"Cauchy", fm__t_quantile(1, 0.75), 1},
      {"Cauchy, left", fm__t_quantile(1, 0.25), -1},
      {"t df = 2", fm__t_quantile(2, 0.975), 4.3026527297494638542},
      {"t df = inf is normal", fm__t_quantile(inf, 0.975), z},
      {"t df = 1e11", fm__t_quantile(1e11, 0.975), z + z * (z * z + 1) / 4e11},
  };
  for (int k = 0; k < FM_COUNT(cases); k++)
    fm_assert_close(cases[k].label, cases[k].actual, cases[k].expected, 20 * DBL_EPSILON, 0);
}
END_TEST

static double log_uniform(uint64_t *state, double low, double high)
{
  *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  double u = (double)(*state >> 11) * 0x1p-53;
  return pow(10, low + u * (high - low));
}

/* cdf(quantile(p)) = p: the rounding of x alone costs up to the slope of log cdf by log x, about the root of a and b.
 */
START_TEST(cdf_undoes_quantile)
{
  uint64_t state = 9;
  for (int i = 0; i < 2000; i++) {
    double a = log_uniform(&state, -1, 5), b = log_uniform(&state, -1, 5), p = log_uniform(&state, -8, 0);
    double x = fm__gamma_quantile(a, p), share = fm__beta_quantile(a, b, p);
    if (x > 1e-300)
      fm_assert_close("gamma", fm__gamma_lower(a, x), p, 1e-14 * (10 + sqrt(a)), 0);
    if (share > 1e-300 && share < 0.5)
      fm_assert_close("beta", fm__beta_lower(a, b, share, 1 - share), p, 1e-14 * (10 + sqrt(a + b)), 0);
  }
}
END_TEST

START_TEST(quantiles_rise_and_reflect)
{
  static const double sizes[] = {0.1, 0.7, 1, 3, 50, 4000, 1e5};
  for (int i = 0; i < FM_COUNT(sizes); i++)
    for (int k = 0; k < FM_COUNT(sizes); k++) {
      double last_gamma = 0, last_beta = 0, last_t = -INFINITY, a = sizes[i], b = sizes[k];
      for (int j = 1; j < 64; j++) {
        double p = j / 64.0, g = fm__gamma_quantile(a, p), share = fm__beta_quantile(a, b, p), t = fm__t_quantile(a, p);
        ck_assert_msg(g > last_gamma && share >= last_beta && t > last_t, "falls at %g, a = %g, b = %g", p, a, b);
        fm_assert_close("beta reflects", fm__beta_quantile(b, a, 1 - p), 1 - share, 1e-11, 1e-15);
        fm_assert_close("F is odds",
                        fm__f_quantile(2 * a, 2 * b, p) * a / b / (1 + fm__f_quantile(2 * a, 2 * b, p) * a / b), share,
                        1e-13, 1e-300);
        fm_assert_close("t reflects", fm__t_quantile(a, 1 - p), -t, 1e-14, 0);
        last_gamma = g;
        last_beta = share;
        last_t = t;
      }
    }
}
END_TEST

int main(void)
{
  Suite *s = suite_create("num-quantile");
  TCase *c = tcase_create("quantile");
  suite_add_tcase(s, c);
  tcase_add_test(c, oracle_agrees);
  tcase_add_test(c, edges);
  tcase_add_test(c, cdf_undoes_quantile);
  tcase_add_test(c, quantiles_rise_and_reflect);
  return fm_test_main(s);
}
