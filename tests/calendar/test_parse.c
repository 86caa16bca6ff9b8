#include "calendar/calendar_priv.h"
#include "support/support.h"

#include <string.h>

START_TEST(every_year)
{
  for (int32_t y = 1; y <= 9999; y++)
    for (int32_t m = 1; m <= 12; m++) {
      int32_t date = fm_date_from_ymd(y, m, 28), out;
      char text[11];
      fm_date_format(text, date);
      ck_assert_int_eq(fm__date_parse_iso(text), date);
      ck_assert_int_eq(fm_date_parse(&out, text, 10, NULL, NULL), FM_OK);
      ck_assert_int_eq(out, date);
    }
}
END_TEST

START_TEST(patterns)
{
  static const struct {
    const char *pattern, *text;
    fm_status status;
  } row[] = {
      {NULL, "2020-11-30", FM_OK},
      {"YYYY-MM-DD", "2020-11-30", FM_OK},
      {"DD-MM-YYYY", "30-11-2020", FM_OK},
      {"DD.MM.YYYY", "30.11.2020", FM_OK},
      {"MM/DD/YYYY", "11/30/2020", FM_OK},
      {"YYYYMMDD", "20201130", FM_OK},
      {"DDMMYYYY", "30112020", FM_OK},
      {"den DD. (MM) YYYY", "den 30. (11) 2020", FM_OK},
      {"YYYY-MM-DDT00:00", "2020-11-30T00:00", FM_OK},
      {"YYYYå MM DD", "2020å 11 30", FM_OK},
      {NULL, "2020-11-31", FM_ERR_VALUE},
      {NULL, "2023-02-30", FM_ERR_VALUE},
      {NULL, "0000-01-01", FM_ERR_VALUE},
      {NULL, "2020-13-01", FM_ERR_VALUE},
      {NULL, "2020-00-01", FM_ERR_VALUE},
      {"DD-MM-YYYY", "30-02-2020", FM_ERR_VALUE},
      {"DD-MM-YYYY", "29-02-2023", FM_ERR_VALUE},
      {NULL, "", FM_ERR_FORMAT},
      {NULL, "2020-1-30", FM_ERR_FORMAT},
      {NULL, "2020-11-3", FM_ERR_FORMAT},
      {NULL, "2020-11-030", FM_ERR_FORMAT},
      {NULL, "2020/11/30", FM_ERR_FORMAT},
      {NULL, "2020-11/30", FM_ERR_FORMAT},
      {NULL, "2020.11-30", FM_ERR_FORMAT},
      {NULL, "2020-11-3x", FM_ERR_FORMAT},
      {NULL, "2020- 1-30", FM_ERR_FORMAT},
      {NULL, "+020-11-30", FM_ERR_FORMAT},
      {NULL, "2O20-11-30", FM_ERR_FORMAT},
      {NULL, "2020-11-30 ", FM_ERR_FORMAT},
      {NULL, "2020-11-30 00:00:00", FM_ERR_FORMAT},
      {NULL,
       "\xb2"
       "020-11-30",
       FM_ERR_FORMAT},
      {"DD-MM-YYYY", "2020-11-30", FM_ERR_FORMAT},
      {"DD-MM-YYYY", "3-11-2020", FM_ERR_FORMAT},
      {"DD-MM-YYYY", "30-11-20", FM_ERR_FORMAT},
      {"DD-MM-YYYY", "aa-11-2020", FM_ERR_FORMAT},
      {"DD-MM-YYYY", "30-bb-2020", FM_ERR_FORMAT},
      {"DD-MM-YYYY", "30-11-cccc", FM_ERR_FORMAT},
      {"", "", FM_ERR_ARGUMENT},
      {"D-M-YYYY", "3-1-2020", FM_ERR_ARGUMENT},
      {"DD-MM-YY", "30-11-20", FM_ERR_ARGUMENT},
      {"DD-MM", "30-11", FM_ERR_ARGUMENT},
      {"YYYY-MM", "2020-11", FM_ERR_ARGUMENT},
      {"YYYY-DD", "2020-30", FM_ERR_ARGUMENT},
      {"DD-MM-YYYY-DD", "30-11-2020-30", FM_ERR_ARGUMENT},
      {"DDD-MM-YYYY", "330-11-2020", FM_ERR_ARGUMENT},
      {"MM-DD-YYYYYYYY", "11-30-20202020", FM_ERR_ARGUMENT},
      {"MM-DD-YYYY-MM", "11-30-2020-11", FM_ERR_ARGUMENT},
      {"dd-mm-yyyy", "30-11-2020", FM_ERR_ARGUMENT},
      {"YYYY-MM-DD 0123456789 0123456789 0123456789 0123456789 0123456789", "", FM_ERR_ARGUMENT},
  };
  for (int i = 0; i < FM_COUNT(row); i++) {
    fm_error err = FM_ERROR_INIT;
    int32_t out = 7;
    fm_status status = fm_date_parse(&out, row[i].text, strlen(row[i].text), row[i].pattern, &err);
    const char *label = row[i].pattern != NULL ? row[i].pattern : "-";
    ck_assert_msg(status == row[i].status, "%s for %s: %s: %s", label, row[i].text, fm_status_name(status),
                  err.message);
    ck_assert_int_eq(err.code, status);
    ck_assert_int_eq(out, status == FM_OK ? fm_date_from_ymd(2020, 11, 30) : FM_NO_DATE);
    ck_assert_int_eq(err.message[0] != '\0', status != FM_OK);
  }
}
END_TEST

