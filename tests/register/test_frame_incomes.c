/* Frames of the gain of the lowest: by hand, ties and weights at the cut, what is left out, what is refused. The other
 * frames of incomes are tested beside goals. */
#include "register/frame_data.h"

/* Both incomes are known of A to E; 40 per cent of five people are two, the second is at 200, where B and D are equal.
 */
static const source people[] = {
    {"persons", "person_id,sex,weight\nA,female,1\nB,male,1\nC,male,1\nD,female,1\nE,female,1\nF,male,1\nG,male,1\n"},
    {"incomes", "person_id,period,income\nA,2022,100\nA,2024,150\nB,2022,200\nB,2024,180\nC,2022,300\nC,2024,300\n"
                "D,2022,200\nD,2024,260\nE,2022,500\nE,2024,500\nF,2022,50\nG,2024,60\n"}};

START_TEST(by_hand)
{
  fm_frame_spec s = frame_spec("income_gain", 2025, 1, 1);
  expect_frame("gain", people, 2, &s, "person_id,gain,participant,weight\nA,50,-,1\nB,-20,-,1\nD,60,-,1\n");
  fm_register *r = register_of(people, 2, false);
  fm_table *t = frame_of(r, &s);
  expect_note(t, "rows_without_income", "2");
  expect_note(t, "rows_above_the_lowest", "2");
  expect_note(t, "period_0", "2022");
  expect_note(t, "period_1", "2024");
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

/* A stands for three of seven people: the lowest 40 per cent end within A's weight. Participants and groups are told.
 */
START_TEST(weighted)
{
  const source told[] = {{"persons", "person_id,sex\nA,female\nB,male\nC,male\nD,female\nE,female\n"},
                         {"incomes",
                          "person_id,period,income,weight\nA,2022,100,3\nA,2024,150,1\nB,2022,200,1\nB,2024,180,9\n"
                          "C,2022,300,1\nC,2024,300,1\nD,2022,200,1\nD,2024,260,1\nE,2022,500,1\nE,2024,500,1\n"},
                         {"initiatives", "initiative_id,start\nt,2020-01-01\n"},
                         {"participants", "initiative_id,person_id\nt,A\n"}};
  fm_frame_spec s = frame_spec("income_gain", 2025, 1, 1);
  s.by = "sex";
  expect_frame("weights", told, 4, &s, "person_id,gain,participant,weight,sex\nA,50,yes,3,female\n");
  s.participants = "none of them";
  fm_error err = FM_ERROR_INIT;
  fm_register *r = register_of(told, 4, false);
  fm_table *t;
  ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, &err), FM_ERR_NOT_FOUND);
  fm_error_clear(&err);
  s.participants = NULL;
  s.period_1 = 2023;
  ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "2023"));
  fm_register_destroy(r);
}
END_TEST

static fm_status make(void *ctx, fm_error *err)
{
  fm_frame_spec s = frame_spec("income_gain", 2025, 1, 1);
  fm_table *t = NULL;
  s.by = "sex";
  fm_status status = fm_register_frame(&t, ctx, &s, NULL, err);
  fm_table_destroy(t);
  return status;
}

START_TEST(without_memory)
{
  fm_register *r = register_of(people, 2, false);
  ck_assert_int_gt(fm_test_allocations(make, r), 15);
  fm_register_destroy(r);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("frame incomes");
  TCase *c = tcase_create("gain");
  tcase_add_test(c, by_hand);
  tcase_add_test(c, weighted);
  tcase_add_test(c, without_memory);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
