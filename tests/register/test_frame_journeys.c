/* Journeys by hand, as of 1 July 2024; tests/register/initiative_data.h has the tables. */
#include "register/initiative_data.h"

/* A: referred on 10 January, contact after 10 days, joined on 1 February, job of 37 hours on 1 March, after 51 and 29
 * days. B joined on 10 February and again on 1 May; job on 1 June. F took no. H was contacted the day before being
 * referred on 4 January; the job of 15 January tells no hours and the next has none, so the first hours are those of 20
 * June: 168 days after the referral, 162 after joining on 10 January. */
START_TEST(by_hand)
{
  fm_frame_spec s = frame_spec("journeys", 2024, 7, 1);
  expect_frame("journeys", BY_HAND, &s,
               "person_id,leg,entry_days,time_days,event,weight\n"
               "A,joining_to_hours,0,29,yes,1\n"
               "A,joining_to_start,0,29,yes,1\n"
               "A,referral_to_contact,0,10,yes,1\n"
               "A,referral_to_hours,0,51,yes,1\n"
               "A,referral_to_start,0,51,yes,1\n"
               "B,joining_to_hours,0,112,yes,1\n"
               "B,joining_to_hours,0,31,yes,1\n"
               "B,joining_to_start,0,112,yes,1\n"
               "B,joining_to_start,0,31,yes,1\n"
               "H,joining_to_hours,0,162,yes,1\n"
               "H,joining_to_start,0,5,yes,1\n"
               "H,referral_to_hours,0,168,yes,1\n"
               "H,referral_to_start,0,11,yes,1\n");
  fm_register *r = register_of(BY_HAND, false);
  fm_table *t = frame_of(r, &s);
  expect_note(t, "legs_contact_before_referral", "1");
  expect_note(t, "legs_after_as_of", "3");
  expect_note(t, "definition", "journeys");
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

/* W is referred on 1 March and waits until the last day, 121 days; X is observed from 1 April, 31 days late; Y until 31
 * May only, 91 days, and hears of the job of 10 June no more; Z was referred and contacted before being observed. */
static const source waiting[] = {
    {"persons",
     "person_id,observed_from,observed_to,weight\nW,,,2\nX,2024-04-01,,1\nY,,2024-05-31,1\nZ,2024-04-01,,1\n"},
    {"placements", "placement_id,person_id,kind,start\n1,Y,ordinary,2024-06-10\n2,X,internship,2024-04-10\n"},
    {"initiatives", "initiative_id,start\nI,2024-01-01\n"},
    {"participants",
     "initiative_id,person_id,referred_on,first_contact_on\n"
     "I,W,2024-03-01,2024-07-01\nI,X,2024-03-01,\nI,Y,2024-03-01,2024-03-01\nI,Z,2024-03-01,2024-03-20\n"},
};

START_TEST(still_waiting)
{
  fm_frame_spec s = frame_spec("journeys", 2024, 7, 1);
  expect_frame("waiting", waiting, FM_COUNT(waiting), &s,
               "person_id,leg,entry_days,time_days,event,weight\n"
               "W,referral_to_contact,0,121,no,2\n"
               "W,referral_to_start,0,121,no,2\n"
               "X,referral_to_contact,31,121,no,1\n"
               "X,referral_to_start,31,121,no,1\n"
               "Y,referral_to_contact,0,0,yes,1\n"
               "Y,referral_to_start,0,91,no,1\n"
               "Z,referral_to_start,31,121,no,1\n");
  fm_register *r = register_of(waiting, FM_COUNT(waiting), false);
  fm_table *t = frame_of(r, &s);
  expect_note(t, "legs_not_observed", "1");
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

/* All are referred on 1 March. A has a job of 8 hours since February and takes another; B's ended the day before, C's
 * ends that day; D's tells no hours, so that D waits for hours, not for a job; E's placement is an internship. */
static const source working[] = {
    {"persons", "person_id,weight\nA,1\nB,1\nC,1\nD,1\nE,1\n"},
    {"placements", "placement_id,person_id,kind,start,end,hours_per_week\n"
                   "1,A,fleksjob,2024-02-01,,8\n2,A,ordinary,2024-04-01,,30\n"
                   "3,B,ordinary,2024-01-01,2024-02-29,37\n4,B,ordinary,2024-03-11,,37\n"
                   "5,C,ordinary,2024-01-01,2024-03-01,37\n"
                   "6,D,ordinary,2024-02-01,,\n7,D,ordinary,2024-05-01,,20\n8,E,internship,2024-02-01,,37\n"},
    {"initiatives", "initiative_id,start\nI,2024-01-01\n"},
    {"participants", "initiative_id,person_id,referred_on\nI,A,2024-03-01\nI,B,2024-03-01\nI,C,2024-03-01\n"
                     "I,D,2024-03-01\nI,E,2024-03-01\n"},
};

START_TEST(in_a_job)
{
  fm_frame_spec s = frame_spec("journeys", 2024, 7, 1);
  expect_frame("working", working, FM_COUNT(working), &s,
               "person_id,leg,entry_days,time_days,event,weight\n"
               "B,referral_to_hours,0,10,yes,1\n"
               "B,referral_to_start,0,10,yes,1\n"
               "D,referral_to_hours,0,61,yes,1\n"
               "E,referral_to_hours,0,121,no,1\n"
               "E,referral_to_start,0,121,no,1\n");
  fm_register *r = register_of(working, FM_COUNT(working), false);
  fm_table *t = frame_of(r, &s);
  expect_note(t, "legs_in_a_job", "5");
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

START_TEST(wrong)
{
  static const source bare[] = {{"persons", "person_id\nA\n"},
                                {"initiatives", "initiative_id,start\nI,2024-01-01\n"},
                                {"participants", "initiative_id,person_id,joined_on\nI,A,2024-02-01\n"}};
  fm_error err = FM_ERROR_INIT;
  fm_register *r = register_of(bare, 3, false), *none = register_of(bare, 2, false);
  fm_frame_spec s = frame_spec("journeys", 2024, 7, 1);
  fm_table *t = NULL;
  ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "needs referred_on or joined_on in participants"));
  fm_error_clear(&err);
  ck_assert_int_eq(fm_register_frame(&t, none, &s, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "needs the table participants"));
  fm_error_clear(&err);
  fm_register_destroy(r);
  fm_register_destroy(none);
}
END_TEST

START_TEST(memory)
{
  fm_frame_spec s = frame_spec("journeys", 2024, 7, 1);
  expect_memory(BY_HAND, &s);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-frame_journeys");
  TCase *t = tcase_create("journeys");
  tcase_add_test(t, by_hand);
  tcase_add_test(t, still_waiting);
  tcase_add_test(t, in_a_job);
  tcase_add_test(t, wrong);
  tcase_add_test(t, memory);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
