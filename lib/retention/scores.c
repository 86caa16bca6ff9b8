/* Scores over exit times in rising order (Fleming and Harrington 1991, chapter 7; Klein and Moeschberger 2003, sections
 * 7.3 to 7.5). */
#include "num/num_priv.h"
#include "retention/scores_priv.h"

#include <math.h>

static void trail_free(fm__trail *t)
{
  fm__free(t->time);
  fm__free(t->weight);
  fm__free(t->share);
  fm__free(t->own);
  fm__free(t->all);
}

void fm__scores_free(fm__scores *s)
{
  for (size_t k = 0; s->trails != NULL && k < s->n_strata; k++)
    trail_free(&s->trails[k]);
  fm__free(s->trails);
  fm__free(s->observed);
  fm__free(s->expected);
  fm__free(s->score);
  fm__free(s->covariance);
  fm__free(s->compared);
  fm__free(s->at);
  fm__free(s->risk);
  fm__free(s->exit);
  *s = (fm__scores){0};
}

/* One exit time: who is at risk and who exits, in all and group by group. */
typedef struct instant {
  int32_t time;
  double n, d, stay;
  double *risk, *exit; /* n_groups */
} instant;

/* Pooled curves of a stratum just before a time. */
typedef struct pooled {
  double survival, peto;
} pooled;

typedef struct walk {
  const fm__moments *of; /* n_groups */
  size_t n_groups;
  size_t *at; /* moment of each group that comes next */
  instant now;
} walk;

/* The next time at which anybody exits; false: there is none. Between two moments of a group its number at risk is that
 * of the later one. */
static bool walk_next(walk *w)
{
  instant *now = &w->now;
  bool found = false;
  for (size_t g = 0; g < w->n_groups; g++) {
    const fm__moments *m = &w->of[g];
    while (w->at[g] < m->n && fm__moments_rows_exit(m, w->at[g]) == 0)
      w->at[g]++;
    if (w->at[g] < m->n && (!found || m->time[w->at[g]] < now->time)) {
      now->time = m->time[w->at[g]];
      found = true;
    }
  }
  return found;
}

