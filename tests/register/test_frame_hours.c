/* Frames of hours: small jobs by hand, what is left out, what is refused. */
#include "register/frame_data.h"

/* As of 1 July 2024. A: from 5 hours, at the same employer 12 from September 2023 beside the old row. B: from 10, in
 * ordinary work elsewhere of 30 hours. C: from 8, out of work. D: from 4, running; started too late. E: from 6, later a
 * state of work of 20 hours. F: 9 hours, the row a year later does not tell them. G: 11 hours. H: no hours. I: no
 * fleksjob. J is not observed a year later. K: work goes on with another employer at the same time, too. */
static const source small_jobs[] = {
    {"persons", "person_id,observed_to\nA,\nB,\nC,\nD,\nE,\nF,\nG,\nH,\nI,\nJ,2023-12-31\nK,\n"},
    {"employers", "employer_id\nP\nQ\n"},
    {"placements", "placement_id,person_id,employer_id,kind,start,end,hours_per_week\n"
                   "1,A,P,fleksjob,2023-01-01,,5\n"
                   "2,A,P,fleksjob,2023-09-01,,12\n"
                   "3,B,P,fleksjob,2023-02-01,2023-06-30,10\n"
                   "4,B,Q,ordinary,2023-08-01,,30\n"
                   "5,C,P,fleksjob,2023-03-01,2024-02-28,8\n"
                   "6,D,P,fleksjob,2023-08-01,,4\n"
                   "7,E,P,fleksjob,2023-04-01,2023-12-31,6\n"
                   "8,F,P,fleksjob,2023-05-01,2023-10-31,9\n"
                   "9,F,P,fleksjob,2023-11-01,,\n"
                   "10,G,P,fleksjob,2023-01-01,,11\n"
                   "11,H,P,fleksjob,2023-01-01,,\n"
                   "12,I,P,ordinary,2023-01-01,,5\n"
                   "13,J,P,fleksjob,2023-01-15,,7\n"
                   "14,K,P,fleksjob,2023-01-01,,3\n"
                   "15,K,Q,ordinary,2023-10-01,,20\n"},
    {"spells", "person_id,start,end,state,hours_per_week\n"
               "E,2024-01-01,,employment,20\n"
               "E,2024-02-01,,employment,\n"
               "C,2024-03-01,,cash_benefit,\n"},
};
#define SMALL_JOBS small_jobs, FM_COUNT(small_jobs)

START_TEST(by_hand)
{
  fm_frame_spec s = frame_spec("hours", 2024, 7, 1);
  expect_frame("a year later", SMALL_JOBS, &s,
               "person_id,horizon_months,hours,hours_later,in_work,same_employer,weight\n"
               "A,12,5,12,yes,yes,1\n"
               "B,12,10,30,yes,no,1\n"
               "C,12,8,-,no,-,1\n"
               "D,12,4,-,-,-,1\n"
               "E,12,6,20,yes,no,1\n"
               "F,12,9,-,yes,yes,1\n"
               "J,12,7,-,-,-,1\n"
               "K,12,3,3,yes,yes,1\n");
  fm_register *r = register_of(SMALL_JOBS, false);
  fm_table *t = frame_of(r, &s);
  expect_note(t, "rows_of_other_kinds", "3");
  expect_note(t, "rows_without_hours", "2");
  expect_note(t, "rows_of_more_hours", "2");
  fm_table_destroy(t);
  s.states = "ordinary";
  s.most_hours = 20;
  s.horizons = "0,6";
  t = frame_of(r, &s);
  char *got = lines_of(t);
  ck_assert_str_eq(got, "person_id,horizon_months,hours,hours_later,in_work,same_employer,weight\n"
                        "I,0,5,5,yes,yes,1\n"
                        "I,6,5,5,yes,yes,1\n"
                        "K,0,20,20,yes,yes,1\n"
                        "K,6,20,20,yes,yes,1\n");
  free(got);
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

START_TEST(wrong)
{
  static const struct {
    const char *states, *horizons, *message;
    double most;
    fm_status status;
  } row[] = {
      {"flexyjob", NULL, "no code list has \"flexyjob\"", 10, FM_ERR_NOT_FOUND},
      {"fleksjob !fleksjob", NULL, "no kind of placement is called \"fleksjob !fleksjob\"", 10, FM_ERR_NOT_FOUND},
      {NULL, "12;24", "horizons", 10, FM_ERR_ARGUMENT},
      {NULL, NULL, "most_hours is expected above 0", 0, FM_ERR_ARGUMENT},
      {NULL, NULL, "most_hours is expected above 0", NAN, FM_ERR_ARGUMENT},
  };
  fm_register *r = register_of(SMALL_JOBS, false), *without = register_of(small_jobs, 2, false);
  fm_error err = FM_ERROR_INIT;
  fm_frame_spec s = frame_spec("hours", 2024, 7, 1);
  fm_table *t = NULL;
  for (int k = 0; k < FM_COUNT(row); k++) {
    s.states = row[k].states;
    s.horizons = row[k].horizons;
    s.most_hours = row[k].most;
    ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, &err), row[k].status);
    ck_assert_msg(strstr(err.message, row[k].message) != NULL, "%d: %s", k, err.message);
    ck_assert_ptr_null(t);
    fm_error_clear(&err);
  }
  s = frame_spec("hours", 2024, 7, 1);
  ck_assert_int_eq(fm_register_frame(&t, without, &s, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "needs the table placements"));
  fm_register_destroy(r);
  fm_register_destroy(without);
}
END_TEST

START_TEST(memory)
{
  fm_frame_spec s = frame_spec("hours", 2024, 7, 1);
  expect_memory(SMALL_JOBS, &s);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-frame_hours");
  TCase *t = tcase_create("hours");
  tcase_add_test(t, by_hand);
  tcase_add_test(t, wrong);
  tcase_add_test(t, memory);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
