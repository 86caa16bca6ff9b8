/* Labour-force status of each row, and the table of indicators. */
#include "lfs.h"

#include <stdio.h>
#include <string.h>

static const char *const columns[] = {
    "paid_hours:f64", "own_use_hours:f64", "absent_job:bool",  "seeking:bool",         "available:bool",
    "job_found:bool", "wants_work:bool",   "wants_hours:bool", "available_hours:bool", "search_months:f64"};
enum { N_COLUMNS = 10, N_ROWS = 13 };
static const struct {
  const char *cells[N_COLUMNS], *by_13, *by_19;
  double long_term; /* 1, 0, -1: missing */
} rows[N_ROWS] = {
    {{"37", "0", "0", "0", "0", "", "", "0", "0", ""}, "employed", "employed", -1},
    {{"1", "0", "0", "1", "1", "", "", "1", "1", ""}, "underemployed", "underemployed", -1},
    {{"40", "0", "0", "0", "0", "", "", "1", "1", ""}, "employed", "employed", -1},
    {{"0.5", "0", "0", "0", "0", "", "", "", "", ""}, "outside", "outside", -1}, /* half an hour is no job */
    {{"0", "0", "1", "0", "0", "", "", "", "", ""}, "employed", "employed", -1},
    {{"0", "5", "0", "0", "0", "", "", "", "", ""}, "employed", "outside", -1},
    {{"0", "5", "0", "1", "1", "", "", "", "", "12"}, "employed", "unemployed", 1},
    {{"0", "0", "0", "1", "1", "", "", "", "", "11.5"}, "unemployed", "unemployed", 0},
    {{"0", "0", "0", "0", "1", "1", "", "", "", ""}, "unemployed", "unemployed", -1}, /* begins later */
    {{"0", "0", "0", "1", "0", "", "", "", "", ""}, "potential", "potential", -1},
    {{"0", "0", "0", "0", "1", "", "1", "", "", ""}, "potential", "potential", -1},
    {{"", "0", "0", "1", "1", "", "", "", "", ""}, NULL, NULL, -1},
    {{"0", "", "0", "0", "0", "", "0", "", "", ""}, NULL, "outside", -1},
};

