/* The statement of a social enterprise: what it says, and what it leaves unsaid. */
#include "support/support.h"

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

static fm_report_spec to_day(int32_t year, int32_t month)
{
  fm_report_spec spec = FM_REPORT_SPEC_INIT;
  spec.as_of = fm_date_from_ymd(year, month, 1);
  return spec;
}

static void says(const fm_register *r, const fm_report_spec *spec, const char *lang, const char *const *lines)
{
  fm_error err = FM_ERROR_INIT;
  char *page;
  fm_assert_ok(fm_report_statement(&page, r, spec, lang, NULL, &err), &err);
  for (size_t k = 0; lines[k] != NULL; k++)
    ck_assert_msg(strstr(page, lines[k]) != NULL, "no line \"%s\" in\n%s", lines[k], page);
  fm_free(page);
}

START_TEST(the_statement_of_the_demo)
{
  static const char *const english[] = {"Statement of a registered social enterprise\n",
                                        "  Have begun at least one job                          248\n",
                                        "  Share from the target groups                         34%\n", /* 121 of 354 */
                                        "  6 months                     148      55              45    73%  (66-79%)\n",
                                        "  Aftercare                                            202         51%\n",
                                        "  Share of the known with more, any employer        hidden\n",
                                        "\"Hidden\" = fewer than 5 people",
                                        NULL};
  static const char *const danish[] = {"Andel af medarbejderne\n",
                                       "  Deres timer om ugen i gennemsnit                    22,4\n",
                                       "  Efterværn                                            202        51 %\n",
                                       "  Andel af de kendte med flere, uanset hvor         skjult\n", NULL};
  fm_register *r = read_folder(EXAMPLES "demo-municipality");
  fm_report_spec spec = to_day(2026, 1);
  says(r, &spec, "en", english);
  says(r, &spec, "da", danish);
  fm_register_destroy(r);
}
END_TEST

/* Of 52 small jobs 30 are known after 12 months, 3 of them with more hours with another employer: 10 per cent. */
START_TEST(a_threshold_of_one_hides_nothing)
{
  static const char *const lines[] = {
      "  Not known yet                                         22\n",
      "  Share of the known with more, any employer           10%  (3-26%)\n",
      "  From fleksjob                       66         0         -         -         -\n",
      "No figure is hidden on this page.", NULL};
  fm_register *r = read_folder(EXAMPLES "demo-municipality");
  fm_report_spec spec = to_day(2026, 1);
  spec.threshold = 1;
  says(r, &spec, "en", lines);
  fm_register_destroy(r);
}
END_TEST

START_TEST(what_the_data_do_not_have_is_not_given)
{
  static const char *const lines[] = {"  People in the data                             not given\n",
                                      "  Their full-time jobs (37 hours a week)         not given\n",
                                      "  Share from the target groups                   not given\n",
                                      "  Moves to ordinary jobs                         not given\n",
                                      "  In work after 3, 6 and 12 months               not given\n",
                                      "  More hours with the same employer              not given\n",
                                      "  Support of any kind                            not given\n",
                                      NULL};
  fm_register *r = read_folder(EXAMPLES "fredericia");
  fm_report_spec spec = to_day(2019, 4);
  says(r, &spec, "en", lines);
  fm_register_destroy(r);
}
END_TEST

/* ---- an enterprise of its own: 35 on the staff, 8 people known here, no hours told ---- */

enum { PEOPLE = 8 };
static const char *const ids[PEOPLE] = {"P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8"};

static fm_table *table_of(const char *name)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_table_create(&t, name, &err), &err);
  return t;
}

static void add(fm_table *t, const char *column, const char *const *texts, size_t n)
{
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_table_add_text(t, column, texts, n, &err), &err);
}

static void add_one(fm_table *t, const char *column, const char *text)
{
  add(t, column, &text, 1);
}

static fm_table *people_table(void)
{
  const char *groups[PEOPLE];
  fm_table *t = table_of("persons");
  for (size_t i = 0; i < PEOPLE; i++)
    groups[i] = "refugee";
  add(t, "person_id", ids, PEOPLE);
  add(t, "target_group", groups, PEOPLE);
  return t;
}

static fm_table *jobs_table(bool employers)
{
  static int32_t starts[PEOPLE];
  const char *kinds[PEOPLE], *with[PEOPLE];
  fm_error err = FM_ERROR_INIT;
  fm_table *t = table_of("placements");
  for (size_t i = 0; i < PEOPLE; i++) {
    starts[i] = fm_date_from_ymd(2023, 1, 1 + (int32_t)i);
    kinds[i] = i == 0 ? "ordinary" : "fleksjob";
    with[i] = "E1";
  }
  add(t, "placement_id", ids, PEOPLE);
  add(t, "person_id", ids, PEOPLE);
  add(t, "kind", kinds, PEOPLE);
  fm_assert_ok(fm_table_add_date(t, "start", starts, NULL, PEOPLE, NULL, NULL, &err), &err);
  if (employers)
    add(t, "employer_id", with, PEOPLE);
  return t;
}

