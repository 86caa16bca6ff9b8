/* retention.transitions: by hand, against R, the errors against their definition, promises of a tally.
 * Sources: tests/oracle/retention/README.md. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/support.h"

#include "histories.h"

static fm_table *run(const fm_table *frame, const fm_retention_transitions_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *out;
  fm_assert_ok(fm_retention_transitions(&out, frame, spec, NULL, &err), &err);
  return out;
}

static const char *cell(const fm_table *t, const char *column, size_t row)
{
  size_t k = (size_t)fm_table_column_index(t, column);
  return fm_table_is_null(t, k, row) ? "" : fm_table_text(t, k, row, NULL);
}

static bool is_number(const fm_table *t, const char *column, size_t row, double expected)
{
  double x = fm_test_number(t, column, row);
  return isnan(expected) ? isnan(x) : x == expected;
}

/* Numbers NaN and texts "": none. */
static size_t row_of(const fm_table *t, const char *quantity, double period, double steps, const char *from,
                     const char *to)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    if (strcmp(cell(t, "quantity", i), quantity) == 0 && is_number(t, "period", i, period) &&
        is_number(t, "steps", i, steps) && strcmp(cell(t, "from_state", i), from) == 0 &&
        strcmp(cell(t, "to_state", i), to) == 0)
      return i;
  ck_abort_msg("no %s of period %g, steps %g, from \"%s\" to \"%s\"", quantity, period, steps, from, to);
  return 0;
}

static double count_of(const fm_table *t, const char *from, const char *to)
{
  return fm_test_number(t, "value", row_of(t, "n_transition", NAN, NAN, from, to));
}

static size_t move_of(const fm_table *t, double steps, const char *from, const char *to)
{
  return row_of(t, "transition_probability", NAN, steps, from, to);
}

/* ---- by hand ----
 * a: job out job; b: job job; c: out, a gap, out; d: job job job out. Moves from job: to job 0 + 1 + 2 = 3, to out
 * 1 + 0 + 1 = 2, so 3/5 and 2/5; from out: 1 to job. People add to the first 0 - 3/5, 1 - 3/5, 2 - 3 x 3/5: squares
 * (9 + 4 + 1) / 25, over 5 squared. As independent moves: 3/5 x 2/5 / 5. Two steps ahead: 3/5 x 3/5 + 2/5 x 1 = 19/25.
 */
static const char *const columns[] = {"person_id:code", "period:i32", "state:code", "w:f64", "g:code"};
static const char *const cells[] = {
    "a", "1", "job", "1",   "x", "a", "2", "out", "1",   "x", "a", "3", "job", "1", "y", "b", "1", "job", "0.5", "x",
    "b", "2", "job", "0.5", "x", "b", "3", "",    "0.5", "x", "c", "1", "out", "2", "y", "c", "3", "out", "2",   "y",
    "d", "1", "job", "3",   "y", "d", "2", "job", "3",   "y", "d", "3", "job", "3", "y", "d", "4", "out", "3",   "y"};
enum { ROWS = 12 };

