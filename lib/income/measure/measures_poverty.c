/* Poverty: the line, who is below it, and how far.
 *
 * A relative line moves with the incomes it is taken from: each influence has a part through the line. Who is at the
 * line then matters by the density there; for measures that count gaps it does not. */
#include <math.h>

#include "income/measure/influence_priv.h"
#include "num/num_priv.h"
#include "tally/tally_priv.h"

/* The poor of one call. */
typedef struct poor {
  double line, share; /* `share` of the line: NaN is by the rules */
  bool closed;        /* x <= line */
  double weight, total;
} poor;

static double line_share(const fm__call *call)
{
  const char *name = call->measure->name;
  bool own = name[0] == 'f' || name[0] == 'w' || name[0] == 's';
  return own ? NAN : call->p[0];
}

/* false: no line, with a state. */
static bool find(poor *p, const fm__call *call, const fm__income_context *c, const char **state)
{
  *p = (poor){.share = line_share(call), .closed = c->rules->poor == FM_INCOME_POOR_LE};
  if (c->own->n_members == 0) {
    *state = FM__EMPTY;
    return false;
  }
  p->line = fm__poverty_line_of(NULL, c, p->share, state);
  if (isnan(p->line))
    return false;
  fm__below below = fm__dist_below(c->own, p->line, p->closed);
  p->weight = below.weight;
  p->total = below.total;
  return true;
}

static bool is_poor(const poor *p, double x)
{
  return x < p->line || (p->closed && x == p->line);
}

/* Adds dvalue/dline times the influence of the line. */
static void through_line(fm__influence *own, fm__influence *line, const poor *p, const fm__income_context *c,
                         double by_line)
{
  fm__influence it = {0};
  const char *state = NULL;
  fm__poverty_line_of(&it, c, p->share, &state);
  fm__influence_add(fm__line_target(own, line, c, p->share), &it, by_line);
}

/* ---- the line itself ---- */

static double poverty_line(const fm__call *call, const fm__income_context *c, const char **state)
{
  return c->own->n_members > 0 ? fm__poverty_line_of(NULL, c, call->p[0], state) : fm__no_value(c->own, state);
}

static fm_status poverty_line_influence(fm__influence *own, fm__influence *line, const fm__call *call,
                                        const fm__income_context *c, double value, fm_error *err)
{
  (void)value, (void)err;
  through_line(own, line, &(poor){.share = call->p[0]}, c, 1);
  return FM_OK;
}

/* ---- headcount ---- */

static double at_risk(const fm__call *call, const fm__income_context *c, const char **state)
{
  poor p;
  return find(&p, call, c, state) ? p.weight / c->own->weight : NAN;
}

static void rate_terms(fm__influence *own, fm__influence *line, const poor *p, const fm__income_context *c,
                       double factor)
{
  const fm__dist *d = c->own;
  fm__influence one = {0};
  fm__influence_term(&one, FM__TERM_BELOW, factor / d->weight, p->line)->closed = p->closed;
  fm__influence_term(&one, FM__TERM_ONE, -factor * p->weight / d->weight / d->weight, 0);
  fm__influence_add(own, &one, 1);
  if (!isnan(p->share) || c->rules->line_kind != FM_INCOME_LINE_ABSOLUTE)
    through_line(own, line, p, c, factor * fm__dist_density(d, p->line, c->rules, c->bandwidth));
}

static fm_status at_risk_influence(fm__influence *own, fm__influence *line, const fm__call *call,
                                   const fm__income_context *c, double value, fm_error *err)
{
  poor p;
  const char *state = NULL;
  (void)value, (void)err;
  if (find(&p, call, c, &state))
    rate_terms(own, line, &p, c, 1);
  return FM_OK;
}

/* ---- median of the poor, relative median gap ---- */

static double poor_median(const poor *p, const fm__income_context *c)
{
  const fm__dist *d = c->own;
  double rate = p->weight / d->weight, tolerance = fmax(c->rules->hit_tolerance * rate, 0x1p-51 * rate);
  int32_t rule = c->rules->quantile;
  if (rule == FM_INCOME_QUANTILE_INTERP || !(p->weight > 0))
    return NAN;
  return fm__dist_quantile(d, 0.5 * rate, rule, tolerance);
}

static double median_of_poor(const fm__call *call, const fm__income_context *c, const char **state)
{
  poor p;
  if (!find(&p, call, c, state))
    return NAN;
  double median = poor_median(&p, c);
  return isnan(median) ? fm__no_value(c->own, state) : median;
}

