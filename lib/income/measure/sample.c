/* Plain arrays: sorted once, asked often. */
#include <math.h>

#include "income/measure/influence_priv.h"
#include "income/measure/sample_priv.h"
#include "num/num_priv.h"
#include "tally/tally_priv.h"

static fm_status refuse(size_t row, const char *column, const char *what, fm_error *err)
{
  fm_status status = fm__fail(err, FM_ERR_VALUE, "row %llu: %s", (unsigned long long)row, what);
  fm__error_place(err, NULL, column, -1, (int64_t)row, -1);
  return status;
}

fm_status fm__income_take(double *income, double x, double w, size_t row, const fm_income_rules *rules, fm_error *err)
{
  *income = NAN;
  if (!(w >= 0 && isfinite(w)))
    return refuse(row, "w", "the weight is negative, missing or infinite; expected a number of 0 or more", err);
  if (w == 0)
    return FM_OK;
  if (isinf(x))
    return refuse(row, "x", "the income is infinite; expected a number, or NaN for a missing one", err);
  if (isnan(x) && rules->missing == FM_INCOME_MISSING_ERROR)
    return refuse(row, "x", "the income is missing, which the rules make an error", err);
  if (x < 0 && rules->negative == FM_INCOME_NEGATIVE_ERROR)
    return refuse(row, "x", "the income is negative, which the rules make an error", err);
  if (x < 0 && rules->negative != FM_INCOME_NEGATIVE_KEEP)
    x = rules->negative == FM_INCOME_NEGATIVE_ZERO ? 0 : NAN;
  *income = x;
  return FM_OK;
}

/* Checks the rows; *changed: the rules leave some out or change them. */
static fm_status check_rows(bool *changed, const double *x, const double *w, size_t n, const fm_income_rules *rules,
                            fm_error *err)
{
  *changed = false;
  for (size_t i = 0; i < n; i++) {
    double weight = w != NULL ? w[i] : 1, income = x[i];
    if (fm__income_is_plain(income, weight))
      continue;
    fm_status status = fm__income_take(&income, x[i], weight, i, rules, err);
    if (status != FM_OK)
      return status;
    if (weight > 0 && income != x[i])
      *changed = true;
  }
  return FM_OK;
}

/* The population of the rows as the rules leave them. */
static fm_status population(fm__dist *d, const double *x, const double *w, size_t n, const fm_income_rules *rules,
                            const fm_run *run, fm_error *err)
{
  bool changed;
  fm_status status = check_rows(&changed, x, w, n, rules, err);
  if (status != FM_OK)
    return status;
  if (!changed)
    return fm__dist_of_columns(d, x, w, n, run, err);
  double *kept = fm__array(n, 2 * sizeof *kept);
  if (kept == NULL)
    return fm__no_memory(err);
  size_t n_kept = 0;
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    double income;
    status = fm__income_take(&income, x[i], w != NULL ? w[i] : 1, i, rules, err);
    if (isnan(income))
      continue;
    kept[n_kept] = income;
    kept[n + n_kept++] = w != NULL ? w[i] : 1;
  }
  if (status == FM_OK)
    status = fm__dist_of_columns(d, kept, kept + n, n_kept, run, err);
  fm__free(kept);
  return status;
}

void fm_income_sample_destroy(fm_income_sample *s)
{
  if (s == NULL)
    return;
  fm__dist_free(&s->dist);
  fm__design_destroy(s->design);
  fm__dist_units_free(&s->clusters.rows);
  fm__free(s->clusters.unit);
  fm__free(s);
}

fm_status fm_income_sample_create(fm_income_sample **out, const double *x, const double *w, size_t n,
                                  const fm_income_rules *rules, const fm_run *run, fm_error *err)
{
  *out = NULL;
  fm_income_sample *s = fm__array(1, sizeof *s);
  if (s == NULL)
    return fm__no_memory(err);
  fm_status status = fm__income_rules_take(&s->rules, rules, err);
  if (status == FM_OK)
    status = population(&s->dist, x, w, n, &s->rules, run, err);
  if (status != FM_OK) {
    fm_income_sample_destroy(s);
    return status;
  }
  *out = s;
  return FM_OK;
}

static fm__income_context context_of(const fm_income_sample *s)
{
  return (fm__income_context){.rules = &s->rules, .own = &s->dist, .line_from = &s->dist};
}

