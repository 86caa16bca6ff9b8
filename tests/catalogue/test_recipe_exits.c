/* Exits by reason through the catalogue: the measure called by hand gives the same bits; files of other clocks; what is
 * refused. */
#include "support/support.h"

#include <string.h>

#define DEMO FM_PROJECT_DIR "/examples/data/demo-municipality"

static fm_table *computed(const fm_compute_spec *spec, const char *id)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *out;
  fm_assert_ok(fm_register_read(&r, NULL, DEMO, NULL, NULL, &err), &err);
  fm_assert_ok(fm_catalogue_compute(&out, r, id, spec, NULL, &err), &err);
  fm_register_destroy(r);
  return out;
}

static fm_table *frame_of(const char *by)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *out;
  fm_frame_spec f = FM_FRAME_SPEC_INIT;
  f.kind = "survival";
  f.by = by;
  f.as_of = fm_date_from_ymd(2026, 1, 1);
  f.index = "first";
  f.same_employer = 1;
  f.gap_days = 7;
  fm_assert_ok(fm_register_read(&r, NULL, DEMO, NULL, NULL, &err), &err);
  fm_assert_ok(fm_register_frame(&out, r, &f, NULL, &err), &err);
  fm_register_destroy(r);
  return out;
}

START_TEST(incidence)
{
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  spec.by = "sex";
  spec.level = 0.9;
  spec.as_of = fm_date_from_ymd(2026, 1, 1);
  spec.options = "index=first;employer=same;gap_days=7;conf_type=log;cluster=person_id;times=91,182;reference=female";
  fm_table *made = computed(&spec, "retention.cumulative_incidence"), *frame = frame_of("sex"), *by_hand;
  fm_retention_cumulative_incidence_spec s = FM_RETENTION_CUMULATIVE_INCIDENCE_SPEC_INIT;
  s.by = "sex";
  s.level = 0.9;
  s.definition = "same_employer_gap7";
  s.cluster = "person_id";
  s.times = "91,182";
  s.curve = 0;
  s.reference = "female";
  s.conf_type = 2;
  fm_assert_ok(fm_retention_cumulative_incidence(&by_hand, frame, &s, NULL, &err), &err);
  ck_assert_uint_gt(fm_table_n_rows(made), 20);
  fm_assert_same_table("incidence", made, by_hand);
  fm_table_destroy(made);
  fm_table_destroy(by_hand);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(gray)
{
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  spec.by = "sex";
  spec.as_of = fm_date_from_ymd(2026, 1, 1);
  spec.options = "index=first;employer=same;gap_days=7;strata=education;rho=1";
  fm_table *made = computed(&spec, "retention.gray"), *frame = frame_of("sex,education"), *by_hand;
  fm_retention_gray_spec s = FM_RETENTION_GRAY_SPEC_INIT;
  s.by = "sex";
  s.strata = "education";
  s.definition = "same_employer_gap7";
  s.rho = 1;
  fm_assert_ok(fm_retention_gray(&by_hand, frame, &s, NULL, &err), &err);
  ck_assert_uint_ge(fm_table_n_rows(made), 6);
  ck_assert_str_eq(fm_test_text(made, "state", 0), "ok");
  fm_assert_same_table("gray", made, by_hand);
  fm_table_destroy(made);
  fm_table_destroy(by_hand);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(states)
{
  static const char *const names[] = {"who:code", "from:code", "to:code", "entry_weeks:i32", "time_weeks:i32", "w:f64"};
  static const char *const cells[] = {"a", "job", "out", "0", "3", "1", "b", "job", "out", "0", "6", "2",
                                      "c", "job", "",    "0", "9", "1", "a", "out", "job", "3", "6", "1"};
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *made, *by_hand, *frame = fm_test_table(names, 6, cells, 4);
  fm_retention_states_spec s = FM_RETENTION_STATES_SPEC_INIT;
  spec.level = s.level = 0.9;
  spec.weight = s.weight = "w";
  spec.options = "person=who;clock=weeks;times=4,6;start=1;until=5;fixed_start=yes;conf_type=plain";
  s.person = "who";
  s.clock = "weeks";
  s.times = "4,6";
  s.start = 1;
  s.until = 5;
  s.fixed_start = 1;
  s.conf_type = 1;
  fm_assert_ok(fm_catalogue_compute_frame(&made, frame, "retention.states", &spec, NULL, &err), &err);
  fm_assert_ok(fm_retention_states(&by_hand, frame, &s, NULL, &err), &err);
  ck_assert_uint_gt(fm_table_n_rows(made), 12);
  fm_assert_same_table("states", made, by_hand);
  fm_table_destroy(made);
  fm_table_destroy(by_hand);
  fm_table_destroy(frame);
}
END_TEST

static bool reads(const char *id, const char *options, const char *column)
{
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *t;
  spec.options = options;
  fm_assert_ok(fm_catalogue_columns(&t, id, &spec, &err), &err);
  bool found = false;
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    found = found || strcmp(fm_test_text(t, "name", i), column) == 0;
  fm_table_destroy(t);
  return found;
}

START_TEST(columns)
{
  static const char *const ids[] = {"retention.cumulative_incidence", "retention.gray"};
  for (int i = 0; i < 2; i++) {
    ck_assert(reads(ids[i], NULL, "time_days") && reads(ids[i], NULL, "entry_days") && reads(ids[i], NULL, "cause"));
    ck_assert(reads(ids[i], "clock=weeks", "time_weeks") && !reads(ids[i], "clock=weeks", "time_days"));
  }
  ck_assert(!reads(ids[0], NULL, "person_id") && reads(ids[0], "cluster=family", "family"));
  ck_assert(reads(ids[1], "strata=a,b", "b"));
  ck_assert(reads("retention.states", NULL, "person_id") && reads("retention.states", "clock=months", "time_months"));
}
END_TEST

START_TEST(refused)
{
  static const struct {
    const char *id, *weight, *options, *message;
  } cases[] = {
      {"retention.gray", "weight", NULL, "retention.gray counts rows and takes no weight; found \"weight\""},
      {"retention.cumulative_incidence", "weight", "variance=aalen", "Aalen's variance takes no weight"},
      {"retention.cumulative_incidence", NULL, "variance=normal", "variance"},
      {"retention.cumulative_incidence", NULL, "conf_type=wald", "conf_type"},
      {"retention.cumulative_incidence", NULL, "times=soon", "times is \"soon\""},
      {"retention.gray", NULL, "rho=much", "rho"},
      {"retention.gray", NULL, "clock=years", "clock"},
  };
  for (int i = 0; i < FM_COUNT(cases); i++) {
    fm_error err = FM_ERROR_INIT;
    fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
    fm_tally *t;
    spec.weight = cases[i].weight;
    spec.options = cases[i].options;
    ck_assert_int_eq(fm_catalogue_tally(&t, cases[i].id, &spec, &err), FM_ERR_ARGUMENT);
    ck_assert_msg(strstr(err.message, cases[i].message) != NULL, "%s", err.message);
    ck_assert_ptr_null(t);
  }
}
END_TEST

/* ---- values that mean still going on ---- */

static const char *const jobs[] = {"person_id:code", "time_days:i32", "cause:code", "g:code"};
static const char *const ended[] = {"a",           "10", "benefit", "x",  "b",       "20", "ongoing", "x",  "c", "30",
                                    "still there", "y",  "d",       "40", "benefit", "y",  "e",       "50", "",  "y"};
static const char *const missing[] = {"a", "10", "benefit", "x",  "b",       "20", "",  "x",  "c", "30",
                                      "",  "y",  "d",       "40", "benefit", "y",  "e", "50", "",  "y"};
static const char *const counted[] = {"a",  "10", "1", "x",  "b", "20", "0", "x",  "c", "30",
                                      "99", "y",  "d", "40", "1", "y",  "e", "50", "",  "y"};

static fm_status compute_frame(fm_table **out, const char *id, const char *const *names, const char *const *cells,
                               size_t n_rows, const char *options, fm_error *err)
{
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *frame = fm_test_table(names, 4, cells, n_rows);
  spec.options = options;
  spec.by = strcmp(id, "retention.states") == 0 ? NULL : "g";
  fm_status status = fm_catalogue_compute_frame(out, frame, id, &spec, NULL, err);
  fm_table_destroy(frame);
  return status;
}

START_TEST(going_on)
{
  static const char *const ids[] = {"retention.cumulative_incidence", "retention.gray"};
  static const char *const numbered[] = {"person_id:code", "time_days:i32", "cause:i32", "g:code"};
  static const char *const moves[] = {"person_id:code", "time_days:i32", "from:code", "to:code"};
  static const char *const told[] = {"a", "10", "job", "out", "b", "20", "job", "ongoing"};
  static const char *const blank[] = {"a", "10", "job", "out", "b", "20", "job", ""};
  fm_error err = FM_ERROR_INIT;
  fm_table *made, *expected;
  for (int k = 0; k < FM_COUNT(ids); k++) {
    fm_assert_ok(compute_frame(&made, ids[k], jobs, ended, 5, "going_on= still there,ongoing", &err), &err);
    fm_assert_ok(compute_frame(&expected, ids[k], jobs, missing, 5, NULL, &err), &err);
    fm_assert_same_table(ids[k], made, expected);
    fm_table_destroy(made);
    fm_table_destroy(expected);
    fm_assert_ok(compute_frame(&made, ids[k], jobs, ended, 5, NULL, &err), &err);
    fm_test_row(made, "cause", "ongoing", NULL, NULL, NULL, NULL); /* without it: a reason */
    fm_table_destroy(made);
  }
  fm_assert_ok(compute_frame(&made, ids[0], numbered, counted, 5, "going_on=0,99", &err), &err);
  fm_test_row(made, "cause", "1", NULL, NULL, NULL, NULL);
  for (size_t i = 0; i < fm_table_n_rows(made); i++)
    ck_assert(fm_test_text(made, "cause", i) == NULL || strcmp(fm_test_text(made, "cause", i), "1") == 0);
  fm_table_destroy(made);
  fm_assert_ok(compute_frame(&made, "retention.states", moves, told, 2, "going_on=ongoing", &err), &err);
  fm_assert_ok(compute_frame(&expected, "retention.states", moves, blank, 2, NULL, &err), &err);
  fm_assert_same_table("states", made, expected);
  fm_table_destroy(made);
  fm_table_destroy(expected);
  fm_assert_ok(compute_frame(&made, ids[0], jobs, ended, 0, "going_on=ongoing", &err), &err); /* nobody */
  fm_table_destroy(made);
}
END_TEST

START_TEST(going_on_refused)
{
  static const char *const dates[] = {"person_id:code", "time_days:i32", "cause:date", "g:code"};
  static const char *const dated[] = {"a", "10", "2024-01-01", "x"};
  static const struct {
    const char *const *names, *const *cells;
    size_t n_rows;
    const char *options, *message;
    fm_status status;
  } bad[] = {{jobs, ended, 5, "going_on=ongoin",
              "\"ongoin\" is no value of column cause, which has benefit, ongoing, "
              "still there",
              FM_ERR_NOT_FOUND},
             {jobs, ended + 16, 1, "going_on=ongoing", "which has none", FM_ERR_NOT_FOUND},
             {jobs, ended, 5, "going_on=ongoing,,x", "separated by commas", FM_ERR_ARGUMENT},
             {dates, dated, 1, "going_on=x", "texts or whole numbers", FM_ERR_TYPE}};
  fm_table *out;
  for (int k = 0; k < FM_COUNT(bad); k++) {
    fm_error err = FM_ERROR_INIT;
    fm_status status = compute_frame(&out, "retention.cumulative_incidence", bad[k].names, bad[k].cells, bad[k].n_rows,
                                     bad[k].options, &err);
    ck_assert_msg(status == bad[k].status && strstr(err.message, bad[k].message) != NULL, "case %d: %s", k,
                  err.message);
    ck_assert_ptr_null(out);
  }
  fm_error err = FM_ERROR_INIT;
  static const char *const without[] = {"person_id:code", "time_days:i32", "event:bool", "g:code"};
  static const char *const known[] = {"a", "10", "1", "x"};
  ck_assert_int_eq(compute_frame(&out, "retention.gray", without, known, 1, "going_on=x", &err), FM_ERR_NOT_FOUND);
  fm_error_clear(&err);
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_tally *t;
  spec.options = "going_on=ongoing";
  ck_assert_int_eq(fm_catalogue_tally(&t, "retention.gray", &spec, &err), FM_ERR_ARGUMENT);
  ck_assert_msg(strstr(err.message, "needs all rows at once") != NULL, "%s", err.message);
}
END_TEST

static fm_status told_apart(void *ctx, fm_error *err)
{
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *out;
  spec.options = "going_on=ongoing";
  fm_status status = fm_catalogue_compute_frame(&out, ctx, "retention.gray", &spec, NULL, err);
  fm_table_destroy(out);
  return status;
}

START_TEST(going_on_memory)
{
  fm_table *frame = fm_test_table(jobs, 4, ended, 5);
  ck_assert_int_gt(fm_test_allocations(told_apart, frame), 20);
  fm_table_destroy(frame);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("recipe_exits");
  TCase *c = tcase_create("recipe_exits");
  tcase_add_test(c, incidence);
  tcase_add_test(c, gray);
  tcase_add_test(c, states);
  tcase_add_test(c, columns);
  tcase_add_test(c, refused);
  tcase_add_test(c, going_on);
  tcase_add_test(c, going_on_refused);
  tcase_add_test(c, going_on_memory);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
