/* Frames of several definitions: eighteen people worked out day by day, and a small programme by hand. */
#include "register/frame_data.h"

/* ---- eighteen people ---- */

static fm_register *oracle_register(bool backwards)
{
  static char persons[2000], employers[200], placements[6000], participants[2000];
  fm_oracle *p = fm_oracle_open("spell/persons.csv"), *s = fm_oracle_open("spell/spells.csv");
  size_t used = (size_t)snprintf(persons, sizeof persons, "person_id\n");
  size_t left = (size_t)snprintf(participants, sizeof participants, "initiative_id,person_id,left_on\n");
  for (size_t i = 0; i < fm_oracle_n_rows(p); i++) {
    const char *person = fm_oracle_text(p, i, "person");
    used += (size_t)snprintf(persons + used, sizeof persons - used, "%s\n", person);
    left += (size_t)snprintf(participants + left, sizeof participants - left, "I,%s,%s\n", person,
                             fm_oracle_text(p, i, "programme_exit"));
  }
  snprintf(employers, sizeof employers, "employer_id\nA\nB\nC\n");
  used = (size_t)snprintf(placements, sizeof placements, "placement_id,person_id,employer_id,kind,start,end\n");
  for (size_t i = 0; i < fm_oracle_n_rows(s); i++)
    used +=
        (size_t)snprintf(placements + used, sizeof placements - used, "%s,%s,%s,ordinary,%s,%s\n",
                         fm_oracle_text(s, i, "spell"), fm_oracle_text(s, i, "person"),
                         fm_oracle_text(s, i, "employer"), fm_oracle_text(s, i, "start"), fm_oracle_text(s, i, "end"));
  fm_oracle_close(p);
  fm_oracle_close(s);
  const source all[] = {{"persons", persons},
                        {"employers", employers},
                        {"placements", placements},
                        {"initiatives", "initiative_id,kind,start\nI,task_force,2020-01-01\n"},
                        {"participants", participants}};
  return register_of(all, FM_COUNT(all), backwards);
}

/* Status of a person at a horizon of a definition: 0, 1, NaN; *there tells whether there is a row. */
static double status_at(const fm_table *t, const char *person, const char *definition, double horizon, bool *there)
{
  *there = false;
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    if (strcmp(fm_test_text(t, "person_id", i), person) == 0 &&
        strcmp(fm_test_text(t, "definition", i), definition) == 0 && fm_test_number(t, "horizon", i) == horizon) {
      *there = true;
      return fm_test_number(t, "status", i);
    }
  return NAN;
}

START_TEST(quarters)
{
  static const struct {
    const char *definition, *column;
    double horizon;
  } asked[] = {
      {"wioa_q2", "employed_q2", 2}, {"wioa_q4", "employed_q4", 4}, {"wioa_same_employer", "same_employer_q2_q4", 4}};
  fm_oracle *o = fm_oracle_open("spell/expected_quarters.csv");
  for (int backwards = 0; backwards < 2; backwards++) {
    fm_register *r = oracle_register(backwards != 0);
    fm_frame_spec s = frame_spec("status", 2026, 7, 1);
    s.definitions = "wioa_q2, wioa_q4,wioa_same_employer";
    fm_table *t = frame_of(r, &s);
    for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
      for (int k = 0; k < FM_COUNT(asked); k++) {
        bool there;
        double got = status_at(t, fm_oracle_text(o, i, "person"), asked[k].definition, asked[k].horizon, &there);
        double want = fm_oracle_number(o, i, asked[k].column);
        ck_assert_msg(fm_close(got, want, 0, 0), "%s %s: got %g", fm_oracle_text(o, i, "person"), asked[k].definition,
                      got);
        /* the later employer is asked only of those who had one in the second quarter */
        bool asked_for = k < 2 || fm_oracle_number(o, i, "employed_q2") != 0;
        ck_assert_int_eq(there, asked_for);
      }
    expect_note(t, "definition", "wioa_q2,wioa_q4,wioa_same_employer");
    fm_table_destroy(t);
    fm_register_destroy(r);
  }
  fm_oracle_close(o);
}
END_TEST

