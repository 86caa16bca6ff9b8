/* The arcsine against 40 digits; its ends, and that it is odd and never falls. */
#include <math.h>
#include <stdio.h>

#include "num/num_priv.h"
#include "support/support.h"

START_TEST(oracle_agrees)
{
  fm_oracle *o = fm_oracle_open("num/arcsine.csv");
  double worst = 0;
  ck_assert_uint_ge(fm_oracle_n_rows(o), 700);
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    double x = strtod(fm_oracle_text(o, i, "x"), NULL), expected = fm_oracle_number(o, i, "value");
    double unit = nextafter(fabs(expected), INFINITY) - fabs(expected), error = fabs(fm__asin(x) - expected) / unit;
    ck_assert_msg(error <= 2, "asin(%a): %.17g, expected %.17g", x, fm__asin(x), expected);
    worst = fmax(worst, error);
  }
  if (getenv("FM_TEST_SHOW") != NULL)
    fprintf(stderr, "asin: at most %g units\n", worst);
  fm_oracle_close(o);
}
END_TEST

START_TEST(ends)
{
  ck_assert(fm__asin(0) == 0 && !signbit(fm__asin(0)) && signbit(fm__asin(-0.0)));
  ck_assert(fm__asin(1) == 0x1.921fb54442d18p+0 && fm__asin(-1) == -0x1.921fb54442d18p+0);
  ck_assert(isnan(fm__asin(1.0000001)) && isnan(fm__asin(-2)) && isnan(fm__asin(NAN)) && isnan(fm__asin(INFINITY)));
}
END_TEST

START_TEST(odd_and_rising)
{
  for (int i = 0; i < 1000; i++) {
    double x = i / 1000.0;
    ck_assert(fm__asin(-x) == -fm__asin(x));
    ck_assert(fm__asin(x) < fm__asin(x + 0.001));
    fm_assert_close("x + asin cos", fm__asin(x) + fm__asin(sqrt((1 - x) * (1 + x))), 0x1.921fb54442d18p+0, 0, 1e-12);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("arcsine");
  TCase *c = tcase_create("arcsine");
  tcase_add_test(c, oracle_agrees);
  tcase_add_test(c, ends);
  tcase_add_test(c, odd_and_rising);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
