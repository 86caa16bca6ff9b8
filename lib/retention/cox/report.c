/* Figures of one model: terms, tests, curves. */
#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "retention/cox/frequency_priv.h"
#include "retention/cox/report_priv.h"

/* States that a figure of a regression may have beside those of all measures. */
#define SEPARATED "separated"
#define NOT_CONVERGED "not_converged"

enum { DF, P_VALUE }; /* added columns */

static const char *state_of(const fm__cox_page *t)
{
  switch (t->fit.state) {
  case FM__COX_FITTED:
    return FM__OK;
  case FM__COX_SEPARATED:
    return SEPARATED;
  case FM__COX_NOT_CONVERGED:
    return NOT_CONVERGED;
  default:
    return FM__EMPTY;
  }
}

fm__figure fm__cox_figure(const fm__cox_page *t, const char *quantity, const char *unit, double value)
{
  fm__figure f = fm__figure_of(quantity, unit);
  f.value = value;
  f.n = t->g->n_given;
  if (isnan(value)) {
    const char *state = state_of(t);
    f.state = strcmp(state, FM__OK) == 0 ? FM__UNDEFINED : state;
  }
  return f;
}

void fm__cox_plain(const fm__cox_page *t, const char *quantity, const char *unit, double value)
{
  fm__figure f = fm__cox_figure(t, quantity, unit, value);
  fm__result_add(t->r, &f);
}

void fm__cox_chi_square(const fm__cox_page *t, const char *quantity, double value, double df)
{
  fm__figure f = fm__cox_figure(t, quantity, "chi_square", value);
  fm__result_more_f64(t->r, DF, df);
  fm__result_more_f64(t->r, P_VALUE, isnan(value) ? NAN : fm__gamma_upper(df / 2, value > 0 ? value / 2 : 0));
  fm__result_add(t->r, &f);
}

static void no_keys(const fm__cox_page *t)
{
  for (size_t k = 0; k < FM__COX_KEYS; k++)
    fm__result_key_null(t->r, t->key + k);
}

/* ---- terms ---- */

void fm__cox_term_figures(const fm__cox_page *t, size_t j, const char *ratio)
{
  const fm__cox_fit *fit = &t->fit;
  double beta = fit->beta[j], error = sqrt(fm__cox_variance(fit)[j * t->c->p + j]);
  fm__figure f = fm__cox_figure(t, "coefficient", "log_ratio", beta);
  if (fit->state == FM__COX_SEPARATED && fit->endless[j] == 0)
    f.state = FM__UNDEFINED;
  fm__figure h = f;
  h.quantity = ratio;
  h.unit = "ratio";
  if (!isnan(beta)) {
    f.std_error = error;
    f.ci_low = beta - t->z * error;
    f.ci_high = beta + t->z * error;
    f.level = h.level = t->s->spec.level;
    h.value = fm__exp(beta);
    h.ci_low = fm__exp(f.ci_low);
    h.ci_high = fm__exp(f.ci_high);
    fm__result_more_f64(t->r, DF, 1);
    fm__result_more_f64(t->r, P_VALUE, fm__erfc(fabs(beta) / error / sqrt(2)));
  }
  fm__result_key_text(t->r, t->key + FM__COX_KEY_TERM, t->g->names[j], strlen(t->g->names[j]));
  fm__result_add(t->r, &f);
  fm__result_add(t->r, &h);
}

static fm_status add_terms(const fm__cox_page *t, const fm_run *run, fm_error *err)
{
  size_t p = t->c->p;
  double *statistic = fm__array(p + 1, sizeof *statistic);
  fm_status status = statistic != NULL ? FM_OK : fm__no_memory(err);
  int32_t transform = t->s->spec.proportional;
  for (size_t j = 0; status == FM_OK && j <= p; j++)
    statistic[j] = NAN;
  if (status == FM_OK && transform != 0 && t->fit.state == FM__COX_FITTED) {
    status = fm__cox_means(t->q, err);
    if (status == FM_OK)
      status = fm__cox_proportional(statistic, t->q, &t->rows, transform, run, err);
  }
  for (size_t j = 0; j < p && status == FM_OK; j++) {
    fm__cox_term_figures(t, j, "hazard_ratio");
    if (transform != 0)
      fm__cox_chi_square(t, "proportional", statistic[j], 1);
  }
  fm__result_key_null(t->r, t->key + FM__COX_KEY_TERM);
  if (status == FM_OK && transform != 0)
    fm__cox_chi_square(t, "proportional", statistic[p], (double)p);
  fm__free(statistic);
  return status;
}

/* ---- the model ---- */

