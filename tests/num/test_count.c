#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "support/support.h"

static double hexa(const fm_oracle *o, size_t row, const char *column)
{
  return strtod(fm_oracle_text(o, row, column), NULL);
}

START_TEST(r_agrees)
{
  fm_oracle *o = fm_oracle_open("num/counts.csv");
  int n = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    const char *f = fm_oracle_text(o, i, "function");
    double a = hexa(o, i, "a"), b = hexa(o, i, "b"), p = hexa(o, i, "p"), expected = fm_oracle_number(o, i, "value");
    double actual, rel = 0;
    if (strcmp(f, "qpois") == 0) {
      actual = fm__poisson_quantile(p, a);
    } else if (strcmp(f, "qnbinom") == 0) {
      actual = fm__negative_binomial_quantile(p, a, b);
    } else if (strcmp(f, "ppois") == 0) {
      actual = fm__poisson_cdf(p, a);
      rel = 1e-12;
    } else if (strcmp(f, "pnbinom") == 0) {
      actual = fm__negative_binomial_cdf(p, a, b);
      rel = 1e-11; /* R's own error, toms708 */
    } else {
      continue;
    }
    n++;
    ck_assert_msg(fm_close(actual, expected, rel, 0), "%s(%.17g; %.17g, %.17g): got %.17g, R has %.17g", f, p, a, b,
                  actual, expected);
  }
  ck_assert_int_eq(n, 1600);
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
      {"poisson k < 0", fm__poisson_cdf(-1, 3), 0},
      {"poisson k = -0.5", fm__poisson_cdf(-0.5, 3), 0},
      {"poisson k = 0", fm__poisson_cdf(0, 2), 0.13533528323661269189},
      {"poisson k = 0.9", fm__poisson_cdf(0.9, 2), 0.13533528323661269189},
      {"poisson k = inf", fm__poisson_cdf(inf, 2), 1},
      {"poisson k = -inf", fm__poisson_cdf(-inf, 2), 0},
      {"poisson k nan", fm__poisson_cdf(NAN, 2), NAN},
      {"poisson mu = 0", fm__poisson_cdf(0, 0), 1},
      {"poisson mu < 0", fm__poisson_cdf(0, -1), NAN},
      {"poisson mu = inf", fm__poisson_cdf(0, inf), NAN},
      {"poisson quantile p = 0", fm__poisson_quantile(0, 5), 0},
      {"poisson quantile p = 1", fm__poisson_quantile(1, 5), inf},
      {"poisson quantile mu = 0", fm__poisson_quantile(1, 0), 0},
      {"poisson quantile mu < 0", fm__poisson_quantile(0.5, -1), NAN},
      {"poisson quantile p nan", fm__poisson_quantile(NAN, 1), NAN},
      {"poisson quantile p > 1", fm__poisson_quantile(1.5, 1), NAN},
      {"poisson quantile mu = 1e16", fm__poisson_quantile(0.5, 1e16), NAN},
      {"poisson median of 1e6", fm__poisson_quantile(0.5, 1e6), 1e6},
      {"poisson far left", fm__poisson_quantile(1e-9, 10), 0},
      {"nb k < 0", fm__negative_binomial_cdf(-1, 3, 0.5), 0},
      {"nb geometric", fm__negative_binomial_cdf(2, 1, 0.5), 0.875},
      {"nb k nan", fm__negative_binomial_cdf(NAN, 1, 0.5), NAN},
      {"nb size = 0", fm__negative_binomial_cdf(0, 0, 0.5), 1},
      {"nb size = 0, k < 0", fm__negative_binomial_cdf(-1, 0, 0.5), 0},
      {"nb prob = 1", fm__negative_binomial_cdf(0, 5, 1), 1},
      {"nb prob = 0", fm__negative_binomial_cdf(0, 5, 0), NAN},
      {"nb prob > 1", fm__negative_binomial_cdf(0, 5, 1.5), NAN},
      {"nb size < 0", fm__negative_binomial_cdf(0, -5, 0.5), NAN},
      {"nb size = inf", fm__negative_binomial_cdf(0, inf, 0.5), NAN},
      {"nb quantile p = 0", fm__negative_binomial_quantile(0, 5, 0.5), 0},
      {"nb quantile p = 1", fm__negative_binomial_quantile(1, 5, 0.5), inf},
      {"nb quantile size = 0", fm__negative_binomial_quantile(0.5, 0, 0.5), 0},
      {"nb quantile prob = 1", fm__negative_binomial_quantile(0.5, 5, 1), 0},
      {"nb quantile prob = 0", fm__negative_binomial_quantile(0.5, 5, 0), NAN},
      {"nb quantile p nan", fm__negative_binomial_quantile(NAN, 5, 0.5), NAN},
      {"nb quantile of tiny size", fm__negative_binomial_quantile(0.5, 1e-9, 0.5), 0},
      {"nb quantile out of reach", fm__negative_binomial_quantile(0.5, 1e5, 1e-12), NAN},
      {"nb size below 1e-30", fm__negative_binomial_quantile(0.7, 5e-324, 0.5), NAN},
      {"nb size too large", fm__negative_binomial_quantile(0.5, 1e21, 1 - 0x1p-53), 111022},
      {"geometric median", fm__negative_binomial_quantile(0.5, 1, 0.5), 0},
      {"geometric 0.875", fm__negative_binomial_quantile(0.875, 1, 0.5), 2},
      {"geometric above 0.875", fm__negative_binomial_quantile(0.8751, 1, 0.5), 3},
  };
  for (int k = 0; k < FM_COUNT(cases); k++)
    fm_assert_close(cases[k].label, cases[k].actual, cases[k].expected, 4e-16, 0);
}
END_TEST

/* The quantile undoes the cdf on its whole support, and a p just above a step needs the next number. */
START_TEST(quantile_undoes_cdf)
{
  static const double means[] = {0.01, 0.5, 3, 40, 999.5, 30000};
  for (int i = 0; i < FM_COUNT(means); i++) {
    double mu = means[i], sd = sqrt(mu);
    for (double k = fmax(0, floor(mu - 9 * sd)); k < mu + 7 * sd + 2; k += 1 + floor(sd / 20)) {
      double p = fm__poisson_cdf(k, mu), nb = fm__negative_binomial_cdf(k, 2.5, 2.5 / (2.5 + mu));
      if (p > 1e-300 && p < 1 - 1e-12) {
        ck_assert_double_eq(fm__poisson_quantile(p, mu), k);
        double above = p <= 0.5 ? p * (1 + 1e-12) : p + 1e-12 * (1 - p) + 1e-15;
        ck_assert_double_eq(fm__poisson_quantile(above, mu), k + 1);
      }
      if (nb > 1e-300 && nb < 1 - 1e-12)
        ck_assert_double_eq(fm__negative_binomial_quantile(nb, 2.5, 2.5 / (2.5 + mu)), k);
    }
  }
}
END_TEST

int main(void)
{
  Suite *s = suite_create("num-count");
  TCase *c = tcase_create("count");
  suite_add_tcase(s, c);
  tcase_add_test(c, r_agrees);
  tcase_add_test(c, edges);
  tcase_add_test(c, quantile_undoes_cdf);
  return fm_test_main(s);
}
