/* Top-coded incomes: who they are, what a Pareto tail puts in their place, and what is refused. */
#include "support/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "flexmetrics/income_household.h"

static const char *const columns[] = {"income:f64", "weight:f64", "top:bool"};

/* Rows separated by ";": income, weight, top-coded; "-" is missing. */
static fm_table *rows_of(const char *text)
{
  static char copy[1024];
  const char *cells[128];
  size_t n = 0;
  strcpy(copy, text);
  for (char *cell = strtok(copy, " ;"); cell != NULL; cell = strtok(NULL, " ;"))
    cells[n++] = strcmp(cell, "-") == 0 ? "" : cell;
  return fm_test_table(columns, 3, cells, n / 3);
}

static fm_income_top_spec spec_of(double threshold, double tail_from, double alpha)
{
  fm_income_top_spec spec;
  fm_income_top_spec_init(&spec, sizeof spec);
  spec.threshold = threshold;
  spec.flag = isnan(threshold) ? "top" : NULL;
  spec.tail_from = tail_from;
  spec.alpha = alpha;
  spec.method = isnan(tail_from) && isnan(alpha) ? FM_INCOME_TOP_BOUND : FM_INCOME_TOP_PARETO;
  spec.weight = "weight";
  return spec;
}

static const char incomes[] = "10 1 0;20 1 0;40 2 0;80 1 1;- 1 0;80 3 1";

/* Known incomes: 5, 2 of them top-coded; weight 4 of 8. */
static const struct hand {
  const char *label;
  double threshold, tail_from, alpha, completed, expected_alpha;
  const char *method, *from;
} hand[] = {
    {"bound by flag", NAN, NAN, NAN, 80, NAN, "bound", NULL},
    {"bound by threshold", 80, NAN, NAN, 80, NAN, "bound", NULL},
    {"alpha given: 80 x 3 / 2", NAN, NAN, 3, 120, 3, "pareto", "given"},
    {"alpha given, threshold 50: 50 x 2", 50, NAN, 2, 100, 2, "pareto", "given"},
    /* above 10: weights 1 and 2 seen, of log 2 and log 4; 4 cut at log 8: alpha = 3 / (1 + 4 + 12) / log 2: no mean */
    /* above 39: weight 2 seen, log(40/39); 4 cut at log(80/39): 2 / (2 log(40/39) + 4 log(80/39)) = 0.684: no mean */
    /* above 79 nothing is seen */
};

START_TEST(by_hand)
{
  const struct hand *h = &hand[_i];
  fm_table *in = rows_of(incomes), *out;
  fm_error err = FM_ERROR_INIT;
  fm_income_top_spec spec = spec_of(h->threshold, h->tail_from, h->alpha);
  fm_assert_ok(fm_income_top_code(&out, in, &spec, NULL, &err), &err);
  fm_table_destroy(in);
  fm_assert_ok(fm_table_check(out, &err), &err);
  fm_assert_close(h->label, fm_test_number(out, "income_completed", 3), h->completed, 1e-15, 0);
  fm_assert_close(h->label, fm_test_number(out, "income_completed", 5), h->completed, 1e-15, 0);
  fm_assert_close(h->label, fm_test_number(out, "income_completed", 1), 20, 0, 0);
  fm_assert_close(h->label, fm_test_number(out, "income_completed", 4), NAN, 0, 0);
  fm_assert_close(h->label, fm_test_number(out, "income", 3), 80, 0, 0);
  fm_assert_close(h->label, fm_test_number(out, "is_top_coded", 3), 1, 0, 0);
  fm_assert_close(h->label, fm_test_number(out, "is_top_coded", 4), 0, 0, 0);
  ck_assert_str_eq(fm_table_note(out, "top_coded"), "2");
  ck_assert_str_eq(fm_table_note(out, "top_coded_share"), "0.4");
  ck_assert_str_eq(fm_table_note(out, "top_coded_weight_share"), "0.5");
  ck_assert_str_eq(fm_table_note(out, "top_method"), h->method);
  ck_assert((fm_table_note(out, "top_bound") != NULL) == (h->from == NULL));
  if (h->from != NULL) {
    ck_assert_str_eq(fm_table_note(out, "top_alpha_from"), h->from);
    fm_assert_close(h->label, strtod(fm_table_note(out, "top_alpha"), NULL), h->expected_alpha, 1e-15, 0);
  }
  fm_table_destroy(out);
}
END_TEST

/* Above 100: seen 110, 121 (twice), cut at 133.1: logs 1, 2, 2, 3 times log 1.1; alpha = 3 / (8 log 1.1). */
START_TEST(hill)
{
  fm_table *in = rows_of("90 1 0;110 1 0;121 2 0;133.1 1 1;100 1 0"), *out;
  fm_error err = FM_ERROR_INIT;
  fm_income_top_spec spec = spec_of(NAN, 100, NAN);
  fm_assert_ok(fm_income_top_code(&out, in, &spec, NULL, &err), &err);
  double alpha = 3 / (8 * log(1.1));
  fm_assert_close("alpha", strtod(fm_table_note(out, "top_alpha"), NULL), alpha, 1e-13, 0);
  fm_assert_close("mean", fm_test_number(out, "income_completed", 3), 133.1 * alpha / (alpha - 1), 1e-13, 0);
  ck_assert_str_eq(fm_table_note(out, "top_alpha_from"), "hill");
  ck_assert_str_eq(fm_table_note(out, "top_tail_rows"), "3");
  ck_assert_str_eq(fm_table_note(out, "top_tail_from"), "100");
  fm_table_destroy(in);
  fm_table_destroy(out);
}
END_TEST

