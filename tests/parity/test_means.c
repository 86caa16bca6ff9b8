/* parity.means: by hand, wages against R, people with several rows, what is refused, promises of a tally. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/support.h"

static bool is(const fm_table *t, const char *column, size_t row, const char *text)
{
  const char *found = fm_test_text(t, column, row);
  return text == NULL ? found == NULL : found != NULL && strcmp(found, text) == 0;
}

static size_t row_of(const fm_table *t, const char *quantity, const char *group)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    if (is(t, "quantity", i, quantity) && is(t, "group", i, group))
      return i;
  ck_abort_msg("no %s of %s", quantity, group != NULL ? group : "all");
  return 0;
}

static double of(const fm_table *t, const char *quantity, const char *group, const char *column)
{
  return fm_test_number(t, column, row_of(t, quantity, group));
}

static fm_table *means(const fm_table *frame, const fm_parity_means_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_parity_means(&t, frame, spec, NULL, &err), &err);
  fm_assert_ok(fm_table_check(t, &err), &err);
  return t;
}

/* ---- by hand ----
 * 1, 2, 3 against 2, 6: means 2 and 4; variances of the means 1/3 and 8/2 = 4; error sqrt(13/3); degrees of freedom
 * (13/3)^2 / ((1/3)^2 / 2 + 4^2 / 1) = (169/9) / (289/18) = 338/289. Of all five the mean is 2.8: the group's
 * difference is -0.8 = (1 - 3/5) (-2). */
static const char *const small_columns[] = {"value:f64", "sex:code", "id:i32", "w:f64", "area:code"};
static const char *const small[] = {"1", "f", "1", "1", "n", "2", "f", "2", "1",   "n", "3", "f", "3", "1", "n", /**/
                                    "2", "m", "4", "1", "n", "6", "m", "5", "1",   "n", "",  "m", "6", "",  "n", /**/
                                    "4", "",  "7", "0", "s", "5", "m", "8", "0.5", "s"};