/* First moment of a group at `time` or later, from the last exit on. */
static size_t moment_at(const fm__moments *m, size_t before, int32_t time)
{
  size_t low = 0, high = before;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (m->time[middle] < time)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void walk_take(walk *w)
{
  instant *now = &w->now;
  now->n = now->d = now->stay = 0;
  for (size_t g = 0; g < w->n_groups; g++) {
    const fm__moments *m = &w->of[g];
    size_t k = moment_at(m, w->at[g] < m->n ? w->at[g] : m->n, now->time);
    bool here = k < m->n && m->time[k] == now->time;
    now->risk[g] = k < m->n ? m->n_risk[k] : 0;
    now->exit[g] = here ? fm__moments_n_exit(m, k) : 0;
    now->n += now->risk[g];
    now->d += now->exit[g];
    now->stay += here ? m->n_stay[k] : now->risk[g];
    if (here && k == w->at[g])
      w->at[g]++;
  }
}

static double weight_at(const fm__test_kind *kind, const pooled *p, const instant *now)
{
  switch (kind->weights) {
  case FM_LOGRANK_GEHAN:
    return now->n;
  case FM_LOGRANK_TARONE_WARE:
    return sqrt(now->n);
  case FM_LOGRANK_PETO_PETO:
    return p->peto * (1 - now->d / (now->n + 1));
  default:
    return fm__pow(p->survival, kind->rho) * fm__pow(1 - p->survival, kind->gamma);
  }
}

static void add_covariance(fm__scores *s, const instant *now, double factor)
{
  size_t n = s->n_groups;
  for (size_t g = 0; g < n; g++) {
    if (now->risk[g] <= 0)
      continue;
    double share = now->risk[g] / now->n;
    s->covariance[g * n + g] += factor * share * ((now->n - now->risk[g]) / now->n);
    for (size_t h = 0; h < g; h++) {
      double both = factor * share * (now->risk[h] / now->n);
      s->covariance[g * n + h] -= both;
      s->covariance[h * n + g] -= both;
    }
  }
}

/* FM_ERR_VALUE: a factor n - 1 of 0 or less where groups are compared. */
static fm_status add_instant(fm__scores *s, const instant *now, double weight, fm_error *err)
{
  bool compared = false;
  for (size_t g = 0; g < s->n_groups; g++) {
    double expected = now->d * (now->risk[g] / now->n);
    s->observed[g] += now->exit[g];
    s->expected[g] += expected;
    s->score[g] += weight * (now->exit[g] - expected);
    bool meets = weight > 0 && now->stay > 0 && now->risk[g] > 0 && now->risk[g] < now->n;
    s->compared[g] = s->compared[g] || meets;
    compared = compared || meets;
  }
  if (now->n > 1 && now->stay > 0)
    add_covariance(s, now, weight * weight * now->d * (now->stay / (now->n - 1)));
  else if (compared && s->trails == NULL)
    return fm__fail(err, FM_ERR_VALUE,
                    "log-rank test: the rows at risk at time %d weigh 1 or less together, expected more: the "
                    "hypergeometric variance takes weights as numbers of rows; the robust variance takes any weights",
                    (int)now->time);
  return FM_OK;
}

static void add_to_trail(fm__trail *t, const instant *now, double weight, size_t n_groups)
{
  size_t k = t->n++, before = k - 1;
  double lost = weight * (now->d / now->n);
  t->time[k] = now->time;
  t->weight[k] = weight;
  t->own[k] = lost + (k > 0 ? t->own[before] : 0);
  for (size_t g = 0; g < n_groups; g++) {
    double share = now->risk[g] / now->n;
    t->share[k * n_groups + g] = share;
    t->all[k * n_groups + g] = lost * share + (k > 0 ? t->all[before * n_groups + g] : 0);
  }
}

static fm_status trail_create(fm__trail *t, const fm__moments *of, size_t n_groups, fm_error *err)
{
  size_t n = 0, cells;
  for (size_t g = 0; g < n_groups; g++)
    for (size_t k = 0; k < of[g].n; k++)
      n += fm__moments_rows_exit(&of[g], k) > 0;
  if (!fm__multiply(n, n_groups, &cells))
    return fm__no_memory(err);
  t->time = fm__array(n, sizeof *t->time);
  t->weight = fm__array(n, sizeof *t->weight);
  t->own = fm__array(n, sizeof *t->own);
  t->share = fm__array(cells, sizeof *t->share);
  t->all = fm__array(cells, sizeof *t->all);
  return t->time != NULL && t->weight != NULL && t->own != NULL && t->share != NULL && t->all != NULL
             ? FM_OK
             : fm__no_memory(err);
}

fm_status fm__scores_add(fm__scores *s, const fm__moments *of, size_t stratum, fm_error *err)
{
  pooled p = {1, 1};
  fm__trail *trail = s->trails != NULL ? &s->trails[stratum] : NULL;
  walk w = {.of = of, .n_groups = s->n_groups, .at = s->at, .now = {.risk = s->risk, .exit = s->exit}};
  fm_status status = trail != NULL ? trail_create(trail, of, s->n_groups, err) : FM_OK;
  for (size_t g = 0; g < s->n_groups; g++) {
    s->at[g] = 0;
    for (size_t k = 0; k < of[g].n; k++)
      s->rows += fm__moments_rows_exit(&of[g], k) + of[g].rows_censor[k];
  }
  while (status == FM_OK && walk_next(&w)) {
    walk_take(&w);
    const instant *now = &w.now;
    double weight = weight_at(&s->kind, &p, now);
    status = add_instant(s, now, weight, err);
    if (trail != NULL)
      add_to_trail(trail, now, weight, s->n_groups);
    p.survival *= now->stay / now->n;
    p.peto *= 1 - now->d / (now->n + 1);
  }
  return status;
}

fm_status fm__scores_create(fm__scores *out, size_t n_groups, size_t n_strata, const fm__test_kind *kind, bool trails,
                            fm_error *err)
{
  size_t n = n_groups, squares;
  *out = (fm__scores){.kind = *kind,
                      .n_groups = n,
                      .n_strata = n_strata,
                      .observed = fm__array(n, sizeof *out->observed),
                      .expected = fm__array(n, sizeof *out->expected),
                      .score = fm__array(n, sizeof *out->score),
                      .compared = fm__array(n, sizeof *out->compared),
                      .at = fm__array(n, sizeof *out->at),
                      .risk = fm__array(n, sizeof *out->risk),
                      .exit = fm__array(n, sizeof *out->exit)};
  if (fm__multiply(n, n, &squares))
    out->covariance = fm__array(squares, sizeof *out->covariance);
  if (trails)
    out->trails = fm__array(n_strata, sizeof *out->trails);
  if (out->observed != NULL && out->expected != NULL && out->score != NULL && out->covariance != NULL &&
      out->compared != NULL && out->at != NULL && out->risk != NULL && out->exit != NULL &&
      (out->trails != NULL || !trails))
    return FM_OK;
  fm__scores_free(out);
  return fm__no_memory(err);
}

/* ---- the test ---- */

/* x' V^-1 x by elimination without pivoting; a group whose variance is used up by those before is left out. Destroys v
 * and x. */
static double quadratic(double *v, double *x, size_t n, int32_t *rank)
{
  const double used_up = 1e-12;
  double sum = 0;
  *rank = 0;
  double *own = x + n; /* variances before elimination */
  for (size_t i = 0; i < n; i++)
    own[i] = v[i * n + i];
  for (size_t i = 0; i < n; i++) {
    double pivot = v[i * n + i];
    if (!(pivot > used_up * own[i]))
      continue;
    ++*rank;
    sum += x[i] * x[i] / pivot;
    for (size_t j = i + 1; j < n; j++) {
      double factor = v[j * n + i] / pivot;
      x[j] -= factor * x[i];
      for (size_t k = i + 1; k <= j; k++)
        v[j * n + k] -= factor * v[k * n + i];
    }
  }
  return sum;
}

fm_status fm__scores_test(fm_logrank *out, const fm__scores *s, fm_error *err)
{
  size_t n = 0, all = s->n_groups, squares;
  size_t *kept = fm__array(all, sizeof *kept);
  double *v = fm__multiply(all, all, &squares) ? fm__array(squares, sizeof *v) : NULL;
  double *x = fm__array(all, 2 * sizeof *x);
  fm_status status = kept != NULL && v != NULL && x != NULL ? FM_OK : fm__no_memory(err);
  *out = (fm_logrank){.chi_square = NAN, .p_value = NAN};
  for (size_t g = 0; g < all && status == FM_OK; g++)
    if (!isfinite(s->score[g]) || !isfinite(s->covariance[g * all + g]))
      status = fm__fail(err, FM_ERR_LIMIT, "the squares of the weights add up to more than a double can hold");
  if (status == FM_OK) {
    for (size_t g = 0; g < all; g++)
      if (s->compared[g] && s->covariance[g * all + g] > 0)
        kept[n++] = g;
    n -= n > 0; /* the scores add up to 0: the last follows from the others */
    for (size_t i = 0; i < n; i++) {
      x[i] = s->score[kept[i]];
      for (size_t j = 0; j < n; j++)
        v[i * n + j] = s->covariance[kept[i] * all + kept[j]];
    }
    double chi_square = quadratic(v, x, n, &out->df);
    if (out->df > 0) {
      out->chi_square = chi_square;
      out->p_value = fm__gamma_upper(out->df / 2., chi_square / 2);
    }
  }
  fm__free(kept);
  fm__free(v);
  fm__free(x);
  return status;
}
