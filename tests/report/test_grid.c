#include "support/support.h"

#include <string.h>

#define RESULT                                                                                                         \
  "indicator:code", "definition:code", "goal_id:code", "period_start:date", "period_end:date", "quantity:code",        \
      "value:f64", "unit:code", "std_error:f64", "ci_low:f64", "ci_high:f64", "level:f64", "n:i64", "people:i64",      \
      "weight:f64", "state:code"
static const char *const columns[] = {RESULT};
#define FIGURE(quantity, value, unit, low, high, n, state)                                                             \
  "target.track", "rule_1", "\xC3\xA5rsm\xC3\xA5l", "2019-01-01", "2019-03-31", quantity, value, unit, "", low, high,  \
      low[0] != '\0' ? "0.95" : "", n, "", "", state
static const char *const cells[] = {
    FIGURE("goal", "1640", "count", "", "", "", "ok"),
    FIGURE("projection", "202.8", "count", "159", "257", "50", "ok"),
    FIGURE("private_share", "", "share", "", "", "", "suppressed"),
    FIGURE("probability", "0.958", "share", "", "", "50", "ok"),
};

static char *grid(const fm_table *t, const char *lang, int32_t full)
{
  fm_error err = FM_ERROR_INIT;
  char *text;
  fm_assert_ok(fm_report_grid(&text, t, lang, full, &err), &err);
  return text;
}

START_TEST(a_result_in_english)
{
  fm_table *t = fm_test_table(columns, FM_COUNT(columns), cells, 4);
  char *text = grid(t, "en", 0);
  ck_assert_str_eq(text, "Goals (target.track; rule: rule_1)\n\n"
                         "goal          until  figure               value  uncertainty   n\n"
                         "\xC3\xA5rsm\xC3\xA5l  31 Mar 2019  goal                 1,640\n"
                         "\xC3\xA5rsm\xC3\xA5l  31 Mar 2019  forecast               200      160-260  50\n"
                         "\xC3\xA5rsm\xC3\xA5l  31 Mar 2019  private share       hidden\n"
                         "\xC3\xA5rsm\xC3\xA5l  31 Mar 2019  chance of the goal     96%               50\n");
  fm_free(text);
  fm_table_destroy(t);
}
END_TEST

START_TEST(a_result_in_danish_with_all_digits)
{
  fm_table *t = fm_test_table(columns, FM_COUNT(columns), cells, 4);
  char *text = grid(t, "da", 1);
  ck_assert_str_eq(text, "M\xC3\xA5l (target.track; regel: rule_1)\n\n"
                         "m\xC3\xA5l     til og med  tal                v\xC3\xA6rdi   usikkerhed   n\n"
                         "\xC3\xA5rsm\xC3\xA5l   31.3.2019  m\xC3\xA5l                 1640\n"
                         "\xC3\xA5rsm\xC3\xA5l   31.3.2019  prognose           202,8  159 til 257  50\n"
                         "\xC3\xA5rsm\xC3\xA5l   31.3.2019  privat andel      skjult\n"
                         "\xC3\xA5rsm\xC3\xA5l   31.3.2019  chance for m\xC3\xA5let   0,958               50\n");
  fm_free(text);
  fm_table_destroy(t);
}
END_TEST

/* An indicator's own word for a quantity, and figures that are bounds. */
START_TEST(words_of_an_indicator)
{
  static const char *const own[] = {
      "income.distribution", "default", "", "", "", "median", "120", "money", "", "", "", "", "7", "", "", "censored",
      "retention.survival",  "rule",    "", "", "", "median", "120", "count", "", "", "", "", "7", "", "", "ok",
  };
  fm_table *t = fm_test_table(columns, FM_COUNT(columns), own, 2);
  char *text = grid(t, "en", 0);
  ck_assert_msg(strstr(text, "median               120 (bound)") != NULL, "%s", text);
  ck_assert_msg(strstr(text, "median days in work") != NULL, "%s", text);
  fm_free(text);
  fm_table_destroy(t);
}
END_TEST

