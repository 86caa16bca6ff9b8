/* Pay, injuries, accounts, discrimination, recruitment cost, registers: the one-line cases, limits, states. */
#include "lfs.h"

#include <math.h>
#include <string.h>

static fm_labour_spec spec_of(const char *indicators)
{
  fm_labour_spec spec = FM_LABOUR_SPEC_INIT;
  spec.indicators = indicators;
  spec.icls = 19;
  spec.hours_threshold = 35;
  return spec;
}

static fm_table *compute(const fm_table *frame, const fm_labour_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_labour(&t, frame, spec, NULL, &err), &err);
  return t;
}

static double figure(const fm_table *t, const char *quantity, const char *column)
{
  return fm_test_number(t, column, fm_test_row(t, "quantity", quantity, NULL, NULL, NULL, NULL));
}

/* The expected value of a one-line case. */
static double expected_of(const char *indicator, const char *inputs)
{
  fm_oracle *o = fm_oracle_open("labour/ratio_cases.csv");
  double value = NAN;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
    if (strcmp(fm_oracle_text(o, i, "indicator"), indicator) == 0 &&
        strstr(fm_oracle_text(o, i, "inputs"), inputs) != NULL)
      value = fm_oracle_number(o, i, "expected");
  fm_oracle_close(o);
  ck_assert(!isnan(value));
  return value;
}

/* ---- pay: men 100, 120, 140; women 90, 100, 110, one of them without earnings left out ---- */

