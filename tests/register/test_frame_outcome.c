/* Status and survival frames: eighteen people worked out day by day, and a small programme by hand. */
#include "register/frame_data.h"

#define PROGRAMME programme, FM_COUNT(programme)

/* ---- the spell oracle as a register: every spell is a job ---- */

static fm_register *oracle_register(bool backwards)
{
  static char persons[2000], employers[200], placements[6000];
  fm_oracle *p = fm_oracle_open("spell/persons.csv"), *s = fm_oracle_open("spell/spells.csv");
  size_t used = (size_t)snprintf(persons, sizeof persons, "person_id\n");
  for (size_t i = 0; i < fm_oracle_n_rows(p); i++)
    used += (size_t)snprintf(persons + used, sizeof persons - used, "%s\n", fm_oracle_text(p, i, "person"));
  snprintf(employers, sizeof employers, "employer_id\nA\nB\nC\n");
  used = (size_t)snprintf(placements, sizeof placements, "placement_id,person_id,employer_id,kind,start,end\n");
  for (size_t i = 0; i < fm_oracle_n_rows(s); i++)
    used +=
        (size_t)snprintf(placements + used, sizeof placements - used, "%s,%s,%s,ordinary,%s,%s\n",
                         fm_oracle_text(s, i, "spell"), fm_oracle_text(s, i, "person"),
                         fm_oracle_text(s, i, "employer"), fm_oracle_text(s, i, "start"), fm_oracle_text(s, i, "end"));
  fm_oracle_close(p);
  fm_oracle_close(s);
  const source all[] = {{"persons", persons}, {"employers", employers}, {"placements", placements}};
  return register_of(all, FM_COUNT(all), backwards);
}

/* Row of the frame for a person (and horizon); fails when there is none. */
static size_t row_of(const fm_table *t, const char *person, const char *column, double value)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    if (strcmp(fm_test_text(t, "person_id", i), person) == 0 &&
        (column == NULL || fm_test_number(t, column, i) == value))
      return i;
  ck_abort_msg("no row of %s", person);
  return 0;
}

static void compare_status(const fm_oracle *o, const fm_table *t, const char *column)
{
  ck_assert_uint_eq(fm_table_n_rows(t), fm_oracle_n_rows(o));
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    const char *person = fm_oracle_text(o, i, "person");
    size_t row = row_of(t, person, "horizon_months", fm_oracle_number(o, i, "months"));
    double want = fm_oracle_number(o, i, column), got = fm_test_number(t, "status", row);
    ck_assert_msg(fm_close(got, want, 0, 0), "%s %s, %s months: got %g, expected %g", column, person,
                  fm_oracle_text(o, i, "months"), got, want);
    /* rule 6: the rate takes everybody whose day is seen */
    ck_assert_msg((fm_test_number(t, "in_rate", row) == 1.0) == !isnan(want), "%s: in_rate", person);
  }
}

START_TEST(oracle_status)
{
  fm_oracle *o = fm_oracle_open("spell/expected_status.csv");
  for (int backwards = 0; backwards < 2; backwards++) {
    fm_register *r = oracle_register(backwards != 0);
    fm_frame_spec s = frame_spec("status", 2026, 7, 1);
    s.index = "first";
    s.horizons = "3,6,12,24";
    fm_table *t = frame_of(r, &s);
    compare_status(o, t, "any_job");
    expect_note(t, "definition", "any_employer");
    expect_note(t, "rows_after_as_of", "1");
    fm_table_destroy(t);
    s.same_employer = 1;
    t = frame_of(r, &s);
    compare_status(o, t, "same_employer");
    expect_note(t, "definition", "same_employer");
    fm_table_destroy(t);
    fm_register_destroy(r);
  }
  fm_oracle_close(o);
}
END_TEST

static size_t compare_survival(const fm_oracle *o, const fm_register *r, int32_t same, int32_t gap)
{
  fm_frame_spec s = frame_spec("survival", 2026, 7, 1);
  s.index = "first";
  s.same_employer = same;
  s.gap_days = gap;
  fm_table *t = frame_of(r, &s);
  size_t seen = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    if (fm_oracle_number(o, i, "gap_days") != gap ||
        strcmp(fm_oracle_text(o, i, "definition"), same ? "same_employer" : "any_employer") != 0)
      continue;
    const char *person = fm_oracle_text(o, i, "person");
    size_t row = row_of(t, person, NULL, 0);
    ck_assert_msg(fm_test_number(t, "time_days", row) == fm_oracle_number(o, i, "time_days"), "%s gap %d: %g days",
                  person, gap, fm_test_number(t, "time_days", row));
    ck_assert_msg(fm_test_number(t, "event", row) == fm_oracle_number(o, i, "event"), "%s gap %d: event", person, gap);
    const char *cause = fm_test_text(t, "cause", row), *expected = fm_oracle_text(o, i, "cause");
    ck_assert_msg(strcmp(cause != NULL ? cause : "censored", expected) == 0, "%s gap %d: %s", person, gap, expected);
    ck_assert(fm_test_number(t, "entry_days", row) == 0 && fm_test_number(t, "weight", row) == 1);
    seen++;
  }
  ck_assert_uint_eq(seen, fm_table_n_rows(t));
  fm_table_destroy(t);
  return seen;
}

