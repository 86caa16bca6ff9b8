/* Frames of goals and incomes. */
#include "register/frame_data.h"

static const source goals = {"goals",
                             "goal_id,measure,goal,start,deadline,counts,filter,changed_on\n"
                             "starts,target.track,10,2024-01-01,2024-12-31,starts,kind = ordinary | kind = fleksjob,\n"
                             "people,target.track,5,2024-03-01,2024-05-31,people,,\n"
                             "firms,programme.placements,4,2023-01-01,2025-12-31,employers,sector = private,\n"
                             "refugees,target.track,4,2023-01-01,2024-12-31,,target_group = refugee,\n"
                             "unknown,target.track,1,2024-02-01,2024-02-01,starts,kind = wage_subsidy,\n"
                             "share,retention.status,0.6,2024-01-01,2024-12-31,people,,\n"
                             "raised,target.track,5,2024-01-01,2024-12-31,starts,kind = sheltered,\n"
                             "raised,target.track,9,2024-01-01,2025-12-31,starts,kind = sheltered,2025-01-01\n"
                             "raised,target.track,8,2024-01-01,2024-12-31,starts,kind = sheltered,2024-12-31\n"
                             "raised,target.track,7,2024-01-01,2024-12-31,starts,kind = sheltered,2024-07-01\n"};

static const source counts = {"counts", "goal_id,as_of,done,private,employers,ended\n"
                                        "starts,2024-04-01,50,39,,7\n"
                                        "starts,2025-01-01,70,,20,\n"
                                        "starts,2025-01-02,71,55,21,\n"
                                        "share,2024-04-01,3,1,1,\n"};

