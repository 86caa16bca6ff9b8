/* One state a day. Each state's own spells are joined first, so that it does not matter in how many rows a stay was
 * reported; then a sweep over the days keeps, of the states under way, the one of the least rank. */
#include "spell/people_priv.h"

static const fm_spell_resolve_spec defaults = FM_SPELL_RESOLVE_SPEC_INIT;

void fm_spell_resolve_spec_init(fm_spell_resolve_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

fm_status fm__resolve_take(fm__resolve *r, const fm_spell_resolve_spec *spec, fm_error *err)
{
  *r = (fm__resolve){.spec = defaults};
  fm_spell_resolve_spec *s = &r->spec;
  fm_status status = fm__spec_take(s, sizeof *s, spec, "fm_spell_resolve_spec", err);
  if (status != FM_OK)
    return status;
  if (s->policy < FM_SPELL_OVERLAP_ERROR || s->policy > FM_SPELL_OVERLAP_KEEP)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "policy is %d, it must be from FM_SPELL_OVERLAP_ERROR to FM_SPELL_OVERLAP_KEEP", (int)s->policy);
  if ((s->policy == FM_SPELL_OVERLAP_PRIORITY) != (s->n_ranking > 0))
    return fm__fail(err, FM_ERR_ARGUMENT, "a ranking of states is needed for FM_SPELL_OVERLAP_PRIORITY, and only then");
  if (s->gap_days < 0 || s->gap_days > FM_SPELL_GAP_MAX)
    return fm__fail(err, FM_ERR_ARGUMENT, "gap_days is %d, it must be from 0 to %d", (int)s->gap_days,
                    FM_SPELL_GAP_MAX);
  if (!fm__date_is_valid(s->as_of))
    return fm__fail(err, FM_ERR_ARGUMENT, "as_of must be a date");
  return fm__state_list_make(&r->ranking, s->ranking, s->n_ranking, true, err);
}

/* Sorts w->pieces by two of their numbers. */
static void sort_pieces(fm__work *w, size_t n, bool by_state)
{
  bool sorted = true;
  for (size_t i = 0; i < n; i++) {
    const fm__piece *p = &w->pieces[i];
    uint64_t state = fm__day_key(p->state), start = fm__day_key(p->start);
    w->items[i] = (fm__item){by_state ? state << 32 | start : start << 32 | state, fm__day_key(p->end)};
    sorted &= i == 0 || w->items[i - 1].key <= w->items[i].key;
  }
  if (sorted)
    return;
  fm__work_sort_items(w, n);
  for (size_t i = 0; i < n; i++) {
    int32_t high = fm__day_of_key(w->items[i].key >> 32), low = fm__day_of_key(w->items[i].key & UINT32_MAX);
    w->pieces[i] = (fm__piece){by_state ? low : high, fm__day_of_key(w->items[i].value), by_state ? high : low, 0};
  }
}

/* Pieces of one state with at most `gap` days between them become one. */
static size_t join_pieces(fm__piece *p, size_t n, int32_t gap)
{
  size_t k = 0;
  for (size_t i = 0; i < n; i++) {
    if (k > 0 && p[k - 1].state == p[i].state && p[i].start - p[k - 1].end <= gap)
      p[k - 1].end = p[i].end > p[k - 1].end ? p[i].end : p[k - 1].end;
    else
      p[k++] = p[i];
  }
  return k;
}

bool fm__join_by_state(fm__work *w, size_t *n_pieces, const fm__stays *s, size_t from, size_t to, bool one_state,
                       int32_t gap)
{
  if (!fm__work_reserve(w, to - from))
    return false;
  size_t n = 0;
  for (size_t i = from; i < to; i++)
    if (fm__stay_took_place(s, i))
      w->pieces[n++] = (fm__piece){s->start[i], fm__stay_end(s, i), one_state ? 0 : fm__stay_state(s, i), 0};
  sort_pieces(w, n, true);
  *n_pieces = join_pieces(w->pieces, n, gap);
  return true;
}

static fm_status two_states(const fm__stays *s, size_t from, size_t to, const fm__piece *p, fm_error *err)
{
  for (size_t i = from; i < to; i++)
    if (fm__stay_took_place(s, i) && s->start[i] == p->start && fm__stay_state(s, i) == p->state) {
      fm__fail(err, FM_ERR_VALUE, "two states on one day, the second one %d, expected one: choose an overlap policy",
               (int)p->state);
      fm__error_place(err, NULL, NULL, -1, (int64_t)i, -1);
      break;
    }
  return FM_ERR_VALUE;
}

static fm_status rank_pieces(fm__work *w, size_t n, const fm__stays *s, size_t from, size_t to, const fm__resolve *r,
                             fm_error *err)
{
  for (size_t i = 0; i < n; i++) {
    fm__piece *p = &w->pieces[i];
    if (r->spec.policy == FM_SPELL_OVERLAP_ERROR && i > 0 && p->start < p[-1].end)
      return two_states(s, from, to, p, err);
    p->rank = r->spec.policy == FM_SPELL_OVERLAP_LAST ? -(int32_t)i : (int32_t)i;
    if (r->spec.policy == FM_SPELL_OVERLAP_PRIORITY)
      p->rank = (int32_t)fm__state_list_find(&r->ranking, p->state);
  }
  return FM_OK;
}

