/* Offers with companies: by hand, what is refused, any split and order. */
#include "support/support.h"

#include <math.h>
#include <string.h>

static const char *const columns[] = {"person_id:code", "month:code", "benefit_days:i32", "offer_days:i32", "sex:code"};
/* a: 10 of 61 days; b: 0 of 30; c: 20 of 20. 30 of 111 days; 2 of 3 people. Deviations a_i - R b_i with R = 30/111:
 * 10 - 61R = -6.486486, -30R = -8.108108, 20 - 20R = 14.594595; their squares add up to 320.818115; times 3/2 is
 * 481.227173; the root over 111 is 0.197629. t with 2 degrees 4.302653: half 0.850330, limits 0 and 1. */
static const char *const cells[] = {
    "a", "2024-01", "31", "10", "f", /**/
    "a", "2024-02", "30", "0",  "f", /**/
    "b", "2024-01", "30", "0",  "m", /**/
    "c", "2024-01", "20", "20", "m",
};
enum { N_COLUMNS = 5, N = 4 };

static double number(const fm_table *t, const char *quantity, const char *column)
{
  return fm_test_number(t, column, fm_test_row(t, "quantity", quantity, NULL, NULL, NULL, NULL));
}

START_TEST(hand_worked)
{
  static const struct {
    const char *quantity;
    double value, n, people;
  } expected[] = {{"people", 3, 3, 3},         {"in_offers", 2, 2, 2},   {"in_offers_share", 2.0 / 3, 3, 3},
                  {"benefit_days", 111, 4, 3}, {"offer_days", 30, 2, 2}, {"offer_degree", 30.0 / 111, 4, 3}};
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, N), *out;
  fm_assert_ok(fm_programme_offers(&out, frame, NULL, NULL, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(out), sizeof expected / sizeof expected[0]);
  for (int k = 0; k < FM_COUNT(expected); k++) {
    fm_assert_close(expected[k].quantity, number(out, expected[k].quantity, "value"), expected[k].value, 1e-15, 0);
    fm_assert_close("n", number(out, expected[k].quantity, "n"), expected[k].n, 0, 0);
    fm_assert_close("people", number(out, expected[k].quantity, "people"), expected[k].people, 0, 0);
  }
  fm_assert_close("error", number(out, "offer_degree", "std_error"), 0.197629, 0, 1e-6);
  fm_assert_close("low", number(out, "offer_degree", "ci_low"), 0, 0, 0);
  fm_assert_close("high", number(out, "offer_degree", "ci_high"), 1, 0, 0);
  fm_table_destroy(out);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(one_person)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, 2), *out;
  fm_assert_ok(fm_programme_offers(&out, frame, NULL, NULL, &err), &err);
  fm_assert_close("degree", number(out, "offer_degree", "value"), 10.0 / 61, 1e-15, 0);
  ck_assert(isnan(number(out, "offer_degree", "std_error")));
  fm_table_destroy(out);
  fm_table_destroy(frame);
  frame = fm_test_table(columns, N_COLUMNS, cells, 0);
  fm_assert_ok(fm_programme_offers(&out, frame, NULL, NULL, &err), &err);
  fm_assert_close("nobody", number(out, "people", "value"), 0, 0, 0);
  ck_assert_str_eq(fm_test_text(out, "state", fm_test_row(out, "quantity", "offer_degree", NULL, NULL, NULL, NULL)),
                   "empty");
  ck_assert_str_eq(fm_test_text(out, "state", fm_test_row(out, "quantity", "in_offers_share", NULL, NULL, NULL, NULL)),
                   "empty");
  fm_table_destroy(out);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(wrong)
{
  static const struct {
    const char *benefit, *offer, *message;
  } row[] = {{"0", "0", "column benefit_days, row 0: expected a whole number of days from 1 to 366"},
             {"367", "0", "column benefit_days, row 0: expected"},
             {"", "0", "column benefit_days, row 0: expected"},
             {"30", "31", "column offer_days, row 0: expected a whole number of days, at most those of benefit_days"},
             {"30", "-1", "column offer_days, row 0: expected"}};
  const char *one[] = {"a", "2024-01", row[_i].benefit, row[_i].offer, "f"};
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, one, 1), *out = NULL;
  ck_assert_int_eq(fm_programme_offers(&out, frame, NULL, NULL, &err), FM_ERR_VALUE);
  ck_assert_msg(strstr(err.message, row[_i].message) != NULL, "%s", err.message);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(bad_spec)
{
  fm_programme_offers_spec spec;
  fm_tally *t = NULL;
  fm_error err = FM_ERROR_INIT;
  fm_programme_offers_spec_init(&spec, sizeof spec);
  spec.level = 0;
  ck_assert_int_eq(fm_programme_offers_tally(&t, &spec, &err), FM_ERR_ARGUMENT);
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_programme_offers_spec spec = FM_PROGRAMME_OFFERS_SPEC_INIT;
  spec.by = ctx;
  return fm_programme_offers_tally(out, &spec, err);
}

START_TEST(promises)
{
  char by[] = "sex,month";
  fm_test_promises(&(fm_test_measure){create, NULL, columns, N_COLUMNS, cells, N});
  fm_test_promises(&(fm_test_measure){create, by, columns, N_COLUMNS, cells, N});
}
END_TEST

int main(void)
{
  Suite *s = suite_create("programme-offers");
  TCase *t = tcase_create("offers");
  tcase_add_test(t, hand_worked);
  tcase_add_test(t, one_person);
  tcase_add_loop_test(t, wrong, 0, 5);
  tcase_add_test(t, bad_spec);
  tcase_add_test(t, promises);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
