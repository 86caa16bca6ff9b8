/* Eighteen people whose outcomes were worked out day by day: every answer must agree. */
#include "spell/people.h"

#define PEOPLE 20

START_TEST(rejected)
{
  fm_error err = FM_ERROR_INIT;
  fm_oracle *o = fm_oracle_open("spell/expected_rejected.csv");
  spells s = spells_read();
  uint8_t verdict[64];
  size_t n_kept = 0, k = 0;
  fm_assert_ok(fm_spell_from_closed(s.start, s.end, verdict, &n_kept, s.n, AS_OF, &err), &err);
  for (size_t i = 0; i < s.n; i++) {
    if (verdict[i] == FM_SPELL_KEPT)
      continue;
    ck_assert_uint_eq(i + 1, (size_t)fm_oracle_number(o, k, "spell"));
    ck_assert_str_eq(fm_oracle_text(o, k, "reason"),
                     verdict[i] == FM_SPELL_REVERSED ? "end_before_start" : "starts_after_extraction");
    k++;
  }
  ck_assert_uint_eq(k, fm_oracle_n_rows(o));
  ck_assert_uint_eq(n_kept, s.n - k);
  spells_free(&s);
  fm_oracle_close(o);
}
END_TEST

static void status_column(const fm_oracle *o, const spells *s, const char *column)
{
  fm_error err = FM_ERROR_INIT;
  size_t n = fm_oracle_n_rows(o);
  int32_t person[128], day[128];
  uint8_t got[128];
  for (size_t i = 0; i < n; i++) {
    person[i] = person_of(fm_oracle_text(o, i, "person"));
    day[i] = day_of(fm_oracle_text(o, i, "target_date"));
  }
  fm_assert_ok(fm_spell_status(got, person, day, n, s->person, s->start, s->end, s->n, 0, AS_OF, NULL, &err), &err);
  for (size_t i = 0; i < n; i++)
    ck_assert_msg(got[i] == answer_of(fm_oracle_text(o, i, column)), "%s, %s months %s: got %d, expected %s", column,
                  fm_oracle_text(o, i, "person"), fm_oracle_text(o, i, "months"), got[i], fm_oracle_text(o, i, column));
}

START_TEST(status)
{
  fm_error err = FM_ERROR_INIT;
  fm_oracle *o = fm_oracle_open("spell/expected_status.csv");
  spells s = spells_sorted();
  status_column(o, &s, "any_job");
  fm_assert_ok(fm_spell_same_label(&s.n, s.person, s.start, s.end, s.label, s.n, AS_OF, NULL, &err), &err);
  status_column(o, &s, "same_employer");
  spells_free(&s);
  fm_oracle_close(o);
}
END_TEST

static void retained_column(const fm_oracle *o, const spells *s, const char *column, int32_t gap)
{
  static const int32_t months[] = {3, 6, 12, 24};
  size_t seen = 0;
  for (int m = 0; m < FM_COUNT(months); m++) {
    fm_error err = FM_ERROR_INIT;
    int32_t persons[64], target[64];
    uint8_t retained[64], in_rate[64];
    size_t n = 0;
    fm_assert_ok(fm_spell_retained(&n, persons, target, retained, in_rate, s->person, s->start, s->end, s->n, months[m],
                                   gap, AS_OF, NULL, &err),
                 &err);
    for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
      if (fm_oracle_number(o, i, "months") != months[m])
        continue;
      size_t k = 0;
      while (k < n && persons[k] != person_of(fm_oracle_text(o, i, "person")))
        k++;
      ck_assert_uint_lt(k, n);
      const char *label = fm_oracle_text(o, i, "person");
      ck_assert_msg(target[k] == day_of(fm_oracle_text(o, i, "target_date")), "%s: target", label);
      ck_assert_msg(retained[k] == answer_of(fm_oracle_text(o, i, column)), "%s, %s, %d months: got %d", column, label,
                    months[m], retained[k]);
      /* rule 6: target + gap + 1 <= X, the last day */
      ck_assert_msg(in_rate[k] == (target[k] + gap + 1 <= AS_OF - 1), "%s: in_rate", label);
      seen++;
    }
  }
  ck_assert_uint_eq(seen, fm_oracle_n_rows(o));
}

