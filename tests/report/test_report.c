/* The example folders as whole pages, and what a report promises: the same bytes for any row order, clear errors. */
#include "support/support.h"

#include <stdio.h>
#include <string.h>

#define EXAMPLES FM_PROJECT_DIR "/examples/data/"
#define EXPECTED FM_PROJECT_DIR "/tests/report/expected/"

static fm_register *read_folder(const char *folder)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems;
  char path[512];
  snprintf(path, sizeof path, EXAMPLES "%s", folder);
  fm_assert_ok(fm_register_read(&r, &problems, path, NULL, NULL, &err), &err);
  fm_table_destroy(problems);
  return r;
}

static fm_report *report_of(const fm_register *r, int32_t as_of, const char *by)
{
  fm_error err = FM_ERROR_INIT;
  fm_report_spec spec = FM_REPORT_SPEC_INIT;
  fm_report *report;
  spec.as_of = as_of;
  if (by != NULL)
    spec.by = by;
  fm_assert_ok(fm_report_create(&report, r, &spec, NULL, &err), &err);
  return report;
}

static char *read_text(const char *name)
{
  char path[512];
  snprintf(path, sizeof path, EXPECTED "%s", name);
  FILE *f = fopen(path, "rb");
  ck_assert_msg(f != NULL, "cannot read %s", name);
  char *text = calloc(1, 20000);
  ck_assert_uint_lt(fread(text, 1, 19999, f), 19999);
  fclose(f);
  return text;
}

static const struct page {
  const char *folder, *by, *lang, *expected;
  int32_t year, month, day, all;
} pages[] = {
    {"fredericia", NULL, "en", "fredericia.en.txt", 2019, 4, 1, 0},
    {"fredericia", NULL, "da", "fredericia.da.txt", 2019, 4, 1, 0},
    {"demo-municipality", NULL, "en", "demo-municipality.en.txt", 2026, 1, 1, 0},
    {"demo-municipality", NULL, "da", "demo-municipality.da.txt", 2026, 1, 1, 0},
    {"demo-municipality", "sex", "en", "demo-municipality.all.en.txt", 2025, 7, 1, 1},
    {"school-to-work", "education", "en", "school-to-work.en.txt", 1999, 7, 1, 0},
    {"school-to-work", "sex", "da", "school-to-work.da.txt", 1999, 7, 1, 1},
    {"nsw", NULL, "da", "nsw.da.txt", 1979, 1, 1, 0},
};

START_TEST(pages_of_the_examples)
{
  const struct page *p = &pages[_i];
  fm_error err = FM_ERROR_INIT;
  fm_register *r = read_folder(p->folder);
  fm_report *report = report_of(r, fm_date_from_ymd(p->year, p->month, p->day), p->by);
  char *text, *expected = read_text(p->expected);
  fm_assert_ok(fm_report_text(&text, report, p->lang, p->all, &err), &err);
  ck_assert_msg(strcmp(text, expected) == 0, "%s: the page is now\n%s", p->expected, text);
  for (const char *line = text; *line != '\0';) {
    size_t size = strcspn(line, "\n"), width = 0;
    for (size_t i = 0; i < size; i++)
      width += ((unsigned char)line[i] & 0xC0U) != 0x80U;
    ck_assert_msg(width <= 80 && (size == 0 || line[size - 1] != ' '), "%s: %.*s", p->expected, (int)size, line);
    line += size + 1;
  }
  fm_free(text);
  free(expected);
  fm_report_destroy(report);
  fm_register_destroy(r);
}
END_TEST

/* 164 starts in 365 days, 50 after 90: 50 * 365 / 90 = 202.77...; the chance 0.958 is of the public example. */
START_TEST(figures_of_the_public_goal)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r = read_folder("fredericia");
  fm_report *report = report_of(r, fm_date_from_ymd(2019, 4, 1), NULL);
  const fm_table *t = fm_report_table(report);
  size_t projection = fm_test_row(t, "quantity", "projection", NULL, NULL, NULL, NULL);
  size_t probability = fm_test_row(t, "quantity", "probability", NULL, NULL, NULL, NULL);
  size_t work = fm_test_row(t, "indicator", "retention.status", NULL, NULL, NULL, NULL);
  char *json;
  fm_assert_close("projection", fm_test_number(t, "value", projection), 202.8, 0, 0.05);
  fm_assert_close("probability", fm_test_number(t, "value", probability), 0.958, 0, 0.0005);
  ck_assert_str_eq(fm_test_text(t, "state", work), "not_given");
  ck_assert_str_eq(fm_table_note(t, "last_observed"), "2019-03-31");
  ck_assert_str_eq(fm_table_note(t, "hidden"), "0");
  fm_assert_ok(fm_report_json(&json, t, &err), &err);
  ck_assert_ptr_nonnull(strstr(json, "\"quantity\": \"projection\", \"value\": 202.7777777777777"));
  ck_assert_ptr_nonnull(strstr(json, "\"title_da\": \"Nye fleksjob 2019\""));
  fm_free(json);
  fm_report_destroy(report);
  fm_register_destroy(r);
}
END_TEST

