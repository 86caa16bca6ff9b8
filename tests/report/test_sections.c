/* The sections beside the jobs: lines of the page and rows of the table, and nothing of few people. */
#include "support/support.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define DEMO FM_PROJECT_DIR "/examples/data/demo-municipality"

/* ---- the demonstration data: figures of their own recipes, worked out once more in their tests ---- */

static fm_report *demo(int32_t threshold)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems;
  fm_report *report;
  fm_report_spec spec = FM_REPORT_SPEC_INIT;
  spec.as_of = fm_date_from_ymd(2026, 1, 1);
  spec.threshold = threshold;
  fm_assert_ok(fm_register_read(&r, &problems, DEMO, NULL, NULL, &err), &err);
  fm_assert_ok(fm_report_create(&report, r, &spec, NULL, &err), &err);
  fm_table_destroy(problems);
  fm_register_destroy(r);
  return report;
}

static bool is_at(const fm_table *t, const char *column, size_t row, const char *text)
{
  const char *cell = fm_table_text(t, (size_t)fm_table_column_index(t, column), row, NULL);
  return text == NULL ? cell == NULL : cell != NULL && strcmp(cell, text) == 0;
}

/* Row of the report's table; a horizon of 0 is none. */
static size_t row_of(const fm_table *t, const char *indicator, const char *part, const char *quantity, int32_t horizon)
{
  size_t column = (size_t)fm_table_column_index(t, "horizon_months");
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    bool none = fm_table_is_null(t, column, i);
    if (is_at(t, "indicator", i, indicator) && is_at(t, "part", i, part) && is_at(t, "quantity", i, quantity) &&
        (none ? horizon == 0 : fm_table_i32(t, column)[i] == horizon))
      return i;
  }
  ck_abort_msg("no row %s %s %s", indicator, part != NULL ? part : "", quantity);
}

static double value(const fm_table *t, const char *indicator, const char *part, const char *quantity, int32_t horizon)
{
  size_t row = row_of(t, indicator, part, quantity, horizon);
  size_t column = (size_t)fm_table_column_index(t, "value");
  return fm_table_is_null(t, column, row) ? NAN : fm_table_f64(t, column)[row];
}

static void expect_line(const fm_report *report, const char *lang, int32_t all, const char *line, bool there)
{
  fm_error err = FM_ERROR_INIT;
  char *text;
  fm_assert_ok(fm_report_text(&text, report, lang, all, &err), &err);
  ck_assert_msg((strstr(text, line) != NULL) == there, "%s: %s in\n%s", line, there ? "expected" : "not expected",
                text);
  fm_free(text);
}

START_TEST(the_table_has_the_sections)
{
  fm_report *report = demo(5);
  const fm_table *t = fm_report_table(report);
  ck_assert_double_eq(value(t, "programme.initiatives", "way-to-work", "joined", 0), 400);
  ck_assert_double_eq(value(t, "programme.initiatives", "task-force", "placed", 0), 7);
  ck_assert_double_eq(value(t, "programme.support", NULL, "reached", 0), 304);
  ck_assert_double_eq(value(t, "programme.support", "mentor", "reached", 0), 77);
  ck_assert_double_eq(value(t, "programme.employers", NULL, "employers", 0), 71);
  ck_assert_double_eq(value(t, "economy.contracts", NULL, "contracts", 0), 9);
  ck_assert_double_eq(value(t, "programme.progress", "who5", "measured_twice", 0), 150.0 / 240);
  ck_assert(isnan(value(t, "programme.initiatives", "task-force", "retained", 12)));
  ck_assert(is_at(t, "state", row_of(t, "programme.initiatives", "task-force", "retained", 12), "suppressed"));
  ck_assert_str_eq(fm_table_note(t, "code.da.initiative_id.way-to-work"), "The way to work");
  ck_assert_str_eq(fm_table_note(t, "code.da.support.aftercare"), "efterværn");
  fm_report_destroy(report);
}
END_TEST

