/* income.gap: worked by hand, against the golden gaps, states, errors, any split of the rows. */
#include "support/support.h"

#include <math.h>
#include <string.h>

#include "flexmetrics/income_groups.h"

static const char *const columns[] = {"income:f64", "sex:code", "area:code", "w:f64"};
enum { N_COLUMNS = 4 };

static fm_status run(fm_table **out, const char *const *cells, size_t n, const fm_income_gap_spec *spec, fm_error *err)
{
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, n);
  fm_status status = fm_income_gap(out, frame, spec, NULL, err);
  fm_table_destroy(frame);
  return status;
}

static double number(const fm_table *t, const char *measure, const char *quantity, const char *column)
{
  return fm_test_number(t, column, fm_test_row(t, "measure", measure, "quantity", quantity, NULL, NULL));
}

/* Men 10, 20, 30; women 10, 14; one of neither. Means 20 and 12, medians 20 and 12. Gap 8/20.
 * Influence of the mean gap: men (x - 20)/3 * 12/400, women -(x - 12)/2 / 20: -.1, 0, .1, .05, -.05, sum of squares
 * .025; with the row of neither, 6 independent rows: variance 6/5 * .025. */
static const char *const by_hand[] = {
    "10", "m", "n", "1", /**/
    "20", "m", "n", "1", /**/
    "30", "m", "s", "1", /**/
    "10", "f", "n", "1", /**/
    "14", "f", "s", "1", /**/
    "99", "",  "s", "1",
};

START_TEST(worked_by_hand)
{
  fm_income_gap_spec spec = FM_INCOME_GAP_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  spec.group = "sex";
  spec.reference = "m";
  spec.compared = "f";
  fm_assert_ok(run(&t, by_hand, 6, &spec, &err), &err);
  const struct {
    const char *measure, *quantity;
    double value, n;
  } expected[] = {{"mean", "reference", 20, 3},  {"mean", "compared", 12, 2}, {"mean", "difference", 8, 5},
                  {"mean", "gap", 0.4, 5},       {"mean", "ratio", 0.6, 5},   {"median", "reference", 20, 3},
                  {"median", "compared", 12, 2}, {"median", "gap", 0.4, 5}};
  for (int i = 0; i < FM_COUNT(expected); i++) {
    fm_assert_close(expected[i].quantity, number(t, expected[i].measure, expected[i].quantity, "value"),
                    expected[i].value, 1e-15, 0);
    fm_assert_close("n", number(t, expected[i].measure, expected[i].quantity, "n"), expected[i].n, 0, 0);
  }
  fm_assert_close("error of the gap", number(t, "mean", "gap", "std_error"), sqrt(6 / 5.0 * 0.025), 1e-14, 0);
  fm_assert_close("error of the ratio", number(t, "mean", "ratio", "std_error"), sqrt(6 / 5.0 * 0.025), 1e-14, 0);
  fm_assert_close("error of the difference", number(t, "mean", "difference", "std_error"),
                  sqrt(6 / 5.0 * (200 / 9.0 + 8 / 4.0)), 1e-14, 0);
  ck_assert_str_eq(fm_table_note(t, "reference"), "m");
  fm_table_destroy(t);
}
END_TEST

/* ---- the golden gaps: synth, all designs, one domain of each ---- */

enum { MAX_ROWS = 1200, N_SYNTH = 7 };
static const char *const synth_columns[] = {"income:f64",  "gender:code", "region:code", "w:f64",
                                            "stratum:i64", "psu:i64",     "Nh:f64"};

static fm_table *synth(const char *period, fm_oracle *o)
{
  static const char *cells[MAX_ROWS * N_SYNTH];
  static const char *const names[] = {"income", "gender", "region", "w", "stratum", "psu", "Nh"};
  size_t n = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    if (strcmp(fm_oracle_text(o, i, "period"), period) != 0)
      continue;
    ck_assert_uint_lt(n, MAX_ROWS);
    for (size_t k = 0; k < N_SYNTH; k++)
      cells[n * N_SYNTH + k] = fm_oracle_text(o, i, names[k]);
    n++;
  }
  return fm_test_table(synth_columns, N_SYNTH, cells, n);
}

