/* Changes of state, days in each state, which spells are meant. */
#include "spell/people_priv.h"

static bool put_change(fm__rows_out *out, int32_t person, int32_t day, int32_t from, int32_t to)
{
  int32_t row[] = {person, day, from, to};
  return from == to || fm__rows_put(out, row);
}

static fm_status transitions_body(const void *ctx, fm__rows_out *out, fm__work *w, const fm__stays *s, size_t from,
                                  size_t to, fm_error *err)
{
  const int32_t gap_days = *(const int32_t *)ctx, who = s->person[from];
  int32_t end = 0, state = FM_SPELL_NO_STATE;
  bool begun = false, ok = true;
  (void)w;
  for (size_t i = from; i < to && ok; i++) {
    if (!fm__stay_took_place(s, i))
      continue;
    int32_t now = fm__stay_state(s, i);
    if (begun && s->start[i] - end > gap_days) {
      ok = put_change(out, who, end, state, FM_SPELL_NO_STATE);
      state = FM_SPELL_NO_STATE;
    }
    if (begun)
      ok = ok && put_change(out, who, s->start[i], state, now);
    begun = true;
    state = now;
    end = s->end[i];
  }
  if (begun && ok && !fm__spell_undetermined(end, gap_days, s->as_of))
    ok = put_change(out, who, end, state, FM_SPELL_NO_STATE);
  return ok ? FM_OK : fm__no_memory(err);
}

fm_status fm_spell_transitions(size_t *n_out, int32_t *out_person, int32_t *out_day, int32_t *out_from, int32_t *out_to,
                               const int32_t *person, const int32_t *start, const int32_t *end, const int32_t *state,
                               size_t n, int32_t gap_days, int32_t as_of, const fm_run *run, fm_error *err)
{
  if (gap_days < 0 || gap_days > FM_SPELL_GAP_MAX)
    return fm__fail(err, FM_ERR_ARGUMENT, "gap_days is %d, it must be from 0 to %d", (int)gap_days, FM_SPELL_GAP_MAX);
  fm__stays s = {person, start, end, state, n, as_of};
  fm_status status = fm__stays_check(&s, run, err);
  if (status == FM_OK)
    status = fm__stays_apart(&s, err);
  int32_t *const columns[] = {out_person, out_day, out_from, out_to};
  return status == FM_OK ? fm__by_person(n_out, columns, 4, &s, transitions_body, &gap_days, run, err) : status;
}

typedef struct picked {
  fm__state_list list;
  int32_t which;
} picked;

static fm_status pick_body(const void *ctx, fm__rows_out *out, fm__work *w, const fm__stays *s, size_t from, size_t to,
                           fm_error *err)
{
  const picked *p = ctx;
  size_t latest = to;
  (void)w;
  for (size_t i = from; i < to; i++) {
    if (!fm__stay_took_place(s, i) || fm__state_list_find(&p->list, fm__stay_state(s, i)) == SIZE_MAX)
      continue;
    if (latest == to || s->start[i] > s->start[latest])
      latest = i;
    int32_t row = (int32_t)i;
    if (p->which != FM_SPELL_LATEST && !fm__rows_put(out, &row))
      return fm__no_memory(err);
    if (p->which == FM_SPELL_FIRST)
      break;
  }
  int32_t row = (int32_t)latest;
  if (p->which == FM_SPELL_LATEST && latest < to && !fm__rows_put(out, &row))
    return fm__no_memory(err);
  return FM_OK;
}

fm_status fm_spell_pick(size_t *n_out, int32_t *out_row, const int32_t *person, const int32_t *start,
                        const int32_t *end, const int32_t *state, size_t n, const int32_t *states, size_t n_states,
                        int32_t which, int32_t as_of, const fm_run *run, fm_error *err)
{
  if (which < FM_SPELL_FIRST || which > FM_SPELL_LATEST)
    return fm__fail(err, FM_ERR_ARGUMENT, "which is %d, it must be from FM_SPELL_FIRST to FM_SPELL_LATEST", (int)which);
  if (n > INT32_MAX)
    return fm__fail(err, FM_ERR_LIMIT, "n is %zu spells, expected at most %d", n, INT32_MAX);
  fm__stays s = {person, start, end, state, n, as_of};
  picked p = {.which = which};
  int32_t *const columns[] = {out_row};
  fm_status status = fm__state_list_make(&p.list, states, n_states, false, err);
  if (status == FM_OK)
    status = fm__by_person(n_out, columns, 1, &s, pick_body, &p, run, err);
  fm__state_list_free(&p.list);
  return status;
}

static fm_status totals_body(const void *ctx, fm__rows_out *out, fm__work *w, const fm__stays *s, size_t from,
                             size_t to, fm_error *err)
{
  size_t n;
  (void)ctx;
  if (!fm__join_by_state(w, &n, s, from, to, false, 0))
    return fm__no_memory(err);
  for (size_t i = 0; i < n;) {
    int32_t row[] = {s->person[from], w->pieces[i].state, 0, 0, 0};
    for (; i < n && w->pieces[i].state == row[1]; i++) {
      row[2] += w->pieces[i].end - w->pieces[i].start;
      row[3]++;
      row[4] = w->pieces[i].end >= s->as_of;
    }
    if (!fm__rows_put(out, row))
      return fm__no_memory(err);
  }
  return FM_OK;
}

fm_status fm_spell_totals(size_t *n_out, int32_t *out_person, int32_t *out_state, int32_t *out_days,
                          int32_t *out_spells, int32_t *out_open, const int32_t *person, const int32_t *start,
                          const int32_t *end, const int32_t *state, size_t n, int32_t as_of, const fm_run *run,
                          fm_error *err)
{
  fm__stays s = {person, start, end, state, n, as_of};
  int32_t *const columns[] = {out_person, out_state, out_days, out_spells, out_open};
  return fm__by_person(n_out, columns, 5, &s, totals_body, NULL, run, err);
}
