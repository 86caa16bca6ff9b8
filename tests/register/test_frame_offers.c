/* Frames of offers: days of a month by hand, each once; weekly codes with an offer in them; what is refused. */
#include "register/frame_data.h"

/* As of 1 March 2024. A: on cash benefit from 17 December; two internships that overlap, 10 to 20 January, and one day
 * of February; a note of the same benefit twice adds nothing. B: in wage subsidy for three days, on no benefit. C:
 * weekly codes, of which 737 is an internship and 730 none. D: in work. E is not observed before 15 February. */
static const source benefits[] = {
    {"persons", "person_id,observed_from,observed_to\nA,,\nB,,\nC,,\nD,,\nE,2024-02-15,2024-02-20\n"},
    {"spells", "person_id,start,end,state\n"
               "A,2023-12-17,2024-02-10,cash_benefit\n"
               "A,2024-01-05,2024-01-25,cash_benefit\n"
               "C,2024-01-01,2024-01-14,730\n"
               "C,2024-01-15,2024-01-21,737\n"
               "D,2024-01-01,,employment\n"
               "D,2023-01-01,2023-01-31,not_a_word\n"
               "E,2024-01-01,,unemployment_benefit\n"},
    {"placements", "placement_id,person_id,kind,start,end\n"
                   "1,A,internship,2024-01-10,2024-01-15\n"
                   "2,A,internship,2024-01-14,2024-01-20\n"
                   "3,A,internship,2024-02-05,2024-02-05\n"
                   "4,B,wage_subsidy,2024-02-27,\n"
                   "5,D,ordinary,2024-01-01,\n"
                   "6,E,community_service,2024-02-16,2024-02-17\n"},
};
#define BENEFITS benefits, FM_COUNT(benefits)
#define HEAD "person_id,month,month_start,benefit_days,offer_days\n"

START_TEST(by_hand)
{
  fm_frame_spec s = frame_spec("offers", 2024, 3, 1);
  expect_frame("days", BENEFITS, &s,
               HEAD "A,2023-12,2023-12-01,15,0\n" /* 17 to 31 December */
                    "A,2024-01,2024-01-01,31,11\n"
                    "A,2024-02,2024-02-01,10,1\n"
                    "B,2024-02,2024-02-01,3,3\n"
                    "C,2024-01,2024-01-01,21,7\n"
                    "E,2024-02,2024-02-01,6,0\n");
  s.offers = "community_service";
  s.states = "unemployment_benefit";
  expect_frame("other words", BENEFITS, &s, HEAD "E,2024-02,2024-02-01,6,2\n");
}
END_TEST

/* Across years, and with nothing but spells. */
START_TEST(long_ones)
{
  static const source one[] = {{"persons", "person_id\nA\n"},
                               {"spells", "person_id,start,end,state\nA,2022-11-30,2023-02-01,cash_benefit\n"
                                          "A,2023-04-01,2023-04-01,cash_benefit\n"}};
  fm_frame_spec s = frame_spec("offers", 2024, 1, 1);
  expect_frame("months", one, 2, &s,
               HEAD "A,2022-11,2022-11-01,1,0\nA,2022-12,2022-12-01,31,0\nA,2023-01,2023-01-01,31,0\nA,2023-02,2023-02-"
                    "01,1,0\nA,2023-04,2023-04-01,1,0\n");
}
END_TEST

START_TEST(wrong)
{
  static const struct {
    const char *states, *offers, *message;
  } row[] = {{"cash_benefits_", NULL, "no code list has"}, {NULL, "practice_", "no code list has"}};
  fm_register *r = register_of(BENEFITS, false), *without = register_of(benefits, 1, false);
  fm_error err = FM_ERROR_INIT;
  fm_table *t = NULL;
  for (int k = 0; k < FM_COUNT(row); k++) {
    fm_frame_spec s = frame_spec("offers", 2024, 3, 1);
    s.states = row[k].states;
    s.offers = row[k].offers;
    ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, &err), FM_ERR_NOT_FOUND);
    ck_assert_msg(strstr(err.message, row[k].message) != NULL, "%d: %s", k, err.message);
    fm_error_clear(&err);
  }
  fm_frame_spec s = frame_spec("offers", 2024, 3, 1);
  ck_assert_int_eq(fm_register_frame(&t, without, &s, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "needs the table spells"));
  fm_register_destroy(r);
  fm_register_destroy(without);
}
END_TEST

static int32_t give_up(void *ctx, double share)
{
  (void)ctx;
  (void)share;
  return 1;
}

START_TEST(cancelled)
{
  fm_register *r = register_of(BENEFITS, false);
  fm_frame_spec s = frame_spec("offers", 2024, 3, 1);
  fm_run run = FM_RUN_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_table *t = NULL;
  run.progress = give_up;
  ck_assert_int_eq(fm_register_frame(&t, r, &s, &run, &err), FM_ERR_CANCELLED);
  fm_register_destroy(r);
}
END_TEST

START_TEST(memory)
{
  fm_frame_spec s = frame_spec("offers", 2024, 3, 1);
  expect_memory(BENEFITS, &s);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-frame_offers");
  TCase *t = tcase_create("offers");
  tcase_add_test(t, by_hand);
  tcase_add_test(t, long_ones);
  tcase_add_test(t, wrong);
  tcase_add_test(t, cancelled);
  tcase_add_test(t, memory);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
