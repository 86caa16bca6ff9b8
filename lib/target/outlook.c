/* Forecasts that are more than one negative binomial: uncertain shares of the months, dispersion, changes of pace.
 *
 * Given the passed share of the time the rest is negative binomial, as in forecast.c. The uncertain share is taken at
 * equally likely values of its beta distribution, over which probabilities are averaged. */
#include <math.h>

#include "num/num_priv.h"
#include "target/track_priv.h"

typedef struct nodes {
  const fm__outlook *o;
  double share[FM__NODES]; /* passed share of the time */
  int n;
} nodes;

static void place_nodes(nodes *x, const fm__outlook *o)
{
  double passed = o->pace.elapsed / o->pace.total;
  *x = (nodes){.o = o, .share = {passed}, .n = 1};
  if (!(o->share_a > 0) || !(o->share_b > 0))
    return;
  x->n = FM__NODES;
  for (int j = 0; j < FM__NODES; j++)
    x->share[j] = fm__beta_quantile(o->share_a, o->share_b, (j + 0.5) / FM__NODES);
}

/* ---- time still to come ---- */

/* Share of the rest of the goal's time that passes from now to `day`; 1 at the end, more beyond it. `beyond`: shares of
 * the goal's whole time after the end. */
static double rest_at(const fm__outlook *o, double day, double *beyond)
{
  double total = fm__clock_at(o->clock, o->end), now = fm__clock_at(o->clock, o->now);
  double inside = fm__clock_at(o->clock, day < o->end ? day : o->end);
  *beyond = day > o->end ? (fm__clock_at(o->clock, day) - total) / total : 0;
  return total > now ? (inside - now) / (total - now) : 0;
}

typedef struct ahead { /* by a day */
  double rest, beyond; /* both with the changed pace */
  double extra;        /* further starts expected */
} ahead;

static ahead ahead_at(const fm__outlook *o, double day)
{
  ahead a = {0, 0, 0};
  a.rest = rest_at(o, day, &a.beyond);
  if (o->scenario == NULL)
    return a;
  double from = (double)o->scenario->from - o->clock->start, beyond;
  from = from > o->now ? from : o->now;
  if (day <= from)
    return a;
  double rest = rest_at(o, from, &beyond);
  a.rest = rest + o->scenario->factor * (a.rest - rest);
  a.beyond = beyond + o->scenario->factor * (a.beyond - beyond);
  a.extra = o->scenario->per_month * (fm__months_at(o->clock->start, day) - fm__months_at(o->clock->start, from));
  return a;
}

/* Mean and variance of the starts still to come, given a passed share. */
static void moments_at(const fm__outlook *o, const ahead *a, double passed, double *mean, double *variance)
{
  double size = o->pace.done + o->pace.prior_shape;
  double exposure = o->pace.total * ((1 - passed) * a->rest + a->beyond);
  double pace = size * exposure / (o->pace.total * passed + o->pace.prior_exposure);
  double widen = o->dispersion > 1 ? o->dispersion : 1;
  *mean = pace + a->extra;
  *variance = widen * (pace + pace * pace / size + a->extra);
}

/* P(X >= r), X negative binomial with that mean and variance; Poisson when they are equal. */
static double at_least(double r, double mean, double variance)
{
  if (r <= 0)
    return 1;
  if (!(mean > 0))
    return 0;
  if (variance <= mean * (1 + 1e-12))
    return fm__gamma_lower(r, mean);
  return fm__beta_lower(r, mean * mean / (variance - mean), (variance - mean) / variance, mean / variance);
}

static double chance(const nodes *x, double r, double day)
{
  ahead a = ahead_at(x->o, day);
  double sum = 0;
  for (int j = 0; j < x->n; j++) {
    double mean, variance;
    moments_at(x->o, &a, x->share[j], &mean, &variance);
    sum += at_least(r, mean, variance);
  }
  return sum / x->n;
}

