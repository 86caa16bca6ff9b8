#include "support/support.h"

#include <math.h>
#include <string.h>

static const char *const columns[] = {"goal_id:code", "goal:f64", "start:date",  "deadline:date",
                                      "as_of:date",   "done:i64", "private:i64", "employers:i64"};
enum { N_COLUMNS = 8 };

static fm_table *frame_of(const char *const *cells, size_t n_rows)
{
  return fm_test_table(columns, N_COLUMNS, cells, n_rows);
}

static double value(const fm_table *t, const char *goal, const char *quantity, const char *column)
{
  return fm_test_number(t, column, fm_test_row(t, "goal_id", goal, "quantity", quantity, NULL, NULL));
}

static const char *state(const fm_table *t, const char *goal, const char *quantity)
{
  return fm_test_text(t, "state", fm_test_row(t, "goal_id", goal, "quantity", quantity, NULL, NULL));
}

/* The public goal: 164 in 365 days, 50 by 1 April (90 days), 39 of them private.
 * plan 164 * 90 / 365 = 40.438; pace 50 / 90 = 0.5556; required 114 / 275 = 0.41455; projection 50 / 90 * 365 = 202.78;
 * met after 164 / 0.5556 = 295.2 days: inside day 296 of the year, 23 October. */
static const char *const fredericia[] = {"new_fleksjob", "164", "2019-01-01", "2019-12-31",
                                         "2019-04-01",   "50",  "39",         ""};

START_TEST(public_goal)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = frame_of(fredericia, 1), *out;
  fm_assert_ok(fm_target_track(&out, frame, NULL, NULL, &err), &err);
  const char *g = "new_fleksjob";
  fm_assert_close("plan", value(out, g, "plan", "value"), 40.438356164383563, 1e-14, 0);
  fm_assert_close("ahead", value(out, g, "ahead_of_plan", "value"), 9.5616438356164366, 1e-13, 0);
  fm_assert_close("projection", value(out, g, "projection", "value"), 202.7777777777778, 1e-14, 0);
  fm_assert_close("low", value(out, g, "projection", "ci_low"), 159, 0, 0);
  fm_assert_close("high", value(out, g, "projection", "ci_high"), 257, 0, 0);
  fm_assert_close("chance", value(out, g, "probability", "value"), 0.95813243137345727, 1e-10, 0);
  fm_assert_close("finish day", value(out, g, "finish_date", "value"), fm_date_from_ymd(2019, 10, 23), 0, 0);
  fm_assert_close("share", value(out, g, "private_share", "value"), 0.78, 1e-15, 0);
  fm_assert_close("share low", value(out, g, "private_share", "ci_low"), 0.648, 0, 5e-4);
  fm_assert_close("share high", value(out, g, "private_share", "ci_high"), 0.872, 0, 5e-4);
  fm_assert_close("verdict", value(out, g, "verdict", "value"), 2, 0, 0);
  fm_assert_close("last day", value(out, g, "done", "period_end"), fm_date_from_ymd(2019, 3, 31), 0, 0);
  ck_assert_str_eq(state(out, g, "employers"), "not_given");
  fm_table_destroy(out);
  fm_table_destroy(frame);
}
END_TEST

/* The newest count wins; a count of a later day than as_of is not known yet; starts are summed. */
static const char *const mixed[] = {
    "a", "100", "2019-01-01", "2019-12-31", "2019-04-01", "50", "39", "20", /**/
    "a", "100", "2019-01-01", "2019-12-31", "2019-07-01", "70", "",   "",   /**/
    "a", "100", "2019-01-01", "2019-12-31", "2019-02-01", "10", "9",  "5",  /**/
    "b", "3",   "2019-01-01", "2019-12-31", "",           "1",  "1",  "",   /**/
    "b", "3",   "2019-01-01", "2019-12-31", "",           "1",  "0",  "",   /**/
    "b", "3",   "2019-01-01", "2019-12-31", "",           "1",  "",   "",   /**/
    "c", "9",   "2019-06-01", "2019-12-31", "",           "0",  "",   "",
};

START_TEST(counts_and_starts)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = frame_of(mixed, 7), *out;
  fm_target_track_spec spec = FM_TARGET_TRACK_SPEC_INIT;
  spec.as_of = fm_date_from_ymd(2019, 5, 1);
  fm_assert_ok(fm_target_track(&out, frame, &spec, NULL, &err), &err);
  fm_assert_close("newest known count", value(out, "a", "done", "value"), 50, 0, 0);
  fm_assert_close("it was seen by its own day", value(out, "a", "elapsed_days", "value"), 90, 0, 0);
  fm_assert_close("employers", value(out, "a", "employers", "value"), 20, 0, 0);
  fm_assert_close("starts", value(out, "b", "done", "value"), 3, 0, 0);
  fm_assert_close("met", value(out, "b", "verdict", "value"), 1, 0, 0);
  fm_assert_close("certain", value(out, "b", "probability", "value"), 1, 0, 0);
  fm_assert_close("known sectors", value(out, "b", "private_share", "n"), 2, 0, 0);
  fm_assert_close("half private", value(out, "b", "private_share", "value"), 0.5, 0, 0);
  ck_assert_str_eq(state(out, "c", "projection"), "censored");
  fm_table_destroy(out);
  spec.as_of = fm_date_from_ymd(2019, 8, 1);
  fm_assert_ok(fm_target_track(&out, frame, &spec, NULL, &err), &err);
  fm_assert_close("July's count", value(out, "a", "done", "value"), 70, 0, 0);
  ck_assert_str_eq(state(out, "a", "private_share"), "not_given");
  fm_table_destroy(out);
  fm_table_destroy(frame);
}
END_TEST

