/* Long-term unemployment: the worked example, a reference that marks days, pauses that may still be bridged. */
#include <math.h>

#include "flexmetrics/spell_long_term.h"
#include "spell/people.h"

static fm_spell_long_term_result one_of(const int32_t *start, const int32_t *end, const double *hours, size_t n,
                                        const fm_spell_long_term_spec *spec, int32_t as_of)
{
  static const int32_t person[64] = {0};
  fm_error err = FM_ERROR_INIT;
  fm_spell_long_term_result out = {0};
  size_t k = 0;
  fm_assert_ok(fm_spell_long_term(&k, &out, person, start, end, hours, n, spec, as_of, NULL, &err), &err);
  ck_assert_uint_eq(k, 1);
  return out;
}

/* Unemployed 2 January to 27 August 2023 (238 days), away 28 August to 17 September (21 days), unemployed again from 18
 * September. The pause counts: 364 days from 2 January are full on 31 December. It does not count: 238 + 126, full 126
 * days from 18 September, on 21 January 2024. Not bridged: 364 days from 18 September, on 15 September 2024. With 15
 * paid hours in the pause it is not bridged under the limit of 10. */
static const struct {
  double hours;
  int32_t max_gap_days, gap_counts;
  const char *reached;
} worked[] = {
    {8, 28, 1, "2023-12-31"},  {8, 28, 0, "2024-01-21"},  {8, 0, 1, "2024-09-15"},   {8, 20, 1, "2024-09-15"},
    {15, 28, 1, "2024-09-15"}, {15, 28, 0, "2024-09-15"}, {10, 28, 1, "2023-12-31"}, {8, 21, 1, "2023-12-31"},
};

START_TEST(worked_example)
{
  const int32_t start[] = {day_of("2023-01-02"), day_of("2023-09-18")}, end[] = {day_of("2023-08-28"), FM_SPELL_OPEN};
  fm_spell_long_term_spec s = FM_SPELL_LONG_TERM_SPEC_INIT;
  const double hours[] = {0, worked[_i].hours};
  s.max_gap_days = worked[_i].max_gap_days;
  s.gap_counts = worked[_i].gap_counts;
  int32_t reached = day_of(worked[_i].reached);
  fm_spell_long_term_result r = one_of(start, end, hours, 2, &s, day_of("2025-01-01"));
  ck_assert(r.reached == reached && r.ever == FM_SPELL_YES && r.now == FM_SPELL_YES);
  r = one_of(start, end, hours, 2, &s, reached + 1); /* the day itself is the last one observed */
  ck_assert(r.reached == reached && r.ever == FM_SPELL_YES && r.now == FM_SPELL_YES);
  r = one_of(start, end, hours, 2, &s, reached);
  ck_assert(r.reached == FM_NO_DATE && r.ever == FM_SPELL_NO && r.now == FM_SPELL_NO);
}
END_TEST

/* Hours that are not known: full on 31 December if bridged, on 15 September 2024 if not. */
START_TEST(unknown_hours)
{
  const int32_t start[] = {day_of("2023-01-02"), day_of("2023-09-18")}, end[] = {day_of("2023-08-28"), FM_SPELL_OPEN};
  const double hours[] = {0, NAN};
  fm_spell_long_term_spec s = FM_SPELL_LONG_TERM_SPEC_INIT;
  fm_spell_long_term_result r = one_of(start, end, hours, 2, &s, day_of("2024-06-01"));
  ck_assert(r.reached == FM_NO_DATE && r.ever == FM_SPELL_UNKNOWN && r.now == FM_SPELL_UNKNOWN);
  r = one_of(start, end, hours, 2, &s, day_of("2025-06-01")); /* reached either way, on one of two days */
  ck_assert(r.reached == FM_NO_DATE && r.ever == FM_SPELL_YES && r.now == FM_SPELL_YES);
  r = one_of(start, end, hours, 2, &s, day_of("2023-11-01"));
  ck_assert(r.ever == FM_SPELL_NO && r.now == FM_SPELL_NO);
}
END_TEST