static fm_table *employer_table(int64_t target_staff)
{
  static int64_t staff[2];
  static uint8_t social = 1;
  fm_error err = FM_ERROR_INIT;
  fm_table *t = table_of("employers");
  staff[0] = 35;
  staff[1] = target_staff;
  add_one(t, "employer_id", "E1");
  add_one(t, "sector", "private");
  fm_assert_ok(fm_table_add_bool(t, "social_enterprise", &social, NULL, 1, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_i64(t, "headcount", &staff[0], NULL, 1, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_i64(t, "target_group_staff", &staff[1], NULL, 1, NULL, NULL, &err), &err);
  return t;
}

/* `target_staff` -1: no table of employers. */
static fm_register *enterprise(int64_t target_staff)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *tables[3] = {people_table(), jobs_table(target_staff >= 0), NULL}, *problems;
  fm_register *r;
  size_t n = target_staff >= 0 ? 3 : 2;
  if (n == 3)
    tables[2] = employer_table(target_staff);
  for (size_t k = 0; k < n; k++)
    fm_assert_ok(fm_table_seal(tables[k], &err), &err);
  fm_assert_ok(fm_register_from_tables(&r, &problems, (const fm_table *const *)tables, n, NULL, NULL, &err), &err);
  fm_table_destroy(problems);
  for (size_t k = 0; k < n; k++)
    fm_table_destroy(tables[k]);
  return r;
}

START_TEST(one_enterprise_and_no_hours)
{
  static const char *const lines[] = {
      "  In a job or placement on the last day                  8\n",
      "  Their mean hours a week                        not given\n",
      "  Their full-time jobs (37 hours a week)         not given\n",
      "  Staff of social enterprises in the data               35\n",
      "  Of them from the target groups                        22\n",
      "  Share from the target groups                         63%", /* 22 / 35 = 0.629 */
      "  Mean hours a week at the start                 not given\n",
      NULL};
  fm_register *r = enterprise(22);
  fm_report_spec spec = to_day(2025, 1);
  says(r, &spec, "en", lines);
  fm_register_destroy(r);
}
END_TEST

START_TEST(few_of_the_staff_are_hidden)
{
  static const char *const lines[] = {"  Of them from the target groups                    hidden\n",
                                      "  Share from the target groups                      hidden\n", NULL};
  static const int64_t few[] = {3, 32};
  fm_report_spec spec = to_day(2025, 1);
  for (size_t k = 0; k < FM_COUNT(few); k++) { /* 3 of 35, and 3 of 35 who are not */
    fm_register *r = enterprise(few[k]);
    says(r, &spec, "en", lines);
    fm_register_destroy(r);
  }
}
END_TEST

START_TEST(moves_need_employers_to_be_told_apart)
{
  static const char *const lines[] = {"  Share from the target groups                   not given\n",
                                      " not given not given not given\n", NULL};
  fm_register *r = enterprise(-1);
  fm_report_spec spec = to_day(2025, 1);
  says(r, &spec, "en", lines);
  fm_register_destroy(r);
}
END_TEST

/* ---- faults ---- */

START_TEST(faults_are_told)
{
  fm_error err = FM_ERROR_INIT;
  fm_report_spec spec = to_day(2025, 1);
  fm_register *r = enterprise(22);
  char *page;
  ck_assert_int_eq(fm_report_statement(&page, r, &spec, "sv", NULL, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_null(page);
  fm_error_clear(&err);
  spec.threshold = 0;
  ck_assert_int_eq(fm_report_statement(&page, r, &spec, "en", NULL, &err), FM_ERR_ARGUMENT);
  fm_error_clear(&err);
  spec.struct_size = 3;
  ck_assert_int_ne(fm_report_statement(&page, r, &spec, "en", NULL, &err), FM_OK);
  fm_error_clear(&err);
  fm_register_destroy(r);
}
END_TEST

static fm_status make_once(void *ctx, fm_error *err)
{
  fm_report_spec spec = to_day(2025, 1);
  char *page;
  spec.by = ""; /* the breakdown is not on the page */
  fm_status status = fm_report_statement(&page, ctx, &spec, "da", NULL, err);
  if (status == FM_OK)
    fm_free(page);
  return status;
}

START_TEST(memory_may_run_out)
{
  fm_register *r = enterprise(22);
  ck_assert_int_gt(fm_test_allocations(make_once, r), 100);
  fm_register_destroy(r);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("statement");
  TCase *c = tcase_create("statement");
  tcase_set_timeout(c, 120);
  tcase_add_test(c, the_statement_of_the_demo);
  tcase_add_test(c, a_threshold_of_one_hides_nothing);
  tcase_add_test(c, what_the_data_do_not_have_is_not_given);
  tcase_add_test(c, one_enterprise_and_no_hours);
  tcase_add_test(c, few_of_the_staff_are_hidden);
  tcase_add_test(c, moves_need_employers_to_be_told_apart);
  tcase_add_test(c, faults_are_told);
  tcase_add_test(c, memory_may_run_out);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
