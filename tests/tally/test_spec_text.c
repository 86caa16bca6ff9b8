#include "support/support.h"

#include <math.h>

#include "tally/tally_priv.h"

START_TEST(only_what_differs)
{
  fm__bytes b = {0};
  fm__spec_text_i64(&b, "a", 5, 5);
  fm__spec_text_f64(&b, "b", 0.95, 0.95);
  fm__spec_text_f64(&b, "n", -NAN, NAN);
  fm__spec_text_text(&b, "c", NULL, "");
  ck_assert_str_eq(fm__spec_text_end(&b), "");
  fm__bytes_free(&b);
}
END_TEST

START_TEST(exact_and_unambiguous)
{
  fm__bytes b = {0};
  fm__spec_text_i64(&b, "a", -7, 0);
  fm__spec_text_f64(&b, "b", 0.5, 0.95);
  fm__spec_text_text(&b, "c", "x;y=z\\", NULL);
  ck_assert_str_eq(fm__spec_text_end(&b), "a=-7;b=0x3fe0000000000000;c=x\\;y\\=z\\\\");
  fm__bytes_free(&b);
}
END_TEST

START_TEST(no_memory)
{
  fm__bytes b = {.failed = true};
  ck_assert_ptr_null(fm__spec_text_end(&b));
}
END_TEST

int main(void)
{
  Suite *s = suite_create("tally-spec_text");
  TCase *t = tcase_create("text");
  tcase_add_test(t, only_what_differs);
  tcase_add_test(t, exact_and_unambiguous);
  tcase_add_test(t, no_memory);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
