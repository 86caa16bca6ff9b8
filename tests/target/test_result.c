/* What rows of a frame become: goals that were changed, earlier years, months, scenarios, parts. */
#include "support/support.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "flexmetrics/target.h"

static const char *const columns[] = {"goal_id:code", "goal:f64",  "start:date",  "deadline:date",
                                      "as_of:date",   "done:i64",  "private:i64", "employers:i64",
                                      "people:i64",   "ended:i64", "day:date",    "changed_on:date"};
enum { N_COLUMNS = FM_COUNT(columns) };

static fm_table *frame_of(const char *const *cells, size_t n_rows)
{
  return fm_test_table(columns, N_COLUMNS, cells, n_rows);
}

static fm_table *track(const char *const *cells, size_t n_rows, const fm_target_track_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = frame_of(cells, n_rows), *out = NULL;
  fm_assert_ok(fm_target_track(&out, frame, spec, NULL, &err), &err);
  fm_table_destroy(frame);
  return out;
}

/* The row of a quantity without month, under a scenario ("": none) or in a month. */
static size_t row_of(const fm_table *t, const char *goal, const char *quantity, const char *scenario, int32_t month)
{
  size_t s = (size_t)fm_table_column_index(t, "scenario"), m = (size_t)fm_table_column_index(t, "month");
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    const char *own = fm_table_text(t, s, i, NULL);
    int32_t of = fm_table_is_null(t, m, i) ? FM_NO_DATE : fm_table_i32(t, m)[i];
    if (strcmp(fm_test_text(t, "goal_id", i), goal) == 0 && strcmp(fm_test_text(t, "quantity", i), quantity) == 0 &&
        strcmp(own == NULL ? "" : own, scenario) == 0 && of == month)
      return i;
  }
  ck_abort_msg("no %s of %s, scenario \"%s\"", quantity, goal, scenario);
  return 0;
}

static double value(const fm_table *t, const char *goal, const char *quantity, const char *column)
{
  return fm_test_number(t, column, row_of(t, goal, quantity, "", FM_NO_DATE));
}

static const char *state(const fm_table *t, const char *goal, const char *quantity)
{
  return fm_test_text(t, "state", row_of(t, goal, quantity, "", FM_NO_DATE));
}

static fm_target_track_spec as_of(int32_t year, int32_t month, int32_t day)
{
  fm_target_track_spec s = FM_TARGET_TRACK_SPEC_INIT;
  s.as_of = fm_date_from_ymd(year, month, day);
  return s;
}

static double expected(const char *name, const char *quantity)
{
  fm_oracle *o = fm_oracle_open("target/targets.csv");
  double v = NAN;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
    if (strcmp(fm_oracle_text(o, i, "case"), name) == 0 && strcmp(fm_oracle_text(o, i, "quantity"), quantity) == 0)
      v = fm_oracle_number(o, i, "value");
  fm_oracle_close(o);
  ck_assert_msg(!isnan(v), "no %s of %s", quantity, name);
  return v;
}

/* ---- one goal, day by day ---- */

/* 50 starts of which 39 private, seen up to and not including as-of: with 1 April 90 days have passed, with 2 April 91
 * (reference: impact.md, example 1; denmark.md, example B). */
static const char *const fredericia[] = {
    "new", "164", "2019-01-01", "2019-12-31", "", "39", "39", "", "39", "5", "2019-02-01", "",
    "new", "164", "2019-01-01", "2019-12-31", "", "11", "0",  "", "11", "0", "2019-03-31", ""};

