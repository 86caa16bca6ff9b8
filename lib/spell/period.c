/* Calendar periods, and spells cut at them. */
#include "spell/period_priv.h"

static int32_t monday_of(int32_t day)
{
  return day - (fm_date_weekday(day) - 1);
}

/* Monday of the week that holds the first Thursday on or after a day. */
static int32_t first_week(int32_t day)
{
  return day + (11 - fm_date_weekday(day)) % 7 - 3;
}

/* First day of the `months`-month part of the year, counted from January, that lies `next` parts after that of `day`.
 */
static int32_t part_of_year(int32_t day, int32_t months, int32_t next)
{
  int32_t y, m;
  fm_date_to_ymd(day, &y, &m, NULL);
  int32_t part = (m - 1) / months + next;
  y += part / (12 / months);
  return y > 9999 ? FM__DATE_MAX + 1 : fm_date_from_ymd(y, part % (12 / months) * months + 1, 1);
}

static int32_t period_at(int32_t day, int32_t clock, int32_t next)
{
  switch (clock) {
  case FM_SPELL_BY_DAY:
    return day + next;
  case FM_SPELL_BY_WEEK:
    return monday_of(day) + 7 * next;
  case FM_SPELL_BY_MONTH:
    return part_of_year(day, 1, next);
  case FM_SPELL_BY_QUARTER:
    return part_of_year(day, 3, next);
  case FM_SPELL_BY_YEAR:
    return part_of_year(day, 12, next);
  default: {
    /* 9999-12-31 is a Friday: every Thursday lies inside the calendar. */
    int32_t first = part_of_year(monday_of(day) + 3, clock == FM_SPELL_BY_MONTH_OF_WEEKS ? 1 : 12, next);
    return first > FM__DATE_MAX ? FM__DATE_MAX + 1 : first_week(first);
  }
  }
}

int32_t fm_spell_period_start(int32_t day, int32_t clock)
{
  return fm__date_is_valid(day) && fm__clock_is_known(clock) ? period_at(day, clock, 0) : FM_NO_DATE;
}

int32_t fm_spell_period_end(int32_t day, int32_t clock)
{
  if (!fm__date_is_valid(day) || !fm__clock_is_known(clock))
    return FM_NO_DATE;
  int32_t end = period_at(day, clock, 1);
  return end > FM__DATE_MAX ? FM__DATE_MAX + 1 : end;
}

typedef struct cuts {
  int32_t clock;
  const int32_t *days;
  size_t n_days;
} cuts;

/* The first given cut after `day`. */
static size_t cut_after(const cuts *c, int32_t day)
{
  size_t low = 0, high = c->n_days;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (c->days[middle] <= day)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static fm_status split_body(const void *ctx, fm__rows_out *out, fm__work *w, const fm__stays *s, size_t from, size_t to,
                            fm_error *err)
{
  const cuts *c = ctx;
  (void)w;
  for (size_t i = from; i < to; i++) {
    if (!fm__stay_took_place(s, i))
      continue;
    int32_t end = fm__stay_end(s, i);
    size_t cut = cut_after(c, s->start[i]);
    for (int32_t day = s->start[i], next; day < end; day = next) {
      next = c->clock == FM_SPELL_BY_DAY ? end : fm_spell_period_end(day, c->clock);
      next = next < end ? next : end;
      if (cut < c->n_days && c->days[cut] <= next)
        next = c->days[cut++];
      int32_t row[] = {(int32_t)i, day, next};
      if (!fm__rows_put(out, row))
        return fm__no_memory(err);
    }
  }
  return FM_OK;
}

fm_status fm_spell_split(size_t *n_out, int32_t *out_row, int32_t *out_start, int32_t *out_end, const int32_t *person,
                         const int32_t *start, const int32_t *end, size_t n, int32_t clock, const int32_t *days,
                         size_t n_days, int32_t as_of, const fm_run *run, fm_error *err)
{
  if (!fm__clock_is_known(clock) || (n_days > 0 && days == NULL))
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "clock is %d, it must be from FM_SPELL_BY_DAY to FM_SPELL_BY_YEAR_OF_WEEKS, "
                    "and days must be given when n_days is not 0",
                    (int)clock);
  for (size_t i = 1; i < n_days; i++)
    if (days[i] <= days[i - 1]) {
      fm__fail(err, FM_ERR_VALUE, "days to cut at must rise");
      fm__error_place(err, NULL, "days", -1, (int64_t)i, -1);
      return FM_ERR_VALUE;
    }
  if (n > INT32_MAX)
    return fm__fail(err, FM_ERR_LIMIT, "n is %zu spells, expected at most %d", n, INT32_MAX);
  fm__stays s = {person, start, end, NULL, n, as_of};
  cuts c = {clock, days, n_days};
  int32_t *const columns[] = {out_row, out_start, out_end};
  return fm__by_person(n_out, columns, 3, &s, split_body, &c, run, err);
}