START_TEST(retained)
{
  fm_oracle *o = fm_oracle_open("spell/expected_status.csv");
  spells s = spells_sorted();
  retained_column(o, &s, "retained_gap0", 0);
  retained_column(o, &s, "retained_gap14", 14);
  spells_free(&s);
  fm_oracle_close(o);
}
END_TEST

START_TEST(sustained)
{
  fm_error err = FM_ERROR_INIT;
  fm_oracle *o = fm_oracle_open("spell/expected_sustained.csv");
  spells s = spells_sorted();
  ck_assert_uint_gt(fm_oracle_n_rows(o), 0);
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    int32_t persons[64], first_day[64], any_day[64];
    uint8_t first[64], any[64];
    size_t n = 0, k = 0;
    fm_assert_ok(fm_spell_sustained(&n, persons, first, first_day, any, any_day, s.person, s.start, s.end, s.n,
                                    (int32_t)fm_oracle_number(o, i, "weeks"),
                                    (int32_t)fm_oracle_number(o, i, "gap_days"), AS_OF, NULL, &err),
                 &err);
    const char *label = fm_oracle_text(o, i, "person");
    while (k < n && persons[k] != person_of(label))
      k++;
    ck_assert_uint_lt(k, n);
    ck_assert_msg(first[k] == answer_of(fm_oracle_text(o, i, "first_episode")), "%s: first", label);
    ck_assert_msg(any[k] == answer_of(fm_oracle_text(o, i, "any_episode")), "%s: any", label);
    ck_assert_msg(first_day[k] == day_of(fm_oracle_text(o, i, "date_first")), "%s: first day", label);
    ck_assert_msg(any_day[k] == day_of(fm_oracle_text(o, i, "date_any")), "%s: any day", label);
  }
  spells_free(&s);
  fm_oracle_close(o);
}
END_TEST

START_TEST(episodes)
{
  static const int32_t gaps[] = {0, 7, 14, 28};
  fm_oracle *o = fm_oracle_open("spell/expected_episodes.csv");
  spells s = spells_sorted();
  size_t seen = 0;
  for (int g = 0; g < FM_COUNT(gaps); g++) {
    fm_error err = FM_ERROR_INIT;
    fm_spell_episode e[64];
    size_t n = 0, k = 0;
    fm_assert_ok(fm_spell_join(&n, e, s.person, s.start, s.end, s.n, gaps[g], AS_OF, NULL, &err), &err);
    for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
      if (fm_oracle_number(o, i, "gap_days") != gaps[g])
        continue;
      ck_assert_uint_lt(k, n);
      ck_assert_int_eq(e[k].person, person_of(fm_oracle_text(o, i, "person")));
      ck_assert_int_eq(e[k].start, day_of(fm_oracle_text(o, i, "start")));
      ck_assert_int_eq(e[k].end, day_of(fm_oracle_text(o, i, "end")) + 1);
      ck_assert_int_eq(e[k].end - e[k].start, (int32_t)fm_oracle_number(o, i, "length_days"));
      ck_assert_int_eq(e[k].covered_days, (int32_t)fm_oracle_number(o, i, "employed_days"));
      ck_assert_int_eq(e[k].undetermined, (int32_t)fm_oracle_number(o, i, "undetermined"));
      ck_assert_int_eq(e[k].n_spells, (int32_t)fm_oracle_number(o, i, "spells"));
      k++;
    }
    ck_assert_uint_eq(k, n);
    seen += k;
  }
  ck_assert_uint_eq(seen, fm_oracle_n_rows(o));
  spells_free(&s);
  fm_oracle_close(o);
}
END_TEST

