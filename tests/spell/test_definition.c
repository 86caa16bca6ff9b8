/* Definitions against worked examples: one person's weekly codes, and eighteen people day by day. */
#include <math.h>

#include "spell/definition_days.h"

/* ---- one person's weeks under three definitions ---- */

/* The weeks as states of a definition; a blank week with an employment record is code 100. */
static size_t weeks_read(fm_spell_state *out, const fm_spell_definition *d, int32_t *none)
{
  fm_oracle *o = fm_oracle_open("spell/person_weeks.csv");
  static uint8_t of[512];
  fm_codes *codes = list_of("benefit_state");
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_spell_definition_states(of, NULL, none, d, codes, NULL, &err), &err);
  size_t n = fm_oracle_n_rows(o);
  for (size_t i = 0; i < n; i++) {
    const char *code = fm_oracle_text(o, i, "code");
    if (code[0] == '\0')
      code = fm_oracle_number(o, i, "employment_record_in_month") == 1 ? "100" : "0";
    int32_t start = day_of(fm_oracle_text(o, i, "monday"));
    int64_t entry = fm_codes_find(codes, code, strlen(code), start);
    ck_assert_int_ge(entry, 0);
    out[i] = (fm_spell_state){1, start, start + 7, -1, of[entry]};
  }
  fm_codes_destroy(codes);
  fm_oracle_close(o);
  return n;
}

static fm_spell_outcome ask_weeks(const fm_spell_definition *d, int32_t rule, int32_t clock, int32_t horizon)
{
  static fm_spell_state states[100];
  fm_spell_definition own = *d;
  int32_t none;
  own.rule = rule;
  own.clock = clock;
  own.needed = rule == FM_SPELL_K_OF_N;
  own.horizons = clock == FM_SPELL_MONTHS ? "3" : "13";
  size_t n = weeks_read(states, &own, &none);
  ck_assert_uint_eq(n, 58);
  fm_spell_unit unit = {1, fm_date_from_ymd(2020, 11, 30), -1, INT32_MIN, fm_date_from_ymd(2021, 8, 30)};
  return outcome_of(&own, horizon, none, &unit, states, n);
}

static const struct week_case {
  const char *name;
  int32_t unbroken, good_26, good_39; /* weeks */
  const char *status, *continuous;    /* after 13, 26, 39 and 52 weeks: yes, no, unknown */
  const char *months;                 /* on the day after 3, 6 and 12 months */
} week_cases[] = {
    /* strict: 11 weeks, then sickness; 11 + 12 = 23 of 26; 11 + 12 + 9 = 32 of 39 */
    {"strict", 11, 23, 32, "nnn?", "nnnn", "nn?"},
    /* the week of holiday benefit counts: 24 of 26, 33 of 39 */
    {"non_benefit", 11, 24, 33, "nyn?", "nnnn", "ny?"},
    /* two weeks of sickness and one of holiday are bridged: 11 + 2 + 12 + 1 + 9 = 35 */
    {"grace_4_weeks", 35, 26, 35, "yyn?", "yynn", "yy?"},
};

