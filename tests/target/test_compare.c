/* target.compare: the figures of a table against R, states, strata, references, promises of a tally. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "target/compared.h"

static const char *const columns[] = {"unit:code", "count:f64", "exposure:f64", "stratum:code", "expected:f64"};
enum { N_COLUMNS = 5, N_CELLS = N_UNITS * N_STRATA };

static fm_table *units_frame(void)
{
  static char text[N_CELLS][4][32];
  static const char *cells[N_CELLS * N_COLUMNS];
  fm_oracle *data = fm_oracle_open("target/compare_units.csv");
  for (size_t i = 0; i < N_CELLS; i++) {
    const char *const from[] = {"unit", "count", "exposure", "stratum"};
    for (size_t k = 0; k < 4; k++) {
      snprintf(text[i][k], sizeof text[i][k], "%s", fm_oracle_text(data, i, from[k]));
      cells[i * N_COLUMNS + k] = text[i][k];
    }
    cells[i * N_COLUMNS + 4] = text[i][2]; /* as if one in each unit of exposure were expected */
  }
  fm_oracle_close(data);
  return fm_test_table(columns, N_COLUMNS, cells, N_CELLS);
}

static bool is(const fm_table *t, const char *column, size_t row, const char *text)
{
  const char *found = fm_test_text(t, column, row);
  return text == NULL ? found == NULL : found != NULL && strcmp(found, text) == 0;
}

/* The row of a quantity of a unit (NULL: of all). */
static size_t row_of(const fm_table *t, const char *quantity, const char *unit)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    if (is(t, "quantity", i, quantity) && is(t, "unit_id", i, unit))
      return i;
  ck_abort_msg("no %s of %s", quantity, unit != NULL ? unit : "all");
  return 0;
}

static double value(const fm_table *t, const char *quantity, const char *unit)
{
  return fm_test_number(t, "value", row_of(t, quantity, unit));
}

static fm_table *compare(fm_table *frame, const fm_target_compare_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_target_compare(&t, frame, spec, NULL, &err), &err);
  fm_assert_ok(fm_table_check(t, &err), &err);
  fm_table_destroy(frame);
  return t;
}

static void same(const compared *c, const char *of, const fm_table *t)
{
  static const struct {
    const char *quantity, *column, *expected;
    double abs;
  } figures[] = {{"shrunk", "value", "shrunk", 0},
                 {"shrunk", "std_error", "sd", 0},
                 {"shrunk", "ci_low", "plow", 0},
                 {"shrunk", "ci_high", "phigh", 0},
                 {"funnel_inner", "ci_low", "q25", 0},
                 {"funnel_inner", "ci_high", "q975", 0},
                 {"funnel_outer", "ci_low", "q1", 0},
                 {"funnel_outer", "ci_high", "q999", 0},
                 {"probability_better", "value", "better", 0},
                 {"rank", "value", "rank", 1e-5},
                 {"rank", "ci_low", "rlow", 0},
                 {"rank", "ci_high", "rhigh", 0},
                 {"probability_better_than_median", "value", "median", 1e-5}};
  for (int k = 0; k < N_UNITS; k++) {
    const char unit[2] = {(char)('A' + k), '\0'};
    for (int f = 0; f < FM_COUNT(figures); f++)
      fm_assert_close(figures[f].expected, fm_test_number(t, figures[f].column, row_of(t, figures[f].quantity, unit)),
                      compared_expected(c, of, figures[f].expected, k), 1e-8, figures[f].abs);
  }
  fm_assert_close("between", value(t, "between_units", NULL), compared_expected(c, of, "between", N_UNITS), 1e-9, 0);
  fm_assert_close("dispersion", value(t, "dispersion", NULL), compared_expected(c, of, "dispersion", N_UNITS), 1e-11,
                  0);
}

