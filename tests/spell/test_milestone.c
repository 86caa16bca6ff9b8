/* Sorting, joining and reading in one go against the functions one by one, bit by bit, for every way to the answer:
 * rows in order and not, days that fit into a word and days that do not, one person and millions apart. */
#include "spell/packed_priv.h"
#include "spell/people.h"

typedef struct answer {
  size_t n_persons, n_episodes;
  int32_t *persons, *first_start;
  uint8_t *status, *in_rate;
} answer;

static answer answer_new(size_t n)
{
  return (answer){0, 0, calloc(n + 1, 4), calloc(n + 1, 4), calloc(n + 1, 1), calloc(n + 1, 1)};
}

static void answer_free(answer *a)
{
  free(a->persons);
  free(a->first_start);
  free(a->status);
  free(a->in_rate);
}

static answer ask(const spells *s, const fm_spell_milestone_spec *spec, const fm_run *run)
{
  fm_error err = FM_ERROR_INIT;
  answer a = answer_new(s->n);
  fm_assert_ok(fm_spell_milestone(&a.n_persons, &a.n_episodes, a.persons, a.first_start, a.status, a.in_rate, s->person,
                                  s->start, s->end, s->n, spec, run, &err),
               &err);
  return a;
}

/* Sort, join, status, one after another. */
static answer ask_apart(const spells *given, const fm_spell_milestone_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  spells s = spells_copy(given);
  answer a = answer_new(s.n);
  fm_spell_episode *episodes = calloc(s.n + 1, sizeof *episodes);
  int32_t *target = calloc(s.n + 1, sizeof *target);
  fm_assert_ok(fm_spell_sort(s.person, s.start, s.end, s.label, s.n, NULL, &err), &err);
  fm_assert_ok(
      fm_spell_join(&a.n_episodes, episodes, s.person, s.start, s.end, s.n, spec->gap_days, spec->as_of, NULL, &err),
      &err);
  for (size_t i = 0; i < a.n_episodes; i++) {
    if (i > 0 && episodes[i].person == episodes[i - 1].person)
      continue;
    int32_t day = episodes[i].start, n = spec->after;
    static const int32_t months[] = {0, 0, 1, 3, 12};
    int32_t to = spec->clock >= FM_SPELL_BY_MONTH ? fm_date_add_months(day, n * months[spec->clock])
                                                  : day + n * (spec->clock == FM_SPELL_BY_WEEK ? 7 : 1);
    a.persons[a.n_persons] = episodes[i].person;
    a.first_start[a.n_persons] = day;
    a.in_rate[a.n_persons] = to != FM_NO_DATE && (int64_t)to + spec->gap_days + 1 < spec->as_of;
    target[a.n_persons++] = to;
  }
  fm_assert_ok(fm_spell_status(a.status, a.persons, target, a.n_persons, s.person, s.start, s.end, s.n, spec->gap_days,
                               spec->as_of, NULL, &err),
               &err);
  free(episodes);
  free(target);
  spells_free(&s);
  return a;
}

static void assert_same(const char *label, int r, const answer *a, const answer *b)
{
  ck_assert_msg(a->n_persons == b->n_persons && a->n_episodes == b->n_episodes, "%s, case %d: %zu and %zu, %zu and %zu",
                label, r, a->n_persons, b->n_persons, a->n_episodes, b->n_episodes);
  for (size_t i = 0; i < a->n_persons; i++)
    ck_assert_msg(a->persons[i] == b->persons[i] && a->first_start[i] == b->first_start[i] &&
                      a->status[i] == b->status[i] && a->in_rate[i] == b->in_rate[i],
                  "%s, case %d, person %zu: status %d and %d", label, r, i, a->status[i], b->status[i]);
}

/* Backwards, forwards by threads. */
static void every_way(int r, spells *s, const fm_spell_milestone_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_threads threads = {sizeof threads, 3};
  fm_run run = FM_RUN_INIT;
  run.execute = fm_execute_threads;
  run.execute_ctx = &threads;
  answer expected = ask_apart(s, spec), one = ask(s, spec, NULL), three = ask(s, spec, &run);
  assert_same("any order", r, &one, &expected);
  assert_same("any order, threads", r, &three, &expected);
  answer_free(&one);
  answer_free(&three);
  fm_assert_ok(fm_spell_sort(s->person, s->start, s->end, NULL, s->n, NULL, &err), &err);
  one = ask(s, spec, NULL);
  three = ask(s, spec, &run);
  assert_same("in order", r, &one, &expected);
  assert_same("in order, threads", r, &three, &expected);
  answer_free(&one);
  answer_free(&three);
  answer_free(&expected);
}

