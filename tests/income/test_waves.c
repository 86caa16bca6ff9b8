/* The two periods of a frame: refusals, counts, any split; what income.change shares with its neighbours. */
#include <math.h>
#include <string.h>

#include "income/periods.h"
#include "support/support.h"

static size_t find(const fm_table *t, const char *quantity, const char *comparison)
{
  return fm_test_row(t, "quantity", quantity, "comparison", comparison, NULL, NULL);
}

static const char *const columns[] = {"income:f64", "period:f64", "weight:f64", "person_id:code", "area:code"};
static const char *const cells[] = {
    "100.1", "2018",   "3",    "a", "n", /**/
    "90.3",  "2018",   "1.25", "b", "n", /**/
    "250.9", "2018",   "2",    "c", "s", /**/
    "",      "2018",   "1",    "d", "s", /**/
    "77.7",  "2018",   "0.5",  "e", "n", /**/
    "410.6", "2018",   "6",    "f", "n", /**/
    "300.3", "2018",   "2.5",  "g", "s", /**/
    "120.7", "2022.5", "2",    "a", "n", /**/
    "-20.5", "2022.5", "1",    "b", "n", /**/
    "280.1", "2022.5", "1.5",  "c", "s", /**/
    "290.2", "2022.5", "4",    "d", "s", /**/
    "90.3",  "2022.5", "0.5",  "e", "n", /**/
    "90.3",  "2022.5", "0.5",  "e", "n", /**/
    "500.5", "2020",   "7",    "f", "n", /**/
    "310.1", "2022.5", "2.5",  "h", "s", /**/
    "5",     "2022.5", "0",    "k", "w",
};
enum { N_ROWS = 16 };