START_TEST(by_hand)
{
  fm_parity_means_spec spec = FM_PARITY_MEANS_SPEC_INIT;
  fm_table *frame = fm_test_table(small_columns, 5, small, 6);
  spec.group = "sex";
  spec.reference = "m";
  fm_table *t = means(frame, &spec);
  fm_assert_close("mean", of(t, "mean", "f", "value"), 2, 0, 0);
  fm_assert_close("its error", of(t, "mean", "f", "std_error"), sqrt(1 / 3.0), 1e-15, 0);
  fm_assert_close("difference", of(t, "difference", "f", "value"), -2, 0, 0);
  fm_assert_close("error", of(t, "difference", "f", "std_error"), sqrt(13 / 3.0), 1e-15, 0);
  fm_assert_close("degrees", of(t, "degrees_of_freedom", "f", "value"), 338 / 289.0, 1e-14, 0);
  fm_assert_close("ratio", of(t, "ratio", "f", "value"), 0.5, 0, 0);
  fm_assert_close("range", of(t, "range", NULL, "value"), 2, 0, 0);
  fm_assert_close("least", of(t, "least_ratio", NULL, "value"), 0.5, 0, 0);
  fm_assert_close("people", of(t, "range", NULL, "people"), 5, 0, 0);
  ck_assert_str_eq(fm_table_note(t, "missing_value"), "1");
  ck_assert_str_eq(fm_table_note(t, "reference"), "m");
  fm_table_destroy(t);
  spec.reference = NULL;
  spec.against = FM_PARITY_POPULATION;
  t = means(frame, &spec);
  fm_assert_close("of all", of(t, "difference", "f", "value"), -0.8, 1e-15, 0);
  fm_assert_close("ratio of all", of(t, "ratio", "f", "value"), 2 / 2.8, 1e-15, 0);
  fm_assert_close("error of all", of(t, "difference", "f", "std_error"), 0.4 * sqrt(13 / 3.0), 1e-15, 0);
  ck_assert_str_eq(fm_table_note(t, "against"), "population");
  ck_assert_ptr_null(fm_table_note(t, "reference"));
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- R ---- */

enum { N_WAGES = 534 };

static fm_table *wages(void)
{
  static double wage[N_WAGES], education[N_WAGES];
  static const char *sex[N_WAGES], *origin[N_WAGES];
  static int32_t experience[N_WAGES];
  fm_error err = FM_ERROR_INIT;
  fm_oracle *o = fm_oracle_open("parity/cps1985.csv");
  fm_table *t;
  for (size_t i = 0; i < N_WAGES; i++) {
    const char *of_row = fm_oracle_text(o, i, "ethnicity");
    wage[i] = fm_oracle_number(o, i, "wage");
    education[i] = fm_oracle_number(o, i, "education");
    experience[i] = (int32_t)fm_oracle_number(o, i, "experience");
    sex[i] = fm_oracle_number(o, i, "female") == 1 ? "female" : "male";
    origin[i] = of_row[0] == 'c' ? "cauc" : of_row[0] == 'h' ? "hispanic" : "other";
  }
  fm_oracle_close(o);
  fm_assert_ok(fm_table_create(&t, "wages", &err), &err);
  fm_assert_ok(fm_table_add_f64(t, "value", wage, NULL, N_WAGES, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_f64(t, "education", education, NULL, N_WAGES, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_i32(t, "experience", experience, NULL, N_WAGES, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_text(t, "sex", sex, N_WAGES, &err), &err);
  fm_assert_ok(fm_table_add_text(t, "origin", origin, N_WAGES, &err), &err);
  fm_assert_ok(fm_table_seal(t, &err), &err);
  return t;
}

static double expected(const fm_oracle *o, const char *name, const char *quantity)
{
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
    if (strcmp(fm_oracle_text(o, i, "case"), name) == 0 && strcmp(fm_oracle_text(o, i, "quantity"), quantity) == 0)
      return fm_oracle_number(o, i, "value");
  ck_abort_msg("%s: no %s", name, quantity);
  return NAN;
}

static void agrees(const fm_oracle *o, const char *name, const fm_table *t, const char *group)
{
  static const struct {
    const char *expected, *quantity, *column;
  } figures[] = {{"mean", "mean", "value"},
                 {"n", "mean", "n"},
                 {"difference", "difference", "value"},
                 {"low", "difference", "ci_low"},
                 {"high", "difference", "ci_high"},
                 {"error", "difference", "std_error"},
                 {"df", "degrees_of_freedom", "value"},
                 {"p", "p_value", "value"},
                 {"ratio", "ratio", "value"}};
  for (int k = 0; k < FM_COUNT(figures); k++)
    fm_assert_close(figures[k].expected, of(t, figures[k].quantity, group, figures[k].column),
                    expected(o, name, figures[k].expected), 1e-11, 0);
}

START_TEST(as_r)
{
  fm_oracle *o = fm_oracle_open("parity/means.csv");
  fm_parity_means_spec spec = FM_PARITY_MEANS_SPEC_INIT;
  fm_table *frame = wages(), *t;
  spec.group = "sex";
  spec.reference = "male";
  t = means(frame, &spec);
  agrees(o, "female", t, "female");
  fm_table_destroy(t);
  spec.group = "origin";
  spec.reference = "cauc";
  t = means(frame, &spec);
  agrees(o, "hispanic", t, "hispanic");
  agrees(o, "other", t, "other");
  fm_assert_close("holm", of(t, "p_adjusted", "hispanic", "value"), expected(o, "holm", "hispanic"), 1e-11, 0);
  fm_assert_close("holm", of(t, "p_adjusted", "other", "value"), expected(o, "holm", "other"), 1e-11, 0);
  fm_table_destroy(t);
  spec.reference = NULL;
  spec.against = FM_PARITY_REST;
  t = means(frame, &spec);
  agrees(o, "rest_cauc", t, "cauc");
  agrees(o, "rest_hispanic", t, "hispanic");
  agrees(o, "rest_other", t, "other");
  fm_table_destroy(t);
  spec.against = FM_PARITY_POPULATION;
  t = means(frame, &spec);
  fm_assert_close("all", of(t, "difference", "cauc", "value"), expected(o, "population_cauc", "difference"), 1e-11, 0);
  fm_assert_close("error", of(t, "difference", "other", "std_error"), expected(o, "population_other", "error"), 1e-11,
                  0);
  fm_assert_close("ratio", of(t, "ratio", "hispanic", "value"), expected(o, "population_hispanic", "ratio"), 1e-11, 0);
  double low = of(t, "ratio", "hispanic", "ci_low"), high = of(t, "ratio", "hispanic", "ci_high");
  ck_assert(low < of(t, "ratio", "hispanic", "value") && of(t, "ratio", "hispanic", "value") < high);
  fm_table_destroy(t);
  fm_table_destroy(frame);
  fm_oracle_close(o);
}
END_TEST

START_TEST(weighted_people)
{
  static const struct {
    const char *expected, *quantity, *column;
  } figures[] = {{"mean", "mean", "value"},
                 {"mean_error", "mean", "std_error"},
                 {"people", "mean", "people"},
                 {"difference", "difference", "value"},
                 {"error", "difference", "std_error"},
                 {"df", "degrees_of_freedom", "value"},
                 {"low", "difference", "ci_low"},
                 {"high", "difference", "ci_high"},
                 {"p", "p_value", "value"},
                 {"ratio", "ratio", "value"},
                 {"ratio_low", "ratio", "ci_low"},
                 {"ratio_high", "ratio", "ci_high"}};
  fm_oracle *o = fm_oracle_open("parity/means.csv");
  fm_parity_means_spec spec = FM_PARITY_MEANS_SPEC_INIT;
  fm_table *frame = wages();
  spec.group = "sex";
  spec.reference = "male";
  spec.weight = "education";
  spec.cluster = "experience";
  fm_table *t = means(frame, &spec);
  for (int k = 0; k < FM_COUNT(figures); k++)
    fm_assert_close(figures[k].expected, of(t, figures[k].quantity, "female", figures[k].column),
                    expected(o, "weighted", figures[k].expected), 1e-10, 0);
  fm_table_destroy(t);
  /* two groups: the rest is the reference */
  spec.against = FM_PARITY_REST;
  spec.reference = NULL;
  t = means(frame, &spec);
  fm_assert_close("rest", of(t, "difference", "female", "std_error"), expected(o, "weighted", "error"), 1e-10, 0);
  fm_table_destroy(t);
  fm_table_destroy(frame);
  fm_oracle_close(o);
}
END_TEST

/* ---- properties ---- */

/* An id of its own for each row changes nothing; twice the values double differences and keep ratios. */
START_TEST(properties)
{
  static const char *const twice[] = {"2", "f", "1", "1", "n", "4",  "f", "2", "1", "n", "6", "f", "3", "1", "n", /**/
                                      "4", "m", "4", "1", "n", "12", "m", "5", "1", "n"};
  fm_parity_means_spec spec = FM_PARITY_MEANS_SPEC_INIT;
  fm_table *frame = fm_test_table(small_columns, 5, small, 5),
           *double_frame = fm_test_table(small_columns, 5, twice, 5);
  spec.group = "sex";
  spec.reference = "m";
  fm_table *a = means(frame, &spec), *b = means(double_frame, &spec);
  spec.cluster = "id";
  spec.weight = "w";
  fm_table *c = means(frame, &spec);
  static const char *const columns[] = {"value", "std_error", "ci_low", "ci_high", "people"};
  for (size_t i = 0; i < fm_table_n_rows(a); i++)
    for (int k = 0; k < FM_COUNT(columns); k++)
      fm_assert_close(columns[k], fm_test_number(c, columns[k], i), fm_test_number(a, columns[k], i), 1e-14, 0);
  fm_assert_close("double", of(b, "difference", "f", "std_error"), 2 * of(a, "difference", "f", "std_error"), 1e-15, 0);
  fm_assert_close("ratio", of(b, "ratio", "f", "ci_low"), of(a, "ratio", "f", "ci_low"), 1e-14, 0);
  fm_assert_close("p", of(b, "p_value", "f", "value"), of(a, "p_value", "f", "value"), 1e-14, 0);
  fm_table_destroy(a);
  fm_table_destroy(b);
  fm_table_destroy(c);
  fm_table_destroy(frame);
  fm_table_destroy(double_frame);
}
END_TEST

/* The same people in both groups with the same values: no difference, and no error of it. */
START_TEST(the_same_people)
{
  static const char *const columns[] = {"value:f64", "g:code", "id:code"};
  static const char *const cells[] = {"1", "a", "x", "2", "a", "y", "4", "a", "z", /**/
                                      "1", "b", "x", "2", "b", "y", "4", "b", "z"};
  fm_parity_means_spec spec = FM_PARITY_MEANS_SPEC_INIT;
  fm_table *frame = fm_test_table(columns, 3, cells, 6);
  spec.group = "g";
  spec.reference = "a";
  spec.cluster = "id";
  fm_table *t = means(frame, &spec);
  fm_assert_close("difference", of(t, "difference", "b", "value"), 0, 0, 0);
  fm_assert_close("error", of(t, "difference", "b", "std_error"), 0, 0, 1e-15);
  fm_assert_close("people", of(t, "range", NULL, "people"), 3, 0, 0);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- edges ---- */

START_TEST(few)
{
  static const char *const columns[] = {"value:f64", "g:code", "by:code"};
  static const char *const cells[] = {"1", "a", "p", "2", "b", "p", "3", "b", "p", "5",  "a", "q", "5", "a", "q", /**/
                                      "5", "b", "q", "5", "b", "q", "0", "a", "r", "-2", "a", "r", "1", "b", "r", /**/
                                      "2", "b", "r", "",  "a", "s"};
  fm_parity_means_spec spec = FM_PARITY_MEANS_SPEC_INIT;
  fm_table *frame = fm_test_table(columns, 3, cells, 12);
  spec.group = "g";
  spec.reference = "b";
  spec.by = "by";
  fm_table *t = means(frame, &spec);
  size_t one = fm_test_row(t, "by", "p", "quantity", "difference", NULL, NULL);
  fm_assert_close("one person", fm_test_number(t, "value", one), -1.5, 0, 0);
  ck_assert(isnan(fm_test_number(t, "std_error", one)) && isnan(fm_test_number(t, "ci_low", one)));
  ck_assert_str_eq(fm_test_text(t, "state", fm_test_row(t, "by", "p", "quantity", "p_value", NULL, NULL)), "undefined");
  size_t same = fm_test_row(t, "by", "q", "quantity", "difference", NULL, NULL);
  ck_assert(fm_test_number(t, "std_error", same) == 0 && fm_test_number(t, "ci_high", same) == 0);
  ck_assert(isnan(fm_test_number(t, "value", fm_test_row(t, "by", "q", "quantity", "p_value", NULL, NULL))));
  size_t below = fm_test_row(t, "by", "r", "quantity", "ratio", NULL, NULL);
  fm_assert_close("below 0", fm_test_number(t, "value", below), -1 / 1.5, 1e-15, 0);
  ck_assert(isnan(fm_test_number(t, "ci_low", below)));
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    ck_assert_str_ne(fm_test_text(t, "by", i), "s"); /* nobody has a value */
  fm_table_destroy(t);
  fm_table_destroy(frame);
  /* nobody else: no rest */
  frame = fm_test_table(columns, 3, cells, 1);
  spec.against = FM_PARITY_REST;
  spec.reference = NULL;
  t = means(frame, &spec);
  ck_assert(isnan(of(t, "difference", "a", "value")) && isnan(of(t, "ratio", "a", "value")));
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

static const struct refusal {
  const char *value, *group, *reference, *weight, *cluster, *said;
  double level;
  int32_t against;
} refusals[] = {{"", "sex", "m", NULL, NULL, "value: expected", 0.95, 0},
                {"value", NULL, "m", NULL, NULL, "group: expected", 0.95, 0},
                {"value", "sex", NULL, NULL, NULL, "reference: expected the group", 0.95, 0},
                {"value", "sex", "m", NULL, NULL, "but groups are compared with rest", 0.95, 1},
                {"value", "sex", "m", NULL, NULL, "against: expected", 0.95, 3},
                {"value", "sex", "m", NULL, NULL, "against: expected", 0.95, -1},
                {"value", "sex", "m", NULL, NULL, "level: expected", 1, 0},
                {"value", "sex", "q", NULL, NULL, "nobody with an answer is in the group \"q\"", 0.95, 0},
                {"pay", "sex", "m", NULL, NULL, "pay", 0.95, 0},
                {"value", "sex", "m", "bad", NULL, "column bad, row 1: expected a weight of 0 or more", 0.95, 0},
                {"big", "sex", "m", NULL, NULL, "column big, row 2: expected a finite number", 0.95, 0},
                {"value", "sex", "m", NULL, "who", "expected a person", 0.95, 0}};

START_TEST(refused)
{
  static const char *const columns[] = {"value:f64", "sex:code", "bad:f64", "big:f64", "who:code"};
  static const char *const cells[] = {"1", "f", "1", "1", "x", "2", "m", "-1", "1", "y", "3", "m", "1", "inf", ""};
  const struct refusal *f = &refusals[_i];
  fm_error err = FM_ERROR_INIT;
  fm_parity_means_spec spec;
  fm_parity_means_spec_init(&spec, sizeof spec);
  fm_table *frame = fm_test_table(columns, 5, cells, 3), *t;
  spec.value = f->value;
  spec.group = f->group;
  spec.reference = f->reference;
  spec.weight = f->weight;
  spec.cluster = f->cluster;
  spec.level = f->level;
  spec.against = f->against;
  ck_assert_int_ne(fm_parity_means(&t, frame, &spec, NULL, &err), FM_OK);
  ck_assert_ptr_null(t);
  ck_assert_msg(strstr(err.message, f->said) != NULL, "%s", err.message);
  fm_table_destroy(frame);
}
END_TEST

/* ---- a tally ---- */

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_parity_means_spec spec = FM_PARITY_MEANS_SPEC_INIT;
  bool plain = ctx != NULL;
  spec.group = "sex";
  spec.reference = plain ? "m" : NULL;
  spec.weight = plain ? NULL : "w";
  spec.cluster = plain ? NULL : "id";
  spec.by = plain ? NULL : "area";
  spec.against = plain ? FM_PARITY_REFERENCE : FM_PARITY_REST;
  return fm_parity_means_tally(out, &spec, err);
}

START_TEST(promises)
{
  int plain = 1;
  fm_test_promises(&(fm_test_measure){create, NULL, small_columns, 5, small, 8});
  fm_test_promises(&(fm_test_measure){create, &plain, small_columns, 5, small, 8});
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("parity means");
  TCase *c = tcase_create("means");
  tcase_add_test(c, by_hand);
  tcase_add_test(c, as_r);
  tcase_add_test(c, weighted_people);
  tcase_add_test(c, properties);
  tcase_add_test(c, the_same_people);
  tcase_add_test(c, few);
  tcase_add_loop_test(c, refused, 0, FM_COUNT(refusals));
  tcase_add_test(c, promises);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
