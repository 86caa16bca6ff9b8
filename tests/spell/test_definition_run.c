/* Unbroken runs: a week by week example by hand, eighteen people, a slow reference that knows each day. */
#include "spell/definition_lives.h"

static fm_spell_duration duration_of(const fm_spell_definition *d, int32_t none, const fm_spell_unit *unit,
                                     const fm_spell_state *states, size_t n)
{
  fm_error err = FM_ERROR_INIT;
  fm_spell_duration out;
  fm_assert_ok(fm_spell_durations(&out, d, none, unit, 1, states, n, NULL, &err), &err);
  return out;
}

static size_t starts_of(fm_spell_unit *out, const fm_spell_definition *d, int32_t none, const fm_spell_unit *person,
                        const fm_spell_state *states, size_t n)
{
  fm_error err = FM_ERROR_INIT;
  size_t found = 0;
  fm_assert_ok(fm_spell_starts(out, &found, d, none, person, 1, states, n, NULL, &err), &err);
  ck_assert_uint_le(found, n + 1);
  return found;
}

/* ---- by hand ---- */

/* Cash benefit, 11 weeks of work, 2 of sickness, 12 of work, 1 of holiday, 9 of work, cash benefit. */
static size_t weeks_of_a(fm_spell_state *s, const char *grace, int32_t start)
{
  static const struct {
    int32_t weeks;
    char state;
  } parts[] = {{20, 'n'}, {11, '+'}, {2, 'g'}, {12, '+'}, {1, 'g'}, {9, '+'}, {10, 'n'}};
  int32_t day = start - 20 * 7;
  for (size_t k = 0; k < FM_COUNT(parts); k++) {
    int32_t pause = grace == NULL ? FM_SPELL_STATE_OTHER : FM_SPELL_STATE_GRACE;
    int32_t state = parts[k].state == '+'   ? FM_SPELL_STATE_COUNTS
                    : parts[k].state == 'g' ? pause
                                            : FM_SPELL_STATE_OTHER;
    s[k] = (fm_spell_state){1, day, day + 7 * parts[k].weeks, -1, state};
    day += 7 * parts[k].weeks;
  }
  return FM_COUNT(parts);
}

START_TEST(example)
{
  static const struct {
    const char *definition;
    int32_t weeks_seen, n_starts, days, ended;
  } row[] = {
      {"weekly_strict", 39, 3, 7 * 11, 1},        /* 11 weeks; it starts again after each pause */
      {"weekly_grace_4_weeks", 39, 1, 244, 0},    /* 39 * 7 - 28 - 1: an end in week 35 could not be told by then */
      {"weekly_grace_4_weeks", 40, 1, 7 * 35, 1}, /* 11 + 2 + 12 + 1 + 9 weeks */
      {"weekly_grace_4_weeks", 12, 1, 55, 0},     /* 12 * 7 - 28 - 1, in the pause that is bridged later */
  };
  fm_codes *list = list_of("retention_definition");
  int32_t start = fm_date_from_ymd(2020, 11, 30);
  for (int k = 0; k < FM_COUNT(row); k++) {
    fm_spell_definition d = definition_of(list, row[k].definition);
    fm_spell_state s[8];
    fm_spell_unit out[16], person = {1, 0, 0, start - 70, start + 7 * row[k].weeks_seen};
    size_t n = weeks_of_a(s, d.grace, start);
    ck_assert_msg(starts_of(out, &d, FM_SPELL_STATE_OTHER, &person, s, n) == (size_t)row[k].n_starts, "row %d", k);
    ck_assert_int_eq(out[0].index, start);
    ck_assert_int_eq(out[0].observed_to, person.observed_to);
    fm_spell_duration got = duration_of(&d, FM_SPELL_STATE_OTHER, &out[0], s, n);
    ck_assert_msg(got.days == row[k].days && got.ended == row[k].ended && got.entry_days == 0, "row %d: %d", k,
                  got.days);
    ck_assert_int_eq(got.reason, row[k].ended == 1 ? FM_SPELL_FAILED : FM_SPELL_NOT_YET);
  }
  fm_codes_destroy(list);
}
END_TEST

/* One letter a week: + counts, n not, l left, g grace, u not known whether it counts, c censors, - no record. */
static size_t weeks(fm_spell_state *s, const char *text)
{
  static const char letters[] = "-nlgu+bc";
  size_t n = 0;
  for (int32_t k = 0; text[k] != '\0'; k++)
    if (text[k] != '-')
      s[n++] = (fm_spell_state){1, 7 * k, 7 * k + 7, -1, (int32_t)(strchr(letters, text[k]) - letters)};
  return n;
}

