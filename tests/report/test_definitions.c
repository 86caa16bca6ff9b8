/* The page of definitions: each indicator of the report once, in both languages. */
#include "support/support.h"

#include <stdio.h>
#include <string.h>

#define EXAMPLES FM_PROJECT_DIR "/examples/data/"

static fm_register *read_folder(const char *folder)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems;
  fm_assert_ok(fm_register_read(&r, &problems, folder, NULL, NULL, &err), &err);
  fm_table_destroy(problems);
  return r;
}

START_TEST(definitions_name_each_indicator_once)
{
  fm_error err = FM_ERROR_INIT;
  fm_report_spec spec = FM_REPORT_SPEC_INIT;
  fm_register *r = read_folder(EXAMPLES "demo-municipality");
  fm_report *report;
  spec.as_of = fm_date_from_ymd(2026, 1, 1);
  fm_assert_ok(fm_report_create(&report, r, &spec, NULL, &err), &err);
  const fm_table *t = fm_report_table(report);
  for (int danish = 0; danish < 2; danish++) {
    char *page;
    fm_assert_ok(fm_report_definitions(&page, report, danish ? "da" : "en", &err), &err);
    for (size_t i = 0; i < fm_table_n_rows(t); i++) {
      char name[80];
      snprintf(name, sizeof name, " (%s)\n", fm_test_text(t, "indicator", i));
      const char *at = strstr(page, name);
      ck_assert_msg(at != NULL && strstr(at + 1, name) == NULL, "%s", name);
    }
    ck_assert_ptr_nonnull(strstr(page, danish ? "\n  Kilde: " : "\n  Source: "));
    fm_free(page);
  }
  fm_report_destroy(report);
  fm_register_destroy(r);
}
END_TEST

START_TEST(faults_are_told)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r = read_folder(EXAMPLES "fredericia");
  fm_report *report;
  char *page;
  fm_assert_ok(fm_report_create(&report, r, NULL, NULL, &err), &err);
  ck_assert_int_eq(fm_report_definitions(&page, report, NULL, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_null(page);
  fm_error_clear(&err);
  fm_report_destroy(report);
  fm_register_destroy(r);
}
END_TEST

static fm_status make_once(void *ctx, fm_error *err)
{
  char *page;
  fm_status status = fm_report_definitions(&page, ctx, "en", err);
  if (status == FM_OK)
    fm_free(page);
  return status;
}

START_TEST(memory_may_run_out)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r = read_folder(EXAMPLES "fredericia");
  fm_report *report;
  fm_assert_ok(fm_report_create(&report, r, NULL, NULL, &err), &err);
  ck_assert_int_gt(fm_test_allocations(make_once, report), 3);
  fm_report_destroy(report);
  fm_register_destroy(r);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("definitions");
  TCase *c = tcase_create("definitions");
  tcase_add_test(c, definitions_name_each_indicator_once);
  tcase_add_test(c, faults_are_told);
  tcase_add_test(c, memory_may_run_out);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