fm_status fm_income_sample_values(double *values, double *std_errors, size_t capacity, const fm_income_sample *s,
                                  const char *measures, const fm_run *run, fm_error *err)
{
  fm__call *calls;
  size_t n;
  const char *state;
  fm__income_context c = context_of(s);
  fm_status status = fm__calls_create(&calls, &n, measures, err);
  if (status == FM_OK && n > capacity)
    status = fm__fail(err, FM_ERR_ARGUMENT, "%llu measures were asked for and there is room for %llu",
                      (unsigned long long)n, (unsigned long long)capacity);
  if (status == FM_OK && std_errors != NULL && s->design != NULL) {
    status = fm__sample_errors(values, std_errors, s, calls, n, run, err);
    fm__free(calls);
    return status;
  }
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    status = fm__run_check(run, err);
    values[i] = fm__call_value(&calls[i], &c, &state);
    if (std_errors != NULL)
      std_errors[i] = NAN;
  }
  fm__free(calls);
  return status;
}

fm_status fm_income_sample_lorenz(double *ordinates, const fm_income_sample *s, const double *p, size_t n,
                                  fm_error *err)
{
  for (size_t i = 0; i < n; i++)
    if (!(p[i] >= 0 && p[i] <= 1)) {
      fm_status status = fm__fail(err, FM_ERR_ARGUMENT, "p: expected shares from 0 to 1");
      fm__error_place(err, NULL, "p", -1, (int64_t)i, -1);
      return status;
    }
  for (size_t i = 0; i < n; i++)
    ordinates[i] = s->dist.total > 0 ? fm__dist_poorest(&s->dist, p[i]) / s->dist.total : NAN;
  return FM_OK;
}

/* ---- influence of given rows ---- */

/* Incomes and their influence, in rising order. */
typedef struct curve {
  double *x, *u;
  size_t n;
} curve;

static void trace(curve *t, const fm__dist *d, const fm__influence *f)
{
  fm__influence_pass pass;
  fm__atom a;
  fm__influence_start(&pass, f);
  for (fm__dist_start(&a, d); fm__dist_next(&a);) {
    t->x[t->n] = a.x;
    t->u[t->n++] = fm__influence_next(&pass, &a) * d->w_scale;
  }
}

/* NaN when no row of the sample has that income. */
static double look_up(const curve *t, double x, bool *found)
{
  size_t low = 0, high = t->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (t->x[middle] < x)
      low = middle + 1;
    else
      high = middle;
  }
  *found = low < t->n && t->x[low] == x;
  return *found ? t->u[low] : NAN;
}

static fm_status fill(double *u, const fm_income_sample *s, const curve *t, const double *x, const double *w, size_t n,
                      fm_error *err)
{
  for (size_t i = 0; i < n; i++) {
    double income;
    bool found = false;
    fm_status status = fm__income_take(&income, x[i], w != NULL ? w[i] : 1, i, &s->rules, err);
    if (status != FM_OK)
      return status;
    u[i] = isnan(income) ? 0 : look_up(t, income * s->dist.x_scale, &found);
    if (!isnan(income) && !found)
      return refuse(i, "x", "this income is not in the sample; expected the rows it was made of", err);
  }
  return FM_OK;
}

fm_status fm_income_sample_influence(double *u, const fm_income_sample *s, const char *measure, const double *x,
                                     const double *w, size_t n, fm_error *err)
{
  fm__call *calls;
  size_t n_calls;
  fm__influence own, line;
  fm__income_context c = context_of(s);
  curve t = {.x = NULL};
  fm_status status = fm__calls_create(&calls, &n_calls, measure != NULL ? measure : "", err);
  if (status == FM_OK && n_calls != 1)
    status = fm__fail(err, FM_ERR_ARGUMENT, "measure: expected one, such as \"gini\"");
  if (status == FM_OK && calls[0].measure->influence == NULL)
    status = fm__fail(err, FM_ERR_ARGUMENT, "%s has no linearised error", calls[0].measure->name);
  if (status == FM_OK)
    status = fm__call_influence(&own, &line, &calls[0], &c, err);
  if (status == FM_OK && own.n == 0) /* no value */
    fm__influence_add(&own, &(fm__influence){1, {{.kind = FM__TERM_ONE, .a = NAN}}}, 1);
  if (status == FM_OK) {
    t.x = fm__array(s->dist.n_members, 2 * sizeof *t.x);
    status = t.x != NULL ? FM_OK : fm__no_memory(err);
  }
  if (status == FM_OK) {
    t.u = t.x + s->dist.n_members;
    trace(&t, &s->dist, &own);
    status = fill(u, s, &t, x, w, n, err);
  }
  fm__free(t.x);
  fm__free(calls);
  return status;
}