START_TEST(beginnings)
{
  static const struct {
    const char *text, *expected; /* weeks in which a run is seen to begin */
    int32_t from, gap, grace, least;
  } row[] = {
      {"nn++nn++", "2,6", 0, 0, 0, 0},
      {"++nn++", "4", 0, 0, 0, 0},
      {"nn++n++", "2", 0, 7, 0, 0}, /* a bridged pause begins nothing */
      {"n++nn+", "5", 0, 7, 0, 0},  /* the first pause may go on from an earlier run */
      {"nn++", "2", 0, 7, 0, 0},
      {"g++n+", "4", 0, 0, 14, 0},
      {"ggg++", "3", 0, 0, 14, 0},
      {"n++", "1", 0, 0, 14, 0},
      {"u++n+", "4", 0, 0, 0, 0},
      {"nu++", "", 0, 0, 0, 0},
      {"c++n+", "4", 0, 0, 0, 0}, /* a day that censors is not observed */
      {"nc++n+", "5", 0, 0, 0, 0},
      {"n+n++n", "3", 0, 0, 0, 14},
      {"n++n+", "1", 0, 0, 0, 14}, /* the last week may become longer */
      {"--++--", "2", INT32_MIN, 0, 0, 0},
      {"++", "0", INT32_MIN, 0, 0, 0},
      {"-+", "1", 0, 0, 0, 0},
      {"+", "", 0, 0, 0, 0},
      {"bb++", "2", 0, 0, 0, 0},
      {"l+", "1", 0, 0, 0, 0},
  };
  for (int k = 0; k < FM_COUNT(row); k++) {
    fm_spell_definition d = FM_SPELL_DEFINITION_INIT;
    fm_spell_state s[16];
    fm_spell_unit out[24], person = {1, 0, 0, row[k].from, 7 * (int32_t)strlen(row[k].text)};
    char got[64] = "";
    d.index = FM_SPELL_FROM_WORK;
    d.gap_days = row[k].gap;
    d.grace_days = row[k].grace;
    d.grace = d.grace_days > 0 ? "grace=yes" : NULL;
    d.least_run_days = row[k].least;
    size_t n = starts_of(out, &d, FM_SPELL_STATE_OTHER, &person, s, weeks(s, row[k].text));
    for (size_t i = 0; i < n; i++)
      snprintf(got + strlen(got), 16, "%s%d", i == 0 ? "" : ",", out[i].index / 7);
    ck_assert_msg(strcmp(got, row[k].expected) == 0, "%s: got %s, expected %s", row[k].text, got, row[k].expected);
  }
}
END_TEST

START_TEST(ends)
{
  static const struct {
    const char *text;
    int32_t index, from, gap, days, ended, reason, entry;
  } row[] = {
      {"n+++nn", 1, 0, 0, 21, 1, FM_SPELL_FAILED, 0},     {"n+++ll", 1, 0, 0, 21, 1, FM_SPELL_LEFT, 0},
      {"n++++", 1, 0, 0, 27, 0, FM_SPELL_NOT_YET, 0},     {"n++++", 1, 0, 7, 20, 0, FM_SPELL_NOT_YET, 0},
      {"n+n+nn", 1, 0, 7, 21, 1, FM_SPELL_FAILED, 0},     {"n++ccc", 1, 0, 0, 13, 0, FM_SPELL_CUT, 0},
      {"n++u++", 1, 0, 0, 13, 0, FM_SPELL_UNTOLD, 0},     {"n+++nu++", 1, 0, 7, 20, 0, FM_SPELL_UNTOLD, 0},
      {"n+u+nn", 1, 0, 7, 21, 1, FM_SPELL_FAILED, 0}, /* seven days are bridged whatever they are */
      {"nnnnn", 1, 0, 0, 0, 1, FM_SPELL_FAILED, 0},       {"nu+nn", 1, 0, 0, 0, 0, FM_SPELL_UNTOLD, 0},
      {"nncnn", 2, 0, 0, 0, 0, FM_SPELL_CUT, 0},          {"n+", 1, 0, 7, 0, 0, FM_SPELL_NOT_YET, 0},
      {"n+++++nn", 1, 21, 0, 35, 1, FM_SPELL_FAILED, 14}, {"n+nnnnn", 1, 21, 0, 7, 1, FM_SPELL_FAILED, 14},
  };
  for (int k = 0; k < FM_COUNT(row); k++) {
    fm_spell_definition d = FM_SPELL_DEFINITION_INIT;
    fm_spell_state s[16];
    fm_spell_unit unit = {1, 7 * row[k].index, -1, row[k].from, 7 * (int32_t)strlen(row[k].text)};
    d.gap_days = row[k].gap;
    fm_spell_duration got = duration_of(&d, FM_SPELL_STATE_OTHER, &unit, s, weeks(s, row[k].text));
    ck_assert_msg(got.days == row[k].days && got.ended == row[k].ended && got.reason == row[k].reason &&
                      got.entry_days == row[k].entry,
                  "row %d, %s: %d days, ended %d, reason %d, entry %d", k, row[k].text, got.days, got.ended, got.reason,
                  got.entry_days);
  }
}
END_TEST

