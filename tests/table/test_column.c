#include "support/support.h"

#include <string.h>

#include "table/table_priv.h"

static int released;
static void release(void *owner)
{
  (void)owner;
  released++;
}

static fm_table *fresh(void)
{
  fm_table *t;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_table_create(&t, "t", &err), &err);
  return t;
}

static const double values[] = {1, 2, 3};
static const int32_t codes[] = {1, 0, 1};
static const int64_t offsets[] = {0, 3, 6};

START_TEST(refusals_take_nothing)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t = fresh();
  released = 0;
  ck_assert_int_eq(fm_table_add_f64(t, "", values, NULL, 3, release, NULL, &err), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_table_add_f64(t, NULL, values, NULL, 3, release, NULL, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_table_add_f64(t, "a", NULL, NULL, 3, release, NULL, NULL), FM_ERR_ARGUMENT);
  fm_error_clear(&err);
  fm_assert_ok(fm_table_add_f64(t, "a", values, NULL, 3, NULL, NULL, &err), &err);
  ck_assert_int_eq(fm_table_add_f64(t, "a", values, NULL, 3, release, NULL, &err), FM_ERR_ARGUMENT);
  ck_assert_str_eq(err.message, "table t has a column a already");
  fm_error_clear(&err);
  ck_assert_int_eq(fm_table_add_f64(t, "b", values, NULL, 2, release, NULL, &err), FM_ERR_VALUE);
  ck_assert_str_eq(err.message, "column b has 2 rows, the table has 3");
  fm_error_clear(&err);
  fm_assert_ok(fm_table_seal(t, &err), &err);
  ck_assert_int_eq(fm_table_add_f64(t, "c", values, NULL, 3, release, NULL, &err), FM_ERR_STATE);
  fm_table_destroy(t);
  ck_assert_int_eq(released, 0);
}
END_TEST

static const struct bad_codes {
  const char *label;
  int32_t codes[3];
  int64_t offsets[3];
  const char *message;
} bad[] = {
    {"beyond", {1, 2, 0}, {0, 3, 6}, "column c, row 1: index 2 is outside the dictionary of 2 texts"},
    {"negative", {1, 0, -1}, {0, 3, 6}, "column c, row 2: index -1 is outside the dictionary of 2 texts"},
    {"backwards", {1, 0, 1}, {0, 3, 2}, "column c: text 1 of the dictionary has a negative length"},
    {"NUL inside", {1, 0, 1}, {0, 4, 7}, "column c: text 1 of the dictionary holds a NUL byte"},
};

START_TEST(dictionaries_are_checked)
{
  const struct bad_codes *b = &bad[_i];
  fm_error err = FM_ERROR_INIT;
  fm_table *t = fresh();
  ck_assert_msg(fm_table_add_code(t, "c", b->codes, NULL, 3, b->offsets, "onetw\0o", 2, NULL, NULL, &err) ==
                    FM_ERR_VALUE,
                "%s", b->label);
  ck_assert_str_eq(err.message, b->message);
  fm_table_destroy(t);
}
END_TEST

