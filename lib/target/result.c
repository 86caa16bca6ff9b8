/* The rows of target.track: a goal as it is, its parts, and what earlier years say. */
#include <math.h>

#include "flexmetrics/calendar.h"
#include "num/num_priv.h"
#include "target/result_priv.h"

/* ---- what is known ---- */

static void take_count(fm__known *k, const fm__dated_count *c)
{
  k->counted = true;
  k->as_of = c->as_of;
  k->n = c->done;
  k->people = c->people;
  k->is_private = c->is_private;
  k->n_private_known = c->is_private >= 0 ? c->done : 0;
  k->employers = c->employers;
  k->ended = c->ended;
  k->n_ended_known = c->ended >= 0 ? c->done : 0;
}

static int64_t part_of(const fm__known_part *p, int64_t starts)
{
  return p->known > 0 || starts == 0 ? p->sum : -1;
}

static void take_starts(fm__known *k, const fm__facts *f)
{
  k->n = f->starts;
  k->people = f->people.known == f->starts ? f->people.sum : -1;
  k->is_private = part_of(&f->is_private, f->starts);
  k->n_private_known = f->is_private.known;
  k->employers = part_of(&f->employers, f->starts);
  k->ended = part_of(&f->ended, f->starts);
  k->n_ended_known = f->ended.known;
}

/* The prior and the dispersion, from earlier years where they are told. */
static void take_earlier(fm__known *k)
{
  const fm_target_track_spec *spec = &k->track->spec;
  const fm__season *s = &k->season;
  k->prior_shape = spec->prior_shape;
  k->prior_days = spec->prior_days;
  k->dispersion = spec->dispersion != 0 && s->dispersion > 1 ? s->dispersion : 1;
  if (!(spec->prior_years > 0) || !(s->starts > 0))
    return;
  int32_t first = fm_date_add_months(fm__month_first(fm__month_of(k->clock.start)), -12 * s->years);
  double years_days = fm__month_first(fm__month_of(k->clock.start)) - first;
  double year = k->clock.seasonal ? k->total / fm__clock_at(&k->clock, k->total) : years_days / s->years;
  k->prior_shape = spec->prior_years * s->starts / s->years;
  k->prior_days = spec->prior_years * year;
}

static fm__known what_is_known(const fm__track *t, const fm__facts *f)
{
  fm__known k = {.track = t, .facts = f, .as_of = t->spec.as_of, .dispersion = 1};
  if (f->n_counts > 0 && f->starts == 0)
    take_count(&k, &f->counts[f->n_counts - 1]);
  else
    take_starts(&k, f);
  k.version = fm__version_at(f, k.as_of);
  const fm__version *v = k.version;
  double last = k.as_of < v->deadline + 1 ? k.as_of : v->deadline + 1;
  k.elapsed = k.as_of == FM_NO_DATE ? 0 : last - v->start;
  k.total = (double)v->deadline + 1 - v->start;
  k.season = fm__season_of(f, v->start);
  k.clock = fm__clock_of(v->start, t->spec.season != FM_TARGET_DAYS ? &k.season : NULL);
  if (k.clock.seasonal && !(fm__clock_at(&k.clock, k.total) > 0))
    k.clock = fm__clock_of(v->start, NULL); /* no starts in these months in earlier years */
  k.passed = k.elapsed > 0 ? fm__clock_at(&k.clock, k.elapsed) / fm__clock_at(&k.clock, k.total) : 0;
  take_earlier(&k);
  return k;
}

/* ---- rows ---- */

fm__figure fm__goal_figure(const fm__known *k, const char *quantity, const char *unit)
{
  fm__figure f = fm__figure_of(quantity, unit);
  f.n = k->n;
  f.people = k->people;
  f.period_start = k->version->start;
  f.period_end = k->as_of != FM_NO_DATE ? k->as_of - 1 : FM__NO_DATE;
  return f;
}

