/* Generalised entropy with Theil and mean log deviation, J-divergence, Atkinson.
 *
 * All rest on one function of d = (x - mean) / mean that is never negative and keeps its digits near d = 0, so that
 * nothing is subtracted from 1 at the end. */
#include <math.h>

#include "income/measure/influence_priv.h"
#include "num/num_priv.h"
#include "tally/tally_priv.h"

double fm__entropy_term(double power, double d)
{
  if (fabs(d) * fmax(1, fabs(power)) < 0.05) {
    double coefficient = 0.5, sum = 0, dk = d * d;
    for (int k = 2; k < 24 && dk != 0 && coefficient != 0; k++, dk *= d) {
      sum += coefficient * dk;
      coefficient *= (power - k) / (k + 1);
    }
    return sum;
  }
  if (power == 0)
    return d - fm__log1p(d);
  if (d <= -1) /* the limit at an income of 0 */
    return power == 1 ? 1 : (power > 0 ? power - 1 : INFINITY) / (power * (power - 1));
  if (power == 1)
    return (1 + d) * fm__log1p(d) - d;
  return (fm__expm1(power * fm__log1p(d)) - power * d) / (power * (power - 1));
}

/* The incomes that such a measure sees: those of 0 or less by the rule, with their own weight and mean. */
typedef struct seen {
  double weight, mean, least; /* of the incomes as the measure takes them */
  double whole_mean;          /* before some were lifted: the mean stays that of the incomes as they are */
  double nonpos;              /* as in fm__term */
  bool zeros;                 /* some income is 0 and kept */
  const char *state;          /* not NULL: no value */
} seen;

static seen look(const fm__income_context *c)
{
  const fm__dist *d = c->own;
  const fm_income_rules *rules = c->rules;
  seen s = {d->weight, d->mean, d->least, d->mean, 0, d->least == 0, NULL};
  if (!(d->n_members > 0)) {
    s.state = FM__EMPTY;
    return s;
  }
  if (d->least <= 0 && (rules->nonpos == FM_INCOME_NONPOS_DROP || rules->nonpos == FM_INCOME_NONPOS_FLOOR)) {
    bool drop = rules->nonpos == FM_INCOME_NONPOS_DROP;
    fm__compensated weight = {0, 0}, total = {0, 0};
    fm__atom a;
    s.zeros = false;
    s.nonpos = drop ? NAN : rules->nonpos_floor * d->x_scale;
    s.least = INFINITY;
    for (fm__dist_start(&a, d); fm__dist_next(&a);) {
      double x = a.x > 0 ? a.x : s.nonpos;
      if (isnan(x))
        continue;
      s.least = fmin(s.least, x);
      fm__compensated_add(&weight, a.w);
      fm__compensated_add(&total, a.w * x);
    }
    s.weight = fm__compensated_value(&weight);
    s.mean = fm__compensated_value(&total) / s.weight;
    if (drop)
      s.whole_mean = s.mean;
    if (!(s.weight > 0))
      s.state = FM__EMPTY;
  }
  if (s.state == NULL && (s.least < 0 || !(s.mean > 0) || !(s.whole_mean > 0)))
    s.state = FM__UNDEFINED;
  return s;
}

/* Mean of the entropy terms over the incomes seen. */
static double entropy(const fm__dist *d, const seen *s, double power)
{
  fm__compensated sum = {0, 0};
  fm__atom a;
  for (fm__dist_start(&a, d); fm__dist_next(&a);) {
    double x = a.x > 0 || s->nonpos == 0 ? a.x : s->nonpos;
    if (!isnan(x))
      fm__compensated_add(&sum, a.w * fm__entropy_term(power, (x - s->mean) / s->mean));
  }
  return fm__compensated_value(&sum) / s->weight;
}

