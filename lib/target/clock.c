/* Time as a goal sees it: the months' shares of earlier years, the clock they give, and the plan by that clock. */
#include <math.h>

#include "calendar/calendar_priv.h"
#include "target/track_priv.h"

/* ---- earlier years ---- */

/* Pearson's chi2 / df of months around what the years' totals and the months' shares expect. */
static void disperse(fm__season *s, double (*count)[12], const double *total)
{
  double chi2 = 0;
  int32_t n_months = 0, n_years = 0;
  for (int m = 0; m < 12; m++)
    n_months += s->count[m] > 0;
  for (int32_t y = 0; y < s->years; y++) {
    n_years += total[y] > 0;
    for (int m = 0; m < 12; m++) {
      double expected = total[y] * s->share[m], off = count[y][m] - expected;
      chi2 += expected > 0 ? off * off / expected : 0;
    }
  }
  s->df = (n_years - 1) * (n_months - 1);
  s->dispersion = s->df > 0 ? chi2 / s->df : NAN;
}

enum { MOST_YEARS = 100 };

fm__season fm__season_of(const fm__facts *f, int32_t start)
{
  fm__season s = {.dispersion = NAN};
  double count[MOST_YEARS][12] = {{0}}, total[MOST_YEARS] = {0};
  int32_t first = fm__month_of(start);
  if (f->n_months == 0 || f->months[0].month >= first)
    return s;
  s.years = (first - f->months[0].month + 11) / 12;
  s.years = s.years < MOST_YEARS ? s.years : MOST_YEARS;
  for (size_t i = 0; i < f->n_months && f->months[i].month < first; i++) {
    int32_t year = (first - 1 - f->months[i].month) / 12, month = f->months[i].month % 12;
    if (year >= MOST_YEARS)
      continue;
    count[year][month] += (double)f->months[i].done;
    total[year] += (double)f->months[i].done;
    s.count[month] += (double)f->months[i].done;
    s.starts += (double)f->months[i].done;
  }
  for (int m = 0; m < 12; m++)
    s.share[m] = s.starts > 0 ? s.count[m] / s.starts : NAN;
  if (s.starts > 0)
    disperse(&s, count, total);
  return s;
}

double fm__dispersion_of(const double *count, const double *share, size_t n)
{
  double total = 0, shares = 0, chi2 = 0;
  for (size_t i = 0; i < n; i++) {
    total += count[i];
    shares += share[i];
  }
  for (size_t i = 0; i < n; i++) {
    double expected = total * share[i] / shares, off = count[i] - expected;
    chi2 += expected > 0 ? off * off / expected : 0;
  }
  return n >= 2 && total > 0 && shares > 0 ? chi2 / (double)(n - 1) : NAN;
}

/* ---- the clock ---- */

fm__clock fm__clock_of(int32_t start, const fm__season *season)
{
  fm__clock c = {.start = start, .seasonal = season != NULL && season->starts > 0};
  double before = 0;
  for (int m = 0; m < 12 && c.seasonal; m++) {
    c.share[m] = season->share[m];
    c.before[m] = before;
    before += season->share[m];
  }
  return c;
}

typedef struct place { /* a moment in its month */
  int32_t year, month;
  double part; /* of the month that has passed */
} place;

static place place_of(int32_t start, double days)
{
  place p = {0, 0, 0};
  double most = (double)FM__DATE_MAX - start;
  days = days < most ? days : most;
  int32_t day, date = start + (int32_t)floor(days);
  fm_date_to_ymd(date, &p.year, &p.month, &day);
  int32_t first = fm_date_from_ymd(p.year, p.month, 1), next = fm_date_add_months(first, 1);
  p.part = (day - 1 + (days - floor(days))) / (next == FM_NO_DATE ? 31 : next - first);
  return p;
}

double fm__months_at(int32_t start, double days)
{
  place from = place_of(start, 0), to = place_of(start, days);
  return 12.0 * (to.year - from.year) + (to.month - from.month) + (to.part - from.part);
}

/* Shares of the months since the start, with the same terms for the same month, so that whole months add exactly. */
double fm__clock_at(const fm__clock *c, double days)
{
  if (!c->seasonal)
    return days;
  place from = place_of(c->start, 0), to = place_of(c->start, days);
  return (to.year - from.year) + (c->before[to.month - 1] - c->before[from.month - 1]) +
         (to.part * c->share[to.month - 1] - from.part * c->share[from.month - 1]);
}

/* ---- the plan ---- */

const fm__version *fm__version_at(const fm__facts *f, int32_t as_of)
{
  const fm__version *v = &f->versions[0];
  for (size_t i = 1; i < f->n_versions && f->versions[i].changed_on < as_of; i++)
    v = &f->versions[i];
  return v;
}

double fm__plan_at(const fm__facts *f, const fm__clock *c, int32_t as_of, double days)
{
  double plan = 0, from = 0, here;
  const fm__version *last = fm__version_at(f, as_of);
  for (const fm__version *v = f->versions; v <= last; v++) {
    double end = fm__clock_at(c, (double)v->deadline + 1 - v->start), until = days;
    if (v < last && v[1].changed_on - v->start < days)
      until = v[1].changed_on - v->start;
    here = fm__clock_at(c, until);
    double now = here < end ? here : end;
    /* From where the plan stood at the change to the goal at the deadline. */
    if (now > from && end > from)
      plan += (v->goal - plan) * ((now - from) / (end - from));
    from = here;
    if (until >= days)
      break;
  }
  return plan;
}
