/* retention.sequences: by hand, against TraMineR, means and errors against their definition, promises of a tally.
 * Sources: tests/oracle/retention/README.md. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "histories.h"
#include "support/support.h"

static fm_table *run(const fm_table *frame, const fm_retention_sequences_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *out;
  fm_assert_ok(fm_retention_sequences(&out, frame, spec, NULL, &err), &err);
  return out;
}

static void expect(const fm_table *t, size_t row, double value, double std_error, int n)
{
  const char *quantity = fm_test_text(t, "quantity", row);
  fm_assert_close(quantity, fm_test_number(t, "value", row), value, 1e-14, 0);
  fm_assert_close(quantity, fm_test_number(t, "std_error", row), std_error, 1e-13, 1e-16);
  ck_assert_msg((int)fm_test_number(t, "n", row) == n, "%s", quantity);
}

/* ---- by hand ----
 * a: p p q p, a gap, r r r, the example of fm_retention_sequence_figures: 7 periods, 3 changes, turbulence
 * log2(14 x 43 / 27); b: q q; c: r. Periods 7, 2, 1: mean 10/3, squared distances 121/9, 16/9, 49/9 of sum 62/3, error
 * sqrt(62/3) / 3. Changes 3, 0, 0: mean 1, error sqrt(6) / 3. Complexity of a and b alone: c is seen once. */
static const char *const columns[] = {"person_id:code", "period:i32", "state:code", "w:f64", "g:code"};
static const char *const cells[] = {"a", "1", "p", "2", "x", "a", "2", "p", "1",   "x", "a", "3", "q", "1", "x",
                                    "a", "4", "p", "1", "x", "a", "5", "",  "1",   "x", "a", "6", "r", "1", "x",
                                    "a", "7", "r", "1", "x", "a", "8", "r", "1",   "x", "b", "1", "q", "3", "x",
                                    "b", "2", "q", "9", "x", "c", "5", "r", "0.5", "y", "d", "5", "",  "1", "z"};
enum { ROWS = 12 };

static double entropy_of_a(void)
{
  return -(6.0 / 7 * log(3.0 / 7) + log(1.0 / 7) / 7) / log(3);
}