START_TEST(codes_and_texts)
{
  fm_error err = FM_ERROR_INIT;
  static const uint8_t validity[] = {0x03};
  static const char *const texts[] = {"x", NULL, "x"};
  fm_table *t = fresh();
  released = 0;
  fm_assert_ok(fm_table_add_code(t, "c", codes, validity, 3, offsets, "onetwo", 2, release, NULL, &err), &err);
  fm_assert_ok(fm_table_add_text(t, "d", texts, 3, &err), &err);
  ck_assert_int_eq(fm_table_add_text(t, "", texts, 3, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_table_add_text(t, NULL, texts, 3, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_table_add_text(t, "e", texts, 2, NULL), FM_ERR_VALUE);
  size_t length;
  ck_assert_str_eq(fm_table_text(t, 0, 0, &length), "two");
  ck_assert_uint_eq(length, 3);
  ck_assert_ptr_null(fm_table_text(t, 0, 2, NULL)); /* missing */
  ck_assert_ptr_null(fm_table_text(t, 0, 3, NULL));
  ck_assert_ptr_null(fm_table_text(t, 9, 0, NULL));
  ck_assert_uint_eq(fm_table_n_texts(t, 1), 1);
  ck_assert_str_eq(fm_table_dictionary_text(t, 1, 0, NULL), "x");
  ck_assert_ptr_null(fm_table_dictionary_text(t, 1, 1, NULL));
  ck_assert_uint_eq(fm_table_n_texts(t, 9), 0);
  ck_assert(fm_table_is_null(t, 1, 1));
  fm_table_destroy(t);
  ck_assert_int_eq(released, 1);
}
END_TEST

START_TEST(each_type_answers_only_its_own)
{
  fm_error err = FM_ERROR_INIT;
  static const int64_t i64[] = {1};
  static const int32_t i32[] = {2};
  static const uint8_t bools[] = {1};
  fm_table *t = fresh();
  fm_assert_ok(fm_table_add_f64(t, "f", values, NULL, 1, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_i64(t, "l", i64, NULL, 1, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_i32(t, "i", i32, NULL, 1, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_date(t, "d", i32, NULL, 1, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_bool(t, "b", bools, NULL, 1, NULL, NULL, &err), &err);
  for (size_t k = 0; k < 6; k++) {
    ck_assert((fm_table_f64(t, k) != NULL) == (k == 0));
    ck_assert((fm_table_i64(t, k) != NULL) == (k == 1));
    ck_assert((fm_table_i32(t, k) != NULL) == (k == 2 || k == 3));
    ck_assert((fm_table_bool(t, k) != NULL) == (k == 4));
    ck_assert_ptr_null(fm_table_code(t, k));
  }
  ck_assert(fm_table_column_type(t, 3) == FM_DATE && fm_table_column_type(t, 5) == 0);
  ck_assert_str_eq(fm_table_column_name(t, 4), "b");
  ck_assert_ptr_null(fm_table_column_name(t, 5));
  ck_assert_ptr_null(fm_table_validity(t, 5));
  ck_assert(fm_table_column_index(t, "d") == 3 && fm_table_column_index(t, "x") == -1);
  ck_assert_int_eq(fm_table_column_index(t, NULL), -1);
  size_t k;
  fm_assert_ok(fm__table_find(t, "b", FM_BOOL, &k, &err), &err);
  fm_assert_ok(fm__table_find(t, "b", 0, &k, &err), &err);
  ck_assert_int_eq(fm__table_find(t, "b", FM_F64, &k, &err), FM_ERR_TYPE);
  ck_assert_str_eq(err.message, "column b is of type bool, expected f64");
  fm_error_clear(&err);
  ck_assert_int_eq(fm__table_find(t, "x", FM_F64, &k, &err), FM_ERR_NOT_FOUND);
  ck_assert_str_eq(err.message, "table t has no column x");
  fm_table_destroy(t);
}
END_TEST

START_TEST(sharing_keeps_the_source_alive)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *from = fresh(), *to = fresh();
  released = 0;
  fm_assert_ok(fm_table_add_f64(from, "f", values, NULL, 3, release, NULL, &err), &err);
  fm_assert_ok(fm__table_share(to, "g", from, 0, &err), &err);
  ck_assert_int_eq(fm__table_share(to, "g", from, 0, NULL), FM_ERR_ARGUMENT);
  fm_table_destroy(from);
  ck_assert_int_eq(released, 0);
  ck_assert(fm_table_f64(to, 0)[2] == 3);
  fm_table_destroy(to);
  ck_assert_int_eq(released, 1);
}
END_TEST

static fm_status code_column(void *ctx, fm_error *err)
{
  (void)ctx;
  fm_table *t;
  fm_status status = fm_table_create(&t, "t", err);
  if (status == FM_OK)
    status = fm_table_add_code(t, "c", codes, NULL, 3, offsets, "onetwo", 2, NULL, NULL, err);
  fm_table_destroy(t);
  return status;
}

START_TEST(allocations)
{
  ck_assert_int_ge(fm_test_allocations(code_column, NULL), 7);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("table-column");
  TCase *t = tcase_create("column");
  tcase_add_test(t, refusals_take_nothing);
  tcase_add_loop_test(t, dictionaries_are_checked, 0, FM_COUNT(bad));
  tcase_add_test(t, codes_and_texts);
  tcase_add_test(t, each_type_answers_only_its_own);
  tcase_add_test(t, sharing_keeps_the_source_alive);
  tcase_add_test(t, allocations);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