START_TEST(errors_say_what)
{
  static const struct {
    const char *pattern, *text, *message, *value;
  } row[] = {
      {"DD-MM-YYYY", "30-02-2020", "there is no such day; expected a date as DD-MM-YYYY", "30-02-2020"},
      {NULL, "i morgen", "expected a date as YYYY-MM-DD", "i morgen"},
      {NULL, "2020-11-30 00:00:00", "expected a date as YYYY-MM-DD", "2020-11-30 00:00:00"},
      {"DD-MM-YY", "", "the date pattern \"DD-MM-YY\" must have YYYY, MM and DD once each; byte 6 does not fit", ""},
      {"DD-MM", "", "the date pattern \"DD-MM\" has no YYYY", ""},
      {"DD-YYYY", "", "the date pattern \"DD-YYYY\" has no MM", ""},
      {"MM-YYYY", "", "the date pattern \"MM-YYYY\" has no DD", ""},
  };
  for (int i = 0; i < FM_COUNT(row); i++) {
    fm_error err = FM_ERROR_INIT;
    int32_t out;
    ck_assert_int_ne(fm_date_parse(&out, row[i].text, strlen(row[i].text), row[i].pattern, &err), FM_OK);
    ck_assert_str_eq(err.message, row[i].message);
    ck_assert_str_eq(err.value, row[i].value);
  }
}
END_TEST

/* A personal number in a date column is told apart by its digits and kept out of the error. */
START_TEST(personal_numbers_stay_out)
{
  static const char *const row[] = {"010190-1234", "0101901234", "101901234", "010190 1234"};
  for (int i = 0; i < FM_COUNT(row); i++) {
    fm_error err = FM_ERROR_INIT;
    int32_t out;
    ck_assert_int_eq(fm_date_parse(&out, row[i], strlen(row[i]), NULL, &err), FM_ERR_FORMAT);
    ck_assert_str_eq(err.value, "");
    ck_assert_ptr_null(strstr(err.message, "1234"));
  }
}
END_TEST

START_TEST(null_text)
{
  fm_error err = FM_ERROR_INIT;
  int32_t out = 7;
  ck_assert_int_eq(fm_date_parse(&out, NULL, 10, NULL, &err), FM_ERR_ARGUMENT);
  ck_assert_int_eq(out, FM_NO_DATE);
  ck_assert_int_eq(fm_date_parse(&out, NULL, 0, NULL, NULL), FM_ERR_FORMAT);
}
END_TEST

/* Every single wrong byte in a good date is refused by the fast reader and by the pattern alike. */
START_TEST(every_byte)
{
  fm__date_pattern iso;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm__date_pattern_compile(&iso, "YYYY-MM-DD", &err), &err);
  ck_assert(iso.is_iso);
  for (int at = 0; at < 10; at++)
    for (int byte = 0; byte < 256; byte++) {
      char text[] = "2020-11-11";
      int32_t out;
      text[at] = (char)byte;
      bool digit = byte >= '0' && byte <= '9', dash = at == 4 || at == 7;
      fm_status status = fm__date_pattern_apply(&out, &iso, text, 10);
      ck_assert_int_eq(out, fm__date_parse_iso(text));
      if (dash ? byte != '-' : !digit)
        ck_assert_int_eq(status, FM_ERR_FORMAT);
      else
        ck_assert_int_ne(status, FM_ERR_FORMAT);
    }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("calendar-parse");
  TCase *tests = tcase_create("parse");
  tcase_add_test(tests, every_year);
  tcase_add_test(tests, patterns);
  tcase_add_test(tests, errors_say_what);
  tcase_add_test(tests, personal_numbers_stay_out);
  tcase_add_test(tests, null_text);
  tcase_add_test(tests, every_byte);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
