/* Bounds of the measures of income.distribution from the cells of a prefix histogram. */
#include <math.h>
#include <string.h>

#include "income/distribution/bounded_priv.h"

static const fm__range none = {NAN, NAN};

static bool is_none(fm__range r)
{
  return isnan(r.low);
}

static fm__range no_value(const fm__bars *b, const char **state)
{
  *state = b->n == 0 ? FM__EMPTY : FM__UNDEFINED;
  return none;
}

static fm__range outward(double low, double high)
{
  return (fm__range){fm__down(low), fm__up(high)};
}

/* Once the rows at the cuts are known a figure is computed as from rows: it is exact up to the rounding of that. */
static bool is_exact(fm__range r)
{
  return r.low == r.high;
}

static fm__range exactly(double v)
{
  return (fm__range){v, v};
}

/* a / b for b above 0; none when b may be 0 or less. */
static fm__range ratio(fm__range a, fm__range b)
{
  if (!(b.low > 0) || is_none(a))
    return none;
  if (is_exact(a) && is_exact(b))
    return exactly(a.low / b.low);
  return outward(a.low / (a.low < 0 ? b.low : b.high), a.high / (a.high < 0 ? b.high : b.low));
}

static fm__range times(fm__range a, double positive)
{
  return is_exact(a) ? exactly(a.low * positive) : outward(a.low * positive, a.high * positive);
}

/* A sum that was rounded once, beside something that is or is not exact. */
static fm__range rounded(double v, fm__range beside)
{
  return is_exact(beside) ? exactly(v) : outward(v, v);
}

static fm__range scaled(fm__range r, int32_t exponent)
{
  return (fm__range){ldexp(r.low, exponent), ldexp(r.high, exponent)};
}

/* ---- levels ---- */

static fm__range quantile(const fm__bars *b, double p, const fm_income_rules *rules)
{
  return fm__bars_quantile(b, p, rules->quantile, rules->hit_tolerance);
}

static fm__range levels(const fm__call *call, const fm__bounded_context *c)
{
  const char *name = call->measure->name;
  const fm__bars *b = c->own;
  if (strcmp(name, "mean") == 0)
    return exactly(ldexp(b->mean, b->x_scale));
  if (strcmp(name, "total") == 0)
    return exactly(ldexp(b->total, b->x_scale + b->w_scale));
  if (strcmp(name, "median") == 0)
    return quantile(b, 0.5, c->rules);
  if (strcmp(name, "quantile") == 0)
    return quantile(b, call->p[0], c->rules);
  return ratio(quantile(b, call->p[0], c->rules), quantile(b, call->p[1], c->rules));
}

/* ---- shares; scaled ---- */

static fm__range richest(const fm__bars *b, double p)
{
  fm__range rest = fm__bars_poorest(b, 1 - p), all = rounded(b->total, rest);
  return is_exact(rest) ? exactly(b->total - rest.low) : outward(all.low - rest.high, all.high - rest.low);
}

/* The shares at which the poorest and the richest of a ratio end. */
static void pair_of(const fm__call *call, double *top, double *bottom)
{
  bool quintiles = strcmp(call->measure->name, "s80s20") == 0, own = call->measure->n_parameters == 2;
  *top = own ? call->p[0] : quintiles ? 0.2 : 0.1;
  *bottom = own ? call->p[1] : quintiles ? 0.2 : 0.4;
}

static bool is_of_top(const fm__call *call)
{
  return strncmp(call->measure->name, "top", 3) == 0;
}

static bool is_ratio(const fm__call *call)
{
  return strcmp(call->measure->unit, "ratio") == 0;
}

static fm__range shares(const fm__call *call, const fm__bounded_context *c)
{
  const char *name = call->measure->name;
  const fm__bars *b = c->own;
  double p = call->p[0], top, bottom;
  pair_of(call, &top, &bottom);
  if (is_ratio(call))
    return b->total > 0 ? ratio(richest(b, top), fm__bars_poorest(b, bottom)) : none;
  fm__range part = is_of_top(call) ? richest(b, p) : fm__bars_poorest(b, p);
  if (call->measure->power == 0)
    return ratio(part, rounded(b->total, part));
  fm__range weight = rounded(b->weight, part);
  return scaled(ratio(part, strcmp(name, "generalised_lorenz") == 0 ? weight : times(weight, p)), b->x_scale);
}