START_TEST(golden)
{
  fm_oracle *o = fm_oracle_open("income/golden_synth.csv"), *data = fm_oracle_open("income/synth.csv");
  fm_table *frames[] = {synth("0", data), synth("5", data)};
  int n_values = 0, n_errors = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    const char *design = fm_oracle_text(o, i, "design"), *of = fm_oracle_text(o, i, "data"), *measure;
    bool whole = strcmp(fm_oracle_text(o, i, "domain"), "all") == 0;
    if (strcmp(fm_oracle_text(o, i, "measure"), "gpg") != 0 || strcmp(fm_oracle_text(o, i, "income"), "income") != 0 ||
        strcmp(fm_oracle_text(o, i, "weight"), "w") != 0)
      continue;
    fm_survey_design_spec with = FM_SURVEY_DESIGN_SPEC_INIT;
    fm_income_gap_spec spec = FM_INCOME_GAP_SPEC_INIT;
    fm_error err = FM_ERROR_INIT;
    fm_table *t;
    with.strata = strncmp(design, "st", 2) == 0 ? "stratum" : NULL;
    with.psu = strstr(design, "clus") != NULL ? "psu" : NULL;
    with.fpc = strstr(design, "fpc") != NULL ? "Nh" : NULL;
    spec.group = "gender";
    spec.reference = "m";
    spec.compared = "f";
    spec.weight = "w";
    spec.by = whole ? NULL : "region";
    spec.design = &with;
    fm_assert_ok(fm_income_gap(&t, frames[strstr(of, "period=5") != NULL], &spec, NULL, &err), &err);
    measure = fm_oracle_text(o, i, "param");
    size_t row = whole ? fm_test_row(t, "measure", measure, "quantity", "gap", NULL, NULL)
                       : fm_test_row(t, "region", "north", "measure", measure, "quantity", "gap");
    fm_assert_close(design, fm_test_number(t, "value", row), fm_oracle_number(o, i, "value"), 1e-11, 0);
    n_values++;
    if (fm_oracle_text(o, i, "se") != NULL && fm_oracle_text(o, i, "se")[0] != '\0') {
      fm_assert_close(design, fm_test_number(t, "std_error", row), fm_oracle_number(o, i, "se"), 1e-11, 0);
      n_errors++;
    }
    fm_table_destroy(t);
  }
  ck_assert_int_eq(n_values, 23);
  ck_assert_int_eq(n_errors, 15);
  fm_table_destroy(frames[0]);
  fm_table_destroy(frames[1]);
  fm_oracle_close(o);
  fm_oracle_close(data);
}
END_TEST

START_TEST(groups_and_states)
{
  fm_income_gap_spec spec = FM_INCOME_GAP_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  static const char *const cells[] = {
      "10", "m", "a", "2", "4", "f", "a",  "1", "0", "m", "b", "1", "3", "f",
      "b",  "1", "5", "m", "c", "1", "-2", "m", "d", "1", "1", "f", "d", "1",
  };
  spec.group = "sex";
  spec.reference = "m";
  spec.compared = "f";
  spec.by = "area";
  spec.weight = "w";
  spec.measures = "mean";
  fm_assert_ok(run(&t, cells, 7, &spec, &err), &err);
  ck_assert_str_eq(fm_test_text(t, "state", fm_test_row(t, "area", "a", "quantity", "gap", NULL, NULL)), "ok");
  fm_assert_close("a", fm_test_number(t, "value", fm_test_row(t, "area", "a", "quantity", "gap", NULL, NULL)), 0.6,
                  1e-15, 0);
  ck_assert_str_eq(fm_test_text(t, "state", fm_test_row(t, "area", "b", "quantity", "gap", NULL, NULL)), "undefined");
  ck_assert_str_eq(fm_test_text(t, "state", fm_test_row(t, "area", "c", "quantity", "gap", NULL, NULL)), "empty");
  ck_assert_str_eq(fm_test_text(t, "state", fm_test_row(t, "area", "d", "quantity", "ratio", NULL, NULL)), "undefined");
  fm_table_destroy(t);
}
END_TEST

