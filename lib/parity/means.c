/* parity.means: means in groups, and how they differ from that of the reference. */
#include "flexmetrics/parity_means.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "num/num_priv.h"
#include "parity/parity_priv.h"
#include "tally/rows_priv.h"

enum { BY, GROUP, PERSON, N_IDS };
enum { VALUE, WEIGHT, N_NUMBERS };

typedef struct means {
  fm__rows *rows;
  char *reference;
  double level;
  bool weighted, clustered;
  int32_t against;
} means;

static const fm_parity_means_spec defaults = FM_PARITY_MEANS_SPEC_INIT;

static void destroy(void *state)
{
  fm__free(((means *)state)->reference);
  fm__kept_destroy(state);
}

/* ---- rows ---- */

/* Without a value a row stays, so that it can be counted, with a weight of 0. */
static bool fits(const void *context, const double *x)
{
  bool weighted = ((const means *)context)->weighted;
  if (isnan(x[VALUE]))
    return !weighted || x[WEIGHT] == 0;
  return !isinf(x[VALUE]) && (!weighted || (x[WEIGHT] > 0 && !isinf(x[WEIGHT])));
}

static fm_status take(void *context, double *x, bool *keep, const fm__rows_place *place, fm_error *err)
{
  const means *t = context;
  if (isinf(x[VALUE]))
    return fm__rows_bad(place, VALUE, "a finite number", err);
  if (t->clustered && fm__rows_lacks_id(place, PERSON))
    return fm__rows_bad_id(place, PERSON, "a person", err);
  if (!t->weighted)
    return FM_OK;
  if (isnan(x[VALUE]))
    x[WEIGHT] = 0;
  if (!(x[WEIGHT] >= 0) || isinf(x[WEIGHT]))
    return fm__rows_bad(place, WEIGHT, "a weight of 0 or more", err);
  *keep = isnan(x[VALUE]) || x[WEIGHT] > 0;
  return FM_OK;
}

static const fm__rows_kind kind = {.measure = "parity.means", .take = take, .fits = fits};

/* ---- groups of one comparison ---- */

typedef struct group {
  size_t first, n; /* among the comparison's rows */
  uint32_t id;
  fm__parity_mean mean, rest;
} group;

typedef struct comparison {
  fm__parity_row *rows; /* by group, then by person */
  size_t n_rows;
  group *groups;
  size_t n_groups, reference; /* SIZE_MAX: nobody is in it */
} comparison;

static void close_comparison(comparison *c)
{
  for (size_t i = 0; i < c->n_groups; i++) {
    fm__parity_mean_close(&c->groups[i].mean);
    fm__parity_mean_close(&c->groups[i].rest);
  }
  fm__free(c->groups);
  fm__free(c->rows);
}

/* The rows with a value from `first` to `end`. */
static fm_status gather(comparison *c, int64_t *n_missing, const means *t, size_t first, size_t end, fm_error *err)
{
  *c = (comparison){.reference = SIZE_MAX};
  c->rows = fm__array(end - first, sizeof *c->rows);
  c->groups = fm__array(end - first, sizeof *c->groups);
  if (c->rows == NULL || c->groups == NULL)
    return fm__no_memory(err);
  for (size_t i = first; i < end; i++) {
    const double *x = fm__rows_numbers(t->rows, i);
    uint32_t id = fm__rows_id(t->rows, i, GROUP);
    uint64_t count = fm__rows_count(t->rows, i);
    *n_missing += isnan(x[VALUE]) ? (int64_t)count : 0;
    if (isnan(x[VALUE]))
      continue;
    if (c->n_groups == 0 || c->groups[c->n_groups - 1].id != id) {
      if (t->reference != NULL &&
          fm__parity_is_called(fm__rows_ids(t->rows, GROUP), id, 0, fm__groups_n_columns(fm__rows_ids(t->rows, GROUP)),
                               t->reference))
        c->reference = c->n_groups;
      c->groups[c->n_groups++] = (group){.first = c->n_rows, .id = id};
    }
    c->groups[c->n_groups - 1].n++;
    c->rows[c->n_rows++] =
        (fm__parity_row){x[VALUE], t->weighted ? x[WEIGHT] : 1, count, fm__rows_id(t->rows, i, PERSON)};
  }
  return FM_OK;
}

