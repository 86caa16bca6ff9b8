/* Hints for whole columns, and the list of problems by itself. */
#include <stdio.h>
#include <string.h>

#include "csv/csv_priv.h"
#include "support/support.h"

#define EITHER " (not guessed: 03-04-2025 could be either)"

START_TEST(test_dates)
{
  static const struct {
    const char *cells[4];
    int n_given;
    const char *hint;
  } columns[] = {
      {{"31.12.2025", "01.02.2025"},
       2,
       "all 2 dates of this column look like day-month-year; declare the date form DD.MM.YYYY" EITHER},
      {{" 31/12/2025 "},
       5,
       "1 of the 5 dates of this column look like day-month-year; declare the date form DD/MM/YYYY" EITHER},
      {{"12/31/2025", "02/03/2025"},
       2,
       "all 2 dates of this column look like month-day-year; declare the date form MM/DD/YYYY" EITHER},
      {{"12-31-2025", "31-12-2025"},
       2,
       "all 2 dates of this column have a day and a month in changing order; mend them where they come from"},
      {{"2025.12.31", "20251231"},
       2,
       "all 2 dates of this column have the year first; declare the date form YYYY.MM.DD"},
      {{"19991231"}, 1, "the dates of this column have the year first; declare the date form YYYYMMDD"},
      {{"2025-12-31T10:00", "2025-12-31 10:00:00"},
       2,
       "all 2 cells of this column hold a time of day as well; save the column as a date only"},
      {{"45000", "45001"},
       3,
       "2 of the 3 cells of this column look like a spreadsheet's day numbers; format the column as a date and save "
       "again"},
      {{"1/2/2025", "11/2/2025", "2025/1/12", "01/02/25"},
       4,
       "3 of the 4 dates of this column have days or months of one digit; save them with two"},
      {{"n/a", "#N/A", "later"},
       9,
       "2 of the 3 unreadable cells of this column stand for no value; leave them empty or declare \"n/a\" as missing"},
      {{"later", "", "a long text that is no date at all, in no form", "12345678901"}, 4, ""},
      {{"99999999", "2025_12_31", "31-12_2025", "1:2:2025"}, 4, ""},
      {{"2025/12/31", "31-12-2025"}, 2, ""}, /* both: no single form would read the column */
  };
  for (int k = 0; k < FM_COUNT(columns); k++) {
    fm__looks looks = {0};
    char hint[256];
    for (int i = 0; i < 4 && columns[k].cells[i] != NULL; i++)
      fm__look_date(&looks, columns[k].cells[i], strlen(columns[k].cells[i]));
    fm__hint_date(hint, sizeof hint, &looks, columns[k].n_given);
    ck_assert_str_eq(hint, columns[k].hint);
  }
}
END_TEST

START_TEST(test_numbers)
{
  static const struct {
    const char *cells[4];
    char decimal, thousands;
    const char *hint;
  } columns[] = {
      {{"1,5"}, '.', 0, "the file looks Danish; declare the decimal comma"},
      {{"-1,5", "+2.000,25"}, '.', 0, "the file looks Danish; declare the decimal comma and the thousands point"},
      {{"1.234.567"}, '.', 0, "the file looks Danish; declare the decimal comma and the thousands point"},
      {{"1.234,5"}, ',', 0, "declare the thousands point as well"},
      {{"1.234,5"}, ',', '.', ""},
      {{"1.5"}, ',', 0, "the file looks English; declare the decimal point"},
      {{"1,234.5"}, ',', 0, "the file looks English; declare the decimal point and the thousands comma"},
      {{"1,234,567"}, '.', 0, "declare the thousands comma"},
      {{"1,234.5"}, '.', ',', ""},
      {{"1,234.5", "1.234,5"}, '.', 0, ""},
      {{"1,234.5", "1.234,5"}, ',', 0, ""},
      {{"1,2.3,4", "a,b", ",", "1-2"}, '.', 0, ""},
      {{"NA", "NULL", "x"},
       '.',
       0,
       "2 of the 3 unreadable cells of this column stand for no value; leave them empty or declare \"NA\" as missing"},
      {{"-"},
       ',',
       0,
       "the unreadable cells of this column stand for no value; leave them empty or declare \"-\" as missing"},
  };
  for (int k = 0; k < FM_COUNT(columns); k++) {
    fm_csv_format f = FM_CSV_FORMAT_INIT;
    fm__csv_format format;
    fm__looks looks = {0};
    char hint[256];
    f.decimal = columns[k].decimal;
    f.thousands = columns[k].thousands;
    fm_assert_ok(fm__csv_format_take(&format, &f, NULL), &(fm_error)FM_ERROR_INIT);
    for (int i = 0; i < 4 && columns[k].cells[i] != NULL; i++)
      fm__look_number(&looks, columns[k].cells[i], strlen(columns[k].cells[i]));
    fm__hint_number(hint, sizeof hint, &looks, &format);
    ck_assert_msg(strcmp(hint, columns[k].hint) == 0, "%s: %s", columns[k].cells[0], hint);
  }
}
END_TEST

START_TEST(test_fit)
{
  static const struct {
    const char *text;
    int longest, fits;
  } texts[] = {{"abc", 5, 3},        {"abc", 3, 3},          {"abc", 2, 2}, {"a\xC3\xA6z", 2, 1},
               {"a\xC3\xA6z", 3, 3}, {"\xE2\x82\xAC", 2, 0}, {"", 4, 0},    {"a\xC3\xA6", 3, 3}};
  for (int k = 0; k < FM_COUNT(texts); k++)
    ck_assert_int_eq(fm__fit(texts[k].text, texts[k].longest), texts[k].fits);
}
END_TEST

