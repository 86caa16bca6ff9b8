/* income.distribution by hand, its promises as a tally, and its errors. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/support.h"

static const char *const columns[] = {"region:code", "income:f64", "w:f64", "imputed:bool", "top:bool", "working:bool"};
static const char *const cells[] = {
    "north", "10", "1", "1", "0", "1", /**/
    "north", "20", "2", "0", "0", "1", /**/
    "north", "30", "1", "0", "0", "1", /**/
    "south", "40", "1", "0", "0", "1", /**/
    "south", "50", "1", "0", "1", "0", /**/
    "south", "",   "1", "0", "0", "1", /* no income, but part of the sample */
    "west",  "",   "3", "0", "0", "1", /* a group without any income */
    "south", "99", "0", "0", "0", "1", /* weight 0: no trace */
};
enum { N_COLUMNS = 6, N_ROWS = 8 };

static fm_table *compute(const fm_income_distribution_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, N_ROWS), *out;
  fm_assert_ok(fm_income_distribution(&out, frame, spec, NULL, &err), &err);
  fm_table_destroy(frame);
  return out;
}

static size_t row_of(const fm_table *t, const char *quantity, const char *region)
{
  return fm_test_row(t, "quantity", quantity, "region", region, NULL, NULL);
}

static void check_cell(const fm_table *t, size_t row, const char *column, double expected)
{
  fm_assert_close(column, fm_test_number(t, column, row), expected, 1e-13, 0);
}

/* The sample has 7 rows of weight above 0, drawn independently. North: mean (10 + 2 * 20 + 30) / 4 = 20, z = w (x - 20)
 * / 4 = -2.5, 0, 2.5, V = 7/6 * 12.5. Its rows are 3 units: 2 degrees of freedom, t = 4.302652729749464. The error
 * stands on the rows as drawn: deff 1. South less north: 45 - 20; z = -5/2, 5/2 in the south: V = 7/6 * 25. */
START_TEST(by_hand)
{
  fm_income_distribution_spec spec = FM_INCOME_DISTRIBUTION_SPEC_INIT;
  spec.weight = "w";
  spec.by = "region";
  spec.measures = "mean,quantile(0.5),total";
  spec.reference = "north";
  spec.total = 1;
  fm_table *t = compute(&spec);
  size_t north = row_of(t, "mean", "north");
  const double error = sqrt(12.5 * 7 / 6);
  check_cell(t, north, "value", 20);
  check_cell(t, north, "std_error", error);
  check_cell(t, north, "df", 2);
  check_cell(t, north, "ci_low", 20 - 4.302652729749464 * error);
  check_cell(t, north, "ci_high", 20 + 4.302652729749464 * error);
  check_cell(t, north, "deff", 1);
  check_cell(t, north, "n_eff", 3);
  check_cell(t, north, "n", 3);
  check_cell(t, north, "weight", 4);
  ck_assert_str_eq(fm_test_text(t, "reliability", north), "unreliable"); /* 3 rows */
  ck_assert_str_eq(fm_test_text(t, "unit", north), "money");
  ck_assert_str_eq(fm_test_text(t, "definition", north), "default");
  ck_assert_ptr_null(fm_test_text(t, "parameter", north));
  ck_assert_str_eq(fm_test_text(t, "parameter", row_of(t, "quantile", "south")), "0.5");
  size_t apart = row_of(t, "mean_difference", "south");
  check_cell(t, apart, "value", 25);
  check_cell(t, apart, "std_error", sqrt(25.0 * 7 / 6));
  /* the median of everyone hits: half of 6 is north's 10 and 20 */
  size_t all = fm_table_n_rows(t) - 3;
  ck_assert_ptr_null(fm_test_text(t, "region", all));
  check_cell(t, all, "value", 170.0 / 6);
  check_cell(t, all + 1, "value", 25);
  check_cell(t, all + 2, "value", 170);
  size_t west = row_of(t, "mean", "west");
  ck_assert(isnan(fm_test_number(t, "value", west)));
  ck_assert_str_eq(fm_test_text(t, "state", west), "empty");
  check_cell(t, west, "n", 0);
  ck_assert_str_eq(fm_test_text(t, "state", row_of(t, "mean_difference", "west")), "empty");
  for (size_t i = 0; i < fm_table_n_rows(t); i++) /* north is not compared with itself */
    ck_assert(strstr(fm_test_text(t, "quantity", i), "_difference") == NULL ||
              strcmp(fm_test_text(t, "region", i), "north") != 0);
  ck_assert_str_eq(fm_table_note(t, "missing_income"), "2");
  ck_assert_str_eq(fm_table_note(t, "std_error"), "taylor");
  ck_assert_ptr_nonnull(strstr(fm_table_note(t, "weight"), "treated as fixed"));
  fm_table_destroy(t);
}
END_TEST