/* With a mean r times that of the incomes seen: (x / m)^a has its mean multiplied by r^-a. */
static double at_other_mean(double ge, double power, double log_r)
{
  if (log_r == 0)
    return ge;
  if (power == 0)
    return ge + log_r;
  if (power == 1)
    return fm__exp(-log_r) * (ge - log_r);
  double factor = fm__exp(-power * log_r);
  return factor * ge + fm__expm1(-power * log_r) / (power * (power - 1));
}

static double log_ratio(const seen *s)
{
  return s->whole_mean == s->mean ? 0 : fm__log(s->whole_mean / s->mean);
}

/* Terms of factor times d of entropy `ge` at `power`: (g - ge - power ge d) / W. */
static void entropy_terms(fm__influence *f, const seen *s, double power, double ge, double factor)
{
  fm__influence one = {0};
  double a = factor / s->weight;
  fm__term *g = fm__influence_term(&one, FM__TERM_ENTROPY, a, s->mean);
  g->power = power;
  fm__influence_term(&one, FM__TERM_ONE, -a * ge, 0);
  fm__influence_term(&one, FM__TERM_GAP, -a * power * ge / s->mean, s->mean);
  for (size_t i = 0; i < one.n; i++)
    one.term[i].nonpos = s->nonpos;
  fm__influence_add(f, &one, 1);
}

/* Terms of factor times d log(whole mean / mean): relative gaps to each. */
static void log_ratio_terms(fm__influence *f, const fm__dist *d, const seen *s, double factor)
{
  if (s->whole_mean == s->mean)
    return;
  fm__influence_term(f, FM__TERM_GAP, factor / d->weight / s->whole_mean, s->whole_mean);
  fm__influence_term(f, FM__TERM_GAP, -factor / d->weight / s->mean, s->mean)->nonpos = s->nonpos;
}

/* ---- generalised entropy ---- */

static double power_of(const fm__call *call)
{
  const char *name = call->measure->name;
  return name[0] == 'm' ? 0 : name[0] == 't' ? 1 : call->p[0];
}

static double ge(const fm__call *call, const fm__income_context *c, const char **state)
{
  seen s = look(c);
  double power = power_of(call);
  if (s.state != NULL || (s.zeros && power <= 0)) {
    *state = s.state != NULL ? s.state : FM__UNDEFINED;
    return NAN;
  }
  double value = at_other_mean(entropy(c->own, &s, power), power, log_ratio(&s));
  if (!isfinite(value))
    *state = FM__UNDEFINED;
  return isfinite(value) ? value : NAN;
}

static void ge_terms(fm__influence *own, const fm__income_context *c, double power)
{
  seen s = look(c);
  double inner = entropy(c->own, &s, power), log_r = log_ratio(&s), r_power = fm__exp(-power * log_r);
  double value = at_other_mean(inner, power, log_r);
  entropy_terms(own, &s, power, inner, r_power);
  /* by log r: of r^-a M, M = 1 + a (a - 1) GE; for a = 1 also of the logarithm */
  double by_log = power == 0 ? 1 : power == 1 ? -value - r_power : -(value * power + 1 / (power - 1));
  log_ratio_terms(own, c->own, &s, by_log);
}

static fm_status ge_influence(fm__influence *own, fm__influence *line, const fm__call *call,
                              const fm__income_context *c, double value, fm_error *err)
{
  (void)line, (void)value, (void)err;
  ge_terms(own, c, power_of(call));
  return FM_OK;
}

static double j_divergence(const fm__call *call, const fm__income_context *c, const char **state)
{
  seen s = look(c);
  (void)call;
  if (s.state != NULL || s.zeros) {
    *state = s.state != NULL ? s.state : FM__UNDEFINED;
    return NAN;
  }
  return at_other_mean(entropy(c->own, &s, 0), 0, log_ratio(&s)) +
         at_other_mean(entropy(c->own, &s, 1), 1, log_ratio(&s));
}

static fm_status j_divergence_influence(fm__influence *own, fm__influence *line, const fm__call *call,
                                        const fm__income_context *c, double value, fm_error *err)
{
  (void)line, (void)call, (void)value, (void)err;
  ge_terms(own, c, 0);
  ge_terms(own, c, 1);
  return FM_OK;
}

