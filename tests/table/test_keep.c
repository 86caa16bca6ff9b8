/* Some rows of a table: every type, missing values, texts, lines and notes. */
#include <string.h>

#include "support/support.h"
#include "table/table_priv.h"

static fm_table *make(void)
{
  static const char *const columns[] = {"x:f64", "n:i64", "d:date", "b:bool", "t:code"};
  static const char *const cells[] = {"1", "10", "1970-01-02", "1", "a", "",  "20", "",           "0", "b",
                                      "3", "",   "1970-01-04", "",  "",  "4", "40", "1970-01-05", "1", "a"};
  return fm_test_table(columns, 5, cells, 4);
}

START_TEST(keeps_rows)
{
  static const char *const columns[] = {"x:f64", "n:i64", "d:date", "b:bool", "t:code"};
  static const char *const cells[] = {"", "20", "", "0", "b", "4", "40", "1970-01-05", "1", "a"};
  static const uint8_t keep[] = {0, 1, 0, 1}, none[4] = {0};
  fm_error err = FM_ERROR_INIT;
  fm_table *t = make(), *some, *expected = fm_test_table(columns, 5, cells, 2);
  fm_assert_ok(fm__table_keep(&some, t, keep, &err), &err);
  fm_assert_ok(fm_table_check(some, &err), &err);
  fm_assert_same_table("two of four", some, expected);
  fm_table_destroy(some);
  fm_assert_ok(fm__table_keep(&some, t, none, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(some), 0);
  ck_assert_uint_eq(fm_table_n_columns(some), 5);
  fm_table_destroy(some);
  fm_table_destroy(expected);
  fm_table_destroy(t);
}
END_TEST

/* The other columns are shared; a column without a missing value gets one. */
START_TEST(blanks_cells)
{
  static const char *const columns[] = {"x:f64", "n:i64", "d:date", "b:bool", "t:code"};
  static const char *const cells[] = {"1", "10", "1970-01-02", "1", "", "",  "20", "",           "0", "b",
                                      "3", "",   "1970-01-04", "",  "", "4", "40", "1970-01-05", "1", ""};
  static const uint8_t blank[] = {1, 0, 0, 1};
  fm_error err = FM_ERROR_INIT;
  fm_table *t = make(), *some, *expected = fm_test_table(columns, 5, cells, 4), *whole;
  fm_assert_ok(fm__table_blank(&some, t, 4, blank, &err), &err);
  fm_table_destroy(t);
  fm_assert_ok(fm_table_check(some, &err), &err);
  fm_assert_same_table("two cells", some, expected);
  fm_table_destroy(expected);
  fm_table_destroy(some);
  static const char *const one[] = {"a:i32"}, *const numbers[] = {"5", "6"};
  whole = fm_test_table(one, 1, numbers, 2);
  fm_assert_ok(fm__table_blank(&some, whole, 0, blank, &err), &err);
  fm_assert_ok(fm_table_check(some, &err), &err);
  ck_assert(fm_table_is_null(some, 0, 0) && !fm_table_is_null(some, 0, 1) && fm_table_i32(some, 0)[1] == 6);
  fm_table_destroy(whole);
  fm_table_destroy(some);
}
END_TEST

/* Lines are those of the file, with rows on lines of their own or not; notes stay. */
START_TEST(keeps_lines)
{
  static const char *const texts[] = {"x\n1\n2\n3\n", "x\n1\n\n2\n3\n"};
  static const int64_t lines[2][2] = {{3, 4}, {4, 5}};
  static const uint8_t keep[] = {0, 1, 1};
  for (size_t k = 0; k < 2; k++) {
    fm_error err = FM_ERROR_INIT;
    fm_table *t, *some;
    fm_assert_ok(fm_csv_read_memory(&t, NULL, texts[k], strlen(texts[k]), NULL, NULL, NULL, 0, NULL, &err), &err);
    fm_assert_ok(fm__table_keep(&some, t, keep, &err), &err);
    fm_table_destroy(t);
    for (size_t i = 0; i < 2; i++)
      ck_assert_int_eq(fm_table_line(some, i), lines[k][i]);
    ck_assert_str_eq(fm_table_note(some, "delimiter"), ",");
    fm_table_destroy(some);
  }
}
END_TEST

static fm_status keep_some(void *ctx, fm_error *err)
{
  static const uint8_t keep[] = {0, 1, 0, 1};
  fm_table *some = NULL;
  fm_status status = fm__table_keep(&some, ctx, keep, err);
  fm_table_destroy(some);
  return status;
}

START_TEST(allocations)
{
  fm_table *t = make();
  ck_assert_int_gt(fm_test_allocations(keep_some, t), 10);
  fm_table_destroy(t);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("table-keep");
  TCase *tests = tcase_create("keep");
  tcase_add_test(tests, keeps_rows);
  tcase_add_test(tests, keeps_lines);
  tcase_add_test(tests, blanks_cells);
  tcase_add_test(tests, allocations);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