START_TEST(by_hand)
{
  /* Person 5: days 100 to 120 and 130 to 400: a pause of 10 days is bridged at a gap of 10, not of 9. Asked 25 days on,
   * day 125. Person 2: day 300 to 310, asked day 325, which is beyond the end and its gap: no. Person 3: 340 to 345
   * and as_of 350: day 365 is not known yet. */
  int32_t person[] = {5, 3, 2, 5, 9}, start[] = {130, 340, 300, 100, 30}, end[] = {400, 345, 310, 120, 30};
  spells s = {person, start, end, NULL, 5};
  fm_spell_milestone_spec spec = FM_SPELL_MILESTONE_SPEC_INIT;
  spec.as_of = 350;
  spec.after = 25;
  for (spec.gap_days = 9; spec.gap_days <= 10; spec.gap_days++) {
    answer a = ask(&s, &spec, NULL);
    ck_assert_uint_eq(a.n_persons, 3);
    ck_assert_uint_eq(a.n_episodes, spec.gap_days == 9 ? 4 : 3);
    ck_assert_int_eq(a.persons[0], 2);
    ck_assert_int_eq(a.persons[1], 3);
    ck_assert_int_eq(a.persons[2], 5);
    ck_assert_int_eq(a.first_start[2], 100);
    ck_assert_uint_eq(a.status[0], FM_SPELL_NO);
    ck_assert_uint_eq(a.status[1], FM_SPELL_UNKNOWN);
    ck_assert_uint_eq(a.status[2], spec.gap_days == 9 ? FM_SPELL_NO : FM_SPELL_YES);
    ck_assert_uint_eq(a.in_rate[0], 1); /* 325 + 10 + 1 < 350 */
    ck_assert_uint_eq(a.in_rate[1], 0);
    answer_free(&a);
  }
}
END_TEST

START_TEST(every_oracle_person)
{
  fm_spell_milestone_spec spec = FM_SPELL_MILESTONE_SPEC_INIT;
  spec.as_of = AS_OF;
  spec.clock = FM_SPELL_BY_MONTH;
  fm_oracle *o = fm_oracle_open("spell/expected_status.csv");
  spells s = spells_sorted();
  size_t seen = 0;
  static const int32_t months[] = {3, 6, 12, 24};
  for (int m = 0; m < FM_COUNT(months); m++) {
    spec.after = months[m];
    answer a = ask(&s, &spec, NULL);
    for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
      if (fm_oracle_number(o, i, "months") != months[m])
        continue;
      for (size_t k = 0; k < a.n_persons; k++)
        if (a.persons[k] == person_of(fm_oracle_text(o, i, "person"))) {
          ck_assert_uint_eq(a.status[k], answer_of(fm_oracle_text(o, i, "any_job")));
          seen++;
        }
    }
    answer_free(&a);
    every_way(m, &s, &spec);
  }
  ck_assert_uint_eq(seen, fm_oracle_n_rows(o));
  spells_free(&s);
  fm_oracle_close(o);
}
END_TEST

START_TEST(same_as_apart)
{
  static const struct {
    size_t n;
    uint32_t people;
    int32_t factor, gap, clock, after;
  } row[] = {{0, 1, 1, 0, FM_SPELL_BY_DAY, 10},         {1, 1, 1, 0, FM_SPELL_BY_DAY, 0},
             {40, 3, 1, 14, FM_SPELL_BY_DAY, 30},       {5000, 1, 1, 0, FM_SPELL_BY_WEEK, 13},
             {5000, 900, 1, 2, FM_SPELL_BY_MONTH, 3},   {30000, 5000, 300000, 9, FM_SPELL_BY_DAY, 180},
             {90000, 3, 1, 30, FM_SPELL_BY_DAY, 90},    {90000, 30000, 1, 0, FM_SPELL_BY_QUARTER, 1},
             {40000, 70, 1, 36525, FM_SPELL_BY_YEAR, 1}};
  uint64_t state = 12;
  for (int r = 0; r < FM_COUNT(row); r++) {
    fm_spell_milestone_spec spec = FM_SPELL_MILESTONE_SPEC_INIT;
    spec.as_of = 1000;
    spec.gap_days = row[r].gap;
    spec.clock = row[r].clock;
    spec.after = row[r].after;
    spells s = spells_random(&state, row[r].n, row[r].people);
    for (size_t i = 0; i < s.n; i++)
      s.person[i] *= row[r].factor;
    every_way(r, &s, &spec);
    spells_free(&s);
  }
}
END_TEST

