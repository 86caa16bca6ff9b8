/* income.decomposition: within and between groups, for the entropy measures (Shorrocks 1980) and for the Gini
 * coefficient (Lambert and Aronson 1993), with influences: the between part is a function of the groups' weights and
 * totals alone, so that its influence is linear in a row's income. */
#include "income/groups/decomposition_priv.h"

#include <math.h>

#include "num/num_priv.h"

/* Populations: the groups 0 .. n_groups - 1, then the whole. Weights and totals of groups in the whole's scales. */
static double weight_of(const fm__decomposition *d, const fm__dist *const *p, size_t g)
{
  return p[g]->n > 0 ? p[g]->weight * (p[d->n_groups]->w_scale / p[g]->w_scale) : 0;
}

static double total_of(const fm__decomposition *d, const fm__dist *const *p, size_t g)
{
  const fm__dist *all = p[d->n_groups];
  return p[g]->n > 0 ? p[g]->total * (all->w_scale / p[g]->w_scale) * (all->x_scale / p[g]->x_scale) : 0;
}

/* ---- GE(alpha): sum of s f(r), s the population share, r the group's mean over the mean ---- */

/* (r^alpha - 1 - alpha (r - 1)) / (alpha (alpha - 1)), its limits at 0 and 1: never negative, precise near r = 1. */
static double entropy(double alpha, double r)
{
  double d = r - 1;
  if (alpha == 0)
    return d - fm__log1p(d);
  if (alpha == 1)
    return r > 0 ? r * fm__log1p(d) - d : 1;
  return (fm__expm1(alpha * fm__log1p(d)) - alpha * d) / (alpha * (alpha - 1));
}

static double entropy_slope(double alpha, double r)
{
  if (alpha == 0)
    return 1 - 1 / r;
  return alpha == 1 ? fm__log(r) : fm__expm1((alpha - 1) * fm__log(r)) / (alpha - 1);
}

/* The weight of a group's own inequality in the within part. */
static double own_weight(const fm__decomposition *d, const fm__dist *const *p, size_t g, double alpha, bool gini)
{
  const fm__dist *all = p[d->n_groups];
  double s = weight_of(d, p, g) / all->weight, y = total_of(d, p, g) / all->total;
  if (gini)
    return s * y;
  return alpha == 0 ? s : alpha == 1 ? y : s > 0 ? s * fm__pow(y / s, alpha) : 0;
}

static double between_entropy(const fm__decomposition *d, const fm__dist *const *p, double alpha)
{
  const fm__dist *all = p[d->n_groups];
  fm__sum sum = {.pending = 0};
  for (size_t g = 0; g < d->n_groups; g++)
    if (p[g]->n > 0) {
      double w = weight_of(d, p, g);
      fm__sum_add(&sum, w / all->weight * entropy(alpha, total_of(d, p, g) / w / all->mean));
    }
  return fm__sum_value(&sum);
}

/* ---- Gini of the groups' means: sum of |Y_g W_h - Y_h W_g| over pairs / (W Y) ---- */

static double between_gini(const fm__decomposition *d, const fm__dist *const *p)
{
  const fm__dist *all = p[d->n_groups];
  fm__sum sum = {.pending = 0};
  for (size_t g = 0; g < d->n_groups; g++)
    for (size_t h = g + 1; h < d->n_groups; h++)
      fm__sum_add(&sum, fabs(total_of(d, p, g) / all->total * (weight_of(d, p, h) / all->weight) -
                             total_of(d, p, h) / all->total * (weight_of(d, p, g) / all->weight)));
  return fm__sum_value(&sum);
}

/* ---- values ---- */

static fm__income_context context_of(const fm__decomposition *d, const fm__dist *population)
{
  return (fm__income_context){.rules = &d->rules, .own = population, .line_from = population};
}

static double index_of(const fm__decomposition *d, const fm__call *call, const fm__dist *population, const char **state)
{
  fm__income_context c = context_of(d, population);
  return fm__call_value(call, &c, state);
}

double fm__decomposition_alpha(const fm__call *call, bool *gini)
{
  const char *name = call->measure->name;
  *gini = name[0] == 'g' && name[1] == 'i';
  return name[0] == 'm' ? 0 : name[0] == 't' ? 1 : call->p[0];
}

static double within(const fm__decomposition *d, const fm__call *call, const fm__dist *const *p, const char **state)
{
  bool gini;
  double alpha = fm__decomposition_alpha(call, &gini);
  fm__sum sum = {.pending = 0};
  for (size_t g = 0; g < d->n_groups; g++) {
    if (p[g]->n == 0)
      continue;
    double own = index_of(d, call, p[g], state);
    if (isnan(own))
      return NAN;
    fm__sum_add(&sum, own_weight(d, p, g, alpha, gini) * own);
  }
  return fm__sum_value(&sum);
}

