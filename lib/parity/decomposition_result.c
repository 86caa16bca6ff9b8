/* The figures of parity.decomposition. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "parity/decomposition_state_priv.h"

enum { KEY_GROUP, KEY_COEFFICIENTS, KEY_COVARIATE, N_KEYS };

/* A column of the regression: the constant or a number, where the cell has the level of a category. */
typedef struct regressor {
  size_t number;           /* of the sums */
  size_t category;         /* SIZE_MAX: none */
  const char *name, *text; /* of a level; borrowed from the cells */
} regressor;

typedef struct comparison {
  const fm__decomposition *t;
  const uint32_t *order; /* of all cells */
  size_t first, end;     /* of this comparison, by place */
  regressor *columns;
  size_t k;
  double *shift;
} comparison;

typedef struct page {
  fm__result *r;
  const fm__decomposition *t;
  double z;
  int64_t n, people;
  double weight;
} page;

/* ---- cells ---- */

static bool same_text(const char *a, size_t n, const char *b, size_t m)
{
  return (a == NULL) == (b == NULL) && n == m && (a == NULL || memcmp(a, b, n) == 0);
}

static bool same_keys(const fm__groups *g, size_t a, size_t b, size_t first, size_t n)
{
  for (size_t k = first; k < first + n; k++) {
    size_t la = 0, lb = 0;
    const char *ta = fm__groups_text(g, a, k, &la), *tb = fm__groups_text(g, b, k, &lb);
    if (!same_text(ta, la, tb, lb))
      return false;
  }
  return true;
}

static size_t end_of(const fm__decomposition *t, const uint32_t *order, size_t first, size_t limit, size_t n_keys)
{
  size_t end = first + 1;
  while (end < limit && same_keys(t->cells, order[first], order[end], 0, n_keys))
    end++;
  return end;
}

static bool holds(const fm__decomposition *t, uint32_t cell, const regressor *c)
{
  return c->category == SIZE_MAX ||
         strcmp(fm__groups_text(t->cells, cell, t->n_by + t->n_group + c->category, NULL), c->text) == 0;
}

/* ---- the columns of the regression ---- */

/* Puts a level in order among those from `from` on. */
static void put_level(comparison *c, size_t from, size_t category, const char *name, const char *text)
{
  size_t at = c->k;
  while (at > from && strcmp(c->columns[at - 1].text, text) > 0)
    at--;
  if (at > from && strcmp(c->columns[at - 1].text, text) == 0)
    return;
  memmove(&c->columns[at + 1], &c->columns[at], (c->k - at) * sizeof *c->columns);
  c->columns[at] = (regressor){0, category, name, text};
  c->k++;
}

static fm_status put_levels(comparison *c, size_t category, const fm__term *term, fm_error *err)
{
  size_t from = c->k;
  bool found = false;
  for (size_t i = c->first; i < c->end; i++) {
    if (c->t->grams.items[c->order[i]].n == 0)
      continue; /* all its rows were left out */
    const char *text = fm__groups_text(c->t->cells, c->order[i], c->t->n_by + c->t->n_group + category, NULL);
    bool base = strcmp(text, term->base) == 0;
    found |= base;
    if (!base)
      put_level(c, from, category, term->name, text);
  }
  if (!found)
    return fm__fail(err, FM_ERR_NOT_FOUND, "covariates: nobody has the base \"%s\" of %s", term->base, term->name);
  return FM_OK;
}

static fm_status name_columns(comparison *c, fm_error *err)
{
  const fm__decomposition *t = c->t;
  size_t number = 1, category = 0;
  fm_status status = FM_OK;
  c->columns = fm__array(1 + t->n_numbers + t->n_categories * (c->end - c->first), sizeof *c->columns);
  if (c->columns == NULL)
    return fm__no_memory(err);
  c->columns[c->k++] = (regressor){0, SIZE_MAX, "constant", NULL};
  for (size_t k = 0; k < t->n_terms && status == FM_OK; k++)
    if (t->terms[k].base == NULL)
      c->columns[c->k++] = (regressor){number++, SIZE_MAX, t->terms[k].name, NULL};
    else
      status = put_levels(c, category++, &t->terms[k], err);
  return status;
}