/* Most rows of few people beside some far away, and days of two thousand years, which no word holds. */
START_TEST(skewed_and_wide)
{
  uint64_t state = 5;
  for (int r = 0; r < 4; r++) {
    fm_spell_milestone_spec spec = FM_SPELL_MILESTONE_SPEC_INIT;
    spec.as_of = 1000;
    spec.after = r < 2 ? 100 : 99999;
    spec.gap_days = 400;
    spells s = spells_random(&state, 80000, 30000);
    for (size_t i = 0; i < s.n; i++) {
      if (i % 1000 == 0)
        s.person[i] = i % 2000 == 0 ? INT32_MAX : INT32_MIN;
      if (r % 2 == 1 && i % 50 == 0)
        s.start[i] = -700000 + (int32_t)draw(&state, 700000);
    }
    every_way(r, &s, &spec);
    spells_free(&s);
  }
}
END_TEST

/* All 32 bits of a person are kept where one bucket holds everybody; days of 2 to 16 bits: words of 5 to 8 bytes. */
START_TEST(few_people_far_apart)
{
  for (int32_t first = 1000 - 3, r = 0; first > -60000; first = 3 * first - 2200, r++) {
    fm_spell_milestone_spec spec = FM_SPELL_MILESTONE_SPEC_INIT;
    spec.as_of = 1000;
    spec.gap_days = 1;
    static const int32_t person[] = {INT32_MAX, 0, INT32_MIN, INT32_MAX - 1}, end[] = {999, 1000, FM_SPELL_OPEN, 998};
    spells s = spells_new(4);
    memcpy(s.person, person, sizeof person);
    memcpy(s.end, end, sizeof end);
    for (int32_t i = 0; i < 4; i++)
      s.start[i] = first + i % 2;
    every_way(r, &s, &spec);
    spells_free(&s);
  }
}
END_TEST

/* A word neither reads nor writes beyond its bytes. */
START_TEST(words_lie_side_by_side)
{
  for (uint32_t width = 4; width <= 8; width++) {
    uint8_t bytes[40], before[40];
    uint64_t all = UINT64_MAX >> (64 - 8 * width), word = UINT64_C(0x8877665544332211) & all;
    memset(bytes, 0xa5, sizeof bytes);
    memcpy(before, bytes, sizeof bytes);
    for (int k = 0; k < 3; k++)
      fm__word_put(bytes + 8 + k * (int)width, width, k == 1 ? all : word);
    for (int k = 0; k < 3; k++)
      ck_assert_uint_eq(fm__word(bytes + 8 + k * (int)width, width), k == 1 ? all : word);
    ck_assert_uint_eq(bytes[8], 0x11);
    ck_assert_mem_eq(bytes, before, 8);
    ck_assert_mem_eq(bytes + 8 + 3 * width, before, 8);
  }
}
END_TEST

/* The same days in two pieces, or twice. */
START_TEST(pieces)
{
  uint64_t state = 8;
  fm_spell_milestone_spec spec = FM_SPELL_MILESTONE_SPEC_INIT;
  spec.as_of = 1000;
  spec.after = 77;
  spec.gap_days = 5;
  spells s = spells_random(&state, 3000, 400), t = spells_new(6000);
  for (size_t i = 0; i < s.n; i++) {
    int32_t end = s.end[i] < 1000 ? s.end[i] : 1000, middle = s.start[i] + (end - s.start[i]) / 2;
    t.person[i] = t.person[i + s.n] = s.person[i];
    t.start[i] = s.start[i];
    t.end[i] = i % 3 == 0 ? s.end[i] : middle;
    t.start[i + s.n] = i % 3 == 0 ? s.start[i] : middle;
    t.end[i + s.n] = s.end[i];
  }
  answer a = ask(&s, &spec, NULL), b = ask(&t, &spec, NULL);
  assert_same("pieces", 0, &a, &b);
  answer_free(&a);
  answer_free(&b);
  spells_free(&s);
  spells_free(&t);
}
END_TEST

