/* The eighteen people of tests/oracle/spell as spells, and random spells. */
#ifndef FM_TESTS_SPELL_PEOPLE_H
#define FM_TESTS_SPELL_PEOPLE_H

#include <stdio.h>
#include <string.h>

#include "support/support.h"

typedef struct spells {
  int32_t *person, *start, *end, *label;
  size_t n;
} spells;

static inline spells spells_new(size_t n)
{
  spells s = {calloc(n + 1, 4), calloc(n + 1, 4), calloc(n + 1, 4), calloc(n + 1, 4), n};
  return s;
}

static inline void spells_free(spells *s)
{
  free(s->person);
  free(s->start);
  free(s->end);
  free(s->label);
}

static inline spells spells_copy(const spells *s)
{
  spells c = spells_new(s->n);
  memcpy(c.person, s->person, s->n * 4);
  memcpy(c.start, s->start, s->n * 4);
  memcpy(c.end, s->end, s->n * 4);
  memcpy(c.label, s->label, s->n * 4);
  return c;
}

static inline int32_t day_of(const char *text)
{
  int32_t date = FM_NO_DATE;
  fm_error err = FM_ERROR_INIT;
  if (text[0] != '\0')
    fm_assert_ok(fm_date_parse(&date, text, strlen(text), NULL, &err), &err);
  return date;
}

/* "P07" is person 7. */
static inline int32_t person_of(const char *text)
{
  return (int32_t)strtol(text + 1, NULL, 10);
}

#define AS_OF 20635 /* 2026-07-01 */

/* As in the file: closed dates, rejected ones among them; labels are the employers' letters. */
static inline spells spells_read(void)
{
  fm_oracle *o = fm_oracle_open("spell/spells.csv");
  spells s = spells_new(fm_oracle_n_rows(o));
  for (size_t i = 0; i < s.n; i++) {
    s.person[i] = person_of(fm_oracle_text(o, i, "person"));
    s.start[i] = day_of(fm_oracle_text(o, i, "start"));
    s.end[i] = day_of(fm_oracle_text(o, i, "end"));
    s.label[i] = fm_oracle_text(o, i, "employer")[0];
  }
  fm_oracle_close(o);
  return s;
}

static inline spells spells_sorted(void)
{
  fm_error err = FM_ERROR_INIT;
  spells s = spells_read();
  fm_assert_ok(fm_spell_from_closed(s.start, s.end, NULL, NULL, s.n, AS_OF, &err), &err);
  fm_assert_ok(fm_spell_sort(s.person, s.start, s.end, s.label, s.n, NULL, &err), &err);
  return s;
}

/* A small generator of its own, so that a run can be repeated. */
static inline uint32_t draw(uint64_t *state, uint32_t below)
{
  *state = *state * 6364136223846793005U + 1442695040888963407U;
  return (uint32_t)((*state >> 33) % below);
}

/* Spells of up to `people` people around as_of 1000: some open, reversed, in the future, overlapping, adjacent. */
static inline spells spells_random(uint64_t *state, size_t n, uint32_t people)
{
  spells s = spells_new(n);
  for (size_t i = 0; i < n; i++) {
    s.person[i] = (int32_t)draw(state, people) - 3;
    s.start[i] = 600 + (int32_t)draw(state, 410);
    s.end[i] = draw(state, 8) == 0 ? FM_SPELL_OPEN : s.start[i] - 3 + (int32_t)draw(state, 60);
    s.label[i] = (int32_t)draw(state, 3);
  }
  return s;
}

/* Expected answer of an oracle cell: 0, 1 or NA. */
static inline uint8_t answer_of(const char *text)
{
  return text[0] == 'N' ? FM_SPELL_UNKNOWN : text[0] == '1' ? FM_SPELL_YES : FM_SPELL_NO;
}

#endif
