/* Fisher's scoring on counts of person-periods, and what is said of the estimate. */
#include <math.h>
#include <string.h>

#include "num/dense_priv.h"
#include "num/num_priv.h"
#include "retention/discrete/discrete_priv.h"

/* As for Cox's model: one step is worth less than DONE in twice the log-likelihood, or a covariate still moves further
 * than FAR of its range by a step worth less than NEARLY, and has no finite coefficient. */
#define DONE 1e-16
#define NEARLY 1e-13
#define FAR 0.01
#define DEPENDENT 1e-10
#define HALVINGS 40

typedef struct scoring {
  const fm__patterns *c;
  int32_t link;
  size_t m;
  double loglik, slack; /* slack: rounding of `worth`, which grows with the weights */
  double *theta, *score, *info, *factor, *step, *kept, *meat, *scratch;
} scoring;

/* ---- the likelihood ---- */

static double predictor(const scoring *s, const double *x)
{
  double eta = 0;
  for (size_t j = 0; j < s->c->p; j++)
    eta += s->theta[s->c->n_fitted + j] * x[j];
  return eta;
}

static void add_pattern(scoring *s, size_t k, fm__sum *loglik)
{
  const fm__patterns *c = s->c;
  size_t nb = c->n_fitted, m = s->m;
  const double *x = c->x + k * c->p;
  double at = predictor(s, x), slope = 0, weight = 0;
  for (size_t cell = c->first[k]; cell < c->first[k + 1]; cell++) {
    int32_t place = c->place[c->low[k] + cell - c->first[k]];
    if (place < 0 || !(c->risk[cell] > 0))
      continue;
    size_t a = (size_t)place;
    fm__link l = fm__link_at(s->link, s->theta[a] + at);
    double exits = c->exits[cell], stays = c->risk[cell] - exits;
    double u = (exits > 0 ? exits * l.slope_p : 0) + (stays > 0 ? stays * l.slope_q : 0), w = c->risk[cell] * l.info;
    fm__sum_add(loglik, (exits > 0 ? exits * l.log_p : 0) + (stays > 0 ? stays * l.log_q : 0));
    slope += u;
    weight += w;
    s->score[a] += u;
    s->info[a * m + a] += w;
    for (size_t j = 0; j < c->p; j++)
      s->info[(nb + j) * m + a] += w * x[j];
  }
  for (size_t j = 0; j < c->p; j++) {
    s->score[nb + j] += slope * x[j];
    for (size_t i = 0; i <= j; i++)
      s->info[(nb + j) * m + nb + i] += weight * x[j] * x[i];
  }
}

static void evaluate(scoring *s)
{
  fm__sum loglik = {0};
  memset(s->score, 0, s->m * sizeof(double));
  memset(s->info, 0, s->m * s->m * sizeof(double));
  for (size_t k = 0; k < s->c->n; k++)
    add_pattern(s, k, &loglik);
  s->loglik = fm__sum_value(&loglik);
}

static size_t solve(scoring *s, double tolerance)
{
  memcpy(s->factor, s->info, s->m * s->m * sizeof(double));
  memcpy(s->step, s->score, s->m * sizeof(double));
  size_t rank = fm__cholesky(s->factor, s->m, tolerance);
  fm__cholesky_solve(s->factor, s->m, s->step);
  return rank;
}

/* ---- steps ---- */

static fm_status refuse(const scoring *s, const fm__units *u, fm_error *err)
{
  for (size_t j = 0; j < s->c->p; j++) {
    size_t k = s->c->n_fitted + j;
    if (!(s->factor[k * s->m + k] > 0))
      return fm__fail(err, FM_ERR_VALUE,
                      "covariate %s follows from the bands of periods and the covariates before it (constant or "
                      "collinear): leave it out",
                      u->g->names[j]);
  }
  return FM_OK;
}

/* Halves the step until the likelihood does not fall. */
static bool advance(scoring *s)
{
  double before = s->loglik;
  memcpy(s->kept, s->theta, s->m * sizeof(double));
  for (int halved = 0; halved < HALVINGS; halved++) {
    for (size_t j = 0; j < s->m; j++) {
      s->theta[j] = s->kept[j] + s->step[j];
      s->step[j] /= 2;
    }
    evaluate(s);
    if (isfinite(s->loglik) && s->loglik >= before - 1e-12 * (1 + fabs(before)))
      return true;
  }
  return false;
}

static void mark_endless(fm__discrete_fit *f, const scoring *s)
{
  f->state = FM__COX_SEPARATED;
  for (size_t j = 0; j < s->m; j++)
    f->endless[j] = !(fabs(s->step[j]) <= FAR) || !(s->factor[j * s->m + j] > 0);
}

