/* Calibration to known totals (Deville and Saerndal 1992): Newton steps on sum of w F(x'lambda) x = totals, halved
 * while they lead away.
 *
 * Everything is scaled by powers of two first: weights by their largest, each auxiliary by its largest. */
#include "survey/calibrate_priv.h"

#include <math.h>

#include "num/dense_priv.h"

static const fm_survey_calibrate_spec defaults = FM_SURVEY_CALIBRATE_SPEC_INIT;

void fm_survey_calibrate_spec_init(fm_survey_calibrate_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

fm_status fm__calibrate_spec_take(fm_survey_calibrate_spec *to, const fm_survey_calibrate_spec *spec, fm_error *err)
{
  *to = defaults;
  fm_status status = fm__spec_take(to, sizeof *to, spec, "fm_survey_calibrate_spec", err);
  if (status != FM_OK)
    return status;
  if (to->distance != FM_SURVEY_LINEAR && to->distance != FM_SURVEY_RAKING)
    return fm__fail(err, FM_ERR_ARGUMENT, "calibration: distance must be 0 or 1, not %d", to->distance);
  if (to->max_iterations < 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "calibration: max_iterations must be at least 1, not %d", to->max_iterations);
  if (!(to->tolerance > 0 && to->tolerance < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "calibration: tolerance must be above 0 and below 1");
  if ((!isnan(to->low) && !(to->low >= 0 && to->low < 1)) || (!isnan(to->high) && !(to->high > 1)))
    return fm__fail(err, FM_ERR_ARGUMENT, "calibration: low must be at least 0 and below 1, high above 1");
  return FM_OK;
}

/* ---- the problem, scaled ---- */

typedef struct problem {
  const fm_survey_calibrate_spec *spec;
  const double *const *x; /* as given */
  size_t n, k;
  double *w;      /* n, scaled */
  double *scale;  /* k powers of two */
  double *total;  /* k, scaled */
  double *size;   /* k: what a miss is measured by */
  double *lambda; /* k, and a trial of it */
  double *trial;
  double *g;                      /* n */
  double *miss, *step, *jacobian; /* k, k, k x k */
  double *term, *slope;           /* n */
} problem;

static void free_problem(problem *p)
{
  double *const all[] = {p->w, p->scale, p->total, p->size, p->lambda, p->trial,
                         p->g, p->miss,  p->step,  p->term, p->slope,  p->jacobian};
  for (size_t i = 0; i < FM__COUNT(all); i++)
    fm__free(all[i]);
}

static bool make_room(problem *p)
{
  double **const rows[] = {&p->w, &p->g, &p->term, &p->slope};
  double **const totals[] = {&p->scale, &p->total, &p->size, &p->lambda, &p->trial, &p->miss, &p->step};
  size_t cells;
  bool fine = fm__multiply(p->k, p->k, &cells);
  for (size_t i = 0; i < FM__COUNT(rows) && fine; i++)
    fine = (*rows[i] = fm__array(p->n, sizeof(double))) != NULL;
  for (size_t i = 0; i < FM__COUNT(totals) && fine; i++)
    fine = (*totals[i] = fm__array(p->k, sizeof(double))) != NULL;
  return fine && (p->jacobian = fm__array(cells, sizeof(double))) != NULL;
}

double fm__calibrate_scale(double largest)
{
  int exponent = 0;
  if (largest > 0)
    frexp(largest, &exponent);
  return ldexp(1, exponent < -1000 ? 1000 : -exponent);
}

fm_status fm__calibrate_weights(double *scaled, double *scale, const double *weights, size_t n, fm_error *err)
{
  double largest = 0;
  for (size_t i = 0; i < n; i++) {
    double w = weights != NULL ? weights[i] : 1;
    if (!(w >= 0 && w < INFINITY))
      return fm__fail(err, FM_ERR_VALUE, "calibration: the weight of row %zu is not a finite number of at least 0", i);
    largest = w > largest ? w : largest;
  }
  if (largest == 0)
    return fm__fail(err, FM_ERR_VALUE, "calibration: all weights are 0; expected some above 0");
  *scale = fm__calibrate_scale(largest);
  for (size_t i = 0; i < n; i++)
    scaled[i] = (weights != NULL ? weights[i] : 1) * *scale;
  return FM_OK;
}

static double sum_of(const double *term, size_t n)
{
  fm__sum sum = {0};
  fm__sum_add_n(&sum, term, n);
  return fm__sum_value(&sum);
}

/* Weight 0 leaves no trace. */
static double x_at(const problem *p, size_t k, size_t row)
{
  return p->w[row] > 0 ? p->x[k][row] * p->scale[k] : 0;
}

static fm_status set_column(problem *p, size_t k, double total, double w_scale, fm_error *err)
{
  double most = 0;
  for (size_t i = 0; i < p->n; i++) {
    double size = p->w[i] > 0 ? fabs(p->x[k][i]) : 0;
    if (!(size < INFINITY))
      return fm__fail(err, FM_ERR_VALUE, "calibration: auxiliary %zu is not a finite number in row %zu", k + 1, i);
    most = size > most ? size : most;
  }
  p->scale[k] = fm__calibrate_scale(most);
  p->total[k] = total * w_scale * p->scale[k];
  if (!isfinite(total) || !isfinite(p->total[k]))
    return fm__fail(err, FM_ERR_VALUE, "calibration: total %zu is not a finite number, or far beyond the sample",
                    k + 1);
  for (size_t i = 0; i < p->n; i++)
    p->term[i] = p->w[i] * fabs(x_at(p, k, i));
  p->size[k] = fmax(fabs(p->total[k]), sum_of(p->term, p->n));
  return FM_OK;
}

static fm_status set_up(problem *p, const double *weights, const double *totals, double *w_scale, fm_error *err)
{
  if (p->k == 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "calibration needs at least 1 auxiliary");
  if (!make_room(p))
    return fm__no_memory(err);
  fm_status status = fm__calibrate_weights(p->w, w_scale, weights, p->n, err);
  for (size_t k = 0; k < p->k && status == FM_OK; k++)
    status = set_column(p, k, totals[k], *w_scale, err);
  return status;
}

/* ---- Newton ---- */

/* Sets g and its slope for given multipliers. */
static void evaluate(problem *p, const double *lambda)
{
  const fm_survey_calibrate_spec *s = p->spec;
  for (size_t i = 0; i < p->n; i++) {
    double u = 0;
    for (size_t k = 0; k < p->k; k++)
      u += x_at(p, k, i) * lambda[k];
    double g = s->distance == FM_SURVEY_RAKING ? fm__exp(u) : 1 + u;
    double slope = s->distance == FM_SURVEY_RAKING ? g : 1;
    bool low = g<s->low, high = g> s->high; /* never with NaN */
    p->g[i] = low ? s->low : high ? s->high : g;
    p->slope[i] = low || high ? 0 : slope;
  }
}

/* Sets the misses; gives the largest one relative to its size, infinite when weights left the range of doubles. */
static double misses(problem *p)
{
  double worst = 0;
  for (size_t k = 0; k < p->k; k++) {
    for (size_t i = 0; i < p->n; i++)
      p->term[i] = p->w[i] * p->g[i] * x_at(p, k, i);
    p->miss[k] = p->total[k] - sum_of(p->term, p->n);
    double share = p->miss[k] == 0 ? 0 : fabs(p->miss[k]) / p->size[k];
    worst = share <= worst ? worst : share;
  }
  return isfinite(worst) ? worst : INFINITY;
}

static void newton_step(problem *p)
{
  for (size_t a = 0; a < p->k; a++)
    for (size_t b = 0; b <= a; b++) {
      for (size_t i = 0; i < p->n; i++)
        p->term[i] = p->w[i] * p->slope[i] * x_at(p, a, i) * x_at(p, b, i);
      p->jacobian[a * p->k + b] = sum_of(p->term, p->n);
    }
  for (size_t k = 0; k < p->k; k++)
    p->step[k] = p->miss[k];
  fm__cholesky(p->jacobian, p->k, 0x1p-40);
  fm__cholesky_solve(p->jacobian, p->k, p->step);
}

/* One step, halved until the worst miss is smaller than before; false when no step helps. */
static bool advance(problem *p, double *worst)
{
  enum { HALVINGS = 30 };
  double part = 1;
  newton_step(p);
  for (int32_t h = 0; h < HALVINGS; h++, part /= 2) {
    for (size_t k = 0; k < p->k; k++)
      p->trial[k] = p->lambda[k] + part * p->step[k];
    evaluate(p, p->trial);
    double now = misses(p);
    if (now < *worst) {
      *worst = now;
      for (size_t k = 0; k < p->k; k++)
        p->lambda[k] = p->trial[k];
      return true;
    }
  }
  evaluate(p, p->lambda);
  misses(p);
  return false;
}

/* Beyond the tolerance steps go on while they still halve the miss: the last digits cost one step. */
static bool solve(problem *p)
{
  double worst, before;
  evaluate(p, p->lambda);
  worst = misses(p);
  for (int32_t i = 0; i < p->spec->max_iterations && worst > 0; i++) {
    before = worst;
    if (!advance(p, &worst) || (worst <= p->spec->tolerance && worst > before / 2))
      break;
  }
  return worst <= p->spec->tolerance;
}

static fm_status not_met(const problem *p, const double *totals, double w_scale, fm_error *err)
{
  size_t worst = 0;
  for (size_t k = 1; k < p->k; k++)
    if (fabs(p->miss[k]) * p->size[worst] > fabs(p->miss[worst]) * p->size[k])
      worst = k;
  char wanted[32], got[32];
  fm__print_f64(wanted, totals[worst]);
  fm__print_f64(got, (p->total[worst] - p->miss[worst]) / w_scale / p->scale[worst]);
  return fm__fail(
      err, FM_ERR_VALUE,
      "calibration: the weights cannot meet the totals within the bounds and %d iterations; total %zu comes "
      "to %s, expected %s",
      p->spec->max_iterations, worst + 1, got, wanted);
}

fm_status fm_survey_calibrate(double *out, double *g, const double *weights, const double *const *auxiliaries,
                              const double *totals, size_t n_auxiliaries, size_t n,
                              const fm_survey_calibrate_spec *spec, fm_error *err)
{
  fm_survey_calibrate_spec given;
  double w_scale = 1;
  problem p = {.spec = &given, .x = auxiliaries, .n = n, .k = n_auxiliaries};
  fm_status status = fm__calibrate_spec_take(&given, spec, err);
  if (status == FM_OK)
    status = set_up(&p, weights, totals, &w_scale, err);
  if (status == FM_OK && !solve(&p))
    status = not_met(&p, totals, w_scale, err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    double w = weights != NULL ? weights[i] : 1; /* `out` may be `weights` */
    out[i] = w * p.g[i];
    if (g != NULL)
      g[i] = p.g[i];
  }
  free_problem(&p);
  return status;
}
