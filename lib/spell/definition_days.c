/* A person's days under a definition: what each day is, short runs, pauses that are bridged, what is still open. */
#include "spell/definition_priv.h"

enum { N_STATES = FM_SPELL_STATE_CENSORS + 1 };

void fm__timeline_free(fm__timeline *t)
{
  fm__free(t->items);
  fm__free(t->edges);
  *t = (fm__timeline){0};
}

int32_t fm__timeline_state(const fm_spell_definition *d, const fm_spell_unit *unit, const fm_spell_state *s)
{
  bool elsewhere = d->same_employer == 1 && d->base == 0 && (s->employer < 0 || s->employer != unit->employer);
  bool counts = s->state == FM_SPELL_STATE_COUNTS || s->state == FM_SPELL_STATE_UNTOLD;
  return counts && elsewhere ? FM_SPELL_STATE_OTHER : s->state;
}

/* ---- days in order ---- */

static int32_t kind_of_none(int32_t none)
{
  switch (none) {
  case FM_SPELL_STATE_COUNTS:
    return FM__DAY_YES;
  case FM_SPELL_STATE_GRACE:
    return FM__DAY_GRACE;
  case FM_SPELL_STATE_LEFT:
    return FM__DAY_LEFT;
  case FM_SPELL_STATE_CENSORS:
    return FM__DAY_OPEN;
  case FM_SPELL_STATE_UNTOLD:
    return FM__DAY_UNTOLD;
  default:
    return FM__DAY_NO;
  }
}

/* Of several states on a day. */
static int32_t kind_of(const uint32_t *running, int32_t none)
{
  if (running[FM_SPELL_STATE_BARS] > 0)
    return FM__DAY_NO;
  if (running[FM_SPELL_STATE_COUNTS] > 0)
    return FM__DAY_YES;
  if (running[FM_SPELL_STATE_UNTOLD] > 0)
    return FM__DAY_UNTOLD;
  if (running[FM_SPELL_STATE_GRACE] > 0)
    return FM__DAY_GRACE;
  if (running[FM_SPELL_STATE_LEFT] > 0)
    return FM__DAY_LEFT;
  return running[FM_SPELL_STATE_OTHER] + running[FM_SPELL_STATE_CENSORS] > 0 ? FM__DAY_NO : kind_of_none(none);
}

static void put(fm__timeline *t, int32_t start, int32_t end, int32_t kind)
{
  if (start >= end)
    return;
  if (t->n > 0 && t->items[t->n - 1].kind == kind)
    t->items[t->n - 1].days.end = end;
  else
    t->items[t->n++] = (fm__stretch){{start, end}, kind};
}

/* Where a state begins or ends, in order of days. */
static uint64_t edge_key(int32_t day, int32_t state, bool begins)
{
  return (uint64_t)((uint32_t)day ^ 0x80000000U) << 32 | (uint64_t)(uint32_t)state << 1 | begins;
}

static int32_t edge_day(uint64_t key)
{
  return (int32_t)((int64_t)(key >> 32) - 0x80000000LL);
}

/* An untold day is one where nothing else decides. */
static void note_untold(fm__timeline *t, int32_t start, int32_t end, const uint32_t *running, int32_t none)
{
  if (start >= end || kind_of(running, none) != FM__DAY_UNTOLD)
    return;
  t->untold = true;
  t->mixed |= running[FM_SPELL_STATE_GRACE] > 0;
}

static void sweep(fm__timeline *t, int32_t none, fm__item *edges, size_t n)
{
  uint32_t running[N_STATES] = {0};
  int32_t at = t->seen.start;
  t->n = 0;
  for (size_t i = 0; i < n; i++) {
    int32_t day = edge_day(edges[i].key);
    note_untold(t, at, day, running, none);
    put(t, at, day, kind_of(running, none));
    at = day;
    uint32_t *one = &running[edges[i].key >> 1 & 15];
    *one = (edges[i].key & 1) != 0 ? *one + 1 : *one - 1;
  }
  note_untold(t, at, t->seen.end, running, none);
  put(t, at, t->seen.end, kind_of(running, none));
}

