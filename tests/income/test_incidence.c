/* income.incidence: curves, bands, poverty between two periods. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "income/periods.h"
#include "support/support.h"

/* The row of a quantity at a percentile (NaN: none) and parameter (NULL: none). */
static size_t find(const fm_table *t, const char *quantity, double percentile, const char *parameter)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    const char *here = fm_test_text(t, "parameter", i);
    if (strcmp(fm_test_text(t, "quantity", i), quantity) == 0 &&
        fm_close(fm_test_number(t, "percentile", i), percentile, 1e-14, 0) &&
        (here == NULL || parameter == NULL ? here == parameter : strcmp(here, parameter) == 0))
      return i;
  }
  ck_abort_msg("no %s", quantity);
  return 0;
}

static double value(const fm_table *t, const char *quantity, double percentile, const char *parameter)
{
  return fm_test_number(t, "value", find(t, quantity, percentile, parameter));
}

static fm_table *incidence_of(const fm_table *frame, const fm_income_incidence_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_income_incidence(&t, frame, spec, NULL, &err), &err);
  return t;
}

static fm_income_rules absolute(double line)
{
  fm_income_rules rules = FM_INCOME_RULES_INIT;
  rules.line_kind = FM_INCOME_LINE_ABSOLUTE;
  rules.line = line;
  return rules;
}

/* ---- oracles ---- */

START_TEST(golden)
{
  static const char *const from[] = {"period", "w", "income"}, *const to[] = {"period:f64", "w:f64", "income:f64"};
  fm_oracle *o = fm_oracle_open("income/synth.csv");
  size_t n = fm_oracle_n_rows(o);
  int checked = 0;
  const char **cells = calloc(n * 3, sizeof *cells);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < 3; k++)
      cells[i * 3 + k] = fm_oracle_text(o, i, from[k]);
  fm_table *frame = fm_test_table(to, 3, cells, n);
  fm_oracle_close(o);
  fm_income_incidence_spec spec = FM_INCOME_INCIDENCE_SPEC_INIT;
  spec.weight = "w";
  spec.curve_only = 1;
  fm_table *t = incidence_of(frame, &spec);
  o = fm_oracle_open("income/golden_synth.csv");
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    const char *measure = fm_oracle_text(o, i, "measure"), *param = fm_oracle_text(o, i, "param");
    bool slice = strcmp(measure, "gic_mean") == 0;
    if (!slice && strcmp(measure, "gic") != 0)
      continue;
    double at = strtod(slice ? strchr(param, '-') + 1 : param, NULL);
    size_t row = find(t, slice ? "slice_growth" : "quantile_growth", at, NULL);
    fm_assert_close(param, fm_test_number(t, "value", row), fm_oracle_number(o, i, "value"), 1e-11, 0);
    ck_assert(fm_test_number(t, "std_error", row) > 0);
    checked++;
  }
  ck_assert_int_eq(checked, 39);
  fm_oracle_close(o);
  fm_table_destroy(t);
  fm_table_destroy(frame);
  free(cells);
}
END_TEST

static fm_table *small_frame(const char *name, double years)
{
  static const char *const columns[] = {"income:f64", "period:f64", "weight:f64", "person_id:code"};
  fm_oracle *o = fm_oracle_open("income/gic_input.csv");
  const char *cells[4 * 40];
  char last[32];
  size_t n = 0;
  snprintf(last, sizeof last, "%g", years);
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    if (strcmp(fm_oracle_text(o, i, "case"), name) != 0)
      continue;
    cells[4 * n] = fm_oracle_text(o, i, "income");
    cells[4 * n + 1] = fm_oracle_number(o, i, "period") > 0 ? last : "0";
    cells[4 * n + 2] = fm_oracle_text(o, i, "weight");
    cells[4 * n++ + 3] = fm_oracle_text(o, i, "person");
  }
  fm_table *t = fm_test_table(columns, 4, cells, n);
  fm_oracle_close(o);
  return t;
}