static size_t survival_rows(const fm_oracle *o, const spells *s, bool same, int32_t gap)
{
  static const char *const causes[] = {"censored", "not_employed", "other_job"};
  fm_error err = FM_ERROR_INIT;
  int32_t persons[64], time[64];
  uint8_t reason[64];
  size_t n = 0, k = 0;
  fm_assert_ok(fm_spell_survival(&n, persons, time, reason, s->person, s->start, s->end, same ? s->label : NULL, s->n,
                                 gap, AS_OF, NULL, &err),
               &err);
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    if (fm_oracle_number(o, i, "gap_days") != gap ||
        strcmp(fm_oracle_text(o, i, "definition"), same ? "same_employer" : "any_employer") != 0)
      continue;
    ck_assert_uint_lt(k, n);
    const char *label = fm_oracle_text(o, i, "person");
    ck_assert_msg(persons[k] == person_of(label), "%s: out of order", label);
    ck_assert_msg(time[k] == (int32_t)fm_oracle_number(o, i, "time_days"), "%s, gap %d: %d days", label, gap, time[k]);
    ck_assert_msg((reason[k] != FM_SPELL_CENSORED) == (fm_oracle_number(o, i, "event") == 1.0), "%s: event", label);
    ck_assert_str_eq(causes[reason[k]], fm_oracle_text(o, i, "cause"));
    k++;
  }
  ck_assert_uint_eq(k, n);
  return k;
}

START_TEST(survival)
{
  fm_oracle *o = fm_oracle_open("spell/expected_survival.csv");
  spells s = spells_sorted();
  size_t seen = survival_rows(o, &s, false, 0) + survival_rows(o, &s, false, 7) + survival_rows(o, &s, false, 14) +
                survival_rows(o, &s, false, 28) + survival_rows(o, &s, true, 0) + survival_rows(o, &s, true, 14);
  ck_assert_uint_eq(seen, fm_oracle_n_rows(o));
  spells_free(&s);
  fm_oracle_close(o);
}
END_TEST

static int32_t days_in(const spells *s, int32_t person, int32_t from, int32_t to)
{
  fm_error err = FM_ERROR_INIT;
  int32_t days = -9;
  fm_assert_ok(
      fm_spell_covered_days(&days, &person, &from, &to, 1, s->person, s->start, s->end, s->n, AS_OF, NULL, &err), &err);
  return days;
}

static int32_t index_of(const spells *s, int32_t person)
{
  for (size_t i = 0; i < s->n; i++)
    if (s->person[i] == person && s->end[i] > s->start[i])
      return s->start[i];
  return FM_NO_DATE;
}

START_TEST(weeks_from_the_start)
{
  fm_oracle *o = fm_oracle_open("spell/expected_cumulative.csv");
  spells s = spells_sorted();
  ck_assert_uint_gt(fm_oracle_n_rows(o), 0);
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    int32_t person = person_of(fm_oracle_text(o, i, "person")), weeks = (int32_t)fm_oracle_number(o, i, "window_weeks");
    int32_t index = index_of(&s, person), total = days_in(&s, person, index, index + 7 * weeks);
    if (fm_oracle_text(o, i, "employed_days")[0] == 'N') {
      ck_assert_int_eq(total, -1);
      continue;
    }
    int32_t some = 0, full = 0;
    for (int32_t w = 0; w < weeks; w++) {
      int32_t days = days_in(&s, person, index + 7 * w, index + 7 * w + 7);
      some += days > 0;
      full += days == 7;
    }
    ck_assert_int_eq(some, (int32_t)fm_oracle_number(o, i, "weeks_with_a_day"));
    ck_assert_int_eq(full, (int32_t)fm_oracle_number(o, i, "full_weeks"));
    ck_assert_int_eq(total, (int32_t)fm_oracle_number(o, i, "employed_days"));
  }
  spells_free(&s);
  fm_oracle_close(o);
}
END_TEST

