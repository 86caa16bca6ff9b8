/* Sampling errors of labour figures: by hand, and as R's survey has them, by stratum, unit, fpc, rows and replicates.
 */
#include "lfs.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const names[] = {
    "stratum",         "psu",  "Nh",    "w", "sex", "region", "age", "labour_status", "status",
    "hourly_earnings", "cost", "earned"};
static const char *const columns[] = {"stratum:i64", "psu:i64",
                                      "Nh:f64",      "w:f64",
                                      "sex:code",    "region:code",
                                      "age:i64",     "labour_status:code",
                                      "status:code", "hourly_earnings:f64",
                                      "cost:f64",    "earned:f64"};
enum { N_COLUMNS = 12, N_ROWS = 360 };

static fm_table *people(void)
{
  static const char *cells[N_ROWS * N_COLUMNS];
  fm_oracle *o = fm_oracle_open("labour/design.csv");
  ck_assert_uint_eq(fm_oracle_n_rows(o), N_ROWS);
  for (size_t i = 0; i < N_ROWS; i++)
    for (size_t k = 0; k < N_COLUMNS; k++)
      cells[i * N_COLUMNS + k] = fm_oracle_text(o, i, names[k]);
  fm_table *t = fm_test_table(columns, N_COLUMNS, cells, N_ROWS);
  fm_oracle_close(o);
  return t;
}

static fm_survey_design_spec design_of(const char *name)
{
  fm_survey_design_spec d = FM_SURVEY_DESIGN_SPEC_INIT;
  if (strcmp(name, "rows") != 0) {
    d.strata = "stratum";
    d.psu = "psu";
  }
  if (strcmp(name, "fpc") == 0)
    d.fpc = "Nh";
  return d;
}

static fm_labour_spec spec_of(const fm_survey_design_spec *design, bool cost)
{
  fm_labour_spec spec = FM_LABOUR_SPEC_INIT;
  spec.indicators = cost ? "recruitment_cost" : "unemployment_rate,hourly_earnings,pay_gap";
  spec.columns = "recruitment_cost=cost, monthly_earnings = earned";
  spec.labour_status = "labour_status";
  spec.weight = "w";
  spec.by = "sex,region";
  spec.margins = 1;
  spec.icls = 19;
  spec.design = design;
  return spec;
}

static const struct {
  const char *domain, *sex, *region;
} domains[] = {{"all", NULL, NULL}, {"F", "F", NULL}, {"M", "M", NULL}, {"n", NULL, "n"}, {"Fs", "F", "s"}};

/* The row of the result where a figure of design_expected.csv is. */
static size_t find(const fm_table *t, const char *figure, const char *domain)
{
  static const char *const by[] = {"sex", "region"};
  char id[64];
  const char *quantity = strcmp(figure, "unemployment_rate") == 0 ? "share"
                         : strcmp(figure, "pay_gap") == 0         ? "gap"
                                                                  : "mean";
  snprintf(id, sizeof id, "labour.%s", figure);
  for (int k = 0; k < FM_COUNT(domains); k++)
    if (strcmp(domains[k].domain, domain) == 0) {
      const char *keys[] = {domains[k].sex, domains[k].region};
      return fm_lfs_row(t, id, quantity, keys, by, 2);
    }
  ck_abort_msg("no domain %s", domain);
  return 0;
}

