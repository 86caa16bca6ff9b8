#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "support/support.h"

START_TEST(r_agrees)
{
  fm_oracle *o = fm_oracle_open("num/counts.csv");
  int n = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    const char *f = fm_oracle_text(o, i, "function");
    bool wilson = strncmp(f, "wilson", 6) == 0;
    if (!wilson && strncmp(f, "exact", 5) != 0)
      continue;
    double s = strtod(fm_oracle_text(o, i, "a"), NULL), size = strtod(fm_oracle_text(o, i, "b"), NULL);
    double level = strtod(fm_oracle_text(o, i, "p"), NULL), low, high, expected = fm_oracle_number(o, i, "value");
    (wilson ? fm__wilson : fm__clopper_pearson)(s, size, level, &low, &high);
    /* R's Wilson limits cancel near the ends: 1e-16 absolute */
    ck_assert_msg(fm_close(strstr(f, "low") != NULL ? low : high, expected, 1e-11, wilson ? 1e-15 : 0),
                  "%s(%g of %g, %g): got %.17g and %.17g, R has %.17g", f, s, size, level, low, high, expected);
    n++;
  }
  ck_assert_int_eq(n, 600);
  fm_oracle_close(o);
}
END_TEST

/* Newcombe 1998, Statistics in Medicine 17, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29; methods 3 and 5. */
START_TEST(published_intervals)
{
  static const struct {
    double s, n, wilson_low, wilson_high, exact_low, exact_high;
  } cases[] = {{81, 263, 0.2553, 0.3662, 0.2527, 0.3676},
               {15, 148, 0.0624, 0.1605, 0.0578, 0.1617},
               {0, 20, 0, 0.1611, 0, 0.1684},
               {1, 29, 0.0061, 0.1718, 0.0009, 0.1776}};
  for (int k = 0; k < FM_COUNT(cases); k++) {
    double low, high;
    fm__wilson(cases[k].s, cases[k].n, 0.95, &low, &high);
    fm_assert_close("Wilson low", low, cases[k].wilson_low, 0, 5.001e-5);
    fm_assert_close("Wilson high", high, cases[k].wilson_high, 0, 5.001e-5);
    fm__clopper_pearson(cases[k].s, cases[k].n, 0.95, &low, &high);
    fm_assert_close("exact low", low, cases[k].exact_low, 0, 5.001e-5);
    fm_assert_close("exact high", high, cases[k].exact_high, 0, 5.001e-5);
  }
}
END_TEST

/* 39 of 50: z = 1.959964, z^2 = 3.841459; centre (39 + 1.920729) / 53.841459 = 0.760023; half width
 * 1.959964 sqrt(39 * 11 / 50 + 3.841459 / 4) / 53.841459 = 1.959964 * 3.088747 / 53.841459 = 0.112439. */
START_TEST(hand_worked)
{
  double low, high;
  fm__wilson(39, 50, 0.95, &low, &high);
  fm_assert_close("low", low, 0.760023 - 0.112439, 0, 1.5e-6);
  fm_assert_close("high", high, 0.760023 + 0.112439, 0, 1.5e-6);
  fm__clopper_pearson(0, 10, 0.95, &low, &high); /* (1 - high)^10 = 0.025 */
  ck_assert_double_eq(low, 0);
  fm_assert_close("zero of ten", high, 0.30849710781876083, 1e-14, 0);
  fm__clopper_pearson(10, 10, 0.95, &low, &high);
  fm_assert_close("ten of ten", low, 1 - 0.30849710781876083, 1e-14, 0);
  ck_assert_double_eq(high, 1);
}
END_TEST

START_TEST(refused)
{
  static const double bad[][3] = {{0, 0, 0.95},   {1, -1, 0.95}, {-1, 5, 0.95}, {6, 5, 0.95},
                                  {1, 5, 0},      {1, 5, 1},     {1, 5, NAN},   {NAN, 5, 0.95},
                                  {1, NAN, 0.95}, {1, 5, -0.5},  {1, 5, 1.5},   {1, INFINITY, 0.95}};
  for (int k = 0; k < FM_COUNT(bad); k++) {
    double low = 1, high = 1;
    fm__wilson(bad[k][0], bad[k][1], bad[k][2], &low, &high);
    ck_assert_msg(isnan(low) && isnan(high), "Wilson case %d", k);
    low = high = 1;
    fm__clopper_pearson(bad[k][0], bad[k][1], bad[k][2], &low, &high);
    ck_assert_msg(isnan(low) && isnan(high), "exact case %d", k);
  }
}
END_TEST

/* Limits hold the estimate, mirror, end exactly at 0 and 1, and are defined by their equations. */
START_TEST(properties)
{
  for (double n = 0.5; n < 1e6; n *= 3.7)
    for (int i = 0; i <= 40; i++) {
      double s = i == 40 ? n : n * i / 40, low, high, mirror_low, mirror_high, z = fm__normal_quantile(0.975);
      fm__wilson(s, n, 0.95, &low, &high);
      fm__wilson(n - s, n, 0.95, &mirror_low, &mirror_high);
      ck_assert(low >= 0 && high <= 1 && low <= s / n && s / n <= high);
      ck_assert((low == 0) == (i == 0) && (high == 1) == (i == 40));
      fm_assert_close("Wilson mirrors", mirror_high, 1 - low, 1e-15, 1e-15);
      if (i > 0)
        fm_assert_close("score at low", (s / n - low) / sqrt(low * (1 - low) / n), z, 1e-9, 0);
      fm__clopper_pearson(s, n, 0.9, &low, &high);
      fm__clopper_pearson(n - s, n, 0.9, &mirror_low, &mirror_high);
      ck_assert(low >= 0 && high <= 1 && low < s / n + (i == 0) && s / n < high + (i == 40));
      /* for a small effective n and few failures high is nearer to 1 than a double can say */
      ck_assert((low == 0) == (i == 0) && (i < 40 || high == 1) && (i == 40 || n < 30 || high < 1));
      fm_assert_close("exact mirrors", mirror_high, 1 - low, 1e-13, 2e-16);
      if (i > 0 && i < 40)
        fm_assert_close("tail at low", fm__beta_lower(s, n - s + 1, low, 1 - low), 0.05, 1e-11, 0);
    }
}
END_TEST

int main(void)
{
  Suite *s = suite_create("num-interval");
  TCase *c = tcase_create("interval");
  suite_add_tcase(s, c);
  tcase_add_test(c, r_agrees);
  tcase_add_test(c, published_intervals);
  tcase_add_test(c, hand_worked);
  tcase_add_test(c, refused);
  tcase_add_test(c, properties);
  return fm_test_main(s);
}