START_TEST(status_and_sustained)
{
  fm_oracle *o = fm_oracle_open("spell/expected_status.csv"), *w = fm_oracle_open("spell/expected_sustained.csv");
  fm_register *r = oracle_register(false);
  fm_frame_spec s = frame_spec("status", 2026, 7, 1);
  bool there;
  s.index = "first";
  s.definitions = "strict";
  s.horizons = "3,6,12,24";
  fm_table *t = frame_of(r, &s);
  ck_assert_uint_eq(fm_table_n_rows(t), fm_oracle_n_rows(o));
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
    ck_assert(fm_close(status_at(t, fm_oracle_text(o, i, "person"), "strict", fm_oracle_number(o, i, "months"), &there),
                       fm_oracle_number(o, i, "any_job"), 0, 0));
  fm_table_destroy(t);
  s.definitions = "sustained_weeks";
  s.horizons = NULL;
  t = frame_of(r, &s);
  for (size_t i = 0; i < fm_oracle_n_rows(w); i++)
    if (fm_oracle_number(w, i, "gap_days") == 14)
      ck_assert(fm_close(
          status_at(t, fm_oracle_text(w, i, "person"), "sustained_weeks", fm_oracle_number(w, i, "weeks"), &there),
          fm_oracle_number(w, i, "first_episode"), 0, 0));
  fm_table_destroy(t);
  s.definitions = "strict"; /* by another rule and clock: thirteen weeks on end */
  s.rule = "continuous";
  s.clock = "weeks";
  s.horizons = "13";
  t = frame_of(r, &s);
  for (size_t i = 0; i < fm_oracle_n_rows(w); i++)
    if (fm_oracle_number(w, i, "gap_days") == 0 && fm_oracle_number(w, i, "weeks") == 13)
      ck_assert(fm_close(status_at(t, fm_oracle_text(w, i, "person"), "strict", 13, &there),
                         fm_oracle_number(w, i, "first_episode"), 0, 0));
  fm_table_destroy(t);
  fm_register_destroy(r);
  fm_oracle_close(o);
  fm_oracle_close(w);
}
END_TEST

/* ---- by hand ---- */

/* A: cash benefit to 31 March 2024 with a pause of 20 days that holds no whole month, ordinary work from 15 April.
 * One whole month without benefit is April: the course ended on 31 March. B: sickness for 28 days inside a job, then
 * education. C: cash benefit from August with July alone free: two courses; the second still runs. */
static const source lives[] = {
    {"persons", "person_id,sex\nA,female\nB,male\nC,female\n"},
    {"employers", "employer_id,sector\nE,private\n"},
    {"placements", "placement_id,person_id,employer_id,kind,start,end,hours_per_week\n"
                   "1,A,E,ordinary,2024-04-15,,10\n"
                   "2,B,E,ordinary,2024-01-01,2024-02-29,37\n"
                   "3,B,E,ordinary,2024-03-29,2024-06-30,\n"
                   "4,C,,wage_subsidy,2024-02-01,2024-12-31,37\n"},
    {"spells", "person_id,start,end,state\n"
               "A,2023-01-01,2024-01-31,cash_benefit\n"
               "A,2024-02-21,2024-03-31,730\n"
               "B,2024-03-01,2024-03-28,890\n"
               "B,2024-07-01,2024-12-31,student_grant\n"
               "C,2023-01-01,2024-06-30,cash_benefit\n"
               "C,2024-08-01,,cash_benefit\n"},
};