/* 350 days, then a pause: 14 bridged days would fill the count. */
START_TEST(open_pause)
{
  const int32_t start[] = {1000}, end[] = {1350};
  fm_spell_long_term_spec s = FM_SPELL_LONG_TERM_SPEC_INIT;
  fm_spell_long_term_result r = one_of(start, end, NULL, 1, &s, 1363);
  ck_assert(r.ever == FM_SPELL_NO && r.now == FM_SPELL_NO);
  r = one_of(start, end, NULL, 1, &s, 1364);
  ck_assert(r.ever == FM_SPELL_UNKNOWN && r.now == FM_SPELL_UNKNOWN && r.reached == FM_NO_DATE);
  r = one_of(start, end, NULL, 1, &s, 1378);
  ck_assert(r.ever == FM_SPELL_UNKNOWN && r.now == FM_SPELL_UNKNOWN);
  r = one_of(start, end, NULL, 1, &s, 1379); /* 29 days: the pause is too long now */
  ck_assert(r.ever == FM_SPELL_NO && r.now == FM_SPELL_NO);
  s.gap_counts = 0;
  r = one_of(start, end, NULL, 1, &s, 1370);
  ck_assert(r.ever == FM_SPELL_NO && r.now == FM_SPELL_NO);
}
END_TEST

/* 80 per cent of 100 days: 50 days, 20 away, then on: on day 99 it is 50 + 30 = 80 of 100. */
START_TEST(share_of_time)
{
  const int32_t start[] = {0, 70}, end[] = {50, 200};
  fm_spell_long_term_spec s = FM_SPELL_LONG_TERM_SPEC_INIT;
  s.share = 0.8;
  s.window_days = 100;
  fm_spell_long_term_result r = one_of(start, end, NULL, 2, &s, 210);
  ck_assert(r.reached == 99 && r.ever == FM_SPELL_YES && r.now == FM_SPELL_YES); /* 90 of the days 110 to 209 */
  r = one_of(start, end, NULL, 2, &s, 221);                                      /* 79 of the days 121 to 220 */
  ck_assert(r.now == FM_SPELL_NO && r.ever == FM_SPELL_YES);
  r = one_of(start, end, NULL, 2, &s, 99);
  ck_assert(r.reached == FM_NO_DATE && r.ever == FM_SPELL_NO);
}
END_TEST

/* ---- against days marked one by one; order, copies and pieces ---- */

static int32_t marked(const spells *s, int32_t person, const fm_spell_long_term_spec *spec, int32_t as_of)
{
  static bool day[2000];
  memset(day, 0, sizeof day);
  for (size_t i = 0; i < s->n; i++)
    for (int32_t t = s->start[i]; s->person[i] == person && t < s->end[i] && t < as_of; t++)
      day[t] = true;
  for (int32_t t = 0; t < as_of; t++) { /* the last day of the count begins a look back */
    int32_t count = 0, away = 0;
    if (spec->share > 0) {
      for (int32_t u = t; u > t - spec->window_days && u >= 0; u--)
        count += day[u];
      if (count >= spec->share * spec->window_days)
        return t;
      continue;
    }
    int32_t next = t; /* a day in a bridged pause may be the one: the pause must end in time */
    while (next < as_of && !day[next])
      next++;
    int32_t before = t;
    while (before >= 0 && !day[before])
      before--;
    if (!day[t] && (spec->gap_counts == 0 || next == as_of || before < 0 || next - before - 1 > spec->max_gap_days))
      continue;
    for (int32_t u = t; u >= 0 && away <= (day[t] ? spec->max_gap_days : 4000); u--) {
      if (day[u]) {
        count += 1 + (spec->gap_counts == 1 ? away : 0);
        away = 0;
      } else {
        away++;
      }
      if (away > spec->max_gap_days)
        break;
    }
    if (count >= spec->min_days)
      return t;
  }
  return FM_NO_DATE;
}

