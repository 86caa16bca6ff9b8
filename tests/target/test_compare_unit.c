/* Intervals, funnel limits and standardised rates of single units against R, and by hand. */
#include <math.h>

#include "target/compared.h"

START_TEST(exact)
{
  static const char *const cases[] = {"rate", "share", "mix"};
  compared c;
  fm__unit_counts mix[N_UNITS];
  compared_open(&c);
  compared_case_mix(mix, &c);
  for (int s = 0; s < FM_COUNT(cases); s++) {
    const fm__unit_counts *units = s == 2 ? mix : c.units;
    fm__unit_counts all = {0, 0};
    for (int k = 0; k < N_UNITS; k++)
      all = (fm__unit_counts){all.count + units[k].count, all.base + units[k].base};
    for (int k = 0; k < N_UNITS; k++) {
      double limits[2], inner[2], outer[2], base = units[k].base, rate = all.count / all.base;
      int32_t kind = s == 1 ? FM_TARGET_SHARE : FM_TARGET_RATE;
      fm__unit_interval(limits, kind, units[k], 0.95);
      fm_assert_close("low", limits[0], compared_expected(&c, cases[s], "low", k), 1e-10, 0);
      fm_assert_close("high", limits[1], compared_expected(&c, cases[s], "high", k), 1e-10, 0);
      fm__funnel_counts(inner, kind, base, rate, 0.95);
      fm__funnel_counts(outer, kind, base, rate, 0.998);
      fm_assert_close("q25", inner[0] / base, compared_expected(&c, cases[s], "q25", k), 1e-12, 0);
      fm_assert_close("q975", inner[1] / base, compared_expected(&c, cases[s], "q975", k), 1e-12, 0);
      fm_assert_close("q1", outer[0] / base, compared_expected(&c, cases[s], "q1", k), 1e-12, 0);
      fm_assert_close("q999", outer[1] / base, compared_expected(&c, cases[s], "q999", k), 1e-12, 0);
    }
  }
  compared_close(&c);
}
END_TEST

START_TEST(standardised)
{
  compared c;
  compared_open(&c);
  for (int k = 0; k < N_UNITS; k++) {
    fm__standardised s = fm__standardise(FM_TARGET_RATE, c.cells[k], N_STRATA, 0.95);
    fm_assert_close("rate", s.rate, compared_expected(&c, "direct", "rate", k), 1e-12, 0);
    fm_assert_close("error", s.error, compared_expected(&c, "direct", "sd", k), 1e-12, 0);
    fm_assert_close("low", s.low, compared_expected(&c, "direct", "low", k), 1e-10, 0);
    fm_assert_close("high", s.high, compared_expected(&c, "direct", "high", k), 1e-10, 0);
    s = fm__standardise(FM_TARGET_SHARE, c.cells[k], N_STRATA, 0.95);
    fm_assert_close("rate", s.rate, compared_expected(&c, "direct", "rate", k), 1e-12, 0);
    fm_assert_close("error", s.error, compared_expected(&c, "direct_share", "sd", k), 1e-12, 0);
    fm_assert_close("low", s.low, compared_expected(&c, "direct_share", "low", k), 1e-11, 0);
    fm_assert_close("high", s.high, compared_expected(&c, "direct_share", "high", k), 1e-11, 0);
  }
  compared_close(&c);
}
END_TEST

/* By hand: 2 of 10 young and 3 of 30 old, standard half and half: 0.5 * 0.2 + 0.5 * 0.1 = 0.15. With one stratum it is
 * the crude rate with its exact limits. */
START_TEST(by_hand)
{
  const fm__standard_cell two[] = {{2, 10, 0.5, 0}, {3, 30, 0.5, 1}, {9, 9, 0, 2}, {0, 0, 0, 3}};
  const fm__standard_cell gap[] = {{2, 10, 0.5, 0}, {0, 0, 0.5, 1}}, none[] = {{0, 10, 1, 0}}, one[] = {{4, 20, 1, 0}},
                          all[] = {{5, 5, 1, 0}};
  double limits[2];
  fm__standardised s = fm__standardise(FM_TARGET_RATE, two, 4, 0.95);
  fm_assert_close("half and half", s.rate, 0.15, 1e-15, 0);
  fm_assert_close("error", s.error, sqrt(0.05 * 0.05 * 2 + 1 / 3600.0 * 3), 1e-14, 0);
  ck_assert(isnan(fm__standardise(FM_TARGET_RATE, gap, 2, 0.95).rate));
  s = fm__standardise(FM_TARGET_RATE, none, 1, 0.95);
  ck_assert(s.rate == 0 && s.error == 0 && isnan(s.low) && isnan(s.high));
  s = fm__standardise(FM_TARGET_SHARE, all, 1, 0.95);
  ck_assert(s.rate == 1 && isnan(s.low));
  s = fm__standardise(FM_TARGET_RATE, one, 1, 0.95);
  fm__unit_interval(limits, FM_TARGET_RATE, (fm__unit_counts){4, 20}, 0.95);
  fm_assert_close("low", s.low, limits[0], 1e-14, 0);
  fm_assert_close("high", s.high, limits[1], 1e-14, 0);
}
END_TEST

START_TEST(edges)
{
  double limits[2];
  fm__unit_interval(limits, FM_TARGET_RATE, (fm__unit_counts){0, 0}, 0.95);
  ck_assert(isnan(limits[0]) && isnan(limits[1]));
  fm__unit_interval(limits, FM_TARGET_RATE, (fm__unit_counts){0, 10}, 0.95);
  fm_assert_close("low", limits[0], 0, 0, 0);
  fm_assert_close("rule of three", limits[1], -log(0.025) / 10, 1e-13, 0);
  fm__funnel_counts(limits, FM_TARGET_RATE, 0, 1, 0.95);
  ck_assert(isnan(limits[0]));
  fm__funnel_counts(limits, FM_TARGET_RATE, 1, NAN, 0.95);
  ck_assert(isnan(limits[1]));
  fm__funnel_counts(limits, FM_TARGET_SHARE, 10, 1.5, 0.95);
  ck_assert(isnan(limits[1]));
  fm__funnel_counts(limits, FM_TARGET_SHARE, 10, 0, 0.95);
  ck_assert(limits[0] == 0 && limits[1] == 0);
  fm__funnel_counts(limits, FM_TARGET_SHARE, 10, 1, 0.95);
  ck_assert(limits[0] == 10 && limits[1] == 10);
  /* one tossed coin: P(X <= 0) is 1/2 */
  fm__funnel_counts(limits, FM_TARGET_SHARE, 1, 0.5, 0.5);
  ck_assert(limits[0] == 0 && limits[1] == 1);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("target compare unit");
  TCase *c = tcase_create("units");
  tcase_add_test(c, exact);
  tcase_add_test(c, standardised);
  tcase_add_test(c, by_hand);
  tcase_add_test(c, edges);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
