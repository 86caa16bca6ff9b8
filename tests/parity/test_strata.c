/* Figures within strata, and Holm's steps, at their edges. */
#include <math.h>

#include "parity/parity_priv.h"
#include "support/support.h"

/* One stratum alone: the common figures are its own. Greenland and Robins' error is that of Katz, Robins, Breslow and
 * Greenland's that of Woolf. */
START_TEST(one_stratum)
{
  const fm__parity_stratum s = {.x1 = 21, .n1 = 50, .x0 = 48, .n0 = 80};
  fm__parity_pooled m;
  fm__parity_pool(&m, &s, 1);
  fm_assert_close("difference", m.difference, 21 / 50.0 - 48 / 80.0, 0, 1e-14);
  fm_assert_close("ratio", m.ratio, 0.7, 0, 1e-14);
  fm_assert_close("odds", m.odds_ratio, 21.0 * 32 / (29.0 * 48), 0, 1e-14);
  fm_assert_close("katz", m.log_ratio_error, sqrt(1 / 21.0 - 1 / 50.0 + 1 / 48.0 - 1 / 80.0), 0, 1e-13);
  fm_assert_close("woolf", m.log_odds_error, sqrt(1 / 21.0 + 1 / 29.0 + 1 / 48.0 + 1 / 32.0), 0, 1e-13);
  ck_assert(m.difference_error > 0.08 && m.difference_error < 0.1);
}
END_TEST

START_TEST(nothing_to_compare)
{
  const fm__parity_stratum apart[] = {{.x1 = 1, .n1 = 2}, {.x0 = 1, .n0 = 2}}, none = {.n1 = 3, .n0 = 4};
  const fm__parity_stratum all = {.x1 = 3, .n1 = 3, .x0 = 4, .n0 = 4}, some = {.n1 = 3, .x0 = 1, .n0 = 4};
  fm__parity_pooled m;
  double rate, composition;
  fm__parity_pool(&m, apart, 2);
  ck_assert(isnan(m.difference) && isnan(m.ratio) && isnan(m.odds_ratio));
  fm__parity_parts(&rate, &composition, &apart[0], 2, 2);
  ck_assert(isnan(rate) && isnan(composition));
  ck_assert(isnan(fm__parity_standardised(apart, 2)));
  ck_assert(isnan(fm__parity_standardised(apart, 1)));
  fm__parity_pool(&m, &none, 1);
  fm_assert_close("none", m.difference, 0, 0, 0);
  ck_assert(isnan(m.ratio) && isnan(m.odds_ratio));
  fm__parity_pool(&m, &all, 1);
  fm_assert_close("all", m.ratio, 1, 0, 0);
  ck_assert(isnan(m.odds_ratio));
  fm__parity_pool(&m, &some, 1);
  fm_assert_close("some", m.ratio, 0, 0, 0);
  ck_assert(isnan(m.log_ratio_error) && isnan(m.log_odds_error));
}
END_TEST

/* 0.01, 0.02, 0.03, 0.04 of four: 0.04, then 3 times 0.02, 2 times 0.03, and never less than before. */
START_TEST(holm)
{
  double p[] = {0.04, NAN, 0.01, 0.03, 0.02}, high[] = {0.6, 0.7};
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm__parity_holm(p, 5, &err), &err);
  fm_assert_close("fourth", p[0], 0.06, 0, 1e-15);
  ck_assert(isnan(p[1]));
  fm_assert_close("first", p[2], 0.04, 0, 1e-15);
  fm_assert_close("third", p[3], 0.06, 0, 1e-15);
  fm_assert_close("second", p[4], 0.06, 0, 1e-15);
  fm_assert_ok(fm__parity_holm(high, 2, &err), &err);
  fm_assert_close("at most 1", high[0], 1, 0, 0);
  fm_assert_close("at most 1", high[1], 1, 0, 0);
}
END_TEST

START_TEST(score_of_one_person)
{
  double limits[2];
  fm__parity_score_limits(limits, 1, 1, 0, 0, 1.96);
  ck_assert(isnan(limits[0]) && isnan(limits[1]));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("parity strata");
  TCase *c = tcase_create("strata");
  tcase_add_test(c, one_stratum);
  tcase_add_test(c, nothing_to_compare);
  tcase_add_test(c, holm);
  tcase_add_test(c, score_of_one_person);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