/* ---- eighteen people ---- */

static size_t person_states(fm_spell_state *out, fm_spell_unit *unit, const spells *s, int32_t person)
{
  size_t n = 0;
  for (size_t i = 0; i < s->n; i++) {
    if (s->person[i] != person || s->end[i] <= s->start[i] || s->start[i] >= AS_OF)
      continue;
    if (n == 0)
      *unit = (fm_spell_unit){person, s->start[i], s->label[i], INT32_MIN, AS_OF};
    out[n++] = (fm_spell_state){person, s->start[i], s->end[i], s->label[i], FM_SPELL_STATE_COUNTS};
  }
  return n;
}

START_TEST(oracle)
{
  fm_oracle *o = fm_oracle_open("spell/expected_survival.csv");
  spells s = spells_sorted();
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    fm_spell_definition d = FM_SPELL_DEFINITION_INIT;
    fm_spell_state states[64];
    fm_spell_unit unit;
    size_t n = person_states(states, &unit, &s, person_of(fm_oracle_text(o, i, "person")));
    d.gap_days = (int32_t)fm_oracle_number(o, i, "gap_days");
    d.same_employer = strcmp(fm_oracle_text(o, i, "definition"), "same_employer") == 0;
    fm_spell_duration got = duration_of(&d, FM_SPELL_STATE_OTHER, &unit, states, n);
    ck_assert_msg(got.days == (int32_t)fm_oracle_number(o, i, "time_days") &&
                      got.ended == (int32_t)fm_oracle_number(o, i, "event"),
                  "%s, gap %d: %d days", fm_oracle_text(o, i, "person"), d.gap_days, got.days);
  }
  ck_assert_uint_gt(fm_oracle_n_rows(o), 80);
  spells_free(&s);
  fm_oracle_close(o);
}
END_TEST

/* ---- random lives ---- */

static fm_spell_duration expected_duration(const reference *r, const fm_spell_definition *d, const life *l)
{
  int32_t wait =
      (d->gap_days > d->grace_days ? d->gap_days : d->grace_days) + (d->least_run_days > 1 ? d->least_run_days - 1 : 0);
  int32_t from = l->unit.index, most = r->end - wait - 1 - from, t = from;
  fm_spell_duration out = {0, most > 0 ? most : 0, 0, r->end < l->unit.observed_to ? FM_SPELL_CUT : FM_SPELL_NOT_YET};
  while (t < r->end && (r->days[t] == '+' || r->days[t] == '='))
    t++;
  if (t >= r->end || most <= 0)
    return out;
  if (is_pause(r->days[t])) {
    if (t - from <= most)
      out = (fm_spell_duration){0, t - from, 1, r->days[t] == 'l' ? FM_SPELL_LEFT : FM_SPELL_FAILED};
    return out;
  }
  int32_t known = t - from - 1, u = t;
  while (u < r->end && r->days[u] == '?')
    u++;
  if (u < r->end && r->days[u] == 'u' && u - wait - 1 - from < known)
    known = u - wait - 1 - from;
  known = known < 0 ? 0 : known;
  if (known < most)
    out = (fm_spell_duration){0, known, 0, FM_SPELL_UNTOLD};
  return out;
}

