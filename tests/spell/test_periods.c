/* Periods, cuts, states on a day, days in a window, weeks in a row, a row per person and period: the eighteen people,
 * and against days marked one by one. */
#include "spell/days.h"

static fm_threads three = {sizeof three, 3};

static spells sorted_random(uint64_t *state, size_t n, uint32_t people)
{
  fm_error err = FM_ERROR_INIT;
  spells s = spells_random(state, n, people);
  fm_assert_ok(fm_spell_sort(s.person, s.start, s.end, s.label, s.n, NULL, &err), &err);
  return s;
}

START_TEST(periods_by_hand)
{
  static const struct {
    int32_t clock;
    const char *day, *start, *end;
  } row[] = {
      {FM_SPELL_BY_DAY, "2024-02-29", "2024-02-29", "2024-03-01"},
      {FM_SPELL_BY_WEEK, "2021-01-03", "2020-12-28", "2021-01-04"}, /* a Sunday in week 53 of 2020 */
      {FM_SPELL_BY_WEEK, "2021-01-04", "2021-01-04", "2021-01-11"},
      {FM_SPELL_BY_MONTH, "2024-02-29", "2024-02-01", "2024-03-01"},
      {FM_SPELL_BY_MONTH, "2024-12-31", "2024-12-01", "2025-01-01"},
      {FM_SPELL_BY_QUARTER, "2024-12-01", "2024-10-01", "2025-01-01"},
      {FM_SPELL_BY_QUARTER, "2024-06-30", "2024-04-01", "2024-07-01"},
      {FM_SPELL_BY_YEAR, "2024-06-30", "2024-01-01", "2025-01-01"},
      /* 2020-12-28 is the Monday of a week whose Thursday is 31 December; 1 January 2021 belongs to it */
      {FM_SPELL_BY_MONTH_OF_WEEKS, "2021-01-01", "2020-11-30", "2021-01-04"},
      {FM_SPELL_BY_MONTH_OF_WEEKS, "2021-01-04", "2021-01-04", "2021-02-01"},
      /* 29 April 2024 is a Monday, its Thursday is 2 May */
      {FM_SPELL_BY_MONTH_OF_WEEKS, "2024-04-29", "2024-04-29", "2024-06-03"},
      {FM_SPELL_BY_YEAR_OF_WEEKS, "2021-01-03", "2019-12-30", "2021-01-04"}, /* 53 weeks */
      {FM_SPELL_BY_YEAR_OF_WEEKS, "2021-01-04", "2021-01-04", "2022-01-03"},
      {FM_SPELL_BY_YEAR, "0001-05-05", "0001-01-01", "0002-01-01"},
      {FM_SPELL_BY_MONTH_OF_WEEKS, "0001-01-01", "0001-01-01", "0001-01-29"},
  };
  for (int r = 0; r < FM_COUNT(row); r++) {
    int32_t day = day_of(row[r].day);
    ck_assert_msg(fm_spell_period_start(day, row[r].clock) == day_of(row[r].start), "case %d: start", r);
    ck_assert_msg(fm_spell_period_end(day, row[r].clock) == day_of(row[r].end), "case %d: end", r);
  }
  for (int32_t clock = FM_SPELL_BY_DAY; clock <= FM_SPELL_BY_YEAR_OF_WEEKS; clock++)
    ck_assert_int_eq(fm_spell_period_end(day_of("9999-12-31"), clock), day_of("9999-12-31") + 1);
  ck_assert_int_eq(fm_spell_period_start(0, 7), FM_NO_DATE);
  ck_assert_int_eq(fm_spell_period_end(0, -1), FM_NO_DATE);
  ck_assert_int_eq(fm_spell_period_start(FM_NO_DATE, 0), FM_NO_DATE);
  ck_assert_int_eq(fm_spell_period_end(FM_NO_DATE, 0), FM_NO_DATE);
}
END_TEST

