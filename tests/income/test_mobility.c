/* income.mobility: transitions, ranks, the bottom, who left. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "income/periods.h"
#include "support/support.h"

/* The row of a quantity from one class to another (0: none) and of a covariate (NULL: none). */
static size_t find(const fm_table *t, const char *quantity, double from, double to, const char *parameter)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    const char *here = fm_test_text(t, "parameter", i);
    double a = fm_test_number(t, "from", i), b = fm_test_number(t, "to", i);
    if (strcmp(fm_test_text(t, "quantity", i), quantity) == 0 && (isnan(a) ? 0 : a) == from &&
        (isnan(b) ? 0 : b) == to && (here == NULL) == (parameter == NULL) &&
        (here == NULL || strcmp(here, parameter) == 0))
      return i;
  }
  ck_abort_msg("no %s", quantity);
  return 0;
}

static double value(const fm_table *t, const char *quantity, double from, double to)
{
  return fm_test_number(t, "value", find(t, quantity, from, to, NULL));
}

static fm_table *mobility_of(const fm_table *frame, const fm_income_mobility_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_income_mobility(&t, frame, spec, NULL, &err), &err);
  return t;
}

static const char *const groups[] = {"all", "union76", "women"};
START_TEST(wages)
{
  fm_table *frame = fm_psid_frame(groups[_i]), *t = mobility_of(frame, NULL);
  fm_oracle *o = fm_oracle_open("income/change.csv");
  int n = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    const char *quantity = fm_oracle_text(o, i, "quantity"), *parameter = fm_oracle_text(o, i, "parameter");
    double from = 0, to = 0, change = strcmp(quantity, "transition") == 0;
    if (strcmp(fm_oracle_text(o, i, "group"), groups[_i]) != 0 ||
        (change == 0 && strstr(quantity, "rank") == NULL && strncmp(quantity, "bottom", 6) != 0))
      continue; /* of income.incidence */
    if (parameter[0] != '\0')
      from = strtod(parameter, NULL);
    if (change != 0)
      to = strtod(strchr(parameter, ' '), NULL);
    fm_assert_close(quantity, value(t, quantity, from, to), fm_oracle_number(o, i, "value"), 1e-12, 1e-15);
    n++;
  }
  ck_assert_int_eq(n, 25 + 5 + 4);
  double stayed = 0;
  for (int k = 1; k <= 5; k++) {
    double row = 0, column = 0;
    for (int j = 1; j <= 5; j++) {
      row += value(t, "transition", k, j);
      column += value(t, "transition", j, k);
    }
    fm_assert_close("each class goes somewhere", row, 1, 1e-13, 0);
    fm_assert_close("each class comes from somewhere", column, 1, 1e-13, 0);
    stayed += value(t, "transition", k, k);
  }
  fm_assert_close("trace", value(t, "shorrocks", 0, 0), (5 - stayed) / 4, 1e-13, 0);
  fm_assert_close("everyone is matched", value(t, "matched_1", 0, 0), 1, 0, 0);
  ck_assert_str_eq(fm_test_text(t, "state", find(t, "leaver_difference", 0, 0, "income")), "empty");
  fm_oracle_close(o);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* Five people with incomes 1 to 5 and then 2, 1, 3, 5, 4; a sixth leaves, a seventh comes. Ranks .1 .3 .5 .7 .9 and .3
 * .1 .5 .9 .7: mean change of .2 of four of five; sum of squared rank differences 4: Spearman 1 - 6 * 4 / 120 = .8. The
 * bottom 40 per cent are the first two, who stay. In halves the middle one is split: the share in both lower halves is
 * (2 + 1/4) of 2.5. */