START_TEST(test_by_hand)
{
  fm_table *frame = fm_test_table(columns, 5, cells, ROWS);
  fm_retention_sequences_spec spec = FM_RETENTION_SEQUENCES_SPEC_INIT;
  fm_table *t = run(frame, &spec);
  double h = entropy_of_a(), c = sqrt(h / 2), turns = log2(14.0 * 43 / 27) - 1;
  ck_assert_uint_eq(fm_table_n_rows(t), 1 + 5 + 3);
  fm_assert_close("people", fm_test_number(t, "value", 0), 3, 0, 0);
  expect(t, fm_test_row(t, "quantity", "periods_seen", NULL, NULL, NULL, NULL), 10.0 / 3, sqrt(62.0 / 3) / 3, 3);
  expect(t, fm_test_row(t, "quantity", "changes_of_state", NULL, NULL, NULL, NULL), 1, sqrt(6) / 3, 3);
  expect(t, fm_test_row(t, "quantity", "history_entropy", NULL, NULL, NULL, NULL), h / 3, h * sqrt(6) / 9, 3);
  expect(t, fm_test_row(t, "quantity", "turbulence", NULL, NULL, NULL, NULL), 1 + turns / 3, turns * sqrt(6) / 9, 3);
  size_t i = fm_test_row(t, "quantity", "complexity", NULL, NULL, NULL, NULL);
  expect(t, i, c / 2, c * sqrt(0.5) / 2, 2);
  fm_assert_close("limit", fm_test_number(t, "ci_high", i), c / 2 + 1.959963984540054 * c * sqrt(0.5) / 2, 1e-13, 0);
  expect(t, fm_test_row(t, "quantity", "time_in_state", "to_state", "p", NULL, NULL), 1, sqrt(6) / 3, 3);
  expect(t, fm_test_row(t, "quantity", "time_in_state", "to_state", "r", NULL, NULL), 4.0 / 3, sqrt(42) / 9, 3);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* a has the weight of period 1, 2; b 3. Group y has one period in one history, z no period at all. */
START_TEST(test_groups)
{
  fm_table *frame = fm_test_table(columns, 5, cells, ROWS);
  fm_retention_sequences_spec spec = FM_RETENTION_SEQUENCES_SPEC_INIT;
  spec.by = "g";
  spec.weight = "w";
  fm_table *t = run(frame, &spec);
  size_t i = fm_test_row(t, "g", "x", "quantity", "changes_of_state", NULL, NULL);
  expect(t, i, 6.0 / 5, sqrt(pow(2 * 9.0 / 5, 2) * 2) / 5, 2); /* 2 (3 - 6/5) and 3 (0 - 6/5) */
  fm_assert_close("weight", fm_test_number(t, "weight", i), 5, 0, 0);
  fm_assert_close("people", fm_test_number(t, "value", fm_test_row(t, "g", "x", "quantity", "people", NULL, NULL)), 5,
                  0, 0);
  i = fm_test_row(t, "g", "y", "quantity", "complexity", NULL, NULL);
  ck_assert_str_eq(fm_test_text(t, "state", i), "undefined");
  ck_assert(isnan(fm_test_number(t, "value", i)));
  expect(t, fm_test_row(t, "g", "y", "quantity", "turbulence", NULL, NULL), 1, 0, 1);
  i = fm_test_row(t, "g", "z", NULL, NULL, NULL, NULL);
  ck_assert_str_eq(fm_test_text(t, "quantity", i), "people");
  ck_assert_str_eq(fm_test_text(t, "state", i), "empty");
  ck_assert(isnan(fm_test_number(t, "value", i)) && fm_test_number(t, "n", i) == 0);
  ck_assert_uint_eq(i, fm_table_n_rows(t) - 1);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- TraMineR's figures of each person, and means and errors by their definition ---- */

static void check_mean(const fm_table *t, const char *quantity, const char *state, const fm_oracle *of,
                       const char *column, const double *w)
{
  size_t n = fm_oracle_n_rows(of),
         i = fm_test_row(t, "quantity", quantity, state != NULL ? "to_state" : NULL, state, NULL, NULL);
  double total = 0, sum = 0, squares = 0;
  for (size_t k = 0; k < n; k++) {
    total += w[k];
    sum += w[k] * fm_oracle_number(of, k, column);
  }
  for (size_t k = 0; k < n; k++)
    squares += pow(w[k] * (fm_oracle_number(of, k, column) - sum / total), 2);
  fm_assert_close(column, fm_test_number(t, "value", i), sum / total, 1e-12, 0);
  fm_assert_close(column, fm_test_number(t, "std_error", i), sqrt(squares) / total, 1e-11, 0);
}

START_TEST(test_oracle)
{
  static double w[PEOPLE];
  fm_oracle *o = fm_oracle_open(monthly_file), *of = fm_oracle_open("retention/mvad_sequences.csv");
  fm_table *frame = monthly_states(o, PEOPLE, SIZE_MAX, 0);
  for (size_t k = 0; k < PEOPLE; k++)
    w[k] = _i == 1 ? fm_oracle_number(o, k, "weight") : 1;
  fm_oracle_close(o);
  fm_retention_sequences_spec spec = FM_RETENTION_SEQUENCES_SPEC_INIT;
  spec.weight = _i == 1 ? "w" : NULL;
  fm_table *t = run(frame, &spec);
  check_mean(t, "changes_of_state", NULL, of, "transitions", w);
  check_mean(t, "history_entropy", NULL, of, "entropy", w);
  check_mean(t, "turbulence", NULL, of, "turbulence", w);
  check_mean(t, "complexity", NULL, of, "complexity", w);
  check_mean(t, "time_in_state", "E", of, "months_E", w);
  fm_oracle_close(of);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* Shares of a person's months fill all periods seen, whatever the clock. */
START_TEST(test_dates)
{
  static const char *const names[] = {"person_id:code", "period:date", "state:code"};
  static const char *const texts[] = {"a", "2024-01-31", "p", "a", "2024-02-01", "q", "b", "2024-12-31", "q"};
  fm_table *frame = fm_test_table(names, 3, texts, 3);
  fm_retention_sequences_spec spec = FM_RETENTION_SEQUENCES_SPEC_INIT;
  spec.clock = "months";
  fm_table *t = run(frame, &spec);
  double p = fm_test_number(t, "value", fm_test_row(t, "quantity", "time_in_state", "to_state", "p", NULL, NULL));
  double q = fm_test_number(t, "value", fm_test_row(t, "quantity", "time_in_state", "to_state", "q", NULL, NULL));
  fm_assert_close("periods",
                  fm_test_number(t, "value", fm_test_row(t, "quantity", "periods_seen", NULL, NULL, NULL, NULL)), p + q,
                  1e-15, 0);
  fm_table_destroy(t);
  spec.clock = "quarters"; /* January and February are one quarter */
  fm_error err = FM_ERROR_INIT;
  ck_assert_int_eq(fm_retention_sequences(&t, frame, &spec, NULL, &err), FM_ERR_VALUE);
  ck_assert_msg(strstr(err.message, "retention.sequences: a person has two rows in one period") != NULL, "%s",
                err.message);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(test_edges)
{
  static const char *const unseen[] = {"a", "1", "", "1", "x"}, *const weightless[] = {"a", "1", "p", "0", "x"};
  fm_retention_sequences_spec spec = FM_RETENTION_SEQUENCES_SPEC_INIT;
  spec.weight = "w";
  for (size_t n = 0; n < 2; n++) {
    fm_table *frame = fm_test_table(columns, 5, unseen, n), *t = run(frame, &spec);
    ck_assert_uint_eq(fm_table_n_rows(t), 1);
    ck_assert_str_eq(fm_test_text(t, "state", 0), "empty");
    fm_table_destroy(t);
    fm_table_destroy(frame);
  }
  fm_table *frame = fm_test_table(columns, 5, weightless, 1), *t = run(frame, &spec);
  fm_assert_close("people", fm_test_number(t, "value", 0), 0, 0, 0);
  for (size_t i = 1; i < fm_table_n_rows(t); i++)
    ck_assert_str_eq(fm_test_text(t, "state", i), "undefined");
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(test_refused)
{
  static const struct {
    const char *clock;
    double level;
  } bad[] = {{"fortnights", 0.95}, {NULL, 1}, {NULL, 0}};
  for (int i = 0; i < FM_COUNT(bad); i++) {
    fm_error err = FM_ERROR_INIT;
    fm_tally *t;
    fm_retention_sequences_spec spec;
    fm_retention_sequences_spec_init(&spec, sizeof spec);
    spec.clock = bad[i].clock;
    spec.level = bad[i].level;
    ck_assert_msg(fm_retention_sequences_tally(&t, &spec, &err) == FM_ERR_ARGUMENT, "spec %d", i);
    ck_assert_msg(strstr(err.message, "retention.sequences") != NULL, "%s", err.message);
    ck_assert_ptr_null(t);
  }
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_retention_sequences_spec spec = FM_RETENTION_SEQUENCES_SPEC_INIT;
  spec.by = "g";
  spec.weight = *(const int *)ctx == 0 ? "w" : NULL;
  return fm_retention_sequences_tally(out, &spec, err);
}

static fm_tally *make(void *ctx)
{
  fm_error err = FM_ERROR_INIT;
  fm_tally *t;
  fm_assert_ok(create(&t, ctx, &err), &err);
  return t;
}

START_TEST(test_tally)
{
  fm_test_tally(make, &_i, columns, 5, cells, ROWS);
  fm_table *frame = fm_test_table(columns, 5, cells, ROWS);
  ck_assert_int_gt(history_allocations(create, &_i, frame), 30);
  fm_table_destroy(frame);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("retention-sequences");
  TCase *tests = tcase_create("sequences");
  tcase_add_test(tests, test_by_hand);
  tcase_add_test(tests, test_groups);
  tcase_add_loop_test(tests, test_oracle, 0, 2);
  tcase_add_test(tests, test_dates);
  tcase_add_test(tests, test_edges);
  tcase_add_test(tests, test_refused);
  tcase_add_loop_test(tests, test_tally, 0, 2);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
