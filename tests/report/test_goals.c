/* The page of a goal: ahead, behind, met, over, just begun, and too few to show. */
#include "support/support.h"

#include <string.h>

#include "table/table_priv.h"

typedef struct state {
  const char *label;
  double goal;
  int64_t done, is_private; /* -1: not given */
  int32_t month, day;       /* as of, in 2024; the goal is for that year */
  const char *shown[4], *never;
} state;

static const state states[] = {
    /* 100 * 182 / 366 = 49.7 planned on 1 July; 20 in 182 days are 0.77 a week, 80 in 184 days 3.04 */
    {"behind",
     100,
     20,
     10,
     7,
     1,
     {"about 30 behind the plan", "Pace        0.8 a week so far. 3.0 a week is enough", "The pace must rise by 296%",
      "under 1 in 100"},
     "The goal is met"},
    {"met", 100, 120, -1, 7, 1, {"Reached                    120", "The goal is met.", NULL}, "Forecast "},
    {"over", 100, 90, -1, 12, 31, {"in 1 days", "Forecast", NULL}, "The time is over"},
    {"few", 100, 3, 2, 7, 1, {"Reached                  hidden", "\"Hidden\" = fewer than 5", NULL}, "Pace"},
    {"few private",
     100,
     40,
     37,
     7,
     1,
     {"Private firms            hidden  hidden", "Reached                     40"},
     "37"},
    {"none", 100, 0, 0, 7, 1, {"Reached                      0", "0.0 a week so far"}, "Who employs"},
    {"half the pace",
     100,
     66,
     -1,
     7,
     1,
     {"The pace may fall by half", "Chance of at least 100: over 99 in 100"},
     "\"Hidden"},
};

