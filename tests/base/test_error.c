#include "support/support.h"

#include <string.h>

#include "base/base_priv.h"

START_TEST(names)
{
  ck_assert_str_eq(fm_status_name(FM_OK), "FM_OK");
  ck_assert_str_eq(fm_status_name(FM_ERR_DATA), "FM_ERR_DATA");
  ck_assert_str_eq(fm_status_name(-1), "FM_STATUS_UNKNOWN");
  ck_assert_str_eq(fm_status_name(9999), "FM_STATUS_UNKNOWN");
}
END_TEST

START_TEST(first_error_wins)
{
  fm_error err = FM_ERROR_INIT;
  ck_assert_int_eq(fm__fail(&err, FM_ERR_VALUE, "row %d is bad", 3), FM_ERR_VALUE);
  fm__error_place(&err, "persons.csv", "weight", 4, 2, 9);
  fm__error_value(&err, "abc", 3);
  fm__error_detail(&err, "FM-N01");
  ck_assert_int_eq(fm__fail(&err, FM_ERR_IO, "later"), FM_ERR_IO);
  fm__error_place(&err, "other", "other", 1, 1, 1);
  fm__error_value(&err, "xyz", 3);
  fm__error_detail(&err, "FM-X99");
  ck_assert_int_eq(err.code, FM_ERR_VALUE);
  ck_assert_str_eq(err.message, "row 3 is bad");
  ck_assert_str_eq(err.table, "persons.csv");
  ck_assert_str_eq(err.column, "weight");
  ck_assert_str_eq(err.value, "abc");
  ck_assert_str_eq(err.detail, "FM-N01");
  ck_assert(err.row == 2 && err.line == 9 && err.column_index == 4);
  fm_error_clear(&err);
  fm_error fresh = FM_ERROR_INIT;
  ck_assert_mem_eq(&err, &fresh, sizeof err);
}
END_TEST

START_TEST(null_is_fine)
{
  ck_assert_int_eq(fm__fail(NULL, FM_ERR_VALUE, "x"), FM_ERR_VALUE);
  fm__error_place(NULL, "a", "b", 0, 0, 0);
  fm__error_value(NULL, "a", 1);
  fm__error_detail(NULL, "a");
  fm_error_clear(NULL);
  fm_error_init(NULL, sizeof(fm_error));
}
END_TEST

START_TEST(a_shorter_struct_is_not_written_past)
{
  unsigned char room[sizeof(fm_error) + 16];
  memset(room, 0xAB, sizeof room);
  fm_error *err = (fm_error *)(void *)room;
  size_t size = offsetof(fm_error, value);
  fm_error_init(err, size);
  ck_assert_int_eq(fm__fail(err, FM_ERR_VALUE, "does not fit"), FM_ERR_VALUE);
  fm__error_place(err, "t", "c", 1, 1, 1);
  for (size_t i = size; i < sizeof room; i++)
    ck_assert_msg(room[i] == 0xAB, "byte %zu was written", i);
}
END_TEST

START_TEST(text_is_cut_at_a_character_and_without_line_breaks)
{
  fm_error err = FM_ERROR_INIT;
  char lots[600];
  memset(lots, 'x', sizeof lots);
  memcpy(lots + sizeof err.message - 2, "\xC3\xA6", 2); /* æ across the end of the field */
  lots[599] = '\0';
  fm__fail(&err, FM_ERR_VALUE, "%s", lots);
  ck_assert_uint_eq(strlen(err.message), sizeof err.message - 2);
  fm_error_clear(&err);
  fm__fail(&err, FM_ERR_VALUE, "two\nlines");
  ck_assert_str_eq(err.message, "two lines");
  fm__error_value(&err,
                  "a\x01\x7f"
                  "b",
                  4);
  ck_assert_str_eq(err.value, "a  b");
}
END_TEST

int main(void)
{
  Suite *s = suite_create("base-error");
  TCase *t = tcase_create("error");
  tcase_add_test(t, names);
  tcase_add_test(t, first_error_wins);
  tcase_add_test(t, null_is_fine);
  tcase_add_test(t, a_shorter_struct_is_not_written_past);
  tcase_add_test(t, text_is_cut_at_a_character_and_without_line_breaks);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
