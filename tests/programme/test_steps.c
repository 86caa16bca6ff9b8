/* Stepping stones: by hand, nobody known yet, what is refused, any split and order. */
#include "support/support.h"

#include <math.h>
#include <string.h>

static const char *const columns[] = {"person_id:code", "from:code",          "to:code", "horizon_months:i32",
                                      "moved:bool",     "same_employer:bool", "sex:code"};
/* Five interns. Within 12 months the months of a, b, c and d are over: a and b went on, a with the same employer, b's
 * is not told: 2 of 4. Within 24 months those of a and b are: both went on, to another employer. To a fleksjob nobody's
 * months are over. */
static const char *const cells[] = {
    "a", "internship", "ordinary", "12", "1", "1", "f", /**/
    "b", "internship", "ordinary", "12", "1", "",  "m", /**/
    "c", "internship", "ordinary", "12", "0", "",  "f", /**/
    "d", "internship", "ordinary", "12", "0", "",  "m", /**/
    "e", "internship", "ordinary", "12", "",  "",  "f", /**/
    "a", "internship", "ordinary", "24", "1", "0", "f", /**/
    "b", "internship", "ordinary", "24", "1", "0", "m", /**/
    "e", "internship", "fleksjob", "12", "",  "",  "f",
};
enum { N_COLUMNS = 7, N = 8 };

static size_t row_of(const fm_table *t, const char *to, int32_t months, const char *quantity)
{
  size_t horizon = (size_t)fm_table_column_index(t, "horizon_months");
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    if (strcmp(fm_test_text(t, "to", i), to) == 0 && fm_table_i32(t, horizon)[i] == months &&
        strcmp(fm_test_text(t, "quantity", i), quantity) == 0)
      return i;
  ck_abort_msg("no %s %d %s", to, months, quantity);
  return 0;
}

START_TEST(hand_worked)
{
  static const struct {
    const char *quantity, *to;
    int32_t months;
    double value, n;
    const char *state;
  } expected[] = {
      {"first_placements", "ordinary", 12, 5, 5, "ok"},
      {"not_known_yet", "ordinary", 12, 1, 1, "ok"},
      {"known", "ordinary", 12, 4, 4, "ok"},
      {"moved", "ordinary", 12, 2, 2, "ok"},
      {"moved_share", "ordinary", 12, 0.5, 4, "ok"},
      {"same_employer", "ordinary", 12, 1, 1, "ok"},
      {"other_employer", "ordinary", 12, 0, 0, "ok"},
      {"employer_not_told", "ordinary", 12, 1, 1, "ok"},
      {"moved_share", "ordinary", 24, 1, 2, "ok"},
      {"other_employer", "ordinary", 24, 2, 2, "ok"},
      {"first_placements", "fleksjob", 12, 1, 1, "ok"},
      {"not_known_yet", "fleksjob", 12, 1, 1, "ok"},
      {"known", "fleksjob", 12, 0, 0, "ok"},
      {"moved", "fleksjob", 12, NAN, 0, "censored"},
      {"moved_share", "fleksjob", 12, NAN, 0, "censored"},
      {"same_employer", "fleksjob", 12, NAN, 0, "censored"},
  };
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, N), *out;
  fm_assert_ok(fm_programme_steps(&out, frame, NULL, NULL, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(out), 3 * 8);
  for (int k = 0; k < FM_COUNT(expected); k++) {
    size_t row = row_of(out, expected[k].to, expected[k].months, expected[k].quantity);
    fm_assert_close(expected[k].quantity, fm_test_number(out, "value", row), expected[k].value, 0, 0);
    fm_assert_close("n", fm_test_number(out, "n", row), expected[k].n, 0, 0);
    fm_assert_close("people", fm_test_number(out, "people", row), expected[k].n, 0, 0);
    ck_assert_str_eq(fm_test_text(out, "state", row), expected[k].state);
  }
  /* Wilson of 2 of 4: centre (0.5 + z^2/8) / (1 + z^2/4) = 0.5, half z/(1 + z^2/4) sqrt(0.0625 + z^2/64), z = 1.959964
   */
  size_t share = row_of(out, "ordinary", 12, "moved_share");
  fm_assert_close("low", fm_test_number(out, "ci_low", share), 0.15003898915214947, 1e-12, 0);
  fm_assert_close("high", fm_test_number(out, "ci_high", share), 0.8499610108478506, 1e-12, 0);
  fm_table_destroy(out);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(nothing)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, 0), *out;
  fm_assert_ok(fm_programme_steps(&out, frame, NULL, NULL, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(out), 0); /* no kind of step: no row */
  fm_table_destroy(out);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(wrong)
{
  static const struct {
    const char *horizon, *moved, *same, *person, *message;
  } row[] = {{"-1", "1", "", "a", "column horizon_months, row 0: expected a whole number of months from 0 to 65535"},
             {"70000", "1", "", "a", "column horizon_months, row 0: expected a whole number"},
             {"12", "0", "1", "a", "column same_employer, row 0: expected yes or no of those who moved"},
             {"12", "", "0", "a", "column same_employer, row 0: expected yes or no of those who moved"},
             {"12", "1", "0", "", "column person_id, row 0: expected a person"}};
  const char *one[] = {row[_i].person, "internship", "ordinary", row[_i].horizon, row[_i].moved, row[_i].same, "f"};
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, one, 1), *out = NULL;
  ck_assert_int_eq(fm_programme_steps(&out, frame, NULL, NULL, &err), FM_ERR_VALUE);
  ck_assert_msg(strstr(err.message, row[_i].message) != NULL, "%s", err.message);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(bad_spec)
{
  fm_programme_steps_spec spec;
  fm_tally *t = NULL;
  fm_error err = FM_ERROR_INIT;
  fm_programme_steps_spec_init(&spec, sizeof spec);
  fm_assert_close("level", spec.level, 0.95, 0, 0);
  spec.level = 1;
  ck_assert_int_eq(fm_programme_steps_tally(&t, &spec, &err), FM_ERR_ARGUMENT);
  ck_assert_str_eq(err.message, "programme.steps: level is expected between 0 and 1");
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_programme_steps_spec spec = FM_PROGRAMME_STEPS_SPEC_INIT;
  spec.by = ctx;
  return fm_programme_steps_tally(out, &spec, err);
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
  Suite *s = suite_create("programme-steps");
  TCase *t = tcase_create("steps");
  tcase_add_test(t, hand_worked);
  tcase_add_test(t, nothing);
  tcase_add_loop_test(t, wrong, 0, 5);
  tcase_add_test(t, bad_spec);
  tcase_add_test(t, promises);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
