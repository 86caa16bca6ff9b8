/* Shares of income: the Lorenz curve, bottom and top shares and means, ratios of shares.
 *
 * With whole records (FM_INCOME_SHARE_STEP) the cut is a quantile and moves with the weights; what it moves cancels,
 * and the influence is the one of the Lorenz curve in both readings. */
#include <math.h>

#include "income/measure/influence_priv.h"
#include "tally/tally_priv.h"

/* Weight and income of a part of the population. */
typedef struct part {
  double weight, total;
} part;

/* Income above the cut, by itself: for small p the difference of two totals would lose digits. */
static double richest(const fm__dist *d, double p)
{
  enum { SMALL = 64 };
  if (p * SMALL > 1)
    return d->total - fm__dist_poorest(d, 1 - p);
  double wanted = p * d->weight;
  size_t low = 0, high = d->n_marks - 1;
  while (low < high) { /* the last mark with more than `wanted` above it */
    size_t middle = high - (high - low) / 2;
    if (d->marks[middle].member < d->n_members &&
        (d->weight - d->marks[middle].weight) - d->marks[middle].weight_low > 2 * wanted)
      low = middle;
    else
      high = middle - 1;
  }
  fm__compensated above = {0, 0}, total = {0, 0};
  fm__atom a;
  double first = NAN, first_weight = 0, skip = NAN;
  for (fm__dist_start_at(&a, d, low); fm__dist_next(&a);) {
    double left = (d->weight - a.c) - a.c_low; /* above this income */
    if (isnan(skip) && left > wanted)
      continue;
    if (isnan(skip)) {
      skip = 0;
      first = a.x;
      first_weight = a.w;
      continue;
    }
    fm__compensated_add(&above, a.w);
    fm__compensated_add(&total, a.w * a.x);
  }
  double rest = wanted - fm__compensated_value(&above);
  return fm__compensated_value(&total) + fmin(fmax(rest, 0), first_weight) * first;
}

static part bottom(const fm__income_context *c, double p)
{
  const fm__dist *d = c->own;
  if (c->rules->share == FM_INCOME_SHARE_FRACTIONAL)
    return (part){p * d->weight, fm__dist_poorest(d, p)};
  double q = fm__quantile(d, p, c->rules);
  fm__below below = fm__dist_below(d, q, true);
  return isnan(q) ? (part){NAN, NAN} : (part){below.weight, below.total};
}

static part top(const fm__income_context *c, double p)
{
  const fm__dist *d = c->own;
  if (c->rules->share == FM_INCOME_SHARE_FRACTIONAL)
    return (part){p * d->weight, richest(d, p)};
  double q = fm__quantile(d, 1 - p, c->rules);
  fm__below below = fm__dist_below(d, q, true);
  return isnan(q) ? (part){NAN, NAN} : (part){d->weight - below.weight, d->total - below.total};
}

void fm__poorest_influence(fm__influence *f, const fm__income_context *c, double p, double factor)
{
  fm__influence one = {0};
  double q = fm__dist_quantile(c->own, p, FM__QUANTILE_AVG, c->rules->hit_tolerance);
  fm__influence_term(&one, FM__TERM_GAP_BELOW, factor, q)->closed = 1;
  fm__influence_term(&one, FM__TERM_ONE, factor * p * q, 0);
  fm__influence_add(f, &one, 1);
}

/* Adds factor times the influence of the Lorenz curve at p, where it is l. */
static void lorenz_terms(fm__influence *f, const fm__income_context *c, double p, double l, double factor)
{
  fm__influence one = {0};
  double q = fm__dist_quantile(c->own, p, FM__QUANTILE_AVG, c->rules->hit_tolerance), a = factor / c->own->total;
  fm__influence_term(&one, FM__TERM_GAP_BELOW, a, q)->closed = 1;
  fm__influence_term(&one, FM__TERM_GAP, -a * p, q); /* p q - x L without the difference of the two */
  fm__influence_term(&one, FM__TERM_X, a * (p - l), 0);
  fm__influence_add(f, &one, 1);
}