/* Smallest whole r with P(X <= r) >= p, as in R up to rounding. */
static double quantile(const nodes *x, double p)
{
  double low = 0, high = 1, out = 1 - p + 1e-13 * p;
  while (high < FM__MANY && chance(x, high + 1, x->o->end) > out)
    low = high + 1, high *= 2;
  if (high >= FM__MANY)
    return NAN;
  while (low < high) {
    double middle = floor((low + high) / 2);
    if (chance(x, middle + 1, x->o->end) <= out)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

/* ---- moments of the total ---- */

/* Over the uncertain share: exact where the prior has no exposure, else over its equally likely values. */
static void put_moments(fm__forecast *f, const nodes *x)
{
  const fm__outlook *o = x->o;
  ahead a = ahead_at(o, o->end);
  double mean = 0, variance = 0, square = 0, size = o->pace.done + o->pace.prior_shape;
  if (x->n > 1 && !(o->pace.prior_exposure > 0)) {
    double u = o->share_a, v = o->share_b, widen = o->dispersion > 1 ? o->dispersion : 1;
    double odds = u > 1 ? v / (u - 1) : NAN, odds2 = u > 2 ? v * (v + 1) / ((u - 1) * (u - 2)) : NAN;
    double pace = size * a.rest;
    f->total_mean = o->pace.done + pace * odds + a.extra;
    f->total_sd =
        sqrt(widen * (pace * odds + pace * pace / size * odds2 + a.extra) + pace * pace * (odds2 - odds * odds));
    return;
  }
  for (int j = 0; j < x->n; j++) {
    double m, v;
    moments_at(o, &a, x->share[j], &m, &v);
    mean += m / x->n;
    variance += v / x->n;
    square += m * m / x->n;
  }
  f->total_mean = o->pace.done + mean;
  f->total_sd = sqrt(variance + (x->n > 1 ? square - mean * mean : 0));
}

/* ---- the day of the N-th start ---- */

enum { FAR_DAYS = 36525 }; /* beyond a hundred years a day is not told */

/* First day on which `reached` is at least `level`; it rises with the day. NaN: not in a hundred years. */
static double first_day(double (*reached)(const nodes *x, double day), const nodes *x, double level)
{
  double low = x->o->now, high = x->o->end + FAR_DAYS;
  if (!(reached(x, high) >= level))
    return NAN;
  for (int k = 0; k < 60 && high - low > 1e-7 * high; k++) {
    double middle = (low + high) / 2;
    *(reached(x, middle) >= level ? &high : &low) = middle;
  }
  return high;
}

static double chance_by(const nodes *x, double day)
{
  return chance(x, x->o->pace.goal - x->o->pace.done, day);
}

static double expected_by(const nodes *x, double day)
{
  const fm__outlook *o = x->o;
  ahead a = ahead_at(o, day);
  double rate = o->pace.done / o->pace.elapsed;
  return o->pace.done + rate * ((o->pace.total - o->pace.elapsed) * a.rest + o->pace.total * a.beyond) + a.extra;
}

void fm__outlook_put(fm__forecast *f, const fm__outlook *o)
{
  nodes x;
  double tail = (1.0 - o->pace.level) / 2.0, need = o->pace.goal - o->pace.done;
  place_nodes(&x, o);
  f->projection = expected_by(&x, o->end);
  f->finish = f->finish_low = f->finish_high = NAN;
  if (o->end > o->now) {
    put_moments(f, &x);
    f->total_low = o->pace.done + quantile(&x, tail);
    f->total_high = o->pace.done + quantile(&x, 1.0 - tail);
    f->total_median = o->pace.done + quantile(&x, 0.5);
    f->probability = chance(&x, need, o->end);
  }
  if (need <= 0)
    return;
  f->finish = first_day(expected_by, &x, o->pace.goal);
  f->finish_low = first_day(chance_by, &x, tail);
  f->finish_high = first_day(chance_by, &x, 1.0 - tail);
}
