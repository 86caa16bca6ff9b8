/* Matching people over two periods, and their places in each. */
#include "income/change/pairs_priv.h"

#include <math.h>
#include <string.h>

#include "num/num_priv.h"

/* ---- who is who ---- */

void fm__match_free(fm__match *m)
{
  fm__free(m->other);
  fm__free(m->income);
  fm__free(m->named);
  *m = (fm__match){.other = NULL};
}

static bool has_id(const fm__groups *people, uint32_t person)
{
  size_t length;
  for (size_t k = 0; k < fm__groups_n_columns(people); k++)
    if (fm__groups_text(people, person, k, &length) == NULL)
      return false;
  return true;
}

/* Finds the first row of each person in each period; a further row, too, belongs to that of the other period. */
static fm_status link_rows(fm__match *m, const fm__two *t, size_t *seen, fm_error *err)
{
  const fm__rows *rows = t->waves->records.rows;
  const fm__groups *people = fm__rows_ids(rows, 1);
  size_t n_people = fm__groups_count(people);
  for (size_t i = 0; i < 2 * n_people; i++)
    seen[i] = SIZE_MAX;
  for (size_t i = 0; i < fm__rows_n(rows); i++) {
    uint32_t person = fm__rows_id(rows, i, 1);
    m->named[i] = has_id(people, person);
    if (t->wave[i] == FM__OTHER_WAVE || !m->named[i] || !fm__two_is_first(t, i))
      continue;
    size_t *place = &seen[t->wave[i] * n_people + person];
    if (*place != SIZE_MAX || fm__rows_count(rows, i) > 1)
      return fm__fail(err, FM_ERR_VALUE, "a person has more than one row of the %s period, expected one row a person",
                      t->wave[i] == 0 ? "first" : "last");
    *place = i;
  }
  for (size_t i = 0; i < fm__rows_n(rows); i++)
    if (t->wave[i] != FM__OTHER_WAVE && m->named[i])
      m->other[i] = seen[(1 - t->wave[i]) * n_people + fm__rows_id(rows, i, 1)];
  return FM_OK;
}

fm_status fm__match_create(fm__match *m, fm__two *t, fm_error *err)
{
  const fm__rows *rows = t->waves->records.rows;
  size_t n = fm__rows_n(rows);
  *m = (fm__match){.other = fm__array(n, sizeof *m->other),
                   .income = fm__array(n, sizeof *m->income),
                   .named = fm__array(n, sizeof *m->named)};
  size_t *seen = fm__array(fm__groups_count(fm__rows_ids(rows, 1)), 2 * sizeof *seen);
  fm_status status =
      m->other != NULL && m->income != NULL && m->named != NULL && seen != NULL ? FM_OK : fm__no_memory(err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    const fm__dropped counted[2] = {t->dropped[0], t->dropped[1]};
    m->other[i] = SIZE_MAX;
    m->income[i] = t->wave[i] == FM__OTHER_WAVE ? NAN : fm__two_income(t, i);
    if (!fm__two_is_first(t, i))
      memcpy(t->dropped, counted, sizeof counted);
  }
  if (status == FM_OK)
    status = link_rows(m, t, seen, err);
  fm__free(seen);
  if (status != FM_OK)
    fm__match_free(m);
  return status;
}

bool fm__match_is_full(const fm__match *m, size_t row)
{
  return !isnan(m->income[row]) && m->other[row] != SIZE_MAX && !isnan(m->income[m->other[row]]);
}

/* ---- the people of a group ---- */

void fm__pairs_free(fm__pairs *p)
{
  for (size_t k = 0; k < 2; k++) {
    fm__free(p->x[k]);
    fm__free(p->order[k]);
    fm__free(p->place[k]);
  }
  fm__free(p->w);
  fm__free(p->unit);
  *p = (fm__pairs){.n = 0};
}

static fm_status make_room(fm__pairs *p, size_t n, fm_error *err)
{
  bool given = true;
  for (size_t k = 0; k < 2; k++) {
    p->x[k] = fm__array(n, sizeof *p->x[k]);
    p->order[k] = fm__array(n, sizeof *p->order[k]);
    p->place[k] = fm__array(n, sizeof *p->place[k]);
    given = given && p->x[k] != NULL && p->order[k] != NULL && p->place[k] != NULL;
  }
  p->w = fm__array(n, sizeof *p->w);
  p->unit = fm__array(n, sizeof *p->unit);
  return given && p->w != NULL && p->unit != NULL ? FM_OK : fm__no_memory(err);
}

static fm_status weight_of(double *w, const fm__two *t, size_t first, size_t last, const fm__pair_weights *weights,
                           fm_error *err)
{
  const fm__records *r = &t->waves->records;
  const double *a = fm__rows_numbers(r->rows, first), *b = fm__rows_numbers(r->rows, last);
  *w = r->weight != SIZE_MAX ? a[r->weight] : 1;
  if (weights->longitudinal != SIZE_MAX)
    *w = b[weights->longitudinal];
  if (weights->attrition != SIZE_MAX)
    *w *= b[weights->attrition];
  if (!(*w >= 0) || isinf(*w))
    return fm__fail(
        err, FM_ERR_VALUE,
        "a person with both incomes has no %s on the row of the last period; expected a finite number of at "
        "least 0",
        weights->longitudinal != SIZE_MAX ? "longitudinal weight" : "attrition factor");
  return FM_OK;
}

