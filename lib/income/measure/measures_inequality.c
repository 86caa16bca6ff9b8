/* Inequality and polarisation by ranks and deviations: Gini, Hoover, Wolfson, Zenga. */
#include <math.h>

#include "income/measure/influence_priv.h"
#include "tally/tally_priv.h"

/* ---- Gini ---- */

double fm__gini(const fm__dist *d)
{
  return d->total > 0 ? d->gini_area / d->weight / d->total : NAN;
}

/* 2 (x C + Y - S) / (W Y) - (G + 1) (1 / W + x / Y), C and S at or below x (Langel and Tille 2013), in an order that
 * keeps the digits of incomes far from 0. */
void fm__gini_influence(fm__influence *f, const fm__dist *d, double gini, double factor)
{
  fm__influence one = {0};
  fm__influence_term(&one, FM__TERM_AREA, 2 * factor / d->weight / d->total, 0);
  fm__influence_term(&one, FM__TERM_GAP, -factor / d->total, d->mean);
  fm__influence_term(&one, FM__TERM_ONE, -factor * gini / d->weight, 0);
  fm__influence_term(&one, FM__TERM_X, -factor * gini / d->total, 0);
  fm__influence_add(f, &one, 1);
}

static double small_sample(const fm__dist *d, const fm_income_rules *rules)
{
  return rules->gini == FM_INCOME_GINI_N_MINUS_1 ? (double)d->n / (double)(d->n - 1) : 1;
}

static double gini(const fm__call *call, const fm__income_context *c, const char **state)
{
  (void)call;
  const fm__dist *d = c->own;
  if (!(d->total > 0) || (c->rules->gini == FM_INCOME_GINI_N_MINUS_1 && d->n < 2))
    return fm__no_value(d, state);
  double blocks = 0; /* sum of w^2 x / (W Y) - 1 / W, the weight in the caller's units */
  if (c->rules->gini == FM_INCOME_GINI_UNIT_BLOCK)
    blocks = d->squares_total / d->weight / d->total - d->w_scale / d->weight;
  return fm__gini(d) * small_sample(d, c->rules) + blocks;
}

/* That of the polygon for unit blocks too: what they add depends on each row's own weight and is of order 1 / n. */
static fm_status gini_influence(fm__influence *own, fm__influence *line, const fm__call *call,
                                const fm__income_context *c, double value, fm_error *err)
{
  (void)line, (void)call, (void)value, (void)err;
  fm__gini_influence(own, c->own, fm__gini(c->own), small_sample(c->own, c->rules));
  return FM_OK;
}

/* ---- Hoover (Pietra, Robin Hood): half the mean absolute deviation over the mean ---- */

/* mean - x with the digits that the rounded mean lacks: incomes far from 0 lie close to it. */
static double lack(const fm__dist *d, double x)
{
  double rest = (fma(-d->mean, d->weight, d->total) + (d->total_low - d->mean * d->weight_low)) / d->weight;
  return (d->mean - x) + rest;
}

/* What the poorest share p lack to the mean, the record at the cut split; p NaN: all below the mean. */
static double shortfall(const fm__dist *d, double p)
{
  fm__compensated sum = {0, 0};
  double limit = isnan(p) ? d->weight : p * d->weight;
  fm__atom a;
  for (fm__dist_start(&a, d); fm__dist_next(&a) && a.below_weight < limit;) {
    double gap = lack(d, a.x);
    if (isnan(p) && gap <= 0)
      break;
    fm__compensated_add(&sum, fmin(a.w, limit - a.below_weight) * gap);
  }
  return fm__compensated_value(&sum);
}

static double hoover(const fm__call *call, const fm__income_context *c, const char **state)
{
  (void)call;
  return c->own->total > 0 ? shortfall(c->own, NAN) / c->own->total : fm__no_value(c->own, state);
}

/* D = sum of w (m - x) over x < m: dD = (m - x) 1{x < m} + C(m) (x - m) / W. */
static fm_status hoover_influence(fm__influence *own, fm__influence *line, const fm__call *call,
                                  const fm__income_context *c, double value, fm_error *err)
{
  (void)line, (void)call, (void)err;
  const fm__dist *d = c->own;
  double below = fm__dist_below(d, d->mean, false).weight;
  fm__influence_term(own, FM__TERM_GAP_BELOW, -1 / d->total, d->mean);
  fm__influence_term(own, FM__TERM_GAP, below / d->weight / d->total, d->mean);
  fm__influence_term(own, FM__TERM_X, -value / d->total, 0);
  return FM_OK;
}

/* ---- Wolfson (1994): 2 (m (1 - G) - mean of the poorer half) / median ---- */

typedef struct halves {
  double median, lack, gini; /* mean minus mean of the poorer half */
} halves;

static halves halves_of(const fm__income_context *c)
{
  const fm__dist *d = c->own;
  halves h = {fm__quantile(d, 0.5, c->rules), 2 * shortfall(d, 0.5) / d->weight, fm__gini(d)};
  if (c->rules->share == FM_INCOME_SHARE_STEP) {
    fm__below below = fm__dist_below(d, h.median, true);
    h.lack = d->mean - below.total / below.weight;
  }
  return h;
}

