/* Definitions with a test of incomes on a register: by hand, how far incomes reach, what must be given, memory. */
#include "register/frame_data.h"

#define HEAD "person_id,definition,clock,horizon,status,in_rate,reason,weight\n"

typedef struct stated {
  const char *months, *from, *to; /* income_period_months, income_observed_from, income_observed_to */
} stated;

/* Definitions of one's own beside the built-in ones. */
static fm_codes *own_list(void)
{
  static const char *const columns[] = {"code:code",     "success:code",      "clock:code",
                                        "horizons:code", "income_least:code", "income_period:code"};
  static const char *const cells[] = {
      "paid",    "work=yes", "months",          "1,3", "",   "month",   /* any record */
      "monthly", "work=yes", "calendar_months", "1",   "50", "month",   /* at least 50 in the month */
      "quarter", "work=yes", "quarters",        "0,1", "50", "quarter", /* in the quarter */
      "plain",   "work=yes", "months",          "1,3", "",   ""};
  fm_table *rows = fm_test_table(columns, FM_COUNT(columns), cells, 4);
  fm_error err = FM_ERROR_INIT;
  fm_codes *list = NULL;
  fm_assert_ok(fm_codes_from_table(&list, "retention_definition", rows, &err), &err);
  fm_table_destroy(rows);
  return list;
}

static void note(fm_table *t, const char *key, const char *value)
{
  fm_error err = FM_ERROR_INIT;
  if (value != NULL)
    fm_assert_ok(fm_table_set_note(t, key, value, &err), &err);
}

static fm_register *register_with(const source *sources, size_t n, bool backwards, const stated *facts)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *tables[8], *problems = NULL;
  const fm_table *given[8];
  fm_register_spec spec = FM_REGISTER_SPEC_INIT;
  fm_register *r = NULL;
  fm_codes *list = own_list();
  const fm_codes *codes[] = {list};
  spec.codes = codes;
  spec.n_codes = 1;
  for (size_t k = 0; k < n; k++) {
    fm_table *plain = table_of(&sources[k], backwards);
    fm_assert_ok(fm_table_create(&tables[k], sources[k].name, &err), &err);
    for (size_t c = 0; c < fm_table_n_columns(plain); c++)
      fm_assert_ok(fm__table_share(tables[k], fm_table_column_name(plain, c), plain, c, &err), &err);
    note(tables[k], "income_period_months", facts->months);
    note(tables[k], "income_observed_from", facts->from);
    note(tables[k], "income_observed_to", facts->to);
    fm_assert_ok(fm_table_seal(tables[k], &err), &err);
    fm_table_destroy(plain);
    given[k] = tables[k];
  }
  fm_assert_ok(fm_register_from_tables(&r, &problems, given, n, &spec, NULL, &err), &err);
  for (size_t k = 0; k < n; k++)
    fm_table_destroy(tables[k]);
  fm_table_destroy(problems);
  fm_codes_destroy(list);
  return r;
}

static void expect(const char *label, const source *sources, size_t n, const stated *facts, const fm_frame_spec *s,
                   const char *incomes_to, const char *expected)
{
  for (int backwards = 0; backwards < 2; backwards++) {
    fm_register *r = register_with(sources, n, backwards != 0, facts);
    fm_table *t = frame_of(r, s);
    char *got = lines_of(t);
    ck_assert_msg(strcmp(got, expected) == 0, "%s: got\n%sexpected\n%s", label, got, expected);
    expect_note(t, "incomes_to", incomes_to);
    free(got);
    fm_table_destroy(t);
    fm_register_destroy(r);
  }
}

static const stated by_months = {"1", NULL, NULL};

/* ---- a wage in the month ---- */

/* A, B, D: cash benefit to 31 January 2024. A has wages in March, April and June; B a subsidised job with wages in all
 * months; D a student grant from March. The last month with anybody's wage is June. */
static const source courses[] = {
    {"persons", "person_id\nA\nB\nD\n"},
    {"placements", "placement_id,person_id,kind,start,end\n1,B,wage_subsidy,2024-02-01,\n"},
    {"spells", "person_id,start,end,state\n"
               "A,2023-06-01,2024-01-31,730\n"
               "B,2023-06-01,2024-01-31,730\n"
               "D,2023-06-01,2024-01-31,730\n"
               "D,2024-03-01,2024-12-31,student_grant\n"},
    {"incomes", "person_id,period,income\n"
                "A,2024.17,9000\n" /* two decimals are near enough: March is 2024 + 2/12 */
                "A,2024.25,9000\n"
                "A,2024.41666667,9000\n"
                "B,2024,5000\nB,2024.083333,5000\nB,2024.166667,5000\nB,2024.25,5000\nB,2024.333333,5000\n"
                "B,2024.416667,5000\n"},
};