/* ---- sums and fits ---- */

/* Sums of products of the regression's columns and the outcome, over cells from `first` to `end`. */
static void gather(fm__dd *out, int64_t *n, const comparison *c, size_t first, size_t end)
{
  size_t side = c->k + 1;
  const regressor outcome = {c->t->n_numbers + 1, SIZE_MAX, NULL, NULL};
  *n = 0;
  for (size_t k = 0; k < side * side; k++)
    out[k] = (fm__dd){0, 0};
  for (size_t i = first; i < end; i++) {
    uint32_t cell = c->order[i];
    if (c->t->grams.items[cell].n == 0)
      continue;
    *n += c->t->grams.items[cell].n;
    for (size_t a = 0; a < side; a++) {
      const regressor *x = a < c->k ? &c->columns[a] : &outcome;
      for (size_t b = 0; b <= a && holds(c->t, cell, x); b++) {
        const regressor *y = b < c->k ? &c->columns[b] : &outcome;
        if (holds(c->t, cell, y))
          out[a * side + b] =
              fm__dd_add(out[a * side + b], fm__parity_grams_value(&c->t->grams, cell, x->number, y->number));
      }
    }
  }
  for (size_t a = 0; a < side; a++)
    for (size_t b = 0; b < a; b++)
      out[b * side + a] = out[a * side + b];
}

static fm_status fit(fm__parity_fit *out, const comparison *c, size_t first, size_t end, fm_error *err)
{
  int64_t n;
  fm__dd *sums = fm__array((c->k + 1) * (c->k + 1), sizeof *sums);
  if (sums == NULL)
    return fm__no_memory(err);
  gather(sums, &n, c, first, end);
  fm_status status = fm__parity_fit_of(out, sums, c->k, n, c->shift, err);
  fm__free(sums);
  return status;
}

/* The means of all, from which covariates are counted. */
static fm_status find_shift(comparison *c, fm_error *err)
{
  int64_t n;
  fm__dd *sums = fm__array((c->k + 1) * (c->k + 1), sizeof *sums);
  c->shift = fm__array(c->k, sizeof *c->shift);
  if (sums == NULL || c->shift == NULL) {
    fm__free(sums);
    return fm__no_memory(err);
  }
  gather(sums, &n, c, c->first, c->end);
  for (size_t k = 1; k < c->k; k++)
    c->shift[k] = sums[k].hi / sums[0].hi;
  fm__free(sums);
  return FM_OK;
}

static fm_status count_people(int64_t *people, int64_t *n, const comparison *c, size_t first, size_t end, fm_error *err)
{
  const fm__people *p = &c->t->people;
  uint64_t *ids = fm__array(p->n, 2 * sizeof *ids);
  uint8_t *in = fm__array(c->t->grams.n, 1);
  size_t found = 0;
  fm_status status = ids != NULL && in != NULL ? FM_OK : fm__no_memory(err);
  *n = 0;
  for (size_t i = first; i < end && status == FM_OK; i++) {
    *n += c->t->grams.items[c->order[i]].n;
    in[c->order[i]] = 1;
  }
  for (size_t i = 0; i < p->n && status == FM_OK; i++)
    if (in[p->items[i].group] != 0)
      ids[found++] = p->items[i].id.low;
  if (status == FM_OK)
    *people = c->t->spec.cluster != NULL ? fm__parity_distinct(ids, ids + p->n, found) : *n;
  fm__free(ids);
  fm__free(in);
  return status;
}

/* ---- figures ---- */