START_TEST(refused)
{
  const struct {
    const char *label, *group, *reference, *compared, *measures, *message;
    fm_status status;
  } cases[] = {
      {"no group", NULL, "m", "f", NULL, "group:", FM_ERR_ARGUMENT},
      {"two columns", "sex,area", "m", "f", NULL, "group:", FM_ERR_ARGUMENT},
      {"no reference", "sex", NULL, "f", NULL, "reference:", FM_ERR_ARGUMENT},
      {"no compared", "sex", "m", "", NULL, "compared:", FM_ERR_ARGUMENT},
      {"the same twice", "sex", "m", "m", NULL, "two different", FM_ERR_ARGUMENT},
      {"unknown measure", "sex", "m", "f", "mode", "mode", FM_ERR_ARGUMENT},
      {"no such group", "sex", "male", "f", NULL, "\"male\"", FM_ERR_NOT_FOUND},
  };
  for (int i = 0; i < FM_COUNT(cases); i++) {
    fm_income_gap_spec spec = FM_INCOME_GAP_SPEC_INIT;
    fm_error err = FM_ERROR_INIT;
    fm_table *t = NULL;
    spec.group = cases[i].group;
    spec.reference = cases[i].reference;
    spec.compared = cases[i].compared;
    spec.measures = cases[i].measures;
    fm_status status = run(&t, by_hand, 6, &spec, &err);
    ck_assert_msg(status == cases[i].status && t == NULL, "%s: %s", cases[i].label, fm_status_name(status));
    ck_assert_msg(strstr(err.message, cases[i].message) != NULL, "%s: %s", cases[i].label, err.message);
    ck_assert_msg(strlen(err.message) > 20, "%s", cases[i].label);
  }
  fm_income_gap_spec spec = FM_INCOME_GAP_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_table *t = NULL;
  spec.by = "area,sex";
  spec.group = "sex";
  spec.reference = "m";
  spec.compared = "f";
  ck_assert_int_eq(run(&t, by_hand, 6, &spec, &err), FM_ERR_ARGUMENT);
  ck_assert_str_eq(err.message, "group: expected columns that are not in by, got \"sex\"");
}
END_TEST

/* Means 15 and 12, gap .2. Replicate 1 doubles the first of each group: 10 and 10, gap 0; replicate 2 the second: 20
 * and 14, gap .3. Variance around .2: (.04 + .01) / 2. */
START_TEST(replicates)
{
  static const char *const with[] = {"income:f64", "sex:code", "r1:f64", "r2:f64"};
  static const char *const cells[] = {"10", "m", "2", "0", "20", "m", "0", "2",
                                      "10", "f", "2", "0", "14", "f", "0", "2"};
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_income_gap_spec spec = FM_INCOME_GAP_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_table *t, *frame = fm_test_table(with, 4, cells, 4);
  design.method = FM_SURVEY_REPLICATES;
  design.replicates = "r1:r2";
  design.replicate_kind = FM_SURVEY_BRR;
  design.mse = 1;
  spec.group = "sex";
  spec.reference = "m";
  spec.compared = "f";
  spec.measures = "mean";
  spec.design = &design;
  fm_assert_ok(fm_income_gap(&t, frame, &spec, NULL, &err), &err);
  fm_assert_close("gap", number(t, "mean", "gap", "value"), 0.2, 1e-15, 0);
  fm_assert_close("error of the gap", number(t, "mean", "gap", "std_error"), sqrt(0.025), 1e-14, 0);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  (void)ctx;
  fm_income_gap_spec spec;
  fm_income_gap_spec_init(&spec, sizeof spec);
  spec.group = "sex";
  spec.reference = "m";
  spec.compared = "f";
  spec.by = "area";
  spec.weight = "w";
  spec.measures = "mean,gini,at_risk_of_poverty(0.6)";
  return fm_income_gap_tally(out, &spec, err);
}

START_TEST(promises)
{
  fm_test_promises(&(fm_test_measure){create, NULL, columns, N_COLUMNS, by_hand, 6});
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income gap");
  TCase *c = tcase_create("gap");
  tcase_add_test(c, worked_by_hand);
  tcase_add_test(c, golden);
  tcase_add_test(c, groups_and_states);
  tcase_add_test(c, replicates);
  tcase_add_test(c, refused);
  tcase_add_test(c, promises);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