static fm_register *register_of(const state *s)
{
  static const char *const id[] = {"g"}, *const measure[] = {"target.track"};
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *goals, *counts, *problems;
  int32_t start = fm_date_from_ymd(2024, 1, 1), deadline = fm_date_from_ymd(2024, 12, 31);
  int32_t as_of = fm_date_from_ymd(2024, s->month, s->day);
  fm_assert_ok(fm_table_create(&goals, "goals", &err), &err);
  fm_assert_ok(fm_table_add_text(goals, "goal_id", id, 1, &err), &err);
  fm_assert_ok(fm_table_add_text(goals, "measure", measure, 1, &err), &err);
  fm_assert_ok(fm_table_add_f64(goals, "goal", &s->goal, NULL, 1, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_date(goals, "start", &start, NULL, 1, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_date(goals, "deadline", &deadline, NULL, 1, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_seal(goals, &err), &err);
  fm_assert_ok(fm_table_create(&counts, "counts", &err), &err);
  fm_assert_ok(fm_table_add_text(counts, "goal_id", id, 1, &err), &err);
  fm_assert_ok(fm_table_add_date(counts, "as_of", &as_of, NULL, 1, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_i64(counts, "done", &s->done, NULL, 1, NULL, NULL, &err), &err);
  if (s->is_private >= 0)
    fm_assert_ok(fm_table_add_i64(counts, "private", &s->is_private, NULL, 1, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_seal(counts, &err), &err);
  const fm_table *both[] = {goals, counts};
  fm_assert_ok(fm_register_from_tables(&r, &problems, both, 2, NULL, NULL, &err), &err);
  fm_table_destroy(problems);
  fm_table_destroy(goals);
  fm_table_destroy(counts);
  return r;
}

START_TEST(a_goal_in_words)
{
  const state *s = &states[_i];
  fm_error err = FM_ERROR_INIT;
  fm_report_spec spec = FM_REPORT_SPEC_INIT;
  fm_report *report;
  char *text, *danish;
  fm_register *r = register_of(s);
  spec.as_of = fm_date_from_ymd(2024, s->month, s->day);
  fm_assert_ok(fm_report_create(&report, r, &spec, NULL, &err), &err);
  fm_assert_ok(fm_report_text(&text, report, "en", 0, &err), &err);
  fm_assert_ok(fm_report_text(&danish, report, "da", 0, &err), &err);
  for (size_t k = 0; k < 4 && s->shown[k] != NULL; k++)
    ck_assert_msg(strstr(text, s->shown[k]) != NULL, "%s: \"%s\" is not in\n%s", s->label, s->shown[k], text);
  ck_assert_msg(strstr(text, s->never) == NULL, "%s: \"%s\" is in\n%s", s->label, s->never, text);
  ck_assert_msg(strstr(danish, "page.") == NULL && strstr(danish, "{") == NULL, "%s:\n%s", s->label, danish);
  fm_free(text);
  fm_free(danish);
  fm_report_destroy(report);
  fm_register_destroy(r);
}
END_TEST

/* 20 starts in one goal and 18 in another of the same year: the difference of 2 would be told. */
START_TEST(goals_that_differ_by_few)
{
  static const char *const goal_columns[] = {"goal_id:code", "measure:code", "goal:f64", "start:date", "deadline:date"};
  static const char *const goals[] = {"all",      "target.track", "60", "2024-01-01", "2024-12-31",
                                      "ordinary", "target.track", "50", "2024-01-01", "2024-12-31",
                                      "other",    "target.track", "50", "2024-01-01", "2024-12-31"};
  static const char *const count_columns[] = {"goal_id:code", "as_of:date", "done:i64"};
  static const char *const counts[] = {"all", "2024-07-01", "20",         "ordinary", "2024-07-01",
                                       "18",  "other",      "2024-07-01", "9"};
  fm_error err = FM_ERROR_INIT;
  fm_table *g = fm_test_table(goal_columns, 5, goals, 3), *c = fm_test_table(count_columns, 3, counts, 3);
  fm_table *named[2], *problems;
  const fm_table *const from[] = {g, c};
  static const char *const names[] = {"goals", "counts"};
  for (size_t k = 0; k < 2; k++) {
    fm_assert_ok(fm_table_create(&named[k], names[k], &err), &err);
    for (size_t i = 0; i < fm_table_n_columns(from[k]); i++)
      fm_assert_ok(fm__table_share(named[k], fm_table_column_name(from[k], i), from[k], i, &err), &err);
    fm_assert_ok(fm_table_seal(named[k], &err), &err);
  }
  fm_register *r;
  fm_report *report;
  fm_report_spec spec = FM_REPORT_SPEC_INIT;
  spec.as_of = fm_date_from_ymd(2024, 7, 1);
  fm_assert_ok(fm_register_from_tables(&r, &problems, (const fm_table *const *)named, 2, NULL, NULL, &err), &err);
  fm_assert_ok(fm_report_create(&report, r, &spec, NULL, &err), &err);
  const fm_table *t = fm_report_table(report);
  ck_assert_str_eq(fm_test_text(t, "state", fm_test_row(t, "goal_id", "all", "quantity", "done", NULL, NULL)), "ok");
  ck_assert_str_eq(fm_test_text(t, "state", fm_test_row(t, "goal_id", "other", "quantity", "done", NULL, NULL)), "ok");
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    if (fm_test_text(t, "goal_id", i) != NULL && strcmp(fm_test_text(t, "goal_id", i), "ordinary") == 0)
      ck_assert_msg(fm_test_number(t, "value", i) != 18 && fm_test_number(t, "n", i) != 18, "row %zu", i);
  fm_report_destroy(report);
  fm_register_destroy(r);
  fm_table_destroy(problems);
  for (size_t k = 0; k < 2; k++)
    fm_table_destroy(named[k]);
  fm_table_destroy(g);
  fm_table_destroy(c);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("report-goals");
  TCase *c = tcase_create("goals");
  tcase_add_loop_test(c, a_goal_in_words, 0, FM_COUNT(states));
  tcase_add_test(c, goals_that_differ_by_few);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
