/* The four questions of a definition, asked of each unit. */
#include "spell/definition_priv.h"

typedef struct person_states {
  const fm_spell_state *states;
  size_t n;
} person_states;

typedef struct asking {
  const fm_spell_definition *d;
  int32_t horizon, none;
  int32_t untold; /* the state that untold ones are taken as */
  fm__timeline timeline;
} asking;

/* ---- one unit ---- */

static bool is_calendar(const fm_spell_definition *d)
{
  return d->clock == FM_SPELL_CALENDAR_MONTHS || d->clock == FM_SPELL_QUARTERS;
}

/* The days that the answer needs, first and last; false beyond year 9999. */
static bool span_of(fm__span *out, const fm_spell_definition *d, int32_t index, int32_t horizon)
{
  if (d->rule == FM_SPELL_POINT && is_calendar(d))
    return fm__definition_period(out, d, index, horizon);
  if (d->rule == FM_SPELL_POINT || d->rule == FM_SPELL_CONTINUOUS) {
    int32_t last = fm__definition_target(d, index, horizon);
    int32_t from = d->rule == FM_SPELL_POINT ? last : fm__definition_from(d, index);
    *out = (fm__span){from, last == FM_NO_DATE ? last : last + 1};
    return last != FM_NO_DATE && fm__date_is_valid(last + 1);
  }
  fm__span first;
  if (!fm__definition_period(&first, d, index, 1) || !fm__definition_period(out, d, index, horizon))
    return false;
  out->start = first.start;
  return true;
}

static int32_t why_unknown(const asking *q, const fm__tally_days *days, int32_t last)
{
  if (q->timeline.cut && last >= q->timeline.seen.end)
    return FM_SPELL_CUT;
  return days->untold ? FM_SPELL_UNTOLD : FM_SPELL_NOT_YET;
}

static int32_t good(const fm__tally_days *days, bool every_day)
{
  if (every_day)
    return days->no > 0 ? FM_SPELL_NO : days->unknown > 0 ? FM_SPELL_UNKNOWN : FM_SPELL_YES;
  return days->yes > 0 ? FM_SPELL_YES : days->unknown > 0 ? FM_SPELL_UNKNOWN : FM_SPELL_NO;
}

/* At least `needed` of what is counted, so many yes and so many that may still be. */
static int32_t enough(int32_t yes, int32_t unknown, int32_t needed)
{
  return yes >= needed ? FM_SPELL_YES : yes + unknown < needed ? FM_SPELL_NO : FM_SPELL_UNKNOWN;
}

static int32_t count_periods(fm_spell_outcome *o, const asking *q, const fm_spell_unit *unit)
{
  int32_t unknown = 0;
  for (int32_t k = 1; k <= q->horizon; k++) {
    fm__span period;
    if (!fm__definition_period(&period, q->d, unit->index, k))
      return FM_SPELL_UNKNOWN;
    fm__tally_days days = fm__timeline_count(&q->timeline, period);
    int32_t answer = good(&days, q->d->whole_periods == 1);
    o->n_yes += answer == FM_SPELL_YES;
    o->n_no += answer == FM_SPELL_NO;
    unknown += answer == FM_SPELL_UNKNOWN;
  }
  return enough(o->n_yes, unknown, q->d->needed);
}

static int32_t longest(fm_spell_outcome *o, const asking *q, fm__span span)
{
  int32_t possible, needed = q->d->needed * (q->d->clock == FM_SPELL_WEEKS ? 7 : 1);
  fm__timeline_longest(&o->n_yes, &possible, &q->timeline, span);
  return enough(o->n_yes, possible - o->n_yes, needed);
}

