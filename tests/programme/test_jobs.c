/* Quality of jobs: by hand, answers not given, bands and quartiles, what is refused, any split and order. */
#include "support/support.h"

#include <math.h>
#include <string.h>

static const char *const columns[] = {
    "person_id:code",    "hours_per_week:f64", "hours_wanted:f64", "permanent:bool", "agreement:bool",
    "new_position:bool", "shortage:bool",      "services:bool",    "reduced:bool",   "sex:code"};
/* Six jobs of five people. Permanent 2 of 4 told. Wants more: a's first (15 - 10), b (37 - 20), of a, a, b, c, e: 2 of
 * 5; 22 hours in all, mean 11. Hours 10, 20, 20, 37, 30, none: 117 of 5, mean 23.4, 117 / 37 full-time jobs. Needs
 * fewer than 37: a's both (fleksjob), d (fleksjob of unknown hours), e (wants 30), not b and c (want 37), f not told: 4
 * of 6, or 4 of the 6 of whom it is known; their known hours 10, 20, 30: mean 20, quartiles 15, 20, 25. */
static const char *const cells[] = {
    "a", "10", "15", "1", "1", "0", "", "1", "1", "f", /**/
    "a", "20", "20", "1", "1", "1", "", "1", "1", "f", /**/
    "b", "20", "37", "0", "0", "1", "", "",  "0", "m", /**/
    "c", "37", "37", "0", "",  "",  "", "0", "0", "m", /**/
    "d", "",   "",   "",  "",  "",  "", "",  "1", "f", /**/
    "e", "30", "30", "",  "",  "",  "", "",  "0", "m",
};
enum { N_COLUMNS = 10, N = 6 };

static size_t row_of(const fm_table *t, const char *quantity, const char *band)
{
  return fm_test_row(t, "quantity", quantity, band != NULL ? "band" : NULL, band, NULL, NULL);
}

static fm_table *figures(const fm_programme_jobs_spec *spec, const char *const *rows, size_t n)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, rows, n), *out;
  fm_assert_ok(fm_programme_jobs(&out, frame, spec, NULL, &err), &err);
  fm_table_destroy(frame);
  return out;
}

typedef struct expectation {
  const char *quantity, *band;
  double value, n, people;
  const char *state;
} expectation;

static void expect(const fm_table *t, const expectation *e, int n)
{
  for (int k = 0; k < n; k++) {
    size_t row = row_of(t, e[k].quantity, e[k].band);
    fm_assert_close(e[k].quantity, fm_test_number(t, "value", row), e[k].value, 1e-15, 0);
    fm_assert_close(e[k].quantity, fm_test_number(t, "n", row), e[k].n, 0, 0);
    fm_assert_close(e[k].quantity, fm_test_number(t, "people", row), e[k].people, 0, 0);
    ck_assert_msg(strcmp(fm_test_text(t, "state", row), e[k].state) == 0, "%s: %s", e[k].quantity,
                  fm_test_text(t, "state", row));
  }
}