START_TEST(rates_and_shares)
{
  static const char *const cases[] = {"rate", "share"}, *const models[] = {"gamma_poisson", "beta_binomial"};
  compared c;
  fm_target_compare_spec spec;
  fm_target_compare_spec_init(&spec, sizeof spec);
  compared_open(&c);
  spec.kind = _i;
  fm_table *t = compare(units_frame(), &spec);
  same(&c, cases[_i], t);
  ck_assert_str_eq(fm_test_text(t, "definition", 0), models[_i]);
  for (int k = 0; k < N_UNITS; k++) {
    const char unit[2] = {(char)('A' + k), '\0'};
    size_t row = row_of(t, "rate", unit);
    fm_assert_close("low", fm_test_number(t, "ci_low", row), compared_expected(&c, cases[_i], "low", k), 1e-10, 0);
    fm_assert_close("high", fm_test_number(t, "ci_high", row), compared_expected(&c, cases[_i], "high", k), 1e-10, 0);
  }
  /* 869 of 9799; D: 139 of 1224, above the inner limits */
  fm_assert_close("pooled", value(t, "pooled", NULL), 869 / 9799.0, 1e-15, 0);
  fm_assert_close("units", value(t, "units", NULL), 12, 0, 0);
  fm_assert_close("D", value(t, "rate", "D"), 139 / 1224.0, 1e-15, 0);
  fm_assert_close("position of A", value(t, "funnel_position", "A"), 0, 0, 0);
  fm_assert_close("position of D", value(t, "funnel_position", "D"), 1, 0, 0);
  fm_assert_close("position of I", value(t, "funnel_position", "I"), -1, 0, 0);
  ck_assert_int_eq((int)fm_test_number(t, "n", row_of(t, "shrunk", "A")), _i == 0 ? 35 : 340);
  fm_table_destroy(t);
  compared_close(&c);
}
END_TEST

START_TEST(case_mix)
{
  compared c;
  fm_target_compare_spec spec = FM_TARGET_COMPARE_SPEC_INIT;
  compared_open(&c);
  for (int32_t kind = FM_TARGET_RATE; kind <= FM_TARGET_SHARE; kind++) {
    spec.strata = "stratum";
    spec.kind = kind;
    fm_table *t = compare(units_frame(), &spec);
    same(&c, "mix", t);
    fm_assert_close("all as expected", value(t, "pooled", NULL), 1, 1e-14, 0);
    for (int k = 0; k < N_UNITS; k++) {
      const char unit[2] = {(char)('A' + k), '\0'};
      size_t ratio = row_of(t, "ratio", unit), direct = row_of(t, "standardised", unit);
      const char *of = kind == FM_TARGET_RATE ? "direct" : "direct_share";
      fm_assert_close("expected", value(t, "expected", unit), compared_expected(&c, "mix", "expected", k), 1e-12, 0);
      fm_assert_close("ratio", fm_test_number(t, "value", ratio), compared_expected(&c, "mix", "ratio", k), 1e-12, 0);
      fm_assert_close("low", fm_test_number(t, "ci_low", ratio), compared_expected(&c, "mix", "low", k), 1e-10, 0);
      fm_assert_close("direct", fm_test_number(t, "value", direct), compared_expected(&c, "direct", "rate", k), 1e-12,
                      0);
      fm_assert_close("error", fm_test_number(t, "std_error", direct), compared_expected(&c, of, "sd", k), 1e-12, 0);
      fm_assert_close("low", fm_test_number(t, "ci_low", direct), compared_expected(&c, of, "low", k), 1e-10, 0);
      fm_assert_close("high", fm_test_number(t, "ci_high", direct), compared_expected(&c, of, "high", k), 1e-10, 0);
    }
    fm_table_destroy(t);
  }
  /* what is expected from elsewhere goes before the strata; a count in each unit of exposure gives the rates again */
  spec.expected = "expected";
  spec.kind = FM_TARGET_RATE;
  fm_table *t = compare(units_frame(), &spec);
  same(&c, "rate", t);
  fm_assert_close("ratio", value(t, "ratio", "B"), 79 / 646.0, 1e-15, 0);
  ck_assert_str_eq(fm_test_text(t, "unit", row_of(t, "shrunk", "B")), "ratio");
  fm_table_destroy(t);
  compared_close(&c);
}
END_TEST

