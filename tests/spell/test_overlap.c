/* One state a day, changes of state, days in each state, picked spells: by hand, and against days marked one by one. */
#include "spell/days.h"

typedef struct rows {
  size_t n;
  int32_t *column[5];
} rows;

static rows rows_new(size_t n)
{
  rows r = {0, {NULL}};
  for (int c = 0; c < 5; c++)
    r.column[c] = calloc(n + 1, sizeof(int32_t));
  return r;
}

static void rows_free(rows *r)
{
  for (int c = 0; c < 5; c++)
    free(r->column[c]);
}

static void assert_same(const char *label, const rows *a, const rows *b)
{
  ck_assert_msg(a->n == b->n, "%s: %zu and %zu rows", label, a->n, b->n);
  for (int c = 0; c < 5; c++)
    for (size_t i = 0; i < a->n; i++)
      ck_assert_msg(a->column[c][i] == b->column[c][i], "%s: row %zu, column %d: %d and %d", label, i, c,
                    (int)a->column[c][i], (int)b->column[c][i]);
}

static rows resolve(const spells *s, const fm_spell_resolve_spec *spec, const fm_run *run)
{
  fm_error err = FM_ERROR_INIT;
  rows r = rows_new(2 * s->n);
  size_t counted = 0;
  fm_assert_ok(fm_spell_resolve(&r.n, r.column[0], r.column[1], r.column[2], r.column[3], s->person, s->start, s->end,
                                s->label, s->n, spec, run, &err),
               &err);
  fm_assert_ok(
      fm_spell_resolve(&counted, NULL, NULL, NULL, NULL, s->person, s->start, s->end, s->label, s->n, spec, run, &err),
      &err);
  ck_assert_uint_eq(counted, r.n);
  return r;
}

START_TEST(by_hand)
{
  /*         day: 10  12  14  16  18  20  22  24  26
   * work (1)      |-------|       |---------------   10 to 14, 18 on
   * benefit (2)       |-------|                      12 to 16
   * leave (3)                         |---|          20 to 22
   * as_of 26, no gap bridged */
  int32_t person[] = {7, 7, 7, 7}, start[] = {10, 12, 18, 20}, end[] = {14, 16, FM_SPELL_OPEN, 22};
  int32_t label[] = {1, 2, 1, 3};
  static const int32_t ranking[] = {3, 2, 1};
  static const struct {
    int32_t policy, gap;
    size_t n;
    int32_t expected[6][3];
  } row[] = {
      {FM_SPELL_OVERLAP_PRIORITY, 0, 5, {{10, 12, 1}, {12, 16, 2}, {18, 20, 1}, {20, 22, 3}, {22, 26, 1}}},
      {FM_SPELL_OVERLAP_FIRST, 0, 3, {{10, 14, 1}, {14, 16, 2}, {18, 26, 1}}},
      {FM_SPELL_OVERLAP_LAST, 0, 5, {{10, 12, 1}, {12, 16, 2}, {18, 20, 1}, {20, 22, 3}, {22, 26, 1}}},
      {FM_SPELL_OVERLAP_UNION, 0, 2, {{10, 16, 0}, {18, 26, 0}}},
      {FM_SPELL_OVERLAP_UNION, 2, 1, {{10, 26, 0}}},
      {FM_SPELL_OVERLAP_KEEP, 3, 4, {{10, 14, 1}, {12, 16, 2}, {18, 26, 1}, {20, 22, 3}}},
      {FM_SPELL_OVERLAP_KEEP, 4, 3, {{10, 26, 1}, {12, 16, 2}, {20, 22, 3}}},
      /* a pause is only bridged between two of the same state: 14 to 18 has benefit in it */
      {FM_SPELL_OVERLAP_FIRST, 4, 3, {{10, 14, 1}, {14, 16, 2}, {18, 26, 1}}},
  };
  spells s = {person, start, end, label, 4};
  for (int r = 0; r < FM_COUNT(row); r++) {
    fm_spell_resolve_spec spec;
    fm_spell_resolve_spec_init(&spec, sizeof spec);
    spec.policy = row[r].policy;
    spec.gap_days = row[r].gap;
    spec.as_of = 26;
    spec.ranking = row[r].policy == FM_SPELL_OVERLAP_PRIORITY ? ranking : NULL;
    spec.n_ranking = row[r].policy == FM_SPELL_OVERLAP_PRIORITY ? 3 : 0;
    rows got = resolve(&s, &spec, NULL);
    ck_assert_msg(got.n == row[r].n, "case %d: %zu spells", r, got.n);
    for (size_t i = 0; i < got.n; i++) {
      ck_assert_int_eq(got.column[0][i], 7);
      for (int c = 0; c < 3; c++)
        ck_assert_msg(got.column[c + 1][i] == row[r].expected[i][c], "case %d, spell %zu, column %d: %d", r, i, c,
                      (int)got.column[c + 1][i]);
    }
    rows_free(&got);
  }
}
END_TEST

