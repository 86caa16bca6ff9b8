/* parity.rates: Berkeley's admissions and Swiss women against R, groups and comparisons, promises of a tally. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/support.h"

enum { DEPARTMENTS = 6 };
static const int admissions[2][DEPARTMENTS][2] = {
    /* women, men: admitted and rejected in departments A to F */
    {{89, 19}, {17, 8}, {202, 391}, {131, 244}, {94, 299}, {24, 317}},
    {{512, 313}, {353, 207}, {120, 205}, {138, 279}, {53, 138}, {22, 351}}};

static void add_text(fm_table *t, const char *name, const char *const *texts, size_t n)
{
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_table_add_text(t, name, texts, n, &err), &err);
}

static fm_table *applicants(void)
{
  enum { N = 4526 };
  static const char *const sexes[] = {"Female", "Male"}, *const departments[] = {"A", "B", "C", "D", "E", "F"};
  static const char *sex[N], *department[N];
  static uint8_t admitted[N];
  size_t n = 0;
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  for (size_t s = 0; s < 2; s++)
    for (size_t d = 0; d < DEPARTMENTS; d++)
      for (int yes = 0; yes < 2; yes++)
        for (int i = 0; i < admissions[s][d][1 - yes]; i++, n++) {
          sex[n] = sexes[s];
          department[n] = departments[d];
          admitted[n] = (uint8_t)yes;
        }
  ck_assert_uint_eq(n, N);
  fm_assert_ok(fm_table_create(&t, "applicants", &err), &err);
  add_text(t, "sex", sex, N);
  add_text(t, "department", department, N);
  fm_assert_ok(fm_table_add_bool(t, "admitted", admitted, NULL, N, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_seal(t, &err), &err);
  return t;
}

static double expected(const fm_oracle *o, const char *of, const char *quantity)
{
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
    if (strcmp(fm_oracle_text(o, i, "case"), of) == 0 && strcmp(fm_oracle_text(o, i, "quantity"), quantity) == 0)
      return fm_oracle_number(o, i, "value");
  ck_abort_msg("%s: no %s", of, quantity);
  return NAN;
}

static bool is(const fm_table *t, const char *column, size_t row, const char *text)
{
  const char *found = fm_test_text(t, column, row);
  return text == NULL ? found == NULL || found[0] == '\0' : found != NULL && strcmp(found, text) == 0;
}

static size_t row_of(const fm_table *t, const char *quantity, const char *group, const char *stratum,
                     const char *method)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    if (is(t, "quantity", i, quantity) && is(t, "group", i, group) && is(t, "stratum", i, stratum) &&
        (method == NULL || is(t, "method", i, method)))
      return i;
  ck_abort_msg("no %s of %s", quantity, group != NULL ? group : "all");
  return 0;
}

static double value(const fm_table *t, const char *quantity, const char *group, const char *stratum, const char *method)
{
  return fm_test_number(t, "value", row_of(t, quantity, group, stratum, method));
}

