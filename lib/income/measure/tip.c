/* The "three I's of poverty" curve of Jenkins and Lambert (1997): cumulated normalised gaps of the poorest share p. */
#include <math.h>

#include "income/measure/influence_priv.h"
#include "num/num_priv.h"
#include "tally/tally_priv.h"

typedef struct place {
  double p, z; /* share, line */
  bool beyond; /* all the poor are in the share */
  fm__below poor;
  double poorest; /* income of the poorest share */
} place;

static bool find(place *at, const fm__call *call, const fm__income_context *c, fm__influence *line, const char **state)
{
  const fm__dist *d = c->own;
  at->p = call->p[0];
  if (d->n == 0) {
    *state = FM__EMPTY;
    return false;
  }
  at->z = fm__poverty_line(line, c, state);
  if (isnan(at->z))
    return false;
  if (!(at->z > 0)) {
    *state = FM__UNDEFINED;
    return false;
  }
  at->poor = fm__dist_below(d, at->z, c->rules->poor == FM_INCOME_POOR_LE);
  at->beyond = at->p * d->weight >= at->poor.weight;
  at->poorest = fm__dist_poorest(d, at->p);
  return true;
}

static double tip(const fm__call *call, const fm__income_context *c, const char **state)
{
  place at;
  if (!find(&at, call, c, NULL, state))
    return NAN;
  double share = at.beyond ? at.poor.weight / c->own->weight : at.p;
  double income = (at.beyond ? at.poor.total : at.poorest) / c->own->weight;
  *state = FM__OK;
  return share - income / at.z;
}

static fm_status tip_influence(fm__influence *own, fm__influence *line, const fm__call *call,
                               const fm__income_context *c, double value, fm_error *err)
{
  const fm__dist *d = c->own;
  const char *state;
  fm__influence of_line = {.n = 0};
  place at;
  (void)err;
  if (!find(&at, call, c, &of_line, &state))
    return FM_OK;
  double w = d->weight, slope; /* of the value in the line */
  if (at.beyond) {
    int32_t closed = c->rules->poor == FM_INCOME_POOR_LE;
    fm__influence_term(own, FM__TERM_BELOW, 1 / w, at.z)->closed = closed;
    fm__influence_term(own, FM__TERM_X_BELOW, -1 / (w * at.z), at.z)->closed = closed;
    fm__influence_term(own, FM__TERM_ONE, -value / w, 0);
    slope = at.poor.total / w / at.z / at.z;
  } else { /* p - GL(p) / z: minus the influence of the generalised Lorenz ordinate over z */
    double q = fm__dist_quantile(d, at.p, c->rules->quantile, c->rules->hit_tolerance), gl = at.poorest / w;
    fm__influence_term(own, FM__TERM_X_BELOW, -1 / (w * at.z), q)->closed = 1;
    fm__influence_term(own, FM__TERM_BELOW, q / (w * at.z), q)->closed = 1;
    fm__influence_term(own, FM__TERM_ONE, (gl - at.p * q) / (w * at.z), 0);
    slope = gl / at.z / at.z;
  }
  fm__influence_add(fm__line_target(own, line, c, NAN), &of_line, slope);
  return FM_OK;
}

const fm__income_measure fm__measures_tip[] = {
    {.name = "tip",
     .unit = "share",
     .names = "p",
     .text = "sum over the poorest p of (line - x) / line, 0 above the line, over all weight",
     .n_parameters = 1,
     .in_percent = true,
     .uses_line = true,
     .most = 1,
     .value = tip,
     .influence = tip_influence},
    {.name = NULL},
};
