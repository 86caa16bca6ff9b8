/* Order, and what must not matter: splitting, repeating, order. Each answer against a reference that marks days. */
#include "spell/people.h"

#define LAST 1000 /* as_of of the random spells */

START_TEST(sorts)
{
  /* people in range and out of it, negative, one with many spells */
  static const struct {
    size_t n;
    uint32_t people;
    int32_t factor;
  } row[] = {{0, 1, 1},    {1, 1, 1},      {2, 1, 1},         {25, 1, 1},        {5000, 1, 1},
             {5000, 7, 1}, {5000, 900, 1}, {5000, 900, 1999}, {300, 40, 9999999}};
  uint64_t state = 1;
  for (int r = 0; r < FM_COUNT(row); r++) {
    fm_error err = FM_ERROR_INIT;
    spells s = spells_random(&state, row[r].n, row[r].people);
    uint64_t sum = 0, sum_after = 0;
    for (size_t i = 0; i < s.n; i++) {
      s.person[i] *= row[r].factor;
      sum += (uint64_t)s.person[i] * 31 + (uint64_t)s.start[i] * 37 * (uint64_t)s.end[i] + (uint64_t)s.label[i];
    }
    fm_assert_ok(fm_spell_sort(s.person, s.start, s.end, s.label, s.n, NULL, &err), &err);
    for (size_t i = 0; i < s.n; i++) {
      sum_after += (uint64_t)s.person[i] * 31 + (uint64_t)s.start[i] * 37 * (uint64_t)s.end[i] + (uint64_t)s.label[i];
      if (i == 0 || s.person[i - 1] != s.person[i]) {
        ck_assert_msg(i == 0 || s.person[i - 1] < s.person[i], "case %d row %zu", r, i);
        continue;
      }
      bool ok = s.start[i - 1] != s.start[i] ? s.start[i - 1] < s.start[i]
                : s.end[i - 1] != s.end[i]   ? s.end[i - 1] < s.end[i]
                                             : s.label[i - 1] <= s.label[i];
      ck_assert_msg(ok, "case %d row %zu", r, i);
    }
    ck_assert_uint_eq(sum, sum_after);
    spells_free(&s);
  }
}
END_TEST

START_TEST(sorts_extremes)
{
  fm_error err = FM_ERROR_INIT;
  int32_t person[] = {INT32_MAX, INT32_MIN, 0, INT32_MIN}, start[] = {1, 5, 3, 2}, end[] = {2, 9, 4, 3};
  fm_assert_ok(fm_spell_sort(person, start, end, NULL, 4, NULL, &err), &err);
  ck_assert_int_eq(person[0], INT32_MIN);
  ck_assert_int_eq(start[0], 2);
  ck_assert_int_eq(start[1], 5);
  ck_assert_int_eq(person[2], 0);
  ck_assert_int_eq(person[3], INT32_MAX);
}
END_TEST

/* Everything the library says about spells, as one block of memory. */
typedef struct answers {
  size_t n_episodes, n_persons, n_survival, n_sustained, n_summaries;
  fm_spell_episode episodes[600];
  int32_t persons[64], target[64], time[64], first_day[64], any_day[64], days[3000];
  uint8_t retained[64], in_rate[64], reason[64], first[64], any[64], status[3000];
  fm_spell_summary summaries[64];
} answers;

static answers *answer_all(const spells *s, int32_t gap, bool sort)
{
  fm_error err = FM_ERROR_INIT;
  answers *a = calloc(1, sizeof *a);
  spells c = spells_copy(s);
  if (sort)
    fm_assert_ok(fm_spell_sort(c.person, c.start, c.end, NULL, c.n, NULL, &err), &err);
#define DATA c.person, c.start, c.end, c.n
  fm_assert_ok(fm_spell_join(&a->n_episodes, a->episodes, DATA, gap, LAST, NULL, &err), &err);
  fm_assert_ok(
      fm_spell_retained(&a->n_persons, a->persons, a->target, a->retained, a->in_rate, DATA, 3, gap, LAST, NULL, &err),
      &err);
  fm_assert_ok(fm_spell_survival(&a->n_survival, NULL, a->time, a->reason, c.person, c.start, c.end, NULL, c.n, gap,
                                 LAST, NULL, &err),
               &err);
  fm_assert_ok(fm_spell_sustained(&a->n_sustained, NULL, a->first, a->first_day, a->any, a->any_day, DATA, 4, gap, LAST,
                                  NULL, &err),
               &err);
  fm_assert_ok(fm_spell_summarise(&a->n_summaries, a->summaries, DATA, LAST, NULL, &err), &err);
  int32_t who[3000], day[3000], to[3000];
  for (int32_t i = 0; i < 3000; i++) {
    who[i] = i % 7 - 4;
    day[i] = 590 + (i * 37) % 430;
    to[i] = day[i] + i % 90 - 2;
  }
  fm_assert_ok(fm_spell_status(a->status, who, day, 3000, DATA, gap, LAST, NULL, &err), &err);
  fm_assert_ok(fm_spell_covered_days(a->days, who, day, to, 3000, DATA, LAST, NULL, &err), &err);
#undef DATA
  spells_free(&c);
  return a;
}

