/* Measures of many groups of plain arrays. */
#include <math.h>

#include "income/measure/influence_priv.h"

/* The rows as the rules leave them: those given, or copies. */
typedef struct rows {
  const double *x, *w;
  double *copies; /* x, then w */
  size_t n;
} rows;

static fm_status refuse_group(size_t row, int32_t group, size_t n_groups, fm_error *err)
{
  fm_status status = fm__fail(err, FM_ERR_VALUE, "row %llu: the group is %d; expected 0 to %llu",
                              (unsigned long long)row, (int)group, (unsigned long long)n_groups - 1);
  fm__error_place(err, NULL, "group", -1, (int64_t)row, -1);
  return status;
}

/* Checks all rows; from the first that the rules leave out or change, copies are made. */
static fm_status take_rows(rows *r, const int32_t *group, size_t n_groups, const fm_income_rules *rules, fm_error *err)
{
  for (size_t i = 0; i < r->n; i++) {
    double income, weight = r->w != NULL ? r->w[i] : 1;
    if (group[i] < 0 || (size_t)group[i] >= n_groups)
      return refuse_group(i, group[i], n_groups, err);
    if (fm__income_is_plain(r->x[i], weight))
      continue;
    fm_status status = fm__income_take(&income, r->x[i], weight, i, rules, err);
    if (status != FM_OK)
      return status;
    if (income == r->x[i] || (weight == 0 && r->copies == NULL))
      continue;
    if (r->copies == NULL) {
      r->copies = fm__array(r->n, 2 * sizeof *r->copies);
      if (r->copies == NULL)
        return fm__no_memory(err);
      for (size_t k = 0; k < r->n; k++) {
        r->copies[k] = r->x[k];
        r->copies[r->n + k] = r->w != NULL ? r->w[k] : 1;
      }
      r->x = r->copies;
      r->w = r->copies + r->n;
    }
    r->copies[i] = isnan(income) ? 0 : income;
    r->copies[r->n + i] = isnan(income) ? 0 : weight;
  }
  return FM_OK;
}

static bool needs_whole(const fm__call *calls, size_t n, const fm_income_rules *rules)
{
  if (rules->line_kind == FM_INCOME_LINE_DOMAIN || rules->line_kind == FM_INCOME_LINE_DOMAIN_MEAN)
    return false;
  for (size_t i = 0; i < n; i++)
    if (calls[i].measure->uses_line)
      return true;
  return false;
}

static fm_status values_of(double *values, const fm__dists *groups, const fm__dist *whole, const fm__call *calls,
                           size_t n_calls, const fm_income_rules *rules, const fm_run *run, fm_error *err)
{
  const char *state;
  fm_status status = FM_OK;
  for (size_t g = 0; g < groups->n && status == FM_OK; g++) {
    const fm__dist *own = &groups->of[g];
    fm__income_context c = {.rules = rules, .own = own, .line_from = whole != NULL ? whole : own};
    status = fm__run_check(run, err);
    for (size_t i = 0; i < n_calls && status == FM_OK; i++)
      values[g * n_calls + i] = fm__call_value(&calls[i], &c, &state);
  }
  return status;
}

/* ---- by selection, where nothing but bottom shares and means is asked for ---- */

enum { MOST_SHARES = 2 }; /* for more of them one sort costs less */

/* The distinct shares, and the one of each call; 0: the measures need the whole order. */
static size_t shares_of(double p[MOST_SHARES], const fm__call *calls, size_t n_calls, const fm_income_rules *rules)
{
  size_t n = 0;
  for (size_t i = 0; i < n_calls; i++) {
    size_t k = 0;
    if (calls[i].measure->of_bottom == NULL || rules->share != FM_INCOME_SHARE_FRACTIONAL)
      return 0;
    while (k < n && p[k] != calls[i].p[0])
      k++;
    if (k == MOST_SHARES)
      return 0;
    p[k] = calls[i].p[0];
    n += k == n;
  }
  return n;
}

/* Whether sums of w x lost nothing below the least double and stayed far from the largest. */
static bool is_near_one(double v)
{
  return fabs(v) > 0x1p-600 && fabs(v) < 0x1p600;
}

static bool is_plain(const fm__bottom *b)
{
  bool bottom = is_near_one(b->bottom_total) || (b->bottom_total == 0 && b->cut == 0);
  return b->weight == 0 || (is_near_one(b->weight) && is_near_one(b->total) && bottom);
}

/* *done: not where sums leave the range that needs no scale. */
static fm_status select_values(double *values, bool *done, const rows *r, const int32_t *group, size_t n_groups,
                               const fm__call *calls, size_t n_calls, const fm_income_rules *rules, const fm_run *run,
                               fm_error *err)
{
  double p[MOST_SHARES];
  size_t n_p = shares_of(p, calls, n_calls, rules), n_cells;
  *done = false;
  if (n_p == 0)
    return FM_OK;
  fm__bottom *of = fm__multiply(n_groups, n_p, &n_cells) ? fm__array(n_cells, sizeof *of) : NULL;
  if (of == NULL)
    return fm__no_memory(err);
  fm_status status = fm__bottom_groups(of, r->x, r->w, group, r->n, n_groups, p, n_p, run, err);
  *done = status == FM_OK;
  for (size_t k = 0; k < n_cells && *done; k++)
    *done = is_plain(&of[k]);
  for (size_t i = 0; i < n_groups * n_calls && *done; i++) {
    const fm__call *call = &calls[i % n_calls];
    const fm__bottom *b = &of[i / n_calls * n_p];
    values[i] = fm__call_of_bottom(call, call->p[0] == p[0] ? b : b + 1, rules);
  }
  fm__free(of);
  return status;
}

fm_status fm_income_grouped_values(double *values, size_t n_measures, const double *x, const double *w,
                                   const int32_t *group, size_t n, size_t n_groups, const char *measures,
                                   const fm_income_rules *rules, const fm_run *run, fm_error *err)
{
  fm_income_rules r;
  fm__call *calls = NULL;
  rows given = {.x = x, .w = w, .n = n};
  fm__dists groups = {.n = 0};
  fm__dist whole = {.owned = NULL};
  size_t n_calls = 0;
  fm_status status = fm__income_rules_take(&r, rules, err);
  if (status == FM_OK)
    status = fm__calls_create(&calls, &n_calls, measures, err);
  if (status == FM_OK && n_calls != n_measures)
    status = fm__fail(err, FM_ERR_ARGUMENT, "%llu measures were asked for and n_measures is %llu",
                      (unsigned long long)n_calls, (unsigned long long)n_measures);
  if (status == FM_OK)
    status = take_rows(&given, group, n_groups, &r, err);
  bool done = false;
  if (status == FM_OK)
    status = select_values(values, &done, &given, group, n_groups, calls, n_calls, &r, run, err);
  bool wanted = status == FM_OK && !done, national = wanted && needs_whole(calls, n_calls, &r);
  if (national)
    status = fm__dist_of_columns(&whole, given.x, given.w, n, run, err);
  if (wanted && status == FM_OK)
    status = fm__dists_of_groups(&groups, given.x, given.w, group, n, n_groups, run, err);
  if (wanted && status == FM_OK)
    status = values_of(values, &groups, national ? &whole : NULL, calls, n_calls, &r, run, err);
  fm__dists_free(&groups);
  fm__dist_free(&whole);
  fm__free(given.copies);
  fm__free(calls);
  return status;
}