/* Spells of days in one state by the policy, pauses of up to `gap` empty days between two of the same one filled. */
static rows expected_rows(const marks *m, const fm_spell_resolve_spec *spec, size_t room)
{
  rows r = rows_new(room);
  for (int32_t p = 0; p < m->n_people; p++) {
    size_t first = r.n;
    for (int32_t d = 0; d < DAYS; d++) {
      int32_t now = state_by(m, p, d, spec->policy, spec->ranking), day = d + DAY_FROM;
      if (now == FM_SPELL_NO_STATE)
        continue;
      if (r.n > first && r.column[3][r.n - 1] == now && day - r.column[2][r.n - 1] <= spec->gap_days) {
        r.column[2][r.n - 1] = day + 1;
        continue;
      }
      r.column[0][r.n] = p + m->least;
      r.column[1][r.n] = day;
      r.column[2][r.n] = day + 1;
      r.column[3][r.n++] = now;
    }
  }
  return r;
}

static fm_threads three = {sizeof three, 3};

START_TEST(resolves_days)
{
  static const int32_t policy[] = {FM_SPELL_OVERLAP_PRIORITY, FM_SPELL_OVERLAP_FIRST, FM_SPELL_OVERLAP_LAST,
                                   FM_SPELL_OVERLAP_UNION};
  static const int32_t ranking[] = {1, 2, 0};
  uint64_t state = 4;
  fm_run run = FM_RUN_INIT;
  run.execute = fm_execute_threads;
  run.execute_ctx = &three;
  for (int r = 0; r < 48; r++) {
    fm_error err = FM_ERROR_INIT;
    size_t n = r == 47 ? 12000 : draw(&state, 80);
    spells s = spells_random(&state, n, r == 47 ? 900 : 4);
    marks m = marks_of(&s, -3, r == 47 ? 900 : 4);
    fm_spell_resolve_spec spec = FM_SPELL_RESOLVE_SPEC_INIT;
    spec.policy = policy[r % 4];
    spec.gap_days = (int32_t)draw(&state, 3) * 4;
    spec.as_of = DAY_TO;
    spec.ranking = ranking;
    spec.n_ranking = r % 4 == 0 ? 3 : 0;
    spells t = spells_disguised(&s, &state);
    fm_assert_ok(fm_spell_sort(s.person, s.start, s.end, s.label, s.n, NULL, &err), &err);
    rows expected = expected_rows(&m, &spec, 2 * n + 8), got = resolve(&s, &spec, NULL);
    rows disguised = resolve(&t, &spec, NULL), threads = resolve(&s, &spec, &run);
    assert_same("days", &got, &expected);
    assert_same("disguised", &disguised, &expected);
    assert_same("threads", &threads, &expected);
    rows_free(&expected);
    rows_free(&got);
    rows_free(&disguised);
    rows_free(&threads);
    marks_free(&m);
    spells_free(&s);
    spells_free(&t);
  }
}
END_TEST

START_TEST(keeps_each_state)
{
  uint64_t state = 41;
  for (int r = 0; r < 20; r++) {
    fm_error err = FM_ERROR_INIT;
    spells s = spells_random(&state, 60, 4);
    fm_spell_resolve_spec spec = FM_SPELL_RESOLVE_SPEC_INIT;
    spec.policy = FM_SPELL_OVERLAP_KEEP;
    spec.gap_days = (int32_t)draw(&state, 9);
    spec.as_of = DAY_TO;
    spells t = spells_disguised(&s, &state);
    fm_assert_ok(fm_spell_sort(s.person, s.start, s.end, s.label, s.n, NULL, &err), &err);
    rows got = resolve(&s, &spec, NULL), disguised = resolve(&t, &spec, NULL);
    assert_same("disguised", &disguised, &got);
    for (size_t i = 1; i < got.n; i++) /* by person and start */
      ck_assert(got.column[0][i - 1] < got.column[0][i] ||
                (got.column[0][i - 1] == got.column[0][i] && got.column[1][i - 1] <= got.column[1][i]));
    /* each state alone is what fm_spell_join makes of its rows */
    for (int32_t which = 0; which < STATES; which++) {
      spells one = spells_new(s.n);
      one.n = 0;
      for (size_t i = 0; i < s.n; i++)
        if (s.label[i] == which) {
          one.person[one.n] = s.person[i];
          one.start[one.n] = s.start[i];
          one.end[one.n++] = s.end[i];
        }
      fm_spell_episode e[64];
      size_t n = 0, k = 0;
      fm_assert_ok(fm_spell_join(&n, e, one.person, one.start, one.end, one.n, spec.gap_days, DAY_TO, NULL, &err),
                   &err);
      for (size_t i = 0; i < got.n; i++)
        if (got.column[3][i] == which) {
          ck_assert_uint_lt(k, n);
          ck_assert_int_eq(got.column[0][i], e[k].person);
          ck_assert_int_eq(got.column[1][i], e[k].start);
          ck_assert_int_eq(got.column[2][i], e[k++].end);
        }
      ck_assert_uint_eq(k, n);
      spells_free(&one);
    }
    rows_free(&got);
    rows_free(&disguised);
    spells_free(&s);
    spells_free(&t);
  }
}
END_TEST

