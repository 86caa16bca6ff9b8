/* What spells say day by day: the slow way that every answer about states is compared with. */
#ifndef FM_TESTS_SPELL_DAYS_H
#define FM_TESTS_SPELL_DAYS_H

#include "spell/people.h"

enum { DAY_FROM = 590, DAY_TO = 1000, DAYS = DAY_TO - DAY_FROM, STATES = 3 }; /* those of spells_random */

/* Which states each person (from least on) has each day. */
typedef struct marks {
  int32_t least, n_people;
  uint8_t (*day)[STATES][DAYS];
  bool *seen; /* has a spell that took place */
} marks;

static inline marks marks_of(const spells *s, int32_t least, int32_t n_people)
{
  marks m = {least, n_people, calloc((size_t)n_people, sizeof *m.day), calloc((size_t)n_people, 1)};
  for (size_t i = 0; i < s->n; i++)
    for (int32_t d = s->start[i]; d < s->end[i] && d < DAY_TO; d++) {
      m.day[s->person[i] - least][s->label[i]][d - DAY_FROM] = 1;
      m.seen[s->person[i] - least] = true;
    }
  return m;
}

static inline void marks_free(marks *m)
{
  free(m->day);
  free(m->seen);
}

/* First day of the stretch of days in the state that holds day d. */
static inline int32_t stretch_start(const marks *m, int32_t p, int32_t state, int32_t d)
{
  while (d > 0 && m->day[p][state][d - 1])
    d--;
  return d;
}

/* The state that a policy gives the day, or FM_SPELL_NO_STATE. */
static inline int32_t state_by(const marks *m, int32_t p, int32_t d, int32_t policy, const int32_t *ranking)
{
  int32_t best = FM_SPELL_NO_STATE, best_start = 0;
  if (policy == FM_SPELL_OVERLAP_PRIORITY) {
    for (int32_t k = 0; k < STATES; k++)
      if (m->day[p][ranking[k]][d])
        return ranking[k];
    return best;
  }
  for (int32_t state = 0; state < STATES; state++) {
    if (!m->day[p][state][d])
      continue;
    int32_t start = stretch_start(m, p, state, d);
    bool better = policy == FM_SPELL_OVERLAP_LAST ? start >= best_start : start < best_start;
    if (best == FM_SPELL_NO_STATE || better) {
      best = policy == FM_SPELL_OVERLAP_UNION ? 0 : state;
      best_start = start;
    }
  }
  return best;
}

/* The same rows in another order, some of them in two pieces, some twice: what no answer may show. Sorted. */
static inline spells spells_disguised(const spells *s, uint64_t *state)
{
  fm_error err = FM_ERROR_INIT;
  spells t = spells_new(2 * s->n);
  for (size_t i = 0; i < s->n; i++) {
    int32_t end = s->end[i] < DAY_TO ? s->end[i] : DAY_TO, middle = s->start[i] + (end - s->start[i]) / 2;
    bool twice = draw(state, 3) == 0;
    size_t k = s->n + i;
    t.person[i] = t.person[k] = s->person[i];
    t.label[i] = t.label[k] = s->label[i];
    t.start[i] = s->start[i];
    t.end[i] = twice ? s->end[i] : middle;
    t.start[k] = twice ? s->start[i] : middle;
    t.end[k] = s->end[i];
  }
  fm_assert_ok(fm_spell_sort(t.person, t.start, t.end, t.label, t.n, NULL, &err), &err);
  return t;
}

#endif
