/* Random lives, and a slow reference that knows each of their days. */
#ifndef FM_TESTS_SPELL_DEFINITION_LIVES_H
#define FM_TESTS_SPELL_DEFINITION_LIVES_H

#include "spell/definition_days.h"

enum { DAYS = 400, MOST_STATES = 12 };

/* ---- the reference: one letter a day ---- */

/* What a day is: of the states on it the one that comes first in the text. */
static inline char day_letter(const fm_spell_state *s, size_t n, int32_t day, int32_t none)
{
  static const char letters[] = "-nlgu+n-"; /* by FM_SPELL_STATE_; those that bar are told apart below */
  static const char order[] = "+ugln";
  char best = '-';
  for (size_t i = 0; i < n; i++) {
    if (s[i].start > day || s[i].end <= day)
      continue;
    if (s[i].state == FM_SPELL_STATE_BARS)
      return 'n';
    char c = s[i].state == FM_SPELL_STATE_CENSORS ? 'n' : letters[s[i].state];
    if (c != '-' && (best == '-' || strchr(order, c) < strchr(order, best)))
      best = c;
  }
  if (best == '-')
    best = none == FM_SPELL_STATE_COUNTS ? '+' : 'n';
  return best;
}

static inline bool is_pause(char c)
{
  return c == 'n' || c == 'l' || c == 'g';
}

/* Does the pause [a, b) fit into the gap or the grace? */
static inline bool fits(const char *days, int32_t a, int32_t b, const fm_spell_definition *d)
{
  int32_t outside = 0;
  for (int32_t t = a; t < b; t++)
    outside += days[t] != 'g';
  return b - a <= d->gap_days || (b - a <= d->grace_days && outside <= d->gap_days);
}

static inline void short_runs(char *days, int32_t end, const fm_spell_definition *d)
{
  for (int32_t a = 0, b; a < end; a = b) {
    for (b = a + 1; b < end && days[b] == days[a];)
      b++;
    if (days[a] != '+' || b - a >= d->least_run_days)
      continue;
    bool open = b == end || days[b] == 'u' || (a > 0 && days[a - 1] == 'u');
    memset(days + a, open ? '?' : 'n', (size_t)(b - a));
  }
}

/* Bridged days become =, days that a later one may bridge ?. */
static inline void pauses(char *days, int32_t end, const fm_spell_definition *d)
{
  for (int32_t a = 0; a < end; a++) { /* between two runs, whatever is in it */
    if (days[a] != '+')
      continue;
    int32_t b = a + 1;
    while (b < end && days[b] != '+')
      b++;
    if (b < end && b - a - 1 <= d->gap_days)
      memset(days + a + 1, '=', (size_t)(b - a - 1));
  }
  for (int32_t a = 0; a < end; a++) {
    int32_t b = a + 1;
    if (is_pause(days[a]))
      continue;
    while (b < end && is_pause(days[b]))
      b++;
    if (b == a + 1 || !fits(days, a + 1, b, d))
      continue;
    bool sure = b < end && days[a] == '+' && days[b] == '+';
    memset(days + a + 1, sure ? '=' : '?', (size_t)(b - a - 1));
  }
}

typedef struct reference {
  char days[DAYS + 1];
  int32_t end;
} reference;

static inline reference days_of(const fm_spell_definition *d, int32_t none, const fm_spell_unit *u,
                                const fm_spell_state *s, size_t n)
{
  reference r = {.end = u->observed_to};
  for (size_t i = 0; i < n; i++)
    for (int32_t t = u->index; s[i].state == FM_SPELL_STATE_CENSORS && t < r.end; t++)
      if (s[i].start <= t && s[i].end > t)
        r.end = t;
  for (int32_t t = 0; t < r.end; t++)
    r.days[t] = day_letter(s, n, t, none);
  short_runs(r.days, r.end, d);
  pauses(r.days, r.end, d);
  for (int32_t t = r.end; t < DAYS; t++)
    r.days[t] = '?';
  return r;
}

/* ---- random lives ---- */

typedef struct life {
  fm_spell_definition d;
  fm_spell_unit unit;
  fm_spell_state states[2 * MOST_STATES];
  size_t n;
  int32_t horizon, none;
} life;

static inline int compare_states(const void *a, const void *b)
{
  const fm_spell_state *x = a, *y = b;
  return x->start < y->start ? -1 : x->start > y->start;
}

static inline life draw_life(uint64_t *seed)
{
  static const int32_t states[] = {FM_SPELL_STATE_COUNTS, FM_SPELL_STATE_COUNTS, FM_SPELL_STATE_COUNTS,
                                   FM_SPELL_STATE_GRACE,  FM_SPELL_STATE_GRACE,  FM_SPELL_STATE_OTHER,
                                   FM_SPELL_STATE_LEFT,   FM_SPELL_STATE_UNTOLD, FM_SPELL_STATE_BARS,
                                   FM_SPELL_STATE_IGNORED};
  life l = {.d = FM_SPELL_DEFINITION_INIT, .n = 1 + draw(seed, MOST_STATES)};
  l.d.clock = FM_SPELL_DAYS;
  l.d.horizons = "36525";
  l.d.rule = (int32_t)draw(seed, 4);
  l.d.any_episode = l.d.rule == FM_SPELL_CONTINUOUS && draw(seed, 2) == 0;
  l.d.gap_days = (int32_t)draw(seed, 3) * 5;
  l.d.grace_days = draw(seed, 2) == 0 ? 0 : 20;
  l.d.grace = l.d.grace_days > 0 ? "grace=yes" : NULL;
  l.d.least_run_days = (int32_t)draw(seed, 3) * 4;
  l.horizon = 1 + (int32_t)draw(seed, 150);
  bool needs = l.d.rule == FM_SPELL_K_OF_N || l.d.rule == FM_SPELL_CUMULATIVE || l.d.any_episode == 1;
  l.d.needed = needs ? 1 + (int32_t)draw(seed, (uint32_t)l.horizon) : 0;
  l.none = draw(seed, 4) == 0 ? FM_SPELL_STATE_COUNTS : FM_SPELL_STATE_OTHER;
  l.unit = (fm_spell_unit){7, 20 + (int32_t)draw(seed, 100), 1, INT32_MIN, 150 + (int32_t)draw(seed, 150)};
  for (size_t i = 0; i < l.n; i++) {
    int32_t start = (int32_t)draw(seed, 260), length = 1 + (int32_t)draw(seed, 60);
    int32_t state = draw(seed, 40) == 0 ? FM_SPELL_STATE_CENSORS : states[draw(seed, FM_COUNT(states))];
    l.states[i] = (fm_spell_state){7, start, draw(seed, 12) == 0 ? FM_SPELL_OPEN : start + length, 1, state};
  }
  qsort(l.states, l.n, sizeof l.states[0], compare_states);
  return l;
}

/* Before day 0 there is nothing, as in the reference: unless days without a record count. */
static inline life fixed_life(uint64_t *seed)
{
  life l = draw_life(seed);
  if (l.none == FM_SPELL_STATE_COUNTS)
    l.unit.observed_from = INT32_MIN;
  return l;
}

#endif