START_TEST(constructed)
{
  static const char *const names[] = {"GIC1", "GIC2"};
  static const double years[] = {5, 3.5}, lines[] = {16, 12};
  fm_income_rules rules = absolute(lines[_i]);
  fm_income_incidence_spec spec = FM_INCOME_INCIDENCE_SPEC_INIT;
  fm_table *frame = small_frame(names[_i], years[_i]);
  spec.rules = &rules;
  spec.weight = "weight";
  spec.person = "person_id";
  fm_table *fine = incidence_of(frame, &spec);
  spec.n_points = 5;
  fm_table *coarse = incidence_of(frame, &spec);
  fm_oracle *o = fm_oracle_open("income/gic_expected.csv");
  int n = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    const char *measure = fm_oracle_text(o, i, "measure");
    double at = fm_oracle_number(o, i, "at"), got = NAN, per_cent = 100;
    if (strcmp(fm_oracle_text(o, i, "case"), names[_i]) != 0)
      continue;
    if (strcmp(measure, "quintile_mean_growth_pct") == 0)
      got = value(coarse, "slice_growth", at / 5, NULL);
    else if (strcmp(measure, "nonanonymous_quintile_growth_pct") == 0)
      got = value(coarse, "panel_slice_growth", at / 5, NULL);
    else if (strcmp(measure, "quantile_growth_pct") == 0)
      got = value(fine, "quantile_growth", at, NULL);
    else if (strcmp(measure, "total_growth_pct") == 0)
      got = value(fine, "mean_growth", NAN, NULL);
    else
      per_cent = 1;
    if (strcmp(measure, "watts0") == 0)
      got = value(fine, "poverty_0", NAN, "watts");
    else if (strcmp(measure, "watts1") == 0)
      got = value(fine, "poverty_1", NAN, "watts");
    else if (strcmp(measure, "headcount0") == 0)
      got = value(fine, "poverty_0", NAN, "fgt0");
    else if (strcmp(measure, "watts_change_per_poor_per_year") == 0)
      got = value(fine, "pro_poor_growth", NAN, NULL);
    if (strcmp(measure, "b40_growth_pct") == 0 || strcmp(measure, "premium_pp") == 0)
      continue; /* of income.change */
    fm_assert_close(measure, per_cent * got, fm_oracle_number(o, i, "expected"), 0, 6e-10);
    n++;
  }
  ck_assert_int_eq(n, _i == 0 ? 20 : 15);
  fm_oracle_close(o);
  fm_table_destroy(fine);
  fm_table_destroy(coarse);
  fm_table_destroy(frame);
}
END_TEST

static const char *const groups[] = {"all", "union76", "women"};
START_TEST(wages)
{
  fm_income_rules rules = absolute(500);
  fm_income_incidence_spec spec = FM_INCOME_INCIDENCE_SPEC_INIT;
  fm_table *frame = fm_psid_frame(groups[_i]);
  rules.quantile = FM_INCOME_QUANTILE_INTERP;
  spec.rules = &rules;
  spec.person = "person_id";
  spec.n_points = 10;
  fm_table *tenths = incidence_of(frame, &spec);
  spec.total = 1;
  fm_table *total = incidence_of(frame, &spec);
  spec.total = 0;
  spec.n_points = 5;
  fm_table *fifths = incidence_of(frame, &spec);
  fm_oracle *o = fm_oracle_open("income/change.csv");
  int n = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    const char *quantity = fm_oracle_text(o, i, "quantity"), *parameter = fm_oracle_text(o, i, "parameter");
    double at = strtod(parameter, NULL), expected = fm_oracle_number(o, i, "value"), got;
    if (strcmp(fm_oracle_text(o, i, "group"), groups[_i]) != 0 || strstr(quantity, "rank") != NULL ||
        strcmp(quantity, "transition") == 0 || strncmp(quantity, "bottom", 6) == 0)
      continue; /* of income.mobility */
    if (strcmp(quantity, "quantile_growth_total") == 0)
      got = value(total, "quantile_growth", at, NULL);
    else if (strcmp(quantity, "quantile_growth") == 0)
      got = value(tenths, quantity, at, NULL);
    else if (strstr(quantity, "slice") != NULL)
      got = value(fifths, quantity, at, NULL);
    else
      got = value(fifths, quantity, NAN, at == 0 && parameter[0] != '\0' ? parameter : NULL);
    fm_assert_close(quantity, got, expected, 1e-11, 1e-15);
    n++;
  }
  ck_assert_int_eq(n, 18 + 10 + 40 + 1);
  ck_assert_str_eq(fm_test_text(total, "unit", 0), "total");
  ck_assert_str_eq(fm_test_text(total, "definition", 0), "total");
  fm_oracle_close(o);
  fm_table_destroy(tenths);
  fm_table_destroy(total);
  fm_table_destroy(fifths);
  fm_table_destroy(frame);
}
END_TEST