START_TEST(by_hand)
{
  static const char *const columns[] = {"income:f64", "period:f64", "person_id:code", "age:f64"};
  static const char *const cells[] = {
      "1", "0",  "a", "30", "2", "0",  "b", "40", "3", "0", "c", "",  "4", "0", "d", "50", "5", "0",
      "e", "20", "6", "0",  "f", "60", "2", "1",  "a", "",  "1", "1", "b", "",  "3", "1",  "c", "",
      "5", "1",  "d", "",   "4", "1",  "e", "",   "9", "1", "g", "",  "8", "1", "",  "",
  };
  fm_income_mobility_spec spec = FM_INCOME_MOBILITY_SPEC_INIT;
  fm_table *frame = fm_test_table(columns, 4, cells, 13), *t;
  spec.n_classes = 2;
  spec.covariates = "age";
  t = mobility_of(frame, &spec);
  fm_assert_close("transition", value(t, "transition", 1, 1), 2.25 / 2.5, 1e-15, 0);
  fm_assert_close("transition", value(t, "transition", 1, 2), 0.25 / 2.5, 1e-14, 0);
  fm_assert_close("rank change", value(t, "rank_change", 0, 0), 0.16, 1e-14, 0);
  fm_assert_close("correlation", value(t, "rank_correlation", 0, 0), 0.8, 1e-14, 0);
  fm_assert_close("stayed", value(t, "bottom_stayed", 0, 0), 1, 1e-15, 0);
  fm_assert_close("left", value(t, "bottom_left", 0, 0), 0, 0, 1e-15);
  fm_assert_close("entered", value(t, "bottom_entered", 0, 0), 0, 0, 1e-15);
  fm_assert_close("matched", value(t, "matched_0", 0, 0), 5.0 / 6, 1e-15, 0);
  fm_assert_close("matched", value(t, "matched_weight_1", 0, 0), 5.0 / 6, 1e-15, 0);
  /* Six against the mean of 1 to 5 is 3, of variance 2, the leaver's 0: 3 over 1. Ages 60 against 30, 40, 50, 20. */
  fm_assert_close("income", fm_test_number(t, "value", find(t, "leaver_difference", 0, 0, "income")), 3, 1e-15, 0);
  fm_assert_close("income", fm_test_number(t, "value", find(t, "leaver_difference_standardised", 0, 0, "income")), 3,
                  1e-15, 0);
  fm_assert_close("age", fm_test_number(t, "value", find(t, "leaver_difference", 0, 0, "age")), 25, 1e-15, 0);
  ck_assert_str_eq(fm_table_note(t, "rows_without_person"), "1");
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- weights ---- */

/* The weight of the last row, or a factor on it, in place of the first weight; twice the weight is two people. */
START_TEST(weights)
{
  static const char *const columns[] = {"income:f64", "period:f64", "person_id:code",
                                        "weight:f64", "panel:f64",  "factor:f64"};
  static const char *const one[] = {
      "1", "0", "a", "2", "",  "",  "2", "0", "b", "1", "",  "",  "3", "0", "c", "1",
      "",  "",  "4", "0", "d", "4", "",  "",  "3", "1", "a", "9", "4", "2", "1", "1",
      "b", "9", "1", "1", "2", "1", "c", "9", "3", "3", "4", "1", "d", "9", "2", "0.5",
  };
  static const char *const two[] = {
      "1",  "0", "a1", "1", "",   "",  "1", "0", "a2", "1", "",   "",  "1",  "0", "a3", "1", "",   "",  "1",  "0",
      "a4", "1", "",   "",  "2",  "0", "b", "1", "",   "",  "3",  "0", "c1", "1", "",   "",  "3",  "0", "c2", "1",
      "",   "",  "3",  "0", "c3", "1", "",  "",  "4",  "0", "d1", "1", "",   "",  "4",  "0", "d2", "1", "",   "",
      "3",  "1", "a1", "",  "",   "",  "3", "1", "a2", "",  "",   "",  "3",  "1", "a3", "",  "",   "",  "3",  "1",
      "a4", "",  "",   "",  "1",  "1", "b", "",  "",   "",  "2",  "1", "c1", "",  "",   "",  "2",  "1", "c2", "",
      "",   "",  "2",  "1", "c3", "",  "",  "",  "4",  "1", "d1", "",  "",   "",  "4",  "1", "d2", "",  "",   "",
  };
  fm_income_mobility_spec spec = FM_INCOME_MOBILITY_SPEC_INIT;
  fm_table *frame = fm_test_table(columns, 6, one, 8), *many = fm_test_table(columns, 6, two, 20);
  fm_table *single = mobility_of(many, &spec);
  spec.weight = "weight";
  spec.longitudinal = "panel";
  fm_table *panel = mobility_of(frame, &spec);
  spec.longitudinal = NULL;
  spec.attrition = "factor";
  fm_table *factor = mobility_of(frame, &spec);
  for (size_t i = 0; i < 25 + 5 + 6; i++) {
    double expected = fm_test_number(single, "value", i);
    fm_assert_close("longitudinal", fm_test_number(panel, "value", i), expected, 1e-13, 1e-15);
    fm_assert_close("attrition", fm_test_number(factor, "value", i), expected, 1e-13, 1e-15);
  }
  ck_assert_str_eq(fm_table_note(panel, "panel_weight"), "longitudinal weight");
  ck_assert_ptr_nonnull(strstr(fm_table_note(factor, "panel_weight"), "attrition"));
  fm_table_destroy(single);
  fm_table_destroy(panel);
  fm_table_destroy(factor);
  fm_table_destroy(frame);
  fm_table_destroy(many);
}
END_TEST

/* ---- errors ---- */

static fm_status compute(fm_table **out, const fm_table *frame, void *ctx, fm_error *err)
{
  return fm_income_mobility(out, frame, ctx, NULL, err);
}

/* What has no cut is smooth in the weights. Only rows of the first period are in the design. */
START_TEST(differences)
{
  fm_periods p;
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_income_mobility_spec spec = FM_INCOME_MOBILITY_SPEC_INIT;
  int32_t unit[FM_PERIOD_ROWS], stratum[FM_PERIOD_ROWS];
  fm_periods_make(&p);
  design.strata = "stratum";
  design.psu = "psu";
  spec.design = &design;
  spec.weight = "weight";
  spec.covariates = "age";
  for (size_t i = 0; i < p.n; i++) {
    unit[i] = p.period[i] > 2020 ? 35 : p.psu[i]; /* the last period: a unit of its own that has no influence */
    stratum[i] = p.period[i] > 2020 ? 3 : p.stratum[i];
  }
  fm_table *frame = fm_periods_frame(&p), *t = mobility_of(frame, &spec);
  size_t n;
  double *z = fm_periods_gradient(&n, &p, compute, &spec);
  ck_assert_int_eq(fm_periods_check(t, z, &p, unit, stratum, 36,
                                    "transition class_rank_change shorrocks bottom_stayed "
                                    "bottom_left bottom_entered"),
                   2 + 4);
  free(z);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* Classes with their cuts against people drawn anew. */
START_TEST(bootstrap)
{
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_income_mobility_spec spec = FM_INCOME_MOBILITY_SPEC_INIT;
  fm_table *frame = fm_psid_frame("all");
  spec.design = &design;
  spec.n_classes = 3;
  fm_table *taylor = mobility_of(frame, &spec);
  design.method = FM_SURVEY_BOOTSTRAP;
  design.n_replicates = 400;
  fm_table *drawn = mobility_of(frame, &spec);
  for (size_t i = 0; i < 9 + 3 + 6; i++)
    fm_assert_close(fm_test_text(taylor, "quantity", i), fm_test_number(taylor, "std_error", i),
                    fm_test_number(drawn, "std_error", i), 0.2, 0);
  fm_assert_close("people less one stratum", fm_test_number(taylor, "df", 0), 594, 0, 0);
  fm_table_destroy(taylor);
  fm_table_destroy(drawn);
  fm_table_destroy(frame);
}
END_TEST

/* ---- refusals ---- */

static const char *const columns[] = {"income:f64", "period:f64", "weight:f64", "person_id:code", "area:code"};
static const char *const cells[] = {
    "100.1", "2018", "3",    "a", "n", /**/
    "90.3",  "2018", "1.25", "b", "n", /**/
    "250.9", "2018", "2",    "c", "s", /**/
    "",      "2018", "1",    "d", "s", /**/
    "77.7",  "2018", "0.5",  "e", "n", /**/
    "410.6", "2018", "6",    "f", "n", /**/
    "300.3", "2018", "2.5",  "g", "s", /**/
    "120.7", "2022", "2",    "a", "n", /**/
    "280.1", "2022", "1.5",  "c", "s", /**/
    "290.2", "2022", "4",    "d", "s", /**/
    "90.3",  "2022", "0.5",  "e", "s", /**/
    "90.3",  "2022", "0.5",  "b", "n", /**/
    "500.5", "2022", "7",    "f", "n", /**/
    "310.1", "2022", "2.5",  "h", "s", /**/
};
enum { N_ROWS = 14 };

START_TEST(refused)
{
  fm_error err = FM_ERROR_INIT;
  fm_tally *t;
  static const struct {
    int32_t n_classes;
    double bottom;
    const char *person, *covariates, *expected;
  } cases[] = {{1, 0.4, "person_id", NULL, "n_classes"},
               {101, 0.4, "person_id", NULL, "n_classes"},
               {5, 1, "person_id", NULL, "bottom"},
               {5, NAN, "person_id", NULL, "bottom"},
               {5, 0.4, "", NULL, "person"},
               {5, 0.4, "person_id", "age,,sex", "covariates"}};
  for (int k = 0; k < FM_COUNT(cases); k++) {
    fm_income_mobility_spec spec;
    fm_income_mobility_spec_init(&spec, sizeof spec);
    spec.n_classes = cases[k].n_classes;
    spec.bottom = cases[k].bottom;
    spec.person = cases[k].person;
    spec.covariates = cases[k].covariates;
    fm_error_clear(&err);
    ck_assert_int_eq(fm_income_mobility_tally(&t, &spec, &err), FM_ERR_ARGUMENT);
    ck_assert_msg(strstr(err.message, cases[k].expected) != NULL, "%s", err.message);
  }
}
END_TEST

/* Two rows of one person, equal or not; the message does not say whose. */
START_TEST(doubled)
{
  static const char *const twice[] = {"1",      "0", "1", "secret", "",  "1",      "0", "1",
                                      "secret", "",  "2", "1",      "1", "secret", ""};
  static const char *const other[] = {"1",      "0", "1", "secret", "",  "2",      "1", "1",
                                      "secret", "",  "3", "1",      "1", "secret", ""};
  fm_error err = FM_ERROR_INIT;
  for (int k = 0; k < 2; k++) {
    fm_table *frame = fm_test_table(columns, 5, k == 0 ? twice : other, 3), *t;
    fm_error_clear(&err);
    ck_assert_int_eq(fm_income_mobility(&t, frame, NULL, NULL, &err), FM_ERR_VALUE);
    ck_assert_ptr_nonnull(strstr(err.message, k == 0 ? "first period" : "last period"));
    ck_assert_ptr_null(strstr(err.message, "secret"));
    fm_table_destroy(frame);
  }
}
END_TEST

START_TEST(without_panel_weight)
{
  fm_error err = FM_ERROR_INIT;
  fm_income_mobility_spec spec = FM_INCOME_MOBILITY_SPEC_INIT;
  static const char *const with[] = {"income:f64", "period:f64", "person_id:code", "panel:f64"};
  static const char *const rows[] = {"1", "0", "a", "1", "2", "1", "a", "", "1", "0", "b", "", "2", "1", "b", "1"};
  fm_table *frame = fm_test_table(with, 4, rows, 4), *t;
  spec.longitudinal = "panel";
  ck_assert_int_eq(fm_income_mobility(&t, frame, &spec, NULL, &err), FM_ERR_VALUE);
  ck_assert_ptr_nonnull(strstr(err.message, "longitudinal weight"));
  fm_table_destroy(frame);
}
END_TEST

/* ---- a tally ---- */

static fm_income_mobility_spec spec_of(int k)
{
  fm_income_mobility_spec spec = FM_INCOME_MOBILITY_SPEC_INIT;
  spec.n_classes = 2;
  if (k >= 1) {
    spec.weight = "weight";
    spec.by = "area";
    spec.covariates = "weight";
  }
  return spec;
}

static fm_tally *make(void *ctx)
{
  fm_tally *t;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_income_mobility_tally(&t, ctx, &err), &err);
  return t;
}

START_TEST(any_split)
{
  fm_income_mobility_spec spec = spec_of(_i);
  fm_test_tally(make, &spec, columns, 5, cells, N_ROWS);
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  return fm_income_mobility_tally(out, ctx, err);
}

START_TEST(allocations)
{
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_income_mobility_spec spec = spec_of(1 - _i);
  fm_table *frame = fm_test_table(columns, 5, cells, N_ROWS);
  spec.design = &design;
  design.method = _i == 1 ? FM_SURVEY_BOOTSTRAP : FM_SURVEY_TAYLOR;
  design.n_replicates = 2;
  ck_assert_int_gt(fm_periods_allocations(create, &spec, frame), 50);
  fm_table_destroy(frame);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income-mobility");
  TCase *t = tcase_create("mobility");
  tcase_set_timeout(t, 60);
  tcase_add_loop_test(t, wages, 0, FM_COUNT(groups));
  tcase_add_test(t, by_hand);
  tcase_add_test(t, weights);
  tcase_add_test(t, differences);
  tcase_add_test(t, bootstrap);
  tcase_add_test(t, refused);
  tcase_add_test(t, doubled);
  tcase_add_test(t, without_panel_weight);
  tcase_add_loop_test(t, any_split, 0, 2);
  tcase_add_loop_test(t, allocations, 0, 2);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