START_TEST(each_answer_has_its_status)
{
  const char *cells[N_ROWS * N_COLUMNS];
  for (size_t i = 0; i < N_ROWS; i++)
    memcpy(cells + i * N_COLUMNS, rows[i].cells, sizeof rows[i].cells);
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, N_ROWS), *t;
  fm_labour_spec spec;
  fm_error err = FM_ERROR_INIT;
  fm_labour_spec_init(&spec, sizeof spec);
  spec.hours_threshold = 35;
  spec.icls = _i == 0 ? 13 : 19;
  fm_assert_ok(fm_labour_status(&t, frame, &spec, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(t), N_ROWS);
  ck_assert_uint_eq(fm_table_n_columns(t), 2);
  for (size_t i = 0; i < N_ROWS; i++) {
    const char *expected = _i == 0 ? rows[i].by_13 : rows[i].by_19, *got = fm_test_text(t, "labour_status", i);
    if (expected == NULL)
      ck_assert_ptr_null(got);
    else
      ck_assert_msg(got != NULL && strcmp(got, expected) == 0, "row %zu: %s", i, got != NULL ? got : "missing");
    bool unemployed = expected != NULL && strcmp(expected, "unemployed") == 0;
    if (rows[i].long_term >= 0 && unemployed)
      fm_assert_close("long-term", fm_test_number(t, "long_term_unemployed", i), rows[i].long_term, 0, 0);
    else
      ck_assert_int_eq(fm_table_is_null(t, 1, i), 1);
  }
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* The constructed people: rows 2, 7, 12 and 54 are informal or not as the rules say, NEET counts those of 15 to 24. */
START_TEST(further_columns)
{
  static const struct {
    size_t pid;
    const char *column;
    double expected; /* -1: missing */
  } cells[] = {{2, "informal", 0},      {7, "informal", 1},     {12, "informal", 1},     {17, "informal", 1},
               {1, "informal", -1},     {26, "neet", 1},        {27, "neet", 0},         {22, "neet", 0},
               {41, "neet", -1},        {2, "child_labour", 1}, {14, "child_labour", 0}, {29, "child_labour", 1},
               {11, "child_labour", -1}};
  fm_table *frame = fm_lfs_table(), *t;
  fm_labour_spec spec = FM_LABOUR_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  spec.icls = 13;
  fm_assert_ok(fm_labour_status(&t, frame, &spec, &err), &err);
  for (int i = 0; i < FM_COUNT(cells); i++) {
    size_t column = (size_t)fm_table_column_index(t, cells[i].column), row = cells[i].pid - 1;
    if (cells[i].expected < 0)
      ck_assert_msg(fm_table_is_null(t, column, row) == 1, "%zu %s", cells[i].pid, cells[i].column);
    else
      fm_assert_close(cells[i].column, fm_test_number(t, cells[i].column, row), cells[i].expected, 0, 0);
  }
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* A status that is given, and the figures of it. */
START_TEST(given_status)
{
  static const char *const given_columns[] = {"age:i64", "ls:code"};
  static const char *const given[] = {"30", "employed",  /**/ "30", "underemployed", /**/ "30", "unemployed",
                                      "30", "potential", /**/ "30", "outside",       /**/ "30", ""};
  static const struct {
    const char *indicator;
    double value, n, dropped;
  } expected[] = {{"employment_rate", 2 / 5.0, 5, 1},
                  {"participation_rate", 3 / 5.0, 5, 1},
                  {"unemployment_rate", 1 / 3.0, 3, 1},
                  {"lu2", 2 / 3.0, 3, 1},
                  {"lu3", 2 / 4.0, 4, 1},
                  {"lu4", 3 / 4.0, 4, 1}};
  fm_table *frame = fm_test_table(given_columns, 2, given, 6), *t;
  for (int i = 0; i < FM_COUNT(expected); i++) {
    fm_labour_spec spec = FM_LABOUR_SPEC_INIT;
    fm_error err = FM_ERROR_INIT;
    spec.indicators = expected[i].indicator;
    spec.labour_status = "ls";
    spec.icls = 19;
    fm_assert_ok(fm_labour(&t, frame, &spec, NULL, &err), &err);
    fm_assert_close(expected[i].indicator, fm_test_number(t, "value", 0), expected[i].value, 1e-15, 0);
    fm_assert_close("n", fm_test_number(t, "n", 0), expected[i].n, 0, 0);
    fm_assert_close("dropped", fm_test_number(t, "dropped", 0), expected[i].dropped, 0, 0);
    ck_assert_str_eq(fm_table_note(t, "labour_status"), "as given");
    fm_table_destroy(t);
    fm_assert_ok(fm_labour_status(&t, frame, &spec, &err), &err);
    for (size_t row = 0; row < 5; row++)
      ck_assert_str_eq(fm_test_text(t, "labour_status", row), given[2 * row + 1]);
    ck_assert_ptr_null(fm_test_text(t, "labour_status", 5));
    fm_table_destroy(t);
  }
  fm_table_destroy(frame);
}
END_TEST

START_TEST(refused)
{
  fm_table *frame = fm_lfs_table(), *t, *open;
  fm_labour_spec spec = FM_LABOUR_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  ck_assert_int_eq(fm_labour_status(&t, frame, &spec, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_nonnull(strstr(err.message, "labour-force status needs a definition"));
  ck_assert_ptr_null(t);
  fm_error_clear(&err);
  spec.icls = 19;
  spec.columns = "seeking=nothing";
  ck_assert_int_eq(fm_labour_status(&t, frame, &spec, &err), FM_ERR_NOT_FOUND);
  fm_error_clear(&err);
  spec.columns = "seeking=pid";
  ck_assert_int_eq(fm_labour_status(&t, frame, &spec, &err), FM_ERR_VALUE);
  fm_error_clear(&err);
  fm_assert_ok(fm_table_create(&open, "open", &err), &err);
  ck_assert_int_eq(fm_labour_status(&t, open, &spec, &err), FM_ERR_STATE);
  fm_table_destroy(open);
  fm_table_destroy(frame);
}
END_TEST

static fm_status make_both(void *ctx, fm_error *err)
{
  fm_labour_spec spec = FM_LABOUR_SPEC_INIT;
  fm_table *t = NULL;
  spec.icls = 19;
  fm_status status = fm_labour_status(&t, ctx, &spec, err);
  fm_table_destroy(t);
  if (status == FM_OK)
    status = fm_labour_indicators(&t, err);
  if (status == FM_OK)
    fm_table_destroy(t);
  return status;
}

START_TEST(no_memory)
{
  fm_table *frame = fm_lfs_table();
  ck_assert_int_gt(fm_test_allocations(make_both, frame), 10);
  fm_table_destroy(frame);
}
END_TEST

/* Each name of the list is an indicator, and says what it reads. */
START_TEST(indicators)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_labour_indicators(&t, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(t), 24);
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    fm_labour_spec spec = FM_LABOUR_SPEC_INIT;
    fm_tally *tally;
    char id[64];
    spec.indicators = fm_test_text(t, "name", i);
    spec.hours_threshold = 35;
    spec.icls = 19;
    fm_assert_ok(fm_labour_tally(&tally, &spec, &err), &err);
    snprintf(id, sizeof id, "labour.%s", spec.indicators);
    ck_assert_str_eq(fm_tally_measure(tally), id);
    fm_tally_destroy(tally);
  }
  ck_assert_str_eq(fm_test_text(t, "sdg", fm_test_row(t, "name", "neet_rate", NULL, NULL, NULL, NULL)), "8.6.1");
  ck_assert_str_eq(fm_test_text(t, "needs", fm_test_row(t, "name", "account_share", NULL, NULL, NULL, NULL)),
                   "age, account");
  fm_table_destroy(t);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("labour-status");
  TCase *c = tcase_create("status");
  tcase_add_loop_test(c, each_answer_has_its_status, 0, 2);
  tcase_add_test(c, further_columns);
  tcase_add_test(c, given_status);
  tcase_add_test(c, refused);
  tcase_add_test(c, no_memory);
  tcase_add_test(c, indicators);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
