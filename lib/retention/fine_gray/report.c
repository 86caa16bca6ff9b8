/* Figures of Fine and Gray's regression: a model for each cause. */
#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "retention/cox/frequency_priv.h"
#include "retention/fine_gray/state_priv.h"

/* The rows of a group, by cause in turn. */
typedef struct causes {
  const fm__fg_state *s;
  const fm__cox_group *g;
  const fm__groups *set;
  uint8_t *event, *other;
  int32_t *group; /* of censoring */
  fm__fg_rows rows;
  uint64_t *frequency;
} causes;

/* The page first: what is written of a profile leads back to the point. */
typedef struct model {
  fm__cox_page page;
  fm__fg f;
  fm__fg_point v;
} model;

/* ---- rows ---- */

/* Groups of censoring count from 0 in the order of their first rows. */
static fm_status number_censoring(causes *k, fm_error *err)
{
  size_t set = k->s->rows.first_more + 1, n = 0;
  uint32_t *number = fm__array(fm__groups_count(fm__rows_ids(k->s->rows.rows, set)), sizeof *number);
  if (number == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < k->g->n; i++) {
    uint32_t *of = &number[fm__rows_id(k->s->rows.rows, k->g->row[i], set)];
    if (*of == 0)
      *of = (uint32_t)++n;
    k->group[i] = (int32_t)(*of - 1);
  }
  fm__free(number);
  k->rows.n_groups = n > 0 ? n : 1;
  return FM_OK;
}

static fm_status open_causes(causes *k, const fm__fg_state *s, const fm__cox_group *g, fm_error *err)
{
  *k = (causes){.s = s, .g = g, .set = fm__rows_ids(s->rows.rows, s->rows.first_more)};
  k->event = fm__array(g->n, 1);
  k->other = fm__array(g->n, 1);
  k->group = fm__array(g->n, sizeof *k->group);
  if (k->event == NULL || k->other == NULL || k->group == NULL)
    return fm__no_memory(err);
  k->rows = (fm__fg_rows){.rows = g->rows, .other = k->other, .group = k->group};
  k->rows.rows.event = k->event;
  k->rows.rows.entry = NULL;
  fm_status status = number_censoring(k, err);
  if (status == FM_OK && s->spec.weights == 2 && s->rows.weight != 0)
    status = fm__cox_frequencies(&k->frequency, &k->rows.rows, err);
  return status;
}

static void close_causes(causes *k)
{
  fm__free(k->event);
  fm__free(k->other);
  fm__free(k->group);
  fm__free(k->frequency);
}

static const char *cause_text(const causes *k, size_t cause, size_t *length)
{
  return fm__groups_text(k->set, cause, 0, length);
}

static void choose(causes *k, size_t cause)
{
  size_t length;
  for (size_t i = 0; i < k->g->n; i++) {
    size_t own = fm__rows_id(k->s->rows.rows, k->g->row[i], k->s->rows.first_more);
    k->event[i] = own == cause;
    k->other[i] = own != cause && cause_text(k, own, &length) != NULL;
  }
}

/* ---- which causes ---- */

/* The next name of a list without the spaces around it. */
static bool next_name(const char **list, const char **name, size_t *length)
{
  while (*list != NULL && **list != '\0') {
    size_t n = strcspn(*list, ",");
    const char *from = *list;
    *list += n + (from[n] == ',');
    for (; n > 0 && *from == ' '; n--)
      from++;
    while (n > 0 && from[n - 1] == ' ')
      n--;
    *name = from;
    *length = n;
    if (n > 0)
      return true;
  }
  return false;
}

static bool is_named(const causes *k, size_t cause)
{
  const char *list = k->s->causes, *name;
  size_t length, n;
  const char *text = cause_text(k, cause, &length);
  if (text == NULL || list == NULL)
    return text != NULL;
  while (next_name(&list, &name, &n))
    if (n == length && memcmp(name, text, n) == 0)
      return true;
  return false;
}

/* Every name that is given is the cause of somebody, unless nobody has left at all. */
static fm_status check_names(const causes *k, bool *any, fm_error *err)
{
  const char *list = k->s->causes, *name;
  size_t length, n, all = fm__groups_count(k->set);
  *any = false;
  for (size_t c = 0; c < all; c++)
    *any |= cause_text(k, c, &length) != NULL;
  while (*any && next_name(&list, &name, &n)) {
    bool found = false;
    for (size_t c = 0; c < all && !found; c++) {
      const char *text = cause_text(k, c, &length);
      found = text != NULL && length == n && memcmp(text, name, n) == 0;
    }
    if (!found)
      return fm__fail(err, FM_ERR_NOT_FOUND, "causes: nobody has left by \"%.*s\"", (int)n, name);
  }
  return FM_OK;
}

/* ---- figures ---- */

static void no_keys(const fm__cox_page *t)
{
  for (size_t k = 0; k < FM__COX_KEYS; k++)
    fm__result_key_null(t->r, t->key + k);
}