START_TEST(pay_gap)
{
  static const char *const columns[] = {"sex:code", "hourly_earnings:f64", "w:f64"};
  static const char *const cells[] = {"M", "100", "1", "M", "120", "1", "M", "140", "1", "F", "90", "1",
                                      "F", "100", "1", "F", "110", "1", "F", "",    "1", "",  "50", "1"};
  fm_table *frame = fm_test_table(columns, 3, cells, 8);
  fm_labour_spec spec = spec_of("pay_gap");
  spec.icls = 0; /* pay does not depend on it */
  spec.weight = "w";
  spec.percent = 1;
  fm_table *t = compute(frame, &spec);
  fm_assert_close("gap", figure(t, "gap", "value"), expected_of("8.5.1", "male=100"), 1e-13, 0);
  fm_assert_close("men", figure(t, "reference", "value"), 120, 0, 0);
  fm_assert_close("women", figure(t, "compared", "value"), 100, 0, 0);
  fm_assert_close("dropped", figure(t, "compared", "dropped"), 2, 0, 0); /* no pay; no sex */
  fm_assert_close("n", figure(t, "gap", "n"), 6, 0, 0);
  ck_assert_str_eq(fm_test_text(t, "definition", 0), "gross_hourly");
  fm_table_destroy(t);
  spec.reference = "F"; /* the other way round: (100 - 120) / 100 */
  spec.compared = "M";
  t = compute(frame, &spec);
  fm_assert_close("gap", figure(t, "gap", "value"), -20, 1e-13, 0);
  fm_table_destroy(t);
  spec.compared = "X"; /* nobody */
  t = compute(frame, &spec);
  ck_assert(isnan(figure(t, "gap", "value")));
  ck_assert_str_eq(fm_test_text(t, "state", fm_test_row(t, "quantity", "gap", NULL, NULL, NULL, NULL)), "undefined");
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- injuries ---- */

START_TEST(injuries_from_totals)
{
  static const char *const columns[] = {"region:code", "fatal_injuries:i64", "non_fatal_injuries:i64",
                                        "workers:f64", "injuries:i64",       "hours_worked:f64"};
  static const char *const cells[] = {"n",     "1",   "400",      "50000", "400", "100000000", "s",    "2", "550",
                                      "70000", "550", "98000000", "w",     "0",   "",          "1000", "",  "0"};
  fm_table *frame = fm_test_table(columns, 6, cells, 3);
  fm_labour_spec spec = spec_of("fatal_injuries,non_fatal_injuries,injury_frequency");
  spec.totals = 1;
  spec.by = "region";
  spec.margins = 1;
  fm_table *t = compute(frame, &spec);
  static const char *const by[] = {"region"};
  static const char *const whole[] = {NULL}, *const west[] = {"w"};
  size_t fatal = fm_lfs_row(t, "labour.fatal_injuries", "frequency", whole, by, 1);
  size_t non_fatal = fm_lfs_row(t, "labour.non_fatal_injuries", "frequency", whole, by, 1);
  size_t hours = fm_lfs_row(t, "labour.injury_frequency", "frequency", whole, by, 1);
  fm_assert_close("fatal", fm_test_number(t, "value", fatal), 3 / 121000.0 * 1e5, 1e-14, 0);
  fm_assert_close("non-fatal", fm_test_number(t, "value", non_fatal), expected_of("8.8.1", "nonfatal=950"), 1e-12, 0);
  fm_assert_close("dropped", fm_test_number(t, "dropped", non_fatal), 1, 0, 0);
  fm_assert_close("hours", fm_test_number(t, "value", hours), expected_of("8.8.1-frequency", "cases"), 1e-10, 0);
  /* Exact limits of 3 cases: 0.6186721 and 8.767273. */
  fm_assert_close("low", fm_test_number(t, "ci_low", fatal), 0.6186721 / 1.21, 1e-6, 0);
  fm_assert_close("high", fm_test_number(t, "ci_high", fatal), 8.767273 / 1.21, 1e-6, 0);
  size_t none = fm_lfs_row(t, "labour.fatal_injuries", "frequency", west, by, 1);
  fm_assert_close("none", fm_test_number(t, "value", none), 0, 0, 0);
  fm_assert_close("none, low", fm_test_number(t, "ci_low", none), 0, 0, 0);
  fm_assert_close("none, high", fm_test_number(t, "ci_high", none), 3.688879454 / 1000 * 1e5, 1e-9, 0); /* -ln .025 */
  ck_assert_str_eq(fm_test_text(t, "state", fm_lfs_row(t, "labour.injury_frequency", "frequency", west, by, 1)),
                   "undefined");
  ck_assert_str_eq(fm_table_note(t, "std_error"), "poisson");
  fm_table_destroy(t);
  fm_table_destroy(frame);
  static const char *const one[] = {"", "3", "950", "120000", "950", "198000000"};
  frame = fm_test_table(columns, 6, one, 1);
  spec.by = NULL;
  t = compute(frame, &spec);
  fm_assert_close("fatal", fm_test_number(t, "value", 0), expected_of("8.8.1", "fatal=3;"), 1e-14, 0);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* Two cases among 4 workers of weights 1, 1, 2, 4; the one without an answer is left out. */
START_TEST(injuries_from_people)
{
  static const char *const columns[] = {"fatal_injuries:i64", "w:f64"};
  static const char *const cells[] = {"1", "1", "0", "1", "1", "2", "0", "4", "", "9"};
  fm_table *frame = fm_test_table(columns, 2, cells, 5);
  fm_labour_spec spec = spec_of("fatal_injuries");
  spec.weight = "w";
  fm_table *t = compute(frame, &spec);
  fm_assert_close("value", fm_test_number(t, "value", 0), 3 / 8.0 * 1e5, 1e-14, 0);
  fm_assert_close("n", fm_test_number(t, "n", 0), 4, 0, 0);
  fm_assert_close("dropped", fm_test_number(t, "dropped", 0), 1, 0, 0);
  ck_assert_str_eq(fm_test_text(t, "unit", 0), "per_100000");
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- recruitment ---- */

START_TEST(recruitment_cost)
{
  static const char *const columns[] = {"recruitment_cost:f64", "monthly_earnings:f64"};
  static const char *const cells[] = {"1000", "500", "300", "300", "10", "0"};
  fm_table *frame = fm_test_table(columns, 2, cells, 3);
  fm_labour_spec spec = spec_of("recruitment_cost");
  fm_table *t = compute(frame, &spec);
  fm_assert_close("mean", figure(t, "mean", "value"), expected_of("10.7.1", "cost="), 0, 0);
  fm_assert_close("median", figure(t, "median_ratio", "value"), 1.5, 0, 0); /* a hit: between 1 and 2 */
  fm_assert_close("4th quintile", figure(t, "fourth_quintile", "value"), 2, 0, 0);
  fm_assert_close("dropped", figure(t, "mean", "dropped"), 1, 0, 0); /* nothing earned */
  ck_assert(isnan(figure(t, "mean", "std_error")));
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* Ratios 1 to 9: the median is 5; the share at or below 5 is 5/9, its error sqrt(9/8 * sum (u - 0)^2) with u = (1[x <=
 * 5] - .5) / 9: sqrt(9/8 * 9 * .25 / 81) = .1768; with t(8) = 2.306 the shares .0923 and .9077 are ratios 1 and 9. */
START_TEST(woodruff_limits)
{
  static const char *const columns[] = {"recruitment_cost:f64", "monthly_earnings:f64"};
  static const char *const cells[] = {"1", "1", "2", "1", "3", "1", "4", "1", "5",
                                      "1", "6", "1", "7", "1", "8", "1", "9", "1"};
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_table *frame = fm_test_table(columns, 2, cells, 9);
  fm_labour_spec spec = spec_of("recruitment_cost");
  spec.design = &design;
  fm_table *t = compute(frame, &spec);
  fm_assert_close("median", figure(t, "median_ratio", "value"), 5, 0, 0);
  fm_assert_close("low", figure(t, "median_ratio", "ci_low"), 1, 0, 0);
  fm_assert_close("high", figure(t, "median_ratio", "ci_high"), 9, 0, 0);
  fm_assert_close("error", figure(t, "median_ratio", "std_error"), 8 / (2 * 2.306004135), 1e-8, 0);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- shares and registers ---- */

START_TEST(plain_shares)
{
  static const char *const columns[] = {"age:i64",        "account:code",  "discriminated:bool",
                                        "registered:f64", "activated:f64", "labour_force:f64"};
  static const char *const cells[] = {"15", "yes", "1", "40", "10", "1000", /**/ "14", "yes", "0", "60", "",  "1000",
                                      "40", "nej", "",  "0",  "5",  "500",  /**/ "50", "",    "0", "1",  "0", ""};
  static const struct {
    const char *indicator;
    double numerator, denominator, dropped;
  } expected[] = {{"account_share", 1, 2, 1},
                  {"discriminated_share", 1, 3, 1},
                  {"registered_unemployment_rate", 100, 2500, 1},
                  {"gross_unemployment_rate", 55, 1500, 2}};
  fm_table *frame = fm_test_table(columns, 6, cells, 4);
  for (int i = 0; i < FM_COUNT(expected); i++) {
    fm_labour_spec spec = spec_of(expected[i].indicator);
    spec.icls = 0;
    fm_table *t = compute(frame, &spec);
    fm_assert_close("numerator", fm_test_number(t, "numerator", 0), expected[i].numerator, 0, 0);
    fm_assert_close("denominator", fm_test_number(t, "denominator", 0), expected[i].denominator, 0, 0);
    fm_assert_close("dropped", fm_test_number(t, "dropped", 0), expected[i].dropped, 0, 0);
    fm_assert_close("value", fm_test_number(t, "value", 0), expected[i].numerator / expected[i].denominator, 1e-15, 0);
    fm_table_destroy(t);
  }
  fm_table_destroy(frame);
}
END_TEST

/* An employee whose insurance is not known, with both kinds of leave, with one, and one who is insured. */
START_TEST(unknown_insurance)
{
  static const char *const columns[] = {
      "age:i64",         "ls:code",        "status:code", "sector_registered:code", "social_insurance:code",
      "paid_leave:code", "sick_leave:code"};
  static const char *const cells[] = {"30", "employed", "employee", "", "",    "yes", "yes", /**/
                                      "30", "employed", "employee", "", "",    "yes", "",    /**/
                                      "30", "employed", "employee", "", "yes", "no",  "no",  /**/
                                      "30", "employed", "",         "", "yes", "no",  "no"};
  static const struct {
    int32_t rule;
    double informal, n, dropped;
    const char *note;
  } expected[] = {{FM_LABOUR_INSURANCE_LEAVE, 1, 3, 1, "leave"},
                  {FM_LABOUR_INSURANCE_INFORMAL, 2, 3, 1, "informal"},
                  {FM_LABOUR_INSURANCE_FORMAL, 0, 3, 1, "formal"},
                  {FM_LABOUR_INSURANCE_DROP, 0, 1, 3, "drop"}};
  fm_table *frame = fm_test_table(columns, 7, cells, 4);
  for (int i = 0; i < FM_COUNT(expected); i++) {
    fm_labour_spec spec = spec_of("informal_share");
    spec.labour_status = "ls";
    spec.unknown_insurance = expected[i].rule;
    fm_table *t = compute(frame, &spec);
    fm_assert_close("informal", fm_test_number(t, "numerator", 0), expected[i].informal, 0, 0);
    fm_assert_close("n", fm_test_number(t, "n", 0), expected[i].n, 0, 0);
    fm_assert_close("dropped", fm_test_number(t, "dropped", 0), expected[i].dropped, 0, 0);
    ck_assert_str_eq(fm_table_note(t, "unknown_insurance"), expected[i].note);
    fm_table_destroy(t);
  }
  fm_table_destroy(frame);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("labour-others");
  TCase *c = tcase_create("others");
  tcase_add_test(c, pay_gap);
  tcase_add_test(c, injuries_from_totals);
  tcase_add_test(c, injuries_from_people);
  tcase_add_test(c, recruitment_cost);
  tcase_add_test(c, woodruff_limits);
  tcase_add_test(c, plain_shares);
  tcase_add_test(c, unknown_insurance);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