START_TEST(as_of_is_not_included)
{
  static const struct {
    const char *name;
    int day;
  } cases[] = {{"ex1_day_exclusive", 1}, {"ex1_day_inclusive", 2}};
  static const char *const same[][2] = {{"remaining", "remaining"},
                                        {"share_of_goal", "share_of_goal"},
                                        {"share_of_time", "share_of_time"},
                                        {"pace_index", "pace_index"},
                                        {"plan_to_date", "plan"},
                                        {"ahead_of_plan", "ahead_of_plan"},
                                        {"run_rate", "run_rate"},
                                        {"required_rate", "required_rate"},
                                        {"projected_total", "projection"},
                                        {"time_ahead", "days_ahead"},
                                        {"required_over_run", "required_over_run"},
                                        {"p_meet_gamma_poisson", "probability"},
                                        {"pred_median_total", "median_total"},
                                        {"projected_finish_time", "finish_days"},
                                        {"p_meet_poisson_plugin", "known_pace_probability"}};
  for (int c = 0; c < 2; c++) {
    fm_target_track_spec s = as_of(2019, 4, cases[c].day);
    s.level = 0.9;
    fm_table *t = track(fredericia, 2, &s);
    for (int k = 0; k < FM_COUNT(same); k++)
      fm_assert_close(same[k][0], value(t, "new", same[k][1], "value"), expected(cases[c].name, same[k][0]), 1e-10, 0);
    const char *const limits[][3] = {
        {"pred90_lo_total", "projection", "ci_low"},          {"pred90_hi_total", "projection", "ci_high"},
        {"poisson90_lo_total", "known_pace_total", "ci_low"}, {"poisson90_hi_total", "known_pace_total", "ci_high"},
        {"conditional90_lo_total", "exact_total", "ci_low"},  {"conditional90_hi_total", "exact_total", "ci_high"}};
    for (int k = 0; k < FM_COUNT(limits); k++)
      fm_assert_close(limits[k][0], value(t, "new", limits[k][1], limits[k][2]), expected(cases[c].name, limits[k][0]),
                      0, 0);
    ck_assert_str_eq(state(t, "new", "earlier_dispersion"), "not_given"); /* Poisson is assumed */
    fm_assert_close("no earlier years", value(t, "new", "earlier_years", "value"), 0, 0, 0);
    fm_assert_close("prior", value(t, "new", "prior_shape", "value"), 0.5, 0, 0);
    ck_assert_str_eq(fm_test_text(t, "definition", 0), "gamma_poisson_constant_pace");
    fm_assert_close("people", value(t, "new", "done", "people"), 50, 0, 0);
    fm_table_destroy(t);
  }
}
END_TEST

/* Of the next 114 at least 80 per cent private: 92. At this pace 39 / 90 * 365 = 158.2 by the end of the year. */
START_TEST(private_share)
{
  fm_target_track_spec s = as_of(2019, 4, 1);
  s.private_share = 0.8;
  fm_table *t = track(fredericia, 2, &s);
  fm_assert_close("share", value(t, "new", "private_share", "value"), expected("ex1_private", "share"), 1e-12, 0);
  fm_assert_close("Wilson", value(t, "new", "private_share", "ci_low"), expected("ex1_private", "wilson95_lo"), 1e-10,
                  0);
  fm_assert_close("Wilson", value(t, "new", "private_share", "ci_high"), expected("ex1_private", "wilson95_hi"), 1e-10,
                  0);
  fm_assert_close("at this pace", value(t, "new", "private_total", "value"),
                  expected("ex1_private", "projected_private_total_run_rate"), 1e-12, 0);
  fm_assert_close("chance", value(t, "new", "private_probability", "value"),
                  expected("ex1_private", "beta_binomial_p_at_least_80pct_of_next_114"), 1e-10, 0);
  fm_assert_close("rest", value(t, "new", "private_rest", "value"), 114 * 39.5 / 51, 1e-12, 0);
  ck_assert(value(t, "new", "private_rest", "ci_low") < 88 && value(t, "new", "private_rest", "ci_high") > 89);
  fm_table_destroy(t);
  const char *const unknown[] = {"new", "10", "2019-01-01", "2019-12-31", "", "3", "", "", "", "", "", ""};
  t = track(unknown, 1, &s);
  ck_assert_str_eq(state(t, "new", "private_probability"), "not_given");
  ck_assert_str_eq(state(t, "new", "private_share"), "not_given");
  fm_table_destroy(t);
  const char *const met[] = {"new", "3", "2019-01-01", "2019-12-31", "", "3", "2", "", "", "", "", ""};
  t = track(met, 1, &s);
  fm_assert_close("nothing remains", value(t, "new", "private_rest", "value"), 0, 0, 0);
  ck_assert_str_eq(state(t, "new", "private_probability"), "undefined");
  fm_table_destroy(t);
}
END_TEST