START_TEST(three_definitions)
{
  const struct week_case *c = &week_cases[_i];
  static const int32_t weeks_at[] = {13, 26, 39, 52}, months_at[] = {3, 6, 12};
  fm_codes *list = list_of("retention_definition");
  fm_spell_definition d = definition_of(list, c->name);
  for (int k = 0; k < 4; k++) {
    fm_spell_outcome point = ask_weeks(&d, FM_SPELL_POINT, FM_SPELL_WEEKS, weeks_at[k]);
    fm_spell_outcome whole = ask_weeks(&d, FM_SPELL_CONTINUOUS, FM_SPELL_WEEKS, weeks_at[k]);
    ck_assert_msg(point.status == letter(c->status[k]), "%s: point %d weeks", c->name, weeks_at[k]);
    ck_assert_msg(whole.status == letter(c->continuous[k]), "%s: continuous %d weeks", c->name, weeks_at[k]);
  }
  for (int k = 0; k < 3; k++)
    ck_assert_msg(ask_weeks(&d, FM_SPELL_POINT, FM_SPELL_MONTHS, months_at[k]).status == letter(c->months[k]),
                  "%s: %d months", c->name, months_at[k]);
  ck_assert_int_eq(ask_weeks(&d, FM_SPELL_CONTINUOUS, FM_SPELL_WEEKS, c->unbroken).status, FM_SPELL_YES);
  ck_assert_int_eq(ask_weeks(&d, FM_SPELL_CONTINUOUS, FM_SPELL_WEEKS, c->unbroken + 1).status, FM_SPELL_NO);
  ck_assert_int_eq(ask_weeks(&d, FM_SPELL_K_OF_N, FM_SPELL_WEEKS, 26).n_yes, c->good_26);
  ck_assert_int_eq(ask_weeks(&d, FM_SPELL_K_OF_N, FM_SPELL_WEEKS, 39).n_yes, c->good_39);
  fm_codes_destroy(list);
}
END_TEST

/* 3 months after 30 November 2020 is 28 February 2021, 6 is 30 May, 12 is not observed */
START_TEST(targets)
{
  fm_spell_definition d = FM_SPELL_DEFINITION_INIT;
  ck_assert_int_eq(ask_weeks(&d, FM_SPELL_POINT, FM_SPELL_MONTHS, 3).target, fm_date_from_ymd(2021, 2, 28));
  ck_assert_int_eq(ask_weeks(&d, FM_SPELL_POINT, FM_SPELL_MONTHS, 6).target, fm_date_from_ymd(2021, 5, 30));
  fm_spell_outcome later = ask_weeks(&d, FM_SPELL_POINT, FM_SPELL_MONTHS, 12);
  ck_assert_int_eq(later.target, fm_date_from_ymd(2021, 11, 30));
  ck_assert(later.status == FM_SPELL_UNKNOWN && later.in_rate == 0 && later.reason == FM_SPELL_NOT_YET);
}
END_TEST

/* Runs of 11, 12 and 9 weeks: with at least 10 weeks in a row the last one does not count. */
START_TEST(least_run)
{
  fm_spell_definition d = FM_SPELL_DEFINITION_INIT;
  d.least_run_days = 70;
  ck_assert_int_eq(ask_weeks(&d, FM_SPELL_POINT, FM_SPELL_WEEKS, 11).status, FM_SPELL_YES);
  ck_assert_int_eq(ask_weeks(&d, FM_SPELL_POINT, FM_SPELL_WEEKS, 25).status, FM_SPELL_YES);
  ck_assert_int_eq(ask_weeks(&d, FM_SPELL_POINT, FM_SPELL_WEEKS, 30).status, FM_SPELL_NO);
  ck_assert_int_eq(ask_weeks(&d, FM_SPELL_K_OF_N, FM_SPELL_WEEKS, 39).n_yes, 23);
}
END_TEST

/* ---- eighteen people ---- */

static size_t people_read(fm_spell_state *out)
{
  spells s = spells_sorted();
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++)
    out[n++] = (fm_spell_state){s.person[i], s.start[i], s.end[i], s.label[i], FM_SPELL_STATE_COUNTS};
  spells_free(&s);
  return n;
}

/* The first job of a person; false when there is none. */
static bool first_job(fm_spell_unit *unit, const fm_spell_state *s, size_t n, int32_t person)
{
  for (size_t i = 0; i < n; i++)
    if (s[i].person == person && s[i].end > s[i].start && s[i].start < AS_OF) {
      *unit = (fm_spell_unit){person, s[i].start, s[i].employer, INT32_MIN, AS_OF};
      return true;
    }
  return false;
}