START_TEST(agrees_with_survey)
{
  static const char *const designs[] = {"strata", "fpc", "rows"};
  fm_table *frame = people();
  fm_oracle *o = fm_oracle_open("labour/design_expected.csv");
  int n = 0;
  for (int d = 0; d < 2 * FM_COUNT(designs); d++) {
    fm_survey_design_spec design = design_of(designs[d / 2]);
    fm_labour_spec spec = spec_of(&design, d % 2 == 1);
    fm_error err = FM_ERROR_INIT;
    fm_table *t;
    fm_assert_ok(fm_labour(&t, frame, &spec, NULL, &err), &err);
    ck_assert_str_eq(fm_table_note(t, "std_error"), "taylor");
    for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
      const char *figure = fm_oracle_text(o, i, "figure"), *domain = fm_oracle_text(o, i, "domain");
      if (strcmp(fm_oracle_text(o, i, "design"), designs[d / 2]) != 0 ||
          (strcmp(figure, "recruitment_cost") == 0) != (d % 2 == 1))
        continue;
      size_t row = find(t, figure, domain);
      fm_assert_close(figure, fm_test_number(t, "value", row), fm_oracle_number(o, i, "value"), 1e-13, 0);
      fm_assert_close(figure, fm_test_number(t, "std_error", row), fm_oracle_number(o, i, "se"), 1e-11, 0);
      n++;
    }
    fm_table_destroy(t);
  }
  ck_assert_int_eq(n, 51);
  fm_oracle_close(o);
  fm_table_destroy(frame);
}
END_TEST

/* ---- by hand ----
 * Four people of weight 1, labour force u, e, e and one outside: rate 1/3. Influences (1 - 1/3)/3 = 2/9, -1/9, -1/9, 0:
 * squares 6/81; 4 independent rows: 4/3 * 6/81 = 8/81. df 3 - 1 = 2 (rows of the labour force). deff 1. Logit limits.
 */
static const char *const few[] = {"30", "unemployed", "a", /**/ "31", "employed", "a", /**/
                                  "32", "employed",   "b", /**/ "33", "outside",  "b"};
static const char *const few_columns[] = {"age:i64", "ls:code", "sex:code"};