static double of_group(const fm__decomposition *d, const fm__call *call, size_t g, size_t kind,
                       const fm__dist *const *p, const char **state)
{
  bool gini;
  double alpha = fm__decomposition_alpha(call, &gini);
  const fm__dist *all = p[d->n_groups];
  if (kind == FM__POPULATION_SHARE)
    return weight_of(d, p, g) / all->weight;
  if (kind == FM__INCOME_SHARE)
    return total_of(d, p, g) / all->total;
  double own = index_of(d, call, p[g], state);
  return kind == FM__OWN_VALUE || isnan(own) ? own : own_weight(d, p, g, alpha, gini) * own;
}

double fm__decomposition_value(const void *context, size_t figure, const fm__dist *const *p, const char **state)
{
  const fm__decomposition *d = context;
  size_t per_call = FM__N_WHOLE + FM__N_GROUP * d->n_groups, kind = figure % per_call;
  const fm__call *call = &d->calls[figure / per_call];
  const fm__dist *all = p[d->n_groups];
  bool gini;
  double alpha = fm__decomposition_alpha(call, &gini), total = index_of(d, call, all, state);
  *state = all->n == 0 ? FM__EMPTY : isnan(total) ? FM__UNDEFINED : FM__OK;
  if (isnan(total))
    return NAN;
  if (kind >= FM__N_WHOLE)
    return of_group(d, call, (kind - FM__N_WHOLE) / FM__N_GROUP, (kind - FM__N_WHOLE) % FM__N_GROUP, p, state);
  double between = gini ? between_gini(d, p) : between_entropy(d, p, alpha), inside;
  switch (kind) {
  case FM__TOTAL:
    return total;
  case FM__BETWEEN:
    return between;
  case FM__BETWEEN_SHARE:
    *state = total > 0 ? FM__OK : FM__UNDEFINED;
    return total > 0 ? between / total : NAN;
  case FM__WITHIN:
    return within(d, call, p, state);
  default: /* overlap */
    inside = within(d, call, p, state);
    return total - between - inside;
  }
}

/* ---- influences ---- */

/* a + b x in one population, x and w in the whole's scales. */
static void add_linear(fm__influence *to, const fm__dist *own, const fm__dist *all, double a, double b)
{
  double w = all->w_scale / own->w_scale;
  fm__influence linear = {
      .n = 2,
      .term = {{.kind = FM__TERM_ONE, .a = w * a}, {.kind = FM__TERM_X, .a = w * b * (all->x_scale / own->x_scale)}}};
  fm__influence_add(to, &linear, 1);
}

/* to[g], to[n_groups]: `factor` times the between part. */
static void between_entropy_influence(fm__influence *to, const fm__decomposition *d, const fm__dist *const *p,
                                      double alpha, double factor)
{
  const fm__dist *all = p[d->n_groups];
  double w = all->weight, y = all->total, mean = all->mean, at = between_entropy(d, p, alpha);
  fm__sum pull = {.pending = 0}; /* what moving the mean does to all groups */
  for (size_t g = 0; g < d->n_groups; g++) {
    if (p[g]->n == 0)
      continue;
    double r = total_of(d, p, g) / weight_of(d, p, g) / mean, slope = entropy_slope(alpha, r);
    add_linear(&to[g], p[g], all, factor * (entropy(alpha, r) - r * slope) / w, factor * slope / y);
    fm__sum_add(&pull, weight_of(d, p, g) / w * r * slope);
  }
  double moved = fm__sum_value(&pull);
  add_linear(&to[d->n_groups], all, all, factor * (moved - at) / w, -factor * moved / y);
}

static void between_gini_influence(fm__influence *to, const fm__decomposition *d, const fm__dist *const *p,
                                   double factor)
{
  const fm__dist *all = p[d->n_groups];
  double w = all->weight, y = all->total, at = between_gini(d, p);
  for (size_t g = 0; g < d->n_groups; g++) {
    fm__sum one = {.pending = 0}, x = {.pending = 0};
    double w_g = weight_of(d, p, g), y_g = total_of(d, p, g);
    for (size_t h = 0; h < d->n_groups; h++) {
      double w_h = weight_of(d, p, h), y_h = total_of(d, p, h), above = y_g / y * (w_h / w) - y_h / y * (w_g / w);
      double sign = above > 0 ? 1 : above < 0 ? -1 : 0;
      fm__sum_add(&x, sign * (w_h / w));
      fm__sum_add(&one, -sign * (y_h / y));
    }
    if (p[g]->n > 0)
      add_linear(&to[g], p[g], all, factor * fm__sum_value(&one) / w, factor * fm__sum_value(&x) / y);
  }
  add_linear(&to[d->n_groups], all, all, -factor * at / w, -factor * at / y);
}