static void compare_people(const fm_oracle *o, const char *column, const fm_spell_definition *d, const char *horizon,
                           double only_gap)
{
  static fm_spell_state s[64];
  size_t n = people_read(s), seen = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    fm_spell_unit unit;
    if (!isnan(only_gap) && fm_oracle_number(o, i, "gap_days") != only_gap)
      continue;
    ck_assert(first_job(&unit, s, n, person_of(fm_oracle_text(o, i, "person"))));
    fm_spell_outcome got = outcome_of(d, (int32_t)fm_oracle_number(o, i, horizon), FM_SPELL_STATE_OTHER, &unit, s, n);
    ck_assert_msg(got.status == answer_of(fm_oracle_text(o, i, column)), "%s, %s, %s %s: got %d", column,
                  fm_oracle_text(o, i, "person"), horizon, fm_oracle_text(o, i, horizon), got.status);
    /* rule 6: who is in the rate */
    int32_t pause = d->rule == FM_SPELL_CONTINUOUS ? d->gap_days + 1 : 0;
    bool in_rate = got.target + pause <= AS_OF - 1 && got.status != FM_SPELL_UNKNOWN;
    ck_assert_msg(got.in_rate == in_rate, "%s: in_rate", fm_oracle_text(o, i, "person"));
    seen++;
  }
  ck_assert_uint_gt(seen, 15);
}

START_TEST(people_status)
{
  fm_oracle *o = fm_oracle_open("spell/expected_status.csv");
  fm_spell_definition d = FM_SPELL_DEFINITION_INIT;
  compare_people(o, "any_job", &d, "months", NAN);
  d.same_employer = 1;
  compare_people(o, "same_employer", &d, "months", NAN);
  d.same_employer = 0;
  d.rule = FM_SPELL_CONTINUOUS;
  compare_people(o, "retained_gap0", &d, "months", NAN);
  d.gap_days = 14;
  compare_people(o, "retained_gap14", &d, "months", NAN);
  fm_oracle_close(o);
}
END_TEST

START_TEST(people_sustained)
{
  fm_oracle *o = fm_oracle_open("spell/expected_sustained.csv");
  fm_spell_definition d = FM_SPELL_DEFINITION_INIT;
  d.rule = FM_SPELL_CONTINUOUS;
  d.clock = FM_SPELL_WEEKS;
  d.horizons = "13";
  compare_people(o, "first_episode", &d, "weeks", 0);
  d.gap_days = 14;
  compare_people(o, "first_episode", &d, "weeks", 14);
  fm_oracle_close(o);
}
END_TEST

/* n weeks in any episode: the day they are reached on lies within the window. */
START_TEST(people_any_episode)
{
  fm_oracle *o = fm_oracle_open("spell/expected_sustained.csv");
  static fm_spell_state s[64];
  size_t n = people_read(s), met = 0, met_later = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    fm_spell_definition d = FM_SPELL_DEFINITION_INIT;
    fm_spell_unit unit;
    d.rule = FM_SPELL_CONTINUOUS;
    d.clock = FM_SPELL_WEEKS;
    d.any_episode = 1;
    d.needed = (int32_t)fm_oracle_number(o, i, "weeks");
    d.gap_days = (int32_t)fm_oracle_number(o, i, "gap_days");
    d.horizons = "104";
    ck_assert(first_job(&unit, s, n, person_of(fm_oracle_text(o, i, "person"))));
    for (int32_t window = d.needed; window <= 104; window++) {
      fm_spell_outcome got = outcome_of(&d, window, FM_SPELL_STATE_OTHER, &unit, s, n);
      bool reached =
          fm_oracle_text(o, i, "date_any")[0] != '\0' && day_of(fm_oracle_text(o, i, "date_any")) <= got.target;
      ck_assert_int_eq(got.target, unit.index + 7 * window - 1);
      if (reached)
        ck_assert_int_eq(got.status, FM_SPELL_YES);
      else if (got.target + d.gap_days + 1 < AS_OF)
        ck_assert_int_eq(got.status, FM_SPELL_NO);
      else
        ck_assert_int_ne(got.status, FM_SPELL_YES);
      ck_assert(got.status != FM_SPELL_YES || got.n_yes >= 7 * d.needed);
      met += got.status == FM_SPELL_YES;
      d.any_episode = 0;
      d.needed = 0;
      met_later +=
          got.status == FM_SPELL_YES && outcome_of(&d, window, FM_SPELL_STATE_OTHER, &unit, s, n).status == FM_SPELL_NO;
      d.any_episode = 1;
      d.needed = (int32_t)fm_oracle_number(o, i, "weeks");
    }
  }
  fm_oracle_close(o);
  ck_assert_uint_gt(met, 500);
  ck_assert_uint_gt(met_later, 100);
}
END_TEST

