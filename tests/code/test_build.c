#include "support/support.h"

#include <string.h>

static fm_codes *make(const char *const *columns, size_t n_columns, const char *const *cells, size_t n_rows)
{
  fm_error err = FM_ERROR_INIT;
  fm_codes *c = NULL;
  fm_table *t = fm_test_table(columns, n_columns, cells, n_rows);
  fm_assert_ok(fm_codes_from_table(&c, "own", t, &err), &err);
  fm_table_destroy(t);
  return c;
}

static int64_t find(const fm_codes *c, const char *text, int32_t year)
{
  return fm_codes_find(c, text, strlen(text), year == 0 ? FM_NO_DATE : fm_date_from_ymd(year, 6, 15));
}

static const char *const columns[] = {"code:code", "aliases:code", "valid_from:code", "valid_to:code"};

START_TEST(aliases)
{
  static const char *const cells[] = {"a", "bb cc  dd", "", "", "e", "f g|  h |i||", "", ""};
  fm_codes *c = make(columns, 4, cells, 2);
  static const struct {
    const char *text;
    int64_t entry;
  } row[] = {{"a", 0}, {"bb cc dd", 0}, {"bb", -1}, {"cc", -1},    {"e", 1},    {"f g", 1}, {"h", 1},
             {"i", 1}, {"f", -1},       {"g", -1},  {"bb cc", -1}, {"h i", -1}, {"", -1},   {"aa", -1}};
  for (int i = 0; i < FM_COUNT(row); i++)
    ck_assert_msg(find(c, row[i].text, 0) == row[i].entry, "%s", row[i].text);
  fm_codes_destroy(c);
}
END_TEST

/* Three entries of one word: days decide; a gap is known but not valid; no date is the newest. */
START_TEST(versions)
{
  static const char *const cells[] = {
      "a", "x|y", "2010-01-01", "2014-12-31", "b", "x", "2020-01-01", "", "c", "x", "", "2009-12-31",
  };
  fm_codes *c = make(columns, 4, cells, 3);
  ck_assert_int_eq(find(c, "x", 2000), 2);
  ck_assert_int_eq(find(c, "x", 2012), 0);
  ck_assert_int_eq(find(c, "x", 2017), FM_CODE_NOT_VALID);
  ck_assert_int_eq(find(c, "x", 2021), 1);
  ck_assert_int_eq(find(c, "x", 0), 1);
  ck_assert_int_eq(find(c, "y", 2012), 0);
  ck_assert_int_eq(find(c, "y", 2021), FM_CODE_NOT_VALID);
  ck_assert_int_eq(find(c, "y", 0), 0);
  ck_assert_int_eq(find(c, "z", 0), FM_CODE_UNKNOWN);
  ck_assert_int_eq(fm_codes_find(c, "x", 1, fm_date_from_ymd(2009, 12, 31)), 2);
  ck_assert_int_eq(fm_codes_find(c, "x", 1, fm_date_from_ymd(2010, 1, 1)), 0);
  ck_assert_int_eq(fm_codes_find(c, "x", 1, fm_date_from_ymd(2014, 12, 31)), 0);
  ck_assert_int_eq(fm_codes_find(c, "x", 1, fm_date_from_ymd(2015, 1, 1)), FM_CODE_NOT_VALID);
  ck_assert_int_eq(fm_codes_valid_from(c, 0), fm_date_from_ymd(2010, 1, 1));
  ck_assert_int_eq(fm_codes_valid_to(c, 0), fm_date_from_ymd(2014, 12, 31));
  ck_assert_int_eq(fm_codes_valid_to(c, 1), FM_NO_DATE);
  ck_assert_int_eq(fm_codes_valid_from(c, 2), FM_NO_DATE);
  fm_codes_destroy(c);
}
END_TEST

