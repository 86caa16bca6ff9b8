/* Poverty between two periods by one line: pro-poor growth, and how much came from growth and from redistribution.
 *
 * With P(x, z) the poverty of the incomes x at line z and m the ratio of the means, last to first, the incomes of the
 * first period with the mean of the last have poverty P(x_0 m, z) = P(x_0, z / m), and the other way about. So every
 * figure is made of four values: both periods at z, the first at z / m, the last at z m. */
#include "income/change/incidence_priv.h"

#include <math.h>

#include "income/measure/influence_priv.h"
#include "num/num_priv.h"

enum { AT_00, AT_11, AT_01, AT_10, N_AT }; /* distribution, then mean */
enum {
  POVERTY_0,
  POVERTY_1,
  CHANGE,
  GROWTH,
  REDISTRIBUTION,
  RESIDUAL,
  SHAPLEY_GROWTH,
  SHAPLEY_REDISTRIBUTION,
  INDEX,
  EQUIVALENT,
  N_KINDS
};
static const struct {
  const char *name, *unit;
  double weight[N_AT]; /* linear figures */
} kinds[N_KINDS] = {{"poverty_0", "index", {1, 0, 0, 0}},
                    {"poverty_1", "index", {0, 1, 0, 0}},
                    {"poverty_change", "index", {-1, 1, 0, 0}},
                    {"growth_component", "index", {-1, 0, 1, 0}},
                    {"redistribution_component", "index", {-1, 0, 0, 1}},
                    {"residual", "index", {1, 1, -1, -1}},
                    {"shapley_growth", "index", {-0.5, 0.5, 0.5, -0.5}},
                    {"shapley_redistribution", "index", {-0.5, 0.5, -0.5, 0.5}},
                    {"pro_poor_index", "ratio", {0}},
                    {"poverty_equivalent_growth", NULL, {0}}};

/* Figures: N_KINDS for each poverty measure, then the growth of the poor (Ravallion and Chen), then the line. */
enum { PRO_POOR = FM__N_POVERTY * N_KINDS, LINE, N_FIGURES };

typedef struct poverty {
  const fm__incidence *c;
  fm_income_rules anchored, fixed; /* the line of the first period; a line given in numbers */
  bool national;
  double years;
} poverty;

/* ---- the four values ---- */

typedef struct base {
  double z, mean[2];
  const char *state;
} base;

static base base_of(const poverty *p, const fm__dist *const *populations)
{
  base b = {.z = NAN, .state = FM__OK};
  fm__income_context first = fm__wave_context(&p->anchored, populations, 0, p->national);
  for (int32_t k = 0; k < 2; k++) {
    fm__income_context context = fm__wave_context(&p->fixed, populations, k, false);
    b.mean[k] = fm__call_value(&p->c->mean, &context, &b.state);
    if (isnan(b.mean[k]))
      return b;
  }
  b.z = fm__poverty_line(NULL, &first, &b.state) / populations[0]->x_scale;
  if (!isnan(b.z) && !(b.z > 0 && b.mean[0] > 0 && b.mean[1] > 0)) {
    b.state = FM__UNDEFINED;
    b.z = NAN;
  }
  return b;
}

static int32_t wave_at(int32_t at)
{
  return at == AT_11 || at == AT_10;
}

static double line_at(const base *b, int32_t at)
{
  double factor = at == AT_01 ? b->mean[0] / b->mean[1] : at == AT_10 ? b->mean[1] / b->mean[0] : 1;
  return b->z * factor;
}

static double poverty_at(const poverty *p, const base *b, int32_t measure, int32_t at,
                         const fm__dist *const *populations, const char **state)
{
  fm_income_rules rules = p->fixed;
  fm__income_context context = fm__wave_context(&rules, populations, wave_at(at), false);
  rules.line = line_at(b, at);
  return fm__call_value(&p->c->poverty[measure], &context, state);
}

static double years_of(const poverty *p)
{
  return isnan(p->years) ? 1 : p->years;
}

static double linear(const poverty *p, const base *b, int32_t measure, int32_t kind, const fm__dist *const *populations,
                     const char **state)
{
  double sum = 0;
  for (int32_t at = 0; at < N_AT; at++)
    if (kinds[kind].weight[at] != 0)
      sum += kinds[kind].weight[at] * poverty_at(p, b, measure, at, populations, state);
  return sum;
}