/* Figures of the demo folder's README. */
START_TEST(figures_of_the_demo_municipality)
{
  static const struct {
    const char *indicator, *quantity;
    double value;
  } totals[] = {{"programme.people", "people", 400}, {"programme.people", "began", 248}};
  static const double status[3][3] = {{188, 38, 22}, {148, 55, 45}, {91, 62, 95}};
  static const char *const cells[] = {"yes", "no", "unknown"};
  fm_register *r = read_folder("demo-municipality");
  fm_report *report = report_of(r, fm_date_from_ymd(2026, 1, 1), "");
  const fm_table *t = fm_report_table(report);
  for (size_t k = 0; k < 2; k++)
    fm_assert_close(
        totals[k].quantity,
        fm_test_number(t, "value",
                       fm_test_row(t, "indicator", totals[k].indicator, "quantity", totals[k].quantity, NULL, NULL)),
        totals[k].value, 0, 0);
  for (size_t c = 0; c < 3; c++) {
    size_t row = fm_test_row(t, "indicator", "retention.status", "quantity", cells[c], NULL, NULL), found = 0;
    for (; row < fm_table_n_rows(t); row++)
      if (strcmp(fm_test_text(t, "indicator", row), "retention.status") == 0 &&
          strcmp(fm_test_text(t, "quantity", row), cells[c]) == 0)
        fm_assert_close(cells[c], fm_test_number(t, "value", row), status[found++][c], 0, 0);
    ck_assert_uint_eq(found, 3);
  }
  ck_assert_int_eq((int)fm_table_column_index(t, "target_group"), -1);
  fm_report_destroy(report);
  fm_register_destroy(r);
}
END_TEST

/* ---- small registers in memory ---- */

static const char *const person_columns[] = {"person_id:code", "target_group:code"};
static const char *const job_columns[] = {"placement_id:code", "person_id:code", "kind:code", "start:date", "end:date"};
enum { PEOPLE = 40 };
typedef struct people {
  char ids[PEOPLE][8], starts[PEOPLE][12];
  const char *persons[PEOPLE * 2], *jobs[PEOPLE * 5];
} people;

static void fill(people *p)
{
  static const char *const groups[] = {"refugee", "cash_benefit", "other_unemployed"};
  for (size_t i = 0; i < PEOPLE; i++) {
    snprintf(p->ids[i], sizeof p->ids[i], "P%03d", (int)i);
    snprintf(p->starts[i], sizeof p->starts[i], "2024-%02d-%02d", (int)(1 + i % 12), (int)(1 + i * 7 % 28));
    p->persons[2 * i] = p->ids[i];
    p->persons[2 * i + 1] = groups[i % 3];
    const char *job[] = {p->ids[i], p->ids[i], i % 4 == 0 ? "internship" : "ordinary", p->starts[i],
                         i % 5 == 0 ? "2024-12-31" : ""};
    memcpy(&p->jobs[5 * i], job, sizeof job);
  }
}

static fm_register *register_of(const fm_table *persons, const fm_table *jobs)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems;
  const fm_table *both[] = {persons, jobs};
  fm_assert_ok(fm_register_from_tables(&r, &problems, both, jobs != NULL ? 2 : 1, NULL, NULL, &err), &err);
  fm_table_destroy(problems);
  return r;
}

/* The same columns under the table's name. */
static fm_table *named(const char *name, const char *const *columns, size_t n, const char *const *cells,
                       const size_t *order, size_t n_rows)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *plain = fm_test_rows(columns, n, cells, order, n_rows), *t;
  fm_assert_ok(fm_table_create(&t, name, &err), &err);
  for (size_t k = 0; k < n; k++) {
    const char *column = fm_table_column_name(plain, k);
    if (fm_table_column_type(plain, k) == FM_DATE) {
      fm_assert_ok(fm_table_add_date(t, column, fm_table_i32(plain, k), fm_table_validity(plain, k), n_rows,
                                     k + 1 == n ? (fm_release)fm_table_destroy : NULL, k + 1 == n ? plain : NULL, &err),
                   &err);
    } else {
      const char *texts[PEOPLE];
      for (size_t i = 0; i < n_rows; i++)
        texts[i] = fm_table_text(plain, k, i, NULL);
      fm_assert_ok(fm_table_add_text(t, column, texts, n_rows, &err), &err);
    }
  }
  fm_assert_ok(fm_table_seal(t, &err), &err);
  if (fm_table_column_type(plain, n - 1) != FM_DATE)
    fm_table_destroy(plain);
  return t;
}

