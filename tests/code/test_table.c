#include "support/support.h"

#include <string.h>

START_TEST(column_types)
{
  static const char *const columns[] = {"code:i64",  "aliases:code", "valid_from:date", "valid_to:date",
                                        "paid:bool", "rank:i32",     "words:code"};
  static const char *const cells[] = {
      "111",
      "x",
      "1998-01-01",
      "2020-12-31",
      "1",
      "-7",
      "  two words ", /* */
      "0",
      "",
      "",
      "",
      "0",
      "2147483647",
      "   ", /* */
      "-9223372036854775808",
      "",
      "",
      "",
      "",
      "",
      "",
  };
  fm_error err = FM_ERROR_INIT;
  fm_codes *c = NULL;
  fm_table *t = fm_test_table(columns, 7, cells, 3);
  fm_assert_ok(fm_codes_from_table(&c, "own", t, &err), &err);
  fm_table_destroy(t);
  ck_assert_str_eq(fm_codes_code(c, 0), "111");
  ck_assert_str_eq(fm_codes_code(c, 1), "0");
  ck_assert_str_eq(fm_codes_code(c, 2), "-9223372036854775808");
  ck_assert_int_eq(fm_codes_valid_from(c, 0), fm_date_from_ymd(1998, 1, 1));
  ck_assert_int_eq(fm_codes_valid_to(c, 0), fm_date_from_ymd(2020, 12, 31));
  ck_assert_int_eq(fm_codes_valid_from(c, 1), FM_NO_DATE);
  ck_assert_int_eq(fm_codes_is_yes(c, 0, "paid"), 1);
  ck_assert_str_eq(fm_codes_attribute(c, 1, "paid"), "no");
  ck_assert_ptr_null(fm_codes_attribute(c, 2, "paid"));
  ck_assert_str_eq(fm_codes_attribute(c, 0, "rank"), "-7");
  ck_assert_str_eq(fm_codes_attribute(c, 1, "rank"), "2147483647");
  ck_assert_str_eq(fm_codes_attribute(c, 0, "words"), "two words");
  ck_assert_ptr_null(fm_codes_attribute(c, 1, "words"));
  fm_codes_destroy(c);
}
END_TEST

START_TEST(refused)
{
  static const char *const decimal[] = {"code:f64"}, *const cells[] = {"6.9"};
  fm_error err = FM_ERROR_INIT;
  fm_codes *c = (fm_codes *)&err;
  fm_table *t = fm_test_table(decimal, 1, cells, 1);
  ck_assert_int_eq(fm_codes_from_table(&c, "own", t, &err), FM_ERR_TYPE);
  ck_assert_ptr_null(c);
  ck_assert_str_eq(err.column, "code");
  fm_error_clear(&err);
  ck_assert_int_eq(fm_codes_from_table(&c, "", t, &err), FM_ERR_ARGUMENT);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_codes_from_table(&c, NULL, t, &err), FM_ERR_ARGUMENT);
  fm_table_destroy(t);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_codes_from_table(&c, "own", NULL, &err), FM_ERR_ARGUMENT);
  fm_error_clear(&err);
  fm_assert_ok(fm_table_create(&t, "open", &err), &err);
  ck_assert_int_eq(fm_codes_from_table(&c, "own", t, &err), FM_ERR_STATE);
  fm_table_destroy(t);
}
END_TEST

/* A built-in list as a table, and that table as a list again: the same list. */
START_TEST(round_trip)
{
  fm_error err = FM_ERROR_INIT;
  for (size_t k = 0; k < fm_codes_n_builtin(); k++) {
    fm_codes *c = NULL, *again = NULL;
    fm_table *t = NULL;
    fm_assert_ok(fm_codes_builtin(&c, fm_codes_builtin_name(k), &err), &err);
    fm_assert_ok(fm_codes_table(&t, c, &err), &err);
    fm_assert_ok(fm_table_check(t, &err), &err);
    ck_assert_str_eq(fm_table_name(t), fm_codes_list_name(c));
    ck_assert_uint_eq(fm_table_n_rows(t), fm_codes_n(c));
    int64_t from = fm_table_column_index(t, "valid_from"), to = fm_table_column_index(t, "valid_to");
    ck_assert_int_eq(fm_table_column_type(t, (size_t)from), FM_DATE);
    ck_assert_int_eq(fm_table_column_type(t, (size_t)to), FM_DATE);
    fm_assert_ok(fm_codes_from_table(&again, fm_codes_list_name(c), t, &err), &err);
    ck_assert_str_eq(fm_codes_digest(again), fm_codes_digest(c));
    for (int64_t i = 0; i < (int64_t)fm_codes_n(c); i++) {
      ck_assert_str_eq(fm_codes_label(again, i, "da"), fm_codes_label(c, i, "da"));
      ck_assert_str_eq(fm_test_text(t, "code", (size_t)i), fm_codes_code(c, i));
      ck_assert_int_eq(fm_table_is_null(t, (size_t)to, (size_t)i), fm_codes_valid_to(c, i) == FM_NO_DATE);
    }
    fm_codes_destroy(again);
    fm_codes_destroy(c);
    fm_table_destroy(t);
  }
}
END_TEST

static fm_status all(void *ctx, fm_error *err)
{
  fm_codes *c = NULL;
  fm_table *t = NULL;
  fm_status status = fm_codes_from_table(&c, "own", ctx, err);
  if (status == FM_OK)
    status = fm_codes_table(&t, c, err);
  fm_codes_destroy(c);
  fm_table_destroy(t);
  return status;
}

START_TEST(allocations)
{
  static const char *const columns[] = {"code:code", "aliases:code", "valid_from:date"};
  static const char *const cells[] = {"a", "b c", "", "d", "e|f", "2020-01-01"};
  fm_table *t = fm_test_table(columns, 3, cells, 2);
  ck_assert_int_gt(fm_test_allocations(all, t), 20);
  fm_table_destroy(t);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("code-table");
  TCase *tests = tcase_create("table");
  tcase_add_test(tests, column_types);
  tcase_add_test(tests, refused);
  tcase_add_test(tests, round_trip);
  tcase_add_test(tests, allocations);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
