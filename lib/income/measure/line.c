/* The poverty line: absolute, or relative to the median or mean of a population. */
#include <math.h>

#include "income/measure/influence_priv.h"
#include "tally/tally_priv.h"

/* The population that a relative line is taken from; NULL for an absolute one. */
static const fm__dist *source(const fm__income_context *c, double share)
{
  int32_t kind = c->rules->line_kind;
  if (kind == FM_INCOME_LINE_ABSOLUTE && isnan(share))
    return NULL;
  return kind == FM_INCOME_LINE_DOMAIN || kind == FM_INCOME_LINE_DOMAIN_MEAN ? c->own : c->line_from;
}

fm__influence *fm__line_target(fm__influence *own, fm__influence *line, const fm__income_context *c, double share)
{
  return source(c, share) == c->own ? own : line;
}

/* The known influence of the line of that share, if it comes from everyone. */
static const fm__influence *known(const fm__income_context *c, const fm__dist *d, double share)
{
  for (size_t k = 0; k < c->n_lines && d == c->line_from; k++)
    if (c->lines[k].share == share || (isnan(c->lines[k].share) && isnan(share)))
      return &c->lines[k].influence;
  return NULL;
}

double fm__poverty_line_of(fm__influence *line, const fm__income_context *c, double share, const char **state)
{
  const fm_income_rules *rules = c->rules;
  const fm__dist *d = source(c, share);
  if (d == NULL)
    return rules->line * c->own->x_scale;
  if (d->n_members == 0) {
    *state = FM__EMPTY;
    return NAN;
  }
  double factor = (isnan(share) ? rules->line_share : share) * (c->own->x_scale / d->x_scale);
  if (rules->line_kind == FM_INCOME_LINE_NATIONAL_MEAN || rules->line_kind == FM_INCOME_LINE_DOMAIN_MEAN) {
    if (line != NULL)
      fm__influence_term(line, FM__TERM_GAP, factor / d->weight, d->mean);
    return factor * d->mean;
  }
  double median = fm__quantile(d, 0.5, rules);
  if (isnan(median))
    *state = FM__UNDEFINED;
  else if (line != NULL && known(c, d, share) != NULL)
    fm__influence_add(line, known(c, d, share), c->own->x_scale / d->x_scale);
  else if (line != NULL)
    fm__quantile_influence(line, c, d, 0.5, median, factor);
  return factor * median;
}

double fm__poverty_line(fm__influence *line, const fm__income_context *c, const char **state)
{
  return fm__poverty_line_of(line, c, NAN, state);
}
