/* sdg.redistribution: by hand, errors of the same people, rules, refusals, promises of a tally. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/support.h"

static const char *const columns[] = {"person_id:code", "prefiscal:f64", "postfiscal:f64", "weight:f64",
                                      "area:code",      "stratum:code",  "psu:code"};
enum { N_COLUMNS = 7 };

static fm_table *run(const fm_table *frame, const fm_sdg_redistribution_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_sdg_redistribution(&t, frame, spec, NULL, &err), &err);
  fm_assert_ok(fm_table_check(t, &err), &err);
  return t;
}

static double value(const fm_table *t, const char *quantity, const char *column)
{
  return fm_test_number(t, column, fm_test_row(t, "quantity", quantity, NULL, NULL, NULL, NULL));
}

/* A flat tax of 20 per cent returned in equal grants: Gini 0.4 and 0.32. Ranks that change: 2/9 and 1/9. */
static const struct hand {
  const char *cells[5 * 3];
  size_t n;
  double pre, post;
} hands[] = {{{"a", "0", "4", "b", "10", "12", "c", "20", "20", "d", "30", "28", "e", "40", "36"}, 5, 0.4, 0.32},
             {{"a", "10", "25", "b", "20", "15", "c", "30", "20"}, 3, 2 / 9.0, 1 / 9.0},
             {{"a", "10", "10", "b", "10", "30"}, 2, 0, 0.25}};