void fm__put_limits(const fm__writer *w, const char *quantity, const char *unit, double value, double low, double high)
{
  fm__figure f = fm__goal_figure(w->k, quantity, unit);
  f.value = value;
  f.ci_low = low;
  f.ci_high = high;
  if (!isnan(low) || !isnan(high))
    f.level = w->k->track->spec.level;
  if (isnan(value))
    f.state = FM__UNDEFINED;
  fm__result_add(w->r, &f);
}

void fm__put_value(const fm__writer *w, const char *quantity, const char *unit, double value)
{
  fm__put_limits(w, quantity, unit, value, NAN, NAN);
}

void fm__put_state(const fm__writer *w, const char *quantity, const char *unit, const char *state)
{
  fm__figure f = fm__goal_figure(w->k, quantity, unit);
  f.state = state;
  fm__result_add(w->r, &f);
}

/* Of what is known of `n` starts; -1: not given. */
static void put_part(const fm__writer *w, const char *quantity, int64_t part, int64_t n)
{
  fm__figure f = fm__goal_figure(w->k, quantity, "count");
  f.n = n;
  if (part < 0)
    f.state = FM__NOT_GIVEN;
  else
    f.value = (double)part;
  fm__result_add(w->r, &f);
}

static void put_private_share(const fm__writer *w)
{
  const fm__known *k = w->k;
  fm__figure share = fm__goal_figure(k, "private_share", "share");
  double in = (double)k->is_private, n = (double)k->n_private_known;
  share.n = k->n_private_known;
  share.people = -1; /* those whose sector is known are not counted as people */
  share.state = k->is_private < 0 ? FM__NOT_GIVEN : n > 0 ? FM__OK : FM__EMPTY;
  if (k->is_private >= 0 && n > 0) {
    share.value = in / n;
    share.level = k->track->spec.level;
    fm__wilson(in, n, share.level, &share.ci_low, &share.ci_high);
  }
  fm__result_add(w->r, &share);
}

/* Beyond this the sums of the beta-binomial take too long. */
enum { MOST_REST = 1000000 };

/* The share of private employers among what remains, learnt from those known: beta-binomial with Jeffreys' prior. */
static void put_private_rest(const fm__writer *w)
{
  const fm__known *k = w->k;
  double aim = k->track->spec.private_share, tail = (1.0 - k->track->spec.level) / 2;
  double rest = ceil(k->version->goal - (double)k->n), in = (double)k->is_private;
  double a = in + 0.5, b = (double)(k->n_private_known - k->is_private) + 0.5;
  if (aim < 0)
    return;
  if (k->is_private < 0 || k->n_private_known == 0) {
    fm__put_state(w, "private_total", "count", FM__NOT_GIVEN);
    fm__put_state(w, "private_rest", "count", FM__NOT_GIVEN);
    fm__put_state(w, "private_probability", "share", FM__NOT_GIVEN);
    return;
  }
  double share = in / (double)k->n_private_known;
  fm__put_value(w, "private_total", "count", k->passed > 0 ? share * (double)k->n / k->passed : NAN);
  bool fits = rest > 0 && rest <= MOST_REST;
  fm__put_limits(w, "private_rest", "count",
                 rest <= 0 ? 0.0
                 : fits    ? rest * a / (a + b)
                           : NAN,
                 fits ? fm__beta_binomial_quantile(tail, rest, a, b) : NAN,
                 fits ? fm__beta_binomial_quantile(1 - tail, rest, a, b) : NAN);
  /* A whole number of them: 0.8 of 115 is 92, also where the product of doubles is a little above. */
  fm__put_value(w, "private_probability", "share",
                fits ? fm__beta_binomial_at_least(ceil(aim * rest - 1e-9), rest, a, b) : NAN);
}