static double kind_value(const poverty *p, const base *b, int32_t measure, int32_t kind,
                         const fm__dist *const *populations, const char **state)
{
  if (kind < INDEX)
    return linear(p, b, measure, kind, populations, state);
  double index =
      linear(p, b, measure, CHANGE, populations, state) / linear(p, b, measure, SHAPLEY_GROWTH, populations, state);
  return kind == INDEX ? index : index * (fm__log(b->mean[1] / b->mean[0]) / years_of(p));
}

static double value_of(const void *context, size_t figure, const fm__dist *const *populations, const char **state)
{
  const poverty *p = context;
  base b = base_of(p, populations);
  double value = b.z;
  if (isnan(b.z))
    *state = b.state;
  else if (figure == PRO_POOR)
    value = -linear(p, &b, FM__WATTS, CHANGE, populations, state) /
            poverty_at(p, &b, FM__FGT_0, AT_00, populations, state) / years_of(p);
  else if (figure < PRO_POOR)
    value = kind_value(p, &b, (int32_t)figure / N_KINDS, (int32_t)figure % N_KINDS, populations, state);
  if (!isfinite(value) && !isnan(b.z))
    *state = FM__UNDEFINED;
  return isfinite(value) ? value : NAN;
}

/* ---- influences ---- */

/* Sums on the way: parts of the populations, and what the line and the two means contribute. */
typedef struct sums {
  fm__part *parts;
  size_t *n_parts;
  double z, mean[2];
} sums;

/* Derivative of poverty in the line. */
static double line_slope(const poverty *p, int32_t measure, int32_t at, const base *b,
                         const fm__dist *const *populations)
{
  const fm__dist *d = populations[wave_at(at)];
  const char *state = FM__OK;
  double z = line_at(b, at);
  if (measure == FM__FGT_0)
    return fm__dist_density(d, z * d->x_scale, &p->fixed, NULL) * d->x_scale;
  double here = poverty_at(p, b, measure, at, populations, &state);
  if (measure == FM__WATTS)
    return poverty_at(p, b, FM__FGT_0, at, populations, &state) / z;
  return measure / z * (poverty_at(p, b, measure - 1, at, populations, &state) - here);
}

static fm_status add_at(sums *s, const poverty *p, const base *b, int32_t measure, int32_t at,
                        const fm__dist *const *populations, double factor, fm_error *err)
{
  fm_income_rules rules = p->fixed;
  rules.line = line_at(b, at);
  double slope = factor * line_slope(p, measure, at, b, populations);
  s->z += slope * (rules.line / b->z);
  if (at == AT_01 || at == AT_10) { /* the line moves with the ratio of the means */
    int32_t over = at == AT_01 ? 0 : 1;
    s->mean[over] += slope * rules.line / b->mean[over];
    s->mean[1 - over] -= slope * rules.line / b->mean[1 - over];
  }
  return fm__parts_add_call(s->parts, s->n_parts, &p->c->poverty[measure], &rules, populations, wave_at(at), false,
                            factor, err);
}

static fm_status add_linear(sums *s, const poverty *p, const base *b, int32_t measure, const double weight[N_AT],
                            const fm__dist *const *populations, double factor, fm_error *err)
{
  fm_status status = FM_OK;
  for (int32_t at = 0; at < N_AT && status == FM_OK; at++)
    if (weight[at] != 0)
      status = add_at(s, p, b, measure, at, populations, factor * weight[at], err);
  return status;
}

/* d(change / growth) and, for the equivalent growth rate, the log growth of the mean beside it. */
static fm_status add_index(sums *s, const poverty *p, const base *b, int32_t measure, int32_t kind,
                           const fm__dist *const *populations, fm_error *err)
{
  const char *state = FM__OK;
  double growth = linear(p, b, measure, SHAPLEY_GROWTH, populations, &state);
  double index = linear(p, b, measure, CHANGE, populations, &state) / growth, factor = 1, weight[N_AT];
  if (kind == EQUIVALENT) {
    factor = fm__log(b->mean[1] / b->mean[0]) / years_of(p);
    s->mean[0] -= index / years_of(p) / b->mean[0];
    s->mean[1] += index / years_of(p) / b->mean[1];
  }
  for (int32_t at = 0; at < N_AT; at++)
    weight[at] = kinds[CHANGE].weight[at] - index * kinds[SHAPLEY_GROWTH].weight[at];
  return add_linear(s, p, b, measure, weight, populations, factor / growth, err);
}