/* Five of the 50 have ended: 45 net, 119 to go. */
START_TEST(net_of_ended)
{
  fm_target_track_spec s = as_of(2019, 4, 1);
  s.net = 1;
  fm_table *t = track(fredericia, 2, &s);
  fm_assert_close("ended", value(t, "new", "ended", "value"), 5, 0, 0);
  fm_assert_close("net", value(t, "new", "done_net", "value"), 45, 0, 0);
  fm_assert_close("to go", value(t, "new", "remaining_net", "value"), 119, 0, 0);
  fm_assert_close("share", value(t, "new", "share_of_goal_net", "value"), 45 / 164.0, 1e-15, 0);
  fm_table_destroy(t);
  /* What is known of a part says nothing of the net figure. */
  const char *const partly[] = {"new", "9", "2019-01-01", "2019-12-31", "", "1", "", "1", "1", "1", "", "",
                                "new", "9", "2019-01-01", "2019-12-31", "", "1", "", "",  "",  "",  "", ""};
  t = track(partly, 2, &s);
  fm_assert_close("ended", value(t, "new", "ended", "value"), 1, 0, 0);
  fm_assert_close("known of", value(t, "new", "ended", "n"), 1, 0, 0);
  ck_assert_str_eq(state(t, "new", "done_net"), "not_given");
  ck_assert_str_eq(state(t, "new", "share_of_goal_net"), "not_given");
  fm_assert_close("employers", value(t, "new", "employers", "value"), 1, 0, 0);
  size_t done = row_of(t, "new", "done", "", FM_NO_DATE);
  ck_assert(fm_table_is_null(t, (size_t)fm_table_column_index(t, "people"), done));
  fm_table_destroy(t);
}
END_TEST

/* ---- changed goals ---- */

START_TEST(raised)
{
  /* 100 in the year, raised to 164 on 1 July and, on as-of, to 200: that is not known yet. */
  const char *const cells[] = {
      "g", "164", "2019-01-01", "2019-12-31", "", "70", "", "", "", "", "2019-03-01", "2019-07-01", /**/
      "g", "200", "2019-01-01", "2019-12-31", "", "0",  "", "", "", "", "",           "2019-11-01", /**/
      "g", "100", "2019-01-01", "2019-12-31", "", "0",  "", "", "", "", "",           ""};
  fm_target_track_spec s = as_of(2019, 11, 1);
  fm_table *t = track(cells, 3, &s);
  double first = 100 * 181 / 365.0;
  fm_assert_close("goal", value(t, "g", "goal", "value"), 164, 0, 0);
  fm_assert_close("at first", value(t, "g", "goal_first", "value"), 100, 0, 0);
  fm_assert_close("changed", value(t, "g", "changed_on", "value"), fm_date_from_ymd(2019, 7, 1), 0, 0);
  fm_assert_close("plan", value(t, "g", "plan", "value"), first + (164 - first) * 123 / 184, 1e-13, 0);
  fm_assert_close("remaining", value(t, "g", "remaining", "value"), 94, 0, 0);
  fm_table_destroy(t);
  s = as_of(2019, 7, 1);
  t = track(cells, 3, &s);
  fm_assert_close("before the change", value(t, "g", "goal", "value"), 100, 0, 0);
  fm_table_destroy(t);
}
END_TEST