/* Periods follow each other without a hole, and weeks keep to the calendar's rules, over four hundred years. */
START_TEST(periods_tile)
{
  for (int32_t clock = FM_SPELL_BY_DAY; clock <= FM_SPELL_BY_YEAR_OF_WEEKS; clock++)
    for (int32_t day = day_of("1901-01-01"), last = day_of("2301-01-01"), end; day < last; day = end) {
      int32_t start = fm_spell_period_start(day, clock), y, w;
      end = fm_spell_period_end(day, clock);
      ck_assert(start <= day && day < end);
      ck_assert_int_eq(fm_spell_period_start(end - 1, clock), start);
      ck_assert_int_eq(fm_spell_period_start(end, clock), end);
      fm_date_to_iso_week(start, &y, &w);
      if (clock == FM_SPELL_BY_WEEK)
        ck_assert_int_eq(fm_date_from_iso_week(y, w), start);
      if (clock == FM_SPELL_BY_MONTH_OF_WEEKS && start == day) {
        int32_t y2, w2;
        fm_date_to_iso_week(end - 1, &y2, &w2);
        ck_assert_int_eq(fm_iso_week_month(y, w), fm_iso_week_month(y2, w2));
        fm_date_to_iso_week(end, &y2, &w2);
        ck_assert_int_ne(fm_iso_week_month(y, w), fm_iso_week_month(y2, w2));
      }
      if (clock == FM_SPELL_BY_YEAR_OF_WEEKS && start == day)
        ck_assert_int_eq((end - start) / 7, fm_iso_weeks_in_year(y));
    }
}
END_TEST

START_TEST(splits_by_hand)
{
  /* 30 December 2020 to 5 January 2021 (half-open 6): weeks, then also a cut at 2 January; then months. */
  fm_error err = FM_ERROR_INIT;
  int32_t person[] = {1, 1}, start[] = {day_of("2020-12-30"), day_of("2021-01-04")};
  int32_t end[] = {day_of("2021-01-06"), FM_SPELL_OPEN}, as_of = day_of("2021-01-08");
  int32_t cut[] = {day_of("2019-01-01"), day_of("2021-01-02"), day_of("2021-01-04"), day_of("2022-01-01")};
  static const struct {
    int32_t clock;
    size_t n_cuts, n;
    const char *expected[5][2];
    int32_t row[5];
  } row[] = {
      {FM_SPELL_BY_DAY, 0, 2, {{"2020-12-30", "2021-01-06"}, {"2021-01-04", "2021-01-08"}}, {0, 1}},
      {FM_SPELL_BY_WEEK,
       4,
       4,
       {{"2020-12-30", "2021-01-02"},
        {"2021-01-02", "2021-01-04"},
        {"2021-01-04", "2021-01-06"},
        {"2021-01-04", "2021-01-08"}},
       {0, 0, 0, 1}},
      {FM_SPELL_BY_MONTH,
       0,
       3,
       {{"2020-12-30", "2021-01-01"}, {"2021-01-01", "2021-01-06"}, {"2021-01-04", "2021-01-08"}},
       {0, 0, 1}},
      {FM_SPELL_BY_DAY,
       4,
       4,
       {{"2020-12-30", "2021-01-02"},
        {"2021-01-02", "2021-01-04"},
        {"2021-01-04", "2021-01-06"},
        {"2021-01-04", "2021-01-08"}},
       {0, 0, 0, 1}},
  };
  for (int r = 0; r < FM_COUNT(row); r++) {
    size_t n = 0, counted = 0;
    int32_t of[8], from[8], to[8];
    fm_assert_ok(
        fm_spell_split(&n, of, from, to, person, start, end, 2, row[r].clock, cut, row[r].n_cuts, as_of, NULL, &err),
        &err);
    fm_assert_ok(fm_spell_split(&counted, NULL, NULL, NULL, person, start, end, 2, row[r].clock, cut, row[r].n_cuts,
                                as_of, NULL, &err),
                 &err);
    ck_assert_msg(n == row[r].n && counted == n, "case %d: %zu pieces", r, n);
    for (size_t i = 0; i < n; i++) {
      ck_assert_int_eq(of[i], row[r].row[i]);
      ck_assert_msg(from[i] == day_of(row[r].expected[i][0]), "case %d, piece %zu: start", r, i);
      ck_assert_msg(to[i] == day_of(row[r].expected[i][1]), "case %d, piece %zu: end", r, i);
    }
  }
  size_t n;
  cut[2] = cut[1];
  ck_assert_int_eq(fm_spell_split(&n, NULL, NULL, NULL, person, start, end, 2, 0, cut, 4, as_of, NULL, &err),
                   FM_ERR_VALUE);
  ck_assert_int_eq(err.row, 2);
  ck_assert_int_eq(fm_spell_split(&n, NULL, NULL, NULL, person, start, end, 2, 9, NULL, 0, as_of, NULL, NULL),
                   FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_spell_split(&n, NULL, NULL, NULL, person, start, end, 2, 0, NULL, 1, as_of, NULL, NULL),
                   FM_ERR_ARGUMENT);
}
END_TEST

