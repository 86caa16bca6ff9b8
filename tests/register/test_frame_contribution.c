/* Frames of a programme's contribution: people by hand, what the data do not have, what is refused. */
#include "register/frame_data.h"

/* As of 1 January 2025; incomes of 2022 and 2024. A joined twice, first on 1 June 2023, from a state of work of 10
 * hours; two jobs now. B was refused by one initiative and joined the other; now only a state says the work, twice. C
 * joined without a job before or after; income of one year. D left the country. E takes no part. F: hours of one job
 * not known. */
static const source people[] = {
    {"persons", "person_id,observed_to\nA,\nB,\nC,\nD,2024-06-30\nE,\nF,\n"},
    {"participants", "initiative_id,person_id,decision,joined_on\n"
                     "T,A,accepted,2024-02-01\nT,A,accepted,2023-06-01\nT,B,declined,2023-01-01\n"
                     "U,B,accepted,2023-09-01\nT,C,accepted,2023-03-01\nT,D,accepted,2023-04-01\n"
                     "T,E,rejected,\nT,F,accepted,2023-05-01\n"},
    {"initiatives", "initiative_id,kind,start\nT,task_force,2023-01-01\nU,course,2023-01-01\n"},
    {"placements", "placement_id,person_id,kind,start,end,hours_per_week\n"
                   "1,A,ordinary,2024-03-01,,20\n2,A,fleksjob,2024-06-01,,5\n3,A,internship,2023-05-01,2023-06-30,30\n"
                   "4,D,ordinary,2023-05-01,,37\n5,F,ordinary,2024-01-01,,8\n6,F,ordinary,2024-01-01,,\n"},
    {"spells", "person_id,start,end,state,hours_per_week\n"
               "A,2023-01-01,2023-06-15,employment,10\nA,2024-03-01,,employment,25\nB,2024-01-01,,employment,12\n"
               "B,2024-02-01,,employment,15\nC,2020-01-01,,cash_benefit,\n"},
    {"incomes", "person_id,period,income\nA,2022,100\nA,2024,180\nB,2022,90\nB,2024,95\nC,2022,80\nE,2024,300\n"},
};
#define PEOPLE people, FM_COUNT(people)
#define HEAD "person_id,income_0,income_1,employed_0,employed_1,hours_0,hours_1,participant,weight\n"

START_TEST(by_hand)
{
  fm_frame_spec s = frame_spec("contribution", 2025, 1, 1);
  expect_frame("all", PEOPLE, &s,
               HEAD "A,100,180,yes,yes,10,25,yes,1\n"
                    "B,90,95,no,yes,0,15,yes,1\n"
                    "C,80,-,no,no,0,0,yes,1\n"
                    "D,-,-,no,-,0,-,yes,1\n"
                    "E,-,300,-,no,-,0,no,1\n"
                    "F,-,-,no,yes,0,-,yes,1\n");
  s.participants = "T";
  s.filter = "participant = 1";
  expect_frame("of one initiative", PEOPLE, &s,
               HEAD "A,100,180,yes,yes,10,25,yes,1\n"
                    "C,80,-,no,no,0,0,yes,1\n"
                    "D,-,-,no,-,0,-,yes,1\n"
                    "F,-,-,no,yes,0,-,yes,1\n");
}
END_TEST

/* Without participants all take part, from their first placement on; without spells nothing is known of the time
 * before; without incomes there are none. */
START_TEST(fewer_tables)
{
  fm_frame_spec s = frame_spec("contribution", 2025, 1, 1);
  source some[] = {people[0], people[3], people[4]};
  expect_frame("no participants", some, 3, &s,
               HEAD "A,-,-,yes,yes,10,25,yes,1\n"
                    "B,-,-,-,yes,-,15,yes,1\n"
                    "C,-,-,-,no,-,0,yes,1\n"
                    "D,-,-,no,-,0,-,yes,1\n"
                    "E,-,-,-,no,-,0,yes,1\n"
                    "F,-,-,no,yes,0,-,yes,1\n");
  expect_frame("no spells", some, 2, &s,
               HEAD "A,-,-,-,yes,-,25,yes,1\n"
                    "B,-,-,-,no,-,0,yes,1\n"
                    "C,-,-,-,no,-,0,yes,1\n"
                    "D,-,-,-,-,-,-,yes,1\n"
                    "E,-,-,-,no,-,0,yes,1\n"
                    "F,-,-,-,yes,-,-,yes,1\n");
}
END_TEST

START_TEST(wrong)
{
  fm_error err = FM_ERROR_INIT;
  fm_frame_spec s = frame_spec("contribution", 2025, 1, 1);
  fm_register *r = register_of(PEOPLE, false);
  fm_table *t = NULL;
  s.participants = "V";
  ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_str_eq(err.message, "participants: there is no initiative \"V\"");
  fm_error_clear(&err);
  s.participants = NULL;
  s.period_0 = 2021;
  ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_str_eq(err.message, "no income of the period 2021 is in the data");
  fm_error_clear(&err);
  fm_register_destroy(r);
}
END_TEST

START_TEST(memory)
{
  fm_frame_spec s = frame_spec("contribution", 2025, 1, 1);
  expect_memory(PEOPLE, &s);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-frame_contribution");
  TCase *t = tcase_create("contribution");
  tcase_add_test(t, by_hand);
  tcase_add_test(t, fewer_tables);
  tcase_add_test(t, wrong);
  tcase_add_test(t, memory);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