static void add_model(const fm__cox_page *t)
{
  const fm__cox_fit *fit = &t->fit;
  double df = (double)t->c->p;
  fm__cox_chi_square(t, "likelihood_ratio", fit->likelihood_ratio, df);
  fm__cox_chi_square(t, "wald", fit->wald, df);
  fm__cox_chi_square(t, "score", fit->score, df);
  if (fit->robust != NULL)
    fm__cox_chi_square(t, "score_robust", fit->score_robust, df);
  fm__cox_plain(t, "log_likelihood_null", "log", fit->loglik_0);
  fm__cox_plain(t, "log_likelihood", "log", fit->loglik);
  if (t->s->spec.concordance == 1) {
    fm__figure f = fm__cox_figure(t, "concordance", "share", fit->concordance);
    f.std_error = fit->concordance_error;
    fm__result_add(t->r, &f);
  }
  fm__cox_plain(t, "events", "count", (double)t->c->n_events);
  fm__cox_plain(t, "rows_missing", "count", (double)t->g->n_missing);
}

/* ---- curves ---- */

fm_status fm__cox_set_stratum(const fm__cox_page *t, size_t stratum, fm_error *err)
{
  const fm__groups *set = fm__rows_ids(t->s->rows, FM__COX_STRATA);
  size_t n = fm__groups_n_columns(set), key = t->key + FM__COX_KEY_STRATUM;
  fm__bytes text = {0};
  for (size_t k = 0; k < n; k++) {
    size_t length;
    const char *part = fm__groups_text(set, stratum, k, &length);
    if (k > 0)
      fm__bytes_raw(&text, ", ", 2);
    if (part != NULL)
      fm__bytes_raw(&text, part, length);
  }
  if (n == 0)
    fm__result_key_null(t->r, key);
  else
    fm__result_key_text(t->r, key, text.size > 0 ? (const char *)text.data : "", text.size);
  bool failed = text.failed;
  fm__bytes_free(&text);
  return failed ? fm__no_memory(err) : FM_OK;
}

static void add_hazard(const fm__cox_page *t, double cumulative, double error)
{
  fm__figure f = fm__cox_figure(t, "cumulative_hazard", "hazard", cumulative);
  f.std_error = error;
  fm__result_add(t->r, &f);
}

/* Limits on the scale of the log of survival, as of the cumulative hazard. */
static void add_survival(const fm__cox_page *t, double cumulative, double error)
{
  fm__figure f = fm__cox_figure(t, "survival", "share", fm__exp(-cumulative));
  double high = fm__exp(-cumulative + t->z * error);
  f.std_error = f.value * error;
  f.ci_low = fm__exp(-cumulative - t->z * error);
  f.ci_high = high < 1 ? high : 1;
  f.level = t->s->spec.level;
  fm__result_add(t->r, &f);
}

static fm_status add_curve(const fm__cox_page *t, const double *x, void (*write)(const fm__cox_page *, double, double),
                           fm_error *err)
{
  const fm__cox *c = t->c;
  double *cumulative = fm__array(c->n_days, sizeof *cumulative), *error = fm__array(c->n_days, sizeof *error);
  fm_status status = cumulative != NULL && error != NULL ? fm__cox_means(t->q, err) : fm__no_memory(err);
  if (status == FM_OK)
    fm__cox_curve(cumulative, error, t->q, &t->fit, x);
  for (size_t k = 0; k < c->n_strata && status == FM_OK; k++) {
    if (c->first[k] == c->first[k + 1])
      continue;
    status = fm__cox_set_stratum(t, k, err);
    for (size_t d = c->first[k]; d < c->first[k + 1] && status == FM_OK; d++) {
      fm__result_key_i64(t->r, t->key + FM__COX_KEY_TIME, c->day_time[d]);
      write(t, cumulative[d], error[d]);
    }
  }
  fm__free(cumulative);
  fm__free(error);
  return status;
}

/* One "name=value" of a profile. */
static fm_status set_value(const fm__cox_page *t, double *x, const char *item, size_t length, fm_error *err)
{
  const char *equal = memchr(item, '=', length);
  size_t name = equal != NULL ? (size_t)(equal - item) : length, rest = equal != NULL ? length - name - 1 : 0;
  for (size_t j = 0; equal != NULL && j < t->c->p; j++) {
    const char *own = t->g->names[j];
    if (strlen(own) == length && memcmp(own, item, length) == 0) { /* a text: group=early */
      x[j] = 1;
      return FM_OK;
    }
    if (strlen(own) == name && memcmp(own, item, name) == 0 && fm__parse_f64(equal + 1, rest, '.', &x[j]))
      return FM_OK;
  }
  for (size_t k = 0; equal != NULL && k < t->s->terms.n; k++) {
    const fm__cox_term *term = &t->s->terms.items[k];
    if (term->kind == FM__COX_TEXT && strlen(term->name) == name && memcmp(term->name, item, name) == 0 &&
        strlen(term->reference) == rest && memcmp(term->reference, equal + 1, rest) == 0)
      return FM_OK;
  }
  return fm__fail(err, FM_ERR_ARGUMENT, "profiles: \"%.*s\" is not a covariate with a value, such as age=42",
                  (int)length, item);
}