START_TEST(days_one_by_one)
{
  uint64_t state = 52;
  size_t reached = 0;
  for (int k = 0; k < 300; k++) {
    fm_error err = FM_ERROR_INIT;
    fm_spell_long_term_spec spec = FM_SPELL_LONG_TERM_SPEC_INIT;
    fm_spell_long_term_result r[64];
    size_t n = 0;
    spells s = spells_random(&state, 40, 6);
    spec.min_days = 30 + (int32_t)draw(&state, 80);
    spec.max_gap_days = (int32_t)draw(&state, 20);
    spec.gap_counts = (int32_t)draw(&state, 2);
    spec.share = draw(&state, 3) == 0 ? 0.75 : 0;
    spec.window_days = 60;
    fm_assert_ok(fm_spell_sort(s.person, s.start, s.end, s.label, s.n, NULL, &err), &err);
    fm_assert_ok(fm_spell_long_term(&n, r, s.person, s.start, s.end, NULL, s.n, &spec, 1000, NULL, &err), &err);
    for (size_t i = 0; i < n; i++) {
      int32_t want = marked(&s, r[i].person, &spec, 1000);
      ck_assert_msg(r[i].reached == want, "case %d: got %d, expected %d", k, r[i].reached, want);
      ck_assert(want == FM_NO_DATE || r[i].ever == FM_SPELL_YES);
      reached += want != FM_NO_DATE;
    }
    spells_free(&s);
  }
  ck_assert_uint_gt(reached, 200);
}
END_TEST

/* ---- errors and memory ---- */

START_TEST(wrong)
{
  const int32_t person[] = {0, 0}, start[] = {5, 1}, end[] = {9, 3};
  const double hours[] = {0, -1};
  fm_error err = FM_ERROR_INIT;
  fm_spell_long_term_result r[2];
  size_t n = 7;
  fm_spell_long_term_spec bad[6];
  for (int k = 0; k < FM_COUNT(bad); k++)
    fm_spell_long_term_spec_init(&bad[k], sizeof bad[k]);
  bad[0].share = 1.5;
  bad[1].min_days = 0;
  bad[2].max_gap_days = -1;
  bad[3].gap_counts = 2;
  bad[4].max_gap_hours = NAN;
  bad[5].window_days = 0;
  for (int k = 0; k < FM_COUNT(bad); k++) {
    ck_assert_int_eq(fm_spell_long_term(&n, r, person, start, end, NULL, 1, &bad[k], 100, NULL, &err), FM_ERR_ARGUMENT);
    fm_error_clear(&err);
  }
  ck_assert_int_eq(fm_spell_long_term(&n, r, person, start, end, NULL, 2, NULL, 100, NULL, &err), FM_ERR_VALUE);
  ck_assert_int_eq(err.row, 1);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_spell_long_term(&n, r, person, start, end, hours + 1, 1, NULL, 100, NULL, &err), FM_ERR_VALUE);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_spell_long_term(NULL, r, person, start, end, NULL, 1, NULL, 100, NULL, &err), FM_ERR_ARGUMENT);
  ck_assert_uint_eq(n, 7);
  fm_error_clear(&err);
  fm_assert_ok(fm_spell_long_term(&n, NULL, NULL, NULL, NULL, NULL, 0, NULL, 100, NULL, &err), &err);
  ck_assert_uint_eq(n, 0);
}
END_TEST

static fm_status once(void *ctx, fm_error *err)
{
  static const int32_t person[] = {0, 0}, start[] = {5, 50}, end[] = {9, 80};
  fm_spell_long_term_result r[2];
  size_t n;
  (void)ctx;
  return fm_spell_long_term(&n, r, person, start, end, NULL, 2, NULL, 100, NULL, err);
}

START_TEST(memory)
{
  ck_assert_int_ge(fm_test_allocations(once, NULL), 1);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("spell-long_term");
  TCase *t = tcase_create("long_term");
  tcase_add_loop_test(t, worked_example, 0, FM_COUNT(worked));
  tcase_add_test(t, unknown_hours);
  tcase_add_test(t, open_pause);
  tcase_add_test(t, share_of_time);
  tcase_add_test(t, days_one_by_one);
  tcase_add_test(t, wrong);
  tcase_add_test(t, memory);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