START_TEST(by_hand)
{
  const struct hand *h = &hands[_i];
  fm_sdg_redistribution_spec spec;
  fm_sdg_redistribution_spec_init(&spec, sizeof spec);
  fm_table *frame = fm_test_table(columns, 3, h->cells, h->n), *t = run(frame, &spec);
  ck_assert_uint_eq(fm_table_n_rows(t), 3);
  fm_assert_close("before", value(t, "gini_prefiscal", "value"), h->pre, 1e-15, 1e-14);
  fm_assert_close("after", value(t, "gini_postfiscal", "value"), h->post, 1e-15, 1e-14);
  fm_assert_close("redistribution", value(t, "redistribution", "value"), h->pre - h->post, 1e-15, 1e-13);
  ck_assert_str_eq(fm_test_text(t, "definition", 0), "disposable");
  ck_assert_str_eq(fm_test_text(t, "unit", 0), "index");
  fm_assert_close("people", value(t, "redistribution", "n"), (double)h->n, 0, 0);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

static const char *const cells[] = {"a", "0",  "8",  "1",   "n", "1", "1", "b", "10", "12", "2",   "n", "1", "1", /**/
                                    "c", "25", "21", "1.5", "n", "1", "2", "d", "31", "29", "1",   "s", "1", "2", /**/
                                    "e", "47", "36", "1",   "s", "2", "3", "f", "90", "61", "0.5", "s", "2", "4", /**/
                                    "g", "12", "14", "3",   "s", "2", "4", "h", "18", "17", "1",   "n", "2", "3"};
enum { N_ROWS = 8 };

/* Influence of the redistribution on row i, by the definition: the derivative of the weighted Gini in w_i. */
static double gini(const double *x, const double *w, size_t n)
{
  double total = 0, weight = 0, sum = 0;
  for (size_t i = 0; i < n; i++) {
    total += w[i] * x[i];
    weight += w[i];
    for (size_t k = 0; k < n; k++)
      sum += w[i] * w[k] * fabs(x[i] - x[k]);
  }
  return sum / (2 * weight * total);
}

static double numeric(double *x, double *y, double *w, size_t n, size_t i)
{
  const double h = 1e-5, was = w[i];
  w[i] = was + h;
  double up = gini(x, w, n) - gini(y, w, n);
  w[i] = was - h;
  double down = gini(x, w, n) - gini(y, w, n);
  w[i] = was;
  return was * (up - down) / (2 * h);
}

/* Units are people without a design; with one, its primary units in their strata. */
START_TEST(errors)
{
  static const int unit[] = {0, 0, 1, 1, 2, 3, 3, 2}, stratum[] = {0, 0, 1, 1};
  double x[N_ROWS], y[N_ROWS], w[N_ROWS], z[N_ROWS], of[4] = {0}, alone = 0, mean = 0, designed = 0;
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_sdg_redistribution_spec spec = FM_SDG_REDISTRIBUTION_SPEC_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, N_ROWS);
  for (size_t i = 0; i < N_ROWS; i++) {
    x[i] = fm_test_number(frame, "prefiscal", i);
    y[i] = fm_test_number(frame, "postfiscal", i);
    w[i] = fm_test_number(frame, "weight", i);
  }
  for (size_t i = 0; i < N_ROWS; i++) {
    z[i] = numeric(x, y, w, N_ROWS, i);
    of[unit[i]] += z[i];
    mean += z[i] / N_ROWS;
  }
  for (size_t i = 0; i < N_ROWS; i++)
    alone += (z[i] - mean) * (z[i] - mean) * N_ROWS / (N_ROWS - 1);
  for (size_t k = 0; k < 4; k++)
    for (size_t l = k + 1; l < 4; l++)
      designed += stratum[k] == stratum[l] ? (of[k] - of[l]) * (of[k] - of[l]) : 0;
  spec.weight = "weight";
  fm_table *t = run(frame, &spec);
  fm_assert_close("people", value(t, "redistribution", "std_error"), sqrt(alone), 0, 1e-7);
  double low = value(t, "redistribution", "ci_low"), high = value(t, "redistribution", "ci_high");
  ck_assert(low < value(t, "redistribution", "value") && value(t, "redistribution", "value") < high);
  fm_table_destroy(t);
  design.strata = "stratum";
  design.psu = "psu";
  spec.design = &design;
  t = run(frame, &spec);
  fm_assert_close("design", value(t, "redistribution", "std_error"), sqrt(designed), 0, 1e-7);
  fm_assert_close("df", value(t, "redistribution", "df"), 2, 0, 0);
  fm_table_destroy(t);
  design = (fm_survey_design_spec)FM_SURVEY_DESIGN_SPEC_INIT;
  design.method = FM_SURVEY_NONE;
  spec.person = NULL;
  t = run(frame, &spec);
  ck_assert(isnan(value(t, "redistribution", "std_error")));
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* A row without one of the incomes, and by the rule one with a loss, leaves both. */
START_TEST(rules)
{
  static const char *const some[] = {"a", "0",  "8", "b", "10", "12", "c", "",   "21", "d", "31", "",
                                     "e", "-4", "2", "f", "6",  "-3", "g", "-1", "-2", "h", "20", "17"};
  static const struct {
    int32_t negative;
    const char *note, *count, *n;
  } expected[] = {{FM_SDG_NEGATIVE_KEEP, "negative_dropped", "0", "6"},
                  {FM_SDG_NEGATIVE_DROP, "negative_dropped", "3", "3"},
                  {FM_SDG_NEGATIVE_ZERO, "negative_zeroed", "4", "6"}};
  fm_error err = FM_ERROR_INIT;
  fm_sdg_redistribution_spec spec = FM_SDG_REDISTRIBUTION_SPEC_INIT;
  fm_table *frame = fm_test_table(columns, 3, some, 8), *t;
  spec.concept = FM_SDG_POSTFISCAL_CONSUMABLE;
  for (size_t k = 0; k < FM_COUNT(expected); k++) {
    spec.negative = expected[k].negative;
    t = run(frame, &spec);
    ck_assert_str_eq(fm_table_note(t, "missing_income"), "2");
    ck_assert_str_eq(fm_table_note(t, expected[k].note), expected[k].count);
    fm_assert_close("n", value(t, "redistribution", "n"), strtod(expected[k].n, NULL), 0, 0);
    ck_assert_str_eq(fm_test_text(t, "definition", 0), "consumable");
    fm_table_destroy(t);
  }
  spec.negative = FM_SDG_NEGATIVE_ERROR;
  ck_assert_int_eq(fm_sdg_redistribution(&t, frame, &spec, NULL, &err), FM_ERR_VALUE);
  ck_assert_ptr_null(t);
  ck_assert_int_eq(err.row, 4);
  ck_assert_str_eq(err.column, "prefiscal");
  fm_table_destroy(frame);
}
END_TEST

START_TEST(nothing_there)
{
  static const char *const none[] = {"a", "", "8"};
  static const char *const zeros[] = {"a", "0", "1", "b", "0", "2"};
  fm_sdg_redistribution_spec spec = FM_SDG_REDISTRIBUTION_SPEC_INIT;
  fm_table *frame = fm_test_table(columns, 3, zeros, 2), *t = run(frame, &spec);
  ck_assert_str_eq(fm_test_text(t, "state", fm_test_row(t, "quantity", "gini_prefiscal", NULL, NULL, NULL, NULL)),
                   "undefined");
  ck_assert_str_eq(fm_test_text(t, "state", fm_test_row(t, "quantity", "redistribution", NULL, NULL, NULL, NULL)),
                   "undefined");
  ck_assert_str_eq(fm_test_text(t, "state", fm_test_row(t, "quantity", "gini_postfiscal", NULL, NULL, NULL, NULL)),
                   "ok");
  fm_table_destroy(t);
  fm_table_destroy(frame);
  frame = fm_test_table(columns, 3, none, 1);
  t = run(frame, &spec);
  ck_assert_str_eq(fm_test_text(t, "state", 0), "empty");
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* Whole numbers are read as numbers: 0 to 40 before, 4 to 36 after. */
START_TEST(whole_numbers)
{
  static const char *const whole[] = {"person_id:code", "prefiscal:i64", "postfiscal:i32"};
  fm_sdg_redistribution_spec spec = FM_SDG_REDISTRIBUTION_SPEC_INIT;
  fm_table *frame = fm_test_table(whole, 3, hands[0].cells, hands[0].n), *t = run(frame, &spec);
  ck_assert_double_eq(value(t, "gini_prefiscal", "value"), 0.4);
  ck_assert_double_eq(value(t, "gini_postfiscal", "value"), 0.32);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

static const struct refusal {
  const char *pre, *post, *person, *said;
  int32_t concept, negative;
  fm_status status;
} refusals[] = {
    {"", "postfiscal", "person_id", "expected the names of two columns", 0, 0, FM_ERR_ARGUMENT},
    {"prefiscal", NULL, "person_id", "expected the names of two columns", 0, 0, FM_ERR_ARGUMENT},
    {"prefiscal", "postfiscal", "person_id", "disposable or consumable", 2, 0, FM_ERR_ARGUMENT},
    {"prefiscal", "postfiscal", "person_id", "keep, error, drop or zero", 0, 4, FM_ERR_ARGUMENT},
    {"prefiscal", "postfiscal", NULL, "person", 0, 0, FM_ERR_ARGUMENT},
    {"prefiscal", "postfiscal", "who", "who", 0, 0, FM_ERR_NOT_FOUND},
    {"before", "postfiscal", "person_id", "before", 0, 0, FM_ERR_NOT_FOUND},
    {"prefiscal", "area", "person_id", "area", 0, 0, FM_ERR_TYPE},
};

START_TEST(refused)
{
  const struct refusal *f = &refusals[_i];
  fm_error err = FM_ERROR_INIT;
  fm_sdg_redistribution_spec spec = FM_SDG_REDISTRIBUTION_SPEC_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, N_ROWS), *t;
  spec.prefiscal = f->pre;
  spec.postfiscal = f->post;
  spec.person = f->person;
  spec.concept = f->concept;
  spec.negative = f->negative;
  ck_assert_int_eq(fm_sdg_redistribution(&t, frame, &spec, NULL, &err), f->status);
  ck_assert_msg(strstr(err.message, f->said) != NULL, "%s", err.message);
  ck_assert_ptr_null(t);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(infinite)
{
  static const char *const some[] = {"a", "1", "8", "b", "10", "inf"};
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, 3, some, 2), *t;
  ck_assert_int_eq(fm_sdg_redistribution(&t, frame, NULL, NULL, &err), FM_ERR_VALUE);
  ck_assert_int_eq(err.row, 1);
  ck_assert_str_eq(err.column, "postfiscal");
  fm_table_destroy(frame);
}
END_TEST

/* ---- a tally ---- */

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_sdg_redistribution_spec spec = FM_SDG_REDISTRIBUTION_SPEC_INIT;
  (void)ctx;
  spec.weight = "weight";
  spec.by = "area";
  spec.negative = FM_SDG_NEGATIVE_ZERO;
  return fm_sdg_redistribution_tally(out, &spec, err);
}

static fm_tally *make(void *ctx)
{
  fm_error err = FM_ERROR_INIT;
  fm_tally *t;
  fm_assert_ok(create(&t, ctx, &err), &err);
  return t;
}

START_TEST(a_tally)
{
  fm_test_tally(make, NULL, columns, N_COLUMNS, cells, N_ROWS);
}
END_TEST

static fm_status once(void *ctx, fm_error *err)
{
  fm_tally *t;
  fm_table *out = NULL;
  fm_status status = create(&t, NULL, err);
  if (status == FM_OK)
    status = fm_tally_add(t, ctx, NULL, err);
  if (status == FM_OK)
    status = fm_tally_result(&out, t, NULL, err);
  fm_table_destroy(out);
  fm_tally_destroy(t);
  return status;
}

START_TEST(without_memory)
{
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, N_ROWS);
  ck_assert_int_gt(fm_test_allocations(once, frame), 50);
  fm_table_destroy(frame);
}
END_TEST