/* The mean of all rows outside the group, those of a person together. */
static fm_status mean_of_rest(fm__parity_mean *out, const comparison *c, const group *g, bool clustered, fm_error *err)
{
  size_t n = c->n_rows - g->n, at = 0;
  fm__parity_row *rows = fm__array(n, sizeof *rows);
  fm__item *order = fm__array(n, 2 * sizeof *order);
  fm_status status = rows != NULL && order != NULL ? FM_OK : fm__no_memory(err);
  for (size_t i = 0; i < c->n_rows && status == FM_OK; i++)
    if (i < g->first || i >= g->first + g->n)
      order[at++] = (fm__item){clustered ? c->rows[i].person : 0, i};
  if (status == FM_OK) {
    fm__sort_items(order, order + n, n);
    for (size_t i = 0; i < n; i++)
      rows[i] = c->rows[order[i].value];
    status = fm__parity_mean_of(out, rows, n, clustered, err);
  }
  fm__free(rows);
  fm__free(order);
  return status;
}

static fm_status find_means(comparison *c, const means *t, fm_error *err)
{
  fm_status status = FM_OK;
  for (size_t i = 0; i < c->n_groups && status == FM_OK; i++) {
    group *g = &c->groups[i];
    status = fm__parity_mean_of(&g->mean, c->rows + g->first, g->n, t->clustered, err);
    if (status == FM_OK && t->against != FM_PARITY_REFERENCE)
      status = mean_of_rest(&g->rest, c, g, t->clustered, err);
  }
  return status;
}

/* ---- figures ---- */

enum { KEY_GROUP, KEY_METHOD, N_KEYS };
static const fm__key keys[N_KEYS] = {{"group", FM_CODE}, {"method", FM_CODE}};

typedef struct page {
  fm__result *r;
  const means *t;
  size_t key;
} page;

typedef struct shown {
  const char *quantity, *unit, *method;
  double value, low, high, std_error;
} shown;

static void set_key(const page *p, size_t key, const fm__groups *names, uint32_t id)
{
  fm__parity_set_key(p->r, p->key + key, names, id, 0, fm__groups_n_columns(names));
}

static void put(const page *p, const fm__parity_mean *of, shown s)
{
  fm__figure f = fm__figure_of(s.quantity, s.unit);
  bool limits = !isnan(s.low) && !isnan(s.high);
  fm__result_key_text(p->r, p->key + KEY_METHOD, s.method, s.method != NULL ? strlen(s.method) : 0);
  f.value = s.value;
  f.std_error = s.std_error;
  f.ci_low = limits ? s.low : NAN;
  f.ci_high = limits ? s.high : NAN;
  f.level = limits ? p->t->level : NAN;
  f.n = of->n;
  f.people = of->people;
  f.weight = p->t->weighted ? of->weight : NAN;
  f.state = isnan(s.value) ? FM__UNDEFINED : FM__OK;
  fm__result_add(p->r, &f);
}

static void put_mean(const page *p, const fm__parity_mean *m)
{
  double error = sqrt(m->variance), reach = error * fm__t_quantile(m->df, (1 + p->t->level) / 2);
  put(p, m, (shown){"mean", "value", "t", m->mean, m->mean - reach, m->mean + reach, error});
}

static void put_pair(const page *p, const fm__parity_mean *m, const fm__parity_pair *d, double adjusted)
{
  const shown all[] = {{"difference", "value", "welch", d->difference, d->limits[0], d->limits[1], d->error},
                       {"degrees_of_freedom", "count", "welch", d->df, NAN, NAN, NAN},
                       {"ratio", "ratio", "log", d->ratio, d->ratio_limits[0], d->ratio_limits[1], NAN},
                       {"p_value", "share", "welch", d->p_value, NAN, NAN, NAN},
                       {"p_adjusted", "share", "holm", adjusted, NAN, NAN, NAN}};
  for (size_t k = 0; k < FM__COUNT(all); k++)
    put(p, m, all[k]);
}