static int32_t answer_of(fm_spell_outcome *o, const asking *q, const fm_spell_unit *unit, fm__span span,
                         const fm__tally_days *days)
{
  switch (q->d->rule) {
  case FM_SPELL_POINT:
    return good(days, false);
  case FM_SPELL_CONTINUOUS:
    return q->d->any_episode == 1 ? longest(o, q, span) : good(days, true);
  case FM_SPELL_CUMULATIVE:
    o->n_yes = days->yes;
    o->n_no = days->no;
    return enough(days->yes, days->unknown, q->d->needed * (q->d->clock == FM_SPELL_WEEKS ? 7 : 1));
  default:
    return count_periods(o, q, unit);
  }
}

static bool meets(const fm_spell_state *s, fm__span span)
{
  return span.start < span.end && s->start < span.end && s->end > span.start && s->end > s->start;
}

/* Was some employer of the base period one of the later period too? */
static bool same_again(const asking *q, const person_states *p, fm__span base, fm__span later)
{
  const int32_t counts[] = {FM_SPELL_STATE_COUNTS,
                            q->untold == FM_SPELL_STATE_COUNTS ? FM_SPELL_STATE_UNTOLD : FM_SPELL_STATE_COUNTS};
  const fm__span seen = q->timeline.seen;
  base.end = base.end < seen.end ? base.end : seen.end;
  later.end = later.end < seen.end ? later.end : seen.end;
  for (size_t i = 0; i < p->n; i++) {
    const fm_spell_state *a = &p->states[i];
    if ((a->state != counts[0] && a->state != counts[1]) || a->employer < 0 || !meets(a, base))
      continue;
    for (size_t k = 0; k < p->n; k++)
      if ((p->states[k].state == counts[0] || p->states[k].state == counts[1]) &&
          p->states[k].employer == a->employer && meets(&p->states[k], later))
        return true;
  }
  return false;
}

/* Those in work in the base period alone are asked. */
static void ask_base(fm_spell_outcome *o, const asking *q, const person_states *p, const fm_spell_unit *unit,
                     fm__span span, const fm__tally_days *days)
{
  fm__span base;
  fm__tally_days before = {0};
  if (!fm__definition_period(&base, q->d, unit->index, q->d->base))
    return;
  before = fm__timeline_count(&q->timeline, base);
  int32_t asked = good(&before, false);
  if (asked == FM_SPELL_NO) {
    o->status = FM_SPELL_UNKNOWN;
    o->reason = FM_SPELL_NOT_ASKED;
  } else if (asked == FM_SPELL_UNKNOWN) {
    o->status = FM_SPELL_UNKNOWN;
    o->reason = why_unknown(q, &before, base.end - 1);
  } else if (q->d->same_employer == 1) {
    o->status = same_again(q, p, base, span) ? FM_SPELL_YES : days->unknown > 0 ? FM_SPELL_UNKNOWN : FM_SPELL_NO;
    o->reason = o->status == FM_SPELL_YES  ? FM_SPELL_MET
                : o->status == FM_SPELL_NO ? FM_SPELL_FAILED
                                           : why_unknown(q, days, o->target);
  }
}

static void ask_reading(fm_spell_outcome *o, const asking *q, const person_states *p, const fm_spell_unit *unit)
{
  const fm_spell_definition *d = q->d;
  fm__span span;
  *o = (fm_spell_outcome){FM_NO_DATE, FM_SPELL_UNKNOWN, 0, FM_SPELL_NOT_YET, 0, 0};
  if (!span_of(&span, d, unit->index, q->horizon))
    return;
  o->target = span.end - 1;
  fm__tally_days days = fm__timeline_count(&q->timeline, span);
  o->status = answer_of(o, q, unit, span, &days);
  bool left = d->rule == FM_SPELL_CONTINUOUS && d->any_episode == 0 ? days.first_left : days.any_left;
  o->reason = o->status == FM_SPELL_YES  ? FM_SPELL_MET
              : o->status == FM_SPELL_NO ? left ? FM_SPELL_LEFT : FM_SPELL_FAILED
                                         : why_unknown(q, &days, o->target);
  if (d->base > 0)
    ask_base(o, q, p, unit, span, &days);
  int64_t pause = fm__definition_pause(d), last = o->target;
  bool waits = pause > 0 || d->rule == FM_SPELL_CONTINUOUS;
  bool seen = waits ? last + pause + 1 < q->timeline.seen.end : last < q->timeline.seen.end;
  o->in_rate = seen && span.start >= q->timeline.seen.start && o->status != FM_SPELL_UNKNOWN;
}

