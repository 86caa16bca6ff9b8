/* retention.status of several definitions side by side: by hand, and the promises of a tally. */
#include <math.h>

#include "retention/cases.h"

static const char *const columns[] = {"person_id:code", "definition:code", "clock:code", "horizon:i32",
                                      "status:bool",    "in_rate:bool",    "weight:f64", "group:code"};
enum { N_COLUMNS = FM_COUNT(columns) };

/* Strict at 3 and 6 months, quarter 2: a and b with two rows, c with one. */
static const char *const cells[] = {
    "a", "strict", "months",   "3", "1", "1", "1", "x", "a", "strict", "months",   "6", "0", "1", "1", "x",
    "b", "strict", "months",   "3", "1", "1", "2", "y", "b", "strict", "months",   "6", "",  "0", "2", "y",
    "c", "strict", "months",   "3", "0", "1", "3", "x", "a", "wioa",   "quarters", "2", "1", "1", "1", "x",
    "b", "wioa",   "quarters", "2", "0", "0", "2", "y", "c", "grace",  "months",   "3", "1", "1", "3", "x",
    "c", "grace",  "weeks",    "3", "0", "1", "3", "x",
};
enum { N_ROWS = FM_COUNT(cells) / N_COLUMNS };

static fm_retention_status_spec spec_of(const char *by)
{
  fm_retention_status_spec s = FM_RETENTION_STATUS_SPEC_INIT;
  s.definitions = 1;
  s.by = by;
  return s;
}

static double value_of(const fm_table *t, const char *definition, const char *clock, const char *quantity,
                       double horizon, const char *group)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    if (strcmp(fm_test_text(t, "definition", i), definition) == 0 && strcmp(fm_test_text(t, "clock", i), clock) == 0 &&
        strcmp(fm_test_text(t, "quantity", i), quantity) == 0 && fm_test_number(t, "horizon", i) == horizon &&
        (group == NULL || strcmp(fm_test_text(t, "group", i), group) == 0))
      return fm_test_number(t, "value", i);
  ck_abort_msg("no %s of %s", quantity, definition);
  return NAN;
}

START_TEST(side_by_side)
{
  fm_error err = FM_ERROR_INIT;
  fm_retention_status_spec s = spec_of(NULL);
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, N_ROWS), *t = NULL;
  fm_assert_ok(fm_retention_status(&t, frame, &s, NULL, &err), &err);
  /* six figures for each of strict 3 and 6, wioa 2, grace 3 months and 3 weeks: no horizon of another definition */
  ck_assert_uint_eq(fm_table_n_rows(t), 5 * 6);
  ck_assert(value_of(t, "strict", "months", "yes", 3, NULL) == 2);
  fm_assert_close("strict 3", value_of(t, "strict", "months", "rate", 3, NULL), 2. / 3, 1e-15, 0);
  ck_assert(value_of(t, "strict", "months", "rate", 6, NULL) == 0);
  ck_assert(value_of(t, "strict", "months", "unknown", 6, NULL) == 1);
  ck_assert(value_of(t, "strict", "months", "rate_highest", 6, NULL) == 0.5);
  ck_assert(value_of(t, "wioa", "quarters", "rate", 2, NULL) == 1); /* b is out of the rate */
  ck_assert(value_of(t, "grace", "months", "rate", 3, NULL) == 1);
  ck_assert(value_of(t, "grace", "weeks", "rate", 3, NULL) == 0);
  ck_assert_int_lt(fm_table_column_index(t, "horizon_months"), 0);
  fm_table_destroy(t);
  s = spec_of("group");
  s.weight = "weight";
  fm_assert_ok(fm_retention_status(&t, frame, &s, NULL, &err), &err);
  ck_assert(value_of(t, "strict", "months", "rate", 3, "x") == 0.25); /* 1 of 1 + 3 */
  ck_assert(value_of(t, "strict", "months", "yes", 3, "y") == 2);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* A definition alone gives the figures that it gives beside others. */
START_TEST(alone)
{
  fm_error err = FM_ERROR_INIT;
  fm_retention_status_spec s = spec_of(NULL);
  size_t rows[N_ROWS], n = 0;
  for (size_t i = 0; i < N_ROWS; i++)
    if (strcmp(cells[i * N_COLUMNS + 1], "strict") == 0)
      rows[n++] = i;
  fm_table *all = fm_test_table(columns, N_COLUMNS, cells, N_ROWS), *a = NULL, *b = NULL;
  fm_table *one = fm_test_rows(columns, N_COLUMNS, cells, rows, n);
  fm_assert_ok(fm_retention_status(&a, all, &s, NULL, &err), &err);
  fm_assert_ok(fm_retention_status(&b, one, &s, NULL, &err), &err);
  static const char *const quantities[] = {"yes", "no", "unknown", "rate", "rate_lowest", "rate_highest"};
  for (int k = 0; k < FM_COUNT(quantities); k++)
    for (double horizon = 3; horizon <= 6; horizon += 3)
      ck_assert(value_of(a, "strict", "months", quantities[k], horizon, NULL) ==
                value_of(b, "strict", "months", quantities[k], horizon, NULL));
  fm_table_destroy(a);
  fm_table_destroy(b);
  fm_table_destroy(all);
  fm_table_destroy(one);
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  return fm_retention_status_tally(out, ctx, err);
}

START_TEST(wrong)
{
  fm_error err = FM_ERROR_INIT;
  fm_retention_status_spec s = spec_of(NULL);
  const char *few[] = {"person_id:code", "horizon:i32", "status:bool", "in_rate:bool"}, *one[] = {"a", "3", "1", "1"};
  fm_table *frame = fm_test_table(few, 4, one, 1), *t = NULL;
  ck_assert_int_eq(fm_retention_status(&t, frame, &s, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "definition"));
  fm_error_clear(&err);
  s.definitions = 2;
  ck_assert_int_eq(fm_retention_status(&t, frame, &s, NULL, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_null(t);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(promises)
{
  fm_retention_status_spec plain = spec_of(NULL), grouped = spec_of("group");
  grouped.weight = "weight";
  fm_test_promises(&(fm_test_measure){create, &plain, columns, N_COLUMNS, cells, N_ROWS});
  fm_test_promises(&(fm_test_measure){create, &grouped, columns, N_COLUMNS, cells, N_ROWS});
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("retention-definitions");
  TCase *t = tcase_create("definitions");
  tcase_add_test(t, side_by_side);
  tcase_add_test(t, alone);
  tcase_add_test(t, promises);
  tcase_add_test(t, wrong);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
