/* Unbroken runs under a definition: when they are seen to begin, and how long those from an index day last. */
#include "spell/definition_priv.h"

/* ---- what is given ---- */

static fm_status check_states(const fm_spell_state *s, size_t n, fm_error *err)
{
  for (size_t i = 0; i < n; i++) {
    const char *wrong = NULL;
    if (i > 0 && (s[i - 1].person > s[i].person || (s[i - 1].person == s[i].person && s[i - 1].start > s[i].start)))
      wrong = "the rows must be in order of person and start";
    else if (s[i].state < FM_SPELL_STATE_IGNORED || s[i].state > FM_SPELL_STATE_CENSORS)
      wrong = "state must be an FM_SPELL_STATE_";
    else if (!fm__date_is_valid(s[i].start))
      wrong = "start must be a date";
    if (wrong == NULL)
      continue;
    fm__fail(err, FM_ERR_VALUE, "states: %s", wrong);
    fm__error_place(err, NULL, NULL, -1, (int64_t)i, -1);
    return FM_ERR_VALUE;
  }
  return FM_OK;
}

/* Units have an index day; people are in order, each once. */
static fm_status check_units(const fm_spell_unit *u, size_t n, bool people, fm_error *err)
{
  for (size_t i = 0; i < n; i++) {
    const char *wrong = NULL;
    if (people && i > 0 && u[i - 1].person >= u[i].person)
      wrong = "people: they must be in order, each once";
    else if (people && !fm__date_is_valid(u[i].observed_to))
      wrong = "people: observed_to must be a date";
    else if (!people && (!fm__date_is_valid(u[i].index) || !fm__date_is_valid(u[i].observed_to)))
      wrong = "units: index and observed_to must be dates";
    if (wrong == NULL)
      continue;
    fm__fail(err, FM_ERR_VALUE, "%s", wrong);
    fm__error_place(err, NULL, NULL, -1, (int64_t)i, -1);
    return FM_ERR_VALUE;
  }
  return FM_OK;
}