START_TEST(hand_worked)
{
  static const expectation expected[] = {{"jobs", NULL, 6, 6, 5, "ok"},
                                         {"people", NULL, 5, 6, 5, "ok"},
                                         {"permanent", NULL, 2, 2, 1, "ok"},
                                         {"permanent_unknown", NULL, 2, 2, 2, "ok"},
                                         {"permanent_share", NULL, 0.5, 4, 3, "ok"},
                                         {"agreement", NULL, 2, 2, 1, "ok"},
                                         {"agreement_share", NULL, 2.0 / 3, 3, 2, "ok"},
                                         {"new_position", NULL, 2, 2, 2, "ok"},
                                         {"new_position_unknown", NULL, 3, 3, 3, "ok"},
                                         {"shortage", NULL, NAN, 0, 0, "not_given"},
                                         {"shortage_unknown", NULL, 6, 6, 5, "ok"},
                                         {"shortage_share", NULL, NAN, 0, 0, "not_given"},
                                         {"services_share", NULL, 2.0 / 3, 3, 2, "ok"},
                                         {"underemployed", NULL, 2, 2, 2, "ok"},
                                         {"underemployed_unknown", NULL, 1, 1, 1, "ok"},
                                         {"underemployed_share", NULL, 0.4, 5, 4, "ok"},
                                         {"hours_missed", NULL, 22, 2, 2, "ok"},
                                         {"hours_missed_mean", NULL, 11, 2, 2, "ok"},
                                         {"hours_known", NULL, 5, 5, 4, "ok"},
                                         {"hours_mean", NULL, 23.4, 5, 4, "ok"},
                                         {"fte", NULL, 117.0 / 37, 5, 4, "ok"},
                                         {"reduced", NULL, 4, 4, 3, "ok"},
                                         {"reduced_unknown", NULL, 0, 0, 0, "ok"},
                                         {"reduced_share", NULL, 4.0 / 6, 6, 5, "ok"},
                                         {"reduced_hours_known", NULL, 3, 3, 2, "ok"},
                                         {"reduced_hours_mean", NULL, 20, 3, 2, "ok"},
                                         {"reduced_hours_p25", NULL, 15, 3, 2, "ok"},
                                         {"reduced_hours_p50", NULL, 20, 3, 2, "ok"},
                                         {"reduced_hours_p75", NULL, 25, 3, 2, "ok"},
                                         {"reduced_jobs", "<=10", 1, 1, 1, "ok"},
                                         {"reduced_jobs", "10-20", 1, 1, 1, "ok"},
                                         {"reduced_jobs", "20-30", 1, 1, 1, "ok"},
                                         {"reduced_jobs", ">30", 0, 0, 0, "ok"}};
  fm_table *out = figures(NULL, cells, N);
  expect(out, expected, FM_COUNT(expected));
  /* Deviations from 11 of a and b: -6 and 6; sqrt(72 * 2 / 1) / 2 = 6. */
  fm_assert_close("error", fm_test_number(out, "std_error", row_of(out, "hours_missed_mean", NULL)), 6, 1e-15, 0);
  fm_assert_close("low", fm_test_number(out, "ci_low", row_of(out, "hours_missed_mean", NULL)), 0, 0, 0);
  fm_table_destroy(out);
}
END_TEST

/* Nobody told anything but that the job is no fleksjob; nobody at all; and nobody who needs fewer hours. */
START_TEST(nothing_told)
{
  static const char *const silent[] = {"a", "", "", "", "", "", "", "", "0", "f"};
  static const char *const full[] = {"a", "37", "37", "", "", "", "", "", "0", "f"};
  static const char *const unsaid[] = {"a", "", "", "", "", "", "", "", "1", "f"};
  static const char *const names[] = {"hours_missed", "hours_missed_mean", "reduced_hours_mean", "reduced_hours_p50"};
  static const char *const states[4][4] = {{"not_given", "not_given", "not_given", "not_given"},
                                           {"ok", "empty", "empty", "empty"},
                                           {"not_given", "not_given", "not_given", "not_given"},
                                           {"empty", "empty", "empty", "empty"}};
  const char *const *rows[] = {silent, full, unsaid, silent};
  static const char *const bands[] = {"not_given", "empty", "not_given", "empty"};
  for (int i = 0; i < 4; i++) {
    fm_table *out = figures(NULL, rows[i], i < 3 ? 1 : 0);
    for (int k = 0; k < 4; k++) {
      const char *state = fm_test_text(out, "state", row_of(out, names[k], NULL));
      ck_assert_msg(strcmp(state, states[i][k]) == 0, "%d %s: %s", i, names[k], state);
    }
    ck_assert_str_eq(fm_test_text(out, "state", row_of(out, "reduced_jobs", "<=10")), bands[i]);
    ck_assert_str_eq(fm_test_text(out, "state", row_of(out, "permanent", NULL)), i < 3 ? "not_given" : "empty");
    fm_table_destroy(out);
  }
}
END_TEST