START_TEST(from_placements)
{
  source all[FM_COUNT(programme) + 2];
  memcpy(all, programme, sizeof programme);
  all[FM_COUNT(programme)] = goals;
  all[FM_COUNT(programme) + 1] = counts; /* not needed when the placements are there */
  fm_frame_spec s = frame_spec("goals", 2025, 1, 1);
  /* starts: 1 and 4 at E1 (private, one new employer), 2 at E2 (public). people: B's first is 4 and not 7, A's is 2.
   * firms: E1 by 1, E4 by 3; 4 and 7 are no new ones, and B begins at E1. refugees: A on three first days. unknown: 5
   * at E3. */
  expect_frame("starts", all, FM_COUNT(all), &s,
               "goal_id,goal,start,deadline,as_of,done,private,employers,people,ended,day,changed_on\n"
               "firms,4,2023-01-01,2025-12-31,-,1,1,1,1,-,2024-01-31,-\n"
               "firms,4,2023-01-01,2025-12-31,-,1,1,1,1,1,2023-11-01,-\n"
               "people,5,2024-03-01,2024-05-31,-,1,0,1,1,0,2024-05-10,-\n"
               "people,5,2024-03-01,2024-05-31,-,1,1,1,1,-,2024-03-01,-\n"
               "raised,5,2024-01-01,2024-12-31,-,0,-,-,-,-,-,-\n"
               "raised,7,2024-01-01,2024-12-31,-,0,-,-,-,-,-,2024-07-01\n"
               "raised,8,2024-01-01,2024-12-31,2025-01-01,0,0,0,0,0,-,2024-12-31\n"
               "refugees,4,2023-01-01,2024-12-31,-,1,0,1,0,0,2024-05-10,-\n"
               "refugees,4,2023-01-01,2024-12-31,-,1,1,1,0,1,2024-01-31,-\n"
               "refugees,4,2023-01-01,2024-12-31,-,1,1,1,1,1,2023-11-01,-\n"
               "starts,10,2024-01-01,2024-12-31,-,1,0,1,0,0,2024-05-10,-\n"
               "starts,10,2024-01-01,2024-12-31,-,1,1,0,1,-,2024-03-01,-\n"
               "starts,10,2024-01-01,2024-12-31,-,1,1,1,1,1,2024-01-31,-\n"
               "unknown,1,2024-02-01,2024-02-01,-,1,-,1,1,0,2024-02-01,-\n");
  s = frame_spec("goals", 2024, 3, 1); /* the day before 4 and 7 */
  s.filter = "goal_id = starts | goal_id = raised";
  expect_frame("earlier", all, FM_COUNT(all), &s,
               "goal_id,goal,start,deadline,as_of,done,private,employers,people,ended,day,changed_on\n"
               "raised,5,2024-01-01,2024-12-31,2024-03-01,0,0,0,0,0,-,-\n"
               "starts,10,2024-01-01,2024-12-31,-,1,1,1,1,0,2024-01-31,-\n");
  fm_register *r = register_of(all, FM_COUNT(all), false);
  s = frame_spec("goals", 2025, 1, 1);
  s.by = "measure";
  fm_table *t = frame_of(r, &s);
  expect_note(t, "goals_of_other_measures", "1");
  expect_note(t, "goals_not_in_force", "3");
  expect_note(t, "rows_without_employer", NULL);
  ck_assert_str_eq(fm_test_text(t, "measure", 0), "target.track");
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

START_TEST(unknown_employers)
{
  static const source all[] = {{"persons", "person_id\nA\nB\n"},
                               {"employers", "employer_id,sector\nE,private\n"},
                               {"placements",
                                "placement_id,person_id,employer_id,kind,start\n"
                                "10,A,,ordinary,2024-01-01\n9,B,E,ordinary,2024-01-01\n11,A,E,ordinary,2024-01-01\n"},
                               {"goals", "goal_id,measure,goal,start,deadline,counts\n"
                                         "firms,target.track,2,2024-01-01,2024-12-31,employers\n"
                                         "people,target.track,2,2024-01-01,2024-12-31,people\n"
                                         "later,target.track,2,2024-06-01,2024-12-31,people\n"}};
  fm_frame_spec s = frame_spec("goals", 2024, 2, 1);
  /* people: A's first is 10 (9 < 10 < 11 as numbers), without an employer */
  expect_frame("no employer", all, FM_COUNT(all), &s,
               "goal_id,goal,start,deadline,as_of,done,private,employers,people,ended,day,changed_on\n"
               "firms,2,2024-01-01,2024-12-31,-,1,1,1,1,0,2024-01-01,-\n"
               "later,2,2024-06-01,2024-12-31,2024-02-01,0,0,0,0,0,-,-\n"
               "people,2,2024-01-01,2024-12-31,-,1,-,-,1,0,2024-01-01,-\n"
               "people,2,2024-01-01,2024-12-31,-,1,1,1,1,0,2024-01-01,-\n");
  fm_register *r = register_of(all, FM_COUNT(all), false);
  fm_table *t = frame_of(r, &s);
  expect_note(t, "rows_without_employer", "1");
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

/* Two whole years before July 2024 as far as placements go back: the first is told because one is from July 2022. 20
 * and 26 are one person's in one year, and two people's first in their years. */
START_TEST(earlier_years)
{
  static const source all[] = {
      {"persons", "person_id,observed_to\nA,\nB,\nC,2024-07-31\n"},
      {"employers", "employer_id,sector,headcount\nE,private,9\nF,public,900\n"},
      {"placements", "placement_id,person_id,employer_id,kind,start,end\n"
                     "20,A,E,ordinary,2022-07-31,2022-08-31\n21,B,E,ordinary,2023-06-30,2024-07-31\n"
                     "22,A,F,ordinary,2023-07-01,\n23,B,E,ordinary,2024-06-30,\n24,A,E,ordinary,2024-07-05,2024-07-30\n"
                     "25,C,F,ordinary,2024-07-06,\n26,A,F,ordinary,2023-05-01,2023-05-31\n"},
      {"goals", "goal_id,measure,goal,start,deadline,counts,filter\n"
                "people,target.track,2,2024-07-10,2025-06-30,people,\n"
                "small,target.track,2,2024-07-01,2025-06-30,starts,size_class = micro & sector = private\n"}};
  fm_frame_spec s = frame_spec("goals", 2024, 8, 31);
  s.earlier_years = 5;
  expect_frame("earlier years", all, FM_COUNT(all), &s,
               "goal_id,goal,start,deadline,as_of,done,private,employers,people,ended,day,changed_on\n"
               "people,2,2024-07-10,2025-06-30,-,0,-,-,-,-,2022-07-01,-\n"
               "people,2,2024-07-10,2025-06-30,-,0,-,-,-,-,2023-07-01,-\n"
               "people,2,2024-07-10,2025-06-30,-,1,0,1,1,0,2023-07-01,-\n"
               "people,2,2024-07-10,2025-06-30,-,1,1,0,1,1,2023-06-30,-\n"
               "people,2,2024-07-10,2025-06-30,-,1,1,1,1,0,2024-06-30,-\n"
               "people,2,2024-07-10,2025-06-30,-,1,1,1,1,1,2022-07-31,-\n"
               "people,2,2024-07-10,2025-06-30,2024-08-31,0,0,0,0,0,-,-\n"
               "small,2,2024-07-01,2025-06-30,-,0,-,-,-,-,2022-07-01,-\n"
               "small,2,2024-07-01,2025-06-30,-,0,-,-,-,-,2023-07-01,-\n"
               "small,2,2024-07-01,2025-06-30,-,1,1,0,1,1,2023-06-30,-\n"
               "small,2,2024-07-01,2025-06-30,-,1,1,1,1,0,2024-06-30,-\n"
               "small,2,2024-07-01,2025-06-30,-,1,1,1,1,1,2022-07-31,-\n"
               "small,2,2024-07-01,2025-06-30,-,1,1,1,1,1,2024-07-05,-\n");
}
END_TEST

/* The same start under two ids; a goal that counts people takes it once. */
START_TEST(counted_twice)
{
  static const source all[] = {{"persons", "person_id\nA\n"},
                               {"employers", "employer_id\nE\n"},
                               {"placements", "placement_id,person_id,employer_id,kind,start\n"
                                              "1,A,E,ordinary,2024-02-01\n2,A,E,fleksjob,2024-02-01\n"
                                              "3,A,,ordinary,2024-02-01\n4,A,,ordinary,2024-02-01\n"
                                              "5,A,E,ordinary,2024-02-01\n"},
                               {"goals", "goal_id,measure,goal,start,deadline,counts\n"
                                         "people,target.track,2,2024-01-01,2024-12-31,people\n"
                                         "starts,target.track,2,2024-01-01,2024-12-31,starts\n"}};
  fm_error err = FM_ERROR_INIT;
  fm_register *r = register_of(all, FM_COUNT(all), false);
  fm_frame_spec s = frame_spec("goals", 2024, 3, 1);
  fm_table *t;
  ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, &err), FM_ERR_VALUE);
  ck_assert_msg(strstr(err.message, "each start of a person once") != NULL && err.row == 4, "%s", err.message);
  ck_assert_str_eq(err.table, "placements");
  ck_assert_str_eq(err.column, "person_id");
  ck_assert_ptr_null(strstr(err.message, "A,"));
  fm_register_destroy(r);
}
END_TEST