START_TEST(references)
{
  compared c;
  fm_target_compare_spec spec = FM_TARGET_COMPARE_SPEC_INIT;
  compared_open(&c);
  spec.reference = "A";
  spec.reference_rate = 0.1;
  spec.strata = NULL;
  fm_table *t = compare(units_frame(), &spec);
  fm_assert_close("reference", value(t, "reference", NULL), 0.1, 0, 0);
  fm_assert_close("centre", value(t, "funnel_inner", "B"), 0.1, 0, 0);
  for (int k = 1; k < N_UNITS; k++) {
    const char unit[2] = {(char)('A' + k), '\0'};
    fm_assert_close("over A", value(t, "probability_better_than_unit", unit), compared_expected(&c, "rate", "overA", k),
                    0, 1e-5);
  }
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    ck_assert(!is(t, "quantity", i, "probability_better_than_unit") || !is(t, "unit_id", i, "A"));
  double better = value(t, "probability_better", "C");
  fm_table_destroy(t);
  spec.fewer_is_better = 1;
  t = compare(units_frame(), &spec);
  fm_assert_close("turned", value(t, "probability_better", "C"), 1 - better, 1e-12, 0);
  fm_table_destroy(t);
  for (int side = -1; side <= 1; side += 2) {
    spec.reference_rate = side < 0 ? 0.2 : 0.05;
    t = compare(units_frame(), &spec);
    fm_assert_close("beyond the outer limits", value(t, "funnel_position", "D"), 2 * side, 0, 0);
    fm_table_destroy(t);
  }
  /* standardised to the reference unit itself, that unit has its own rate */
  spec.strata = "stratum";
  t = compare(units_frame(), &spec);
  fm_assert_close("its own", value(t, "standardised", "A"), 35 / 340.0, 1e-14, 0);
  fm_table_destroy(t);
  compared_close(&c);
}
END_TEST

/* By hand: 4 on 40 and 2 on 400 together are 6 / 440 = 0.0136, not (0.1 + 0.005) / 2; a unit without exposure has no
 * rate. */
static const char *const small[] = {"unit:code", "count:f64", "exposure:f64", "year:i32", "age:code"};
START_TEST(few_units)
{
  static const char *const cells[] = {"x", "4", "40", "1", "y", "y", "2", "400", "1", "y", "z", "0", "0", "1", "o"};
  static const char *const hidden[] = {"shrunk", "probability_better", "probability_better_than_median", "rank",
                                       "probability_better_than_unit"};
  fm_target_compare_spec spec = FM_TARGET_COMPARE_SPEC_INIT;
  spec.reference = "x";
  fm_table *t = compare(fm_test_table(small, 5, cells, 3), &spec);
  fm_assert_close("pooled", value(t, "pooled", NULL), 6 / 440.0, 1e-15, 0);
  fm_assert_close("with exposure", value(t, "units", NULL), 2, 0, 0);
  for (int k = 0; k < FM_COUNT(hidden); k++) {
    size_t row = row_of(t, hidden[k], "y");
    ck_assert(is(t, "state", row, "too_few_units") && isnan(fm_test_number(t, "value", row)));
    ck_assert(is(t, "state", row_of(t, hidden[k], "z"), "undefined"));
  }
  ck_assert(is(t, "state", row_of(t, "between_units", NULL), "too_few_units"));
  ck_assert(is(t, "state", row_of(t, "rate", "z"), "undefined"));
  ck_assert(is(t, "state", row_of(t, "funnel_outer", "z"), "undefined"));
  ck_assert(is(t, "state", row_of(t, "funnel_position", "z"), "undefined"));
  /* 4 where 40 * 6 / 440 = 0.55 are expected: P(X >= 4) = 0.0025, beyond the inner limits only */
  fm_assert_close("x", value(t, "funnel_position", "x"), 1, 0, 0);
  fm_table_destroy(t);
  /* the standard has old people, of whom y has none */
  static const char *const ages[] = {"x", "4", "40", "1", "y", "y", "2", "400", "1", "y", "x", "1", "9", "1", "o"};
  spec.reference = NULL;
  spec.strata = "age";
  t = compare(fm_test_table(small, 5, ages, 3), &spec);
  ck_assert(is(t, "state", row_of(t, "standardised", "y"), "undefined"));
  fm_assert_close("x", value(t, "standardised", "x"), 440 / 449.0 * 4 / 40 + 9 / 449.0 / 9, 1e-14, 0);
  /* indirect: 400 * 6 / 440 in y, 40 * 6 / 440 + 9 * 1 / 9 in x */
  fm_assert_close("expected", value(t, "expected", "x"), 240 / 440.0 + 1, 1e-14, 0);
  fm_table_destroy(t);
}
END_TEST