static fm_status sort_people(fm__pairs *p, fm_error *err)
{
  fm__item *items = fm__array(p->n, 2 * sizeof *items);
  if (items == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < 2; k++) {
    for (size_t i = 0; i < p->n; i++)
      items[i] = (fm__item){fm__order_key(p->x[k][i]), i};
    fm__sort_items(items, items + p->n, p->n);
    for (size_t i = 0; i < p->n; i++)
      p->order[k][i] = (uint32_t)items[i].value;
  }
  fm__free(items);
  return FM_OK;
}

fm_status fm__pairs_create(fm__pairs *p, const fm__two *t, const fm__match *m, size_t group,
                           const fm__pair_weights *weights, fm_error *err)
{
  size_t n = 0, first = t->start[group], end = t->start[group + 1];
  *p = (fm__pairs){.n = 0};
  for (size_t i = first; i < end; i++)
    n += t->wave[i] == 0 && fm__two_counts(t, i) && fm__match_is_full(m, i);
  fm_status status = n < UINT32_MAX ? make_room(p, n, err) : fm__fail(err, FM_ERR_LIMIT, "more than 2^32 people");
  for (size_t i = first; i < end && status == FM_OK; i++) {
    if (t->wave[i] != 0 || !fm__two_counts(t, i) || !fm__match_is_full(m, i))
      continue;
    double w;
    status = weight_of(&w, t, i, m->other[i], weights, err);
    if (status != FM_OK || w == 0)
      continue;
    p->x[0][p->n] = m->income[i];
    p->x[1][p->n] = m->income[m->other[i]];
    p->unit[p->n] = t->prepared.unit[i];
    p->w[p->n++] = w;
  }
  if (status == FM_OK)
    status = sort_people(p, err);
  if (status == FM_OK)
    fm__pairs_weigh(p, p->w);
  else
    fm__pairs_free(p);
  return status;
}

/* ---- places ---- */

static void running(double *high, double *low, double term)
{
  double sum = *high + term, part = sum - *high;
  *low += (*high - (sum - part)) + (term - part);
  *high = sum;
}

static void place_people(fm__pairs *p, int32_t wave)
{
  const uint32_t *order = p->order[wave];
  const double *x = p->x[wave];
  double high = 0, low = 0, before = 0;
  for (size_t i = 0, end; i < p->n; i = end) {
    for (end = i; end < p->n && x[order[end]] == x[order[i]]; end++)
      running(&high, &low, p->w[order[end]]);
    double upto = end < p->n ? fmin((high + low) / p->weight, 1) : 1;
    for (size_t k = i; k < end; k++)
      p->place[wave][order[k]] = (fm__place){before, upto};
    before = upto;
  }
}

void fm__pairs_weigh(fm__pairs *p, const double *w)
{
  fm__sum sum = {.pending = 0}, squares = {.pending = 0};
  if (w != p->w && p->n > 0)
    memcpy(p->w, w, p->n * sizeof *w);
  fm__sum_add_n(&sum, p->w, p->n);
  p->weight = fm__sum_value(&sum);
  for (size_t i = 0; i < p->n; i++)
    fm__sum_add(&squares, p->w[i] / p->weight * (p->w[i] / p->weight));
  p->effective = 1 / fm__sum_value(&squares);
  place_people(p, 0);
  place_people(p, 1);
}

/* ---- means and influences ---- */

double fm__pairs_mean(const fm__pairs *p, const double *y)
{
  fm__sum sum = {.pending = 0};
  for (size_t i = 0; i < p->n; i++)
    fm__sum_add(&sum, p->w[i] / p->weight * y[i]);
  return p->n > 0 ? fm__sum_value(&sum) : NAN;
}

/* The window is Silverman's for ranks, which are spread evenly: 0.9 times their standard deviation, sqrt(1/12). */
double fm__pairs_near(const fm__pairs *p, int32_t wave, double a, const double *y)
{
  double half = 0.9 * sqrt(1 / 12.0) * fm__pow(p->effective, -0.2);
  const uint32_t *order = p->order[wave];
  fm__sum weight = {.pending = 0}, total = {.pending = 0};
  size_t low = 0, high = p->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (p->place[wave][order[middle]].high <= a - half)
      low = middle + 1;
    else
      high = middle;
  }
  for (; low < p->n && p->place[wave][order[low]].low < a + half; low++) {
    double w = p->w[order[low]] / p->weight * fm__place_between(p->place[wave][order[low]], a - half, a + half);
    fm__sum_add(&weight, w);
    fm__sum_add(&total, w * y[order[low]]);
  }
  return fm__sum_value(&total) / fm__sum_value(&weight);
}

/* The rank of j is (weight below j + half the weight at j) / W, so that person i moves it by 1, 1/2 or 0 minus the rank
 * itself: what i adds to the mean is the sum over j of w_j slope_j / W times that. */
void fm__pairs_rank_influence(double *u, const fm__pairs *p, int32_t wave, const double *slope, double *scratch)
{
  const uint32_t *order = p->order[wave];
  const double *x = p->x[wave];
  for (size_t i = 0; i < p->n; i++)
    scratch[i] = slope[i] * fm__place_rank(p->place[wave][i]);
  double own = fm__pairs_mean(p, scratch), high = 0, low = 0; /* running: people with a higher income */
  for (size_t end = p->n, i; end > 0; end = i) {
    double before = high + low;
    for (i = end; i > 0 && x[order[i - 1]] == x[order[end - 1]]; i--)
      running(&high, &low, p->w[order[i - 1]] / p->weight * slope[order[i - 1]]);
    for (size_t k = i; k < end; k++)
      u[order[k]] += 0.5 * (before + (high + low)) - own;
  }
}