START_TEST(any_other_table)
{
  static const char *const names[] = {"name:code", "yes:bool", "on:date", "n:i64", "m:i32", "v:f64", "nothing:f64"};
  static const char *const rows[] = {"a\nb", "1", "2019-04-01", "1234567", "-7", "0.125", "",
                                     "",     "0", "",           "",        "",   "",      ""};
  fm_table *t = fm_test_table(names, FM_COUNT(names), rows, 2);
  char *text = grid(t, "da", 0);
  ck_assert_str_eq(text, "name  yes        on          n   m      v\n"
                         "a b   ja   1.4.2019  1.234.567  -7  0,125\n"
                         "      nej\n");
  fm_free(text);
  fm_table_destroy(t);
  t = fm_test_table(names, FM_COUNT(names), rows, 0);
  text = grid(t, "en", 0);
  ck_assert_str_eq(text, "name  yes  on  n  m  v  nothing\n");
  fm_free(text);
  fm_table_destroy(t);
}
END_TEST

/* A result without rows says so; a header alone would look like a page that was cut off. */
START_TEST(a_result_without_rows)
{
  fm_table *t = fm_test_table(columns, FM_COUNT(columns), cells, 0);
  char *text = grid(t, "en", 0);
  ck_assert_str_eq(text, "No figures: no row of the data counts here.\n");
  fm_free(text);
  text = grid(t, "da", 0);
  ck_assert_str_eq(text, "Ingen tal: ingen række i data tæller med her.\n");
  fm_free(text);
  fm_table_destroy(t);
}
END_TEST

START_TEST(faults)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t = fm_test_table(columns, FM_COUNT(columns), cells, 1), *open;
  char *text;
  ck_assert_int_eq(fm_report_grid(&text, t, "de", 0, &err), FM_ERR_ARGUMENT);
  ck_assert_str_eq(err.message, "no language \"de\"; there are en and da");
  ck_assert_ptr_null(text);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_report_grid(&text, t, NULL, 0, &err), FM_ERR_ARGUMENT);
  fm_error_clear(&err);
  fm_assert_ok(fm_table_create(&open, "t", &err), &err);
  ck_assert_int_eq(fm_report_grid(&text, open, "en", 0, &err), FM_ERR_STATE);
  fm_table_destroy(open);
  fm_table_destroy(t);
}
END_TEST

/* p-values of a test: as a figure of its own, and beside the statistic; all digits where they are asked for. */
START_TEST(p_values_and_statistics)
{
  static const char *const names[] = {RESULT, "df:f64", "p_value:f64"};
  static const char *const figures[] = {
      "retention.cox",
      "",
      "",
      "",
      "",
      "coefficient",
      "0.1",
      "log_ratio",
      "",
      "",
      "",
      "",
      "9",
      "",
      "",
      "ok",
      "1",
      "0.5219080582701462",
      "retention.cox",
      "",
      "",
      "",
      "",
      "wald",
      "49.321",
      "chi_square",
      "",
      "",
      "",
      "",
      "9",
      "",
      "",
      "ok",
      "1",
      "2.5e-12",
      "retention.cox",
      "",
      "",
      "",
      "",
      "p_value",
      "2.5e-12",
      "share",
      "",
      "",
      "",
      "",
      "9",
      "",
      "",
      "ok",
      "",
      "",
  };
  fm_table *t = fm_test_table(names, FM_COUNT(names), figures, 3);
  char *text = grid(t, "en", 0);
  ck_assert_str_eq(text, "Hazard ratios of leaving work (retention.cox)\n\n"
                         "figure             value  n  p-value\n"
                         "log hazard ratio       0  9     0.52\n"
                         "Wald test          49.32  9   <0.001\n"
                         "p-value           <0.001  9\n");
  fm_free(text);
  text = grid(t, "en", 1);
  ck_assert_msg(strstr(text, "0.5219080582701462") != NULL && strstr(text, "2.5e-12") != NULL, "%s", text);
  fm_free(text);
  fm_table_destroy(t);
}
END_TEST

static fm_status write_once(void *ctx, fm_error *err)
{
  char *text;
  fm_status status = fm_report_grid(&text, ctx, "da", 0, err);
  if (status == FM_OK)
    fm_free(text);
  return status;
}

START_TEST(memory_may_run_out)
{
  fm_table *t = fm_test_table(columns, FM_COUNT(columns), cells, 4);
  ck_assert_int_gt(fm_test_allocations(write_once, t), 0);
  fm_table_destroy(t);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("report-grid");
  TCase *c = tcase_create("grid");
  tcase_add_test(c, a_result_in_english);
  tcase_add_test(c, a_result_in_danish_with_all_digits);
  tcase_add_test(c, words_of_an_indicator);
  tcase_add_test(c, p_values_and_statistics);
  tcase_add_test(c, any_other_table);
  tcase_add_test(c, a_result_without_rows);
  tcase_add_test(c, faults);
  tcase_add_test(c, memory_may_run_out);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