START_TEST(alike)
{
  static const char *const cells[] = {"x", "4", "40", "1", "", "y", "5", "40", "1", "", "z", "4", "40", "1", "",
                                      "x", "4", "40", "2", "", "y", "0", "0",  "2", "", "z", "0", "9",  "2", ""};
  fm_target_compare_spec spec = FM_TARGET_COMPARE_SPEC_INIT;
  spec.least_units = 3;
  spec.by = "year";
  fm_table *t = compare(fm_test_table(small, 5, cells, 6), &spec);
  ck_assert(is(t, "state", row_of(t, "shrunk", "x"), "no_spread") && is(t, "year", row_of(t, "rank", "x"), "1"));
  ck_assert(is(t, "state", row_of(t, "between_units", NULL), "no_spread"));
  size_t n = 0;
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    n += is(t, "state", i, "too_few_units");
  ck_assert_uint_eq(n, 4 * 2 + 1); /* x and z of year 2; y has no exposure there */
  fm_table_destroy(t);
  static const char *const none[] = {"x", "0", "40", "1", "", "y", "0", "30", "1", "", "z", "0", "20", "1", ""};
  spec.kind = FM_TARGET_SHARE;
  spec.by = NULL;
  t = compare(fm_test_table(small, 5, none, 3), &spec);
  ck_assert(is(t, "state", row_of(t, "dispersion", NULL), "undefined"));
  fm_assert_close("none", value(t, "pooled", NULL), 0, 0, 0);
  fm_table_destroy(t);
}
END_TEST