static int32_t refuse_after(void *ctx, double done)
{
  (void)ctx;
  return done > 0.4;
}

START_TEST(refuses)
{
  fm_error err = FM_ERROR_INIT;
  int32_t person[] = {1, 1, 0}, start[] = {3, 9999999, 4}, end[] = {5, 6, 7};
  size_t n = 7;
  fm_spell_milestone_spec spec;
  fm_spell_milestone_spec_init(&spec, sizeof spec);
#define CALL(n_rows)                                                                                                   \
  fm_spell_milestone(&n, NULL, NULL, NULL, NULL, NULL, person, start, end, (n_rows), &spec, run, &err)
  const fm_run *run = NULL;
  ck_assert_int_eq(CALL(1), FM_ERR_ARGUMENT); /* as_of is not given */
  spec.as_of = 100;
  fm_error_clear(&err);
  ck_assert_int_eq(CALL(3), FM_ERR_VALUE);
  ck_assert_int_eq(err.row, 1);
  start[1] = -9999999;
  fm_error_clear(&err);
  ck_assert_int_eq(CALL(3), FM_ERR_VALUE);
  ck_assert_int_eq(err.row, 1);
  start[1] = 3;
  end[2] = -9999999;
  fm_error_clear(&err);
  ck_assert_int_eq(CALL(3), FM_ERR_VALUE);
  ck_assert_int_eq(err.row, 2);
  end[2] = 7;
  spec.clock = 5;
  ck_assert_int_eq(CALL(3), FM_ERR_ARGUMENT);
  spec.clock = 0;
  spec.after = -1;
  ck_assert_int_eq(CALL(3), FM_ERR_ARGUMENT);
  spec.after = 0;
  spec.gap_days = -1;
  ck_assert_int_eq(CALL(3), FM_ERR_ARGUMENT);
  spec.gap_days = 0;
  ck_assert_uint_eq(n, 7);
  fm_run cancel = FM_RUN_INIT;
  cancel.progress = refuse_after;
  run = &cancel;
  ck_assert_int_eq(CALL(3), FM_ERR_CANCELLED);
  run = NULL;
  ck_assert_int_eq(fm_spell_milestone(NULL, NULL, NULL, NULL, NULL, NULL, person, start, end, 3, &spec, NULL, NULL),
                   FM_ERR_ARGUMENT);
  ck_assert_int_eq(CALL((size_t)UINT32_MAX), FM_ERR_LIMIT);
  fm_error_clear(&err);
  spec.as_of = 2; /* nothing has begun */
  fm_assert_ok(CALL(3), &err);
  ck_assert_uint_eq(n, 0);
#undef CALL
}
END_TEST

static fm_status all_of(void *ctx, fm_error *err)
{
  const spells *s = ctx;
  fm_spell_milestone_spec spec = FM_SPELL_MILESTONE_SPEC_INIT;
  spec.as_of = 1000;
  size_t n;
  return fm_spell_milestone(&n, NULL, NULL, NULL, NULL, NULL, s->person, s->start, s->end, s->n, &spec, NULL, err);
}

START_TEST(allocations)
{
  uint64_t state = 9;
  fm_error err = FM_ERROR_INIT;
  spells s = spells_random(&state, 500, 30);
  ck_assert_int_ge(fm_test_allocations(all_of, &s), 6);
  s.start[0] = -700000;
  ck_assert_int_ge(fm_test_allocations(all_of, &s), 6);
  fm_assert_ok(fm_spell_sort(s.person, s.start, s.end, s.label, s.n, NULL, &err), &err);
  ck_assert_int_ge(fm_test_allocations(all_of, &s), 4);
  spells_free(&s);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("spell-milestone");
  TCase *c = tcase_create("milestone");
  tcase_add_test(c, by_hand);
  tcase_add_test(c, every_oracle_person);
  tcase_add_test(c, same_as_apart);
  tcase_add_test(c, skewed_and_wide);
  tcase_add_test(c, few_people_far_apart);
  tcase_add_test(c, words_lie_side_by_side);
  tcase_add_test(c, pieces);
  tcase_add_test(c, refuses);
  tcase_add_test(c, allocations);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
