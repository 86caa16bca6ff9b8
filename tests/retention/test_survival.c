/* retention.survival: a worked example, merging, bytes, edges, errors. */
#include "retention/cases.h"

#include <math.h>
#include <string.h>

static const char *const plain_columns[] = {"time_days:i32", "event:bool"};
static const char *const all_columns[] = {"time_days:i32", "event:bool", "entry_days:i32", "weight:f64", "group:code"};

static fm_table *result_of(const fm_table *frame, const fm_retention_survival_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *out;
  fm_assert_ok(fm_retention_survival(&out, frame, spec, NULL, &err), &err);
  return out;
}

/* Six people; days in work 2, 3, 3+, 5, 6+, 8 (+ still in work when last seen).
 *   day 2: 6 at risk, 1 leaves            S = 5/6
 *   day 3: 5 at risk, 1 leaves, 1 unseen  S = 5/6 * 4/5 = 2/3
 *   day 5: 3 at risk, 1 leaves            S = 2/3 * 2/3 = 4/9
 *   day 6: 2 at risk, 1 unseen            S = 4/9
 *   day 8: 1 at risk, 1 leaves            S = 0
 * Greenwood on day 5: 1/(6*5) + 1/(5*4) + 1/(3*2) = 2/60 + 3/60 + 10/60 = 1/4, so the error of log S is 1/2 and that of
 * S is 4/9 * 1/2 = 2/9. Log-log limits: exp(log(4/9) exp(+-1.959963984540054 * 0.5 / log(4/9))): 4/9 to the power
 * exp(1.2084829...) = 3.348..., and to its inverse. Half have left on day 5, a quarter on day 3, three quarters on
 * day 8. */
