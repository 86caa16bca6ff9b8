/* retention.hours: a worked example, edges, errors, and the promises of a tally. */
#include "retention/sustained.h"

static const char *const columns[] = {"person_id:code", "horizon_months:i32", "hours:f64", "hours_later:f64",
                                      "in_work:bool",   "same_employer:bool", "weight:f64"};
enum { N_COLUMNS = FM_COUNT(columns), N_ROWS = 7 };

/* More, as many and fewer hours with the employer; another job; none; not known; with the employer, hours not told. */
static const char *const cells[] = {"a", "12", "8",  "12", "1",  "1", "1", "b", "12", "10", "10", "1",  "1",
                                    "1", "c",  "12", "5",  "3",  "1", "1", "1", "d",  "12", "6",  "20", "1",
                                    "0", "1",  "e",  "12", "7",  "",  "0", "",  "1",  "f",  "12", "9",  "",
                                    "",  "",   "1",  "g",  "12", "4", "",  "1", "1",  "1"};

static fm_table *result_of(const char *const *of, size_t n, const fm_retention_hours_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, of, n), *t = NULL;
  fm_assert_ok(fm_retention_hours(&t, frame, spec, NULL, &err), &err);
  fm_table_destroy(frame);
  return t;
}

/* Known of a, b, c, d, e: two have more hours, 2/5, error sqrt(0.4 * 0.6 / 5); all seven: at least 2/7, at most 4/7.
 * Hours at the start 8 + 10 + 5 + 6 + 7 + 9 + 4 = 49 over 7. Changes 4, 0, -2, 14: mean 4; squares 0 + 16 + 36 + 100 =
 * 152, over 16, times 4/3: 38/3. */
START_TEST(worked_example)
{
  static const char *const ones[] = {"same_job_more_hours",
                                     "same_job_same_hours",
                                     "same_job_fewer_hours",
                                     "same_job_hours_not_told",
                                     "other_job",
                                     "no_job",
                                     "unknown"};
  fm_table *t = result_of(cells, N_ROWS, NULL);
  value_is(t, "placements", 7, 7);
  for (int k = 0; k < FM_COUNT(ones); k++)
    value_is(t, ones[k], 1, 1);
  value_is(t, "share_more_hours", 0.4, 5);
  error_is(t, "share_more_hours", sqrt(0.4 * 0.6 / 5));
  value_is(t, "share_lowest", 2. / 7, 7);
  value_is(t, "share_highest", 4. / 7, 7);
  value_is(t, "mean_hours_at_start", 7, 7);
  value_is(t, "mean_change_in_hours", 4, 4);
  error_is(t, "mean_change_in_hours", sqrt(38. / 3));
  size_t i = row_of(t, "mean_change_in_hours", NULL, NULL);
  fm_assert_close("limit", fm_test_number(t, "ci_low", i), 4 - 3.182446305284263 * sqrt(38. / 3), 1e-12, 0);
  ck_assert_str_eq(fm_test_text(t, "definition", i), "small_jobs");
  ck_assert_str_eq(fm_test_text(t, "unit", i), "hours");
  fm_table_destroy(t);
}
END_TEST

START_TEST(edges)
{
  static const char *const running[] = {"f", "12", "9", "", "", "", "1"};
  fm_table *t = result_of(NULL, 0, NULL);
  ck_assert_str_eq(fm_test_text(t, "state", 0), "empty");
  ck_assert(isnan(fm_test_number(t, "horizon_months", 0)));
  fm_table_destroy(t);
  t = result_of(running, 1, NULL);
  ck_assert_str_eq(fm_test_text(t, "state", row_of(t, "share_more_hours", NULL, NULL)), "censored");
  value_is(t, "share_lowest", 0, 1);
  value_is(t, "share_highest", 1, 1);
  fm_table_destroy(t);
}
END_TEST

START_TEST(wrong)
{
  static const struct {
    const char *cells[N_COLUMNS], *message;
  } row[] = {
      {{"a", "-1", "8", "9", "1", "1", "1"}, "column horizon_months, row 0: expected a whole number of months"},
      {{"a", "12", "", "9", "1", "1", "1"}, "column hours, row 0: expected hours from 0 to 168"},
      {{"a", "12", "169", "9", "1", "1", "1"}, "column hours, row 0: expected hours from 0 to 168"},
      {{"a", "12", "8", "9", "0", "", "1"}, "column hours_later, row 0: expected hours from 0 to 168 of those in work"},
      {{"a", "12", "8", "9", "1", "", "1"}, "column same_employer, row 0: expected yes or no of those in work"},
      {{"a", "12", "8", "", "0", "1", "1"}, "column same_employer, row 0: expected yes or no of those in work"},
  };
  for (int k = 0; k < FM_COUNT(row); k++) {
    fm_error err = FM_ERROR_INIT;
    fm_table *frame = fm_test_table(columns, N_COLUMNS, row[k].cells, 1), *t = NULL;
    ck_assert_int_eq(fm_retention_hours(&t, frame, NULL, NULL, &err), FM_ERR_VALUE);
    ck_assert_msg(strstr(err.message, row[k].message) != NULL, "%d: %s", k, err.message);
    ck_assert_ptr_null(t);
    fm_error_clear(&err);
    fm_table_destroy(frame);
  }
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  return fm_retention_hours_tally(out, ctx, err);
}

START_TEST(promises)
{
  fm_retention_hours_spec plain, weighted;
  fm_retention_hours_spec_init(&plain, sizeof plain);
  weighted = plain;
  weighted.weight = "weight";
  weighted.cluster = "";
  fm_test_promises(&(fm_test_measure){create, &plain, columns, N_COLUMNS, cells, N_ROWS});
  fm_test_promises(&(fm_test_measure){create, &weighted, columns, N_COLUMNS, cells, N_ROWS});
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("retention-hours");
  TCase *t = tcase_create("hours");
  tcase_add_test(t, worked_example);
  tcase_add_test(t, edges);
  tcase_add_test(t, wrong);
  tcase_add_test(t, promises);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