/* The quantiles of a Pareto tail with alpha 2.5 from 100 on, cut at its upper tenth: alpha and mean come back. */
START_TEST(tail)
{
  enum { N = 20000 };
  double *x = malloc(N * sizeof *x), total = 0;
  fm_table *in, *out;
  fm_error err = FM_ERROR_INIT;
  for (int i = 0; i < N; i++)
    x[i] = 100 * pow(1 - (i + 0.5) / N, -0.4);
  fm_assert_ok(fm_table_create(&in, "incomes", &err), &err);
  fm_assert_ok(fm_table_add_f64(in, "income", x, NULL, N, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_seal(in, &err), &err);
  fm_income_top_spec spec = spec_of(100 * pow(0.1, -0.4), 100, NAN);
  spec.weight = NULL;
  fm_assert_ok(fm_income_top_code(&out, in, &spec, NULL, &err), &err);
  fm_assert_close("alpha", strtod(fm_table_note(out, "top_alpha"), NULL), 2.5, 1e-3, 0);
  for (int i = 0; i < N; i++)
    total += fm_table_f64(out, (size_t)fm_table_column_index(out, "income_completed"))[i];
  fm_assert_close("mean", total / N, 100 * 2.5 / 1.5, 1e-3, 0);
  fm_table_destroy(out);
  fm_table_destroy(in);
  free(x);
}
END_TEST

static const struct bad {
  const char *label, *rows;
  double threshold, tail_from, alpha;
  fm_status status;
  int64_t row;
  const char *message;
} bad[] = {
    {"no income", "1 1 0;- 1 1", NAN, NAN, NAN, FM_ERR_VALUE, 1, "an income, as it is top-coded"},
    {"no flag", "1 1 -", NAN, NAN, NAN, FM_ERR_VALUE, 0, "yes or no"},
    {"infinite", "1 1 0;inf 1 0", 5, NAN, NAN, FM_ERR_VALUE, 1, "a finite income"},
    {"no weight", "1 - 0", 5, NAN, NAN, FM_ERR_VALUE, 0, "a finite weight"},
    {"below the tail", "50 1 0;20 1 1", NAN, 30, NAN, FM_ERR_VALUE, 1, "a top-coded income in the tail"},
    {"not above 0", "-5 1 1", NAN, NAN, 2, FM_ERR_VALUE, 0, "a top-coded income above 0"},
    {"nothing in the tail", "50 1 0;90 1 1", NAN, 60, NAN, FM_ERR_VALUE, -1, "above 60 that are not top-coded"},
    {"no mean", incomes, NAN, 10, NAN, FM_ERR_VALUE, -1, "expected above 1"},
    {"alpha 1", incomes, NAN, NAN, 1, FM_ERR_ARGUMENT, -1, "alpha"},
    {"alpha and tail", incomes, NAN, 10, 2, FM_ERR_ARGUMENT, -1, "tail_from, alpha"},
    {"tail from 0", incomes, NAN, 0, NAN, FM_ERR_ARGUMENT, -1, "tail_from"},
    {"an infinite threshold", incomes, INFINITY, NAN, NAN, FM_ERR_ARGUMENT, -1, "threshold"},
};

START_TEST(refused)
{
  const struct bad *b = &bad[_i];
  fm_table *in = rows_of(b->rows), *out;
  fm_error err = FM_ERROR_INIT;
  fm_income_top_spec spec = spec_of(b->threshold, b->tail_from, b->alpha);
  fm_status status = fm_income_top_code(&out, in, &spec, NULL, &err);
  ck_assert_msg(status == b->status, "%s: %s, %s", b->label, fm_status_name(status), err.message);
  ck_assert_msg(err.row == b->row, "%s: row %lld", b->label, (long long)err.row);
  ck_assert_msg(strstr(err.message, b->message) != NULL, "%s: %s", b->label, err.message);
  ck_assert_ptr_null(out);
  fm_table_destroy(in);
}
END_TEST

START_TEST(bad_specs)
{
  fm_table *in = rows_of(incomes), *out;
  fm_income_top_spec both = spec_of(NAN, NAN, NAN), method = both, bound = both, name = both;
  both.threshold = 5;
  method.method = 2;
  bound.tail_from = 5;
  name.income = NULL;
  ck_assert_int_eq(fm_income_top_code(&out, in, &both, NULL, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_income_top_code(&out, in, &method, NULL, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_income_top_code(&out, in, &bound, NULL, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_income_top_code(&out, in, &name, NULL, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_income_top_code(&out, in, NULL, NULL, NULL), FM_ERR_ARGUMENT);
  fm_table_destroy(in);
}
END_TEST

static fm_status once(void *ctx, fm_error *err)
{
  fm_table *out;
  fm_income_top_spec spec = spec_of(NAN, NAN, 3);
  fm_status status = fm_income_top_code(&out, ctx, &spec, NULL, err);
  fm_table_destroy(out);
  return status;
}

START_TEST(allocations)
{
  fm_table *in = rows_of(incomes);
  ck_assert_int_gt(fm_test_allocations(once, in), 10);
  fm_table_destroy(in);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income-household_top");
  TCase *t = tcase_create("top-coding");
  tcase_add_loop_test(t, by_hand, 0, FM_COUNT(hand));
  tcase_add_test(t, hill);
  tcase_add_test(t, tail);
  tcase_add_loop_test(t, refused, 0, FM_COUNT(bad));
  tcase_add_test(t, bad_specs);
  tcase_add_test(t, allocations);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