START_TEST(test_by_hand)
{
  fm_table *frame = fm_test_table(columns, 5, cells, ROWS);
  fm_retention_transitions_spec spec = FM_RETENTION_TRANSITIONS_SPEC_INIT;
  spec.steps = "1,2";
  for (int32_t independent = 0; independent < 2; independent++) {
    spec.independent = independent;
    fm_table *t = run(frame, &spec);
    size_t i = move_of(t, 1, "job", "job");
    fm_assert_close("p", fm_test_number(t, "value", i), 0.6, 1e-15, 0);
    fm_assert_close("error", fm_test_number(t, "std_error", i), independent ? sqrt(0.048) : sqrt(14) / 25, 1e-14, 0);
    ck_assert_int_eq((int)fm_test_number(t, "n", i), 5);
    ck_assert(fm_test_number(t, "ci_low", i) > 0 && fm_test_number(t, "ci_high", i) < 1);
    i = move_of(t, 2, "job", "job");
    fm_assert_close("two steps", fm_test_number(t, "value", i), 19.0 / 25, 1e-15, 0);
    ck_assert(isnan(fm_test_number(t, "std_error", i)));
    fm_assert_close("1", fm_test_number(t, "value", move_of(t, 1, "out", "job")), 1, 0, 0);
    fm_assert_close("0", fm_test_number(t, "value", move_of(t, 1, "out", "out")), 0, 0, 0);
    fm_assert_close("count", count_of(t, "job", "out"), 2, 0, 0);
    fm_assert_close("not followed", count_of(t, "job", ""), 2, 0, 0); /* a after 3, b after 2 */
    fm_assert_close("not followed", count_of(t, "out", ""), 3, 0, 0); /* c twice, d */
    i = row_of(t, "occupation", 1, NAN, "", "job");
    fm_assert_close("share", fm_test_number(t, "value", i), 0.75, 0, 0);
    fm_assert_close("its error", fm_test_number(t, "std_error", i), sqrt(0.75 * 0.25 / 4), 1e-15, 0);
    i = row_of(t, "entropy", 1, NAN, "", "");
    fm_assert_close("entropy", fm_test_number(t, "value", i), -(0.75 * log(0.75) + 0.25 * log(0.25)) / log(2), 1e-14,
                    0);
    fm_assert_close("all in one", fm_test_number(t, "value", row_of(t, "entropy", 4, NAN, "", "")), 0, 0, 0);
    fm_table_destroy(t);
  }
  fm_table_destroy(frame);
}
END_TEST

/* The move of a from out in period 2 to job in 3 is of group x, where it starts. */
START_TEST(test_groups)
{
  fm_table *frame = fm_test_table(columns, 5, cells, ROWS);
  fm_retention_transitions_spec spec = FM_RETENTION_TRANSITIONS_SPEC_INIT;
  spec.by = "g";
  spec.weight = "w";
  fm_table *t = run(frame, &spec);
  size_t i = fm_test_row(t, "quantity", "n_transition", "from_state", "out", "to_state", "job");
  ck_assert_str_eq(cell(t, "g", i), "x");
  fm_assert_close("moves of x", fm_test_number(t, "value", i), 1, 0, 0);
  i = fm_test_row(t, "quantity", "transition_probability", "from_state", "job", "to_state", "job");
  fm_assert_close("weighted", fm_test_number(t, "value", i), 0.5 / 1.5, 1e-15, 0);
  fm_assert_close("weight", fm_test_number(t, "weight", i), 1.5, 0, 0);
  for (i = 0; strcmp(cell(t, "g", i), "y") != 0 || strcmp(cell(t, "quantity", i), "transition_probability") != 0 ||
              strcmp(cell(t, "from_state", i), "out") != 0;)
    i++;
  ck_assert_str_eq(cell(t, "state", i), "not_at_risk"); /* nobody of y in out has a next period */
  ck_assert(isnan(fm_test_number(t, "value", i)));
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- R ---- */

START_TEST(test_oracle)
{
  bool weighted = _i == 1;
  fm_oracle *o = fm_oracle_open(monthly_file);
  fm_table *frame = monthly_states(o, PEOPLE, SIZE_MAX, 0);
  fm_oracle_close(o);
  fm_retention_transitions_spec spec = FM_RETENTION_TRANSITIONS_SPEC_INIT;
  spec.weight = weighted ? "w" : NULL;
  spec.steps = "1,3,6,12,24";
  spec.independent = 1;
  fm_table *t = run(frame, &spec);
  o = fm_oracle_open("retention/mvad_transitions.csv");
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    const char *from = fm_oracle_text(o, i, "from"), *to = fm_oracle_text(o, i, "to");
    size_t k = move_of(t, 1, from, to);
    fm_assert_close("count", count_of(t, from, to), fm_oracle_number(o, i, weighted ? "weighted_count" : "count"),
                    1e-12, 0);
    fm_assert_close("p", fm_test_number(t, "value", k), fm_oracle_number(o, i, weighted ? "weighted_prob" : "prob"),
                    1e-12, 0);
    if (!weighted)
      fm_assert_close("error", fm_test_number(t, "std_error", k), fm_oracle_number(o, i, "se"), 1e-12, 0);
  }
  fm_oracle_close(o);
  o = fm_oracle_open("retention/mvad_transitions_power.csv");
  for (size_t i = 0; i < fm_oracle_n_rows(o) && !weighted; i++)
    fm_assert_close("power",
                    fm_test_number(t, "value",
                                   move_of(t, fm_oracle_number(o, i, "steps"), fm_oracle_text(o, i, "from"),
                                           fm_oracle_text(o, i, "to"))),
                    fm_oracle_number(o, i, "prob"), 1e-12, 0);
  fm_oracle_close(o);
  o = fm_oracle_open("retention/mvad_occupation.csv");
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    double month = fm_oracle_number(o, i, "month");
    size_t k = row_of(t, "occupation", month, NAN, "", fm_oracle_text(o, i, "state"));
    fm_assert_close("share", fm_test_number(t, "value", k),
                    fm_oracle_number(o, i, weighted ? "weighted_share" : "share"), 1e-12, 0);
    if (!weighted)
      fm_assert_close("entropy", fm_test_number(t, "value", row_of(t, "entropy", month, NAN, "", "")),
                      fm_oracle_number(o, i, "entropy"), 1e-12, 0);
  }
  fm_oracle_close(o);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- errors by their definition: figures with the weight of one person a little more and less ---- */

