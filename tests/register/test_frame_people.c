/* Frames of people and placements, groups, filters, and what is wrong with a spec. */
#include "register/frame_data.h"

#define PROGRAMME programme, FM_COUNT(programme)

START_TEST(people)
{
  fm_frame_spec s = frame_spec("people", 2025, 1, 1);
  expect_frame("people", PROGRAMME, &s,
               "person_id,began,weight\n"
               "A,yes,2\nB,yes,1\nC,yes,1.5\nE,no,1\n");
  s.by = "target_group, sex,age";
  expect_frame("people by group", PROGRAMME, &s,
               "person_id,began,weight,target_group,sex,age\n"
               "A,yes,2,cash_benefit,female,34\nA,yes,2,refugee,female,34\n"
               "B,yes,1,cash_benefit,male,64\nC,yes,1.5,-,female,20\nE,no,1,other_unemployed,male,-\n");
  /* before the first job, and when E4's internship was all there was: an internship is not work */
  s = frame_spec("people", 2024, 1, 31);
  s.by = "district";
  expect_frame("people early", PROGRAMME, &s,
               "person_id,began,weight,district\n"
               "A,no,2,north\nB,no,1,south\nE,no,1,north\n");
}
END_TEST

/* Contracts have no date on which they are seen. */
START_TEST(contracts)
{
  static const source some[] = {{"contracts", "contract_id,value,start,end,wage_share,clause,agreed\n"
                                              "C1,1000000,2024-01-01,2024-12-31,0.4,training,100\n"
                                              "C2,2000000,2030-01-01,2030-01-31,,,\n"}};
  fm_frame_spec s = frame_spec("contracts", 2025, 1, 1);
  expect_frame("contracts", some, 1, &s,
               "contract_id,clause,value,start,end,days,wage_share,agreed,started,delivered\n"
               "C1,training,1e+06,2024-01-01,2024-12-31,366,0.4,100,-,-\n"
               "C2,-,2e+06,2030-01-01,2030-01-31,31,-,-,-,-\n");
  fm_register *r = register_of(PROGRAMME, false);
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_str_eq(err.message, "a frame of contracts needs the table contracts, which the data do not have");
  fm_register_destroy(r);
}
END_TEST