static void median_terms(fm__influence *own, fm__influence *line, const poor *p, const fm__income_context *c,
                         double median, double factor)
{
  const fm__dist *d = c->own;
  double scale = factor / fm__dist_density(d, median, c->rules, c->bandwidth);
  fm__influence one = {0};
  rate_terms(own, line, p, c, scale / 2);
  fm__influence_term(&one, FM__TERM_BELOW, -scale / d->weight, median)->closed = 1;
  fm__influence_term(&one, FM__TERM_ONE, scale * p->weight / 2 / d->weight / d->weight, 0);
  fm__influence_add(own, &one, 1);
}

static fm_status median_of_poor_influence(fm__influence *own, fm__influence *line, const fm__call *call,
                                          const fm__income_context *c, double value, fm_error *err)
{
  poor p;
  const char *state = NULL;
  (void)err;
  if (find(&p, call, c, &state))
    median_terms(own, line, &p, c, value, 1);
  return FM_OK;
}

static double relative_median_gap(const fm__call *call, const fm__income_context *c, const char **state)
{
  poor p;
  if (!find(&p, call, c, state))
    return NAN;
  double median = p.line > 0 ? poor_median(&p, c) : NAN;
  return isnan(median) ? fm__no_value(c->own, state) : (p.line - median) / p.line;
}

static fm_status relative_median_gap_influence(fm__influence *own, fm__influence *line, const fm__call *call,
                                               const fm__income_context *c, double value, fm_error *err)
{
  poor p;
  const char *state = NULL;
  (void)value, (void)err;
  if (!find(&p, call, c, &state))
    return FM_OK;
  double median = poor_median(&p, c);
  median_terms(own, line, &p, c, median, -1 / p.line);
  through_line(own, line, &p, c, median / p.line / p.line);
  return FM_OK;
}

/* ---- Foster, Greer and Thorbecke (1984): mean of ((z - x) / z)^alpha over the poor, 0 for others ---- */

/* Sum over the poor of w ((z - x) / z)^alpha, times x / z when `moved`. */
static double gap_sum(const fm__dist *d, const poor *p, double alpha, bool moved)
{
  fm__compensated sum = {0, 0};
  fm__atom a;
  for (fm__dist_start(&a, d); fm__dist_next(&a) && is_poor(p, a.x);) {
    double gap = (p->line - a.x) / p->line, power = alpha == 1 ? gap : alpha == 2 ? gap * gap : fm__pow(gap, alpha);
    fm__compensated_add(&sum, a.w * power * (moved ? a.x / p->line : 1));
  }
  return fm__compensated_value(&sum);
}

static double fgt(const fm__call *call, const fm__income_context *c, const char **state)
{
  poor p;
  if (!find(&p, call, c, state))
    return NAN;
  if (call->p[0] == 0)
    return p.weight / c->own->weight;
  return p.line > 0 ? gap_sum(c->own, &p, call->p[0], false) / c->own->weight : fm__no_value(c->own, state);
}

static void gap_terms(fm__influence *own, fm__influence *line, const poor *p, const fm__income_context *c, double alpha,
                      double value, double factor)
{
  const fm__dist *d = c->own;
  fm__influence one = {0};
  if (alpha == 1)
    fm__influence_term(&one, FM__TERM_GAP_BELOW, -factor / d->weight / p->line, p->line);
  else
    fm__influence_term(&one, FM__TERM_GAP_POWER, factor / d->weight, p->line)->power = alpha;
  fm__influence_term(&one, FM__TERM_ONE, -factor * value / d->weight, 0);
  fm__influence_add(own, &one, 1);
  /* d/dz of ((z - x) / z)^alpha is alpha ((z - x) / z)^(alpha - 1) x / z^2 */
  double moved = alpha == 1 ? p->total / p->line : alpha * gap_sum(d, p, alpha - 1, true);
  through_line(own, line, p, c, factor * moved / d->weight / p->line);
}

static fm_status fgt_influence(fm__influence *own, fm__influence *line, const fm__call *call,
                               const fm__income_context *c, double value, fm_error *err)
{
  poor p;
  const char *state = NULL;
  (void)err;
  if (!find(&p, call, c, &state))
    return FM_OK;
  if (call->p[0] == 0)
    rate_terms(own, line, &p, c, 1);
  else
    gap_terms(own, line, &p, c, call->p[0], value, 1);
  return FM_OK;
}

/* ---- Watts (1968): mean of log(z / x) over the poor, 0 for others ---- */