START_TEST(oracle_survival)
{
  fm_oracle *o = fm_oracle_open("spell/expected_survival.csv");
  fm_register *r = oracle_register(false);
  size_t seen = 0;
  for (int32_t gap = 0; gap <= 28; gap += 7)
    seen += gap == 21 ? 0 : compare_survival(o, r, 0, gap);
  seen += compare_survival(o, r, 1, 0) + compare_survival(o, r, 1, 14);
  ck_assert_uint_eq(seen, fm_oracle_n_rows(o));
  fm_register_destroy(r);
  fm_oracle_close(o);
}
END_TEST

/* ---- by hand ---- */

START_TEST(status_by_hand)
{
  /* 1 ended on 29 April and 2 began on 10 May; B is seen until 30 June, where 7 goes on as 4; C from 1 March */
  fm_frame_spec s = frame_spec("status", 2025, 1, 1);
  s.by = "placement_id";
  expect_frame("any employer", PROGRAMME, &s,
               "person_id,horizon_months,status,in_rate,weight,placement_id\n"
               "A,12,-,no,2,1\nA,12,-,no,2,2\nA,3,no,yes,2,1\nA,3,yes,yes,2,2\nA,6,yes,yes,2,1\nA,6,yes,yes,2,2\n"
               "B,12,-,no,1,4\nB,12,-,no,1,7\nB,3,yes,yes,1,4\nB,3,yes,yes,1,7\nB,6,-,no,1,4\nB,6,-,no,1,7\n"
               "C,12,-,no,1.5,5\nC,3,yes,yes,1.5,5\nC,6,yes,yes,1.5,5\n");
  s.horizons = " 3 ";
  s.same_employer = 1;
  expect_frame("same employer", PROGRAMME, &s,
               "person_id,horizon_months,status,in_rate,weight,placement_id\n"
               "A,3,no,yes,2,1\nA,3,yes,yes,2,2\nB,3,no,yes,1,7\nB,3,yes,yes,1,4\nC,3,yes,yes,1.5,5\n");
  s.same_employer = 0;
  s.gap_days = 10; /* 30 April to 9 May are ten days */
  expect_frame("a pause of ten days is bridged", PROGRAMME, &s,
               "person_id,horizon_months,status,in_rate,weight,placement_id\n"
               "A,3,yes,yes,2,1\nA,3,yes,yes,2,2\nB,3,yes,yes,1,4\nB,3,yes,yes,1,7\nC,3,yes,yes,1.5,5\n");
  s.gap_days = 9;
  s.filter = "person_id = A & placement_id = 1";
  expect_frame("but not by nine", PROGRAMME, &s,
               "person_id,horizon_months,status,in_rate,weight,placement_id\nA,3,no,yes,2,1\n");
}
END_TEST

START_TEST(status_not_known_yet)
{
  /* The day is 30 April, the first day out of work. As of 2 May, a bridging spell could have begun after a gap of up to
   * 10 days until 9 May; known at a gap of 1. Rule 6: in the rate when day + gap + 1 <= the last day seen. */
  static const struct {
    int32_t month, day, gap;
    const char *status, *in_rate;
  } row[] = {
      {4, 30, 0, "-", "no"},  {5, 1, 0, "no", "yes"}, {5, 1, 1, "-", "no"},     {5, 2, 1, "no", "no"},
      {5, 3, 1, "no", "yes"}, {5, 9, 10, "-", "no"},  {5, 11, 10, "yes", "no"}, {5, 12, 10, "yes", "yes"},
  };
  for (int i = 0; i < FM_COUNT(row); i++) {
    fm_register *r = register_of(PROGRAMME, false);
    fm_frame_spec s = frame_spec("status", 2024, row[i].month, row[i].day);
    char cell[64];
    s.horizons = "3";
    s.gap_days = row[i].gap;
    s.filter = "placement_id = 1";
    fm_table *t = frame_of(r, &s);
    ck_assert_uint_eq(fm_table_n_rows(t), 1);
    put_cell(cell, sizeof cell, t, 2, 0);
    ck_assert_msg(strcmp(cell, row[i].status) == 0, "case %d: status %s", i, cell);
    put_cell(cell, sizeof cell, t, 3, 0);
    ck_assert_msg(strcmp(cell, row[i].in_rate) == 0, "case %d: in_rate %s", i, cell);
    fm_table_destroy(t);
    fm_register_destroy(r);
  }
}
END_TEST