static void put(const page *p, const char *quantity, const char *unit, double value, double error)
{
  fm__figure f = fm__figure_of(quantity, unit);
  bool known = !isnan(error) && !isnan(value);
  f.value = value;
  f.std_error = error;
  f.ci_low = known ? value - p->z * error : NAN;
  f.ci_high = known ? value + p->z * error : NAN;
  f.level = known ? p->t->spec.level : NAN;
  f.n = p->n;
  f.people = p->people;
  f.weight = p->t->weighted ? p->weight : NAN;
  f.state = isnan(value) ? FM__UNDEFINED : FM__OK;
  fm__result_add(p->r, &f);
}

static void set_key(const page *p, size_t key, const char *text)
{
  fm__result_key_text(p->r, p->t->n_by + key, text, text != NULL ? strlen(text) : 0);
}

/* NULL: of all together. */
static void set_covariate(const page *p, const regressor *c)
{
  char text[256];
  if (c != NULL && c->text != NULL)
    snprintf(text, sizeof text, "%s:%s", c->name, c->text);
  set_key(p, KEY_COVARIATE, c == NULL ? NULL : c->text != NULL ? text : c->name);
}

static void put_coefficients(const page *p, const comparison *c, const fm__parity_fit *plain)
{
  for (size_t k = 0; k < c->k; k++) {
    set_covariate(p, &c->columns[k]);
    put(p, "regression_coefficient", "value", plain->known ? plain->b[k] : NAN,
        plain->known ? sqrt(plain->v[k * c->k + k]) : NAN);
  }
  set_covariate(p, NULL);
}

typedef struct pair {
  fm__parity_fit a, b;             /* covariates less the shift */
  fm__parity_fit plain_a, plain_b; /* as they are: parts of single covariates */
  double *scratch;
  bool known;
} pair;

static const fm__parity_part nothing = {NAN, NAN};

static void put_two(const page *p, const comparison *c, const pair *q, const double *w, const double *plain)
{
  static const char *const names[] = {"explained", "unexplained"};
  fm__parity_part parts[2] = {nothing, nothing};
  for (size_t k = 0; k <= c->k; k++) {
    const regressor *of = k < c->k ? &c->columns[k] : NULL;
    if (w != NULL && of == NULL)
      fm__parity_two_parts(parts, &q->a, &q->b, w, q->scratch);
    else if (w != NULL)
      fm__parity_two_parts_of(parts, k, &q->plain_a, &q->plain_b, plain, q->scratch);
    set_covariate(p, of);
    for (size_t part = 0; part < 2; part++)
      put(p, names[part], "value", parts[part].value, parts[part].error);
  }
}

static fm_status put_twofold(const page *p, const comparison *c, const pair *q, fm_error *err)
{
  fm_status status = FM_OK;
  for (int32_t of = 0; of < FM__PARITY_N_PRICES && status == FM_OK; of++) {
    double *w = NULL, *plain = NULL;
    if ((c->t->chosen >> of & 1) == 0)
      continue;
    if (q->known)
      status = fm__parity_prices(&w, of, &q->a, &q->b, err);
    if (w != NULL) {
      plain = fm__array(c->k * c->k, sizeof *plain);
      status = plain != NULL ? FM_OK : fm__no_memory(err);
    }
    if (plain != NULL) {
      memcpy(plain, w, c->k * c->k * sizeof *plain);
      fm__parity_prices_unshift(plain, c->k, c->shift);
    }
    set_key(p, KEY_COEFFICIENTS, fm__decomposition_coefficients(of));
    if (status == FM_OK)
      put_two(p, c, q, w, plain);
    fm__free(w);
    fm__free(plain);
  }
  return status;
}

