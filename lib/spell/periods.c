/* A row per person and period. */
#include "spell/period_priv.h"

static const fm_spell_periods_spec defaults = FM_SPELL_PERIODS_SPEC_INIT;

void fm_spell_periods_spec_init(fm_spell_periods_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

typedef struct table {
  fm_spell_periods_spec spec;
  fm__state_list list;
} table;

typedef struct window {
  int32_t from, to;
} window;

/* Days of the period and window that are not seen. */
static int32_t unseen_in(const fm__stays *s, const window *v, int32_t low, int32_t high)
{
  low = low > v->from ? low : v->from;
  high = high < v->to ? high : v->to;
  low = low > s->as_of ? low : s->as_of;
  return high > low ? high - low : 0;
}

static fm_status every_period(const table *t, const window *v, fm__rows_out *out, const fm__stays *s, size_t from,
                              size_t to, fm_error *err)
{
  size_t at = from;
  int32_t first = 0, last = 0;
  bool more = fm__cover_next(s, &t->list, &at, to, &first, &last);
  for (int32_t day = v->from, next; day < v->to; day = next) {
    int32_t low = fm_spell_period_start(day, t->spec.clock), days = 0;
    next = fm_spell_period_end(day, t->spec.clock);
    int32_t high = next < v->to ? next : v->to;
    while (more && first < high) {
      int32_t a = first > day ? first : day, b = last < high ? last : high;
      days += b > a ? b - a : 0;
      if (last > high)
        break;
      more = fm__cover_next(s, &t->list, &at, to, &first, &last);
    }
    int32_t row[] = {s->person[from], low, FM_SPELL_NO_STATE, days, unseen_in(s, v, day, next)};
    if (!fm__rows_put(out, row))
      return fm__no_memory(err);
  }
  return FM_OK;
}

/* Days of each state in each period as w->items; gives their number, SIZE_MAX without memory. */
static size_t days_by_state(const table *t, const window *v, fm__work *w, size_t n_pieces)
{
  size_t n = 0;
  for (size_t i = 0; i < n_pieces; i++) {
    const fm__piece *p = &w->pieces[i];
    if (fm__state_list_find(&t->list, p->state) == SIZE_MAX)
      continue;
    int32_t end = p->end < v->to ? p->end : v->to;
    for (int32_t day = p->start > v->from ? p->start : v->from, next; day < end; day = next) {
      int32_t low = fm_spell_period_start(day, t->spec.clock);
      next = fm_spell_period_end(day, t->spec.clock);
      next = next < end ? next : end;
      if (!fm__work_reserve_items(w, n + 1))
        return SIZE_MAX;
      w->items[n++] = (fm__item){fm__day_key(low) << 32 | fm__day_key(p->state), (uint64_t)(next - day)};
    }
  }
  return n;
}

static fm_status each_state(const table *t, const window *v, fm__rows_out *out, fm__work *w, const fm__stays *s,
                            size_t from, size_t to, fm_error *err)
{
  size_t n_pieces;
  if (!fm__join_by_state(w, &n_pieces, s, from, to, false, 0))
    return fm__no_memory(err);
  size_t n = days_by_state(t, v, w, n_pieces);
  if (n == SIZE_MAX)
    return fm__no_memory(err);
  fm__work_sort_items(w, n);
  for (size_t i = 0; i < n;) {
    uint64_t key = w->items[i].key, days = 0;
    for (; i < n && w->items[i].key == key; i++)
      days += w->items[i].value;
    int32_t low = fm__day_of_key(key >> 32);
    int32_t row[] = {s->person[from], low, fm__day_of_key(key & UINT32_MAX), (int32_t)days,
                     unseen_in(s, v, low, fm_spell_period_end(low, t->spec.clock))};
    if (!fm__rows_put(out, row))
      return fm__no_memory(err);
  }
  return FM_OK;
}

static fm_status periods_body(const void *ctx, fm__rows_out *out, fm__work *w, const fm__stays *s, size_t from,
                              size_t to, fm_error *err)
{
  const table *t = ctx;
  size_t first = from;
  while (first < to && !fm__stay_took_place(s, first))
    first++;
  if (first == to)
    return FM_OK;
  window v = {t->spec.from == FM_NO_DATE ? s->start[first] : t->spec.from,
              t->spec.to == FM_NO_DATE ? s->as_of : t->spec.to};
  return t->spec.by_state ? each_state(t, &v, out, w, s, from, to, err) : every_period(t, &v, out, s, from, to, err);
}

static fm_status take(table *t, const fm_spell_periods_spec *spec, fm_error *err)
{
  *t = (table){.spec = defaults};
  fm_status status = fm__spec_take(&t->spec, sizeof t->spec, spec, "fm_spell_periods_spec", err);
  if (status != FM_OK)
    return status;
  if (!fm__clock_is_known(t->spec.clock))
    return fm__fail(err, FM_ERR_ARGUMENT, "clock is %d, it must be from FM_SPELL_BY_DAY to FM_SPELL_BY_YEAR_OF_WEEKS",
                    (int)t->spec.clock);
  if ((t->spec.from != FM_NO_DATE && !fm__date_is_valid(t->spec.from)) ||
      (t->spec.to != FM_NO_DATE && !fm__date_is_valid(t->spec.to)))
    return fm__fail(err, FM_ERR_ARGUMENT, "from and to must be dates or FM_NO_DATE");
  if (t->spec.by_state != 0 && t->spec.by_state != 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "by_state is %d, it must be 0 or 1", (int)t->spec.by_state);
  return fm__state_list_make(&t->list, t->spec.states, t->spec.n_states, false, err);
}

fm_status fm_spell_periods(size_t *n_out, int32_t *out_person, int32_t *out_period, int32_t *out_state,
                           int32_t *out_days, int32_t *out_unseen, const int32_t *person, const int32_t *start,
                           const int32_t *end, const int32_t *state, size_t n, const fm_spell_periods_spec *spec,
                           const fm_run *run, fm_error *err)
{
  table t;
  fm_status status = take(&t, spec, err);
  if (status != FM_OK)
    return status;
  fm__stays s = {person, start, end, state, n, t.spec.as_of};
  int32_t *const columns[] = {out_person, out_period, out_state, out_days, out_unseen};
  status = fm__by_person(n_out, columns, 5, &s, periods_body, &t, run, err);
  fm__state_list_free(&t.list);
  return status;
}