START_TEST(worked_by_hand)
{
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_labour_spec spec = FM_LABOUR_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(few_columns, 3, few, 4), *t;
  spec.indicators = "unemployment_rate";
  spec.labour_status = "ls";
  spec.icls = 13;
  spec.design = &design;
  fm_assert_ok(fm_labour(&t, frame, &spec, NULL, &err), &err);
  double se = sqrt(8.0 / 81), t_2 = 4.302652729749464, step = t_2 * se / (1 / 3.0 * 2 / 3);
  fm_assert_close("value", fm_test_number(t, "value", 0), 1 / 3.0, 1e-15, 0);
  fm_assert_close("error", fm_test_number(t, "std_error", 0), se, 1e-14, 0);
  fm_assert_close("df", fm_test_number(t, "df", 0), 2, 0, 0);
  fm_assert_close("deff", fm_test_number(t, "deff", 0), 1, 1e-14, 0);
  fm_assert_close("n_eff", fm_test_number(t, "n_eff", 0), 3, 1e-14, 0);
  fm_assert_close("low", fm_test_number(t, "ci_low", 0), 1 / (1 + exp(log(2) + step)), 1e-9, 0);
  fm_assert_close("high", fm_test_number(t, "ci_high", 0), 1 / (1 + exp(log(2) - step)), 1e-9, 0);
  ck_assert_str_eq(fm_test_text(t, "reliability", 0), "unreliable");
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* Without a design the same values, and no errors. */
START_TEST(values_do_not_depend_on_the_design)
{
  fm_survey_design_spec design = design_of("fpc");
  fm_labour_spec with = spec_of(&design, false), without = spec_of(NULL, false);
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = people(), *a, *b;
  with.percent = without.percent = 1;
  fm_assert_ok(fm_labour(&a, frame, &with, NULL, &err), &err);
  fm_assert_ok(fm_labour(&b, frame, &without, NULL, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(a), fm_table_n_rows(b));
  for (size_t i = 0; i < fm_table_n_rows(a); i++) {
    fm_assert_close("value", fm_test_number(a, "value", i), fm_test_number(b, "value", i), 0, 0);
    ck_assert(isnan(fm_test_number(b, "std_error", i)));
  }
  ck_assert_str_eq(fm_table_note(b, "std_error"), "none: no design was given");
  fm_table_destroy(a);
  fm_table_destroy(b);
  fm_table_destroy(frame);
}
END_TEST

/* ---- replicates: the delete-one jackknife by hand ----
 * Three units of one row: weights 1, 1, 1; replicates 0, 1.5, 1.5 and so on. Rates with one left out: 0 of 2, 1 of 2,
 * 1 of 2; JK1 around the mean 1/3: 2/3 * (1/9 + 2 * 1/36) = 1/9. */
static const char *const jk[] = {"30", "unemployed", "1", "0",   "1.5", "1.5", /**/
                                 "31", "employed",   "1", "1.5", "0",   "1.5", /**/
                                 "32", "employed",   "1", "1.5", "1.5", "0"};
static const char *const jk_columns[] = {"age:i64", "ls:code", "w:f64", "r1:f64", "r2:f64", "r3:f64"};

START_TEST(replicate_weights)
{
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_labour_spec spec = FM_LABOUR_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(jk_columns, 6, jk, 3), *t;
  design.method = FM_SURVEY_REPLICATES;
  design.replicates = "r1:r3";
  design.replicate_kind = FM_SURVEY_JK1;
  spec.indicators = "unemployment_rate";
  spec.labour_status = "ls";
  spec.weight = "w";
  spec.icls = 13;
  spec.design = &design;
  fm_assert_ok(fm_labour(&t, frame, &spec, NULL, &err), &err);
  fm_assert_close("error", fm_test_number(t, "std_error", 0), 1 / 3.0, 1e-14, 0);
  fm_assert_close("df", fm_test_number(t, "df", 0), 2, 0, 0);
  ck_assert_str_eq(fm_table_note(t, "std_error"), "jk1");
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* A bootstrap of many replicates comes near the linearised errors, for gaps and quantiles too. */
START_TEST(bootstrap)
{
  fm_table *frame = people();
  for (int cost = 0; cost < 2; cost++) {
    fm_survey_design_spec taylor = design_of("strata"), resampled = taylor;
    fm_error err = FM_ERROR_INIT;
    fm_table *a, *b;
    resampled.method = FM_SURVEY_BOOTSTRAP;
    resampled.n_replicates = 300;
    fm_labour_spec one = spec_of(&taylor, cost == 1), other = spec_of(&resampled, cost == 1);
    one.by = other.by = NULL;
    fm_assert_ok(fm_labour(&a, frame, &one, NULL, &err), &err);
    fm_assert_ok(fm_labour(&b, frame, &other, NULL, &err), &err);
    for (size_t i = 0; i < fm_table_n_rows(a); i++) {
      fm_assert_close("value", fm_test_number(b, "value", i), fm_test_number(a, "value", i), 0, 0);
      fm_assert_close(fm_test_text(a, "quantity", i), fm_test_number(b, "std_error", i),
                      fm_test_number(a, "std_error", i), 0.25, 0);
    }
    ck_assert_str_eq(fm_table_note(b, "std_error"), "rao_wu");
    fm_table_destroy(a);
    fm_table_destroy(b);
  }
  fm_table_destroy(frame);
}
END_TEST

START_TEST(design_columns_are_checked)
{
  static const struct {
    const char *strata, *psu;
    fm_status code;
    const char *says;
  } bad[] = {{"nothing", NULL, FM_ERR_NOT_FOUND, "nothing"}, {NULL, "status", FM_ERR_VALUE, "status"}};
  fm_table *frame = people();
  for (int i = 0; i < FM_COUNT(bad); i++) {
    fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
    fm_labour_spec spec = spec_of(&design, false);
    fm_error err = FM_ERROR_INIT;
    fm_table *t;
    design.strata = bad[i].strata;
    design.psu = bad[i].psu;
    ck_assert_int_eq(fm_labour(&t, frame, &spec, NULL, &err), bad[i].code);
    ck_assert_msg(strstr(err.message, bad[i].says) != NULL, "%s", err.message);
    ck_assert_ptr_null(t);
  }
  fm_table_destroy(frame);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("labour-design");
  TCase *c = tcase_create("design");
  tcase_add_test(c, agrees_with_survey);
  tcase_add_test(c, worked_by_hand);
  tcase_add_test(c, values_do_not_depend_on_the_design);
  tcase_add_test(c, replicate_weights);
  tcase_add_test(c, bootstrap);
  tcase_add_test(c, design_columns_are_checked);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