/* The least income as the rule for incomes of 0 or less has it, in *nonpos as in fm__term; false: no value. */
static bool positive(const fm__income_context *c, double *nonpos)
{
  *nonpos = 0;
  if (c->own->least > 0)
    return true;
  if (c->rules->nonpos == FM_INCOME_NONPOS_DROP)
    *nonpos = NAN;
  if (c->rules->nonpos == FM_INCOME_NONPOS_FLOOR)
    *nonpos = c->rules->nonpos_floor * c->own->x_scale;
  return *nonpos != 0;
}

/* Sum over the poor, and the weights of them and of all who count. */
static double log_sum(const fm__dist *d, const poor *p, double nonpos, double *counted, double *all)
{
  fm__compensated sum = {0, 0}, weight = {0, 0}, dropped = {0, 0};
  fm__atom a;
  for (fm__dist_start(&a, d); fm__dist_next(&a) && is_poor(p, a.x);) {
    double x = a.x > 0 ? a.x : nonpos;
    if (isnan(x))
      fm__compensated_add(&dropped, a.w);
    if (isnan(x) || !is_poor(p, x))
      continue;
    double gap = (p->line - x) / x; /* log(z / x) with all its digits near the line */
    fm__compensated_add(&weight, a.w);
    fm__compensated_add(&sum, a.w * (isinf(gap) ? fm__log(p->line) - fm__log(x) : fm__log1p(gap)));
  }
  *counted = fm__compensated_value(&weight);
  *all = d->weight - fm__compensated_value(&dropped);
  return fm__compensated_value(&sum);
}

static double watts(const fm__call *call, const fm__income_context *c, const char **state)
{
  poor p;
  double nonpos, counted, all;
  if (!find(&p, call, c, state))
    return NAN;
  if (!(p.line > 0) || !positive(c, &nonpos))
    return fm__no_value(c->own, state);
  double sum = log_sum(c->own, &p, nonpos, &counted, &all);
  if (!(all > 0))
    *state = FM__EMPTY;
  return all > 0 ? sum / all : NAN;
}

static fm_status watts_influence(fm__influence *own, fm__influence *line, const fm__call *call,
                                 const fm__income_context *c, double value, fm_error *err)
{
  poor p;
  double nonpos, counted, all;
  const char *state = NULL;
  (void)err;
  if (!find(&p, call, c, &state) || !positive(c, &nonpos))
    return FM_OK;
  log_sum(c->own, &p, nonpos, &counted, &all);
  fm__influence_term(own, FM__TERM_LOG_BELOW, 1 / all, p.line)->nonpos = nonpos;
  fm__influence_term(own, FM__TERM_ONE, -value / all, 0)->nonpos = nonpos;
  through_line(own, line, &p, c, counted / all / p.line);
  return FM_OK;
}

/* ---- Sen (1976) in its form for many people, and Shorrocks' (1995) change of it ----
 * H, T: weight and income of the poor, A: sum of C (H - C) dx among them, P1: mean gap of all.
 * Sen: P0 G + P1 (1 - G), G the Gini of the poor's incomes = P1 + A / (z H W).
 * Sen-Shorrocks-Thon: P1 (1 + G), G the Gini of all gaps = P1 (2 - P0) + A / (z W^2). */

static double area_of(const fm__dist *d, const poor *p)
{
  fm__compensated sum = {0, 0};
  fm__atom a;
  double before = NAN;
  for (fm__dist_start(&a, d); fm__dist_next(&a) && is_poor(p, a.x); before = a.x)
    if (!isnan(before))
      fm__compensated_add(&sum, a.below_weight * (p->weight - a.below_weight) * (a.x - before));
  return fm__compensated_value(&sum);
}

static double sen(const fm__call *call, const fm__income_context *c, const char **state)
{
  poor p;
  if (!find(&p, call, c, state))
    return NAN;
  if (!(p.line > 0))
    return fm__no_value(c->own, state);
  double w = c->own->weight, gap = gap_sum(c->own, &p, 1, false) / w, spread = area_of(c->own, &p) / p.line / w;
  if (call->measure->name[1] == 's')
    return gap * (2 - p.weight / w) + spread / w;
  return p.weight > 0 ? gap + spread / p.weight : 0;
}

/* Terms of factor times dA = 2 (x C - S) - x H + T for the poor. */
static void area_terms(fm__influence *own, const poor *p, double factor)
{
  fm__influence one = {0};
  fm__influence_term(&one, FM__TERM_AREA_BELOW, 2 * factor, p->line)->closed = p->closed;
  fm__influence_term(&one, FM__TERM_X_BELOW, -factor * p->weight, p->line)->closed = p->closed;
  fm__influence_term(&one, FM__TERM_BELOW, factor * p->total, p->line)->closed = p->closed;
  fm__influence_add(own, &one, 1);
}

