/* Newton's method on the partial likelihood, and what is said of the estimate. */
#include <math.h>
#include <string.h>

#include "num/dense_priv.h"
#include "num/num_priv.h"
#include "retention/cox/cox_priv.h"

/* One step is worth less than DONE in twice the log-likelihood: the estimate is known to 1e-8 of its standard error. A
 * covariate that moves further than FAR of its range by a step worth so little has no finite coefficient. */
#define DONE 1e-16
#define NEARLY 1e-13
#define FAR 0.01
#define DEPENDENT 1e-10
#define HALVINGS 40

/* The system of one Newton step. */
typedef struct newton {
  double *factor, *step, *kept; /* kept: coefficients before the step */
  double loglik_0;              /* of weights in their unit */
} newton;

static double dot(const double *a, const double *b, size_t n)
{
  double sum = 0;
  for (size_t j = 0; j < n; j++)
    sum += a[j] * b[j];
  return sum;
}

static size_t solve(newton *w, const fm__cox_point *q, double tolerance)
{
  size_t wide = q->c->wide;
  memcpy(w->factor, q->info, wide * wide * sizeof(double));
  memcpy(w->step, q->score, wide * sizeof(double));
  size_t rank = fm__cholesky(w->factor, wide, tolerance);
  fm__cholesky_solve(w->factor, wide, w->step);
  return rank;
}

/* ---- columns that depend on each other ---- */

static fm_status refuse(const newton *w, const fm__cox_point *q, const char *const *names, fm_error *err)
{
  const fm__cox *c = q->c;
  double total = 0;
  for (size_t d = 0; d < c->n_days; d++)
    total += c->day_weight[d];
  for (size_t j = 0; j < c->p; j++) {
    if (w->factor[j * c->wide + j] > 0)
      continue;
    const char *name = names != NULL ? names[j] : "";
    if (!(q->info[j * c->wide + j] > 1e-13 * total))
      return fm__fail(err, FM_ERR_VALUE,
                      "covariate %zu%s%s is the same for all who are at risk together at any event: it has no "
                      "coefficient",
                      j + 1, names != NULL ? " " : "", name);
    return fm__fail(err, FM_ERR_VALUE,
                    "covariate %zu%s%s follows from the covariates before it (collinear): leave one of them out", j + 1,
                    names != NULL ? " " : "", name);
  }
  return FM_OK;
}

/* ---- the likelihood that is maximised ---- */

static fm_status evaluate(fm__cox_point *q, const fm_run *run, fm_error *err)
{
  return q->likelihood != NULL ? q->likelihood->evaluate(q, run, err) : fm__cox_evaluate(q, run, err);
}

static fm_status squared_scores(double *meat, fm__cox_point *q, const fm_run *run, fm_error *err)
{
  if (q->likelihood != NULL)
    return q->likelihood->meat(meat, q, run, err);
  fm_status status = fm__cox_means(q, err);
  return status == FM_OK ? fm__cox_meat(meat, q, run, err) : status;
}

/* ---- one step ---- */

static bool is_no_worse(double now, double before)
{
  return now >= before - 1e-12 * (1 + fabs(before)); /* false for NaN and minus infinity */
}

/* Halves the step until the likelihood does not fall; *found tells whether it did. */
static fm_status advance(newton *w, fm__cox_point *q, bool *found, const fm_run *run, fm_error *err)
{
  size_t wide = q->c->wide;
  double before = q->loglik;
  fm_status status = FM_OK;
  memcpy(w->kept, q->beta, wide * sizeof(double));
  *found = false;
  for (int halved = 0; halved < HALVINGS && !*found && status == FM_OK; halved++) {
    for (size_t j = 0; j < wide; j++) {
      q->beta[j] = w->kept[j] + w->step[j];
      w->step[j] /= 2;
    }
    status = evaluate(q, run, err);
    *found = isfinite(q->loglik) && is_no_worse(q->loglik, before);
  }
  return status;
}

static double longest(const double *step, size_t n)
{
  double most = 0;
  for (size_t j = 0; j < n; j++)
    most = fabs(step[j]) > most ? fabs(step[j]) : most;
  return most;
}

static void mark_endless(fm__cox_fit *fit, const newton *w, const fm__cox_point *q)
{
  fit->state = FM__COX_SEPARATED;
  for (size_t j = 0; j < q->c->p; j++)
    fit->endless[j] = !(fabs(w->step[j]) <= FAR) || !(w->factor[j * q->c->wide + j] > 0);
}

