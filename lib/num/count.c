/* Distributions of counts. A quantile is the smallest whole k whose cdf reaches p, as in R's qpois and qnbinom; to make
 * it undo the cdf, "reaches" allows for the cdf's own error: 64 units of 2^-52, relative to the smaller tail. */
#include <math.h>

#include "num/special_priv.h"

typedef struct law {
  double size, prob; /* negative binomial; size 0 means Poisson of mean mu */
  double mu;
  bool failed; /* a cdf was NaN */
} law;

static fm__tails tails_at(const law *l, double k)
{
  double whole = floor(k);
  if (whole < 0)
    return (fm__tails){0, 1, 0};
  if (whole == INFINITY)
    return (fm__tails){1, 0, 0};
  if (l->size > 0)
    return fm__beta_tails(l->size, whole + 1, l->prob, 1 - l->prob);
  fm__tails t = fm__gamma_tails(whole + 1, l->mu);
  return (fm__tails){t.upper, t.lower, 0};
}

static bool reaches(law *l, double k, double p)
{
  const double fuzz = 64 * 0x1p-52;
  fm__tails t = tails_at(l, k);
  l->failed = l->failed || isnan(t.lower);
  if (l->failed)
    return true; /* ends the search */
  if (p <= 0.5)
    return t.lower >= p * (1 - fuzz);
  return t.upper <= (1 - p) * (1 + fuzz) + 0x1p-53; /* p itself is rounded */
}

static double search(law *l, double p, double start)
{
  if (!(start < 1e15))
    return NAN;                                  /* whole numbers near it would not be told apart */
  double low = -1, high = floor(fmax(start, 0)); /* not reached at low, reached at high */
  double step = 1 + floor(0.01 * sqrt(high));
  if (reaches(l, high, p)) {
    for (; high > 0; step *= 2) {
      double next = fmax(high - step, 0);
      if (!reaches(l, next, p)) {
        low = next;
        break;
      }
      high = next;
    }
    if (high == 0)
      return l->failed ? NAN : 0;
  } else {
    do {
      low = high;
      high += step;
      step *= 2;
      if (high > 1e16)
        return NAN;
    } while (!reaches(l, high, p));
  }
  while (high - low > 1) {
    double middle = floor(low + (high - low) / 2);
    if (reaches(l, middle, p))
      high = middle;
    else
      low = middle;
  }
  return l->failed ? NAN : high;
}

/* Normal deviate with the first skewness term of Cornish and Fisher. */
static double guess(double p, double mean, double sd, double skewness)
{
  double z = fm__normal_quantile(p);
  return mean + sd * (z + skewness * (z * z - 1) / 6);
}

double fm__poisson_cdf(double k, double mu)
{
  if (isnan(k) || !(mu >= 0 && mu < INFINITY))
    return NAN;
  return tails_at(&(law){.mu = mu}, k).lower;
}

double fm__poisson_quantile(double p, double mu)
{
  if (!(p >= 0 && p <= 1 && mu >= 0 && mu < INFINITY))
    return NAN;
  if (p == 0 || mu == 0)
    return 0;
  if (p == 1)
    return INFINITY;
  double sd = sqrt(mu);
  return search(&(law){.mu = mu}, p, guess(p, mu, sd, 1 / sd));
}

static bool negative_binomial_valid(double size, double prob)
{
  return size >= 0 && size < INFINITY && prob > 0 && prob <= 1;
}

double fm__negative_binomial_cdf(double k, double size, double prob)
{
  if (isnan(k) || !negative_binomial_valid(size, prob))
    return NAN;
  if (size == 0 || prob == 1)
    return k < 0 ? 0 : 1;
  return tails_at(&(law){.size = size, .prob = prob}, k).lower;
}

double fm__negative_binomial_quantile(double p, double size, double prob)
{
  if (!(p >= 0 && p <= 1) || !negative_binomial_valid(size, prob))
    return NAN;
  if (p == 0 || size == 0 || prob == 1)
    return 0;
  if (p == 1)
    return INFINITY;
  double rest = 1 - prob, sd = sqrt(size * rest) / prob;
  return search(&(law){.size = size, .prob = prob}, p,
                guess(p, size * rest / prob, sd, (2 - prob) / sqrt(size * rest)));
}
