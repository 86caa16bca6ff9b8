/* Support and what became of job starts, by hand; the worked example of docs/methods/support.md. */
#include "register/frame_data.h"

/* As of 1 January 2025. A: a job of 2024; aftercare from 15 January for 29 days and 6 hours, and from 20 March for 20
 * days and 10 hours, 12 of which lie before the landmark of 91 days, 1 April; more of 1 April is too late, and one
 * names another placement. B's mentor ended on 31 December, the day before the job; B is out of work from 1 July. C
 * left by the landmark. D began in November: not known. E is observed from June. F's support of 2025 is later. G has
 * none. */
static const source support[] = {
    {"persons", "person_id,observed_from,observed_to,sex\n"
                "A,,,female\nB,,,male\nC,,,female\nD,,,male\nE,2024-06-01,,female\nF,,,male\nG,2025-01-01,,male\n"},
    {"placements", "placement_id,person_id,kind,start,end\n"
                   "1,A,ordinary,2024-01-01,\n2,B,fleksjob,2024-01-01,2024-06-30\n3,C,ordinary,2024-01-01,2024-03-31\n"
                   "4,D,ordinary,2024-11-01,\n5,E,ordinary,2024-01-01,\n6,F,ordinary,2024-02-01,\n"
                   "7,A,internship,2024-03-01,2024-03-15\n"},
    {"supports", "person_id,kind,start,end,hours,cost,placement_id\n"
                 "A,aftercare,2024-01-15,2024-02-12,6,100,\nA,aftercare,2024-03-20,2024-04-08,10,,1\n"
                 "A,aftercare,2024-04-01,,5,,\nA,aftercare,2024-02-01,2024-02-05,7,,7\n"
                 "B,mentor,2023-12-01,2023-12-31,4,,\nF,mentor,2024-01-20,2024-02-09,,,\n"
                 "F,aftercare,2025-02-01,,1,,\nG,mentor,2024-12-01,,1,,\n"},
};
#define SUPPORT support, FM_COUNT(support)

static fm_frame_spec spec_of(void)
{
  fm_frame_spec s = frame_spec("support_status", 2025, 1, 1);
  s.horizons = "6";
  return s;
}

