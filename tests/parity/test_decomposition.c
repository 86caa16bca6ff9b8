/* parity.decomposition: by hand, wages of CPS 1985 against R, categories, what cannot be told, promises of a tally. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/support.h"

static fm_table *decomposed(const fm_table *frame, const fm_parity_decomposition_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_parity_decomposition(&t, frame, spec, NULL, &err), &err);
  fm_assert_ok(fm_table_check(t, &err), &err);
  return t;
}

static bool is(const fm_table *t, const char *column, size_t row, const char *text)
{
  const char *found = fm_test_text(t, column, row);
  return text == NULL ? found == NULL : found != NULL && strcmp(found, text) == 0;
}

static size_t row_of(const fm_table *t, const char *quantity, const char *group, const char *coefficients,
                     const char *covariate)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    if (is(t, "quantity", i, quantity) && is(t, "group", i, group) && is(t, "coefficients", i, coefficients) &&
        is(t, "covariate", i, covariate))
      return i;
  ck_abort_msg("no %s of %s, %s, %s", quantity, group, coefficients, covariate);
  return 0;
}

static double value(const fm_table *t, const char *quantity, const char *group, const char *coefficients,
                    const char *covariate)
{
  return fm_test_number(t, "value", row_of(t, quantity, group, coefficients, covariate));
}

static double error(const fm_table *t, const char *quantity, const char *group, const char *coefficients,
                    const char *covariate)
{
  return fm_test_number(t, "std_error", row_of(t, quantity, group, coefficients, covariate));
}

/* ---- by hand ----
 * a: x 1, 2, 3, y = 1 + 2 x. b: x 0, 1, 2, y = 1 + x. Gap 5 - 2 = 3; endowments (2 - 1) 1, coefficients 1 (2 - 1),
 * interaction 1 1. Explained: by the group's 2, by the reference's 1, by the mean 1.5, with a constant of its own for
 * each (2 2 + 2 1) / 4 = 1.5, with one constant 10.5 / 5.5 = 21/11. Both lines fit, so only means have errors: var(x) /
 * 3 = 1/3 in both, of the explained part 2 sqrt(2/3) and sqrt(2/3). */
static const char *const small_columns[] = {"value:f64", "g:code",    "x:f64",      "id:code",
                                            "w:f64",     "area:code", "school:code"};
static const char *const small[] = {
    "3", "a", "1", "p", "1", "n", "s", "5", "a", "2", "q", "1", "n", "t", "7", "a", "3", "q", "1", "n", "s", /**/
    "1", "b", "0", "r", "1", "n", "s", "2", "b", "1", "s", "1", "n", "t", "3", "b", "2", "t", "1", "n", "t", /**/
    "",  "b", "2", "u", "1", "n", "s", "9", "b", "",  "u", "1", "n", "t", "2", "a", "2", "v", "2", "s", "t", /**/
    "4", "a", "1", "v", "1", "s", "s", "4", "b", "5", "v", "0", "s", "s", "5", "b", "1", "w", "1", "s", "",  /**/
    "6", "b", "1", "w", "3", "s", "s"};
enum { N_SMALL = 13, FIRST = 8 };