static double wolfson(const fm__call *call, const fm__income_context *c, const char **state)
{
  (void)call;
  if (!(c->own->total > 0))
    return fm__no_value(c->own, state);
  halves h = halves_of(c);
  return h.median > 0 ? 2 * (h.lack - c->own->mean * h.gini) / h.median : fm__no_value(c->own, state);
}

static fm_status wolfson_influence(fm__influence *own, fm__influence *line, const fm__call *call,
                                   const fm__income_context *c, double value, fm_error *err)
{
  (void)line, (void)call, (void)err;
  const fm__dist *d = c->own;
  halves h = halves_of(c);
  fm__influence_term(own, FM__TERM_GAP, 2 * (1 - h.gini) / h.median / d->weight, d->mean);
  fm__gini_influence(own, d, h.gini, -2 * d->mean / h.median);
  fm__poorest_influence(own, c, 0.5, -4 / h.median / d->weight);
  fm__influence_term(own, FM__TERM_ONE, 2 * (d->mean - h.lack) / h.median / d->weight, 0);
  fm__quantile_influence(own, c, d, 0.5, h.median, -value / h.median);
  return FM_OK;
}

/* ---- Zenga (2007) ----
 * Z = (1 / W) sum of w_k (1 - R_k) over the distinct incomes, R_k the mean income up to x_k over the mean above it; at
 * the largest income, over that income itself. 1 - R comes from what those up to x_k lack to the mean, which keeps the
 * digits of incomes far from 0, or from R itself where less cancels in it: below a thin tail of high incomes. */

typedef struct zenga_sums {
  double apart;                 /* sum of w (1 - R) */
  double per_total, per_weight; /* sums of w R / S and w R / C, without the largest income */
  double last;                  /* w R of the largest */
} zenga_sums;

static zenga_sums zenga_of(const fm__dist *d)
{
  fm__compensated apart = {0, 0}, per_total = {0, 0}, per_weight = {0, 0}, lacking = {0, 0};
  double size = 0; /* of the terms of `lacking` */
  zenga_sums z = {0};
  fm__atom a;
  for (fm__dist_start(&a, d); fm__dist_next(&a);) {
    double c = a.upto_weight, s = a.upto_total;
    if (a.end == d->n_members) {
      fm__compensated_add(&apart, a.w * (-lack(d, a.x) / a.x));
      z.last = a.w * (d->mean / a.x);
      break;
    }
    double above_weight = fm__atom_weight_above(&a), above = above_weight / fm__atom_total_above(&a);
    double own = a.w * lack(d, a.x), ratio = (s / c) * above;
    fm__compensated_add(&lacking, own); /* to the mean, of all up to here */
    size += fabs(own);
    double left = fm__compensated_value(&lacking);
    if (ratio * left > (1 - ratio) * size)
      fm__compensated_add(&apart, a.w * (left / c) * (d->weight / above_weight) * above);
    else
      fm__compensated_add(&apart, a.w * (1 - ratio));
    fm__compensated_add(&per_total, a.w * above / c);
    fm__compensated_add(&per_weight, a.w * (s / c) * above / c);
  }
  z.apart = fm__compensated_value(&apart);
  z.per_total = fm__compensated_value(&per_total);
  z.per_weight = fm__compensated_value(&per_weight);
  return z;
}

static double zenga(const fm__call *call, const fm__income_context *c, const char **state)
{
  (void)call;
  const fm__dist *d = c->own;
  if (!(d->total > 0) || d->least < 0)
    return fm__no_value(d, state);
  double value = zenga_of(d).apart / d->weight;
  return isfinite(value) ? value : fm__no_value(d, state);
}

static fm_status zenga_influence(fm__influence *own, fm__influence *line, const fm__call *call,
                                 const fm__income_context *c, double value, fm_error *err)
{
  (void)line, (void)call, (void)err;
  const fm__dist *d = c->own;
  zenga_sums z = zenga_of(d);
  fm__influence_term(own, FM__TERM_ZENGA, -1 / d->weight, 0);
  fm__influence_term(own, FM__TERM_X, -(z.per_total + z.last / d->total) / d->weight, 0);
  fm__influence_term(own, FM__TERM_ONE, (z.per_weight + z.last / d->weight + 1 - value) / d->weight, 0);
  return FM_OK;
}

const fm__income_measure fm__measures_inequality[] = {
    {.name = "gini",
     .unit = "index",
     .names = "",
     .text = "twice the area between the diagonal and the Lorenz curve",
     .in_percent = true,
     .value = gini,
     .influence = gini_influence},
    {.name = "hoover",
     .unit = "index",
     .names = "",
     .text = "half the mean absolute deviation from the mean, over the mean",
     .in_percent = true,
     .value = hoover,
     .influence = hoover_influence},
    {.name = "wolfson",
     .unit = "index",
     .names = "",
     .text = "polarisation: 2 (mean (1 - Gini) - mean of the poorer half) / median",
     .value = wolfson,
     .influence = wolfson_influence},
    {.name = "zenga",
     .unit = "index",
     .names = "",
     .text = "mean over incomes of 1 - mean up to it / mean above it",
     .value = zenga,
     .influence = zenga_influence},
    {.name = NULL},
};
