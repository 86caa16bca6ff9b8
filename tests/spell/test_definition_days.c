/* Definitions against a slow reference that knows each day, and what must not change an answer. */
#include "spell/definition_lives.h"

/* Days of the longest run of days in `letters`. */
static int32_t longest(const char *days, int32_t from, int32_t to, const char *letters)
{
  int32_t best = 0, run = 0;
  for (int32_t t = from; t < to; t++) {
    run = strchr(letters, days[t]) != NULL ? run + 1 : 0;
    best = run > best ? run : best;
  }
  return best;
}

static int32_t expected(const reference *r, const fm_spell_definition *d, const fm_spell_unit *u, int32_t horizon)
{
  int32_t yes = 0, no = 0, from = u->index, to = u->index + horizon;
  if (d->any_episode == 1)
    return longest(r->days, from, to, "+=") >= d->needed    ? FM_SPELL_YES
           : longest(r->days, from, to, "+=?u") < d->needed ? FM_SPELL_NO
                                                            : FM_SPELL_UNKNOWN;
  if (d->rule == FM_SPELL_POINT)
    from = to - 1;
  for (int32_t t = from; t < to; t++) {
    yes += r->days[t] == '+' || r->days[t] == '=';
    no += is_pause(r->days[t]);
  }
  if (d->rule == FM_SPELL_K_OF_N || d->rule == FM_SPELL_CUMULATIVE)
    return yes >= d->needed ? FM_SPELL_YES : to - from - no < d->needed ? FM_SPELL_NO : FM_SPELL_UNKNOWN;
  return no > 0 ? FM_SPELL_NO : yes == to - from ? FM_SPELL_YES : FM_SPELL_UNKNOWN;
}

/* Rows `which` of the untold ones, counted from 0, count; the others do not. Returns how many untold ones there are. */
static size_t read_untold(life *out, const life *l, uint32_t which)
{
  size_t n = 0;
  *out = *l;
  for (size_t i = 0; i < l->n; i++)
    if (l->states[i].state == FM_SPELL_STATE_UNTOLD)
      out->states[i].state = (which >> n++ & 1) != 0 ? FM_SPELL_STATE_COUNTS : FM_SPELL_STATE_OTHER;
  return n;
}

/* A day on which an untold row and one of grace decide. */
static bool is_mixed(const life *l)
{
  for (size_t i = 0; i < l->n; i++)
    for (size_t k = 0; k < l->n; k++)
      if (l->states[i].state == FM_SPELL_STATE_UNTOLD && l->states[k].state == FM_SPELL_STATE_GRACE &&
          l->states[i].start < l->states[k].end && l->states[k].start < l->states[i].end)
        return true;
  return false;
}

static int32_t answer_to(const life *l)
{
  reference r = days_of(&l->d, l->none, &l->unit, l->states, l->n);
  return expected(&r, &l->d, &l->unit, l->horizon);
}

START_TEST(day_by_day)
{
  uint64_t seed = 164;
  size_t seen[3] = {0}, compared = 0;
  for (int k = 0; k < 20000; k++) {
    life l = fixed_life(&seed), none, all;
    if (l.none == FM_SPELL_STATE_COUNTS && l.d.least_run_days > 0)
      l.d.least_run_days = 0; /* the run before day 0 is longer than the reference can see */
    read_untold(&none, &l, 0);
    read_untold(&all, &l, UINT32_MAX);
    int32_t left_open = answer_to(&l), low = answer_to(&none), high = answer_to(&all);
    int32_t want = low == FM_SPELL_YES ? low : high == FM_SPELL_NO ? high : FM_SPELL_UNKNOWN;
    fm_spell_outcome got = outcome_of(&l.d, l.horizon, l.none, &l.unit, l.states, l.n);
    if (l.d.least_run_days > 1 && is_mixed(&l) && want != left_open)
      continue;
    ck_assert_msg(got.status == want, "life %d, %s, horizon %d: got %d, expected %d", k, fm_spell_rule_name(l.d.rule),
                  l.horizon, got.status, want);
    if (got.in_rate == 1)
      ck_assert_int_ne(got.status, FM_SPELL_UNKNOWN);
    seen[want]++;
    compared++;
  }
  ck_assert_uint_gt(compared, 19000);
  for (int k = 0; k < 3; k++)
    ck_assert_uint_gt(seen[k], 1000);
}
END_TEST

