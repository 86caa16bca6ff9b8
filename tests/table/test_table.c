#include "support/support.h"

#include <string.h>

#include "table/table_priv.h"

static int released;
static void release(void *owner)
{
  *(int *)owner += 1;
}

START_TEST(life)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  static const double values[] = {1, 2, 3};
  static const uint8_t validity[] = {0x05};
  released = 0;
  fm_assert_ok(fm_table_create(&t, "incomes", &err), &err);
  fm_assert_ok(fm_table_add_f64(t, "income", values, validity, 3, release, &released, &err), &err);
  fm_assert_ok(fm_table_set_note(t, "prices", "2024", &err), &err);
  fm_assert_ok(fm_table_set_note(t, "prices", "2025", &err), &err);
  fm_assert_ok(fm_table_seal(t, &err), &err);
  ck_assert_int_eq(fm_table_seal(t, &err), FM_ERR_STATE);
  ck_assert_int_eq(fm_table_set_note(t, "a", "b", NULL), FM_ERR_STATE);
  ck_assert_str_eq(fm_table_name(t), "incomes");
  ck_assert_str_eq(fm_table_note(t, "prices"), "2025");
  ck_assert_ptr_null(fm_table_note(t, "unit"));
  ck_assert_uint_eq(fm_table_n_notes(t), 1);
  ck_assert_str_eq(fm_table_note_key(t, 0), "prices");
  ck_assert_ptr_null(fm_table_note_key(t, 1));
  ck_assert(fm_table_n_rows(t) == 3 && fm_table_n_columns(t) == 1);
  ck_assert_ptr_eq(fm_table_f64(t, 0), values); /* borrowed, not copied */
  ck_assert_ptr_eq(fm_table_validity(t, 0), validity);
  ck_assert(!fm_table_is_null(t, 0, 0) && fm_table_is_null(t, 0, 1) && !fm_table_is_null(t, 0, 9));
  fm_table *same = fm_table_retain(t);
  fm_table_destroy(t);
  ck_assert_int_eq(released, 0);
  fm_table_destroy(same);
  ck_assert_int_eq(released, 1);
  fm_table_destroy(NULL);
  ck_assert_ptr_null(fm_table_retain(NULL));
}
END_TEST

START_TEST(empty_tables)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_table_create(&t, NULL, &err), &err);
  ck_assert_int_eq(fm__table_require_sealed(t, NULL), FM_ERR_STATE);
  ck_assert_int_eq(fm__table_require_sealed(NULL, NULL), FM_ERR_ARGUMENT);
  fm_assert_ok(fm_table_seal(t, &err), &err);
  fm_assert_ok(fm__table_require_sealed(t, &err), &err);
  ck_assert_str_eq(fm_table_name(t), "");
  ck_assert(fm_table_n_rows(t) == 0 && fm_table_line(t, 0) == -1);
  fm_table_destroy(t);
}
END_TEST

START_TEST(lines)
{
  fm_error err = FM_ERROR_INIT;
  static const int32_t v[] = {1, 2};
  fm_table *t;
  int64_t *own = fm__array(2, sizeof *own);
  own[0] = 2;
  own[1] = 7;
  fm_assert_ok(fm_table_create(&t, "t", &err), &err);
  fm_assert_ok(fm_table_add_i32(t, "v", v, NULL, 2, NULL, NULL, &err), &err);
  ck_assert_int_eq(fm_table_line(t, 1), -1);
  fm__table_set_first_line(t, 2);
  ck_assert_int_eq(fm_table_line(t, 1), 3);
  ck_assert_int_eq(fm__table_own_lines(t, own, 3, NULL), FM_ERR_ARGUMENT);
  fm_assert_ok(fm__table_own_lines(t, own, 2, &err), &err);
  ck_assert(fm_table_line(t, 1) == 7 && fm_table_line(t, 2) == -1);
  fm_table_destroy(t);
}
END_TEST