START_TEST(survival_by_hand)
{
  fm_frame_spec s = frame_spec("survival", 2025, 1, 1);
  s.by = "placement_id";
  /* 1: 31 Jan to 29 Apr, 90 days. 2 and 5: to the last day on which an end can be recognised, 30 December. 4 and 7: to
   * 29 June. C is seen from 1 March, 29 days after the start. */
  expect_frame(
      "any employer", PROGRAMME, &s,
      "person_id,entry_days,time_days,event,cause,weight,placement_id\n"
      "A,0,235,no,-,2,2\nA,0,90,yes,not_employed,2,1\nB,0,121,no,-,1,4\nB,0,121,no,-,1,7\nC,29,334,no,-,1.5,5\n");
  s.gap_days = 14; /* 16 December; for B 15 June */
  expect_frame("gap of 14 days", PROGRAMME, &s,
               "person_id,entry_days,time_days,event,cause,weight,placement_id\n"
               "A,0,221,no,-,2,2\nA,0,321,no,-,2,1\nB,0,107,no,-,1,4\nB,0,107,no,-,1,7\nC,29,320,no,-,1.5,5\n");
  s.gap_days = 0;
  s.same_employer = 1;
  s.index = "first"; /* 4 and 7 begin on one day: the smaller id */
  expect_frame("first, same employer", PROGRAMME, &s,
               "person_id,entry_days,time_days,event,cause,weight,placement_id\n"
               "A,0,90,yes,not_employed,2,1\nB,0,121,no,-,1,4\nC,29,334,no,-,1.5,5\n");
}
END_TEST

START_TEST(survival_left_out)
{
  static const source late[] = {{"persons", "person_id,observed_from,observed_to\n"
                                            "A,2024-03-01,2024-06-30\nB,2024-05-01,\nC,,\n"},
                                {"placements", "placement_id,person_id,kind,start,end\n"
                                               "1,A,ordinary,2024-07-01,\n"           /* after A was last seen */
                                               "2,B,ordinary,2024-04-01,2024-04-30\n" /* over before B was first seen */
                                               "3,B,ordinary,2024-04-02,2024-05-01\n" /* seen on its last day */
                                               "4,C,ordinary,2024-12-31,\n"           /* an end cannot be seen yet */
                                               "5,C,ordinary,2025-01-01,\n"
                                               "6,C,internship,2024-05-01,\n"}};
  fm_register *r = register_of(late, FM_COUNT(late), false);
  fm_frame_spec s = frame_spec("survival", 2025, 1, 1);
  s.same_employer = 1; /* without an employer each job stands for itself */
  fm_table *t = frame_of(r, &s);
  char *got = lines_of(t);
  ck_assert_str_eq(got, "person_id,entry_days,time_days,event,cause,weight\nB,29,30,yes,not_employed,1\n");
  expect_note(t, "rows_not_observed", "2");
  expect_note(t, "rows_too_recent", "1");
  expect_note(t, "rows_after_as_of", "1");
  expect_note(t, "rows_not_work", "1");
  expect_note(t, "rows_left_out", "5");
  free(got);
  fm_table_destroy(t);
  fm_register_destroy(r);
  /* Outside the days on which a person is seen nothing is known, whatever the placements say. */
  s = frame_spec("status", 2025, 1, 1);
  s.horizons = "0,1";
  s.by = "placement_id";
  expect_frame("not seen", late, FM_COUNT(late), &s,
               "person_id,horizon_months,status,in_rate,weight,placement_id\n"
               "A,0,-,no,1,1\nA,1,-,no,1,1\nB,0,-,no,1,2\nB,0,-,no,1,3\nB,1,no,yes,1,3\nB,1,yes,yes,1,2\n"
               "C,0,yes,yes,1,4\nC,1,-,no,1,4\n");
}
END_TEST

