/* income.distribution: one population a group, the whole, and everyone for the poverty line. */
#include <math.h>
#include <string.h>

#include "income/distribution/distribution_priv.h"
#include "num/num_priv.h"

/* ---- one population ---- */

static bool in_domain(const void *context, const fm__records *r, size_t row)
{
  const fm__distribution *t = context;
  return t->domain == SIZE_MAX || fm__rows_numbers(r->rows, row)[t->domain] == 1;
}

/* Rows that count once for everybody. */
static bool is_first(const void *context, const fm__records *r, size_t row)
{
  const fm__distribution *t = context;
  return t->first_row == SIZE_MAX || fm__rows_numbers(r->rows, row)[t->first_row] != 0;
}

static bool in_whole(const void *context, const fm__records *r, size_t row)
{
  return in_domain(context, r, row) && is_first(context, r, row);
}

/* Weighted share of the incomes whose mark at `place` is true. */
static double marked_share(const fm__income_groups *g, size_t first, size_t end, fm__belongs belongs, size_t place,
                           const fm__dist *d)
{
  const fm__records *r = &g->t->records;
  fm__dropped ignored = {0, 0, 0};
  fm__sum sum = {.pending = 0};
  if (place == SIZE_MAX || d->n_members == 0)
    return NAN;
  for (size_t i = first; i < end; i++) {
    const double *numbers = fm__rows_numbers(r->rows, i);
    if (numbers[place] != 1 || !belongs(g->t, r, i) || isnan(fm__prepared_income(&g->prepared, i, &ignored)))
      continue;
    double weight = (r->weight != SIZE_MAX ? numbers[r->weight] : 1) * d->w_scale;
    double count = (double)fm__rows_count(r->rows, i), product = count * weight;
    fm__sum_add(&sum, product);
    fm__sum_add(&sum, fma(count, weight, -product));
  }
  return fm__sum_value(&sum) / d->weight;
}

/* Of the rows first to end that belong. */
static fm_status make_one(fm__income_group *to, const fm__income_groups *g, size_t first, size_t end,
                          fm__belongs belongs, const fm_run *run, fm_error *err)
{
  const fm__distribution *t = g->t;
  fm_status status = fm__prepared_population(&to->dist, NULL, &g->prepared, first, end, belongs, t, run, err);
  if (status != FM_OK)
    return status;
  to->imputed = marked_share(g, first, end, belongs, t->imputed, &to->dist);
  to->top_coded = marked_share(g, first, end, belongs, t->top_coded, &to->dist);
  if (!(to->top_coded > 0))
    return FM_OK;
  fm__prepared p = g->prepared; /* the same rows and design */
  p.doubled = t->top_coded;
  return fm__prepared_population(&to->doubled, NULL, &p, first, end, belongs, t, run, err);
}

/* ---- all of them ---- */

fm_status fm__in_rounds(size_t *first, fm_task task, void *ctx, size_t n, double from, double to, const fm_run *run,
                        fm_error *err)
{
  enum { ROUND = 64 };
  fm_status status = FM_OK;
  for (*first = 0; *first < n && status == FM_OK; *first += ROUND) {
    size_t now = n - *first < ROUND ? n - *first : ROUND;
    status = fm__run_tasks(run, task, ctx, now, err);
    if (status == FM_OK)
      status = fm__run_progress(run, from + (to - from) * (double)(*first + now) / (double)n, err);
  }
  return status;
}

static fm_status make_group(void *ctx, size_t i)
{
  fm__income_groups *g = ctx;
  size_t k = g->first + i;
  return make_one(&g->group[k], g, g->start[k], g->start[k + 1], in_domain, NULL, NULL);
}