/* A state that censors from the index day on ends what is known. */
static void see(fm__timeline *t, const fm_spell_unit *unit, const fm_spell_state *states, size_t n)
{
  t->seen = (fm__span){unit->observed_from, unit->observed_to};
  t->cut = false;
  for (size_t i = 0; i < n; i++) {
    const fm_spell_state *s = &states[i];
    int32_t from = s->start > unit->index ? s->start : unit->index;
    if (s->state == FM_SPELL_STATE_CENSORS && s->end > from && from < t->seen.end) {
      t->seen.end = from;
      t->cut = true;
    }
  }
}

static size_t make_edges(fm__timeline *t, fm__item *edges, const fm_spell_definition *d, int32_t untold,
                         const fm_spell_unit *unit, const fm_spell_state *states, size_t n)
{
  size_t k = 0;
  for (size_t i = 0; i < n; i++) {
    const fm_spell_state *s = &states[i];
    int32_t start = s->start > t->seen.start ? s->start : t->seen.start;
    int32_t end = s->end < t->seen.end ? s->end : t->seen.end, state = fm__timeline_state(d, unit, s);
    if (start >= end || s->end <= s->start || state == FM_SPELL_STATE_IGNORED)
      continue;
    if (state == FM_SPELL_STATE_UNTOLD) {
      t->untold |= d->base > 0; /* whose work it may be matters beside other work too */
      state = untold;
    }
    edges[k++].key = edge_key(start, state, true);
    edges[k++].key = edge_key(end, state, false);
  }
  return k;
}

/* ---- runs and pauses ---- */

static int64_t length_of(const fm__stretch *s)
{
  return (int64_t)s->days.end - s->days.start;
}

static bool is_boundary(int32_t kind)
{
  return kind == FM__DAY_YES || kind == FM__DAY_UNTOLD || kind == FM__DAY_OPEN;
}

/* A run that is too short; not known yet where it may be longer than what is seen of it. */
static void drop_short_runs(fm__timeline *t, const fm_spell_definition *d)
{
  for (size_t i = 0; i < t->n; i++) {
    fm__stretch *s = &t->items[i];
    if (s->kind != FM__DAY_YES || length_of(s) >= d->least_run_days)
      continue;
    bool open = i + 1 == t->n || t->items[i + 1].kind == FM__DAY_UNTOLD;
    open |= i == 0 ? t->seen.start != INT32_MIN : t->items[i - 1].kind == FM__DAY_UNTOLD;
    s->kind = open ? FM__DAY_OPEN : FM__DAY_NO;
  }
}

/* May the stretches from .. to be a bridged pause? */
bool fm__timeline_can_bridge(const fm__timeline *t, const fm_spell_definition *d, size_t from, size_t to)
{
  int64_t days = 0, outside = 0;
  for (size_t i = from; i < to; i++) {
    days += length_of(&t->items[i]);
    outside += t->items[i].kind == FM__DAY_GRACE ? 0 : length_of(&t->items[i]);
  }
  return days <= d->gap_days || (days <= d->grace_days && outside <= d->gap_days);
}

static void mark(fm__timeline *t, size_t from, size_t to, int32_t kind)
{
  for (size_t i = from; i < to; i++)
    t->items[i].kind = kind;
}

/* Pauses between two runs in which something is unknown: bridged all the same when they are short enough. */
static void bridge_surely(fm__timeline *t, const fm_spell_definition *d)
{
  size_t last = SIZE_MAX;
  for (size_t i = 0; i < t->n; i++) {
    if (t->items[i].kind != FM__DAY_YES)
      continue;
    if (last != SIZE_MAX && (int64_t)t->items[i].days.start - t->items[last].days.end <= d->gap_days)
      mark(t, last + 1, i, FM__DAY_BRIDGED);
    last = i;
  }
}