static fm_status put_spread(const page *p, const comparison *c, fm_error *err)
{
  double least = INFINITY, most = -INFINITY;
  fm__parity_mean all = {.n = 0};
  uint64_t *people = fm__array(c->n_rows, 2 * sizeof *people);
  fm__sum weight = {0};
  if (people == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < c->n_groups; i++) {
    least = fmin(least, c->groups[i].mean.mean);
    most = fmax(most, c->groups[i].mean.mean);
    all.n += c->groups[i].mean.n;
    fm__sum_add(&weight, c->groups[i].mean.weight);
  }
  for (size_t i = 0; i < c->n_rows; i++)
    people[i] = c->rows[i].person;
  all.people = p->t->clustered ? fm__parity_distinct(people, people + c->n_rows, c->n_rows) : all.n;
  all.weight = fm__sum_value(&weight);
  fm__free(people);
  fm__result_key_text(p->r, p->key + KEY_GROUP, NULL, 0);
  put(p, &all, (shown){"range", "value", NULL, most - least, NAN, NAN, NAN});
  put(p, &all, (shown){"least_ratio", "ratio", NULL, least > 0 ? least / most : NAN, NAN, NAN, NAN});
  return FM_OK;
}

static fm_status compare(fm__parity_pair *pairs, double *adjusted, const page *p, const comparison *c, fm_error *err)
{
  double total = 0;
  for (size_t i = 0; i < c->n_groups; i++)
    total += c->groups[i].mean.weight;
  for (size_t i = 0; i < c->n_groups; i++) {
    const group *g = &c->groups[i];
    adjusted[i] = NAN;
    if (i == c->reference)
      continue;
    fm__parity_welch(&pairs[i], &g->mean, c->reference != SIZE_MAX ? &c->groups[c->reference].mean : &g->rest,
                     p->t->level);
    if (p->t->against == FM_PARITY_POPULATION)
      fm__parity_mean_of_population(&pairs[i], g->mean.weight / total);
    adjusted[i] = pairs[i].p_value;
  }
  return fm__parity_holm(adjusted, c->n_groups, err);
}

static fm_status put_comparison(const page *p, const comparison *c, fm_error *err)
{
  fm__parity_pair *pairs = fm__array(c->n_groups, sizeof *pairs);
  double *adjusted = fm__array(c->n_groups, sizeof *adjusted);
  fm_status status = pairs != NULL && adjusted != NULL ? FM_OK : fm__no_memory(err);
  if (status == FM_OK)
    status = compare(pairs, adjusted, p, c, err);
  for (size_t i = 0; i < c->n_groups && status == FM_OK; i++) {
    set_key(p, KEY_GROUP, fm__rows_ids(p->t->rows, GROUP), c->groups[i].id);
    put_mean(p, &c->groups[i].mean);
    if (i != c->reference)
      put_pair(p, &c->groups[i].mean, &pairs[i], adjusted[i]);
  }
  if (status == FM_OK)
    status = put_spread(p, c, err);
  fm__free(pairs);
  fm__free(adjusted);
  return status;
}

