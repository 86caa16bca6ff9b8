/* Frames of the net result: benefit without and beside a job, wage, cost; what is left out; the result by hand. */
#include "economy/look.h"
#include "flexmetrics/catalogue.h"
#include "register/frame_data.h"

/* As of 1 January 2025. A has two jobs on end, B one beside another, C is no longer seen from July, the data do not
 * tell D's wage, E's benefit before, F's on a day beside the job, G begins two jobs on one day. */
static const source tables[] = {
    {"persons", "person_id,observed_to\nA,\nB,\nC,2024-06-30\nD,\nE,\nF,\nG,\n"},
    {"placements", "placement_id,person_id,kind,start,end,hours_per_week,hourly_wage\n"
                   "1,A,fleksjob,2024-01-01,2024-06-30,12,150\n"
                   "2,A,ordinary,2024-07-01,2024-12-31,37,180\n"
                   "3,B,fleksjob,2024-02-01,2024-05-30,10,150\n"
                   "4,B,small_job,2024-03-01,,5,120\n"
                   "5,C,ordinary,2024-05-01,,37,150\n"
                   "6,C,internship,2024-02-01,2024-02-28,30,\n"
                   "7,D,ordinary,2024-05-01,,37,\n"
                   "8,D,ordinary,2025-02-01,,37,150\n"
                   "9,E,ordinary,2024-03-01,2024-03-31,37,150\n"
                   "10,F,ordinary,2024-03-01,2024-03-31,37,150\n"
                   "11,G,small_job,2024-04-01,2024-04-30,5,120\n"
                   "12,G,ordinary,2024-04-01,2024-04-30,10,150\n"},
    {"spells", "person_id,start,end,state,weekly_amount,state_share\n"
               "A,2023-01-01,2023-12-31,ledighedsydelse,4200,0.2\n"
               "A,2024-01-01,2024-06-30,fleksjob,3600,0.2\n"
               "A,2024-07-01,,employment,0,\n"
               "B,2023-01-01,2024-01-31,cash_benefit,3000,0.3\n"
               "B,2024-02-01,2024-03-31,fleksjob,3300,0.2\n"
               "B,2024-04-01,,fleksjob,2700,0.4\n"
               "C,2024-01-01,2024-04-30,cash_benefit,2400,\n"
               "C,2024-05-01,,employment,0,\n"
               "D,2024-01-01,,cash_benefit,2400,0.2\n"
               "E,2024-01-01,2024-02-29,cash_benefit,,0.2\n"
               "E,2024-03-01,,employment,0,\n"
               "F,2024-01-01,2024-03-10,cash_benefit,2400,0.2\n"
               "F,2024-03-12,,employment,0,\n"
               "G,2024-01-01,2024-03-31,cash_benefit,3000,0.2\n"
               "G,2024-04-01,2024-04-30,cash_benefit,1000,0.2\n"
               "G,2024-04-01,2024-04-30,rehabilitation,500,0.2\n"},
    {"supports", "person_id,kind,start,end,cost,placement_id\n"
                 "B,aftercare,2024-02-10,2024-04-10,510,3\n"
                 "B,mentor,2024-02-10,2024-04-10,1020,3\n"
                 "B,mentor,2024-03-10,2024-04-10,,3\n"
                 "B,mentor,2025-03-10,2025-04-10,900,3\n"
                 "B,mentor,2024-03-10,2024-04-10,700,\n"},
};
#define HEAD "placement_id,person_id,kind,start,end,before,after,wage,state_before,state_after,cost\n"

/* A month has 52 / 12 weeks: 4,200 a week is 18,200 a month, and 12 hours at 150 are 7,800. B's benefit beside job 3 is
 * 3,300 for 60 days and 2,700 for 60: 13,000 a month, of which the state pays (0.2 x 3,300 + 0.4 x 2,700) / 6,000. */
