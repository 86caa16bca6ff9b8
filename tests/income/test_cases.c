/* Small hard inputs, worked examples of the SDG indicators, and the microdata of the World Bank's tests. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "income/golden.h"

enum { MOST = 2100 };

static double x[MOST], w[MOST];
static size_t n;

/* Value of one measure; NaN when there is none. */
static fm_status compute(double *value, const char *measure, const fm_income_rules *rules, fm_error *err)
{
  fm_income_sample *s;
  fm_status status = fm_income_sample_create(&s, x, w, n, rules, NULL, err);
  if (status == FM_OK)
    status = fm_income_sample_values(value, NULL, 1, s, measure, NULL, err);
  fm_income_sample_destroy(s);
  return status;
}

static double computed(const char *measure, const fm_income_rules *rules)
{
  fm_error err = FM_ERROR_INIT;
  double value;
  fm_assert_ok(compute(&value, measure, rules, &err), &err);
  return value;
}

/* ---- tricky.csv ---- */

static void load_case(fm_oracle *o, const char *name)
{
  n = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
    if (strcmp(fm_oracle_text(o, i, "case"), name) == 0 && fm_oracle_text(o, i, "x")[0] != '\0') {
      x[n] = strtod(fm_oracle_text(o, i, "x"), NULL);
      w[n++] = strtod(fm_oracle_text(o, i, "w"), NULL);
    }
}

/* The status word for what happened. A population without weight is empty here: rows of weight 0 leave no trace. */
static const char *status_of(fm_status status, const fm_error *err, double value)
{
  bool weighted = false;
  for (size_t i = 0; i < n; i++)
    weighted |= w[i] > 0;
  if (status == FM_ERR_VALUE)
    return strcmp(err->column, "w") == 0 ? "weight" : "nan";
  ck_assert_msg(status == FM_OK, "%s", err->message);
  return !isnan(value) ? "number" : n == 0 ? "nodata" : weighted ? "domain" : "weight";
}

static double tolerance(const char *name, const char *measure)
{
  bool logarithms = strcmp(measure, "mld") == 0 || strcmp(measure, "theil") == 0 || strstr(measure, "atkinson") != NULL;
  return strcmp(name, "cancel") == 0                                            ? 1e-12
         : strncmp(name, "near_equal", strlen("near_equal")) == 0 && logarithms ? 1e-8
                                                                                : 1e-13;
}

static void check_tricky(fm_oracle *o, size_t i, int32_t nonpos)
{
  fm_error err = FM_ERROR_INIT;
  char measure[64], label[160];
  fm_income_rules rules;
  double value = NAN;
  const char *name = fm_oracle_text(o, i, "case"), *expected = fm_oracle_text(o, i, "expected");
  const char *convention = fm_oracle_text(o, i, "convention");
  ck_assert(
      fm_golden_call(measure, &rules, fm_oracle_text(o, i, "measure"), fm_oracle_text(o, i, "param"), convention, ""));
  rules.nonpos = nonpos;
  rules.missing = FM_INCOME_MISSING_ERROR;
  if (strstr(convention, "na=drop") != NULL) {
    rules.missing = FM_INCOME_MISSING_DROP;
    for (size_t k = 0; k < n; k++) /* an infinite income is an error always: the caller says it is missing */
      x[k] = isinf(x[k]) ? NAN : x[k];
  }
  snprintf(label, sizeof label, "%s %s %s", name, measure, convention);
  fm_status status = compute(&value, measure, &rules, &err);
  char *end;
  double number = strtod(expected, &end);
  bool is_number = *end == '\0' && strcmp(expected, "nan") != 0;
  ck_assert_msg(strcmp(status_of(status, &err, value), is_number ? "number" : expected) == 0, "%s: %.17g, %s", label,
                value, err.message);
  if (is_number)
    fm_assert_close(label, value, number, tolerance(name, measure), 0x1p-1074);
}

