#include "support/support.h"

#include <math.h>
#include <string.h>

#include "tally/tally_priv.h"

static const fm__key keys[] = {{"group", FM_CODE}, {"time_days", FM_I64}, {"months", FM_I32},
                               {"on", FM_DATE},    {"flag", FM_BOOL},     {"p", FM_F64}};

static fm_status make(fm_table **out, fm_error *err)
{
  fm__result *r;
  fm_status status = fm__result_create(&r, "a.b", "rule", keys, 6, err);
  if (status != FM_OK)
    return status;
  fm__figure f = fm__figure_of("share", "share");
  fm__result_add(r, &f); /* no key set yet: all null */
  fm__result_key_text(r, 0, "x", 1);
  fm__result_key_i64(r, 1, 1000000000000);
  fm__result_key_i64(r, 2, 6);
  fm__result_key_i64(r, 3, 10);
  fm__result_key_i64(r, 4, 1);
  fm__result_key_f64(r, 5, 0.5);
  f.value = 0.25;
  f.n = 4;
  f.people = 3;
  f.weight = 2.5;
  f.period_start = 0;
  f.period_end = 9;
  f.state = FM__PRELIMINARY;
  fm__result_add(r, &f);
  fm__result_key_null(r, 1);
  fm__result_key_text(r, 0, NULL, 0);
  fm__result_add(r, &f);
  fm__result_note(r, "dropped", "3");
  return fm__result_finish(r, out, err);
}

START_TEST(the_long_table)
{
  static const char *const names[] = {"indicator", "definition", "group",        "time_days",  "months",   "on",
                                      "flag",      "p",          "period_start", "period_end", "quantity", "value",
                                      "unit",      "std_error",  "ci_low",       "ci_high",    "level",    "n",
                                      "people",    "weight",     "state"};
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(make(&t, &err), &err);
  ck_assert_uint_eq(fm_table_n_columns(t), sizeof names / sizeof names[0]);
  for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
    ck_assert_str_eq(fm_table_column_name(t, k), names[k]);
  ck_assert(isnan(fm_test_number(t, "value", 0)) && isnan(fm_test_number(t, "months", 0)));
  ck_assert_str_eq(fm_test_text(t, "group", 1), "x");
  ck_assert(fm_test_number(t, "time_days", 1) == 1e12 && fm_test_number(t, "months", 1) == 6);
  ck_assert(fm_test_number(t, "on", 1) == 10 && fm_test_number(t, "flag", 1) == 1 && fm_test_number(t, "p", 1) == 0.5);
  ck_assert(fm_test_number(t, "people", 1) == 3 && fm_test_number(t, "period_end", 1) == 9);
  ck_assert_str_eq(fm_test_text(t, "state", 1), "preliminary");
  ck_assert_ptr_null(fm_test_text(t, "group", 2));
  ck_assert(isnan(fm_test_number(t, "time_days", 2)) && fm_test_number(t, "p", 2) == 0.5);
  ck_assert_str_eq(fm_table_note(t, "dropped"), "3");
  fm_table_destroy(t);
  fm__result_destroy(NULL);
}
END_TEST

/* Columns of a measure's own come last, and hold for one row. */
START_TEST(added_columns)
{
  static const fm__key added[] = {{"df", FM_F64}, {"reliability", FM_CODE}};
  fm_error err = FM_ERROR_INIT;
  fm__result *r;
  fm_table *t;
  fm_assert_ok(fm__result_create(&r, "a.b", "rule", NULL, 0, &err), &err);
  fm_assert_ok(fm__result_extend(r, added, 2, &err), &err);
  ck_assert_int_eq(fm__result_extend(r, added, 7, NULL), FM_ERR_LIMIT);
  fm__figure f = fm__figure_of("share", "share");
  fm__result_more_f64(r, 0, 4);
  fm__result_more_text(r, 1, "ok");
  fm__result_add(r, &f);
  fm__result_add(r, &f);
  fm_assert_ok(fm__result_finish(r, &t, &err), &err);
  ck_assert_str_eq(fm_table_column_name(t, fm_table_n_columns(t) - 3), "state");
  ck_assert_str_eq(fm_table_column_name(t, fm_table_n_columns(t) - 2), "df");
  ck_assert(fm_test_number(t, "df", 0) == 4 && isnan(fm_test_number(t, "df", 1)));
  ck_assert_str_eq(fm_test_text(t, "reliability", 0), "ok");
  ck_assert_ptr_null(fm_test_text(t, "reliability", 1));
  fm_table_destroy(t);
}
END_TEST

static fm_status once(void *ctx, fm_error *err)
{
  (void)ctx;
  fm_table *t = NULL;
  fm_status status = make(&t, err);
  fm_table_destroy(t);
  return status;
}

START_TEST(allocations)
{
  ck_assert_int_gt(fm_test_allocations(once, NULL), 60);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("tally-result");
  TCase *t = tcase_create("result");
  tcase_add_test(t, the_long_table);
  tcase_add_test(t, added_columns);
  tcase_add_test(t, allocations);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