static fm_status iterate(fm__cox_fit *fit, newton *w, fm__cox_point *q, int32_t most, const fm_run *run, fm_error *err)
{
  size_t p = q->c->p;
  fm_status status = FM_OK;
  fit->state = FM__COX_NOT_CONVERGED;
  for (fit->iterations = 0; status == FM_OK;) {
    double worth = dot(w->step, q->score, p), reach = longest(w->step, p);
    if (worth <= DONE && reach <= FAR) {
      fit->state = FM__COX_FITTED;
      break;
    }
    if (worth <= NEARLY && reach > FAR) {
      mark_endless(fit, w, q);
      break;
    }
    if (fit->iterations == most)
      break;
    bool found = false;
    fit->iterations++;
    status = advance(w, q, &found, run, err);
    if (status == FM_OK && !found)
      break;
    if (status == FM_OK && solve(w, q, 1e-14) < p) {
      mark_endless(fit, w, q);
      break;
    }
    if (status == FM_OK)
      status = fm__run_progress(run, (double)fit->iterations / (fit->iterations + 3), err);
  }
  return status;
}

/* ---- after the last step ---- */

static void unscale(double *out, const double *in, const fm__cox *c, double unit)
{
  for (size_t j = 0; j < c->p; j++)
    for (size_t k = 0; k < c->p; k++)
      out[j * c->p + k] = in[j * c->wide + k] * c->scale[j] * c->scale[k] / unit;
}

/* Of weights in their unit u, log L is u (log L' - log u sum of the weights of events). */
static double loglik_of(const fm__cox_point *q)
{
  const fm__cox *c = q->c;
  double events = 0, unit = fm__cox_unit(c);
  for (size_t d = 0; d < c->n_days && c->power != 0; d++)
    events += c->day_weight[d];
  return c->power != 0 ? unit * (q->loglik - events * fm__log(unit)) : q->loglik;
}

/* Where all derivatives are 0, as when everybody leaves at once, their squares are left with rounding errors. */
#define FLAT 1e-26
static bool is_flat(const double *meat, const fm__cox_point *q, size_t j)
{
  size_t at = j * q->c->wide + j;
  return !(meat[at] > FLAT * q->info[at] * q->info[at]);
}

static bool any_flat(const double *meat, const fm__cox_point *q)
{
  bool flat = false;
  for (size_t j = 0; j < q->c->p; j++)
    flat |= is_flat(meat, q, j);
  return flat;
}

/* u' m^-1 u; NaN when m is singular. */
static double quadratic(const double *u, const double *m, size_t p, size_t wide, double *factor, double *solved)
{
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; k < p; k++)
      factor[j * p + k] = m[j * wide + k];
  if (fm__cholesky(factor, p, 1e-14) < p)
    return NAN;
  memcpy(solved, u, p * sizeof(double));
  fm__cholesky_solve(factor, p, solved);
  return dot(solved, u, p);
}

typedef struct matrices {
  double *inverse, *meat, *variance, *scratch, *vector;
} matrices;

static fm_status robust_score(fm__cox_fit *fit, fm__cox_point *q, matrices *m, const fm_run *run, fm_error *err)
{
  fm_status status = squared_scores(m->meat, q, run, err);
  if (status == FM_OK && !any_flat(m->meat, q))
    fit->score_robust = quadratic(q->score, m->meat, q->c->p, q->c->wide, m->scratch, m->vector);
  return status;
}

static fm_status conclude(fm__cox_fit *fit, fm__cox_point *q, newton *w, matrices *m, const fm_run *run, fm_error *err)
{
  const fm__cox *c = q->c;
  size_t p = c->p, wide = c->wide;
  fm_status status = FM_OK;
  fit->likelihood_ratio = 2 * fm__cox_unit(c) * (q->loglik - w->loglik_0);
  fit->loglik = loglik_of(q);
  if (fit->state != FM__COX_FITTED)
    return FM_OK;
  for (size_t j = 0; j < p; j++)
    fit->beta[j] = q->beta[j] * c->scale[j];
  fm__cholesky_inverse(m->inverse, w->factor, wide);
  unscale(fit->inverse, m->inverse, c, fm__cox_unit(c));
  if (fit->robust != NULL) {
    status = squared_scores(m->meat, q, run, err);
    if (status != FM_OK)
      return status;
    fm__sandwich(m->variance, m->inverse, m->meat, m->scratch, wide);
    unscale(fit->robust, m->variance, c, 1);
    for (size_t j = 0; j < p; j++)
      for (size_t k = 0; k < p && is_flat(m->meat, q, j); k++)
        fit->robust[j * p + k] = fit->robust[k * p + j] = NAN;
    if (any_flat(m->meat, q))
      return FM_OK;
  }
  fit->wald = quadratic(fit->beta, fm__cox_variance(fit), p, p, m->scratch, m->vector);
  return FM_OK;
}