/* Means with the reference's coefficients, coefficients with the reference's means, both. */
static void put_threefold(const page *p, const comparison *c, const pair *q, const double *none, const double *all)
{
  for (size_t k = 0; k <= c->k; k++) {
    const regressor *of = k < c->k ? &c->columns[k] : NULL;
    fm__parity_part means[2] = {nothing, nothing}, prices[2] = {nothing, nothing}, both = nothing;
    if (q->known && of == NULL) {
      fm__parity_two_parts(means, &q->a, &q->b, none, q->scratch);
      fm__parity_two_parts(prices, &q->a, &q->b, all, q->scratch);
      both = fm__parity_interaction(SIZE_MAX, &q->a, &q->b, q->scratch);
    } else if (q->known) {
      fm__parity_two_parts_of(means, k, &q->plain_a, &q->plain_b, none, q->scratch);
      fm__parity_two_parts_of(prices, k, &q->plain_a, &q->plain_b, all, q->scratch);
      both = fm__parity_interaction(k, &q->plain_a, &q->plain_b, q->scratch);
    }
    set_covariate(p, of);
    put(p, "endowments", "value", means[0].value, means[0].error);
    put(p, "coefficient_part", "value", prices[1].value, prices[1].error);
    put(p, "interaction", "value", both.value, both.error);
  }
}

static void pair_close(pair *q)
{
  fm__parity_fit_close(&q->a);
  fm__parity_fit_close(&q->b);
  fm__parity_fit_close(&q->plain_a);
  fm__parity_fit_close(&q->plain_b);
  fm__free(q->scratch);
}

static fm_status pair_open(pair *q, const comparison *c, size_t first, size_t end, size_t r_first, size_t r_end,
                           fm_error *err)
{
  *q = (pair){.scratch = fm__array(c->k, 6 * sizeof(double))};
  fm_status status = q->scratch != NULL ? fit(&q->a, c, first, end, err) : fm__no_memory(err);
  if (status == FM_OK)
    status = fit(&q->b, c, r_first, r_end, err);
  if (status == FM_OK)
    status = fit(&q->plain_a, c, first, end, err);
  if (status == FM_OK)
    status = fit(&q->plain_b, c, r_first, r_end, err);
  if (status != FM_OK)
    return status;
  q->known = q->a.known && q->b.known;
  fm__parity_fit_unshift(&q->plain_a, c->shift);
  fm__parity_fit_unshift(&q->plain_b, c->shift);
  return FM_OK;
}

static fm_status put_pair(page *p, const comparison *c, pair *q, fm_error *err)
{
  double *none = NULL, *all = NULL;
  double error = q->known ? sqrt(fm__parity_mean_variance(&q->a) + fm__parity_mean_variance(&q->b))
                          : sqrt(q->a.y_error * q->a.y_error + q->b.y_error * q->b.y_error);
  put(p, "mean", "value", q->a.y, q->a.y_error);
  put(p, "difference", "value", q->a.y - q->b.y, error);
  put_coefficients(p, c, &q->plain_a);
  fm_status status = put_twofold(p, c, q, err);
  if (status == FM_OK)
    status = fm__parity_prices(&none, FM__PARITY_OF_REFERENCE, &q->a, &q->b, err);
  if (status == FM_OK)
    status = fm__parity_prices(&all, FM__PARITY_GROUP, &q->a, &q->b, err);
  if (status == FM_OK) {
    set_key(p, KEY_COEFFICIENTS, "threefold");
    put_threefold(p, c, q, none, all);
  }
  set_key(p, KEY_COEFFICIENTS, NULL);
  fm__free(none);
  fm__free(all);
  return status;
}

static void put_reference(page *p, const comparison *c, const pair *q)
{
  put(p, "mean", "value", q->b.y, q->b.y_error);
  put_coefficients(p, c, &q->plain_b);
}

/* ---- comparisons ---- */

/* Where the reference's cells begin; SIZE_MAX: nobody is in it. */
static size_t find_reference(const comparison *c)
{
  for (size_t i = c->first; i < c->end; i++)
    if (c->t->grams.items[c->order[i]].n > 0 &&
        fm__parity_is_called(c->t->cells, c->order[i], c->t->n_by, c->t->n_group, c->t->spec.reference))
      return i;
  return SIZE_MAX;
}