/* Everyone gains a tenth: the curve is flat, all of the change is growth and the index is 1. The line is 15: the
 * incomes 10 and 12 have gaps of 5/15 and 3/15, then, at 11 and 13.2, 4/15 and 1.8/15: FGT 1 of four people 8/60,
 * then 5.8/60. */
START_TEST(by_hand)
{
  static const char *const columns[] = {"income:f64", "period:f64"};
  static const char *const cells[] = {"10", "0", "12",   "0", "20", "0", "40", "0",
                                      "11", "1", "13.2", "1", "22", "1", "44", "1"};
  fm_income_rules rules = absolute(15);
  fm_income_incidence_spec spec = FM_INCOME_INCIDENCE_SPEC_INIT;
  fm_table *frame = fm_test_table(columns, 2, cells, 8);
  spec.rules = &rules;
  spec.n_points = 4;
  fm_table *t = incidence_of(frame, &spec);
  for (int k = 1; k <= 4; k++)
    fm_assert_close("slice", value(t, "slice_growth", k / 4.0, NULL), 0.1, 1e-14, 0);
  fm_assert_close("first", value(t, "poverty_0", NAN, "fgt1"), 8.0 / 60, 1e-15, 0);
  fm_assert_close("last", value(t, "poverty_1", NAN, "fgt1"), 5.8 / 60, 1e-14, 0);
  fm_assert_close("growth", value(t, "growth_component", NAN, "fgt1"), -2.2 / 60, 1e-14, 0);
  fm_assert_close("redistribution", value(t, "redistribution_component", NAN, "fgt1"), 0, 0, 1e-16);
  fm_assert_close("residual", value(t, "residual", NAN, "fgt1"), 0, 0, 1e-16);
  fm_assert_close("index", value(t, "pro_poor_index", NAN, "fgt1"), 1, 1e-13, 0);
  fm_assert_close("equivalent", value(t, "poverty_equivalent_growth", NAN, "fgt1"), log(1.1), 1e-13, 0);
  fm_assert_close("Ravallion and Chen", value(t, "pro_poor_growth", NAN, NULL), log(1.1), 1e-13, 0);
  fm_assert_close("line", value(t, "poverty_line", NAN, NULL), 15, 0, 0);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- errors ---- */

static fm_status compute(fm_table **out, const fm_table *frame, void *ctx, fm_error *err)
{
  return fm_income_incidence(out, frame, ctx, NULL, err);
}

START_TEST(differences)
{
  fm_periods p;
  fm_income_rules rules = absolute(450);
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_income_incidence_spec spec = FM_INCOME_INCIDENCE_SPEC_INIT;
  fm_periods_make(&p);
  design.strata = "stratum";
  design.psu = "psu";
  spec.design = &design;
  spec.overlap = FM_INCOME_OVERLAP_UNITS;
  spec.rules = &rules;
  spec.weight = "weight";
  spec.n_points = 4;
  fm_table *frame = fm_periods_frame(&p), *t = incidence_of(frame, &spec);
  size_t n;
  double *z = fm_periods_gradient(&n, &p, compute, &spec);
  /* Quantiles and shares of poor people jump: their errors rest on a density. */
  int checked = fm_periods_check(t, z, &p, p.psu, p.stratum, 35, "quantile_growth fgt0");
  ck_assert_int_eq(checked, 4 + 1 + 30 + 1); /* the line is given: it has none */
  free(z);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* All errors, the line's included, against people drawn anew; a line of 60 per cent of the first median. */
START_TEST(bootstrap)
{
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_income_incidence_spec spec = FM_INCOME_INCIDENCE_SPEC_INIT;
  fm_table *frame = fm_psid_frame("all");
  spec.design = &design;
  spec.person = "person_id";
  spec.overlap = FM_INCOME_OVERLAP_PERSONS;
  spec.n_points = 5;
  fm_table *taylor = incidence_of(frame, &spec);
  design.method = FM_SURVEY_BOOTSTRAP;
  design.n_replicates = 300;
  fm_table *drawn = incidence_of(frame, &spec);
  ck_assert_uint_eq(fm_table_n_rows(taylor), fm_table_n_rows(drawn));
  int n = 0;
  for (size_t i = 0; i < fm_table_n_rows(taylor); i++) {
    const char *quantity = fm_test_text(taylor, "quantity", i), *parameter = fm_test_text(taylor, "parameter", i);
    double a = fm_test_number(taylor, "std_error", i), b = fm_test_number(drawn, "std_error", i),
           r = fm_test_number(taylor, "value", i);
    double low = fm_test_number(drawn, "band_low", i), high = fm_test_number(drawn, "band_high", i);
    if (strstr("quantile_growth slice_growth panel_slice_growth mean_growth poverty_line pro_poor_growth", quantity) ||
        (parameter != NULL && strcmp(parameter, "fgt1") == 0 && strstr(quantity, "poverty_") != NULL)) {
      fm_assert_close(quantity, a, b, 0.3, 0);
      n++;
    }
    if (!isnan(low)) {
      double c = (high - r) / b;
      ck_assert_msg(strstr(quantity, "panel") != NULL || (c > 2.0 && c < 3.2), "%s: critical value %g", quantity, c);
      fm_assert_close(quantity, (high + low) / 2, r, 1e-9, 0);
    }
  }
  ck_assert_int_eq(n, 4 + 5 + 5 + 1 + 1 + 1 + 4);
  ck_assert_ptr_nonnull(strstr(fm_table_note(drawn, "band"), "replicates"));
  /* Sidak: five slices at 95 per cent each take (1 + 0.95^(1/5)) / 2 = 0.99490 of a t distribution of 594. */
  size_t row = find(taylor, "slice_growth", 0.2, NULL);
  fm_assert_close("Sidak",
                  (fm_test_number(taylor, "band_high", row) - fm_test_number(taylor, "value", row)) /
                      fm_test_number(taylor, "std_error", row),
                  2.57700297783, 1e-10, 0); /* qt of R */
  fm_table_destroy(taylor);
  fm_table_destroy(drawn);
  fm_table_destroy(frame);
}
END_TEST

/* Groups have the line of all, that of the first period; the parts of the change add up. */
START_TEST(line_of_all)
{
  fm_periods p;
  fm_income_incidence_spec spec = FM_INCOME_INCIDENCE_SPEC_INIT;
  static const char *const parameters[] = {"fgt0", "fgt1", "fgt2", "watts"};
  fm_periods_make(&p);
  fm_table *frame = fm_periods_frame(&p);
  spec.weight = "weight";
  spec.n_points = 2;
  fm_table *all = incidence_of(frame, &spec);
  spec.by = "area";
  fm_table *t = incidence_of(frame, &spec);
  double line = value(all, "poverty_line", NAN, NULL);
  size_t n = fm_table_n_rows(all);
  ck_assert_uint_eq(fm_table_n_rows(t), 2 * n);
  for (size_t g = 0; g < 2; g++)
    fm_assert_close("line", fm_test_number(t, "value", g * n + find(all, "poverty_line", NAN, NULL)), line, 1e-15, 0);
  for (int k = 0; k < FM_COUNT(parameters); k++) {
    double change = value(t, "poverty_change", NAN, parameters[k]);
    fm_assert_close("Datt and Ravallion",
                    value(t, "growth_component", NAN, parameters[k]) +
                        value(t, "redistribution_component", NAN, parameters[k]) +
                        value(t, "residual", NAN, parameters[k]),
                    change, 1e-13, 1e-15);
    fm_assert_close("Shapley",
                    value(t, "shapley_growth", NAN, parameters[k]) +
                        value(t, "shapley_redistribution", NAN, parameters[k]),
                    change, 1e-13, 1e-15);
    ck_assert(fm_test_number(t, "std_error", find(t, "poverty_change", NAN, parameters[k])) > 0);
  }
  fm_table_destroy(all);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- a tally ---- */

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
    "90.3",  "2022", "0.5",  "e", "n", /**/
    "90.3",  "2022", "0.5",  "b", "n", /**/
    "500.5", "2022", "7",    "f", "n", /**/
    "310.1", "2022", "2.5",  "h", "s", /**/
};
enum { N_ROWS = 14 };

static fm_income_incidence_spec spec_of(int k)
{
  fm_income_incidence_spec spec = FM_INCOME_INCIDENCE_SPEC_INIT;
  spec.weight = "weight";
  spec.n_points = 3;
  spec.person = k >= 1 ? "person_id" : NULL;
  spec.by = k >= 1 ? "area" : NULL;
  return spec;
}

static fm_tally *make(void *ctx)
{
  fm_tally *t;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_income_incidence_tally(&t, ctx, &err), &err);
  return t;
}

START_TEST(any_split)
{
  fm_income_incidence_spec spec = spec_of(_i);
  fm_test_tally(make, &spec, columns, 5, cells, N_ROWS);
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  return fm_income_incidence_tally(out, ctx, err);
}

START_TEST(allocations)
{
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_income_incidence_spec spec = spec_of(1);
  spec.design = &design;
  if (_i == 1) {
    spec.by = NULL;
    spec.curve_only = 1;
    design.method = FM_SURVEY_BOOTSTRAP;
    design.n_replicates = 2;
  }
  fm_table *frame = fm_test_table(columns, 5, cells, N_ROWS);
  ck_assert_int_gt(fm_periods_allocations(create, &spec, frame), 50);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(refused)
{
  fm_error err = FM_ERROR_INIT;
  fm_tally *t;
  static const struct {
    int32_t n_points, total, curve_only;
    const char *expected;
  } cases[] = {{1, 0, 0, "n_points"}, {1001, 0, 0, "n_points"}, {20, 2, 0, "0 or 1"}, {20, 0, -1, "0 or 1"}};
  for (int k = 0; k < FM_COUNT(cases); k++) {
    fm_income_incidence_spec spec;
    fm_income_incidence_spec_init(&spec, sizeof spec);
    spec.n_points = cases[k].n_points;
    spec.total = cases[k].total;
    spec.curve_only = cases[k].curve_only;
    fm_error_clear(&err);
    ck_assert_int_eq(fm_income_incidence_tally(&t, &spec, &err), FM_ERR_ARGUMENT);
    ck_assert_msg(strstr(err.message, cases[k].expected) != NULL, "%s", err.message);
  }
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income-incidence");
  TCase *t = tcase_create("incidence");
  tcase_set_timeout(t, 60);
  tcase_add_test(t, golden);
  tcase_add_loop_test(t, constructed, 0, 2);
  tcase_add_loop_test(t, wages, 0, FM_COUNT(groups));
  tcase_add_test(t, by_hand);
  tcase_add_test(t, differences);
  tcase_add_test(t, bootstrap);
  tcase_add_test(t, line_of_all);
  tcase_add_loop_test(t, any_split, 0, 2);
  tcase_add_loop_test(t, allocations, 0, 2);
  tcase_add_test(t, refused);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