/* Half the median of all, 12.5, from north's 10 alone: 1 of 4. In the domain of those at work the median of all stays;
 * by the groups' own medians: north 20 (10: half is 10, not below), south 45. */
START_TEST(lines_and_domains)
{
  fm_income_distribution_spec spec = FM_INCOME_DISTRIBUTION_SPEC_INIT;
  fm_income_rules rules = FM_INCOME_RULES_INIT;
  spec.weight = "w";
  spec.by = "region";
  spec.measures = "at_risk_of_poverty(0.5),mean";
  spec.rules = &rules;
  spec.total = 1;
  fm_table *t = compute(&spec);
  check_cell(t, row_of(t, "at_risk_of_poverty", "north"), "value", 0.25);
  check_cell(t, row_of(t, "at_risk_of_poverty", "south"), "value", 0);
  check_cell(t, row_of(t, "poverty_line", "south"), "value", 12.5);
  ck_assert_str_eq(fm_test_text(t, "parameter", row_of(t, "poverty_line", "south")), "0.5");
  fm_table_destroy(t);
  spec.domain = "working";
  t = compute(&spec);
  check_cell(t, row_of(t, "mean", "south"), "value", 40);
  check_cell(t, row_of(t, "poverty_line", "south"), "value", 12.5);
  check_cell(t, fm_table_n_rows(t) - 2, "value", 24); /* (80 + 40) / 5 */
  fm_table_destroy(t);
  rules.line_kind = FM_INCOME_LINE_DOMAIN;
  t = compute(&spec);
  check_cell(t, row_of(t, "at_risk_of_poverty", "north"), "value", 0);
  check_cell(t, row_of(t, "poverty_line", "south"), "value", 20);
  fm_table_destroy(t);
}
END_TEST

/* North's 10 has weight 1 of 4; the south's 50 is cut off, one of two. What moves when it is doubled is a bound. */
START_TEST(imputed_and_top_coded)
{
  static const struct {
    const char *quantity, *region, *state;
  } cases[] = {{"mean", "north", "ok"},
               {"mean", "south", "censored"},
               {"bottom_mean", "south", "ok"},
               {"bottom_share", "south", "censored"},
               {"gini", "south", "censored"},
               {"at_risk_of_poverty", "south", "ok"},
               {"mean_difference", "south", "censored"},
               {"bottom_mean_difference", "south", "ok"}};
  fm_income_distribution_spec spec = FM_INCOME_DISTRIBUTION_SPEC_INIT;
  spec.weight = "w";
  spec.by = "region";
  spec.measures = "mean,bottom_mean(0.4),bottom_share(0.4),gini,at_risk_of_poverty(0.6)";
  spec.reference = "north";
  spec.imputed = "imputed";
  spec.top_coded = "top";
  fm_table *t = compute(&spec);
  check_cell(t, row_of(t, "imputed_share", "north"), "value", 0.25);
  check_cell(t, row_of(t, "imputed_share", "south"), "value", 0);
  check_cell(t, row_of(t, "top_coded_share", "south"), "value", 0.5);
  check_cell(t, row_of(t, "mean", "south"), "value", 45);
  ck_assert_str_eq(fm_test_text(t, "state", row_of(t, "imputed_share", "west")), "empty");
  for (int i = 0; i < FM_COUNT(cases); i++)
    ck_assert_msg(strcmp(fm_test_text(t, "state", row_of(t, cases[i].quantity, cases[i].region)), cases[i].state) == 0,
                  "%s of the %s", cases[i].quantity, cases[i].region);
  ck_assert_ptr_nonnull(strstr(fm_table_note(t, "top_coded"), "bounds"));
  fm_table_destroy(t);
}
END_TEST