static void add_model(const model *m)
{
  const fm__cox_page *t = &m->page;
  double df = (double)t->c->p;
  for (size_t j = 0; j < t->c->p; j++)
    fm__cox_term_figures(t, j, "subhazard_ratio");
  no_keys(t);
  fm__cox_chi_square(t, "likelihood_ratio", t->fit.likelihood_ratio, df);
  fm__cox_chi_square(t, "wald", t->fit.wald, df);
  fm__cox_chi_square(t, "score_robust", t->fit.score_robust, df);
  fm__cox_plain(t, "log_likelihood_null", "log", t->fit.loglik_0);
  fm__cox_plain(t, "log_likelihood", "log", t->fit.loglik);
  fm__cox_plain(t, "events", "count", (double)t->c->n_events);
  fm__cox_plain(t, "other_events", "count", (double)m->f.n_other);
  fm__cox_plain(t, "rows_missing", "count", (double)t->g->n_missing);
}

/* At covariates x; NULL: all 0, with the hazard itself. */
static fm_status add_curve(const fm__cox_page *t, const double *x, fm_error *err)
{
  const model *m = (const model *)(const void *)t;
  const fm__cox *c = t->c;
  double risk = fm__cox_relative_risk(t->q, x);
  fm_status status = FM_OK;
  for (size_t k = 0; k < c->n_strata && status == FM_OK; k++) {
    if (c->first[k] == c->first[k + 1])
      continue;
    status = fm__cox_set_stratum(t, k, err);
    for (size_t d = c->first[k]; d < c->first[k + 1] && status == FM_OK; d++) {
      double cumulative = m->v.until[d + k + 1] * risk;
      fm__result_key_i64(t->r, t->key + FM__COX_KEY_TIME, c->day_time[d]);
      if (x == NULL)
        fm__cox_plain(t, "cumulative_subhazard", "hazard", cumulative);
      fm__cox_plain(t, "cumulative_incidence", "share", -fm__expm1(-cumulative));
    }
  }
  return status;
}

/* Without a fit one row that says why. */
static fm_status profile_curve(const fm__cox_page *t, const double *x, fm_error *err)
{
  if (t->fit.state == FM__COX_FITTED)
    return add_curve(t, x, err);
  fm__cox_plain(t, "cumulative_incidence", "share", NAN);
  return FM_OK;
}

static fm_status write(const model *m, fm_error *err)
{
  const fm__cox_page *t = &m->page;
  fm_status status = FM_OK;
  no_keys(t);
  add_model(m);
  if (t->s->spec.baseline == 1 && t->fit.state != FM__COX_FITTED)
    fm__cox_plain(t, "cumulative_subhazard", "hazard", NAN);
  if (t->s->spec.baseline == 1)
    status = t->fit.state == FM__COX_FITTED ? add_curve(t, NULL, err) : profile_curve(t, NULL, err);
  if (status == FM_OK)
    status = fm__cox_each_profile(t, profile_curve, err);
  no_keys(t);
  return status;
}

static fm_status fit(fm__result *r, causes *k, size_t cause, const fm_run *run, fm_error *err)
{
  const fm__cox_state *s = &k->s->rows;
  size_t length = 0, key = fm__groups_n_columns(fm__rows_ids(s->rows, FM__COX_BY));
  const char *text = cause != SIZE_MAX ? cause_text(k, cause, &length) : NULL;
  model m = {.page = {.r = r, .s = s, .g = k->g, .key = key, .z = fm__normal_quantile(0.5 + s->spec.level / 2)}};
  choose(k, cause);
  fm__result_key_text(r, key + FM__FG_KEY_CAUSE, text, length);
  m.page.rows = k->rows.rows;
  m.page.c = &m.f.c;
  m.page.q = &m.v.q;
  fm__cox_choice choice = {.robust = true, .iterations = FM__COX_ITERATIONS, .names = k->rows.rows.names};
  fm_status status = fm__fg_prepare(&m.f, &k->rows, run, err);
  if (status == FM_OK)
    status = fm__fg_point_create(&m.v, &m.f, err);
  if (status == FM_OK)
    status = fm__cox_fit_run(&m.page.fit, &m.v.q, &choice, run, err);
  if (status == FM_OK)
    status = write(&m, err);
  fm__cox_fit_free(&m.page.fit);
  fm__fg_point_free(&m.v);
  fm__fg_free(&m.f);
  return status;
}

fm_status fm__fg_report(fm__result *r, const void *state, const fm__cox_group *g, const fm_run *run, fm_error *err)
{
  const fm__fg_state *s = state;
  causes k;
  bool any = false;
  fm_status status = open_causes(&k, s, g, err);
  if (status == FM_OK)
    status = check_names(&k, &any, err);
  if (status == FM_OK && !any)
    status = fit(r, &k, SIZE_MAX, run, err);
  size_t n = fm__groups_count(k.set);
  for (size_t c = 0; c < n && status == FM_OK; c++) {
    fm__subrun part;
    const fm_run *own = fm__run_within(&part, run, (double)c / (double)n, (double)(c + 1) / (double)n);
    if (is_named(&k, c))
      status = fit(r, &k, c, own, err);
  }
  close_causes(&k);
  return status;
}
