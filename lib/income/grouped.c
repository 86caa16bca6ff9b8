/* Measures of many groups of plain arrays. */
#include <math.h>

#include "income/influence_priv.h"

/* The rows by group, as the rules leave them. */
typedef struct sorted {
  double *x, *w;
  size_t *start; /* n_groups + 1 */
} sorted;

static void sorted_free(sorted *s)
{
  fm__free(s->x);
  fm__free(s->start);
  *s = (sorted){.x = NULL};
}

static fm_status count(size_t *start, const int32_t *group, size_t n, size_t n_groups, fm_error *err)
{
  for (size_t i = 0; i < n; i++) {
    if (group[i] < 0 || (size_t)group[i] >= n_groups) {
      fm_status status = fm__fail(err, FM_ERR_VALUE, "row %llu: the group is %d; expected 0 to %llu",
                                  (unsigned long long)i, (int)group[i], (unsigned long long)n_groups - 1);
      fm__error_place(err, NULL, "group", -1, (int64_t)i, -1);
      return status;
    }
    start[group[i] + 1]++;
  }
  for (size_t g = 0; g < n_groups; g++)
    start[g + 1] += start[g];
  return FM_OK;
}

static fm_status sort_groups(sorted *s, const double *x, const double *w, const int32_t *group, size_t n,
                             size_t n_groups, const fm_income_rules *rules, fm_error *err)
{
  *s = (sorted){.x = fm__array(n, 2 * sizeof *s->x), .start = fm__array(n_groups + 1, sizeof *s->start)};
  size_t *place = fm__array(n_groups + 1, sizeof *place);
  fm_status status = s->x != NULL && s->start != NULL && place != NULL ? FM_OK : fm__no_memory(err);
  if (status == FM_OK)
    status = count(s->start, group, n, n_groups, err);
  s->w = s->x != NULL ? s->x + n : NULL;
  for (size_t g = 0; g < n_groups && status == FM_OK; g++)
    place[g] = s->start[g];
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    double income, weight = w != NULL ? w[i] : 1;
    status = fm__income_take(&income, x[i], weight, i, rules, err);
    size_t at = place[group[i]]++;
    s->x[at] = isnan(income) ? 0 : income;
    s->w[at] = isnan(income) ? 0 : weight;
  }
  fm__free(place);
  if (status != FM_OK)
    sorted_free(s);
  return status;
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

fm_status fm_income_grouped_values(double *values, size_t n_measures, const double *x, const double *w,
                                   const int32_t *group, size_t n, size_t n_groups, const char *measures,
                                   const fm_income_rules *rules, const fm_run *run, fm_error *err)
{
  fm_income_rules r;
  fm__call *calls = NULL;
  sorted rows = {.x = NULL};
  fm__dist whole = {.owned = NULL}, own = {.owned = NULL};
  size_t n_calls = 0;
  const char *state;
  fm_status status = fm__income_rules_take(&r, rules, err);
  if (status == FM_OK)
    status = fm__calls_create(&calls, &n_calls, measures, err);
  if (status == FM_OK && n_calls != n_measures)
    status = fm__fail(err, FM_ERR_ARGUMENT, "%llu measures were asked for and n_measures is %llu",
                      (unsigned long long)n_calls, (unsigned long long)n_measures);
  if (status == FM_OK)
    status = sort_groups(&rows, x, w, group, n, n_groups, &r, err);
  bool national = status == FM_OK && needs_whole(calls, n_calls, &r);
  if (national)
    status = fm__dist_of_columns(&whole, rows.x, rows.w, n, run, err);
  for (size_t g = 0; g < n_groups && status == FM_OK; g++) {
    size_t first = rows.start[g];
    status = fm__dist_of_columns(&own, rows.x + first, rows.w + first, rows.start[g + 1] - first, run, err);
    fm__income_context c = {&r, &own, national ? &whole : &own};
    for (size_t i = 0; i < n_calls && status == FM_OK; i++)
      values[g * n_measures + i] = fm__call_value(&calls[i], &c, &state);
    fm__dist_free(&own);
  }
  fm__dist_free(&whole);
  sorted_free(&rows);
  fm__free(calls);
  return status;
}