START_TEST(transitions_by_hand)
{
  /* Person 1: work 10 to 20, benefit 20 to 30, 5 days of nothing, work 35 to 40, ended for good at 40. Person 2: work
   * 10 to 20, a pause of 2 days, benefit that runs. Person 3 ended at 48: a spell after at most 2 days could still
   * follow before as_of 50. */
  int32_t person[] = {1, 1, 1, 2, 2, 3}, start[] = {10, 20, 35, 10, 22, 40};
  int32_t end[] = {20, 30, 40, 20, FM_SPELL_OPEN, 48}, state[] = {5, 6, 5, 5, 6, 5};
  static const int32_t none = FM_SPELL_NO_STATE;
  const int32_t expected[][4] = {{1, 20, 5, 6}, {1, 30, 6, none}, {1, 35, none, 5}, {1, 40, 5, none}, {2, 22, 5, 6}};
  fm_error err = FM_ERROR_INIT;
  rows got = rows_new(12);
  fm_assert_ok(fm_spell_transitions(&got.n, got.column[0], got.column[1], got.column[2], got.column[3], person, start,
                                    end, state, 6, 2, 50, NULL, &err),
               &err);
  ck_assert_uint_eq(got.n, FM_COUNT(expected));
  for (size_t i = 0; i < got.n; i++)
    for (int c = 0; c < 4; c++)
      ck_assert_msg(got.column[c][i] == expected[i][c], "row %zu column %d: %d", i, c, (int)got.column[c][i]);
  rows_free(&got);
  start[1] = 19;
  ck_assert_int_eq(
      fm_spell_transitions(&got.n, NULL, NULL, NULL, NULL, person, start, end, state, 6, 2, 50, NULL, &err),
      FM_ERR_VALUE);
  ck_assert_int_eq(err.row, 1);
}
END_TEST

/* Changes of state at a gap of 0 are the days whose state is another than the day's before. */
START_TEST(transitions_by_days)
{
  uint64_t state = 99;
  for (int r = 0; r < 30; r++) {
    fm_error err = FM_ERROR_INIT;
    spells s = spells_random(&state, draw(&state, 60), 4);
    marks m = marks_of(&s, -3, 4);
    fm_assert_ok(fm_spell_sort(s.person, s.start, s.end, s.label, s.n, NULL, &err), &err);
    fm_spell_resolve_spec spec = FM_SPELL_RESOLVE_SPEC_INIT;
    spec.policy = FM_SPELL_OVERLAP_LAST;
    spec.as_of = DAY_TO;
    rows flat = resolve(&s, &spec, NULL), got = rows_new(4 * s.n);
    fm_assert_ok(fm_spell_transitions(&got.n, got.column[0], got.column[1], got.column[2], got.column[3],
                                      flat.column[0], flat.column[1], flat.column[2], flat.column[3], flat.n, 0, DAY_TO,
                                      NULL, &err),
                 &err);
    size_t k = 0;
    for (int32_t p = 0; p < 4; p++) {
      bool begun = false;
      for (int32_t d = 1; d < DAYS; d++) {
        int32_t from = state_by(&m, p, d - 1, spec.policy, NULL), to = state_by(&m, p, d, spec.policy, NULL);
        begun |= from != FM_SPELL_NO_STATE;
        if (!begun || from == to)
          continue;
        ck_assert_uint_lt(k, got.n);
        ck_assert_int_eq(got.column[0][k], p - 3);
        ck_assert_int_eq(got.column[1][k], d + DAY_FROM);
        ck_assert_int_eq(got.column[2][k], from);
        ck_assert_int_eq(got.column[3][k++], to);
      }
    }
    ck_assert_uint_eq(k, got.n);
    rows_free(&flat);
    rows_free(&got);
    marks_free(&m);
    spells_free(&s);
  }
}
END_TEST