START_TEST(after_a_course)
{
  fm_frame_spec s = frame_spec("status", 2025, 1, 1);
  s.definitions = "danish_status_wage";
  /* 29 February, 30 April, 31 July, 31 January: incomes end on 30 June */
  expect("wage", courses, FM_COUNT(courses), &by_months, &s, "2024-06-30",
         HEAD "A,danish_status_wage,months,1,no,yes,failed,1\n"
              "A,danish_status_wage,months,12,-,no,not_yet,1\n"
              "A,danish_status_wage,months,3,yes,yes,met,1\n"
              "A,danish_status_wage,months,6,-,no,not_yet,1\n"
              "B,danish_status_wage,months,1,no,yes,failed,1\n"
              "B,danish_status_wage,months,12,-,no,not_yet,1\n"
              "B,danish_status_wage,months,3,no,yes,failed,1\n"
              "B,danish_status_wage,months,6,-,no,not_yet,1\n"
              "D,danish_status_wage,months,1,no,yes,failed,1\n"
              "D,danish_status_wage,months,12,-,no,not_yet,1\n"
              "D,danish_status_wage,months,3,no,yes,left,1\n"
              "D,danish_status_wage,months,6,-,no,not_yet,1\n");
}
END_TEST

/* ---- work with and without pay ---- */

/* A works from 1 January 2024 on and is paid in January, February and April; B is paid from March to May. */
static const source jobs[] = {
    {"persons", "person_id\nA\nB\n"},
    {"placements", "placement_id,person_id,kind,start,end\n1,A,ordinary,2024-01-01,\n"},
    {"spells", "person_id,start,end,state\nA,2024-03-20,2024-04-30,890\n"},
    {"incomes", "person_id,period,income\n"
                "A,2024,30\nA,2024.0833,40\nA,2024.25,0\n"
                "B,2024.1667,10\nB,2024.3333,-5\n"},
};

START_TEST(in_work)
{
  fm_frame_spec s = frame_spec("status", 2025, 1, 1);
  s.definitions = "paid,plain";
  /* 1 February and 1 April are paid; without the test the same */
  expect("paid", jobs, FM_COUNT(jobs), &by_months, &s, "2024-05-31",
         HEAD "A,paid,months,1,yes,yes,met,1\nA,paid,months,3,yes,yes,met,1\n"
              "A,plain,months,1,yes,yes,met,1\nA,plain,months,3,yes,yes,met,1\n");
  s.horizons = "2,4,5"; /* 1 March without pay, 1 May too; on 1 June incomes are not known */
  expect("not paid", jobs, FM_COUNT(jobs), &by_months, &s, "2024-05-31",
         HEAD "A,paid,months,2,no,yes,failed,1\nA,paid,months,4,no,yes,failed,1\nA,paid,months,5,-,no,not_yet,1\n"
              "A,plain,months,2,yes,yes,met,1\nA,plain,months,4,yes,yes,met,1\nA,plain,months,5,yes,yes,met,1\n");
  s.horizons = NULL;
  s.definitions = "plain"; /* nothing is said of incomes where nobody asks for them */
  expect("plain", jobs, FM_COUNT(jobs), &by_months, &s, NULL,
         HEAD "A,plain,months,1,yes,yes,met,1\nA,plain,months,3,yes,yes,met,1\n");
  /* 40 in February; 30 + 40 in the first quarter; of the second only April and May are known */
  s.definitions = "monthly,quarter";
  expect("amounts", jobs, FM_COUNT(jobs), &by_months, &s, "2024-03-31",
         HEAD "A,monthly,calendar_months,1,no,yes,failed,1\n"
              "A,quarter,quarters,0,yes,yes,met,1\nA,quarter,quarters,1,-,no,not_yet,1\n");
}
END_TEST

/* ---- how far incomes reach ---- */