/* Far above the units that are ranked, and those of several columns, whose names are cut at 512 bytes. */
START_TEST(many_units)
{
  enum { N = FM__MOST_RANKED + 1 };
  static double count[N], exposure[N];
  static int32_t number[N];
  static char name[600];
  static const char *region[N];
  fm_error err = FM_ERROR_INIT;
  fm_target_compare_spec spec = FM_TARGET_COMPARE_SPEC_INIT;
  fm_table *frame, *t;
  memset(name, 'r', sizeof name - 1);
  for (int i = 0; i < N; i++) {
    count[i] = i % 7 == 0 ? 30 : 5;
    exposure[i] = 100;
    number[i] = i;
    region[i] = i == 0 ? name : "r";
  }
  fm_assert_ok(fm_table_create(&frame, "units", &err), &err);
  fm_assert_ok(fm_table_add_text(frame, "region", region, N, &err), &err);
  fm_assert_ok(fm_table_add_i32(frame, "number", number, NULL, N, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_f64(frame, "count", count, NULL, N, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_f64(frame, "exposure", exposure, NULL, N, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_seal(frame, &err), &err);
  spec.unit = "region,number";
  spec.reference = "r,8";
  t = compare(frame, &spec);
  ck_assert(is(t, "state", row_of(t, "rank", "r,7"), "undefined"));
  ck_assert(is(t, "state", row_of(t, "probability_better_than_unit", "r,7"), "undefined"));
  ck_assert(value(t, "shrunk", "r,7") > 0.2 && value(t, "shrunk", "r,7") < 0.3);
  fm_table_destroy(t);
}
END_TEST

/* ---- what is refused ---- */

static void expect(const fm_target_compare_spec *spec, const char *said)
{
  fm_error err = FM_ERROR_INIT;
  fm_tally *t;
  ck_assert_int_eq(fm_target_compare_tally(&t, spec, &err), FM_ERR_ARGUMENT);
  ck_assert_msg(strstr(err.message, said) != NULL, "%s", err.message);
}

START_TEST(out_of_range)
{
  static const double bad[] = {0, 1, NAN};
  fm_target_compare_spec usual = FM_TARGET_COMPARE_SPEC_INIT, s;
  const char **const names[] = {&s.unit, &s.count, &s.exposure};
  for (int k = 0; k < 3; k++) {
    s = usual;
    *names[k] = k == 0 ? NULL : "";
    expect(&s, "unit, count, exposure: expected");
    s = usual;
    s.level = bad[k];
    expect(&s, "level: expected");
    s = usual;
    s.funnel_inner = bad[k];
    expect(&s, "funnel_inner, funnel_outer");
    s = usual;
    s.funnel_outer = bad[k];
    expect(&s, "funnel_inner, funnel_outer");
  }
  s = usual;
  s.kind = -1;
  expect(&s, "kind: expected");
  s.kind = 2;
  expect(&s, "kind: expected");
  s = usual;
  s.least_units = 2;
  expect(&s, "least_units: expected a whole number from 3");
  s = usual;
  s.funnel_outer = s.funnel_inner;
  expect(&s, "the first smaller");
  s = usual;
  s.reference_rate = 0;
  expect(&s, "reference_rate: expected a number above 0");
  s.reference_rate = INFINITY;
  expect(&s, "reference_rate: expected a number above 0");
  s.reference_rate = 1.5;
  s.kind = FM_TARGET_SHARE;
  expect(&s, "reference_rate: expected a share below 1");
}
END_TEST

static const struct bad_row {
  const char *unit, *count, *exposure, *expected;
  int32_t kind;
  const char *said;
} bad_rows[] = {
    {"", "1", "9", "1", 0, "column unit, row 1: expected a unit"},
    {"y", "-1", "9", "1", 0, "column count, row 1: expected a whole number from 0 to 1e9"},
    {"y", "0.5", "9", "1", 0, "column count, row 1: expected a whole number from 0 to 1e9"},
    {"y", "", "9", "1", 0, "column count, row 1: expected a whole number from 0 to 1e9"},
    {"y", "1", "0", "1", 0, "column exposure, row 1: expected a number from 1e-15 to 1e15, or 0 without"},
    {"y", "1", "-2", "1", 0, "column exposure, row 1: expected a number from 1e-15 to 1e15, or 0 without"},
    {"y", "3", "2", "1", 1, "column exposure, row 1: expected a whole number, at least the count"},
    {"y", "3", "4.5", "1", 1, "column exposure, row 1: expected a whole number, at least the count"},
    {"y", "1", "9", "0", 0, "column expected, row 1: expected a number from 1e-15 to 1e15, or 0 without"},
    {"y", "1", "9", "-1", 1, "column expected, row 1: expected a number from 1e-15 to 1e15, or 0 without"},
    {"y", "1", "9", "", 1, "column expected, row 1: expected a number from 1e-15 to 1e15, or 0 without"},
};

START_TEST(bad_input)
{
  const struct bad_row *b = &bad_rows[_i];
  const char *const cells[] = {"x", "1", "9", "s", "2", b->unit, b->count, b->exposure, "s", b->expected};
  fm_error err = FM_ERROR_INIT;
  fm_target_compare_spec spec = FM_TARGET_COMPARE_SPEC_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, 2), *t;
  spec.kind = b->kind;
  spec.expected = "expected";
  ck_assert_int_eq(fm_target_compare(&t, frame, &spec, NULL, &err), FM_ERR_VALUE);
  ck_assert_ptr_null(t);
  ck_assert_msg(strstr(err.message, b->said) != NULL, "%s", err.message);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(no_reference)
{
  static const char *const cells[] = {"x", "4", "40", "1", "", "y", "5", "40", "1", "", "x", "4", "40", "2", ""};
  fm_error err = FM_ERROR_INIT;
  fm_target_compare_spec spec = FM_TARGET_COMPARE_SPEC_INIT;
  fm_table *frame = fm_test_table(small, 5, cells, 3), *t;
  spec.reference = "q";
  ck_assert_int_eq(fm_target_compare(&t, frame, &spec, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_str_eq(err.message, "reference: no row of the unit \"q\"");
  fm_error_clear(&err);
  spec.reference = "y";
  spec.by = "year";
  ck_assert_int_eq(fm_target_compare(&t, frame, &spec, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_str_eq(err.message, "reference: no row of the unit \"y\" in one of the comparisons");
  fm_error_clear(&err);
  spec.reference = "x,1";
  ck_assert_int_eq(fm_target_compare(&t, frame, &spec, NULL, &err), FM_ERR_NOT_FOUND);
  fm_table_destroy(frame);
}
END_TEST

/* ---- a tally ---- */

static const char *const rows[] = {"x", "4", "40", "1",  "y",  "y", "9", "41", "1",    "y", "z", "2", "42", "1",
                                   "o", "x", "4",  "40", "1",  "o", "y", "1",  "40.5", "1", "",  "z", "0",  "9",
                                   "2", "o", "u",  "8",  "55", "1", "o", "x",  "3",    "7", "2", "o"};

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_target_compare_spec spec = FM_TARGET_COMPARE_SPEC_INIT;
  (void)ctx;
  spec.by = "year";
  spec.strata = "age";
  spec.reference = "x";
  spec.least_units = 3;
  return fm_target_compare_tally(out, &spec, err);
}

START_TEST(promises)
{
  fm_test_promises(&(fm_test_measure){create, NULL, small, 5, rows, 8});
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("target compare");
  TCase *c = tcase_create("compare");
  tcase_add_loop_test(c, rates_and_shares, FM_TARGET_RATE, FM_TARGET_SHARE + 1);
  tcase_add_test(c, case_mix);
  tcase_add_test(c, references);
  tcase_add_test(c, few_units);
  tcase_add_test(c, alike);
  tcase_add_test(c, many_units);
  tcase_add_test(c, out_of_range);
  tcase_add_loop_test(c, bad_input, 0, FM_COUNT(bad_rows));
  tcase_add_test(c, no_reference);
  tcase_add_test(c, promises);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
