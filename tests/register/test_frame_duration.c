/* Survival under definitions: a week by week example by hand, eighteen people, what cannot be followed. */
#include "register/frame_data.h"

/* A: cash benefit, 11 weeks of work, 2 of sickness benefit, 12 of work, 1 of holiday, 9 of work, cash benefit (weeks
 * are Monday to Sunday). B: in work from the first day of the data, then on a student grant. C: a placement of 90 days,
 * then a student grant; D: dies after eight weeks of work. E: work in a week of which it is not known what came before.
 */
static const source weekly[] = {
    {"persons", "person_id,sex\nA,female\nB,male\nC,female\nD,male\nE,male\n"},
    {"spells", "person_id,start,end,state\n"
               "A,2020-07-13,2020-11-29,730\n"
               "A,2020-11-30,2021-02-14,employment\n"
               "A,2021-02-15,2021-02-28,890\n"
               "A,2021-03-01,2021-05-23,employment\n"
               "A,2021-05-24,2021-05-30,121\n"
               "A,2021-05-31,2021-08-01,employment\n"
               "A,2021-08-02,,130\n"
               "B,2020-07-13,2020-12-27,employment\n"
               "B,2020-12-28,2021-03-28,student_grant\n"
               "B,2021-03-29,,employment\n"
               "C,2021-04-01,,student_grant\n"
               "D,2020-07-13,2021-01-03,730\n"
               "D,2021-01-04,2021-02-28,employment\n"
               "D,2021-03-01,,dead\n"
               "E,2020-07-13,2021-01-03,not_known\n"
               "E,2021-01-04,2021-01-31,employment\n"
               "E,2021-02-01,,self_support\n"},
    {"employers", "employer_id,sector\nX,private\n"},
    {"placements", "placement_id,person_id,employer_id,kind,start,end\n1,C,X,ordinary,2021-01-01,2021-03-31\n"},
};

#define STRICT                                                                                                         \
  "A,weekly_strict,0,63,yes,cash_benefit_job_ready,1\n" /* from 31 May: nine weeks */                                  \
  "A,weekly_strict,0,77,yes,sickness_benefit,1\n"       /* from 30 November: eleven weeks */                           \
  "A,weekly_strict,0,84,yes,holiday_from_employment,1\n"                                                               \
  "B,weekly_strict,0,160,no,-,1\n" /* 29 March to 6 September is 161 days; the last cannot be told */                  \
  "C,weekly_strict,0,90,yes,student_grant,1\n"                                                                         \
  "D,weekly_strict,0,55,no,-,1\n" /* eight weeks less the last day */
#define HEAD "person_id,definition,entry_days,time_days,event,cause,weight\n"

START_TEST(by_hand)
{
  fm_frame_spec s = frame_spec("survival", 2021, 9, 6);
  s.definitions = "weekly_strict";
  expect_frame("strict", weekly, FM_COUNT(weekly), &s, HEAD STRICT);
  s.definitions = "weekly_grace_4_weeks";
  /* A: 77 + 14 + 84 + 7 + 63; B: 161 - 28 - 1; D: 56 - 28 - 1 */
  expect_frame("grace", weekly, FM_COUNT(weekly), &s,
               HEAD "A,weekly_grace_4_weeks,0,245,yes,cash_benefit_job_ready,1\n"
                    "B,weekly_grace_4_weeks,0,132,no,-,1\n"
                    "C,weekly_grace_4_weeks,0,90,yes,student_grant,1\n"
                    "D,weekly_grace_4_weeks,0,27,no,-,1\n");
  s.definitions = "weekly_grace_4_weeks";
  s.as_of = fm_date_from_ymd(2021, 8, 30); /* 39 weeks: 273 - 28 - 1 days can be told */
  s.filter = "person_id = A";
  expect_frame("a week earlier", weekly, FM_COUNT(weekly), &s, HEAD "A,weekly_grace_4_weeks,0,244,no,-,1\n");
}
END_TEST