START_TEST(tricky)
{
  fm_oracle *o = fm_oracle_open("income/golden_tricky.csv"), *data = fm_oracle_open("income/tricky.csv");
  size_t checked = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++, checked++) {
    const char *convention = fm_oracle_text(o, i, "convention"), *measure = fm_oracle_text(o, i, "measure");
    bool limit = strcmp(convention, "zero_limit") == 0;
    load_case(data, fm_oracle_text(o, i, "case"));
    check_tricky(o, i, limit ? FM_INCOME_NONPOS_LIMIT : FM_INCOME_NONPOS_ERROR);
    /* a limit that is finite of itself needs no rule */
    if (limit && (strcmp(measure, "theil") == 0 || strcmp(fm_oracle_text(o, i, "param"), "0.5") == 0))
      check_tricky(o, i, FM_INCOME_NONPOS_ERROR);
  }
  ck_assert_uint_eq(checked, 1016);
  fm_oracle_close(o);
  fm_oracle_close(data);
}
END_TEST

/* ---- measures named as the reference files name them ---- */

static const struct named {
  const char *name, *measure;
  double factor;
  fm_income_rules rules;
} named[] = {
    {"mean", "mean", 1, FM_INCOME_RULES_INIT},
    {"median", "median", 1, FM_INCOME_RULES_INIT},
    {"q_0.25", "quantile(0.25)", 1, FM_INCOME_RULES_INIT},
    {"q_0.9", "quantile(0.9)", 1, FM_INCOME_RULES_INIT},
    {"gini", "gini", 1, FM_INCOME_RULES_INIT},
    {"gini_as_is", "gini", 1, FM_INCOME_RULES_INIT},
    {"gini_drop_negative", "gini", 1, {.negative = FM_INCOME_NEGATIVE_DROP}},
    {"gini_negative_to_zero", "gini", 1, {.negative = FM_INCOME_NEGATIVE_ZERO}},
    {"theil", "theil", 1, FM_INCOME_RULES_INIT},
    {"mld", "mld", 1, FM_INCOME_RULES_INIT},
    {"ge2", "ge(2)", 1, FM_INCOME_RULES_INIT},
    {"ge2_half_cv2_all", "ge(2)", 1, FM_INCOME_RULES_INIT},
    {"atkinson_0.5", "atkinson(0.5)", 1, FM_INCOME_RULES_INIT},
    {"atkinson_1", "atkinson(1)", 1, FM_INCOME_RULES_INIT},
    {"atkinson_2", "atkinson(2)", 1, FM_INCOME_RULES_INIT},
    {"atkinson_0.5_positive_only", "atkinson(0.5)", 1, {.nonpos = FM_INCOME_NONPOS_DROP}},
    {"atkinson_1_positive_only", "atkinson(1)", 1, {.nonpos = FM_INCOME_NONPOS_DROP}},
    {"atkinson_2_positive_only", "atkinson(2)", 1, {.nonpos = FM_INCOME_NONPOS_DROP}},
    {"mld_positive_only", "mld", 1, {.nonpos = FM_INCOME_NONPOS_DROP}},
    {"theil_positive_only", "theil", 1, {.nonpos = FM_INCOME_NONPOS_DROP}},
    {"theil_zero_limit", "theil", 1, FM_INCOME_RULES_INIT},
    {"mld_zero_to_one", "mld", 1, {.nonpos = FM_INCOME_NONPOS_FLOOR, .nonpos_floor = 1}},
    {"b40_mean", "bottom_mean(0.4)", 1, FM_INCOME_RULES_INIT},
    {"b40_mean_as_is", "bottom_mean(0.4)", 1, FM_INCOME_RULES_INIT},
    {"b40_share", "bottom_share(0.4)", 1, FM_INCOME_RULES_INIT},
    {"s80s20", "s80s20", 1, FM_INCOME_RULES_INIT},
    {"s80s20_lorenz", "s80s20", 1, FM_INCOME_RULES_INIT},
    {"s80s20_eurostat", "s80s20", 1, {.share = FM_INCOME_SHARE_STEP}},
    {"palma", "palma", 1, FM_INCOME_RULES_INIT},
    {"median_weighted", "median", 1, FM_INCOME_RULES_INIT},
    {"p90p10", "quantile_ratio(0.9,0.1)", 1, FM_INCOME_RULES_INIT},
    {"sdg_10_2_1_pct", "at_risk_of_poverty(0.5)", 100, FM_INCOME_RULES_INIT},
    {"fgt0_z125", "fgt(0)", 1, {.line_kind = FM_INCOME_LINE_ABSOLUTE, .line = 125}},
    {"fgt1_z125", "fgt(1)", 1, {.line_kind = FM_INCOME_LINE_ABSOLUTE, .line = 125}},
    {"fgt2_z125", "fgt(2)", 1, {.line_kind = FM_INCOME_LINE_ABSOLUTE, .line = 125}},
    {"watts_z125", "watts", 1, {.line_kind = FM_INCOME_LINE_ABSOLUTE, .line = 125}},
    {"sen_z125", "sen", 1, {.line_kind = FM_INCOME_LINE_ABSOLUTE, .line = 125}},
    {"sst_z125", "sst", 1, {.line_kind = FM_INCOME_LINE_ABSOLUTE, .line = 125}},
};