START_TEST(states_on_days)
{
  uint64_t state = 71;
  fm_run run = FM_RUN_INIT;
  run.execute = fm_execute_threads;
  run.execute_ctx = &three;
  for (int r = 0; r < 10; r++) {
    fm_error err = FM_ERROR_INIT;
    spells s = sorted_random(&state, draw(&state, 90), 4), flat = spells_new(200);
    marks m = marks_of(&s, -3, 4);
    fm_spell_resolve_spec spec = FM_SPELL_RESOLVE_SPEC_INIT;
    spec.policy = FM_SPELL_OVERLAP_FIRST;
    spec.as_of = DAY_TO;
    fm_assert_ok(fm_spell_resolve(&flat.n, flat.person, flat.start, flat.end, flat.label, s.person, s.start, s.end,
                                  s.label, s.n, &spec, NULL, &err),
                 &err);
    enum { ASKED = 9000 };
    static int32_t who[ASKED], day[ASKED], got[ASKED];
    static uint8_t status[ASKED];
    for (size_t i = 0; i < ASKED; i++) {
      who[i] = (int32_t)draw(&state, 6) - 4;
      day[i] = i % 100 == 0 ? FM_NO_DATE : 580 + (int32_t)draw(&state, 440);
    }
    fm_assert_ok(fm_spell_state_on(status, got, who, day, ASKED, flat.person, flat.start, flat.end, flat.label, flat.n,
                                   DAY_TO, r % 2 ? &run : NULL, &err),
                 &err);
    for (size_t i = 0; i < ASKED; i++) {
      bool known = day[i] != FM_NO_DATE && day[i] < DAY_TO, there = who[i] >= -3 && who[i] < 1;
      int32_t expected = FM_SPELL_NO_STATE;
      if (known && there && day[i] >= DAY_FROM)
        expected = state_by(&m, who[i] + 3, day[i] - DAY_FROM, FM_SPELL_OVERLAP_FIRST, NULL);
      ck_assert_int_eq(got[i], expected);
      ck_assert_uint_eq(status[i], !known                          ? FM_SPELL_UNKNOWN
                                   : expected == FM_SPELL_NO_STATE ? FM_SPELL_NO
                                                                   : FM_SPELL_YES);
    }
    spells_free(&s);
    spells_free(&flat);
    marks_free(&m);
  }
}
END_TEST

/* Days in any of states 0 and 2 between two days. */
static int32_t days_between(const marks *m, int32_t p, int32_t from, int32_t to)
{
  int32_t days = 0;
  for (int32_t d = from > DAY_FROM ? from : DAY_FROM; d < to && d < DAY_TO; d++)
    days += m->day[p][0][d - DAY_FROM] || m->day[p][2][d - DAY_FROM];
  return days;
}

static const int32_t work[] = {2, 0};

START_TEST(days_in_windows)
{
  uint64_t state = 72;
  for (int r = 0; r < 10; r++) {
    fm_error err = FM_ERROR_INIT;
    spells s = sorted_random(&state, draw(&state, 90), 4), t = spells_disguised(&s, &state);
    marks m = marks_of(&s, -3, 4);
    enum { ASKED = 5000 };
    static int32_t who[ASKED], from[ASKED], to[ASKED], days[ASKED], unseen[ASKED];
    for (size_t i = 0; i < ASKED; i++) {
      who[i] = (int32_t)draw(&state, 4) - 3;
      from[i] = 580 + (int32_t)draw(&state, 440);
      to[i] = i % 100 == 0 ? FM_NO_DATE : from[i] - 3 + (int32_t)draw(&state, 120);
    }
    fm_assert_ok(fm_spell_days_in(days, unseen, who, from, to, ASKED, t.person, t.start, t.end, t.label, t.n, work, 2,
                                  DAY_TO, NULL, &err),
                 &err);
    for (size_t i = 0; i < ASKED; i++) {
      bool dated = to[i] != FM_NO_DATE;
      int32_t beyond = from[i] > DAY_TO ? from[i] : DAY_TO;
      ck_assert_int_eq(days[i], dated ? days_between(&m, who[i] + 3, from[i], to[i]) : -1);
      ck_assert_int_eq(unseen[i], !dated ? -1 : to[i] > beyond ? to[i] - beyond : 0);
    }
    spells_free(&s);
    spells_free(&t);
    marks_free(&m);
  }
}
END_TEST

