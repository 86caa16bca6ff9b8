/* Levels: mean, total, quantiles and their ratios. */
#include <math.h>

#include "income/measure/influence_priv.h"
#include "tally/tally_priv.h"

double fm__no_value(const fm__dist *d, const char **state)
{
  *state = d->n_members == 0 ? FM__EMPTY : FM__UNDEFINED;
  return NAN;
}

static double mean(const fm__call *call, const fm__income_context *c, const char **state)
{
  (void)call;
  return c->own->n_members > 0 ? c->own->mean : fm__no_value(c->own, state);
}

static fm_status mean_influence(fm__influence *own, fm__influence *line, const fm__call *call,
                                const fm__income_context *c, double value, fm_error *err)
{
  (void)line, (void)call, (void)err;
  fm__influence_term(own, FM__TERM_GAP, 1 / c->own->weight, value);
  return FM_OK;
}

static double total(const fm__call *call, const fm__income_context *c, const char **state)
{
  (void)call;
  return c->own->n_members > 0 ? c->own->total : fm__no_value(c->own, state);
}

static fm_status total_influence(fm__influence *own, fm__influence *line, const fm__call *call,
                                 const fm__income_context *c, double value, fm_error *err)
{
  (void)line, (void)call, (void)c, (void)value, (void)err;
  fm__influence_term(own, FM__TERM_X, 1, 0);
  return FM_OK;
}

static double share_of(const fm__call *call)
{
  return call->measure->n_parameters == 0 ? 0.5 : call->p[0];
}

static double quantile(const fm__call *call, const fm__income_context *c, const char **state)
{
  double q = c->own->n_members > 0 ? fm__quantile(c->own, share_of(call), c->rules) : NAN;
  return isnan(q) ? fm__no_value(c->own, state) : q;
}

static fm_status quantile_influence(fm__influence *own, fm__influence *line, const fm__call *call,
                                    const fm__income_context *c, double value, fm_error *err)
{
  (void)line, (void)err;
  fm__quantile_influence(own, c, c->own, share_of(call), value, 1);
  return FM_OK;
}

static double quantile_ratio(const fm__call *call, const fm__income_context *c, const char **state)
{
  if (c->own->n_members == 0)
    return fm__no_value(c->own, state);
  double above = fm__quantile(c->own, call->p[0], c->rules), below = fm__quantile(c->own, call->p[1], c->rules);
  return below > 0 ? above / below : fm__no_value(c->own, state);
}

static fm_status quantile_ratio_influence(fm__influence *own, fm__influence *line, const fm__call *call,
                                          const fm__income_context *c, double value, fm_error *err)
{
  (void)line, (void)err;
  double above = fm__quantile(c->own, call->p[0], c->rules), below = fm__quantile(c->own, call->p[1], c->rules);
  fm__quantile_influence(own, c, c->own, call->p[0], above, 1 / below);
  fm__quantile_influence(own, c, c->own, call->p[1], below, -value / below);
  return FM_OK;
}

const fm__income_measure fm__measures_levels[] = {
    {.name = "mean",
     .unit = "money",
     .names = "",
     .text = "sum of w x / sum of w",
     .power = 1,
     .value = mean,
     .influence = mean_influence},
    {.name = "total",
     .unit = "money",
     .names = "",
     .text = "sum of w x",
     .power = 1,
     .weight_power = 1,
     .value = total,
     .influence = total_influence},
    {.name = "median",
     .unit = "money",
     .names = "",
     .text = "quantile(0.5)",
     .power = 1,
     .value = quantile,
     .influence = quantile_influence},
    {.name = "quantile",
     .unit = "money",
     .names = "p",
     .text = "smallest income with a cumulated share of the weight of p; at a hit by the quantile rule",
     .n_parameters = 1,
     .power = 1,
     .open = true,
     .most = 1,
     .value = quantile,
     .influence = quantile_influence},
    {.name = "quantile_ratio",
     .unit = "ratio",
     .names = "p,q",
     .text = "quantile(p) / quantile(q)",
     .n_parameters = 2,
     .open = true,
     .most = 1,
     .value = quantile_ratio,
     .influence = quantile_ratio_influence},
    {.name = NULL},
};