/* A frame may lack all but people and hours. */
START_TEST(few_columns)
{
  static const char *const two[] = {"person_id:code", "hours_per_week:f64"}, *const row[] = {"a", "12", "b", "12"};
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(two, 2, row, 2), *out;
  fm_assert_ok(fm_programme_jobs(&out, frame, NULL, NULL, &err), &err);
  ck_assert_str_eq(fm_test_text(out, "state", row_of(out, "agreement_share", NULL)), "not_given");
  fm_assert_close("hours", fm_test_number(out, "value", row_of(out, "hours_mean", NULL)), 12, 0, 0);
  fm_assert_close("no spread", fm_test_number(out, "std_error", row_of(out, "hours_mean", NULL)), 0, 0, 0);
  fm_table_destroy(out);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(own_bands)
{
  fm_programme_jobs_spec spec = FM_PROGRAMME_JOBS_SPEC_INIT;
  spec.bands = "7.5,30";
  spec.full_time_hours = 40; /* b and c, who want 37, need fewer than 40, too */
  fm_table *out = figures(&spec, cells, N);
  static const expectation expected[] = {{"reduced", NULL, 6, 6, 5, "ok"},
                                         {"reduced_jobs", "<=7.5", 0, 0, 0, "ok"},
                                         {"reduced_jobs", "7.5-30", 4, 4, 3, "ok"},
                                         {"reduced_jobs", ">30", 1, 1, 1, "ok"},
                                         {"fte", NULL, 117.0 / 40, 5, 4, "ok"}};
  expect(out, expected, FM_COUNT(expected));
  fm_table_destroy(out);
}
END_TEST

START_TEST(wrong)
{
  static const struct {
    int column;
    const char *cell, *message;
  } row[] = {{1, "-1", "column hours_per_week, row 0: expected hours from 0 to 168"},
             {2, "169", "column hours_wanted, row 0: expected hours from 0 to 168"},
             {0, "", "column person_id, row 0: expected a person"}};
  const char *one[N_COLUMNS];
  memcpy(one, cells, sizeof one);
  one[row[_i].column] = row[_i].cell;
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, one, 1), *out = NULL;
  ck_assert_int_eq(fm_programme_jobs(&out, frame, NULL, NULL, &err), FM_ERR_VALUE);
  ck_assert_msg(strstr(err.message, row[_i].message) != NULL, "%s", err.message);
  fm_table_destroy(frame);
}
END_TEST

/* A flag that is neither yes nor no, in a column of numbers. */
START_TEST(no_flag)
{
  static const char *const some[] = {"person_id:code", "hours_per_week:f64", "permanent:f64"};
  static const char *const row[] = {"a", "12", "2"};
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(some, 3, row, 1), *out = NULL;
  ck_assert_int_eq(fm_programme_jobs(&out, frame, NULL, NULL, &err), FM_ERR_VALUE);
  ck_assert_str_eq(err.message, "column permanent, row 0: expected yes, no, or a blank where it is not told; found 2");
  fm_table_destroy(frame);
}
END_TEST

START_TEST(bad_spec)
{
  static const struct {
    const char *bands, *message;
    double full_time, level;
  } row[] = {{"10,5", "bands: expected 1 to 16 rising hours", 37, 0.95},
             {"", "bands: expected 1 to 16 rising hours", 37, 0.95},
             {NULL, "bands: expected 1 to 16 rising hours", 37, 0.95},
             {"10,x", "bands: expected 1 to 16 rising hours", 37, 0.95},
             {"0", "bands: expected 1 to 16 rising hours", 37, 0.95},
             {"169", "bands: expected 1 to 16 rising hours", 37, 0.95},
             {"1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17", "bands: expected 1 to 16 rising hours", 37, 0.95},
             {"10", "full_time_hours: expected hours a week above 0", 0, 0.95},
             {"10", "full_time_hours: expected hours a week above 0", NAN, 0.95},
             {"10", "level is expected between 0 and 1", 37, 2}};
  fm_programme_jobs_spec spec;
  fm_error err = FM_ERROR_INIT;
  fm_tally *t = NULL;
  fm_programme_jobs_spec_init(&spec, sizeof spec);
  spec.bands = row[_i].bands;
  spec.full_time_hours = row[_i].full_time;
  spec.level = row[_i].level;
  ck_assert_int_eq(fm_programme_jobs_tally(&t, &spec, &err), FM_ERR_ARGUMENT);
  ck_assert_msg(strstr(err.message, row[_i].message) != NULL, "%s", err.message);
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_programme_jobs_spec spec = FM_PROGRAMME_JOBS_SPEC_INIT;
  spec.by = ctx;
  return fm_programme_jobs_tally(out, &spec, err);
}

START_TEST(promises)
{
  char by[] = "sex";
  fm_test_promises(&(fm_test_measure){create, NULL, columns, N_COLUMNS, cells, N});
  fm_test_promises(&(fm_test_measure){create, by, columns, N_COLUMNS, cells, N});
}
END_TEST

int main(void)
{
  Suite *s = suite_create("programme-jobs");
  TCase *t = tcase_create("jobs");
  tcase_add_test(t, hand_worked);
  tcase_add_test(t, nothing_told);
  tcase_add_test(t, few_columns);
  tcase_add_test(t, own_bands);
  tcase_add_loop_test(t, wrong, 0, 3);
  tcase_add_test(t, no_flag);
  tcase_add_loop_test(t, bad_spec, 0, 10);
  tcase_add_test(t, promises);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
