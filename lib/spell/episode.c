/* Joining spells into episodes. Whatever asks about episodes walks them here, so that there is one joining rule. */
#include "spell/spell_priv.h"

static inline int32_t least(int32_t a, int32_t b)
{
  return a < b ? a : b;
}

static inline int32_t most(int32_t a, int32_t b)
{
  return a > b ? a : b;
}

fm_status fm__spells_check_dates(const fm__spells *s, size_t i, fm_error *err)
{
  if (fm__date_is_valid(s->start[i]) && (fm__date_is_valid(s->end[i]) || s->end[i] == FM_SPELL_OPEN))
    return FM_OK;
  fm__fail(err, FM_ERR_VALUE, "a spell must have a date as start, and a date or FM_SPELL_OPEN as end");
  fm__error_place(err, NULL, NULL, -1, (int64_t)i, -1);
  return FM_ERR_VALUE;
}

fm_status fm__spells_check(const fm__spells *s, const fm_run *run, fm_error *err)
{
  if (s->n > 0 && (s->person == NULL || s->start == NULL || s->end == NULL))
    return fm__fail(err, FM_ERR_ARGUMENT, "spells: person, start and end must be given");
  if (s->gap_days < 0 || s->gap_days > FM_SPELL_GAP_MAX)
    return fm__fail(err, FM_ERR_ARGUMENT, "gap_days is %d, it must be from 0 to %d", (int)s->gap_days,
                    FM_SPELL_GAP_MAX);
  if (!fm__date_is_valid(s->as_of))
    return fm__fail(err, FM_ERR_ARGUMENT, "as_of must be a date");
  fm_status status = fm__run_check(run, err);
  for (size_t i = 0; status == FM_OK && i < s->n; i++) {
    status = fm__spells_check_dates(s, i, err);
    if (status == FM_OK && i > 0 &&
        (s->person[i] < s->person[i - 1] || (s->person[i] == s->person[i - 1] && s->start[i] < s->start[i - 1]))) {
      status = fm__fail(err, FM_ERR_VALUE, "spells must be sorted by person and start: call fm_spell_sort first");
      fm__error_place(err, NULL, NULL, -1, (int64_t)i, -1);
    }
  }
  return status;
}

static inline bool took_place(const fm__spells *s, size_t i)
{
  return s->start[i] < s->as_of && s->end[i] > s->start[i];
}

static inline bool has_label(const fm__spells *s, const fm__walk *w, size_t i)
{
  return s->label == NULL || s->label[i] == w->label;
}

bool fm__spells_next(const fm__spells *s, fm__walk *w, fm_spell_episode *e, bool *first)
{
  size_t i = w->at;
  *first = false;
  for (; i < s->n; i++) {
    if (!took_place(s, i))
      continue;
    if (!w->started || s->person[i] != w->person) {
      w->started = *first = true;
      w->person = s->person[i];
      w->first_row = i;
      w->label = s->label == NULL ? 0 : s->label[i];
    }
    if (has_label(s, w, i))
      break;
  }
  w->at = i;
  if (i >= s->n)
    return false;
  int32_t end = least(s->end[i], s->as_of);
  *e = (fm_spell_episode){w->person, s->start[i], end, end - s->start[i], 1, 0};
  for (i++; i < s->n && s->person[i] == e->person; i++) {
    if (!took_place(s, i) || !has_label(s, w, i))
      continue;
    if (s->start[i] - e->end > s->gap_days)
      break;
    end = least(s->end[i], s->as_of);
    e->covered_days += most(0, end - most(s->start[i], e->end));
    e->end = most(e->end, end);
    e->n_spells++;
  }
  w->at = i;
  e->undetermined = fm__spell_undetermined(e->end, s->gap_days, s->as_of);
  return true;
}

fm_status fm_spell_join(size_t *n_episodes, fm_spell_episode *episodes, const int32_t *person, const int32_t *start,
                        const int32_t *end, size_t n, int32_t gap_days, int32_t as_of, const fm_run *run, fm_error *err)
{
  fm__spells s = {person, start, end, NULL, n, gap_days, as_of};
  if (n_episodes == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "n_episodes must be given");
  fm_status status = fm__spells_check(&s, run, err);
  if (status != FM_OK)
    return status;
  fm__walk w = {0};
  fm_spell_episode e;
  bool first;
  size_t k = 0;
  for (; fm__spells_next(&s, &w, &e, &first); k++)
    if (episodes != NULL)
      episodes[k] = e;
  *n_episodes = k;
  return FM_OK;
}

fm_status fm_spell_summarise(size_t *n_persons, fm_spell_summary *summaries, const int32_t *person,
                             const int32_t *start, const int32_t *end, size_t n, int32_t as_of, const fm_run *run,
                             fm_error *err)
{
  fm__spells s = {person, start, end, NULL, n, 0, as_of};
  if (n_persons == NULL || (n > 0 && summaries == NULL))
    return fm__fail(err, FM_ERR_ARGUMENT, "n_persons and summaries must be given");
  fm_status status = fm__spells_check(&s, run, err);
  if (status != FM_OK)
    return status;
  fm_spell_summary *p = NULL;
  size_t k = 0;
  for (size_t i = 0; i < n; i++) {
    if (!took_place(&s, i))
      continue;
    int32_t last = least(end[i], as_of);
    if (p == NULL || p->person != person[i]) {
      p = &summaries[k++];
      *p = (fm_spell_summary){.person = person[i], .first_start = start[i], .last_end = start[i]};
    }
    p->n_overlaps += start[i] < p->last_end;
    p->n_gaps += start[i] > p->last_end;
    p->gap_days += most(0, start[i] - p->last_end);
    p->covered_days += most(0, last - most(start[i], p->last_end));
    p->last_end = most(p->last_end, last);
    p->n_spells++;
  }
  *n_persons = k;
  return FM_OK;
}