static void set(fm_income_rules *rules, const fm_income_rules *given)
{
  *rules = *given;
  if (rules->struct_size == 0) {
    rules->struct_size = sizeof *rules;
    rules->hit_tolerance = 1e-12;
    rules->line_share = 0.6;
  }
}

static double decile_share(int k)
{
  char measure[32];
  fm_income_rules rules = FM_INCOME_RULES_INIT;
  double share[2] = {0, 1};
  for (int i = 0; i < 2; i++)
    if (k - 1 + i > 0 && k - 1 + i < 10) {
      snprintf(measure, sizeof measure, "lorenz(0.%d)", k - 1 + i);
      share[i] = computed(measure, &rules);
    }
  return share[1] - share[0];
}

/* false: a name that is not known here. */
static bool value_named(double *value, const char *name)
{
  static const char *const deciles[] = {"decile_share_exact_", "decile_share_"};
  for (int k = 0; k < FM_COUNT(deciles); k++)
    if (strncmp(name, deciles[k], strlen(deciles[k])) == 0 && name[strlen(deciles[k])] <= '9') {
      *value = decile_share(atoi(name + strlen(deciles[k])));
      return true;
    }
  for (int k = 0; k < FM_COUNT(named); k++)
    if (strcmp(name, named[k].name) == 0) {
      fm_income_rules rules;
      set(&rules, &named[k].rules);
      *value = computed(named[k].measure, &rules) * named[k].factor;
      return true;
    }
  return false;
}

static size_t numbers(double *out, const char *text)
{
  size_t k = 0;
  for (char *end; *text != '\0'; text = end) {
    out[k++] = strtod(text, &end);
    ck_assert(end != text && k < MOST);
  }
  return k;
}

START_TEST(edge_cases)
{
  fm_oracle *o = fm_oracle_open("income/edge_cases.csv");
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    const char *name = fm_oracle_text(o, i, "measure"), *expected = fm_oracle_text(o, i, "expected");
    char label[64];
    double value;
    snprintf(label, sizeof label, "%s %s", fm_oracle_text(o, i, "case"), name);
    n = numbers(x, fm_oracle_text(o, i, "incomes"));
    ck_assert_uint_eq(numbers(w, fm_oracle_text(o, i, "weights")), n);
    ck_assert_msg(value_named(&value, name), "%s", label);
    fm_assert_close(label, value, strcmp(expected, "undefined") == 0 ? NAN : strtod(expected, NULL), 1e-10, 1e-12);
  }
  ck_assert_uint_eq(fm_oracle_n_rows(o), 112);
  fm_oracle_close(o);
}
END_TEST

/* ---- microdata ---- */

/* Rows with a weight, missing incomes as NaN: the rules drop and the weight 0 leaves no trace. */
static void load_micro(const char *dataset, size_t *n_raw)
{
  static char loaded[64];
  static double welfare[MOST], weight[MOST];
  static size_t rows;
  char file[sizeof loaded];
  snprintf(file, sizeof file, "income/micro_%s.csv", dataset);
  if (strcmp(file, loaded) != 0) {
    fm_oracle *o = fm_oracle_open(file);
    rows = fm_oracle_n_rows(o);
    for (size_t i = 0; i < rows; i++) {
      welfare[i] = fm_oracle_number(o, i, "welfare");
      weight[i] = fm_oracle_number(o, i, "weight");
    }
    memcpy(loaded, file, sizeof loaded);
    fm_oracle_close(o);
  }
  n = 0;
  *n_raw = rows;
  for (size_t i = 0; i < rows; i++) {
    x[n] = welfare[i];
    w[n] = weight[i];
    n += !isnan(w[n]) && !(x[n] < 0);
  }
}