/* Answers do not depend on how often or in how many pieces a day was reported. */
static void forget_counts(answers *a)
{
  for (size_t i = 0; i < a->n_episodes; i++)
    a->episodes[i].n_spells = 0;
  for (size_t i = 0; i < a->n_summaries; i++)
    a->summaries[i].n_spells = a->summaries[i].n_overlaps = 0;
}

static void shuffle(spells *s, uint64_t *state)
{
  int32_t *column[] = {s->person, s->start, s->end, s->label};
  for (size_t i = s->n; i > 1; i--) {
    size_t k = draw(state, (uint32_t)i);
    for (int c = 0; c < 4; c++) {
      int32_t x = column[c][i - 1];
      column[c][i - 1] = column[c][k];
      column[c][k] = x;
    }
  }
}

START_TEST(order_pieces_and_copies)
{
  uint64_t state = 77;
  for (int round = 0; round < 200; round++) {
    int32_t gap = (int32_t)draw(&state, 4) * 7;
    spells s = spells_random(&state, 1 + draw(&state, 40), 5);
    answers *plain = answer_all(&s, gap, true);
    spells t = spells_copy(&s);
    shuffle(&t, &state);
    answers *moved = answer_all(&t, gap, true);
    ck_assert_msg(memcmp(plain, moved, sizeof *plain) == 0, "round %d: order matters", round);
    spells_free(&t);
    free(moved);
    t = spells_new(2 * s.n);
    for (size_t i = 0; i < s.n; i++) { /* two adjacent pieces, or two copies */
      bool cut = s.end[i] > s.start[i] + 1 && draw(&state, 2) == 0;
      int32_t length = (s.end[i] > LAST ? LAST + 10 : s.end[i]) - s.start[i];
      int32_t middle = cut && length > 1 ? s.start[i] + 1 + (int32_t)draw(&state, (uint32_t)length - 1) : s.end[i];
      t.person[2 * i] = t.person[2 * i + 1] = s.person[i];
      t.start[2 * i] = s.start[i];
      t.end[2 * i] = middle;
      t.start[2 * i + 1] = middle == s.end[i] ? s.start[i] : middle;
      t.end[2 * i + 1] = s.end[i];
    }
    shuffle(&t, &state);
    answers *pieces = answer_all(&t, gap, true);
    forget_counts(plain);
    forget_counts(pieces);
    ck_assert_msg(memcmp(plain, pieces, sizeof *plain) == 0, "round %d: pieces or copies matter", round);
    free(plain);
    free(pieces);
    spells_free(&s);
    spells_free(&t);
  }
}
END_TEST

/* Days of one person marked one by one. */
static void mark(bool *in, const spells *s, int32_t person)
{
  memset(in, 0, (LAST + 200) * sizeof *in);
  for (size_t i = 0; i < s->n; i++)
    for (int32_t d = s->start[i]; s->person[i] == person && d < s->end[i] && d < LAST; d++)
      in[d] = true;
}

/* Nearest day in work before `day` (-1: none), and from it on (LAST: none). */
static uint8_t expected_status(const bool *in, int32_t day, int32_t gap)
{
  if (day >= LAST)
    return FM_SPELL_UNKNOWN;
  if (in[day])
    return FM_SPELL_YES;
  int32_t before = day, after = day;
  while (before >= 0 && !in[before])
    before--;
  while (after < LAST && !in[after])
    after++;
  if (before < 0)
    return FM_SPELL_NO;
  if (after < LAST)
    return after - before - 1 <= gap ? FM_SPELL_YES : FM_SPELL_NO;
  return before + gap + 1 > LAST - 1 ? FM_SPELL_UNKNOWN : FM_SPELL_NO; /* rule 5 with X = LAST - 1 */
}

