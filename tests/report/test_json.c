#include "support/support.h"

#include <string.h>

static const char *const columns[] = {"name:code", "n:i64", "months:i32", "value:f64", "on:date", "yes:bool"};
static const char *const cells[] = {"a \"b\" \\ \xC3\xA6\n\x01",
                                    "9007199254740993",
                                    "-3",
                                    "202.8",
                                    "2019-04-01",
                                    "1",
                                    "",
                                    "",
                                    "",
                                    "",
                                    "",
                                    "",
                                    "x",
                                    "0",
                                    "0",
                                    "1e-300",
                                    "1970-01-01",
                                    "0"};

START_TEST(every_type_and_every_missing_cell)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t = fm_test_table(columns, FM_COUNT(columns), cells, 3);
  char *text;
  fm_assert_ok(fm_report_json(&text, t, &err), &err);
  ck_assert_str_eq(text, "{\"notes\": {},\n \"rows\": [\n"
                         "  {\"name\": \"a \\\"b\\\" \\\\ \xC3\xA6\\u000a\\u0001\", \"n\": 9007199254740993, "
                         "\"months\": -3, \"value\": 202.8, \"on\": \"2019-04-01\", \"yes\": true},\n"
                         "  {\"name\": null, \"n\": null, \"months\": null, \"value\": null, \"on\": null, "
                         "\"yes\": null},\n"
                         "  {\"name\": \"x\", \"n\": 0, \"months\": 0, \"value\": 1e-300, \"on\": \"1970-01-01\", "
                         "\"yes\": false}]}\n");
  fm_free(text);
  fm_table_destroy(t);
}
END_TEST

START_TEST(notes_and_numbers_json_does_not_know)
{
  fm_error err = FM_ERROR_INIT;
  double values[] = {FM_NAN, 1e308 * 10, -1e308 * 10, -0.5};
  fm_table *t;
  char *text;
  fm_assert_ok(fm_table_create(&t, "t", &err), &err);
  fm_assert_ok(fm_table_add_f64(t, "v", values, NULL, 4, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_set_note(t, "title", "\"quoted\"\ttab", &err), &err);
  fm_assert_ok(fm_table_set_note(t, "as_of", "2019-04-01", &err), &err);
  ck_assert_int_eq(fm_report_json(&text, t, &err), FM_ERR_STATE);
  ck_assert_ptr_null(text);
  fm_error_clear(&err);
  fm_assert_ok(fm_table_seal(t, &err), &err);
  fm_assert_ok(fm_report_json(&text, t, &err), &err);
  ck_assert_str_eq(text, "{\"notes\": {\n  \"title\": \"\\\"quoted\\\"\\u0009tab\",\n  \"as_of\": \"2019-04-01\"},\n"
                         " \"rows\": [\n  {\"v\": null},\n  {\"v\": null},\n  {\"v\": null},\n  {\"v\": -0.5}]}\n");
  fm_free(text);
  fm_table_destroy(t);
}
END_TEST

static fm_status write_once(void *ctx, fm_error *err)
{
  char *text;
  fm_status status = fm_report_json(&text, ctx, err);
  if (status == FM_OK)
    fm_free(text);
  return status;
}

START_TEST(memory_may_run_out)
{
  fm_table *t = fm_test_table(columns, FM_COUNT(columns), cells, 3);
  ck_assert_int_gt(fm_test_allocations(write_once, t), 0);
  fm_table_destroy(t);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("report-json");
  TCase *c = tcase_create("json");
  tcase_add_test(c, every_type_and_every_missing_cell);
  tcase_add_test(c, notes_and_numbers_json_does_not_know);
  tcase_add_test(c, memory_may_run_out);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