START_TEST(from_counts)
{
  const source all[] = {goals, counts};
  fm_frame_spec s = frame_spec("goals", 2025, 1, 1);
  expect_frame("counts", all, 2, &s,
               "goal_id,goal,start,deadline,as_of,done,private,employers,people,ended,day,changed_on\n"
               "starts,10,2024-01-01,2024-12-31,2024-04-01,50,39,-,-,7,-,-\n"
               "starts,10,2024-01-01,2024-12-31,2025-01-01,70,-,20,-,-,-,-\n");
  fm_register *r = register_of(all, 2, false);
  fm_table *t = frame_of(r, &s);
  expect_note(t, "rows_after_as_of", "1");
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

START_TEST(bad_rule)
{
  source all[FM_COUNT(programme) + 1];
  memcpy(all, programme, sizeof programme);
  all[FM_COUNT(programme)] = (source){"goals", "goal_id,measure,goal,start,deadline,filter\n"
                                               "a,target.track,1,2024-01-01,2024-12-31,kind = ordinary\n"
                                               "b,target.track,1,2024-01-01,2024-12-31,colour = red\n"};
  fm_register *r = register_of(all, FM_COUNT(all), false);
  fm_frame_spec s = frame_spec("goals", 2025, 1, 1);
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_msg(strstr(err.message, "colour") != NULL && err.row == 1, "row %d: %s", (int)err.row, err.message);
  ck_assert_str_eq(err.table, "goals");
  fm_register_destroy(r);
}
END_TEST

/* ---- incomes ---- */

static const source income_tables[] = {
    {"incomes", "person_id,period,income,weight,stratum\n"
                "A,2022,100,3,s1\nA,2024,150,,s2\nB,2022,200,,s1\nC,2024,50,,s2\nD,2023,70,,s1\nC,2023,60,,s1\n"},
    {"participants", "initiative_id,person_id,joined_on,decision\n"
                     "t1,A,2023-05-01,accepted\nt1,B,2023-05-01,declined\nt2,C,,accepted\nt2,B,2025-01-01,accepted\n"
                     "t2,A,,\nt1,C,2023-05-01,rejected\n"},
    {"initiatives", "initiative_id,start\nt1,2023-01-01\nt2,2023-01-01\nt3,2023-01-01\n"}};

static size_t with_incomes(source *all, size_t n_tables)
{
  memcpy(all, programme, sizeof programme);
  memcpy(all + FM_COUNT(programme), income_tables, n_tables * sizeof *all);
  return FM_COUNT(programme) + n_tables;
}

START_TEST(incomes)
{
  source all[12];
  size_t n = with_incomes(all, 3);
  fm_frame_spec s = frame_spec("incomes", 2025, 1, 1);
  expect_frame("first and last period", all, n, &s,
               "person_id,income_0,income_1,weight_0,weight_1,participant\n"
               "A,100,150,3,2,yes\nB,200,-,1,1,no\nC,-,50,1.5,1.5,yes\n");
  s.participants = "t1";
  s.period_0 = 2023;
  s.by = "target_group,stratum";
  expect_frame("other periods, one initiative", all, n, &s,
               "person_id,income_0,income_1,weight_0,weight_1,participant,target_group,stratum\n"
               "A,-,150,2,2,yes,refugee,s2\nC,60,50,1.5,1.5,no,-,s1\nD,70,-,1,1,no,long_term_unemployed,s1\n");
  s.participants = "t3";
  s.by = NULL;
  s.filter = "income_0 > 0 & participant = no";
  expect_frame("filter on a computed column", all, n, &s,
               "person_id,income_0,income_1,weight_0,weight_1,participant\n"
               "C,60,50,1.5,1.5,no\nD,70,-,1,1,no\n");
  fm_register *r = register_of(all, n, false);
  s.filter = NULL;
  fm_table *t = frame_of(r, &s);
  expect_note(t, "period_0", "2023");
  expect_note(t, "period_1", "2024");
  expect_note(t, "rows_without_income", "2");
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

START_TEST(incomes_without_more)
{
  static const source bare[] = {{"persons", "person_id\nA\nB\n"},
                                {"incomes", "person_id,period,income\nA,2022,1.5\nA,2024.5,-2\nB,2022,7\n"}};
  fm_frame_spec s = FM_FRAME_SPEC_INIT; /* no dates anywhere, no as-of */
  s.kind = "incomes";
  expect_frame("no weights, no participants", bare, 2, &s,
               "person_id,income_0,income_1,weight_0,weight_1,participant\nA,1.5,-2,1,1,-\nB,7,-,1,1,-\n");
  const source joined[] = {bare[0],
                           bare[1],
                           {"participants", "initiative_id,person_id\nt,A\n"},
                           {"initiatives", "initiative_id,start\nt,2020-01-01\n"}};
  expect_frame("participants without days", joined, 4, &s,
               "person_id,income_0,income_1,weight_0,weight_1,participant\nA,1.5,-2,1,1,yes\nB,7,-,1,1,no\n");
}
END_TEST

/* A row a person and period, each read on its period's day; a second target group gives a further row. */
START_TEST(income_periods)
{
  source all[12];
  size_t n = with_incomes(all, 3);
  fm_frame_spec s = frame_spec("income_periods", 2025, 1, 1);
  expect_frame("first and last period", all, n, &s,
               "period,person_id,income,weight,stratum\n"
               "2022,A,100,3,s1\n2022,B,200,1,s1\n2024,A,150,2,s2\n2024,C,50,1.5,s2\n");
  s.period_0 = 2023;
  s.by = "sex";
  expect_frame("other periods", all, n, &s,
               "period,person_id,income,weight,stratum,sex\n"
               "2023,C,60,1.5,s1,female\n2023,D,70,1,s1,male\n2024,A,150,2,s2,female\n2024,C,50,1.5,s2,female\n");
  fm_register *r = register_of(all, n, false);
  s.by = "target_group";
  s.filter = "person_id = A";
  fm_table *t = frame_of(r, &s);
  ck_assert_uint_eq(fm_table_n_rows(t), 2); /* refugee and, from 2024 on, cash benefit */
  fm_assert_close("first", fm_test_number(t, "first_row", 0), 1, 0, 0);
  fm_assert_close("further", fm_test_number(t, "first_row", 1), 0, 0, 0);
  expect_note(t, "period_0", "2023");
  expect_note(t, "period_1", "2024");
  expect_note(t, "rows_without_income", "2");
  fm_table_destroy(t);
  s.period_1 = 2023;
  ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, NULL), FM_ERR_VALUE);
  fm_register_destroy(r);
}
END_TEST

