#include "support/support.h"

#include <string.h>

#include "target/track_priv.h"

START_TEST(reads)
{
  fm_error err = FM_ERROR_INIT;
  fm__scenario *s;
  size_t n;
  fm_assert_ok(fm__scenarios_read(&s, &n, "task force@2026-08-01*1.5 , b@2026-09-01+10,c@2026-10-01*0", &err), &err);
  ck_assert_uint_eq(n, 3);
  ck_assert(s[0].length == 10 && memcmp(s[0].name, "task force", 10) == 0);
  ck_assert_int_eq(s[0].from, fm_date_from_ymd(2026, 8, 1));
  ck_assert(s[0].factor == 1.5 && s[0].per_month == 0);
  ck_assert(s[1].length == 1 && s[1].factor == 1 && s[1].per_month == 10 && s[2].factor == 0);
  fm__free(s);
  fm_assert_ok(fm__scenarios_read(&s, &n, NULL, &err), &err);
  ck_assert(s == NULL && n == 0);
  fm_assert_ok(fm__scenarios_read(&s, &n, "", &err), &err);
  ck_assert(s == NULL && n == 0);
}
END_TEST

static const struct bad {
  const char *text, *message;
} bad[] = {
    {"task force", "name@date and a change of pace"},
    {"@2026-08-01*1.5", "name@date and a change of pace"},
    {"a@2026-08-01", "name@date and a change of pace"},
    {"a@2026-08-01*1,", "name@date and a change of pace"},
    {"a@2026-13-01*1.5", "a date YYYY-MM-DD after @"},
    {"a@01-08-2026*1.5", "a date YYYY-MM-DD after @"},
    {"a@2026-08-01-1.5", "*factor or +starts a month"},
    {"a@2026-08-01*1.5x", "*factor or +starts a month"},
    {"a@2026-08-01*-1", "from 0 to 1000000"},
    {"a@2026-08-01+1e7", "from 0 to 1000000"},
    {"a@2026-08-01*2,a@2026-09-01*3", "each name once"},
};

START_TEST(refuses)
{
  fm_error err = FM_ERROR_INIT;
  fm__scenario *s;
  size_t n;
  ck_assert_int_eq(fm__scenarios_read(&s, &n, bad[_i].text, &err), FM_ERR_ARGUMENT);
  ck_assert_msg(strstr(err.message, bad[_i].message) != NULL, "%s: %s", bad[_i].text, err.message);
  ck_assert_ptr_null(s);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("target-scenario");
  TCase *t = tcase_create("scenario");
  tcase_add_test(t, reads);
  tcase_add_loop_test(t, refuses, 0, FM_COUNT(bad));
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