static fm_status check_ranked(const fm__stays *s, size_t from, size_t to, const fm__resolve *r, fm_error *err)
{
  for (size_t i = from; i < to; i++)
    if (fm__stay_took_place(s, i) && fm__state_list_find(&r->ranking, fm__stay_state(s, i)) == SIZE_MAX) {
      fm__fail(err, FM_ERR_VALUE, "state %d is not in the ranking, expected all states there",
               (int)fm__stay_state(s, i));
      fm__error_place(err, NULL, NULL, -1, (int64_t)i, -1);
      return FM_ERR_VALUE;
    }
  return FM_OK;
}

/* ---- the states under way: a heap whose top has the least rank ---- */
static void push(size_t *heap, size_t *n, const fm__piece *p, size_t piece)
{
  size_t k = (*n)++;
  for (; k > 0 && p[heap[(k - 1) / 2]].rank > p[piece].rank; k = (k - 1) / 2)
    heap[k] = heap[(k - 1) / 2];
  heap[k] = piece;
}

static void pop(size_t *heap, size_t *n, const fm__piece *p)
{
  size_t last = heap[--*n], k = 0;
  for (size_t child; (child = 2 * k + 1) < *n; k = child) {
    if (child + 1 < *n && p[heap[child + 1]].rank < p[heap[child]].rank)
      child++;
    if (p[last].rank <= p[heap[child]].rank)
      break;
    heap[k] = heap[child];
  }
  heap[k] = last;
}

/* Pieces by start, swept into w->swept; the two change places. */
static size_t sweep(fm__work *w, size_t n)
{
  const fm__piece *p = w->pieces;
  size_t i = 0, under_way = 0, k = 0;
  int32_t day = 0;
  while (i < n || under_way > 0) {
    if (under_way == 0)
      day = p[i].start;
    for (; i < n && p[i].start <= day; i++)
      push(w->heap, &under_way, p, i);
    const fm__piece *top = &p[w->heap[0]];
    if (top->end <= day) {
      pop(w->heap, &under_way, p);
      continue;
    }
    int32_t next = i < n && p[i].start < top->end ? p[i].start : top->end;
    if (k > 0 && w->swept[k - 1].state == top->state && w->swept[k - 1].end == day)
      w->swept[k - 1].end = next;
    else
      w->swept[k++] = (fm__piece){day, next, top->state, 0};
    day = next;
  }
  fm__piece *swap = w->pieces;
  w->pieces = w->swept;
  w->swept = swap;
  size_t room = w->room;
  w->room = w->swept_room;
  w->swept_room = room;
  return k;
}

fm_status fm__resolve_person(fm__work *w, size_t *n_pieces, const fm__stays *s, size_t from, size_t to,
                             const fm__resolve *r, fm_error *err)
{
  const fm_spell_resolve_spec *spec = &r->spec;
  bool each = spec->policy == FM_SPELL_OVERLAP_KEEP || spec->policy == FM_SPELL_OVERLAP_UNION;
  size_t n;
  fm_status status = FM_OK;
  if (spec->policy == FM_SPELL_OVERLAP_PRIORITY)
    status = check_ranked(s, from, to, r, err);
  if (status != FM_OK)
    return status;
  if (!fm__join_by_state(w, &n, s, from, to, spec->policy == FM_SPELL_OVERLAP_UNION, each ? spec->gap_days : 0))
    return fm__no_memory(err);
  sort_pieces(w, n, false);
  if (!each) {
    status = rank_pieces(w, n, s, from, to, r, err);
    if (status == FM_OK) {
      n = sweep(w, n);
      n = join_pieces(w->pieces, n, spec->gap_days);
    }
  }
  *n_pieces = n;
  return status;
}

static fm_status resolve_body(const void *ctx, fm__rows_out *out, fm__work *w, const fm__stays *s, size_t from,
                              size_t to, fm_error *err)
{
  size_t n = 0;
  fm_status status = fm__resolve_person(w, &n, s, from, to, ctx, err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    const fm__piece *p = &w->pieces[i];
    int32_t row[] = {s->person[from], p->start, p->end, p->state};
    if (!fm__rows_put(out, row))
      status = fm__no_memory(err);
  }
  return status;
}

fm_status fm_spell_resolve(size_t *n_out, int32_t *out_person, int32_t *out_start, int32_t *out_end, int32_t *out_state,
                           const int32_t *person, const int32_t *start, const int32_t *end, const int32_t *state,
                           size_t n, const fm_spell_resolve_spec *spec, const fm_run *run, fm_error *err)
{
  fm__resolve r;
  fm_status status = fm__resolve_take(&r, spec, err);
  if (status != FM_OK)
    return status;
  fm__stays s = {person, start, end, state, n, r.spec.as_of};
  int32_t *const columns[] = {out_person, out_start, out_end, out_state};
  status = fm__by_person(n_out, columns, 4, &s, resolve_body, &r, run, err);
  fm__state_list_free(&r.ranking);
  return status;
}