START_TEST(iso_weeks_months_quarters)
{
  fm_oracle *o = fm_oracle_open("spell/expected_isoweeks.csv"),
            *m = fm_oracle_open("spell/expected_months_oct_mar.csv");
  fm_oracle *q = fm_oracle_open("spell/expected_quarters.csv"), *p = fm_oracle_open("spell/persons.csv");
  spells s = spells_sorted();
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    int32_t monday =
        fm_date_from_iso_week((int32_t)fm_oracle_number(o, i, "iso_year"), (int32_t)fm_oracle_number(o, i, "iso_week"));
    int32_t end = monday + 7 < AS_OF ? monday + 7 : AS_OF;
    ck_assert_int_eq(days_in(&s, person_of(fm_oracle_text(o, i, "person")), monday, end),
                     (int32_t)fm_oracle_number(o, i, "employed_days"));
  }
  for (size_t i = 0; i < fm_oracle_n_rows(m); i++) {
    int32_t october = fm_date_from_ymd(2025, 10, 1), months = 0;
    for (int32_t k = 0; k < 6; k++)
      months += days_in(&s, person_of(fm_oracle_text(m, i, "person")), fm_date_add_months(october, k),
                        fm_date_add_months(october, k + 1)) > 0;
    ck_assert_int_eq(months, (int32_t)fm_oracle_number(m, i, "months_with_a_day"));
  }
  for (size_t i = 0; i < fm_oracle_n_rows(q); i++) {
    int32_t year, month, day_number = day_of(fm_oracle_text(p, i, "programme_exit"));
    fm_date_to_ymd(day_number, &year, &month, NULL);
    int32_t zero = fm_date_from_ymd(year, month - (month - 1) % 3, 1);
    for (int32_t k = 2; k <= 4; k += 2) {
      int32_t days = days_in(&s, person_of(fm_oracle_text(q, i, "person")), fm_date_add_months(zero, 3 * k),
                             fm_date_add_months(zero, 3 * k + 3));
      uint8_t got = days < 0 ? FM_SPELL_UNKNOWN : days > 0 ? FM_SPELL_YES : FM_SPELL_NO;
      ck_assert_int_eq(got, answer_of(fm_oracle_text(q, i, k == 2 ? "employed_q2" : "employed_q4")));
    }
  }
  spells_free(&s);
  fm_oracle_close(o);
  fm_oracle_close(m);
  fm_oracle_close(q);
  fm_oracle_close(p);
}
END_TEST

/* Employers of a person in a quarter, as the file has them: "A|B"; "NA" when the quarter is not seen in full. */
static void employers_in(char out[16], const spells *s, int32_t person, int32_t quarter)
{
  fm_error err = FM_ERROR_INIT;
  int32_t who[128], state[128], period[128], days[128];
  size_t n = 0, k = 0;
  fm_spell_periods_spec spec = FM_SPELL_PERIODS_SPEC_INIT;
  spec.clock = FM_SPELL_BY_QUARTER;
  spec.as_of = AS_OF;
  spec.from = quarter;
  spec.to = fm_spell_period_end(quarter, FM_SPELL_BY_QUARTER);
  spec.by_state = 1;
  fm_assert_ok(fm_spell_periods(&n, who, period, state, days, NULL, s->person, s->start, s->end, s->label, s->n, &spec,
                                NULL, &err),
               &err);
  for (size_t i = 0; i < n; i++)
    if (who[i] == person) {
      ck_assert(period[i] == quarter && days[i] > 0);
      if (k > 0)
        out[k++] = '|';
      out[k++] = (char)state[i];
    }
  out[k] = '\0';
  if (spec.to > AS_OF)
    memcpy(out, "NA", 3);
}

START_TEST(quarters_by_employer)
{
  fm_oracle *q = fm_oracle_open("spell/expected_quarters.csv"), *p = fm_oracle_open("spell/persons.csv");
  spells s = spells_sorted();
  for (size_t i = 0; i < fm_oracle_n_rows(q); i++) {
    int32_t zero = fm_spell_period_start(day_of(fm_oracle_text(p, i, "programme_exit")), FM_SPELL_BY_QUARTER);
    int32_t person = person_of(fm_oracle_text(q, i, "person"));
    char q2[16], q4[16];
    employers_in(q2, &s, person, fm_date_add_months(zero, 6));
    employers_in(q4, &s, person, fm_date_add_months(zero, 12));
    ck_assert_str_eq(q2, fm_oracle_text(q, i, "employers_q2"));
    ck_assert_str_eq(q4, fm_oracle_text(q, i, "employers_q4"));
    /* the same employer: only for those employed in quarter 2 */
    const char *same = "NA";
    if (strcmp(q2, "NA") != 0 && q2[0] != '\0' && strcmp(q4, "NA") != 0) {
      same = "0";
      for (const char *c = q2; *c != '\0'; c++)
        if (*c != '|' && strchr(q4, *c) != NULL)
          same = "1";
    }
    ck_assert_str_eq(same, fm_oracle_text(q, i, "same_employer_q2_q4"));
  }
  spells_free(&s);
  fm_oracle_close(q);
  fm_oracle_close(p);
}
END_TEST

