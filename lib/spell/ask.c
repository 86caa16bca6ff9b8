/* Questions about days, and the steps before them: closed dates, the first employer's spells. */
#include "spell/spell_priv.h"

fm_status fm_spell_from_closed(int32_t *start, int32_t *end, uint8_t *verdict, size_t *n_kept, size_t n, int32_t as_of,
                               fm_error *err)
{
  if (n > 0 && (start == NULL || end == NULL))
    return fm__fail(err, FM_ERR_ARGUMENT, "spells: start and end must be given");
  if (!fm__date_is_valid(as_of))
    return fm__fail(err, FM_ERR_ARGUMENT, "as_of must be a date");
  for (size_t i = 0; i < n; i++)
    if ((start[i] != FM_NO_DATE && !fm__date_is_valid(start[i])) ||
        (end[i] != FM_NO_DATE && !fm__date_is_valid(end[i]))) {
      fm__fail(err, FM_ERR_VALUE, "start and end must be dates or FM_NO_DATE");
      fm__error_place(err, NULL, NULL, -1, (int64_t)i, -1);
      return FM_ERR_VALUE;
    }
  size_t kept = 0;
  for (size_t i = 0; i < n; i++) {
    uint8_t what = FM_SPELL_KEPT;
    if (start[i] == FM_NO_DATE)
      what = FM_SPELL_UNDATED;
    else if (end[i] != FM_NO_DATE && end[i] < start[i])
      what = FM_SPELL_REVERSED;
    else if (start[i] >= as_of)
      what = FM_SPELL_FUTURE;
    if (what == FM_SPELL_UNDATED)
      start[i] = as_of;
    if (what == FM_SPELL_KEPT)
      end[i] = end[i] == FM_NO_DATE ? FM_SPELL_OPEN : end[i] + 1;
    else
      end[i] = start[i];
    kept += what == FM_SPELL_KEPT;
    if (verdict != NULL)
      verdict[i] = what;
  }
  if (n_kept != NULL)
    *n_kept = kept;
  return FM_OK;
}

fm_status fm_spell_same_label(size_t *n_kept, int32_t *person, int32_t *start, int32_t *end, int32_t *label, size_t n,
                              int32_t as_of, const fm_run *run, fm_error *err)
{
  fm__spells s = {person, start, end, NULL, n, 0, as_of};
  if (n_kept == NULL || (n > 0 && label == NULL))
    return fm__fail(err, FM_ERR_ARGUMENT, "n_kept and label must be given");
  fm_status status = fm__spells_check(&s, run, err);
  if (status != FM_OK)
    return status;
  size_t k = 0;
  int32_t first = 0;
  for (size_t i = 0; i < n; i++) {
    if (start[i] >= as_of || end[i] <= start[i])
      continue;
    if (k == 0 || person[k - 1] != person[i])
      first = label[i];
    if (label[i] != first)
      continue;
    person[k] = person[i];
    start[k] = start[i];
    end[k] = end[i];
    label[k++] = first;
  }
  *n_kept = k;
  return FM_OK;
}

static bool starts_after(const fm_spell_episode *e, int32_t person, int32_t day)
{
  return e->person > person || (e->person == person && e->start > day);
}

/* Number of episodes that start on or before (person, day): doubling steps forward, then halving. */
static size_t find(fm__asked *a, int32_t person, int32_t day)
{
  size_t low = a->at, step = 1;
  if (low > 0 && starts_after(&a->episodes[low - 1], person, day))
    low = 0;
  size_t high = low;
  while (high < a->n && !starts_after(&a->episodes[high], person, day)) {
    low = high + 1;
    high = a->n - high > step ? high + step : a->n;
    step *= 2;
  }
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (starts_after(&a->episodes[middle], person, day))
      high = middle;
    else
      low = middle + 1;
  }
  a->at = low;
  return low;
}

const fm_spell_episode *fm__asked_find(fm__asked *a, int32_t person, int32_t day)
{
  size_t k = find(a, person, day);
  return k == 0 || a->episodes[k - 1].person != person ? NULL : &a->episodes[k - 1];
}