START_TEST(by_hand)
{
  fm_frame_spec s = frame_spec("status", 2025, 1, 1);
  s.definitions = "strict,grace_4_weeks";
  s.horizons = "2,6";
  s.by = "sex";
  /* B1 + 2 months is 1 March, on which B is ill: bridged, for 28 days are at most 28; 1 July: education */
  expect_frame("strict and grace", lives, FM_COUNT(lives), &s,
               "person_id,definition,clock,horizon,status,in_rate,reason,weight,sex\n"
               "A,grace_4_weeks,months,2,yes,yes,met,1,female\n"
               "A,grace_4_weeks,months,6,yes,yes,met,1,female\n"
               "A,strict,months,2,yes,yes,met,1,female\n"
               "A,strict,months,6,yes,yes,met,1,female\n"
               "B,grace_4_weeks,months,2,yes,yes,met,1,male\n"
               "B,grace_4_weeks,months,2,yes,yes,met,1,male\n"
               "B,grace_4_weeks,months,6,no,yes,left,1,male\n"
               "B,grace_4_weeks,months,6,no,yes,left,1,male\n"
               "B,strict,months,2,no,yes,failed,1,male\n"
               "B,strict,months,2,yes,yes,met,1,male\n"
               "B,strict,months,6,no,yes,left,1,male\n"
               "B,strict,months,6,no,yes,left,1,male\n"
               "C,grace_4_weeks,months,2,yes,yes,met,1,female\n"
               "C,grace_4_weeks,months,6,yes,yes,met,1,female\n"
               "C,strict,months,2,yes,yes,met,1,female\n"
               "C,strict,months,6,yes,yes,met,1,female\n");
  s.definitions = "danish_status";
  s.horizons = "1,3";
  s.by = NULL;
  /* A: 30 April and 30 June in work; C: 30 July and 30 September in subsidised work, which does not count */
  expect_frame("after a course", lives, FM_COUNT(lives), &s,
               "person_id,definition,clock,horizon,status,in_rate,reason,weight\n"
               "A,danish_status,months,1,yes,yes,met,1\n"
               "A,danish_status,months,3,yes,yes,met,1\n"
               "B,danish_status,months,1,yes,yes,met,1\n"
               "B,danish_status,months,3,yes,yes,met,1\n"
               "C,danish_status,months,1,no,yes,failed,1\n"
               "C,danish_status,months,3,no,yes,failed,1\n");
}
END_TEST

/* A definition of one's own beside a built-in one: at least 16 hours a week, where hours not given are not known. */
START_TEST(own_list)
{
  fm_error err = FM_ERROR_INIT;
  const char *columns[] = {"code:code", "success:code", "horizons:code", "hours_least:code", "index:code"};
  const char *cells[] = {"sixteen_hours", "work=yes", "1", "16", "ordinary"};
  fm_codes *list = NULL;
  fm_table *rows = fm_test_table(columns, FM_COUNT(columns), cells, 1), *tables[FM_COUNT(lives)], *problems = NULL;
  const fm_table *given[FM_COUNT(lives)];
  fm_assert_ok(fm_codes_from_table(&list, "retention_definition", rows, &err), &err);
  const fm_codes *codes[] = {list};
  fm_register_spec spec = FM_REGISTER_SPEC_INIT;
  fm_register *r = NULL;
  spec.codes = codes;
  spec.n_codes = 1;
  for (int k = 0; k < FM_COUNT(lives); k++)
    given[k] = tables[k] = table_of(&lives[k], false);
  fm_assert_ok(fm_register_from_tables(&r, &problems, given, FM_COUNT(lives), &spec, NULL, &err), &err);
  fm_frame_spec s = frame_spec("status", 2025, 1, 1);
  s.definitions = "sixteen_hours,wioa_q2,strict";
  fm_table *t = NULL;
  ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "needs the table participants"));
  fm_error_clear(&err);
  s.definitions = "sixteen_hours";
  t = frame_of(r, &s);
  char *got = lines_of(t);
  /* the subsidised placement is no ordinary start */
  ck_assert_str_eq(got, "person_id,definition,clock,horizon,status,in_rate,reason,weight\n"
                        "A,sixteen_hours,months,1,no,yes,failed,1\n"
                        "B,sixteen_hours,months,1,-,no,untold,1\n"
                        "B,sixteen_hours,months,1,yes,yes,met,1\n");
  free(got);
  fm_table_destroy(t);
  fm_register_destroy(r);
  fm_table_destroy(problems);
  fm_table_destroy(rows);
  for (int k = 0; k < FM_COUNT(lives); k++)
    fm_table_destroy(tables[k]);
  fm_codes_destroy(list);
}
END_TEST