START_TEST(day_by_day)
{
  uint64_t seed = 11;
  size_t n_ended = 0, n_untold = 0, n_cut = 0;
  for (int k = 0; k < 20000; k++) {
    life l = fixed_life(&seed);
    if (l.none == FM_SPELL_STATE_COUNTS)
      l.d.least_run_days = 0;
    reference r = days_of(&l.d, l.none, &l.unit, l.states, l.n);
    fm_spell_duration want = expected_duration(&r, &l.d, &l);
    fm_spell_duration got = duration_of(&l.d, l.none, &l.unit, l.states, l.n);
    ck_assert_msg(memcmp(&got, &want, sizeof got) == 0, "life %d: %d days, ended %d, reason %d; expected %d, %d, %d", k,
                  got.days, got.ended, got.reason, want.days, want.ended, want.reason);
    n_ended += got.ended == 1 && got.days > 0;
    n_untold += got.reason == FM_SPELL_UNTOLD;
    n_cut += got.reason == FM_SPELL_CUT;
  }
  ck_assert_uint_gt(n_ended, 2000);
  ck_assert_uint_gt(n_untold, 500);
  ck_assert_uint_gt(n_cut, 200);
}
END_TEST

START_TEST(starts_day_by_day)
{
  uint64_t seed = 35;
  size_t n_all = 0;
  for (int k = 0; k < 20000; k++) {
    life l = fixed_life(&seed);
    fm_spell_unit out[2 * MOST_STATES + 1];
    size_t n = 0;
    l.none = FM_SPELL_STATE_OTHER;
    l.d.index = FM_SPELL_FROM_WORK;
    l.unit.index = l.unit.observed_to; /* nothing is cut */
    reference r = days_of(&l.d, l.none, &l.unit, l.states, l.n);
    size_t found = starts_of(out, &l.d, l.none, &l.unit, l.states, l.n);
    for (int32_t t = 0; t < r.end; t++) {
      bool begins = r.days[t] == '+' && (t == 0 || is_pause(r.days[t - 1]));
      for (size_t i = 0; i < l.n; i++)
        begins &= !(l.states[i].state == FM_SPELL_STATE_CENSORS && l.states[i].start < t && l.states[i].end >= t);
      if (!begins)
        continue;
      ck_assert_msg(n < found && out[n].index == t, "life %d: day %d", k, t);
      n++;
    }
    ck_assert_msg(n == found, "life %d: %zu starts, expected %zu", k, found, n);
    n_all += n;
  }
  ck_assert_uint_gt(n_all, 10000);
}
END_TEST

/* Whoever is in the rate at a horizon is told the same by the length of the run; splitting a state changes nothing. */
START_TEST(same_as_status)
{
  uint64_t seed = 77;
  size_t n = 0;
  for (int k = 0; k < 20000; k++) {
    life l = draw_life(&seed);
    l.d.rule = FM_SPELL_CONTINUOUS;
    l.d.any_episode = l.d.needed = 0;
    fm_spell_outcome o = outcome_of(&l.d, l.horizon, l.none, &l.unit, l.states, l.n);
    fm_spell_duration run = duration_of(&l.d, l.none, &l.unit, l.states, l.n);
    if (o.in_rate == 1 && o.status == FM_SPELL_YES)
      ck_assert(run.days >= l.horizon || run.reason == FM_SPELL_UNTOLD);
    if (o.in_rate == 1 && o.status == FM_SPELL_NO)
      ck_assert(run.days < l.horizon && (run.ended == 1 || run.reason == FM_SPELL_UNTOLD));
    if (run.ended == 1 || run.days >= l.horizon)
      ck_assert_int_eq(o.status, run.days >= l.horizon ? FM_SPELL_YES : FM_SPELL_NO);
    n += o.in_rate == 1;
    life cut = l;
    fm_spell_state *s = &cut.states[0];
    if (s->end - s->start >= 2) {
      fm_spell_state half = *s;
      half.start = s->end = s->start + 1;
      half.end = l.states[0].end;
      cut.states[cut.n++] = half;
      qsort(cut.states, cut.n, sizeof cut.states[0], compare_states);
    }
    fm_spell_duration parts = duration_of(&cut.d, cut.none, &cut.unit, cut.states, cut.n);
    ck_assert(memcmp(&run, &parts, sizeof run) == 0);
  }
  ck_assert_uint_gt(n, 3000);
}
END_TEST

/* ---- wrong input ---- */

static void refuse(fm_status got, fm_status want, fm_error *err, const char *message)
{
  ck_assert_int_eq(got, want);
  ck_assert_msg(strstr(err->message, message) != NULL, "%s", err->message);
  fm_error_clear(err);
}

