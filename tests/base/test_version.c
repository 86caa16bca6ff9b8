#include "support/support.h"

START_TEST(header_and_library_agree)
{
  ck_assert_str_eq(fm_version(), FM_VERSION);
  ck_assert_int_eq(fm_version_number(), FM_VERSION_NUMBER);
  ck_assert_int_eq(FM_VERSION_NUMBER, FM_VERSION_MAJOR * 1000000 + FM_VERSION_MINOR * 1000 + FM_VERSION_PATCH);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("base-version");
  TCase *t = tcase_create("version");
  tcase_add_test(t, header_and_library_agree);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