START_TEST(errors)
{
  char too_long[300];
  memset(too_long, 'a', sizeof too_long - 1);
  too_long[sizeof too_long - 1] = '\0';
  const struct {
    const char *label, *cells[8];
    int64_t row;
    const char *column, *value, *says;
  } row[] = {
      {"blank code", {"a", "", "", "", "", "x", "", ""}, 1, "code", "", "blank"},
      {"no such day", {"a", "", "2020-02-30", "", "b", "", "", ""}, 0, "valid_from", "2020-02-30", "no such day"},
      {"not a date", {"a", "", "", "", "b", "", "", "1/7/2025"}, 1, "valid_to", "1/7/2025", "YYYY-MM-DD"},
      {"reversed", {"a", "", "", "", "b", "", "2020-01-02", "2020-01-01"}, 1, "valid_to", "2020-01-01", "before"},
      {"same code twice",
       {"a", "", "", "", "A", "", "", ""},
       1,
       "code",
       "A",
       "\"a\" also belongs to the entry a on row 0"},
      {"alias is a code", {"a", "b", "", "", "b", "", "", ""}, 1, "code", "b", "\"b\" also belongs to the entry a"},
      {"one day in common", {"a", "", "2020-01-01", "", "a", "", "", "2020-01-01"}, 1, "code", "a", "days in common"},
      {"both open", {"a", "", "2020-01-01", "", "a", "", "2021-01-01", ""}, 1, "code", "a", "days in common"},
      {"too long", {too_long, "", "", "", "b", "", "", ""}, 0, "code", "aaaa", "1 to 255 bytes"},
      {"nothing left", {"a", "b|- -", "", "", "b", "", "", ""}, 0, "aliases", "b|- -", "1 to 255 bytes"},
  };
  for (int i = 0; i < FM_COUNT(row); i++) {
    fm_error err = FM_ERROR_INIT;
    fm_codes *c = NULL;
    fm_table *t = fm_test_table(columns, 4, row[i].cells, 2);
    ck_assert_msg(fm_codes_from_table(&c, "own", t, &err) == FM_ERR_VALUE, "%s", row[i].label);
    ck_assert_ptr_null(c);
    ck_assert_msg(err.row == row[i].row, "%s: row %d", row[i].label, (int)err.row);
    ck_assert_msg(strcmp(err.column, row[i].column) == 0, "%s: column %s", row[i].label, err.column);
    ck_assert_msg(strncmp(err.value, row[i].value, strlen(row[i].value)) == 0, "%s: %s", row[i].label, err.value);
    ck_assert_msg(strstr(err.message, row[i].says) != NULL, "%s: %s", row[i].label, err.message);
    ck_assert_str_eq(err.table, "test");
    fm_table_destroy(t);
  }
}
END_TEST

START_TEST(days_that_touch)
{
  static const char *const cells[] = {"a", "", "2020-01-02", "", "a", "", "", "2020-01-01"};
  fm_codes *c = make(columns, 4, cells, 2);
  ck_assert_int_eq(fm_codes_find(c, "a", 1, fm_date_from_ymd(2020, 1, 1)), 1);
  ck_assert_int_eq(fm_codes_find(c, "a", 1, fm_date_from_ymd(2020, 1, 2)), 0);
  fm_codes_destroy(c);
}
END_TEST

START_TEST(no_code_column_no_rows)
{
  static const char *const no_code[] = {"kode:code"}, *const code[] = {"code:code"}, *const cells[] = {"a"};
  fm_error err = FM_ERROR_INIT;
  fm_codes *c = NULL;
  fm_table *t = fm_test_table(no_code, 1, cells, 1);
  ck_assert_int_eq(fm_codes_from_table(&c, "own", t, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "no column code"));
  fm_table_destroy(t);
  fm_error_clear(&err);
  t = fm_test_table(code, 1, cells, 0);
  ck_assert_int_eq(fm_codes_from_table(&c, "own", t, &err), FM_ERR_VALUE);
  ck_assert_ptr_nonnull(strstr(err.message, "no rows"));
  fm_table_destroy(t);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("code-build");
  TCase *tests = tcase_create("build");
  tcase_add_test(tests, aliases);
  tcase_add_test(tests, versions);
  tcase_add_test(tests, errors);
  tcase_add_test(tests, days_that_touch);
  tcase_add_test(tests, no_code_column_no_rows);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