START_TEST(reach)
{
  static const struct {
    stated facts;
    int32_t month, day; /* as of, in 2024 */
    const char *to, *status;
  } row[] = {
      {{"1", NULL, NULL}, 12, 31, "2024-05-31", "yes,yes,met"},
      {{"1", NULL, NULL}, 5, 31, "2024-04-30", "yes,yes,met"},           /* May has not ended */
      {{"1", NULL, NULL}, 6, 1, "2024-05-31", "yes,yes,met"},            /* the start of the day after May */
      {{"1", NULL, "2024-04-29"}, 12, 31, "2024-03-31", "-,no,not_yet"}, /* April is not complete */
      {{"1", NULL, "2024-04-30"}, 12, 31, "2024-04-30", "yes,yes,met"},
      {{"1", NULL, "2024-09-30"}, 12, 31, "2024-09-30", "yes,yes,met"}, /* nobody was paid after May */
      {{"1", "2024-04-01", NULL}, 12, 31, "2024-05-31", "yes,yes,met"},
      {{"1", "2024-04-02", NULL}, 12, 31, "2024-05-31", "-,no,untold"}, /* April is not known in full */
      {{"1", "2024-08-01", NULL}, 12, 31, "2024-05-31", "-,no,untold"}, /* nothing is */
  };
  for (int k = 0; k < FM_COUNT(row); k++) {
    char expected[200];
    fm_frame_spec s = frame_spec("status", 2024, row[k].month, row[k].day);
    s.definitions = "paid";
    s.horizons = "3"; /* 1 April */
    snprintf(expected, sizeof expected, HEAD "A,paid,months,3,%s,1\n", row[k].status);
    expect("reach", jobs, FM_COUNT(jobs), &row[k].facts, &s, row[k].to, expected);
  }
}
END_TEST

/* Quarters in the table serve a definition by quarters. Of the second there is 60 for A and 10 for B; the third is B's.
 */
START_TEST(quarters)
{
  static const source data[] = {
      {"persons", "person_id\nA\nB\n"},
      {"placements", "placement_id,person_id,kind,start,end\n1,A,ordinary,2024-05-01,\n2,B,ordinary,2024-06-30,\n"},
      {"incomes", "person_id,period,income\nA,2024.25,60\nB,2024.25,10\nB,2024.5,50\n"},
  };
  const stated by_quarters = {"3", NULL, NULL};
  fm_frame_spec s = frame_spec("status", 2025, 1, 1);
  s.definitions = "quarter";
  expect("quarters", data, FM_COUNT(data), &by_quarters, &s, "2024-09-30",
         HEAD "A,quarter,quarters,0,yes,yes,met,1\nA,quarter,quarters,1,no,yes,failed,1\n"
              "B,quarter,quarters,0,no,yes,failed,1\nB,quarter,quarters,1,yes,yes,met,1\n");
}
END_TEST

/* ---- other frames ---- */

/* Paid in January and February: 31 + 29 days, then a month of work without pay. */
START_TEST(survival)
{
  fm_frame_spec s = frame_spec("survival", 2025, 1, 1);
  s.definitions = "paid";
  expect("survival", jobs, FM_COUNT(jobs), &by_months, &s, "2024-05-31",
         "person_id,definition,entry_days,time_days,event,cause,weight\nA,paid,0,60,yes,not_employed,1\n");
  s = frame_spec("weeks", 2025, 1, 1);
  s.definitions = "paid";
  s.horizons = "9,13,30"; /* week 9 ends on 3 March and holds days of February */
  expect("weeks", jobs, FM_COUNT(jobs), &by_months, &s, "2024-05-31",
         "person_id,definition,horizon,weeks_good,weeks_seen,in_rate,reason,weight\n"
         "A,paid,13,9,13,yes,observed,1\nA,paid,30,14,21,no,not_yet,1\nA,paid,9,9,9,yes,observed,1\n");
}
END_TEST

/* Blank weeks from Monday 30 November 2020 to Sunday 31 January 2021, paid in December alone: its weeks are those from
 * 30 November to 3 January, 35 days; by plain months they would begin on a Tuesday. */
START_TEST(weekly)
{
  static const source data[] = {
      {"persons", "person_id\nA\nB\n"},
      {"spells", "person_id,start,end,state\nA,2020-10-26,2020-11-29,730\nA,2020-11-30,2021-01-31,(blank)\n"},
      {"incomes", "person_id,period,income\nA,2020.9167,1\nB,2020.8333,1\nB,2021,1\nB,2021.0833,1\n"},
  };
  fm_frame_spec s = frame_spec("survival", 2021, 3, 1);
  s.definitions = "blank_week_income";
  s.start = "work";
  expect("blank weeks", data, FM_COUNT(data), &by_months, &s, "2021-02-28",
         "person_id,definition,entry_days,time_days,event,cause,weight\n"
         "A,blank_week_income,0,35,yes,not_employed,1\n");
}
END_TEST