static double lorenz(const fm__call *call, const fm__income_context *c, const char **state)
{
  const fm__dist *d = c->own;
  return d->total > 0 ? fm__dist_poorest(d, call->p[0]) / d->total : fm__no_value(d, state);
}

static double bottom_share(const fm__call *call, const fm__income_context *c, const char **state)
{
  double share = c->own->total > 0 ? bottom(c, call->p[0]).total / c->own->total : NAN;
  return isnan(share) ? fm__no_value(c->own, state) : share;
}

static double top_share(const fm__call *call, const fm__income_context *c, const char **state)
{
  double share = c->own->total > 0 ? top(c, call->p[0]).total / c->own->total : NAN;
  return isnan(share) ? fm__no_value(c->own, state) : share;
}

static fm_status bottom_share_influence(fm__influence *own, fm__influence *line, const fm__call *call,
                                        const fm__income_context *c, double value, fm_error *err)
{
  (void)line, (void)err;
  lorenz_terms(own, c, call->p[0], value, 1);
  return FM_OK;
}

static fm_status top_share_influence(fm__influence *own, fm__influence *line, const fm__call *call,
                                     const fm__income_context *c, double value, fm_error *err)
{
  (void)line, (void)err;
  lorenz_terms(own, c, 1 - call->p[0], 1 - value, -1);
  return FM_OK;
}

static double generalised_lorenz(const fm__call *call, const fm__income_context *c, const char **state)
{
  const fm__dist *d = c->own;
  return d->n_members > 0 ? fm__dist_poorest(d, call->p[0]) / d->weight : fm__no_value(d, state);
}

static fm_status generalised_lorenz_influence(fm__influence *own, fm__influence *line, const fm__call *call,
                                              const fm__income_context *c, double value, fm_error *err)
{
  (void)line, (void)err;
  fm__poorest_influence(own, c, call->p[0], 1 / c->own->weight);
  fm__influence_term(own, FM__TERM_ONE, -value / c->own->weight, 0);
  return FM_OK;
}

static double mean_of(part p, const fm__dist *d, const char **state)
{
  return d->n_members > 0 && p.weight > 0 ? p.total / p.weight : fm__no_value(d, state);
}

static double bottom_mean(const fm__call *call, const fm__income_context *c, const char **state)
{
  return c->own->n_members > 0 ? mean_of(bottom(c, call->p[0]), c->own, state) : fm__no_value(c->own, state);
}

static double top_mean(const fm__call *call, const fm__income_context *c, const char **state)
{
  return c->own->n_members > 0 ? mean_of(top(c, call->p[0]), c->own, state) : fm__no_value(c->own, state);
}

/* (g - p m) / (p W), g = (x - q) 1{x <= q} + p q. */
static fm_status bottom_mean_influence(fm__influence *own, fm__influence *line, const fm__call *call,
                                       const fm__income_context *c, double value, fm_error *err)
{
  (void)line, (void)err;
  double p = call->p[0], q = fm__dist_quantile(c->own, p, FM__QUANTILE_AVG, c->rules->hit_tolerance);
  fm__influence_term(own, FM__TERM_GAP_BELOW, 1 / (p * c->own->weight), q)->closed = 1;
  fm__influence_term(own, FM__TERM_ONE, (q - value) / c->own->weight, 0);
  return FM_OK;
}

/* All of it less the poorest 1 - p: (x - q) 1{x > q} + p q, which is (x - q) - (x - q) 1{x <= q} + p q. */
static fm_status top_mean_influence(fm__influence *own, fm__influence *line, const fm__call *call,
                                    const fm__income_context *c, double value, fm_error *err)
{
  (void)line, (void)err;
  double p = call->p[0], a = 1 / (p * c->own->weight);
  double q = fm__dist_quantile(c->own, 1 - p, FM__QUANTILE_AVG, c->rules->hit_tolerance);
  fm__influence_term(own, FM__TERM_GAP, a, q);
  fm__influence_term(own, FM__TERM_GAP_BELOW, -a, q)->closed = 1;
  fm__influence_term(own, FM__TERM_ONE, (q - value) / c->own->weight, 0);
  return FM_OK;
}

/* ---- from the bottom alone ---- */