START_TEST(any_order_of_rows_gives_the_same_bytes)
{
  people p;
  size_t order[PEOPLE];
  char *first = NULL;
  fm_error err = FM_ERROR_INIT;
  fill(&p);
  for (size_t turn = 0; turn < 6; turn++) {
    static const size_t steps[] = {1, 3, 7, 11, 13, 39};
    for (size_t i = 0; i < PEOPLE; i++)
      order[i] = (i * steps[turn] + turn) % PEOPLE;
    fm_table *persons = named("persons", person_columns, 2, p.persons, order, PEOPLE);
    fm_table *jobs = named("placements", job_columns, 5, p.jobs, order, PEOPLE);
    fm_register *r = register_of(persons, jobs);
    fm_report *report = report_of(r, fm_date_from_ymd(2025, 3, 1), NULL);
    char *json;
    fm_assert_ok(fm_report_json(&json, fm_report_table(report), &err), &err);
    if (first == NULL)
      first = json;
    else
      ck_assert_str_eq(json, first);
    if (json != first)
      fm_free(json);
    fm_report_destroy(report);
    fm_register_destroy(r);
    fm_table_destroy(persons);
    fm_table_destroy(jobs);
  }
  fm_free(first);
}
END_TEST

/* The measures of a report run at the same time; the order of its rows is that of the list, whoever is done first. */
START_TEST(threads_do_not_matter)
{
  const struct page *p = &pages[_i];
  fm_error err = FM_ERROR_INIT;
  fm_register *r = read_folder(p->folder);
  fm_report_spec spec = FM_REPORT_SPEC_INIT;
  spec.as_of = fm_date_from_ymd(p->year, p->month, p->day);
  if (p->by != NULL)
    spec.by = p->by;
  char *first = NULL;
  for (size_t n_threads = 1; n_threads <= 4; n_threads++) {
    fm_threads threads = {.struct_size = sizeof threads, .n_threads = n_threads};
    fm_run run = FM_RUN_INIT;
    run.execute = n_threads > 1 ? fm_execute_threads : NULL;
    run.execute_ctx = &threads;
    fm_report *report;
    char *json;
    fm_assert_ok(fm_report_create(&report, r, &spec, &run, &err), &err);
    fm_assert_ok(fm_report_json(&json, fm_report_table(report), &err), &err);
    ck_assert_msg(first == NULL || strcmp(json, first) == 0, "%s with %zu threads", p->folder, n_threads);
    if (first == NULL)
      first = json;
    else
      fm_free(json);
    fm_report_destroy(report);
  }
  fm_free(first);
  fm_register_destroy(r);
}
END_TEST

static fm_status fail_soon(void *ctx, fm_task task, void *task_ctx, size_t n_tasks)
{
  (void)ctx;
  for (size_t i = 0; i < n_tasks / 2; i++)
    if (task(task_ctx, i) != FM_OK)
      return FM_ERR_STATE;
  return FM_ERR_MEMORY;
}

START_TEST(a_failing_executor_is_told)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r = read_folder("demo-municipality");
  fm_run run = FM_RUN_INIT;
  fm_report *report;
  run.execute = fail_soon;
  ck_assert_int_eq(fm_report_create(&report, r, NULL, &run, &err), FM_ERR_MEMORY);
  ck_assert_ptr_null(report);
  fm_error_clear(&err);
  fm_report_spec spec = FM_REPORT_SPEC_INIT;
  fm_threads threads = {.struct_size = sizeof threads, .n_threads = 2};
  spec.by = "no_such_column"; /* the sentence is the same as without an executor */
  fm_error serial = FM_ERROR_INIT;
  fm_status expected = fm_report_create(&report, r, &spec, NULL, &serial);
  ck_assert_int_ne(expected, FM_OK);
  run.execute = fm_execute_threads;
  run.execute_ctx = &threads;
  ck_assert_int_eq(fm_report_create(&report, r, &spec, &run, &err), expected);
  ck_assert_str_eq(err.message, serial.message);
  fm_register_destroy(r);
}
END_TEST

