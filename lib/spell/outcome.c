/* What came of each person's episodes: retained, sustained, survival records. */
#include "spell/spell_priv.h"

fm_status fm_spell_retained(size_t *n_persons, int32_t *persons, int32_t *target, uint8_t *retained, uint8_t *in_rate,
                            const int32_t *person, const int32_t *start, const int32_t *end, size_t n, int32_t months,
                            int32_t gap_days, int32_t as_of, const fm_run *run, fm_error *err)
{
  fm__spells s = {person, start, end, NULL, n, gap_days, as_of};
  if (n_persons == NULL || months < 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "n_persons must be given, and months must not be negative");
  fm_status status = fm__spells_check(&s, run, err);
  if (status != FM_OK)
    return status;
  fm__walk w = {0};
  fm_spell_episode e;
  bool first;
  size_t k = 0;
  while (fm__spells_next(&s, &w, &e, &first)) {
    if (!first)
      continue;
    int32_t day = fm_date_add_months(e.start, months);
    uint8_t answer = e.undetermined ? FM_SPELL_UNKNOWN : FM_SPELL_NO;
    if (day != FM_NO_DATE && day < e.end)
      answer = FM_SPELL_YES;
    if (persons != NULL)
      persons[k] = e.person;
    if (target != NULL)
      target[k] = day;
    if (retained != NULL)
      retained[k] = answer;
    if (in_rate != NULL)
      in_rate[k] = fm__spell_in_rate(day, gap_days, as_of);
    k++;
  }
  *n_persons = k;
  return FM_OK;
}

typedef struct reached {
  uint8_t answer;
  int32_t day;
} reached;

/* Starts are in order, so that the first episode long enough is also the first to get there. */
static void consider(reached *r, const fm_spell_episode *e, int32_t days)
{
  if (r->answer == FM_SPELL_YES)
    return;
  if (e->end - e->start >= days) {
    r->answer = FM_SPELL_YES;
    r->day = e->start + days - 1;
  } else if (e->undetermined) {
    r->answer = FM_SPELL_UNKNOWN;
  }
}

fm_status fm_spell_sustained(size_t *n_persons, int32_t *persons, uint8_t *first, int32_t *first_day, uint8_t *any,
                             int32_t *any_day, const int32_t *person, const int32_t *start, const int32_t *end,
                             size_t n, int32_t weeks, int32_t gap_days, int32_t as_of, const fm_run *run, fm_error *err)
{
  fm__spells s = {person, start, end, NULL, n, gap_days, as_of};
  if (n_persons == NULL || weeks < 1 || weeks > 5218)
    return fm__fail(err, FM_ERR_ARGUMENT, "n_persons must be given, and weeks must be from 1 to 5218");
  fm_status status = fm__spells_check(&s, run, err);
  if (status != FM_OK)
    return status;
  fm__walk w = {0};
  fm_spell_episode e;
  bool is_first;
  size_t k = 0;
  reached one = {0}, all = {0};
  for (bool more = fm__spells_next(&s, &w, &e, &is_first); more;) {
    one = all = (reached){FM_SPELL_NO, FM_NO_DATE};
    consider(&one, &e, 7 * weeks);
    int32_t who = e.person;
    do {
      consider(&all, &e, 7 * weeks);
      more = fm__spells_next(&s, &w, &e, &is_first);
    } while (more && !is_first);
    if (persons != NULL)
      persons[k] = who;
    if (first != NULL)
      first[k] = one.answer;
    if (first_day != NULL)
      first_day[k] = one.day;
    if (any != NULL)
      any[k] = all.answer;
    if (any_day != NULL)
      any_day[k] = all.day;
    k++;
  }
  *n_persons = k;
  return FM_OK;
}

/* Does a spell of another label go on beyond the end, or start within the gap after it? */
static bool went_elsewhere(const fm__spells *s, const fm__walk *w, const fm_spell_episode *e)
{
  for (size_t i = w->first_row; i < s->n && s->person[i] == e->person; i++) {
    int32_t end = s->end[i] < s->as_of ? s->end[i] : s->as_of;
    if (s->start[i] < s->as_of && end > s->start[i] && s->label[i] != w->label && end > e->end &&
        s->start[i] - e->end <= s->gap_days)
      return true;
  }
  return false;
}

fm_status fm_spell_survival(size_t *n_out, int32_t *persons, int32_t *time_days, uint8_t *reason, const int32_t *person,
                            const int32_t *start, const int32_t *end, const int32_t *label, size_t n, int32_t gap_days,
                            int32_t as_of, const fm_run *run, fm_error *err)
{
  fm__spells s = {person, start, end, label, n, gap_days, as_of};
  if (n_out == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "n_out must be given");
  fm_status status = fm__spells_check(&s, run, err);
  if (status != FM_OK)
    return status;
  fm__walk w = {0};
  fm_spell_episode e;
  bool first;
  size_t k = 0;
  while (fm__spells_next(&s, &w, &e, &first)) {
    int32_t seen = as_of - gap_days - 1 - e.start; /* days up to the last on which an end can be recognised */
    if (!first || seen <= 0)
      continue;
    uint8_t why = FM_SPELL_CENSORED;
    if (!e.undetermined)
      why = label != NULL && went_elsewhere(&s, &w, &e) ? FM_SPELL_OTHER_JOB : FM_SPELL_NOT_EMPLOYED;
    if (persons != NULL)
      persons[k] = e.person;
    if (time_days != NULL)
      time_days[k] = e.undetermined ? seen : e.end - e.start;
    if (reason != NULL)
      reason[k] = why;
    k++;
  }
  *n_out = k;
  return FM_OK;
}
