/* Waiting time and economy on the page: only when the data carry them, of enough people, and without a count. */
#include "support/support.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ALL = 60 };

/* What varies: how many of 60 people took a job on 1 July 2024, for that month, and on which day all were referred. */
typedef struct data {
  size_t placed;
  int32_t referred;
  bool wages;
} data;

static int32_t day(int32_t month, int32_t d)
{
  return fm_date_from_ymd(2024, month, d);
}

/* A column of one value; the array lives as long as the table. */
static void add_dates(fm_table *t, const char *name, int32_t *dates, int32_t date, size_t n)
{
  fm_error err = FM_ERROR_INIT;
  for (size_t i = 0; i < n; i++)
    dates[i] = date;
  fm_assert_ok(fm_table_add_date(t, name, dates, NULL, n, NULL, NULL, &err), &err);
}

static void add_reals(fm_table *t, const char *name, double *values, double value, size_t n)
{
  fm_error err = FM_ERROR_INIT;
  for (size_t i = 0; i < n; i++)
    values[i] = value;
  fm_assert_ok(fm_table_add_f64(t, name, values, NULL, n, NULL, NULL, &err), &err);
}

static fm_table *made(const char *name, const char *const *columns, const char *const *const *texts, size_t n_texts,
                      size_t n)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_table_create(&t, name, &err), &err);
  for (size_t k = 0; k < n_texts; k++)
    fm_assert_ok(fm_table_add_text(t, columns[k], texts[k], n, &err), &err);
  return t;
}