static const struct fault {
  const char *label;
  fm_report_spec spec;
  fm_status status;
  const char *message;
} faults[] = {
    {"threshold",
     {sizeof(fm_report_spec), "", 0.95, INT32_MIN, 0, NULL},
     FM_ERR_ARGUMENT,
     "threshold: expected a whole number from 1, got 0"},
    {"level",
     {sizeof(fm_report_spec), "", 1, INT32_MIN, 5, NULL},
     FM_ERR_ARGUMENT,
     "level: expected a number between 0 and 1"},
    {"by a key",
     {sizeof(fm_report_spec), "kind", 0.95, INT32_MIN, 5, NULL},
     FM_ERR_ARGUMENT,
     "by: expected a column of people, got \"kind\""},
    {"by two",
     {sizeof(fm_report_spec), "sex,education", 0.95, INT32_MIN, 5, NULL},
     FM_ERR_ARGUMENT,
     "by: expected one column, got \"sex,education\""},
    {"by a person",
     {sizeof(fm_report_spec), "person_id", 0.95, INT32_MIN, 5, NULL},
     FM_ERR_ARGUMENT,
     "by: expected a column that groups people, got the ids of \"person_id\""},
    {"by a household",
     {sizeof(fm_report_spec), "persons.household_id", 0.95, INT32_MIN, 5, NULL},
     FM_ERR_ARGUMENT,
     "by: expected a column that groups people, got the ids of \"persons.household_id\""},
    {"by what is not there", {sizeof(fm_report_spec), "shoe_size", 0.95, INT32_MIN, 5, NULL}, FM_ERR_NOT_FOUND, NULL},
};

START_TEST(faults_are_told)
{
  const struct fault *f = &faults[_i];
  fm_error err = FM_ERROR_INIT;
  fm_register *r = read_folder("school-to-work");
  fm_report *report;
  ck_assert_msg(fm_report_create(&report, r, &f->spec, NULL, &err) == f->status, "%s: %s", f->label, err.message);
  ck_assert_ptr_null(report);
  if (f->message != NULL)
    ck_assert_str_eq(err.message, f->message);
  else
    ck_assert_msg(strstr(err.message, f->spec.by) != NULL, "%s: %s", f->label, err.message);
  fm_register_destroy(r);
}
END_TEST