static fm__range gini(const fm__bounded_context *c)
{
  const fm__bars *b = c->own;
  bool small = c->rules->gini == FM_INCOME_GINI_N_MINUS_1;
  if (!(b->total > 0) || (small && b->count < 2))
    return none;
  fm__range area = fm__bars_gini_area(b);
  fm__range g = ratio(ratio(area, rounded(b->weight, area)), rounded(b->total, area));
  g.low = fmax(g.low, 0);
  return small ? times(g, (double)b->count / (double)(b->count - 1)) : g;
}

/* ---- poverty; incomes are not scaled ---- */

static fm__range line_of(const fm__bounded_context *c, double share)
{
  const fm_income_rules *rules = c->rules;
  int32_t kind = rules->line_kind;
  if (kind == FM_INCOME_LINE_ABSOLUTE && isnan(share))
    return exactly(rules->line);
  const fm__bars *b = kind == FM_INCOME_LINE_DOMAIN || kind == FM_INCOME_LINE_DOMAIN_MEAN ? c->own : c->line_from;
  if (b->n == 0)
    return none;
  double factor = isnan(share) ? rules->line_share : share;
  if (kind == FM_INCOME_LINE_NATIONAL_MEAN || kind == FM_INCOME_LINE_DOMAIN_MEAN)
    return times(exactly(ldexp(b->mean, b->x_scale)), factor);
  return times(quantile(b, 0.5, rules), factor);
}

/* The poor weigh between poor.low and poor.high, the line is `line`: where half of them is reached. */
static fm__range median_of_poor(const fm__bounded_context *c, fm__range line, fm__range poor)
{
  const fm__bars *b = c->own;
  if (!(poor.low > 0)) /* there may be none */
    return none;
  if (is_exact(poor)) {
    double rate = poor.low / b->weight;
    return fm__bars_quantile(b, 0.5 * rate, c->rules->quantile, fmax(c->rules->hit_tolerance * rate, 0x1p-51 * rate));
  }
  fm__range low = quantile(b, fm__down(0.5 * poor.low / b->weight), c->rules);
  fm__range high = quantile(b, fm__up(0.5 * poor.high / b->weight), c->rules);
  return (fm__range){low.low, c->rules->quantile == FM_INCOME_QUANTILE_LEFT ? fmin(high.high, line.high) : high.high};
}

static fm__range poverty(const fm__call *call, const fm__bounded_context *c)
{
  const char *name = call->measure->name;
  bool by_rules = strcmp(name, "fgt") == 0;
  fm__range line = line_of(c, by_rules ? NAN : call->p[0]);
  if (strcmp(name, "poverty_line") == 0 || is_none(line))
    return line;
  fm__range poor = fm__bars_below(c->own, line, c->rules->poor == FM_INCOME_POOR_LE);
  poor.low = fmax(poor.low, 0);
  if (by_rules || strcmp(name, "at_risk_of_poverty") == 0) {
    fm__range rate = ratio(poor, rounded(c->own->weight, poor));
    return (fm__range){fmax(rate.low, 0), fmin(rate.high, 1)};
  }
  fm__range median = median_of_poor(c, line, poor);
  if (strcmp(name, "median_of_poor") == 0 || is_none(median))
    return median;
  if (is_exact(median) && is_exact(line))
    return ratio(exactly(line.low - median.low), line);
  fm__range part = ratio(median, line);
  return is_none(part) ? none : outward(1 - part.high, 1 - part.low);
}

/* ---- by name ---- */

typedef struct bounds {
  const char *name;
  fm__range (*of)(const fm__call *call, const fm__bounded_context *c);
} bounds;

static fm__range gini_of(const fm__call *call, const fm__bounded_context *c)
{
  (void)call;
  return gini(c);
}

static const bounds all[] = {
    {"mean", levels},
    {"total", levels},
    {"median", levels},
    {"quantile", levels},
    {"quantile_ratio", levels},
    {"lorenz", shares},
    {"bottom_share", shares},
    {"top_share", shares},
    {"bottom_mean", shares},
    {"top_mean", shares},
    {"s80s20", shares},
    {"palma", shares},
    {"share_ratio", shares},
    {"generalised_lorenz", shares},
    {"gini", gini_of},
    {"poverty_line", poverty},
    {"fgt", poverty},
    {"at_risk_of_poverty", poverty},
    {"median_of_poor", poverty},
    {"relative_median_gap", poverty},
};

static const bounds *bounds_of(const fm__call *call)
{
  for (size_t k = 0; k < FM__COUNT(all); k++)
    if (strcmp(all[k].name, call->measure->name) == 0)
      return call->measure->name[0] != 'f' || call->p[0] == 0 ? &all[k] : NULL; /* of fgt, alpha 0 */
  return NULL;
}