enum { SOME = 15, FIGURES = 4 };

static void figures(double *out, double *errors, const fm_table *frame)
{
  fm_retention_transitions_spec spec = FM_RETENTION_TRANSITIONS_SPEC_INIT;
  spec.weight = "w";
  fm_table *t = run(frame, &spec);
  size_t rows[FIGURES] = {move_of(t, 1, "E", "E"), move_of(t, 1, "T", "E"), move_of(t, 1, "J", "F"),
                          row_of(t, "occupation", 20, NAN, "", "E")};
  for (size_t k = 0; k < FIGURES; k++) {
    out[k] = fm_test_number(t, "value", rows[k]);
    if (errors != NULL)
      errors[k] = fm_test_number(t, "std_error", rows[k]);
  }
  fm_table_destroy(t);
}

START_TEST(test_definition)
{
  double variance[FIGURES] = {0}, more[FIGURES], less[FIGURES], now[FIGURES], errors[FIGURES];
  fm_oracle *o = fm_oracle_open(monthly_file);
  for (size_t person = 0; person < SOME; person++) {
    for (int side = 0; side < 2; side++) {
      fm_table *changed = monthly_states(o, SOME, person, side == 0 ? 1e-4 : -1e-4);
      figures(side == 0 ? more : less, NULL, changed);
      fm_table_destroy(changed);
    }
    for (size_t k = 0; k < FIGURES; k++)
      variance[k] += pow((more[k] - less[k]) / 2e-4, 2);
  }
  fm_table *frame = monthly_states(o, SOME, SIZE_MAX, 0);
  fm_oracle_close(o);
  figures(now, errors, frame);
  for (size_t k = 0; k < FIGURES; k++) {
    ck_assert(errors[k] > 0);
    fm_assert_close("error", errors[k], sqrt(variance[k]), 1e-6, 0);
  }
  fm_table_destroy(frame);
}
END_TEST

/* ---- dates ---- */

/* Two days on either side of a border of two periods, and the border's first day. */
static const struct {
  const char *clock, *before, *after, *start, *end;
} calendars[] = {{"days", "2024-02-29", "2024-03-01", "2024-03-01", "2024-03-01"},
                 {"weeks", "2024-12-29", "2025-01-02", "2024-12-30", "2025-01-05"}, /* a Sunday, a Thursday */
                 {"months", "2023-12-31", "2024-01-20", "2024-01-01", "2024-01-31"},
                 {"quarters", "1969-09-30", "1969-12-31", "1969-10-01", "1969-12-31"},
                 {"years", "1969-12-31", "1970-06-01", "1970-01-01", "1970-12-31"}};

static int32_t day(const char *text)
{
  fm_error err = FM_ERROR_INIT;
  int32_t date;
  fm_assert_ok(fm_date_parse(&date, text, 10, NULL, &err), &err);
  return date;
}

