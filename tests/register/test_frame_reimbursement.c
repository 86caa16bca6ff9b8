/* Frames of reimbursement: which spells are rows, what counts, and the split by hand. */
#include "economy/look.h"
#include "flexmetrics/catalogue.h"
#include "register/frame_data.h"

/* As of 1 March 2024. C is seen until December 2023; the state "mystery" is in no list. */
static const source tables[] = {
    {"persons", "person_id,observed_to,weeks_before\nA,,\nB,,20\nC,2023-12-31,\nD,,\n"},
    {"spells", "person_id,start,end,state,weekly_amount,granted\n"
               "A,2023-01-02,2024-02-25,cash_benefit,3000,\n"
               "B,2023-01-02,2023-10-08,cash_benefit,3000,\n"
               "C,2023-01-02,2023-04-30,employment,0,\n"
               "C,2023-05-01,,fleksjob,4000,2013-05-01\n"
               "C,2023-05-01,2023-06-30,parental_benefit,2000,\n"
               "D,2023-01-02,2023-02-26,mystery,,\n"
               "D,2023-03-01,2023-03-31,self_support,,\n"
               "D,2023-04-03,,disability_pension,4700,\n"
               "D,2023-05-01,2023-05-28,self_employment,,\n"
               "D,2024-03-01,,cash_benefit,3000,\n"},
};

static const struct {
  const char *label;
  source tables[3];
  size_t n;
  const char *expected;
} lacking[] = {
    {"no persons",
     {{"goals", "goal_id,measure,goal,start,deadline\ng,target.track,5,2024-01-01,2024-12-31\n"}},
     1,
     "needs the table persons"},
    {"no spells", {{"persons", "person_id\nA\n"}}, 1, "needs the table spells"},
    {"no amount",
     {{"persons", "person_id\nA\n"}, {"spells", "person_id,start,end,state\nA,2023-01-01,,cash_benefit\n"}},
     2,
     "a frame of reimbursement needs the column weekly_amount of spells, which the data do not have"},
};

START_TEST(rows)
{
  fm_frame_spec s = frame_spec("reimbursement", 2024, 3, 1);
  expect_frame("all", tables, FM_COUNT(tables), &s,
               "person_id,state,start,end,amount,counts,granted,weeks_before\n"
               "A,cash_benefit,2023-01-02,2024-02-25,3000,yes,-,-\n"
               "B,cash_benefit,2023-01-02,2023-10-08,3000,yes,-,20\n"
               "C,fleksjob,2023-05-01,2023-12-31,4000,yes,2013-05-01,-\n"
               "C,parental_benefit,2023-05-01,2023-06-30,2000,no,-,-\n"
               "D,disability_pension,2023-04-03,2024-02-29,4700,no,-,-\n"
               "D,mystery,2023-01-02,2023-02-26,-,yes,-,-\n");
  fm_register *r = register_of(tables, FM_COUNT(tables), false);
  fm_table *t = frame_of(r, &s);
  expect_note(t, "rows_after_as_of", "1");
  expect_note(t, "rows_of_self_support", "3");
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

START_TEST(memory)
{
  fm_frame_spec s = frame_spec("reimbursement", 2024, 3, 1);
  expect_memory(tables, FM_COUNT(tables), &s);
}
END_TEST

START_TEST(wrong)
{
  fm_register *r = register_of(lacking[_i].tables, lacking[_i].n, false);
  fm_frame_spec s = frame_spec("reimbursement", 2024, 7, 1);
  expect_refused(lacking[_i].label, r, &s, FM_ERR_NOT_FOUND, lacking[_i].expected);
  fm_register_destroy(r);
}
END_TEST

/* A: 60 weeks: 4 x 2,400 + 22 x 1,200 + 26 x 900 + 8 x 600 = 64,200 from the state. B: weeks 21 to 60: 6 x 1,200 +
 * 26 x 900 + 8 x 600 = 35,400. */
START_TEST(result)
{
  fm_register *r = register_of(tables, FM_COUNT(tables), false);
  fm_table *t = computed_of(r, "economy.reimbursement", fm_date_from_ymd(2024, 3, 1), "person_id = A");
  ck_assert(value_with(t, "weeks", "step=") == 60 && value_with(t, "state", "step=") == 64200 &&
            value_with(t, "municipality", "step=") == 115800);
  fm_table_destroy(t);
  t = computed_of(r, "economy.reimbursement", fm_date_from_ymd(2024, 3, 1), "person_id = B");
  ck_assert(value_with(t, "weeks", "step=") == 40 && value_with(t, "state", "step=") == 35400 &&
            value_with(t, "municipality", "step=") == 84600);
  fm_table_destroy(t);
  t = computed_of(r, "economy.reimbursement", fm_date_from_ymd(2024, 3, 1),
                  "person_id = D"); /* an amount is not known */
  ck_assert(isnan(value_with(t, "state", "step=")));
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-frame_reimbursement");
  TCase *t = tcase_create("reimbursement");
  tcase_add_test(t, rows);
  tcase_add_test(t, result);
  tcase_add_loop_test(t, wrong, 0, FM_COUNT(lacking));
  tcase_add_test(t, memory);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
