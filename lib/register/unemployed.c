/* Runs of unemployment of a person, and how long one has lasted on a day. */
#include "register/unemployed_priv.h"

#include <math.h>
#include <string.h>

#include "flexmetrics/spell_definition.h"
#include "flexmetrics/spell_long_term.h"

/* ---- paid hours in a pause ---- */

/* Hours of ordinary work of one table from day `from` to the day before `to`; *untold: some rows do not say. */
static double hours_of(const fm__unemployed *u, int k, size_t person, fm__days pause, bool *untold)
{
  const fm_register *r = u->f->r;
  int table = k == 0 ? FM__SPELLS : FM__PLACEMENTS;
  size_t column = fm__register_column(r, table, "hours_per_week");
  double hours = 0;
  for (uint32_t i = u->first[k][person]; i < u->first[k][person + 1]; i++) {
    size_t row = u->rows[k][i];
    bool ordinary = k == 0 ? fm__spell_is_work(r, row) && !fm__spell_is_subsidised(r, row)
                           : fm__placement_is_work(r, row) && !fm__placement_is_subsidised(r, row);
    fm__days days = fm__register_days(r, table, row);
    int32_t from = days.first > pause.first ? days.first : pause.first,
            to = days.end < pause.end ? days.end : pause.end;
    if (!ordinary || from >= to)
      continue;
    if (column == FM__NO_COLUMN || fm_table_is_null(r->part[table].table, column, row))
      *untold = true;
    else
      hours += fm_table_f64(r->part[table].table, column)[row] * (to - from) / 7;
  }
  return hours;
}

/* A job may be a placement, a state, or both: the larger of the two. NaN where rows without hours could bring them
 * above the limit. */
static double paid_hours(const fm__unemployed *u, size_t person, fm__days pause)
{
  bool untold = false;
  double states = hours_of(u, 0, person, pause, &untold), jobs = hours_of(u, 1, person, pause, &untold);
  double hours = states > jobs ? states : jobs;
  return untold && hours <= u->most_hours ? (double)NAN : hours;
}

/* ---- runs ---- */

/* Runs of unemployment on the days observed. */
static size_t fill_runs(fm__unemployed *u, size_t person, fm__days seen, size_t n)
{
  const fm__frame *f = u->f;
  const fm__part *p = &f->r->part[FM__SPELLS];
  size_t first = n;
  for (uint32_t i = u->first[0][person]; i < u->first[0][person + 1]; i++) {
    size_t row = u->rows[0][i];
    fm__days days = fm__register_days(f->r, FM__SPELLS, row);
    int64_t entry = fm__register_entry(f->r, FM__SPELLS, p->code_column, row, days.first, NULL);
    int32_t from = days.first > seen.first ? days.first : seen.first, to = days.end < seen.end ? days.end : seen.end;
    if (entry < 0 || u->states[entry] == 0 || from >= to || !fm__date_is_valid(from))
      continue;
    if (n > first && from <= u->end[n - 1]) {
      u->end[n - 1] = to > u->end[n - 1] ? to : u->end[n - 1];
      continue;
    }
    u->start[n] = from;
    u->end[n++] = to;
  }
  return n;
}

size_t fm__unemployed_runs(fm__unemployed *u, size_t person, fm__days seen, size_t n)
{
  size_t end = fill_runs(u, person, seen, n);
  for (size_t i = n; i < end; i++) {
    int32_t before = i > n ? u->end[i - 1] : seen.first;
    u->hours[i] = before == INT32_MIN ? 0 : paid_hours(u, person, (fm__days){before, u->start[i]});
  }
  return end;
}