START_TEST(the_page_has_the_sections)
{
  static const struct {
    const char *lang, *line;
    int32_t all;
    bool there;
  } lines[] = {
      {"da", "Støtte           304 af 400 personer · efterværn 202 · mentor 77 ·\n", 0, true},
      {"da", "Arbejdsgivere    71 har ansat de seneste tolv måneder, 17 for første gang, 62\n", 0, true},
      {"da", "Klausuler        9 kontrakter: 3,4 årsværk aftalt, 2,3 begyndt (67 %), 1,7\n", 0, true},
      {"da", "Trivsel          fra 44 til 52 point for de 150, der svarede mindst to gange\n", 0, true},
      {"en", "Support          304 of 400 people · aftercare 202 · mentor 77 · upskilling 151\n", 0, true},
      {"en", "The business leaders' task force       121               7     6%       hidden\n", 0, true},
      {"en", "  Women / men, in work after 6 months: 75% / 71%. The gap may be chance (-8 to\n", 0, true},
      {"da", "  Kvinder / mænd, i arbejde efter 6 måneder: 75 % / 71 %. Forskellen kan være\n", 0, true},
      {"en", "Better by 10 points", 0, false},
      {"en", "Better by 10 points", 1, true},
      {"en", "Kinds of support", 0, false},
      {"en", "Kinds of support", 1, true},
      {"en", "Mentor                                  77    19%           139             51\n", 1, true},
      {"en", "In work after 12 months", 1, false},
  };
  fm_report *report = demo(5);
  for (int k = 0; k < FM_COUNT(lines); k++)
    expect_line(report, lines[k].lang, lines[k].all, lines[k].line, lines[k].there);
  fm_report_destroy(report);
  report = demo(1); /* nothing is hidden: retention is on the page */
  expect_line(report, "en", 1, "In work after 12 months", true);
  expect_line(report, "en", 0, "are private SMEs", true);
  fm_report_destroy(report);
  report = demo(10); /* seven were placed by the task force */
  expect_line(report, "en", 0, "task force       121          hidden hidden", true);
  fm_report_destroy(report);
}
END_TEST

/* ---- small data: N people, all but `away` in an initiative, with support and two answers ---- */

enum { MOST = 40, ITEMS = 5 };

static fm_table *made(const char *name, const char *const *columns, const char *const *const *texts, size_t n_texts,
                      const char *date, const int32_t *dates, size_t n)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_table_create(&t, name, &err), &err);
  for (size_t k = 0; k < n_texts; k++)
    fm_assert_ok(fm_table_add_text(t, columns[k], texts[k], n, &err), &err);
  if (date != NULL)
    fm_assert_ok(fm_table_add_date(t, date, dates, NULL, n, NULL, NULL, &err), &err);
  return t;
}

typedef struct answers {
  const char *person[2 * ITEMS * MOST], *instrument[2 * ITEMS * MOST], *item[2 * ITEMS * MOST];
  int32_t date[2 * ITEMS * MOST];
  double score[2 * ITEMS * MOST];
} answers;

static fm_table *answers_of(answers *a, const char *const *ids, size_t n)
{
  static const char *const items[ITEMS] = {"1", "2", "3", "4", "5"};
  fm_error err = FM_ERROR_INIT;
  size_t rows = 0;
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < 2 * (size_t)ITEMS; k++, rows++) {
      a->person[rows] = ids[i];
      a->instrument[rows] = "who5";
      a->item[rows] = items[k % ITEMS];
      a->date[rows] = fm_date_from_ymd(2025, k < ITEMS ? 2 : 8, 1);
      a->score[rows] = (double)((i + k / ITEMS) % 4);
    }
  const char *const *texts[] = {a->person, a->instrument, a->item};
  fm_table *t =
      made("progress", (const char *const[]){"person_id", "instrument", "item"}, texts, 3, "date", a->date, rows);
  fm_assert_ok(fm_table_add_f64(t, "score", a->score, NULL, rows, NULL, NULL, &err), &err);
  return t;
}

