#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "num/num_priv.h"
#include "support/support.h"

static double from_bits(uint64_t bits)
{
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

START_TEST(oracle_agrees)
{
  fm_oracle *o = fm_oracle_open("num/print.csv");
  ck_assert_uint_gt(fm_oracle_n_rows(o), 5000);
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    double x = from_bits(strtoull(fm_oracle_text(o, i, "bits"), NULL, 16));
    char text[32], fixed[40];
    size_t n = fm__print_f64(text, x), m = fm__print_fixed(fixed, x, (int32_t)fm_oracle_number(o, i, "places"));
    ck_assert_str_eq(text, fm_oracle_text(o, i, "shortest"));
    ck_assert_str_eq(fixed, fm_oracle_text(o, i, "fixed"));
    ck_assert_uint_eq(n, strlen(text));
    ck_assert_uint_eq(m, strlen(fixed));
  }
  fm_oracle_close(o);
}
END_TEST

START_TEST(special_values)
{
  static const struct {
    double x;
    int32_t decimals;
    const char *shortest, *fixed;
  } cases[] = {
      {NAN, 2, "NaN", "NaN"},
      {INFINITY, 2, "Inf", "Inf"},
      {-INFINITY, 2, "-Inf", "-Inf"},
      {0.0, 2, "0", "0.00"},
      {-0.0, 2, "-0", "0.00"},
      {-0.004, 2, "-0.004", "0.00"},
      {-0.005, 2, "-0.005", "-0.01"},
      {2.5, 0, "2.5", "3"},
      {-2.5, -3, "-2.5", "-3"},
      {0.1, 12, "0.1", "0.100000000"},
      {1e15, 3, "1000000000000000", "1000000000000000"},
      {-1e300, 1, "-1e+300", "-1e+300"},
      {-2.2250738585072011e-308, 1, "-2.225073858507201e-308", "0.0"},
      {999999999999999.875, 2, "999999999999999.9", "999999999999999.88"},
  };
  for (int k = 0; k < FM_COUNT(cases); k++) {
    char text[40];
    fm__print_f64(text, cases[k].x);
    ck_assert_str_eq(text, cases[k].shortest);
    fm__print_fixed(text, cases[k].x, cases[k].decimals);
    ck_assert_str_eq(text, cases[k].fixed);
  }
}
END_TEST

/* Any bit pattern reads back, through the library and through the C library, in at most 31 bytes; one digit fewer in
 * the C library's own correctly rounded text does not. */
START_TEST(random_doubles_read_back)
{
  uint64_t state = 7;
  for (int i = 0; i < 200000; i++) {
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    uint64_t bits = state ^ state >> 29;
    double x = from_bits(bits), back = NAN;
    if (i % 2 == 0)
      x = (double)(int64_t)bits * 1e-19 * (i % 4 == 0 ? 1 : 1e6);
    if (!isfinite(x))
      continue;
    char text[32], shorter[40];
    size_t n = fm__print_f64(text, x);
    ck_assert_uint_le(n, 31);
    ck_assert(fm__parse_f64(text, n, '.', &back));
    ck_assert_msg(memcmp(&back, &x, sizeof x) == 0, "%s is not %.17g", text, x);
    ck_assert_msg(strtod(text, NULL) == x, "%s is not %.17g to strtod", text, x);
    int digits = 0;
    for (const char *p = text; *p != '\0' && *p != 'e'; p++)
      digits += (*p >= '0' && *p <= '9') && (digits > 0 || *p != '0');
    if (digits > 1 && strchr(text, 'e') == NULL && strchr(text, '.') == NULL)
      continue; /* a whole number ends in zeros that do not count */
    snprintf(shorter, sizeof shorter, "%.*e", digits > 1 ? digits - 2 : 0, x);
    ck_assert_msg(digits <= 1 || strtod(shorter, NULL) != x, "%s is shorter than %s", shorter, text);
  }
}
END_TEST

int main(void)
{
  Suite *s = suite_create("num-print");
  TCase *c = tcase_create("print");
  suite_add_tcase(s, c);
  tcase_add_test(c, oracle_agrees);
  tcase_add_test(c, special_values);
  tcase_add_test(c, random_doubles_read_back);
  return fm_test_main(s);
}