START_TEST(against_marked_days)
{
  uint64_t state = 5;
  bool in[LAST + 200];
  for (int round = 0; round < 100; round++) {
    fm_error err = FM_ERROR_INIT;
    int32_t gap = (int32_t)draw(&state, 30);
    spells s = spells_random(&state, 1 + draw(&state, 40), 5);
    answers *a = answer_all(&s, gap, true);
    for (int32_t i = 0; i < 3000; i++) {
      int32_t day = 590 + (i * 37) % 430, to = day + i % 90 - 2, days = 0;
      mark(in, &s, i % 7 - 4);
      for (int32_t d = day; d < to; d++)
        days += in[d];
      ck_assert_int_eq(a->days[i], to > LAST ? -1 : days);
      ck_assert_int_eq(a->status[i], expected_status(in, day, gap));
    }
    for (size_t k = 0; k < a->n_summaries; k++) {
      const fm_spell_summary *p = &a->summaries[k];
      int32_t days = 0, pauses = 0, paused = 0;
      mark(in, &s, p->person);
      for (int32_t d = p->first_start; d < p->last_end; d++) {
        days += in[d];
        paused += !in[d];
        pauses += !in[d] && in[d - 1];
      }
      ck_assert_int_eq(p->covered_days, days);
      ck_assert_int_eq(p->gap_days, paused);
      ck_assert_int_eq(p->n_gaps, pauses);
      ck_assert(in[p->first_start] && in[p->last_end - 1] && !in[p->last_end]);
    }
    size_t n = 0;
    spells t = spells_copy(&s);
    fm_assert_ok(fm_spell_sort(t.person, t.start, t.end, t.label, t.n, NULL, &err), &err);
    fm_assert_ok(fm_spell_join(&n, NULL, t.person, t.start, t.end, t.n, gap, LAST, NULL, &err), &err);
    ck_assert_uint_eq(n, a->n_episodes);
    spells_free(&t);
    spells_free(&s);
    free(a);
  }
}
END_TEST

START_TEST(overlaps_by_hand)
{
  /* 10-20, 15-25 (overlaps), 25-30 (adjacent), 40-41 after a pause of 10 days, 40-50 (overlaps), running from 60 */
  static const int32_t person[] = {4, 4, 4, 4, 4, 4}, start[] = {10, 15, 25, 40, 40, 60};
  static const int32_t end[] = {20, 25, 30, 41, 50, FM_SPELL_OPEN};
  fm_error err = FM_ERROR_INIT;
  fm_spell_summary s;
  size_t n = 0;
  fm_assert_ok(fm_spell_summarise(&n, &s, person, start, end, 6, 100, NULL, &err), &err);
  ck_assert_uint_eq(n, 1);
  ck_assert_int_eq(s.n_spells, 6);
  ck_assert_int_eq(s.n_overlaps, 2);
  ck_assert_int_eq(s.n_gaps, 2);
  ck_assert_int_eq(s.gap_days, 20);
  ck_assert_int_eq(s.covered_days, 20 + 10 + 40);
  ck_assert_int_eq(s.last_end, 100);
}
END_TEST

START_TEST(errors)
{
  static const struct {
    const char *label;
    int32_t person[2], start[2], end[2], gap, as_of;
    fm_status status;
    int64_t row;
  } row[] = {
      {"negative gap", {1, 1}, {1, 2}, {2, 3}, -1, 10, FM_ERR_ARGUMENT, -1},
      {"gap above a century", {1, 1}, {1, 2}, {2, 3}, 36526, 10, FM_ERR_ARGUMENT, -1},
      {"no as_of", {1, 1}, {1, 2}, {2, 3}, 0, FM_NO_DATE, FM_ERR_ARGUMENT, -1},
      {"people out of order", {2, 1}, {1, 2}, {2, 3}, 0, 10, FM_ERR_VALUE, 1},
      {"starts out of order", {1, 1}, {3, 2}, {4, 3}, 0, 10, FM_ERR_VALUE, 1},
      {"no start", {1, 1}, {FM_NO_DATE, 2}, {4, 3}, 0, 10, FM_ERR_VALUE, 0},
      {"no end", {1, 1}, {1, 2}, {4, FM_NO_DATE}, 0, 10, FM_ERR_VALUE, 1},
      {"end beyond the calendar", {1, 1}, {1, 2}, {4, 3000000}, 0, 10, FM_ERR_VALUE, 1},
  };
  for (int i = 0; i < FM_COUNT(row); i++) {
    fm_error err = FM_ERROR_INIT;
    size_t n = 99;
    fm_spell_episode e[2];
    ck_assert_msg(fm_spell_join(&n, e, row[i].person, row[i].start, row[i].end, 2, row[i].gap, row[i].as_of, NULL,
                                &err) == row[i].status,
                  "%s", row[i].label);
    ck_assert_msg(n == 99 && err.row == row[i].row && err.message[0] != '\0', "%s", row[i].label);
  }
}
END_TEST