/* Creates the episodes. */
static fm_status make_ready(fm_spell_episode **out, size_t *n, const fm__spells *s, const fm_run *run, fm_error *err)
{
  *out = NULL;
  *n = 0;
  fm_status status = fm__spells_check(s, run, err);
  if (status != FM_OK)
    return status;
  fm__walk w = {0};
  fm_spell_episode e;
  bool first;
  size_t capacity = 0;
  while (fm__spells_next(s, &w, &e, &first)) {
    if (!fm__grow((void **)out, &capacity, *n + 1, sizeof e)) {
      fm__free(*out);
      return fm__no_memory(err);
    }
    (*out)[(*n)++] = e;
  }
  return FM_OK;
}

fm_status fm_spell_status(uint8_t *status, const int32_t *ask_person, const int32_t *ask_day, size_t n_asked,
                          const int32_t *person, const int32_t *start, const int32_t *end, size_t n, int32_t gap_days,
                          int32_t as_of, const fm_run *run, fm_error *err)
{
  fm__spells s = {person, start, end, NULL, n, gap_days, as_of};
  if (n_asked > 0 && (status == NULL || ask_person == NULL || ask_day == NULL))
    return fm__fail(err, FM_ERR_ARGUMENT, "status, ask_person and ask_day must be given");
  fm_spell_episode *episodes;
  size_t n_episodes;
  fm_status made = make_ready(&episodes, &n_episodes, &s, run, err);
  if (made != FM_OK)
    return made;
  fm__asked a = {episodes, n_episodes, 0};
  for (size_t i = 0; i < n_asked; i++) {
    int32_t day = ask_day[i];
    uint8_t answer = FM_SPELL_NO;
    if (day >= as_of || day == FM_NO_DATE) {
      answer = FM_SPELL_UNKNOWN;
    } else {
      const fm_spell_episode *e = fm__asked_find(&a, ask_person[i], day);
      if (e != NULL)
        answer = day < e->end ? FM_SPELL_YES : e->undetermined ? FM_SPELL_UNKNOWN : FM_SPELL_NO;
    }
    status[i] = answer;
  }
  fm__free(episodes);
  return FM_OK;
}

/* Days of `person` inside a spell before `day`; covered_days holds the days of the person's earlier episodes. */
static int32_t days_before(fm__asked *a, int32_t person, int32_t day)
{
  const fm_spell_episode *e = fm__asked_find(a, person, day);
  return e == NULL ? 0 : e->covered_days + (day < e->end ? day : e->end) - e->start;
}

fm_status fm_spell_covered_days(int32_t *days, const int32_t *ask_person, const int32_t *ask_from,
                                const int32_t *ask_to, size_t n_asked, const int32_t *person, const int32_t *start,
                                const int32_t *end, size_t n, int32_t as_of, const fm_run *run, fm_error *err)
{
  fm__spells s = {person, start, end, NULL, n, 0, as_of};
  if (n_asked > 0 && (days == NULL || ask_person == NULL || ask_from == NULL || ask_to == NULL))
    return fm__fail(err, FM_ERR_ARGUMENT, "days, ask_person, ask_from and ask_to must be given");
  fm_spell_episode *episodes;
  size_t n_episodes;
  fm_status status = make_ready(&episodes, &n_episodes, &s, run, err);
  if (status != FM_OK)
    return status;
  fm__asked a = {episodes, n_episodes, 0};
  int32_t sum = 0;
  for (size_t k = 0; k < n_episodes; k++) {
    fm_spell_episode *e = &episodes[k];
    if (k > 0 && e->person != e[-1].person)
      sum = 0;
    int32_t own = e->end - e->start;
    e->covered_days = sum;
    sum += own;
  }
  for (size_t i = 0; i < n_asked; i++) {
    if (ask_to[i] > as_of || ask_from[i] == FM_NO_DATE || ask_to[i] == FM_NO_DATE)
      days[i] = -1;
    else if (ask_to[i] <= ask_from[i])
      days[i] = 0;
    else {
      int32_t before = days_before(&a, ask_person[i], ask_from[i]);
      days[i] = days_before(&a, ask_person[i], ask_to[i]) - before;
    }
  }
  fm__free(episodes);
  return FM_OK;
}