static const struct bad {
  const char *label, *cells[N_COLUMNS], *column, *message;
} bad[] = {
    {"no goal",
     {"a", "", "2019-01-01", "2019-12-31", "", "1", "", ""},
     "goal",
     "expected a number above 0, at most 1e12; found no value"},
    {"goal 0", {"a", "0", "2019-01-01", "2019-12-31", "", "1", "", ""}, "goal", "at most 1e12; found 0"},
    {"no start", {"a", "5", "", "2019-12-31", "", "1", "", ""}, "start", "expected a date"},
    {"deadline first",
     {"a", "5", "2019-01-01", "2018-12-31", "", "1", "", ""},
     "deadline",
     "on or after the start; found 2018-12-31"},
    {"no count", {"a", "5", "2019-01-01", "2019-12-31", "", "", "", ""}, "done", "whole number from 0"},
    {"negative", {"a", "5", "2019-01-01", "2019-12-31", "", "-1", "", ""}, "done", "from 0 to 1e12; found -1"},
    {"more private", {"a", "5", "2019-01-01", "2019-12-31", "", "1", "2", ""}, "private", "from 0 to done"},
    {"no id", {"", "5", "2019-01-01", "2019-12-31", "", "1", "", ""}, "goal_id", "the cell is empty"},
    {"done before it began",
     {"a", "5", "2019-01-01", "2019-12-31", "2019-01-01", "1", "", ""},
     "done",
     "expected 0 in a count"},
};

START_TEST(bad_rows)
{
  const struct bad *b = &bad[_i];
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = frame_of(b->cells, 1), *out;
  fm_target_track_spec spec = FM_TARGET_TRACK_SPEC_INIT;
  spec.as_of = fm_date_from_ymd(2019, 5, 1);
  ck_assert_msg(fm_target_track(&out, frame, &spec, NULL, &err) == FM_ERR_VALUE, "%s", b->label);
  ck_assert_ptr_null(out);
  ck_assert_msg(strstr(err.message, b->message) != NULL, "%s: %s", b->label, err.message);
  ck_assert_msg(strcmp(err.column, b->column) == 0, "%s: column %s", b->label, err.column);
  fm_table_destroy(frame);
}
END_TEST

/* As from a data frame whose columns are empty: of no type, and no error but where a value is needed. */
START_TEST(blank_columns)
{
  static const char *const some[] = {"goal_id:code", "goal:f64", "start:date",     "deadline:date",
                                     "as_of:date",   "done:i64", "private:code",   "employers:code",
                                     "people:code",  "day:code", "changed_on:code"};
  static const char *const row[] = {"a", "164", "2019-01-01", "2019-12-31", "2019-04-01", "50", "", "", "", "", ""};
  const char *const no_goal[] = {"goal_id:code", "goal:code", "start:date",  "deadline:date",
                                 "as_of:date",   "done:i64",  "private:i64", "employers:i64"};
  static const char *const cells[] = {"a", "", "2019-01-01", "2019-12-31", "2019-04-01", "50", "", ""};
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(some, 11, row, 1), *out;
  fm_assert_ok(fm_target_track(&out, frame, NULL, NULL, &err), &err);
  for (size_t i = 0; i < fm_table_n_rows(out); i++)
    if (strcmp(fm_test_text(out, "quantity", i), "private") == 0)
      ck_assert_str_eq(fm_test_text(out, "state", i), "not_given");
  fm_table_destroy(out);
  fm_table_destroy(frame);
  frame = fm_test_table(no_goal, 8, cells, 1);
  ck_assert_int_eq(fm_target_track(&out, frame, NULL, NULL, &err), FM_ERR_VALUE);
  ck_assert_str_eq(err.message, "column goal, row 0: expected a number above 0, at most 1e12; found no value");
  fm_table_destroy(frame);
}
END_TEST

/* 5 of 20 in the whole of 2019: at that pace met after 4 x 365 = 1,460 days. A month later the starts of January are
 * not counted, and no day is told. */