/* Work on days 1 to 60 and 71 to 100, not known on the ten between: whichever they are, no pause is longer than 14. Of
 * 90 days in a row without that gap it matters, of 60 not. */
START_TEST(untold_days)
{
  static const struct {
    int32_t gap_days, rule, any_episode, needed, horizon;
    const char *answer;
  } asked[] = {{14, FM_SPELL_CONTINUOUS, 0, 0, 100, "y"},  {0, FM_SPELL_CONTINUOUS, 0, 0, 100, "?"},
               {0, FM_SPELL_CONTINUOUS, 1, 60, 100, "y"},  {0, FM_SPELL_CONTINUOUS, 1, 61, 100, "?"},
               {0, FM_SPELL_CONTINUOUS, 1, 101, 101, "n"}, {0, FM_SPELL_CUMULATIVE, 0, 90, 110, "y"},
               {0, FM_SPELL_CUMULATIVE, 0, 91, 110, "?"},  {0, FM_SPELL_CUMULATIVE, 0, 101, 110, "n"},
               {0, FM_SPELL_K_OF_N, 0, 91, 110, "?"},      {0, FM_SPELL_CONTINUOUS, 0, 0, 101, "n"}};
  static const fm_spell_state s[] = {{1, 1000, 1060, -1, FM_SPELL_STATE_COUNTS},
                                     {1, 1060, 1070, -1, FM_SPELL_STATE_UNTOLD},
                                     {1, 1070, 1100, -1, FM_SPELL_STATE_COUNTS}};
  const fm_spell_unit unit = {1, 1000, -1, INT32_MIN, 2000};
  for (int k = 0; k < FM_COUNT(asked); k++) {
    fm_spell_definition d = FM_SPELL_DEFINITION_INIT;
    d.clock = FM_SPELL_DAYS;
    d.rule = asked[k].rule;
    d.any_episode = asked[k].any_episode;
    d.needed = asked[k].needed;
    d.gap_days = asked[k].gap_days;
    d.horizons = "110";
    fm_spell_outcome got = outcome_of(&d, asked[k].horizon, FM_SPELL_STATE_OTHER, &unit, s, 3);
    ck_assert_msg(got.status == letter(asked[k].answer[0]), "case %d: %d", k, got.status);
    ck_assert_int_eq(got.in_rate, got.status != FM_SPELL_UNKNOWN);
    ck_assert_int_eq(got.reason == FM_SPELL_UNTOLD, got.status == FM_SPELL_UNKNOWN);
  }
}
END_TEST

