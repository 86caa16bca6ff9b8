#include <math.h>
#include <string.h>

#include "support/support.h"
#include "survey/survey_priv.h"

enum { N_COLUMNS = 14 };
static const char *const columns[N_COLUMNS] = {
    "indicator:code", "group:i64", "quantity:code", "value:f64",  "unit:code",  "std_error:f64", "ci_low:f64",
    "ci_high:f64",    "level:f64", "n:i64",         "people:i64", "weight:f64", "state:code",    "df:f64"};

/* Three imputations; rows of the second are in another order. Group 1: estimates 10, 12, 14, variances 4, 5.0625, 6.25.
 * Group 2, a rate: 0.2, 0.3, 0.25, errors 0.03. Group 3 is hidden once, group 4 empty, group 5 without a value once,
 * group 6 without an error. */
static const char *const first[] = {
    "i", "1", "mean", "10",  "money", "2",    "5",    "15",   "0.95", "90", "90", "900", "ok",          "20", /* */
    "i", "2", "rate", "0.2", "share", "0.03", "0.15", "0.27", "0.95", "80", "",   "800", "ok",          "20", /* */
    "i", "3", "mean", "9",   "money", "1",    "7",    "11",   "0.95", "50", "50", "500", "ok",          "20", /* */
    "i", "4", "mean", "",    "money", "",     "",     "",     "0.95", "0",  "0",  "0",   "empty",       "",   /* */
    "i", "5", "mean", "1",   "money", "1",    "0",    "2",    "0.95", "9",  "9",  "9",   "ok",          "20", /* */
    "i", "6", "mean", "4",   "money", "",     "",     "",     "0.95", "9",  "9",  "9",   "preliminary", "20",
};
static const char *const second[] = {
    "i", "6", "mean", "6",   "money", "1",    "",     "",     "0.95", "9",  "9",  "9",   "ok",         "20", /* */
    "i", "2", "rate", "0.3", "share", "0.03", "0.24", "0.37", "0.95", "80", "",   "800", "ok",         "30", /* */
    "i", "1", "mean", "12",  "money", "2.25", "7",    "17",   "0.95", "88", "90", "910", "ok",         "24", /* */
    "i", "3", "mean", "",    "money", "",     "",     "",     "0.95", "",   "",   "",    "suppressed", "",   /* */
    "i", "5", "mean", "",    "money", "",     "",     "",     "0.95", "0",  "0",  "0",   "empty",      "20", /* */
    "i", "4", "mean", "",    "money", "",     "",     "",     "0.95", "0",  "0",  "0",   "empty",      "",
};
static const char *const third[] = {
    "i", "1", "mean", "14",   "money", "2.5",  "9",   "19",   "0.95", "91", "90", "890", "ok",    "22", /* */
    "i", "2", "rate", "0.25", "share", "0.03", "0.2", "0.32", "0.95", "80", "",   "800", "ok",    "20", /* */
    "i", "3", "mean", "9",    "money", "1",    "7",   "11",   "0.95", "50", "50", "500", "ok",    "20", /* */
    "i", "4", "mean", "",     "money", "",     "",    "",     "0.95", "0",  "0",  "0",   "empty", "",   /* */
    "i", "5", "mean", "1",    "money", "1",    "0",   "2",    "0.95", "9",  "9",  "9",   "ok",    "20", /* */
    "i", "6", "mean", "8",    "money", "1",    "",    "",     "0.95", "9",  "9",  "9",   "ok",    "20",
};

static fm_table *table_of(const char *const *cells)
{
  return fm_test_table(columns, N_COLUMNS, cells, 6);
}

static fm_table *combined(const char *const *a, const char *const *b, const char *const *c)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t[] = {table_of(a), table_of(b), table_of(c)}, *out = NULL;
  const fm_table *results[] = {t[0], t[1], t[2]};
  fm_assert_ok(fm_survey_combine(&out, results, 3, NAN, &err), &err);
  for (int k = 0; k < 3; k++)
    fm_table_destroy(t[k]);
  return out;
}

