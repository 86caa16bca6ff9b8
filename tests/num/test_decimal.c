#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "num/num_priv.h"
#include "support/support.h"

static uint64_t bits_of(double x)
{
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

static void check_oracle(void)
{
  fm_oracle *o = fm_oracle_open("num/decimal.csv");
  ck_assert_uint_gt(fm_oracle_n_rows(o), 1500);
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    const char *text = fm_oracle_text(o, i, "text");
    uint64_t expected = strtoull(fm_oracle_text(o, i, "bits"), NULL, 16);
    double x = NAN;
    ck_assert_msg(fm__parse_f64(text, strlen(text), '.', &x), "%s was refused", text);
    ck_assert_msg(bits_of(x) == expected, "%s: got %a (%016" PRIx64 "), expected %016" PRIx64, text, x, bits_of(x),
                  expected);
  }
  fm_oracle_close(o);
}

START_TEST(texts_become_the_nearest_double)
{
  check_oracle();
}
END_TEST

/* In a Danish locale the C library reads and writes a comma; the library must not. Other locales with a comma do too.
 */
START_TEST(locale_changes_nothing)
{
  static const char *const names[] = {"da_DK.UTF-8", "da_DK.utf8", "da_DK", "de_DE.UTF-8", "fr_FR.UTF-8"};
  for (int k = 0; k < FM_COUNT(names); k++)
    if (setlocale(LC_ALL, names[k]) != NULL) {
      char text[32];
      check_oracle();
      fm__print_f64(text, 0.5);
      ck_assert_str_eq(text, "0.5");
    }
  setlocale(LC_ALL, "C");
}
END_TEST

START_TEST(what_is_not_a_number_is_refused)
{
  static const char *const bad[] = {
      "",      "-",     "+",   ".",   "-.",   "e5",   ".e5",  "1e",  "1e+", "1e-", "1x", " 1",  "1 ",  "1,5",
      "1..",   "1.2.3", "--1", "+-1", "1e5.", "1e5x", "0x10", "inf", "nan", "NaN", "NA", "1_0", "1d5", "\342\210\2221",
      "1e5e5", "1-2"};
  for (int k = 0; k < FM_COUNT(bad); k++) {
    double x = 42;
    ck_assert_msg(!fm__parse_f64(bad[k], strlen(bad[k]), '.', &x), "'%s' was read as %g", bad[k], x);
    ck_assert_msg(x == 42, "'%s' changed the result", bad[k]);
  }
}
END_TEST

START_TEST(the_point_is_the_callers)
{
  double x = 0;
  ck_assert(fm__parse_f64("184250,5", 8, ',', &x) && x == 184250.5);
  ck_assert(!fm__parse_f64("184250.5", 8, ',', &x));
  ck_assert(fm__parse_f64(",5", 2, ',', &x) && x == 0.5);
  ck_assert_msg(fm__parse_f64("1.259", 4, '.', &x) && x == 1.25, "reads past the length");
}
END_TEST

static uint64_t next_random(uint64_t *state)
{
  *state += UINT64_C(0x9E3779B97F4A7C15);
  uint64_t z = *state;
  z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
  return z ^ z >> 31;
}

/* Against the C library in the C locale: 17 digits of any double, and any digits with any exponent. */
START_TEST(random_texts_agree_with_the_c_library)
{
  uint64_t state = 1;
  char text[64];
  for (int i = 0; i < 200000; i++) {
    uint64_t r = next_random(&state), s = next_random(&state);
    int places = (int)(s % 19), exponent = (int)(s >> 32) % 340 - (i % 2 == 0 ? 0 : 340);
    if (i % 3 == 0)
      exponent %= 30;
    int n = snprintf(text, sizeof text, "%" PRIu64 ".%0*" PRIu64 "e%d", r >> (s >> 20) % 64, places, s >> (r % 64),
                     exponent);
    double x = NAN;
    ck_assert(fm__parse_f64(text, (size_t)n, '.', &x));
    ck_assert_msg(bits_of(x) == bits_of(strtod(text, NULL)), "%s: got %.17g", text, x);
  }
}
END_TEST

int main(void)
{
  Suite *s = suite_create("num-decimal");
  TCase *c = tcase_create("decimal");
  suite_add_tcase(s, c);
  tcase_add_test(c, texts_become_the_nearest_double);
  tcase_add_test(c, locale_changes_nothing);
  tcase_add_test(c, what_is_not_a_number_is_refused);
  tcase_add_test(c, the_point_is_the_callers);
  tcase_add_test(c, random_texts_agree_with_the_c_library);
  return fm_test_main(s);
}