static fm_status make_all(fm__income_groups *g, const fm_run *run, fm_error *err)
{
  const fm__records *r = &g->t->records;
  size_t n_rows = fm__rows_n(r->rows);
  fm_status status = fm__in_rounds(&g->first, make_group, g, g->n_groups, 0, 0.3, run, err);
  if (status == FM_OK && g->whole != SIZE_MAX && g->whole >= g->n_groups)
    status = make_one(&g->group[g->whole], g, 0, n_rows, in_whole, run, err);
  if (status == FM_OK && g->everyone != SIZE_MAX && g->everyone != g->whole)
    status = make_one(&g->group[g->everyone], g, 0, n_rows, is_first, run, err);
  for (size_t k = 0; k < g->n && status == FM_OK; k++) {
    g->dists[k] = &g->group[k].dist;
    g->doubled[k] = g->group[k].doubled.n_members > 0 ? &g->group[k].doubled : &g->group[k].dist;
  }
  for (size_t i = 0; i < n_rows && status == FM_OK; i++)
    if (in_whole(g->t, r, i))
      fm__prepared_income(&g->prepared, i, &g->dropped);
  return status;
}

/* ---- which there are ---- */

static bool has_keys(const fm__groups *groups, size_t g, const char *keys)
{
  for (size_t k = 0; k < fm__groups_n_columns(groups); k++) {
    size_t length = 0, n = strcspn(keys, ",");
    const char *text = fm__groups_text(groups, g, k, &length);
    if (text == NULL || length != n || memcmp(text, keys, n) != 0)
      return false;
    keys += keys[n] == ',' ? n + 1 : n;
  }
  return true;
}

static fm_status find_reference(fm__income_groups *g, fm_error *err)
{
  const char *reference = g->t->reference;
  g->reference = SIZE_MAX;
  if (reference == NULL)
    return FM_OK;
  if (strcmp(reference, "total") == 0)
    g->reference = g->whole;
  for (size_t k = 0; k < g->n_groups && g->reference == SIZE_MAX; k++)
    if (has_keys(fm__rows_ids(g->t->records.rows, 0), k, reference))
      g->reference = k;
  return g->reference != SIZE_MAX
             ? FM_OK
             : fm__fail(err, FM_ERR_NOT_FOUND, "reference: there is no group \"%s\" in the data", reference);
}

static bool needs_everyone(const fm__distribution *t)
{
  int32_t kind = t->records.rules.line_kind;
  if (kind == FM_INCOME_LINE_DOMAIN || kind == FM_INCOME_LINE_DOMAIN_MEAN)
    return false;
  for (size_t k = 0; k < t->n_calls; k++)
    if (t->calls[k].measure->uses_line)
      return true;
  return false;
}

static void set_places(fm__income_groups *g)
{
  const fm__distribution *t = g->t;
  const fm__groups *groups = fm__rows_ids(t->records.rows, 0);
  bool total = t->total || (t->reference != NULL && strcmp(t->reference, "total") == 0);
  g->n_groups = g->n = fm__groups_count(groups);
  g->whole = g->everyone = SIZE_MAX;
  if (fm__groups_n_columns(groups) == 0)
    g->whole = 0;
  else if (total)
    g->whole = g->n++;
  if (needs_everyone(t))
    g->everyone = t->domain == SIZE_MAX && g->whole != SIZE_MAX ? g->whole : g->n++;
}

fm_status fm__income_groups_make(fm__income_groups *g, fm__distribution *t, const fm_run *run, fm_error *err)
{
  g->t = t;
  fm_status status = fm__records_prepare(&g->prepared, &t->records, err);
  if (status == FM_OK)
    status = fm__prepared_starts(&g->start, &g->prepared, err);
  if (status != FM_OK)
    return status;
  set_places(g);
  g->group = fm__array(g->n, sizeof *g->group);
  g->dists = fm__array(g->n, sizeof *g->dists);
  g->doubled = fm__array(g->n, sizeof *g->doubled);
  if (g->group == NULL || g->dists == NULL || g->doubled == NULL)
    return fm__no_memory(err);
  status = find_reference(g, err);
  return status == FM_OK ? make_all(g, run, err) : status;
}

void fm__income_groups_free(fm__income_groups *g)
{
  for (size_t k = 0; g->group != NULL && k < g->n; k++) {
    fm__dist_free(&g->group[k].dist);
    fm__dist_free(&g->group[k].doubled);
  }
  fm__free(g->group);
  fm__free(g->dists);
  fm__free(g->doubled);
  fm__free(g->start);
  fm__prepared_free(&g->prepared);
}