START_TEST(wrong)
{
  static const struct {
    const char *kind, *definitions, *rule, *clock, *horizons, *message;
    int32_t same, gap;
    fm_status status;
  } row[] = {
      {"status", "stric", NULL, NULL, NULL, "there is no definition \"stric\"; there are strict", 0, 0,
       FM_ERR_NOT_FOUND},
      {"status", "strict,strict", NULL, NULL, NULL, "definition strict is named twice", 0, 0, FM_ERR_ARGUMENT},
      {"status", "strict,", NULL, NULL, NULL, "expected names separated by commas", 0, 0, FM_ERR_ARGUMENT},
      {"status", "strict", "always", NULL, NULL, "rule is \"always\", expected one of point", 0, 0, FM_ERR_ARGUMENT},
      {"status", "strict", NULL, "years", NULL, "clock is \"years\", expected one of days", 0, 0, FM_ERR_ARGUMENT},
      {"status", "strict", NULL, NULL, "3;6", "horizons is \"3;6\"", 0, 0, FM_ERR_ARGUMENT},
      {"status", "strict", "k_of_n", NULL, NULL, "need needed", 0, 0, FM_ERR_ARGUMENT},
      {"status", "strict", NULL, NULL, NULL, "same_employer and gap_days must be 0", 1, 0, FM_ERR_ARGUMENT},
      {"status", "strict", NULL, NULL, NULL, "same_employer and gap_days must be 0", 0, 14, FM_ERR_ARGUMENT},
      {"people", "strict", NULL, NULL, NULL, "belong to a frame of status or survival", 0, 0, FM_ERR_ARGUMENT},
      {"status", NULL, "point", NULL, NULL, "rule, clock and start belong to definitions", 0, 0, FM_ERR_ARGUMENT},
      {"status", "non_benefit", NULL, NULL, NULL, "it needs the table spells", 0, 0, FM_ERR_NOT_FOUND},
  };
  fm_register *r = register_of(lives, 3, false);
  for (int k = 0; k < FM_COUNT(row); k++) {
    fm_error err = FM_ERROR_INIT;
    fm_frame_spec s = frame_spec(row[k].kind, 2025, 1, 1);
    fm_table *t = NULL;
    s.definitions = row[k].definitions;
    s.rule = row[k].rule;
    s.clock = row[k].clock;
    s.horizons = row[k].horizons;
    s.same_employer = row[k].same;
    s.gap_days = row[k].gap;
    ck_assert_msg(fm_register_frame(&t, r, &s, NULL, &err) == row[k].status, "row %d: %s", k, err.message);
    ck_assert_msg(strstr(err.message, row[k].message) != NULL, "row %d: %s", k, err.message);
    ck_assert_ptr_null(t);
  }
  fm_register_destroy(r);
}
END_TEST

static fm_status make_frame(void *ctx, fm_error *err)
{
  fm_frame_spec s = frame_spec("status", 2025, 1, 1);
  fm_table *t = NULL;
  s.definitions = "grace_4_weeks,danish_status";
  s.index = "first";
  fm_status status = fm_register_frame(&t, ctx, &s, NULL, err);
  fm_table_destroy(t);
  return status;
}

START_TEST(memory)
{
  fm_register *r = register_of(lives, FM_COUNT(lives), false);
  ck_assert_int_gt(fm_test_allocations(make_frame, r), 20);
  fm_register_destroy(r);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-frame_definition");
  TCase *t = tcase_create("definitions");
  tcase_set_timeout(t, 120);
  tcase_add_test(t, quarters);
  tcase_add_test(t, status_and_sustained);
  tcase_add_test(t, by_hand);
  tcase_add_test(t, own_list);
  tcase_add_test(t, wrong);
  tcase_add_test(t, memory);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
