/* The rows of target.track that look ahead, as things are and under each scenario. */
#include <math.h>

#include "flexmetrics/calendar.h"
#include "target/result_priv.h"

/* The share of the time that has passed is uncertain when the months' shares are: a beta distribution with its mean and
 * its variance. At the end of a month these are exactly those of the shares' Dirichlet distribution. */
static void spread(fm__outlook *o, const fm__known *k)
{
  double passed = k->passed, square = 0, weight = 0;
  double total = fm__clock_at(&k->clock, k->total);
  int32_t first = fm__month_of(k->version->start), last = fm__month_of(k->version->deadline);
  double seen[12] = {0}, part[12] = {0}, from = 0;
  o->share_a = o->share_b = 0;
  if (!k->clock.seasonal || k->track->spec.season != FM_TARGET_SEASON || !(passed > 0) || !(passed < 1))
    return;
  for (int32_t m = first; m <= last; m++) { /* the whole and the passed time in each calendar month */
    int32_t next = fm__month_first(m + 1);
    double until = next == FM_NO_DATE || next - k->version->start > k->total ? k->total : next - k->version->start;
    double now = until < k->elapsed ? until : from < k->elapsed ? k->elapsed : from;
    part[m % 12] += fm__clock_at(&k->clock, until) - fm__clock_at(&k->clock, from);
    seen[m % 12] += fm__clock_at(&k->clock, now) - fm__clock_at(&k->clock, from);
    from = until;
  }
  for (int m = 0; m < 12; m++) {
    if (!(part[m] > 0))
      continue;
    weight += k->season.count[m];
    square += part[m] / total * (seen[m] / part[m]) * (seen[m] / part[m]);
  }
  double variance = (square - passed * passed) / (weight + 1);
  double size = variance > 0 ? passed * (1 - passed) / variance - 1 : 0;
  if (size > 0) {
    o->share_a = passed * size;
    o->share_b = (1 - passed) * size;
  }
}

static fm__outlook outlook_of(const fm__known *k)
{
  fm__outlook o = {.pace = {.goal = k->version->goal,
                            .done = (double)k->n,
                            .elapsed = k->passed * k->total,
                            .total = k->total,
                            .prior_shape = k->prior_shape,
                            .prior_exposure = k->prior_days,
                            .level = k->track->spec.level},
                   .clock = &k->clock,
                   .now = k->elapsed,
                   .end = k->total,
                   .dispersion = k->dispersion};
  if (!k->clock.seasonal)
    o.pace.elapsed = k->elapsed;
  spread(&o, k);
  return o;
}

static double verdict_of(const fm__known *k, double probability)
{
  const fm_target_track_spec *spec = &k->track->spec;
  if ((double)k->n >= k->version->goal)
    return 1;
  return probability >= spec->on_course ? 2 : probability >= spec->behind ? 3 : 4;
}

/* The rows that a scenario has too. */
static void put_ahead(const fm__writer *w, const fm__forecast *forecast)
{
  const fm__known *k = w->k;
  fm__forecast copy = *forecast, *f = &copy;
  /* Starts after the deadline are not counted, so that nothing is known of a day between it and as-of. */
  if ((double)k->as_of - k->version->start > k->total)
    f->finish = f->finish_low = f->finish_high = NAN;
  fm__figure p = fm__goal_figure(k, "projection", "count");
  p.value = f->projection;
  p.std_error = f->total_sd;
  p.ci_low = f->total_low;
  p.ci_high = f->total_high;
  p.level = k->track->spec.level;
  p.period_end = k->version->deadline;
  fm__result_add(w->r, &p);
  fm__put_value(w, "expected_total", "count", f->total_mean);
  fm__put_value(w, "median_total", "count", f->total_median);
  fm__put_value(w, "probability", "share", f->probability);
  fm__put_limits(w, "finish_days", "days", f->finish, f->finish_low, f->finish_high);
  /* The n-th day after the start ends n days after it: 295.2 days is inside day 296. */
  double offset = k->version->start - 1.0;
  fm__put_limits(w, "finish_date", "date", offset + ceil(f->finish), offset + ceil(f->finish_low),
                 offset + ceil(f->finish_high));
  fm__put_value(w, "verdict", "code", verdict_of(k, f->probability));
}

static void put_pace(const fm__writer *w, const fm__forecast *f)
{
  fm__put_value(w, "pace_index", "ratio", f->pace_index);
  fm__put_value(w, "days_ahead", "days", f->time_ahead);
  fm__put_limits(w, "run_rate", "per_day", f->run_rate, f->run_low, f->run_high);
  fm__put_value(w, "required_rate", "per_day", f->required_rate);
  fm__put_value(w, "required_over_run", "ratio", f->required_over_run);
}

static void put_not_begun(const fm__writer *w)
{
  static const char *const quantities[][2] = {
      {"pace_index", "ratio"},      {"days_ahead", "days"},         {"run_rate", "per_day"},
      {"required_rate", "per_day"}, {"required_over_run", "ratio"}, {"projection", "count"},
      {"expected_total", "count"},  {"median_total", "count"},      {"probability", "share"},
      {"finish_days", "days"},      {"finish_date", "date"},        {"verdict", "code"}};
  for (size_t q = 0; q < FM__COUNT(quantities); q++)
    fm__put_state(w, quantities[q][0], quantities[q][1], FM__CENSORED);
}

static bool is_plain(const fm__outlook *o)
{
  return !o->clock->seasonal && o->dispersion <= 1;
}

void fm__put_forecast(const fm__writer *w)
{
  const fm__known *k = w->k;
  if (!(k->passed > 0)) {
    put_not_begun(w);
    return;
  }
  fm__outlook o = outlook_of(k);
  fm__forecast f = fm__forecast_of(&o.pace), changed;
  put_pace(w, &f);
  changed = f;
  if (!is_plain(&o))
    fm__outlook_put(&changed, &o);
  put_ahead(w, &changed);
  fm__put_limits(w, "known_pace_total", "count", f.projection, f.known_low, f.known_high);
  fm__put_value(w, "known_pace_probability", "share", f.known_probability);
  fm__put_limits(w, "exact_total", "count", f.projection, f.exact_low, f.exact_high);
  for (size_t i = 0; i < k->track->n_scenarios; i++) {
    const fm__scenario *s = &k->track->scenarios[i];
    o.scenario = s;
    changed = f;
    fm__outlook_put(&changed, &o);
    fm__result_key_text(w->r, FM__KEY_SCENARIO, s->name, s->length);
    put_ahead(w, &changed);
  }
  fm__result_key_null(w->r, FM__KEY_SCENARIO);
}