/* ---- earlier years ---- */

static const int monthly[3][12] = {{11, 9, 12, 10, 8, 7, 2, 9, 14, 13, 9, 4},
                                   {9, 10, 13, 8, 9, 8, 3, 10, 15, 12, 10, 5},
                                   {8, 7, 9, 8, 6, 0, 0, 0, 0, 0, 0, 0}};
static char texts[36][2][16];
static const char *seasonal[36 * N_COLUMNS];

/* Goal 120 in 2019, 38 by the end of May, and the months of 2017 and 2018. */
static size_t put_seasonal(void)
{
  for (int i = 0; i < 29; i++) {
    snprintf(texts[i][0], sizeof texts[i][0], "%d", monthly[i / 12][i % 12]);
    snprintf(texts[i][1], sizeof texts[i][1], "%04d-%02d-01", 2017 + i / 12, i % 12 + 1);
    const char *row[N_COLUMNS] = {"g", "120", "2019-01-01", "2019-12-31", "",          texts[i][0],
                                  "",  "",    texts[i][0],  "",           texts[i][1], ""};
    memcpy(seasonal + (size_t)i * N_COLUMNS, row, sizeof row);
  }
  return 29;
}

START_TEST(season_known)
{
  size_t n = put_seasonal();
  fm_target_track_spec s = as_of(2019, 6, 1);
  s.level = 0.9;
  s.season = FM_TARGET_SEASON_KNOWN;
  fm_table *t = track(seasonal, n, &s);
  static const char *const same[][2] = {{"share_of_goal", "share_of_goal"},
                                        {"cumulative_share_to_date", "share_of_season"},
                                        {"pace_index", "pace_index"},
                                        {"plan_to_date", "plan"},
                                        {"ahead_of_plan", "ahead_of_plan"},
                                        {"projected_total", "projection"},
                                        {"p_meet_gamma_poisson", "probability"},
                                        {"required_over_run", "required_over_run"},
                                        {"pred_median_total", "median_total"},
                                        {"p_meet_poisson_plugin", "known_pace_probability"}};
  for (int k = 0; k < FM_COUNT(same); k++)
    fm_assert_close(same[k][0], value(t, "g", same[k][1], "value"), expected("ex2_seasonal", same[k][0]), 1e-10, 0);
  fm_assert_close("a year's rate", 365 * value(t, "g", "run_rate", "value"), expected("ex2_seasonal", "run_rate"),
                  1e-12, 0);
  fm_assert_close("required", 365 * value(t, "g", "required_rate", "value"), expected("ex2_seasonal", "required_rate"),
                  1e-12, 0);
  fm_assert_close("sd", value(t, "g", "projection", "std_error"), expected("ex2_seasonal", "pred_sd"), 1e-10, 0);
  fm_assert_close("low", value(t, "g", "projection", "ci_low"), expected("ex2_seasonal", "pred90_lo_total"), 0, 0);
  fm_assert_close("high", value(t, "g", "projection", "ci_high"), expected("ex2_seasonal", "pred90_hi_total"), 0, 0);
  fm_assert_close("phi", value(t, "g", "earlier_dispersion", "value"), expected("ex2_dispersion", "phi_previous"),
                  1e-12, 0);
  fm_assert_close("phi now", value(t, "g", "dispersion_now", "value"), expected("ex2_dispersion", "phi_current"), 1e-12,
                  0);
  fm_assert_close("normal", value(t, "g", "normal_probability", "value"),
                  expected("ex2_dispersion", "p_meet_normal_cc"), 1e-10, 0);
  fm_assert_close("normal sd", value(t, "g", "normal_total", "std_error"), expected("ex2_dispersion", "normal_pred_sd"),
                  1e-12, 0);
  fm_assert_close("normal mean", value(t, "g", "normal_total", "value"),
                  expected("ex2_dispersion", "normal_pred_mean_total"), 1e-12, 0);
  /* The finish is the same share of the year after next: 1.421 years of the season are past then, in June 2020. */
  double days = value(t, "g", "finish_days", "value");
  double share = expected("ex2_seasonal", "projected_finish_time") - 1;
  ck_assert(share > 0.374 && share < 0.45); /* after April and before the end of May */
  ck_assert(days > 365 + 121 && days < 365 + 152);
  ck_assert_str_eq(fm_test_text(t, "definition", 0), "gamma_poisson_seasonal_pace");
  fm_assert_close("earlier", value(t, "g", "earlier_starts", "value"), 220, 0, 0);
  fm_assert_close("since", value(t, "g", "earlier_starts", "period_start"), fm_date_from_ymd(2017, 1, 1), 0, 0);
  fm_table_destroy(t);
}
END_TEST

