/* Pace and forecast of one goal. Formulas: docs/methods/target.md. */
#include "target/track_priv.h"

#include <math.h>

#include "num/num_priv.h"

/* P(X >= r) for X negative binomial: the beta form keeps the digits of small tails. */
static double chance_of_at_least(double r, double size, double prob)
{
  return r <= 0 ? 1.0 : fm__beta_lower(r, size, 1.0 - prob, prob);
}

static void predict(fm__forecast *f, const fm__pace *p, double rest)
{
  double size = p->done + p->prior_shape, prob = (p->elapsed + p->prior_exposure) / (p->total + p->prior_exposure);
  double tail = (1.0 - p->level) / 2.0, need = p->goal - p->done;
  f->projection = p->done + f->run_rate * rest;
  if (rest <= 0) {
    f->total_low = f->total_high = f->total_median = f->total_mean = p->done;
    f->total_sd = 0;
    f->probability = need <= 0 ? 1.0 : 0.0;
    return;
  }
  f->total_mean = p->done + size * (1.0 - prob) / prob;
  f->total_sd = sqrt(size * (1.0 - prob)) / prob;
  f->total_low = p->done + fm__negative_binomial_quantile(tail, size, prob);
  f->total_high = p->done + fm__negative_binomial_quantile(1.0 - tail, size, prob);
  f->total_median = p->done + fm__negative_binomial_quantile(0.5, size, prob);
  f->probability = chance_of_at_least(need, size, prob);
}

/* The time of the N-th start, given k by day t: t + (t + b) * F * need / size, F with 2 need and 2 size degrees. */
static void finish(fm__forecast *f, const fm__pace *p)
{
  double need = p->goal - p->done, size = p->done + p->prior_shape, tail = (1.0 - p->level) / 2.0;
  double span = p->elapsed + p->prior_exposure;
  f->finish = f->finish_low = f->finish_high = NAN;
  if (need <= 0)
    return;
  if (p->done > 0)
    f->finish = p->goal / f->run_rate;
  f->finish_low = p->elapsed + span * fm__f_quantile(2.0 * need, 2.0 * size, tail) * need / size;
  f->finish_high = p->elapsed + span * fm__f_quantile(2.0 * need, 2.0 * size, 1.0 - tail) * need / size;
}

fm__forecast fm__forecast_of(const fm__pace *p)
{
  fm__forecast f = {.required_rate = NAN, .required_over_run = NAN};
  double rest = p->total - p->elapsed, need = p->goal > p->done ? p->goal - p->done : 0.0;
  double tail = (1.0 - p->level) / 2.0;
  f.run_rate = p->done / p->elapsed;
  f.run_low = p->done > 0 ? fm__chi2_quantile(2.0 * p->done, tail) / 2.0 / p->elapsed : 0.0;
  f.run_high = fm__chi2_quantile(2.0 * (p->done + 1.0), 1.0 - tail) / 2.0 / p->elapsed;
  if (rest > 0 || need <= 0)
    f.required_rate = need > 0 ? need / rest : 0.0;
  if (p->done > 0 && !isnan(f.required_rate))
    f.required_over_run = f.required_rate / f.run_rate;
  predict(&f, p, rest);
  finish(&f, p);
  return f;
}