START_TEST(a_register_without_dates_needs_an_as_of)
{
  static const size_t order[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  people p;
  fm_error err = FM_ERROR_INIT;
  fm_report *report;
  char *text;
  fill(&p);
  fm_table *persons = named("persons", person_columns, 2, p.persons, order, 12);
  fm_register *r = register_of(persons, NULL);
  ck_assert_int_eq(fm_report_create(&report, r, NULL, NULL, &err), FM_ERR_ARGUMENT);
  ck_assert_str_eq(err.message, "as_of: the data have no dates; expected one");
  fm_error_clear(&err);
  report = report_of(r, fm_date_from_ymd(2025, 1, 1), NULL);
  ck_assert_int_eq(fm_report_text(&text, report, "sv", 0, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_null(text);
  fm_error_clear(&err);
  /* 12 people, 4 in each of three groups: nothing about groups can be shown. */
  fm_assert_ok(fm_report_text(&text, report, "en", 0, &err), &err);
  ck_assert_ptr_nonnull(strstr(text, "  12 people are in the programme.\n"));
  ck_assert_ptr_nonnull(strstr(text, "\nThe breakdown by group is hidden:"));
  fm_free(text);
  fm_report_destroy(report);
  fm_register_destroy(r);
  fm_table_destroy(persons);
}
END_TEST

static fm_status make_once(void *ctx, fm_error *err)
{
  fm_report_spec spec = FM_REPORT_SPEC_INIT;
  fm_report *report;
  char *text;
  spec.as_of = fm_date_from_ymd(2025, 3, 1);
  fm_status status = fm_report_create(&report, ctx, &spec, NULL, err);
  if (status != FM_OK)
    return status;
  status = fm_report_text(&text, report, "da", 1, err);
  if (status == FM_OK)
    fm_free(text);
  fm_report_destroy(report);
  return status;
}

START_TEST(the_init_function_does_what_the_macro_does)
{
  fm_report_spec macro = FM_REPORT_SPEC_INIT, function;
  fm_report_spec_init(&function, sizeof function);
  ck_assert_str_eq(function.by, macro.by);
  ck_assert_double_eq(function.level, macro.level);
  ck_assert_int_eq(function.as_of, macro.as_of);
  ck_assert_int_eq(function.threshold, macro.threshold);
  ck_assert_uint_eq(function.struct_size, sizeof function);
}
END_TEST

/* "people" of a group, or of all with NULL, as the report's table has it. */
static double people_of(const fm_table *t, const char *group)
{
  size_t by = (size_t)fm_table_column_index(t, "target_group"), value = (size_t)fm_table_column_index(t, "value");
  size_t quantity = (size_t)fm_table_column_index(t, "quantity"), id = (size_t)fm_table_column_index(t, "indicator");
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    const char *own = fm_table_text(t, by, i, NULL);
    if (strcmp(fm_table_text(t, id, i, NULL), "programme.people") == 0 &&
        strcmp(fm_table_text(t, quantity, i, NULL), "people") == 0 &&
        (group != NULL ? own != NULL && strcmp(own, group) == 0 : own == NULL))
      return fm_table_f64(t, value)[i];
  }
  return -1;
}

/* 143 who receive cash benefit and 81 refugees are 200 people: 24 are in both groups, and count once. */
START_TEST(merged_groups_count_each_person_once)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r = read_folder("demo-municipality");
  fm_report_spec spec = FM_REPORT_SPEC_INIT;
  fm_report *apart = report_of(r, fm_date_from_ymd(2026, 1, 1), NULL), *merged;
  spec.as_of = fm_date_from_ymd(2026, 1, 1);
  spec.merge = "refugee,cash_benefit=newcomers";
  fm_assert_ok(fm_report_create(&merged, r, &spec, NULL, &err), &err);
  const fm_table *a = fm_report_table(apart), *m = fm_report_table(merged);
  ck_assert_double_eq(people_of(a, "cash_benefit"), 143);
  ck_assert_double_eq(people_of(a, "refugee"), 81);
  ck_assert_double_eq(people_of(m, "newcomers"), 200);
  ck_assert_double_eq(people_of(m, "refugee"), -1);
  ck_assert_double_eq(people_of(m, "cash_benefit"), -1);
  ck_assert_double_eq(people_of(m, "fleksjob_granted"), people_of(a, "fleksjob_granted"));
  ck_assert_double_eq(people_of(m, NULL), people_of(a, NULL));
  ck_assert_ptr_null(fm_table_note(a, "merged"));
  ck_assert_str_eq(fm_table_note(m, "merged"), "newcomers: refugee, cash_benefit");
  fm_report_destroy(apart);
  fm_report_destroy(merged);
  spec.merge = "refugee,nobody";
  ck_assert_int_eq(fm_report_create(&merged, r, &spec, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_msg(strstr(err.message, "no row has the group \"nobody\"") != NULL, "%s", err.message);
  fm_error_clear(&err);
  spec.by = "";
  ck_assert_int_eq(fm_report_create(&merged, r, &spec, NULL, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_null(merged);
  fm_register_destroy(r);
}
END_TEST

START_TEST(memory_may_run_out)
{
  size_t order[PEOPLE];
  people p;
  fill(&p);
  for (size_t i = 0; i < PEOPLE; i++)
    order[i] = i;
  fm_table *persons = named("persons", person_columns, 2, p.persons, order, PEOPLE);
  fm_table *jobs = named("placements", job_columns, 5, p.jobs, order, PEOPLE);
  fm_register *r = register_of(persons, jobs);
  ck_assert_int_gt(fm_test_allocations(make_once, r), 100);
  fm_register_destroy(r);
  fm_table_destroy(persons);
  fm_table_destroy(jobs);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("report");
  TCase *c = tcase_create("report");
  tcase_add_loop_test(c, pages_of_the_examples, 0, FM_COUNT(pages));
  tcase_add_test(c, figures_of_the_public_goal);
  tcase_add_test(c, figures_of_the_demo_municipality);
  tcase_add_test(c, any_order_of_rows_gives_the_same_bytes);
  tcase_add_loop_test(c, threads_do_not_matter, 0, FM_COUNT(pages));
  tcase_add_test(c, a_failing_executor_is_told);
  tcase_add_loop_test(c, faults_are_told, 0, FM_COUNT(faults));
  tcase_add_test(c, a_register_without_dates_needs_an_as_of);
  tcase_add_test(c, the_init_function_does_what_the_macro_does);
  tcase_add_test(c, merged_groups_count_each_person_once);
  tcase_add_test(c, memory_may_run_out);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