static fm_status put_all(page *p, int64_t *n_missing, const fm_run *run, fm_error *err)
{
  const fm__rows *rows = p->t->rows;
  const fm__groups *by = fm__rows_ids(rows, BY);
  size_t n = fm__rows_n(rows);
  fm_status status = FM_OK;
  for (size_t first = 0, end; first < n && status == FM_OK; first = end) {
    comparison c;
    for (end = first; end < n && fm__rows_id(rows, end, BY) == fm__rows_id(rows, first, BY);)
      end++;
    status = gather(&c, n_missing, p->t, first, end, err);
    if (status == FM_OK && c.n_groups > 0 && c.reference == SIZE_MAX && p->t->against == FM_PARITY_REFERENCE)
      status = fm__parity_nobody(p->t->reference, fm__groups_n_columns(by) > 0, err);
    if (status == FM_OK)
      status = find_means(&c, p->t, err);
    fm__result_group(p->r, by, fm__rows_id(rows, first, BY));
    if (status == FM_OK && c.n_groups > 0)
      status = put_comparison(p, &c, err);
    close_comparison(&c);
    if (status == FM_OK)
      status = fm__run_progress(run, (double)end / (double)n, err);
  }
  return status;
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  means *t = state;
  page p = {.t = t};
  char missing[24];
  int64_t n_missing = 0;
  fm_status status = fm__rows_reduce(t->rows, err);
  const fm__groups *by = fm__rows_ids(t->rows, BY);
  if (status == FM_OK)
    status = fm__result_create_grouped(&p.r, "parity.means", t->clustered ? "between_people" : "between_rows", by, keys,
                                       N_KEYS, err);
  p.key = fm__groups_n_columns(by);
  if (status == FM_OK)
    status = put_all(&p, &n_missing, run, err);
  if (status != FM_OK) {
    fm__result_destroy(p.r);
    return status;
  }
  snprintf(missing, sizeof missing, "%lld", (long long)n_missing);
  fm__result_note(p.r, "missing_value", missing);
  fm__result_note(p.r, "against", fm__parity_against(t->against));
  if (t->reference != NULL)
    fm__result_note(p.r, "reference", t->reference);
  return fm__result_finish(p.r, out, err);
}

/* ---- the measure ---- */

static const fm__field fields[] = {FM__FIELD(fm_parity_means_spec, value, FM__FIELD_TEXT),
                                   FM__FIELD(fm_parity_means_spec, group, FM__FIELD_TEXT),
                                   FM__FIELD(fm_parity_means_spec, reference, FM__FIELD_TEXT),
                                   FM__FIELD(fm_parity_means_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_parity_means_spec, weight, FM__FIELD_TEXT),
                                   FM__FIELD(fm_parity_means_spec, cluster, FM__FIELD_TEXT),
                                   FM__FIELD(fm_parity_means_spec, level, FM__FIELD_F64),
                                   FM__FIELD(fm_parity_means_spec, against, FM__FIELD_I32)};

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  means *t = state;
  const fm_parity_means_spec *s = spec;
  (void)text;
  if (!fm__is_given(s->value))
    return fm__fail(err, FM_ERR_ARGUMENT, "value: expected the name of a column of numbers");
  if (!fm__is_given(s->group))
    return fm__fail(err, FM_ERR_ARGUMENT, "group: expected the column whose groups are compared");
  if (!(s->level > 0 && s->level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "level: expected a share between 0 and 1");
  fm_status status = fm__parity_check_against(s->against, s->reference, err);
  if (status != FM_OK)
    return status;
  const fm__rows_number numbers[N_NUMBERS] = {{s->value, 0}, {s->weight, 0}};
  const char *const ids[N_IDS] = {s->by, s->group, s->cluster};
  t->level = s->level;
  t->weighted = fm__is_given(s->weight);
  t->clustered = fm__is_given(s->cluster);
  t->against = s->against;
  t->reference = fm__is_given(s->reference) ? fm__copy_text(s->reference, strlen(s->reference)) : NULL;
  if (t->reference == NULL && fm__is_given(s->reference))
    return fm__no_memory(err);
  return fm__rows_keep(&t->rows, &kind, numbers, t->weighted ? 2 : 1, ids, N_IDS, err);
}

static const fm__measure measure = {.id = "parity.means",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(fm_parity_means_spec, means),
                                    FM__MEASURE_KEEPS_ROWS,
                                    .result = result,
                                    .destroy = destroy};

FM__MEASURE_FUNCTIONS(fm_parity_means)
