/* retention.survival: figures of the curve and between groups: hand-worked, in all their forms, and what is refused. */
#include "retention/cases.h"

#include <math.h>
#include <string.h>

static const char *const plain_columns[] = {"time_days:i32", "event:bool"};

static fm_table *result_of(const fm_table *frame, const fm_retention_survival_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *out;
  fm_assert_ok(fm_retention_survival(&out, frame, spec, NULL, &err), &err);
  return out;
}

/* Mean time up to day 6 of the worked example: 2 + 1 * 5/6 + 2 * 2/3 + 1 * 4/9 = 83/18. The area beyond day 2 is 47/18,
 * beyond day 3 16/9, beyond day 5 4/9: variance (47/18)^2 / 30 + (16/9)^2 / 20 + (4/9)^2 / 6. On day 7 nobody is left
 * unseen but one of six; the hazard on day 5 is 1/6 + 1/5 + 1/3. A tenth has left on day 2. */
START_TEST(test_figures)
{
  const char *const cells[] = {"3", "0", "8", "1", "2", "1", "3", "1", "6", "0", "5", "1"};
  fm_retention_survival_spec spec = FM_RETENTION_SURVIVAL_SPEC_INIT;
  spec.hazard = 1;
  spec.times = "1,5,7";
  spec.rmst = 1;
  spec.taus = "6,9";
  spec.quantiles = "0.1,0.5";
  fm_table *frame = fm_test_table(plain_columns, 2, cells, 6), *t = result_of(frame, &spec);
  size_t mean = fm_test_row(t, "quantity", "rmst", "time_days", "6", NULL, NULL);
  double variance = 47. / 18 * 47 / 18 / 30 + 16. / 9 * 16 / 9 / 20 + 4. / 9 * 4 / 9 / 6;
  fm_assert_close("mean", fm_test_number(t, "value", mean), 83. / 18, 1e-15, 0);
  fm_assert_close("error", fm_test_number(t, "std_error", mean), sqrt(variance), 1e-14, 0);
  fm_assert_close("high", fm_test_number(t, "ci_high", mean), 83. / 18 + 1.959963984540054 * sqrt(variance), 1e-13, 0);
  ck_assert_str_eq(fm_test_text(t, "unit", mean), "days");
  size_t before = fm_test_row(t, "quantity", "survival_at", "time_days", "1", NULL, NULL);
  fm_assert_close("before", fm_test_number(t, "ci_low", before), 1, 0, 0);
  size_t at = fm_test_row(t, "quantity", "survival_at", "time_days", "7", NULL, NULL);
  fm_assert_close("survival", fm_test_number(t, "value", at), 4. / 9, 1e-15, 0);
  fm_assert_close("at risk", fm_test_number(t, "n", at), 1, 0, 0);
  size_t hazard = fm_test_row(t, "quantity", "cumulative_hazard", "time_days", "5", NULL, NULL);
  fm_assert_close("hazard", fm_test_number(t, "value", hazard), 0.7, 1e-15, 0);
  fm_assert_close("hazard", fm_test_number(t, "std_error", hazard), sqrt(1. / 36 + 1. / 25 + 1. / 9), 1e-15, 0);
  size_t tenth = fm_test_row(t, "quantity", "quantile_0.1", NULL, NULL, NULL, NULL);
  fm_assert_close("tenth", fm_test_number(t, "value", tenth), 2, 0, 0);
  ck_assert_str_eq(fm_table_note(t, "few_at_risk"), "2"); /* days 5 and 8 */
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* Differences and ratios to a reference, tau in common; a person with a row in each group takes part of the variance
 * of the difference away. */
START_TEST(test_comparisons)
{
  static const char *const columns[] = {"time_weeks:i32", "event:bool", "group:code", "person:code"};
  const char *const cells[] = {"2", "1",  "a", "p1", "4", "1",  "a", "p2", "6", "0",  "a", "p3", "1", "1",
                               "b", "p1", "3", "1",  "b", "p2", "5", "1",  "b", "p3", "9", "0",  "b", "p4"};
  fm_retention_survival_spec spec = FM_RETENTION_SURVIVAL_SPEC_INIT;
  double errors[2];
  spec.by = "group";
  spec.clock = "weeks";
  spec.times = "3,7";
  spec.rmst = 1;
  spec.curve = 0;
  spec.reference = "a";
  fm_table *frame = fm_test_table(columns, 4, cells, 7);
  for (int k = 0; k < 2; k++) {
    spec.variance = 2;
    spec.cluster = k == 1 ? "person" : NULL;
    fm_table *t = result_of(frame, &spec);
    ck_assert_str_eq(fm_table_note(t, "reference"), "a");
    size_t a = fm_test_row(t, "quantity", "rmst", "group", "a", NULL, NULL);
    size_t b = fm_test_row(t, "quantity", "rmst", "group", "b", NULL, NULL);
    size_t d = fm_test_row(t, "quantity", "rmst_difference", NULL, NULL, NULL, NULL);
    fm_assert_close("tau", fm_test_number(t, "time_weeks", a), 6, 0, 0); /* a is seen until then */
    fm_assert_close("a", fm_test_number(t, "value", a), 2 + 2 * 2. / 3 + 2 * 1. / 3, 1e-15, 0);
    fm_assert_close("b", fm_test_number(t, "value", b), 1 + 2 * 0.75 + 2 * 0.5 + 0.25, 1e-15, 0);
    fm_assert_close("d", fm_test_number(t, "value", d), -0.25, 1e-14, 0);
    ck_assert_str_eq(fm_test_text(t, "group", d), "b");
    ck_assert_str_eq(fm_test_text(t, "unit", d), "weeks");
    double sa = fm_test_number(t, "std_error", a), sb = fm_test_number(t, "std_error", b);
    errors[k] = fm_test_number(t, "std_error", d);
    if (k == 0)
      fm_assert_close("error", errors[k], sqrt(sa * sa + sb * sb), 1e-14, 0);
    size_t r = fm_test_row(t, "quantity", "survival_ratio", "time_weeks", "3", NULL, NULL);
    fm_assert_close("ratio", fm_test_number(t, "value", r), 0.75, 1e-15, 0);
    fm_assert_close("limits", fm_test_number(t, "ci_low", r) * fm_test_number(t, "ci_high", r), 0.75 * 0.75, 1e-14, 0);
    size_t late = fm_test_row(t, "quantity", "survival_difference", "time_weeks", "7", NULL, NULL);
    ck_assert_str_eq(fm_test_text(t, "state", late), "censored");
    fm_table_destroy(t);
  }
  ck_assert(errors[1] < errors[0]);
  fm_error err = FM_ERROR_INIT;
  fm_table *none;
  spec.reference = "c";
  ck_assert_int_eq(fm_retention_survival(&none, frame, &spec, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "\"c\""));
  fm_table_destroy(frame);
}
END_TEST

/* The same tally in all its forms: keeps its promises, and survives every failing allocation. */
static const char *const form_columns[] = {"time_days:i32", "event:bool", "entry_days:i32",
                                           "weight:f64",    "group:code", "person:code"};
static const char *const form_cells[] = {"4", "1", "0", "1.5", "a", "p1", "6", "0", "2", "0.25", "b", "p1", /**/
                                         "3", "1", "0", "1",   "",  "p2", "9", "0", "1", "2",    "a", "p3", /**/
                                         "5", "1", "0", "1",   "b", "p3", "0", "1", "0", "1",    "b", "p4"};
static fm_status make_form(fm_tally **out, void *ctx, fm_error *err)
{
  int form = *(int *)ctx;
  fm_retention_survival_spec spec = FM_RETENTION_SURVIVAL_SPEC_INIT;
  spec.by = "group";
  spec.weight = form & 1 ? "weight" : NULL;
  spec.cluster = form & 2 ? "person" : NULL;
  spec.variance = form & 4 ? 2 : 0;
  spec.estimator = 1 + form % 3;
  spec.hazard = 1;
  spec.start_time = form & 8 ? 2 : 0;
  spec.times = "3,8";
  spec.rmst = 1;
  spec.reference = "a";
  return fm_retention_survival_tally(out, &spec, err);
}

START_TEST(test_figure_errors)
{
  static const struct {
    const char *label, *by, *times, *taus, *quantiles, *reference, *cluster, *clock;
    int32_t rmst, estimator, variance, start;
  } rows[] = {{"falling times", NULL, "5,3", NULL, NULL, NULL, NULL, NULL, 0, 1, 0, 0},
              {"half a day", NULL, "3.5", NULL, NULL, NULL, NULL, NULL, 0, 1, 0, 0},
              {"text", NULL, "3,x", NULL, NULL, NULL, NULL, NULL, 0, 1, 0, 0},
              {"end", NULL, "3,", NULL, NULL, NULL, NULL, NULL, 0, 1, 0, 0},
              {"tau", NULL, NULL, "-1", NULL, NULL, NULL, NULL, 1, 1, 0, 0},
              {"quantile", NULL, NULL, NULL, "1.5", NULL, NULL, NULL, 0, 1, 0, 0},
              {"reference alone", NULL, "3", NULL, NULL, "a", NULL, NULL, 0, 1, 0, 0},
              {"nothing compared", "group", NULL, NULL, NULL, "a", NULL, NULL, 0, 1, 0, 0},
              {"cluster", NULL, NULL, NULL, NULL, NULL, "person", NULL, 0, 1, 1, 0},
              {"clock", NULL, NULL, NULL, NULL, NULL, NULL, "years", 0, 1, 0, 0},
              {"estimator", NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 4, 0, 0},
              {"variance", NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 1, 3, 0},
              {"start", NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 1, 0, -1}};
  fm_error err = FM_ERROR_INIT;
  fm_tally *t;
  fm_retention_survival_spec spec = FM_RETENTION_SURVIVAL_SPEC_INIT;
  spec.by = rows[_i].by;
  spec.times = rows[_i].times;
  spec.taus = rows[_i].taus;
  spec.quantiles = rows[_i].quantiles;
  spec.reference = rows[_i].reference;
  spec.cluster = rows[_i].cluster;
  spec.clock = rows[_i].clock;
  spec.rmst = rows[_i].rmst;
  spec.estimator = rows[_i].estimator;
  spec.variance = rows[_i].variance;
  spec.start_time = rows[_i].start;
  ck_assert_msg(fm_retention_survival_tally(&t, &spec, &err) == FM_ERR_ARGUMENT, "%s", rows[_i].label);
  ck_assert_ptr_null(t);
}
END_TEST

/* An exit among two rows of little weight before one of much weight enters: the log of the curve moves by
 * D / N = 100/101 with the row that leaves and by as much the other way with the row that stays, and by 1e-10 after
 * that; the error of 1/101 is 100 sqrt 2 / 101^2. It must not drown in the squares of what the heavy row has not moved.
 */
START_TEST(test_light_before_heavy)
{
  static const char *const columns[] = {"entry_days:i32", "time_days:i32", "event:bool", "weight:f64"};
  const char *const cells[] = {"5", "6", "1", "0.001", "0", "7", "1", "0.00001", "6", "8", "1", "100000"};
  fm_retention_survival_spec spec = FM_RETENTION_SURVIVAL_SPEC_INIT;
  spec.weight = "weight";
  spec.variance = 2;
  spec.times = "7";
  fm_table *frame = fm_test_table(columns, 4, cells, 3), *t = result_of(frame, &spec);
  static const char *const quantities[] = {"survival", "survival_at"};
  for (size_t k = 0; k < 2; k++) {
    size_t row = fm_test_row(t, "quantity", quantities[k], "time_days", "7", NULL, NULL);
    fm_assert_close(quantities[k], fm_test_number(t, "value", row), 1. / 101, 1e-9, 0);
    fm_assert_close(quantities[k], fm_test_number(t, "std_error", row), 100 * sqrt(2) / 101 / 101, 1e-6, 0);
  }
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(promises)
{
  fm_test_promises(&(fm_test_measure){make_form, &_i, form_columns, 6, form_cells, 6});
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("retention-survival_result");
  TCase *tests = tcase_create("figures");
  tcase_add_test(tests, test_figures);
  tcase_add_test(tests, test_comparisons);
  tcase_add_loop_test(tests, promises, 0, 16);
  tcase_add_loop_test(tests, test_figure_errors, 0, 13);
  tcase_add_test(tests, test_light_before_heavy);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