START_TEST(counted)
{
  fm_error err = FM_ERROR_INIT;
  fm_income_change_spec spec = FM_INCOME_CHANGE_SPEC_INIT;
  fm_income_rules rules = FM_INCOME_RULES_INIT;
  fm_table *frame = fm_test_table(columns, 5, cells, N_ROWS), *t;
  rules.negative = FM_INCOME_NEGATIVE_DROP;
  spec.rules = &rules;
  spec.weight = "weight";
  spec.by = _i == 0 ? NULL : "area";
  fm_assert_ok(fm_income_change(&t, frame, &spec, NULL, &err), &err);
  ck_assert_str_eq(fm_table_note(t, "period_0"), "2018");
  ck_assert_str_eq(fm_table_note(t, "period_1"), "2022.5");
  ck_assert_str_eq(fm_table_note(t, "rows_of_other_periods"), "1");
  ck_assert_str_eq(fm_table_note(t, "missing_income_0"), "1");
  ck_assert_str_eq(fm_table_note(t, "missing_income_1"), "0");
  ck_assert_str_eq(fm_table_note(t, "negative_dropped"), "1");
  if (_i == 0) {
    fm_assert_close("first", fm_test_number(t, "n", find(t, "mean", "first")), 6, 0, 0);
    fm_assert_close("smaller", fm_test_number(t, "n", find(t, "mean", "difference")), 6, 0, 0);
  }
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* A row without a person or a stratum is named with its place. */
START_TEST(rows_without_ids)
{
  static const char *const rows[] = {"10", "1", "1", "a", "n", "30", "1", "1", "", "n", "20", "2", "1", "a", ""};
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_table *frame = fm_test_table(columns, 5, rows, 3), *t;
  for (int k = 0; k < 2; k++) {
    fm_error err = FM_ERROR_INIT;
    fm_income_change_spec spec = FM_INCOME_CHANGE_SPEC_INIT;
    if (k == 0) {
      spec.person = "person_id";
      spec.overlap = FM_INCOME_OVERLAP_PERSONS;
    } else {
      design.strata = "area";
      spec.design = &design;
    }
    ck_assert_int_eq(fm_income_change(&t, frame, &spec, NULL, &err), FM_ERR_VALUE);
    ck_assert_msg(strstr(err.message, k == 0 ? "column person_id, row 1: expected the person of each row"
                                             : "column area, row 2: expected the stratum of each row") != NULL,
                  "%s", err.message);
    ck_assert_int_eq(err.row, k + 1);
    ck_assert_str_eq(err.column, k == 0 ? "person_id" : "area");
  }
  fm_table_destroy(frame);
}
END_TEST

/* Someone in two groups counts in both, and once in the whole that the line is taken from. */
START_TEST(further_rows)
{
  static const char *const with[] = {"income:f64", "period:f64", "person_id:code", "area:code", "first_row:bool"};
  static const char *const rows[] = {
      "10", "1", "a", "n", "1", "30", "1", "b", "n", "1", "30", "1", "b", "s", "0", "60", "1", "c", "s", "1",
      "20", "2", "a", "n", "1", "40", "2", "b", "n", "1", "40", "2", "b", "s", "0", "80", "2", "c", "s", "1",
  };
  fm_error err = FM_ERROR_INIT;
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_income_change_spec spec = FM_INCOME_CHANGE_SPEC_INIT;
  fm_income_mobility_spec panel = FM_INCOME_MOBILITY_SPEC_INIT;
  fm_table *frame = fm_test_table(with, 5, rows, 8), *t;
  design.psu = "person_id";
  spec.design = &design;
  spec.first_row = "first_row";
  spec.measures = "mean,poverty_line(0.6)";
  fm_assert_ok(fm_income_change(&t, frame, &spec, NULL, &err), &err);
  fm_assert_close("three people", fm_test_number(t, "value", find(t, "mean", "first")), 100.0 / 3, 1e-15, 0);
  fm_assert_close("line", fm_test_number(t, "value", find(t, "poverty_line", "first")), 18, 1e-15, 0);
  fm_table_destroy(t);
  spec.by = "area";
  fm_assert_ok(fm_income_change(&t, frame, &spec, NULL, &err), &err);
  size_t south = fm_test_row(t, "area", "s", "quantity", "mean", "comparison", "first");
  fm_assert_close("two of the south", fm_test_number(t, "value", south), 45, 1e-15, 0);
  south = fm_test_row(t, "area", "s", "quantity", "poverty_line", "comparison", "last");
  fm_assert_close("line of all", fm_test_number(t, "value", south), 24, 1e-15, 0);
  fm_table_destroy(t);
  panel.design = &design;
  panel.first_row = "first_row";
  panel.n_classes = 2;
  fm_assert_ok(fm_income_mobility(&t, frame, &panel, NULL, &err), &err);
  fm_assert_close("people", fm_test_number(t, "n", 0), 3, 0, 0);
  fm_assert_close("people", fm_test_number(t, "n", fm_test_row(t, "quantity", "matched_0", NULL, NULL, NULL, NULL)), 3,
                  0, 0);
  fm_table_destroy(t);
  panel.by = "area";
  fm_assert_ok(fm_income_mobility(&t, frame, &panel, NULL, &err), &err);
  south = fm_test_row(t, "area", "s", "quantity", "matched_0", NULL, NULL);
  fm_assert_close("b is in both", fm_test_number(t, "n", south), 2, 0, 0);
  fm_assert_close("b is in both", fm_test_number(t, "value", south), 1, 0, 0);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- designs whose units are rows ---- */

enum { N_UNITS = 35 };

/* The rows without those of one primary unit. */
static fm_table *without(const fm_periods *all, int32_t unit)
{
  static fm_periods part;
  part = *all;
  part.n = 0;
  for (size_t i = 0; i < all->n; i++)
    if (all->psu[i] != unit) {
      part.income[part.n] = all->income[i];
      part.weight[part.n] = all->weight[i];
      part.period[part.n++] = all->period[i];
    }
  return fm_periods_frame(&part);
}

/* All rows, with replicate weights that leave out one unit each. */
static fm_table *with_replicates(const fm_periods *all)
{
  static const char *const names[] = {"income", "weight", "period"};
  static double replicate[N_UNITS][FM_PERIOD_ROWS];
  const double *columns_of[] = {all->income, all->weight, all->period};
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_table_create(&t, "replicates", &err), &err);
  for (int k = 0; k < 3; k++)
    fm_assert_ok(fm_table_add_f64(t, names[k], columns_of[k], NULL, all->n, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_f64(t, "age", all->age, NULL, all->n, NULL, NULL, &err), &err);
  for (int32_t r = 0; r < N_UNITS; r++) {
    char name[8] = "r00";
    name[1] = (char)('0' + r / 10);
    name[2] = (char)('0' + r % 10);
    for (size_t i = 0; i < all->n; i++)
      replicate[r][i] = all->psu[i] == r ? 0 : all->weight[i];
    fm_assert_ok(fm_table_add_f64(t, name, replicate[r], NULL, all->n, NULL, NULL, &err), &err);
  }
  fm_assert_ok(fm_table_seal(t, &err), &err);
  return t;
}

/* (n - 1) / n times the sum of squares around the mean of every `step`-th value. */
static double spread_of(const double *value, size_t step)
{
  double mean = 0, squares = 0;
  for (size_t u = 0; u < N_UNITS; u++)
    mean += value[u * step] / N_UNITS;
  for (size_t u = 0; u < N_UNITS; u++)
    squares += (value[u * step] - mean) * (value[u * step] - mean);
  return squares * (N_UNITS - 1) / N_UNITS;
}

/* Replicate r of both periods belongs together: the jackknife over shared units, sqrt((n - 1) / n sum (x - mean)^2). */
START_TEST(replicates)
{
  fm_periods all;
  fm_error err = FM_ERROR_INIT;
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_income_change_spec spec = FM_INCOME_CHANGE_SPEC_INIT;
  fm_income_incidence_spec curve = FM_INCOME_INCIDENCE_SPEC_INIT;
  enum { FIGURES = 3 };
  double value[N_UNITS][FIGURES];
  char names[4 * N_UNITS] = "";
  fm_periods_make(&all);
  spec.weight = "weight";
  spec.measures = "growth_bottom(0.4),growth_mean,growth_premium(0.4)";
  for (int32_t u = 0; u < N_UNITS; u++) {
    fm_table *frame = without(&all, u), *t;
    fm_assert_ok(fm_income_change(&t, frame, &spec, NULL, &err), &err);
    for (size_t f = 0; f < FIGURES; f++)
      value[u][f] = fm_test_number(t, "value", f);
    fm_table_destroy(t);
    fm_table_destroy(frame);
    size_t at = strlen(names);
    if (at > 0)
      names[at++] = ',';
    names[at] = 'r';
    names[at + 1] = (char)('0' + u / 10);
    names[at + 2] = (char)('0' + u % 10);
    names[at + 3] = '\0';
  }
  fm_table *frame = with_replicates(&all), *t;
  design.replicates = names;
  design.method = FM_SURVEY_REPLICATES;
  design.replicate_kind = FM_SURVEY_JK1;
  spec.design = &design;
  spec.overlap = FM_INCOME_OVERLAP_UNITS;
  fm_assert_ok(fm_income_change(&t, frame, &spec, NULL, &err), &err);
  for (size_t f = 0; f < FIGURES; f++)
    fm_assert_close("jackknife", fm_test_number(t, "std_error", f), sqrt(spread_of(&value[0][f], FIGURES)), 1e-10, 0);
  fm_table_destroy(t);
  curve.weight = "weight";
  curve.design = &design;
  curve.overlap = FM_INCOME_OVERLAP_UNITS;
  curve.n_points = 4;
  curve.curve_only = 1;
  fm_assert_ok(fm_income_incidence(&t, frame, &curve, NULL, &err), &err);
  fm_assert_close("growth of the mean",
                  fm_test_number(t, "std_error", fm_test_row(t, "quantity", "mean_growth", NULL, NULL, NULL, NULL)),
                  sqrt(spread_of(&value[0][1], FIGURES)), 1e-10, 0);
  ck_assert_ptr_nonnull(strstr(fm_table_note(t, "band"), "Sidak"));
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* Weights calibrated to a column: what it explains of the influence adds nothing. */
START_TEST(auxiliaries)
{
  fm_periods all;
  fm_error err = FM_ERROR_INIT;
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_income_change_spec spec = FM_INCOME_CHANGE_SPEC_INIT;
  fm_periods_make(&all);
  for (size_t i = 0; i < all.n; i++)
    all.age[i] = all.period[i] > 2020 ? 0 : all.income[i] + (double)(i % 7); /* all but tells the first income */
  fm_table *frame = with_replicates(&all), *plain, *calibrated;
  spec.weight = "weight";
  spec.measures = "total";
  spec.design = &design;
  fm_assert_ok(fm_income_change(&plain, frame, &spec, NULL, &err), &err);
  design.auxiliaries = "age";
  fm_assert_ok(fm_income_change(&calibrated, frame, &spec, NULL, &err), &err);
  double before = fm_test_number(plain, "std_error", find(plain, "total", "first"));
  double after = fm_test_number(calibrated, "std_error", find(calibrated, "total", "first"));
  ck_assert_msg(after > 0 && after < 0.1 * before, "%g, then %g", before, after);
  fm_table_destroy(plain);
  fm_table_destroy(calibrated);
  fm_table_destroy(frame);
}
END_TEST

/* ---- refusals ---- */

START_TEST(refused)
{
  static const struct {
    const char *measures, *expected;
  } texts[] = {{"mean,,gini", "between two commas"},
               {"growth_top", "growth_premium(p)"},
               {"growth_bottom(2)", "bottom_mean"},
               {"mean,", "between two commas"},
               {"meen", "mean"}};
  fm_error err = FM_ERROR_INIT;
  fm_tally *t;
  for (int k = 0; k < FM_COUNT(texts); k++) {
    fm_income_change_spec spec = FM_INCOME_CHANGE_SPEC_INIT;
    spec.measures = texts[k].measures;
    fm_error_clear(&err);
    ck_assert_int_eq(fm_income_change_tally(&t, &spec, &err), FM_ERR_ARGUMENT);
    ck_assert_msg(strstr(err.message, texts[k].expected) != NULL, "%s: %s", texts[k].measures, err.message);
    ck_assert_ptr_null(t);
  }
}
END_TEST

static const struct bad {
  const char *label, *expected;
  double p0, p1, deflator, ppp, level;
  int32_t overlap;
  bool psu, replicates;
} bad[] = {
    {"order", "first before the last", 2020, 2019, 1, 1, 0.95, 0, false, false},
    {"infinite", "decimal years", NAN, INFINITY, 1, 1, 0.95, 0, false, false},
    {"deflator", "deflator_0", NAN, NAN, 0, 1, 0.95, 0, false, false},
    {"ppp", "ppp", NAN, NAN, 1, NAN, 0.95, 0, false, false},
    {"level", "level", NAN, NAN, 1, 1, 1, 0, false, false},
    {"overlap", "independent, units or persons", NAN, NAN, 1, 1, 0.95, 3, false, false},
    {"units without psu", "names psu", NAN, NAN, 1, 1, 0.95, FM_INCOME_OVERLAP_UNITS, false, false},
    {"persons without ids", "column with their ids", NAN, NAN, 1, 1, 0.95, FM_INCOME_OVERLAP_PERSONS, false, false},
    {"replicates apart", "overlap = units", NAN, NAN, 1, 1, 0.95, 0, false, true},
};

START_TEST(bad_specs)
{
  const struct bad *b = &bad[_i];
  fm_error err = FM_ERROR_INIT;
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_income_change_spec spec = FM_INCOME_CHANGE_SPEC_INIT;
  fm_tally *t;
  design.psu = b->psu ? "psu" : NULL;
  design.method = b->replicates ? FM_SURVEY_REPLICATES : FM_SURVEY_TAYLOR;
  spec.design = &design;
  spec.period_0 = b->p0;
  spec.period_1 = b->p1;
  spec.deflator_0 = b->deflator;
  spec.ppp = b->ppp;
  spec.level = b->level;
  spec.overlap = b->overlap;
  ck_assert_msg(fm_income_change_tally(&t, &spec, &err) == FM_ERR_ARGUMENT, "%s", b->label);
  ck_assert_msg(strstr(err.message, b->expected) != NULL, "%s: %s", b->label, err.message);
}
END_TEST

START_TEST(bad_periods)
{
  static const struct {
    double first, last;
    const char *expected;
  } cases[] = {{2019, NAN, "2019"}, {NAN, 2030, "2030"}, {2022.5, NAN, "two periods"}, {NAN, 2018, "two periods"}};
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, 5, cells, N_ROWS), *t;
  for (int k = 0; k < FM_COUNT(cases); k++) {
    fm_income_change_spec spec = FM_INCOME_CHANGE_SPEC_INIT;
    spec.period_0 = cases[k].first;
    spec.period_1 = cases[k].last;
    fm_error_clear(&err);
    ck_assert_int_eq(fm_income_change(&t, frame, &spec, NULL, &err), FM_ERR_VALUE);
    ck_assert_msg(strstr(err.message, cases[k].expected) != NULL, "%s", err.message);
    ck_assert_ptr_null(t);
  }
  fm_table_destroy(frame);
  static const char *const without[] = {"5", "", "1", "a", "n"};
  frame = fm_test_table(columns, 5, without, 1);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_income_change(&t, frame, NULL, NULL, &err), FM_ERR_VALUE);
  ck_assert_str_eq(err.column, "period");
  fm_table_destroy(frame);
  frame = fm_test_table(columns, 5, without, 0); /* nothing there */
  fm_assert_ok(fm_income_change(&t, frame, NULL, NULL, &err), &err);
  ck_assert_str_eq(fm_test_text(t, "state", 0), "empty");
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* Where the first level is 0 or less there is no growth. */
START_TEST(undefined)
{
  static const char *const zero[] = {"0", "1", "", "", "", "0", "1", "", "", "",
                                     "3", "2", "", "", "", "4", "2", "", "", ""};
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, 5, zero, 4), *t;
  fm_assert_ok(fm_income_change(&t, frame, NULL, NULL, &err), &err);
  size_t row = find(t, "growth_mean", "annual_growth");
  ck_assert(isnan(fm_test_number(t, "value", row)) && isnan(fm_test_number(t, "std_error", row)));
  ck_assert_str_eq(fm_test_text(t, "state", row), "undefined");
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

static int32_t stop(void *ctx, double done)
{
  *(double *)ctx = done;
  return 1;
}

/* Each of the three asks after every group. */
START_TEST(cancelled)
{
  fm_error err = FM_ERROR_INIT;
  fm_periods p;
  fm_income_change_spec change = FM_INCOME_CHANGE_SPEC_INIT;
  fm_income_incidence_spec incidence = FM_INCOME_INCIDENCE_SPEC_INIT;
  fm_income_mobility_spec mobility = FM_INCOME_MOBILITY_SPEC_INIT;
  double done = 0;
  fm_run run = FM_RUN_INIT;
  fm_periods_make(&p);
  fm_table *frame = fm_periods_frame(&p), *t;
  change.by = incidence.by = mobility.by = "area";
  run.progress = stop;
  run.progress_ctx = &done;
  ck_assert_int_eq(fm_income_change(&t, frame, &change, &run, &err), FM_ERR_CANCELLED);
  ck_assert_ptr_null(t);
  fm_assert_close("one of two groups", done, 0.5, 0, 0);
  ck_assert_int_eq(fm_income_incidence(&t, frame, &incidence, &run, NULL), FM_ERR_CANCELLED);
  ck_assert_ptr_null(t);
  ck_assert_int_eq(fm_income_mobility(&t, frame, &mobility, &run, NULL), FM_ERR_CANCELLED);
  ck_assert_ptr_null(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- a tally ---- */

static fm_income_change_spec spec_of(int k)
{
  fm_income_change_spec spec = FM_INCOME_CHANGE_SPEC_INIT;
  spec.weight = "weight";
  if (k == 1)
    spec.by = "area";
  if (k == 2) {
    spec.person = "person_id";
    spec.overlap = FM_INCOME_OVERLAP_PERSONS;
    spec.measures = "mean,median,at_risk_of_poverty(0.6),growth_premium";
  }
  return spec;
}

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  return fm_income_change_tally(out, ctx, err);
}

START_TEST(init_function)
{
  fm_income_change_spec a = FM_INCOME_CHANGE_SPEC_INIT, b;
  memset(&b, 0, sizeof b);
  fm_income_change_spec_init(&b, sizeof b);
  ck_assert(b.struct_size == a.struct_size && strcmp(b.income, a.income) == 0 && isnan(b.period_0) && b.ppp == 1);
}
END_TEST

START_TEST(promises)
{
  fm_income_change_spec spec = spec_of(_i);
  fm_test_promises(&(fm_test_measure){create, &spec, columns, 5, cells, N_ROWS});
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income-waves");
  TCase *t = tcase_create("waves");
  tcase_set_timeout(t, 60);
  tcase_add_loop_test(t, counted, 0, 2);
  tcase_add_test(t, further_rows);
  tcase_add_test(t, rows_without_ids);
  tcase_add_test(t, replicates);
  tcase_add_test(t, auxiliaries);
  tcase_add_test(t, refused);
  tcase_add_loop_test(t, bad_specs, 0, FM_COUNT(bad));
  tcase_add_test(t, bad_periods);
  tcase_add_test(t, undefined);
  tcase_add_test(t, cancelled);
  tcase_add_loop_test(t, promises, 0, 3);
  tcase_add_test(t, init_function);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