START_TEST(totals_by_days)
{
  uint64_t state = 31;
  for (int r = 0; r < 30; r++) {
    fm_error err = FM_ERROR_INIT;
    spells s = spells_random(&state, draw(&state, 60), 4);
    marks m = marks_of(&s, -3, 4);
    spells t = spells_disguised(&s, &state);
    rows got = rows_new(t.n);
    fm_assert_ok(fm_spell_totals(&got.n, got.column[0], got.column[1], got.column[2], got.column[3], got.column[4],
                                 t.person, t.start, t.end, t.label, t.n, DAY_TO, NULL, &err),
                 &err);
    size_t k = 0;
    for (int32_t p = 0; p < 4; p++)
      for (int32_t which = 0; which < STATES; which++) {
        const uint8_t *day = m.day[p][which];
        int32_t days = 0, stretches = 0;
        for (int32_t d = 0; d < DAYS; d++) {
          days += day[d];
          stretches += day[d] && (d == 0 || !day[d - 1]);
        }
        if (days == 0)
          continue;
        const int32_t expected[] = {p - 3, which, days, stretches, day[DAYS - 1]};
        ck_assert_uint_lt(k, got.n);
        for (int c = 0; c < 5; c++)
          ck_assert_int_eq(got.column[c][k], expected[c]);
        k++;
      }
    ck_assert_uint_eq(k, got.n);
    rows_free(&got);
    marks_free(&m);
    spells_free(&s);
    spells_free(&t);
  }
}
END_TEST

START_TEST(picks)
{
  /* row:                   0  1  2   3   4   5  6 */
  int32_t person[] = {1, 1, 1, 1, 2, 2, 3}, start[] = {5, 8, 20, 20, 4, 9, 99}, end[] = {5, 10, 25, 30, 6, 12, 120};
  int32_t state[] = {1, 2, 1, 1, 2, 2, 1}; /* row 0 did not take place, row 6 has not begun */
  static const int32_t one[] = {1};
  static const struct {
    int32_t which;
    size_t n_states, n;
    int32_t rows[5];
  } row[] = {{FM_SPELL_FIRST, 0, 2, {1, 4}}, {FM_SPELL_FIRST, 1, 1, {2}},     {FM_SPELL_EVERY, 0, 5, {1, 2, 3, 4, 5}},
             {FM_SPELL_EVERY, 1, 2, {2, 3}}, {FM_SPELL_LATEST, 0, 2, {2, 5}}, {FM_SPELL_LATEST, 1, 1, {2}}};
  for (int r = 0; r < FM_COUNT(row); r++) {
    fm_error err = FM_ERROR_INIT;
    int32_t got[7];
    size_t n = 0;
    fm_assert_ok(fm_spell_pick(&n, got, person, start, end, state, 7, row[r].n_states > 0 ? one : NULL, row[r].n_states,
                               row[r].which, 50, NULL, &err),
                 &err);
    ck_assert_msg(n == row[r].n, "case %d: %zu", r, n);
    ck_assert_mem_eq(got, row[r].rows, n * sizeof *got);
  }
}
END_TEST