/* As fm__dist_poorest takes it: the record at the cut split by p W itself. */
static double poorest_of(const fm__call *call, const fm__bottom *b)
{
  return b->below_total + (call->p[0] * b->weight - b->below_weight) * b->cut;
}

static double share_of_bottom(const fm__call *call, const fm__bottom *b)
{
  return b->total > 0 ? poorest_of(call, b) / b->total : NAN;
}

static double mean_of_bottom(const fm__call *call, const fm__bottom *b)
{
  return b->weight > 0 ? poorest_of(call, b) / (call->p[0] * b->weight) : NAN;
}

static double over_all_of_bottom(const fm__call *call, const fm__bottom *b)
{
  return b->weight > 0 ? poorest_of(call, b) / b->weight : NAN;
}

/* The shares that are set against each other: top, bottom. */
static void pair_of(const fm__call *call, double *p, double *q)
{
  bool palma = call->measure->name[0] == 'p', given = call->measure->n_parameters == 2;
  *p = given ? call->p[0] : palma ? 0.1 : 0.2;
  *q = given ? call->p[1] : palma ? 0.4 : 0.2;
}

static double share_ratio(const fm__call *call, const fm__income_context *c, const char **state)
{
  double p, q;
  pair_of(call, &p, &q);
  if (!(c->own->total > 0))
    return fm__no_value(c->own, state);
  double below = bottom(c, q).total, above = top(c, p).total;
  return below > 0 && !isnan(above) ? above / below : fm__no_value(c->own, state);
}

static fm_status share_ratio_influence(fm__influence *own, fm__influence *line, const fm__call *call,
                                       const fm__income_context *c, double value, fm_error *err)
{
  (void)line, (void)err;
  double p, q, total = c->own->total;
  pair_of(call, &p, &q);
  double below = bottom(c, q).total / total, above = top(c, p).total / total;
  lorenz_terms(own, c, 1 - p, 1 - above, -1 / below);
  lorenz_terms(own, c, q, below, -value / below);
  return FM_OK;
}

#define SHARE(NAME, TEXT, VALUE, INFLUENCE, BOTTOM)                                                                    \
  {                                                                                                                    \
    .name = NAME, .unit = "share", .names = "p", .text = TEXT, .n_parameters = 1, .in_percent = true, .open = true,    \
    .most = 1, .value = VALUE, .influence = INFLUENCE, .of_bottom = BOTTOM                                             \
  }
#define MEAN(NAME, TEXT, VALUE, INFLUENCE, BOTTOM)                                                                     \
  {                                                                                                                    \
    .name = NAME, .unit = "money", .names = "p", .text = TEXT, .n_parameters = 1, .power = 1, .open = true, .most = 1, \
    .value = VALUE, .influence = INFLUENCE, .of_bottom = BOTTOM                                                        \
  }
#define RATIO(NAME, NAMES, TEXT, N)                                                                                    \
  {                                                                                                                    \
    .name = NAME, .unit = "ratio", .names = NAMES, .text = TEXT, .n_parameters = N, .open = true, .most = 1,           \
    .value = share_ratio, .influence = share_ratio_influence                                                           \
  }

const fm__income_measure fm__measures_shares[] = {
    SHARE("lorenz", "income of the poorest p over all income, the record at the cut split", lorenz,
          bottom_share_influence, share_of_bottom),
    MEAN("generalised_lorenz", "income of the poorest p over all weight", generalised_lorenz,
         generalised_lorenz_influence, over_all_of_bottom),
    SHARE("bottom_share", "income of the poorest p over all income", bottom_share, bottom_share_influence,
          share_of_bottom),
    MEAN("bottom_mean", "mean income of the poorest p", bottom_mean, bottom_mean_influence, mean_of_bottom),
    SHARE("top_share", "income of the richest p over all income", top_share, top_share_influence, NULL),
    MEAN("top_mean", "mean income of the richest p", top_mean, top_mean_influence, NULL),
    RATIO("s80s20", "", "share_ratio(0.2,0.2)", 0),
    RATIO("palma", "", "share_ratio(0.1,0.4)", 0),
    RATIO("share_ratio", "p,q", "income of the richest p over income of the poorest q", 2),
    {.name = NULL},
};