START_TEST(arguments)
{
  int32_t a[] = {1}, b[] = {5}, to[] = {6}, out[1];
  uint8_t answer[1];
  size_t n;
  fm_spell_summary s;
#define REFUSED(call) ck_assert_int_eq((call), FM_ERR_ARGUMENT)
  REFUSED(fm_spell_sort(NULL, a, b, NULL, 1, NULL, NULL));
  REFUSED(fm_spell_from_closed(NULL, b, NULL, NULL, 1, 10, NULL));
  REFUSED(fm_spell_from_closed(a, b, NULL, NULL, 1, FM_NO_DATE, NULL));
  REFUSED(fm_spell_same_label(&n, a, a, b, NULL, 1, 10, NULL, NULL));
  REFUSED(fm_spell_same_label(NULL, a, a, b, a, 1, 10, NULL, NULL));
  REFUSED(fm_spell_join(NULL, NULL, a, a, b, 1, 0, 10, NULL, NULL));
  REFUSED(fm_spell_join(&n, NULL, NULL, a, b, 1, 0, 10, NULL, NULL));
  REFUSED(fm_spell_summarise(&n, NULL, a, a, b, 1, 10, NULL, NULL));
  REFUSED(fm_spell_summarise(NULL, &s, a, a, b, 1, 10, NULL, NULL));
  REFUSED(fm_spell_status(NULL, a, a, 1, a, a, b, 1, 0, 10, NULL, NULL));
  REFUSED(fm_spell_covered_days(out, a, a, NULL, 1, a, a, b, 1, 10, NULL, NULL));
  REFUSED(fm_spell_retained(NULL, NULL, NULL, NULL, NULL, a, a, b, 1, 3, 0, 10, NULL, NULL));
  REFUSED(fm_spell_retained(&n, NULL, NULL, NULL, NULL, a, a, b, 1, -3, 0, 10, NULL, NULL));
  REFUSED(fm_spell_sustained(&n, NULL, NULL, NULL, NULL, NULL, a, a, b, 1, 0, 0, 10, NULL, NULL));
  REFUSED(fm_spell_survival(NULL, NULL, NULL, NULL, a, a, b, NULL, 1, 0, 10, NULL, NULL));
  REFUSED(fm_spell_status(answer, a, a, 1, a, a, b, 1, -1, 10, NULL, NULL));
  REFUSED(fm_spell_covered_days(out, a, a, to, 1, a, a, b, 1, FM_NO_DATE, NULL, NULL));
#undef REFUSED
  int32_t bad[] = {3000000};
  ck_assert_int_eq(fm_spell_from_closed(bad, b, NULL, NULL, 1, 10, NULL), FM_ERR_VALUE);
  ck_assert_int_eq(fm_spell_same_label(&n, a, bad, b, a, 1, 10, NULL, NULL), FM_ERR_VALUE);
  ck_assert_int_eq(fm_spell_summarise(&n, &s, a, bad, b, 1, 10, NULL, NULL), FM_ERR_VALUE);
  ck_assert_int_eq(fm_spell_retained(&n, NULL, NULL, NULL, NULL, a, bad, b, 1, 3, 0, 10, NULL, NULL), FM_ERR_VALUE);
  ck_assert_int_eq(fm_spell_sustained(&n, NULL, NULL, NULL, NULL, NULL, a, bad, b, 1, 4, 0, 10, NULL, NULL),
                   FM_ERR_VALUE);
  ck_assert_int_eq(fm_spell_survival(&n, NULL, NULL, NULL, a, bad, b, NULL, 1, 0, 10, NULL, NULL), FM_ERR_VALUE);
}
END_TEST

