/* retention.unemployment: a worked example, edges, errors, and the promises of a tally. */
#include "retention/sustained.h"

static const char *const columns[] = {"person_id:code", "definition:code", "unemployed:bool",
                                      "long_term:bool", "weight:f64",      "sex:code"};
enum { N_COLUMNS = FM_COUNT(columns), N_ROWS = 6 };

/* a long-term, b not, c not known; d long-term by time, in work that day; e neither. */
static const char *const cells[] = {
    "a", "share_of_time", "1", "1", "1", "f", "b", "share_of_time",   "1", "0", "1", "m",
    "c", "share_of_time", "1", "",  "2", "f", "d", "share_of_time",   "0", "1", "1", "m",
    "e", "share_of_time", "0", "0", "3", "f", "a", "continuous_year", "1", "1", "1", "f"};

static fm_table *result_of(const char *const *of, size_t n, const fm_retention_unemployment_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, of, n), *t = NULL;
  fm_assert_ok(fm_retention_unemployment(&t, frame, spec, NULL, &err), &err);
  fm_table_destroy(frame);
  return t;
}

/* Of three unemployed two are known, one of them long-term: 1/2, from 1/3 to 2/3. Of five registered four are known: a
 * and d of a, b, d, e. */
START_TEST(worked_example)
{
  fm_table *all = result_of(cells, N_ROWS, NULL), *t = result_of(cells, N_ROWS - 1, NULL);
  value_is(t, "registered", 5, 5);
  value_is(t, "unemployed", 3, 3);
  value_is(t, "long_term", 2, 2);
  value_is(t, "unknown", 1, 1);
  value_is(t, "share_of_unemployed", 0.5, 2);
  error_is(t, "share_of_unemployed", sqrt(0.5 * 0.5 / 2));
  value_is(t, "share_lowest", 1. / 3, 3);
  value_is(t, "share_highest", 2. / 3, 3);
  value_is(t, "share_of_registered", 0.5, 4);
  size_t year = row_of(all, "share_of_unemployed", "definition", "continuous_year");
  ck_assert(fm_test_number(all, "value", year) == 1 && fm_test_number(all, "n", year) == 1);
  ck_assert_uint_eq(fm_table_n_rows(all), 16);
  fm_table_destroy(all);
  fm_table_destroy(t);
  fm_retention_unemployment_spec s;
  fm_retention_unemployment_spec_init(&s, sizeof s);
  s.weight = "weight";
  s.by = "sex";
  t = result_of(cells, N_ROWS - 1, &s);
  size_t f = row_of(t, "share_of_registered", "sex", "f"); /* a of a and e: 1 of 1 + 3 */
  ck_assert(fm_test_number(t, "value", f) == 0.25 && fm_test_number(t, "weight", f) == 4);
  fm_table_destroy(t);
}
END_TEST

START_TEST(wrong)
{
  static const struct {
    const char *column, *cells[N_COLUMNS], *message;
  } row[] = {
      {"unemployed:i32", {"a", "x", "2", "1", "1", "f"}, "column unemployed, row 0: expected yes or no"},
      {"unemployed:bool", {"a", "x", "", "1", "1", "f"}, "column unemployed, row 0: expected yes or no"},
      {"unemployed:bool", {"", "x", "1", "1", "1", "f"}, "column person_id, row 0: expected a person"},
  };
  for (int k = 0; k < FM_COUNT(row); k++) {
    fm_error err = FM_ERROR_INIT;
    const char *own[N_COLUMNS];
    memcpy(own, columns, sizeof own);
    own[2] = row[k].column;
    fm_table *frame = fm_test_table(own, N_COLUMNS, row[k].cells, 1), *t = NULL;
    ck_assert_int_eq(fm_retention_unemployment(&t, frame, NULL, NULL, &err), FM_ERR_VALUE);
    ck_assert_msg(strstr(err.message, row[k].message) != NULL, "%d: %s", k, err.message);
    ck_assert_ptr_null(t);
    fm_error_clear(&err);
    fm_table_destroy(frame);
  }
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  return fm_retention_unemployment_tally(out, ctx, err);
}

START_TEST(promises)
{
  fm_retention_unemployment_spec plain = FM_RETENTION_UNEMPLOYMENT_SPEC_INIT, grouped = plain;
  grouped.by = "sex";
  grouped.weight = "weight";
  fm_test_promises(&(fm_test_measure){create, &plain, columns, N_COLUMNS, cells, N_ROWS});
  fm_test_promises(&(fm_test_measure){create, &grouped, columns, N_COLUMNS, cells, N_ROWS});
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("retention-unemployment");
  TCase *t = tcase_create("unemployment");
  tcase_add_test(t, worked_example);
  tcase_add_test(t, wrong);
  tcase_add_test(t, promises);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