/* The cumulative weeks again, in one call for all windows of a person; the episodes as one state. */
START_TEST(windows_and_episodes_by_state)
{
  fm_error err = FM_ERROR_INIT;
  fm_oracle *o = fm_oracle_open("spell/expected_cumulative.csv"), *e = fm_oracle_open("spell/expected_episodes.csv");
  spells s = spells_sorted();
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    enum { WEEKS = 60 };
    int32_t who[WEEKS], from[WEEKS], to[WEEKS], days[WEEKS], unseen[WEEKS];
    int32_t person = person_of(fm_oracle_text(o, i, "person")), weeks = (int32_t)fm_oracle_number(o, i, "window_weeks");
    int32_t some = 0, full = 0, total = 0, beyond = 0;
    for (int32_t w = 0; w < weeks; w++) {
      who[w] = person;
      from[w] = index_of(&s, person) + 7 * w;
      to[w] = from[w] + 7;
    }
    fm_assert_ok(fm_spell_days_in(days, unseen, who, from, to, (size_t)weeks, s.person, s.start, s.end, s.label, s.n,
                                  NULL, 0, AS_OF, NULL, &err),
                 &err);
    for (int32_t w = 0; w < weeks; w++) {
      some += days[w] > 0;
      full += days[w] == 7;
      total += days[w];
      beyond += unseen[w];
    }
    ck_assert_int_eq(beyond > 0, fm_oracle_text(o, i, "employed_days")[0] == 'N');
    if (beyond > 0)
      continue;
    ck_assert_int_eq(some, (int32_t)fm_oracle_number(o, i, "weeks_with_a_day"));
    ck_assert_int_eq(full, (int32_t)fm_oracle_number(o, i, "full_weeks"));
    ck_assert_int_eq(total, (int32_t)fm_oracle_number(o, i, "employed_days"));
  }
  static const int32_t gaps[] = {0, 7, 14, 28};
  size_t seen = 0;
  for (int g = 0; g < FM_COUNT(gaps); g++) {
    fm_spell_resolve_spec spec = FM_SPELL_RESOLVE_SPEC_INIT;
    spec.policy = FM_SPELL_OVERLAP_UNION;
    spec.gap_days = gaps[g];
    spec.as_of = AS_OF;
    int32_t person[128], start[128], end[128];
    size_t n = 0, k = 0;
    fm_assert_ok(
        fm_spell_resolve(&n, person, start, end, NULL, s.person, s.start, s.end, s.label, s.n, &spec, NULL, &err),
        &err);
    for (size_t i = 0; i < fm_oracle_n_rows(e); i++)
      if (fm_oracle_number(e, i, "gap_days") == gaps[g]) {
        ck_assert_uint_lt(k, n);
        ck_assert_int_eq(person[k], person_of(fm_oracle_text(e, i, "person")));
        ck_assert_int_eq(start[k], day_of(fm_oracle_text(e, i, "start")));
        ck_assert_int_eq(end[k++], day_of(fm_oracle_text(e, i, "end")) + 1);
      }
    ck_assert_uint_eq(k, n);
    seen += k;
  }
  ck_assert_uint_eq(seen, fm_oracle_n_rows(e));
  spells_free(&s);
  fm_oracle_close(o);
  fm_oracle_close(e);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("spell-oracle");
  TCase *t = tcase_create("people");
  tcase_add_test(t, rejected);
  tcase_add_test(t, status);
  tcase_add_test(t, retained);
  tcase_add_test(t, sustained);
  tcase_add_test(t, episodes);
  tcase_add_test(t, survival);
  tcase_add_test(t, weeks_from_the_start);
  tcase_add_test(t, iso_weeks_months_quarters);
  tcase_add_test(t, quarters_by_employer);
  tcase_add_test(t, windows_and_episodes_by_state);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
