/* From referral to start: a small programme by hand. */
#include "register/frame_data.h"

/* As of 1 July 2024. A is referred on 1 January and starts on 11 January, in two jobs of which the shorter id is taken;
 * a second referral on 1 February is not answered in the 150 days to 30 June. B is an intern from 15 January, which is
 * no work, and starts a fleksjob on 1 March, 60 days after 1 January 2024. C starts on the day of referral. D is
 * observed until 31 March only: 90 days from 1 January. E is observed from 1 February: 31 days late, start on day 91. F
 * has begun before being observed. G is not referred, H referred later. */
static const source programme_of_referrals[] = {
    {"persons",
     "person_id,observed_from,observed_to\nA,,\nB,,\nC,,\nD,,2024-03-31\nE,2024-02-01,\nF,2024-02-01,\nG,,\nH,,\n"},
    {"employers", "employer_id,sector\nP,private\nQ,public\n"},
    {"placements", "placement_id,person_id,employer_id,kind,start,end\n"
                   "1,A,P,ordinary,2023-12-01,2023-12-31\n"
                   "22,A,Q,fleksjob,2024-01-11,2024-01-20\n"
                   "3,A,P,ordinary,2024-01-11,2024-01-31\n"
                   "4,B,P,internship,2024-01-15,\n"
                   "5,B,Q,fleksjob,2024-03-01,\n"
                   "6,C,P,ordinary,2024-01-01,\n"
                   "7,D,P,ordinary,2024-05-01,\n"
                   "8,E,P,ordinary,2024-04-01,\n"
                   "9,F,P,ordinary,2024-01-15,\n"},
    {"initiatives", "initiative_id,kind,start\nI,task_force,2020-01-01\n"},
    {"participants", "initiative_id,person_id,referred_on\n"
                     "I,A,2024-01-01\nI,A,2024-02-01\nI,B,2024-01-01\nI,C,2024-01-01\nI,D,2024-01-01\n"
                     "I,E,2024-01-01\nI,F,2024-01-01\nI,G,\nI,H,2024-08-01\n"},
};
#define REFERRALS programme_of_referrals, FM_COUNT(programme_of_referrals)

START_TEST(by_hand)
{
  fm_frame_spec s = frame_spec("survival", 2024, 7, 1);
  s.index = "referral";
  s.by = "sector";
  expect_frame("referral", REFERRALS, &s,
               "person_id,entry_days,time_days,event,cause,weight,sector\n"
               "A,0,10,yes,ordinary,1,private\n"
               "A,0,150,no,-,1,unknown\n"
               "B,0,60,yes,fleksjob,1,public\n"
               "C,0,0,yes,ordinary,1,private\n"
               "D,0,90,no,-,1,unknown\n"
               "E,31,91,yes,ordinary,1,private\n");
  fm_register *r = register_of(REFERRALS, false);
  fm_table *t = frame_of(r, &s);
  expect_note(t, "definition", "referral_to_start");
  expect_note(t, "rows_not_referred", "1");
  expect_note(t, "rows_after_as_of", "1");
  expect_note(t, "rows_not_observed", "1");
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

START_TEST(wrong)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r = register_of(REFERRALS, false), *without = register_of(programme_of_referrals, 3, false);
  fm_frame_spec s = frame_spec("status", 2024, 7, 1);
  fm_table *t = NULL;
  s.index = "referral";
  ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_nonnull(strstr(err.message, "belongs to a frame of survival"));
  fm_error_clear(&err);
  s.kind = "survival";
  s.gap_days = 14;
  ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_nonnull(strstr(err.message, "same_employer and gap_days must be 0"));
  fm_error_clear(&err);
  s.gap_days = 0;
  ck_assert_int_eq(fm_register_frame(&t, without, &s, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "needs the table participants"));
  ck_assert_ptr_null(t);
  fm_register_destroy(r);
  fm_register_destroy(without);
}
END_TEST

START_TEST(memory)
{
  fm_frame_spec s = frame_spec("survival", 2024, 7, 1);
  s.index = "referral";
  expect_memory(REFERRALS, &s);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-frame_referral");
  TCase *t = tcase_create("referral");
  tcase_add_test(t, by_hand);
  tcase_add_test(t, wrong);
  tcase_add_test(t, memory);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