static fm_status add_base(sums *s, const poverty *p, const fm__dist *const *populations, fm_error *err)
{
  const char *state = FM__OK;
  fm__income_context first = fm__wave_context(&p->anchored, populations, 0, p->national);
  fm__influence line = {.n = 0};
  int32_t kind = p->anchored.line_kind;
  bool from_all = p->national && (kind == FM_INCOME_LINE_NATIONAL || kind == FM_INCOME_LINE_NATIONAL_MEAN);
  fm_status status = FM_OK;
  for (int32_t k = 0; k < 2 && status == FM_OK; k++)
    if (s->mean[k] != 0)
      status = fm__parts_add_call(s->parts, s->n_parts, &p->c->mean, &p->fixed, populations, k, false, s->mean[k], err);
  if (status == FM_OK && s->z != 0) {
    fm__poverty_line(&line, &first, &state);
    fm__parts_add(s->parts, s->n_parts, from_all ? 2 : 0, &line, s->z / populations[0]->x_scale);
  }
  return status;
}

static fm_status influence_of(fm__part *parts, size_t *n_parts, const void *context, size_t figure,
                              const fm__dist *const *populations, double value, fm_error *err)
{
  const poverty *p = context;
  const base b = base_of(p, populations);
  const char *state = FM__OK;
  sums s = {.parts = parts, .n_parts = n_parts};
  int32_t measure = (int32_t)figure / N_KINDS, kind = (int32_t)figure % N_KINDS;
  fm_status status = FM_OK;
  *n_parts = 0;
  if (isnan(value))
    return FM_OK;
  if (figure == LINE) {
    s.z = 1;
  } else if (figure == PRO_POOR) {
    double poor = poverty_at(p, &b, FM__FGT_0, AT_00, populations, &state);
    status = add_linear(&s, p, &b, FM__WATTS, kinds[CHANGE].weight, populations, -1 / (poor * years_of(p)), err);
    if (status == FM_OK)
      status = add_at(&s, p, &b, FM__FGT_0, AT_00, populations, -value / poor, err);
  } else if (kind < INDEX) {
    status = add_linear(&s, p, &b, measure, kinds[kind].weight, populations, 1, err);
  } else {
    status = add_index(&s, p, &b, measure, kind, populations, err);
  }
  return status == FM_OK ? add_base(&s, p, populations, err) : status;
}

static bool is_rate(const void *context, size_t figure)
{
  (void)context;
  return figure < PRO_POOR && figure / N_KINDS == FM__FGT_0 && figure % N_KINDS <= POVERTY_1;
}

/* ---- the result ---- */

static const char *const parameters[FM__N_POVERTY] = {"fgt0", "fgt1", "fgt2", "watts"};

fm_status fm__incidence_poverty(const fm__incidence_page *page, const fm_run *run, fm_error *err)
{
  poverty p = {.c = page->c, .national = page->national, .years = page->years};
  fm__estimator e = {.context = &p,
                     .n_figures = N_FIGURES,
                     .value = value_of,
                     .max_parts = 12,
                     .influence = influence_of,
                     .is_rate = is_rate};
  const char *per = isnan(p.years) ? "total" : "per_year";
  p.anchored = page->c->waves.records.rules;
  p.anchored.percent = 0;
  p.fixed = p.anchored;
  p.fixed.line_kind = FM_INCOME_LINE_ABSOLUTE;
  fm__estimate *estimates = fm__array(N_FIGURES, sizeof *estimates);
  if (estimates == NULL)
    return fm__no_memory(err);
  fm_status status = fm__wave_estimates(estimates, &e, page->dists, page->two, page->c->level, run, err);
  for (size_t i = 0; i < N_FIGURES && status == FM_OK; i++) {
    size_t kind = i % N_KINDS;
    const char *name = i == PRO_POOR ? "pro_poor_growth" : i == LINE ? "poverty_line" : kinds[kind].name;
    const char *unit = i == PRO_POOR ? per : i == LINE ? "money" : kind == EQUIVALENT ? per : kinds[kind].unit;
    const fm__dist *of = i == LINE || (i < PRO_POOR && kind == POVERTY_0) ? &page->dists->own[0]
                         : i < PRO_POOR && kind == POVERTY_1              ? &page->dists->own[1]
                                                                          : fm__wave_smaller(page->dists);
    fm__incidence_keys keys = {NAN, NAN, NAN, i < PRO_POOR ? parameters[i / N_KINDS] : NULL};
    fm__figure f = fm__estimate_figure(name, unit, &estimates[i], of, page->c->level);
    fm__incidence_put(page, &keys, &f, estimates[i].df);
  }
  fm__free(estimates);
  return status;
}