START_TEST(by_hand)
{
  static const struct {
    const char *of;
    double explained;
  } cases[] = {{"group", 2},           {"reference", 1}, {"pooled", 1.5},
               {"neumark", 21 / 11.0}, {"cotton", 1.5},  {"reimers", 1.5}};
  fm_parity_decomposition_spec spec = FM_PARITY_DECOMPOSITION_SPEC_INIT;
  fm_table *frame = fm_test_table(small_columns, 7, small, FIRST);
  spec.group = "g";
  spec.reference = "b";
  spec.covariates = "x";
  spec.cluster = "id";
  fm_table *t = decomposed(frame, &spec);
  fm_assert_close("gap", value(t, "difference", "a", NULL, NULL), 3, 0, 0);
  fm_assert_close("slope", value(t, "regression_coefficient", "a", NULL, "x"), 2, 1e-15, 0);
  fm_assert_close("constant", value(t, "regression_coefficient", "b", NULL, "constant"), 1, 1e-14, 0);
  for (int k = 0; k < FM_COUNT(cases); k++) {
    fm_assert_close(cases[k].of, value(t, "explained", "a", cases[k].of, NULL), cases[k].explained, 1e-14, 0);
    fm_assert_close(cases[k].of, value(t, "unexplained", "a", cases[k].of, NULL), 3 - cases[k].explained, 1e-14, 0);
    fm_assert_close(cases[k].of, value(t, "explained", "a", cases[k].of, "x"), cases[k].explained, 1e-14, 0);
    fm_assert_close(cases[k].of, value(t, "explained", "a", cases[k].of, "constant"), 0, 0, 0);
  }
  fm_assert_close("error", error(t, "explained", "a", "group", NULL), 2 * sqrt(2 / 3.0), 1e-14, 0);
  fm_assert_close("error", error(t, "explained", "a", "reference", "x"), sqrt(2 / 3.0), 1e-14, 0);
  const char *const three[] = {"endowments", "coefficient_part", "interaction"};
  for (int k = 0; k < 3; k++)
    fm_assert_close(three[k], value(t, three[k], "a", "threefold", NULL), 1, 1e-14, 0);
  fm_assert_close("people", fm_test_number(t, "people", row_of(t, "mean", "a", NULL, NULL)), 2, 0, 0);
  fm_assert_close("rows", fm_test_number(t, "n", row_of(t, "mean", "a", NULL, NULL)), 3, 0, 0);
  ck_assert_str_eq(fm_table_note(t, "rows_left_out"), "2");
  ck_assert_str_eq(fm_table_note(t, "reference"), "b");
  fm_table_destroy(t);
  spec.coefficients = " reimers , group";
  t = decomposed(frame, &spec);
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    ck_assert(is(t, "coefficients", i, NULL) || is(t, "coefficients", i, "group") ||
              is(t, "coefficients", i, "reimers") || is(t, "coefficients", i, "threefold"));
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- R ---- */

enum { N_WAGES = 534 };

static fm_table *wages(double later)
{
  static double wage[N_WAGES], education[N_WAGES], experience[N_WAGES], square[N_WAGES], in_union[N_WAGES],
      married[N_WAGES];
  static const char *sex[N_WAGES], *unions[N_WAGES];
  fm_error err = FM_ERROR_INIT;
  fm_oracle *o = fm_oracle_open("parity/cps1985.csv");
  fm_table *t;
  for (size_t i = 0; i < N_WAGES; i++) {
    wage[i] = fm_oracle_number(o, i, "wage");
    education[i] = fm_oracle_number(o, i, "education") + later;
    experience[i] = fm_oracle_number(o, i, "experience");
    square[i] = experience[i] * experience[i];
    in_union[i] = fm_oracle_number(o, i, "union");
    married[i] = fm_oracle_number(o, i, "married");
    sex[i] = fm_oracle_number(o, i, "female") == 1 ? "female" : "male";
    unions[i] = in_union[i] == 1 ? "yes" : "no";
  }
  fm_oracle_close(o);
  const struct {
    const char *name;
    const double *x;
  } numbers[] = {{"value", wage},         {"education", education}, {"experience", experience},
                 {"experience2", square}, {"union", in_union},      {"married", married}};
  fm_assert_ok(fm_table_create(&t, "wages", &err), &err);
  for (int k = 0; k < FM_COUNT(numbers); k++)
    fm_assert_ok(fm_table_add_f64(t, numbers[k].name, numbers[k].x, NULL, N_WAGES, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_text(t, "sex", sex, N_WAGES, &err), &err);
  fm_assert_ok(fm_table_add_text(t, "in_union", unions, N_WAGES, &err), &err);
  fm_assert_ok(fm_table_seal(t, &err), &err);
  return t;
}

static double expected(const fm_oracle *o, const char *quantity)
{
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
    if (strcmp(fm_oracle_text(o, i, "case"), "oaxaca_gender") == 0 &&
        strcmp(fm_oracle_text(o, i, "quantity"), quantity) == 0)
      return fm_oracle_number(o, i, "value");
  ck_abort_msg("no %s", quantity);
  return NAN;
}

static fm_parity_decomposition_spec of_wages(void)
{
  fm_parity_decomposition_spec spec;
  fm_parity_decomposition_spec_init(&spec, sizeof spec);
  spec.group = "sex";
  spec.reference = "female";
  spec.covariates = "education,experience,experience2,union,married";
  spec.logarithm = 1;
  return spec;
}

static void check_row(const fm_oracle *o, const char *name, double found)
{
  fm_assert_close(name, found, expected(o, name), 1e-10, 1e-12);
}

/* Every row of the oracle. */
START_TEST(as_r)
{
  static const char *const letters = "ABPNCR";
  static const char *const of[] = {"group", "reference", "pooled", "neumark", "cotton", "reimers"};
  static const char *const names[][2] = {{"constant", "const"},        {"education", "education"},
                                         {"experience", "experience"}, {"experience2", "experience2"},
                                         {"union", "union"},           {"married", "married"}};
  char key[48];
  fm_oracle *o = fm_oracle_open("parity/parity.csv");
  fm_parity_decomposition_spec spec = of_wages();
  fm_table *frame = wages(0), *t = decomposed(frame, &spec);
  check_row(o, "nA", fm_test_number(t, "n", row_of(t, "mean", "male", NULL, NULL)));
  check_row(o, "nB", fm_test_number(t, "n", row_of(t, "mean", "female", NULL, NULL)));
  check_row(o, "meanA", value(t, "mean", "male", NULL, NULL));
  check_row(o, "meanB", value(t, "mean", "female", NULL, NULL));
  check_row(o, "gap", value(t, "difference", "male", NULL, NULL));
  check_row(o, "se_gap", error(t, "difference", "male", NULL, NULL));
  for (int k = 0; k < FM_COUNT(of); k++)
    for (int part = 0; part < 2; part++) {
      const char *quantity = part == 0 ? "explained" : "unexplained";
      snprintf(key, sizeof key, "%s_ref%c", quantity, letters[k]);
      check_row(o, key, value(t, quantity, "male", of[k], NULL));
      snprintf(key, sizeof key, "se_%s_ref%c", quantity, letters[k]);
      if (k < 2)
        check_row(o, key, error(t, quantity, "male", of[k], NULL));
    }
  check_row(o, "threefold_endowments", value(t, "endowments", "male", "threefold", NULL));
  check_row(o, "threefold_coefficients", value(t, "coefficient_part", "male", "threefold", NULL));
  check_row(o, "threefold_interaction", value(t, "interaction", "male", "threefold", NULL));
  check_row(o, "se_interaction", error(t, "interaction", "male", "threefold", NULL));
  for (int k = 0; k < FM_COUNT(names); k++) {
    snprintf(key, sizeof key, "bA_%s", names[k][1]);
    check_row(o, key, value(t, "regression_coefficient", "male", NULL, names[k][0]));
    snprintf(key, sizeof key, "bB_%s", names[k][1]);
    check_row(o, key, value(t, "regression_coefficient", "female", NULL, names[k][0]));
    snprintf(key, sizeof key, "explained_refA_%s", names[k][1]);
    check_row(o, key, value(t, "explained", "male", "group", names[k][0]));
    snprintf(key, sizeof key, "unexplained_refA_%s", names[k][1]);
    check_row(o, key, value(t, "unexplained", "male", "group", names[k][0]));
  }
  fm_table_destroy(t);
  fm_table_destroy(frame);
  fm_oracle_close(o);
}
END_TEST

/* ---- properties ---- */

/* Parts add up, by covariate too; totals do not know where a covariate is counted from, nor which level is the base; a
 * category of two levels is its number of 0 and 1. */
START_TEST(properties)
{
  static const char *const of[] = {"group", "reference", "pooled", "neumark", "cotton", "reimers"};
  static const char *const parts[] = {"explained", "unexplained"};
  fm_parity_decomposition_spec spec = of_wages();
  fm_table *far = wages(1e6), *moved = decomposed(far, &spec); /* its columns are borrowed */
  fm_table *frame = wages(0), *t = decomposed(frame, &spec);
  spec.covariates = "education,experience,experience2,in_union:no,married";
  fm_table *told = decomposed(frame, &spec);
  spec.covariates = "education,experience,experience2,in_union:yes,married";
  fm_table *other = decomposed(frame, &spec);
  double gap = value(t, "difference", "male", NULL, NULL);
  for (int k = 0; k < FM_COUNT(of); k++) {
    double sum = 0;
    for (int part = 0; part < 2; part++) {
      double all = value(t, parts[part], "male", of[k], NULL), by_covariate = 0;
      sum += all;
      for (size_t i = 0; i < fm_table_n_rows(t); i++)
        if (is(t, "quantity", i, parts[part]) && is(t, "coefficients", i, of[k]) && !is(t, "covariate", i, NULL))
          by_covariate += fm_test_number(t, "value", i);
      fm_assert_close("by covariate", by_covariate, all, 0, 1e-12);
      fm_assert_close("far", value(moved, parts[part], "male", of[k], NULL), all, 0, 1e-10);
      fm_assert_close("far error", error(moved, parts[part], "male", of[k], NULL),
                      error(t, parts[part], "male", of[k], NULL), 1e-8, 0);
      fm_assert_close("category", value(told, parts[part], "male", of[k], "in_union:yes"),
                      value(t, parts[part], "male", of[k], "union"), 0, 1e-13);
      fm_assert_close("category error", error(told, parts[part], "male", of[k], "in_union:yes"),
                      error(t, parts[part], "male", of[k], "union"), 1e-11, 0);
      fm_assert_close("base", value(other, parts[part], "male", of[k], NULL), all, 0, 1e-12);
      fm_assert_close("base error", error(other, parts[part], "male", of[k], NULL),
                      error(t, parts[part], "male", of[k], NULL), 1e-10, 0);
    }
    fm_assert_close("in all", sum, gap, 0, 1e-12);
  }
  fm_table_destroy(t);
  fm_table_destroy(moved);
  fm_table_destroy(told);
  fm_table_destroy(other);
  fm_table_destroy(frame);
  fm_table_destroy(far);
}
END_TEST

/* Weights that are all 7 are none. */
START_TEST(equal_weights)
{
  static double seven[N_WAGES];
  fm_error err = FM_ERROR_INIT;
  fm_parity_decomposition_spec spec = of_wages();
  fm_table *frame = wages(0), *plain = decomposed(frame, &spec), *weighted;
  for (size_t i = 0; i < N_WAGES; i++)
    seven[i] = 7;
  fm_assert_ok(fm_table_create(&weighted, "weighted", &err), &err);
  fm_assert_ok(fm_table_add_f64(weighted, "w", seven, NULL, N_WAGES, NULL, NULL, &err), &err);
  for (size_t k = 0; k < 6; k++)
    fm_assert_ok(fm_table_add_f64(weighted, fm_table_column_name(frame, k), fm_table_f64(frame, k), NULL, N_WAGES, NULL,
                                  NULL, &err),
                 &err);
  static const char *sex[N_WAGES];
  for (size_t i = 0; i < N_WAGES; i++)
    sex[i] = fm_table_text(frame, 6, i, NULL);
  fm_assert_ok(fm_table_add_text(weighted, "sex", sex, N_WAGES, &err), &err);
  fm_assert_ok(fm_table_seal(weighted, &err), &err);
  spec.weight = "w";
  fm_table *t = decomposed(weighted, &spec);
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    fm_assert_close("value", fm_test_number(t, "value", i), fm_test_number(plain, "value", i), 1e-12, 1e-13);
    fm_assert_close("error", fm_test_number(t, "std_error", i), fm_test_number(plain, "std_error", i), 1e-11, 1e-13);
  }
  fm_assert_close("weight", fm_test_number(t, "weight", row_of(t, "mean", "male", NULL, NULL)), 7 * 289, 1e-15, 0);
  fm_table_destroy(t);
  fm_table_destroy(plain);
  fm_table_destroy(weighted);
  fm_table_destroy(frame);
}
END_TEST

/* ---- what cannot be told ---- */

START_TEST(not_told)
{
  static const char *const columns[] = {"value:f64", "g:code", "x:f64", "y:f64", "by:code", "c:code"};
  static const char *const cells[] = {"1", "a", "1", "2", "p", "k", "2", "a", "2", "4", "p", "k",
                                      "4", "a", "3", "6", "p", "l", "3", "a", "4", "8", "p", "k", /**/
                                      "1", "b", "1", "1", "p", "k", "2", "b", "2", "0", "p", "k",
                                      "5", "b", "4", "1", "p", "l", "2", "b", "0", "3", "p", "k"};
  fm_error err = FM_ERROR_INIT;
  fm_parity_decomposition_spec spec = FM_PARITY_DECOMPOSITION_SPEC_INIT;
  fm_table *frame = fm_test_table(columns, 6, cells, 8), *t;
  spec.group = "g";
  spec.reference = "b";
  spec.by = "by";
  spec.covariates = "x,y"; /* y = 2 x in a */
  t = decomposed(frame, &spec);
  ck_assert(isnan(value(t, "explained", "a", "group", NULL)) && isnan(value(t, "interaction", "a", "threefold", "x")));
  ck_assert_str_eq(fm_test_text(t, "state", row_of(t, "unexplained", "a", "pooled", NULL)), "undefined");
  ck_assert(isnan(value(t, "regression_coefficient", "a", NULL, "x")) &&
            !isnan(value(t, "regression_coefficient", "b", NULL, "x")));
  fm_assert_close("gap", value(t, "difference", "a", NULL, NULL), 0, 0, 0);
  ck_assert(error(t, "difference", "a", NULL, NULL) > 0);
  fm_table_destroy(t);
  spec.covariates = "x,c:k";
  t = decomposed(frame, &spec);
  ck_assert(!isnan(value(t, "explained", "a", "group", "c:l")));
  fm_table_destroy(t);
  spec.covariates = "x,y,c:k"; /* as many coefficients as rows */
  t = decomposed(frame, &spec);
  ck_assert(isnan(value(t, "explained", "a", "cotton", NULL)) &&
            isnan(value(t, "regression_coefficient", "b", NULL, "y")));
  fm_table_destroy(t);
  spec.covariates = "x,c:q";
  ck_assert_int_eq(fm_parity_decomposition(&t, frame, &spec, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "nobody has the base \"q\" of c"));
  fm_table_destroy(frame);
}
END_TEST

static const struct refusal {
  const char *value, *group, *reference, *covariates, *coefficients, *weight, *cluster, *said;
  double level;
  int32_t logarithm;
} refusals[] = {
    {"", "g", "b", "x", NULL, NULL, NULL, "value: expected", 0.95, 0},
    {"value", "", "b", "x", NULL, NULL, NULL, "group: expected", 0.95, 0},
    {"value", "g", NULL, "x", NULL, NULL, NULL, "reference: expected", 0.95, 0},
    {"value", "g", "b", NULL, NULL, NULL, NULL, "covariates: expected", 0.95, 0},
    {"value", "g", "b", "x,", NULL, NULL, NULL, "covariates: expected", 0.95, 0},
    {"value", "g", "b", "x,school:", NULL, NULL, NULL, "covariates: expected", 0.95, 0},
    {"value", "g", "b", "x, x", NULL, NULL, NULL, "x is there twice", 0.95, 0},
    {"value", "g", "b", "x", "mean", NULL, NULL, "coefficients: expected group", 0.95, 0},
    {"value", "g", "b", "x", "group,", NULL, NULL, "coefficients: expected group", 0.95, 0},
    {"value", "g", "b", "x", NULL, NULL, NULL, "level: expected", 0, 0},
    {"value", "g", "b", "x", NULL, NULL, NULL, "logarithm: expected", 0.95, 2},
    {"value", "g", "z", "x", NULL, NULL, NULL, "in the group \"z\"", 0.95, 0},
    {"pay", "g", "b", "x", NULL, NULL, NULL, "pay", 0.95, 0},
    {"value", "g", "b", "age", NULL, NULL, NULL, "age", 0.95, 0},
    {"value", "g", "b", "x", NULL, "bad", NULL, "column bad, row 1: expected a weight of 0 or more", 0.95, 0},
    {"bad", "g", "b", "x", NULL, NULL, NULL, "column bad, row 0: expected a number above 0", 0.95, 1},
    {"big", "g", "b", "x", NULL, NULL, NULL, "column big, row 2: expected a number within 1e90", 0.95, 0},
    {"value", "g", "b", "big", NULL, NULL, NULL, "column big, row 2: expected a number within 1e90", 0.95, 0},
    {"value", "g", "b", "x", NULL, NULL, "who", "who", 0.95, 0}};

START_TEST(refused)
{
  static const char *const columns[] = {"value:f64", "g:code", "x:f64", "bad:f64", "big:f64", "who:code"};
  static const char *const cells[] = {"1",  "a", "1", "0", "1", "p", "2", "b",    "2",
                                      "-1", "1", "",  "3", "b", "3", "1", "1e99", "q"};
  const struct refusal *f = &refusals[_i];
  fm_error err = FM_ERROR_INIT;
  fm_parity_decomposition_spec spec = FM_PARITY_DECOMPOSITION_SPEC_INIT;
  fm_table *frame = fm_test_table(columns, 6, cells, 3), *t;
  spec.value = f->value;
  spec.group = f->group;
  spec.reference = f->reference;
  spec.covariates = f->covariates;
  spec.coefficients = f->coefficients;
  spec.weight = f->weight;
  spec.cluster = f->cluster;
  spec.level = f->level;
  spec.logarithm = f->logarithm;
  ck_assert_int_ne(fm_parity_decomposition(&t, frame, &spec, NULL, &err), FM_OK);
  ck_assert_ptr_null(t);
  ck_assert_msg(strstr(err.message, f->said) != NULL, "%s", err.message);
  fm_table_destroy(frame);
}
END_TEST

/* ---- a tally ---- */

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_parity_decomposition_spec spec = FM_PARITY_DECOMPOSITION_SPEC_INIT;
  bool plain = ctx != NULL;
  spec.group = "g";
  spec.reference = "b";
  spec.covariates = plain ? "x" : "x,school:s";
  spec.weight = plain ? NULL : "w";
  spec.cluster = plain ? NULL : "id";
  spec.by = plain ? NULL : "area";
  spec.coefficients = plain ? "neumark" : NULL;
  return fm_parity_decomposition_tally(out, &spec, err);
}

START_TEST(promises)
{
  int plain = 1;
  fm_test_promises(&(fm_test_measure){create, NULL, small_columns, 7, small, N_SMALL});
  fm_test_promises(&(fm_test_measure){create, &plain, small_columns, 7, small, N_SMALL});
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("parity decomposition");
  TCase *c = tcase_create("decomposition");
  tcase_add_test(c, by_hand);
  tcase_add_test(c, as_r);
  tcase_add_test(c, properties);
  tcase_add_test(c, equal_weights);
  tcase_add_test(c, not_told);
  tcase_add_loop_test(c, refused, 0, FM_COUNT(refusals));
  tcase_add_test(c, promises);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