START_TEST(side_by_side)
{
  fm_frame_spec s = frame_spec("survival", 2021, 9, 6);
  s.definitions = "weekly_grace_4_weeks,weekly_strict";
  s.index = "first";
  s.by = "sex";
  expect_frame("first of each", weekly, FM_COUNT(weekly), &s,
               "person_id,definition,entry_days,time_days,event,cause,weight,sex\n"
               "A,weekly_grace_4_weeks,0,245,yes,cash_benefit_job_ready,1,female\n"
               "A,weekly_strict,0,77,yes,sickness_benefit,1,female\n"
               "B,weekly_grace_4_weeks,0,132,no,-,1,male\n"
               "B,weekly_strict,0,160,no,-,1,male\n"
               "C,weekly_grace_4_weeks,0,90,yes,student_grant,1,female\n"
               "C,weekly_strict,0,90,yes,student_grant,1,female\n"
               "D,weekly_grace_4_weeks,0,27,no,-,1,male\n"
               "D,weekly_strict,0,55,no,-,1,male\n");
  fm_register *r = register_of(weekly, FM_COUNT(weekly), false);
  fm_table *t = frame_of(r, &s);
  expect_note(t, "definition", "weekly_grace_4_weeks,weekly_strict");
  expect_note(t, "index", "first");
  fm_table_destroy(t);
  s.index = NULL;
  s.definitions = "strict,grace_4_weeks"; /* from another start: the same people as by the weekly ones */
  s.start = "work";
  t = frame_of(r, &s);
  ck_assert_uint_eq(fm_table_n_rows(t), 6 + 4);
  expect_note(t, "index", "work");
  fm_table_destroy(t);
  s.definitions = "strict,danish_status";
  s.start = NULL;
  t = frame_of(r, &s);
  expect_note(t, "index", "several");
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

/* A register of persons and spells alone will do; a person's own first day of observation goes before the data's. */
START_TEST(spells_alone)
{
  const source own[] = {
      {"persons", "person_id,observed_from,observed_to\nA,2021-05-01,\nB,2020-06-01,2021-03-31\nC,,\nD,,\nE,,\n"},
      weekly[1]};
  fm_frame_spec s = frame_spec("survival", 2021, 9, 6);
  s.definitions = "weekly_strict";
  /* A: the run that holds 1 May is not seen to begin. B: in work from 13 July 2020 with nothing before, for 168 days;
   * the next begins on 29 March, three days before the end: 3 - 1 days can be told. */
  expect_frame("observed", own, 2, &s,
               HEAD "A,weekly_strict,0,63,yes,cash_benefit_job_ready,1\n"
                    "B,weekly_strict,0,168,yes,student_grant,1\n"
                    "B,weekly_strict,0,2,no,-,1\n"
                    "D,weekly_strict,0,55,no,-,1\n");
  s.kind = "status";
  s.horizons = "9";
  expect_frame("status", own, 2, &s,
               "person_id,definition,clock,horizon,status,in_rate,reason,weight\n"
               "A,weekly_strict,weeks,9,yes,yes,met,1\n"
               "B,weekly_strict,weeks,9,-,no,not_yet,1\n"
               "B,weekly_strict,weeks,9,yes,yes,met,1\n"
               "D,weekly_strict,weeks,9,-,no,censored,1\n");
}
END_TEST

/* ---- what cannot be followed, delayed entry, the same employer ---- */

static const source jobs[] = {
    {"persons", "person_id,observed_from\nA,2024-02-01\nB,2024-02-01\nC,\nD,\nE,\nF,\n"},
    {"employers", "employer_id,sector\nX,private\nY,public\n"},
    {"placements", "placement_id,person_id,employer_id,kind,start,end\n"
                   "1,A,X,ordinary,2024-01-01,2024-03-31\n" /* seen after 31 days of 91 */
                   "2,B,X,ordinary,2024-01-01,2024-01-20\n" /* over before it is seen */
                   "3,C,X,ordinary,2024-12-25,\n"           /* seven days, of which 14 + 1 are needed to tell */
                   "4,D,X,ordinary,2024-03-01,2024-06-30\n"
                   "5,D,Y,ordinary,2024-07-05,\n"
                   "6,E,X,wage_subsidy,2024-03-01,2024-06-30\n"
                   "7,F,X,ordinary,2024-03-01,2024-06-30\n"},
    {"spells", "person_id,start,end,state\nF,2024-03-01,,dead\n"},
};

START_TEST(left_out)
{
  fm_error err = FM_ERROR_INIT;
  const char *columns[] = {"code:code",     "success:code", "horizons:code",  "gap_days:code",
                           "employer:code", "censors:code", "subsidised:code"};
  const char *cells[] = {"same", "work=yes", "1", "14", "same", "ends=censor", "no"};
  fm_codes *list = NULL;
  fm_table *rows = fm_test_table(columns, FM_COUNT(columns), cells, 1), *tables[FM_COUNT(jobs)], *problems = NULL;
  const fm_table *given[FM_COUNT(jobs)];
  fm_assert_ok(fm_codes_from_table(&list, "retention_definition", rows, &err), &err);
  const fm_codes *codes[] = {list};
  fm_register_spec spec = FM_REGISTER_SPEC_INIT;
  fm_register *r = NULL;
  spec.codes = codes;
  spec.n_codes = 1;
  for (int k = 0; k < FM_COUNT(jobs); k++)
    given[k] = tables[k] = table_of(&jobs[k], false);
  fm_assert_ok(fm_register_from_tables(&r, &problems, given, FM_COUNT(jobs), &spec, NULL, &err), &err);
  fm_frame_spec s = frame_spec("survival", 2025, 1, 1);
  s.definitions = "same";
  fm_table *t = frame_of(r, &s);
  char *got = lines_of(t);
  /* D's next job, five days later, is another employer's; his second is followed for 181 - 14 - 1 days of 5 July on */
  ck_assert_str_eq(got, HEAD "A,same,31,91,yes,not_employed,1\n"
                             "D,same,0,122,yes,other_job,1\n"
                             "D,same,0,165,no,-,1\n");
  expect_note(t, "rows_too_recent", "1");
  expect_note(t, "rows_not_observed", "1");
  expect_note(t, "rows_not_in_work", "1");
  expect_note(t, "rows_censored_at_start", "1");
  expect_note(t, "index", "placement");
  free(got);
  fm_table_destroy(t);
  fm_register_destroy(r);
  fm_table_destroy(problems);
  fm_table_destroy(rows);
  for (int k = 0; k < FM_COUNT(jobs); k++)
    fm_table_destroy(tables[k]);
  fm_codes_destroy(list);
}
END_TEST

/* Where a definition says what gap_days says, both frames have the same rows. */
START_TEST(same_as_episodes)
{
  fm_register *r = register_of(programme, FM_COUNT(programme), false);
  fm_frame_spec s = frame_spec("survival", 2025, 1, 1), by_gap = s;
  s.definitions = "sustained_weeks"; /* fourteen days */
  by_gap.gap_days = 14;
  for (int first = 0; first < 2; first++) {
    s.index = by_gap.index = first == 1 ? "first" : NULL;
    fm_table *t = frame_of(r, &s), *u = frame_of(r, &by_gap);
    ck_assert_uint_gt(fm_table_n_rows(u), 1);
    ck_assert_uint_eq(fm_table_n_rows(t), fm_table_n_rows(u));
    for (size_t i = 0; i < fm_table_n_rows(t); i++) {
      ck_assert_str_eq(fm_test_text(t, "person_id", i), fm_test_text(u, "person_id", i));
      ck_assert(fm_test_number(t, "time_days", i) == fm_test_number(u, "time_days", i));
      ck_assert(fm_test_number(t, "entry_days", i) == fm_test_number(u, "entry_days", i));
      ck_assert(fm_test_number(t, "event", i) == fm_test_number(u, "event", i));
    }
    fm_table_destroy(t);
    fm_table_destroy(u);
  }
  fm_register_destroy(r);
}
END_TEST

START_TEST(wrong)
{
  static const struct {
    const char *kind, *definitions, *index, *rule, *start, *message;
    int32_t gap;
    fm_status status;
  } row[] = {
      {"survival", "stric", NULL, NULL, NULL, "there is no definition \"stric\"", 0, FM_ERR_NOT_FOUND},
      {"survival", "strict", "referral", NULL, NULL, "index referral has no definitions", 0, FM_ERR_ARGUMENT},
      {"survival", "strict", NULL, "point", NULL, "rule and clock belong to a frame of status", 0, FM_ERR_ARGUMENT},
      {"survival", "strict", NULL, NULL, NULL, "gap_days must be 0", 7, FM_ERR_ARGUMENT},
      {"survival", "strict", NULL, NULL, "birth", "start is \"birth\", expected one of placement", 0, FM_ERR_ARGUMENT},
      {"survival", "strict", NULL, NULL, "benefit_end", "course and the index benefit_end go together", 0,
       FM_ERR_ARGUMENT},
      {"survival", NULL, NULL, NULL, "work", "start belong to definitions", 0, FM_ERR_ARGUMENT},
      {"survival", "strict", NULL, NULL, NULL, "needs the table placements", 0, FM_ERR_NOT_FOUND},
      {"survival", "esf_plus", NULL, NULL, NULL, "needs the table participants", 0, FM_ERR_NOT_FOUND},
      {"people", "strict", NULL, NULL, NULL, "belong to a frame of status or survival", 0, FM_ERR_ARGUMENT},
  };
  fm_register *r = register_of(weekly, 2, false);
  for (int k = 0; k < FM_COUNT(row); k++) {
    fm_error err = FM_ERROR_INIT;
    fm_frame_spec s = frame_spec(row[k].kind, 2021, 9, 6);
    fm_table *t = NULL;
    s.definitions = row[k].definitions;
    s.index = row[k].index;
    s.rule = row[k].rule;
    s.start = row[k].start;
    s.gap_days = row[k].gap;
    ck_assert_msg(fm_register_frame(&t, r, &s, NULL, &err) == row[k].status, "row %d: %s", k, err.message);
    ck_assert_msg(strstr(err.message, row[k].message) != NULL, "row %d: %s", k, err.message);
    ck_assert_ptr_null(t);
  }
  fm_error err = FM_ERROR_INIT;
  fm_register *people = register_of(weekly, 1, false);
  fm_frame_spec s = frame_spec("survival", 2021, 9, 6);
  fm_table *t = NULL;
  s.definitions = "weekly_strict";
  ck_assert_int_eq(fm_register_frame(&t, people, &s, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "needs the table spells"));
  fm_register_destroy(people);
  fm_register_destroy(r);
}
END_TEST

static fm_status make_frame(void *ctx, fm_error *err)
{
  fm_frame_spec s = frame_spec("survival", 2021, 9, 6);
  fm_table *t = NULL;
  s.definitions = "weekly_strict,strict";
  s.index = "first";
  fm_status status = fm_register_frame(&t, ctx, &s, NULL, err);
  fm_table_destroy(t);
  return status;
}

START_TEST(memory)
{
  fm_register *r = register_of(weekly, FM_COUNT(weekly), false);
  ck_assert_int_gt(fm_test_allocations(make_frame, r), 20);
  fm_register_destroy(r);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-frame_duration");
  TCase *t = tcase_create("durations");
  tcase_set_timeout(t, 120);
  tcase_add_test(t, by_hand);
  tcase_add_test(t, side_by_side);
  tcase_add_test(t, spells_alone);
  tcase_add_test(t, left_out);
  tcase_add_test(t, same_as_episodes);
  tcase_add_test(t, wrong);
  tcase_add_test(t, memory);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