static fm_register *small_register(size_t n, size_t away)
{
  static char ids[MOST][8];
  static answers a;
  const char *person[MOST], *kind[MOST], *initiative[MOST];
  int32_t first[MOST];
  for (size_t i = 0; i < n; i++) {
    snprintf(ids[i], sizeof ids[i], "P%03d", (int)i);
    person[i] = ids[i];
    kind[i] = "mentor";
    initiative[i] = "I1";
    first[i] = fm_date_from_ymd(2025, 1, 10);
  }
  static const char *const one[] = {"I1"}, *const kinds[] = {"task_force"};
  const char *const *people[] = {person}, *const * given[] = {person, kind}, *const * joined[] = {person, initiative};
  const char *const *initiatives[] = {one, one, kinds};
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems;
  fm_table *t[] = {
      made("persons", (const char *const[]){"person_id"}, people, 1, NULL, NULL, n),
      made("supports", (const char *const[]){"person_id", "kind"}, given, 2, "start", first, n - away),
      made("initiatives", (const char *const[]){"initiative_id", "name", "kind"}, initiatives, 3, "start", first, 1),
      made("participants", (const char *const[]){"person_id", "initiative_id"}, joined, 2, "joined_on", first,
           n - away),
      answers_of(&a, person, n - away)};
  for (int k = 0; k < FM_COUNT(t); k++)
    fm_assert_ok(fm_table_seal(t[k], &err), &err);
  fm_assert_ok(fm_register_from_tables(&r, &problems, (const fm_table *const *)t, FM_COUNT(t), NULL, NULL, &err), &err);
  fm_table_destroy(problems);
  for (int k = 0; k < FM_COUNT(t); k++)
    fm_table_destroy(t[k]);
  return r;
}

static fm_status make_once(void *ctx, fm_error *err)
{
  fm_report *report;
  char *text;
  fm_report_spec spec = FM_REPORT_SPEC_INIT;
  spec.as_of = fm_date_from_ymd(2026, 1, 1);
  spec.by = "";
  fm_status status = fm_report_create(&report, ctx, &spec, NULL, err);
  if (status != FM_OK)
    return status;
  status = fm_report_text(&text, report, "da", 1, err);
  if (status == FM_OK)
    fm_free(text);
  fm_report_destroy(report);
  return status;
}

static fm_report *small(size_t n, size_t away)
{
  fm_error err = FM_ERROR_INIT;
  fm_report *report;
  fm_report_spec spec = FM_REPORT_SPEC_INIT;
  fm_register *r = small_register(n, away);
  spec.as_of = fm_date_from_ymd(2026, 1, 1);
  spec.by = "";
  fm_assert_ok(fm_report_create(&report, r, &spec, NULL, &err), &err);
  fm_register_destroy(r);
  return report;
}

START_TEST(few_are_hidden)
{
  static const char *const ids[] = {"programme.initiatives", "programme.support", "programme.progress"};
  static const char *const parts[] = {"I1", "mentor", "who5"}, *const counts[] = {"joined", "reached", "measured"};
  static const struct {
    size_t n, away;
    bool shown;
  } cases[] = {{40, 0, true}, {40, 10, true}, {40, 3, false}, {4, 0, false}};
  for (int c = 0; c < FM_COUNT(cases); c++) {
    fm_report *report = small(cases[c].n, cases[c].away);
    const fm_table *t = fm_report_table(report);
    for (int k = 0; k < FM_COUNT(ids); k++) {
      double count = value(t, ids[k], parts[k], counts[k], 0);
      ck_assert_msg(isnan(count) != cases[c].shown, "%s of %zu without %zu: %g", ids[k], cases[c].n, cases[c].away,
                    count);
    }
    expect_line(report, "en", 0, "Well-being       from", cases[c].shown);
    size_t placed = row_of(t, "programme.initiatives", "I1", "placed", 0); /* no job names an initiative */
    ck_assert(isnan(value(t, "programme.initiatives", "I1", "placed", 0)));
    ck_assert(is_at(t, "state", placed, "not_given"));
    fm_report_destroy(report);
  }
}
END_TEST