/* First row of the person or a later one. */
static size_t find(const fm_spell_state *states, size_t n, int32_t person)
{
  size_t low = 0, high = n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (states[middle].person < person)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

void fm__definition_rows(size_t *first, size_t *n, const fm_spell_state *states, size_t n_states, int32_t person)
{
  *first = find(states, n_states, person);
  for (*n = 0; *first + *n < n_states && states[*first + *n].person == person;)
    ++*n;
}

fm_status fm__definition_take(fm_spell_definition *taken, const fm_spell_definition *d, bool people,
                              const fm_spell_unit *units, size_t n_units, const fm_spell_state *states, size_t n_states,
                              const fm_run *run, fm_error *err)
{
  const fm_spell_definition initial = FM_SPELL_DEFINITION_INIT;
  *taken = initial;
  if ((n_units > 0 && units == NULL) || (n_states > 0 && states == NULL))
    return fm__fail(err, FM_ERR_ARGUMENT, "the units and the states must be given");
  fm_status status = fm_spell_definition_check(d, err);
  if (status == FM_OK)
    status = fm__spec_take(taken, sizeof *taken, d, "fm_spell_definition", err);
  if (status == FM_OK)
    status = fm__run_check(run, err);
  if (status == FM_OK)
    status = check_states(states, n_states, err);
  return status == FM_OK ? check_units(units, n_units, people, err) : status;
}

/* ---- how long ---- */

/* Days of follow-up from `from` when nothing is known from `end` on. */
static int32_t days_up_to(const fm_spell_definition *d, int32_t from, int32_t end)
{
  int64_t days = (int64_t)end - fm__definition_pause(d) - 1 - from;
  return days > 0 ? (int32_t)days : 0;
}

static void follow(fm_spell_duration *o, const fm_spell_definition *d, const fm__timeline *t, int32_t from)
{
  size_t k = fm__timeline_find(t, from);
  o->days = t->seen.end > from ? days_up_to(d, from, t->seen.end) : 0;
  o->reason = t->cut ? FM_SPELL_CUT : FM_SPELL_NOT_YET;
  while (k < t->n && fm__day_counts(t->items[k].kind))
    k++;
  if (k == t->n || o->days == 0)
    return;
  const fm__stretch *s = &t->items[k];
  int32_t stop = s->days.start > from ? s->days.start : from;
  if (s->kind != FM__DAY_UNTOLD && s->kind != FM__DAY_OPEN) {
    if (stop - from > o->days)
      return;
    o->days = stop - from;
    o->ended = 1;
    o->reason = s->kind == FM__DAY_LEFT ? FM_SPELL_LEFT : FM_SPELL_FAILED;
    return;
  }
  while (k < t->n && t->items[k].kind == FM__DAY_OPEN)
    k++;
  int32_t known = stop > from ? stop - from - 1 : 0; /* an open run or pause ends what is known at once */
  if (k < t->n && t->items[k].kind == FM__DAY_UNTOLD) {
    int32_t before = days_up_to(d, from, t->items[k].days.start > from ? t->items[k].days.start : from);
    known = known < before ? known : before;
  }
  if (known >= o->days)
    return;
  o->days = known;
  o->reason = FM_SPELL_UNTOLD;
}

fm_status fm_spell_durations(fm_spell_duration *out, const fm_spell_definition *d, int32_t none,
                             const fm_spell_unit *units, size_t n_units, const fm_spell_state *states, size_t n_states,
                             const fm_run *run, fm_error *err)
{
  fm_spell_definition taken;
  fm__timeline t = {0};
  if (n_units > 0 && out == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "out must be given");
  fm_status status = fm__definition_take(&taken, d, false, units, n_units, states, n_states, run, err);
  for (size_t i = 0; status == FM_OK && i < n_units; i++) {
    int32_t from = fm__definition_from(&taken, units[i].index);
    fm_spell_unit u = units[i];
    size_t first, n;
    out[i] = (fm_spell_duration){0};
    if (u.observed_from > from) { /* rows before tell whether the run reaches the first day observed */
      out[i].entry_days = u.observed_from - from;
      u.observed_from = INT32_MIN;
    }
    fm__definition_rows(&first, &n, states, n_states, u.person);
    status =
        fm__timeline_make(&t, &taken, none, FM_SPELL_STATE_UNTOLD, &u, states == NULL ? NULL : states + first, n, err);
    if (status == FM_OK)
      follow(&out[i], &taken, &t, from);
    if (status == FM_OK && i % 65536 == 0)
      status = fm__run_progress(run, (double)i / (double)n_units, err);
  }
  fm__timeline_free(&t);
  return status;
}

/* ---- when ---- */

/* A day of a state that censors is not observed. */
static bool is_censored(const fm_spell_state *states, size_t n, int32_t day)
{
  for (size_t i = 0; i < n; i++)
    if (states[i].state == FM_SPELL_STATE_CENSORS && states[i].start <= day && states[i].end > day)
      return true;
  return false;
}

static bool is_pause(int32_t kind)
{
  return kind == FM__DAY_NO || kind == FM__DAY_LEFT || kind == FM__DAY_GRACE;
}

/* Is the run that begins with stretch i seen to begin? A pause from the first day observed may be one that bridges. */
static bool begins(const fm__timeline *t, const fm_spell_definition *d, size_t i)
{
  size_t from = i;
  if (t->items[i].kind != FM__DAY_YES || i == 0 || !is_pause(t->items[i - 1].kind))
    return false;
  while (from > 0 && is_pause(t->items[from - 1].kind))
    from--;
  return from > 0 || t->seen.start == INT32_MIN || !fm__timeline_can_bridge(t, d, 0, i);
}

fm_status fm_spell_starts(fm_spell_unit *out, size_t *n, const fm_spell_definition *d, int32_t none,
                          const fm_spell_unit *people, size_t n_people, const fm_spell_state *states, size_t n_states,
                          const fm_run *run, fm_error *err)
{
  fm_spell_definition taken;
  fm__timeline t = {0};
  size_t k = 0;
  if (n == NULL || (out == NULL && n_people + n_states > 0))
    return fm__fail(err, FM_ERR_ARGUMENT, "out and n must be given");
  fm_status status = fm__definition_take(&taken, d, true, people, n_people, states, n_states, run, err);
  if (status == FM_OK && taken.index != FM_SPELL_FROM_WORK)
    status = fm__fail(err, FM_ERR_ARGUMENT, "definition %.60s: starts of work need the index work", taken.name);
  for (size_t i = 0; status == FM_OK && i < n_people; i++) {
    fm_spell_unit u = people[i];
    size_t first, rows;
    fm__definition_rows(&first, &rows, states, n_states, u.person);
    const fm_spell_state *own = states == NULL ? NULL : states + first;
    u.index = u.observed_to; /* what censors may be over when a run begins */
    u.employer = -1;
    status = fm__timeline_make(&t, &taken, none, FM_SPELL_STATE_UNTOLD, &u, own, rows, err);
    for (size_t j = 0; status == FM_OK && j < t.n; j++) {
      if (!begins(&t, &taken, j) || is_censored(own, rows, t.items[j].days.start - 1))
        continue;
      u.index = t.items[j].days.start;
      out[k++] = u;
    }
    if (status == FM_OK && i % 65536 == 0)
      status = fm__run_progress(run, (double)i / (double)n_people, err);
  }
  fm__timeline_free(&t);
  if (status == FM_OK)
    *n = k;
  return status;
}