/* Someone in two groups counts in both, and once in the whole and for the line. */
START_TEST(groups_that_overlap)
{
  static const char *const names[] = {"region:code", "income:f64", "first:bool", "person:code"};
  static const char *const rows[] = {"a", "10", "1", "p", "b", "10", "0", "p", "b", "30", "1", "q"};
  fm_error err = FM_ERROR_INIT;
  fm_income_distribution_spec spec = FM_INCOME_DISTRIBUTION_SPEC_INIT;
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_table *frame = fm_test_table(names, 4, rows, 3), *t;
  design.psu = "person";
  spec.by = "region";
  spec.measures = "mean,poverty_line";
  spec.first_row = "first";
  spec.total = 1;
  spec.design = &design;
  spec.reference = "total";
  fm_assert_ok(fm_income_distribution(&t, frame, &spec, NULL, &err), &err);
  check_cell(t, row_of(t, "mean", "b"), "value", 20);
  check_cell(t, row_of(t, "mean_difference", "a"), "value", -10);
  check_cell(t, row_of(t, "poverty_line", "a"), "value", 0.6 * 20);
  /* p in a: z = 0 in the group, (10 - 20) / 2 less in the whole; q: -(30 - 20) / 2; V = 2/1 * 2 * 25 */
  check_cell(t, row_of(t, "mean_difference", "a"), "std_error", 10);
  check_cell(t, fm_table_n_rows(t) - 2, "value", 20);
  check_cell(t, fm_table_n_rows(t) - 2, "n", 2);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* A group's errors are those of the same rows as a domain, though groups share the sums of the national line. */
START_TEST(groups_are_domains)
{
  static const char *const wanted[] = {"at_risk_of_poverty", "poverty_line", "fgt", "mean"};
  static const char *const numbers[] = {"value", "std_error", "deff", "df", "ci_low"};
  static const char *const names[] = {"g:code", "income:f64", "w:f64", "in_b:bool", "s:i32", "c:i32"};
  fm_error err = FM_ERROR_INIT;
  fm_income_distribution_spec spec = FM_INCOME_DISTRIBUTION_SPEC_INIT;
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  enum { N = 60 };
  static char text[N * 6][8];
  const char *rows[N * 6];
  for (int i = 0; i < N * 6; i++)
    rows[i] = text[i];
  for (int i = 0; i < N; i++) {
    int v = i * 37 % 101;
    strcpy(text[6 * i], v % 3 == 0 ? "a" : v % 3 == 1 ? "b" : "c");
    snprintf(text[6 * i + 1], 8, "%d", 3 + v * v % 97);
    snprintf(text[6 * i + 2], 8, "%d", 1 + v % 4);
    strcpy(text[6 * i + 3], v % 3 == 1 ? "1" : "0");
    snprintf(text[6 * i + 4], 8, "%d", i % 2);
    snprintf(text[6 * i + 5], 8, "%d", i / 5);
  }
  fm_table *frame = fm_test_table(names, 6, rows, N), *groups, *domain;
  if (_i == 1) {
    design.strata = "s";
    design.psu = "c";
  }
  spec.weight = "w";
  spec.measures = "at_risk_of_poverty(0.6),fgt(1),mean";
  spec.design = &design;
  spec.domain = "in_b";
  fm_assert_ok(fm_income_distribution(&domain, frame, &spec, NULL, &err), &err);
  spec.domain = NULL;
  spec.by = "g";
  fm_assert_ok(fm_income_distribution(&groups, frame, &spec, NULL, &err), &err);
  for (int k = 0; k < FM_COUNT(wanted); k++) {
    size_t a = fm_test_row(groups, "quantity", wanted[k], "g", "b", NULL, NULL);
    size_t b = fm_test_row(domain, "quantity", wanted[k], NULL, NULL, NULL, NULL);
    ck_assert(fm_test_number(domain, "std_error", b) > 0 && fm_test_number(domain, "deff", b) > 0);
    for (int i = 0; i < FM_COUNT(numbers); i++)
      fm_assert_close(wanted[k], fm_test_number(groups, numbers[i], a), fm_test_number(domain, numbers[i], b), 1e-12,
                      0);
  }
  fm_table_destroy(groups);
  fm_table_destroy(domain);
  fm_table_destroy(frame);
}
END_TEST

/* ---- the promises of a tally ---- */

typedef struct set_up {
  fm_income_distribution_spec spec;
  fm_survey_design_spec design;
} set_up;

static const char *const sampled[] = {"region:code", "income:f64", "w:f64",        "stratum:i32", "psu:code",
                                      "size:f64",    "r1:f64",     "imputed:bool", "r2:f64"};
enum { N_SAMPLED = 9, N_SAMPLE = 14 };
static const char *const sample[] = {
    "n", "10",  "1", "1", "a", "9", "2", "1", "0", /**/
    "n", "20",  "2", "1", "a", "9", "4", "0", "0", /**/
    "n", "20",  "2", "1", "a", "9", "4", "0", "0", /**/
    "n", "-5",  "1", "1", "b", "9", "0", "0", "2", /**/
    "n", "20",  "2", "1", "b", "9", "0", "",  "4", /**/
    "s", "",    "1", "1", "b", "9", "0", "0", "2", /**/
    "s", "40",  "1", "2", "a", "5", "1", "0", "1", /**/
    "s", "35",  "1", "2", "a", "5", "1", "0", "1", /**/
    "s", "0",   "3", "2", "c", "5", "3", "0", "3", /**/
    "",  "15",  "1", "2", "c", "5", "1", "1", "2", /**/
    "",  "12",  "0", "2", "c", "5", "0", "0", "0", /**/
    "s", "1e3", "1", "2", "d", "5", "1", "0", "1", /**/
    "n", "7",   "2", "1", "c", "9", "2", "0", "2", /**/
    "n", "7",   "2", "1", "c", "9", "2", "0", "2",
};

static set_up set_up_of(int kind)
{
  set_up s = {FM_INCOME_DISTRIBUTION_SPEC_INIT, FM_SURVEY_DESIGN_SPEC_INIT};
  s.spec.weight = "w";
  s.spec.by = "region";
  s.spec.reference = "s";
  s.spec.imputed = "imputed";
  s.spec.total = 1;
  if (kind == 0) {
    s.design.strata = "stratum";
    s.design.psu = "psu";
    s.design.fpc = "size";
  } else if (kind == 1) {
    s.design.method = FM_SURVEY_REPLICATES;
    s.design.replicates = "r1,r2";
    s.design.replicate_kind = FM_SURVEY_BRR;
  } else {
    s.design.method = FM_SURVEY_BOOTSTRAP;
    s.design.n_replicates = 20;
    if (kind == 3) {
      s.design.strata = "stratum";
      s.design.psu = "psu";
    }
  }
  return s;
}

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  set_up *s = ctx;
  s->spec.design = &s->design;
  return fm_income_distribution_tally(out, &s->spec, err);
}