START_TEST(berkeley)
{
  fm_oracle *o = fm_oracle_open("parity/parity.csv");
  fm_error err = FM_ERROR_INIT;
  fm_parity_rates_spec spec;
  fm_table *frame = applicants(), *t;
  fm_parity_rates_spec_init(&spec, sizeof spec);
  spec.outcome = "admitted";
  spec.group = "sex";
  spec.reference = "Male";
  spec.strata = "department";
  fm_assert_ok(fm_parity_rates(&t, frame, &spec, NULL, &err), &err);
  fm_assert_ok(fm_table_check(t, &err), &err);
  const struct {
    const char *of, *expected, *quantity, *method;
  } figures[] = {{"parity_ucb", "p1", "share", "wilson"},
                 {"parity_ucb", "rd", "difference", "newcombe"},
                 {"parity_ucb", "rr", "ratio", "katz"},
                 {"parity_ucb", "or", "odds_ratio", "woolf"},
                 {"parity_ucb", "impact_ratio", "impact_ratio", NULL},
                 {"parity_ucb", "shortfall_persons", "shortfall", NULL},
                 {"parity_ucb", "cohen_h", "cohen_h", NULL},
                 {"parity_ucb", "p_pooled", "p_value", "z"},
                 {"parity_ucb", "p_fisher", "p_value", "fisher"},
                 {"parity_ucb", "p_fisher", "p_adjusted", "holm"},
                 {"mh_ucb", "mh_or", "adjusted_odds_ratio", NULL},
                 {"mh_ucb", "mh_rr", "adjusted_ratio", NULL},
                 {"mh_ucb", "mh_rd", "adjusted_difference", NULL},
                 {"kitagawa_ucb", "rate_component", "rate_component", NULL},
                 {"kitagawa_ucb", "composition_component", "composition_component", NULL},
                 {"kitagawa_ucb", "directly_standardised_group", "standardised_rate", NULL}};
  for (size_t k = 0; k < FM_COUNT(figures); k++)
    fm_assert_close(figures[k].expected, value(t, figures[k].quantity, "Female", NULL, figures[k].method),
                    expected(o, figures[k].of, figures[k].expected), 0, 1e-9);
  for (char d = 'A'; d <= 'F'; d++) {
    char name[32], stratum[2] = {d, '\0'};
    snprintf(name, sizeof name, "rate_%c", d);
    fm_assert_close(name, value(t, "rate_component", "Female", stratum, NULL), expected(o, "kitagawa_ucb", name), 1e-15,
                    1e-12);
    snprintf(name, sizeof name, "composition_%c", d);
    fm_assert_close(name, value(t, "composition_component", "Female", stratum, NULL), expected(o, "kitagawa_ucb", name),
                    1e-15, 1e-12);
  }
  size_t score = row_of(t, "difference", "Female", NULL, "score");
  fm_assert_close("low", fm_test_number(t, "ci_low", score), expected(o, "parity_ucb", "rd_mn_lo"), 0, 1e-9);
  fm_assert_close("high", fm_test_number(t, "ci_high", score), expected(o, "parity_ucb", "rd_mn_hi"), 0, 1e-9);
  fm_assert_close("below", value(t, "below_least_ratio", "Female", NULL, NULL), 1, 0, 0);
  fm_table_destroy(t);
  fm_table_destroy(frame);
  fm_oracle_close(o);
}
END_TEST

