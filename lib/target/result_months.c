/* The months of a goal beside the plan and the same month last year. No season is taken out of them. */
#include <math.h>

#include "flexmetrics/calendar.h"
#include "target/result_priv.h"

/* The cumulative count at the start of a day; -1: not known. */
static int64_t count_at(const fm__known *k, int32_t day)
{
  int64_t before = 0, after = -1;
  if (day <= k->version->start)
    return 0;
  for (size_t i = 0; i < k->facts->n_counts; i++) {
    const fm__dated_count *c = &k->facts->counts[i];
    if (c->as_of <= day)
      before = c->done;
    if (c->as_of >= day) {
      after = c->done;
      break;
    }
  }
  return before == after ? before : -1;
}

static int64_t done_in(const fm__known *k, int32_t month)
{
  int64_t sum = 0;
  for (size_t i = 0; i < k->facts->n_months; i++)
    sum += k->facts->months[i].month == month ? k->facts->months[i].done : 0;
  return sum;
}

/* Starts in a month of the goal up to as-of; -1: not known. */
static int64_t month_done(const fm__known *k, int32_t month, int32_t from, int32_t until)
{
  if (!k->counted)
    return k->facts->dated == k->facts->starts ? done_in(k, month) : -1;
  int64_t a = count_at(k, from), b = count_at(k, until);
  return a >= 0 && b >= a ? b - a : -1;
}

static void put_month(const fm__writer *w, const char *quantity, const char *unit, double value, const char *state,
                      int64_t n, fm__figure like)
{
  like.quantity = quantity;
  like.unit = unit;
  like.value = value;
  like.state = state;
  like.n = n;
  fm__result_add(w->r, &like);
}

static void put_one(const fm__writer *w, int32_t month, int32_t newest)
{
  const fm__known *k = w->k;
  int32_t start = k->version->start, first = fm__month_first(month), next = fm__month_first(month + 1);
  int32_t end = next == FM_NO_DATE || next > k->version->deadline ? k->version->deadline + 1 : next;
  int32_t from = first > start ? first : start, until = end < k->as_of ? end : k->as_of;
  bool whole = from == first && until == next, told = k->season.years > 0;
  int64_t done = month_done(k, month, from, until), before = told ? done_in(k, month - 12) : -1;
  bool late = newest - month < k->track->spec.late_months || until < end;
  /* In a goal of several years last year is a part of the goal itself. */
  if (month - 12 >= fm__month_of(start))
    before = fm__month_first(month - 12) >= start
                 ? month_done(k, month - 12, fm__month_first(month - 12), fm__month_first(month - 11))
                 : -1;
  fm__figure f = fm__figure_of("month_done", "count");
  f.period_start = from;
  f.period_end = until - 1;
  fm__result_key_i64(w->r, FM__KEY_MONTH, first);
  put_month(w, "month_done", "count", done >= 0 ? (double)done : NAN,
            done < 0 ? FM__NOT_GIVEN
            : late   ? FM__PRELIMINARY
                     : FM__OK,
            done, f);
  put_month(w, "month_plan", "count",
            fm__plan_at(k->facts, &k->clock, k->as_of, until - start) -
                fm__plan_at(k->facts, &k->clock, k->as_of, from - start),
            FM__OK, -1, f);
  put_month(w, "month_last_year", "count", before >= 0 ? (double)before : NAN, before >= 0 ? FM__OK : FM__NOT_GIVEN,
            before, f);
  bool both = done >= 0 && before >= 0;
  put_month(w, "month_change", "count", both && whole ? (double)(done - before) : NAN,
            !both    ? FM__NOT_GIVEN
            : !whole ? FM__CENSORED
            : late   ? FM__PRELIMINARY
                     : FM__OK,
            done, f);
  if (k->season.starts > 0) {
    f.period_start = f.period_end = FM__NO_DATE;
    put_month(w, "month_share", "share", k->season.share[month % 12], FM__OK, (int64_t)k->season.starts, f);
  }
}

enum { MOST_MONTHS = 120 }; /* ten years, the latest */

void fm__put_months(const fm__writer *w)
{
  const fm__known *k = w->k;
  int32_t last = k->as_of - 1 < k->version->deadline ? k->as_of - 1 : k->version->deadline;
  if (!(k->elapsed > 0))
    return;
  int32_t first = fm__month_of(k->version->start), newest = fm__month_of(last);
  for (int32_t m = newest - first < MOST_MONTHS ? first : newest - MOST_MONTHS + 1; m <= newest; m++)
    put_one(w, m, fm__month_of(k->as_of - 1));
  fm__result_key_null(w->r, FM__KEY_MONTH);
}