START_TEST(after_the_deadline)
{
  static const char *const goal[] = {"a", "20", "2019-01-01", "2019-12-31", "", "5", "", ""};
  fm_target_track_spec spec = FM_TARGET_TRACK_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = frame_of(goal, 1), *out;
  for (int32_t month = 1; month <= 2; month++) {
    spec.as_of = fm_date_from_ymd(2020, month, 1);
    fm_assert_ok(fm_target_track(&out, frame, &spec, NULL, &err), &err);
    for (size_t i = 0; i < fm_table_n_rows(out); i++)
      if (strcmp(fm_test_text(out, "quantity", i), "finish_days") == 0) {
        ck_assert_str_eq(fm_test_text(out, "state", i), month == 1 ? "ok" : "undefined");
        ck_assert(month == 2 || fabs(fm_test_number(out, "value", i) - 1460) < 1e-9);
      }
    fm_table_destroy(out);
  }
  fm_table_destroy(frame);
}
END_TEST

START_TEST(contradictions)
{
  static const char *const goals[] = {"a", "5", "2019-01-01", "2019-12-31", "", "1", "", "",
                                      "a", "6", "2019-01-01", "2019-12-31", "", "1", "", ""};
  static const char *const counts[] = {"a", "5", "2019-01-01", "2019-12-31", "2019-02-01", "1", "", "",
                                       "a", "5", "2019-01-01", "2019-12-31", "2019-02-01", "2", "", ""};
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = frame_of(goals, 2), *out;
  ck_assert_int_eq(fm_target_track(&out, frame, NULL, NULL, &err), FM_ERR_VALUE);
  ck_assert_ptr_nonnull(strstr(err.message, "goal a has two different goals, starts or deadlines"));
  fm_table_destroy(frame);
  fm_error_clear(&err);
  frame = frame_of(counts, 2);
  ck_assert_int_eq(fm_target_track(&out, frame, NULL, NULL, &err), FM_ERR_VALUE);
  ck_assert_ptr_nonnull(strstr(err.message, "two different counts for one day"));
  fm_table_destroy(frame);
  fm_error_clear(&err);
  frame = frame_of(mixed + 3 * N_COLUMNS, 1);
  ck_assert_int_eq(fm_target_track(&out, frame, NULL, NULL, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_nonnull(strstr(err.message, "as_of is needed"));
  fm_table_destroy(frame);
}
END_TEST

START_TEST(specs)
{
  fm_target_track_spec macro = FM_TARGET_TRACK_SPEC_INIT, function, wrong;
  fm_target_track_spec_init(&function, sizeof function);
  ck_assert_mem_eq(&macro, &function, sizeof macro);
  fm_tally *t;
  const double levels[] = {0, 1, -1, NAN};
  for (int i = 0; i < 4; i++) {
    wrong = macro;
    wrong.level = levels[i];
    ck_assert_int_eq(fm_target_track_tally(&t, &wrong, NULL), FM_ERR_ARGUMENT);
  }
  wrong = macro;
  wrong.prior_shape = 0;
  ck_assert_int_eq(fm_target_track_tally(&t, &wrong, NULL), FM_ERR_ARGUMENT);
  wrong = macro;
  wrong.behind = 0.9;
  ck_assert_int_eq(fm_target_track_tally(&t, &wrong, NULL), FM_ERR_ARGUMENT);
  const double shares[] = {-0.5, 80, NAN};
  for (int i = 0; i < 3; i++) {
    wrong = macro;
    wrong.private_share = shares[i];
    ck_assert_int_eq(fm_target_track_tally(&t, &wrong, NULL), FM_ERR_ARGUMENT);
  }
  wrong = macro;
  wrong.struct_size = 0;
  ck_assert_int_eq(fm_target_track_tally(&t, &wrong, NULL), FM_ERR_ARGUMENT);
  /* An older caller's shorter struct: the rest are defaults. */
  macro.struct_size = offsetof(fm_target_track_spec, prior_shape);
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_target_track_tally(&t, &macro, &err), &err);
  fm_tally_destroy(t);
  fm_tally *a, *b;
  fm_assert_ok(fm_target_track_tally(&a, NULL, &err), &err);
  function.level = 0.9;
  fm_assert_ok(fm_target_track_tally(&b, &function, &err), &err);
  ck_assert_int_eq(fm_tally_merge(a, b, &err), FM_ERR_MISMATCH);
  fm_tally_destroy(a);
  fm_tally_destroy(b);
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  (void)ctx;
  fm_target_track_spec spec = FM_TARGET_TRACK_SPEC_INIT;
  spec.as_of = fm_date_from_ymd(2019, 5, 1);
  return fm_target_track_tally(out, &spec, err);
}

START_TEST(promises)
{
  int32_t as_of = fm_date_from_ymd(2019, 5, 1);
  fm_test_promises(&(fm_test_measure){create, &as_of, columns, N_COLUMNS, mixed, 7});
}
END_TEST

int main(void)
{
  Suite *s = suite_create("target-track");
  TCase *t = tcase_create("track");
  tcase_add_test(t, public_goal);
  tcase_add_test(t, counts_and_starts);
  tcase_add_test(t, promises);
  tcase_add_loop_test(t, bad_rows, 0, FM_COUNT(bad));
  tcase_add_test(t, blank_columns);
  tcase_add_test(t, after_the_deadline);
  tcase_add_test(t, contradictions);
  tcase_add_test(t, specs);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
