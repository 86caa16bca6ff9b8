/* The counter of weeks on benefits and when it starts anew. */
#include "economy/weeks_priv.h"

/* 1970-01-01 was a Thursday: day -3 is a Monday. */
int32_t fm__week_number(int32_t date)
{
  int32_t from_monday = date + 3;
  return from_monday >= 0 ? from_monday / 7 : -((6 - from_monday) / 7);
}

int32_t fm__week_monday(int32_t week)
{
  return week * 7 - 3;
}

int32_t fm__week_thursday(int32_t week)
{
  return week * 7;
}

/* Weeks of self-support in the window that ends with the newest gap. A window that ends inside the gap has no more of
 * them: with each week further it gains one and loses at most one. */
static int64_t in_window(const fm__week_count *c)
{
  int64_t end = c->gaps[c->n - 1].to, first = end - c->window, n = 0;
  for (size_t k = c->n; k-- > 0 && c->gaps[k].to > first;)
    n += c->gaps[k].to - (c->gaps[k].from > first ? c->gaps[k].from : first);
  return n;
}

int64_t fm__week_count_next(fm__week_count *c, int32_t week, bool counts)
{
  if (c->told && week - c->last > 1 && c->reset > 0) {
    if (!fm__grow((void **)&c->gaps, &c->capacity, c->n + 1, sizeof *c->gaps)) {
      c->failed = true;
      return c->weeks + 1;
    }
    c->gaps[c->n++] = (fm__week_span){c->last + 1, week};
    if (in_window(c) >= c->reset) {
      c->weeks = 0;
      c->n = 0;
    }
  }
  c->told = true;
  c->last = week;
  c->weeks += counts;
  return c->weeks + !counts;
}

void fm__week_count_close(fm__week_count *c)
{
  fm__free(c->gaps);
  c->gaps = NULL;
}