static fm_status sen_influence(fm__influence *own, fm__influence *line, const fm__call *call,
                               const fm__income_context *c, double value, fm_error *err)
{
  poor p;
  const char *state = NULL;
  const fm__dist *d = c->own;
  (void)value, (void)err;
  if (!find(&p, call, c, &state) || !(p.weight > 0))
    return FM_OK;
  double w = d->weight, gap = gap_sum(d, &p, 1, false) / w, k = area_of(d, &p) / p.line / p.weight / w;
  gap_terms(own, line, &p, c, 1, gap, 1);
  area_terms(own, &p, 1 / p.line / p.weight / w);
  fm__influence one = {0};
  fm__influence_term(&one, FM__TERM_BELOW, -k / p.weight, p.line)->closed = p.closed;
  fm__influence_term(&one, FM__TERM_ONE, -k / w, 0);
  fm__influence_add(own, &one, 1);
  /* A grows by f W (z H - T) with the line, H by f W */
  double density =
      c->rules->line_kind == FM_INCOME_LINE_ABSOLUTE ? 0 : fm__dist_density(d, p.line, c->rules, c->bandwidth);
  through_line(own, line, &p, c, density * (1 - p.total / p.weight / p.line - k * w / p.weight) - k / p.line);
  return FM_OK;
}

static fm_status sst_influence(fm__influence *own, fm__influence *line, const fm__call *call,
                               const fm__income_context *c, double value, fm_error *err)
{
  poor p;
  const char *state = NULL;
  const fm__dist *d = c->own;
  (void)value, (void)err;
  if (!find(&p, call, c, &state))
    return FM_OK;
  double w = d->weight, gap = gap_sum(d, &p, 1, false) / w, rate = p.weight / w, k = area_of(d, &p) / p.line / w / w;
  gap_terms(own, line, &p, c, 1, gap, 2 - rate);
  area_terms(own, &p, 1 / p.line / w / w);
  fm__influence one = {0};
  fm__influence_term(&one, FM__TERM_BELOW, -gap / w, p.line)->closed = p.closed;
  fm__influence_term(&one, FM__TERM_ONE, gap * rate / w - 2 * k / w, 0);
  fm__influence_add(own, &one, 1);
  through_line(own, line, &p, c, -k / p.line); /* what those at the line add to A and to P0 cancels */
  return FM_OK;
}

#define OF_LINE(NAME, UNIT, TEXT, POWER, VALUE)                                                                        \
  .name = NAME, .unit = UNIT, .names = "a", .text = TEXT, .n_parameters = 1, .optional = true, .power = POWER,         \
  .uses_line = true, .open = true, .most = 100, .value = VALUE, .influence = VALUE##_influence

const fm__income_measure fm__measures_poverty[] = {
    {OF_LINE("poverty_line", "money", "a times the median (or mean) that the rules name; without a: their line", 1,
             poverty_line)},
    {OF_LINE("at_risk_of_poverty", "share", "weight of incomes below poverty_line(a) over all weight", 0, at_risk),
     .in_percent = true, .rate = true},
    {OF_LINE("relative_median_gap", "ratio", "(line - median_of_poor(a)) / line", 0, relative_median_gap),
     .in_percent = true},
    {OF_LINE("median_of_poor", "money", "median income of those below poverty_line(a)", 1, median_of_poor)},
    {.name = "fgt",
     .unit = "index",
     .names = "alpha",
     .text = "mean of ((line - x) / line)^alpha, 0 above the line; alpha 0: the share of the poor",
     .n_parameters = 1,
     .in_percent = true,
     .rate_at_zero = true,
     .uses_line = true,
     .most = 100,
     .value = fgt,
     .influence = fgt_influence},
    {.name = "watts",
     .unit = "index",
     .names = "",
     .text = "mean of log(line / x), 0 above the line",
     .uses_line = true,
     .value = watts,
     .influence = watts_influence},
    {.name = "sen",
     .unit = "index",
     .names = "",
     .text = "P0 G + P1 (1 - G), G the Gini of the poor's incomes",
     .uses_line = true,
     .value = sen,
     .influence = sen_influence},
    {.name = "sst",
     .unit = "index",
     .names = "",
     .text = "Sen-Shorrocks-Thon: P1 (1 + G), G the Gini of everyone's gaps",
     .uses_line = true,
     .value = sen,
     .influence = sst_influence},
    {.name = NULL},
};
