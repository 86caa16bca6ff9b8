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

/* The rate taken as known: Poisson. */
static void predict_known(fm__forecast *f, const fm__pace *p, double rest)
{
  double mean = rest > 0 ? f->run_rate * rest : 0, tail = (1.0 - p->level) / 2.0, need = p->goal - p->done;
  f->known_low = p->done + fm__poisson_quantile(tail, mean);
  f->known_high = p->done + fm__poisson_quantile(1.0 - tail, mean);
  f->known_probability = need <= 0 ? 1.0 : mean > 0 ? fm__gamma_lower(ceil(need), mean) : 0.0;
}

/* Are both tails of Binomial(k + r, t / T) at k above `tail`? The lower one falls with r, the upper one rises. */
static bool is_inside(const fm__pace *p, double r, double tail, bool upper)
{
  double share = p->elapsed / p->total, rest = (p->total - p->elapsed) / p->total;
  if (upper)
    return p->done <= 0 || fm__beta_lower(p->done, r + 1, share, rest) > tail;
  return r <= 0 || fm__beta_lower(r, p->done + 1, rest, share) > tail;
}

/* The further starts with which k by day t is not extreme: exact, and without a prior. */
static void predict_exact(fm__forecast *f, const fm__pace *p)
{
  double tail = (1.0 - p->level) / 2.0, low = 0, high = 1, end = 0;
  f->exact_low = f->exact_high = p->done;
  if (p->total <= p->elapsed)
    return;
  while (high < FM__MANY && is_inside(p, high, tail, false))
    end = high, high *= 2;
  while (high - end > 1) { /* the last that is inside */
    double middle = floor((end + high) / 2);
    *(is_inside(p, middle, tail, false) ? &end : &high) = middle;
  }
  f->exact_high = high < FM__MANY ? p->done + end : NAN;
  for (high = end; low < high;) { /* the first that is inside */
    double middle = floor((low + high) / 2);
    if (is_inside(p, middle, tail, true))
      high = middle;
    else
      low = middle + 1;
  }
  f->exact_low = p->done + low;
}

double fm__normal_probability(double *sd, const fm__pace *p, double dispersion)
{
  double rest = p->total - p->elapsed, odds = rest / p->elapsed, mean = p->done * (1 + odds);
  *sd = sqrt((dispersion > 1 ? dispersion : 1) * (p->done * odds + p->done * odds * odds));
  return *sd > 0 ? fm__normal_cdf((mean - p->goal + 0.5) / *sd) : NAN;
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
  f.pace_index = (p->done / p->goal) / (p->elapsed / p->total);
  f.time_ahead = p->done * p->total / p->goal - p->elapsed;
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
  predict_known(&f, p, rest);
  predict_exact(&f, p);
  finish(&f, p);
  return f;
}