/* The latest period unless one is named; A is in two groups on the first day of 2024. */
START_TEST(one_income)
{
  source all[12];
  size_t n = with_incomes(all, 3);
  fm_frame_spec s = frame_spec("income", 2025, 1, 1);
  expect_frame("last period", all, n, &s, "person_id,income,weight,stratum\nA,150,2,s2\nC,50,1.5,s2\n");
  s.by = "target_group";
  expect_frame("by group", all, n, &s,
               "person_id,income,weight,stratum,target_group,first_row\n"
               "A,150,2,s2,cash_benefit,yes\nA,150,2,s2,refugee,no\nC,50,1.5,s2,-,yes\n");
  s.filter = "target_group = refugee";
  expect_frame("first row that passes", all, n, &s,
               "person_id,income,weight,stratum,target_group,first_row\nA,150,2,s2,refugee,yes\n");
  s.by = s.filter = NULL;
  s.period_1 = 2022;
  expect_frame("named period", all, n, &s, "person_id,income,weight,stratum\nA,100,3,s1\nB,200,1,s1\n");
  fm_register *r = register_of(all, n, false);
  fm_table *t = frame_of(r, &s);
  expect_note(t, "period", "2022");
  expect_note(t, "rows_without_income", "3");
  fm_table_destroy(t);
  fm_error err = FM_ERROR_INIT;
  s.period_1 = 2021.5;
  ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "2021.5"));
  fm_register_destroy(r);
}
END_TEST