/* ---- Atkinson: 1 - (mean of (x / m)^k)^(1/k), k = 1 - epsilon; the mean of powers is 1 + k (k - 1) GE(k) ---- */

/* For powers beyond the range of doubles: in units of the least income. */
static double far_atkinson(const fm__dist *d, const seen *s, double k)
{
  fm__compensated sum = {0, 0};
  fm__atom a;
  for (fm__dist_start(&a, d); fm__dist_next(&a);) {
    double x = a.x > 0 || s->nonpos == 0 ? a.x : s->nonpos;
    if (!isnan(x))
      fm__compensated_add(&sum, a.w * fm__pow(x / s->least, k));
  }
  return 1 - s->least / s->mean * fm__pow(fm__compensated_value(&sum) / s->weight, 1 / k);
}

static double atkinson_seen(const fm__dist *d, const seen *s, double epsilon)
{
  double k = 1 - epsilon, inner = entropy(d, s, k);
  if (epsilon == 1)
    return 0 - fm__expm1(-inner); /* 0, not -0, where all are equal */
  return isfinite(inner) ? 0 - fm__expm1(fm__log1p(k * (k - 1) * inner) / k) : far_atkinson(d, s, k);
}

static double atkinson(const fm__call *call, const fm__income_context *c, const char **state)
{
  seen s = look(c);
  double epsilon = call->p[0];
  bool at_limit = s.zeros && epsilon >= 1;
  if (s.state != NULL || (at_limit && c->rules->nonpos != FM_INCOME_NONPOS_LIMIT)) {
    *state = s.state != NULL ? s.state : FM__UNDEFINED;
    return NAN;
  }
  if (at_limit)
    return 1;
  double value = atkinson_seen(c->own, &s, epsilon), r = s.whole_mean / s.mean;
  return r == 1 ? value : 1 - (1 - value) / r;
}

/* dA = (1 - A) epsilon / M dGE, M the mean of powers; and (1 - A) d log r. */
static fm_status atkinson_influence(fm__influence *own, fm__influence *line, const fm__call *call,
                                    const fm__income_context *c, double value, fm_error *err)
{
  (void)line, (void)err;
  seen s = look(c);
  double epsilon = call->p[0], k = 1 - epsilon;
  if (s.zeros && epsilon >= 1) /* the limit does not move */
    return FM_OK;
  double inner = entropy(c->own, &s, k);
  entropy_terms(own, &s, k, inner, (1 - value) * epsilon / (1 + k * (k - 1) * inner));
  log_ratio_terms(own, c->own, &s, 1 - value);
  return FM_OK;
}

const fm__income_measure fm__measures_entropy[] = {
    {.name = "ge",
     .unit = "index",
     .names = "alpha",
     .text = "generalised entropy: (mean of (x / m)^alpha - 1) / (alpha (alpha - 1))",
     .n_parameters = 1,
     .least = -100,
     .most = 100,
     .value = ge,
     .influence = ge_influence},
    {.name = "theil",
     .unit = "index",
     .names = "",
     .text = "ge(1): mean of (x / m) log(x / m)",
     .value = ge,
     .influence = ge_influence},
    {.name = "mld",
     .unit = "index",
     .names = "",
     .text = "ge(0), mean log deviation: mean of log(m / x)",
     .value = ge,
     .influence = ge_influence},
    {.name = "j_divergence",
     .unit = "index",
     .names = "",
     .text = "theil + mld",
     .value = j_divergence,
     .influence = j_divergence_influence},
    {.name = "atkinson",
     .unit = "index",
     .names = "epsilon",
     .text = "1 - equally distributed equivalent / mean",
     .n_parameters = 1,
     .open = true,
     .most = 100,
     .value = atkinson,
     .influence = atkinson_influence},
    {.name = NULL},
};