/* With one of the base period's employers: a row that may count in one period and does in the other is not known. */
START_TEST(untold_employer)
{
  fm_codes *list = list_of("retention_definition");
  fm_spell_definition d = definition_of(list, "wioa_same_employer");
  const fm_spell_unit unit = {1, fm_date_from_ymd(2024, 1, 15), -1, INT32_MIN, fm_date_from_ymd(2026, 1, 1)};
  int32_t q2 = fm_date_from_ymd(2024, 7, 1), q3 = fm_date_from_ymd(2024, 10, 1), q4 = fm_date_from_ymd(2025, 1, 1);
  static const struct {
    int32_t base[2], later[2]; /* what the rows with employers 1 and 2 are */
    int32_t status, reason;
  } asked[] = {{{FM_SPELL_STATE_COUNTS, FM_SPELL_STATE_UNTOLD},
                {FM_SPELL_STATE_OTHER, FM_SPELL_STATE_COUNTS},
                FM_SPELL_UNKNOWN,
                FM_SPELL_UNTOLD},
               {{FM_SPELL_STATE_COUNTS, FM_SPELL_STATE_UNTOLD},
                {FM_SPELL_STATE_COUNTS, FM_SPELL_STATE_COUNTS},
                FM_SPELL_YES,
                FM_SPELL_MET},
               {{FM_SPELL_STATE_COUNTS, FM_SPELL_STATE_OTHER},
                {FM_SPELL_STATE_OTHER, FM_SPELL_STATE_UNTOLD},
                FM_SPELL_NO,
                FM_SPELL_FAILED},
               {{FM_SPELL_STATE_UNTOLD, FM_SPELL_STATE_OTHER},
                {FM_SPELL_STATE_OTHER, FM_SPELL_STATE_COUNTS},
                FM_SPELL_UNKNOWN,
                FM_SPELL_UNTOLD},
               {{FM_SPELL_STATE_OTHER, FM_SPELL_STATE_OTHER},
                {FM_SPELL_STATE_UNTOLD, FM_SPELL_STATE_COUNTS},
                FM_SPELL_UNKNOWN,
                FM_SPELL_NOT_ASKED}};
  for (int k = 0; k < FM_COUNT(asked); k++) {
    const fm_spell_state s[] = {{1, q2, q3, 1, asked[k].base[0]},
                                {1, q2, q3, 2, asked[k].base[1]},
                                {1, q4, q4 + 30, 1, asked[k].later[0]},
                                {1, q4, q4 + 30, 2, asked[k].later[1]}};
    fm_spell_outcome got = outcome_of(&d, 4, FM_SPELL_STATE_OTHER, &unit, s, 4);
    ck_assert_msg(got.status == asked[k].status && got.reason == asked[k].reason, "case %d: %d, %s", k, got.status,
                  fm_spell_reason_name(got.reason));
    ck_assert_int_eq(got.in_rate, got.status != FM_SPELL_UNKNOWN);
  }
  fm_codes_destroy(list);
}
END_TEST

START_TEST(people_quarters)
{
  fm_oracle *o = fm_oracle_open("spell/expected_quarters.csv"), *p = fm_oracle_open("spell/persons.csv");
  fm_codes *list = list_of("retention_definition");
  static fm_spell_state s[64];
  size_t n = people_read(s);
  static const struct {
    const char *name, *column;
    int32_t horizon;
  } asked[] = {
      {"wioa_q2", "employed_q2", 2}, {"wioa_q4", "employed_q4", 4}, {"wioa_same_employer", "same_employer_q2_q4", 4}};
  for (int k = 0; k < FM_COUNT(asked); k++) {
    fm_spell_definition d = definition_of(list, asked[k].name);
    for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
      int32_t exit_day = day_of(fm_oracle_text(p, i, "programme_exit"));
      fm_spell_unit unit = {person_of(fm_oracle_text(p, i, "person")), exit_day, -1, INT32_MIN, AS_OF};
      fm_spell_outcome got = outcome_of(&d, asked[k].horizon, FM_SPELL_STATE_OTHER, &unit, s, n);
      ck_assert_msg(got.status == answer_of(fm_oracle_text(o, i, asked[k].column)), "%s, %s: got %d", asked[k].column,
                    fm_oracle_text(o, i, "person"), got.status);
      if (k == 2 && strcmp(fm_oracle_text(o, i, "employed_q2"), "0") == 0)
        ck_assert_int_eq(got.reason, FM_SPELL_NOT_ASKED);
    }
  }
  fm_codes_destroy(list);
  fm_oracle_close(o);
  fm_oracle_close(p);
}
END_TEST