/* Group 1: mean 12, within 5.10416..., between 4, with the least degrees of freedom, 20. */
START_TEST(figures)
{
  static const double q[] = {10, 12, 14}, u[] = {4, 5.0625, 6.25}, p[] = {0.2, 0.3, 0.25}, v[] = {9e-4, 9e-4, 9e-4};
  fm_survey_combined expected = {.struct_size = sizeof expected}, rate = {.struct_size = sizeof rate};
  fm_error err = FM_ERROR_INIT;
  double low, high;
  fm_table *t = combined(first, second, third);
  fm_assert_ok(fm_survey_combine_values(&expected, q, u, 3, 20, &err), &err);
  fm_assert_ok(fm_survey_combine_values(&rate, p, v, 3, 20, &err), &err);
  fm_assert_close("value", fm_test_number(t, "value", 0), 12, 0, 0);
  fm_assert_close("error", fm_test_number(t, "std_error", 0), sqrt(expected.variance), 1e-15, 0);
  fm_assert_close("df", fm_test_number(t, "df", 0), expected.degrees_of_freedom, 1e-14, 0);
  fm_assert_close("missing", fm_test_number(t, "missing_share", 0), expected.missing_share, 1e-14, 0);
  fm__survey_limits(&low, &high, 12, sqrt(expected.variance), expected.degrees_of_freedom, 0.95, false);
  fm_assert_close("low", fm_test_number(t, "ci_low", 0), low, 1e-14, 0);
  fm_assert_close("high", fm_test_number(t, "ci_high", 0), high, 1e-14, 0);
  fm_assert_close("n", fm_test_number(t, "n", 0), 88, 0, 0);
  fm_assert_close("weight", fm_test_number(t, "weight", 0), 900, 1e-15, 0);
  ck_assert_str_eq(fm_test_text(t, "quantity", 1), "rate");
  fm_assert_close("rate", fm_test_number(t, "value", 1), 0.25, 1e-15, 0);
  fm__survey_limits(&low, &high, 0.25, sqrt(rate.variance), rate.degrees_of_freedom, 0.95, true);
  fm_assert_close("logit low", fm_test_number(t, "ci_low", 1), low, 1e-13, 0);
  fm_assert_close("logit high", fm_test_number(t, "ci_high", 1), high, 1e-13, 0);
  ck_assert_str_eq(fm_table_note(t, "imputations"), "3");
  fm_table_destroy(t);
}
END_TEST

START_TEST(states)
{
  fm_table *t = combined(first, second, third);
  static const char *const measured[] = {"value", "std_error", "ci_low", "ci_high", "n", "people", "weight", "df"};
  ck_assert_str_eq(fm_test_text(t, "state", 2), "suppressed");
  for (int k = 0; k < FM_COUNT(measured); k++)
    ck_assert(isnan(fm_test_number(t, measured[k], 2)));
  ck_assert_str_eq(fm_test_text(t, "state", 3), "empty");
  ck_assert(isnan(fm_test_number(t, "value", 3)) && fm_test_number(t, "n", 3) == 0);
  ck_assert_str_eq(fm_test_text(t, "state", 4), "undefined");
  ck_assert(isnan(fm_test_number(t, "value", 4)));
  ck_assert_str_eq(fm_test_text(t, "state", 5), "preliminary");
  ck_assert(fm_test_number(t, "value", 5) == 6 && isnan(fm_test_number(t, "std_error", 5)));
  ck_assert(isnan(fm_test_number(t, "people", 1)));
  fm_table_destroy(t);
}
END_TEST

/* The same figures from any order of the imputations. */
START_TEST(any_order)
{
  fm_table *a = combined(first, second, third), *b = combined(first, third, second);
  fm_assert_same_table("order", a, b);
  fm_table_destroy(b);
  b = combined(third, second, first);
  for (size_t i = 0; i < 5; i++)
    fm_assert_close("value", fm_test_number(b, "std_error", i), fm_test_number(a, "std_error", i), 0, 0);
  fm_table_destroy(a);
  fm_table_destroy(b);
}
END_TEST

/* Without df columns the caller's degrees of freedom count; values near the end of doubles keep their digits. */
START_TEST(given_degrees_of_freedom)
{
  static const char *const a[] = {"i", "1", "mean", "1e307", "money", "1e306", "", "", "0.9", "", "", "", "ok"};
  static const char *const b[] = {"i", "1", "mean", "3e307", "money", "1e306", "", "", "0.9", "", "", "", "ok"};
  static const double q[] = {10, 30}, u[] = {1, 1};
  fm_survey_combined expected = {.struct_size = sizeof expected};
  fm_error err = FM_ERROR_INIT;
  fm_table *x = fm_test_table(columns, N_COLUMNS - 1, a, 1), *y = fm_test_table(columns, N_COLUMNS - 1, b, 1);
  fm_table *out = NULL;
  const fm_table *results[] = {x, y};
  fm_assert_ok(fm_survey_combine_values(&expected, q, u, 2, 8, &err), &err);
  fm_assert_ok(fm_survey_combine(&out, results, 2, 8, &err), &err);
  fm_assert_close("value", fm_test_number(out, "value", 0), 2e307, 1e-15, 0);
  fm_assert_close("error", fm_test_number(out, "std_error", 0), sqrt(expected.variance) * 1e306, 1e-14, 0);
  fm_assert_close("df", fm_test_number(out, "df", 0), expected.degrees_of_freedom, 1e-13, 0);
  fm_table_destroy(out);
  fm_table_destroy(x);
  fm_table_destroy(y);
}
END_TEST