/* The group's part c V of the within sum: V times the influence of its weight c, plus c times that of V. */
static fm_status part_influence(fm__influence *to, const fm__decomposition *d, const fm__call *call,
                                const fm__dist *const *p, size_t g, double factor, fm_error *err)
{
  const fm__dist *all = p[d->n_groups];
  const char *state;
  bool gini;
  double alpha = fm__decomposition_alpha(call, &gini), own = index_of(d, call, p[g], &state);
  double c = own_weight(d, p, g, alpha, gini), k = factor * c * own;
  if (p[g]->n == 0 || isnan(own))
    return FM_OK;
  double in_w = gini ? 1 : 1 - alpha, in_y = gini ? 1 : alpha; /* c is W_g^in_w Y_g^in_y over the same of the whole */
  fm__income_context context = context_of(d, p[g]);
  fm__influence of_own = {.n = 0}, line = {.n = 0};
  fm_status status = fm__call_influence(&of_own, &line, call, &context, err);
  fm__influence_add(&to[g], &of_own, factor * c);
  add_linear(&to[g], p[g], all, k * in_w / weight_of(d, p, g), k * in_y / total_of(d, p, g));
  add_linear(&to[d->n_groups], all, all, -k * in_w / all->weight, -k * in_y / all->total);
  return status;
}

static fm_status whole_influence(fm__influence *to, const fm__decomposition *d, const fm__call *call,
                                 const fm__dist *const *p, double factor, fm_error *err)
{
  fm__income_context c = context_of(d, p[d->n_groups]);
  fm__influence of_whole = {.n = 0}, line = {.n = 0};
  fm_status status = fm__call_influence(&of_whole, &line, call, &c, err);
  fm__influence_add(&to[d->n_groups], &of_whole, factor);
  return status;
}

static void share_influence(fm__influence *to, const fm__decomposition *d, size_t g, size_t kind,
                            const fm__dist *const *p)
{
  const fm__dist *all = p[d->n_groups];
  double by_weight = kind == FM__POPULATION_SHARE, by_income = kind == FM__INCOME_SHARE;
  double share = by_weight > 0 ? weight_of(d, p, g) / all->weight : total_of(d, p, g) / all->total;
  if (p[g]->n > 0)
    add_linear(&to[g], p[g], all, by_weight / all->weight, by_income / all->total);
  add_linear(&to[d->n_groups], all, all, -by_weight * share / all->weight, -by_income * share / all->total);
}

/* Of a figure of the whole. */
static fm_status kind_influence(fm__influence *to, const fm__decomposition *d, const fm__call *call, size_t kind,
                                const fm__dist *const *p, fm_error *err)
{
  bool gini;
  double alpha = fm__decomposition_alpha(call, &gini);
  const char *state;
  double total = index_of(d, call, p[d->n_groups], &state);
  double share = kind == FM__BETWEEN_SHARE ? (gini ? between_gini(d, p) : between_entropy(d, p, alpha)) / total : 0;
  double of_total = kind == FM__TOTAL || kind == FM__OVERLAP ? 1 : kind == FM__BETWEEN_SHARE ? -share / total : 0;
  double of_between = kind == FM__BETWEEN ? 1 : kind == FM__OVERLAP ? -1 : kind == FM__BETWEEN_SHARE ? 1 / total : 0;
  double of_within = kind == FM__WITHIN ? 1 : kind == FM__OVERLAP ? -1 : 0;
  fm_status status = of_total != 0 ? whole_influence(to, d, call, p, of_total, err) : FM_OK;
  if (of_between != 0 && gini)
    between_gini_influence(to, d, p, of_between);
  else if (of_between != 0)
    between_entropy_influence(to, d, p, alpha, of_between);
  for (size_t g = 0; g < d->n_groups && of_within != 0 && status == FM_OK; g++)
    status = part_influence(to, d, call, p, g, of_within, err);
  return status;
}

fm_status fm__decomposition_influence(fm__part *parts, size_t *n_parts, const void *context, size_t figure,
                                      const fm__dist *const *p, double value, fm_error *err)
{
  const fm__decomposition *d = context;
  size_t per_call = FM__N_WHOLE + FM__N_GROUP * d->n_groups, kind = figure % per_call;
  const fm__call *call = &d->calls[figure / per_call];
  *n_parts = 0;
  if (isnan(value))
    return FM_OK;
  fm__influence *to = fm__array(d->n_groups + 1, sizeof *to);
  if (to == NULL)
    return fm__no_memory(err);
  fm_status status = FM_OK;
  size_t g = kind < FM__N_WHOLE ? 0 : (kind - FM__N_WHOLE) / FM__N_GROUP;
  size_t of = kind < FM__N_WHOLE ? 0 : (kind - FM__N_WHOLE) % FM__N_GROUP;
  if (kind < FM__N_WHOLE)
    status = kind_influence(to, d, call, kind, p, err);
  else if (of == FM__WITHIN_PART)
    status = part_influence(to, d, call, p, g, 1, err);
  else if (of == FM__OWN_VALUE) {
    fm__income_context c = context_of(d, p[g]);
    fm__influence line = {.n = 0};
    status = fm__call_influence(&to[g], &line, call, &c, err);
  } else
    share_influence(to, d, g, of, p);
  for (size_t k = 0; k <= d->n_groups && status == FM_OK; k++)
    if (to[k].n > 0)
      parts[(*n_parts)++] = (fm__part){.population = k, .influence = to[k]};
  fm__free(to);
  return status;
}
