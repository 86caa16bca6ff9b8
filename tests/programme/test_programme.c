#include "support/support.h"

#include <math.h>

START_TEST(macro_and_function_agree)
{
  fm_programme_spec macro = FM_PROGRAMME_SPEC_INIT, function;
  fm_programme_spec_init(&function, sizeof function);
  ck_assert_mem_eq(&macro, &function, sizeof macro);
}
END_TEST

START_TEST(ranges)
{
  static const struct {
    double hours, level;
  } bad[] = {{0, 0.95}, {-37, 0.95}, {NAN, 0.95}, {INFINITY, 0.95}, {37, 0}, {37, 1}, {37, NAN}};
  fm_programme_spec spec = FM_PROGRAMME_SPEC_INIT;
  spec.full_time_hours = bad[_i].hours;
  spec.level = bad[_i].level;
  fm_tally *t;
  ck_assert_int_eq(fm_programme_people_tally(&t, &spec, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_programme_placements_tally(&t, &spec, NULL), FM_ERR_ARGUMENT);
  ck_assert_ptr_null(t);
}
END_TEST

START_TEST(other_specs_do_not_merge)
{
  fm_error err = FM_ERROR_INIT;
  fm_programme_spec spec = FM_PROGRAMME_SPEC_INIT;
  fm_tally *a, *b;
  fm_assert_ok(fm_programme_people_tally(&a, &spec, &err), &err);
  spec.by = "sex";
  fm_assert_ok(fm_programme_people_tally(&b, &spec, &err), &err);
  ck_assert_int_eq(fm_tally_merge(a, b, &err), FM_ERR_MISMATCH);
  fm_tally_destroy(b);
  fm_error_clear(&err);
  fm_assert_ok(fm_programme_placements_tally(&b, NULL, &err), &err);
  ck_assert_int_eq(fm_tally_merge(a, b, &err), FM_ERR_MISMATCH);
  ck_assert_str_eq(err.message, "a tally of programme.people cannot take one of programme.placements");
  fm_tally_destroy(a);
  fm_tally_destroy(b);
}
END_TEST

START_TEST(by_is_checked)
{
  static const char *const bad[] = {",", "a,,b", "a,b,c,d,e,f,g,h,i"};
  fm_programme_spec spec = FM_PROGRAMME_SPEC_INIT;
  spec.by = bad[_i];
  fm_tally *t;
  ck_assert_int_eq(fm_programme_people_tally(&t, &spec, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_programme_placements_tally(&t, &spec, NULL), FM_ERR_ARGUMENT);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("programme-programme");
  TCase *t = tcase_create("spec");
  tcase_add_test(t, macro_and_function_agree);
  tcase_add_loop_test(t, ranges, 0, 7);
  tcase_add_test(t, other_specs_do_not_merge);
  tcase_add_loop_test(t, by_is_checked, 0, 3);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