/* A window of weeks: 2 of at least 5 days in a row. as_of 1000 is a Wednesday (1970-01-01 was a Thursday). */
START_TEST(weeks_by_hand)
{
  static const struct {
    const char *label;
    int32_t start, end, weeks, least, reached, day, longest;
  } row[] = {
      {"two whole weeks", 949, 963, 2, 7, FM_SPELL_YES, 962, 2},
      {"a day short of two weeks", 949, 962, 2, 7, FM_SPELL_NO, FM_NO_DATE, 1},
      {"but of two weeks with six days", 949, 962, 2, 6, FM_SPELL_YES, 962, 2},
      {"Thursday to Sunday, then two weeks", 945, 963, 3, 4, FM_SPELL_YES, 962, 3},
      {"a week up to last Sunday, Monday and Tuesday missed", 991, 998, 2, 7, FM_SPELL_NO, FM_NO_DATE, 1},
      {"five days can still come", 991, 998, 2, 5, FM_SPELL_UNKNOWN, FM_NO_DATE, 1},
      {"a week that ended on Saturday", 991, 997, 2, 7, FM_SPELL_NO, FM_NO_DATE, 0},
      {"began this Tuesday: seven days are out of reach", 999, FM_SPELL_OPEN, 1, 7, FM_SPELL_NO, FM_NO_DATE, 0},
      {"six are not", 999, FM_SPELL_OPEN, 1, 6, FM_SPELL_UNKNOWN, FM_NO_DATE, 0},
      {"two days are there already", 998, FM_SPELL_OPEN, 1, 2, FM_SPELL_YES, 1004, 1},
      {"and count in a run", 991, FM_SPELL_OPEN, 2, 2, FM_SPELL_YES, 1004, 2},
      {"a run that needs more weeks", 991, FM_SPELL_OPEN, 3, 2, FM_SPELL_UNKNOWN, FM_NO_DATE, 2},
  };
  for (int r = 0; r < FM_COUNT(row); r++) {
    fm_error err = FM_ERROR_INIT;
    int32_t person[] = {9}, start[] = {row[r].start}, end[] = {row[r].end}, who, reached, day, longest;
    size_t n = 0;
    fm_assert_ok(fm_spell_weeks(&n, &who, &reached, &day, &longest, person, start, end, NULL, 1, NULL, 0, row[r].weeks,
                                row[r].least, 1000, NULL, &err),
                 &err);
    ck_assert_uint_eq(n, 1);
    ck_assert_int_eq(who, 9);
    ck_assert_msg(reached == row[r].reached && day == row[r].day && longest == row[r].longest, "%s: %d, %d, %d",
                  row[r].label, (int)reached, (int)day, (int)longest);
  }
  size_t n;
  int32_t one[] = {1};
  ck_assert_int_eq(fm_spell_weeks(&n, NULL, NULL, NULL, NULL, one, one, one, NULL, 1, NULL, 0, 0, 1, 9, NULL, NULL),
                   FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_spell_weeks(&n, NULL, NULL, NULL, NULL, one, one, one, NULL, 1, NULL, 0, 1, 8, 9, NULL, NULL),
                   FM_ERR_ARGUMENT);
}
END_TEST