/* 40 women and 40 men who began a job, so many of whom are in it after six months. */
static fm_report *alike(size_t women, size_t men)
{
  enum { EACH = 40, ALL = 2 * EACH };
  static char ids[ALL][8];
  const char *person[ALL], *sex[ALL], *kind[ALL];
  int32_t start[ALL], end[ALL];
  uint8_t ended[ALL / 8] = {0};
  for (size_t i = 0; i < ALL; i++) {
    snprintf(ids[i], sizeof ids[i], "P%03d", (int)i);
    person[i] = ids[i];
    sex[i] = i < EACH ? "female" : "male";
    kind[i] = "ordinary";
    start[i] = fm_date_from_ymd(2024, 1, 1);
    end[i] = fm_date_from_ymd(2024, 2, 1);
    if (i % EACH >= (i < EACH ? women : men))
      ended[i / 8] |= (uint8_t)(1U << (i % 8));
  }
  const char *const *people[] = {person, sex}, *const * jobs[] = {person, person, kind};
  fm_error err = FM_ERROR_INIT;
  fm_report_spec spec = FM_REPORT_SPEC_INIT;
  fm_register *r;
  fm_report *report;
  fm_table *problems;
  fm_table *t[] = {
      made("persons", (const char *const[]){"person_id", "sex"}, people, 2, NULL, NULL, ALL),
      made("placements", (const char *const[]){"placement_id", "person_id", "kind"}, jobs, 3, "start", start, ALL)};
  fm_assert_ok(fm_table_add_date(t[1], "end", end, ended, ALL, NULL, NULL, &err), &err);
  for (int k = 0; k < FM_COUNT(t); k++)
    fm_assert_ok(fm_table_seal(t[k], &err), &err);
  fm_assert_ok(fm_register_from_tables(&r, &problems, (const fm_table *const *)t, FM_COUNT(t), NULL, NULL, &err), &err);
  spec.as_of = fm_date_from_ymd(2025, 1, 1);
  spec.by = "";
  fm_assert_ok(fm_report_create(&report, r, &spec, NULL, &err), &err);
  fm_register_destroy(r);
  fm_table_destroy(problems);
  for (int k = 0; k < FM_COUNT(t); k++)
    fm_table_destroy(t[k]);
  return report;
}

/* 10 of 40 women and 35 of 40 men: 25 and 88 per cent. Of 38 women two are not in work: neither share is shown. */
START_TEST(women_and_men)
{
  static const struct {
    size_t women, men;
    const char *line;
    bool there;
  } cases[] = {{10, 35, "Women / men, in work after 6 months: 25% / 88%. The gap is more than chance", true},
               {10, 35, "One share is below four fifths of the other.", true},
               {30, 31, "75% / 78%. The gap may be chance", true},
               {30, 31, "fifths", false},
               {38, 20, "Women / men", false},
               {20, 2, "Women / men", false},
               {40, 20, "Women / men, in work after 6 months: 100% / 50%", true}};
  for (int c = 0; c < FM_COUNT(cases); c++) {
    fm_report *report = alike(cases[c].women, cases[c].men);
    expect_line(report, "en", 0, cases[c].line, cases[c].there);
    fm_report_destroy(report);
  }
}
END_TEST

START_TEST(memory_may_run_out)
{
  fm_register *r = small_register(6, 0);
  ck_assert_int_gt(fm_test_allocations(make_once, r), 100);
  fm_register_destroy(r);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("sections");
  TCase *c = tcase_create("sections");
  tcase_add_test(c, the_table_has_the_sections);
  tcase_add_test(c, the_page_has_the_sections);
  tcase_add_test(c, few_are_hidden);
  tcase_add_test(c, women_and_men);
  tcase_add_test(c, memory_may_run_out);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