/* 700 a week until 30 June and 350 from 1 July on, a quarter of it the state's. */
static fm_table *spells_of(const char *const *ids)
{
  fm_error err = FM_ERROR_INIT;
  static const char *person[2 * ALL], *state[2 * ALL];
  static int32_t start[2 * ALL], end[2 * ALL];
  static double amount[2 * ALL], share[2 * ALL];
  for (size_t i = 0; i < 2 * (size_t)ALL; i++) {
    bool later = i % 2 == 1;
    person[i] = ids[i / 2];
    state[i] = "cash_benefit";
    start[i] = later ? day(7, 1) : day(1, 1);
    end[i] = later ? day(12, 31) : day(6, 30);
    amount[i] = later ? 350 : 700;
    share[i] = 0.25;
  }
  const char *const *texts[] = {person, state};
  fm_table *t = made("spells", (const char *const[]){"person_id", "state"}, texts, 2, 2 * (size_t)ALL);
  fm_assert_ok(fm_table_add_date(t, "start", start, NULL, 2 * (size_t)ALL, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_date(t, "end", end, NULL, 2 * (size_t)ALL, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_f64(t, "weekly_amount", amount, NULL, 2 * (size_t)ALL, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_f64(t, "state_share", share, NULL, 2 * (size_t)ALL, NULL, NULL, &err), &err);
  return t;
}

static fm_register *register_of(const data *d)
{
  static char ids[ALL][8];
  int32_t start[ALL], end[ALL], begun[1], referred[ALL];
  double hours[ALL], wage[ALL];
  const char *person[ALL], *kind[ALL], *initiative[ALL];
  for (size_t i = 0; i < ALL; i++) {
    snprintf(ids[i], sizeof ids[i], "P%03d", (int)i);
    person[i] = ids[i];
    kind[i] = "ordinary";
    initiative[i] = "I1";
  }
  static const char *const one[] = {"I1"}, *const kinds[] = {"task_force"};
  const char *const *people[] = {person}, *const * jobs[] = {person, person, kind};
  const char *const *joined[] = {person, initiative}, *const * initiatives[] = {one, one, kinds};
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems;
  fm_table *t[] = {made("persons", (const char *const[]){"person_id"}, people, 1, ALL),
                   made("placements", (const char *const[]){"placement_id", "person_id", "kind"}, jobs, 3, d->placed),
                   made("initiatives", (const char *const[]){"initiative_id", "name", "kind"}, initiatives, 3, 1),
                   made("participants", (const char *const[]){"person_id", "initiative_id"}, joined, 2, ALL),
                   spells_of(person)};
  add_dates(t[1], "start", start, day(7, 1), d->placed);
  add_dates(t[1], "end", end, day(7, 31), d->placed);
  add_reals(t[1], "hours_per_week", hours, 10, d->placed);
  if (d->wages)
    add_reals(t[1], "hourly_wage", wage, 100, d->placed);
  add_dates(t[2], "start", begun, day(1, 1), 1);
  add_dates(t[3], "referred_on", referred, d->referred, ALL);
  for (int k = 0; k < FM_COUNT(t); k++)
    fm_assert_ok(fm_table_seal(t[k], &err), &err);
  fm_assert_ok(fm_register_from_tables(&r, &problems, (const fm_table *const *)t, FM_COUNT(t), NULL, NULL, &err), &err);
  fm_table_destroy(problems);
  for (int k = 0; k < FM_COUNT(t); k++)
    fm_table_destroy(t[k]);
  return r;
}

static fm_report *report_of(const data *d, int32_t threshold)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r = register_of(d);
  fm_report *report;
  fm_report_spec spec = FM_REPORT_SPEC_INIT;
  spec.as_of = fm_date_from_ymd(2025, 1, 1);
  spec.by = "";
  spec.threshold = threshold;
  fm_assert_ok(fm_report_create(&report, r, &spec, NULL, &err), &err);
  fm_register_destroy(r);
  return report;
}

static bool is_at(const fm_table *t, const char *column, size_t row, const char *text)
{
  const char *cell = fm_table_text(t, (size_t)fm_table_column_index(t, column), row, NULL);
  return cell != NULL && strcmp(cell, text) == 0;
}

static size_t row_of(const fm_table *t, const char *indicator, const char *part)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    if (is_at(t, "indicator", i, indicator) && is_at(t, "part", i, part))
      return i;
  return SIZE_MAX;
}

static bool is_null(const fm_table *t, const char *column, size_t row)
{
  return fm_table_is_null(t, (size_t)fm_table_column_index(t, column), row);
}

static void expect_row(const fm_table *t, const char *indicator, const char *part, double value)
{
  static const char *const without[] = {"n", "people", "ci_low", "ci_high", "std_error", "weight"};
  size_t row = row_of(t, indicator, part);
  ck_assert_uint_ne(row, SIZE_MAX);
  ck_assert_double_eq(fm_table_f64(t, (size_t)fm_table_column_index(t, "value"))[row], value);
  for (int k = 0; k < FM_COUNT(without); k++)
    ck_assert_msg(is_null(t, without[k], row), "%s of %s", without[k], part);
}

static void expect_line(const fm_report *report, const char *lang, const char *line, bool there)
{
  fm_error err = FM_ERROR_INIT;
  char *text;
  fm_assert_ok(fm_report_text(&text, report, lang, 0, &err), &err);
  ck_assert_msg((strstr(text, line) != NULL) == there, "%s: %s in\n%s", line, there ? "expected" : "not expected",
                text);
  fm_free(text);
}

/* A month before the job 700 x 52 / 12 = 3,033.33 and beside it 1,516.67, so that 1,516.67 is saved: three quarters by
 * the municipality, 1,137.50, of 40 people 45,500; a quarter by the state, 379.17, 15,166.67; the wage is 10 x 100 x 52
 * / 12 = 4,333.33, of which 2,816.67 is left to the person, 112,666.67. Three digits of each are shown. */
START_TEST(three_digits_and_no_count)
{
  const data d = {40, day(4, 1), true};
  fm_report *report = report_of(&d, 5);
  const fm_table *t = fm_report_table(report);
  expect_row(t, "economy.net_result", "municipality", 45500);
  expect_row(t, "economy.net_result", "state", 15200);
  expect_row(t, "economy.net_result", "person", 113000);
  expect_row(t, "programme.journeys", "referral_to_start", 91);
  ck_assert_uint_eq(row_of(t, "economy.net_result", "fund"), SIZE_MAX);
  ck_assert_uint_eq(row_of(t, "programme.journeys", "referral_to_hours"), SIZE_MAX);
  expect_line(report, "en", "Economy          while the jobs lasted: municipality +45,500, state +15,200, the\n", true);
  expect_line(report, "en", "people in them, before tax, +113,000\n", true);
  expect_line(report, "da", "kommune +45.500, stat +15.200,", true);
  expect_line(report, "en", "It is not an effect", true);
  expect_line(report, "da", "Det er ikke en effekt", true);
  fm_report_destroy(report);
  report = report_of(&d, 1); /* all is shown */
  t = fm_report_table(report);
  size_t row = row_of(t, "economy.net_result", "municipality");
  ck_assert_double_eq_tol(fm_table_f64(t, (size_t)fm_table_column_index(t, "value"))[row], 45500, 1e-6);
  ck_assert(!is_null(t, "n", row));
  fm_report_destroy(report);
}
END_TEST

/* Of 60 referred 40 take a job: half have one after 91 days, 13 weeks, or after 28. Of 25 too few do. */
START_TEST(waiting)
{
  const struct {
    data d;
    const char *lang, *line;
  } cases[] = {{{40, day(4, 1), true}, "en", "Waiting time     half were in a job within 13 weeks from referral"},
               {{40, day(4, 1), true}, "da", "Ventetid         halvdelen var i job inden 13 uger fra henvisningen"},
               {{40, day(6, 3), true}, "en", "half were in a job within 28 days from referral"},
               {{40, day(6, 3), true}, "da", "halvdelen var i job inden 28 dage fra henvisningen"},
               {{25, day(6, 3), true}, "en", "more than half of those referred still wait for a job"},
               {{25, day(6, 3), true}, "da", "over halvdelen af de henviste venter stadig på et job"}};
  for (int c = 0; c < FM_COUNT(cases); c++) {
    fm_report *report = report_of(&cases[c].d, 5);
    expect_line(report, cases[c].lang, cases[c].line, true);
    expect_line(report, cases[c].lang,
                cases[c].lang[0] == 'e' ? "referral to the first paid" : "til det første lønnede", true);
    fm_report_destroy(report);
  }
}
END_TEST

/* Of fewer than 20 people no sum is told; nor where those who began, or did not, are few, however many the others. */
START_TEST(few_are_hidden)
{
  static const struct {
    size_t placed;
    int32_t threshold;
    bool economy, waiting;
  } cases[] = {{20, 5, true, true},    {19, 5, false, true},   {4, 5, false, false},
               {58, 5, false, false},  {55, 5, true, true},    {40, 15, true, true},
               {40, 21, false, false}, {40, 50, false, false}, {60, 70, false, false}};
  for (int c = 0; c < FM_COUNT(cases); c++) {
    const data d = {cases[c].placed, day(4, 1), true};
    fm_report *report = report_of(&d, cases[c].threshold);
    const fm_table *t = fm_report_table(report);
    size_t money = row_of(t, "economy.net_result", "person"),
           time = row_of(t, "programme.journeys", "referral_to_start");
    ck_assert_uint_ne(money, SIZE_MAX);
    ck_assert_uint_ne(time, SIZE_MAX);
    ck_assert_msg(is_at(t, "state", money, "suppressed") != cases[c].economy, "economy %d", c);
    ck_assert_msg(is_at(t, "state", time, "suppressed") != cases[c].waiting, "waiting %d", c);
    expect_line(report, "en", "Economy          hidden\n", !cases[c].economy);
    expect_line(report, "da", "Ventetid         skjult\n", !cases[c].waiting);
    expect_line(report, "en", "It is not an effect", cases[c].economy);
    expect_line(report, "en", "Waiting time =", cases[c].waiting);
    fm_report_destroy(report);
  }
}
END_TEST

/* Without wages there is no line, and nothing that misses one; nor when nobody is referred in time. */
START_TEST(nothing_without_data)
{
  const data d = {40, day(4, 1), false}, late = {40, fm_date_from_ymd(2025, 2, 1), true};
  fm_report *report = report_of(&d, 5);
  ck_assert_uint_eq(row_of(fm_report_table(report), "economy.net_result", "person"), SIZE_MAX);
  expect_line(report, "en", "Economy", false);
  expect_line(report, "en", "Waiting time", true);
  fm_report_destroy(report);
  report = report_of(&late, 5);
  ck_assert_uint_eq(row_of(fm_report_table(report), "programme.journeys", "referral_to_start"), SIZE_MAX);
  expect_line(report, "en", "Waiting time", false);
  expect_line(report, "en", "Economy", true);
  fm_report_destroy(report);
}
END_TEST

static fm_status make_once(void *ctx, fm_error *err)
{
  fm_report *report;
  char *text;
  fm_report_spec spec = FM_REPORT_SPEC_INIT;
  spec.as_of = fm_date_from_ymd(2025, 1, 1);
  spec.by = "";
  fm_status status = fm_report_create(&report, ctx, &spec, NULL, err);
  if (status != FM_OK)
    return status;
  status = fm_report_text(&text, report, "da", 0, err);
  if (status == FM_OK)
    fm_free(text);
  fm_report_destroy(report);
  return status;
}

START_TEST(memory_may_run_out)
{
  const data d = {40, day(4, 1), true};
  fm_register *r = register_of(&d);
  ck_assert_int_gt(fm_test_allocations(make_once, r), 100);
  fm_register_destroy(r);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("worth");
  TCase *c = tcase_create("worth");
  tcase_add_test(c, three_digits_and_no_count);
  tcase_add_test(c, waiting);
  tcase_add_test(c, few_are_hidden);
  tcase_add_test(c, nothing_without_data);
  tcase_add_test(c, memory_may_run_out);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