static fm_status iterate(fm__discrete_fit *f, scoring *s, const fm_run *run, fm_error *err)
{
  f->state = FM__COX_NOT_CONVERGED;
  for (f->iterations = 0;;) {
    double worth = 0, reach = 0;
    for (size_t j = 0; j < s->m; j++) {
      worth += s->step[j] * s->score[j];
      reach = fabs(s->step[j]) > reach ? fabs(s->step[j]) : reach;
    }
    if (worth <= DONE + s->slack && reach <= FAR) {
      f->state = FM__COX_FITTED;
      return FM_OK;
    }
    if (worth <= NEARLY + s->slack && reach > FAR) {
      mark_endless(f, s);
      return FM_OK;
    }
    if (f->iterations++ == FM__DISCRETE_ITERATIONS || !advance(s))
      return FM_OK;
    if (solve(s, 1e-14) < s->m) {
      mark_endless(f, s);
      return FM_OK;
    }
    fm_status status = fm__run_progress(run, 0.5 + 0.5 * (double)f->iterations / (f->iterations + 3), err);
    if (status != FM_OK)
      return status;
  }
}

/* The bands alone: the likelihood has its maximum at their own hazards. */
static void start(fm__discrete_fit *f, scoring *s)
{
  const fm__patterns *c = s->c;
  fm__sum loglik = {0};
  double total = 0;
  for (size_t b = 0; b < c->n_bands; b++) {
    total += c->total[b];
    if (c->place[b] < 0)
      continue;
    double exits = c->total_exits[b], h = exits / c->total[b];
    s->theta[c->place[b]] = fm__link_of(s->link, h);
    fm__sum_add(&loglik, exits * fm__log(h));
    fm__sum_add(&loglik, (c->total[b] - exits) * fm__log1p(-h));
  }
  f->loglik_null = fm__sum_value(&loglik);
  s->slack = 1e-28 * total;
  evaluate(s);
}

/* ---- robust variance ---- */

/* Adds the score of one piece; bands *low .. *high - 1 are touched. */
static void add_score(const scoring *s, double *score, const fm__units *u, const fm__bands *bands, size_t i,
                      size_t *low, size_t *high)
{
  const fm__patterns *c = s->c;
  const fm__cox_group *g = u->g;
  const double *x = c->x + c->pattern[i] * c->p;
  double at = predictor(s, x), slope = 0, w = u->inner[i] * u->weight[i];
  size_t b = fm__bands_of(bands, g->entry[i] + 1);
  for (int32_t from = g->entry[i]; from < g->time[i]; b++) {
    int32_t to = bands->last[b] < g->time[i] ? bands->last[b] : g->time[i];
    double exits = to == g->time[i] && g->event[i], stays = (double)(to - from) - exits;
    from = to;
    if (c->place[b] < 0)
      continue;
    size_t a = (size_t)c->place[b];
    fm__link l = fm__link_at(s->link, s->theta[a] + at);
    double d = w * ((exits > 0 ? l.slope_p : 0) + (stays > 0 ? stays * l.slope_q : 0));
    score[a] += d;
    slope += d;
    *low = a < *low ? a : *low;
    *high = a + 1 > *high ? a + 1 : *high;
  }
  for (size_t j = 0; j < c->p; j++)
    score[c->n_fitted + j] += slope * x[j];
}

/* meat += square score score'; the score is cleared. */
static void add_unit(scoring *s, double *score, double square, size_t low, size_t high)
{
  size_t nb = s->c->n_fitted;
  for (size_t a = low; a < s->m; a = a + 1 == high ? nb : a + 1)
    for (size_t b = low; b < s->m; b = b + 1 == high ? nb : b + 1)
      s->meat[a * s->m + b] += square * score[a] * score[b];
  memset(score, 0, s->m * sizeof(double));
}

static fm_status make_meat(scoring *s, const fm__units *u, const fm__bands *bands, fm_error *err)
{
  size_t n = u->g->n;
  size_t *first = fm__array(u->n + 2, sizeof *first), *order = fm__array(n, sizeof *order);
  double *score = fm__array(s->m, sizeof *score);
  fm_status status = first != NULL && order != NULL && score != NULL ? FM_OK : fm__no_memory(err);
  if (status == FM_OK) {
    for (size_t i = 0; i < n; i++)
      first[u->of[i] + 2]++;
    for (size_t k = 1; k <= u->n; k++)
      first[k + 1] += first[k];
    for (size_t i = 0; i < n; i++)
      order[first[u->of[i] + 1]++] = i;
    for (size_t k = 0; k < u->n; k++) {
      size_t low = s->c->n_fitted, high = 0;
      for (size_t i = first[k]; i < first[k + 1]; i++)
        add_score(s, score, u, bands, order[i], &low, &high);
      add_unit(s, score, u->square[k], low, high);
    }
  }
  fm__free(first);
  fm__free(order);
  fm__free(score);
  return status;
}

/* ---- what is reported ---- */

/* The rows of `a` from parameters of scaled covariates to those reported. */
static void transform(double *a, const fm__patterns *c, size_t columns)
{
  size_t nb = c->n_fitted;
  for (size_t k = 0; k < columns; k++) {
    for (size_t j = 0; j < c->p; j++)
      a[(nb + j) * columns + k] /= c->scale[j];
    for (size_t b = 1; b < nb; b++)
      a[b * columns + k] -= a[k];
    for (size_t j = 0; j < c->p; j++)
      a[k] -= c->centre[j] * a[(nb + j) * columns + k];
  }
}