/* The weeks with a day, and the days, in windows of 26, 30 and 52 weeks. */
START_TEST(people_cumulative)
{
  fm_oracle *o = fm_oracle_open("spell/expected_cumulative.csv");
  static fm_spell_state s[64];
  size_t n = people_read(s);
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    fm_spell_definition d = FM_SPELL_DEFINITION_INIT;
    fm_spell_unit unit;
    int32_t window = (int32_t)fm_oracle_number(o, i, "window_weeks");
    bool seen = !isnan(fm_oracle_number(o, i, "employed_days"));
    ck_assert(first_job(&unit, s, n, person_of(fm_oracle_text(o, i, "person"))));
    d.clock = FM_SPELL_WEEKS;
    d.horizons = "26";
    d.needed = 1;
    d.rule = FM_SPELL_K_OF_N;
    fm_spell_outcome any = outcome_of(&d, window, FM_SPELL_STATE_OTHER, &unit, s, n);
    d.whole_periods = 1;
    fm_spell_outcome full = outcome_of(&d, window, FM_SPELL_STATE_OTHER, &unit, s, n);
    d.whole_periods = 0;
    d.rule = FM_SPELL_CUMULATIVE;
    fm_spell_outcome days = outcome_of(&d, window, FM_SPELL_STATE_OTHER, &unit, s, n);
    ck_assert_int_eq(days.in_rate, seen);
    ck_assert_int_eq(any.n_yes + any.n_no == window, seen);
    if (!seen)
      continue;
    ck_assert_int_eq(any.n_yes, (int32_t)fm_oracle_number(o, i, "weeks_with_a_day"));
    ck_assert_int_eq(full.n_yes, (int32_t)fm_oracle_number(o, i, "full_weeks"));
    ck_assert_int_eq(days.n_yes, (int32_t)fm_oracle_number(o, i, "employed_days"));
  }
  fm_oracle_close(o);
}
END_TEST

START_TEST(people_months)
{
  fm_oracle *o = fm_oracle_open("spell/expected_months_oct_mar.csv");
  fm_codes *list = list_of("retention_definition");
  fm_spell_definition d = definition_of(list, "five_of_six_months");
  static fm_spell_state s[64];
  size_t n = people_read(s);
  static const int32_t left_on[][2] = {{7, 31}, {9, 30}};
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
    for (int k = 0; k < 2; k++) { /* whoever leaves before October is asked about the same months */
      fm_spell_unit unit = {person_of(fm_oracle_text(o, i, "person")),
                            fm_date_from_ymd(2025, left_on[k][0], left_on[k][1]), -1, INT32_MIN, AS_OF};
      fm_spell_outcome got = outcome_of(&d, 6, FM_SPELL_STATE_OTHER, &unit, s, n);
      ck_assert_int_eq(got.n_yes, (int32_t)fm_oracle_number(o, i, "months_with_a_day"));
      ck_assert_int_eq(got.status, answer_of(fm_oracle_text(o, i, "at_least_5_of_6")));
      ck_assert_int_eq(got.in_rate, 1);
    }
  fm_codes_destroy(list);
  fm_oracle_close(o);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("spell-definition");
  TCase *t = tcase_create("examples");
  tcase_add_loop_test(t, three_definitions, 0, FM_COUNT(week_cases));
  tcase_add_test(t, targets);
  tcase_add_test(t, least_run);
  tcase_add_test(t, people_status);
  tcase_add_test(t, people_sustained);
  tcase_add_test(t, people_any_episode);
  tcase_add_test(t, untold_days);
  tcase_add_test(t, untold_employer);
  tcase_add_test(t, people_quarters);
  tcase_add_test(t, people_cumulative);
  tcase_add_test(t, people_months);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
