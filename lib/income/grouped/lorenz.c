/* The fitted curves as one object: which curve answers, and the figures by name. */
#include <string.h>

#include "income/bottom40/bottom40_priv.h"
#include "income/grouped/lorenz_priv.h"

struct fm_income_lorenz {
  fm__lorenz_points points;
  fm__lorenz_curve quadratic, beta;
  const fm__lorenz_mode *mode;
  int32_t asked; /* FM_INCOME_CURVE_... */
};

static const fm_income_lorenz_spec defaults = FM_INCOME_LORENZ_SPEC_INIT;

void fm_income_lorenz_spec_init(fm_income_lorenz_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

fm_status fm__lorenz_spec_take(fm_income_lorenz_spec *out, const fm_income_lorenz_spec *spec, fm_error *err)
{
  *out = defaults;
  fm_status status = fm__spec_take(out, sizeof *out, spec, "fm_income_lorenz_spec", err);
  if (status != FM_OK)
    return status;
  if (!isnan(out->mean) && !(out->mean > 0 && isfinite(out->mean)))
    return fm__fail(err, FM_ERR_ARGUMENT, "mean: expected a finite income above 0");
  if (!(out->tolerance >= 0 && out->tolerance <= 0.01))
    return fm__fail(err, FM_ERR_ARGUMENT, "tolerance: expected a number from 0 to 0.01");
  if (out->input != FM_INCOME_GROUPED_CUMULATIVE && out->input != FM_INCOME_GROUPED_SHARES &&
      out->input != FM_INCOME_GROUPED_MEANS)
    return fm__fail(err, FM_ERR_ARGUMENT, "input: expected 1, 2 or 5, got %d", (int)out->input);
  if (out->percent != 0 && (out->percent != 1 || out->input == FM_INCOME_GROUPED_MEANS))
    return fm__fail(err, FM_ERR_ARGUMENT, "percent: expected 0, or 1 with shares");
  if (out->mode < FM_INCOME_GROUPED_EXACT || out->mode > FM_INCOME_GROUPED_PIP)
    return fm__fail(err, FM_ERR_ARGUMENT, "mode: expected 0 or 1, got %d", (int)out->mode);
  if (out->curve < FM_INCOME_CURVE_CHOSEN || out->curve > FM_INCOME_CURVE_BETA)
    return fm__fail(err, FM_ERR_ARGUMENT, "curve: expected 0, 1 or 2, got %d", (int)out->curve);
  return FM_OK;
}

void fm_income_lorenz_destroy(fm_income_lorenz *l)
{
  if (l == NULL)
    return;
  fm__lorenz_points_free(&l->points);
  fm__free(l);
}

fm_status fm_income_lorenz_create(fm_income_lorenz **out, const double *people, const double *income, size_t n,
                                  const fm_income_lorenz_spec *spec, fm_error *err)
{
  fm_income_lorenz_spec s;
  *out = NULL;
  fm_status status = fm__lorenz_spec_take(&s, spec, err);
  if (status == FM_OK && n > 0 && (people == NULL || income == NULL))
    status = fm__fail(err, FM_ERR_ARGUMENT, "people, income: expected arrays, got NULL");
  fm_income_lorenz *l = status == FM_OK ? fm__array(1, sizeof *l) : NULL;
  if (status == FM_OK && l == NULL)
    status = fm__no_memory(err);
  if (status == FM_OK)
    status = fm__lorenz_points_create(&l->points, people, income, n, &s, err);
  if (status == FM_OK)
    status = fm__lorenz_fit(&l->quadratic, &l->points, FM_INCOME_CURVE_QUADRATIC, err);
  if (status == FM_OK)
    status = fm__lorenz_fit(&l->beta, &l->points, FM_INCOME_CURVE_BETA, err);
  if (status != FM_OK) {
    fm_income_lorenz_destroy(l);
    return status;
  }
  l->mode = s.mode == FM_INCOME_GROUPED_PIP ? &fm__lorenz_pip : &fm__lorenz_exact;
  l->asked = s.curve;
  *out = l;
  return FM_OK;
}

const fm__lorenz_curve *fm__lorenz_curve_of(const fm_income_lorenz *l, int32_t kind)
{
  return kind == FM_INCOME_CURVE_BETA ? &l->beta : &l->quadratic;
}

/* ---- the choice ---- */

static const fm__lorenz_curve *because(const char **why, const char *reason, const fm__lorenz_curve *c)
{
  *why = reason;
  return c;
}

static const fm__lorenz_curve *asked_for(const fm_income_lorenz *l, const char **why)
{
  const fm__lorenz_curve *c = fm__lorenz_curve_of(l, l->asked);
  bool usable = c->fitted && (c->normal || c == &l->beta);
  return because(why, !c->fitted ? "not_fitted" : usable ? "given" : "none_normal", usable ? c : NULL);
}

static const fm__lorenz_curve *for_inequality(const fm_income_lorenz *l, const char **why)
{
  const fm__lorenz_curve *q = &l->quadratic, *b = &l->beta;
  if (l->asked != FM_INCOME_CURVE_CHOSEN)
    return asked_for(l, why);
  if (q->valid && b->valid)
    return because(why, "smaller_sse", q->sse <= b->sse ? q : b);
  if (!q->valid && !b->valid)
    return because(why, q->fitted || b->fitted ? "none_valid" : "not_fitted", NULL);
  return because(why, "only_valid", q->valid ? q : b);
}

/* The World Bank's table of 16 cases: a curve needs to be normal; of two that are, both or neither valid, the one with
 * the smaller residuals up to the line, otherwise the valid one. `z` is the line over the mean. */
static const fm__lorenz_curve *for_poverty(const fm_income_lorenz *l, double z, const char **why)
{
  const fm__lorenz_curve *q = &l->quadratic, *b = &l->beta;
  if (l->asked != FM_INCOME_CURVE_CHOSEN)
    return asked_for(l, why);
  double h_q = l->mode->headcount(q, z), h_b = l->mode->headcount(b, z);
  bool normal_q = q->normal, normal_b = b->fitted && !isnan(h_b);
  if (!normal_q && !normal_b)
    return because(why, q->fitted || b->fitted ? "none_normal" : "not_fitted", NULL);
  if (normal_q != normal_b)
    return because(why, "only_normal", normal_q ? q : b);
  if (q->valid != b->valid)
    return because(why, "only_valid", q->valid ? q : b);
  double sse_q = fm__lorenz_sse_to(q, &l->points, h_q), sse_b = fm__lorenz_sse_to(b, &l->points, h_b);
  return because(why, "smaller_sse", sse_q <= sse_b ? q : b);
}

/* ---- figures ---- */

typedef struct question {
  const fm_income_lorenz *l;
  const fm__lorenz_curve *c;
  double parameter, z; /* z: the line over the mean */
} question;

enum { NO_PARAMETER, SHARE, DECILE, LINE };
enum { TELLS, NEEDS_MEAN };

static double value_mean(const question *k)
{
  return k->l->points.mean;
}
static double value_lorenz(const question *k)
{
  return fm__lorenz_at(k->c, k->parameter);
}
static double quantile(const question *k, double p)
{
  double slope = fm__lorenz_slope(k->c, p, 1 - p);
  return slope >= 0 && isfinite(slope) ? slope * k->l->points.mean : NAN;
}
static double value_quantile(const question *k)
{
  return quantile(k, k->parameter);
}
static double value_median(const question *k)
{
  return quantile(k, 0.5);
}
static double value_bottom_mean(const question *k)
{
  return k->parameter > 0 ? fm__lorenz_at(k->c, k->parameter) / k->parameter * k->l->points.mean : NAN;
}
static double value_decile(const question *k)
{
  double to = k->parameter, low = fm__lorenz_at(k->c, (to - 1) / 10);
  return (to == 10 ? 1 : fm__lorenz_at(k->c, to / 10)) - low;
}
static double value_gini(const question *k)
{
  return k->l->mode->gini(k->c);
}
static double value_mld(const question *k)
{
  return k->l->mode->mld(k->c);
}
static double value_theil(const question *k)
{
  return k->l->mode->theil(k->c);
}
/* Wolfson: 2 (mean (1 - Gini) - mean of the poorer half) / median. */
static double value_polarization(const question *k)
{
  double median = fm__lorenz_slope(k->c, 0.5, 0.5);
  return median > 0 ? 2 * (1 - value_gini(k) - 2 * fm__lorenz_at(k->c, 0.5)) / median : NAN;
}
static double value_slope_zero(const question *k)
{
  return fm__lorenz_slope_zero(k->c);
}

static fm__lorenz_poor poor(const question *k)
{
  fm__lorenz_poor out;
  k->l->mode->poor(&out, k->c, k->z);
  return out;
}
static double value_headcount(const question *k)
{
  return poor(k).headcount;
}
static double value_gap(const question *k)
{
  return poor(k).gap;
}
static double value_severity(const question *k)
{
  return poor(k).severity;
}
static double value_watts(const question *k)
{
  return poor(k).watts;
}
static double value_sse_to_line(const question *k)
{
  double h = poor(k).headcount;
  return isnan(h) ? NAN : fm__lorenz_sse_to(k->c, &k->l->points, h);
}
static double value_normal(const question *k)
{
  return k->c->kind == FM_INCOME_CURVE_QUADRATIC ? k->c->normal : !isnan(poor(k).headcount);
}

/* Elasticities of the poverty measures in the mean and in the Gini, the curve shifted as a whole (Kakwani 1990). */
static double elastic_headcount(const question *k, double factor)
{
  double h = poor(k).headcount;
  return h > 0 && h < 1 ? factor / (h * fm__lorenz_curvature(k->c, h, 1 - h)) : NAN;
}
static double value_headcount_mean(const question *k)
{
  return elastic_headcount(k, -k->z);
}
static double value_headcount_gini(const question *k)
{
  return elastic_headcount(k, 1 - k->z);
}
static double value_gap_mean(const question *k)
{
  fm__lorenz_poor p = poor(k);
  return p.gap > 0 ? 1 - p.headcount / p.gap : NAN;
}
static double value_gap_gini(const question *k)
{
  fm__lorenz_poor p = poor(k);
  return p.gap > 0 ? 1 + (1 / k->z - 1) * p.headcount / p.gap : NAN;
}
static double value_severity_mean(const question *k)
{
  fm__lorenz_poor p = poor(k);
  return p.severity > 0 ? 2 * (1 - p.gap / p.severity) : NAN;
}
static double value_severity_gini(const question *k)
{
  fm__lorenz_poor p = poor(k);
  return p.severity > 0 ? 2 * (1 + (1 / k->z - 1) * p.gap / p.severity) : NAN;
}

static double value_valid(const question *k)
{
  return k->c->valid;
}
static double value_sse(const question *k)
{
  return k->c->sse;
}
static double value_fit_sse(const question *k)
{
  return k->c->fit_sse;
}
static double value_a(const question *k)
{
  return k->c->a;
}
static double value_b(const question *k)
{
  return k->c->b;
}
static double value_c(const question *k)
{
  return k->c->c;
}

static const struct figure {
  const char *name;
  int32_t parameter, needs;
  double (*value)(const question *k);
} figures[] = {
    {"mean", NO_PARAMETER, NEEDS_MEAN, value_mean},
    {"lorenz", SHARE, TELLS, value_lorenz},
    {"quantile", SHARE, NEEDS_MEAN, value_quantile},
    {"bottom_share", SHARE, TELLS, value_lorenz},
    {"bottom_mean", SHARE, NEEDS_MEAN, value_bottom_mean},
    {"decile_share", DECILE, TELLS, value_decile},
    {"median", NO_PARAMETER, NEEDS_MEAN, value_median},
    {"gini", NO_PARAMETER, TELLS, value_gini},
    {"mld", NO_PARAMETER, TELLS, value_mld},
    {"theil", NO_PARAMETER, TELLS, value_theil},
    {"polarization", NO_PARAMETER, TELLS, value_polarization},
    {"slope_zero_at", NO_PARAMETER, TELLS, value_slope_zero},
    {"valid", NO_PARAMETER, TELLS, value_valid},
    {"sse", NO_PARAMETER, TELLS, value_sse},
    {"fit_sse", NO_PARAMETER, TELLS, value_fit_sse},
    {"coefficient_a", NO_PARAMETER, TELLS, value_a},
    {"coefficient_b", NO_PARAMETER, TELLS, value_b},
    {"coefficient_c", NO_PARAMETER, TELLS, value_c},
    {"headcount", LINE, NEEDS_MEAN, value_headcount},
    {"poverty_gap", LINE, NEEDS_MEAN, value_gap},
    {"poverty_severity", LINE, NEEDS_MEAN, value_severity},
    {"watts", LINE, NEEDS_MEAN, value_watts},
    {"sse_to_line", LINE, NEEDS_MEAN, value_sse_to_line},
    {"normal", LINE, NEEDS_MEAN, value_normal},
    {"headcount_mean_elasticity", LINE, NEEDS_MEAN, value_headcount_mean},
    {"headcount_gini_elasticity", LINE, NEEDS_MEAN, value_headcount_gini},
    {"poverty_gap_mean_elasticity", LINE, NEEDS_MEAN, value_gap_mean},
    {"poverty_gap_gini_elasticity", LINE, NEEDS_MEAN, value_gap_gini},
    {"poverty_severity_mean_elasticity", LINE, NEEDS_MEAN, value_severity_mean},
    {"poverty_severity_gini_elasticity", LINE, NEEDS_MEAN, value_severity_gini},
};

static fm_status check_parameter(const struct figure *f, double x, fm_error *err)
{
  if (f->parameter == SHARE && !(x >= 0 && x <= 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: expected a share from 0 to 1", f->name);
  if (f->parameter == DECILE && !(x >= 1 && x <= 10 && x == floor(x)))
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: expected a whole number from 1 to 10", f->name);
  if (f->parameter == LINE && !(x > 0 && isfinite(x)))
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: expected a finite poverty line above 0", f->name);
  return FM_OK;
}

fm_status fm_income_lorenz_figure(double *value, const char **state, const fm_income_lorenz *l, const char *figure,
                                  double parameter, fm_error *err)
{
  const struct figure *f = NULL;
  const char *none;
  const char **why = &none, **told = state != NULL ? state : &none;
  *value = NAN;
  *told = FM__UNDEFINED;
  for (size_t i = 0; figure != NULL && i < FM__COUNT(figures); i++)
    if (strcmp(figures[i].name, figure) == 0)
      f = &figures[i];
  if (f == NULL)
    return fm__fail(err, FM_ERR_NOT_FOUND, "no figure \"%s\" of grouped incomes", figure != NULL ? figure : "");
  fm_status status = check_parameter(f, parameter, err);
  if (status != FM_OK)
    return status;
  question k = {.l = l, .parameter = parameter, .z = f->parameter == LINE ? parameter / l->points.mean : NAN};
  if (f->needs == NEEDS_MEAN && isnan(l->points.mean)) {
    *told = FM__NOT_GIVEN;
    return FM_OK;
  }
  k.c = f->parameter == LINE ? for_poverty(l, k.z, why) : for_inequality(l, why);
  if (k.c != NULL || f->value == value_mean)
    *value = f->value(&k);
  if (isfinite(*value))
    *told = FM__OK;
  else
    *value = NAN;
  return FM_OK;
}

fm_status fm_income_lorenz_choice(int32_t *curve, const char **why, const fm_income_lorenz *l, double line,
                                  fm_error *err)
{
  const char *none;
  const char **reason = why != NULL ? why : &none;
  const fm__lorenz_curve *c = NULL;
  *curve = FM_INCOME_CURVE_CHOSEN;
  *reason = "no_mean";
  if (!isnan(line) && !(line > 0 && isfinite(line)))
    return fm__fail(err, FM_ERR_ARGUMENT, "line: expected a finite poverty line above 0");
  if (isnan(line))
    c = for_inequality(l, reason);
  else if (!isnan(l->points.mean))
    c = for_poverty(l, line / l->points.mean, reason);
  if (c != NULL)
    *curve = c->kind;
  return FM_OK;
}

fm_status fm_income_lorenz_growth(double *bottom, double *mean, double *premium, const fm_income_lorenz *first,
                                  const fm_income_lorenz *last, double p, double years, fm_error *err)
{
  double m[2], b[2], *const outs[] = {bottom, mean, premium};
  for (size_t i = 0; i < FM__COUNT(outs); i++)
    if (outs[i] != NULL)
      *outs[i] = NAN;
  if (!(p > 0 && p < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "p: expected a number between 0 and 1");
  if (!isnan(years) && !(years > 0 && isfinite(years)))
    return fm__fail(err, FM_ERR_ARGUMENT, "years: expected a number above 0");
  const fm_income_lorenz *const of[] = {first, last};
  for (size_t i = 0; i < 2; i++) {
    const char *why;
    question k = {.l = of[i], .c = for_inequality(of[i], &why), .parameter = p};
    m[i] = of[i]->points.mean;
    b[i] = k.c != NULL ? value_bottom_mean(&k) : NAN;
  }
  double growth[3] = {fm__income_growth(b[0], b[1], years), fm__income_growth(m[0], m[1], years), NAN};
  growth[2] = growth[0] - growth[1];
  for (size_t i = 0; i < FM__COUNT(outs); i++)
    if (outs[i] != NULL)
      *outs[i] = growth[i];
  return FM_OK;
}