/* An answer that is known is that of every way to read the untold rows; one that all ways agree on is known. */
START_TEST(all_readings)
{
  uint64_t seed = 53;
  size_t known = 0, open = 0;
  for (int k = 0; k < 20000; k++) {
    life l = draw_life(&seed), one;
    size_t n = read_untold(&one, &l, 0);
    if (n == 0 || n > 6)
      continue;
    fm_spell_outcome got = outcome_of(&l.d, l.horizon, l.none, &l.unit, l.states, l.n);
    int32_t first = FM_SPELL_UNKNOWN;
    bool agree = true;
    for (uint32_t which = 0; which < 1U << n; which++) {
      read_untold(&one, &l, which);
      fm_spell_outcome told = outcome_of(&l.d, l.horizon, l.none, &l.unit, one.states, one.n);
      if (got.status != FM_SPELL_UNKNOWN)
        ck_assert_msg(told.status == got.status, "life %d, reading %u: %d, not %d", k, which, told.status, got.status);
      ck_assert_msg(told.n_yes >= got.n_yes && told.n_no >= got.n_no, "life %d, reading %u", k, which);
      first = which == 0 ? told.status : first;
      agree &= told.status == first && first != FM_SPELL_UNKNOWN;
    }
    if (agree && !(l.d.least_run_days > 1 && is_mixed(&l)))
      ck_assert_msg(got.status == first, "life %d: all readings are %d, got %d", k, first, got.status);
    known += got.status != FM_SPELL_UNKNOWN;
    open += got.status == FM_SPELL_UNKNOWN && got.reason == FM_SPELL_UNTOLD;
  }
  ck_assert_uint_gt(known, 1000);
  ck_assert_uint_gt(open, 300);
}
END_TEST

/* Cutting a state in two, repeating it, or another order of equal starts changes nothing. */
START_TEST(splitting)
{
  uint64_t seed = 39;
  for (int k = 0; k < 3000; k++) {
    life l = draw_life(&seed), cut = l;
    fm_spell_outcome whole = outcome_of(&l.d, l.horizon, l.none, &l.unit, l.states, l.n);
    for (size_t i = 0; i < l.n; i++) {
      fm_spell_state *s = &cut.states[i];
      int32_t last = s->end == FM_SPELL_OPEN ? s->start + 30 : s->end;
      if (draw(&seed, 3) == 0 || last - s->start < 2)
        continue;
      fm_spell_state half = *s;
      half.start = s->start + 1 + (int32_t)draw(&seed, (uint32_t)(last - s->start - 1));
      s->end = draw(&seed, 4) == 0 ? s->end : half.start; /* some overlap */
      cut.states[cut.n++] = half;
    }
    qsort(cut.states, cut.n, sizeof cut.states[0], compare_states);
    fm_spell_outcome parts = outcome_of(&l.d, l.horizon, l.none, &l.unit, cut.states, cut.n);
    ck_assert(memcmp(&whole, &parts, sizeof whole) == 0);
  }
}
END_TEST

/* What is known stays known as more days are seen. */
START_TEST(later)
{
  uint64_t seed = 50;
  size_t known = 0;
  for (int k = 0; k < 5000; k++) {
    life l = draw_life(&seed);
    fm_spell_outcome now = outcome_of(&l.d, l.horizon, l.none, &l.unit, l.states, l.n);
    l.unit.observed_to += 1 + (int32_t)draw(&seed, 80);
    fm_spell_outcome then = outcome_of(&l.d, l.horizon, l.none, &l.unit, l.states, l.n);
    if (now.status == FM_SPELL_UNKNOWN)
      continue;
    ck_assert_int_eq(now.status, then.status);
    ck_assert_int_ge(then.in_rate, now.in_rate);
    known++;
  }
  ck_assert_uint_gt(known, 1000);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("spell-definition_days");
  TCase *t = tcase_create("properties");
  tcase_set_timeout(t, 120);
  tcase_add_test(t, day_by_day);
  tcase_add_test(t, all_readings);
  tcase_add_test(t, splitting);
  tcase_add_test(t, later);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