fm_status fm__unemployed_open(fm__unemployed *u, const fm__frame *f, const char *states, double most_hours,
                              fm_error *err)
{
  static const char usual[] = "unemployment counts_toward_duration=yes !work=yes";
  const fm_codes *codes = fm_register_codes(f->r, "benefit_state");
  size_t room = f->r->part[FM__SPELLS].n_rows + 2;
  bool some = false;
  *u = (fm__unemployed){.f = f, .most_hours = most_hours};
  fm_status status = fm__frame_require(f, FM__SPELLS, err);
  if (status != FM_OK)
    return status;
  u->states = fm__array(fm_codes_n(codes), 1);
  u->person = fm__array(room, sizeof *u->person);
  u->start = fm__array(room, sizeof *u->start);
  u->end = fm__array(room, sizeof *u->end);
  u->hours = fm__array(room, sizeof *u->hours);
  if (u->states == NULL || u->person == NULL || u->start == NULL || u->end == NULL || u->hours == NULL)
    return fm__no_memory(err);
  status = fm_spell_words_match(u->states, states != NULL ? states : usual, codes, err);
  for (size_t k = 0; status == FM_OK && k < fm_codes_n(codes); k++)
    some |= u->states[k] != 0;
  if (status == FM_OK && !some)
    status = fm__fail(err, FM_ERR_NOT_FOUND, "no state of benefit is called \"%.60s\"", states);
  if (status == FM_OK)
    status = fm__rows_by_person(&u->first[0], &u->rows[0], f->r, FM__SPELLS, err);
  if (status == FM_OK)
    status = fm__rows_by_person(&u->first[1], &u->rows[1], f->r, FM__PLACEMENTS, err);
  return status;
}

void fm__unemployed_close(fm__unemployed *u)
{
  fm__free(u->states);
  fm__free(u->person);
  fm__free(u->start);
  fm__free(u->end);
  fm__free(u->hours);
  for (size_t k = 0; k < 2; k++) {
    fm__free(u->first[k]);
    fm__free(u->rows[k]);
  }
  *u = (fm__unemployed){0};
}

/* ---- how long ---- */

const char *const fm__duration_names[FM__N_DURATIONS] = {"continuous", "statistics_denmark", "unemployed_since"};

static int32_t since(const fm__frame *f, size_t person)
{
  return fm__date_at(f->r->part[FM__PERSONS].table, fm__register_column(f->r, FM__PERSONS, "unemployed_since"), person);
}

/* First day of what a run goes back to: over pauses that are bridged, those of untold hours when `hopeful`. */
static size_t go_back(const fm__unemployed *u, size_t run, size_t first, int how, bool hopeful)
{
  fm_spell_long_term_spec rule;
  fm_spell_long_term_spec_init(&rule, sizeof rule);
  while (how == FM__STATISTICS_DENMARK && run > first && u->start[run] - u->end[run - 1] <= rule.max_gap_days &&
         (isnan(u->hours[run]) ? hopeful : u->hours[run] <= u->most_hours))
    run--;
  return run;
}

fm__span fm__unemployed_days(fm__unemployed *u, const fm__frame *f, int how, size_t person, int32_t day)
{
  int32_t told = since(f, person);
  if (how == FM__SINCE)
    return told == FM_NO_DATE ? (fm__span){0, INT32_MAX}
           : told > day       ? (fm__span){0, 0}
                              : (fm__span){day - told + 1, day - told + 1};
  fm__days seen = fm__frame_observed(f, person);
  size_t n = fm__unemployed_runs(u, person, seen, 0), run = n;
  for (size_t i = 0; i < n; i++)
    if (u->start[i] <= day && day < u->end[i])
      run = i;
  if (run == n)
    return (fm__span){0, 0};
  size_t least = go_back(u, run, 0, how, false), most = go_back(u, run, 0, how, true);
  fm__span out = {day - u->start[least] + 1, day - u->start[most] + 1};
  /* What was before the first day observed is told by the persons' own column, or by nothing. */
  fm_spell_long_term_spec rule;
  fm_spell_long_term_spec_init(&rule, sizeof rule);
  int32_t pause = how == FM__STATISTICS_DENMARK ? rule.max_gap_days : 0;
  if (seen.first == INT32_MIN || most != 0 || u->start[0] - seen.first > pause)
    return out;
  bool known = told != FM_NO_DATE && told <= u->start[0];
  out.most = known ? day - told + 1 : INT32_MAX;
  if (known && least == 0 && u->start[0] == seen.first)
    out.least = out.most;
  return out;
}