START_TEST(season_uncertain)
{
  size_t n = put_seasonal();
  fm_target_track_spec s = as_of(2019, 6, 1), known = s, days = s;
  known.season = FM_TARGET_SEASON_KNOWN;
  days.season = FM_TARGET_DAYS;
  fm_table *t = track(seasonal, n, &s), *k = track(seasonal, n, &known), *d = track(seasonal, n, &days);
  /* beta(99, 121) of 220 earlier starts, 99 by the end of May: (38.5) 121 / 98 to come. */
  fm_assert_close("mean", value(t, "g", "expected_total", "value"), 38 + 38.5 * 121 / 98, 1e-12, 0);
  ck_assert(value(t, "g", "projection", "std_error") > value(k, "g", "projection", "std_error"));
  ck_assert(value(t, "g", "probability", "value") > value(k, "g", "probability", "value"));
  fm_assert_close("flat", value(d, "g", "plan", "value"), 120 * 151 / 365.0, 1e-13, 0);
  fm_table_destroy(k);
  fm_table_destroy(d);
  fm_table_destroy(t);
  /* In the middle of a month the share's own spread lies between those of its ends. */
  s = as_of(2019, 6, 16);
  t = track(seasonal, n, &s);
  ck_assert(value(t, "g", "share_of_season", "value") > 0.45);
  ck_assert_str_eq(state(t, "g", "projection"), "ok");
  fm_table_destroy(t);
  /* Earlier years as the prior, worth a quarter of one: 110 / 4 starts in 365 / 4 days. */
  s = as_of(2019, 6, 1);
  s.prior_years = 0.25;
  t = track(seasonal, n, &s);
  fm_assert_close("prior", value(t, "g", "prior_shape", "value"), 27.5, 1e-14, 0);
  fm_assert_close("its days", value(t, "g", "prior_days", "value"), 91.25, 1e-12, 0);
  fm_table_destroy(t);
  s.season = FM_TARGET_DAYS;
  t = track(seasonal, n, &s);
  fm_assert_close("its days", value(t, "g", "prior_days", "value"), 91.25, 1e-12, 0);
  fm_table_destroy(t);
}
END_TEST