static fm__problem at(int64_t row, int64_t column, const char *value)
{
  fm__problem p = FM__PROBLEM_INIT;
  p.code = "FM-D01";
  p.table = "t.csv";
  p.column = "x";
  p.what = "not a date";
  p.row = row;
  p.line = row + 2;
  p.sheet_row = row + 2;
  p.column_index = column;
  p.value = value;
  p.value_length = value != NULL ? strlen(value) : 0;
  return p;
}

/* Letters of a spreadsheet's columns count A to Z, AA to ZZ, AAA: no zero. */
START_TEST(test_cells)
{
  static const struct {
    int64_t column;
    const char *cell;
  } cells[] = {{0, "A2"},   {25, "Z2"},   {26, "AA2"},   {51, "AZ2"},
               {52, "BA2"}, {701, "ZZ2"}, {702, "AAA2"}, {16383, "XFD2"}};
  fm__problems *list = fm__problems_create();
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  for (int k = 0; k < FM_COUNT(cells); k++) {
    fm__problem p = at(0, cells[k].column, NULL);
    ck_assert_int_ge(fm__problems_add(list, &p), 0);
  }
  fm_assert_ok(fm__problems_table(list, &t, &err), &err);
  for (int k = 0; k < FM_COUNT(cells); k++)
    ck_assert_str_eq(fm_test_text(t, "cell", (size_t)k), cells[k].cell);
  fm_table_destroy(t);
  fm__problems_destroy(list);
}
END_TEST

/* Long values are shortened between characters, what is not text becomes ?. */
START_TEST(test_values)
{
  char value[300], expected[300] = "";
  fm__problems *list = fm__problems_create();
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  for (int i = 0; i < 100; i++)
    memcpy(value + 2 * i, "\xC3\xA6", 3);
  fm__problem p = at(3, 0, value);
  ck_assert_int_ge(fm__problems_add(list, &p), 0);
  p = at(1, 0, "a\xFF\xC3");
  ck_assert_int_ge(fm__problems_add(list, &p), 0);
  p = at(2, 0, value + 1);
  ck_assert_int_ge(fm__problems_add(list, &p), 0);
  ck_assert_int_eq(fm__problems_fail(list, &err), FM_ERR_DATA);
  ck_assert_str_eq(err.message, "t.csv, line 3, column \"x\" (cell A3): not a date, found a??; 2 more");
  fm_error_clear(&err);
  fm_assert_ok(fm__problems_table(list, &t, &err), &err);
  ck_assert_str_eq(fm_test_text(t, "value", 0), "a??");
  snprintf(expected, sizeof expected, "%.120s...", value);
  ck_assert_str_eq(fm_test_text(t, "value", 2), expected);
  snprintf(expected, sizeof expected, "?%.118s...", value);
  ck_assert_str_eq(fm_test_text(t, "value", 1), expected);
  fm_assert_ok(fm_table_check(t, &err), &err);
  fm_table_destroy(t);
  fm__problems_destroy(list);
  fm__problems_destroy(NULL);
}
END_TEST

/* A list without errors, without places, with notes only. */
START_TEST(test_empty)
{
  fm__problems *list = fm__problems_create();
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm__problems_table(list, &t, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(t), 0);
  ck_assert_uint_eq(fm_table_n_columns(t), 12);
  fm_table_destroy(t);
  fm__problem note = FM__PROBLEM_INIT;
  note.code = "FM-C01";
  note.severity = FM__NOTE;
  ck_assert_int_ge(fm__problems_add(list, &note), 0);
  ck_assert_int_eq(fm__problems_fail(list, &err), FM_ERR_DATA);
  ck_assert_str_eq(err.message, "the data have problems");
  note.severity = FM__ERROR;
  ck_assert_int_ge(fm__problems_add(list, &note), 0);
  fm__problems_hint(list, -1, "not kept");
  fm_error_clear(&err);
  ck_assert_int_eq(fm__problems_fail(list, &err), FM_ERR_DATA);
  ck_assert_str_eq(err.message, ": ");
  fm_error_clear(&err);
  fm_assert_ok(fm__problems_table(list, &t, &err), &err);
  ck_assert_ptr_null(fm_test_text(t, "hint", 0));
  fm_table_destroy(t);
  fm__problems_destroy(list);
}
END_TEST

static fm_status fill(void *ctx, fm_error *err)
{
  fm_table *t = NULL;
  (void)ctx;
  fm__problems *list = fm__problems_create();
  if (list == NULL)
    return FM_ERR_MEMORY;
  int64_t kind = -1;
  for (int k = 0; k < 40; k++) {
    fm__problem p = at(k, k % 3, "value");
    p.code = k % 2 ? "FM-D01" : "FM-D02";
    kind = fm__problems_add(list, &p);
  }
  fm__problems_hint(list, kind, "a hint");
  fm_status status = fm__problems_table(list, &t, err);
  if (status == FM_ERR_MEMORY && fm__problems_count(list, FM__ERROR) < 40)
    ck_assert_int_eq(fm__problems_fail(list, NULL), FM_ERR_MEMORY);
  fm_table_destroy(t);
  fm__problems_destroy(list);
  return status;
}

START_TEST(test_memory)
{
  ck_assert_int_gt(fm_test_allocations(fill, NULL), 10);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("csv-look");
  TCase *tcase = tcase_create("look");
  tcase_add_test(tcase, test_dates);
  tcase_add_test(tcase, test_numbers);
  tcase_add_test(tcase, test_fit);
  tcase_add_test(tcase, test_cells);
  tcase_add_test(tcase, test_values);
  tcase_add_test(tcase, test_empty);
  tcase_add_test(tcase, test_memory);
  suite_add_tcase(suite, tcase);
  return fm_test_main(suite);
}
