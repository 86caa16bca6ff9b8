#include "support/support.h"

#include <string.h>

#include "table/table_priv.h"

static const int32_t types[] = {FM_F64, FM_I64, FM_I32, FM_DATE, FM_BOOL, FM_CODE};

static fm_status build(fm_table **out, size_t n_rows, fm_error *err)
{
  fm__builder *b;
  fm_status status = fm__builder_create(&b, "built", err);
  for (size_t k = 0; k < 6 && status == FM_OK; k++) {
    char name[] = {'a', (char)('0' + k), '\0'};
    status = fm__builder_column(b, name, types[k], NULL, err);
    if (status != FM_OK)
      fm__builder_destroy(b);
  }
  if (status != FM_OK)
    return status;
  fm__builder_note(b, "made", "here");
  for (size_t i = 0; i < n_rows; i++) {
    fm__builder_f64(b, 0, (double)i / 2);
    fm__builder_i64(b, 1, (int64_t)i * 1000000000000);
    fm__builder_i32(b, 2, -(int32_t)i);
    if (i % 3 == 1)
      fm__builder_null(b, 3);
    else
      fm__builder_i32(b, 3, (int32_t)i);
    fm__builder_bool(b, 4, i % 2 == 0);
    fm__builder_text(b, 5, i % 5 == 4 ? NULL : i % 2 == 0 ? "even" : "odd", i % 2 == 0 ? 4 : 3);
  }
  return fm__builder_finish(b, out, err);
}

START_TEST(cells_come_back)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(build(&t, 100, &err), &err);
  fm_assert_ok(fm_table_check(t, &err), &err);
  ck_assert_str_eq(fm_table_note(t, "made"), "here");
  for (size_t i = 0; i < 100; i++) {
    ck_assert(fm_table_f64(t, 0)[i] == (double)i / 2);
    ck_assert(fm_table_i64(t, 1)[i] == (int64_t)i * 1000000000000);
    ck_assert(fm_table_i32(t, 2)[i] == -(int32_t)i);
    ck_assert_int_eq(fm_table_is_null(t, 3, i), i % 3 == 1);
    ck_assert(i % 3 == 1 || fm_table_i32(t, 3)[i] == (int32_t)i);
    ck_assert_uint_eq(fm_table_bool(t, 4)[i], i % 2 == 0);
    const char *text = fm_table_text(t, 5, i, NULL);
    ck_assert(i % 5 == 4 ? text == NULL : strcmp(text, i % 2 == 0 ? "even" : "odd") == 0);
  }
  ck_assert_uint_eq(fm_table_n_texts(t, 5), 2);
  ck_assert_ptr_null(fm_table_validity(t, 0));
  fm_table_destroy(t);
}
END_TEST

START_TEST(no_rows)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(build(&t, 0, &err), &err);
  ck_assert(fm_table_n_rows(t) == 0 && fm_table_n_columns(t) == 6);
  fm_table_destroy(t);
}
END_TEST

START_TEST(a_row_must_be_whole)
{
  fm_error err = FM_ERROR_INIT;
  fm__builder *b;
  fm_table *t;
  fm_assert_ok(fm__builder_create(&b, "x", &err), &err);
  fm_assert_ok(fm__builder_column(b, "a", FM_F64, NULL, &err), &err);
  fm_assert_ok(fm__builder_column(b, "b", FM_F64, NULL, &err), &err);
  fm__builder_f64(b, 0, 1);
  ck_assert_int_eq(fm__builder_finish(b, &t, &err), FM_ERR_VALUE);
  ck_assert_ptr_null(t);
  fm__builder_destroy(NULL);
}
END_TEST

static fm_status everything(void *ctx, fm_error *err)
{
  (void)ctx;
  fm_table *t = NULL;
  fm_status status = build(&t, 40, err);
  fm_table_destroy(t);
  return status;
}

START_TEST(allocations)
{
  ck_assert_int_gt(fm_test_allocations(everything, NULL), 40);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("table-builder");
  TCase *t = tcase_create("builder");
  tcase_add_test(t, cells_come_back);
  tcase_add_test(t, no_rows);
  tcase_add_test(t, a_row_must_be_whole);
  tcase_add_test(t, allocations);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