static void bridge(fm__timeline *t, const fm_spell_definition *d)
{
  size_t last = SIZE_MAX;
  for (size_t i = 0; i <= t->n; i++) {
    if (i < t->n && t->items[i].kind == FM__DAY_BRIDGED)
      continue;
    if (i < t->n && !is_boundary(t->items[i].kind))
      continue;
    bool bridged = last != SIZE_MAX && i > last + 1 && t->items[last + 1].kind == FM__DAY_BRIDGED;
    if (last != SIZE_MAX && i > last + 1 && !bridged && fm__timeline_can_bridge(t, d, last + 1, i)) {
      bool sure = i < t->n && t->items[last].kind == FM__DAY_YES && t->items[i].kind == FM__DAY_YES;
      mark(t, last + 1, i, sure ? FM__DAY_BRIDGED : FM__DAY_OPEN);
    }
    last = i;
  }
}

fm_status fm__timeline_make(fm__timeline *t, const fm_spell_definition *d, int32_t none, int32_t untold,
                            const fm_spell_unit *unit, const fm_spell_state *states, size_t n, fm_error *err)
{
  if (!fm__grow((void **)&t->edges, &t->edge_capacity, 4 * n + 1, sizeof *t->edges) ||
      !fm__grow((void **)&t->items, &t->capacity, 2 * n + 2, sizeof *t->items))
    return fm__no_memory(err);
  see(t, unit, states, n);
  t->n = 0;
  t->untold = t->mixed = false;
  if (t->seen.start >= t->seen.end)
    return FM_OK;
  size_t n_edges = make_edges(t, t->edges, d, untold, unit, states, n);
  fm__sort_items(t->edges, t->edges + 2 * n, n_edges);
  sweep(t, none == FM_SPELL_STATE_UNTOLD ? untold : none, t->edges, n_edges);
  if (d->least_run_days > 1)
    drop_short_runs(t, d);
  bridge_surely(t, d);
  bridge(t, d);
  return FM_OK;
}

/* ---- asking ---- */

int32_t fm__definition_pause(const fm_spell_definition *d)
{
  int32_t gap = d->gap_days > d->grace_days ? d->gap_days : d->grace_days;
  return gap + (d->least_run_days > 1 ? d->least_run_days - 1 : 0);
}

size_t fm__timeline_find(const fm__timeline *t, int32_t day)
{
  size_t low = 0, high = t->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (t->items[middle].days.end <= day)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

fm__tally_days fm__timeline_count(const fm__timeline *t, fm__span span)
{
  fm__tally_days out = {.first_no = FM_NO_DATE};
  size_t low = fm__timeline_find(t, span.start);
  int32_t known = 0;
  for (; low < t->n && t->items[low].days.start < span.end; low++) {
    const fm__stretch *s = &t->items[low];
    int32_t from = s->days.start > span.start ? s->days.start : span.start;
    int32_t days = (s->days.end < span.end ? s->days.end : span.end) - from;
    if (s->kind == FM__DAY_YES || s->kind == FM__DAY_BRIDGED) {
      out.yes += days;
    } else if (is_boundary(s->kind)) {
      out.untold |= s->kind == FM__DAY_UNTOLD;
      continue;
    } else {
      if (out.no == 0) {
        out.first_no = from;
        out.first_left = s->kind == FM__DAY_LEFT;
      }
      out.any_left |= s->kind == FM__DAY_LEFT;
      out.no += days;
    }
    known += days;
  }
  out.unknown = span.end - span.start - known;
  return out;
}

void fm__timeline_longest(int32_t *sure, int32_t *possible, const fm__timeline *t, fm__span span)
{
  int32_t counts = span.start, may = span.start, at = span.start; /* where runs begin, sure and possible; days done */
  *sure = *possible = 0;
  for (size_t k = fm__timeline_find(t, span.start); k < t->n && t->items[k].days.start < span.end; k++) {
    const fm__stretch *s = &t->items[k];
    int32_t end = s->days.end < span.end ? s->days.end : span.end;
    if (s->days.start > at) /* days before the first one observed */
      counts = s->days.start;
    if (!fm__day_counts(s->kind))
      counts = end;
    if (!fm__day_counts(s->kind) && !is_boundary(s->kind))
      may = end;
    *sure = end - counts > *sure ? end - counts : *sure;
    *possible = end - may > *possible ? end - may : *possible;
    at = end;
  }
  *possible = span.end - may > *possible ? span.end - may : *possible;
}
