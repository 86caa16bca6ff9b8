/* ISO weeks in a row. */
#include "spell/people_priv.h"

typedef struct weeks_spec {
  fm__state_list list;
  int32_t n_weeks, least_days;
} weeks_spec;

typedef struct count {
  int32_t week, days; /* Monday of the week being counted, its days so far */
  int32_t last;       /* Monday of the last week that had its days */
  int32_t run, longest, day;
} count;

static void finish_week(count *c, const weeks_spec *spec)
{
  if (c->days < spec->least_days)
    return;
  c->run = c->run > 0 && c->week == c->last + 7 ? c->run + 1 : 1;
  c->last = c->week;
  c->longest = c->run > c->longest ? c->run : c->longest;
  if (c->run == spec->n_weeks && c->day == FM_NO_DATE)
    c->day = c->week + 6;
}

/* May the run go on into the week of as_of, which is not seen in full? */
static bool goes_on(const count *c, const weeks_spec *spec, int32_t as_of)
{
  int32_t edge = as_of - (fm_date_weekday(as_of) - 1), days = c->week == edge ? c->days : 0;
  if (days >= spec->least_days)
    return true;
  return days + edge + 7 - as_of >= spec->least_days && (days > 0 || (c->run > 0 && c->last == edge - 7));
}

static fm_status weeks_body(const void *ctx, fm__rows_out *out, fm__work *w, const fm__stays *s, size_t from, size_t to,
                            fm_error *err)
{
  const weeks_spec *spec = ctx;
  count c = {.week = FM_NO_DATE, .day = FM_NO_DATE};
  size_t at = from;
  int32_t first, last;
  bool any = false;
  (void)w;
  for (size_t i = from; i < to; i++)
    any |= fm__stay_took_place(s, i);
  while (fm__cover_next(s, &spec->list, &at, to, &first, &last)) {
    for (int32_t day = first, next; day < last; day = next) {
      int32_t week = day - (fm_date_weekday(day) - 1);
      next = week + 7 < last ? week + 7 : last;
      if (week != c.week) {
        finish_week(&c, spec);
        c.week = week;
        c.days = 0;
      }
      c.days += next - day;
    }
  }
  finish_week(&c, spec);
  int32_t reached = c.day != FM_NO_DATE ? FM_SPELL_YES : goes_on(&c, spec, s->as_of) ? FM_SPELL_UNKNOWN : FM_SPELL_NO;
  int32_t row[] = {s->person[from], reached, c.day, c.longest};
  return any && !fm__rows_put(out, row) ? fm__no_memory(err) : FM_OK;
}

fm_status fm_spell_weeks(size_t *n_out, int32_t *out_person, int32_t *out_reached, int32_t *out_day,
                         int32_t *out_longest, const int32_t *person, const int32_t *start, const int32_t *end,
                         const int32_t *state, size_t n, const int32_t *states, size_t n_states, int32_t n_weeks,
                         int32_t least_days, int32_t as_of, const fm_run *run, fm_error *err)
{
  if (n_weeks < 1 || n_weeks > 5218 || least_days < 1 || least_days > 7)
    return fm__fail(err, FM_ERR_ARGUMENT, "n_weeks must be from 1 to 5218, and least_days from 1 to 7");
  fm__stays s = {person, start, end, state, n, as_of};
  weeks_spec spec = {.n_weeks = n_weeks, .least_days = least_days};
  int32_t *const columns[] = {out_person, out_reached, out_day, out_longest};
  fm_status status = fm__state_list_make(&spec.list, states, n_states, false, err);
  if (status == FM_OK)
    status = fm__by_person(n_out, columns, 4, &s, weeks_body, &spec, run, err);
  fm__state_list_free(&spec.list);
  return status;
}