START_TEST(refuses)
{
  fm_error err = FM_ERROR_INIT;
  int32_t person[] = {1, 1, 1}, start[] = {1, 2, 9}, end[] = {4, 5, 12}, state[] = {1, 2, 3}, twice[] = {1, 2, 1};
  size_t n = 9;
  fm_spell_resolve_spec spec = FM_SPELL_RESOLVE_SPEC_INIT;
#define CALL() fm_spell_resolve(&n, NULL, NULL, NULL, NULL, person, start, end, state, 3, &spec, NULL, &err)
#define REFUSED(status, at_row)                                                                                        \
  fm_error_clear(&err);                                                                                                \
  ck_assert_int_eq(CALL(), (status));                                                                                  \
  ck_assert_int_eq(err.row, (at_row))
  REFUSED(FM_ERR_ARGUMENT, -1); /* as_of */
  spec.as_of = 50;
  REFUSED(FM_ERR_VALUE, 1); /* two states on day 2 */
  spec.policy = FM_SPELL_OVERLAP_PRIORITY;
  REFUSED(FM_ERR_ARGUMENT, -1); /* no ranking */
  spec.ranking = state;
  spec.n_ranking = 2;
  REFUSED(FM_ERR_VALUE, 2); /* state 3 is not in it */
  spec.ranking = twice;
  spec.n_ranking = 3;
  REFUSED(FM_ERR_ARGUMENT, -1);
  spec.policy = FM_SPELL_OVERLAP_FIRST;
  REFUSED(FM_ERR_ARGUMENT, -1); /* a ranking that nothing reads */
  spec.n_ranking = 0;
  spec.policy = 6;
  REFUSED(FM_ERR_ARGUMENT, -1);
  spec.policy = FM_SPELL_OVERLAP_FIRST;
  spec.gap_days = -1;
  REFUSED(FM_ERR_ARGUMENT, -1);
  spec.gap_days = 0;
  state[2] = FM_SPELL_NO_STATE;
  REFUSED(FM_ERR_VALUE, 2);
  state[2] = 3;
  start[2] = 0;
  REFUSED(FM_ERR_VALUE, 2); /* out of order */
  ck_assert_uint_eq(n, 9);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_spell_transitions(&n, NULL, NULL, NULL, NULL, person, start, end, state, 1, -1, 50, NULL, &err),
                   FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_spell_pick(&n, NULL, person, start, end, state, 1, NULL, 0, 3, 50, NULL, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_spell_pick(&n, NULL, person, start, end, state, 1, NULL, 2, 0, 50, NULL, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_spell_totals(NULL, NULL, NULL, NULL, NULL, NULL, person, start, end, state, 1, 50, NULL, NULL),
                   FM_ERR_ARGUMENT);
#undef CALL
#undef REFUSED
}
END_TEST

/* Of several faults in pieces of the rows the first one is told, by any number of threads. */
START_TEST(first_fault)
{
  fm_run run = FM_RUN_INIT;
  run.execute = fm_execute_threads;
  run.execute_ctx = &three;
  spells s = spells_new(20000);
  for (size_t i = 0; i < s.n; i++) {
    s.person[i] = (int32_t)i / 2;
    s.start[i] = (i % 2 == 1) ? 5 : 1;
    s.end[i] = s.start[i] + (i / 2 == 3000 || i / 2 == 9000 ? 6 : 2);
    s.label[i] = (int32_t)i % 2;
  }
  for (int r = 0; r < 4; r++) {
    fm_error err = FM_ERROR_INIT;
    size_t n;
    fm_spell_resolve_spec spec = FM_SPELL_RESOLVE_SPEC_INIT;
    spec.as_of = 100;
    ck_assert_int_eq(fm_spell_resolve(&n, NULL, NULL, NULL, NULL, s.person, s.start, s.end, s.label, s.n, &spec,
                                      r % 2 ? &run : NULL, &err),
                     FM_ERR_VALUE);
    ck_assert_int_eq(err.row, 6001);
  }
  spells_free(&s);
}
END_TEST

static fm_status all_of(void *ctx, fm_error *err)
{
  const spells *s = ctx;
  static const int32_t ranking[] = {0, 1, 2};
  fm_spell_resolve_spec spec = FM_SPELL_RESOLVE_SPEC_INIT;
  spec.as_of = DAY_TO;
  spec.policy = FM_SPELL_OVERLAP_PRIORITY;
  spec.ranking = ranking;
  spec.n_ranking = 3;
  int32_t out[400];
  size_t n;
  fm_status status =
      fm_spell_resolve(&n, out, NULL, NULL, NULL, s->person, s->start, s->end, s->label, s->n, &spec, NULL, err);
  if (status == FM_OK)
    status = fm_spell_totals(&n, out, NULL, NULL, NULL, NULL, s->person, s->start, s->end, s->label, s->n, DAY_TO, NULL,
                             err);
  if (status == FM_OK)
    status = fm_spell_pick(&n, out, s->person, s->start, s->end, s->label, s->n, ranking, 2, FM_SPELL_EVERY, DAY_TO,
                           NULL, err);
  return status;
}

START_TEST(allocations)
{
  uint64_t state = 6;
  fm_error err = FM_ERROR_INIT;
  spells s = spells_random(&state, 120, 3);
  fm_assert_ok(fm_spell_sort(s.person, s.start, s.end, s.label, s.n, NULL, &err), &err);
  ck_assert_int_ge(fm_test_allocations(all_of, &s), 15);
  spells_free(&s);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("spell-overlap");
  TCase *c = tcase_create("overlap");
  tcase_add_test(c, by_hand);
  tcase_add_test(c, resolves_days);
  tcase_add_test(c, keeps_each_state);
  tcase_add_test(c, transitions_by_hand);
  tcase_add_test(c, transitions_by_days);
  tcase_add_test(c, totals_by_days);
  tcase_add_test(c, picks);
  tcase_add_test(c, refuses);
  tcase_add_test(c, first_fault);
  tcase_add_test(c, allocations);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