static void transpose(double *a, size_t m)
{
  for (size_t j = 0; j < m; j++)
    for (size_t k = 0; k < j; k++) {
      double kept = a[j * m + k];
      a[j * m + k] = a[k * m + j];
      a[k * m + j] = kept;
    }
}

static void wald(fm__discrete_fit *f, scoring *s)
{
  size_t p = s->c->p, nb = s->c->n_fitted;
  for (size_t j = 0; j < p; j++) {
    s->step[j] = f->value[nb + j];
    for (size_t k = 0; k < p; k++)
      s->factor[j * p + k] = f->variance[(nb + j) * s->m + nb + k];
  }
  if (fm__cholesky(s->factor, p, 1e-14) < p)
    return;
  fm__cholesky_solve(s->factor, p, s->step);
  f->wald = 0;
  for (size_t j = 0; j < p; j++)
    f->wald += s->step[j] * f->value[nb + j];
}

static fm_status conclude(fm__discrete_fit *f, scoring *s, const fm__units *u, const fm__bands *bands, fm_error *err)
{
  size_t m = s->m;
  f->loglik = s->loglik;
  f->likelihood_ratio = 2 * (f->loglik - f->loglik_null);
  if (f->state != FM__COX_FITTED)
    return FM_OK;
  memcpy(f->value, s->theta, m * sizeof(double));
  fm__cholesky_inverse(f->variance, s->factor, m);
  if (u->robust) {
    fm_status status = make_meat(s, u, bands, err);
    if (status != FM_OK)
      return status;
    memcpy(s->info, f->variance, m * m * sizeof(double));
    fm__sandwich(f->variance, s->info, s->meat, s->scratch, m);
  }
  transform(f->value, s->c, 1);
  for (int turn = 0; turn < 2; turn++) {
    transform(f->variance, s->c, m);
    transpose(f->variance, m);
  }
  wald(f, s);
  return FM_OK;
}

static fm_status create(fm__discrete_fit *f, scoring *s, bool robust, fm_error *err)
{
  size_t m = s->m;
  f->m = m;
  f->value = fm__array(m, sizeof(double));
  f->variance = fm__array(m * m, sizeof(double));
  f->endless = fm__array(m, 1);
  s->theta = fm__array(m, sizeof(double));
  s->score = fm__array(m, sizeof(double));
  s->step = fm__array(m, sizeof(double));
  s->kept = fm__array(m, sizeof(double));
  s->info = fm__array(m * m, sizeof(double));
  s->factor = fm__array(m * m, sizeof(double));
  s->meat = fm__array(robust ? m * m : 1, sizeof(double));
  s->scratch = fm__array(robust ? m * m : 1, sizeof(double));
  bool made = f->value != NULL && f->variance != NULL && f->endless != NULL && s->theta != NULL && s->score != NULL &&
              s->step != NULL && s->kept != NULL && s->info != NULL && s->factor != NULL && s->meat != NULL &&
              s->scratch != NULL;
  for (size_t j = 0; made && j < m; j++)
    f->value[j] = NAN;
  for (size_t j = 0; made && j < m * m; j++)
    f->variance[j] = NAN;
  return made ? FM_OK : fm__no_memory(err);
}

fm_status fm__discrete_fit_run(fm__discrete_fit *f, const fm__patterns *c, const fm__units *u, const fm__bands *bands,
                               int32_t link, const fm_run *run, fm_error *err)
{
  scoring s = {.c = c, .link = link, .m = c->n_fitted + c->p};
  double exits = 0;
  for (size_t b = 0; b < c->n_bands; b++)
    exits += c->total_exits[b];
  *f = (fm__discrete_fit){.state = exits > 0 ? FM__COX_SEPARATED : FM__COX_EMPTY};
  f->loglik_null = f->loglik = f->likelihood_ratio = f->wald = NAN;
  fm_status status = create(f, &s, u->robust, err);
  if (status == FM_OK && c->n_fitted > 0) {
    start(f, &s);
    if (!isfinite(s.loglik))
      status = fm__fail(err, FM_ERR_LIMIT, "the weights add up to more than a double can hold");
    else if (solve(&s, DEPENDENT) < s.m)
      status = refuse(&s, u, err);
    if (status == FM_OK)
      status = iterate(f, &s, run, err);
    if (status == FM_OK)
      status = conclude(f, &s, u, bands, err);
  }
  double *const all[] = {s.theta, s.score, s.step, s.kept, s.info, s.factor, s.meat, s.scratch};
  for (size_t k = 0; k < FM__COUNT(all); k++)
    fm__free(all[k]);
  if (status != FM_OK)
    fm__discrete_fit_free(f);
  return status;
}

void fm__discrete_fit_free(fm__discrete_fit *f)
{
  fm__free(f->value);
  fm__free(f->variance);
  fm__free(f->endless);
  *f = (fm__discrete_fit){.m = 0};
}
