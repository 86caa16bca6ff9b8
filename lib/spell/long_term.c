/* Long-term unemployment: days on end with bridged pauses, or a share of a window. */
#include "flexmetrics/spell_long_term.h"

#include <math.h>

#include "spell/spell_priv.h"

static const fm_spell_long_term_spec defaults = FM_SPELL_LONG_TERM_SPEC_INIT;

void fm_spell_long_term_spec_init(fm_spell_long_term_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

/* Days without a pause, and the paid hours in the pause before them. */
typedef struct run {
  int32_t start, end;
  double hours;
} run;

typedef struct runs {
  run *items;
  size_t n, capacity;
} runs;

typedef struct answer {
  int32_t reached; /* FM_NO_DATE: never */
  int32_t ever, now;
} answer;

/* ---- days on end ---- */

static bool bridges(const fm_spell_long_term_spec *s, const run *before, const run *after, bool doubtful)
{
  if (after->start - before->end > s->max_gap_days)
    return false;
  return isnan(after->hours) ? doubtful : after->hours <= s->max_gap_hours;
}

/* Is the count full within the next `days` days, `count` before them? Then the day is noted. */
static void advance(answer *a, int64_t *count, int32_t from, int32_t days, const fm_spell_long_term_spec *s)
{
  if (a->reached == FM_NO_DATE && *count + days >= s->min_days)
    a->reached = (int32_t)(from + (s->min_days - *count) - 1);
  *count += days;
}

/* `doubtful`: a pause with unknown hours is bridged. */
static answer on_end(const runs *r, const fm_spell_long_term_spec *s, int32_t as_of, bool doubtful)
{
  answer a = {FM_NO_DATE, FM_SPELL_NO, FM_SPELL_NO};
  int64_t count = 0;
  for (size_t i = 0; i < r->n; i++) {
    const run *one = &r->items[i];
    if (i == 0 || !bridges(s, one - 1, one, doubtful))
      count = 0;
    else if (s->gap_counts == 1)
      advance(&a, &count, one[-1].end, one->start - one[-1].end, s);
    advance(&a, &count, one->start, one->end - one->start, s);
  }
  a.ever = a.reached != FM_NO_DATE ? FM_SPELL_YES : FM_SPELL_NO;
  int32_t pause = as_of - r->items[r->n - 1].end;
  if (pause == 0)
    a.now = count >= s->min_days ? FM_SPELL_YES : FM_SPELL_NO;
  else if (pause <= s->max_gap_days && count + (s->gap_counts == 1 ? pause : 0) >= s->min_days)
    a.now = FM_SPELL_UNKNOWN; /* the pause may still be bridged */
  if (a.now == FM_SPELL_UNKNOWN && a.ever == FM_SPELL_NO)
    a.ever = FM_SPELL_UNKNOWN;
  return a;
}

/* ---- a share of a window ---- */

/* Days in the runs before `day`; `at` and `before` remember the runs that end by then. */
static int64_t days_before(const runs *r, size_t *at, int64_t *before, int64_t day)
{
  while (*at < r->n && r->items[*at].end <= day) {
    *before += r->items[*at].end - r->items[*at].start;
    (*at)++;
  }
  bool inside = *at < r->n && r->items[*at].start < day;
  return *before + (inside ? day - r->items[*at].start : 0);
}

static answer of_window(const runs *r, const fm_spell_long_term_spec *s, int32_t as_of)
{
  answer a = {FM_NO_DATE, FM_SPELL_NO, FM_SPELL_NO};
  double needed = s->share * s->window_days;
  size_t at = 0;
  int64_t old = 0, total = 0;
  for (size_t i = 0; i < r->n; i++) {
    for (int32_t day = r->items[i].start; day < r->items[i].end && a.reached == FM_NO_DATE; day++) {
      int64_t to = total + (day + 1 - r->items[i].start);
      if ((double)(to - days_before(r, &at, &old, (int64_t)day + 1 - s->window_days)) >= needed)
        a.reached = day;
    }
    total += r->items[i].end - r->items[i].start;
  }
  at = 0;
  old = 0;
  a.ever = a.reached != FM_NO_DATE ? FM_SPELL_YES : FM_SPELL_NO;
  if ((double)(total - days_before(r, &at, &old, (int64_t)as_of - s->window_days)) >= needed)
    a.now = FM_SPELL_YES;
  return a;
}

/* ---- everybody ---- */

static fm_status check_spec(const fm_spell_long_term_spec *s, fm_error *err)
{
  if (!(s->share >= 0 && s->share <= 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "long-term: share must be from 0 to 1");
  if (!(s->max_gap_hours >= 0))
    return fm__fail(err, FM_ERR_ARGUMENT, "long-term: max_gap_hours must be 0 or more");
  if (s->min_days < 1 || s->min_days > FM_SPELL_GAP_MAX || s->window_days < 1 || s->window_days > FM_SPELL_GAP_MAX ||
      s->max_gap_days < 0 || s->max_gap_days > FM_SPELL_GAP_MAX)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "long-term: min_days and window_days must be from 1 to %d, max_gap_days from 0 to %d",
                    FM_SPELL_GAP_MAX, FM_SPELL_GAP_MAX);
  if (s->gap_counts != 0 && s->gap_counts != 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "long-term: gap_counts must be 0 or 1");
  return FM_OK;
}

static fm_status check_hours(const double *hours, size_t n, fm_error *err)
{
  for (size_t i = 0; hours != NULL && i < n; i++)
    if (hours[i] < 0) {
      fm__fail(err, FM_ERR_VALUE, "hours_before must be 0 or more");
      fm__error_place(err, NULL, NULL, -1, (int64_t)i, -1);
      return FM_ERR_VALUE;
    }
  return FM_OK;
}

/* The runs of the person whose rows begin at `i`; returns the row after them, or SIZE_MAX without memory. */
static size_t take_person(runs *r, const fm__spells *s, const double *hours, size_t i)
{
  int32_t who = s->person[i];
  r->n = 0;
  for (; i < s->n && s->person[i] == who; i++) {
    int32_t end = s->end[i] < s->as_of ? s->end[i] : s->as_of;
    double own = hours != NULL ? hours[i] : 0;
    if (s->start[i] >= end)
      continue;
    run *last = r->n > 0 ? &r->items[r->n - 1] : NULL;
    if (last != NULL && s->start[i] <= last->end) {
      if (s->start[i] == last->start && (isnan(own) || own > last->hours)) /* rows that begin together: the most */
        last->hours = own;
      last->end = end > last->end ? end : last->end;
      continue;
    }
    if (!fm__grow((void **)&r->items, &r->capacity, r->n + 1, sizeof *r->items))
      return SIZE_MAX;
    r->items[r->n++] = (run){s->start[i], end, own};
  }
  return i;
}

static fm_spell_long_term_result result_of(const runs *r, const fm_spell_long_term_spec *s, int32_t person,
                                           int32_t as_of)
{
  if (s->share > 0) {
    answer a = of_window(r, s, as_of);
    return (fm_spell_long_term_result){person, a.reached, a.ever, a.now};
  }
  answer with = on_end(r, s, as_of, true), without = on_end(r, s, as_of, false);
  return (fm_spell_long_term_result){person, with.reached == without.reached ? with.reached : FM_NO_DATE,
                                     with.ever == without.ever ? with.ever : FM_SPELL_UNKNOWN,
                                     with.now == without.now ? with.now : FM_SPELL_UNKNOWN};
}

fm_status fm_spell_long_term(size_t *n_persons, fm_spell_long_term_result *results, const int32_t *person,
                             const int32_t *start, const int32_t *end, const double *hours_before, size_t n,
                             const fm_spell_long_term_spec *spec, int32_t as_of, const fm_run *run_, fm_error *err)
{
  fm__spells s = {person, start, end, NULL, n, 0, as_of};
  fm_spell_long_term_spec taken = defaults;
  runs r = {0};
  size_t k = 0;
  if (n_persons == NULL || (n > 0 && results == NULL))
    return fm__fail(err, FM_ERR_ARGUMENT, "n_persons and results must be given");
  fm_status status = fm__spec_take(&taken, sizeof taken, spec, "fm_spell_long_term_spec", err);
  if (status == FM_OK)
    status = check_spec(&taken, err);
  if (status == FM_OK)
    status = fm__spells_check(&s, run_, err);
  if (status == FM_OK)
    status = check_hours(hours_before, n, err);
  for (size_t i = 0, next; status == FM_OK && i < n; i = next) {
    next = take_person(&r, &s, hours_before, i);
    if (next == SIZE_MAX)
      status = fm__no_memory(err);
    else if (r.n > 0)
      results[k++] = result_of(&r, &taken, person[i], as_of);
  }
  fm__free(r.items);
  if (status == FM_OK)
    *n_persons = k;
  return status;
}