START_TEST(test_dates)
{
  static const char *const names[] = {"person_id:code", "period:date", "state:code"};
  const char *texts[] = {"a", calendars[_i].before, "job", "a", calendars[_i].after, "out"};
  fm_table *frame = fm_test_table(names, 3, texts, 2);
  fm_retention_transitions_spec spec = FM_RETENTION_TRANSITIONS_SPEC_INIT;
  spec.clock = calendars[_i].clock;
  fm_table *t = run(frame, &spec);
  fm_assert_close("one move", count_of(t, "job", "out"), 1, 0, 0);
  size_t i = fm_table_n_rows(t) - 1; /* the entropy of the last period */
  fm_assert_close("start", fm_test_number(t, "period_start", i), day(calendars[_i].start), 0, 0);
  fm_assert_close("end", fm_test_number(t, "period_end", i), day(calendars[_i].end), 0, 0);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(test_types)
{
  static const char *const names[] = {"person_id:code", "period:date", "state:code"};
  static const char *const texts[] = {"a", "2024-01-01", "job"};
  fm_error err = FM_ERROR_INIT;
  fm_table *out, *dates = fm_test_table(names, 3, texts, 1), *numbers = fm_test_table(columns, 5, cells, 1);
  fm_retention_transitions_spec spec = FM_RETENTION_TRANSITIONS_SPEC_INIT;
  ck_assert_int_eq(fm_retention_transitions(&out, dates, &spec, NULL, &err), FM_ERR_TYPE);
  ck_assert_msg(strstr(err.message, "period") != NULL, "%s", err.message);
  spec.clock = "months";
  ck_assert_int_eq(fm_retention_transitions(&out, numbers, &spec, NULL, &err), FM_ERR_TYPE);
  ck_assert_ptr_null(out);
  fm_table_destroy(dates);
  fm_table_destroy(numbers);
}
END_TEST

/* ---- errors and edges ---- */

START_TEST(test_bad_rows)
{
  static const struct {
    const char *cells[5];
    const char *message;
  } bad[] = {{{"a", "", "job", "1", "x"}, "period"},
             {{"", "1", "job", "1", "x"}, "person_id"},
             {{"a", "1", "job", "-1", "x"}, "w"},
             {{"a", "1", "job", "", "x"}, "w"}};
  for (int i = 0; i < FM_COUNT(bad); i++) {
    fm_error err = FM_ERROR_INIT;
    fm_table *out, *frame = fm_test_table(columns, 5, bad[i].cells, 1);
    fm_retention_transitions_spec spec = FM_RETENTION_TRANSITIONS_SPEC_INIT;
    spec.weight = "w";
    fm_status status = fm_retention_transitions(&out, frame, &spec, NULL, &err);
    ck_assert_msg(status == FM_ERR_VALUE, "case %d: %s", i, fm_status_name(status));
    ck_assert_msg(strstr(err.message, bad[i].message) != NULL, "%s", err.message);
    ck_assert_int_eq((int)err.row, 0);
    ck_assert_ptr_null(out);
    fm_table_destroy(frame);
  }
}
END_TEST

START_TEST(test_twice)
{
  static const char *const two[] = {"a", "1", "job", "1", "x", "a", "1", "out", "1", "y"};
  static const char *const same[] = {"a", "1", "job", "1", "x", "a", "1", "job", "1", "x"};
  for (int i = 0; i < 2; i++) {
    fm_error err = FM_ERROR_INIT;
    fm_table *out, *frame = fm_test_table(columns, 5, i == 0 ? two : same, 2);
    fm_retention_transitions_spec spec = FM_RETENTION_TRANSITIONS_SPEC_INIT;
    spec.by = "g";
    ck_assert_int_eq(fm_retention_transitions(&out, frame, &spec, NULL, &err), FM_ERR_VALUE);
    ck_assert_msg(strstr(err.message, "two rows in one period") != NULL, "%s", err.message);
    fm_table_destroy(frame);
  }
}
END_TEST

START_TEST(test_edges)
{
  static const char *const unseen[] = {"a", "1", "", "1", "x"}, *const weightless[] = {"a", "1", "job", "0", "x"};
  static const char *const lost[] = {"a", "1", "job", "1", "x", "a", "2", "out", "1", "x"};
  fm_retention_transitions_spec spec = FM_RETENTION_TRANSITIONS_SPEC_INIT;
  spec.weight = "w";
  spec.steps = "1,2";
  for (size_t n = 0; n < 2; n++) {
    fm_table *frame = fm_test_table(columns, 5, unseen, n), *t = run(frame, &spec);
    ck_assert_uint_eq(fm_table_n_rows(t), 1);
    ck_assert_str_eq(cell(t, "state", 0), "empty");
    fm_table_destroy(t);
    fm_table_destroy(frame);
  }
  fm_table *frame = fm_test_table(columns, 5, weightless, 1), *t = run(frame, &spec);
  ck_assert_str_eq(cell(t, "state", row_of(t, "occupation", 1, NAN, "", "job")), "undefined");
  ck_assert_str_eq(cell(t, "state", row_of(t, "entropy", 1, NAN, "", "")), "undefined");
  fm_table_destroy(t);
  fm_table_destroy(frame);
  frame = fm_test_table(columns, 5, lost, 2);
  t = run(frame, &spec); /* where to after out is not known */
  ck_assert_str_eq(cell(t, "state", move_of(t, 1, "job", "out")), "ok");
  ck_assert_str_eq(cell(t, "state", move_of(t, 1, "out", "job")), "not_at_risk");
  ck_assert_str_eq(cell(t, "state", move_of(t, 2, "job", "job")), "undefined");
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(test_many_states)
{
  static const char *const names[] = {"person_id:code", "period:i32", "state:code"};
  for (size_t n = 32; n <= 33; n++) {
    char numbers[33][4];
    const char *texts[99];
    fm_error err = FM_ERROR_INIT;
    fm_table *out;
    fm_retention_transitions_spec spec = FM_RETENTION_TRANSITIONS_SPEC_INIT;
    for (size_t i = 0; i < n; i++) {
      snprintf(numbers[i], sizeof numbers[i], "%d", (int)i);
      texts[3 * i] = "a";
      texts[3 * i + 1] = texts[3 * i + 2] = numbers[i];
    }
    fm_table *frame = fm_test_table(names, 3, texts, n);
    fm_status status = fm_retention_transitions(&out, frame, &spec, NULL, &err);
    ck_assert_int_eq(status, n == 32 ? FM_OK : FM_ERR_LIMIT);
    fm_table_destroy(out);
    fm_table_destroy(frame);
  }
}
END_TEST

START_TEST(test_refused)
{
  static const struct {
    const char *steps, *clock;
    double level;
    int32_t conf_type, independent;
  } bad[] = {{"0", NULL, 0.95, 4, 0},         {"10001", NULL, 0.95, 4, 0}, {"1.5", NULL, 0.95, 4, 0},
             {"1", "fortnights", 0.95, 4, 0}, {"1", NULL, 1, 4, 0},        {"1", NULL, 0.95, 6, 0},
             {"1", NULL, 0.95, 4, 2}};
  for (int i = 0; i < FM_COUNT(bad); i++) {
    fm_error err = FM_ERROR_INIT;
    fm_tally *t;
    fm_retention_transitions_spec spec;
    fm_retention_transitions_spec_init(&spec, sizeof spec);
    spec.steps = bad[i].steps;
    spec.clock = bad[i].clock;
    spec.level = bad[i].level;
    spec.conf_type = bad[i].conf_type;
    spec.independent = bad[i].independent;
    ck_assert_msg(fm_retention_transitions_tally(&t, &spec, &err) == FM_ERR_ARGUMENT, "spec %d", i);
    ck_assert_ptr_null(t);
  }
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_retention_transitions_spec spec = FM_RETENTION_TRANSITIONS_SPEC_INIT;
  spec.by = "g";
  spec.weight = *(const int *)ctx == 0 ? "w" : NULL;
  spec.steps = "1,5";
  spec.independent = *(const int *)ctx;
  return fm_retention_transitions_tally(out, &spec, err);
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
  Suite *suite = suite_create("retention-transitions");
  TCase *tests = tcase_create("transitions");
  tcase_add_test(tests, test_by_hand);
  tcase_add_test(tests, test_groups);
  tcase_add_loop_test(tests, test_oracle, 0, 2);
  tcase_add_test(tests, test_definition);
  tcase_add_loop_test(tests, test_dates, 0, FM_COUNT(calendars));
  tcase_add_test(tests, test_types);
  tcase_add_test(tests, test_bad_rows);
  tcase_add_test(tests, test_twice);
  tcase_add_test(tests, test_edges);
  tcase_add_test(tests, test_many_states);
  tcase_add_test(tests, test_refused);
  tcase_add_loop_test(tests, test_tally, 0, 2);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