/* Weeks from Monday 585 on; the one of as_of is left to the cases by hand: answers of the others are looked at. */
START_TEST(weeks_by_days)
{
  uint64_t state = 73;
  int reached_some = 0;
  for (int r = 0; r < 200; r++) {
    fm_error err = FM_ERROR_INIT;
    spells s = sorted_random(&state, draw(&state, 60), 4), t = spells_disguised(&s, &state);
    marks m = marks_of(&s, -3, 4);
    int32_t n_weeks = 1 + (int32_t)draw(&state, 6), least = 1 + (int32_t)draw(&state, 7);
    int32_t who[4], reached[4], day[4], longest[4];
    size_t n = 0, k = 0;
    fm_assert_ok(fm_spell_weeks(&n, who, reached, day, longest, t.person, t.start, t.end, t.label, t.n, work, 2,
                                n_weeks, least, DAY_TO, NULL, &err),
                 &err);
    for (int32_t p = 0; p < 4; p++) {
      if (!m.seen[p])
        continue;
      int32_t now = 0, most = 0, when = FM_NO_DATE;
      for (int32_t week = 585; week < DAY_TO; week += 7) {
        now = days_between(&m, p, week, week + 7) >= least ? now + 1 : 0;
        most = now > most ? now : most;
        when = now == n_weeks && when == FM_NO_DATE ? week + 6 : when;
      }
      ck_assert_uint_lt(k, n);
      ck_assert_int_eq(who[k], p - 3);
      ck_assert_int_eq(longest[k], most);
      ck_assert_int_eq(day[k], when);
      ck_assert_int_eq(reached[k] == FM_SPELL_YES, when != FM_NO_DATE);
      reached_some += when != FM_NO_DATE;
      k++;
    }
    ck_assert_uint_eq(k, n);
    spells_free(&s);
    spells_free(&t);
    marks_free(&m);
  }
  ck_assert_int_gt(reached_some, 100);
}
END_TEST

typedef struct panel {
  size_t n;
  int32_t *person, *period, *state, *days, *unseen;
} panel;

static panel panel_of(const spells *s, const fm_spell_periods_spec *spec, const fm_run *run)
{
  fm_error err = FM_ERROR_INIT;
  panel p = {0};
  fm_assert_ok(fm_spell_periods(&p.n, NULL, NULL, NULL, NULL, NULL, s->person, s->start, s->end, s->label, s->n, spec,
                                run, &err),
               &err);
  size_t counted = p.n;
  int32_t **columns[] = {&p.person, &p.period, &p.state, &p.days, &p.unseen};
  for (int c = 0; c < 5; c++)
    *columns[c] = calloc(p.n + 1, sizeof(int32_t));
  fm_assert_ok(fm_spell_periods(&p.n, p.person, p.period, p.state, p.days, p.unseen, s->person, s->start, s->end,
                                s->label, s->n, spec, run, &err),
               &err);
  ck_assert_uint_eq(counted, p.n);
  return p;
}

static void panel_free(panel *p)
{
  free(p->person);
  free(p->period);
  free(p->state);
  free(p->days);
  free(p->unseen);
}

START_TEST(panel_by_days)
{
  uint64_t state = 74;
  fm_run run = FM_RUN_INIT;
  run.execute = fm_execute_threads;
  run.execute_ctx = &three;
  for (int r = 0; r < 42; r++) {
    spells s = sorted_random(&state, r == 41 ? 9000 : draw(&state, 60), r == 41 ? 600 : 4);
    spells t = spells_disguised(&s, &state);
    int32_t n_people = r == 41 ? 600 : 4;
    marks m = marks_of(&s, -3, n_people);
    fm_spell_periods_spec spec;
    fm_spell_periods_spec_init(&spec, sizeof spec);
    spec.clock = r % 7;
    spec.as_of = DAY_TO;
    spec.states = work;
    spec.n_states = 2;
    spec.from = r % 2 ? FM_NO_DATE : 640;
    spec.to = r % 3 ? FM_NO_DATE : DAY_TO + 45;
    panel got = panel_of(&t, &spec, r % 2 ? &run : NULL);
    size_t k = 0;
    for (int32_t p = 0; p < n_people; p++) {
      if (!m.seen[p])
        continue;
      int32_t from = spec.from, to = spec.to == FM_NO_DATE ? DAY_TO : spec.to;
      for (int32_t d = 0; from == FM_NO_DATE; d++)
        if (m.day[p][0][d] || m.day[p][1][d] || m.day[p][2][d])
          from = d + DAY_FROM;
      for (int32_t day = from, end; day < to; day = end, k++) {
        end = fm_spell_period_end(day, spec.clock);
        end = end < to ? end : to;
        ck_assert_uint_lt(k, got.n);
        ck_assert_int_eq(got.person[k], p - 3);
        ck_assert_int_eq(got.period[k], fm_spell_period_start(day, spec.clock));
        ck_assert_int_eq(got.state[k], FM_SPELL_NO_STATE);
        ck_assert_int_eq(got.days[k], days_between(&m, p, day, end));
        int32_t beyond = day > DAY_TO ? day : DAY_TO;
        ck_assert_int_eq(got.unseen[k], end > beyond ? end - beyond : 0);
      }
    }
    ck_assert_uint_eq(k, got.n);
    panel_free(&got);
    spells_free(&s);
    spells_free(&t);
    marks_free(&m);
  }
}
END_TEST

