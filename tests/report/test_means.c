/* Means whose digits, limits or weights would tell a hidden number of people, and words that are people. */
#include "support/support.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PEOPLE = 40 };

/* A register of `n` people of whom the first `n_jobs` placements and `n_known` incomes are given. */
typedef struct world {
  size_t n, n_jobs, n_known;
  size_t workers; /* placement i belongs to person i % workers */
  size_t no_hours;
  const char *kind;
} world;

static fm_table *table(const char *name)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_table_create(&t, name, &err), &err);
  return t;
}

static fm_register *register_of(const world *w)
{
  static char ids[PEOPLE][8], jobs[PEOPLE][8];
  static const char *person[PEOPLE], *job[PEOPLE], *worker[PEOPLE], *kind[PEOPLE], *paid[2 * PEOPLE];
  static int32_t start[PEOPLE];
  static double hours[PEOPLE], period[2 * PEOPLE], income[2 * PEOPLE];
  uint8_t known[PEOPLE / 8 + 1];
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems, *t[] = {table("persons"), table("placements"), table("incomes")};
  memset(known, 0xFF, sizeof known);
  for (size_t i = 0; i < w->n; i++) {
    snprintf(ids[i], sizeof ids[i], "P%02d", (int)i);
    person[i] = ids[i];
  }
  for (size_t i = 0; i < w->n_jobs; i++) {
    snprintf(jobs[i], sizeof jobs[i], "J%02d", (int)i);
    job[i] = jobs[i];
    worker[i] = ids[i % w->workers];
    kind[i] = w->kind;
    start[i] = fm_date_from_ymd(2024, 1, 1) + (int32_t)i;
    hours[i] = 9 + (double)(i * i % 23);
    if (i < w->no_hours)
      known[i / 8] &= (uint8_t) ~(1U << (i % 8));
  }
  for (size_t i = 0; i < 2 * w->n_known; i++) {
    paid[i] = ids[i / 2];
    period[i] = 2023 + (double)(i % 2);
    income[i] = 100000 + (double)(i * i * 731 % 90001);
  }
  fm_assert_ok(fm_table_add_text(t[0], "person_id", person, w->n, &err), &err);
  fm_assert_ok(fm_table_add_text(t[1], "placement_id", job, w->n_jobs, &err), &err);
  fm_assert_ok(fm_table_add_text(t[1], "person_id", worker, w->n_jobs, &err), &err);
  fm_assert_ok(fm_table_add_text(t[1], "kind", kind, w->n_jobs, &err), &err);
  fm_assert_ok(fm_table_add_date(t[1], "start", start, NULL, w->n_jobs, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_f64(t[1], "hours_per_week", hours, known, w->n_jobs, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_text(t[2], "person_id", paid, 2 * w->n_known, &err), &err);
  fm_assert_ok(fm_table_add_f64(t[2], "period", period, NULL, 2 * w->n_known, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_f64(t[2], "income", income, NULL, 2 * w->n_known, NULL, NULL, &err), &err);
  for (size_t k = 0; k < 3; k++)
    fm_assert_ok(fm_table_seal(t[k], &err), &err);
  fm_assert_ok(
      fm_register_from_tables(&r, &problems, (const fm_table *const *)t, w->n_known > 0 ? 3 : 2, NULL, NULL, &err),
      &err);
  fm_table_destroy(problems);
  for (size_t k = 0; k < 3; k++)
    fm_table_destroy(t[k]);
  return r;
}

static fm_report *report_of(const world *w)
{
  fm_error err = FM_ERROR_INIT;
  fm_report_spec spec = FM_REPORT_SPEC_INIT;
  fm_report *report;
  fm_register *r = register_of(w);
  spec.by = "";
  spec.as_of = fm_date_from_ymd(2024, 6, 1);
  fm_assert_ok(fm_report_create(&report, r, &spec, NULL, &err), &err);
  fm_register_destroy(r);
  return report;
}

enum { SHOWN, ONE_DECIMAL, HIDDEN };

static const struct one {
  const char *label;
  world w;
  const char *indicator, *quantity;
  int expected;
} cases[] = {
    {"hours of 30, all known", {40, 30, 0, 30, 0, "ordinary"}, "programme.placements", "hours_mean", SHOWN},
    {"hours of one person in six jobs", {40, 6, 0, 1, 0, "ordinary"}, "programme.placements", "hours_mean", HIDDEN},
    {"hours of 28 out of 30", {40, 30, 0, 30, 2, "ordinary"}, "programme.placements", "hours_mean", ONE_DECIMAL},
    {"hours of 10 out of 12", {40, 12, 0, 12, 2, "ordinary"}, "programme.placements", "hours_mean", HIDDEN},
    {"20 jobs of 18 people", {40, 20, 0, 18, 0, "ordinary"}, "programme.placements", "placements", HIDDEN},
    {"incomes of 30 out of 40", {40, 30, 30, 30, 0, "ordinary"}, "income.bottom40", "panel_gain", SHOWN},
    {"incomes of 38 out of 40", {40, 30, 38, 30, 0, "ordinary"}, "income.bottom40", "panel_gain", HIDDEN},
};

START_TEST(means_tell_no_hidden_number)
{
  static const char *const numbers[] = {"std_error", "ci_low", "ci_high", "n", "people", "weight"};
  const struct one *c = &cases[_i];
  fm_report *report = report_of(&c->w);
  const fm_table *t = fm_report_table(report);
  size_t row = fm_test_row(t, "indicator", c->indicator, "quantity", c->quantity, NULL, NULL);
  double value = fm_test_number(t, "value", row);
  ck_assert_msg(isnan(value) == (c->expected == HIDDEN), "%s: %g", c->label, value);
  bool one_decimal = fabs(10 * value - round(10 * value)) < 1e-9;
  if (c->expected != HIDDEN)
    ck_assert_msg(one_decimal == (c->expected == ONE_DECIMAL), "%s: %.17g", c->label, value);
  for (size_t k = 0; k < FM_COUNT(numbers) && c->expected != SHOWN; k++)
    ck_assert_msg(isnan(fm_test_number(t, numbers[k], row)), "%s: %s is shown", c->label, numbers[k]);
  fm_report_destroy(report);
}
END_TEST

START_TEST(a_word_like_a_personal_number_is_not_shown)
{
  fm_error err = FM_ERROR_INIT;
  fm_report_spec spec = FM_REPORT_SPEC_INIT;
  fm_report *report;
  const world w = {40, 30, 0, 30, 0, "010170-1234"};
  fm_register *r = register_of(&w);
  spec.by = "";
  ck_assert_int_eq(fm_report_create(&report, r, &spec, NULL, &err), FM_ERR_VALUE);
  ck_assert_ptr_null(report);
  ck_assert_str_eq(err.message, "column \"kind\": a word has the form of a personal number, which no report shows, "
                                "expected a code");
  fm_register_destroy(r);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("report-means");
  TCase *c = tcase_create("means");
  tcase_add_loop_test(c, means_tell_no_hidden_number, 0, (int)FM_COUNT(cases));
  tcase_add_test(c, a_word_like_a_personal_number_is_not_shown);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