fm_status fm__bounded_check(const fm__call *calls, size_t n, const fm_income_rules *rules, fm_error *err)
{
  for (size_t k = 0; k < n; k++) {
    const bounds *b = bounds_of(&calls[k]);
    if (b == NULL)
      return fm__fail(err, FM_ERR_ARGUMENT,
                      "measures: %s has no bounds from a histogram (bounded = 1); mean, total, quantiles, Lorenz "
                      "ordinates, shares and their ratios, gini, poverty line and rate and gap of medians have",
                      calls[k].measure->name);
    if (b->of == shares && rules->share != FM_INCOME_SHARE_FRACTIONAL && calls[k].measure->name[0] != 'l' &&
        calls[k].measure->name[0] != 'g')
      return fm__fail(err, FM_ERR_ARGUMENT, "rules.share: bounds of %s (bounded = 1) need fractional",
                      calls[k].measure->name);
    if (b->of == gini_of && rules->gini == FM_INCOME_GINI_UNIT_BLOCK)
      return fm__fail(err, FM_ERR_ARGUMENT, "rules.gini: bounds (bounded = 1) need population or n_minus_1");
  }
  if (rules->quantile == FM_INCOME_QUANTILE_INTERP)
    return fm__fail(err, FM_ERR_ARGUMENT, "rules.quantile: bounds (bounded = 1) need avg, left or right");
  return FM_OK;
}

/* ---- what one more pass would settle ---- */

static void want_span(fm__second *s, const fm__bars *b, fm__bars_span span)
{
  for (size_t i = span.first; i <= span.last; i++)
    fm__second_want(s, b->bar[i].cell);
}

static void want_share(fm__second *s, const fm__bars *b, double p, double tolerance)
{
  if (p > 0 && p < 1)
    want_span(s, b, fm__bars_wanted(b, p, tolerance));
}

static void want_poverty(fm__second *s, const fm__call *call, const fm__bounded_context *c)
{
  const fm__bars *b = c->own;
  int32_t kind = c->rules->line_kind;
  if (kind == FM_INCOME_LINE_NATIONAL || kind == FM_INCOME_LINE_DOMAIN || kind == FM_INCOME_LINE_ABSOLUTE)
    want_share(s, b, 0.5, c->rules->hit_tolerance);
  fm__range line = line_of(c, call->measure->name[0] == 'f' ? NAN : call->p[0]);
  if (is_none(line) || strcmp(call->measure->name, "poverty_line") == 0)
    return;
  want_span(s, b, fm__bars_wanted_below(b, line));
  fm__range poor = fm__bars_below(b, line, c->rules->poor == FM_INCOME_POOR_LE);
  if (poor.high > 0) {
    double low = 0.5 * fmax(poor.low, 0) / b->weight, high = 0.5 * poor.high / b->weight;
    want_span(s, b,
              (fm__bars_span){fm__bars_wanted(b, low, c->rules->hit_tolerance).first,
                              fm__bars_wanted(b, high, c->rules->hit_tolerance).last});
  }
}

void fm__bounded_wanted(fm__second *s, const fm__call *call, const fm__bounded_context *c)
{
  const bounds *found = bounds_of(call);
  const double tolerance = c->rules->hit_tolerance;
  double top, bottom;
  if (c->own->n == 0)
    return;
  if (found->of == poverty)
    want_poverty(s, call, c);
  if (found->of == levels && call->measure->n_parameters > 0)
    want_share(s, c->own, call->p[0], tolerance);
  if (found->of == levels && call->measure->n_parameters > 1)
    want_share(s, c->own, call->p[1], tolerance);
  if (strcmp(call->measure->name, "median") == 0)
    want_share(s, c->own, 0.5, tolerance);
  if (found->of != shares)
    return;
  pair_of(call, &top, &bottom);
  if (!is_ratio(call))
    top = bottom = call->p[0];
  if (is_ratio(call) || is_of_top(call))
    want_share(s, c->own, 1 - top, 0);
  if (is_ratio(call) || !is_of_top(call))
    want_share(s, c->own, bottom, 0);
}

bool fm__bounded_needs_area(const fm__call *call)
{
  return bounds_of(call)->of == gini_of;
}

fm__range fm__bounded_value(const fm__call *call, const fm__bounded_context *c, const char **state)
{
  *state = FM__OK;
  fm__range r = c->own->n > 0 ? bounds_of(call)->of(call, c) : none;
  if (is_none(r))
    return no_value(c->own, state);
  if (call->measure->in_percent && c->rules->percent != 0 && r.low != r.high)
    r = times(r, 100);
  else if (call->measure->in_percent && c->rules->percent != 0)
    r = exactly(100 * r.low);
  return r;
}