START_TEST(spells_are_work_too)
{
  /* A's employment in the file of states covers 30 April; unemployment does not count. */
  source more[FM_COUNT(programme) + 1];
  memcpy(more, programme, sizeof programme);
  more[FM_COUNT(programme)] = (source){"spells", "person_id,start,end,state\n"
                                                 "A,2024-04-15,2024-05-03,employment\n"
                                                 "A,2024-05-04,2024-05-09,unemployment\n"
                                                 "E,2024-05-04,,employment\n"};
  fm_frame_spec s = frame_spec("status", 2025, 1, 1);
  s.horizons = "3";
  s.filter = "placement_id = 1";
  s.by = "target_group";
  expect_frame("a state that is work", more, FM_COUNT(more), &s,
               "person_id,horizon_months,status,in_rate,weight,target_group\n"
               "A,3,yes,yes,2,cash_benefit\nA,3,yes,yes,2,refugee\n");
  s = frame_spec("survival", 2025, 1, 1);
  s.filter = "placement_id = 1";
  expect_frame("work in states goes on", more, FM_COUNT(more), &s,
               "person_id,entry_days,time_days,event,cause,weight\nA,0,94,yes,unemployment,2\n");
  s.same_employer = 1;
  expect_frame("but not with the employer", more, FM_COUNT(more), &s,
               "person_id,entry_days,time_days,event,cause,weight\nA,0,90,yes,other_job,2\n");
}
END_TEST

/* Support of a kind on the day it began, counted from the start of the job: the first that had not ended by then, none
 * that names another job or begins after as-of. */
START_TEST(dated_columns)
{
  static const source all[] = {{"persons", "person_id\nA\nB\nC\n"},
                               {"placements", "placement_id,person_id,kind,start,end\n"
                                              "1,A,ordinary,2024-01-11,2024-03-31\n"
                                              "2,A,ordinary,2024-05-01,2024-06-30\n"
                                              "3,B,ordinary,2024-01-01,2024-06-30\n"
                                              "4,C,ordinary,2024-01-01,2024-06-30\n"},
                               {"supports", "person_id,kind,start,end,placement_id\n"
                                            "A,aftercare,2023-12-01,2024-01-10,\n"
                                            "A,aftercare,2024-01-01,2024-01-20,1\n"
                                            "A,aftercare,2024-05-31,,2\n"
                                            "A,upskilling,2024-02-01,2024-02-10,\n"
                                            "B,aftercare,2024-04-01,,\n"
                                            "B,aftercare,2024-03-01,,\n"
                                            "C,aftercare,2025-02-01,,\n"}};
  fm_frame_spec s = frame_spec("survival", 2025, 1, 1);
  s.by = "aftercare_days,upskilling_days";
  expect_frame("dated", all, FM_COUNT(all), &s,
               "person_id,entry_days,time_days,event,cause,weight,aftercare_days,upskilling_days\n"
               "A,0,61,yes,not_employed,1,30,-\nA,0,81,yes,not_employed,1,-10,21\n"
               "B,0,182,yes,not_employed,1,60,-\nC,0,182,yes,not_employed,1,-,-\n");
}
END_TEST

/* The word for what follows: the family of the state; of two the one that began last; within the gap, but no later. */
START_TEST(causes)
{
  static const source persons = {"persons", "person_id\nA\nB\nC\nD\nE\n"};
  static const source placements = {"placements", "placement_id,person_id,kind,start,end\n"
                                                  "1,A,ordinary,2024-01-01,2024-03-31\n"
                                                  "2,B,ordinary,2024-01-01,2024-03-31\n"
                                                  "3,C,ordinary,2024-01-01,2024-03-31\n"
                                                  "4,D,ordinary,2024-01-01,2024-03-31\n"
                                                  "5,E,ordinary,2024-01-01,2024-03-31\n"};
  static const source spells = {"spells", "person_id,start,end,state\n"
                                          "A,2024-02-01,2024-06-30,cash_benefit\n"
                                          "A,2024-04-01,2024-06-30,111\n" /* a code of DREAM: its family */
                                          "B,2024-04-04,2024-06-30,state_pension\n"
                                          "C,2024-04-01,2024-06-30,leave\n"
                                          "C,2024-04-01,2024-06-30,dead\n"
                                          "D,2024-02-01,2024-03-31,cash_benefit\n"};
  const source all[] = {persons, placements, spells};
  fm_frame_spec s = frame_spec("survival", 2025, 1, 1);
  expect_frame("no gap", all, FM_COUNT(all), &s,
               "person_id,entry_days,time_days,event,cause,weight\n"
               "A,0,91,yes,unemployment_benefit,1\nB,0,91,yes,not_employed,1\nC,0,91,yes,dead,1\n"
               "D,0,91,yes,not_employed,1\nE,0,91,yes,not_employed,1\n");
  s.gap_days = 3;
  s.filter = "person_id = B";
  expect_frame("a gap of three days", all, FM_COUNT(all), &s,
               "person_id,entry_days,time_days,event,cause,weight\nB,0,91,yes,state_pension,1\n");
}
END_TEST

