#include "support/support.h"

#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "target/track_priv.h"

/* 39 of 50 private with Jeffreys' prior: beta(39.5, 11.5). 80 per cent of the next 114 are 92. */
START_TEST(agrees_with_oracle)
{
  fm_oracle *o = fm_oracle_open("target/targets.csv");
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
    if (strcmp(fm_oracle_text(o, i, "quantity"), "beta_binomial_p_at_least_80pct_of_next_114") == 0)
      fm_assert_close("oracle", fm__beta_binomial_at_least(92, 114, 39.5, 11.5), fm_oracle_number(o, i, "value"), 1e-10,
                      0);
  fm_oracle_close(o);
}
END_TEST

/* Two further ones, beta(1, 2): P(0) = 2 3 / (3 4) = 1/2, P(1) = 2 * 1 2 / (3 4) = 1/3, P(2) = 1 2 / (3 4) = 1/6. */
START_TEST(by_hand)
{
  fm_assert_close("at least 1", fm__beta_binomial_at_least(1, 2, 1, 2), 0.5, 1e-14, 0);
  fm_assert_close("at least 1.2", fm__beta_binomial_at_least(1.2, 2, 1, 2), 1 / 6.0, 1e-14, 0);
  ck_assert(fm__beta_binomial_at_least(0, 2, 1, 2) == 1 && fm__beta_binomial_at_least(3, 2, 1, 2) == 0);
  ck_assert(fm__beta_binomial_quantile(0.5, 2, 1, 2) == 0 && fm__beta_binomial_quantile(0.51, 2, 1, 2) == 1);
  ck_assert(fm__beta_binomial_quantile(0.83, 2, 1, 2) == 1 && fm__beta_binomial_quantile(0.84, 2, 1, 2) == 2);
}
END_TEST

/* Uniform chance: each number of successes is as likely, however many there are. */
START_TEST(uniform)
{
  for (double n = 1; n <= 1e5; n *= 10)
    for (double r = 0; r <= n; r += ceil(n / 7))
      fm_assert_close("uniform", fm__beta_binomial_at_least(r, n, 1, 1), (n + 1 - r) / (n + 1), 1e-10, 0);
  fm_assert_close("median", fm__beta_binomial_quantile(0.5, 1001, 1, 1), 500, 0, 0);
  /* A tail beyond what doubles add up to 1 keeps its digits: 2 / ((n + 1)(n + 2)) at beta(1, 2). */
  fm_assert_close("tail", fm__beta_binomial_at_least(1e4, 1e4, 1, 2), 2 / (10001.0 * 10002.0), 1e-10, 0);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("target-share");
  TCase *t = tcase_create("share");
  tcase_add_test(t, agrees_with_oracle);
  tcase_add_test(t, by_hand);
  tcase_add_test(t, uniform);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