void fm__put_parts(const fm__writer *w)
{
  const fm__known *k = w->k;
  put_part(w, "private", k->is_private, k->n);
  put_private_share(w);
  put_private_rest(w);
  fm__figure employers = fm__goal_figure(k, "employers", "count");
  employers.n = employers.people = -1;
  if (k->employers >= 0)
    employers.value = (double)k->employers;
  else
    employers.state = FM__NOT_GIVEN;
  fm__result_add(w->r, &employers);
  if (k->track->spec.net == 0)
    return;
  /* Net only where it is known of all: a part would look like jobs that last. */
  bool all = k->ended >= 0 && k->n_ended_known == k->n;
  put_part(w, "ended", k->ended, k->n_ended_known);
  put_part(w, "done_net", all ? k->n - k->ended : -1, k->n);
  double net = (double)(k->n - k->ended), goal = k->version->goal;
  if (!all) {
    fm__put_state(w, "remaining_net", "count", FM__NOT_GIVEN);
    fm__put_state(w, "share_of_goal_net", "share", FM__NOT_GIVEN);
    return;
  }
  fm__put_value(w, "remaining_net", "count", goal > net ? goal - net : 0.0);
  fm__put_value(w, "share_of_goal_net", "share", net / goal);
}

/* ---- earlier years ---- */

/* Whole months of this year that are over, with their counts; false when starts have no days. */
static size_t whole_months(const fm__known *k, double count[12], double share[12])
{
  int32_t first = fm__month_of(k->version->start), last = fm__month_of(k->as_of);
  size_t n = 0;
  if (k->counted || k->facts->dated != k->facts->starts || fm__month_first(first) != k->version->start)
    return 0;
  for (int32_t m = first; m < last && n < 12 && m <= fm__month_of(k->version->deadline); m++, n++) {
    count[n] = 0;
    share[n] = k->season.share[m % 12];
    for (size_t i = 0; i < k->facts->n_months; i++)
      count[n] += k->facts->months[i].month == m ? (double)k->facts->months[i].done : 0;
  }
  return n;
}

static void put_normal(const fm__writer *w)
{
  const fm__known *k = w->k;
  double sd;
  fm__pace pace = {.goal = k->version->goal, .done = (double)k->n, .elapsed = k->passed, .total = 1};
  double p = fm__normal_probability(&sd, &pace, k->dispersion);
  fm__figure f = fm__goal_figure(k, "normal_total", "count");
  f.value = (double)k->n / k->passed;
  f.std_error = sd;
  fm__result_add(w->r, &f);
  fm__put_value(w, "normal_probability", "share", p);
}

void fm__put_earlier(const fm__writer *w)
{
  const fm__known *k = w->k;
  const fm__season *s = &k->season;
  double count[12], share[12];
  const struct {
    const char *quantity, *unit;
    double value;
  } used[] = {{"prior_shape", "ratio", k->prior_shape},
              {"prior_days", "days", k->prior_days},
              {"earlier_years", "count", s->years}};
  for (size_t q = 0; q < FM__COUNT(used); q++) {
    fm__figure u = fm__figure_of(used[q].quantity, used[q].unit);
    u.value = used[q].value;
    fm__result_add(w->r, &u);
  }
  fm__figure f = fm__goal_figure(k, "earlier_starts", "count");
  fm__figure d = fm__goal_figure(k, "earlier_dispersion", "ratio");
  d.n = f.n = s->years > 0 ? (int64_t)s->starts : -1;
  d.people = f.people = -1;
  f.period_start = d.period_start =
      s->years > 0 ? fm_date_add_months(fm__month_first(fm__month_of(k->version->start)), -12 * s->years) : FM__NO_DATE;
  f.period_end = d.period_end = s->years > 0 ? fm__month_first(fm__month_of(k->version->start)) - 1 : FM__NO_DATE;
  f.value = s->years > 0 ? s->starts : NAN;
  f.state = s->years > 0 ? FM__OK : FM__NOT_GIVEN;
  fm__result_add(w->r, &f);
  d.value = s->dispersion;
  d.state = isnan(s->dispersion) ? FM__NOT_GIVEN : FM__OK;
  fm__result_add(w->r, &d);
  if (!(s->starts > 0) || !(k->passed > 0))
    return;
  size_t n = whole_months(k, count, share);
  fm__put_value(w, "dispersion_now", "ratio", fm__dispersion_of(count, share, n));
  put_normal(w);
}