static fm_tally *make(void *ctx)
{
  fm_tally *t;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(create(&t, ctx, &err), &err);
  return t;
}

START_TEST(promises)
{
  set_up s = set_up_of(_i);
  fm_test_tally(make, &s, sampled, N_SAMPLED, sample, N_SAMPLE);
}
END_TEST

START_TEST(allocations)
{
  set_up s = set_up_of(_i);
  fm_table *frame = fm_test_table(sampled, N_SAMPLED, sample, N_SAMPLE);
  s.design.n_replicates = 2;
  ck_assert_int_gt(fm_test_tally_allocations(create, &s, frame), 100);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(threads)
{
  set_up s = set_up_of(_i);
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(sampled, N_SAMPLED, sample, N_SAMPLE), *one, *three;
  fm_threads workers = {sizeof workers, 3};
  fm_run run = FM_RUN_INIT;
  run.execute = fm_execute_threads;
  run.execute_ctx = &workers;
  s.spec.design = &s.design;
  fm_assert_ok(fm_income_distribution(&one, frame, &s.spec, NULL, &err), &err);
  fm_assert_ok(fm_income_distribution(&three, frame, &s.spec, &run, &err), &err);
  fm_assert_same_table("threads", one, three);
  ck_assert(fm_test_number(one, "std_error", row_of(one, "mean", "n")) > 0);
  fm_table_destroy(one);
  fm_table_destroy(three);
  fm_table_destroy(frame);
}
END_TEST

static int32_t stop(void *ctx, double done)
{
  (void)ctx;
  (void)done;
  return 1;
}

START_TEST(cancelling)
{
  set_up s = set_up_of(_i);
  fm_table *frame = fm_test_table(sampled, N_SAMPLED, sample, N_SAMPLE), *out;
  fm_run run = FM_RUN_INIT;
  run.progress = stop;
  s.spec.design = &s.design;
  ck_assert_int_eq(fm_income_distribution(&out, frame, &s.spec, &run, NULL), FM_ERR_CANCELLED);
  ck_assert_ptr_null(out);
  fm_table_destroy(frame);
}
END_TEST

/* ---- errors ---- */

START_TEST(bad_specs)
{
  static const struct {
    const char *label, *said;
    fm_income_distribution_spec spec;
    fm_status status;
  } cases[] = {
#define SPEC .struct_size = sizeof(fm_income_distribution_spec), .weight = "w"
      {"level", "level", {SPEC, .income = "income", .level = 1}, FM_ERR_ARGUMENT},
      {"total", "total", {SPEC, .income = "income", .level = 0.9, .total = 2}, FM_ERR_ARGUMENT},
      {"no income", "income", {SPEC, .level = 0.9}, FM_ERR_ARGUMENT},
      {"reference without groups",
       "by",
       {SPEC, .income = "income", .level = 0.9, .reference = "north"},
       FM_ERR_ARGUMENT},
      {"two keys for one",
       "one key",
       {SPEC, .income = "income", .level = 0.9, .by = "region", .reference = "a,b"},
       FM_ERR_ARGUMENT},
      {"no such group",
       "no group \"east\"",
       {SPEC, .income = "income", .level = 0.9, .by = "region", .reference = "east"},
       FM_ERR_NOT_FOUND},
      {"no such measure", "ginny", {SPEC, .income = "income", .level = 0.9, .measures = "ginny"}, FM_ERR_ARGUMENT},
      {"no such column", "pay", {SPEC, .income = "pay", .level = 0.9}, FM_ERR_NOT_FOUND},
      {"income for a mark",
       "true or false",
       {SPEC, .income = "income", .level = 0.9, .domain = "income"},
       FM_ERR_VALUE},
#undef SPEC
  };
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, N_ROWS), *out;
  fm_status status = fm_income_distribution(&out, frame, &cases[_i].spec, NULL, &err);
  ck_assert_msg(status == cases[_i].status, "%s: %s: %s", cases[_i].label, fm_status_name(status), err.message);
  ck_assert_msg(strstr(err.message, cases[_i].said) != NULL, "%s: %s", cases[_i].label, err.message);
  ck_assert_ptr_null(out);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(poisson_totals)
{
  fm_error err = FM_ERROR_INIT;
  set_up s = set_up_of(2);
  fm_table *frame = fm_test_table(sampled, N_SAMPLED, sample, N_SAMPLE), *out;
  s.spec.design = &s.design;
  s.spec.measures = "mean,total";
  s.design.bootstrap = FM_SURVEY_POISSON;
  ck_assert_int_eq(fm_income_distribution(&out, frame, &s.spec, NULL, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_nonnull(strstr(err.message, "Poisson"));
  s.spec.measures = "mean";
  fm_error_clear(&err);
  fm_assert_ok(fm_income_distribution(&out, frame, &s.spec, NULL, &err), &err);
  ck_assert_str_eq(fm_table_note(out, "std_error"), "poisson");
  fm_table_destroy(out);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(initial_spec)
{
  fm_income_distribution_spec a = FM_INCOME_DISTRIBUTION_SPEC_INIT, b;
  memset(&b, 0xff, sizeof b);
  fm_income_distribution_spec_init(&b, sizeof b);
  ck_assert(b.struct_size == a.struct_size && strcmp(a.income, b.income) == 0 && b.level == a.level && b.by == NULL);
}
END_TEST

/* A group and its difference from the whole, which is made of the same rows: the first has a design effect, the second
 * none. */
START_TEST(effects)
{
  fm_income_distribution_spec spec = FM_INCOME_DISTRIBUTION_SPEC_INIT;
  spec.weight = "w";
  spec.by = "region";
  spec.measures = "mean,gini";
  spec.reference = "total";
  fm_table *t = compute(&spec);
  const size_t cells_of[] = {(size_t)fm_table_column_index(t, "deff"), (size_t)fm_table_column_index(t, "n_eff")};
  size_t own = row_of(t, "mean", "north"), difference = row_of(t, "mean_difference", "north");
  ck_assert_double_gt(fm_test_number(t, "std_error", difference), 0);
  for (int k = 0; k < FM_COUNT(cells_of); k++) {
    ck_assert_int_eq(fm_table_is_null(t, cells_of[k], own), 0);
    ck_assert_int_eq(fm_table_is_null(t, cells_of[k], difference), 1);
  }
  fm_table_destroy(t);
}
END_TEST

/* One in six of the weight is below the line, 0.6 x 25: the headcount has the same limits under both its names, by the
 * logit: 1 / (1 + exp(log(5) +/- t error / (5 / 36))). Five rows have an income: t with 4 degrees of freedom. */
START_TEST(headcounts)
{
  fm_income_distribution_spec spec = FM_INCOME_DISTRIBUTION_SPEC_INIT;
  spec.weight = "w";
  spec.measures = "at_risk_of_poverty,fgt(0),fgt(1)";
  fm_table *t = compute(&spec);
  size_t rate = fm_test_row(t, "quantity", "at_risk_of_poverty", NULL, NULL, NULL, NULL);
  size_t headcount = fm_test_row(t, "quantity", "fgt", "parameter", "0", NULL, NULL);
  const double error = fm_test_number(t, "std_error", rate), wide = 2.7764451051977987 * error / (5.0 / 36);
  check_cell(t, headcount, "value", 1 / 6.0);
  check_cell(t, headcount, "std_error", error);
  check_cell(t, headcount, "ci_low", 1 / (1 + 5 * exp(wide)));
  check_cell(t, headcount, "ci_high", 1 / (1 + 5 * exp(-wide)));
  check_cell(t, rate, "ci_high", fm_test_number(t, "ci_high", headcount));
  const double gap = fm_test_number(t, "value", headcount + 1);
  ck_assert_double_gt(gap, 0);
  fm_assert_close("gap", fm_test_number(t, "ci_low", headcount + 1) + fm_test_number(t, "ci_high", headcount + 1),
                  2 * gap, 1e-13, 0);
  fm_table_destroy(t);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income-distribution");
  TCase *t = tcase_create("distribution");
  tcase_add_test(t, by_hand);
  tcase_add_test(t, headcounts);
  tcase_add_test(t, effects);
  tcase_add_test(t, lines_and_domains);
  tcase_add_test(t, imputed_and_top_coded);
  tcase_add_test(t, groups_that_overlap);
  tcase_add_loop_test(t, groups_are_domains, 0, 2);
  tcase_add_loop_test(t, promises, 0, 4);
  tcase_add_loop_test(t, allocations, 0, 4);
  tcase_add_loop_test(t, threads, 0, 4);
  tcase_add_loop_test(t, cancelling, 0, 4);
  tcase_add_loop_test(t, bad_specs, 0, 9);
  tcase_add_test(t, poisson_totals);
  tcase_add_test(t, initial_spec);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