static fm_status create(fm__cox_fit *fit, newton *w, matrices *m, const fm__cox *c, bool robust, fm_error *err)
{
  size_t square = c->wide * c->wide;
  fit->loglik_0 = fit->loglik = fit->score = fit->score_robust = fit->likelihood_ratio = fit->wald = NAN;
  fit->concordance = fit->concordance_error = NAN;
  fit->beta = fm__array(c->p, sizeof(double));
  fit->inverse = fm__array(c->p * c->p, sizeof(double));
  fit->robust = robust ? fm__array(c->p * c->p, sizeof(double)) : NULL;
  fit->endless = fm__array(c->p, 1);
  *w = (newton){fm__array(square, sizeof(double)), fm__array(c->wide, sizeof(double)),
                fm__array(c->wide, sizeof(double)), NAN};
  *m = (matrices){fm__array(square, sizeof(double)), fm__array(square, sizeof(double)),
                  fm__array(square, sizeof(double)), fm__array(square, sizeof(double)),
                  fm__array(c->wide, sizeof(double))};
  bool made = fit->beta != NULL && fit->inverse != NULL && (!robust || fit->robust != NULL) && fit->endless != NULL &&
              w->factor != NULL && w->step != NULL && w->kept != NULL && m->inverse != NULL && m->meat != NULL &&
              m->variance != NULL && m->scratch != NULL && m->vector != NULL;
  for (size_t j = 0; made && j < c->p; j++)
    fit->beta[j] = NAN;
  for (size_t j = 0; made && j < c->p * c->p; j++) {
    fit->inverse[j] = NAN;
    if (robust)
      fit->robust[j] = NAN;
  }
  return made ? FM_OK : fm__no_memory(err);
}

static fm_status start(fm__cox_fit *fit, newton *w, matrices *m, fm__cox_point *q, const fm__cox_choice *choice,
                       const fm_run *run, fm_error *err)
{
  memset(q->beta, 0, q->c->wide * sizeof(double));
  fm_status status = evaluate(q, run, err);
  if (status != FM_OK)
    return status;
  if (!isfinite(q->loglik))
    return fm__fail(err, FM_ERR_LIMIT, "the weights add up to more than a double can hold");
  w->loglik_0 = q->loglik;
  fit->loglik_0 = loglik_of(q);
  if (solve(w, q, DEPENDENT) < q->c->p)
    return refuse(w, q, choice->names, err);
  fit->score = fm__cox_unit(q->c) * dot(w->step, q->score, q->c->p);
  return choice->robust ? robust_score(fit, q, m, run, err) : FM_OK;
}

fm_status fm__cox_fit_run(fm__cox_fit *fit, fm__cox_point *q, const fm__cox_choice *choice, const fm_run *run,
                          fm_error *err)
{
  newton w = {NULL, NULL, NULL, NAN};
  matrices m = {NULL, NULL, NULL, NULL, NULL};
  *fit = (fm__cox_fit){.state = FM__COX_EMPTY};
  fm_status status = create(fit, &w, &m, q->c, choice->robust, err);
  if (status == FM_OK && q->c->n_days > 0) {
    status = start(fit, &w, &m, q, choice, run, err);
    if (status == FM_OK)
      status = iterate(fit, &w, q, choice->iterations, run, err);
    if (status == FM_OK)
      status = conclude(fit, q, &w, &m, run, err);
    if (status == FM_OK && choice->concordance && fit->state != FM__COX_NOT_CONVERGED)
      status = fm__cox_concordance(&fit->concordance, &fit->concordance_error, q, err);
  }
  double *const all[] = {w.factor, w.step, w.kept, m.inverse, m.meat, m.variance, m.scratch, m.vector};
  for (size_t k = 0; k < FM__COUNT(all); k++)
    fm__free(all[k]);
  if (status != FM_OK)
    fm__cox_fit_free(fit);
  return status;
}

void fm__cox_fit_free(fm__cox_fit *fit)
{
  fm__free(fit->beta);
  fm__free(fit->inverse);
  fm__free(fit->robust);
  fm__free(fit->endless);
  *fit = (fm__cox_fit){.state = FM__COX_EMPTY};
}