/* Two years of which one has all its starts in January and one in July vary far more than chance does. */
START_TEST(dispersed)
{
  const char *const cells[] = {"g", "50", "2019-01-01", "2019-12-31", "", "20", "", "", "", "", "2017-01-10", "",
                               "g", "50", "2019-01-01", "2019-12-31", "", "20", "", "", "", "", "2018-07-10", "",
                               "g", "50", "2019-01-01", "2019-12-31", "", "9",  "", "", "", "", "2019-01-10", ""};
  fm_target_track_spec s = as_of(2019, 3, 1), chance = s;
  chance.dispersion = 0;
  fm_table *t = track(cells, 3, &s), *c = track(cells, 3, &chance);
  /* Expected 10 a month: (10^2 / 10) * 4 = 40 with one degree of freedom. */
  fm_assert_close("phi", value(t, "g", "earlier_dispersion", "value"), 40, 1e-12, 0);
  ck_assert_str_eq(fm_test_text(t, "definition", 0), "negative_binomial_seasonal_pace");
  ck_assert(value(t, "g", "projection", "std_error") > 2 * value(c, "g", "projection", "std_error"));
  fm_assert_close("the same", value(t, "g", "projection", "value"), value(c, "g", "projection", "value"), 1e-12, 0);
  fm_table_destroy(t);
  fm_table_destroy(c);
  /* A goal in months that had no starts goes by days. */
  const char *const other[] = {"g", "5", "2019-02-01", "2019-03-31", "", "20", "", "", "", "", "2018-07-10", "",
                               "g", "5", "2019-02-01", "2019-03-31", "", "1",  "", "", "", "", "2019-02-10", ""};
  t = track(other, 2, &s);
  ck_assert_str_eq(fm_test_text(t, "definition", 0), "gamma_poisson_constant_pace");
  fm_table_destroy(t);
}
END_TEST

/* ---- months ---- */

static double month_value(const fm_table *t, const char *quantity, int32_t month, const char **state_text)
{
  size_t row = row_of(t, "g", quantity, "", fm_date_from_ymd(2019, month, 1));
  *state_text = fm_test_text(t, "state", row);
  return fm_test_number(t, "value", row);
}

START_TEST(months)
{
  size_t n = put_seasonal();
  const char *told;
  fm_target_track_spec s = as_of(2019, 5, 16);
  s.months = 1;
  fm_table *t = track(seasonal, n, &s);
  fm_assert_close("March", month_value(t, "month_done", 3, &told), 9, 0, 0);
  ck_assert_str_eq(told, "ok");
  fm_assert_close("plan", month_value(t, "month_plan", 3, &told), 120 * 25 / 220.0, 1e-12, 0);
  fm_assert_close("last year", month_value(t, "month_last_year", 3, &told), 13, 0, 0);
  fm_assert_close("fewer", month_value(t, "month_change", 3, &told), -4, 0, 0);
  fm_assert_close("share", month_value(t, "month_share", 3, &told), 25 / 220.0, 1e-12, 0);
  fm_assert_close("May so far", month_value(t, "month_done", 5, &told), 6, 0, 0);
  ck_assert_str_eq(told, "preliminary");
  month_value(t, "month_change", 5, &told);
  ck_assert_str_eq(told, "censored");
  month_value(t, "month_done", 4, &told);
  ck_assert_str_eq(told, "ok");
  fm_table_destroy(t);
  s = as_of(2019, 6, 1); /* May is whole and late registrations may still come */
  s.months = 1;
  s.late_months = 2;
  t = track(seasonal, n, &s);
  month_value(t, "month_done", 4, &told);
  ck_assert_str_eq(told, "preliminary");
  fm_assert_close("fewer", month_value(t, "month_change", 5, &told), -3, 0, 0);
  ck_assert_str_eq(told, "preliminary");
  fm_table_destroy(t);
}
END_TEST

/* Cumulative counts tell the months that both ends are known of; without them a month is not given. */
START_TEST(months_of_counts)
{
  const char *const cells[] = {"g", "120", "2018-07-01", "2019-12-31", "2018-08-01", "4",  "", "", "", "", "", "", /**/
                               "g", "120", "2018-07-01", "2019-12-31", "2019-07-01", "40", "", "", "", "", "", "", /**/
                               "g", "120", "2018-07-01", "2019-12-31", "2019-08-01", "47", "", "", "", "", "", "", /**/
                               "g", "120", "2018-07-01", "2019-12-31", "2019-08-15", "47", "", "", "", "", "", ""};
  const char *told;
  fm_target_track_spec s = FM_TARGET_TRACK_SPEC_INIT;
  s.months = 1;
  fm_table *t = track(cells, 4, &s);
  fm_assert_close("July", month_value(t, "month_done", 7, &told), 7, 0, 0);
  fm_assert_close("a year before, of the same goal", month_value(t, "month_last_year", 7, &told), 4, 0, 0);
  fm_assert_close("more", month_value(t, "month_change", 7, &told), 3, 0, 0);
  fm_assert_close("August", month_value(t, "month_done", 8, &told), 0, 0, 0);
  month_value(t, "month_done", 6, &told);
  ck_assert_str_eq(told, "not_given");
  month_value(t, "month_last_year", 8, &told);
  ck_assert_str_eq(told, "not_given");
  fm_table_destroy(t);
}
END_TEST

