/* programme.decisions on applications by hand. */
#include "support/support.h"

#include <math.h>
#include <string.h>

static const char *const columns[] = {"person_id:code", "applied:bool", "decision:code", "decisions_given:bool",
                                      "sex:code"};
/* a is accepted at the second try; b took no; c was rejected without a day of application; d is not decided; e never
 * applied; f's word is none of the three. Applications: 6 of 5 people; decided 4 of 3 people. */
static const char *const cells[] = {"a", "1", "rejected", "1",        "f", "a",     "1", "accepted", "1",
                                    "f", "b", "1",        "declined", "1", "m",     "c", "0",        "rejected",
                                    "1", "m", "d",        "1",        "",  "1",     "f", "e",        "0",
                                    "",  "1", "m",        "f",        "1", "maybe", "1", "m"};
enum { WIDE = 5, N = FM_COUNT(cells) / WIDE };

START_TEST(by_hand)
{
  static const struct {
    const char *quantity;
    double value, n, people;
  } cases[] = {{"applied", 6, 6, 5},         {"accepted", 1, 1, 1},         {"declined", 1, 1, 1},
               {"rejected", 2, 2, 2},        {"undecided", 2, 2, 2},        {"not_applied", 1, 1, 1},
               {"offered_share", 0.5, 4, 3}, {"accepted_share", 0.25, 4, 3}};
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, WIDE, cells, N), *out;
  fm_assert_ok(fm_programme_decisions(&out, frame, NULL, NULL, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(out), FM_COUNT(cases));
  for (size_t i = 0; i < FM_COUNT(cases); i++) {
    ck_assert_str_eq(fm_test_text(out, "quantity", i), cases[i].quantity);
    fm_assert_close(cases[i].quantity, fm_test_number(out, "value", i), cases[i].value, 0, 0);
    fm_assert_close(cases[i].quantity, fm_test_number(out, "n", i), cases[i].n, 0, 0);
    fm_assert_close(cases[i].quantity, fm_test_number(out, "people", i), cases[i].people, 0, 0);
  }
  fm_table_destroy(out);
  fm_programme_initiatives_spec spec = FM_PROGRAMME_INITIATIVES_SPEC_INIT;
  spec.by = "sex";
  fm_assert_ok(fm_programme_decisions(&out, frame, &spec, NULL, &err), &err);
  size_t row = fm_test_row(out, "sex", "m", "quantity", "accepted_share", NULL, NULL);
  fm_assert_close("men", fm_test_number(out, "value", row), 0, 0, 0);
  fm_table_destroy(out);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(no_decisions)
{
  static const char *const none[] = {"a", "1", "", "0", "f"};
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, WIDE, none, 1), *out;
  fm_assert_ok(fm_programme_decisions(&out, frame, NULL, NULL, &err), &err);
  fm_assert_close("applied", fm_test_number(out, "value", 0), 1, 0, 0);
  for (size_t i = 1; i < 8; i++)
    ck_assert_str_eq(fm_test_text(out, "state", i), i == 5 ? "ok" : "not_given");
  fm_table_destroy(out);
  fm_table_destroy(frame);
  frame = fm_test_table(columns, WIDE, none, 0);
  fm_assert_ok(fm_programme_decisions(&out, frame, NULL, NULL, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(out), 8);
  fm_table_destroy(out);
  fm_table_destroy(frame);
  for (size_t k = 1; k < 4; k++) {
    frame = fm_test_table(columns, k, cells, 0);
    ck_assert_int_eq(fm_programme_decisions(&out, frame, NULL, NULL, &err), FM_ERR_NOT_FOUND);
    fm_error_clear(&err);
    fm_table_destroy(frame);
  }
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_programme_initiatives_spec spec = FM_PROGRAMME_INITIATIVES_SPEC_INIT;
  spec.by = ctx;
  return fm_programme_decisions_tally(out, &spec, err);
}

START_TEST(promises)
{
  char by[] = "sex";
  fm_test_promises(&(fm_test_measure){create, NULL, columns, WIDE, cells, N});
  fm_test_promises(&(fm_test_measure){create, by, columns, WIDE, cells, N});
}
END_TEST

int main(void)
{
  Suite *s = suite_create("programme-decisions");
  TCase *t = tcase_create("decisions");
  tcase_add_test(t, by_hand);
  tcase_add_test(t, no_decisions);
  tcase_add_test(t, promises);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
