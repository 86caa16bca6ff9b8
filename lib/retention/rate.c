/* The share in work and its linearised variance between people. */
#include "retention/rate_priv.h"
#include "retention/retention_priv.h"

#include <math.h>

#define IN_RATE (1U << FM__NO_IN_RATE | 1U << FM__YES_IN_RATE)

static bool in_rate(const fm__answer *a)
{
  return (IN_RATE >> fm__answer_kind(a) & 1) != 0;
}

void fm__poll_count(fm__poll *p, const fm__answer *a, size_t n, bool people)
{
  uint32_t kinds = 0;
  for (size_t i = 0; i < n; i++) {
    uint32_t kind = fm__answer_kind(&a[i]);
    p->n[kind] += (int64_t)a[i].count;
    fm__retention_add_times(&p->weight[kind], a[i].weight, a[i].count);
    kinds |= 1U << kind;
  }
  if (!people)
    return;
  p->n_people++;
  p->n_yes_people += (kinds & (1U << FM__YES | 1U << FM__YES_IN_RATE)) != 0;
  p->n_no_people += (kinds & (1U << FM__NO | 1U << FM__NO_IN_RATE)) != 0;
  p->n_unknown_people += (kinds & 1U << FM__UNKNOWN) != 0;
  p->n_rate_people += (kinds & IN_RATE) != 0;
}

double fm__poll_weight(const fm__poll *p, uint32_t kinds)
{
  fm__sum sum = {0};
  for (uint32_t kind = 0; kind < FM__ANSWER_KINDS; kind++)
    if ((kinds >> kind & 1) != 0)
      fm__sum_merge(&sum, &p->weight[kind]);
  return fm__sum_value(&sum);
}

int64_t fm__poll_units(const fm__poll *p, uint32_t kinds)
{
  int64_t n = 0;
  for (uint32_t kind = 0; kind < FM__ANSWER_KINDS; kind++)
    n += (kinds >> kind & 1) != 0 ? p->n[kind] : 0;
  return n;
}

void fm__poll_share(fm__poll *p)
{
  double total = fm__poll_weight(p, IN_RATE);
  int exponent = 0;
  frexp(total, &exponent);
  p->scale = ldexp(1, exponent > 1000 ? -1000 : exponent < -1000 ? 1000 : -exponent);
  p->share = fm__poll_units(p, IN_RATE) > 0 ? fm__poll_weight(p, 1U << FM__YES_IN_RATE) / total : NAN;
}

/* Independent units: each of the `count` equal ones is a person. */
static void deviate_units(fm__poll *p, const fm__answer *a)
{
  double yes = fm__answer_kind(a) == FM__YES_IN_RATE ? 1 : 0, weight = a->weight * p->scale;
  double deviation = weight * (yes - p->share);
  fm__retention_add_times(&p->deviations, deviation * deviation, a->count);
  fm__retention_add_times(&p->squares, weight * weight, a->count);
}

void fm__poll_deviate(fm__poll *p, const fm__answer *a, size_t n, bool people)
{
  fm__sum weight = {0}, yes = {0};
  double m, s;
  size_t n_in = 0, last = 0;
  for (size_t i = 0; i < n; i++)
    if (in_rate(&a[i])) {
      n_in++;
      last = i;
    }
  if (n_in == 0)
    return;
  if (!people) {
    deviate_units(p, a);
    return;
  }
  if (n_in == 1 && a[last].count == 1) { /* nearly always: one answer a person */
    m = a[last].weight;
    s = fm__answer_kind(&a[last]) == FM__YES_IN_RATE ? m : 0;
  } else {
    for (size_t i = 0; i < n; i++) {
      if (in_rate(&a[i]))
        fm__retention_add_times(&weight, a[i].weight, a[i].count);
      if (fm__answer_kind(&a[i]) == FM__YES_IN_RATE)
        fm__retention_add_times(&yes, a[i].weight, a[i].count);
    }
    m = fm__sum_value(&weight);
    s = fm__sum_value(&yes);
  }
  m *= p->scale;
  double deviation = s * p->scale - p->share * m;
  fm__sum_add(&p->deviations, deviation * deviation);
  fm__sum_add(&p->squares, m * m);
}

static double bound(double n_effective, double n)
{
  double below = n_effective < n ? n_effective : n;
  return below > 1 ? below : 1;
}

fm__rate fm__poll_rate(const fm__poll *p, bool weighted, bool people)
{
  double n = (double)fm__poll_units(p, IN_RATE), n_people = people ? (double)p->n_rate_people : n;
  if (n <= 0)
    return (fm__rate){NAN, NAN, NAN};
  fm__rate rate = {.share = p->share, .n_effective = n};
  double binomial = p->share * (1 - p->share);
  if (weighted || n_people < n) {
    double total = fm__poll_weight(p, IN_RATE) * p->scale;
    if (binomial > 0 && n_people >= 2) {
      /* n_people / (n_people - 1) is the usual correction for few people; (n - 1) / n makes the variance p (1 - p) / n
       * when all people have one unit of the same weight. */
      double variance = fm__sum_value(&p->deviations) / total / total * (n_people / (n_people - 1)) * ((n - 1) / n);
      rate.std_error = sqrt(variance);
      rate.n_effective = bound(binomial / variance, n);
      return rate;
    }
    rate.n_effective = bound(total / fm__sum_value(&p->squares) * total, n); /* Kish's, over people */
  }
  rate.std_error = binomial > 0 ? sqrt(binomial / rate.n_effective) : 0;
  return rate;
}
