/* Measures by name. */
#include <math.h>
#include <string.h>

#include "income/measure/measure_priv.h"
#include "num/num_priv.h"
#include "support/support.h"

static const struct good {
  const char *text;
  size_t n;
  const char *name, *parameter; /* of the last one */
  double p, q;
} good[] = {
    {"mean", 1, "mean", "", NAN, NAN},
    {NULL, 9, "relative_median_gap", "0.6", 0.6, NAN},
    {"gini, quantile( 0.90 ) ", 2, "quantile", "0.9", 0.9, NAN},
    {"share_ratio(1e-1,.4)", 1, "share_ratio", "0.1,0.4", 0.1, 0.4},
    {"fgt(0),fgt(-0)", 2, "fgt", "0", 0, NAN},
    {"poverty_line,at_risk_of_poverty", 2, "at_risk_of_poverty", "", NAN, NAN},
    {"ge(-1.5),ge(100)", 2, "ge", "100", 100, NAN},
};

START_TEST(read)
{
  const struct good *c = &good[_i];
  fm_error err = FM_ERROR_INIT;
  fm__call *calls;
  size_t n;
  fm_assert_ok(fm__calls_create(&calls, &n, c->text, &err), &err);
  ck_assert_uint_eq(n, c->n);
  ck_assert_str_eq(calls[n - 1].measure->name, c->name);
  ck_assert_str_eq(calls[n - 1].parameter, c->parameter);
  fm_assert_close("p", calls[n - 1].p[0], c->p, 0, 0);
  fm_assert_close("q", calls[n - 1].p[1], c->q, 0, 0);
  fm__free(calls);
}
END_TEST

static const struct bad {
  const char *text, *message;
} bad[] = {
    {"", "without a name"},
    {"mean,,gini", "without a name"},
    {"ginni", "near it: gini"},
    {"Mean", "near it: mean"},
    {"quantile_", "near it: quantile, quantile_ratio"},
    {"median_gap(0.6)", "near it: relative_median_gap"},
    {"something else entirely", "names such as mean"},
    {"a_name_much_longer_than_any_measure_that_there_is_here_or_anywhere_else", "names such as mean"},
    {"quantile", "it needs its parameters"},
    {"quantile()", "expected numbers such as 0.9"},
    {"quantile(x)", "expected numbers such as 0.9"},
    {"quantile(0.5", "closing parenthesis"},
    {"quantile(0.5,0.6)", "too many parameters"},
    {"share_ratio(0.5)", "too few parameters"},
    {"gini(2)", "it takes no parameter"},
    {"quantile(1)", "expected a number above 0 and below 1"},
    {"quantile(0)", "the parameter of quantile is 0"},
    {"atkinson(0)", "above 0"},
    {"fgt(-1)", "from 0 to 100"},
    {"share_ratio(0.00012345678901234567,0.00012345678901234567)", "too many digits"},
};

START_TEST(refuse)
{
  fm_error err = FM_ERROR_INIT;
  fm__call *calls;
  size_t n;
  ck_assert_int_eq(fm__calls_create(&calls, &n, bad[_i].text, &err), FM_ERR_ARGUMENT);
  ck_assert_msg(strstr(err.message, bad[_i].message) != NULL, "%s: %s", bad[_i].text, err.message);
  ck_assert(calls == NULL && n == 0);
}
END_TEST

START_TEST(names)
{
  const fm__income_measure *m;
  size_t n = 0;
  for (; (m = fm__income_measure_at(n)) != NULL; n++) {
    ck_assert_ptr_eq(fm__income_measure_of(m->name), m);
    ck_assert_msg(m->n_parameters <= 2 && m->value != NULL && m->text != NULL && m->names != NULL, "%s", m->name);
    ck_assert_msg(m->n_parameters == 0 || m->least < m->most, "%s", m->name);
  }
  ck_assert_uint_ge(n, 31);
  ck_assert_ptr_null(fm__income_measure_of("no such"));
}
END_TEST