START_TEST(income_errors)
{
  static const source one[] = {{"persons", "person_id\nA\n"}, {"incomes", "person_id,period,income\nA,2022,1\n"}};
  source all[12];
  fm_register *single = register_of(one, 2, false), *r = register_of(all, with_incomes(all, 3), false);
  fm_register *alone = register_of(all, with_incomes(all, 1), false);
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_frame_spec s = frame_spec("incomes", 2025, 1, 1);
  ck_assert_int_eq(fm_register_frame(&t, single, &s, NULL, &err), FM_ERR_VALUE);
  s.period_0 = 2021.5;
  fm_error_clear(&err);
  ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_msg(strstr(err.message, "2021.5") != NULL, "%s", err.message);
  s.period_0 = 2024;
  s.period_1 = 2022;
  ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, NULL), FM_ERR_VALUE);
  s = frame_spec("incomes", 2025, 1, 1);
  s.participants = "t4";
  ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, NULL), FM_ERR_NOT_FOUND);
  ck_assert_int_eq(fm_register_frame(&t, alone, &s, NULL, NULL), FM_ERR_NOT_FOUND);
  fm_register_destroy(single);
  fm_register_destroy(r);
  fm_register_destroy(alone);
}
END_TEST

typedef struct body_data {
  fm_register *r;
  fm_frame_spec s;
} body_data;

static fm_status body(void *ctx, fm_error *err)
{
  const body_data *d = ctx;
  fm_table *t;
  fm_status status = fm_register_frame(&t, d->r, &d->s, NULL, err);
  fm_table_destroy(t);
  return status;
}

START_TEST(out_of_memory)
{
  source all[12];
  size_t n = with_incomes(all, 3);
  all[n++] = goals;
  body_data d = {register_of(all, n, false), frame_spec("goals", 2025, 1, 1)};
  ck_assert_int_gt(fm_test_allocations(body, &d), 100);
  d.s.kind = "incomes";
  d.s.by = "target_group,stratum";
  ck_assert_int_gt(fm_test_allocations(body, &d), 40);
  d.s.kind = "income_periods";
  ck_assert_int_gt(fm_test_allocations(body, &d), 40);
  d.s.kind = "income";
  ck_assert_int_gt(fm_test_allocations(body, &d), 40);
  fm_register_destroy(d.r);
  const source counted[] = {goals, counts};
  d = (body_data){register_of(counted, 2, false), frame_spec("goals", 2025, 1, 1)};
  ck_assert_int_gt(fm_test_allocations(body, &d), 10);
  fm_register_destroy(d.r);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-frame_goals");
  TCase *t = tcase_create("frames");
  tcase_add_test(t, from_placements);
  tcase_add_test(t, unknown_employers);
  tcase_add_test(t, earlier_years);
  tcase_add_test(t, counted_twice);
  tcase_add_test(t, from_counts);
  tcase_add_test(t, bad_rule);
  tcase_add_test(t, incomes);
  tcase_add_test(t, incomes_without_more);
  tcase_add_test(t, income_periods);
  tcase_add_test(t, one_income);
  tcase_add_test(t, income_errors);
  tcase_add_test(t, out_of_memory);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