/* The scale of incomes and of weights, and the names of groups, change nothing. */
START_TEST(by_its_number)
{
  static const char *const scaled[] = {"a",    "0", "400",  "b",    "1000", "1200", "c",   "2000",
                                       "2000", "d", "3000", "2800", "e",    "4000", "3600"};
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *frame = fm_test_table(columns, 3, scaled, 5), *t;
  spec.options = "concept=consumable;se=none";
  fm_assert_ok(fm_catalogue_compute_frame(&t, frame, "10.4.2", &spec, NULL, &err), &err);
  fm_assert_close("redistribution", value(t, "redistribution", "value"), 0.08, 1e-15, 1e-13);
  ck_assert_str_eq(fm_test_text(t, "definition", 0), "consumable");
  fm_table_destroy(t);
  spec.options = "negative=perhaps";
  ck_assert_int_eq(fm_catalogue_compute_frame(&t, frame, "10.4.2", &spec, NULL, &err), FM_ERR_ARGUMENT);
  fm_table_destroy(frame);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("sdg redistribution");
  TCase *c = tcase_create("redistribution");
  tcase_add_loop_test(c, by_hand, 0, FM_COUNT(hands));
  tcase_add_test(c, errors);
  tcase_add_test(c, rules);
  tcase_add_test(c, nothing_there);
  tcase_add_test(c, whole_numbers);
  tcase_add_loop_test(c, refused, 0, FM_COUNT(refusals));
  tcase_add_test(c, infinite);
  tcase_add_test(c, a_tally);
  tcase_add_test(c, without_memory);
  tcase_add_test(c, by_its_number);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