START_TEST(test_worked_example)
{
  const char *const cells[] = {"3", "0", "8", "1", "2", "1", "3", "1", "6", "0", "5", "1"};
  static const struct {
    const char *day;
    double survival, risk, events, unseen;
  } rows[] = {{"2", 5. / 6, 6, 1, 0},
              {"3", 2. / 3, 5, 1, 1},
              {"5", 4. / 9, 3, 1, 0},
              {"6", 4. / 9, 2, 0, 1},
              {"8", 0, 1, 1, 0}};
  fm_table *frame = fm_test_table(plain_columns, 2, cells, 6), *t = result_of(frame, NULL);
  ck_assert_uint_eq(fm_table_n_rows(t), 3 + 4 * 5);
  ck_assert_str_eq(fm_table_note(t, "last_time"), "8");
  for (int i = 0; i < FM_COUNT(rows); i++) {
    size_t at = fm_test_row(t, "quantity", "survival", "time_days", rows[i].day, NULL, NULL);
    fm_assert_close("survival", fm_test_number(t, "value", at), rows[i].survival, 1e-15, 0);
    fm_assert_close("n", fm_test_number(t, "n", at), rows[i].risk, 0, 0);
    fm_assert_close("at risk", fm_test_number(t, "value", at + 1), rows[i].risk, 0, 0);
    fm_assert_close("events", fm_test_number(t, "value", at + 2), rows[i].events, 0, 0);
    fm_assert_close("censored", fm_test_number(t, "value", at + 3), rows[i].unseen, 0, 0);
    ck_assert_str_eq(fm_test_text(t, "unit", at), "share");
    ck_assert_str_eq(fm_test_text(t, "definition", at), "any_employer");
  }
  size_t day5 = fm_test_row(t, "quantity", "survival", "time_days", "5", NULL, NULL);
  double power = exp(1.959963984540054 * 0.5 / -log(4. / 9));
  fm_assert_close("error", fm_test_number(t, "std_error", day5), 2. / 9, 1e-15, 0);
  fm_assert_close("low", fm_test_number(t, "ci_low", day5), pow(4. / 9, power), 1e-13, 0);
  fm_assert_close("high", fm_test_number(t, "ci_high", day5), pow(4. / 9, 1 / power), 1e-13, 0);
  fm_assert_close("level", fm_test_number(t, "level", day5), 0.95, 0, 0);
  size_t day8 = fm_test_row(t, "quantity", "survival", "time_days", "8", NULL, NULL);
  ck_assert(isnan(fm_test_number(t, "std_error", day8)) && isnan(fm_test_number(t, "ci_low", day8)));
  ck_assert_str_eq(fm_test_text(t, "state", day8), "ok");
  size_t median = fm_test_row(t, "quantity", "median", NULL, NULL, NULL, NULL);
  fm_assert_close("median", fm_test_number(t, "value", median), 5, 0, 0);
  fm_assert_close("rows", fm_test_number(t, "n", median), 6, 0, 0);
  ck_assert(isnan(fm_test_number(t, "time_days", median)));
  ck_assert_str_eq(fm_test_text(t, "unit", median), "days");
  size_t q1 = fm_test_row(t, "quantity", "quartile_1", NULL, NULL, NULL, NULL);
  fm_assert_close("quartile", fm_test_number(t, "value", q1), 3, 0, 0);
  size_t q3 = fm_test_row(t, "quantity", "quartile_3", NULL, NULL, NULL, NULL);
  fm_assert_close("quartile", fm_test_number(t, "value", q3), 8, 0, 0);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(test_no_curve)
{
  const char *const cells[] = {"3", "0", "8", "1"};
  fm_retention_survival_spec spec;
  fm_retention_survival_spec_init(&spec, sizeof spec);
  spec.curve = 0;
  spec.definition = "same_employer";
  fm_table *frame = fm_test_table(plain_columns, 2, cells, 2), *t = result_of(frame, &spec);
  ck_assert_uint_eq(fm_table_n_rows(t), 3);
  ck_assert_str_eq(fm_test_text(t, "definition", 0), "same_employer");
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(test_edges)
{
  static const struct {
    const char *label;
    const char *cells[6];
    size_t n;
    const char *state; /* of the median */
    double survival;   /* in the last row; NaN: no row */
  } rows[] = {
      {"empty frame", {0}, 0, "empty", NAN},
      {"all censored", {"3", "0", "5", "0", "5", "0"}, 3, "undefined", 1},
      {"one event", {"9", "1"}, 1, "ok", 0},
      {"one censored", {"9", "0"}, 1, "undefined", 1},
      {"all at one time", {"4", "1", "4", "1", "4", "1"}, 3, "ok", 0},
      {"at time 0", {"0", "1", "0", "0"}, 2, "ok", 0.5},
      {"longest time", {"2147483647", "1", "1", "1"}, 2, "ok", 0},
  };
  fm_table *frame = fm_test_table(plain_columns, 2, rows[_i].cells, rows[_i].n), *t = result_of(frame, NULL);
  ck_assert_msg(strcmp(fm_test_text(t, "state", 0), rows[_i].state) == 0, "%s: %s", rows[_i].label,
                fm_test_text(t, "state", 0));
  ck_assert(isnan(fm_test_number(t, "value", 0)) == (strcmp(rows[_i].state, "ok") != 0));
  size_t n = fm_table_n_rows(t);
  if (isnan(rows[_i].survival))
    ck_assert_uint_eq(n, 3);
  else
    fm_assert_close(rows[_i].label, fm_test_number(t, "value", n - 4), rows[_i].survival, 0, 0);
  ck_assert((fm_table_note(t, "last_time") == NULL) == (rows[_i].n == 0));
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* Half of the weight cancels half the rows; zero weights leave no trace, not even of a group's times. */
START_TEST(test_weights_too_large)
{
  static const char *const columns[] = {"entry_days:i32", "time_days:i32", "event:bool", "weight:f64"};
  const char *const cells[] = {"0", "90", "1", "1e308", "0", "120", "1", "1e308"};
  fm_retention_survival_spec spec = FM_RETENTION_SURVIVAL_SPEC_INIT;
  spec.weight = "weight";
  fm_table *frame = fm_test_table(columns, 4, cells, 2), *t;
  fm_error err = FM_ERROR_INIT;
  ck_assert_int_eq(fm_retention_survival(&t, frame, &spec, NULL, &err), FM_ERR_LIMIT);
  ck_assert_ptr_null(t);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(test_zero_weights)
{
  const char *const cells[] = {"2", "1", "", "1", "a", "7", "1", "", "0", "a",
                               "9", "0", "", "2", "a", "3", "1", "", "0", "b"};
  const char *const columns[] = {"time_days:i32", "event:bool", "other:i32", "weight:f64", "group:code"};
  fm_retention_survival_spec spec = FM_RETENTION_SURVIVAL_SPEC_INIT;
  spec.by = "group";
  spec.weight = "weight";
  fm_table *frame = fm_test_table(columns, 5, cells, 4), *t = result_of(frame, &spec);
  ck_assert_uint_eq(fm_table_n_rows(t), 3 + 2 * 4 + 3);
  size_t at = fm_test_row(t, "quantity", "survival", "time_days", "2", NULL, NULL);
  fm_assert_close("survival", fm_test_number(t, "value", at), 2. / 3, 1e-15, 0);
  fm_assert_close("weight", fm_test_number(t, "weight", at), 3, 0, 0);
  fm_assert_close("rows", fm_test_number(t, "n", at), 2, 0, 0);
  ck_assert_str_eq(fm_test_text(t, "state", fm_test_row(t, "group", "b", NULL, NULL, NULL, NULL)), "empty");
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- any order, split and merge gives the same bits ---- */
static const frame_columns placements[] = {
    {"in_placements.csv", "exit", "cause", NULL, NULL, NULL, NULL, NULL},
    {"in_placements.csv", "exit", "cause", "entry", "group", NULL, NULL, NULL},
    {"in_placements.csv", "exit", "cause", NULL, "group", "weight", NULL, NULL},
    {"in_placements.csv", "exit", "cause", "entry", "group", "weight", NULL, NULL},
};

static fm_tally *tally_for(const fm_table *frame)
{
  fm_error err = FM_ERROR_INIT;
  fm_tally *t;
  fm_retention_survival_spec spec = FM_RETENTION_SURVIVAL_SPEC_INIT;
  spec.by = fm_table_column_index(frame, "group") >= 0 ? "group" : NULL;
  spec.weight = fm_table_column_index(frame, "weight") >= 0 ? "weight" : NULL;
  fm_assert_ok(fm_retention_survival_tally(&t, &spec, &err), &err);
  ck_assert_str_eq(fm_tally_measure(t), "retention.survival");
  return t;
}

static void shuffle(size_t *rows, size_t n, uint64_t *state)
{
  for (size_t i = n; i > 1; i--) {
    size_t j = next_random(state, i), held = rows[i - 1];
    rows[i - 1] = rows[j];
    rows[j] = held;
  }
}

START_TEST(test_order_free)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = frame_of(&placements[_i]), *expected, *t;
  size_t n = fm_table_n_rows(frame), *rows = malloc(n * sizeof *rows);
  fm_tally *whole = tally_for(frame);
  fm_assert_ok(fm_tally_add(whole, frame, NULL, &err), &err);
  fm_assert_ok(fm_tally_result(&expected, whole, NULL, &err), &err);
  uint64_t state = 7;
  for (size_t i = 0; i < n; i++)
    rows[i] = i;
  for (int round = 0; round < 8; round++) {
    shuffle(rows, n, &state);
    size_t first = next_random(&state, n + 1), second = first + next_random(&state, n + 1 - first);
    fm_table *parts[] = {frame_pick(frame, rows, first), frame_pick(frame, rows + first, second - first),
                         frame_pick(frame, rows + second, n - second)};
    fm_tally *a = tally_for(frame), *b = tally_for(frame);
    fm_assert_ok(fm_tally_add(a, parts[0], NULL, &err), &err);
    fm_assert_ok(fm_tally_add(b, parts[1], NULL, &err), &err);
    fm_assert_ok(fm_tally_add(b, parts[2], NULL, &err), &err);
    fm_tally *into = round % 2 ? a : b, *from = round % 2 ? b : a;
    fm_assert_ok(fm_tally_merge(into, from, &err), &err);
    fm_assert_ok(fm_tally_result(&t, into, NULL, &err), &err);
    assert_same_table("split", expected, t);
    assert_same_saved("split", whole, into);
    fm_table_destroy(t);
    for (int k = 0; k < 3; k++)
      fm_table_destroy(parts[k]);
    fm_tally_destroy(a);
    fm_tally_destroy(b);
  }
  free(rows);
  fm_table_destroy(expected);
  fm_table_destroy(frame);
  fm_tally_destroy(whole);
}
END_TEST

/* ---- bytes ---- */
static fm_table *small_frame(void)
{
  const char *const cells[] = {"4", "1", "0", "1.5", "a", "6", "0", "2", "0.25", "b",
                               "3", "1", "0", "1",   "",  "9", "0", "1", "2",    "a"};
  return fm_test_table(all_columns, 5, cells, 4);
}

static fm_tally *small_tally(void)
{
  fm_error err = FM_ERROR_INIT;
  fm_tally *t;
  fm_retention_survival_spec spec = FM_RETENTION_SURVIVAL_SPEC_INIT;
  spec.by = "group";
  spec.weight = "weight";
  fm_assert_ok(fm_retention_survival_tally(&t, &spec, &err), &err);
  return t;
}

START_TEST(test_saved_bytes)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = small_frame();
  fm_tally *t = small_tally(), *none = small_tally();
  assert_saved(none, small_tally);
  fm_assert_ok(fm_tally_add(t, frame, NULL, &err), &err);
  assert_saved(t, small_tally);
  fm_tally_destroy(t);
  fm_tally_destroy(none);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(test_foreign_tallies)
{
  fm_error err = FM_ERROR_INIT;
  fm_retention_survival_spec spec = FM_RETENTION_SURVIVAL_SPEC_INIT;
  spec.level = 0.9;
  fm_tally *a = small_tally(), *b;
  fm_assert_ok(fm_retention_survival_tally(&b, &spec, &err), &err);
  ck_assert_int_eq(fm_tally_merge(a, b, &err), FM_ERR_MISMATCH);
  ck_assert_ptr_nonnull(strstr(err.message, "by=group;weight=weight"));
  void *bytes;
  size_t n;
  fm_error other = FM_ERROR_INIT;
  fm_assert_ok(fm_tally_save(&bytes, &n, a, &other), &other);
  ck_assert_int_eq(fm_tally_load(b, bytes, n, &other), FM_ERR_MISMATCH);
  fm_free(bytes);
  fm_tally_destroy(a);
  fm_tally_destroy(b);
}
END_TEST

/* ---- errors ---- */
START_TEST(test_spec_errors)
{
  static const struct {
    const char *label;
    double level;
    int32_t conf_type, curve;
    const char *by;
  } rows[] = {{"level 0", 0, 3, 1, NULL},      {"level 1", 1, 3, 1, NULL},      {"level NaN", NAN, 3, 1, NULL},
              {"conf_type 0", .9, 0, 1, NULL}, {"conf_type 6", .9, 6, 1, NULL}, {"curve 2", .9, 3, 2, NULL},
              {"empty name", .9, 3, 1, "a,,b"}};
  fm_error err = FM_ERROR_INIT;
  fm_tally *t = (fm_tally *)(void *)&err;
  fm_retention_survival_spec spec = FM_RETENTION_SURVIVAL_SPEC_INIT;
  spec.level = rows[_i].level;
  spec.conf_type = rows[_i].conf_type;
  spec.curve = rows[_i].curve;
  spec.by = rows[_i].by;
  ck_assert_msg(fm_retention_survival_tally(&t, &spec, &err) == FM_ERR_ARGUMENT, "%s", rows[_i].label);
  ck_assert_ptr_null(t);
  ck_assert_int_gt((int)strlen(err.message), 0);
  fm_table *out;
  ck_assert_int_eq(fm_retention_survival(&out, NULL, &spec, NULL, NULL), FM_ERR_ARGUMENT);
  ck_assert_ptr_null(out);
}
END_TEST

/* Every error leaves the tally as it was. */
START_TEST(test_frame_errors)
{
  static const struct {
    const char *label, *columns[5], *cells[10];
    fm_status status;
    int64_t row;
  } rows[] = {
      {"no time",
       {"days:i32", "event:bool", "entry_days:i32", "weight:f64", "group:code"},
       {"1", "1", "0", "1", "new"},
       FM_ERR_NOT_FOUND,
       -1},
      {"no event",
       {"time_days:i32", "left:bool", "entry_days:i32", "weight:f64", "group:code"},
       {"1", "1", "0", "1", "new"},
       FM_ERR_NOT_FOUND,
       -1},
      {"no weight",
       {"time_days:i32", "event:bool", "entry_days:i32", "w:f64", "group:code"},
       {"1", "1", "0", "1", "new"},
       FM_ERR_NOT_FOUND,
       -1},
      {"no group",
       {"time_days:i32", "event:bool", "entry_days:i32", "weight:f64", "other:code"},
       {"1", "1", "0", "1", "new"},
       FM_ERR_NOT_FOUND,
       -1},
      {"time of another type",
       {"time_days:f64", "event:bool", "entry_days:i32", "weight:f64", "group:code"},
       {"1", "1", "0", "1", "new"},
       FM_ERR_TYPE,
       -1},
      {"entry of another type",
       {"time_days:i32", "event:bool", "entry_days:f64", "weight:f64", "group:code"},
       {"1", "1", "0", "1", "new"},
       FM_ERR_TYPE,
       -1},
      {"missing time",
       {"time_days:i32", "event:bool", "entry_days:i32", "weight:f64", "group:code"},
       {"1", "1", "0", "1", "new", "", "1", "0", "1", "new"},
       FM_ERR_VALUE,
       1},
      {"missing event",
       {"time_days:i32", "event:bool", "entry_days:i32", "weight:f64", "group:code"},
       {"1", "1", "0", "1", "new", "1", "", "0", "1", "new"},
       FM_ERR_VALUE,
       1},
      {"missing entry",
       {"time_days:i32", "event:bool", "entry_days:i32", "weight:f64", "group:code"},
       {"1", "1", "0", "1", "new", "1", "1", "", "1", "new"},
       FM_ERR_VALUE,
       1},
      {"missing weight",
       {"time_days:i32", "event:bool", "entry_days:i32", "weight:f64", "group:code"},
       {"1", "1", "0", "1", "new", "1", "1", "0", "", "new"},
       FM_ERR_VALUE,
       1},
      {"time before 0",
       {"time_days:i32", "event:bool", "entry_days:i32", "weight:f64", "group:code"},
       {"1", "1", "0", "1", "new", "-1", "1", "-3", "1", "new"},
       FM_ERR_VALUE,
       1},
      {"entry at the time",
       {"time_days:i32", "event:bool", "entry_days:i32", "weight:f64", "group:code"},
       {"1", "1", "0", "1", "new", "4", "1", "4", "1", "new"},
       FM_ERR_VALUE,
       1},
      {"negative weight",
       {"time_days:i32", "event:bool", "entry_days:i32", "weight:f64", "group:code"},
       {"1", "1", "0", "1", "new", "4", "1", "1", "-1", "new"},
       FM_ERR_VALUE,
       1},
      {"infinite weight",
       {"time_days:i32", "event:bool", "entry_days:i32", "weight:f64", "group:code"},
       {"1", "1", "0", "1", "new", "4", "1", "1", "inf", "new"},
       FM_ERR_VALUE,
       1},
      {"weight not a number",
       {"time_days:i32", "event:bool", "entry_days:i32", "weight:f64", "group:code"},
       {"1", "1", "0", "1", "new", "4", "1", "1", "nan", "new"},
       FM_ERR_VALUE,
       1},
  };
  fm_error err = FM_ERROR_INIT, ok = FM_ERROR_INIT;
  fm_table *good = small_frame();
  fm_table *bad = fm_test_table(rows[_i].columns, 5, rows[_i].cells, rows[_i].row < 0 ? 1 : 2);
  fm_tally *before = small_tally(), *t = small_tally();
  fm_assert_ok(fm_tally_add(before, good, NULL, &ok), &ok);
  fm_assert_ok(fm_tally_add(t, good, NULL, &ok), &ok);
  fm_status status = fm_tally_add(t, bad, NULL, &err);
  ck_assert_msg(status == rows[_i].status, "%s: %s", rows[_i].label, fm_status_name(status));
  ck_assert_msg(err.row == rows[_i].row, "%s: row %d", rows[_i].label, (int)err.row);
  if (err.row >= 0)
    ck_assert_str_eq(err.table, "test");
  assert_same_saved(rows[_i].label, before, t);
  fm_tally_destroy(before);
  fm_tally_destroy(t);
  fm_table_destroy(good);
  fm_table_destroy(bad);
}
END_TEST

static int32_t stop(void *ctx, double done)
{
  (void)done;
  return --*(int *)ctx < 0;
}

START_TEST(test_cancelled)
{
  for (int allowed = 0; allowed < 4; allowed++) {
    int left = allowed;
    fm_error err = FM_ERROR_INIT;
    fm_table *frame = small_frame(), *out;
    fm_run run = FM_RUN_INIT;
    run.progress = stop;
    run.progress_ctx = &left;
    fm_status status = fm_retention_survival(&out, frame, NULL, &run, &err);
    ck_assert_msg(status == (allowed < 3 ? FM_ERR_CANCELLED : FM_OK), "%d: %s", allowed, fm_status_name(status));
    ck_assert((out == NULL) == (status != FM_OK));
    fm_table_destroy(out);
    fm_table_destroy(frame);
  }
}
END_TEST

/* ---- memory ---- */
static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  (void)ctx;
  fm_retention_survival_spec spec = FM_RETENTION_SURVIVAL_SPEC_INIT;
  spec.by = "group";
  spec.weight = "weight";
  return fm_retention_survival_tally(out, &spec, err);
}

START_TEST(test_allocations)
{
  fm_table *frame = small_frame();
  ck_assert_int_gt(fm_test_tally_allocations(create, NULL, frame), 30);
  fm_table_destroy(frame);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("retention-survival");
  TCase *tests = tcase_create("survival");
  tcase_add_test(tests, test_worked_example);
  tcase_add_test(tests, test_no_curve);
  tcase_add_loop_test(tests, test_edges, 0, 7);
  tcase_add_test(tests, test_zero_weights);
  tcase_add_loop_test(tests, test_order_free, 0, FM_COUNT(placements));
  tcase_add_test(tests, test_saved_bytes);
  tcase_add_test(tests, test_foreign_tallies);
  tcase_add_loop_test(tests, test_spec_errors, 0, 7);
  tcase_add_loop_test(tests, test_frame_errors, 0, 15);
  tcase_add_test(tests, test_cancelled);
  tcase_add_test(tests, test_weights_too_large);
  tcase_add_test(tests, test_allocations);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
