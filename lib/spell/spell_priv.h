/* Episodes one by one, for what is counted person by person. */
#ifndef FM_SPELL_PRIV_H
#define FM_SPELL_PRIV_H

#include "base/base_priv.h"
#include "calendar/calendar_priv.h"
#include "flexmetrics/spell.h"

/* Sorted spells and how they are read. */
typedef struct fm__spells {
  const int32_t *person, *start, *end;
  const int32_t *label; /* NULL: all spells; else only those with the label of the person's first one */
  size_t n;
  int32_t gap_days, as_of;
} fm__spells;

/* Dates are dates, rows are in order, gap and as_of in range. */
fm_status fm__spells_check(const fm__spells *s, const fm_run *run, fm_error *err);

/* The dates of row i alone. */
fm_status fm__spells_check_dates(const fm__spells *s, size_t i, fm_error *err);

/* `n` days, weeks, months, quarters or years after a day; FM_NO_DATE beyond the calendar. */
int32_t fm__clock_add(int32_t day, int32_t clock, int32_t n);

/* A walk over the episodes; `at` 0 and `started` false to begin. */
typedef struct fm__walk {
  size_t at, first_row; /* next row; first row of the episode's person */
  int32_t person, label;
  bool started;
} fm__walk;
/* Next episode; `*first` tells whether it is its person's first. false at the end. */
bool fm__spells_next(const fm__spells *s, fm__walk *w, fm_spell_episode *e, bool *first);

/* Joined episodes made ready for questions; `at` remembers where the last one was answered. */
typedef struct fm__asked {
  const fm_spell_episode *episodes;
  size_t n, at;
} fm__asked;
/* Last episode of `person` that starts on or before `day`; NULL when there is none. */
const fm_spell_episode *fm__asked_find(fm__asked *a, int32_t person, int32_t day);

static inline bool fm__spell_undetermined(int32_t end, int32_t gap_days, int32_t as_of)
{
  return (int64_t)end + gap_days >= as_of;
}

/* Day and gap are seen in full. */
static inline bool fm__spell_in_rate(int32_t target, int32_t gap_days, int32_t as_of)
{
  return target != FM_NO_DATE && (int64_t)target + gap_days + 1 < as_of;
}

#endif