START_TEST(landmark)
{
  fm_frame_spec s = spec_of();
  expect_frame("landmark", SUPPORT, &s,
               "person_id,support,horizon_months,received,dose_above,supports,days,hours,status,in_rate\n"
               "A,aftercare,6,yes,0,2,41,12,yes,yes\n"
               "A,mentor,6,no,-,0,0,0,yes,yes\n"
               "B,aftercare,6,no,-,0,0,0,no,yes\n"
               "B,mentor,6,no,-,0,0,0,no,yes\n"
               "F,aftercare,6,no,-,0,0,0,yes,yes\n"
               "F,mentor,6,yes,0,1,9,-,yes,yes\n");
  fm_register *r = register_of(SUPPORT, false);
  fm_table *t = frame_of(r, &s);
  expect_note(t, "rows_gone_by_landmark", "1");
  expect_note(t, "rows_not_known_at_landmark", "1");
  expect_note(t, "rows_observed_after_landmark", "1");
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

/* B's mentor before the job, 31 days and 4 hours, counts with earlier; F's of 21 days has then 21. */
START_TEST(earlier_and_doses)
{
  fm_frame_spec s = spec_of();
  s.earlier = 1;
  s.support = "mentor";
  s.dose = "days";
  s.cuts = "5, 20,40";
  expect_frame("days", SUPPORT, &s,
               "person_id,support,horizon_months,received,dose_above,supports,days,hours,status,in_rate\n"
               "A,mentor,6,no,-,0,0,0,yes,yes\n"
               "B,mentor,6,yes,20,1,31,4,no,yes\n"
               "F,mentor,6,yes,20,1,21,-,yes,yes\n");
  s.dose = "hours"; /* F's hours are not told */
  s.cuts = "4";
  expect_frame("hours", SUPPORT, &s,
               "person_id,support,horizon_months,received,dose_above,supports,days,hours,status,in_rate\n"
               "A,mentor,6,no,-,0,0,0,yes,yes\n"
               "B,mentor,6,yes,0,1,31,4,no,yes\n"
               "F,mentor,6,yes,-,1,21,-,yes,yes\n");
  s.landmark_days = 0; /* before the job: nobody can have got it by staying */
  s.dose = "number";
  expect_frame("before", SUPPORT, &s,
               "person_id,support,horizon_months,received,dose_above,supports,days,hours,status,in_rate\n"
               "A,mentor,6,no,-,0,0,0,yes,yes\n"
               "B,mentor,6,yes,0,1,31,4,no,yes\n"
               "C,mentor,6,no,-,0,0,0,no,yes\n"
               "D,mentor,6,no,-,0,0,0,-,no\n"
               "F,mentor,6,yes,0,1,12,-,yes,yes\n");
}
END_TEST

START_TEST(horizons)
{
  fm_frame_spec s = spec_of();
  s.horizons = "1,2,12";
  s.landmark_days = 40;
  s.support = "mentor";
  fm_register *r = register_of(SUPPORT, false);
  fm_table *t = frame_of(r, &s);
  expect_note(t, "horizons_before_landmark", "5"); /* those of a month: A, B, C, D, F */
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

START_TEST(supports)
{
  fm_frame_spec s = frame_spec("supports", 2025, 1, 1);
  expect_frame("supports", SUPPORT, &s,
               "person_id,support,days,hours,cost\n"
               "A,-,-,-,-\nA,aftercare,20,10,-\nA,aftercare,275,5,-\nA,aftercare,29,6,100\nA,aftercare,5,7,-\n"
               "B,-,-,-,-\nB,mentor,31,4,-\nC,-,-,-,-\nD,-,-,-,-\nE,-,-,-,-\nF,-,-,-,-\nF,mentor,21,-,-\n");
  fm_register *r = register_of(SUPPORT, false);
  fm_table *t = frame_of(r, &s);
  expect_note(t, "rows_after_as_of", "1");
  expect_note(t, "rows_not_observed", "2");
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

START_TEST(wrong)
{
  static const struct {
    int32_t landmark, earlier;
    const char *dose, *cuts, *support, *message;
  } cases[] = {{0, 0, NULL, NULL, NULL, "immortal time"},
               {-1, 1, NULL, NULL, NULL, "immortal time"},
               {40000, 0, NULL, NULL, NULL, "expected at most 36525"},
               {91, 2, NULL, NULL, NULL, "earlier must be 0 or 1"},
               {91, 0, "cost", NULL, NULL, "it must be number, days or hours"},
               {91, 0, NULL, "3,3", NULL, "expected up to 16 rising whole numbers above 0"},
               {91, 0, NULL, "0", NULL, "rising whole numbers"},
               {91, 0, NULL, "1,", NULL, "rising whole numbers"},
               {91, 0, NULL, "1;2", NULL, "rising whole numbers"}};
  fm_error err = FM_ERROR_INIT;
  fm_register *r = register_of(SUPPORT, false), *without = register_of(support, 2, false);
  fm_table *t = NULL;
  for (int i = 0; i < FM_COUNT(cases); i++) {
    fm_frame_spec s = spec_of();
    s.landmark_days = cases[i].landmark;
    s.earlier = cases[i].earlier;
    s.dose = cases[i].dose;
    s.cuts = cases[i].cuts;
    ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, &err), FM_ERR_ARGUMENT);
    ck_assert_msg(strstr(err.message, cases[i].message) != NULL, "%s", err.message);
    fm_error_clear(&err);
  }
  fm_frame_spec s = spec_of();
  s.support = "aftercare, massage";
  ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "no kind of support \"massage\""));
  fm_error_clear(&err);
  static const char *const kinds[] = {"supports", "support_status"};
  for (int i = 0; i < 2; i++) {
    s = frame_spec(kinds[i], 2025, 1, 1);
    ck_assert_int_eq(fm_register_frame(&t, without, &s, NULL, &err), FM_ERR_NOT_FOUND);
    ck_assert_ptr_nonnull(strstr(err.message, "needs the table supports"));
    fm_error_clear(&err);
  }
  s = frame_spec("people", 2025, 1, 1);
  s.support = "mentor";
  ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_nonnull(strstr(err.message, "belong to a frame of support_status"));
  ck_assert_ptr_null(t);
  fm_register_destroy(r);
  fm_register_destroy(without);
}
END_TEST

static fm_status make_frame(void *ctx, fm_error *err)
{
  fm_frame_spec s = spec_of();
  fm_table *t = NULL;
  fm_status status = fm_register_frame(&t, ctx, &s, NULL, err);
  fm_table_destroy(t);
  if (status != FM_OK)
    return status;
  s = frame_spec("supports", 2025, 1, 1);
  t = NULL;
  status = fm_register_frame(&t, ctx, &s, NULL, err);
  fm_table_destroy(t);
  return status;
}

START_TEST(memory)
{
  fm_register *r = register_of(SUPPORT, false);
  ck_assert_int_gt(fm_test_allocations(make_frame, r), 60);
  fm_register_destroy(r);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-frame_support_status");
  TCase *t = tcase_create("support");
  tcase_add_test(t, landmark);
  tcase_add_test(t, earlier_and_doses);
  tcase_add_test(t, horizons);
  tcase_add_test(t, supports);
  tcase_add_test(t, wrong);
  tcase_add_test(t, memory);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