START_TEST(rows)
{
  fm_frame_spec s = frame_spec("net_result", 2025, 1, 1);
  expect_frame("all", tables, FM_COUNT(tables), &s,
               HEAD "1,A,fleksjob,2024-01-01,2024-06-30,18200,15600,7800,0.2,0.2,-\n"
                    "11,G,small_job,2024-04-01,2024-04-30,13000,6500,2600,0.2,0.2,-\n"
                    "12,G,ordinary,2024-04-01,2024-04-30,0,0,6500,0,0,-\n"
                    "2,A,ordinary,2024-07-01,2024-12-31,18200,0,28860,0.2,0,-\n"
                    "3,B,fleksjob,2024-02-01,2024-05-30,13000,13000,6500,0.3,0.29,1530\n"
                    "4,B,small_job,2024-03-01,2024-12-31,0,0,2600,0,0,-\n"
                    "5,C,ordinary,2024-05-01,2024-06-30,10400,0,24050,-,0,-\n");
  fm_register *r = register_of(tables, FM_COUNT(tables), false);
  fm_table *t = frame_of(r, &s);
  expect_note(t, "rows_of_other_kinds", "1");
  expect_note(t, "rows_after_as_of", "1");
  expect_note(t, "rows_without_wage", "1");
  expect_note(t, "rows_without_benefit_before", "1");
  expect_note(t, "rows_without_benefit_after", "1");
  expect_note(t, "supports_without_cost", "1");
  fm_table_destroy(t);
  s.states = "ordinary";
  t = frame_of(r, &s);
  ck_assert_uint_eq(fm_table_n_rows(t), 3);
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

/* Without a share of the state, and without supports, the same rows. */
START_TEST(bare)
{
  const source some[] = {
      {"persons", "person_id\nA\n"},
      {"placements",
       "placement_id,person_id,kind,start,end,hours_per_week,hourly_wage\n1,A,ordinary,2024-01-01,,30,90\n"},
      {"spells", "person_id,start,end,state,weekly_amount\nA,2023-01-01,,cash_benefit,1200\n"}};
  fm_frame_spec s = frame_spec("net_result", 2024, 2, 1);
  expect_frame("bare", some, 3, &s, HEAD "1,A,ordinary,2024-01-01,2024-01-31,5200,5200,11700,-,-,-\n");
}
END_TEST

/* Of A: 6 x 0.8 x (18,200 - 15,600) + 6 x 0.8 x 18,200 = 99,840 for the municipality, 24,960 for the state,
 * 6 x (7,800 + 15,600 - 18,200) + 6 x (28,860 - 18,200) = 95,160 for A; 6 x (7,800 + 28,860) = 219,960 in all. */
START_TEST(result)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r = register_of(tables, FM_COUNT(tables), false);
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *t = NULL;
  spec.as_of = fm_date_from_ymd(2025, 1, 1);
  spec.filter = "person_id = A";
  fm_assert_ok(fm_catalogue_compute(&t, r, "economy.net_result", &spec, NULL, &err), &err);
  fm_assert_close("municipality", value_with(t, "result", "payer=municipality;case=gross;period_start="), 99840, 1e-14,
                  0);
  fm_assert_close("state", value_with(t, "result", "payer=state;case=gross;period_start="), 24960, 1e-14, 0);
  fm_assert_close("person", value_with(t, "result", "payer=person;case=gross;period_start="), 95160, 1e-14, 0);
  fm_assert_close("all", value_with(t, "result", "payer=;case=gross;period_start="), 219960, 1e-14, 0);
  fm_assert_close("wages", value_with(t, "wage", "payer=;case=gross;period_start="), 219960, 1e-14, 0);
  fm_assert_close("before", value_with(t, "benefit_before", "payer=;case=gross;period_start="), 218400, 1e-14, 0);
  fm_assert_close("after", value_with(t, "benefit_after", "payer=;case=gross;period_start="), 93600, 1e-14, 0);
  fm_assert_close("each", value_with(t, "per_placement", "payer=;case=gross;period_start="), 109980, 1e-14, 0);
  fm_table_destroy(t);
  spec.filter = NULL;
  ck_assert_int_eq(fm_catalogue_compute(&t, r, "economy.net_result", &spec, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "the column state_share of spells, or the option state_share"));
  fm_error_clear(&err);
  spec.options = "state_share=0.2;kind=ordinary";
  fm_assert_ok(fm_catalogue_compute(&t, r, "economy.net_result", &spec, NULL, &err), &err);
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

static const struct {
  const char *label;
  source tables[3];
  size_t n;
  const char *expected;
} lacking[] = {
    {"no placements", {{"persons", "person_id\nA\n"}}, 1, "needs the table placements"},
    {"no hours",
     {{"persons", "person_id\nA\n"}, {"placements", "placement_id,person_id,kind,start\n1,A,ordinary,2024-01-01\n"}},
     2,
     "a frame of net_result needs the column hours_per_week of placements, which the data do not have"},
    {"no wage",
     {{"persons", "person_id\nA\n"},
      {"placements", "placement_id,person_id,kind,start,hours_per_week\n1,A,ordinary,2024-01-01,37\n"}},
     2,
     "the column hourly_wage of placements"},
    {"no spells",
     {{"persons", "person_id\nA\n"},
      {"placements", "placement_id,person_id,kind,start,hours_per_week,hourly_wage\n1,A,ordinary,2024-01-01,37,150\n"}},
     2,
     "needs the table spells"},
    {"no amount",
     {{"persons", "person_id\nA\n"},
      {"placements", "placement_id,person_id,kind,start,hours_per_week,hourly_wage\n1,A,ordinary,2024-01-01,37,150\n"},
      {"spells", "person_id,start,end,state\nA,2023-01-01,,cash_benefit\n"}},
     3,
     "the column weekly_amount of spells"},
};

START_TEST(wrong)
{
  fm_register *r = register_of(lacking[_i].tables, lacking[_i].n, false);
  fm_frame_spec s = frame_spec("net_result", 2024, 7, 1);
  expect_refused(lacking[_i].label, r, &s, FM_ERR_NOT_FOUND, lacking[_i].expected);
  fm_register_destroy(r);
}
END_TEST

START_TEST(wrong_kind)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r = register_of(tables, FM_COUNT(tables), false);
  fm_frame_spec s = frame_spec("net_result", 2025, 1, 1);
  fm_table *t = NULL;
  s.states = "nojob";
  ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "no code list has \"nojob\""));
  fm_register_destroy(r);
}
END_TEST

START_TEST(memory)
{
  fm_frame_spec s = frame_spec("net_result", 2025, 1, 1);
  expect_memory(tables, FM_COUNT(tables), &s);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-frame_net_result");
  TCase *t = tcase_create("net_result");
  tcase_add_test(t, rows);
  tcase_add_test(t, bare);
  tcase_add_test(t, result);
  tcase_add_loop_test(t, wrong, 0, FM_COUNT(lacking));
  tcase_add_test(t, wrong_kind);
  tcase_add_test(t, memory);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