START_TEST(outputs_not_wanted)
{
  /* person 1 works from day 3 on, person 2 on days 4 to 8 */
  static const int32_t person[] = {1, 2}, start[] = {3, 4}, end[] = {FM_SPELL_OPEN, 9}, label[] = {1, 1};
  size_t n = 0;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_spell_join(&n, NULL, person, start, end, 2, 0, 99, NULL, &err), &err);
  ck_assert_uint_eq(n, 2);
  fm_assert_ok(fm_spell_retained(&n, NULL, NULL, NULL, NULL, person, start, end, 2, 3, 0, 99, NULL, &err), &err);
  ck_assert_uint_eq(n, 2);
  fm_assert_ok(fm_spell_sustained(&n, NULL, NULL, NULL, NULL, NULL, person, start, end, 2, 1, 0, 99, NULL, &err), &err);
  ck_assert_uint_eq(n, 2);
  n = 0;
  fm_assert_ok(fm_spell_survival(&n, NULL, NULL, NULL, person, start, end, label, 2, 0, 99, NULL, &err), &err);
  ck_assert_uint_eq(n, 2);
  int32_t a[] = {3, 4}, b[] = {8, 2};
  fm_assert_ok(fm_spell_from_closed(a, b, NULL, NULL, 2, 99, &err), &err);
  ck_assert(b[0] == 9 && b[1] == 4);
}
END_TEST

START_TEST(nothing_and_unknown)
{
  fm_error err = FM_ERROR_INIT;
  size_t n = 9;
  fm_assert_ok(fm_spell_join(&n, NULL, NULL, NULL, NULL, 0, 0, 10, NULL, &err), &err);
  ck_assert_uint_eq(n, 0);
  /* a missing first day, a day missing in the question, a target beyond the calendar */
  int32_t start[] = {FM_NO_DATE, 3}, end[] = {4, FM_NO_DATE}, person[] = {1, 1}, day[] = {FM_NO_DATE}, days[1];
  uint8_t verdict[2], status[1], retained[1], in_rate[1];
  fm_assert_ok(fm_spell_from_closed(start, end, verdict, &n, 2, 10, &err), &err);
  ck_assert_uint_eq(n, 1);
  ck_assert_int_eq(verdict[0], FM_SPELL_UNDATED);
  fm_assert_ok(fm_spell_sort(person, start, end, NULL, 2, NULL, &err), &err);
  fm_assert_ok(fm_spell_status(status, person, day, 1, person, start, end, 2, 0, 10, NULL, &err), &err);
  ck_assert_int_eq(status[0], FM_SPELL_UNKNOWN);
  fm_assert_ok(fm_spell_covered_days(days, person, day, day, 1, person, start, end, 2, 10, NULL, &err), &err);
  ck_assert_int_eq(days[0], -1);
  fm_assert_ok(fm_spell_retained(&n, NULL, day, retained, in_rate, person, start, end, 2, 120000, 0, 10, NULL, &err),
               &err);
  ck_assert_uint_eq(n, 1);
  ck_assert_int_eq(day[0], FM_NO_DATE);
  ck_assert_int_eq(retained[0], FM_SPELL_UNKNOWN);
  ck_assert_int_eq(in_rate[0], 0);
}
END_TEST

static int32_t stop(void *ctx, double done)
{
  (void)ctx;
  return done >= 0;
}

START_TEST(cancelled)
{
  int32_t person[] = {2, 1}, start[] = {1, 2}, end[] = {3, 4};
  fm_run run = FM_RUN_INIT;
  run.progress = stop;
  ck_assert_int_eq(fm_spell_sort(person, start, end, NULL, 2, &run, NULL), FM_ERR_CANCELLED);
  ck_assert_int_eq(person[0], 2);
}
END_TEST

static fm_status everything(void *ctx, fm_error *err)
{
  (void)ctx;
  int32_t person[] = {2, 1, 1}, start[] = {1, 2, 5}, end[] = {3, 4, 9}, day[] = {2, 3, 8}, to[] = {4, 4, 10};
  int32_t days[3];
  uint8_t status[3];
  fm_status s = fm_spell_sort(person, start, end, NULL, 3, NULL, err);
  if (s == FM_OK)
    s = fm_spell_status(status, person, day, 3, person, start, end, 3, 0, 20, NULL, err);
  if (s == FM_OK)
    s = fm_spell_covered_days(days, person, day, to, 3, person, start, end, 3, 20, NULL, err);
  return s;
}

START_TEST(out_of_memory)
{
  ck_assert_int_ge(fm_test_allocations(everything, NULL), 4);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("spell-spell");
  TCase *t = tcase_create("algebra");
  tcase_add_test(t, sorts);
  tcase_add_test(t, sorts_extremes);
  tcase_add_test(t, order_pieces_and_copies);
  tcase_add_test(t, against_marked_days);
  tcase_add_test(t, overlaps_by_hand);
  tcase_add_test(t, errors);
  tcase_add_test(t, arguments);
  tcase_add_test(t, outputs_not_wanted);
  tcase_add_test(t, nothing_and_unknown);
  tcase_add_test(t, cancelled);
  tcase_add_test(t, out_of_memory);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