/* "pov_at_median_watts" and the like: the line, then the measure. wbpip leaves incomes of 0 out of the Watts sum and
 * not out of its divisor. */
static bool poverty_named(double *value, const char *name)
{
  static const struct at {
    const char *prefix;
    double line; /* 0: the median */
  } lines[] = {{"pov_at_median_", 0}, {"pov_at_unweighted_mean_", 3617167.627451}, {"scaled_mean6_line1.9_", 1.9}};
  static const struct figure {
    const char *name, *measure;
  } figures[] = {{"headcount", "fgt(0)"}, {"poverty_gap", "fgt(1)"}, {"poverty_severity", "fgt(2)"},
                 {"watts", "watts"},      {"gini", "gini"},          {"mld", "mld"},
                 {"median", "median"}};
  for (int i = 0; i < FM_COUNT(lines); i++)
    for (int k = 0; k < FM_COUNT(figures); k++) {
      size_t length = strlen(lines[i].prefix);
      if (strncmp(name, lines[i].prefix, length) != 0 || strcmp(name + length, figures[k].name) != 0)
        continue;
      fm_income_rules rules = FM_INCOME_RULES_INIT;
      double all = 0, positive = 0, scale = i == 2 ? 6 / computed("mean", &rules) : 1;
      for (size_t j = 0; j < n; j++) {
        x[j] *= scale;
        all += isnan(x[j]) ? 0 : w[j];
        positive += x[j] > 0 ? w[j] : 0;
      }
      rules.line_kind = FM_INCOME_LINE_ABSOLUTE;
      rules.line = lines[i].line > 0 ? lines[i].line : computed("median", &(fm_income_rules)FM_INCOME_RULES_INIT);
      rules.nonpos = FM_INCOME_NONPOS_DROP;
      *value = computed(figures[k].measure, &rules);
      if (strcmp(figures[k].name, "watts") == 0)
        *value *= positive / all;
      return true;
    }
  return false;
}

START_TEST(micro)
{
  fm_oracle *o = fm_oracle_open("income/micro_expected.csv");
  size_t checked = 0, others = 0, n_raw;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    const char *name = fm_oracle_text(o, i, "measure"), *dataset = fm_oracle_text(o, i, "dataset");
    char label[96];
    double value = 0;
    snprintf(label, sizeof label, "%s %s", dataset, name);
    /* a curve of 100 bins, and growth between two years, are not given here */
    if (strstr(name, "wbpip") != NULL || strstr(name, "10_1_1") != NULL) {
      others++;
      continue;
    }
    load_micro(dataset, &n_raw);
    if (strcmp(name, "n_rows_raw") == 0)
      value = (double)n_raw;
    else if (strcmp(name, "n_rows_clean") == 0 || strcmp(name, "sum_weight") == 0)
      for (size_t k = 0; k < n; k++)
        value += isnan(x[k]) ? 0 : name[0] == 'n' ? 1 : w[k];
    else
      ck_assert_msg(value_named(&value, name) || poverty_named(&value, name), "%s", label);
    bool published = strstr(fm_oracle_text(o, i, "source"), "published") != NULL; /* 7 digits and more */
    fm_assert_close(label, value, fm_oracle_number(o, i, "value"), published ? 3e-7 : 1e-9, 0);
    checked++;
  }
  ck_assert_uint_eq(checked, 116);
  ck_assert_uint_eq(others, 39);
  fm_oracle_close(o);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income cases");
  TCase *c = tcase_create("cases");
  tcase_set_timeout(c, 120);
  tcase_add_test(c, tricky);
  tcase_add_test(c, edge_cases);
  tcase_add_test(c, micro);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