/* ---- scenarios ---- */

START_TEST(scenario_rows)
{
  fm_target_track_spec s = as_of(2019, 4, 1);
  s.scenarios = "task_force@2019-08-01*1.5,none@2019-08-01*1";
  fm_table *t = track(fredericia, 2, &s);
  size_t column = (size_t)fm_table_column_index(t, "value");
  const double *v = fm_table_f64(t, column);
  fm_assert_close("faster", v[row_of(t, "new", "projection", "task_force", FM_NO_DATE)],
                  50 + 50 / 90.0 * (122 + 1.5 * 153), 1e-12, 0);
  fm_assert_close("unchanged", v[row_of(t, "new", "projection", "none", FM_NO_DATE)],
                  value(t, "new", "projection", "value"), 1e-12, 0);
  ck_assert(v[row_of(t, "new", "probability", "task_force", FM_NO_DATE)] > value(t, "new", "probability", "value"));
  ck_assert(v[row_of(t, "new", "finish_date", "task_force", FM_NO_DATE)] < value(t, "new", "finish_date", "value"));
  fm_table_destroy(t);
}
END_TEST

/* ---- state ---- */

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  return fm_target_track_tally(out, ctx, err);
}

static const struct bad {
  const char *label, *cells[N_COLUMNS], *column, *message;
} bad[] = {
    {"change before the start",
     {"a", "5", "2019-01-01", "2019-12-31", "", "1", "", "", "", "", "", "2018-12-31"},
     "changed_on",
     "from the start to the deadline"},
    {"change after the deadline",
     {"a", "5", "2019-01-01", "2019-12-31", "", "1", "", "", "", "", "", "2020-01-01"},
     "changed_on",
     "from the start to the deadline"},
    {"day after the deadline",
     {"a", "5", "2019-01-01", "2019-12-31", "", "1", "", "", "", "", "2020-01-01", ""},
     "day",
     "not after the deadline"},
    {"more ended", {"a", "5", "2019-01-01", "2019-12-31", "", "1", "", "", "", "2", "", ""}, "ended", "from 0 to done"},
    {"more employers",
     {"a", "5", "2019-01-01", "2019-12-31", "2019-05-01", "1", "", "2", "", "", "", ""},
     "employers",
     "from 0 to done"},
    {"more people",
     {"a", "5", "2019-01-01", "2019-12-31", "2019-05-01", "1", "", "", "2", "", "", ""},
     "people",
     "from 0 to done"},
    {"negative people",
     {"a", "5", "2019-01-01", "2019-12-31", "", "1", "", "", "-2", "", "", ""},
     "people",
     "whole number from 0"},
    {"goal too large",
     {"a", "1e15", "2019-01-01", "2019-12-31", "", "1", "", "", "", "", "", ""},
     "goal",
     "a number above 0"},
};

START_TEST(bad_rows)
{
  const struct bad *b = &bad[_i];
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = frame_of(b->cells, 1), *out;
  fm_target_track_spec spec = as_of(2019, 5, 1);
  ck_assert_msg(fm_target_track(&out, frame, &spec, NULL, &err) == FM_ERR_VALUE, "%s", b->label);
  ck_assert_ptr_null(out);
  ck_assert_msg(strstr(err.message, b->message) != NULL, "%s: %s", b->label, err.message);
  ck_assert_msg(strcmp(err.column, b->column) == 0, "%s: column %s", b->label, err.column);
  fm_table_destroy(frame);
}
END_TEST