/* A result as measures write it: keys of every type, some missing, dates, notes of which one differs. */
static fm_table *written(double value, const char *dropped)
{
  static const fm__key keys[] = {{"employed", FM_BOOL}, {"on", FM_DATE}, {"share", FM_F64}, {"town", FM_CODE}};
  fm_error err = FM_ERROR_INIT;
  fm__result *r = NULL;
  fm_table *t = NULL;
  fm_assert_ok(fm__result_create(&r, "i", "d", keys, 4, &err), &err);
  fm__figure f = fm__figure_of("mean", "money");
  f.value = value;
  f.std_error = 1;
  f.level = 0.9;
  f.period_start = 18000;
  f.n = 7;
  fm__result_key_i64(r, 0, 1);
  fm__result_key_i64(r, 1, 17000);
  fm__result_key_f64(r, 2, 0.25);
  fm__result_add(r, &f);
  fm__result_key_i64(r, 0, 0);
  fm__result_key_text(r, 3, "Arden", 5);
  fm__result_add(r, &f);
  fm__result_note(r, "rule", "same");
  fm__result_note(r, "dropped", dropped);
  fm_assert_ok(fm__result_finish(r, &t, &err), &err);
  return t;
}

START_TEST(results_as_written)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *a = written(4, "3"), *b = written(6, "4"), *out = NULL;
  const fm_table *results[] = {a, b};
  fm_assert_ok(fm_survey_combine(&out, results, 2, 9, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(out), 2);
  ck_assert_uint_eq(fm_table_n_columns(out), fm_table_n_columns(a) + 2);
  for (size_t k = 0; k < fm_table_n_columns(a); k++)
    ck_assert_str_eq(fm_table_column_name(out, k), fm_table_column_name(a, k));
  ck_assert(fm_test_number(out, "employed", 0) == 1 && fm_test_number(out, "employed", 1) == 0);
  ck_assert(fm_test_number(out, "on", 1) == 17000 && fm_test_number(out, "share", 1) == 0.25);
  ck_assert(fm_test_text(out, "town", 0) == NULL);
  ck_assert_str_eq(fm_test_text(out, "town", 1), "Arden");
  ck_assert(fm_test_number(out, "period_start", 0) == 18000 && isnan(fm_test_number(out, "period_end", 0)));
  fm_assert_close("value", fm_test_number(out, "value", 1), 5, 0, 0);
  fm_assert_close("error", fm_test_number(out, "std_error", 1), sqrt(1 + 1.5 * 2), 1e-15, 0);
  ck_assert_str_eq(fm_table_note(out, "rule"), "same");
  ck_assert(fm_table_note(out, "dropped") == NULL);
  fm_table_destroy(out);
  fm_table_destroy(a);
  fm_table_destroy(b);
}
END_TEST

/* A figure whose own degrees of freedom are missing takes the caller's; 0 of them give no error. */
START_TEST(missing_degrees_of_freedom)
{
  static const char *const known[] = {"i", "1", "mean", "1", "money", "1", "", "", "0.9", "", "", "", "ok", "5"};
  static const char *const unknown[] = {"i", "1", "mean", "3", "money", "1", "", "", "0.9", "", "", "", "ok", ""};
  static const char *const none[] = {"i", "1", "mean", "3", "money", "1", "", "", "0.9", "", "", "", "ok", "0"};
  static const double q[] = {1, 3}, u[] = {1, 1};
  fm_survey_combined expected = {.struct_size = sizeof expected};
  fm_error err = FM_ERROR_INIT;
  fm_table *a = fm_test_table(columns, N_COLUMNS, known, 1), *b = fm_test_table(columns, N_COLUMNS, unknown, 1);
  fm_table *c = fm_test_table(columns, N_COLUMNS, none, 1), *out = NULL;
  const fm_table *results[] = {a, b}, *others[] = {a, c};
  fm_assert_ok(fm_survey_combine_values(&expected, q, u, 2, 12, &err), &err);
  fm_assert_ok(fm_survey_combine(&out, results, 2, 12, &err), &err);
  fm_assert_close("df", fm_test_number(out, "df", 0), expected.degrees_of_freedom, 1e-14, 0);
  fm_table_destroy(out);
  fm_assert_ok(fm_survey_combine(&out, others, 2, 12, &err), &err);
  ck_assert(fm_test_number(out, "value", 0) == 2 && isnan(fm_test_number(out, "std_error", 0)));
  fm_table_destroy(out);
  fm_table *open = NULL;
  fm_assert_ok(fm_table_create(&open, "open", &err), &err);
  others[1] = open;
  ck_assert_int_eq(fm_survey_combine(&out, others, 2, 12, &err), FM_ERR_STATE);
  fm_table_destroy(open);
  fm_table_destroy(a);
  fm_table_destroy(b);
  fm_table_destroy(c);
}
END_TEST