/* ---- untold days ---- */

static fm_status read_as(fm_spell_outcome *o, asking *q, int32_t untold, const person_states *p,
                         const fm_spell_unit *unit, fm_error *err)
{
  q->untold = untold;
  fm_status status = fm__timeline_make(&q->timeline, q->d, q->none, untold, unit, p->states, p->n, err);
  if (status == FM_OK)
    ask_reading(o, q, p, unit);
  return status;
}

/* What holds however the untold days are read. More days that count never make less of an answer, so that it lies
 * between those for none of them and for all of them; `o` holds what is known while they are left open. */
static void agree(fm_spell_outcome *o, const fm_spell_definition *d, const fm_spell_outcome *none,
                  const fm_spell_outcome *all)
{
  bool later = d->base == 0 || none->status == FM_SPELL_NO; /* those not asked in some reading are no failures */
  if (none->status == FM_SPELL_YES) {
    *o = *none;
  } else if ((all->status == FM_SPELL_NO && later) || all->reason == FM_SPELL_NOT_ASKED) {
    *o = *all;
  } else if (o->status != FM_SPELL_UNKNOWN) {
    o->status = FM_SPELL_UNKNOWN;
    o->reason = FM_SPELL_UNTOLD;
    o->in_rate = 0;
  }
  o->n_yes = none->n_yes;
  o->n_no = all->n_no;
}

static fm_status ask(fm_spell_outcome *o, asking *q, const person_states *p, const fm_spell_unit *unit, fm_error *err)
{
  const fm_spell_definition *d = q->d;
  fm_spell_outcome none, all;
  fm_status status = read_as(o, q, FM_SPELL_STATE_UNTOLD, p, unit, err);
  /* A short run of untold days may be grace again where it does not count: then more days are not always more. */
  if (status != FM_OK || !q->timeline.untold || (q->timeline.mixed && d->least_run_days > 1))
    return status;
  status = read_as(&none, q, FM_SPELL_STATE_OTHER, p, unit, err);
  if (status == FM_OK)
    status = read_as(&all, q, FM_SPELL_STATE_COUNTS, p, unit, err);
  if (status == FM_OK)
    agree(o, d, &none, &all);
  return status;
}

/* ---- all of them ---- */

fm_status fm_spell_outcomes(fm_spell_outcome *out, const fm_spell_definition *d, int32_t horizon, int32_t none,
                            const fm_spell_unit *units, size_t n_units, const fm_spell_state *states, size_t n_states,
                            const fm_run *run, fm_error *err)
{
  fm_spell_definition taken;
  asking q = {.d = &taken, .horizon = horizon, .none = none};
  if (n_units > 0 && out == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "out must be given");
  fm_status status = fm__definition_take(&taken, d, false, units, n_units, states, n_states, run, err);
  if (status == FM_OK && !fm__definition_fits(&taken, horizon))
    status = fm__fail(err, FM_ERR_ARGUMENT, "definition %.60s: horizon %d is out of range", taken.name, (int)horizon);
  for (size_t i = 0; status == FM_OK && i < n_units; i++) {
    size_t from, n;
    fm__definition_rows(&from, &n, states, n_states, units[i].person);
    person_states p = {states == NULL ? NULL : states + from, n};
    status = ask(&out[i], &q, &p, &units[i], err);
    if (status == FM_OK && i % 65536 == 0)
      status = fm__run_progress(run, (double)i / (double)n_units, err);
  }
  fm__timeline_free(&q.timeline);
  return status;
}