START_TEST(horizons)
{
  static const char *const bad[] = {"", "3,", ",3", "3,3", "3;6", "-3", "1201", "999999999", "3 6", "x"};
  fm_register *r = register_of(PROGRAMME, false);
  for (int i = 0; i < FM_COUNT(bad); i++) {
    fm_error err = FM_ERROR_INIT;
    fm_frame_spec s = frame_spec("status", 2025, 1, 1);
    fm_table *t;
    s.horizons = bad[i];
    ck_assert_msg(fm_register_frame(&t, r, &s, NULL, &err) == FM_ERR_ARGUMENT && strstr(err.message, "horizons"), "%s",
                  bad[i]);
  }
  fm_frame_spec s = frame_spec("status", 9990, 1, 1);
  s.horizons = "0,1200"; /* beyond the calendar is unknown */
  s.index = "first";
  s.filter = "person_id = A";
  fm_register_destroy(r);
  static const source far[] = {
      {"persons", "person_id\nA\n"},
      {"placements", "placement_id,person_id,kind,start,end\n1,A,ordinary,9950-01-01,9950-01-02\n"}};
  expect_frame("far", far, 2, &s, "person_id,horizon_months,status,in_rate,weight\nA,0,yes,yes,1\nA,1200,-,no,1\n");
}
END_TEST

/* ---- published figures: see the README.md of each folder ---- */

static void count_status(const char *folder, int32_t as_of, const int *expected)
{
  static const int32_t months[] = {3, 6, 12};
  char path[512];
  fm_error err = FM_ERROR_INIT;
  fm_register *r = NULL;
  fm_table *problems = NULL;
  fm_frame_spec s = FM_FRAME_SPEC_INIT;
  snprintf(path, sizeof path, "%s/examples/data/%s", FM_PROJECT_DIR, folder);
  fm_assert_ok(fm_register_read(&r, &problems, path, NULL, NULL, &err), &err);
  s.kind = "status";
  s.index = "first";
  s.as_of = as_of;
  fm_table *t = frame_of(r, &s);
  for (int m = 0; m < 3; m++) {
    int count[3] = {0, 0, 0}, in_rate = 0;
    for (size_t i = 0; i < fm_table_n_rows(t); i++) {
      if (fm_test_number(t, "horizon_months", i) != months[m])
        continue;
      double status = fm_test_number(t, "status", i);
      count[isnan(status) ? 2 : status == 1.0 ? 0 : 1]++;
      in_rate += fm_test_number(t, "in_rate", i) == 1.0;
    }
    for (int k = 0; k < 3; k++)
      ck_assert_msg(count[k] == expected[3 * m + k], "%s, %d months, %d: got %d", folder, months[m], k, count[k]);
    ck_assert_int_eq(in_rate, count[0] + count[1]);
  }
  fm_table_destroy(t);
  fm_table_destroy(problems);
  fm_register_destroy(r);
}

START_TEST(examples)
{
  /* yes, no, unknown after 3, 6, 12 months. School to work: employed months of McVicar and Anyadike-Danes' (2002) 712
   * young people, seen until June 1999, counted month by month without this library. */
  static const int town[] = {188, 38, 22, 148, 55, 45, 91, 62, 95}, school[] = {463, 79, 5, 441, 99, 7, 390, 114, 43};
  count_status("demo-municipality", fm_date_from_ymd(2026, 1, 1), town);
  count_status("school-to-work", fm_date_from_ymd(1999, 7, 1), school);
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
  body_data d = {oracle_register(true), frame_spec("status", 2026, 7, 1)};
  ck_assert_int_gt(fm_test_allocations(body, &d), 20);
  d.s.kind = "survival";
  d.s.same_employer = 1;
  ck_assert_int_gt(fm_test_allocations(body, &d), 20);
  fm_register_destroy(d.r);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-frame_outcome");
  TCase *t = tcase_create("frames");
  tcase_add_test(t, oracle_status);
  tcase_add_test(t, oracle_survival);
  tcase_add_test(t, status_by_hand);
  tcase_add_test(t, status_not_known_yet);
  tcase_add_test(t, survival_by_hand);
  tcase_add_test(t, survival_left_out);
  tcase_add_test(t, spells_are_work_too);
  tcase_add_test(t, causes);
  tcase_add_test(t, dated_columns);
  tcase_add_test(t, horizons);
  tcase_add_test(t, examples);
  tcase_add_test(t, out_of_memory);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