START_TEST(refused)
{
  static const char *const few[] = {"value:f64", "unit:code"}, *const cells[] = {"1", "money"};
  const char *changed[6 * N_COLUMNS];
  fm_table *a = table_of(first), *b = table_of(second), *out = a;
  fm_table *short_one = fm_test_table(columns, N_COLUMNS, second, 5), *other = fm_test_table(few, 2, cells, 1);
  memcpy(changed, second, sizeof changed);
  changed[1] = "7"; /* group 6 is now group 7 */
  fm_table *moved = table_of(changed);
  changed[1] = "5";
  fm_table *twice = table_of(changed);
  const struct {
    const char *label;
    const fm_table *results[2];
    size_t m;
    double df;
    fm_status status;
    const char *words;
  } cases[] = {
      {"one", {a, b}, 1, NAN, FM_ERR_ARGUMENT, "at least 2"},
      {"df", {a, b}, 2, -1, FM_ERR_ARGUMENT, "degrees_of_freedom"},
      {"rows", {a, short_one}, 2, NAN, FM_ERR_MISMATCH, "result 2 has other columns or another number of rows"},
      {"columns", {a, other}, 2, NAN, FM_ERR_MISMATCH, "result 2 has other columns"},
      {"no result", {other, a}, 2, NAN, FM_ERR_NOT_FOUND, "std_error"},
      {"group", {a, moved}, 2, NAN, FM_ERR_MISMATCH, "result 2, row 0: the first result has no such figure"},
      {"twice", {a, twice}, 2, NAN, FM_ERR_MISMATCH, "result 2, row 4: this figure is there twice"},
      {"twice, first", {twice, a}, 2, NAN, FM_ERR_MISMATCH, "result 1, row 4: this figure is there twice"}};
  for (int k = 0; k < FM_COUNT(cases); k++) {
    fm_error err = FM_ERROR_INIT;
    fm_status status = fm_survey_combine(&out, cases[k].results, cases[k].m, cases[k].df, &err);
    ck_assert_msg(status == cases[k].status, "%s: %s %s", cases[k].label, fm_status_name(status), err.message);
    ck_assert_msg(strstr(err.message, cases[k].words) != NULL, "%s: %s", cases[k].label, err.message);
    ck_assert(out == NULL);
  }
  fm_table *all[] = {a, b, short_one, other, moved, twice};
  for (int k = 0; k < FM_COUNT(all); k++)
    fm_table_destroy(all[k]);
}
END_TEST

static fm_status once(void *ctx, fm_error *err)
{
  fm_table *out = NULL;
  fm_status status = fm_survey_combine(&out, ctx, 3, NAN, err);
  fm_table_destroy(out);
  return status;
}

START_TEST(allocations)
{
  fm_table *t[] = {table_of(first), table_of(second), table_of(third)};
  const fm_table *results[] = {t[0], t[1], t[2]};
  ck_assert_int_gt(fm_test_allocations(once, (void *)results), 40);
  for (int k = 0; k < 3; k++)
    fm_table_destroy(t[k]);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("survey-combine");
  TCase *tests = tcase_create("combine");
  tcase_add_test(tests, figures);
  tcase_add_test(tests, states);
  tcase_add_test(tests, any_order);
  tcase_add_test(tests, given_degrees_of_freedom);
  tcase_add_test(tests, results_as_written);
  tcase_add_test(tests, missing_degrees_of_freedom);
  tcase_add_test(tests, refused);
  tcase_add_test(tests, allocations);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