/* States and units: a total beyond the doubles, per cent, an interpolated quantile of weights that differ. */
START_TEST(values)
{
  const double x[] = {1e308, 1.5e308, 1e308}, w[] = {1, 2, 1};
  fm_error err = FM_ERROR_INIT;
  fm_income_rules rules = FM_INCOME_RULES_INIT;
  fm__call *calls;
  size_t n;
  fm__dist d, none;
  const char *state;
  fm_assert_ok(fm__calls_create(&calls, &n, "total,mean,lorenz(0.5),median,relative_median_gap", &err), &err);
  fm_assert_ok(fm__dist_of_columns(&d, x, w, 3, NULL, &err), &err);
  fm_assert_ok(fm__dist_of_columns(&none, x, w, 0, NULL, &err), &err);
  fm__income_context c = {.rules = &rules, .own = &d, .line_from = &d};
  ck_assert(isnan(fm__call_value(&calls[0], &c, &state)));
  ck_assert_str_eq(state, "undefined");
  fm_assert_close("mean", fm__call_value(&calls[1], &c, &state), 1.25e308, 1e-15, 0);
  ck_assert_str_eq(state, "ok");
  ck_assert_str_eq(fm__call_unit(&calls[2], &rules), "share");
  rules.percent = 1;
  fm_assert_close("lorenz", fm__call_value(&calls[2], &c, &state), 40, 1e-15, 0);
  ck_assert_str_eq(fm__call_unit(&calls[2], &rules), "percent");
  ck_assert_str_eq(fm__call_unit(&calls[1], &rules), "money");
  rules.quantile = FM_INCOME_QUANTILE_INTERP;
  for (int k = 3; k < 5; k++) {
    ck_assert(isnan(fm__call_value(&calls[k], &c, &state)));
    ck_assert_str_eq(state, "undefined");
  }
  c.own = &none;
  for (size_t k = 0; k < n; k++) {
    fm__influence own, line;
    ck_assert(isnan(fm__call_value(&calls[k], &c, &state)));
    ck_assert_str_eq(state, "empty");
    fm_assert_ok(fm__call_influence(&own, &line, &calls[k], &c, &err), &err);
    ck_assert(own.n == 0 && line.n == 0);
  }
  fm__dist_free(&d);
  fm__dist_free(&none);
  fm__free(calls);
}
END_TEST

/* hf7 of 1, 2, 4, 8 at 0.4: place 1.2, 2 + 0.2 (4 - 2). */
START_TEST(interpolated)
{
  const double x[] = {8, 1, 4, 2}, w[] = {3, 3, 3, 3};
  fm_error err = FM_ERROR_INIT;
  fm_income_rules rules = FM_INCOME_RULES_INIT;
  fm__call *calls;
  size_t n;
  fm__dist d;
  const char *state;
  rules.quantile = FM_INCOME_QUANTILE_INTERP;
  fm_assert_ok(fm__calls_create(&calls, &n, "quantile(0.4)", &err), &err);
  fm_assert_ok(fm__dist_of_columns(&d, x, NULL, 4, NULL, &err), &err);
  fm_assert_close("hf7",
                  fm__call_value(calls, &(fm__income_context){.rules = &rules, .own = &d, .line_from = &d}, &state),
                  2.4, 1e-15, 0);
  fm__dist_free(&d);
  fm_assert_ok(fm__dist_of_columns(&d, x, w, 4, NULL, &err), &err);
  ck_assert_msg(
      isnan(fm__call_value(calls, &(fm__income_context){.rules = &rules, .own = &d, .line_from = &d}, &state)),
      "weights of 3 are not 1");
  fm__dist_free(&d);
  fm__free(calls);
}
END_TEST

static fm_status create(void *ctx, fm_error *err)
{
  fm__call *calls;
  size_t n;
  (void)ctx;
  fm_status status = fm__calls_create(&calls, &n, "mean,gini", err);
  fm__free(calls);
  return status;
}

START_TEST(allocations)
{
  ck_assert_int_eq(fm_test_allocations(create, NULL), 1);
}
END_TEST

/* A line so far above the incomes that the two have no common scale: no value, and said so. */
START_TEST(beyond_the_range)
{
  static const char *const measures[] = {"fgt(1.5)", "fgt(2)", "mean"};
  const double x[] = {1e-310, 2e-310, 5e-310}, w[] = {1, 1, 1e10};
  fm_error err = FM_ERROR_INIT;
  fm_income_rules rules = FM_INCOME_RULES_INIT;
  fm__dist d;
  rules.line_kind = FM_INCOME_LINE_ABSOLUTE;
  rules.line = 1e308;
  fm_assert_ok(fm__dist_of_columns(&d, x, w, 3, NULL, &err), &err);
  for (int k = 0; k < FM_COUNT(measures); k++) {
    fm__call *calls;
    size_t n;
    const char *state;
    fm_assert_ok(fm__calls_create(&calls, &n, measures[k], &err), &err);
    fm__income_context c = {.rules = &rules, .own = &d, .line_from = &d};
    double value = fm__call_value(&calls[0], &c, &state);
    ck_assert_msg(isfinite(value) == (strcmp(state, "ok") == 0), "%s: %g, %s", measures[k], value, state);
    fm__free(calls);
  }
  fm__dist_free(&d);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income calls");
  TCase *c = tcase_create("calls");
  tcase_add_loop_test(c, read, 0, FM_COUNT(good));
  tcase_add_loop_test(c, refuse, 0, FM_COUNT(bad));
  tcase_add_test(c, names);
  tcase_add_test(c, beyond_the_range);
  tcase_add_test(c, values);
  tcase_add_test(c, interpolated);
  tcase_add_test(c, allocations);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