/* ---- one goal ---- */

static void put_version(const fm__writer *w)
{
  const fm__known *k = w->k;
  const fm__version *first = &k->facts->versions[0];
  fm__figure f = fm__figure_of("goal", "count");
  f.value = k->version->goal;
  f.period_start = k->version->start;
  f.period_end = k->version->deadline;
  fm__result_add(w->r, &f);
  if (k->version == first)
    return;
  f.quantity = "goal_first";
  f.value = first->goal;
  f.period_end = first->deadline;
  fm__result_add(w->r, &f);
  f.quantity = "changed_on";
  f.unit = "date";
  f.value = k->version->changed_on;
  f.period_end = k->version->deadline;
  fm__result_add(w->r, &f);
}

static void put_goal(fm__result *r, const fm__known *k)
{
  const fm__writer w = {r, k};
  double elapsed = k->elapsed > 0 ? k->elapsed : 0.0, goal = k->version->goal, done = (double)k->n;
  double plan = fm__plan_at(k->facts, &k->clock, k->as_of, elapsed);
  put_version(&w);
  fm__put_value(&w, "done", "count", done);
  fm__put_value(&w, "remaining", "count", goal > done ? goal - done : 0.0);
  fm__put_value(&w, "elapsed_days", "days", elapsed);
  fm__put_value(&w, "total_days", "days", k->total);
  fm__put_value(&w, "share_of_goal", "share", done / goal);
  fm__put_value(&w, "share_of_time", "share", elapsed / k->total);
  if (k->clock.seasonal)
    fm__put_value(&w, "share_of_season", "share", k->passed);
  fm__put_value(&w, "plan", "count", plan);
  fm__put_value(&w, "ahead_of_plan", "count", done - plan);
  fm__put_forecast(&w);
  fm__put_parts(&w);
  fm__put_earlier(&w);
  if (k->track->spec.months != 0)
    fm__put_months(&w);
}

static void define(fm__result *r, const fm__known *k)
{
  static const char *const names[] = {"gamma_poisson_constant_pace", "gamma_poisson_seasonal_pace",
                                      "negative_binomial_constant_pace", "negative_binomial_seasonal_pace"};
  const char *name = names[(k->clock.seasonal ? 1 : 0) + (k->dispersion > 1 ? 2 : 0)];
  size_t length = 0;
  while (name[length] != '\0')
    length++;
  fm__result_definition(r, name, length);
}

fm_status fm__track_result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  static const fm__key keys[] = {{"scenario", FM_CODE}, {"month", FM_DATE}};
  (void)run;
  const fm__track *t = state;
  uint32_t *order = NULL;
  fm__result *r = NULL;
  fm_status status = fm__result_create_grouped(&r, "target.track", "gamma_poisson_constant_pace", t->groups, keys,
                                               FM__COUNT(keys), err);
  if (status == FM_OK)
    status = fm__groups_order(t->groups, &order, err);
  for (size_t i = 0; i < t->n && status == FM_OK; i++) {
    const fm__facts *f = &t->goals[order[i]];
    if (t->spec.as_of == FM_NO_DATE && (f->n_counts == 0 || f->starts > 0))
      status = fm__fail(err, FM_ERR_ARGUMENT, "as_of is needed: not all goals have dated counts");
    if (status != FM_OK)
      break;
    fm__known k = what_is_known(t, f);
    fm__result_group(r, t->groups, order[i]);
    fm__result_key_null(r, FM__KEY_SCENARIO);
    fm__result_key_null(r, FM__KEY_MONTH);
    define(r, &k);
    put_goal(r, &k);
  }
  fm__free(order);
  if (status != FM_OK) {
    fm__result_destroy(r);
    return status;
  }
  return fm__result_finish(r, out, err);
}