START_TEST(check_finds_what_is_wrong)
{
  static const uint8_t bad_bool[] = {0, 1, 2};
  static const uint8_t hides_it[] = {0x03};
  fm_error err = FM_ERROR_INIT;
  for (int hidden = 0; hidden < 2; hidden++) {
    fm_table *t;
    fm_assert_ok(fm_table_create(&t, "t", &err), &err);
    fm_assert_ok(fm_table_add_bool(t, "b", bad_bool, hidden ? hides_it : NULL, 3, NULL, NULL, &err), &err);
    fm_assert_ok(fm_table_seal(t, &err), &err);
    ck_assert_int_eq(fm_table_check(t, &err), hidden ? FM_OK : FM_ERR_VALUE);
    if (!hidden) {
      ck_assert(err.row == 2 && strcmp(err.column, "b") == 0);
      fm_error_clear(&err);
    }
    fm_table_destroy(t);
  }
  int32_t codes[] = {0, 1};
  static const int64_t offsets[] = {0, 1, 2};
  fm_table *t;
  fm_assert_ok(fm_table_create(&t, "t", &err), &err);
  fm_assert_ok(fm_table_add_code(t, "c", codes, NULL, 2, offsets, "ab", 2, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_check(t, &err), &err);
  codes[1] = 5; /* borrowed memory changed behind the table's back */
  ck_assert_int_eq(fm_table_check(t, &err), FM_ERR_VALUE);
  ck_assert_str_eq(err.message, "column c, row 1: index 5 is outside the dictionary of 2 texts");
  fm_table_destroy(t);
}
END_TEST

enum { MANY = 10000 }; /* more than the rows that a check looks at together */

START_TEST(check_finds_the_row_among_many)
{
  static uint8_t bools[MANY], validity[(MANY + 7) / 8];
  static int32_t codes[MANY];
  static const int64_t offsets[] = {0, 1, 2};
  static const size_t rows[] = {0, 1, 4095, 4096, 8191, 8192, MANY - 1};
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  for (size_t i = 0; i < MANY; i++)
    codes[i] = bools[i] = i % 3 == 0;
  memset(validity, 0xff, sizeof validity);
  fm_assert_ok(fm_table_create(&t, "t", &err), &err);
  fm_assert_ok(fm_table_add_bool(t, "b", bools, validity, MANY, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_code(t, "c", codes, validity, MANY, offsets, "ab", 2, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_seal(t, &err), &err);
  fm_assert_ok(fm_table_check(t, &err), &err);
  for (size_t k = 0; k < 2 * sizeof rows / sizeof rows[0]; k++) {
    size_t row = rows[k / 2];
    int is_code = k % 2;
    bools[row] = is_code ? 0 : 128;
    codes[row] = is_code ? (k % 4 == 1 ? 2 : -1) : 0;
    ck_assert_int_eq(fm_table_check(t, &err), FM_ERR_VALUE);
    ck_assert(err.row == (int64_t)row && strcmp(err.column, is_code ? "c" : "b") == 0);
    validity[row / 8] = (uint8_t)(validity[row / 8] & ~(1u << row % 8)); /* what is missing may be anything */
    fm_error_clear(&err);
    fm_assert_ok(fm_table_check(t, &err), &err);
    validity[row / 8] = 0xff;
    bools[row] = 0;
    codes[row] = 0;
  }
  fm_table_destroy(t);
}
END_TEST

START_TEST(type_names)
{
  ck_assert_str_eq(fm_column_type_name(FM_F64), "f64");
  ck_assert_str_eq(fm_column_type_name(FM_CODE), "code");
  ck_assert_str_eq(fm_column_type_name(0), "unknown");
  ck_assert_str_eq(fm_column_type_name(99), "unknown");
}
END_TEST

static fm_status make(void *ctx, fm_error *err)
{
  (void)ctx;
  fm_table *t;
  static const double v[] = {1};
  static const char *const texts[] = {"a", NULL, "b"};
  fm_status status = fm_table_create(&t, "t", err);
  if (status != FM_OK)
    return status;
  status = fm_table_add_text(t, "c", texts, 1, err);
  if (status == FM_OK)
    status = fm_table_add_f64(t, "v", v, NULL, 1, NULL, NULL, err);
  for (int i = 0; i < 20 && status == FM_OK; i++) {
    char key[] = {'k', (char)('a' + i), '\0'};
    status = fm_table_set_note(t, key, "value", err);
  }
  fm_table_destroy(t);
  return status;
}

START_TEST(allocations)
{
  ck_assert_int_gt(fm_test_allocations(make, NULL), 30);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("table-table");
  TCase *t = tcase_create("table");
  tcase_add_test(t, life);
  tcase_add_test(t, empty_tables);
  tcase_add_test(t, lines);
  tcase_add_test(t, check_finds_what_is_wrong);
  tcase_add_test(t, check_finds_the_row_among_many);
  tcase_add_test(t, type_names);
  tcase_add_test(t, allocations);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
