/* retention.weeks: worked examples, edges, errors, and the promises of a tally. */
#include "retention/sustained.h"

static const char *const columns[] = {"person_id:code", "definition:code", "horizon:i32", "weeks_good:i32",
                                      "weeks_seen:i32", "in_rate:bool",    "weight:f64",  "sex:code"};
enum { N_COLUMNS = FM_COUNT(columns), N_ROWS = 4 };

/* Two units of a, one of b; five of ten weeks known of c. */
static const char *const cells[] = {"a",  "strict", "26", "26",     "26", "1", "1",      "f",  "a",  "strict", "26",
                                    "13", "26",     "1",  "1",      "f",  "b", "strict", "26", "13", "26",     "1",
                                    "2",  "m",      "c",  "strict", "26", "5", "10",     "0",  "1",  "m"};

static fm_table *result_of(const char *const *of, size_t n, const fm_retention_weeks_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, of, n), *t = NULL;
  fm_assert_ok(fm_retention_weeks(&t, frame, spec, NULL, &err), &err);
  fm_table_destroy(frame);
  return t;
}

/* Shares 1, 1/2, 1/2: mean 2/3. By person the deviations are 1/3 - 1/6 = 1/6 and -1/6: squares 2/36, over the square of
 * 3 units, times 2/(2 - 1) for two people: 1/81, error 1/9. One by one: 1/9 + 2/36 = 1/6, over 9, times 3/2: 1/36.
 * Bounds: c has 5 good weeks, or 5 + 16 when all that is not known is. */
START_TEST(worked_example)
{
  fm_table *t = result_of(cells, N_ROWS, NULL);
  value_is(t, "units", 4, 4);
  value_is(t, "not_observed", 1, 1);
  value_is(t, "share_of_weeks", 2. / 3, 3);
  error_is(t, "share_of_weeks", 1. / 9);
  value_is(t, "mean_weeks", 52. / 3, 3);
  error_is(t, "mean_weeks", 26. / 9);
  value_is(t, "every_week", 1. / 3, 3);
  value_is(t, "share_lowest", (2 + 5. / 26) / 4, 4);
  value_is(t, "share_highest", (2 + 21. / 26) / 4, 4);
  size_t i = row_of(t, "share_of_weeks", "definition", "strict"), k = row_of(t, "mean_weeks", NULL, NULL);
  /* t with one degree of freedom at 0.975: 12.706...; the share stays between 0 and 1, weeks at 0 and above */
  ck_assert(fm_test_number(t, "ci_low", i) == 0 && fm_test_number(t, "ci_high", i) == 1);
  fm_assert_close("limit", fm_test_number(t, "ci_high", k), 52. / 3 + 12.706204736174698 * 26 / 9, 1e-12, 0);
  fm_assert_close("people", fm_test_number(t, "people", i), 2, 0, 0);
  fm_assert_close("horizon", fm_test_number(t, "horizon", i), 26, 0, 0);
  ck_assert_str_eq(fm_test_text(t, "unit", k), "weeks");
  fm_table_destroy(t);
  fm_retention_weeks_spec s;
  fm_retention_weeks_spec_init(&s, sizeof s);
  s.cluster = "";
  t = result_of(cells, N_ROWS, &s);
  error_is(t, "share_of_weeks", 1. / 6);
  ck_assert(isnan(fm_test_number(t, "people", 0)));
  fm_table_destroy(t);
}
END_TEST

/* Weights 1, 1, 2: mean (1 + 1/2 + 1) / 4 = 5/8; people's deviations 3/8 - 1/8 = 1/4 and 2 (-1/8): squares 1/8, over
 * 16, times 2: error 1/8. */
START_TEST(weights)
{
  fm_retention_weeks_spec s = FM_RETENTION_WEEKS_SPEC_INIT;
  s.weight = "weight";
  fm_table *t = result_of(cells, N_ROWS, &s);
  value_is(t, "share_of_weeks", 0.625, 3);
  error_is(t, "share_of_weeks", 0.125);
  value_is(t, "units", 5, 4);
  fm_assert_close("weight", fm_test_number(t, "weight", row_of(t, "share_of_weeks", NULL, NULL)), 4, 0, 0);
  fm_table_destroy(t);
  s.by = "sex";
  t = result_of(cells, N_ROWS, &s);
  size_t f = row_of(t, "share_of_weeks", "sex", "f"), m = row_of(t, "share_of_weeks", "sex", "m");
  ck_assert(fm_test_number(t, "value", f) == 0.75 && fm_test_number(t, "value", m) == 0.5);
  ck_assert(isnan(fm_test_number(t, "std_error", f))); /* one person says nothing about others */
  fm_table_destroy(t);
}
END_TEST