typedef fm_status (*profile_writer)(const fm__cox_page *t, const double *x, fm_error *err);

/* Without events there are no columns to name. */
static fm_status add_profile(const fm__cox_page *t, const char *text, size_t length, profile_writer write,
                             fm_error *err)
{
  double *x = fm__array(t->c->p, sizeof *x);
  fm_status status = x != NULL ? FM_OK : fm__no_memory(err);
  for (size_t i = 0; i < length && status == FM_OK && t->fit.state != FM__COX_EMPTY;) {
    size_t n = 0;
    while (i + n < length && text[i + n] != ' ')
      n++;
    if (n > 0)
      status = set_value(t, x, text + i, n, err);
    i += n + 1;
  }
  fm__result_key_text(t->r, t->key + FM__COX_KEY_PROFILE, text, length);
  if (status == FM_OK)
    status = write(t, x, err);
  fm__free(x);
  return status;
}

fm_status fm__cox_each_profile(const fm__cox_page *t, profile_writer write, fm_error *err)
{
  fm_status status = FM_OK;
  for (const char *p = t->s->spec.profiles; p != NULL && status == FM_OK;) {
    size_t length = strcspn(p, "|");
    const char *next = p[length] != '\0' ? p + length + 1 : NULL;
    while (length > 0 && *p == ' ') {
      p++;
      length--;
    }
    while (length > 0 && p[length - 1] == ' ')
      length--;
    if (length > 0)
      status = add_profile(t, p, length, write, err);
    p = next;
  }
  return status;
}

/* Without a fit one row that says why. */
static fm_status survival_curve(const fm__cox_page *t, const double *x, fm_error *err)
{
  if (t->fit.state == FM__COX_FITTED)
    return add_curve(t, x, add_survival, err);
  fm__cox_plain(t, "survival", "share", NAN);
  return FM_OK;
}

static fm_status write(fm__cox_page *t, const fm_run *run, fm_error *err)
{
  no_keys(t);
  fm_status status = add_terms(t, run, err);
  if (status != FM_OK)
    return status;
  add_model(t);
  if (t->s->spec.baseline == 1 && t->fit.state == FM__COX_FITTED)
    status = add_curve(t, NULL, add_hazard, err);
  else if (t->s->spec.baseline == 1)
    fm__cox_plain(t, "cumulative_hazard", "hazard", NAN);
  if (status == FM_OK)
    status = fm__cox_each_profile(t, survival_curve, err);
  no_keys(t);
  return status;
}

fm_status fm__cox_report(fm__result *r, const void *state, const fm__cox_group *g, const fm_run *run, fm_error *err)
{
  const fm__cox_state *s = state;
  fm__cox c = {.n = 0};
  fm__cox_point q = {.c = NULL};
  uint64_t *frequency = NULL;
  fm__cox_page t = {.r = r, .s = s, .g = g, .c = &c, .q = &q, .rows = g->rows};
  t.key = fm__groups_n_columns(fm__rows_ids(s->rows, FM__COX_BY));
  t.z = fm__normal_quantile(0.5 + s->spec.level / 2);
  bool frequencies = s->spec.weights == 2 && s->weight != 0;
  fm_status status = frequencies ? fm__cox_frequencies(&frequency, &t.rows, err) : FM_OK;
  if (status == FM_OK)
    status = fm__cox_prepare(&c, &t.rows, run, err);
  if (status == FM_OK)
    status = fm__cox_point_create(&q, &c, err);
  fm__cox_choice choice = {.robust = fm__cox_is_robust(&s->spec, &t.rows),
                           .concordance = s->spec.concordance == 1,
                           .iterations = FM__COX_ITERATIONS,
                           .names = t.rows.names};
  if (status == FM_OK)
    status = fm__cox_fit_run(&t.fit, &q, &choice, run, err);
  if (status == FM_OK)
    status = write(&t, run, err);
  fm__cox_fit_free(&t.fit);
  fm__cox_point_free(&q);
  fm__cox_free(&c);
  fm__free(frequency);
  return status;
}