static fm_status put_group(page *p, const comparison *c, size_t first, size_t end, size_t r_first, fm_error *err)
{
  const fm__decomposition *t = c->t;
  size_t r_end = end_of(t, c->order, r_first, c->end, t->n_by + t->n_group);
  pair q = {.known = false};
  fm_status status = count_people(&p->people, &p->n, c, first, end, err);
  if (status != FM_OK || p->n == 0)
    return status;
  status = pair_open(&q, c, first, end, r_first, r_end, err);
  fm__parity_set_key(p->r, t->n_by + KEY_GROUP, t->cells, c->order[first], t->n_by, t->n_group);
  if (status == FM_OK) {
    p->weight = q.a.weight;
    if (same_keys(t->cells, c->order[first], c->order[r_first], t->n_by, t->n_group))
      put_reference(p, c, &q);
    else
      status = put_pair(p, c, &q, err);
  }
  pair_close(&q);
  return status;
}

static fm_status put_comparison(page *p, comparison *c, fm_error *err)
{
  const fm__decomposition *t = c->t;
  size_t reference = find_reference(c);
  if (reference == SIZE_MAX)
    return fm__parity_nobody(t->spec.reference, t->n_by > 0, err);
  while (reference > c->first && same_keys(t->cells, c->order[reference - 1], c->order[reference], t->n_by, t->n_group))
    reference--;
  fm_status status = name_columns(c, err);
  if (status == FM_OK)
    status = find_shift(c, err);
  for (size_t k = 0; k < t->n_by; k++) {
    size_t length = 0;
    const char *text = fm__groups_text(t->cells, c->order[c->first], k, &length);
    fm__result_key_text(p->r, k, text, length);
  }
  for (size_t first = c->first, end; first < c->end && status == FM_OK; first = end) {
    end = end_of(t, c->order, first, c->end, t->n_by + t->n_group);
    status = put_group(p, c, first, end, reference, err);
  }
  fm__free(c->columns);
  fm__free(c->shift);
  return status;
}

static bool has_rows(const comparison *c)
{
  int64_t n = 0;
  for (size_t i = c->first; i < c->end; i++)
    n += c->t->grams.items[c->order[i]].n;
  return n > 0;
}

static fm_status put_all(page *p, const uint32_t *order, const fm_run *run, fm_error *err)
{
  size_t n = fm__groups_count(p->t->cells);
  fm_status status = FM_OK;
  for (size_t first = 0, end; first < n && status == FM_OK; first = end) {
    end = end_of(p->t, order, first, n, p->t->n_by);
    comparison c = {.t = p->t, .order = order, .first = first, .end = end};
    if (has_rows(&c))
      status = put_comparison(p, &c, err);
    if (status == FM_OK)
      status = fm__run_progress(run, (double)end / (double)n, err);
  }
  return status;
}

static fm_status create(page *p, fm_error *err)
{
  static const char *const own[] = {"group", "coefficients", "covariate"};
  fm__key *keys = fm__array(p->t->n_by + N_KEYS, sizeof *keys);
  if (keys == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < p->t->n_by + N_KEYS; k++)
    keys[k] = (fm__key){k < p->t->n_by ? fm__groups_column(p->t->cells, k) : own[k - p->t->n_by], FM_CODE};
  fm_status status = fm__result_create(&p->r, "parity.decomposition", "oaxaca_blinder", keys, p->t->n_by + N_KEYS, err);
  fm__free(keys);
  return status;
}

fm_status fm__decomposition_result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  fm__decomposition *t = state;
  page p = {.t = t, .z = -fm__normal_quantile((1 - t->spec.level) / 2)};
  uint32_t *order = NULL;
  char missing[24];
  fm_status status = fm__groups_order(t->cells, &order, err);
  if (status == FM_OK)
    status = create(&p, err);
  if (status == FM_OK)
    status = put_all(&p, order, run, err);
  fm__free(order);
  if (status != FM_OK) {
    fm__result_destroy(p.r);
    return status;
  }
  snprintf(missing, sizeof missing, "%lld", (long long)t->n_missing);
  fm__result_note(p.r, "rows_left_out", missing);
  fm__result_note(p.r, "reference", t->spec.reference);
  fm__result_note(p.r, "covariates", t->spec.covariates);
  return fm__result_finish(p.r, out, err);
}