/* Swiss women by age: rates and numbers as given, the rest from them. */
START_TEST(many_groups)
{
  enum { MOST = 872 };
  static const char *const names[] = {"a20_29", "a30_39", "a40_49", "a50_62"};
  static const char *group[MOST];
  static uint8_t yes[MOST];
  fm_oracle *o = fm_oracle_open("parity/parity.csv");
  fm_error err = FM_ERROR_INIT;
  fm_parity_rates_spec spec = FM_PARITY_RATES_SPEC_INIT;
  fm_table *frame, *t;
  size_t n = 0;
  char name[48];
  for (size_t k = 0; k < FM_COUNT(names); k++) {
    snprintf(name, sizeof name, "n_%s", names[k]);
    size_t size = (size_t)expected(o, "parity_age", name);
    snprintf(name, sizeof name, "rate_%s", names[k]);
    size_t in = (size_t)(expected(o, "parity_age", name) * (double)size + 0.5);
    for (size_t i = 0; i < size && n < MOST; i++, n++) {
      group[n] = names[k];
      yes[n] = i < in;
    }
  }
  fm_assert_ok(fm_table_create(&frame, "women", &err), &err);
  add_text(frame, "age", group, n);
  fm_assert_ok(fm_table_add_bool(frame, "outcome", yes, NULL, n, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_seal(frame, &err), &err);
  spec.group = "age";
  spec.reference = "a30_39";
  fm_assert_ok(fm_parity_rates(&t, frame, &spec, NULL, &err), &err);
  for (size_t k = 0; k < FM_COUNT(names); k++) {
    snprintf(name, sizeof name, "parity_index_%s", names[k]);
    fm_assert_close(name, value(t, "parity_index", names[k], NULL, NULL), expected(o, "parity_age", name), 0, 1e-12);
  }
  fm_assert_close("range", value(t, "range", NULL, NULL, NULL), expected(o, "parity_age", "range"), 0, 1e-12);
  fm_assert_close("least", value(t, "least_ratio", NULL, NULL, NULL), expected(o, "parity_age", "min_ratio"), 0, 1e-12);
  fm_assert_close("variance", value(t, "variance_between", NULL, NULL, NULL),
                  expected(o, "parity_age", "between_group_variance"), 0, 1e-12);
  fm_assert_close("theil", value(t, "theil_between", NULL, NULL, NULL), expected(o, "parity_age", "theil_t_between"), 0,
                  1e-11);
  fm_assert_close("chi", value(t, "chi_square", NULL, NULL, NULL), expected(o, "parity_age", "chisq"), 0, 1e-12);
  double p = value(t, "p_value", NULL, NULL, "chi_square");
  ck_assert(p > 0 && p < 0.001);
  fm_table_destroy(t);
  fm_table_destroy(frame);
  fm_oracle_close(o);
}
END_TEST

static const char *const columns[] = {"outcome:bool", "sex:code", "origin:code", "area:code", "school:code"};
static const char *const cells[] = {
    "1", "f", "x", "n", "s", "0", "f", "x", "n", "t", "1", "m", "x", "n", "s", "",  "m", "x", "n", "s", /**/
    "0", "m", "x", "s", "s", "1", "f", "x", "s", "t", "1", "m", "x", "s", "t", "0", "f", "y", "n", "s", /**/
    "1", "",  "x", "n", "s", "1", "f", "y", "s", "u", "0", "m", "y", "s", ""};
enum { N_ROWS = 11 };

START_TEST(groups_of_two_columns)
{
  fm_error err = FM_ERROR_INIT;
  fm_parity_rates_spec spec = FM_PARITY_RATES_SPEC_INIT;
  fm_table *frame = fm_test_table(columns, 5, cells, N_ROWS), *t;
  spec.group = "sex,origin";
  spec.reference = "m,x";
  fm_assert_ok(fm_parity_rates(&t, frame, &spec, NULL, &err), &err);
  ck_assert_str_eq(fm_table_note(t, "missing_outcome"), "1");
  ck_assert_str_eq(fm_table_note(t, "reference"), "m,x");
  fm_assert_close("rate", value(t, "share", "f,x", NULL, NULL), 2 / 3.0, 0, 1e-15);
  fm_assert_close("difference", value(t, "difference", "f,y", NULL, "wald"), 0.5 - 2 / 3.0, 0, 1e-14);
  fm_assert_close("no sex told", value(t, "share", ",x", NULL, NULL), 1, 0, 0);
  fm_table_destroy(t);
  spec.reference = "m";
  ck_assert_int_eq(fm_parity_rates(&t, frame, &spec, NULL, &err), FM_ERR_NOT_FOUND);
  fm_error_clear(&err);
  spec.reference = "m,x,n";
  ck_assert_int_eq(fm_parity_rates(&t, frame, &spec, NULL, &err), FM_ERR_NOT_FOUND);
  fm_table_destroy(frame);
}
END_TEST

/* Of two groups each is the other's rest. 1 of 2 against 1 of 4, 2 of 6 in all: 1/2 - 1/3 = 1/6 is (1 - 2/6) of
 * 1/2 - 1/4. */
START_TEST(rest_and_population)
{
  static const char *const names[] = {"outcome:bool", "g:code", "id:code"};
  static const char *const rows[] = {"1", "a", "p", "0", "a", "p", "1", "b", "q", "0", "b", "r", /**/
                                     "0", "b", "r", "0", "b", "p", "",  "b", "s"};
  fm_error err = FM_ERROR_INIT;
  fm_parity_rates_spec spec = FM_PARITY_RATES_SPEC_INIT;
  fm_table *frame = fm_test_table(names, 3, rows, 7), *named, *rest, *all;
  spec.group = "g";
  spec.reference = "b";
  fm_assert_ok(fm_parity_rates(&named, frame, &spec, NULL, &err), &err);
  spec.reference = NULL;
  spec.cluster = "id";
  spec.against = FM_PARITY_REST;
  fm_assert_ok(fm_parity_rates(&rest, frame, &spec, NULL, &err), &err);
  spec.against = FM_PARITY_POPULATION;
  fm_assert_ok(fm_parity_rates(&all, frame, &spec, NULL, &err), &err);
  static const char *const methods[] = {"newcombe", "score", "wald"};
  for (int k = 0; k < FM_COUNT(methods); k++) {
    size_t a = row_of(named, "difference", "a", NULL, methods[k]),
           b = row_of(rest, "difference", "a", NULL, methods[k]);
    size_t c = row_of(all, "difference", "a", NULL, methods[k]);
    fm_assert_close("rest", fm_test_number(rest, "ci_low", b), fm_test_number(named, "ci_low", a), 0, 0);
    fm_assert_close("all", fm_test_number(all, "ci_high", c), 4 / 6.0 * fm_test_number(named, "ci_high", a), 1e-15, 0);
  }
  fm_assert_close("P = 2/6", value(all, "difference", "a", NULL, "wald"), 1 / 2.0 - 2 / 6.0, 0, 1e-15);
  fm_assert_close("ratio", value(all, "ratio", "a", NULL, NULL), 1.5, 1e-15, 0);
  fm_assert_close("shortfall", value(all, "shortfall", "a", NULL, NULL), 2 * (2 / 6.0 - 1 / 2.0), 1e-15, 0);
  fm_assert_close("impact", value(all, "impact_ratio", "b", NULL, NULL), 0.25 / (2 / 6.0), 1e-15, 0);
  ck_assert(isnan(value(all, "odds_ratio", "a", NULL, NULL)) && value(rest, "odds_ratio", "a", NULL, NULL) == 3);
  double h = 2 * asin(sqrt(0.5)) - 2 * asin(sqrt(2 / 6.0));
  fm_assert_close("h", value(all, "cohen_h", "a", NULL, NULL), h, 1e-14, 0);
  fm_assert_close("p", value(all, "p_value", "a", NULL, "fisher"), value(named, "p_value", "a", NULL, "fisher"), 0, 0);
  fm_assert_close("people", fm_test_number(all, "people", row_of(all, "share", "a", NULL, NULL)), 1, 0, 0);
  fm_assert_close("people", fm_test_number(all, "people", row_of(all, "range", NULL, NULL, NULL)), 3, 0, 0);
  fm_assert_close("rows", fm_test_number(named, "people", row_of(named, "range", NULL, NULL, NULL)), 6, 0, 0);
  fm_table_destroy(named);
  fm_table_destroy(rest);
  fm_table_destroy(all);
  fm_table_destroy(frame);
  frame = fm_test_table(names, 3, rows, 2); /* nobody else */
  fm_assert_ok(fm_parity_rates(&all, frame, &spec, NULL, &err), &err);
  ck_assert(isnan(value(all, "difference", "a", NULL, "wald")) && isnan(value(all, "p_adjusted", "a", NULL, NULL)));
  fm_table_destroy(all);
  fm_table_destroy(frame);
}
END_TEST

/* Strata that one of the groups lacks leave the parts undefined, and the common figures to the others. */
START_TEST(strata_apart)
{
  fm_error err = FM_ERROR_INIT;
  fm_parity_rates_spec spec = FM_PARITY_RATES_SPEC_INIT;
  fm_table *frame = fm_test_table(columns, 5, cells, N_ROWS), *t;
  spec.group = "sex";
  spec.reference = "m";
  spec.by = "area";
  spec.strata = "school";
  fm_assert_ok(fm_parity_rates(&t, frame, &spec, NULL, &err), &err);
  size_t n = 0;
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    if (is(t, "quantity", i, "rate_component") && is(t, "stratum", i, NULL) && is(t, "group", i, "f") &&
        is(t, "area", i, "s")) {
      ck_assert(isnan(fm_test_number(t, "value", i)));
      n += is(t, "state", i, "undefined");
    }
  ck_assert_uint_ge(n, 1);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

static const struct refusal {
  const char *outcome, *group, *reference, *said;
  double level, least_ratio;
  const char *strata, *cluster;
  int32_t against;
} refusals[] = {
    {"", "sex", "m", "outcome", 0.95, 0.8, NULL, NULL, 0},
    {"outcome", NULL, "m", "group", 0.95, 0.8, NULL, NULL, 0},
    {"outcome", "sex", "", "reference", 0.95, 0.8, NULL, NULL, 0},
    {"outcome", "sex", "m", "level", 1, 0.8, NULL, NULL, 0},
    {"outcome", "sex", "m", "least_ratio", 0.95, 0, NULL, NULL, 0},
    {"answer", "sex", "m", "answer", 0.95, 0.8, NULL, NULL, 0},
    {"outcome", "gender", "m", "gender", 0.95, 0.8, NULL, NULL, 0},
    {"outcome", "sex", "q", "nobody with an answer is in the group \"q\"", 0.95, 0.8, NULL, NULL, 0},
    {"outcome", "sex", "m", "\"m\" is named, but groups are compared with population", 0.95, 0.8, NULL, NULL, 2},
    {"outcome", "sex", NULL, "within them, not with the rest", 0.95, 0.8, "area", NULL, 1},
    {"outcome", "sex", NULL, "within them, not with the population", 0.95, 0.8, "area", NULL, 2},
    {"outcome", "area", "n", "expected a person", 0.95, 0.8, NULL, "sex", 0}};

START_TEST(refused)
{
  const struct refusal *f = &refusals[_i];
  fm_error err = FM_ERROR_INIT;
  fm_parity_rates_spec spec = FM_PARITY_RATES_SPEC_INIT;
  fm_table *frame = fm_test_table(columns, 5, cells, N_ROWS), *t;
  spec.outcome = f->outcome;
  spec.group = f->group;
  spec.reference = f->reference;
  spec.level = f->level;
  spec.least_ratio = f->least_ratio;
  spec.strata = f->strata;
  spec.cluster = f->cluster;
  spec.against = f->against;
  ck_assert_int_ne(fm_parity_rates(&t, frame, &spec, NULL, &err), FM_OK);
  ck_assert_ptr_null(t);
  ck_assert_msg(strstr(err.message, f->said) != NULL, "%s", err.message);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(no_yes_or_no)
{
  static const char *const two[] = {"outcome:i32", "sex:code"};
  static const char *const some[] = {"1", "f", "2", "m"};
  fm_error err = FM_ERROR_INIT;
  fm_parity_rates_spec spec = FM_PARITY_RATES_SPEC_INIT;
  fm_table *frame = fm_test_table(two, 2, some, 2), *t;
  spec.group = "sex";
  spec.reference = "m";
  ck_assert_int_eq(fm_parity_rates(&t, frame, &spec, NULL, &err), FM_ERR_VALUE);
  ck_assert_ptr_nonnull(strstr(err.message, "outcome, row 1: expected yes or no"));
  fm_table_destroy(frame);
}
END_TEST

/* ---- a tally ---- */

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_parity_rates_spec spec = FM_PARITY_RATES_SPEC_INIT;
  (void)ctx;
  spec.group = "sex";
  spec.reference = "m";
  spec.by = "origin";
  spec.strata = "school";
  spec.cluster = ctx;
  return fm_parity_rates_tally(out, &spec, err);
}

static char by_area[] = "area"; /* stands for people */

START_TEST(promises)
{
  fm_test_promises(&(fm_test_measure){create, NULL, columns, 5, cells, N_ROWS});
  fm_test_promises(&(fm_test_measure){create, by_area, columns, 5, cells, N_ROWS});
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("parity rates");
  TCase *c = tcase_create("rates");
  tcase_add_test(c, berkeley);
  tcase_add_test(c, many_groups);
  tcase_add_test(c, groups_of_two_columns);
  tcase_add_test(c, rest_and_population);
  tcase_add_test(c, strata_apart);
  tcase_add_loop_test(c, refused, 0, FM_COUNT(refusals));
  tcase_add_test(c, no_yes_or_no);
  tcase_add_test(c, promises);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