/* ---- what must be given ---- */

START_TEST(wrong)
{
  static const struct {
    stated facts;
    const char *definition, *incomes, *message;
    fm_status status;
  } row[] = {
      {{"1", NULL, NULL}, "paid", NULL, "needs rows of the table incomes", FM_ERR_NOT_FOUND},
      {{NULL, NULL, NULL}, "paid", "A,2024,1\n", "must be 1; it is not given", FM_ERR_VALUE},
      {{"12", NULL, NULL}, "paid", "A,2024,1\n", "must be 1; it is 12", FM_ERR_VALUE},
      {{"3", NULL, NULL}, "paid", "A,2024,1\n", "asks for incomes of months", FM_ERR_VALUE},
      {{"12", NULL, NULL}, "quarter", "A,2024,1\n", "must be 1 or 3; it is 12", FM_ERR_VALUE},
      {{"1", NULL, NULL},
       "paid",
       "A,2024,1\nA,2024.12,1\n",
       "period 2024.12 begins no month; expected the year + (m",
       FM_ERR_VALUE},
      {{"3", NULL, NULL}, "quarter", "A,2024,1\nA,2024.0833,1\n", "period 2024.0833 begins no quarter", FM_ERR_VALUE},
      {{"1", NULL, NULL}, "paid", "A,2024,1\nA,2024.97,1\n", "period 2024.97 begins no month", FM_ERR_VALUE},
      {{"1", NULL, NULL}, "paid", "A,2024,1\nA,0.5,1\n", "period 0.5 begins no month", FM_ERR_VALUE},
      {{"1", NULL, NULL}, "paid", "A,2024,1\nA,20240,1\n", "period 20240 begins no month", FM_ERR_VALUE},
      {{"1", "soon", NULL}, "paid", "A,2024,1\n", "income_observed_from of datapackage.json is \"soon\"", FM_ERR_VALUE},
      {{"1", NULL, "2024-13-01"}, "paid", "A,2024,1\n", "income_observed_to of datapackage.json is", FM_ERR_VALUE},
  };
  for (int k = 0; k < FM_COUNT(row); k++) {
    char incomes[200];
    const source data[] = {jobs[0], jobs[1], {"incomes", incomes}};
    fm_error err = FM_ERROR_INIT;
    fm_table *t = NULL;
    snprintf(incomes, sizeof incomes, "person_id,period,income\n%s", row[k].incomes == NULL ? "" : row[k].incomes);
    fm_register *r = register_with(data, row[k].incomes == NULL ? 2 : 3, false, &row[k].facts);
    fm_frame_spec s = frame_spec("status", 2025, 1, 1);
    s.definitions = row[k].definition;
    ck_assert_msg(fm_register_frame(&t, r, &s, NULL, &err) == row[k].status, "row %d: %s", k, err.message);
    ck_assert_msg(strstr(err.message, row[k].message) != NULL, "row %d: %s", k, err.message);
    if (strstr(row[k].message, "begins no") != NULL)
      ck_assert(err.row == 1 && strcmp(err.column, "period") == 0);
    ck_assert_ptr_null(t);
    fm_register_destroy(r);
  }
}
END_TEST

static fm_status make_frame(void *ctx, fm_error *err)
{
  fm_frame_spec s = frame_spec("status", 2025, 1, 1);
  fm_table *t = NULL;
  s.definitions = "danish_status_wage";
  fm_status status = fm_register_frame(&t, ctx, &s, NULL, err);
  fm_table_destroy(t);
  return status;
}

START_TEST(memory)
{
  fm_register *r = register_with(courses, FM_COUNT(courses), false, &by_months);
  ck_assert_int_gt(fm_test_allocations(make_frame, r), 20);
  fm_register_destroy(r);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-definition_income");
  TCase *t = tcase_create("incomes");
  tcase_set_timeout(t, 120);
  tcase_add_test(t, after_a_course);
  tcase_add_test(t, in_work);
  tcase_add_test(t, reach);
  tcase_add_test(t, quarters);
  tcase_add_test(t, survival);
  tcase_add_test(t, weekly);
  tcase_add_test(t, wrong);
  tcase_add_test(t, memory);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