/* One count twice for one day, also when it says the same; another start of the same goal. */
START_TEST(twice)
{
  const char *const same[] = {"a", "5", "2019-01-01", "2019-12-31", "2019-02-01", "1", "", "", "", "", "", "",
                              "a", "5", "2019-01-01", "2019-12-31", "2019-02-01", "1", "", "", "", "", "", ""};
  const char *const starts[] = {"a", "5", "2019-01-01", "2019-12-31", "", "1", "", "", "", "", "", "",
                                "a", "6", "2019-02-01", "2019-12-31", "", "1", "", "", "", "", "", "2019-03-01"};
  fm_error err = FM_ERROR_INIT;
  fm_target_track_spec spec = as_of(2019, 5, 1);
  fm_table *frame = frame_of(same, 2), *out;
  ck_assert_int_eq(fm_target_track(&out, frame, &spec, NULL, &err), FM_ERR_VALUE);
  ck_assert_msg(strstr(err.message, "goal a has two counts for one day") != NULL, "%s", err.message);
  ck_assert_str_eq(err.column, "as_of");
  ck_assert_int_eq((int)err.row, 1);
  fm_table_destroy(frame);
  fm_error_clear(&err);
  frame = frame_of(starts, 2);
  ck_assert_int_eq(fm_target_track(&out, frame, &spec, NULL, &err), FM_ERR_VALUE);
  ck_assert_msg(strstr(err.message, "goal a has two different starts") != NULL, "%s", err.message);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(specs)
{
  const fm_target_track_spec good = FM_TARGET_TRACK_SPEC_INIT;
  fm_target_track_spec wrong[5] = {good, good, good, good, good};
  static const char *const messages[] = {"prior_years", "private_share", "season", "late_months", "scenarios"};
  fm_tally *t;
  wrong[0].prior_years = -1;
  wrong[1].private_share = 1.5;
  wrong[2].season = 3;
  wrong[3].late_months = 13;
  wrong[4].scenarios = "later";
  for (int k = 0; k < 5; k++) {
    fm_error err = FM_ERROR_INIT;
    ck_assert_int_eq(fm_target_track_tally(&t, &wrong[k], &err), FM_ERR_ARGUMENT);
    ck_assert_msg(strstr(err.message, messages[k]) != NULL, "%s", err.message);
  }
}
END_TEST

START_TEST(promises)
{
  size_t n = put_seasonal();
  fm_target_track_spec s = as_of(2019, 6, 1);
  s.months = s.net = 1;
  s.scenarios = "task_force@2019-08-01+3";
  const char *const changed[] = {"g", "100", "2019-01-01", "2019-12-31", "", "0", "", "", "", "", "", ""};
  memcpy(seasonal + n * N_COLUMNS, changed, sizeof changed);
  for (size_t i = 0; i < n; i++)
    seasonal[i * N_COLUMNS + 11] = "2019-03-01";
  fm_test_promises(&(fm_test_measure){create, &s, columns, N_COLUMNS, seasonal, n + 1});
}
END_TEST

int main(void)
{
  Suite *s = suite_create("target-result");
  TCase *t = tcase_create("result");
  tcase_add_test(t, as_of_is_not_included);
  tcase_add_test(t, private_share);
  tcase_add_test(t, net_of_ended);
  tcase_add_test(t, raised);
  tcase_add_test(t, season_known);
  tcase_add_test(t, season_uncertain);
  tcase_add_test(t, dispersed);
  tcase_add_test(t, months);
  tcase_add_test(t, months_of_counts);
  tcase_add_test(t, scenario_rows);
  tcase_add_test(t, promises);
  tcase_add_loop_test(t, bad_rows, 0, FM_COUNT(bad));
  tcase_add_test(t, twice);
  tcase_add_test(t, specs);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