START_TEST(edges)
{
  static const char *const unseen[] = {"c", "strict", "26", "5", "10", "0", "1", "m"};
  static const char *const many[] = {"a",  "x", "4", "4", "4", "1", "1", "f", "a", "x", "13", "9",
                                     "13", "1", "1", "f", "a", "y", "4", "1", "4", "1", "0",  "f"};
  fm_retention_weeks_spec s = FM_RETENTION_WEEKS_SPEC_INIT;
  fm_table *t = result_of(unseen, 1, NULL);
  ck_assert_str_eq(fm_test_text(t, "state", row_of(t, "share_of_weeks", NULL, NULL)), "censored");
  ck_assert_str_eq(fm_test_text(t, "state", row_of(t, "every_week", NULL, NULL)), "censored");
  value_is(t, "share_of_weeks", NAN, 0);
  fm_table_destroy(t);
  t = result_of(NULL, 0, NULL);
  ck_assert_uint_eq(fm_table_n_rows(t), 0);
  fm_table_destroy(t);
  s.weight = "weight";
  t = result_of(many, 3, &s); /* a row of weight 0 counts nowhere; horizons in rising order */
  ck_assert(fm_test_number(t, "horizon", 0) == 4 && fm_test_number(t, "horizon", 7) == 13);
  ck_assert_str_eq(fm_test_text(t, "state", row_of(t, "units", "definition", "y")), "empty");
  fm_table_destroy(t);
}
END_TEST

START_TEST(wrong)
{
  static const struct {
    const char *cells[N_COLUMNS], *message;
  } row[] = {
      {{"a", "x", "0", "0", "0", "0", "1", "f"}, "column horizon, row 0: expected a whole number of weeks from 1"},
      {{"a", "x", "4", "0", "5", "0", "1", "f"}, "column weeks_seen, row 0: expected a whole number of weeks, at most"},
      {{"a", "x", "4", "3", "2", "0", "1", "f"}, "column weeks_good, row 0: expected a whole number of weeks, at most"},
      {{"a", "x", "4", "2", "3", "1", "1", "f"}, "column in_rate, row 0: expected yes or no, and yes only where all"},
      {{"a", "x", "4", "2", "4", "1", "-1", "f"}, "column weight, row 0: expected a weight of 0 or more"},
      {{"", "x", "4", "2", "4", "1", "1", "f"}, "column person_id, row 0: expected a person"},
  };
  fm_retention_weeks_spec s = FM_RETENTION_WEEKS_SPEC_INIT;
  s.weight = "weight";
  for (int k = 0; k < FM_COUNT(row); k++) {
    fm_error err = FM_ERROR_INIT;
    fm_table *frame = fm_test_table(columns, N_COLUMNS, row[k].cells, 1), *t = NULL;
    ck_assert_int_eq(fm_retention_weeks(&t, frame, &s, NULL, &err), FM_ERR_VALUE);
    ck_assert_msg(strstr(err.message, row[k].message) != NULL, "%d: %s", k, err.message);
    ck_assert_ptr_null(t);
    fm_error_clear(&err);
    fm_table_destroy(frame);
  }
  fm_error err = FM_ERROR_INIT;
  fm_tally *t = NULL;
  s.level = 1;
  ck_assert_int_eq(fm_retention_weeks_tally(&t, &s, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_null(t);
}
END_TEST

START_TEST(weights_too_large)
{
  static const char *const heavy[] = {"a", "x", "4", "4", "4", "1", "1e308", "f",
                                      "b", "x", "4", "0", "4", "1", "1e308", "f"};
  fm_error err = FM_ERROR_INIT;
  fm_retention_weeks_spec s = FM_RETENTION_WEEKS_SPEC_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, heavy, 2), *t = NULL;
  s.weight = "weight";
  ck_assert_int_eq(fm_retention_weeks(&t, frame, &s, NULL, &err), FM_ERR_LIMIT);
  ck_assert_ptr_null(t);
  fm_table_destroy(frame);
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  return fm_retention_weeks_tally(out, ctx, err);
}

START_TEST(promises)
{
  fm_retention_weeks_spec plain = FM_RETENTION_WEEKS_SPEC_INIT, grouped = plain;
  grouped.by = "sex";
  grouped.weight = "weight";
  fm_test_promises(&(fm_test_measure){create, &plain, columns, N_COLUMNS, cells, N_ROWS});
  fm_test_promises(&(fm_test_measure){create, &grouped, columns, N_COLUMNS, cells, N_ROWS});
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("retention-weeks");
  TCase *t = tcase_create("weeks");
  tcase_add_test(t, worked_example);
  tcase_add_test(t, weights);
  tcase_add_test(t, edges);
  tcase_add_test(t, wrong);
  tcase_add_test(t, weights_too_large);
  tcase_add_test(t, promises);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