START_TEST(wrong)
{
  fm_error err = FM_ERROR_INIT;
  fm_spell_definition d = FM_SPELL_DEFINITION_INIT, no = d;
  fm_spell_state s[] = {{1, 5, 9, -1, FM_SPELL_STATE_COUNTS}, {1, 2, 4, -1, FM_SPELL_STATE_COUNTS}};
  fm_spell_unit unit = {1, 5, -1, INT32_MIN, 90}, bad = {1, FM_NO_DATE, -1, INT32_MIN, 90}, out[4];
  fm_spell_unit twice[] = {unit, unit}, unseen = {1, 5, -1, INT32_MIN, INT32_MAX};
  fm_spell_duration got;
  size_t n = 9;
  no.success = NULL;
  refuse(fm_spell_durations(NULL, &d, 1, &unit, 1, s, 1, NULL, &err), FM_ERR_ARGUMENT, &err, "");
  refuse(fm_spell_durations(&got, &d, 1, NULL, 1, s, 1, NULL, &err), FM_ERR_ARGUMENT, &err, "");
  refuse(fm_spell_durations(&got, &d, 1, &unit, 1, NULL, 1, NULL, &err), FM_ERR_ARGUMENT, &err, "");
  refuse(fm_spell_durations(&got, &no, 1, &unit, 1, s, 1, NULL, &err), FM_ERR_ARGUMENT, &err, "");
  refuse(fm_spell_durations(&got, &d, 1, &unit, 1, s, 2, NULL, &err), FM_ERR_VALUE, &err,
         "in order of person and start");
  refuse(fm_spell_durations(&got, &d, 1, &bad, 1, s, 1, NULL, &err), FM_ERR_VALUE, &err, "");
  refuse(fm_spell_starts(out, &n, &d, 1, &unit, 1, s, 1, NULL, &err), FM_ERR_ARGUMENT, &err, "need the index work");
  d.index = FM_SPELL_FROM_WORK;
  refuse(fm_spell_starts(NULL, &n, &d, 1, &unit, 1, s, 1, NULL, &err), FM_ERR_ARGUMENT, &err, "");
  refuse(fm_spell_starts(out, NULL, &d, 1, &unit, 1, s, 1, NULL, &err), FM_ERR_ARGUMENT, &err, "");
  refuse(fm_spell_starts(out, &n, &d, 1, twice, 2, s, 1, NULL, &err), FM_ERR_VALUE, &err, "in order, each once");
  refuse(fm_spell_starts(out, &n, &d, 1, &unseen, 1, s, 1, NULL, &err), FM_ERR_VALUE, &err, "");
  ck_assert_uint_eq(n, 9);
  fm_assert_ok(fm_spell_starts(out, &n, &d, 1, &bad, 1, s, 1, NULL, &err), &err); /* people have no index day */
  ck_assert_uint_eq(n, 1);
  fm_assert_ok(fm_spell_starts(out, &n, &d, 1, &unit, 1, NULL, 0, NULL, &err), &err);
  ck_assert_uint_eq(n, 0);
  d.same_employer = 1;
  refuse(fm_spell_starts(out, &n, &d, 1, &unit, 1, s, 1, NULL, &err), FM_ERR_ARGUMENT, &err, "");
}
END_TEST

static fm_status both(void *ctx, fm_error *err)
{
  const life *l = ctx;
  fm_spell_definition d = l->d;
  fm_spell_duration got;
  fm_spell_unit out[2 * MOST_STATES + 1];
  size_t n = 0;
  d.index = FM_SPELL_FROM_WORK;
  fm_status status = fm_spell_starts(out, &n, &d, l->none, &l->unit, 1, l->states, l->n, NULL, err);
  return status == FM_OK ? fm_spell_durations(&got, &d, l->none, &l->unit, 1, l->states, l->n, NULL, err) : status;
}

START_TEST(memory)
{
  uint64_t seed = 5;
  life l = draw_life(&seed);
  ck_assert_int_ge(fm_test_allocations(both, &l), 4);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("spell-definition_run");
  TCase *t = tcase_create("runs");
  tcase_set_timeout(t, 120);
  tcase_add_test(t, example);
  tcase_add_test(t, beginnings);
  tcase_add_test(t, ends);
  tcase_add_test(t, oracle);
  tcase_add_test(t, day_by_day);
  tcase_add_test(t, starts_day_by_day);
  tcase_add_test(t, same_as_status);
  tcase_add_test(t, wrong);
  tcase_add_test(t, memory);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