START_TEST(people_notes)
{
  fm_register *r = register_of(PROGRAMME, false);
  fm_frame_spec s = frame_spec("people", 2025, 1, 1);
  s.filter = "sex = female";
  fm_table *t = frame_of(r, &s);
  ck_assert_uint_eq(fm_table_n_rows(t), 2);
  expect_note(t, "kind", "people");
  expect_note(t, "as_of", "2025-01-01");
  expect_note(t, "last_observed", "2024-12-31");
  expect_note(t, "rows_not_observed", "1");
  expect_note(t, "rows_filtered", "2");
  expect_note(t, "rows_left_out", "3");
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

START_TEST(placements)
{
  fm_frame_spec s = frame_spec("placements", 2025, 1, 1);
  expect_frame("placements", PROGRAMME, &s,
               "placement_id,person_id,kind,work,sector,size_class,sme,hours_per_week,start,end,running\n"
               "1,A,ordinary,yes,private,medium,yes,37,2024-01-31,2024-04-29,no\n"
               "2,A,fleksjob,yes,public,large,no,12,2024-05-10,-,yes\n"
               "3,A,internship,no,private,micro,yes,37,2023-11-01,2023-11-30,no\n"
               "4,B,ordinary,yes,private,medium,yes,20,2024-03-01,-,no\n"
               "5,C,wage_subsidy,yes,unknown,-,-,-,2024-02-01,2024-12-31,yes\n"
               "7,B,small_job,yes,private,micro,yes,5,2024-03-01,2024-03-31,no\n");
  fm_register *r = register_of(PROGRAMME, false);
  fm_table *t = frame_of(r, &s);
  expect_note(t, "rows_after_as_of", "1");
  expect_note(t, "running_not_observed", "1"); /* placement 4: B is not seen any more */
  expect_note(t, "rows_left_out", "1");
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

START_TEST(placements_end_after_as_of)
{
  /* On 2024-03-31, the last observed day, 7 has its last day: known, and running. 1 ends later: not known. */
  fm_frame_spec s = frame_spec("placements", 2024, 4, 1);
  s.filter = "placement_id = 7 | placement_id = 1";
  expect_frame("end on the last day", PROGRAMME, &s,
               "placement_id,person_id,kind,work,sector,size_class,sme,hours_per_week,start,end,running\n"
               "1,A,ordinary,yes,private,medium,yes,37,2024-01-31,-,yes\n"
               "7,B,small_job,yes,private,micro,yes,5,2024-03-01,2024-03-31,yes\n");
}
END_TEST

START_TEST(groups_and_filters)
{
  fm_frame_spec s = frame_spec("placements", 2025, 1, 1);
  s.by = "target_group";
  s.filter = "person_id = A";
  expect_frame("groups on the first day", PROGRAMME, &s,
               "placement_id,person_id,kind,work,sector,size_class,sme,hours_per_week,start,end,running,target_group\n"
               "1,A,ordinary,yes,private,medium,yes,37,2024-01-31,2024-04-29,no,cash_benefit\n"
               "1,A,ordinary,yes,private,medium,yes,37,2024-01-31,2024-04-29,no,refugee\n"
               "2,A,fleksjob,yes,public,large,no,12,2024-05-10,-,yes,cash_benefit\n"
               "2,A,fleksjob,yes,public,large,no,12,2024-05-10,-,yes,refugee\n"
               "3,A,internship,no,private,micro,yes,37,2023-11-01,2023-11-30,no,refugee\n");
  /* One of the two groups is asked for, but not shown: one row. */
  s.by = "industry,age";
  s.filter = "target_group = cash_benefit & hours_per_week >= 12 & sme = yes | target_group = refugee & running = yes";
  expect_frame("a group only in the filter", PROGRAMME, &s,
               "placement_id,person_id,kind,work,sector,size_class,sme,hours_per_week,start,end,running,industry,age\n"
               "1,A,ordinary,yes,private,medium,yes,37,2024-01-31,2024-04-29,no,Q,33\n"
               "2,A,fleksjob,yes,public,large,no,12,2024-05-10,-,yes,P,34\n"
               "4,B,ordinary,yes,private,medium,yes,20,2024-03-01,-,no,Q,63\n");
  s.by = "employers.industry,persons.sex";
  s.filter = "sector = unknown | sector = public";
  expect_frame("columns by their table", PROGRAMME, &s,
               "placement_id,person_id,kind,work,sector,size_class,sme,hours_per_week,start,end,running,"
               "employers.industry,persons.sex\n"
               "2,A,fleksjob,yes,public,large,no,12,2024-05-10,-,yes,P,female\n"
               "5,C,wage_subsidy,yes,unknown,-,-,-,2024-02-01,2024-12-31,yes,-,female\n");
  s.by = NULL;
  s.filter = "kind = sheltered";
  expect_frame("nothing passes", PROGRAMME, &s,
               "placement_id,person_id,kind,work,sector,size_class,sme,hours_per_week,start,end,running\n");
}
END_TEST

START_TEST(placements_of_the_unobserved)
{
  /* On 2024-12-31, the last observed day: A is seen from that day on, B from the next, C was until the day before. */
  static const source late[] = {
      {"persons", "person_id,observed_from,observed_to\nA,2024-12-31,\nB,2025-01-01,\nC,,2024-12-30\nD,,2024-12-31\n"},
      {"placements", "placement_id,person_id,kind,start\n1,A,ordinary,2024-12-01\n2,B,ordinary,2024-12-01\n"
                     "3,C,ordinary,2024-12-01\n4,D,ordinary,2024-12-01\n"}};
  fm_frame_spec s = frame_spec("placements", 2025, 1, 1);
  expect_frame("seen before, on and after the last day", late, 2, &s,
               "placement_id,person_id,kind,work,sector,size_class,sme,hours_per_week,start,end,running\n"
               "1,A,ordinary,yes,unknown,-,-,-,2024-12-01,-,yes\n"
               "2,B,ordinary,yes,unknown,-,-,-,2024-12-01,-,no\n"
               "3,C,ordinary,yes,unknown,-,-,-,2024-12-01,-,no\n"
               "4,D,ordinary,yes,unknown,-,-,-,2024-12-01,-,yes\n");
  fm_register *r = register_of(late, 2, false);
  fm_table *t = frame_of(r, &s);
  expect_note(t, "running_not_observed", "2");
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

START_TEST(few_tables)
{
  static const source bare[] = {{"persons", "person_id\nA\n"},
                                {"placements", "placement_id,person_id,kind,start\n1,A,ordinary,2024-01-01\n"}};
  fm_frame_spec s = frame_spec("placements", 2025, 1, 1);
  expect_frame("no employers, no hours", bare, 2, &s,
               "placement_id,person_id,kind,work,sector,size_class,sme,hours_per_week,start,end,running\n"
               "1,A,ordinary,yes,unknown,-,-,-,2024-01-01,-,yes\n");
  s = frame_spec("people", 2025, 1, 1);
  expect_frame("no weight", bare, 2, &s, "person_id,began\nA,yes\n");
  expect_frame("no placements", bare, 1, &s, "person_id,began\nA,no\n");
}
END_TEST

static void refuse(const fm_register *r, const fm_frame_spec *s, fm_status status, const char *word)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t = (fm_table *)&err;
  ck_assert_msg(fm_register_frame(&t, r, s, NULL, &err) == status, "%s: got %s: %s", word, fm_status_name(err.code),
                err.message);
  ck_assert_msg(t == NULL && strstr(err.message, word) != NULL, "%s: %s", word, err.message);
}

START_TEST(errors)
{
  static const source goals_only[] = {
      {"goals", "goal_id,measure,goal,start,deadline\ng,target.track,5,2024-01-01,2024-12-31\n"}};
  fm_register *r = register_of(PROGRAMME, false), *g = register_of(goals_only, 1, false);
  fm_frame_spec s = frame_spec("people", 2025, 1, 1);
  fm_error err = FM_ERROR_INIT;
#define REFUSE(with, field, value, status, word)                                                                       \
  do {                                                                                                                 \
    fm_frame_spec bad = s;                                                                                             \
    bad.field = (value);                                                                                               \
    refuse((with), &bad, (status), (word));                                                                            \
  } while (0)
  REFUSE(r, kind, NULL, FM_ERR_ARGUMENT, "kind");
  REFUSE(r, kind, "peoples", FM_ERR_ARGUMENT, "peoples");
  REFUSE(r, by, "colour", FM_ERR_NOT_FOUND, "colour");
  REFUSE(r, by, "sector", FM_ERR_NOT_FOUND, "sector"); /* people have no employer */
  REFUSE(r, by, "sex,,age", FM_ERR_ARGUMENT, "by");
  REFUSE(r, filter, "colour = red", FM_ERR_NOT_FOUND, "colour");
  REFUSE(r, filter, "sex =", FM_ERR_FORMAT, "");
  REFUSE(r, index, "last", FM_ERR_ARGUMENT, "last");
  REFUSE(r, as_of, INT32_MAX, FM_ERR_ARGUMENT, "as_of");
  REFUSE(r, gap_days, -1, FM_ERR_ARGUMENT, "gap_days");
  REFUSE(r, gap_days, 36526, FM_ERR_ARGUMENT, "gap_days");
  REFUSE(r, same_employer, 2, FM_ERR_ARGUMENT, "same_employer");
  REFUSE(r, kind, "incomes", FM_ERR_NOT_FOUND, "incomes");
  REFUSE(r, kind, "goals", FM_ERR_NOT_FOUND, "goals");
  REFUSE(g, kind, "goals", FM_ERR_NOT_FOUND, "counts");
  REFUSE(g, kind, "people", FM_ERR_NOT_FOUND, "persons");
  REFUSE(g, kind, "placements", FM_ERR_NOT_FOUND, "placements");
  REFUSE(g, kind, "status", FM_ERR_NOT_FOUND, "placements");
  REFUSE(g, kind, "survival", FM_ERR_NOT_FOUND, "placements");
#undef REFUSE
  fm_table *t;
  ck_assert_int_eq(fm_register_frame(NULL, r, &s, NULL, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_register_frame(&t, NULL, &s, NULL, NULL), FM_ERR_ARGUMENT);
  s.struct_size = 0;
  ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, &err), FM_ERR_ARGUMENT);
  fm_register_destroy(r);
  fm_register_destroy(g);
}
END_TEST

START_TEST(defaults)
{
  fm_frame_spec s, init = FM_FRAME_SPEC_INIT;
  fm_frame_spec_init(&s, sizeof s);
  ck_assert(s.struct_size == init.struct_size && s.as_of == FM_NO_DATE && isnan(s.period_0) && isnan(s.period_1));
  ck_assert(s.kind == NULL && s.by == NULL && s.gap_days == 0);
  /* as-of is then the day after the last day in the data */
  fm_register *r = register_of(PROGRAMME, false);
  char text[11];
  s.kind = "placements";
  fm_table *t = frame_of(r, &s);
  fm_date_format(text, fm_register_data_end(r));
  expect_note(t, "as_of", text);
  ck_assert_uint_eq(fm_table_n_rows(t), 7);
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

static int32_t stop(void *ctx, double done)
{
  (void)ctx;
  return done >= 0;
}

START_TEST(cancelled)
{
  fm_register *r = register_of(PROGRAMME, false);
  fm_frame_spec s = frame_spec("people", 2025, 1, 1);
  fm_run run = FM_RUN_INIT;
  fm_table *t;
  run.progress = stop;
  ck_assert_int_eq(fm_register_frame(&t, r, &s, &run, NULL), FM_ERR_CANCELLED);
  ck_assert_ptr_null(t);
  fm_register_destroy(r);
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
  body_data d = {register_of(PROGRAMME, false), frame_spec("placements", 2025, 1, 1)};
  d.s.by = "target_group,industry,age";
  ck_assert_int_gt(fm_test_allocations(body, &d), 50);
  d.s.filter = "target_group = refugee & sme = yes";
  ck_assert_int_gt(fm_test_allocations(body, &d), 50);
  d.s.kind = "people";
  d.s.by = "age";
  d.s.filter = NULL;
  ck_assert_int_gt(fm_test_allocations(body, &d), 10);
  fm_register_destroy(d.r);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-frame_people");
  TCase *t = tcase_create("frames");
  tcase_add_test(t, people);
  tcase_add_test(t, contracts);
  tcase_add_test(t, people_notes);
  tcase_add_test(t, placements);
  tcase_add_test(t, placements_end_after_as_of);
  tcase_add_test(t, placements_of_the_unobserved);
  tcase_add_test(t, groups_and_filters);
  tcase_add_test(t, few_tables);
  tcase_add_test(t, errors);
  tcase_add_test(t, defaults);
  tcase_add_test(t, cancelled);
  tcase_add_test(t, out_of_memory);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