START_TEST(panel_by_state)
{
  uint64_t state = 75;
  for (int r = 0; r < 40; r++) {
    spells s = sorted_random(&state, draw(&state, 60), 4), t = spells_disguised(&s, &state);
    marks m = marks_of(&s, -3, 4);
    fm_spell_periods_spec spec = FM_SPELL_PERIODS_SPEC_INIT;
    spec.clock = 1 + r % 6;
    spec.as_of = DAY_TO;
    spec.by_state = 1;
    spec.from = 600 + (int32_t)draw(&state, 200);
    panel got = panel_of(&t, &spec, NULL);
    size_t k = 0;
    for (int32_t p = 0; p < 4; p++)
      for (int32_t day = spec.from, end; day < DAY_TO; day = end) {
        end = fm_spell_period_end(day, spec.clock);
        for (int32_t which = 0; which < STATES; which++) {
          int32_t days = 0;
          for (int32_t d = day; d < end && d < DAY_TO; d++)
            days += m.day[p][which][d - DAY_FROM];
          if (days == 0)
            continue;
          ck_assert_uint_lt(k, got.n);
          ck_assert_int_eq(got.person[k], p - 3);
          ck_assert_int_eq(got.period[k], fm_spell_period_start(day, spec.clock));
          ck_assert_int_eq(got.state[k], which);
          ck_assert_int_eq(got.days[k], days);
          ck_assert_int_eq(got.unseen[k++], 0);
        }
      }
    ck_assert_uint_eq(k, got.n);
    panel_free(&got);
    spells_free(&s);
    spells_free(&t);
    marks_free(&m);
  }
}
END_TEST

/* The eighteen people by ISO week (week 53 among them), and by month. */
START_TEST(panel_of_oracle_people)
{
  spells s = spells_sorted();
  fm_oracle *o = fm_oracle_open("spell/expected_isoweeks.csv"),
            *o6 = fm_oracle_open("spell/expected_months_oct_mar.csv");
  fm_spell_periods_spec spec = FM_SPELL_PERIODS_SPEC_INIT;
  spec.as_of = AS_OF;
  panel weeks = panel_of(&s, &spec, NULL);
  size_t k = 0, week_53 = 0;
  for (size_t i = 0; i < weeks.n; i++) {
    int32_t y, w;
    if (weeks.days[i] == 0)
      continue;
    fm_date_to_iso_week(weeks.period[i], &y, &w);
    while (k < fm_oracle_n_rows(o) && person_of(fm_oracle_text(o, k, "person")) != weeks.person[i])
      k++;
    ck_assert_uint_lt(k, fm_oracle_n_rows(o));
    ck_assert_int_eq(y, (int32_t)fm_oracle_number(o, k, "iso_year"));
    ck_assert_int_eq(w, (int32_t)fm_oracle_number(o, k, "iso_week"));
    ck_assert_int_eq(weeks.days[i], (int32_t)fm_oracle_number(o, k++, "employed_days"));
    week_53 += w == 53;
  }
  ck_assert_uint_eq(k, fm_oracle_n_rows(o));
  ck_assert_uint_gt(week_53, 0);
  spec.clock = FM_SPELL_BY_MONTH;
  spec.from = day_of("2025-10-01");
  spec.to = day_of("2026-04-01");
  panel months = panel_of(&s, &spec, NULL);
  for (size_t i = 0; i < fm_oracle_n_rows(o6); i++) {
    int32_t with_a_day = 0;
    for (size_t r = 0; r < months.n; r++)
      with_a_day += months.person[r] == person_of(fm_oracle_text(o6, i, "person")) && months.days[r] > 0;
    ck_assert_int_eq(with_a_day, (int32_t)fm_oracle_number(o6, i, "months_with_a_day"));
  }
  panel_free(&weeks);
  panel_free(&months);
  spells_free(&s);
  fm_oracle_close(o);
  fm_oracle_close(o6);
}
END_TEST

START_TEST(refuses)
{
  fm_error err = FM_ERROR_INIT;
  int32_t person[] = {1, 1}, start[] = {1, 2}, end[] = {4, 5};
  size_t n;
  fm_spell_periods_spec spec = FM_SPELL_PERIODS_SPEC_INIT;
#define CALL() fm_spell_periods(&n, NULL, NULL, NULL, NULL, NULL, person, start, end, NULL, 2, &spec, NULL, NULL)
  ck_assert_int_eq(CALL(), FM_ERR_ARGUMENT); /* as_of */
  spec.as_of = 50;
  spec.clock = 7;
  ck_assert_int_eq(CALL(), FM_ERR_ARGUMENT);
  spec.clock = 1;
  spec.from = INT32_MAX;
  ck_assert_int_eq(CALL(), FM_ERR_ARGUMENT);
  spec.from = FM_NO_DATE;
  spec.by_state = 2;
  ck_assert_int_eq(CALL(), FM_ERR_ARGUMENT);
#undef CALL
  ck_assert_int_eq(fm_spell_state_on(NULL, NULL, person, start, 2, person, start, end, NULL, 2, 50, NULL, &err),
                   FM_ERR_VALUE); /* two spells on day 2 */
  ck_assert_int_eq(err.row, 1);
  ck_assert_int_eq(fm_spell_state_on(NULL, NULL, NULL, start, 2, person, start, end, NULL, 1, 50, NULL, NULL),
                   FM_ERR_ARGUMENT);
  ck_assert_int_eq(
      fm_spell_days_in(NULL, NULL, person, start, NULL, 2, person, start, end, NULL, 2, NULL, 0, 50, NULL, NULL),
      FM_ERR_ARGUMENT);
}
END_TEST

static fm_status all_of(void *ctx, fm_error *err)
{
  const spells *s = ctx;
  fm_spell_periods_spec spec = FM_SPELL_PERIODS_SPEC_INIT;
  spec.as_of = DAY_TO;
  spec.states = work;
  spec.n_states = 2;
  static int32_t out[4000];
  size_t n;
  fm_status status = FM_OK;
  for (spec.by_state = 0; spec.by_state < 2 && status == FM_OK; spec.by_state++)
    status = fm_spell_periods(&n, out, NULL, NULL, NULL, NULL, s->person, s->start, s->end, s->label, s->n, &spec, NULL,
                              err);
  if (status == FM_OK)
    status = fm_spell_weeks(&n, out, NULL, NULL, NULL, s->person, s->start, s->end, s->label, s->n, work, 2, 4, 1,
                            DAY_TO, NULL, err);
  if (status == FM_OK)
    status = fm_spell_split(&n, out, NULL, NULL, s->person, s->start, s->end, s->n, FM_SPELL_BY_WEEK, NULL, 0, DAY_TO,
                            NULL, err);
  if (status == FM_OK)
    status = fm_spell_days_in(out, NULL, s->person, s->start, s->end, s->n, s->person, s->start, s->end, s->label, s->n,
                              work, 2, DAY_TO, NULL, err);
  return status;
}

START_TEST(allocations)
{
  uint64_t state = 6;
  spells s = sorted_random(&state, 60, 3);
  ck_assert_int_ge(fm_test_allocations(all_of, &s), 15);
  spells_free(&s);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("spell-periods");
  TCase *c = tcase_create("periods");
  tcase_add_test(c, periods_by_hand);
  tcase_add_test(c, periods_tile);
  tcase_add_test(c, splits_by_hand);
  tcase_add_test(c, states_on_days);
  tcase_add_test(c, days_in_windows);
  tcase_add_test(c, weeks_by_hand);
  tcase_add_test(c, weeks_by_days);
  tcase_add_test(c, panel_by_days);
  tcase_add_test(c, panel_by_state);
  tcase_add_test(c, panel_of_oracle_people);
  tcase_add_test(c, refuses);
  tcase_add_test(c, allocations);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
